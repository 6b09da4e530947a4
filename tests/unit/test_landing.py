"""The landing against worked cases, and what must hold whatever the flows."""

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.landing import (
    PastErrors,
    Spread,
    blended_shares,
    landing,
    monthly_effort,
    past_errors,
    season_weights,
    seasonal_shares,
    spread_of,
    usual_year,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "statistics"
FLAT = np.arange(1, 13) / 12
EARLY = np.array([20, 20, 10, 10, 10, 10, 10, 10, 5, 5, 5, 5], dtype=float)
FLOW = st.integers(min_value=0, max_value=10_000).map(float)
YEAR = st.lists(FLOW, min_size=12, max_size=12)
HISTORY = st.lists(YEAR, max_size=4)
KNOWN = st.lists(FLOW, min_size=1, max_size=12)
OBJECTIVE = st.floats(min_value=1, max_value=1e6)
PROFILES = st.one_of(st.none(), st.just(FLAT), st.just(np.cumsum(EARLY) / EARLY.sum()))


def rows(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


def numbers(text):
    return [float(cell) if cell else math.nan for cell in text.split(" ")] if text else []


def number(text):
    return float(text) if text else None


@pytest.mark.parametrize("row", rows("landing_values.csv"))
def test_landing_of_worked_cases(row):
    history = [numbers(year) for year in row["history"].split("|") if year]
    profile = numbers(row["profile"]) or None
    found = landing(
        history, numbers(row["current"]), number(row["objective"]), profile, better=row["better"]
    )
    assert found.value == pytest.approx(float(row["value"]), rel=1e-12)
    assert found.method == row["method"]
    assert found.share_reached == pytest.approx(float(row["share_reached"]), rel=1e-12)
    effort = number(row["monthly_effort"])
    assert found.monthly_effort == (None if effort is None else pytest.approx(effort, rel=1e-12))
    assert (found.probability is None) == (row["objective"] in ("", "0"))


@pytest.mark.parametrize("row", rows("landing_intervals.csv"))
def test_interval_is_that_of_students_law_on_the_log_scale(row):
    errors = Spread(float(row["sd"]), int(row["known"]))
    found = landing([], numbers(row["current"]), None, FLAT, float(row["coverage"]), errors=errors)
    assert found.value == pytest.approx(1200)
    assert found.lower == pytest.approx(float(row["lower"]), rel=1e-4)
    assert found.upper == pytest.approx(float(row["upper"]), rel=1e-4)


def test_past_errors_may_be_given_one_by_one():
    one_by_one = landing([], [100] * 5, 1300, FLAT, errors=[0.1, -0.1, math.nan, 0.1, -0.1])
    in_short = landing([], [100] * 5, 1300, FLAT, errors=Spread(0.1, 4))
    assert one_by_one.upper == pytest.approx(in_short.upper)
    assert one_by_one.probability == pytest.approx(in_short.probability)
    assert landing([], [100] * 5, 1300, FLAT, errors=[]) == landing([], [100] * 5, 1300, FLAT)


def test_the_end_of_the_interval_is_reached_one_time_in_ten():
    ends = landing([], [100] * 5, None, FLAT, 0.8, errors=Spread(0.1, 50))
    for end, chance in ((ends.lower, 0.9), (ends.value, 0.5), (ends.upper, 0.1)):
        higher = landing([], [100] * 5, end, FLAT, errors=Spread(0.1, 50))
        lower = landing([], [100] * 5, end, FLAT, errors=Spread(0.1, 50), better="lower")
        assert higher.probability == pytest.approx(chance)
        assert lower.probability == pytest.approx(1 - chance)


def test_no_known_month_has_no_landing_but_an_effort():
    found = landing([EARLY], [], 120)
    assert (found.value, found.lower, found.upper, found.probability) == (None,) * 4
    assert (found.months, found.total, found.monthly_effort) == (0, 0.0, 10.0)


def test_whole_year_is_a_point_and_its_objective_is_reached_or_not():
    found = landing([EARLY], EARLY, 120)
    assert found.value == found.lower == found.upper == 120
    assert found.probability == 1.0
    assert landing([EARLY], EARLY, 121).probability == 0.0
    assert landing([EARLY], EARLY, 121, better="lower").probability == 1.0
    assert found.monthly_effort is None


def test_objective_passed_is_certain_where_flows_only_grow():
    assert landing([], [60, 60], 100).probability == 1.0
    assert landing([], [60, 60], 100, better="lower").probability == 0.0
    assert 0.9 < landing([], [60, -1, 60], 100).probability < 1


def test_a_direction_of_none_has_no_chance():
    assert landing([], [10, 10], 100, better="none").probability is None


def test_nothing_reached_yet_spans_what_former_years_added_afterwards():
    history = [[1] * 12, [3] * 12, [2] * 12]
    found = landing(history, [0, 0, 0, 0], 20)
    assert (found.value, found.lower, found.upper) == (0, 0, 24)
    assert found.probability == pytest.approx(1.5 / 4)
    bare = landing([], [0, 0, 0, 0], 20)
    assert (bare.value, bare.lower, bare.upper, bare.probability) == (0, 0, 0, None)


def test_savings_turned_into_an_overrun_stand_at_their_total():
    found = landing([[1] * 12], [-5, -1], 20)
    assert (found.value, found.lower, found.upper) == (-6, -6, 4)


def test_own_shares_that_erred_more_than_the_profile_leave_the_place_to_it():
    scattered = [EARLY, EARLY[::-1], np.full(12, 10)]
    assert landing(scattered, [10] * 6, None, FLAT).method == "profile"
    assert landing([EARLY] * 3, [10] * 6, None, FLAT).method == "seasonal"


def test_own_past_that_was_best_landed_by_the_run_rate_leans_to_it():
    opposite = [EARLY, EARLY[::-1]]
    found = landing(opposite, [10] * 6, None)
    assert found.season_weight < 0.3
    assert found.value == pytest.approx(120)


def test_interval_widens_with_the_disorder_of_former_years():
    generator = np.random.default_rng(1)
    widths = []
    for noise in (0.02, 0.3):
        history = EARLY * np.exp(generator.normal(0, noise, (4, 12)))
        found = landing(history, EARLY[:6], None)
        widths.append((found.upper - found.lower) / found.value)
    assert widths[1] > 3 * widths[0]


@pytest.mark.parametrize(
    ("years", "least", "most"), [(2, 0.7, 0.92), (3, 0.75, 0.9), (5, 0.7, 0.9)]
)
def test_interval_of_a_steady_season_holds_about_what_it_says(years, least, most):
    generator = np.random.default_rng(2)
    held = []
    for months in (3, 6, 9):
        flows = EARLY * np.exp(generator.normal(0, 0.15, (300, years + 1, 12)))
        for case in flows:
            found = landing(case[:-1], case[-1, :months], None)
            held.append(found.lower <= case[-1].sum() <= found.upper)
    assert least < np.mean(held) < most


def test_frames_series_and_lists_give_the_same_landing():
    history = [EARLY, 2 * EARLY]
    expected = landing(history, [10, 12], 130, FLAT)
    assert landing(pd.DataFrame(history), pd.Series([10, 12]), 130, pd.Series(FLAT)) == expected
    nullable = pd.DataFrame(history).astype("Float64")
    assert landing(nullable, pd.Series([10, 12], dtype="Int64"), 130, FLAT) == expected
    assert landing(np.array(history), np.array([10, 12]), np.float64(130), FLAT) == expected


@pytest.mark.parametrize("objective", [None, math.nan, pd.NA, 0])
def test_without_an_objective_there_is_neither_chance_nor_effort(objective):
    found = landing([EARLY], [10, 10], objective)
    assert found.probability is None
    assert found.monthly_effort is None


BAD = {
    "thirteen months": ({"current": [1] * 13}, "at most 12 months"),
    "a gap": ({"current": [1, math.nan, 1]}, "up to the first gap"),
    "infinite flow": ({"current": [1, math.inf]}, "up to the first gap"),
    "a table": ({"current": [[1, 2], [3, 4]]}, "at most 12 months"),
    "words": ({"current": ["many"]}, "must hold numbers"),
    "history by quarter": ({"history": [[1, 2, 3, 4]]}, "12 months a year"),
    "ragged history": ({"history": [[1] * 12, [1] * 11]}, "rows of one length"),
    "infinite history": ({"history": [[math.inf] * 12]}, "infinite"),
    "negative objective": ({"objective": -1}, "positive number"),
    "infinite objective": ({"objective": math.inf}, "positive number"),
    "short profile": ({"profile": [0.5, 1]}, "12 cumulative shares"),
    "falling profile": ({"profile": [0.2, 0.1, *FLAT[2:]]}, "never fall"),
    "profile in per cent": ({"profile": 100 * FLAT}, "end at 1"),
    "profile with a gap": ({"profile": [math.nan, *FLAT[1:]]}, "missing"),
    "negative profile": ({"profile": [-0.1, *FLAT[1:]]}, "negative"),
    "coverage in per cent": ({"coverage": 80}, "between 0 and 1"),
    "no coverage": ({"coverage": 0}, "between 0 and 1"),
    "unknown direction": ({"better": "more"}, "higher, lower, none"),
    "infinite errors": ({"errors": Spread(math.inf, 3)}, "finite spread"),
}


@pytest.mark.parametrize(("wrong", "sentence"), BAD.values(), ids=list(BAD))
def test_bad_input_is_refused_in_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        landing(**{"history": [EARLY], "current": [10, 10], "objective": 100, **wrong})


@pytest.mark.parametrize("months", [-1, 13])
def test_effort_refuses_a_month_out_of_the_year(months):
    with pytest.raises(ValueError, match="between 0 and 12"):
        monthly_effort(10, months, 100)


def test_shares_are_ratios_of_sums():
    np.testing.assert_allclose(
        seasonal_shares([EARLY, 3 * EARLY[::-1]]),
        np.cumsum(EARLY + 3 * EARLY[::-1]) / 480,
    )
    assert seasonal_shares(np.full((2, 12), np.nan)) is None
    assert seasonal_shares([]) is None


def test_past_errors_land_each_year_by_the_others():
    errors = past_errors([EARLY, 3 * EARLY[::-1]])
    assert errors.is_tested
    # After 6 months EARLY has reached 2/3 of its year, its mirror 1/3.
    np.testing.assert_allclose(errors.season[:, 5], [math.log(0.5), math.log(2)])
    np.testing.assert_allclose(errors.pace[:, 5], [math.log(0.75), math.log(1.5)])
    np.testing.assert_allclose(errors.season[:, 11], 0)


def test_past_errors_pool_the_units_and_leave_out_incomplete_years():
    hole = np.where(np.arange(12) == 3, np.nan, EARLY)
    errors = past_errors([[EARLY, EARLY], [hole, EARLY]])
    assert errors.season.shape == (2, 2, 12)
    assert np.isnan(errors.season[1, 0]).all()
    np.testing.assert_allclose(errors.season[0], 0, atol=1e-12)


def test_a_single_year_tells_how_units_differ_but_is_not_tested():
    errors = past_errors([[EARLY], [EARLY[::-1]]])
    assert not errors.is_tested
    np.testing.assert_allclose(errors.season[:, 0, 5], [math.log(0.75), math.log(1.5)])
    np.testing.assert_allclose(season_weights(errors), 0.5)


def test_past_errors_need_twelve_months():
    with pytest.raises(ValueError, match="years, 12"):
        past_errors([[1, 2, 3]])
    with pytest.raises(ValueError, match="infinite"):
        past_errors([[math.inf] * 12])


def test_weight_of_the_season_is_the_inverse_of_its_square_errors():
    season, pace = np.full((2, 12), 0.1), np.full((2, 12), -0.2)
    np.testing.assert_allclose(season_weights(PastErrors(season, pace, True)), 0.8)
    np.testing.assert_allclose(season_weights(PastErrors(0 * season, pace, True)), 1.0)
    np.testing.assert_allclose(season_weights(PastErrors(0 * season, 0 * pace, True)), 1.0)


def test_a_service_launched_last_year_is_landed_by_the_run_rate():
    errors = past_errors([[0 * EARLY, EARLY], [0 * EARLY, EARLY]])
    weights = season_weights(errors)
    np.testing.assert_array_equal(weights, 0)
    np.testing.assert_allclose(blended_shares(np.cumsum(EARLY) / 120, weights), FLAT)
    np.testing.assert_array_equal(errors.blended(weights), errors.pace)


def test_blended_shares_lie_between_season_and_run_rate():
    shares = np.cumsum(EARLY) / 120
    blended = blended_shares(shares, np.full(12, 0.5))
    np.testing.assert_allclose(blended, np.sqrt(shares * FLAT))


def test_usual_year_gives_each_group_its_shares_and_thin_groups_the_common_ones():
    history = [[EARLY, EARLY]] * 3 + [[EARLY[::-1], EARLY[::-1]]]
    found = usual_year(history, ["R1", "R1", "R1", "R2"])
    own, common = np.cumsum(EARLY) / 120, np.cumsum(3 * EARLY + EARLY[::-1]) / 480
    np.testing.assert_allclose(found.shares["R1"], blended_shares(own, found.season_weight))
    np.testing.assert_allclose(found.shares["R2"], blended_shares(common, found.season_weight))
    assert found.errors.shape == (4, 2, 12)
    assert found.spread(6) == spread_of(found.errors[..., 5])
    assert landing([], [10] * 6, None, found.shares["R2"]).method == "profile"


def test_usual_year_of_nothing_is_none():
    assert usual_year(np.zeros((2, 3, 12)), ["R1", "R2"]) is None
    assert usual_year(np.empty((2, 0, 12)), ["R1", "R2"]) is None
    with pytest.raises(ValueError, match="a group a unit"):
        usual_year([[EARLY]], ["R1", "R2"])


def test_spread_is_about_zero_and_counts_what_is_known():
    assert spread_of([0.3, math.nan, 0.3, -math.inf]) == (pytest.approx(0.3), 2)
    assert spread_of([]) == (0.0, 0)


@given(HISTORY, KNOWN, OBJECTIVE, PROFILES, st.sampled_from(["higher", "lower"]))
def test_landing_lies_in_its_interval_and_never_under_what_is_reached(
    history, current, objective, profile, better
):
    found = landing(history, current, objective, profile, better=better)
    assert found.total <= found.lower + 1e-6
    assert found.lower <= found.value * (1 + 1e-12)
    assert found.value <= found.upper * (1 + 1e-12)
    assert math.isfinite(found.value)
    assert found.probability is None or 0 <= found.probability <= 1
    assert found.method in ("seasonal", "profile", "run_rate")


@given(HISTORY, KNOWN, OBJECTIVE, PROFILES, st.floats(min_value=0.01, max_value=1000))
def test_landing_does_not_depend_on_the_unit(history, current, objective, profile, factor):
    before = landing(history, current, objective, profile)
    scaled = [[flow * factor for flow in year] for year in history]
    now = [flow * factor for flow in current]
    after = landing(scaled, now, objective * factor, profile)
    assert after.value == pytest.approx(before.value * factor)
    assert after.upper == pytest.approx(before.upper * factor, rel=1e-5)
    assert after.method == before.method


@given(HISTORY, KNOWN, OBJECTIVE, OBJECTIVE)
def test_a_higher_objective_is_never_easier(history, current, one, other):
    low, high = sorted((one, other))
    easy, hard = (landing(history, current, objective).probability for objective in (low, high))
    assert easy is None or hard <= easy + 1e-12


@given(HISTORY, KNOWN, st.floats(min_value=0.05, max_value=0.5))
def test_a_wider_coverage_holds_the_narrower(history, current, coverage):
    narrow = landing(history, current, None, coverage=coverage)
    wide = landing(history, current, None, coverage=coverage + 0.45)
    assert wide.lower <= narrow.lower + 1e-9
    assert wide.upper >= narrow.upper - 1e-9


@given(YEAR, st.integers(min_value=1, max_value=4), st.integers(min_value=1, max_value=12))
def test_a_year_like_all_the_others_lands_where_they_did(year, count, months):
    if sum(year[:months]) > 0:
        assert landing([year] * count, year[:months], None).value == pytest.approx(sum(year))


@given(st.floats(min_value=0, max_value=1e6), st.integers(min_value=0, max_value=11), OBJECTIVE)
def test_the_effort_makes_the_year_equal_its_objective(total, months, objective):
    effort = monthly_effort(total, months, objective)
    assert total + effort * (12 - months) == pytest.approx(max(total, objective))
