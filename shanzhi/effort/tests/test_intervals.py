"""The interval holds the truth as often as it says, is never nothing, and never leaves 0 to 1."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..intervals import Stratum, estimate, quantile
from . import factories as make

thirds = st.integers(0, 3).map(lambda number: number / 3)
strata = st.lists(st.builds(Stratum, st.integers(1, 12), st.lists(thirds, max_size=12)), max_size=6)


@given(strata)
def test_the_share_lies_in_its_interval_and_that_between_0_and_1(rows):
    found = estimate(rows)
    if not any(each.values for each in rows):
        assert found is None
    else:
        assert 0 <= found.low <= found.share + 1e-12 and found.share - 1e-12 <= found.high <= 1
        assert found.high - found.low > 0


def test_communities_count_by_their_workers_and_not_by_their_answers():
    found = estimate([Stratum(9, [1.0, 1.0]), Stratum(3, [0.0] * 20)])
    assert found.share == pytest.approx(0.75)


def test_more_half_days_make_it_narrower():
    few, many = (estimate([Stratum(9, [0, 1 / 3, 2 / 3, 1] * times)]) for times in (2, 20))
    assert few.share == many.share == 0.5
    assert many.high - many.low < (few.high - few.low) / 2


def test_parts_of_one_half_day_are_no_answers_of_their_own():
    """Ten half-days that were all the one or the other tell no more than ten answers."""
    alike = estimate([Stratum(9, [0.0, 1.0] * 5)])
    assert alike.low < 0.24 and alike.high > 0.76  # Wilson's for 5 of 10


def test_nobody_in_a_meeting_does_not_prove_that_nobody_ever_is():
    found = estimate([Stratum(9, [0.0] * 10)])
    assert found.share == found.low == 0 and 0.2 < found.high < 0.4


@pytest.mark.parametrize("chance", [0.1, 0.45, 0.66])
@pytest.mark.parametrize("many", [6, 15])
def test_it_holds_the_truth_about_as_often_as_it_says(chance, many):
    """Simulated: eight communities that differ, half-days whose parts resemble each other."""
    random = Random(f"{chance} {many}")
    held = 0
    truth = sum(make.invented(random, chance, 60_000)) / 60_000
    for _sample in range(400):
        rows = [Stratum(random.randint(5, 12), make.invented(random, chance, many))
                for _community in range(8)]  # fmt: skip
        found = estimate(rows)
        held += found.low <= truth <= found.high
    assert held / 400 >= 0.925


@given(st.lists(st.floats(0, 10), min_size=1, max_size=30), st.floats(0, 1))
def test_a_quantile_lies_among_the_values(values, place):
    assert min(values) <= quantile(values, place) <= max(values) + 1e-9
    assert quantile(values, 0) == min(values) and quantile(values, 1) == max(values)
