"""The figures of linking are held here; the table says how far they are above."""

import pytest

from bench import linking
from bench.linking import lists
from shanzhi.registry.linking import CHINESE, propose

TRIALS = {trial.code: trial for trial in linking.TRIALS}


def test_the_lists_are_the_same_for_a_seed_and_have_what_they_promise():
    made = lists.lists(400)
    assert made == lists.lists(400)
    assert made != lists.lists(400, seed=1)
    assert (len(made.left), len(made.right), len(made.truth)) == (400, 400, 240)
    by_id = {each.id: each for each in made.left}
    right = {each.id: each for each in made.right}
    assert any(by_id[one].name != right[two].name for one, two in made.truth)
    many = lists.lists(2_000).left
    assert len({(each.birth, each.homes) for each in many}) < 2_000  # twins


def test_suggestions_are_right_and_most_are_found_in_short_lists():
    made = lists.lists(600, seed=3)
    pairs = propose(made.left, made.right, model=CHINESE)
    score = linking.measure.suggested(pairs, made.truth)
    assert score.precision >= linking.PRECISION
    assert score.recall >= linking.RECALL


def test_the_same_lists_give_the_same_answer():
    made = lists.lists(1_000)
    assert propose(made.left, made.right, model=CHINESE) == propose(
        made.left, made.right, model=CHINESE
    )


@pytest.mark.slow
@pytest.mark.parametrize("code", TRIALS)
def test_what_is_suggested_is_as_right_and_as_complete_as_required(code):
    for row in linking.of_trial(TRIALS[code]):
        assert row.good, f"{row.title}: {row.reached:.3f}"


@pytest.mark.slow
def test_two_lists_of_five_thousand_take_no_longer_than_allowed():
    for row in linking.cost():
        if row.code == "linking.seconds":  # other tests' memory is in this process as well
            assert row.good, row.reached
