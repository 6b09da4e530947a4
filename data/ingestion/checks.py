"""Every rule over the typed rows: all breaches are counted, the first ones are said in French."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.contracts.finding import Severity
from data.contracts.model import NUMBER_TYPES, UNREADABLE_RULES, Check, Column
from data.ingestion.collected import Collected, Row, Rows
from data.ingestion.printed_tables import (
    repeated,
    sources_agree,
    total_of_parts,
    totals_agree,
)
from data.ingestion.published_lists import (
    absent_column,
    group_totals,
    missing_departments,
    over_former_year,
    unknown_professions,
    zone_totals,
)
from data.ingestion.sentences import filled, quoted, written
from data.ingestion.told_apart import ColumnsLeftOut
from data.ingestion.typed_rows import type_rows
from data.ingestion.values import components

FEWEST_TO_TELL_PROPORTIONS = 5
"""Values all between 0 and 1 from which a column is one of proportions."""


def run_checks(
    rows: Rows, collected: Collected, already_numbers: frozenset[str] = frozenset()
) -> None:
    """Type the rows, then check each cell, each row and the rows together."""
    type_rows(rows.connection, rows.contract, list(rows.candidate.columns), already_numbers)
    rows.connection.execute("create temp table bad_rows (source_row integer)")
    for column in rows.contract.columns:
        if rows.is_mapped(column.name):
            _check_readings(rows, collected, column)
            _check_proportions(rows, collected, column)
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
    if column.type not in UNREADABLE_RULES or not _has_map(rows, column):
        return
    unreadable = UNREADABLE_RULES[column.type]
    _mapped_findings(rows, collected, column, unreadable, "error", "problem is not null", "problem")
    if column.type in NUMBER_TYPES:
        _mapped_findings(rows, collected, column, "ambiguous_number", "warning", "is_ambiguous")
    else:
        _mapped_findings(
            rows, collected, column, "reading_remark", "warning", "remark is not null", "remark"
        )


def _check_proportions(rows: Rows, collected: Collected, column: Column) -> None:
    """A whole column of 0 to 1 where per cent are awaited: a spreadsheet's ``45 %`` is 0,45."""
    if column.percent_sign != "per_cent":
        return
    name = column.name
    found = rows.fetch(
        f'select count(*) as n, min(t.source_row) as line, max(t."{name}") as highest, '
        f'count(*) filter (where t."{name}" != floor(t."{name}")) as broken, '
        f"count(*) filter (where contains(cast(r.\"{name}\" as varchar), '%')) as signed "
        f'from typed as t join raw_rows as r using (source_row) where t."{name}" is not null'
    )[0]
    if found["n"] < FEWEST_TO_TELL_PROPORTIONS or found["highest"] > 1:
        return
    if found["broken"] and not found["signed"]:
        sentence = (
            "toutes les valeurs de la colonne sont entre 0 et 1 : des proportions, alors qu’un "
            "taux s’écrit ici en pour cent (45,3). Multipliez la colonne par 100 ; si elle est "
            "bien en pour cent, écrivez le signe % (0,4 %)."
        )
        collected.add(rows.finding("proportions", "error", sentence, found["line"], name))


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
    where = f"where m.{condition}{rows.once_a_line(name)}"
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
    expected: str = "cast(null as double)"
    found: str = "cast(null as double)"


def _check_rows(rows: Rows, collected: Collected) -> None:
    """All rules over one row, counted in one pass; only those breached are looked at again."""
    rules = [*_implied_rules(rows), *_declared_rules(rows)]
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
        f"select t.*, abs(expected - found) as difference, {cell} as cell from (select *, "
        f"{rule.expected} as expected, {rule.found} as found from typed where {rule.breach} "
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


def _declared_rules(rows: Rows) -> list[_RowRule]:
    return [_declared_rule(rows, check) for check in rows.contract.checks if check.kind == "row"]


def _declared_rule(rows: Rows, check: Check) -> _RowRule:
    nothing = "cast(null as double)"
    return _RowRule(
        check.id,
        check.severity,
        check.columns[0],
        f"({check.breach}){_unless_signed(rows, *check.columns)}",
        lambda row: rows.said(check.sentence, row),
        check.expected or nothing,
        check.found or nothing,
    )


def _unless_signed(rows: Rows, *names: str) -> str:
    """SQL: and no cell of these columns is a percentage out of place, which is told already."""
    numbers = [name for name in names if rows.contract.column(name).type in NUMBER_TYPES]
    return "".join(f' and not "{name}__wrong_sign"' for name in numbers)


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
        rules += _bound_rules(rows, column)
    if column.type == "integer":
        sentence = f"{{{name}}} n’est pas un nombre entier. Corrigez la valeur."
        breach = f'"{name}" != floor("{name}"){_unless_signed(rows, name)}'
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


def _bound_rules(rows: Rows, column: Column) -> list[_RowRule]:
    name = column.name
    rules = []
    for bound, comparison, word in ((column.min, "<", "moins"), (column.max, ">", "plus")):
        if bound is not None:
            sentence = (
                f"{{{name}}} est hors bornes : pas {word} de {written(float(bound))}. Corrigez."
            )
            breach = f'"{name}" {comparison} {bound}{_unless_signed(rows, name)}'
            rules.append(_rule("out_of_range", "error", name, breach, sentence))
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
    left_out = ColumnsLeftOut.of(rows.candidate)
    for row in found:
        row["rows"] = rows.lines(row["lines"])
        findings.append(
            rows.finding(
                check.id,
                check.severity,
                _said_of_doubles(rows, check, row, left_out),
                row["source_row"],
                check.columns[0],
                written(row[check.columns[0]]),
                row,
            )
        )
    if check.severity == "error":
        rows.connection.execute("insert into bad_rows select unnest(lines) from doubles")
    collected.add_all(findings, total)


def _said_of_doubles(rows: Rows, check: Check, row: Row, left_out: ColumnsLeftOut) -> str:
    """The sentence on rows of one key, with the column that tells them apart where one does."""
    lines = row["lines"]
    if rows.candidate.whole_sheet:
        lines = [rows.candidate.line(line) for line in lines]
    told = left_out.telling_apart(lines)
    if told:
        facts, _, _ = rows.said(check.sentence, row).rpartition(". ")
        return f"{facts} : {told}"
    said_if_same = check.sentence_same or check.sentence
    return rows.said(said_if_same if row["variants"] < 2 else check.sentence, row)


def _same_within(rows: Rows, collected: Collected, check: Check) -> None:
    name, within = check.columns[0], ", ".join(check.within)
    # A row whose place or month could not be read has been told already, and is in no group.
    is_read = " and ".join(f"({part}) is not null" for part in check.within)
    rows.connection.execute(
        f'create or replace temp table changing as select min("{name}") as low, '
        f'max("{name}") as high, '
        f'greatest(arg_min(source_row, "{name}"), arg_max(source_row, "{name}")) as line '
        f"from typed where {is_read}{_unless_signed(rows, name)} "
        f'group by {within} having min("{name}") != max("{name}")'
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
        f"where indicator_code in ('{whole}', {listed}){_unless_signed(rows, name)} "
        f"group by {keys} "
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
    "repeated": repeated,
    "total_of_parts": total_of_parts,
    "totals_agree": totals_agree,
    "sources_agree": sources_agree,
    "zone_totals": zone_totals,
    "group_totals": group_totals,
    "absent_column": absent_column,
    "over_former_year": over_former_year,
    "unknown_professions": unknown_professions,
    "missing_departments": missing_departments,
}
