"""A map of the departments by the density of a profession, in classes, and its table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.reference.geometry import CREDIT
from figures.choropleth import ValueClass, value_classes
from figures.formats import counted, number
from figures.grammar import typeset
from figures.markup import table, text
from figures.professions import Named, density_words
from figures.small_map import DrawnShape, drawn_map, outlines
from indicators.distribution import Distribution

NO_LABEL: Mapping[str, str] = MappingProxyType({})
LEAST_TIMES = 1.1
"""Under it the least and the best served have nearly as many."""

STEP = 0.1
"""What densities are rounded to before they are classed, so that the legend is exact."""


def density_map_svg(
    departments: Distribution,
    alt: str,
    classed: Distribution | None = None,
    labels: Mapping[str, str] = NO_LABEL,
    act: str | None = None,
) -> str:
    """The departments coloured by density; empty where fewer than two can be drawn.

    Args:
        departments: what is drawn.
        alt: what the map shows, in words.
        classed: the distribution that the classes come from, where it is another one: colours then
            compare with it.
        labels: what is written on departments, by code.
        act: what a click on a department asks for; nothing without it.
    """
    classes = density_classes(departments if classed is None else classed)
    shapes = [
        DrawnShape(
            code,
            (code.removeprefix("DEP-"),),
            _css(float(value), classes),
            f"{name} : {density_words(float(value))}",
            labels.get(code, ""),
        )
        for code, name, value in zip(
            departments.codes, departments.names, departments.density, strict=True
        )
    ]
    return drawn_map(shapes, alt, act)


def density_map_height(departments: Distribution) -> int:
    """Height of the drawing for a width of ``small_map.WIDTH``, so that its room can be kept."""
    keys = tuple((code, (code.removeprefix("DEP-"),)) for code in departments.codes)
    return outlines(keys).height


def density_classes(spread: Distribution) -> list[ValueClass]:
    """At most four classes of about as many territories each."""
    return value_classes(spread.density[~np.isnan(spread.density)].tolist(), STEP)


def _css(value: float, classes: list[ValueClass]) -> str:
    """The colour of a density; beyond the classes, or between two, that of the next one."""
    if np.isnan(value) or not classes:
        return "none"
    return next((c.css for c in classes if value <= c.upper + STEP / 2), classes[-1].css)


def density_legend(departments: Distribution, about: Named) -> str:
    """The bounds of the classes, and whose contours they are."""
    keys = "".join(
        f'<span><b class="k {c.css}"></b> {_bounds(c)}</span>' for c in density_classes(departments)
    )
    return (
        f'<p class="v-legend v-mapkey"><span>{text(about.title)} {text(about.per)} :</span>{keys}'
        f'</p><p class="v-note">{text(CREDIT)}</p>'
    )


def _bounds(one: ValueClass) -> str:
    """``57,1 à 96,1``; one value alone where both are the same."""
    lower, upper = density_words(one.lower), density_words(one.upper)
    return lower if lower == upper else f"{lower} à {upper}"


def density_classes_words(departments: Distribution, about: Named) -> str:
    """The classes of the map, palest first, for a file that has no legend."""
    classes = ", ".join(map(_bounds, density_classes(departments)))
    return typeset(
        f"{about.title} {about.per}, {about.year}. Du plus pâle au plus foncé : {classes}"
    )


def density_finding(departments: Distribution, about: Named) -> str:
    """From the least to the best served, and how many times as much."""
    known = np.flatnonzero(~np.isnan(departments.density))
    if len(known) < 2:
        return typeset(f"{about.title} : pas de densité à comparer")
    order = known[np.argsort(departments.density[known], kind="stable")]
    least, best = int(order[0]), int(order[-1])
    low, high = float(departments.density[least]), float(departments.density[best])
    times = f", {number(high / low, 1)} fois plus" if 0 < low * LEAST_TIMES <= high else ""
    return typeset(
        f"{about.title} {about.per} : de {density_words(low)} ({departments.names[least]}) à "
        f"{density_words(high)} ({departments.names[best]}){times}"
    )


def density_alt(departments: Distribution, about: Named) -> str:
    """What the map shows, in words."""
    return typeset(
        f"Carte, {about.year} : {counted(len(departments), 'département')} selon leur densité. "
        f"{density_finding(departments, about)}. Le tableau à côté donne chacun."
    )


def density_table(departments: Distribution, about: Named, caption: str) -> str:
    """Every department, the least served first."""
    order = np.argsort(np.nan_to_num(departments.density, nan=np.inf), kind="stable")
    rows = [
        (
            text(departments.names[place]),
            f"<b>{density_words(float(departments.density[place]))}</b>",
            number(departments.count[place]),
            number(departments.population[place]),
        )
        for place in order
    ]
    people = about.people[:1].upper() + about.people[1:]
    heads = ("Département", f"Densité {about.per}", "Professionnels", people)
    return table(caption, heads, rows, numeric=(1, 2, 3))


def density_records(departments: Distribution) -> pd.DataFrame:
    """Every department for a file."""
    return pd.DataFrame(
        {
            "departement_code": [code.removeprefix("DEP-") for code in departments.codes],
            "departement": departments.names,
            "professionnels": departments.count,
            "population_de_reference": departments.population,
            "densite_pour_100000": departments.density,
        }
    )
