"""Funnel limits, over-dispersion and indirect standardisation: published cases, and what holds."""

import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.funnel import (
    expected_events,
    funnel_limits,
    limits_around,
    observed_ratio_limits,
    observed_to_expected,
    overdispersion,
    poisson_limits,
    proportion_limits_beyond_chance,
    ratio_limits_beyond_chance,
    ratio_overdispersion,
    standardised,
)
from indicators.intervals import byar, wilson
from tests.unit.golden_statistics import as_printed, cases, number, numbers

COVERAGE = st.floats(min_value=0.5, max_value=0.9999)
TARGET = st.floats(min_value=0.001, max_value=0.999)
SIZE = st.integers(min_value=1, max_value=10**6)
EXPECTED = st.floats(min_value=0.01, max_value=1e5)


@st.composite
def units(draw, least=1):
    """Events and trials of some units, their events not whole in places."""
    trials = draw(st.lists(SIZE, min_size=least, max_size=8))
    shares = draw(st.lists(st.floats(0, 1), min_size=len(trials), max_size=len(trials)))
    return [n * share for n, share in zip(trials, shares, strict=True)], trials


@st.composite
def strata(draw):
    """Events and trials by unit and stratum; not every unit has trials in each."""
    shape = (draw(st.integers(1, 5)), draw(st.integers(1, 4)))
    flat = st.lists(st.integers(0, 300), min_size=math.prod(shape), max_size=math.prod(shape))
    one, other = np.array(draw(flat)), np.array(draw(flat))
    return np.minimum(one, other).reshape(shape), np.maximum(one, other).reshape(shape)


@pytest.mark.parametrize("row", cases("funnel_limits"))
def test_funnel_limits_of_published_cases(row):
    found = limits_around(*(float(row[name]) for name in ("target", "trials", "coverage")))
    assert found.lower == as_printed(row["lower"])
    assert found.upper == as_printed(row["upper"])


@pytest.mark.parametrize("row", cases("poisson_limits"))
def test_poisson_limits_of_published_cases(row):
    found = poisson_limits(float(row["expected"]), float(row["coverage"]))
    assert found.lower == as_printed(row["lower"])
    assert found.upper == as_printed(row["upper"])


@pytest.mark.parametrize("row", cases("observed_ratio_limits"))
def test_limits_of_an_observed_count_of_published_cases(row):
    found = observed_ratio_limits(float(row["observed"]), float(row["coverage"]))
    assert found.lower == as_printed(row["lower"])
    assert found.upper == as_printed(row["upper"])


@pytest.mark.parametrize("row", cases("overdispersion"))
def test_overdispersion_of_published_cases(row):
    method = {"proportions": overdispersion, "ratios": ratio_overdispersion}[row["method"]]
    found = method(numbers(row["events"]), numbers(row["trials"]), float(row["coverage"]))
    for name in ("theta0", "winsor_lower", "winsor_upper", "phi", "tau2"):
        assert getattr(found, name) == as_printed(row[name]), name
    for name in ("lower", "upper", "chance_lower", "chance_upper"):
        assert getattr(found, name)[0] == as_printed(row[name]), name


@pytest.mark.parametrize("row", cases("standardised"))
def test_standardised_ratios_of_worked_cases(row):
    names = ("events", "trials", "reference_events", "reference_trials")
    found = standardised(*(numbers(row[name]) for name in names))
    assert found.observed == sum(numbers(row["events"]))
    assert found.expected == as_printed(row["expected"])
    if not row["ratio"]:
        assert np.isnan([found.ratio, found.lower, found.upper]).all()
        return
    assert found.ratio == as_printed(row["ratio"])
    if number(row["lower"]) is not None:
        assert found.lower == as_printed(row["lower"])
        assert found.upper == as_printed(row["upper"])


def test_the_target_is_the_pooled_proportion_and_not_the_mean_of_proportions():
    found = funnel_limits([10, 90], [10, 190])
    assert found.target == 0.5
    assert found.lower == pytest.approx(limits_around(0.5, [10, 190]).lower)
    assert overdispersion([10, 90], [10, 190]).target == 0.5


def test_units_together_are_their_own_reference():
    found = standardised([[8, 1], [4, 9]], [[10, 5], [10, 15]])
    assert found.expected == pytest.approx([8.5, 13.5])
    assert found.observed.tolist() == [9, 13]
    assert found.ratio == pytest.approx([9 / 8.5, 13 / 13.5])


def test_scalars_give_floats_and_series_arrays():
    single = (*limits_around(0.5, 9), *poisson_limits(3), *observed_ratio_limits(3))
    assert [type(part) for part in single] == [float] * 7
    assert [type(part) for part in standardised([3], [9], [1], [2])] == [float] * 5
    frame = pd.DataFrame({"events": [3, 5], "trials": [9, 12]}, dtype="Int64")
    found = funnel_limits(frame["events"], frame["trials"])
    assert found._fields[:2] == ("lower", "upper")
    assert isinstance(found.lower, np.ndarray)
    np.testing.assert_array_equal(found.lower, funnel_limits([3, 5], [9, 12]).lower)


@pytest.mark.parametrize(
    ("events", "trials", "sentence"),
    [
        ([-1, 2], [4, 4], "0 <= events <= trials"),
        ([5, 2], [4, 4], "0 <= events <= trials"),
        ([0, 2], [0, 4], "trials > 0"),
        ([None, 2], [4, 4], "events must not be missing"),
        ([1, 2], [4, math.nan], "trials must not be missing"),
        ([1, 2], [4, 4, 4], "events and trials must have the same length"),
        ([], [], "at least one value"),
        (["one"], [4], "events must hold numbers"),
        ([1, math.inf], [4, 4], "events must be finite"),
    ],
)
def test_bad_counts_are_refused_by_a_sentence(events, trials, sentence):
    for method in (funnel_limits, overdispersion):
        with pytest.raises(ValueError, match=sentence):
            method(events, trials)


@pytest.mark.parametrize("coverage", [0, 1, 95, math.nan, None, "0.95"])
def test_a_coverage_out_of_bounds_is_refused(coverage):
    for method in (
        lambda: funnel_limits([1], [2], coverage),
        lambda: poisson_limits(2, coverage),
        lambda: observed_ratio_limits(2, coverage),
        lambda: overdispersion([1, 1], [2, 3], coverage),
        lambda: ratio_overdispersion([1, 1], [2, 3], coverage),
        lambda: standardised([1], [2], [1], [2], coverage),
    ):
        with pytest.raises(ValueError, match="coverage must lie between 0 and 1"):
            method()


def test_other_arguments_out_of_bounds_are_refused():
    for target in (-0.1, 1.1, math.nan, None, [0.5, 0.6]):
        with pytest.raises(ValueError, match="^target must"):
            limits_around(target, 10)
        with pytest.raises(ValueError, match="^target must"):
            proportion_limits_beyond_chance(target, 0.1, 10)
    for tau2 in (-0.1, math.nan):
        with pytest.raises(ValueError, match="^tau2 must not"):
            ratio_limits_beyond_chance(tau2, 10)
    for count in (0, -1, math.nan):
        with pytest.raises(ValueError, match="^trials must"):
            limits_around(0.5, count)
        with pytest.raises(ValueError, match="^expected must"):
            poisson_limits(count)
        with pytest.raises(ValueError, match="^observed must"):
            observed_ratio_limits(count)


def test_one_unit_does_not_vary():
    with pytest.raises(ValueError, match="at least two units"):
        overdispersion([1], [2])
    with pytest.raises(ValueError, match="at least two units"):
        ratio_overdispersion([1], [2])


def test_bad_ratios_are_refused():
    for observed, expected, sentence in [
        ([-1, 2], [4, 4], "observed must not be negative"),
        ([1, 2], [4, 0], "expected must be positive"),
        ([1, None], [4, 4], "observed must not be missing"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            ratio_overdispersion(observed, expected)
    with pytest.raises(ValueError, match="expected must not be negative"):
        observed_to_expected(1, -1)
    with pytest.raises(ValueError, match="observed must not be negative"):
        observed_to_expected(-1, 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1], [2]), "One unit needs a reference"),
        (([1], [2], [1]), "come together"),
        (([1, 2], [2]), "must have one shape"),
        (([[[1]]], [[[1]]]), "must have one shape"),
        (([3], [2], [1], [2]), "0 <= events <= trials in every stratum"),
        (([1], [2], [3], [2]), "The reference needs"),
        (([1], [2], [0], [0]), "no trial in a stratum"),
        (([1, 1], [2, 2], [1], [2]), "for 1 strata of reference"),
        (([1, None], [2, 2], [1, 1], [2, 2]), "events_by_stratum must not be missing"),
        (([1], [2], [None], [2]), "reference_events must not be missing"),
    ],
)
def test_bad_strata_are_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        standardised(*arguments)


def test_expected_events_need_no_observed_ones():
    assert expected_events([50, 50], [40, 120], [100, 200]) == pytest.approx(50)
    assert expected_events([[50, 50], [10, 0]], [40, 120], [100, 200]) == pytest.approx([50, 4])
    with pytest.raises(ValueError, match="trials_by_stratum must not be negative"):
        expected_events([-1], [1], [2])


def test_proportions_alone_do_not_import_the_exact_method():
    code = (
        "import sys; from indicators.funnel import funnel_limits, overdispersion;"
        "funnel_limits([1], [2]); overdispersion([1, 2], [2, 3]);"
        "assert 'scipy' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(units(), COVERAGE)
def test_limits_enclose_the_target_within_the_unit_interval(counts, coverage):
    found = funnel_limits(*counts, coverage)
    assert (found.lower >= 0).all()
    assert (found.lower <= found.target).all()
    assert (found.target <= found.upper).all()
    assert (found.upper <= 1).all()


@given(TARGET, SIZE, COVERAGE)
def test_the_wilson_bound_at_a_limit_is_the_target(target, trials, coverage):
    found = limits_around(target, trials, coverage)
    if found.lower > 0:
        bound = wilson(found.lower * trials, trials, coverage).upper
        assert bound == pytest.approx(target, abs=1e-9)
    if found.upper < 1:
        bound = wilson(found.upper * trials, trials, coverage).lower
        assert bound == pytest.approx(target, abs=1e-9)


@given(TARGET, SIZE, SIZE, COVERAGE)
def test_limits_narrow_with_size_and_widen_with_coverage(target, one, other, coverage):
    small, large = limits_around(target, sorted([one, other]), coverage)[:2]
    assert small[0] <= small[1]
    assert large[0] >= large[1]
    wide, narrow = (limits_around(target, one, share) for share in (coverage, coverage / 2))
    assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper


@given(units(least=2), COVERAGE)
def test_widened_limits_enclose_those_of_chance(counts, coverage):
    found = overdispersion(*counts, coverage)
    assert found.phi >= 0
    assert found.tau2 >= 0
    assert (found.tau2 == 0) or found.phi * len(counts[0]) > len(counts[0]) - 1
    slack = 1e-9
    for lower, upper in [(found.lower, found.upper), (found.chance_lower, found.chance_upper)]:
        assert (lower >= 0).all()
        assert (lower <= found.target + slack).all()
        assert (upper >= found.target - slack).all()
        assert (upper <= 1).all()
    assert (found.lower <= found.chance_lower).all()
    assert (found.upper >= found.chance_upper).all()


@given(units(least=2), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(counts, random):
    rows = list(zip(*counts, strict=True))
    random.shuffle(rows)
    one, other = overdispersion(*counts), overdispersion(*zip(*rows, strict=True))
    assert other.phi == pytest.approx(one.phi, abs=1e-9, rel=1e-6)
    assert other.tau2 == pytest.approx(one.tau2, abs=1e-9, rel=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.floats(1, 2000)), min_size=2, max_size=8), COVERAGE
)
def test_widened_ratio_limits_enclose_those_of_chance_and_one(pairs, coverage):
    found = ratio_overdispersion(*zip(*pairs, strict=True), coverage)
    assert found.target == 1
    for name in ("lower", "chance_lower"):
        assert (getattr(found, name) <= 1).all()
    assert (found.lower <= found.chance_lower).all()
    assert (found.upper >= found.chance_upper).all()
    np.testing.assert_allclose(found.lower * found.upper, 1)


@given(EXPECTED, EXPECTED, COVERAGE)
def test_poisson_limits_enclose_one_and_narrow_with_what_is_expected(one, other, coverage):
    found = poisson_limits(sorted([one, other]), coverage)
    slack = 1e-9
    assert (found.lower <= 1).all()
    assert (found.upper >= 1).all()
    assert found.lower[0] <= found.lower[1] + slack
    assert found.upper[0] >= found.upper[1] - slack


@given(st.integers(1, 10**5), COVERAGE)
def test_both_questions_about_a_count_rest_on_the_same_tails(observed, coverage):
    found = observed_ratio_limits(observed, coverage)
    around = poisson_limits(observed, coverage)
    assert found.lower <= 1 <= found.upper
    assert found.lower == pytest.approx(1 / around.upper)
    assert found.upper == pytest.approx(1 / around.lower)


@given(strata())
def test_units_expect_together_what_they_observe(counts):
    found = standardised(*counts)
    assert found.expected.sum() == pytest.approx(counts[0].sum())
    known = found.expected > 0
    assert np.isnan(found.ratio[~known]).all()
    assert (found.lower[known] <= found.ratio[known]).all()
    assert (found.ratio[known] <= found.upper[known]).all()


@given(strata())
def test_a_unit_with_the_references_own_counts_has_ratio_one(counts):
    events, trials = counts[0].sum(axis=0), counts[1].sum(axis=0)
    found = standardised(events, trials, events, trials)
    if found.expected > 0:
        assert found.ratio == pytest.approx(1)
        assert found.lower == pytest.approx(byar(float(events.sum())).lower / found.expected)
