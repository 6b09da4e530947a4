"""What people write beside figures: who may, on which figure, and a trace of it.

A note is read by whoever may see its territory, with or without the right to small numbers: see
``READERS_NOTICE``, to be shown where one is written.
"""

from __future__ import annotations

from datetime import date

from access.policy import AccessError
from access.scope import Scope
from data.store import notes
from data.store.home import Home
from data.store.notes import Note, Rebase
from data.store.registry import Registry
from indicators.catalogue import catalogue

READERS_NOTICE = (
    "Cette note sera lue par tous ceux qui voient ce territoire : "
    "n’y écrivez pas d’effectif de patients de 1 à 10."
)


def add_note(
    scope: Scope,
    territory: str,
    indicator: str,
    year: int,
    body: str,
    month: int | None = None,
) -> Note:
    """Keep a note of ``scope``'s person on a figure; the month is left out for the whole year.

    Raises: AccessError where the person may not write there, ValueError for a text or a figure that
        cannot be; both with a French sentence.
    """
    _check(scope, territory, indicator)
    registry = _registry()
    kept = notes.add_note(
        registry,
        territory=territory,
        indicator=indicator,
        year=year,
        month=month,
        body=body,
        author=scope.person,
    )
    registry.audit(scope.person, "note", str(kept.note_id))
    return kept


def withdraw_note(scope: Scope, note_id: int) -> Note:
    """Take a note back, one's own or, with the right to publish, that of one's territory.

    Raises: LookupError where there is none that the person may read, AccessError where it is
        another's; both with a French sentence.
    """
    registry = _registry()
    _check_withdrawal(scope, notes.note(registry, note_id))
    withdrawn = notes.withdraw_note(registry, note_id, scope.person)
    registry.audit(scope.person, "note withdrawn", str(note_id))
    return withdrawn


def add_rebase(scope: Scope, territory: str, indicator: str, month: date, reason: str) -> Rebase:
    """Start the limits of a figure's control chart anew from ``month``, for a stated reason.

    Raises: AccessError where the person may not write there, ValueError for a missing reason, an
        unknown indicator or a month that starts anew already; both with a French sentence.
    """
    _check(scope, territory, indicator)
    registry = _registry()
    kept = notes.add_rebase(
        registry,
        territory=territory,
        indicator=indicator,
        month=month,
        reason=reason,
        author=scope.person,
    )
    registry.audit(scope.person, "rebase", str(kept.rebase_id))
    return kept


def withdraw_rebase(scope: Scope, rebase_id: int) -> Rebase:
    """Take a rebase back, one's own or, with the right to publish, that of one's territory.

    Raises: LookupError where there is none that the person may see, AccessError where it is
        another's; both with a French sentence.
    """
    registry = _registry()
    _check_withdrawal(scope, notes.rebase(registry, rebase_id))
    withdrawn = notes.withdraw_rebase(registry, rebase_id, scope.person)
    registry.audit(scope.person, "rebase withdrawn", str(rebase_id))
    return withdrawn


def _check_withdrawal(scope: Scope, kept: Note | Rebase) -> None:
    """Raises what ``withdraw_note`` and ``withdraw_rebase`` do where the person may not."""
    none, number, it = (
        ("Aucune note", kept.note_id, "la")
        if isinstance(kept, Note)
        else ("Aucun recalage", kept.rebase_id, "le")
    )
    if kept.territory_code not in scope.territories:
        raise LookupError(f"{none} ne porte le numéro {number}.")
    if not may_withdraw(scope, kept):
        raise AccessError(f"Seul son auteur, ou qui publie pour ce territoire, peut {it} retirer.")


def may_withdraw(scope: Scope, kept: Note | Rebase) -> bool:
    """Whether the person may take it back: the author, or who publishes for the territory."""
    if kept.withdrawn_at is not None or not scope.may_annotate(kept.territory_code):
        return False
    return kept.author == scope.person or scope.may("publish")


def _check(scope: Scope, territory: str, indicator: str) -> None:
    if not scope.may_annotate(territory):
        raise AccessError(f"{scope.label} ne peut pas annoter les chiffres de « {territory} ».")
    if indicator not in catalogue():
        raise ValueError(f"L’indicateur « {indicator} » n’existe pas.")


def _registry() -> Registry:
    return Registry(Home.from_environment())
