"""Nothing that comes from data is ever read as HTML."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from figures import board, markup, provenance, ranking, received, reconciliation, senders, series
from figures.closer import closer_figure
from tests.figures.frames import MATERNITY, attainment, cell, month, published, source
from tests.figures.page_tree import page_tree

PLAIN = "Haute-Loire"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "</td></table><b>L’Isle & d'Abeau</b>",
    "&lt;script&gt;",
]


def named_objective(name: str) -> Any:
    return replace(MATERNITY, code=name, title=name, heading=name, area=name)


def board_html(name: str) -> str:
    row = cell(territory_code=name, territory_name=name, indicator_code=name)
    rows = board.BoardCells.from_frame(attainment(row))
    choice = board.BoardChoice(name, name, drills=True, drill_word=name)
    return board.board_table(
        rows, [named_objective(name)], name, choice, total=rows, comparator=(name, {name: 0.9})
    )


def board_picture(name: str) -> str:
    row = cell(territory_code=name, territory_name=name, indicator_code=name)
    rows = board.BoardCells.from_frame(attainment(row))
    return board.board_svg(rows, [named_objective(name)], name)


def bars_of(name: str) -> list[ranking.RankedTerritory]:
    row = cell(territory_code=name, territory_name=name, indicator_code=name)
    return ranking.ranked(attainment(row), name, 0.9)


def ranking_html(name: str) -> str:
    return ranking.ranking_table(
        bars_of(name), named_objective(name), name, name, (name, 0.9), is_open_year=False
    )


def ranking_picture(name: str) -> str:
    return ranking.ranking_svg(bars_of(name), named_objective(name), (name, 0.9))


def series_html(name: str) -> str:
    points = series.month_points(pd.DataFrame([month("2016-01-01"), month("2016-02-01")]))
    objective = named_objective(name)
    alt = series.series_alt(points, objective, 2016, name)
    return (
        series.series_svg(points, objective, 2016, alt)
        + series.series_legend(objective, 2016, points)
        + series.series_table(points, objective, 2016, name)
    )


def senders_html(name: str) -> str:
    late = senders.Sender(name, name, 9, 4, None, is_silent=False)
    return senders.senders_table([late], name)


def sources_of(name: str) -> pd.DataFrame:
    fields = ("caisse_code", "caisse_name", "file_name", "source_sheet", "received_by", "origin")
    return pd.DataFrame([source(**dict.fromkeys(fields, name))])


def values_html(name: str) -> str:
    return provenance.values_table(
        sources_of(name), named_objective(name), {name: name}, caption=name
    )


def caisses_html(name: str) -> str:
    return provenance.caisses_table(sources_of(name), {name: name}, name)


def files_html(name: str) -> str:
    return provenance.files_table(sources_of(name), name)


def reconciliation_html(name: str) -> str:
    rows = pd.DataFrame([published(territory_name=name, indicator_code=name, verdict=name)])
    return reconciliation.reconciliation_table(rows, {name: name}, name)


def extracts_html(name: str) -> str:
    row = {
        "file_name": name,
        "contract": name,
        "received_by": name,
        "received_at": "2016-04-05 14:05:00",
        "row_count": 1234,
        "caisse_count": 3,
        "first_month": pd.Timestamp("2016-01-01"),
        "last_month": pd.Timestamp("2016-03-01"),
        "origin": name,
    }
    return received.extracts_table(pd.DataFrame([row]), name)


def findings_html(name: str) -> str:
    row = {"severity": name, "sentence": name, "file_name": name, "row": 12, "contract": name}
    return received.findings_table(pd.DataFrame([row]), name)


def block_html(name: str) -> str:
    return markup.figure_block(name, name, name, markup.fold(name, "", name), name, ("csv", "png"))


MAKERS: list[Callable[[str], str]] = [
    board_html,
    board_picture,
    ranking_html,
    ranking_picture,
    series_html,
    senders_html,
    values_html,
    caisses_html,
    files_html,
    reconciliation_html,
    extracts_html,
    findings_html,
    block_html,
]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_adds_no_element_and_no_attribute(maker, name):
    assert page_tree(maker(name)).shape() == page_tree(maker(PLAIN)).shape()


@pytest.mark.parametrize("maker", MAKERS)
def test_a_hostile_name_is_never_written_raw(maker):
    html = maker('"><script>alert(1)</script>')
    assert "<script" not in html
    assert '"><' + "script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("maker", [m for m in MAKERS if m is not board_picture])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_still_read_as_it_was_written(maker, name):
    assert any(name in said for said in page_tree(maker(name)).said())


def test_the_zoomed_figure_takes_no_text_from_territories_or_files():
    points = series.month_points(pd.DataFrame([month("2016-01-01")]))
    assert (
        "<script" not in closer_figure(points, named_objective("<script>x"), "<script>x").to_json()
    )


def test_text_is_safe_inside_elements_and_quoted_attributes():
    assert markup.text("""<a href="x">L'Ain & Co</a>""") == (
        "&lt;a href=&quot;x&quot;&gt;L&#x27;Ain &amp; Co&lt;/a&gt;"
    )


def test_attributes_are_left_out_when_absent_and_escaped_when_given():
    written = markup.attributes(class_="num", aria_label='x"y', hidden=True, title=None, on=False)
    assert written == ' class="num" aria-label="x&quot;y" hidden'


def test_a_table_heads_its_rows_and_columns():
    tree = page_tree(markup.table("Légende", ["Caisse", "Valeur"], [["Ain", "<b>3</b>"]], [1]))
    assert tree.all("caption")[0].text == "Légende"
    assert [(th.text, th.attributes.get("scope")) for th in tree.all("th")] == [
        ("Caisse", "col"),
        ("Valeur", "col"),
        ("Ain", "row"),
    ]
    assert tree.all("td")[0].attributes == {"class": "num"}
    assert len(tree.all("b")) == 1


def test_a_block_is_named_by_its_title_and_says_what_its_buttons_download():
    tree = page_tree(markup.figure_block("serie", "Titre", "Note", "", "Pied", ("csv", "png")))
    section, title = tree.all("section")[0], tree.all("h2")[0]
    assert section.attributes["aria-labelledby"] == title.attributes["id"]
    assert [button.attributes["aria-label"] for button in tree.all("button")] == [
        "Télécharger en CSV : Titre",
        "Télécharger en PNG : Titre",
    ]


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("Atteint : 100 % et plus", "Atteint\u00a0: 100\u202f% et plus"),
        ("<p>prêt ?</p> oui ; non !", "<p>prêt\u202f?</p> oui\u202f; non\u202f!"),
        ("« non recalculable »", "«\u00a0non recalculable\u00a0»"),
        ("en % de l’objectif", "en % de l’objectif"),
        ('<input value="a : b" title="a : b">', '<input value="a : b" title="a\u00a0: b">'),
        ("Côte d&#x27;Or, Val-d'Oise", "Côte d’Or, Val-d’Oise"),
        ("dit &#x27;oui&#x27; l&#x27;", "dit &#x27;oui&#x27; l&#x27;"),
        (
            '<b aria-label="Côte d&#x27;Opale" data-t="d&#x27;Or">d&#x27;Or</b>',
            '<b aria-label="Côte d’Opale" data-t="d&#x27;Or">d’Or</b>',
        ),
        ('<option value="d&#x27;Or">d&#x27;Or</option>', '<option value="d&#x27;Or">d’Or</option>'),
        ('<u style="left:4%">12:30</u>', '<u style="left:4%">12:30</u>'),
    ],
)
def test_no_line_begins_with_a_sign(html, written):
    assert markup.no_break(html) == written
    assert markup.no_break(written) == written
