"""Rows about the registry of a whole city: finding people, pages, pyramids, what guards cost."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import cycle, islice

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from operate import progress
from shanzhi.kernel.acting import Actor
from shanzhi.registry import fence, population
from shanzhi.registry.models import Household, Person, Presence
from shanzhi.registry.queries import persons as finding
from shanzhi.registry.queries.population import pyramid

from . import urls
from .load import Answers, run
from .report import Row
from .run import PLAIN, WARM_UP, Measuring, Page
from .server import Server
from .visitors import STAFF, Crowd

MINUTES = 20  # for loading 5.4 million
LARGE = 5_000_000
LOOKS = 400  # of each kind of question, and of households
FENCED = (
    "person", "presence", "membership", "household", "dwelling", "version", "personkey",
    "bankaccount",
)  # fmt: skip
HOUSEHOLD = Page("household", "Household page of the desk", lambda crowd: crowd.households(), 300)
UNLOGGED = Page("unlogged", "The same, unlogged", lambda crowd: crowd.households(False), None)


class Keepers(Crowd):
    """Workers of communities, signed in; nobody else is needed."""

    def __init__(self, seed: int, at: datetime):
        self.random, self.at = random.Random(seed), at
        posts = self._posts("community_worker", STAFF)
        self.staff = self.residents = self._signed_in(posts, staff=True)
        self.found = [(each, self._homes(each)) for each in self.staff]

    def _homes(self, visitor):
        rows = Household.objects.filter(community=visitor.place, ended_on=None).order_by("id")
        return list(rows.values_list("pk", flat=True)[:2000])

    def households(self, logged: bool = True) -> Iterator[bytes]:
        requests = [
            visitor.get(
                reverse("registry:household", args=[pk]) if logged else f"/{urls.UNLOGGED}{pk}/"
            )
            for visitor, homes in self.found
            for pk in self.random.sample(homes, min(LOOKS // 10, len(homes)))
        ]
        self.random.shuffle(requests)
        return cycle(requests)


def rows(web: Server, size: str, seed: int, seconds: float, chosen: set[str]) -> list[Row]:
    """Of the city that is there, those chosen or all."""
    measuring = Measuring(size, web, Keepers(seed, timezone.localtime()), seconds)
    progress.say(f"Measuring, {seconds:g} s a row")
    for clients in (1, 4):  # both processes load what they keep, and open their connections
        run(web.port, measuring.crowd.households(), PLAIN, clients=clients, seconds=WARM_UP)
    found = []
    for code, rows_of in ROWS.items():
        if not chosen or code in chosen:
            progress.say(f"    {code} …")
            found += rows_of(measuring)
    return found


def building(count: int, seconds: float) -> Row:
    required = MINUTES if count >= LARGE else None
    title = f"Loading {count:,} persons"
    return Row("build", title, "minutes", seconds / 60, required, most=True)


# --- without HTTP ---------------------------------------------------------------------------------


def _timed(questions: Iterator[Callable[[], object]], seconds: float, most: int = 2000) -> Answers:
    """One after the other, each in the fence it is asked in; the first few do not count."""
    for ask in islice(questions, 20):
        ask()
    began, took = time.perf_counter(), []
    for ask in islice(questions, most):
        before = time.perf_counter()
        ask()
        took.append(time.perf_counter() - before)
        if time.perf_counter() - began > seconds:
            break
    return Answers(time.perf_counter() - began, took)


def _row(code, title, answers, required) -> Row:
    detail = f"p50 {answers.percentile(0.5):.2f} ms, {len(answers.took):,} questions"
    return Row(code, title, "ms, 95 of 100", answers.percentile(0.95), required, most=True,
               detail=detail)  # fmt: skip


def finding_rows(measuring: Measuring) -> list[Row]:
    """By number, phone and name, each by a worker of the person's own community."""
    people = _some_people(measuring)
    kinds_of = {
        "identity": ("Finding a person by identity number", 10, lambda person: person.identity),
        "phone": ("Finding a person by phone", 10, lambda person: person.phone),
        "name": ("Finding by the beginning of a name in a community", 20,
                 lambda person: person.name[: 1 + person.pk % 2]),
    }  # fmt: skip
    rows = []
    for code, (title, required, text) in kinds_of.items():
        asks = cycle([_find(actor, text(person)) for actor, person in people if text(person)])
        rows.append(_row(f"find.{code}", title, _timed(asks, measuring.seconds), required))
    return rows


def _some_people(measuring):
    last = Person.objects.order_by("-pk").values_list("pk", flat=True).first()
    some = [measuring.crowd.random.randint(1, last) for _n in range(LOOKS)]
    homes = dict(
        Presence.objects.filter(person__in=some, kind=2, until=None).values_list(
            "person", "community"
        )
    )
    return [(_worker(homes[each.pk]), each) for each in Person.objects.filter(pk__in=homes)]


def _worker(place: str, role: str = "community_worker") -> Actor:
    return Actor(account_id=1, post_id=1, role=role, place=place)


def _find(actor, text):
    def ask():
        with fence.within(actor):
            assert finding.find(actor, text)

    return ask


def pyramid_rows(measuring: Measuring) -> list[Row]:
    """Of communities, districts and the city, by age today, as a post of the city sees them."""
    today, city = localdate(measuring.crowd.at), measuring.crowd.staff[0].place[:4]
    leader = _worker(city, "city_leader")
    communities = sorted({each.place for each in measuring.crowd.staff})
    of = {
        "community": ("a community", communities),
        "subdistrict": ("a sub-district", sorted({code[:9] for code in communities})),
        "district": ("a district", sorted({code[:6] for code in communities})),
        "city": ("the city", [city]),
    }
    rows = []
    for code, (title, codes) in of.items():
        answers = _timed(cycle([_draw(leader, each, today) for each in codes]), measuring.seconds)
        rows.append(_row(f"pyramid.{code}", f"Population pyramid of {title}", answers, 50))
    return [*rows, _turns(measuring)]


def _draw(actor, place, today: date):
    def ask():
        with fence.within(actor):
            assert pyramid(place, today).total

    return ask


def _turns(measuring) -> Row:
    """How fast presences come and go in one community, with figures exact all the while."""
    place = measuring.crowd.staff[0].place
    some = list(Presence.objects.filter(community=place, kind=2, until=None).order_by("pk")[:1000])
    began, count = time.perf_counter(), 0
    for each in cycle(some):
        with transaction.atomic():
            Presence.objects.filter(pk=each.pk).update(birth=each.birth.replace(day=1 + count % 28))
        count += 1
        if time.perf_counter() - began > measuring.seconds:
            break
    rate = count / (time.perf_counter() - began)
    before = time.perf_counter()
    folded = 0
    while batch := population.fold():
        folded += batch
    fold = 1000 * (time.perf_counter() - before)
    Presence.objects.bulk_update(some, ["birth"])
    detail = f"one connection; {folded:,} turns folded in {fold:.0f} ms"
    return Row("pyramid.turns", "Birthdays mended in one community", "a second", rate,
               detail=detail)  # fmt: skip


# --- over HTTP ------------------------------------------------------------------------------------


def page_rows(measuring: Measuring) -> list[Row]:
    return measuring.page(HOUSEHOLD)


def fence_rows(measuring: Measuring) -> list[Row]:
    """The household page with row-level security and without."""
    on, off = _in_turns(
        measuring,
        (HOUSEHOLD, lambda: _security("enable")),
        (HOUSEHOLD, lambda: _security("disable")),
    )
    _security("enable")
    return [_cost("fence", "Row-level security, of a household page", on, off, None)]


def _security(state):
    with connection.cursor() as cursor:
        for name in FENCED:
            cursor.execute(f"alter table registry_{name} {state} row level security")


def readlog_rows(measuring: Measuring) -> list[Row]:
    """The household page with its line in the read log and without."""
    on, off = _in_turns(measuring, (HOUSEHOLD, _nothing), (UNLOGGED, _nothing))
    return [_cost("readlog", "The read log, of a household page", on, off, 10)]


def _nothing():
    pass


def _in_turns(measuring, *ways) -> list[float]:
    """Pages a second of each way: medians of three times in turns, as machines change."""
    rates: list[list[float]] = [[] for _way in ways]
    for _turn in range(3):
        for (page, prepare), found in zip(ways, rates, strict=True):
            prepare()
            requests = page.requests(measuring.crowd)
            measuring._load(page, requests, 0.5)
            answers, _web, _database = measuring._load(page, requests, measuring.seconds / 2)
            found.append(answers.rate)
    return [sorted(found)[1] for found in rates]


def _cost(code, title, on, off, required) -> Row:
    detail = f"{on:,.0f} pages a second with it, {off:,.0f} without; medians of three in turns"
    return Row(code, title, "%", 100 * (off / on - 1), required, most=True, detail=detail)


ROWS: dict[str, Callable[[Measuring], list[Row]]] = {
    "find": finding_rows,
    "pyramid": pyramid_rows,
    "household": page_rows,
    "fence": fence_rows,
    "readlog": readlog_rows,
}
