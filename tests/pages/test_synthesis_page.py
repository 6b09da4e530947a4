"""The first screen: what it says, of whom, and what it does where something lacks."""

import re

import pytest

from access.policy import policy
from components.publication import territory_map
from components.synthesis_blocks import asked_export
from components.synthesis_view import SynthesisAsked
from data.ingestion.publish import Request, publish
from data.store.home import Home
from indicators.catalogue import catalogue
from indicators.few_patients import TOO_FEW
from queries import cpg, store
from queries.current import current_build
from tests.drawn import drawn
from tests.pages.apps import address_to_write, open_app, readable, sent
from tests.store.extracts import write_extract

PAGE = "pages/pilotage/synthese.py"
REGION = {"profil": "dcgdr", "profil_territoire": "REG-84"}


def first_painting(app) -> str:
    """What the browser gets before any script of ours runs."""
    return "\n".join(element.proto.body for element in app.get("html"))


def gap_codes(html: str) -> list[str]:
    """The indicators of the gaps, each once, in order."""
    return list(dict.fromkeys(re.findall(r'<li class="v-gap" data-key="(\w+)"', html)))


@pytest.fixture
def home(empty_home):
    return Home(empty_home)


def bring_in(home, path, cells, reason=None):
    request = Request(person="analyste", origin="demonstration", reason=reason)
    return publish([write_extract(path, cells)], home, request)[0].build_id


def test_the_bare_address_opens_it(demo_home):
    said = readable(open_app())
    assert re.search(r"En France, \d+ objectifs sur \d+ sont atteints", said)
    assert "Les cinq écarts qui comptent" in said


def test_what_is_seen_first_is_painted_without_a_picture_and_the_rest_follows(demo_home):
    app = open_app(PAGE, **REGION)
    painted = first_painting(app)
    assert "<svg" not in painted
    assert "Points d’intéressement en jeu" in painted
    assert len(gap_codes(painted)) == 5
    assert "bloc-changements" not in painted
    assert "bloc-changements" in sent(app)
    assert sent(app).count('<svg class="v-map') == 1


def test_gaps_stand_by_stake_then_by_gap_and_lead_to_their_story(demo_home):
    app = open_app(PAGE, **REGION, annee="2017")
    html = sent(app)
    assert gap_codes(html)[:2] == ["maitrise_medicalisee_economies", "generiques_penetration"]
    assert "Sans poids dans l’intéressement" in html
    said = readable(app)
    assert "poids de l’intéressement 2017" in said
    assert "sous l’objectif à date en Auvergne-Rhône-Alpes" in said
    href = re.search(r'<a href="(cpg\?[^"]+)" data-act="story"', html)
    assert href is not None
    assert "territoire=REG-84" in href[1]
    assert "objectif=maitrise_medicalisee_economies" in href[1]
    assert "detail=REG-84" in href[1]


def test_a_closed_year_is_judged_on_the_year(demo_home):
    said = readable(open_app(PAGE, **REGION, annee="2016"))
    assert "année close" in said
    assert "à date" not in said.replace("mise à date", "")
    assert "atterrissage à" not in said


def test_flips_are_those_of_the_publication_before_and_the_control_offers_it(demo_home):
    app = open_app(PAGE, **REGION, annee="2017")
    said = readable(app)
    assert re.search(r"\d+ états s’améliorent, \d+ se dégradent", said)
    assert "Envoi d’août 2017" in said
    changes = cpg.changes(
        policy().scope("dcgdr:REG-84"),
        current_build(),
        store.former_build(current_build()),
        "caisse",
        2017,
        "REG-84",
    )
    better = int((changes.flips["change"] == "improved").sum())
    assert f"▲ Favorables : {better}" in said
    assert f"{changes.cells.added} cellules ajoutées" in said


def test_a_publication_that_is_not_offered_is_taken_out_of_the_address(demo_home):
    app = open_app(PAGE, depuis="0000000000000000")
    assert not app.exception
    assert address_to_write(app)["depuis"] is None


def test_the_first_publication_says_that_there_is_nothing_to_compare(demo_home):
    former = store.former_build(current_build())
    said = readable(open_app(PAGE, build=former, annee="2017", **REGION))
    assert "C’est la première publication" in said
    assert 'data-name="depuis"' not in said


def test_caisses_that_have_not_sent_are_named_with_a_way_to_the_extracts(demo_home):
    app = open_app(PAGE, annee="2017")
    said = readable(app)
    assert re.search(r"\d+ caisses sur 106 n’ont pas tout envoyé pour 2017", said)
    assert "CPAM Haute-Marne" in said
    assert "Août et septembre sont encore provisoires" in said
    assert re.search(r'<a href="extraits\?[^"]*annee=2017[^"]*" data-act="extracts"', sent(app))
    assert "attendu le 30 novembre 2017" in said


def test_mayotte_is_hatched_and_said(demo_home):
    html = sent(open_app(PAGE))
    assert re.search(r'<path class="none"[^>]*data-t="REG-06"', html)
    assert re.search(r"non applicable\s: Mayotte", html)


@pytest.mark.parametrize("territory", ["REG-06", "DEP-976"])
def test_a_territory_without_contract_says_so_and_shows_nothing_else(demo_home, territory):
    app = open_app(PAGE, territoire=territory, annee="2017")
    assert "pas de CPG, aucun objectif applicable" in readable(app)
    assert "Aucune caisse de ce territoire n’a de contrat pluriannuel" in readable(app)
    assert "tous les objectifs jugés" not in readable(app)
    assert "Toutes les caisses" not in readable(app)
    assert "v-kpi" not in re.sub(r"<style>.*?</style>", "", sent(app), flags=re.S)
    assert "bloc-manques" not in re.sub(r"<style>.*?</style>", "", sent(app), flags=re.S)


def test_a_caisse_has_no_map_and_no_caisse_under_it(demo_home):
    app = open_app(PAGE, profil="cpam", profil_territoire="CPAM-43")
    html = sent(app)
    assert "À la CPAM Haute-Loire" in readable(app)
    assert 'id="bloc-carte"' not in html
    assert "Par caisse" not in html


def test_what_is_hidden_from_a_person_is_no_gap_of_theirs(demo_home):
    build_id, seen = current_build(), policy().scope("dcgdr:REG-76")
    rows = cpg.attainment(seen, build_id, "departement", 2017, within="DEP-48")
    whole = rows[rows["territory_code"] == "DEP-48"].set_index("indicator_code")
    hidden = whole[whole["is_hidden"] & whole["status"].isin(["behind", TOO_FEW])].index
    assert len(hidden)
    app = open_app(PAGE, annee="2017", territoire="DEP-48", comparateur="national")
    assert "(Lozère" not in readable(app)
    assert set(gap_codes(sent(app))).isdisjoint(hidden)
    for code in hidden:
        assert f'data-i="{code}"' not in sent(app)


def test_the_comparison_follows_the_header(demo_home):
    address = {"profil": "cpam", "profil_territoire": "CPAM-43", "annee": "2017"}
    said = readable(open_app(PAGE, **address))
    assert re.search(r"Médiane des caisses\s: \d+ sur", said)
    said = readable(open_app(PAGE, **address, comparateur="national"))
    assert re.search(r"(mieux que|moins bien que|comme) \d+ en France", said)
    said = readable(open_app(PAGE, **address, comparateur="region"))
    assert re.search(r"(mieux que|moins bien que|comme) \d+ en Auvergne-Rhône-Alpes", said)
    said = readable(open_app(PAGE, **address, comparateur="taille"))
    assert "caisses de même taille" in said


def test_peers_to_be_chosen_are_said_with_the_way_to_choose_them(demo_home):
    address = {"annee": "2017", "comparateur": "choisis"}
    app = open_app(PAGE, **address, profil="cpam", profil_territoire="CPAM-43")
    assert re.search(r"aucun pair choisi\s: ouvrez Objectifs du CPG", readable(app))
    assert re.search(r'<a href="cpg\?[^"]*comparateur=choisis[^"]*" data-act="story"', sent(app))
    few = {**address, "pairs": "CPAM-01,CPAM-03"}
    app = open_app(PAGE, **few, profil="cpam", profil_territoire="CPAM-43")
    assert "2 caisses choisies seulement. Choisissez au moins 5 caisses" in readable(app)
    said = readable(open_app(PAGE, **address, **REGION))
    assert (
        "les pairs se choisissent et se comparent parmi les départements, les caisses ou les DRSM"
        in said
    )


def test_without_weights_every_gap_is_without_and_the_year_is_named(home, tmp_path):
    bring_in(home, tmp_path / "a.csv", [("CPAM-01", f"2016-{m:02}", 20) for m in range(1, 4)])
    said = readable(open_app(PAGE, annee="2016"))
    assert "Aucun poids d’intéressement connu pour 2016" in said
    assert "Points d’intéressement en jeu – aucun poids connu" in said
    assert "C’est la première publication" in said


def test_where_all_is_hidden_it_says_why(home, tmp_path):
    bring_in(home, tmp_path / "a.csv", [("CPAM-01", "2016-01", 7)])
    said = readable(open_app(PAGE, annee="2016"))
    assert "aucun objectif ne peut être jugé" in said
    assert "moins de 11 patients" in said


def test_two_publications_of_one_extract_more_are_told_apart(home, tmp_path):
    bring_in(home, tmp_path / "a.csv", [("CPAM-03", "2016-01", 13)], "CODIR de janvier")
    bring_in(home, tmp_path / "b.csv", [("CPAM-05", "2016-01", 27)])
    said = readable(open_app(PAGE, annee="2016"))
    assert "CODIR de janvier" in said
    assert "1 cellule ajoutée" in said


def test_nothing_published_yet_says_what_to_do(empty_home):
    app = open_app(PAGE)
    assert "python cli.py demo" in drawn(app)


def test_the_files_hold_every_gap_and_every_flip(demo_home):
    scope, build_id = policy().scope("dcgdr:REG-84"), current_build()
    asked = SynthesisAsked(
        perimeter=territory_map(scope, build_id).choices["REG-84"],
        year=2017,
        comparator="mediane",
        peers=(),
        since=store.former_build(build_id),
        publications=(),
        today=store.day_looked_at(scope, build_id),
        story_link="cpg?annee=2017",
        extracts_link="extraits?annee=2017",
        rebases=(),
    )
    gaps, kind = asked_export(scope, build_id, asked, ("ecarts", "csv"))
    rows = gaps.records()
    assert kind == "csv"
    assert gaps.stem == "synthese-2017-REG-84-ecarts"
    assert len(rows) > 5
    assert set(rows["objectif_code"]) <= set(catalogue())
    flips, _ = asked_export(scope, build_id, asked, ("changements", "csv"))
    assert {"etat_avant", "etat_apres"} <= set(flips.records().columns)
    assert asked_export(scope, build_id, asked, None) is None


def test_the_table_beside_the_map_holds_what_the_map_shows(demo_home):
    html = sent(open_app(PAGE, **REGION, annee="2017"))
    on_map = set(re.findall(r'<path class="\w+"[^>]*data-t="(DEP-\w+)"', html))
    in_table = set(
        re.findall(r'<button type="button" class="link" data-act="drill" data-t="(DEP-\w+)"', html)
    )
    assert len(on_map) == 12
    assert in_table == on_map
