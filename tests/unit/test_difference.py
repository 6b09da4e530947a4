"""Differences of two proportions: a published example, symmetry, and what lies within chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.difference import proportion_difference

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_published_example_of_newcombe():
    # Newcombe 1998, table II, method 10: 56/70 less 48/80.
    found = proportion_difference((48, 80), (56, 70))
    assert (round(found.lower, 4), round(found.upper, 4)) == (0.0524, 0.3339)
    assert found.value == pytest.approx(0.2)
    assert found.exceeds_chance


@given(COUNTS, COUNTS)
def test_interval_holds_the_difference_and_turns_round_with_it(first, second):
    forth, back = proportion_difference(first, second), proportion_difference(second, first)
    assert -1 - 1e-9 <= forth.lower <= forth.value <= forth.upper <= 1 + 1e-9
    assert forth.lower == pytest.approx(-back.upper)
    assert forth.exceeds_chance == back.exceeds_chance


@given(COUNTS)
def test_a_proportion_does_not_differ_from_itself(counts):
    assert not proportion_difference(counts, counts).exceeds_chance


def test_no_trial_is_refused():
    with pytest.raises(ValueError):
        proportion_difference((0, 0), (1, 2))
