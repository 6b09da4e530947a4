"""A figure read whole: interval, place, control chart, since when."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from indicators.catalogue import catalogue
from indicators.reading import (
    attainment_interval,
    control_of,
    months_by_indicator,
    readings,
    under_since,
)

FLOW, RATE, STOCK, STEPS = (
    "prado_maternite_adhesions",
    "generiques_penetration",
    "sophia_adherents",
    "prado_chirurgie_etablissements",
)


def months(
    code, realised, *, year=2016, objective=1200.0, to_date=None, received=None, cumulated=None
):
    n = len(realised)
    days = pd.date_range(f"{year}-01-01", periods=n, freq="MS")
    return pd.DataFrame(
        {
            "indicator_code": code,
            "year": days.year,
            "month": days,
            "realised": realised,
            "cumulated": np.cumsum(realised) if cumulated is None else cumulated,
            "objective": objective,
            "objective_to_date": [objective * (i % 12 + 1) / 12 for i in range(n)]
            if to_date is None
            else to_date,
            "senders_received": [3] * n if received is None else received,
            "is_provisional": False,
        }
    )


def control(code, frame, year=2016, rebases=()):
    return control_of(catalogue()[code], months_by_indicator(frame)[code], year, rebases)


def test_a_flow_is_charted_over_what_the_objective_asks_of_its_month():
    chart = control(FLOW, months(FLOW, [90.0, 110.0, 100.0, 120.0]))
    assert chart.kind == "monthly_attainment"
    assert chart.chart.observed == pytest.approx([0.9, 1.1, 1.0, 1.2])
    assert chart.target == 1.0


def test_what_is_asked_of_january_does_not_lean_on_december():
    frame = months(FLOW, [100.0] * 11 + [110.0, 50.0, 60.0])
    chart = control(FLOW, frame, year=2017)
    assert chart.chart.observed[11:] == pytest.approx([1.1, 0.5, 0.6])


def test_a_rate_is_charted_as_it_is_against_its_objective():
    chart = control(RATE, months(RATE, [0.80, 0.82, 0.81, 0.83], objective=0.85))
    assert (chart.kind, chart.target) == ("monthly_rate", 0.85)
    assert chart.assurance == "hit_or_miss"
    assert chart.chart.upper > 0.85


def test_a_stock_of_patients_is_charted_by_its_monthly_change():
    frame = months(STOCK, [100.0 + 10 * i + (i % 2) for i in range(14)], objective=500.0)
    chart = control(STOCK, frame, year=2017)
    assert chart.kind == "monthly_change"
    assert np.isnan(chart.chart.observed[0])
    assert chart.chart.observed[1:3] == pytest.approx([11.0, 9.0])
    assert chart.target == pytest.approx((500.0 - 211.0) / 12)


def test_establishments_that_join_by_steps_have_no_chart():
    assert control(STEPS, months(STEPS, [1.0, 2.0, 2.0, 4.0, 4.0])) is None


def test_a_month_that_part_of_the_caisses_sent_is_a_gap_and_not_a_fall():
    frame = months(FLOW, [90.0, 110.0, 100.0, 20.0], received=[3, 3, 3, 1])
    chart = control(FLOW, frame)
    assert np.isnan(chart.chart.observed[3])
    assert chart.variation == "none"


def test_months_that_do_not_move_and_two_months_have_no_chart():
    assert control(FLOW, months(FLOW, [100.0] * 12)) is None
    assert control(FLOW, months(FLOW, [90.0, 110.0])) is None


def test_later_years_are_left_out_of_the_chart_of_a_year():
    frame = months(FLOW, [100.0 + i % 3 for i in range(20)])
    assert control(FLOW, frame, year=2016).months[-1] == date(2016, 12, 1)


def test_a_rebase_starts_new_limits_and_a_fresh_one_waits_for_months():
    values = [100.0 + i % 2 for i in range(6)] + [200.0 + i % 2 for i in range(6)]
    rebased = control(FLOW, months(FLOW, values), rebases=[date(2016, 7, 1)])
    assert rebased.chart.lower > 1.9
    assert control(FLOW, months(FLOW, values), rebases=[date(2016, 12, 1)]) is None


def row(**values):
    return {"realised": None, "numerator": None, "denominator": None} | values


def test_the_interval_of_a_count_is_byars_over_the_objective():
    interval = attainment_interval(catalogue()[FLOW], row(realised=65.0), 100.0, 0.95)
    assert (interval.lower, interval.upper) == pytest.approx((0.50163187710, 0.82849138546))


def test_the_interval_of_a_proportion_is_wilsons_over_the_objective():
    known = row(realised=0.65, numerator=65.0, denominator=100.0)
    interval = attainment_interval(catalogue()[RATE], known, 0.5, 0.95)
    assert (interval.lower, interval.upper) == pytest.approx((1.105088866, 1.472715035))


@pytest.mark.parametrize("objective", [None, 0.0])
def test_no_objective_gives_no_interval(objective):
    assert attainment_interval(catalogue()[FLOW], row(realised=65.0), objective, 0.95) is None


def test_amounts_whose_spread_is_not_sent_have_no_interval():
    assert attainment_interval(catalogue()["ij_montants"], row(realised=1e6), 1e6, 0.95) is None


def read(attainment=0.95, realised=950.0, flows=None, **board_row):
    board = pd.DataFrame(
        [
            {
                "territory_code": "CPAM-43",
                "year": 2016,
                "indicator_code": FLOW,
                "realised": realised,
                "numerator": None,
                "denominator": None,
                "objective": 1200.0,
                "objective_to_date": 1000.0,
                "attainment": realised / 1200,
                "attainment_to_date": attainment,
                "status": "close",
                "is_open_year": True,
                "last_month": pd.Timestamp("2016-10-01"),
                "is_provisional": True,
                "senders_expected": 1,
                "senders_received": 1,
                "is_hidden": attainment is None,
                "peer_rank": 9,
                "peer_count": 106,
                **board_row,
            }
        ]
    )
    peers = pd.DataFrame(
        [
            {
                "indicator_code": FLOW,
                "attainment_q1": 0.9,
                "attainment_median": 1.08,
                "attainment_q3": 1.1,
            }
        ]
    )
    frame = months(FLOW, [100.0] * 6 + [95.0, 90.0, 85.0, 80.0] if flows is None else flows)
    return readings(catalogue(), board, frame, peers)[FLOW]


def test_a_figure_is_placed_among_its_peers_with_its_interval():
    figure = read()
    assert (figure.place.rank, figure.place.count) == (9, 106)
    assert figure.interval.lower < 0.95 < figure.interval.upper < 1.08
    assert figure.place.against_median == "worse"
    assert figure.place.is_alarm
    assert figure.shortfall == pytest.approx(0.05)


def test_under_since_is_the_first_month_of_the_present_stretch_under_the_objective():
    assert read().under_since == date(2016, 7, 1)
    assert read(flows=[110.0] * 10).under_since is None
    assert read(flows=[90.0, 120.0, 90.0, 90.0]).under_since == date(2016, 4, 1)


def test_behind_since_agrees_with_the_status():
    assert read().behind_since is None
    late = read(status="behind", flows=[100.0, 90.0, 99.0, 70.0])
    assert (late.under_since, late.behind_since) == (date(2016, 2, 1), date(2016, 4, 1))


def test_a_hidden_figure_says_nothing_and_is_not_compared():
    figure = read(attainment=None, realised=float("nan"))
    assert figure.is_hidden
    assert figure.value is None
    assert figure.interval is None
    assert figure.place.against_median == "not_compared"
    assert figure.shortfall == 0.0


def test_a_territory_without_a_month_has_none_by_indicator():
    assert months_by_indicator(months(FLOW, [])) == {}


@pytest.mark.parametrize(
    ("sent", "shown"), [(pd.Timestamp("2016-08-01"), date(2016, 8, 1)), (pd.NaT, None)]
)
def test_a_late_caisse_is_read_up_to_the_month_it_has_sent(sent, shown):
    assert read(senders_received=0, last_sent_month=sent).last_month == shown


def both(own_received, steady_flows, own_flows=None, steady_count=9):
    """The chart of a figure whose caisses did not all send, beside those that did."""
    flows = [100.0, 110.0] * 7
    frame = months(FLOW, own_flows or flows, year=2015, received=own_received)
    board = pd.DataFrame(
        [
            {
                "territory_code": "REG-44",
                "year": 2016,
                "indicator_code": FLOW,
                "realised": 210.0,
                "numerator": None,
                "denominator": None,
                "objective": 1200.0,
                "objective_to_date": 200.0,
                "attainment": 0.175,
                "attainment_to_date": 1.05,
                "status": "attained",
                "is_open_year": True,
                "last_month": pd.Timestamp("2016-02-01"),
                "is_provisional": False,
                "senders_expected": 10,
                "senders_received": 9,
                "is_hidden": False,
                "peer_rank": 1,
                "peer_count": 17,
            }
        ]
    )
    alike = months(FLOW, steady_flows, year=2015, received=[steady_count] * len(steady_flows))
    alike["caisse_count"] = 10
    peers = pd.DataFrame(columns=["indicator_code", "attainment_median"])
    return readings(catalogue(), board, frame, peers, steady=alike)[FLOW].control


def test_where_a_caisse_stops_the_chart_goes_on_with_those_that_sent_every_month():
    chart = both([10] * 13 + [9], [90.0, 99.0] * 7)
    assert chart.caisses == (9, 10)
    assert chart.judged_to == date(2016, 2, 1)
    # By hand: 90 and 99 a month over the 100 asked.
    assert chart.chart.observed == pytest.approx([0.9, 0.99] * 7)


def test_the_territory_s_own_chart_stands_where_the_other_goes_no_further():
    whole = both([10] * 14, [90.0, 99.0] * 7)
    assert (whole.caisses, whole.judged_to) == (None, date(2016, 2, 1))
    hidden = both([10] * 13 + [9], [90.0, 99.0] * 6 + [90.0, np.nan])
    assert (hidden.caisses, hidden.judged_to) == (None, date(2016, 1, 1))
    on_trial = both([10] * 13 + [9], [np.nan] * 8 + [90.0, 99.0] * 3)
    assert (on_trial.caisses, on_trial.judged_to) == (None, date(2016, 1, 1))


def test_months_that_only_carry_the_total_on_are_no_points():
    stopped = read(last_sent_month=pd.Timestamp("2016-07-01"))
    assert [day.month for day, _ in stopped.points] == [1, 2, 3, 4, 5, 6, 7]
    assert stopped.last_month == date(2016, 7, 1)


def months_of(code, *attained, better="higher"):
    """Months from January 2016 of a territory that asks 100 each month."""
    reached = [
        None if value is None else value * 100 if better == "higher" else 100 / value
        for value in attained
    ]
    return pd.DataFrame(
        {
            "territory_code": code,
            "month": pd.date_range("2016-01-01", periods=len(attained), freq="MS"),
            "cumulated": pd.array(reached, dtype="Float64"),
            "objective_to_date": 100.0,
        }
    )


def test_the_stretch_begins_after_the_last_month_that_reached_the_objective():
    months = pd.concat(
        [
            months_of("A", 0.5, 1.0, 0.5, 0.6),
            months_of("B", 0.5, 0.5, 0.5, 0.5),
            months_of("C", 0.5, 0.5, 0.5, 1.0),
            months_of("D", 1.0, 0.5, None, 0.5),
        ]
    )
    found = under_since(months, "higher")
    assert found == {"A": date(2016, 3, 1), "B": date(2016, 1, 1), "D": date(2016, 2, 1)}


def test_nobody_is_under_what_has_no_better_side():
    assert under_since(months_of("A", 0.1, 0.1), "none") == {}


def test_spending_too_much_is_under_the_objective():
    months = months_of("A", 1.0, 0.5, 0.5, better="lower")
    assert under_since(months, "lower") == {"A": date(2016, 2, 1)}
