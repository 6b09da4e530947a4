"""A P or P′ chart as inline SVG: a rate period by period, its limits, and the MSAP windows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from figures.control import RULES
from figures.formats import (
    ABSENT,
    SHORT_MONTHS,
    as_date,
    counted,
    known_float,
    month_name,
    number,
    percent,
    points,
    short_month,
    signed,
)
from figures.grammar import capitalised, month_range, typeset
from figures.markup import table, text
from figures.msap_counts import (
    MsapCounts,
    count_cell,
    counts_of,
    interval_cell,
    masked_sign,
)
from figures.records import records
from indicators.control_chart import ProportionChart, p_chart, p_prime, since
from indicators.difference import Difference, proportion_difference
from indicators.suppression import smallest_shown

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 24, 34
LARGE = 300
"""Decided requests a period from which chance alone makes limits too narrow: P′ answers then."""

POINT_COLUMNS = (
    "month",
    "requests",
    "approvals",
    "refusals",
    "pending",
    "answered_within_48h",
    "stays",
    "decided",
    "decided_approvals",
    "is_hidden",
)


@dataclass(frozen=True)
class Period:
    """Some months in a row with their counts; ``first`` and ``last`` are first days of months."""

    first: date
    last: date
    counts: MsapCounts

    @property
    def label(self) -> str:
        """``mars 2016`` or ``janvier à mars 2016``."""
        if self.first == self.last:
            return month_name(self.first)
        if self.first.year == self.last.year:
            first = month_name(self.first).split(" ")[0]
            return f"{first} à {month_name(self.last)}"
        return f"{month_name(self.first)} à {month_name(self.last)}"

    @property
    def when(self) -> str:
        """``en mars 2016`` or ``de janvier à mars 2016``."""
        return month_range(self.first, self.last)


@dataclass(frozen=True)
class Window:
    """A stretch in which an establishment's acts needed approval, both days included."""

    start: date
    end: date

    @classmethod
    def of(cls, start: Any, end: Any) -> Window | None:
        """The window of two days as the question gives them; None where one is unknown."""
        first, last = as_date(start), as_date(end)
        return None if first is None or last is None else cls(first, last)

    @property
    def words(self) -> str:
        """``de mars à août 2016``."""
        first, last = self.start.replace(day=1), self.end.replace(day=1)
        return month_range(first, last)


@dataclass(frozen=True)
class Chart:
    """A control chart of the rate of approval.

    ``chart`` is None where too little is known, or where some periods are withheld: they are so by
    their few refusals, and those left would give a mean of approvals too high. ``is_prime`` says
    that the limits are widened by what periods vary beyond chance.
    """

    periods: Sequence[Period]
    windows: Sequence[Window]
    chart: ProportionChart | None
    is_prime: bool

    @property
    def name(self) -> str:
        """``Carte P′`` or ``Carte P``."""
        return "Carte P′" if self.is_prime else "Carte P"

    @property
    def hidden(self) -> int:
        """How many periods are withheld from the reader."""
        return sum(period.counts.is_hidden for period in self.periods)

    @property
    def rates(self) -> list[float]:
        """The rate of each period, NaN where none is known."""
        known = (period.counts.rate for period in self.periods)
        return [float("nan") if rate is None else rate for rate in known]

    @property
    def key(self) -> str:
        """What the picture draws: ``Carte P : bande, limites ; trait, moyenne ; ▼ ▲, signal.``."""
        if self.chart is None:
            return "Points : taux d’accord des périodes connues, sans moyenne ni limites."
        return f"{self.name} : bande, limites ; trait, moyenne ; ▼ ▲, signal."


def periods_of(monthly: pd.DataFrame) -> list[Period]:
    """The months of an establishment or a territory, or the quarters that the data hold."""
    found = []
    for row in records(monthly, [*POINT_COLUMNS, "first_month", "last_month"]):
        first = as_date(row.get("first_month") or row.get("month"))
        last = as_date(row.get("last_month") or row.get("month"))
        if first is not None and last is not None:
            found.append(Period(first, last, counts_of(row)))
    return sorted(found, key=lambda period: period.first)


def control_chart_of(periods: Sequence[Period], windows: Sequence[Window]) -> Chart:
    """The chart of the rate of approval over the periods, with P′ limits where periods are large.

    Periods without decisions, or withheld, stand in their place without a point.
    """
    events = [_known(p.counts.approved, p.counts.decided) for p in periods]
    trials = [_known(p.counts.decided, p.counts.decided) for p in periods]
    known = [n for n in trials if not math.isnan(n)]
    is_large = bool(known) and sorted(known)[len(known) // 2] >= LARGE
    chart = None
    if len(known) >= 2 and not any(period.counts.is_hidden for period in periods):
        draws = p_prime if is_large and _has_neighbours(trials) else p_chart
        is_large = draws is p_prime
        chart = draws(events, trials)
    return Chart(periods, windows, chart, is_large and chart is not None)


def _known(value: float | None, decided: float | None) -> float:
    return float("nan") if value is None or not decided else value


def _has_neighbours(trials: Sequence[float]) -> bool:
    pairs = zip(trials, trials[1:], strict=False)
    return any(not math.isnan(a) and not math.isnan(b) for a, b in pairs)


def chart_finding(chart: Chart, who: str) -> str:
    """Whether the last periods leave the habit, and since when."""
    found = chart.chart
    if found is None:
        return typeset(f"{who} : {_lacking_words(chart)}")
    signals = [place for place, rule in enumerate(found.signal) if rule is not None]
    mean = f"taux moyen {percent(found.mean)}"
    if not signals:
        return typeset(f"{who} : aucun signal, {mean}")
    started = since(found)
    place = signals[-1] if started is None else started
    way = "hausse" if found.side[place] > 0 else "baisse"
    period = chart.periods[place]
    when = (
        f"{period.when}, terminé depuis"
        if started is None
        else f"depuis {month_name(period.first)}"
    )
    return typeset(f"{who} : signal à la {way} {when}, {mean}")


def _lacking_words(chart: Chart) -> str:
    """Why there is no mean and no verdict."""
    seen = sum(math.isfinite(rate) for rate in chart.rates)
    if not chart.hidden:
        return "trop peu de demandes décidées, pas de carte de contrôle"
    if not seen:
        return "mois masqués (petits nombres), pas de carte de contrôle"
    visible = counted(seen, "période visible", "périodes visibles")
    others = "l’autre masquée" if chart.hidden == 1 else f"{number(chart.hidden)} masquées"
    if seen + chart.hidden == len(chart.periods) and chart.hidden > 1:
        others = "les autres masquées"
    return f"{visible} sur {number(len(chart.periods))}, {others} : rien à conclure"


def chart_note(chart: Chart) -> str:
    """What the points and limits are."""
    limits = (
        "Ni moyenne ni limites : des périodes manquent"
        if chart.chart is None
        else "Carte P′ : limites élargies de ce que les mois varient d’ordinaire"
        if chart.is_prime
        else "Carte P : limites du hasard seul (trois écarts types)"
    )
    merged = any(period.first != period.last for period in chart.periods)
    steps = (
        f" Trimestres d’au moins {smallest_shown()} demandes, pour ne montrer aucun petit nombre."
        if merged
        else ""
    )
    trial = " Limites provisoires : peu de points." if chart.chart and chart.chart.is_trial else ""
    return f"Accords sur demandes décidées. {limits}.{steps}{trial}"


@dataclass(frozen=True)
class Phase:
    """The counts before, during or after a window; ``words`` name it."""

    words: str
    counts: MsapCounts


PHASES = {"before": "Avant", "during": "Pendant", "after": "Après"}


def phases(periods: Sequence[Period], window: Window) -> list[Phase]:
    """What was asked and decided before, during and after a window, whole periods only.

    A period counts as during where it shares a month with the window. A withheld period withholds
    the phase that it is part of: its counts would follow by subtraction.
    """
    start, end = window.start.replace(day=1), window.end.replace(day=1)
    parts: dict[str, list[MsapCounts]] = {name: [] for name in PHASES}
    for period in periods:
        name = "before" if period.last < start else "after" if period.first > end else "during"
        parts[name].append(period.counts)
    return [Phase(words, summed(parts[name])) for name, words in PHASES.items()]


def summed(counts: Sequence[MsapCounts]) -> MsapCounts:
    """The counts together; withheld where a part is."""
    if any(part.is_hidden for part in counts):
        return MsapCounts(is_hidden=True)

    def total(name: str) -> float | None:
        known = [value for part in counts if (value := getattr(part, name)) is not None]
        return sum(known) if known else None

    return MsapCounts(
        requests=total("requests"),
        approvals=total("approvals"),
        refusals=total("refusals"),
        pending=total("pending"),
        stays=total("stays"),
        within_48h=total("within_48h"),
        decided_requests=total("decided"),
        decided_approvals=total("approved"),
    )


def phases_sentence(window: Window, found: Sequence[Phase]) -> str:
    """How the rate moved from before to during the window, and whether chance may explain it."""
    counts = {phase.words: phase.counts for phase in found}
    before, during, after = (counts.get(words, MsapCounts()) for words in PHASES.values())
    if during.rate is None:
        why = "taux masqués (petits nombres)" if during.is_hidden else "aucun taux à comparer"
        return typeset(f"Fenêtre MSAP {window.words} : {why}.")
    said = f"Fenêtre MSAP {window.words} : {percent(during.rate)} d’accords pendant"
    if before.rate is not None:
        gap = proportion_difference(before.decisions, during.decisions)
        said += f" ; {percent(before.rate)} avant, soit {_gap_words(gap, 'pendant')}"
    if after.rate is not None:
        gap = proportion_difference(during.decisions, after.decisions)
        said += f" ; {percent(after.rate)} après, soit {_gap_words(gap, 'ensuite')}"
    return typeset(f"{said}.")


def _gap_words(gap: Difference, when: str) -> str:
    """``+20,0 pts ensuite (de −0,6 à +38,3), ce qui peut tenir au hasard``."""
    low, high = signed(gap.lower * 100, 1), signed(gap.upper * 100, 1)
    verdict = "dépasse le hasard" if gap.exceeds_chance else "peut tenir au hasard"
    return f"{points(gap.value)} {when} (de {low} à {high}), ce qui {verdict}"


def phases_table(window: Window, found: Sequence[Phase]) -> str:
    """Before, during and after, with rates and their intervals."""
    rows = [
        (
            text(phase.words),
            count_cell(phase.counts.requests, phase.counts),
            count_cell(phase.counts.decided, phase.counts),
            masked_sign() if phase.counts.is_hidden else percent(phase.counts.rate),
            interval_cell(phase.counts),
            count_cell(phase.counts.stays, phase.counts),
        )
        for phase in found
    ]
    return table(
        f"Avant, pendant et après la fenêtre {window.words}",
        ("Fenêtre", "Demandes", "Décidées", "Taux d’accord", "Intervalle à 95 %", "Séjours"),
        rows,
        numeric=(1, 2, 3, 4, 5),
        is_stacked=True,
    )


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    first: date
    months: int

    def x(self, day: date, share: float = 0.5) -> float:
        """Horizontal position of a month; ``share`` 0 is its start, 1 its end."""
        place = (day.year - self.first.year) * 12 + day.month - self.first.month
        return LEFT + (place + share) * (WIDTH - LEFT - RIGHT) / max(self.months, 1)

    def middle(self, period: Period) -> float:
        return (self.x(period.first) + self.x(period.last)) / 2

    def y(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _scale(chart: Chart) -> _Scale:
    found = chart.chart
    values = [rate for rate in chart.rates if math.isfinite(rate)]
    if found is not None:
        lowest = sorted(float(v) for v in found.lower if math.isfinite(v))
        values += [found.mean, lowest[len(lowest) // 2]] if lowest else [found.mean]
    low = min([0.9, *values])
    first, last = chart.periods[0].first, chart.periods[-1].last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return _Scale(max(0.0, math.floor((low - 0.02) * 20) / 20), 1.0, first, months)


def p_chart_svg(chart: Chart, alt: str) -> str:
    """The chart: windows shaded, limits as a band, signals as triangles.

    Points alone where there is no chart; nothing where fewer than two are known.
    """
    drawn = [place for place, rate in enumerate(chart.rates) if math.isfinite(rate)]
    if len(drawn) < 2:
        return ""
    scale = _scale(chart)
    parts = [_window(window, scale) for window in chart.windows]
    band = "" if chart.chart is None else _band(chart, chart.chart, scale)
    parts += [_grid(scale), band, _line(chart, scale)]
    parts += [_point(chart, place, scale) for place in drawn]
    return (
        f'<svg class="v-series v-pchart" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def _window(window: Window, scale: _Scale) -> str:
    edge = scale.x(scale.first, 0)
    left = max(scale.x(window.start, 0), edge)
    right = min(scale.x(window.end, 1), float(WIDTH - RIGHT))
    if right <= left:
        return ""
    label = ""
    if right - left > 36:
        label = (
            f'<text class="window" x="{(left + right) / 2:.1f}" y="{TOP - 8}" '
            'text-anchor="middle">MSAP</text>'
        )
    return (
        f'<rect class="window" x="{left:.1f}" y="{TOP - 4}" width="{right - left:.1f}" '
        f'height="{HEIGHT - BOTTOM - TOP + 4}"><title>{text(f"Fenêtre MSAP {window.words}")}'
        f"</title></rect>{label}"
    )


def _grid(scale: _Scale) -> str:
    span = scale.high - scale.low
    step = 0.02 if span <= 0.12 else 0.05 if span <= 0.3 else 0.1 if span <= 0.6 else 0.2
    parts = []
    for place in range(int(span / step + 1e-9) + 1):
        value = scale.high - place * step
        y = scale.y(value)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{percent(value, 0)}</text>'
        )
    every = 1 if scale.months <= 13 else 3 if scale.months <= 40 else 6
    for offset in range(scale.months):
        month = (scale.first.month - 1 + offset) % 12
        if month % every:
            continue
        day = date(scale.first.year + (scale.first.month - 1 + offset) // 12, month + 1, 1)
        label = str(day.year) if month == 0 else SHORT_MONTHS[month]
        css = ' class="year"' if month == 0 else ' class="even"'
        parts.append(
            f'<text{css} x="{scale.x(day):.1f}" y="{HEIGHT - 12}" text-anchor="middle">'
            f"{label}</text>"
        )
    return "".join(parts)


def _band(chart: Chart, found: ProportionChart, scale: _Scale) -> str:
    """The limits of each period as steps, the mean as a line."""
    parts = []
    for period, low, high in zip(chart.periods, found.lower, found.upper, strict=True):
        if not (math.isfinite(low) and math.isfinite(high)):
            continue
        left, right = scale.x(period.first, 0), scale.x(period.last, 1)
        top, bottom = scale.y(float(high)), scale.y(float(low))
        parts.append(
            f'<rect class="habit" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{max(bottom - top, 0.5):.1f}"/>'
        )
    y = scale.y(found.mean)
    parts.append(f'<path class="mean" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
    return "".join(parts)


def _line(chart: Chart, scale: _Scale) -> str:
    commands, is_drawing = [], False
    for period, value in zip(chart.periods, chart.rates, strict=True):
        if not math.isfinite(value):
            is_drawing = False
            continue
        at = f"{scale.middle(period):.1f} {scale.y(value):.1f}"
        commands.append(f"{'L' if is_drawing else 'M'}{at}")
        is_drawing = True
    return f'<path class="former" d="{"".join(commands)}"/>'


def _point(chart: Chart, place: int, scale: _Scale) -> str:
    period, value, found = chart.periods[place], chart.rates[place], chart.chart
    rule, side = (None, 0) if found is None else (found.signal[place], int(found.side[place]))
    x, y = scale.middle(period), scale.y(value)
    title = f"<title>{text(_point_words(period, rule))}</title>"
    if rule is None:
        return f'<circle class="dot plain" cx="{x:.1f}" cy="{y:.1f}" r="3">{title}</circle>'
    way = -1 if side > 0 else 1
    return f'<path class="out" d="M{x - 6:.1f} {y - 5 * way:.1f}h12l-6 {11 * way}z">{title}</path>'


def _point_words(period: Period, rule: str | None) -> str:
    counts = period.counts
    signal = f", signal ({_rule(rule)})" if rule else ""
    said = f"{capitalised(period.label)} : {percent(counts.rate)} de {number(counts.decided)}"
    return typeset(f"{said} demandes décidées{signal}")


def _rule(rule: str) -> str:
    return RULES[rule].replace("mois", "points")


def chart_legend(chart: Chart) -> str:
    """What the band, the line and the triangles are; nothing where nothing is drawn."""
    window = '<span><b class="k window"></b> Fenêtre MSAP</span>' if chart.windows else ""
    if chart.chart is None:
        return f'<p class="v-legend">{window}</p>' if window else ""
    limits = "P′" if chart.is_prime else "P"
    return (
        f'<p class="v-legend"><span><b class="k habit"></b> Limites de la carte {limits}</span>'
        f"<span>— Moyenne : {percent(chart.chart.mean)}</span><span>▼ ▲ Signal</span>{window}</p>"
    )


def chart_alt(chart: Chart, who: str) -> str:
    """What the chart shows, in words."""
    windows = "".join(f" Fenêtre MSAP {window.words}." for window in chart.windows)
    found = chart.chart
    if found is None or not chart.periods:
        return typeset(f"{chart_finding(chart, who)}.{windows}")
    drawn = sum(math.isfinite(float(value)) for value in found.observed)
    signals = sum(rule is not None for rule in found.signal)
    marked = counted(signals, "signal", "signaux")
    return typeset(
        f"{chart.name} du taux d’accord, {who}, de {chart.periods[0].label} à "
        f"{chart.periods[-1].label} : {counted(drawn, 'point')}, {marked}. "
        f"{chart_finding(chart, who)}.{windows}"
    )


def chart_table(chart: Chart, caption: str) -> str:
    """The periods as a table, the latest first."""
    rows = []
    for place, period in reversed(list(enumerate(chart.periods))):
        counts = period.counts
        rule = None if chart.chart is None else chart.chart.signal[place]
        masked = masked_sign() if counts.is_hidden else None
        rows.append(
            (
                text(capitalised(period.label)),
                count_cell(counts.requests, counts),
                count_cell(counts.decided, counts),
                masked or percent(counts.rate),
                interval_cell(counts),
                text(_rule(rule)) if rule else ABSENT,
                "oui" if _is_in_window(period, chart.windows) else "",
            )
        )
    heads = ("Période", "Demandes", "Décidées", "Taux d’accord", "Intervalle à 95 %", "Signal")
    return table(caption, (*heads, "Fenêtre MSAP"), rows, numeric=(1, 2, 3, 4), is_stacked=True)


def _is_in_window(period: Period, windows: Sequence[Window]) -> bool:
    return any(
        window.start.replace(day=1) <= period.last and period.first <= window.end
        for window in windows
    )


def chart_records(chart: Chart) -> pd.DataFrame:
    """The periods and limits, for a file; rates and limits are proportions, withheld ones empty."""
    return pd.DataFrame([_record(chart, place) for place in range(len(chart.periods))])


def _record(chart: Chart, place: int) -> Mapping[str, Any]:
    period, found = chart.periods[place], chart.chart
    counts = period.counts
    return {
        "periode_debut": period.first.isoformat(),
        "periode_fin": period.last.isoformat(),
        "demandes": counts.requests,
        "accords": counts.approvals,
        "demandes_decidees": counts.decided,
        "taux_accord": counts.rate,
        "masque": counts.is_hidden,
        "carte": "" if found is None else chart.name,
        "moyenne": None if found is None else found.mean,
        "limite_basse": None if found is None else known_float(found.lower[place]),
        "limite_haute": None if found is None else known_float(found.upper[place]),
        "signal": "" if found is None else RULES.get(str(found.signal[place]), ""),
        "fenetre_msap": _is_in_window(period, chart.windows),
    }


def period_words(period: Period) -> str:
    """``mars 2016``, short, for narrow tables."""
    if period.first == period.last:
        return short_month(period.first)
    return f"{short_month(period.first)} – {short_month(period.last)}"
