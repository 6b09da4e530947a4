"""Which territories make the inequality: between and within groups, and each one's own part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from figures.formats import counted, number, percent, signed
from figures.grammar import typeset
from figures.markup import table, text
from figures.professions import Named, density_words, exploratory_tag, index_words, share_words
from indicators.arguments import FloatArray
from indicators.distribution import Distribution
from indicators.inequality import Theil

WIDTH, ROW, BAR_LEFT = 640, 22, 250
DRAWN_AT_MOST = 20
ROWS_AT_MOST = 130
ENDS = 60
THEIL_DECIMALS = 4


@dataclass(frozen=True)
class Contribution:
    """One territory's part of the index; ``share`` of the whole, a proportion.

    ``gap`` is its density less that of the whole, for 100 000 people.
    """

    code: str
    name: str
    part: float
    share: float
    density: float
    gap: float
    population: float

    @property
    def side(self) -> str:
        """``sous-doté`` or ``sur-doté`` beside the whole."""
        return "moins doté" if self.gap < 0 else "mieux doté"


def contributions(spread: Distribution, parts: FloatArray) -> list[Contribution]:
    """Every territory's part, the largest first."""
    total = float(np.nansum(parts))
    mean = spread.mean_density
    found = [
        Contribution(
            spread.codes[place],
            spread.names[place],
            float(parts[place]),
            float(parts[place]) / total if total else 0.0,
            float(spread.density[place]),
            float(spread.density[place]) - mean,
            float(spread.population[place]),
        )
        for place in np.flatnonzero(~np.isnan(parts))
    ]
    return sorted(found, key=lambda one: (-one.part, one.code))


def theil_finding(found: Theil, groups: str) -> str:
    """How much of the inequality lies between the groups and how much within them."""
    if found.total <= 0:
        return "Aucune inégalité à décomposer"
    between = found.between / found.total
    return typeset(
        f"{share_words(between)} de l’inégalité se joue entre {groups}, "
        f"{share_words(1 - between)} à l’intérieur"
    )


def theil_bar(found: Theil, groups: str) -> str:
    """Both parts of Theil's index as one bar, with their figures under it."""
    if found.total <= 0:
        return '<p class="v-empty">Toutes les densités sont égales.</p>'
    between = found.between / found.total
    said = f"Entre {groups} {percent(between)}, à l’intérieur {percent(1 - between)}"
    return (
        f'<div class="v-theil" role="img" aria-label="{text(said)}">'
        f'<u class="full" style="width:{between * 100:.1f}%"></u>'
        f'<u class="partly" style="width:{(1 - between) * 100:.1f}%"></u></div>'
        f'<p class="v-legend v-key"><span><u class="full"></u> Entre {text(groups)} : '
        f"{percent(between)} ({number(found.between, THEIL_DECIMALS)})</span>"
        f'<span><u class="partly"></u> À l’intérieur : {percent(1 - between)} '
        f"({number(found.within, THEIL_DECIMALS)})</span>"
        f"<span>Indice de Theil : {number(found.total, THEIL_DECIMALS)}</span></p>"
    )


def theil_records(found: Theil) -> pd.DataFrame:
    """The decomposition for a file."""
    return pd.DataFrame(
        {
            "part": ["entre", "interieur", "total"],
            "theil": [found.between, found.within, found.total],
        }
    )


def contribution_finding(found: Sequence[Contribution], about: Named) -> str:
    """How many territories make half of the index, and who weighs most."""
    if not found or found[0].part <= 0:
        return "Aucun territoire ne fait d’inégalité"
    so_far = np.cumsum([one.share for one in found])
    half = int(np.searchsorted(so_far, 0.5)) + 1
    noun = about.grain_noun
    who = f"{counted(half, noun.one, noun.many)} sur {number(len(found))}"
    who += " fait" if half == 1 else " font"
    top = found[0]
    return typeset(
        f"{who} la moitié de l’inégalité{exploratory_tag(len(found))} ; {top.name} "
        f"({top.side}) pèse le plus, {percent(top.share)}"
    )


def too_few_finding(territories: int, about: Named) -> str:
    """That nobody's part can be told among so few."""
    said = counted(territories, about.grain_noun.one, about.grain_noun.many)
    return typeset(f"{said} {about.place}, trop peu pour dire qui fait l’inégalité")


def contribution_table(found: Sequence[Contribution], about: Named, caption: str) -> str:
    """Every territory, the heaviest first: its part as a bar, its density and distance."""
    widest = max((one.share for one in found), default=0.0) or 1.0
    shown = found if len(found) <= ROWS_AT_MOST else found[:ENDS]
    rows = [
        (
            text(one.name),
            f'<span class="v-part {_hue(one)}" aria-hidden="true">'
            f'<u style="width:{one.share / widest * 100:.1f}%"></u></span>{percent(one.share)}',
            f'<span class="{_hue(one)}">{"▼" if one.gap < 0 else "▲"} {text(one.side)}</span>',
            density_words(one.density),
            signed(one.gap, 1),
            number(one.population),
        )
        for one in shown
    ]
    if len(shown) < len(found):
        rows.append(
            (text(f"… {number(len(found) - len(shown))} autres, tous dans le CSV"),) + ("",) * 5
        )
    noun, people = about.grain_noun.one, about.people
    heads = (
        noun[:1].upper() + noun[1:],
        "Part de l’indice",
        "Comparé à la moyenne",
        f"Densité {about.per}",
        "Écart à la moyenne",
        people[:1].upper() + people[1:],
    )
    return table(caption, heads, rows, numeric=(3, 4, 5), is_stacked=True)


def _hue(one: Contribution) -> str:
    return "unf" if one.gap < 0 else "fav"


def contribution_svg(found: Sequence[Contribution], alt: str) -> str:
    """The heaviest territories as bars, for a file."""
    shown = found[:DRAWN_AT_MOST]
    widest = max((one.share for one in shown), default=0.0) or 1.0
    parts = []
    for place, one in enumerate(shown):
        y = place * ROW
        length = one.share / widest * (WIDTH - BAR_LEFT - 70)
        parts.append(
            f'<text x="{BAR_LEFT - 8}" y="{y + 15}" text-anchor="end">{text(one.name[:38])}</text>'
            f'<rect class="{_hue(one)}" x="{BAR_LEFT}" y="{y + 4}" width="{length:.1f}" '
            f'height="{ROW - 8}"/><text x="{BAR_LEFT + length + 6:.1f}" y="{y + 15}">'
            f"{'▼' if one.gap < 0 else '▲'} {percent(one.share)}</text>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} '
        f'{max(len(shown), 1) * ROW}" aria-label="{text(alt)}">{"".join(parts)}</svg>'
    )


def contribution_alt(found: Sequence[Contribution], about: Named) -> str:
    """What the bars show, in words."""
    return typeset(
        f"Part de chaque territoire dans l’indice de Gini, {about.many}, {about.year}. "
        f"{contribution_finding(found, about)}."
    )


def contribution_records(found: Sequence[Contribution]) -> pd.DataFrame:
    """Every territory for a file."""
    return pd.DataFrame(
        {
            "territoire_code": one.code,
            "territoire": one.name,
            "contribution_gini": one.part,
            "part_de_l_indice": one.share,
            "densite_pour_100000": one.density,
            "ecart_a_la_moyenne": one.gap,
            "population_de_reference": one.population,
        }
        for one in found
    )


def index_note(gini: float, about: Named) -> str:
    """Under which index all this stands: value, grain, place, year."""
    return typeset(
        f"Indice de Gini {index_words(gini)}, par {about.grain_noun.one}, {about.place}"
        f"{about.overseas}, {about.year}."
    )
