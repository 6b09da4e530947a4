"""A finding: one breach of one rule, said in one French sentence, tied to where it was seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One breach: an ``error`` rejects the extract, a ``warning`` is shown beside its figure.

    ``row`` counts lines as a person does in the file (the heading line included);
    ``sentence`` names file, sheet, row, column, value and what to do.
    """

    rule: str
    contract: str
    severity: Severity
    sentence: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    expected: float | str | None = None
    found: float | str | None = None
    year: int | None = None
    domain: str | None = None
    label: str | None = None
    measure: str | None = None
    territory_code: str | None = None
    indicator_code: str | None = None
    month: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """The finding as a flat mapping, dates in ISO form."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }
