"""A closer look at one objective: four years month by month, to zoom and to hover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from figures.formats import NARROW_SPACE, month_name, quantity
from figures.markup import no_break, text
from figures.objective import Objective
from figures.palette import LIGHT, Theme
from figures.series import MonthPoint

if TYPE_CHECKING:
    import plotly.graph_objects as go


def closer_figure(
    points: Sequence[MonthPoint], objective: Objective, unit_label: str, theme: Theme = LIGHT
) -> go.Figure:
    """Each month's own value over up to four years; hollow where caisses had sent nothing.

    Plotly is imported here: nothing of the first paint needs it.

    Args:
        points: months in time order.
        objective: what is measured.
        unit_label: its unit as written beside a figure.
        theme: colours of the page that shows it.
    """
    import plotly.graph_objects as go

    scale = 100 if objective.unit == "proportion" else 1
    figure = go.Figure()
    figure.add_scatter(
        x=[point.month for point in points],
        y=[None if p.realised is None else p.realised * scale for p in points],
        mode="lines+markers",
        text=[_said(point, objective.unit) for point in points],
        hovertemplate="%{text}<extra></extra>",
        line={"color": theme.favourable, "width": 2},
        marker={
            "size": 7,
            "color": theme.favourable,
            "symbol": ["circle-open" if point.is_partial else "circle" for point in points],
        },
    )
    figure.update_layout(
        height=320,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        separators=f",{NARROW_SPACE}",
        showlegend=False,
        hovermode="closest",
        hoverdistance=40,
        paper_bgcolor=theme.background,
        plot_bgcolor=theme.background,
        font={"color": theme.text, "family": "Source Sans, sans-serif"},
        hoverlabel={
            "bgcolor": theme.surface,
            "bordercolor": theme.border,
            "font": {"color": theme.text},
        },
    )
    small = {"color": theme.neutral, "size": 12}
    axis = {
        "automargin": True,
        "gridcolor": theme.border,
        "linecolor": theme.border,
        "zerolinecolor": theme.border,
        "tickfont": small,
        "title": {"font": small, "standoff": 12},
    }
    figure.update_xaxes(axis, tickformat="%m/%Y", title_text="Mois")
    figure.update_yaxes(axis, title_text=f"Valeur du mois ({text(unit_label)})")
    return figure.update_yaxes(**_ticks(objective.unit))


def _said(point: MonthPoint, unit: str) -> str:
    """``mai 2016 : 80 (7/10 caisses)``."""
    senders = f"{point.senders_received}/{point.senders_expected} caisses"
    partial = f" ({senders})" if point.is_partial else ""
    return no_break(f"{month_name(point.month)} : {quantity(point.realised, unit)}{partial}")


def _ticks(unit: str) -> dict[str, Any]:
    """How the axis writes its numbers: grouped by thousands, decimals only where they tell."""
    suffixes = {"proportion": f"{NARROW_SPACE}%", "eur": f"{NARROW_SPACE}€"}
    return {"tickformat": ",~r" if unit == "index" else ",~f", "ticksuffix": suffixes.get(unit, "")}
