"""Where some territories stand among all those of their level: ranks and medians, nobody else's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from figures.adhesion_words import expected_caisses
from figures.map_measures import GAP, MEASURES, FloatArray, Measure, Spread
from indicators.peers import FEWEST

RANKED: tuple[str, ...] = tuple(code for code in MEASURES if code != GAP)
"""Measures that territories are ranked by; the gap to a median ranks them as coverage does."""


@dataclass(frozen=True)
class Rank:
    """A place among all territories of a level, the highest first; equals share the better."""

    place: int
    among: int


@dataclass(frozen=True, eq=False)
class Standing:
    """The comparison open to everyone: aggregates of a level, and the ranks of one's own.

    Attributes:
        level: of the territories.
        months: ends of the spans, in order.
        codes: territories whose ranks are told.
        ranks: by measure, shape (months, territories); NaN where there is none.
        among: by measure, how many are ranked with each, same shape.
        medians: by measure, shape (months,); NaN of fewer than five known, or than half.
        peer_medians: the same of the peers by size; NaN without such a group.
        peer_count: how many peers by size were asked for.
    """

    level: str
    months: tuple[date, ...]
    codes: tuple[str, ...]
    ranks: Mapping[str, FloatArray]
    among: Mapping[str, FloatArray]
    medians: Mapping[str, FloatArray]
    peer_medians: Mapping[str, FloatArray]
    peer_count: int

    def rank(self, measure: str, month: date, code: str) -> Rank | None:
        """The place of a territory in a month; None where it isn't ranked, or alone."""
        named = "couverture" if measure == GAP else measure
        if month not in self.months or code not in self.codes:
            return None
        at = self.months.index(month), self.codes.index(code)
        place, among = self.ranks[named][at], self.among[named][at]
        return None if np.isnan(place) else Rank(int(place), int(among))

    def median(self, measure: str, month: date) -> float | None:
        """The median of the whole level in a month; None where too few are known."""
        return self._told(self.medians, measure, month)

    def peer_median(self, measure: str, month: date) -> float | None:
        """The median of the peers by size in a month; None where too few are known."""
        return self._told(self.peer_medians, measure, month)

    def _told(self, figures: Mapping[str, FloatArray], measure: str, month: date) -> float | None:
        if measure not in figures or month not in self.months:
            return None
        found = float(figures[measure][self.months.index(month)])
        return None if np.isnan(found) else found


def standing_among(everyone: Spread, own: Spread, peers: Collection[str] = ()) -> Standing:
    """The standing of some territories among all those of their level.

    Args:
        everyone: the whole level, small numbers withheld: these count in nobody's comparison.
        own: the territories asked about, as their reader sees them.
        peers: codes of the peers by size.
    """
    shared = {month: t for t, month in enumerate(everyone.months)}
    months = tuple(month for month in own.months if month in shared)
    rows = [shared[month] for month in months]
    own_rows = [own.months.index(month) for month in months]
    needed = _needed(len(everyone.codes))
    ranks, among, medians, peer_medians = {}, {}, {}, {}
    among_peers = [i for i, code in enumerate(everyone.codes) if code in peers]
    for code in RANKED:
        known = _compared(everyone, MEASURES[code])[rows]
        held = _compared(own, MEASURES[code])[own_rows]
        places, counts = _ranks(known, everyone.codes, held, own.codes)
        ranks[code], among[code] = np.where(counts >= needed, places, np.nan), counts
        step = MEASURES[code].step
        medians[code] = _median(known) * step
        peer_medians[code] = _median(known[:, among_peers]) * step
    return Standing(
        own.level, months, own.codes, ranks, among, medians, peer_medians, len(among_peers)
    )


def _compared(spread: Spread, measure: Measure) -> FloatArray:
    """The values in steps of their measure; NaN where unknown, or of incomplete senders."""
    expected = np.array([expected_caisses().get(code, 0) for code in spread.codes])
    is_whole = spread.received >= expected
    return np.where(is_whole, np.round(measure.values(spread) / measure.step), np.nan)


def _ranks(
    known: FloatArray, codes: tuple[str, ...], held: FloatArray, own: tuple[str, ...]
) -> tuple[FloatArray, FloatArray]:
    places, among = np.full(held.shape, np.nan), np.full(held.shape, np.nan)
    for column, code in enumerate(own):
        others = known[:, [other != code for other in codes]]
        value = held[:, [column]]
        is_known = ~np.isnan(held[:, column])
        places[is_known, column] = 1 + (others > value).sum(axis=1)[is_known]
        among[is_known, column] = 1 + (~np.isnan(others)).sum(axis=1)[is_known]
    return places, among


def _needed(count: int) -> int:
    """How many of a group must be known: half of it too, for those withheld are no fair sample.

    Hidden counts are small ones: what is left of a group that hides most are zeros and the largest.
    """
    return max(FEWEST, (count + 1) // 2)


def _median(values: FloatArray) -> FloatArray:
    found = np.full(len(values), np.nan)
    for t in np.flatnonzero((~np.isnan(values)).sum(axis=1) >= _needed(values.shape[1])):
        found[t] = np.nanmedian(values[t])
    return found
