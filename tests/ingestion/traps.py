"""Small look-alikes of what producers and readers do to extracts; ``python -m`` writes them again.

One file a trap, in ``tests/golden/extracts/traps``. Names of places are real; every figure is made
up. What each must give is in ``test_traps.py``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import xlwt

FOLDER = Path(__file__).parents[1] / "golden" / "extracts" / "traps"
WRITTEN_ON = datetime(2017, 1, 1)

CPG = ["Caisse", "Indicateur", "Mois", "Réalisé", "Numérateur", "Dénominateur", "Objectif annuel"]
SURGERY = "prado_chirurgie_adhesions"
GENERICS = "generiques_penetration"
POPULATION = ["Année", "Territoire", "Population"]
PROFESSIONALS = ["Année", "Profession", "Territoire", "Effectif"]


def _text(*rows: Sequence[object], separator: str = ";") -> str:
    return "".join(separator.join(map(str, row)) + "\n" for row in rows)


def _cpg(*rows: Sequence[object]) -> bytes:
    return _text(CPG, *rows).encode()


def _count(place: str, month: object, value: object) -> list[object]:
    return [place, SURGERY, month, value, "", "", 120]


def _rate(place: str, month: object, part: object, whole: object, goal: object) -> list[object]:
    return [place, GENERICS, month, "", part, whole, goal]


def _workbook(sheets: dict[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = WRITTEN_ON
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _old_workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Envoi")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def total_rows() -> bytes:
    """Totals among departments, of a region and of professions: the second is not the sum."""
    return _text(
        PROFESSIONALS,
        [2016, "Médecins généralistes", "2A Corse-du-Sud", 200],
        [2016, "Médecins généralistes", "2B Haute-Corse", 100],
        [2016, "Médecins généralistes", "Corse", 330],
        [2016, "Médecins généralistes", "Sous-total Sud", 120],
    ).encode()


def nested_totals() -> bytes:
    """The total of the region is exact, the country's stands beside it: nobody counts twice."""
    return _text(
        PROFESSIONALS,
        [2016, "Infirmiers", "2A Corse-du-Sud", 200],
        [2016, "Infirmiers", "2B Haute-Corse", 100],
        [2016, "Infirmiers", "Corse", 300],
        [2016, "Infirmiers", "France entière", 9000],
    ).encode()


def regions_among_departments() -> bytes:
    """A region bears the number of a department of another region."""
    return _text(
        PROFESSIONALS,
        [2016, "Infirmiers", "84 - Vaucluse", 900],
        [2016, "Infirmiers", "84 - Auvergne-Rhône-Alpes", 11000],
        [2016, "Infirmiers", "94 - Val-de-Marne", 1000],
        [2016, "Infirmiers", "94 - Corse", 600],
    ).encode()


def total_of_caisses() -> bytes:
    return _cpg(
        _count("CPAM-43", "2016-01", 31),
        _count("CPAM-63", "2016-01", 40),
        _count("Total Auvergne", "2016-01", 71),
    )


def two_encodings() -> bytes:
    head = _text(["Code", "Indicateur", "Mois", "Réalisé", "Libellé"]).encode("cp1252")
    rows = _text(["CPAM de l’Hérault", SURGERY, "2016-01", 12, "Hérault"]).encode("cp1252")
    foot = "Source : données de l’assurance maladie, à jour en février\n".encode()
    return head.replace(b"Code", b"Caisse") + rows + foot


def mojibake() -> bytes:
    right = _text(CPG, _count("CPAM de l’Hérault", "février 2016", 12))
    return right.encode().decode("cp1252").encode()


def lost_accents() -> bytes:
    return _text(CPG, _count("CPAM de l'H\ufffdrault", "2016-01", 12)).encode()


def header_over_two_rows() -> bytes:
    rows = [
        ["Caisse", "Indicateur", "Mois", "Taux", None, "Objectif annuel"],
        [None, None, None, "numérateur", "dénominateur", None],
        ["CPAM-43", GENERICS, date(2016, 3, 1), 80, 100, 0.85],
    ]
    return _workbook({"Envoi": rows}, merged=["D1:E1"])


def header_in_cells_of_two_lines() -> bytes:
    return (
        'Caisse;Indicateur;Mois;"Réalisé\n(adhésions)";"Objectif\nannuel"\n'
        f"CPAM-43;{SURGERY};2016-01;31;120\n"
    ).encode()


def preamble_and_footer() -> bytes:
    return (
        "Résultats du CPG;;;;;;\n;;;;;;\nCellule de coordination;;;;;;\n\n"
        + _text(CPG, _count("CPAM-43", "2016-01", 31))
        + ";;;;;;\nSource : OMV\nNote : résultats provisoires\n"
    ).encode()


def note_on_years() -> bytes:
    return _text(
        ["Territoire", "Population au 1er janvier 20171 (en milliers)", "20182 (en milliers)"],
        ["01 Ain", "638,4", "643,3"],
        ["02 Aisne", "536,1", "534,5"],
        ["Source : fictive", "", ""],
    ).encode("cp1252")


def note_on_a_year() -> bytes:
    return _text(POPULATION, ["20181", "01 Ain", 638425]).encode()


def note_on_a_number() -> bytes:
    return _cpg(_count("CPAM-43", "2016-01", "31 (1)"), _count("CPAM-63", "2016-01", "<5"))


def missing_values() -> bytes:
    words = ["nc", "nd", "NS", "s.o", "-", "n.d.", "…"]
    return _cpg(
        *(_count("CPAM-43", f"2016-{at:02d}", word) for at, word in enumerate(words, 1)),
        _count("CPAM-43", "2016-08", 5),
    )


def french_numbers() -> bytes:
    return _cpg(
        ["CPAM-43", "ij_montants", "2016-01", "3 966,5", "", "", ""],
        ["CPAM-43", "ij_montants", "2016-02", "3\u00a0966,5", "", "", ""],
        ["CPAM-43", "ij_montants", "2016-03", "3\u202f966,50", "", "", ""],
        ["CPAM-43", "ij_montants", "2016-04", "3.966,5", "", "", ""],
    )


def percentages_as_text() -> bytes:
    return _cpg(
        _rate("CPAM-43", "2016-01", 80, 100, "85 %"),
        _rate("CPAM-63", "2016-01", 80, 100, "85,0%"),
        _rate("CPAM-69", "2016-01", 80, 100, "0,85"),
    )


def french_dates() -> bytes:
    return _cpg(_count("CPAM-43", "01/02/2016", 31), _count("CPAM-43", "31/03/2016", 32))


def excel_serials() -> bytes:
    return _old_workbook([CPG, _count("CPAM-43", 42401, 31), _count("CPAM-43", 42430, 32)])


def ambiguous_dates() -> bytes:
    return _cpg(_count("CPAM-43", "02-01-16", 31), _count("CPAM-43", "03-01-16", 32))


def american_dates() -> bytes:
    return _cpg(_count("CPAM-43", "02/01/2016", 31), _count("CPAM-43", "02/28/2016", 32))


def codes_without_zeros() -> bytes:
    return _text(
        POPULATION, [2016, 1, 638425], [2016, "2.0", 536136], [2016, "2A", 154303]
    ).encode()


def codes_as_numbers() -> bytes:
    return _old_workbook([POPULATION, [2016, 1.0, 638425], [2016, 2.0, 536136]])


def phantom_columns() -> bytes:
    blanks = [""] * 1000
    return _text([*CPG, *blanks], [*_count("CPAM-43", "2016-01", 31), *blanks]).encode()


def same_key_twice() -> bytes:
    return _cpg(
        _count("CPAM-43", "2016-01", 31),
        _count("CPAM-63", "2016-01", 40),
        _count("CPAM de la Haute-Loire", "janvier 2016", 33),
    )


def two_codes_for_one_department() -> bytes:
    return _text(
        POPULATION, [2016, "1", 638425], [2016, "02", 536136], [2016, "01", 638425]
    ).encode()


def rates_by_two_codes() -> bytes:
    heads = ["Année", "Département Code", "Département", "HPV filles 1 dose à 15 ans"]
    heads += ["Grippe 65 ans et plus", "Région", "Région Code"]
    return _text(
        heads,
        [2018, 3, "Allier", "", "51.1", "Auvergne et Rhône-Alpes", 84],
        [2019, "03", "Allier", "30.5", "52.0", "Auvergne et Rhône-Alpes", 84],
        [2019, "2A", "Corse-du-Sud", "", "44.3", "Corse", 94],
        separator=",",
    ).encode("utf-8-sig")


def target_on_another_row() -> bytes:
    return _text(
        ["indic_id", "enforce_zone_id", "metric_enforce_date", "maille"]
        + ["indic_vi", "indic_va", "indic_vc", "indic_ta"],
        ["IND-900", "D2A", "2022-12-01", "DEPT", "20.0", "20.0", "", ""],
        ["IND-900", "D2A", "2023-12-01", "DEPT", "", "15.0", "", "0.0"],
        ["IND-900", "D2A", "2026-12-01", "DEPT", "", "", "40.0", ""],
        ["IND-900", "R84", "2022-12-01", "REG", "100.0", "100.0", "", ""],
        ["IND-900", "R84", "2023-12-01", "REG", "", "130.0", "", "30.0"],
        ["IND-900", "R84", "2026-12-01", "REG", "", "", "200.0", ""],
        ["IND-900", "FRANCE", "2023-12-01", "NAT", "", "1500.0", "", ""],
        separator=",",
    ).encode()


def code_and_name_disagree() -> bytes:
    return _text(POPULATION, [2016, "62 Nord-Pas-de-Calais", 1472589]).encode()


def notes_before_the_data() -> bytes:
    notes = [["Mode d’emploi"], ["Une ligne par caisse, par indicateur et par mois"], ["Merci"]]
    words = [["Caisse", "Nom"], ["CPAM-43", "Haute-Loire"]]
    rows = [CPG, _count("CPAM-43", "2016-01", 31)]
    return _workbook({"Lisez-moi": notes, "Codes": words, "Envoi": rows})


def thousands() -> bytes:
    return _text(
        ["Territoire", "Population 2016 (en milliers)", "Population 2017 (en milliers)"],
        ["01 Ain", "638,4", "643,3"],
        ["69 Rhône", "1 843,3", "1 859,5"],
    ).encode()


def thousands_in_a_list() -> bytes:
    return _text(
        ["Année", "Territoire", "Population (milliers d’habitants)"],
        [2016, "01 Ain", 638],
        [2016, "69 Rhône", "1 843,3"],
    ).encode()


def thousands_above_years() -> bytes:
    return _text(
        ["Population des départements, en milliers"],
        ["Territoire", 2016, 2017],
        ["01 Ain", 638, 643],
        ["69 Rhône", 1843, 1860],
    ).encode()


def thousands_of_what() -> bytes:
    """The title may speak of the counts, of the densities or of both."""
    return _text(
        ["Professionnels libéraux, en milliers"],
        [*PROFESSIONALS, "Densité"],
        [2016, "Infirmiers", "01 Ain", 1, 157],
        [2016, "Infirmiers", "69 Rhône", 2, 120],
    ).encode()


def amounts_in_thousands() -> bytes:
    return _text(
        ["Caisse", "Indicateur", "Mois", "Réalisé (k€)"],
        ["CPAM-43", "ij_montants", "2016-01", "3,9665"],
    ).encode()


def heading_of_a_part() -> bytes:
    return _text(["Année", "Territoire", "Population (femmes)"], [2016, "01 Ain", 320000]).encode()


def density_of_another_unit() -> bytes:
    return _text(
        [*PROFESSIONALS, "Densité (pour 1 000 habitants)"],
        [2016, "Infirmiers", "01 Ain", 1002, "1,57"],
    ).encode()


def groups_over_years() -> bytes:
    return _text(
        ["Population au 1er janvier"],
        ["Territoire", "Ensemble", "", "Femmes", ""],
        ["", 2016, 2017, 2016, 2017],
        ["01 Ain", 638425, 643350, 320000, 322000],
        ["02 Aisne", 536136, 534490, 274000, 273000],
    ).encode()


def tables_side_by_side() -> bytes:
    return _text(
        ["Population"],
        ["Territoire", 2016, 2017, "", "Territoire", 2016, 2017],
        ["01 Ain", 638425, 643350, "", "03 Allier", 339384, 337988],
        ["02 Aisne", 536136, 534490, "", "04 Alpes-de-Haute-Provence", 162565, 163915],
    ).encode()


def densities_by_year() -> bytes:
    return _text(
        ["Densité d’infirmiers par département"],
        ["Territoire", 2016, 2017],
        ["01 Ain", 101, 103],
        ["02 Aisne", 132, 135],
    ).encode()


def hidden_sheet_first() -> bytes:
    """Last year's sheet is still there, hidden, before the one that is seen."""
    book = openpyxl.load_workbook(
        io.BytesIO(
            _workbook(
                {
                    "2015": [POPULATION, [2015, "01 Ain", 631877]],
                    "2016": [POPULATION, [2016, "01 Ain", 638425]],
                }
            )
        )
    )
    book["2015"].sheet_state = "hidden"
    book.active = 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def title_of_a_part() -> bytes:
    return _text(
        ["Population féminine par département"],
        ["Territoire", 2016, 2017],
        ["01 Ain", 320000, 322000],
        ["02 Aisne", 274000, 273000],
    ).encode()


def title_of_a_group() -> bytes:
    return _text(
        ["Population : femmes de 15 à 49 ans"],
        ["Territoire", 2016, 2017],
        ["01 Ain", 140000, 141000],
        ["02 Aisne", 112000, 111000],
    ).encode()


def title_of_other_figures() -> bytes:
    return _text(
        ["Population : naissances domiciliées"],
        ["Territoire", 2016, 2017],
        ["01 Ain", 7900, 7800],
        ["02 Aisne", 6100, 6000],
    ).encode()


def column_of_a_part() -> bytes:
    return _text(
        ["Année", "Territoire", "Sexe", "Population"],
        [2016, "01 Ain", "Femmes", 320000],
        [2016, "02 Aisne", "Femmes", 274000],
    ).encode()


def counts_per_head_by_year() -> bytes:
    return _text(
        ["Nombre d’infirmiers pour 10 000 habitants"],
        ["Territoire", 2016, 2017],
        ["01 Ain", 10, 11],
        ["02 Aisne", 13, 14],
    ).encode()


def full_time_equivalents() -> bytes:
    return _text(
        ["Infirmiers en équivalent temps plein"],
        ["Territoire", 2016, 2017],
        ["01 Ain", 810, 820],
    ).encode()


def changes_of_professions() -> bytes:
    return _text(
        ["Évolution des effectifs en 2016 (en %)"],
        ["Territoire", "Infirmiers", "Orthophonistes"],
        ["01 Ain", 2, 3],
        ["02 Aisne", 1, 0],
    ).encode()


def provisional_years() -> bytes:
    return _text(
        ["Effectifs d’infirmiers libéraux"],
        ["Territoire", "2015 (1)", "2016", "Effectif 2017 (p)"],
        ["01 Ain", 800, 810, 820],
    ).encode()


def midwives_by_year() -> bytes:
    return _text(
        ["Effectifs de sages-femmes par département"],
        ["Territoire", 2016, 2017],
        ["01 Ain", 101, 103],
    ).encode()


def column_of_proportions() -> bytes:
    rows = [[2019, code, "", f"0,{code}3"] for code in (41, 43, 45, 47, 49)]
    heads = ["Année", "Département Code", "Département", "Grippe 75 ans et plus"]
    return _text(heads, *rows).encode()


def digits_lost() -> bytes:
    return _text(
        POPULATION, [2016, "01 Ain", "6,38E+05"], [2016, "02 Aisne", "5.36136E+05"]
    ).encode()


def note_after_a_name() -> bytes:
    return _text(POPULATION, [2016, "Moselle (1)", 1046873], [2016, "Vosges (88)", 369641]).encode()


def day_of_issue() -> bytes:
    return _text(
        ["Population, mise à jour le 12 juin 2018"],
        ["Territoire", "Population"],
        ["01 Ain", 638425],
        ["02 Aisne", 536136],
    ).encode()


def months_first() -> bytes:
    days = ["01/01/2016", "02/01/2016", "03/01/2016"]
    return _cpg(*(_count("CPAM-43", day, 31 + at) for at, day in enumerate(days)))


def formulas_in_labels() -> bytes:
    return _text(
        ["Année", "Profession", "Territoire", "Effectif"],
        [2016, "=HYPERLINK(1)", "01 Ain", 10],
        [2016, "<script>alert(1)</script>", "01 Ain", 12],
    ).encode()


def macro_workbook() -> bytes:
    buffer = io.BytesIO(_workbook({"Envoi": [CPG, _count("CPAM-43", "2016-01", 31)]}))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(zipfile.ZipInfo("xl/vbaProject.bin"), b"\xd0\xcf\x11\xe0" + b"x" * 200)
    return buffer.getvalue()


def apart_by_a_column_left_out() -> bytes:
    """The population of each sex, then of a department with its whole; a column of notes too."""
    return _text(
        ["Année", "Territoire", "Sexe", "Remarque", "Population"],
        [2016, "01 Ain", "Femmes", "a", 320000],
        [2016, "01 Ain", "Hommes", "b", 318425],
        [2016, "02 Aisne", "Femmes", "c", 274000],
        [2016, "03 Allier", "Femmes", "d", 176000],
        [2016, "03 Allier", "Ensemble", "e", 339384],
    ).encode()


def apart_over_years() -> bytes:
    """The sectors of doctors, on a line each of a table of years."""
    return _text(
        ["Département", "Secteur", "Effectif 2016", "Effectif 2017"],
        ["01 Ain", 1, 20, 21],
        ["01 Ain", 2, 10, 10],
        ["02 Aisne", 1, 30, 31],
        ["", "", "", ""],
        ["Source : effectifs de psychiatres libéraux"],
    ).encode()


def sheet_a_year() -> bytes:
    """Two years of one table, each under its name; a third that is laid out in another way."""

    def sheet(first: int, second: int) -> list[list[object]]:
        return [["Territoire", "Population"], ["01 Ain", first], ["02 Aisne", second]]

    other = [["Population", "Territoire"], [631877, "01 Ain"]]
    return _workbook(
        {
            "À savoir": [["Estimations de population au 1er janvier"]],
            "2017": sheet(643350, 534490),
            "2016": sheet(638425, 536136),
            "2015": other,
        }
    )


TRAPS: dict[str, Callable[[], bytes]] = {
    "total_rows.csv": total_rows,
    "nested_totals.csv": nested_totals,
    "regions_among_departments.csv": regions_among_departments,
    "total_of_caisses.csv": total_of_caisses,
    "two_encodings.csv": two_encodings,
    "mojibake.csv": mojibake,
    "lost_accents.csv": lost_accents,
    "header_over_two_rows.xlsx": header_over_two_rows,
    "header_in_cells_of_two_lines.csv": header_in_cells_of_two_lines,
    "preamble_and_footer.csv": preamble_and_footer,
    "note_on_years.csv": note_on_years,
    "note_on_a_year.csv": note_on_a_year,
    "note_on_a_number.csv": note_on_a_number,
    "missing_values.csv": missing_values,
    "french_numbers.csv": french_numbers,
    "percentages_as_text.csv": percentages_as_text,
    "french_dates.csv": french_dates,
    "excel_serials.xls": excel_serials,
    "ambiguous_dates.csv": ambiguous_dates,
    "american_dates.csv": american_dates,
    "codes_without_zeros.csv": codes_without_zeros,
    "codes_as_numbers.xls": codes_as_numbers,
    "phantom_columns.csv": phantom_columns,
    "same_key_twice.csv": same_key_twice,
    "two_codes_for_one_department.csv": two_codes_for_one_department,
    "rates_by_two_codes.csv": rates_by_two_codes,
    "target_on_another_row.csv": target_on_another_row,
    "code_and_name_disagree.csv": code_and_name_disagree,
    "notes_before_the_data.xlsx": notes_before_the_data,
    "thousands.csv": thousands,
    "thousands_in_a_list.csv": thousands_in_a_list,
    "thousands_above_years.csv": thousands_above_years,
    "thousands_of_what.csv": thousands_of_what,
    "amounts_in_thousands.csv": amounts_in_thousands,
    "heading_of_a_part.csv": heading_of_a_part,
    "density_of_another_unit.csv": density_of_another_unit,
    "groups_over_years.csv": groups_over_years,
    "tables_side_by_side.csv": tables_side_by_side,
    "densities_by_year.csv": densities_by_year,
    "hidden_sheet_first.xlsx": hidden_sheet_first,
    "title_of_a_part.csv": title_of_a_part,
    "title_of_a_group.csv": title_of_a_group,
    "title_of_other_figures.csv": title_of_other_figures,
    "column_of_a_part.csv": column_of_a_part,
    "counts_per_head_by_year.csv": counts_per_head_by_year,
    "full_time_equivalents.csv": full_time_equivalents,
    "changes_of_professions.csv": changes_of_professions,
    "provisional_years.csv": provisional_years,
    "midwives_by_year.csv": midwives_by_year,
    "column_of_proportions.csv": column_of_proportions,
    "digits_lost.csv": digits_lost,
    "note_after_a_name.csv": note_after_a_name,
    "day_of_issue.csv": day_of_issue,
    "months_first.csv": months_first,
    "formulas_in_labels.csv": formulas_in_labels,
    "macro_workbook.xlsm": macro_workbook,
    "apart_by_a_column_left_out.csv": apart_by_a_column_left_out,
    "apart_over_years.csv": apart_over_years,
    "sheet_a_year.xlsx": sheet_a_year,
}


def write(folder: Path = FOLDER) -> None:
    """Write every look-alike into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in TRAPS.items():
        (folder / name).write_bytes(content())


if __name__ == "__main__":
    write()
