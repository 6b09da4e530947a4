"""The adhesions of a territory month by month, as a curve: what a person may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from access.scope import Scope
from components.perimeter import Perimeter
from figures.cumulated_curve import CurvePoint, cumulated
from figures.formats import as_date, known_float
from figures.records import records
from queries import adhesions

Month = tuple[date, float | None, int]
"""A month, its adhesions (None where withheld) and the caisses that sent it."""


def load_months(scope: Scope, build_id: str, programme: str, perimeter: Perimeter) -> list[Month]:
    """The months of a territory, in time order."""
    rows = adhesions.timeline(scope, build_id, programme, perimeter.level, None, perimeter.code)
    return [
        (
            as_date(row["month"]) or date.min,
            known_float(row["adhesions"]),
            int(known_float(row["caisses_received"]) or 0),
        )
        for row in records(rows, ("month", "adhesions", "caisses_received"))
    ]


def caisses_expected(months: Sequence[Month]) -> int:
    """The most caisses that ever sent a month of the territory."""
    return max((received for _, _, received in months), default=0)


def withheld_words(months: Sequence[Month]) -> str:
    """Says that the curve goes from year to year, where months are withheld; else nothing."""
    if all(value is not None for _, value, _ in months):
        return ""
    return " Des mois sont masqués (petits nombres) : seule la fin de chaque année est dessinée."


def load_points(
    scope: Scope, build_id: str, programme: str, perimeter: Perimeter
) -> list[CurvePoint]:
    """All adhesions by the end of each month; by the end of each year where months are withheld."""
    months = load_months(scope, build_id, programme, perimeter)
    expected = caisses_expected(months)
    if all(value is not None for _, value, _ in months):
        return cumulated(months, expected)
    ends = {month.year: (month, received) for month, _, received in months}
    return [
        CurvePoint(month, total, received, expected)
        for year, (month, received) in sorted(ends.items())
        if (total := _total(scope, build_id, programme, perimeter, year)) is not None
    ]


def _total(
    scope: Scope, build_id: str, programme: str, perimeter: Perimeter, year: int
) -> float | None:
    """All adhesions by the end of a year; None where withheld."""
    rows = adhesions.by_territory(
        scope, build_id, programme, perimeter.level, None, None, f"{year}-12"
    )
    own = rows.loc[rows["territory_code"] == perimeter.code, "cumulated"]
    return None if own.empty else known_float(own.iloc[0])
