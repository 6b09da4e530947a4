"""Intervals against published limits, and what must hold whatever the counts."""

import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.intervals import byar, rate, wilson
from tests.unit.golden_statistics import as_printed, cases

COVERAGE = st.floats(min_value=0.5, max_value=0.9999)
COUNT = st.integers(min_value=0, max_value=10**7)


@pytest.mark.parametrize("row", cases("wilson"))
def test_wilson_of_published_cases(row):
    found = wilson(float(row["x"]), float(row["n"]), float(row["coverage"]))
    assert found.lower == as_printed(row["lower"])
    assert found.upper == as_printed(row["upper"])


@pytest.mark.parametrize("row", cases("byar"))
def test_byar_of_published_cases(row):
    found = byar(float(row["x"]), float(row["coverage"]))
    assert found.lower == as_printed(row["lower"])
    assert found.upper == as_printed(row["upper"])


@pytest.mark.parametrize("row", cases("rate"))
def test_rate_of_published_cases(row):
    found = rate(*(float(row[name]) for name in ("x", "n", "coverage", "per")))
    assert found.value == as_printed(row["value"])
    assert found.lower == as_printed(row["lower"])
    assert found.upper == as_printed(row["upper"])


def test_a_scalar_gives_floats_and_ends_are_exact():
    assert [type(bound) for bound in (*wilson(3, 10), *byar(3), *rate(3, 10))] == [float] * 7
    assert wilson(0, 7).lower == 0.0
    assert wilson(7, 7).upper == 1.0
    assert byar(0).lower == 0.0


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, pd.Index])
def test_every_kind_of_sequence_gives_arrays_of_the_scalars(kind):
    events, trials = [0, 9, 10, 250], [4, 9, 400, 1000]
    pairs = list(zip(events, trials, strict=True))
    for together, one_by_one in [
        (wilson(kind(events), kind(trials)), [wilson(*pair) for pair in pairs]),
        (byar(kind(events)), [byar(count) for count in events]),
        (rate(kind(events), kind(trials)), [rate(*pair) for pair in pairs]),
    ]:
        for field in together._fields:
            values = getattr(together, field)
            assert isinstance(values, np.ndarray)
            np.testing.assert_array_equal(values, [getattr(one, field) for one in one_by_one])


def test_one_denominator_serves_all_counts_and_no_rows_give_no_intervals():
    np.testing.assert_array_equal(wilson([1, 2], 10).lower, wilson([1, 2], [10, 10]).lower)
    assert byar([]).lower.shape == (0,)
    assert wilson([], []).upper.shape == (0,)


@pytest.mark.parametrize("dtype", ["Int64", "Float64", object])
def test_nullable_series_are_read(dtype):
    np.testing.assert_array_equal(byar(pd.Series([5, 50], dtype=dtype)).lower, byar([5, 50]).lower)


@pytest.mark.parametrize(
    ("x", "n", "sentence"),
    [
        (-1, 10, "x must not be negative"),
        (1, 0, "n must be positive"),
        (1, -5, "n must be positive"),
        (math.nan, 10, "x must not be missing"),
        (None, 10, "x must not be missing"),
        ([1, pd.NA], 10, "x must not be missing"),
        (1, math.nan, "n must not be missing"),
        (math.inf, 10, "x must be finite"),
        ("one", 10, "x must hold numbers"),
        ([[1], [2, 3]], 10, "x must hold numbers"),
        ([1, 2], [10, 20, 30], "x and n must have the same length"),
        (pd.Series([1], index=["a"]), pd.Series([2], index=["b"]), "same index"),
    ],
)
def test_bad_counts_are_refused_by_a_sentence(x, n, sentence):
    for method in (wilson, rate):
        with pytest.raises(ValueError, match=sentence):
            method(x, n)


def test_more_events_than_trials_are_no_proportion_but_may_be_a_rate():
    with pytest.raises(ValueError, match="x must not exceed n"):
        wilson([1, 11], 10)
    assert rate(11, 10).value == pytest.approx(1.1)


@pytest.mark.parametrize("x", [-1, [5, -0.1], math.nan, None, math.inf, "five"])
def test_bad_counts_without_denominator_are_refused(x):
    with pytest.raises(ValueError, match="^x must"):
        byar(x)


@pytest.mark.parametrize("coverage", [0, 1, -0.5, 95, math.nan, math.inf, None, "0.95"])
def test_a_coverage_out_of_bounds_is_refused(coverage):
    for method in (lambda: wilson(1, 2, coverage), lambda: byar(1, coverage)):
        with pytest.raises(ValueError, match="coverage must lie between 0 and 1"):
            method()


@pytest.mark.parametrize("per", [0, -1, math.nan, math.inf])
def test_a_rate_needs_a_positive_unit(per):
    with pytest.raises(ValueError, match="per must be positive"):
        rate(1, 10, per=per)


@given(COUNT, COUNT, COVERAGE)
def test_wilson_holds_the_proportion_and_mirrors_it(one, other, coverage):
    x, n = min(one, other), max(one, other, 1)
    interval = wilson(x, n, coverage)
    assert 0 <= interval.lower <= x / n * (1 + 1e-12)
    assert x / n * (1 - 1e-12) <= interval.upper <= 1
    mirror = wilson(n - x, n, coverage)
    assert mirror.lower == pytest.approx(1 - interval.upper, abs=1e-9)


@given(COUNT, COUNT, COVERAGE)
def test_both_wilson_bounds_solve_the_score_equation(one, other, coverage):
    x, n = min(one, other), max(one, other, 1)
    bounds = wilson(x, n, coverage)
    narrower = wilson(x, n, coverage / 2)
    assert bounds.lower <= narrower.lower <= narrower.upper <= bounds.upper
    scores = [(x - n * p) ** 2 * (n > 0) for p in bounds]
    variances = [n * p * (1 - p) for p in bounds]
    ratios = [s / v for s, v in zip(scores, variances, strict=True) if v > 1e-6]
    if len(ratios) == 2:
        assert ratios[0] == pytest.approx(ratios[1], rel=1e-4)


@given(COUNT, COVERAGE)
def test_byar_holds_the_count_and_grows_with_it(x, coverage):
    interval, following = byar(x, coverage), byar(x + 1, coverage)
    assert 0 <= interval.lower <= x <= interval.upper
    assert interval.upper < following.upper
    assert interval.lower < following.lower


@given(st.integers(min_value=0, max_value=9), COVERAGE)
def test_exact_limits_leave_half_the_rest_in_each_tail(x, coverage):
    def at_most(count, expected):
        terms = (expected**k / math.factorial(k) for k in range(count + 1))
        return math.exp(-expected) * sum(terms)

    interval = byar(x, coverage)
    tail = pytest.approx((1 - coverage) / 2, rel=1e-6)
    assert at_most(x, interval.upper) == tail
    assert x == 0 or 1 - at_most(x - 1, interval.lower) == tail


def test_a_count_too_large_for_the_exact_method_does_not_import_it():
    code = (
        "import sys; from indicators.intervals import byar, wilson; byar(10); wilson(1, 2);"
        "assert 'scipy' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
