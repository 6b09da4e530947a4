"""Bytes of a workbook → its sheets as text: what a process of its own does, under limits.

The library that parses workbooks reserves what a hostile one announces, and the whole process dies
of it. So it never runs in a process that serves pages: ``sheets_of`` starts one, bounded in memory
and in time, and reads its answer. Macros and formulas are never run: cells are read by their value.
"""

from __future__ import annotations

import functools
import gc
import html
import io
import marshal
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
HEAD_LINES = 60
MEMORY_BYTES = 2_000_000_000
SECONDS_AT_LEAST = 8.0
SECONDS_A_MEGABYTE = 1.0
UNPACKED_BYTES = 1_000_000_000
INNOCENT_BYTES = 50_000_000
INNOCENT_RATIO = 250
PARTS = 10_000
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "SYSTEMROOT", "TMPDIR")

DAMAGED = "le classeur est tronqué ou abîmé. Enregistrez-le de nouveau et renvoyez-le."
PROTECTED = "le classeur est protégé par un mot de passe. Retirez-le et renvoyez-le."
NO_CELL = "le classeur ne contient aucune cellule remplie. Vérifiez le fichier."
OUTSIZE = "le classeur est démesuré une fois décompressé. Envoyez-le en CSV."
TOO_FAR = (
    "le classeur est démesuré : une cellule remplie se trouve très loin des autres (Ctrl+Fin y "
    "mène), ou il annonce bien plus de contenu qu’il n’en a. Supprimez les lignes et les colonnes "
    "vides, ou envoyez-le en CSV."
)
TOO_LONG = (
    "le classeur demande trop de temps à lire pour sa taille. Copiez le tableau seul dans un "
    "classeur neuf, ou envoyez-le en CSV."
)
ENTITIES = (
    "le classeur contient des déclarations d’entités XML, ce qu’aucun tableur n’écrit. "
    "Enregistrez-le de nouveau dans un tableur et renvoyez-le."
)


class UnreadableWorkbookError(Exception):
    """The workbook can't be read; the message is one French sentence and what to do."""


class Table(NamedTuple):
    """One sheet of text; blank lines are left out, the numbers of the others kept.

    ``rows``: (line as a person counts, cells). ``merged``: zero-based (row, first column, last
    column) of merged headings. ``uncomputed``: (line, zero-based column) of formulas saved without
    their value, read as blank. ``is_hidden``: whether a person who opens the workbook sees it not.
    """

    name: str
    rows: list[tuple[int, list[str]]]
    merged: tuple[tuple[int, int, int], ...]
    uncomputed: tuple[tuple[int, int], ...]
    is_hidden: bool = False


def sheets_of(path: Path) -> list[Table]:
    """The sheets of the workbook, read by another process.

    Raises: UnreadableWorkbookError.
    """
    seconds = SECONDS_AT_LEAST + SECONDS_A_MEGABYTE * path.stat().st_size / 1e6
    try:
        done = subprocess.run(
            [sys.executable, "-m", "data.ingestion.workbook", str(path.resolve())],
            cwd=PROJECT,
            env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableWorkbookError(TOO_LONG) from error
    if done.returncode:
        # Killed by itself: it asked for more memory than it may have.
        raise UnreadableWorkbookError(TOO_FAR)
    refusal, tables = marshal.loads(done.stdout)
    if refusal:
        raise UnreadableWorkbookError(refusal)
    return [Table(*table) for table in tables]


def main(path: str) -> None:
    """Answer on the standard output: (sentence of refusal or null, the sheets)."""
    gc.disable()
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        answer: tuple[str | None, list[Any]] = None, [tuple(t) for t in _read(Path(path))]
    except UnreadableWorkbookError as error:
        answer = str(error), []
    except MemoryError:
        answer = TOO_FAR, []
    sys.stdout.buffer.write(marshal.dumps(answer))
    sys.stdout.buffer.flush()
    # Nothing is left to tidy, and freeing millions of cells one by one takes a while.
    os._exit(0)


def _read(path: Path) -> list[Table]:
    content = path.read_bytes()
    parts = _Parts.of(content) if content.startswith(b"PK") else _Parts({}, {})
    tables = _cells(content, parts)
    if not any(table.rows for table in tables):
        raise UnreadableWorkbookError(NO_CELL)
    return tables


def _cells(content: bytes, parts: _Parts) -> list[Table]:
    import python_calamine

    # Named by content: the library would otherwise go by the extension, and raw files have none.
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            _table(
                workbook.get_sheet_by_name(metadata.name),
                metadata.name,
                parts.errors.get(metadata.name, {}),
                parts.uncomputed.get(metadata.name, ()),
            )._replace(is_hidden=metadata.visible != python_calamine.SheetVisibleEnum.Visible)
            for metadata in workbook.sheets_metadata
            if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except python_calamine.PasswordError as error:
        raise UnreadableWorkbookError(PROTECTED) from error
    # The library is a Rust extension: a damaged workbook surfaces as its own errors, as OSError,
    # ValueError, or as a panic, which is no Exception.
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise UnreadableWorkbookError(DAMAGED) from error


def _table(
    sheet: Any, name: str, errors: dict[tuple[int, int], str], uncomputed: tuple[Any, ...]
) -> Table:
    seen: dict[str, str] = {}
    rows = [
        (number, [_text(cell, seen) for cell in cells])
        for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1)
    ]
    for (row, column), value in errors.items():
        if row < len(rows) and column < len(rows[row][1]):
            rows[row][1][column] = value
    merged = tuple(
        (first[0], first[1], last[1])
        for first, last in (sheet.merged_cell_ranges or [])
        if first[0] < HEAD_LINES and last[1] > first[1]
    )
    return Table(name, [(line, cells) for line, cells in rows if any(cells)], merged, uncomputed)


def _text(cell: object, seen: dict[str, str]) -> str:
    """The text of a cell, the same object for the same text: most of a column repeats."""
    if type(cell) is str:
        return seen.get(cell) or seen.setdefault(cell, cell.strip())
    return _as_typed(cell)


@functools.lru_cache(maxsize=65_536, typed=True)
def _as_typed(cell: object) -> str:
    """The cell as a person would type it: ISO dates, integers without ``.0``."""
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
    return str(cell).strip()


# Every repetition is bounded by the next tag: a sheet made to be slow costs its length, not its
# square.
_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,300}?\bt="e"[^<>]{0,300}>\s*'
    rb"(?:<f\b[^<>]{0,2000}/>\s*|<f\b[^<>]{0,2000}>[^<]*</f>\s*)?<v>(#[^<]{1,20})</v>"
)
_UNCOMPUTED_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"([^<>]{0,300})>\s*'
    rb"<f\b(?:[^<>]{0,2000}/>|[^<>]{0,2000}>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*>")
_RELATION_TAG = re.compile(rb"<Relationship\b[^<>]*>")


class _Parts(NamedTuple):
    """What the library doesn't tell of a workbook: by sheet, cells in error and formulas unread.

    ``errors``: zero-based (row, column) → ``#REF!``, which the library gives as a blank cell, and a
    blank cell withdraws a figure. ``uncomputed``: (line, zero-based column) of formulas that no
    spreadsheet has computed since they were written.
    """

    errors: dict[str, dict[tuple[int, int], str]]
    uncomputed: dict[str, tuple[tuple[int, int], ...]]

    @classmethod
    def of(cls, content: bytes) -> _Parts:
        """Those of a workbook in a zip. Raises UnreadableWorkbookError for a hostile one."""
        errors: dict[str, dict[tuple[int, int], str]] = {}
        uncomputed: dict[str, tuple[tuple[int, int], ...]] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _refuse_hostile(archive)
                for name, part in _sheet_parts(archive):
                    cells = archive.read(part)
                    errors[name] = _errors(cells)
                    uncomputed[name] = _uncomputed(cells)
        # A damaged part is told by the library that reads the cells, in one sentence.
        except (zipfile.BadZipFile, zipfile.zlib.error, KeyError, EOFError, OSError):  # type: ignore[attr-defined]
            return cls({}, {})
        except (RuntimeError, NotImplementedError, ValueError) as error:
            raise UnreadableWorkbookError(DAMAGED) from error
        return cls(errors, uncomputed)


def _refuse_hostile(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if (
        len(parts) > PARTS
        or unpacked > UNPACKED_BYTES
        or unpacked > max(INNOCENT_BYTES, INNOCENT_RATIO * packed)
    ):
        raise UnreadableWorkbookError(OUTSIZE)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(4096).upper():
                    raise UnreadableWorkbookError(ENTITIES)


def _errors(cells: bytes) -> dict[tuple[int, int], str]:
    if b't="e"' not in cells:
        return {}
    return {
        (int(row) - 1, _column_index(letters)): value.decode("ascii", "replace")
        for letters, row, value in _ERROR_CELL.findall(cells)
    }


def _uncomputed(cells: bytes) -> tuple[tuple[int, int], ...]:
    """A formula whose value is the empty text (``t="str"``) was computed: it is a blank cell."""
    if b"<f" not in cells:
        return ()
    return tuple(
        (int(row), _column_index(letters))
        for letters, row, attributes in _UNCOMPUTED_CELL.findall(cells)
        if b't="str"' not in attributes
    )


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each worksheet of an XLSX and of the part that holds its cells; none for an ODS."""
    if "xl/workbook.xml" not in archive.namelist():
        return

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


if __name__ == "__main__":
    main(sys.argv[1])
