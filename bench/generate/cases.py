"""Cases and what hangs on them, as lines of COPY."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import numpy as np

from shanzhi.cases import routing
from shanzhi.cases.models import Route
from shanzhi.cases.routing import Unit
from shanzhi.work import clocks
from shanzhi.work.calendar import Calendar

from .ground import Ground
from .lives import NEVER, Lives, stamps
from .people import PHONES, People
from .pools import COLUMNS, ESTATES, Pool, sentence

CASE = (
    "id", "number", "submission", "code_hash", "applicant_id", "assisted_by", "channel", "name",
    "phone", "phone_hash", "identity_hash", "place", "location", "state", "decision", "lead_place",
    "lead_department", "submitted_at", "accepted_at", "promised_due_at", "replied_at", "closed_at",
    "source", "external_number", "deemed", "provisional", "extended_reason", "steps_done",
    "delivery", *COLUMNS,
)  # fmt: skip
INVOLVEMENT = (
    "id", "case_id", "place", "department", "leads", "task", "began_at", "ended_at", "opinion"
)  # fmt: skip
REPLY = ("id", "case_id", "kind", "at", "by", "text", "grounds", "remedy")
RATING = ("id", "case_id", "round", "score", "words", "at")


@dataclass
class City:
    """What lines of cases are made from; knows the numbers given out so far."""

    ground: Ground
    people: People
    pool: Pool
    calendar: Calendar
    phones: list[str]
    texts: list[str]
    today: date
    involvements: int = 0
    replies: int = 0
    ratings: int = 0

    @cached_property
    def units(self) -> list[list[Unit]]:
        """The unit each item of each community goes to at first."""
        routes = list(Route.objects.order_by("position"))
        choose = partial(routing.choose, routes, category="", day=self.today)
        return [
            [choose(item=item, place=code).unit for item in self.pool.items]
            for code in self.ground.communities
        ]

    @cached_property
    def told(self) -> list[list[tuple[str, str]]]:
        """For each community and item, and last for what is passed on: the unit as an entry has it,
        and account and post of who acts for it.
        """
        return [
            [self._told(unit) for unit in [*units, Unit(code[:9])]]
            for code, units in zip(self.ground.communities, self.units, strict=True)
        ]

    def _told(self, unit):
        handler = self.handler(unit)
        return f'["{unit.place}", "{unit.department}"]', f"{handler}\t{handler}"

    def lead(self, place: int, item: int, passed_on: bool) -> Unit:
        """Passed on: from a community or a department to the sub-district's general desk."""
        if passed_on:
            return Unit(self.ground.communities[place][:9])
        return self.units[place][item]

    def handler(self, unit: Unit) -> int:
        """Account and post of who acts for a unit."""
        staff = self.people.staff
        return (staff.get((unit.place, unit.department)) or staff[unit.place, ""]).id


def numbers(first: int, submitted: np.ndarray) -> list[str]:
    """Receipt numbers with their check digit, like shanzhi.cases.numbers.new."""
    years = (submitted + 8 * 3600).astype("M8[s]").astype("M8[Y]").astype(int) + 1970 - 2000
    running = years * 10**9 + first + 1 + np.arange(len(submitted))
    total, rest = np.zeros(len(submitted), int), running.copy()
    for position in range(11):
        digit = rest % 10 * (2 - position % 2)
        total += np.where(digit > 9, digit - 9, digit)
        rest //= 10
    return (running * 10 + (-total) % 10).astype(str).tolist()


def hexes(rng: np.random.Generator, n: int, size: int) -> list[str]:
    text = rng.bytes(n * size).hex()
    return [text[start : start + 2 * size] for start in range(0, n * size * 2, size * 2)]


def submissions(rng: np.random.Generator, at: np.ndarray) -> list[str]:
    """Like kernel.uuids.rising."""
    drawn = hexes(rng, len(at), 9)
    return [f"{1000 * t:012x}7{d[:3]}8{d[3:]}" for t, d in zip(at.tolist(), drawn, strict=True)]


def states(lives: Lives) -> list[str]:
    state = np.full(len(lives), "submitted", dtype="U10")
    for step, name in (
        ("accepted", "accepted"), ("started", "handling"), ("decided", "decided"),
        ("replied", "replied"), ("closed", "closed"),
    ):  # fmt: skip
        state[lives.reached(step)] = name
    return state.tolist()


def due(city: City, items: np.ndarray, accepted: np.ndarray) -> list[str]:
    """Promised ends by the real calendar: those in days are the same for a whole day's cases."""
    known: dict[tuple[int, int], int] = {}
    ends = np.full(len(items), NEVER)
    for n, (item, at) in enumerate(zip(items.tolist(), accepted.tolist(), strict=True)):
        if at < NEVER:
            if city.pool.items[item].promised_unit == "hours":
                ends[n] = at + 3600 * city.pool.items[item].promised_amount
                continue
            key = item, (at + 8 * 3600) // 86_400
            if key not in known:
                known[key] = _end(city, *key)
            ends[n] = known[key]
    return stamps(ends)


def _end(city, item, day):
    item = city.pool.items[item]
    day = date.fromordinal(day + date(1970, 1, 1).toordinal())
    end = clocks._due_of_day(city.calendar, day, item.promised_amount, item.promised_unit)
    return int(end.timestamp())


def case_lines(city: City, rng: np.random.Generator, lives: Lives) -> Iterator[str]:
    n, items = len(lives), city.pool.of_item[lives.variant]
    passed_on = lives.reached("transferred")
    columns = zip(
        numbers(lives.first, lives.times["submitted"]),
        submissions(rng, lives.times["submitted"]), hexes(rng, n, 32),
        hexes(rng, n, 32), lives.place.tolist(), items.tolist(), lives.variant.tolist(),
        lives.account.tolist(), lives.by_phone.tolist(), passed_on.tolist(), states(lives),
        lives.reached("decided").tolist(), stamps(lives.times["submitted"]),
        stamps(lives.times["accepted"]), due(city, items, lives.times["accepted"]),
        stamps(lives.times["replied"]), stamps(lives.times["closed"]), strict=True,
    )  # fmt: skip
    codes, variants, people = city.ground.communities, city.pool.variants, city.people
    for pk, (number, submission, code, identity, place, item, variant, account, by_phone, passed,
             state, decided, submitted, accepted, due_at, replied, closed) in enumerate(
        columns, lives.first + 1
    ):  # fmt: skip
        unit, community = city.lead(place, item, passed), codes[place]
        who = f"{account}\t\\N\tphone" if by_phone else f"\\N\t{place + 1}\tcounter"
        hashed = f"\\\\x{identity}" if variants[variant].identified else "\\N"
        estate = ESTATES[(place + account % 2) % len(ESTATES)]
        yield (
            f"{pk}\t{number}\t{submission}\t\\\\x{code}\t{who}\t{people.name(account)}\t"
            f"{city.phones[account % PHONES]}\t{people.hashes[account - people.base]}\t{hashed}\t"
            f"{community}{account % 3 + 1:03d}\t{estate}\t{state}\t{'granted' if decided else ''}\t"
            f"{unit.place}\t{unit.department}\t{submitted}\t{accepted}\t{due_at}\t{replied}\t"
            f"{closed}\t\t\tf\tf\t\t0\t\t{variants[variant].line}"
        )


def involvement_lines(city: City, lives: Lives) -> Iterator[str]:
    items = city.pool.of_item[lives.variant]
    columns = zip(
        lives.place.tolist(), items.tolist(), stamps(lives.times["submitted"]),
        stamps(lives.times["transferred"]), strict=True,
    )  # fmt: skip
    for case, (place, item, began, passed) in enumerate(columns, lives.first + 1):
        city.involvements += 1
        first = city.units[place][item]
        yield (
            f"{city.involvements}\t{case}\t{first.place}\t{first.department}\tt\t\t{began}\t"
            f"{passed}\t"
        )
        if passed != "\\N":
            city.involvements += 1
            second = city.lead(place, item, True)
            yield (
                f"{city.involvements}\t{case}\t{second.place}\t{second.department}\tt\t"
                f"需要专业队伍处理\t{passed}\t\\N\t"
            )


def reply_lines(city: City, lives: Lives) -> Iterator[str]:
    reached = np.flatnonzero(lives.reached("replied"))
    columns = zip(
        reached.tolist(), stamps(lives.times["replied"][reached]),
        lives.reached("decided")[reached].tolist(), strict=True,
    )  # fmt: skip
    for n, at, decided in columns:
        city.replies += 1
        unit = city.lead(int(lives.place[n]), int(city.pool.of_item[lives.variant[n]]),
                         bool(lives.reached("transferred")[n]))  # fmt: skip
        yield (
            f"{city.replies}\t{lives.first + n + 1}\t{'decision' if decided else 'answer'}\t{at}\t"
            f"{city.handler(unit)}\t{city.texts[n % len(city.texts)]}\t\t"
        )


def rating_lines(city: City, lives: Lives) -> Iterator[str]:
    rated = np.flatnonzero(lives.reached("rated"))
    columns = zip(
        rated.tolist(), lives.score[rated].tolist(), stamps(lives.times["rated"][rated]),
        strict=True,
    )  # fmt: skip
    for n, score, at in columns:
        city.ratings += 1
        yield f"{city.ratings}\t{lives.first + n + 1}\t1\t{score}\t\t{at}"


def texts(rng: np.random.Generator) -> list[str]:
    return [f"已经处理：{sentence(rng)}如再有问题，请直接联系网格长。" for _n in range(200)]
