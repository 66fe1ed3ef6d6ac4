"""The two lists and the negative list; and whose a task is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import asked, places
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried
from shanzhi.places.queries import predecessors
from shanzhi.work.models import Duty

from .. import commands, editions, list_files, presenting, succession
from ..forms import lists as forms
from ..models import Edition, ListEntry
from ..queries import lists as queries
from ..rules import OFFICE
from ..rules.walls import COMMUNITY


def _kind(request):
    kind = request.GET.get("kind", "")
    return kind if kind in Edition.Kind.values else Edition.Kind.OWN.value


def _visible(request, pk):
    """Editions of one's own place, of what was merged into it and of those above; drafts only for
    the office."""
    place = request.actor.place
    edition = get_object_or_404(Edition, pk=pk,
                                place__in=[*places.above(place), *predecessors(place)])  # fmt: skip
    if edition.state == Edition.State.DRAFT and request.actor.role not in OFFICE:
        raise Http404
    return edition


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A list as it is in force, or another of its editions."""
    kind, text = _kind(request), asked.words(request.GET.get("q", ""))
    if key := asked.key(request.GET.get("edition", "")):
        edition = _visible(request, key)
        kind = edition.kind
    else:
        edition = queries.edition(kind, request.actor.place)
    office = request.actor.role in OFFICE
    known = [each for each in queries.editions(kind, request.actor.place)
             if office or each.state != Edition.State.DRAFT]  # fmt: skip
    context = {
        "kind": kind, "kinds": Edition.Kind.choices, "edition": edition, "q": text,
        "rows": list(queries.entries(edition, text)) if edition else [],
        "editions": known, "office": office,
        "draft": next((each for each in known if each.state == Edition.State.DRAFT), None),
        "ended": succession.waiting(Edition, [request.actor.place]) if office else (),
    }  # fmt: skip
    return render(request, "burden/lists.html", context)


@desk
@require_safe
def whose(request: HttpRequest) -> HttpResponse:
    """Any task, typed in words: list one, list two, refuse, or no answer."""
    text = asked.words(request.GET.get("q", ""), 500)
    found = queries.whose(text, request.actor.place) if text else None
    today = localdate(timezone.now())
    context = {
        "give_back": _give_back(request.actor, text, found[0] if found else None),
        "q": text, "entry": found[0] if found else None, "score": found[1] if found else 0,
        "agreed": queries.agreed(text, request.actor.place[:12], today, found) if text else None,
    }  # fmt: skip
    return render(request, "burden/whose.html", context)


def _give_back(actor, text, entry):
    """A community returns what no list knows, or what a confirmed entry forbids."""
    if actor.role not in COMMUNITY or not text:
        return ""
    refusable = entry is None or (entry.edition.kind == Edition.Kind.NEGATIVE and entry.confirmed)
    return presenting.return_form(what=text[:300]) if refusable else ""


@desk
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    edition = _visible(request, pk)
    name = f"{edition.kind}-{edition.number}.csv"
    return StreamingHttpResponse(
        list_files.written(edition, queries.entries(edition)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@desk(roles=OFFICE)
@require_safe
def pattern(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in Edition.Kind.values:
        raise Http404
    return HttpResponse(
        list_files.pattern(kind),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{kind}.csv"'},
    )


@desk
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition beside the one before it, or another that is asked for."""
    form = forms.Publish(initial={"on": localdate(timezone.now())})
    return _beside(request, _visible(request, pk), form)


def _beside(request, new, form):
    others = [each for each in queries.editions(new.kind, new.place)
              if each.place == new.place and each.pk != new.pk]  # fmt: skip
    old = editions.before(new, others, request.GET.get("with", ""))
    counts = queries.hits(new) if new.kind == Edition.Kind.NEGATIVE else {}
    context = {
        "silent": [each for each in new.entries.order_by("position") if not counts.get(each.pk, 1)],
        "new": new, "old": old, "others": others, "changes": queries.changes(old, new),
        "form": form, "office": request.actor.role in OFFICE and request.actor.covers(new.place),
    }  # fmt: skip
    return render(request, "burden/changes.html", context, status=422 if form.errors else 200)


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """A new edition from a file: first a draft, beside what is in force."""
    form = forms.Draft(
        request.POST or None, request.FILES or None, initial={"kind": _kind(request)}
    )
    made = form.is_valid() and tried(form, lambda: _drafted(request, form.cleaned_data))
    if made:
        return redirect("burden:edition_compare", made.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "patterns": _missing(request.actor.place)}
    return render(request, "burden/draft.html", context, status=status)


def _missing(place):
    """Lists of which no edition is in force: they begin with a pattern."""
    return [each for each in Edition.Kind.choices if not queries.edition(each[0], place)]


def _drafted(request, typed):
    rows = list_files.read(typed["file"].read(list_files.MOST + 1), typed["kind"])
    return commands.draft_edition(
        kind=typed["kind"], place=request.actor.place, title=typed["title"], rows=rows,
        by=request.actor, at=timezone.now(),
    )  # fmt: skip


@desk(roles=OFFICE)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    edition, form = _visible(request, pk), forms.Publish(request.POST)
    if form.is_valid() and tried(form, lambda: commands.publish_edition(
        edition=edition, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Published."))
        return redirect(f"{reverse('burden:lists')}?kind={edition.kind}")
    return _beside(request, edition, form)


@desk(roles=OFFICE)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    edition = _visible(request, pk)
    return done(request, _("Discarded."), lambda: commands.discard_edition(
        edition=edition, by=request.actor, at=timezone.now()), "burden:lists")  # fmt: skip


@desk(roles=OFFICE)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a list that ended by a merger: what holds here now, holds. Wherever it was asked."""
    duty = get_object_or_404(Duty, pk=pk, kind=succession.DUTY, place=request.actor.place)
    return done(request, _("What is in force here holds."), lambda: commands.leave_list(
        duty=duty, by=request.actor, at=timezone.now()), duty.link)  # fmt: skip


@desk
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry; the office confirms its clause."""
    row = get_object_or_404(ListEntry.objects.select_related("edition", "department"), pk=pk)
    _visible(request, row.edition_id)
    may = request.actor.role in OFFICE and request.actor.covers(row.edition.place)
    form = forms.Confirm(request.POST or None, initial={"clause": row.clause}) if may else None
    if form and form.is_valid() and tried(form, lambda: commands.confirm_entry(
        entry=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, editions.confirmed(queries.in_draft(row)))
        return redirect("burden:list_entry", pk)
    status = 422 if form and form.errors else 200
    return render(request, "burden/entry.html", {"row": row, "form": form}, status=status)
