"""The merge map without chains and circles, notices of closing, and who logs in where."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.people.tests import factories as people
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands, merge_map
from ..kinds import Use
from ..models import Plan, SystemUse
from ..queries import systems as queries
from . import factories as make
from .factories import CITY, CLOSING, DISTRICT, FUDU, LATER, TIANAN

pytestmark = pytest.mark.usefixtures("city")


def systems(number=3, **more):
    return make.frozen(*(make.system(title=each, **more) for each in "甲乙丙丁"[:number]))


def refused(sentence, command, field=None, **values):
    def everything():
        return [list(each.objects.order_by("pk").values()) for each in (Plan, SystemUse)]

    before, told = everything(), Entry.objects.count()
    with pytest.raises(Refused, match=sentence) as refusal:
        command(**values)
    assert refusal.value.field == field
    assert (everything(), Entry.objects.count()) == (before, told)


def test_a_system_stays_goes_into_another_or_closes():
    one, two, three = systems()
    make.plan(two, "stay", url="https://pingtai.example.cn")
    plan = make.plan(one, "merge", heir=two, by=make.office(DISTRICT), **CLOSING)
    make.plan(three, "close")
    assert queries.fates() == {
        one.pk: ("merge", two.pk), two.pk: ("stay", None), three.pk: ("close", None)
    }  # fmt: skip
    assert (plan.unit, plan.decided_on, plan.closes_on) == (
        "新北区", date(2026, 6, 1), date(2026, 12, 31))  # fmt: skip
    assert queries.leading_to(two) == [one]
    entry = Entry.objects.filter(verb="burden.system_planned").earliest("id")
    assert entry.data == {"chosen": "stay", "into": "", "closes_on": ""}


def test_what_the_five_verbs_decided_is_in_the_map_without_a_plan():
    merged, heir, stopped = systems()
    make.decide(merged, "merge", heir=heir)
    make.decide(stopped, "stop")
    assert queries.fates() == {
        merged.pk: ("merge", heir.pk), heir.pk: ("", None), stopped.pk: ("close", None)
    }  # fmt: skip
    refused("It cannot stay", make.plan, "fate", of=stopped, fate="stay")
    refused("“甲” goes into this one", make.plan, "fate", of=heir, fate="close")


def test_the_map_has_no_circle_and_nothing_goes_into_what_closes():
    one, two, three, four = systems(4)
    make.plan(one, "merge", heir=two)
    refused("goes into this one itself: the map would be a circle", make.plan, "heir", of=two,
            fate="merge", heir=one)  # fmt: skip
    refused("“甲” closes itself", make.plan, "heir", of=three, fate="merge", heir=one)
    refused("“甲” goes into this one; first lead it", make.plan, "fate", of=two, fate="merge",
            heir=three)  # fmt: skip
    refused("“甲” goes into this one; first lead it", make.plan, "fate", of=two, fate="close")
    refused("into itself", make.plan, "heir", of=three, fate="merge", heir=three)
    refused("Choose the system", make.plan, "heir", of=three, fate="merge")

    make.decide(four, "stop")
    refused("“丁” closes itself", make.plan, "heir", of=three, fate="merge", heir=four)
    make.plan(one, "merge", heir=three)  # led elsewhere, the second may close
    make.plan(two, "close")


@pytest.mark.parametrize("verb", ["stop", "merge", "transfer"])
def test_no_verb_ends_a_system_that_others_go_into(verb):
    one, two, three = systems()
    make.plan(one, "merge", heir=two)
    more = {"merge": {"heir": three}, "transfer": {"taken_by": "civil_affairs", "duty": "接管"}}
    with pytest.raises(Refused, match="“甲” goes into this one"):
        make.decide(two, verb, **more.get(verb, {}))
    two.refresh_from_db()
    assert two.state == "in_force"
    make.decide(two, "reduce", size=(1, 1, 1))


def test_an_heir_that_expires_is_said():
    one, two = make.frozen(
        make.system(title="甲"), make.system(title="乙", valid_to=date(2026, 6, 30))
    )
    make.plan(one, "merge", heir=two)
    assert not queries.broken(CITY)
    commands.exit_expired(by=make.SYSTEM, at=LATER + timedelta(days=60))
    assert list(queries.broken(CITY)) == [one]


def test_only_systems_and_only_by_the_office_of_the_place():
    system, ledger = make.frozen(make.system(), {"title": "台账"})
    refused("Only a website or system", make.plan, of=ledger, fate="close")
    refused("is no website or system", make.plan, "heir", of=system, fate="merge", heir=ledger)
    refused("Say what becomes of it", make.plan, "fate", of=system, fate="sell")
    refused("Give the reason", make.plan, "reason", of=system, fate="close", reason="")
    for by in (make.office("320402"), people.actor(people.post("community_worker", TIANAN))):
        refused("Only the burden relief office", make.plan, of=system, fate="close", by=by)


def test_a_closing_is_announced_once_and_whole():
    one, two, _three = systems()
    for field, sentence in (("closes_on", "Say when"), ("data_to", "becomes of its data"),
                            ("contact", "Say which office")):  # fmt: skip
        plan = make.plan(one, "close", **CLOSING | {field: None if field == "closes_on" else ""})
        refused(sentence, commands.announce_closing, field, plan=plan, by=make.SYSTEM, at=LATER)
    assert not queries.closings()

    plan = make.announced(one)
    assert plan.announced_on == date(2026, 6, 1)
    assert [each.demand for each in queries.closings()] == [one]
    refused("announced on 2026-06-01", commands.announce_closing, plan=plan, by=make.SYSTEM,
            at=LATER)  # fmt: skip
    stays = make.plan(two, "stay")
    refused("What stays", commands.announce_closing, plan=stays, by=make.SYSTEM, at=LATER)
    refused("Only the burden relief office", commands.announce_closing, plan=plan,
            by=make.office("320402"), at=LATER)  # fmt: skip


def test_what_was_announced_is_kept_whole_and_its_day_holds():
    one, two, _three = systems()
    make.announced(one)
    refused("Say which office", make.plan, "contact", of=one, fate="close",
            **CLOSING | {"contact": ""})  # fmt: skip
    refused("cannot close before", make.plan, "closes_on", of=one, fate="close",
            **CLOSING | {"closes_on": date(2026, 5, 31)})  # fmt: skip
    moved = make.plan(one, "merge", heir=two, **CLOSING | {"closes_on": date(2026, 7, 1)})
    assert moved.announced_on == date(2026, 6, 1)
    refused("It closed on 2026-07-01", make.plan, of=one, fate="stay",
            at=LATER + timedelta(days=30))  # fmt: skip
    stays = make.plan(one, "stay")
    assert (stays.announced_on, stays.closes_on, stays.heir) == (None, None, None)
    assert queries.closing(one.number) is None


@pytest.mark.parametrize(
    "values",
    [
        {"fate": "merge"},
        {"fate": "stay", "closes_on": date(2026, 7, 1)},
        {"announced_on": date(2026, 6, 1)},
    ],
)
def test_the_database_refuses_half_a_plan(values):
    one, _two, _three = systems()
    plan = make.plan(one, "close")
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_two_who_lead_two_systems_into_each_other_at_once():
    one, two, _three = systems()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make.plan(one, "merge", heir=two)
            second = pool.submit(in_own_connection, make.plan, of=two, fate="merge", heir=one)
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="would be a circle"):
            second.result(10)
    assert Plan.objects.get().heir_id == two.pk


# --- who logs in ----------------------------------------------------------------------------------


def told(uses, community=TIANAN, by=make.SYSTEM, at=LATER):
    return commands.tell_systems(community=community, uses=uses, by=by, at=at)


def test_a_community_tells_what_it_logs_into_and_tells_it_again():
    one, two, _three = systems()
    by = people.actor(people.post("community_worker", TIANAN))
    told({one: Use(3, "daily", "shared"), two: Use(0, "daily", "shared")}, by=by)
    told({one: Use(2, "weekly", "named")}, community=FUDU)
    assert queries.logins(CITY) == {
        one.pk: queries.Logins(2, 2, 5), two.pk: queries.Logins(1, 0, 0)
    }  # fmt: skip
    assert queries.told(CITY) == 2 and queries.told(TIANAN) == 1
    assert queries.ways(CITY, one) == [("daily", "shared", 1, 3), ("weekly", "named", 1, 2)]

    told({one: Use(0)}, by=by)
    assert queries.logins(TIANAN)[one.pk] == queries.Logins(1, 0, 0)
    assert SystemUse.objects.count() == 3
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.data) == ("burden.systems_told", {"systems": 1})


def test_what_a_community_cannot_tell():
    one, _two, _three = systems()
    elsewhere = make.demand(make.campaign(), **make.system(title="富都系统", scope=[FUDU]))
    make.freeze(elsewhere.campaign)
    other = people.actor(people.post("community_worker", FUDU))
    refused("Only the community itself", told, uses={one: Use(1, "daily", "named")}, by=other)
    refused("not asked of this community", told, uses={elsewhere: Use(1, "daily", "named")})
    refused("say how often", told, uses={one: Use(1)})
    refused("say how often", told, uses={one: Use(1, "hourly", "named")})
    refused("between 0 and 200", told, uses={one: Use(201, "daily", "named")})


# --- the drawing ----------------------------------------------------------------------------------


@given(sizes=st.lists(st.integers(1, 9), max_size=8))
def test_no_two_boxes_of_the_map_overlap(sizes):
    groups, key = {}, 0
    for heir, size in enumerate(sizes):
        groups[1000 + heir] = list(range(key, key + size))
        key += size
    drawing = merge_map.draw(groups)
    assert [each.key for each in drawing.boxes] == list(range(key))
    assert len(drawing.lines) == key
    for column in (drawing.boxes, drawing.heirs):
        for above, below in pairwise(column):
            assert above.y + above.tall <= below.y
        assert all(each.y >= 0 and each.y + each.tall <= drawing.height for each in column)
        assert all(each.x + each.width <= drawing.width for each in column)


def test_the_map_is_drawn_with_a_curve_from_each_to_its_heir():
    assert merge_map.draw({7: [1, 2]}).lines == (
        "M300 20 C410 20 410 35 520 35", "M300 50 C410 50 410 35 520 35"
    )  # fmt: skip
    assert merge_map.short("字" * 19) == "字" * 19
    assert merge_map.short("字" * 20) == "字" * 18 + "…"
