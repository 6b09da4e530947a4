"""What the last click in the blocks asked for: a file, a definition."""

from __future__ import annotations

from components.blocks import last_event


def file_asked(*keys: str) -> tuple[str, str] | None:
    """Block and format of the file asked in the blocks drawn under ``keys``, or None."""
    for key in keys:
        event = last_event(key)
        if event and event.get("act") == "export":
            return str(event.get("block")), str(event.get("format"))
    return None


def definition_asked(*keys: str) -> str | None:
    """Code of the indicator whose definition was asked in the blocks under ``keys``, or None."""
    for key in keys:
        event = last_event(key)
        if event and event.get("act") == "definition":
            return str(event.get("i"))
    return None
