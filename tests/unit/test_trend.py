"""Recent trends against published verdicts, and what must hold whatever the figures."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.trend import CANNOT_BE_CALCULATED, recent_trend
from tests.unit.golden_statistics import as_printed, cases, numbers

RATES = st.lists(st.integers(min_value=0, max_value=1000), min_size=5, max_size=5)
WIDTHS = st.lists(st.integers(min_value=1, max_value=200), min_size=5, max_size=5)


@pytest.mark.parametrize("row", cases("recent_trend"))
def test_recent_trend_of_published_cases(row):
    figures = (numbers(row[name]) for name in ("values", "lower", "upper"))
    found = recent_trend(*figures, row["better"])
    assert found.direction == (row["direction"] or None)
    assert found.verdict == row["verdict"]
    for name in ("slope", "chi2"):
        assert not row[name] or getattr(found, name) == as_printed(row[name])


def test_what_cannot_be_calculated_says_nothing_else():
    assert recent_trend([], [], [], "higher") == CANNOT_BE_CALCULATED
    assert CANNOT_BE_CALCULATED == (None, "cannot_be_calculated", None, None)


def test_intervals_too_unequal_for_a_weight_give_no_trend():
    nearly_sure = recent_trend([1, 2, 3, 4, 5], [0] * 5, [1e-300, 1, 1, 1, 1], "higher")
    assert nearly_sure == CANNOT_BE_CALCULATED


def test_series_and_arrays_give_the_verdict_of_lists():
    values, lower, upper = [10, 11, 12, 13, 14], [9, 10, 11, 12, 13], [11, 12, 13, 14, 15]
    expected = recent_trend(values, lower, upper, "higher")
    index = pd.Index(range(2012, 2017))
    series = (pd.Series(part, index=index) for part in (values, lower, upper))
    assert recent_trend(*series, "higher") == expected
    assert recent_trend(*(np.array(part) for part in (values, lower, upper)), "higher") == expected


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1, 2, 3, 4, 5], [0] * 4, [9] * 5, "higher"), "same length"),
        (([1, 2, 3, 4, 5], [9] * 5, [0] * 5, "higher"), "lower must not be above upper"),
        (([1, 2, 3, 4, math.inf], [0] * 5, [9] * 5, "higher"), "values must be finite"),
        (([1, 2, 3, 4, 5], [0] * 5, [9] * 5, "rising"), "higher, lower, none"),
        (([], [], [], "rising"), "higher, lower, none"),
    ],
)
def test_bad_input_is_refused_by_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        recent_trend(*arguments)


def bounds(values, widths):
    lower = [value - width for value, width in zip(values, widths, strict=True)]
    upper = [value + width for value, width in zip(values, widths, strict=True)]
    return lower, upper


@given(RATES, WIDTHS)
def test_read_backwards_a_trend_turns(values, widths):
    forwards = recent_trend(values, *bounds(values, widths), "higher")
    backwards = recent_trend(values[::-1], *bounds(values[::-1], widths[::-1]), "higher")
    turned = {"increasing": "decreasing", "decreasing": "increasing", "stable": "stable"}
    assert backwards.direction == turned[forwards.direction]
    assert backwards.slope == pytest.approx(-forwards.slope, abs=1e-9)
    assert backwards.chi2 == pytest.approx(forwards.chi2, rel=1e-6, abs=1e-9)


@given(RATES, WIDTHS)
def test_the_verdict_is_the_direction_seen_from_what_is_better(values, widths):
    verdicts = {
        better: recent_trend(values, *bounds(values, widths), better)
        for better in ("higher", "lower", "none")
    }
    expected = {
        "increasing": ("getting_better", "getting_worse", "neutral"),
        "decreasing": ("getting_worse", "getting_better", "neutral"),
        "stable": ("no_change", "no_change", "no_change"),
    }[verdicts["higher"].direction]
    assert tuple(found.verdict for found in verdicts.values()) == expected


@given(RATES, WIDTHS)
def test_the_slope_is_that_of_weighted_least_squares(values, widths):
    found = recent_trend(values, *bounds(values, widths), "higher")
    weights = [3.92 / (2 * width) for width in widths]
    slope, _ = np.polyfit(range(5), values, 1, w=weights)
    assert found.slope == pytest.approx(slope, abs=1e-6)
