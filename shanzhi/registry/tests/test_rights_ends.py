"""Before a binding's date comes its account is told, once; and on the day itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import make_aware
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from shanzhi.journal.queries import about
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Notice
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands, queries
from shanzhi.registry.models import Binding, Person
from shanzhi.registry.plugs import rights as plug
from shanzhi.work import commands as work
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from . import rights_factories as make
from .rights_factories import NOON, TODAY

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def night(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(0, 20)))


def ended(day):
    return commands.end_bindings_outlived(by=SYSTEM, at=night(day))


def warned(day):
    return commands.tell_of_ends_to_come(by=SYSTEM, at=night(day))


def tell(person):
    plug.tell(about(f"registry.Person:{person.pk}"))


def told(account):
    return [
        (each.text.removeprefix("registry.binding_"), each.values.get("day"))
        for each in Notice.objects.filter(account=account).order_by("pk")
        if each.text != "registry.bound"
    ]


@pytest.fixture
def city(db):
    staff.city()
    work.load_calendar(by=SYSTEM, at=NOON)


@pytest.fixture
def zhang(city):
    return make.person()


@pytest.fixture
def child(city):
    return make.person("张小", date(2018, 6, 1), "003", phone="")


@pytest.fixture
def account(city):
    return make.resident("13800000031", "李母亲")


# --- every date -----------------------------------------------------------------------------------

days = st.dates(date(2024, 1, 1), date(2040, 12, 31))


def over_by_hand(since, relation, birth):
    """The first day no longer, said once more without the rules."""
    if relation == "relative":
        return since + timedelta(days=90)
    over = since + timedelta(days=730)
    if relation == "proxy":
        over = min(over, same_day(since, since.year + 1))
    if relation == "guardian":
        over = min(over, same_day(birth, birth.year + 18))
    return over


def same_day(day, year):
    if (day.month, day.day) == (2, 29) and not (year % 4 == 0 and year % 100):
        return date(year, 3, 1)
    return date(year, day.month, day.day)


@how(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    since=days,
    relation=st.sampled_from(["self", "guardian", "proxy", "relative"]),
    age=st.integers(1, 17 * 365),
)
@example(since=date(2028, 2, 29), relation="proxy", age=1)
@example(since=date(2027, 12, 31), relation="proxy", age=1)
@example(
    since=date(2026, 2, 1), relation="guardian", age=(date(2026, 2, 1) - date(2008, 2, 29)).days
)
@example(
    since=date(2025, 12, 1), relation="guardian", age=(date(2025, 12, 1) - date(2008, 1, 1)).days
)
def test_a_month_before_the_date_and_on_it_and_in_no_other_night(
    zhang, account, since, relation, age
):
    grown = relation in ("self", "proxy", "relative")
    birth = date(1945, 3, 15) if grown else since - timedelta(days=age)
    state = "dead" if relation == "relative" else "alive"
    over = over_by_hand(since, relation, birth)
    with transaction.atomic():
        Person.objects.filter(pk=zhang.pk).update(birth=birth, state=state)
        commands.bind(
            account_id=account.pk, person=Person.objects.get(pk=zhang.pk), level=1,
            relation=relation, scope=["read"], by=SYSTEM, at=night(since),
        )  # fmt: skip
        first = over - MONTH
        longer = since < first
        nights = [day for day in (first - DAY, first, first + DAY, over - DAY) if day > since]
        assert {day: warned(day) for day in nights} == {
            day: int(longer and day == first) for day in nights
        }
        assert [ended(over - DAY), ended(over), ended(over), warned(over)] == [0, 1, 0, 0]

        tell(zhang)
        birthday = relation == "guardian" and over == same_day(birth, birth.year + 18)
        before = ("ends_soon_grown", str(over)) if birthday else (
            f"ends_soon_{relation}", str(over - DAY)
        )  # fmt: skip
        after = ("of_age", None) if birthday else ("over", None)
        assert told(account) == [before] * longer + [after]
        transaction.set_rollback(True)


# --- once, and nobody else ------------------------------------------------------------------------


def test_a_night_that_was_missed_is_made_up_for(zhang, account):
    binding = make.bound(account, zhang, "proxy", scope=["read"])
    assert warned(binding.until - 12 * DAY) == 1
    assert warned(binding.until - 11 * DAY) == 0


def test_of_what_has_ended_nobody_is_told(zhang, child, account):
    proxy = make.bound(account, zhang, "proxy", scope=["read"])
    commands.end_binding(binding=proxy, reason="staff", by=SYSTEM, at=NOON)
    lost = make.bound(make.resident("13800000032", "王一"), child, "guardian")
    Binding.objects.filter(pk=lost.pk).update(phone_hash=bytes(32))
    gone = make.bound(make.resident("13800000033", "王二"), zhang, "proxy", scope=["read"])
    Person.objects.filter(pk=zhang.pk).update(state="dead", died_on=TODAY)
    assert [warned(each.until - MONTH) for each in (proxy, lost, gone)] == [0, 0, 0]


def test_bound_again_the_new_date_counts(zhang, account):
    first = make.bound(account, zhang, "proxy", scope=["read"])
    assert warned(first.until - MONTH) == 1
    again = commands.bind(
        account_id=account.pk, person=zhang, level=1, relation="proxy", scope=["read"], by=SYSTEM,
        at=night(first.until - DAY),
    )  # fmt: skip
    assert ended(first.until) == 0
    assert [warned(again.until - MONTH - DAY), warned(again.until - MONTH)] == [0, 1]


def test_a_birth_that_was_corrected_brings_the_end_nearer(child, account):
    make.bound(account, child, "guardian")
    Person.objects.filter(pk=child.pk).update(birth=date(2008, 3, 20))
    assert warned(TODAY + DAY) == 1
    tell(child)
    assert told(account) == [("ends_soon_grown", "2026-03-20")]


def test_how_long_before_is_the_citys_to_say(zhang, account, settings):
    binding = make.bound(account, zhang, "proxy", scope=["read"])
    settings.SHANZHI_BINDING_NOTICE_DAYS = 0
    assert warned(binding.until - DAY) == 0
    settings.SHANZHI_BINDING_NOTICE_DAYS = 7
    assert [warned(binding.until - 8 * DAY), warned(binding.until - 7 * DAY)] == [0, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("both", [warned, ended])
def test_two_at_once_tell_once(both):
    staff.city()
    commands.load_sources(by=SYSTEM, at=NOON)
    person, account = make.person(), make.resident()
    until = make.bound(account, person, "proxy", scope=["read"]).until
    run = partial(both, until - MONTH if both is warned else until)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assert run() == 1
            later = other.submit(in_own_connection, run)
            wait_until_someone_waits_for_me()
        assert later.result(timeout=5) == 0


# --- in words -------------------------------------------------------------------------------------


def test_the_inbox_says_until_when_in_the_readers_words_and_leads_to_the_way(zhang, account):
    binding = make.bound(account, zhang, "proxy", scope=["read"])
    warned(binding.until - MONTH)
    tell(zhang)
    client = staff.enter(Client(), account)
    page = client.get("/notices/").content.decode()
    assert "2027年3月1日" in page, page[page.index("<main") :]
    notice = Notice.objects.get(text="registry.binding_ends_soon_proxy")
    assert notice.link == "/me/data/people/"
    assert queries.bound_ids(account.pk, on=binding.last_day) == [zhang.pk]
