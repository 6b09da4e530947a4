"""Each real public file is imported right or refused in a sentence, never read silently wrong."""

from collections import defaultdict

import pytest

from data.contracts.model import contracts
from data.ingestion.validate import validate
from tests.ingestion.conftest import rows_of

pytestmark = pytest.mark.realdata

ACCEPTED = {
    "01_ameli_effectif_densite_2024.csv": ("professionals", 38 * 120),
    "03_drees_medecins_dep_2012_2020.csv": ("professionals", 102 * 9),
    "06b_insee_pop_dep_2018.csv": ("population", 104),
    "08b_drees_rpps_densite_2018_cp1252.csv": ("professionals", 44 * 117),
    "14a_insee_pop_legales_2017_dep.csv": ("population", 100),
}
UNEXPECTED = [
    "10a_spf_vaccination_dep_2011_2024.csv",
    "11_ditp_ind-311.csv",
    "11_ditp_ind-312.csv",
    "11_ditp_meta_indicateurs.csv",
    "16_insee_revenus_dep_merged_header.xls",
]


@pytest.fixture
def read_file(realdata, tmp_path):
    def run(name):
        return validate(realdata / name, name, None, tmp_path / "rows.parquet")

    return run


def test_every_real_file_is_expected_here(realdata):
    there = {path.name for path in realdata.iterdir() if path.suffix != ".md"}
    assert there == {*ACCEPTED, *UNEXPECTED}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_file_with_a_contract_is_read_whole(read_file, name):
    found = read_file(name)
    assert [f.sentence for f in found.errors] == []
    assert (found.contract, found.row_count) == ACCEPTED[name]


@pytest.mark.parametrize("name", UNEXPECTED)
def test_a_file_without_a_contract_is_refused_and_its_headings_are_told(read_file, name):
    found = read_file(name)
    if found.contract in contracts() and not found.errors:
        # A contract for it came since: what it reads is checked beside that contract.
        assert found.row_count > 50
        return
    (error,) = found.errors
    assert error.rule == "extract.unrecognised"
    assert "Titres vus : « " in error.sentence
    assert "Prenez le modèle de fichier" in error.sentence


def measures(rows, contract, *names):
    """The rows as mappings of the contract's columns."""
    columns = [column.name for column in contracts()[contract].columns]
    return [dict(zip(columns, row, strict=False)) for row in rows]


def test_totals_among_the_data_are_kept_apart_and_equal_their_parts(read_file):
    rows = measures(
        rows_of(read_file("01_ameli_effectif_densite_2024.csv")), "professionals", "headcount"
    )
    sums = defaultdict(int)
    country = {}
    for row in rows:
        if row["territory_code"].startswith("DEP-"):
            sums[row["profession_code"]] += row["headcount"] or 0
        if row["territory_code"] == "FR":
            country[row["profession_code"]] = row["headcount"]
    assert len(country) == 38
    differing = [code for code, total in country.items() if sums[code] != total]
    assert differing == []


def test_a_space_in_thousands_and_two_encodings_are_read(read_file):
    found = read_file("03_drees_medecins_dep_2012_2020.csv")
    rows = measures(rows_of(found), "professionals", "headcount")
    doctors = {(row["year"], row["territory_code"]): row["headcount"] for row in rows}
    assert doctors[2012, "FR"] == 215_930
    assert doctors[2012, "DEP-01"] == 1194
    assert {"DEP-2A", "DEP-972"} <= {code for _, code in doctors}
    assert any("deux encodages" in finding.sentence for finding in found.warnings)


def test_people_in_thousands_and_a_note_glued_to_the_year(read_file):
    rows = measures(rows_of(read_file("06b_insee_pop_dep_2018.csv")), "population", "population")
    people = {row["territory_code"]: row["population"] for row in rows}
    assert {row["year"] for row in rows} == {2018}
    assert people["DEP-01"] == 649_700
    assert people["DEP-976"] > 200_000


def test_a_phantom_column_and_a_year_said_by_the_name_of_the_file(read_file):
    rows = measures(
        rows_of(read_file("14a_insee_pop_legales_2017_dep.csv")), "population", "population"
    )
    assert {row["year"] for row in rows} == {2017}
    assert rows[0]["population"] == 643_350
