"""Numbers of workers that the office stated, when communities merge, split and move."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.burden.tests.factories import text_of
from shanzhi.journal.tests.factories import catch_up
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.places import commands as divisions
from shanzhi.places.models import Division
from shanzhi.places.plans import Part
from shanzhi.places.queries import at as held
from shanzhi.places.queries import children, predecessors
from shanzhi.work.models import Duty

from .. import commands
from ..models import Headcount
from ..queries import workers
from . import factories as make
from .factories import CITY, FUDU, NIGHT, PANLONG, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("city")
NEW = "320411002100"
ON = NIGHT.date() + timedelta(days=2)
AT = NIGHT + timedelta(days=2)
FOLLOWERS = ("people.moves", "effort.moves")
BEFORE = ON - timedelta(days=1)


@pytest.fixture(autouse=True)
def from_now_on(city):
    for each in FOLLOWERS:
        catch_up(each, at=NIGHT)


def caught_up():
    for each in FOLLOWERS:
        catch_up(each, at=AT)


def merge(*olds, new=NEW, name="新天社区", on=ON):
    divisions.merge(olds=list(olds), new=new, name=name, on=on, reason="调整", by=SYSTEM, at=AT)
    caught_up()


def move(code, parent, on=ON):
    made = divisions.move(code=code, parent=parent, on=on, reason="调整", by=SYSTEM, at=AT)
    caught_up()
    return made.code


def split(code, *parts, on=ON):
    below = tuple(each.code for each in children(code))
    rows = [Part(each, f"社区{each[-3:]}", () if n else below) for n, each in enumerate(parts)]
    divisions.split(code=code, parts=rows, on=on, reason="调整", by=SYSTEM, at=AT)
    caught_up()


def stated(community, number, since=date(2026, 1, 1)):
    commands.state_headcounts(rows={community: number}, source="花名册", valid_from=since,
                              by=SYSTEM, at=AT)  # fmt: skip


def on(day):
    [found] = workers.counts([day])
    return found


def anew():
    return list(Duty.objects.filter(kind="effort.headcount", closed_at=None).order_by("pk"))


def test_numbers_of_a_merger_are_added_and_what_was_stated_keeps_its_code():
    stated(TIANAN, 9)
    stated(FUDU, 6)
    merge(TIANAN, FUDU)
    assert on(ON) == {NEW: 15}
    assert on(BEFORE) == {NEW: 15}  # told of the communities of today
    row = Headcount.objects.get(community=NEW)
    assert (row.valid_from, row.workers) == (ON, 15)
    assert "天安社区 9、富都社区 6" in row.source
    assert Headcount.objects.get(community=TIANAN).workers == 9


def test_a_part_without_a_number_counts_by_its_posts_of_the_day_before():
    stated(TIANAN, 9)
    make.workers(TIANAN, 2)
    make.workers(FUDU, 5)
    merge(FUDU, new=TIANAN, name="")
    assert on(ON) == on(BEFORE) == {TIANAN: 14}


def test_where_nothing_is_stated_the_posts_go_on_telling():
    make.workers(TIANAN, 3)
    make.workers(FUDU, 5)
    merge(TIANAN, FUDU)
    assert not Headcount.objects.exists()
    assert on(ON) == on(BEFORE) == {NEW: 8}


def test_a_number_moves_along():
    stated(PANLONG, 7)
    moved = move(PANLONG, STREET)
    assert on(ON) == on(BEFORE) == {moved: 7}
    assert Headcount.objects.get(community=moved).source == "花名册"


def test_what_the_office_states_of_the_larger_one_holds_from_then_on():
    stated(TIANAN, 9)
    merge(TIANAN, FUDU)
    stated(NEW, 11, since=ON)
    assert on(ON) == {NEW: 11}
    assert on(BEFORE) == {NEW: 9}


def test_of_days_before_it_was_founded_the_numbers_are_those_of_its_parts():
    stated(TIANAN, 9)
    stated(FUDU, 6)
    merge(TIANAN, FUDU)
    sentence = "新天社区 exists since .*2026.* state those of 天安社区、富都社区"
    with pytest.raises(Refused, match=sentence):
        stated(NEW, 15, since=BEFORE)
    assert on(BEFORE) == on(ON) == {NEW: 15}
    stated(TIANAN, 10, since=BEFORE)
    assert on(BEFORE) == {NEW: 16}


def test_after_a_split_the_office_is_asked_anew_and_the_posts_tell_meanwhile():
    stated(TIANAN, 9)
    make.workers(TIANAN, 4)
    split(TIANAN, TIANAN, NEW)
    assert on(ON) == {TIANAN: 4}
    assert on(BEFORE) == {TIANAN: 9}
    [duty] = anew()
    assert (duty.place, duty.department) == (CITY, "burden_office")
    stated(TIANAN, 5, since=ON)
    assert len(anew()) == 1
    stated(NEW, 4, since=ON)
    assert anew() == []
    assert on(ON) == {TIANAN: 5, NEW: 4}


def test_one_press_lets_the_posts_tell():
    stated(TIANAN, 9)
    split(TIANAN, "320411002200", NEW)
    [duty] = anew()
    with pytest.raises(Refused, match="burden relief office of the city"):
        commands.let_posts_tell(duty=duty, by=make.office(make.DISTRICT), at=AT)
    commands.let_posts_tell(duty=duty, by=make.office(), at=AT)
    assert anew() == []
    with pytest.raises(Refused, match="done already"):
        commands.let_posts_tell(duty=duty, by=make.office(), at=AT)


def test_the_page_shows_what_is_asked_anew_and_what_was_added(english):
    stated(TIANAN, 9)
    stated(PANLONG, 7)
    split(TIANAN, "320411002200", NEW)
    merge(PANLONG, FUDU, new="320411003300", name="新龙社区")
    office = people.enter(english, people.post("burden_office", CITY))
    text = text_of(office.get(reverse("effort:headcounts")))
    assert "Workers of 天安社区 after the split" in text
    assert "社区100、社区200" in text
    assert "新龙社区 7" in text
    response = office.post(reverse("effort:posts_tell", args=[anew()[0].pk]), follow=True)
    assert "Their posts tell." in text_of(response)
    assert anew() == []


STEP = st.tuples(st.sampled_from(["merge", "into", "move"]), st.integers(0, 9), st.integers(0, 9))


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(days=st.lists(st.dates(date(2026, 7, 1), date(2026, 8, 8)), min_size=1, max_size=4),
       steps=st.lists(STEP, max_size=5))  # fmt: skip
def test_a_number_stated_late_of_any_community_counts_each_of_its_people_once(db, days, steps):
    """Of every community there is now, from any day: it is refused, or it counts as that part."""
    with transaction.atomic():
        for community in (TIANAN, FUDU, PANLONG):
            stated(community, 5)
        for day, step in enumerate(steps, 1):
            _try(step, date(2026, 8, day))
        for since in days:
            for code in on(date(2026, 8, 8)):
                before = on(since)
                try:
                    with transaction.atomic():
                        stated(code, 40, since=since)
                except Refused:
                    assert on(since) == before
                else:
                    parts = [each for each in predecessors(code) if held(each, since)]
                    assert on(since)[code] == sum(40 if each == code else 5 for each in parts)
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(numbers=st.lists(st.none() | st.integers(0, 30), min_size=3, max_size=3),
       steps=st.lists(STEP, max_size=5))  # fmt: skip
def test_nobody_is_lost_or_counted_twice_whatever_merges_and_moves(db, numbers, steps):
    """On every day, before and after; some stated, some by their posts."""
    with transaction.atomic():
        for community, number in zip((TIANAN, FUDU, PANLONG), numbers, strict=True):
            make.workers(community, 2)
            if number is not None:
                stated(community, number)
        whole = sum(2 if number is None else number for number in numbers)
        days = [date(2026, 8, 1) + timedelta(days=each) for each in range(7)]
        for day, step in zip(days[1:], steps, strict=False):
            _try(step, day)
            for each in [date(2026, 7, 15), *days]:
                assert sum(on(each).values()) == whole
        transaction.set_rollback(True)


def _try(step, day):
    verb, one, two = step
    codes = list(Division.objects.filter(valid_to=None, level="community").order_by("code")
                 .values_list("code", flat=True))  # fmt: skip
    first, second = codes[one % len(codes)], codes[two % len(codes)]
    at = make.at(f"{day} 10:00")
    try:
        with transaction.atomic():
            if verb == "move":
                divisions.move(code=first, parent=places.parent(second), on=day, reason="调整",
                               by=SYSTEM, at=at)  # fmt: skip
            else:
                fresh = f"{places.parent(first)}{900 + day.day}"
                divisions.merge(olds=[first, second], new=second if verb == "into" else fresh,
                                name="" if verb == "into" else "新社区", on=day, reason="调整",
                                by=SYSTEM, at=at)  # fmt: skip
    except Refused:
        return
    for each in FOLLOWERS:
        catch_up(each, at=at)
