"""A territory's year in a few figures: what is attained, at stake, likely, and sent. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from indicators.attainment import STATUS_TOLERANCE, status
from indicators.calendar import next_expected, overdue_days
from indicators.few_patients import JUDGED
from indicators.reading import MONTHS, Reading

LIKELY = 0.5
"""Chance from which an objective is said to be likely reached."""


@dataclass(frozen=True)
class Tally:
    """How many objectives are attained, close or behind, and of how many the reader sees nothing.

    ``hidden`` are small numbers withheld; what is not applicable is counted nowhere.
    """

    attained: int
    close: int
    behind: int
    hidden: int

    @classmethod
    def of(cls, statuses: Sequence[str | None], hidden: int = 0) -> Tally:
        """The tally of statuses; those that are none of the three are counted nowhere."""
        attained, close, behind = (statuses.count(word) for word in JUDGED)
        return cls(attained, close, behind, hidden)

    @property
    def judged(self) -> int:
        """Objectives that have a status."""
        return self.attained + self.close + self.behind


def tally(readings: Iterable[Reading]) -> Tally:
    """The objectives of one territory by status."""
    known = list(readings)
    shown = [reading.status for reading in known if not reading.is_hidden]
    hidden = sum(reading.is_hidden for reading in known)
    return Tally.of(shown, hidden)


def tally_of(attained: Mapping[str, float], codes: Iterable[str]) -> Tally | None:
    """The objectives ``codes`` by the status of other attainments; None where none is known.

    Where these are medians of peers, the counts are no territory's: each objective has its own
    median, and they are never set against a territory's counts.

    Args:
        attained: attainment by indicator, proportions.
        codes: the objectives judged in the territory that is compared.
    """
    known = [status(attained[code]) for code in codes if _is_known(attained.get(code))]
    return Tally.of(known) if known else None


@dataclass(frozen=True)
class AtStake:
    """Points of the intéressement that the gaps hold, out of those that judged objectives carry."""

    points: float
    carried: float


def at_stake(attainments: Mapping[str, float], weights: Mapping[str, float]) -> AtStake | None:
    """Σ weight × gap over the objectives that weigh; None where none of them does.

    Args:
        attainments: by indicator, proportions; only those known are counted.
        weights: points of the year by indicator.
    """
    known = {
        code: float(attained)
        for code, attained in attainments.items()
        if _is_known(attained) and weights.get(code, 0.0) > 0
    }
    if not known:
        return None
    gaps = {code: max(0.0, 1.0 - attained) for code, attained in known.items()}
    return AtStake(
        points=sum(weights[code] * gap for code, gap in gaps.items() if gap > STATUS_TOLERANCE),
        carried=sum(weights[code] for code in known),
    )


@dataclass(frozen=True)
class Likely:
    """Of the objectives that have a landing, those reached in December by more than an even chance.

    ``to_date`` counts those of the same objectives that are attained now.
    """

    likely: int
    landed: int
    to_date: int


def likely_by_december(readings: Iterable[Reading]) -> Likely:
    """How many cumulated objectives the year is likely to reach."""
    landed = [
        reading
        for reading in readings
        if reading.landing is not None and reading.landing.probability is not None
    ]
    likely = sum(
        (reading.landing.probability or 0.0) >= LIKELY for reading in landed if reading.landing
    )
    return Likely(likely, len(landed), sum(r.status == "attained" for r in landed))


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def up_to_date(last_months: Sequence[date | None], month: date) -> int:
    """How many senders have sent up to ``month``, by the last month that each has sent."""
    return sum(last is not None and last >= month for last in last_months)


@dataclass(frozen=True)
class Awaited:
    """The next figures due on one day, and how late they are on the day looked at."""

    expected: date
    overdue: int
    codes: tuple[str, ...]


def awaited(readings: Iterable[Reading], today: date) -> list[Awaited]:
    """When the next figures of a territory are due, those due first first.

    A figure of an open year that a caisse is expected to send and none has sent yet is due as if
    known to the end of the year before. Each of the others without a month is left out: nothing
    tells when it began to lack.
    """
    by_day: dict[date, list[str]] = {}
    for reading in readings:
        last = reading.last_month
        if last is None and reading.is_open_year and reading.senders_expected:
            last = date(reading.year - 1, MONTHS, 1)
        if last is None:
            continue
        declared = reading.indicator
        expected = next_expected(
            last, declared.frequency, declared.delay_days, declared.sent_months
        )
        by_day.setdefault(expected, []).append(declared.code)
    return [
        Awaited(day, overdue_days(day, today), tuple(codes))
        for day, codes in sorted(by_day.items())
    ]


def provisional_months(months: pd.DataFrame, year: int) -> list[date]:
    """The months of ``year`` of which some figure is still provisional, in order.

    Args:
        months: rows of ``cpg/territory_months``.
        year: others are left out.
    """
    own = months[(months["year"] == year) & months["is_provisional"].eq(True)]
    return sorted({pd.Timestamp(month).date() for month in own["month"].tolist()})


def _is_known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)
