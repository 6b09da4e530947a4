"""What stands around every page: header, banner, footer, and the states in place of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access.scope import Scope
from components import states
from components.header import View, view_controls
from components.perimeter import perimeters
from components.session import (
    PINNED_BUILD,
    current_build,
    keep_view,
    may_demonstrate,
    sign_in_is_configured,
    unpin_build,
)
from figures.formats import counted, date_time, long_date, month_name
from queries import reference, store
from queries.run import QuestionError


@dataclass(frozen=True)
class Header:
    """Places of the header, in reading order; the person is known before the choices are drawn."""

    view: DeltaGenerator
    person: DeltaGenerator
    notice: DeltaGenerator


def open_header() -> Header:
    """Reserve the header's row."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="entete")
    view = row.container(
        horizontal=True, vertical_alignment="bottom", gap="small", width="stretch", key="vue"
    )
    person = row.container(width="content", key="personne")
    return Header(view, person, st.container(key="avis"))


def closed_door(is_signed_out: bool, sentence: str) -> None:
    """In place of every page, for whoever is signed out or unknown."""
    if is_signed_out:
        states.sign_in_page()
        return
    states.forbidden_state(sentence)
    if sign_in_is_configured():
        st.button("Se déconnecter", on_click=st.logout)


def show(run_page: Callable[[], None], scope: Scope, header: Header) -> None:
    """The page in its frame, or the state that says why there is none."""
    try:
        build_id = current_build()
        if build_id is None:
            states.empty_state()
        elif not sign_in_is_configured() and not may_demonstrate(build_id, scope):
            states.closed_state()
        else:
            _page_in_frame(run_page, scope, build_id, header)
    except QuestionError as error:
        states.failed_state(str(error))
    except Exception as error:  # Whatever failed, the reader gets a sentence and the log the cause.
        states.log_failure(error)
        states.failed_state()


def _page_in_frame(
    run_page: Callable[[], None], scope: Scope, build_id: str, header: Header
) -> None:
    build = store.build(scope, build_id).iloc[0]
    with header.view:
        keep_view(_choose_view(scope, build_id))
    with header.notice:
        _banner(build)
    run_page()
    _footer(build, build_id, scope)


def _choose_view(scope: Scope, build_id: str) -> View:
    territories = reference.territories(scope, build_id)
    return view_controls(
        perimeters(territories, scope.home_territory), store.years(scope, build_id)
    )


def _banner(build: pd.Series) -> None:
    if st.session_state.get(PINNED_BUILD):
        st.button(
            f"Publication figée {build['build_id'][:8]} : revenir à la publication en cours",
            on_click=unpin_build,
            type="tertiary",
            icon=":material/history:",
        )
    if int(build["demonstration_count"]) > 0:
        st.caption(
            ":material/science: **Données de démonstration** : les résultats mensuels des caisses "
            "sont fictifs. Sont publiés (Igas, 2017) : les taux PRADO 2016 par DRSM, les "
            "indicateurs de la COG, l’intéressement et les engagements."
        )


def _footer(build: pd.Series, build_id: str, scope: Scope) -> None:
    st.caption(
        f"Publication {build_id[:8]} du {date_time(build['newest_received_at'])}, "
        f"{counted(int(build['extract_count']), 'extrait')} · Données jusqu’à "
        f"{month_name(build['last_month'])} · Vue : {scope.label} · Vigie GDR"
    )


def sources_line(build: pd.Series, source: str) -> str:
    """Source, publication and day, under a figure."""
    return (
        f"Source : {source}. Publication {build['build_id'][:8]}, "
        f"{long_date(build['newest_received_at'])}."
    )
