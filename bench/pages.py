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
FIRST_AIM, BOARD_AIM, WHOLE_AIM, CHANGE_AIM, STORY_AIM = 1.3, 1.2, 2.0, 2.2, 2.5
YEAR_BUTTON = '[data-testid="stButtonGroup"] button:has-text("{value}")'
OUR_YEAR = '[data-name=annee][data-value="{value}"]'


@dataclass(frozen=True)
class Change:
    """A click that changes a page, between ``values`` in turn.

    Attributes:
        click: Playwright selector of what ``{value}`` is chosen with.
        values: what is chosen in turn; where it is a filter, the value shown at first comes last.
        shown: marks of all that the click changes.
        words: as the table says it.
        aim: largest good ratio to the empty page's filter change.
    """

    click: str
    values: tuple[str, ...]
    shown: tuple[Mark, ...]
    words: str = "filter change"
    aim: float = CHANGE_AIM


@dataclass(frozen=True)
class MeasuredPage:
    """A page and what shows that it is painted.

    Attributes:
        name: as the table says it.
        path: address below the server's.
        first: marks of what a person looks at first.
        whole: marks of every visual.
        change: what is changed on it again and again; None where nothing is.
        first_aim: largest good ratio of what is seen first to the empty page's load.
    """

    name: str
    path: str
    first: tuple[Mark, ...]
    whole: tuple[Mark, ...]
    change: Change | None = None
    first_aim: float = FIRST_AIM


YEARS = ("2015", "2016")
EMPTY_TITLE = Mark("h1", "Année {value}")
EMPTY = MeasuredPage(
    name="empty Streamlit page",
    path="/?annee=2016",
    first=(EMPTY_TITLE.at("2016"),),
    whole=(EMPTY_TITLE.at("2016"),),
    change=Change(YEAR_BUTTON, YEARS, (EMPTY_TITLE,)),
)


def _by_year(
    name: str,
    path: str,
    first: tuple[Mark, ...],
    whole: tuple[Mark, ...],
    first_aim: float = FIRST_AIM,
) -> MeasuredPage:
    """A page opened in 2016 whose year is changed; the marks hold the year as ``{value}``."""
    return MeasuredPage(
        name,
        path,
        first=tuple(mark.at(YEARS[-1]) for mark in first),
        whole=tuple(mark.at(YEARS[-1]) for mark in whole),
        change=Change(OUR_YEAR, YEARS, whole),
        first_aim=first_aim,
    )


TITLE = Mark("[data-testid=stMain] h1", "{value}")
BOARD = Mark("table[data-grid] caption", "CPG en {value}")
DETAILS = (
    Mark("#bloc-classement caption", "en {value}"),
    Mark("#bloc-serie .v-legend", "Cumul {value}"),
)
ANY_TITLE, ANY_CAPTION = Mark("[data-testid=stMain] h1"), Mark("[data-testid=stMain] table caption")
OURS = (
    _by_year(
        "Synthèse",
        "/?annee=2016",
        (TITLE,),
        (
            TITLE,
            Mark("#bloc-ecarts"),
            Mark("#bloc-carte caption", "en {value}"),
            Mark("#bloc-manques"),
        ),
    ),
    _by_year(
        "CPG",
        "/cpg?annee=2016",
        (BOARD,),
        (
            BOARD,
            *DETAILS,
            Mark("#bloc-envois", "{value}"),
            Mark("#bloc-provenance", "{value}"),
        ),
        first_aim=BOARD_AIM,
    ),
    _by_year(
        "CPG, 101 départements",
        "/cpg?annee=2016&niveau=departement",
        (BOARD,),
        (BOARD, *DETAILS),
        first_aim=BOARD_AIM,
    ),
    MeasuredPage(
        name="CPG, a region and its stories",
        path="/cpg?annee=2016&territoire=REG-84",
        first=(BOARD.at("2016"),),
        whole=(BOARD.at("2016"), *(mark.at("2016") for mark in DETAILS)),
        change=Change(
            click='table[data-grid] tbody tr:has(th span:text-is("{value}")) td >> nth=1',
            # A story that nobody has asked for yet, nearly each time; no name holds another.
            values=(
                "Ain",
                "Allier",
                "Ardèche",
                "Cantal",
                "Drôme",
                "Isère",
                "Haute-Loire",
                "Puy-de-Dôme",
                "Rhône",
                "Haute-Savoie",
            ),
            shown=(
                Mark(".v-story .v-kicker", "{value}"),
                Mark(".v-story svg"),
                Mark("#bloc-serie caption", "{value}"),
            ),
            words="opening a story",
            aim=STORY_AIM,
        ),
    ),
    _by_year(
        "Mon département",
        "/departement?annee=2016&territoire=DEP-43",
        (Mark("#vigie-fiche .v-lead", "{value}"),),
        (Mark("#bloc-fiche caption", "en {value}"), Mark("#bloc-manque")),
    ),
    MeasuredPage(
        name="COG",
        path="/cog",
        first=(Mark("#bloc-indicateurs caption"),),
        whole=(Mark("#bloc-indicateurs caption"), Mark("#bloc-engagements caption")),
        change=Change(
            click='button[data-name=engagement_fiche][data-value="{value}"]',
            values=("7", "8"),
            shown=(Mark("#bloc-engagements tbody tr:first-child th", "{value}.1"),),
        ),
    ),
    _by_year(
        "MSAP",
        "/msap?annee=2016",
        (Mark("#vigie-msap h1", "MSAP {value}"),),
        (
            Mark("#vigie-msap h1", "MSAP {value}"),
            Mark("#bloc-statuts caption", "{value}"),
            Mark("#bloc-carte caption", "en {value}"),
            Mark("#bloc-mois h2"),
        ),
    ),
    _by_year(
        "MSAP, gestes",
        "/msap_gestes?annee=2016",
        (Mark("#bloc-gestes caption", "en {value}"),),
        (Mark("#bloc-gestes caption", "en {value}"), Mark("#bloc-annees svg")),
    ),
    _by_year(
        "MSAP, établissements",
        "/msap_etablissements?annee=2016&profil=dcgdr&profil_territoire=REG-84",
        (Mark("#vigie-msap_appels .v-lead", "en {value}"),),
        (
            Mark("#vigie-msap_appels .v-lead", "en {value}"),
            Mark("#bloc-entonnoir .v-note", "en {value}"),
            Mark("#bloc-entonnoir svg.v-funnel"),
        ),
    ),
    _by_year(
        "Répartition",
        "/repartition?annee=2016",
        (Mark("#vigie-repartition h1", "en {value}"),),
        (
            Mark("#vigie-repartition h1", "en {value}"),
            Mark("#bloc-lorenz svg.v-lorenz"),
            Mark("#bloc-professions svg"),
            Mark("#bloc-densite .v-note", "{value}"),
        ),
    ),
    _by_year(
        "Répartition, 1 270 EPCI",
        "/repartition?annee=2016&maille=epci",
        (Mark("#vigie-repartition h1", "en {value}"),),
        (Mark("#vigie-repartition h1", "en {value}"), Mark("#bloc-densite .v-note", "{value}")),
    ),
    _by_year(
        "Qui fait l’inégalité",
        "/inegalite?annee=2016",
        (Mark("#vigie-inegalite .v-lead", "{value}"),),
        (
            Mark("#vigie-inegalite .v-lead", "{value}"),
            Mark("#bloc-voisins .v-note", "{value}"),
            Mark("#bloc-voisins svg"),
        ),
    ),
    MeasuredPage(
        name="Simulateur, 161 EPCI of a region and its plans",
        path="/simulateur?annee=2016&territoire=REG-76&maille=epci",
        first=(Mark("#vigie-simulateur h1"),),
        whole=(Mark("#vigie-simulateur h1"), Mark("#bloc-plan svg.v-lorenz")),
        change=Change(
            click='button[data-act=budget][data-value="{value}"]',
            values=("5", "10"),
            shown=(Mark("#bloc-plan h2", "{value} infirmiers de plus"),),
            words="placing installations",
        ),
    ),
    MeasuredPage(
        name="Comparer à l’IR 4.1",
        path="/ir41",
        first=(Mark("#vigie-ir41 h1"),),
        whole=(Mark("#vigie-ir41 h1"), Mark("#bloc-ir41 caption")),
    ),
    _by_year(
        "PRADO",
        "/prado?annee=2016",
        (Mark("#vigie-prado h1", "PRADO {value}"),),
        (
            Mark("#vigie-prado h1", "PRADO {value}"),
            Mark("#bloc-volets caption", "{value}"),
            Mark("#bloc-productivite caption"),
            Mark("#bloc-cout caption"),
            Mark("#bloc-couverture caption"),
        ),
    ),
    _by_year(
        "Sophia",
        "/sophia?annee=2016",
        (Mark("#vigie-sophia h1", "Sophia {value}"),),
        (
            Mark("#vigie-sophia h1", "Sophia {value}"),
            Mark("#bloc-adherents svg.v-series"),
            Mark("#bloc-campagne caption"),
            Mark("#bloc-cout caption"),
            Mark("#bloc-effectifs caption"),
        ),
    ),
    MeasuredPage(
        name="DMP, Santé active, téléservices",
        path="/numerique",
        first=(Mark("#vigie-numerique h1"),),
        whole=(
            Mark("#bloc-courbe svg.v-series"),
            Mark("#bloc-carte svg.v-map"),
            Mark("#bloc-telemedecine caption"),
        ),
        change=Change(
            click='button[data-name=numerique_programme]:has-text("{value}")',
            values=("Santé active", "DMP"),
            shown=(Mark("#bloc-courbe h2", "{value}"), Mark("#bloc-carte caption", "{value}")),
        ),
    ),
    MeasuredPage(
        name="Délais post-opératoires",
        path="/delais",
        first=(Mark("#vigie-delais h1"),),
        whole=(Mark("#vigie-delais h1"), Mark("#bloc-delais svg.v-densities")),
    ),
    MeasuredPage(
        name="Cartes des adhésions",
        path="/adhesions?mois=2016-12",
        first=(Mark("#vigie-adhesions h1", "couverture"), Mark("#bloc-carte caption")),
        whole=(
            Mark("#vigie-adhesions h1", "couverture"),
            Mark("#bloc-carte caption"),
            Mark(".v-mapstory h2"),
            Mark(".st-key-carte canvas"),
        ),
        change=Change(
            click='button[data-name=mesure]:has-text("{value}")',
            values=("Écart à la médiane", "Couverture"),
            shown=(Mark(".v-mapclasses .v-kicker", "{value}"),),
            words="change of measure",
        ),
    ),
    MeasuredPage(
        name="Importer des extraits",
        path="/importer",
        first=(ANY_TITLE,),
        whole=(ANY_TITLE, Mark("#bloc-historique"), Mark("#bloc-modeles")),
    ),
    MeasuredPage(
        name="Collecte",
        path="/collecte?annee=2016",
        first=(ANY_TITLE,),
        whole=(ANY_TITLE, ANY_CAPTION, Mark("#bloc-nationaux")),
        change=Change(OUR_YEAR, YEARS, (Mark("#bloc-collecte h2", "{value}"),)),
        first_aim=BOARD_AIM,
    ),
    MeasuredPage(
        name="Corrections",
        path="/corrections?annee=2016",
        first=(ANY_TITLE,),
        whole=(ANY_TITLE, Mark("#bloc-proposer"), Mark("#bloc-historique")),
    ),
    MeasuredPage(
        name="Extraits reçus et signalements",
        path="/extraits?annee=2016",
        first=(ANY_TITLE,),
        whole=(ANY_TITLE, ANY_CAPTION, Mark("#bloc-envois", "2016")),
        change=Change(OUR_YEAR, YEARS, (Mark("#bloc-envois h2", "{value}"),)),
        first_aim=BOARD_AIM,
    ),
    MeasuredPage(
        name="Anomalies",
        path="/anomalies?annee=2016",
        first=(ANY_TITLE,),
        whole=(ANY_TITLE, Mark("#bloc-liste")),
    ),
    MeasuredPage(
        name="Publié et recalculé",
        path="/rapprochement?annee=2016",
        first=(ANY_CAPTION,),
        whole=(ANY_TITLE, ANY_CAPTION),
        first_aim=BOARD_AIM,
    ),
    MeasuredPage(
        name="Méthode et définitions",
        path="/methode?annee=2016",
        first=(ANY_TITLE,),
        whole=(ANY_TITLE, Mark("[data-testid=stMain] h2", count=3)),
        first_aim=BOARD_AIM,
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
        opened = {page.name: self._open(page) for page in pages if page.change}
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
        try:
            first_seconds, whole_seconds = load_seconds(self._browser, url, page.first, page.whole)
        except BrowserError as error:
            self._failures[page.name] = f"never painted: {error.name}"
            return
        if not is_warm_up:
            self._samples[page.name, "first"].append(first_seconds)
            self._samples[page.name, "whole"].append(whole_seconds)

    def _open(self, page: MeasuredPage) -> OpenPage | None:
        if page.name in self._failures:
            return None
        url = self._addresses[page.name] + page.path
        try:
            return OpenPage(self._browser, url, page.whole)
        except BrowserError as error:
            self._failures[page.name] = f"never painted: {error.name}"
            return None

    def _change(self, page: MeasuredPage, opened: OpenPage | None, turn: int) -> None:
        if opened is None or page.change is None or page.name in self._failures:
            return
        value = page.change.values[turn % len(page.change.values)]
        try:
            seconds = opened.change_seconds(
                page.change.click.replace("{value}", value),
                [mark.at(value) for mark in page.change.shown],
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
            lines += self._compared(page, "first", "load, what is seen first", page.first_aim)
            lines += self._compared(page, "whole", "load, whole page painted", WHOLE_AIM)
            if page.change:
                lines += self._compared(page, "change", page.change.words, page.change.aim)
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
