"""The word beside an attainment, and the settings it depends on."""

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.attainment import Thresholds, attainment, status

GOLDEN = Path(__file__).parents[1] / "golden" / "attainment.csv"


def test_status_of_the_worked_cases():
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    found = [status(float(case["attainment"]) if case["attainment"] else None) for case in cases]
    assert found == [case["status"] for case in cases]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (1.0, "attained"),
        (0.9999999999, "attained"),  # nearer to 1 than any two counts below 10^9
        ((0.1 + 0.2) / 0.3, "attained"),
        (0.99999999, "close"),
        (0.9996, "close"),
        (0.95, "close"),
        (0.9499999, "behind"),
        (0.0, "behind"),
        (-1.0, "behind"),
        (None, "not_applicable"),
        (math.nan, "not_applicable"),
        (pd.NA, "not_applicable"),
    ],
)
def test_both_sides_of_each_threshold(value, word):
    assert status(value) == word


def test_arrays_and_series_keep_their_kind():
    words = ["attained", "close", "behind", "not_applicable"]
    values = [1.2, 0.97, 0.3, None]
    series = status(pd.Series(values, index=list("abcd")))
    assert series.tolist() == words
    assert series.index.tolist() == list("abcd")
    assert status(np.array(values, dtype=float)).tolist() == words


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_counts_are_attained_exactly_when_the_objective_is_reached(realised, objective):
    word = status(attainment(realised, objective, "higher"))
    assert (word == "attained") == (realised >= objective)


def test_thresholds_are_settings():
    set_otherwise = {"VIGIE_STATUS_ATTAINED": "0.98", "VIGIE_STATUS_CLOSE": "0.9"}
    thresholds = Thresholds.from_environment(set_otherwise)
    assert thresholds == Thresholds(attained=0.98, close=0.9)
    assert [status(v, thresholds) for v in (0.98, 0.9, 0.89)] == ["attained", "close", "behind"]
    assert Thresholds.from_environment({"VIGIE_STATUS_CLOSE": " "}) == Thresholds()


def test_thresholds_are_read_from_the_process_environment(monkeypatch):
    monkeypatch.setenv("VIGIE_STATUS_CLOSE", "0.8")
    assert Thresholds.from_environment().close == 0.8


def test_a_threshold_that_is_no_number_is_named():
    with pytest.raises(ValueError, match="VIGIE_STATUS_CLOSE"):
        Thresholds.from_environment({"VIGIE_STATUS_CLOSE": "95 %"})


@pytest.mark.parametrize(
    ("attained", "close"), [(0.9, 0.95), (1.0, 0.0), (math.inf, 0.9), (math.nan, 0.9)]
)
def test_thresholds_that_leave_a_status_out_of_reach_are_refused(attained, close):
    with pytest.raises(ValueError, match="0 < close <= attained"):
        Thresholds(attained, close)
