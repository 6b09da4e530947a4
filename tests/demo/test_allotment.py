"""Whole numbers that sum to a total: by largest remainder and by search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.demo.allotment import allot, choose_options, small_options, tilted_weights


def test_allot_gives_the_rest_to_the_largest_remainders() -> None:
    assert allot(10, np.array([1.0, 1.0, 2.0])).tolist() == [3, 2, 5]


def test_allot_gives_the_minimum_first() -> None:
    assert allot(5, np.array([0.0, 0.0, 1.0]), minimum=1).tolist() == [1, 1, 3]


def test_allot_refuses_a_total_under_the_minimum() -> None:
    with pytest.raises(ValueError, match="cannot give 2"):
        allot(3, np.array([1.0, 1.0]), minimum=2)


@given(
    st.integers(0, 10_000),
    st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30),
)
def test_allot_sums_and_stays_within_one_of_the_share(total: int, weights: list[float]) -> None:
    shares = np.array(weights)
    parts = allot(total, shares)
    assert parts.sum() == total
    assert (np.abs(parts - shares / shares.sum() * total) <= 1 + 1e-6).all()


def test_tilted_weights_have_the_wanted_mean() -> None:
    rates = np.array([0.6, 1.0, 1.8])
    leaned = tilted_weights(np.array([3.0, 2.0, 1.0]), rates, 1.14)
    assert leaned.sum() == pytest.approx(1)
    assert leaned @ rates == pytest.approx(1.14)


def test_options_round_to_the_published_rate() -> None:
    options = small_options(136, target=11, minimum=4, tolerance_pct=0.37)
    assert (11, 15) in [(option.objective, option.realised) for option in options]
    assert {round(100 * option.realised / option.objective) for option in options} == {136}


def test_choice_reaches_both_sums() -> None:
    options = [small_options(rate, 10, 1, 0.37) for rate in (100, 120, 0)]
    chosen = choose_options(options, 30, 22)
    assert sum(option.objective for option in chosen) == 30
    assert sum(option.realised for option in chosen) == 22


def test_an_impossible_choice_is_said() -> None:
    with pytest.raises(ValueError, match="no combination"):
        choose_options([small_options(100, 10, 1, 0.37)], 10, 11)
