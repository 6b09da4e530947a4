"""Tables that take long to work out, kept from one build to the next.

Most publications bring months of one contract: what follows from the others alone is the same as
in the build before. A kept table is named by all that it follows from, so that it can't be stale.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.store.files import move_into_place

KEPT = 6
"""Versions kept of a table: a few dry runs, and what a rollback comes back to."""


@dataclass(frozen=True)
class Workings:
    """Where such tables are kept; without a folder each is worked out anew."""

    folder: Path | None = None

    def fill(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        follows_from: str,
        work_out: Callable[[], None],
    ) -> None:
        """Make ``table`` in the connection: as it was kept, else by ``work_out``, then keep it.

        Args:
            connection: where the table is made; it does not exist yet.
            table: its name.
            follows_from: names everything that its rows depend on.
            work_out: makes the table in the connection.
        """
        if self.folder is None:
            work_out()
            return
        kept = self.folder / f"{table}-{follows_from}.parquet"
        if kept.exists() and _read(connection, table, kept):
            # Gone where another build has just swept it: it has been read.
            with suppress(FileNotFoundError):
                os.utime(kept)
            return
        work_out()
        fresh = self.folder / f"{table}-{follows_from}.{os.getpid()}"
        self.folder.mkdir(parents=True, exist_ok=True)
        connection.execute(f"copy \"{table}\" to '{_quoted(fresh)}' (format parquet)")
        move_into_place(fresh, kept)
        self._sweep(table)

    def _sweep(self, table: str) -> None:
        """Leave the versions of a table that were used last, and nothing half written."""
        assert self.folder is not None
        versions = {}
        for path in self.folder.glob(f"{table}-*"):
            with suppress(FileNotFoundError):
                versions[path] = path.stat().st_mtime_ns
        for path in sorted(versions, key=lambda one: -versions[one])[KEPT:]:
            path.unlink(missing_ok=True)


def _read(connection: duckdb.DuckDBPyConnection, table: str, kept: Path) -> bool:
    """Make the table from the file; False where the file can't be read."""
    try:
        connection.execute(
            f"create table \"{table}\" as select * from read_parquet('{_quoted(kept)}')"
        )
    except (duckdb.IOException, duckdb.InvalidInputException):
        return False
    return True


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
