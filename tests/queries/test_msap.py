"""Questions about the MSAP: what each role sees of it, and what is withheld from whom."""

import json
import subprocess
import sys

import pytest

from access.policy import operator_scope, policy
from data.store.home import PROJECT, Home
from queries import msap
from queries.run import QuestionError, question, questions, run

DECISIONS = ["approvals", "refusals", "pending", "decided", "decided_approvals", "approval_rate"]
WITHHELD = {
    "is_requests_hidden": ["requests"],
    "is_decisions_hidden": ["decided", "decided_approvals", "approval_rate"],
    "is_parts_hidden": ["approvals", "refusals", "pending", "incomplete_rows"],
    "is_answers_hidden": ["answered_within_48h"],
    "is_stays_hidden": ["stays"],
    "is_emergencies_hidden": ["emergencies_excluded"],
}
OF_RHONE = "000690003"
YEAR = 2016


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


def answers(scope, build_id):
    """Every frame of counts that the pages ask, as this person gets it."""
    return {
        "by_status": msap.by_status(scope, build_id, "FR"),
        "by_procedure": msap.by_procedure(scope, build_id, "FR"),
        "by_territory": msap.by_territory(scope, build_id, "departement", YEAR),
        "by_establishment": msap.by_establishment(scope, build_id, YEAR),
        "establishment": msap.establishment(scope, build_id, OF_RHONE),
        "establishment_procedures": msap.establishment_procedures(scope, build_id, OF_RHONE),
        "periods": msap.periods(scope, build_id),
        "periods of one": msap.periods(scope, build_id, finess=OF_RHONE),
    }


def test_the_operator_sees_every_count(build_id):
    for name, frame in answers(operator_scope(), build_id).items():
        assert len(frame), name
        assert frame[["requests", "stays", "answered_within_48h"]].notna().all().all(), name
    assert msap.by_establishment(operator_scope(), build_id, YEAR)["is_hidden"].any()


@pytest.mark.parametrize("person", ["national:FR", "analyste:REG-84", "analyste:CPAM-69"])
def test_who_lacks_the_right_sees_no_small_count(person, build_id):
    scope = policy().scope(person)
    for name, frame in answers(scope, build_id).items():
        for flag, columns in WITHHELD.items():
            hidden = frame[flag].astype(bool)
            assert frame.loc[hidden, columns].isna().all().all(), (name, flag)
            for column in set(columns) - {"approval_rate", "incomplete_rows"}:
                assert not frame[column].between(1, 10).any(), (name, column)
        if "expected_approvals" in frame:
            assert frame.loc[frame["is_decisions_hidden"], "expected_approvals"].isna().all()
            assert frame.loc[frame["is_stays_hidden"], "expected_requests"].isna().all()


def test_months_and_windows_are_withheld_whole_without_the_right(build_id):
    scope = policy().scope("analyste:REG-84")
    for frame in (
        msap.timeline(scope, build_id, "REG-84"),
        msap.establishment_timeline(scope, build_id, OF_RHONE),
        msap.windows(scope, build_id),
    ):
        assert len(frame)
        counts = ["requests", *DECISIONS, "stays", "answered_within_48h", "emergencies_excluded"]
        assert frame[counts].isna().all().all()
    # The dates of a window are no count of patients.
    assert msap.windows(scope, build_id)["window_start"].notna().all()


def test_the_dcgdr_sees_the_small_counts_of_the_region_and_no_other_establishment(build_id):
    scope = policy().scope("dcgdr:REG-84")
    places = msap.by_establishment(scope, build_id, YEAR)
    assert set(places["region_code"]) == {"REG-84"}
    assert places["requests"].notna().all()
    assert places["requests"].between(1, 10).any()
    assert msap.timeline(scope, build_id, "REG-84")["requests"].notna().all()
    assert msap.timeline(scope, build_id, "FR")["requests"].isna().all()
    departments = msap.by_territory(scope, build_id, "departement", YEAR)
    assert set(departments["territory_code"]) <= set(scope.territories)


def test_a_caisse_sees_its_own_establishments_and_the_region_as_a_whole(build_id):
    scope = policy().scope("cpam:CPAM-69")
    places = msap.by_establishment(scope, build_id, YEAR)
    assert set(places["territory_code"]) == {"CPAM-69"}
    assert places["requests"].notna().all()
    region = msap.by_status(scope, build_id, "REG-84", YEAR)
    assert len(region)
    assert region.loc[region["is_decisions_hidden"], "approvals"].isna().all()
    assert msap.by_status(scope, build_id, "REG-44", YEAR).empty
    assert msap.establishment(scope, build_id, "000380002").empty
    assert msap.provenance(scope, build_id, "000380002").empty


def test_the_medical_service_sees_the_small_counts_of_its_region(build_id):
    scope = policy().scope("service_medical:DRSM-RHONE-ALPES")
    places = msap.by_establishment(scope, build_id, YEAR)
    assert set(places["drsm_code"]) == {"DRSM-RHONE-ALPES"}
    assert places["requests"].notna().all()


def test_hidden_procedures_are_not_ranked_by_their_counts(build_id):
    scope = policy().scope("national:FR")
    frame = msap.by_procedure(scope, build_id, "FR", YEAR, "chirurgie_ambulatoire")
    shown = frame["requests"].dropna()
    assert shown.is_monotonic_decreasing
    hidden = frame[frame["is_requests_hidden"]]
    assert hidden.index.min() > shown.index.max()
    assert hidden["procedure_name"].is_monotonic_increasing


def test_parameters_narrow_the_answer(build_id):
    scope = operator_scope()
    frame = msap.by_establishment(scope, build_id, YEAR, "ssr", "REG-84")
    assert set(frame["domain"]) == {"ssr"}
    assert set(frame["region_code"]) == {"REG-84"}
    assert len(msap.by_territory(scope, build_id, "region", YEAR, "ssr", "DRSM-RHONE-ALPES")) == 0
    months = msap.timeline(scope, build_id, "REG-84", "ssr")
    assert len(months) == 36
    assert months["month"].is_monotonic_increasing
    periods = msap.periods(scope, build_id, "REG-84", domain="ssr")
    assert periods["requests"].sum() == months["requests"].sum()
    with pytest.raises(QuestionError, match="domain"):
        run("msap/by_status", scope, build_id, domain="autre")


def test_every_count_of_a_question_is_declared_hidden():
    counts = {column for columns in WITHHELD.values() for column in columns}
    for name in questions():
        if name.startswith("msap/") and "published" not in name and name != "msap/provenance":
            asked = question(name)
            declared = {column for _, columns in asked.hides for column in columns}
            assert counts <= declared, name
            for expected in ("expected_approvals", "expected_requests"):
                assert (expected in asked.sql.partition("select")[2]) == (expected in declared)


def test_the_command_line_answers(demo_home):
    done = subprocess.run(
        [sys.executable, "cli.py", "query", "msap/by_status", "--param", "year=2016", "--json"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = json.loads(done.stdout)
    found = {(row["domain"], row["status"]): row["requests"] for row in rows}
    assert found["chirurgie_ambulatoire", "total"] == 2271
    assert found["hors_chirurgie_ambulatoire", "total"] == 850
    assert found["ssr", "total"] == 2177
    assert found["ssr", "public"] + found["ssr", "prive"] == 2177
