"""What stands around every page: header, banner, footer, and the states in place of a page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from access.scope import Scope
from components import states
from components.blocks import open_blocks, start_listening
from components.header import REFUSED, View, choose_comparator, choose_territory, choose_year
from components.perimeter import Perimeter
from components.publication import Publication, publication, territory_map
from components.session import (
    PINNED_BUILD,
    current_build,
    keep_view,
    may_demonstrate,
    sign_in_is_configured,
    unpin_build,
)
from figures.formats import counted, date_time, month_name
from queries.run import QuestionError


@dataclass(frozen=True)
class Header:
    """Places of the header, in reading order; the person is known before the choices are drawn."""

    territory: DeltaGenerator
    comparator: DeltaGenerator
    year: DeltaGenerator
    person: DeltaGenerator
    notice: DeltaGenerator


def open_header() -> Header:
    """Reserve the header's row."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="entete")
    header = Header(
        territory=row.container(width="content"),
        comparator=row.container(width="content"),
        year=row.container(width="content"),
        person=row.container(width="content"),
        notice=st.container(),
    )
    start_listening(row)
    return header


def closed_door(is_signed_out: bool, sentence: str) -> None:
    """In place of every page, for whoever is signed out or unknown."""
    if is_signed_out:
        states.sign_in_page()
        return
    states.forbidden_state(sentence)
    if sign_in_is_configured():
        st.button("Se déconnecter", on_click=st.logout)


def show(page: StreamlitPage, scope: Scope, header: Header) -> None:
    """The page in its frame, or the state that says why there is none."""
    try:
        build_id = current_build()
        if build_id is None:
            states.empty_state()
        elif not sign_in_is_configured() and not may_demonstrate(build_id, scope):
            states.closed_state()
        else:
            _page_in_frame(page, scope, build_id, header)
    except QuestionError as error:
        states.failed_state(str(error))
    except Exception as error:  # Whatever failed, the reader gets a sentence and the log the cause.
        states.log_failure(error)
        states.failed_state()


def _page_in_frame(page: StreamlitPage, scope: Scope, build_id: str, header: Header) -> None:
    open_blocks((page.url_path, scope.key, build_id))
    shown = publication(scope, build_id)
    with header.territory:
        perimeter = choose_territory(territory_map(scope, build_id).choices)
    with header.comparator:
        comparator = choose_comparator(perimeter)
    with header.year:
        year = choose_year(shown.years)
    keep_view(View(perimeter, year, comparator))
    with header.notice:
        _refusal(perimeter)
        _banner(shown)
    page.run()
    _footer(shown, scope)


def _refusal(perimeter: Perimeter) -> None:
    """Say that the address asks for a territory that this person does not see."""
    if asked := st.session_state.get(REFUSED):
        st.warning(
            f"Le territoire demandé par l’adresse, « {asked} », est hors de votre périmètre ou "
            f"n’existe pas : voici {perimeter.label}.",
            icon=":material/block:",
        )


def _banner(shown: Publication) -> None:
    if st.session_state.get(PINNED_BUILD):
        st.button(
            f"Publication figée {shown.short_id} : revenir à la publication en cours",
            on_click=unpin_build,
            type="tertiary",
            icon=":material/history:",
        )
    if shown.demonstration_count > 0:
        st.caption(
            ":material/science: **Données de démonstration** : les résultats mensuels des caisses "
            "sont fictifs. Sont publiés (Igas, 2017) : les taux PRADO 2016 par DRSM, les "
            "indicateurs de la COG, l’intéressement et les engagements."
        )


def _footer(shown: Publication, scope: Scope) -> None:
    st.caption(
        f"Publication {shown.short_id} du {date_time(shown.newest_received_at)}, "
        f"{counted(shown.extract_count, 'extrait')} · Données jusqu’à "
        f"{month_name(shown.last_month)} · Vue : {scope.label} · Vigie GDR"
    )
