"""Which MSAP counts are hidden from whoever lacks the right to small numbers, once for a build.

Requests are one table, the decisions taken on them another that is hidden with them: the decided
requests, their approvals and refusals, and the requests without a decision go together, since any
of them is what the others leave of the requests. Approvals, refusals and pending requests as they
were sent are hidden besides wherever a row without decisions would be told by what lies between
them and the decided ones. Answers within 48 hours go with the requests that had none. Stays and
emergencies are tables of their own.
``docs/decisions/0009-small-numbers.md`` tells what that guarantees.
"""

from __future__ import annotations

import functools
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.store.home import PROJECT
from indicators.derivation import Ties, hidden_from_solving, not_worked_out
from indicators.joint_suppression import Sums, small_together
from indicators.periods import QUARTERS, merged_quarters
from indicators.suppression import SMALLEST_SHOWN

LEFT_OVER: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "decided_refusals": (("decided",), ("decided_approvals",)),
    "undecided": (("requests",), ("decided",)),
    "approvals_alone": (("approvals",), ("decided_approvals",)),
    "refusals_alone": (("refusals", "decided_approvals"), ("decided",)),
    "unexplained": (("requests",), ("approvals", "refusals", "pending")),
    "unanswered": (("requests",), ("answered_within_48h",)),
}
"""What is left of counts once others are taken away: refusals among the decided requests, requests
without a decision, approvals sent without refusals and the contrary, what the parts of the
requests leave, requests without an answer within 48 hours."""

TOGETHER: Mapping[str, tuple[str, ...]] = {
    "requests": ("requests",),
    "decisions": ("decided_approvals", "decided_refusals", "undecided"),
    "answers": ("answered_within_48h", "unanswered"),
    "stays": ("stays",),
    "emergencies": ("emergencies_excluded",),
}
"""What is hidden together, by the name of the flag ``is_<name>_hidden``, requests first."""

FOLLOWS: Mapping[str, str] = {"decisions": "requests", "answers": "requests"}
"""Hidden wherever another is, of which it would tell."""

OF_INCOMPLETE_ROWS = ("approvals_alone", "refusals_alone", "unexplained")
"""What only rows sent without all their decisions hold, or rows whose parts do not add up.

Approvals, refusals and pending requests as sent are hidden wherever there is any of it: beside the
decided requests they would tell it. Elsewhere they tell what the decided requests do, no more.
"""

RELUCTANCE: Mapping[str, int] = {"national": 2, "region": 1}
"""Levels whose counts are hidden last where any of several would do."""

PROCESSES = 2
MANY_CELLS = 400_000
"""From here on two years are worked out at once: what a process costs to start is regained."""


def periods(quarters: pd.DataFrame, threshold: int = SMALLEST_SHOWN) -> pd.DataFrame:
    """The period that each quarter is shown in to whoever lacks the right.

    Args:
        quarters: ``place, year, domain, quarter, requests``.
        threshold: the smallest count shown.

    Returns: ``place, year, domain, quarter``, four rows a year, with ``first_quarter``,
        ``last_quarter``, ``first_month`` and ``last_month`` (first days of months) of its period.
    """
    keys = ["place", "year", "domain"]
    requests = quarters.pivot_table(
        index=keys, columns="quarter", values="requests", aggfunc="sum", observed=True
    ).reindex(columns=range(1, QUARTERS + 1))
    found = merged_quarters(requests.to_numpy(dtype=np.float64), threshold)
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


def hidden_counts(
    cells: pd.DataFrame,
    sums: pd.DataFrame,
    within: pd.DataFrame,
    threshold: int = SMALLEST_SHOWN,
) -> pd.DataFrame:
    """Flags of what is hidden of every cell.

    Args:
        cells: ``cell_id`` (0, 1, 2… in order), ``year``, ``level`` of a territory, ``is_withheld``
            and the counts, one row a cell; a relation never leaves a year.
        sums: ``relation, variant, total_id, part_id, is_defining``.
        within: ``whole_id, part_id``.
        threshold: the smallest count shown.

    Returns: ``cell_id`` and one boolean column ``is_<name>_hidden`` a table of ``TOGETHER``, and
        ``is_parts_hidden`` of approvals, refusals and pending requests as they were sent.
    """
    cells = cells.assign(**_left_over(cells))
    flags = np.concatenate(
        [
            np.zeros((0, len(TOGETHER)), dtype=bool),
            *_flags_by_year(_years(cells, sums, within), threshold, len(cells)),
        ]
    )
    columns = {f"is_{name}_hidden": flags[:, at] for at, name in enumerate(TOGETHER)}
    is_incomplete = cells[list(OF_INCOMPLETE_ROWS)].fillna(0).ne(0).any(axis=1).to_numpy()
    columns["is_parts_hidden"] = columns["is_decisions_hidden"] | is_incomplete
    return pd.DataFrame({"cell_id": cells["cell_id"].to_numpy(), **columns})


@dataclass(frozen=True)
class _Year:
    """The cells of one year and what ties them, as in ``hidden_counts``."""

    cells: pd.DataFrame
    sums: pd.DataFrame
    within: pd.DataFrame


def _years(cells: pd.DataFrame, sums: pd.DataFrame, within: pd.DataFrame) -> Iterator[_Year]:
    years = cells["year"].to_numpy()
    year_of_sum = years[sums["total_id"].to_numpy()]
    year_of_pair = years[within["whole_id"].to_numpy()]
    for year, own in cells.groupby("year", sort=True):
        yield _Year(own, sums[year_of_sum == year], within[year_of_pair == year])


def _flags_by_year(years: Iterable[_Year], threshold: int, cell_count: int) -> Iterable[np.ndarray]:
    """The flags of each year's cells, in order; many cells in several processes at once."""
    if cell_count < MANY_CELLS:
        return [_of_year(year, threshold) for year in years]
    waiting = list(years)
    batches = [waiting[first::PROCESSES] for first in range(PROCESSES)]
    flags = [np.empty(0)] * len(waiting)
    with ThreadPoolExecutor(PROCESSES) as pool:
        found = pool.map(functools.partial(_in_a_process, threshold=threshold), batches)
        for first, own in enumerate(found):
            flags[first::PROCESSES] = own
    return flags


def _in_a_process(years: list[_Year], threshold: int) -> list[np.ndarray]:
    """The flags of some years, worked out by a process of its own.

    Not one of ``multiprocessing``: that runs the script again which the process was started with,
    and a test or a server may have put another in its place.
    """
    done = subprocess.run(
        [sys.executable, "-m", "data.models.msap_hiding"],
        input=pickle.dumps((years, threshold)),
        stdout=subprocess.PIPE,
        cwd=PROJECT,
        check=True,
    )
    flags: list[np.ndarray] = pickle.loads(done.stdout)
    return flags


def _answer() -> None:
    """What ``_in_a_process`` starts: years on the standard input, their flags on the output."""
    years, threshold = pickle.load(sys.stdin.buffer)
    pickle.dump([_of_year(year, threshold) for year in years], sys.stdout.buffer)


def _left_over(cells: pd.DataFrame) -> dict[str, np.ndarray]:
    """What is left of the counts of each cell, by the names of ``LEFT_OVER``.

    An empty count takes nothing away, so that what is left adds up as the counts do; where all of
    them are empty nothing is left, which is no zero.
    """
    left = {}
    for name, (added, subtracted) in LEFT_OVER.items():
        counts = cells[[*added, *subtracted]].to_numpy(dtype=np.float64, na_value=np.nan)
        sign = np.array([1.0] * len(added) + [-1.0] * len(subtracted))
        is_empty = np.isnan(counts).all(axis=1)
        left[name] = np.where(is_empty, np.nan, np.nansum(counts * sign, axis=1))
    return left


def _ties(year: _Year) -> Ties:
    """How one year's cells hang together, by their numbers within the year."""
    start = int(year.cells["cell_id"].iloc[0])
    defining = year.sums[year.sums["is_defining"].to_numpy(dtype=bool)]
    return Ties(
        relations=_sums(year.sums, start),
        defining=_sums(defining, start),
        within=year.within[["whole_id", "part_id"]].to_numpy(dtype=np.intp) - start,
        reluctance=year.cells["level"].map(RELUCTANCE).fillna(0).to_numpy(dtype=np.intp),
        never_shown=year.cells["is_withheld"].to_numpy(dtype=bool),
    )


def _sums(sums: pd.DataFrame, start: int) -> Sums:
    relations = sums.groupby(["relation", "variant", "total_id"], sort=False).ngroup()
    return Sums.of(relations, sums["total_id"] - start, sums["part_id"] - start)


def _of_year(year: _Year, threshold: int) -> np.ndarray:
    """The flags of one year's cells, shape (cells, tables of ``TOGETHER``)."""
    ties = _ties(year)
    hidden: dict[str, np.ndarray] = {}
    for name, measures in TOGETHER.items():
        amounts = year.cells[list(measures)].to_numpy(dtype=np.float64, na_value=np.nan)
        first = small_together(amounts, threshold)
        whole_unknown = None
        if name in FOLLOWS:
            # Requests are what decisions make together, and what answers do.
            whole = FOLLOWS[name]
            first |= hidden[whole]
            requests = year.cells[whole].to_numpy(dtype=np.float64, na_value=np.nan)
            whole_unknown = not_worked_out(requests, hidden[whole], ties)
        hidden[name] = hidden_from_solving(amounts, first, ties, threshold, whole_unknown)
    return np.column_stack(list(hidden.values()))


if __name__ == "__main__":
    _answer()
