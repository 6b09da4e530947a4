"""The perimeter a page looks at: which ones a person may choose, what lies under and above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

LEVEL_LABELS = {
    "region": "Régions",
    "drsm": "DRSM",
    "departement": "Départements",
    "caisse": "Caisses",
    "ancienne_region": "Anciennes régions",
}
LEVEL_NOUNS = {
    "national": "France entière",
    "region": "région",
    "drsm": "DRSM",
    "departement": "département",
    "caisse": "caisse",
    "ancienne_region": "ancienne région",
}
LEVELS_UNDER: dict[str, tuple[str, ...]] = {
    "national": ("region", "drsm", "departement", "caisse", "ancienne_region"),
    "region": ("departement", "caisse", "drsm"),
    "ancienne_region": ("departement", "caisse"),
    "drsm": ("departement", "caisse"),
    "departement": ("caisse",),
    "caisse": ("caisse",),
}
PARENT_COLUMN = {
    "region": "region_code",
    "drsm": "drsm_code",
    "ancienne_region": "ancienne_region_code",
    "departement": "department_code",
}
CHOICE_ORDER = ("national", "region", "drsm", "departement", "caisse", "ancienne_region")


@dataclass(frozen=True)
class Perimeter:
    """A territory chosen in the header."""

    code: str
    level: str
    name: str
    label: str

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels that its board can show, the usual one first."""
        return LEVELS_UNDER[self.level]


def perimeters(territories: pd.DataFrame, home: str) -> dict[str, Perimeter]:
    """The perimeters offered to a person, by code: its own territory and what lies under it.

    Args:
        territories: rows of ``reference/territories``, those that the scope sees.
        home: the territory the person's role is held for.
    """
    rows = territories.set_index("territory_code", drop=False).to_dict("index")
    if home not in rows:
        return {}
    home_level = rows[home]["level"]
    column = PARENT_COLUMN.get(home_level)
    found = [
        Perimeter(str(code), row["level"], row["territory_name"], label_of(row))
        for code, row in rows.items()
        if code == home
        or home_level == "national"
        or (
            column is not None
            and row[column] == home
            and CHOICE_ORDER.index(row["level"]) > CHOICE_ORDER.index(home_level)
            and row["level"] in LEVELS_UNDER[home_level]
        )
    ]
    found.sort(key=lambda perimeter: CHOICE_ORDER.index(perimeter.level))
    return {perimeter.code: perimeter for perimeter in found}


def label_of(row: Mapping[str, object]) -> str:
    """The name of a territory, told apart from its namesakes of other levels."""
    name, level = str(row["territory_name"]), row["level"]
    if level == "national":
        return "France entière"
    if level == "drsm":
        return f"DRSM {name}"
    if level == "ancienne_region":
        return f"{name} (ancienne région)"
    if level == "departement":
        return f"{name} ({str(row['territory_code']).removeprefix('DEP-')})"
    return name


def path_to(
    perimeter: Perimeter, choices: Mapping[str, Perimeter], territories: pd.DataFrame
) -> list[Perimeter]:
    """From the widest perimeter of the person down to this one, for the breadcrumb."""
    row = territories.set_index("territory_code").loc[perimeter.code]
    above = ["FR"]
    if perimeter.level in {"departement", "caisse"}:
        above.append(str(row["region_code"]))
    if perimeter.level == "caisse":
        above.append(str(row["department_code"]))
    return [choices[code] for code in above if code in choices and code != perimeter.code] + [
        perimeter
    ]


def overlapping(
    territories: pd.DataFrame, perimeter: Perimeter, level: str
) -> Sequence[str] | None:
    """Codes of the territories of ``level`` that share a department with a region; None if nested.

    The DRSM map crosses the regional one: no roll-up relates them.
    """
    if level not in {"drsm", "ancienne_region"} or perimeter.level != "region":
        return None
    departments = territories[
        (territories["level"] == "departement") & (territories["region_code"] == perimeter.code)
    ]
    return sorted(set(departments[PARENT_COLUMN[level]].dropna()))


def caisses_under(territories: pd.DataFrame, perimeter: Perimeter) -> set[str]:
    """Codes of the caisses of a perimeter."""
    caisses = territories[territories["level"] == "caisse"]
    if perimeter.level == "caisse":
        return {perimeter.code}
    if perimeter.level != "national":
        caisses = caisses[caisses[PARENT_COLUMN[perimeter.level]] == perimeter.code]
    return set(caisses["territory_code"])
