"""A checked file given back, and the models to fill in."""

import io
import json

import openpyxl
import pytest

from data.contracts.model import contracts
from data.ingestion.context import context_of
from data.ingestion.validate import validate
from exports.checked_workbook import MOST_LINES, checked_workbook
from exports.contract_template import schema_json, template_workbook

HEADINGS = "Caisse;Indicateur;Mois;Réalisé;Numérateur;Dénominateur;Objectif annuel;Statut"
LINE = "CPAM-43;prado_maternite_adhesions;2017-{:02d};{};;;120;définitif"


def report(path, tmp_path):
    found = validate(path, path.name, None, tmp_path / "rows.parquet")
    return {
        "sheet": found.sheet,
        "header_row": found.header_row,
        "errors": [finding.as_dict() for finding in found.errors],
        "warnings": [finding.as_dict() for finding in found.warnings],
        "context": None,
    }


def given_back(path, tmp_path):
    return openpyxl.load_workbook(io.BytesIO(checked_workbook(path, report(path, tmp_path))))


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "mauvais.csv"
    lines = ["Envoi;;;;;;;", HEADINGS, LINE.format(1, 10), LINE.format(2, "=1+1")]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_bad_cell_is_coloured_and_commented_where_it_stood(bad, tmp_path):
    sheet = given_back(bad, tmp_path)["Données"]
    cell = sheet["D4"]
    assert cell.fill.start_color.rgb.endswith("FFD0B8")
    assert "n’est pas un nombre" in cell.comment.text
    assert sheet["D3"].value == 10
    assert sheet["D3"].comment is None


def test_what_begins_as_a_formula_is_text(bad, tmp_path):
    book = given_back(bad, tmp_path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert book["Données"]["D4"].value == "=1+1"
    assert book["Données"]["D4"].quotePrefix


def test_what_only_tells_how_the_file_was_read_is_not_coloured_as_a_warning(tmp_path):
    path = tmp_path / "note.csv"
    lines = [HEADINGS, LINE.format(1, 10), LINE.format(2, "x"), "(1) Données provisoires;;;;;;;"]
    path.write_text("\n".join(lines), encoding="utf-8")
    book = given_back(path, tmp_path)
    note = book["Données"]["A4"]
    assert "note sous le tableau" in note.comment.text
    assert note.fill.fill_type is None
    assert book["Données"]["D3"].fill.fill_type == "solid"
    assert [row[0].value for row in book["Constats"].iter_rows(min_row=2)] == [
        "À corriger",
        "À savoir",
    ]


def test_a_finding_stands_on_its_cell_under_merged_headings(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Caisse", "Indicateur", "Mois", "Taux", None, "Objectif annuel"],
        [None, None, None, "numérateur", "dénominateur", None],
        ["CPAM-43", "generiques_penetration", "2016-03", 80, "cent", 0.85],
    ):
        book.active.append(row)
    book.active.merge_cells("D1:E1")
    path = tmp_path / "fusion.xlsx"
    book.save(path)
    found = validate(path, path.name, None, tmp_path / "rows.parquet")
    context = context_of(path, found.sheet, found.header_row, found.errors, found.mapping.values())
    told = {
        **report(path, tmp_path),
        "context": {"headings": context.headings, "lines": context.lines},
    }
    sheet = openpyxl.load_workbook(io.BytesIO(checked_workbook(path, told)))["Données"]
    commented = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment]
    assert commented == ["D3", "E3"]
    assert "« cent » n’est pas un nombre" in sheet["E3"].comment.text


def test_every_finding_is_listed(bad, tmp_path):
    listed = given_back(bad, tmp_path)["Constats"]
    rows = list(listed.iter_rows(values_only=True))
    assert rows[0][0] == "Gravité"
    assert any(row[0] == "À corriger" and row[2] == 4 and row[3] == "Réalisé" for row in rows)


def test_a_long_file_is_cut_to_the_lines_that_matter(tmp_path):
    path = tmp_path / "long.csv"
    lines = [HEADINGS, *(LINE.format(1, 10) for _ in range(MOST_LINES + 10)), LINE.format(2, "x")]
    path.write_text("\n".join(lines), encoding="utf-8")
    (error, *_) = [one for one in report(path, tmp_path)["errors"] if one["value"] == "x"]
    told = {"sheet": None, "header_row": 1, "errors": [error], "warnings": [], "context": None}
    sheet = openpyxl.load_workbook(io.BytesIO(checked_workbook(path, told)))["Données"]
    assert "seules celles à revoir" in sheet["A1"].value
    assert [cell.value for cell in sheet["D"] if cell.value] == ["Réalisé", "x"]


def test_a_file_that_does_not_read_still_has_its_findings(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n")
    book = given_back(path, tmp_path)
    assert "ne se lit pas" in book["Données"]["A1"].value
    assert "image PNG" in book["Constats"]["F2"].value


@pytest.mark.parametrize("contract", contracts())
def test_a_model_is_recognised_and_accepted_as_it_is(contract, tmp_path):
    path = tmp_path / "modele.xlsx"
    path.write_bytes(template_workbook(contract))
    found = validate(path, path.name, None, tmp_path / "rows.parquet")
    assert (found.contract, found.errors) == (contract, ())


def test_a_model_offers_lists_and_explains_its_columns_and_rules():
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("cpg")))
    kinds = {rule.type for rule in book["Données"].data_validations.dataValidation}
    assert {"list", "decimal"} <= kinds
    assert book["Données"]["A1"].comment is not None
    told = [cell.value for cell in book["Mode d’emploi"]["A"]]
    assert "cpg.duplicate_key" in told
    codes = [cell.value for cell in book["Listes"]["A"]]
    assert "CPAM-43" in codes


@pytest.mark.parametrize("contract", contracts())
def test_a_schema_names_every_column_and_the_key(contract):
    schema = json.loads(schema_json(contract))
    declared = contracts()[contract]
    assert [field["name"] for field in schema["fields"]] == [c.name for c in declared.columns]
    assert schema["primaryKey"] == list(declared.key)
