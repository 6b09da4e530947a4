"""A PNG is a real picture of the figure, with its title, its sources and French letters."""

import re
import struct
import zlib
from xml.etree import ElementTree

import pandas as pd
import pytest

from exports import png_file
from figures import board, ranking, series
from tests.figures.frames import MATERNITY, SURGERY, attainment, cell, month

TITLE = "Auvergne-Rhône-Alpes : à la traîne depuis août, où l’écart s’élève à 12 % (cœur, Noël, ça)"
NOTE = "En % de l’objectif, année 2016"
FOOT = "Source : caisses, publiée le 1er février 2017"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def board_picture() -> str:
    frame = attainment(
        cell(attainment=1.2, status="attained"),
        cell(territory_code="DEP-07", territory_name="Ardèche", attainment=0.4),
        cell(
            territory_code="DEP-63", territory_name="Puy-de-Dôme", attainment=0.97, status="close"
        ),
    )
    rows = board.BoardCells.from_frame(frame)
    return board.board_svg(rows, [MATERNITY, SURGERY], TITLE)


def ranking_picture() -> str:
    frame = attainment(cell(), cell(territory_code="DEP-07", territory_name="Ardèche"))
    return ranking.ranking_svg(ranking.ranked(frame, MATERNITY.code, 0.9), MATERNITY, ("M", 0.9))


def series_picture() -> str:
    points = series.month_points(
        pd.DataFrame([month("2016-01-01"), month("2016-08-01", cumulated=90.0)])
    )
    return series.series_svg(points, MATERNITY, 2016, TITLE)


PICTURES = [board_picture, ranking_picture, series_picture]


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height that the header gives, once its check sum was verified."""
    assert picture[:8] == SIGNATURE
    assert picture[8:16] == b"\x00\x00\x00\rIHDR"
    (checksum,) = struct.unpack(">I", picture[29:33])
    assert checksum == zlib.crc32(picture[12:29])
    return struct.unpack(">II", picture[16:24])


def pixels_of(picture: bytes) -> bytes:
    """The picture's filtered lines, all its data chunks unpacked."""
    data, place = b"", 8
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        if picture[place + 4 : place + 8] == b"IDAT":
            data += picture[place + 8 : place + 8 + length]
        place += 12 + length
    return zlib.decompress(data)


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_is_a_png_of_twice_the_figures_size(draw):
    svg = draw()
    width, height = size_of(png_file.png_bytes(svg, TITLE, NOTE, FOOT))
    root = ElementTree.fromstring(png_file.framed(svg, TITLE, NOTE, FOOT))
    assert width == pytest.approx(2 * float(root.attrib["width"]), abs=1)
    assert height == pytest.approx(2 * float(root.attrib["height"]), abs=1)
    assert 1280 <= width <= 4000
    assert 200 <= height <= 4000


def test_a_picture_is_not_blank():
    picture = png_file.png_bytes(ranking_picture(), TITLE, NOTE, FOOT)
    width, height = size_of(picture)
    pixels = pixels_of(picture)
    assert len(pixels) == height * (1 + 4 * width)
    assert len(set(pixels)) > 50


def test_the_title_changes_the_picture():
    svg = ranking_picture()
    assert png_file.png_bytes(svg, "Ain", NOTE, FOOT) != png_file.png_bytes(svg, "Jura", NOTE, FOOT)


@pytest.mark.parametrize("draw", PICTURES)
def test_the_framed_svg_is_sound_xml_with_french_letters(draw):
    root = ElementTree.fromstring(png_file.framed(draw(), TITLE, NOTE, FOOT))
    texts = ["".join(element.itertext()) for element in root.iter() if element.tag.endswith("text")]
    title = [
        element.text
        for element in root.iter()
        if element.tag.endswith("text") and element.attrib.get("class") == "title"
    ]
    assert " ".join(title) == TITLE
    assert NOTE in texts
    assert FOOT in texts


def test_a_long_note_is_folded_and_moves_the_figure_down():
    short = ElementTree.fromstring(png_file.framed(ranking_picture(), "Court", NOTE, FOOT))
    long = ElementTree.fromstring(
        png_file.framed(ranking_picture(), "Court", "mot " * 60, "mot " * 60)
    )
    assert float(long.get("height")) > float(short.get("height"))
    lines = [one.text for one in long.iter() if one.get("class") == "small"]
    assert len(lines) > 2
    assert max(map(len, lines)) * png_file.NOTE_LETTER <= float(long.get("width"))


def test_the_figures_own_words_are_in_the_framed_svg():
    framed = png_file.framed(board_picture(), TITLE, NOTE, FOOT)
    for word in ("Ardèche", "Puy-de-Dôme", "Maternité", "120 ▲", "97 ●", "40 ▼"):
        assert word in framed
    assert "août" in png_file.framed(series_picture(), TITLE, NOTE, FOOT)


def test_long_titles_are_folded_and_push_the_figure_down():
    one = ElementTree.fromstring(png_file.framed(ranking_picture(), "Court", NOTE, FOOT))
    many = ElementTree.fromstring(png_file.framed(ranking_picture(), "mot " * 90, NOTE, FOOT))
    lines = [e for e in many.iter() if e.attrib.get("class") == "title"]
    assert len(lines) > 2
    grown = float(many.attrib["height"]) - float(one.attrib["height"])
    assert grown == 20 * (len(lines) - 1)


def test_hostile_words_around_the_figure_stay_text():
    hostile = '"><script>alert(1)</script>'
    root = ElementTree.fromstring(png_file.framed(ranking_picture(), hostile, hostile, hostile))
    assert not [e for e in root.iter() if e.tag.endswith("script")]
    assert [e.text for e in root.iter()].count(hostile) == 3


def test_every_class_of_the_figures_has_its_colour():
    style = re.search("<style>(.*)</style>", png_file.framed(board_picture(), "", "", ""))
    assert style
    for css in ("f1", "f2", "f3", "u1", "u2", "u3", "c0", "n0", "h0", "line", "goal", "former"):
        assert f".{css}{{" in style[1] or f".{css}," in style[1]


def test_a_figure_without_size_is_refused():
    with pytest.raises(ValueError, match="viewBox"):
        png_file.png_bytes("<p>Aucune valeur</p>", TITLE, NOTE, FOOT)
