"""Every rule over the typed rows: all breaches are counted, the first ones are said in French."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from data.contracts.finding import Finding, Severity
from data.contracts.model import NUMBER_TYPES, UNREADABLE_RULES, Check, Column, Contract
from data.ingestion.recognise import Candidate
from data.ingestion.sentences import filled, heading_of, lines_listed, place, quoted, written
from data.ingestion.typed_rows import type_rows
from data.ingestion.values import components

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

    def heading(self, column: str) -> str:
        """The heading that the file gives the column."""
        return heading_of(self.contract, self.candidate.mapping, column)

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
        sheet = self.candidate.sheet.name
        heading = self.heading(column) if column else None
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
            expected=facts.get("expected"),
            found=facts.get("found"),
            year=facts.get("year") or (month.year if isinstance(month, date) else None),
            label=facts.get("label"),
            measure=column,
            territory_code=facts.get("caisse_code") or facts.get("territory_code"),
            indicator_code=facts.get("indicator_code"),
            month=month if isinstance(month, date) else None,
        )

    def fetch(self, sql: str) -> list[Row]:
        """The result as one mapping a row."""
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def is_mapped(self, column: str) -> bool:
        """Whether the file has the column."""
        return column in self.candidate.positions


def run_checks(
    rows: Rows, collected: Collected, already_numbers: frozenset[str] = frozenset()
) -> None:
    """Type the rows, then check each cell, each row and the rows together."""
    type_rows(rows.connection, rows.contract, list(rows.candidate.positions), already_numbers)
    rows.connection.execute("create temp table bad_rows (source_row integer)")
    for column in rows.contract.columns:
        if rows.is_mapped(column.name):
            _check_readings(rows, collected, column)
    _check_rows(rows, collected)
    for check in rows.contract.checks:
        if check.kind != "row":
            _SEVERAL_ROWS[check.kind](rows, collected, check)
    if collected.bad_lines:
        lines = ", ".join(f"({line})" for line in sorted(collected.bad_lines))
        rows.connection.execute(f"insert into bad_rows values {lines}")
    collected.rejected_rows = rows.fetch("select count(distinct source_row) as n from bad_rows")[0][
        "n"
    ]


# Cells


def _check_readings(rows: Rows, collected: Collected, column: Column) -> None:
    """Texts that mean nothing, texts read with a remark, commas that could be read two ways."""
    if not _has_map(rows, column):
        return
    unreadable = UNREADABLE_RULES[column.type]
    _mapped_findings(rows, collected, column, unreadable, "error", "problem is not null", "problem")
    if column.type in NUMBER_TYPES:
        _mapped_findings(rows, collected, column, "ambiguous_number", "warning", "is_ambiguous")
    else:
        _mapped_findings(
            rows, collected, column, "reading_remark", "warning", "remark is not null", "remark"
        )


def _has_map(rows: Rows, column: Column) -> bool:
    found = rows.fetch(
        f"select count(*) as n from duckdb_tables() where table_name = 'map_{column.name}'"
    )
    return bool(found[0]["n"])


def _mapped_findings(
    rows: Rows,
    collected: Collected,
    column: Column,
    rule: str,
    severity: Severity,
    condition: str,
    told: str | None = None,
) -> None:
    name = column.name
    if not rows.fetch(f'select count(*) as n from "map_{name}" where {condition}')[0]["n"]:
        return
    source = f'raw_rows as r join "map_{name}" as m on m.text = r."{name}"'
    where = f"where m.{condition}"
    total = rows.fetch(f"select count(*) as n from {source} {where}")[0]["n"]
    if severity == "error":
        rows.connection.execute(f"insert into bad_rows select r.source_row from {source} {where}")
    told_text = f"m.{told}" if told else "cast(null as varchar)"
    found = rows.fetch(
        f"select first.*, t.* from (select r.source_row as line, m.text as cell, "
        f"{told_text} as told, m.value as value_read from {source} {where} "
        f"order by 1 limit {collected.limit}) as first "
        "join typed as t on t.source_row = first.line order by first.line"
    )
    findings = []
    for row in found:
        sentence = (
            f"{quoted(row['cell'])} {row['told']}"
            if severity == "error"
            else _remark(row["cell"], row["told"], row["value_read"])
        )
        findings.append(rows.finding(rule, severity, sentence, row["line"], name, row["cell"], row))
    collected.add_all(findings, total)


def _remark(cell: str, told: str | None, value: object) -> str:
    if told is not None:
        return told
    return (
        f"{quoted(cell)} peut se lire de deux façons ; lu {written(value)} d’après le reste du "
        "fichier. Vérifiez, ou écrivez le nombre sans séparateur de milliers."
    )


# Rows


@dataclass(frozen=True)
class _RowRule:
    rule: str
    severity: Severity
    column: str
    breach: str
    sentence: Callable[[Row], str]


def _check_rows(rows: Rows, collected: Collected) -> None:
    """All rules over one row, counted in one pass; only those breached are looked at again."""
    rules = [*_implied_rules(rows), *_declared_rules(rows.contract)]
    if not rules:
        return
    counts = rows.fetch(
        "select "
        + ", ".join(f"count(*) filter (where {r.breach}) as n{at}" for at, r in enumerate(rules))
        + " from typed"
    )[0]
    for rule, total in zip(rules, counts.values(), strict=True):
        if total:
            _row_findings(rows, collected, rule, total)


def _row_findings(rows: Rows, collected: Collected, rule: _RowRule, total: int) -> None:
    if rule.severity == "error":
        rows.connection.execute(
            f"insert into bad_rows select source_row from typed where {rule.breach}"
        )
    cell = f'r."{rule.column}"' if rows.is_mapped(rule.column) else "null"
    found = rows.fetch(
        f"select t.*, {cell} as cell from (select * from typed where {rule.breach} "
        f"order by source_row limit {collected.limit}) as t "
        "join raw_rows as r on r.source_row = t.source_row order by t.source_row"
    )
    findings = [
        rows.finding(
            rule.rule,
            rule.severity,
            rule.sentence(row),
            row["source_row"],
            rule.column,
            _as_text(row["cell"]),
            row,
        )
        for row in found
    ]
    collected.add_all(findings, total)


def _as_text(cell: str | float | None) -> str | None:
    """The cell as written in the file; a number read at once is written the plain way."""
    return f"{cell:.15g}" if isinstance(cell, float) else cell


def _declared_rules(contract: Contract) -> list[_RowRule]:
    return [
        _rule(check.id, check.severity, check.columns[0], f"({check.breach})", check.sentence)
        for check in contract.checks
        if check.kind == "row"
    ]


def _implied_rules(rows: Rows) -> list[_RowRule]:
    rules = []
    for column in rows.contract.columns:
        if rows.is_mapped(column.name):
            rules += _cell_rules(rows, column)
    return rules


def _cell_rules(rows: Rows, column: Column) -> list[_RowRule]:
    name = column.name
    rules = []
    if column.filled:
        sentence = "la cellule est vide, elle est obligatoire. Remplissez-la ou retirez la ligne."
        rules.append(_rule("missing_value", "error", name, _is_blank(rows, column), sentence))
    if column.type in NUMBER_TYPES:
        sentence = "un pourcentage n’a pas de sens ici. Écrivez le nombre."
        rules.append(_rule("percent_refused", "error", name, f'"{name}__wrong_sign"', sentence))
        rules += _bound_rules(column)
    if column.type == "integer":
        sentence = f"{{{name}}} n’est pas un nombre entier. Corrigez la valeur."
        breach = f'"{name}" != floor("{name}")'
        rules.append(_rule("fractional_number", "error", name, breach, sentence))
    if column.type in NUMBER_TYPES and column.percent_sign == "proportion":
        rules.append(
            _RowRule(
                "percent_without_sign",
                "warning",
                name,
                f'"{name}__no_sign"',
                lambda row: (
                    f"{written(row[name] * 100)} est lu {written(row[name] * 100)} %, puisque "
                    "l’indicateur est un taux. Écrivez le signe % ou une proportion "
                    f"({written(row[name])})."
                ),
            )
        )
    return rules


def _bound_rules(column: Column) -> list[_RowRule]:
    name = column.name
    rules = []
    for bound, comparison, word in ((column.min, "<", "moins"), (column.max, ">", "plus")):
        if bound is not None:
            sentence = (
                f"{{{name}}} est hors bornes : pas {word} de {written(float(bound))}. Corrigez."
            )
            rules.append(
                _rule("out_of_range", "error", name, f'"{name}" {comparison} {bound}', sentence)
            )
    return rules


def _rule(rule: str, severity: Severity, column: str, breach: str, sentence: str) -> _RowRule:
    return _RowRule(rule, severity, column, breach, lambda row: filled(sentence, row))


def _is_blank(rows: Rows, column: Column) -> str:
    """A null value whose text was not already told to be unreadable."""
    name = column.name
    if column.type == "text" or not _has_map(rows, column):
        return f'"{name}" is null'
    unread = rows.fetch(f'select count(*) as n from "map_{name}" where problem is not null')
    if not unread[0]["n"]:
        return f'"{name}" is null'
    return (
        f'"{name}" is null and source_row not in (select r.source_row from raw_rows as r '
        f'join "map_{name}" as m on m.text = r."{name}" where m.problem is not null)'
    )


# Several rows


def _unique_key(rows: Rows, collected: Collected, check: Check) -> None:
    key = ", ".join(f'"{name}"' for name in rows.contract.key)
    known = " and ".join(f'"{name}" is not null' for name in rows.contract.key)
    rows.connection.execute(
        f"create or replace temp table doubled_keys as select {key} from typed where {known} "
        f"group by {key} having count(*) > 1"
    )
    total = rows.fetch("select count(*) as n from doubled_keys")[0]["n"]
    if not total:
        return
    others = ", ".join(f't."{c.name}"' for c in rows.contract.columns)
    rows.connection.execute(
        f"create or replace temp table doubles as select {key}, "
        "list(t.source_row order by t.source_row) as lines, "
        f"count(distinct hash({others})) as variants "
        f"from typed as t join doubled_keys using ({key}) group by {key}"
    )
    found = rows.fetch(
        "select t.*, d.lines, d.variants from doubles as d join typed as t "
        f"on t.source_row = d.lines[2] order by t.source_row limit {collected.limit}"
    )
    findings = []
    for row in found:
        template = check.sentence if row["variants"] > 1 else check.sentence_same or check.sentence
        row["rows"] = lines_listed(row["lines"], len(row["lines"]))
        findings.append(
            rows.finding(
                check.id,
                check.severity,
                filled(template, row),
                row["source_row"],
                check.columns[0],
                written(row[check.columns[0]]),
                row,
            )
        )
    if check.severity == "error":
        rows.connection.execute("insert into bad_rows select unnest(lines) from doubles")
    collected.add_all(findings, total)


def _same_within(rows: Rows, collected: Collected, check: Check) -> None:
    name, within = check.columns[0], ", ".join(check.within)
    rows.connection.execute(
        f'create or replace temp table changing as select min("{name}") as low, '
        f'max("{name}") as high, '
        f'greatest(arg_min(source_row, "{name}"), arg_max(source_row, "{name}")) as line '
        f'from typed group by {within} having min("{name}") != max("{name}")'
    )
    total = rows.fetch("select count(*) as n from changing")[0]["n"]
    if not total:
        return
    cell = f'r."{name}"' if rows.is_mapped(name) else "null"
    found = rows.fetch(
        f"select t.*, c.low, c.high, {cell} as cell from changing as c "
        "join typed as t on t.source_row = c.line "
        f"join raw_rows as r on r.source_row = c.line order by c.line limit {collected.limit}"
    )
    findings = []
    for row in found:
        month = row.get("month")
        facts = row | ({"year": str(month.year)} if month else {})
        findings.append(
            rows.finding(
                check.id,
                check.severity,
                filled(check.sentence, facts),
                row["source_row"],
                name,
                _as_text(row["cell"]),
                row,
            )
        )
    collected.add_all(findings, total)


def _components_sum(rows: Rows, collected: Collected, check: Check) -> None:
    """A count against the sum of its components, where all of them are in the file."""
    sent = {row["value"] for row in rows.fetch('select distinct value from "map_indicator_code"')}
    for whole, parts in components().items():
        if sent.issuperset({whole, *parts}):
            _component_sum(rows, collected, check, whole, parts)


def _component_sum(
    rows: Rows, collected: Collected, check: Check, whole: str, parts: tuple[str, ...]
) -> None:
    name = check.columns[0]
    keys = ", ".join(f'"{key}"' for key in rows.contract.key if key != "indicator_code")
    listed = ", ".join(f"'{part}'" for part in parts)
    is_whole = f"filter (where indicator_code = '{whole}')"
    is_part = f"filter (where indicator_code != '{whole}')"
    rows.connection.execute(
        f"create or replace temp table unequal as select "
        f'max("{name}") {is_whole} as found, max(source_row) {is_whole} as line, '
        f'sum("{name}") {is_part} as expected from typed '
        f"where indicator_code in ('{whole}', {listed}) group by {keys} "
        f'having found != expected and count("{name}") {is_part} = {len(parts)}'
    )
    total = rows.fetch("select count(*) as n from unequal")[0]["n"]
    found = rows.fetch(
        "select t.*, u.found, u.expected, u.found - u.expected as difference from unequal as u "
        f"join typed as t on t.source_row = u.line order by u.line limit {collected.limit}"
    )
    findings = [
        rows.finding(
            check.id,
            check.severity,
            filled(check.sentence, row),
            row["source_row"],
            name,
            written(row["found"]),
            row,
        )
        for row in found
    ]
    collected.add_all(findings, total)


_SEVERAL_ROWS: dict[str, Callable[[Rows, Collected, Check], None]] = {
    "unique_key": _unique_key,
    "same_within": _same_within,
    "components_sum": _components_sum,
}
