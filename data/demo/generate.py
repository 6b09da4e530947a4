"""Write the demonstration: CPG extracts by caisse and month, January 2014 to September 2017.

The figures are invented, seeded and calibrated on the published ones; what is which is told in
``docs/demonstration-data.md``. Run ``python -m data.demo.generate FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from data.demo.counts import NO_OBJECTIVE, MonthlyCounts, all_counts
from data.demo.rates import MonthlyRates, all_rates
from data.demo.senders import is_sent, senders
from data.demo.sendings import first_sending, second_sending
from data.demo.timeline import MONTHS, PROVISIONAL_MONTHS, YEAR_OF_MONTH, YEARS

SEED = 2017

HEADINGS = [
    "Caisse",
    "Indicateur",
    "Mois",
    "Réalisé",
    "Numérateur",
    "Dénominateur",
    "Objectif annuel",
    "Statut",
]
"""The headings of the files, in order."""


def demonstration(seed: int = SEED) -> pd.DataFrame:
    """All rows as sent, ordered by caisse, month and indicator.

    Columns: those of ``HEADINGS``; ``Réalisé``, ``Numérateur`` and ``Dénominateur`` are whole
    numbers or missing, ``Objectif annuel`` is text (``85,0 %`` for rates, a whole number for
    counts, empty where none was set), ``Mois`` is ``YYYY-MM``.
    """
    caisses = senders()
    counts = all_counts(caisses, seed)
    rates = all_rates(caisses, counts["sophia_adherents"], seed)
    codes = caisses["caisse_code"].to_numpy()
    parts = [_count_rows(code, result, codes) for code, result in counts.items()]
    parts += [_rate_rows(code, result, codes) for code, result in rates.items()]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[is_sent(rows["Caisse"], rows["Mois"])]
    is_provisional = rows["Mois"].isin(PROVISIONAL_MONTHS)
    rows["Statut"] = np.where(is_provisional, "provisoire", "définitif")
    order = {code: number for number, code in enumerate([*counts, *rates])}
    rows["order"] = rows["Indicateur"].map(order)
    return rows.sort_values(["Caisse", "Mois", "order"], ignore_index=True)[HEADINGS]


def write_demonstration(folder: Path, seed: int = SEED) -> list[Path]:
    """Write the sendings into ``folder`` and return the paths, in the order in which they came.

    One CSV file a year to August 2017, then that of September 2017, which sends July and August
    again. UTF-8, semicolons, French headings and decimals. The same seed gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = demonstration(seed)
    first = first_sending(rows, seed)
    year_of_row = first["Mois"].str[:4].astype(int)
    files = {f"cpg_demo_{year}.csv": first[year_of_row == year] for year in YEARS}
    files["cpg_demo_2017_septembre.csv"] = second_sending(rows)
    for name, sent in files.items():
        sent.to_csv(folder / name, sep=";", index=False, encoding="utf-8", lineterminator="\n")
    return [folder / name for name in files]


def _frame(
    code: str, caisse_codes: np.ndarray, values: dict[str, np.ndarray | None]
) -> pd.DataFrame:
    """One row a caisse and month; ``values`` are grids (caisses, 45 months) or None for empty."""
    size = len(caisse_codes) * len(MONTHS)
    columns = {
        heading: pd.array(
            [None] * size if grid is None else grid.ravel(),
            dtype="Int64",
        )
        for heading, grid in values.items()
    }
    return pd.DataFrame(
        {
            "Caisse": np.repeat(caisse_codes, len(MONTHS)),
            "Indicateur": code,
            "Mois": np.tile(np.array(MONTHS, dtype=object), len(caisse_codes)),
            **columns,
        }
    )


def _by_month(by_year: np.ndarray) -> np.ndarray:
    """A yearly grid (caisses, 4) repeated over its months, flat in the order of the rows."""
    return by_year[:, YEAR_OF_MONTH - YEARS[0]].ravel()


def _count_rows(code: str, result: MonthlyCounts, caisse_codes: np.ndarray) -> pd.DataFrame:
    """The rows of a counted indicator; an objective that was not given is empty."""
    grids = {"Réalisé": result.realised, "Numérateur": None, "Dénominateur": None}
    rows = _frame(code, caisse_codes, grids)
    objective = _by_month(result.objective)
    rows["Objectif annuel"] = np.where(
        objective == NO_OBJECTIVE, "", objective.astype(str).astype(object)
    )
    return rows


def _rate_rows(code: str, result: MonthlyRates, caisse_codes: np.ndarray) -> pd.DataFrame:
    """The rows of a rate; months without a denominator are not sent."""
    grids = {"Réalisé": None, "Numérateur": result.numerator, "Dénominateur": result.denominator}
    rows = _frame(code, caisse_codes, grids)
    rows["Objectif annuel"] = [
        "" if np.isnan(value) else f"{value:.1f} %".replace(".", ",")
        for value in _by_month(result.objective_pct)
    ]
    return rows[rows["Dénominateur"] > 0]


if __name__ == "__main__":
    for written in write_demonstration(Path(sys.argv[1])):
        print(written)
