"""Files that were refused: those of the registry, and those of uploads that were only checked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from data.store import drafts
from data.store.home import Home
from data.store.registry import EXTRACTS, FINDINGS, Registry

ERROR, REJECTED = "error", "rejected"


@dataclass(frozen=True)
class Refused:
    """One refused file.

    Attributes:
        person: who brought it in, as the audit writes it.
        received_at: UTC, ISO 8601.
        sender: who wrote it, as told of its upload; None where nobody said.
        places: what the errors name: (territory code, first day of the month in ISO form), each
            None where the error names none.
        error_count: errors kept, of all rules.
    """

    file_name: str
    contract: str | None
    person: str
    received_at: str
    sender: str | None
    places: frozenset[tuple[str | None, str | None]]
    error_count: int


def refused_files(home: Home) -> list[Refused]:
    """Every refused file that is still known, the latest first.

    An upload in which every file was refused never reaches the registry: it lies in its draft.
    """
    found = [*_registered(Registry(home)), *_checked(home)]
    return sorted(found, key=lambda one: one.received_at, reverse=True)


def _registered(registry: Registry) -> Iterable[Refused]:
    files = sa.select(EXTRACTS).where(EXTRACTS.c.state == REJECTED)
    errors = (
        sa.select(
            FINDINGS.c.extract_id,
            FINDINGS.c.territory_code,
            FINDINGS.c.month,
            sa.func.count().label("error_count"),
        )
        .join(EXTRACTS, EXTRACTS.c.extract_id == FINDINGS.c.extract_id)
        .where(EXTRACTS.c.state == REJECTED, FINDINGS.c.severity == ERROR)
        .group_by(FINDINGS.c.extract_id, FINDINGS.c.territory_code, FINDINGS.c.month)
    )
    places: dict[str, set[tuple[str | None, str | None]]] = {}
    counts: Counter[str] = Counter()
    with registry.engine.connect() as connection:
        rows = connection.execute(files).mappings().all()
        for extract_id, territory, month, count in connection.execute(errors):
            places.setdefault(extract_id, set()).add((territory, month))
            counts[extract_id] += count
    for row in rows:
        yield Refused(
            row["file_name"],
            row["contract"],
            row["received_by"],
            row["received_at"],
            None,
            frozenset(places.get(row["extract_id"], ())),
            counts[row["extract_id"]],
        )


def _checked(home: Home) -> Iterable[Refused]:
    for draft in drafts.every_draft(home):
        if drafts.state_of(home, draft) != "checked":
            continue
        try:
            report = drafts.read_json(drafts.report_path(home, draft)) or {}
        except json.JSONDecodeError:
            continue  # Of another version, or cut: its owner is told so by the page that imports.
        for file in report.get("files", ()):
            if file.get("state") == REJECTED:
                errors = file.get("errors", ())
                yield Refused(
                    file["name"],
                    file.get("contract"),
                    draft.person,
                    draft.created_at,
                    draft.sender,
                    frozenset((one.get("territory_code"), one.get("month")) for one in errors),
                    int(file.get("error_total") or len(errors)),
                )
