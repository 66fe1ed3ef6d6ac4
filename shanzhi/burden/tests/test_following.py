"""Divisions merge, split and move: whom a demand asks follows, or somebody is asked."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.journal.models import Entry
from shanzhi.journal.tests.factories import catch_up
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.places import commands as divisions
from shanzhi.places.models import Division
from shanzhi.work.models import Duty

from .. import commands, queries
from ..following import Change, follow
from ..models import Category, Decision, Demand, ScopeChange
from ..queries import following as asked
from . import factories as make
from .factories import (
    AT,
    CITY,
    DISTRICT,
    FUDU,
    NEW,
    ON,
    PANLONG,
    STREET,
    TIANAN,
    merge,
    move,
    split,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("city")
HIGHER = "320411003"
Kind = ScopeChange.Kind


@pytest.fixture(autouse=True)
def from_now_on(city):
    """Worker reads from here."""
    catch_up("burden.moves")


def of(scope, **more):
    (demand,) = make.frozen({"place": DISTRICT, "scope": scope} | more)
    return demand


def now(demand):
    demand.refresh_from_db()
    return demand.scope, demand.communities


def kinds(demand):
    rows = ScopeChange.objects.filter(about=f"burden.Demand:{demand.pk}").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def waiting(demand):
    (found,) = asked.open_changes(f"burden.Demand:{demand.pk}")
    return found


def answer(demand, take, by=None):
    by = by or make.office()
    return commands.answer_scope(change=waiting(demand), take=take, by=by, at=AT)


# --- by itself ------------------------------------------------------------------------------------


def test_two_that_were_both_asked_are_asked_as_the_one_they_are():
    demand = of([TIANAN, FUDU, PANLONG])
    merge(TIANAN, FUDU)
    assert now(demand) == ([NEW, PANLONG], 2)
    change = ScopeChange.objects.get()
    assert (change.kind, change.on) == (Kind.FOLLOWED, ON)
    assert change.before == [TIANAN, FUDU, PANLONG]  # history keeps the old codes
    assert not Duty.objects.filter(kind="burden.scope").exists()


def test_what_is_asked_of_a_district_counts_one_community_less():
    demand = of([DISTRICT])
    assert now(demand) == ([DISTRICT], 3)
    merge(TIANAN, FUDU)
    assert now(demand) == ([DISTRICT], 2)
    assert queries.account(DISTRICT, date(2026, 9, 2)).total().hours_now == 2 * 12
    assert not ScopeChange.objects.exists()


def test_a_split_asks_all_parts_whether_the_old_code_stays_or_not():
    stays, ends = of([TIANAN]), of([FUDU])
    split(TIANAN, TIANAN, "320411002200")
    split(FUDU, "320411002300", "320411002301")
    assert now(stays) == ([TIANAN, "320411002200"], 2)
    assert now(ends) == (["320411002300", "320411002301"], 2)


def test_a_community_that_moves_is_asked_under_its_new_code_inside_the_unit_only():
    of_district, of_street = of([TIANAN]), of([TIANAN], place=STREET)
    new = move(TIANAN, HIGHER)
    assert now(of_district) == ([new], 1)
    assert now(of_street) == ([TIANAN], 0)  # the street cannot ask beyond itself


def test_a_rename_changes_nothing():
    demand = of([TIANAN])
    divisions.rename(code=TIANAN, name="天安第一社区居委会", on=ON, reason="更名", by=SYSTEM, at=AT)
    catch_up("burden.moves", at=AT)
    assert now(demand) == ([TIANAN], 1)
    assert not ScopeChange.objects.exists()


def test_streets_that_merge_stay_asked_as_far_as_they_were_and_the_rest_is_a_question():
    demand = of([STREET])
    merge(STREET, HIGHER, new="320411009", name="新三井街道")
    scope, number = now(demand)
    assert (number, len(scope)) == (2, 2)
    assert all(places.holds("320411009", each) for each in scope)
    assert kinds(demand) == [Kind.FOLLOWED, Kind.ASKED]
    answer(demand, take=True)
    assert now(demand) == (["320411009"], 3)


def test_a_street_that_takes_in_another_asks_its_own_communities_until_somebody_says_more():
    demand = of([STREET])
    merge(HIGHER, new=STREET, name="")
    assert now(demand) == ([TIANAN, FUDU], 2)
    answer(demand, take=False)
    assert now(demand) == ([TIANAN, FUDU], 2)
    assert kinds(demand) == [Kind.FOLLOWED, Kind.ASKED, Kind.LEFT]


def test_the_issuing_unit_goes_along_and_what_had_ended_follows_too():
    demand = of([STREET], place=STREET)
    stopped = of([TIANAN], place=STREET)
    decision = make.decide(stopped, "stop")
    merge(STREET, HIGHER, new="320411009", name="新三井街道")
    demand.refresh_from_db()
    assert demand.place == "320411009"
    make.undo(decision, on=ON, at=AT, by=SYSTEM)
    stopped.refresh_from_db()
    assert (stopped.state, stopped.communities) == ("in_force", 1)
    assert places.holds("320411009", stopped.scope[0])


# --- one press ------------------------------------------------------------------------------------


def test_a_larger_community_is_not_asked_until_the_office_says_so():
    demand = of([TIANAN])
    merge(TIANAN, FUDU)
    assert now(demand) == ([TIANAN], 0)
    found = waiting(demand)
    assert (found.old, found.new, found.unasked) == ([TIANAN], NEW, [FUDU])
    sides = Duty.objects.filter(kind="burden.scope", closed_at=None).order_by("place")
    assert list(sides.values_list("place", "department")) == [
        (CITY, "burden_office"), (DISTRICT, "urban_management"),
    ]  # fmt: skip

    taken = answer(demand, take=True)
    assert now(demand) == ([NEW], 1)
    assert (taken.before, taken.after, taken.kind) == ([TIANAN], [NEW], Kind.TAKEN)
    assert not Duty.objects.filter(kind="burden.scope", closed_at=None).exists()
    assert Entry.objects.filter(verb="burden.scope_taken").count() == 1
    with pytest.raises(Refused, match="decided already"):
        commands.answer_scope(change=found, take=False, by=make.office(), at=AT)


def test_one_that_goes_on_larger_stays_asked_until_it_is_let_go():
    demand = of([TIANAN, PANLONG])
    merge(FUDU, new=TIANAN, name="")
    assert now(demand) == ([TIANAN, PANLONG], 2)
    answer(demand, take=False)
    assert now(demand) == ([PANLONG], 1)


def test_the_department_lets_go_but_does_not_take_more():
    demand = of([TIANAN])
    merge(TIANAN, FUDU)
    unit = people.actor(people.post("department_clerk", DISTRICT, department="urban_management"))
    other = people.actor(people.post("department_clerk", DISTRICT, department="civil_affairs"))
    for by, take, sentence in [
        (unit, True, "Only the burden relief office"), (other, False, "Only the department"),
        (make.office("320402"), True, "Only the department"),
    ]:  # fmt: skip
        with pytest.raises(Refused, match=sentence):
            answer(demand, take=take, by=by)
    assert now(demand) == ([TIANAN], 0)
    answer(demand, take=False, by=unit)
    assert now(demand) == ([TIANAN], 0)
    assert kinds(demand) == [Kind.ASKED, Kind.LEFT, Kind.EMPTY]


def test_merged_again_before_the_answer_it_is_asked_of_the_last_one():
    demand = of([TIANAN])
    merge(TIANAN, FUDU)
    last, came = "320411002101", move(PANLONG, STREET)
    merge(NEW, came, new=last, name="大新天社区", on=date(2026, 9, 2))
    found = waiting(demand)
    assert (found.old, found.new) == ([TIANAN], last)
    assert came in found.unasked
    assert kinds(demand) == [Kind.ASKED, Kind.REPLACED, Kind.ASKED]
    answer(demand, take=True)
    assert now(demand) == ([last], 1)


def test_what_has_ended_meanwhile_is_no_question_and_brought_back_it_is_one():
    demand = of([TIANAN])
    stopped = make.decide(demand, "stop")
    merge(TIANAN, FUDU)
    office = make.office()
    assert asked.page(office, ON, only_open=True).rows == []
    with pytest.raises(Refused, match="not in force"):
        answer(demand, take=True)
    make.undo(stopped, on=ON, at=AT)
    assert len(asked.page(office, ON, only_open=True).rows) == 1


# --- nobody is left -------------------------------------------------------------------------------


def sides():
    rows = Duty.objects.filter(kind="burden.scope", closed_at=None).order_by("place")
    return list(rows.values_list("place", "department"))


def left_alone():
    """The street's only community belongs to another street now."""
    demand = of([TIANAN], place=STREET)
    move(TIANAN, HIGHER)
    return demand


def test_where_the_last_community_leaves_both_sides_are_asked_whether_it_ends():
    demand = left_alone()
    assert now(demand) == ([TIANAN], 0)
    assert kinds(demand) == [Kind.EMPTY]
    assert sides() == [(CITY, "burden_office"), (STREET, "urban_management")]
    assert queries.account(STREET, date(2026, 9, 2)).total().adds_up
    assert queries.demand(STREET, demand.number) == demand  # its own office can open it

    unit = people.actor(people.post("department_clerk", STREET, department="urban_management"))
    change = waiting(demand)
    with pytest.raises(Refused, match="decided already"):
        commands.answer_scope(change=change, take=False, by=unit, at=AT)
    answered = commands.answer_nobody(change=change, end=True, by=unit, at=AT)
    demand.refresh_from_db()
    assert (answered.kind, demand.state, sides()) == (Kind.ENDED, "stopped", [])
    decision = Decision.objects.get()
    assert (decision.verb, decision.decided_on) == ("stop", date(2026, 9, 2))
    line = queries.account(STREET, date(2026, 9, 2)).total()
    assert (line.baseline, line.in_force, line.ended["stopped"]) == (1, 0, 1)
    assert Entry.objects.filter(verb="burden.scope_ended").count() == 1


def test_it_may_stay_for_communities_to_come_and_strangers_do_not_decide():
    demand = left_alone()
    change = waiting(demand)
    with pytest.raises(Refused, match="Only the department that asks"):
        commands.answer_nobody(change=change, end=True, by=make.office("320402"), at=AT)
    commands.answer_nobody(change=change, end=False, by=make.office(), at=AT)
    assert (kinds(demand), sides()) == ([Kind.EMPTY, Kind.KEPT], [])
    demand.refresh_from_db()
    assert demand.state == "in_force"
    with pytest.raises(Refused, match="decided already"):
        commands.answer_nobody(change=change, end=True, by=make.office(), at=AT)


def test_who_does_not_ask_the_larger_one_is_asked_whether_it_ends():
    demand = of([TIANAN])
    merge(TIANAN, FUDU)
    answer(demand, take=False)
    assert kinds(demand) == [Kind.ASKED, Kind.LEFT, Kind.EMPTY]
    assert len(sides()) == 2


def test_what_still_asks_somebody_or_is_stopped_is_no_question():
    some = of([TIANAN, FUDU], place=STREET)
    stopped = of([TIANAN], place=STREET)
    make.decide(stopped, "stop")
    move(TIANAN, HIGHER)
    assert now(some)[1] == 1
    assert kinds(some) == [Kind.FOLLOWED]
    assert asked.page(make.office(), ON, only_open=True).rows == []
    assert sides() == []


# --- what always holds ----------------------------------------------------------------------------

CODES = [f"32041100{street}{n:03d}" for street in (1, 2) for n in range(1, 5)]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    scope=st.lists(st.sampled_from([*CODES, "320411001", "320411002", "320411"]), min_size=1),
    olds=st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True),
    into=st.sampled_from([*CODES, "320411001999", "320411002999"]),
)
def test_nobody_is_asked_who_was_not_and_nobody_asked_is_forgotten(scope, olds, into):
    """Of one merger of communities, whatever it joins."""
    olds = [each for each in olds if each != into]
    change = Change(ON, merged=olds, larger=into, founded=into not in CODES)
    there = [each for each in CODES if each not in olds] + ([into] if into not in CODES else [])
    found = follow(scope, change, lambda code: [])

    def asks(codes, one):
        return any(places.holds(each, one) for each in codes)

    for one in there:
        parts = change.joined if one == into and olds else [one]
        before = [asks(scope, each) for each in parts]
        left = any(places.holds(each, part) and len(each) < 12 and not places.holds(each, one)
                   for each in scope for part in parts)  # fmt: skip
        if left:
            continue  # out of a division asked as a whole: who belongs to it is asked
        if all(before):
            assert asks(found.scope, one)
        elif not any(before):
            named_above = any(places.holds(each, one) for each in scope if len(each) < 12)
            assert asks(found.scope, one) == named_above
        elif into in CODES and asks(scope, into):
            assert asks(found.scope, one)
        assert not (set(found.asks) - set(change.joined))


STEP = st.tuples(
    st.sampled_from(["merge", "split", "move", "take", "leave", "stop", "streets", "end", "keep"]),
    st.integers(0, 7), st.integers(0, 7),
)  # fmt: skip


@settings(max_examples=20, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(steps=st.lists(STEP, max_size=7))
def test_the_account_adds_up_whatever_becomes_of_the_divisions(db, steps):
    with transaction.atomic():
        scopes = [[DISTRICT], [STREET], [TIANAN], [TIANAN, FUDU], [PANLONG], [HIGHER]]
        demands = make.frozen(*({"title": f"事项{n}", "scope": scope, "category": "ledger"}
                                for n, scope in enumerate(scopes)))  # fmt: skip
        for day, step in enumerate(steps, 1):
            _try(demands, step, date(2026, 8, day))
            _holds(demands)
        transaction.set_rollback(True)


def _try(demands, step, on):
    verb, one, two = step
    level = "subdistrict" if verb == "streets" else "community"
    codes = list(Division.objects.filter(valid_to=None, level=level).order_by("code")
                 .values_list("code", flat=True))  # fmt: skip
    first, second = codes[one % len(codes)], codes[two % len(codes)]
    fresh = f"{places.parent(first)}{900 + on.day}"
    try:
        with transaction.atomic():
            if verb in ("merge", "streets"):
                new = second if one % 2 else fresh
                merge(first, second, new=new, name="" if new == second else "新社区", on=on)
            elif verb == "split":
                split(first, first if two % 2 else f"{fresh[:9]}8{on.day:02d}", fresh, on=on)
            elif verb == "move":
                move(first, places.parent(second), on=on)
            elif verb == "stop":
                make.decide(demands[one % 6], "stop", decided_on=on, at=AT)
            elif verb in ("end", "keep"):
                if found := _open(Kind.EMPTY):
                    commands.answer_nobody(change=found[one % len(found)], end=verb == "end",
                                           by=make.office(), at=AT)  # fmt: skip
            elif found := _open(Kind.ASKED):
                commands.answer_scope(
                    change=found[one % len(found)], take=verb == "take", by=make.office(), at=AT
                )
    except Refused:
        pass


def _open(kind):
    return list(ScopeChange.objects.filter(asked.OPEN, kind=kind).order_by("pk"))


def _holds(demands):
    known = queries.communities()
    for place in (CITY, DISTRICT, *known):
        account = queries.account(place, date(2026, 9, 2))
        assert account.total().adds_up
        for line in queries.lines(account.rows, lambda row: row.category).values():
            assert line.adds_up
    whole = queries.account(CITY, date(2026, 9, 2)).total()
    each = [queries.account(one, date(2026, 9, 2)).total().minutes_now for one in known]
    assert whole.minutes_now == sum(each)
    assert whole.baseline == 6
    for demand in Demand.objects.all():
        if demand.state == "in_force" and not demand.communities:
            assert set(kinds(demand)) & {Kind.EMPTY, Kind.ASKED}  # somebody was told
        assert demand.communities == sum(
            any(places.holds(code, one) for code in demand.scope) for one in known
        )
        assert demand.scope == sorted(set(demand.scope))
    assert Decision.objects.count() == Demand.objects.exclude(state="in_force").count()
    assert set(Category.values)


@pytest.mark.django_db(transaction=True)
def test_the_database_keeps_questions_and_answers_apart():
    from django.db import IntegrityError

    demand = of([TIANAN])
    with pytest.raises(IntegrityError, match="scope_change_answers"):
        ScopeChange.objects.create(
            about="burden.Demand:1", kind=Kind.TAKEN, number="1", title="甲", place=CITY,
            department_id=demand.department_id, on=ON, before=[], after=[], at=AT,
        )  # fmt: skip
