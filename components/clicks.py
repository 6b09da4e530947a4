"""What the last click in the blocks asked for: a file, a definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.blocks import last_event


def file_asked(event: Mapping[str, Any] | None = None) -> tuple[str, str] | None:
    """Block and format of the file asked by ``event``, the page's last one without it, or None."""
    event = event or last_event()
    if event and event.get("act") == "export":
        return str(event.get("block")), str(event.get("format"))
    return None


def definition_asked() -> str | None:
    """Code of the indicator whose definition was asked, or None."""
    event = last_event()
    return str(event.get("i")) if event and event.get("act") == "definition" else None
