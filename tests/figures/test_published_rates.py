"""Rates and barometer values of one territory, as they are written."""

import pandas as pd
import pytest

from figures.published_rates import (
    progresses,
    rates_finding,
    rates_records,
    rates_tables,
    vaccine_rates,
)

RATES = pd.DataFrame(
    [
        ("Grippe", 2022, "DEP-43", 0.50),
        ("Grippe", 2023, "DEP-43", 0.531),
        ("Grippe", 2023, "DEP-63", 0.554),
        ("Grippe", 2023, "DEP-03", 0.49),
        ("HPV", 2022, "DEP-63", 0.3),
    ],
    columns=["title", "year", "territory_code", "rate"],
)
PROGRESS = pd.DataFrame(
    [
        {
            "title": "Maisons <de santé>",
            "better": "higher",
            "actual_value": 15.0,
            "actual_on": pd.Timestamp("2023-12-01"),
            "initial_value": 20.0,
            "initial_on": pd.Timestamp("2022-12-01"),
            "target_value": 40.0,
            "target_on": pd.Timestamp("2026-12-01"),
            "progress": -0.25,
            "published_progress": 0.0,
        },
        {
            "title": "Sans valeur",
            "better": None,
            "actual_value": None,
            "actual_on": pd.NaT,
            "initial_value": None,
            "initial_on": pd.NaT,
            "target_value": 3.0,
            "target_on": pd.Timestamp("2026-12-01"),
            "progress": None,
            "published_progress": None,
        },
    ]
)


def test_the_latest_rate_has_its_former_one_and_its_place():
    (one,) = vaccine_rates(RATES, "DEP-43")
    assert (one.title, one.year, one.rank, one.known) == ("Grippe", 2023, 2, 3)
    assert one.rate - one.former == pytest.approx(0.031)
    assert vaccine_rates(RATES, "DEP-75") == []


def test_progress_below_the_start_is_told_beside_the_published_one():
    known = progresses(PROGRESS)
    rates = vaccine_rates(RATES, "DEP-43")
    assert [one.title for one in known] == ["Maisons <de santé>"]
    html = rates_tables(rates, known)
    assert "Maisons &lt;de santé&gt;" in html
    assert "−25,0" in html
    assert "1er décembre 2026" in html
    assert "2e sur 3" in html
    assert rates_finding(rates, known) == (
        "Publiés ailleurs : 1 couverture vaccinale et 1 indicateur du baromètre"
    )
    assert rates_records(rates, known)["Valeur"].tolist() == [0.531, 15.0]
