"""Corrections of single values: who may propose and decide them, and how they are served.

A proposal is worked out at once, in a process of its own: the build that would follow stays beside
it as a trial, so that whoever decides sees its effect by the ordinary questions, and accepting is
the publication of that very build. See ``docs/decisions/0021-corrections.md``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from access.policy import AccessError
from access.scope import Scope
from data.store import corrections as store
from data.store.corrections import Cell, Correction
from data.store.drafts import forget_candidates, is_alive, read_json, write_json
from data.store.home import PROJECT, TRIAL, Home
from data.store.registry import Registry

READERS_NOTICE = (
    "Motif et source seront lus par tous ceux qui voient cette caisse : "
    "n’y écrivez pas d’effectif de patients de 1 à 10."
)
REASON_TO_REFUSE = "le motif du refus : dites pourquoi la valeur reste celle de l’extrait"
NO_EFFECT_YET = (
    "L’effet sur les chiffres servis n’est pas connu, ou ne l’est plus depuis une autre "
    "publication : il est recalculé. Relisez-le avant d’accepter."
)
Work = Literal["trial", "publish"]


@dataclass(frozen=True)
class Job:
    """The work asked last for a correction, and what came of it.

    ``report`` is None while it is under way: ``failure`` (a sentence, or None) and ``served``, the
    build that the trial was compared with.
    """

    number: int
    kind: Work
    process_id: int
    report: dict[str, Any] | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether its process is still at it."""
        return self.report is None and is_alive(self.process_id)


def may_propose(scope: Scope, caisse: str) -> bool:
    """Whether the person may propose a correction for a caisse: who may import its extracts."""
    return scope.may("import") and caisse in scope.own


def may_decide(scope: Scope, one: Correction) -> bool:
    """Whether the person may decide: who publishes for the caisse, and did not propose it."""
    return (
        one.state == "proposed"
        and scope.may("publish")
        and one.caisse_code in scope.own
        and one.proposed_by != scope.person
    )


def may_withdraw(scope: Scope, one: Correction) -> bool:
    """Whether the person may take a proposal back: its author, while nobody decided."""
    return one.state == "proposed" and one.proposed_by == scope.person


def propose(scope: Scope, cell: Cell, *, new_value: float, motive: str, source: str) -> Correction:
    """Keep a proposal and start working out its effect.

    Args:
        scope: who proposes.
        cell: the value as it is served now.
        new_value: checked by ``correction_checks.check_value``.
        motive: why the value as sent is wrong.
        source: where the new value comes from.

    Raises: AccessError without the right, ValueError for what lacks; both with a French sentence.
    """
    if not may_propose(scope, cell.caisse_code):
        raise AccessError(f"{scope.label} ne peut pas corriger les valeurs de {cell.caisse_code}.")
    home, registry = _home()
    kept = store.propose(
        registry, cell, new_value=new_value, motive=motive, source=source, person=scope.person
    )
    registry.audit(scope.person, "correction proposed", str(kept.correction_id))
    start(home, kept, "trial", scope.person)
    return kept


def withdraw(scope: Scope, correction_id: int) -> Correction:
    """Take one's own proposal back. Raises AccessError, LookupError with a French sentence."""
    _, registry = _home()
    one = _readable(scope, registry, correction_id)
    if not may_withdraw(scope, one):
        raise AccessError("Seul son auteur peut retirer une proposition, tant qu’elle attend.")
    ended = store.decide(registry, correction_id, "withdrawn", scope.person, None)
    _drop_trial(correction_id)
    registry.audit(scope.person, "correction withdrawn", str(correction_id))
    return ended


def refuse(scope: Scope, correction_id: int, reason: str) -> Correction:
    """Refuse a proposal, with a reason.

    Raises: AccessError, LookupError or ValueError with a French sentence.
    """
    _, registry = _home()
    one = _readable(scope, registry, correction_id)
    _check_decision(scope, one)
    said = store.told(reason, REASON_TO_REFUSE)
    ended = store.decide(registry, correction_id, "refused", scope.person, said)
    _drop_trial(correction_id)
    registry.audit(scope.person, "correction refused", str(correction_id))
    return ended


def accept(scope: Scope, correction_id: int, reason: str = "") -> Correction:
    """Accept a proposal and start its publication.

    Nobody accepts what has no effect to be read over what is served now: it is worked out again,
    where no process is at it.

    Raises: AccessError, LookupError or ValueError with a French sentence.
    """
    home, registry = _home()
    one = _readable(scope, registry, correction_id)
    _check_decision(scope, one)
    if trial_of(correction_id, home.current_build_id()) is None:
        job = read_job(home, correction_id)
        if job is None or not job.is_at_work:
            start(home, one, "trial", scope.person)
        raise ValueError(NO_EFFECT_YET)
    said = store.told(reason, "") if reason.strip() else None
    accepted = store.decide(registry, correction_id, "accepted", scope.person, said)
    registry.audit(scope.person, "correction accepted", str(correction_id))
    start(home, accepted, "publish", scope.person)
    return accepted


def work_again(scope: Scope, correction_id: int) -> None:
    """Work out the effect again, or take up the publication of an accepted correction.

    Raises: AccessError, LookupError or ValueError with a French sentence.
    """
    home, registry = _home()
    one = _readable(scope, registry, correction_id)
    if not (scope.may("import") or scope.may("publish")) or one.caisse_code not in scope.own:
        raise AccessError(f"{scope.label} ne peut pas relancer ce calcul.")
    if one.state not in {"proposed", "accepted"}:
        raise ValueError("Cette correction n’attend plus rien.")
    kind: Work = "trial" if one.state == "proposed" else "publish"
    start(home, one, kind, one.decided_by or scope.person)


def _drop_trial(correction_id: int) -> None:
    """Remove a build that nobody will publish; a process still at it leaves one more behind."""
    forget_candidates(folder_of(_home()[0], correction_id))


def _readable(scope: Scope, registry: Registry, correction_id: int) -> Correction:
    one = store.correction(registry, correction_id)
    if one.caisse_code not in scope.territories:
        raise LookupError(f"Aucune correction ne porte le numéro {correction_id}.")
    return one


def _check_decision(scope: Scope, one: Correction) -> None:
    if one.state != "proposed":
        raise store.DecidedError("Cette correction n’attend plus de décision.")
    if one.proposed_by == scope.person:
        raise AccessError(
            "Qui propose une correction n’en décide pas : une autre personne doit le faire."
        )
    if not may_decide(scope, one):
        raise AccessError(f"{scope.label} ne publie pas pour {one.caisse_code}.")


def folder_of(home: Home, correction_id: int) -> Path:
    """Where the trial of a correction and what its process says lie."""
    return home.drafts / f"correction{correction_id}"


def trial_build_id(correction_id: int, number: int) -> str:
    """The build that accepting would serve, as the work of that number left it."""
    return f"{TRIAL}correction{correction_id}x{number}"


def job_of(correction_id: int) -> Job | None:
    """The work asked last for a correction; None before the first."""
    home, _ = _home()
    return read_job(home, correction_id)


def read_job(home: Home, correction_id: int) -> Job | None:
    """The work asked last for a correction of that home; None before the first."""
    folder = folder_of(home, correction_id)
    asked = read_json(folder / "job.json")
    if asked is None:
        return None
    return Job(**asked, report=read_json(folder / f"report-{asked['number']}.json"))


def trial_of(correction_id: int, served: str | None) -> str | None:
    """The trial that shows the effect over what is served now; None where there is none yet."""
    home, _ = _home()
    job = read_job(home, correction_id)
    if job is None or job.report is None or job.kind != "trial":
        return None
    identifier = trial_build_id(correction_id, job.number)
    is_current = job.report["served"] == served and not job.report["failure"]
    return identifier if is_current and home.build_path(identifier).is_file() else None


def start(home: Home, one: Correction, kind: Work, person: str) -> None:
    """Start a process for the correction, unless one is at work on it.

    Raises: ValueError with a French sentence where one is.
    """
    folder = folder_of(home, one.correction_id)
    folder.mkdir(parents=True, exist_ok=True)
    former = read_job(home, one.correction_id)
    if former is not None and former.is_at_work and kind == former.kind:
        raise ValueError("Le calcul est déjà en cours : attendez qu’il soit terminé.")
    number = former.number + 1 if former else 1
    # Saved before the process looks: the number it works under is the one the page waits for.
    job = {"number": number, "kind": kind, "process_id": os.getpid()}
    write_json(folder / "job.json", job)
    write_json(folder / f"person-{number}.json", person)
    process_id = _spawn(home, one.correction_id, number)
    write_json(folder / "job.json", job | {"process_id": process_id})


def _spawn(home: Home, correction_id: int, number: int) -> int:
    work = "data.ingestion.correction_work"
    with (folder_of(home, correction_id) / "process.log").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", work, str(home.root), str(correction_id), str(number)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    return process.pid


def as_received(one: Correction) -> dict[str, Any]:
    """The proposal as it is kept among the received files, without what was decided of it."""
    decided = {"state", "decided_by", "decided_at", "decision_reason"}
    return {
        name: value.isoformat() if name == "month" else value
        for name, value in asdict(one).items()
        if name not in decided
    }


def _home() -> tuple[Home, Registry]:
    home = Home.from_environment()
    return home, Registry(home)
