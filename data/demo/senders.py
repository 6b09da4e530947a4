"""The 106 caisses that send CPG results in the demonstration, and how they lapse in 2017."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

REFERENCE = Path(__file__).resolve().parents[1] / "reference"

WITHOUT_CPG = "CSS-976"
"""Mayotte has no CPG here: it sends nothing, and nothing is expected of it."""

SHARE_OF_DEPARTMENT = {
    "CPAM-59-LILLE-DOUAI": 0.42,
    "CPAM-59-HAINAUT": 0.27,
    "CPAM-59-ROUBAIX-TOURCOING": 0.17,
    "CPAM-59-FLANDRES": 0.14,
    "CPAM-62-ARTOIS": 0.55,
    "CPAM-62-COTE-D-OPALE": 0.45,
    "CPAM-64-BAYONNE": 0.45,
    "CPAM-64-PAU": 0.55,
    "CPAM-76-ROUEN-ELBEUF-DIEPPE": 0.68,
    "CPAM-76-LE-HAVRE": 0.32,
}
"""Invented split of a department's population where it has several caisses."""

LAST_MONTH_SENT = {"CPAM-52": "2017-03", "CPAM-81": "2017-05"}
"""The two caisses that stop sending in 2017, with their last month."""

WITHOUT_SEPTEMBER_2017 = ("CPAM-13", "CPAM-48", "CPAM-60", "CPAM-77", "CGSS-971")
"""The caisses whose September 2017 had not arrived when the demonstration ends."""


def senders() -> pd.DataFrame:
    """The 106 caisses with a CPG, in the order of their codes.

    Columns: caisse_code, department_code, drsm_code, population (inhabitants, a share of the
    department's where it has several caisses).
    """
    caisses = pd.read_csv(REFERENCE / "caisses.csv", dtype=str)
    departments = pd.read_csv(REFERENCE / "departements.csv", dtype=str)
    joined = caisses.merge(departments, on="departement", validate="many_to_one")
    joined = joined[joined["caisse_code"] != WITHOUT_CPG]
    share = joined["caisse_code"].map(SHARE_OF_DEPARTMENT).fillna(1.0)
    frame = pd.DataFrame(
        {
            "caisse_code": joined["caisse_code"],
            "department_code": joined["departement"],
            "drsm_code": joined["drsm_code"],
            "population": joined["population"].astype(float) * share,
        }
    )
    return frame.sort_values("caisse_code", ignore_index=True)


def is_sent(caisse_code: pd.Series, month: pd.Series) -> pd.Series:
    """Whether each row (caisse, month as ``YYYY-MM``) was sent."""
    stopped = month > caisse_code.map(LAST_MONTH_SENT).fillna("9999-12")
    late = (month == "2017-09") & caisse_code.isin(WITHOUT_SEPTEMBER_2017)
    return ~(stopped | late)
