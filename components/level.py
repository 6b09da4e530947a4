"""The level of the board's rows, chosen among those the perimeter holds."""

from __future__ import annotations

import streamlit as st

from components.header import accept_codes
from components.perimeter import LEVEL_LABELS, Perimeter

LEVEL = "niveau"


def level_choice(perimeter: Perimeter) -> str:
    """Draw the choice where there is one; returns the level, checked against the perimeter."""
    offered = list(perimeter.levels)
    accept_codes(LEVEL, {level: LEVEL_LABELS[level] for level in offered})
    if len(offered) == 1:
        return offered[0]
    chosen = st.segmented_control(
        "Lignes du tableau",
        offered,
        format_func=lambda level: LEVEL_LABELS[level],
        default=offered[0],
        key=LEVEL,
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    return chosen if chosen in offered else offered[0]
