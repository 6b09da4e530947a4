"""The process that checks or publishes a draft: ``python -m data.ingestion.draft_work HOME DRAFT``.

A process of its own, less urgent than the server: people who browse are not slowed down, and what
it does outlives the server.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from access.policy import policy
from data.contracts.model import contracts
from data.ingestion.context import Context, context_of
from data.ingestion.drafts import outside_perimeter
from data.ingestion.heading_proposals import proposals
from data.ingestion.outcome import Outcome, previews, record_of
from data.ingestion.publish import (
    Request,
    ServedChangedError,
    publish,
    publish_kept,
    settled,
)
from data.ingestion.recognise import ReadingChoice
from data.ingestion.stages import REPORT_VERSION, stage_of
from data.ingestion.unusual import ROWS_OF, spoken_of, touched, unusual_cells
from data.ingestion.validate import Validation
from data.store import drafts
from data.store.drafts import Draft, DraftFile
from data.store.home import Home
from data.store.imports import remembered_headings
from data.store.registry import Registry, now

LESS_URGENT = 10
UNUSUAL_KEPT = 200
CPG = "cpg"
LOG = logging.getLogger(__name__)
FAILED = (
    "Le contrôle s’est arrêté sur une erreur imprévue. Rien n’a été publié ; la cause est dans le "
    "journal du serveur. Relancez-le ; s’il échoue encore, abandonnez le dépôt et signalez-le avec "
    "l’heure."
)


def main(arguments: Sequence[str]) -> int:
    """Do the work that a draft waits for; returns 0, or 1 where it failed."""
    root, draft_id = arguments
    os.nice(LESS_URGENT)
    home = Home(Path(root))
    draft = drafts.load(home, draft_id)
    if draft is None or draft.job is None:
        return 1
    return work(home, draft)


def work(home: Home, draft: Draft) -> int:
    """Check or publish a draft and write its report; returns 0, or 1 where it failed."""
    is_check = draft.job is not None and draft.job.kind == "check"
    try:
        report = _check(home, draft) if is_check else _publish(home, draft)
    except (ServedChangedError, TimeoutError) as error:
        report = _failure(str(error))
    except Exception as error:  # The page waits for a sentence, whatever happened.
        LOG.exception("Draft %s failed: %s", draft.draft_id, type(error).__name__)
        report = _failure(FAILED)
    drafts.write_json(drafts.report_path(home, draft), report | {"version": REPORT_VERSION})
    return 1 if report["failure"] else 0


def _failure(sentence: str) -> dict[str, Any]:
    return {"failure": sentence, "files": [], "effect": {}, "served": None, "ended_at": now()}


class _Progress:
    """Tells the page which file is at which stage."""

    def __init__(self, home: Home, draft: Draft) -> None:
        self._path = drafts.progress_path(home, draft)
        self._number = draft.job.number if draft.job else 0
        self._file = -1

    def __call__(self, stage: str) -> None:
        """Called by the import before each stage; a sentence is told while it waits."""
        if stage == "validate":
            self._file += 1
        waiting = stage if " " in stage else None
        drafts.write_json(
            self._path,
            {
                "number": self._number,
                "file": self._file,
                "stage": "lock" if waiting else stage,
                "waiting": waiting,
            },
        )


def _reading_choice(file: DraftFile) -> ReadingChoice:
    return ReadingChoice(file.contract, file.sheet, file.header_row, file.headings)


def _run(home: Home, draft: Draft, request: Request) -> list[Outcome]:
    return publish(
        _paths(home, draft),
        home,
        request,
        [file.name for file in draft.files],
        [_reading_choice(file) for file in draft.files],
    )


def _paths(home: Home, draft: Draft) -> list[Path]:
    return [drafts.file_path(home, draft, index) for index in range(len(draft.files))]


def _check(home: Home, draft: Draft) -> dict[str, Any]:
    served = settled(home)
    candidate = home.build_path(draft.trial_build_id)
    folder = drafts.folder_of(home, draft.draft_id)
    drafts.forget_candidates(folder)
    progress = _Progress(home, draft)
    request = Request(
        person=draft.person,
        replaces=draft.replaces,
        origin=draft.origin,
        dry_run=True,
        seen_build=served or "",
        keep_candidate=candidate,
        progress=progress,
    )
    outcomes = _run(home, draft, request)
    progress("report")
    report = {
        "failure": None,
        "served": served,
        "files": [
            _file_report(home, draft, index, outcome) for index, outcome in enumerate(outcomes)
        ],
        "spoken_of": _spoken_of(home, served, candidate, outcomes),
        "effect": _effect(home, served, candidate, outcomes),
        "ended_at": now(),
    }
    if outside_perimeter(policy().scope(draft.person), report):
        report = _without_comparison(report)
        drafts.forget_candidates(folder)
    return report | {"has_candidate": candidate.is_file()}


def _spoken_of(
    home: Home, served: str | None, candidate: Path, outcomes: Sequence[Outcome]
) -> list[str]:
    """The caisses that the files speak of, where these are what senders send."""
    live = home.build_path(served) if served else None
    known = [contract for contract in previews(outcomes) if contract in ROWS_OF]
    return sorted({place for name in known for place in spoken_of(live, candidate, name)})


def _without_comparison(report: dict[str, Any]) -> dict[str, Any]:
    """The report without what tells of the figures served: they are not the person's.

    Told what changes, somebody could guess the figures of others, value by value.
    """
    files = [_without_coherence(file) for file in report["files"]]
    return report | {"files": files, "effect": {}}


def _without_coherence(file: dict[str, Any]) -> dict[str, Any]:
    """A file's report without the findings of the last stage, nor how many there were."""

    def is_told(rule: str) -> bool:
        return stage_of(rule, file["contract"]) != "coherence"

    withheld = sum(total for rule, total in file["totals"].items() if not is_told(rule))
    return file | {
        "warnings": [found for found in file["warnings"] if is_told(found["rule"])],
        "warning_total": file["warning_total"] - withheld,
        "totals": {rule: total for rule, total in file["totals"].items() if is_told(rule)},
    }


def _publish(home: Home, draft: Draft) -> dict[str, Any]:
    """Publish what the check kept or, where that no longer holds, everything anew."""
    folder = drafts.folder_of(home, draft.draft_id)
    checked = _number(draft) - 1
    former = drafts.read_json(folder / f"report-{checked}.json")
    shown = (former or {}).get("served")
    request = Request(
        person=draft.publisher or draft.person,
        received_by=draft.person,
        replaces=draft.replaces,
        origin=draft.origin,
        reason=draft.reason,
        seen_build=shown or "",
        signed=draft.signed,
        progress=_Progress(home, draft),
    )
    candidate = home.build_path(draft.trial_of(checked))
    published: str | None
    kept = publish_kept(_paths(home, draft), home, request, candidate)
    if kept is not None:
        published, record = kept
    else:
        outcomes = _run(home, draft, request)
        record = record_of(outcomes)
        published = next((o.build_id for o in outcomes if o.state == "published"), None)
    return {
        "failure": None,
        "served": published,
        "former": shown,
        "files": list(record.files),
        "effect": record.effect,
        "ended_at": now(),
    }


def _number(draft: Draft) -> int:
    return draft.job.number if draft.job else 0


def _file_report(home: Home, draft: Draft, index: int, outcome: Outcome) -> dict[str, Any]:
    """All that the page shows of a checked file."""
    path = drafts.file_path(home, draft, index)
    validation = outcome.validation
    report: dict[str, Any] = {
        "name": outcome.file_name,
        "state": outcome.state,
        "sentence": outcome.sentence,
        "contract": None,
        "reason": "",
        "candidates": [],
        "sheets": [],
        "sheet": None,
        "header_row": None,
        "mapping": {},
        "unmapped": [],
        "proposals": [],
        "row_count": 0,
        "rejected_rows": 0,
        "error_total": 0,
        "warning_total": 0,
        "totals": {},
        "errors": [],
        "warnings": [],
        "context": None,
    }
    if validation is None:
        return report
    findings = (*validation.errors, *validation.warnings)
    context = context_of(
        path,
        validation.sheet,
        validation.header_row,
        findings,
        validation.mapping.values(),
    )
    report |= {
        name: getattr(validation, name)
        for name in (
            *("contract", "reason", "candidates", "sheet", "header_row", "mapping", "unmapped"),
            *("row_count", "rejected_rows", "error_total", "warning_total", "totals"),
        )
    }
    return report | {
        "sheets": context.sheets,
        "proposals": _proposals(home, draft, validation, context),
        "errors": [finding.as_dict() for finding in validation.errors],
        "warnings": [finding.as_dict() for finding in validation.warnings],
        "context": asdict(context),
    }


def _proposals(
    home: Home, draft: Draft, validation: Validation, context: Context
) -> list[dict[str, Any]]:
    """What unknown headings may be; all of them where the contract told finds none of its own."""
    contract, unmapped = validation.contract, validation.unmapped
    if contract not in contracts():
        return []
    if not validation.mapping:
        unmapped = tuple(heading for heading in context.headings if heading)
    if not unmapped:
        return []
    remembered = remembered_headings(Registry(home), draft.sender).get(contract, {})
    found = proposals(contract, unmapped, validation.mapping, remembered)
    return [asdict(proposal) for proposal in found]


def _effect(
    home: Home, served: str | None, candidate: Path, outcomes: Sequence[Outcome]
) -> dict[str, Any]:
    """What would change, by contract; for the CPG, the cells that leave their limits too."""
    live = home.build_path(served) if served else None
    effects: dict[str, Any] = {}
    for contract, effect in previews(outcomes).items():
        places, years = touched(live, candidate, contract)
        effects[contract] = asdict(effect) | {
            "sentence": effect.sentence(),
            "territories": places,
            "years": years,
        }
        if contract == CPG:
            cells, judged = unusual_cells(live, candidate)
            effects[contract] |= {
                "unusual": [asdict(cell) for cell in cells[:UNUSUAL_KEPT]],
                "unusual_total": len(cells),
                "judged": judged,
            }
    return effects


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
