"""Does an import hold up whoever looks: its own report, and ten people who browse meanwhile?"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from access.policy import policy
from bench.demonstration import temporary_home
from bench.imports import write_extract
from bench.measured import Line, median, quantile, spread
from bench.serving import served
from bench.stopwatch import Mark, chromium, load_seconds
from data.ingestion.draft_work import work
from data.store import drafts
from data.store.drafts import Draft
from data.store.home import PROJECT, Home

FAILING_CELLS = 10_000
LOADS = 5
READERS = 10
VISITS = 12
PAUSE_SECONDS = 2.0
IMPORTED_ROWS = 200_000
SAME_AIM, READERS_AIM = 1.0, 2.0
TRIED = ("dcgdr", "REG-84")
ORDINARY = {
    "Synthèse": ("/?annee=2016", Mark("#bloc-manques")),
    "CPG": ("/cpg?annee=2016", Mark("#bloc-provenance", "2016")),
    "Anomalies": ("/anomalies", Mark("#bloc-liste")),
}
"""Name → address and the mark of what is painted last, of pages that nobody imports on."""

ROUTE = (
    *(("", "annee={year}&territoire={region}"), ("cpg", "annee={year}&territoire={region}")),
    *(("departement", "annee={year}"), ("msap", "annee={year}"), ("extraits", "annee={year}")),
)
"""Pages that a reader goes through, and the choices in their address."""

REGIONS = ("REG-84", "REG-76", "REG-53", "REG-28", "REG-32")
YEARS = ("2015", "2016")


def measure_import_page(home: Home) -> list[Line]:
    """The report of many failing cells next to other pages, and readers with and without import."""
    with temporary_home() as copy:
        shutil.rmtree(copy.root)
        shutil.copytree(home.root, copy.root)
        failing = _checked_failing(copy)
        with served(PROJECT / "serve.py", copy) as server:
            with chromium() as browser:
                lines = _report_lines(browser, server.address, failing)
            lines += _reader_lines(copy, server.address)
    return lines


def _dropped(home: Home, path: Path) -> Draft:
    """A dépôt of one file, of the person who is tried."""
    scope = policy().scope(":".join(TRIED))
    with path.open("rb") as stream:
        return drafts.new_draft(
            home,
            person=scope.person,
            label=scope.label,
            sender=scope.person,
            received=[(path.name, None, stream)],
            origin="demonstration",
        )


def _begun(home: Home, draft: Draft, kind: str) -> Draft:
    begun = drafts.begun(draft, "publish" if kind == "publish" else "check", 0)
    drafts.save(home, begun)
    return begun


def _checked_failing(home: Home) -> Draft:
    """A checked dépôt whose file has a bad cell on each of its lines.

    Raises: ValueError where the check found another number of errors.
    """
    path = home.root / "failing.csv"
    write_extract(path, FAILING_CELLS)
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    bad = [";".join([*line.split(";")[:6], "douze", "définitif"]) for line in lines]
    path.write_text("\n".join([head, *bad]), encoding="utf-8")
    draft = _begun(home, _dropped(home, path), "check")
    work(home, draft)
    (file,) = drafts.read_json(drafts.report_path(home, draft))["files"]
    if file["error_total"] != FAILING_CELLS:
        raise ValueError(f"{file['error_total']} errors: {file['errors'][:1]}")
    return draft


def _report_lines(browser: Browser, address: str, failing: Draft) -> list[Line]:
    """Cold loads in turn of the report and of ordinary pages."""
    role, territory = TRIED
    report = f"/importer?brouillon={failing.draft_id}&profil={role}&profil_territoire={territory}"
    name = f"report of {FAILING_CELLS:,} failing cells".replace(",", " ")
    pages = {**ORDINARY, name: (report, Mark("#bloc-fichier-0 td.bad", "douze"))}
    seconds: dict[str, list[float]] = {page: [] for page in pages}
    for turn in range(LOADS + 1):
        for page, (path, mark) in pages.items():
            _, whole = load_seconds(browser, address + path, [mark], [mark])
            if turn:
                seconds[page].append(whole)
    slowest = max(ORDINARY, key=lambda page: median(seconds[page]))
    lines = [
        Line("importing", f"{page}, painted", median(taken), "s", note=spread(taken))
        for page, taken in seconds.items()
    ]
    ratio = median(seconds[name]) / median(seconds[slowest])
    return [*lines, Line("importing", f"{name} / {slowest}", ratio, "×", SAME_AIM)]


def _reader_lines(home: Home, address: str) -> list[Line]:
    """The readers' 95th percentile, alone and while one imports."""
    path = home.root / "imported.csv"
    write_extract(path, IMPORTED_ROWS)
    asyncio.run(_read_together(address, lambda done: done >= VISITS // 2))
    alone = asyncio.run(_read_together(address, lambda done: done >= VISITS))
    importing = _Importing(home, path)
    try:
        beside = asyncio.run(_read_together(address, lambda done: importing.has_ended()))
    finally:
        importing.stop()
    rows = f"{IMPORTED_ROWS:,}".replace(",", " ")
    first, second = quantile(alone, 0.95), quantile(beside, 0.95)
    who = f"p95 of {READERS} readers"
    return [
        Line("importing", f"{who}, nobody imports", first, "s", note=spread(alone)),
        Line(
            "importing", f"{who} while {rows} rows are imported", second, "s", note=spread(beside)
        ),
        Line("importing", f"{who}, with import / without", second / first, "×", READERS_AIM),
    ]


class _Importing:
    """A dépôt checked, then published, each in the process that the page starts for it."""

    def __init__(self, home: Home, path: Path) -> None:
        self._home = home
        self._draft = _dropped(home, path)
        self._left = ["publish", "check"]
        self._process = self._next()

    def _next(self) -> subprocess.Popen[bytes]:
        self._draft = _begun(self._home, self._draft, self._left.pop())
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "data.ingestion.draft_work"),
                *(str(self._home.root), self._draft.draft_id),
            ],
            cwd=PROJECT,
        )

    def has_ended(self) -> bool:
        """Whether all is published; what follows is begun.

        Raises: RuntimeError where the work failed.
        """
        code = self._process.poll()
        if code:
            raise RuntimeError(f"The import ended with {code}.")
        if code == 0 and self._left:
            self._process = self._next()
            return False
        return code == 0

    def stop(self) -> None:
        """End the process, whatever it is at."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


async def _read_together(address: str, is_enough: Callable[[int], bool]) -> list[float]:
    """Seconds of every page that ``READERS`` people asked for, until each has seen enough."""
    readers = (_read(address, number, is_enough) for number in range(READERS))
    return [seconds for taken in await asyncio.gather(*readers) for seconds in taken]


async def _read(address: str, number: int, is_enough: Callable[[int], bool]) -> list[float]:
    """One person: a page, a pause, the next; the first page, which opens the session, not told."""
    taken: list[float] = []
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    await asyncio.sleep(PAUSE_SECONDS * number / READERS)
    async with connect(stream, max_size=None, subprotocols=["streamlit"]) as session:  # type: ignore[list-item]
        await _run(session, *ROUTE[0], number)
        while not is_enough(len(taken)):
            await asyncio.sleep(PAUSE_SECONDS)
            page, choices = ROUTE[(number + len(taken)) % len(ROUTE)]
            taken.append(await _run(session, page, choices, number + len(taken)))
    return taken


async def _run(session: ClientConnection, page: str, choices: str, turn: int) -> float:
    """Ask for a page as the browser does; seconds until all of it has arrived."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = choices.format(
        year=YEARS[turn % len(YEARS)], region=REGIONS[turn % len(REGIONS)]
    )
    started = time.perf_counter()
    await session.send(asked.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await session.recv(decode=False))
        if answer.WhichOneof("type") == "script_finished":
            return time.perf_counter() - started
