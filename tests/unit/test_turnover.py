"""The turnover that counts tell: found again where it is known, on the safe side elsewhere."""

import numpy as np
import pytest

from indicators.inequality import TURNOVER_BOUNDS, apparent_turnover


@pytest.mark.parametrize("turnover", [0.03, 0.05, 0.12])
def test_the_turnover_played_is_found_again(turnover):
    random = np.random.default_rng(7)
    before = random.integers(50, 2000, 1200)
    after = random.binomial(before, 1 - turnover) + random.poisson(turnover * before)
    assert apparent_turnover(before, after) == pytest.approx(turnover, rel=0.12)


def test_growth_of_the_whole_is_no_turnover():
    before = np.arange(100, 140)
    assert apparent_turnover(before, 2 * before) == TURNOVER_BOUNDS[0]


def test_upheaval_stays_within_bounds():
    assert apparent_turnover([10] * 10, [100, 0] * 5) == TURNOVER_BOUNDS[1]


def test_too_few_territories_tell_nothing():
    assert apparent_turnover([10, 20, 0, 0, 0, 0], [11, 19, 1, 1, 1, 1]) is None
    assert apparent_turnover([10] * 6, [0] * 6) is None


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [([1, -1], [1, 1], "negative"), ([1, None], [1, 1], "missing"), ([1], [1, 2], "same length")],
)
def test_bad_counts_are_refused(before, after, sentence):
    with pytest.raises(ValueError, match=sentence):
        apparent_turnover(before, after)
