"""Distribution of professionals: its inequality, what chance does to it, what would lower it."""

import itertools
import math
from decimal import Decimal
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from indicators.inequality import (
    CUMULATED_YEARS,
    DRAWS,
    ChangeNoise,
    atkinson,
    best_installations,
    cumulated_verdict,
    gini,
    gini_change_noise,
    gini_contribution,
    gini_interval,
    lorenz,
    marginal_effect,
    target_verdict,
    theil,
)
from tests.unit.golden_statistics import as_printed, cases, number, numbers

DEPARTMENTS_POPULATION = np.array(
    [1434, 1186, 763, 482, 391, 385, 374, 287, 270, 228, 191, 174, 77], dtype=float
)
DEPARTMENTS = 1000 * DEPARTMENTS_POPULATION
DOCTORS = np.array([1420, 1210, 645, 455, 385, 320, 350, 270, 205, 215, 160, 155, 65])
"""Thirteen departments of a region, made up, with the densities of general practitioners."""


@st.composite
def territories(draw, smallest=1, largest=12):
    """Professionals and people of some territories, at least one professional."""
    size = draw(st.integers(smallest, largest))
    people = draw(st.lists(st.integers(1, 50_000), min_size=size, max_size=size))
    heads = draw(st.lists(st.integers(0, 400), min_size=size, max_size=size).filter(any))
    return np.array(heads, dtype=float), np.array(people, dtype=float)


def gini_of_pairs(heads, people):
    """Half the mean difference between two densities, over the density of all: the definition."""
    density = np.asarray(heads) / np.asarray(people)
    share = np.asarray(people) / np.sum(people)
    gaps = np.abs(density[:, None] - density[None, :])
    return (share[:, None] * share[None, :] * gaps).sum() / (2 * (share * density).sum())


def spreads(n, size):
    """Every way to give n installations to so many territories."""
    for bars in itertools.combinations(range(n + size - 1), size - 1):
        edges = (-1, *bars, n + size - 1)
        yield np.array([after - before - 1 for before, after in itertools.pairwise(edges)])


@pytest.mark.parametrize("row", cases("gini"))
def test_gini_of_worked_cases(row):
    found = gini(numbers(row["count"]), numbers(row["population"]))
    assert found == pytest.approx(number(row["gini"]), abs=1e-10)


@given(territories())
def test_gini_is_half_the_mean_difference_and_twice_the_area_over_the_curve(given_territories):
    heads, people = given_territories
    found = gini(heads, people)
    curve = lorenz(heads, people)
    area = np.trapezoid(curve.professionals, curve.population)
    assert found == pytest.approx(gini_of_pairs(heads, people), abs=1e-12)
    assert found == pytest.approx(1 - 2 * area, abs=1e-12)
    assert 0 <= found < 1


@given(territories(), st.randoms(use_true_random=False), st.integers(2, 9))
def test_gini_depends_on_neither_order_nor_scale(given_territories, random, factor):
    heads, people = given_territories
    order = list(range(heads.size))
    random.shuffle(order)
    found = gini(heads, people)
    assert gini(heads[order], people[order]) == found
    assert gini(factor * heads, people) == pytest.approx(found, abs=1e-12)
    assert gini(heads, factor * people) == pytest.approx(found, abs=1e-12)


@given(territories(), st.integers(1, 400))
def test_gini_is_zero_where_densities_are_equal(given_territories, per_head):
    _, people = given_territories
    assert gini(per_head * people, people) == 0
    assert not gini_contribution(per_head * people, people).any()


def test_lists_series_and_a_single_population_are_taken():
    frame = pd.DataFrame({"count": [10, 0], "population": [2, 3]})
    assert gini(frame["count"], frame["population"]) == pytest.approx(0.6)
    assert gini([10, 10, 0, 0, 0], 1) == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("count", "population", "sentence"),
    [
        ([1, 2], [0, 3], "population must be positive where there are professionals"),
        ([1, -2], [1, 3], "must not be negative"),
        ([1, 2], [1, -3], "must not be negative"),
        ([1, None], [1, 3], "count must not be missing"),
        ([1, math.inf], [1, 3], "count must be finite"),
        ([1, 2], [1, 2, 3], "same length"),
        ([0, 0], [1, 3], "no professional"),
        ([], [], "at least one value"),
        (["1", "2"], [1, 3], "count must hold numbers only"),
        ([1, 2], pd.Series(["1", "3"]), "population must hold numbers only"),
        ([True, 2], [1, 3], "count must hold numbers only"),
        (np.array([True, False]), [1, 3], "count must hold numbers only"),
        ([1, 2], True, "population must hold numbers only"),
        (np.array([1 + 2j, 2]), [1, 3], "count must hold numbers only"),
        ([1 + 0j, 2], [1, 3], "count must hold numbers only"),
        ([[1], [2, 3]], [1, 3], "count must hold numbers only"),
    ],
)
def test_every_measure_refuses_bad_input(count, population, sentence):
    measures = (
        gini,
        lorenz,
        gini_contribution,
        marginal_effect,
        gini_interval,
        lambda *given: theil(*given, ["a", "b"]),
        lambda *given: atkinson(*given, 1),
        lambda *given: gini_change_noise(*given, 0.05),
        lambda *given: best_installations(*given, 1),
    )
    for measure in measures:
        with pytest.raises(ValueError, match=sentence):
            measure(count, population)


def test_one_density_for_all_has_no_contribution_and_words_are_refused():
    assert gini_contribution(3, [10, 10]).tolist() == [0, 0]
    assert marginal_effect(3, [10, 10]).shape == (2,)
    with pytest.raises(ValueError, match=r"^count must hold numbers only\.$"):
        gini(["three", 2], [1, 1])


@pytest.mark.parametrize(
    "kind",
    [
        list,
        tuple,
        pd.Series,
        np.array,
        lambda given: np.array(given, dtype=np.float32),
        lambda given: pd.Series(given, dtype="Int64"),
        lambda given: pd.Series(given, dtype=object),
        lambda given: [Decimal(one) for one in given],
    ],
)
def test_numbers_are_taken_whatever_holds_them(kind):
    assert gini(kind([10, 0]), kind([2, 3])) == pytest.approx(0.6)


@pytest.mark.parametrize("given", [{"seed": -1}, {"seed": 1.5}, {"coverage": 1.0}, {"draws": 3}])
def test_the_interval_of_a_few_territories_still_checks_what_it_is_asked(given):
    with pytest.raises(ValueError, match=next(iter(given))):
        gini_interval([1, 2, 3], [1, 1, 1], **given)


@pytest.mark.parametrize("row", cases("lorenz"))
def test_lorenz_of_worked_cases(row):
    found = lorenz(numbers(row["count"]), numbers(row["population"]))
    assert list(found.order) == numbers(row["order"])
    assert found.population == as_printed(row["population_share"])
    assert found.professionals == as_printed(row["professionals_share"])


@given(territories())
def test_lorenz_rises_from_0_to_1_ever_faster(given_territories):
    heads, people = given_territories
    found = lorenz(heads, people)
    assert (found.population[0], found.professionals[0]) == (0, 0)
    assert (found.population[-1], found.professionals[-1]) == (1, 1)
    assert (np.diff(found.population) > 0).all()
    assert (np.diff(found.professionals) >= 0).all()
    slopes = (heads / people)[found.order]
    assert (np.diff(slopes) >= 0).all()
    assert (found.professionals <= found.population + 1e-12).all()


@given(territories(smallest=2))
def test_contributions_add_up_to_the_index(given_territories):
    heads, people = given_territories
    found = gini_contribution(heads, people)
    gaps = np.abs(heads[:, None] * people[None, :] - people[:, None] * heads[None, :])
    np.testing.assert_allclose(
        found, gaps.sum(axis=1) / (2 * heads.sum() * people.sum()), atol=1e-12
    )
    assert found.sum() == pytest.approx(gini(heads, people), abs=1e-12)


@pytest.mark.parametrize("row", cases("theil"))
def test_theil_of_worked_cases(row):
    found = theil(numbers(row["count"]), numbers(row["population"]), row["groups"].split())
    for name in ("total", "between", "within"):
        assert getattr(found, name) == pytest.approx(number(row[name]), abs=1e-6)


@given(territories(), st.randoms(use_true_random=False))
def test_theil_between_and_within_make_the_total(given_territories, random):
    heads, people = given_territories
    groups = [random.choice("abc") for _ in heads]
    found = theil(heads, people, groups)
    assert min(found) >= 0
    assert found.between + found.within == pytest.approx(found.total, abs=1e-12)
    alone = theil(heads, people, range(heads.size))
    together = theil(heads, people, ["a"] * heads.size)
    assert alone.between == pytest.approx(found.total, abs=1e-12)
    assert together.within == pytest.approx(found.total, abs=1e-12)
    assert alone.within == together.between == 0


@pytest.mark.parametrize("groups", [["a"], ["a", None], ["a", "b", "c"]])
def test_theil_refuses_territories_without_group(groups):
    with pytest.raises(ValueError, match="groups must name the group of each territory"):
        theil([1, 2], [1, 1], groups)


@pytest.mark.parametrize("row", cases("atkinson"))
def test_atkinson_of_worked_cases(row):
    arguments = numbers(row["count"]), numbers(row["population"]), number(row["epsilon"])
    assert atkinson(*arguments) == pytest.approx(number(row["atkinson"]), abs=1e-7)


@given(territories())
def test_atkinson_grows_with_the_aversion(given_territories):
    heads, people = given_territories
    found = [atkinson(heads, people, epsilon) for epsilon in (0.25, 0.5, 1, 2)]
    assert (np.diff(found) >= -1e-12).all()
    assert all(0 <= index <= 1 for index in found)


@pytest.mark.parametrize("epsilon", [0, -1, math.nan, math.inf])
def test_atkinson_refuses_an_aversion_without_meaning(epsilon):
    with pytest.raises(ValueError, match="epsilon must be positive"):
        atkinson([1, 2], [1, 1], epsilon)


def test_the_interval_is_the_bca_one_of_another_implementation():
    random = np.random.default_rng(4)
    people = random.lognormal(10, 1, 40).round()
    heads = random.poisson(people / 700 * random.gamma(4, 0.25, 40)).astype(float)
    found = gini_interval(heads, people, 0.9, seed=1, draws=5000)
    reference = stats.bootstrap(
        (heads, people),
        gini,
        paired=True,
        vectorized=False,
        n_resamples=3000,
        confidence_level=0.9,
        method="BCa",
        rng=np.random.default_rng(2),
    ).confidence_interval
    assert found.lower == pytest.approx(reference.low, abs=0.006)
    assert found.upper == pytest.approx(reference.high, abs=0.006)
    assert found.lower < gini(heads, people) < found.upper


def test_the_interval_is_that_of_its_seed_and_wider_for_more_coverage():
    narrow = gini_interval(DOCTORS, DEPARTMENTS, 0.8, seed=3)
    wide = gini_interval(DOCTORS, DEPARTMENTS, 0.99, seed=3)
    assert gini_interval(DOCTORS, DEPARTMENTS, 0.8, seed=3) == narrow
    assert gini_interval(DOCTORS, DEPARTMENTS, 0.8, seed=4) != narrow
    assert 0 <= wide.lower < narrow.lower < narrow.upper < wide.upper <= 1


@given(territories(smallest=5))
def test_the_interval_lies_among_possible_indices(given_territories):
    found = gini_interval(*given_territories, draws=100)
    assert 0 <= found.lower <= found.upper <= 1


def test_there_is_no_interval_of_a_few_territories_nor_width_without_difference():
    assert np.isnan(gini_interval([1, 2, 3, 4], [1, 1, 1, 1])).all()
    assert gini_interval([2, 4, 6, 8, 10], [1, 2, 3, 4, 5]) == (0, 0)


def test_draws_and_coverage_are_checked():
    with pytest.raises(ValueError, match="draws must be at least 100"):
        gini_interval(DOCTORS, DEPARTMENTS, draws=99)
    for coverage in (95, 0, 1, "0.95", None, True, math.nan):
        with pytest.raises(ValueError, match="coverage must lie between 0 and 1"):
            gini_interval(DOCTORS, DEPARTMENTS, coverage)


@pytest.mark.parametrize("seed", ["1", None, 1.5, -1, math.nan, [1]])
def test_a_seed_that_cannot_be_repeated_is_refused(seed):
    with pytest.raises(ValueError, match="seed must be"):
        gini_interval(DOCTORS, DEPARTMENTS, seed=seed)
    with pytest.raises(ValueError, match="seed must be"):
        gini_change_noise(DOCTORS, DEPARTMENTS, 0.05, seed=seed)


def test_chance_alone_moves_thirteen_departments_twice_as_far_as_the_target():
    noise = gini_change_noise(DOCTORS, DEPARTMENTS, 0.05, seed=1)
    assert noise.changes.shape == (DRAWS,)
    assert noise.spread == pytest.approx(0.0022, abs=0.0006)
    assert 0 < noise.drift < noise.spread
    assert 0.2 < (noise.changes <= -0.001).mean() < 0.4


def test_noise_is_that_of_each_move_played_one_by_one():
    heads, people = np.array([40, 25, 10]), np.array([30.0, 20.0, 15.0])
    noise = gini_change_noise(heads, people, 0.2, seed=5, draws=20_000)
    random = np.random.default_rng(6)
    played = []
    for _ in range(4000):
        stay = np.array([(random.random(size) >= 0.2).sum() for size in heads])
        arrive = np.array([random.poisson(0.2 * size) for size in heads])
        played.append(gini(stay + arrive, people) - gini(heads, people))
    assert noise.drift == pytest.approx(np.mean(played), abs=0.003)
    assert noise.spread == pytest.approx(np.std(played), rel=0.06)


def test_noise_grows_with_turnover_and_years_and_is_that_of_its_seed():
    calm, busy = (gini_change_noise(DOCTORS, DEPARTMENTS, share, seed=2) for share in (0.02, 0.2))
    three = gini_change_noise(DOCTORS, DEPARTMENTS, 0.02, seed=2, years=3)
    again = gini_change_noise(DOCTORS, DEPARTMENTS, 0.02, seed=2)
    assert calm.spread < three.spread < busy.spread
    assert three.years == 3
    np.testing.assert_array_equal(calm.changes, again.changes)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1.5, 2], [1, 1], 0.05), "count must be whole"),
        (([10, 20], [1, 1], 1.0), "turnover must lie between 0 and 1"),
        (([1, 0], [1, 1], 0.9), "chance alone takes every professional away"),
    ],
)
def test_noise_refuses_what_it_cannot_play(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        gini_change_noise(*arguments)
    with pytest.raises(ValueError, match="years must be at least 1"):
        gini_change_noise([10, 20], [1, 1], 0.05, years=0)


def normal_noise(years):
    """Noise of 0.0022 a year without drift, without chance of its own."""
    places = (np.arange(10_000) + 0.5) / 10_000
    unit = np.array([NormalDist().inv_cdf(place) for place in places])
    spread = 0.0022 * math.sqrt(years)
    return ChangeNoise(spread * unit, 0.0, spread, years)


@pytest.mark.parametrize("row", cases("target_verdict"))
def test_verdict_of_worked_cases(row):
    found = target_verdict(number(row["change"]), normal_noise(int(row["years"])))
    assert found.verdict == row["verdict"]
    assert found.target == pytest.approx(number(row["target"]))
    assert found.chance_without_change == pytest.approx(number(row["without_change"]), abs=1e-3)
    assert found.chance_on_target == pytest.approx(number(row["on_target"]), abs=1e-3)


def test_three_years_tell_what_no_single_year_does():
    yearly = [0.1100, 0.1075, 0.1052, 0.1030]
    single = [target_verdict(b - a, normal_noise(1)).verdict for a, b in itertools.pairwise(yearly)]
    found = cumulated_verdict(yearly, normal_noise(CUMULATED_YEARS))
    assert set(single) == {"within_noise"}
    assert (found.verdict, found.change) == ("attained", pytest.approx(-0.007))
    assert cumulated_verdict([0.11, None, math.nan, 0.103], normal_noise(3)).verdict == "attained"


def test_verdict_refuses_missing_years_and_targets_that_rise():
    with pytest.raises(ValueError, match="must hold 4 years, got 3"):
        cumulated_verdict([0.11, 0.109, 0.108], normal_noise(3))
    with pytest.raises(ValueError, match="change must be a number"):
        cumulated_verdict([0.11, 0.109, 0.108, None], normal_noise(3))
    with pytest.raises(ValueError, match="yearly_target must be negative"):
        target_verdict(-0.001, normal_noise(1), yearly_target=0.01)


@given(territories())
def test_marginal_effect_is_that_of_one_more_professional(given_territories):
    heads, people = given_territories
    before = gini(heads, people)
    brute = [gini(heads + one, people) - before for one in np.eye(heads.size)]
    np.testing.assert_allclose(marginal_effect(heads, people), brute, atol=1e-12)


def test_a_territory_without_people_has_no_effect_nor_contribution():
    np.testing.assert_array_equal(np.isnan(marginal_effect([3, 0, 5], [4, 0, 9])), [0, 1, 0])
    np.testing.assert_array_equal(np.isnan(gini_contribution([3, 0, 5], [4, 0, 9])), [0, 1, 0])


@pytest.mark.parametrize("row", cases("best_installations"))
def test_best_installations_of_worked_cases(row):
    heads, people = numbers(row["count"]), numbers(row["population"])
    candidates = [text == "1" for text in row["candidates"].split()]
    found = best_installations(heads, people, int(row["n"]), candidates)
    assert list(found.added) == numbers(row["added"])
    assert found.gini == pytest.approx(number(row["gini"]), abs=1e-9)
    assert found.gini_equal_spread == pytest.approx(number(row["gini_equal_spread"]), abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_best_installations_are_those_of_an_exhaustive_search(seed):
    random = np.random.default_rng(seed)
    size, n = random.integers(2, 6), int(random.integers(1, 6))
    people = random.integers(1000, 50_000, size).astype(float)
    heads = random.poisson(people / 700 * random.gamma(2, 0.5, size)) + 1.0
    found = best_installations(heads, people, n)
    best = min(gini(heads + added, people) for added in spreads(n, size))
    assert found.gini == pytest.approx(best, abs=1e-12)


def test_moving_one_improves_on_the_best_one_by_one():
    # One in the smallest is the best first step, but jumps it far over the common density.
    heads, people, n = np.array([2.0, 2.0, 0.0]), np.array([9.0, 6.0, 1.0]), 3
    stepwise = heads.copy()
    for _ in range(n):
        stepwise[marginal_effect(stepwise, people).argmin()] += 1
    found = best_installations(heads, people, n)
    best = min(gini(heads + added, people) for added in spreads(n, len(heads)))
    assert found.gini == pytest.approx(best, abs=1e-12)
    assert found.gini < gini(stepwise, people) - 1e-9


@given(territories(smallest=2, largest=5), st.integers(1, 4))
def test_best_installations_lie_between_the_floor_and_the_equal_spread(given_territories, n):
    heads, people = given_territories
    found = best_installations(heads, people, n)
    every = [gini(heads + added, people) for added in spreads(n, heads.size)]
    assert found.added.sum() == n
    assert found.gini == gini(heads + found.added, people)
    assert found.gini_floor <= min(every) + 1e-12
    assert min(every) - 1e-12 <= found.gini <= np.median(every) + 1e-12
    assert found.gini_floor <= found.gini_equal_spread + 1e-12
    all_heads = heads.sum()
    proportional = found.gini_before * all_heads / (all_heads + n)
    assert found.gini_equal_spread == pytest.approx(proportional, abs=1e-9)


def test_the_share_of_the_equal_spread_says_how_much_better():
    found = best_installations([10, 10, 0], [1, 1, 1], 1)
    fall, equal_fall = found.gini_before - found.gini, found.gini_before - found.gini_equal_spread
    assert found.share_of_equal_spread == pytest.approx(fall / equal_fall) == pytest.approx(3)
    assert best_installations([2, 2], [1, 1], 1).share_of_equal_spread is None


@pytest.mark.parametrize(
    ("n", "candidates", "sentence"),
    [
        (0, None, "n must be at least 1"),
        ("2", None, "n must be a whole number"),
        (None, None, "n must be a whole number"),
        (float("inf"), None, "n must be a whole number"),
        (1.5, None, "n must be a whole number"),
        (1, [True], "yes or no for each territory"),
        (1, [False, False, True], "a territory with people"),
    ],
)
def test_best_installations_refuse_what_they_cannot_place(n, candidates, sentence):
    with pytest.raises(ValueError, match=sentence):
        best_installations([1, 2, 0], [1, 1, 0], n, candidates)
