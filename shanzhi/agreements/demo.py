"""The demonstration sub-district's year: invented targets and money, agreements in every state."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.timezone import localdate

from shanzhi.kernel import papers
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Account

from . import commands, queries
from .models import Agreement, Payment

MONEY = {  # code: target, yuan, payments
    "X01": ("申请材料当日代填，困难家庭知晓率达到百分之百", "3600.00", 3),
    "X02": ("公示七日，只公布规定内容，异议三日内转报", "1200.00", 2),
    "X03": ("仅在公示有异议时组织，每次有记录", "800.00", 1),
}
COMMENTS = {
    "X01": ("本社区低保家庭较多，建议经费按户数测算。", ""),
    "X02": ("公示栏已破损，请先予修缮。", "已列入本月修缮计划，费用由街道承担。"),
}


def agree_for(accounts: dict[str, Account], street: str, community: str, now: datetime) -> None:
    """`accounts` by the code of the demonstration's people."""
    _Year(accounts, street, community, now).live_through()


class _Year:
    def __init__(self, accounts, street, community, now):
        self.street, self.community, self.now = street, community, now
        self.year, self.begun = localdate(now).year, now - timedelta(days=50)
        self.clerk = _actor(accounts["subdistrict_clerk"], "subdistrict_clerk", street)
        self.secretary = _actor(accounts["community_secretary"], "community_secretary", community)

    def live_through(self):
        at = {"by": self.clerk, "at": self.begun}
        pattern = commands.make_pattern(place=self.street, year=self.year, **at)
        for clause in pattern.clauses.filter(code__in=MONEY):
            commands.edit_clause(clause=clause, values=self._money(clause), everywhere=True, **at)
        run = commands.start_run(place=self.street, year=self.year, **at)
        while commands.make_more(run=run, **at):
            pass
        rows = list(queries.yearly(self.year).filter(place__startswith=self.street)
                    .exclude(place=self.community).order_by("place"))  # fmt: skip
        if papers.can_make_pdf():
            self._sign(queries.yearly(self.year).get(place=self.community), self.secretary, True)
            for row, both in zip(rows[:4], (True, True, False, False), strict=False):
                self._sign(row, _of(row), both)
            for row in rows[4:6]:
                self._agree(row, _of(row))
            self._pay()
            self._supplement()
        for row in rows[6:9]:
            self._talk(row, _of(row))

    def _money(self, clause):
        target, amount, parts = MONEY[clause.code]
        return {"target": target, "amount": Decimal(amount), "payer_id": clause.department_id,
                "due_on": self._days(parts)}  # fmt: skip

    def _days(self, parts):
        """A month ago, in a fortnight, and at the end of the year; all of them in the year."""
        today, first = localdate(self.now), date(self.year, 1, 1)
        last = date(self.year, 12, 31)
        known = [today - timedelta(days=30), today + timedelta(days=14), last]
        return sorted({min(max(day, first), last) for day in known[:parts]})

    def _agree(self, agreement, secretary):
        agreement = commands.open_negotiation(agreement=agreement, by=self.clerk, at=self.begun)
        for by in (secretary, self.clerk):
            agreement = commands.agree(agreement=agreement, by=by, at=self.begun)
        return agreement

    def _sign(self, agreement, secretary, both):
        agreement = self._agree(agreement, secretary)
        for by in (secretary, self.clerk) if both else (secretary,):
            agreement = commands.sign(
                agreement=agreement, by=by, at=self.begun + timedelta(days=3)
            )  # fmt: skip

    def _talk(self, agreement, secretary):
        commands.open_negotiation(agreement=agreement, by=self.clerk, at=self.begun)
        for code, (text, answer) in COMMENTS.items():
            if not agreement.clauses.filter(code=code).exists():
                continue
            said = commands.comment(
                agreement=agreement, code=code, text=text, by=secretary,
                at=self.begun + timedelta(days=2),
            )  # fmt: skip
            if answer:
                commands.answer(
                    comment=said, text=answer, by=self.clerk, at=self.begun + timedelta(days=4)
                )

    def _pay(self):
        """天安社区 got its first two payments and says so of one; the others wait."""
        late = Payment.objects.filter(due_on__lt=localdate(self.now)).order_by("pk")
        mine = list(late.filter(agreement__place=self.community)[:2])
        for number, payment in enumerate(mine, 1):
            commands.pay(
                payment=payment, paid_on=localdate(self.now) - timedelta(days=9),
                evidence=f"演示凭证{number}号", by=self.clerk, at=self.now,
            )  # fmt: skip
        for payment in mine[:1]:
            commands.confirm_received(payment=payment, by=self.secretary, at=self.now)

    def _supplement(self):
        """Of the first thing that the gate has admitted for the community."""
        parent = queries.yearly(self.year).get(place=self.community)
        known = queries.admissible(parent, queries.codes_of(parent))
        code = next((code for code, told in known.items() if told["kind"] == "admitted"), None)
        if code is None:
            return
        made = commands.supplement(
            parent=parent, code=code, by=self.clerk, at=self.now - timedelta(days=2),
            values={
                "target": "按准入内容办理", "amount": Decimal("900.00"),
                "payer_id": known[code]["department_id"], "due_on": [date(self.year, 12, 31)],
            },
        )  # fmt: skip
        commands.open_negotiation(agreement=made, by=self.clerk, at=self.now - timedelta(days=1))


def _of(agreement: Agreement) -> Actor:
    """The secretary of a community that has no account in the demonstration."""
    return Actor(account_id=None, role="community_secretary", place=agreement.place)


def _actor(account: Account, role: str, place: str) -> Actor:
    held = account.posts.get(role=role, place=place)
    return Actor(account.pk, held.pk, role, place, "", account.name)
