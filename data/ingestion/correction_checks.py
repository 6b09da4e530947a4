"""What the rules of the contract say of a value that is proposed in place of another."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data.contracts.finding import Finding
from data.contracts.model import contracts
from data.ingestion.validate import validate
from data.store.corrections import Cell
from indicators.catalogue import catalogue

CONTRACT = "cpg"
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


@dataclass(frozen=True)
class Checked:
    """What a proposed value is read as, and what there is to say of it.

    ``value`` is None where ``errors`` says why it cannot be; ``warnings`` are to be weighed.
    """

    value: float | None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_value(cell: Cell, written: str, rows: Sequence[Mapping[str, Any]]) -> Checked:
    """Hold a value as a person wrote it against the rules of the contract.

    Args:
        cell: the value it is to replace.
        written: as typed: ``1 234,5`` or ``85 %`` are read as a file would be.
        rows: what is served of the caisse for the month, the cell's own indicator among them, as
            the contract's columns: the rules that add indicators up look at the others.
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
    return Checked(value, (), _sentences(one for one in found.warnings if _concerns(one, cell)))


def _as_file(cell: Cell, written: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a file of the contract, the proposed value in its place."""
    titles = {column.name: column.title for column in contracts()[CONTRACT].columns}
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\n")
    lines.writerow([titles[name] for name in COLUMNS])
    for row in rows:
        said = {name: _written(name, row[name]) for name in COLUMNS}
        if row["indicator_code"] == cell.indicator_code:
            said[cell.column_name] = written
        lines.writerow([said[name] for name in COLUMNS])
    return out.getvalue()


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
        code = finding.indicator_code
        if code is not None and code in catalogue():
            sentence = sentence.replace(code, f"« {catalogue()[code].title} »")
        said.append(sentence[:1].upper() + sentence[1:])
    return tuple(dict.fromkeys(said))
