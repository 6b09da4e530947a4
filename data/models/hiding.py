"""Which figures of patients are hidden, decided once for a build, whatever the filter asked.

A pattern that depended on the question would let two questions be subtracted from each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from indicators.suppression import SMALLEST_SHOWN, complementary, primary

LEVEL_COLUMNS = {
    "caisse": "territory_code",
    "departement": "department_code",
    "region": "region_code",
    "drsm": "drsm_code",
    "ancienne_region": "ancienne_region_code",
}
NATIONAL = "FR"


def territory_sums(territories: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Every relation "this territory is the sum of those" among the levels that are shown.

    Maps that cross each other still meet: a region is the sum of its former regions, a DRSM that
    of two regions, and a reader may subtract any of them.

    Args:
        territories: the reference table, ancestors given as codes.

    Returns: (total, parts) pairs: each territory with those of every other level that cover
        exactly its caisses with a CPG; the same two or more territories are given once.
    """
    caisses = territories[(territories["level"] == "caisse") & territories["has_cpg"].astype(bool)]
    of_level = {
        level: {
            str(code): frozenset(own) for code, own in caisses.groupby(column)["territory_code"]
        }
        for level, column in LEVEL_COLUMNS.items()
    }
    of_level["national"] = {NATIONAL: frozenset(caisses["territory_code"])}
    sums: dict[frozenset[str], tuple[str, list[str]]] = {}
    for total_level, totals in of_level.items():
        for part_level, parts in of_level.items():
            if part_level == total_level:
                continue
            for total, covered in totals.items():
                within = [code for code, own in parts.items() if own <= covered]
                if frozenset().union(*(parts[code] for code in within)) == covered:
                    sums.setdefault(frozenset((total, *within)), (total, within))
    return list(sums.values())


def hidden_cells(
    cells: pd.DataFrame,
    territories: pd.DataFrame,
    components: Mapping[str, Sequence[str]],
    threshold: int = SMALLEST_SHOWN,
) -> pd.DataFrame:
    """Cells to hide, the small ones and those that would give them away.

    Args:
        cells: one row per year, indicator, territory and month, ``month`` missing for the year's
            own figure; ``patients`` is the count, ``is_stock`` tells that the year is its last
            month and not the sum of its months.
        territories: the reference table.
        components: codes of the indicators whose sum an indicator is, where it is one.
        threshold: the smallest count shown.

    Returns: the rows of ``cells`` to hide, ``year, month, territory_code, indicator_code``.
    """
    members = _members(territory_sums(territories))
    total_of = {part: total for total, parts in components.items() for part in (total, *parts)}
    tied = cells["indicator_code"].map(lambda code: total_of.get(code, code))
    hidden = [
        _hidden(problem.reset_index(drop=True), members, components, threshold)
        for _, problem in cells.groupby([cells["year"], tied], sort=True)
    ]
    columns = ["year", "month", "territory_code", "indicator_code"]
    return pd.concat(hidden)[columns] if hidden else cells.head(0)[columns]


def _hidden(
    problem: pd.DataFrame,
    members: pd.DataFrame,
    components: Mapping[str, Sequence[str]],
    threshold: int,
) -> pd.DataFrame:
    """The hidden rows of one year of indicators that are tied by a sum."""
    small = primary(problem["patients"], threshold)
    if not small.any():
        return problem.head(0)
    cells = problem.assign(position=np.arange(len(problem)))
    equations = [
        *_equations(cells.merge(members, on="territory_code"), ["sum", "indicator_code", "month"]),
        *_equations(_over_months(cells), ["indicator_code", "territory_code"]),
        *_equations(_over_components(cells, components), ["sum", "territory_code", "month"]),
    ]
    return problem[complementary(problem["patients"], small, equations, threshold)]


def _members(sums: Sequence[tuple[str, list[str]]]) -> pd.DataFrame:
    """The sums as rows: ``sum``, ``rank`` (0 for the total), ``territory_code``."""
    return pd.DataFrame(
        [
            (number, rank, code)
            for number, (total, parts) in enumerate(sums)
            for rank, code in enumerate((total, *parts))
        ],
        columns=["sum", "rank", "territory_code"],
    )


def _over_months(cells: pd.DataFrame) -> pd.DataFrame:
    """A flow's year is the sum of its months, a stock's year is its last month."""
    last = cells.groupby(["indicator_code", "territory_code"])["month"].transform("max")
    bound = cells[cells["month"].isna() | ~cells["is_stock"] | (cells["month"] == last)]
    return bound.assign(rank=bound["month"].notna().astype(int))


def _over_components(cells: pd.DataFrame, components: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    rows = [
        (total, rank, code)
        for total, parts in components.items()
        for rank, code in enumerate((total, *parts))
    ]
    return cells.merge(pd.DataFrame(rows, columns=["sum", "rank", "indicator_code"]))


def _equations(bound: pd.DataFrame, keys: list[str]) -> list[np.ndarray]:
    """Positions of each group of ``keys``, its total first; groups without a total say nothing."""
    if bound.empty:
        return []
    ordered = bound.sort_values([*keys, "rank"], kind="stable")
    group = ordered.groupby(keys, dropna=False, sort=False).ngroup().to_numpy()
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    parts = np.split(ordered["position"].to_numpy(), starts[1:])
    has_total = ordered["rank"].to_numpy()[starts] == 0
    return [part for part, total in zip(parts, has_total, strict=True) if total and len(part) > 1]
