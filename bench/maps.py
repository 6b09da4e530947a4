"""What does a map cost: bytes to the browser, frames a second, memory of the server?

Headless Chromium draws WebGL by the processor alone: what a reader's graphics card does in a
millisecond takes here a tenth of a second. The frames told are what this machine reaches.
"""

from __future__ import annotations

from playwright.sync_api import Browser, Page, WebSocket

from bench.child import resident_memory_mb
from bench.measured import Line, median, spread
from bench.serving import Server, served
from bench.stopwatch import PATIENCE_MS, VIEWPORT, chromium
from components.map_files import KINDS, map_file
from data.store.home import PROJECT, Home

ADDRESS = "/adhesions?mois=2014-09"
READY = "() => window.vigieMap?.codes?.length > 0"
PLAYED = "() => window.vigieMap && !window.vigieMap.isPlaying && !window.vigieMap.wantsToPlay"
MONTHS, FRAMES, FIRST_FRAMES = 36, 500, 100
FRAME_AIM_MS, BYTES_AIM_KB, GROWTH_AIM_MB = 200.0, 400.0, 20.0
MEASURES = ("atteinte", "ecart", "couverture")
SETTLED_MS = 2500


class Counted:
    """A page that counts what the server's messages weigh."""

    def __init__(self, browser: Browser, url: str) -> None:
        """Open ``url`` and wait until its map answers."""
        self._received = 0
        context = browser.new_context(viewport=VIEWPORT, locale="fr-FR")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.page.on("websocket", self._listen)
        self.page.goto(url)
        self.page.wait_for_function(READY)
        self.page.wait_for_timeout(SETTLED_MS)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, payload: str | bytes) -> None:
        self._received += len(payload)

    def weighed(self) -> float:
        """Kilobytes received since the last call."""
        received, self._received = self._received, 0
        return received / 1000

    def play(self, start: int) -> list[float]:
        """Play from a month to the last; the moments of the frames, in seconds."""
        self.page.evaluate(f"() => {{ document.getElementById('carte-mois').value = {start} }}")
        self.page.click("#carte-lecture")
        self.page.wait_for_function(PLAYED, timeout=10 * PATIENCE_MS)
        drawn = self.page.evaluate("() => window.vigieMap.drawn")
        self.page.wait_for_timeout(SETTLED_MS)
        return [float(moment) / 1000 for moment in drawn]


def measure_maps(home: Home) -> list[Line]:
    """Bytes, frames a second and memory of the map of the 101 departments."""
    with served(PROJECT / "serve.py", home) as server, chromium() as browser:
        opened = Counted(browser, f"{server.address}{ADDRESS}")
        lines = _geometry_lines()
        lines.append(Line("maps", "messages of a first visit", opened.weighed(), "kB"))
        lines += _change_lines(opened)
        lines += _frame_lines(opened)
        lines += _memory_lines(opened, server)
    return lines


def _geometry_lines() -> list[Line]:
    """The contours, sent once and kept by the browser."""
    files = [map_file("departement", kind) for kind in KINDS]
    whole = sum(len(file.content) for file in files) / 1000
    sent = sum(len(file.compressed) for file in files) / 1000
    return [
        Line("maps", "geometry of 101 departments, once", whole, "kB", BYTES_AIM_KB),
        Line("maps", "the same as sent, compressed", sent, "kB"),
    ]


def _change_lines(opened: Counted) -> list[Line]:
    """What another measure sends."""
    weights = []
    for measure in MEASURES:
        opened.page.click(f"[data-name=mesure][data-value={measure}]")
        opened.page.wait_for_timeout(SETTLED_MS)
        weights.append(opened.weighed())
    return [Line("maps", "change of measure, page and table", median(weights), "kB")]


def _frame_lines(opened: Counted) -> list[Line]:
    """Frames a second over three years, and what each weighs."""
    months = int(opened.page.evaluate("() => window.vigieMap.codes.length"))
    opened.weighed()
    drawn = opened.play(max(months - 1 - MONTHS, 0))
    weight = opened.weighed()
    waits = [after - before for before, after in zip(drawn, drawn[1:], strict=False)]
    rate = len(waits) / sum(waits)
    each = sum(waits) / len(waits) * 1000
    return [
        Line("maps", f"playing {len(drawn)} months", rate, "frames/s", note=spread(waits)),
        Line("maps", "a frame, mean", each, "ms", FRAME_AIM_MS, "five a second"),
        Line("maps", "a frame and its share of the last page", weight / len(drawn), "kB"),
    ]


def _memory_lines(opened: Counted, server: Server) -> list[Line]:
    """The server's memory between a hundred and five hundred frames."""
    drawn, first = 0, None
    while drawn < FRAMES:
        drawn += len(opened.play(0))
        if first is None and drawn >= FIRST_FRAMES:
            first = resident_memory_mb(server.process_id)
    last = resident_memory_mb(server.process_id)
    return [
        Line("maps", f"server after {FIRST_FRAMES} frames", first, "MB"),
        Line("maps", f"server after {drawn} frames", last, "MB"),
        Line("maps", "growth", last - (first or last), "MB", GROWTH_AIM_MB),
    ]
