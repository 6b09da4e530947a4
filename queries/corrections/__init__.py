"""Questions about corrections: what can be corrected, what was proposed, what is served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from access.scope import Scope
from data.ingestion.corrections import trial_of
from data.store.corrections import Correction, corrections_for
from data.store.home import Home
from data.store.registry import Registry
from indicators.catalogue import catalogue
from indicators.suppression import smallest_shown
from queries.cached import cached
from queries.run import OtherVersionError, run

COUNTS = ("realised", "numerator")
"""The columns of the contract that may count patients."""
SERVED_COLUMNS = [
    *("correction_id", "year", "month", "caisse_code", "indicator_code", "column_name"),
    *("old_value", "sent_value", "new_value", "given_value", "state", "motive", "source"),
    *("proposed_by", "proposed_at", "given_by_file", "given_at", "is_hidden"),
]


@dataclass(frozen=True)
class Known:
    """A correction of the registry as a person may read it.

    Attributes:
        correction: as kept; its values and texts are not to be shown where ``is_withheld``.
        served: ``applied | replaced | superseded`` in the publication, None where it is not in it.
        given_value: what the extracts give now, for one that is served; None otherwise.
        given_by_file, given_at: the extract that gives it.
    """

    correction: Correction
    is_withheld: bool
    served: str | None = None
    given_value: float | None = None
    given_by_file: str | None = None
    given_at: str | None = None


@cached
def cells(scope: Scope, build_id: str, territory: str, year: int) -> pd.DataFrame:
    """The values served of a year, one row per caisse, indicator and month, with their file.

    ``realised`` and ``numerator`` are missing where they are withheld (``is_hidden``).
    """
    return run("corrections/cells", scope, build_id, territory=territory, year=year)


@cached
def objectives(scope: Scope, build_id: str, territory: str, year: int) -> pd.DataFrame:
    """The objectives of the year, one row per caisse and indicator, with their file."""
    return run("corrections/objectives", scope, build_id, territory=territory, year=year)


@cached
def served(
    scope: Scope, build_id: str, territory: str | None = None, indicator: str | None = None
) -> pd.DataFrame:
    """The accepted corrections of a publication, newest first: ``SERVED_COLUMNS``.

    ``state``: ``applied``, ``replaced`` by a later one, ``superseded`` by an extract. Empty in a
    publication of a version that knew none.
    """
    try:
        return run("corrections/served", scope, build_id, territory=territory, indicator=indicator)
    except OtherVersionError:
        return pd.DataFrame(columns=SERVED_COLUMNS)


@cached
def elsewhere(scope: Scope, build_id: str, territory: str, indicator: str) -> pd.DataFrame:
    """The corrections within a seen total of caisses that are not: how many, of which months.

    ``month, column_name, correction_count``. Neither caisse, value nor motive; empty in a
    publication of a version that knew none.
    """
    try:
        return run(
            "corrections/elsewhere", scope, build_id, territory=territory, indicator=indicator
        )
    except OtherVersionError:
        return pd.DataFrame(columns=["month", "column_name", "correction_count"])


@cached
def touched(scope: Scope, build_id: str, level: str, year: int) -> pd.DataFrame:
    """The figures of a year that rest on an accepted correction.

    ``territory_code, indicator_code`` of the territories of ``level`` that are seen. Neither
    caisse, month nor value; empty in a publication of a version that knew none.
    """
    try:
        return run("corrections/touched", scope, build_id, level=level, year=year)
    except OtherVersionError:
        return pd.DataFrame(columns=["territory_code", "indicator_code"])


def known(scope: Scope, build_id: str, caisses: Sequence[str] | None = None) -> list[Known]:
    """The corrections of caisses of the scope, newest first; read at each call, never cached.

    Args:
        scope: who reads.
        build_id: the publication that says which of them apply, and which cells are withheld.
        caisses: those of these caisses alone.
    """
    readable = [c for c in (caisses or scope.territories) if c in scope.territories]
    rows = {int(row["correction_id"]): row for row in served(scope, build_id).to_dict("records")}
    found = []
    for one in corrections_for(Registry(Home.from_environment()), readable):
        row = rows.get(one.correction_id, {})
        given = row.get("given_value")
        found.append(
            Known(
                one,
                is_withheld(scope, build_id, one, is_served=bool(row)),
                row.get("state"),
                None if given is None or pd.isna(given) else float(given),
                _text(row.get("given_by_file")),
                _text(row.get("given_at")),
            )
        )
    return found


def is_withheld(scope: Scope, build_id: str, one: Correction, is_served: bool) -> bool:
    """Whether the values of a correction must not be read by the person: small, or protecting.

    What is not served yet is judged by its trial too; until there is one, nothing of it is told but
    to its author, who read the former value and wrote the new one.
    """
    if one.proposed_by == scope.person and one.state == "proposed":
        return False
    indicator = catalogue().get(one.indicator_code)
    counts = indicator is not None and indicator.counts_patients and one.column_name in COUNTS
    if not counts or one.caisse_code in scope.small_numbers:
        return False
    values = (one.old_value, one.sent_value, one.new_value)
    if one.was_hidden or any(1 <= value < smallest_shown() for value in values):
        return True
    if is_served or one.state not in {"proposed", "accepted"}:
        return _is_hidden(scope, build_id, one)
    trial = trial_of(one.correction_id, build_id)
    return trial is None or any(_is_hidden(scope, b, one) for b in (build_id, trial))


def _is_hidden(scope: Scope, build_id: str, one: Correction) -> bool:
    """Whether the month of a correction is hidden in a build."""
    frame = cells(scope, build_id, one.caisse_code, one.month.year)
    own = frame[
        (frame["indicator_code"] == one.indicator_code)
        & (pd.to_datetime(frame["month"]).dt.date == one.month)
    ]
    return bool(own["is_hidden"].any())


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)
