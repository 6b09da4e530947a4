"""Which figures of patients are hidden, decided once for a build, whatever the filter asked.

A pattern that depended on the question would let two questions be subtracted from each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from indicators.suppression import complementary, primary

PARENT_COLUMNS = {
    "caisse": ("department_code",),
    "departement": ("region_code", "drsm_code", "ancienne_region_code"),
    "region": (),
    "drsm": (),
    "ancienne_region": (),
}
NATIONAL = "FR"


def territory_sums(territories: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Every relation "this territory is the sum of those" among the levels that are shown.

    Args:
        territories: the reference table, ancestors given as codes.

    Returns: (parent, children) pairs; the national level once by region, by DRSM and by former
        region.
    """
    sums: list[tuple[str, list[str]]] = []
    for level, parents in PARENT_COLUMNS.items():
        of_level = territories[territories["level"] == level]
        if not parents:
            sums.append((NATIONAL, list(of_level["territory_code"])))
        for parent in parents:
            for code, children in of_level.groupby(parent)["territory_code"]:
                sums.append((str(code), list(children)))
    return sums


def hidden_cells(
    years: pd.DataFrame, months: pd.DataFrame, territories: pd.DataFrame
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Cells to hide, the small ones and those that would give them away.

    Args:
        years: ``year, territory_code, indicator_code, aggregation_months, last_month, patients``.
        months: ``year, month, territory_code, indicator_code, aggregation_months, patients``.
        territories: the reference table.

    Returns: rows (year, territory, indicator) and rows (year, month, territory, indicator).
    """
    sums = territory_sums(territories)
    hidden_years: list[tuple[Any, ...]] = []
    hidden_months: list[tuple[Any, ...]] = []
    months_of = dict(iter(months.groupby(["year", "indicator_code"])))
    for (year, indicator), of_year in years.groupby(["year", "indicator_code"]):
        of_months = months_of[(year, indicator)]
        kind = str(of_year["aggregation_months"].iloc[0])
        cells, values, equations = _problem(of_year, of_months, sums, kind)
        for position in np.flatnonzero(complementary(values, primary(values), equations)):
            territory, month = cells[position]
            if month is None:
                hidden_years.append((int(year), territory, indicator))
            else:
                hidden_months.append((int(year), month, territory, indicator))
    return hidden_years, hidden_months


def _problem(
    of_year: pd.DataFrame,
    of_months: pd.DataFrame,
    sums: Sequence[tuple[str, list[str]]],
    aggregation_months: str,
) -> tuple[list[tuple[str, date | None]], np.ndarray, list[np.ndarray]]:
    """The cells of one indicator and year, their values, and the sums that bind them."""
    month_days = [stamp.date() for stamp in pd.to_datetime(of_months["month"])]
    cells: list[tuple[str, date | None]] = [(code, None) for code in of_year["territory_code"]]
    cells += list(zip(of_months["territory_code"], month_days, strict=True))
    values = np.concatenate([of_year["patients"], of_months["patients"]]).astype(float)
    position = {cell: index for index, cell in enumerate(cells)}

    equations = []
    columns: list[date | None] = [None, *sorted(set(month_days))]
    for column in columns:
        for parent, children in sums:
            members = [position.get((code, column)) for code in (parent, *children)]
            equations.append([member for member in members if member is not None])
    months_by_territory: dict[str, list[date]] = {}
    for code, month in zip(of_months["territory_code"], month_days, strict=True):
        months_by_territory.setdefault(code, []).append(month)
    for code, known in months_by_territory.items():
        if (code, None) not in position:
            continue
        # A stock's year is its last month; a flow's year is the sum of its months.
        bound = [max(known)] if aggregation_months == "last" else known
        equations.append([position[(code, None)], *(position[(code, month)] for month in bound)])
    return cells, values, [np.array(e) for e in equations if len(e) > 1]
