"""Days from an operation to the consultation that follows, in classes of unequal width.

A class is drawn by its area: its height is consultations a day. The last class is open: it has no
width, hence no height, and is drawn as such unless a reader supposes where it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from figures.formats import ABSENT, known_float, number, percent
from figures.frames import WIDE, Frame
from figures.grammar import ordinal, typeset
from figures.markup import table, text
from figures.records import records

LEFT_LETTERS = 7
"""Letters of the numbers at the left: ``30 000``."""

OPEN_DAYS = 11
"""Days of the scale that the room of an open class takes: it says that it goes on, not how far."""
TICK_LETTERS = 5
OPEN_WORDS = ("sans fin", "publiée")


@dataclass(frozen=True)
class DelayClass:
    """A class of days, both included; ``last`` is None where it is open."""

    first: int
    last: int | None
    count: float
    share: float | None

    @property
    def day_count(self) -> int | None:
        """Its width in days."""
        return None if self.last is None else self.last - self.first + 1

    @property
    def per_day(self) -> float | None:
        """Consultations a day: its density; None where it is open."""
        return None if self.day_count is None else self.count / self.day_count

    @property
    def name(self) -> str:
        """``16 à 20 jours``, ``31 jours et plus``."""
        if self.last is None:
            return f"{self.first} jours et plus"
        return f"{self.first} à {self.last} jours"

    def until(self, last: int) -> DelayClass:
        """The same class, supposed to end on a day."""
        return DelayClass(self.first, last, self.count, self.share)


def delay_classes(rows: pd.DataFrame, year: int) -> list[DelayClass]:
    """Rows of ``programmes/consultation_delay`` of a year, in order."""
    columns = ("year", "days_from", "days_to", "consultations", "consultation_share")
    found = []
    for row in records(rows, columns):
        last = known_float(row["days_to"])
        if int(row["year"]) == year:
            found.append(
                DelayClass(
                    int(row["days_from"]),
                    None if last is None else int(last),
                    float(row["consultations"]),
                    known_float(row["consultation_share"]),
                )
            )
    return sorted(found, key=lambda one: one.first)


def total(classes: Sequence[DelayClass]) -> float:
    """All consultations."""
    return sum(one.count for one in classes)


def median_day(classes: Sequence[DelayClass]) -> int | None:
    """The day by which half the consultations have taken place, even within a class.

    None where it lies in the open class, or without any consultation.
    """
    half, before = total(classes) / 2, 0.0
    for one in classes:
        if half and before + one.count >= half:
            if one.day_count is None:
                return None
            return one.first + min(int((half - before) / one.count * one.day_count), one.day_count)
        before += one.count
    return None


def delay_finding(classes: Sequence[DelayClass], year: int) -> str:
    """How many consultations take place in the open class, or when half of them have."""
    last = classes[-1] if classes else None
    if last is None:
        return typeset(f"Consultations après une opération : rien de publié pour {year}")
    if last.last is not None:
        return typeset(
            f"Après une opération, la moitié des consultations de suivi ont lieu avant le "
            f"{ordinal(median_day(classes) or 0)} jour ({year})"
        )
    return typeset(
        f"Après une opération, {percent(last.share)} des premières consultations de suivi ont lieu "
        f"{last.first} jours ou plus après l’acte ({year})"
    )


def density_finding(classes: Sequence[DelayClass]) -> str:
    """The highest and the lowest density, and what plain counts would make believe."""
    known = [one for one in classes if one.per_day is not None]
    if len(known) < 2:
        return "Pas de densités à comparer"
    densest = max(known, key=lambda one: one.per_day or 0.0)
    largest = max(known, key=lambda one: one.count)
    said = f"{densest.name} : {number(densest.per_day)} consultations par jour, le plus dense"
    if largest != densest:
        which = "la plus fournie des classes fermées"
        if len(known) == len(classes):
            which = "la classe la plus fournie"
        said += f" ; {largest.name}, {which}, n’en a que {number(largest.per_day)}"
    return typeset(said)


@dataclass(frozen=True)
class _Plane:
    """Where days and densities lie in a frame: ``days`` and ``top`` end the scales."""

    frame: Frame
    days: int
    top: float

    @property
    def left(self) -> float:
        return self.frame.left_of(LEFT_LETTERS)

    @property
    def end(self) -> float:
        return self.frame.width - self.frame.right

    @property
    def base(self) -> float:
        return self.frame.height - self.frame.bottom

    def x(self, day: float) -> float:
        return round(self.left + day / self.days * (self.end - self.left), 1)

    def y(self, density: float) -> float:
        return round(self.base - density / self.top * (self.base - self.frame.top - 8), 1)


def densities_svg(
    classes: Sequence[DelayClass],
    alt: str,
    supposed_end: int | None = None,
    frame: Frame = WIDE,
) -> str:
    """Each class by its area; the open one as a hatched room, or as its area until a day.

    Args:
        classes: in order.
        alt: what the picture shows, in words.
        supposed_end: the day on which a reader supposes that the open class ends.
        frame: the room there is.
    """
    drawn = _drawn(classes, supposed_end)
    densities = [one.per_day for one in drawn if one.per_day is not None]
    if not densities:
        return ""
    last = drawn[-1]
    days = last.first + OPEN_DAYS if last.last is None else last.last + 1
    plane = _Plane(frame, days, max(densities) * 1.14)
    parts = [_grid(plane), _ticks(drawn, plane)]
    for one in drawn:
        is_supposed = one.last is not None and one is last and supposed_end is not None
        parts.append(_open(one, plane) if one.last is None else _area(one, plane, is_supposed))
    parts.append(
        f'<path class="axis" d="M{plane.left} {plane.base}H{plane.end}"/>'
        f'<text x="{plane.left}" y="14" text-anchor="start">Consultations par jour</text>'
    )
    return (
        f'<svg class="v-series v-densities" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {frame.width} {frame.height}" aria-label="{text(alt)}">'
        f"{''.join(parts)}</svg>"
    )


def _drawn(classes: Sequence[DelayClass], supposed_end: int | None) -> list[DelayClass]:
    return [
        one.until(supposed_end)
        if one.last is None and supposed_end is not None and supposed_end >= one.first
        else one
        for one in classes
    ]


def _grid(plane: _Plane) -> str:
    top = plane.top
    step = next(s for s in (1, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000) if top / s <= 6)
    parts = []
    for place in range(int(top // step) + 1):
        y = plane.y(place * step)
        parts.append(
            f'<line class="grid" x1="{plane.left}" x2="{plane.end}" y1="{y}" y2="{y}"/>'
            f'<text x="{plane.left - 8}" y="{y + 4}" text-anchor="end">'
            f"{number(place * step)}</text>"
        )
    return "".join(parts)


def _ticks(classes: Sequence[DelayClass], plane: _Plane) -> str:
    """The first day of each class where there is room, and the end."""
    edges = [one.first for one in classes]
    if classes[-1].last is not None:
        edges.append(classes[-1].last + 1)
    room = TICK_LETTERS * plane.frame.letter
    parts, before = [], -room
    for day in edges:
        x = plane.x(day)
        if x - before < room:
            continue
        before = x
        shown = f"J{day}" if day != edges[-1] or classes[-1].last is None else f"J{day - 1}"
        parts.append(
            f'<text x="{x}" y="{plane.frame.height - 12}" text-anchor="middle">{shown}</text>'
        )
    return "".join(parts)


def _area(one: DelayClass, plane: _Plane, is_supposed: bool) -> str:
    if one.last is None or one.per_day is None:
        return ""
    x, end, y = plane.x(one.first), plane.x(one.last + 1), plane.y(one.per_day)
    css = "supposed" if is_supposed else "density"
    said = f"{one.name} : {number(one.per_day)} par jour, {number(one.count)} en tout"
    label, words = "", number(one.per_day)
    if end - x >= (len(words) + 1) * plane.frame.letter:
        label = (
            f'<text class="end even" x="{(x + end) / 2:.1f}" y="{y - 6}" text-anchor="middle">'
            f"{words}</text>"
        )
    return (
        f'<rect class="{css}" x="{x}" y="{y}" width="{end - x:.1f}" '
        f'height="{plane.base - y:.1f}"><title>{text(typeset(said))}</title></rect>{label}'
    )


def _open(one: DelayClass, plane: _Plane) -> str:
    """The room of an open class: an arrow that goes on, its count, no height."""
    x, end, base, top = plane.x(one.first), plane.end, plane.base, plane.frame.top
    middle = (x + end) / 2
    said = f"{one.name} : {number(one.count)} consultations, classe ouverte, sans densité"
    whole = " ".join(OPEN_WORDS)
    fits = end - x > len(whole) * plane.frame.letter
    told = (
        ("strong", number(one.count)),
        ("strong", percent(one.share)),
        *(("", words) for words in ((whole,) if fits else OPEN_WORDS)),
    )
    lines = "".join(
        f'<text class="{css}" x="{middle:.1f}" y="{top + 40 + 22 * place}" '
        f'text-anchor="middle">{words}</text>'
        for place, (css, words) in enumerate(told)
    )
    return (
        f'<rect class="open" x="{x}" y="{top}" width="{end - x:.1f}" height="{base - top}">'
        f"<title>{text(typeset(said))}</title></rect>"
        f'<path class="axis" d="M{x + 10} {base - 22}H{end - 10}l-8 -5m8 5l-8 5"/>{lines}'
    )


def densities_legend(has_open: bool, supposed_end: int | None) -> str:
    """What the areas are."""
    items = ['<span><b class="k density"></b> Surface : consultations de la classe</span>']
    if has_open and supposed_end is None:
        items.append(
            '<span><b class="k open"></b> Classe ouverte : ni largeur ni hauteur publiées</span>'
        )
    if has_open and supposed_end is not None:
        items.append(
            f'<span><b class="k supposed"></b> Classe ouverte, supposée finir au jour '
            f"{supposed_end}</span>"
        )
    return f'<p class="v-legend">{"".join(items)}</p>'


def densities_alt(classes: Sequence[DelayClass], year: int) -> str:
    """Every class, in words."""
    said = " ".join(
        f"{one.name} : {number(one.count)} consultations"
        + ("." if one.per_day is None else f", {number(one.per_day)} par jour.")
        for one in classes
    )
    return typeset(f"Délai de la première consultation après une opération, {year}. {said}")


def densities_table(
    classes: Sequence[DelayClass], caption: str, supposed_end: int | None = None
) -> str:
    """Each class: consultations, width, consultations a day, share, cumulated share."""
    rows, before, known = [], 0.0, total(classes)
    for one, drawn in zip(classes, _drawn(classes, supposed_end), strict=True):
        before += one.count
        is_supposed = drawn is not one
        density = ABSENT if drawn.per_day is None else f"<b>{number(drawn.per_day)}</b>"
        if is_supposed:
            density += f" <small>si fin au jour {supposed_end}</small>"
        rows.append(
            (
                text(one.name),
                number(one.count),
                "ouverte" if one.day_count is None else number(one.day_count),
                density,
                percent(one.share),
                percent(before / known) if known else ABSENT,
            )
        )
    heads = (
        "Délai depuis l’acte",
        "Consultations",
        "Jours de la classe",
        "Par jour",
        "Part",
        "Part cumulée",
    )
    return table(caption, heads, rows, numeric=(1, 2, 3, 4, 5), is_stacked=True)


def densities_records(classes: Sequence[DelayClass]) -> pd.DataFrame:
    """The classes for a file; an open class has neither width nor density."""
    return pd.DataFrame(
        {
            "du_jour": one.first,
            "au_jour": one.last,
            "consultations": one.count,
            "jours_de_la_classe": one.day_count,
            "consultations_par_jour": one.per_day,
            "part": one.share,
        }
        for one in classes
    )
