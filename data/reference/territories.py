"""Territories of every level, and the bridge that makes any roll-up one join.

Source: the tables beside this file (``departements.csv``, ``caisses.csv``, ``drsm.csv``), written
by ``make_territories.py``. Choices are told in ``docs/decisions/0003-territories-and-bridge.md``.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from data.reference.french_text import sort_key

NATIONAL_CODE = "FR"
NATIONAL_NAME = "France"
NEW_REGIONS_START = date(2016, 1, 1)
FORMER_REGIONS_END = date(2015, 12, 31)
DEPARTMENTS_WITHOUT_CPG = frozenset({"DEP-976"})

LEVELS = ("caisse", "departement", "drsm", "region", "ancienne_region", "national")
HIERARCHIES = {
    "regionale": ("caisse", "departement", "region", "national"),
    "medicale": ("caisse", "departement", "drsm", "national"),
    "historique": ("caisse", "departement", "ancienne_region", "national"),
}
ANCESTOR_COLUMNS = {
    "departement": "department_code",
    "drsm": "drsm_code",
    "region": "region_code",
    "ancienne_region": "ancienne_region_code",
}
_COLUMNS = [
    "territory_code",
    "level",
    "territory_name",
    *ANCESTOR_COLUMNS.values(),
    "population",
    "population_year",
    "valid_from",
    "valid_to",
    "dcgdr_name",
    "has_cpg",
    "sort_key",
]
_HERE = Path(__file__).parent

Row = dict[str, Any]


def territories() -> pd.DataFrame:
    """Every territory of every level, one row each; a copy the caller may change.

    Columns:
        territory_code: unique over levels (``FR``, ``REG-84``, ``ANC-82``, ``DEP-01``…).
        level: one of ``LEVELS``; territory_name: the official name.
        department_code, drsm_code, region_code, ancienne_region_code: the one territory of that
            level that holds this one whole, itself included; null where there is none. A
            department's ``drsm_code`` is null in Mayotte; ``region_code`` of a DRSM is null when
            it spans two regions.
        population: municipal population (persons), summed up from departments; null for a caisse
            that shares its department with another.
        population_year: census year when all its departments have the same, else null (only the
            national total mixes years: see ``population_note``).
        valid_from, valid_to: first and last day, dates, null when open.
        dcgdr_name: name of the regional DCGDR, null elsewhere than on the 17 regions that have one.
        has_cpg: false where no CPG exists (Mayotte).
        sort_key: sorts names as a French index does.
    """
    return _territories().copy()


def bridge() -> pd.DataFrame:
    """Every (descendant, ancestor) pair of each hierarchy, reflexive and closed; a copy.

    Columns ``descendant_code, ancestor_code, hierarchy, descendant_level, ancestor_level``.
    Filter on the hierarchy and on one descendant level before summing up: a territory is its own
    ancestor, and stands in each hierarchy that holds its level.
    """
    return _bridge().copy()


def official_name(code: str) -> str:
    """The official name of a territory.

    Raises:
        KeyError: no territory has this code.
    """
    return _names()[code]


def population_note(code: str) -> str:
    """The French words that tell of which census a territory's population is.

    Raises:
        KeyError: no territory has this code.
    """
    if code == NATIONAL_CODE:
        return "population municipale 2023 (Mayotte : 2017)"
    row = _territories().set_index("territory_code").loc[code]
    if pd.isna(row["population"]):
        return "population inconnue : le département compte plusieurs caisses"
    return f"population municipale {row['population_year']}"


@cache
def department_rows() -> tuple[Row, ...]:
    """The lines of ``departements.csv``, all cells as text, in the order of the file."""
    return _read_table("departements")


@cache
def caisse_rows() -> tuple[Row, ...]:
    """The lines of ``caisses.csv``, all cells as text, in the order of the file."""
    return _read_table("caisses")


@cache
def drsm_rows() -> tuple[Row, ...]:
    """The lines of ``drsm.csv``, all cells as text, in the order of the file."""
    return _read_table("drsm")


def _read_table(name: str) -> tuple[Row, ...]:
    frame = pd.read_csv(_HERE / f"{name}.csv", dtype=str, keep_default_na=False)
    return tuple(_records(frame))


def _records(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


@cache
def _names() -> dict[str, str]:
    frame = _territories()
    return dict(zip(frame["territory_code"], frame["territory_name"], strict=True))


def _departments() -> list[Row]:
    return [
        {
            "territory_code": f"DEP-{row['departement']}",
            "level": "departement",
            "territory_name": row["nom"],
            "department_code": f"DEP-{row['departement']}",
            "drsm_code": row["drsm_code"] or None,
            "region_code": f"REG-{row['region']}",
            "ancienne_region_code": f"ANC-{row['ancienne_region_code']}",
            "population": int(row["population"]),
            "population_year": int(row["population_year"]),
            "has_cpg": f"DEP-{row['departement']}" not in DEPARTMENTS_WITHOUT_CPG,
        }
        for row in department_rows()
    ]


def _caisses(departments: list[Row]) -> list[Row]:
    homes = {row["territory_code"]: row for row in departments}
    rows = []
    for row in caisse_rows():
        home = homes[f"DEP-{row['departement']}"]
        shared = sum(other["departement"] == row["departement"] for other in caisse_rows()) > 1
        own: Row = {
            "territory_code": row["caisse_code"],
            "level": "caisse",
            "territory_name": row["caisse"],
        }
        if shared:
            own |= {"population": None, "population_year": None}
        rows.append(home | own)
    return rows


def _aggregate(level: str, code: str, name: str, departments: list[Row]) -> Row:
    """One territory made of whole departments; ancestors are those that all of them share."""
    years = {row["population_year"] for row in departments}
    regions = {row["region_code"] for row in departments}
    row: Row = {
        "territory_code": code,
        "level": level,
        "territory_name": name,
        "region_code": regions.pop() if len(regions) == 1 else None,
        "population": sum(row["population"] for row in departments),
        "population_year": years.pop() if len(years) == 1 else None,
        "has_cpg": any(row["has_cpg"] for row in departments),
    }
    if level in ANCESTOR_COLUMNS:
        row[ANCESTOR_COLUMNS[level]] = code
    return row


def _aggregates(level: str, names: dict[str, str], departments: list[Row]) -> list[Row]:
    column = ANCESTOR_COLUMNS[level]
    return [
        _aggregate(level, code, name, [row for row in departments if row[column] == code])
        for code, name in names.items()
    ]


def _regions(departments: list[Row]) -> list[Row]:
    names = {f"REG-{row['region']}": row["region_nom"] for row in department_rows()}
    rows = _aggregates("region", names, departments)
    for row in rows:
        row["valid_from"] = NEW_REGIONS_START
        row["dcgdr_name"] = f"DCGDR {row['territory_name']}" if row["has_cpg"] else None
    return rows


def _former_regions(departments: list[Row]) -> list[Row]:
    names = {
        f"ANC-{row['ancienne_region_code']}": row["ancienne_region"] for row in department_rows()
    }
    rows = _aggregates("ancienne_region", names, departments)
    return [row | {"valid_to": FORMER_REGIONS_END} for row in rows]


def _drsm(departments: list[Row]) -> list[Row]:
    names = {row["drsm_code"]: row["drsm"] for row in drsm_rows()}
    return _aggregates("drsm", names, departments)


@cache
def _territories() -> pd.DataFrame:
    departments = _departments()
    rows = [
        _aggregate("national", NATIONAL_CODE, NATIONAL_NAME, departments),
        *sorted(_regions(departments), key=_code),
        *sorted(_former_regions(departments), key=_code),
        *sorted(_drsm(departments), key=_code),
        *departments,
        *_caisses(departments),
    ]
    frame = pd.DataFrame(rows).reindex(columns=_COLUMNS)
    frame["sort_key"] = frame["territory_name"].map(sort_key)
    frame["population"] = frame["population"].astype("Int64")
    frame["population_year"] = frame["population_year"].astype("Int32")
    frame["has_cpg"] = frame["has_cpg"].astype(bool)
    for name in ("valid_from", "valid_to"):
        dates = frame[name].astype(object)
        frame[name] = dates.where(dates.notna(), None)
    return frame


def _code(row: Row) -> str:
    return str(row["territory_code"])


@cache
def _bridge() -> pd.DataFrame:
    frame = _territories()
    pairs = [
        {
            "descendant_code": row["territory_code"],
            "ancestor_code": ancestor,
            "hierarchy": hierarchy,
            "descendant_level": row["level"],
            "ancestor_level": level,
        }
        for hierarchy, levels in HIERARCHIES.items()
        for row in _records(frame[frame["level"].isin(levels)])
        for level, ancestor in _ancestors(row, levels)
    ]
    return pd.DataFrame(pairs)


def _ancestors(row: Row, levels: tuple[str, ...]) -> list[tuple[str, str]]:
    """The (level, code) of a territory and of all that hold it, among the levels of a hierarchy."""
    found = []
    for level in levels[levels.index(row["level"]) :]:
        code = _code_at(row, level)
        if code is not None:
            found.append((level, code))
    return found


def _code_at(row: Row, level: str) -> str | None:
    if level == row["level"]:
        return _code(row)
    if level == "national":
        return NATIONAL_CODE
    code = row[ANCESTOR_COLUMNS[level]]
    return None if pd.isna(code) else str(code)
