"""A table as a CSV that a French spreadsheet opens by a double click."""

from __future__ import annotations

import numpy as np
import pandas as pd

MIME = "text/csv;charset=utf-8"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
    text = written.to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _needs_words(column: pd.Series) -> bool:
    return not pd.api.types.is_integer_dtype(column)


def _harmless(value: object) -> object:
    if isinstance(value, bool | np.bool_):
        return "oui" if value else "non"
    if isinstance(value, float | np.floating):
        return "" if pd.isna(value) else _written(float(value))
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _written(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
