"""Which MSAP counts are hidden from whoever lacks the right to small numbers, once for a build.

Requests are one table, the decisions taken on them another that is hidden with them: approvals,
refusals and pending requests go together, since any of them is what the others leave of the
requests. So do answers within 48 hours and the requests that had none. Stays and emergencies are
tables of their own. ``docs/decisions/0009-small-numbers.md`` tells what that guarantees.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from indicators.joint_suppression import Sums, hidden_together, small_together
from indicators.periods import QUARTERS, merged_quarters

TOGETHER: Mapping[str, tuple[str, ...]] = {
    "requests": ("requests",),
    "decisions": ("approvals", "refusals", "pending"),
    "answers": ("answered_within_48h", "unanswered"),
    "stays": ("stays",),
    "emergencies": ("emergencies_excluded",),
}
"""What is hidden together, by the name of the flag ``is_<name>_hidden``, requests first."""

FOLLOW_REQUESTS = ("decisions", "answers")
"""Hidden wherever the requests are: their sum is the requests."""


def periods(quarters: pd.DataFrame) -> pd.DataFrame:
    """The period that each quarter is shown in to whoever lacks the right.

    Args:
        quarters: ``place, year, domain, quarter, requests``.

    Returns: ``place, year, domain, quarter``, four rows a year, with ``first_quarter``,
        ``last_quarter``, ``first_month`` and ``last_month`` (first days of months) of its period.
    """
    keys = ["place", "year", "domain"]
    requests = quarters.pivot_table(
        index=keys, columns="quarter", values="requests", aggfunc="sum", observed=True
    ).reindex(columns=range(1, QUARTERS + 1))
    found = merged_quarters(requests.to_numpy(dtype=np.float64))
    years = requests.index.to_frame(index=False)
    rows = years.loc[np.repeat(np.arange(len(years)), QUARTERS)].reset_index(drop=True)
    first, last = found.first.ravel(), found.last.ravel()
    return rows.assign(
        quarter=np.tile(np.arange(1, QUARTERS + 1), len(years)),
        first_quarter=first,
        last_quarter=last,
        first_month=_months(rows["year"], 3 * first - 2),
        last_month=_months(rows["year"], 3 * last),
    )


def _months(years: pd.Series, months: np.ndarray) -> pd.Series:
    return pd.to_datetime(pd.DataFrame({"year": years, "month": months, "day": 1}))


def hidden_counts(cells: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """Flags of what is hidden of every cell.

    Args:
        cells: ``cell_id`` (0, 1, 2… in order), ``year``, ``is_withheld`` and the counts, one row a
            cell; a relation never leaves a year.
        sums: ``relation, variant, total_id, part_id``.

    Returns: ``cell_id`` and one boolean column ``is_<name>_hidden`` a table of ``TOGETHER``.
    """
    cells = cells.assign(unanswered=cells["requests"] - cells["answered_within_48h"])
    flags = np.zeros((len(cells), len(TOGETHER)), dtype=bool)
    year_of_sum = cells["year"].to_numpy()[sums["total_id"].to_numpy()]
    for year, own in cells.groupby("year", sort=True):
        start = int(own["cell_id"].iloc[0])
        flags[start : start + len(own)] = _of_year(own, sums[year_of_sum == year], start)
    columns = {f"is_{name}_hidden": flags[:, at] for at, name in enumerate(TOGETHER)}
    return pd.DataFrame({"cell_id": cells["cell_id"].to_numpy(), **columns})


def _of_year(cells: pd.DataFrame, sums: pd.DataFrame, start: int) -> np.ndarray:
    """The flags of one year's cells, whose numbers begin at ``start``."""
    relations = sums.groupby(["relation", "variant", "total_id"], sort=False).ngroup()
    tied = Sums.of(relations, sums["total_id"] - start, sums["part_id"] - start)
    withheld = cells["is_withheld"].to_numpy(dtype=bool)
    hidden: dict[str, np.ndarray] = {}
    for name, measures in TOGETHER.items():
        amounts = cells[list(measures)].to_numpy(dtype=np.float64, na_value=np.nan)
        first = small_together(amounts) | withheld
        if name in FOLLOW_REQUESTS:
            first |= hidden["requests"]
        hidden[name] = hidden_together(amounts, first, tied)
    return np.column_stack(list(hidden.values()))
