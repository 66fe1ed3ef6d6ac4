"""No number, and no difference between numbers, is about fewer than five."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from ..kinds import LEAST
from ..merging import blocks, shown, whole

CITY, DISTRICT, STREET = "3204", "320411", "320411002"
communities = st.dictionaries(
    st.builds(
        lambda district, street, number: f"3204{district:02}{street:03}{number:03}",
        st.integers(1, 3), st.integers(1, 3), st.integers(1, 6),
    ),
    st.integers(0, 9), max_size=24,
)  # fmt: skip


def of(**numbers):
    return {f"{STREET}{code[1:]}": number for code, number in numbers.items()}


def test_a_small_one_is_put_together_with_the_next():
    assert blocks(STREET, of(c001=9, c002=3, c003=6)) == [
        (f"{STREET}001",), (f"{STREET}002", f"{STREET}003"),
    ]  # fmt: skip


def test_the_last_small_one_joins_the_one_before():
    assert blocks(STREET, of(c001=9, c002=4)) == [(f"{STREET}001", f"{STREET}002")]


def test_the_complement_of_a_small_one_is_not_shown_either():
    """With the sub-district's total known, one large community would give the small one away."""
    people = of(c001=9, c002=4)
    assert shown(f"{STREET}001", people, CITY) == (f"{STREET}001", f"{STREET}002")
    assert shown(f"{STREET}002", people, CITY) == (f"{STREET}001", f"{STREET}002")
    assert shown(STREET, people, CITY) == (STREET,)


def test_a_small_sub_district_is_not_opened_below_its_block():
    people = of(c001=3) | {"320411003001": 9}
    both = (STREET, "320411003")
    assert shown(STREET, people, CITY) == shown("320411003001", people, CITY) == both


def test_where_nobody_works_or_too_few_do_nothing_is_shown():
    assert shown(STREET, {}, CITY) == ()
    assert shown(CITY, of(c001=4), CITY) == ()
    assert shown("320402", of(c001=9), CITY) == ()


def tree(people):
    """Everything that is shown to anybody, as sets of communities."""

    def below(unit):
        return frozenset(code for code in people if people[code] and code.startswith(unit))

    places = {code[:length] for code in people for length in (4, 6, 9, 12)} | {CITY}
    units = {shown(place, people, CITY) for place in places} - {()}
    for place in places:
        if shown(place, people, CITY) == (place,) and len(place) < 12:
            units |= set(blocks(place, people))
    return {below(unit) for unit in units}


@given(communities)
def test_whatever_is_shown_and_every_difference_is_about_five_or_more(people):
    def many(codes):
        return sum(people[code] for code in codes)

    found = tree(people)
    assert all(many(each) >= LEAST for each in found)
    for one, other in combinations(found, 2):
        for rest in (one - other, other - one):
            assert not rest or many(rest) >= LEAST
        assert not one & other or one <= other or other <= one


@given(communities)
def test_blocks_leave_out_nobody_and_count_nobody_twice(people):
    if sum(people.values()) >= LEAST:
        found = [code for block in blocks(CITY, people) for code in block]
        assert len(found) == len(set(found))
        assert set(found) == {code[:6] for code in people if people[code]}


def test_a_unit_of_one_partition_is_shown_by_another_only_where_it_cuts_no_block():
    people = of(c001=9, c002=3, c003=6, c004=7)
    one, two, three, four = (f"{STREET}00{number}" for number in (1, 2, 3, 4))
    assert whole((one,), STREET, people) and whole((one, two, three), STREET, people)
    assert not whole((two,), STREET, people) and not whole((one, two), STREET, people)
    assert not whole((f"{STREET}009",), STREET, people) and whole((four,), STREET, people)
