"""Rows about the burden: the checks of an application while it is typed, and the register's pages.

In this process, by Django's test client: what is required is about the answer, not connections.
"""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

import numpy as np
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from operate import progress
from shanzhi.burden import demo
from shanzhi.burden.models import Asked, Campaign, Category, Cycle, Demand, Span
from shanzhi.gate import checks, warming
from shanzhi.gate.kinds import Plan
from shanzhi.gate.queries.checking import how_many, known
from shanzhi.people.models import Department
from shanzhi.people.tests import factories as people
from shanzhi.registry.kinds import entries
from shanzhi.registry.queries import catalogue

from . import cleanups, looking
from .generate import ground
from .report import Row

DEMANDS, TABLES, ELEMENTS, FEW = 10_000, 5_000, 2_000, 400
TYPING = 200  # milliseconds, 95 of 100
LOOKS = 100
SUBJECTS = (
    "垃圾分类", "消防安全", "独居老人", "出租房屋", "电动自行车", "燃气用户", "党员报到",
    "河道巡查",
    "矛盾纠纷", "残疾人", "退役军人", "流动人口", "危旧房屋", "疫苗接种", "志愿服务",
    "文明创建",
    "食品安全", "扫黑除恶", "反诈宣传", "就业援助",
)  # fmt: skip
KINDS = ("排查", "走访", "统计", "登记", "巡查", "摸底", "整治", "宣传", "复核", "汇总")
SHAPES = ("月报", "台账", "情况表", "清单", "名册", "记录")
WORDS = (
    "数量", "名称", "地址", "电话", "日期", "位置", "负责人", "次数", "情况", "面积", "人数",
    "类别",
    "等级", "结果", "措施", "时限", "备注", "户数", "金额", "单位",
)  # fmt: skip


def begin(seed: int, now: datetime) -> ground.Ground:
    """Divisions, departments and the lists in force."""
    city = ground.lay(np.random.default_rng(seed), now)
    demo.lists(settings.SHANZHI_CITY, now)
    return city


def rows(seed: int, now: datetime, city: ground.Ground) -> list[Row]:
    """The pages with the first few hundred demands, then the checks against all of them."""
    chosen = random.Random(seed)
    with progress.step("Building a register of demands"):
        campaign = Campaign.objects.create(
            title="量测", place=settings.SHANZHI_CITY, began_on=date(localdate(now).year, 3, 2),
            workers=9, frozen_at=now,
        )  # fmt: skip
        _fill(range(FEW), chosen, campaign, city)
    progress.say("    pages …")
    found = _pages()
    with progress.step("Clearing walls, ordering ledgers, joining systems"):
        many = cleanups.fill(city.communities, chosen, localdate(now))
    found += cleanups.pages(_office(), city.communities[0], many)
    with progress.step(f"Adding demands up to {DEMANDS + TABLES:,}"):
        _fill(range(FEW, DEMANDS + TABLES), chosen, campaign, city)
    progress.say("    checks …")
    return _checks(chosen) + found


def _fill(numbers, chosen, campaign, city) -> None:
    scopes = [[settings.SHANZHI_CITY], *([each] for each in (*city.districts, *city.streets))]
    departments = list(Department.objects.values_list("pk", flat=True))
    rows = [
        _demand(number, chosen, campaign, departments, chosen.choice(scopes)) for number in numbers
    ]
    Demand.objects.bulk_create(rows, batch_size=1000)
    Span.objects.bulk_create(map(_span, rows), batch_size=2000)
    Asked.objects.bulk_create(_fields(rows, chosen), batch_size=5000)


def _demand(number, chosen, campaign, departments, scope):
    subject = chosen.choice(SUBJECTS) + chosen.choice(KINDS)
    return Demand(
        number=f"{campaign.began_on:%Y}-{number:05d}", title=f"{subject}{chosen.choice(SHAPES)}",
        category=Category.LEDGER if number < TABLES else chosen.choice(Category.values),
        campaign=campaign, place=scope[0] if len(scope[0]) <= 9 else settings.SHANZHI_CITY,
        department_id=chosen.choice(departments), purpose=f"掌握{subject}情况", scope=scope,
        communities=1, cycle=Cycle.MONTHLY, times=12, minutes=chosen.randint(5, 20),
        valid_from=campaign.began_on, state_since=campaign.began_on,
    )  # fmt: skip


def _span(row):
    return Span(demand=row, valid_from=row.valid_from, times=row.times, minutes=row.minutes,
                staff=row.staff)  # fmt: skip


def _fields(rows, chosen) -> Iterable[Asked]:
    for row in rows:
        for position in range(chosen.randint(5, 20)):
            name = chosen.choice(SUBJECTS)[:2] + chosen.choice(WORDS)
            yield Asked(demand=row, position=position, name=name)


# --- the rows -------------------------------------------------------------------------------------


def _checks(chosen) -> list[Row]:
    today = localdate(timezone.now())
    with _large_catalogue():
        plan = _plan(chosen)
        ready = looking.timed(lambda: warming.make_ready(plan.place))  # when the desk is opened
        first = looking.timed(lambda: checks.run(plan, known(plan, today)))
        times = []
        for number in range(LOOKS):
            typed = replace(
                plan, title=f"{plan.title}{number}", purpose=plan.purpose + "一" * number
            )
            times.append(looking.timed(lambda typed=typed: checks.run(typed, known(typed, today))))
    detail = f"{DEMANDS:,} demands, {TABLES:,} tables, {ELEMENTS:,} elements; median "
    detail += f"{np.median(times):.0f} ms; made ready beforehand in {ready:.0f} ms, the first of a "
    detail += f"process then takes {first:.0f} ms"
    return [Row("checks", "Checks of an application while it is typed, p95", "ms",
                looking.p95(times), TYPING, most=True, detail=detail)]  # fmt: skip


def _plan(chosen) -> Plan:
    fields = tuple(dict.fromkeys(chosen.choice(SUBJECTS)[:2] + chosen.choice(WORDS)
                                 for _n in range(20)))  # fmt: skip
    city = settings.SHANZHI_CITY
    return Plan(
        place=city, department="urban_management", level="city", title="垃圾分类周报表",
        category="ledger", purpose="每周掌握各小区垃圾分类投放情况", basis="", scope=(city,),
        communities=how_many([city]), cycle="weekly", times=52, minutes=40, fields=fields,
    )  # fmt: skip


class _large_catalogue:  # noqa: N801
    """As many elements as a city that has collected for years; names nobody asks for."""

    def __enter__(self):
        self.kept = catalogue._index
        known_ones = list(entries())
        catalogue._index = lambda language, sections: self._many(known_ones, language, sections)
        catalogue._exact.cache_clear()

    def _many(self, known_ones, language, sections):
        more = [
            catalogue.Named(catalogue.plain(f"{subject}{word}{number}"), 0, known_ones[0])
            for number in range(1 + ELEMENTS // (len(SUBJECTS) * len(WORDS)))
            for subject in SUBJECTS
            for word in WORDS
        ]
        return (*self.kept(language, sections), *more[:ELEMENTS])

    def __exit__(self, *raised):
        catalogue._index = self.kept
        catalogue._exact.cache_clear()


def _office() -> Client:
    post = people.post("burden_office", settings.SHANZHI_CITY)
    return people.enter(Client(SERVER_NAME="localhost"), post)


def _pages() -> list[Row]:
    client = _office()
    some = Demand.objects.order_by("pk").first()
    pages = {
        "account": ("The burden account of the city", reverse("burden:account")),
        "compare": ("Comparison by place", reverse("burden:compare") + "?by=place"),
        "years": ("Comparison by year", reverse("burden:compare") + "?by=year"),
        "demands": ("The list of demands", reverse("burden:demands")),
        "demand": ("One demand", reverse("burden:demand", args=[some.number])),
    }
    of = f"1,049 communities × {FEW} demands"
    return [looking.page(code, title, client, url, of) for code, (title, url) in pages.items()]
