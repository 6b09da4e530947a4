"""The buttons of the page that imports, which its blocks share."""

from __future__ import annotations

from figures.markup import text


def button(words: str, do: str, value: str = "", is_main: bool = False) -> str:
    """A button of the page, ``do`` saying what it does and ``value`` with what."""
    kind = "v-export v-main" if is_main else "v-export"
    return (
        f'<button type="button" class="{kind}" data-act="importer" data-do="{text(do)}" '
        f'data-value="{text(value)}">{text(words)}</button>'
    )
