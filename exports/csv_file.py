"""A table as a CSV that a French spreadsheet opens by a double click."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

MIME = "text/csv;charset=utf-8"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[ \u00a0\u202f]?%)?")


def csv_bytes(rows: pd.DataFrame) -> bytes:
    """``rows`` as CSV: semicolons, decimal commas, UTF-8 with its mark, Windows line ends.

    A text that a spreadsheet would run as a formula is preceded by an apostrophe. A whole number
    has no decimals, whatever stands in its column: a count is written ``3286``, not ``3286,0``.
    """
    written = rows.assign(
        **{
            name: [_harmless(value) for value in rows[name]]
            for name in rows.columns
            if _needs_words(rows[name])
        }
    )
    written.columns = [harmless(str(name)) for name in written.columns]
    text = written.to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _needs_words(column: pd.Series) -> bool:
    return not pd.api.types.is_integer_dtype(column)


def _harmless(value: object) -> object:
    if isinstance(value, bool | np.bool_):
        return "oui" if value else "non"
    if isinstance(value, float | np.floating):
        return "" if pd.isna(value) else _written(float(value))
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """The text as no spreadsheet runs it: what would be a formula is preceded by an apostrophe.

    A number written as text (``-12,5``) stays as it is.
    """
    is_formula = text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _written(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
