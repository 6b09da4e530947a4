"""What the pages of health professionals have in common: choices, distributions, indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from access.scope import Scope
from components.address import GRAIN, OVERSEAS, PROFESSION, choice
from components.address import asked as address_of
from components.blocks import paint
from components.controls import choice_buttons, choice_select
from components.crumbs import crumbs
from components.header import View
from components.perimeter import MAP_COLUMNS, PARENT_COLUMN, Perimeter
from components.publication import publication, territory_map
from components.states import no_professionals_state
from data.reference.epci import counting_territories
from data.reference.professions import professions
from data.reference.territories import territories
from figures.formats import is_absent, known_float
from figures.gini import GiniSeries, GiniYear, Unjudged
from figures.grammar import in_territory, quoted, shortened, typeset
from figures.markup import text
from figures.professions import GRAIN_NOUNS, Named, ir41_professions, profession_name
from figures.records import records
from indicators.distribution import Distribution
from indicators.inequality import (
    CUMULATED_YEARS,
    INTERVAL_FROM,
    ChangeNoise,
    apparent_turnover,
    cumulated_verdict,
    gini,
    gini_change_noise,
    gini_interval,
    target_verdict,
)
from queries import professionals
from queries.cached import shared

USUAL_PROFESSION = "infirmiers"
DEPARTMENT, EPCI = "departement", "epci"
WITH, WITHOUT = "avec", "sans"
OVERSEAS_LABELS = {WITH: "Compris", WITHOUT: "Sans"}
NATIONAL = "national"
SOURCE = "effectifs de professionnels de santé importés"
MADE_UP_SOURCE = "effectifs fictifs de professionnels de santé (démonstration)"
OVERSEAS_LENGTH = len("DEP-971")
DRAWS: Mapping[str, int] = {DEPARTMENT: 500, EPCI: 200}
"""Draws of the noise: as many as a first look may wait for, by grain."""


@dataclass(frozen=True)
class ProfessionalsAsked:
    """All that the drawings of these pages follow from, besides scope and publication.

    ``area`` is where inequality is looked at: the header's territory, or its region where that one
    is a single territory of the grain. ``overseas`` is ``avec`` or ``sans``; ``has_overseas``
    whether the area leaves a choice.
    """

    perimeter: Perimeter
    area: Perimeter
    year: int
    profession: str
    grain: str
    overseas: str
    has_overseas: bool
    professions: tuple[str, ...]
    grains: tuple[str, ...]

    @property
    def about(self) -> Named:
        """What is looked at, in words."""
        where = in_territory(self.area.code, self.area.name)
        counted = self.overseas == WITH if self.has_overseas else None
        return Named(self.profession, where, self.grain, self.year, counted)

    @property
    def own_department(self) -> str | None:
        """The header's territory on the curve of its region; None where it is the area itself."""
        return None if self.area == self.perimeter else department_of(self.perimeter.code)


def asked_professionals(scope: Scope, build_id: str, shown: View) -> ProfessionalsAsked | None:
    """What the header and the address ask for; None where nothing was counted."""
    known = {} if shown.year is None else known_professions(scope, build_id, shown.year)
    if shown.year is None or not known:
        return None
    codes = tuple(dict.fromkeys(code for codes in known.values() for code in codes))
    usual = USUAL_PROFESSION if USUAL_PROFESSION in codes else codes[0]
    profession = choice(PROFESSION, {code: profession_name(code) for code in codes}, usual)
    grains = tuple(grain for grain in (DEPARTMENT, EPCI) if profession in known.get(grain, ()))
    if EPCI in grains and len(department_codes(shown.perimeter) or ()) == 1:
        # A region that is one department, overseas, has nothing to compare but its EPCI.
        is_region = shown.perimeter.level not in {DEPARTMENT, "caisse"}
        grains = (EPCI,) if is_region else grains
    grain = choice(GRAIN, {code: GRAIN_NOUNS[code].one for code in grains}, grains[0])
    has_overseas = shown.perimeter.level == NATIONAL
    overseas = choice(OVERSEAS, OVERSEAS_LABELS, WITH) if has_overseas else WITH
    area = area_of(scope, build_id, shown.perimeter, grain)
    return ProfessionalsAsked(
        shown.perimeter, area, shown.year, profession, grain, overseas, has_overseas, codes, grains
    )


def say_refused(asked: ProfessionalsAsked) -> None:
    """Say which choices of the address are not offered here, and what is shown instead."""
    said = "".join(
        f'<p class="v-note v-demo" role="status">{text(sentence)}</p>'
        for sentence in refused_choices(asked)
    )
    paint(said, "choix_refuses")


def refused_choices(asked: ProfessionalsAsked) -> list[str]:
    """The choices of the address that are not offered here, one sentence each."""
    about, said = asked.about, []
    names = {code: profession_name(code) for code in asked.professions}
    if wanted := _refused(PROFESSION, names):
        known = professions().get(wanted)
        said.append(
            f"{quoted(shortened(known.name if known else wanted))} : profession "
            f"{'non comptée' if known else 'inconnue'} en {asked.year} ; voici {about.many}."
        )
    if wanted := _refused(GRAIN, {code: GRAIN_NOUNS[code].one for code in asked.grains}):
        noun = GRAIN_NOUNS.get(wanted)
        why = f"pas d’indice par {noun.one} ici" if noun else "maille inconnue"
        said.append(
            f"{quoted(shortened(noun.one if noun else wanted))} : {why} ; voici par "
            f"{about.grain_noun.one}."
        )
    if asked.has_overseas and (wanted := _refused(OVERSEAS, OVERSEAS_LABELS)):
        said.append(
            f"{quoted(shortened(wanted))} n’est pas un choix pour l’outre-mer (« avec » ou "
            f"« sans ») ; voici{about.overseas.removeprefix(',')}."
        )
    return [typeset(f"Adresse, {sentence}") for sentence in said]


def _refused(name: str, offered: Mapping[str, str]) -> str:
    """What the address asks for under ``name`` without its being offered; empty otherwise."""
    wanted = address_of(name)
    return "" if wanted in offered or wanted in offered.values() else wanted


def counted_otherwise(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, grain: str, overseas: str
) -> ProfessionalsAsked:
    """The same with another grain, in the area that this grain is looked at, or overseas."""
    area = area_of(scope, build_id, asked.perimeter, grain)
    return replace(asked, area=area, grain=grain, overseas=overseas)


def area_of(scope: Scope, build_id: str, perimeter: Perimeter, grain: str) -> Perimeter:
    """Where inequality can be looked at: a department alone is one point of its region's curve.

    Professionals are counted by department, never by caisse.
    """
    if perimeter.level not in {DEPARTMENT, "caisse"}:
        return perimeter
    level, code = DEPARTMENT, department_of(perimeter.code)
    if grain == DEPARTMENT:
        level = "region"
        code = territory_map(scope, build_id).region_of(perimeter) or code
    name = str(_reference()[code]["territory_name"])
    return Perimeter(code, level, name, name)


def widened_words(asked: ProfessionalsAsked) -> str:
    """Why a wider area than the header's territory is looked at; empty where none is."""
    if asked.own_department is None or asked.grain != DEPARTMENT:
        return ""
    said = typeset(f"{asked.perimeter.label} : un point parmi les départements de sa région.")
    return f" {said}"


def nothing_to_measure(asked: ProfessionalsAsked | None, shown: View) -> None:
    """The state in place of figures, under the choices that may bring some."""
    if asked is not None:
        paint(choice_controls(asked), "choix")
    no_professionals_state(shown.perimeter.label, shown.year, asked is not None)


def choice_controls(asked: ProfessionalsAsked) -> str:
    """Profession, grain and overseas as controls."""
    followed = ir41_professions()
    groups = {
        "Suivies par la COG (IR 4.1)": {
            code: profession_name(code) for code in asked.professions if code in followed
        },
        "Autres": {
            code: profession_name(code) for code in asked.professions if code not in followed
        },
    }
    offered = {name: own for name, own in groups.items() if own}
    controls = [choice_select(PROFESSION, "Profession", offered, asked.profession)]
    if len(asked.grains) > 1:
        grains = {code: _heading(GRAIN_NOUNS[code].one) for code in asked.grains}
        controls.append(choice_buttons(GRAIN, "Maille", grains, asked.grain))
    if asked.has_overseas:
        controls.append(choice_buttons(OVERSEAS, "Outre-mer", OVERSEAS_LABELS, asked.overseas))
    return f'<div class="v-head v-choices">{"".join(controls)}</div>'


def _heading(noun: str) -> str:
    return noun[:1].upper() + noun[1:]


@shared(32)
def known_professions(scope: Scope, build_id: str, year: int) -> Mapping[str, tuple[str, ...]]:
    """The professions counted in a year by grain, those of the COG first."""
    rows = records(professionals.choices(scope, build_id), ("grain", "profession", "year"))
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        if int(row["year"]) == year:
            found.setdefault(str(row["grain"]), {})[str(row["profession"])] = None
    followed = ir41_professions()
    return {
        grain: tuple(sorted(codes, key=lambda code: code not in followed))
        for grain, codes in found.items()
    }


@dataclass(frozen=True, eq=False)
class Counted:
    """The distribution of a profession and year over the country, and whence its people come.

    ``people_sources`` has the ``population_source`` of each territory by its code.
    """

    spread: Distribution
    people_sources: Mapping[str, str]


@shared(192)
def counted_everywhere(
    scope: Scope, build_id: str, grain: str, profession: str, year: int
) -> Counted:
    """A profession and year over the country, read once."""
    rows = professionals.density(scope, build_id, grain, year, profession)
    sources = dict(zip(rows["territory_code"], rows["population_source"], strict=True))
    return Counted(Distribution.from_frame(rows), sources)


def whole_spread(
    scope: Scope, build_id: str, grain: str, profession: str, year: int
) -> Distribution:
    """The distribution of a profession and year over the country."""
    return counted_everywhere(scope, build_id, grain, profession, year).spread


@cache
def _counting_places() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The departments and names of the territories of each grain, whether counted or not."""
    frame = counting_territories()
    return {
        str(grain): tuple(zip(own["department_code"], own["territory_name"], strict=True))
        for grain, own in frame.groupby("grain", sort=False)
    }


def expected_territories(asked: ProfessionalsAsked) -> int:
    """How many territories of the grain the area has, whether they were sent or not."""
    codes = department_codes(asked.area)
    is_open = not (asked.has_overseas and asked.overseas == WITHOUT)
    return sum(
        (codes is None or department in codes) and (is_open or len(department) < OVERSEAS_LENGTH)
        for department, _ in _counting_places()[asked.grain]
    )


@cache
def _reference() -> Mapping[str, Mapping[str, Any]]:
    """The territories by code, whoever looks: names and maps are public."""
    return {row["territory_code"]: row for row in records(territories(), MAP_COLUMNS)}


def department_of(code: str) -> str:
    """The department of a caisse; a department is its own."""
    found = _reference()[code]["department_code"]
    return code if is_absent(found) else str(found)


def department_codes(area: Perimeter) -> frozenset[str] | None:
    """The departments of an area; None for the whole country."""
    if area.level == NATIONAL:
        return None
    if area.level in {DEPARTMENT, "caisse"}:
        return frozenset({department_of(area.code)})
    column = PARENT_COLUMN[area.level]
    return frozenset(
        code
        for code, row in _reference().items()
        if row["level"] == DEPARTMENT and row[column] == area.code
    )


def spread_of(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str, year: int
) -> Distribution | None:
    """The distribution asked for; None where nothing of it can be measured."""
    found = whole_spread(scope, build_id, asked.grain, profession, year)
    codes = department_codes(asked.area)
    is_kept = np.ones(len(found), dtype=bool)
    if codes is not None:
        is_kept = np.array([code in codes for code in found.departments], dtype=bool)
    if asked.has_overseas and asked.overseas == WITHOUT:
        is_kept &= ~found.is_overseas
    if not is_kept.all():
        found = found.kept(is_kept)
    return found if found.is_measurable else None


def sources(scope: Scope, build_id: str, source: str = SOURCE) -> str:
    """Source, publication and day, under a figure."""
    return publication(scope, build_id).sources_line(source)


@shared(32)
def made_up(scope: Scope, build_id: str) -> frozenset[tuple[str, int, str]]:
    """Profession, year and grain of the country's indices that rest on demonstration counts."""
    rows = records(
        professionals.origins(scope, build_id), ("profession", "year", "grain", "is_demonstration")
    )
    return frozenset(
        (str(row["profession"]), int(row["year"]), str(row["grain"]))
        for row in rows
        if row["is_demonstration"]
    )


def source_of(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> str:
    """The source of the counts of the year asked for: those of the demonstration say so."""
    is_made_up = (asked.profession, asked.year, asked.grain) in made_up(scope, build_id)
    return sources(scope, build_id, MADE_UP_SOURCE if is_made_up else SOURCE)


@dataclass(frozen=True, eq=False)
class Noise:
    """What chance does to an index, from the territories' own turnover.

    ``yearly`` and ``cumulated`` are None where the counts of the first year are not known.
    """

    turnover: float
    yearly: ChangeNoise | None
    cumulated: ChangeNoise | None


@shared(64)
def noise_of(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> Noise | None:
    """What chance does to the index of a profession up to the year asked for; None if unknown."""
    last = asked.year
    by_year = {
        year: spread_of(scope, build_id, asked, profession, year)
        for year in range(last - CUMULATED_YEARS, last + 1)
    }
    turnover = _turnover(by_year)
    if turnover is None:
        return None
    found: list[ChangeNoise | None] = []
    for span in (1, CUMULATED_YEARS):
        start = by_year[last - span]
        found.append(
            None
            if start is None
            else gini_change_noise(
                np.round(start.count),
                start.population,
                turnover,
                years=span,
                draws=DRAWS[asked.grain],
            )
        )
    return Noise(turnover, found[0], found[1])


def _turnover(by_year: Mapping[int, Distribution | None]) -> float | None:
    """The yearly turnover that the area's counts tell, the mean of the years known."""
    found = []
    for before, after in pairwise(by_year[year] for year in sorted(by_year)):
        if before is None or after is None or before.codes != after.codes:
            continue
        rate = apparent_turnover(before.count, after.count)
        if rate is not None:
            found.append(rate)
    return float(np.mean(found)) if found else None


def series_of(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> GiniSeries | None:
    """The index of a profession over the years and its verdicts; None where there is none."""
    points = _kept_points(scope, build_id, asked, profession)
    if points is None:
        points = _own_points(scope, build_id, asked, profession)
    if not points:
        return None
    found = GiniSeries(profession, tuple(points), asked.year)
    obstacles = {
        span: _obstacle(scope, build_id, asked, found, span) for span in (1, CUMULATED_YEARS)
    }
    noise = noise_of(scope, build_id, asked, profession)
    return _judged(found, noise, obstacles)


def _kept_points(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> list[GiniYear] | None:
    """The indices that the build holds: of the country and the regions, overseas counted in."""
    if asked.area.level not in {NATIONAL, "region"} or asked.overseas == WITHOUT:
        return None
    rows = professionals.gini(
        scope, build_id, asked.grain, profession=profession, territory=asked.area.code
    )
    names = ("year", "gini", "lower", "upper", "territories", "professionals", "practice")
    expected = ("territories_expected", "territories_estimated")
    return [
        GiniYear(
            int(row["year"]),
            known_float(row["gini"]),
            known_float(row["lower"]),
            known_float(row["upper"]),
            int(row["territories"]),
            float(row["professionals"]),
            int(row["territories_expected"]),
            int(row["territories_estimated"]),
            str(row["practice"]),
        )
        for row in records(rows, (*names, *expected))
    ]


def _own_points(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> list[GiniYear]:
    """The indices of another area, computed here from the same counts."""
    rows = professionals.gini(scope, build_id, asked.grain, profession=profession)
    expected = expected_territories(asked)
    points = []
    for row in records(rows, ("year", "practice")):
        year = int(row["year"])
        spread = spread_of(scope, build_id, asked, profession, year)
        if spread is not None:
            is_whole = len(spread) >= expected
            points.append(
                GiniYear(
                    year,
                    gini(spread.count, spread.population) if is_whole else None,
                    territories=len(spread),
                    professionals=spread.total_count,
                    expected=expected,
                    practice=str(row["practice"]),
                )
            )
    return sorted(points, key=lambda point: point.year)


def _obstacle(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, found: GiniSeries, span: int
) -> Unjudged | None:
    """Why the year asked for can't be compared with the one ``span`` years before; None if it can.

    A change between two sources of people, or two lists of territories, is no change.
    """
    last, first = asked.year, asked.year - span
    by_year = {point.year: point for point in found.years}
    if first not in by_year or last not in by_year:
        return "no_former_year"
    if by_year[first].gini is None or by_year[last].gini is None:
        return "not_computed"
    profession = found.profession
    start, end = (spread_of(scope, build_id, asked, profession, year) for year in (first, last))
    if start is None or end is None or start.codes != end.codes:
        return "other_territories"
    before, after = (
        counted_everywhere(scope, build_id, asked.grain, profession, year).people_sources
        for year in (first, last)
    )
    if any(before[code] != after[code] for code in start.codes):
        return "other_people"
    return "too_few" if len(start) < INTERVAL_FROM else None


def _judged(
    found: GiniSeries, noise: Noise | None, obstacles: Mapping[int, Unjudged | None]
) -> GiniSeries:
    """The series with the verdicts of its year: of one year, and of three at once."""
    by_year = dict(found.known)
    yearly = cumulated = None
    if obstacles[1] is None and noise is not None and noise.yearly is not None:
        change = by_year[found.year] - by_year[found.year - 1]
        yearly = target_verdict(change, noise.yearly)
    if obstacles[CUMULATED_YEARS] is None and noise is not None and noise.cumulated is not None:
        stretch = range(found.year - CUMULATED_YEARS, found.year + 1)
        indices = [by_year.get(year, np.nan) for year in stretch]
        cumulated = cumulated_verdict(indices, noise.cumulated)
    return replace(
        found,
        turnover=None if noise is None else noise.turnover,
        spread=None if noise is None or noise.yearly is None else noise.yearly.spread,
        yearly=yearly,
        cumulated=cumulated,
        unjudged=obstacles[1] or "too_few",
        cumulated_unjudged=obstacles[CUMULATED_YEARS] or "too_few",
    )


def with_interval(found: GiniSeries, spread: Distribution) -> GiniSeries:
    """The series with the interval of its year, computed where the build holds none."""
    current = found.current
    if current is None or current.gini is None or current.lower is not None:
        return found
    interval = gini_interval(spread.count, spread.population)
    if np.isnan(interval.lower):
        return found
    years = tuple(
        replace(point, lower=interval.lower, upper=interval.upper) if point is current else point
        for point in found.years
    )
    return replace(found, years=years)


def simulator_heading(shown: Shown) -> str:
    """Breadcrumb, title and controls of the simulator."""
    about = shown.about
    where = f"{about.where}{about.overseas}"
    return (
        f"{crumbs(shown.path)}<h1>{text(typeset(f'Où installer des {about.many} {where} ?'))}</h1>"
        '<p class="v-lead">Un plan à la main ou par budget : ce qu’il change à l’indice de Gini, '
        f"{text(f'{about.year}.{widened_words(shown.asked)}')}</p>{choice_controls(shown.asked)}"
    )


@dataclass(frozen=True, eq=False)
class Shown:
    """One distribution looked at, with its departments and its words."""

    asked: ProfessionalsAsked
    spread: Distribution
    departments: Distribution
    path: Sequence[Perimeter]
    foot: str

    @property
    def about(self) -> Named:
        """What is looked at, in words."""
        return self.asked.about

    @cached_property
    def gini(self) -> float:
        """The index."""
        return gini(self.spread.count, self.spread.population)


def load_shown(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> Shown | None:
    """The distribution asked for with its departments; None where it can't be measured."""
    spread = spread_of(scope, build_id, asked, asked.profession, asked.year)
    if spread is None:
        return None
    rows = _reference()
    departments = spread.by_department(lambda code: str(rows[code]["territory_name"]))
    path = territory_map(scope, build_id).path_to(asked.perimeter)
    return Shown(asked, spread, departments, path, source_of(scope, build_id, asked))
