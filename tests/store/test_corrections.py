"""A correction is proposed by one, decided by another, and lies over the extracts it corrects."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from access.policy import AccessError, operator_scope, policy
from data.ingestion import correction_work
from data.ingestion import corrections as steps
from data.ingestion.correction_checks import check_value
from data.ingestion.publish import Request, publish, roll_back
from data.models.build import build_id
from data.store import corrections as store
from data.store.backup import backup, restore
from data.store.corrections import CONTRACT, Cell, DecidedError
from data.store.home import Home
from data.store.registry import Registry
from queries import corrections as written
from queries.run import run
from tests.store.extracts import MATERNITY, write_extract

ANALYST = Request(person="analyste", origin="demonstration")
YEAR = [("CPAM-43", f"2016-{month:02d}", 20) for month in range(1, 13)]
OTHER = [("CPAM-63", f"2016-{month:02d}", 30) for month in range(1, 13)]
CAISSE = policy().scope("cpam:CPAM-43")
DCGDR = policy().scope("dcgdr:REG-84")
OPERATOR = operator_scope()


@pytest.fixture
def home(empty_home, tmp_path, monkeypatch):
    """Two caisses published; the work of corrections is done at once."""
    monkeypatch.setattr(steps, "_spawn", _at_once)
    home = Home(empty_home)
    publish([write_extract(tmp_path / "envoi.csv", [*YEAR, *OTHER], 300)], home, ANALYST)
    return home


def _at_once(home, correction_id, number):
    correction_work.work(home, correction_id, number)
    return 0


def cell(month=3, column="realised", value=20.0, sent=None):
    sent = value if sent is None else sent
    extract = Registry(Home.from_environment()).extracts(["accepted"])[0]
    day = date(2016, 1 if column == "objective" else month, 1)
    where = (extract.extract_id, extract.file_name, None, 4, False)
    return Cell("cpg", "CPAM-43", MATERNITY, day, column, value, sent, *where)


def proposed(new_value=50.0, **options):
    told = {"motive": "mars et avril intervertis", "source": "relevé OMV"}
    return steps.propose(CAISSE, cell(**options), new_value=new_value, **told)


def accepted(new_value=50.0, **options):
    return steps.accept(DCGDR, proposed(new_value, **options).correction_id, "vérifié")


def attainment(home, territory, level):
    frame = run("cpg/attainment", OPERATOR, home.current_build_id(), level=level, year=2016)
    return frame[frame["territory_code"] == territory].iloc[0]


def served(home):
    rows = run("corrections/served", OPERATOR, home.current_build_id())
    return {int(row["correction_id"]): row for row in rows.to_dict("records")}


def test_a_proposal_changes_nothing_and_its_trial_shows_the_effect(home):
    before = home.current_build_id()
    one = proposed()
    assert home.current_build_id() == before
    assert one.state == "proposed"
    trial = steps.trial_of(one.correction_id, before)
    rows = run("cpg/attainment", OPERATOR, trial, level="caisse", year=2016)
    assert rows.set_index("territory_code").loc["CPAM-43", "realised"] == 270
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 240


def test_an_accepted_correction_counts_in_the_caisse_and_above(home):
    accepted()
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 12 * 20 + 30
    assert attainment(home, "REG-84", "region")["realised"] == 12 * 50 + 30
    months = run(
        "cpg/monthly",
        OPERATOR,
        home.current_build_id(),
        territory="CPAM-43",
        indicator=MATERNITY,
        year=2016,
    )
    by_month = dict(zip(pd.to_datetime(months["month"]).dt.month, months["realised"], strict=True))
    assert (by_month[3], by_month[4]) == (50, 20)


def test_the_extract_stays_as_it_was_sent(home):
    extract = Registry(home).extracts(["accepted"])[0]
    lake = home.lake / "cpg" / f"{extract.extract_id}.parquet"
    before = lake.read_bytes()
    one = accepted()
    assert lake.read_bytes() == before
    row = served(home)[one.correction_id]
    assert (row["sent_value"], row["given_value"], row["new_value"]) == (20, 20, 50)
    assert row["state"] == "applied"


def test_the_build_is_named_by_its_corrections_too(home):
    before = home.current_build_id()
    accepted()
    registry = Registry(home)
    extracts = registry.extracts_of(home.current_build_id())
    assert [extract.contract for extract in extracts] == ["cpg", CONTRACT]
    assert build_id(extracts) == home.current_build_id() != before
    assert build_id(extracts[:1]) == before
    publication = registry.last_publication()
    assert publication["action"] == "correction"
    assert publication["published_by"] == DCGDR.person


def test_who_proposes_does_not_decide(home):
    told = {"new_value": 50.0, "motive": "m", "source": "s"}
    one = steps.propose(DCGDR, cell(), **told)
    with pytest.raises(AccessError, match="une autre personne"):
        steps.accept(DCGDR, one.correction_id)
    with pytest.raises(AccessError, match="une autre personne"):
        steps.refuse(DCGDR, one.correction_id, "non")
    assert store.correction(Registry(home), one.correction_id).state == "proposed"


@pytest.mark.parametrize("person", ["cpam:CPAM-63", "dcgdr:REG-44", "national:FR"])
def test_nobody_decides_beyond_their_right(home, person):
    one = proposed()
    scope = policy().scope(person)
    with pytest.raises((AccessError, LookupError)):
        steps.accept(scope, one.correction_id)
    with pytest.raises((AccessError, LookupError)):
        steps.refuse(scope, one.correction_id, "non")


@pytest.mark.parametrize("person", ["cpam:CPAM-63", "national:FR", "service_medical:DRSM-AUVERGNE"])
def test_nobody_proposes_for_a_caisse_whose_extracts_they_may_not_import(home, person):
    with pytest.raises(AccessError):
        steps.propose(
            policy().scope(person), cell(), new_value=50.0, motive="motif", source="source"
        )
    assert store.corrections_for(Registry(home), ["CPAM-43"]) == []


def test_a_decision_is_taken_once_and_kept(home):
    one = proposed()
    with pytest.raises(ValueError, match="motif"):
        steps.refuse(DCGDR, one.correction_id, "  ")
    refused = steps.refuse(DCGDR, one.correction_id, "la valeur est la bonne")
    assert (refused.state, refused.decided_by) == ("refused", DCGDR.person)
    with pytest.raises(DecidedError):
        steps.accept(DCGDR, one.correction_id)
    with pytest.raises(AccessError):
        steps.withdraw(CAISSE, one.correction_id)
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 240
    assert steps.trial_of(one.correction_id, home.current_build_id()) is None


def test_its_author_takes_a_proposal_back(home):
    one = proposed()
    with pytest.raises(AccessError):
        steps.withdraw(DCGDR, one.correction_id)
    assert steps.withdraw(CAISSE, one.correction_id).state == "withdrawn"
    assert proposed().correction_id == one.correction_id + 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"motive": " "}, "motif"),
        ({"source": ""}, "source"),
        ({"new_value": 20.0}, "rien à corriger"),
        ({"motive": "x" * 1001}, "1001 caractères"),
    ],
)
def test_a_proposal_says_all_that_it_must(home, told, said):
    given = {"new_value": 50.0, "motive": "motif", "source": "source"} | told
    with pytest.raises(ValueError, match=said):
        steps.propose(CAISSE, cell(), **given)


def test_a_value_has_one_proposal_at_a_time(home):
    one = proposed()
    with pytest.raises(ValueError, match=f"n° {one.correction_id}"):
        proposed(60.0)
    assert proposed(60.0, month=4).correction_id > one.correction_id


def test_a_new_extract_that_gives_another_value_overtakes_the_correction(home, tmp_path):
    one = accepted()
    later = write_extract(tmp_path / "suite.csv", [("CPAM-43", "2016-03", 44)], 300)
    outcome = publish([later], home, ANALYST)[0]
    warned = [f for f in outcome.warnings if f.rule == "cpg.correction_superseded"]
    assert len(warned) == 1
    assert f"n° {one.correction_id}" in warned[0].sentence
    assert warned[0].row == 2
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 11 * 20 + 44
    row = served(home)[one.correction_id]
    assert (row["state"], row["given_value"], row["given_by_file"]) == (
        "superseded",
        44,
        "suite.csv",
    )
    known = written.known(CAISSE, home.current_build_id())
    assert [(k.correction.state, k.served) for k in known] == [("accepted", "superseded")]


def test_a_new_extract_that_gives_the_same_wrong_value_stays_corrected(home, tmp_path):
    one = accepted()
    later = write_extract(tmp_path / "suite.csv", [("CPAM-43", "2016-03", 20)], 300)
    assert publish([later], home, ANALYST)[0].state == "published"
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 270
    assert served(home)[one.correction_id]["state"] == "applied"


def test_nobody_accepts_a_proposal_that_was_overtaken(home, tmp_path):
    one = proposed()
    later = write_extract(tmp_path / "suite.csv", [("CPAM-43", "2016-03", 44)], 300)
    publish([later], home, ANALYST)
    before = home.current_build_id()
    for _ in range(2):
        with pytest.raises(ValueError, match="Relisez-le avant d’accepter"):
            steps.accept(DCGDR, one.correction_id)
    assert store.correction(Registry(home), one.correction_id).state == "proposed"
    assert "44" in steps.job_of(one.correction_id).report["failure"]
    assert home.current_build_id() == before


def test_an_acceptance_overtaken_before_its_publication_is_not_published(home, tmp_path):
    one = proposed()
    taken = store.decide(Registry(home), one.correction_id, "accepted", DCGDR.person, None)
    later = write_extract(tmp_path / "suite.csv", [("CPAM-43", "2016-03", 44)], 300)
    publish([later], home, ANALYST)
    before = home.current_build_id()
    steps.start(home, taken, "publish", DCGDR.person)
    kept = store.correction(Registry(home), one.correction_id)
    assert kept.state == "superseded"
    assert "44" in kept.decision_reason
    assert home.current_build_id() == before


def test_after_another_publication_the_effect_is_worked_out_again_before_acceptance(home, tmp_path):
    one = proposed()
    later = write_extract(tmp_path / "suite.csv", [("CPAM-63", "2016-03", 44)], 300)
    publish([later], home, ANALYST)
    assert steps.trial_of(one.correction_id, home.current_build_id()) is None
    with pytest.raises(ValueError, match="recalculé"):
        steps.accept(DCGDR, one.correction_id)
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 240
    steps.accept(DCGDR, one.correction_id)
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 270
    assert attainment(home, "CPAM-63", "caisse")["realised"] == 11 * 30 + 44


def test_a_rollback_takes_the_correction_out_and_brings_it_back(home):
    before = home.current_build_id()
    one = accepted()
    corrected = home.current_build_id()
    roll_back(home, before, "analyste", "essai")
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 240
    assert [k.served for k in written.known(CAISSE, before)] == [None]
    roll_back(home, corrected, "analyste")
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 270
    assert served(home)[one.correction_id]["state"] == "applied"


def test_a_correction_may_be_corrected_and_so_undone(home):
    first = accepted()
    second = accepted(20.0, value=50.0, sent=20.0)
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 240
    states = {number: row["state"] for number, row in served(home).items()}
    assert states == {first.correction_id: "replaced", second.correction_id: "applied"}


def test_the_objective_of_a_year_is_corrected_on_all_its_months(home):
    accepted(240.0, column="objective", value=300.0)
    row = attainment(home, "CPAM-43", "caisse")
    assert (row["objective"], row["status"]) == (240, "attained")
    objectives = run(
        "corrections/objectives", CAISSE, home.current_build_id(), territory="CPAM-43", year=2016
    )
    assert objectives[["objective", "sent_objective"]].to_numpy().tolist() == [[240, 300]]


def test_the_same_count_sent_as_an_adhesion_is_corrected_too(home, tmp_path):
    adhesions = tmp_path / "adhesions.csv"
    lines = ["Caisse;Mois;Programme;Volet;Adhésions;Éligibles;Objectif"]
    lines += [f"CPAM-43;2016-{month:02d};prado;maternite;20;100;300" for month in (2, 3)]
    adhesions.write_text("\n".join(lines), encoding="utf-8")
    outcome = publish([adhesions], home, ANALYST)[0]
    assert outcome.state == "published", outcome.errors
    accepted()
    frame = run(
        "adhesions/timeline",
        OPERATOR,
        home.current_build_id(),
        programme="prado",
        level="caisse",
        volet="maternite",
        territory="CPAM-43",
    )
    by_month = dict(zip(pd.to_datetime(frame["month"]).dt.month, frame["adhesions"], strict=True))
    assert (by_month[2], by_month[3]) == (20, 50)


def test_a_backup_carries_corrections(home, tmp_path, monkeypatch):
    one = accepted()
    backup(home, tmp_path / "sauvegarde.tar.gz")
    again = Home(tmp_path / "autre")
    restore(tmp_path / "sauvegarde.tar.gz", again)
    kept = store.correction(Registry(again), one.correction_id)
    assert (kept.state, kept.new_value, kept.decided_by) == ("accepted", 50.0, DCGDR.person)
    monkeypatch.setenv("VIGIE_HOME", str(again.root))
    again.build_path(again.current_build_id()).unlink()
    roll_back(again, again.current_build_id(), "analyste")
    assert served(again)[one.correction_id]["state"] == "applied"


def test_a_publication_that_died_is_taken_up_again(home, monkeypatch):
    one = proposed()
    monkeypatch.setattr(steps, "_spawn", lambda *_: 0)
    steps.accept(DCGDR, one.correction_id)
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 240
    monkeypatch.setattr(steps, "_spawn", _at_once)
    monkeypatch.setattr(steps, "is_alive", lambda _: False)
    steps.work_again(DCGDR, one.correction_id)
    assert attainment(home, "CPAM-43", "caisse")["realised"] == 270
    steps.work_again(DCGDR, one.correction_id)
    assert len(Registry(home).extracts_of(home.current_build_id())) == 2


def test_small_counts_are_not_told_without_the_right(home):
    accepted(5.0)
    build = home.current_build_id()
    analyst = policy().scope("analyste:REG-84")
    assert [k.is_withheld for k in written.known(analyst, build)] == [True]
    assert [k.is_withheld for k in written.known(CAISSE, build)] == [False]
    row = written.served(analyst, build).iloc[0]
    withheld = ["old_value", "sent_value", "new_value", "given_value", "motive", "source"]
    assert row[withheld].isna().all()
    assert written.known(policy().scope("cpam:CPAM-63"), build) == []


def test_a_count_that_was_hidden_stays_so_once_corrected(home):
    told = {"new_value": 50.0, "motive": "motif", "source": "source"}
    one = steps.propose(CAISSE, replace(cell(), was_hidden=True), **told)
    steps.accept(DCGDR, one.correction_id)
    build = home.current_build_id()
    analyst = policy().scope("analyste:REG-84")
    assert written.served(analyst, build)["old_value"].isna().all()
    assert [k.is_withheld for k in written.known(analyst, build)] == [True]


def test_a_proposal_is_told_to_who_lacks_the_right_once_its_trial_hides_nothing(home, monkeypatch):
    analyst, build = policy().scope("analyste:REG-84"), home.current_build_id()
    monkeypatch.setattr(steps, "_spawn", lambda *_: 0)
    one = proposed()
    assert [k.is_withheld for k in written.known(analyst, build)] == [True]
    monkeypatch.setattr(steps, "_spawn", _at_once)
    monkeypatch.setattr(steps, "is_alive", lambda _: False)
    steps.work_again(CAISSE, one.correction_id)
    assert [k.is_withheld for k in written.known(analyst, build)] == [False]


def test_its_author_reads_a_proposal_before_its_effect_is_known(home, monkeypatch):
    analyst, build = policy().scope("analyste:REG-84"), home.current_build_id()
    monkeypatch.setattr(steps, "_spawn", lambda *_: 0)
    steps.propose(analyst, cell(), new_value=50.0, motive="saisie", source="OMV")
    assert [k.is_withheld for k in written.known(analyst, build)] == [False]
    caisse_analyst = policy().scope("analyste:CPAM-43")
    assert [k.is_withheld for k in written.known(caisse_analyst, build)] == [True]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("50", 50.0),
        ("1 234", 1234.0),
        ("12,5", None),
        ("-1", None),
        ("1000000000000", None),
        ("abc", None),
        ("<b>12</b>", None),
        ("=1+1", None),
        ("31 (1)", None),
        ("", None),
    ],
)
def test_a_value_is_held_against_the_rules_of_the_contract(home, typed, value):
    frame = written.cells(CAISSE, home.current_build_id(), "CPAM-43", 2016)
    rows = frame[pd.to_datetime(frame["month"]).dt.month == 3].to_dict("records")
    found = check_value(cell(), typed, rows)
    assert found.value == value
    assert bool(found.errors) == (value is None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-1", "Un effectif ne peut pas être négatif. Corrigez la valeur."),
        ("abc", "« abc » n’est pas un nombre. Écrivez un nombre, comme 1 234 ou 12,5."),
        ("2000000000", "dépasse ce qu’une caisse peut atteindre"),
    ],
)
def test_a_refusal_speaks_of_a_field_not_of_a_file(home, typed, said):
    frame = written.cells(CAISSE, home.current_build_id(), "CPAM-43", 2016)
    rows = frame[pd.to_datetime(frame["month"]).dt.month == 3].to_dict("records")
    (error,) = check_value(cell(), typed, rows).errors
    assert said in error.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "year_values", "is_weighed"),
    [
        ("60", (20.0, 25.0, 3.0), False),
        ("90", (20.0, 25.0, 3.0), True),
        ("6", (20.0, 25.0), True),
        ("900", (), True),
        ("900", (3.0, 4.0), True),
        ("30", (), False),
    ],
)
def test_a_value_far_from_the_rest_of_the_year_is_weighed_first(
    home, typed, year_values, is_weighed
):
    frame = written.cells(CAISSE, home.current_build_id(), "CPAM-43", 2016)
    rows = frame[pd.to_datetime(frame["month"]).dt.month == 3].to_dict("records")
    found = check_value(cell(), typed, rows, year_values)
    assert found.value == float(typed)
    assert any("est loin" in one for one in found.warnings) == is_weighed


def test_a_rate_is_held_against_its_other_half(home):
    row = {
        "caisse_code": "CPAM-43",
        "indicator_code": "generiques_penetration",
        "month": date(2016, 3, 1),
        "realised": None,
        "numerator": 80.0,
        "denominator": 100.0,
        "objective": 0.85,
        "provisional": False,
    }
    one = replace(cell(column="numerator", value=80.0), indicator_code="generiques_penetration")
    assert check_value(one, "90", [row]).value == 90.0
    refused = check_value(one, "120", [row])
    assert refused.value is None
    assert "dépasse le dénominateur" in refused.errors[0]


@pytest.fixture
def sent():
    """What the caisse sent of the month, as a check reads it."""
    return {
        "caisse_code": "CPAM-43",
        "indicator_code": MATERNITY,
        "month": date(2016, 3, 1),
        "realised": 20.0,
        "numerator": None,
        "denominator": None,
        "objective": 300.0,
        "provisional": False,
        "is_hidden": False,
    }


def test_what_is_withheld_of_other_indicators_refuses_nothing(home, sent):
    rate = sent | {
        "indicator_code": "sophia_inscriptions_ecart_soins",
        "realised": None,
        "denominator": 90.0,
        "objective": 0.4,
        "is_hidden": True,
    }
    total = sent | {"indicator_code": "prado_adhesions", "realised": None, "is_hidden": True}
    assert check_value(cell(), "50", [sent, rate, total]).errors == ()


def test_a_total_that_is_read_is_held_against_the_value(home, sent):
    parts = ("prado_chirurgie_adhesions", "prado_insuffisance_cardiaque_adhesions")
    parts = (*parts, "prado_bpco_adhesions")
    rows = [sent, *(sent | {"indicator_code": code} for code in parts)]
    rows.append(sent | {"indicator_code": "prado_adhesions", "realised": 80.0})
    assert check_value(cell(), "20", rows).warnings == ()
    (said,) = check_value(cell(), "30", rows).warnings
    assert "ses volets font 90" in said
