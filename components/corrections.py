"""The page of corrections: which value is looked at, what is clicked, what is drawn for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from access.policy import AccessError
from access.scope import Scope
from components.address import BUILD, asked, choice, choose, keep
from components.blocks import FileToSend, Part, last_event, paint, send_file, when_clicked
from components.clicks import file_asked
from components.corrections_blocks import (
    decision_html,
    form_html,
    heading_html,
    history_html,
    no_form_html,
    opened_html,
    pinned_html,
    waiting_html,
    working_html,
)
from components.header import View
from components.publication import publication, territory_map
from components.session import require_scope
from components.shown_corrections import effects_of, shown_correction
from data.ingestion import corrections as steps
from data.ingestion.correction_checks import CONTRACT, check_value
from data.store.corrections import Cell
from figures.correction_form import LiveValue, Typed
from figures.corrections import (
    COLUMNS,
    STATES,
    ShownCorrection,
    corrections_finding,
    corrections_records,
    unit_of,
)
from figures.exportable import Exportable
from figures.formats import french_key, month_name
from indicators.catalogue import catalogue
from queries import corrections as written
from queries.corrections import COUNTS, Known

CAISSE, INDICATOR, MONTH, COLUMN = "caisse", "indicateur", "mois", "colonne"
NUMBER, STATE = "numero", "etat"
ACT = "corriger"
MESSAGE, TYPED = "vigie_correction_message", "vigie_correction_typed"
EVERY = "toutes"
POLL_SECONDS = 1.0
PROGRESS = Part("corrections", ("correction_cours",))
REFUSALS = (AccessError, ValueError, LookupError, TimeoutError)
SMALL = (
    "Cette valeur est un petit effectif de patients que votre profil ne lit pas : sa correction "
    "revient à la caisse ou à la DCGDR."
)
Files = Callable[[Exportable, str], tuple[str, str, bytes]]


@dataclass(frozen=True)
class Chosen:
    """The value that the form speaks of.

    Attributes:
        options: what can be chosen, by parameter of the address: label by code.
        codes: what is chosen, by parameter.
        live: the value as served, None where there is none.
        cell: the same as a proposal needs it, None where the person may not correct it.
        rows: what is served of the caisse for the month, for the rules of the contract.
        year_values: what the person reads of the other months, in the same column; empty for the
            objective, which has one value a year.
        sentence: why there is no form; empty where there is one.
    """

    options: Mapping[str, Mapping[str, str]]
    codes: Mapping[str, str]
    live: LiveValue | None = None
    cell: Cell | None = None
    rows: Sequence[Mapping[str, Any]] = ()
    year_values: tuple[float, ...] = ()
    sentence: str = ""


def corrections_page(scope: Scope, build_id: str, view: View, files: Files) -> None:
    """Draw the page for ``scope``, the corrections of the header's territory."""
    under = territory_map(scope, build_id).caisses_under(view.perimeter)
    known = written.known(scope, build_id, sorted(under))
    shown = {one.correction.correction_id: shown_correction(scope, build_id, one) for one in known}
    opened = next((k for k in known if str(k.correction.correction_id) == asked(NUMBER)), None)
    keep(NUMBER, str(opened.correction.correction_id) if opened else None)
    proposable = [code for code in under if steps.may_propose(scope, code)]
    chosen = None
    if proposable and view.year is not None and not asked(BUILD):
        chosen = _chosen(scope, build_id, view.year, proposable)
    when_clicked(lambda: _take(scope, chosen))
    typed: Typed = st.session_state.get(TYPED, Typed())
    head = heading_html(st.session_state.pop(MESSAGE, None))
    paint(head, "corrections")
    job = steps.job_of(opened.correction.correction_id) if opened else None
    if opened is not None and job is not None and job.is_at_work:
        PROGRESS.open()
        st.fragment(_progress, run_every=POLL_SECONDS)(opened.correction.correction_id)
    parts = []
    if opened is not None:
        parts.append(_opened(scope, build_id, opened, shown[opened.correction.correction_id], job))
    parts.append(_form(scope, view, chosen, typed, opened is not None))
    waiting = [shown[k.correction.correction_id] for k in known if k.correction.state == "proposed"]
    to_decide = sum(steps.may_decide(scope, k.correction) for k in known)
    parts.append(waiting_html(waiting, to_decide, opened.correction.correction_id if opened else 0))
    state = choice(STATE, {EVERY: "Toutes"} | {c: w for c, (_, w, _) in STATES.items()}, EVERY)
    every = list(shown.values())
    kept = [one for one in every if state in {EVERY, one.state}]
    foot = publication(scope, build_id).sources_line("registre des corrections")
    parts.append(history_html(every, kept, state, foot))
    _send(kept, foot, files)
    paint(f'<div class="v-below">{"".join(parts)}</div>', "corrections_suite")


def _progress(correction_id: int) -> None:
    require_scope()
    job = steps.job_of(correction_id)
    if job is None or not job.is_at_work:
        st.rerun()
    PROGRESS.connect({"correction_cours": working_html(job.kind)}, lambda _event: None)


def _opened(
    scope: Scope,
    build_id: str,
    opened: Known,
    shown: ShownCorrection,
    job: steps.Job | None,
) -> str:
    """The correction that the address names: what it is, what it would change, what to decide."""
    one = opened.correction
    trial = steps.trial_of(one.correction_id, build_id) if one.state == "proposed" else None
    is_at_work = job is not None and job.is_at_work
    failure = "" if job is None or job.report is None else str(job.report["failure"] or "")
    effects = [] if trial is None else effects_of(scope, trial, build_id, one)
    decision = decision_html(scope, one, trial is not None, is_at_work, failure)
    return opened_html(shown, effects, trial is not None, decision)


def _form(scope: Scope, view: View, chosen: Chosen | None, typed: Typed, has_opened: bool) -> str:
    if asked(BUILD):
        return pinned_html()
    if chosen is None:
        return no_form_html(scope, view.year)
    is_folded = has_opened and not typed.errors and not typed.warnings
    return form_html(chosen.options, chosen.codes, chosen.live, typed, chosen.sentence, is_folded)


def _chosen(scope: Scope, build_id: str, year: int, caisses: Sequence[str]) -> Chosen:
    """The value that the address asks for among those that the person may correct."""
    rows = territory_map(scope, build_id).rows
    names = {code: str(rows[code]["territory_name"]) for code in caisses}
    names = dict(sorted(names.items(), key=lambda item: french_key(item[1])))
    caisse = choice(CAISSE, names, next(iter(names)))
    options: dict[str, Mapping[str, str]] = {CAISSE: names}
    codes = {CAISSE: caisse}
    cells = written.cells(scope, build_id, caisse, year)
    if cells.empty:
        return Chosen(options, codes, sentence=f"{names[caisse]} n’a rien envoyé pour {year}.")
    sent = set(cells["indicator_code"])
    titles = {code: one.title for code, one in catalogue().items() if code in sent}
    indicator = choice(INDICATOR, titles, next(iter(titles)))
    own = cells[cells["indicator_code"] == indicator]
    months = {str(day.month): month_name(day.date()) for day in reversed(list(own["month"]))}
    month = choice(MONTH, months, next(iter(months)))
    columns = _columns(indicator)
    column = choice(COLUMN, columns, next(iter(columns)))
    options |= {INDICATOR: titles, MONTH: months, COLUMN: columns}
    codes |= {INDICATOR: indicator, MONTH: month, COLUMN: column}
    if column == "objective":
        options[MONTH] = {}
        row = _objective_row(scope, build_id, caisse, year, indicator)
        day = date(year, 1, 1)
        at = own["month"].max()
    else:
        at = pd.Timestamp(year, int(month), 1)
        row = own[own["month"] == at].iloc[0].to_dict()
        day = at.date()
    beside = cells[cells["month"] == at].to_dict("records")
    found = _value(scope, build_id, column, day, row, names[caisse])
    others = () if column == "objective" else own[own["month"] != at][column].dropna()
    return Chosen(
        options, codes, found[0], found[1], beside, tuple(float(one) for one in others), found[2]
    )


def _columns(indicator: str) -> dict[str, str]:
    is_rate = catalogue()[indicator].denominator is not None
    first = ("numerator", "denominator") if is_rate else ("realised",)
    return {name: COLUMNS[name] for name in (*first, "objective")}


def _objective_row(
    scope: Scope, build_id: str, caisse: str, year: int, indicator: str
) -> dict[Any, Any]:
    known = written.objectives(scope, build_id, caisse, year)
    known = known[known["indicator_code"] == indicator]
    return {} if known.empty else known.iloc[0].to_dict() | {"is_hidden": False}


def _value(
    scope: Scope, build_id: str, column: str, day: date, row: Mapping[Any, Any], name: str
) -> tuple[LiveValue | None, Cell | None, str]:
    """The value as shown and as proposed upon, or why it cannot be corrected."""
    value = row.get(column)
    if row and column in COUNTS and row["is_hidden"] and _is_absent(value):
        return None, None, SMALL
    if value is None or _is_absent(value):
        return (
            None,
            None,
            (
                "Aucune valeur n’a été envoyée ici : une correction remplace une valeur reçue. "
                "Demandez l’extrait, ou importez-le."
            ),
        )
    caisse, indicator = str(row["caisse_code"]), str(row["indicator_code"])
    sent = _sent_value(scope, build_id, caisse, indicator, day, column, float(value))
    sheet = row["source_sheet"]
    line = None if _is_absent(row["source_row"]) else int(row["source_row"])
    cell = Cell(
        contract=CONTRACT,
        caisse_code=caisse,
        indicator_code=indicator,
        month=day,
        column_name=column,
        old_value=float(value),
        sent_value=sent,
        of_extract_id=str(row["extract_id"]),
        file_name=str(row["file_name"]),
        source_sheet=None if _is_absent(sheet) else str(sheet),
        source_row=line,
        was_hidden=column in COUNTS and bool(row["is_hidden"]),
    )
    live = LiveValue(
        caisse=name,
        title=catalogue()[indicator].title,
        column=column,
        month=day,
        unit=unit_of(indicator, column),
        value=cell.old_value,
        sent_value=cell.sent_value,
        file_name=cell.file_name,
        source_sheet=cell.source_sheet,
        source_row=line,
        received_by=str(row["received_by"]),
        received_at=str(row["received_at"]),
    )
    return live, cell, ""


def _sent_value(
    scope: Scope, build_id: str, caisse: str, indicator: str, day: date, column: str, live: float
) -> float:
    """What the extract gives where a correction is applied, the live value elsewhere."""
    known = written.served(scope, build_id, caisse, indicator)
    for row in known.to_dict("records"):
        is_same = row["column_name"] == column and pd.Timestamp(row["month"]).date() == day
        if is_same and row["state"] == "applied":
            return float(row["given_value"])
    return live


def _is_absent(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _take(scope: Scope, chosen: Chosen | None) -> None:
    """Do what was clicked, before the page is drawn again; a refusal is kept to be told."""
    event = last_event() or {}
    if event.get("act") != ACT:
        return
    deed, number = str(event.get("do")), str(event.get("value") or "")
    reason = str(event.get("reason") or "")
    try:
        if deed == "propose" and chosen is not None:
            _propose(scope, chosen, event)
        elif deed == "accept":
            steps.accept(scope, int(number), reason)
        elif deed == "refuse":
            steps.refuse(scope, int(number), reason)
        elif deed == "withdraw":
            steps.withdraw(scope, int(number))
        elif deed == "again":
            steps.work_again(scope, int(number))
    except REFUSALS as error:
        st.session_state[MESSAGE] = str(error)


def _propose(scope: Scope, chosen: Chosen, event: Mapping[str, Any]) -> None:
    """Check what was typed, then keep it; what the rules say is shown with it where it is not."""
    former: Typed = st.session_state.get(TYPED, Typed())
    value, motive, source = (str(event.get(name) or "") for name in ("valeur", "motif", "source"))
    typed = Typed(value, motive, source, former.attempt + 1)
    st.session_state[TYPED] = typed
    if chosen.cell is None:
        raise ValueError(chosen.sentence)
    found = check_value(chosen.cell, value, chosen.rows, chosen.year_values)
    is_weighed = bool(value) and event.get("pese") == value
    if found.value is None or (found.warnings and not is_weighed):
        st.session_state[TYPED] = Typed(
            value, motive, source, typed.attempt, found.errors, found.warnings
        )
        return
    kept = steps.propose(scope, chosen.cell, new_value=found.value, motive=motive, source=source)
    st.session_state[TYPED] = Typed(attempt=typed.attempt + 1)
    choose(NUMBER, str(kept.correction_id))


def _send(kept: Sequence[ShownCorrection], foot: str, files: Files) -> None:
    wanted = file_asked()
    if wanted is None or wanted[0] != "historique":
        return
    figure = Exportable(
        "corrections", corrections_finding(kept), "", foot, lambda: corrections_records(kept)
    )
    send_file(FileToSend(*files(figure, wanted[1])))
