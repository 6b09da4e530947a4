"""Where two sources publish two figures of the same thing: both stand, marked, with a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from figures.formats import is_absent, known_float
from figures.msap_anomalies import Anomaly
from figures.records import records

PLACE_OF_FILE = re.compile(r"^\S+\.\w+, ligne \d+, colonne « [^»]* » : ")
COLUMNS = ("rule", "contract", "sentence", "year", "label", "measure", "row")


def disagreements(findings: pd.DataFrame, contract: str) -> list[Anomaly]:
    """The published figures of a contract that two sources give otherwise, numbered by year."""
    rows = [
        row
        for row in records(findings, COLUMNS)
        if row["contract"] == contract and str(row["rule"]).endswith(".sources_disagree")
    ]
    rows.sort(key=lambda row: (known_float(row["year"]) or 0.0, known_float(row["row"]) or 0.0))
    return [
        Anomaly(
            place,
            str(row["rule"]),
            _whole(row["year"]),
            "",
            "" if is_absent(row["label"]) else str(row["label"]),
            str(row["measure"]),
            PLACE_OF_FILE.sub("", str(row["sentence"])),
            _whole(row["row"]),
        )
        for place, row in enumerate(rows, start=1)
    ]


def _whole(value: object) -> int | None:
    known = known_float(value)
    return None if known is None else int(known)


def of_figure(found: Sequence[Anomaly], year: int, measure: str, about: str = "") -> list[Anomaly]:
    """The disagreements on a measure of a year; ``about`` begins the sentence where given."""
    return [
        one
        for one in found
        if one.year == year and one.measure == measure and one.sentence.startswith(about)
    ]


def named(names: Mapping[str, str], code: object) -> str:
    """The name of a code, or the code as words: a file may bring one that nobody has named yet."""
    known = names.get(str(code))
    return known if known is not None else str(code).replace("_", " ").capitalize()
