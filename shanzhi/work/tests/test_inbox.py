"""Who sees which duties, in which order, at which cost; and what remains of a limit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.kernel import Refused, paging
from shanzhi.places import memory
from shanzhi.places.models import Division
from shanzhi.work import commands, duties, queries
from shanzhi.work.calendar import Calendar
from shanzhi.work.models import Duty
from shanzhi.work.queries import Narrowing

from .factories import (
    COMMUNITY,
    GRID,
    MONDAY,
    STREET,
    at,
    days,
    hours,
    make_account,
    make_duty,
    worker,
)

pytestmark = pytest.mark.django_db
LATER = at("2026-03-04 10:00")
FIFTH_OF_MARCH = paging.encode((0, "2026-03-05T10:00:00+08:00", 17))


def titles(actor, **asked):
    return [row.title for row in queries.inbox(actor, at=LATER, **asked).rows]


@pytest.fixture
def city(published):
    for title, fields in {
        "community": {},
        "grid 3": {"place": GRID},
        "grid 4": {"place": COMMUNITY + "004"},
        "next community": {"place": "320411002017"},
        "street": {"place": STREET},
        "street civil affairs": {"place": STREET, "department": "civil_affairs"},
        "city": {"place": "3204"},
        "burden office": {"place": "3204", "department": "burden_office"},
    }.items():
        make_duty(title=title, **fields)


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (worker(), ["community", "grid 3", "grid 4"]),
        (worker(role="community_secretary"), ["community", "grid 3", "grid 4"]),
        (worker(role="grid_leader", place=GRID), ["grid 3"]),
        (worker(role="subdistrict_clerk", place=STREET), ["street"]),
        (
            worker(role="department_clerk", place=STREET, department="civil_affairs"),
            ["street civil affairs"],
        ),
        (worker(role="department_clerk", place=STREET, department="justice"), []),
        (worker(role="city_clerk", place="3204"), ["city"]),
        (worker(role="burden_office", place="3204"), ["burden office"]),
        (worker(role="system_admin", place="3204"), []),
        (worker(role="security_admin", place="3204"), []),
        (worker(role="", place=""), []),
        (worker(role="", place=COMMUNITY), []),
    ],
)
def test_each_post_sees_what_waits_for_its_unit_and_nothing_else(city, actor, seen):
    assert titles(actor) == seen
    assert queries.inbox_counts(actor, LATER)["all"] == len(seen)
    assert [duty.title for duty in queries.visible_to(actor).order_by("id")] == seen


def test_a_grid_leader_also_sees_what_is_assigned_to_them(city):
    leader = worker(5, role="grid_leader", place=GRID)
    duty = Duty.objects.get(title="grid 4")
    duties.assign(duty=duty, account=5)

    assert titles(leader) == ["grid 3", "grid 4"]
    assert titles(leader, filter="mine") == ["grid 4"]
    assert queries.inbox_counts(leader, LATER)["mine"] == 1


def test_soonest_first_and_what_stands_still_last(published):
    make_duty(days(10), title="ten days")
    make_duty(hours(1), title="late")
    stopped = make_duty(days(1), title="stopped")
    make_duty(days(3), title="three days")
    duties.pause(duty=stopped, reason="hearing", document="1", at=MONDAY)

    rows = queries.inbox(worker(), at=LATER).rows

    assert [(row.title, row.left.mark, row.paused) for row in rows] == [
        ("late", "red", False),
        ("three days", "yellow", False),
        ("ten days", "", False),
        ("stopped", "", True),
    ]


def test_filters_and_their_counts_agree(published):
    for title, limit in {
        "late": hours(1),
        "today": hours(51),
        "two days": days(4),
        "three days": days(5),
    }.items():
        make_duty(limit, title=title, kind=f"tests.{limit.unit}")
    stopped = make_duty(hours(1), title="stopped")
    duties.pause(duty=stopped, reason="hearing", document="1", at=MONDAY)
    duties.assign(duty=stopped, account=1)

    found = {name: titles(worker(1), filter=name) for name in queries.FILTERS}

    assert found == {
        "": ["late", "today", "two days", "three days", "stopped"],
        "overdue": ["late"],
        "today": ["today"],
        "soon": ["today", "two days"],
        "mine": ["stopped"],
    }
    counts = queries.inbox_counts(worker(1), LATER)
    assert counts == {name or "all": len(rows) for name, rows in found.items()}
    assert titles(worker(1), to=Narrowing(kind="tests.working_days")) == ["two days", "three days"]
    assert titles(worker(1), filter="no such filter") == found[""]


def test_counts_stop_at_a_thousand(published, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED_TO", 3)
    for _n in range(5):
        make_duty()

    assert queries.inbox_counts(worker(), LATER)["all"] == 3


def test_pages_hold_every_duty_once_in_order(published):
    for n in range(7):
        duty = make_duty(days(1 + n // 3), title=str(n))
        if n == 2:
            duties.pause(duty=duty, reason="hearing", document="1", at=MONDAY)

    seen, cursor = [], ""
    while True:
        page = queries.inbox(worker(), at=LATER, size=2, cursor=cursor)
        seen += [row.title for row in page.rows]
        cursor = page.next
        if not cursor:
            break

    assert seen == ["0", "1", "3", "4", "5", "6", "2"]


@pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "WyJhIiwiYiIsImMiXQ"])
def test_a_broken_page_link_is_refused(published, cursor):
    with pytest.raises(Refused):
        queries.inbox(worker(), at=LATER, cursor=cursor)


def test_the_handler_is_named(published):
    account, _post = make_account("李**")
    commands.take(duty=make_duty(), by=worker(account.pk), at=MONDAY)

    [row] = queries.inbox(worker(account.pk + 1), at=LATER).rows
    assert (row.handler, row.mine) == ("李**", False)
    [row] = queries.inbox(worker(account.pk), at=LATER).rows
    assert row.mine


@pytest.mark.parametrize("n", [1, 3])
def test_a_page_is_one_query_and_its_counts_another(published, django_assert_num_queries, n):
    for grid in range(n):
        code = f"{COMMUNITY}00{grid}"
        Division.objects.create(
            code=code, name=code, short_name=f"grid {grid}", level="grid", parent=COMMUNITY,
            valid_from="2020-01-01",
        )  # fmt: skip
        make_duty(place=code)
    queries.inbox(worker(), at=LATER)  # the calendar and the names of places are kept

    with django_assert_num_queries(1):
        rows = queries.inbox(worker(), at=LATER).rows
    assert [row.where for row in rows] == [f"grid {grid}" for grid in range(n)]
    with django_assert_num_queries(1):
        queries.inbox_counts(worker(), LATER)


@pytest.mark.slow
@pytest.mark.parametrize("actor", [
    worker(),
    worker(role="department_clerk", place=STREET, department="civil_affairs"),
])  # fmt: skip
def test_the_inbox_walks_its_index_and_reads_no_more_than_a_page(published, actor, monkeypatch):
    _many(20_000)
    asked = []
    monkeypatch.setattr(queries, "_ask", lambda text, values: asked.append((text, values)) or [])
    queries.inbox(actor, at=LATER, cursor=FIFTH_OF_MARCH)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE work_duty")
        cursor.execute("EXPLAIN ANALYZE " + asked[0][0], asked[0][1])
        plan = [line for (line,) in cursor.fetchall()]
    [scan] = [line for line in plan if "work_duty" in line]
    assert "Index Scan using duty_inbox" in scan and "actual" in scan, plan
    assert "rows=21.00" in scan or "rows=21 " in scan, plan


@pytest.mark.slow
@pytest.mark.parametrize(
    ("to", "index"),
    [
        (Narrowing(item="item-7"), "duty_of_item"),
        (Narrowing(below=STREET + "013"), "duty_below"),
    ],
)
def test_a_narrowed_inbox_walks_an_index_too(published, to, index, monkeypatch):
    _many(20_000)
    clerk = worker(role="subdistrict_clerk", place=STREET)
    asked = []
    monkeypatch.setattr(queries, "_ask", lambda text, values: asked.append((text, values)) or [])
    queries.inbox(clerk, at=LATER, to=to, cursor=FIFTH_OF_MARCH)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE work_duty")
        cursor.execute("EXPLAIN ANALYZE " + asked[0][0], asked[0][1])
        plan = [line for (line,) in cursor.fetchall()]
    [scan] = [line for line in plan if "work_duty" in line]
    assert f"Index Scan using {index}" in scan, plan
    assert "rows=21.00" in scan or "rows=21 " in scan, plan


def _many(n):
    make_duty()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO work_duty (kind, about, title, detail, person, link, place, department,
                item, scene, assignee, opened_at, due_at, blue_at, yellow_at, red_at, turns_at,
                provisional, edition, paused, mark, closed_at, outcome)
            SELECT kind, 'tests.Case:' || n, title, detail, person, link,
                CASE n %% 3 WHEN 0 THEN '320411002'
                     ELSE '32041100201' || (n / 3) %% 10 || '00' || n %% 7 END,
                CASE WHEN n %% 3 = 0 AND n %% 2 = 0 THEN 'civil_affairs' ELSE '' END,
                'item-' || n %% 23, '3204110020' || lpad((n / 3 %% 19)::text, 2, '0'),
                NULL, opened_at, due_at + n * interval '1 minute', blue_at, yellow_at, red_at,
                turns_at, provisional, edition, n %% 20 = 0, mark, closed_at, outcome
            FROM work_duty, generate_series(1, %s) AS n
            """,
            [n],
        )


# --- narrowed -------------------------------------------------------------------------------------

CLERK = worker(role="subdistrict_clerk", place=STREET)


@pytest.fixture
def street(published):
    """Of two items and two communities, in the inbox of the street."""
    for title, item, scene, limit in [
        ("late lamp", "lamp", COMMUNITY, hours(1)),
        ("lamp", "lamp", GRID, days(9)),
        ("dog", "dog", COMMUNITY, days(9)),
        ("lamp next door", "lamp", "320411002017", days(9)),
    ]:
        make_duty(limit, title=title, item=item, scene=scene, place=STREET, kind=f"tests.{item}")
    make_duty(title="of no item", place=STREET)
    make_duty(title="the community's own", item="lamp", scene=GRID, place=COMMUNITY)


@pytest.mark.parametrize(
    ("to", "seen"),
    [
        (Narrowing(), {"late lamp", "lamp", "dog", "lamp next door", "of no item"}),
        (Narrowing(item="lamp"), {"late lamp", "lamp", "lamp next door"}),
        (Narrowing(below=COMMUNITY), {"late lamp", "lamp", "dog"}),
        (Narrowing(item="lamp", below=COMMUNITY), {"late lamp", "lamp"}),
        (Narrowing(kind="tests.dog", item="lamp"), set()),
    ],
)
def test_the_inbox_is_narrowed_by_item_and_by_the_place_below(street, to, seen):
    assert set(titles(CLERK, to=to)) == seen

    counts = queries.inbox_counts(CLERK, LATER, to)
    assert counts["all"] == len(seen)
    assert counts["overdue"] == len(titles(CLERK, to=to, filter="overdue"))


def test_each_choice_counts_what_choosing_it_would_show(street):
    found = queries.choices(CLERK, LATER, "", Narrowing(item="lamp"))

    assert [(each.code, each.count) for each in found["item"]] == [("lamp", 3), ("dog", 1)]
    assert [(each.code, each.count) for each in found["below"]] == [
        (COMMUNITY, 2),
        ("320411002017", 1),
    ]
    for column, choices in found.items():
        for each in choices:
            to = replace(Narrowing(item="lamp"), **{column: each.code})
            assert len(titles(CLERK, to=to)) == each.count
    late = queries.choices(CLERK, LATER, "overdue")
    assert [each.code for each in late["item"]] == ["lamp"]


def test_what_is_handed_on_keeps_where_it_lies(street):
    duty = Duty.objects.get(title="lamp")
    assert duty.below == COMMUNITY

    duties.hand_on(duty=duty, place="320411", at=MONDAY)

    duty.refresh_from_db()
    assert (duty.scene, duty.below) == (GRID, STREET)


def test_a_merged_community_is_found_under_its_new_code(street):
    commands.follow_move(old=COMMUNITY, new="320411002017", by=CLERK, at=MONDAY)

    assert set(titles(CLERK, to=Narrowing(below="320411002017"))) == {
        "late lamp", "dog", "lamp next door"
    }  # fmt: skip


# --- by unit --------------------------------------------------------------------------------------


def test_overseers_see_what_waits_in_the_units_below_and_no_person(city):
    memory.forget()
    for code, name in ((COMMUNITY, "天安社区"), ("320411002017", "富都社区")):
        Division.objects.create(
            code=code, name=name, short_name=name, level="community", parent=STREET,
            valid_from="2020-01-01",
        )  # fmt: skip
    late = at("2026-03-20 10:00")
    clerk = worker(role="subdistrict_clerk", place=STREET)

    rows = queries.units_below(clerk, late)

    assert [(row.name, row.waiting, row.overdue) for row in rows] == [
        ("富都社区", 1, 1),
        ("天安社区", 3, 3),
    ]
    assert [row.overdue for row in queries.units_below(clerk, MONDAY)] == [0, 0]
    assert queries.units_below(worker(), late) == []
    memory.forget()


# --- what remains ---------------------------------------------------------------------------------

PLAIN = Calendar(1, frozenset({2026}), {})


@pytest.mark.parametrize(
    ("due", "expected", "text"),
    [
        ("2026-03-04 17:30", (7, "hours", "yellow"), "Today 17:30"),
        ("2026-03-05 17:30", (1, "working_days", "yellow"), "1 working day left"),
        ("2026-03-06 17:30", (2, "working_days", ""), "2 working days left"),
        ("2026-03-07 12:00", (2, "working_days", ""), "2 working days left"),
        ("2026-03-04 10:00", (-1, "minutes", "red"), "1 minute late"),
        ("2026-03-04 09:20", (-40, "minutes", "red"), "40 minutes late"),
        ("2026-03-04 06:30", (-3, "hours", "red"), "3 hours late"),
        ("2026-03-02 09:00", (-2, "calendar_days", "red"), "2 days late"),
    ],
)
def test_what_remains_is_said_as_people_say_it(english, due, expected, text):
    left = queries.remaining(at(due), LATER, PLAIN)

    assert tuple(left) == expected
    assert left.text == text


def test_on_a_friday_a_saturday_is_named_by_its_date(english):
    left = queries.remaining(at("2026-03-07 12:00"), at("2026-03-06 10:00"), PLAIN)

    assert (tuple(left), left.text) == ((0, "working_days", "yellow"), "03-07 12:00")


def test_a_stopped_clock_says_so(english):
    left = queries.remaining(at("2026-03-01 12:00"), LATER, PLAIN, paused=True)

    assert (left.text, left.mark) == ("Clock stopped", "")


@given(st.integers(-60 * 24 * 40, 60 * 24 * 40), st.integers(0, 60 * 24 * 10))
def test_what_remains_never_grows_as_time_goes_by(minutes, passed):
    due = MONDAY + timedelta(minutes=minutes)
    order = {"working_days": 1, "hours": 0, "minutes": -1, "calendar_days": -2}

    def rank(left):
        if left.amount < 0 and left.unit == "hours":
            return (-1.5, left.amount)
        return (order[left.unit], left.amount)

    before = queries.remaining(due, MONDAY, PLAIN)
    after = queries.remaining(due, MONDAY + timedelta(minutes=passed), PLAIN)
    assert rank(after) <= rank(before)
