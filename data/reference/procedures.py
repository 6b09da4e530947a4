"""The procedures (*gestes*) that MSAP requests are about, and the spellings that name them.

Source: ``msap_procedures.csv`` beside this file (code, name, domain) and
``msap_procedure_spellings.csv``, one row per other spelling seen in print, with what shows that it
is the same procedure. A spelling that stands in neither table names no procedure: nothing is
guessed from likeness.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from data.reference.french_text import fold, quoted

DOMAINS = {
    "chirurgie_ambulatoire": "Chirurgie ambulatoire",
    "hors_chirurgie_ambulatoire": "Hors chirurgie ambulatoire",
    "ssr": "SSR",
}
"""Domain of MSAP to its name on the screen, in the order of the reports."""

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class ProcedureReading:
    """What a text says of a procedure.

    Attributes:
        code: the procedure's code, null when the text is in no table.
        finding: a French sentence when there is no code, else null.
    """

    code: str | None
    finding: str | None = None


@dataclass(frozen=True)
class Spelling:
    """One accepted spelling; ``year`` is the only one in which it can be read, null for any."""

    code: str
    year: int | None = None


def procedures() -> pd.DataFrame:
    """Every procedure, in the order of the reports: ``procedure_code, procedure_name, domain``."""
    return pd.DataFrame(_rows("msap_procedures.csv"))


def procedure_name(code: str) -> str:
    """The name of a procedure.

    Raises:
        KeyError: no procedure has this code.
    """
    return _names()[code]


def read_procedure(text: str, year: int | None = None) -> ProcedureReading:
    """The procedure that a text means; never raises.

    Reads codes, names and the spellings of the table, whatever their case, accents and
    punctuation. A spelling bound to a year is read for that year alone.

    Args:
        text: the cell, as text.
        year: the year that the cell's row is about, null where it isn't known.
    """
    if not fold(text):
        return ProcedureReading(None, "Geste absent.")
    spelling = spelling_of(text)
    if spelling is None or spelling.year not in (None, year):
        sentence = (
            f"{quoted(text)} n’est pas un geste du référentiel. La ligne est gardée telle "
            "quelle ; ajoutez la graphie au référentiel si elle désigne un geste connu."
        )
        return ProcedureReading(None, sentence)
    return ProcedureReading(spelling.code)


def spelling_of(text: str) -> Spelling | None:
    """The entry of the table that a text is, whatever the year; null where there is none."""
    return _spellings().get(fold(text))


@cache
def _names() -> dict[str, str]:
    return {row["procedure_code"]: row["procedure_name"] for row in _rows("msap_procedures.csv")}


@cache
def _spellings() -> dict[str, Spelling]:
    accepted = {
        fold(text): Spelling(code) for code, name in _names().items() for text in (code, name)
    }
    for row in _rows("msap_procedure_spellings.csv"):
        year = int(row["year"]) if row["year"] else None
        accepted[fold(row["spelling"])] = Spelling(row["procedure_code"], year)
    return accepted


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
