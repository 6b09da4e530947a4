"""Published tables of professionals and people, as their producers leave them."""

import duckdb
import openpyxl
import pytest

from data.ingestion.recognise import ReadingChoice
from data.ingestion.validate import validate

AMELI = (
    "annee,profession_sante,region,libelle_region,departement,classe_age,libelle_sexe,effectif,"
    "densite"
)


def told_of(tmp_path, content, name="fichier.csv", encoding="utf-8"):
    """The validation of a file, and its rows by the contract's columns."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    out = tmp_path / "rows.parquet"
    found = validate(path, name, None, out)
    rows = duckdb.sql(f"from '{out}'").df() if found.parquet else None
    return found, rows


def cells(rows, *columns):
    return [tuple(row) for row in rows[list(columns)].itertuples(index=False)]


def test_totals_of_a_region_and_of_the_country_keep_their_own_zone(tmp_path):
    lines = [
        AMELI,
        "2024,Infirmiers,94,Corse,2A,tout_age,tout sexe,300,180.1",
        "2024,Infirmiers,94,Corse,999,tout_age,tout sexe,700,195.0",
        "2024,Infirmiers,99,FRANCE,999,tout_age,tout sexe,99023,144.3",
        "2024,Infirmiers,04,La Réunion,974,tout_age,tout sexe,0,0.0",
    ]
    found, rows = told_of(tmp_path, "\ufeff" + "\n".join(lines))
    assert found.contract == "professionals"
    assert found.totals == {
        "professionals.unmapped_headings": 1,
        "professionals.departments_missing": 1,
    }
    assert cells(rows, "territory_code", "region_code", "headcount", "age_class", "practice") == [
        ("DEP-2A", "REG-94", 300, "all", "liberal"),
        ("REG-94", "REG-94", 700, "all", "liberal"),
        ("FR", "FR", 99023, "all", "liberal"),
        ("DEP-974", "REG-04", 0, "all", "liberal"),
    ]


def test_departments_that_a_list_lacks_are_named_once_for_all_that_lack_them(tmp_path):
    departments = [f"{code:02}" for code in range(1, 96) if code not in (20, 59, 75)]
    departments += ["2A", "2B", "971", "972", "973", "974", "976"]
    lines = ["Année,Profession,Département,Effectif"]
    lines += [
        f"{year},{profession},{code},10"
        for year in (2022, 2023)
        for profession in ("Infirmiers", "Sages-femmes")
        for code in departments
    ]
    lines += ["2024,Infirmiers,01,10", "2024,Infirmiers,03,10"]
    found, _ = told_of(tmp_path, "\n".join(lines))
    assert not found.errors
    assert found.totals == {"professionals.departments_missing": 2}
    first, second = (finding.sentence for finding in found.warnings)
    assert "2 professions, 2022 à 2023 : le fichier n’a pas 2 départements (Nord, Paris)" in first
    assert "où vivent 7 % des habitants" in first
    assert "Écrivez 0 là où il n’y a personne." in first
    assert "Infirmiers, 2024 : le fichier n’a pas 99 départements (Aisne, " in second
    assert "et 89 autres)" in second


def test_a_list_without_a_department_of_few_people_or_of_one_row_is_not_told(tmp_path):
    codes = [f"{code:02}" for code in range(1, 96) if code != 20] + ["2A", "2B"]
    lines = ["Année,Profession,Département,Effectif"]
    lines += [f"2023,Infirmiers,{code},10" for code in codes]
    lines += ["2024,Infirmiers,01,10"]
    found, _ = told_of(tmp_path, "\n".join(lines))
    assert found.totals == {}


def test_a_list_by_epci_tells_the_departments_that_are_missing(tmp_path):
    lines = ["Année,Profession,EPCI,Effectif"]
    lines += [f"2024,Infirmiers,{code},3" for code in ("200029999", "200040350")]
    found, _ = told_of(tmp_path, "\n".join(lines))
    assert "le fichier n’a pas 1\u202f268 EPCI (Ain, Aisne, " in found.warnings[0].sentence


def test_a_territory_without_anybody_is_refused_with_its_file_line_and_value(tmp_path):
    lines = ["Année;Département;Population", "2024;43;227000", "2024;15;0", "2024;03;0"]
    found, _ = told_of(tmp_path, "\n".join(lines))
    assert found.totals == {"population.nobody": 2}
    finding = found.errors[0]
    assert (finding.rule, finding.row, finding.value) == ("population.nobody", 3, "0")
    assert (
        "ligne 3, colonne « Population » : 0 habitant pour « Cantal » en 2024" in finding.sentence
    )
    assert "Écrivez sa population, ou retirez la ligne" in finding.sentence


def test_classes_of_age_and_sex_are_kept_apart_from_their_total(tmp_path):
    lines = [
        AMELI,
        "2024,Infirmiers,94,Corse,2A,moins de 35 ans,femmes,80,",
        "2024,Infirmiers,94,Corse,2A,35 ans et plus,femmes,150,",
        "2024,Infirmiers,94,Corse,2A,Tout âge,tout sexe,300,180.1",
    ]
    found, rows = told_of(tmp_path, "\n".join(lines))
    assert not found.errors
    assert cells(rows, "age_class", "sex") == [
        ("moins_de_35_ans", "femmes"),
        ("35_ans_et_plus", "femmes"),
        ("all", "all"),
    ]


WIDE = (
    b'dep_insc,2016,2017\n Ensemble,"1 300",1 355\n02A -Corse-du-Sud,"1 100",1 150\n'
    b"02B -Haute-Corse,200,205\n972 - Martinique,nd,0\n"
    b'"Source : RPPS - donn\xc3\xa9es au 1er janvier de l\'ann\xc3\xa9e ","",""\nTRUE,TRUE,TRUE\n'
    b"026 -Dr\xf4me,12,13\n"
)


def test_a_table_wide_by_year_becomes_a_row_a_year(tmp_path):
    found, rows = told_of(tmp_path, WIDE, "medecins_dep.csv")
    assert not found.errors
    assert found.contract == "professionals"
    assert cells(rows, "year", "territory_code", "source_row")[:4] == [
        (2016, "FR", 2),
        (2017, "FR", 2),
        (2016, "DEP-2A", 3),
        (2017, "DEP-2A", 3),
    ]
    assert rows["headcount"].fillna(-1).tolist() == [
        1300, 1355, 1100, 1150, 200, 205, -1, 0, 12, 13,
    ]  # fmt: skip
    assert set(rows["profession_code"]) == {"medecins"}
    assert set(rows["practice"]) == {"all"}
    assert found.totals["professionals.note_line"] == 2
    assert found.totals["professionals.reading"] == 1
    missing = [f for f in found.warnings if f.rule == "professionals.headcount_missing"]
    assert [(f.row, f.column) for f in missing] == [(5, "2016")]


def test_what_the_file_says_once_is_told_with_its_place(tmp_path):
    found, _ = told_of(tmp_path, WIDE, "medecins_dep.csv")
    told = [f.sentence for f in found.warnings if f.rule == "professionals.told_outside"]
    assert told == [
        "medecins_dep.csv, colonne « Profession » : aucune colonne « Profession » : « Médecins "
        "(ensemble) » est lu dans le nom du fichier, pour toutes les lignes. Vérifiez.",
        "medecins_dep.csv, colonne « Exercice » : aucune colonne « Exercice » : « tous exercices » "
        "est lu sous le tableau, pour toutes les lignes. Vérifiez.",
    ]


def test_a_table_that_says_no_profession_anywhere_is_refused_in_a_sentence(tmp_path):
    found, _ = told_of(tmp_path, WIDE, "03.csv")
    (error,) = found.errors
    assert error.rule == "professionals.missing_column"
    assert "« Profession » manque" in error.sentence
    assert "dans le nom du fichier" in error.sentence


def test_a_bad_cell_of_a_wide_table_is_told_by_its_own_line_and_heading(tmp_path):
    content = WIDE.replace(b",205", b",douze").replace(b"02B -", b"Corse ")
    found, _ = told_of(tmp_path, content, "medecins_dep.csv")
    told = {(f.rule.split(".")[1], f.row, f.column) for f in found.errors}
    assert told == {("unreadable_number", 4, "2017"), ("unknown_territory", 4, "dep_insc")}


def test_a_territory_twice_in_a_wide_table_is_told_by_its_lines(tmp_path):
    content = WIDE.replace(b"02B -Haute-Corse", b"2A")
    found, _ = told_of(tmp_path, content, "medecins_dep.csv")
    doubled = [f for f in found.errors if f.rule == "professionals.duplicate_key"]
    assert len(doubled) == 2
    assert all("(lignes 3 et 4)" in f.sentence for f in doubled)


def test_two_measures_a_year_stay_two_measures(tmp_path):
    lines = [
        "Profession;Département;Effectif 2016;Densité 2016;Effectif 2017;Densité 2017",
        "Infirmiers;2A;300;190,5;310;195,1",
    ]
    found, rows = told_of(tmp_path, "\n".join(lines), "effectifs.csv")
    assert not found.errors
    assert cells(rows, "year", "profession_code", "headcount", "published_density") == [
        (2016, "infirmiers", 300, 190.5),
        (2017, "infirmiers", 310, 195.1),
    ]


def test_densities_by_profession_are_never_taken_for_counts(tmp_path):
    lines = [
        "DONNEES - Densité de médecins pour 100.000 habitants",
        "ANNEE - 2018",
        "EXERCICE AGREG - Ensemble des modes d'exercice",
        "",
        "SPECIALITE,Spécialistes,Cardiologie et maladies vasculaires,Biologie médicale",
        "ZONE INSCRIPT,",
        "FRANCE ENTIERE,184.8,10.7,4.5",
        "Auvergne-Rhône-Alpes,182.5,9.699999999999999,3.9",
        "01 - Ain,80.3,4.4,1.5",
    ]
    found, rows = told_of(tmp_path, "\n".join(lines).encode("cp1252"), "rpps.csv")
    assert not found.errors
    assert rows["headcount"].isna().all()
    assert cells(rows, "year", "territory_code", "profession_code", "published_density")[:4] == [
        (2018, "FR", "medecins_specialistes", 184.8),
        (2018, "FR", "cardiologues", 10.7),
        (2018, "FR", "biologie_medicale", 4.5),
        (2018, "REG-84", "medecins_specialistes", 182.5),
    ]
    assert set(rows["practice"]) == {"all"}
    assert found.totals["professionals.densities_only"] == 1
    assert found.totals["professionals.unknown_profession"] == 1


def test_people_in_thousands_under_a_heading_with_a_footnote(tmp_path):
    content = (
        'Population par département;;\n;;\n;"Estimation de population au 1er janvier 20181\n'
        'en milliers";"Variation annuelle moyenne 18/10\nen %"\n2A Corse-du-Sud;159,9;1,4\n'
        "2B Haute-Corse;1 080,6;0,0\n975 Mayotte;259,2;nd\nFrance y c. Mayotte;67 186,6;nd\n"
        "1. Résultats provisoires arrêtés fin 2017.;;\n"
    )
    found, rows = told_of(tmp_path, content.encode("latin-1"))
    assert not found.errors
    assert cells(rows, "year", "territory_code", "population_group", "population") == [
        (2018, "DEP-2A", "all", 159_900),
        (2018, "DEP-2B", "all", 1_080_600),
        (2018, "DEP-976", "all", 259_200),
        (2018, "FR", "all", 67_186_600),
    ]
    assert found.totals["population.scaled"] == 1
    assert found.totals["population.reading_remark"] == 1


def test_a_plain_list_takes_its_year_from_the_file_s_name(tmp_path):
    content = "CODDEP;DEP;NBARR;PMUN;PTOT;\n01;Ain;4;643350;659180;\n2A;Corse-du-Sud;2;1;2;\n"
    found, rows = told_of(tmp_path, content, "pop_legales_2017_dep.csv")
    assert not found.errors
    assert cells(rows, "year", "territory_code", "population") == [
        (2017, "DEP-01", 643_350),
        (2017, "DEP-2A", 1),
    ]
    refused, _ = told_of(tmp_path, content, "pop_2016_2017.csv")
    assert [f.rule for f in refused.errors] == ["population.missing_column"]


def test_a_wide_table_of_people_is_not_one_of_professionals(tmp_path):
    content = "Code;2016;2017\n01;631877;638425\n02;538659;536136\n"
    found, rows = told_of(tmp_path, content, "population_departements.csv")
    assert found.contract == "population"
    assert rows["population"].tolist() == [631877, 638425, 538659, 536136]
    unnamed, _ = told_of(tmp_path, content, "departements.csv")
    assert unnamed.contract is None


@pytest.mark.parametrize("wrong", ["700", "702"])
def test_a_total_is_held_against_its_departments_where_all_are_there(tmp_path, wrong):
    lines = [
        AMELI,
        "2024,Infirmiers,94,Corse,2A,tout_age,tout sexe,300,180.1",
        "2024,Infirmiers,94,Corse,2B,tout_age,tout sexe,400,210.4",
        f"2024,Infirmiers,94,Corse,999,tout_age,tout sexe,{wrong},195.0",
        "2024,Infirmiers,84,Auvergne-Rhône-Alpes,01,tout_age,tout sexe,5,195.0",
        "2024,Infirmiers,84,Auvergne-Rhône-Alpes,999,tout_age,tout sexe,5000,195.0",
    ]
    found, _ = told_of(tmp_path, "\n".join(lines))
    told = [(f.row, f.expected, f.found) for f in found.warnings if "zone_total" in f.rule]
    assert told == ([] if wrong == "700" else [(4, 700, 702)])


def test_an_ensemble_of_a_zone_is_held_against_what_is_counted_there(tmp_path):
    """A published total that is wrong is told once: no ensemble is summed from it."""
    generalists = "Médecins généralistes (hors médecins à expertise particulière - MEP)"
    experts = "Médecins généralistes à expertise particulière (MEP)"
    both = "Ensemble des médecins généralistes"
    counts = {generalists: (300, 400), experts: (30, 40), both: (330, 440)}
    lines = [AMELI]
    for name, (south, north) in counts.items():
        lines += [
            f"2024,{name},94,Corse,2A,tout_age,tout sexe,{south},1.0",
            f"2024,{name},94,Corse,2B,tout_age,tout sexe,{north},1.0",
        ]
    lines += [
        f"2024,{generalists},94,Corse,999,tout_age,tout sexe,650,1.0",
        f"2024,{experts},94,Corse,999,tout_age,tout sexe,70,1.0",
        f"2024,{both},94,Corse,999,tout_age,tout sexe,770,1.0",
    ]
    found, _ = told_of(tmp_path, "\n".join(lines))
    told = [(f.rule, f.expected) for f in found.warnings if f.rule.endswith("_total")]
    assert told == [("professionals.zone_total", 700)]
    lines[-1] = f"2024,{both},94,Corse,999,tout_age,tout sexe,780,1.0"
    found, _ = told_of(tmp_path, "\n".join(lines))
    assert ("professionals.group_total", 770) in [(f.rule, f.expected) for f in found.warnings]


def test_published_changes_and_targets_that_contradict_the_indices(tmp_path):
    lines = [
        "profession,year,gini,published_delta,kind",
        "sages_femmes,2015,0.225,-0.017,realised",
        "sages_femmes,2016,0.215,0.01,realised",
        "sages_femmes,2017,0.258,0.043,target",
        "infirmiers,2016,0.315,-0.004,realised",
        "infirmiers,2017,0.31,-0.005,target",
    ]
    found, rows = told_of(tmp_path, "\n".join(lines))
    assert found.contract == "gini_published"
    assert [(f.rule, f.row, f.expected, f.found) for f in found.warnings] == [
        ("gini.delta_mismatch", 3, -0.01, 0.01),
        ("gini.target_rises", 4, pytest.approx(0.214), 0.258),
    ]
    assert len(rows) == 5


def test_a_table_wide_by_profession_leaves_names_of_places_alone(tmp_path):
    lines = [
        "annee;departement;libelle_departement;Infirmiers;Sages-femmes;Ostéopathes",
        "2024;2A;Corse-du-Sud;300;12;40",
        "2024;2B;Haute-Corse;400;;41",
    ]
    found, rows = told_of(tmp_path, "\n".join(lines))
    assert not found.errors
    assert cells(rows, "territory_code", "profession_code")[:3] == [
        ("DEP-2A", "infirmiers"),
        ("DEP-2A", "sages_femmes"),
        ("DEP-2A", "osteopathes"),
    ]
    assert rows["headcount"].fillna(-1).tolist() == [300, 12, 40, 400, -1, 41]


def test_bare_totals_of_regions_without_their_region_are_kept_and_held_to_nothing(tmp_path):
    lines = [
        "annee;profession;departement;effectif",
        "2024;Infirmiers;2A;300",
        "2024;Infirmiers;999;700",
        "2024;Infirmiers;999;8000",
        "2024;Sages-femmes;999;8190",
    ]
    found, rows = told_of(tmp_path, "\n".join(lines))
    assert not found.errors
    assert rows["territory_code"].tolist() == ["DEP-2A", "TOTAL-3", "TOTAL-4", "FR"]


def workbook(tmp_path, sheets, merged=()):
    """A workbook of sheets, name to rows; ``merged`` ranges in each."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    path = tmp_path / "classeur.xlsx"
    book.save(path)
    return path.read_bytes()


def test_professions_over_their_count_and_density(tmp_path):
    rows = [
        ["Effectifs et densité des professionnels libéraux en 2016"],
        [],
        ["Région", "Département", "Infirmiers", None, "Sages-femmes", None],
        [None, None, "Effectif", "Densité", "Effectif", "Densité"],
        ["Corse", "2A - Corse-du-Sud", 300, 190.1, 12, 30.1],
        ["Corse", "Total", 700, 205, 28, 32],
    ]
    content = workbook(tmp_path, {"Feuil1": rows}, ["C3:D3", "E3:F3"])
    found, lake = told_of(tmp_path, content, "tableau.xlsx")
    assert not found.errors
    assert cells(lake, "year", "territory_code", "profession_code", "headcount") == [
        (2016, "DEP-2A", "infirmiers", 300),
        (2016, "DEP-2A", "sages_femmes", 12),
        (2016, "REG-94", "infirmiers", 700),
        (2016, "REG-94", "sages_femmes", 28),
    ]
    assert lake["published_density"].tolist() == [190.1, 30.1, 205, 32]
    assert lake["source_row"].tolist() == [5, 5, 6, 6]


def test_a_title_of_counts_and_densities_is_one_of_counts(tmp_path):
    lines = [
        "Effectifs et densité de professionnels en 2016",
        "Département,Infirmiers,Sages-femmes",
        "2A,300,12",
    ]
    found, rows = told_of(tmp_path, "\n".join(lines))
    assert not found.errors
    assert rows["headcount"].tolist() == [300, 12]
    assert rows["published_density"].isna().all()


def test_people_by_sex_and_age_one_sheet_a_year(tmp_path):
    def sheet(year, people):
        return [
            [f"Estimation de population par département, sexe et âge - Année {year}"],
            ["Départements", None, "Ensemble", None, "Hommes", None],
            [None, None, "0 à 19 ans", "Total", "0 à 19 ans", "Total"],
            ["01", "Ain", 1, people, 2, 3],
            ["2A", "Corse-du-Sud", 1, people + 1, 2, 3],
            ["Source : Insee - Estimations de population"],
        ]

    content = workbook(
        tmp_path,
        {"2018": sheet(2018, 640_000), "2017": sheet(2017, 1)},
        ["A2:B3", "C2:D2", "E2:F2"],
    )
    found, rows = told_of(tmp_path, content, "estim.xlsx")
    assert not found.errors
    assert cells(rows, "year", "territory_code", "population", "source_sheet", "source_row") == [
        (2018, "DEP-01", 640_000, "2018", 4),
        (2017, "DEP-01", 1, "2017", 4),
        (2018, "DEP-2A", 640_001, "2018", 5),
        (2017, "DEP-2A", 2, "2017", 5),
    ]
    assert "population.twin_sheet" not in found.totals
    assert found.totals["population.note_line"] == 2
    assert "2 feuilles des mêmes titres, une par année (2017 à 2018)" in found.reason
    told = [one.sentence for one in found.warnings]
    assert any("2 feuilles sont lues, de « 2017 » à « 2018 »" in sentence for sentence in told)
    assert any("feuille « 2017 », ligne 6 : « Source : Insee" in sentence for sentence in told)


def years(**changed):
    """Sheets of two years of one table, some replaced."""
    plain = [["Département", "Population"], ["01", 640_000], ["2A", 157_000]]
    return {"2018": plain, "2017": plain} | changed


def test_a_wrong_cell_of_another_year_is_told_with_its_sheet(tmp_path):
    wrong = [["Département", "Population"], ["01", 640_000], ["2A", "beaucoup"], ["2A", 12.5]]
    found, _ = told_of(tmp_path, workbook(tmp_path, years(**{"2017": wrong})), "estim.xlsx")
    assert found.row_count == 5
    assert {(one.rule, one.sheet, one.row) for one in found.errors} == {
        ("population.unreadable_number", "2017", 3),
        ("population.fractional_number", "2017", 4),
        ("population.duplicate_key", "2017", 4),
    }
    assert all("feuille « 2017 », ligne" in one.sentence for one in found.errors)
    (doubled,) = [one for one in found.errors if one.rule.endswith("duplicate_key")]
    assert "(lignes 3 et 4)" in doubled.sentence


@pytest.mark.parametrize(
    "changed",
    [
        {"2017": [["Population", "Département"], [640_000, "01"]]},
        {"2017": [["Année 2016", None], ["Département", "Population"], ["01", 640_000]]},
        {"2017": [["Département", "Population"]]},
        {"2017": [["En milliers", None], ["Département", "Population"], ["01", 640]]},
    ],
)
def test_a_sheet_that_is_not_quite_the_same_table_is_not_joined(changed, tmp_path):
    found, rows = told_of(tmp_path, workbook(tmp_path, years(**changed)), "estim.xlsx")
    assert set(rows["year"]) == {2018}
    assert found.totals["population.twin_sheet"] == 1


def test_the_cells_of_a_line_are_counted_without_the_year_of_its_sheet(tmp_path):
    long = [["Département", "Population"], ["01", 1, "x", "y"], ["02", 2]]
    found, _ = told_of(tmp_path, workbook(tmp_path, years(**{"2017": long})), "estim.xlsx")
    (error,) = found.errors
    assert "feuille « 2017 », ligne 2 : la ligne a 4 cellules" in error.sentence


def test_a_sheet_of_a_part_refuses_the_sheets_that_are_read_with_it(tmp_path):
    part = [["Population féminine", None], ["Département", "Population"], ["01", 320_000]]
    found, _ = told_of(tmp_path, workbook(tmp_path, years(**{"2017": part})), "estim.xlsx")
    (error,) = found.errors
    assert (error.rule, error.sheet, error.row) == ("population.part_only", "2017", 2)


def test_a_sheet_that_is_asked_for_is_read_alone(tmp_path):
    path = tmp_path / "estim.xlsx"
    path.write_bytes(workbook(tmp_path, years()))
    found = validate(
        path, path.name, None, tmp_path / "rows.parquet", choice=ReadingChoice(sheet="2017")
    )
    assert (found.sheet, found.row_count) == ("2017", 2)
    assert found.totals["population.twin_sheet"] == 1


def test_a_cell_that_names_no_zone_is_told_in_one_sentence(tmp_path):
    content = "annee;profession;departement;effectif\n2024;Infirmiers;Zone 51;300\n"
    found, _ = told_of(tmp_path, content)
    (error,) = found.errors
    assert error.sentence == (
        "fichier.csv, ligne 2, colonne « departement » : « Zone 51 » n’est pas un code de "
        "département. Corrigez la cellule ou retirez la ligne."
    )


def test_a_word_of_anything_in_a_title_says_no_practice(tmp_path):
    content = "Ensemble des infirmiers, année 2017;\nDépartement;Effectif\n01;700\n2A;300\n"
    found, rows = told_of(tmp_path, content)
    assert not found.errors
    assert set(rows["practice"]) == {"liberal"}
    assert found.totals["professionals.told_outside"] == 2
