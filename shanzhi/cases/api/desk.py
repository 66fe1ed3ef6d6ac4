"""What waits for the key's unit, and how much was done: duties and tallies."""

from datetime import date, timedelta
from typing import Annotated, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from ninja import Query, Router

from shanzhi.journal import tallies as journal
from shanzhi.kernel import Refused
from shanzhi.kernel.api import content, pages, problems
from shanzhi.kernel.api.pages import Cursor, Size
from shanzhi.kernel.api.problems import Problem
from shanzhi.work import queries as work

from ..models import Case
from . import scope, shapes

router = Router(tags=["desk"])
LONGEST = timedelta(days=366)
DIGITS = r"^[0-9]{0,20}$"


# --- duties ---------------------------------------------------------------------------------------


@router.get("/duties", response=shapes.DutyPage, summary="List what waits for the unit")
def list_duties(
    request: HttpRequest,
    only: Annotated[Literal["", "overdue", "today", "soon"], Query("")],
    kind: Annotated[str, Query("", max_length=60, description="cases.accept, cases.answer …")],
    item: Annotated[str, Query("", max_length=40, description="code of a service item")],
    place: Annotated[
        str, Query("", pattern=DIGITS, description="a division right below the key's")
    ],
    cursor: Cursor,
    size: Size,
) -> HttpResponse:
    """The inbox of the unit at the key's place, soonest first. With a key for named items, a page
    may have fewer rows than asked for though there is more."""
    key, at = request.auth, timezone.now()
    to = work.Narrowing(kind=kind, item=item, below=place)
    try:
        page = work.inbox(key.actor, at=at, filter=only, to=to, cursor=cursor, size=size)
    except Refused as refusal:
        raise Refused(refusal.sentence, field="cursor") from None
    return pages.answer(request, [_duty(row) for row in _within(key, page.rows)], page.next)


def _within(key, duties):
    """Of a key for named items, the duties of their cases."""
    if not key.items:
        return duties
    numbers = {row.link.rstrip("/").rsplit("/", 1)[-1]: row for row in duties}
    cases = scope.of_items(Case.objects.filter(number__in=numbers), key)
    seen = set(cases.values_list("number", flat=True))
    return [row for row in duties if row.link.rstrip("/").rsplit("/", 1)[-1] in seen]


def _duty(row: work.Row) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind.code,
        "kind_title": str(row.kind.title),
        "title": row.title,
        "detail": row.detail,
        "person": row.person,
        "link": row.link,
        "due_at": row.due_at,
        "mark": row.mark,
        "provisional": row.provisional,
        "paused": row.paused,
        "remaining": row.left.text,
    }


# --- tallies --------------------------------------------------------------------------------------

GROUPS = {"day": journal.by_day, "place": journal.by_place}


@router.get("/tallies", response=shapes.Tallies, summary="Count what was done")
def count_tallies(
    request: HttpRequest,
    measure: Literal["received", "accepted", "replied", "withdrawn", "reopened"],
    since: date,
    until: Annotated[date, Query(..., description="this day included")],
    by: Annotated[Literal["day", "place", "item"], Query("day")],
    place: Annotated[str, Query("", pattern=DIGITS, description="of the key, or below")],
    item: Annotated[str, Query("", max_length=40)],
) -> HttpResponse:
    """By day, by the divisions one level below, or by service item; live to the last entry."""
    key = request.auth
    place = place or key.actor.place
    _check(key, place, since, until, by, item)
    name = f"cases.{measure}"
    if by == "item":
        counts = journal.by_key(name, place, since=since, until=until)
        counts = {code: n for code, n in counts.items() if not key.items or code in key.items}
        counts = {code: n for code, n in counts.items() if item in ("", code)}
    else:
        counts = GROUPS[by](name, place, since=since, until=until, key=item or None)
    found = [{"key": str(part), "count": count} for part, count in counts.items()]
    return content.answer({
        "measure": measure, "place": place, "since": since, "until": until,
        "total": sum(counts.values()), "rows": found,
    })  # fmt: skip


def _check(key, place, since, until, by, item):
    if not key.actor.covers(place):
        raise Http404
    if item:
        scope.check_item(key, item)
    elif key.items and by != "item":
        raise Problem(problems.OUT_OF_SCOPE, _("This key is for named items: name one of them."))
    if not date(2000, 1, 1) <= since <= until <= localdate(timezone.now()) + LONGEST:
        raise Refused(_("The first day comes before the last, from 2000 on."), field="since")
    if until - since > LONGEST:
        raise Refused(_("Ask for a year at most."), field="until")
