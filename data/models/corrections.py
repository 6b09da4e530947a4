"""The rows of accepted corrections: one Parquet file each in the lake, one table of a build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from data.store.corrections import CONTRACT, Correction
from data.store.registry import Extract

COLUMNS = {
    "correction_id": "integer",
    "caisse_code": "varchar",
    "indicator_code": "varchar",
    "month": "date",
    "column_name": "varchar",
    "old_value": "double",
    "sent_value": "double",
    "new_value": "double",
    "motive": "varchar",
    "source": "varchar",
    "proposed_by": "varchar",
    "proposed_at": "varchar",
    "was_hidden": "boolean",
}


def write_correction(correction: Correction, target: Path) -> None:
    """Write what a build needs of a correction to ``target``, a file that does not exist yet."""
    path = str(target).replace("'", "''")
    connection = duckdb.connect(":memory:")
    try:
        _create_empty(connection, "correction")
        values = [getattr(correction, name) for name in COLUMNS]
        marks = ", ".join("?" for _ in COLUMNS)
        connection.execute(f"insert into correction values ({marks})", values)
        connection.execute(f"copy correction to '{path}' (format parquet)")
    finally:
        connection.close()


def provide_corrections(
    connection: duckdb.DuckDBPyConnection,
    extracts: Sequence[Extract],
    rows_of: Mapping[str, Path],
) -> None:
    """The table ``raw_cpg_corrections``: the corrections among ``extracts``."""
    _create_empty(connection, "raw_cpg_corrections", "extract_id varchar")
    names = ", ".join(COLUMNS)
    for extract in extracts:
        if extract.contract == CONTRACT:
            connection.execute(
                f"insert into raw_cpg_corrections select {names}, $extract_id "
                "from read_parquet($path)",
                {"extract_id": extract.extract_id, "path": str(rows_of[extract.extract_id])},
            )


def _create_empty(connection: duckdb.DuckDBPyConnection, name: str, *more: str) -> None:
    columns = ", ".join((*(f"{column} {kind}" for column, kind in COLUMNS.items()), *more))
    connection.execute(f"create table {name} ({columns})")
