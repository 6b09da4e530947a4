"""The closer look under the details: the chart library is loaded by who asks for it."""

from __future__ import annotations

import streamlit as st

from access.scope import Scope
from components.cpg_view import CpgAsked, load_details, load_view
from figures.markup import no_break
from figures.palette import DARK, LIGHT
from figures.series import series_alt
from indicators.catalogue import catalogue


def closer_look(scope: Scope, build_id: str, asked: CpgAsked) -> None:
    """Four years month by month, to hover and to zoom; nothing unless it was opened."""
    view = load_view(scope, build_id, asked) if asked.is_closer else None
    if view is None:
        return
    details = load_details(scope, build_id, view)
    # Imported by the first reader who opens it: the first paint needs no chart library.
    from figures.closer import closer_figure

    objective = view.objective
    unit = catalogue()[objective.code].unit_label
    theme = DARK if st.context.theme.type == "dark" else LIGHT
    with st.container(border=True):
        st.caption(
            no_break(
                f"**{objective.title}**, {view.name_of_chosen} : valeur de chaque mois. {view.foot}"
            )
        )
        st.plotly_chart(
            closer_figure(details.points, objective, unit, theme),
            key="cpg_loupe",
            theme=None,
            alt=series_alt(details.points, objective, view.year, view.name_of_chosen),
            config={"displayModeBar": False, "locale": "fr"},
        )
