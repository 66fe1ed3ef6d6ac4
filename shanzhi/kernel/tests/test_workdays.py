from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.kernel import workdays

CHINA = ZoneInfo("Asia/Shanghai")


def holiday(month, first, last):
    return [date(2026, month, day) for day in range(first, last + 1)]


REST_2026 = {  # the State Council's notice for 2026
    *holiday(1, 1, 3),
    *holiday(2, 15, 23),
    *holiday(4, 4, 6),
    *holiday(5, 1, 5),
    *holiday(6, 19, 21),
    *holiday(9, 25, 27),
    *holiday(10, 1, 7),
}
WORK_2026 = {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}


def works_2026(day):
    return day in WORK_2026 or (day.weekday() < 5 and day not in REST_2026)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        # over the Spring Festival: 13 Feb (Fri), 14 works, 15-23 rest, 24-27 work, 28 works
        ("2026-02-13 09:00", 1, "working_days", "2026-02-14 17:30"),
        ("2026-02-13 09:00", 2, "working_days", "2026-02-24 17:30"),
        ("2026-02-13 09:00", 6, "working_days", "2026-02-28 17:30"),
        # the day before New Year, and the make-up Sunday after it
        ("2025-12-31 16:00", 1, "working_days", "2026-01-04 17:30"),
        # 20 working days of a licence over the National Day, with its two make-up days
        ("2026-09-17 10:00", 20, "working_days", "2026-10-21 17:30"),
        ("2026-04-30 10:00", 5, "working_days", "2026-05-11 17:30"),
        ("2026-02-13 09:00", 5, "calendar_days", "2026-02-18 17:30"),
        ("2026-02-13 16:30", 24, "hours", "2026-02-14 16:30"),
        # the same day; where that is a rest day or over, the next working day
        ("2026-03-02 09:00", 0, "working_days", "2026-03-02 17:30"),
        ("2026-03-02 18:00", 0, "working_days", "2026-03-03 17:30"),
        ("2026-02-15 09:00", 0, "working_days", "2026-02-24 17:30"),
        ("2026-03-02 09:00", 0, "calendar_days", "2026-03-02 17:30"),
    ],
)
def test_limits_of_2026(start, amount, unit, end):
    assert workdays.due(at(start), amount, unit, works_2026) == at(end)


def test_before_eight_in_the_morning_it_is_not_yesterday():
    early = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # Monday 2 March, 7:30 in Changzhou

    assert workdays.due(early, 1, "working_days", works_2026) == at("2026-03-03 17:30")
    assert workdays.due(early, 1, "calendar_days", works_2026) == at("2026-03-03 17:30")


@pytest.mark.parametrize(
    ("pause", "end"),
    [
        (("2026-03-03 09:00", "2026-03-03 17:00"), "2026-03-04 17:30"),  # over by end of day
        (("2026-03-03 09:00", "2026-03-03 17:31"), "2026-03-05 17:30"),  # covers one end of day
        (("2026-03-03 17:30", "2026-03-04 08:00"), "2026-03-05 17:30"),  # begins at it
        (("2026-03-03 09:00", "2026-03-03 17:30"), "2026-03-04 17:30"),  # ends at it
        (("2026-03-03 09:00", "2026-03-05 09:00"), "2026-03-06 17:30"),  # covers two
        (("2026-03-06 18:00", "2026-03-08 18:00"), "2026-03-04 17:30"),  # after it was over
    ],
)
def test_a_pause_costs_the_ends_of_day_it_covers(pause, end):
    pauses = [tuple(map(at, pause))]

    assert workdays.due(at("2026-03-02 10:00"), 2, "working_days", works_2026, pauses) == at(end)


def test_hours_stand_still_to_the_second():
    pauses = [
        (at("2026-03-02 14:00"), at("2026-03-02 14:00:30")),
        (at("2026-03-02 12:00"), at("2026-03-02 13:00")),
        (at("2026-03-02 12:30"), at("2026-03-02 13:15")),  # overlaps
    ]

    assert workdays.due(at("2026-03-02 10:00"), 4, "hours", works_2026, pauses) == at(
        "2026-03-02 15:15:30"
    )


def test_an_unknown_unit_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="fortnights"):
        workdays.due(at("2026-03-02 10:00"), 2, "fortnights", works_2026)


def test_last_workday_before_a_holiday_is_over():
    assert workdays.last_workday_before(date(2026, 2, 24), works_2026) == date(2026, 2, 14)


# --- properties -----------------------------------------------------------------------------------

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 60 * 24 * 300).map(lambda minutes: FIRST + timedelta(minutes=minutes))
amounts = st.integers(0, 60)
units = st.sampled_from(["working_days", "calendar_days", "hours"])
holidays = st.sets(st.integers(0, 500).map(lambda n: date(2025, 12, 25) + timedelta(days=n)))
stretches = st.lists(
    st.tuples(moments, st.integers(0, 60 * 24 * 20)).map(
        lambda pair: (pair[0], pair[0] + timedelta(minutes=pair[1]))
    ),
    max_size=4,
)


def works(resting):
    return lambda day: day.weekday() < 5 and day not in resting


@given(moments, amounts, units, holidays, stretches)
def test_more_time_never_ends_earlier(start, amount, unit, resting, pauses):
    shorter = workdays.due(start, amount, unit, works(resting), pauses)

    assert shorter <= workdays.due(start, amount + 1, unit, works(resting), pauses)
    assert shorter >= start


@given(moments, amounts, holidays, stretches)
def test_working_days_never_end_on_a_rest_day(start, amount, resting, pauses):
    end = workdays.due(start, amount, "working_days", works(resting), pauses)

    assert works(resting)(localdate(end))
    assert not any(began <= end < ended for began, ended in pauses)


@given(moments, amounts, units, holidays, stretches, stretches)
def test_pausing_never_shortens(start, amount, unit, resting, some, more):
    assert workdays.due(start, amount, unit, works(resting), some) <= workdays.due(
        start, amount, unit, works(resting), some + more
    )


@given(moments, amounts, units, holidays, moments)
def test_pausing_and_resuming_at_once_changes_nothing(start, amount, unit, resting, when):
    assert workdays.due(start, amount, unit, works(resting)) == workdays.due(
        start, amount, unit, works(resting), [(when, when)]
    )


@given(moments, amounts, units, holidays, stretches, st.integers(0, 400))
def test_a_further_holiday_never_makes_it_earlier(start, amount, unit, resting, pauses, n):
    further = resting | {date(2026, 1, 1) + timedelta(days=n)}

    assert workdays.due(start, amount, unit, works(resting), pauses) <= workdays.due(
        start, amount, unit, works(further), pauses
    )


@given(moments, st.integers(1, 60), holidays)
def test_what_remains_at_the_start_is_the_whole_limit(start, amount, resting):
    end = workdays.due(start, amount, "working_days", works(resting))

    remains = workdays.working_days_between(localdate(start), localdate(end), works(resting))
    assert remains == amount
    assert workdays.add_working_days(localdate(start), amount, works(resting)) == localdate(end)


@given(moments, moments, holidays)
def test_days_between_turn_their_sign_with_the_direction(one, other, resting):
    one, other = localdate(one), localdate(other)

    assert workdays.working_days_between(one, other, works(resting)) == (
        -workdays.working_days_between(other, one, works(resting))
    )


@given(moments, st.integers(0, 500), stretches)
def test_hours_run_exactly_outside_the_pauses(start, hours, pauses):
    end = workdays.after(start, timedelta(hours=hours), pauses)

    paused, seen = timedelta(0), start
    for began, ended in sorted(pauses):
        began, ended = max(began, seen), min(ended, end)
        if ended > began:
            paused += ended - began
            seen = ended
    assert end - start - paused == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "years", "before"),
    [
        ("2026-11-30", 3, "2023-11-30"),
        ("2028-02-29", 4, "2024-02-29"),
        ("2028-02-29", 14, "2014-02-28"),
        ("0003-05-01", 14, "0001-05-01"),
    ],
)
def test_the_same_day_years_before(day, years, before):
    found = workdays.years_before(date.fromisoformat(day), years)
    assert found == date.fromisoformat(before)
