"""The inter-communal territories on which professionals are counted, and how a text names one.

Source: ``epci.csv`` beside this file, written by ``make_epci.py``; geography of 2026. They are no
level of the application's header nor of a scope: ``docs/decisions/0017`` tells why.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd

from data.reference.departments import TerritoryReading
from data.reference.french_text import plain_text, quoted
from data.reference.territories import territories

GRAND_PARIS = "EPCI-200054781"
"""The Métropole du Grand Paris, counted by its EPT and Paris: never a territory here."""

_TEXT = re.compile(
    r"(?:(?:EPCI|EPT)[\s-]*)?(\d{9})(?:[.,]0+)?(?:\s*[-–—:]?\s*\D.*)?", re.IGNORECASE
)
_HEADINGS = {
    "epci": "epci_code",
    "nom": "epci_name",
    "nature": "kind",
    "departement": "department_code",
    "region": "region_code",
    "departements": "department_codes",
    "regions": "region_codes",
    "communes": "commune_count",
    "population": "population",
}


def epci() -> pd.DataFrame:
    """Every territory, one row each, by department and code; a copy the caller may change.

    Columns:
        epci_code: ``EPCI-`` and the SIREN; for the four islands that belong to no EPCI, theirs.
        epci_name: the official name.
        kind: ``CC | CA | CU | METRO | MET69``, ``EPT`` and ``T1`` (Paris) within the Grand Paris,
            ``commune`` for an island.
        department_code, region_code: where most of its people live.
        department_codes, region_codes: all those that it reaches into, most people first, parted by
            a space.
        commune_count: communes it is made of.
        population: municipal population (persons).
        spans_departments, spans_regions: whether it reaches into several.
    """
    return _epci().copy()


def counting_territories() -> pd.DataFrame:
    """The territories of both grains on which professionals are counted, departments first.

    Columns ``grain`` (``departement | epci``), ``territory_code, territory_name, department_code,
    region_code, kind`` (null for a department), ``population, spans_departments, spans_regions,
    sort_order``.
    """
    frame = territories()
    departments = frame[frame["level"] == "departement"].sort_values("territory_code")
    of_epci = _epci().rename(columns={"epci_code": "territory_code", "epci_name": "territory_name"})
    shared = ["territory_code", "territory_name", "department_code", "region_code", "population"]
    spans = ["spans_departments", "spans_regions"]
    both = pd.concat(
        [
            departments[shared].assign(
                grain="departement", kind=None, spans_departments=False, spans_regions=False
            ),
            of_epci[[*shared, "kind", *spans]].assign(grain="epci"),
        ],
        ignore_index=True,
    )
    both["sort_order"] = range(len(both))
    both["population"] = both["population"].astype("int64")
    return both[["grain", *shared[:4], "kind", "population", *spans, "sort_order"]]


def read_epci(text: str) -> TerritoryReading:
    """The territory that a text means; never raises.

    Reads ``EPCI-200000172``, the bare SIREN, and either followed by a name. A name alone is never
    read.
    """
    match = _TEXT.fullmatch(plain_text(text))
    if match is None:
        return TerritoryReading(None, f"{quoted(text)} ne désigne aucun EPCI connu.")
    code = f"EPCI-{match[1]}"
    if code == GRAND_PARIS:
        sentence = (
            f"{quoted(text)} est la Métropole du Grand Paris ; écrire ses établissements publics "
            "territoriaux (EPT) et Paris."
        )
        return TerritoryReading(None, sentence)
    if code not in _codes():
        sentence = f"{quoted(text)} ne désigne aucun EPCI de 2026 ; écrire le SIREN de 2026."
        return TerritoryReading(None, sentence)
    return TerritoryReading(code)


@cache
def _epci() -> pd.DataFrame:
    with (Path(__file__).parent / "epci.csv").open(encoding="utf-8", newline="") as file:
        frame = pd.DataFrame(list(csv.DictReader(file))).rename(columns=_HEADINGS)
    frame = frame.astype({"commune_count": int, "population": int})
    return frame.assign(
        spans_departments=frame["department_codes"].str.contains(" "),
        spans_regions=frame["region_codes"].str.contains(" "),
    )


@cache
def _codes() -> frozenset[str]:
    return frozenset(_epci()["epci_code"])
