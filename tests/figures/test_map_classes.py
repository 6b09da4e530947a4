"""Classes of a map: exact bounds, no gap, at most seven, the pivot between two of them."""

import warnings

import numpy as np
import pytest

from figures.map_classes import (
    CLASS_NAMES,
    METHODS,
    MOST,
    _ends,
    class_place,
    colour_of,
    map_classes,
)
from figures.map_measures import MEASURES, is_under
from figures.palette import DARK, LIGHT, contrast

COVERAGE, ATTAINMENT = MEASURES["couverture"], MEASURES["atteinte"]


def some_values(seed, shape=(36, 100)):
    values = np.random.default_rng(seed).gamma(4, 0.1, shape)
    values[0, :20] = np.nan
    return values


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_every_value_falls_in_one_class_whose_bounds_hold_it(method, measure):
    values = some_values(1) * (100 if measure.step == 1 else 1)
    classes = map_classes(values, measure, method)
    assert 1 < len(classes) <= MOST
    for value in values[~np.isnan(values)].ravel():
        own = classes[class_place(float(value), classes, measure.step)]
        rank = round(value / measure.step)
        assert round(own.lower / measure.step) <= rank <= round(own.upper / measure.step)


@pytest.mark.parametrize("method", METHODS)
def test_classes_follow_each_other_without_a_gap(method):
    classes = map_classes(some_values(2), COVERAGE, method)
    for before, after in zip(classes, classes[1:], strict=False):
        assert round(after.lower / 0.001) == round(before.upper / 0.001) + 1


def test_quantiles_share_the_values_evenly():
    values = np.arange(1, 101) / 1000
    counts = [
        sum(class_place(v, found, 0.001) == place for v in values)
        for found in (map_classes(values, COVERAGE, "quantiles"),)
        for place in range(5)
    ]
    assert counts == [20, 20, 20, 20, 20]


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_quantiles_are_those_of_mapclassify(count):
    import mapclassify

    rng = np.random.default_rng(count)
    for ranks in (rng.integers(0, 1000, 101), rng.integers(0, 6, 101), np.arange(2, 40)):
        ends = _ends(np.sort(ranks), count, "quantiles", 1.0)
        with warnings.catch_warnings():
            # Of ties, it says that fewer classes are left.
            warnings.simplefilter("ignore")
            found = mapclassify.Quantiles(ranks.astype(float), k=count).bins
        assert ends == pytest.approx(found)


def test_natural_breaks_find_the_gaps():
    values = np.array([0.01, 0.011, 0.012, 0.2, 0.21, 0.5, 0.51, 0.7, 0.71, 0.9, 0.91])
    ends = [round(found.upper, 3) for found in map_classes(values, COVERAGE, "naturelles")]
    assert ends == [0.012, 0.21, 0.51, 0.71, 0.91]


def test_a_diverging_scale_turns_at_its_pivot():
    values = np.array([0.6, 0.8, 0.9, 0.97, 0.994, 0.996, 1.0, 1.05, 1.2, 1.4])
    classes = map_classes(values, ATTAINMENT, "quantiles")
    under = [found for found in classes if found.css.startswith("o")]
    over = [found for found in classes if found.css.startswith("p")]
    assert under[-1].upper == pytest.approx(0.99)
    assert over[0].lower == 1.0
    assert [found.css for found in under] == ["o3", "o2", "o1"]
    # What is written 100 % stands with what reaches the objective.
    assert not is_under(0.996, ATTAINMENT)
    assert is_under(0.994, ATTAINMENT)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("measure", [COVERAGE, ATTAINMENT])
def test_one_value_alone_is_one_class(method, measure):
    (found,) = map_classes(np.array([1.2, 1.2, np.nan]), measure, method)
    # A diverging scale starts from its pivot.
    lowest = 1.0 if measure is ATTAINMENT else 1.2
    assert (found.lower, found.upper) == pytest.approx((lowest, 1.2))


def test_few_values_have_few_classes():
    assert [c.css for c in map_classes(np.array([0.1, 0.1]), COVERAGE, "quantiles")] == ["s5"]
    assert map_classes(np.array([np.nan]), COVERAGE, "quantiles") == ()
    assert (
        class_place(float("nan"), map_classes(np.array([0.1]), COVERAGE, "quantiles"), 0.001)
        is None
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_sequential_colours_part_from_the_ground_step_by_step(theme):
    shades = [colour_of(f"s{place}", theme) for place in range(1, 6)]
    contrasts = [contrast(shade, theme.background) for shade in shades]
    assert contrasts == sorted(contrasts)
    # In grey too, a class is told from the next one.
    assert all(b / a > 1.12 for a, b in zip(contrasts, contrasts[1:], strict=False))


def test_every_colour_is_in_the_style_sheet():
    from components.blocks import STYLE_SHEET

    for css in CLASS_NAMES:
        assert f".{css}" in STYLE_SHEET
