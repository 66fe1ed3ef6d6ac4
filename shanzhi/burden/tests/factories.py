"""A small city with a clean-up: two departments, three communities, a handful of demands."""

import re
from datetime import UTC, date, datetime

from django.utils.timezone import localdate

from shanzhi.journal.tests.factories import catch_up
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people import commands as people
from shanzhi.people.tests import factories as make
from shanzhi.people.tests.factories import CITY, DISTRICT, FUDU, PANLONG, STREET, TIANAN
from shanzhi.places import commands as divisions
from shanzhi.places.plans import Part
from shanzhi.places.queries import children

from .. import commands, list_files
from ..kinds import Course, Seen, Size, Substitute
from ..models import Campaign, Category, Demand, Edition, Plan, Plaque, ScopeChange
from ..rules.decisions import Wish

__all__ = ["CITY", "DISTRICT", "FUDU", "PANLONG", "STREET", "SYSTEM", "TIANAN"]
BEGAN = date(2026, 3, 2)  # Monday
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
DEPARTMENTS = [
    {"code": "civil_affairs", "name": "民政", "bureau": "民政局", "office": "民政办"},
    {"code": "urban_management", "name": "城管", "bureau": "城市管理局", "office": "城管办"},
]


def city() -> None:
    make.city()
    people.load_departments(rows=DEPARTMENTS, by=SYSTEM, at=NOON)


def office(place: str = CITY) -> Actor:
    return make.actor(make.post("burden_office", place))


def campaign(place: str = CITY, workers: int = 9) -> Campaign:
    return commands.begin_campaign(
        title="社区减负专项清理", place=place, began_on=BEGAN, workers=workers, by=SYSTEM, at=NOON
    )


def values(**changed) -> dict:
    known = {
        "category": "ledger", "title": "垃圾分类台账", "department": "urban_management",
        "place": DISTRICT, "scope": [DISTRICT], "purpose": "", "basis": "", "cycle": "monthly",
        "times": 12, "minutes": 60, "staff": 1, "money": 0, "payer": None, "medium": "electronic",
        "plaque": "", "plaque_place": "", "url": "", "valid_from": BEGAN, "valid_to": None,
    }  # fmt: skip
    return known | changed


def demand(of: Campaign, fields: list[str] | None = None, **changed) -> Demand:
    return commands.enter(
        campaign=of, values=values(**changed), fields=fields or [], by=SYSTEM, at=NOON
    )


def frozen(*demands: dict, place: str = CITY) -> list[Demand]:
    """A frozen baseline of these demands."""
    of = campaign(place)
    made = [demand(of, **each) for each in demands]
    freeze(of)
    return [Demand.objects.get(pk=each.pk) for each in made]


def freeze(of: Campaign) -> Campaign:
    found = {code: of.demands.filter(category=code).count() for code in Category.values}
    found.pop("assessment")
    commands.count_baseline(campaign=of, place=of.place, counts=found, by=SYSTEM, at=NOON)
    return commands.freeze(campaign=of, by=SYSTEM, at=NOON)


def wish(verb: str, **more) -> Wish:
    known = {"reason": "重复采集", "decided_on": date(2026, 4, 1), "decider": "联席会议"}
    return Wish(verb=verb, **known | more)


def decide(of: Demand, verb: str, at: datetime = LATER, by: Actor = SYSTEM, **more):
    if "size" in more and not isinstance(more["size"], Size):
        more["size"] = Size(*more["size"])
    return commands.decide(demand=of, wish=wish(verb, **more), by=by, at=at)


def undo(decision, on: date = date(2026, 5, 6), at: datetime = LATER, by: Actor = SYSTEM):
    return commands.undo(decision=decision, wish=wish("undo", decided_on=on), by=by, at=at)


def question(of: Demand, old: list[str], new: str, at: datetime = LATER) -> ScopeChange:
    """As a merger leaves one behind."""
    return ScopeChange.objects.create(
        about=f"burden.Demand:{of.pk}", kind="asked", number=of.number, title=of.title,
        place=of.place, department=of.department, on=localdate(at), before=of.scope,
        after=of.scope, old=old, new=new, at=at,
    )  # fmt: skip


# --- divisions change, and the follower reads it --------------------------------------------------

ON = date(2026, 9, 1)
AT = datetime(2026, 9, 2, 4, 0, tzinfo=UTC)
NEW = "320411002100"


def merge(*olds: str, new: str = NEW, name: str = "新天社区", on: date = ON) -> None:
    divisions.merge(olds=list(olds), new=new, name=name, on=on, reason="区划调整", by=SYSTEM, at=AT)
    catch_up("burden.moves", at=AT)


def move(code: str, parent: str, on: date = ON) -> str:
    found = divisions.move(code=code, parent=parent, on=on, reason="区划调整", by=SYSTEM, at=AT)
    catch_up("burden.moves", at=AT)
    return found.code


def split(code: str, *parts: str, on: date = ON) -> None:
    """What is below goes to the first part."""
    below = tuple(each.code for each in children(code))
    rows = [Part(each, f"区划{each[-3:]}", () if n else below) for n, each in enumerate(parts)]
    divisions.split(code=code, parts=rows, on=on, reason="区划调整", by=SYSTEM, at=AT)
    catch_up("burden.moves", at=AT)


# --- clean-ups ------------------------------------------------------------------------------------


def plaque(
    text: str = "无人认领的牌子", hangs: str = "outside", *, place: str = TIANAN,
    demand: Demand | None = None, by: Actor = SYSTEM, at: datetime = LATER, **more,
) -> Plaque:  # fmt: skip
    seen = Seen(text, hangs, demand=demand, **more)
    return commands.record_plaque(community=place, seen=seen, by=by, at=at)


def mark(of: Plaque, verdict: str = "keep", by: Actor = SYSTEM, at: datetime = LATER, **more):
    known = {"reason": "法定机构", "decided_on": localdate(at)}
    return commands.mark_plaque(plaque=of, verdict=verdict, by=by, at=at, **known | more)


def take_down(of: Plaque, by: Actor = SYSTEM, at: datetime = LATER, **more):
    known = {"down_on": localdate(at), "evidence": "移交清单第3号"}
    return commands.take_down_plaque(plaque=of, by=by, at=at, **known | more)


def replace(of: Demand, kind: str, by: Actor = SYSTEM, at: datetime = LATER, **more):
    what = Substitute(**{"kind": kind, "reason": "重复"} | more)
    return commands.replace_ledger(demand=of, what=what, by=by, at=at)


def plan(of: Demand, fate: str, by: Actor = SYSTEM, at: datetime = LATER, **more):
    course = Course(**{"fate": fate, "reason": "整合"} | more)
    return commands.plan_system(demand=of, course=course, by=by, at=at)


CLOSING = {
    "closes_on": date(2026, 12, 31), "data_to": "导入平台", "contact": "市民政局 0519-88000102",
}  # fmt: skip


def announced(of: Demand, by: Actor = SYSTEM, at: datetime = LATER, **more) -> Plan:
    planned = plan(of, "close", by=by, at=at, **CLOSING | more)
    return commands.announce_closing(plan=planned, by=by, at=at)


def system(**changed) -> dict:
    return {"category": "system"} | changed


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


# --- lists ---------------------------------------------------------------------------------------

HEAD = "code,title,description,department,clause,clause_quoted,keywords\r\n"
FIRST = HEAD + (
    "Y01,召集居民会议,讨论大事,civil_affairs,居民委员会组织法,yes,居民会议|居民大会\r\n"
    "Y02,楼道灯维修,,,,no,楼道灯|路灯坏了\r\n"
)
SECOND = HEAD + (
    "Y01,召集居民会议,提前十日通知,civil_affairs,居民委员会组织法,yes,居民会议|居民大会\r\n"
    "Y03,居民公约,,,,no,公约\r\n"
)
NEGATIVE = (
    "number,sentence,words,categories,levels,measures,verdict,clause\r\n"
    "2,不得向社区下达招商引资任务。,招商引资|引资,target,city,investment,stop,民发〔2015〕136号\r\n"
)


def edition(text: str = FIRST, kind: str = "own", place: str = CITY, on: date = BEGAN) -> Edition:
    rows = list_files.read(text.encode(), kind)
    drafted = commands.draft_edition(
        kind=kind, place=place, title="清单", rows=rows, by=SYSTEM, at=NOON
    )
    return commands.publish_edition(edition=drafted, on=on, by=SYSTEM, at=NOON)
