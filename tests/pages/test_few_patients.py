"""Three patients where six were aimed at: no page leads with them, and all say one word of them."""

import re

import pytest

from access.policy import policy
from components.publication import territory_map
from figures.board import BoardCells, board_records
from figures.status import status_word
from indicators.few_patients import TOO_FEW
from queries import cpg
from queries.current import current_build
from tests.figures.frames import Objective
from tests.figures.page_tree import page_tree
from tests.pages.apps import open_app, readable, sent

BPCO = "prado_bpco_adhesions"
MANAGER = {"profil": "cpam", "profil_territoire": "CPAM-43", "annee": "2017"}
WORD = "Trop peu de patients pour conclure"


def title_of(app) -> str:
    return page_tree(sent(app)).all("h1")[0].text


@pytest.mark.parametrize(
    "page", ["pages/pilotage/cpg.py", "pages/pilotage/departement.py", "pages/pilotage/synthese.py"]
)
def test_no_page_leads_with_a_handful_of_patients_and_each_says_its_word(demo_home, page):
    app = open_app(page, **MANAGER)
    assert not app.exception
    title = title_of(app)
    assert "objectifs sur 20 " in title
    assert "BPCO" not in title
    assert not re.search(rf'<li class="v-gap" data-key="{BPCO}"', sent(app))
    assert WORD in readable(app)


def test_the_whole_page_of_such_a_figure_says_no_delay(demo_home):
    app = open_app("pages/pilotage/cpg.py", **MANAGER, objectif=BPCO, detail="CPAM-43")
    heads = [h.text for h in page_tree(sent(app)).all("h2")]
    told = [head for head in heads if "CPAM Haute-Loire" in head and "de l’objectif" in head]
    assert len(told) == 2
    assert all("trop peu de patients pour conclure" in head for head in told)
    assert not any("en retard depuis" in head for head in heads)


def test_the_answer_and_the_file_say_it_as_the_page_does(demo_home):
    scope, build_id = policy().scope("cpam:CPAM-43"), current_build()
    assert "CPAM-43" in territory_map(scope, build_id).choices
    rows = cpg.attainment(scope, build_id, "caisse", 2017, within="CPAM-43")
    statuses = dict(zip(rows["indicator_code"], rows["status"], strict=True))
    assert [code for code, status in statuses.items() if status == TOO_FEW] == [BPCO]
    few = Objective(BPCO, "BPCO", "BPCO", "count", "higher", "PRADO")
    found = board_records(BoardCells.from_frame(rows), [few])
    assert found["statut"].tolist() == [status_word(TOO_FEW).word] == [WORD]
