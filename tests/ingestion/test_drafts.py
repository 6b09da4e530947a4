"""A draft from what is dropped to what is published and back."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from dataclasses import replace

import duckdb
import pytest

from access.policy import AccessError, policy
from data.contracts.model import contracts
from data.ingestion import draft_work, drafts, publication_requests
from data.models.build import build_id
from data.store import drafts as kept
from data.store.home import Home
from data.store.imports import remembered_headings
from data.store.registry import Registry
from queries.current import current_build
from queries.run import QuestionError

HEADINGS = "Caisse;Indicateur;Mois;Réalisé;Numérateur;Dénominateur;Objectif annuel;Statut"
DCGDR = policy().scope("dcgdr:REG-84")
PATIENCE_SECONDS = 180


def csv(*values, headings=HEADINGS, caisse="CPAM-43"):
    lines = [headings]
    lines += [
        f"{caisse};prado_maternite_adhesions;2017-{month:02d};{value};;;120;définitif"
        for month, value in enumerate(values, start=1)
    ]
    return "\n".join(lines).encode()


def dropped(**files):
    return [(name.replace("_csv", ".csv"), io.BytesIO(content)) for name, content in files.items()]


def ended(draft, person=DCGDR):
    """The draft once its process has ended, and its report."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while drafts.state_of(draft) in {"checking", "publishing"}:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return drafts.own_draft(person, draft.draft_id), drafts.report_of(draft)


def checked(**files):
    return ended(drafts.open_draft(DCGDR, dropped(**files)))


def published(draft, reason="essai"):
    return ended(drafts.publish_draft(DCGDR, draft, reason, "received"))


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


@pytest.fixture(autouse=True)
def work_here(request, monkeypatch, home):
    """Do the work at once; a test of the process itself says so by its name."""
    if "process" in request.node.name:
        return

    monkeypatch.setattr(drafts, "_spawn", _at_once)


class KilledError(BaseException):
    """The process is gone: nobody catches it, nothing is written after it."""


def _at_once(home, draft_id):
    draft_work.work(home, kept.load(home, draft_id))
    return os.getpid()


def _dying(home, draft_id):
    """Work until the process is killed, and its number, which is no longer anybody's."""
    with suppress(KilledError):
        draft_work.work(home, kept.load(home, draft_id))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def test_a_good_file_is_checked_published_and_rolled_back(home):
    draft, report = checked(bon_csv=csv(10, 12))
    assert drafts.state_of(draft) == "checked"
    assert home.current_build_id() is None
    assert report["effect"]["cpg"]["added"] == 2
    assert report["effect"]["cpg"]["territories"] == ["CPAM-43"]
    assert report["effect"]["cpg"]["years"] == [2017]
    draft, report = published(draft, "premier envoi")
    first = home.current_build_id()
    assert report["served"] == first
    drafts.close_published(DCGDR)
    assert drafts.own_drafts(DCGDR) == []

    draft, report = checked(suite_csv=csv(10, 15))
    assert report["effect"]["cpg"]["moved"] == 1
    assert home.build_path(draft.trial_build_id).is_file()
    published(draft)
    assert home.current_build_id() != first
    with pytest.raises(ValueError, match="motif"):
        drafts.roll_back_to(DCGDR, first, " ")
    drafts.roll_back_to(DCGDR, first, "envoi erroné")
    assert home.current_build_id() == first

    last, second, _ = drafts.publications_kept()
    assert (last["action"], last["reason"]) == ("rollback", "envoi erroné")
    assert [extract.file_name for extract in second["new_extracts"]] == ["suite.csv"]
    (newest, _) = drafts.past_imports()
    assert newest.effect["cpg"]["moved"] == 1
    assert newest.files[0]["stages"]["cells"] == "pass"
    name, content = drafts.extract_original(DCGDR, newest.files[0]["extract_id"])
    assert (name, content) == ("suite.csv", csv(10, 15))


def stages_of_publication(draft, monkeypatch):
    """What the import tells of its way while a checked draft is published."""
    told = []
    monkeypatch.setattr(draft_work._Progress, "__call__", lambda _self, stage: told.append(stage))
    published(draft)
    return told


def test_who_publishes_takes_back_her_own_publications_alone(home):
    analyst = policy().scope("analyste:REG-84")

    def publish(person, value):
        draft, _ = ended(drafts.open_draft(person, dropped(envoi_csv=csv(value))), person)
        ended(drafts.publish_draft(person, draft, "essai", "received"), person)
        return home.current_build_id()

    first = publish(DCGDR, 10)
    others = publish(DCGDR, 12)
    own = publish(analyst, 14)
    with pytest.raises(AccessError, match="revenir à une publication antérieure"):
        drafts.roll_back_to(analyst, first, "essai")
    assert home.current_build_id() == own
    drafts.roll_back_to(analyst, others, "valeur erronée")
    assert home.current_build_id() == others
    publish(DCGDR, 16)
    with pytest.raises(AccessError):
        drafts.roll_back_to(analyst, others, "essai")
    manager = policy().scope("cpam:CPAM-43")
    with pytest.raises(AccessError):
        drafts.roll_back_to(manager, others, "essai")


def test_publishing_moves_what_the_check_kept_into_place(home, monkeypatch):
    draft, _ = checked(bon_csv=csv(10), mauvais_csv=csv(10, "douze"))
    trial = home.build_path(draft.trial_build_id)
    inode = trial.stat().st_ino
    told = stages_of_publication(draft, monkeypatch)
    assert told == ["lock", "raw", "register", "lake", "build", "commit", "current", "audit"]
    assert home.build_path(home.current_build_id()).stat().st_ino == inode
    assert not trial.exists()
    states = {extract.state for extract in Registry(home).extracts()}
    assert states == {"accepted", "rejected"}
    for extract in Registry(home).extracts():
        assert (home.raw / extract.sha256).is_file()
    (past,) = drafts.past_imports()
    assert [file["state"] for file in past.files] == ["published", "rejected"]
    assert past.effect["cpg"]["added"] == 1


def test_what_was_kept_is_made_again_under_other_code_or_another_origin(home, monkeypatch):
    draft, _ = checked(bon_csv=csv(10))
    monkeypatch.setattr("data.ingestion.prepared.code_digest", lambda: "autre version")
    told = stages_of_publication(draft, monkeypatch)
    assert "validate" in told
    assert "candidate" in told
    monkeypatch.undo()
    monkeypatch.setenv("VIGIE_HOME", str(home.root))
    monkeypatch.setattr(drafts, "_spawn", _at_once)
    draft, _ = checked(suite_csv=csv(10, 15))
    ended(drafts.publish_draft(DCGDR, draft, "essai", "demonstration"))
    origins = [extract.origin for extract in Registry(home).extracts()]
    assert origins == ["received", "demonstration"]


def test_what_a_file_takes_back_is_published_as_it_was_checked(home, monkeypatch):
    published(checked(bon_csv=csv(10, 12))[0])
    lines = f"{HEADINGS}\nCPAM-43;prado_maternite_adhesions;2017-02;;;;120;définitif"
    draft, report = checked(retrait_csv=lines.encode())
    (point,) = drafts.unsigned(draft, report)
    assert point.rule == "cpg.value_withdrawn"
    draft = drafts.sign_off(DCGDR, draft, [(point.file, point.rule)], "erreur de saisie")
    told = stages_of_publication(draft, monkeypatch)
    assert "candidate" not in told
    with duckdb.connect(str(home.build_path(home.current_build_id())), read_only=True) as build:
        found = build.execute("select rule, expected from findings").fetchall()
    assert found == [("cpg.value_withdrawn", "12.0")]
    assert [one["reason"] for one in drafts.past_imports()[0].signed] == ["erreur de saisie"]


CHECKED_BY = ("lock", "validate", "candidate", "preview", "report")
PUBLISHED_BY = ("lock", "raw", "register", "lake", "build", "commit", "current", "audit")


def _dies_at(stage):
    def dies(_progress, told):
        if told == stage:
            raise KilledError

    return dies


def test_the_stages_killed_at_are_all_of_them(home, monkeypatch):
    told = []
    published(checked(premier_csv=csv(10))[0])
    monkeypatch.setattr(draft_work._Progress, "__call__", lambda _self, stage: told.append(stage))
    draft, _ = checked(suite_csv=csv(10, 15))
    assert tuple(told) == CHECKED_BY
    assert tuple(stages_of_publication(draft, monkeypatch)) == PUBLISHED_BY


@pytest.mark.parametrize("stage", CHECKED_BY)
def test_a_check_killed_at_any_stage_is_taken_up_again(home, monkeypatch, stage):
    published(checked(premier_csv=csv(10))[0])
    before = home.current_build_id()
    with monkeypatch.context() as patched:
        patched.setattr(draft_work._Progress, "__call__", _dies_at(stage))
        patched.setattr(drafts, "_spawn", _dying)
        draft = drafts.open_draft(DCGDR, dropped(suite_csv=csv(10, 15)))
    draft = drafts.own_draft(DCGDR, draft.draft_id)
    assert drafts.state_of(draft) == "interrupted"
    assert home.current_build_id() == before
    draft, report = ended(drafts.check(DCGDR, draft))
    assert report["files"][0]["state"] == "checked"
    assert report["effect"]["cpg"]["added"] == 1
    assert home.current_build_id() == before
    left = {path.name for path in (home.drafts / draft.draft_id).glob("candidate-*")}
    assert left == {"candidate-2", "candidate-2.duckdb"}


def test_a_server_killed_while_it_keeps_an_upload_or_starts_its_check_tells_no_lie(home):
    (home.drafts / "0123456789ab" / "files").mkdir(parents=True)
    assert drafts.own_drafts(DCGDR) == []
    draft, _ = checked(bon_csv=csv(10))
    kept.report_path(home, draft).unlink()
    # Another process has the number of the one that died: that of a server started anew.
    stale = replace(draft, job=replace(draft.job, process_id=os.getpid(), process_birth="1"))
    kept.save(home, stale)
    assert kept.state_of(home, stale) == "interrupted"
    _, report = ended(drafts.check(DCGDR, stale))
    assert report["files"][0]["state"] == "checked"


@pytest.mark.parametrize("stage", PUBLISHED_BY)
def test_a_publication_killed_at_any_stage_is_taken_up_again(home, monkeypatch, stage):
    published(checked(premier_csv=csv(10))[0])
    before = home.current_build_id()
    draft, _ = checked(suite_csv=csv(10, 15))
    with monkeypatch.context() as patched:
        patched.setattr(draft_work._Progress, "__call__", _dies_at(stage))
        patched.setattr(drafts, "_spawn", _dying)
        draft = drafts.publish_draft(DCGDR, draft, "suite", "received")
    draft = drafts.own_draft(DCGDR, draft.draft_id)
    assert drafts.state_of(draft) == "interrupted"
    assert (home.current_build_id() == before) == (stage != "audit")

    is_committed = stage in {"current", "audit"}
    draft, report = ended(drafts.check(DCGDR, draft))
    assert report["files"][0]["state"] == ("already_published" if is_committed else "checked")
    assert (home.current_build_id() != before) == is_committed
    if not is_committed:
        draft, report = published(draft, "suite")
        assert report["files"][0]["state"] == "published"
    (newest, _) = drafts.past_imports()
    assert newest.build_id == home.current_build_id()
    assert newest.effect["cpg"]["added"] == 1
    with duckdb.connect(str(home.build_path(newest.build_id)), read_only=True) as build:
        served = {row[0] for row in build.execute("select extract_id from extracts").fetchall()}
    assert served == {e.extract_id for e in Registry(home).extracts_of(newest.build_id)}


MANAGER = policy().scope("cpam:CPAM-43")


def asked_by_manager(reason="Envoi d’octobre"):
    draft = drafts.open_draft(MANAGER, dropped(bon_csv=csv(10)))
    draft = drafts.own_draft(MANAGER, draft.draft_id)
    return publication_requests.ask(MANAGER, draft, reason)


def test_who_may_not_publish_asks_and_another_person_publishes(home):
    draft = asked_by_manager()
    assert publication_requests.waiting_for(DCGDR) == [draft]
    assert publication_requests.open_to(DCGDR, draft.draft_id) == draft
    assert publication_requests.waiting_for(policy().scope("dcgdr:REG-11")) == []
    assert publication_requests.open_to(policy().scope("analyste:REG-11"), draft.draft_id) is None
    with pytest.raises(AccessError):
        drafts.read_otherwise(DCGDR, draft, 0, "cpg", None, None)
    drafts.publish_draft(DCGDR, draft, "", "received")
    assert publication_requests.waiting_for(DCGDR) == []
    (publication,) = Registry(home).publications()
    assert (publication["published_by"], publication["reason"]) == (DCGDR.person, "Envoi d’octobre")
    (extract,) = Registry(home).extracts()
    assert extract.received_by == MANAGER.person


def test_a_request_is_sent_back_with_a_reason_and_falls_with_any_change(home):
    draft = asked_by_manager()
    with pytest.raises(ValueError, match="motif"):
        publication_requests.decline(DCGDR, draft, " ")
    draft = publication_requests.decline(DCGDR, draft, "Il manque février")
    assert draft.declined["reason"] == "Il manque février"
    assert publication_requests.waiting_for(DCGDR) == []
    with pytest.raises(AccessError):
        drafts.publish_draft(DCGDR, draft, "", "received")
    draft = publication_requests.ask(MANAGER, draft, "")
    assert draft.declined is None
    drafts.read_otherwise(MANAGER, draft, 0, "cpg", None, None)
    assert publication_requests.waiting_for(DCGDR) == []
    assert home.current_build_id() is None


def test_nobody_asks_for_what_is_not_to_be_published():
    draft = drafts.open_draft(MANAGER, dropped(mauvais_csv=csv("dix")))
    with pytest.raises(ValueError, match="Aucun fichier"):
        publication_requests.ask(MANAGER, drafts.own_draft(MANAGER, draft.draft_id), "")
    draft = drafts.open_draft(MANAGER, dropped(autre_csv=csv(10, caisse="CPAM-63")))
    with pytest.raises(AccessError, match="hors de votre périmètre"):
        publication_requests.ask(MANAGER, drafts.own_draft(MANAGER, draft.draft_id), "")


def test_the_sender_may_be_told_and_its_headings_are_known(home):
    headings = HEADINGS.replace("Mois", "Mois de réf.")
    content = csv(10, headings=headings)
    draft, _ = checked(CPAM_43_csv=content)
    ended(drafts.confirm_headings(DCGDR, draft, 0, "cpg", {"Mois de réf.": "month"}))
    draft, report = checked(envoi_csv=content)
    assert (draft.sender, report["files"][0]["state"]) == (DCGDR.person, "rejected")
    with pytest.raises(ValueError, match="caisse connue"):
        drafts.set_sender(DCGDR, draft, "CPAM-999")
    draft, report = ended(drafts.set_sender(DCGDR, draft, "CPAM-43"))
    assert (draft.sender, report["files"][0]["state"]) == ("CPAM-43", "checked")


def test_replacing_tells_what_would_be_gone_and_can_be_taken_back(home):
    published(checked(premier_csv=csv(10, 12, 14))[0])
    draft, report = checked(suite_csv=csv(10, 15))
    assert report["effect"]["cpg"]["withdrawn"] == 0
    draft, report = ended(drafts.set_replaces(DCGDR, draft, True))
    assert report["effect"]["cpg"]["withdrawn"] == 1
    draft, report = ended(drafts.set_replaces(DCGDR, draft, False))
    assert report["effect"]["cpg"]["withdrawn"] == 0


def test_a_bad_file_is_told_cell_by_cell_and_does_not_keep_the_good_one_out(home):
    draft, report = checked(bon_csv=csv(10), mauvais_csv=csv(10, "douze"))
    good, bad = report["files"]
    assert (good["state"], bad["state"]) == ("checked", "rejected")
    (error,) = bad["errors"]
    assert (error["row"], error["column"], error["value"]) == (3, "Réalisé", "douze")
    assert bad["context"]["lines"]["3"][3] == "douze"
    _, report = published(draft)
    assert [file["state"] for file in report["files"]] == ["published", "rejected"]


def test_advisories_are_signed_with_a_reason_that_history_keeps():
    lines = csv(10).decode() + "\nCPAM-43;prado_maternite_adhesions;2017-02;11;;;130;définitif"
    draft, report = checked(ecart_csv=lines.encode())
    (point,) = drafts.unsigned(draft, report)
    assert point.rule == "cpg.objective_changes"
    with pytest.raises(ValueError, match="1 point à signer"):
        drafts.publish_draft(DCGDR, draft, "", "received")
    with pytest.raises(ValueError, match="motif"):
        drafts.sign_off(DCGDR, draft, [(point.file, point.rule)], "")
    draft = drafts.sign_off(DCGDR, draft, [(point.file, point.rule)], "objectif revu en juin")
    assert drafts.unsigned(draft, report) == []
    published(draft)
    (one,) = drafts.past_imports()
    assert [signed["reason"] for signed in one.signed] == ["objectif revu en juin"]


def test_headings_are_proposed_applied_once_confirmed_and_remembered_for_the_sender(home):
    headings = HEADINGS.replace("Mois", "Mois de réf.").replace("Indicateur", "Code indic")
    content = csv(10, headings=headings)
    draft, report = checked(CPAM_43_csv=content)
    assert draft.sender == "CPAM-43"
    (file,) = report["files"]
    assert file["state"] == "rejected"
    told = {one["heading"]: one["column"] for one in file["proposals"]}
    assert told == {"Mois de réf.": "month", "Code indic": "indicator_code"}
    with pytest.raises(ValueError, match="même colonne"):
        drafts.confirm_headings(DCGDR, draft, 0, "cpg", dict.fromkeys(told, "month"))
    _, report = ended(drafts.confirm_headings(DCGDR, draft, 0, "cpg", told))
    assert report["files"][0]["state"] == "checked"
    assert remembered_headings(Registry(home), "CPAM-43") == {"cpg": told}

    again, report = checked(CPAM_43_csv=content)
    assert report["files"][0]["state"] == "checked"
    assert again.files[0].headings == {"cpg": told}
    _, report = checked(CPAM_01_csv=csv(10, headings=headings, caisse="CPAM-01"))
    assert report["files"][0]["state"] == "rejected"


def test_a_person_may_tell_the_contract_and_the_line_of_headings():
    draft, report = checked(bon_csv=b"Envoi de janvier\n" + csv(10))
    assert report["files"][0]["header_row"] == 2
    _, report = ended(drafts.read_otherwise(DCGDR, draft, 0, "cpg_points", None, 1))
    assert report["files"][0]["state"] == "rejected"
    with pytest.raises(ValueError, match="n’existe pas"):
        drafts.read_otherwise(DCGDR, draft, 0, "inconnu", None, None)


def test_an_archive_is_opened_without_folders_and_hidden_files():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("../../envoi/bon.csv", csv(10))
        written.writestr("__MACOSX/._bon.csv", b"x")
        written.writestr("dossier/", b"")
    draft, report = ended(
        drafts.open_draft(DCGDR, [("C:\\envois\\lot.zip", io.BytesIO(archive.getvalue()))])
    )
    assert [(file.name, file.archive) for file in draft.files] == [("bon.csv", "lot.zip")]
    assert report["files"][0]["state"] == "checked"


def test_an_archive_that_swells_is_refused_in_a_sentence():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("zeros.csv", b"0" * 30_000_000)
    draft = drafts.open_draft(DCGDR, [("bombe.zip", io.BytesIO(archive.getvalue()))])
    assert draft.files == ()
    assert "trop gros une fois décompressé" in draft.refused[0]


def test_a_process_that_died_leaves_a_draft_to_take_up_again(home):
    draft = drafts.open_draft(DCGDR, dropped(bon_csv=csv(10)))
    os.kill(draft.job.process_id, signal.SIGKILL)
    interrupted, report = ended(draft)
    assert (drafts.state_of(interrupted), report) == ("interrupted", None)
    draft, report = ended(drafts.check(DCGDR, interrupted))
    assert drafts.state_of(draft) == "checked"
    assert report["files"][0]["state"] == "checked"


def test_nothing_is_published_over_another_publication_than_the_one_compared_with(home):
    draft, _ = checked(bon_csv=csv(10))
    other, _ = checked(autre_csv=csv(20))
    published(other)
    served = home.current_build_id()
    _, report = published(draft)
    assert "Une autre publication est arrivée" in report["failure"]
    assert home.current_build_id() == served


def test_a_draft_is_its_own_persons_and_published_by_whoever_may():
    draft, _ = checked(bon_csv=csv(10))
    other = policy().scope("analyste:REG-84")
    assert drafts.own_draft(other, draft.draft_id) is None
    with pytest.raises(AccessError):
        drafts.give_up(other, draft)
    with pytest.raises(AccessError):
        drafts.open_draft(policy().scope("national:FR"), dropped(bon_csv=csv(10)))
    manager = policy().scope("cpam:CPAM-43")
    with pytest.raises(AccessError, match="publier"):
        drafts.publish_draft(manager, replace(draft, person=manager.person), "", "received")


def test_nobody_publishes_what_other_caisses_send():
    draft, report = checked(autre_csv=csv(10, caisse="CPAM-31"))
    assert drafts.outside_perimeter(DCGDR, report) == ["CPAM-31"]
    with pytest.raises(AccessError, match="hors de votre périmètre"):
        drafts.publish_draft(DCGDR, draft, "", "received")


@pytest.mark.parametrize("guess", [7, 8, ""])
def test_nobody_guesses_what_other_caisses_sent(guess, home):
    """What the report says is the same whether the guess is right or wrong."""
    occitanie = policy().scope("dcgdr:REG-76")
    files = dropped(a_csv=csv(7, 40, caisse="CPAM-31"))
    draft, _ = ended(drafts.open_draft(occitanie, files), occitanie)
    ended(drafts.publish_draft(occitanie, draft, "essai", "received"), occitanie)
    draft, report = checked(essai_csv=csv(guess, caisse="CPAM-31"))
    assert drafts.outside_perimeter(DCGDR, report) == ["CPAM-31"]
    assert report["effect"] == {}
    assert report["files"][0]["state"] == "checked"
    assert report["files"][0]["warnings"] == []
    assert (report["files"][0]["warning_total"], report["files"][0]["totals"]) == (0, {})
    assert not report["has_candidate"]
    folder = kept.folder_of(home, draft.draft_id)
    assert not home.build_path(draft.trial_build_id).exists()
    assert list(folder.glob("candidate-*")) == []
    with pytest.raises(AccessError, match="hors de votre périmètre"):
        drafts.publish_draft(DCGDR, draft, "", "received")


def test_an_establishment_of_others_is_not_reached_by_a_territory_of_ones_own():
    template = contracts()["msap"].template_rows[0]
    columns = contracts()["msap"].columns

    def sent(territory, procedure):
        row = template | {"territory_code": territory, "procedure": procedure}
        titles = ";".join(column.title for column in columns)
        return f"{titles}\n{';'.join(row.get(column.name, '') for column in columns)}".encode()

    occitanie = policy().scope("dcgdr:REG-76")
    first = sent("CPAM-31", template["procedure"])
    draft, report = ended(drafts.open_draft(occitanie, dropped(a_csv=first)), occitanie)
    assert report["effect"]["msap"]["added"] > 0
    _, report = ended(drafts.publish_draft(occitanie, draft, "essai", "received"), occitanie)
    assert report["failure"] is None
    _, report = checked(b_csv=sent("CPAM-43", "Cholécystectomie"))
    assert drafts.outside_perimeter(DCGDR, report) == ["CPAM-31"]
    assert report["effect"] == {}


def test_a_made_up_file_of_patients_is_not_handed_out(home):
    draft, _ = checked(bon_csv=csv(10))
    ended(drafts.publish_draft(DCGDR, draft, "essai", "demonstration"))
    (extract,) = Registry(home).extracts(["accepted"])
    assert drafts.may_download(DCGDR, extract)
    assert not drafts.may_download(policy().scope("analyste:REG-84"), extract)
    assert drafts.may_download(
        policy().scope("analyste:REG-84"), replace(extract, contract="msap_published")
    )


def test_giving_up_leaves_nothing_and_a_trial_is_never_shown_by_its_address(home):
    draft, _ = checked(bon_csv=csv(10))
    with pytest.raises(QuestionError):
        current_build(draft.trial_build_id)
    drafts.give_up(DCGDR, draft)
    assert list(home.drafts.iterdir()) == []
    assert home.current_build_id() is None


def test_foreign_headings_are_told_once_the_contract_is():
    headings = "Org;Objet;Quand;Combien;N;D;But;Etat"
    draft, report = checked(etranger_csv=csv(10, headings=headings))
    assert report["files"][0]["contract"] is None
    draft, report = ended(drafts.read_otherwise(DCGDR, draft, 0, "cpg", None, 1))
    assert [one["heading"] for one in report["files"][0]["proposals"]] == headings.split(";")
    told = dict.fromkeys(headings.split(";"), drafts.NOT_KEPT) | {
        "Org": "caisse_code",
        "Objet": "indicator_code",
        "Quand": "month",
        "Combien": "realised",
        "But": "objective",
    }
    _, report = ended(drafts.confirm_headings(DCGDR, draft, 0, "cpg", told))
    assert report["files"][0]["state"] == "checked"


def test_what_establishments_of_others_ask_is_outside_too():
    template = contracts()["msap"].template_rows[0]
    columns = contracts()["msap"].columns
    content = "\n".join(
        (
            ";".join(column.title for column in columns),
            ";".join(template.get(column.name, "") for column in columns),
        )
    )
    _, report = checked(msap_csv=content.encode())
    assert report["files"][0]["state"] == "checked"
    assert drafts.outside_perimeter(policy().scope("dcgdr:REG-11"), report)


def test_two_readings_of_the_same_bytes_are_two_builds(home):
    draft, _ = checked(bon_csv=csv(10))
    published(draft)
    (extract,) = Registry(home).extracts(["accepted"])
    otherwise = replace(extract, mapping=extract.mapping | {"realised": "Objectif annuel"})
    assert build_id([extract]) != build_id([otherwise])
    assert build_id([extract]) == home.current_build_id()
