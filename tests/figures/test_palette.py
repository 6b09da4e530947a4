"""Colours read on both grounds, and are the same wherever they are written."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from exports import png_file
from figures import palette

ROOT = Path(__file__).parents[2]
CSS = (ROOT / "components" / "blocks.css").read_text(encoding="utf-8")
THEMES = {"light": palette.LIGHT, "dark": palette.DARK}
READABLE = 4.5
TINT = re.compile(
    r"\.([fuc]\d)\s*\{\s*background:\s*color-mix\(in srgb,\s*var\(--(fav|unf|neu)\)\s+"
    r"([\d.]+)%,\s*transparent\)"
)
FIELDS = {
    "fav": "favourable",
    "unf": "unfavourable",
    "neu": "neutral",
    "ink": "text",
    "paper": "background",
    "panel": "surface",
    "rule": "border",
    "accent": "accent",
}


def channels(colour: str) -> list[int]:
    return [int(colour[a:b], 16) for a, b in pairwise((1, 3, 5, 7))]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, written here apart from the palette's."""
    red, green, blue = (
        c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4
        for c in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def laid_over(colour: str, ground: str, share: float) -> str:
    mixed = (
        round(share * over + (1 - share) * under)
        for over, under in zip(channels(colour), channels(ground), strict=True)
    )
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def css_tints() -> dict[str, tuple[str, float]]:
    """Hue and share of each tint of the board, as the style sheet writes them."""
    return {name: (hue, float(share) / 100) for name, hue, share in TINT.findall(CSS)}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["background", "surface"])
@pytest.mark.parametrize("colour", ["favourable", "unfavourable", "neutral", "text", "accent"])
def test_words_in_colour_read_on_both_grounds(theme, ground, colour):
    colours = THEMES[theme]
    assert contrast(getattr(colours, colour), getattr(colours, ground)) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hue", ["fav", "unf", "neu", "ink"])
def test_words_in_colour_read_on_the_chosen_row(theme, hue):
    found = re.search(r"tr\.on > \* \{ background: color-mix\(in srgb, var\(--accent\) (\d+)%", CSS)
    assert found
    colours = THEMES[theme]
    ground = laid_over(colours.accent, colours.background, int(found[1]) / 100)
    assert contrast(getattr(colours, FIELDS[hue]), ground) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tint", ["f1", "f2", "f3", "u1", "u2", "u3", "c0"])
def test_the_text_of_a_cell_reads_on_its_tint(theme, tint):
    colours = THEMES[theme]
    hue, share = css_tints()[tint]
    ground = laid_over(getattr(colours, FIELDS[hue]), colours.background, share)
    assert contrast(colours.text, ground) >= READABLE


def test_tints_in_the_style_sheet_the_palette_and_the_pictures_are_the_same():
    expected = {
        f"{hue}{depth}": (name, share)
        for hue, name in (("f", "fav"), ("u", "unf"))
        for depth, share in enumerate(palette.TINT_SHARES, 1)
    }
    found = css_tints()
    assert {name: found[name] for name in expected} == expected
    style = png_file.framed('<svg viewBox="0 0 1 1"></svg>', "", "", "")
    for name, (hue, share) in found.items():
        colour = laid_over(getattr(palette.LIGHT, FIELDS[hue]), "#FFFFFF", share)
        assert f".{name}{{fill:{colour}}}" in style


@pytest.mark.parametrize("name", FIELDS)
def test_the_style_sheet_has_the_palettes_colours(name):
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", CSS)
    assert found
    expected = [getattr(theme, FIELDS[name]) for theme in (palette.LIGHT, palette.DARK)]
    assert list(found.groups()) == expected


@pytest.mark.parametrize("theme", THEMES)
def test_streamlits_theme_has_the_palettes_colours(theme):
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    written, colours = settings["theme"][theme], THEMES[theme]
    assert {key: value for key, value in written.items() if value.startswith("#")} == {
        "primaryColor": colours.accent,
        "backgroundColor": colours.background,
        "secondaryBackgroundColor": colours.surface,
        "textColor": colours.text,
        "linkColor": colours.accent,
        "borderColor": colours.border,
        "blueColor": colours.favourable,
        "orangeColor": colours.unfavourable,
        "grayColor": colours.neutral,
    }


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#0063CB", "#0063CB", 1.0)],
)
def test_contrast_of_known_pairs(first, second, ratio):
    assert palette.contrast(first, second) == pytest.approx(ratio, abs=0.005)
    assert palette.contrast(second, first) == pytest.approx(contrast(first, second))


def test_a_mix_is_that_of_css():
    assert palette.mixed("#000000", "#FFFFFF", 0.25) == "#BFBFBF"
    assert palette.mixed("#0063CB", "#14161B", 1.0) == "#0063CB"
    assert palette.mixed("#0063CB", "#14161B", 0.0) == "#14161B"


@pytest.mark.parametrize(
    ("status", "attainment", "tint"),
    [
        ("attained", 1.0, "f1"),
        ("attained", 1.0999, "f1"),
        ("attained", 1.10, "f2"),
        ("attained", 1.50, "f3"),
        ("attained", 8.46, "f3"),
        ("close", 0.97, "c0"),
        ("behind", 0.9499, "u1"),
        ("behind", 0.80, "u1"),
        ("behind", 0.7999, "u2"),
        ("behind", 0.50, "u2"),
        ("behind", 0.4999, "u3"),
        ("behind", 0.0, "u3"),
        ("not_applicable", None, "n0"),
        ("attained", None, "n0"),
        ("None", None, "n0"),
    ],
)
def test_status_gives_the_hue_and_distance_the_depth(status, attainment, tint):
    assert palette.tint_class(status, attainment) == tint
