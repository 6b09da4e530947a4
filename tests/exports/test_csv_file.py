"""A CSV is opened again and gives the frame's own values, in French."""

import csv
import io

import numpy as np
import pandas as pd
import pytest

from exports.csv_file import csv_bytes
from figures import board, provenance, ranking, senders, series
from tests.figures.frames import (
    MATERNITY,
    SURGERY,
    attainment,
    cell,
    month,
    released,
    source,
)

SECRET = 7.0
SECRET_RATE = 7 / 19


def lines_of(rows: pd.DataFrame) -> list[list[str]]:
    """The file's cells as a French spreadsheet splits them."""
    text = csv_bytes(rows).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def read_back(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(csv_bytes(rows)), sep=";", decimal=",", encoding="utf-8-sig")


def board_rows() -> pd.DataFrame:
    frame = attainment(
        cell(realised=1234.5, objective=1600.0, attainment=0.7715625),
        cell(
            indicator_code=SURGERY.code,
            realised=SECRET,
            objective=19.0,
            attainment=SECRET_RATE,
            is_hidden=True,
        ),
        cell(territory_code="DEP-07", territory_name="Ardèche", senders_received=8),
    )
    rows = board.BoardCells.from_frame(released(frame, "cpg/attainment"))
    return board.board_records(rows, [MATERNITY, SURGERY])


def test_mark_separators_and_line_ends_are_those_of_a_french_spreadsheet():
    written = csv_bytes(pd.DataFrame({"territoire": ["Hérault"], "taux": [0.5]}))
    assert written == b"\xef\xbb\xbfterritoire;taux\r\nH\xc3\xa9rault;0,5\r\n"


def test_the_board_read_back_has_the_frames_values():
    rows = board_rows()
    found = read_back(rows)
    assert list(found.columns) == list(rows.columns)
    for column in ("realise", "objectif_annuel", "taux_atteinte", "caisses_a_jour"):
        given = rows[column].astype("float64").to_numpy()
        np.testing.assert_array_equal(found[column].to_numpy(dtype="float64"), given)
    assert found["territoire"].tolist() == rows["territoire"].tolist()
    assert "1234,5" in lines_of(rows)[1]


def test_hidden_cells_are_empty_in_the_boards_file():
    lines = lines_of(board_rows())
    hidden = dict(zip(lines[0], lines[2], strict=True))
    assert hidden["objectif_code"] == SURGERY.code
    assert (hidden["realise"], hidden["taux_atteinte"]) == ("", "")
    assert not any(value in {"7", "7,0"} or value.startswith("0,368") for value in lines[2])


def test_the_ranking_read_back_has_the_frames_values():
    frame = attainment(
        cell(attainment=1.1, realised=1100.25, objective=1000.0),
        cell(territory_code="DEP-07", territory_name="Ardèche", attainment=0.625),
        cell(territory_code="DEP-48", territory_name="Lozère", realised=SECRET, is_hidden=True),
    )
    bars = ranking.ranked(released(frame, "cpg/attainment"), MATERNITY.code, 0.9)
    rows = ranking.ranking_records(bars, MATERNITY)
    found = read_back(rows)
    for column in ("taux_atteinte", "realise", "ecart_objectif", "ecart_pairs"):
        np.testing.assert_array_equal(found[column], rows[column].astype("float64"))
    assert found["statut"].tolist()[-1] == "Masqué (petit nombre)"
    assert found[["taux_atteinte", "realise"]].iloc[-1].isna().all()


def test_the_series_read_back_has_the_frames_values():
    frame = pd.DataFrame(
        [
            month("2016-01-01", realised=20.5, cumulated=20.5, objective_to_date=20.0),
            month(
                "2016-02-01",
                realised=SECRET,
                cumulated=27.5,
                is_hidden=True,
                is_cumulated_hidden=True,
            ),
        ]
    )
    points = series.month_points(released(frame, "cpg/monthly"))
    rows = series.series_records(points, MATERNITY)
    found = read_back(rows)
    for column in ("realise_du_mois", "cumul", "objectif_a_date", "taux_atteinte_a_date"):
        np.testing.assert_array_equal(found[column], rows[column].astype("float64"))
    assert found[["realise_du_mois", "cumul"]].iloc[1].isna().all()
    assert "27,5" not in csv_bytes(rows).decode("utf-8-sig")


def test_senders_and_provenance_keep_their_words():
    late = senders.Sender("CPAM-63", "CPAM du Puy-de-Dôme", 9, 4, None, is_silent=True)
    assert lines_of(senders.senders_records([late]))[1] == [
        "CPAM-63",
        "CPAM du Puy-de-Dôme",
        "9",
        "4",
        "5",
        "",
    ]
    rows = provenance.provenance_records(pd.DataFrame([source()]), {"CPAM-43": "Haute-Loire"})
    found = dict(zip(*lines_of(rows), strict=True))
    assert found["depose_par"] == "Anne Dupré"
    assert found["depose_le"] == "2016-04-05 14:05:00"
    assert (found["fichier"], found["feuille"], found["ligne"]) == (
        "cpg_mars.xlsx",
        "Résultats",
        "17",
    )


@pytest.mark.parametrize(
    "text", ["a;b", 'dit "oui"', "deux\nlignes", "L’Haÿ-les-Roses", "Bœuf ; œuf", "1 234,5", ""]
)
def test_any_text_comes_back_as_it_was(text):
    rows = pd.DataFrame({"nom": [text, "fin"], "rang": [1, 2]})
    assert lines_of(rows)[1:] == [[text, "1"], ["fin", "2"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 4", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("x")']
)
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert lines_of(pd.DataFrame({"nom": [text]}))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["-12,5", "+3", "-0.25", "-12,5 %"])
def test_a_number_written_as_text_stays_a_number(text):
    assert lines_of(pd.DataFrame({"ecart": [text]}))[1] == [text]


def test_a_heading_is_no_formula_either():
    assert lines_of(pd.DataFrame({"=cmd|x": [1]}))[0] == ["'=cmd|x"]


def test_negative_numbers_are_not_taken_for_formulas():
    rows = pd.DataFrame({"ecart": [-12.5, -3.0], "melange": [-0.5, "texte"]})
    assert lines_of(rows)[1:] == [["-12,5", "-0,5"], ["-3", "texte"]]


def test_a_count_is_written_without_decimals_beside_rates_and_gaps():
    rows = pd.DataFrame({"realise": [3286.0, 0.125, np.nan, 12000000.0, -0.0]})
    assert [line[0] for line in lines_of(rows)[1:]] == ["3286", "0,125", "", "12000000", "0"]
    mixed = pd.DataFrame({"realise": pd.Series([3286.0, np.float64(5), "texte"], dtype=object)})
    assert [line[0] for line in lines_of(mixed)[1:]] == ["3286", "5", "texte"]


def test_missing_values_are_empty_whatever_the_column():
    rows = pd.DataFrame(
        {
            "reel": [1.5, np.nan],
            "texte": ["a", None],
            "melange": pd.Series([2.5, None], dtype=object),
            "entier": pd.array([3, None], dtype="Int64"),
        }
    )
    assert lines_of(rows)[1:] == [["1,5", "a", "2,5", "3"], ["", "", "", ""]]


def test_the_frame_given_is_not_changed():
    rows = pd.DataFrame({"nom": ["=1"], "vrai": pd.Series([True], dtype=object)})
    before = rows.copy(deep=True)
    assert lines_of(rows)[1] == ["'=1", "oui"]
    pd.testing.assert_frame_equal(rows, before)
