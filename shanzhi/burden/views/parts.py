"""What the pages of the burden have in common: the place looked at, refusals where they belong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.kernel import asked, places, sheets
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from .. import queries, spreading
from ..models import Campaign
from ..queries import communities

CITYWIDE = frozenset({"burden_office", "city_leader", "department_clerk"})


def home(actor: Actor) -> str:
    """Where the account of a post begins: its place, of a grid its community."""
    return actor.place[:12]


def reach(actor: Actor) -> str:
    """The place whose demands a post sees: its own; of who serves the city, all of it."""
    return settings.SHANZHI_CITY if actor.role in CITYWIDE else home(actor)


def place(request: HttpRequest) -> str:
    """The place asked for, inside the post's reach."""
    code = request.GET.get("place", "") or home(request.actor)
    known = places.is_code(code) and len(code) <= places.LEVELS["community"]
    if not (known and places.holds(reach(request.actor), code) and divisions.exists(code)):
        raise Http404
    return code


def whereabouts(request: HttpRequest, place: str) -> dict[str, Any]:
    """The place, the way there as far as the post reaches, and what lies below it."""
    line = [code for code in places.above(place) if places.holds(reach(request.actor), code)]
    names = divisions.names(line)
    below = [each for each in divisions.children(place) if len(each.code) <= 12]
    return {
        "place": place, "name": names.get(place, place), "below": below,
        "line": [(code, names.get(code, code)) for code in line],
    }  # fmt: skip


@dataclass(frozen=True)
class Campaigns:
    """The clean-ups that reach a place; `chosen` the one asked for, or None for all of them."""

    known: Sequence[Campaign]
    chosen: Campaign | None

    @property
    def counted(self) -> Sequence[Campaign]:
        """What an account is made of: the chosen one; else the frozen ones, where there are any."""
        if self.chosen:
            return [self.chosen]
        return [each for each in self.known if each.frozen_at] or self.known

    @property
    def at_work(self) -> Campaign | None:
        """The chosen one; else the one that is being prepared; else the latest."""
        waiting = (each for each in self.known if not each.frozen_at)
        return self.chosen or next(waiting, None) or next(iter(self.known), None)

    @property
    def code(self) -> str:
        return str(self.chosen.pk) if self.chosen else ""


def campaigns(request: HttpRequest, place: str) -> Campaigns:
    """One that does not reach the place is not chosen: somebody went on to another place."""
    key, known = asked.key(request.GET.get("campaign", "")), queries.campaigns(place)
    return Campaigns(known, next((each for each in known if each.pk == key), None))


def day(request: HttpRequest) -> date:
    """The day asked for, not after today."""
    today = localdate(timezone.now())
    return min(asked.day(request.GET.get("on", ""), today), today)


def communities_of(place: str) -> int:
    """How many communities there are in a place."""
    known = communities()
    return spreading.within(known, [place], place)


MOST_IN_BOOK = 50_000


def download(name: str, kind: str, rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """A list as a file, `kind` csv or xlsx; the first row is its head."""
    named = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "xlsx":
        book = sheets.workbook(islice(rows, MOST_IN_BOOK))
        return HttpResponse(book, content_type=sheets.XLSX, headers=named)
    if kind != "csv":
        raise Http404
    return StreamingHttpResponse(
        sheets.lines(rows), content_type="text/csv; charset=utf-8", headers=named
    )


def scope_names(codes: Sequence[str]) -> list[str]:
    """What people call the divisions of a scope."""
    names = divisions.names(codes)
    return [names.get(code, code) for code in codes]
