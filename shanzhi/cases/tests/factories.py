"""天安社区 with its desk, its sub-district's departments, a few items, and residents who ask."""

from datetime import datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from shanzhi.cases import commands
from shanzhi.cases.commands.submitting import Request
from shanzhi.cases.models import Case, Item
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.tests import factories as people
from shanzhi.work import commands as work

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
TIANAN, FUDU, GRID, STREET = people.TIANAN, people.FUDU, people.GRID, people.STREET
IDENTITY, PHONE, BANK = "320499194503150016", "13800000021", "6222000000000000004"
ADDRESS = "天安别墅12幢301室"
_numbers = count(1)

WHAT = {"key": "what", "label": "情况", "type": "longtext"}
WHERE = {"key": "address", "label": "地址", "type": "address", "required": False}
PHOTOS = {"key": "photos", "label": "照片", "type": "file", "required": False}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def city() -> None:
    """Places, the calendar of 2026, 民政, and three published items."""
    people.city()
    people.civil_affairs()
    work.load_calendar(by=SYSTEM, at=MONDAY)
    make_item()
    make_item("security-door", name="楼道防盗门维修", kind="report", level="community",
              department="", steps=[], form=[WHAT, WHERE, PHOTOS], result="",
              promised_amount=10)  # fmt: skip
    make_item("open-report", name="我要反映", kind="report", level="community", department="",
              steps=[], form=[WHAT, WHERE, PHOTOS], result="", promised_amount=5)  # fmt: skip


def make_item(code="elderly-allowance", **columns) -> Item:
    """高龄津贴 where nothing else is said: accepted by the community, decided by 街道民政."""
    values = {
        "name": "高龄津贴申请",
        "kind": "application",
        "level": "subdistrict",
        "department": "civil_affairs",
        "steps": [
            {"name": "社区受理", "level": "community", "accepts": True},
            {"name": "街道审核", "level": "subdistrict", "department": "civil_affairs"},
        ],
        "form": [
            {"key": "identity", "label": "身份证号码", "type": "identity"},
            {"key": "address", "label": "地址", "type": "address"},
            {"key": "bank", "label": "银行账号", "type": "bank"},
        ],
        "promised_amount": 5,
        "promised_unit": "working_days",
        "statutory_amount": 20,
        "statutory_unit": "working_days",
        "result": "按月发放",
    } | columns
    return commands.import_items(
        rows=[{"code": code, **values}], publish=True, by=SYSTEM, at=MONDAY
    )[0]


def resident(phone=PHONE) -> Actor:
    return people.actor(people.resident(phone))


def worker(place=TIANAN, role="community_worker") -> Actor:
    return people.actor(people.post(role, place))


def clerk(department="civil_affairs", place=STREET) -> Actor:
    return people.actor(people.post("department_clerk", place, department=department))


def street(place=STREET) -> Actor:
    return people.actor(people.post("subdistrict_clerk", place))


def ask(code="security-door", *, place=GRID, name="张示例", phone=PHONE, **answers) -> Request:
    given = {
        "elderly-allowance": {"identity": IDENTITY, "address": ADDRESS, "bank": BANK},
        "security-door": {"what": "单元门关不上", "address": ADDRESS},
        "open-report": {"what": "健身角座椅断了"},
    }[code]
    item = Item.objects.get(code=code, state="published")
    return Request(item=item, place=place, name=name, phone=phone, answers=given | answers)


def submission() -> UUID:
    return UUID(int=next(_numbers))


def make_case(code="security-door", *, by=None, when=MONDAY, **asked) -> Case:
    by = by or resident(f"138{next(_numbers):08d}")
    return commands.submit(request=ask(code, **asked), submission=submission(), by=by, at=when).case


def accepted(code="security-door", *, by: Actor, when=MONDAY, **asked) -> Case:
    case = make_case(code, when=when, **asked)
    return commands.accept(case=case, by=by, at=when + timedelta(hours=1))


def answered(*, by: Actor, when=MONDAY, **asked) -> Case:
    case = accepted(by=by, when=when, **asked)
    return commands.reply(case=case, text="已经修好了。", by=by, at=when + timedelta(hours=2))


def everything(case: Case):
    """The case, what hangs on it and what was told, to assert that nothing changed."""
    from shanzhi.journal.models import Entry
    from shanzhi.work.models import Clock, Duty

    about = f"cases.Case:{case.pk}"
    return (
        Case.objects.filter(pk=case.pk).values().get(),
        [list(rows.order_by("pk").values_list()) for rows in (
            case.involvements, case.corrections, case.replies, case.ratings, case.notes,
            Duty.objects.filter(about=about), Clock.objects.filter(duty__about=about),
        )],
        Entry.objects.filter(about=about).count(),
    )  # fmt: skip
