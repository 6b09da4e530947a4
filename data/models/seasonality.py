"""How far the year usually is by each month, and how wrong landings by it have been: once a build.

What one territory's months cannot tell, ``indicators.landing`` learns from all caisses. Shares
leave the build for every reader, so that none may be worked back into a hidden month.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.models.hiding import NATIONAL
from indicators.landing import Spread, UsualYear, usual_year
from indicators.suppression import SMALLEST_SHOWN

FORMER_YEARS = 3
"""Years before the one to land that serve: those that the pages' months go back to."""

LIKE_CAISSES = ("caisse", "departement")
"""Levels landed by the caisses' seasonality. Most departments are one caisse and must land as it
does, to the last digit."""

WIDER_LEVELS = ("drsm", "region", "ancienne_region", "national")
"""Levels whose territories are one another's peers; the country has none."""

MONTHS = range(1, 13)
NO_ERRORS = Spread(0.0, 0)

COLUMNS = [
    "year",
    "indicator_code",
    "level",
    "profile_code",
    "month",
    "usual_share",
    "season_weight",
    "error_sd",
    "error_count",
    "objective_share",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
CodeArray = npt.NDArray[np.object_]


@dataclass(frozen=True)
class _Panel:
    """One indicator's months, shape (caisses, years, 12).

    ``flows`` holds the caisse's years sent whole, NaN elsewhere. By year, ``has_data`` tells
    whether anybody sent anything, ``serves`` whether later years may learn from it.
    """

    years: tuple[int, ...]
    caisse_codes: CodeArray
    flows: FloatArray
    has_data: BoolArray
    serves: BoolArray


def seasonality(
    cells: pd.DataFrame,
    national: pd.DataFrame,
    paths: pd.DataFrame,
    due: pd.DataFrame,
    threshold: int = SMALLEST_SHOWN,
) -> pd.DataFrame:
    """The mart ``cpg_seasonality``: usual shares and past errors by year, indicator and level.

    A year is told from the ``FORMER_YEARS`` before it alone; without a total in these it has no
    usual share, without peers (the country) no error. An indicator that counts patients has the
    country's profile everywhere, and leaves out the years in which even that would give a hidden
    month away; others have each region's profile for caisses and departments, the country's
    (``FR``) for other levels.

    Args:
        cells: months sent by the caisses of cumulated indicators: ``caisse_code, indicator_code,
            year, month`` (1 to 12), ``realised, is_hidden, counts_patients``.
        national: months of the country that are hidden: ``indicator_code, year, month``.
        paths: caisses under each territory: ``level, territory_code, caisse_code``.
        due: share of the year's objective that is due: ``indicator_code, year, month,
            objective_share``.
        threshold: the smallest count shown.

    Returns: a frame of ``COLUMNS``, sorted by them.
    """
    rows = [
        row
        for code, own in cells.groupby("indicator_code", sort=True)
        for row in _indicator_rows(
            str(code), own, national[national["indicator_code"] == code], paths, threshold
        )
    ]
    found = pd.DataFrame(rows, columns=COLUMNS[:-1])
    found = found.merge(due, on=["indicator_code", "year", "month"], how="left")
    return found[COLUMNS].sort_values(COLUMNS[:5], ignore_index=True)


def _indicator_rows(
    code: str, cells: pd.DataFrame, national: pd.DataFrame, paths: pd.DataFrame, threshold: int
) -> Iterator[tuple[object, ...]]:
    """The rows of one indicator, every year and level."""
    panel = _panel(cells, national, threshold)
    is_of_patients = bool(cells["counts_patients"].iloc[0])
    regions = _territory_of(panel.caisse_codes, paths, "region")
    everybody = np.full(len(regions), NATIONAL, dtype=object)
    peers: list[tuple[tuple[str, ...], FloatArray, CodeArray]] = [
        (LIKE_CAISSES, panel.flows, everybody if is_of_patients else regions)
    ]
    for level in WIDER_LEVELS:
        flows = _rolled_up(panel.flows, _territory_of(panel.caisse_codes, paths, level))
        peers.append(((level,), flows, np.full(len(flows), NATIONAL, dtype=object)))
    for position, year in enumerate(panel.years):
        if not panel.has_data[position]:
            continue
        # An empty year must go: beside it a single one would pass for a season that was tested.
        former = np.flatnonzero(panel.serves[:position])
        former = former[former >= position - FORMER_YEARS]
        for levels, flows, groups in peers:
            usual = usual_year(flows[:, former], groups) if len(former) else None
            months = _unknown(groups) if usual is None else _told(usual, has_peers=len(flows) > 1)
            for level, row in product(levels, months):
                yield year, code, level, *row


def _told(usual: UsualYear, has_peers: bool) -> list[tuple[object, ...]]:
    """What former years tell: profile, month, share, weight and errors."""
    spreads = [usual.spread(month) if has_peers else NO_ERRORS for month in MONTHS]
    return [
        (profile, month, float(shares[month - 1]), float(usual.season_weight[month - 1]), *spread)
        for profile, shares in usual.shares.items()
        for month, spread in zip(MONTHS, spreads, strict=True)
    ]


def _unknown(groups: CodeArray) -> list[tuple[object, ...]]:
    """The same rows where no former year tells anything."""
    return [
        (profile, month, None, 0.0, *NO_ERRORS)
        for profile in dict.fromkeys(groups)
        for month in MONTHS
    ]


def _panel(cells: pd.DataFrame, national: pd.DataFrame, threshold: int) -> _Panel:
    """The months as a grid, and which of its years serve."""
    first, last = int(cells["year"].min()), int(cells["year"].max())
    caisses = pd.Categorical(cells["caisse_code"])
    places = (caisses.codes, cells["year"].to_numpy() - first, cells["month"].to_numpy() - 1)
    shape = (len(caisses.categories), last - first + 1, 12)
    flows, is_hidden = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    flows[places] = cells["realised"].to_numpy(dtype=float)
    is_hidden[places] = cells["is_hidden"].to_numpy(dtype=bool)
    of_country = np.zeros(shape[1:], dtype=bool)
    of_country[national["year"].to_numpy() - first, national["month"].to_numpy() - 1] = True
    is_whole = ~np.isnan(flows).any(axis=2)
    has_data = ~np.isnan(flows).all(axis=(0, 2))
    tells = _gives_away(flows, is_hidden, is_whole, of_country, threshold)
    serves = is_whole.any(axis=0) & ~tells
    flows[~is_whole] = np.nan
    codes = caisses.categories.to_numpy(dtype=object)
    return _Panel(tuple(range(first, last + 1)), codes, flows, has_data, serves)


def _gives_away(
    flows: FloatArray,
    is_hidden: BoolArray,
    is_whole: BoolArray,
    of_country: BoolArray,
    threshold: int,
) -> BoolArray:
    """The years whose pooled months, known from shares and a total, tell a hidden month.

    The pool is the country less the caisses that it leaves out: it gives the country's month away
    where that is hidden, and those of the caisses left out where only one of them is hidden or
    where the hidden ones count fewer than ``threshold`` patients together.

    Args:
        flows: shape (caisses, years, 12), NaN where nothing was sent.
        is_hidden: the same shape.
        is_whole: caisses that the pool holds, shape (caisses, years).
        of_country: the country's hidden months, shape (years, 12).
        threshold: the smallest count shown.
    """
    left_out = is_hidden & ~is_whole[:, :, np.newaxis]
    together = np.where(left_out, np.nan_to_num(flows), 0.0).sum(axis=0)
    is_small = (together > 0) & (together < threshold)
    return (of_country | (left_out.sum(axis=0) == 1) | is_small).any(axis=1)


def _territory_of(caisse_codes: CodeArray, paths: pd.DataFrame, level: str) -> CodeArray:
    """The territory of that level over each caisse."""
    of_level = paths[paths["level"] == level].set_index("caisse_code")["territory_code"]
    return of_level.reindex(caisse_codes).to_numpy(dtype=object)


def _rolled_up(flows: FloatArray, territories: CodeArray) -> FloatArray:
    """Sums of the caisses' whole years by territory, NaN where none has one."""
    codes, names = pd.factorize(territories, sort=True)
    shape = (len(names), *flows.shape[1:])
    sums, known = np.zeros(shape), np.zeros(shape)
    is_placed = codes >= 0
    np.add.at(sums, codes[is_placed], np.nan_to_num(flows[is_placed]))
    np.add.at(known, codes[is_placed], ~np.isnan(flows[is_placed]))
    return np.where(known > 0, sums, np.nan)
