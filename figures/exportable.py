"""A figure ready to leave as a file: its rows, its picture and what is written around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Exportable:
    """What a file of a figure holds; rows and picture are made only when asked.

    ``stem`` starts the file's name; ``svg`` is None where the figure is a plain table;
    ``geometry`` names the level whose contours carry the rows, None where there are none.
    """

    stem: str
    title: str
    note: str
    foot: str
    records: Callable[[], pd.DataFrame]
    svg: Callable[[], str] | None = None
    geometry: str | None = None
