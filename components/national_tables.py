"""The tables that come from no caisse: what was received last, and when the next one is due."""

from __future__ import annotations

from datetime import date

from access.policy import policy
from access.scope import Scope
from data.contracts.model import contracts
from figures.formats import ABSENT, counted, date_time, long_date
from figures.grammar import capitalised
from figures.markup import text
from figures.received import contract_name
from indicators.calendar import next_expected, overdue_days
from indicators.catalogue import catalogue
from indicators.collection import CONTRACTS
from queries import cog, professionals, store

FED_BY = {"cog": "cog", "gini_published": "gini"}
"""The source, as the definitions name it, that a contract of national tables brings."""


def national_rows(scope: Scope, build_id: str, today: date) -> list[tuple[str, ...]]:
    """One row a contract that no caisse sends, as safe HTML, those received first."""
    frame = store.extracts(scope, build_id)
    last = {row["contract"]: row for row in frame.to_dict("records")}
    known_years = _known_years(scope, build_id)
    names = [name for name in contracts() if name not in CONTRACTS]
    rows: list[tuple[str, ...]] = []
    for name in sorted(names, key=lambda one: one not in last):
        row = last.get(name)
        day, who = (row["received_at"], row["received_by"]) if row else (None, "")
        rows.append(
            (
                text(contract_name(name)),
                ABSENT if row is None else text(row["file_name"]),
                ABSENT if row is None else text(date_time(day)),
                ABSENT if row is None else text(capitalised(policy().label_of(str(who)))),
                _expected(name, known_years.get(name), today),
            )
        )
    return rows


def _known_years(scope: Scope, build_id: str) -> dict[str, int]:
    """The last year that something was measured of, by contract."""
    scores = cog.indicators(scope, build_id)
    published = professionals.gini_published(scope, build_id)
    years = {
        "cog": scores[scores["realised"].notna()]["year"],
        "gini_published": published[published["kind"] == "realised"]["year"],
    }
    return {name: int(found.max()) for name, found in years.items() if len(found)}


def _expected(name: str, known_year: int | None, today: date) -> str:
    """When the first of the next figures is due, by the definitions that the table feeds."""
    source = FED_BY.get(name)
    declared = [one for one in catalogue().values() if one.source.extract == source]
    if known_year is None or not declared:
        return '<span class="neu">Pas d’échéance définie</span>'
    day = min(
        next_expected(date(known_year, 12, 1), one.frequency, one.delay_days, one.sent_months)
        for one in declared
    )
    late = overdue_days(day, today)
    if late:
        said = f"attendu depuis le {long_date(day)}, {counted(late, 'jour')} de retard"
        return f'<span class="unf">▼ {text(said)}</span>'
    return f'<span class="neu">○ {text(long_date(day))}</span>'
