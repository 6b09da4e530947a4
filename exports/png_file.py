"""A figure as a picture: the SVG of the screen, in the light palette, drawn on the server."""

from __future__ import annotations

import re

import vl_convert

from figures.markup import text
from figures.palette import LIGHT, mixed

MIME = "image/png"
SCALE = 2.0
MARGIN = 20
HEAD, FOOT = 54, 26
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def png_bytes(svg: str, title: str, note: str, foot: str) -> bytes:
    """The SVG with its title above and its sources below, as PNG bytes.

    Args:
        svg: one ``<svg>`` with a viewBox from the origin, coloured by classes.
        title: the finding, plain text.
        note: unit and period.
        foot: source, publication and day.
    """
    return bytes(vl_convert.svg_to_png(framed(svg, title, note, foot), scale=SCALE))


def framed(svg: str, title: str, note: str, foot: str) -> str:
    """A standalone SVG: light palette, white ground, title, note, figure, sources.

    Raises: ValueError where ``svg`` has no viewBox.
    """
    box = _BOX.search(svg)
    if box is None:
        raise ValueError("The figure has no viewBox: its size is unknown.")
    width, height = max(float(box[1]), 640.0), float(box[2])
    lines = _wrapped(title, int(width / 8.2))
    head = HEAD + 20 * (len(lines) - 1)
    placed = svg.replace(
        "<svg ", f'<svg x="{MARGIN}" y="{head}" width="{box[1]}" height="{box[2]}" ', 1
    )
    said = "".join(
        f'<text class="title" x="{MARGIN}" y="{26 + 20 * i}">{text(line)}</text>'
        for i, line in enumerate(lines)
    )
    total = head + height + FOOT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * MARGIN}" height="{total}">'
        f"<style>{_light_style()}</style>"
        f'<rect width="100%" height="100%" fill="{LIGHT.background}"/>{said}'
        f'<text class="small" x="{MARGIN}" y="{head - 10}">{text(note)}</text>{placed}'
        f'<text class="small" x="{MARGIN}" y="{total - 10}">{text(foot)}</text></svg>'
    )


def _wrapped(title: str, letters: int) -> list[str]:
    lines = [""]
    for word in title.split(" "):
        if len(lines[-1]) + len(word) + 1 > letters and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _light_style() -> str:
    tints = "".join(
        f".{hue}{depth}{{fill:{mixed(colour, LIGHT.background, share)}}}"
        for hue, colour in (("f", LIGHT.favourable), ("u", LIGHT.unfavourable))
        for depth, share in ((1, 0.10), (2, 0.22), (3, 0.36))
    )
    return (
        f"text{{font-family:sans-serif;font-size:12px;fill:{LIGHT.text}}}"
        f".title{{font-size:16px;font-weight:bold}}.small{{font-size:11px;fill:{LIGHT.neutral}}}"
        f".end,.strong{{font-weight:bold}}path{{fill:none}}"
        f"rect.fav,.dot{{fill:{LIGHT.favourable}}}rect.unf{{fill:{LIGHT.unfavourable}}}"
        f"rect.neu{{fill:{LIGHT.neutral}}}"
        f".line{{stroke:{LIGHT.favourable};stroke-width:2.5}}"
        f".goal{{stroke:{LIGHT.text};stroke-width:1.5;stroke-dasharray:5 4}}"
        f".former{{stroke:{LIGHT.neutral};stroke-width:1.2}}"
        f".grid{{stroke:{LIGHT.border}}}.axis{{stroke:{LIGHT.text};stroke-width:1.5}}"
        f".median{{stroke:{LIGHT.text};stroke-width:1.5;stroke-dasharray:2 3}}"
        f".partial{{fill:{LIGHT.background};stroke:{LIGHT.favourable};stroke-width:2}}"
        f".n0,.h0{{fill:{LIGHT.background}}}"
        f".c0{{fill:{mixed(LIGHT.neutral, LIGHT.background, 0.12)}}}{tints}"
    )
