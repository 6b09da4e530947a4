"""Rows as the questions give them, before and after small numbers are withheld."""

from __future__ import annotations

from typing import Any

import pandas as pd

from figures.objective import Objective
from indicators.suppression import release
from queries.run import question

MATERNITY = Objective(
    code="prado_maternite_adhesions",
    title="Adhésions PRADO maternité",
    heading="Maternité",
    unit="count",
    better="higher",
    area="PRADO",
)
SURGERY = Objective(
    code="prado_chirurgie_adhesions",
    title="Adhésions PRADO chirurgie",
    heading="Chirurgie",
    unit="count",
    better="higher",
    area="PRADO",
)
FLU = Objective(
    code="vaccination_grippe",
    title="Vaccination contre la grippe",
    heading="Grippe",
    unit="proportion",
    better="higher",
    area="Prévention",
    is_rate=True,
)


def cell(**given: Any) -> dict[str, Any]:
    """One row of ``cpg/attainment``: 80 adhesions of 100, all caisses up to date, year closed."""
    row = {
        "territory_code": "DEP-43",
        "territory_name": "Haute-Loire",
        "indicator_code": MATERNITY.code,
        "realised": 80.0,
        "numerator": None,
        "denominator": None,
        "objective": 100.0,
        "objective_to_date": 100.0,
        "attainment": 0.8,
        "attainment_to_date": 0.8,
        "status": "behind",
        "is_open_year": False,
        "is_provisional": False,
        "senders_expected": 10,
        "senders_received": 10,
        "last_sent_month": pd.Timestamp("2016-12-01"),
        "is_hidden": False,
        "level": "departement",
        "peer_rank": None,
        "peer_count": 0,
    }
    assert given.keys() <= row.keys()
    return {**row, **given}


def attainment(*cells: dict[str, Any]) -> pd.DataFrame:
    """The rows as ``cpg/attainment`` computes them."""
    return pd.DataFrame(list(cells))


def month(day: str, **given: Any) -> dict[str, Any]:
    """One row of ``cpg/monthly``: final, all ten caisses received."""
    row = {
        "territory_code": "DEP-43",
        "indicator_code": MATERNITY.code,
        "year": int(day[:4]),
        "month": pd.Timestamp(day),
        "realised": 20.0,
        "cumulated": 20.0,
        "objective": 240.0,
        "objective_to_date": 20.0,
        "is_provisional": False,
        "senders_expected": 10,
        "senders_received": 10,
        "is_hidden": False,
        "is_cumulated_hidden": False,
    }
    assert given.keys() <= row.keys()
    return {**row, **given}


def source(**given: Any) -> dict[str, Any]:
    """One row of ``cpg/provenance``."""
    row = {
        "caisse_code": "CPAM-43",
        "caisse_name": "CPAM de la Haute-Loire",
        "year": 2016,
        "month": pd.Timestamp("2016-03-01"),
        "realised": 1234.0,
        "numerator": None,
        "denominator": None,
        "objective": 2000.0,
        "provisional": False,
        "extract_id": "e1",
        "file_name": "cpg_mars.xlsx",
        "source_sheet": "Résultats",
        "source_row": 17,
        "received_by": "Anne Dupré",
        "received_at": pd.Timestamp("2016-04-05 14:05:00"),
        "origin": "received",
        "is_hidden": False,
    }
    assert given.keys() <= row.keys()
    return {**row, **given}


def published(**given: Any) -> dict[str, Any]:
    """One row of ``cpg/reconciliation``."""
    row = {
        "territory_code": "DRSM-AUVERGNE",
        "territory_name": "Auvergne",
        "indicator_code": MATERNITY.code,
        "published_realised": None,
        "published_attainment": 1.12,
        "computed_realised": 7391.0,
        "computed_attainment": 1.1249,
        "attainment_difference": 0.0049,
        "realised_difference": None,
        "from_published_rates": None,
        "verdict": "equal",
        "is_hidden": False,
    }
    assert given.keys() <= row.keys()
    return {**row, **given}


def released(frame: pd.DataFrame, name: str, may_see: bool = False) -> pd.DataFrame:
    """``frame`` as the question ``name`` gives it to someone with or without the right."""
    for flag, columns in question(name).hides:
        known = [column for column in columns if column in frame.columns]
        frame = release(frame, known, flag, allowed=[may_see] * len(frame))
    return frame
