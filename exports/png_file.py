"""A figure as a picture: the SVG of the screen, in the light palette, drawn on the server."""

from __future__ import annotations

import re

import vl_convert

from figures.map_classes import CLASS_NAMES, colour_of
from figures.markup import text
from figures.palette import LIGHT, mixed

MIME = "image/png"
SCALE = 2.0
MARGIN = 20
HEAD, FOOT = 54, 26
TITLE_LINE, NOTE_LINE = 20, 15
TITLE_LETTER, NOTE_LETTER = 8.2, 5.6
"""Mean widths of a letter: what a line holds before it is folded."""

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
    lines, notes, feet = (
        _wrapped(words, int(width / letter))
        for words, letter in ((title, TITLE_LETTER), (note, NOTE_LETTER), (foot, NOTE_LETTER))
    )
    above = HEAD + TITLE_LINE * (len(lines) - 1)
    head = above + NOTE_LINE * (len(notes) - 1)
    placed = svg.replace(
        "<svg ", f'<svg x="{MARGIN}" y="{head}" width="{box[1]}" height="{box[2]}" ', 1
    )
    total = head + height + FOOT + NOTE_LINE * (len(feet) - 1)
    said = _lines("title", lines, 26, TITLE_LINE)
    said += _lines("small", notes, above - 10, NOTE_LINE)
    under = _lines("small", feet, head + height + FOOT - 10, NOTE_LINE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * MARGIN}" height="{total}">'
        f"<style>{_light_style()}</style>"
        f'<rect width="100%" height="100%" fill="{LIGHT.background}"/>{said}{placed}{under}</svg>'
    )


def _lines(css: str, lines: list[str], top: float, step: int) -> str:
    return "".join(
        f'<text class="{css}" x="{MARGIN}" y="{top + step * place}">{text(line)}</text>'
        for place, line in enumerate(lines)
    )


def _wrapped(words: str, letters: int) -> list[str]:
    lines = [""]
    for word in words.split(" "):
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
        f"{_map_style()}{_plot_style()}{_msap_style()}{_programme_style()}"
    )


def _map_style() -> str:
    """Colours of the classes of a map, of its groups of neighbours, and of what is hatched."""
    good, bad, neutral, ground = (
        LIGHT.favourable,
        LIGHT.unfavourable,
        LIGHT.neutral,
        LIGHT.background,
    )
    fills = {
        "q1": mixed(good, ground, 0.14),
        "q2": mixed(good, ground, 0.38),
        "q3": mixed(good, ground, 0.66),
        "q4": good,
        "low2": bad,
        "low1": mixed(bad, ground, 0.45),
        "high2": good,
        "high1": mixed(good, ground, 0.45),
        "calm": mixed(neutral, ground, 0.12),
    }
    painted = "".join(f".v-map .{css}{{fill:{fill}}}" for css, fill in fills.items())
    painted += "".join(
        f".v-map .{css}{{fill:{colour_of(css, LIGHT)};stroke:{neutral};stroke-width:0.6}}"
        for css in CLASS_NAMES
    )
    painted += f".v-map .ring{{fill:{ground};fill-opacity:0.25;stroke:{LIGHT.text}}}"
    return (
        f".v-map path{{stroke:{ground};stroke-width:1}}{painted}"
        f".v-map .q1,.v-map .calm{{stroke:{neutral};stroke-width:0.6}}"
        f".v-map .none{{fill:url(#v-hatch);stroke:{neutral}}}.ground{{fill:{ground}}}"
        f".v-map .rien{{fill:url(#v-cross)}}.v-map .incomparable{{fill:url(#v-fall)}}"
        f".v-map .thread{{stroke:{neutral};stroke-width:1.2;fill:none}}"
        f".stripe{{stroke:{neutral};stroke-width:2}}.frame{{fill:none;stroke:{LIGHT.border}}}"
        f".framed,.sign{{font-size:7px;text-anchor:middle}}.framed{{fill:{neutral}}}"
        f".count{{font-size:15px;font-weight:bold;text-anchor:middle;dominant-baseline:central;"
        f"stroke:{ground};stroke-width:3px;paint-order:stroke}}"
    )


def _plot_style() -> str:
    """Colours of curves, of what chance does, and of the units of a plot."""
    return (
        f".gap{{fill:{LIGHT.favourable};opacity:0.08}}.habit{{fill:{LIGHT.neutral};opacity:0.14}}"
        f".own{{fill:{LIGHT.accent}}}.unit{{fill:{LIGHT.neutral};opacity:0.75}}"
        f".out{{fill:{LIGHT.unfavourable}}}.limit{{stroke:{LIGHT.accent};stroke-width:1.6}}"
        f".lead{{stroke:{LIGHT.neutral};stroke-width:0.8}}.name{{font-weight:bold}}"
        ".rank{display:none}"
    )


def _msap_style() -> str:
    """Colours of funnels, P charts and intervals."""
    accent, neutral, ink, ground = LIGHT.accent, LIGHT.neutral, LIGHT.text, LIGHT.background
    return (
        f".limit{{stroke:{accent};stroke-width:1.6}}"
        ".limit.p95{stroke-width:1;stroke-dasharray:5 3}"
        f".limit.other{{stroke:{neutral};stroke-width:1.2;stroke-dasharray:1 3}}"
        f".v-funnel .habit{{fill:{mixed(accent, ground, 0.06)};opacity:1}}"
        f".v-pchart .habit{{fill:{mixed(neutral, ground, 0.14)};opacity:1}}"
        f".mean{{stroke:{neutral};stroke-width:1}}.unit{{fill:{neutral};stroke:{ground}}}"
        f".out{{fill:{LIGHT.unfavourable};stroke:{ground}}}.lead{{stroke:{neutral}}}"
        f".dot.plain{{fill:{neutral}}}.name{{font-weight:bold;fill:{ink}}}"
        ".rank{display:none}.unnamed .rank{display:inline;font-weight:bold;text-anchor:middle}"
        f"rect.window{{fill:{mixed(accent, ground, 0.12)}}}text.window{{fill:{accent}}}"
        f".span{{stroke:{neutral};stroke-width:2}}"
    )


def _programme_style() -> str:
    """Colours of densities, of an open class, and of published counts on a curve."""
    ground, neutral = LIGHT.background, LIGHT.neutral
    return (
        f".density{{fill:{LIGHT.favourable};stroke:{ground}}}"
        f".open{{fill:{mixed(neutral, ground, 0.12)};stroke:{neutral};stroke-dasharray:4 3}}"
        f".supposed{{fill:{mixed(LIGHT.favourable, ground, 0.25)};stroke:{neutral};"
        f"stroke-dasharray:4 3}}rect.published{{fill:{LIGHT.unfavourable};stroke:{ground}}}"
    )
