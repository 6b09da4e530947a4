"""Each trap of real extracts is read right, or refused by its row with what to do."""

from datetime import date

import pytest

from data.ingestion.validate import validate
from tests.ingestion import traps
from tests.ingestion.conftest import rows_of

# Name → (contract, rules that refuse with their rows, rules that warn with theirs).
TOLD = {
    "total_rows.csv": (
        "professionals",
        [("unknown_territory", 5)],
        [("departments_missing", 2), ("zone_total", 4)],
    ),
    "nested_totals.csv": ("professionals", [], [("departments_missing", 2)]),
    "regions_among_departments.csv": ("professionals", [], [("departments_missing", 2)]),
    "total_of_caisses.csv": ("cpg", [("unknown_caisse", 4)], []),
    "two_encodings.csv": (
        "cpg",
        [],
        [("reading", None), ("unmapped_headings", 1), ("note_line", 3)],
    ),
    "mojibake.csv": ("cpg", [], [("reading", None)]),
    "lost_accents.csv": ("cpg", [("unknown_caisse", 2)], [("reading", None)]),
    "header_over_two_rows.xlsx": ("cpg", [], []),
    "header_in_cells_of_two_lines.csv": ("cpg", [], []),
    "preamble_and_footer.csv": ("cpg", [], [("note_line", 8), ("note_line", 9)]),
    "note_on_years.csv": ("population", [], [("scaled", 1), ("note_line", 4)]),
    "note_on_a_year.csv": ("population", [("unreadable_year", 2)], []),
    "note_on_a_number.csv": ("cpg", [("unreadable_number", 2), ("unreadable_number", 3)], []),
    "missing_values.csv": ("cpg", [], []),
    "french_numbers.csv": ("cpg", [], []),
    "percentages_as_text.csv": ("cpg", [], []),
    "french_dates.csv": ("cpg", [], []),
    "excel_serials.xls": ("cpg", [], []),
    "ambiguous_dates.csv": ("cpg", [("unreadable_month", 2), ("unreadable_month", 3)], []),
    "american_dates.csv": ("cpg", [("unreadable_month", 2), ("unreadable_month", 3)], []),
    "codes_without_zeros.csv": ("population", [], []),
    "codes_as_numbers.xls": ("population", [], []),
    "phantom_columns.csv": ("cpg", [], []),
    "same_key_twice.csv": ("cpg", [("duplicate_key", 4)], []),
    "two_codes_for_one_department.csv": ("population", [("duplicate_key", 4)], []),
    "rates_by_two_codes.csv": ("vaccination", [], []),
    "target_on_another_row.csv": ("barometer", [], []),
    "code_and_name_disagree.csv": ("population", [], [("reading_remark", 2)]),
    "notes_before_the_data.xlsx": ("cpg", [], []),
    "thousands.csv": ("population", [], [("scaled", 1)]),
    "thousands_in_a_list.csv": ("population", [], [("scaled", 1)]),
    "thousands_above_years.csv": ("population", [], [("scaled", 2)]),
    "thousands_of_what.csv": (
        "professionals",
        [("unclear_scale", 2), ("unclear_scale", 2)],
        [("told_outside", None), ("departments_missing", 3)],
    ),
    "amounts_in_thousands.csv": ("cpg", [], [("scaled", 1)]),
    "heading_of_a_part.csv": ("population", [("missing_column", 1)], []),
    "density_of_another_unit.csv": ("professionals", [], [("unmapped_headings", 1)]),
    "groups_over_years.csv": ("population", [], [("unmapped_headings", 3)]),
    "tables_side_by_side.csv": (
        "population",
        [("doubled_heading", 2)],
        [("unmapped_headings", 2)],
    ),
    "densities_by_year.csv": (
        "professionals",
        [],
        [("told_outside", None), ("densities_only", 2)],
    ),
    "hidden_sheet_first.xlsx": ("population", [], [("twin_sheet", None)]),
    "title_of_a_part.csv": ("population", [("part_only", 2)], []),
    "title_of_a_group.csv": ("population", [], [("told_outside", None)]),
    "title_of_other_figures.csv": ("population", [("part_only", 2)], []),
    "column_of_a_part.csv": ("population", [("part_only", 1)], [("unmapped_headings", 1)]),
    "counts_per_head_by_year.csv": (
        "professionals",
        [("part_only", 2)],
        [("told_outside", None), ("departments_missing", 3)],
    ),
    "full_time_equivalents.csv": (
        "professionals",
        [("part_only", 2)],
        [("told_outside", None)],
    ),
    "changes_of_professions.csv": (
        "professionals",
        [("part_only", 2)],
        [("told_outside", None), ("departments_missing", 3)],
    ),
    "provisional_years.csv": (
        "professionals",
        [],
        [("told_outside", None), ("told_outside", None)],
    ),
    "midwives_by_year.csv": ("professionals", [], [("told_outside", None)]),
    "column_of_proportions.csv": ("vaccination", [("proportions", 2)], []),
    "digits_lost.csv": ("population", [("unreadable_number", 2)], []),
    "note_after_a_name.csv": ("population", [("unknown_territory", 2)], []),
    "day_of_issue.csv": ("population", [("missing_column", 2)], []),
    "months_first.csv": ("cpg", [("unreadable_month", line) for line in (2, 3, 4)], []),
    "formulas_in_labels.csv": (
        "professionals",
        [],
        [("unknown_profession", 2), ("unknown_profession", 3)],
    ),
    "macro_workbook.xlsm": ("cpg", [], [("reading", None)]),
    "sheet_a_year.xlsx": ("population", [], [("told_outside", None), ("twin_sheet", None)]),
    "apart_by_a_column_left_out.csv": (
        "population",
        [("duplicate_key", 3), ("duplicate_key", 6)],
        [("unmapped_headings", 1)],
    ),
    "apart_over_years.csv": (
        "professionals",
        [("duplicate_key", 3)] * 2,
        [("unmapped_headings", 1), ("departments_missing", 2), ("note_line", 6)]
        + [("told_outside", None)] * 2,
    ),
}
ADVICE = {
    "total_rows.csv": "retirez la ligne : les totaux sont recalculés",
    "total_of_caisses.csv": "retirez la ligne : les totaux sont recalculés",
    "note_on_a_year.csv": "Écrivez 2018 seul",
    "note_on_a_number.csv": "suivi d’un appel de note",
    "ambiguous_dates.csv": "deux façons",
    "american_dates.csv": "mois d’abord",
    "same_key_twice.csv": "lignes 2 et 4",
    "two_codes_for_one_department.csv": "lignes 2 et 4",
    "lost_accents.csv": "Corrigez la cellule",
    "counts_per_head_by_year.csv": "ne dénombre pas tous les professionnels",
    "full_time_equivalents.csv": "ou d’autres chiffres",
    "changes_of_professions.csv": "« Évolution des effectifs en 2016 (en %) »",
    "title_of_a_part.csv": "ne dénombre pas toute la population",
    "title_of_other_figures.csv": "Envoyez le tableau de l’ensemble",
    "column_of_a_part.csv": "ne contient que « Femmes »",
    "column_of_proportions.csv": "Multipliez la colonne par 100",
    "digits_lost.csv": "des chiffres ont été perdus",
    "note_after_a_name.csv": "un appel de note ; écrire le code seul",
    "day_of_issue.csv": "la colonne obligatoire « Année » manque",
    "months_first.csv": "Écrivez 2016-01 (jour d’abord) ou 2016-02 (mois d’abord)",
    "thousands_of_what.csv": "Écrivez l’unité dans le titre de la colonne",
    "heading_of_a_part.csv": "à cause de « femmes » : renommez-le",
    "apart_by_a_column_left_out.csv": "Ne gardez que la ligne « Ensemble ».",
    "apart_over_years.csv": "la colonne « Secteur » (« 1 », « 2 ») les distingue",
    "tables_side_by_side.csv": "plusieurs colonnes ont le titre « 2016 »",
}


def found_in(name, tmp_path):
    return validate(traps.FOLDER / name, name, None, tmp_path / "rows.parquet")


@pytest.mark.parametrize("name", TOLD)
def test_a_trap_is_told_by_its_row(name, tmp_path):
    contract, errors, warnings = TOLD[name]
    found = found_in(name, tmp_path)
    assert found.contract == contract
    assert [(f.rule.split(".")[1], f.row) for f in found.errors] == errors
    assert sorted((f.rule.split(".")[1], f.row or 0) for f in found.warnings) == sorted(
        (rule, row or 0) for rule, row in warnings
    )
    assert (found.parquet is None) == bool(errors)
    if errors:
        assert any(ADVICE[name] in f.sentence for f in found.errors)


def test_every_trap_of_the_script_lies_in_the_folder_and_is_expected():
    assert set(TOLD) == set(traps.TRAPS) == {path.name for path in traps.FOLDER.iterdir()}


@pytest.mark.parametrize("name", [name for name in TOLD if name.endswith(".csv")])
def test_the_script_writes_what_lies_in_the_folder(name):
    assert traps.TRAPS[name]() == (traps.FOLDER / name).read_bytes()


def test_missing_words_are_no_values_and_withdraw_nothing_else(tmp_path):
    realised = [row[3] for row in rows_of(found_in("missing_values.csv", tmp_path))]
    assert realised == [None] * 7 + [5]


def test_numbers_in_every_french_dress_are_one_number(tmp_path):
    rows = rows_of(found_in("french_numbers.csv", tmp_path))
    assert {row[3] for row in rows} == {3966.5}


def test_percentages_and_proportions_are_one_objective(tmp_path):
    rows = rows_of(found_in("percentages_as_text.csv", tmp_path))
    assert [row[6] for row in rows] == pytest.approx([0.85, 0.85, 0.85])


@pytest.mark.parametrize("name", ["french_dates.csv", "excel_serials.xls"])
def test_days_are_read_day_first_or_as_serials(name, tmp_path):
    months = [row[2] for row in rows_of(found_in(name, tmp_path))]
    assert months == [date(2016, 2, 1), date(2016, 3, 1)]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("codes_without_zeros.csv", ["DEP-01", "DEP-02", "DEP-2A"]),
        ("codes_as_numbers.xls", ["DEP-01", "DEP-02"]),
        ("code_and_name_disagree.csv", ["DEP-62"]),
    ],
)
def test_codes_that_lost_their_zeros_are_known_again(name, codes, tmp_path):
    assert [row[2] for row in rows_of(found_in(name, tmp_path))] == codes


def test_a_region_is_never_counted_as_the_department_of_its_number(tmp_path):
    rows = rows_of(found_in("regions_among_departments.csv", tmp_path))
    assert [row[3] for row in rows] == ["DEP-84", "REG-84", "DEP-94", "REG-94"]


def test_a_department_under_two_codes_keeps_its_rates_and_blanks_are_no_rates(tmp_path):
    rows = rows_of(found_in("rates_by_two_codes.csv", tmp_path))
    assert [row[:2] for row in rows] == [(2018, "DEP-03"), (2019, "DEP-03"), (2019, "DEP-2A")]
    # Girls of 15 against papillomavirus, then people of 65 and more against influenza.
    assert [row[5] for row in rows] == [None, 30.5, None]
    assert [row[13] for row in rows] == [51.1, 52.0, 44.3]


def test_zones_of_the_barometer_are_territories(tmp_path):
    rows = rows_of(found_in("target_on_another_row.csv", tmp_path))
    assert [row[1] for row in rows] == [*["DEP-2A"] * 3, *["REG-84"] * 3, "FR"]
    assert [row[6] for row in rows] == [None, None, 40.0, None, None, 200.0, None]


def test_values_in_thousands_are_people(tmp_path):
    rows = rows_of(found_in("thousands.csv", tmp_path))
    assert [row[4] for row in rows] == [638_400, 643_300, 1_843_300, 1_859_500]
    rows = rows_of(found_in("note_on_years.csv", tmp_path))
    assert [(row[0], row[4]) for row in rows] == [
        (2017, 638_400),
        (2018, 643_300),
        (2017, 536_100),
        (2018, 534_500),
    ]


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("thousands_in_a_list.csv", [638_000, 1_843_300]),
        ("thousands_above_years.csv", [638_000, 643_000, 1_843_000, 1_860_000]),
        ("groups_over_years.csv", [638_425, 643_350, 536_136, 534_490]),
    ],
)
def test_a_unit_or_a_group_said_over_the_numbers_is_heard(name, people, tmp_path):
    assert [row[4] for row in rows_of(found_in(name, tmp_path))] == people


def test_amounts_in_thousands_keep_their_decimals(tmp_path):
    assert rows_of(found_in("amounts_in_thousands.csv", tmp_path))[0][3] == 3966.5


def test_densities_under_years_are_no_headcounts(tmp_path):
    rows = rows_of(found_in("densities_by_year.csv", tmp_path))
    assert [row[7:10] for row in rows][0] == (None, None, 101.0)


def test_a_density_of_another_unit_is_not_kept(tmp_path):
    (row,) = rows_of(found_in("density_of_another_unit.csv", tmp_path))
    assert row[7:10] == (1002, None, None)


def test_the_sheet_that_a_person_sees_is_read(tmp_path):
    assert [row[0] for row in rows_of(found_in("hidden_sheet_first.xlsx", tmp_path))] == [2016]


def test_a_group_said_by_the_title_is_that_of_its_rows(tmp_path):
    rows = rows_of(found_in("title_of_a_group.csv", tmp_path))
    assert {row[3] for row in rows} == {"women_15_49"}


def test_a_provisional_year_is_that_year(tmp_path):
    rows = rows_of(found_in("provisional_years.csv", tmp_path))
    assert [(row[0], row[7]) for row in rows] == [(2015, 800), (2016, 810), (2017, 820)]


def test_midwives_are_no_women_only(tmp_path):
    rows = rows_of(found_in("midwives_by_year.csv", tmp_path))
    assert [row[7] for row in rows] == [101, 103]


def test_digits_are_lost_whatever_the_size_of_the_file(check):
    lines = "".join(f"{1900 + at};DEP-01;638425\n" for at in range(51, 110))
    text = f"Année;Territoire;Population\n{lines}2016;DEP-01;6.38E+05\n"
    found = check(text, use_big_path=True)
    assert [f.rule for f in found.errors] == ["population.unreadable_number"]


def test_percents_below_one_are_kept_where_they_bear_their_sign(check):
    rows = "".join(f"2019;{code};0,{code} %\n" for code in (41, 43, 45, 47, 49))
    found = check(f"Année;Département Code;Covid-19 65 ans et plus\n{rows}")
    assert [row[16] for row in rows_of(found)] == [0.41, 0.43, 0.45, 0.47, 0.49]


def test_twice_decoded_accents_name_the_caisse_again(tmp_path):
    assert rows_of(found_in("mojibake.csv", tmp_path))[0][:3:2] == ("CPAM-34", date(2016, 2, 1))


def test_measures_under_years_may_reach_beyond_the_line_of_years(check):
    text = (
        "Population;2016;;2017\n"
        "Territoire;Population;x;Population;Population\n"
        "01 Ain;638425\n02 Aisne;536136;;;534490\n"
    )
    found = check(text, "population")
    assert found.reason


def test_macros_are_told_and_the_cells_are_read_as_data(tmp_path):
    found = found_in("macro_workbook.xlsm", tmp_path)
    (told,) = found.warnings
    assert "contient des macros : elles sont ignorées" in told.sentence
    assert "rien n’est exécuté" in told.sentence
    assert len(rows_of(found)) == 1


def test_rows_apart_by_a_column_that_is_left_out_are_told_by_it(tmp_path):
    first, second = found_in("apart_by_a_column_left_out.csv", tmp_path).errors
    assert (
        "« Ain » a plusieurs populations en 2016 pour un même groupe (lignes 2 et 3) : la "
        "colonne « Sexe » (« Femmes », « Hommes ») les distingue, mais ce contrat ne la garde pas. "
        "Remplacez-les par une seule ligne" in first.sentence
    )
    assert "« Remarque »" not in first.sentence
    assert "Ne gardez que la ligne « Ensemble »." in second.sentence


def test_sheets_of_years_are_read_together_and_each_row_knows_its_own(tmp_path):
    rows = rows_of(found_in("sheet_a_year.xlsx", tmp_path))
    told = sorted((row[0], row[2], row[4], row[-2], row[-1]) for row in rows)
    assert told == [
        (2016, "DEP-01", 638425, "2016", 2),
        (2016, "DEP-02", 536136, "2016", 3),
        (2017, "DEP-01", 643350, "2017", 2),
        (2017, "DEP-02", 534490, "2017", 3),
    ]
