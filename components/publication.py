"""What is fixed for a person and a publication: its identity, its territories; read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from access.scope import Scope
from components.perimeter import TerritoryMap
from figures.formats import long_date
from queries import collection, msap, professionals, reference, store
from queries.cached import shared

MONTHS_OF_A_KNOWN_YEAR = 2
"""Months sent of a year that counts: one alone may hold all that came before."""


@dataclass(frozen=True)
class Publication:
    """The build a page shows. ``newest_received_at`` and ``last_month`` as the query gives them.

    ``correction_count``: accepted corrections that it holds, applied or not.
    """

    build_id: str
    extract_count: int
    demonstration_count: int
    received_count: int
    correction_count: int
    newest_received_at: Any
    last_month: Any
    years: tuple[int, ...]

    @property
    def short_id(self) -> str:
        """The identifier as readers see it."""
        return self.build_id[:8]

    def sources_line(self, source: str) -> str:
        """Source, publication and day, under a figure."""
        day = long_date(self.newest_received_at)
        return f"Source : {source}. Publication {self.short_id}, {day}."


@shared(64)
def publication(scope: Scope, build_id: str) -> Publication:
    """The publication ``build_id``; a build never changes once written."""
    row = store.build(scope, build_id).iloc[0]
    return Publication(
        build_id=build_id,
        extract_count=int(row["extract_count"]),
        demonstration_count=int(row["demonstration_count"]),
        received_count=int(row["received_count"]),
        correction_count=int(row["correction_count"]),
        newest_received_at=row["newest_received_at"],
        last_month=row["last_month"],
        years=tuple(sorted(int(year) for year in store.years(scope, build_id)["year"])),
    )


@shared(64)
def msap_years(scope: Scope, build_id: str) -> tuple[int, ...]:
    """The years of which the build holds MSAP counts of establishments, in order."""
    rows = msap.by_status(scope, build_id, domain="total")
    return tuple(sorted({int(year) for year in rows["year"]}))


@shared(64)
def collection_years(scope: Scope, build_id: str) -> tuple[int, ...]:
    """The years that caisses sent something of, until the day looked at, and the one begun."""
    today = store.day_looked_at(scope, build_id)
    sent = collection.items(scope, build_id)
    sent = sent[sent["month_count"] >= MONTHS_OF_A_KNOWN_YEAR]
    years = {int(year) for year in sent["year"] if year <= today.year}
    begun = {today.year} if today.year - 1 in years else set()
    return tuple(sorted(years | begun))


@shared(64)
def professional_years(scope: Scope, build_id: str) -> tuple[int, ...]:
    """The years of which the build holds counts of health professionals, in order."""
    rows = professionals.choices(scope, build_id)
    return tuple(sorted({int(year) for year in rows["year"]}))


@shared(64)
def territory_map(scope: Scope, build_id: str) -> TerritoryMap:
    """The territories that ``scope`` sees in ``build_id``."""
    return TerritoryMap.from_frame(reference.territories(scope, build_id), scope.home_territory)
