import pytest

from data.reference.territory_reading import read_place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("01", "CPAM-01"),
        ("DEP-43", "CPAM-43"),
        ("cpam 43", "CPAM-43"),
        ("CPAM Hainaut", "CPAM-59-HAINAUT"),
        ("59", "DEP-59"),
        ("DEP-59", "DEP-59"),
        ("971", "CGSS-971"),
        ("2A", "CPAM-2A"),
    ],
)
def test_a_place_is_a_caisse_or_a_department_of_several(text, code):
    assert read_place(text).code == code


@pytest.mark.parametrize("text", ["REG-84", "FR", "DRSM-AUVERGNE", "011", "xx", ""])
def test_what_is_larger_or_ambiguous_is_no_place(text):
    reading = read_place(text)
    assert reading.code is None
    assert reading.finding
