"""What the rules of the contract say of a value that is proposed in place of another."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from data.contracts.finding import Finding
from data.contracts.model import contracts
from data.ingestion.sentences import written as in_french
from data.ingestion.validate import validate
from data.store.corrections import Cell
from indicators.catalogue import catalogue

CONTRACT = "cpg"
LARGEST_COUNT = 1e9
LARGEST_VALUE = 1e11
"""What no caisse can count in a month or a year, and what it can neither spend nor save."""

APART = 3.0
"""How many times above or below all that a caisse sent of the year a value is weighed first."""

LEAST_TOLD = 20.0
"""Below it, three times more or less is chance."""

FILE = "valeur proposée"
COLUMNS = (
    "caisse_code",
    "indicator_code",
    "month",
    "realised",
    "numerator",
    "denominator",
    "objective",
    "provisional",
)
IN_A_FORM = {"Corrigez la cellule ou videz-la.": "Écrivez un nombre, comme 1 234 ou 12,5."}
"""What is asked of a cell of a file, and what is asked of a field instead."""

LISTED_PARTS = re.compile(r" \(réalisé [^()]*, numérateur [^()]*, dénominateur [^()]*\)")
"""The other cells of the line in a file: there is one field here."""


@dataclass(frozen=True)
class Checked:
    """What a proposed value is read as, and what there is to say of it.

    ``value`` is None where ``errors`` says why it cannot be; ``warnings`` are to be weighed.
    """

    value: float | None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_value(
    cell: Cell,
    written: str,
    rows: Sequence[Mapping[str, Any]],
    year_values: Sequence[float] = (),
) -> Checked:
    """Hold a value as a person wrote it against the rules of the contract.

    Args:
        cell: the value it is to replace.
        written: as typed: ``1 234,5`` or ``85 %`` are read as a file would be.
        rows: what is served of the caisse for the month, the cell's own indicator among them, as
            the contract's columns: the rules that add indicators up look at the others.
        year_values: what is served of the other months of the year, in the same column, as far as
            the person reads them.
    """
    if not written.strip():
        return Checked(None, ("Écrivez la nouvelle valeur : une correction ne retire rien.",))
    text = _as_file(cell, written.strip(), rows)
    with tempfile.TemporaryDirectory() as folder:
        path, typed = Path(folder) / "valeur.csv", Path(folder) / "valeur.parquet"
        path.write_text(text, encoding="utf-8")
        found = validate(path, FILE, CONTRACT, typed, use_big_path=False)
        errors = _sentences(found.errors)
        if errors:
            return Checked(None, errors)
        value = _typed(typed, cell)
    if value is None:
        return Checked(None, (f"« {written} » n’est pas lu comme un nombre.",))
    if too_large := _too_large(cell, value):
        return Checked(None, (too_large,))
    said = _sentences(one for one in found.warnings if _concerns(one, cell))
    return Checked(value, (), (*said, *_unusual(cell, value, year_values)))


def _too_large(cell: Cell, value: float) -> str:
    """Why no caisse can have such a value, a sentence; empty where one can."""
    is_count = (
        cell.column_name in {"numerator", "denominator"}
        or catalogue()[cell.indicator_code].unit == "count"
    )
    largest = LARGEST_COUNT if is_count else LARGEST_VALUE
    if abs(value) <= largest:
        return ""
    return (
        f"{in_french(value)} dépasse ce qu’une caisse peut atteindre ({in_french(largest)} au "
        "plus). Vérifiez l’unité et le nombre de zéros."
    )


def _unusual(cell: Cell, value: float, year_values: Sequence[float]) -> tuple[str, ...]:
    """What there is to weigh of a value far from all others of the year, or from the former one."""
    others = [one for one in year_values if one >= LEAST_TOLD]
    if not others and cell.old_value >= LEAST_TOLD:
        if cell.old_value / APART <= value <= cell.old_value * APART:
            return ()
        return (
            f"{in_french(value)} est loin de la valeur servie, {in_french(cell.old_value)}. "
            "Vérifiez l’unité et le nombre de chiffres.",
        )
    if not others or min(others) / APART <= value <= max(others) * APART:
        return ()
    return (
        f"{in_french(value)} est loin des autres mois de l’année : de {in_french(min(others))} à "
        f"{in_french(max(others))}, {in_french(median(others))} en médiane. Vérifiez l’unité "
        "et le nombre de chiffres.",
    )


def _as_file(cell: Cell, written: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a file of the contract, the proposed value in its place."""
    titles = {column.name: column.title for column in contracts()[CONTRACT].columns}
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\n")
    lines.writerow([titles[name] for name in COLUMNS])
    related = _added_up_with(cell.indicator_code)
    for row in rows:
        # What is withheld from the person reads as blank, which a rule would take for an error.
        is_own = row["indicator_code"] == cell.indicator_code
        if not is_own and (row["indicator_code"] not in related or row.get("is_hidden")):
            continue
        said = {name: _written(name, row[name]) for name in COLUMNS}
        if is_own:
            said[cell.column_name] = written
        lines.writerow([said[name] for name in COLUMNS])
    return out.getvalue()


def _added_up_with(indicator: str) -> set[str]:
    """The indicators that a rule adds up together with this one: its total, parts, siblings."""
    groups = ({code, *one.components} for code, one in catalogue().items() if one.components)
    return set().union(*(group for group in groups if indicator in group))


def _written(name: str, value: Any) -> str:
    """A served value as a file writes it; a missing one is left blank."""
    if value is None or value != value:
        return ""
    if name == "month":
        return f"{value:%Y-%m}"
    if name == "provisional":
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _typed(path: Path, cell: Cell) -> float | None:
    with duckdb.connect() as connection:
        row = connection.execute(
            f'select "{cell.column_name}" from read_parquet(?) where indicator_code = ?',
            [str(path), cell.indicator_code],
        ).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def _concerns(finding: Finding, cell: Cell) -> bool:
    """Whether a finding is about the value, or about a total that it is part of."""
    code = finding.indicator_code
    if code is None or code == cell.indicator_code:
        return code is not None
    known = catalogue().get(code)
    return known is not None and cell.indicator_code in known.components


def _sentences(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What the findings say, without the place in a file that nobody has."""
    said = []
    for finding in findings:
        sentence = finding.sentence
        if sentence.startswith(FILE):
            sentence = sentence.partition(" : ")[2]
        for of_a_file, of_a_form in IN_A_FORM.items():
            sentence = sentence.replace(of_a_file, of_a_form)
        sentence = LISTED_PARTS.sub("", sentence)
        code = finding.indicator_code
        if code is not None and code in catalogue():
            sentence = sentence.replace(code, f"« {catalogue()[code].title} »")
        said.append(sentence[:1].upper() + sentence[1:])
    return tuple(dict.fromkeys(said))
