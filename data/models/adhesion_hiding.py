"""Which adhesions are hidden from whoever lacks the right to small numbers, once for a build.

Adhesions, those in care gap and the others are hidden together. What the board of the CPG hides of
the same counts is hidden here from the start, and the relations are the same: two tables of one
count then hide the same cells. ``docs/decisions/0009-small-numbers.md`` tells what that guarantees.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.models.hiding import territory_sums
from indicators.joint_suppression import Sums, hidden_together, small_together
from indicators.suppression import SMALLEST_SHOWN


def hidden_adhesions(
    cells: pd.DataFrame, territories: pd.DataFrame, threshold: int = SMALLEST_SHOWN
) -> pd.DataFrame:
    """The cells to hide.

    Args:
        cells: ``programme, volet, territory_code, year, month`` (missing for the year's own
            figure), ``adhesions, new_in_care_gap`` and ``is_withheld``: hidden elsewhere already.
        territories: the reference table.
        threshold: the smallest count shown.

    Returns: ``programme, volet, territory_code, year, month, is_hidden``, hidden rows alone.
    """
    sums = _members(territories)
    hidden = [
        _hidden(own.reset_index(drop=True), sums, threshold)
        for _, own in cells.groupby("programme", sort=True)
    ]
    columns = ["programme", "volet", "territory_code", "year", "month"]
    found = pd.concat(hidden) if hidden else cells.head(0)
    return found[columns].assign(is_hidden=True)


def _members(territories: pd.DataFrame) -> pd.DataFrame:
    """The sums of territories as rows: ``sum``, ``rank`` (0 for the total), ``territory_code``."""
    return pd.DataFrame(
        [
            (number, rank, code)
            for number, (total, parts) in enumerate(territory_sums(territories))
            for rank, code in enumerate((total, *parts))
        ],
        columns=["sum", "rank", "territory_code"],
    )


def _hidden(cells: pd.DataFrame, members: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """The hidden rows of one programme: no relation leaves it."""
    # A number stands for the year's own figure, so that grouping never meets a missing month.
    period = cells["month"].astype("datetime64[s]").astype("int64").where(cells["month"].notna(), 0)
    numbered = cells.assign(cell=np.arange(len(cells)), period=period)
    relations = [
        _relations(
            numbered.merge(members, on="territory_code"), ["volet", "sum", "year", "period"]
        ),
        _relations(
            numbered.assign(rank=(numbered["period"] > 0).astype(int)),
            ["volet", "territory_code", "year"],
        ),
        _relations(
            numbered.assign(rank=(numbered["volet"] != "ensemble").astype(int)),
            ["territory_code", "year", "period"],
        ),
    ]
    amounts = cells[["adhesions", "new_in_care_gap"]].to_numpy(dtype=np.float64, na_value=np.nan)
    amounts = np.column_stack([amounts, amounts[:, 0] - amounts[:, 1]])
    first = small_together(amounts, threshold) | cells["is_withheld"].to_numpy(dtype=bool)
    return cells[hidden_together(amounts, first, _tied(relations), threshold)]


def _relations(bound: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """``relation, total, part`` of each group of ``keys`` that has its total (rank 0) and parts."""
    group = bound.groupby(keys, sort=False, observed=True).ngroup().to_numpy()
    is_total = bound["rank"].to_numpy() == 0
    cell = bound["cell"].to_numpy()
    total = np.full(group.max(initial=-1) + 1, -1)
    total[group[is_total]] = cell[is_total]
    parts = pd.DataFrame({"relation": group[~is_total], "part": cell[~is_total]})
    parts = parts.assign(total=total[parts["relation"].to_numpy()])
    return parts[parts["total"] >= 0]


def _tied(relations: list[pd.DataFrame]) -> Sums:
    numbered, start = [], 0
    for one in relations:
        numbered.append(one.assign(relation=one["relation"] + start))
        start += int(one["relation"].max()) + 1 if len(one) else 0
    found = pd.concat(numbered)
    return Sums.of(found["relation"], found["total"], found["part"])
