"""Questions on the programmes: the published figures rebuilt, and who sees what caisses sent."""

import pandas as pd
import pytest

from access.policy import operator_scope, policy
from data.ingestion.publish import Request, publish
from data.store.home import Home
from queries import programmes
from queries.run import QuestionError, run


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


def items(build_id, programme, volet="ensemble"):
    found = programmes.costs(operator_scope(), build_id, programme, 2016)
    return found[found["volet"] == volet].set_index("item")["value"]


def test_productivity_of_june_2016_by_volet(build_id):
    found = programmes.prado_productivity(operator_scope(), build_id)
    june = found[found["month"] == "2016-06-01"].set_index("volet")
    assert june["adhesions_per_fte_month"].to_dict() == {
        "maternite": 81,
        "chirurgie": 21,
        "insuffisance_cardiaque": 9,
    }
    assert june.loc["maternite", "adhesions_per_month"] == 407 * 81
    assert june["month_count"].eq(1).all()
    assert len(found) == 12
    assert len(programmes.prado_productivity(operator_scope(), build_id, "chirurgie")) == 4


def test_both_sources_of_a_total_with_their_objectives(build_id):
    found = programmes.prado_totals(operator_scope(), build_id)
    in_2015 = found[found["year"] == 2015].set_index("source")
    assert sorted(in_2015["adhesions"]) == [335_938, 338_960]
    revised = in_2015.loc["IGAS 2017, annexe 11"]
    assert revised["revised_attainment"] == pytest.approx(335_938 / 310_000)
    assert in_2015.loc["IGAS 2017, annexe 7", "attainment"] == pytest.approx(338_960 / 333_600)


def test_coverage_of_2018_is_that_of_its_counts(build_id):
    found = programmes.prado_coverage(operator_scope(), build_id, 2018).set_index("volet")
    assert len(found) == 4
    assert found.loc["chirurgie", "establishments_rate"] == pytest.approx(602 / 810)
    gap = found["establishments_rate"] - found["published_establishments_rate"]
    assert gap.abs().max() <= 0.005
    assert found["sites_rate"].isna().sum() == 2


def test_costs_of_prado_are_rebuilt_from_their_hypotheses(build_id):
    prado = items(build_id, "prado")
    salaries = (
        prado["cam_fte"] * prado["cam_annual_salary"]
        + prado["managers"] / 2 * prado["manager_annual_salary"]
    )
    assert salaries / 1e6 == pytest.approx(33.6, abs=0.05)
    assert salaries * (1 + prado["overhead_rate"] / 100) / 1e6 == pytest.approx(40, abs=0.5)
    per_adhesion = salaries / prado["published_adhesions_hypothesis"]
    assert per_adhesion == pytest.approx(prado["published_cost_per_adhesion"], abs=0.5)


def test_costs_of_sophia_are_rebuilt_from_their_hypotheses(build_id):
    sophia = items(build_id, "sophia")
    calls = sophia["successful_calls"] / (sophia["ics_fte"] * sophia["ics_working_days"])
    assert calls == pytest.approx(sophia["successful_calls_per_ics_per_day"], abs=0.05)
    for moment in ("mean", "year_end"):
        adherents = sophia[f"adherents_year_{moment.removeprefix('year_')}"]
        cost = 1000 * sophia["total_cost"] / adherents
        assert cost == pytest.approx(sophia[f"cost_per_adherent_{moment}"], abs=0.5)
    assert items(build_id, "sophia", "diabete")["cumulative_adhesions"] == 827_000


def test_expected_savings_and_their_total(build_id):
    found = programmes.savings(operator_scope(), build_id, "prado", 2015)
    total = found[found["is_total"]].iloc[0]
    parts = found[~found["is_total"]]
    assert parts["hospital_meur"].sum() == pytest.approx(total["hospital_meur"]) == -129.8
    assert parts["city_meur"].sum() == pytest.approx(total["city_meur"]) == 2.5


def test_the_steps_of_a_campaign_in_order(build_id):
    found = programmes.sophia_funnel(policy().scope("cpam:CPAM-43"), build_id, 2016)
    assert found["step_count"].tolist() == [1875, 2360, 822, 510, 173, 209]
    assert set(found["territory_code"]) == {"CPAM-44"}
    shares = found.set_index("step")["share_of_reached"]
    assert shares["adhesions"] == pytest.approx(209 / 822)
    assert shares[["targeted", "calls_made", "calls_reached"]].isna().all()


def test_records_open_at_a_date(build_id):
    found = programmes.dmp(operator_scope(), build_id)
    july = found[found["counted_on"] == "2019-07-28"].set_index("territory_code")
    assert july["cumulated"].to_dict() == {"FR": 6_575_509, "REG-76": 632_337, "DEP-81": 37_092}
    tarn = july.loc["DEP-81"]
    assert tarn["per_1000"] == pytest.approx(1000 * 37_092 / tarn["population"])


def test_days_gained_and_lost_to_the_first_contact(build_id):
    found = programmes.first_contact_delay(operator_scope(), build_id, 2015)
    gained = found.set_index(["surgery", "professional"])["days_gained"]
    assert gained["hanche", "masseur_kinesitherapeute"] == 2.0
    assert gained["prothese_genou", "medecin_generaliste"] == -1.3


def test_an_open_class_has_no_density(build_id):
    found = programmes.consultation_delay(operator_scope(), build_id, 2016)
    assert found["day_count"].tolist()[:4] == [16, 5, 5, 5]
    assert found["consultations_per_day"].iloc[0] == pytest.approx(400_578 / 16)
    assert pd.isna(found["consultations_per_day"].iloc[-1])
    assert found["consultation_share"].sum() == pytest.approx(1)


def test_online_services_by_source(build_id):
    found = programmes.teleservices(operator_scope(), build_id, 2015)
    notices = found[found["service"] == "AAT"].set_index("source")["rate"]
    assert notices.to_dict() == {"IGAS 2017, annexe 5": 0.1522, "IGAS 2017, annexe 11": 0.192}


def test_an_unknown_programme_is_refused(build_id):
    with pytest.raises(QuestionError):
        programmes.costs(operator_scope(), build_id, "prados")


def test_what_caisses_sent_is_seen_by_whom_it_concerns(empty_home, tmp_path):
    file = tmp_path / "appels.csv"
    rows = [
        "Campagne;Caisse;Année;Étape;Nombre",
        *(
            f"Essai;{caisse};2016;refus;{count}"
            for caisse, count in (("CPAM-43", 7), ("CPAM-57", 8))
        ),
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    (outcome,) = publish([file], Home.from_environment(), Request(person="essai"))
    asked = ("programmes/sophia_funnel", outcome.build_id)
    own = run(asked[0], policy().scope("dcgdr:REG-84"), asked[1])
    assert own[["territory_code", "step_count"]].to_numpy().tolist() == [["CPAM-43", 7]]
    analyst = run(asked[0], policy().scope("analyste:REG-84"), asked[1])
    assert analyst["territory_code"].tolist() == ["CPAM-43"]
    assert analyst["step_count"].isna().all()
