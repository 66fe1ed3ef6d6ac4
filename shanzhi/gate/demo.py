"""The demonstration city's gate: invented applications in several states, calls, returns."""

from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils.timezone import localdate

from shanzhi.burden.models import Demand
from shanzhi.kernel import workdays
from shanzhi.kernel.acting import Actor
from shanzhi.work.calendar import calendar

from . import commands, sampling
from .kinds import Plan
from .models import Application
from .queries.hearing import candidates
from .queries.returns import clause_for
from .rules.applications import Ballot, Ruling

WEEKLY = [
    "社区名称", "小区名称", "户数", "常住人口", "物业企业", "物业负责人", "联系电话", "投放点位",
    "定时投放点数", "厨余垃圾桶数", "可回收物桶数", "有害垃圾桶数", "其他垃圾桶数", "误时投放点数",
    "督导员姓名", "保洁公司", "网格员", "所属街道", "本周督导次数", "现场照片",
]  # fmt: skip
SAID = (  # the first is for it
    "督导次数确实没有别的表在收。", "同样的数每周报一次、每月又报一次，系统里都有。",
    "月报刚并完，又来一张周报。", "督导次数物业公司有记录，可以直接向物业要。",
    "没有经费，也没说报上去做什么用。", "桶数一年变不了几次，不用每周报。",
    "每个小区拍照要跑大半天。", "投放点位去年已经普查过。", "一个人管四个小区，每周报不过来。",
    "建议并入月报，加一栏就够。",
)  # fmt: skip
MEMBERS = ("市委社会工作部", "市民政局", "市财政局", "市司法局", "市数据局")
RETURNED = (
    ("urban_management", "city", "message", "工作群里要求每天上传垃圾投放点现场照片"),
    ("urban_management", "city", "message", "要求组织居民安装分类小程序，通报注册率"),
    ("agriculture", "city", "phone", "电话要求上报本周人居环境整治出动人次"),
    ("emergency", "city", "paper", "要求社区自查企业消防并在检查表上盖章"),
    ("human_resources", "district", "message", "要求再报一次失业人员名单"),
)


class Cast:
    """Who acts at the gate of a city; the accounts are the demonstration's."""

    def __init__(self, city: str, community: str, clerk: int, office: int, worker: int):
        self.city, self.community = city, community
        self.clerk = Actor(clerk, role="department_clerk", place=city,
                           department="urban_management")  # fmt: skip
        self.office = Actor(office, role="burden_office", place=city)
        self.worker = Actor(worker, role="community_worker", place=community)


def gate(cast: Cast, at: datetime) -> None:
    """A weekly report in its hearing, one admitted, one refused, an emergency, calls, returns."""
    _weekly(cast, at)
    _admitted(cast, at)
    _refused(cast, at)
    _emergency(cast, at)
    _calls(cast, at)
    for department, level, way, what in RETURNED:
        place = cast.community[:4] if level == "city" else cast.community[:6]
        commands.give_back(
            place=place, department=department, way=way, what=what, entry=clause_for(what),
            by=cast.worker, at=at,
        )  # fmt: skip


def _applied(cast, at, **values) -> Application:
    first = workdays.add_working_days(localdate(at), 40, calendar().is_workday)
    known = {
        "purpose": "", "basis": "", "alternatives": "", "scope": [cast.city], "staff": 1,
        "money": 0, "payer": None, "medium": "electronic", "plaque": "", "url": "", "fields": [],
        "starts_on": first, "ends_on": date(first.year, 12, 31),
    }  # fmt: skip
    application = commands.draft(values=known | values, by=cast.clerk, at=at)
    return commands.submit(application=application, by=cast.clerk, at=at)


def _weekly(cast, at):
    """As the picture of the gate shows it: heard, nine of ten against."""
    application = _applied(
        cast, at - timedelta(days=13), title="垃圾分类周报表", category="ledger", cycle="weekly",
        times=52, minutes=40, fields=WEEKLY, purpose="每周掌握各小区垃圾分类投放和督导情况",
        basis="《江苏省生活垃圾管理条例》", alternatives="现有月报每月一次，不能按周调度",
    )  # fmt: skip
    application = commands.pass_on(
        application=application, by=cast.office, at=at - timedelta(days=10),
        seed=_seed(application.scope, cast.community),
    )  # fmt: skip
    others = application.opinions.exclude(community=cast.community).order_by("pk")
    for opinion, text in zip(others, SAID, strict=False):
        commands.give_opinion(
            opinion=opinion, answer="for" if text == SAID[0] else "against", text=text, minutes=45,
            by=Actor(None, role="community_worker", place=opinion.community),
            at=at - timedelta(days=4),
        )  # fmt: skip


def _seed(scope, community) -> int:
    """The first that draws the demonstration's own community, so that it can be heard."""
    known = candidates(scope)
    return next(seed for seed in count(1) if community in sampling.draw(known, 12, seed))


def _decided(cast, at, choice, reason, **values):
    application = _applied(cast, at - timedelta(days=40), **values)
    application = commands.pass_on(application=application, by=cast.office,
                                   at=at - timedelta(days=36), seed=7)  # fmt: skip
    for opinion in application.opinions.order_by("pk"):
        commands.give_opinion(
            opinion=opinion, answer="for" if choice == "admit" else "against",
            text="一年一次，可以接受。" if choice == "admit" else "与现有台账重复。", minutes=30,
            by=Actor(None, role="community_worker", place=opinion.community),
            at=at - timedelta(days=30),
        )  # fmt: skip
    ballots = [Ballot(member, choice) for member in MEMBERS]
    ballots.append(Ballot("常州市城市管理局", "recused", "申请单位"))
    commands.decide(
        application=Application.objects.get(pk=application.pk), by=cast.office,
        at=at - timedelta(days=25),
        ruling=Ruling(
            choice=choice, reason=reason, decided_on=localdate(at - timedelta(days=26)),
            minutes_number="联席〔2026〕11号", ballots=ballots,
        ),
    )  # fmt: skip


def _admitted(cast, at):
    _decided(
        cast, at, "admit", "一年一次，法律有据，经费已落实。", title="小区装修垃圾堆放点普查",
        category="target", cycle="yearly", times=1, minutes=120, money=300,
        payer="urban_management", fields=["堆放点位置", "是否围挡", "清运单位"],
        purpose="查明小区装修垃圾堆放点是否规范", basis="《江苏省生活垃圾管理条例》第三十八条",
        alternatives="没有现成数据",
    )  # fmt: skip


def _refused(cast, at):
    _decided(
        cast, at, "refuse", "与“环境整治台账”重复，且未写明经费。", title="市容秩序整治情况表",
        category="ledger", cycle="monthly", times=12, minutes=60,
        fields=["社区名称", "问题类别", "整改措施", "整改结果"], purpose="掌握市容秩序整治进展",
        basis="《常州市市容和环境卫生管理条例》", alternatives="环境整治台账口径不同",
    )  # fmt: skip


def _emergency(cast, at):
    today = localdate(at)
    commands.file_emergency(
        plan=Plan(
            title="低温雨雪期间独居老人每日问候", category="target", level="city",
            scope=(cast.city,), communities=1, cycle="daily", times=20, minutes=30,
            purpose="低温预警期间确认独居老人安全", basis="《突发事件应对法》",
        ),
        event="低温雨雪冰冻橙色预警", approver="市防灾减灾委员会办公室", approved_on=today,
        by=cast.clerk, at=at,
    )  # fmt: skip


def _calls(cast, at):
    works = calendar().is_workday
    meeting = workdays.add_working_days(localdate(at), 2, works)
    commands.announce(
        values={
            "kind": "system_meeting", "title": "全市垃圾分类工作年度会议", "scope": [cast.city],
            "on": meeting, "begins": time(9, 30), "minutes": 120, "heads": 1,
            "where": "视频会议，在社区参加",
        },
        demand=None, by=cast.clerk, at=at,
    )  # fmt: skip
    monthly = Demand.objects.filter(title="生活垃圾分类月报", state=Demand.State.IN_FORCE).first()
    if monthly:
        commands.announce(
            values={
                "kind": "inspection", "title": "垃圾投放点现场核对", "scope": [cast.community[:9]],
                "on": workdays.add_working_days(localdate(at), 1, works), "begins": time(14, 0),
                "minutes": 60, "heads": 1, "where": "",
            },
            demand=monthly, by=cast.clerk, at=at,
        )  # fmt: skip
