"""Every row of the table: what is measured, how, and what is required."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone

from operate import progress
from shanzhi.journal import followers

from . import bare, lighthouse, places, weight
from .load import Answers, Expect, run
from .report import Row
from .server import Server
from .visitors import Crowd

CLIENTS = 8
WARM_UP = 2.0  # seconds, and each worker's caches are filled
MOST_FORMS = 60_000
PLAIN = Expect()
PROBE = 2.0  # seconds of empty pages before each row: a borrowed machine is not always as fast


@dataclass(frozen=True)
class Page:
    """A kind of request, as fast as required: so many a second, 95 of 100 within milliseconds."""

    code: str
    title: str
    requests: Callable[[Crowd], Iterator[bytes]]
    rate: float | None
    p95: float | None = None
    expect: Expect = PLAIN


PAGES = [
    Page("desk_list", "Desk list of 20 rows, signed in", Crowd.lists, 500, 40),
    Page("inbox", "Desk inbox, signed in", Crowd.inboxes, None),
    Page("inbox_district", "Desk inbox of districts", Crowd.inboxes_of_districts, None),
    Page("inbox_item", "Desk inbox, narrowed by item", Crowd.narrowed_inboxes, None),
    Page("home", "Resident's home, signed in", Crowd.homes, 600),
    Page("case_desk", "Case page of the desk", Crowd.desk_cases, 400),
    Page("case_own", "Case page of the resident", Crowd.own_cases, 400),
    Page("api_list", "The desk's list by API", Crowd.api_lists, 1000),
]
SUBMIT = Page(
    "submit", "Submitting a request, HTTP POST to commit", lambda crowd: iter(()), 600,
    expect=Expect(b"302", b"/receipt/"),
)  # fmt: skip
EMPTY = Page("empty", "An empty page of the same server", Crowd.empties, None)
COMPARED = {page.code for page in [*PAGES, SUBMIT]} | {"command"}
PYTHON_SHARE = 0.20  # of what pgbench reaches with the same SQL
FOLLOWED, RESIDENT_MB = 1000, 200
FIRST_KB, NEXT_KB = 170, 15


@dataclass
class Measuring:
    size: str
    server: Server
    crowd: Crowd
    seconds: float
    wanted: Callable[[str], bool] = lambda code: True

    def all(self) -> list[Row]:
        rows = [row for page in PAGES if self.wanted(page.code) for row in self.page(page)]
        if self.wanted("weight"):
            rows += self.weight()
        if self.wanted("submit"):
            rows += self.submit()
        if self.wanted("command"):
            rows += self.command()
        if self.wanted("followers"):
            rows += [self.followers()]
        memory = self.server.largest()
        return [*rows, Row("memory", "Largest server worker", "MB", memory, RESIDENT_MB, most=True)]

    # --- over HTTP

    def page(self, page: Page) -> list[Row]:
        return self._measured(page, page.requests(self.crowd))

    def submit(self) -> list[Row]:
        return self._measured(SUBMIT, self.crowd.drafts(MOST_FORMS))

    def _measured(self, page, requests) -> list[Row]:
        progress.say(f"    {page.title} …")
        self._load(page, requests, WARM_UP)
        before, _web, _database = self._load(EMPTY, EMPTY.requests(self.crowd), PROBE)
        return self._rows(page, before.rate, *self._load(page, requests, self.seconds))

    def _load(self, page, requests, seconds) -> tuple[Answers, float, float]:
        web, database = self.server.spent()
        answers = run(self.server.port, requests, page.expect, clients=CLIENTS, seconds=seconds)
        now_web, now_database = self.server.spent()
        count = max(1, len(answers.took))
        return answers, 1000 * (now_web - web) / count, 1000 * (now_database - database) / count

    def _rows(self, page, empty, answers, web, database) -> list[Row]:
        p50, p95, p99 = (answers.percentile(share) for share in (0.5, 0.95, 0.99))
        detail = (
            f"{answers.rate / empty:.2f} of an empty page ({empty:,.0f}); "
            f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms; processor time a request: "
            f"web {web:.2f}, database {database:.2f} ms"
        )
        rows = [Row(page.code, page.title, "a second", answers.rate, page.rate, detail=detail)]
        if page.p95:
            title = f"{page.title}: 95 of 100 within"
            rows.append(Row(f"{page.code}.p95", title, "ms", p95, page.p95, most=True))
        return rows

    def weight(self) -> list[Row]:
        cookies = self.crowd.residents[0].cookies
        first, following = weight.page(self.server.port, "/", cookies)
        title = "Resident's home over the wire"
        return [
            Row("first", f"{title}, first visit", "kB", first / 1000, FIRST_KB, most=True),
            Row("next", f"{title}, next visit", "kB", following / 1000, NEXT_KB, most=True),
        ]

    # --- without HTTP

    def command(self) -> list[Row]:
        bare.command(self.crowd, WARM_UP)
        progress.say("    The command alone, and pgbench with its statements …")
        alone = bare.command(self.crowd, self.seconds)
        text = bare.script(self.crowd)
        best = bare.pgbench(places.place(self.size), text, self.seconds)
        detail = f"p95 {alone.percentile(0.95):.1f} ms"
        sql = f"{best.statements} statements, {best.latency:.1f} ms on average"
        share = alone.rate / best.rate
        title = "The command alone, eight threads"
        return [
            Row("command", title, "a second", alone.rate, detail=detail),
            Row("pgbench", "pgbench with the same SQL", "a second", best.rate, detail=sql),
            Row("share", "The command beside pgbench", "of it", share, PYTHON_SHARE),
        ]  # fmt: skip

    def followers(self) -> Row:
        """All followers together, reading what the rows above have written."""
        progress.say("    Followers …")
        at = timezone.now()
        entries = max((lag.entries for lag in followers.lag(at)), default=0)
        began = time.perf_counter()
        while any(followers.run_all(at=at).values()):
            pass
        took = time.perf_counter() - began
        rate = entries / took if entries else None
        detail = f"{entries:,} entries, read by {len(followers.FOLLOWERS)} followers"
        return Row("followers", "Followers", "entries a second", rate, FOLLOWED, detail=detail)


def by_browser(measuring: Measuring) -> list[Row]:
    visitor = next(islice(measuring.crowd.residents, 1))
    return lighthouse.rows(measuring.server.port, visitor.cookies)
