"""Verdicts in worlds where nothing changes, and years that cannot be compared."""

from dataclasses import replace
from statistics import mean

import numpy as np
import pytest

from data.reference.epci import counting_territories
from indicators.gini_changes import (
    YearCount,
    area_noise,
    area_turnover,
    gini_changes,
    holm,
    judged_together,
)
from indicators.inequality import gini

NATIONAL = {
    "omnipraticiens": 60_000,
    "infirmiers": 90_000,
    "chirurgiens_dentistes": 36_700,
    "orthophonistes": 16_000,
    "sages_femmes": 4_500,
}
YEARS = range(2012, 2018)
REGIONS = ("REG-84", "REG-24", "REG-94")


def people_of(grain, region=None):
    places = counting_territories()
    is_own = places["grain"] == grain
    if region:
        is_own &= places["region_code"] == region
    return places.loc[is_own, "population"].to_numpy(dtype=float)


def steady_world(random, people, total, turnover=0.06, unlike=4.0):
    """Six years of counts around a level that nothing moves, densities truly different."""
    level = people * random.gamma(unlike, 1 / unlike, people.size)
    level *= total / level.sum()
    counts = [random.poisson(level)]
    for _ in YEARS[1:]:
        counts.append(random.binomial(counts[-1], 1 - turnover) + random.poisson(level * turnover))
    return counted(counts, people)


def counted(counts, people):
    codes = tuple(f"T{place:04}" for place in range(people.size))
    sources = ("sent",) * people.size
    return [
        YearCount(year, codes, np.asarray(own, dtype=float), people, sources)
        for year, own in zip(YEARS, counts, strict=False)
    ]


def verdicts_of(worlds):
    """The verdicts of the last year over one and three years, a pair a world."""
    found = []
    for seed, years in enumerate(worlds):
        noise = area_noise(years, seed)
        last = {one.span: one for one in gini_changes(years, noise) if one.year == YEARS[-1]}
        found.append((last[1].verdict, last[3].verdict))
    return found


def share_attained(found, place):
    return mean(pair[place] == "attained" for pair in found)


@pytest.mark.parametrize("profession", NATIONAL)
def test_a_small_area_seldom_attains_its_target_where_nothing_changes(profession):
    random = np.random.default_rng(len(profession))
    everybody = people_of("departement").sum()
    worlds = []
    for grain in ("departement", "epci"):
        for region in REGIONS[: 2 if grain == "departement" else 3]:
            people = people_of(grain, region)
            total = NATIONAL[profession] * people.sum() / everybody
            worlds += [steady_world(random, people, total) for _ in range(40)]
    found = verdicts_of(worlds)
    # 200 worlds: one in twenty, give or take its standard error of 0.015.
    assert share_attained(found, 0) <= 0.08
    assert share_attained(found, 1) <= 0.08


def test_the_country_seldom_attains_its_target_where_nothing_changes():
    random = np.random.default_rng(11)
    people = people_of("departement")
    worlds = [steady_world(random, people, total) for total in NATIONAL.values() for _ in range(25)]
    found = verdicts_of(worlds)
    assert share_attained(found, 0) <= 0.085
    assert share_attained(found, 1) <= 0.085


def test_by_epci_a_profession_of_few_is_not_said_to_attain_either():
    random = np.random.default_rng(5)
    people = people_of("epci")
    found = verdicts_of(steady_world(random, people, 4_500) for _ in range(8))
    # The random walk around the observed counts called it attained nearly one time in two.
    assert sum(pair[0] == "attained" for pair in found) <= 2
    assert sum(pair[1] == "attained" for pair in found) <= 2


def test_a_real_fall_is_seen_and_a_real_rise_misses():
    people = people_of("departement")
    random = np.random.default_rng(2)
    level = people * random.gamma(4, 0.25, people.size)
    level *= 90_000 / level.sum()
    even = people * 90_000 / people.sum()
    towards = [
        np.round(level + share * (even - level)) for share in (0, 0.02, 0.04, 0.06, 0.08, 0.1)
    ]
    found = verdicts_of([counted(towards, people), counted(towards[::-1], people)])
    assert [pair[1] for pair in found] == ["attained", "not_attained"]


def test_the_band_is_that_of_the_verdict():
    random = np.random.default_rng(8)
    years = steady_world(random, people_of("departement", "REG-84"), 900)
    noise = area_noise(years)
    judged = gini_changes(years, noise)
    for one in judged:
        if one.verdict is None:
            continue
        assert one.attained_under < one.missed_over
        assert one.base_year == one.year - one.span
        expected = "within_noise"
        if one.gini_after < one.attained_under:
            expected = "attained"
        elif one.gini_after > one.missed_over:
            expected = "not_attained"
        assert one.verdict == expected
    assert {one.span for one in judged if one.verdict} == {1, 2, 3}


def changed(years, span=1):
    found = gini_changes(years, area_noise(years))
    return next(one for one in found if one.span == span and one.year == years[-1].year)


@pytest.fixture
def two_years():
    people = np.array([1000.0, 2000.0, 4000.0, 3000.0, 500.0, 700.0])
    return counted([[10, 15, 60, 30, 2, 9], [11, 15, 58, 31, 3, 8]], people)


def test_two_years_of_the_same_sources_are_compared(two_years):
    found = changed(two_years)
    before, after = (gini(one.count, one.population) for one in two_years)
    assert found.change == pytest.approx(after - before)
    assert (found.reason, found.base_year) == (None, 2012)
    assert found.verdict is not None


def test_years_whose_people_come_from_other_sources_are_not_compared(two_years):
    first, second = two_years
    other = ("census", *second.sources[1:])
    found = changed([first, replace(second, sources=other)])
    assert (found.change, found.verdict, found.reason) == (None, None, "other_people")
    assert found.gini_before is not None
    assert found.gini_after is not None
    # One territory of hardly anybody changes nothing.
    people = second.population.copy()
    people[4] = 50
    small = [replace(one, population=people) for one in two_years]
    sources = (*second.sources[:4], "census", second.sources[5])
    assert changed([small[0], replace(small[1], sources=sources)]).reason is None


def test_years_of_other_territories_or_not_whole_are_not_compared(two_years):
    first, second = two_years
    assert changed([first, replace(second, is_whole=False)]).reason == "not_computed"
    other = replace(second, codes=(*second.codes[:5], "T9999"))
    assert changed([first, other]).reason == "other_territories"
    assert changed(two_years, span=3).reason == "no_former_year"
    nobody = replace(second, count=np.zeros(6))
    assert changed([first, nobody]).gini_after is None


def test_an_area_of_four_territories_has_a_change_but_no_verdict(two_years):
    few = [
        YearCount(one.year, one.codes[:4], one.count[:4], one.population[:4], one.sources[:4])
        for one in two_years
    ]
    found = changed(few)
    assert found.change is not None
    assert (found.verdict, found.reason) == (None, "too_few")
    assert area_turnover(few) is None


def test_holm_multiplies_by_the_tests_still_standing():
    assert holm([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, np.nan, 0.9])[[0, 2]].tolist() == pytest.approx([1, 1])
    assert np.isnan(holm([np.nan])).all()


def test_verdicts_given_together_stand_only_where_chance_is_small_beside_their_number():
    found = judged_together(
        ["attained", "attained", "not_attained", "within_noise", None],
        [0.001, 0.04, 0.9, 0.3, np.nan],
        [0.99, 0.9, 0.02, 0.2, np.nan],
    )
    assert found.adjusted == ("attained", "within_noise", "within_noise", "within_noise", None)
    assert found.judged == 4
    assert found.expected_by_chance == pytest.approx(0.2)
