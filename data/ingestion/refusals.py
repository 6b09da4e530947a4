"""Which caisse's which month a refused file was to bring, as far as its errors and name tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from data.ingestion.file_names import caisse_told, month_told
from data.store.home import Home
from data.store.refusals import Refused, refused_files

CAISSE_PREFIXES = ("CPAM-", "CGSS-", "CSS-")


@dataclass(frozen=True)
class Refusal:
    """A refused file, for one caisse and month.

    Attributes:
        contract: the contract it was read by; None where none was recognised.
        month: its first day; None where neither the errors nor the name tell it.
        person: who brought it in, as the audit writes it.
        received_at: UTC, ISO 8601.
        error_count: errors in the whole file.
    """

    caisse_code: str
    month: date | None
    file_name: str
    contract: str | None
    person: str
    received_at: str
    error_count: int


def refusals(home: Home) -> list[Refusal]:
    """The refused files whose caisse is known, the latest first; one each caisse and month."""
    return [one for refused in refused_files(home) for one in _told(refused)]


def _told(refused: Refused) -> Iterator[Refusal]:
    """By the errors' own caisses, else by the caisse that the name or the upload tells."""
    named = caisse_told([refused.file_name]) or refused.sender
    month_named = month_told(refused.file_name)
    found: dict[str, set[date]] = {}
    for territory, month in refused.places:
        code = territory or named
        if code is not None and code.startswith(CAISSE_PREFIXES):
            months = found.setdefault(code, set())
            if month:
                months.add(date.fromisoformat(month[:10]).replace(day=1))
    if named is not None and named.startswith(CAISSE_PREFIXES) and not found:
        found[named] = set()
    for code, months in sorted(found.items()):
        told: list[date | None] = [*sorted(months)] or [month_named]
        for first_day in told:
            yield Refusal(
                code,
                first_day,
                refused.file_name,
                refused.contract,
                refused.person,
                refused.received_at,
                refused.error_count,
            )
