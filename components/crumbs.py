"""The way from the widest territory of a person down to the one shown."""

from __future__ import annotations

from collections.abc import Sequence

from components.perimeter import Perimeter
from figures.markup import text


def crumbs(path: Sequence[Perimeter]) -> str:
    """The breadcrumb: each step but the last is a button that opens its territory."""
    *above, here = path
    items = [
        f'<li><button type="button" class="link" data-act="drill" data-t="{text(step.code)}">'
        f"{text(step.label)}</button></li>"
        for step in above
    ]
    items.append(f'<li><span aria-current="page">{text(here.label)}</span></li>')
    return f'<nav aria-label="Fil d’Ariane"><ol class="v-crumbs">{"".join(items)}</ol></nav>'
