"""The one palette: what each colour says, on light and on dark, and how well it reads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Theme:
    """Colours of one theme as ``#rrggbb``; ``.streamlit/config.toml`` holds the same values."""

    background: str
    surface: str
    text: str
    favourable: str
    unfavourable: str
    neutral: str
    accent: str
    border: str


LIGHT = Theme(
    background="#FFFFFF",
    surface="#F5F6F8",
    text="#1B1C21",
    favourable="#0063CB",
    unfavourable="#B34000",
    neutral="#666666",
    accent="#000091",
    border="#D9DCE3",
)
DARK = Theme(
    background="#14161B",
    surface="#1E2128",
    text="#ECEEF2",
    favourable="#7DB6FF",
    unfavourable="#FF9D6C",
    neutral="#A9ADB8",
    accent="#A3ADFF",
    border="#363B46",
)

TINT_SHARES = (0.10, 0.22, 0.36)
"""Share of the status colour in the three tints of the board, from near to far."""

FAVOURABLE_STEPS = (1.0, 1.10, 1.50)
UNFAVOURABLE_STEPS = (0.95, 0.80, 0.50)


def tint_class(status: str, attainment: float | None) -> str:
    """CSS class of a board cell: the status chooses the hue, the distance the depth.

    ``f1 f2 f3`` favourable, ``u1 u2 u3`` unfavourable, ``c0`` close, ``n0`` not applicable.
    """
    if status == "close":
        return "c0"
    if status not in {"attained", "behind"} or attainment is None:
        return "n0"
    if status == "attained":
        return f"f{1 + sum(attainment >= step for step in FAVOURABLE_STEPS[1:])}"
    return f"u{1 + sum(attainment < step for step in UNFAVOURABLE_STEPS[1:])}"


def mixed(colour: str, background: str, share: float) -> str:
    """``share`` of ``colour`` over ``background``, as CSS ``color-mix(in srgb)`` gives it."""
    over, under = _channels(colour), _channels(background)
    blend = (round(o * share + u * (1 - share)) for o, u in zip(over, under, strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in blend)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, from 1 to 21.

    Source: WCAG 2.2, definition of contrast ratio and of relative luminance.
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    red, green, blue = (int(digits[a:b], 16) for a, b in pairwise((0, 2, 4, 6)))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = []
    for channel in _channels(colour):
        share = channel / 255
        linear.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
