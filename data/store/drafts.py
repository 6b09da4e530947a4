"""Uploads on their way: bytes and choices kept on the disk until published or given up.

One folder a draft under ``Home.drafts``. What a person decides lies in ``draft.json``, what the
process at work says in ``progress.json`` and ``report-<number>.json``: each is written by one side
alone and replaced at once, so that killing the server loses nothing and the draft is taken up
where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

from data.store.home import TRIAL, Home
from data.store.registry import now

State = Literal["received", "checking", "checked", "publishing", "published", "interrupted"]
BLOCK_BYTES = 1_000_000
_ID = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class DraftFile:
    """One file of a draft, and how the person wants it read.

    ``headings``: contract → heading → column, as confirmed. ``archive``: the ZIP it came in.
    """

    name: str
    sha256: str
    size_bytes: int
    contract: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    headings: dict[str, dict[str, str]] = field(default_factory=dict)
    archive: str | None = None


@dataclass(frozen=True)
class Job:
    """The work asked last: its number, what it is, and the process that does it.

    ``process_birth`` tells the process from a later one of the same number: a server that starts
    anew numbers its processes as the former did. Null where the system doesn't say.
    """

    number: int
    kind: Literal["check", "publish"]
    process_id: int
    started_at: str
    process_birth: str | None = None


@dataclass(frozen=True)
class Draft:
    """An upload and what was decided of it.

    Attributes:
        draft_id: 12 hexadecimal digits; the name of its folder.
        person: whose it is, as the audit writes it.
        label: the person as readers name them.
        sender: who wrote the files: what their headings mean is remembered under this name.
        files: in the order in which they count.
        signed: advisories signed off: ``file, rule, reason, person, at``.
        refused: sentences about what was dropped and could not be kept.
        origin: ``demonstration | received``, the extracts' once published.
        reason: what the publication is, in the person's words.
        replaces: « annule et remplace ».
        job: the work asked last, null before the first.
        request: asked that somebody who may publishes it: ``at, reason, territory``; else null.
        declined: what the last such request was answered: ``at, label, reason``; else null.
        publisher: who had it published, where that is another person.
    """

    draft_id: str
    person: str
    label: str
    sender: str
    created_at: str
    files: tuple[DraftFile, ...]
    signed: tuple[dict[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    origin: str = "received"
    reason: str | None = None
    replaces: bool = False
    job: Job | None = None
    request: dict[str, str] | None = None
    declined: dict[str, str] | None = None
    publisher: str | None = None

    @property
    def trial_build_id(self) -> str:
        """The build that publishing it would serve, as the last check left it."""
        return self.trial_of(self.job.number if self.job else 0)

    def trial_of(self, number: int) -> str:
        """The build that the check of that number left."""
        return f"{TRIAL}{self.draft_id}x{number}"


def folder_of(home: Home, draft_id: str) -> Path:
    """Where a draft lies. Raises ValueError for what is no identifier of one."""
    if not _ID.fullmatch(draft_id):
        raise ValueError(f"« {draft_id} » n’est pas un identifiant de dépôt.")
    return home.drafts / draft_id


def file_path(home: Home, draft: Draft, index: int) -> Path:
    """The bytes of one file, as received."""
    return folder_of(home, draft.draft_id) / "files" / f"{index}.bin"


def new_draft(
    home: Home,
    *,
    person: str,
    label: str,
    sender: str,
    received: Sequence[tuple[str, str | None, IO[bytes]]],
    refused: Sequence[str] = (),
    origin: str = "received",
) -> Draft:
    """Keep what was dropped.

    Args:
        home: where to keep it.
        person: who dropped it.
        label: the person as readers name them.
        sender: who wrote the files.
        received: name, archive that held it (or None) and bytes of each file.
        refused: sentences about what could not be kept.
        origin: the origin of the extracts once published.
    """
    draft_id = secrets.token_hex(6)
    folder = folder_of(home, draft_id)
    (folder / "files").mkdir(parents=True)
    files = []
    for index, (name, archive, stream) in enumerate(received):
        digest, size = _copied(stream, folder / "files" / f"{index}.bin")
        files.append(DraftFile(name, digest, size, archive=archive))
    draft = Draft(
        draft_id=draft_id,
        person=person,
        label=label,
        sender=sender,
        created_at=now(),
        files=tuple(files),
        refused=tuple(refused),
        origin=origin,
    )
    save(home, draft)
    return draft


def _copied(stream: IO[bytes], target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as kept:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
            kept.write(block)
        kept.flush()
        os.fsync(kept.fileno())
    return digest.hexdigest(), size


def save(home: Home, draft: Draft) -> None:
    """Write what was decided, at once."""
    write_json(folder_of(home, draft.draft_id) / "draft.json", asdict(draft))


def load(home: Home, draft_id: str) -> Draft | None:
    """The draft of that identifier; None where there is none (published, given up, never was)."""
    try:
        content = read_json(folder_of(home, draft_id) / "draft.json")
    except ValueError:
        return None
    return None if content is None else _draft(content)


def drafts_of(home: Home, person: str) -> list[Draft]:
    """The drafts of one person, newest first."""
    found = [draft for draft in every_draft(home) if draft.person == person]
    return sorted(found, key=lambda draft: draft.created_at, reverse=True)


def every_draft(home: Home) -> Iterator[Draft]:
    """Every draft of the home, whoever it belongs to."""
    if not home.drafts.is_dir():
        return
    for folder in home.drafts.iterdir():
        draft = load(home, folder.name)
        if draft is not None:
            yield draft


def _draft(content: dict[str, Any]) -> Draft:
    job = content["job"]
    return Draft(
        **content
        | {
            "files": tuple(DraftFile(**file) for file in content["files"]),
            "signed": tuple(content["signed"]),
            "refused": tuple(content["refused"]),
            "job": Job(**job) if job else None,
        }
    )


def drop(home: Home, draft: Draft) -> None:
    """Remove a draft, bytes included."""
    folder = folder_of(home, draft.draft_id)
    gone = folder.with_name(f"{folder.name}-gone")
    if folder.exists():
        os.replace(folder, gone)
    shutil.rmtree(gone, ignore_errors=True)


def begun(draft: Draft, kind: Literal["check", "publish"], process_id: int) -> Draft:
    """The draft with a new piece of work under way."""
    number = draft.job.number + 1 if draft.job else 1
    birth = birth_of(process_id)
    return replace(draft, job=Job(number, kind, process_id, now(), birth))


def report_path(home: Home, draft: Draft) -> Path:
    """Where the work asked last says what came of it."""
    number = draft.job.number if draft.job else 0
    return folder_of(home, draft.draft_id) / f"report-{number}.json"


def progress_path(home: Home, draft: Draft) -> Path:
    """Where the process at work says how far it is."""
    return folder_of(home, draft.draft_id) / "progress.json"


def state_of(home: Home, draft: Draft) -> State:
    """How far the draft is; ``interrupted`` where its process died without a word."""
    if draft.job is None:
        return "received"
    is_check = draft.job.kind == "check"
    # Looked at first: a process that ends between the two looks has left its report.
    is_at_work = is_alive(draft.job.process_id, draft.job.process_birth)
    if report_path(home, draft).is_file():
        return "checked" if is_check else "published"
    if not is_at_work:
        return "interrupted"
    return "checking" if is_check else "publishing"


def is_alive(process_id: int, birth: str | None = None) -> bool:
    """Whether the process runs; one that ended and was not waited for does not.

    ``birth``: what ``birth_of`` said of it when it began, where that is known.
    """
    # Started by another server, it is no child: only its existence can be looked at.
    with suppress(ChildProcessError):
        os.waitpid(process_id, os.WNOHANG)
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # Its number was given to somebody else's process.
    return birth is None or birth_of(process_id) == birth


def birth_of(process_id: int) -> str | None:
    """When a process was born, in ticks of its machine; None where nothing tells."""
    try:
        told = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name of the program, in parentheses, may hold anything; the 20th field after it.
    fields = told.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else None


def forget_candidates(folder: Path) -> None:
    """Remove the builds that former checks or trials left in a folder, with what they kept."""
    for former in folder.glob("candidate-*"):
        if former.is_dir():
            shutil.rmtree(former)
        else:
            former.unlink()


def write_json(path: Path, content: Any) -> None:
    """Replace a file by ``content`` at once."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    partial.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
    os.replace(partial, path)


def read_json(path: Path) -> Any:
    """The content of a file; None where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
