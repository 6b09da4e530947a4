"""The one component of ours: server-made HTML drawn in place, clicks given back.

What a reader sees first is a table or a small SVG, so it needs no chart library; see
``docs/decisions/0005-first-paint-without-a-chart-library.md``.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent

_blocks = st.components.v2.component(
    "vigie_blocks",
    css=(FOLDER / "blocks.css").read_text(encoding="utf-8"),
    js=(FOLDER / "blocks.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class FileToSend:
    """Bytes that the browser saves; computed after a click, never before."""

    name: str
    mime: str
    content: bytes


def draw_blocks(
    html: str,
    key: str,
    file: FileToSend | None = None,
    on_event: Callable[[], None] | None = None,
) -> None:
    """Draw ``html`` (escaped by the figures that made it), updating in place what differs.

    A click on an element with ``data-act`` reruns; ``last_event(key)`` says what it was.

    Args:
        html: the blocks.
        key: name of this place on the page.
        file: bytes to save now, asked by the click that caused this run.
        on_event: called before the rerun, when the choices of the header may still be set.
    """
    _blocks(
        key=key,
        data={"html": html, "file": None if file is None else _packed(file)},
        on_event_change=on_event or _ignore,
    )


def last_event(key: str) -> Mapping[str, Any] | None:
    """What was clicked in the blocks drawn under ``key`` to cause this run, or None.

    Readable before the blocks are drawn again; gone at the next run.
    """
    state = st.session_state.get(key)
    event = state.get("event") if state else None
    return event if isinstance(event, Mapping) else None


def _ignore() -> None:
    """Having a callback is what makes the event part of the state."""


def _packed(file: FileToSend) -> dict[str, str]:
    return {
        "name": file.name,
        "mime": file.mime,
        "base64": base64.b64encode(file.content).decode("ascii"),
        "token": uuid.uuid4().hex,
    }
