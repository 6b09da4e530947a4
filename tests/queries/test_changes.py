"""What a publication changed since a former one, and which one that is."""

from datetime import UTC, date, datetime

import duckdb
import pytest

from access.policy import operator_scope, policy
from data.ingestion.publish import Request, publish, roll_back
from data.store.home import Home
from data.store.registry import Registry
from queries import cpg, store
from queries.run import QuestionError, run
from tests.store.extracts import write_extract

MONTHS = [f"2016-{month:02d}" for month in range(1, 13)]


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


@pytest.fixture
def bring_in(home, tmp_path):
    def bring(cells, **request):
        path = tmp_path / f"envoi{len(list(tmp_path.glob('*.csv')))}.csv"
        write_extract(path, cells, objective=240)
        return publish([path], home, Request(person="analyste", **request))[0].build_id

    return bring


def months(caisse, realised, count=12):
    return [(caisse, month, realised) for month in MONTHS[:count]]


def test_a_correction_flips_the_statuses_it_reaches_and_counts_its_cells(bring_in):
    before = bring_in([*months("CPAM-01", 20), *months("CPAM-43", 20), *months("CPAM-57", 20)])
    after = bring_in(
        [("CPAM-43", "2016-12", 1), ("CPAM-57", "2016-12", 1), ("CPAM-69", "2016-12", 250)]
    )
    scope = policy().scope("dcgdr:REG-84")
    found = cpg.changes(scope, after, before, "caisse", 2016)
    assert found.flips[["territory_code", "status_before", "status_after", "change"]].to_dict(
        "split", index=False
    )["data"] == [
        ["CPAM-43", "attained", "behind", "worsened"],
        ["CPAM-69", "not_applicable", "attained", "appeared"],
    ]
    assert found.flips["attainment_before"].iloc[0] == 1
    assert found.flips["attainment_after"].iloc[0] == pytest.approx(221 / 240)
    # The Moselle is of another region.
    assert found.cells == (1, 0, 1, 0, 0)
    country = cpg.changes(operator_scope(), after, before, "caisse", 2016)
    assert set(country.flips["territory_code"]) == {"CPAM-43", "CPAM-57", "CPAM-69"}
    assert country.cells == (1, 0, 2, 0, 0)
    own = cpg.changes(operator_scope(), after, before, "caisse", 2016, within="REG-44")
    assert (list(own.flips["territory_code"]), own.cells.moved) == (["CPAM-57"], 1)


def test_a_publication_compared_with_itself_has_not_changed(bring_in):
    build_id = bring_in(months("CPAM-01", 20))
    found = cpg.changes(operator_scope(), build_id, build_id, "region", 2016)
    assert found.flips.empty
    assert found.cells == (0, 0, 0, 0, 0)


def test_a_cell_taken_back_is_withdrawn(bring_in):
    before = bring_in(months("CPAM-01", 20))
    after = bring_in(months("CPAM-01", 20, count=10), replaces=True)
    assert cpg.changes(operator_scope(), after, before, "caisse", 2016).cells.withdrawn == 2


def test_a_small_count_is_compared_only_for_whoever_may_see_it(bring_in):
    former = [("CPAM-43", month, 20) for month in MONTHS] + months("CPAM-01", 20)
    before = bring_in(former)
    after = bring_in([("CPAM-43", month, 0) for month in MONTHS[1:]] + [("CPAM-43", "2016-01", 5)])
    manager = policy().scope("cpam:CPAM-43")
    found = cpg.changes(manager, after, before, "caisse", 2016)
    assert list(found.flips["status_after"]) == ["behind"]
    assert found.cells.moved == 12
    for person in ("national:FR", "analyste:REG-84"):
        scope = policy().scope(person)
        for level in ("caisse", "departement"):
            told = cpg.changes(scope, after, before, level, 2016)
            assert "CPAM-43" not in set(told.flips["territory_code"])
            assert "DEP-43" not in set(told.flips["territory_code"])
        # The small count, and the one of another caisse that is hidden with it.
        assert (told.cells.moved, told.cells.not_compared) == (11, 2)


def test_another_s_changes_are_not_told(bring_in):
    before = bring_in(months("CPAM-57", 20))
    after = bring_in([("CPAM-57", "2016-12", 1)])
    found = cpg.changes(policy().scope("dcgdr:REG-84"), after, before, "caisse", 2016)
    assert found.flips.empty
    assert found.cells == (0, 0, 0, 0, 0)


def test_publications_are_listed_newest_first_and_the_former_one_is_found(home, bring_in):
    first = bring_in(months("CPAM-01", 20), reason="Envoi de janvier")
    second = bring_in(months("CPAM-43", 20))
    listed = store.builds()
    assert list(listed["build_id"]) == [second, first]
    assert list(listed["is_current"]) == [True, False]
    assert list(listed["extract_count"]) == [2, 1]
    assert list(listed["new_extract_count"]) == [1, 1]
    assert listed["reason"].iloc[1] == "Envoi de janvier"
    assert store.former_build(second) == first
    assert store.former_build(first) is None
    assert store.former_build("0123456789abcdef") is None


def test_after_a_rollback_the_former_publication_is_the_one_that_was_left(home, bring_in):
    first = bring_in(months("CPAM-01", 20))
    second = bring_in(months("CPAM-43", 20))
    roll_back(home, first, "directrice", "valeur aberrante")
    assert store.former_build(first) == second
    listed = store.builds()
    assert list(listed["build_id"]) == [first, second]
    assert (listed["action"].iloc[0], listed["reason"].iloc[0]) == ("rollback", "valeur aberrante")
    assert list(listed["is_current"]) == [True, False]


def test_a_build_made_again_of_the_same_extracts_is_not_a_former_one(home, bring_in):
    first = bring_in(months("CPAM-01", 20))
    second = bring_in(months("CPAM-43", 20))
    registry = Registry(home)
    remade = "remade0"
    home.build_path(remade).write_bytes(home.build_path(second).read_bytes())
    registry.publish(
        remade, registry.extract_ids_by_build()[second], inputs={}, person="x", action="rebuild"
    )
    assert store.former_build(remade) == first


def test_a_build_whose_file_is_gone_is_neither_listed_nor_compared_with(home, bring_in):
    first = bring_in(months("CPAM-01", 20))
    second = bring_in(months("CPAM-43", 20))
    third = bring_in(months("CPAM-57", 20))
    home.build_path(second).unlink()
    assert list(store.builds()["build_id"]) == [third, first]
    assert store.former_build(third) == first


def test_an_empty_home_has_no_publication(home):
    assert store.builds().empty
    assert list(store.builds().columns) == store.BUILD_COLUMNS


def test_a_build_of_another_version_is_compared_and_what_it_cannot_tell_is_said(home, bring_in):
    build_id = bring_in(months("CPAM-01", 20))
    path = home.build_path("older0")
    path.write_bytes(home.build_path(build_id).read_bytes())
    with duckdb.connect(str(path)) as older:
        older.execute("alter table cpg_attainment drop column peer_rank")
        older.execute("drop table cpg_senders")
        older.execute("update build_info set sources = 'older'")
    assert cpg.changes(operator_scope(), build_id, "older0", "caisse", 2016).flips.empty
    with pytest.raises(QuestionError, match="autre version"):
        run("cpg/attainment", operator_scope(), "older0", level="caisse", year=2016)
    with pytest.raises(QuestionError, match="autre version"):
        run("cpg/senders", operator_scope(), "older0", year=2016)


def test_the_demonstration_has_a_former_publication_with_something_to_tell(demo_home):
    listed = store.builds()
    assert list(listed["reason"]) == ["Envoi de septembre 2017", "Envoi d'août 2017"]
    september, august = listed["build_id"]
    assert store.former_build(september) == august
    scope = policy().scope("dcgdr:REG-84")
    found = cpg.changes(scope, september, august, "caisse", 2017)
    assert set(found.flips["change"]) == {"improved", "worsened"}
    # Twelve caisses and 21 indicators: none of the influenza campaign before October.
    assert (found.cells.added, found.cells.withdrawn) == (12 * 21, 0)
    assert found.cells.moved > 0
    assert found.cells.confirmed + found.cells.moved > 12 * 20
    closed = cpg.changes(scope, september, august, "caisse", 2016)
    assert closed.flips.empty
    assert closed.cells == (0, 0, 0, 0, 0)


def test_lateness_is_counted_to_the_demonstration_s_day_in_a_demonstration_only(bring_in):
    real = bring_in(months("CPAM-01", 20))
    assert store.day_looked_at(operator_scope(), real) == datetime.now(UTC).date()
    shown = bring_in(months("CPAM-43", 20), origin="demonstration")
    assert store.day_looked_at(operator_scope(), shown) == date(2017, 11, 30)


def test_a_question_that_is_wrong_by_itself_is_no_fault_of_the_build(
    bring_in, tmp_path, monkeypatch
):
    build_id = bring_in(months("CPAM-01", 20))
    (tmp_path / "cpg").mkdir()
    (tmp_path / "cpg" / "wrong.sql").write_text(
        "-- A column that no build has.\nselect nothing from territories "
        "where territory_code in (select unnest($scope))\n"
    )
    monkeypatch.setattr("queries.run.FOLDER", tmp_path)
    with pytest.raises(duckdb.BinderException, match="not found"):
        run("cpg/wrong", operator_scope(), build_id)
