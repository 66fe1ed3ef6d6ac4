"""The population page: who sees which place, and which cells are nobody's."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.kernel.acting import Actor
from shanzhi.people.tests import factories as places
from shanzhi.registry.models import Person, Presence, Source
from shanzhi.registry.presenting import population as presenting
from shanzhi.registry.queries.population import Band, Pyramid
from shanzhi.registry.rules import population as rules


def pyramid(*cells: tuple[int, int]) -> Pyramid:
    """Men and women of the first bands; the others are empty."""
    filled = [*cells, *[(0, 0)] * (21 - len(cells))]
    bands = tuple(
        Band(n * 5, n * 5 + 5 if n < 20 else None, men, women, 0)
        for n, (men, women) in enumerate(filled)
    )
    return Pyramid(bands, 0, sum(map(rules.total, bands)))


def actor(role: str, place: str) -> Actor:
    return Actor(account_id=1, post_id=1, role=role, place=place)


@pytest.mark.parametrize(
    ("role", "own", "place", "sees"),
    [
        ("community_worker", "320411002018", "320411002018", True),
        ("community_worker", "320411002018", "320411002018001", True),
        ("community_worker", "320411002018", "320411002019", False),
        ("community_worker", "320411002018", "320411002", False),
        ("subdistrict_clerk", "320411002", "320411002018", True),
        ("city_leader", "3204", "320411", True),
        ("city_leader", "3204", "32", False),
        ("audit_admin", "3204", "320411", False),
    ],
)
def test_a_post_sees_the_places_it_covers(role, own, place, sees):
    assert rules.may_see(actor(role, own), place) is sees


def test_cells_of_one_or_two_are_hidden_and_never_one_alone():
    assert rules.hidden(pyramid((5, 9), (7, 8))) == set()
    assert rules.hidden(pyramid((2, 9), (1, 8))) == {(0, "male"), (5, "male")}
    assert rules.hidden(pyramid((2, 9), (7, 8), (4, 4))) == {(0, "male"), (10, "male")}
    assert rules.hidden(pyramid((2, 2))) == {(0, "male"), (0, "female")}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=21))
def test_the_total_of_a_column_does_not_tell_a_hidden_cell(cells):
    left_out = rules.hidden(pyramid(*cells))
    for sex, column in (("male", 0), ("female", 1)):
        counts = [cell[column] for cell in cells]
        shown = [n for n, count in enumerate(counts) if (n * 5, sex) not in left_out]
        assert all(counts[n] == 0 or counts[n] >= 3 for n in shown)
        unseen = len([n for n, count in enumerate(counts) if (n * 5, sex) in left_out])
        assert unseen != 1 or len([count for count in counts if count]) == 1


def test_a_row_with_a_hidden_cell_hides_its_total_too():
    rows = presenting.rows(pyramid((2, 9), (1, 8), (4, 4)), exact=False)
    assert [(row.male, row.female, row.total) for row in reversed(rows)][:3] == [
        ("<3", "9", "—"), ("<3", "8", "—"), ("4", "4", "8"),
    ]  # fmt: skip
    exact = presenting.rows(pyramid((2, 9), (1, 8), (4, 4)), exact=True)
    assert [row.total for row in reversed(exact)][:3] == ["11", "9", "8"]


def test_bars_grow_from_the_middle_and_the_oldest_are_on_top():
    rows = presenting.rows(pyramid((5, 10), (10, 0)), exact=True)
    assert rows[0].label == "100 and older"
    assert (rows[-1].label, rows[-1].left, rows[-1].male_bar, rows[-1].female_bar) == (
        "0–4", 90, 90, 180,
    )  # fmt: skip


def test_figures_and_file():
    found = pyramid((5, 10), (10, 0))
    assert presenting.figures(found)[0] == ("Altogether", "25", "")
    assert presenting.figures(found)[1] == ("Men", "15", "60.0 %")
    assert presenting.figures(found)[3] == ("Under 15", "25", "100.0 %")
    lines = presenting.as_csv(found, exact=True).splitlines()
    assert lines[0] == "\ufeffAge,Male,Female,Not stated,Altogether"
    assert lines[1] == "0–4,5,10,0,15"
    assert lines[-1] == "Altogether,,,,25"


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def counted(db, client, settings):
    """Two communities of one sub-district with people, and somebody who looks at them."""
    places.city()
    source, _new = Source.objects.get_or_create(
        code="community", defaults={"kind": "community", "name": "社区采集"}
    )
    facts = {"source": source, "valid_from": date(2020, 1, 1), "recorded_at": places.NOON}
    for place, count in ((places.TIANAN, 2), (places.FUDU, 5)):
        for n in range(count):
            birth = date(1990, 1, 1 + n)
            person = Person.objects.create(name="甲", birth=birth, sex="1", **facts)
            Presence.objects.create(
                person=person, kind=2, place=place, name="甲", birth=birth, sex="1",
                since=date(2020, 1, 1),
            )  # fmt: skip

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def look(role, own, query="", name="population"):
        places.enter(client, places.post(role, own))
        return client.get(reverse(f"registry:{name}") + query)

    return look


def test_a_community_sees_its_own_people_exactly(counted):
    page = counted("community_worker", places.TIANAN)
    assert page.status_code == 200
    assert '<th scope="row">35–39</th><td class="text-end">2</td>' in page.content.decode()
    assert b"<svg" in page.content
    assert b"style=" not in page.content.partition(b"<main")[2]
    assert counted("community_worker", places.TIANAN, f"?place={places.FUDU}").status_code == 404


def test_levels_above_see_more_and_no_cell_that_is_somebody(counted):
    page = counted("subdistrict_clerk", places.STREET)
    assert '<th scope="row">35–39</th><td class="text-end">7</td>' in page.content.decode()
    page = counted("subdistrict_clerk", places.STREET, f"?place={places.TIANAN}")
    shown = page.content.decode()
    assert '<th scope="row">35–39</th><td class="text-end">&lt;3</td>' in shown
    assert "they could be somebody" in shown


def test_the_page_asks_the_database_little(counted, client, django_assert_num_queries):
    counted("district_clerk", places.DISTRICT)
    with django_assert_num_queries(10):
        client.get(reverse("registry:population"))


@pytest.mark.parametrize("query", ["?kind=working", "?place=", "?place=320411009", "?place=%00"])
def test_what_is_not_there_is_not_found(counted, query):
    assert counted("district_clerk", places.DISTRICT, query).status_code == 404


def test_it_can_be_taken_along_as_a_file_and_on_paper(counted):
    page = counted("district_clerk", places.DISTRICT, "?kind=living", "population_csv")
    assert page["Content-Type"] == "text/csv; charset=utf-8"
    assert "35–39,7,0,0,7" in page.content.decode().splitlines()
    page = counted("district_clerk", places.DISTRICT, "", "population_paper")
    assert b"<svg" in page.content


def test_administrators_of_the_system_have_no_business_here(counted):
    assert counted("audit_admin", places.CITY).status_code == 403
