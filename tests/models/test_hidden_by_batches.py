"""What is hidden does not depend on how many years are looked at together."""

import duckdb
import pytest

from data.ingestion.publish import Request, publish
from data.models import build
from data.store.home import Home
from tests.store.extracts import write_extract

CELLS = [
    (caisse, f"{year}-{month:02d}", 3 if caisse == "CPAM-01" else 40)
    for year in (2015, 2016, 2017)
    for month in (1, 2, 3)
    for caisse in ("CPAM-01", "CPAM-03", "CPAM-07")
]


def hidden(home):
    with duckdb.connect(str(home.build_path(home.current_build_id())), read_only=True) as marts:
        return marts.execute(
            "select year, month, level, territory_code, indicator_code, is_hidden "
            "from cpg_monthly order by all"
        ).fetchall()


@pytest.mark.parametrize("cells_at_once", [1, 40])
def test_the_same_cells_are_hidden_in_batches(cells_at_once, tmp_path, monkeypatch):
    found = []
    for name in ("together", "apart"):
        home = Home(tmp_path / name)
        publish([write_extract(tmp_path / "a.csv", CELLS)], home, Request(person="analyste"))
        found.append(hidden(home))
        monkeypatch.setattr(build, "CELLS_AT_ONCE", cells_at_once)
    assert found[0] == found[1]
    assert any(row[-1] for row in found[0])
