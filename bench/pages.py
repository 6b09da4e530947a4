"""How much longer do our pages take than an empty Streamlit page?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from bench.measured import Line, median, spread
from bench.serving import served
from bench.stopwatch import Mark, OpenPage, chromium, load_seconds
from data.store.home import PROJECT, Home

EMPTY_APP = Path(__file__).with_name("empty_app.py")
LOADS = 7
CHANGES = 9
WARM_UPS = 2
BOARD_AIM, WHOLE_AIM, CHANGE_AIM = 1.2, 2.0, 2.2
FIRST_SCREEN_AIM = 1.3
"""For pages of sentences and sheets, whose first painting holds more than a board."""
YEAR_BUTTON = '[data-testid="stButtonGroup"] button:has-text("{value}")'
OUR_YEAR = '[data-name=annee][data-value="{value}"]'


@dataclass(frozen=True)
class MeasuredPage:
    """A page and what shows that it is painted.

    Attributes:
        name: as the table says it.
        path: address below the server's, the first value of the filter in it.
        board: marks of what a person looks at first.
        whole: marks of every visual.
        click: Playwright selector of the filter's ``{value}``; None where the page has no filter.
        values: values of the filter, the one shown at first last.
        board_aim: times the empty page's load, at most, for what is looked at first.
    """

    name: str
    path: str
    board: tuple[Mark, ...]
    whole: tuple[Mark, ...]
    click: str | None = None
    values: tuple[str, ...] = ()
    board_aim: float = BOARD_AIM

    @property
    def first_value(self) -> str:
        """The value shown when the page opens."""
        return self.values[-1] if self.values else ""


EMPTY = MeasuredPage(
    name="empty Streamlit page",
    path="/?annee=2016",
    board=(Mark("h1", "Année {value}"),),
    whole=(Mark("h1", "Année {value}"),),
    click=YEAR_BUTTON,
    values=("2015", "2016"),
)
BOARD = Mark("table[data-grid] caption", "CPG en {value}")
FIRST_SCREEN = Mark("#vigie-synthese h1", "en {value}")
SHEET = Mark("#bloc-fiche caption", "CPG en {value}")
OURS = (
    MeasuredPage(
        name="Synthèse",
        path="/?annee=2016",
        board=(FIRST_SCREEN, Mark(".v-kpi", count=4), Mark("#bloc-ecarts .v-gap", count=5)),
        whole=(
            FIRST_SCREEN,
            Mark("#bloc-ecarts .v-note", "{value}"),
            Mark("#bloc-carte table caption", "en {value}"),
            Mark("#bloc-carte svg path", count=18),
            Mark("#bloc-changements", "{value}"),
            Mark("#bloc-manques", "{value}"),
        ),
        click=OUR_YEAR,
        values=("2015", "2016"),
        board_aim=FIRST_SCREEN_AIM,
    ),
    MeasuredPage(
        name="CPG",
        path="/cpg?annee=2016",
        board=(BOARD,),
        whole=(
            BOARD,
            Mark("#bloc-classement caption", "en {value} : classement"),
            Mark("#bloc-serie .v-legend", "Cumul {value}"),
            Mark("#bloc-envois", "{value}"),
            Mark("#bloc-provenance", "{value}"),
        ),
        click=OUR_YEAR,
        values=("2015", "2016"),
    ),
    MeasuredPage(
        name="CPG, 101 départements",
        path="/cpg?annee=2016&niveau=departement",
        board=(BOARD,),
        whole=(
            BOARD,
            Mark("#bloc-classement caption", "en {value} : classement"),
            Mark("#bloc-serie .v-legend", "Cumul {value}"),
        ),
        click=OUR_YEAR,
        values=("2015", "2016"),
    ),
    MeasuredPage(
        name="Mon département",
        path="/departement?annee=2016&territoire=DEP-43",
        board=(SHEET,),
        whole=(SHEET, Mark("#bloc-manque h2")),
        click=OUR_YEAR,
        values=("2015", "2016"),
        board_aim=FIRST_SCREEN_AIM,
    ),
    MeasuredPage(
        name="COG",
        path="/cog?annee=2016",
        board=(Mark("[data-testid=stMain] h1"), Mark("#bloc-indicateurs caption")),
        whole=(Mark("#bloc-indicateurs caption"), Mark("#bloc-engagements caption")),
        board_aim=FIRST_SCREEN_AIM,
    ),
    MeasuredPage(
        name="Extraits reçus et signalements",
        path="/extraits?annee=2016",
        board=(Mark("[data-testid=stMain] h1"),),
        whole=(Mark("[data-testid=stMain] h1"), Mark("[data-testid=stMain] table caption")),
    ),
    MeasuredPage(
        name="Publié et recalculé",
        path="/rapprochement?annee=2016",
        board=(Mark("[data-testid=stMain] table caption"),),
        whole=(Mark("[data-testid=stMain] h1"), Mark("[data-testid=stMain] table caption")),
    ),
    MeasuredPage(
        name="Méthode et définitions",
        path="/methode?annee=2016",
        board=(Mark("[data-testid=stMain] h1"),),
        whole=(Mark("[data-testid=stMain] h1"), Mark("[data-testid=stMain] h2", count=3)),
    ),
)


def measure_pages(home: Home) -> list[Line]:
    """Load and filter change of every page, interleaved, and their ratios to the empty page's."""
    with (
        served(EMPTY_APP, home) as empty,
        served(PROJECT / "serve.py", home) as product,
        chromium() as browser,
    ):
        addresses = {EMPTY.name: empty.address, **{page.name: product.address for page in OURS}}
        times = _Times(browser, addresses)
        times.take((EMPTY, *OURS))
        peak = product.peak_memory_mb()
    lines = times.lines()
    lines.append(Line("pages", "app: peak memory of the server", peak, "MB", note="these visits"))
    return lines


class _Times:
    """Samples of every page, in seconds, by page and measure."""

    def __init__(self, browser: Browser, addresses: dict[str, str]) -> None:
        self._browser = browser
        self._addresses = addresses
        self._samples: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._failures: dict[str, str] = {}

    def take(self, pages: Sequence[MeasuredPage]) -> None:
        for turn in range(LOADS + 1):
            for page in pages:
                self._load(page, is_warm_up=turn == 0)
        opened = {page.name: self._open(page) for page in pages if page.click}
        for turn in range(CHANGES + WARM_UPS):
            for page in pages:
                self._change(page, opened.get(page.name), turn)
        for kept in opened.values():
            if kept:
                kept.close()

    def _load(self, page: MeasuredPage, *, is_warm_up: bool) -> None:
        if page.name in self._failures:
            return
        url = self._addresses[page.name] + page.path
        board, whole = _at(page.board, page.first_value), _at(page.whole, page.first_value)
        try:
            board_seconds, whole_seconds = load_seconds(self._browser, url, board, whole)
        except BrowserError as error:
            self._failures[page.name] = f"never painted: {error.name}"
            return
        if not is_warm_up:
            self._samples[page.name, "board"].append(board_seconds)
            self._samples[page.name, "whole"].append(whole_seconds)

    def _open(self, page: MeasuredPage) -> OpenPage | None:
        if page.name in self._failures:
            return None
        url = self._addresses[page.name] + page.path
        try:
            return OpenPage(self._browser, url, _at(page.whole, page.first_value))
        except BrowserError as error:
            self._failures[page.name] = f"never painted: {error.name}"
            return None

    def _change(self, page: MeasuredPage, opened: OpenPage | None, turn: int) -> None:
        if opened is None or page.click is None or page.name in self._failures:
            return
        value = page.values[turn % len(page.values)]
        try:
            seconds = opened.change_seconds(
                page.click.replace("{value}", value), _at(page.whole, value)
            )
        except BrowserError as error:
            self._failures[page.name] = f"change to {value} never painted: {error.name}"
            return
        if turn >= WARM_UPS:
            self._samples[page.name, "change"].append(seconds)

    def lines(self) -> list[Line]:
        lines = [
            line
            for measure, words in (("whole", "cold load"), ("change", "filter change"))
            for line in self._seconds(EMPTY, measure, words)
        ]
        for page in OURS:
            lines += self._compared(page, "board", "load, board painted", page.board_aim)
            lines += self._compared(page, "whole", "load, whole page painted", WHOLE_AIM)
            if page.click:
                lines += self._compared(page, "change", "filter change", CHANGE_AIM)
        return lines

    def _seconds(self, page: MeasuredPage, measure: str, words: str) -> list[Line]:
        sample = self._samples.get((page.name, measure))
        name = f"{page.name}: {words}"
        if not sample:
            return [Line("pages", name, None, "s", note=self._failures.get(page.name, ""))]
        return [Line("pages", name, median(sample), "s", note=spread(sample))]

    def _compared(self, page: MeasuredPage, measure: str, words: str, aim: float) -> list[Line]:
        (seconds,) = self._seconds(page, measure, words)
        empty = self._samples.get((EMPTY.name, measure))
        ratio = seconds.value / median(empty) if seconds.value is not None and empty else None
        name = f"{page.name}: {words} / empty page"
        return [seconds, Line("pages", name, ratio, "×", aim, seconds.note if not ratio else "")]


def _at(marks: Sequence[Mark], value: str) -> list[Mark]:
    return [mark.at(value) for mark in marks]
