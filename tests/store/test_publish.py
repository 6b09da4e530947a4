"""An import publishes, says what changes, can be undone, and a rejected file changes nothing."""

import shutil

import pytest

from access.policy import operator_scope
from data.ingestion.publish import Request, publish, rebuild, roll_back
from data.store.home import Home
from data.store.registry import Registry
from queries.run import run
from tests.store.extracts import write_extract

ANALYST = Request(person="analyste")
YEAR = [("CPAM-01", f"2016-{month:02d}", 10) for month in range(1, 13)]


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


def attainment(home, territory, level="caisse", year=2016):
    frame = run("cpg/attainment", operator_scope(), home.current_build_id(), level=level, year=year)
    return frame[frame["territory_code"] == territory].iloc[0]


def test_a_file_becomes_the_board(home, tmp_path):
    outcome = publish([write_extract(tmp_path / "envoi.csv", YEAR)], home, ANALYST)[0]
    assert outcome.state == "published"
    assert outcome.build_id == home.current_build_id()
    assert (outcome.preview.added, outcome.preview.moved) == (12, 0)
    row = attainment(home, "CPAM-01")
    assert (row["realised"], row["objective"], row["attainment"]) == (120, 120, 1.0)
    assert row["status"] == "attained"
    region = attainment(home, "REG-84", "region")
    assert (region["senders_received"], region["senders_expected"]) == (1, 12)


def test_nothing_realised_against_an_objective_is_zero_and_not_sent_is_null(home, tmp_path):
    nothing = [("CPAM-01", f"2016-{month:02d}", 0) for month in range(1, 13)]
    publish([write_extract(tmp_path / "envoi.csv", nothing)], home, ANALYST)
    assert attainment(home, "CPAM-01")["attainment"] == 0.0
    assert attainment(home, "CPAM-01")["status"] == "behind"
    silent = attainment(home, "CPAM-02")
    assert silent[["realised", "attainment"]].isna().all()
    assert (silent["status"], silent["senders_received"]) == ("not_applicable", 0)


def test_a_zero_objective_is_not_applicable(home, tmp_path):
    publish([write_extract(tmp_path / "envoi.csv", YEAR, objective=0)], home, ANALYST)
    row = attainment(home, "CPAM-01")
    assert row["status"] == "not_applicable"
    assert row[["attainment", "attainment_to_date"]].isna().all()


def test_the_same_file_twice_is_recognised(home, tmp_path):
    path = write_extract(tmp_path / "envoi.csv", YEAR)
    first = publish([path], home, ANALYST)[0]
    assert "envoi.csv : publié comme « Résultats mensuels du CPG par caisse »." in first.sentence
    renamed = shutil.copy(path, tmp_path / "autre-nom.csv")
    again = publish([renamed], home, ANALYST)[0]
    assert again.state == "already_published"
    assert "envoi.csv" in again.sentence
    assert again.build_id == first.build_id == home.current_build_id()
    assert len(Registry(home).extracts()) == 1


def test_a_rejected_file_is_kept_with_its_report_and_changes_nothing(home, tmp_path):
    before = publish([write_extract(tmp_path / "bon.csv", YEAR)], home, ANALYST)[0].build_id
    bad = write_extract(tmp_path / "mauvais.csv", [("CPAM-01", "2016-01", "abc")])
    outcome = publish([bad], home, ANALYST)[0]
    assert outcome.state == "rejected"
    assert home.current_build_id() == before
    extract = Registry(home).extracts(["rejected"])[0]
    assert (home.raw / extract.sha256).read_bytes() == bad.read_bytes()
    report = Registry(home).findings_of([extract.extract_id])
    assert any("« abc »" in finding["sentence"] and finding["row"] == 2 for finding in report)


def test_a_rejected_file_does_not_keep_the_others_out(home, tmp_path):
    bad = write_extract(tmp_path / "mauvais.csv", [("CPAM-01", "2016-01", "abc")])
    good = write_extract(tmp_path / "bon.csv", YEAR)
    states = [outcome.state for outcome in publish([bad, good], home, ANALYST)]
    assert states == ["rejected", "published"]
    assert attainment(home, "CPAM-01")["realised"] == 120


def test_a_dry_run_shows_the_effect_and_leaves_no_trace(home, tmp_path):
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    before = home.current_build_id()
    lower = write_extract(
        tmp_path / "b.csv", [("CPAM-01", "2016-12", 1), ("CPAM-02", "2016-12", 5)]
    )
    outcome = publish([lower], home, Request(person="analyste", dry_run=True))[0]
    assert outcome.state == "checked"
    said = "b.csv : serait publié comme « Résultats mensuels du CPG par caisse ». "
    assert outcome.sentence.startswith(said)
    effect = outcome.preview
    assert (effect.added, effect.moved, effect.withdrawn) == (1, 1, 0)
    assert effect.moved_sample[0]["former_realised"] == 10
    assert effect.moved_sample[0]["new_realised"] == 1
    flipped = {row["territory_code"]: row for row in effect.flip_sample}
    assert flipped["CPAM-01"]["former_status"] == "attained"
    assert flipped["CPAM-01"]["new_status"] == "behind"
    assert home.current_build_id() == before
    assert len(Registry(home).extracts()) == 1
    assert len(list(home.raw.iterdir())) == 1


def test_a_later_extract_corrects_cell_by_cell_and_an_empty_cell_withdraws(home, tmp_path):
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    correction = write_extract(
        tmp_path / "b.csv", [("CPAM-01", "2016-01", 30), ("CPAM-01", "2016-02", "")], objective=""
    )
    outcome = publish([correction], home, ANALYST)[0]
    assert (outcome.preview.moved, outcome.preview.withdrawn) == (1, 1)
    row = attainment(home, "CPAM-01")
    assert (row["realised"], row["objective"]) == (130, 120)


def test_replacing_takes_back_what_the_file_no_longer_holds(home, tmp_path):
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    shorter = write_extract(tmp_path / "b.csv", YEAR[:6])
    outcome = publish([shorter], home, Request(person="analyste", replaces=True))[0]
    assert outcome.preview.withdrawn == 6
    assert attainment(home, "CPAM-01")["realised"] == 60


def test_a_rollback_serves_the_former_build_and_what_follows_starts_from_it(home, tmp_path):
    first = publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)[0].build_id
    wrong = write_extract(tmp_path / "b.csv", [("CPAM-01", "2016-01", 999)])
    second = publish([wrong], home, ANALYST)[0].build_id
    assert attainment(home, "CPAM-01")["realised"] == 1109
    roll_back(home, first, "directrice", "valeur aberrante")
    assert attainment(home, "CPAM-01")["realised"] == 120
    publish([write_extract(tmp_path / "c.csv", [("CPAM-02", "2016-01", 7)])], home, ANALYST)
    assert attainment(home, "CPAM-01")["realised"] == 120
    assert attainment(home, "CPAM-02")["realised"] == 7
    log = Registry(home).publications()
    assert [entry["action"] for entry in log] == ["import", "rollback", "import", "import"]
    assert log[1]["reason"] == "valeur aberrante"
    assert home.build_path(second).exists()


def test_a_file_rolled_back_can_come_again_and_gives_the_same_build(home, tmp_path):
    first = publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)[0].build_id
    path = write_extract(tmp_path / "b.csv", [("CPAM-02", "2016-01", 7)])
    second = publish([path], home, ANALYST)[0].build_id
    roll_back(home, first, "directrice")
    again = publish([path], home, ANALYST)[0]
    assert (again.state, again.build_id) == ("published", second)


def test_an_unknown_build_cannot_be_rolled_back_to(home):
    with pytest.raises(LookupError, match="Aucune publication"):
        roll_back(home, "0123456789abcdef", "directrice")


def test_two_homes_with_the_same_files_give_the_same_build(tmp_path):
    path = write_extract(tmp_path / "a.csv", YEAR)
    builds = {publish([path], Home(tmp_path / name), ANALYST)[0].build_id for name in "xy"}
    assert len(builds) == 1


def test_rebuilding_what_has_not_changed_changes_nothing(home, tmp_path):
    built = publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)[0].build_id
    assert rebuild(home, "operateur") == built
    assert len(Registry(home).publications()) == 1


def test_a_build_file_that_was_lost_is_made_again(home, tmp_path):
    first = publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)[0].build_id
    publish([write_extract(tmp_path / "b.csv", [("CPAM-02", "2016-01", 7)])], home, ANALYST)
    home.build_path(first).unlink()
    roll_back(home, first, "directrice")
    assert home.build_path(first).exists()
    assert home.current_build_id() == first


def test_an_open_year_is_judged_to_date(home, tmp_path):
    former = [("CPAM-01", f"2016-{month:02d}", 10) for month in range(1, 13)]
    publish([write_extract(tmp_path / "a.csv", former)], home, ANALYST)
    running = [("CPAM-01", f"2017-{month:02d}", 10) for month in range(1, 7)]
    publish([write_extract(tmp_path / "b.csv", running)], home, ANALYST)
    row = attainment(home, "CPAM-01", year=2017)
    assert row["is_open_year"]
    assert (row["objective_to_date"], row["attainment"], row["status"]) == (60, 0.5, "attained")


def test_one_early_file_of_the_next_year_does_not_close_the_open_one(home, tmp_path):
    caisses = [f"CPAM-{number:02d}" for number in range(1, 6)]
    running = [(code, f"2016-{month:02d}", 10) for code in caisses for month in range(1, 7)]
    publish([write_extract(tmp_path / "a.csv", running)], home, ANALYST)
    early = write_extract(tmp_path / "b.csv", [("CPAM-01", "2017-01", 10)])
    publish([early], home, ANALYST)
    assert attainment(home, "CPAM-02")["is_open_year"]
    begun = [(code, "2017-01", 10) for code in caisses[1:]]
    publish([write_extract(tmp_path / "c.csv", begun)], home, ANALYST)
    assert not attainment(home, "CPAM-02")["is_open_year"]


def test_a_file_without_objectives_takes_none_back(home, tmp_path):
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    again = [(caisse, month, 5) for caisse, month, _ in YEAR]
    publish([write_extract(tmp_path / "b.csv", again, objective="")], home, ANALYST)
    row = attainment(home, "CPAM-01")
    assert (row["realised"], row["objective"]) == (60, 120)


def losses(outcome):
    rules = ("cpg.value_withdrawn", "cpg.objective_changed")
    return [finding for finding in outcome.warnings if finding.rule in rules]


def test_a_value_taken_back_is_told_with_its_line_and_kept_with_the_build(home, tmp_path):
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    cells = [("CPAM-01", "2016-01", 30), ("CPAM-01", "2016-02", "")]
    emptied = write_extract(tmp_path / "b.csv", cells)
    outcome = publish([emptied], home, ANALYST)[0]
    (finding,) = losses(outcome)
    assert finding.sentence == (
        "b.csv, ligne 3, colonne « Réalisé » : la valeur publiée de la caisse CPAM Ain pour "
        "l’indicateur « PRADO maternité\u00a0: adhésions » en 02/2016 est retirée : "
        "10 devient vide. Si ce n’est pas voulu, renvoyez la valeur."
    )
    assert (finding.severity, finding.row, finding.column) == ("warning", 3, "Réalisé")
    assert finding.expected == 10
    kept = Registry(home).findings_of([outcome.extract_id])
    served = run("store/findings", operator_scope(), home.current_build_id())
    assert finding.sentence in {row["sentence"] for row in kept}
    assert finding.sentence in set(served["sentence"])


def test_a_value_that_a_replacing_file_leaves_out_is_told_of_that_file(home, tmp_path):
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    shorter = write_extract(tmp_path / "b.csv", YEAR[:10])
    other = write_extract(tmp_path / "c.csv", [("CPAM-02", "2016-01", 3)])
    request = Request(person="analyste", replaces=True, dry_run=True)
    first, second = publish([shorter, other], home, request)
    assert [(f.row, f.month.month) for f in losses(first)] == [(None, 11), (None, 12)]
    assert first.validation.warning_total == 2
    assert losses(second) == []


def test_an_objective_that_changes_is_told_against_the_one_served(home, tmp_path):
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    lower = write_extract(tmp_path / "b.csv", [("CPAM-01", "2016-03", 10)], objective=12)
    (finding,) = losses(publish([lower], home, ANALYST)[0])
    assert "l’objectif 2016 de la caisse CPAM Ain" in finding.sentence
    assert "(mois 03/2016) change : 120 devient 12." in finding.sentence
    assert (finding.row, finding.expected, finding.found) == (2, 120, 12)


def test_the_same_values_and_a_file_without_objectives_take_nothing_back(home, tmp_path):
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    same = write_extract(tmp_path / "b.csv", YEAR[:3])
    silent = write_extract(tmp_path / "c.csv", [("CPAM-01", "2016-05", 11)], objective="")
    assert [losses(outcome) for outcome in publish([same, silent], home, ANALYST)] == [[], []]


def test_losses_beyond_those_said_are_counted(home, tmp_path, monkeypatch):
    monkeypatch.setattr("data.ingestion.preview.LOSSES_KEPT", 3)
    publish([write_extract(tmp_path / "a.csv", YEAR)], home, ANALYST)
    emptied = write_extract(tmp_path / "b.csv", [(c, m, "") for c, m, _ in YEAR])
    validation = publish([emptied], home, ANALYST)[0].validation
    assert validation.totals["cpg.value_withdrawn"] == validation.warning_total == 12
    assert len(validation.warnings) == 3


def test_a_rate_objective_that_is_sent_again_is_no_change(home, tmp_path):
    def sent(name, months):
        path = tmp_path / name
        rows = [f"CPAM-01;generiques_penetration;2016-{m:02d};{80 + m};10{m};0.837" for m in months]
        path.write_text("Caisse;Indicateur;Mois;Num;Den;Objectif\n" + "\n".join(rows) + "\n")
        return path

    publish([sent("a.csv", range(1, 9))], home, ANALYST)
    assert losses(publish([sent("b.csv", range(6, 10))], home, ANALYST)[0]) == []
