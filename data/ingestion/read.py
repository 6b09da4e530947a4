"""Bytes of a received file → tables of text that keep the line numbers a person sees.

The kind of file is told by its content, never by its name.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal

import python_calamine

Kind = Literal["csv", "xlsx", "xls", "ods"]
Cells = list[str]

BIG_TEXT_BYTES = 8_000_000
HEAD_LINES = 60
SAMPLE_BYTES = 200_000
UNPACKED_LIMIT_BYTES = 2_000_000_000
SEPARATORS = (";", ",", "\t", "|")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "un document PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"\x1f\x8b", "une archive gzip"),
    (b"7z\xbc\xaf", "une archive 7z"),
    (b"Rar!", "une archive RAR"),
    (b"PAR1", "un fichier Parquet"),
    (b"\x7fELF", "un programme"),
    (b"MZ", "un programme"),
    (b"SQLite format 3", "une base SQLite"),
    (b"{\\rtf", "un document RTF"),
    (b"<!DOCTYPE", "une page web"),
    (b"<html", "une page web"),
    (b"<?xml", "un document XML"),
)
_END_OF_TEXT = "\x03"
_WHAT_TO_SEND = "Envoyez un fichier CSV, XLSX, XLS ou ODS."


class ReadError(Exception):
    """The file can't be read as a table; the message is one French sentence and what to do."""


@dataclass(frozen=True)
class BigText:
    """A large, regular UTF-8 text file that DuckDB can read by itself."""

    path: Path
    separator: str
    line_count: int


@dataclass(frozen=True)
class Sheet:
    """One table of text. ``rows`` holds all of it, or its first lines only when ``big`` is set.

    ``rows``: (line in the file as a person counts it, cells). Cells are never null; a blank one is
    the empty string. ``merged``: zero-based (row, first column, last column) of merged headings.
    ``uncomputed``: (line, zero-based column) of formulas saved without their value, read as blank.
    """

    name: str | None
    rows: list[tuple[int, Cells]]
    big: BigText | None = None
    merged: tuple[tuple[int, int, int], ...] = ()
    uncomputed: tuple[tuple[int, int], ...] = ()

    def head(self) -> list[tuple[int, Cells]]:
        """The first lines, where a heading is looked for."""
        return self.rows[:HEAD_LINES]


@dataclass(frozen=True)
class Received:
    """A file read: its kind, its sheets and what had to be assumed to read it."""

    kind: Kind
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    separator: str | None = None
    remarks: tuple[str, ...] = field(default=())


def read(path: Path, use_big_path: bool | None = None) -> Received:
    """The sheets of the file.

    Args:
        path: the bytes as received; its name is not looked at.
        use_big_path: True or False overrides the choice by size (tests compare both ways).

    Raises:
        ReadError: empty, binary, truncated, protected or of another kind.
    """
    size = path.stat().st_size
    if size == 0:
        raise ReadError(f"le fichier est vide. {_WHAT_TO_SEND}")
    with path.open("rb") as stream:
        start = stream.read(4096)
    told = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for magic, what in _FOREIGN:
        if start.startswith(magic) or (magic[:1] == b"<" and told.startswith(magic.lower())):
            raise ReadError(f"le contenu est {what}, pas un tableau. {_WHAT_TO_SEND}")
    if start.startswith(b"PK"):
        return _read_zip(path)
    if start.startswith(_OLE):
        return _read_ole(path)
    return _read_text(path, size >= BIG_TEXT_BYTES if use_big_path is None else use_big_path)


# Workbooks


def _read_zip(path: Path) -> Received:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
            manifest = (
                archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            )
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        raise ReadError(
            "le classeur est tronqué ou abîmé. Enregistrez-le de nouveau et renvoyez-le."
        ) from error
    if unpacked > UNPACKED_LIMIT_BYTES:
        raise ReadError("le classeur est démesuré une fois décompressé. Envoyez-le en CSV.")
    if b"encryption-data" in manifest:
        raise ReadError("le classeur est protégé par un mot de passe. Retirez-le et renvoyez-le.")
    if any(name.startswith("xl/") for name in names):
        return Received("xlsx", _with_uncomputed(path, _workbook_sheets(path, _excel_errors(path))))
    if "content.xml" in names:
        return Received("ods", _workbook_sheets(path, {}))
    raise ReadError(f"le contenu est une archive zip, pas un classeur. {_WHAT_TO_SEND}")


def _read_ole(path: Path) -> Received:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ReadError("le classeur est protégé par un mot de passe. Retirez-le et renvoyez-le.")
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise ReadError(f"le contenu n’est pas un classeur Excel. {_WHAT_TO_SEND}")
    return Received("xls", _workbook_sheets(path, {}))


def _workbook_sheets(
    path: Path, errors: dict[str, dict[tuple[int, int], str]]
) -> tuple[Sheet, ...]:
    # Named by content: the library would otherwise go by the extension, and raw files have none.
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheets = []
        for metadata in workbook.sheets_metadata:
            if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheets.append(_worksheet(workbook, metadata.name, errors.get(metadata.name, {})))
    except python_calamine.PasswordError as error:
        raise ReadError(
            "le classeur est protégé par un mot de passe. Retirez-le et renvoyez-le."
        ) from error
    # The library is a Rust extension: a damaged workbook surfaces as its own errors, as OSError,
    # ValueError, or as a panic, which is no Exception.
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise ReadError(
            "le classeur est tronqué ou abîmé. Enregistrez-le de nouveau et renvoyez-le."
        ) from error
    if not any(sheet.rows for sheet in sheets):
        raise ReadError("le classeur ne contient aucune cellule remplie. Vérifiez le fichier.")
    return tuple(sheets)


def _worksheet(
    workbook: python_calamine.CalamineWorkbook, name: str, errors: dict[tuple[int, int], str]
) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    raw = sheet.to_python(skip_empty_area=False)
    rows = [(number, [_cell_text(cell) for cell in cells]) for number, cells in enumerate(raw, 1)]
    for (row, column), value in errors.items():
        if row < len(rows) and column < len(rows[row][1]):
            rows[row][1][column] = value
    merged = tuple(
        (first[0], first[1], last[1])
        for first, last in (sheet.merged_cell_ranges or [])
        if first[0] < HEAD_LINES and last[1] > first[1]
    )
    return Sheet(name, [(line, cells) for line, cells in rows if any(cells)], merged=merged)


def _cell_text(cell: object) -> str:
    """The cell as a person would type it: ISO dates, integers without ``.0``."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*>(?:(?!</c>).)*?<v>(#[^<]{1,20})</v>', re.S
)
_UNCOMPUTED_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*'
    rb"(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION_TAG = re.compile(rb"<Relationship\b[^>]*>")


def _excel_errors(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Cells in error (``#REF!``) by sheet and zero-based (row, column).

    The reading library gives them as blank cells, and a blank cell withdraws a figure.
    """
    return {
        name: {
            (int(row) - 1, _column_index(letters)): value.decode("ascii", "replace")
            for letters, row, value in _ERROR_CELL.findall(content)
        }
        for name, content in _sheet_contents(path)
        if b't="e"' in content
    }


def _with_uncomputed(path: Path, sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """The sheets with their formulas that no spreadsheet has computed since they were written.

    A formula whose value is the empty text (``t="str"``) was computed: it is a blank cell.
    """
    found = {
        name: tuple(
            (int(row), _column_index(letters))
            for letters, row, attributes in _UNCOMPUTED_CELL.findall(content)
            if b't="str"' not in attributes
        )
        for name, content in _sheet_contents(path)
        if b"<f" in content
    }
    return tuple(replace(sheet, uncomputed=found.get(sheet.name or "", ())) for sheet in sheets)


def _sheet_contents(path: Path) -> list[tuple[str, bytes]]:
    """Name and XML of each worksheet; none where a part can't be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [(name, archive.read(part)) for name, part in _sheet_parts(archive)]
    # A damaged part is told by the library that reads the cells, in one sentence.
    except (zipfile.BadZipFile, zipfile.zlib.error, KeyError, EOFError, OSError, RuntimeError):  # type: ignore[attr-defined]
        return []


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    def attribute(tag: bytes, name: bytes) -> str:
        match = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
        return html.unescape(match.group(1).decode("utf-8", "replace")) if match else ""

    relations = {
        attribute(tag, b"Id"): attribute(tag, b"Target")
        for tag in _RELATION_TAG.findall(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for tag in _SHEET_TAG.findall(archive.read("xl/workbook.xml")):
        target = relations.get(attribute(tag, b"r:id"), "")
        if target:
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield attribute(tag, b"name"), part


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


# Text


def _read_text(path: Path, use_big_path: bool) -> Received:
    if use_big_path and (big := _as_big_text(path)):
        return big
    text, encoding, remarks = _decode(path.read_bytes())
    if not text.strip():
        raise ReadError(f"le fichier ne contient aucun texte. {_WHAT_TO_SEND}")
    separator = _separator(text[:SAMPLE_BYTES])
    rows, unclosed_line = _parse_csv(text, separator)
    if unclosed_line is not None:
        raise ReadError(
            f"le guillemet ouvert à la ligne {unclosed_line} n’est jamais refermé : tout ce qui "
            "suit tiendrait dans une seule cellule. Fermez-le ou retirez-le, et renvoyez le "
            "fichier."
        )
    return Received("csv", (Sheet(None, rows),), encoding, separator, tuple(remarks))


def _decode(content: bytes) -> tuple[str, str, list[str]]:
    """Text, name of the encoding, remarks. Raises ReadError on binary content."""
    for mark, encoding in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding, []
            except UnicodeDecodeError as error:
                raise ReadError(
                    "le texte est tronqué ou abîmé (UTF-16). Réenregistrez-le en UTF-8."
                ) from error
    if b"\x00" in content:
        if unmarked := _unmarked_utf16(content):
            return content.decode(unmarked), unmarked, []
        raise ReadError(f"le contenu n’est ni du texte ni un classeur. {_WHAT_TO_SEND}")
    try:
        return content.decode("utf-8-sig"), "utf-8", []
    except UnicodeDecodeError:
        text, encoding, remarks = _decode_by_line(content)
    controls = sum(1 for letter in text[:20_000] if letter < " " and letter not in "\t\r\n\f")
    if controls > max(2, len(text[:20_000]) // 200):
        raise ReadError(f"le contenu n’est ni du texte ni un classeur. {_WHAT_TO_SEND}")
    return text, encoding, remarks


def _unmarked_utf16(content: bytes) -> str | None:
    sample = content[:4000]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sample[offset::2].count(0)
        if zeros > 0.6 * len(sample) / 2 and sample[1 - offset :: 2].count(0) < zeros / 10:
            try:
                content.decode(encoding)
            except UnicodeDecodeError:
                return None
            return encoding
    return None


def _decode_by_line(content: bytes) -> tuple[str, str, list[str]]:
    lines = []
    first: dict[str, int] = {}
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            text = line.decode("utf-8")
            encoding = "ascii" if line.isascii() else "utf-8"
        except UnicodeDecodeError:
            encoding = "cp1252"
            # Five bytes mean nothing in cp1252; Latin-1 gives them their control character.
            try:
                text = line.decode("cp1252")
            except UnicodeDecodeError:
                text = line.decode("latin-1")
        first.setdefault(encoding, number)
        lines.append(text)
    remarks = []
    if "utf-8" in first:
        remarks.append(
            "deux encodages dans un même fichier (UTF-8 à partir de la ligne "
            f"{first['utf-8']}, Windows-1252 à partir de la ligne {first['cp1252']}) : chaque "
            "ligne a été lue dans le sien. Vérifiez les accents."
        )
    return "\n".join(lines), "cp1252", remarks


def _separator(sample: str) -> str:
    """The separator that cuts most lines into the same number of cells."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    best, best_score = ";", 0.0
    for separator in SEPARATORS:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=separator) if len(cells) > 1]
        if counts:
            usual = max(set(counts), key=lambda count: (counts.count(count), count))
            score = counts.count(usual) / len(lines) * (1 + min(usual, 20) / 100)
            if score > best_score + 1e-9:
                best, best_score = separator, score
    return best


def _parse_csv(text: str, separator: str) -> tuple[list[tuple[int, Cells]], int | None]:
    """Rows with the line each starts on, blank lines left out; the line of an unclosed quote."""
    csv.field_size_limit(10_000_000)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows: list[tuple[int, Cells]] = []
    # The reader says nothing of a quote still open at the end: a last line of ours, told from the
    # file's by its place, then comes back inside a cell instead of alone.
    reader = csv.reader([*(line + "\n" for line in lines), _END_OF_TEXT], delimiter=separator)
    start = 1
    try:
        for cells in reader:
            if reader.line_num > len(lines):
                if cells == [_END_OF_TEXT]:
                    return rows, None
                return rows, len(lines) + 1 - cells[-1].count("\n")
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                rows.append((start, stripped))
            start = reader.line_num + 1
    except csv.Error as error:
        raise ReadError(
            f"la ligne {start} ne se lit pas comme du CSV (guillemet jamais refermé ?). "
            "Corrigez-la et renvoyez le fichier."
        ) from error
    return rows, None


def _as_big_text(path: Path) -> Received | None:
    """The file as DuckDB can read it, or None where only the patient reader is right.

    Only the head is decoded: DuckDB refuses by itself what is not UTF-8. Blank lines and quoted
    line breaks are found out when the number of rows is compared with the number of lines.
    """
    with path.open("rb") as stream:
        start = stream.read(SAMPLE_BYTES)
        if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start:
            return None
        line_count, last = start.count(b"\n"), start[-1:]
        while block := stream.read(1_000_000):
            line_count, last = line_count + block.count(b"\n"), block[-1:]
    lines = start.split(b"\n")[:HEAD_LINES]
    try:
        head = b"\n".join(lines).decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    separator = _separator(head)
    rows, unclosed_line = _parse_csv(head, separator)
    if unclosed_line is not None or len(rows) != len(lines):
        return None
    big = BigText(path, separator, line_count + (last != b"\n"))
    return Received("csv", (Sheet(None, rows, big=big),), "utf-8", separator)
