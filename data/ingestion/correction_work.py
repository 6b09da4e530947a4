"""The process that works a correction out, or publishes it.

``python -m data.ingestion.correction_work HOME CORRECTION NUMBER``: a process of its own, less
urgent than the server, as for imports.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from data.ingestion.corrections import (
    Work,
    as_received,
    folder_of,
    read_job,
    trial_build_id,
)
from data.ingestion.outcome import COUNTED, ImportRecord
from data.ingestion.prepared import NewExtract, Prepared, keep, kept
from data.ingestion.preview import preview
from data.ingestion.publish import Request, commit, kept_folder, lake_path, recover
from data.ingestion.sentences import written
from data.models.build import build, build_id
from data.models.corrections import write_correction
from data.store.corrections import CONTRACT, Correction, correction, supersede
from data.store.drafts import forget_candidates, read_json, write_json
from data.store.files import keep_raw, sha256_of
from data.store.home import Home
from data.store.lock import publication_lock
from data.store.registry import Extract, Registry, now

LESS_URGENT = 10
LOG = logging.getLogger(__name__)
FAILED = (
    "Le calcul s’est arrêté sur une erreur imprévue. Rien n’a été publié ; la cause est dans le "
    "journal du serveur. Relancez-le ; s’il échoue encore, signalez-le avec l’heure."
)


class ValueChangedError(ValueError):
    """What is served is no longer the value that the proposal speaks of; a French sentence."""


def main(arguments: Sequence[str]) -> int:
    """Do the work that a correction waits for; returns 0, or 1 where it failed."""
    root, correction_id, number = arguments
    os.nice(LESS_URGENT)
    return work(Home(Path(root)), int(correction_id), int(number))


def work(home: Home, correction_id: int, number: int) -> int:
    """Work out a proposal or publish it, and write its report; returns 0, or 1 where it failed."""
    registry = Registry(home)
    one, job = correction(registry, correction_id), read_job(home, correction_id)
    kind: Work = job.kind if job is not None else "trial"
    person = read_json(folder_of(home, correction_id) / f"person-{number}.json")
    report: dict[str, Any] = {"failure": None, "served": home.current_build_id()}
    try:
        with publication_lock(home):
            recover(home, registry)
            report["served"] = home.current_build_id()
            if kind == "trial":
                _keep_trial(home, registry, one, number)
            else:
                report["served"] = _publish(home, registry, one, str(person))
    except ValueChangedError as error:
        report["failure"] = str(error)
        if one.state == "accepted":
            supersede(registry, correction_id, str(error))
    except TimeoutError as error:
        report["failure"] = str(error)
    except Exception as error:  # The page waits for a sentence, whatever happened.
        LOG.exception("Correction %s failed: %s", correction_id, type(error).__name__)
        report["failure"] = FAILED
    report["ended_at"] = now()
    write_json(folder_of(home, correction_id) / f"report-{number}.json", report)
    return 1 if report["failure"] else 0


def _keep_trial(home: Home, registry: Registry, one: Correction, number: int) -> None:
    """Leave the build that accepting would serve beside the proposal, the former ones removed."""
    forget_candidates(folder_of(home, one.correction_id))
    candidate = home.build_path(trial_build_id(one.correction_id, number))
    shaped = _worked_out(home, registry, one)
    keep(shaped, kept_folder(candidate), candidate)


def _publish(home: Home, registry: Registry, one: Correction, person: str) -> str:
    """Serve the correction; returns the build. The trial is served where it still stands."""
    if one.state != "accepted":
        raise ValueChangedError("Cette correction n’est pas acceptée : rien n’est publié.")
    live = registry.extracts_of(home.current_build_id())
    digest = _raw(home, one)
    if digest in {extract.sha256 for extract in live}:
        return str(home.current_build_id())
    found = _kept_trial(home, registry, one) or _worked_out(home, registry, one)
    reason = f"Correction n° {one.correction_id} : {one.motive}"
    request = Request(person=person, action="correction", reason=reason[:500])
    commit(home, registry, request, found)
    return found.build_id


def _kept_trial(home: Home, registry: Registry, one: Correction) -> Prepared | None:
    """The publication that the trial kept, where it would still be the same."""
    for candidate in folder_of(home, one.correction_id).glob("candidate-*.duckdb"):
        found = kept(home, registry, kept_folder(candidate), candidate, _origin(registry, one))
        if found is not None:
            return found
    return None


def _worked_out(home: Home, registry: Registry, one: Correction) -> Prepared:
    """The publication of the correction over what is served.

    Raises: ValueChangedError where the value served is no longer the one to be corrected.
    """
    served = home.current_build_id()
    _check_unchanged(home, one)
    work = home.work / f"{os.getpid()}-{secrets.token_hex(4)}"
    work.mkdir()
    rows = work / "correction.parquet"
    write_correction(one, rows)
    digest = _raw(home, one)
    extract = Extract(
        extract_id=registry.next_extract_id(digest),
        sha256=digest,
        contract=CONTRACT,
        file_name=f"correction-{one.correction_id}.json",
        state="pending",
        origin=_origin(registry, one),
        replaces=False,
        received_by=one.proposed_by,
        received_at=now(),
        row_count=1,
    )
    live = registry.extracts_of(served)
    extracts = [*live, extract]
    rows_of = {e.extract_id: lake_path(home, e) for e in live} | {extract.extract_id: rows}
    candidate = work / f"{build_id(extracts)}.duckdb"
    findings = registry.findings_of([e.extract_id for e in live])
    build(extracts, rows_of, findings, candidate, home.workings)
    effect = preview("cpg", home.build_path(str(served)), candidate)
    return Prepared(
        served=served,
        extracts=extracts,
        new=[NewExtract(extract, rows, [])],
        brought=[extract.extract_id],
        rejected=[],
        unread=[],
        candidate=candidate,
        record=ImportRecord(
            [_file_record(extract)], {"cpg": {name: getattr(effect, name) for name in COUNTED}}
        ),
    )


def _file_record(extract: Extract) -> dict[str, Any]:
    return {
        "file_name": extract.file_name,
        "state": "published",
        "sentence": "",
        "extract_id": extract.extract_id,
        "contract": CONTRACT,
        "error_total": 0,
        "warning_total": 0,
        "stages": {},
    }


def _raw(home: Home, one: Correction) -> str:
    """Keep the proposal among the received files; returns its digest."""
    path = folder_of(home, one.correction_id) / f"correction-{one.correction_id}.json"
    path.write_text(
        json.dumps(as_received(one), ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
    )
    digest = sha256_of(path)
    keep_raw(home, path, digest)
    return digest


def _origin(registry: Registry, one: Correction) -> str:
    """The origin of the extract whose value is corrected: made-up data stay made up."""
    origins = {extract.extract_id: extract.origin for extract in registry.extracts()}
    return origins.get(one.of_extract_id, "received")


def _check_unchanged(home: Home, one: Correction) -> None:
    found = _served_value(home, one)
    if found != one.old_value:
        raise ValueChangedError(
            f"La valeur a changé depuis la proposition : {written(one.old_value)} alors, "
            f"{written(found)} maintenant. La correction ne s’applique plus."
        )


def _served_value(home: Home, one: Correction) -> float | None:
    """The value that is served for the cell of a correction."""
    path = str(home.build_path(str(home.current_build_id()))).replace("'", "''")
    is_objective = one.column_name == "objective"
    mart = "cpg_objectives" if is_objective else "cpg_provenance"
    when = "year = year(cast($month as date))" if is_objective else "month = cast($month as date)"
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{path}' as live (read_only)")
        row = connection.execute(
            f'select "{one.column_name}" from live."{mart}" where caisse_code = $caisse '
            f"and indicator_code = $indicator and {when}",
            {"caisse": one.caisse_code, "indicator": one.indicator_code, "month": one.month},
        ).fetchone()
    return None if row is None or row[0] is None else float(row[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
