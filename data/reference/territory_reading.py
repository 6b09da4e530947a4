"""Reads a territory of any level: our codes, other producers' zone codes, DRSM as published."""

from __future__ import annotations

import re
from functools import cache

from data.reference.caisses import read_caisse
from data.reference.departments import TOTAL_CODES, TOTAL_NAMES, TerritoryReading, read_department
from data.reference.french_text import fold, plain_text, quoted
from data.reference.territories import LEVELS, NATIONAL_CODE, drsm_rows, territories

NATIONAL_NAMES = frozenset({"fr", "fra", "france", "france entiere", "national"})

_REGION_PREFIXES = {"region": "REG", "ancienne_region": "ANC"}
_ZONE_OF_REGION = re.compile(r"R(?:EG)?[\s-]*(\d{2})", re.IGNORECASE | re.ASCII)
_BARE_NUMBER = re.compile(r"(\d{1,2})(?:[.,]0+)?", re.ASCII)
_NUMBER_AND_NAME = re.compile(r"(\d{1,2})\s*[-–—:]?\s*(\D+)", re.ASCII)
_CAISSE = re.compile(r"(?:CPAM|CGSS|CSS)\b.*|(?:CPAM|CGSS|CSS)\d.*", re.IGNORECASE)


def read_place(text: str) -> TerritoryReading:
    """The caisse that a text means, or the department where it has several; never raises.

    For columns that say where something stands: ``01`` is CPAM-01 here, never a region.
    """
    caisse = read_caisse(text)
    if caisse.code is not None:
        return caisse
    department = read_territory(text, level="departement")
    return department if department.code in _of_several_caisses() else caisse


@cache
def _of_several_caisses() -> frozenset[str]:
    known = territories()
    counts = known.loc[known["level"] == "caisse", "department_code"].value_counts()
    return frozenset(str(code) for code in counts.index[counts > 1])


def read_territory(text: str, *, level: str | None = None) -> TerritoryReading:
    """The territory that a text means; never raises on any text.

    Reads our codes in any case, ``R84``, ``D01``, ``FRANCE``, departments as ``read_department``
    does, caisses as ``read_caisse`` does, and the DRSM as the published tables spell them
    (``ILE DE France``), whatever their accents, case and hyphens. Other names are never read: the
    finding gives the codes that bear them.

    Args:
        text: the cell, as text.
        level: the level the column is known to hold. Without it, a number that is both a
            department's and a region's (``84``) gives no code.

    Raises:
        ValueError: ``level`` is none of ``LEVELS``.
    """
    if level is not None and level not in LEVELS:
        raise ValueError(f"Unknown level {level!r}: one of {LEVELS}.")
    cell = plain_text(text)
    if not cell:
        return TerritoryReading(None, "Code de territoire absent.")
    reading = _read(cell, level)
    return reading if level is None else _held_to(level, cell, reading)


def _read(cell: str, level: str | None) -> TerritoryReading:
    code = _codes().get(cell.upper())
    if code is not None:
        return TerritoryReading(code)
    if level == "caisse" or _CAISSE.fullmatch(cell):
        return read_caisse(cell)
    if level in _REGION_PREFIXES:
        return _region(cell, _REGION_PREFIXES[level])
    if fold(cell) in NATIONAL_NAMES and level in (None, "national"):
        return TerritoryReading(NATIONAL_CODE)
    zone = _ZONE_OF_REGION.fullmatch(cell)
    if zone is not None:
        return _region(zone[1], "REG")
    region = _region_with_its_name(cell) if level is None else None
    if region is not None:
        return TerritoryReading(region)
    drsm = _drsm_aliases().get(fold(cell)) if level in (None, "drsm") else None
    if drsm is not None:
        return TerritoryReading(drsm)
    return _department_or_nothing(cell, level)


def _region(cell: str, prefix: str) -> TerritoryReading:
    zone = _ZONE_OF_REGION.fullmatch(cell) or _BARE_NUMBER.fullmatch(cell)
    code = _codes().get(f"{prefix}-{zone[1].zfill(2)}") if zone else None
    return TerritoryReading(code, None if code else _unread(cell))


def _region_with_its_name(cell: str) -> str | None:
    """The region of a number followed by that region's own name (``84 - Auvergne-Rhône-Alpes``).

    The number alone would be a department's; the name that goes with it settles which.
    """
    match = _NUMBER_AND_NAME.fullmatch(cell)
    if match is None:
        return None
    named = _codes_by_name().get(fold(match[2]), [])
    codes = (f"{prefix}-{match[1].zfill(2)}" for prefix in _REGION_PREFIXES.values())
    return next((code for code in codes if code in named), None)


def _department_or_nothing(cell: str, level: str | None) -> TerritoryReading:
    number = _BARE_NUMBER.fullmatch(cell)
    if level is None and number is not None:
        code = number[1].zfill(2)
        if f"REG-{code}" in _codes() or f"ANC-{code}" in _codes():
            return TerritoryReading(None, _department_or_region(cell, code))
    reading = read_department(cell)
    if reading.code is not None:
        return TerritoryReading(reading.territory_code, reading.finding)
    is_total = fold(cell) in TOTAL_NAMES or cell.lstrip("0") in TOTAL_CODES
    has_digits = any(letter.isdigit() for letter in cell)
    return TerritoryReading(None, reading.finding if is_total or has_digits else _unread(cell))


def _department_or_region(cell: str, number: str) -> str:
    names = _names()
    codes = [f"{prefix}-{number}" for prefix in ("DEP", "REG", "ANC")]
    listed = " ou ".join(f"{code} ({names[code]})" for code in codes if code in names)
    return f"{quoted(cell)} est ambigu ; écrire {listed}."


def _unread(cell: str) -> str:
    """The sentence for a text without a code: the codes that bear this name, if any."""
    codes = _codes_by_name().get(fold(cell))
    if codes:
        return f"{quoted(cell)} est un nom ; écrire le code du territoire ({', '.join(codes)})."
    return f"{quoted(cell)} ne désigne aucun territoire connu."


def _held_to(level: str, cell: str, reading: TerritoryReading) -> TerritoryReading:
    """The reading, refused when it is not of the level the column holds."""
    if reading.code is None or _levels()[reading.code] == level:
        return reading
    sentence = f"{quoted(cell)} désigne {reading.code}, qui n’est pas du niveau « {level} »."
    return TerritoryReading(None, sentence)


@cache
def _names() -> dict[str, str]:
    frame = territories()
    return dict(zip(frame["territory_code"], frame["territory_name"], strict=True))


@cache
def _levels() -> dict[str, str]:
    frame = territories()
    return dict(zip(frame["territory_code"], frame["level"], strict=True))


@cache
def _codes() -> dict[str, str]:
    return {code.upper(): code for code in _names()}


@cache
def _codes_by_name() -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for code, name in _names().items():
        codes.setdefault(fold(name), []).append(code)
    return codes


@cache
def _drsm_aliases() -> dict[str, str]:
    """Spellings of each DRSM, folded: as published, official, each also after ``DRSM``."""
    aliases: dict[str, str] = {}
    for row in drsm_rows():
        for spelling in (row["published_spelling"], row["drsm"]):
            aliases[fold(spelling)] = row["drsm_code"]
            aliases[f"drsm {fold(spelling)}"] = row["drsm_code"]
    return aliases
