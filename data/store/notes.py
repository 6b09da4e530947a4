"""What people write beside the figures: dated notes, and rebases of control charts.

Both are kept with their author and never deleted: withdrawn, they stay with who did so and when.
Who may write or read what is decided above (``data.ingestion.annotate``, ``queries.notes``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from data.store.registry import NOTES, REBASES, Registry, now

LONGEST_TEXT = 2000
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Note:
    """A note on the figure of a territory and indicator; ``month`` is None for the whole year."""

    note_id: int
    territory_code: str
    indicator_code: str
    year: int
    month: int | None
    body: str
    author: str
    created_at: str
    withdrawn_at: str | None
    withdrawn_by: str | None


@dataclass(frozen=True)
class Rebase:
    """New limits of a control chart from ``month`` (its first day) on, and why."""

    rebase_id: int
    territory_code: str
    indicator_code: str
    month: date
    reason: str
    author: str
    created_at: str
    withdrawn_at: str | None
    withdrawn_by: str | None


def add_note(
    registry: Registry,
    *,
    territory: str,
    indicator: str,
    year: int,
    body: str,
    author: str,
    month: int | None = None,
) -> Note:
    """Keep a note; returns it as kept.

    Raises: ValueError with a French sentence for an empty or too long text, or no such period.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"L’année {year} n’est pas celle d’une donnée.")
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"Le mois s’écrit de 1 à 12, pas « {month} ».")
    return Note(
        **_insert(
            registry,
            NOTES,
            territory_code=territory,
            indicator_code=indicator,
            year=year,
            month=month,
            body=_text(
                body, "La note est vide : écrivez ce qu’il faut savoir de ce chiffre.", "note"
            ),
            author=author,
        )
    )


def notes_for(
    registry: Registry,
    territories: Iterable[str],
    indicator: str | None = None,
    year: int | None = None,
    *,
    with_withdrawn: bool = False,
) -> list[Note]:
    """The notes on figures of these territories, newest first."""
    query = _of_territories(NOTES, territories, indicator, with_withdrawn)
    if year is not None:
        query = query.where(NOTES.c.year == year)
    return [Note(**row) for row in _rows(registry, query.order_by(NOTES.c.note_id.desc()))]


def note(registry: Registry, note_id: int) -> Note:
    """The note of that number, withdrawn or not.

    Raises: LookupError with a French sentence where there is none.
    """
    return Note(**_one(registry, NOTES, note_id, "Aucune note ne porte"))


def withdraw_note(registry: Registry, note_id: int, person: str) -> Note:
    """Take a note back; it stays in the registry. Withdrawn already, it keeps its first date.

    Raises: LookupError with a French sentence where there is none.
    """
    _withdraw(registry, NOTES, note_id, person)
    return note(registry, note_id)


def add_rebase(
    registry: Registry, *, territory: str, indicator: str, month: date, reason: str, author: str
) -> Rebase:
    """Keep that the limits of a chart start anew from ``month``; returns it as kept.

    Raises: ValueError with a French sentence for a missing or too long reason, or where the chart
        is rebased at that month already.
    """
    kept = _text(
        reason, "Un recalage demande un motif : dites ce qui a changé à cette date.", "motif"
    )
    first_day = month.replace(day=1)
    others = rebases_for(registry, [territory], indicator)
    if first_day in {other.month for other in others}:
        raise ValueError(
            f"Les limites sont déjà recalées à {first_day:%m/%Y}. "
            "Retirez ce recalage pour en changer le motif."
        )
    return Rebase(
        **_insert(
            registry,
            REBASES,
            territory_code=territory,
            indicator_code=indicator,
            month=first_day,
            reason=kept,
            author=author,
        )
    )


def rebases_for(
    registry: Registry,
    territories: Iterable[str],
    indicator: str | None = None,
    *,
    with_withdrawn: bool = False,
) -> list[Rebase]:
    """The rebases of the charts of these territories, by month."""
    query = _of_territories(REBASES, territories, indicator, with_withdrawn)
    ordered = query.order_by(REBASES.c.month, REBASES.c.rebase_id)
    return [Rebase(**row) for row in _rows(registry, ordered)]


def rebase(registry: Registry, rebase_id: int) -> Rebase:
    """The rebase of that number, withdrawn or not.

    Raises: LookupError with a French sentence where there is none.
    """
    return Rebase(**_one(registry, REBASES, rebase_id, "Aucun recalage ne porte"))


def withdraw_rebase(registry: Registry, rebase_id: int, person: str) -> Rebase:
    """Take a rebase back; it stays in the registry. Withdrawn already, it keeps its first date.

    Raises: LookupError with a French sentence where there is none.
    """
    _withdraw(registry, REBASES, rebase_id, person)
    return rebase(registry, rebase_id)


def _text(given: str, when_empty: str, name: str) -> str:
    text = given.strip()
    if not text:
        raise ValueError(when_empty)
    if len(text) > LONGEST_TEXT:
        raise ValueError(
            f"Le texte ({name}) compte {len(text)} caractères ; "
            f"{LONGEST_TEXT} au plus : raccourcissez-le."
        )
    return text


def _key(table: sa.Table) -> sa.Column[Any]:
    return next(iter(table.primary_key.columns))


def _insert(registry: Registry, table: sa.Table, **values: Any) -> dict[str, Any]:
    row = values | {"created_at": now(), "withdrawn_at": None, "withdrawn_by": None}
    key = _key(table)
    with registry.engine.begin() as connection:
        number = connection.execute(sa.insert(table).values(**row).returning(key)).scalar_one()
    return {key.name: number} | row


def _of_territories(
    table: sa.Table, territories: Iterable[str], indicator: str | None, with_withdrawn: bool
) -> sa.Select[Any]:
    query = sa.select(table).where(table.c.territory_code.in_(list(territories)))
    if indicator is not None:
        query = query.where(table.c.indicator_code == indicator)
    return query if with_withdrawn else query.where(table.c.withdrawn_at.is_(None))


def _rows(registry: Registry, query: sa.Select[Any]) -> list[dict[str, Any]]:
    with registry.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _one(registry: Registry, table: sa.Table, identifier: int, missing: str) -> dict[str, Any]:
    rows = _rows(registry, sa.select(table).where(_key(table) == identifier))
    if not rows:
        raise LookupError(f"{missing} le numéro {identifier}.")
    return rows[0]


def _withdraw(registry: Registry, table: sa.Table, identifier: int, person: str) -> None:
    """Mark the row unless it is marked already."""
    with registry.engine.begin() as connection:
        connection.execute(
            sa.update(table)
            .where(_key(table) == identifier, table.c.withdrawn_at.is_(None))
            .values(withdrawn_at=now(), withdrawn_by=person)
        )
