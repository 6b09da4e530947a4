"""One measured line, and how a list of them reads."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Line:
    """One figure of the bench.

    Attributes:
        section: what is being measured (``pages``, ``memory``, ``queries``, ``import``…).
        name: what this line says, in words.
        value: the measure, in ``unit``; None where it could not be taken, ``note`` says why.
        aim: largest value that is good enough; None where the line is told for comparison only.
        note: sample size, spread, what the value is made of.
    """

    section: str
    name: str
    value: float | None
    unit: str
    aim: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """``PASS``, ``above``, ``missing``, or nothing where there is no aim."""
        if self.value is None:
            return "missing"
        if self.aim is None:
            return ""
        return "PASS" if self.value <= self.aim else "above"

    def as_dict(self) -> dict[str, Any]:
        """The line as a flat mapping, verdict included."""
        return asdict(self) | {"verdict": self.verdict}


def median(values: Sequence[float]) -> float:
    """The middle of the sample."""
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """Smallest value that at least ``share`` of the sample does not exceed, ``share`` in (0, 1]."""
    if not values:
        raise ValueError("A quantile needs at least one value.")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Size and range of a sample, for a note."""
    return f"n={len(values)}, {min(values):.{digits}f} to {max(values):.{digits}f}"


def table(lines: Sequence[Line]) -> str:
    """The lines as a table for a terminal, one block a section."""
    rows = [("", "measure", "value", "aim", "", "note")]
    section = None
    for line in lines:
        if line.section != section:
            section = line.section
            rows.append((section.upper(), "", "", "", "", ""))
        rows.append(
            (
                "",
                line.name,
                "—" if line.value is None else f"{_rounded(line.value)} {line.unit}",
                "" if line.aim is None else f"<= {_rounded(line.aim)}",
                line.verdict,
                line.note,
            )
        )
    # The section's heading may run into the next columns; the note is not padded.
    widths = [2, *(max(len(row[place]) for row in rows) for place in range(1, 5))]
    return "\n".join(
        row[0]
        if row[0]
        else "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[5]]
        )
        for row in rows
    )


def _rounded(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
