"""The catalogue: what was asked for, one row of it, its editions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.burden import succession
from shanzhi.burden.editions import before, confirmed
from shanzhi.burden.queries.lists import in_draft
from shanzhi.kernel import asked
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried

from .. import catalogue_files, commands, presenting, progress, queries
from ..forms import catalogue as forms
from ..models import Edition
from ..rules import OFFICE
from . import parts


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the resident asks for, in words; and what waits for the seal."""
    text = asked.words(request.GET.get("q", ""))
    edition = queries.catalogue.edition(request.actor.place)
    today, worker = localdate(timezone.now()), request.actor.role in parts.WORKERS
    waiting = presenting.rows(queries.waiting(request.actor), today) if worker else []
    arrived = queries.applications.arrived(request.actor) if worker else []
    context = {
        "q": text, "edition": edition, "worker": worker, "waiting": waiting,
        "arrived": progress.desk_rows(arrived, today),
        "found": queries.catalogue.search(edition, text) if edition else [],
        "rows": list(queries.catalogue.entries(edition)) if edition and not text else [],
    }  # fmt: skip
    return render(request, "certificates/index.html", context)


@desk
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate: the way out, or what it states; the office confirms its basis."""
    row = parts.entry(request, pk)
    may = request.actor.role in OFFICE and request.actor.covers(row.edition.place)
    form = forms.Confirm(request.POST or None, initial={"basis": row.basis}) if may else None
    if form and form.is_valid() and tried(form, lambda: commands.confirm_entry(
        entry=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, confirmed(in_draft(row)))
        return redirect("certificates:entry", pk)
    context = {
        "row": row, "form": form, "way_out": presenting.way_out(row),
        "states": presenting.states(row), "worker": request.actor.role in parts.WORKERS,
        "current": row.edition == queries.catalogue.edition(request.actor.place),
    }  # fmt: skip
    status = 422 if form and form.errors else 200
    return render(request, "certificates/entry.html", context, status=status)


# --- editions -------------------------------------------------------------------------------------


@desk
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """All that hold here or held: the city's, and the district's own."""
    office = request.actor.role in OFFICE
    known = [each for each in queries.catalogue.editions(request.actor.place)
             if office or each.state != Edition.State.DRAFT]  # fmt: skip
    context = {
        "rows": [(each, presenting.edition_row(each)) for each in known], "office": office,
        "current": queries.catalogue.edition(request.actor.place),
        "ended": succession.waiting(Edition, [request.actor.place]) if office else (),
    }  # fmt: skip
    return render(request, "certificates/editions.html", context)


def _visible(request, pk):
    return parts.visible_edition(request, get_object_or_404(Edition, pk=pk))


@desk
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    edition = _visible(request, pk)
    rows = queries.catalogue.entries(edition)
    return parts.csv(catalogue_files.written(rows), f"certificates-{edition.number}")


@desk(roles=OFFICE)
@require_safe
def pattern(request: HttpRequest) -> HttpResponse:
    return parts.csv([catalogue_files.pattern()], "certificates")


@desk
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition beside the one before it, or another that is asked for."""
    form = forms.Publish(initial={"on": localdate(timezone.now())})
    return _beside(request, _visible(request, pk), form)


def _beside(request, new, form):
    others = [each for each in queries.catalogue.editions(new.place) if each.pk != new.pk]
    old = before(new, others, request.GET.get("with", ""))
    context = {
        "new": new, "old": old, "others": others, "form": form,
        "place": presenting.edition_row(new)["place"],
        "changes": queries.catalogue.changes(old, new),
        "office": request.actor.role in OFFICE and request.actor.covers(new.place),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "certificates/changes.html", context, status=status)


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """A new edition from a file: first a draft, beside what is in force."""
    form = forms.Draft(request.POST or None, request.FILES or None)
    made = form.is_valid() and tried(form, lambda: _drafted(request, form.cleaned_data))
    if made:
        return redirect("certificates:edition_compare", made.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "current": queries.catalogue.edition(request.actor.place)}
    return render(request, "certificates/draft.html", context, status=status)


def _drafted(request, typed):
    rows = catalogue_files.read(typed["file"].read(catalogue_files.MOST + 1))
    return commands.draft_edition(
        place=request.actor.place, title=typed["title"], rows=rows, by=request.actor,
        at=timezone.now(),
    )  # fmt: skip


@desk(roles=OFFICE)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    edition, form = _visible(request, pk), forms.Publish(request.POST)
    if form.is_valid() and tried(form, lambda: commands.publish_edition(
        edition=edition, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Published."))
        return redirect("certificates:editions")
    return _beside(request, edition, form)


@desk(roles=OFFICE)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    edition = _visible(request, pk)
    return done(request, _("Discarded."), lambda: commands.discard_edition(
        edition=edition, by=request.actor, at=timezone.now()),
        "certificates:editions")  # fmt: skip
