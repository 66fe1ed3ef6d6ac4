"""Whoever knows the seed draws the same communities; every stratum gives its share."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ..sampling import Community, draw

codes = st.lists(
    st.tuples(st.integers(1, 320), st.integers(0, 5000)), min_size=1, max_size=80,
    unique_by=lambda each: each[0],
)  # fmt: skip


def communities(rows):
    return [Community(f"320411002{number:03d}", number < 200, many) for number, many in rows]


@given(codes, st.integers(0, 40), st.integers(0, 2**48))
def test_the_same_seed_draws_the_same_sample_in_whatever_order_they_come(rows, size, seed):
    known = communities(rows)
    drawn = draw(known, size, seed)
    assert drawn == draw(known[::-1], size, seed)
    assert len(drawn) == len(set(drawn)) == min(size, len(known))
    assert set(drawn) <= {each.code for each in known}


@given(codes, st.integers(1, 40), st.integers(0, 2**48))
def test_no_stratum_is_more_than_one_away_from_its_share(rows, size, seed):
    known = communities(rows)
    size = min(size, len(known))
    of = {each.code: each.stratum for each in known}
    drawn = Counter(of[code] for code in draw(known, size, seed))
    for stratum, number in Counter(of.values()).items():
        assert abs(drawn[stratum] - size * number / len(known)) < 1


def test_another_seed_draws_others():
    known = communities([(number, 1500) for number in range(1, 100)])
    assert len({tuple(draw(known, 10, seed)) for seed in range(20)}) > 15
