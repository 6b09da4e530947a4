"""Whoever checks a file and may not publish it asks somebody who may: two pairs of eyes."""

from __future__ import annotations

from dataclasses import replace

from access.policy import AccessError
from access.scope import Scope
from data.ingestion.drafts import (
    LONGEST_REASON,
    is_asked_of,
    is_outdated,
    outside_perimeter,
    own_draft,
    report_of,
    state_of,
    unsigned,
)
from data.store import drafts
from data.store.drafts import Draft
from data.store.home import Home
from data.store.registry import Registry, now


def ask(scope: Scope, draft: Draft, reason: str) -> Draft:
    """Ask that a checked draft be published by somebody who may.

    Args:
        scope: who asks; the draft is theirs.
        draft: the draft.
        reason: what it is, for whoever publishes and for history.

    Raises: AccessError for somebody else's draft, ValueError where something is still to be
        decided; both with a French sentence.
    """
    if draft.person != scope.person or not scope.may("import"):
        raise AccessError("Ce dépôt est celui d’une autre personne.")
    report = report_of(draft)
    if state_of(draft) != "checked" or report is None or report["failure"]:
        raise ValueError("Le contrôle n’est pas terminé : attendez-le, ou relancez-le.")
    if is_outdated(draft, report):
        raise ValueError("Une autre publication est arrivée depuis ce contrôle : relancez-le.")
    if not any(file["state"] == "checked" for file in report["files"]):
        raise ValueError("Aucun fichier de ce dépôt ne peut être publié.")
    outside = outside_perimeter(scope, report)
    if outside:
        raise AccessError(
            f"Ces fichiers changent des chiffres de caisses hors de votre périmètre : "
            f"{', '.join(outside[:8])}."
        )
    left = len(unsigned(draft, report))
    if left:
        raise ValueError(
            f"Il reste {left} point{'s' if left > 1 else ''} à signer avant de demander."
        )
    home, registry = _home()
    request = {"at": now(), "reason": _said(reason), "territory": scope.home_territory}
    changed = replace(draft, request=request, declined=None)
    drafts.save(home, changed)
    registry.audit(scope.person, "publication asked", draft.draft_id)
    return changed


def waiting_for(scope: Scope) -> list[Draft]:
    """The drafts that others ask this person to publish, the oldest request first."""
    home, _ = _home()
    if not scope.may("publish"):
        return []
    found = [
        draft
        for draft in drafts.every_draft(home)
        if is_asked_of(scope, draft) and drafts.state_of(home, draft) != "published"
    ]
    return sorted(found, key=lambda draft: (draft.request or {})["at"])


def open_to(scope: Scope, draft_id: str) -> Draft | None:
    """The draft of that identifier where it is the person's, or is asked of them; else None."""
    own = own_draft(scope, draft_id)
    if own is not None:
        return own
    found = drafts.load(_home()[0], draft_id)
    return found if found is not None and is_asked_of(scope, found) else None


def decline(scope: Scope, draft: Draft, reason: str) -> Draft:
    """Send a request back to its person, with what is to be done.

    Raises: AccessError where nothing is asked of this person, ValueError without a reason; both
        with a French sentence.
    """
    if not is_asked_of(scope, draft):
        raise AccessError("Cette demande ne vous est pas adressée.")
    said = _said(reason)
    if not said:
        raise ValueError("Un renvoi demande un motif : dites ce qu’il faut corriger.")
    home, registry = _home()
    if drafts.state_of(home, draft) == "publishing":
        raise ValueError("Ce dépôt est en cours de publication : attendez qu’il soit terminé.")
    declined = {"at": now(), "label": scope.label, "reason": said}
    changed = replace(draft, request=None, declined=declined)
    drafts.save(home, changed)
    registry.audit(scope.person, "publication declined", draft.draft_id)
    return changed


def _said(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]


def _home() -> tuple[Home, Registry]:
    home = Home.from_environment()
    return home, Registry(home)
