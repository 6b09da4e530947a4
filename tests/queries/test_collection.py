"""What was sent, from which extract, of what: exact rows, and only those of the scope."""

import pandas as pd
import pytest

from access.policy import policy
from queries import collection
from queries.current import current_build

NATIONAL = policy().scope("national:FR")


@pytest.fixture
def build_id(demo_home):
    return current_build()


def sent_of(frame, contract, caisse):
    own = frame[(frame["contract"] == contract) & (frame["caisse_code"] == caisse)]
    return {pd.Timestamp(row["month"]).month: row for row in own.to_dict("records")}


def test_the_months_of_a_caisse_are_those_of_its_files(build_id):
    frame = collection.sent(NATIONAL, build_id, 2017)
    assert list(sent_of(frame, "cpg", "CPAM-81")) == [1, 2, 3, 4, 5]
    lozere = sent_of(frame, "cpg", "CPAM-48")
    assert list(lozere) == [1, 2, 3, 4, 5, 6, 7, 8]
    items = lozere[8]["items"].split()
    assert len(items) == len(set(items)) == 21
    assert items == sorted(items)
    assert lozere[8]["provisional_items"] == lozere[8]["items"]
    assert pd.isna(lozere[7]["provisional_items"])


def test_adhesions_are_told_by_programme_and_volet_and_msap_by_month(build_id):
    frame = collection.sent(NATIONAL, build_id, 2016)
    months = sent_of(frame, "adhesions", "CPAM-48")
    assert "prado:maternite" in months[1]["items"].split()
    assert "sophia:ensemble" in months[1]["items"].split()
    assert set(frame[frame["contract"] == "msap"]["items"]) == {"demandes"}
    assert not frame.duplicated(["contract", "caisse_code", "month"]).any()


def test_no_question_tells_a_count(build_id):
    columns = {
        *collection.sent(NATIONAL, build_id, 2016).columns,
        *collection.extracts(NATIONAL, build_id).columns,
    }
    assert not columns & {"realised", "numerator", "denominator", "adhesions", "requests"}


def test_the_latest_extract_of_a_caisse_comes_last(build_id):
    frame = collection.extracts(NATIONAL, build_id)
    own = frame[(frame["contract"] == "cpg") & (frame["caisse_code"] == "CPAM-01")]
    assert list(own["file_name"])[-1] == "cpg_demo_2017_septembre.csv"
    assert own["position"].is_monotonic_increasing


@pytest.mark.parametrize("person", ["dcgdr:REG-84", "cpam:CPAM-43"])
def test_rows_are_those_of_the_scope(build_id, person):
    scope = policy().scope(person)
    for frame in (
        collection.sent(scope, build_id, 2017),
        collection.extracts(scope, build_id),
    ):
        assert not frame.empty
        assert set(frame["caisse_code"]) <= set(scope.territories)


def test_what_is_sent_at_all_is_the_same_whoever_asks(build_id):
    everywhere = collection.items(NATIONAL, build_id)
    here = collection.items(policy().scope("cpam:CPAM-43"), build_id)
    pd.testing.assert_frame_equal(everywhere, here)
    flu = everywhere[everywhere["item"] == "vaccination_grippe"]
    assert list(flu["year"]) == [2014, 2015, 2016]
    assert set(flu["month_count"]) == {3}
