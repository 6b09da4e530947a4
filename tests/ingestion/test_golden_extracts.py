import csv
from collections import Counter
from pathlib import Path

import pytest

from data.contracts.model import contracts
from data.ingestion.validate import validate

GOLDEN = Path(__file__).parents[1] / "golden" / "extracts"
FILES = sorted(path.name for path in GOLDEN.glob("*.csv") if path.name != "expected.csv")


def expected() -> list[tuple[str, str, str, str, str]]:
    with (GOLDEN / "expected.csv").open(encoding="utf-8", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)][1:]


@pytest.mark.parametrize("name", FILES)
def test_bad_file_is_told_by_rule_row_and_column(name, tmp_path):
    found = validate(GOLDEN / name, name, None, tmp_path / "rows.parquet")
    findings = [*found.errors, *found.warnings]
    told = [
        (name, f.rule, f.severity, str(f.row) if f.row else "", f.column or "") for f in findings
    ]
    assert Counter(told) == Counter(row for row in expected() if row[0] == name)
    assert Path(name).stem in found.totals
    assert (found.parquet is None) == bool(found.errors)
    for finding in findings:
        assert finding.sentence.startswith(name)
        assert finding.row is None or f"ligne {finding.row}" in finding.sentence
        assert finding.column is None or f"« {finding.column} »" in finding.sentence


def test_every_declared_check_has_its_bad_file():
    declared = {check.id for contract in contracts().values() for check in contract.checks}
    assert declared <= {Path(name).stem for name in FILES}


def test_published_figures_pass_their_contracts(tmp_path):
    folder = Path(__file__).parents[2] / "data" / "reference" / "igas_2017"
    counts = {}
    for path in sorted(folder.glob("*.csv")):
        found = validate(path, path.name, None, tmp_path / "rows.parquet")
        assert found.errors == ()
        counts[found.contract] = counts.get(found.contract, 0) + found.row_count
    assert counts["cog"] == 99
    assert counts["engagements"] == 170
    assert counts["interessement"] == 44
    assert counts["cpg_published"] >= 80
