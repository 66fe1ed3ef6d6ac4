"""Five verbs and their undoing; what they refuse; two at once; and that the sum always holds."""

from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands, queries
from ..models import Decision, Demand, Span
from . import factories as make
from .factories import CITY, DISTRICT, LATER, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("city")
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 6)


def spans(demand):
    rows = demand.spans.order_by("pk").values_list("valid_from", "valid_to", "times", "minutes")
    return list(rows)


def test_stopped_it_no_longer_counts_and_undone_it_does_again():
    (demand,) = make.frozen({})

    stopped = make.decide(demand, "stop")
    demand.refresh_from_db()
    assert (demand.state, demand.state_since) == ("stopped", APRIL)
    assert spans(demand) == [(make.BEGAN, APRIL, 12, 60)]

    make.undo(stopped)
    demand.refresh_from_db()
    assert (demand.state, demand.state_since) == ("in_force", MAY)
    assert spans(demand) == [(make.BEGAN, APRIL, 12, 60), (MAY, None, 12, 60)]
    with pytest.raises(Refused, match="latest decision"):
        make.undo(stopped)


def test_only_what_is_asked_of_the_same_communities_is_offered_for_a_merger():
    demand, wide, _narrow = make.frozen(
        {"scope": [DISTRICT]}, {"title": "全市台账", "place": CITY, "scope": [CITY]},
        {"title": "街道台账", "scope": [STREET]},
    )  # fmt: skip

    assert [each.title for each in queries.heirs(demand)] == ["全市台账"]
    make.decide(wide, "stop")
    assert queries.heirs(demand) == []


def test_reduced_and_limited_it_counts_with_its_new_size():
    (demand,) = make.frozen({})

    make.decide(demand, "reduce", size=(4, 30, 1))
    limited = make.decide(demand, "limit", size=(2, 30, 1), limits="仅汛期", decided_on=MAY)
    demand.refresh_from_db()
    assert (demand.state, demand.limits, demand.times) == ("in_force", "仅汛期", 2)
    assert spans(demand)[1:] == [(APRIL, MAY, 4, 30), (MAY, None, 2, 30)]

    make.undo(limited, on=date(2026, 5, 20))
    demand.refresh_from_db()
    assert (demand.limits, demand.times) == ("", 4)
    account = queries.account(DISTRICT, date(2026, 5, 20)).total()
    assert (account.in_force, account.hours_before, account.hours_now) == (1, 3 * 12, 3 * 2)


def test_what_is_called_alike_is_offered_first_to_take_it_in():
    titles = ("志愿活动台账", "三会记录本", "居民志愿活动月报", "河道台账")
    demand, *_others = make.frozen(*({"title": each} for each in titles),
                                   {"title": "志愿活动台账系统", "category": "system"})  # fmt: skip
    assert [each.title for each in queries.heirs(demand)] == [
        "居民志愿活动月报", "河道台账", "三会记录本", "志愿活动台账系统"]  # fmt: skip


def test_merged_it_shows_its_heir_and_transferred_who_took_it():
    demand, heir, other = make.frozen({}, {"title": "一表通"}, {"title": "健康码排查"})

    make.decide(demand, "merge", heir=heir)
    make.decide(other, "transfer", taken_by="civil_affairs", duty="由民政局直接采集")
    demand.refresh_from_db()
    other.refresh_from_db()

    assert (demand.state, demand.heir_id) == ("merged", heir.pk)
    assert (other.state, other.taken_by_id) == ("transferred", "civil_affairs")
    assert list(heir.merged.all()) == [demand]


def refused(demand, verb, field=None, **more):
    before = list(Demand.objects.order_by("pk").values())
    with pytest.raises(Refused) as refusal:
        make.decide(demand, verb, **more)
    assert refusal.value.field == field
    assert list(Demand.objects.order_by("pk").values()) == before
    assert not Decision.objects.filter(demand=demand).exists()
    return str(refusal.value)


def test_no_merge_in_a_circle_into_itself_into_what_is_stopped_or_past_communities():
    first, second, narrow = make.frozen(
        {}, {"title": "乙"}, {"title": "丙", "place": STREET, "scope": [STREET]}
    )
    assert "into itself" in refused(first, "merge", "heir", heir=first)
    assert "not asked of 新北区" in refused(first, "merge", "heir", heir=narrow)
    assert "Choose the demand" in refused(first, "merge", "heir")

    make.decide(first, "merge", heir=second)
    assert "was merged into this one" in refused(second, "merge", "heir", heir=first)
    make.decide(narrow, "stop")
    assert "not in force" in refused(second, "merge", "heir", heir=narrow)


@pytest.mark.parametrize(
    ("verb", "field", "more"),
    [
        ("abolish", "verb", {}),
        ("undo", "verb", {}),
        ("stop", "reason", {"reason": " "}),
        ("stop", "decider", {"decider": ""}),
        ("stop", "decided_on", {"decided_on": date(2026, 6, 2)}),  # tomorrow
        ("stop", "decided_on", {"decided_on": date(2026, 3, 1)}),  # before it began
        ("transfer", "taken_by", {"duty": "采集"}),
        ("transfer", "duty", {"taken_by": "civil_affairs"}),
        ("reduce", "times", {"size": (12, 60, 1)}),
        ("reduce", "times", {"size": (0, 60, 1)}),
        ("limit", "limits", {"size": (12, 60, 1)}),
        ("limit", "times", {"limits": "仅汛期", "size": (12, 61, 1)}),
    ],
)
def test_a_verb_without_what_it_asks_for_is_refused(verb, field, more):
    (demand,) = make.frozen({})
    refused(demand, verb, field, **more)


def test_nothing_is_decided_before_the_freeze_or_by_another_office():
    demand = make.demand(make.campaign())
    assert "Freeze the baseline first" in refused(demand, "stop")
    assert "burden relief office" in refused(demand, "stop", by=make.office("320402"))
    make.freeze(demand.campaign)
    make.decide(Demand.objects.get(), "stop", by=make.office(DISTRICT))
    assert Demand.objects.get().state == "stopped"


def test_the_last_day_ends_it_and_an_undoing_does_not_bring_it_back():
    (demand,) = make.frozen({"valid_to": date(2026, 5, 31)})
    reduced = make.decide(demand, "reduce", size=(1, 60, 1))
    before = LATER - timedelta(days=1)

    assert commands.exit_expired(by=SYSTEM, at=before) == 0
    assert commands.exit_expired(by=SYSTEM, at=LATER) == 1
    assert commands.exit_expired(by=SYSTEM, at=LATER) == 0
    demand.refresh_from_db()
    assert (demand.state, demand.state_since) == ("exited", date(2026, 6, 1))
    with pytest.raises(Refused, match="pass the gate"):
        make.undo(reduced)
    # and as of its last day, swept or not, it still counted
    assert queries.account(CITY, date(2026, 5, 31)).total().in_force == 1
    assert queries.account(CITY, date(2026, 6, 1)).total().ended["exited"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_the_second_reads_what_the_first_decided():
    """In two real transactions: the second waits for the first, and is refused."""
    (demand,) = make.frozen({})
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make.decide(demand, "stop")
            second = pool.submit(
                in_own_connection, make.decide, of=demand, verb="reduce", size=(1, 1, 1)
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="not in force any more: Stopped"):
            second.result(10)
    assert Decision.objects.get().verb == "stop"


# --- the sum --------------------------------------------------------------------------------------

Step = namedtuple("Step", "verb one two day")
STEP = st.tuples(
    st.sampled_from(["stop", "reduce", "merge", "transfer", "limit", "undo", "exit"]),
    st.integers(0, 5), st.integers(0, 5), st.integers(0, 40),
)  # fmt: skip


@settings(max_examples=25,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(steps=st.lists(STEP, max_size=12))
def test_in_force_is_the_baseline_less_what_ended_on_every_day(db, steps):
    with transaction.atomic():
        rows = [{"title": f"事项{n}", "category": "ledger" if n % 2 else "target",
                 "scope": [DISTRICT] if n % 3 else [TIANAN],
                 "valid_to": date(2026, 5, 1) if n == 4 else None} for n in range(6)]  # fmt: skip
        demands = make.frozen(*rows)
        for step in steps:
            try_step(demands, Step(*step))
        for offset in (0, 20, 40, 70):
            holds(make.BEGAN + timedelta(days=offset))
        holds(date(2026, 6, 1), swept=True)
        transaction.set_rollback(True)


def try_step(demands, step):
    demand, heir = demands[step.one], demands[step.two]
    day = make.BEGAN + timedelta(days=step.day)
    more = {
        "merge": {"heir": heir}, "transfer": {"taken_by": "civil_affairs", "duty": "采集"},
        "reduce": {"size": (1, step.two + 1, 1)},
        "limit": {"size": (1, step.two + 1, 1), "limits": "仅汛期"},
    }.get(step.verb, {})  # fmt: skip
    try:
        if step.verb == "undo":
            last = commands.decisions.standing(demand)
            if last:
                make.undo(last, on=day)
        elif step.verb == "exit":
            commands.exit_expired(by=SYSTEM, at=LATER)
        else:
            make.decide(Demand.objects.get(pk=demand.pk), step.verb, decided_on=day, **more)
    except Refused:
        pass


def holds(day, swept=False):
    for place, baseline in ((CITY, 6), (TIANAN, 6), ("320411003", 4)):
        account = queries.account(place, day)
        total = account.total()
        assert total.adds_up
        assert total.baseline == baseline
        assert total.minutes_now <= total.minutes_before
    commands.exit_expired(by=SYSTEM, at=LATER)
    in_force = Demand.objects.filter(state="in_force")
    assert Span.objects.filter(valid_to=None).count() == in_force.count()
    if swept:
        assert queries.account(CITY, day).total().in_force == in_force.count()
