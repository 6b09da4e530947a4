"""A map drawn by deck.gl in the reader's browser, without base map: values only, geometry by name.

Polygons, hatching and places never change: the browser fetches them once, by an address that names
their content. What is sent again at each change is one letter a territory: the place of its colour
in the palette, read by deck.gl's own expressions (``@@=``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pydeck

from figures.map_geometry import bounds, outline
from figures.palette import Theme, mixed

Rgb = list[int]
Source = str | list[dict[str, Any]]
NO_BASE_MAP = "__MAP_STYLE__"
"""What pydeck writes where no base map is wanted."""

WORLD = 512
"""Side of the world at zoom 0, in pixels: deck.gl's common unit."""

MARGIN = 1.04
NAMES_ZOOM, SMALLEST_NAME, SHORT_NAME = 4.9, 7.0, 9.0
"""Zoom at which the names of the frames have their full size, the least, and that of codes."""

TALLEST, COLUMN = 330_000.0, 11_000
"""Metres of the tallest column over the whole country, and of the radius of all."""

BARE, RISING, CROSSED, FALLING = "0123"
HATCHES: Mapping[str, tuple[bool, bool]] = {
    BARE: (False, False),
    RISING: (True, False),
    CROSSED: (True, True),
    FALLING: (False, True),
}
"""Which lines are seen of a territory's hatching: those that rise, those that cross them."""

CLOSER = 2.5
"""How far a reader may come closer than the first view, in zoom: borders would become roads."""


@dataclass(frozen=True)
class Symbol:
    """A proportional symbol: its place in degrees, its radius in pixels however near the view.

    ``colour`` is the place of its colour in the palette, None for a ring; ``share`` that of the
    largest volume, which a column is as tall as.
    """

    code: str
    place: tuple[float, float]
    radius: float
    colour: int | None
    share: float


@dataclass(frozen=True)
class View:
    """Where the map looks: its middle in degrees, deck.gl's zoom, and how far it leans.

    ``closeness`` is how large a part of the whole drawing is seen: columns shrink with it.
    """

    longitude: float
    latitude: float
    zoom: float
    pitch: float = 0.0
    closeness: float = 1.0


@dataclass(frozen=True)
class DeckMap:
    """All that one drawing sends.

    Attributes:
        level: what the polygons are.
        letters: place in ``colours`` of each polygon's territory, one letter each.
        colours: ``#rrggbb`` by place.
        hatched: how each territory is hatched, a digit of ``HATCHES``; ``0`` for none.
        signed: ``1`` for each that bears the sign of those under the pivot, else ``0``.
        zeros: ``1`` for each whose value is nought, which a ``0`` tells in grey, else ``0``.
        symbols: drawn over the polygons.
        columns: whether symbols stand up as columns.
        picks: ``areas``, ``symbols`` or both: what a click may choose.
        chosen: code of the territory outlined; empty without.
        turn: changes after each click, so that the browser forgets what it has marked as chosen.
        view: where the map looks at first.
        theme: colours of the page.
        tip: name of the words said when a territory is pointed at, which the page's script holds;
            nothing is said without.
        is_playing: whether months follow each other: then nothing can be pointed at.
        sources: address or rows of ``ground``, ``areas``, ``hatches``, ``places``,
            ``frames`` and ``touch``.
    """

    level: str
    letters: str
    colours: Sequence[str]
    hatched: str
    signed: str
    zeros: str
    symbols: Sequence[Symbol]
    columns: bool
    picks: tuple[str, ...]
    chosen: str
    turn: int
    view: View
    theme: Theme
    tip: str
    is_playing: bool
    sources: Mapping[str, Source]


def view_of(codes: Sequence[str], level: str, width: float, height: float, leans: bool) -> View:
    """The view that holds some territories, or the whole drawing, in a picture of that size."""
    west, south, east, north = bounds(codes, level)
    low, high = _mercator(south), _mercator(north)
    zoom = _zoom((west, south, east, north), width, height)
    closeness = min(1.0, 2 ** (_zoom(bounds([], level), width, height) - zoom))
    latitude = math.degrees(2 * math.atan(math.exp(math.pi * (low + high))) - math.pi / 2)
    middle = round((west + east) / 2, 3), round(latitude, 3)
    if leans:
        # Seen from the south, with room above for the columns of the north.
        return View(
            middle[0],
            round(latitude + (north - south) * 0.07, 3),
            round(zoom - 0.25, 3),
            45,
            closeness,
        )
    return View(*middle, round(zoom, 3), closeness=closeness)


def _zoom(box: tuple[float, float, float, float], width: float, height: float) -> float:
    """The zoom at which west, south, east and north of a box fit in a picture of that size."""
    west, south, east, north = box
    across, down = (east - west) / 360 * MARGIN, (_mercator(north) - _mercator(south)) * MARGIN
    return math.log2(min(width / (WORLD * across), height / (WORLD * down)))


def _mercator(latitude: float) -> float:
    """The height of a latitude, the world being 1 high and the equator 0."""
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi)


class Drawing(pydeck.Deck):
    """A drawing of pydeck's layers, written in one line.

    pydeck looks for notebook libraries at each drawing, which takes longer than all the rest, and
    puts blanks between all values.
    """

    def __init__(
        self, layers: list[pydeck.Layer], view: pydeck.View, state: pydeck.ViewState, tooltip: Any
    ) -> None:
        """Layers, from the lowest, as seen from a state; no base map."""
        self.layers = layers
        self.views = [view]
        self.initial_view_state = state
        self.map_provider = None
        # Without it, Streamlit asks a server of Carto's for a base map.
        self.map_style = NO_BASE_MAP
        self._tooltip = tooltip

    def to_json(self) -> str:
        """The drawing as one line of JSON."""
        return json.dumps(json.loads(super().to_json()), ensure_ascii=False, separators=(",", ":"))


def deck(drawn: DeckMap) -> pydeck.Deck:
    """The drawing as deck.gl reads it."""
    view = drawn.view
    # The wheel scrolls the page; the map is framed by the choice of the territory.
    controller = {"scrollZoom": False, "dragRotate": drawn.columns, "touchRotate": False}
    return Drawing(
        [layer for layer in _layers(drawn) if layer is not None],
        pydeck.View(type="MapView", controller=controller),
        pydeck.ViewState(
            longitude=view.longitude,
            latitude=view.latitude,
            zoom=view.zoom,
            pitch=view.pitch,
            bearing=0,
            min_zoom=3,
            max_zoom=round(view.zoom + CLOSER, 1),
        ),
        _tooltip(drawn) if drawn.tip else None,
    )


def _tooltip(drawn: DeckMap) -> dict[str, Any]:
    return {
        "html": f'<b class="v-tip" data-tips="{drawn.tip}" data-c="{{c}}"></b>',
        "style": {
            "background": drawn.theme.text,
            "color": drawn.theme.background,
            "fontSize": "13px",
            "padding": "6px 9px",
            "borderRadius": "4px",
            "maxWidth": "280px",
        },
    }


def _layers(drawn: DeckMap) -> list[pydeck.Layer | None]:
    paper, ink, grey = (
        _rgb(c) for c in (drawn.theme.background, drawn.theme.text, drawn.theme.neutral)
    )
    line = _rgb(mixed(drawn.theme.neutral, drawn.theme.background, 0.55))
    sources = drawn.sources
    return [
        pydeck.Layer(
            "SolidPolygonLayer",
            sources["ground"],
            id=f"sol-{drawn.level}",
            pickable=False,
            **_polygons(),
            get_fill_color=[*line, 255],
        ),
        pydeck.Layer(
            "SolidPolygonLayer",
            sources["areas"],
            id=f"fond-{drawn.level}",
            pickable=False,
            **_polygons(),
            get_fill_color=_by_letter([_rgb(c) for c in drawn.colours], drawn.letters),
            update_triggers={"getFillColor": drawn.letters + "".join(drawn.colours)},
        ),
        pydeck.Layer(
            "LineLayer",
            sources["hatches"],
            id=f"hachures-{drawn.level}",
            pickable=False,
            visible=bool(set(drawn.hatched) - {BARE}),
            get_source_position="[l[0],l[1]]",
            get_target_position="[l[2],l[3]]",
            get_width=1.2,
            get_color=_hatch_colours(drawn.hatched, grey),
            update_triggers={"getColor": drawn.hatched + drawn.theme.neutral},
        ),
        pydeck.Layer(
            "PathLayer",
            sources["frames"],
            id=f"cadres-{drawn.level}",
            pickable=False,
            get_path="p",
            get_color=[*line, 255],
            get_width=1,
            width_units="'pixels'",
        ),
        _names(drawn, grey),
        _columns(drawn) if drawn.columns else _circles(drawn, paper, ink),
        _signs(drawn, "signes", "s", drawn.signed, ink),
        _signs(drawn, "zeros", "z", drawn.zeros, grey),
        _chosen(drawn),
        _touch(drawn) if "areas" in drawn.picks else None,
    ]


def _names(drawn: DeckMap, grey: Rgb) -> pydeck.Layer:
    """The names of the frames, as large as these; their codes where names couldn't be read."""
    size = min(10.0, 10.0 * 2 ** (drawn.view.zoom - NAMES_ZOOM))
    is_short = size < SMALLEST_NAME
    return pydeck.Layer(
        "TextLayer",
        drawn.sources["frames"],
        id=f"noms-{drawn.level}",
        pickable=False,
        get_position="q",
        get_text="k" if is_short else "n",
        get_size=SHORT_NAME if is_short else round(size, 1),
        get_color=[*grey, 255],
        get_alignment_baseline="'top'",
        get_pixel_offset=[0, 3],
        character_set="'auto'",
        font_family="'system-ui, sans-serif'",
    )


def _circles(drawn: DeckMap, paper: Rgb, ink: Rgb) -> pydeck.Layer:
    """Symbols: a disc in its class, or a ring over the colours of the polygons."""
    # At least three kinds of accessors change: Streamlit keeps one trigger a layer, so that the
    # data themselves are sent, a few characters each.
    rows = [
        {
            "c": one.code,
            "p": list(one.place),
            "r": round(one.radius, 1),
            "k": len(drawn.colours) if one.colour is None else one.colour,
        }
        for one in drawn.symbols
    ]
    colours = [[*_rgb(c), 235] for c in drawn.colours] + [[*paper, 45]]
    picks = "symbols" in drawn.picks
    return pydeck.Layer(
        "ScatterplotLayer",
        rows,
        id=f"cercles-{drawn.turn}" if picks else "cercles",
        pickable=picks,
        stroked=True,
        get_position="p",
        get_radius="r",
        radius_units="'pixels'",
        get_fill_color=f"({_written(colours)})[k]",
        get_line_color=[*ink, 255],
        get_line_width=1.1,
        line_width_units="'pixels'",
    )


def _columns(drawn: DeckMap) -> pydeck.Layer:
    """Symbols stood up: as tall as their volume."""
    rows = [
        {
            "c": one.code,
            "p": list(one.place),
            "e": round(one.share * TALLEST * drawn.view.closeness),
            "k": len(drawn.colours) if one.colour is None else one.colour,
        }
        for one in drawn.symbols
    ]
    colours = [_rgb(c) for c in (*drawn.colours, drawn.theme.accent)]
    picks = "symbols" in drawn.picks
    return pydeck.Layer(
        "ColumnLayer",
        rows,
        id=f"colonnes-{drawn.turn}" if picks else "colonnes",
        pickable=picks,
        extruded=True,
        radius=round(COLUMN * drawn.view.closeness),
        disk_resolution=20,
        get_position="p",
        get_elevation="e",
        get_fill_color=f"({_written(colours)})[k]",
    )


def _signs(drawn: DeckMap, name: str, column: str, letters: str, colour: Rgb) -> pydeck.Layer:
    """A sign on the territories whose letter is ``1``: read in grey too.

    Kept unseen where there is none: a layer that comes anew draws the map twice.
    """
    return pydeck.Layer(
        "TextLayer",
        drawn.sources["places"],
        id=f"{name}-{drawn.level}",
        pickable=False,
        visible="1" in letters,
        get_position="q",
        get_text=column,
        get_size=11,
        character_set="'auto'",
        get_color=_by_letter([[0, 0, 0, 0], [*colour, 255]], letters),
        update_triggers={"getColor": letters},
    )


def _chosen(drawn: DeckMap) -> pydeck.Layer | None:
    outlines = outline(drawn.level, drawn.chosen)
    if not outlines:
        return None
    return pydeck.Layer(
        "PathLayer",
        [{"p": one} for one in outlines],
        id="choisi",
        pickable=False,
        get_path="p",
        get_color=[*_rgb(drawn.theme.accent), 255],
        get_width=3,
        width_units="'pixels'",
        joint_rounded=True,
    )


def _touch(drawn: DeckMap) -> pydeck.Layer:
    """What a click meets: whole polygons, unseen, under another name after each click."""
    return pydeck.Layer(
        "SolidPolygonLayer",
        drawn.sources["touch"],
        id=f"prise-{drawn.turn}",
        pickable=True,
        visible=not drawn.is_playing,
        auto_highlight=True,
        highlight_color=[*_rgb(drawn.theme.accent), 50],
        **_polygons(),
        get_fill_color=[0, 0, 0, 0],
    )


def _polygons() -> dict[str, str]:
    """How rows of polygons are read: corners in one list, two numbers each."""
    return {"get_polygon": "p", "position_format": "'XY'"}


def _by_letter(colours: Sequence[Rgb], letters: str) -> str:
    """The expression that finds the colour of row ``i``."""
    return f"({_written(colours)})[('{letters}')[i]]"


def _hatch_colours(digits: str, grey: Rgb) -> str:
    """The expression that finds the colour of a line by its territory and its way."""
    seen = [
        [*grey, 255] if is_seen else [0, 0, 0, 0] for ways in HATCHES.values() for is_seen in ways
    ]
    pairs = ",".join(_written(seen[place : place + 2]) for place in range(0, len(seen), 2))
    return f"([{pairs}])[('{digits}')[l[4]]][l[5]]"


def _written(colours: Sequence[Rgb]) -> str:
    return "[" + ",".join("[" + ",".join(map(str, colour)) + "]" for colour in colours) + "]"


def _rgb(colour: str) -> Rgb:
    digits = colour.removeprefix("#")
    return [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
