"""The page that imports: what was dropped, what is clicked, what is drawn for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from access.policy import AccessError
from access.scope import Scope
from components.address import asked, choose, keep
from components.blocks import FileToSend, Part, last_event, paint, send_file, when_clicked
from components.import_effect import flips_by_level, told_to
from components.importing_blocks import (
    drafts_html,
    failure_html,
    heading_html,
    interrupted_html,
    largest_mb,
    message_html,
    progress_html,
    published_html,
    report_html,
)
from components.importing_decision import requests_html
from components.importing_history import history_html, templates_html
from components.publication import publication
from components.session import require_scope, sign_in_is_configured
from data.ingestion import drafts, publication_requests
from data.ingestion.stages import advisories
from data.store.drafts import Draft
from figures.flips import cells_words, flips_html
from figures.formats import listed
from figures.import_effect import flips_words
from figures.markup import figure_block, text
from queries import cpg, store
from queries.run import QuestionError

DRAFT, BEFORE, AFTER, HISTORY = "brouillon", "avant", "apres", "historique"
ACT = "importer"
MESSAGE, DROPS = "vigie_import_message", "vigie_import_drops"
AT_WORK = ("checking", "publishing")
POLL_SECONDS = 1.0
YEARS_COMPARED = 2
PROGRESS = Part("importation", ("importation_cours",))
AS_RECEIVED = "application/octet-stream"
NOTHING = "<span hidden></span>"
OUTDATED = (
    "Une autre publication est arrivée depuis ce contrôle : relancez-le pour voir ce qui changera "
    "maintenant. Vos choix et vos signatures sont gardés."
)
REFUSALS = (AccessError, ValueError, LookupError, TimeoutError)


File = tuple[str, str, bytes]


@dataclass(frozen=True)
class FilesToGive:
    """What makes the files of the page: name, MIME type and bytes.

    Attributes:
        of_contract: from ``template`` or ``schema`` and the contract.
        checked: from the bytes as received, the sender's name and the file's report.
    """

    of_contract: Callable[[str, str], File]
    checked: Callable[[Path, str, Mapping[str, Any]], File]


def importing_page(scope: Scope, build_id: str | None, files: FilesToGive) -> None:
    """Draw the page for ``scope``; ``build_id`` is what is served, None before the first."""
    when_clicked(lambda: _take(scope))
    paint(heading_html(scope, not sign_in_is_configured()), "importer")
    if not scope.may("import"):
        _send_what_was_asked(scope, files, None, None)
        paint(f'<div class="v-below">{templates_html()}</div>', "importer_suite")
        return
    _uploader(scope, "demonstration" if _closes_the_doors(scope, build_id) else "received")
    draft = publication_requests.open_to(scope, asked(DRAFT)) if asked(DRAFT) else None
    keep(DRAFT, draft.draft_id if draft else None)
    state = drafts.state_of(draft) if draft else None
    if draft is None:
        drafts.close_published(scope)
    open_id = draft.draft_id if draft else None
    waiting = requests_html(publication_requests.waiting_for(scope), open_id)
    waiting += drafts_html(drafts.own_drafts(scope), open_id)
    said = message_html(st.session_state.pop(MESSAGE, None))
    paint(f'<div class="v-below">{said}{waiting}</div>', "importer_depots")
    _watched(scope, draft, state)
    report = drafts.report_of(draft) if draft and state in {"checked", "published"} else None
    report = None if report is None else told_to(scope, report)
    _send_what_was_asked(scope, files, draft, report)
    shown = NOTHING if draft is None else _draft_html(scope, draft, state, report, build_id)
    paint(f'<div class="v-column">{shown}</div>', "importer_rapport")
    suite = history_html(scope, asked(HISTORY) == "tout", store.builds())
    keep(HISTORY, asked(HISTORY) or None)
    suite += _comparison_html(scope, build_id) + templates_html()
    paint(f'<div class="v-below">{suite}</div>', "importer_suite")


def _uploader(scope: Scope, origin: str) -> None:
    """Where files are dropped; what comes is kept at once, and the place is empty again.

    ``origin``: what the extracts are likely to be published as, which the check builds for.
    """
    drop = st.session_state.setdefault(DROPS, 0)
    largest = largest_mb()
    with st.container(key="depot_fichiers"):
        dropped = st.file_uploader(
            f"Fichiers CSV, XLSX, XLS, ODS, ou ZIP de ceux-ci ; {largest} Mo au plus chacun",
            accept_multiple_files=True,
            max_upload_size=largest,
            key=f"depot_{drop}",
        )
    if not dropped:
        return
    st.session_state[DROPS] = drop + 1
    try:
        draft = drafts.open_draft(scope, [(file.name, file) for file in dropped], origin)
    except REFUSALS as error:
        st.session_state[MESSAGE] = str(error)
    else:
        if draft is not None:
            choose(DRAFT, draft.draft_id)
    st.rerun()


def _watched(scope: Scope, draft: Draft | None, state: str | None) -> None:
    """Follow the process at work, in a fragment that alone runs again until it has ended."""
    if draft is None or state not in AT_WORK:
        return
    PROGRESS.open()
    st.fragment(_progress, run_every=POLL_SECONDS)(draft.draft_id)


def _progress(draft_id: str) -> None:
    scope = require_scope()
    draft = publication_requests.open_to(scope, draft_id)
    state = drafts.state_of(draft) if draft else None
    if draft is None or state not in AT_WORK:
        st.rerun()
    html = progress_html(draft, str(state), drafts.progress_of(draft))
    PROGRESS.connect({"importation_cours": html}, lambda _event: None)


def _draft_html(
    scope: Scope,
    draft: Draft,
    state: str | None,
    report: Mapping[str, Any] | None,
    build_id: str | None,
) -> str:
    if not draft.files:
        return failure_html(" ".join(draft.refused))
    if state in AT_WORK:
        return NOTHING
    if report is None:
        return interrupted_html(draft, draft.person == scope.person)
    if report["failure"]:
        return failure_html(report["failure"], draft.person == scope.person)
    if state == "published":
        return published_html(scope, report)
    if drafts.is_outdated(draft, report):
        return failure_html(OUTDATED, draft.person == scope.person)
    return report_html(scope, draft, report, _closes_the_doors(scope, build_id))


def _closes_the_doors(scope: Scope, build_id: str | None) -> bool:
    """Whether received extracts would close the pages, since nobody can be recognised."""
    if sign_in_is_configured():
        return False
    return build_id is None or publication(scope, build_id).demonstration_count == 0


def _comparison_html(scope: Scope, build_id: str | None) -> str:
    """What differs between the two publications of the address."""
    before, after = asked(BEFORE), asked(AFTER)
    known = set(store.builds()["build_id"])
    keep(BEFORE, before or None)
    keep(AFTER, after or None)
    if build_id is None or before not in known or after not in known:
        return ""
    if before == after:
        return figure_block("comparaison", "Deux fois la même publication", "", "", "")
    years = tuple(sorted(publication(scope, after).years)[-YEARS_COMPARED:])
    if not years:
        return figure_block("comparaison", "Aucun résultat du CPG à comparer", "", "", "")
    try:
        cells = {year: cpg.changes(scope, after, before, "caisse", year).cells for year in years}
        groups = flips_by_level(scope, after, before, years)
    except QuestionError as error:
        return figure_block("comparaison", "Comparaison impossible", str(error), "", "")
    said = flips_words([flip.change for known_flips in groups.values() for flip in known_flips])
    title = f"{said or 'Les états sont les mêmes'}, en {listed([str(year) for year in years])}"
    told = "".join(
        f"<li><b>{year}</b> : {text(cells_words(counts))}</li>" for year, counts in cells.items()
    )
    body = f'<ul class="v-said">{told}</ul>{flips_html(groups)}'
    return figure_block(
        "comparaison", title, f"De {before[:8]} à {after[:8]}, dans votre périmètre.", body, ""
    )


def _take(scope: Scope) -> None:
    """Do what was clicked, before the page is drawn again; a refusal is kept to be told."""
    event = last_event() or {}
    if event.get("act") != ACT:
        return
    deed, value = str(event.get("do")), str(event.get("value") or "")
    try:
        if deed == "rollback":
            drafts.roll_back_to(scope, value, str(event.get("reason") or ""))
        elif deed == "compare":
            choose(BEFORE, str(event.get(BEFORE) or ""))
            choose(AFTER, str(event.get(AFTER) or ""))
        else:
            _take_of_draft(scope, deed, value, event)
    except REFUSALS as error:
        st.session_state[MESSAGE] = str(error)


def _take_of_draft(scope: Scope, deed: str, value: str, event: Mapping[str, Any]) -> None:
    """Do what was clicked on the draft that is open."""
    draft = publication_requests.open_to(scope, asked(DRAFT))
    if draft is None:
        return
    if deed in DECIDED:
        DECIDED[deed](scope, draft, event)
    elif deed == "check":
        drafts.check(scope, draft)
    elif deed == "give_up":
        drafts.give_up(scope, draft)
        choose(DRAFT, "")
    elif deed == "close":
        choose(DRAFT, "")
    elif deed == "publish":
        is_trial = event.get("origin") == "demonstration"
        reason = str(event.get("reason") or "")
        drafts.publish_draft(scope, draft, reason, "demonstration" if is_trial else "received")
    elif deed == "sign":
        _sign(scope, draft, value, str(event.get("reason") or ""))
    elif deed == "read":
        _read_otherwise(scope, draft, int(value), event)
    elif deed == "forget":
        index, _, heading = value.partition("|")
        report = drafts.report_of(draft)
        if report is not None:
            contract = report["files"][int(index)]["contract"]
            drafts.forget_heading(scope, draft, int(index), contract, heading)
    elif deed == "headings":
        _confirm_headings(scope, draft, int(value), event)


def _decline(scope: Scope, draft: Draft, event: Mapping[str, Any]) -> None:
    publication_requests.decline(scope, draft, str(event.get("reason") or ""))
    choose(DRAFT, "")


DECIDED: Mapping[str, Callable[[Scope, Draft, Mapping[str, Any]], object]] = {
    "ask": lambda scope, draft, event: publication_requests.ask(
        scope, draft, str(event.get("reason") or "")
    ),
    "decline": _decline,
    "sender": lambda scope, draft, event: drafts.set_sender(
        scope, draft, str(event.get("sender") or "")
    ),
    "replace": lambda scope, draft, _event: drafts.set_replaces(scope, draft, True),
    "complete": lambda scope, draft, _event: drafts.set_replaces(scope, draft, False),
}
"""What is decided of a whole draft, by the name of its button."""


def _sign(scope: Scope, draft: Draft, value: str, reason: str) -> None:
    report = drafts.report_of(draft) or {"files": []}
    points = drafts.unsigned(draft, report) if value == "all" else []
    if value != "all":
        points = [advisories(report["files"])[int(value)]]
    drafts.sign_off(scope, draft, [(point.file, point.rule) for point in points], reason)


def _read_otherwise(scope: Scope, draft: Draft, index: int, event: Mapping[str, Any]) -> None:
    written = str(event.get("header_row") or "").strip()
    if written and not written.isdecimal():
        raise ValueError("La ligne des titres est un nombre, compté à partir de 1.")
    drafts.read_otherwise(
        scope,
        draft,
        index,
        str(event.get("contract") or "") or None,
        str(event.get("sheet") or "") or None,
        int(written) if written else None,
    )


def _confirm_headings(scope: Scope, draft: Draft, index: int, event: Mapping[str, Any]) -> None:
    report = drafts.report_of(draft)
    if report is None:
        return
    file = report["files"][index]
    seen = [(one["heading"], None) for one in file["proposals"]]
    seen += [(heading, column) for column, heading in file["mapping"].items()]
    told = {}
    for at, (heading, read_as) in enumerate(seen):
        chosen = event.get(f"titre_{at}")
        # A heading that is recognised is told only where it is to be read otherwise.
        if chosen is not None and chosen != read_as:
            told[heading] = str(chosen or drafts.NOT_KEPT)
    if told:
        drafts.confirm_headings(scope, draft, index, file["contract"], told)


def _send_what_was_asked(
    scope: Scope, files: FilesToGive, draft: Draft | None, report: Mapping[str, Any] | None
) -> None:
    """Have the browser save the file that the last click asked for."""
    event = last_event() or {}
    if event.get("act") != ACT:
        return
    deed, value = str(event.get("do")), str(event.get("value") or "")
    try:
        file = _file_asked(scope, files, draft, report, deed, value)
    except REFUSALS as error:
        st.session_state[MESSAGE] = str(error)
        return
    if file is not None:
        send_file(FileToSend(*file))


def _file_asked(
    scope: Scope,
    files: FilesToGive,
    draft: Draft | None,
    report: Mapping[str, Any] | None,
    deed: str,
    value: str,
) -> File | None:
    if deed in {"template", "schema"}:
        return files.of_contract(deed, value)
    if deed == "original":
        name, content = drafts.extract_original(scope, value)
        return name, AS_RECEIVED, content
    if draft is None or deed not in {"received", "annotated"}:
        return None
    index = int(value)
    path, name = drafts.received_path(scope, draft, index), draft.files[index].name
    if deed == "received":
        return name, AS_RECEIVED, path.read_bytes()
    return None if report is None else files.checked(path, name, report["files"][index])
