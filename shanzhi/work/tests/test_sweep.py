"""The sweep raises marks, tells the journal once, and two of them never do the same work."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from shanzhi.journal.queries import about
from shanzhi.kernel.acting import SYSTEM
from shanzhi.work import commands, duties, tasks
from shanzhi.work.models import Duty

from .factories import MONDAY, at, days, hours, make_duty


def sweep(moment):
    return commands.sweep(by=SYSTEM, at=at(moment))


def marks():
    return list(Duty.objects.order_by("id").values_list("mark", flat=True))


def test_marks_rise_as_time_goes_by_and_each_is_told_once(published):
    duty = make_duty(days(5))  # blue 5 March 17:30, yellow 6 March 0:00, red 9 March 17:30

    seen = []
    for moment in (
        "2026-03-05 17:29:59", "2026-03-05 17:30", "2026-03-05 17:31", "2026-03-06 00:00",
        "2026-03-09 17:29", "2026-03-09 17:30", "2026-03-09 17:31",
    ):  # fmt: skip
        seen.append((sweep(moment), *marks()))

    assert seen == [
        (0, ""), (1, "blue"), (0, "blue"), (1, "yellow"), (0, "yellow"), (1, "red"), (0, "red"),
    ]  # fmt: skip
    told = [(e.verb, e.by, e.place, e.data) for e in about(duty.about)]
    data = {"duty": duty.pk, "kind": "tests.answer"}
    assert told == [
        ("work.nearly_due", None, duty.place, data),
        ("work.overdue", None, duty.place, data),
    ]


def test_a_sweep_that_comes_late_tells_only_the_highest(published):
    duty = make_duty(days(5))

    assert sweep("2026-03-20 10:00") == 1
    assert [entry.verb for entry in about(duty.about)] == ["work.overdue"]


def test_a_late_step_is_yellow_and_the_late_whole_red(published):
    duty = make_duty(days(20), hours(2, "step"))

    sweep("2026-03-02 12:00")
    assert marks() == ["yellow"]
    sweep("2026-03-27 12:00")
    assert marks() == ["yellow"]
    sweep("2026-03-30 17:30")
    assert marks() == ["red"]
    assert [entry.verb for entry in about(duty.about)] == ["work.nearly_due", "work.overdue"]


def test_what_stands_still_or_is_done_is_left_alone(published):
    paused, closed = make_duty(), make_duty()
    duties.pause(duty=paused, reason="hearing", document="1", at=MONDAY)
    duties.close(duty=closed, at=MONDAY, outcome="done")

    assert sweep("2026-04-20 10:00") == 0
    assert marks() == ["", ""]


def test_an_extended_duty_can_become_overdue_again(published):
    duty = make_duty(days(5))
    sweep("2026-03-10 10:00")
    duties.extend(duty=duty, days=5, at=at("2026-03-10 11:00"))
    assert marks() == ["blue"]
    sweep("2026-03-17 10:00")

    verbs = [entry.verb for entry in about(duty.about)]
    assert (marks(), verbs) == (["red"], ["work.overdue", "work.overdue"])


def test_a_sweep_takes_one_batch_and_the_task_goes_on(published, monkeypatch):
    monkeypatch.setattr(commands, "SWEPT_AT_ONCE", 2)
    for _n in range(5):
        make_duty()

    assert sweep("2026-04-20 10:00") == 2
    assert tasks.sweep(timestamp=0) == 3
    assert marks() == ["red"] * 5


def test_two_sweeps_at_once_take_different_duties(committed, monkeypatch):
    monkeypatch.setattr(commands, "SWEPT_AT_ONCE", 2)
    made = [make_duty() for _n in range(4)]

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        assert sweep("2026-04-20 10:00") == 2
        assert other.submit(_in_own_connection, sweep, "2026-04-20 10:00").result(10) == 2

    assert marks() == ["red"] * 4
    assert [len(about(duty.about)) for duty in made] == [1] * 4


def _in_own_connection(function, *args):
    try:
        return function(*args)
    finally:
        connection.close()
