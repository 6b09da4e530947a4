"""Bytes of a received file → tables of text that keep the line numbers a person sees.

The kind of file is told by its content, never by its name.
"""

from __future__ import annotations

import csv
import os
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from data.ingestion import workbook

Kind = Literal["csv", "xlsx", "xls", "ods"]
Cells = list[str]

BIG_TEXT_BYTES = 8_000_000
LARGEST_MB = 200
MOST_CELLS = 16_384
LONGEST_CELL = 32_767
LONGEST_LINE = 500_000
ENDLESS_CELL = 10_000_000
HEAD_LINES = 60
SAMPLE_BYTES = 200_000
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
# « é » in UTF-8 read as cp1252 is « Ã© », the apostrophe ’ is « â€™ »: nobody writes these pairs.
_TWICE_DECODED = re.compile("[ÂÃ][\u00a0-¿€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|â€[™œ“”˜¦]|Å[“’]")
_POWER_OF_TEN = re.compile(rb"\dE\+\d")
_END_OF_TEXT = "\x03"
# Where XLSX and ODS keep their macros, and the storage that holds those of an XLS.
_MACRO_PARTS = ("xl/vbaProject", "xl/macrosheets/", "Basic/", "Scripts/")
_VBA_STORAGE = "_VBA_PROJECT".encode("utf-16-le")
_MACROS = (
    "le classeur contient des macros : elles sont ignorées. Ses cellules sont lues comme des "
    "données, rien n’est exécuté."
)
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
    ``is_hidden``: a sheet of a workbook that whoever opens it does not see.
    """

    name: str | None
    rows: list[tuple[int, Cells]]
    big: BigText | None = None
    merged: tuple[tuple[int, int, int], ...] = ()
    uncomputed: tuple[tuple[int, int], ...] = ()
    is_hidden: bool = False

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


def size_refusal(size: int) -> str | None:
    """Why a file of so many bytes is not even read, null where it is.

    The limit is ``VIGIE_MAX_FILE_MB``, ``LARGEST_MB`` where it isn't set.
    """
    largest = float(os.environ.get("VIGIE_MAX_FILE_MB") or LARGEST_MB)
    if size <= largest * 1e6:
        return None
    told = f"{max(size / 1e6, largest + 1):.0f}"
    return (
        f"le fichier pèse {told} Mo, plus que les {largest:g} Mo admis : il n’a pas été lu. "
        "Envoyez-le en plusieurs fois (par année ou par caisse), ou faites relever la limite "
        "(VIGIE_MAX_FILE_MB)."
    )


def read(path: Path, use_big_path: bool | None = None) -> Received:
    """The sheets of the file.

    Args:
        path: the bytes as received; its name is not looked at.
        use_big_path: True or False overrides the choice by size (tests compare both ways).

    Raises:
        ReadError: empty, too large, binary, truncated, protected or of another kind.
    """
    size = path.stat().st_size
    if refusal := size_refusal(size):
        raise ReadError(refusal)
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
            is_protected = "META-INF/manifest.xml" in names and b"encryption-data" in _start(
                archive, "META-INF/manifest.xml"
            )
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, zlib.error) as error:
        raise ReadError(workbook.DAMAGED) from error
    if is_protected:
        raise ReadError(workbook.PROTECTED)
    remarks = (_MACROS,) if any(name.startswith(_MACRO_PARTS) for name in names) else ()
    if any(name.startswith("xl/") for name in names):
        return Received("xlsx", _workbook_sheets(path), remarks=remarks)
    if "content.xml" in names:
        return Received("ods", _workbook_sheets(path), remarks=remarks)
    raise ReadError(f"le contenu est une archive zip, pas un classeur. {_WHAT_TO_SEND}")


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(SAMPLE_BYTES)


def _read_ole(path: Path) -> Received:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise ReadError(workbook.PROTECTED)
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise ReadError(f"le contenu n’est pas un classeur Excel. {_WHAT_TO_SEND}")
    has_macros = _VBA_STORAGE in content
    return Received("xls", _workbook_sheets(path), remarks=(_MACROS,) if has_macros else ())


def _workbook_sheets(path: Path) -> tuple[Sheet, ...]:
    try:
        tables = workbook.sheets_of(path)
    except workbook.UnreadableWorkbookError as error:
        raise ReadError(str(error)) from error
    return tuple(
        Sheet(
            table.name,
            table.rows,
            merged=table.merged,
            uncomputed=table.uncomputed,
            is_hidden=table.is_hidden,
        )
        for table in tables
    )


# Text


def _read_text(path: Path, use_big_path: bool) -> Received:
    if use_big_path and (big := _as_big_text(path)):
        return big
    text, encoding, remarks = _decode(path.read_bytes())
    if not text.strip():
        raise ReadError(f"le fichier ne contient aucun texte. {_WHAT_TO_SEND}")
    text, mended = _mended(text)
    remarks += mended
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


def _mended(text: str) -> tuple[str, list[str]]:
    """The text with accents that were decoded twice put right, and what to say of accents."""
    remarks = []
    if _TWICE_DECODED.search(text):
        lines = text.split("\n")
        garbled = [at for at, line in enumerate(lines) if _TWICE_DECODED.search(line)]
        for at in garbled:
            lines[at] = _TWICE_DECODED.sub(_decoded_once, lines[at])
        text = "\n".join(lines)
        remarks.append(
            f"accents abîmés par un double encodage à partir de la ligne {garbled[0] + 1} "
            f"({len(garbled)} lignes) : ils ont été rétablis. Vérifiez les noms."
        )
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        remarks.append(
            f"des lettres ont été perdues avant l’envoi (�, à partir de la ligne {line}) : les "
            "noms peuvent ne pas être reconnus. Renvoyez le fichier d’origine, en UTF-8."
        )
    return text, remarks


def _decoded_once(found: re.Match[str]) -> str:
    try:
        return found.group().encode("cp1252").decode("utf-8")
    except UnicodeError:
        return found.group()


def _separator(sample: str) -> str:
    """The separator that cuts most lines into the same number of cells."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    best, best_score = ";", 0.0
    for separator in SEPARATORS:
        counts = [count for count in _cell_counts(lines, separator) if count > 1]
        if counts:
            usual = max(set(counts), key=lambda count: (counts.count(count), count))
            score = counts.count(usual) / len(lines) * (1 + min(usual, 20) / 100)
            if score > best_score + 1e-9:
                best, best_score = separator, score
    return best


def _cell_counts(lines: list[str], separator: str) -> list[int]:
    """Cells of each line; none where a cell is endless, which the reader will tell."""
    csv.field_size_limit(ENDLESS_CELL)
    try:
        return [len(cells) for cells in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        return []


def _parse_csv(text: str, separator: str) -> tuple[list[tuple[int, Cells]], int | None]:
    """Rows with the line each starts on, blank lines left out; the line of an unclosed quote."""
    csv.field_size_limit(ENDLESS_CELL)
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
                _refuse_endless(start, stripped)
                rows.append((start, stripped))
            start = reader.line_num + 1
    except csv.Error as error:
        raise ReadError(
            f"la ligne {start} ne se lit pas comme du CSV (guillemet jamais refermé ?). "
            "Corrigez-la et renvoyez le fichier."
        ) from error
    return rows, None


def _refuse_endless(line: int, cells: Cells) -> None:
    lengths = [len(cell) for cell in cells]
    if len(cells) > MOST_CELLS or sum(lengths) > LONGEST_LINE:
        raise ReadError(
            f"la ligne {line} est plus longue que ce qu’un tableur contient (plus de 16 384 "
            "cellules, ou de 500 000 caractères). Vérifiez le séparateur et les fins de ligne, et "
            "renvoyez le fichier."
        )
    if max(lengths) > LONGEST_CELL:
        raise ReadError(
            f"la ligne {line} contient une cellule de plus de 32 767 caractères, plus qu’un "
            "tableur n’en contient (guillemet jamais refermé ?). Corrigez-la et renvoyez le "
            "fichier."
        )


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
        has_powers = _POWER_OF_TEN.search(start) is not None
        while block := stream.read(1_000_000):
            line_count, last = line_count + block.count(b"\n"), block[-1:]
            has_powers = has_powers or (b"E+" in block and bool(_POWER_OF_TEN.search(block)))
    # DuckDB would read « 1.18E+03 », whose other digits are lost, as a number like any other.
    if has_powers:
        return None
    lines = start.split(b"\n")[:HEAD_LINES]
    try:
        head = b"\n".join(lines).decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if _TWICE_DECODED.search(head) or "\ufffd" in head:
        return None
    separator = _separator(head)
    rows, unclosed_line = _parse_csv(head, separator)
    if unclosed_line is not None or len(rows) != len(lines):
        return None
    big = BigText(path, separator, line_count + (last != b"\n"))
    return Received("csv", (Sheet(None, rows, big=big),), "utf-8", separator)
