"""Which months a chart compares like with like, and that nothing hidden follows from them."""

import pandas as pd
import pytest

from access.policy import policy
from data.reference.territories import bridge
from data.store.home import Home
from queries import cpg
from queries.run import run

SAVINGS, GENERICS, SURGERY = (
    "maitrise_medicalisee_economies",
    "generiques_penetration",
    "prado_chirurgie_adhesions",
)


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


def steady(person, territory, build_id, year=2017):
    return cpg.steady_months(policy().scope(person), build_id, territory, year)


def caisses_of(territory):
    links = bridge()
    own = links[(links["ancestor_code"] == territory) & (links["descendant_level"] == "caisse")]
    return sorted(set(own["descendant_code"]))


def months_of_caisses(territory, indicator, build_id):
    """Months sent by each caisse of a territory, as the national level sees them."""
    scope = policy().scope("national:FR")
    frames = [cpg.monthly(scope, build_id, c, indicator, 2017) for c in caisses_of(territory)]
    months = pd.concat(frames)
    return months[months["senders_received"] > 0]


@pytest.mark.parametrize("territory", ["REG-44", "REG-76"])
def test_they_are_the_sums_of_the_caisses_that_sent_every_month(territory, build_id):
    sent = months_of_caisses(territory, SAVINGS, build_id)
    counts = sent.groupby("territory_code").size()
    whole = counts[counts == sent["month"].nunique()].index
    expected = sent[sent["territory_code"].isin(whole)].groupby("month")["realised"].sum()
    found = steady("national:FR", territory, build_id)
    found = found[found["indicator_code"] == SAVINGS].set_index("month")
    assert 0 < len(whole) < len(counts)
    assert found["realised"].to_dict() == expected.to_dict()
    assert set(found["senders_received"]) == {len(whole)}
    assert set(found["caisse_count"]) == {len(counts)}


def test_a_rate_is_that_of_the_same_caisses(build_id):
    found = steady("national:FR", "REG-44", build_id)
    found = found[found["indicator_code"] == GENERICS]
    assert not found.empty
    assert (found["realised"] - found["numerator"] / found["denominator"]).abs().max() == 0


def test_a_territory_whose_caisses_sent_everything_has_none(build_id):
    assert steady("national:FR", "REG-44", build_id, 2016).empty
    assert steady("national:FR", "CPAM-81", build_id).empty


def test_whoever_does_not_see_a_caisse_left_out_alone_is_told_nothing(build_id):
    assert not steady("dcgdr:REG-44", "REG-44", build_id).empty
    assert steady("cpam:CPAM-57", "REG-44", build_id).empty
    # Seven are left out of the country: a group of five may be told.
    assert not steady("cpam:CPAM-57", "FR", build_id).empty
    assert steady("dcgdr:REG-84", "REG-44", build_id).empty


@pytest.mark.parametrize("territory", ["FR", "REG-76", "REG-44"])
def test_a_small_number_of_a_caisse_left_out_hides_the_month(territory, build_id):
    scope = policy().scope("national:FR")
    rows = run("cpg/steady_months", scope, build_id, territory=territory, year=2017)
    own = rows[rows["indicator_code"] == SURGERY].set_index("month")
    assert not own.empty
    months = cpg.territory_months(scope, build_id, territory, 2017)
    months = months[months["indicator_code"] == SURGERY].set_index("month")
    sent = months_of_caisses(territory, SURGERY, build_id)
    counts = sent.groupby("territory_code").size()
    partial = counts[counts < sent["month"].nunique()].index
    hidden = sent[sent["territory_code"].isin(partial) & sent["is_hidden"]]["month"]
    expected = set(hidden) | set(months[months["is_hidden"]].index)
    assert set(own[own["is_hidden"]].index) == expected
    if territory not in scope.small_numbers:
        assert own.loc[sorted(expected), "realised"].isna().all()
