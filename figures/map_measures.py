"""What a map of adhesions colours: every month of every territory of a level, and its measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from figures.formats import NARROW_SPACE as NARROW
from figures.formats import as_date, number, percent, points, signed
from indicators.intervals import wilson

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Kind = Literal["volume", "sequential", "diverging"]

UNDER, NOUGHT = "▼", "0"
"""Signs of the territories under the pivot of a scale, and of nobody: read in grey too."""

COLUMNS = ("adhesions", "held", "eligible", "objective", "coverage", "attainment", "growth")
FEWEST_FOR_MEDIAN = 5
"""Known territories from which a median is told, as for the peers of the CPG."""

GAP = "ecart"
"""The measure that needs a median."""


@dataclass(frozen=True, eq=False)
class Spread:
    """A level over the months: arrays of shape (months, territories), NaN where nothing is known.

    Attributes:
        level: of the territories.
        months: ends of the spans, in order.
        codes: territories, in the order of the reference.
        names: as the reader sees them.
        figures: ``adhesions, held, eligible, objective, coverage, attainment, growth`` by name.
        is_hidden: whether the counts of a cell are withheld.
        is_growth_hidden: whether its growth is.
        is_comparable: whether the same caisses sent the same months twelve months before.
        received: caisses whose data reach the month.
    """

    level: str
    months: tuple[date, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    figures: Mapping[str, FloatArray]
    is_hidden: BoolArray
    is_growth_hidden: BoolArray
    is_comparable: BoolArray
    received: FloatArray

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, level: str, names: Mapping[str, str]) -> Spread:
        """Read rows of ``adhesions/spread``; ``names`` are all the territories to draw, by code."""
        codes = tuple(names)
        months = tuple(sorted({as_date(month) or date.min for month in frame["month"]}))
        row = {month: place for place, month in enumerate(months)}
        column = {code: place for place, code in enumerate(codes)}
        kept = frame[frame["territory_code"].isin(codes)]
        at = (
            [row[as_date(month) or date.min] for month in kept["month"]],
            [column[code] for code in kept["territory_code"]],
        )
        shape = (len(months), len(codes))

        def read(name: str) -> FloatArray:
            found = np.full(shape, np.nan)
            found[at] = kept[name].to_numpy(dtype=np.float64, na_value=np.nan)
            return found

        figures = {name: read(name) for name in COLUMNS}
        # Whoever has the right to small numbers gets the values whatever the flag says.
        is_hidden = (read("is_hidden") == 1) & np.isnan(figures["adhesions"])
        former = _former(figures["held"], months)
        is_unseen = np.isnan(figures["held"]) | np.isnan(former)
        is_growth_hidden = (read("is_growth_hidden") == 1) & np.isnan(figures["growth"]) & is_unseen
        is_comparable = np.ones(shape, dtype=np.bool_)
        if "is_growth_comparable" in kept.columns:
            is_comparable = read("is_growth_comparable") != 0
        received = np.nan_to_num(read("caisses_received"))
        return cls(
            level,
            months,
            codes,
            tuple(names.values()),
            figures,
            is_hidden,
            is_growth_hidden,
            is_comparable,
            received,
        )

    def only(self, places: tuple[int, ...]) -> Spread:
        """The same months of some of the territories."""
        own = list(places)
        return Spread(
            self.level,
            self.months,
            tuple(self.codes[place] for place in own),
            tuple(self.names[place] for place in own),
            {name: cells[:, own] for name, cells in self.figures.items()},
            self.is_hidden[:, own],
            self.is_growth_hidden[:, own],
            self.is_comparable[:, own],
            self.received[:, own],
        )

    def place_of(self, code: str) -> int | None:
        """The column of a territory; None where it isn't drawn."""
        return self.codes.index(code) if code in self.codes else None

    def month_place(self, month: date | None) -> int:
        """The row of the last month known up to ``month``; the last one without it."""
        known = [place for place, own in enumerate(self.months) if month is None or own <= month]
        return known[-1] if known else len(self.months) - 1

    def starts_from_nothing(self, t: int, place: int) -> bool:
        """Whether nobody had joined twelve months before: an evolution has no sense."""
        return bool(_former(self.figures["held"], self.months)[t, place] == 0)

    def interval(self, t: int, place: int) -> tuple[float, float] | None:
        """The interval of a coverage at 95 % (Wilson); None where it is unknown or no share."""
        held, eligible = self.figures["held"][t, place], self.figures["eligible"][t, place]
        if np.isnan(held) or not eligible > 0 or held > eligible:
            return None
        lower, upper = wilson(float(held), float(eligible))
        return float(lower), float(upper)


def _former(held: FloatArray, months: Sequence[date]) -> FloatArray:
    """What was held twelve months before each month; NaN where that month isn't known."""
    row = {month: place for place, month in enumerate(months)}
    found = np.full(held.shape, np.nan)
    for place, month in enumerate(months):
        before = row.get(month.replace(year=month.year - 1))
        if before is not None:
            found[place] = held[before]
    return found


@dataclass(frozen=True)
class Measure:
    """A measure of the map.

    Attributes:
        code: as the address says it.
        title: what it is, with its denominator.
        short: heading of the column.
        kind: ``volume`` is drawn by symbols, ``diverging`` around ``pivot``.
        values: of a spread, shape (months, territories); NaN where unknown, withheld or undefined.
        said: a value in words.
        step: what values are rounded to before they are classed, so that the legend is exact.
        pivot: where a diverging scale turns.
        under: what lies under the pivot, in words.
        over: what reaches it.
    """

    code: str
    title: str
    short: str
    kind: Kind
    values: Callable[[Spread], FloatArray]
    said: Callable[[Any], str]
    step: float
    pivot: float = 0.0
    under: str = ""
    over: str = ""


def median_of(coverage: FloatArray) -> FloatArray:
    """The median of each month, shape (months, 1); NaN of fewer than five known territories."""
    known = (~np.isnan(coverage)).sum(axis=1)
    found = np.full((coverage.shape[0], 1), np.nan)
    for t in np.flatnonzero(known >= FEWEST_FOR_MEDIAN):
        found[t, 0] = np.nanmedian(coverage[t])
    return found


def _gap(spread: Spread) -> FloatArray:
    coverage = spread.figures["coverage"]
    return coverage - median_of(coverage)


def signed_percent(value: Any) -> str:
    """``+12 %``, ``−3 %``."""
    share = float(value) * 100
    said = signed(share, 0)
    return f"{said}{NARROW}%"


def _points(value: Any) -> str:
    return points(value, 1)


MEASURES: Mapping[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure(
            "couverture",
            "Couverture : adhésions rapportées aux personnes éligibles",
            "Couverture",
            "sequential",
            lambda spread: spread.figures["coverage"],
            lambda value: percent(value),
            0.001,
        ),
        Measure(
            "atteinte",
            "Atteinte de l’objectif à date",
            "Atteinte",
            "diverging",
            lambda spread: spread.figures["attainment"],
            lambda value: percent(value, 0),
            0.01,
            1.0,
            "sous l’objectif",
            "objectif atteint",
        ),
        Measure(
            "adhesions",
            "Adhésions de la période",
            "Adhésions",
            "volume",
            lambda spread: spread.figures["adhesions"],
            lambda value: number(value),
            1.0,
        ),
        Measure(
            GAP,
            "Écart de couverture à la médiane des territoires",
            "Écart à la médiane",
            "diverging",
            _gap,
            _points,
            0.001,
            0.0,
            "sous la médiane",
            "au-dessus de la médiane",
        ),
        Measure(
            "croissance",
            "Évolution sur douze mois",
            "Évolution sur 12 mois",
            "diverging",
            lambda spread: spread.figures["growth"],
            signed_percent,
            0.01,
            0.0,
            "en recul",
            "en hausse",
        ),
    )
}


def is_under(value: float, measure: Measure) -> bool:
    """Whether a value lies under the pivot of its diverging scale, once rounded as shown."""
    if measure.kind != "diverging" or np.isnan(value):
        return False
    return round(value / measure.step) < round(measure.pivot / measure.step)


def is_nought(value: float, measure: Measure) -> bool:
    """Whether a scale that starts from nought says nobody, once rounded as shown."""
    if measure.kind == "diverging" or np.isnan(value):
        return False
    return round(value / measure.step) == 0
