"""What each caisse has sent of a month, against what is expected by which day. Pure.

What is expected, how often and by when comes from the definitions of the indicators; what a
contract counts without a definition of its own borrows that of the indicator it feeds, or the
usual delay.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from indicators.calendar import EVERY_MONTH, MONTHS_OF_PERIOD, next_expected, overdue_days
from indicators.catalogue import Indicator

State = Literal["received", "provisional", "awaited", "late", "refused", "not_expected"]
STATES: tuple[State, ...] = (
    "late",
    "refused",
    "provisional",
    "awaited",
    "received",
    "not_expected",
)
"""Worst first: what a reader has to act on."""

OPEN_STATES: frozenset[State] = frozenset({"late", "refused"})
"""What somebody is to be reminded of."""

CONTRACTS = ("cpg", "adhesions", "msap")
"""What caisses send of themselves, month by month."""

USUAL_DELAY_DAYS = 30
"""Days after the month, for what no indicator is defined on: Santé active, the DMP."""

MSAP_ITEM = "demandes"
DEFINED_BY = {
    "msap": {MSAP_ITEM: "msap_etablissements"},
    "adhesions": {
        "prado:maternite": "prado_maternite_adhesions",
        "prado:chirurgie": "prado_chirurgie_adhesions",
        "prado:insuffisance_cardiaque": "prado_insuffisance_cardiaque_adhesions",
        "prado:bpco": "prado_bpco_adhesions",
        "prado:personnes_agees": "prado_adhesions",
        "sophia:ensemble": "sophia_adherents",
    },
}
"""The indicator whose frequency and delay are those of what a contract counts."""


@dataclass(frozen=True)
class Item:
    """One thing that a contract sends every period: an indicator, a volet, the requests.

    Attributes:
        code: as the contract's rows name it.
        frequency: ``monthly | quarterly | yearly``.
        delay_days: days from the end of the period until it is expected.
        sent_months: months of the year that it is sent for.
        first_month: the first month that anybody ever sent it for.
        sent_years: the years that anybody sent it for.
    """

    code: str
    frequency: str
    delay_days: int
    sent_months: tuple[int, ...]
    first_month: date
    sent_years: frozenset[int]

    def due(self, month: date) -> date | None:
        """The day by which its figure of ``month`` (first day) is expected; None where none is.

        Something that nobody sent in the year of the month or in the one before is asked of
        nobody, and neither is a month before anybody began to send it.
        """
        length = MONTHS_OF_PERIOD[self.frequency]
        is_sent = bool({month.year, month.year - 1} & self.sent_years)
        is_end = month.month % length == 0
        if not is_sent or not is_end or month < self.first_month:
            return None
        if length == 1 and month.month not in self.sent_months:
            return None
        before = month
        for _ in range(length):
            before = (before - timedelta(days=1)).replace(day=1)
        return next_expected(before, self.frequency, self.delay_days, self.sent_months)


def item(
    contract: str,
    code: str,
    first_month: date,
    sent_years: Iterable[int],
    catalogue: Mapping[str, Indicator],
) -> Item:
    """What ``code`` of a contract is sent by: its own definition, one borrowed, or the usual."""
    defined = code if contract == "cpg" else DEFINED_BY.get(contract, {}).get(code, "")
    known = catalogue.get(defined)
    years = frozenset(sent_years)
    if known is None:
        return Item(code, "monthly", USUAL_DELAY_DAYS, EVERY_MONTH, first_month, years)
    return Item(
        code, known.frequency, known.delay_days, tuple(known.sent_months), first_month, years
    )


@dataclass(frozen=True)
class Missing:
    """One item that lacks of a month, and the day by which it is expected."""

    code: str
    due: date


@dataclass(frozen=True)
class Cell:
    """What a sender has sent of one month.

    Attributes:
        month: its first day.
        state: the worst that is true of it.
        expected_count: how many items are expected of it, by now or later.
        missing: those not received, the earliest due first.
        provisional_count: how many of those received are provisional.
        overdue: days since the earliest missing item was due, 0 up to the day itself.
    """

    month: date
    state: State
    expected_count: int
    missing: tuple[Missing, ...] = ()
    provisional_count: int = 0
    overdue: int = 0

    @property
    def due(self) -> date | None:
        """The earliest day by which something still missing is or was expected."""
        return self.missing[0].due if self.missing else None

    @property
    def received_count(self) -> int:
        """How many of the items expected were received."""
        return self.expected_count - len(self.missing)

    @property
    def is_partial(self) -> bool:
        """Whether some of what is expected was received and some was not."""
        return 0 < len(self.missing) < self.expected_count

    @property
    def is_open(self) -> bool:
        """Whether somebody is to be reminded of it."""
        return self.state in OPEN_STATES

    def late_codes(self, today: date) -> tuple[str, ...]:
        """The items whose day has passed; all that lack where a file was refused."""
        if self.state == "refused":
            return tuple(one.code for one in self.missing)
        return tuple(one.code for one in self.missing if overdue_days(one.due, today))


def cell(
    month: date,
    due: Mapping[str, date],
    received: Collection[str],
    provisional: Collection[str],
    today: date,
    is_refused: bool = False,
) -> Cell:
    """The state of one sender's month.

    Args:
        month: its first day.
        due: the day of each item expected of it; empty where nothing is.
        received: items received.
        provisional: those of them that are provisional.
        today: the day looked at.
        is_refused: whether a file that speaks of this month was refused. What has been received
            since is received: a refusal counts only while something lacks.
    """
    lacking = sorted(
        (Missing(code, day) for code, day in due.items() if code not in received),
        key=lambda one: (one.due, one.code),
    )
    overdue = overdue_days(lacking[0].due, today) if lacking else 0
    state = _state(
        is_expected=bool(due),
        has_received=bool(received),
        lacks=bool(lacking),
        is_late=overdue > 0,
        is_provisional=bool(provisional),
        is_refused=is_refused,
    )
    return Cell(month, state, len(due), tuple(lacking), len(provisional), overdue)


def _state(
    *,
    is_expected: bool,
    has_received: bool,
    lacks: bool,
    is_late: bool,
    is_provisional: bool,
    is_refused: bool,
) -> State:
    if lacks and is_refused:
        return "refused"
    if is_late:
        return "late"
    if is_provisional:
        return "provisional"
    if has_received:
        return "received"
    return "awaited" if is_expected else "not_expected"


def months_of(year: int) -> tuple[date, ...]:
    """The first days of the months of a year."""
    return tuple(date(year, month, 1) for month in EVERY_MONTH)


def due_days(items: Sequence[Item], month: date) -> dict[str, date]:
    """The day by which each item is expected of a month; those not expected of it left out."""
    days = ((one.code, one.due(month)) for one in items)
    return {code: day for code, day in days if day is not None}


def worst(states: Iterable[State]) -> State:
    """The state that asks most of a reader; ``not_expected`` where there is none."""
    known = set(states)
    return next((state for state in STATES if state in known), "not_expected")
