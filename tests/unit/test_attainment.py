"""Attainment against worked cases, and what must hold whatever the values."""

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.attainment import attainment, path_attainment, weighted

GOLDEN = Path(__file__).parents[1] / "golden"
POSITIVE = st.floats(min_value=1e-6, max_value=1e9)
ANY = st.floats(min_value=-1e9, max_value=1e9)


def number(text):
    return float(text) if text else None


def read(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(name):
    return [pytest.param(row, id=row["case"]) for row in read(name)]


@pytest.mark.parametrize("row", rows("attainment.csv"))
def test_attainment_of_worked_cases(row):
    found = attainment(number(row["realised"]), number(row["objective"]), row["better"])
    expected = number(row["attainment"])
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-12))


@pytest.mark.parametrize("better", ["higher", "lower", "none"])
def test_series_array_and_scalars_give_the_same_values(better):
    cases = read("attainment.csv")
    realised = [number(case["realised"]) for case in cases]
    objective = [number(case["objective"]) for case in cases]
    index = pd.Index([f"T{i}" for i in range(len(cases))])
    one_by_one = [attainment(r, o, better) for r, o in zip(realised, objective, strict=True)]

    series = attainment(pd.Series(realised, index=index), pd.Series(objective, index=index), better)
    array = attainment(np.array(realised, float), np.array(objective, float), better)

    assert series.index.equals(index)
    assert series.dtype == np.float64
    assert [None if math.isnan(v) else v for v in series] == one_by_one
    np.testing.assert_array_equal(array, series.to_numpy())


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, np.nan, math.inf, -math.inf])
def test_a_missing_or_infinite_scalar_is_not_applicable(missing):
    assert attainment(missing, 10, "higher") is None
    assert attainment(10, missing, "higher") is None


@pytest.mark.parametrize("dtype", ["Int64", "Float64", object])
def test_nullable_series_give_nan_where_missing(dtype):
    found = attainment(pd.Series([5, pd.NA, None], dtype=dtype), 10, "higher")
    np.testing.assert_array_equal(found.to_numpy(), [0.5, np.nan, np.nan])


def test_arrays_of_objects_and_broadcasting():
    found = attainment(np.array([[5, None], [20, 10]], dtype=object), np.array([10, 20]), "higher")
    np.testing.assert_array_equal(found, [[0.5, np.nan], [2.0, 0.5]])


def test_inputs_are_left_as_they_were():
    realised = pd.Series([1.0, None])
    attainment(realised, pd.Series([2.0, 2.0]), "higher")
    pd.testing.assert_series_equal(realised, pd.Series([1.0, None]))


def test_series_of_two_indexes_are_refused():
    with pytest.raises(ValueError, match="same index"):
        attainment(pd.Series([1], index=["a"]), pd.Series([1], index=["b"]), "higher")


@pytest.mark.parametrize("better", ["more", "", "HIGHER", None])
def test_an_unknown_direction_is_refused(better):
    with pytest.raises(ValueError, match="higher, lower, none"):
        attainment(1, 1, better)


def test_a_quotient_too_large_for_a_float_is_not_applicable():
    assert attainment(1e308, 1e-308, "higher") is None


@given(POSITIVE, POSITIVE)
def test_the_two_directions_are_inverse_of_one_another(realised, objective):
    product = attainment(realised, objective, "higher") * attainment(realised, objective, "lower")
    assert product == pytest.approx(1.0)


@given(POSITIVE, POSITIVE, st.floats(min_value=1e-3, max_value=1e3))
def test_attainment_does_not_depend_on_the_unit(realised, objective, factor):
    for better in ("higher", "lower"):
        before = attainment(realised, objective, better)
        assert attainment(realised * factor, objective * factor, better) == pytest.approx(before)


@given(st.one_of(st.none(), ANY, st.floats()), st.one_of(st.none(), ANY, st.floats()))
def test_a_scalar_result_is_finite_or_none(realised, objective):
    for better in ("higher", "lower", "none"):
        found = attainment(realised, objective, better)
        assert found is None or math.isfinite(found)


@given(POSITIVE, POSITIVE, POSITIVE)
def test_improving_never_lowers_attainment(objective, one, other):
    low, high = sorted((one, other))
    assert attainment(low, objective, "higher") <= attainment(high, objective, "higher")
    assert attainment(low, objective, "lower") >= attainment(high, objective, "lower")


@pytest.mark.parametrize("row", rows("attainment_path.csv"))
def test_path_attainment_of_worked_cases(row):
    found = path_attainment(
        *(number(row[name]) for name in ("initial", "current", "target")), row["better"] or None
    )
    assert found.clamped == number(row["clamped"])
    assert found.unclamped == number(row["unclamped"])


@given(ANY, ANY, ANY)
def test_a_path_read_upside_down_is_covered_alike(initial, current, target):
    up = path_attainment(initial, current, target, "higher")
    down = path_attainment(-initial, -current, -target, "lower")
    assert up == down
    assert up.clamped is None or 0 <= up.clamped <= 100


def test_an_unknown_direction_of_a_path_is_refused():
    with pytest.raises(ValueError, match="better must be"):
        path_attainment(1, 2, 3, "none")


def test_a_path_too_short_for_a_float_has_no_value():
    assert path_attainment(0.0, 1e308, 1e-308) == (None, None)


def test_weights_of_sixty_and_forty():
    assert weighted([50, 100], [60, 40]) == pytest.approx(70)
    assert weighted([50, 100], [0.6, 0.4]) == pytest.approx(70)


@pytest.mark.parametrize("values", [[None, 100], [50, math.nan], [50, pd.NA]])
def test_a_composite_with_a_part_missing_has_no_value(values):
    assert weighted(values, [60, 40]) is None


@pytest.mark.parametrize(
    ("values", "weights"), [([], []), ([1], [1, 2]), ([1, 2], [0, 0]), ([1, 2], [2, -1])]
)
def test_weights_that_weigh_nothing_are_refused(values, weights):
    with pytest.raises(ValueError, match="[Ww]eights"):
        weighted(values, weights)
