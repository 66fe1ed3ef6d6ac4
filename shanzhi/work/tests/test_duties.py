"""Duties and their clocks: opened, paused, extended, handed on, closed, taken."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.work import calendar, commands, duties
from shanzhi.work.models import Clock, Duty, Pause, Year
from shanzhi.work.rules import Rest

from .factories import (
    ADMIN,
    COMMUNITY,
    GRID,
    MONDAY,
    STREET,
    at,
    days,
    hours,
    make_duty,
    notice_2027,
    worker,
)

pytestmark = pytest.mark.django_db


def moments(duty):
    duty.refresh_from_db()
    return [f"{moment:%m-%d %H:%M}" for moment in map(
        calendar_time, (duty.blue_at, duty.yellow_at, duty.red_at, duty.due_at)
    )]  # fmt: skip


def calendar_time(moment):
    return moment.astimezone(MONDAY.tzinfo)


@pytest.mark.parametrize(
    ("limits", "expected"),  # blue, yellow, red, due
    [
        ([days(5)], ["03-05 17:30", "03-06 00:00", "03-09 17:30", "03-09 17:30"]),
        ([days(1)], ["03-03 17:30", "03-03 00:00", "03-03 17:30", "03-03 17:30"]),
        ([days(20)], ["03-16 17:30", "03-27 00:00", "03-30 17:30", "03-30 17:30"]),
        ([hours(24)], ["03-02 22:00", "03-03 04:00", "03-03 10:00", "03-03 10:00"]),
        # the promise is the shorter of the two, and the desk goes by it
        ([days(20), days(5, "promised")],
         ["03-05 17:30", "03-06 00:00", "03-09 17:30", "03-09 17:30"]),
        # a late step is yellow, a late whole is red
        ([days(20), hours(2, "step")],
         ["03-16 17:30", "03-02 12:00", "03-30 17:30", "03-02 12:00"]),
        # where the step is all there is, it is the whole
        ([days(5, "step")], ["03-05 17:30", "03-06 00:00", "03-09 17:30", "03-09 17:30"]),
    ],
)  # fmt: skip
def test_a_duty_knows_the_moments_of_its_marks(published, limits, expected):
    assert moments(make_duty(*limits)) == expected


def test_a_duty_and_its_clocks_are_one_statement(published, django_assert_num_queries):
    calendar.calendar()
    with django_assert_num_queries(1):
        duty = make_duty(days(20), days(5, "promised"), hours(4, "step"))

    kept = Duty.objects.get(pk=duty.pk)
    assert kept == duty
    for field in Duty._meta.concrete_fields:
        assert getattr(kept, field.attname) == getattr(duty, field.attname), field
    assert list(
        kept.clocks.order_by("id").values_list("basis", "amount", "unit", "due_at", "provisional")
    ) == [
        ("statutory", 20, "working_days", at("2026-03-30 17:30"), False),
        ("promised", 5, "working_days", at("2026-03-09 17:30"), False),
        ("step", 4, "hours", at("2026-03-02 14:00"), False),
    ]


def test_a_duty_is_opened_together_with_what_it_is_about(published):
    _duty, values = duties.prepare(
        kind="tests.answer", about="", title="t", link="", place=COMMUNITY, at=MONDAY,
        limits=[days(5)],
    )  # fmt: skip
    sql = duties.insert_sql(
        "FROM fresh", about="'tests.Case:' || fresh.id", link="'/desk/' || fresh.id || '/'"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"WITH fresh AS (SELECT 17 AS id), {sql} SELECT id FROM duty", values)

    duty = Duty.objects.get()
    assert (duty.about, duty.link, duty.clocks.get().amount) == ("tests.Case:17", "/desk/17/", 5)


def test_a_duty_without_limit_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="at least one limit"):
        duties.open_duty(
            kind="k", about="a", title="t", link="", place=COMMUNITY, at=MONDAY, limits=[]
        )

    assert not Duty.objects.exists()


def test_a_community_has_no_departments():
    assert make_duty(department="civil_affairs").department == ""
    assert make_duty(place=GRID, department="civil_affairs").department == ""
    assert make_duty(place=STREET, department="civil_affairs").department == "civil_affairs"


def test_past_the_published_years_a_due_date_is_provisional(published):
    assert not make_duty(days(5), opened=at("2026-12-20 10:00")).provisional
    duty = make_duty(days(10), opened=at("2026-12-25 10:00"))
    assert duty.provisional
    # 1 January rests by law, 2 and 3 are a weekend
    assert duty.due_at == at("2027-01-11 17:30")
    assert not make_duty(hours(240), opened=at("2026-12-25 10:00")).provisional


def test_a_pause_is_not_counted(published):
    duty = make_duty(days(5))  # due Monday 9 March
    duties.pause(duty=duty, reason="hearing", document="听字〔2026〕1号", at=at("2026-03-03 09:00"))
    duty.refresh_from_db()
    assert (duty.paused, duty.due_at) == (True, at("2026-03-09 17:30"))

    duty = duties.resume(duty=duty, at=at("2026-03-05 09:00"))

    assert (duty.paused, duty.due_at) == (False, at("2026-03-11 17:30"))
    assert moments(duty) == ["03-09 17:30", "03-10 00:00", "03-11 17:30", "03-11 17:30"]
    assert duty.clocks.get().due_at == at("2026-03-11 17:30")
    stretch = duty.pauses.get()
    assert (stretch.began_at, stretch.ended_at) == (
        at("2026-03-03 09:00"),
        at("2026-03-05 09:00"),
    )


def test_resuming_lowers_a_mark_that_was_raised_before(published):
    duty = make_duty(days(5))
    commands.sweep(by=worker(), at=at("2026-03-06 01:00"))
    duties.pause(duty=duty, reason="applicant", document="通知", at=at("2026-03-06 09:00"))
    duty = duties.resume(duty=duty, at=at("2026-03-16 09:00"))

    duty.refresh_from_db()
    assert (duty.due_at, duty.mark) == (at("2026-03-17 17:30"), "yellow")
    duties.extend(duty=duty, days=10, at=at("2026-03-16 09:00"))
    duty.refresh_from_db()
    assert (duty.due_at, duty.mark, duty.turns_at) == (
        at("2026-03-31 17:30"),
        "",
        duty.blue_at,
    )


@pytest.mark.parametrize(
    ("reason", "document", "words"),
    [("lunch", "paper", "listed reason"), ("hearing", "  ", "paper that orders it")],
)
def test_a_clock_stops_only_for_a_listed_reason_and_on_paper(english, reason, document, words):
    duty = make_duty()
    with pytest.raises(Refused, match=words):
        duties.pause(duty=duty, reason=reason, document=document, at=MONDAY)

    duty.refresh_from_db()
    assert not duty.paused and not Pause.objects.exists()


def test_pausing_twice_and_resuming_twice_are_refused(english):
    duty = make_duty()
    duties.pause(duty=duty, reason="hearing", document="1", at=MONDAY)
    with pytest.raises(Refused, match="stands still already"):
        duties.pause(duty=duty, reason="hearing", document="2", at=MONDAY)
    assert [stretch.document for stretch in Pause.objects.all()] == ["1"]

    duties.resume(duty=duty, at=MONDAY)
    with pytest.raises(Refused, match="nothing to resume"):
        duties.resume(duty=duty, at=at("2026-03-04 10:00"))
    assert Pause.objects.get().ended_at == MONDAY


def test_the_database_knows_one_open_pause_and_none_that_ends_before_it_begins():
    duty = make_duty()
    Pause.objects.create(duty=duty, reason="hearing", document="1", began_at=MONDAY)
    for wrong in (
        {"began_at": MONDAY},
        {"began_at": MONDAY, "ended_at": at("2026-03-01 10:00")},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pause.objects.create(duty=duty, reason="hearing", document="2", **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.create(
            duty=duty, basis="statutory", unit="hours", amount=1, started_at=MONDAY, due_at=MONDAY
        )


def test_an_extension_lengthens_all_limits_or_the_named_one(published):
    duty = make_duty(days(20), days(5, "promised"), hours(4, "step"))

    duties.extend(duty=duty, days=10, at=MONDAY, basis="statutory")
    assert list(duty.clocks.order_by("id").values_list("amount", flat=True)) == [30, 5, 4]
    duty = duties.extend(duty=duty, days=2, at=MONDAY)
    assert list(duty.clocks.order_by("id").values_list("amount", flat=True)) == [32, 7, 52]
    assert duty.due_at == at("2026-03-04 14:00")


def test_handing_on_keeps_the_clocks_and_forgets_who_took_it(published):
    duty = make_duty()
    duties.assign(duty=duty, account=7)
    duty = duties.hand_on(duty=duty, place=STREET, department="civil_affairs", at=MONDAY)

    duty.refresh_from_db()
    assert (duty.place, duty.department, duty.assignee, duty.due_at) == (
        STREET,
        "civil_affairs",
        None,
        at("2026-03-09 17:30"),
    )


def test_closing_ends_clocks_and_pauses_of_what_is_meant_and_nothing_else(english):
    accept = make_duty(about="tests.Case:1", kind="tests.accept")
    answer = make_duty(about="tests.Case:1")
    other = make_duty(about="tests.Case:2")
    duties.pause(duty=answer, reason="hearing", document="1", at=MONDAY)
    later = at("2026-03-03 10:00")

    closed = duties.close_duties(
        about="tests.Case:1", kind="tests.accept", at=later, outcome="accepted"
    )
    assert closed == 1
    assert duties.close_duties(about="tests.Case:1", at=later, outcome="replied") == 1
    assert duties.close_duties(about="tests.Case:1", at=later, outcome="replied") == 0

    rows = Duty.objects.order_by("id").values_list("closed_at", "outcome", "paused")
    assert list(rows) == [(later, "accepted", False), (later, "replied", False), (None, "", False)]
    assert list(Clock.objects.order_by("duty").values_list("stopped_at", flat=True)) == [
        later,
        later,
        None,
    ]
    assert Pause.objects.get().ended_at == later
    with pytest.raises(Refused, match="done already"):
        duties.hand_on(duty=accept, place=STREET, at=later)
    with pytest.raises(Refused, match="done already"):
        duties.open_one(about="tests.Case:1", kind="tests.answer")
    assert duties.open_all(about="tests.Case:2") == [other]
    assert duties.close(duty=other, at=later, outcome="done") == 1


# --- after the calendar changed -------------------------------------------------------------------


def test_a_duty_opened_before_a_year_is_published_is_counted_by_it_afterwards(published):
    opened = at("2026-12-28 10:00")
    provisional = make_duty(days(5), opened=opened)
    early = make_duty(days(2), opened=opened)
    stopped = make_duty(days(5), opened=opened)
    duties.pause(duty=stopped, reason="hearing", document="1", at=at("2026-12-29 09:00"))
    duties.resume(duty=stopped, at=at("2026-12-31 09:00"))
    assert provisional.due_at == at("2027-01-05 17:30") and provisional.provisional

    rests = (Rest("元旦", date(2027, 1, 1), date(2027, 1, 4)), *notice_2027().rests[1:])
    edition = commands.publish_year(
        notice=notice_2027(rests=rests), by=ADMIN, at=at("2026-12-30 10:00")
    )
    calendar.forget()
    assert commands.recount(by=ADMIN, at=at("2026-12-30 10:00:10")) == 3
    assert commands.recount(by=ADMIN, at=at("2026-12-30 10:00:20")) == 0

    due = [at("2027-01-06 17:30"), at("2026-12-30 17:30"), at("2027-01-08 17:30")]
    assert list(Duty.objects.order_by("id").values_list("due_at", "provisional", "edition")) == [
        (moment, False, edition.number) for moment in due
    ]
    assert [clock.due_at for clock in Clock.objects.order_by("duty_id")] == due
    assert [(e.verb, e.data) for e in about(provisional.about)] == [
        (
            "work.due_moved",
            {
                "duty": provisional.pk,
                "kind": "tests.answer",
                "was": "2027-01-05T17:30:00+08:00",
                "now": "2027-01-06T17:30:00+08:00",
            },
        )
    ]
    assert about(early.about) == []
    edition.refresh_from_db()
    assert (edition.moved, edition.finished_at) == (2, None)
    commands.recount(by=ADMIN, at=at("2026-12-30 10:02"))
    edition.refresh_from_db()
    assert edition.finished_at == at("2026-12-30 10:02")


def test_a_recount_goes_batch_by_batch(published, monkeypatch):
    monkeypatch.setattr(commands, "RECOUNTED_AT_ONCE", 2)
    for _n in range(5):
        make_duty()
    Year.objects.create(year=2027, source="x", entered_at=MONDAY)
    commands.Edition.objects.create(years=[2027], source="x", published_at=MONDAY)

    counted = [commands.recount(by=worker(), at=MONDAY) for _n in range(4)]

    assert counted == [2, 2, 1, 0]
