"""Weeks of work in 天安社区: requests in every state, made by the real commands."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from shanzhi.cases import commands
from shanzhi.cases.commands.submitting import Request
from shanzhi.cases.models import Case
from shanzhi.cases.queries import item
from shanzhi.cases.routing import Unit
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Account, Post
from shanzhi.places.models import Estate

from .people import COMMUNITY, RESIDENTS, STREET
from .texts import ANSWERS, REPORTS

SEED = 20150724


def live_through(accounts: dict[str, Account], now: datetime) -> None:
    """From four weeks ago to this morning; the same on every machine but for the dates."""
    random = Random(SEED)
    desk = _Desk(accounts, random)
    for days_ago in range(28, 0, -1):
        morning = now - timedelta(days=days_ago)
        for _n in range(random.choice((1, 2, 3)) if days_ago > 6 else 3):
            desk.request(morning + timedelta(minutes=random.randint(1, 400)), days_ago)
    desk.of_the_resident(now)


class _Desk:
    """The posts at work, and what they do with each request."""

    def __init__(self, accounts, random):
        self.random, self.count = random, 0
        self.resident = Actor(account_id=accounts["resident"].pk)
        self.worker = self._actor(accounts["community_worker"], COMMUNITY, "")
        self.clerks = {
            post.department_id: self._actor(
                accounts["department_clerk"], post.place, post.department_id
            )
            for post in Post.objects.filter(account=accounts["department_clerk"], place=STREET)
        }
        self.clerks[""] = self._actor(accounts["subdistrict_clerk"], STREET, "")
        self.estates = list(Estate.objects.filter(place__startswith=COMMUNITY).order_by("pk"))

    def _actor(self, account, place, department):
        post = Post.objects.get(account=account, place=place, department_id=department or None)
        return Actor(account.pk, post.pk, post.role, place, department, account.name)

    def request(self, at, days_ago):
        """A resident comes to the counter with one of the common matters."""
        code, answers = self.random.choice(REPORTS)
        name, phone = self.random.choice(RESIDENTS)
        case = self._send(code, answers, name, phone, self.worker, at)
        if days_ago > 2 or self.random.random() < 0.4:
            self._work(case, at, answered=self.random.random() < self._share(days_ago))

    @staticmethod
    def _share(days_ago):
        """How many of the accepted are answered by now."""
        return 0 if days_ago < 3 else 0.4 if days_ago < 7 else 0.97

    def _send(self, code, answers, name, phone, by, at):
        self.count += 1
        estate = self.random.choice(self.estates)
        asked = Request(
            item=item(code), place=estate.place, name=name, phone=phone, estate=estate.name,
            answers=answers,
        )  # fmt: skip
        submission = UUID(int=SEED * 1000 + self.count)
        return commands.submit(request=asked, submission=submission, by=by, at=at).case

    def _lead(self, case) -> Actor | None:
        if len(case.lead_place) == 12:
            return self.worker
        return self.clerks.get(case.lead_department) if case.lead_place == STREET else None

    def _work(self, case: Case, at, *, answered):
        """Accept and perhaps answer; now and then the case is passed on instead."""
        lead, hours = self._lead(case), self.random.randint(2, 20)
        if lead is None:
            return
        at += timedelta(hours=hours)
        case = commands.accept(case=case, by=lead, at=at)
        lead = self._lead(case)
        if lead is None or not answered:
            return
        if self.random.random() < 0.1 and len(case.lead_place) == 12:
            commands.transfer(
                case=case, to=Unit(STREET, "urban_management"), reason="需要专业队伍处理",
                by=lead, at=at + timedelta(hours=1),
            )  # fmt: skip
            return
        self._answer(case, lead, at + timedelta(hours=self.random.randint(4, 60)))

    def _answer(self, case, lead, at):
        text = ANSWERS.get(case.item.code, "已经办结，谢谢您的反映。")
        if case.item.kind == "application":
            commands.decide(
                case=case, decision="granted", text=text, grounds="", remedy="", by=lead, at=at
            )
        case = commands.reply(case=case, text=text, by=lead, at=at)
        if case.decision:
            commands.deliver(case=case, method="当面交付", by=lead, at=at + timedelta(hours=2))
        if self.random.random() < 0.6:
            score = self.random.choice((5, 5, 5, 5, 4, 4, 3))
            walk_in = Actor(account_id=None)
            commands.rate(case=case, score=score, words="", by=walk_in, at=at + timedelta(hours=5))

    def of_the_resident(self, now):
        """What the resident sees at home: one request on its way, one answered and unrated."""
        answers = ALLOWANCE
        name, phone = "张演示", "13800000001"
        done = self._send(
            "security-door", SECURITY_DOOR, name, phone, self.resident, now - timedelta(days=9)
        )
        done = commands.accept(case=done, by=self.worker, at=now - timedelta(days=8))
        commands.reply(
            case=done, text=ANSWERS["security-door"], by=self.worker, at=now - timedelta(days=3)
        )
        case = self._send(
            "elderly-allowance", answers, name, phone, self.resident, now - timedelta(days=2)
        )
        commands.accept(case=case, by=self.worker, at=now - timedelta(days=1))


SECURITY_DOOR = {
    "what": "12 幢 2 单元楼道防盗门关不上，晚上不安全。",
    "address": "天安别墅12幢2单元",
    "managed": "有物业",
}
ALLOWANCE = {
    "identity": "320499194503150016",
    "address": "天安别墅12幢301室",
    "bank": "6222000000000000004",
}
