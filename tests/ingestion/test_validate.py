from datetime import date

import pytest

from data.ingestion.validate import SENTENCES_PER_RULE
from tests.ingestion.conftest import CPG_ROWS, cpg_text, rows_of

JANUARY = date(2016, 1, 1)


def test_typed_rows_are_what_the_file_says(check):
    assert rows_of(check(cpg_text())) == [
        ("CPAM-43", "prado_chirurgie_adhesions", JANUARY, 31, None, None, 120, False, None, 2),
        ("CPAM-43", "generiques_penetration", JANUARY, None, 80, 100, 0.85, True, None, 3),
        ("CPAM-63", "prado_chirurgie_adhesions", JANUARY, 1234, None, None, 1500, False, None, 4),
    ]


VARIED = [
    CPG_ROWS,
    [["CPAM-43", "ij_montants", "mars 2016", "1 234,5", "", "", "nd", "p"]],
    [["43", "ij_montants", "2016-03", "1,234.5", "", "", "1,234", ""]],
    [["CPAM-43", "generiques_penetration", "2016-03", "", "80", "100", "85 %", ""]],
    [["CPAM-43", "generiques_penetration", "2016-03", "", "80", "100", "85", ""]],
    [["CPAM-43", "ij_montants", "2016-03", "abc", "", "", "inf", "?"]],
    [["CPAM-43", "ij_montants", "2016-03", "12", "", ""]],
    [["", "", "", "", "", "", "", ""], *CPG_ROWS],
    [["CPAM-43", '"PRADO : adhésions,\n tous volets"', "2016-03", "12", "", "", "", ""], *CPG_ROWS],
    [*CPG_ROWS, ["Source : OMV"]],
    [*CPG_ROWS, CPG_ROWS[0]],
]


@pytest.mark.parametrize("rows", VARIED)
def test_large_and_small_files_are_read_alike(check, rows):
    content = cpg_text(";", rows)
    small = check(content, use_big_path=False)
    small_rows = rows_of(small) if small.parquet else None
    large = check(content, use_big_path=True)
    assert (rows_of(large) if large.parquet else None) == small_rows
    told = [(f.rule, f.row, f.sentence) for f in (*small.errors, *small.warnings)]
    assert [(f.rule, f.row, f.sentence) for f in (*large.errors, *large.warnings)] == told
    assert large.row_count == small.row_count


def test_every_failure_is_counted_and_the_first_ones_are_said(check):
    bad = [["CPAM-99", "prado_adhesions", "2016-01", "x", "", "", "", ""]] * (
        SENTENCES_PER_RULE + 5
    )
    found = check(cpg_text(";", bad))
    assert found.totals["cpg.unknown_caisse"] == SENTENCES_PER_RULE + 5
    assert found.error_total == 2 * (SENTENCES_PER_RULE + 5)
    assert len(found.errors) == 2 * SENTENCES_PER_RULE
    assert found.rejected_rows == SENTENCES_PER_RULE + 5


def test_an_empty_measure_withdraws_the_cell(check):
    row = ["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "", "", "", "", ""]
    found = check(cpg_text(";", [row]))
    assert found.errors == ()
    assert rows_of(found)[0][3:7] == (None, None, None, None)


@pytest.mark.parametrize(
    ("written", "kept", "rule"),
    [
        ("0,85", 0.85, None),
        ("85 %", 0.85, None),
        ("85", 0.85, "cpg.percent_without_sign"),
        ("1", 1, None),
    ],
)
def test_the_objective_of_a_rate_is_a_proportion(check, written, kept, rule):
    row = ["CPAM-43", "generiques_penetration", "2016-01", "", "8", "10", written, ""]
    found = check(cpg_text(";", [row]))
    assert rows_of(found)[0][6] == pytest.approx(kept)
    assert [f.rule for f in found.warnings] == ([rule] if rule else [])


def test_measures_of_the_wrong_kind_are_dropped_and_told(check):
    rate = ["CPAM-43", "generiques_penetration", "2016-01", "0,8", "8", "10", "", ""]
    count = ["CPAM-43", "prado_adhesions", "2016-01", "8", "8", "10", "", ""]
    found = check(cpg_text(";", [rate, count]))
    assert [row[3:6] for row in rows_of(found)] == [(None, 8, 10), (8, None, None)]
    assert {f.rule for f in found.warnings} == {
        "cpg.rate_without_realised",
        "cpg.count_without_parts",
    }


def test_titles_of_indicators_and_names_of_caisses_are_read(check):
    row = ["CPAM de la Haute-Loire", "PRADO : adhésions, tous volets", "mars 2016", "8"]
    found = check(cpg_text(";", [[*row, "", "", "", ""]]))
    assert rows_of(found)[0][:3] == ("CPAM-43", "prado_adhesions", date(2016, 3, 1))


def test_a_rejected_file_leaves_nothing_behind(check, tmp_path):
    found = check(cpg_text(";", [["CPAM-99", "prado_adhesions", "2016-01", "8", "", "", "", ""]]))
    assert found.parquet is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["received"]


def test_findings_carry_the_figure_they_concern(check):
    row = ["CPAM-63", "prado_chirurgie_adhesions", "2016-02", "3", "", "", "0", ""]
    warning = check(cpg_text(";", [row])).warnings[0]
    assert (warning.territory_code, warning.indicator_code) == (
        "CPAM-63",
        "prado_chirurgie_adhesions",
    )
    assert (warning.year, warning.month, warning.measure) == (2016, date(2016, 2, 1), "objective")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["Total", "prado_chirurgie_adhesions", "2016-01", "5"], "Retirez la ligne."),
        (["CPAM-99", "prado_chirurgie_adhesions", "2016-01", "5"], "Corrigez la cellule"),
        (["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "8,5 %"], "Écrivez le nombre."),
        (["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "-8 %"], "Écrivez le nombre."),
        (["Le Puy", "prado_chirurgie_adhesions", "2016-01", "5"], "ne désigne aucune caisse"),
        (["CPAM-43", "prado_chirurgie_adhesions", "2016-01", "1e300"], "hors bornes"),
    ],
)
def test_one_sentence_says_what_is_wrong_and_what_to_do(check, row, told):
    rows = [[*row, "", "", "", ""]]
    (error,) = check(cpg_text(rows=rows)).errors
    assert told in error.sentence
    assert error.sentence.count("«") <= 3


def test_an_unknown_caisse_is_said_once_and_is_no_total(check):
    (error,) = check(cpg_text(rows=[["CPAM-99", "prado_adhesions", "2016-01", "8"]])).errors
    said = error.sentence.split(" : ", 1)[1]
    assert said == (
        "« CPAM-99 » ne désigne aucune caisse connue. Corrigez la cellule ou retirez la ligne."
    )


def test_an_objective_in_per_cent_of_a_count_is_not_compared_with_the_others(check):
    rows = [
        ["CPAM-43", "prado_chirurgie_adhesions", f"2016-0{at}", "3", "", "", objective, ""]
        for at, objective in enumerate(("120", "85 %"), 1)
    ]
    found = check(cpg_text(rows=rows))
    assert found.totals == {"cpg.percent_refused": 1}


def test_a_contract_imposed_on_another_file_is_refused_in_good_french(check):
    found = check(cpg_text(), contract="engagements")
    assert "ne convient au contrat « engagements »" in found.reason


def test_objectives_of_months_that_cannot_be_read_are_not_compared(check):
    rows = [
        ["CPAM-43", "prado_chirurgie_adhesions", month, "3", "", "", objective, ""]
        for month, objective in (("x", "120"), ("y", "140"))
    ]
    found = check(cpg_text(rows=rows))
    assert {f.rule for f in found.errors} == {"cpg.unreadable_month"}
    assert found.warnings == ()
