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
    "10a_spf_vaccination_dep_2011_2024.csv": ("vaccination", 1414),
    "11_ditp_ind-311.csv": ("barometer", 1680),
    "11_ditp_ind-312.csv": ("barometer", 362),
    "11_ditp_meta_indicateurs.csv": ("barometer_indicators", 106),
    "14a_insee_pop_legales_2017_dep.csv": ("population", 100),
}
UNEXPECTED = [
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


def test_each_department_has_one_rate_a_year_whatever_its_code(read_file):
    found = read_file("10a_spf_vaccination_dep_2011_2024.csv")
    rows = measures(rows_of(found), "vaccination")
    assert len({(row["year"], row["territory_code"]) for row in rows}) == len(rows)
    assert len({row["territory_code"] for row in rows}) == 101
    rates = {(row["year"], row["territory_code"]): row for row in rows}
    assert rates[2011, "DEP-03"]["hpv_girls_dose1_15_pct"] == 33.7
    assert rates[2011, "DEP-03"]["flu_65_plus_pct"] is None
    assert found.warnings == ()


def test_what_the_barometer_publishes_follows_from_its_values_but_where_it_is_cut(read_file):
    rows = measures(rows_of(read_file("11_ditp_ind-311.csv")), "barometer")
    of_zone = defaultdict(dict)
    for row in rows:
        for name in ("initial_value", "actual_value", "target_value", "published_progress_pct"):
            if row[name] is not None:
                of_zone[row["territory_code"]][name] = row[name]
    assert len(of_zone) == 101 + 18 + 1
    for told in of_zone.values():
        if len(told) == 4 and told["target_value"] != told["initial_value"]:
            way = told["target_value"] - told["initial_value"]
            progress = 100 * (told["actual_value"] - told["initial_value"]) / way
            expected = min(100.0, max(0.0, progress))
            assert told["published_progress_pct"] == pytest.approx(expected, abs=0.01)
