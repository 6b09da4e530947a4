"""A received file given back with what was found in it: bad cells coloured and commented."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet

from data.ingestion.numbers import read_number
from data.ingestion.read import ReadError, Sheet, read
from data.ingestion.stages import is_information
from figures.formats import number

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LINES = 20_000
MOST_COMMENTS = 2_000
MOST_FINDINGS = 20_000
AUTHOR = "Vigie GDR"
FILLS = {
    "error": PatternFill("solid", start_color="FFD0B8"),
    "warning": PatternFill("solid", start_color="FFF2C2"),
}
WORDS = {"error": "À corriger", "warning": "À vérifier"}
TO_KNOW = "À savoir"
"""The word for what only tells how the file was read, and asks nothing."""
HEADINGS = ("Gravité", "Feuille", "Ligne", "Colonne", "Valeur", "Constat")
Lines = list[tuple[int, list[str]]]
FILE_ABSENT = "Le fichier ne se lit pas comme un tableau : voyez les constats."


def checked_workbook(path: Path, report: Mapping[str, Any]) -> bytes:
    """XLSX of the sheet that was read, as text and numbers, with a sheet of what was found.

    Args:
        path: the bytes as received; read again, never run.
        report: the file's part of a draft's report: ``sheet, header_row, errors, warnings,
            context``.

    A long file is cut to the lines that findings speak of, which the first line says.
    """
    findings = [*report["errors"], *report["warnings"]]
    book = Workbook()
    listed = book.active
    assert isinstance(listed, Worksheet)
    listed.title = "Constats"
    _list_findings(listed, findings)
    data = book.create_sheet("Données", 0)
    book.active = 0
    try:
        sheet = _sheet(path, report["sheet"])
    except ReadError:
        data.append([FILE_ABSENT])
    else:
        lines, count = _lines_of(sheet, report["context"])
        headings = (report["context"] or {}).get("headings") or []
        _copy(data, lines, count, report["header_row"], findings, headings)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _sheet(path: Path, name: str | None) -> Sheet:
    sheets = read(path).sheets
    return next((sheet for sheet in sheets if sheet.name == name), sheets[0])


def _lines_of(sheet: Sheet, context: Mapping[str, Any] | None) -> tuple[Lines, int]:
    """The lines to copy and how many the file has: those around findings where it is large."""
    if sheet.big is None:
        return sheet.rows, len(sheet.rows)
    kept = {int(line): cells for line, cells in ((context or {}).get("lines") or {}).items()}
    head = {line: cells for line, cells in sheet.rows if line == (context or {}).get("header_row")}
    return sorted((kept | head).items()), sheet.big.line_count


def _copy(
    target: Worksheet,
    lines: Lines,
    count: int,
    header_row: int | None,
    findings: Sequence[Mapping[str, Any]],
    headings: Sequence[str],
) -> None:
    """The lines of the sheet where they stood, or those that matter where it is long."""
    offset = 0
    places: dict[int, int] = {}
    if count > MOST_LINES:
        wanted = {header_row, *(found["row"] for found in findings)}
        lines = [pair for pair in lines if pair[0] in wanted][:MOST_LINES]
        told = f"Fichier de {number(count)} lignes : seules celles à revoir sont reprises ici."
        target.cell(1, 1, told).font = Font(bold=True)
        offset = 2
        places = {line: offset + index for index, (line, _) in enumerate(lines)}
    for line, cells in lines:
        row = places.get(line, line)
        for column, text in enumerate(cells, start=1):
            if text:
                write_safely(target.cell(row, column), text)
    if not headings:
        headings = next((cells for line, cells in lines if line == header_row), [])
    if header_row is not None:
        for cell in target[places.get(header_row, header_row)]:
            cell.font = Font(bold=True)
    _mark(target, headings, findings, places)


def _mark(
    target: Worksheet,
    headings: Sequence[str],
    findings: Sequence[Mapping[str, Any]],
    places: Mapping[int, int],
) -> None:
    columns = {" ".join(text.split()): at for at, text in reversed(list(enumerate(headings, 1)))}
    comments: dict[tuple[int, int], list[str]] = {}
    # Errors are written last: a cell that has both is marked by the graver.
    for found in reversed(findings):
        if found["row"] is None:
            continue
        row = places.get(found["row"], found["row"])
        named = " ".join((found["column"] or "").split())
        column = columns.get(named) if named else None
        marked = [column] if column else range(1, max(len(headings), 1) + 1)
        for at in () if is_information(found["rule"]) else marked:
            target.cell(row, at).fill = FILLS[found["severity"]]
        comments.setdefault((row, column or 1), []).insert(0, _remark(found["sentence"]))
    for (row, column), said in list(comments.items())[:MOST_COMMENTS]:
        comment = Comment("\n".join(said)[:1500], AUTHOR)
        comment.width, comment.height = 360, 120
        target.cell(row, column).comment = comment


def _remark(sentence: str) -> str:
    """The sentence without the words that lead to the cell, which it stands on."""
    return sentence.partition(" : ")[2] or sentence


def _list_findings(target: Worksheet, findings: Sequence[Mapping[str, Any]]) -> None:
    target.append(HEADINGS)
    for cell in target[1]:
        cell.font = Font(bold=True)
    for row, found in enumerate(findings[:MOST_FINDINGS], start=2):
        values = (
            TO_KNOW if is_information(found["rule"]) else WORDS[found["severity"]],
            found["sheet"],
            found["row"],
            found["column"],
            found["value"],
            found["sentence"],
        )
        for column, value in enumerate(values, start=1):
            if isinstance(value, int):
                target.cell(row, column, value)
            elif value:
                write_safely(target.cell(row, column), str(value), is_number_read=False)
    if len(findings) > MOST_FINDINGS:
        target.append([f"… et {number(len(findings) - MOST_FINDINGS)} autres."])
    for letter, width in zip("ABCDEF", (12, 16, 8, 24, 20, 110), strict=True):
        target.column_dimensions[letter].width = min(width, 110)
    target.freeze_panes = "A2"


def write_safely(cell: Any, text: str, is_number_read: bool = True) -> None:
    """Write a text that came from outside: a number as a number, nothing ever as a formula."""
    assert isinstance(cell, Cell)
    value = read_number(text).value if is_number_read and _is_plain_number(text) else None
    if value is not None:
        cell.value = int(value) if value.is_integer() else value
        return
    try:
        cell.value = text
    except IllegalCharacterError:
        cell.value = "".join(letter for letter in text if letter.isprintable())
    if cell.data_type == "f":
        cell.data_type = "s"
    if text[:1] in "=+-@":
        cell.quotePrefix = True


def _is_plain_number(text: str) -> bool:
    """Whether the digits alone are the value: a code that begins with a zero is none."""
    digits = text.removeprefix("-").replace(",", ".", 1)
    is_code = len(digits) > 1 and digits[0] == "0" and digits[1] != "."
    return digits.replace(".", "", 1).isdigit() and digits.isascii() and not is_code
