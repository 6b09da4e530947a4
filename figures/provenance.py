"""Where a figure comes from: caisse, month, file, sheet, row, person, day, and corrections."""

from __future__ import annotations

from typing import Any

import pandas as pd

from figures.formats import (
    ABSENT,
    counted,
    is_absent,
    listed,
    long_date,
    number,
    quantity,
    short_month,
)
from figures.markup import table, text
from figures.objective import Objective
from figures.records import records
from figures.status import HIDDEN

ORIGINS = {
    "demonstration": "Démonstration",
    "demo": "Démonstration",
    "published": "Publié",
    "publie": "Publié",
    "received": "Reçu",
    "recu": "Reçu",
}
HEADINGS = (
    "Caisse",
    "Mois",
    "Valeur",
    "Fichier",
    "Feuille",
    "Ligne",
    "Déposé par",
    "Le",
    "Origine",
)


def provenance_finding(rows: pd.DataFrame, territory: str) -> str:
    """How many values, from how many files and caisses, the last received when."""
    if rows.empty:
        return f"{territory} : aucune valeur reçue pour cet objectif et cette année"
    caisses, files = rows["caisse_code"].nunique(), rows["file_name"].nunique()
    latest = f" ; dernier dépôt le {long_date(rows['received_at'].max())}"
    return (
        f"{territory} : {counted(len(rows), 'valeur')} de {counted(caisses, 'caisse')}, "
        f"lues dans {counted(files, 'fichier')}{latest}"
    )


def caisses_table(rows: pd.DataFrame, names: dict[str, str], caption: str) -> str:
    """One line a caisse: since when it sends, until when, from which files. Opens its months."""
    by_caisse: dict[str, list[dict[str, Any]]] = {}
    for row in records(rows, ("caisse_code", "month", "file_name", "received_at")):
        by_caisse.setdefault(row["caisse_code"], []).append(row)
    lines = [_caisse_line(code, part, names) for code, part in by_caisse.items()]
    headings = ("Caisse", "Depuis", "Jusqu’à", "Valeurs", "Fichiers", "Dernier dépôt")
    return table(caption, headings, lines, numeric=(3,), is_stacked=True)


def files_table(rows: pd.DataFrame, caption: str) -> str:
    """One line a file: how many caisses and values it gives, over which months."""
    by_file: dict[tuple[str, str], list[dict[str, Any]]] = {}
    columns = ("caisse_code", "month", "file_name", "received_by", "received_at", "origin")
    for row in records(rows, columns):
        by_file.setdefault((row["file_name"], str(row["received_at"])), []).append(row)
    lines = [
        (
            text(name),
            number(len({row["caisse_code"] for row in part})),
            number(len(part)),
            short_month(min(row["month"] for row in part)),
            short_month(max(row["month"] for row in part)),
            text(part[0]["received_by"]),
            long_date(part[0]["received_at"]),
            text(ORIGINS.get(str(part[0]["origin"]), part[0]["origin"])),
        )
        for (name, _), part in by_file.items()
    ]
    headings = ("Fichier", "Caisses", "Valeurs", "Depuis", "Jusqu’à", "Déposé par", "Le", "Origine")
    return table(caption, headings, lines, numeric=(1, 2), is_stacked=True)


def _caisse_line(code: str, part: list[dict[str, Any]], names: dict[str, str]) -> tuple[str, ...]:
    files = list(dict.fromkeys(row["file_name"] for row in part))
    more = f" et {len(files) - 2} autres" if len(files) > 2 else ""
    return (
        f'<button type="button" class="link" data-act="territory" data-t="{text(code)}">'
        f"{text(names.get(code, code))}</button>",
        short_month(min(row["month"] for row in part)),
        short_month(max(row["month"] for row in part)),
        number(len(part)),
        text((", ".join(files[:2]) if more else listed(files[:2])) + more),
        long_date(max(row["received_at"] for row in part)),
    )


def values_table(
    rows: pd.DataFrame, objective: Objective, names: dict[str, str], caption: str
) -> str:
    """One line a value, the latest month first: the cell of the file it was read in."""
    latest_first = rows.sort_values("month", ascending=False, kind="stable")
    lines = [
        _value_line(row, objective, names)
        for row in records(latest_first, list(latest_first.columns))
    ]
    return table(caption, HEADINGS, lines, numeric=(2, 5), is_stacked=True)


def _value_line(
    row: dict[Any, Any], objective: Objective, names: dict[str, str]
) -> tuple[str, ...]:
    sheet = row.get("source_sheet")
    return (
        text(names.get(row["caisse_code"], row["caisse_code"])),
        short_month(row["month"]),
        value_said(row, objective) + _corrected(row),
        text(row["file_name"]),
        ABSENT if is_absent(sheet) else text(sheet),
        number(row["source_row"]),
        text(row["received_by"]),
        long_date(row["received_at"]),
        text(ORIGINS.get(str(row["origin"]), row["origin"])),
    )


def _corrected(row: dict[Any, Any]) -> str:
    """What was corrected of a value, under it."""
    said = row.get("corrected") or ""
    return f'<br><small class="neu">≠ {text(said)}</small>' if said else ""


def value_said(row: dict[Any, Any], objective: Objective) -> str:
    """A count as sent, or a rate with the two counts behind it."""
    numerator, denominator = row.get("numerator"), row.get("denominator")
    if row.get("is_hidden") and is_absent(row.get("realised")) and is_absent(numerator):
        return f"{HIDDEN.icon} {HIDDEN.word}"
    if not is_absent(numerator) and not is_absent(denominator):
        return f"{number(numerator)} / {number(denominator)}"
    return quantity(row.get("realised"), objective.unit)


def provenance_records(rows: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """The values as flat rows for a file."""
    return pd.DataFrame(
        {
            "caisse_code": row["caisse_code"],
            "caisse": names.get(row["caisse_code"], row["caisse_code"]),
            "mois": str(row["month"])[:10],
            "realise": row.get("realised"),
            "numerateur": row.get("numerator"),
            "denominateur": row.get("denominator"),
            "fichier": row["file_name"],
            "feuille": row.get("source_sheet"),
            "ligne": row["source_row"],
            "depose_par": row["received_by"],
            "depose_le": str(row["received_at"])[:19],
            "origine": ORIGINS.get(str(row["origin"]), row["origin"]),
            "correction": row.get("corrected") or None,
        }
        for row in records(rows, list(rows.columns))
    )
