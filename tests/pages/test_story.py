"""The story of a figure: what it says, to whom, and what people write in it."""

import re

import pytest

from access.policy import policy
from components.story import REFUSAL
from data.ingestion import annotate
from data.store.home import Home
from data.store.notes import notes_for
from data.store.registry import Registry
from tests.pages.apps import open_app, readable, sent

FIGURE = {
    "annee": "2016",
    "territoire": "REG-84",
    "objectif": "prado_maternite_adhesions",
    "detail": "DEP-63",
}
DCGDR = {"profil": "dcgdr", "profil_territoire": "REG-84"}


def story_of(app) -> str:
    """The words of the story."""
    found = re.search(r'<aside class="v-story".*?</aside>', sent(app), re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def test_no_story_is_open_before_a_cell_is_chosen(demo_home):
    address = {name: value for name, value in FIGURE.items() if name != "detail"}
    assert story_of(open_app("pages/pilotage/cpg.py", **address)) == ""


def test_a_story_says_value_interval_signs_place_and_period(demo_home):
    said = story_of(open_app("pages/pilotage/cpg.py", **FIGURE))
    for part in (
        "Puy-de-Dôme · 2016",
        "PRADO maternité : adhésions",
        "Intervalle à 95 %",
        "Variation",
        "Régularité",
        "départements ; médiane",
        "médiane",
        "Aucune note",
    ):
        assert part in said, part
    assert not re.search(r"\bnan\b|None|\d\.\d", said)


def test_a_stock_of_establishments_has_no_chart_and_says_why(demo_home):
    app = open_app("pages/pilotage/cpg.py", **FIGURE | {"objectif": "msap_etablissements"})
    assert "par paliers" in story_of(app)


def test_a_territory_out_of_the_scope_has_no_story(demo_home):
    other = FIGURE | {"territoire": "REG-53", "detail": "DEP-35"} | DCGDR
    app = open_app("pages/pilotage/cpg.py", **other)
    assert "Ille-et-Vilaine" not in readable(app)
    assert "DEP-35" not in story_of(app)


@pytest.fixture
def note(demo_home):
    scope = policy().scope("dcgdr:REG-84")
    kept = annotate.add_note(
        scope, "DEP-63", "prado_maternite_adhesions", 2016, "Grève <b>longue</b> & suivie.", 5
    )
    yield kept
    annotate.withdraw_note(scope, kept.note_id)


def test_a_note_is_read_with_its_author_and_marked_on_the_chart(note):
    app = open_app("pages/pilotage/cpg.py", **FIGURE | DCGDR)
    html = sent(app)
    assert "Grève &lt;b&gt;longue&lt;/b&gt; &amp; suivie." in html
    assert "<b>longue" not in html
    assert "mai 2016 · DCGDR" in story_of(app).replace("\u202f", " ")
    assert '<g class="note">' in html


def test_a_note_of_another_region_is_not_read(note):
    other = {"profil": "dcgdr", "profil_territoire": "REG-53"}
    app = open_app("pages/pilotage/cpg.py", **FIGURE | other)
    assert "Grève" not in sent(app)


def test_a_refused_note_is_said_and_nothing_is_kept(demo_home):
    app = open_app("pages/pilotage/cpg.py", **FIGURE | DCGDR)
    app.session_state[REFUSAL] = "La note est vide."
    app.run()
    assert "La note est vide." in story_of(app)
    assert notes_for(Registry(Home(demo_home)), ["DEP-63"]) == []


def test_who_may_not_write_there_sees_no_form(demo_home):
    mine = open_app("pages/pilotage/cpg.py", **FIGURE | DCGDR)
    assert 'data-act="note"' in sent(mine)
    cpam = {"profil": "cpam", "profil_territoire": "CPAM-43", "detail": "REG-84"}
    theirs = open_app("pages/pilotage/cpg.py", **FIGURE | cpam)
    assert 'data-act="note"' not in sent(theirs)
