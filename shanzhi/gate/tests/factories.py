"""A small city with a register in force, a department that applies, and an office that decides."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from shanzhi.burden.models import Demand
from shanzhi.burden.tests import factories as burden
from shanzhi.burden.tests.factories import CITY, DISTRICT, FUDU, PANLONG, STREET, TIANAN
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as people

from .. import commands
from ..kinds import Plan
from ..models import Application, Evaluation, Opinion, Review
from ..rules.applications import Ballot, Ruling

__all__ = ["CITY", "DISTRICT", "FUDU", "PANLONG", "STREET", "TIANAN"]

KNOWN = ["社区名称", "户数", "常住人口", "姓名", "联系电话", "投放点位"]
WEEKLY = [*KNOWN, "本周督导次数", "现场照片"]
MEMBERS = ("常州市委社会工作部", "常州市民政局", "常州市财政局")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


NOW = at("2026-06-01 10:00")  # Monday
MEETING = at("2026-06-18 15:00")


def city() -> None:
    burden.city()


def clerk(place: str = CITY, department: str = "urban_management") -> Actor:
    return people.actor(_post("department_clerk", place, department))


def office(place: str = CITY) -> Actor:
    return people.actor(_post("burden_office", place))


def worker(place: str = TIANAN) -> Actor:
    return people.actor(_post("community_worker", place))


def _post(role, place, department=None) -> Post:
    known = Post.objects.filter(role=role, place=place, department_id=department).first()
    return known or people.post(role, place, **({"department": department} if department else {}))


def monthly(**changed) -> Demand:
    """A monthly table in force, which asks for most of WEEKLY already."""
    known = {"title": "生活垃圾分类月报", "place": CITY, "scope": [CITY],
             "purpose": "掌握垃圾分类情况", "cycle": "monthly",
             "times": 12, "minutes": 60}  # fmt: skip
    of = burden.campaign()
    made = burden.demand(of, [*KNOWN, "现场照片"], **known | changed)
    burden.freeze(of)
    return Demand.objects.get(pk=made.pk)


def values(**changed) -> dict:
    known = {
        "title": "垃圾分类周报表", "category": "ledger", "purpose": "掌握各小区垃圾分类情况",
        "basis": "《江苏省生活垃圾管理条例》第三十条", "alternatives": "月报不够及时",
        "scope": [CITY], "cycle": "weekly", "times": 52, "minutes": 40, "staff": 1,
        "money": 2000, "payer": "urban_management", "medium": "electronic", "plaque": "", "url": "",
        "fields": WEEKLY, "starts_on": date(2026, 9, 1), "ends_on": date(2026, 12, 31),
    }  # fmt: skip
    return known | changed


def draft(by: Actor | None = None, when: datetime = NOW, **changed) -> Application:
    return commands.draft(values=values(**changed), by=by or clerk(), at=when)


def submitted(**changed) -> Application:
    by = changed.pop("by", None) or clerk()
    when = changed.pop("when", NOW)
    return commands.submit(application=draft(by, when, **changed), by=by, at=when)


def heard(seed: int = 7, **changed) -> Application:
    """In the hearing; the small city has three communities, all of them are drawn."""
    application = submitted(**changed)
    return commands.pass_on(application=application, by=office(), at=NOW, seed=seed)


def opine(opinion: Opinion, answer: str = "against", text: str = "数已经在系统里", **more):
    told = {"minutes": None, "at": NOW} | more
    return commands.give_opinion(
        opinion=opinion, answer=answer, text=text, by=worker(opinion.community), **told
    )


def deciding(**changed) -> Application:
    application = heard(**changed)
    for opinion in application.opinions.order_by("pk"):
        opine(opinion)
    return Application.objects.get(pk=application.pk)


def ruling(choice: str = "admit", **changed) -> Ruling:
    known = {
        "reason": "确有需要", "decided_on": MEETING.date(), "minutes_number": "联席〔2026〕6号",
        "ballots": [Ballot(each, choice) for each in MEMBERS],
    }  # fmt: skip
    return Ruling(choice=choice, **known | changed)


def decide(application: Application, choice: str = "admit", **changed) -> Application:
    return commands.decide(
        application=application, ruling=ruling(choice, **changed), by=office(), at=MEETING
    )


def furnished(clerk: Actor, office: Actor, worker: Actor, when: datetime) -> dict[str, Any]:
    """One of everything, for the pages of a whole city; the clerk's place is that of a street."""
    today = localdate(when)
    terms = {
        "scope": [clerk.place], "payer": clerk.department, "starts_on": today + timedelta(days=90),
        "ends_on": today + timedelta(days=200), "by": clerk, "when": when,
    }  # fmt: skip
    drafted = draft(clerk, when, **{key: terms[key] for key in terms if key not in ("by", "when")},
                    title="独居老人走访登记")  # fmt: skip
    in_hearing = _heard_by(office, title="社区食堂需求摸底", **terms)
    decided = _heard_by(office, title="适老化改造意愿表", **terms)
    waiting = _heard_by(office, title="困难家庭回访登记", **terms)
    for application in (decided, waiting):
        for opinion in application.opinions.order_by("pk"):
            opine(opinion, at=when)
    decided = commands.decide(
        application=Application.objects.get(pk=decided.pk), by=office, at=when,
        ruling=ruling(decided_on=today),
    )  # fmt: skip
    review = Review.objects.create(demand=decided.demand, opened_on=today,
                                   until=today + timedelta(days=20))  # fmt: skip
    sides = ["", *decided.opinions.values_list("community", flat=True)]
    Evaluation.objects.bulk_create(Evaluation(review=review, community=code) for code in sides)
    bypass = commands.file_emergency(
        plan=Plan(title="高温期间独居老人问候", category="target", level="subdistrict",
                  scope=(clerk.place,), communities=2, cycle="daily", times=20, minutes=20),
        event="高温红色预警", approver="街道应急办", approved_on=today, by=clerk, at=when,
    )  # fmt: skip
    call = commands.announce(
        values={"kind": "system_meeting", "title": "民政工作会议", "scope": [clerk.place],
                "on": today + timedelta(days=1), "begins": time(9), "minutes": 60, "heads": 1,
                "where": ""},
        demand=None, by=clerk, at=when,
    )  # fmt: skip
    refused = commands.refuse(
        application=submitted(title="人居环境排名表", **terms | {"money": 0, "payer": None}),
        reason="费随事转", by=office, at=when,
    )  # fmt: skip
    letter = commands.give_back(
        place=clerk.place, department=clerk.department, way="message", what="群里要求报名单",
        entry=None, by=worker, at=when,
    )  # fmt: skip
    return {
        "application_draft": drafted, "application": in_hearing, "call": call, "letter": letter,
        "deciding": Application.objects.get(pk=waiting.pk), "review": review, "ended": refused,
        "bypass": bypass.demand.number,
    }  # fmt: skip


def _heard_by(office, **terms):
    application = submitted(**terms)
    return commands.pass_on(application=application, by=office, at=terms["when"], seed=7)
