"""The list, and one agreement."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from shanzhi.burden.models import Edition
from shanzhi.kernel import sheets
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done
from shanzhi.places import queries as divisions

from .. import commands, presenting, queries
from .. import document as papers
from ..models import Agreement
from ..offers import offered
from ..rules import DRIVERS, OVERSEERS, READERS, side_of
from ..rules.making import MAKERS
from . import parts

STEPS = {  # command, and what is said when it is done
    "open": commands.open_negotiation, "agree": commands.agree, "reopen": commands.reopen,
    "withdraw": commands.withdraw, "renew": commands.renew,
}  # fmt: skip


def _chosen(request):
    return {name: request.GET.get(name, "")[:60] for name in ("state", "q")}


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
        "states": [("", _("All")), *Agreement.State.choices,
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
    side, clauses = side_of(found, request.actor), presenting.clauses(found)
    drift = queries.drift(found) if found.state in MAY_DRIFT else []
    today = parts.today()
    payments = [presenting.payment(each, today, request.actor)
                for each in queries.of_agreement(found)]  # fmt: skip
    evaluations = list(found.evaluations.prefetch_related("scores__clause").order_by("side"))
    context = {
        "agreement": found, "badge": presenting.badge(found), "side": side,
        "name": divisions.name(found.place), "street": divisions.name(found.subdistrict),
        "asked": [each for each in clauses if each["clause"].kind != "own"],
        "own": [each for each in clauses if each["clause"].kind == "own"],
        "said": any(each["comments"] for each in clauses),
        "comments": [each for each in queries.comments(found) if not each.code],
        "open_comments": queries.open_comments(found),
        "steps": presenting.steps(found),
        "total": presenting.yuan(sum(each["clause"].amount for each in clauses)),
        "drift": [presenting.drifted(each) for each in drift],
        "outdated": found.state in MAY_DRIFT and queries.outdated(found, drift),
        "may": offered(found, request.actor, today),
        "signatures": list(found.signatures.filter(void_at=None).order_by("at")),
        "payments": payments, "arrears": presenting.arrears(payments),
        "evaluation": presenting.evaluation(found, {each.side for each in evaluations}, today),
        "supplements": list(found.supplements.order_by("number")),
        "evaluations": evaluations,
        "history": presenting.history(found), "code": "", "form": None,
        "former": divisions.name(found.former) if found.former else "",
        "heirs": [(code, divisions.name(code)) for code in queries.heirs(found, today)],
        "parties": papers.parties(found), "lists": [each for each in (found.own, found.assist)
                                                    if each],
        "editions": dict(Edition.Kind.choices), "today": today,
    }  # fmt: skip
    status = parts.status(more.get("form"))
    return render(request, "agreements/agreement.html", context | more, status=status)


MAY_DRIFT = {"draft", "negotiated", "agreed", "half_signed"}


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
    said = {"open": _("The community can read it now and comment."), "agree": _("Agreed."),
            "reopen": _("It is negotiated again."),
            "withdraw": pgettext("agreement", "Withdrawn."),
            "renew": _("It says what the lists in force say.")}[step]  # fmt: skip
    return done(
        request,
        said,
        lambda: STEPS[step](agreement=found, by=request.actor, at=timezone.now()),
        "agreements:agreement",
        number,
    )
