"""The closer look under the details: drawn in its own fragment, only when asked."""

from __future__ import annotations

import streamlit as st

from components.cpg_view import CpgDetails, CpgView
from figures.series import series_alt


@st.fragment
def closer_look(view: CpgView, details: CpgDetails) -> None:
    """Offer four years month by month; the chart library is loaded by the first who opens it."""
    if not st.toggle("Regarder de plus près : quatre années, mois par mois", key="cpg_loupe"):
        return
    from figures.closer import closer_figure

    objective = view.objective
    st.caption(f"**{objective.title}**, {view.name_of_chosen} : valeur de chaque mois. {view.foot}")
    st.plotly_chart(
        closer_figure(details.points, objective),
        key="cpg_loupe_figure",
        alt=series_alt(details.points, objective, view.year, view.name_of_chosen),
        config={"displayModeBar": False, "locale": "fr"},
    )
