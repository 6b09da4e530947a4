"""What a map of adhesions looks at, in words: programme, volet, span, perimeter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from data.reference.territories import territories
from figures.formats import MONTHS, month_name

PROGRAMMES: Mapping[str, str] = {
    "prado": "PRADO",
    "sophia": "Sophia",
    "sante_active": "Santé active",
    "dmp": "DMP",
}
VOLETS: Mapping[str, str] = {
    "ensemble": "tous volets",
    "maternite": "maternité",
    "chirurgie": "chirurgie",
    "insuffisance_cardiaque": "insuffisance cardiaque",
    "bpco": "BPCO",
    "personnes_agees": "personnes âgées",
}
SPANS: Mapping[str, str] = {
    "annee": "Depuis janvier",
    "douze": "12 derniers mois",
    "mois": "Le mois seul",
}
PRADO = "prado"
LEVEL_COLUMNS = {"region": "region_code", "drsm": "drsm_code"}


@dataclass(frozen=True)
class About:
    """What is looked at.

    Attributes:
        programme_code: as the address says it.
        volet_code: ``ensemble`` for the whole programme.
        span: ``annee``, ``douze`` or ``mois``.
        perimeter: code of the header's territory.
        where: the perimeter as a subject.
        caisses: codes of its caisses.
    """

    programme_code: str
    volet_code: str
    span: str
    perimeter: str
    where: str
    caisses: frozenset[str]

    @property
    def programme(self) -> str:
        """Name of the programme."""
        return PROGRAMMES[self.programme_code]

    @property
    def volet(self) -> str:
        """Name of the volet; empty for the whole programme."""
        return "" if self.volet_code == "ensemble" else VOLETS[self.volet_code]

    @property
    def title(self) -> str:
        """``PRADO chirurgie``, ``Sophia``."""
        return f"{self.programme} {self.volet}".strip()

    @property
    def is_cumulated(self) -> bool:
        """Whether eligible people and objective are compared with all adhesions so far."""
        return self.programme_code != PRADO

    @property
    def is_country(self) -> bool:
        """Whether the whole country is looked at."""
        return self.perimeter == "FR"

    def when(self, month: date) -> str:
        """``de janvier à mai 2016``, ``en mars 2016``, ``sur les 12 mois à fin mars 2016``."""
        if self.span == "mois" or (self.span == "annee" and month.month == 1):
            return f"en {month_name(month)}"
        if self.span == "douze":
            return f"sur les 12 mois à fin {month_name(month)}"
        if month.month == 12:
            return f"en {month.year}"
        return f"de janvier à {MONTHS[month.month - 1]} {month.year}"

    def areas(self, level: str) -> Mapping[str, tuple[str, ...]]:
        """Departments (``43``) that make the polygon of each territory of a level, by code."""
        return _areas(level)


@cache
def caisses_by_department() -> Mapping[str, tuple[str, ...]]:
    """Codes of the caisses of each department, in the order of the reference."""
    reference = territories()
    own = reference[reference["level"] == "caisse"]
    grouped = own.groupby("department_code")["territory_code"]
    return {str(code): tuple(found) for code, found in grouped}


@cache
def expected_caisses() -> Mapping[str, int]:
    """How many caisses are expected to send, by code of the territory that holds them.

    Mayotte has no CPG: none is expected of it.
    """
    reference = territories()
    own = reference[(reference["level"] == "caisse") & reference["has_cpg"].astype(bool)]
    found = {"FR": len(own)} | dict.fromkeys(own["territory_code"], 1)
    for column in ("department_code", "region_code", "drsm_code", "ancienne_region_code"):
        counts = own[column].value_counts()
        found |= {str(code): int(count) for code, count in counts.items()}
    return found


def senders_words(code: str, received: float) -> str:
    """``8/10 caisses``, ``0/1 caisse`` where some are missing; empty where all have sent."""
    expected = expected_caisses().get(code, 0)
    noun = "caisse" if expected == 1 else "caisses"
    return "" if received >= expected else f"{int(received)}/{expected} {noun}"


@cache
def _areas(level: str) -> Mapping[str, tuple[str, ...]]:
    reference = territories()
    own = reference[reference["level"] == "departement"]
    codes = own["territory_code"].tolist()
    if level not in LEVEL_COLUMNS:
        return {code: (code.removeprefix("DEP-"),) for code in codes}
    found: dict[str, list[str]] = {}
    for code, above in zip(codes, own[LEVEL_COLUMNS[level]], strict=True):
        if isinstance(above, str):
            found.setdefault(above, []).append(code.removeprefix("DEP-"))
    return {code: tuple(members) for code, members in found.items()}
