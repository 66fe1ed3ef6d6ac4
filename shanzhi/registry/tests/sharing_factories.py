"""Changzhou in small with people in it, departments that own elements, and one that asks."""

from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from shanzhi.journal.models import Entry
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.kernel.identifiers import check_digit
from shanzhi.people import commands as people_commands
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands, queries
from shanzhi.registry.models import Grant, GrantPart, Person, Presence, ReadEntry
from shanzhi.registry.rules.sharing import Wanted
from shanzhi.work import commands as work
from shanzhi.work.models import Clock, Duty, Pause

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
CITY, DISTRICT, TIANNING = people.CITY, people.DISTRICT, people.TIANNING
STREET, TIANAN, FUDU, PANLONG = people.STREET, people.TIANAN, people.FUDU, people.PANLONG
GRID = people.GRID
DEPARTMENTS = {
    "civil_affairs": ("民政", "民政局", "民政办"),
    "police": ("公安", "公安局", "派出所"),
    "health": ("卫健", "卫生健康委员会", "卫健办"),
    "human_resources": ("人社", "人力资源和社会保障局", "人社所"),
    "organisation": ("组织", "委组织部", "党建办"),
    "housing": ("住建", "住房和城乡建设局", "建设和物业管理办"),
    "education": ("教育", "教育局", "教育办"),
}
_numbers = count(1)


def city() -> None:
    people.city()
    rows = [
        {"code": code, "name": name, "bureau": bureau, "office": office}
        for code, (name, bureau, office) in DEPARTMENTS.items()
    ]
    people_commands.load_departments(rows=rows, by=SYSTEM, at=MONDAY)
    work.load_calendar(by=SYSTEM, at=MONDAY)
    commands.load_sources(by=SYSTEM, at=MONDAY)


def identity(birth: date, serial: int) -> str:
    first = f"320499{birth:%Y%m%d}{serial % 1000:03d}"
    return first + check_digit(first)


def person(name="王示例", birth=date(1945, 3, 15), *, place=GRID, kind=2, **values) -> Person:
    """Of whom an identity number and a phone are known, living in a grid of 天安社区."""
    serial = next(_numbers)
    known = {
        "name": name,
        "document": "111",
        "identity": identity(birth, serial),
        "phone": f"138{serial:08d}",
        "registered_address": "常州市新北区天安别墅12幢301室",
    } | values
    return commands.add_person(
        values=known, presences=[commands.NewPresence(kind, place)],
        source=queries.source("community"), by=SYSTEM, at=MONDAY - 400 * DAY,
    )  # fmt: skip


def clerk(department="health", place=DISTRICT) -> Actor:
    return people.actor(people.post("department_clerk", place, department=department))


def owner(department="civil_affairs") -> Actor:
    return clerk(department, CITY)


def security() -> Actor:
    return people.actor(people.post("security_admin", CITY))


def worker(place=TIANAN) -> Actor:
    return people.actor(people.post("community_worker", place))


def wanted(**changes) -> Wanted:
    """卫健 asks 民政 and 公安 for the old of a district."""
    return Wanted(**{
        "purpose": "65 岁以上老年人健康体检",
        "basis": "基本公共卫生服务规范",
        "scenario": "按名单通知体检，体检后一年删除",
        "scope": DISTRICT,
        "since": date(2026, 3, 2),
        "until": date(2026, 12, 31),
        "elements": {"person.name": True, "person.birth": False, "person.phone": False},
        "filter": {"kind": Presence.Kind.LIVING, "age_from": 65, "age_to": None, "sex": ""},
    } | changes)  # fmt: skip


def drafted(by: Actor, at=MONDAY, **changes) -> Grant:
    return commands.draft_grant(wanted=wanted(**changes), by=by, at=at)


def asked(by: Actor, at=MONDAY, **changes) -> Grant:
    return commands.ask_grant(grant=drafted(by, at, **changes), by=by, at=at)


def granted(by: Actor, at=MONDAY, **changes) -> Grant:
    """By every owner, on the same day."""
    grant = asked(by, at, **changes)
    for part in grant.parts.filter(state="waiting").order_by("pk"):
        commands.agree_grant(part=part, by=owner(part.owner_id), at=at)
    grant.refresh_from_db()
    return grant


def part(grant: Grant, department: str) -> GrantPart:
    return grant.parts.get(owner=department)


def everything(grant: Grant):
    """The application, what hangs on it and what was told, to assert that nothing changed."""
    parts = list(grant.parts.order_by("pk"))
    about = [f"registry.GrantPart:{each.pk}" for each in parts]
    found = Duty.objects.filter(about__in=about)
    return (
        Grant.objects.filter(pk=grant.pk).values().first(),
        list(grant.parts.order_by("pk").values()),
        [list(each.elements.order_by("pk").values()) for each in parts],
        list(found.order_by("pk").values()),
        list(Clock.objects.filter(duty__in=found).order_by("pk").values()),
        list(Pause.objects.filter(duty__in=found).order_by("pk").values()),
        Entry.objects.count(),
        ReadEntry.objects.count(),
    )
