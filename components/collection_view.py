"""What the page of sendings looks at: the year's months of each caisse, by contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

import streamlit as st

from access.policy import policy
from access.scope import Scope
from components.address import CODE, asked, choice, keep
from components.header import View
from components.perimeter import PARENT_COLUMN, Perimeter, TerritoryMap, label_of
from components.publication import territory_map
from data.ingestion.refusals import Refusal
from figures.adhesion_words import PROGRAMMES, VOLETS
from figures.collection import CONTRACTS, WORDS, LastExtract, SenderRow
from figures.formats import MONTHS, as_date, french_key, is_absent
from figures.records import records
from figures.reminders import Gap, Reminder, gaps, reminder
from indicators.catalogue import catalogue
from indicators.collection import MSAP_ITEM, STATES, Item, cell, due_days, item, months_of
from queries import collection, reference, store
from queries.cached import shared

CONTRACT, STATE = "collecte_contrat", "collecte_etat"
SENDER, MONTH, MAIL = "collecte_caisse", "collecte_mois", "collecte_envoi"
EVERY = "tous"
OF_MONTH, OF_CONTRACT, OF_ALL = "mois", "contrat", "tout"
DEPARTMENT = "DEP-"
NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
Received = Mapping[tuple[str, str, date], tuple[frozenset[str], frozenset[str]]]


@dataclass(frozen=True)
class CollectionAsked:
    """What the address asks for.

    ``state`` is one of ``STATES``, or all; ``sender`` and ``month`` (1 to 12) are what is looked
    at more closely, unchecked against what is expected; ``mail`` is what a reminder speaks of.
    """

    perimeter: Perimeter
    year: int
    contract: str
    state: str
    sender: str | None
    month: int | None
    mail: str

    @property
    def mail_contract(self) -> str | None:
        """The contract that reminders speak of; None for all of them."""
        return None if self.mail == OF_ALL else self.contract

    @property
    def mail_month(self) -> int | None:
        """The month that reminders speak of; None for the whole year."""
        return self.month if self.mail == OF_MONTH else None


@dataclass(frozen=True)
class Known:
    """What a publication holds of a year's sendings; the same whoever of a scope asks.

    Attributes:
        received: items received and those of them that are provisional, by contract, sender, month.
        last: the latest extract by contract and sender.
        years: the years that a sender sent something of, by contract and sender.
        items: what is sent at all, by contract.
        outside: caisses of which nothing is ever expected (no CPG).
    """

    received: Received
    last: Mapping[tuple[str, str], LastExtract]
    years: Mapping[tuple[str, str], frozenset[int]]
    items: Mapping[str, tuple[Item, ...]]
    outside: frozenset[str]


@dataclass(frozen=True)
class Collected:
    """The matrices of a perimeter: rows by contract, and how things are called.

    Attributes:
        rows: all caisses of the perimeter, by contract.
        titles: what each item is called.
        groups: regions by code where the perimeter holds several, empty elsewhere.
        regions: names of all regions seen, by code.
        today: the day that lateness is counted to.
        refusals: refused files of these caisses, of any contract and month.
    """

    rows: Mapping[str, tuple[SenderRow, ...]]
    titles: Mapping[str, str]
    groups: Mapping[str, str]
    regions: Mapping[str, str]
    today: date
    refusals: Sequence[Refusal]

    def row(self, contract: str, sender: str | None) -> SenderRow | None:
        """A sender's year for a contract; None where it is not among those shown."""
        return next((row for row in self.rows[contract] if row.code == sender), None)

    def name_of(self, sender: str) -> str | None:
        """What a sender is called; None where it is none of the perimeter."""
        found = (self.row(contract, sender) for contract in self.rows)
        return next((row.name for row in found if row is not None), None)

    def gaps(self, sender: str, contract: str | None, month: int | None) -> list[Gap]:
        """What a sender has not sent: of one contract and month, of one, or of all."""
        found: list[Gap] = []
        for name in self.rows:
            row = self.row(name, sender)
            if row is not None and contract in {None, name}:
                found += gaps(name, row, self.titles, self.today, month)
        return found

    def late_senders(self, scope: Scope) -> set[str]:
        """Codes of those who lack something of any contract, the reader's own caisse left out."""
        rows = (row for found in self.rows.values() for row in found)
        return {row.code for row in rows if row.open_cells} - {scope.home_territory}

    def reminders(
        self, scope: Scope, address: str, contract: str | None, month: int | None
    ) -> list[Reminder]:
        """One reminder for each late sender, the reader's own caisse left out.

        Args:
            scope: who writes.
            address: of the page where files are brought in; empty where it is not known.
            contract: what lacks of it alone; of all contracts together without.
            month: what lacks of it alone (1 to 12).
        """
        names = {row.code: row.name for rows in self.rows.values() for row in rows}
        others = sorted(self.late_senders(scope), key=lambda one: french_key(names[one]))
        lacking = ((code, self.gaps(code, contract, month)) for code in others)
        return [
            reminder(code, names[code], found, self.today, scope.label, address)
            for code, found in lacking
            if found
        ]


def asked_collection(view: View) -> CollectionAsked | None:
    """What the address asks for; None where no year is known."""
    if view.year is None:
        return None
    shorts = {code: words.short for code, words in CONTRACTS.items()}
    months = {str(place): name for place, name in enumerate(MONTHS, 1)} | {"": EVERY}
    # Who exists is known once it is loaded: an unknown caisse shows no closer look.
    sender = asked(SENDER) if CODE.fullmatch(asked(SENDER)) else None
    keep(SENDER, sender)
    month = choice(MONTH, months, "") or None
    kinds = {kind: kind for kind in (OF_MONTH, OF_CONTRACT, OF_ALL) if month or kind != OF_MONTH}
    mail = choice(MAIL, kinds, next(iter(kinds)))
    return CollectionAsked(
        perimeter=view.perimeter,
        year=view.year,
        contract=choice(CONTRACT, shorts, "cpg"),
        state=choice(STATE, {EVERY: EVERY} | {state: WORDS[state].word for state in STATES}, EVERY),
        sender=sender,
        month=int(month) if month else None,
        mail=mail,
    )


@shared(8)
def known_sendings(scope: Scope, build_id: str, year: int) -> Known:
    """What a publication holds of a year's sendings."""
    texts: dict[str, frozenset[str]] = {}

    def codes(joined: str | None) -> frozenset[str]:
        key = "" if is_absent(joined) else str(joined)
        return texts.setdefault(key, frozenset(key.split()))

    frame = collection.sent(scope, build_id, year)
    received = {
        (row["contract"], row["caisse_code"], as_date(row["month"]) or date.min): (
            codes(row["items"]),
            codes(row["provisional_items"]),
        )
        for row in records(frame, list(frame.columns))
    }
    last, years = _extracts(scope, build_id, store.day_looked_at(scope, build_id))
    territories = reference.territories(scope, build_id)
    outside = territories[(territories["level"] == "caisse") & ~territories["has_cpg"]]
    return Known(
        received,
        last,
        years,
        _items(scope, build_id),
        frozenset(str(code) for code in outside["territory_code"]),
    )


def _extracts(
    scope: Scope, build_id: str, today: date
) -> tuple[dict[tuple[str, str], LastExtract], dict[tuple[str, str], frozenset[int]]]:
    """The latest extract and the years of each sender, by contract and sender.

    What is of months after the day looked at tells nothing of how far its months go.
    """
    frame = collection.extracts(scope, build_id)
    last: dict[tuple[str, str], LastExtract] = {}
    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in records(frame, list(frame.columns)):
        key = (row["contract"], row["caisse_code"])
        years[key].add(int(row["year"]))
        if (as_date(row["first_month"]) or date.min) > today:
            continue
        last[key] = LastExtract(
            row["file_name"],
            policy().label_of(str(row["received_by"])),
            str(row["received_at"]),
            as_date(row["last_month"]) or date.min,
        )
    return last, {key: frozenset(found) for key, found in years.items()}


def _items(scope: Scope, build_id: str) -> dict[str, tuple[Item, ...]]:
    """What is sent at all, by contract, in the order of the definitions.

    An indicator outside the CPG is kept where a caisse sends it, and asked of nobody.
    """
    frame = collection.items(scope, build_id)
    firsts: dict[tuple[str, str], list[tuple[date, int]]] = defaultdict(list)
    for row in records(frame, list(frame.columns)):
        first = as_date(row["first_month"]) or date.min
        firsts[row["contract"], row["item"]].append((first, int(row["year"])))
    found: dict[str, list[Item]] = {contract: [] for contract in CONTRACTS}
    for (contract, code), sent in firsts.items():
        if contract == "cpg" and not (code in catalogue() and catalogue()[code].in_cpg):
            continue
        begun = min(first for first, _ in sent)
        years = [year for _, year in sent]
        found[contract].append(item(contract, code, begun, years, catalogue()))
    return {contract: tuple(items) for contract, items in found.items()}


def item_titles() -> dict[str, str]:
    """What each item is called: an indicator, a programme and its volet, the requests."""
    titles = {code: declared.title for code, declared in catalogue().items()}
    for programme, name in PROGRAMMES.items():
        titles |= {f"{programme}:{volet}": f"{name} {said}" for volet, said in VOLETS.items()}
        titles[f"{programme}:ensemble"] = name
    return titles | {MSAP_ITEM: "demandes de MSAP"}


def load_collected(scope: Scope, build_id: str, asked: CollectionAsked) -> Collected:
    """The matrices of the perimeter, on the day looked at, refused files included.

    What was refused is read at each call: it changes without a publication.
    """
    return _collected(
        scope,
        build_id,
        asked.year,
        asked.perimeter,
        store.day_looked_at(scope, build_id),
        tuple(collection.refusals(scope)),
    )


@shared(16)
def _collected(
    scope: Scope,
    build_id: str,
    year: int,
    perimeter: Perimeter,
    today: date,
    all_refused: tuple[Refusal, ...],
) -> Collected:
    places = territory_map(scope, build_id)
    known = known_sendings(scope, build_id, year)
    senders = _senders(places, perimeter, known)
    refused = [one for one in all_refused if one.caisse_code in senders]
    days = {
        (contract, month): due_days(items, month)
        for contract, items in known.items.items()
        for month in months_of(year)
    }
    ordered = _ordered(senders, places)
    rows = {
        contract: tuple(
            _row(contract, code, known, places, refused, days, today)
            for code in ordered
            if not code.startswith(DEPARTMENT) or (contract, code) in known.years
        )
        for contract in CONTRACTS
    }
    regions = {
        code: str(row["territory_name"])
        for code, row in places.rows.items()
        if row["level"] == "region"
    }
    seen = {row.group for row in rows["cpg"]}
    groups = regions if len(seen) > 1 else {}
    return Collected(rows, item_titles(), groups, regions, today, refused)


def _senders(places: TerritoryMap, perimeter: Perimeter, known: Known) -> set[str]:
    """The caisses of a perimeter, and its departments that establishments are sent for."""
    departments = {code for _, code in known.years if code.startswith(DEPARTMENT)}
    column = PARENT_COLUMN.get(perimeter.level)
    inside = {
        code
        for code in departments
        if code == perimeter.code
        or perimeter.level == "national"
        or (column and code in places.rows and places.rows[code].get(column) == perimeter.code)
    }
    return places.caisses_under(perimeter) | inside


def _ordered(senders: set[str], places: TerritoryMap) -> list[str]:
    """By region, then in French order of names."""

    def key(code: str) -> tuple[str, str]:
        row = places.rows[code]
        region = row["region_code"]
        name = "" if is_absent(region) else str(places.rows.get(region, {}).get("territory_name"))
        return french_key(name), french_key(str(row["territory_name"]))

    return sorted(senders, key=key)


def _row(
    contract: str,
    code: str,
    known: Known,
    places: TerritoryMap,
    refused: Sequence[Refusal],
    days: Mapping[tuple[str, date], Mapping[str, date]],
    today: date,
) -> SenderRow:
    own = [one for one in refused if (one.caisse_code, one.contract) == (code, contract)]
    last = known.last.get((contract, code))
    months = {one.month for one in own}
    cells = tuple(
        cell(
            month,
            due if _is_asked(contract, code, month, known) else {},
            *known.received.get((contract, code, month), NOTHING),
            today,
            month in months,
        )
        for (name, month), due in days.items()
        if name == contract
    )
    lacking = {one.month for one in cells if one.state == "refused"}
    kept = tuple(
        one
        for one in own
        if one.month in lacking
        or (one.month is None and (last is None or last.received_at < one.received_at))
    )
    row = places.rows[code]
    region = row["region_code"]
    return SenderRow(
        code,
        label_of(row) if row["level"] == "departement" else str(row["territory_name"]),
        "" if is_absent(region) else str(region),
        cells,
        last,
        kept,
    )


def _is_asked(contract: str, code: str, month: date, known: Known) -> bool:
    """Whether anything is expected of a sender.

    Of the MSAP nothing is expected of whoever had no establishment in the year or the one before.
    """
    if contract != "msap":
        return code not in known.outside
    years = known.years.get((contract, code), frozenset())
    return bool(years & {month.year, month.year - 1})


def import_address() -> str:
    """Address of the page where files are brought in; empty where the server's is not known."""
    here = st.context.url
    return urljoin(here, "importer") if here else ""
