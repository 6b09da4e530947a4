"""The board's own fragment: the story of the chosen cell beside it, and the details under it.

A click on a cell reruns this alone; the board is not drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from access.policy import AccessError, policy
from access.scope import Scope
from components.address import link, read_again
from components.blocks import FileToSend, Part
from components.clicks import file_asked
from components.closer_look import closer_look
from components.cpg_blocks import details_drawing, exported
from components.cpg_view import CpgAsked, CpgView, asked_view, load_view, take_choice
from components.header import COMPARATORS
from components.publication import territory_map
from components.readings import territory_readings
from components.session import current_view
from components.shown_corrections import applied_corrections, corrected_elsewhere, in_year
from data.ingestion import annotate
from data.ingestion.corrections import may_propose
from figures import control
from figures.corrections import correction_sentence, period
from figures.corrections import marks_of as corrected_months
from figures.exportable import Exportable
from figures.figure_line import level_of
from figures.formats import attainment_percent, counted, long_date, points
from figures.grammar import capitalised
from figures.story import Corrections, story_html
from indicators.calendar import next_expected, overdue_days
from indicators.reading import Reading
from queries import notes as written
from queries import store

PART = Part("cpg", ("cpg_histoire", "cpg_detail"))
REFUSAL = "vigie_note_refused"


@st.fragment
def story(scope: Scope, build_id: str, files: Any) -> None:
    """Draw the details, and the story where a cell is chosen.

    Args:
        scope: what the person may see.
        build_id: the publication.
        files: makes a file of an ``Exportable`` and a format (``exports.figure_file``).
    """
    PART.open()
    read_again()
    asked = asked_view(current_view())
    if asked is None:
        return
    event = PART.last_event() or {}
    view = load_view(scope, build_id, asked) if asked.territory else None
    html = {"cpg_detail": details_drawing(scope, build_id, asked)}
    reading = None
    if view is not None and asked.territory == view.chosen_territory:
        reading = _reading(scope, build_id, view)
    if view is not None and reading is not None:
        html["cpg_histoire"] = _story(scope, build_id, view, reading)
    file = None
    if wanted := file_asked(event):
        figure = _figure(scope, build_id, asked, wanted, view, reading)
        file = None if figure is None else FileToSend(*files(*figure))
    PART.connect(html, _answer(scope, view), file)
    closer_look(scope, build_id, asked)


def _reading(scope: Scope, build_id: str, view: CpgView) -> Reading | None:
    figures = territory_readings(scope, build_id, view.chosen_territory, view.year)
    return figures.get(view.chosen_indicator)


def _story(scope: Scope, build_id: str, view: CpgView, reading: Reading) -> str:
    territory, indicator = view.chosen_territory, view.chosen_indicator
    notes = _signed(written.notes(scope, territory, indicator))
    return story_html(
        reading,
        view.name_of_chosen,
        # What is said of a figure may tell it: it is hidden with the figure.
        notes.iloc[:0] if reading.is_hidden else notes,
        _signed(written.rebases(scope, territory, indicator)),
        view.foot,
        scope.may_annotate(territory) and not reading.is_hidden,
        annotate.READERS_NOTICE,
        str(st.session_state.pop(REFUSAL, "")),
        _beside(store.day_looked_at(scope, build_id), view, reading),
        _corrections(scope, build_id, view),
    )


def _corrections(scope: Scope, build_id: str, view: CpgView) -> Corrections:
    """What was corrected of the figure, and where to propose another correction."""
    territory, indicator = view.chosen_territory, view.chosen_indicator
    shown = applied_corrections(scope, build_id, territory, indicator)
    elsewhere = corrected_elsewhere(scope, build_id, territory, indicator)
    is_caisse = level_of(territory) == "caisse"
    sentences = [
        f"{one.caisse}, {period(one.column, one.month)} : {correction_sentence(one)}"
        for one in in_year(shown, view.year)
    ]
    sentences += [
        f"{capitalised(period(one.column, one.month))} : {one.words}"
        for one in elsewhere
        if one.month.year == view.year
    ]
    known = territory_map(scope, build_id)
    perimeter = known.choices.get(territory)
    caisses = known.caisses_under(perimeter) if perimeter else set()
    proposable = sorted(code for code in caisses if may_propose(scope, code))
    address = ""
    if proposable:
        address = link("corrections", caisse=proposable[0], indicateur=indicator, annee=view.year)
    return Corrections(corrected_months(shown, not is_caisse, elsewhere), sentences, address)


def _beside(today: date, view: CpgView, reading: Reading) -> list[tuple[str, str]]:
    """The comparator of the header, and when the next figure is expected."""
    facts = []
    is_other = view.comparator != COMPARATORS["mediane"]
    if is_other and view.peers is not None and reading.attainment is not None:
        name, value = view.compared_words, view.peers[1]
        gap = points(reading.attainment - value)
        facts.append((f"{name[:1].upper()}{name[1:]}", f"{attainment_percent(value)}, écart {gap}"))
    if reading.is_open_year and reading.last_month is not None:
        indicator = reading.indicator
        expected = next_expected(
            reading.last_month,
            indicator.frequency,
            indicator.delay_days,
            indicator.sent_months,
        )
        late = overdue_days(expected, today)
        state = f", en retard de {counted(late, 'jour')} au {long_date(today)}" if late else ""
        facts.append(("Prochaine donnée attendue", f"{long_date(expected)}{state}"))
    return facts


def _signed(kept: pd.DataFrame) -> pd.DataFrame:
    """What was written, its authors named as readers know them."""
    return kept.assign(author=[policy().label_of(author) for author in kept["author"]])


def _figure(
    scope: Scope,
    build_id: str,
    asked: CpgAsked,
    wanted: tuple[str, str],
    view: CpgView | None,
    reading: Reading | None,
) -> tuple[Exportable, str] | None:
    """The figure asked as a file: the control chart of the story, or one of the details."""
    if wanted[0] != "controle":
        return exported(scope, build_id, asked, wanted)
    if view is None or reading is None or reading.control is None:
        return None
    marks = control.marks_of(
        _signed(written.notes(scope, view.chosen_territory, view.chosen_indicator, view.year))
    )
    alt = control.control_alt(reading, view.name_of_chosen)
    corrected = _corrections(scope, build_id, view).by_month
    chart = Exportable(
        f"cpg-{view.year}-{view.chosen_indicator}-{view.chosen_territory}-controle",
        f"{reading.indicator.title}, {view.name_of_chosen} : {control.control_finding(reading)}",
        control.KINDS[reading.control.kind],
        view.foot,
        lambda: control.control_records(reading, corrected),
        lambda: control.control_svg(reading, marks, alt, corrected),
    )
    return chart, wanted[1]


def _answer(scope: Scope, view: CpgView | None) -> Any:
    def taken(event: Mapping[str, Any]) -> None:
        take_choice(event)
        if view is not None:
            _write(scope, view, event)

    return taken


def _write(scope: Scope, view: CpgView, event: Mapping[str, Any]) -> None:
    """Keep or take back what the person wrote; a refusal is said in the story."""
    figure = (view.chosen_territory, view.chosen_indicator)
    act, body, month = event.get("act"), str(event.get("body", "")), str(event.get("month", ""))
    number = str(event.get("value", ""))
    try:
        if act == "note":
            annotate.add_note(scope, *figure, view.year, body, int(month) if month else None)
        elif act == "rebase":
            annotate.add_rebase(scope, *figure, date.fromisoformat(month), body)
        elif act == "unnote" and number.isdigit():
            annotate.withdraw_note(scope, int(number))
        elif act == "unrebase" and number.isdigit():
            annotate.withdraw_rebase(scope, int(number))
    except (AccessError, LookupError, ValueError) as refused:
        st.session_state[REFUSAL] = str(refused)
