"""A control chart as inline SVG: months, habit and its limits, objective, signals, notes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pandas as pd

from figures.figure_line import move_of
from figures.formats import (
    NARROW_SPACE,
    SHORT_MONTHS,
    as_date,
    counted,
    month_name,
    number,
    percent,
    quantity,
    short_month,
)
from figures.grammar import elided
from figures.markup import table, text
from figures.sentences import assurance_words, judged_words, variation_words
from indicators.reading import Control, Reading

CORRECTED = "≠"
"""The sign of a month of which a value was corrected."""
NOTHING: Mapping[date, str] = MappingProxyType({})
WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 56, 74, 14, 34

KINDS = {
    "monthly_attainment": "Réalisé du mois, en % de ce que l’objectif demande pour ce mois",
    "monthly_rate": "Taux du mois",
    "monthly_change": "Variation du stock dans le mois",
}
RULES = {
    "beyond_limits": "hors des limites",
    "seven_point_trend": "sept mois de suite dans le même sens",
    "two_of_three_near_limit": "deux mois sur trois près de la limite",
    "seven_one_side": "sept mois du même côté de la moyenne",
}


@dataclass(frozen=True)
class Scale:
    """Where values and months lie in the picture."""

    low: float
    high: float
    count: int

    def x(self, place: int) -> float:
        """Horizontal position of the point at ``place``."""
        return LEFT + place * (WIDTH - LEFT - RIGHT) / max(self.count - 1, 1)

    def y(self, value: float) -> float:
        """Vertical position of ``value``."""
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def control_finding(reading: Reading) -> str:
    """Whether the last months are a signal or noise, and what the habit leads to."""
    if reading.control is None:
        return no_chart_words(reading)
    said = variation_words(move_of(reading), reading.year)
    former = _former_signal(reading.control)
    if former:
        when = judged_words(move_of(reading))
        said = f"sans signal au dernier mois{when} ; {former}"
    said += of_whom(reading.control)
    return f"{said[:1].upper()}{said[1:]}"


def of_whom(control: Control) -> str:
    """`` ; 99 caisses sur 106``: whose months are charted, where some have left one out."""
    if control.caisses is None:
        return ""
    steady, known = control.caisses
    return f" ; {counted(steady, 'caisse')} sur {number(known)}"


def _former_signal(control: Control) -> str:
    """The latest run of signals of the last twelve months, where the last month is none."""
    chart = control.chart
    known = [place for place, value in enumerate(chart.observed) if math.isfinite(value)]
    if not known or chart.signal[known[-1]] is not None:
        return ""
    recent = [place for place in known if place >= len(control.months) - 12]
    signals = [place for place in recent if chart.signal[place] is not None]
    if not signals:
        return ""
    last = first = signals[-1]
    for place in reversed(known[: known.index(last)]):
        if chart.signal[place] is None or chart.side[place] != chart.side[last]:
            break
        first = place
    way = "en hausse" if chart.side[last] > 0 else "en baisse"
    start, end = control.months[first], control.months[last]
    when = (
        f"en {month_name(end)}"
        if first == last
        else f"{elided('de', month_name(start))} à {month_name(end)}"
    )
    return f"signal {way} {when} ({RULES[str(chart.signal[last])]})"


def no_chart_words(reading: Reading) -> str:
    """Why a figure has no control chart."""
    indicator = reading.indicator
    if indicator.moves_by_steps:
        return "Un nombre d’établissements bouge par paliers : pas de carte de contrôle"
    if indicator.counts_patients and reading.points == ():
        return "Mois masqués ou inconnus : pas de carte de contrôle"
    return "Trop peu de mois comparables pour distinguer un signal du bruit"


def control_note(control: Control) -> str:
    """What the points are, since when, and what the limits mean."""
    unseen = int(sum(not math.isfinite(value) for value in control.chart.observed))
    gaps = (
        f" {counted(unseen, 'mois', 'mois')} n’y figurent pas (masqués, ou envoyés par une partie "
        "des caisses)."
        if unseen > (control.kind == "monthly_change")
        else ""
    )
    trial = " Limites provisoires : moins de douze mois." if control.chart.is_trial else ""
    return (
        f"{KINDS[control.kind]}. Un point hors des limites, ou une série de sept, est un signal ; "
        f"le reste est la variation habituelle. L’habitude, mois depuis "
        f"{month_name(control.months[control.chart.phases[-1].start])}, "
        f"{assurance_words(control.assurance)}.{trial}{_steady_words(control)}{gaps}"
    )


def _steady_words(control: Control) -> str:
    """Whose months the points are, where some caisses have left one out."""
    if control.caisses is None:
        return ""
    steady, known = control.caisses
    return (
        f" Points de {counted(steady, 'caisse')} sur {number(known)} : celles qui "
        "ont envoyé tous les mois, pour comparer ce qui est comparable."
    )


def control_svg(
    reading: Reading,
    marks: Mapping[date, str],
    alt: str,
    corrected: Mapping[date, str] = NOTHING,
) -> str:
    """The chart.

    Args:
        reading: the figure; its control chart must be known.
        marks: what people wrote, by month: shown as numbered marks over the months.
        alt: what the picture says.
        corrected: what was corrected, by month.
    """
    control = reading.control
    if control is None:
        return ""
    scale = _scale(control)
    parts = [_frame(control, scale, reading.indicator.unit)]
    parts += [_limits(control, scale)]
    parts += [_target(control, scale, reading.indicator.unit)]
    parts.append(_line(control, scale))
    parts += [_point(control, place, scale, reading) for place in range(len(control.months))]
    parts += [_mark(control, scale, day, said) for day, said in marks.items()]
    parts += [
        _mark(control, scale, day, said, CORRECTED, day in marks) for day, said in corrected.items()
    ]
    return (
        f'<svg class="v-series v-control" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def _scale(control: Control) -> Scale:
    chart = control.chart
    known = [float(v) for v in chart.observed if math.isfinite(v)]
    known += [v for phase in chart.phases for v in _drawn_limits(control, phase.lower, phase.upper)]
    if control.target is not None:
        known.append(control.target)
    low, high = min(known), max(known)
    pad = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return Scale(low - pad, high + pad, len(control.months))


def _drawn_limits(control: Control, lower: float, upper: float) -> tuple[float, float]:
    """The limits as drawn: neither a flow nor a rate can be under zero, nor a rate over one."""
    if control.kind == "monthly_change":
        return lower, upper
    ceiling = 1.0 if control.kind == "monthly_rate" and upper > 1 >= _max_known(control) else upper
    return max(lower, 0.0), ceiling


def _max_known(control: Control) -> float:
    """The largest known point."""
    return max(float(value) for value in control.chart.observed if math.isfinite(value))


def point_text(control: Control, value: float, unit: str) -> str:
    """A point's value in words."""
    if control.kind == "monthly_attainment":
        return percent(value, 0)
    if control.kind == "monthly_change":
        return number(value, 0)
    return quantity(value, unit)


def _frame(control: Control, scale: Scale, unit: str) -> str:
    parts = []
    low, high = _drawn_limits(control, control.chart.lower, control.chart.upper)
    for value in (low, control.chart.mean, high):
        y = scale.y(value)
        parts.append(
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
            f"{point_text(control, value, unit)}</text>"
        )
    step = 3 if scale.count <= 24 else 6
    for place, day in enumerate(control.months):
        if (day.month - 1) % step == 0:
            label = SHORT_MONTHS[day.month - 1] if day.month != 1 else str(day.year)
            css = ' class="year"' if day.month == 1 else ' class="even"'
            parts.append(
                f'<text{css} x="{scale.x(place):.1f}" y="{HEIGHT - 12}" text-anchor="middle">'
                f"{label}</text>"
            )
    return "".join(parts)


def _limits(control: Control, scale: Scale) -> str:
    parts = []
    for phase in control.chart.phases:
        left, right = scale.x(phase.start), scale.x(max(phase.stop - 1, phase.start))
        low, high = _drawn_limits(control, phase.lower, phase.upper)
        top, bottom = scale.y(high), scale.y(low)
        parts.append(
            f'<rect class="habit" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{max(bottom - top, 0.5):.1f}"/>'
        )
        middle = scale.y(phase.mean)
        parts.append(
            f'<line class="mean" x1="{left:.1f}" x2="{right:.1f}" y1="{middle:.1f}" '
            f'y2="{middle:.1f}"/>'
        )
    return "".join(parts)


def _target(control: Control, scale: Scale, unit: str) -> str:
    if control.target is None:
        return ""
    y = scale.y(control.target)
    return (
        f'<path class="goal" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        f'<text x="{WIDTH - RIGHT + 6}" y="{y - 2:.1f}">Objectif</text>'
        f'<text x="{WIDTH - RIGHT + 6}" y="{y + 11:.1f}">'
        f"{point_text(control, control.target, unit)}</text>"
    )


def _line(control: Control, scale: Scale) -> str:
    commands, is_drawing = [], False
    for place, value in enumerate(control.chart.observed):
        if not math.isfinite(value):
            is_drawing = False
            continue
        commands.append(f"{'L' if is_drawing else 'M'}{scale.x(place):.1f} {scale.y(value):.1f}")
        is_drawing = True
    return f'<path class="former" d="{"".join(commands)}"/>'


def _point(control: Control, place: int, scale: Scale, reading: Reading) -> str:
    value = float(control.chart.observed[place])
    if not math.isfinite(value):
        return ""
    side, rule = int(control.chart.side[place]), control.chart.signal[place]
    hue = _hue(side, reading.indicator.better)
    said = f"{month_name(control.months[place])} : "
    said += point_text(control, value, reading.indicator.unit)
    said += f", signal ({RULES[rule]})" if rule else ""
    x, y = scale.x(place), scale.y(value)
    title = f"<title>{text(said)}</title>"
    if rule is None:
        return f'<circle class="dot plain" cx="{x:.1f}" cy="{y:.1f}" r="2.6">{title}</circle>'
    # The shape says the side too: colour alone never does.
    tip = -5.5 if side > 0 else 5.5
    return (
        f'<path class="signal {hue}" d="M{x - 5:.1f} {y - tip * 0.6:.1f}L{x + 5:.1f} '
        f'{y - tip * 0.6:.1f}L{x:.1f} {y + tip:.1f}Z">{title}</path>'
    )


def _hue(side: int, better: str) -> str:
    if better == "none" or side == 0:
        return "neu"
    return "fav" if (side > 0) == (better == "higher") else "unf"


def _mark(
    control: Control, scale: Scale, day: date, said: str, sign: str = "✎", is_beside: bool = False
) -> str:
    if day not in control.months:
        return ""
    x = scale.x(control.months.index(day))
    return (
        f'<g class="note"><line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        f'<text x="{x + 12 * is_beside:.1f}" y="{TOP - 3}" text-anchor="middle">{sign}</text>'
        f"<title>{text(said)}</title></g>"
    )


def control_alt(reading: Reading, name: str) -> str:
    """What the chart shows, in words."""
    control = reading.control
    title = reading.indicator.title
    if control is None:
        return f"{title}, {name} : pas de carte de contrôle."
    unit, chart = reading.indicator.unit, control.chart
    signals = sum(rule is not None for rule in chart.signal)
    target = (
        "sans objectif mensuel"
        if control.target is None
        else f"objectif {point_text(control, control.target, unit)}"
    )
    return (
        f"Carte de contrôle, {title}, {name}, de {month_name(control.months[0])} à "
        f"{month_name(control.months[-1])}. Moyenne {point_text(control, chart.mean, unit)}, "
        f"limites {point_text(control, chart.lower, unit)} et "
        f"{point_text(control, chart.upper, unit)}, {target}. "
        f"{number(signals)} mois en signal. {control_finding(reading)}."
    )


def control_table(reading: Reading, caption: str, corrected: Mapping[date, str] = NOTHING) -> str:
    """The points as a table, the latest first, with what was corrected of each."""
    control = reading.control
    if control is None:
        return ""
    unit = reading.indicator.unit
    rows = [
        (
            short_month(control.months[place]),
            point_text(control, float(value), unit) if math.isfinite(value) else "–",
            text(RULES[rule]) if (rule := control.chart.signal[place]) else "–",
            *_corrected_cell(corrected, control.months[place]),
        )
        for place, value in reversed(list(enumerate(control.chart.observed)))
    ]
    headings = ("Mois", "Valeur", "Signal", *(("Correction",) if corrected else ()))
    return table(caption, headings, rows, numeric=(1,))


def _corrected_cell(corrected: Mapping[date, str], day: date) -> tuple[str, ...]:
    """The cell of a month in the column of corrections, which stands where there is any."""
    if not corrected:
        return ()
    return (f"{CORRECTED} {text(corrected[day])}" if day in corrected else "–",)


def control_records(reading: Reading, corrected: Mapping[date, str] = NOTHING) -> pd.DataFrame:
    """The points and limits, for a file; proportions and units as computed."""
    control = reading.control
    if control is None:
        return pd.DataFrame(columns=["mois", "valeur"])
    rows = []
    for phase in control.chart.phases:
        for place in range(phase.start, phase.stop):
            value = float(control.chart.observed[place])
            rows.append(
                {
                    "mois": control.months[place].isoformat(),
                    "mesure": KINDS[control.kind],
                    "valeur": value if math.isfinite(value) else None,
                    "moyenne": phase.mean,
                    "limite_basse": phase.lower,
                    "limite_haute": phase.upper,
                    "objectif": control.target,
                    "caisses": None if control.caisses is None else control.caisses[0],
                    "signal": RULES.get(str(control.chart.signal[place]), ""),
                    "correction": corrected.get(control.months[place], ""),
                }
            )
    return pd.DataFrame(rows)


def marks_of(notes: pd.DataFrame) -> dict[date, str]:
    """What was written about single months, by first day of the month.

    Args:
        notes: rows of ``queries.notes.notes``.
    """
    marks: dict[date, str] = {}
    for row in notes.to_dict("records"):
        if pd.isna(row["month"]):
            continue
        day = date(int(row["year"]), int(row["month"]), 1)
        said = f"{row['body']} ({row['author']})"
        marks[day] = f"{marks[day]} · {said}" if day in marks else said
    return marks


def rebase_marks(rebases: pd.DataFrame) -> dict[date, str]:
    """Where limits start anew and why, by first day of the month."""
    return {
        day: f"Limites recalées{NARROW_SPACE}: {row['reason']} ({row['author']})"
        for row in rebases.to_dict("records")
        if (day := as_date(row["month"])) is not None
    }
