"""Published rates of vaccination and the barometer: as sent, the latest counts, nothing added."""

import pytest

from access.policy import operator_scope
from data.ingestion.publish import Request, publish
from data.store.home import Home
from queries import barometer, rates
from tests.ingestion import traps

HEADINGS = "Année;Département Code;Département;Grippe 65 ans et plus;Grippe 75 ans et plus\n"


@pytest.fixture
def sent(empty_home, tmp_path):
    """What a home serves once these contents, by name, were published one after the other."""

    def publish_all(**files):
        home = Home(empty_home)
        for name, content in files.items():
            path = tmp_path / f"{name}.csv"
            path.write_bytes(content)
            (outcome,) = publish([path], home, Request(person="analyste"))
            assert outcome.state == "published"
        return home.current_build_id()

    return publish_all


def test_rates_are_those_of_the_latest_sending_cell_by_cell(sent):
    build = sent(
        premier=traps.TRAPS["rates_by_two_codes.csv"](),
        revu=f"{HEADINGS}2019;3;Allier;52,9;60,1\n".encode(),
    )
    found = rates.vaccination(operator_scope(), build, year=2019, territory="DEP-03")
    told = found.set_index("vaccine_code")
    assert told["rate"].to_dict() == pytest.approx(
        {"hpv_girls_dose1_15": 0.305, "flu_65_plus": 0.529, "flu_75_plus": 0.601}
    )
    assert told.loc["flu_65_plus", "title"] == "Grippe 65 ans et plus"
    assert told["file_name"].to_dict()["hpv_girls_dose1_15"] == "premier.csv"


def test_progress_is_worked_out_beyond_where_the_published_one_is_cut(sent):
    names = b"indic_id,indic_nom_baro,tendance\nIND-900,Lits,hausse\n"
    build = sent(baro=traps.TRAPS["target_on_another_row.csv"](), noms=names)
    found = barometer.progress(operator_scope(), build).set_index("territory_code")
    assert set(found["title"]) == {"Lits"}
    corsica = found.loc["DEP-2A"]
    assert (corsica["published_progress"], corsica["progress"]) == (0, -0.25)
    assert (str(corsica["actual_on"])[:10], str(corsica["target_on"])[:10]) == (
        "2023-12-01",
        "2026-12-01",
    )
    region = found.loc["REG-84"]
    assert region["progress"] == pytest.approx(region["published_progress"])
    assert found.loc["FR", ["actual_value"]].item() == 1500
    assert found["progress"].isna()["FR"]
