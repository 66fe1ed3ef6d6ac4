"""The list, and one agreement."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shanzhi.burden.models import Edition
from shanzhi.kernel import asked, sheets
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done
from shanzhi.places import queries as divisions

from .. import commands, presenting, queries
from .. import document as papers
from ..models import Agreement, Clause
from ..offers import offered
from ..rules import DRIVERS, OVERSEERS, READERS, side_of
from ..rules.making import MAKERS
from . import parts

State = Agreement.State
STEPS = {  # command, and what is said when it is done
    "open": (commands.open_negotiation, t("The community can read it now and comment.")),
    "agree": (commands.agree, t("Agreed.")),
    "reopen": (commands.reopen, t("It is negotiated again.")),
    "withdraw": (commands.withdraw, pgettext_lazy("agreement", "Withdrawn.")),
    "renew": (commands.renew, t("It says what the lists in force say.")),
}
MAY_DRIFT = frozenset({State.DRAFT, State.NEGOTIATED, State.AGREED, State.HALF_SIGNED})


def _chosen(request):
    return {name: asked.words(request.GET.get(name, "")) for name in ("state", "q")}


@desk(roles=READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    actor, year, chosen = request.actor, parts.year(request), _chosen(request)
    place = parts.place(request)
    today = parts.today()
    page = queries.page(
        actor, year, chosen, today=today, place=place, cursor=request.GET.get("cursor", "")
    )
    driver = actor.role in DRIVERS
    coming = parts.coming()
    years = sorted({*queries.years(actor), year, *({coming} if driver else ())}, reverse=True)
    context = {
        "year": year, "years": years, "chosen": chosen, "page": page, "place": place,
        "name": divisions.name(place),
        "rows": [presenting.row(each, today) for each in page.rows],
        "states": [("", _("All")), *State.choices,
                   ("arrears", _("Payment overdue")),
                   ("unevaluated", _("Evaluation overdue"))],
        "pattern": queries.pattern(actor.place, year) if driver else None,
        "drafts": queries.drafts(actor.place, year).count() if driver else 0,
        "ready": queries.ready(actor.place, year).count() if driver else 0,
        "driver": driver, "maker": actor.role in MAKERS, "overseer": actor.role in OVERSEERS,
        "runs": queries.runs(actor, year) if actor.role in MAKERS else [],
        "coming": coming,
    }  # fmt: skip
    return render(request, "agreements/index.html", context)


@desk(roles=READERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What the filters leave, as a file."""
    year = parts.year(request)
    rows = queries.listed(
        request.actor, year, _chosen(request), parts.today(), parts.place(request)
    )
    head = [pgettext("agreement", "Number"), pgettext("division", "Place"), _("Kind"), _("State"),
            _("Things asked"), _("Yuan")]  # fmt: skip
    lines = (
        [
            row.number,
            divisions.name(row.place),
            row.get_kind_display(),
            row.get_state_display(),
            row.asks,
            row.money or 0,
        ]
        for row in rows.iterator(500)
    )
    return StreamingHttpResponse(
        sheets.lines([head, *lines]), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="agreements-{year}.csv"'},
    )  # fmt: skip


@desk(roles=READERS)
@require_safe
def agreement(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, parts.found(request, number))


def page(request: HttpRequest, found: Agreement, **more: object) -> HttpResponse:
    """One agreement; `more` where a form of it was refused."""
    today = parts.today()
    context = {
        "agreement": found, "badge": presenting.badge(found), "today": today,
        "name": divisions.name(found.place), "street": divisions.name(found.subdistrict),
        "side": side_of(found, request.actor), "may": offered(found, request.actor, today),
        "steps": presenting.steps(found), "history": presenting.history(found),
        "code": "", "form": None,
        **_text(found), **_talk(found), **_lists(found), **_successors(found, today),
        **_year(found, request.actor, today),
    }  # fmt: skip
    status = parts.status(more.get("form"))
    return render(request, "agreements/agreement.html", context | more, status=status)


def _text(found):
    """What both agree on: the parties, the clauses, who has signed."""
    clauses = presenting.clauses(found)
    return {
        "parties": papers.parties(found),
        "asked": [each for each in clauses if each["clause"].kind != Clause.Kind.OWN],
        "own": [each for each in clauses if each["clause"].kind == Clause.Kind.OWN],
        "said": any(each["comments"] for each in clauses),
        "total": presenting.yuan(sum(each["clause"].amount for each in clauses)),
        "signatures": list(found.signatures.filter(void_at=None).order_by("at")),
    }  # fmt: skip


def _talk(found):
    """What is said about the whole; a clause brings its own comments."""
    return {
        "comments": [each for each in queries.comments(found) if not each.code],
        "open_comments": queries.open_comments(found),
    }


def _lists(found):
    """The editions it is made from, and what changed in them since."""
    drift = queries.drift(found) if found.state in MAY_DRIFT else []
    return {
        "lists": [each for each in (found.own, found.assist) if each],
        "editions": dict(Edition.Kind.choices),
        "drift": [presenting.drifted(each) for each in drift],
        "outdated": found.state in MAY_DRIFT and queries.outdated(found, drift),
    }


def _successors(found, today):
    return {
        "supplements": list(found.supplements.order_by("number")),
        "former": divisions.name(found.former) if found.former else "",
        "heirs": [(code, divisions.name(code)) for code in queries.heirs(found, today)],
    }


def _year(found, actor, today):
    """What comes once it is in force: payments, and the evaluation of both sides."""
    payments = [presenting.payment(each, today, actor) for each in queries.of_agreement(found)]
    evaluations = list(found.evaluations.prefetch_related("scores__clause").order_by("side"))
    given = {each.side for each in evaluations}
    return {
        "payments": payments, "arrears": presenting.arrears(payments),
        "evaluations": evaluations, "evaluation": presenting.evaluation(found, given, today),
    }  # fmt: skip


@desk(roles=READERS)
@require_safe
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The paper: as a draft drawn now, and once both agree, the file with its signatures."""
    found = parts.found(request, number)
    if found.frozen:
        return redirect("files:file", found.document)
    if found.kind == Agreement.Kind.PATTERN:
        raise Http404
    content = papers.draw(found, queries.clauses(found))
    return HttpResponse(content, content_type="application/pdf", headers={
        "Content-Disposition": f'attachment; filename="{found.number}.pdf"'})  # fmt: skip


@desk(roles=READERS)
@require_POST
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    found = parts.found(request, number)
    if step not in STEPS:
        raise Http404
    command, said = STEPS[step]
    return done(
        request,
        str(said),
        lambda: command(agreement=found, by=request.actor, at=timezone.now()),
        "agreements:agreement",
        number,
    )
