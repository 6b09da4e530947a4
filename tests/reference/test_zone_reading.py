"""Zones of published tables: what is counted, what checks, what is kept aside."""

import pytest

from data.reference.zone_reading import is_counted, read_zone


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("01", "DEP-01"),
        ("1", "DEP-01"),
        ("001 -Ain", "DEP-01"),
        ("02A -Corse-du-Sud", "DEP-2A"),
        ("972 - Martinique", "DEP-972"),
        ("04 Alpes-de-Hte-Pce", "DEP-04"),
        ("D75", "DEP-75"),
        ("200000172", "EPCI-200000172"),
        ("84", "DEP-84"),
    ],
)
def test_territories_that_are_counted_on(text, code):
    reading = read_zone(text)
    assert reading.code == code
    assert reading.finding is None
    assert is_counted(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("999", "TOTAL"),
        ("99", "TOTAL"),
        (" Ensemble", "TOTAL"),
        ("Tout département", "TOTAL"),
        ("FRANCE ENTIERE", "FR"),
        ("France y c. Mayotte", "FR"),
        ("France métropolitaine", "FR-METROPOLE"),
        ("DROM", "FR-OUTRE-MER"),
        ("France hors Mayotte", "FR-HORS-976"),
        ("Provence-Alpes-Côte d’Azur", "REG-93"),
        ("Ile-de-France", "REG-11"),
        ("Rhône-Alpes", "ANC-82"),
    ],
)
def test_totals_are_told_apart(text, code):
    reading = read_zone(text)
    assert reading.code == code
    assert reading.finding is None
    assert not is_counted(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("975", "HORS-975"),
        ("977 - Saint-Barthélemy", "HORS-977"),
        ("20 Corse", "HORS-20"),
        ("Inconnu", "HORS-INCONNU"),
        ("200054781", "HORS-EPCI-200054781"),
        ("249999999 - Ancien EPCI", "HORS-EPCI-249999999"),
    ],
)
def test_what_is_no_department_is_kept_aside_and_told(text, code):
    reading = read_zone(text)
    assert reading.code == code
    assert reading.finding.endswith("La ligne est gardée, elle n’est pas comptée.")
    assert not is_counted(code)


def test_mayotte_written_975_is_read_and_told():
    reading = read_zone("975 Mayotte")
    assert reading.code == "DEP-976"
    assert "Saint-Pierre-et-Miquelon" in reading.finding


@pytest.mark.parametrize("text", ["Ain", "Zone inscript", "TRUE", "1O", ""])
def test_what_nobody_can_read_has_no_code(text):
    reading = read_zone(text)
    assert reading.code is None
    assert reading.finding


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("84", "REG-84"),
        ("01", "REG-01"),
        ("99", "FR"),
        ("82", "ANC-82"),
        ("84 - Auvergne-Rhône-Alpes", "REG-84"),
        ("Bretagne", "REG-53"),
        ("77", "HORS-REGION-77"),
    ],
)
def test_numbers_of_a_column_of_regions_are_those_of_regions(text, code):
    assert read_zone(text, "region").code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("84 - Auvergne-Rhône-Alpes", "REG-84"),
        ("11-Île-de-France", "REG-11"),
        ("R94 Corse", "REG-94"),
        ("82 Rhône-Alpes", "ANC-82"),
        ("01 Guadeloupe", "REG-01"),
        ("Région Bretagne", "REG-53"),
        ("Total Corse", "REG-94"),
        ("84 - Vaucluse", "DEP-84"),
        ("94 Val-de-Marne", "DEP-94"),
        ("62 Nord-Pas-de-Calais", "DEP-62"),
        ("971 Guadeloupe", "DEP-971"),
    ],
)
def test_a_region_told_by_its_code_and_name_is_no_department(text, code):
    assert read_zone(text).code == code
