"""Plans of installations: reading, steps, what they do beside an equal spread and the best one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.inequality import fewest_installations, gini
from indicators.plan import (
    best_plan,
    read_budget,
    read_plan,
    simulated,
    unread_steps,
    with_step,
    written_plan,
)
from tests.unit.test_distribution import distribution

SPREAD = distribution()


@given(st.dictionaries(st.sampled_from(SPREAD.codes), st.integers(-9, 999).filter(bool)))
def test_a_plan_reads_as_it_is_written(plan):
    possible = {code: n for code, n in plan.items() if n >= -SPREAD.count[SPREAD.place[code]]}
    assert read_plan(written_plan(possible), SPREAD) == possible


@pytest.mark.parametrize(
    "words", ["", "EPCI-9:3", "EPCI-1", "EPCI-1:x", "<b>:3", "EPCI-1:1000", "EPCI-1:0", ",,"]
)
def test_what_is_no_step_of_a_known_territory_is_left_out(words):
    assert read_plan(words, SPREAD) == {}
    assert unread_steps(words, SPREAD) == [step for step in words.split(",") if step]


def test_steps_that_are_taken_whole_are_not_told_as_unread():
    assert unread_steps("EPCI-1:2, EPCI-2:1,EPCI-9:1", SPREAD) == ["EPCI-9:1"]
    assert unread_steps("EPCI-1:-999", SPREAD) == ["EPCI-1:-999"]


@pytest.mark.parametrize(
    ("words", "budget"),
    [("20", 20), ("500", 500), ("0", None), ("501", None), ("²", None), ("-3", None), ("x", None)],
)
def test_a_budget_is_a_whole_number_within_bounds(words, budget):
    assert read_budget(words) == budget


def test_a_budget_as_long_as_an_address_is_none():
    assert read_budget("9" * 9000) is None


def test_nobody_leaves_from_where_nobody_is():
    assert read_plan("EPCI-4:-3,EPCI-1:-30", SPREAD) == {"EPCI-1": -10}
    assert with_step({}, "EPCI-4", -1, SPREAD) == {}
    assert with_step({"EPCI-1": -10}, "EPCI-1", -1, SPREAD) == {"EPCI-1": -10}


def test_steps_add_up_and_vanish_at_zero():
    once = with_step({}, "EPCI-2", 1, SPREAD)
    assert once == {"EPCI-2": 1}
    assert with_step(once, "EPCI-2", -1, SPREAD) == {}
    assert with_step(once, "unknown", 1, SPREAD) == once


def test_the_best_plan_does_all_that_can_be_done():
    plan = best_plan(SPREAD, 5)
    found = simulated(SPREAD, plan)
    assert sum(plan.values()) == found.total == 5
    assert found.share_of_best == pytest.approx(1)
    assert found.share_of_equal > 1
    assert found.gini_after == gini(found.after.count, found.after.population)


def test_an_equal_spread_is_one_time_itself():
    found = simulated(SPREAD, {"EPCI-1": 2, "EPCI-2": 2, "EPCI-3": 4, "EPCI-4": 1})
    assert found.share_of_equal == pytest.approx(1)


def test_a_plan_that_only_moves_has_no_equal_spread_to_compare_with():
    found = simulated(SPREAD, {"EPCI-2": -5, "EPCI-1": 5})
    assert (found.total, found.moved) == (0, 5)
    assert found.change < 0
    assert found.share_of_equal is None
    assert found.share_of_best is None


def test_nothing_planned_changes_nothing():
    found = simulated(SPREAD, {})
    assert found.change == 0
    assert found.after.count.tolist() == SPREAD.count.tolist()


def test_the_fewest_installations_reach_the_fall_and_one_less_does_not():
    before = gini(SPREAD.count, SPREAD.population)
    needed = fewest_installations(SPREAD.count, SPREAD.population, 0.05)
    assert needed is not None
    for n, reaches in ((needed, True), (needed - 1, False)):
        fall = before - simulated(SPREAD, best_plan(SPREAD, n)).gini_after
        assert (fall >= 0.05) is reaches


def test_a_fall_out_of_reach_has_no_number():
    assert fewest_installations(SPREAD.count, SPREAD.population, 0.05, at_most=1) is None
    with pytest.raises(ValueError, match="positive"):
        fewest_installations(SPREAD.count, SPREAD.population, 0)
