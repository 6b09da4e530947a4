"""The department, caisse and territory codes read in every form seen in the wild."""

import csv
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reference.caisses import read_caisse
from data.reference.departments import read_department
from data.reference.territories import LEVELS, caisse_rows, department_rows, drsm_rows, territories
from data.reference.territory_reading import read_territory

DEPARTMENTS = {row["departement"]: row["nom"] for row in department_rows()}

READ_WITHOUT_FINDING = [
    ("2 A", "2A"),
    ("02 b - Haute-Corse", "2B"),
    ("2 Aisne", "02"),
    ('="01"', "01"),
    ("'01", "01"),
    ("1", "01"),
    ("01", "01"),
    ("001", "01"),
    ("0001", "01"),
    (" 01 ", "01"),
    ("1.0", "01"),
    ("1,0", "01"),
    ("75.00", "75"),
    ("974.0", "974"),
    ("01- Ain", "01"),
    ("01 - Ain", "01"),
    ("01-Ain", "01"),
    ("01 – Ain", "01"),
    ("01 : AIN", "01"),
    ("01 ain", "01"),
    ("001 -Ain", "01"),
    ("011 -Aude", "11"),
    ("Ain (01)", "01"),
    ("D01", "01"),
    ("d01", "01"),
    ("D 01", "01"),
    ("D1", "01"),
    ("D974", "974"),
    ("DEP-01", "01"),
    ("dep-2b", "2B"),
    ("Dept 01", "01"),
    ("Dép. 01", "01"),
    ("Département 01", "01"),
    ("D2A", "2A"),
    ("2a", "2A"),
    ("2A", "2A"),
    ("02A", "2A"),
    ("02b", "2B"),
    ("02A -Corse-du-Sud", "2A"),
    ("2B - Haute Corse", "2B"),
    ("972 - Martinique", "972"),
    ("974 -La Réunion", "974"),
    ("974 REUNION", "974"),
    ("0976", "976"),
    ("976 -Mayotte", "976"),
    ("\ufeff01", "01"),
    ("01\u00a0", "01"),
    ("\u202f01\u202f-\u202fAin", "01"),
    ("01\u00a0-\u00a0Ain", "01"),
    ("01\u200b", "01"),
    ("01\t", "01"),
    ("22 Côtes d’Armor", "22"),
    ("22 - COTES-D'ARMOR", "22"),
    ("04 Alpes-de-Hte-Pce", "04"),
    ("90 Terr. de Belfort", "90"),
    ("95 Val d'Oise", "95"),
]

READ_WITH_FINDING = [
    ("01 - Aisne", "01", "nom du département 02"),
    ("42 Haute-Loire", "42", "nom du département 43"),
    ("13 - Marseille", "13", "« Marseille »"),
    ("975 - Mayotte", "976", "ancien code de Mayotte"),
    ("975 MAYOTTE", "976", "lu comme 976"),
    ("Mayotte (975)", "976", "lu comme 976"),
    ("9A", "971", "FINESS"),
    ("9F - Mayotte", "976", "FINESS"),
    ("9A - Guyane", "971", "nom du département 973"),
]

NOT_READ = [
    ("", "absent"),
    ("   ", "absent"),
    ("999", "total"),
    ("99", "total"),
    ("000", "total"),
    ("0", "total"),
    ("Ensemble", "total"),
    (" Ensemble", "total"),
    ("TOTAL", "total"),
    ("Tout département", "total"),
    ("999 Tout département", "total"),
    ("France entière", "total"),
    ("20", "2A ou 2B"),
    ("020", "2A ou 2B"),
    ("20 - Corse", "2A ou 2B"),
    ("975", "Saint-Pierre-et-Miquelon"),
    ("975 - Saint-Pierre-et-Miquelon", "Saint-Pierre-et-Miquelon"),
    ("977", "Saint-Barthélemy"),
    ("987", "Polynésie"),
    ("97", "outre-mer"),
    ("96", "aucun des 101"),
    ("100", "aucun des 101"),
    ("9E", "aucun des 101"),
    ("2C", "pas un code"),
    ("69M", "partie du département 69"),
    ("069D", "partie du département 69"),
    ("Ain", "est un nom ; écrire le code du département, 01"),
    ("Côte d’Or", "21"),
    ("Atlantide", "pas un code"),
    ("01000", "pas un code"),
    ("20181", "pas un code"),
    ("1²", "pas un code"),
    ("-1", "pas un code"),
    ("1.5", "pas un code"),
    ("1e0", "pas un code"),
    ("TRUE", "pas un code"),
    ("R84", "pas un code"),
    ("nan", "pas un code"),
]


@pytest.mark.parametrize(("text", "code"), READ_WITHOUT_FINDING)
def test_department_is_read(text: str, code: str) -> None:
    reading = read_department(text)
    assert (reading.code, reading.finding) == (code, None)
    assert reading.territory_code == f"DEP-{code}"


@pytest.mark.parametrize(("text", "code", "words"), READ_WITH_FINDING)
def test_department_is_read_with_a_finding(text: str, code: str, words: str) -> None:
    reading = read_department(text)
    assert reading.code == code
    assert words in str(reading.finding)


@pytest.mark.parametrize(("text", "words"), NOT_READ)
def test_no_department_is_read_and_the_finding_tells_why(text: str, words: str) -> None:
    reading = read_department(text)
    assert reading.code is None and reading.territory_code is None
    assert words in str(reading.finding)


def test_975_is_mayotte_where_the_file_is_known_to_write_it_so() -> None:
    assert read_department("975", is_975_mayotte=True).code == "976"
    assert "lu comme 976" in str(read_department("975", is_975_mayotte=True).finding)
    miquelon = read_department("975 Saint-Pierre-et-Miquelon", is_975_mayotte=True)
    assert miquelon.code is None


@pytest.mark.parametrize("code", DEPARTMENTS)
def test_every_department_is_read_in_every_form(code: str) -> None:
    name = DEPARTMENTS[code]
    forms = [code, code.lower(), code.zfill(3), f"D{code}", f"DEP-{code}", code.lstrip("0")]
    forms += [f"{code} - {name}", f"{code.zfill(3)} -{name}", f"{code}- {name.upper()}"]
    readings = {(read_department(form).code, read_department(form).finding) for form in forms}
    assert readings == {(code, None)}


@given(st.text() | st.from_regex(r"(D|R|CPAM[- ]?)?[0-9A-F]{1,4}[ -]{0,3}\w{0,8}"))
def test_no_text_makes_a_reading_fail(text: str) -> None:
    known = set(territories()["territory_code"])
    readings = [read_caisse(text), read_territory(text)]
    readings += [read_territory(text, level=level) for level in LEVELS]
    department = read_department(text)
    assert department.code in DEPARTMENTS or department.finding
    assert all(reading.code in known or reading.finding for reading in readings)


CAISSES_READ = [
    ("CPAM-43", "CPAM-43"),
    ("cpam-43", "CPAM-43"),
    ("CPAM 43", "CPAM-43"),
    ("CPAM43", "CPAM-43"),
    ("CPAM_01", "CPAM-01"),
    ("CPAM 1", "CPAM-01"),
    ("cpam-2a", "CPAM-2A"),
    ("43", "CPAM-43"),
    ("043", "CPAM-43"),
    ("D43", "CPAM-43"),
    ("43 - Haute-Loire", "CPAM-43"),
    ("011 -Aude", "CPAM-11"),
    ("971", "CGSS-971"),
    ("cgss 974", "CGSS-974"),
    ("976", "CSS-976"),
    ("CPAM-59-HAINAUT", "CPAM-59-HAINAUT"),
    ("cpam-62-cote-d-opale", "CPAM-62-COTE-D-OPALE"),
    ("CPAM Hainaut", "CPAM-59-HAINAUT"),
    ("CPAM du Hainaut", "CPAM-59-HAINAUT"),
    ("cpam cote d’opale", "CPAM-62-COTE-D-OPALE"),
    ("CPAM de la Haute-Loire", "CPAM-43"),
    ("CPAM LOIRE", "CPAM-42"),
    ("CPAM Rouen Elbeuf Dieppe", "CPAM-76-ROUEN-ELBEUF-DIEPPE"),
    ("CGSS de la Réunion", "CGSS-974"),
]


@pytest.mark.parametrize(("text", "code"), CAISSES_READ)
def test_caisse_is_read(text: str, code: str) -> None:
    reading = read_caisse(text)
    assert (reading.code, reading.finding) == (code, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("59", ["4 caisses", "CPAM-59-FLANDRES", "CPAM-59-ROUBAIX-TOURCOING"]),
        ("CPAM 62", ["2 caisses", "CPAM-62-ARTOIS", "CPAM-62-COTE-D-OPALE"]),
        ("64 - Pyrénées-Atlantiques", ["CPAM-64-BAYONNE", "CPAM-64-PAU"]),
        ("76", ["CPAM-76-LE-HAVRE", "CPAM-76-ROUEN-ELBEUF-DIEPPE"]),
        ("011", ["CPAM-11", "CPAM-01", "code officiel"]),
        ("CPAM-971", ["CGSS-971"]),
        ("CPAM-20", ["2A ou 2B"]),
        ("Hainaut", ["aucune caisse"]),
        ("999", ["total"]),
        ("", ["absent"]),
    ],
)
def test_no_caisse_is_read_and_the_finding_tells_why(text: str, words: list[str]) -> None:
    reading = read_caisse(text)
    assert reading.code is None
    assert all(word in str(reading.finding) for word in words)


def test_every_caisse_is_read_from_its_code_and_from_its_name_as_printed() -> None:
    for row in caisse_rows():
        for form in (row["caisse_code"], row["caisse_code"].lower(), row["caisse"]):
            assert read_caisse(form).code == row["caisse_code"]
    assert len({read_caisse(row["caisse"]).code for row in caisse_rows()}) == 107


def test_every_code_of_ours_is_read_in_any_case() -> None:
    for code in territories()["territory_code"]:
        assert read_territory(code).code == code
        assert read_territory(f" {code.lower()} ").code == code


def test_every_drsm_is_read_as_the_published_tables_spell_it() -> None:
    for row in drsm_rows():
        spellings = [row["published_spelling"], row["drsm"], row["drsm"].upper()]
        for spelling in [*spellings, f"DRSM {row['drsm']}"]:
            reading = read_territory(spelling)
            assert (reading.code, reading.finding) == (row["drsm_code"], None)


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("FRANCE", None, "FR"),
        ("France entière", None, "FR"),
        ("R84", None, "REG-84"),
        ("r01", None, "REG-01"),
        ("84", "region", "REG-84"),
        ("1", "region", "REG-01"),
        ("84", "departement", "DEP-84"),
        ("82", "ancienne_region", "ANC-82"),
        ("84 - Vaucluse", None, "DEP-84"),
        ("84 - Auvergne-Rhône-Alpes", None, "REG-84"),
        ("82 Rhône-Alpes", None, "ANC-82"),
        ("D84", None, "DEP-84"),
        ("084", None, "DEP-84"),
        ("69", None, "DEP-69"),
        ("2A", None, "DEP-2A"),
        ("974", None, "DEP-974"),
        ("43", "caisse", "CPAM-43"),
        ("CPAM Hainaut", None, "CPAM-59-HAINAUT"),
        ("Bretagne", "drsm", "DRSM-BRETAGNE"),
    ],
)
def test_territory_is_read(text: str, level: str | None, code: str) -> None:
    reading = read_territory(text, level=level)
    assert (reading.code, reading.finding) == (code, None)


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("84", None, "DEP-84 (Vaucluse) ou REG-84 (Auvergne-Rhône-Alpes)"),
        ("82", None, "DEP-82 (Tarn-et-Garonne) ou ANC-82 (Rhône-Alpes)"),
        ("R99", None, "aucun territoire"),
        ("Auvergne-Rhône-Alpes", None, "REG-84"),
        ("Bretagne", "region", "REG-53"),
        ("DEP-01", "region", "n’est pas du niveau"),
        ("82", "region", "aucun territoire"),
        ("Ensemble", None, "total"),
        ("France métropolitaine", None, "total"),
        ("59", "caisse", "4 caisses"),
        ("", None, "absent"),
    ],
)
def test_no_territory_is_read_and_the_finding_tells_why(
    text: str, level: str | None, words: str
) -> None:
    reading = read_territory(text, level=level)
    assert reading.code is None
    assert words in str(reading.finding)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="canton"):
        read_territory("01", level="canton")


class PublicColumn(NamedTuple):
    """Where a real public file writes departments, and how many of them."""

    file: str
    encoding: str
    separator: str
    column: int
    departments: int


PUBLIC_COLUMNS = [
    PublicColumn("01_ameli_effectif_densite_2024.csv", "utf-8-sig", ",", 4, 101),
    PublicColumn("03_drees_medecins_dep_2012_2020.csv", "latin-1", ",", 0, 101),
    PublicColumn("10a_spf_vaccination_dep_2011_2024.csv", "utf-8-sig", ",", 1, 101),
    PublicColumn("11_ditp_ind-311.csv", "utf-8-sig", ",", 1, 101),
    PublicColumn("14a_insee_pop_legales_2017_dep.csv", "utf-8-sig", ";", 0, 100),
]


def realdata(file: str) -> Path:
    return Path(os.environ.get("VIGIE_SHARED", "../shared")) / "realdata" / file


def departments_of(public: PublicColumn) -> set[str]:
    with realdata(public.file).open(encoding=public.encoding, newline="") as file:
        rows = csv.reader(file, delimiter=public.separator)
        cells = {row[public.column] for row in rows if row}
    return {code for cell in cells if (code := read_department(cell).code)}


def test_the_columns_of_real_public_files_are_read() -> None:
    at_hand = [public for public in PUBLIC_COLUMNS if realdata(public.file).exists()]
    counts = {public.file: len(departments_of(public)) for public in at_hand}
    assert counts == {public.file: public.departments for public in at_hand}
