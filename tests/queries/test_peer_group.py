"""A group of peers: the same for whoever asks, never one alone, hidden figures in nobody's."""

from dataclasses import replace

import pandas as pd
import pytest

from access.policy import operator_scope, policy
from data.store.home import Home
from indicators.peers import FEWEST
from queries import cpg, reference
from queries.run import QuestionError, question, run

COLUMNS = ["attainment_q1", "attainment_median", "attainment_q3"]
NATIONAL = "national:FR"


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


def codes_of(scope, build_id, level):
    known = reference.peer_candidates(scope, build_id)
    return tuple(known.loc[known["level"] == level, "territory_code"])


def shown_figures(build_id, level, year):
    """What may be compared: the figures that the country's role sees, hidden ones left out."""
    board = cpg.attainment(policy().scope(NATIONAL), build_id, level, year)
    return board[~board["is_hidden"] & board["attainment_to_date"].notna()]


@pytest.mark.parametrize(("level", "year"), [("caisse", 2016), ("departement", 2017)])
def test_the_group_of_all_is_the_level_s_quartiles(level, year, build_id):
    scope = operator_scope()
    everyone = cpg.peer_group(scope, build_id, level, year, codes_of(scope, build_id, level))
    of_level = cpg.peers(scope, build_id, level, year).sort_values("indicator_code")
    known = everyone[everyone["territory_count"].notna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        known[["indicator_code", "territory_count", *COLUMNS]],
        of_level[["indicator_code", "territory_count", *COLUMNS]].reset_index(drop=True),
        check_dtype=False,
    )


def test_two_regions_read_the_same_median_and_nobody_without_a_scope(build_id):
    members = codes_of(operator_scope(), build_id, "caisse")[:9]
    answers = [
        cpg.peer_group(policy().scope(person), build_id, "caisse", 2016, members)
        for person in ("dcgdr:REG-84", "dcgdr:REG-44", "cpam:CPAM-43", NATIONAL, "analyste:REG-84")
    ]
    assert not answers[0].empty
    for other in answers[1:]:
        pd.testing.assert_frame_equal(answers[0], other)
    nobody = replace(operator_scope(), territories=(), small_numbers=())
    assert cpg.peer_group(nobody, build_id, "caisse", 2016, members).empty


def test_the_median_is_that_of_the_members_alone(build_id):
    members = ("CPAM-43", "CPAM-15", "CPAM-07", "CPAM-26", "CPAM-03", "CPAM-01", "CPAM-35")
    given = cpg.peer_group(policy().scope("cpam:CPAM-57"), build_id, "caisse", 2016, members)
    shown = shown_figures(build_id, "caisse", 2016)
    shown = shown[shown["territory_code"].isin(members)]
    by_indicator = shown.groupby("indicator_code")["attainment_to_date"]
    known = given[given["territory_count"].notna()]
    assert set(given["indicator_code"]) - set(known["indicator_code"]) == {
        "prado_bpco_adhesions",
    }
    for row in known.itertuples():
        figures = by_indicator.get_group(row.indicator_code)
        assert row.territory_count == len(figures)
        assert row.attainment_median == pytest.approx(figures.median())


def test_fewer_than_five_known_figures_tell_nothing_and_hidden_ones_count_for_nobody(build_id):
    scope = policy().scope("dcgdr:REG-84")
    indicator = "prado_bpco_adhesions"
    board = cpg.attainment(operator_scope(), build_id, "caisse", 2016)
    board = board[board["indicator_code"] == indicator]
    hidden = tuple(board.loc[board["is_hidden"], "territory_code"])
    shown = tuple(
        board.loc[~board["is_hidden"] & board["attainment_to_date"].notna(), "territory_code"]
    )
    assert len(hidden) >= FEWEST
    assert len(shown) >= FEWEST

    def answer(person, members):
        rows = cpg.peer_group(person, build_id, "caisse", 2016, members)
        return rows.set_index("indicator_code").loc[indicator]

    for person in (scope, operator_scope()):
        for members in (hidden[:FEWEST], shown[: FEWEST - 1] + hidden):
            assert answer(person, members)[["territory_count", *COLUMNS]].isna().all()
    enough = shown[:FEWEST]
    assert answer(scope, enough)["territory_count"] == FEWEST
    # A group and the same with one hidden figure more: nothing to subtract.
    with_hidden = answer(scope, (*enough, hidden[0]))
    pd.testing.assert_series_equal(answer(scope, enough), with_hidden)


@pytest.mark.parametrize(
    "members", ["", "CPAM-01", "CPAM-01,CPAM-03,CPAM-07,CPAM-15", "CPAM-01," * 9, ("CPAM-01",) * 6]
)
def test_a_group_of_fewer_than_five_codes_is_refused(members, build_id):
    asked = {"level": "caisse", "year": 2016, "members": members}
    with pytest.raises(QuestionError, match="members"):
        run("cpg/peer_group", operator_scope(), build_id, **asked)


def test_codes_of_another_level_or_none_do_not_make_a_group_larger(build_id):
    padded = ("CPAM-01", "CPAM-03", "CPAM-07", "CPAM-15", "DEP-43", "REG-84", "CPAM-XX")
    answer = cpg.peer_group(operator_scope(), build_id, "caisse", 2016, padded)
    assert len(answer) == 22
    assert answer[["territory_count", *COLUMNS]].isna().all().all()


def test_members_are_read_as_a_text_or_a_list(build_id):
    members = ["CPAM-03", "CPAM-01", "CPAM-07", "CPAM-15", "CPAM-26"]
    as_text = run(
        "cpg/peer_group",
        operator_scope(),
        build_id,
        level="caisse",
        year="2016",
        members=" , ".join(members),
    )
    as_list = cpg.peer_group(operator_scope(), build_id, "caisse", 2016, tuple(members))
    pd.testing.assert_frame_equal(as_text, as_list)


def test_the_fewest_is_one_number_everywhere():
    asked = question("cpg/peer_group")
    (members,) = [parameter for parameter in asked.parameters if parameter.name == "members"]
    assert (members.kind, members.fewest) == ("codes", FEWEST)
    assert asked.sql.count(f"known_count >= {FEWEST} ") == 4


def test_anybody_reads_who_exists_and_nothing_else(build_id):
    known = reference.peer_candidates(policy().scope("cpam:CPAM-43"), build_id)
    assert list(known.columns) == [
        "territory_code",
        "level",
        "territory_name",
        "population",
        "region_name",
    ]
    assert known["level"].value_counts()["caisse"] == 106
    assert "CSS-976" not in set(known["territory_code"])
