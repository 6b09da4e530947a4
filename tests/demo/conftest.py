from __future__ import annotations

import pandas as pd
import pytest

from data.demo.generate import demonstration
from data.demo.senders import senders


@pytest.fixture(scope="session")
def rows() -> pd.DataFrame:
    """The demonstration as sent, with year and DRSM beside each row."""
    frame = demonstration()
    drsm = senders().set_index("caisse_code")["drsm_code"]
    return frame.assign(year=frame["Mois"].str[:4].astype(int), drsm_code=frame["Caisse"].map(drsm))


@pytest.fixture(scope="session")
def year_results(rows: pd.DataFrame) -> pd.DataFrame:
    """Realised, objective and DRSM by year, caisse and counted indicator, as a reader adds them up.

    Flows are summed over months, stocks keep the year's last month.
    """
    counted = rows[rows["Réalisé"].notna()]
    keys = ["year", "Caisse", "drsm_code", "Indicateur"]
    grouped = counted.groupby(keys)
    results = grouped.agg(
        flow=("Réalisé", "sum"), stock=("Réalisé", "last"), objective=("Objectif annuel", "last")
    ).reset_index()
    is_stock = results["Indicateur"].str.endswith(("_etablissements", "sophia_adherents"))
    results["realised"] = results["stock"].where(is_stock, results["flow"]).astype(int)
    results["objective"] = pd.to_numeric(results["objective"])
    return results.drop(columns=["flow", "stock"])
