"""The objectives of the board, named from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from figures.objective import Objective
from indicators.catalogue import RATIO_UNITS, Indicator, catalogue


def objectives(codes: Iterable[str]) -> list[Objective]:
    """Those of ``codes`` that the catalogue knows, in its order, areas kept together."""
    wanted = set(codes)
    known = [indicator for code, indicator in catalogue().items() if code in wanted]
    areas = list(dict.fromkeys(indicator.area for indicator in known))
    known.sort(key=lambda indicator: areas.index(indicator.area))
    return [_objective(indicator) for indicator in known]


def _objective(indicator: Indicator) -> Objective:
    return Objective(
        code=indicator.code,
        title=indicator.title,
        heading=_heading(indicator),
        unit=indicator.unit,
        better=indicator.better,
        area=indicator.area,
        is_rate=indicator.unit in RATIO_UNITS,
    )


def _heading(indicator: Indicator) -> str:
    """The title without the area it stands under, unless one word alone would be left."""
    short = indicator.title.removeprefix(indicator.area).lstrip(" :\u00a0\u202f")
    return short[:1].upper() + short[1:] if " " in short else indicator.title
