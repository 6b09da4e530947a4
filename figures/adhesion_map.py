"""One month of a map of adhesions: its classes, its words, its table, its picture, its rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from data.reference.geometry import CREDIT
from figures.adhesion_standing import Rank, Standing
from figures.adhesion_words import VOLETS, About, expected_caisses, senders_words
from figures.circle_scale import DISC, NEAR, RING, CircleScale, sizes_html, sizes_svg
from figures.deck_map import CROSSED, FALLING, RISING, Symbol
from figures.formats import ABSENT, counted, french_key, number, percent, points
from figures.grammar import LEVEL_NOUNS, typeset
from figures.map_classes import BOUNDS_WORDS, METHOD_WORDS, MapClass, class_place
from figures.map_measures import (
    NOUGHT,
    UNDER,
    FloatArray,
    Measure,
    Spread,
    is_nought,
    is_under,
    median_of,
    signed_percent,
)
from figures.markup import attributes, text
from figures.small_map import WIDTH, DrawnShape, MapDisc, drawn_map, outlines

VALUELESS, MASKED, OUTSIDE, SEVERAL = "rien", "masque", "hors", "plusieurs"
INCOMPARABLE = "incomparable"
HATCHED: Mapping[str, str] = {MASKED: RISING, VALUELESS: CROSSED, INCOMPARABLE: FALLING}
"""How what has no class is hatched: never taken for a class, in grey nor in the dark."""

PARTIAL_SIGN = "*"
PARTIAL_WORDS = f"{PARTIAL_SIGN} envois incomplets"
MASKED_WORDS = "masqué : petit nombre, ou protège un petit nombre"
INCOMPARABLE_WORDS = "non comparable (mois manquants)"
UNDEFINED_WORDS = "non applicable (0 l’an dernier)"
PICTURE = WIDTH / 760
"""A picture's own units in a pixel of the map on screen."""

NAMED_FROM = 100
"""Eligible people from which a coverage can be named as an end."""


@dataclass(frozen=True, eq=False)
class ShownMap:
    """One month of one measure.

    Attributes:
        spread: every month of the level.
        caisses: every month of the caisses, for the symbols.
        total: every month of the perimeter, one territory.
        measure: what colours the map.
        cells: the measure’s values, shape (months, territories).
        classes: of the month, or of the whole span.
        method: how they were found.
        bounds: ``mois`` or ``periode``: what the classes are of.
        t: the month, as a row.
        inside: codes of the territories of the perimeter.
        about: what is looked at, in words.
        caisses_of: caisses of each department.
        wider: larger territories that hold too few for a median, one a spread: what these are held
            against.
        standing: where the territories stand among all those of the country, for a part of it.
    """

    spread: Spread
    caisses: Spread
    total: Spread
    measure: Measure
    cells: FloatArray
    classes: Sequence[MapClass]
    method: str
    bounds: str
    t: int
    inside: frozenset[str]
    about: About
    caisses_of: Mapping[str, tuple[str, ...]]
    wider: tuple[Spread, ...] = ()
    standing: Standing | None = None

    @property
    def level(self) -> str:
        """The level that the map colours."""
        return self.spread.level

    @property
    def month(self) -> date:
        """The month shown."""
        return self.spread.months[self.t]

    @property
    def when(self) -> str:
        """The span that ends with the month."""
        return self.about.when(self.month)

    @cached_property
    def drawn(self) -> tuple[int, ...]:
        """Columns of the territories of the perimeter."""
        return tuple(i for i, code in enumerate(self.spread.codes) if code in self.inside)

    @cached_property
    def median(self) -> float:
        """The median coverage of the level; NaN of fewer than five."""
        return float(median_of(self.spread.figures["coverage"])[self.t, 0])

    def value(self, place: int) -> float:
        """The measure of a territory; NaN where unknown or withheld."""
        return float(self.cells[self.t, place])

    def senders(self, place: int) -> str:
        """``8/10 caisses`` where some have not sent the month; empty where all have."""
        return senders_words(self.spread.codes[place], float(self.spread.received[self.t, place]))

    def figure(self, name: str, place: int) -> float | None:
        """One of the figures of a territory; None where unknown or withheld."""
        found = float(self.spread.figures[name][self.t, place])
        return None if math.isnan(found) else found

    def is_masked(self, place: int) -> bool:
        """Whether the value of a territory is withheld."""
        if self.measure.code == "croissance":
            return bool(self.spread.is_growth_hidden[self.t, place])
        return bool(self.spread.is_hidden[self.t, place]) and math.isnan(self.value(place))

    def why(self, place: int) -> str:
        """Why a territory has no value, in words."""
        if self.is_masked(place):
            return MASKED_WORDS
        if self.measure.code == "croissance":
            if not self.spread.is_comparable[self.t, place]:
                return INCOMPARABLE_WORDS
            if self.spread.starts_from_nothing(self.t, place):
                return UNDEFINED_WORDS
        return "aucune valeur"

    def state(self, place: int | None) -> str:
        """The class of a territory's colour, or why it has none."""
        if place is None or self.spread.codes[place] not in self.inside:
            return OUTSIDE
        if self.is_masked(place):
            return MASKED
        is_growth = self.measure.code == "croissance"
        if is_growth and not self.spread.is_comparable[self.t, place]:
            return INCOMPARABLE
        found = class_place(self.value(place), self.classes, self.measure.step)
        return VALUELESS if found is None else self.classes[found].css

    def area_state(self, code: str) -> str:
        """The same for a polygon: a department of several caisses has no colour of its own."""
        if self.level != "caisse":
            return self.state(self.spread.place_of(code))
        own = self.caisses_of.get(code, ())
        if len(own) == 1:
            return self.state(self.spread.place_of(own[0]))
        return SEVERAL if any(caisse in self.inside for caisse in own) else OUTSIDE

    def is_signed(self, code: str) -> bool:
        """Whether a polygon bears the sign of those under the pivot."""
        if self.level == "caisse":
            own = self.caisses_of.get(code, ())
            code = own[0] if len(own) == 1 else ""
        place = self.spread.place_of(code)
        return (
            place is not None and code in self.inside and is_under(self.value(place), self.measure)
        )

    def is_nought(self, code: str) -> bool:
        """Whether a polygon bears the sign of nobody: less than the palest colour can tell."""
        if self.level == "caisse":
            own = self.caisses_of.get(code, ())
            code = own[0] if len(own) == 1 else ""
        place = self.spread.place_of(code)
        return (
            place is not None and code in self.inside and is_nought(self.value(place), self.measure)
        )

    @cached_property
    def volumes(self) -> Spread:
        """Whose volumes symbols tell: the territories’ where these are mapped, else caisses’."""
        return self.spread if self.measure.kind == "volume" else self.caisses

    @cached_property
    def with_symbol(self) -> tuple[int, ...]:
        """Columns of ``volumes`` that may bear a symbol."""
        is_own = self.measure.kind == "volume" or self.level == "caisse"
        inside = self.inside if is_own else self.about.caisses
        return tuple(i for i, code in enumerate(self.volumes.codes) if code in inside)


def circle_scale(*maps: ShownMap) -> CircleScale:
    """The one scale of the circles of some maps, over all their months."""
    volumes = [one.volumes.figures["adhesions"][:, list(one.with_symbol)].ravel() for one in maps]
    known = np.concatenate(volumes)
    largest = float(np.nanmax(known)) if (~np.isnan(known)).any() else 0.0
    is_alone = all(one.measure.kind == "volume" and one.level != "caisse" for one in maps)
    radius = DISC if is_alone else RING
    return CircleScale(largest, radius if maps[0].about.is_country else radius * NEAR)


def symbols(
    shown: ShownMap, positions: Mapping[str, Mapping[str, tuple[float, float]]], scale: CircleScale
) -> list[Symbol]:
    """Proportional symbols: the territories where a volume is mapped, else the caisses as rings.

    Args:
        shown: the map.
        positions: where symbols stand, by level and code.
        scale: of the circles.
    """
    spread = shown.volumes
    volumes = spread.figures["adhesions"][shown.t]
    places = positions[spread.level]
    found = [
        Symbol(
            code,
            places[code],
            scale.radius_of(volume),
            _symbol_colour(shown, code),
            scale.share(volume),
        )
        for i in shown.with_symbol
        for code, volume in ((spread.codes[i], float(volumes[i])),)
        if code in places and volume > 0
    ]
    return sorted(found, key=lambda one: -one.share)


def _symbol_colour(shown: ShownMap, code: str) -> int | None:
    """The class of a symbol that bears the value itself; None for a ring."""
    if shown.measure.kind != "volume" and shown.level != "caisse":
        return None
    place = shown.spread.place_of(code)
    if place is None:
        return None
    if (
        shown.measure.kind != "volume"
        and len(shown.caisses_of.get(_department(shown, code), ())) < 2
    ):
        return None
    return class_place(shown.value(place), shown.classes, shown.measure.step)


def _department(shown: ShownMap, caisse: str) -> str:
    return next((dep for dep, own in shown.caisses_of.items() if caisse in own), "")


def map_finding(shown: ShownMap) -> str:
    """From the lowest territory to the highest, in one sentence."""
    measure = shown.measure
    some = [i for i in shown.drawn if not math.isnan(shown.value(i)) and _is_named(shown, i)]
    known = [i for i in some if not shown.senders(i)]
    if some and not known:
        return typeset(
            f"{shown.about.title}, {shown.when} : {_lower(measure.short)} d’après des envois "
            "incomplets"
        )
    if not known:
        return typeset(
            f"{shown.about.title} : {measure.short.lower()} à ne pas montrer, {shown.when}"
        )
    order = sorted(known, key=lambda i: (shown.value(i), french_key(shown.spread.names[i])))
    low, high = order[0], order[-1]
    if len(order) == 1:
        return typeset(
            f"{shown.about.title}, {shown.when} : {_lower(measure.short)} de "
            f"{measure.said(shown.value(low))} ({shown.spread.names[low]})"
        )
    return typeset(
        f"{shown.about.title}, {shown.when} : {_lower(measure.short)} "
        f"de {measure.said(shown.value(low))} ({shown.spread.names[low]}) à "
        f"{measure.said(shown.value(high))} ({shown.spread.names[high]})"
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _is_named(shown: ShownMap, place: int) -> bool:
    eligible = shown.figure("eligible", place)
    return shown.measure.kind == "volume" or eligible is None or eligible >= NAMED_FROM


def total_words(shown: ShownMap) -> str:
    """All of the perimeter: adhesions, eligible people, objective, and how sure."""
    figures = _total(shown)
    if figures is None:
        return ""
    held, eligible, objective = figures["held"], figures["eligible"], figures["objective"]
    if math.isnan(held):
        return typeset(f"{shown.about.where} : {MASKED_WORDS}.")
    said = f"{shown.about.where} : {counted(int(held), 'adhésion')}"
    if shown.about.is_cumulated:
        said += " cumulées" if held >= 2 else " cumulée"
    if eligible > 0:
        said += f" pour {number(eligible)} personnes éligibles ({percent(held / eligible)})"
    if objective > 0:
        said += f", {percent(held / objective, 0)} de l’objectif à date"
    sent = senders_words(shown.total.codes[0], _received(shown))
    return typeset(f"{said} ({sent})." if sent else f"{said}.")


def _received(shown: ShownMap) -> float:
    """Caisses of the perimeter whose data reach the month."""
    return float(shown.total.received[shown.total.months.index(shown.month), 0])


def _total(shown: ShownMap) -> dict[str, float] | None:
    """The figures of the perimeter in the month; None where it has none."""
    total = shown.total
    if not total.codes or shown.month not in total.months:
        return None
    t = total.months.index(shown.month)
    return {name: float(values[t, 0]) for name, values in total.figures.items()}


def total_coverage(shown: ShownMap) -> float | None:
    """The coverage of the whole perimeter; None where it is unknown or withheld."""
    figures = _total(shown)
    if figures is None or math.isnan(figures["coverage"]):
        return None
    return figures["coverage"]


def place_words(shown: ShownMap, place: int) -> str:
    """``Haute-Loire : 12,3 % (45 adhésions, 366 éligibles)``, or why nothing is said."""
    name = shown.spread.names[place]
    value = shown.value(place)
    if math.isnan(value):
        return typeset(f"{name} : {shown.why(place)}")
    said = shown.measure.said(value)
    held, eligible = shown.figure("held", place), shown.figure("eligible", place)
    if shown.measure.kind == "volume" or held is None:
        return typeset(f"{name} : {said}")
    base = f", {number(eligible)} éligibles" if eligible else ""
    return typeset(f"{name} : {said} ({counted(int(held), 'adhésion')}{base})")


def area_words(shown: ShownMap, code: str) -> str:
    """The same for a polygon; a department of several caisses names them."""
    place = shown.spread.place_of(code)
    if shown.level == "caisse":
        own = [
            p for c in shown.caisses_of.get(code, ()) if (p := shown.spread.place_of(c)) is not None
        ]
        return " · ".join(place_words(shown, p) for p in own)
    return "" if place is None else place_words(shown, place)


def legend_html(shown: ShownMap, scale: CircleScale, is_relief: bool, is_pair: bool) -> str:
    """The bounds of the classes with how many territories each holds, what isn't a class, circles.

    Args:
        shown: the map.
        scale: of its circles.
        is_relief: whether these stand up as columns.
        is_pair: whether another map stands beside on the same scale.
    """
    written = "".join(
        f'<li><b class="k {key.css}">{key.sign}</b> {text(key.words)} '
        f"<i>({number(key.count)})</i></li>"
        for key in map_keys(shown)
    )
    noun = LEVEL_NOUNS[shown.level]
    head = f"{shown.measure.short} ({noun.many})"
    headed = f'<p class="v-kicker">{text(head)}</p><ul class="v-classes">{written}</ul>'
    signs = ""
    if shown.measure.kind == "diverging":
        signs = (
            f'<p class="v-note">{UNDER} {text(shown.measure.under)} ; sans signe : '
            f"{text(shown.measure.over)}.</p>"
        )
    # One territory makes no classes: its value and its place in the country are told beside.
    is_alone = len(shown.drawn) == 1
    foot = [side_by_side_words(shown), "" if is_alone else classes_words(shown), CREDIT]
    return (
        f'<div class="v-mapclasses" data-key="{shown.measure.code}">'
        f"{'' if is_alone else headed}{signs}"
        f"{_sizes(shown, scale, is_relief, is_pair)}"
        f'<p class="v-note">{text(" ".join(filter(None, foot)))}</p></div>'
    )


APART: Mapping[str, str] = {
    MASKED: MASKED_WORDS,
    INCOMPARABLE: INCOMPARABLE_WORDS,
    VALUELESS: "aucune valeur",
}
"""What is no class, in words."""

NOT_GROWING = "aucune valeur, ou 0 l’an dernier"
"""The words of no value where an evolution is mapped."""


def apart_words(measure: Measure) -> Mapping[str, str]:
    """What is no class of a measure, in words, by the class of its hatching."""
    return {**APART, VALUELESS: NOT_GROWING} if measure.code == "croissance" else APART


@dataclass(frozen=True)
class MapKey:
    """A line of the legend: its colour and sign, its words, how many territories it holds."""

    css: str
    sign: str
    words: str
    count: int


def map_keys(shown: ShownMap) -> list[MapKey]:
    """The classes of the map, then what is no class where some territory is in it."""
    states = [shown.state(i) for i in shown.drawn]
    keys = [
        MapKey(
            found.css,
            class_sign(found, shown.measure),
            bounds_words(found, shown.measure),
            states.count(found.css),
        )
        for found in shown.classes
    ]
    return keys + [
        MapKey(state, "", words, states.count(state))
        for state, words in apart_words(shown.measure).items()
        if state in states
    ]


def class_sign(found: MapClass, measure: Measure) -> str:
    """The sign that territories of a class bear: under the pivot, or nobody."""
    if is_under(found.upper, measure):
        return UNDER
    return NOUGHT if is_nought(found.upper, measure) else ""


def _sizes(shown: ShownMap, scale: CircleScale, is_relief: bool, is_pair: bool) -> str:
    """What circles or columns stand for, and how large they are."""
    if not scale.examples():
        return ""
    noun = LEVEL_NOUNS[shown.volumes.level]
    same = "à la même échelle à chaque mois"
    same += " et sur les deux cartes" if is_pair else ""
    if is_relief:
        said = f"Colonnes : adhésions par {noun.one}, {same} ; la plus haute : "
        return f'<p class="v-note">{text(typeset(said + number(scale.largest)))}.</p>'
    return (
        f'<p class="v-kicker">Cercles : adhésions par {text(noun.one)}</p>{sizes_html(scale)}'
        f'<p class="v-note">Surfaces proportionnelles, {text(same)}.</p>'
    )


def classes_words(shown: ShownMap) -> str:
    """How the classes were found, and of what."""
    return f"{METHOD_WORDS[shown.method]}, {BOUNDS_WORDS[shown.bounds]}."


def bounds_words(found: MapClass, measure: Measure) -> str:
    """The bounds of a class, both included: ``10,2 % à 12,9 %``."""
    low, high = measure.said(found.lower), measure.said(found.upper)
    return low if low == high else f"{low} à {high}"


def side_by_side_words(shown: ShownMap) -> str:
    """That no public map cuts a department into its caisses; empty for other levels."""
    if shown.level != "caisse" or len(shown.drawn) < 2:
        return ""
    return typeset(
        "Aucune carte publique ne découpe un département entre ses caisses : elles s’y tiennent "
        "côte à côte, chacune en un cercle de sa couleur."
    )


def map_alt(shown: ShownMap) -> str:
    """What the map shows, in words."""
    states = [shown.state(i) for i in shown.drawn]
    masked, none = states.count(MASKED), states.count(VALUELESS)
    others = "".join(
        f" {counted(count, noun, plural)}."
        for count, noun, plural in (
            (masked, "territoire masqué", "territoires masqués"),
            (none, "territoire sans valeur", "territoires sans valeur"),
        )
        if count
    )
    noun = LEVEL_NOUNS[shown.level]
    return typeset(
        f"Carte de {counted(len(shown.drawn), noun.one, noun.many)}. {map_finding(shown)}.{others} "
        "Le tableau sous la carte donne chaque territoire."
    )


# The table

COLUMNS: Mapping[str, str] = {
    "couverture": "Couverture",
    "adhesions": "Adhésions",
    "cumulees": "Adhésions cumulées",
    "eligibles": "Éligibles",
    "atteinte": "Atteinte de l’objectif",
    "ecart": "Écart à la médiane",
    "croissance": "Évolution sur 12 mois",
}
SORTS = (*COLUMNS, "nom")


def columns(shown: ShownMap) -> Mapping[str, str]:
    """Headings of the table: a programme that cumulates has its span's and all so far."""
    named = {**COLUMNS}
    if shown.about.is_cumulated:
        named["adhesions"] = f"Adhésions {shown.when}"
    else:
        del named["cumulees"]
    if math.isnan(shown.median):
        del named["ecart"]
    return named


def measure_title(shown: ShownMap) -> str:
    """What the measure is; of a coverage, what is divided by what."""
    if shown.measure.code not in {"couverture", "ecart"}:
        return shown.measure.title
    held = "adhésions cumulées depuis le début du programme"
    if not shown.about.is_cumulated:
        held = "adhésions de la période"
    eligible = "personnes éligibles" if shown.about.is_cumulated else "éligibles de la période"
    return f"{shown.measure.title} (couverture = {held} ÷ {eligible})"


def sort_values(shown: ShownMap, column: str) -> FloatArray:
    """The values that a column is sorted by, NaN where unknown."""
    figures = shown.spread.figures
    if column == "ecart":
        return figures["coverage"][shown.t] - shown.median
    named = {
        "couverture": "coverage",
        "adhesions": "adhesions",
        "cumulees": "held",
        "eligibles": "eligible",
        "atteinte": "attainment",
        "croissance": "growth",
    }
    return figures[named[column]][shown.t]


def ordered(shown: ShownMap, column: str, is_rising: bool) -> list[int]:
    """Territories of the perimeter in the order asked, those without value last."""
    if column == "nom":
        return sorted(
            shown.drawn, key=lambda i: french_key(shown.spread.names[i]), reverse=not is_rising
        )
    values = sort_values(shown, column)
    side = 1 if is_rising else -1

    def key(i: int) -> tuple[bool, float, str]:
        is_unknown = bool(np.isnan(values[i]))
        return (
            is_unknown,
            0.0 if is_unknown else side * float(values[i]),
            french_key(shown.spread.names[i]),
        )

    return sorted(shown.drawn, key=key)


def ranks(shown: ShownMap) -> Mapping[int, int]:
    """The place of each territory by the measure, the highest first; equals share the better.

    Whose senders are incomplete has none: a figure of some months is not one of all.
    """
    known = [
        (shown.value(i), i)
        for i in shown.drawn
        if not math.isnan(shown.value(i)) and not shown.senders(i)
    ]
    step = shown.measure.step
    rounded = {i: round(value / step) for value, i in known}
    return {i: 1 + sum(other > own for other in rounded.values()) for i, own in rounded.items()}


def country_rank(shown: ShownMap, place: int) -> Rank | None:
    """The rank of a territory in the whole country, where a part of it is looked at."""
    if shown.standing is None:
        return None
    return shown.standing.rank(shown.measure.code, shown.month, shown.spread.codes[place])


def table_html(
    shown: ShownMap, column: str, is_rising: bool, chosen: str, first: int | None = None
) -> str:
    """Every territory with its figures; a heading sorts, a name chooses.

    Args:
        shown: the map.
        column: what it is sorted by.
        is_rising: whether the lowest comes first.
        chosen: code of the territory chosen.
        first: rows of a first painting; all without.
    """
    order = ordered(shown, column, is_rising)[:first]
    place_of, extent = ranks(shown), _extent(shown)
    own = shown.measure.code
    heads = "".join(
        _heading(name, words, column, is_rising)
        for name, words in columns(shown).items()
        if name != own
    )
    bars = _heading(own, shown.measure.short, column, is_rising, is_number=False)
    noun = LEVEL_NOUNS[shown.level].one
    name_head = _heading("nom", noun[:1].upper() + noun[1:], column, is_rising, is_number=False)
    rows = "".join(_row(shown, i, place_of, extent, chosen) for i in order)
    rank_heads = "".join(
        f'<th scope="col" class="num">{text(words)}</th>' for words in _rank_heads(shown)
    )
    caption = f"{shown.about.title}, {shown.when}, par {noun}"
    return (
        f'<div class="v-scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="v-table v-rank v-adhesions">'
        f"<caption>{text(caption)}</caption><thead><tr>"
        f"{rank_heads}{name_head}"
        f"{bars}{heads}"
        f'<th scope="col" class="num">Couverture : intervalle à 95 %</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _heading(name: str, words: str, column: str, is_rising: bool, is_number: bool = True) -> str:
    is_own = name == column
    side = ("ascending" if is_rising else "descending") if is_own else None
    sign = (" ▲" if is_rising else " ▼") if is_own else ""
    # A second click turns the order; names start from A, figures from the highest.
    rises = not is_rising if is_own else name == "nom"
    value = name if rises else f"{name}-"
    return (
        f'<th scope="col"{attributes(class_="num" if is_number else None, aria_sort=side)}>'
        f'<button type="button" data-act="choose" data-name="tri" data-value="{text(value)}">'
        f'{text(words)}<span aria-hidden="true">{sign}</span></button></th>'
    )


def _extent(shown: ShownMap) -> float:
    """The largest distance from where bars start, so that bars compare."""
    known = [abs(shown.value(i) - shown.measure.pivot) for i in shown.drawn]
    known = [value for value in known if not math.isnan(value)]
    return max(known, default=0.0)


def _row(shown: ShownMap, i: int, place_of: Mapping[int, int], extent: float, chosen: str) -> str:
    code, name = shown.spread.codes[i], shown.spread.names[i]
    is_chosen = code == chosen
    masked = bool(shown.spread.is_hidden[shown.t, i])
    cells = "".join(f'<td class="num">{cell}</td>' for cell in _cells(shown, i, masked))
    return (
        f"<tr{attributes(class_='on' if is_chosen else None, data_key=code)}>"
        f"{_rank_cells(shown, i, place_of)}"
        f'<th scope="row"><button type="button" class="link" data-act="choose" '
        f'data-name="choisi" data-value="{text(code)}" '
        f'aria-pressed="{str(is_chosen).lower()}">{text(name)}</button>{_partial(shown, i)}</th>'
        f"<td>{_bar(shown, i, extent)}</td>{cells}</tr>"
    )


def _rank_heads(shown: ShownMap) -> list[str]:
    """The rank among those of the map, where there are several, and in the whole country."""
    here = ["Rang"] if len(shown.drawn) > 1 else []
    return here if shown.standing is None else [*here, "Rang en France"]


def _rank_cells(shown: ShownMap, i: int, place_of: Mapping[int, int]) -> str:
    cells = []
    if len(shown.drawn) > 1:
        cells.append(number(place_of[i]) if i in place_of else ABSENT)
    if shown.standing is not None:
        found = country_rank(shown, i)
        cells.append(ABSENT if found is None else f"{number(found.place)}/{number(found.among)}")
    return "".join(f'<td class="num">{cell}</td>' for cell in cells)


def _partial(shown: ShownMap, i: int) -> str:
    said = shown.senders(i)
    return f" <small>{text(said)}</small>" if said else ""


MASKED_SIGN = '<span class="neu">■ masqué</span>'
MASKED_NOTE = (
    "■ masqué : petit nombre (de 1 à 10 personnes), ou chiffre qui en laisserait deviner un."
)


def table_notes(shown: ShownMap) -> str:
    """What the signs of the table mean, where it holds them; empty where none."""
    drawn = list(shown.drawn)
    spread, said = shown.spread, []
    if spread.is_hidden[shown.t, drawn].any() or spread.is_growth_hidden[shown.t, drawn].any():
        said.append(MASKED_NOTE)
    if any(shown.senders(i) for i in drawn):
        said.append("Sans rang : envois incomplets.")
    return typeset(" ".join(said))


def _cells(shown: ShownMap, i: int, masked: bool) -> list[str]:
    def said(words: str) -> str:
        return MASKED_SIGN if masked and words == ABSENT else words

    coverage, eligible = shown.figure("coverage", i), shown.figure("eligible", i)
    growth = shown.figure("growth", i)
    gap = None if coverage is None or math.isnan(shown.median) else coverage - shown.median
    interval = shown.spread.interval(shown.t, i)
    bounds = ABSENT
    if interval is not None:
        bounds = f"{percent(interval[0]).rstrip('%').rstrip()} à {percent(interval[1])}"
    growth_words = ABSENT if growth is None else signed_percent(growth)
    if growth is None and shown.spread.is_growth_hidden[shown.t, i]:
        growth_words = MASKED_SIGN
    elif growth is None and not shown.spread.is_comparable[shown.t, i]:
        growth_words = f'<span class="neu">{text(INCOMPARABLE_WORDS)}</span>'
    elif growth is None and shown.spread.starts_from_nothing(shown.t, i):
        growth_words = f'<span class="neu">{text(UNDEFINED_WORDS)}</span>'
    cells = {
        "couverture": said(percent(coverage)),
        "adhesions": said(number(shown.figure("adhesions", i))),
        "cumulees": said(number(shown.figure("held", i))),
        "eligibles": number(eligible),
        "atteinte": said(percent(shown.figure("attainment", i), 0)),
        "ecart": said(points(gap)),
        "croissance": growth_words,
    }
    own = shown.measure.code
    cells = {name: cells[name] for name in columns(shown) if name != own}
    return [*cells.values(), said(bounds)]


def _bar(shown: ShownMap, i: int, extent: float) -> str:
    """The measure as a bar from zero, or from the pivot of its scale, with its class."""
    value, state = shown.value(i), shown.state(i)
    if math.isnan(value) or extent <= 0:
        return MASKED_SIGN if state == MASKED else f'<span class="neu">{text(shown.why(i))}</span>'
    measure = shown.measure
    share = (value - measure.pivot) / extent
    sign = ""
    if measure.kind == "diverging":
        left, width = (50 + min(share, 0) * 50), abs(share) * 50
        sign = "▼ " if is_under(value, measure) else ""
        middle = '<s style="left:50%"></s>'
    else:
        left, width, middle = 0.0, share * 100, ""
    return (
        f'<span class="v-bar {state}" aria-hidden="true"><u style="left:{left:.1f}%;'
        f'width:{max(width, 0.5):.1f}%;right:auto"></u>{middle}</span>'
        f'<span class="neu" aria-hidden="true">{sign}</span><b>{text(measure.said(value))}</b>'
    )


# The picture and the rows of a file


def map_svg(
    shown: ShownMap,
    alt: str,
    positions: Mapping[str, Mapping[str, tuple[float, float]]],
    act: str | None = None,
    is_file: bool = False,
) -> str:
    """The same map as a picture: colours, hatching, signs and symbols; in a file, frames’ names."""
    found = symbols(shown, positions, _picture_scale(shown)) if positions else []
    names = dict(zip(shown.caisses.codes, shown.caisses.names, strict=True)) | dict(
        zip(shown.spread.codes, shown.spread.names, strict=True)
    )
    discs = [
        MapDisc(
            one.place,
            one.radius,
            "ring" if one.colour is None else shown.classes[one.colour].css,
            names.get(one.code, one.code),
        )
        for one in found
    ]
    return drawn_map(shapes(shown), alt, act, discs, is_file, least=1)


def _picture_scale(shown: ShownMap) -> CircleScale:
    """The scale of the circles in a picture."""
    return circle_scale(shown).times(PICTURE)


def shapes(shown: ShownMap) -> list[DrawnShape]:
    """The polygons of the picture in their colours."""
    is_volume = shown.measure.kind == "volume"
    found = []
    for code, departments in shown.about.areas(shown.level).items():
        state = shown.area_state(code)
        if is_volume and state not in {MASKED, VALUELESS, OUTSIDE}:
            state = SEVERAL
        if state == OUTSIDE and not shown.about.is_country:
            continue
        label = UNDER if shown.is_signed(code) else NOUGHT if shown.is_nought(code) else ""
        place = shown.spread.place_of(code)
        if place is not None and code in shown.inside and shown.senders(place):
            label += PARTIAL_SIGN
        said = area_words(shown, code)
        found.append(DrawnShape(code, departments, drawn_as(state), said, label))
    return found


def drawn_as(state: str) -> str:
    """The class of the style sheet that paints a state in a picture."""
    return "none" if state == MASKED else state


def map_picture(shown: ShownMap, positions: Mapping[str, Mapping[str, tuple[float, float]]]) -> str:
    """The map with its legend and its credit under it, for a file."""
    svg = map_svg(shown, map_alt(shown), positions, is_file=True)
    if not svg:
        return ""
    drawn_shapes = tuple((shape.code, shape.departments) for shape in shapes(shown))
    height = outlines(drawn_shapes).height
    keys = map_keys(shown)
    drawn = "".join(
        f'<path class="{drawn_as(key.css)}" '
        f'd="M8 {height + 8 + 18 * place}h18v12h-18z"/>'
        f'<text class="sign" x="17" y="{height + 17 + 18 * place}">{key.sign}</text>'
        f'<text x="34" y="{height + 18 + 18 * place}">{text(f"{key.words} ({key.count})")}</text>'
        for place, key in enumerate(keys)
    )
    foot = height + 18 * len(keys) + 12
    scale = _picture_scale(shown)
    if scale.examples():
        drawn += sizes_svg(scale, 8, foot)
        foot += round(2 * scale.radius_of(scale.examples()[0]))
    foot += 16
    signs = f"{UNDER} {shown.measure.under}. " if shown.measure.kind == "diverging" else ""
    signs += f"{PARTIAL_WORDS}. "
    noun = LEVEL_NOUNS[shown.volumes.level]
    notes = [f"{signs}Cercles : adhésions par {noun.one}.", classes_words(shown), CREDIT]
    drawn += "".join(
        f'<text class="small" x="8" y="{foot + 14 * place}">{text(typeset(line))}</text>'
        for place, line in enumerate(notes)
    )
    total = foot + 14 * len(notes)
    former, taller = f'viewBox="0 0 {WIDTH} {height}"', f'viewBox="0 0 {WIDTH} {total}"'
    return svg.replace(former, taller, 1).replace("</svg>", f"{drawn}</svg>")


def _class_words(shown: ShownMap, place: int) -> str:
    """The class of a territory as the legend says it, or why it has none."""
    state = shown.state(place)
    if state == MASKED:
        return MASKED_WORDS
    found = next((one for one in shown.classes if one.css == state), None)
    return shown.why(place) if found is None else bounds_words(found, shown.measure)


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


def map_records(shown: ShownMap) -> pd.DataFrame:
    """Every territory of the map for a file, withheld figures empty and told so."""
    place_of = ranks(shown)
    rows = []
    for i in ordered(shown, "nom", True):
        interval = shown.spread.interval(shown.t, i)
        country = country_rank(shown, i)
        rows.append(
            {
                "territoire_code": shown.spread.codes[i],
                "territoire": shown.spread.names[i],
                "programme": shown.about.programme,
                "volet": shown.about.volet or VOLETS["ensemble"],
                "periode": shown.when,
                "dernier_mois": shown.month.isoformat()[:7],
                "adhesions": shown.figure("adhesions", i),
                "adhesions_comparees": shown.figure("held", i),
                "eligibles": shown.figure("eligible", i),
                "couverture": _rounded(shown.figure("coverage", i), 4),
                "couverture_borne_basse": None if interval is None else _rounded(interval[0], 4),
                "couverture_borne_haute": None if interval is None else _rounded(interval[1], 4),
                "objectif_a_date": _rounded(shown.figure("objective", i), 1),
                "atteinte": _rounded(shown.figure("attainment", i), 4),
                "evolution_12_mois": _rounded(shown.figure("growth", i), 4),
                "evolution_comparable": bool(shown.spread.is_comparable[shown.t, i]),
                "rang": place_of.get(i) if len(shown.drawn) > 1 else None,
                "rang_france": None if country is None else country.place,
                "rang_france_sur": None if country is None else country.among,
                "caisses_recues": int(shown.spread.received[shown.t, i]),
                "caisses_attendues": expected_caisses().get(shown.spread.codes[i], 0),
                "mesure": shown.measure.short,
                "classe": _class_words(shown, i),
                "adhesions_masquees": bool(shown.spread.is_hidden[shown.t, i]),
                "evolution_masquee": bool(shown.spread.is_growth_hidden[shown.t, i]),
                "masque": shown.is_masked(i),
            }
        )
    return pd.DataFrame(rows)
