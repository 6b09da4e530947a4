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

from components.address import choose, to_write
from figures.markup import no_break

FOLDER = Path(__file__).parent
STYLE_SHEET = (FOLDER / "blocks.css").read_text(encoding="utf-8")
LISTENING = (FOLDER / "listening.js").read_text(encoding="utf-8")
KEY = "vigie"
FIRST, SHOWN, VIEWER = "vigie_first", "vigie_shown", "vigie_viewer"
ANSWERS, FILE, LAST = "vigie_answers", "vigie_file", "vigie_last"

_in_document = False


def leave_to_document() -> None:
    """From now on the document of this server brings style sheet and listening script itself."""
    global _in_document
    _in_document = True


def is_in_document() -> bool:
    """Whether the document of this server brings our files: then they have addresses."""
    return _in_document


def _style() -> str:
    return "" if _in_document else f"<style>{STYLE_SHEET}</style>"


_connect = st.components.v2.component(
    "vigie_blocks", js=(FOLDER / "blocks.js").read_text(encoding="utf-8"), isolate_styles=False
)


@dataclass(frozen=True)
class FileToSend:
    """Bytes that the browser saves; computed after a click, never before."""

    name: str
    mime: str
    content: bytes


def open_blocks(viewer: tuple[str, ...]) -> None:
    """Start a run of a page: nothing kept from another page, person or build.

    Args:
        viewer: what a painting may not outlive: page, digest of the scope, publication.
    """
    if not _in_document:
        script = f"<script>{LISTENING}</script>"
        st.html(script, unsafe_allow_javascript=True, width="content")
    st.session_state[SHOWN] = {}
    st.session_state[ANSWERS] = None
    st.session_state[FILE] = None
    st.session_state[LAST] = None
    if st.session_state.get(VIEWER) != viewer:
        st.session_state[VIEWER] = viewer
        st.session_state[FIRST] = {}


def paint(html: str, key: str, in_sight: str | None = None) -> None:
    """Paint ``html`` (escaped by the figures that made it) as the block ``key``.

    What is sent here stays that of the first painting, which the browser already has; what has
    changed since goes through ``connect``, once a run, so that nodes, scroll and focus are kept.

    Args:
        html: the block.
        key: its name.
        in_sight: the part that the first painting holds, what lies in sight, so that it is seen
            early; the rest follows at once. All of it without.
    """
    html = no_break(html)
    is_first = key not in st.session_state[FIRST]
    if is_first:
        st.session_state[FIRST][key] = html if in_sight is None else no_break(in_sight)
    first = st.session_state[FIRST][key]
    # Streamlit strips pictures from what it paints itself: the component puts them in.
    is_whole = is_first and first == html and "<svg" not in html
    st.session_state[SHOWN][key] = None if is_whole else html
    style = _style() if len(st.session_state[SHOWN]) == 1 else ""
    st.html(f'{style}<div class="vigie" lang="fr" id="vigie-{key}">{first}</div>')


def paint_once(html: str) -> None:
    """Paint ``html`` that nobody clicks: a state, a notice."""
    st.html(f'{_style()}<div class="vigie" lang="fr">{no_break(html)}</div>')


def when_clicked(answer: Callable[[], None]) -> None:
    """Have ``answer`` change the address after a click of this page, before the rerun."""
    st.session_state[ANSWERS] = answer


def send_file(file: FileToSend) -> None:
    """Have the browser save ``file``, asked by the click that caused this run."""
    st.session_state[FILE] = file


def draw_last(draw: Callable[[], None]) -> None:
    """Have ``draw`` run once the blocks are up to date: what takes the browser long to draw."""
    st.session_state[LAST] = draw


def connect() -> None:
    """Bring the painted blocks up to date and listen to them; the frame's last line.

    A click on an element with ``data-act`` reruns; ``last_event()`` says what it was.
    """
    file: FileToSend | None = st.session_state[FILE]
    answer: Callable[[], None] | None = st.session_state[ANSWERS]

    def answered() -> None:
        event = last_event() or {}
        if event.get("act") == "choose" and event.get("name"):
            choose(str(event["name"]), str(event.get("value") or ""))
        elif answer is not None:
            answer()

    _connect(
        key=KEY,
        data={
            "blocks": st.session_state[SHOWN],
            "file": None if file is None else _packed(file),
            "address": to_write() or None,
            "run": uuid.uuid4().hex,  # Looks again at the page even where nothing changed.
        },
        on_event_change=answered,
    )
    last: Callable[[], None] | None = st.session_state[LAST]
    if last is not None:
        last()


@dataclass(frozen=True)
class Part:
    """A part of a page with a component of its own: a click in it reruns its fragment alone.

    Its blocks are never painted first: they arrive by the component. Elements that speak to it
    carry its name in ``data-part``.
    """

    name: str
    blocks: tuple[str, ...]

    def open(self) -> None:
        """Reserve the places of the blocks; the same HTML at each run, so that nodes stay."""
        places = "".join(
            f'<div class="vigie" lang="fr" id="vigie-{block}"></div>' for block in self.blocks
        )
        st.html(places)

    def connect(
        self,
        html: Mapping[str, str | None],
        answer: Callable[[Mapping[str, Any]], None],
        file: FileToSend | None = None,
    ) -> None:
        """Draw the blocks and listen; ``answer`` takes a click before the fragment reruns.

        A block given as None stays as the browser has it.
        """

        def answered() -> None:
            answer(self.last_event() or {})

        _connect(
            key=f"{KEY}_{self.name}",
            data={
                "part": self.name,
                "blocks": {
                    block: None if (own := html.get(block, "")) is None else no_break(own)
                    for block in self.blocks
                },
                "file": None if file is None else _packed(file),
                "run": uuid.uuid4().hex,
            },
            on_event_change=answered,
        )

    def last_event(self) -> Mapping[str, Any] | None:
        """What was clicked in the part to cause this run, or None."""
        return _event_of(f"{KEY}_{self.name}")


def last_event() -> Mapping[str, Any] | None:
    """What was clicked in the blocks to cause this run, or None; gone at the next run."""
    return _event_of(KEY)


def _event_of(key: str) -> Mapping[str, Any] | None:
    state = st.session_state.get(key)
    event = state.get("event") if state else None
    return event if isinstance(event, Mapping) else None


def _packed(file: FileToSend) -> dict[str, str]:
    return {
        "name": file.name,
        "mime": file.mime,
        "base64": base64.b64encode(file.content).decode("ascii"),
        "token": uuid.uuid4().hex,
    }
