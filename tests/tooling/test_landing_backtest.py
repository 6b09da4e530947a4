"""The backtest of the landing uses the past only, and its page says what it finds."""

import numpy as np
import pandas as pd
import pytest

from bench.__main__ import SECTIONS, main
from bench.landing import Panel, backtest, calibration, demonstration_panels, report, scores
from data.store.home import PROJECT

PAGE = (PROJECT / "docs" / "landing.md").read_text(encoding="utf-8")
EARLY = np.array([20, 20, 10, 10, 10, 10, 10, 10, 5, 5, 5, 5], dtype=float)


def panel(flows, objective=100.0):
    """Three years of two caisses of one region."""
    grid = np.stack([flows, 2 * flows])
    years, caisses = (2014, 2015, 2016), ("CPAM-01", "CPAM-03")
    return Panel("code", "higher", years, caisses, grid, np.full((2, 3), objective))


@pytest.fixture(scope="module")
def panels():
    return demonstration_panels()


@pytest.fixture(scope="module")
def tables(panels):
    return report(panels)


@pytest.mark.parametrize(
    "name", ["by month", "by year", "by indicator", "own years only", "chances"]
)
def test_page_holds_the_tables_of_the_backtest(tables, name):
    assert tables[name] in PAGE


def test_headline_of_the_page_is_that_of_the_table(tables):
    cells = [cell.strip() for cell in tables["by month"].splitlines()[2].split("|")]
    assert cells[1] == "all"
    headline = " ".join(PAGE.split())
    assert f"its median error is {cells[3]} against {cells[4]}" in headline


def test_panels_hold_closed_years_of_cumulated_indicators(panels):
    assert {panel.years for panel in panels} == {(2014, 2015, 2016)}
    assert {panel.flows.shape for panel in panels} == {(106, 3, 12)}
    codes = {panel.indicator_code for panel in panels}
    assert {"prado_maternite_adhesions", "ij_montants"} < codes
    assert not codes & {"sophia_adherents", "generiques_penetration"}


def test_a_steady_season_is_landed_exactly_once_two_years_are_known():
    cases = backtest([panel(np.stack([EARLY, EARLY, EARLY]))])
    by_past = cases.groupby("former_years")["landed"]
    np.testing.assert_allclose(by_past.get_group(2), 1)
    # Without a past it is the run-rate; after one year both count alike.
    first = cases[cases["former_years"] == 0]
    np.testing.assert_allclose(first["landed"], first["naive"])
    middle = cases[cases["former_years"] == 1]
    np.testing.assert_allclose(middle["landed"], np.sqrt(middle["naive"]))


def test_a_landing_does_not_know_what_comes_after():
    flows = np.stack([EARLY, EARLY + 1, EARLY[::-1]])
    changed = flows.copy()
    changed[2, 6:] *= 3
    keys = ["year", "caisse_code", "months"]
    before, after = (backtest([panel(case)]).set_index(keys) for case in (flows, changed))
    totals = changed[2].sum() / flows[2].sum()
    same_months = [(2016, caisse, months) for caisse in ("CPAM-01", "CPAM-03") for months in (3, 6)]
    np.testing.assert_allclose(
        before.loc[same_months, "landed"], after.loc[same_months, "landed"] * totals
    )
    pd.testing.assert_frame_equal(before.drop(2016), after.drop(2016))


def test_scores_are_medians_and_means_of_absolute_errors():
    cases = pd.DataFrame(
        {
            "year": 2016,
            "landed": [1.1, 0.8, 1.0],
            "naive": [1.5, 0.6, 1.2],
            "is_held": [True, False, True],
            "width": [0.2, 0.4, 0.3],
            "probability": [0.9, 0.2, np.nan],
            "is_reached": [1.0, 1.0, np.nan],
            "naive_chance": [1.0, 0.0, np.nan],
        }
    )
    (row,) = scores(cases, ["year"]).to_dict("records")
    assert row == pytest.approx(
        {
            "cases": 3,
            "landing_error": 0.1,
            "naive_error": 0.4,
            "landing_mean": 0.1,
            "naive_mean": 1.1 / 3,
            "coverage": 2 / 3,
            "width": 0.3,
            "brier": 0.325,
            "naive_brier": 0.5,
        }
    )
    fifths = calibration(cases)
    assert fifths["cases"].to_dict() == {1.0: 1, 4.0: 1}


def test_bench_names_the_landing_and_refuses_an_unknown_section(monkeypatch, capsys):
    assert "landing" in SECTIONS
    monkeypatch.setattr("sys.argv", ["bench", "landings"])
    with pytest.raises(SystemExit):
        main()
    assert "unknown section: landings" in capsys.readouterr().err
