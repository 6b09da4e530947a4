"""The COG's page: doubtful verdicts, filters of the address, files."""

import pandas as pd
import pytest

from tests.pages.apps import address_to_write, chosen_option, open_app, readable, sent

PAGE = "pages/pilotage/cog.py"
NOTHING = pd.DataFrame()


def test_the_title_says_what_was_attained_and_what_is_doubtful(demo_home):
    said = readable(open_app(PAGE))
    assert "12 indicateurs sur 38 atteignent leur dernier objectif" in said
    doubts = (
        "15 verdicts douteux, dont 11 où le verdict publié contredit les chiffres ; "
        "6 avec réserve seule"
    )
    assert doubts in said
    assert "133 tenus sur 170 engagements" in said
    assert "335\u202f938" in said.replace(" ", "\u202f")


def test_the_doubtful_verdicts_are_one_click_away(demo_home):
    app = open_app(PAGE, cog_verdicts="douteux")
    said = readable(app)
    assert "Filtre : 15 indicateurs sur 38" in said
    assert "PRADO : adhésions tous volets" in said
    assert "Taux de vaccination antigrippale" not in said
    assert 'data-name="cog_verdicts" data-value="douteux"' in sent(app)


def test_the_reserves_are_counted_apart_from_the_doubtful_verdicts(demo_home):
    said = readable(open_app(PAGE, cog_verdicts="reserves"))
    assert "aucun verdict douteux ; 6 avec réserve seule" in said
    assert "Filtre : 6 indicateurs sur 38" in said
    assert "PRADO : adhésions tous volets" not in said


@pytest.mark.parametrize(
    ("address", "title", "absent"),
    [
        ({"engagement_partie": "État"}, "15 tenus sur 25 engagements", "Medialog"),
        ({"engagement_texte": "télémédecine"}, "engagements", "Medialog"),
        ({"engagement_verdict": "not_held"}, "28 engagements sur 170", "Medialog"),
        ({"engagement_fiche": "14"}, "9 engagements sur 170", "Medialog"),
        ({"engagement_texte": "zzz"}, "Aucun engagement avec ces filtres", "Medialog"),
    ],
)
def test_the_filters_of_an_address_choose_the_commitments(address, title, absent, demo_home):
    said = readable(open_app(PAGE, **address))
    assert title in said
    assert absent not in said


def test_a_search_without_answer_says_what_to_do_and_offers_no_file(demo_home):
    app = open_app(PAGE, engagement_texte="zzz")
    assert "Rien ne répond à tous ces filtres" in readable(app)
    assert 'data-block="engagements"' not in sent(app)
    assert 'data-block="indicateurs"' in sent(app)


def test_what_is_not_offered_is_not_taken_and_leaves_the_address(demo_home):
    app = open_app(PAGE, cog_fiche="99", engagement_partie="Région")
    assert chosen_option(app, "cog_fiche") == "Toutes"
    assert "170 engagements" in readable(app)
    assert address_to_write(app)["cog_fiche"] is None
    assert address_to_write(app)["engagement_partie"] is None


def test_a_searched_text_is_escaped(demo_home):
    app = open_app(PAGE, engagement_texte='"><script>alert(1)</script>')
    assert "<script>alert" not in sent(app)


def test_without_the_extracts_the_page_says_what_to_import(demo_home, monkeypatch):
    monkeypatch.setattr("queries.cog.indicators", lambda scope, build_id: NOTHING)
    monkeypatch.setattr("queries.cog.engagements", lambda scope, build_id: NOTHING)
    assert "Importez un extrait du contrat « cog »" in readable(open_app(PAGE))
