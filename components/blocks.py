"""Server-made HTML on the page: painted at once, then changed in place, clicks given back.

What a reader sees first is a table or a small SVG, painted without waiting for any script of the
browser. One component of ours then listens to it and, at each rerun, changes only what differs.
See ``docs/decisions/0005-first-paint-without-a-chart-library.md``.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

FOLDER = Path(__file__).parent
STYLE = f"<style>{(FOLDER / 'blocks.css').read_text(encoding='utf-8')}</style>"
LISTENING = f"<script>{(FOLDER / 'listening.js').read_text(encoding='utf-8')}</script>"
KEY = "vigie"
FIRST, SHOWN, VIEWER, ADDRESS = "vigie_first", "vigie_shown", "vigie_viewer", "vigie_address"

_connect = st.components.v2.component(
    "vigie_blocks", js=(FOLDER / "blocks.js").read_text(encoding="utf-8"), isolate_styles=False
)


@dataclass(frozen=True)
class FileToSend:
    """Bytes that the browser saves; computed after a click, never before."""

    name: str
    mime: str
    content: bytes


def start_listening(place: DeltaGenerator) -> None:
    """Have the browser listen to blocks as soon as they are painted. A script of ours, no data."""
    place.html(LISTENING, unsafe_allow_javascript=True, width="content")


def open_blocks(viewer: tuple[str, ...]) -> None:
    """Start a run of a page: the style, and nothing kept from another page, person or build.

    Args:
        viewer: what a painting may not outlive: page, digest of the scope, publication.
    """
    st.html(STYLE)
    st.session_state[SHOWN] = {}
    if st.session_state.get(VIEWER) != viewer:
        st.session_state[VIEWER] = viewer
        st.session_state[FIRST] = {}


def paint(html: str, key: str, at_first: str | None = None) -> None:
    """Paint ``html`` (escaped by the figures that made it) as the block ``key``.

    What is sent here stays that of the first painting, which the browser already has; what has
    changed since goes through ``connect``, once a run, so that nodes, scroll and focus are kept.

    Args:
        html: the block.
        key: its name.
        at_first: the part of a long block that the first painting holds, so that it is seen
            early; the rest follows at once.
    """
    is_first = key not in st.session_state[FIRST]
    if is_first:
        st.session_state[FIRST][key] = html if at_first is None else at_first
    first = st.session_state[FIRST][key]
    # Streamlit strips pictures from what it paints itself: the component puts them in.
    is_whole = is_first and first == html and "<svg" not in html
    st.session_state[SHOWN][key] = None if is_whole else html
    st.html(f'<div class="vigie" lang="fr" id="vigie-{key}">{first}</div>')


def paint_once(html: str) -> None:
    """Paint ``html`` that nobody clicks: a state, a notice."""
    st.html(f'{STYLE}<div class="vigie" lang="fr">{html}</div>')


def connect(on_event: Callable[[], None] | None = None, file: FileToSend | None = None) -> None:
    """Bring the painted blocks up to date and listen to them; last line of a page.

    A click on an element with ``data-act`` reruns; ``last_event()`` says what it was.

    Args:
        on_event: called before the rerun, when the choices of the header may still be set.
        file: bytes to save now, asked by the click that caused this run.
    """
    _connect(
        key=KEY,
        data={
            "blocks": st.session_state[SHOWN],
            "file": None if file is None else _packed(file),
            "address": st.session_state.pop(ADDRESS, None),
            "run": uuid.uuid4().hex,  # Looks again at the page even where nothing changed.
        },
        on_event_change=on_event or _ignore,
    )


def last_event() -> Mapping[str, Any] | None:
    """What was clicked in the blocks to cause this run, or None; gone at the next run."""
    state = st.session_state.get(KEY)
    event = state.get("event") if state else None
    return event if isinstance(event, Mapping) else None


def write_in_address(name: str, value: str) -> None:
    """Have the browser write a parameter in the address, without a rerun."""
    st.session_state.setdefault(ADDRESS, {})[name] = value


def _ignore() -> None:
    """Having a callback is what makes the event part of the state."""


def _packed(file: FileToSend) -> dict[str, str]:
    return {
        "name": file.name,
        "mime": file.mime,
        "base64": base64.b64encode(file.content).decode("ascii"),
        "token": uuid.uuid4().hex,
    }
