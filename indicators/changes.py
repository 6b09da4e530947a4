"""What differs between two publications: statuses that flipped, cells that came, moved or left.

A figure withheld from the reader in either publication is left out: that a small count has moved,
or which side of a threshold it came from, would tell of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from indicators.few_patients import TOO_FEW

NOT_APPLICABLE = "not_applicable"
_HEIGHT = {"behind": 0, "close": 1, "attained": 2}
FLIP_COLUMNS = [
    "territory_code",
    "territory_name",
    "indicator_code",
    "status_before",
    "status_after",
    "attainment_before",
    "attainment_after",
    "change",
]
_FIGURE = ["territory_code", "indicator_code"]
_CELL = ["caisse_code", "indicator_code", "month"]
_VALUES = ("realised", "numerator", "denominator", "objective")


class CellCounts(NamedTuple):
    """How many cells (caisse × indicator × month) differ.

    ``added`` and ``withdrawn`` are there in one publication only; ``moved`` have another value or
    objective; ``confirmed`` have the same and are provisional no more; ``not_compared`` are in both
    and withheld in one of them.
    """

    added: int
    withdrawn: int
    moved: int
    confirmed: int
    not_compared: int


class Changes(NamedTuple):
    """Two publications compared: the statuses that flipped, by name, and the cells behind them."""

    flips: pd.DataFrame
    cells: CellCounts


def flipped(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The figures whose status is no longer the same.

    Args:
        before: the former publication, one row per territory and indicator: ``territory_code,
            territory_name, indicator_code, status, attainment`` (a proportion, missing where not
            applicable) and ``is_withheld``.
        after: the later one; a figure that either does not know is not applicable there.

    Returns: ``territory_code, territory_name, indicator_code, status_before, status_after,
        attainment_before, attainment_after, change``, in the order of ``after``; ``change`` is
        ``improved | worsened | appeared | disappeared`` (from, or to, not applicable). What is
        ``too_few`` patients in either has no verdict there that could flip, and is left out.
    """
    old, new = before.set_index(_FIGURE), after.set_index(_FIGURE)
    figures = new.index.append(old.index.difference(new.index, sort=False))
    old, new = old.reindex(figures), new.reindex(figures)
    status_before, status_after = _status(old), _status(new)
    has_verdicts = ~(status_before.eq(TOO_FEW) | status_after.eq(TOO_FEW))
    is_flipped = (status_before != status_after) & ~_withheld(old) & ~_withheld(new) & has_verdicts
    flips = pd.DataFrame(
        {
            "territory_name": new["territory_name"].fillna(old["territory_name"]),
            "status_before": status_before,
            "status_after": status_after,
            "attainment_before": old["attainment"],
            "attainment_after": new["attainment"],
            "change": _change(status_before, status_after),
        }
    )
    return flips[is_flipped].reset_index()[FLIP_COLUMNS]


def counted_cells(before: pd.DataFrame, after: pd.DataFrame) -> CellCounts:
    """How many cells came, left, moved or became final.

    Args:
        before: the former publication, one row per caisse, indicator and month: ``caisse_code,
            indicator_code, month, realised, numerator, denominator, objective, provisional,
            is_withheld``.
        after: the later one, alike.
    """
    pairs = after.merge(
        before, how="outer", on=_CELL, suffixes=("_after", "_before"), indicator="side"
    )
    both = pairs[pairs["side"] == "both"]
    is_withheld = both["is_withheld_before"].astype(bool) | both["is_withheld_after"].astype(bool)
    compared = both[~is_withheld]
    is_moved = pd.Series(False, index=compared.index)
    for name in _VALUES:
        is_moved |= _differs(compared[f"{name}_before"], compared[f"{name}_after"])
    is_confirmed = (
        _true(compared["provisional_before"]) & ~_true(compared["provisional_after"]) & ~is_moved
    )
    return CellCounts(
        added=int((pairs["side"] == "left_only").sum()),
        withdrawn=int((pairs["side"] == "right_only").sum()),
        moved=int(is_moved.sum()),
        confirmed=int(is_confirmed.sum()),
        not_compared=int(is_withheld.sum()),
    )


def _true(flags: pd.Series) -> pd.Series:
    """The flags as booleans, a missing one false."""
    return flags.astype("boolean").fillna(False).astype(bool)


def _withheld(figures: pd.DataFrame) -> pd.Series:
    return _true(figures["is_withheld"])


def _status(figures: pd.DataFrame) -> pd.Series:
    status = figures["status"].astype(object)
    return status.where(status.notna(), NOT_APPLICABLE)


def _differs(before: pd.Series, after: pd.Series) -> pd.Series:
    old = before.to_numpy(dtype=float, na_value=np.nan)
    new = after.to_numpy(dtype=float, na_value=np.nan)
    return pd.Series((old != new) & ~(np.isnan(old) & np.isnan(new)), index=before.index)


def _change(before: pd.Series, after: pd.Series) -> pd.Series:
    rise = after.map(_HEIGHT).astype(float) - before.map(_HEIGHT).astype(float)
    words = np.select(
        [before == NOT_APPLICABLE, after == NOT_APPLICABLE, rise > 0],
        ["appeared", "disappeared", "improved"],
        "worsened",
    )
    return pd.Series(words, index=before.index, dtype=object)
