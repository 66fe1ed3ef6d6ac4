"""Pyramids are exact at any moment, whatever came and went and whether or not it is folded."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.kernel.acting import Actor
from shanzhi.registry import fence, population
from shanzhi.registry.commands import imports_open, imports_undo
from shanzhi.registry.models import Batch, Headcount, Hidden, Person, Presence, Source, Turn
from shanzhi.registry.queries import population as queries

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = date(2020, 1, 1)
TIANAN, PANLONG, TIANNING = "320411002018", "320411003001", "320402001001"


@pytest.fixture
def live():
    """Somebody living in a place."""
    source, _new = Source.objects.get_or_create(
        code="community", defaults={"kind": "community", "name": "社区采集"}
    )

    def make(place, birth, sex="1", kind=2, batch=None) -> Presence:
        person = Person.objects.create(
            name="甲", birth=birth, sex=sex, source=source, valid_from=DAY, recorded_at=NOON
        )
        return Presence.objects.create(
            person=person, kind=kind, place=place, name="甲", birth=birth, sex=sex, since=DAY,
            batch=batch,
        )  # fmt: skip

    return make


def shape(place: str, on: date = TODAY, kind: int = 2) -> dict:
    """Bands that are not empty: (youngest age) → (male, female, other)."""
    found = queries.pyramid(place, on, kind)
    return {
        band.low: (band.male, band.female, band.other)
        for band in found.bands
        if band.male or band.female or band.other
    }


def test_somebody_is_in_the_band_of_their_age_in_every_place_above(live):
    live(TIANAN + "001", date(1990, 5, 1))
    live(TIANAN, date(1952, 1, 1), "2")
    live(TIANNING, date(2024, 1, 1), "9")
    for place in (TIANAN, "320411002", "320411"):
        assert shape(place) == {35: (1, 0, 0), 70: (0, 1, 0)}, place
    assert shape("3204") == {0: (0, 0, 1), 35: (1, 0, 0), 70: (0, 1, 0)}
    assert shape(TIANAN + "001") == {35: (1, 0, 0)}
    assert shape(PANLONG) == {}
    assert queries.pyramid("3204", TODAY).total == 3


def test_a_birthday_moves_one_to_the_next_band_on_the_day(live):
    live(TIANAN, date(1991, 3, 2))
    assert list(shape("3204", date(2026, 3, 1))) == [30]
    assert list(shape("3204", date(2026, 3, 2))) == [35]
    assert list(shape(TIANAN, date(2026, 3, 1))) == [30]
    assert list(shape(TIANAN, date(2026, 3, 2))) == [35]


def test_the_very_old_the_unborn_and_those_without_a_birthday(live):
    live(TIANAN, date(1900, 1, 1))
    live(TIANAN, date(1926, 3, 2))
    live(TIANAN, None, "2")
    live(TIANAN, date(2026, 3, 3))
    for place in (TIANAN, "3204"):
        found = queries.pyramid(place, TODAY)
        assert found.bands[-1] == queries.Band(100, None, 2, 0, 0)
        assert (found.unknown, found.total) == (1, 3)


@given(st.lists(st.dates(date(1985, 1, 1), date(1992, 12, 31)), max_size=12), st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_city_adds_up_to_what_its_communities_count_one_by_one(live, births, data):
    on = data.draw(st.dates(date(2024, 2, 28), date(2026, 3, 2)))
    with transaction.atomic():
        for birth in births:
            live(TIANAN, birth)
        if data.draw(st.booleans()):
            population.fold()
        assert shape("3204", on) == shape("320411", on) == shape(TIANAN, on)
        assert shape("320411002", on) == shape(TIANAN, on)
        transaction.set_rollback(True)


def test_registered_and_living_are_counted_apart(live):
    live(TIANAN, date(1990, 5, 1), kind=1)
    assert shape("320411", kind=1) == shape(TIANAN, kind=1) == {35: (1, 0, 0)}
    assert shape("320411") == shape(TIANAN) == {}


def test_coming_going_moving_and_mending_are_seen_at_once_and_after_folding(live):
    stays, moves, leaves, mended = (live(TIANAN, date(1990, 5, n)) for n in (1, 2, 3, 4))
    assert population.fold() > 0
    assert population.fold() == 0
    Presence.objects.filter(pk=moves.pk).update(place=TIANNING)
    Presence.objects.filter(pk=leaves.pk).update(until=TODAY)
    Presence.objects.filter(pk=mended.pk).update(birth=date(1950, 1, 1), sex="2")
    Presence.objects.filter(pk=stays.pk).update(name="乙")

    for _time in range(2):
        assert shape("320411") == {35: (1, 0, 0), 75: (0, 1, 0)}
        assert shape("320402") == shape("320402001") == {35: (1, 0, 0)}
        assert shape("320411002") == {35: (1, 0, 0), 75: (0, 1, 0)}
        assert shape("3204") == {35: (2, 0, 0), 75: (0, 1, 0)}
        assert population.faults() == 0
        population.fold()
    assert Turn.objects.count() == 0
    Presence.objects.filter(pk=stays.pk).delete()
    assert shape("320411") == {75: (0, 1, 0)}
    assert population.faults() == 0


def test_what_an_import_has_not_opened_is_not_counted(live):
    Hidden.objects.create(batch=7)
    live(TIANAN, date(1990, 5, 1), batch=7)
    live(TIANAN, date(1990, 5, 2), batch=8)
    assert shape("3204") == shape(TIANAN) == {35: (1, 0, 0)}
    Hidden.objects.filter(batch=7).delete()
    assert shape("3204") == shape(TIANAN) == {35: (2, 0, 0)}
    Hidden.objects.create(batch=7)  # an undoing begins
    assert shape("3204") == shape(TIANAN) == {35: (1, 0, 0)}
    Presence.objects.filter(batch=7).delete()
    Hidden.objects.filter(batch=7).delete()
    assert shape("3204") == shape(TIANAN) == {35: (1, 0, 0)}
    assert population.faults() == 0


@pytest.fixture
def brought(live):
    """A batch of two that nobody sees yet, with its figures made."""
    Hidden.objects.create(batch=7)
    for day in (1, 2):
        live(TIANAN, date(1990, 5, day), batch=7)
    imports_open.count(batch=Batch(pk=7))
    return live


def everywhere(shown):
    for place in ("3204", "320411", "320411002", TIANAN):
        assert shape(place) == shown, place
    assert population.faults() == 0


def test_the_figures_of_an_import_are_made_before_it_is_opened(brought):
    imports_open.count(batch=Batch(pk=7))
    assert Turn.objects.count() == 2  # once
    everywhere({})
    assert population.fold() == 0
    with CaptureQueriesContext(connection) as asked:
        Hidden.objects.filter(batch=7).delete()
    assert Turn.objects.count() == 2  # none by the opening
    assert len(asked) <= 3
    for _time in range(2):
        everywhere({35: (2, 0, 0)})
        population.fold()


def test_a_rebuild_before_the_opening_loses_nobody(brought):
    population.rebuild()
    everywhere({})
    Hidden.objects.filter(batch=7).delete()
    everywhere({35: (2, 0, 0)})


@pytest.mark.parametrize("folded", [True, False])
def test_an_import_that_was_opened_is_hidden_again_to_be_undone(brought, folded):
    Hidden.objects.filter(batch=7).delete()
    if folded:
        population.fold()
    imports_undo._hide(Batch(pk=7))
    everywhere({})
    Presence.objects.filter(batch=7, birth=date(1990, 5, 1)).delete()
    Presence.objects.filter(batch=7).update(batch=None)  # who was changed since stays
    Hidden.objects.filter(batch=7).delete()
    for _time in range(2):
        everywhere({35: (1, 0, 0)})
        population.fold()


def test_an_import_that_was_never_opened_is_undone_with_its_figures(brought):
    imports_undo._hide(Batch(pk=7))
    assert Turn.objects.count() == 0
    everywhere({})
    Presence.objects.filter(batch=7).delete()
    Hidden.objects.filter(batch=7).delete()
    everywhere({})


def test_a_headcount_that_is_wrong_is_found_and_rebuilt(live):
    live(TIANAN, date(1990, 5, 1))
    live(TIANAN, date(1990, 5, 1))
    population.fold()
    assert Headcount.objects.count() == 6  # of sub-district, district, city; by day and by month
    Headcount.objects.filter(place="320411", grain="d").update(count=7)
    assert population.faults() == 1
    population.rebuild()
    assert population.faults() == 0
    assert shape("320411") == {35: (2, 0, 0)}


def test_a_sub_district_reads_its_sums(live):
    live(TIANAN, date(1990, 5, 1))
    population.fold()
    Headcount.objects.filter(place="320411002", grain="m").update(count=5)
    assert shape("320411002") == {35: (5, 0, 0)}
    assert shape("320411") == shape(TIANAN) == {35: (1, 0, 0)}


def test_a_presence_above_the_sub_districts_counts_once_a_level(live):
    live("320411", date(1990, 5, 1))
    population.fold()
    assert shape("320411") == shape("3204") == {35: (1, 0, 0)}
    assert population.faults() == 0


def test_only_places_of_ones_own_range_are_answered_inside_the_fence(live):
    live(TIANAN, date(1990, 5, 1))
    clerk = Actor(account_id=1, post_id=1, role="subdistrict_clerk", place="320411002")
    with fence.within(clerk):
        assert shape("320411002") == shape(TIANAN) == {35: (1, 0, 0)}
        assert shape("320411") == shape("3204") == shape(PANLONG) == {}
    with fence.within(Actor(account_id=2)):
        assert shape(TIANAN) == {}


def test_adding_somebody_writes_a_line_and_waits_for_nobody(live):
    live(TIANAN, date(1990, 5, 1))
    population.fold()
    with connection.cursor() as cursor:
        cursor.execute("select xmin::text from registry_headcount order by place")
        before = cursor.fetchall()
        live(TIANAN, date(1990, 5, 1))
        cursor.execute("select xmin::text from registry_headcount order by place")
        assert cursor.fetchall() == before
    assert Turn.objects.count() == 1


@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_birthday_has_one_band_which_is_the_one_of_its_age(birth, on):
    bounds = queries._bounds(on)
    assert bounds == sorted(set(bounds))
    slot = sum(bound <= birth for bound in bounds)
    age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    if birth > on:
        assert slot == len(bounds)
    elif (birth.month, birth.day) != (2, 29):
        assert slot == len(bounds) - 1 - min(age, 100) // 5
