"""The points of the contracts: whose they are, the latest wins, builds without still open."""

import shutil

import duckdb
import pytest

from access.policy import operator_scope, policy
from data.ingestion.publish import Request, publish
from data.store.home import Home
from queries import cpg
from queries.cpg import POINTS_COLUMNS
from queries.run import OtherVersionError, run
from tests.store.extracts import MATERNITY, write_extract, write_points

GENERICS = "generiques_penetration"
REGION = "REG-84"
ANALYST = Request(person="analyste")


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


def bring_in(home, path):
    outcome = publish([path], home, ANALYST)[0]
    assert outcome.state == "published"
    return outcome


@pytest.fixture
def build_id(home, tmp_path):
    bring_in(home, write_extract(tmp_path / "envoi.csv", [("CPAM-01", "2017-01", 10)]))
    lines = [
        (2017, "", MATERNITY, 40),
        (2017, "", GENERICS, 20),
        (2017, "CPAM-43", MATERNITY, 10),
        (2017, "DRSM-AUVERGNE", GENERICS, 60),
        (2016, "CPAM-43", MATERNITY, 30),
    ]
    return bring_in(home, write_points(tmp_path / "points.csv", lines)).build_id


def known(build_id, level, year=2017, scope=None, within=None):
    frame = cpg.points(scope or operator_scope(), build_id, level, year, within)
    return frame.set_index(["territory_code", "indicator_code"]).sort_index()


def test_a_caisse_s_own_line_replaces_the_one_of_every_caisse(build_id):
    found = known(build_id, "caisse")
    assert found.loc[("CPAM-43", MATERNITY), "points"] == 10
    assert found.loc[("CPAM-43", GENERICS), "points"] == 20
    assert found.loc[("CPAM-01", MATERNITY), "points"] == 40
    assert not found["is_average"].any()
    assert set(found["file_name"]) == {"points.csv"}
    assert "CSS-976" not in found.index.get_level_values("territory_code")


def test_a_region_has_the_mean_of_its_caisses_and_says_where_they_differ(build_id):
    found = known(build_id, "region")
    # Eleven caisses at 40 and one at 10: 450 / 12.
    own = found.loc[(REGION, MATERNITY)]
    assert (own["points"], own["is_average"]) == (pytest.approx(37.5), True)
    assert (own["caisses_with_points"], own["caisses_expected"]) == (12, 12)
    same = found.loc[(REGION, GENERICS)]
    assert (same["points"], same["is_average"]) == (20, False)
    assert found.loc[("REG-44", MATERNITY), "points"] == 40


def test_where_some_contracts_are_unknown_the_region_has_no_points_and_says_how_many(build_id):
    own = known(build_id, "region", 2016).loc[(REGION, MATERNITY)]
    assert own.isna()["points"]
    assert (own["caisses_with_points"], own["caisses_expected"]) == (1, 12)
    assert known(build_id, "region", 2015).empty


def test_a_drsm_has_the_points_of_its_own_contract_alone(build_id):
    found = known(build_id, "drsm")
    assert found.index.tolist() == [("DRSM-AUVERGNE", GENERICS)]
    assert found["points"].tolist() == [60]


def test_two_people_of_two_regions_read_their_own_and_the_same_country(build_id):
    first, second = policy().scope("dcgdr:REG-84"), policy().scope("cpam:CPAM-57")
    caisses = [
        set(known(build_id, "caisse", scope=scope).index.get_level_values(0))
        for scope in (first, second)
    ]
    assert len(caisses[0]) == 12
    assert caisses[1] == {"CPAM-57"}
    assert known(build_id, "region", scope=first).loc[(REGION, MATERNITY), "points"] == 37.5
    under = known(build_id, "caisse", within=REGION)
    assert set(under.index.get_level_values(0)) == caisses[0]


def test_the_latest_extract_wins_line_by_line(home, build_id, tmp_path):
    later = write_points(tmp_path / "avenant.csv", [(2017, "", MATERNITY, 50)])
    outcome = bring_in(home, later)
    assert (outcome.preview.added, outcome.preview.moved, outcome.preview.unchanged) == (0, 1, 4)
    found = known(outcome.build_id, "caisse")
    assert found.loc[("CPAM-01", MATERNITY), "points"] == 50
    assert found.loc[("CPAM-01", GENERICS), "points"] == 20
    assert found.loc[("CPAM-43", MATERNITY), "points"] == 10


def without_points(home, build_id):
    """The publication as a version that knew no points would have built it."""
    former = "0123456789abcdef"
    shutil.copy(home.build_path(build_id), home.build_path(former))
    with duckdb.connect(str(home.build_path(former))) as connection:
        connection.execute("drop table cpg_points")
        connection.execute("update build_info set sources = 'former'")
    return former


def test_a_build_that_knows_no_points_gives_none(home, build_id):
    former = without_points(home, build_id)
    with pytest.raises(OtherVersionError, match="autre version"):
        run("cpg/points", operator_scope(), former, level="caisse", year=2017)
    found = cpg.points(operator_scope(), former, "caisse", 2017)
    assert found.empty
    assert list(found.columns) == POINTS_COLUMNS


def test_the_first_points_after_such_a_build_are_all_new(home, tmp_path):
    bring_in(home, write_extract(tmp_path / "envoi.csv", [("CPAM-01", "2017-01", 10)]))
    live = home.build_path(home.current_build_id())
    with duckdb.connect(str(live)) as connection:
        connection.execute("drop table cpg_points")
    lines = [(2017, "", MATERNITY, 40), (2017, "", GENERICS, 20)]
    outcome = bring_in(home, write_points(tmp_path / "points.csv", lines))
    assert (outcome.preview.added, outcome.preview.moved) == (2, 0)
