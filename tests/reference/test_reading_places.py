import pytest

from data.reference.caisses import read_caisse
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CPAM-99", "« CPAM-99 » ne désigne aucune caisse connue."),
        ("CGSS 999", "« CGSS 999 » ne désigne aucune caisse connue."),
        (
            "CPAM-20",
            "« CPAM-20 » ne désigne aucune caisse connue. Le département 20 (Corse) n’existe plus "
            "; écrire 2A ou 2B.",
        ),
        ("99", "« 99 » est un total, non un département : les totaux sont recalculés."),
    ],
)
def test_a_caisse_that_is_none_is_said_once(text, said):
    assert read_caisse(text).finding == said
