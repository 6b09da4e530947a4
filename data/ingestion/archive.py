"""What was dropped → files to read: an archive is opened into its tables, within bounds."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import IO

from data.ingestion.sentences import quoted

MOST_FILES = 200
MOST_BYTES = 600_000_000
LARGEST_RATIO = 200
BLOCK_BYTES = 1_000_000
IN_MEMORY_BYTES = 20_000_000
WORKBOOK_PARTS = ("[Content_Types].xml", "mimetype")

Dropped = tuple[str, IO[bytes]]
Opened = tuple[str, str | None, IO[bytes]]


class _ArchiveError(Exception):
    """The archive cannot be opened; the message is a French sentence."""


def opened(dropped: Sequence[Dropped]) -> tuple[list[Opened], list[str]]:
    """The files to read, archives opened, and a sentence for each that is not kept.

    Returns: (name, archive that held it or None, bytes), in order; then the sentences.
    """
    files: list[Opened] = []
    refused: list[str] = []
    for path, stream in dropped:
        name = base_name(path)
        if not _is_archive(stream):
            files.append((name, None, stream))
            continue
        try:
            found = list(_members(name, stream, MOST_FILES - len(files)))
        except _ArchiveError as error:
            refused.append(str(error))
            continue
        if not found:
            refused.append(f"{name} : l’archive ne contient aucun fichier.")
        files += found
    return files, refused


def base_name(path: str) -> str:
    """The name of a file without the folders that its sender wrote before it."""
    name = PurePosixPath(path.replace("\\", "/")).name
    return "".join(letter for letter in name if letter.isprintable())[:200] or "sans-nom"


def _is_archive(stream: IO[bytes]) -> bool:
    """Whether it is a ZIP that is no workbook."""
    start = stream.read(4)
    stream.seek(0)
    if start != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return False
    finally:
        stream.seek(0)
    return not names.intersection(WORKBOOK_PARTS)


def _members(name: str, stream: IO[bytes], room: int) -> Iterator[Opened]:
    with zipfile.ZipFile(stream) as archive:
        members = [member for member in archive.infolist() if _is_table(member)]
        if len(members) > room:
            raise _ArchiveError(
                f"{name} : l’archive contient {len(members)} fichiers ; {MOST_FILES} au plus par "
                "dépôt. Envoyez-les en plusieurs fois."
            )
        left = MOST_BYTES
        for member in members:
            inside = _unpacked(archive, member, name, left)
            left -= member.file_size
            yield base_name(member.filename), name, inside


def _is_table(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    hidden = any(part == "__MACOSX" or part.startswith(".") for part in parts if part != "..")
    return not (member.is_dir() or hidden)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, left: int) -> IO[bytes]:
    """The bytes of one file, never more than the archive declares nor than what is left."""
    shown = quoted(base_name(member.filename))
    if member.flag_bits & 1:
        raise _ArchiveError(f"{name} : {shown} est protégé par un mot de passe. Retirez-le.")
    is_bomb = member.file_size > LARGEST_RATIO * max(member.compress_size, 1)
    if member.file_size > left or (is_bomb and member.file_size > IN_MEMORY_BYTES):
        raise _ArchiveError(
            f"{name} : {shown} est trop gros une fois décompressé. Envoyez-le seul, non compressé."
        )
    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - read later
    written = 0
    try:
        with archive.open(member) as source:
            while block := source.read(BLOCK_BYTES):
                written += len(block)
                if written > member.file_size:
                    raise _ArchiveError(f"{name} : {shown} ne dit pas sa vraie taille.")
                kept.write(block)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError) as error:
        raise _ArchiveError(f"{name} : {shown} est abîmé dans l’archive. Refaites-la.") from error
    kept.seek(0)
    return kept
