"""Who makes the inequality: between and within groups, territory by territory."""

import pytest

from figures import theil
from indicators.inequality import Theil, gini, gini_contribution
from tests.figures.professionals_frames import NURSES, departments, many

SPREAD = departments()
FOUND = theil.contributions(SPREAD, gini_contribution(SPREAD.count, SPREAD.population))


def test_contributions_add_up_to_the_index_the_largest_first():
    assert sum(one.part for one in FOUND) == pytest.approx(gini(SPREAD.count, SPREAD.population))
    assert sum(one.share for one in FOUND) == pytest.approx(1)
    assert [one.part for one in FOUND] == sorted((one.part for one in FOUND), reverse=True)


def test_each_stands_on_its_side_of_the_mean():
    sides = {one.name: one.side for one in FOUND}
    assert sides["Allier"] == "moins doté"
    assert sides["Cantal"] == "mieux doté"


def test_the_finding_says_how_many_make_half():
    said = theil.contribution_finding(FOUND, NURSES)
    assert "2 départements sur 4 font la moitié de l’inégalité" in said or "1 département" in said
    assert FOUND[0].name in said
    assert theil.contribution_finding([], NURSES) == "Aucun territoire ne fait d’inégalité"


def test_few_territories_make_it_exploratory_or_nothing_at_all():
    assert "(exploratoire)" in theil.contribution_finding(FOUND, NURSES)
    said = theil.too_few_finding(4, NURSES)
    assert said == "4 départements en Auvergne-Rhône-Alpes, trop peu pour dire qui fait l’inégalité"


def test_table_bars_and_file_hold_every_territory():
    table = theil.contribution_table(FOUND, NURSES, "x")
    assert table.count('scope="row"') == 4
    assert "▼ moins doté" in table
    assert len(theil.contribution_records(FOUND)) == 4
    assert theil.contribution_svg(FOUND, "alt").count("<rect") == 4


def test_a_long_list_is_cut_on_the_screen_and_whole_in_the_file():
    spread = many(200)
    found = theil.contributions(spread, gini_contribution(spread.count, spread.population))
    assert "140 autres, tous dans le CSV" in theil.contribution_table(found, NURSES, "x")
    assert len(theil.contribution_records(found)) == 200


def test_the_bar_says_both_shares():
    found = Theil(0.04, 0.03, 0.01)
    assert "75\u202f% de l’inégalité se joue entre régions, 25\u202f% à l’intérieur" in (
        theil.theil_finding(found, "régions")
    )
    html = theil.theil_bar(found, "régions")
    assert 'style="width:75.0%"' in html
    assert "Entre régions 75,0" in html
    assert theil.theil_records(found)["theil"].tolist() == [0.03, 0.01, 0.04]


def test_no_inequality_is_said_so():
    assert "Toutes les densités sont égales" in theil.theil_bar(Theil(0, 0, 0), "régions")
    assert theil.theil_finding(Theil(0, 0, 0), "régions") == "Aucune inégalité à décomposer"
