"""A closer look at one objective: four years month by month, to zoom and to hover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from figures.formats import month_name, quantity
from figures.objective import Objective
from figures.palette import LIGHT
from figures.series import MonthPoint

if TYPE_CHECKING:
    import plotly.graph_objects as go


def closer_figure(points: Sequence[MonthPoint], objective: Objective) -> go.Figure:
    """Each month's own value over up to four years, and the path asked by the objective.

    Plotly is imported here: nothing of the first paint needs it.
    """
    import plotly.graph_objects as go

    months = [point.month for point in points]
    said = [f"{month_name(p.month)} : {quantity(p.realised, objective.unit)}" for p in points]
    colours = {
        "line": {"color": LIGHT.favourable, "width": 2},
        "marker": {"size": 6, "color": LIGHT.favourable},
    }
    figure = go.Figure()
    figure.add_scatter(
        x=months,
        y=[point.realised for point in points],
        name="Dans le mois",
        mode="lines+markers",
        text=said,
        hoverinfo="text",
        **colours,
    )
    figure.update_layout(
        height=320,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        separators=",\u202f",
        showlegend=False,
        hovermode="x unified",
    )
    figure.update_xaxes(tickformat="%m/%Y")
    figure.update_yaxes(tickformat=".0%" if objective.unit == "proportion" else ",.0f")
    return figure
