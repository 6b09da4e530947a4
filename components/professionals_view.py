"""What the pages of health professionals have in common: choices, distributions, indices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from access.scope import Scope
from components.address import GRAIN, OVERSEAS, PROFESSION, choice
from components.address import asked as address_of
from components.blocks import paint, paint_once
from components.controls import choice_buttons, choice_select
from components.crumbs import crumbs
from components.header import View
from components.perimeter import MAP_COLUMNS, PARENT_COLUMN, Perimeter
from components.publication import professional_years, publication, territory_map
from components.states import no_professionals_state, partial_professionals_state
from data.models.professional_areas import LEAST_SHARE
from data.reference.epci import counting_territories
from data.reference.professions import professions
from data.reference.territories import NATIONAL_CODE, population_note, territories
from data.reference.zone_reading import MAINLAND
from figures.formats import is_absent, known_float
from figures.gini import GiniSeries, GiniYear, not_computed_words
from figures.grammar import in_territory, quoted, shortened, typeset
from figures.markup import text
from figures.people_sources import CENSUS, people_words
from figures.professions import GRAIN_NOUNS, Named, ir41_professions, profession_name
from figures.records import records
from indicators.distribution import Distribution
from indicators.gini_changes import SPANS, GiniChange, YearCount, area_noise, gini_changes
from indicators.inequality import CUMULATED_YEARS, TargetVerdict, gini, gini_interval
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
    def file_stem(self) -> str:
        """What files of it begin with: ``infirmiers-2017-FR-epci-hors-outre-mer``."""
        stem = f"{self.profession}-{self.year}-{self.area.code}-{self.grain}"
        is_open = not self.has_overseas or self.overseas == WITH
        return stem if is_open else f"{stem}-hors-outre-mer"

    @property
    def own_department(self) -> str | None:
        """The header's territory on the curve of its region; None where it is the area itself."""
        return None if self.area == self.perimeter else department_of(self.perimeter.code)


def asked_professionals(
    scope: Scope, build_id: str, shown: View, by_epci_under: int = 0
) -> ProfessionalsAsked | None:
    """What the header and the address ask for; None where nothing was counted.

    Args:
        scope: what the person may see.
        build_id: the publication.
        shown: what the header chose.
        by_epci_under: departments under which EPCI are looked at, where no grain is asked for.
    """
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
    few = len(department_codes(shown.perimeter) or ()) in range(1, by_epci_under)
    usual_grain = EPCI if few and EPCI in grains else grains[0]
    grain = choice(GRAIN, {code: GRAIN_NOUNS[code].one for code in grains}, usual_grain)
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
    if said:
        paint_once(said)


def refused_choices(asked: ProfessionalsAsked) -> list[str]:
    """The choices of the address that are not offered here, one sentence each."""
    about, said = asked.about, []
    names = {code: profession_name(code) for code in asked.professions}
    if wanted := _refused(PROFESSION, names):
        known = professions().get(wanted)
        said.append(
            f"La profession demandée par l’adresse, {quoted(shortened(known.name))}, "
            f"n’est pas comptée en {asked.year} : voici {about.many}."
            if known
            else f"La profession demandée par l’adresse, {quoted(shortened(wanted))}, n’existe "
            f"pas : voici {about.many}."
        )
    if wanted := _refused(GRAIN, {code: GRAIN_NOUNS[code].one for code in asked.grains}):
        noun = GRAIN_NOUNS.get(wanted)
        said.append(
            f"Pas d’indice par {noun.one} ici, ce que demande l’adresse : voici par "
            f"{about.grain_noun.one}."
            if noun
            else f"La maille demandée par l’adresse, {quoted(shortened(wanted))}, n’existe pas : "
            f"voici par {about.grain_noun.one}."
        )
    if asked.has_overseas and (wanted := _refused(OVERSEAS, OVERSEAS_LABELS)):
        said.append(
            f"Le choix demandé par l’adresse pour l’outre-mer, {quoted(shortened(wanted))}, "
            f"n’existe pas : voici{about.overseas.removeprefix(',')}."
        )
    return [typeset(sentence) for sentence in said]


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


def nothing_to_measure(
    scope: Scope, build_id: str, asked: ProfessionalsAsked | None, shown: View
) -> None:
    """The state in place of figures, under the choices that may bring some."""
    spread = None
    if asked is not None:
        paint(choice_controls(asked), "choix")
        spread = spread_of(scope, build_id, asked, asked.profession, asked.year)
    if asked is None or spread is None:
        no_professionals_state(shown.perimeter.label, shown.year, asked is not None)
        return
    missing = missing_names(asked, spread)
    why = not_computed_words(len(missing), len(missing) + len(spread), asked.about)
    partial_professionals_state(f"{asked.about.title} en {asked.year} : {why}", missing)


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
def _counting_places() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """The territories of each grain, whether professionals were counted there or not."""
    names = ("grain", "territory_code", "territory_name", "department_code", "population")
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in records(counting_territories(), names):
        found.setdefault(str(row["grain"]), []).append(row)
    return {grain: tuple(rows) for grain, rows in found.items()}


def expected_territories(asked: ProfessionalsAsked) -> Mapping[str, Mapping[str, Any]]:
    """The territories of the grain that the area has, by code, whether they were sent or not."""
    codes = department_codes(asked.area)
    is_open = not (asked.has_overseas and asked.overseas == WITHOUT)
    return {
        str(row["territory_code"]): row
        for row in _counting_places()[asked.grain]
        if (codes is None or row["department_code"] in codes)
        and (is_open or len(row["department_code"]) < OVERSEAS_LENGTH)
    }


def missing_names(asked: ProfessionalsAsked, spread: Distribution) -> tuple[str, ...]:
    """The names of the territories of the area that were not sent."""
    return tuple(
        str(row["territory_name"])
        for code, row in expected_territories(asked).items()
        if code not in spread.place
    )


def is_whole(asked: ProfessionalsAsked, spread: Distribution) -> bool:
    """Whether the territories counted hold enough of the area's people for an index."""
    people = {code: row["population"] for code, row in expected_territories(asked).items()}
    counted = sum(number for code, number in people.items() if code in spread.place)
    return bool(counted >= LEAST_SHARE * sum(people.values()))


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


def source_of(scope: Scope, build_id: str, asked: ProfessionalsAsked, spread: Distribution) -> str:
    """The source of the counts of the year asked for and of their people.

    Counts of the demonstration are said to be so.
    """
    is_made_up = (asked.profession, asked.year, asked.grain) in made_up(scope, build_id)
    people = _people_words(scope, build_id, asked, spread)
    source = MADE_UP_SOURCE if is_made_up else SOURCE
    return sources(scope, build_id, f"{source} ; {people}" if people else source)


def _people_words(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, spread: Distribution
) -> str:
    """Whence the people come, and whether they are the same whatever the year."""

    def sources_in(year: int) -> Counter[str]:
        found = counted_everywhere(scope, build_id, asked.grain, asked.profession, year)
        known = found.people_sources
        return Counter(known[code] for code in spread.codes if code in known)

    own = sources_in(asked.year)
    same: tuple[int, ...] = ()
    is_every_year = False
    if own[CENSUS]:
        found = {year: sources_in(year) for year in professional_years(scope, build_id)}
        same = tuple(year for year, one in found.items() if one[CENSUS])
        is_every_year = len(same) == sum(bool(one) for one in found.values())
    level = asked.area.level
    known_areas = {NATIONAL, "region", DEPARTMENT}
    # A perimeter of another kind has no census of its own.
    census = population_note(asked.area.code if level in known_areas else NATIONAL_CODE)
    return people_words(
        own, asked.profession, asked.year, census, asked.about.grain_noun, same, is_every_year
    )


@shared(96)
def changes_of(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> Mapping[tuple[int, int], GiniChange]:
    """What the index of a profession did beside its target and chance, by year and span.

    Those of the country, with or without overseas, and of the regions stand in the build; those of
    other areas are made here in the same way.
    """
    code = _kept_area(asked)
    if code is None:
        years = _year_counts(scope, build_id, asked, profession)
        found = gini_changes(years, area_noise(years))
    else:
        rows = professionals.changes(
            scope, build_id, asked.grain, profession=profession, territory=code
        )
        names = GiniChange._fields
        found = [
            GiniChange._make(None if is_absent(row[name]) else row[name] for name in names)
            for row in records(rows, names)
        ]
    return {(int(one.year), int(one.span)): one for one in found}


def _kept_area(asked: ProfessionalsAsked) -> str | None:
    """The code of an area whose changes the build holds, None for any other."""
    if asked.area.level == NATIONAL:
        return asked.area.code if asked.overseas == WITH else MAINLAND
    return asked.area.code if asked.area.level == "region" else None


def _year_counts(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> list[YearCount]:
    """The counts of an area, year by year."""
    found = []
    for year in professional_years(scope, build_id):
        spread = spread_of(scope, build_id, asked, profession, year)
        if spread is None:
            continue
        people = counted_everywhere(scope, build_id, asked.grain, profession, year).people_sources
        order = np.argsort(np.array(spread.codes), kind="stable").tolist()
        found.append(
            YearCount(
                year,
                tuple(spread.codes[place] for place in order),
                spread.count[order],
                spread.population[order],
                tuple(people[spread.codes[place]] for place in order),
                is_whole(asked, spread),
            )
        )
    return found


def series_of(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> GiniSeries | None:
    """The index of a profession over the years and its verdicts; None where there is none."""
    points = index_years(scope, build_id, asked, profession)
    if not points:
        return None
    changes = changes_of(scope, build_id, asked, profession)
    fictitious = made_up(scope, build_id)
    is_made_up = (profession, asked.year, asked.grain) in fictitious
    years = tuple(
        replace(point, is_made_up=is_made_up, follows=_is_compared(changes.get((point.year, 1))))
        for point in points
        # Counts of the demonstration and real ones make no series.
        if ((profession, point.year, asked.grain) in fictitious) == is_made_up
    )
    return _judged(GiniSeries(profession, years, asked.year), changes) if years else None


def _is_compared(change: GiniChange | None) -> bool:
    """Whether a year can be compared with the one before."""
    return change is not None and change.reason in {None, "too_few"}


def index_years(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> list[GiniYear]:
    """The index of a profession over the years, those that can't be computed with None."""
    points = _kept_points(scope, build_id, asked, profession)
    return _own_points(scope, build_id, asked, profession) if points is None else points


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
    return [
        GiniYear(
            int(row["year"]),
            known_float(row["gini"]),
            known_float(row["lower"]),
            known_float(row["upper"]),
            int(row["territories"]),
            float(row["professionals"]),
            int(row["territories_expected"]),
            str(row["practice"]),
        )
        for row in records(rows, (*names, "territories_expected"))
    ]


def _own_points(
    scope: Scope, build_id: str, asked: ProfessionalsAsked, profession: str
) -> list[GiniYear]:
    """The indices of another area, computed here from the same counts."""
    rows = professionals.gini(scope, build_id, asked.grain, profession=profession)
    expected = len(expected_territories(asked))
    points = []
    for row in records(rows, ("year", "practice")):
        year = int(row["year"])
        spread = spread_of(scope, build_id, asked, profession, year)
        if spread is not None:
            points.append(
                GiniYear(
                    year,
                    gini(spread.count, spread.population) if is_whole(asked, spread) else None,
                    territories=len(spread),
                    professionals=spread.total_count,
                    expected=expected,
                    practice=str(row["practice"]),
                )
            )
    return sorted(points, key=lambda point: point.year)


def _judged(found: GiniSeries, changes: Mapping[tuple[int, int], GiniChange]) -> GiniSeries:
    """The series with the verdicts of its year, of one year and of three, and their band."""
    years = {point.year for point in found.years}
    one, three = (
        changes.get((found.year, span)) if found.year - span in years else None
        for span in (1, CUMULATED_YEARS)
    )
    return replace(
        found,
        turnover=None if one is None else one.turnover,
        reach=None if one is None else one.noise_reach,
        yearly=_verdict(one),
        cumulated=_verdict(three),
        unjudged="no_former_year" if one is None else one.reason or "too_few",
        band=_band(found, changes),
    )


def _band(
    found: GiniSeries, changes: Mapping[tuple[int, int], GiniChange]
) -> tuple[tuple[int, float, float], ...]:
    """The thresholds of the years that lead to the one looked at; none where one has none.

    They start where the COG's path does: a year that can't be compared breaks both.
    """
    base = found.year - CUMULATED_YEARS
    if not found.known or found.start[0] != base:
        return ()
    band = tuple(
        (base + span, change.attained_under, change.missed_over)
        for span in SPANS
        if (change := changes.get((base + span, span))) is not None
        and change.attained_under is not None
        and change.missed_over is not None
    )
    return band if len(band) == len(SPANS) else ()


def _verdict(change: GiniChange | None) -> TargetVerdict | None:
    """The verdict of a change, None where it has none."""
    if change is None or change.verdict is None:
        return None
    without_change, on_target = change.chance_without_change, change.chance_on_target
    if change.change is None or without_change is None or on_target is None:
        return None
    return TargetVerdict(change.verdict, change.change, change.target, without_change, on_target)


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
    def is_whole(self) -> bool:
        """Whether enough of its territories were sent for an index."""
        return is_whole(self.asked, self.spread)

    @cached_property
    def gini(self) -> float:
        """The index."""
        return gini(self.spread.count, self.spread.population)


def load_shown(scope: Scope, build_id: str, asked: ProfessionalsAsked) -> Shown | None:
    """The distribution asked for with its departments; None where it can't be measured.

    Too few of its territories may have been sent for an index: ``is_whole`` says.
    """
    spread = spread_of(scope, build_id, asked, asked.profession, asked.year)
    if spread is None:
        return None
    rows = _reference()
    departments = spread.by_department(lambda code: str(rows[code]["territory_name"]))
    path = territory_map(scope, build_id).path_to(asked.perimeter)
    return Shown(asked, spread, departments, path, source_of(scope, build_id, asked, spread))
