"""What the maps of adhesions show: choices of the address, months of a level, classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from access.scope import Scope
from components.address import LEVEL, asked, choice, keep
from components.header import View
from components.peers import BY_SIZE, peer_group
from components.perimeter import LEVEL_LABELS, PARENT_COLUMN, Perimeter, TerritoryMap
from components.publication import publication, territory_map
from data.reference.territories import NATIONAL_CODE
from figures.adhesion_map import SORTS, ShownMap
from figures.adhesion_standing import Standing
from figures.adhesion_words import (
    PRADO,
    PROGRAMMES,
    SPANS,
    VOLETS,
    About,
    caisses_by_department,
)
from figures.formats import as_date, month_name
from figures.map_classes import BOUNDS, METHODS, MapClass, map_classes
from figures.map_measures import FEWEST_FOR_MEDIAN, GAP, MEASURES, Spread
from queries import adhesions
from queries.cached import shared

PROGRAMME, VOLET, MEASURE, SPAN = "programme", "volet", "mesure", "periode"
METHOD, MONTH, SORT, CHOSEN = "classes", "mois", "tri", "choisi"
RELIEF, ASIDE, BY_VOLET, OF_WHAT = "relief", "cote", "volets", "bornes"
SOURCE = "adhésions envoyées par les caisses"
NATIONAL, REGION, DEPARTMENT, CAISSE = "national", "region", "departement", "caisse"
LONGEST_CODE = 40
LEVELS: Mapping[str, tuple[str, ...]] = {
    "national": ("departement", "region", "drsm", "caisse"),
    "region": ("departement", "caisse"),
    "ancienne_region": ("departement", "caisse"),
    "drsm": ("departement", "caisse"),
    "departement": ("departement", "caisse"),
    "caisse": ("caisse",),
}


@dataclass(frozen=True)
class MapAsked:
    """All that the drawings of a map follow from, besides scope and publication.

    ``month`` is ``2016-12``; ``aside`` what stands beside (``mesure-atteinte``, ``programme-dmp``,
    ``date-12`` for as many months before), empty for one map; ``chosen`` is unchecked; ``bounds``
    says whether classes are those of the month or of the whole period.
    """

    perimeter: Perimeter
    programme: str
    volet: str
    level: str
    measure: str
    span: str
    method: str
    bounds: str
    month: str
    column: str
    is_rising: bool
    chosen: str
    is_relief: bool
    aside: str
    by_volet: bool

    @property
    def year(self) -> int:
        """The year of the month shown."""
        return int(self.month[:4])


def asked_map(scope: Scope, build_id: str, shown: View) -> MapAsked | None:
    """What the header and the address ask for; None where no adhesion is known."""
    known = known_programmes(scope, build_id)
    if not known:
        return None
    programme = choice(PROGRAMME, {code: PROGRAMMES[code] for code in known}, next(iter(known)))
    volets = known[programme]
    volet = choice(VOLET, {code: VOLETS[code] for code in volets}, volets[0])
    levels = offered_levels(shown.perimeter)
    level = choice(LEVEL, levels, next(iter(levels)))
    column = choice(SORT, _sorts(), "")
    span = choice(SPAN, SPANS, "annee")
    measures = offered_measures(_spread(scope, build_id, programme, volet, level, span))
    measure = choice(MEASURE, measures, next(iter(measures)))
    chosen = asked(CHOSEN).strip()[:LONGEST_CODE]
    keep(CHOSEN, chosen or None)
    offered = asides(known, programme, measures, measure)
    aside = choice(ASIDE, {code: code for code in offered}, "")
    # Colours of two dates compare only in the same classes.
    usual_bounds = "periode" if aside.startswith("date-") else "mois"
    wanted = MapAsked(
        perimeter=shown.perimeter,
        programme=programme,
        volet=volet,
        level=level,
        measure=measure,
        span=span,
        method=choice(METHOD, METHODS, "quantiles"),
        bounds=choice(OF_WHAT, BOUNDS, usual_bounds),
        month="",
        column=column.removesuffix("-") or sort_of(measure),
        is_rising=bool(column) and not column.endswith("-"),
        chosen=chosen,
        is_relief=choice(RELIEF, {"non": "À plat", "oui": "Colonnes en 3D"}, "non") == "oui",
        aside=aside,
        by_volet=choice(BY_VOLET, {"non": "Masqués", "oui": "Affichés"}, "non") == "oui",
    )
    spread = spread_of(scope, build_id, wanted, level)
    if spread is None:
        return None
    months = {f"{month:%Y-%m}": month_name(month) for month in spread.months}
    last = None if shown.year is None else date(shown.year, 12, 1)
    usual = f"{spread.months[spread.month_place(last)]:%Y-%m}"
    return replace(wanted, month=choice(MONTH, months, usual))


def sort_of(measure: str) -> str:
    """The column of the table that tells a measure."""
    return measure


def _sorts() -> Mapping[str, str]:
    codes = [code for column in SORTS for code in (column, f"{column}-")]
    return {"": "", **{code: code for code in codes}}


def offered_levels(perimeter: Perimeter) -> dict[str, str]:
    """The levels that a map of this perimeter can colour, the usual one first."""
    return {level: LEVEL_LABELS[level] for level in LEVELS[perimeter.level]}


def offered_measures(spread: Spread | None) -> dict[str, str]:
    """The measures of a level, label by code: no gap to a median that too few would have."""
    is_known = spread is None or len(spread.codes) >= FEWEST_FOR_MEDIAN
    return {code: own.short for code, own in MEASURES.items() if code != GAP or is_known}


def asides(
    known: Mapping[str, tuple[str, ...]],
    programme: str,
    measures: Mapping[str, str],
    measure: str,
) -> dict[str, str]:
    """What a second map may show beside, label by code; empty for none."""
    others = {f"mesure-{code}": label for code, label in measures.items() if code != measure}
    others |= {f"programme-{code}": PROGRAMMES[code] for code in known if code != programme}
    others |= {
        "date-12": "Un an plus tôt",
        "date-24": "Deux ans plus tôt",
        "date-36": "Trois ans plus tôt",
    }
    return {"": "Une seule carte", **others}


@shared(64)
def known_programmes(scope: Scope, build_id: str) -> Mapping[str, tuple[str, ...]]:
    """The volets known of each programme, ``ensemble`` first."""
    frame = adhesions.choices(scope, build_id)
    found: dict[str, list[str]] = {}
    for programme, volet in zip(frame["programme"], frame["volet"], strict=True):
        if programme in PROGRAMMES and volet in VOLETS:
            found.setdefault(str(programme), []).append(str(volet))
    return {
        code: tuple(volet for volet in VOLETS if volet in found[code])
        for code in PROGRAMMES
        if code in found
    }


def spread_of(scope: Scope, build_id: str, wanted: MapAsked, level: str) -> Spread | None:
    """Every month of every territory of a level that the person sees; None without any."""
    return _spread(scope, build_id, wanted.programme, wanted.volet, level, wanted.span)


@shared(48)
def _spread(
    scope: Scope, build_id: str, programme: str, volet: str, level: str, span: str
) -> Spread | None:
    frame = adhesions.spread(scope, build_id, programme, level, span, volet)
    rows = territory_map(scope, build_id).rows
    names = {
        code: str(row["territory_name"]) for code, row in rows.items() if row["level"] == level
    }
    return None if frame.empty or not names else Spread.from_frame(frame, level, names)


@shared(96)
def _classes(
    scope: Scope, build_id: str, key: tuple[str, str, str, str], measure: str, method: str
) -> tuple[MapClass, ...]:
    programme, volet, level, span = key
    spread = _spread(scope, build_id, programme, volet, level, span)
    if spread is None:
        return ()
    return map_classes(MEASURES[measure].values(spread), MEASURES[measure], method)


def shown_map(
    scope: Scope, build_id: str, wanted: MapAsked, month: date | None = None
) -> ShownMap | None:
    """One month of the map asked for; ``month`` in place of the address's. None without any."""
    spread = spread_of(scope, build_id, wanted, wanted.level)
    caisses = spread_of(scope, build_id, wanted, CAISSE)
    if spread is None or caisses is None:
        return None
    key = (wanted.programme, wanted.volet, wanted.level, wanted.span)
    territories = territory_map(scope, build_id)
    measure = MEASURES[wanted.measure]
    t = spread.month_place(month or as_date(f"{wanted.month}-01"))
    inside = inside_of(territories, wanted.perimeter, wanted.level)
    if wanted.bounds == "mois":
        own = [place for place, code in enumerate(spread.codes) if code in inside]
        classes = map_classes(measure.values(spread)[t, own], measure, wanted.method)
    else:
        classes = _classes(scope, build_id, key, wanted.measure, wanted.method)
    return ShownMap(
        spread=spread,
        caisses=caisses,
        total=_total(scope, build_id, wanted),
        measure=measure,
        cells=measure.values(spread),
        classes=classes,
        method=wanted.method,
        bounds=wanted.bounds,
        t=t,
        inside=inside,
        about=about_of(territories, wanted),
        caisses_of=caisses_by_department(),
        wider=_wider(scope, build_id, wanted, spread),
        standing=_standing(scope, build_id, wanted),
    )


def _wider(scope: Scope, build_id: str, wanted: MapAsked, spread: Spread) -> tuple[Spread, ...]:
    """The region and the country around a perimeter whose level has too few for a median."""
    row = territory_map(scope, build_id).rows.get(wanted.perimeter.code)
    if row is None or len(spread.codes) >= FEWEST_FOR_MEDIAN:
        return ()
    found = []
    for level, code in ((REGION, row["region_code"]), (NATIONAL, NATIONAL_CODE)):
        if code == wanted.perimeter.code:
            continue
        whole = spread_of(scope, build_id, wanted, level)
        place = None if whole is None else whole.place_of(str(code))
        if whole is not None and place is not None:
            found.append(whole.only((place,)))
    return tuple(found)


def _standing(scope: Scope, build_id: str, wanted: MapAsked) -> Standing | None:
    """Where the territories of a part of the country stand in the whole of it."""
    perimeter = wanted.perimeter
    if perimeter.level == NATIONAL:
        return None
    group = None
    if perimeter.level == wanted.level:
        group = peer_group(scope, build_id, perimeter, wanted.level, BY_SIZE, ())
    return adhesions.standing(
        scope,
        build_id,
        wanted.programme,
        wanted.level,
        wanted.span,
        wanted.volet,
        () if group is None else tuple(sorted(group.members)),
    )


def _total(scope: Scope, build_id: str, wanted: MapAsked) -> Spread:
    """The months of the perimeter itself; of no territory where the person doesn't see it."""
    found = spread_of(scope, build_id, wanted, wanted.perimeter.level)
    place = None if found is None else found.place_of(wanted.perimeter.code)
    if found is None:
        raise LookupError(f"No adhesion at the level of {wanted.perimeter.code}.")
    return found.only(() if place is None else (place,))


def about_of(territories: TerritoryMap, wanted: MapAsked) -> About:
    """What is looked at, in words."""
    perimeter = wanted.perimeter
    return About(
        wanted.programme,
        wanted.volet,
        wanted.span,
        perimeter.code,
        perimeter.label,
        frozenset(territories.caisses_under(perimeter)),
    )


def inside_of(territories: TerritoryMap, perimeter: Perimeter, level: str) -> frozenset[str]:
    """The territories of a level that lie under a perimeter, itself included."""
    rows = territories.rows
    own = {code for code, row in rows.items() if row["level"] == level}
    if perimeter.level == NATIONAL:
        return frozenset(own)
    if perimeter.level == level:
        return frozenset({perimeter.code})
    column = PARENT_COLUMN[perimeter.level]
    return frozenset(code for code in own if rows[code][column] == perimeter.code)


def beside_asked(wanted: MapAsked) -> MapAsked | None:
    """The second map's own choices; None where there is one map."""
    kind, _, value = wanted.aside.partition("-")
    if kind == "mesure":
        return replace(wanted, measure=value)
    if kind == "programme":
        return replace(wanted, programme=value, volet="ensemble")
    return wanted if kind == "date" else None


def beside_month(wanted: MapAsked, month: date) -> date:
    """The month of the second map: the same, or as many months before as asked."""
    kind, _, value = wanted.aside.partition("-")
    if kind != "date":
        return month
    months = month.year * 12 + month.month - 1 - int(value)
    return date(months // 12, months % 12 + 1, 1)


def sources(scope: Scope, build_id: str) -> str:
    """Source, publication and day, under a figure."""
    return publication(scope, build_id).sources_line(SOURCE)


def is_prado(wanted: MapAsked) -> bool:
    """Whether the board of the CPG holds the same counts."""
    return wanted.programme == PRADO
