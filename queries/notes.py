"""What people wrote beside the figures that a person may see; read at each call, never cached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

import pandas as pd

from access.scope import Scope
from data.ingestion.annotate import may_withdraw
from data.store.home import Home
from data.store.notes import Note, Rebase, notes_for, rebases_for
from data.store.registry import Registry

_WITHDRAWAL = {"withdrawn_at", "withdrawn_by"}
NOTE_COLUMNS = [f.name for f in fields(Note) if f.name not in _WITHDRAWAL] + ["may_withdraw"]
REBASE_COLUMNS = [f.name for f in fields(Rebase) if f.name not in _WITHDRAWAL] + ["may_withdraw"]


def notes(
    scope: Scope,
    territory: str | None = None,
    indicator: str | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """The notes on the figures of the scope, newest first, those withdrawn left out.

    Columns: ``note_id, territory_code, indicator_code, year, month`` (1 to 12, missing for the
    year's own figure), ``body, author, created_at`` (UTC, ISO 8601) and ``may_withdraw``.
    """
    found = notes_for(_registry(), _readable(scope, territory), indicator, year)
    frame = _frame(found, scope, NOTE_COLUMNS)
    return frame.astype({"month": "Int64"})


def rebases(
    scope: Scope, territory: str | None = None, indicator: str | None = None
) -> pd.DataFrame:
    """Where the limits of control charts start anew, by month, those withdrawn left out.

    Columns: ``rebase_id, territory_code, indicator_code, month`` (its first day), ``reason, author,
    created_at`` (UTC, ISO 8601) and ``may_withdraw``.
    """
    found = rebases_for(_registry(), _readable(scope, territory), indicator)
    frame = _frame(found, scope, REBASE_COLUMNS)
    return frame.assign(month=pd.to_datetime(frame["month"]))


def _readable(scope: Scope, territory: str | None) -> Sequence[str]:
    if territory is None:
        return scope.territories
    return [territory] if territory in scope.territories else []


def _frame(
    found: Sequence[Note] | Sequence[Rebase], scope: Scope, columns: list[str]
) -> pd.DataFrame:
    rows = [asdict(kept) | {"may_withdraw": may_withdraw(scope, kept)} for kept in found]
    return pd.DataFrame(rows, columns=columns)


def _registry() -> Registry:
    return Registry(Home.from_environment())
