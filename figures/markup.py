"""Small pieces of HTML: everything that comes from data goes through ``text`` first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

NARROW, WIDE = "\u202f", "\u00a0"
_BEFORE_SIGN = {":": f"{WIDE}:", "»": f"{WIDE}»"} | {sign: f"{NARROW}{sign}" for sign in ";?!%"}
_OWN = r' (?:value|href|src|id|style|data-[a-z-]+)="[^"]*"'
_BREAKS = re.compile(_OWN + r"|«[ ]|[ ]([:;?!»])|(?<=\d)[ ](%)|(&#x27;|&#39;|')")


def text(value: Any) -> str:
    """The value as HTML text, safe inside an element and inside a quoted attribute."""
    return escape(str(value), quote=True)


def no_break(html: str) -> str:
    """The same HTML as French prints it: signs hold to the word before, apostrophes are curved.

    No line begins with ``: ; ? ! » %``, and official names come with straight apostrophes. What
    the page reads again is left as it is: values of controls, ``data-*``, addresses, names.
    """
    return _BREAKS.sub(_held, html)


def _held(found: re.Match[str]) -> str:
    if found[3]:
        before = found.string[max(found.start() - 1, 0) : found.start()]
        after = found.string[found.end() : found.end() + 1]
        return "’" if before.isalpha() and after.isalpha() else found[0]
    sign = found[1] or found[2]
    if sign:
        return _BEFORE_SIGN[sign]
    return f"«{WIDE}" if found[0].startswith("«") else found[0]


def attributes(**values: Any) -> str:
    """`` name="value"`` for each value that is not None or False; ``_`` stands for ``-``."""
    written = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        written.append(f" {name}" if value is True else f' {name}="{text(value)}"')
    return "".join(written)


def definition_link(code: str, title: str | None = None) -> str:
    """The name of an indicator as a link to its definition."""
    return f'<a href="methode?definition={text(code)}">{text(title or code)}</a>'


def table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    numeric: Sequence[int] = (),
    css_class: str = "v-table",
    is_stacked: bool = False,
) -> str:
    """A semantic table in its own scrolling box.

    Args:
        caption: plain text, said by screen readers.
        headings: plain texts of the columns.
        rows: cells as HTML already safe; the first cell heads its row.
        numeric: positions of the columns aligned on the right.
        css_class: class of the ``<table>``.
        is_stacked: whether a line becomes a card on a phone, each number named by its heading.
    """
    aligned = set(numeric)
    labels = headings if is_stacked else ()
    css_class = f"{css_class} v-stacked v-cards" if is_stacked else css_class
    head = "".join(
        f'<th scope="col"{attributes(class_="num" if i in aligned else None)}>{text(heading)}</th>'
        for i, heading in enumerate(headings)
    )
    body = "".join(f"<tr>{_row_cells(row, aligned, labels)}</tr>" for row in rows)
    return (
        f'<div class="v-scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<table class="{css_class}"><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row_cells(cells: Sequence[str], aligned: set[int], labels: Sequence[str] = ()) -> str:
    written = []
    for i, cell in enumerate(cells):
        side = ' class="num"' if i in aligned else ""
        tag = '<th scope="row"' if i == 0 else "<td"
        label = f' data-label="{text(labels[i])}"' if labels and i else ""
        written.append(f"{tag}{side}{label}>{cell}{'</th>' if i == 0 else '</td>'}")
    return "".join(written)


def figure_block(
    block_id: str, title: str, note: str, body: str, foot: str, exports: Sequence[str] = ()
) -> str:
    """One figure as a section: the finding as its title, what it shows, sources and files.

    Args:
        block_id: name of the block, used by links and by the export buttons.
        title: the finding, plain text.
        note: unit and period, plain text.
        body: safe HTML.
        foot: source, build and date, plain text.
        exports: formats offered, among ``csv`` and ``png``.
    """
    buttons = "".join(
        f'<button type="button" class="v-export" data-act="export" data-block="{text(block_id)}" '
        f'data-format="{kind}" aria-label="Télécharger en {kind.upper()} : {text(title)}">'
        f"{kind.upper()}</button>"
        for kind in exports
    )
    return (
        f'<section class="v-block" id="bloc-{text(block_id)}" data-key="{text(block_id)}" '
        f'aria-labelledby="titre-{text(block_id)}">'
        f'<header><h2 id="titre-{text(block_id)}">{text(title)}</h2>'
        f'<p class="v-note">{text(note)}</p></header>{body}'
        f'<footer class="v-foot"><span>{text(foot)}</span><span class="v-exports">{buttons}</span>'
        f"</footer></section>"
    )


def fold(summary: str, body: str, key: str) -> str:
    """A part opened by one click, kept open when the figure is redrawn in place."""
    return (
        f'<details class="v-fold" data-key="{text(key)}"><summary>{text(summary)}</summary>'
        f"{body}</details>"
    )
