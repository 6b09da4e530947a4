"""A table as a CSV that a French spreadsheet opens by a double click."""

from __future__ import annotations

import numpy as np
import pandas as pd

MIME = "text/csv;charset=utf-8"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(rows: pd.DataFrame) -> bytes:
    """``rows`` as CSV: semicolons, decimal commas, UTF-8 with its mark, Windows line ends.

    A text that a spreadsheet would run as a formula is preceded by an apostrophe.
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
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return not is_number


def _harmless(value: object) -> object:
    if isinstance(value, bool | np.bool_):
        return "oui" if value else "non"
    if isinstance(value, float):
        return "" if pd.isna(value) else str(value).replace(".", ",")
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
