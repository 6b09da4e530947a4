"""One figure read whole: value, interval, objective, signs, peers, landing. Pure.

The same reading stands on the first screen, on a department's page and in the story of a figure,
so that none of them can say otherwise than another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators import comparison, control_chart, intervals
from indicators.attainment import DEFAULT_THRESHOLDS, STATUS_TOLERANCE
from indicators.catalogue import Indicator
from indicators.control_chart import XmrChart
from indicators.landing import monthly_effort
from indicators.landings import TerritoryLanding

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MONTHS = 12

LEAST_POINTS = 3
"""Known months under which no control chart is drawn: two ranges say nothing of a habit."""


class Months(NamedTuple):
    """The known months of one territory and indicator in order, as arrays of shape (n,)."""

    days: tuple[date, ...]
    years: IntArray
    realised: FloatArray
    cumulated: FloatArray
    objective: FloatArray
    objective_to_date: FloatArray
    senders_received: FloatArray

    def of_years(self, first: int, last: int) -> Months:
        """The months of the years ``first`` to ``last``."""
        kept = (self.years >= first) & (self.years <= last)
        days = tuple(day for day, is_kept in zip(self.days, kept, strict=True) if is_kept)
        return Months(
            days,
            self.years[kept],
            self.realised[kept],
            self.cumulated[kept],
            self.objective[kept],
            self.objective_to_date[kept],
            self.senders_received[kept],
        )


class _Steady(NamedTuple):
    """The months of the caisses that sent them all, how many these are, and of how many."""

    months: Months
    caisses: tuple[int, int]


@dataclass(frozen=True)
class Interval:
    """An interval of attainment, proportions."""

    lower: float
    upper: float


@dataclass(frozen=True)
class Place:
    """Where a figure stands among the territories of its level, by attainment (proportions).

    ``against_median`` is judged on the 95 % interval; ``is_alarm`` says that the 99.8 % interval
    leaves the median on its better side too.
    """

    rank: int | None
    count: int
    q1: float | None
    median: float | None
    q3: float | None
    against_median: str
    is_alarm: bool


@dataclass(frozen=True)
class Control:
    """The control chart of a figure.

    Attributes:
        kind: what each point is: ``monthly_attainment`` (the month's flow over what the objective
            asks of the month, which takes the season out), ``monthly_rate`` or ``monthly_change``
            (of a month-end stock).
        months: first day of each point's month, in order.
        chart: limits and signals, in the points' unit.
        target: what each point has to reach for the year's objective, in the same unit.
        variation, assurance: the two signs (``control_chart.variation`` and ``assurance``).
        caisses: how many caisses the points are of, and of how many, where some have left a month
            out; None where the points are the territory's own.
    """

    kind: str
    months: tuple[date, ...]
    chart: XmrChart
    target: float | None
    variation: str
    assurance: str
    caisses: tuple[int, int] | None = None

    @property
    def judged_to(self) -> date:
        """The last month that has a point: the one that both signs speak of."""
        return self.months[int(np.flatnonzero(np.isfinite(self.chart.observed))[-1])]


@dataclass(frozen=True)
class Reading:
    """One figure of a territory and year. Attainments are proportions, amounts in its unit.

    ``last_month`` is the last one that any caisse of the territory has sent.
    ``attainment`` is what the status judges: to date while the year is open. ``points`` are the
    months of the year up to it as (month, attainment to date). ``under_since`` is the first month
    of the present stretch under the objective to date; ``behind_since`` that of the stretch under
    the threshold of the status, where it is behind.
    """

    indicator: Indicator
    territory_code: str
    year: int
    is_open_year: bool
    last_month: date | None
    is_provisional: bool
    senders_received: int
    senders_expected: int
    is_hidden: bool
    value: float | None
    objective: float | None
    objective_to_date: float | None
    attainment: float | None
    status: str
    interval: Interval | None
    place: Place
    control: Control | None
    landing: TerritoryLanding | None
    points: tuple[tuple[date, float], ...]
    behind_since: date | None
    under_since: date | None

    @property
    def shortfall(self) -> float:
        """How far under the objective, as a share of it; zero where it is reached or unknown."""
        return 0.0 if self.attainment is None else max(0.0, 1.0 - self.attainment)

    @property
    def monthly_effort(self) -> float | None:
        """The flow a month from the month after ``last_month`` to December, in the unit.

        What is shown as realised is taken from the objective shown, over the months left: anyone
        finds it again by hand. None for figures that are not added over the months, and where
        something is missing; months that a caisse has not sent yet count as still to come.
        """
        last = self.last_month
        if self.indicator.aggregation.months != "sum" or self.value is None or last is None:
            return None
        return monthly_effort(self.value, last.month, self.objective)


def readings(
    catalogue: Mapping[str, Indicator],
    attainment: pd.DataFrame,
    months: pd.DataFrame,
    peers: pd.DataFrame,
    landings: Mapping[str, TerritoryLanding] | None = None,
    rebases: Mapping[str, Sequence[date]] | None = None,
    steady: pd.DataFrame | None = None,
) -> dict[str, Reading]:
    """Read every figure of one territory and year.

    Args:
        catalogue: the definitions by code.
        attainment: rows of ``cpg/attainment`` of the territory, one per indicator.
        months: rows of ``cpg/territory_months`` of the territory.
        peers: rows of ``cpg/peers`` of its level.
        landings: where the year ends, by indicator; none without.
        rebases: months at which a person starts new limits, by indicator.
        steady: rows of ``cpg/steady_months`` of the territory; none where every caisse sent all.

    Returns: the readings by indicator code, in the catalogue's order.
    """
    quartiles = {row["indicator_code"]: row for row in peers.to_dict("records")}
    by_indicator = months_by_indicator(months)
    of_steady = _steady_by_indicator(steady)
    nothing = _no_months()
    rows = {row["indicator_code"]: row for row in attainment.to_dict("records")}
    return {
        code: _reading(
            indicator,
            rows[code],
            by_indicator.get(code, nothing),
            quartiles.get(code, {}),
            (landings or {}).get(code),
            (rebases or {}).get(code, ()),
            of_steady.get(code),
        )
        for code, indicator in catalogue.items()
        if code in rows
    }


def months_by_indicator(months: pd.DataFrame) -> dict[str, Months]:
    """Rows of ``cpg/territory_months`` or ``cpg/monthly`` as arrays, by indicator code."""
    if months.empty:
        return {}
    known = months.sort_values(["indicator_code", "month"], kind="stable")
    days = [day.date() for day in pd.to_datetime(known["month"]).tolist()]
    years = known["year"].to_numpy(dtype=np.int64)
    columns = [known[name].to_numpy(dtype=float, na_value=math.nan) for name in Months._fields[2:]]
    codes = known["indicator_code"].tolist()
    starts = [place for place, code in enumerate(codes) if place == 0 or code != codes[place - 1]]
    return {
        codes[start]: Months(
            tuple(days[start:stop]), years[start:stop], *(column[start:stop] for column in columns)
        )
        for start, stop in zip(starts, [*starts[1:], len(codes)], strict=True)
    }


def _steady_by_indicator(steady: pd.DataFrame | None) -> dict[str, _Steady]:
    """The months of the caisses that sent them all, by indicator code."""
    if steady is None or steady.empty:
        return {}
    counts = steady.drop_duplicates("indicator_code").set_index("indicator_code")
    known = counts["senders_received"].to_dict(), counts["caisse_count"].to_dict()
    return {
        code: _Steady(own, (int(known[0][code]), int(known[1][code])))
        for code, own in months_by_indicator(steady).items()
    }


def _no_months() -> Months:
    nothing = np.empty(0)
    return Months((), np.empty(0, dtype=np.int64), *([nothing] * len(Months._fields[2:])))


def _reading(
    indicator: Indicator,
    row: Mapping[str, Any],
    months: Months,
    quartiles: Mapping[str, Any],
    landed: TerritoryLanding | None,
    rebases: Sequence[date],
    steady: _Steady | None,
) -> Reading:
    is_open = bool(row["is_open_year"])
    attained = _number(row["attainment_to_date" if is_open else "attainment"])
    aim = _number(row["objective_to_date" if is_open else "objective"])
    year = int(row["year"])
    path = _points(months.of_years(0, year), indicator.better)
    last_sent = _day(row.get("last_sent_month", row["last_month"]))
    # Beyond it the year's total is only carried on, which would pass for months.
    points = tuple(
        point
        for point in path
        if point[0].year == year and (not last_sent or point[0] <= last_sent)
    )
    return Reading(
        indicator=indicator,
        territory_code=str(row["territory_code"]),
        year=year,
        is_open_year=is_open,
        # A caisse that is late has sent less than the year knows.
        last_month=last_sent,
        is_provisional=_flag(row["is_provisional"]),
        senders_received=int(_number(row["senders_received"]) or 0),
        senders_expected=int(_number(row["senders_expected"]) or 0),
        is_hidden=_flag(row["is_hidden"]) and attained is None,
        value=_number(row["realised"]),
        objective=_number(row["objective"]),
        objective_to_date=_number(row["objective_to_date"]),
        attainment=attained,
        status=str(row["status"]) if isinstance(row["status"], str) else "not_applicable",
        interval=attainment_interval(indicator, row, aim, comparison.DESCRIPTION_COVERAGE),
        place=_place(indicator, row, attained, aim, quartiles),
        control=_furthest_control(indicator, months, year, rebases, steady),
        landing=landed,
        points=points,
        behind_since=(
            stretch_under(path, DEFAULT_THRESHOLDS.close) if row["status"] == "behind" else None
        ),
        under_since=stretch_under(path, DEFAULT_THRESHOLDS.attained) if points else None,
    )


def attainment_interval(
    indicator: Indicator, row: Mapping[str, Any], objective: float | None, coverage: float
) -> Interval | None:
    """The interval of an attainment, from that of its count (Byar) or proportion (Wilson).

    The objective is taken as known. None for amounts and means, whose own spread is not sent, and
    where something is missing or hidden.
    """
    if objective is None or objective <= 0 or indicator.better == "none":
        return None
    value = _number(row["realised"])
    if indicator.unit == "count" and value is not None and value >= 0:
        bounds = intervals.byar(value, coverage)
    elif indicator.unit == "proportion":
        numerator, denominator = _number(row["numerator"]), _number(row["denominator"])
        if numerator is None or denominator is None or not 0 <= numerator <= denominator:
            return None
        if denominator == 0:
            return None
        bounds = intervals.wilson(numerator, denominator, coverage)
    else:
        return None
    low, high = float(bounds.lower), float(bounds.upper)
    if indicator.better == "higher":
        return Interval(low / objective, high / objective)
    if low <= 0:
        return None
    return Interval(objective / high, objective / low)


def _place(
    indicator: Indicator,
    row: Mapping[str, Any],
    attained: float | None,
    aim: float | None,
    quartiles: Mapping[str, Any],
) -> Place:
    median = _number(quartiles.get("attainment_median"))
    rank = _number(row.get("peer_rank"))
    verdicts = []
    for coverage in (comparison.DESCRIPTION_COVERAGE, comparison.ALARM_COVERAGE):
        interval = attainment_interval(indicator, row, aim, coverage)
        if interval is None or attained is None or median is None:
            verdicts.append("not_compared")
            continue
        # The attainment of an aggregate may lie outside by a rounding of its objective to date.
        low, high = min(interval.lower, attained), max(interval.upper, attained)
        verdicts.append(str(comparison.status(attained, low, high, median, "higher")))
    return Place(
        rank=None if rank is None else int(rank),
        count=int(_number(row.get("peer_count")) or 0),
        q1=_number(quartiles.get("attainment_q1")),
        median=median,
        q3=_number(quartiles.get("attainment_q3")),
        against_median=verdicts[0],
        is_alarm=verdicts[1] in {"better", "worse"},
    )


def _furthest_control(
    indicator: Indicator,
    months: Months,
    year: int,
    rebases: Sequence[date],
    steady: _Steady | None,
) -> Control | None:
    """The territory's own chart; that of the caisses that sent all months where it goes further.

    Never a mix of both: a caisse that comes or goes would change the level by what it weighs. One
    whose limits are on trial does not take the place of one with limits that hold.
    """
    own = control_of(indicator, months, year, rebases)
    if steady is None:
        return own
    alike = control_of(indicator, steady.months, year, rebases, steady.caisses)
    if alike is None or own is None:
        return alike or own
    goes_further = alike.judged_to > own.judged_to
    return alike if goes_further and own.chart.is_trial >= alike.chart.is_trial else own


def control_of(
    indicator: Indicator,
    months: Months,
    year: int,
    rebases: Sequence[date] = (),
    caisses: tuple[int, int] | None = None,
) -> Control | None:
    """The control chart of the known months.

    None under three points, where months do not move, and for the stocks of establishments: they
    move by steps until none is left to join, which is no fall.

    Only months for which as many caisses as ever in their year have sent are points: a month that
    half of them sent is not a fall. Hidden months are gaps. Where ``months`` are those of the
    caisses that sent them all, ``caisses`` says how many these are.

    Args:
        indicator: its definition says what a month's point is.
        months: the months of one territory and indicator.
        year: the last year shown; later months are left out.
        rebases: months at which a person starts new limits.
        caisses: how many caisses the months are of, and of how many; None for all that sent.
    """
    known = months.of_years(0, year)
    if not known.days or indicator.moves_by_steps:
        return None
    kind, values, target = _control_values(indicator, known)
    values = np.where(_is_whole(known), values, np.nan)
    if np.isfinite(values).sum() < LEAST_POINTS:
        return None
    starts = sorted({known.days.index(day) for day in rebases if day in known.days} - {0})
    try:
        chart = control_chart.xmr(values, starts)
    except ValueError:
        # Too few months since the last rebase, or none in a row: no limits can be drawn yet.
        return None
    if chart.moving_range == 0:
        # Months that do not move have no habit to leave.
        return None
    return Control(
        kind=kind,
        months=known.days,
        chart=chart,
        target=target,
        variation=control_chart.variation(chart, indicator.better),
        assurance=control_chart.assurance(
            chart.lower, chart.upper, math.nan if target is None else target, indicator.better
        ),
        caisses=caisses,
    )


def _is_whole(known: Months) -> npt.NDArray[np.bool_]:
    """Whether as many caisses as ever in the year have sent each month."""
    most = {year: known.senders_received[known.years == year].max() for year in set(known.years)}
    return known.senders_received == np.array([most[year] for year in known.years])


def _control_values(indicator: Indicator, known: Months) -> tuple[str, FloatArray, float | None]:
    """What a month's point is, the points, and what they have to reach."""
    way = indicator.aggregation.months
    if way == "sum":
        is_new_year = np.diff(known.years, prepend=0) != 0
        to_date = known.objective_to_date
        asked = np.where(is_new_year, to_date, np.diff(to_date, prepend=0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            return "monthly_attainment", np.where(asked > 0, known.realised / asked, np.nan), 1.0
    if way == "last":
        return "monthly_change", np.diff(known.realised, prepend=np.nan), _pace_asked(known)
    return "monthly_rate", known.realised, _number(known.objective[-1])


def _pace_asked(known: Months) -> float | None:
    """The monthly change of a stock that leads from last December to this year's objective."""
    before = known.realised[known.years == known.years[-1] - 1]
    before = before[np.isfinite(before)]
    objective = _number(known.objective[-1])
    if not before.size or objective is None:
        return None
    return (objective - float(before[-1])) / MONTHS


def _points(own: Months, better: str) -> tuple[tuple[date, float], ...]:
    """Attainment to date of each known month of the year."""
    if better == "none":
        return ()
    attained = _attained(own.cumulated, own.objective_to_date, better)
    pairs = zip(own.days, attained.tolist(), strict=True)
    return tuple((day, value) for day, value in pairs if math.isfinite(value))


def stretch_under(points: Sequence[tuple[date, float]], threshold: float) -> date | None:
    """First month of the present stretch under ``threshold``; None where it is reached.

    Args:
        points: the known months in order, as (month, attainment to date).
        threshold: an attainment, a proportion.
    """
    since = None
    for day, attained in reversed(points):
        if attained >= threshold - STATUS_TOLERANCE:
            break
        since = day
    return since


def under_since(months: pd.DataFrame, better: str) -> dict[str, date]:
    """First month of the present stretch of each territory under the objective to date.

    Args:
        months: ``territory_code, month, cumulated, objective_to_date`` of one indicator, ordered by
            both; months without both are left out.
        better: ``higher``, ``lower`` or ``none``.

    Returns:
        The month by territory; one that has none, or whose last month is not under it, is absent.
    """
    if better == "none" or months.empty:
        return {}
    reached, aim = (
        months[name].astype(float).to_numpy(na_value=np.nan)
        for name in ("cumulated", "objective_to_date")
    )
    attained = _attained(reached, aim, better)
    known = months.loc[np.isfinite(attained), ["territory_code", "month"]]
    is_under = attained[np.isfinite(attained)] < DEFAULT_THRESHOLDS.attained - STATUS_TOLERANCE
    over = known["month"].where(~is_under)
    last_over = over.groupby(known["territory_code"]).transform("max")
    stretch = known[is_under & (last_over.isna() | (known["month"] > last_over))]
    first = stretch.groupby("territory_code")["month"].min()
    return {str(code): pd.Timestamp(month).date() for code, month in first.items()}


def _attained(reached: np.ndarray, aim: np.ndarray, better: str) -> np.ndarray:
    """Attainment to date, a proportion; not a number where the objective or the value lacks."""
    above, below = (reached, aim) if better == "higher" else (aim, reached)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((aim > 0) & (below > 0), above / below, np.nan)


def _number(value: Any) -> float | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _flag(value: Any) -> bool:
    return value is not None and value is not pd.NA and bool(value)


def _day(value: Any) -> date | None:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    day: date = pd.Timestamp(value).date()
    return day
