import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from data.ingestion.read import ReadError, read
from tests.ingestion.conftest import CPG_HEADINGS, CPG_ROWS, cpg_text, rows_of

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
TYPED_ROWS = [
    ["CPAM-43", "prado_chirurgie_adhesions", date(2016, 1, 1), 31, None, None, 120, "définitif"],
    ["CPAM-43", "generiques_penetration", date(2016, 1, 1), None, 80, 100, 0.85, "provisoire"],
    ["CPAM-63", "prado_chirurgie_adhesions", date(2016, 1, 1), 1234, None, None, 1500, None],
]


@pytest.fixture
def reference_rows(check):
    return rows_of(check(cpg_text()))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encodings_and_separators_give_the_same_rows(check, reference_rows, encoding, separator):
    found = check(cpg_text(separator).encode(encoding))
    assert rows_of(found) == reference_rows
    assert found.warnings == ()


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends(check, reference_rows, end):
    assert rows_of(check(cpg_text().replace("\n", end))) == reference_rows


def test_two_encodings_in_one_file_are_read_and_told(check, reference_rows):
    first, rest = cpg_text().split("\n", 1)
    found = check(first.encode("cp1252") + b"\n" + rest.encode("utf-8"))
    assert rows_of(found) == reference_rows
    assert [finding.rule for finding in found.warnings] == ["cpg.reading"]


def test_preamble_blank_lines_quoted_breaks_and_footer_keep_line_numbers(check):
    lines = cpg_text().splitlines()
    text = "\n".join(
        [
            "Région Auvergne-Rhône-Alpes;;",
            "",
            lines[0].replace("Objectif annuel", '"Objectif\nannuel"'),
            lines[1],
            "",
            ";;;;;;;",
            lines[2],
            "Source : OMV, extraction de mars",
        ]
    )
    found = check(text)
    assert found.header_row == 3
    assert [row[-1] for row in rows_of(found)] == [5, 8]
    assert [(f.rule, f.row) for f in found.warnings] == [("cpg.note_line", 9)]


def xlsx_bytes(sheets: dict[str, list[list]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls_bytes(rows: list[list]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("CPG")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(at, column, cell, *([day] if isinstance(cell, date) else []))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods_bytes(rows: list[list]) -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name="CPG")
    for row in rows:
        line = TableRow()
        for cell in row:
            line.addElement(ods_cell(cell))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    book.write(buffer)
    return buffer.getvalue()


def ods_cell(cell) -> TableCell:
    if cell is None:
        return TableCell()
    if isinstance(cell, date):
        return TableCell(valuetype="date", datevalue=cell.isoformat())
    if isinstance(cell, (int, float)):
        return TableCell(valuetype="float", value=cell)
    found = TableCell(valuetype="string")
    found.addElement(P(text=cell))
    return found


@pytest.mark.parametrize("write", [lambda rows: xlsx_bytes({"CPG": rows}), xls_bytes, ods_bytes])
def test_workbooks_give_the_rows_of_the_csv(check, reference_rows, write):
    found = check(write([["Résultats du CPG"], [], CPG_HEADINGS, *TYPED_ROWS]))
    assert found.sheet == "CPG"
    assert found.header_row == 3
    assert [row[:-2] for row in rows_of(found)] == [row[:-2] for row in reference_rows]
    assert [row[-2:] for row in rows_of(found)] == [("CPG", 4), ("CPG", 5), ("CPG", 6)]


def test_the_sheet_that_matches_is_read_and_its_twin_is_told(check):
    good = [CPG_HEADINGS, *TYPED_ROWS]
    found = check(xlsx_bytes({"Lisez-moi": [["Bonjour"]], "Janvier": good, "Février": good}))
    assert found.sheet == "Janvier"
    assert [f.rule for f in found.warnings] == ["cpg.twin_sheet"]
    assert "« Février »" in found.warnings[0].sentence


def test_merged_headings_over_two_rows(check):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Caisse", "Indicateur", "Mois", "Valeur", None, "Objectif annuel"])
    sheet.append([None, None, None, "numérateur", "dénominateur", None])
    sheet.append(["CPAM-43", "generiques_penetration", datetime(2016, 3, 1), 80, 100, "85 %"])
    sheet.merge_cells("D1:E1")
    buffer = io.BytesIO()
    book.save(buffer)
    found = check(buffer.getvalue(), "cpg")
    assert found.mapping["numerator"] == "Valeur numérateur"
    assert found.mapping["denominator"] == "Valeur dénominateur"


def test_cells_in_error_of_a_workbook_are_refused_not_read_as_blank(check):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(CPG_HEADINGS)
    sheet.append(["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "#REF!"])
    sheet["D2"].data_type = "e"
    buffer = io.BytesIO()
    book.save(buffer)
    found = check(buffer.getvalue())
    assert [(f.rule, f.row, f.value) for f in found.errors] == [
        ("cpg.unreadable_number", 2, "#REF!")
    ]


def zip_bytes(name: str, content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


WORKBOOK = xlsx_bytes({"CPG": [CPG_HEADINGS, *CPG_ROWS]})


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "vide"),
        (b" \n\n ", "aucun texte"),
        (b"%PDF-1.4", "PDF"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\xef\xbb\xbf\r\n<HTML><body><table></table></body></HTML>", "page web"),
        (b'<?xml version="1.0"?><Workbook/>', "document XML"),
        (bytes(range(256)) * 20, "ni du texte"),
        (WORKBOOK[: len(WORKBOOK) // 2], "tronqué"),
        (b"PK\x03\x04" + b"\x00" * 50, "tronqué"),
        (zip_bytes("photo.jpg"), "archive zip"),
        (zip_bytes("xl/workbook.xml"), "tronqué"),
        (zip_bytes("META-INF/manifest.xml", b"<manifest:encryption-data/>"), "mot de passe"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "mot de passe",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "classeur Excel"),
        (xls_bytes([CPG_HEADINGS])[:1500], "classeur"),
    ],
)
def test_files_that_are_no_table_are_told_in_one_sentence(check, tmp_path, content, word):
    found = check(content)
    assert [f.rule for f in found.errors] == ["extract.unreadable_file"]
    assert word in found.errors[0].sentence
    with pytest.raises(ReadError, match=word):
        read(tmp_path / "received")


STARTS = [b"", b"PK\x03\x04", b"\xff\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b'";\n']


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(STARTS))
def test_garbage_never_raises(check, content, start):
    found = check(start + content)
    assert found.errors
    assert found.parquet is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_workbooks_never_raise(check, data):
    damaged = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    found = check(bytes(damaged))
    assert found.reason


def test_a_quote_never_closed_is_refused_and_its_line_named(check):
    first, *rest = cpg_text().splitlines(keepends=True)
    for at in range(len(rest)):
        quoted = [*rest[:at], f'"{rest[at]}', *rest[at + 1 :]]
        for big in (False, True):
            (error,) = check(first + "".join(quoted), use_big_path=big).errors
            assert error.rule == "extract.unreadable_file"
            assert f"guillemet ouvert à la ligne {at + 2} " in error.sentence


def test_a_quote_never_closed_is_named_by_the_line_of_its_own_cell(check):
    first, second, *rest = cpg_text().splitlines(keepends=True)
    broken = second.replace("prado_chirurgie_adhesions;2016-01", '"prado\nx";"2016-01')
    (error,) = check(first + broken + "".join(rest)).errors
    assert "guillemet ouvert à la ligne 3 " in error.sentence


@pytest.mark.parametrize(
    "last",
    ["CPAM-07", "CPAM-07;;;;;;;", '"CPAM-07;prado_adhesions;2016-01;3"', "CPAM du Puy-de-Dôme"],
)
def test_a_row_cut_after_its_caisse_is_no_note(check, last):
    found = check(cpg_text() + last)
    assert [(f.rule, f.row) for f in found.errors] == [("cpg.cut_row", 5)]
    assert "ligne 5 : ligne coupée" in found.errors[0].sentence
    assert found.rejected_rows == 1


@pytest.mark.parametrize("cells", [1, 2, 3, 4, 5, 6, 7, 8])
def test_a_row_cut_before_its_value_is_refused(check, cells):
    row = CPG_ROWS[0]
    found = check(cpg_text(rows=[CPG_ROWS[2], row[:cells], CPG_ROWS[1]]))
    is_cut = "cpg.cut_row" in [f.rule for f in found.errors]
    assert is_cut == (cells < 4)
    assert is_cut == (found.parquet is None)


def test_a_row_with_blank_measures_between_its_separators_still_withdraws(check):
    row = ["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "", "", ""]
    found = check(cpg_text(rows=[CPG_ROWS[2], row]))
    assert [(f.rule, f.row) for f in found.warnings] == [("cpg.short_row", 3)]


def test_a_formula_saved_without_its_value_is_refused_by_its_cell(check):
    rows = [["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "=20+21", None, None, 120]]
    found = check(xlsx_bytes({"Envoi": [["Lisez-moi"], CPG_HEADINGS, *rows]}))
    assert [(f.rule, f.sheet, f.row, f.column) for f in found.errors] == [
        ("cpg.formula_without_value", "Envoi", 3, "Réalisé")
    ]
    assert found.rejected_rows == 1


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        (b"<f>20+21</f><v>41</v>", False),
        (b'<f t="shared" si="0"/><v/>', True),
        (b"<f>20+21</f>", True),
    ],
)
def test_formulas_of_a_workbook_are_read_by_their_value(check, cell, refused):
    rows = [["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "=20+21"]]
    found = check(rewritten(xlsx_bytes({"CPG": [CPG_HEADINGS, *rows]}), b"<f>20+21</f><v />", cell))
    assert bool(found.errors) == refused
    if not refused:
        assert rows_of(found)[0][3] == 41


def test_a_formula_that_gives_an_empty_text_is_a_blank_cell(check):
    rows = [["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "=20+21", None, None, 120]]
    book = xlsx_bytes({"CPG": [CPG_HEADINGS, *rows]})
    found = check(
        rewritten(
            book,
            b'<c r="D2"><f>20+21</f><v />',
            b'<c r="D2" t="str"><f>IF(A1="","",1)</f><v></v>',
        )
    )
    assert found.errors == ()
    assert rows_of(found)[0][3] is None


def rewritten(book: bytes, former: bytes, new: bytes) -> bytes:
    """The workbook with a piece of its first sheet's XML replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                assert former in content
                content = content.replace(former, new)
            target.writestr(name, content)
    return buffer.getvalue()
