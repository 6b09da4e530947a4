"""Readings as ``indicators.reading`` gives them."""

from __future__ import annotations

from datetime import date
from typing import Any

from indicators.catalogue import catalogue
from indicators.landings import TerritoryLanding
from indicators.reading import Place, Reading

MATERNITY = "prado_maternite_adhesions"
GENERICS = "generiques_penetration"


def reading(code: str = MATERNITY, **given: Any) -> Reading:
    """80 of the 100 adhesions due by the end of September 2017, in Auvergne-Rhône-Alpes."""
    known = {
        "indicator": catalogue()[code],
        "territory_code": "REG-84",
        "year": 2017,
        "is_open_year": True,
        "last_month": date(2017, 9, 1),
        "is_provisional": True,
        "senders_received": 12,
        "senders_expected": 12,
        "is_hidden": False,
        "value": 80.0,
        "objective": 130.0,
        "objective_to_date": 100.0,
        "attainment": 0.8,
        "status": "behind",
        "interval": None,
        "place": Place(3, 13, 0.8, 0.9, 1.0, "similar", False),
        "control": None,
        "landing": None,
        "points": ((date(2017, 8, 1), 0.82), (date(2017, 9, 1), 0.8)),
        "behind_since": date(2017, 4, 1),
        "under_since": date(2017, 4, 1),
    }
    assert given.keys() <= known.keys()
    return Reading(**{**known, **given})


def landing(probability: float | None = 0.06) -> TerritoryLanding:
    """A year that ends at 104 of 130."""
    return TerritoryLanding(
        total=80.0,
        value=104.0,
        lower=98.0,
        upper=110.0,
        probability=probability,
        method="profile",
        months=9,
        share_reached=0.77,
        season_weight=1.0,
        monthly_effort=16.7,
        objective=130.0,
        senders_received=12,
        senders_expected=12,
        is_partial=False,
    )
