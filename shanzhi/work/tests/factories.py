"""Duties in 天安社区 and its street, and the posts that look at them."""

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Account, Post
from shanzhi.work import duties
from shanzhi.work.duties import Limit
from shanzhi.work.models import Duty
from shanzhi.work.rules import Notice, Rest

COMMUNITY = "320411002018"
GRID = COMMUNITY + "003"
STREET = "320411002"
_numbers = count(1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


MONDAY = at("2026-03-02 10:00")


def worker(account_id=1, role="community_worker", place=COMMUNITY, department="") -> Actor:
    return Actor(account_id=account_id, post_id=1, role=role, place=place, department=department)


def days(amount, basis="statutory") -> Limit:
    return Limit(basis, amount, "working_days")


def hours(amount, basis="statutory") -> Limit:
    return Limit(basis, amount, "hours")


def make_duty(*limits: Limit, opened=MONDAY, **fields) -> Duty:
    number = next(_numbers)
    given = {
        "kind": "tests.answer",
        "about": f"tests.Case:{number}",
        "title": "楼道防盗门损坏",
        "link": f"/desk/tests/{number}/",
        "place": COMMUNITY,
    }
    return duties.open_duty(at=opened, limits=limits or [days(5)], **given | fields)


def make_account(name="王**", **post) -> tuple[Account, Post]:
    account = Account.objects.create(username=f"work-{next(_numbers)}", name=name, opened_at=MONDAY)
    given = {"role": "community_worker", "place": COMMUNITY, "valid_from": "2026-01-01"}
    return account, Post.objects.create(account=account, reason="test", **given | post)


ADMIN = worker(9, "system_admin", "3204")


def notice_2027(**changes):
    """Invented: the real one is not published when this is written."""
    given = {
        "year": 2027,
        "source": "国办发明电〔2026〕0号",
        "rests": (
            Rest("元旦", date(2027, 1, 1), date(2027, 1, 3)),
            Rest("春节", date(2027, 2, 5), date(2027, 2, 11)),
        ),
        "makeups": (date(2027, 1, 30), date(2027, 2, 20)),
    }
    return Notice(**given | changes)
