"""The demonstration city's four clean-ups: plaques, replaced ledgers, the map of the systems.

All of it is invented. Which communities went round already, and what hangs there, follows from
their codes, so that every demonstration city shows the same.
"""

from datetime import date, datetime, timedelta
from zlib import crc32

from django.utils.timezone import localdate

from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.registry.queries import element_named

from . import commands
from .demo import read_rows
from .kinds import Course, Seen, Substitute, Use
from .models import Category, Demand, Plaque, SystemUse
from .queries import systems, walls

WALKED, TOLD = 12, 8  # one community in so many went round, told its sign-ins
BEFORE = timedelta(days=50)
HERE = {"outside": 9, "inside": 6, "wall": 4}  # of the community that is shown
WITHOUT = (  # that nobody asks for: text, place, department
    ("扫黑除恶举报点", "outside", ""), ("星级文明窗口", "inside", ""),
    ("居务公开制度", "wall", "civil_affairs"), ("学习园地管理制度", "wall", ""),
)  # fmt: skip


def clean_ups(worker: Actor, office: Actor, at: datetime) -> None:
    """`worker` goes round the own community; the rest is told in the name of the system."""
    ledgers(at)
    map_of_systems(at)
    walls_of(worker, office, at)
    for code in walls.communities_in(office.place):
        if code != worker.place and crc32(code.encode()) % WALKED == 0:
            _elsewhere(code, at)
    for code in walls.communities_in(office.place):
        if code == worker.place or crc32(code.encode()) % TOLD == 1:
            _tell(code, at)


def ledgers(at: datetime) -> None:
    for row in read_rows("demonstration-ledgers.csv"):
        kind, target = row["kind"], row["target"]
        what = Substitute(
            kind=kind, reason=row["reason"], page=target if kind == "page" else "",
            elements=_elements(target) if kind == "elements" else (),
            heir=_demand(target) if kind == "demand" else None,
        )  # fmt: skip
        demand = _demand(row["title"])
        commands.replace_ledger(demand=demand, what=what, by=SYSTEM, at=at - BEFORE)


def _elements(names):
    return [found.code for name in names.split("|") if (found := element_named(name))]


def _demand(title):
    return Demand.objects.get(title=title, origin=Demand.Origin.BASELINE)


def map_of_systems(at: datetime) -> None:
    """First what stays, so that the rest can go into it."""
    known = sorted(read_rows("demonstration-systems.csv"), key=lambda row: row["fate"] != "stay")
    for row in known:
        course = Course(
            fate=row["fate"], reason=row["reason"], url=row["url"], data_to=row["data_to"],
            contact=row["contact"], closes_on=_day(row["closes_in"], at),
            heir=_demand(row["heir"]) if row["heir"] else None,
        )  # fmt: skip
        demand = _demand(row["title"])
        plan = commands.plan_system(demand=demand, course=course, by=SYSTEM, at=at - BEFORE)
        if row["announce"]:
            commands.announce_closing(plan=plan, by=SYSTEM, at=at - BEFORE)


def _day(days, at) -> date | None:
    return localdate(at) + timedelta(days=int(days)) if days else None


# --- walls ----------------------------------------------------------------------------------------


def walls_of(worker: Actor, office: Actor, at: datetime) -> None:
    """More than may stay; decided on for the most part, some of it down."""
    community, before = worker.place, at - timedelta(days=20)
    found = [
        Seen(each.plaque, each.plaque_place, demand=each)
        for place, many in HERE.items()
        for each in _first(walls.expected(community), place, many)
    ]
    commands.walk_round(community=community, found=found, by=worker, at=before)
    for text, place, department in WITHOUT:
        seen = Seen(text, place, department)
        commands.record_plaque(community=community, seen=seen, by=worker, at=before)
    hanging = [each for each in walls.wall(community) if not each.verdict]
    _decide(hanging[:-4], {"outside": 2, "inside": 3, "wall": 0}, office, at)


def _first(expected, place, many):
    return [each for each in expected if each.plaque_place == place][:many]


def _decide(plaques, keep, office, at):
    """Keep the first of each place, take the others down; every second one is down already."""
    day, left = localdate(at) - timedelta(days=10), dict(keep)
    for number, plaque in enumerate(plaques):
        stays = left[plaque.place] > 0
        left[plaque.place] -= 1
        verdict = Plaque.Verdict.KEEP if stays else Plaque.Verdict.TAKE_DOWN
        reason = "依法设立或居民常用，保留" if stays else "超过上限或内容重复，摘除"
        plaque = commands.mark_plaque(
            plaque=plaque, verdict=verdict, reason=reason, decided_on=day, by=office, at=at
        )
        if not stays and number % 2:
            commands.take_down_plaque(
                plaque=plaque, down_on=day + timedelta(days=3), evidence="摘牌移交清单第3号",
                by=office, at=at,
            )  # fmt: skip


def _elsewhere(community, at):
    expected, turn = walls.expected(community), crc32(community.encode()) // WALKED
    found = [Seen(each.plaque, each.plaque_place, demand=each)
             for number, each in enumerate(expected) if (number + turn) % 6 == 0]  # fmt: skip
    before = at - timedelta(days=15 + turn % 20)
    commands.walk_round(community=community, found=found, by=SYSTEM, at=before)
    if turn % 3:
        keep = {"outside": 2, "inside": 2, "wall": 0}
        _decide(walls.wall(community)[: 4 + turn % 8], keep, SYSTEM, at)


# --- sign-ins -------------------------------------------------------------------------------------

OFTEN, LOGIN = SystemUse.Often.values, SystemUse.Login.values


def _tell(community, at):
    asked = systems.asked_of(community, localdate(at)).filter(category=Category.SYSTEM)
    uses = {each: _use(crc32(f"{community}{each.number}".encode())) for each in asked}
    commands.tell_systems(community=community, uses=uses, by=SYSTEM, at=at - timedelta(days=7))


def _use(turn: int) -> Use:
    if turn % 5 == 0:
        return Use(0)
    return Use(1 + turn % 4, OFTEN[turn // 5 % len(OFTEN)], LOGIN[turn // 7 % 3])
