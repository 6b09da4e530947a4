"""The Lorenz curve of a profession: who is served by how many, and where a territory lies on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from figures.formats import french_key, number, percent
from figures.grammar import typeset
from figures.label_places import Box, free_place
from figures.markup import attributes, table, text
from figures.professions import Named, density_words, share_words
from indicators.distribution import Distribution
from indicators.inequality import Lorenz, lorenz

WIDTH, HEIGHT = 640, 430
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 12, 50
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
HALF = 0.5
LETTER, LABEL_HEIGHT = 6.8, 17
DOTS_AT_MOST = 130
"""Territories up to which each is a point of the curve that can be chosen."""

ENDS = 40
"""Rows of the table shown at either end where there are too many territories for all."""

NAMED_PARAMETER = "repere"
NAMED_AT_MOST = 6


@dataclass(frozen=True, eq=False)
class Curve:
    """A distribution and its curve; ``named`` are codes of the territories named on it."""

    spread: Distribution
    named: tuple[str, ...] = ()

    @cached_property
    def lorenz(self) -> Lorenz:
        """The points of the curve."""
        return lorenz(self.spread.count, self.spread.population)

    def share_of_half(self) -> float:
        """Share of the professionals who serve the worse served half of the people."""
        return float(np.interp(HALF, self.lorenz.population, self.lorenz.professionals))

    def end(self, code: str) -> tuple[float, float] | None:
        """The point up to which the curve has counted a territory; None if it isn't on it."""
        place = self.spread.place.get(code)
        if place is None or place not in self.lorenz.order:
            return None
        found = np.flatnonzero(self.lorenz.order == place)
        after = int(found[0]) + 1
        return float(self.lorenz.population[after]), float(self.lorenz.professionals[after])

    def ordered(self) -> list[int]:
        """Positions in the distribution, from the least to the best served."""
        return [int(place) for place in self.lorenz.order]


def named_after(named: Sequence[str], code: str) -> str:
    """The value of the address once ``code`` is named too, or no longer."""
    if code in named:
        return ",".join(other for other in named if other != code)
    return ",".join((*named[-(NAMED_AT_MOST - 1) :], code))


def lorenz_finding(curve: Curve, about: Named) -> str:
    """What the worse served half of the people gets."""
    half = share_words(curve.share_of_half())
    return typeset(f"La moitié la moins bien dotée des {about.people} a {half} des {about.many}")


def lorenz_svg(
    curve: Curve, alt: str, former: Curve | None = None, is_choosable: bool = True
) -> str:
    """The curve under its diagonal; a former one thin beside it.

    Args:
        curve: what is drawn, its territories as points where they are few.
        alt: what is seen, in words.
        former: the curve before a change.
        is_choosable: whether a click on a point names its territory.
    """
    points = [_at(x, y) for x, y in _pairs(curve.lorenz)]
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    (left, bottom), (right, top) = _at(0, 0), _at(1, 1)
    parts = [
        _grid(),
        f'<path class="gap" d="M{line}z"/>',
        f'<path class="goal" d="M{left} {bottom}L{right} {top}"/>',
    ]
    if former is not None:
        thin = "L".join(
            f"{x:.1f} {y:.1f}" for x, y in (_at(*pair) for pair in _pairs(former.lorenz))
        )
        parts.append(f'<path class="former" d="M{thin}"/>')
    parts += [f'<path class="line" d="M{line}"/>', _dots(curve, is_choosable), _labels(curve)]
    return (
        f'<svg class="v-lorenz" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def _pairs(found: Lorenz) -> list[tuple[float, float]]:
    return list(zip(found.population.tolist(), found.professionals.tolist(), strict=True))


def _at(people: float, professionals: float) -> tuple[float, float]:
    x = LEFT + people * (WIDTH - LEFT - RIGHT)
    y = HEIGHT - BOTTOM - professionals * (HEIGHT - TOP - BOTTOM)
    return round(x, 1), round(y, 1)


def _grid() -> str:
    parts = []
    for share in TICKS:
        x, y = _at(share, share)
        said = share_words(share)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{said}</text>')
        side = "end" if share == TICKS[-1] else "middle"
        parts.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 18}" text-anchor="{side}">{said}</text>')
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">'
        "part cumulée de la population, des moins dotés aux mieux dotés</text>"
    )
    return "".join(parts)


def _dots(curve: Curve, is_choosable: bool) -> str:
    """Territories as points: all of them where they are few, else those named."""
    spread, named = curve.spread, set(curve.named)
    is_few = len(spread) <= DOTS_AT_MOST
    parts = []
    for after, place in enumerate(curve.ordered(), start=1):
        code = spread.codes[place]
        if not is_few and code not in named:
            continue
        x, y = _at(float(curve.lorenz.population[after]), float(curve.lorenz.professionals[after]))
        said = f"{spread.names[place]} : {density_words(float(spread.density[place]))}"
        chosen = attributes(
            data_act="choose" if is_choosable else None,
            data_name=NAMED_PARAMETER if is_choosable else None,
            data_value=named_after(curve.named, code) if is_choosable else None,
        )
        css, radius = ("dot own", 5) if code in named else ("dot", 3)
        parts.append(
            f'<circle class="{css}" cx="{x}" cy="{y}" r="{radius}"{chosen}>'
            f"<title>{text(said)}</title></circle>"
        )
    return "".join(parts)


def _labels(curve: Curve) -> str:
    """Names of the chosen territories, where there is room beside their points."""
    page = Box(LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM)
    taken: list[Box] = []
    parts = []
    for code in curve.named:
        end = curve.end(code)
        if end is None:
            continue
        place = curve.spread.place[code]
        density = density_words(float(curve.spread.density[place]))
        said = f"{curve.spread.names[place]} ({density})"
        box = free_place(*_at(*end), len(said) * LETTER, LABEL_HEIGHT, page, taken)
        if box is None:
            continue
        taken.append(box)
        parts.append(
            f'<text class="end" x="{box.left:.0f}" y="{box.bottom - 4:.0f}">{text(said)}</text>'
        )
    return "".join(parts)


def lorenz_alt(curve: Curve, about: Named) -> str:
    """What the curve shows, in words."""
    order, spread = curve.ordered(), curve.spread
    least, best = order[0], order[-1]
    return typeset(
        f"Courbe de Lorenz, {about.many}, {about.place}, {about.year}. "
        f"{lorenz_finding(curve, about)}. Du moins doté, {spread.names[least]} "
        f"({density_words(float(spread.density[least]))} {about.per}), au mieux doté, "
        f"{spread.names[best]} ({density_words(float(spread.density[best]))})."
    )


def lorenz_legend() -> str:
    """What the lines are, where a curve stands over a former one."""
    said = (("line", "après le plan"), ("former", "avant"), ("goal", "même densité partout"))
    items = "".join(
        f'<span><svg class="key" viewBox="0 0 26 8" aria-hidden="true"><path class="{css}" '
        f'd="M1 4H25"/></svg> {words}</span>'
        for css, words in said
    )
    return f'<p class="v-legend">{items}</p>'


def lorenz_table(curve: Curve, about: Named, caption: str) -> str:
    """The territories from the least to the best served; a click names one on the curve."""
    order = curve.ordered()
    shown = list(enumerate(order, start=1))
    left_out = len(order) - 2 * ENDS
    is_cut = len(order) > DOTS_AT_MOST
    if is_cut:
        shown = [*shown[:ENDS], *shown[-ENDS:]]
    rows = [_row(curve, after, place) for after, place in shown]
    if is_cut:
        between = f"… {number(left_out)} autres, tous dans le CSV"
        rows.insert(ENDS, (text(between), "", "", "", "", ""))
    heads = (
        about.grain_noun.one[:1].upper() + about.grain_noun.one[1:],
        f"Densité {about.per}",
        "Professionnels",
        about.people[:1].upper() + about.people[1:],
        "Population cumulée",
        "Professionnels cumulés",
    )
    return table(caption, heads, rows, numeric=(1, 2, 3, 4, 5))


def _row(curve: Curve, after: int, place: int) -> tuple[str, ...]:
    spread, code = curve.spread, curve.spread.codes[place]
    is_named = code in curve.named
    name = (
        f'<button type="button" class="link" data-act="choose" data-name="{NAMED_PARAMETER}" '
        f'data-value="{text(named_after(curve.named, code))}" '
        f'aria-pressed="{str(is_named).lower()}">{text(spread.names[place])}</button>'
    )
    return (
        name,
        f"<b>{density_words(float(spread.density[place]))}</b>",
        number(spread.count[place]),
        number(spread.population[place]),
        percent(float(curve.lorenz.population[after])),
        percent(float(curve.lorenz.professionals[after])),
    )


def lorenz_records(curve: Curve) -> pd.DataFrame:
    """Every territory for a file, from the least to the best served."""
    order = curve.ordered()
    spread = curve.spread
    return pd.DataFrame(
        {
            "territoire_code": [spread.codes[place] for place in order],
            "territoire": [spread.names[place] for place in order],
            "professionnels": spread.count[order],
            "population_de_reference": spread.population[order],
            "densite_pour_100000": spread.density[order],
            "part_cumulee_population": curve.lorenz.population[1:],
            "part_cumulee_professionnels": curve.lorenz.professionals[1:],
        }
    )


def found_by_name(spread: Distribution, words: str, already: Collection[str]) -> list[str]:
    """Codes of the territories whose name begins with, then holds, what was typed."""
    wanted = french_key(words.strip())
    if not wanted:
        return []
    keys = {code: french_key(name) for code, name in zip(spread.codes, spread.names, strict=True)}
    begins = [code for code, key in keys.items() if key.startswith(wanted)]
    holds = [code for code, key in keys.items() if wanted in key and code not in begins]
    return [code for code in (*begins, *holds) if code not in already]
