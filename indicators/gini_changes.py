"""What the Gini index of an area did from year to year, and whether that attains its target.

One model serves the verdict and the band drawn around a curve: the world at rest of
``steady_noise``, one-sided, from the year that the change starts from. The index of a year attains
the target of a span where it lies under ``attained_under``, misses it over ``missed_over``, and
can't be told from chance in between.

Two years are compared where both are whole, count the same territories and take counts and people
from the same sources; else the change is missing and ``reason`` says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np

from indicators.arguments import FloatArray, numbers, refuse_share
from indicators.inequality import (
    CUMULATED_YEARS,
    YEARLY_TARGET,
    Verdict,
    apparent_turnover,
    gini,
    target_verdict,
)
from indicators.steady_noise import (
    SteadyNoise,
    Turnover,
    noise_of,
    played,
    steady_level,
)

Reason = Literal["no_former_year", "not_computed", "other_territories", "other_people", "too_few"]

SPANS = (1, 2, CUMULATED_YEARS)
"""Years that changes are taken over: the verdict's one and three, and the band's two between."""

COVERAGE = 0.95
OTHER_SOURCE_AT_MOST = 0.01
"""Share of the people whose counts or people may come from another source in the other year."""


@dataclass(frozen=True, eq=False)
class YearCount:
    """The professionals and people of an area in one year.

    Attributes:
        year: which.
        codes: its territories, sorted, shape (n,).
        count: professionals, shape (n,).
        population: people, shape (n,).
        sources: where count and people of each territory come from, any labels, shape (n,).
        is_whole: whether enough of the area's territories are known for an index.
    """

    year: int
    codes: tuple[str, ...]
    count: FloatArray
    population: FloatArray
    sources: tuple[str, ...]
    is_whole: bool = True

    @property
    def professionals(self) -> float:
        """All of them."""
        return float(self.count.sum())

    @property
    def is_measurable(self) -> bool:
        """Whether it has an index."""
        return self.is_whole and bool(self.count.any())


class GiniChange(NamedTuple):
    """What an index did over ``span`` years up to ``year``, beside its target and chance.

    ``target`` is that of the span. ``noise_sd`` and ``noise_reach`` are what chance does where
    nothing changes: a standard deviation, and how far it goes on one side once in twenty.
    ``attained_under`` and ``missed_over`` are the indices from which the verdict is certain.
    ``chance_without_change`` and ``chance_on_target`` are as in ``inequality.TargetVerdict``.
    Whatever is unknown is None; ``reason`` then says why.
    """

    year: int
    span: int
    base_year: int
    gini_before: float | None
    gini_after: float | None
    change: float | None
    target: float
    turnover: float | None
    noise_sd: float | None
    noise_reach: float | None
    attained_under: float | None
    missed_over: float | None
    chance_without_change: float | None
    chance_on_target: float | None
    verdict: Verdict | None
    reason: Reason | None


class Together(NamedTuple):
    """Verdicts given at the same time.

    ``adjusted`` has what stands of each although so many were given; None where there was none.
    ``judged`` is their number, ``expected_by_chance`` how many of them would attain their target by
    chance alone, at most, were there no change anywhere.
    """

    adjusted: tuple[Verdict | None, ...]
    judged: int
    expected_by_chance: float


def area_noise(years: Sequence[YearCount], seed: int = 0) -> SteadyNoise | None:
    """What chance does to the index of an area at rest, from all its years; None if unknown.

    Args:
        years: in order; those that are not whole are left out.
        seed: the same seed gives the same noise.
    """
    turnover = area_turnover(years)
    if turnover is None:
        return None
    count, population = mean_year(years)
    level = steady_level(count, population)
    rows = played(level, population, [turnover], [np.arange(level.size)], seed)
    return noise_or_none(rows[0], turnover.rate, float(level.sum()))


def noise_or_none(indices: FloatArray, turnover: float, professionals: float) -> SteadyNoise | None:
    """The noise that an area's played indices hold; None where too few professionals are there."""
    if np.isnan(indices).any():
        return None
    return noise_of(indices, turnover, professionals, SPANS)


def area_turnover(years: Sequence[YearCount]) -> Turnover | None:
    """The yearly turnover that the counts of an area tell, the mean over the years known."""
    found, freedom = [], 0
    for before, after in pairwise(_whole_years(years)):
        is_next = after.year == before.year + 1 and before.codes == after.codes
        if not is_next or not _same_sources(before, after):
            continue
        rate = apparent_turnover(before.count, after.count)
        if rate is not None:
            found.append(rate)
            freedom += int((before.count > 0).sum()) - 1
    return Turnover(float(np.mean(found)), freedom) if found else None


def mean_year(years: Sequence[YearCount]) -> tuple[FloatArray, FloatArray]:
    """Professionals and people of the latest whole year's territories, the mean of their years.

    Territories without people are left out.
    """
    kept = _whole_years(years)
    alike = [one for one in kept if one.codes == kept[-1].codes]
    count = np.mean([one.count for one in alike], axis=0)
    population = np.mean([one.population for one in alike], axis=0)
    return count[population > 0], population[population > 0]


def gini_changes(years: Sequence[YearCount], noise: SteadyNoise | None) -> list[GiniChange]:
    """The changes of each year over every span of ``SPANS``, by year then span.

    Args:
        years: of one area, profession and practice, in order.
        noise: what chance does there.
    """
    by_year = {one.year: one for one in years}
    index = {
        one.year: gini(one.count, one.population) if one.is_measurable else None for one in years
    }
    return [
        _changed(by_year.get(one.year - span), one, span, index, noise)
        for one in years
        for span in SPANS
    ]


def judged_together(
    verdicts: Sequence[Verdict | None],
    chance_without_change: Any,
    chance_on_target: Any,
    coverage: float = COVERAGE,
) -> Together:
    """Which of many verdicts still stand, as each of them may be there by chance.

    Holm's correction, apart for those that attain and those that miss: with ``coverage`` 0.95, all
    adjusted verdicts of a kind are right at once nineteen times in twenty.

    Args:
        verdicts: one an index, None where there was none, shape (n,).
        chance_without_change: of each, as in ``inequality.TargetVerdict``, shape (n,).
        chance_on_target: the same.
        coverage: as in ``inequality.target_verdict``.

    Source: Holm 1979, Scand J Stat 6:65.
    """
    refuse_share(coverage, "coverage")
    chances = {"attained": holm(chance_without_change), "not_attained": holm(chance_on_target)}
    adjusted: list[Verdict | None] = []
    for at, verdict in enumerate(verdicts):
        if verdict in chances and not chances[verdict][at] <= 1 - coverage:
            verdict = "within_noise"
        adjusted.append(verdict)
    judged = sum(verdict is not None for verdict in verdicts)
    return Together(tuple(adjusted), judged, (1 - coverage) * judged)


def holm(p_values: Any) -> FloatArray:
    """The p-values once all are tested together, by Holm's steps; NaN where there is none."""
    tests = np.atleast_1d(numbers(p_values, "p_values"))
    known = np.flatnonzero(~np.isnan(tests))
    order = known[np.argsort(tests[known], kind="stable")]
    steps = tests[order] * np.arange(order.size, 0, -1)
    found = np.full(tests.shape, np.nan)
    found[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return found


def _changed(
    before: YearCount | None,
    after: YearCount,
    span: int,
    index: dict[int, float | None],
    noise: SteadyNoise | None,
) -> GiniChange:
    target = YEARLY_TARGET * span
    base = None if before is None else index[before.year]
    now = index[after.year]
    reason = _reason(before, after)
    if before is None or base is None or now is None or reason is not None:
        return GiniChange(
            after.year, span, after.year - span, base, now, None, target,
            *(None,) * 8, reason or "not_computed",
        )  # fmt: skip
    change = now - base
    if noise is None:
        return GiniChange(
            after.year, span, before.year, base, now, change, target,
            *(None,) * 8, "too_few",
        )  # fmt: skip
    chance = noise.over(span, (before.professionals + after.professionals) / 2)
    found = target_verdict(change, chance, coverage=COVERAGE)
    reach = _reach(chance.changes)
    return GiniChange(
        after.year, span, before.year, base, now, change, target,
        noise.turnover, chance.spread, reach,
        base + min(target, -reach), base + target + reach,
        found.chance_without_change, found.chance_on_target, found.verdict, None,
    )  # fmt: skip


def _reach(changes: FloatArray) -> float:
    """How far chance goes on one side, beyond which ``target_verdict`` no longer calls it chance.

    The observed change counts as one of the draws there, and so it does here.
    """
    beyond = int(np.floor((1 - COVERAGE) * (changes.size + 1) + 1e-9)) - 1
    return max(float(-np.partition(changes, beyond)[beyond]), 0.0)


def _reason(before: YearCount | None, after: YearCount) -> Reason | None:
    """Why two years cannot be compared; None if they can."""
    if before is None:
        return "no_former_year"
    if not before.is_measurable or not after.is_measurable:
        return "not_computed"
    if before.codes != after.codes:
        return "other_territories"
    return None if _same_sources(before, after) else "other_people"


def _same_sources(before: YearCount, after: YearCount) -> bool:
    """Whether nearly all people live where counts and people come from the same source."""
    differs = np.array([a != b for a, b in zip(before.sources, after.sources, strict=True)])
    people = after.population
    return bool(people[differs].sum() <= OTHER_SOURCE_AT_MOST * people.sum())


def _whole_years(years: Sequence[YearCount]) -> list[YearCount]:
    return [one for one in years if one.is_measurable]
