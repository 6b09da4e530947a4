"""What others publish of a territory stands on its sheet, once received, with source and date."""

import pytest

from data.ingestion.publish import Request, publish
from data.store.home import Home
from tests.ingestion import traps
from tests.pages.apps import open_app, readable
from tests.store.extracts import write_extract

SHEET = "pages/pilotage/departement.py"
REQUEST = Request(person="analyste", origin="demonstration")


@pytest.fixture
def home(empty_home, tmp_path):
    home = Home(empty_home)
    publish([write_extract(tmp_path / "a.csv", [("CPAM-03", "2016-01", 10)])], home, REQUEST)
    return home


def shown(territory):
    return readable(open_app(SHEET, profil="national", annee="2016", territoire=territory))


def test_nothing_is_said_of_rates_before_any_is_received(home):
    assert "Publiés ailleurs" not in shown("DEP-03")


def test_rates_and_barometer_of_a_department_and_of_its_only_caisse(home, tmp_path):
    paths = []
    for name in ("rates_by_two_codes.csv", "target_on_another_row.csv"):
        paths.append(tmp_path / name)
        paths[-1].write_bytes(traps.TRAPS[name]())
    publish(paths, home, REQUEST)
    for territory in ("DEP-03", "CPAM-03"):
        said = shown(territory)
        assert "Publiés ailleurs : 2 couvertures vaccinales" in said
        assert "Grippe 65 ans et plus 2019" in said
        assert "rates_by_two_codes.csv" in said
    region = shown("REG-84")
    assert "Publiés ailleurs : 1 indicateur du baromètre" in region
    assert "1er décembre 2026" in region
