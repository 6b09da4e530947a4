"""The readings of a territory: every figure of a year, whole, from six questions at most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd

from access.scope import Scope
from figures.figure_line import level_of
from indicators.catalogue import catalogue
from indicators.landings import TerritoryLanding, counts_of_events, cumulated, landings
from indicators.reading import Reading, readings
from queries import cpg, notes
from queries.cached import shared


def territory_readings(
    scope: Scope, build_id: str, territory: str, year: int
) -> Mapping[str, Reading]:
    """Every figure of ``territory`` in ``year`` by indicator; empty where the year holds nothing.

    The first screen, a department's page and a story all read here: none can differ. What a person
    has rebased counts at once.
    """
    rebased = notes.rebases(scope, territory)
    starts = [
        (str(code), day.date())
        for code, day in zip(rebased["indicator_code"], rebased["month"], strict=True)
    ]
    return _readings(scope, build_id, territory, year, tuple(starts))


@shared(8)
def _readings(
    scope: Scope,
    build_id: str,
    territory: str,
    year: int,
    starts: tuple[tuple[str, date], ...],
) -> Mapping[str, Reading]:
    rebases: dict[str, list[date]] = {}
    for code, day in starts:
        rebases.setdefault(code, []).append(day)
    level = level_of(territory)
    attainment = cpg.attainment(scope, build_id, level, year, within=territory)
    own = attainment[attainment["territory_code"] == territory]
    months = cpg.territory_months(scope, build_id, territory, year)
    peers = cpg.peers(scope, build_id, level, year)
    landed = _landings(scope, build_id, own, months, year)
    has_left_out = bool((months["senders_received"] < months["senders_expected"]).any())
    steady = cpg.steady_months(scope, build_id, territory, year) if has_left_out else None
    return MappingProxyType(readings(catalogue(), own, months, peers, landed, rebases, steady))


def _landings(
    scope: Scope, build_id: str, own: pd.DataFrame, months: pd.DataFrame, year: int
) -> dict[str, TerritoryLanding]:
    """Where the year ends, by indicator, against the year's objectives of the board."""
    if own.empty or months.empty:
        return {}
    territory = own.iloc[0]
    region = None if pd.isna(territory["region_code"]) else str(territory["region_code"])
    usual = cpg.seasonality(scope, build_id, str(territory["level"]), year, region)
    objectives = dict(zip(own["indicator_code"], own["objective"], strict=True))
    is_open = bool(own["is_open_year"].any())
    return landings(
        months,
        objectives,
        usual,
        cumulated(),
        year,
        is_open_year=is_open,
        counts=counts_of_events(),
    )
