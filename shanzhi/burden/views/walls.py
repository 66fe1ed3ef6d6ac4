"""Clearing the walls: communities and what hangs there, the walk-round, one plaque."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.files import commands as uploading
from shanzhi.files import queries as files
from shanzhi.files.receiving import uploads
from shanzhi.journal.labels import label
from shanzhi.kernel import sheets
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried
from shanzhi.places import queries as divisions

from .. import cleaning, commands
from ..forms.cleanups import Hanging, Mark, PlaqueForm, TakeDown
from ..models import Plaque
from ..queries import walls as queries
from ..rules import OFFICE
from ..rules import walls as rules
from . import parts

SHOWN = {"": t("Went round"), "over": t("Too many plaques"), "waiting": t("Not gone round yet")}
KEEPERS = rules.COMMUNITY | OFFICE


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Of a community its walls; of any place above, its communities."""
    place = parts.place(request)
    if len(place) == rules.COMMUNITY_LENGTH:
        return _community(request, place)
    today = localdate(timezone.now())
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in SHOWN else ""
    codes = queries.communities_in(place)
    there = len(codes)
    page, figures, walked = _page(request, place, codes, chosen, today)
    names = divisions.names(page.rows)
    context = {
        **parts.whereabouts(request, place),
        "total": queries.total(place, today), "caps": cleaning.caps(), "page": page,
        "walked": len(walked), "there": there, "chosen": chosen,
        "shown": [(code, title, {"": len(walked), "waiting": there - len(walked)}.get(code))
                  for code, title in SHOWN.items()],
        "rows": [cleaning.wall_row(code, names.get(code, code),
                                   figures.get(code, queries.Figures()), walked.get(code))
                 for code in page.rows],
    }  # fmt: skip
    return render(request, "burden/wall.html", context)


def _page(request, place, codes, chosen, today):
    """The communities of one page, with their figures."""
    walked = queries.walked(place)
    if chosen == "over":
        found = queries.over(place, today, rules.caps())
        codes = [each for each in codes if each in found]
    else:
        codes = [each for each in codes if (each in walked) != (chosen == "waiting")]
    page = queries.page(codes, cursor=request.GET.get("cursor", ""))
    return page, queries.by_community(page.rows, today), walked


def _community(request, place, form=None):
    actor, today = request.actor, localdate(timezone.now())
    total, walk = queries.total(place, today), queries.walk(place)
    records = rules.records(actor, place)
    form = form or (Hanging(expected=queries.expected(place)) if records else None)
    context = {
        **parts.whereabouts(request, place),
        "total": total, "walk": walk, "caps": cleaning.caps(total), "over": cleaning.over(total),
        "rows": [cleaning.plaque_row(each, actor) for each in queries.wall(place)],
        "records": records, "form": form,
    }  # fmt: skip
    status = 422 if form and form.errors else 200
    return render(request, "burden/walls.html", context, status=status)


def _to(community):
    return f"{reverse('burden:wall')}?place={community}"


@desk(roles=KEEPERS)
@require_POST
def walk(request: HttpRequest) -> HttpResponse:
    """What hangs of what is asked for; the rest does not hang."""
    place = parts.place(request)
    form = Hanging(request.POST, expected=queries.expected(place))
    if form.is_valid() and tried(
        form,
        lambda: commands.walk_round(
            community=place, found=form.seen(), by=request.actor, at=timezone.now()
        ),
    ):
        messages.success(request, _("The walk-round is recorded."))
        return redirect(_to(place))
    return _community(request, place, form)


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A plaque that nobody asks for, with a photo or without."""
    place, form = parts.place(request), PlaqueForm(request.POST or None)
    if not rules.records(request.actor, place):
        raise Http404
    waiting = files.waiting(request.POST.getlist("photo"), request.actor)
    if form.is_valid():
        made = tried(form, lambda: _added(request, place, form.seen(), waiting))
        if made:
            messages.success(request, _("Recorded: %(text)s.") % {"text": made.text})
            return redirect(_to(place) if "more" not in request.POST
                            else f"{reverse('burden:plaque_add')}?place={place}")  # fmt: skip
    context = {"form": form, "place": place, "name": divisions.name(place), "waiting": waiting}
    return render(request, "burden/plaque_add.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _added(request, place, seen, waiting):
    at = timezone.now()
    photos = [uploading.store(upload=each, by=request.actor, at=at).pk
              for each in uploads(request, "photo")]  # fmt: skip
    return commands.record_plaque(
        community=place, seen=seen, photos=[*photos, *(each.pk for each in waiting)],
        by=request.actor, at=at,
    )  # fmt: skip


# --- one plaque -----------------------------------------------------------------------------------


def _found(request, pk):
    row = queries.plaque(parts.reach(request.actor), pk)
    if row is None:
        raise Http404
    return row


def _shown(request: HttpRequest, row: Plaque, mark=None, down=None) -> HttpResponse:
    today, records = localdate(timezone.now()), rules.records(request.actor, row.community)
    first = {"decided_on": today, "verdict": row.verdict, "reason": row.reason}
    context = {
        "line": cleaning.plaque_row(row, request.actor), "row": row, "records": records,
        "name": divisions.name(row.community), "photos": files.of(label(row)),
        "mark": mark or Mark(initial=first),
        "down": down or TakeDown(initial={"down_on": today}),
    }  # fmt: skip
    wrong = (mark and mark.errors) or (down and down.errors)
    return render(request, "burden/plaque.html", context, status=422 if wrong else 200)


@desk
@require_safe
def plaque(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, _found(request, pk))


@desk(roles=KEEPERS)
@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _found(request, pk), Mark(request.POST)
    if form.is_valid() and tried(form, lambda: commands.mark_plaque(
        plaque=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Kept."))
        return redirect(_to(row.community))
    return _shown(request, row, mark=form)


@desk(roles=KEEPERS)
@require_POST
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _found(request, pk), TakeDown(request.POST)
    if form.is_valid() and tried(form, lambda: commands.take_down_plaque(
        plaque=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Taken down."))
        return redirect(_to(row.community))
    return _shown(request, row, down=form)


@desk(roles=KEEPERS)
@require_POST
def strike(request: HttpRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    return done(
        request,
        _("Struck off the list."),
        lambda: commands.strike_plaque(plaque=row, by=request.actor, at=timezone.now()),
        _to(row.community),
    )


# --- files and paper ------------------------------------------------------------------------------


@desk
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Every plaque of the place, one a line."""
    place = parts.place(request)
    rows = queries.plaques(place).order_by("community", "pk")
    name = f"plaques-{localdate(timezone.now()):%Y%m%d}.csv"
    return StreamingHttpResponse(
        sheets.lines(cleaning.plaque_lines(rows.iterator(500))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@desk
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """To take along on the walk-round: what is recorded, what is asked for, room for more."""
    place = parts.place(request)
    if len(place) != rules.COMMUNITY_LENGTH:
        raise Http404
    context = {
        "name": divisions.name(place), "place": place, "caps": cleaning.caps(),
        "expected": queries.expected(place),
        "rows": [each for each in queries.wall(place) if each.down_on is None],
        "names": cleaning.place_names(), "empty": range(8),
    }  # fmt: skip
    return render(request, "burden/wall_sheet.html", context)
