"""Rows of text → rows of the contract's types, in DuckDB; values are read once each.

Tables made: ``map_<column>`` (distinct text → value) and ``typed`` (``source_row``, the contract's
columns, and the facts of the row's indicator and territory that checks may name).
Identifiers written into SQL come from the contracts, never from a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data.contracts.model import NUMBER_TYPES, SQL_TYPES, Column, ColumnType, Contract
from data.ingestion.numbers import Comma, comma_role, read_number
from data.ingestion.unfold import LINES_APART
from data.ingestion.values import (
    IndicatorFacts,
    ValueReading,
    indicator_facts,
    read_values,
    territories_without_cpg,
)
from data.reference.procedures import spelling_of
from data.reference.professions import read_profession
from data.reference.zone_reading import TOTAL

FRENCH_DECIMAL = r"-?[0-9]{1,15},([0-9]{1,2}|[0-9]{4,17})"
DOT_DECIMAL = r"-?[0-9]+[.]([0-9]{1,2}|[0-9]{4,})"
HIGHEST_OBJECTIVE_AS_PROPORTION = 1.5
_INDICATOR_FACTS = tuple(field.name for field in fields(IndicatorFacts) if field.name != "code")
_ARROW_TYPES: dict[str, pa.DataType] = {
    "month": pa.date32(),
    "date": pa.date32(),
    "year": pa.int32(),
    "boolean": pa.bool_(),
}


def type_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    mapped: Sequence[str],
    already_numbers: frozenset[str] = frozenset(),
) -> None:
    """Fill ``typed`` from ``raw_rows``; texts that can't be read give null.

    Args:
        connection: holds ``raw_rows``.
        contract: the contract the rows are held to.
        mapped: its columns that the file has; the others are null.
        already_numbers: columns of ``raw_rows`` that are numbers, not text.
    """
    present = [column for column in contract.columns if column.name in mapped]
    for column in present:
        if column.type not in NUMBER_TYPES | {"text"}:
            _map_values(connection, column)
    numbers = [
        column
        for column in present
        if column.type in NUMBER_TYPES and column.name not in already_numbers
    ]
    odd = _map_numbers(connection, numbers)
    joins = [
        f'left join "map_{column.name}" on "map_{column.name}".text = r."{column.name}"'
        for column in present
        if (column.type not in NUMBER_TYPES and column.type != "text") or column.name in odd
    ]
    parsed = [_parsed(column, column.name in mapped, odd) for column in contract.columns]
    scaled = [_scaled(column) for column in contract.columns]
    # A total whose extent depends on the other rows leaves them in no order.
    is_shuffled = any(column.total_stands_for is not None for column in contract.columns)
    in_order = f"order by source_row % {LINES_APART}, source_row" if is_shuffled else ""
    connection.execute(
        f"create temp table typed as with parsed as (select r.source_row, "
        f"{', '.join([*parsed, *_facts(contract, mapped)])} "
        f"from raw_rows as r {' '.join(joins)}) "
        f"select source_row, {', '.join(scaled)}, has_cpg, procedure_reading, "
        f"{', '.join(_INDICATOR_FACTS)} from parsed {in_order}"
    )


def write_parquet(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    sheets: Sequence[str | None],
    out: Path,
    lines_apart: int | None = None,
) -> None:
    """Write the contract's columns, then ``source_sheet`` and ``source_row``, as Parquet.

    Args:
        connection: holds ``typed``.
        contract: whose columns are written.
        sheets: the one sheet read, or those read together, in the order of their rows' numbers.
        out: the file to write.
        lines_apart: how far apart the rows made of one line, or the sheets, are numbered, if any.
    """
    line = "source_row" if lines_apart is None else f"source_row % {lines_apart} as source_row"
    columns = [_exported(column) for column in contract.columns]
    names = ["null" if sheet is None else _literal(sheet) for sheet in sheets]
    name = names[0]
    if len(names) > 1:
        name = f"list_extract([{', '.join(names)}], source_row // {lines_apart} + 1)"
    connection.execute(
        f"copy (select {', '.join(columns)}, cast({name} as varchar) as source_sheet, {line} "
        f"from typed) to {_literal(str(out))} "
        "(format parquet, parquet_version v2, compression zstd, compression_level 1)"
    )


def _exported(column: Column) -> str:
    value = f'"{column.name}"'
    if column.blank_when is not None:
        value = f"case when {column.blank_when} then null else {value} end"
    if column.type == "integer":
        value = f"cast({value} as {SQL_TYPES[column.type]})"
    return f'{value} as "{column.name}"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _map_values(connection: duckdb.DuckDBPyConnection, column: Column) -> None:
    readings = read_values(column, _distinct(connection, column.name))
    table: dict[str, Any] = {
        "text": pa.array([found.text for found in readings], pa.string()),
        "value": pa.array(
            [found.value for found in readings], _ARROW_TYPES.get(column.type, pa.string())
        ),
        "problem": pa.array([found.problem for found in readings], pa.string()),
        "remark": pa.array([found.remark for found in readings], pa.string()),
    }
    _create(connection, f"map_{column.name}", table | _facts_of_values(column, readings))
    if column.type not in _ARROW_TYPES:
        _as_enumeration(connection, column.name)


def _as_enumeration(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Codes as an enumeration: grouping and writing a million rows take half the time."""
    codes = connection.execute(
        f'select distinct value from "map_{name}" where value is not null order by value'
    ).fetchall()
    if codes:
        listed = ", ".join(_literal(code) for (code,) in codes)
        connection.execute(f'alter table "map_{name}" alter value type enum ({listed})')


def _facts_of_values(column: Column, readings: list[ValueReading]) -> dict[str, Any]:
    if column.type in {"caisse", "territory"}:
        without = territories_without_cpg()
        return {
            "has_cpg": pa.array(
                [None if r.value is None else r.value not in without for r in readings], pa.bool_()
            )
        }
    if column.type == "procedure":
        spellings = [spelling_of(reading.text) for reading in readings]
        return {
            "reading": pa.array(
                [found.code if found else None for found in spellings], pa.string()
            ),
            "only_year": pa.array(
                [found.year if found else None for found in spellings], pa.int32()
            ),
        }
    if column.type == "profession":
        known = [read_profession(reading.text).is_known for reading in readings]
        return {"is_known": pa.array(known, pa.bool_())}
    if column.type == "indicator":
        facts = {found.code: found for found in indicator_facts()}
        return {
            name: pa.array(
                [getattr(facts[r.value], name) if r.value else None for r in readings], pa.bool_()
            )
            for name in _INDICATOR_FACTS
        }
    return {}


def _facts(contract: Contract, mapped: Sequence[str]) -> list[str]:
    """Facts of the row's indicator and territory; null where the contract has none."""
    types = {column.type: column.name for column in contract.columns if column.name in mapped}
    place = types.get("caisse") or types.get("territory")
    indicator = types.get("indicator")
    found = [
        f'"map_{place}".has_cpg' if place else "cast(null as boolean) as has_cpg",
        _procedure_reading(types),
    ]
    return found + [
        f'"map_{indicator}".{name}' if indicator else f"cast(null as boolean) as {name}"
        for name in _INDICATOR_FACTS
    ]


def _procedure_reading(types: Mapping[ColumnType, str]) -> str:
    """SQL: the code of the row's procedure; a spelling bound to a year is read for it alone."""
    if "procedure" not in types:
        return "cast(null as varchar) as procedure_reading"
    procedure = f'"map_{types["procedure"]}"'
    year = "cast(null as integer)"
    if "year" in types:
        year = f'"map_{types["year"]}".value'
    elif "month" in types:
        year = f'year("map_{types["month"]}".value)'
    return (
        f"case when {procedure}.only_year is null or {procedure}.only_year = {year} "
        f"then {procedure}.reading end as procedure_reading"
    )


def _map_numbers(connection: duckdb.DuckDBPyConnection, columns: list[Column]) -> set[str]:
    """Map the texts that a plain cast can't read; names of the columns that have some."""
    odd = {name: _odd_texts(connection, name) for name in _columns_with_odd(connection, columns)}
    roles: dict[str, Comma | None] = {
        name: _comma_role(connection, name, texts) for name, texts in odd.items()
    }
    told = {role for role in roles.values() if role}
    # A column that tells nothing follows the others of its file; failing those, French.
    usual: Comma = "thousands" if told == {"thousands"} else "decimal"
    for name, texts in odd.items():
        _map_odd(connection, name, texts, roles[name] or usual)
    return set(odd)


def _is_plain(text: str) -> str:
    """SQL: a cast alone reads the text right. Casts also take ``1_000``, ``inf`` and ``nan``."""
    is_read = f"isfinite(try_cast({text} as double))"
    return f"({is_read} and not contains({text}, '_') and not contains({text}, 'E'))"


def _columns_with_odd(connection: duckdb.DuckDBPyConnection, columns: list[Column]) -> list[str]:
    if not columns:
        return []
    found = connection.execute(
        "select "
        + ", ".join(
            f'bool_or("{c.name}" is not null and {_is_plain(_q(c.name))} is not true)'
            for c in columns
        )
        + " from raw_rows"
    ).fetchall()[0]
    return [column.name for column, has_odd in zip(columns, found, strict=True) if has_odd]


def _q(name: str) -> str:
    return f'"{name}"'


def _odd_texts(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    return [
        row[0]
        for row in connection.execute(
            f'select distinct "{name}" from raw_rows where "{name}" is not null '
            f"and {_is_plain(_q(name))} is not true "
            f"and not regexp_full_match(\"{name}\", '{FRENCH_DECIMAL}')"
        ).fetchall()
    ]


def _comma_role(connection: duckdb.DuckDBPyConnection, name: str, texts: list[str]) -> Comma | None:
    has_french, has_dot = connection.execute(
        f"select bool_or(regexp_full_match(\"{name}\", '{FRENCH_DECIMAL}')), "
        f"bool_or(regexp_full_match(\"{name}\", '{DOT_DECIMAL}')) from raw_rows"
    ).fetchall()[0]
    evidence = [*texts, *(["1,5"] if has_french else []), *(["1.5"] if has_dot else [])]
    return comma_role(evidence)


def _map_odd(
    connection: duckdb.DuckDBPyConnection, name: str, texts: list[str], comma: Comma
) -> None:
    readings = [read_number(text, comma) for text in texts]
    _create(
        connection,
        f"map_{name}",
        {
            "text": pa.array(texts, pa.string()),
            "value": pa.array([found.value for found in readings], pa.float64()),
            "problem": pa.array([found.problem for found in readings], pa.string()),
            "is_percent": pa.array([found.is_percent for found in readings], pa.bool_()),
            "is_ambiguous": pa.array([found.is_ambiguous for found in readings], pa.bool_()),
        },
    )


def _parsed(column: Column, is_mapped: bool, odd: set[str]) -> str:
    name = column.name
    if not is_mapped:
        kind = "double" if column.type in NUMBER_TYPES else SQL_TYPES[column.type]
        return f'cast(null as {kind}) as "{name}", false as "{name}__percent"'
    if column.type == "text":
        return f'nullif(trim(r."{name}"), \'\') as "{name}", false as "{name}__percent"'
    if column.type not in NUMBER_TYPES:
        return f'"map_{name}".value as "{name}", false as "{name}__percent"'
    text = f'r."{name}"'
    if name not in odd:
        return f'try_cast({text} as double) as "{name}", false as "{name}__percent"'
    return (
        f"case when {_is_plain(text)} then try_cast({text} as double) "
        f"when regexp_full_match({text}, '{FRENCH_DECIMAL}') "
        f"then try_cast(replace({text}, ',', '.') as double) "
        f'else "map_{name}".value end as "{name}", '
        f'coalesce("map_{name}".is_percent, false) as "{name}__percent"'
    )


def _scaled(column: Column) -> str:
    """A rate typed in per cent is kept as a proportion; two flags say how it was written."""
    name = column.name
    if column.total_stands_for is not None:
        return (
            f"case when cast(\"{name}\" as varchar) = '{TOTAL}' "
            f"then cast({column.total_stands_for} as varchar) "
            f'else cast("{name}" as varchar) end as "{name}"'
        )
    if column.default is not None:
        # Before the checks: a key told by an empty cell is a key like any other.
        kind = "double" if column.type in NUMBER_TYPES else SQL_TYPES[column.type]
        value = f'coalesce(cast("{name}" as {kind}), {column.default}) as "{name}"'
        is_number = column.type in NUMBER_TYPES
        return f'{value}, "{name}__percent" as "{name}__wrong_sign"' if is_number else value
    if column.type not in NUMBER_TYPES:
        return f'"{name}"'
    if column.percent_sign != "proportion":
        wrong = f'"{name}__percent"' if column.percent_sign == "refused" else "false"
        return f'"{name}", {wrong} as "{name}__wrong_sign"'
    no_sign = (
        f'not "{name}__percent" and coalesce(indicator_is_proportion, false) '
        f'and "{name}" > {HIGHEST_OBJECTIVE_AS_PROPORTION} and "{name}" <= 100'
    )
    return (
        f'case when "{name}__percent" or ({no_sign}) then "{name}" / 100 else "{name}" end '
        f'as "{name}", ({no_sign}) as "{name}__no_sign", '
        f'"{name}__percent" and not coalesce(indicator_is_proportion, false) '
        f'as "{name}__wrong_sign"'
    )


def _distinct(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    return [
        row[0]
        for row in connection.execute(
            f'select distinct "{name}" from raw_rows where "{name}" is not null'
        ).fetchall()
    ]


def _create(connection: duckdb.DuckDBPyConnection, name: str, columns: dict[str, Any]) -> None:
    connection.register("to_create", pa.table(columns))
    connection.execute(f'create temp table "{name}" as select * from to_create')
    connection.unregister("to_create")
