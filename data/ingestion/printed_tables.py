"""Checks over printed tables: doubled labels, totals against parts, tables or sources that differ.

The rows of such a table are its parts and, where it prints one, its total. Nothing is corrected,
and a blank cell is never taken for zero: it is left out of the sum and named.
"""

from __future__ import annotations

from functools import partial

from data.contracts.finding import Finding
from data.contracts.model import Check
from data.ingestion.collected import Collected, Row, Rows
from data.ingestion.sentences import lines_listed, quoted, written


def repeated(rows: Rows, collected: Collected, check: Check) -> None:
    """Labels that stand several times in one table: one finding each, on the second line."""
    label, value = check.columns
    within = ", ".join(f'"{name}"' for name in check.within)
    rows.connection.execute(
        "create or replace temp table repeated as select list(source_row order by source_row) "
        f'as lines, list("{value}" order by source_row) as told from typed '
        f'where "{label}" is not null group by {within}, "{label}" having count(*) > 1'
    )
    total = rows.fetch("select count(*) as n from repeated")[0]["n"]
    found = rows.fetch(
        "select t.*, r.lines, r.told, 1 as expected, len(r.lines) as found from repeated as r "
        f"join typed as t on t.source_row = r.lines[2] order by 1 limit {collected.limit}"
    )
    findings = []
    for row in found:
        told = [written(value) for value in row["told"]]
        row["rows"] = lines_listed(row["lines"], len(row["lines"]))
        row["values"] = f"{', '.join(told[:-1])} et {told[-1]}"
        column = label if rows.is_mapped(label) else None
        sentence = rows.said(check.sentence, row)
        findings.append(
            rows.finding(check.id, check.severity, sentence, row["source_row"], column, facts=row)
        )
    collected.add_all(findings, total)


def total_of_parts(rows: Rows, collected: Collected, check: Check) -> None:
    """Each printed total against the sum of its table's parts, measure by measure."""
    same = " and ".join(f't."{name}" is not distinct from p."{name}"' for name in check.within)
    within = ", ".join(f'"{name}"' for name in check.within)
    for measure in check.columns:
        rows.connection.execute(
            f'create or replace temp table parts as select {within}, sum("{measure}") as expected, '
            f'list(label order by source_row) filter (where "{measure}" is null) as blanks '
            f"from typed where not ({check.total}) group by {within}"
        )
        source = (
            f"from typed as t join parts as p on {same} "
            f'where ({check.total}) and abs(t."{measure}" - p.expected) > '
            f"{check.tolerance} * greatest(abs(p.expected), 1)"
        )
        columns = (
            f't.*, p.expected, p.blanks, t."{measure}" as found, '
            f'abs(t."{measure}" - p.expected) as difference'
        )
        finding_of = partial(_of_total, rows, check, measure)
        rows.collect(collected, columns, source, "t.source_row", finding_of)


def _of_total(rows: Rows, check: Check, measure: str, row: Row) -> Finding:
    facts = row | _measure_words(rows, measure)
    sentence = rows.said(check.sentence, facts)
    if row["blanks"] and check.sentence_blank:
        facts["blanks"] = ", ".join(quoted(label) for label in row["blanks"])
        sentence += " " + rows.said(check.sentence_blank, facts)
    return rows.finding(
        check.id,
        check.severity,
        sentence,
        row["source_row"],
        measure,
        written(row["found"]),
        row,
    )


def totals_agree(rows: Rows, collected: Collected, check: Check) -> None:
    """The totals of each two tables of one thing, for each measure that both may be compared on."""
    across = rows.contract.column(check.across or "")
    order = ", ".join(f"'{code}'" for code in across.choices)
    same = " and ".join(f'a."{name}" is not distinct from b."{name}"' for name in check.within)
    within = ", ".join(f'"{name}"' for name in check.within)
    for measure in check.columns:
        unprinted = f'sum("{measure}")' if measure in check.summed else "null"
        rows.connection.execute(
            f'create or replace temp table totals as select {within}, "{across.name}" as source, '
            f'list_position([{order}], cast("{across.name}" as varchar)) as place, '
            f"bool_or({check.total}) as is_printed, "
            f'case when is_printed then max("{measure}") filter (where {check.total}) '
            f"else {unprinted} end as value, "
            f"coalesce(max(source_row) filter (where {check.total}), max(source_row)) as line "
            f"from typed where {check.comparable.get(measure, 'true')} "
            f'group by {within}, "{across.name}"'
        )
        source = (
            f"from totals as a join totals as b on {same} and a.place < b.place "
            "join typed as t on t.source_row = b.line where a.value != b.value"
        )
        columns = (
            "t.*, a.value as expected, b.value as found, a.source as expected_table, "
            "b.source as found_table, a.is_printed as is_expected_printed, "
            "b.is_printed as is_found_printed, abs(a.value - b.value) as difference"
        )
        finding_of = partial(_of_tables, rows, check, measure)
        rows.collect(collected, columns, source, "t.source_row, a.place", finding_of)


def _of_tables(rows: Rows, check: Check, measure: str, row: Row) -> Finding:
    choices = rows.contract.column(check.across or "").choices
    facts = row | _measure_words(rows, measure)
    for side in ("expected", "found"):
        facts[f"{side}_table"] = choices[row[f"{side}_table"]][0]
        facts[f"{side}_how"] = (
            "au total publié" if row[f"is_{side}_printed"] else "à la somme des lignes"
        )
    facts["label"] = f"Total {facts['expected_table']} / {facts['found_table']}"
    return rows.finding(
        check.id,
        check.severity,
        rows.said(check.sentence, facts),
        row["source_row"],
        measure,
        written(row["found"]),
        facts,
    )


def sources_agree(rows: Rows, collected: Collected, check: Check) -> None:
    """What several sources say of one thing: a finding for each that contradicts the first one."""
    same = " and ".join(f't."{name}" is not distinct from f."{name}"' for name in check.within)
    within = ", ".join(f'"{name}"' for name in check.within)
    for measure in check.columns:
        rows.connection.execute(
            f"create or replace temp table first_told as select {within}, "
            f'arg_min("{measure}", source_row) as expected, '
            f'arg_min("{check.across}", source_row) as expected_source '
            f'from typed where "{measure}" is not null group by {within}'
        )
        source = (
            f'from typed as t join first_told as f on {same} where abs(t."{measure}" - f.expected) '
            f"> {check.tolerance} * greatest(abs(f.expected), 1) "
            f'and t."{check.across}" != f.expected_source'
        )
        columns = (
            f't.*, f.expected, f.expected_source, t."{measure}" as found, '
            f't."{check.across}" as found_source, abs(t."{measure}" - f.expected) as difference'
        )
        finding_of = partial(_of_source, rows, check, measure)
        rows.collect(collected, columns, source, "t.source_row", finding_of)


def _of_source(rows: Rows, check: Check, measure: str, row: Row) -> Finding:
    facts = row | _measure_words(rows, measure)
    return rows.finding(
        check.id,
        check.severity,
        rows.said(check.sentence, facts),
        facts["source_row"],
        measure,
        written(facts["found"]),
        facts,
    )


def _measure_words(rows: Rows, measure: str) -> Row:
    return {"measure": rows.contract.column(measure).title.lower()}
