"""The perimeter a page looks at: which ones a person may choose, what lies under and above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from figures.formats import is_absent, known_float
from figures.records import records

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
MAP_COLUMNS = (
    "territory_code",
    "level",
    "territory_name",
    "department_code",
    "drsm_code",
    "region_code",
    "ancienne_region_code",
    "population",
)
CHOICE_ORDER = ("national", "region", "drsm", "departement", "caisse", "ancienne_region")


@dataclass(frozen=True)
class Perimeter:
    """A territory chosen in the header."""

    code: str
    level: str
    name: str
    label: str
    population: int | None = None

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels that its board can show, the usual one first."""
        return LEVELS_UNDER[self.level]


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


@dataclass(frozen=True)
class TerritoryMap:
    """The territories that a person sees, and which of them may be chosen as a perimeter.

    ``rows`` are those of ``reference/territories`` by code; ``choices`` the person's own territory
    and what lies under it, widest first.
    """

    rows: Mapping[str, Mapping[str, Any]]
    choices: Mapping[str, Perimeter]

    @classmethod
    def from_frame(cls, territories: pd.DataFrame, home: str) -> TerritoryMap:
        """Read ``reference/territories``; ``home`` is the territory the role is held for."""
        rows = {row["territory_code"]: row for row in records(territories, MAP_COLUMNS)}
        offered = [
            Perimeter(code, row["level"], row["territory_name"], label_of(row), _inhabitants(row))
            for code, row in rows.items()
            if home in rows and _lies_under(row, rows[home])
        ]
        offered.sort(key=lambda perimeter: CHOICE_ORDER.index(perimeter.level))
        return cls(rows, {perimeter.code: perimeter for perimeter in offered})

    def path_to(self, perimeter: Perimeter) -> list[Perimeter]:
        """From the widest perimeter of the person down to this one, for the breadcrumb."""
        row = self.rows[perimeter.code]
        above = ["FR"]
        if perimeter.level in {"departement", "caisse"}:
            above.append(row["region_code"])
        if perimeter.level == "caisse":
            above.append(row["department_code"])
        wider = [self.choices[code] for code in above if code in self.choices]
        return [step for step in wider if step != perimeter] + [perimeter]

    def region_of(self, perimeter: Perimeter) -> str | None:
        """Code of the region that holds a perimeter; None where none does."""
        code = self.rows[perimeter.code]["region_code"]
        return None if is_absent(code) else str(code)

    def overlapping(self, perimeter: Perimeter, level: str) -> set[str] | None:
        """Territories of ``level`` that share a department with a region; None where levels nest.

        The DRSM map crosses the regional one: no roll-up relates them.
        """
        if level not in {"drsm", "ancienne_region"} or perimeter.level != "region":
            return None
        codes = {
            row[PARENT_COLUMN[level]]
            for row in self.rows.values()
            if row["level"] == "departement" and row["region_code"] == perimeter.code
        }
        return {code for code in codes if not is_absent(code)}

    def caisses_under(self, perimeter: Perimeter) -> set[str]:
        """Codes of the caisses of a perimeter."""
        if perimeter.level == "caisse":
            return {perimeter.code}
        column = PARENT_COLUMN.get(perimeter.level)
        return {
            code
            for code, row in self.rows.items()
            if row["level"] == "caisse" and (column is None or row[column] == perimeter.code)
        }


def _inhabitants(row: Mapping[str, Any]) -> int | None:
    population = known_float(row.get("population"))
    return None if population is None else int(population)


def _lies_under(row: Mapping[str, Any], home: Mapping[str, Any]) -> bool:
    """Whether a territory is the home territory or part of it, in the home's own hierarchy."""
    if row["territory_code"] == home["territory_code"] or home["level"] == "national":
        return True
    column = PARENT_COLUMN.get(home["level"])
    parts = set(LEVELS_UNDER[home["level"]]) & {"departement", "caisse"}
    return column is not None and row["level"] in parts and row[column] == home["territory_code"]
