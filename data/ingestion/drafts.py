"""From what a person drops to what is published: the steps of a draft, and who may take them."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import IO, Any, Literal

from access.policy import AccessError
from access.scope import Scope
from data.contracts.model import contracts
from data.ingestion.archive import opened
from data.ingestion.file_names import caisse_told
from data.ingestion.publish import roll_back
from data.ingestion.stages import REPORT_VERSION, Advisory, advisories
from data.reference.territories import territories
from data.store import drafts
from data.store.drafts import Draft, DraftFile
from data.store.home import PROJECT, Home
from data.store.imports import KeptImport, imports, remember_headings, remembered_headings
from data.store.registry import Extract, Registry, now

NOT_KEPT = ""
RIGHTS = {
    "import": "importer des fichiers",
    "publish": "publier",
    "rollback": "revenir à une publication antérieure",
}
LONGEST_REASON = 500
SENDERS_CONTRACTS = ("cpg", "adhesions", "msap")
"""What caisses send of themselves: nobody publishes it of caisses that are not theirs."""


def open_draft(
    scope: Scope, dropped: Sequence[tuple[str, IO[bytes]]], origin: str = "received"
) -> Draft | None:
    """Keep what a person dropped and start its checks; None where nothing could be kept.

    Raises: AccessError where the person may not import.
    """
    _check_right(scope, "import")
    home, registry = _home()
    received, refused = opened(dropped)
    if not received and not refused:
        return None
    draft = drafts.new_draft(
        home,
        person=scope.person,
        label=scope.label,
        sender=_sender_of([name for name, _, _ in received], scope),
        received=received,
        refused=refused,
        origin=origin,
    )
    registry.audit(scope.person, "draft opened", draft.draft_id)
    if not draft.files:
        return draft
    return check(scope, with_remembered(home, registry, draft))


def with_remembered(home: Home, registry: Registry, draft: Draft) -> Draft:
    """The draft, its sender's headings read as they were confirmed before."""
    known = {
        contract: {heading: column for heading, column in told.items() if column}
        for contract, told in remembered_headings(registry, draft.sender).items()
    }
    known = {contract: told for contract, told in known.items() if told}
    files = tuple(replace(file, headings=known) for file in draft.files)
    changed = replace(draft, files=files)
    drafts.save(home, changed)
    return changed


def _sender_of(names: Sequence[str], scope: Scope) -> str:
    """The caisse that the files' names tell, else who brings them."""
    return caisse_told(names) or scope.person


def own_draft(scope: Scope, draft_id: str) -> Draft | None:
    """The person's draft of that identifier; None where there is none of theirs."""
    draft = drafts.load(_home()[0], draft_id)
    return draft if draft is not None and draft.person == scope.person else None


def own_drafts(scope: Scope) -> list[Draft]:
    """The person's drafts, newest first."""
    return drafts.drafts_of(_home()[0], scope.person) if scope.may("import") else []


def state_of(draft: Draft) -> drafts.State:
    """How far the draft is."""
    return drafts.state_of(_home()[0], draft)


def progress_of(draft: Draft) -> Mapping[str, Any]:
    """Where the process at work is: ``file`` (from 0), ``stage``, ``waiting``; empty before."""
    found = drafts.read_json(drafts.progress_path(_home()[0], draft))
    is_of_job = found and draft.job and found["number"] == draft.job.number
    return found if is_of_job else {}


def report_of(draft: Draft) -> dict[str, Any] | None:
    """What the work asked last came to; None before, or where another version told it."""
    report = drafts.read_json(drafts.report_path(_home()[0], draft))
    return report if report and report.get("version") == REPORT_VERSION else None


def is_outdated(draft: Draft, report: Mapping[str, Any]) -> bool:
    """Whether the effect that a check told is no longer what publishing would do."""
    home, _ = _home()
    is_lost = report["has_candidate"] and not home.build_path(draft.trial_build_id).is_file()
    return is_lost or report["served"] != home.current_build_id()


def check(scope: Scope, draft: Draft) -> Draft:
    """Start the checks of a draft, again where something was changed."""
    if is_asked_of(scope, draft):
        return _started(draft, "check", keeps_request=True)
    _check_own(scope, draft, "import")
    return _started(draft, "check")


def is_asked_of(scope: Scope, draft: Draft) -> bool:
    """Whether somebody else asks that the draft be published, and this person may do so."""
    if draft.request is None or draft.person == scope.person or not scope.may("publish"):
        return False
    return scope.home_territory == "FR" or draft.request["territory"] in scope.own


def publish_draft(
    scope: Scope, draft: Draft, reason: str, origin: Literal["received", "demonstration"]
) -> Draft:
    """Start publishing what was shown, its extracts as received, or as a trial open to anybody.

    Somebody else's draft is published where its person asks for it.

    Raises: AccessError where the person may not publish this, ValueError where something is still
        to be decided; both with a French sentence.
    """
    if not is_asked_of(scope, draft):
        _check_own(scope, draft, "publish")
    report = report_of(draft)
    if state_of(draft) != "checked" or report is None or report["failure"]:
        raise ValueError("Le contrôle n’est pas terminé : attendez-le, ou relancez-le.")
    if not any(file["state"] == "checked" for file in report["files"]):
        raise ValueError("Aucun fichier de ce dépôt ne peut être publié.")
    outside = outside_perimeter(scope, report)
    if outside:
        raise AccessError(
            f"Ces fichiers parlent de caisses hors de votre périmètre : {', '.join(outside[:8])}."
        )
    left = unsigned(draft, report)
    if left:
        raise ValueError(
            f"Il reste {len(left)} point{'s' if len(left) > 1 else ''} à signer avant de publier."
        )
    asked = (draft.request or {}).get("reason")
    said = " ".join(reason.split())[:LONGEST_REASON] or asked or None
    publisher = None if draft.person == scope.person else scope.person
    decided = replace(draft, reason=said, origin=origin, publisher=publisher)
    return _started(decided, "publish", keeps_request=True)


def outside_perimeter(scope: Scope, report: Mapping[str, Any]) -> list[str]:
    """Caisses that are not the person's and of whose own sendings the draft speaks.

    Whether it would change them does not matter: that alone tells what they sent.
    """
    spoken_of = set(report.get("spoken_of", ()))
    for contract in SENDERS_CONTRACTS:
        spoken_of |= set(report["effect"].get(contract, {}).get("territories", ()))
    is_national = scope.home_territory == "FR"
    return [] if is_national else sorted(spoken_of - set(scope.own))


def give_up(scope: Scope, draft: Draft) -> None:
    """Remove a draft and its bytes; nothing of what is served changes."""
    _check_own(scope, draft, "import")
    home, registry = _home()
    drafts.drop(home, draft)
    registry.audit(scope.person, "draft given up", draft.draft_id)


def read_otherwise(
    scope: Scope,
    draft: Draft,
    index: int,
    contract: str | None,
    sheet: str | None,
    header_row: int | None,
) -> Draft:
    """Have one file read by a contract, a sheet or a line of headings that the person tells.

    Raises: ValueError with a French sentence for a contract or a line that cannot be.
    """
    _check_own(scope, draft, "import")
    if contract is not None and contract not in contracts():
        raise ValueError(f"Le contrat « {contract} » n’existe pas.")
    if header_row is not None and header_row < 1:
        raise ValueError("La ligne des titres se compte à partir de 1.")
    changed = replace(
        draft.files[index], contract=contract, sheet=sheet or None, header_row=header_row
    )
    return _started(_with_file(draft, index, changed), "check")


def confirm_headings(
    scope: Scope, draft: Draft, index: int, contract: str, told: Mapping[str, str]
) -> Draft:
    """Read headings as the person says, and remember it for the sender.

    Args:
        scope: who says it.
        draft: the draft.
        index: which file.
        contract: the contract that the headings were seen under.
        told: heading → column, ``NOT_KEPT`` for a heading to leave out.

    Raises: ValueError with a French sentence where a column does not exist or is told twice.
    """
    _check_own(scope, draft, "import")
    known = {column.name for column in contracts()[contract].columns}
    columns = [column for column in told.values() if column != NOT_KEPT]
    if unknown := set(columns) - known:
        raise ValueError(f"Le contrat n’a pas de colonne « {min(unknown)} ».")
    if len(set(columns)) < len(columns):
        raise ValueError("Deux titres ne peuvent pas désigner la même colonne : choisissez-en un.")
    _, registry = _home()
    remember_headings(
        registry,
        sender=draft.sender,
        contract=contract,
        told={heading: column or None for heading, column in told.items()},
        person=scope.person,
    )
    file = draft.files[index]
    kept = {heading: column for heading, column in told.items() if column != NOT_KEPT}
    headings = file.headings | {contract: file.headings.get(contract, {}) | kept}
    changed = replace(file, headings=headings)
    return _started(_with_file(draft, index, changed), "check")


def forget_heading(scope: Scope, draft: Draft, index: int, contract: str, heading: str) -> Draft:
    """Read a heading by the contract alone again, and forget what was told of it."""
    _check_own(scope, draft, "import")
    remember_headings(
        _home()[1],
        sender=draft.sender,
        contract=contract,
        told={heading: None},
        person=scope.person,
    )
    file = draft.files[index]
    left = {h: c for h, c in file.headings.get(contract, {}).items() if h != heading}
    changed = replace(file, headings=file.headings | {contract: left})
    return _started(_with_file(draft, index, changed), "check")


def sign_off(scope: Scope, draft: Draft, points: Sequence[tuple[str, str]], reason: str) -> Draft:
    """Accept advisories, with a reason that is kept with the publication.

    Args:
        scope: who signs.
        draft: the draft.
        points: (file, rule) of each.
        reason: why it is right to publish all the same.

    Raises: ValueError with a French sentence without a reason.
    """
    _check_own(scope, draft, "import")
    said = " ".join(reason.split())
    if not said:
        raise ValueError("Une signature demande un motif : dites pourquoi publier quand même.")
    if len(said) > LONGEST_REASON:
        raise ValueError(f"Le motif compte {len(said)} caractères ; {LONGEST_REASON} au plus.")
    kept = [one for one in draft.signed if (one["file"], one["rule"]) not in set(points)]
    added = [
        {"file": file, "rule": rule, "reason": said, "person": scope.person, "at": now()}
        for file, rule in points
    ]
    changed = replace(draft, signed=(*kept, *added))
    drafts.save(_home()[0], changed)
    return changed


def set_sender(scope: Scope, draft: Draft, sender: str) -> Draft:
    """Say who wrote the files: their headings are read as this sender's were confirmed before.

    Args:
        scope: who says it.
        draft: the draft.
        sender: the code of a caisse; empty for the person who brings the files.

    Raises: ValueError with a French sentence for what is no caisse.
    """
    _check_own(scope, draft, "import")
    if sender and sender not in senders():
        raise ValueError(f"« {sender} » n’est pas une caisse connue.")
    home, registry = _home()
    changed = replace(draft, sender=sender or scope.person)
    return _started(with_remembered(home, registry, changed), "check")


@cache
def senders() -> dict[str, str]:
    """The caisses that may have written a file: name by code, in the order of departments."""
    known = territories()
    caisses = known[known["level"] == "caisse"].sort_values("sort_key")
    return dict(zip(caisses["territory_code"], caisses["territory_name"], strict=True))


def set_replaces(scope: Scope, draft: Draft, replaces: bool) -> Draft:
    """Have the files replace all that their caisses sent for their years, or no longer."""
    _check_own(scope, draft, "import")
    return _started(replace(draft, replaces=replaces), "check")


def unsigned(draft: Draft, report: Mapping[str, Any]) -> list[Advisory]:
    """The advisories that nobody signed yet."""
    signed = {(one["file"], one["rule"]) for one in draft.signed}
    return [a for a in advisories(report["files"]) if (a.file, a.rule) not in signed]


def received_path(scope: Scope, draft: Draft, index: int) -> Path:
    """Where one file lies as it was received."""
    if not is_asked_of(scope, draft):
        _check_own(scope, draft, "import")
    return drafts.file_path(_home()[0], draft, index)


def close_published(scope: Scope) -> None:
    """Forget the drafts of the person that were published: the registry has all of them."""
    home, _ = _home()
    for draft in own_drafts(scope):
        if drafts.state_of(home, draft) == "published":
            report = report_of(draft)
            if report is not None and not report["failure"]:
                drafts.drop(home, draft)


def past_imports() -> list[KeptImport]:
    """What former imports did, newest first."""
    return imports(_home()[1])


def extract_original(scope: Scope, extract_id: str) -> tuple[str, bytes]:
    """Name and bytes of a file as it was received.

    Raises: AccessError where the person may not have it, LookupError where it is not kept; both
        with a French sentence.
    """
    home, registry = _home()
    extract = next((e for e in registry.extracts() if e.extract_id == extract_id), None)
    if extract is None or not may_download(scope, extract):
        raise AccessError("Ce fichier n’est remis qu’à la personne qui l’a déposé.")
    path = home.raw / extract.sha256
    if not path.is_file():
        raise LookupError("Le fichier d’origine n’est plus conservé ; son rapport l’est encore.")
    registry.audit(scope.person, "original downloaded", extract_id)
    return extract.file_name, path.read_bytes()


def may_download(scope: Scope, extract: Extract) -> bool:
    """Whether the person may have a file back: their own, or one that counts nobody's patients.

    Made-up files of what caisses send are as closed as received ones: who tries the product sees
    what it protects.
    """
    if not scope.may("import"):
        return False
    if extract.received_by == scope.person:
        return True
    return extract.origin != "received" and extract.contract not in SENDERS_CONTRACTS


def publications_kept() -> list[dict[str, Any]]:
    """Every publication, newest first, with the extracts that came with it (``new_extracts``)."""
    _, registry = _home()
    by_id = {extract.extract_id: extract for extract in registry.extracts()}
    extracts_of = registry.extract_ids_by_build()
    publications = registry.publications()
    seen: set[str] = set()
    for publication in reversed(publications):
        own = extracts_of.get(publication["build_id"], ())
        publication["new_extracts"] = [by_id[e] for e in own if e not in seen]
        seen.update(own)
    return publications


def within_reach(scope: Scope, publications: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Builds that a person may undo herself down to, what is served set aside.

    Who may publish takes back what she has published, until somebody else's publication: that
    build may be served again, none before it. Who may roll back reaches them all.

    Args:
        scope: of the person.
        publications: newest first, as ``publications_kept`` gives them.
    """
    if scope.may("rollback"):
        return frozenset(str(row["build_id"]) for row in publications)
    if not scope.may("publish"):
        return frozenset()
    reached = []
    for later, row in itertools.pairwise(publications):
        if later["published_by"] != scope.person:
            break
        reached.append(str(row["build_id"]))
    return frozenset(reached)


def roll_back_to(scope: Scope, build_id: str, reason: str) -> str:
    """Serve a former build again, with a reason that is kept.

    Raises: AccessError without the right, ValueError without a reason, LookupError where there is
        no such publication; all with a French sentence.
    """
    if build_id not in within_reach(scope, publications_kept()):
        _check_right(scope, "rollback")
    said = " ".join(reason.split())
    if not said:
        raise ValueError("Un retour en arrière demande un motif : dites pourquoi.")
    return roll_back(_home()[0], build_id, scope.person, said[:LONGEST_REASON])


def _with_file(draft: Draft, index: int, file: DraftFile) -> Draft:
    return replace(draft, files=(*draft.files[:index], file, *draft.files[index + 1 :]))


def _started(
    draft: Draft, kind: Literal["check", "publish"], *, keeps_request: bool = False
) -> Draft:
    """Start a process for the draft, unless one is at work on it.

    What is asked of somebody else was asked of what the last check showed.
    """
    home, _ = _home()
    if not keeps_request:
        draft = replace(draft, request=None)
    if drafts.state_of(home, draft) in {"checking", "publishing"}:
        raise ValueError("Ce dépôt est en cours de traitement : attendez qu’il soit terminé.")
    # Saved before the process looks: the number it works under is the one the page waits for.
    begun = drafts.begun(draft, kind, os.getpid())
    drafts.save(home, begun)
    process_id = _spawn(home, draft.draft_id)
    started = drafts.begun(draft, kind, process_id)
    drafts.save(home, started)
    return started


def _spawn(home: Home, draft_id: str) -> int:
    log = drafts.folder_of(home, draft_id) / "process.log"
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "data.ingestion.draft_work", str(home.root), draft_id],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    return process.pid


def _check_right(scope: Scope, action: str) -> None:
    if not scope.may(action):
        verb = RIGHTS[action]
        raise AccessError(f"{scope.label} n’a pas le droit de {verb}.")


def _check_own(scope: Scope, draft: Draft, action: str) -> None:
    _check_right(scope, action)
    if draft.person != scope.person:
        raise AccessError("Ce dépôt est celui d’une autre personne.")


def _home() -> tuple[Home, Registry]:
    home = Home.from_environment()
    return home, Registry(home)
