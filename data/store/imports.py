"""What imports did as it was shown before they were published, and the headings told on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from data.store.registry import HEADINGS, IMPORTS, Registry, now


@dataclass(frozen=True)
class KeptImport:
    """One import as published.

    Attributes:
        files: one mapping a file: ``file_name, state, sentence, extract_id, contract, stages``.
        effect: counts by contract, as the preview told them.
        signed: the advisories that were signed: ``file, rule, reason, person, at``.
    """

    import_id: int
    build_id: str
    former_build_id: str | None
    at: str
    person: str
    files: list[dict[str, Any]]
    effect: dict[str, Any]
    signed: list[dict[str, Any]]


def imports(registry: Registry) -> list[KeptImport]:
    """Every import kept, newest first."""
    query = sa.select(IMPORTS).order_by(IMPORTS.c.import_id.desc())
    with registry.engine.connect() as connection:
        return [KeptImport(**row) for row in connection.execute(query).mappings()]


def remember_headings(
    registry: Registry,
    *,
    sender: str,
    contract: str,
    told: Mapping[str, str | None],
    person: str,
) -> None:
    """Remember what a sender's headings mean; what was told of them before no longer counts.

    Args:
        registry: where to keep them.
        sender: who writes these headings.
        contract: the contract they were read by.
        told: heading → column of the contract, None for a heading that is not kept.
        person: who confirmed it.
    """
    moment = now()
    rows = [
        {
            "sender": sender,
            "contract": contract,
            "heading": heading,
            "column_name": column,
            "confirmed_by": person,
            "confirmed_at": moment,
        }
        for heading, column in told.items()
    ]
    if not rows:
        return
    with registry.engine.begin() as connection:
        connection.execute(
            sa.delete(HEADINGS).where(
                HEADINGS.c.sender == sender,
                HEADINGS.c.contract == contract,
                HEADINGS.c.heading.in_(list(told)),
            )
        )
        connection.execute(sa.insert(HEADINGS), rows)


def remembered_headings(registry: Registry, sender: str) -> dict[str, dict[str, str | None]]:
    """What a sender's headings mean: contract → heading → column, None where not kept."""
    query = (
        sa.select(HEADINGS.c.contract, HEADINGS.c.heading, HEADINGS.c.column_name)
        .where(HEADINGS.c.sender == sender)
        .order_by(HEADINGS.c.heading_id)
    )
    found: dict[str, dict[str, str | None]] = {}
    with registry.engine.connect() as connection:
        for contract, heading, column in connection.execute(query):
            found.setdefault(contract, {})[heading] = column
    return found
