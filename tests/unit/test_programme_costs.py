"""Costs worked out again by hand, and what is said where nothing can be divided."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.programme_costs import (
    PradoCost,
    PradoHypotheses,
    adhesions_made,
    calls_per_day,
    ratio,
)

REPORT = PradoHypotheses(
    cam_fte=591,
    cam_salary_eur=50_982,
    managers=116,
    manager_share=0.5,
    manager_salary_eur=60_000,
    overhead_rate=0.2,
    salary_adhesions=400_000,
    budget_adhesions=430_920,
)


def test_the_report_by_hand():
    cost = PradoCost(REPORT)
    assert cost.cam_salaries == 30_130_362
    assert cost.manager_salaries == 3_480_000
    assert cost.salaries == 33_610_362
    assert cost.budget == pytest.approx(40_332_434.4)
    assert cost.salaries_per_adhesion == pytest.approx(84.026, abs=0.001)
    assert cost.budget_per_adhesion == pytest.approx(93.596, abs=0.001)


def test_calls_of_one_nurse_and_day():
    assert calls_per_day(427_000, 245, 205) == pytest.approx(8.5017, abs=1e-4)
    assert calls_per_day(427_000, 0, 205) is None


def test_adhesions_of_a_year_from_teams():
    assert adhesions_made([(407, 81), (142, 21), (42, 9)], 12) == 435_924
    assert adhesions_made([(407, 81), (None, 21)], 12) is None
    assert adhesions_made([], 12) is None


def test_nothing_is_divided_by_nothing():
    cost = PradoCost(replace(REPORT, salary_adhesions=0))
    assert cost.salaries_per_adhesion is None
    assert cost.overhead_effect is None
    assert cost.adhesions_effect is None
    assert ratio(1, 0) is None
    assert ratio(None, 2) is None


@given(
    overhead=st.floats(0, 3),
    first=st.floats(1, 1e7),
    second=st.floats(1, 1e7),
    fte=st.floats(0, 2e4),
)
def test_both_effects_lead_from_salaries_to_budget(overhead, first, second, fte):
    cost = PradoCost(
        replace(
            REPORT,
            cam_fte=fte,
            overhead_rate=overhead,
            salary_adhesions=first,
            budget_adhesions=second,
        )
    )
    parts = (cost.salaries_per_adhesion, cost.overhead_effect, cost.adhesions_effect)
    assert sum(parts) == pytest.approx(cost.budget_per_adhesion, rel=1e-9, abs=1e-6)
