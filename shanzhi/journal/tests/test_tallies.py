import threading
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .. import followers, kinds, queries, tallies
from ..models import Measured, Rollup, Tally
from .concurrency import running, wait_until_someone_waits_for_me
from .factories import CHINA, NOON, TIANAN, catch_up, make_entry, wait_until_settled

DAY = date(2026, 3, 2)
OTHER = "320411002019"
PLACES = ["3204", "320411", "320411002", TIANAN, OTHER, TIANAN + "003", "320412001001"]


@pytest.fixture(autouse=True)
def measures(own_plugs):
    item = lambda row: row.data.get("item", "")  # noqa: E731
    kinds.register_measure(kinds.Measure("cases.received", "cases.received", item))
    kinds.register_measure(
        kinds.Measure("cases.hours", "hours", amount=lambda row: row.data["hours"])
    )


def received(place="3204", since=DAY, until=DAY, key=None):
    return tallies.total("cases.received", place, since=since, until=until, key=key)


@pytest.mark.django_db
def test_a_figure_is_the_same_before_and_after_folding():
    make_entry(item="a")
    make_entry(item="b", place=OTHER)
    make_entry("cases.closed")
    assert received() == 2

    assert catch_up("tallies") == 3
    assert received() == 2
    assert Tally.objects.count() == 2

    make_entry(item="a")
    assert received() == 3
    assert received(key="a") == 2
    assert received(TIANAN) == 2
    assert received("320412") == 0


@pytest.mark.django_db
def test_days_are_those_of_china():
    make_entry(at=datetime(2026, 3, 2, 0, 5, tzinfo=CHINA))  # 1 March in Greenwich
    make_entry(at=datetime(2026, 3, 2, 23, 59, tzinfo=CHINA))
    make_entry(at=datetime(2026, 3, 3, 0, 0, tzinfo=CHINA))

    for _fold in range(2):
        assert received() == 2
        assert received(until=DAY + timedelta(days=1)) == 3
        catch_up("tallies")


@pytest.mark.django_db
def test_figures_by_the_places_below_by_day_and_by_key():
    for place in PLACES:
        make_entry(item="a", place=place)
    make_entry(item="b", place=TIANAN, at=NOON + timedelta(days=1))
    days = {"since": DAY, "until": DAY + timedelta(days=1)}

    for _fold in range(2):
        assert tallies.by_place("cases.received", "3204", **days) == {
            "3204": 1,
            "320411": 6,
            "320412": 1,
        }
        assert tallies.by_place("cases.received", TIANAN, **days) == {TIANAN: 2, TIANAN + "003": 1}
        assert tallies.by_day("cases.received", "320411", **days) == {
            DAY: 5,
            DAY + timedelta(days=1): 1,
        }
        assert tallies.by_key("cases.received", TIANAN, **days) == {"a": 2, "b": 1}
        catch_up("tallies")


@pytest.mark.django_db
def test_amounts_are_added_up():
    make_entry("cases.hours", hours=3)
    make_entry("cases.hours", hours=4)
    catch_up("tallies")
    make_entry("cases.hours", hours=5)

    assert tallies.total("hours", "", since=DAY, until=DAY) == 12


entries = st.lists(
    st.tuples(st.sampled_from(PLACES), st.integers(0, 3), st.sampled_from("abc")), max_size=25
)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries, st.integers(0, 25), st.sampled_from(["", *PLACES]), st.integers(0, 3))
def test_figures_are_right_wherever_the_follower_stands(rows, folded, place, until):
    with transaction.atomic():
        check_figures(rows, folded, place, until)
        transaction.set_rollback(True)


def check_figures(rows, folded, place, until):
    for number, (at_place, day, item) in enumerate(rows):
        if number == folded:
            catch_up("tallies")
        make_entry(place=at_place, at=NOON + timedelta(days=day), item=item)
    inside = [row for row in rows if row[0].startswith(place) and row[1] <= until]
    days = {"since": DAY, "until": DAY + timedelta(days=until)}

    assert tallies.total("cases.received", place, **days) == len(inside)
    assert tallies.by_key("cases.received", place, **days) == Counter(row[2] for row in inside)
    deep = next((n for n in (2, 4, 6, 9, 12, 15) if n > len(place)), 15)
    assert tallies.by_place("cases.received", place, **days) == Counter(
        row[0][:deep] for row in inside
    )


@pytest.mark.django_db
def test_rebuilding_finds_and_mends_what_is_wrong_and_leaves_the_rest():
    make_entry(item="a")
    make_entry(item="b")
    make_entry(item="a", at=NOON + timedelta(days=1))
    catch_up("tallies")
    make_entry(item="a")  # not folded yet: not to be counted twice
    assert tallies.rebuild(since=DAY, until=DAY + timedelta(days=1), at=NOON) == []

    Tally.objects.filter(day=DAY, key="a").update(count=9)
    Tally.objects.filter(day=DAY, key="b").delete()
    Tally.objects.create(measure="gone", place="3204", day=DAY, key="", count=4)
    Tally.objects.create(measure="gone", place="3204", day=DAY - timedelta(days=1), count=4)

    differences = tallies.rebuild(since=DAY, until=DAY + timedelta(days=1), at=NOON)

    assert differences == [
        ("cases.received", TIANAN, DAY, "a", 9, 1),
        ("cases.received", TIANAN, DAY, "b", 0, 1),
        ("gone", "3204", DAY, "", 4, 0),
    ]
    assert Counter(each.measure for each in differences) == {"cases.received": 2, "gone": 1}
    assert received() == 3
    assert Tally.objects.get(measure="gone").day == DAY - timedelta(days=1)
    assert queries.about(f"journal.Tally:{DAY}")[0].data == {"mended": 3}
    Rollup.objects.filter(day=DAY, place="3204", key="a").update(count=7)
    assert tallies.total("cases.received", "3204", since=DAY, until=DAY) == 9
    assert tallies.rebuild(since=DAY, until=DAY, at=NOON) == [
        ("cases.received", "3204", DAY, "a", 7, 1)
    ]
    assert tallies.total("cases.received", "3204", since=DAY, until=DAY) == 3
    assert tallies.rebuild(since=DAY, until=DAY, at=NOON) == []


@pytest.mark.django_db
def test_a_measure_added_later_counts_the_past_after_a_rebuild():
    make_entry("cases.closed")
    catch_up("tallies")
    kinds.register_measure(kinds.Measure("cases.closed", "cases.closed"))
    assert tallies.total("cases.closed", "3204", since=DAY, until=DAY) == 0

    tallies.rebuild(since=DAY, until=DAY, at=NOON)

    assert tallies.total("cases.closed", "3204", since=DAY, until=DAY) == 1


@pytest.mark.django_db
def test_a_measure_that_comes_with_a_newer_version_counts_the_past_by_itself_and_once():
    make_entry("cases.closed")
    make_entry("cases.closed", at=NOON + timedelta(days=3))
    catch_up("tallies")
    later = NOON + timedelta(days=9)
    assert tallies.count_new(at=later) == ["cases.received", "hours"]  # a city as it was
    kinds.register_measure(kinds.Measure("cases.closed", "cases.closed"))

    assert tallies.count_new(at=later) == ["cases.closed"]

    closed = tallies.total("cases.closed", "3204", since=DAY, until=DAY + timedelta(days=9))
    assert closed == 2
    assert Measured.objects.count() == 3
    Tally.objects.all().delete()
    assert tallies.count_new(at=later) == []  # what is known is not counted again
    assert not Tally.objects.exists()


@pytest.mark.django_db
def test_an_empty_city_has_counted_everything():
    assert tallies.count_new(at=NOON) == ["cases.received", "hours"]
    assert tallies.count_new(at=NOON) == []


@pytest.mark.django_db
def test_stopped_in_between_it_counts_again(monkeypatch):
    make_entry(item="a")
    catch_up("tallies")
    monkeypatch.setattr(tallies, "rebuild", lambda **days: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tallies.count_new(at=NOON)
    assert not Measured.objects.exists()


def test_a_rebuild_waits_for_the_folding_that_is_under_way(database):
    inside = threading.Event()

    def fold_slowly(rows):
        tallies.fold(rows)
        inside.set()
        wait_until_someone_waits_for_me()

    kinds.FOLLOWERS["tallies"] = kinds.Follower("tallies", fold_slowly)
    make_entry(item="a")
    make_entry(item="a")
    wait_until_settled()
    with running(lambda: followers.advance("tallies", NOON)):
        assert inside.wait(5)
        assert tallies.rebuild(since=DAY, until=DAY, at=NOON) == []

    assert received() == 2


@pytest.mark.django_db
def test_a_figure_costs_two_queries_however_many_are_counted(django_assert_num_queries):
    make_entry(item="a")
    with django_assert_num_queries(2):
        received()


def test_one_verb_counts_once_as_one_measure():
    with pytest.raises(ValueError, match="counts as"):
        kinds.register_measure(kinds.Measure("cases.received", "cases.received"))


@pytest.mark.django_db
def test_the_figures_read_an_index_and_never_the_whole_journal():
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain " + tallies.FIGURES.format(keyed="", **tallies._whole("3204")._asdict()),
            {
                "measure": "m",
                "first": "3204",
                "beyond": "3205",
                "since": DAY,
                "until": DAY,
                "verbs": ["a"],
                "start": NOON,
                "end": NOON,
                "xid": 0,
                "entry": 0,
            },
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on journal_entry" not in plan
