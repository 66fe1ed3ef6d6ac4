"""December, and the day after a payment was due: who is asked, who sees it, and when it ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate, make_aware
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shanzhi.burden.tests.factories import text_of
from shanzhi.journal.labels import label
from shanzhi.journal.tests import factories as following
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Notice
from shanzhi.people.tests import factories as people
from shanzhi.work.models import Duty
from tests import clock

from .. import commands, queries, tasks
from ..models import Agreement, Payment
from ..rules import evaluated_year, is_overdue
from . import factories as make
from .factories import CITY, FUDU, STREET, TIANAN, YEAR
from .test_carrying import pay, scores
from .test_states import TakenBack

pytestmark = pytest.mark.usefixtures("town")
A = "/desk/agreements/"
FIRST = datetime(2027, 11, 30, 16, 20, tzinfo=UTC)  # 1 December, twenty minutes past midnight
DUE = date(2027, 12, 22)  # fifteen working days later


def at_noon(day: date) -> datetime:
    return make_aware(datetime(day.year, day.month, day.day, 12))


def waiting(kind: str) -> list[str]:
    rows = Duty.objects.filter(kind=f"agreements.{kind}", closed_at=None)
    return list(rows.order_by("place").values_list("place", flat=True))


def evaluate(agreement, by, **row):
    return commands.evaluate(
        agreement=agreement, scores=scores(agreement, **row), words="", by=by, at=make.DECEMBER
    )


# --- the year is evaluated ------------------------------------------------------------------------


def test_in_december_both_are_asked_once_and_it_ends_by_itself_when_they_have_answered():
    agreement = make.in_force()
    make.negotiated(FUDU)  # not in force: nobody is asked
    assert commands.ask_evaluations(by=SYSTEM, at=FIRST - timedelta(hours=1)) == 0

    assert commands.ask_evaluations(by=SYSTEM, at=FIRST) == 1
    assert commands.ask_evaluations(by=SYSTEM, at=FIRST) == 0

    agreement.refresh_from_db()
    assert agreement.evaluate_by == DUE
    assert waiting("evaluate") == [STREET, TIANAN]
    dues = Duty.objects.filter(kind="agreements.evaluate").values_list("due_at", flat=True)
    assert {localdate(each) for each in dues} == {DUE}
    evaluate(agreement, make.secretary(), support=4, money=2)
    assert waiting("evaluate") == [STREET]
    assert evaluate(agreement, make.clerk(), target=5).state == "evaluated"
    assert waiting("evaluate") == []
    assert not Agreement.objects.filter(queries.unevaluated(date(2028, 2, 1))).exists()


def test_how_long_they_have_is_set(settings):
    settings.SHANZHI_AGREEMENTS = {"evaluation": 3}
    agreement = make.in_force()
    commands.ask_evaluations(by=SYSTEM, at=FIRST)
    agreement.refresh_from_db()
    assert agreement.evaluate_by == date(2027, 12, 6)


def test_both_sides_are_told_by_when():
    clerk, secretary = make.clerk(), make.secretary()
    make.in_force()
    commands.ask_evaluations(by=SYSTEM, at=FIRST)
    following.catch_up("agreements.notices")
    told = Notice.objects.filter(text="agreements.evaluation_asked")
    assert {each.account_id for each in told} == {clerk.account_id, secretary.account_id}
    assert told[0].values == {"number": f"{YEAR}-{TIANAN}", "day": DUE.isoformat()}


def test_the_worker_of_the_night_asks_and_reminds_and_may_run_twice(monkeypatch):
    agreement = make.in_force()
    monkeypatch.setattr(timezone, "now", lambda: FIRST)
    assert tasks.daily(timestamp=0) == 2  # asked to evaluate, and the payment of June is overdue
    assert tasks.daily(timestamp=0) == 0
    agreement.refresh_from_db()
    assert agreement.evaluate_by == DUE


@given(some.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_year_is_evaluated_from_its_first_of_december_on(today):
    year = evaluated_year(today)
    assert date(year, 12, 1) <= today < date(year + 1, 12, 1)


def test_an_evaluation_that_is_late_is_said_listed_and_counted(english, client):
    agreement = make.in_force()
    make.in_force(FUDU)
    Payment.objects.update(paid_on=date(2027, 12, 1), evidence="凭证1号")
    commands.ask_evaluations(by=SYSTEM, at=FIRST)
    evaluate(Agreement.objects.get(place=FUDU, kind="yearly"), make.clerk(), target=5)
    evaluate(Agreement.objects.get(place=FUDU, kind="yearly"), make.secretary(FUDU),
             support=5, money=5)  # fmt: skip
    today = timezone.localdate()
    Agreement.objects.filter(pk=agreement.pk).update(evaluate_by=today)
    clerk = people.enter(english, people.post("subdistrict_clerk", STREET))
    page = text_of(clerk.get(f"{A}{agreement.number}/"))
    assert f"The year is evaluated until {today}. Awaited: Community、Sub-district." in page

    Agreement.objects.filter(pk=agreement.pk).update(evaluate_by=today - timedelta(days=1))
    assert "is overdue. Awaited: Community、Sub-district." in text_of(
        clerk.get(f"{A}{agreement.number}/")
    )
    page = text_of(clerk.get(f"{A}?year={YEAR}&state=unevaluated"))
    assert "天安社区" in page and "富都社区" not in page and "the evaluation is overdue" in page
    [row] = queries.below("320411", YEAR, today)[:1]
    assert (row.code, row.unevaluated, row.unpaid) == (STREET, 1, 0)
    assert "The evaluation of one agreement is overdue." in text_of(
        clerk.get(f"{A}overview/?year={YEAR}")
    )
    sheet = clerk.get(f"/desk/agreements.csv?year={YEAR}&state=unevaluated")
    assert b"".join(sheet.streaming_content).decode().count("\r\n") == 2


# --- money that is owed ---------------------------------------------------------------------------


def test_an_overdue_payment_reminds_the_sub_district_until_it_is_paid():
    make.in_force()
    first, second = Payment.objects.order_by("due_on")
    assert commands.remind_payments(by=SYSTEM, at=at_noon(first.due_on)) == 0
    day_after = at_noon(first.due_on) + timedelta(hours=13)
    assert commands.remind_payments(by=SYSTEM, at=day_after) == 1
    assert commands.remind_payments(by=SYSTEM, at=day_after) == 0
    assert waiting("pay") == [STREET]
    pay(first)
    assert waiting("pay") == []

    later = at_noon(second.due_on) + timedelta(days=1)
    assert commands.remind_payments(by=SYSTEM, at=later) == 1
    assert waiting("pay") == [STREET]
    pay(second, paid_on=second.due_on, at=later)
    assert waiting("pay") == []


def test_two_that_are_overdue_are_one_reminder_which_ends_with_the_last():
    make.in_force()
    first, second = Payment.objects.order_by("due_on")
    later = at_noon(second.due_on) + timedelta(days=1)
    commands.remind_payments(by=SYSTEM, at=later)
    assert waiting("pay") == [STREET]
    pay(first, paid_on=second.due_on, at=later)
    assert waiting("pay") == [STREET]
    pay(second, paid_on=second.due_on, at=later)
    assert waiting("pay") == []


def test_payer_and_community_are_told_and_the_reminder_outlives_the_evaluation():
    clerk, secretary = make.clerk(), make.secretary()
    agreement = make.in_force()
    commands.remind_payments(by=SYSTEM, at=FIRST)
    following.catch_up("agreements.notices")
    told = Notice.objects.filter(text="agreements.payment_overdue")
    assert {each.account_id for each in told} == {clerk.account_id, secretary.account_id}
    evaluate(agreement, secretary, support=4, money=1)
    evaluate(agreement, clerk, target=5)
    assert waiting("pay") == [STREET]


days = some.integers(-40, 40).map(lambda n: date(2027, 7, 1) + timedelta(n))
owed = some.lists(some.tuples(days, some.booleans()), max_size=8, unique_by=lambda row: row[0])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(owed, some.datetimes(datetime(2027, 6, 1), datetime(2027, 8, 1)))
def test_who_owes_on_a_day_is_reminded_and_nobody_else(owing, rows, moment):
    """Whatever is due when, paid or not, at whatever minute of a day."""
    now = make_aware(moment)
    today = moment.date()
    late = [day for day, paid in rows if not paid and day < today]
    with pytest.raises(TakenBack), transaction.atomic():
        for day, paid in rows:
            Payment.objects.create(
                agreement=owing, clause=owing.clauses.first(), due_on=day, amount=1,
                paid_on=day if paid else None, evidence="1" if paid else "",
            )  # fmt: skip
        found = Payment.objects.order_by("due_on")
        assert sorted(late) == [each.due_on for each in found if is_overdue(each, today)]
        assert sorted(late) == [each.due_on for each in found.filter(queries.overdue(today))]
        assert commands.remind_payments(by=SYSTEM, at=now) == bool(late)
        assert waiting("pay") == ([STREET] if late else [])
        for each in found.filter(due_on__in=late):
            commands.pay(payment=each, paid_on=today, evidence="1", by=make.clerk(), at=now)
        assert waiting("pay") == []
        raise TakenBack


@pytest.fixture
def owing():
    agreement = make.in_force()
    agreement.payments.all().delete()
    make.clerk()
    return agreement


def test_the_community_and_the_city_see_what_is_owed(english, client, monkeypatch):
    clock.runs_on_from(monkeypatch)
    agreement = make.in_force()
    make.in_force(FUDU)
    agreement.payments.exclude(pk=agreement.payments.first().pk).delete()
    agreement.payments.update(due_on=date(2020, 1, 1))
    for role, place in (("community_worker", TIANAN), ("burden_office", CITY),
                        ("subdistrict_clerk", STREET)):  # fmt: skip
        client = people.enter(english, people.post(role, place))
        page = text_of(client.get("/desk/"))
        assert "Payments of agreements overdue" in page and "600.00" in page, role
        page = text_of(client.get(f"{A}{agreement.number}/"))
        assert "1 payment is overdue, 600.00 yuan" in page, role
        page = text_of(client.get(f"{A}?year={YEAR}&state=arrears"))
        assert "a payment is overdue" in page and "富都" not in page, role
        assert "X01" in text_of(client.get(f"{A}payments/?year={YEAR}&which=overdue")), role
    page = text_of(client.get(f"{A}overview/?year={YEAR}"))
    assert "yuan, in one community" in page
    [row] = queries.below("320411", YEAR, date(2026, 11, 30))[:1]
    assert (row.overdue, row.unpaid) == (600, 1)
    stranger = people.enter(english, people.post("community_secretary", FUDU))
    assert "Payments of agreements overdue" not in text_of(stranger.get("/desk/"))


def test_the_reminder_leads_to_the_agreement_and_is_due_at_once():
    agreement = make.in_force()
    commands.remind_payments(by=SYSTEM, at=FIRST)
    duty = Duty.objects.get(kind="agreements.pay")
    assert (duty.about, duty.link) == (label(agreement), f"{A}{agreement.number}/")
    assert localdate(duty.due_at) == localdate(FIRST)
