"""Copies the shared reference tables beside the code, checked and in one form.

Run from the root of the project: ``python -m data.reference.make_territories``.
The source folder is ``$VIGIE_SHARED/reference`` (default ``../shared``).
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROW_COUNTS = {"departements": 101, "caisses": 107, "drsm": 20}


def shared_folder() -> Path:
    """The folder that holds the shared material: ``$VIGIE_SHARED``, else ``../shared``."""
    return Path(os.environ.get("VIGIE_SHARED", "../shared"))


def read_rows(path: Path) -> list[list[str]]:
    """Lines of a comma-separated UTF-8 file, cells stripped, the heading line included."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[cell.strip() for cell in line] for line in csv.reader(file) if any(line)]


def copy_table(name: str, source: Path, target: Path) -> int:
    """Writes one table with Unix line ends; the number of rows written.

    Raises:
        ValueError: the table has not the number of rows expected, or a key twice.
    """
    heading, *rows = read_rows(source / f"{name}.csv")
    if len(rows) != ROW_COUNTS[name] or len({row[0] for row in rows}) != len(rows):
        raise ValueError(f"{name}.csv: {len(rows)} rows, {ROW_COUNTS[name]} distinct keys expected")
    with (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *rows])
    return len(rows)


def main() -> None:
    """Copies the three tables and says how many rows each holds."""
    for name in ROW_COUNTS:
        count = copy_table(name, shared_folder() / "reference", HERE)
        sys.stdout.write(f"{name}.csv: {count} rows\n")


if __name__ == "__main__":
    main()
