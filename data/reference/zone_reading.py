"""Reads the zones of published tables: departments, EPCI, and the totals that stand among them.

Unlike ``territory_reading``, which takes nothing but a territory, a published table's totals and
odd rows are told apart here, so that they are kept and never counted.
"""

from __future__ import annotations

import re
from functools import cache

from data.reference.departments import (
    OTHER_COLLECTIVITIES,
    TOTAL_CODES,
    TerritoryReading,
    read_department,
)
from data.reference.epci import read_epci
from data.reference.french_text import fold, plain_text, quoted
from data.reference.territories import NATIONAL_CODE, territories
from data.reference.territory_reading import NATIONAL_NAMES, read_territory

TOTAL = "TOTAL"
"""A total whose extent another column says (``999`` in a region's rows)."""

MAINLAND, OVERSEAS, WITHOUT_MAYOTTE = "FR-METROPOLE", "FR-OUTRE-MER", "FR-HORS-976"
PARTIAL_TOTALS = {
    "france metropolitaine": MAINLAND,
    "metropole": MAINLAND,
    "france hors dom": MAINLAND,
    "france hors drom": MAINLAND,
    "dom": OVERSEAS,
    "drom": OVERSEAS,
    "outre mer": OVERSEAS,
    "departements d outre mer": OVERSEAS,
    "france hors mayotte": WITHOUT_MAYOTTE,
    "france sans mayotte": WITHOUT_MAYOTTE,
}
"""Totals of a part of the country, folded, to the code they are kept under."""

WHOLE_COUNTRY = NATIONAL_NAMES | {
    "france y c mayotte",
    "france y compris mayotte",
    "france avec mayotte",
    "total france",
    "ensemble france",
    "france metropolitaine et drom",
    "france metropolitaine et dom",
    "france drom compris",
}
TOTAL_WORDS = frozenset(
    {
        "ensemble",
        "total",
        "total general",
        "tout departement",
        "tous departements",
        "tous les departements",
        "toute region",
        "toutes regions",
    }
)
NOWHERE = "HORS"
NOWHERE_WORDS = frozenset(
    {
        "inconnu",
        "inconnue",
        "departement inconnu",
        "indetermine",
        "non renseigne",
        "non determine",
        "non reparti",
        "non precise",
        "etranger",
        "hors france",
        "autre",
        "autres",
        "divers",
        "com",
        "collectivites d outre mer",
    }
)
OLD_CORSICA = re.compile(r"0?20(?:\D.*)?")
_MAYOTTE_AS_975 = re.compile(r"0?975\s*[-–—:]?\s*mayotte", re.IGNORECASE)
_SIREN = re.compile(r"(?:EPCI|EPT)?[\s-]*(\d{9})\b", re.IGNORECASE)
_COLLECTIVITY = re.compile(r"(97[5-9]|98\d)(?:[.,]0+)?(?:\s*[-–—:]?\s*\D.*)?")
_CODE_AND_NAME = re.compile(r"R?0?(\d{1,2})\s*[-–—:]?\s*(\D.*)", re.IGNORECASE)
_SAID_REGION = re.compile(r"(?:region|total|ensemble|total region|ensemble region) (?:de |d |du )?")
_KEPT = "La ligne est gardée, elle n’est pas comptée."


def read_zone(text: str, level: str | None = None) -> TerritoryReading:
    """The department, EPCI, region, country or total that a text means; never raises.

    Returns codes of territories, ``TOTAL`` for a total that says no extent, ``FR-METROPOLE``,
    ``FR-OUTRE-MER`` and ``FR-HORS-976`` for those of a part of the country, ``HORS-…`` with a
    finding for what is none of the 101 departments. A region may be told by its name.

    Args:
        text: the cell, as text.
        level: ``region`` for a column of regions, where numbers are those of regions.
    """
    cell = plain_text(text)
    folded = fold(cell)
    total = _total(folded)
    if total is not None:
        if level == "region" and total == TOTAL:
            return TerritoryReading(NATIONAL_CODE)
        return TerritoryReading(total)
    if level == "region":
        return _region(cell)
    nowhere = _nowhere(cell, folded)
    if nowhere is not None:
        return nowhere
    siren = _SIREN.match(cell)
    if siren is not None:
        return _epci(cell, siren[1])
    region = _coded_region(cell)
    if region is not None:
        return TerritoryReading(region)
    department = read_department(cell)
    if department.code is not None:
        return TerritoryReading(department.territory_code, department.finding)
    region = _region_by_name().get(folded) or _region_by_name().get(_SAID_REGION.sub("", folded, 1))
    if region is not None:
        return TerritoryReading(region)
    return read_territory(cell) if re.match(r"[A-Za-z]+-?\d", cell) else _unread(department.finding)


def _coded_region(cell: str) -> str | None:
    """The region that both its code and its name say, among departments stacked in one column.

    ``84 - Auvergne-Rhône-Alpes`` is no row of the Vaucluse, whose code is 84 too.
    """
    match = _CODE_AND_NAME.fullmatch(cell)
    region = _region_by_name().get(fold(match[2])) if match else None
    if match is None or region is None:
        return None
    return region if region.split("-")[1].lstrip("0") == match[1].lstrip("0") else None


def is_counted(code: str) -> bool:
    """Whether a zone is a territory to count on, not a total nor something outside."""
    return code.startswith(("DEP-", "EPCI-"))


def _unread(finding: str | None) -> TerritoryReading:
    return TerritoryReading(None, finding or "ne désigne aucun territoire connu.")


def _total(folded: str) -> str | None:
    if folded in PARTIAL_TOTALS:
        return PARTIAL_TOTALS[folded]
    if folded in WHOLE_COUNTRY:
        return NATIONAL_CODE
    is_code = folded.isdigit() and (folded.lstrip("0") or "0") in TOTAL_CODES
    return TOTAL if is_code or folded in TOTAL_WORDS else None


def _nowhere(cell: str, folded: str) -> TerritoryReading | None:
    if _MAYOTTE_AS_975.fullmatch(cell):
        sentence = (
            f"{quoted(cell)} est lu DEP-976 (Mayotte) : 975 est aujourd’hui le code de "
            "Saint-Pierre-et-Miquelon."
        )
        return TerritoryReading("DEP-976", sentence)
    collectivity = _COLLECTIVITY.fullmatch(cell)
    if collectivity and collectivity[1] in OTHER_COLLECTIVITIES:
        name = OTHER_COLLECTIVITIES[collectivity[1]]
        sentence = f"{quoted(cell)} ({name}) n’est pas l’un des 101 départements. {_KEPT}"
        return TerritoryReading(f"{NOWHERE}-{collectivity[1]}", sentence)
    if OLD_CORSICA.fullmatch(cell):
        sentence = (
            f"{quoted(cell)} est l’ancien département de Corse, partagé depuis en 2A et 2B. {_KEPT}"
        )
        return TerritoryReading(f"{NOWHERE}-20", sentence)
    if folded in NOWHERE_WORDS:
        sentence = f"{quoted(cell)} ne désigne aucun département. {_KEPT}"
        return TerritoryReading(f"{NOWHERE}-{folded.upper().replace(' ', '-')}", sentence)
    return None


def _epci(cell: str, siren: str) -> TerritoryReading:
    reading = read_epci(cell)
    if reading.code is not None:
        return reading
    return TerritoryReading(f"{NOWHERE}-EPCI-{siren}", f"{reading.finding} {_KEPT}")


def _region(cell: str) -> TerritoryReading:
    for level in ("region", "ancienne_region"):
        reading = read_territory(cell, level=level)
        if reading.code is not None:
            return reading
    named = _region_by_name().get(fold(re.sub(r"^\d{1,2}\s*[-–—:]?\s*", "", cell)))
    if named is not None:
        return TerritoryReading(named)
    sentence = f"{quoted(cell)} n’est pas une région connue. {_KEPT}"
    return TerritoryReading(f"{NOWHERE}-REGION-{fold(cell).upper().replace(' ', '-')}", sentence)


@cache
def _region_by_name() -> dict[str, str]:
    """Folded name of a region to its code; today's where a former one has the same name."""
    frame = territories()
    return {
        fold(name): code
        for level in ("ancienne_region", "region")
        for code, name in frame.loc[
            frame["level"] == level, ["territory_code", "territory_name"]
        ].itertuples(index=False)
    }
