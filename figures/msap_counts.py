"""The counts of the MSAP as pages say them: requests, decisions, the rate of approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.reference import procedures
from figures.formats import ABSENT, NARROW_SPACE, known_float, number, percent
from figures.markup import text
from figures.status import HIDDEN
from indicators.intervals import Interval, wilson

DOMAINS = {"total": "Tous domaines", **procedures.DOMAINS}
STATUSES = {"public": "Public", "prive": "Privé", "total": "Ensemble"}
COUNT_COLUMNS = (
    "establishments",
    "requests",
    "approvals",
    "refusals",
    "pending",
    "emergencies_excluded",
    "stays",
    "answered_within_48h",
    "decided",
    "decided_approvals",
    "is_hidden",
)
NAMED_FROM = 11
"""Decided requests from which a rate is named as an end, or sets where an axis begins."""
MASKED = f"{HIDDEN.icon} Masqué"


@dataclass(frozen=True)
class MsapCounts:
    """What was asked and answered somewhere; a count is None where unknown or withheld.

    ``decided_requests`` and ``decided_approvals`` count the rows of which both decisions are
    known, where they are given. ``is_hidden`` says that small numbers are withheld from the
    reader: then no rate is known. Approvals and refusals may be withheld where their rate is not:
    beside its denominator they would tell what a row without decisions held.
    """

    requests: float | None = None
    approvals: float | None = None
    refusals: float | None = None
    pending: float | None = None
    establishments: float | None = None
    stays: float | None = None
    within_48h: float | None = None
    emergencies_excluded: float | None = None
    decided_requests: float | None = None
    decided_approvals: float | None = None
    is_hidden: bool = False

    @property
    def is_partly_hidden(self) -> bool:
        """Whether approvals, refusals and pending requests at least are withheld."""
        return self.is_hidden or (self.approvals is None and self.decided_requests is not None)

    @property
    def decided(self) -> float | None:
        """Requests decided: approvals and refusals; None where one of both is unknown."""
        if self.decided_requests is not None:
            return self.decided_requests
        if self.approvals is None or self.refusals is None:
            return None
        return self.approvals + self.refusals

    @property
    def approved(self) -> float | None:
        """Approvals among the decided requests: the numerator of the rate."""
        return self.approvals if self.decided_approvals is None else self.decided_approvals

    @property
    def approvals_told(self) -> float | None:
        """Approvals as sent; those of the decided requests where the others are withheld."""
        return self.approved if self._tells_decided_alone else self.approvals

    @property
    def refusals_told(self) -> float | None:
        """Refusals as sent; those of the decided requests where the others are withheld."""
        if not self._tells_decided_alone or self.decided is None or self.approved is None:
            return self.refusals
        return self.decided - self.approved

    @property
    def _tells_decided_alone(self) -> bool:
        return self.is_partly_hidden and self.rate is not None

    @property
    def decisions(self) -> tuple[float, float]:
        """Approvals and decided requests of a known rate, to compare it with another."""
        return self.approved or 0.0, self.decided or 1.0

    @property
    def rate(self) -> float | None:
        """Approvals over decided requests, a proportion; None without decisions."""
        decided = self.decided
        return None if not decided or self.approved is None else self.approved / decided

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95 % interval of the rate; None where there is none."""
        return None if self.rate is None else wilson(self.approved, self.decided)

    @property
    def requests_per_stay(self) -> float | None:
        """Requests over the stays of the same establishments and procedures, a proportion."""
        return None if self.requests is None or not self.stays else self.requests / self.stays

    @property
    def share_within_48h(self) -> float | None:
        """Requests answered within 48 hours, a proportion of all of them."""
        asked = self.requests
        return None if not asked or self.within_48h is None else self.within_48h / asked


def counts_of(row: Mapping[str, Any]) -> MsapCounts:
    """The counts of a row of the ``msap`` questions."""
    known = {name: known_float(row.get(name)) for name in COUNT_COLUMNS if name != "is_hidden"}
    return MsapCounts(
        requests=known["requests"],
        approvals=known["approvals"],
        refusals=known["refusals"],
        pending=known["pending"],
        establishments=known["establishments"],
        stays=known["stays"],
        within_48h=known["answered_within_48h"],
        emergencies_excluded=known["emergencies_excluded"],
        decided_requests=known["decided"],
        decided_approvals=known["decided_approvals"],
        is_hidden=bool(row.get("is_hidden"))
        and (
            known["requests"] is None or (known["approvals"] is None and known["decided"] is None)
        ),
    )


def interval_words(interval: Interval | None, decimals: int = 1) -> str:
    """``de 95,3 à 96,8 %``; a dash without interval."""
    if interval is None:
        return ABSENT
    low, high = float(interval.lower) * 100, float(interval.upper) * 100
    return f"de {number(low, decimals)} à {number(high, decimals)}{NARROW_SPACE}%"


def rate_words(counts: MsapCounts) -> str:
    """The rate with its interval and its denominator, as a sentence says them.

    ``96,1 % (de 95,3 à 96,8 %) des 2 362 demandes décidées``.
    """
    if counts.is_hidden:
        return "taux d’accord masqué (petit nombre)"
    if counts.rate is None:
        return "aucune demande décidée"
    decided = counts.decided or 0
    whose = (
        "de la seule demande décidée"
        if decided == 1
        else f"des {number(decided)} demandes décidées"
    )
    return f"{percent(counts.rate)} ({interval_words(counts.interval)}) {whose}"


def count_cell(value: float | None, counts: MsapCounts) -> str:
    """A count as a table cell: the number, that it is masked, or a dash."""
    if value is None and counts.is_partly_hidden:
        return masked_sign()
    return number(value)


def interval_cell(counts: MsapCounts) -> str:
    """The interval of the rate as a table cell: masked as its rate is."""
    return masked_sign() if counts.is_hidden else interval_words(counts.interval)


def masked_sign() -> str:
    """The sign of a hidden count, with its word for who listens or points."""
    return (
        f'<span class="v-sign neu" title="{text(HIDDEN.word)}">'
        f'<i aria-hidden="true">{HIDDEN.icon}</i><span class="sr">{text(HIDDEN.word)}</span></span>'
    )


def rate_cell(counts: MsapCounts) -> str:
    """The rate as a table cell, its interval and denominator under it."""
    if counts.is_hidden:
        return masked_sign()
    if counts.rate is None:
        return ABSENT
    return (
        f"<b>{percent(counts.rate)}</b><small>{interval_words(counts.interval)}, "
        f"sur {number(counts.decided)}</small>"
    )
