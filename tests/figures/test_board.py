"""The board: one row per territory, one cell per objective, nothing that may not be seen."""

import math
import re

import pandas as pd
import pytest

from figures import board
from figures.status import HIDDEN
from indicators.few_patients import TOO_FEW
from tests.figures.frames import FLU, MATERNITY, SURGERY, attainment, cell, released
from tests.figures.page_tree import Element, page_tree

CAISSES = {"CPAM-63": "Puy-de-Dôme", "CPAM-43": "Haute-Loire", "CPAM-03": "Allier"}
OBJECTIVES = [MATERNITY, SURGERY, FLU]


def drawn(frame: pd.DataFrame, **choice: object) -> Element:
    rows = board.BoardCells.from_frame(frame)
    return page_tree(
        board.board_table(rows, OBJECTIVES, "Atteinte", board.BoardChoice(**choice))  # type: ignore[arg-type]
    )


def one_cell(**given: object) -> Element:
    """The cell of the first objective of a board with that one row."""
    return drawn(attainment(cell(**given))).all("tbody")[0].all("td")[0]


def three_by_three() -> pd.DataFrame:
    return attainment(
        *(
            cell(territory_code=code, territory_name=name, indicator_code=objective.code)
            for code, name in CAISSES.items()
            for objective in OBJECTIVES
        )
    )


def test_one_row_per_territory_in_the_order_of_the_frame():
    rows = drawn(three_by_three()).all("tbody")[0].all("tr")
    assert [row.attributes["data-t"] for row in rows] == list(CAISSES)
    assert [row.all("th")[0].text for row in rows] == list(CAISSES.values())


def test_one_cell_per_objective_under_its_heading():
    tree = drawn(three_by_three())
    heads = tree.all("thead")[0].all("button")
    assert [b.attributes["data-i"] for b in heads] == [o.code for o in OBJECTIVES]
    assert [b.text for b in heads] == [o.heading for o in OBJECTIVES]
    assert {len(row.all("td")) for row in tree.all("tbody")[0].all("tr")} == {len(OBJECTIVES)}


def test_areas_span_their_objectives():
    areas = drawn(three_by_three()).all("tr")[0].all("th")[1:]
    assert [(th.attributes["title"], th.attributes["colspan"]) for th in areas] == [
        ("PRADO", "2"),
        ("Prévention", "1"),
    ]


def test_the_area_of_a_single_column_is_read_aloud_and_not_drawn():
    areas = drawn(three_by_three()).all("tr")[0].all("th")[1:]
    names = [th.all("span")[0] for th in areas]
    assert [name.text for name in names] == ["PRADO", "Prévention"]
    assert [name.attributes.get("class") for name in names] == [None, "sr"]


def test_an_objective_without_row_is_not_applicable():
    cells = drawn(attainment(cell())).all("tbody")[0].all("td")
    assert [c.attributes["aria-label"] for c in cells[1:]] == ["Non applicable"] * 2


@pytest.mark.parametrize(
    ("status", "attained", "said", "icon", "tint"),
    [
        ("attained", 1.0, "100\u202f% Atteint", "▴", "f1"),
        ("attained", 8.46, "846\u202f% Atteint", "▴", "f3"),
        ("close", 0.97, "97\u202f% Proche", "•", "c0"),
        ("behind", 0.802, "80\u202f% En retard", "▾", "u1"),
        ("behind", 0.0, "0\u202f% En retard", "▾", "u3"),
    ],
)
def test_a_cell_says_its_status_in_words_and_by_an_icon(status, attained, said, icon, tint):
    found = one_cell(status=status, attainment=attained)
    assert found.attributes["aria-label"] == said
    assert found.text == f"{attained * 100:.0f}\u202f{icon}"
    assert found.attributes["class"] == tint


@pytest.mark.parametrize("missing", [None, math.nan])
def test_no_value_is_not_applicable_never_zero(missing):
    found = one_cell(attainment=missing, status="not_applicable")
    assert (found.text, found.attributes["aria-label"]) == ("–", "Non applicable")
    assert found.attributes["class"] == "n0"


def test_missing_senders_are_written_and_read_aloud():
    found = one_cell(senders_received=8)
    assert found.all("small")[0].text == "8/10"
    assert found.attributes["aria-label"] == "80\u202f% En retard, 8/10 caisses"


@pytest.mark.parametrize("value", [None, math.nan])
def test_silent_territories_say_that_nothing_came(value):
    found = one_cell(attainment=value, status="not_applicable", senders_received=0)
    assert found.text == "–0/10"
    assert found.attributes["aria-label"] == "Non applicable, 0/10 caisses"


@pytest.mark.parametrize(
    "senders",
    [
        {"senders_received": 10},
        {"senders_received": 11},
        {"senders_received": None},
        {"senders_expected": None},
    ],
)
def test_no_mark_where_no_caisse_is_known_to_miss(senders):
    assert one_cell(**senders).all("small") == []


def test_one_late_caisse_says_its_last_month_where_others_are_counted():
    late = {"senders_expected": 1, "senders_received": 0}
    found = one_cell(**late, last_sent_month=pd.Timestamp("2017-08-01"))
    assert found.all("small")[0].text == "août"
    assert found.attributes["aria-label"] == "80\u202f% En retard, à fin août"
    silent = one_cell(**late, last_sent_month=pd.NaT, attainment=None, status="not_applicable")
    assert silent.all("small")[0].text == "0/1"


def test_too_few_patients_are_shown_in_grey_without_verdict_and_told_in_the_legend():
    few = attainment(cell(realised=3.0, objective=6.0, attainment=0.5, status=TOO_FEW))
    shown = drawn(few).all("tbody")[0].all("td")[0]
    assert shown.text == "50\u202f◇"
    assert shown.attributes["class"] == "n0"
    assert shown.attributes["aria-label"] == "50\u202f% Trop peu de patients pour conclure"
    cells = board.BoardCells.from_frame(few)
    told = "Trop peu de patients pour conclure : moins de 11 comptés et moins de 11 visés"
    assert told in page_tree(board.legend(False, cells)).text
    others = board.BoardCells.from_frame(attainment(cell()))
    assert "Trop peu" not in board.legend(False, others)
    assert board.board_records(cells, [MATERNITY])["statut"].tolist() == [
        "Trop peu de patients pour conclure"
    ]
    assert 'class="n0"' in board.board_svg(cells, [MATERNITY], "x")


def test_a_corrected_figure_is_marked_read_aloud_and_told_in_the_legend_and_the_file():
    frame = attainment(cell()).assign(is_corrected=True)
    shown = drawn(frame).all("tbody")[0].all("td")[0]
    assert shown.text.endswith("≠")
    assert shown.attributes["aria-label"].endswith("En retard, valeur corrigée")
    cells = board.BoardCells.from_frame(frame)
    assert "≠ Valeur corrigée" in page_tree(board.legend(False, cells)).text
    assert board.board_records(cells, [MATERNITY])["corrige"].tolist() == [True]
    hidden = hidden_row().assign(is_corrected=True)
    others = board.BoardCells.from_frame(hidden)
    assert "≠" not in drawn(hidden).text + board.legend(False, others)
    assert not board.board_records(others, [MATERNITY])["corrige"].any()


def hidden_row(may_see: bool = False) -> pd.DataFrame:
    secret = cell(
        realised=7.0,
        numerator=7.0,
        denominator=19.0,
        objective=23.0,
        objective_to_date=23.0,
        attainment=7 / 23,
        attainment_to_date=7 / 23,
        is_hidden=True,
    )
    return released(attainment(secret), "cpg/attainment", may_see)


def test_a_hidden_cell_shows_no_number_anywhere():
    found = drawn(hidden_row()).all("tbody")[0].all("td")[0]
    assert found.attributes.pop("class") == "h0"
    said = " ".join(found.said()).replace(HIDDEN.word, "")
    assert not re.search(r"\d", said)
    assert found.text == HIDDEN.icon
    assert found.attributes == {"aria-label": HIDDEN.word}


def test_a_hidden_value_is_nowhere_in_the_page_picture_or_file():
    rows = board.BoardCells.from_frame(hidden_row())
    html = board.board_table(rows, [MATERNITY], "Atteinte", board.BoardChoice())
    svg = board.board_svg(rows, [MATERNITY], "Atteinte")
    for written in (*page_tree(html).said(), page_tree(svg).text):
        assert "30" not in written  # 7 of 23 is 30 %
    assert [r.attributes["class"] for r in page_tree(svg).all("rect")] == ["h0"]
    line = board.board_records(rows, [MATERNITY]).iloc[0]
    assert pd.isna(line["realise"])
    assert pd.isna(line["taux_atteinte"])


def test_a_hidden_territory_is_not_named_as_the_latest():
    cells = [
        *hidden_row().to_dict("records"),
        cell(indicator_code=SURGERY.code, attainment=0.9),
    ]
    said = board.finding("Auvergne", cells, {MATERNITY.code: "Maternité", SURGERY.code: "Chir."})
    assert "Maternité" not in said
    assert said.endswith("Chir., 90\u202f% de l’objectif")


def test_whoever_has_the_right_sees_the_small_number():
    found = drawn(hidden_row(may_see=True)).all("tbody")[0].all("td")[0]
    assert found.attributes["aria-label"] == "30\u202f% En retard"


def test_an_open_year_is_judged_to_date_and_says_so():
    row = cell(is_open_year=True, attainment=0.55, attainment_to_date=1.02, status="attained")
    found = drawn(attainment(row)).all("tbody")[0].all("td")[0]
    assert found.attributes["aria-label"] == "102\u202f% Atteint"
    assert "Année en cours : jugé sur l’objectif à date" in page_tree(board.legend(True)).text
    assert "Année en cours" not in page_tree(board.legend(False)).text


def test_the_legend_says_every_status_in_words():
    masked = attainment(cell(is_hidden=True, attainment=None, status="not_applicable"))
    said = page_tree(board.legend(False, board.BoardCells.from_frame(masked))).text
    for word in ("Atteint", "Proche", "En retard", "Non applicable", "Masqué"):
        assert word in said


def test_the_legend_names_only_the_marks_that_are_drawn():
    def said(**given):
        return page_tree(board.legend(False, board.BoardCells.from_frame(frame(**given)))).text

    def frame(**given):
        return attainment(cell(**given))

    late = {"senders_expected": 1, "senders_received": 0}
    complete = said()
    assert not any(word in complete for word in ("8/10", "dernier mois", "Masqué"))
    assert "8/10 caisses à jour" in said(senders_received=8)
    assert "dernier mois" not in said(senders_received=8)
    assert "mars dernier mois envoyé" in said(**late, last_sent_month=pd.Timestamp("2017-03-01"))
    assert "Masqué" in said(is_hidden=True, attainment=None, status="not_applicable")


def test_the_chosen_cell_and_objective_are_marked_once():
    tree = drawn(three_by_three(), territory="CPAM-43", indicator=SURGERY.code)
    chosen = [td for td in tree.all("td") if td.attributes.get("aria-selected") == "true"]
    assert len(chosen) == 1
    row = next(r for r in tree.all("tr") if r.attributes.get("data-t") == "CPAM-43")
    assert row.all("td")[1] is chosen[0]
    pressed = [b for b in tree.all("button") if b.attributes.get("aria-pressed") == "true"]
    assert [b.attributes["data-i"] for b in pressed] == [SURGERY.code]


def test_a_territory_opens_the_level_below_only_where_there_is_one():
    acts = {
        drills: {
            b.attributes["data-act"]
            for b in drawn(three_by_three(), drills=drills).all("tbody")[0].all("button")
        }
        for drills in (True, False)
    }
    assert acts == {True: {"drill"}, False: {"territory"}}


def test_the_perimeter_comes_first_and_the_comparator_last():
    rows = board.BoardCells.from_frame(three_by_three())
    whole = board.BoardCells.from_frame(
        attainment(cell(territory_code="REG-84", territory_name="Ensemble", attainment=0.91))
    )
    tree = page_tree(
        board.board_table(
            rows,
            OBJECTIVES,
            "Atteinte",
            board.BoardChoice(),
            whole,
            ("Médiane des régions", {MATERNITY.code: 0.987, FLU.code: math.nan}),
        )
    )
    lines = tree.all("tbody")[0].all("tr")
    assert len(lines) == len(CAISSES) + 1
    assert lines[0].attributes == {"data-t": "REG-84", "class": "total"}
    assert lines[0].all("td")[0].text == "91\u202f▾"
    foot = tree.all("tfoot")[0]
    assert foot.all("th")[0].text == "Médiane des régions"
    assert [td.text for td in foot.all("td")] == ["99", "–", "–"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"a": (0.5, "behind"), "b": (1.2, "attained"), "c": (0.97, "close")},
            "Ain : 1 objectif sur 3 atteint. Le plus en retard : A, 50\u202f% de l’objectif",
        ),
        (
            {"a": (0.2, TOO_FEW), "b": (1.2, "attained"), "c": (0.9, "behind")},
            "Ain : 1 objectif sur 2 atteint. Le plus en retard : C, 90\u202f% de l’objectif",
        ),
        (
            {"a": (1.0, "attained"), "b": (1.2, "attained")},
            "Ain : 2 objectifs sur 2 atteints, tous au-dessus de 100\u202f%",
        ),
        (
            {"a": (None, "not_applicable"), "b": (None, "not_applicable")},
            "Ain : aucun objectif mesurable sur cette période",
        ),
    ],
)
def test_the_board_in_one_sentence(values, sentence):
    cells = [
        cell(indicator_code=code, attainment=value, status=status)
        for code, (value, status) in values.items()
    ]
    assert board.finding("Ain", cells, {code: code.upper() for code in values}) == sentence


def test_an_open_year_is_told_against_the_objective_to_date():
    late = cell(is_open_year=True, attainment=0.3, attainment_to_date=0.5, status="behind")
    assert board.finding("Ain", [late], {MATERNITY.code: "Maternité"}) == (
        "Ain : 0 objectif sur 1 atteint. Le plus en retard : Maternité, "
        "50\u202f% de l’objectif à date"
    )


def test_a_partial_perimeter_is_said_from_the_objective_that_misses_most():
    cells = [cell(senders_received=9), cell(senders_received=7), cell(senders_received=None)]
    assert board.partial_sentence(cells) == (
        "Données partielles : 7 caisses sur 10 à jour ; il en manque 3. "
        "Les totaux ne portent que sur ce qui a été reçu."
    )


def test_one_late_caisse_says_when_its_data_stop():
    late = {"senders_expected": 1, "senders_received": 0}
    august = cell(**late, last_sent_month=pd.Timestamp("2017-08-01"))
    assert board.partial_sentence([august]) == (
        "Données arrêtées à fin août 2017 : la caisse n’a rien envoyé depuis."
    )
    silent = cell(**late, last_sent_month=None)
    assert board.partial_sentence([silent]) == "Aucun envoi de la caisse pour cette année."


def test_a_complete_perimeter_says_nothing():
    assert board.partial_sentence([cell(), cell()]) is None
    assert board.partial_sentence([]) is None


def test_the_file_has_one_line_per_territory_and_objective():
    rows = board.BoardCells.from_frame(three_by_three())
    found = board.board_records(rows, OBJECTIVES)
    assert len(found) == 9
    assert found["territoire"].tolist()[::3] == list(CAISSES.values())
    assert set(found["statut"]) == {"En retard"}
    assert set(found["taux_atteinte"]) == {0.8}


def test_the_picture_has_the_cells_tints_and_icons_of_the_page():
    frame = attainment(
        cell(attainment=1.2, status="attained"),
        cell(territory_code="DEP-03", territory_name="Allier", attainment=0.4),
    )
    rows = board.BoardCells.from_frame(frame)
    tree = page_tree(board.board_svg(rows, [MATERNITY], "Titre"))
    assert [r.attributes["class"] for r in tree.all("rect")] == ["f2", "u3"]
    assert [t.text for t in tree.all("text")] == [
        "Maternité",
        "Haute-Loire",
        "120 ▲",
        "Allier",
        "40 ▼",
    ]
