"""The published tables of the COG, as everybody may read them."""

import pytest

from access.policy import operator_scope, policy
from data.store.home import Home
from queries import cog


@pytest.fixture
def build_id(demo_home):
    return Home.from_environment().current_build_id()


def test_every_published_indicator_and_commitment_is_there(build_id):
    rows = cog.indicators(operator_scope(), build_id)
    assert len(rows) == 99
    assert rows["cog_code"].nunique() == 38
    held = cog.engagements(operator_scope(), build_id)
    assert held["party"].value_counts().to_dict() == {"CNAMTS": 145, "État": 25}


@pytest.mark.parametrize("ask", [cog.indicators, cog.engagements])
def test_they_are_the_same_for_a_caisse_and_for_the_country(ask, build_id):
    own = ask(policy().scope("cpam:CPAM-43"), build_id)
    assert own.equals(ask(policy().scope("national:FR"), build_id))
    assert "territory_code" not in own.columns
