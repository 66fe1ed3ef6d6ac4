"""Which unit a request goes to, and rules that never decide."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.cases import catalogue, commands, queries, routing
from shanzhi.cases.models import Item, Route
from shanzhi.cases.routing import Unit
from shanzhi.journal import queries as journal
from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from . import factories
from .factories import MONDAY

DAY = date(2026, 3, 2)
PLACE = people.GRID
LAMP = Item(code="lamp", level="district", department="housing", steps=[])


def rule(position=1, **columns):
    values = {"name": f"第{position}条", "level": "subdistrict", "department": "civil_affairs"}
    return Route(position=position, **values | columns)


def asked(**changes):
    return {"item_code": "lamp", "category": "0102", "place": PLACE, "day": DAY} | changes


def chosen(*routes, item=LAMP, category="0102", place=PLACE, day=DAY):
    return routing.choose(routes, item=item, category=category, place=place, day=day)


# --- choosing -------------------------------------------------------------------------------------


def test_the_first_rule_that_fits_decides():
    first, second = rule(1, items=["bench"]), rule(2, items=["lamp"])

    outcome = chosen(first, second, rule(3))

    assert outcome.route is second
    assert outcome.unit == Unit("320411002", "civil_affairs")


def test_without_a_rule_the_first_step_decides_and_without_a_step_the_item():
    step = {"name": "受理", "level": "community"}
    stepped = Item(code="lamp", level="district", department="housing", steps=[step])

    assert chosen(item=stepped).unit == Unit("320411002018")
    assert chosen().unit == Unit("320411", "housing")
    assert chosen().route is None


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, ""),
        ({"items": ["lamp"]}, ""),
        ({"items": ["bench"]}, "items"),
        ({"category": "01"}, ""),
        ({"category": "010203"}, "category"),
        ({"place": "320411"}, ""),
        ({"place": "320402"}, "place"),
        ({"valid_from": DAY}, ""),
        ({"valid_from": date(2026, 3, 3)}, "early"),
        ({"valid_to": date(2026, 3, 3)}, ""),
        ({"valid_to": DAY}, "over"),
    ],
)
def test_a_rule_fits_or_says_why_not(columns, reason):
    assert routing.misfit(rule(**columns), **asked()) == reason
    assert routing.fits(rule(**columns), **asked()) == (not reason)


# --- rules that never decide ----------------------------------------------------------------------


def hidden(*routes):
    found = routing.shadowed(routes)
    return {position: [each.position for each in by] for position, by in found.items()}


def test_a_rule_behind_a_wider_one_never_decides():
    assert hidden(rule(1, category="01"), rule(2, category="0102", place="320411")) == {2: [1]}
    assert hidden(rule(1, place="320411"), rule(2, items=["lamp"], place="320411002")) == {2: [1]}
    assert hidden(rule(1), rule(2), rule(3)) == {2: [1], 3: [1]}


def test_several_rules_together_may_take_all_items_of_one():
    rules = rule(1, items=["lamp"]), rule(2, items=["bench"]), rule(3, items=["bench", "lamp"])

    assert hidden(*rules) == {3: [1, 2]}


def test_a_rule_before_a_wider_one_decides():
    assert hidden(rule(1, category="0102"), rule(2, category="01")) == {}
    assert hidden(rule(1, items=["lamp"]), rule(2, items=["lamp", "bench"])) == {}
    assert hidden(rule(1, items=["lamp"]), rule(2)) == {}


def test_a_rule_decides_when_the_one_before_it_does_not_hold():
    spring = {"valid_from": date(2026, 3, 1), "valid_to": date(2026, 6, 1)}

    assert hidden(rule(1, **spring), rule(2)) == {}
    assert hidden(rule(1), rule(2, **spring)) == {2: [1]}
    assert hidden(rule(1, **spring), rule(2, **spring)) == {2: [1]}
    assert hidden(rule(1, valid_from=date(2026, 3, 2)), rule(2, **spring)) == {}


ITEMS, CATEGORIES = ("lamp", "bench", "tree"), ("", "01", "0102", "010203", "02")
PLACES = ("", "3204", "320411", "320411002", "320411002018", "320402")
DATES = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 6))
routes_of_any_kind = st.lists(
    st.builds(
        dict,
        items=st.lists(st.sampled_from(ITEMS), max_size=2, unique=True),
        category=st.sampled_from(CATEGORIES),
        place=st.sampled_from(PLACES),
        valid_from=DATES,
        valid_to=DATES,
    ),
    max_size=8,
)


@given(
    routes_of_any_kind, st.sampled_from(ITEMS), st.sampled_from(CATEGORIES),
    st.sampled_from([PLACE, "320402001001"]), st.dates(date(2025, 12, 31), date(2026, 1, 7)),
)  # fmt: skip
def test_a_rule_said_never_to_decide_never_does(rows, code, category, place, day):
    routes = [rule(n, **row) for n, row in enumerate(rows, start=1)]

    outcome = chosen(*routes, item=Item(code=code, level="city", steps=[]), category=category,
                     place=place, day=day)  # fmt: skip

    if outcome.route:
        assert outcome.route.position not in routing.shadowed(routes)
        for each in routes[: outcome.route.position - 1]:
            assert routing.misfit(each, **asked(item_code=code, category=category, place=place,
                                                day=day))  # fmt: skip


@given(routes_of_any_kind)
def test_taking_out_a_rule_that_never_decides_changes_nothing(rows):
    routes = [rule(n, **row) for n, row in enumerate(rows, start=1)]
    idle = routing.shadowed(routes)
    rest = [each for each in routes if each.position not in idle]

    for code in ITEMS:
        for category in CATEGORIES:
            item = Item(code=code, level="city", steps=[])
            for day in (date(2026, 1, 1), date(2026, 1, 4)):
                whole = chosen(*routes, item=item, category=category, day=day)
                assert whole == chosen(*rest, item=item, category=category, day=day)


# --- commands -------------------------------------------------------------------------------------


def city_clerk():
    return people.actor(people.post("city_clerk", people.CITY))


def district_clerk():
    return people.actor(people.post("district_clerk", people.DISTRICT))


def save(name="救助", position=99, by=SYSTEM, route=None, **columns):
    values = {"name": name, "level": "subdistrict", "department": "civil_affairs"} | columns
    return commands.save_route(route=route, values=values, position=position, by=by, at=MONDAY)


def test_the_second_of_two_editors_of_a_rule_gets_a_sentence(city):
    route = save("甲")
    seen = catalogue.route_stamp(route)
    save("乙", position=1)  # another rule before it is no change of it
    values = {"name": "丙", "level": "subdistrict", "department": "civil_affairs"}
    give = {"values": values, "position": 2, "by": SYSTEM, "at": MONDAY, "stamp": seen}
    commands.save_route(route=route, **give)
    before = everything()

    with pytest.raises(Refused, match="Somebody else has changed this rule"):
        commands.save_route(route=route, **give)
    assert everything() == before


def order():
    return list(Route.objects.order_by("position").values_list("position", "name"))


def everything():
    return list(Route.objects.order_by("pk").values_list()), Entry.objects.count()


def test_the_database_holds_no_rule_that_ends_before_it_begins(db):
    with pytest.raises(IntegrityError, match="route_ends_after_it_begins"), transaction.atomic():
        Route.objects.create(
            position=1, name="救助", level="community", valid_from=DAY, valid_to=DAY
        )


def test_a_rule_is_put_where_it_was_wanted_and_the_others_make_room(city):
    clerk = city_clerk()
    save("甲")
    save("丙")
    route = save("乙", position=2, by=clerk)

    assert order() == [(1, "甲"), (2, "乙"), (3, "丙")]
    assert [(e.verb, e.by, e.data) for e in journal.about(f"cases.Route:{route.pk}")] == [
        ("cases.route_saved", clerk.account_id, {"position": 2})
    ]


def test_a_rule_is_changed_in_its_place(city):
    save("甲")
    route = save("乙")

    save("乙二", route=route, position=1, items=["open-report"], place=people.DISTRICT)

    assert order() == [(1, "乙二"), (2, "甲")]
    route.refresh_from_db()
    assert (route.items, route.place) == (["open-report"], "320411")


def test_a_rule_moves_past_its_neighbour_and_not_past_the_end(city):
    first, second = save("甲"), save("乙")

    assert commands.move_route(route=second, by_places=-1, by=SYSTEM, at=MONDAY).position == 1
    commands.move_route(route=second, by_places=-1, by=SYSTEM, at=MONDAY)
    assert order() == [(1, "乙"), (2, "甲")]
    commands.move_route(route=first, by_places=1, by=SYSTEM, at=MONDAY)
    assert order() == [(1, "乙"), (2, "甲")]
    assert [e.data for e in journal.about(f"cases.Route:{second.pk}")][1] == {
        "before": 2, "position": 1,
    }  # fmt: skip


def test_the_rules_after_a_deleted_one_move_up(city):
    first = save("甲 13800000001")
    save("乙")
    save("丙")

    commands.delete_route(route=first, by=SYSTEM, at=MONDAY)

    assert order() == [(1, "乙"), (2, "丙")]
    entry = journal.about(f"cases.Route:{first.pk}")[-1]
    assert entry.verb == "cases.route_deleted" and "13800000001" not in entry.data["name"]


def test_a_whole_set_takes_the_place_of_the_one_before(city):
    save("甲")

    commands.load_routes(
        rows=[{"name": "乙", "level": "city"}, {"name": "丙", "level": "city"}],
        by=city_clerk(), at=MONDAY,
    )  # fmt: skip

    assert order() == [(1, "乙"), (2, "丙")]


def test_a_request_goes_where_the_saved_rules_say(city):
    save(items=["open-report"], place=people.DISTRICT, level="district")
    item = queries.item("open-report")
    where = {"item": item, "category": "", "day": DAY}

    assert queries.route(place=PLACE, **where).unit == Unit("320411", "civil_affairs")
    assert queries.route(place="320402001001", **where).unit == Unit("320402001001")


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 101}, "name"),
        ({"level": "moon"}, "level"),
        ({"department": "moon"}, "department"),
        ({"items": ["open-report", "moon"]}, "items"),
        ({"category": "99"}, "category"),
        ({"place": "320499"}, "place"),
        ({"valid_from": DAY, "valid_to": DAY}, "valid_to"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(city, columns, field):
    before = everything()

    with pytest.raises(Refused) as refusal:
        save(**columns)

    assert refusal.value.field == field
    assert everything() == before


def test_a_district_sets_rules_for_its_own_places_only(city):
    clerk = district_clerk()
    everywhere, own = save("全市"), save("本区", by=clerk, place=people.STREET)
    before = everything()
    attempts = [
        lambda: save(by=clerk),
        lambda: save(by=clerk, place=people.TIANNING),
        lambda: save(by=clerk, route=everywhere, place=people.STREET),
        lambda: save(by=clerk, route=own, place=""),
        lambda: commands.move_route(route=everywhere, by_places=1, by=clerk, at=MONDAY),
        lambda: commands.delete_route(route=everywhere, by=clerk, at=MONDAY),
        lambda: commands.load_routes(rows=[], by=clerk, at=MONDAY),
    ]

    for attempt in attempts:
        with pytest.raises(Refused, match="places in its district"):
            attempt()
    assert everything() == before
    assert commands.move_route(route=own, by_places=-1, by=clerk, at=MONDAY).position == 1


@pytest.mark.parametrize("who", ["worker", "street", "clerk", "resident"])
def test_nobody_else_sets_rules(city, who):
    route = save()
    by = getattr(factories, who)()
    before = everything()
    attempts = [
        lambda: save(by=by),
        lambda: save(by=by, route=route),
        lambda: commands.move_route(route=route, by_places=1, by=by, at=MONDAY),
        lambda: commands.delete_route(route=route, by=by, at=MONDAY),
        lambda: commands.load_routes(rows=[], by=by, at=MONDAY),
    ]

    for attempt in attempts:
        with pytest.raises(Refused, match="city's or district's desk"):
            attempt()
    assert everything() == before


def test_a_rule_deleted_meanwhile_is_not_changed(city):
    route = save()
    commands.delete_route(route=route, by=SYSTEM, at=MONDAY)
    before = everything()

    for attempt in (
        lambda: save(route=route),
        lambda: commands.move_route(route=route, by_places=1, by=SYSTEM, at=MONDAY),
        lambda: commands.delete_route(route=route, by=SYSTEM, at=MONDAY),
    ):
        with pytest.raises(Refused, match="deleted this meanwhile"):
            attempt()
    assert everything() == before


def test_two_rules_added_at_once_both_find_a_number(transactional_db):
    factories.city()
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            save("甲", position=1)
            second = second_request.submit(in_own_connection, save, name="乙", position=1)
            wait_until_someone_waits_for_me()
        second.result(timeout=5)

    assert order() == [(1, "乙"), (2, "甲")]
