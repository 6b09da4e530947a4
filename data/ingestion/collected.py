"""What the checks of one file share: its rows, and the findings gathered over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from data.contracts.finding import Finding, Severity
from data.contracts.model import NUMBER_TYPES, Contract
from data.ingestion.recognise import Candidate
from data.ingestion.sentences import filled, lines_listed, place
from data.ingestion.unfold import LINES_APART

Row = dict[str, Any]


@dataclass
class Collected:
    """Findings gathered over the stages, at most ``limit`` sentences a rule, all counted."""

    limit: int
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    totals: Counter[str] = field(default_factory=Counter)
    error_total: int = 0
    warning_total: int = 0
    rejected_rows: int = 0
    bad_lines: set[int] = field(default_factory=set)

    def add(self, finding: Finding, bad_line: int | None = None) -> None:
        """Keep one finding; ``bad_line`` counts among the rejected rows."""
        self.add_all([finding], 1)
        if bad_line is not None:
            self.bad_lines.add(bad_line)

    def add_all(self, findings: list[Finding], total: int) -> None:
        """Keep the findings of one rule, ``total`` of which there are in all."""
        if not findings:
            return
        rule, severity = findings[0].rule, findings[0].severity
        room = max(0, self.limit - self.totals[rule])
        kept = self.errors if severity == "error" else self.warnings
        kept.extend(findings[:room])
        self.totals[rule] += total
        if severity == "error":
            self.error_total += total
        else:
            self.warning_total += total


@dataclass(frozen=True)
class Rows:
    """The rows of one file, where they come from and how to speak of them."""

    connection: duckdb.DuckDBPyConnection
    contract: Contract
    candidate: Candidate
    file_name: str

    def heading(self, column: str, row: int | None = None) -> str:
        """The heading that the file gives the column, over one row where rows differ."""
        return self.candidate.heading(column, row) or self.contract.column(column).title

    def collect(
        self,
        collected: Collected,
        columns: str,
        source: str,
        order: str,
        finding_of: Callable[[Row], Finding],
    ) -> None:
        """Count every row of ``source`` (SQL from ``from`` on) and speak of the first of them."""
        total = self.fetch(f"select count(*) as n {source}")[0]["n"]
        found = self.fetch(f"select {columns} {source} order by {order} limit {collected.limit}")
        collected.add_all([finding_of(row) for row in found], total)

    def once_a_line(self, column: str) -> str:
        """SQL condition on ``r``: a cell that several rows share is spoken of once."""
        candidate = self.candidate
        is_shared = candidate.headings and not candidate.is_unfolded(column)
        return f" and r.source_row < {2 * LINES_APART}" if is_shared else ""

    def lines(self, rows: list[int]) -> str:
        """Numbered rows as the lines of the file: ``12, 15 et 18``."""
        return lines_listed([self.candidate.line(row) for row in rows], len(rows))

    def finding(
        self,
        rule: str,
        severity: Severity,
        sentence: str,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        facts: Row | None = None,
    ) -> Finding:
        """A finding of this file; ``facts`` holds the typed values of its row."""
        facts = facts or {}
        sheet = self.candidate.sheet_name(row)
        heading = self.heading(column, row) if column else None
        row = None if row is None else self.candidate.line(row)
        month = facts.get("month")
        return Finding(
            rule if "." in rule else self.contract.rule(rule),
            self.contract.contract,
            severity,
            place(self.file_name, sheet, row, heading) + sentence,
            sheet=sheet,
            row=row,
            column=heading,
            value=value,
            expected=_whole(facts.get("expected")),
            found=_whole(facts.get("found")),
            year=facts.get("year") or (month.year if isinstance(month, date) else None),
            domain=facts.get("domain"),
            label=facts.get("label"),
            measure=column if column and self._is_number(column) else None,
            territory_code=facts.get("caisse_code") or facts.get("territory_code"),
            indicator_code=facts.get("indicator_code"),
            month=month if isinstance(month, date) else None,
        )

    def said(self, sentence: str, values: Row) -> str:
        """The sentence filled; a choice is said by the first word that files may write for it."""
        choices = {column.name: column.choices for column in self.contract.columns}
        words = {
            name: choices[name][value][0]
            for name, value in values.items()
            if choices.get(name) and value in choices[name]
        }
        return filled(sentence, values | words)

    def fetch(self, sql: str) -> list[Row]:
        """The result as one mapping a row."""
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _is_number(self, column: str) -> bool:
        return self.contract.column(column).type in NUMBER_TYPES

    def is_mapped(self, column: str) -> bool:
        """Whether the file has the column."""
        return column in self.candidate.columns


def _whole(value: Any) -> Any:
    """A number without decimals as an integer; anything else unchanged."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
