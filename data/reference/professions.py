"""The health professions that are counted, the spellings that name them, whom each is held to.

Source: ``professions.csv`` beside this file (code, name, reference population, parts of an
*ensemble*, whether the COG's IR 4.1 follows it) and ``profession_spellings.csv``, one row per other
spelling. A name in neither table is kept under its own name, never guessed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from data.reference.french_text import fold, plain_text

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class PopulationGroup:
    """Whom professions are held to: a group of people.

    ``share``: its part of the country's people, in (0, 1]. It stands in where a territory's own
    figure is not known, and the figure says so.
    """

    code: str
    name: str
    share: float


@dataclass(frozen=True)
class Profession:
    """One profession, or an *ensemble* of several.

    ``parts`` names those that an *ensemble* is the sum of, none of which is an *ensemble*; empty
    for a profession. ``population_group``: a code of ``population_groups``.
    """

    code: str
    name: str
    population_group: str
    parts: tuple[str, ...]
    is_ir41: bool


@dataclass(frozen=True)
class ProfessionReading:
    """What a text says of a profession. ``code`` is null for a blank text alone.

    ``is_known``: whether the referential has it; else the code is made from the text itself.
    """

    code: str | None
    is_known: bool


@cache
def professions() -> dict[str, Profession]:
    """Every profession by its code, in the order of the pages."""
    rows = _rows("professions.csv")
    parts = {row["profession"]: tuple(row["parties"].split()) for row in rows}

    def leaves(code: str) -> tuple[str, ...]:
        return tuple(leaf for part in parts[code] for leaf in (leaves(part) or (part,)))

    return {
        row["profession"]: Profession(
            row["profession"],
            row["nom"],
            row["population_de_reference"],
            leaves(row["profession"]),
            row["ir41"] == "oui",
        )
        for row in rows
    }


def profession_frame() -> pd.DataFrame:
    """The referential as a table, one row a profession.

    Columns ``profession_code, profession_name, population_group, is_group`` (an *ensemble*),
    ``is_ir41, sort_order``.
    """
    return pd.DataFrame(
        [
            (
                found.code,
                found.name,
                found.population_group,
                bool(found.parts),
                found.is_ir41,
                position,
            )
            for position, found in enumerate(professions().values())
        ],
        columns=[
            "profession_code",
            "profession_name",
            "population_group",
            "is_group",
            "is_ir41",
            "sort_order",
        ],
    )


def part_frame() -> pd.DataFrame:
    """What each *ensemble* is the sum of: ``group_code, profession_code, part_count``."""
    return pd.DataFrame(
        [
            (found.code, part, len(found.parts))
            for found in professions().values()
            for part in found.parts
        ],
        columns=["group_code", "profession_code", "part_count"],
    )


def spelling_frame() -> pd.DataFrame:
    """Every accepted spelling, folded (``french_text.fold``): ``spelling, profession_code``."""
    return pd.DataFrame(sorted(spellings().items()), columns=["spelling", "profession_code"])


def population_group_frame() -> pd.DataFrame:
    """The reference groups: ``population_group, group_name, share_of_people`` (a proportion)."""
    return pd.DataFrame(
        [(group.code, group.name, group.share) for group in population_groups().values()],
        columns=["population_group", "group_name", "share_of_people"],
    )


@cache
def population_groups() -> dict[str, PopulationGroup]:
    """Every reference group by its code.

    Source: ``population_groups.csv``, whose shares are those that the counts and densities
    published for 2024 imply.
    """
    return {
        row["groupe"]: PopulationGroup(
            row["groupe"], row["nom"], float(row["part_de_la_population"])
        )
        for row in _rows("population_groups.csv")
    }


def read_profession(text: str) -> ProfessionReading:
    """The profession that a text means; never raises.

    Reads codes, names and the spellings of the table whatever their case, accents and punctuation,
    with or without a code or rank before them (``01 - Infirmiers``).
    """
    folded = fold(text)
    if not folded:
        return ProfessionReading(None, False)
    known = spellings().get(folded) or spellings().get(re.sub(r"^\d+ ", "", folded))
    return ProfessionReading(known or folded.replace(" ", "_"), known is not None)


def profession_said_in(text: str) -> str | None:
    """The code of the one profession that a title or a file's name speaks of, null for none.

    The longest spelling counts: ``médecins spécialistes`` is not ``médecins``. Null too where
    several are named.
    """
    words = f" {fold(plain_text(text))} "
    named = [spelling for spelling in spellings() if len(spelling) > 3 and f" {spelling} " in words]
    longest = [one for one in named if not any(one != other and one in other for other in named)]
    codes = {spellings()[one] for one in longest}
    return codes.pop() if len(codes) == 1 else None


@cache
def spellings() -> dict[str, str]:
    """Folded code, name or other spelling → profession code."""
    accepted = {fold(text): p.code for p in professions().values() for text in (p.code, p.name)}
    accepted |= {
        fold(row["graphie"]): row["profession"] for row in _rows("profession_spellings.csv")
    }
    return accepted


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
