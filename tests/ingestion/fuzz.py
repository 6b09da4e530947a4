"""Random extracts against the reader and the contracts: ``python -m tests.ingestion.fuzz``.

Good files of every contract and of every kind are damaged at random, for a bounded time
(``FUZZ_SECONDS``, 60 by default; ``FUZZ_SEED`` to run one again). What must hold: no exception, no
file that takes more than ten seconds, always a sentence, and the build that is served is the one it
was, byte for byte. The first file that breaks a promise is kept and named.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from data.contracts.model import contracts
from data.ingestion.publish import Request, publish
from data.ingestion.validate import validate
from data.store.files import sha256_of
from data.store.home import Home
from tests.ingestion import hostile, traps
from tests.ingestion.conftest import cpg_text

SECONDS_A_FILE = 10.0
SECONDS = 60.0
LARGEST_SEED_BYTES = 60_000
GOLDEN = Path(__file__).parents[1] / "golden" / "extracts"
PIECES = (
    *(b"", b";", b",", b'"', b"\n", b"\r", b"\t", b"\x00", b"\xff\xfe", b"=1+1", b"-", b"%"),
    *(b"1e999", b"nan", b"9" * 400, "é".encode(), "é".encode("cp1252"), b"\xc3", b"Total"),
    *(b"2016-13", b"02/30/2016", b"#REF!", b"<b>", b"Caisse", b"Mois", b";" * 2000, b"\n" * 500),
    *("Ã©".encode(), "\ufffd".encode(), "\u202e".encode(), "😀".encode(), b"x" * 40_000),
    *(b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<!DOCTYPE x>", b'<c r="XFD1048576"><v>1</v></c>'),
)


def seeds() -> list[bytes]:
    """The files to start from: those of the tests, small ones of every kind."""
    folders = (GOLDEN, traps.FOLDER)
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    small = [path.read_bytes() for path in files if path.stat().st_size < LARGEST_SEED_BYTES]
    made = [make() for make, _ in hostile.REFUSED.values()]
    return [*small, *(content for content in made if len(content) < LARGEST_SEED_BYTES)]


def damaged(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """The file with a few of its bytes, lines, cells or halves changed."""
    changes: tuple[Callable[[bytearray], bytearray], ...] = (
        lambda text: _set_bytes(text, chance),
        lambda text: _with_piece(text, chance.choice(PIECES), chance),
        lambda text: text[: chance.randrange(len(text) + 1)],
        lambda text: _with_lines_moved(text, chance),
        lambda text: _with_cell(text, chance.choice(PIECES), chance),
        lambda text: text + chance.choice(others)[: chance.randrange(2000)],
        lambda text: bytearray(text.replace(b";", chance.choice((b",", b"\t", b"|")))),
    )
    text = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(changes)(text)
    return bytes(text)


def _set_bytes(text: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.randint(1, 8)):
        if text:
            text[chance.randrange(len(text))] = chance.randrange(256)
    return text


def _with_piece(text: bytearray, piece: bytes, chance: random.Random) -> bytearray:
    at = chance.randrange(len(text) + 1)
    return text[:at] + piece + text[at:]


def _with_lines_moved(text: bytearray, chance: random.Random) -> bytearray:
    lines = bytes(text).split(b"\n")
    chance.shuffle(lines)
    return bytearray(b"\n".join(lines + lines[: chance.randrange(3)]))


def _with_cell(text: bytearray, piece: bytes, chance: random.Random) -> bytearray:
    cells = bytes(text).split(b";")
    cells[chance.randrange(len(cells))] = piece
    return bytearray(b";".join(cells))


def broken_promise(path: Path, contract: str | None) -> str | None:
    """What went wrong with a file, null where every promise was kept."""
    out = path.with_suffix(".parquet")
    started = time.perf_counter()
    # Whatever is raised is what the run looks for, the panics of libraries included.
    try:
        found = validate(path, "essai", contract, out)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return traceback.format_exc()
    seconds = time.perf_counter() - started
    if seconds > SECONDS_A_FILE:
        return f"{seconds:.1f} s"
    if not found.reason or not all(finding.sentence for finding in found.errors):
        return "no sentence"
    if bool(found.errors) == out.exists():
        return "rows written beside errors, or neither"
    out.unlink(missing_ok=True)
    return None


def served_home(folder: Path) -> Home:
    """A home that serves one small extract."""
    home = Home(folder / "home")
    good = folder / "good.csv"
    good.write_text(cpg_text(), encoding="utf-8")
    (outcome,) = publish([good], home, Request(person="fuzz"))
    if outcome.state != "published":
        raise ValueError(outcome.sentence)
    return home


def main() -> int:
    """Run for the time given; 1 and the file's place where a promise was broken."""
    seconds = float(os.environ.get("FUZZ_SECONDS") or SECONDS)
    seed = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(10**6))
    chance, starts, told = random.Random(seed), seeds(), Counter[str]()
    names = [None, None, *contracts()]
    with tempfile.TemporaryDirectory() as folder:
        home = served_home(Path(folder))
        build_id = str(home.current_build_id())
        served = sha256_of(home.build_path(build_id))
        until = time.perf_counter() + seconds
        path = Path(folder) / "file"
        while time.perf_counter() < until:
            path.write_bytes(damaged(chance.choice(starts), chance, starts))
            contract = chance.choice(names)
            problem = broken_promise(path, contract)
            if problem is None and chance.random() < 0.1:
                problem = _changes_what_is_served(path, home, build_id, served)
            if problem:
                kept = Path(tempfile.gettempdir()) / f"fuzz-{seed}"
                kept.write_bytes(path.read_bytes())
                print(f"FUZZ_SEED={seed}, contract {contract}: {problem}\nFile kept: {kept}")
                return 1
            told["files"] += 1
    print(f"FUZZ_SEED={seed}: {told['files']} files in {seconds:.0f} s, every promise kept.")
    return 0


def _changes_what_is_served(path: Path, home: Home, build_id: str, digest: str) -> str | None:
    """Try the whole import without publishing; what changed of the build served, null if nothing.

    A file that is refused is sent for good, too: it must change nothing either.
    """
    try:
        (outcome,) = publish([path], home, Request(person="fuzz", dry_run=True), ["essai"])
        if outcome.state == "rejected":
            (outcome,) = publish([path], home, Request(person="fuzz"), ["essai"])
    except Exception:
        return traceback.format_exc()
    if not outcome.sentence:
        return "an outcome without a sentence"
    is_same = home.current_build_id() == build_id
    return None if is_same and sha256_of(home.build_path(build_id)) == digest else "build changed"


if __name__ == "__main__":
    sys.exit(main())
