"""What the pages of the programmes have in common: blocks, where figures come from, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from access.scope import Scope
from components.address import link
from components.perimeter import Perimeter
from components.publication import publication
from figures.exportable import Exportable
from figures.markup import figure_block, text
from queries import store

PUBLISHED = "Chiffres publiés"
DEMONSTRATION = "Données de démonstration"
SENT = "Envois des caisses"
IGAS = "Igas, 2017"


@dataclass(frozen=True)
class ProgrammeBlock:
    """A figure of a page with what stands above it; its files are made when asked."""

    figure: Exportable
    body: str
    controls: str = ""

    def html(self, block_id: str) -> str:
        """The block named ``block_id``, titled by its finding, with its files."""
        figure = self.figure
        head = f'<div class="v-head">{self.controls}</div>' if self.controls else ""
        formats = ("csv",) if figure.svg is None else ("csv", "png")
        return figure_block(
            block_id, figure.title, figure.note, head + self.body, figure.foot, formats
        )


Blocks = Mapping[str, ProgrammeBlock]


@dataclass(frozen=True)
class Drawing:
    """A part of a page, and what a first painting holds of it."""

    html: str
    in_sight: str


@dataclass(frozen=True)
class ProgrammeAsked:
    """The territory and the year that a page of a programme looks at."""

    perimeter: Perimeter
    year: int

    @property
    def where(self) -> str:
        """The territory as written in a title."""
        return self.perimeter.label

    @property
    def first(self) -> str:
        """The first month of the year, as questions ask it."""
        return f"{self.year}-01"

    @property
    def last(self) -> str:
        """The last month of the year."""
        return f"{self.year}-12"


def origin_of(scope: Scope, build_id: str, contract: str) -> str:
    """Where the figures of a kind of extract come from: the demonstration, or the caisses."""
    extracts = store.extracts(scope, build_id)
    origins = set(extracts.loc[extracts["contract"] == contract, "origin"])
    if origins == {"demonstration"}:
        return DEMONSTRATION
    return f"{SENT}, dont données de démonstration" if "demonstration" in origins else SENT


def sources(scope: Scope, build_id: str, source: str) -> str:
    """Source, publication and day, under a figure."""
    return publication(scope, build_id).sources_line(source)


def map_link(programme: str) -> str:
    """The way to the maps of the adhesions to a programme."""
    address = link("adhesions", programme=programme)
    return f'<p class="v-note"><a href="{text(address)}">Où adhère-t-on : la carte</a></p>'


def below(blocks: Blocks, *names: str) -> str:
    """Blocks under each other, those that are there."""
    html = "".join(blocks[name].html(name) for name in names if name in blocks)
    return f'<div class="v-below">{html}</div>' if html else ""


def side_by_side(blocks: Blocks, *names: str) -> str:
    """Blocks beside each other where the screen has the room."""
    there = [name for name in names if name in blocks]
    if len(there) < 2:
        return below(blocks, *there)
    columns = "".join(f'<div class="v-column">{blocks[name].html(name)}</div>' for name in there)
    return f'<div class="v-grid v-duo">{columns}</div>'
