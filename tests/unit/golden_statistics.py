"""The tables of published and worked cases under ``tests/golden/statistics``."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "statistics"


def rows_of(name):
    """The rows of a table, as texts by column."""
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name):
    """The rows of a table as parameters of a test, named by their case."""
    return [pytest.param(row, id=row["case"]) for row in rows_of(name)]


def number(text):
    return float(text) if text else None


def numbers(text):
    """The values of one cell, ``?`` where one is missing."""
    return [math.nan if part == "?" else float(part) for part in text.split()]


def as_printed(text):
    """What a cell stands for, to the last digit that its source printed."""
    printed = text.split()
    decimals = max(len(part.partition(".")[2]) for part in printed)
    expected = [float(part) for part in printed]
    return pytest.approx(
        expected[0] if len(expected) == 1 else np.array(expected),
        abs=0.51 * 10**-decimals,
        rel=1e-12,
    )


def signals(text, count):
    """The signal of each point, from cells such as ``2-6:seven_point_trend`` (counted from 1)."""
    found = [None] * count
    for part in text.split():
        places, _, rule = part.partition(":")
        first, _, last = places.partition("-")
        for place in range(int(first), int(last or first) + 1):
            found[place - 1] = rule
    return found
