"""Corrections of single values: proposed by one person, decided by another, never deleted.

An accepted correction is served as an extract of its own (``CONTRACT``) laid over those of the
caisses, so that builds, rollbacks and backups carry it like any other. Who may propose, decide or
read what is decided above (``data.ingestion.corrections``, ``queries.corrections``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from data.store.registry import CORRECTIONS, Registry, now

CONTRACT = "cpg_corrections"
"""The contract of the extracts that accepted corrections are served as; no file is read by it."""
LONGEST_TEXT = 1000

State = Literal["proposed", "accepted", "refused", "withdrawn", "superseded"]


@dataclass(frozen=True)
class Cell:
    """One value as it is served and as it was sent.

    Attributes:
        contract: of the extract that gives it.
        month: its first day; January for the objective of the year.
        column_name: ``realised | numerator | denominator | objective``.
        old_value: what is served; ``sent_value`` what the extract gives, the same where nothing was
            corrected before.
        of_extract_id, file_name, source_sheet, source_row: where it was read.
        was_hidden: whether its month is hidden from whoever lacks the right to small numbers; then
            what it was stays so, since a former publication beside it would tell another count.
    """

    contract: str
    caisse_code: str
    indicator_code: str
    month: date
    column_name: str
    old_value: float
    sent_value: float
    of_extract_id: str
    file_name: str
    source_sheet: str | None
    source_row: int | None
    was_hidden: bool


@dataclass(frozen=True)
class Correction(Cell):
    """A correction as kept."""

    correction_id: int
    new_value: float
    motive: str
    source: str
    proposed_by: str
    proposed_at: str
    state: State
    decided_by: str | None
    decided_at: str | None
    decision_reason: str | None


class DecidedError(ValueError):
    """The correction no longer waits for a decision; the message is a French sentence."""


def propose(
    registry: Registry, cell: Cell, *, new_value: float, motive: str, source: str, person: str
) -> Correction:
    """Keep a proposal; returns it as kept.

    Raises: ValueError with a French sentence for a text that lacks or is too long, a value that
        changes nothing, or where another proposal waits for the same value.
    """
    if new_value == cell.old_value:
        raise ValueError("La nouvelle valeur est celle qui est déjà servie : rien à corriger.")
    waiting = [
        one
        for one in corrections_for(registry, [cell.caisse_code], states=("proposed",))
        if is_of_cell(one, cell)
    ]
    if waiting:
        raise ValueError(
            f"La correction n° {waiting[0].correction_id} de cette même valeur attend une "
            "décision : attendez-la, ou retirez-la."
        )
    row = cell.__dict__ | {
        "new_value": new_value,
        "motive": told(motive, "le motif : dites pourquoi la valeur envoyée est fausse"),
        "source": told(source, "la source : dites d’où vient la nouvelle valeur"),
        "proposed_by": person,
        "proposed_at": now(),
        "state": "proposed",
        "decided_by": None,
        "decided_at": None,
        "decision_reason": None,
    }
    with registry.engine.begin() as connection:
        number = connection.execute(
            sa.insert(CORRECTIONS).values(**row).returning(CORRECTIONS.c.correction_id)
        ).scalar_one()
    return Correction(correction_id=number, **row)


def is_of_cell(one: Cell, other: Cell) -> bool:
    """Whether both speak of the same value."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("contract", "caisse_code", "indicator_code", "month", "column_name")
    )


def told(given: str, what: str) -> str:
    """A text that must be given, its blanks put in order.

    Raises: ValueError with a French sentence where it lacks or is too long.
    """
    text = " ".join(given.split())
    if not text:
        raise ValueError(f"Il manque {what}.")
    if len(text) > LONGEST_TEXT:
        raise ValueError(
            f"Le texte compte {len(text)} caractères ; {LONGEST_TEXT} au plus : raccourcissez-le."
        )
    return text


def decide(
    registry: Registry, correction_id: int, state: State, person: str, reason: str | None
) -> Correction:
    """Record what became of a proposal, once.

    Raises: DecidedError where it was decided or taken back meanwhile.
    """
    with registry.engine.begin() as connection:
        changed = connection.execute(
            sa.update(CORRECTIONS)
            .where(CORRECTIONS.c.correction_id == correction_id, CORRECTIONS.c.state == "proposed")
            .values(state=state, decided_by=person, decided_at=now(), decision_reason=reason)
        ).rowcount
    if not changed:
        raise DecidedError("Cette correction n’attend plus de décision : la page est à jour.")
    return correction(registry, correction_id)


def supersede(registry: Registry, correction_id: int, reason: str) -> None:
    """Record that an accepted correction was not published: the value had changed meanwhile."""
    with registry.engine.begin() as connection:
        connection.execute(
            sa.update(CORRECTIONS)
            .where(CORRECTIONS.c.correction_id == correction_id)
            .values(state="superseded", decision_reason=reason)
        )


def correction(registry: Registry, correction_id: int) -> Correction:
    """The correction of that number.

    Raises: LookupError with a French sentence where there is none.
    """
    found = _rows(
        registry, sa.select(CORRECTIONS).where(CORRECTIONS.c.correction_id == correction_id)
    )
    if not found:
        raise LookupError(f"Aucune correction ne porte le numéro {correction_id}.")
    return found[0]


def corrections_for(
    registry: Registry, caisses: Iterable[str], states: Iterable[State] = ()
) -> list[Correction]:
    """The corrections of values of these caisses, newest first, of the given states if any."""
    query = sa.select(CORRECTIONS).where(CORRECTIONS.c.caisse_code.in_(list(caisses)))
    wanted = list(states)
    if wanted:
        query = query.where(CORRECTIONS.c.state.in_(wanted))
    return _rows(registry, query.order_by(CORRECTIONS.c.correction_id.desc()))


def _rows(registry: Registry, query: sa.Select[Any]) -> list[Correction]:
    with registry.engine.connect() as connection:
        return [Correction(**row) for row in connection.execute(query).mappings()]
