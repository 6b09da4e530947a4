"""Control charts against published cases, rule by rule, and with months missing."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.control_chart import RULES, assurance, p_chart, p_prime, since, variation, xmr
from tests.unit.golden_statistics import as_printed, cases, number, numbers, signals

CALM = [5, -5] * 20
"""Mean 0, moving range 10: limits at 26.6 either side, near lines at 17.73."""

VALUES = st.lists(
    st.floats(min_value=-1e6, max_value=1e6).map(lambda value: round(value, 3)),
    min_size=2,
    max_size=40,
)


def by_rule(chart, rule):
    return [place for place, signal in enumerate(chart.signal) if signal == rule]


@pytest.mark.parametrize("row", cases("xmr"))
def test_xmr_of_published_cases(row):
    values = numbers(row["values"])
    rebases = [int(position) for position in row["rebases"].split()]
    chart = xmr(values, rebases, screen=row["screen"] == "yes")
    assert chart.mean == as_printed(row["mean"])
    assert chart.lower == as_printed(row["lower"])
    assert chart.upper == as_printed(row["upper"])
    assert list(chart.signal) == signals(row["signals"], len(values))


@pytest.mark.parametrize("row", cases("assurance"))
def test_assurance_of_published_cases(row):
    bounds = (number(row[name]) for name in ("lower", "upper", "target"))
    assert assurance(*bounds, row["better"]) == row["answer"]


@pytest.mark.parametrize("row", cases("p_chart"))
def test_proportion_charts_of_published_cases(row):
    events, trials = numbers(row["events"]), numbers(row["trials"])
    sizes = trials * len(events) if len(trials) == 1 else trials
    chart = (p_chart if row["method"] == "p" else p_prime)(events, sizes)
    assert chart.mean == as_printed(row["mean"])
    assert chart.spread == as_printed(row["spread"])
    assert chart.lower == as_printed(row["lower"])
    assert chart.upper == as_printed(row["upper"])
    assert list(chart.signal) == signals(row["signals"], len(events))


def test_the_near_lines_lie_two_thirds_of_the_way_to_the_limits():
    chart = xmr(CALM)
    assert (chart.mean, chart.moving_range) == (0, 10)
    assert (chart.lower, chart.upper) == pytest.approx((-26.6, 26.6))
    assert (chart.near_lower, chart.near_upper) == pytest.approx((-17.7333333, 17.7333333))


def test_every_point_of_a_run_on_one_side_carries_the_signal():
    chart = xmr([4, 14, 4, 14, 4, 14, 4, -14, 4, -14, 4, -14, 4, -14, 4])
    assert by_rule(chart, "seven_one_side") == list(range(7))
    assert list(chart.side[:7]) == [1] * 7
    assert not chart.side[7:].any()


def test_a_run_of_six_is_none():
    chart = xmr([4, 14, 4, 14, 4, 14, -14, 4, -14, 4, -14, 4, -14])
    assert list(chart.signal) == [None] * 13


def test_the_mean_itself_is_on_no_side():
    around = [1, 5, 1, 5, 1, 5]
    chart = xmr([*around, 0, *(-value for value in around)])
    assert chart.mean == 0
    assert list(chart.signal) == [None] * 13


def test_a_point_where_a_rise_turns_into_a_fall_belongs_to_the_fall():
    rise = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    chart = xmr([*rise, *reversed(rise[:-1]), 4, -4, 4, -4, 4, -4, 4, -4])
    assert by_rule(chart, "seven_point_trend") == list(range(13))
    assert list(chart.side[:13]) == [1] * 6 + [-1] * 7


@pytest.mark.parametrize(
    ("end", "flagged"),
    [
        ([20, 20, -5], []),  # the three are not on one side
        ([20, 1, 20], [0, 2]),  # the one between is not near
        ([1, 20, 20], [1, 2]),
        ([20, 1, 1, 20], []),
        ([20, -20, 5], []),
    ],
)
def test_two_of_three_near_a_limit_on_one_side(end, flagged):
    chart = xmr([*CALM, *end, *CALM])
    assert chart.near_upper < 20 < chart.upper
    assert by_rule(chart, "two_of_three_near_limit") == [len(CALM) + place for place in flagged]


def test_a_point_outside_the_limits_does_not_count_as_near():
    chart = xmr([*CALM, 60, 21, -5, *CALM])
    assert chart.near_upper < 21 < chart.upper
    assert by_rule(chart, "two_of_three_near_limit") == []
    assert by_rule(chart, "beyond_limits") == [len(CALM)]


def test_the_first_rule_has_precedence():
    chart = xmr([*range(1, 13)])
    assert [RULES.index(signal) for signal in chart.signal] == [0] * 3 + [1] * 6 + [0] * 3


def test_a_constant_series_has_no_signal_whatever_the_rounding():
    chart = xmr([0.1 + 0.2] * 5 + [0.3] * 9)
    assert chart.lower == pytest.approx(chart.upper)
    assert list(chart.signal) == [None] * 14


def test_a_gap_breaks_the_moving_range_only():
    chart = xmr([1, 2, None, 5, 6, 5])
    assert chart.moving_range == pytest.approx(1.0)  # 2 → 5 is the change of two months
    rising = xmr([1, 2, 3, math.nan, 4, 5, 6, 7, 0, 9, 0, 9, 0, 9])
    assert by_rule(rising, "seven_point_trend") == [0, 1, 2, 4, 5, 6, 7]
    assert rising.signal[3] is None
    assert rising.side[3] == 0


def test_the_last_known_point_gives_the_sign_of_a_series_that_ends_in_a_gap():
    chart = xmr([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 10, None])
    assert variation(chart, "higher") == "improving"
    assert since(chart) == 12


@pytest.mark.parametrize(
    ("last", "better", "expected"),
    [
        (10, "higher", "improving"),
        (10, "lower", "deteriorating"),
        (10, "none", "neutral"),
        (-10, "higher", "deteriorating"),
        (-10, "lower", "improving"),
        (2, "higher", "none"),
        (2, "none", "none"),
    ],
)
def test_variation_by_what_is_better(last, better, expected):
    assert variation(xmr([1, 2] * 8 + [1, last]), better) == expected


def test_a_trend_is_judged_by_its_direction_not_by_its_side():
    chart = xmr([9, 1, 9, 1, 9, 1, 9, 1, 9, 2, 2.2, 2.4, 2.6, 2.8, 3.0, 3.2])
    assert chart.signal[-1] == "seven_point_trend"
    assert chart.observed[-1] < chart.mean
    assert variation(chart, "higher") == "improving"
    assert since(chart) == 9


def test_since_is_none_without_a_signal_at_the_end():
    assert since(xmr(CALM)) is None


def test_since_reaches_the_start_where_every_point_is_a_signal():
    assert since(xmr([0, 0.1, 0.2, 3, 3.1, 3.2, 6.2])) == 0


def test_a_rebase_starts_limits_and_runs_anew():
    before, after = [1, 2] * 6, [11, 12] * 3
    chart = xmr(before + after, rebases=[12])
    assert [(phase.start, phase.stop, phase.mean) for phase in chart.phases] == [
        (0, 12, 1.5),
        (12, 18, 11.5),
    ]
    assert (chart.mean, chart.is_trial) == (11.5, True)
    assert list(chart.signal) == [None] * 18
    assert list(xmr(before + after).signal) == ["beyond_limits"] * 18


@pytest.mark.parametrize(("count", "is_trial"), [(11, True), (12, False)])
def test_limits_of_fewer_than_twelve_known_points_are_on_trial(count, is_trial):
    values = [float(place % 2) for place in range(count)]
    assert xmr([*values, None, None]).is_trial is is_trial
    events = [3 + place % 2 for place in range(count)]
    assert p_chart([*events, None], [10] * (count + 1)).is_trial is is_trial


@pytest.mark.parametrize("rebases", [[0], [6], [-1], [3, 3], [4, 2]])
def test_rebases_out_of_order_are_refused(rebases):
    with pytest.raises(ValueError, match="rebases must be increasing positions"):
        xmr([1, 2, 1, 2, 1, 2], rebases)


@pytest.mark.parametrize(
    ("values", "rebases"), [([1], []), ([1, None, 2], []), ([None, None], []), ([1, 2, 3], [2])]
)
def test_a_phase_without_moving_range_has_no_limits(values, rebases):
    with pytest.raises(ValueError, match="two known points in a row"):
        xmr(values, rebases)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([], "at least one value"),
        (3.0, "at least one value"),
        ([[1, 2], [3, 4]], "must be series"),
        ([1, math.inf], "must be finite"),
        (["a", "b"], "must hold numbers"),
    ],
)
def test_what_is_no_series_is_refused(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        xmr(values)


def test_lists_arrays_and_series_give_the_same_chart():
    values = [1, 2, 1, 2, 10, 1, 2, 1]
    index = pd.period_range("2016-01", periods=8, freq="M")
    charts = [xmr(kind) for kind in (values, np.array(values), pd.Series(values, index=index))]
    for chart in charts[1:]:
        assert chart[:7] == charts[0][:7]
        assert list(chart.signal) == list(charts[0].signal)


def test_the_input_is_left_as_it_was():
    values = np.array([1.0, np.nan, 2.0, 3.0])
    chart = xmr(values)
    chart.observed[0] = 99.0
    np.testing.assert_array_equal(values, [1.0, np.nan, 2.0, 3.0])


@given(VALUES)
def test_limits_lie_evenly_around_a_mean_within_the_values(values):
    chart = xmr(values)
    assert min(values) - 1e-6 <= chart.mean <= max(values) + 1e-6
    assert chart.upper - chart.mean == pytest.approx(chart.mean - chart.lower, abs=1e-6)
    assert set(chart.signal) <= {None, *RULES}
    assert [signal is None for signal in chart.signal] == [side == 0 for side in chart.side]


@given(VALUES)
def test_screening_never_widens_the_limits(values):
    assert xmr(values).moving_range <= xmr(values, screen=False).moving_range * (1 + 1e-12)


@given(st.lists(st.integers(min_value=-50, max_value=50), min_size=2, max_size=30))
def test_signals_depend_neither_on_unit_nor_on_origin_and_turn_with_the_sign(values):
    chart = xmr(values)
    larger = xmr([8 * value + 1024 for value in values])
    turned = xmr([-value for value in values])
    assert list(larger.signal) == list(chart.signal)
    assert list(turned.signal) == list(chart.signal)
    assert list(turned.side) == [-side for side in chart.side]


@given(VALUES, st.integers(min_value=0, max_value=3))
def test_missing_months_at_either_end_change_nothing(values, gap):
    chart = xmr([*[None] * gap, *values, *[None] * gap])
    bare = xmr(values)
    assert chart[:7] == bare[:7]
    assert list(chart.signal[gap : gap + len(values)]) == list(bare.signal)


def test_assurance_of_arrays():
    found = assurance([1, 5, 1], [3, 7, 5], pd.Series([4, 4, None]), "higher")
    assert list(found) == ["fails", "passes", "none"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((3, 1, 2, "higher"), "lower must not be above upper"),
        ((None, 1, 2, "higher"), "lower must not be missing"),
        ((0, math.nan, 2, "lower"), "upper must not be missing"),
        ((0, 1, 2, "up"), "higher, lower, none"),
        (([0, 0], [1, 1, 1], 2, "higher"), "same length"),
    ],
)
def test_assurance_refuses_bad_input(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        assurance(*arguments)


def test_variation_refuses_an_unknown_direction():
    with pytest.raises(ValueError, match="higher, lower, none"):
        variation(xmr([1, 2, 3]), "increase")


def test_a_month_missing_in_a_proportion_has_no_limits_and_no_signal():
    chart = p_chart([5, None, 5, 5], [10, 10, None, 10])
    np.testing.assert_array_equal(np.isnan(chart.lower), [False, True, True, False])
    assert chart.mean == 0.5
    assert list(chart.signal) == [None] * 4


def test_a_proportion_outside_its_own_limits_is_a_signal_of_its_side():
    chart = p_chart([50, 50, 50, 80, 50, 50], [100] * 6)
    assert list(chart.signal) == signals("4:beyond_limits", 6)
    assert variation(p_chart([50, 50, 50, 50, 80], [100] * 5), "lower") == "deteriorating"


@pytest.mark.parametrize(
    ("events", "trials", "sentence"),
    [
        ([1, 11], [10, 10], "0 <= events <= trials"),
        ([-1, 1], [10, 10], "0 <= events <= trials"),
        ([0, 1], [0, 10], "trials > 0"),
        ([1, 2], [10, 10, 10], "events and trials must have the same length"),
        ([1, None], [10, 10], "at least two known points"),
        ([], [], "at least one value"),
    ],
)
def test_bad_counts_of_a_proportion_chart_are_refused(events, trials, sentence):
    for method in (p_chart, p_prime):
        with pytest.raises(ValueError, match=sentence):
            method(events, trials)


def test_p_prime_needs_two_points_in_a_row():
    with pytest.raises(ValueError, match="two known points in a row"):
        p_prime([1, None, 2], [10, 10, 10])


COUNTS = st.lists(
    st.tuples(st.integers(min_value=0, max_value=500), st.integers(min_value=1, max_value=500)),
    min_size=2,
    max_size=30,
)


@given(COUNTS)
def test_limits_of_proportions_stay_proportions_and_hold_the_mean(pairs):
    events, trials = zip(*((min(pair), max(pair)) for pair in pairs), strict=True)
    for chart in (p_chart(events, trials), p_prime(events, trials)):
        assert chart.mean == pytest.approx(sum(events) / sum(trials))
        assert ((chart.lower >= 0) & (chart.lower <= chart.mean)).all()
        assert ((chart.upper >= chart.mean) & (chart.upper <= 1)).all()


@given(COUNTS)
def test_p_prime_is_the_p_chart_times_its_spread(pairs):
    events, trials = zip(*((min(pair), max(pair)) for pair in pairs), strict=True)
    plain, prime = p_chart(events, trials), p_prime(events, trials)
    is_free = (plain.upper < 1) & (prime.upper < 1)
    assume(is_free.any())
    np.testing.assert_allclose(
        (prime.upper - prime.mean)[is_free],
        prime.spread * (plain.upper - plain.mean)[is_free],
        atol=1e-9,
    )
