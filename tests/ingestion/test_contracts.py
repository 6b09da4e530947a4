from pathlib import Path

import duckdb
import pytest
import yaml
from pydantic import ValidationError

from data.contracts import document
from data.contracts.model import Contract, contracts
from data.ingestion.recognise import forms
from data.ingestion.validate import validate

PAGE = Path(__file__).parents[2] / "docs" / "contracts.md"
FOLDER = Path(document.__file__).parent


def test_documentation_is_written_from_the_contracts():
    assert PAGE.read_text(encoding="utf-8") == document.as_markdown()


@pytest.mark.parametrize("name", list(contracts()))
def test_what_a_contract_tells_its_readers_has_typographic_apostrophes(name):
    contract = contracts()[name]
    told = [contract.title, contract.description, contract.grain]
    for check in contract.checks:
        told += [check.sentence, check.sentence_same or ""]
    for column in contract.columns:
        told += [column.title, column.description, column.unit or ""]
    assert [sentence for sentence in told if "'" in sentence] == []


@pytest.mark.parametrize("name", list(contracts()))
def test_no_heading_is_claimed_by_two_columns_of_a_contract(name):
    claimed: dict[str, str] = {}
    for column in contracts()[name].columns:
        for heading in (column.title, column.name, *column.headings):
            form = forms(heading)[0]
            assert claimed.setdefault(form, column.name) == column.name


@pytest.mark.parametrize("name", list(contracts()))
def test_template_rows_pass_their_own_contract(name, tmp_path):
    contract = contracts()[name]
    assert len(contract.template_rows) >= 2, "a model shows two examples"
    path = tmp_path / "template"
    lines = [";".join(column.title for column in contract.columns)]
    lines += [
        ";".join(row.get(column.name, "") for column in contract.columns)
        for row in contract.template_rows
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = validate(path, "modele.csv", None, tmp_path / "rows.parquet")
    assert (found.contract, found.errors, found.warnings) == (name, (), ())
    with duckdb.connect() as connection:
        columns = connection.execute(
            "select * from read_parquet(?)", [str(found.parquet)]
        ).description
    expected = [*(c.name for c in contract.columns), "source_sheet", "source_row"]
    assert [column[0] for column in columns] == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ["unknown"]},
        {"any_of": ["unknown"]},
        {"checks": [{"id": "cpg.x", "severity": "error", "columns": ["month"], "sentence": "x"}]},
        {
            "checks": [
                {
                    "id": "other.x",
                    "severity": "error",
                    "columns": ["month"],
                    "sentence": "x",
                    "breach": "true",
                }
            ]
        },
        {"surplus": 1},
    ],
)
def test_a_wrong_declaration_is_refused(wrong):
    declared = yaml.safe_load((FOLDER / "cpg.yaml").read_text(encoding="utf-8"))
    with pytest.raises(ValidationError):
        Contract.model_validate(declared | wrong)
