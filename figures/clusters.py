"""Groups of neighbouring departments alike in density, and how sure they are: a map and a list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.reference.geometry import CREDIT
from figures.formats import counted, number
from figures.grammar import typeset
from figures.markup import table, text
from figures.professions import Named, density_words
from figures.small_map import DrawnShape, drawn_map
from figures.status import StatusWord
from indicators.distribution import Distribution
from indicators.spatial import Cluster, LocalClusters, Moran

CLUSTERS: Mapping[Cluster, StatusWord] = MappingProxyType(
    {
        "low_low": StatusWord("▼", "Peu doté parmi des peu dotés", "unf"),
        "high_high": StatusWord("▲", "Bien doté parmi des bien dotés", "fav"),
        "low_high": StatusWord("◣", "Peu doté parmi des bien dotés", "unf"),
        "high_low": StatusWord("◥", "Bien doté parmi des peu dotés", "fav"),
        "none": StatusWord("≈", "Rien de plus que le hasard", "neu"),
        "not_tested": StatusWord("–", "Sans voisin, non testé", "neu"),
    }
)
CSS: Mapping[str, str] = MappingProxyType(
    {
        "low_low": "low2",
        "high_high": "high2",
        "low_high": "low1",
        "high_low": "high1",
        "none": "calm",
        "not_tested": "none",
    }
)
P_DECIMALS = 3


def clusters_finding(overall: Moran, found: LocalClusters) -> str:
    """Whether neighbours look alike, and how many hearts of groups there are."""
    alike = overall.p_value <= 0.05
    start = (
        "Les départements voisins se ressemblent"
        if alike and overall.value > overall.expected
        else "Les départements voisins ne se ressemblent pas plus que par hasard"
    )
    words = found.cluster.tolist()
    low, high = words.count("low_low"), words.count("high_high")
    if low + high == 0:
        said = f"{start} ; aucun groupe local ne ressort"
    else:
        said = f"{start} : {low} au cœur d’un groupe peu doté, {high} d’un groupe bien doté"
    return typeset(f"{said}{' (exploratoire)' if found.is_exploratory else ''}")


def clusters_note(overall: Moran, found: LocalClusters, about: Named) -> str:
    """The test's figures, and what it takes into account."""
    isolated = (
        f" {counted(overall.isolated, 'département')} sans voisin non testé"
        f"{'s' if overall.isolated > 1 else ''}."
        if overall.isolated
        else ""
    )
    few = (
        f" Moins de 30 départements ({len(found.cluster)}) : résultat exploratoire, une indication "
        "d’où regarder."
        if found.is_exploratory
        else ""
    )
    return typeset(
        f"Densité {about.per} par département, {about.year}. I de Moran "
        f"{number(overall.value, 2)} (attendu {number(overall.expected, 2)} par hasard, p = "
        f"{number(overall.p_value, P_DECIMALS)}). Groupes locaux retenus à 5 % de fausses "
        f"découvertes.{isolated}{few}"
    )


def clusters_svg(departments: Distribution, found: LocalClusters, alt: str) -> str:
    """The departments coloured by what they are together with their neighbours."""
    shapes = [
        DrawnShape(
            code,
            (code.removeprefix("DEP-"),),
            CSS[kind],
            f"{name} : {CLUSTERS[kind].word.lower()} ({density_words(float(value))})",
            "" if kind in {"none", "not_tested"} else CLUSTERS[kind].icon,
        )
        for code, name, kind, value in zip(
            departments.codes, departments.names, found.cluster, departments.density, strict=True
        )
    ]
    return drawn_map(shapes, alt)


def clusters_alt(found: LocalClusters, overall: Moran, about: Named) -> str:
    """What the map shows, in words."""
    return typeset(
        f"Carte des groupes de départements voisins, {about.many}, {about.year}. "
        f"{clusters_finding(overall, found)}. Le tableau à côté donne chacun."
    )


def clusters_legend(found: LocalClusters) -> str:
    """What the colours met are."""
    met = set(found.cluster.tolist())
    keys = "".join(
        f'<span><b class="k {CSS[kind]}"></b> {word.icon} {text(word.word)}</span>'
        for kind, word in CLUSTERS.items()
        if kind in met
    )
    return f'<p class="v-legend v-mapkey">{keys}</p><p class="v-note">{text(CREDIT)}</p>'


def clusters_table(
    departments: Distribution, found: LocalClusters, about: Named, caption: str
) -> str:
    """Departments of a local group first, then the others by how rare they are."""
    rows = [
        (
            text(departments.names[place]),
            f'<span class="{word.hue}">{word.icon} {text(word.word)}</span>',
            density_words(float(departments.density[place])),
            number(found.adjusted[place], P_DECIMALS),
        )
        for place in _order(found)
        for word in (CLUSTERS[found.cluster[place]],)
    ]
    heads = ("Département", "Avec ses voisins", f"Densité {about.per}", "p corrigé")
    return table(caption, heads, rows, numeric=(2, 3), is_stacked=True)


def _order(found: LocalClusters) -> list[int]:
    is_group = ~np.isin(found.cluster, ["none", "not_tested"])
    rarity = np.nan_to_num(found.adjusted, nan=np.inf)
    return [int(place) for place in np.lexsort((rarity, ~is_group))]


def clusters_records(departments: Distribution, found: LocalClusters) -> pd.DataFrame:
    """Every department for a file."""
    return pd.DataFrame(
        {
            "departement_code": [code.removeprefix("DEP-") for code in departments.codes],
            "departement": departments.names,
            "densite_pour_100000": departments.density,
            "groupe_local": [CLUSTERS[kind].word for kind in found.cluster],
            "i_local": found.value,
            "p": found.p_value,
            "p_corrige": found.adjusted,
        }
    )
