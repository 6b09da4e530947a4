"""Comparison with a benchmark and among peers, one by one and many at once."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.comparison import (
    ALARM_COVERAGE,
    benjamini_hochberg,
    expected_by_chance,
    peers,
    proportion_p_value,
    status,
)
from indicators.intervals import wilson
from tests.unit.golden_statistics import cases, number, rows_of

FIGURE = st.floats(min_value=-1e6, max_value=1e6)


@pytest.mark.parametrize("row", cases("comparison"))
def test_status_of_worked_cases(row):
    figures = (number(row[name]) for name in ("value", "lower", "upper", "benchmark"))
    assert status(*figures, row["better"]) == row["status"]


def test_status_of_arrays_and_series_is_that_of_each():
    rows = [row for row in rows_of("comparison") if row["better"] == "higher"]
    names = ("value", "lower", "upper", "benchmark")
    columns = [[number(row[name]) for row in rows] for name in names]
    expected = [row["status"] for row in rows]
    assert list(status(*columns, "higher")) == expected
    assert list(status(*(pd.Series(column) for column in columns), "higher")) == expected


def test_one_benchmark_serves_all():
    assert list(status([10, 10], [8, 6], [12, 14], 7, "higher")) == ["better", "similar"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((10, 12, 8, 9, "higher"), "lower must not be above upper"),
        ((0.52, 48, 56, 50, "higher"), "same unit"),
        ((10, 8, 12, math.inf, "higher"), "benchmark must be finite"),
        ((10, 8, 12, 9, "more"), "higher, lower, none"),
        (([1, 2], [0, 0, 0], 3, 2, "higher"), "same length"),
        ((pd.Series([1]), 0, pd.Series([2], index=[5]), 1, "higher"), "same index"),
    ],
)
def test_status_refuses_bad_input(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        status(*arguments)


@given(FIGURE, FIGURE, FIGURE, FIGURE)
def test_what_is_better_one_way_is_worse_the_other(a, b, c, benchmark):
    lower, value, upper = sorted((a, b, c))
    turned = {"better": "worse", "worse": "better", "similar": "similar"}
    found = status(value, lower, upper, benchmark, "higher")
    assert status(value, lower, upper, benchmark, "lower") == turned[found]
    assert status(-value, -upper, -lower, -benchmark, "lower") == found
    assert (found == "similar") == (lower <= benchmark <= upper)


def test_an_alarm_asks_for_more_than_a_description():
    x, n, benchmark = 40, 100, 0.52
    assert status(x / n, *wilson(x, n), benchmark, "higher") == "worse"
    assert status(x / n, *wilson(x, n, ALARM_COVERAGE), benchmark, "higher") == "similar"


def test_peers_give_quartiles_and_competition_ranks():
    found = peers([10, 30, 20, None, 30, 40])
    assert (found.known_count, found.q1, found.median, found.q3) == (5, 20, 30, 30)
    np.testing.assert_array_equal(found.rank, [5, 2, 4, np.nan, 2, 1])
    np.testing.assert_array_equal(peers([10, 30, 20], "lower").rank, [1, 3, 2])


def test_quartiles_are_interpolated_as_in_the_marts():
    found = peers([1, 2, 3, 4])
    assert (found.q1, found.median, found.q3) == (1.75, 2.5, 3.25)


def test_no_rank_where_no_direction_is_better_and_no_quartile_without_a_value():
    assert np.isnan(peers([1, 2], "none").rank).all()
    nothing = peers([None, math.nan])
    assert nothing[:4] == (0, None, None, None)
    assert np.isnan(nothing.rank).all()


def test_peers_refuse_bad_input():
    with pytest.raises(ValueError, match="at least one value"):
        peers([])
    with pytest.raises(ValueError, match="higher, lower, none"):
        peers([1], "best")


@given(st.lists(FIGURE, min_size=1, max_size=30))
def test_ranks_count_the_peers_that_are_better(values):
    found = peers(values)
    assert list(found.rank) == [1 + sum(other > value for other in values) for value in values]
    assert min(values) <= found.q1 <= found.median <= found.q3 <= max(values)


def test_how_many_differences_chance_alone_makes():
    assert expected_by_chance(102) == pytest.approx(5.1)
    assert expected_by_chance(102, ALARM_COVERAGE) == pytest.approx(0.204)
    with pytest.raises(ValueError, match="coverage"):
        expected_by_chance(10, 1)
    with pytest.raises(ValueError, match="negative"):
        expected_by_chance(-1)


def test_p_values_at_known_distances():
    # 5 000 of 10 000 trials have a standard error of 0.005 around a half.
    found = proportion_p_value([5000, 5098, 5154.5], 10_000, 0.5)
    np.testing.assert_allclose(found, [1, 0.05, 0.002], atol=1e-4)
    assert isinstance(proportion_p_value(1, 2, 0.5), float)


@given(
    st.integers(min_value=0, max_value=300),
    st.integers(min_value=1, max_value=300),
    st.floats(min_value=0.01, max_value=0.99),
)
def test_p_values_agree_with_the_interval(one, other, benchmark):
    x, n = min(one, other), max(one, other)
    p_value = proportion_p_value(x, n, benchmark)
    assume(abs(p_value - 0.05) > 1e-9)
    is_within = status(x / n, *wilson(x, n), benchmark, "higher") == "similar"
    assert is_within == (p_value > 0.05)


@pytest.mark.parametrize(
    ("x", "n", "benchmark"),
    [(3, 2, 0.5), (-1, 2, 0.5), (1, 0, 0.5), (1, 2, 0), (1, 2, 1), (None, 2, 0.5)],
)
def test_p_values_refuse_bad_input(x, n, benchmark):
    with pytest.raises(ValueError, match="must|needs"):
        proportion_p_value(x, n, benchmark)


def test_benjamini_and_hochberg_on_their_own_example():
    # Fifteen comparisons of the 1995 paper, section 3.2: the first four stay.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p_values += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    found = benjamini_hochberg(p_values[::-1])
    assert list(found.is_different[::-1]) == [True] * 4 + [False] * 11
    assert found.adjusted[-4] == pytest.approx(0.0095 * 15 / 4)


def test_a_missing_test_does_not_count():
    found = benjamini_hochberg([0.02, math.nan, 0.9])
    np.testing.assert_allclose(found.adjusted, [0.04, np.nan, 0.9])
    assert list(found.is_different) == [True, False, False]
    assert benjamini_hochberg([]).adjusted.shape == (0,)


@pytest.mark.parametrize(("p_values", "share"), [([-0.1], 0.05), ([1.1], 0.05), ([0.5], 0)])
def test_benjamini_and_hochberg_refuse_bad_input(p_values, share):
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        benjamini_hochberg(p_values, share)


@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=40))
def test_adjusting_never_lowers_a_p_value_nor_changes_their_order(p_values):
    found = benjamini_hochberg(p_values)
    given_values = np.array(p_values)
    assert (found.adjusted >= given_values - 1e-15).all()
    assert (found.adjusted <= 1).all()
    assert (np.diff(found.adjusted[np.argsort(given_values)]) >= 0).all()
    assert set(np.flatnonzero(found.is_different)) <= set(np.flatnonzero(given_values <= 0.05))
