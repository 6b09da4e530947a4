"""Where does the year of one territory end, indicator by indicator? Pure functions.

Reads the months of a territory as the question ``cpg/territory_months`` gives them, and decides
which of them are known; the method is that of ``indicators.landing``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.catalogue import catalogue
from indicators.landing import MONTHS, RUN_RATE, Landing, Spread, landing

LATE_MONTHS = 2
"""Months after which a caisse that has not sent is no longer awaited: the delay that the data
usually have. Until then the month that lacks it is left out."""

SAME_SENDERS = 0.95
"""Least over most caisses in the months of a former year that can tell a season: beyond, its months
are not those of one whole."""

LEAST_EVENTS = 5
"""Events known this year under which a count is not landed: chance alone moves it by half (1 / √5),
and none at all would land at nothing, without a doubt that could be measured."""

ROUNDING = 1e-9
"""What sums of shares may differ by."""

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TerritoryLanding(Landing):
    """The landing of one indicator of a territory, and of how much of the territory it speaks.

    Attributes:
        objective: what ``probability`` and ``monthly_effort`` are about, to be shown with them: the
            year's objective; where caisses have stopped sending, the part of it that goes with
            what was received. None where there is none.
        senders_received: caisses that sent the last known month.
        senders_expected: caisses expected to.
        is_partial: whether a known month lacks a caisse: the landing is that of what was received,
            never of the whole, and is too low by what is missing.
        is_too_few: whether too few events are known to say where the year ends: then there is no
            value, interval nor chance.
    """

    objective: float | None
    senders_received: int
    senders_expected: int
    is_partial: bool
    is_too_few: bool = False


@dataclass(frozen=True)
class _Year:
    """The months of one indicator and year, shape (12,); nothing received where none is listed."""

    realised: FloatArray
    objective: FloatArray
    objective_to_date: FloatArray
    received: FloatArray
    expected: FloatArray
    is_hidden: BoolArray


class _Usual(NamedTuple):
    """What the build learnt of an indicator, by month, each of shape (12,)."""

    usual_share: FloatArray
    error_sd: FloatArray
    error_count: FloatArray
    objective_share: FloatArray

    def profile(self, known: int, has_history: bool) -> FloatArray | None:
        """The shares to land by; None where there are none, or only the territory's own again.

        Where no peer has erred (the country) the profile is made of the territory's own years, and
        would be judged by the years that it comes from.
        """
        is_own = has_history and not self.error_count[known - 1] > 0
        return None if is_own or np.isnan(self.usual_share).any() else self.usual_share

    def spread(self, known: int) -> Spread:
        """The peers' past errors at this number of months."""
        return Spread(float(self.error_sd[known - 1]), int(self.error_count[known - 1]))


NOTHING_LEARNT = _Usual(np.full(MONTHS, np.nan), np.zeros(MONTHS), np.zeros(MONTHS), RUN_RATE)


def cumulated() -> dict[str, str]:
    """The indicators that have a landing, those added over the months, with their direction."""
    return {
        code: indicator.better
        for code, indicator in catalogue().items()
        if indicator.aggregation.months == "sum"
    }


def counts_of_events() -> frozenset[str]:
    """The cumulated indicators that count events, which chance moves by their square root."""
    return frozenset(code for code in cumulated() if catalogue()[code].unit == "count")


def landings(
    months: pd.DataFrame,
    objectives: Mapping[str, float | None],
    seasonality: pd.DataFrame,
    better: Mapping[str, str],
    year: int,
    coverage: float = 0.8,
    *,
    is_open_year: bool = True,
    counts: Collection[str] = (),
) -> dict[str, TerritoryLanding]:
    """The landings of one territory by indicator code; none where no month is known.

    Known are the months from January up to the first gap. The last ``LATE_MONTHS`` are left out
    where caisses sent the month before that have not sent them yet; a caisse that is silent for
    longer has stopped, and the landing is that of the others (``is_partial``). An indicator of
    which the person may not see a month of the year has no landing: it would bound that month.
    A closed year lands on its total.

    Args:
        months: months of one territory, the year's and those of former years, in the columns of
            ``cpg/territory_months``.
        objectives: the year's objective by indicator; missing, None, NaN or 0 for none.
        seasonality: rows of ``cpg/seasonality`` for this year, level and region; may be empty.
        better: direction by indicator; those it does not name have no landing (``cumulated()``).
        year: the year to land.
        coverage: share of years whose total the interval should hold, in (0, 1).
        is_open_year: False for a year that has ended, whatever a caisse has left out.
        counts: indicators that count events, not landed under ``LEAST_EVENTS``
            (``counts_of_events()``).

    Raises: ValueError on what ``landing()`` refuses, or on months of several territories.
    """
    if len(set(months["territory_code"])) > 1:
        raise ValueError("months must be those of one territory.")
    usual = _usual_by_indicator(seasonality)
    landed = {}
    for code, years in _years_by_indicator(months[months["indicator_code"].isin(better)]):
        current = years.pop(year, None)
        known = _known_months(current, is_open_year) if current is not None else 0
        if current is None or not known:
            continue
        history = _history(own for former, own in years.items() if former < year)
        learnt = usual.get(code, NOTHING_LEARNT)
        aim = _aim(objectives.get(code))
        if aim is not None:
            aim *= _part_received(current, known, learnt.objective_share[known - 1])
        found = landing(
            history,
            np.nan_to_num(current.realised[:known]),
            aim,
            learnt.profile(known, has_history=len(history) > 0),
            coverage,
            errors=learnt.spread(known),
            better=better[code],
        )
        landed[code] = _of_territory(found, current, aim)
        if code in counts and found.total < LEAST_EVENTS and found.months < MONTHS:
            landed[code] = replace(
                landed[code],
                value=None,
                lower=None,
                upper=None,
                probability=None,
                is_too_few=True,
            )
    return landed


def _of_territory(found: Landing, current: _Year, aim: float | None) -> TerritoryLanding:
    """The landing with the senders of its months."""
    is_listed = np.isfinite(current.expected[: found.months])
    received = current.received[: found.months][is_listed]
    expected = current.expected[: found.months][is_listed]
    return TerritoryLanding(
        **vars(found),
        objective=aim,
        senders_received=int(received[-1]),
        senders_expected=int(expected[-1]),
        is_partial=bool((received < expected).any()),
    )


def _aim(objective: float | None) -> float | None:
    return None if objective is None or pd.isna(objective) or objective == 0 else float(objective)


def _part_received(current: _Year, known: int, objective_share: float) -> float:
    """The part of the year's objective that goes with what was received, in (0, 1].

    The objective to date counts a caisse that stopped up to its last month only, as the attainment
    does; over what would be due of the whole it is that part.
    """
    whole = current.objective[known - 1] * objective_share
    if known == MONTHS or not whole > 0:
        return 1.0
    part = float(current.objective_to_date[known - 1] / whole)
    return part if 0 < part < 1 - ROUNDING else 1.0


def _known_months(current: _Year, is_open_year: bool) -> int:
    """How many months from January on are known, late ones left out; 0 where one is withheld."""
    sent = np.flatnonzero(current.received > 0)
    if not len(sent) or np.isnan(current.realised[current.is_hidden]).any():
        return 0
    if not is_open_year:
        return MONTHS
    listed = int(sent[-1]) + 1
    first = max(listed - 1 - LATE_MONTHS, 0)
    latest = current.received[first:listed]
    listed = first + int(np.flatnonzero(latest == latest.max())[-1]) + 1
    gaps = np.flatnonzero(np.isnan(current.realised[:listed]))
    return int(gaps[0]) if len(gaps) else listed


def _years_by_indicator(months: pd.DataFrame) -> Iterator[tuple[str, dict[int, _Year]]]:
    """Each indicator's years, in the order of the frame."""
    codes, names = pd.factorize(months["indicator_code"])
    years, of_year = np.unique(months["year"].to_numpy(dtype=int), return_inverse=True)
    places = (codes, of_year, pd.to_datetime(months["month"]).dt.month.to_numpy() - 1)

    def grid(column: str, empty: float) -> FloatArray:
        filled = np.full((len(names), len(years), MONTHS), empty)
        filled[places] = months[column].to_numpy(dtype=np.float64, na_value=np.nan)
        return filled

    realised = grid("realised", np.nan)
    objective, due = grid("objective", np.nan), grid("objective_to_date", np.nan)
    received, expected = grid("senders_received", 0), grid("senders_expected", np.nan)
    is_hidden = grid("is_hidden", 0) == 1
    for row, code in enumerate(names):
        yield (
            str(code),
            {
                int(year): _Year(
                    realised[row, place],
                    objective[row, place],
                    due[row, place],
                    received[row, place],
                    expected[row, place],
                    is_hidden[row, place],
                )
                for place, year in enumerate(years)
            },
        )


def _history(former: Iterable[_Year]) -> FloatArray:
    """Former years' months, shape (years, 12); years of changing senders are left out."""
    whole = [
        own.realised
        for own in former
        if own.received.min() >= SAME_SENDERS * own.received.max() > 0
    ]
    return np.stack(whole) if whole else np.empty((0, MONTHS))


def _usual_by_indicator(seasonality: pd.DataFrame) -> dict[str, _Usual]:
    """What the build learnt for each indicator."""
    ordered = seasonality.sort_values(["indicator_code", "month"])
    names = ordered["indicator_code"].to_numpy(dtype=object)[::MONTHS]
    columns = ["usual_share", "error_sd", "error_count", "objective_share"]
    values = ordered[columns].to_numpy(dtype=np.float64, na_value=np.nan)
    told = values.reshape(len(names), MONTHS, len(columns))
    return {str(name): _Usual(*month.T) for name, month in zip(names, told, strict=True)}
