"""A funnel plot as inline SVG: rates against their denominators, limits of chance and beyond.

Both pairs of limits are drawn; the reader chooses which of them judges, and the title says which.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from figures.formats import NARROW_SPACE, counted, french_key, number, percent
from figures.grammar import is_plural, typeset
from figures.label_places import Box, free_place
from figures.markup import attributes, table, text
from indicators.funnel import (
    limits_around,
    overdispersion,
    proportion_limits_beyond_chance,
)
from indicators.suppression import smallest_shown

WIDTH, HEIGHT = 960, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 14, 14, 44
DESCRIBES, ALARMS = 0.95, 0.998
NAMED_AT_MOST = 12
SPREAD_FROM = 10
"""Units from which what they vary beyond chance can be measured."""

PAGE = "msap_etablissements"
LETTER = 6.3
"""Width of a letter of a label in the units of the drawing."""

Judge = Literal["hasard", "surdispersion"]
JUDGES: Mapping[str, str] = {"hasard": "Hasard seul", "surdispersion": "Avec surdispersion"}
KEY_LINE = '<path class="{}" d="M1 4H25"/>'
SIDES = {-1: "sous les limites", 0: "dans les limites", 1: "au-dessus des limites"}
SIGNS = {-1: "▼", 0: "●", 1: "▲"}


@dataclass(frozen=True)
class Subject:
    """What a funnel compares, in words.

    Attributes:
        one: a unit.
        many: several of them.
        gender: ``e`` where the noun is feminine, else empty.
        rate: what is compared.
        against: what the width of the limits follows from.
        axis: the same, as the title of an axis.
        trial: one of what is counted there, and several.
        said: a rate in words.
        tick: a rate as an axis writes it.
        parameter: name in the address that opens a unit.
        base: the country's rate, named.
        joint: what stands between a rate and the count that it is taken of.
        starts_at_zero: whether the axis of rates starts there; else it ends at 100 %.
        chosen_few: why those seen are no fair sample where most are hidden.
        caution: what the comparison leaves out.
    """

    one: str
    many: str
    gender: str
    rate: str
    against: str
    axis: str
    trial: tuple[str, str]
    said: Callable[[float], str]
    tick: Callable[[float], str]
    parameter: str
    base: str
    joint: str = " de "
    starts_at_zero: bool = False
    chosen_few: str = ""
    caution: str = ""

    def counted(self, count: int) -> str:
        """``1 établissement``, ``12 régions``."""
        return counted(count, self.one, self.many)


ESTABLISHMENTS = Subject(
    one="établissement",
    many="établissements",
    gender="",
    rate="Taux d’accord",
    against="le nombre de demandes décidées",
    axis="Demandes décidées (accords et refus)",
    trial=("demande décidée", "demandes décidées"),
    said=percent,
    tick=lambda rate: percent(rate, 0),
    parameter="etablissement",
    base="Taux national",
    chosen_few="ceux qui restent n’ont presque aucun refus, ou beaucoup",
)


@dataclass(frozen=True)
class FunnelUnit:
    """An establishment (or a territory) of the plot: ``events`` among ``trials``, both known.

    ``expected`` are the events of its mix of procedures at the country's rates, None if unknown.
    """

    code: str
    name: str
    place: str
    events: float
    trials: float
    expected: float | None = None

    @property
    def rate(self) -> float:
        """Events over trials, a proportion."""
        return self.events / self.trials


@dataclass(frozen=True)
class Limits:
    """Lower and upper limits of each unit, proportions."""

    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True)
class Funnel:
    """The units that may be shown, what they are compared with, and how many are not shown.

    ``target`` is the country's rate (``is_national``) or the pooled one; ``tau2`` the variance
    between units beyond chance and ``phi`` how many times more than chance they vary. ``judge``
    chooses the limits that name a unit.
    """

    units: Sequence[FunnelUnit]
    target: float
    phi: float
    tau2: float
    judge: Judge
    hidden: int = 0
    undecided: int = 0
    is_national: bool = False
    subject: Subject = ESTABLISHMENTS

    @property
    def target_words(self) -> str:
        """``Taux national : 93,9 %``."""
        base = self.subject.base if self.is_national else "Taux d’ensemble"
        return f"{base} : {self.subject.said(self.target)}"

    def limits(self, trials: object, coverage: float, judge: Judge) -> Limits:
        """The limits of ``judge`` at any number of trials.

        Without over-dispersion both judges have the same limits, those of chance.
        """
        if judge == "surdispersion" and self.tau2 > 0:
            found = proportion_limits_beyond_chance(self.target, self.tau2, trials, coverage)
        else:
            found = limits_around(self.target, trials, coverage)
        return Limits(np.atleast_1d(found.lower), np.atleast_1d(found.upper))

    def sides(self, judge: Judge, coverage: float = ALARMS) -> list[int]:
        """For each unit, whether it lies under (-1), within (0) or above (1) the limits."""
        if not self.units:
            return []
        rates = np.array([unit.rate for unit in self.units])
        limits = self.limits([unit.trials for unit in self.units], coverage, judge)
        slack = 1e-12
        above = (rates > limits.upper + slack).astype(int)
        return [int(side) for side in above - (rates < limits.lower - slack)]

    @cached_property
    def judged(self) -> list[int]:
        """The sides by the limits that judge, at 99.8 %."""
        return self.sides(self.judge)

    @cached_property
    def beyond(self) -> list[tuple[FunnelUnit, int]]:
        """Units beyond the limits with their side, the furthest first."""
        found = [(u, s) for u, s in zip(self.units, self.judged, strict=True) if s]
        return sorted(found, key=lambda pair: (-abs(self.score(pair[0])), pair[0].name))

    def score(self, unit: FunnelUnit) -> float:
        """Distance to the target in standard errors of chance."""
        error = math.sqrt(self.target * (1 - self.target) / unit.trials)
        return (unit.rate - self.target) / error if error else 0.0


def funnel(
    units: Sequence[FunnelUnit],
    judge: Judge = "hasard",
    hidden: int = 0,
    undecided: int = 0,
    target: float | None = None,
    subject: Subject = ESTABLISHMENTS,
) -> Funnel | None:
    """The funnel of units around a rate; None where there is nothing to compare.

    Args:
        units: those whose counts the reader may see, with at least one trial each.
        judge: which limits name a unit.
        hidden: how many units are withheld from the reader.
        undecided: how many have no decided request.
        target: the country's rate; the pooled one of the units without it.
        subject: what is compared, in words.
    """
    if len(units) < 2:
        return None
    events, trials = [u.events for u in units], [u.trials for u in units]
    found = overdispersion(events, trials, target=target)
    ordered = sorted(units, key=lambda u: (-u.trials, french_key(u.name)))
    phi, tau2 = (found.phi, found.tau2) if has_spread(len(units), hidden) else (1.0, 0.0)
    is_national = target is not None
    return Funnel(ordered, found.target, phi, tau2, judge, hidden, undecided, is_national, subject)


def has_spread(seen: int, hidden: int) -> bool:
    """Whether over-dispersion can be measured on the units seen.

    Not on a handful; nor where more are hidden: they are so by their few refusals, and those left
    vary in no usual way.
    """
    return seen >= SPREAD_FROM and hidden <= seen


def funnel_finding(plot: Funnel) -> str:
    """How many units differ by more than the limits that judge."""
    subject, count, total = plot.subject, len(plot.beyond), len(plot.units)
    if not count and plot.hidden > total:
        hidden = subject.counted(plot.hidden)
        masked = f"masqué{subject.gender}s"
        return typeset(f"{hidden} sur {number(plot.hidden + total)} {masked} : rien à conclure ici")
    what = f"{subject.rate} : " if subject is not ESTABLISHMENTS else ""
    than = "le hasard" if plot.judge == "hasard" else "leur variation habituelle"
    if not count:
        none = f"{'a' if what else 'A'}ucun{subject.gender}"
        each = f"{none} des {number(total)} {subject.many}"
        return typeset(f"{what}{each} ne s’écarte plus que {than}")
    verb = "s’écarte" if count == 1 else "s’écartent"
    return typeset(f"{what}{subject.counted(count)} sur {number(total)} {verb} plus que {than}")


def funnel_note(plot: Funnel, when: str) -> str:
    """What the axes are, which limits judge, and what chance alone would name."""
    subject = plot.subject
    chance = len(plot.units) * (1 - ALARMS)
    by_chance = (
        f"{number(chance, 1)} {subject.many if is_plural(chance, 1) else subject.one}"
        if chance >= 1
        else f"moins d’un{subject.gender} {subject.one}"
    )
    by = (
        "Jugent ici les limites du hasard seul"
        if plot.judge == "hasard"
        else f"Jugent ici les limites élargies de ce que les {subject.many} varient d’ordinaire"
    )
    caution = f" {subject.caution}." if subject.caution else ""
    return typeset(
        f"{subject.rate} selon {subject.against}, {when}. {by}, à 99,8 % ; "
        f"le hasard seul nommerait {by_chance} sur {number(len(plot.units))}. "
        f"{_spread_words(plot)}.{caution}"
    )


def _spread_words(plot: Funnel) -> str:
    """Whether the units vary more than by chance, or why that is not known."""
    many, feminine = plot.subject.many, plot.subject.gender
    if plot.hidden > len(plot.units):
        few = f" : {plot.subject.chosen_few}" if plot.subject.chosen_few else ""
        of = "d’" if many[0] in "aeéiou" else "de "
        return f"Trop {of}{many} vous sont masqué{feminine}s pour mesurer la surdispersion{few}"
    if len(plot.units) < SPREAD_FROM:
        return (
            f"Trop peu {'d’' if many[0] in 'aeéiou' else 'de '}{many} (moins de {SPREAD_FROM}) "
            "pour mesurer la surdispersion : seul le hasard juge"
        )
    if plot.tau2 > 0:
        return (
            f"Les taux varient plus que le hasard (φ = {number(plot.phi, 1)}), "
            "d’où les limites élargies"
        )
    return "Les taux ne varient pas plus que le hasard : les deux limites se confondent"


def hidden_words(plot: Funnel) -> str:
    """How many units are not drawn and why; nothing where all are."""
    subject, said = plot.subject, []
    if plot.hidden:
        one, several = f"n’est pas tracé{subject.gender}", f"ne sont pas tracé{subject.gender}s"
        said.append(
            f"{subject.counted(plot.hidden)} {one if plot.hidden == 1 else several} : leurs petits "
            f"nombres (moins de {smallest_shown()}) sont masqués pour vous."
        )
    if plot.undecided:
        said.append(f"{subject.counted(plot.undecided)} sans {subject.trial[0]}.")
    return typeset(" ".join(said))


def funnel_alt(plot: Funnel, when: str) -> str:
    """What the plot shows, in words."""
    beyond = " ; ".join(
        f"{unit.name}, {_said(unit, plot.subject)}" for unit, _ in plot.beyond[:NAMED_AT_MOST]
    )
    named = f" Hors limites : {beyond}." if beyond else ""
    return typeset(
        f"Graphique en entonnoir, {when}. {funnel_finding(plot)}. {plot.target_words}.{named} "
        f"{hidden_words(plot)} "
        f"Le tableau donne chaque {plot.subject.one}."
    )


def _said(unit: FunnelUnit, subject: Subject) -> str:
    among = counted(int(unit.trials), *subject.trial)
    return f"{subject.said(unit.rate)}{subject.joint}{among}"


@dataclass(frozen=True)
class _Scale:
    """Where numbers of trials and rates lie: trials by their square root, rates evenly."""

    most: float
    floor: float
    ceiling: float

    def x(self, trials: float) -> float:
        return LEFT + math.sqrt(max(trials, 0) / self.most) * (WIDTH - LEFT - RIGHT)

    def y(self, rate: float) -> float:
        kept = min(max(rate, self.floor), self.ceiling)
        share = (kept - self.floor) / (self.ceiling - self.floor)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _scale(plot: Funnel) -> _Scale:
    """Rates that few small units fall to would flatten all others: they stand on the edge.

    The limits that judge the largest unit always have room.
    """
    largest = max(unit.trials for unit in plot.units)
    most = largest * 1.06
    rates = np.array([unit.rate for unit in plot.units])
    limits = plot.limits([largest], ALARMS, plot.judge)
    if plot.subject.starts_at_zero:
        high = max(float(rates.max()), float(limits.upper[0])) * 1.06
        return _Scale(most, 0.0, min(1.0, math.ceil(high * 50) / 50))
    told = [unit.rate for unit, _ in plot.beyond if unit.trials >= 20]
    low = min([float(np.quantile(rates, 0.04)), float(limits.lower[0]) - 0.02, *told])
    return _Scale(most, max(0.0, math.floor((low - 0.03) * 20) / 20), 1.0)


def funnel_svg(plot: Funnel, alt: str, chosen: str = "", opens: bool = True) -> str:
    """The plot.

    Args:
        plot: what is drawn.
        alt: what it says.
        chosen: code of the establishment that is marked.
        opens: whether a click on a point opens the establishment.
    """
    scale = _scale(plot)
    parts = [_axes(scale, plot.subject)]
    other: Judge = "surdispersion" if plot.judge == "hasard" else "hasard"
    if plot.tau2 > 0:
        parts.append(_limit_lines(plot, scale, other, "limit other"))
    parts.append(_band(plot, scale))
    parts.append(_limit_lines(plot, scale, plot.judge, "limit judge"))
    parts.append(_target(plot, scale))
    order = {unit.code: place for place, (unit, _) in enumerate(plot.beyond, start=1)}
    inside = [
        _point(unit, plot.subject, scale, opens, unit.code == chosen)
        for unit, side in zip(plot.units, plot.judged, strict=True)
        if not side
    ]
    parts += inside
    parts.append(_outside(plot, scale, order, opens, chosen))
    return (
        f'<svg class="v-funnel" xmlns="http://www.w3.org/2000/svg" role="group" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def _axes(scale: _Scale, subject: Subject) -> str:
    parts = []
    span = scale.ceiling - scale.floor
    step = 0.01 if span <= 0.08 else 0.02 if span <= 0.15 else 0.05 if span <= 0.3 else 0.1
    first, last_one = math.ceil(scale.floor / step - 1e-9), int(scale.ceiling / step + 1e-9)
    for place in range(last_one, first - 1, -1):
        rate = place * step
        y = scale.y(rate)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{subject.tick(rate)}</text>'
        )
    last = -100.0
    for trials in (1, 5, 11, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600):
        x = scale.x(trials)
        if trials > scale.most or x - last < 34:
            continue
        last = x
        y = HEIGHT - BOTTOM
        parts.append(
            f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + 5}"/>'
            f'<text x="{x:.1f}" y="{y + 18}" text-anchor="middle">{number(trials)}</text>'
        )
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">'
        f"{text(subject.axis)}</text>"
    )
    return "".join(parts)


def _trials(plot: Funnel, scale: _Scale) -> np.ndarray:
    """Numbers of trials evenly spaced on the drawing, from one or from half the smallest unit's."""
    smallest = min(unit.trials for unit in plot.units) / 2 if plot.subject.starts_at_zero else 1.0
    return (np.linspace(math.sqrt(smallest), math.sqrt(scale.most), 48)) ** 2


def _limit_lines(plot: Funnel, scale: _Scale, judge: Judge, css: str) -> str:
    return "".join(
        f'<path class="{css} {name}" d="{path}"/>'
        for coverage, name in ((DESCRIBES, "p95"), (ALARMS, "p998"))
        for path in _limit_paths(plot, scale, judge, coverage)
    )


def _limit_paths(plot: Funnel, scale: _Scale, judge: Judge, coverage: float) -> list[str]:
    """The lower and the upper limit, where they lie on the drawing."""
    trials = _trials(plot, scale)
    limits = plot.limits(trials, coverage, judge)
    found = [
        _within(list(zip(trials, values, strict=True)), scale)
        for values in (limits.lower, limits.upper)
    ]
    return [path for path in found if path]


def _within(points: Sequence[tuple[float, float]], scale: _Scale) -> str:
    """A line through the points that lie on the drawing; what is cut by its edges is left out."""
    commands, is_drawing = [], False
    for (_, before), (trials, rate) in pairwise([points[0], *points]):
        is_seen = scale.floor < rate and (rate < scale.ceiling or before < scale.ceiling)
        if is_seen:
            commands.append(
                f"{'L' if is_drawing else 'M'}{scale.x(trials):.1f} {scale.y(rate):.1f}"
            )
        is_drawing = is_seen
    return "".join(commands) if len(commands) > 1 else ""


def _band(plot: Funnel, scale: _Scale) -> str:
    """What lies within the limits that judge, at 99.8 %."""
    trials = _trials(plot, scale)
    limits = plot.limits(trials, ALARMS, plot.judge)
    upper = [
        f"{scale.x(n):.1f} {scale.y(v):.1f}" for n, v in zip(trials, limits.upper, strict=True)
    ]
    lower = [
        f"{scale.x(n):.1f} {scale.y(v):.1f}" for n, v in zip(trials, limits.lower, strict=True)
    ]
    return f'<path class="habit" d="M{"L".join([*upper, *reversed(lower)])}Z"/>'


def _target(plot: Funnel, scale: _Scale) -> str:
    y = scale.y(plot.target)
    return f'<path class="mean" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'


def _opening(unit: FunnelUnit, subject: Subject, opens: bool) -> str:
    if not opens:
        return ""
    return attributes(data_act="choose", data_name=subject.parameter, data_value=unit.code)


def _title(unit: FunnelUnit, subject: Subject) -> str:
    where = f" ({unit.place})" if unit.place else ""
    return f"<title>{text(f'{unit.name}{where} : {_said(unit, subject)}')}</title>"


def _point(unit: FunnelUnit, subject: Subject, scale: _Scale, opens: bool, is_chosen: bool) -> str:
    opening, title = _opening(unit, subject, opens), _title(unit, subject)
    x, y = scale.x(unit.trials), scale.y(unit.rate)
    css = "unit chosen" if is_chosen else "unit"
    if unit.rate < scale.floor:
        shape = f'<path class="{css}" d="M{x - 3.5:.1f} {y - 6:.1f}h7l-3.5 6z"'
        return f"{shape}{opening}>{title}</path>"
    return f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="3.4"{opening}>{title}</circle>'


def _outside(
    plot: Funnel, scale: _Scale, order: Mapping[str, int], opens: bool, chosen: str
) -> str:
    """The units beyond the limits: a triangle with its number, and its name where it has room."""
    subject = plot.subject
    spots = {u.code: (scale.x(u.trials), scale.y(u.rate)) for u, _ in plot.beyond}
    taken = [Box(x - 8, y - 8, x + 8, y + 8) for x, y in spots.values()]
    page = Box(LEFT, 2, WIDTH - 2, HEIGHT - BOTTOM)
    parts = []
    for unit, side in plot.beyond:
        x, y = spots[unit.code]
        number_in = order[unit.code]
        way = 1 if side < 0 else -1
        marks = (
            f'<path class="out{" chosen" if unit.code == chosen else ""}" '
            f'd="M{x - 7:.1f} {y - 6 * way:.1f}h14l-7 {13 * way}z"/>'
        )
        label = ""
        if number_in <= NAMED_AT_MOST:
            words = f"{number_in}. {unit.name}"
            place = free_place(x, y, len(words) * LETTER, 13, page, taken)
            if place is not None:
                taken.append(place)
                label = _label(words, place, x, y)
        digits = f'<text class="rank" x="{x:.1f}" y="{y - 11 * way:.1f}">{number_in}</text>'
        # A link, since only a link or a button answers the Enter key by itself.
        tag = "a" if opens else "g"
        target = f"{PAGE}?{subject.parameter}={unit.code}"
        reach = attributes(href=target if opens else None)
        parts.append(
            f'<{tag} class="outside{"" if label else " unnamed"}"{reach}'
            f"{_opening(unit, subject, opens)} "
            f'aria-label="{text(f"{unit.name}, {_said(unit, subject)}, {SIDES[side]}")}">'
            f"{_title(unit, subject)}{marks}{label}{digits}</{tag}>"
        )
    return "".join(parts)


def _label(words: str, place: Box, x: float, y: float) -> str:
    """The name on the side of its point, with a line to it where it had to move."""
    is_left = place.right < x
    at, anchor = (place.right, ' text-anchor="end"') if is_left else (place.left, "")
    middle = (place.top + place.bottom) / 2
    lead = ""
    if abs(middle - y) > 1:
        end = at + 2 if is_left else at - 2
        lead = f'<path class="lead" d="M{x:.1f} {y:.1f}L{end:.1f} {middle:.1f}"/>'
    return (
        f'{lead}<text class="name" x="{at:.1f}" y="{place.bottom - 3:.1f}"{anchor}>'
        f"{text(words)}</text>"
    )


def funnel_legend(plot: Funnel) -> str:
    """What the lines and the points are."""
    line = f'<svg class="key" viewBox="0 0 26 8" aria-hidden="true">{KEY_LINE}</svg>'
    judge, other = (
        JUDGES[plot.judge],
        JUDGES["surdispersion" if plot.judge == "hasard" else "hasard"],
    )
    scale = _scale(plot)
    items = [
        f"{line.format(f'limit judge {css}')} {judge}, {said}{NARROW_SPACE}%{judges}"
        for coverage, css, said, judges in (
            (ALARMS, "p998", "99,8", " (jugent)"),
            (DESCRIBES, "p95", "95", ""),
        )
        if _limit_paths(plot, scale, plot.judge, coverage)
    ]
    if plot.tau2 > 0:
        items.append(f"{line.format('limit other p998')} {other}, 99,8 et 95{NARROW_SPACE}%")
    items.append(f"{line.format('mean')} {plot.target_words}")
    if plot.beyond:
        e = plot.subject.gender
        items.append(f"▼ ▲ Hors limites, numéroté{e}s du plus au moins écarté{e}")
    return f'<p class="v-legend">{"".join(f"<span>{item}</span>" for item in items)}</p>'


def outside_list(plot: Funnel) -> str:
    """The establishments beyond the limits by name, in the order of their numbers."""
    if not plot.beyond:
        return ""
    items = "".join(
        f"<li>{unit_button(unit.code, unit.name, plot.subject)} "
        f"<span>{text(_said(unit, plot.subject))}, "
        f"{SIGNS[side]} {SIDES[side]}</span></li>"
        for unit, side in plot.beyond
    )
    return f'<ol class="v-outside">{items}</ol>'


def unit_button(code: str, name: str, subject: Subject = ESTABLISHMENTS) -> str:
    """A name that opens the establishment, or the territory."""
    return (
        f'<button type="button" class="link" data-act="choose" data-name="{subject.parameter}" '
        f'data-value="{text(code)}">{text(name)}</button>'
    )


def funnel_table(plot: Funnel, caption: str) -> str:
    """Every establishment that may be shown, with both judgements."""
    rows = []
    chance, widened = plot.sides("hasard"), plot.sides("surdispersion")
    for place, unit in enumerate(plot.units):
        rows.append(
            (
                unit_button(unit.code, unit.name),
                text(unit.place),
                number(unit.trials),
                number(unit.trials - unit.events),
                percent(unit.rate),
                side_cell(chance[place]),
                side_cell(widened[place]),
            )
        )
    heads = (
        *("Établissement", "Département", "Décidées", "Refus", "Taux d’accord"),
        *("Hasard seul", "Avec surdispersion"),
    )
    return table(caption, heads, rows, numeric=(2, 3, 4), is_stacked=True)


def side_cell(side: int) -> str:
    """Where a unit lies, as a table cell: in words, with its sign where it is beyond."""
    if not side:
        return "dans les limites"
    return f"<b>{SIGNS[side]} {SIDES[side]}</b>"


def funnel_records(plot: Funnel) -> pd.DataFrame:
    """Every establishment that may be shown, for a file; rates and limits are proportions."""
    return judged_records(
        plot,
        lambda unit: {
            "etablissement_code": unit.code,
            "etablissement": unit.name,
            "departement": unit.place,
            "demandes_decidees": unit.trials,
            "accords": unit.events,
            "taux_accord": unit.rate,
        },
    )


def judged_records(
    plot: Funnel, described: Callable[[FunnelUnit], Mapping[str, Any]]
) -> pd.DataFrame:
    """One row a unit: what describes it, then both pairs of limits and where it lies."""
    trials = [unit.trials for unit in plot.units]
    chance = plot.limits(trials, ALARMS, "hasard")
    widened = plot.limits(trials, ALARMS, "surdispersion")
    sides = (plot.sides("hasard"), plot.sides("surdispersion"))
    return pd.DataFrame(
        {
            **described(unit),
            "limite_basse_hasard_99_8": chance.lower[place],
            "limite_haute_hasard_99_8": chance.upper[place],
            "limite_basse_surdispersion_99_8": widened.lower[place],
            "limite_haute_surdispersion_99_8": widened.upper[place],
            "hasard": SIDES[sides[0][place]],
            "surdispersion": SIDES[sides[1][place]],
        }
        for place, unit in enumerate(plot.units)
    )
