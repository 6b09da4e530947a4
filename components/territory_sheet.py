"""What the sheet of a territory shows: read from the address, asked of the publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from access.scope import Scope
from components.address import choice, link
from components.header import View
from components.objectives import objectives
from components.perimeter import PARENT_COLUMN, Perimeter, TerritoryMap
from components.publication import publication, territory_map
from components.readings import territory_readings
from components.shown_corrections import corrected_figures
from components.weighing import agreement_weights, territory_weighing
from figures.formats import month_name
from figures.grammar import capitalised
from figures.scales import SENDINGS, weighed_source
from figures.senders import Sender
from figures.senders import senders as read_senders
from figures.sentences import missing_sentence
from figures.territory_sheet import SheetLine, SheetLinks
from figures.territory_sheet_words import Missing, Named, SheetStake, judged
from indicators.attainment import STATUS_TOLERANCE
from indicators.reading import Reading
from indicators.stakes import Weighing, lines_without_indicator
from indicators.summary import at_stake, awaited, provisional_months
from queries import cpg, notes, store

INTERVALS = "intervalles"
INTERVAL_CHOICES = {"non": "Non", "oui": "Oui"}


@dataclass(frozen=True)
class SheetAsked:
    """All that the drawing follows from, besides the scope and the publication.

    ``rebases`` are those that people made of the control charts of the territory, which no
    publication holds; ``links`` carry the choices of the reader.
    """

    perimeter: Perimeter
    year: int
    shows_intervals: bool
    today: date
    links: SheetLinks
    rebases: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """The sheet of one territory and year."""

    asked: SheetAsked
    readings: Mapping[str, Reading]
    lines: Sequence[SheetLine]
    stake: SheetStake | None
    parts: Sequence[Perimeter]
    missing: Missing
    foot: str

    @property
    def territory(self) -> Named:
        """The territory as sentences name it."""
        own = self.asked.perimeter
        return Named(own.code, own.name, own.label)

    @cached_property
    def is_open_year(self) -> bool:
        """Whether the year's December is still to come."""
        return any(reading.is_open_year for reading in self.readings.values())

    @property
    def has_contract(self) -> bool:
        """Whether any caisse of the territory has a CPG."""
        return any(reading.senders_expected > 0 for reading in self.readings.values())

    @property
    def period(self) -> str:
        """``janvier à septembre 2017, année en cours``."""
        known = [reading.last_month for reading in self.readings.values() if reading.last_month]
        if not known:
            return str(self.asked.year)
        state = ", année en cours" if self.is_open_year else ""
        return f"janvier à {month_name(max(known))}{state}"


def asked_sheet(scope: Scope, build_id: str, shown: View) -> SheetAsked | None:
    """What the header and the address ask of the sheet; None where no year is known."""
    if shown.year is None:
        return None
    code = shown.perimeter.code
    rebased = notes.rebases(scope, code)
    return SheetAsked(
        perimeter=shown.perimeter,
        year=shown.year,
        shows_intervals=choice(INTERVALS, INTERVAL_CHOICES, "non") == "oui",
        today=store.day_looked_at(scope, build_id),
        links=SheetLinks(
            story=link("cpg", detail=code, objectif=""),
            definition=link("methode", definition=""),
            findings=link("extraits"),
            sheet=link("departement", territoire=""),
        ),
        rebases=tuple(
            (str(indicator), str(month))
            for indicator, month in zip(rebased["indicator_code"], rebased["month"], strict=True)
        ),
    )


def load_sheet(scope: Scope, build_id: str, wanted: SheetAsked) -> Sheet | None:
    """The sheet that the header asks for; None where the year holds nothing."""
    perimeter, year = wanted.perimeter, wanted.year
    readings = territory_readings(scope, build_id, perimeter.code, year)
    if not readings:
        return None
    known = territory_weighing(scope, build_id, perimeter, year)
    scale = known.source or "interessement"
    corrected = corrected_figures(scope, build_id, perimeter.level, year)
    territories = territory_map(scope, build_id)
    return Sheet(
        asked=wanted,
        readings=readings,
        lines=[
            SheetLine(
                readings[o.code],
                o.heading,
                known.weights.get(o.code),
                scale,
                o.code in known.averaged,
                (perimeter.code, o.code) in corrected,
            )
            for o in objectives(readings)
        ],
        stake=_stake(readings, known, _unmeasured(scope, build_id, perimeter.level, year)),
        parts=_parts(territories, perimeter),
        missing=_missing(scope, build_id, wanted, readings),
        foot=publication(scope, build_id).sources_line(
            weighed_source(known) if known.files else SENDINGS
        ),
    )


def _unmeasured(scope: Scope, build_id: str, level: str, year: int) -> float:
    """Points of the agreement's lines that no indicator of the CPG measures."""
    weights = agreement_weights(scope, build_id)
    own = weights[weights["year"] == year]
    return float(lines_without_indicator(own, level)["weight_pct"].sum())


def _stake(
    readings: Mapping[str, Reading], weighed: Weighing, unmeasured: float
) -> SheetStake | None:
    """What the gaps weigh; None where no weight is known for the year."""
    weights = weighed.weights
    known = {reading.indicator.code: reading for reading in judged(readings)}
    gaps = at_stake({c: r.attainment for c, r in known.items() if r.attainment}, weights)
    if gaps is None:
        return None
    held = {
        code: weights[code] * reading.shortfall
        for code, reading in known.items()
        if code in weights and reading.shortfall > STATUS_TOLERANCE
    }
    dearest = max(held.items(), key=lambda pair: pair[1], default=None)
    if weighed.source == "cpg_points":
        return SheetStake(gaps, dearest, 0.0, "cpg_points")
    return SheetStake(gaps, dearest, unmeasured)


def _parts(territories: TerritoryMap, perimeter: Perimeter) -> list[Perimeter]:
    """The departments of a wider territory, the caisses of a department that has several."""
    column = PARENT_COLUMN.get(perimeter.level)
    level = "caisse" if perimeter.level == "departement" else "departement"
    own = [
        part
        for code, part in territories.choices.items()
        if part.level == level
        and (column is None or territories.rows[code][column] == perimeter.code)
    ]
    is_one_caisse = perimeter.level == "departement" and len(own) < 2
    return [] if perimeter.level == "caisse" or is_one_caisse else own


def _missing(
    scope: Scope, build_id: str, wanted: SheetAsked, readings: Mapping[str, Reading]
) -> Missing:
    perimeter, year = wanted.perimeter, wanted.year
    under = territory_map(scope, build_id).caisses_under(perimeter)
    sent = cpg.senders(scope, build_id, year)
    known = read_senders(sent[sent["caisse_code"].isin(under)])
    late = [sender for sender in known if sender.is_late]
    months = cpg.territory_months(scope, build_id, perimeter.code, year)
    is_open = any(reading.is_open_year for reading in readings.values())
    return Missing(
        senders=_senders_sentence(known, len(late), year),
        late=[(sender.code, sender.name) for sender in late],
        is_one_caisse=len(known) == 1,
        provisional=provisional_months(months, year),
        provisional_count=sum(reading.is_provisional for reading in readings.values()),
        # The same figures as on the first screen: those of the year's board, and no other.
        awaited=awaited(readings.values(), wanted.today) if is_open else [],
        today=wanted.today,
        findings=_findings_count(scope, build_id, {*under, perimeter.code}, year),
        hidden=[r.indicator.title for r in readings.values() if r.is_hidden],
        without_objective=[
            r.indicator.title
            for r in readings.values()
            if not r.is_hidden and not r.objective and r.senders_expected
        ],
    )


def _senders_sentence(known: Sequence[Sender], late: int, year: int) -> str:
    """Who is up to date at the last month that anyone has sent."""
    if not known:
        return f"Aucun envoi attendu en {year}"
    expected = date(year, max(sender.months_expected for sender in known), 1)
    said = missing_sentence(len(known) - late, len(known), month=expected)
    if len(known) == 1 and late:
        last = known[0].last_month
        said += f", rien après {month_name(last)}" if last else ", aucun mois reçu"
    return capitalised(said)


def _findings_count(scope: Scope, build_id: str, territories: set[str], year: int) -> int:
    """How many findings lie on the CPG's extracts about these territories and the year."""
    found = store.findings(scope, build_id)
    return int(
        (
            (found["contract"] == "cpg")
            & found["territory_code"].isin(territories)
            & (found["year"].isna() | (found["year"] == year))
        ).sum()
    )
