"""Points of the CPG on the pages: they rank the gaps and are named; without, nothing changes."""

import re
import shutil

import duckdb
import pytest

from access.policy import policy
from components.publication import territory_map
from components.synthesis_blocks import asked_export
from components.synthesis_view import SynthesisAsked
from components.territory_sheet import SheetAsked, load_sheet
from components.territory_sheet_blocks import sheet_export
from data.ingestion.publish import Request, publish
from data.reference.published import FOLDER
from data.store.home import Home
from figures.territory_sheet import SheetLinks
from queries import store
from tests.pages.apps import open_app, readable, sent
from tests.store.extracts import HEADINGS, write_points

SYNTHESIS, SHEET = "pages/pilotage/synthese.py", "pages/pilotage/departement.py"
CAISSE = {"profil": "cpam", "profil_territoire": "CPAM-01", "annee": "2016"}
ANALYST = Request(person="analyste", origin="demonstration")

TOTAL, CONTACTS, SURGERY, LUNG = (
    "prado_adhesions",
    "contacts_ps_es",
    "prado_chirurgie_adhesions",
    "prado_bpco_adhesions",
)
REALISED = {TOTAL: 90, CONTACTS: 96, SURGERY: 50, LUNG: 30}
"""A month's, for an objective of 1 200 a year: the attainment in per cent."""

POINTS = [(2016, "", TOTAL, 15), (2016, "", CONTACTS, 50), (2016, "CPAM-01", SURGERY, 2)]


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


def bring_in(home, path):
    outcome = publish([path], home, ANALYST)[0]
    assert outcome.state == "published"
    return outcome.build_id


@pytest.fixture
def by_agreement(home, tmp_path):
    """A closed year of one caisse, and the weights of the agreement."""
    lines = [
        f"CPAM-01;{code};2016-{month:02d};{value};;;1200;définitif"
        for code, value in REALISED.items()
        for month in range(1, 13)
    ]
    path = tmp_path / "envoi.csv"
    path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
    bring_in(home, path)
    return bring_in(home, FOLDER / "interessement.csv")


@pytest.fixture
def by_points(home, by_agreement, tmp_path):
    """The same with the points of the contracts."""
    return bring_in(home, write_points(tmp_path / "points.csv", POINTS))


def gap_codes(app):
    return re.findall(r'<li class="v-gap" data-key="(\w+)"', sent(app))


def spaced(app):
    return readable(app).replace("\u202f", " ").replace("\u00a0", " ")


def test_without_points_the_agreement_ranks(by_agreement):
    app = open_app(SYNTHESIS, **CAISSE)
    # 0.10 × 10 = 1 before 0.04 × 10 = 0.4; then without weight, 0.7 before 0.5.
    assert gap_codes(app) == [TOTAL, CONTACTS, LUNG, SURGERY]
    said = spaced(app)
    assert "10,0 % × 10 points" in said
    assert "Sans poids dans l’intéressement" in said
    assert "Points d’intéressement en jeu 1,4 point sur" in said
    assert "poids de l’intéressement (Igas, 2017)" in said
    assert "oints du CPG" not in said


def test_points_rank_the_gaps_and_are_named(by_points):
    app = open_app(SYNTHESIS, **CAISSE)
    # 0.04 × 50 = 2 before 0.10 × 15 = 1.5 before 0.50 × 2 = 1.
    assert gap_codes(app) == [CONTACTS, TOTAL, SURGERY, LUNG]
    said = spaced(app)
    assert "l’écart qui pèse le plus : " in said
    assert "Classés par écart à l’objectif × points du CPG 2016 (67 points en tout" in said
    assert "4,0 % × 50 points du CPG" in said
    assert "50,0 % × 2 points du CPG" in said
    assert "Sans points dans le CPG" in said
    assert "Points du CPG en jeu 4,5 points sur 67" in said
    assert "points du CPG (extrait points.csv)" in said
    assert "points moyens" not in said
    assert "Sans poids" not in said


def test_a_region_of_contracts_that_differ_marks_the_mean(by_points):
    app = open_app(SYNTHESIS, profil="dcgdr", profil_territoire="REG-84", annee="2016")
    # One contract of twelve gives surgery 2 points: 0.5 × 2 / 12 is the least of the three.
    assert gap_codes(app) == [CONTACTS, TOTAL, SURGERY, LUNG]
    said = spaced(app)
    assert said.count("points moyens") == 1
    assert "50,0 % × 0,2 point du CPG" in said
    assert "la moyenne des caisses, dont les contrats diffèrent" in said
    sheet = spaced(open_app(SHEET, profil="dcgdr", profil_territoire="REG-84", annee="2016"))
    assert "points moyens 0,2" in sheet
    assert "points 50" in sheet


def test_a_region_with_one_known_contract_keeps_to_the_agreement(home, by_agreement, tmp_path):
    own = [(2016, "CPAM-01", code, points) for _, _, code, points in POINTS]
    bring_in(home, write_points(tmp_path / "points.csv", own))
    app = open_app(SYNTHESIS, profil="dcgdr", profil_territoire="REG-84", annee="2016")
    assert gap_codes(app) == [TOTAL, CONTACTS, LUNG, SURGERY]
    assert "ne sont connus que pour 1 de ses 12 caisses" in spaced(app)
    assert gap_codes(open_app(SYNTHESIS, **CAISSE)) == [CONTACTS, TOTAL, SURGERY, LUNG]


def test_the_sheet_weighs_as_the_first_screen_does(by_points):
    said = spaced(open_app(SHEET, **CAISSE))
    assert "En jeu : 4,5 points du CPG" in said
    assert "Points du CPG : écart × points, d’abord" in said
    assert "points 50" in said
    assert "points du CPG (extrait points.csv)" in said


def test_the_sheet_says_the_agreement_without_points(by_agreement):
    said = spaced(open_app(SHEET, **CAISSE))
    assert "En jeu : 1,4 point d’intéressement" in said
    assert "Intéressement : écart × poids" in said
    assert "oints du CPG" not in said


def asked_of(scope, build_id):
    return SynthesisAsked(
        perimeter=territory_map(scope, build_id).choices["CPAM-01"],
        year=2016,
        comparator="mediane",
        peers=(),
        since=None,
        publications=(),
        today=store.day_looked_at(scope, build_id),
        story_link="cpg?annee=2016",
        extracts_link="extraits?annee=2016",
        rebases=(),
    )


def test_the_files_tell_the_scale_of_each_weight(by_points):
    scope = policy().scope("cpam:CPAM-01")
    asked = asked_of(scope, by_points)
    gaps, _ = asked_export(scope, by_points, asked, ("ecarts", "csv"))
    rows = gaps.records()
    assert rows["poids_points"].tolist()[:3] == [50, 15, 2]
    assert rows["enjeu_points"].tolist()[:3] == pytest.approx([2, 1.5, 1])
    assert rows["points_de"].fillna("").tolist() == [*["points du CPG"] * 3, ""]
    links = SheetLinks("", "", "", "")
    wanted = SheetAsked(asked.perimeter, 2016, False, asked.today, links, ())
    sheet = sheet_export(load_sheet(scope, by_points, wanted)).records()
    by_code = sheet.set_index("objectif_code")
    assert by_code.loc[CONTACTS, "points_cpg"] == 50
    assert by_code["poids_interessement"].isna().all()


def test_a_publication_of_a_version_that_knew_no_points_still_opens(home, by_points):
    former = "fedcba9876543210"
    shutil.copy(home.build_path(by_points), home.build_path(former))
    with duckdb.connect(str(home.build_path(former))) as connection:
        connection.execute("drop table cpg_points")
        connection.execute("update build_info set sources = 'former'")
    for page in (SYNTHESIS, SHEET):
        app = open_app(page, build=former, **CAISSE)
        assert not app.exception
        assert "oints du CPG" not in spaced(app)
    assert gap_codes(open_app(SYNTHESIS, build=former, **CAISSE))[0] == TOTAL
