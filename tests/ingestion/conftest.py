"""Small extracts written and validated in a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from data.ingestion.validate import Validation, validate

# A busy machine is no failure: examples have no time limit.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

CPG_HEADINGS = [
    "Caisse",
    "Indicateur",
    "Mois",
    "Réalisé",
    "Numérateur",
    "Dénominateur",
    "Objectif annuel",
    "Statut",
]
CPG_ROWS = [
    ["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "31", "", "", "120", "définitif"],
    ["CPAM-43", "generiques_penetration", "2016-01", "", "80", "100", "0.85", "provisoire"],
    ["CPAM-63", "prado_chirurgie_adhesions", "2016-01", "1234", "", "", "1500", ""],
]


def cpg_text(separator: str = ";", rows: list[list[str]] | None = None) -> str:
    """A CPG extract as text."""
    lines = [CPG_HEADINGS, *(CPG_ROWS if rows is None else rows)]
    return "".join(separator.join(cells) + "\n" for cells in lines)


def rows_of(validation: Validation) -> list[tuple]:
    """The typed rows written, in the order of the file."""
    assert validation.parquet is not None, [f.sentence for f in validation.errors]
    with duckdb.connect() as connection:
        return connection.execute(
            "select * from read_parquet(?) order by source_row", [str(validation.parquet)]
        ).fetchall()


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., Validation]:
    """Validate bytes or text received under the name ``extrait.csv``."""

    def run(content: bytes | str, contract: str | None = None, **options: bool) -> Validation:
        path = tmp_path / "received"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return validate(path, "extrait.csv", contract, tmp_path / "rows.parquet", **options)

    return run
