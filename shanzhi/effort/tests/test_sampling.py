"""One morning and one afternoon a quarter, whoever knows the seed draws the same."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.work.calendar import calendar

from ..commands.drawing import window, working_days
from ..kinds import Quarter
from ..models import Half
from ..sampling import half_days
from . import factories as make

DAYS = [date(2026, 7, 1) + timedelta(days=number) for number in range(20)]
quarters = st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(Quarter.of)


@given(st.integers(0, 2**48), st.integers(1, 2**40), st.permutations(DAYS))
def test_the_same_seed_draws_the_same_in_whatever_order_the_days_come(seed, worker, days):
    morning, afternoon = half_days(seed, worker, days)
    assert (morning, afternoon) == half_days(seed, worker, DAYS)
    assert morning != afternoon and {morning, afternoon} <= set(DAYS)


def test_every_half_day_is_as_likely_as_any_other():
    drawn = [half_days(7, worker, DAYS) for worker in range(8000)]
    for half in range(2):
        counts = Counter(each[half] for each in drawn)
        squares = sum((counts[day] - 400) ** 2 / 400 for day in DAYS)
        assert squares < 43.8  # chi-square of 19 degrees, one in a thousand


def test_pairs_of_days_are_as_likely_as_any_other():
    counts = Counter(half_days(7, worker, DAYS[:4]) for worker in range(6000))
    assert len(counts) == 12
    assert sum((each - 500) ** 2 / 500 for each in counts.values()) < 31.3  # 11 degrees


def test_two_half_days_need_two_days():
    with pytest.raises(ValueError, match="two days"):
        half_days(7, 1, DAYS[:1])


@pytest.mark.django_db
def test_nobody_is_asked_about_a_day_of_rest(city):
    for name in ("2026Q1", "2026Q2", "2026Q3", "2026Q4"):
        quarter = Quarter.named(name)
        days = working_days(quarter.first, quarter.last)
        assert all(map(calendar().is_workday, days))
        for worker in range(200):
            for day in half_days(worker, worker, days):
                assert calendar().is_workday(day) and quarter == Quarter.of(day)
    assert date(2026, 10, 1) not in working_days(*(date(2026, 10, day) for day in (1, 31)))
    assert date(2026, 2, 14) in working_days(date(2026, 2, 1), date(2026, 2, 28))  # makes up


@pytest.mark.django_db
def test_a_half_day_may_be_told_until_the_next_working_day_is_over(city):
    friday = date(2026, 9, 30)  # before the National Day holidays
    opens, closes = window(friday, Half.AFTERNOON)
    assert opens == make.at("2026-09-30 16:00") and closes == make.at("2026-10-08 17:30")


@given(quarters)
def test_quarters_follow_each_other(quarter):
    assert quarter.after.before == quarter == Quarter.named(str(quarter))
    assert Quarter.of(quarter.last) == quarter != Quarter.of(quarter.last + timedelta(days=1))


@pytest.mark.parametrize(
    "text", ["", "2026", "2026Q5", "2026q1", "Q1", "0000Q1", "20260Q1", "年年年年Q1"]
)
def test_what_names_no_quarter(text):
    assert Quarter.named(text) is None
