"""The level of the board's rows, chosen among those the perimeter holds."""

from __future__ import annotations

from components.address import LEVEL, choice
from components.controls import choice_buttons
from components.perimeter import LEVEL_LABELS, Perimeter


def chosen_level(perimeter: Perimeter) -> str:
    """The level that the address asks for, checked against the perimeter."""
    return choice(LEVEL, _offered(perimeter), perimeter.levels[0])


def level_control(perimeter: Perimeter, level: str) -> str:
    """The levels as buttons; nothing where there is only one."""
    offered = _offered(perimeter)
    return "" if len(offered) < 2 else choice_buttons(LEVEL, "Lignes du tableau", offered, level)


def _offered(perimeter: Perimeter) -> dict[str, str]:
    return {level: LEVEL_LABELS[level] for level in perimeter.levels}
