"""Does the server's memory grow with use? One reader, one round of all pages, then ten."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from bench.child import resident_memory_mb
from bench.measured import Line
from bench.serving import Server, served
from bench.stopwatch import Mark, OpenPage, chromium
from data.store.home import PROJECT, Home

GROWTH_AIM_MB = 20.0
REST_SECONDS = 3.0
"""What a session leaves behind is given back a moment after its last run."""

YEARS = ("2014", "2015", "2016", "2017")
TERRITORIES = {
    "REG-84": "Auvergne-Rhône-Alpes",
    "REG-76": "Occitanie",
    "REG-53": "Bretagne",
    "REG-28": "Normandie",
    "REG-32": "Hauts-de-France",
    "REG-11": "Île-de-France",
    "REG-44": "Grand Est",
    "REG-75": "Nouvelle-Aquitaine",
    "REG-52": "Pays de la Loire",
    "REG-27": "Bourgogne-Franche-Comté",
}
TITLE = "[data-testid=stMain] h1"
BOARD = "table[data-grid] caption"
BOARD_ROW = "table[data-grid] tbody tr:nth-child({row})"
PAGES = (
    ("Pilotage", "departement", Mark("#bloc-fiche")),
    ("Pilotage", "cog", Mark("#bloc-engagements")),
    ("MSAP", "msap", Mark("#bloc-statuts")),
    ("MSAP", "msap_gestes", Mark("#bloc-gestes")),
    ("MSAP", "msap_etablissements", Mark("#bloc-entonnoir")),
    ("Professionnels de santé", "repartition", Mark("#bloc-densite")),
    ("Professionnels de santé", "inegalite", Mark("#vigie-inegalite .v-lead")),
    ("Professionnels de santé", "simulateur", Mark("#bloc-plan")),
    ("Professionnels de santé", "ir41", Mark("#bloc-ir41")),
    ("Programmes", "adhesions", Mark("#bloc-carte")),
    ("Programmes", "prado", Mark("#bloc-couverture")),
    ("Programmes", "sophia", Mark("#bloc-effectifs")),
    ("Programmes", "numerique", Mark("#bloc-telemedecine")),
    ("Programmes", "delais", Mark("#bloc-delais")),
    ("Données", "importer", Mark("#bloc-modeles")),
    ("Données", "collecte", Mark("#bloc-nationaux")),
    ("Données", "corrections", Mark("#bloc-historique")),
    ("Données", "extraits", Mark("#bloc-extraits")),
    ("Données", "rapprochement", Mark("#bloc-rapprochement")),
    ("Données", "anomalies", Mark("#bloc-liste")),
    ("Repères", "methode", Mark("#vigie-definitions h3")),
    ("Pilotage", "synthese", Mark("#bloc-ecarts")),
    ("Pilotage", "cpg", Mark(BOARD)),
)
"""Section, address and mark of every page, the board last."""

ON_THE_BOARD = 5
FEW = ON_THE_BOARD + len(PAGES)
LATER = 200
MANY = 10 * FEW
JUDGED = FEW * -(-(FEW + LATER) // FEW)
"""The end of the first round that lies 200 interactions or more after the first; the measure goes
on to ``MANY`` to show where it is heading."""
GROWTH = f"growth from {FEW} to {JUDGED} interactions"


@dataclass(frozen=True)
class Interaction:
    """What a reader does, and the mark of what it shows.

    Attributes:
        selector: what is clicked, or the list in which ``option`` is chosen.
        shown: mark of what has changed; ``{value}`` in it stands for the text of ``named``.
        option: code of the option; None for a click.
        section: the section of the navigation that the link lies in; None outside of it.
        named: what on the page names the thing chosen; None where the mark says it all.
    """

    selector: str
    shown: Mark
    option: str | None = None
    section: str | None = None
    named: str | None = None

    def do(self, page: Page) -> list[Mark]:
        """Do it, as a person would; the marks of what it shows."""
        name = "" if self.named is None else page.locator(self.named).first.inner_text()
        if self.section is not None:
            page.locator("[data-testid=stTopNavSection]", has_text=self.section).click()
        if self.option is None:
            page.locator(self.selector).first.click()
        else:
            page.locator(self.selector).first.select_option(self.option)
        return [self.shown.at(name)]


class NeverPaintedError(RuntimeError):
    """What an interaction changes did not appear in time."""


def interactions() -> Iterator[Interaction]:
    """Without end: rounds of ``FEW`` over every page, each round in another region."""
    codes = list(TERRITORIES)
    turn = 0
    while True:
        code = codes[(turn + 1) % len(codes)]
        yield from _on_the_board(code, turn)
        yield from _over_the_pages()
        turn += 1


def _on_the_board(code: str, turn: int) -> Iterator[Interaction]:
    """Five: a territory, a year, two stories, one closed."""
    name = TERRITORIES[code]
    yield Interaction("select[data-name=territoire]", Mark(TITLE, name), option=code)
    year = YEARS[turn % len(YEARS)]
    yield _year(year, Mark(BOARD, f"CPG en {year}"))
    for story in range(2):
        column = 2 + (5 * turn + story) % 20
        row = BOARD_ROW.format(row=2 + story)
        cell, name_of_row = f"{row} td:nth-child({column})", f"{row} th span"
        yield Interaction(cell, Mark(".v-story .v-kicker", "{value}"), named=name_of_row)
    yield Interaction(".v-story .v-close", Mark("#vigie-cpg_histoire:empty"))


def _over_the_pages() -> Iterator[Interaction]:
    """Every page once, back to the board."""
    for section, path, shown in PAGES:
        yield _page(section, path, shown)


def _year(year: str, shown: Mark) -> Interaction:
    return Interaction(f'[data-name=annee][data-value="{year}"]', shown)


def _page(section: str, path: str, shown: Mark) -> Interaction:
    link = f'a[data-testid=stTopNavDropdownLink][href$="/{path}"]'
    return Interaction(link, shown, section=section)


def measure_memory(home: Home) -> list[Line]:
    """Resident memory of the server after few and after many interactions, and the growth."""
    if not Path("/proc").exists():
        return [Line("memory", "server", None, "MB", note="the system tells no resident memory")]
    start = f"/cpg?annee=2016&territoire={next(iter(TERRITORIES))}"
    try:
        with served(PROJECT / "serve.py", home) as server, chromium() as browser:
            reader = OpenPage(browser, server.address + start, [Mark(BOARD, "CPG en 2016")])
            resident = _taken(server, reader)
            reader.close()
    except (BrowserError, NeverPaintedError) as error:
        return [Line("memory", GROWTH, None, "MB", GROWTH_AIM_MB, f"never painted: {error}")]
    return lines_of(resident)


def _taken(server: Server, reader: OpenPage) -> dict[int, float]:
    """Resident MB by the number of interactions done, at the end of every round.

    Raises: NeverPaintedError where an interaction did not show what it should.
    """
    resident = {}
    for done, interaction in enumerate(islice(interactions(), MANY), start=1):
        try:
            reader.after(interaction.do)
        except BrowserError as error:
            raise NeverPaintedError(f"interaction {done}, {interaction.selector}") from error
        if done % FEW == 0:
            time.sleep(REST_SECONDS)
            resident[done] = resident_memory_mb(server.process_id)
    return resident


def lines_of(resident: dict[int, float]) -> list[Line]:
    """Memory at both ends, what lies between as a note, and the growth with its aim."""
    course = ", ".join(f"{done}: {megabytes:.0f}" for done, megabytes in resident.items())
    growth = resident[JUDGED] - resident[FEW]
    return [
        Line("memory", f"server after {FEW} interactions", resident[FEW], "MB"),
        Line("memory", f"server after {MANY} interactions", resident[MANY], "MB", note=course),
        Line("memory", GROWTH, growth, "MB", GROWTH_AIM_MB),
    ]
