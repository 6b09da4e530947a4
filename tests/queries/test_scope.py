"""Nobody sees another's rows: every question, two people of two regions, and the cache."""

import duckdb
import pandas as pd
import pytest

from access.policy import AccessError, operator_scope, policy
from data.ingestion.publish import Request, publish
from data.store.home import Home
from queries import cpg, store
from queries.current import current_build
from queries.run import UNSCOPED, QuestionError, as_rows, question, questions, run

TYPICAL = {
    "level": "caisse",
    "year": 2016,
    "indicator": "prado_chirurgie_adhesions",
    "members": "CPAM-01,CPAM-03,CPAM-07,CPAM-15,CPAM-26",
    "finess": "000690003",
    "programme": "prado",
    "grain": "departement",
    "profession": "infirmiers",
    "span": "annee",
}
PEOPLE = ("dcgdr:REG-84", "dcgdr:REG-44", "cpam:CPAM-43", "cpam:CPAM-57", "analyste:REG-84")
# Rows that any person may compare with: what was published, and the country as a whole.
PUBLIC = {
    "barometer/progress",
    "rates/vaccination",
    "cpg/published",
    "professionals/changes",
    "professionals/density",
    "professionals/gini",
    "professionals/lorenz",
    "programmes/dmp",
    "programmes/prado_coverage",
    "programmes/prado_productivity",
    "programmes/prado_totals",
    "programmes/sophia_funnel",
}


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


def parameters_of(name, scope):
    given = {}
    for parameter in question(name).parameters:
        if parameter.name == "territory":
            given["territory"] = scope.home_territory
        elif not parameter.is_optional or parameter.name == "level":
            given[parameter.name] = TYPICAL[parameter.name]
    return given


def territories_in(frame):
    columns = [c for c in ("territory_code", "caisse_code") if c in frame.columns]
    return set(pd.concat([frame[c] for c in columns]).dropna()) if columns else set()


@pytest.mark.parametrize("name", sorted(set(questions()) - UNSCOPED - PUBLIC))
@pytest.mark.parametrize("person", PEOPLE)
def test_rows_stay_within_the_scope(name, person, build_id):
    scope = policy().scope(person)
    frame = run(name, scope, build_id, **parameters_of(name, scope))
    assert territories_in(frame) <= set(scope.territories)


@pytest.mark.parametrize(
    "name", [name for name in questions() if name not in UNSCOPED | PUBLIC | {"cpg/peers"}]
)
def test_two_regions_share_no_row_below_the_country(name, build_id):
    first, second = policy().scope("dcgdr:REG-84"), policy().scope("dcgdr:REG-44")
    rows = [
        territories_in(run(name, scope, build_id, **parameters_of(name, scope)))
        for scope in (first, second)
    ]
    assert (rows[0] & rows[1]) <= {"FR"}


def test_the_question_of_another_region_s_figure_gives_nothing(build_id):
    scope = policy().scope("dcgdr:REG-84")
    for name in ("cpg/monthly", "cpg/provenance"):
        frame = run(
            name, scope, build_id, territory="CPAM-57", indicator=TYPICAL["indicator"], year=2016
        )
        assert frame.empty
    assert cpg.territory_months(scope, build_id, "CPAM-57", 2016).empty


def test_all_months_of_a_territory_are_those_of_its_figures_one_by_one(build_id):
    for person in ("national:FR", "cpam:CPAM-48"):
        scope = policy().scope(person)
        months = cpg.territory_months(scope, build_id, "CPAM-48", 2017)
        assert months["indicator_code"].nunique() == 22
        for indicator, own in months.groupby("indicator_code"):
            alone = cpg.monthly(scope, build_id, "CPAM-48", indicator, 2017)
            pd.testing.assert_frame_equal(own.reset_index(drop=True), alone)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("select * from cpg_attainment", {}),
        (
            "-- Parameter year: integer.\nselect * from cpg_attainment where year = $year",
            {"year": 1},
        ),
    ],
)
def test_a_question_that_forgets_the_scope_fails(text, given, build_id, tmp_path, monkeypatch):
    folder = tmp_path / "cpg"
    folder.mkdir()
    (folder / "forgetful.sql").write_text(f"-- All of it.\n{text}\n")
    monkeypatch.setattr("queries.run.FOLDER", tmp_path)
    question.cache_clear()
    with pytest.raises(duckdb.Error, match="arameter"):
        run("cpg/forgetful", operator_scope(), build_id, **given)


def test_the_questions_without_scope_say_so_and_no_other_does():
    silent = {name for name in questions() if "-- scope: none" in question(name).sql}
    assert silent == UNSCOPED
    for name in set(questions()) - UNSCOPED:
        assert "$scope" in question(name).sql


def test_cached_rows_do_not_cross_scopes(build_id):
    answers = {
        person: set(
            cpg.attainment(policy().scope(person), build_id, "caisse", 2016)["territory_code"]
        )
        for person in PEOPLE
    }
    assert answers["dcgdr:REG-84"] & answers["dcgdr:REG-44"] == set()
    assert answers["cpam:CPAM-43"] == {"CPAM-43"}
    again = cpg.attainment(policy().scope("cpam:CPAM-43"), build_id, "caisse", 2016)
    assert set(again["territory_code"]) == {"CPAM-43"}


def test_small_numbers_are_seen_only_with_the_right(build_id):
    asked = {"level": "caisse", "year": 2016, "indicator": "prado_bpco_adhesions"}
    everything = run("cpg/attainment", operator_scope(), build_id, **asked)
    small = everything[everything["realised"].between(1, 10)]
    assert len(small) > 0
    national = run("cpg/attainment", policy().scope("national:FR"), build_id, **asked)
    hidden = national[national["territory_code"].isin(small["territory_code"])]
    columns = ["realised", "attainment", "attainment_to_date", "status", "peer_rank"]
    assert hidden[columns].isna().all().all()
    assert not national["realised"].between(1, 10).any()
    own = small["territory_code"].iloc[0]
    manager = run("cpg/attainment", policy().scope(f"cpam:{own}"), build_id, **asked)
    assert manager["realised"].iloc[0] == small["realised"].iloc[0]
    analyst = policy().scope(f"analyste:{small['region_code'].iloc[0]}")
    seen = run("cpg/attainment", analyst, build_id, **asked)
    assert not seen["realised"].between(1, 10).any()


def test_a_finding_tells_no_small_number_without_the_right(empty_home, tmp_path):
    file = tmp_path / "volets.csv"
    parts = {"maternite": 0, "chirurgie": 4, "insuffisance_cardiaque": 3, "bpco": 0}
    lines = [f"CPAM-43;prado_{part}_adhesions;2016-01;{count}" for part, count in parts.items()]
    file.write_text(
        "\n".join(["Caisse;Indicateur;Mois;Réalisé", "CPAM-43;prado_adhesions;2016-01;9", *lines]),
        encoding="utf-8",
    )
    home = Home.from_environment()
    (outcome,) = publish([file], home, Request(person="essai"))
    told = {
        person: store.findings(policy().scope(person), outcome.build_id).iloc[0]
        for person in ("dcgdr:REG-84", "analyste:REG-84", "national:FR")
    }
    assert "vaut 9" in told["dcgdr:REG-84"]["sentence"]
    for person in ("analyste:REG-84", "national:FR"):
        assert "masqué" in told[person]["sentence"]
        assert "volets.csv, ligne 2, colonne « Réalisé »" in told[person]["sentence"]
        assert told[person][["expected", "found"]].isna().all()


def test_monthly_figures_are_hidden_too(build_id):
    asked = {"territory": "CPAM-48", "indicator": "prado_chirurgie_adhesions", "year": 2016}
    full = run("cpg/monthly", operator_scope(), build_id, **asked)
    assert full["realised"].between(1, 10).any()
    circulating = run("cpg/monthly", policy().scope("national:FR"), build_id, **asked)
    assert not circulating["realised"].between(1, 10).any()
    steps = circulating.groupby("year")["cumulated"].diff()
    assert not (steps.notna() & circulating["is_hidden"]).any()


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("cpg/unknown", {}, "n’existe pas"),
        ("../cpg/attainment", {}, "n’existe pas"),
        ("cpg/attainment", {"year": 2016, "level": "commune"}, "n’accepte pas"),
        ("cpg/attainment", {"year": "deux mille", "level": "caisse"}, "nombre entier"),
        ("cpg/attainment", {"level": "caisse"}, "obligatoire"),
        ("cpg/attainment", {"level": "caisse", "year": 2016, "mois": 3}, "pas de paramètre"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(name, given, sentence, build_id):
    with pytest.raises(QuestionError, match=sentence):
        run(name, operator_scope(), build_id, **given)


@pytest.mark.parametrize("wanted", ["inconnue0", "../registry", "a.b"])
def test_an_unknown_build_is_refused(wanted, demo_home):
    with pytest.raises(QuestionError):
        run("store/years", operator_scope(), wanted)
    with pytest.raises(QuestionError):
        current_build(wanted)


@pytest.mark.parametrize(
    "person", ["dcgdr:REG-99", "dcgdr:CPAM-43", "directeur:REG-84", "inconnu@example.fr", "x"]
)
def test_unknown_people_are_refused(person):
    with pytest.raises(AccessError):
        policy().scope(person)


def test_json_rows_hold_null_and_never_nan(build_id):
    rows = as_rows(run("cpg/attainment", operator_scope(), build_id, level="region", year=2016))
    mayotte = [row for row in rows if row["territory_code"] == "REG-06"]
    assert {row["attainment"] for row in mayotte} == {None}
    assert all(row["attainment"] == row["attainment"] for row in rows)
    assert rows[0]["last_month"] == "2016-12-01"
    assert isinstance(rows[0]["senders_expected"], int)
