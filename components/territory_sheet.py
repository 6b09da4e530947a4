"""What the sheet of a territory shows: read from the address, asked of the publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from access.scope import Scope
from components.address import choice, link
from components.header import View
from components.objectives import objectives
from components.perimeter import PARENT_COLUMN, Perimeter, TerritoryMap
from components.publication import publication, territory_map
from components.readings import territory_readings
from figures.formats import month_name
from figures.senders import Sender
from figures.senders import senders as read_senders
from figures.sentences import missing_sentence
from figures.territory_sheet import DECEMBER, SheetLine, SheetLinks
from figures.territory_sheet_words import AtStake, Missing, Named
from indicators.calendar import next_expected
from indicators.catalogue import Indicator, catalogue
from indicators.reading import Reading
from indicators.stakes import carried_weights, lines_without_indicator, stakes
from queries import cpg, interessement, notes, store

INTERVALS = "intervalles"
INTERVAL_CHOICES = {"non": "Masqués", "oui": "Affichés"}
SOURCE = "envois mensuels des caisses (CPG)"


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
    stake: AtStake | None
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
    weights = interessement.weights(scope, build_id)
    carried = carried_weights(weights[weights["year"] == year], perimeter.level)
    weight_of = dict(zip(carried["indicator_code"], carried["weight"], strict=True))
    territories = territory_map(scope, build_id)
    return Sheet(
        asked=wanted,
        readings=readings,
        lines=[
            SheetLine(readings[o.code], o.heading, weight_of.get(o.code))
            for o in objectives(readings)
        ],
        stake=_at_stake(scope, build_id, perimeter, year, weights),
        parts=_parts(territories, perimeter),
        missing=_missing(scope, build_id, wanted, readings),
        foot=publication(scope, build_id).sources_line(SOURCE),
    )


def _at_stake(
    scope: Scope, build_id: str, perimeter: Perimeter, year: int, weights: pd.DataFrame
) -> AtStake | None:
    """What the gaps weigh; None where no weight is published for the year."""
    own = weights[weights["year"] == year]
    carried = carried_weights(own, perimeter.level)
    if carried.empty:
        return None
    rows = cpg.attainment(scope, build_id, perimeter.level, year, within=perimeter.code)
    rows = rows[rows["territory_code"] == perimeter.code]
    weighed = stakes(rows, weights, perimeter.level)
    weighed = weighed[weighed["has_weight"]]
    dearest = None if weighed.empty else weighed.iloc[0]
    shown = carried["indicator_code"].isin(rows["indicator_code"])
    apart = lines_without_indicator(own, perimeter.level)
    return AtStake(
        points=float(weighed["stake"].sum()),
        weight=float(carried.loc[shown, "weight"].sum()),
        first=None
        if dearest is None
        else (str(dearest["indicator_code"]), float(dearest["stake"])),
        year=year,
        unmeasured=float(apart["weight_pct"].sum() + carried.loc[~shown, "weight"].sum()),
    )


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
    unsure = months.loc[(months["year"] == year) & months["is_provisional"].eq(True), "month"]
    return Missing(
        senders=_senders_sentence(known, len(late), readings, year),
        late=[(sender.code, sender.name) for sender in late] if len(known) > 1 else [],
        provisional=sorted({day.date() for day in pd.to_datetime(unsure)}),
        provisional_count=sum(reading.is_provisional for reading in readings.values()),
        expected=_expected(readings, year),
        today=wanted.today,
        findings=_findings_count(scope, build_id, {*under, perimeter.code}, year),
        hidden=[r.indicator.title for r in readings.values() if r.is_hidden],
        without_objective=[
            r.indicator.title
            for r in readings.values()
            if not r.is_hidden and not r.objective and r.senders_expected
        ],
    )


def _senders_sentence(
    known: Sequence[Sender], late: int, readings: Mapping[str, Reading], year: int
) -> str:
    """Who is up to date at the last month that anyone has sent."""
    months = [reading.last_month for reading in readings.values() if reading.last_month]
    latest = max(months, default=None)
    said = missing_sentence(len(known) - late, len(known), month=latest, year=None)
    return said[:1].upper() + said[1:] if known else f"Aucun envoi attendu en {year}"


def _expected(readings: Mapping[str, Reading], year: int) -> dict[date, list[str]]:
    """Titles of the indicators by the day their next figure of the year is expected."""
    expected: dict[date, list[str]] = {}
    if not any(reading.is_open_year for reading in readings.values()):
        return expected
    for code, indicator in catalogue().items():
        reading = readings.get(code)
        last = _last_known(indicator, reading, year)
        if last is None or last >= date(year, DECEMBER, 1):
            continue
        day = next_expected(last, indicator.frequency, indicator.delay_days, indicator.sent_months)
        expected.setdefault(day, []).append(indicator.title)
    return expected


def _last_known(indicator: Indicator, reading: Reading | None, year: int) -> date | None:
    """The month after which the next one is awaited; None where none is."""
    if reading is None:
        # Not in the year yet: its season is still to come.
        return date(year - 1, DECEMBER, 1) if indicator.in_cpg else None
    if not reading.senders_expected:
        return None
    return reading.last_month or date(year - 1, DECEMBER, 1)


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
