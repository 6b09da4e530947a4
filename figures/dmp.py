"""DMP and Santé active: how many by territory, for 1 000 inhabitants, beside the published counts.

A count withheld is None with ``is_hidden``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.reference.geometry import CREDIT
from figures.choropleth import ValueClass, class_of, value_classes
from figures.formats import (
    ABSENT,
    as_date,
    counted,
    french_key,
    known_float,
    long_date,
    number,
    percent,
)
from figures.grammar import typeset
from figures.markup import table, text
from figures.prado import MASKED, attained_cell
from figures.programme_bars import Bar, bar_cell, bars_svg, ceiling
from figures.records import records
from figures.small_map import WIDTH, DrawnShape, drawn_map, outlines
from figures.status import status_word
from indicators.attainment import status
from indicators.programme_costs import ratio

STEP = 0.1
"""What rates are rounded to before they are classed, so that the legend is exact."""


@dataclass(frozen=True)
class Reached:
    """A territory: all it has opened or joined, and its inhabitants."""

    code: str
    name: str
    count: float | None
    population: float | None
    is_hidden: bool = False

    @property
    def per_1000(self) -> float | None:
        """For 1 000 inhabitants."""
        share = ratio(self.count, self.population)
        return None if share is None else share * 1000

    @property
    def department(self) -> str:
        """``43`` of ``DEP-43``."""
        return self.code.removeprefix("DEP-")


def reached(rows: pd.DataFrame, codes: Sequence[str] | None = None) -> list[Reached]:
    """Rows of ``adhesions/by_territory``, of the ``codes`` given alone."""
    columns = ("territory_code", "territory_name", "cumulated", "population", "is_cumulated_hidden")
    return [
        Reached(
            str(row["territory_code"]),
            str(row["territory_name"]),
            (count := known_float(row["cumulated"])),
            known_float(row["population"]),
            bool(row["is_cumulated_hidden"]) and count is None,
        )
        for row in records(rows, columns)
        if codes is None or row["territory_code"] in codes
    ]


def per_1000_words(value: float | None) -> str:
    """``96,2``."""
    return ABSENT if value is None else number(value, 1)


def reached_finding(own: Reached | None, noun: str, where: str, when: str) -> str:
    """How many, and for 1 000 inhabitants."""
    if own is None:
        return typeset(f"{noun}, {where} : aucun envoi des caisses")
    if own.count is None:
        why = "effectif masqué (petit nombre)" if own.is_hidden else "effectif inconnu"
        return typeset(f"{noun}, {where} : {why}")
    said = f"{noun}, {where} : {number(own.count)} {when}"
    if own.per_1000 is not None:
        said += f", {per_1000_words(own.per_1000)} pour 1 000 habitants"
    return typeset(said)


def places_finding(places: Sequence[Reached], noun: str) -> str:
    """From the least reached department to the most."""
    known = [place for place in ordered(places) if place.per_1000 is not None]
    if not known:
        return typeset(f"{noun} : aucun département à montrer")
    low, high = known[0], known[-1]
    if len(known) == 1:
        return typeset(f"{noun} : {per_1000_words(low.per_1000)} pour 1 000 ({low.name})")
    return typeset(
        f"{noun} pour 1 000 habitants : de {per_1000_words(low.per_1000)} ({low.name}) à "
        f"{per_1000_words(high.per_1000)} ({high.name})"
    )


def ordered(places: Sequence[Reached]) -> list[Reached]:
    """The least reached first, those unknown last, by name."""

    def key(place: Reached) -> tuple[bool, float, str]:
        value = place.per_1000
        return value is None, value or 0.0, french_key(place.name)

    return sorted(places, key=key)


def places_svg(places: Sequence[Reached], alt: str, drills: bool) -> str:
    """The departments coloured by the rate; empty where fewer than two can be drawn."""
    classes = _classes(places)
    shapes = [
        DrawnShape(place.code, (place.department,), _css(place, classes), _words(place))
        for place in places
    ]
    return drawn_map(shapes, alt, "drill" if drills else None)


def places_height(places: Sequence[Reached]) -> int:
    """Height of the drawing for a width of ``small_map.WIDTH``, so that its room can be kept."""
    return outlines(tuple((place.code, (place.department,)) for place in places)).height


def _classes(places: Sequence[Reached]) -> list[ValueClass]:
    return value_classes([p.per_1000 for p in places if p.per_1000 is not None], STEP)


def _css(place: Reached, classes: Sequence[ValueClass]) -> str:
    return "none" if place.per_1000 is None else class_of(place.per_1000, classes, STEP)


def _words(place: Reached) -> str:
    if place.per_1000 is None:
        why = "masqué (petit nombre)" if place.is_hidden else "inconnu"
        return typeset(f"{place.name} : {why}")
    said = f"{per_1000_words(place.per_1000)} pour 1 000 ({number(place.count)})"
    return typeset(f"{place.name} : {said}")


def _bounds(found: ValueClass) -> str:
    return f"{number(found.lower, 1)} à {number(found.upper, 1)}"


def places_legend(places: Sequence[Reached]) -> str:
    """The bounds of the classes, what is hatched, and whose contours they are."""
    keys = "".join(
        f'<span><b class="k {found.css}"></b> {text(_bounds(found))}</span>'
        for found in _classes(places)
    )
    unknown = [place for place in places if place.per_1000 is None]
    if unknown:
        hidden = sum(place.is_hidden for place in unknown)
        said = [
            f"{counted(hidden, 'masqué')} (petits nombres)" if hidden else "",
            f"{number(len(unknown) - hidden)} sans envoi" if len(unknown) > hidden else "",
        ]
        words = ", ".join(part for part in said if part)
        keys += f'<span><b class="k none"></b> {text(words)}</span>'
    return (
        f'<p class="v-legend v-mapkey"><span>Pour 1 000 habitants :</span>{keys}</p>'
        f'<p class="v-note">{text(CREDIT)}</p>'
    )


def places_picture(places: Sequence[Reached], alt: str) -> str:
    """The map with its legend under it, for a file; empty where there is no map."""
    svg = places_svg(places, alt, drills=False)
    if not svg:
        return ""
    height = places_height(places)
    keys = [(found.css, _bounds(found)) for found in _classes(places)]
    if any(place.per_1000 is None for place in places):
        keys.append(("none", "masqué ou sans envoi"))
    drawn = "".join(
        f'<path class="{css}" d="M8 {height + 8 + 18 * place}h18v12h-18z"/>'
        f'<text x="34" y="{height + 18 + 18 * place}">{text(words)}</text>'
        for place, (css, words) in enumerate(keys)
    )
    total = height + 26 + 18 * len(keys)
    credit = f'<text class="small" x="8" y="{total - 6}">{text(CREDIT)}</text>'
    former, taller = f'viewBox="0 0 {WIDTH} {height}"', f'viewBox="0 0 {WIDTH} {total}"'
    return svg.replace(former, taller, 1).replace("</svg>", f"{drawn}{credit}</svg>")


def places_table(places: Sequence[Reached], noun: str, caption: str) -> str:
    """Every department, the least reached first."""
    rows = [
        (
            f'<button type="button" class="link" data-act="drill" data-t="{text(place.code)}">'
            f"{text(place.name)}</button>",
            MASKED if place.is_hidden else f"<b>{per_1000_words(place.per_1000)}</b>",
            MASKED if place.is_hidden else number(place.count),
            number(place.population),
        )
        for place in ordered(places)
    ]
    heads = ("Département", "Pour 1 000", noun, "Habitants")
    return table(caption, heads, rows, numeric=(1, 2, 3))


def places_alt(places: Sequence[Reached], noun: str, when: str) -> str:
    """What the map shows, in words."""
    known = sum(place.per_1000 is not None for place in places)
    return typeset(
        f"Carte, {when} : {counted(known, 'département')}. {places_finding(places, noun)}. "
        "Le tableau à côté donne chacun."
    )


def places_records(places: Sequence[Reached]) -> pd.DataFrame:
    """Every department for a file; withheld counts are empty."""
    return pd.DataFrame(
        {
            "departement_code": place.department,
            "departement": place.name,
            "cumul": place.count,
            "habitants": place.population,
            "pour_1000_habitants": place.per_1000,
            "masque": place.is_hidden,
        }
        for place in sorted(places, key=lambda place: french_key(place.name))
    )


@dataclass(frozen=True)
class OpenCount:
    """Shared records open on a day, as published, and those that caisses sent for that month."""

    code: str
    name: str
    day: date
    count: float
    of_which_year: float | None
    per_1000: float | None
    note: str
    sent: float | None


def open_counts(rows: pd.DataFrame, sent: dict[tuple[str, str], float]) -> list[OpenCount]:
    """Published rows of ``programmes/dmp``.

    Args:
        rows: of the question.
        sent: what caisses sent, by territory and month (``YYYY-MM``).
    """
    columns = (
        "territory_code",
        "territory_name",
        "counted_on",
        "cumulated",
        "of_which_year",
        "per_1000",
        "note",
        "is_published",
    )
    found = []
    for row in records(rows, columns):
        day, count = as_date(row["counted_on"]), known_float(row["cumulated"])
        if day is None or count is None or not row["is_published"]:
            continue
        note = row["note"] if isinstance(row["note"], str) else ""
        code = str(row["territory_code"])
        found.append(
            OpenCount(
                code,
                str(row["territory_name"]),
                day,
                count,
                known_float(row["of_which_year"]),
                known_float(row["per_1000"]),
                note,
                sent.get((code, f"{day:%Y-%m}")),
            )
        )
    return found


def open_finding(known: Sequence[OpenCount]) -> str:
    """The published counts for 1 000 inhabitants, on the day that several territories share."""
    days = [one.day for one in known]
    if not known:
        return "DMP : rien de publié"
    shared = max(set(days), key=lambda day: (days.count(day), day))
    own = [one for one in known if one.day == shared and one.per_1000 is not None]
    said = ", ".join(f"{one.name} {number(one.per_1000, 1)}" for one in own)
    return typeset(f"DMP ouverts pour 1 000 habitants au {long_date(shared)} : {said}")


def open_table(known: Sequence[OpenCount], caption: str) -> str:
    """Each published count, those of the year, the rate, and whether what was sent agrees."""
    top = ceiling([Bar("", one.per_1000, "") for one in known])
    rows = [
        (
            f"{text(one.name)} <small>{text(_day_words(one))}</small>",
            number(one.count),
            ABSENT
            if one.of_which_year is None
            else f"{number(one.of_which_year)} <small>"
            f"{percent(ratio(one.of_which_year, one.count), 0)}</small>",
            bar_cell(Bar("", one.per_1000, per_1000_words(one.per_1000)), top),
            _sent_words(one),
        )
        for one in known
    ]
    heads = (
        "Territoire et jour",
        "DMP ouverts (publié)",
        "Dont dans l’année",
        "Pour 1 000 habitants",
        "Envois des caisses",
    )
    return table(caption, heads, rows, numeric=(1, 2), is_stacked=True)


def _day_words(one: OpenCount) -> str:
    return one.note or long_date(one.day)


def _sent_words(one: OpenCount) -> str:
    if one.sent is None:
        return ABSENT
    if one.sent == one.count:
        return '<span class="fav">▲ Égaux</span>'
    return f'<span class="neu">● {number(one.sent)}</span>'


def open_svg(known: Sequence[OpenCount], alt: str) -> str:
    """The published rates for 1 000 inhabitants."""
    return bars_svg(
        [
            Bar(f"{one.name}, {_day_words(one)}", one.per_1000, per_1000_words(one.per_1000))
            for one in known
        ],
        alt,
    )


def open_records(known: Sequence[OpenCount]) -> pd.DataFrame:
    """Published counts for a file."""
    return pd.DataFrame(
        {
            "territoire_code": one.code,
            "territoire": one.name,
            "jour": one.day.isoformat(),
            "dmp_ouverts": one.count,
            "dont_dans_l_annee": one.of_which_year,
            "pour_1000_habitants": one.per_1000,
            "envois_des_caisses": one.sent,
            "note": one.note,
        }
        for one in known
    )


@dataclass(frozen=True)
class CoachYear:
    """Adherents of Santé active in a year, as published, and the COG's objective."""

    year: int
    count: float | None
    objective: float | None
    note: str = ""

    @property
    def attainment(self) -> float | None:
        """Of the COG's objective."""
        return ratio(self.count, self.objective)


def coach_years(cog: pd.DataFrame, code: str) -> list[CoachYear]:
    """The rows of the COG's indicator of Santé active, by year."""
    columns = ("year", "realised", "objective", "note")
    return [
        CoachYear(
            int(row["year"]),
            known_float(row["realised"]),
            known_float(row["objective"]),
            row["note"] if isinstance(row["note"], str) else "",
        )
        for row in records(cog[cog["cog_code"] == code], columns)
    ]


def coach_finding(known: Sequence[CoachYear]) -> str:
    """The last year against its objective."""
    judged = [one for one in known if one.attainment is not None]
    if not judged:
        return "Santé active : rien de publié à comparer à l’objectif"
    last = judged[-1]
    return typeset(
        f"Santé active : {number(last.count)} adhérents fin {last.year}, "
        f"{percent(last.attainment)} de l’objectif de la COG ({number(last.objective)})"
    )


def coach_table(known: Sequence[CoachYear], caption: str) -> str:
    """Adherents, objective and attainment by year."""
    top = ceiling([Bar("", one.count, "", goal=one.objective) for one in known])
    rows = [
        (
            str(one.year),
            bar_cell(_coach_bar(one), top),
            number(one.objective),
            attained_cell(one.attainment, status(one.attainment)),
        )
        for one in known
    ]
    heads = ("Année", "Adhérents (trait : objectif)", "Objectif de la COG", "Atteinte")
    return table(caption, heads, rows, numeric=(2,), is_stacked=True)


def _coach_bar(one: CoachYear) -> Bar:
    hue = status_word(status(one.attainment)).hue
    return Bar(f"Fin {one.year}", one.count, number(one.count), hue, goal=one.objective)


def coach_words(known: Sequence[CoachYear]) -> str:
    """What was noted beside the objective: it was revised."""
    notes = list(dict.fromkeys(one.note for one in known if one.note))
    return typeset(" ".join(f"{note[0].upper()}{note[1:]}." for note in notes))


def coach_svg(known: Sequence[CoachYear], alt: str) -> str:
    """Adherents of each year, the objective marked."""
    return bars_svg([_coach_bar(one) for one in known], alt)


def coach_records(known: Sequence[CoachYear]) -> pd.DataFrame:
    """Years for a file."""
    return pd.DataFrame(
        {
            "annee": one.year,
            "adherents": one.count,
            "objectif_cog": one.objective,
            "atteinte": one.attainment,
            "note": one.note,
        }
        for one in known
    )
