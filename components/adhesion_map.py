"""The map's fragment: drawn after the first paint, changed by its own clicks and its own frames.

A click on a territory, or a month that plays, reruns this alone. What the browser gets then is a
letter a territory and the radius of each circle; contours it has already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from access.scope import Scope
from components.address import asked as address_of
from components.address import choose, forget, link, read_again
from components.adhesion_view import (
    CHOSEN,
    DEPARTMENT,
    LONGEST_CODE,
    MapAsked,
    beside_asked,
    beside_month,
    is_prado,
    shown_map,
)
from components.blocks import Part
from components.map_files import sources as geometry_of
from figures.adhesion_map import (
    HATCHED,
    INCOMPARABLE,
    MASKED,
    OUTSIDE,
    SEVERAL,
    ShownMap,
    area_words,
    circle_scale,
    legend_html,
    map_alt,
    map_finding,
    place_words,
    symbols,
)
from figures.adhesion_panel import Beside, standing_out_html, story_html
from figures.circle_scale import CircleScale
from figures.formats import as_date, month_name
from figures.map_classes import colour_of
from figures.markup import no_break, text
from figures.palette import DARK, LIGHT, Theme
from queries import adhesions, notes
from queries.cached import kept

KEY, ASIDE_KEY, PLAYER_KEY = "carte", "carte_cote", "carte_mois"
FRAME, TURN, NARROW = "carte_image", "carte_tour", "carte_etroite"
TIPS, TIPS_BESIDE = "ici", "cote"
PHONE = "Mobi"
"""What the browsers of phones call themselves."""

PART = Part("carte", ("carte_titre", "carte_fiche"))
OUTSIDE_WORDS = "hors du périmètre"
WIDE, BESIDE, SMALL = (760, 620), (600, 540), (340, 350)
"""Width and height that a view is made for: alone, beside another, on a phone."""

FRAMES_WORDS = (
    "Cadres, de haut en bas : Paris et petite couronne ; 971 Guadeloupe, 972 Martinique ; "
    "973 Guyane, 974 La Réunion ; 976 Mayotte."
)
"""Said where the map is too small to bear the names of its frames."""

MOVES_WORDS = (
    "Glissez pour déplacer, double-cliquez pour approcher ; au clavier, les flèches, + et −."
)

_player = st.components.v2.component(
    "vigie_carte",
    js=(Path(__file__).parent / "adhesion_map.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def forget_frames() -> None:
    """The page has been asked for another view: its month is the address's again."""
    st.session_state.pop(FRAME, None)


def time_bar(months: tuple[date, ...], at: int) -> str:
    """The slider over the months and the button that plays them."""
    first, last = month_name(months[0]), month_name(months[-1])
    return (
        '<div class="v-time"><button type="button" id="carte-lecture" class="v-export" '
        'aria-pressed="false">▶ Lire les mois</button>'
        f'<label for="carte-mois">{text(first)}</label>'
        f'<input type="range" id="carte-mois" min="0" max="{len(months) - 1}" value="{at}" '
        f'aria-label="Mois de la carte, de {text(first)} à {text(last)}" '
        f'aria-valuetext="{text(month_name(months[at]))}">'
        f'<span>{text(last)}</span><output id="carte-mois-dit" for="carte-mois">'
        f"{text(month_name(months[at]))}</output></div>"
    )


@st.fragment
def map_part(scope: Scope, build_id: str, asked: MapAsked) -> None:
    """Draw the map of the month that is asked for or plays, and what stands beside it."""
    read_again()
    asked = replace(asked, chosen=address_of(CHOSEN).strip()[:LONGEST_CODE])
    frame = st.session_state.get(FRAME)
    shown = _frame_of(scope, build_id, asked, frame)
    if shown is None:
        return
    beside = beside_asked(asked)
    other = None
    if beside is not None:
        other = shown_map(scope, build_id, beside, beside_month(asked, shown.month))
    with st.container(key="carte_adhesions"):
        _blocks_place("carte_titre")
        if beside is None or other is None:
            _alone(shown, asked, frame is None)
        else:
            _pair((shown, other), (asked, beside), shown.month, frame is None)
        _panel(scope, build_id, asked, shown, frame is not None)
        tips = {} if frame is not None else _words(scope, build_id, asked, beside, shown)
        _listen(shown, asked, frame, tips)


def _alone(shown: ShownMap, asked: MapAsked, is_still: bool) -> None:
    """One map; beside it, its legend and the story of the territory chosen."""
    size = SMALL if _is_narrow() else WIDE
    scale = circle_scale(shown).times(size[0] / WIDE[0])
    left, right = st.columns([1.62, 1], gap="medium")
    with left:
        _chart(shown, asked, KEY, size, scale, TIPS if is_still else "")
    with right:
        _legend(shown, asked, scale, is_pair=False)
        _blocks_place("carte_fiche")


def _pair(
    maps: tuple[ShownMap, ShownMap], both: tuple[MapAsked, MapAsked], month: date, is_still: bool
) -> None:
    """Two maps of one scale, each over its legend; then the story of the territory chosen."""
    size = SMALL if _is_narrow() else BESIDE
    scale = circle_scale(*maps).times(size[0] / WIDE[0])
    named = ((KEY, TIPS), (ASIDE_KEY, TIPS_BESIDE))
    for column, one, own, (key, tip) in zip(
        st.columns(2, gap="medium"), maps, both, named, strict=True
    ):
        with column:
            title = text(f"{one.about.title} : {one.measure.short}, {one.when}")
            due = month if one is maps[0] else beside_month(both[0], month)
            _html(f"<h2>{title}</h2>{_other_month(one, due)}")
            _chart(one, own, key, size, scale, tip if is_still else "")
            _legend(one, own, scale, is_pair=True)
    _blocks_place("carte_fiche")


def _other_month(shown: ShownMap, due: date) -> str:
    """Said over a map that knows nothing of the month asked for; empty otherwise."""
    if shown.month == due:
        return ""
    return (
        f'<p class="v-note">Rien n’est connu à fin {text(month_name(due))} : la carte montre '
        f"{text(month_name(shown.month))}.</p>"
    )


def _legend(shown: ShownMap, asked: MapAsked, scale: CircleScale, is_pair: bool) -> None:
    """The legend of a map; on a phone, what its frames hold too."""
    words = MOVES_WORDS
    if _is_narrow():
        words = FRAMES_WORDS if shown.about.is_country else ""
    said = f'<p class="v-note">{text(words)}</p>' if words else ""
    _html(legend_html(shown, scale, asked.is_relief, is_pair) + said)


def _is_narrow() -> bool:
    """Whether the reader has a phone: by the page's width once it is known, by its name before."""
    found = st.session_state.get(NARROW)
    if found is None:
        return PHONE in st.context.headers.get("User-Agent", "")
    return bool(found)


def _html(html: str) -> None:
    st.html(f'<div class="vigie" lang="fr">{no_break(html)}</div>')


def _blocks_place(block: str) -> None:
    st.html(f'<div class="vigie" lang="fr" id="vigie-{block}"></div>')


def _frame_of(scope: Scope, build_id: str, asked: MapAsked, frame: Any) -> ShownMap | None:
    """The map of the month that plays, else of the month asked for."""
    # Months that follow each other compare in the classes of the whole period only.
    own = asked if frame is None else replace(asked, bounds="periode")
    shown = shown_map(scope, build_id, own)
    if shown is None or frame is None:
        return shown
    months = shown.spread.months
    return replace(shown, t=min(max(int(frame), 0), len(months) - 1))


def _chart(
    shown: ShownMap,
    asked: MapAsked,
    key: str,
    size: tuple[int, int],
    scale: CircleScale,
    tip: str,
) -> None:
    """One map by deck.gl; a click on it chooses a territory."""
    # Imported by the first reader of a map: no other page needs shapely nor pydeck.
    from figures.deck_map import deck

    theme = DARK if st.context.theme.type == "dark" else LIGHT
    turn = int(st.session_state.get(TURN, 0))
    st.pydeck_chart(
        deck(drawing(shown, asked, theme, turn, size, scale, tip)),
        key=key,
        height=size[1],
        on_select=_taken(key, asked),
        alt=map_alt(shown),
    )


def drawing(
    shown: ShownMap,
    asked: MapAsked,
    theme: Theme,
    turn: int,
    size: tuple[int, int],
    scale: CircleScale,
    tip: str,
) -> Any:
    """What deck.gl draws of a month: colours by letter, hatching, signs, symbols, the view.

    Args:
        shown: the map.
        asked: the choices of the page.
        theme: colours of the page.
        turn: how many clicks were taken.
        size: width and height that the view is made for.
        scale: of the circles.
        tip: classes of what is said of a territory pointed at; empty while months play.
    """
    from figures.deck_map import DeckMap, view_of
    from figures.map_geometry import areas

    level = DEPARTMENT if shown.level == "caisse" else shown.level
    is_volume = shown.measure.kind == "volume"
    drawn = areas(level)
    states = [shown.area_state(area.code) for area in drawn]
    classes = [found.css for found in shown.classes]
    palette = [*classes, "rien", OUTSIDE, SEVERAL, INCOMPARABLE]
    # One digit each: six classes at most, and these four.
    letter = {css: str(place) for place, css in enumerate(palette)}
    if is_volume:
        states = [SEVERAL if state in classes else state for state in states]
    letters = "".join(letter["rien" if state == MASKED else state] for state in states)
    codes = [area.code for area, state in zip(drawn, states, strict=True) if state != OUTSIDE]
    is_close = len(codes) < len(drawn)
    view = view_of(codes if is_close else [], level, size[0], size[1], asked.is_relief)
    return DeckMap(
        level=level,
        letters=letters,
        colours=[colour_of(css, theme) for css in palette],
        hatched="".join(HATCHED.get(state, "0") for state in states),
        signed="".join("1" if shown.is_signed(area.code) else "0" for area in drawn),
        zeros="".join("1" if shown.is_nought(area.code) else "0" for area in drawn),
        symbols=symbols(shown, positions(shown.level), scale),
        columns=asked.is_relief,
        picks=("areas", "symbols") if shown.level == "caisse" else ("areas",),
        chosen=outlined(shown, asked.chosen),
        turn=turn,
        view=view,
        theme=theme,
        tip=tip,
        is_playing=not tip,
        sources=geometry_of(level, is_close),
    )


def positions(level: str) -> Mapping[str, Mapping[str, tuple[float, float]]]:
    """Where symbols stand on a map of this level, by their own level and code."""
    from figures.map_geometry import LEVEL_COLUMNS, places

    is_enlarged = level not in LEVEL_COLUMNS
    return {name: places(name, is_enlarged) for name in (level, "caisse")}


def outlined(shown: ShownMap, chosen: str) -> str:
    """The polygon outlined: that of the territory chosen, or of the only one there is."""
    if len(shown.drawn) == 1:
        chosen = shown.spread.codes[shown.drawn[0]]
    if shown.level != "caisse" or chosen in shown.caisses_of:
        return chosen
    return next((code for code, own in shown.caisses_of.items() if chosen in own), "")


def _taken(key: str, asked: MapAsked) -> Callable[[], None]:
    """What a click on the map chooses; a click on the territory chosen leaves it."""

    def taken() -> None:
        state = st.session_state.get(key)
        picked = [one for own in state.selection.objects.values() for one in own] if state else []
        if not picked:
            return
        # The layer that was clicked gets another name: the browser forgets its own choice.
        st.session_state[TURN] = int(st.session_state.get(TURN, 0)) + 1
        code = str(picked[0].get("c", ""))
        if code == address_of(CHOSEN):
            forget((CHOSEN,))
        elif code:
            choose(CHOSEN, code)

    return taken


def _panel(scope: Scope, build_id: str, asked: MapAsked, shown: ShownMap, is_playing: bool) -> None:
    """The story of the territory chosen, and the finding for who listens.

    While months play, both stay those of the month that the page was left at.
    """
    html: dict[str, str | None] = dict.fromkeys(PART.blocks)
    if not is_playing:
        html = {
            "carte_titre": f'<p class="sr" aria-live="polite">{text(map_finding(shown))}</p>',
            "carte_fiche": panel_html(scope, build_id, asked, shown),
        }
    PART.connect(html, lambda event: None)


def panel_html(scope: Scope, build_id: str, asked: MapAsked, shown: ShownMap) -> str:
    """What stands beside the map: a territory's story, or who stands out."""
    if not asked.chosen and len(shown.drawn) == 1:
        # Nobody stands out among one: her own story is told.
        asked = replace(asked, chosen=shown.spread.codes[shown.drawn[0]])
    if not asked.chosen:
        return _standing_out(scope, build_id, asked)
    place = shown.spread.place_of(asked.chosen)
    if place is None or asked.chosen not in shown.inside:
        return _several(shown, asked.chosen) or standing_out_html(shown)
    code = asked.chosen
    is_sheet = shown.level in {"departement", "caisse"}
    indicator = f"prado_{asked.volet}_adhesions" if asked.volet != "ensemble" else "prado_adhesions"
    found = notes.notes(scope, code, indicator if is_prado(asked) else "", asked.year)
    return story_html(
        shown,
        place,
        Beside(
            link("departement", territoire=code, annee=asked.year) if is_sheet else "",
            found,
            adhesions.provenance(scope, build_id, asked.programme, code, shown.month.year),
        ),
    )


@kept
def _standing_out(scope: Scope, build_id: str, asked: MapAsked) -> str:
    shown = shown_map(scope, build_id, asked)
    return "" if shown is None else standing_out_html(shown)


def _several(shown: ShownMap, code: str) -> str:
    """The caisses of a department that has several, to choose from; empty otherwise."""
    own = shown.caisses_of.get(code, ()) if shown.level == "caisse" else ()
    places = [place for caisse in own if (place := shown.spread.place_of(caisse)) is not None]
    if len(places) < 2:
        return ""
    listed = "".join(
        '<li><button type="button" class="link" data-act="choose" data-name="choisi" '
        f'data-value="{text(shown.spread.codes[place])}">{text(place_words(shown, place))}</button>'
        "</li>"
        for place in places
    )
    return (
        '<section class="v-block v-mapstory"><header><h2>Un département, plusieurs caisses</h2>'
        "</header><p>Aucune carte publique ne le découpe entre elles : elles s’y tiennent côte à "
        f'côte.</p><ul class="v-near">{listed}</ul></section>'
    )


@kept
def _tips(scope: Scope, build_id: str, asked: MapAsked, month: date | None) -> dict[str, str]:
    """What is said of each territory pointed at, by code; ``month`` in place of the address's."""
    shown = shown_map(scope, build_id, asked, month)
    if shown is None:
        return {}
    from figures.map_geometry import areas

    said = {
        area.code: area_words(shown, area.code) or f"{area.name} : {OUTSIDE_WORDS}"
        for area in areas(shown.level)
    }
    if shown.level == "caisse":
        said |= {code: place_words(shown, i) for i, code in enumerate(shown.spread.codes)}
    return said


def _words(
    scope: Scope, build_id: str, asked: MapAsked, beside: MapAsked | None, shown: ShownMap
) -> dict[str, dict[str, str]]:
    """The words of the tips of each map: the contours hold none."""
    bare = replace(asked, chosen="", column="", is_rising=False)
    found = {TIPS: _tips(scope, build_id, bare, None)}
    if beside is not None:
        other = replace(beside, chosen="", column="", is_rising=False)
        month = beside_month(asked, shown.month)
        found[TIPS_BESIDE] = _tips(scope, build_id, other, month)
    return found


def _listen(
    shown: ShownMap, asked: MapAsked, frame: Any, tips: Mapping[str, Mapping[str, str]]
) -> None:
    """The slider and its frames, and the words of the tips; a phone is told apart here."""

    def answered() -> None:
        state = st.session_state.get(PLAYER_KEY)
        said: Mapping[str, Any] = (state.get("asked") if state else None) or {}
        if "frame" in said:
            st.session_state[FRAME] = int(said["frame"])
        if "narrow" in said:
            st.session_state[NARROW] = bool(said["narrow"])

    months = shown.spread.months
    own = as_date(f"{asked.month}-01") or months[-1]
    named: dict[str, Any] = {}
    if frame is None:
        # Said once: the browser keeps them while they play.
        named["months"] = [month_name(month) for month in months]
        named["codes"] = [f"{month:%Y-%m}" for month in months]
    _player(
        key=PLAYER_KEY,
        data={
            "part": PLAYER_KEY,
            "blocks": {},
            **named,
            "at": shown.t if frame is not None else shown.spread.month_place(own),
            "playing": frame is not None,
            "fixed": asked.bounds == "periode",
            "chosen": asked.chosen,
            "tips": {name: dict(words) for name, words in tips.items()},
            "narrow": _is_narrow(),
            "maps": [f".st-key-{KEY}", f".st-key-{ASIDE_KEY}"] if asked.aside else [],
        },
        on_asked_change=answered,
    )
