"""Reads a caisse from our code, from its name as printed, or from its department."""

from __future__ import annotations

import re
from functools import cache

from data.reference.departments import TerritoryReading, department_name, read_department
from data.reference.french_text import fold, plain_text, quoted
from data.reference.territories import Row, caisse_rows

_ARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "l", "d"})
_TYPE_AND_DEPARTMENT = re.compile(r"(CPAM|CGSS|CSS)[\s_-]*(\d{1,3}|2[AB])", re.IGNORECASE)
_IS_A_TOTAL = "est un total"
_PERHAPS_OFFICIAL_CODE = re.compile(r"0[1-9]1", re.ASCII)


def read_caisse(text: str) -> TerritoryReading:
    """The caisse that a text means; never raises.

    Reads our codes (``CPAM-43``, ``cpam 43``, ``CPAM-59-HAINAUT``), the names as printed (``CPAM
    Hainaut``, ``CPAM de la Haute-Loire``), and a department in any form of ``read_department``
    where it has one caisse. A department with several gives no code and a sentence that lists
    them.

    ``011`` to ``091`` are refused: among official caisse codes ``011`` is the Ain, as a padded
    department it is the Aude.
    """
    cell = plain_text(text)
    if not cell:
        return TerritoryReading(None, "Code de caisse absent.")
    code = _codes().get(cell.upper()) or _aliases().get(_alias(cell))
    if code is not None:
        return TerritoryReading(code)
    match = _TYPE_AND_DEPARTMENT.fullmatch(cell)
    if match is not None:
        return _by_type(cell, match[1].upper(), match[2])
    if _PERHAPS_OFFICIAL_CODE.fullmatch(cell):
        return TerritoryReading(None, _ambiguous_padding(cell))
    return _by_department(cell)


def _by_department(cell: str) -> TerritoryReading:
    reading = read_department(cell)
    if reading.code is None:
        # A text that is no department at all has nothing more to be told.
        finding = reading.finding or ""
        if _IS_A_TOTAL in finding:
            return TerritoryReading(None, finding)
        told = finding.removeprefix(f"{quoted(cell)} n’est pas un code de département.")
        return TerritoryReading(None, f"{_unknown(cell)} {told}".rstrip())
    caisses = _of_department(reading.code)
    if len(caisses) == 1:
        return TerritoryReading(caisses[0]["caisse_code"], reading.finding)
    return TerritoryReading(None, _several(reading.code, caisses))


def _by_type(cell: str, kind: str, department: str) -> TerritoryReading:
    """A caisse from its type and department; its type must be the right one."""
    found = read_department(department)
    if found.code is None:
        # ``99`` alone is a total; after ``CPAM`` it is the number of no caisse.
        told = (found.finding or "").partition(f"{quoted(department)} : ")[2]
        sentence = f"{_unknown(cell)} {told[:1].upper()}{told[1:]}"
        return TerritoryReading(None, sentence.rstrip())
    reading = _by_department(department)
    if reading.code is None or reading.code.startswith(f"{kind}-"):
        return reading
    sentence = f"{quoted(cell)} : la caisse de ce département est {reading.code}."
    return TerritoryReading(None, sentence)


def _unknown(cell: str) -> str:
    return f"{quoted(cell)} ne désigne aucune caisse connue."


def _several(department: str, caisses: list[Row]) -> str:
    listed = ", ".join(f"{row['caisse']} ({row['caisse_code']})" for row in caisses)
    return (
        f"Le département {department} ({department_name(department)}) compte {len(caisses)} "
        f"caisses : {listed}. Écrire le code de la caisse."
    )


def _ambiguous_padding(cell: str) -> str:
    as_department, as_caisse = cell[1:], cell[:2]
    return (
        f"{quoted(cell)} peut être le département {as_department} "
        f"({department_name(as_department)}) ou le code officiel de la caisse du département "
        f"{as_caisse} ({department_name(as_caisse)}) ; écrire CPAM-{as_department} "
        f"ou CPAM-{as_caisse}."
    )


def _of_department(code: str) -> list[Row]:
    return [row for row in caisse_rows() if row["departement"] == code]


@cache
def _codes() -> dict[str, str]:
    return {row["caisse_code"]: row["caisse_code"] for row in caisse_rows()}


@cache
def _aliases() -> dict[str, str]:
    return {_alias(row["caisse"]): row["caisse_code"] for row in caisse_rows()}


def _alias(name: str) -> str:
    return " ".join(word for word in fold(name).split() if word not in _ARTICLES)
