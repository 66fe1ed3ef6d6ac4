"""A small city with workers in its communities, a register in force, and a diary that passed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from shanzhi.burden import commands as burden_commands
from shanzhi.burden.models import Demand
from shanzhi.burden.tests import factories as burden
from shanzhi.burden.tests.factories import CITY, DISTRICT, FUDU, PANLONG, STREET, TIANAN
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as people
from shanzhi.work import commands as work

from .. import commands
from ..kinds import DIARY, Quarter
from ..models import Ballot, Draw, Half

__all__ = ["CITY", "DISTRICT", "FUDU", "PANLONG", "STREET", "TIANAN"]
SUMMER = Quarter(date(2026, 7, 1))
TODAY = date(2026, 11, 30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


NIGHT = at("2026-07-01 00:20")  # Wednesday


def city() -> None:
    burden.city()
    work.load_calendar(by=SYSTEM, at=NIGHT)


def office(place: str = CITY) -> Actor:
    return people.actor(people.post("burden_office", place))


def secretary(place: str = TIANAN) -> Actor:
    known = Post.objects.filter(role="community_secretary", place=place).first()
    return people.actor(known or people.post("community_secretary", place))


def workers(place: str = TIANAN, many: int = 5) -> list[Post]:
    """With the secretary, so many work there."""
    secretary(place)
    return [people.post("community_worker", place) for _each in range(many - 1)]


def counted(**rows: int) -> None:
    """Of c320411002018=9."""
    commands.state_headcounts(
        rows={code[1:]: number for code, number in rows.items()}, source="花名册",
        valid_from=date(2026, 1, 1), by=SYSTEM, at=NIGHT,
    )  # fmt: skip


def admitted(**changed) -> Demand:
    """The diary's own number."""
    origin = changed.pop("origin", Demand.Origin.ADMITTED)
    values = burden.values(
        title=DIARY, category="target", place=CITY, scope=[CITY], cycle="quarterly", times=8,
        minutes=1, valid_from=date(2026, 4, 1), valid_to=date(2028, 3, 31),
    ) | changed  # fmt: skip
    return burden_commands.admit(
        number=f"A26-{Demand.objects.count():04d}", origin=origin, values=values, fields=[],
        by=SYSTEM, at=NIGHT,
    )  # fmt: skip


def kept(place: str = TIANAN, many: int = 5, seed: int = 7, when: datetime = NIGHT) -> Draw:
    """Joined and drawn."""
    if not Demand.objects.filter(title=DIARY).exists():
        admitted()
    workers(place, many)
    commands.join(by=secretary(place), at=when)
    return commands.draw(community=place, seed=seed, by=SYSTEM, at=when)


def holder(ballot: Ballot) -> Actor:
    return people.actor(Post.objects.filter(account=ballot.account_id).order_by("pk").first())


def during(ballot: Ballot) -> datetime:
    return ballot.opens_at + timedelta(minutes=5)


def answer(ballot: Ballot, *parts: str, when: datetime | None = None) -> None:
    commands.answer(
        ballot=ballot.pk, parts=parts or ("meetings", "ledgers", "residents"), by=holder(ballot),
        at=when or during(ballot),
    )  # fmt: skip


def answered(
    place: str = TIANAN, workers: int = 6, halves: int = 6, quarter: Quarter = SUMMER,
    parts: Sequence[str] = ("meetings", "residents", "residents"),
) -> None:  # fmt: skip
    """A quarter that is over: so many mornings and as many afternoons."""
    commands.keep_invented(
        quarter=quarter, workers={place: workers},
        answers={place: [(half, parts) for half in Half for _each in range(halves)]}, seed=7,
        by=SYSTEM, at=NIGHT,
    )  # fmt: skip


def invented(random: Random, chance: float, many: int) -> list[float]:
    """Shares of half-days whose parts resemble each other, with `chance` on average."""
    own = [min(max(random.gauss(chance, 0.25), 0), 1) for _each in range(many)]
    return [sum(random.random() < each for _part in range(3)) / 3 for each in own]
