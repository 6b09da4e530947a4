"""What the first screen shows of a territory and year: read from the address, then asked.

Each loading asks at most six questions; what is asked by several is answered once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from access.scope import Scope
from components.address import TERRITORY, YEAR, address, choice, choose, link
from components.blocks import last_event
from components.cpg_view import CELL_PARAM, INDICATOR_PARAM
from components.header import View
from components.peers import BY_HAND, peer_group, peers_comparison
from components.perimeter import PARENT_COLUMN, Perimeter, TerritoryMap
from components.publication import publication, territory_map
from components.readings import territory_readings
from components.weighing import agreement_weights, contract_points, territory_weighing
from figures.figure_line import level_of
from figures.flips import Flip, flips
from figures.formats import long_date, month_name
from figures.grammar import LEVEL_NOUNS, capitalised, in_territory
from figures.key_figures import Other
from figures.parts import Part
from figures.peers import chosen_words, too_few_sentence
from figures.scales import SENDINGS
from figures.senders import Sender
from figures.senders import senders as read_senders
from figures.synthesis import Contribution, GapLine
from indicators.catalogue import catalogue
from indicators.changes import CellCounts
from indicators.few_patients import JUDGED
from indicators.peers import FEWEST
from indicators.reading import Reading
from indicators.stakes import LEVEL_SHARES, Weighing, contributions, stakes
from indicators.summary import (
    AtStake,
    Awaited,
    Tally,
    at_stake,
    awaited,
    provisional_months,
    tally,
    tally_of,
)
from queries import cpg, notes, store
from queries.run import QuestionError

SINCE_PARAM = "depuis"
GAPS_SHOWN = 5
ACTIONS = {"import": "import", "rebuild": "reconstruction", "rollback": "retour en service"}
LEVEL_UNDER = {
    "national": "region",
    "region": "caisse",
    "drsm": "caisse",
    "ancienne_region": "caisse",
    "departement": "caisse",
}
"""Whose flips are named under a territory's own; a caisse has none under it."""

PARTS_LEVEL = {
    "national": "region",
    "region": "departement",
    "drsm": "departement",
    "ancienne_region": "departement",
}
"""What the small map draws; nothing where the territory is no larger than a department."""


@dataclass(frozen=True)
class SynthesisAsked:
    """What the header and the address ask for, and what a drawing depends on besides.

    Attributes:
        perimeter, year: of the header.
        comparator: what the key figures are compared with, a code of the header's.
        peers: codes of the peers chosen by hand.
        since: the former publication compared with; None where there is none.
        publications: labels by identifier of those that may be compared with, newest first.
        today: the day that lateness is counted to.
        story_link, extracts_link: addresses of the two other pages, the choices kept.
        rebases: identifiers of the limits that people started anew, which signs depend on.
    """

    perimeter: Perimeter
    year: int
    comparator: str
    peers: tuple[str, ...]
    since: str | None
    publications: tuple[tuple[str, str], ...]
    today: date
    story_link: str
    extracts_link: str
    rebases: tuple[int, ...]

    @property
    def alone(self) -> SynthesisAsked:
        """The same without what it is compared with: for drawings that no comparison changes."""
        return replace(self, since=None, publications=())


def asked_synthesis(scope: Scope, build_id: str, shown: View) -> SynthesisAsked | None:
    """What the address asks of the first screen; None where no year is known."""
    if shown.year is None:
        return None
    publications = _former_publications(build_id)
    since = None
    if publications:
        usual = store.former_build(build_id)
        default = usual if usual in publications else next(iter(publications))
        since = choice(SINCE_PARAM, publications, str(default))
    rebased = notes.rebases(scope, shown.perimeter.code)
    return SynthesisAsked(
        perimeter=shown.perimeter,
        year=shown.year,
        comparator=shown.comparator,
        peers=shown.peers if shown.comparator == BY_HAND else (),
        since=since,
        publications=tuple(publications.items()),
        today=store.day_looked_at(scope, build_id),
        story_link=link("cpg", **{TERRITORY: shown.perimeter.code, YEAR: shown.year}),
        extracts_link=link("extraits", **{TERRITORY: shown.perimeter.code, YEAR: shown.year}),
        rebases=tuple(int(number) for number in rebased["rebase_id"]),
    )


def _former_publications(build_id: str) -> dict[str, str]:
    """The publications older than this one, by identifier: day and reason."""
    # Newest first: by their order, since two may bear the same second.
    known = store.builds()
    places = known.index[known["build_id"] == build_id].tolist()
    before = known.iloc[places[0] + 1 :] if places else known
    return {
        str(row.build_id): f"{long_date(str(row.published_at))} : "
        f"{_reason(row.reason, str(row.action))}"
        for row in before.itertuples()
    }


def _reason(reason: object, action: str) -> str:
    """Why it was published, as said then; else how."""
    said = reason if isinstance(reason, str) and reason else ACTIONS.get(action, "publication")
    return capitalised(said.replace("'", "’"))


def take_click() -> None:
    """What a click on a territory changes in the address, before the rerun."""
    event = last_event() or {}
    if event.get("act") == "drill" and event.get("t"):
        choose(TERRITORY, str(event["t"]))


def story_asked() -> dict[str, str] | None:
    """Address of the story that the last click asked for, on the board's page; None without."""
    event = last_event()
    if not event or event.get("act") != "story":
        return None
    kept = {name: value for name, value in address().items() if name != SINCE_PARAM}
    wanted = {INDICATOR_PARAM: str(event.get("i")), CELL_PARAM: str(event.get("t"))}
    return kept | {name: value for name, value in wanted.items() if value != "None"}


def extracts_asked() -> dict[str, str] | None:
    """Address of the page of the extracts where the last click asked for it; None without."""
    event = last_event()
    if not event or event.get("act") != "extracts":
        return None
    return {name: value for name, value in address().items() if name != SINCE_PARAM}


def _own_rows(scope: Scope, build_id: str, perimeter: Perimeter, year: int) -> pd.DataFrame:
    """The rows of ``cpg/attainment`` of the perimeter itself."""
    rows = cpg.attainment(scope, build_id, perimeter.level, year, within=perimeter.code)
    return rows[rows["territory_code"] == perimeter.code]


@dataclass(frozen=True)
class Comparison:
    """Attainments by indicator (proportions) to compare with: a territory's, or medians.

    ``words`` follow a territory's value, or name the medians (``la médiane des caisses``).
    """

    attained: Mapping[str, float]
    words: str
    is_median: bool


@dataclass(frozen=True)
class Overview:
    """The figures of a territory and year, read whole, and what they are compared with.

    Attributes:
        perimeter, year: whose.
        readings: its figures by indicator.
        other: what it is compared with; None where there is nothing to compare.
        weighing: what its objectives weigh in the year.
        senders: what the caisses under it sent.
        peers_wanted: why the peers chosen by hand are not compared with; empty where they are.
    """

    perimeter: Perimeter
    year: int
    readings: Mapping[str, Reading]
    other: Comparison | None
    weighing: Weighing
    senders: Sequence[Sender]
    peers_wanted: str = ""

    @property
    def has_contract(self) -> bool:
        """Whether any caisse of the territory has a CPG."""
        return any(reading.senders_expected > 0 for reading in self.readings.values())

    @property
    def is_open_year(self) -> bool:
        """Whether the year's December is still to come."""
        return any(reading.is_open_year for reading in self.readings.values())

    @cached_property
    def counts(self) -> Tally:
        """The objectives by status."""
        return tally(self.readings.values())

    @cached_property
    def judged(self) -> dict[str, Reading]:
        """The figures that have an attainment."""
        return {
            code: reading
            for code, reading in self.readings.items()
            if reading.attainment is not None and reading.status in JUDGED
        }

    @property
    def last_month(self) -> date | None:
        """The last month known of any figure."""
        known = [r.last_month for r in self.readings.values() if r.last_month is not None]
        return max(known) if known else None

    @property
    def when(self) -> str:
        """``à fin septembre 2017``; ``en 2016`` once the year is closed."""
        if self.is_open_year and self.last_month is not None:
            return f"à fin {month_name(self.last_month)}"
        return f"en {self.year}"

    @property
    def period(self) -> str:
        """``janvier à septembre 2017, provisoire``."""
        if self.last_month is None:
            return str(self.year)
        is_provisional = any(reading.is_provisional for reading in self.readings.values())
        return f"janvier à {month_name(self.last_month)}{', provisoire' if is_provisional else ''}"

    @cached_property
    def stake(self) -> AtStake | None:
        """What the gaps hold of the year's weights."""
        known = {code: r.attainment for code, r in self.judged.items() if r.attainment is not None}
        return at_stake(known, self.weighing.weights)

    @cached_property
    def compared_with(self) -> Other | None:
        """The comparison on the objectives judged here; medians have no points at stake."""
        if self.other is None:
            return None
        attained, is_median = self.other.attained, self.other.is_median
        known = {code: attained[code] for code in self.judged if code in attained}
        return Other(
            words=self.other.words,
            is_median=is_median,
            counts=tally_of(attained, self.judged),
            stake=None if is_median else at_stake(known, self.weighing.weights),
        )


def load_overview(scope: Scope, build_id: str, asked: SynthesisAsked) -> Overview | None:
    """The figures asked for; None where the year holds nothing."""
    perimeter, year = asked.perimeter, asked.year
    readings = territory_readings(scope, build_id, perimeter.code, year)
    if not readings:
        return None
    under = territory_map(scope, build_id).caisses_under(perimeter)
    sent = cpg.senders(scope, build_id, year)
    return Overview(
        perimeter=perimeter,
        year=year,
        readings=readings,
        other=_comparison(scope, build_id, asked),
        weighing=territory_weighing(scope, build_id, perimeter, year),
        senders=read_senders(sent[sent["caisse_code"].isin(under)]),
        peers_wanted=_peers_wanted(scope, build_id, asked),
    )


def _peers_wanted(scope: Scope, build_id: str, asked: SynthesisAsked) -> str:
    """Why the peers chosen by hand are not compared with; empty where they are, or not asked."""
    level = compared_level(asked.perimeter)
    group = peer_group(scope, build_id, asked.perimeter, level, asked.comparator, asked.peers)
    if asked.comparator != BY_HAND or group is None or group.is_enough:
        return ""
    offered = asked.perimeter.levels
    if level not in offered:
        *others, last = (f"les {LEVEL_NOUNS[one].many}" for one in offered)
        among = " ou ".join(filter(None, (", ".join(others), last)))
        return f"les pairs se choisissent et se comparent parmi {among}"
    if not group.members:
        return "aucun pair choisi"
    return (
        f"{chosen_words(level, len(group.members))} seulement. "
        f"{too_few_sentence(level, len(group.members), FEWEST)}"
    )


def compared_level(perimeter: Perimeter) -> str:
    """The level of a territory's peers: its own, the regions for the country."""
    return "region" if perimeter.level == "national" else perimeter.level


def _comparison(scope: Scope, build_id: str, asked: SynthesisAsked) -> Comparison | None:
    """What the header compares with: the median of the peers, the region, or the country.

    A territory is not compared with itself, and the country has no peers: the median of its level,
    of the regions for the country, then stands in.
    """
    perimeter, year = asked.perimeter, asked.year
    territories = territory_map(scope, build_id)
    wider = {"region": territories.region_of(perimeter), "national": "FR"}.get(asked.comparator)
    if wider is not None and wider != perimeter.code:
        level = level_of(wider)
        rows = cpg.attainment(scope, build_id, level, year, within=wider)
        own = rows[(rows["territory_code"] == wider) & rows["attainment_to_date"].notna()]
        name = "" if own.empty else str(own["territory_name"].iloc[0])
        return _compared(own, "attainment_to_date", in_territory(wider, name))
    level = compared_level(perimeter)
    group = peer_group(scope, build_id, perimeter, level, asked.comparator, asked.peers)
    if group is not None:
        rows = peers_comparison(scope, build_id, group, year)
        return _compared(rows, "attainment_median", f"la médiane des {group.words}")
    peers = cpg.peers(scope, build_id, level, year)
    known = peers[peers["territory_count"] > 1]
    return _compared(known, "attainment_median", f"la médiane des {LEVEL_NOUNS[level].many}")


def _compared(rows: pd.DataFrame, column: str, words: str) -> Comparison | None:
    known = rows[rows[column].notna()]
    if known.empty:
        return None
    values = zip(known["indicator_code"], known[column].astype(float), strict=True)
    return Comparison(dict(values), words, is_median=column == "attainment_median")


@dataclass(frozen=True)
class Gaps:
    """The gaps of a territory, in the order that they matter.

    ``shares`` are those of the agreement that count; ``weighing`` is what the objectives weigh.
    """

    lines: Sequence[GapLine]
    shares: tuple[str, ...]
    weighing: Weighing


def load_gaps(scope: Scope, build_id: str, asked: SynthesisAsked) -> Gaps:
    """Every gap of the territory, with the caisses that make it."""
    perimeter, year = asked.perimeter, asked.year
    readings = territory_readings(scope, build_id, perimeter.code, year)
    own = _own_rows(scope, build_id, perimeter, year)
    ranked = stakes(
        own[own["indicator_code"].isin(readings)],
        agreement_weights(scope, build_id),
        perimeter.level,
        contract_points(scope, build_id, perimeter, year),
    )
    known = territory_weighing(scope, build_id, perimeter, year)
    caisses = pd.DataFrame()
    if perimeter.level != "caisse":
        caisses = cpg.attainment(scope, build_id, "caisse", year, within=perimeter.code)
    territories = territory_map(scope, build_id)
    lines = [
        _gap_line(row, readings[str(row["indicator_code"])], asked, known, caisses, territories)
        for row in ranked.to_dict("records")
    ]
    return Gaps(lines, LEVEL_SHARES[perimeter.level], known)


def _gap_line(
    row: Mapping[str, object],
    reading: Reading,
    asked: SynthesisAsked,
    known: Weighing,
    caisses: pd.DataFrame,
    territories: TerritoryMap,
) -> GapLine:
    code, has_weight = reading.indicator.code, bool(row["has_weight"])
    return GapLine(
        reading=reading,
        territory_name=asked.perimeter.name,
        gap=_float(row["gap"]),
        weight=_float(row["weight"]) if has_weight else None,
        stake=_float(row["stake"]) if has_weight else None,
        weight_lines=str(row["weight_lines"]) if row["weight_source"] == "interessement" else "",
        is_proxy=bool(row["is_proxy"]),
        contributions=_contributions(reading, asked.perimeter, caisses, territories),
        link=f"{asked.story_link}&{INDICATOR_PARAM}={code}&{CELL_PARAM}={asked.perimeter.code}",
        is_average=code in known.averaged,
        scale=known.source or "interessement",
    )


def _float(value: object) -> float:
    return float(str(value))


def _contributions(
    reading: Reading, perimeter: Perimeter, caisses: pd.DataFrame, territories: TerritoryMap
) -> tuple[Contribution, ...]:
    """Who makes a gap: the caisses, or the regions of the country; empty where one is alone."""
    if caisses.empty or reading.indicator.aggregation.territories == "not_additive":
        return ()
    found = contributions(caisses, reading.indicator.code, reading.senders_expected)
    behind = found[found["shortfall"] > 0]
    if len(found) < 2 or behind.empty:
        return ()
    if perimeter.level == "national":
        return _by_region(behind, territories)
    return tuple(
        Contribution(str(code), str(name), None if pd.isna(share) else float(share))
        for code, name, share in zip(
            behind["territory_code"], behind["territory_name"], behind["share"], strict=True
        )
    )


def _by_region(behind: pd.DataFrame, territories: TerritoryMap) -> tuple[Contribution, ...]:
    """The parts of the caisses behind, added by region; nothing where parts are unknown."""
    if behind["share"].isna().any():
        return ()
    region_of = {code: row["region_code"] for code, row in territories.rows.items()}
    shares: dict[str, float] = {}
    for code, share in zip(behind["territory_code"], behind["share"], strict=True):
        region = str(region_of.get(code))
        shares[region] = shares.get(region, 0.0) + float(share)
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Contribution(code, str(territories.rows[code]["territory_name"]), share)
        for code, share in ordered
        if code in territories.rows
    )


def load_parts(scope: Scope, build_id: str, asked: SynthesisAsked) -> list[Part]:
    """The territories that the map draws: the regions of the country, else the departments.

    Empty where the perimeter is no larger than a department.
    """
    level = PARTS_LEVEL.get(asked.perimeter.level)
    if level is None:
        return []
    rows = cpg.attainment(scope, build_id, level, asked.year, within=asked.perimeter.code)
    territories = territory_map(scope, build_id)
    departments = _departments(territories, level)
    return [
        _part(str(code), str(territories.rows[code]["territory_name"]), departments, own)
        for code, own in rows.groupby("territory_code", sort=False)
        if code in territories.rows
    ]


def _departments(territories: TerritoryMap, level: str) -> dict[str, tuple[str, ...]]:
    """Codes of the departments (``43``) of each territory of a level."""
    column = PARENT_COLUMN[level] if level != "departement" else "territory_code"
    found: dict[str, list[str]] = {}
    for code, row in territories.rows.items():
        if row["level"] == "departement":
            found.setdefault(str(row[column]), []).append(code.removeprefix("DEP-"))
    return {code: tuple(codes) for code, codes in found.items()}


def _part(
    code: str, name: str, departments: Mapping[str, tuple[str, ...]], rows: pd.DataFrame
) -> Part:
    status = rows["status"].tolist()
    hidden = int((rows["is_hidden"].eq(True) & rows["status"].isna()).sum())
    known = rows[rows["status"].isin(JUDGED) & rows["indicator_code"].isin(catalogue())]
    known = known[known["attainment_to_date"].notna()]
    furthest = None
    if not known.empty:
        row = known.loc[known["attainment_to_date"].idxmin()]
        title = catalogue()[str(row["indicator_code"])].title
        furthest = (title, float(row["attainment_to_date"]))
    counts = Tally.of(status, hidden)
    return Part(code, name, departments.get(code, ()), counts, furthest)


@dataclass(frozen=True)
class ChangesShown:
    """Two publications compared: flips of the territory and of those under it, cells behind.

    ``failure`` is the sentence that says why they cannot be compared.
    """

    own: Sequence[Flip]
    under: Sequence[Flip]
    cells: CellCounts | None
    failure: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether no cell was left out of the comparison."""
        return self.cells is None or not self.cells.not_compared


def load_changes(scope: Scope, build_id: str, asked: SynthesisAsked) -> ChangesShown | None:
    """What changed since the publication asked; None where there is none before."""
    if asked.since is None:
        return None
    perimeter = asked.perimeter
    titles = {code: indicator.title for code, indicator in catalogue().items()}
    # A territory of one caisse has the flips of that caisse: they are not said twice.
    is_alone = len(territory_map(scope, build_id).caisses_under(perimeter)) < 2
    level = None if is_alone else LEVEL_UNDER.get(perimeter.level)
    arguments = (scope, build_id, asked.since)
    try:
        own = cpg.changes(*arguments, perimeter.level, asked.year, perimeter.code)
        under = None if level is None else cpg.flips(*arguments, level, asked.year, perimeter.code)
    except QuestionError as error:
        return ChangesShown((), (), None, str(error))
    own_flips = own.flips[own.flips["territory_code"] == perimeter.code]
    return ChangesShown(
        flips(own_flips, titles),
        [] if under is None else flips(under, titles),
        own.cells,
    )


@dataclass(frozen=True)
class Missing:
    """What lacks: caisses that are late, months still provisional, figures awaited.

    ``awaited`` is empty for a year that has ended.
    """

    senders: Sequence[Sender]
    provisional: Sequence[date]
    awaited: Sequence[Awaited]
    readings: Mapping[str, Reading]

    @property
    def has_contract(self) -> bool:
        """Whether any caisse of the territory has a CPG."""
        return any(reading.senders_expected > 0 for reading in self.readings.values())


def load_missing(scope: Scope, build_id: str, asked: SynthesisAsked) -> Missing:
    """What the territory's figures still lack."""
    perimeter, year = asked.perimeter, asked.year
    readings = territory_readings(scope, build_id, perimeter.code, year)
    months = cpg.territory_months(scope, build_id, perimeter.code, year)
    sent = cpg.senders(scope, build_id, year)
    under = territory_map(scope, build_id).caisses_under(perimeter)
    is_open = any(reading.is_open_year for reading in readings.values())
    return Missing(
        senders=read_senders(sent[sent["caisse_code"].isin(under)]),
        provisional=provisional_months(months, year),
        awaited=awaited(readings.values(), asked.today) if is_open else [],
        readings=MappingProxyType(dict(readings)),
    )


def foot(scope: Scope, build_id: str, source: str = SENDINGS) -> str:
    """Source, publication and day, under a figure."""
    return publication(scope, build_id).sources_line(source)
