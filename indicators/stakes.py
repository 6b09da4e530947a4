"""What the gaps to the objectives weigh in the intéressement, and which caisses make one.

A gap is what the judged attainment lacks to 1; its stake is gap × weight. The rules that lay the
lines of the agreement on indicators are in docs/decisions (« What a gap weighs »).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from indicators.attainment import STATUS_TOLERANCE
from indicators.catalogue import RATIO_UNITS, Indicator, Share, catalogue
from indicators.few_patients import TOO_FEW

WeightSource = Literal["interessement", "cpg_points"]

FILES_JOINED_BY = " / "
"""A file's name holds no slash."""

_NATIONAL_AND_CPAM: tuple[Share, ...] = ("nationale", "locale_cpam")
LEVEL_SHARES: Mapping[str, tuple[Share, ...]] = MappingProxyType(
    {
        "caisse": _NATIONAL_AND_CPAM,
        "departement": _NATIONAL_AND_CPAM,
        "drsm": ("locale_drsm",),
        "region": _NATIONAL_AND_CPAM,
        "ancienne_region": _NATIONAL_AND_CPAM,
        "national": _NATIONAL_AND_CPAM,
    }
)
"""The shares of the agreement that a territory of each level is ranked by."""

STAKE_COLUMNS = [
    "gap",
    "weight",
    "stake",
    "has_weight",
    "weight_source",
    "weight_year",
    "weight_lines",
    "is_proxy",
]
CARRIED_COLUMNS = ["year", "indicator_code", "weight", "weight_lines", "is_proxy"]
CONTRIBUTION_COLUMNS = ["territory_code", "territory_name", "shortfall", "share", "is_complete"]
_LINE = ["year", "share", "label", "weight_pct"]
_FIGURE = ["territory_code", "year", "indicator_code"]
_WITHOUT_GAP = ("attained", "not_applicable", TOO_FEW)


@dataclass(frozen=True)
class Weighing:
    """What the objectives of one territory weigh in one year, all of them on one scale.

    Attributes:
        source: the scale; None where neither is known of the year.
        weights: by indicator, above 0: percentage points of the agreement, or CPG points.
        averaged: the indicators whose points are a mean of contracts that differ.
        files: the extracts that brought the points; empty for the agreement.
        contracts: caisses whose points are known, of how many, where they are too few to weigh
            by; None elsewhere.
    """

    source: WeightSource | None
    weights: Mapping[str, float]
    averaged: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    contracts: tuple[int, int] | None = None

    @property
    def carried(self) -> float | None:
        """All that the objectives weigh together; None where no weight of the year is known."""
        return None if self.source is None else float(sum(self.weights.values()))


def weighing(weights: pd.DataFrame, points: pd.DataFrame, level: str, year: int) -> Weighing:
    """What the objectives of a territory weigh in a year, on the scale that ``stakes`` ranks by.

    Args:
        weights: rows of ``interessement/weights``, of any years.
        points: rows of ``cpg/points`` of the territory, of any years.
        level: the territory's.
        year: the year.

    Raises: ValueError on an unknown level.
    """
    own = points[points["year"] == year]
    given = own[own["points"] > 0]
    if not given.empty:
        return Weighing(
            source="cpg_points",
            weights=_by_indicator(given, "points"),
            averaged=frozenset(given.loc[given["is_average"].eq(True), "indicator_code"]),
            files=_files(given),
        )
    carried = carried_weights(weights[weights["year"] == year], level)
    lacking = own[own["points"].isna()]
    return Weighing(
        source=None if carried.empty else "interessement",
        weights=_by_indicator(carried[carried["weight"] > 0], "weight"),
        contracts=None
        if lacking.empty
        else (int(lacking["caisses_with_points"].max()), int(lacking["caisses_expected"].max())),
    )


def _files(points: pd.DataFrame) -> tuple[str, ...]:
    """The extracts behind some points, each once."""
    named = FILES_JOINED_BY.join(points["file_name"].unique())
    return tuple(sorted(set(named.split(FILES_JOINED_BY))))


def _by_indicator(rows: pd.DataFrame, column: str) -> Mapping[str, float]:
    return MappingProxyType(
        dict(zip(rows["indicator_code"], rows[column].astype(float), strict=True))
    )


def stakes(
    attainment: pd.DataFrame,
    weights: pd.DataFrame,
    level: str,
    points: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The gaps to the objectives, the dearest first, those without weight after.

    Args:
        attainment: rows of ``cpg/attainment``, all of ``level``: at least ``territory_code, level,
            year, indicator_code, attainment_to_date, status``.
        weights: rows of ``interessement/weights``: ``year, share, label, weight_pct,
            indicator_code``; those of other years than the attainment's are never used.
        level: decides the shares that count, see ``LEVEL_SHARES``.
        points: ``territory_code, year, indicator_code, points``, the CPG points of an indicator.
            A territory that has some in a year is ranked by them alone, since points and
            percentages are no common scale.

    Returns: the rows of ``attainment`` that have a gap, with

        - ``gap``: 1 - ``attainment_to_date``, a proportion > 0 (above 1 for a negative value);
          rows attained, of too few patients, not applicable or withheld have none and are left out;
        - ``weight``: percentage points of the year, or CPG points; missing without weight;
        - ``stake``: gap × weight in the same unit, missing without weight; ``has_weight``;
        - ``weight_source``: ``interessement | cpg_points``, missing without weight;
        - ``weight_year``: the year, where weights of it are known for the level; missing where none
          are, so that every gap of the year is without weight;
        - ``weight_lines``: the labels of the agreement's lines; ``is_proxy`` tells that one of them
          has a criterion of its own that the CPG does not hold (``InteressementLine.read_on``).

        Sorted by stake, then by gap, then as the catalogue; a fresh index.
    Raises: ValueError on an unknown level or on rows of another one.
    """
    shares = _shares(level)
    if (attainment["level"] != level).any():
        raise ValueError(f"attainment must hold rows of the level {level} alone.")
    figures = _with_gap(attainment)
    carried = carried_weights(weights, level)
    weighed = figures.merge(carried, how="left", on=["year", "indicator_code"])
    published = weights.loc[weights["share"].isin(shares), "year"]
    weighed["weight_year"] = weighed["year"].where(weighed["year"].isin(published)).astype("Int64")
    weighed["weight_source"] = pd.Series("interessement", index=weighed.index, dtype=object)
    weighed["is_proxy"] = weighed["is_proxy"].eq(True)
    if points is not None:
        weighed = _by_points(weighed, points)
    weighed["has_weight"] = weighed["weight"] > 0
    weighed["weight"] = weighed["weight"].where(weighed["has_weight"])
    weighed["weight_source"] = weighed["weight_source"].where(weighed["has_weight"], None)
    weighed["stake"] = weighed["gap"] * weighed["weight"]
    return _ranked(weighed)[[*attainment.columns, *STAKE_COLUMNS]]


def carried_weights(weights: pd.DataFrame, level: str) -> pd.DataFrame:
    """What each CPG indicator weighs for a level, by year, the lines laid on indicators.

    A line weighs whole on its own indicator where the CPG holds it; else on those it is declared
    to be read on, in equal parts; else nowhere. The lines of one indicator add up.

    Args:
        weights: rows of ``interessement/weights``, of any years.
        level: decides the shares that count.

    Returns: ``year, indicator_code, weight`` (percentage points), ``weight_lines`` (labels joined
        by « ; », each once) and ``is_proxy``, one row per year and indicator.
    Raises: ValueError on an unknown level.
    """
    lines = _lines(weights, level)
    # A line without carrier explodes into one row without indicator.
    parts = lines.explode("carriers").dropna(subset="carriers")
    parts["weight"] = parts["weight_pct"].astype(float) / parts["carrier_count"]
    parts["is_proxy"] = parts["carriers"] != parts["indicator_code"]
    carried = parts.groupby(["year", "carriers"], sort=True).agg(
        weight=("weight", "sum"), weight_lines=("label", _joined), is_proxy=("is_proxy", "any")
    )
    return carried.rename_axis(["year", "indicator_code"]).reset_index()[CARRIED_COLUMNS]


def lines_without_indicator(weights: pd.DataFrame, level: str) -> pd.DataFrame:
    """The lines that weigh for a level and that no CPG indicator measures: nobody sees them here.

    Returns: ``year, share, label, weight_pct`` in the order of ``weights``, a fresh index.
    Raises: ValueError on an unknown level.
    """
    lines = _lines(weights, level)
    return lines.loc[lines["carrier_count"] == 0, _LINE].reset_index(drop=True)


def contributions(
    caisses: pd.DataFrame, indicator: str, senders_expected: int | None
) -> pd.DataFrame:
    """Where an aggregate's gap comes from: what each caisse lacks to its objective, in units.

    Args:
        caisses: rows of ``cpg/attainment`` of one year at the level ``caisse``, under the
            aggregate, as far as the person sees them.
        indicator: code of the indicator; rows of others are ignored.
        senders_expected: that of the aggregate's own row: tells whether ``caisses`` are all there.

    Returns: one row per caisse that counts in the aggregate's attainment (it has sent, has an
        objective, and is not withheld), the furthest behind first:

        - ``shortfall``: objective to date less realised (realised less objective where lower is
          better), in the indicator's unit; for a rate, in units of its numerator (objective ×
          denominator - numerator). Negative where the caisse is ahead; the sum is the
          aggregate's own shortfall;
        - ``share``: the part of what the caisses behind lack together, a proportion in [0, 1], 0
          for those ahead; missing unless ``is_complete``;
        - ``is_complete``: no caisse under the aggregate is out of sight or withheld.
    Raises: ValueError on an unknown indicator, one without direction or not additive, on rows of
        another level or of two years.
    """
    declared = _additive(indicator)
    rows = caisses[caisses["indicator_code"] == indicator]
    if (rows["level"] != "caisse").any() or len(set(rows["year"])) > 1:
        raise ValueError("contributions are made of caisses, of one year.")
    lacking = _shortfall(rows, declared.unit in RATIO_UNITS)
    lacking = -lacking if declared.better == "lower" else lacking
    is_withheld = rows["is_hidden"].eq(True) & rows["status"].isna()
    is_complete = bool(
        senders_expected is not None
        and rows["senders_expected"].sum() == senders_expected
        and not is_withheld.any()
    )
    found = rows.assign(shortfall=lacking, is_complete=is_complete)[lacking.notna()]
    behind = found["shortfall"].clip(lower=0)
    total = behind.sum()
    share = behind / total if total > 0 else behind * 0.0
    found["share"] = share if is_complete else np.nan
    ordered = found.sort_values(
        ["shortfall", "territory_code"], ascending=[False, True], ignore_index=True
    )
    return ordered[CONTRIBUTION_COLUMNS]


def _shares(level: str) -> tuple[Share, ...]:
    if level not in LEVEL_SHARES:
        raise ValueError(f"level must be one of {', '.join(LEVEL_SHARES)}, got {level!r}.")
    return LEVEL_SHARES[level]


def _with_gap(attainment: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a gap; what is withheld has no attainment, hence none."""
    gap = 1 - pd.to_numeric(attainment["attainment_to_date"]).astype(float)
    has_gap = (gap > STATUS_TOLERANCE) & ~attainment["status"].isin(_WITHOUT_GAP)
    return attainment.assign(gap=gap)[has_gap]


def _lines(weights: pd.DataFrame, level: str) -> pd.DataFrame:
    """The lines of the level's shares, with the CPG indicators that carry each."""
    lines = weights[weights["share"].isin(_shares(level))].reset_index(drop=True)
    carriers = [
        _carriers(year, share, label, code)
        for year, share, label, code in zip(
            lines["year"], lines["share"], lines["label"], lines["indicator_code"], strict=True
        )
    ]
    lines["carriers"] = pd.Series(carriers, index=lines.index, dtype=object)
    lines["carrier_count"] = [len(codes) for codes in carriers]
    return lines


def _carriers(year: int, share: str, label: str, code: str | None) -> tuple[str, ...]:
    """The CPG indicators that a line weighs on; none where the line is attached to no indicator."""
    own = None if pd.isna(code) else catalogue().get(str(code))
    if own is None:
        return ()
    if own.in_cpg:
        return (own.code,)
    declared = (
        line.read_on
        for line in own.interessement
        if (line.year, line.share, line.label) == (year, share, label)
    )
    return next(declared, ())


def _joined(labels: pd.Series) -> str:
    return " ; ".join(labels.drop_duplicates())


def _by_points(weighed: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """The gaps, those of a territory and year that have CPG points weighed by these alone."""
    given = points[points["points"] > 0]
    by_points = weighed.merge(given[[*_FIGURE, "points"]], how="left", on=_FIGURE)
    ranked_by_points = pd.MultiIndex.from_frame(by_points[_FIGURE[:2]]).isin(
        pd.MultiIndex.from_frame(given[_FIGURE[:2]])
    )
    by_points.loc[ranked_by_points, "weight"] = by_points["points"].astype(float)
    by_points.loc[ranked_by_points, "weight_source"] = "cpg_points"
    by_points.loc[ranked_by_points, "weight_year"] = by_points["year"]
    by_points.loc[ranked_by_points, "weight_lines"] = None
    by_points.loc[ranked_by_points, "is_proxy"] = False
    return by_points.drop(columns="points")


def _ranked(weighed: pd.DataFrame) -> pd.DataFrame:
    """The gaps in the order that they matter in; what is equal keeps the catalogue's order."""
    places = {code: place for place, code in enumerate(catalogue())}
    return (
        weighed.assign(place=weighed["indicator_code"].map(places))
        .sort_values(
            ["has_weight", "stake", "gap", "place", "territory_code"],
            ascending=[False, False, False, True, True],
            ignore_index=True,
        )
        .drop(columns="place")
    )


def _additive(code: str) -> Indicator:
    """The indicator, provided that the shortfalls of its caisses can be added.

    Raises: ValueError where there is none of that code, or none to add.
    """
    indicator = catalogue().get(code)
    if indicator is None:
        raise ValueError(f"{code!r} is no indicator of the catalogue.")
    if indicator.better == "none" or indicator.aggregation.territories == "not_additive":
        raise ValueError(f"{code} has no shortfall that adds up over caisses.")
    return indicator


def _shortfall(rows: pd.DataFrame, is_rate: bool) -> pd.Series:
    """Objective to date less realised; of a rate, in units of its numerator."""
    named = ("objective_to_date", "realised", "numerator", "denominator")
    figures = rows[[*named]].apply(pd.to_numeric).astype(float)
    if is_rate:
        return figures["objective_to_date"] * figures["denominator"] - figures["numerator"]
    return figures["objective_to_date"] - figures["realised"]
