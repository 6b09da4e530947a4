"""The CPG page: who sees which rows, permalinks, states."""

import gc
import re

import pytest

from components.cpg_blocks import ROWS_IN_SIGHT
from tests.pages.apps import address_to_write, chosen_option, open_app, readable, sent

BOARD_PAGE = "pages/pilotage/cpg.py"


def territories_shown(app) -> set[str]:
    return set(re.findall(r'data-t="([^"]+)"', sent(app)))


@pytest.mark.parametrize(
    ("region", "own", "other"),
    [("REG-84", "DEP-43", "DEP-35"), ("REG-53", "DEP-35", "DEP-43")],
)
def test_a_person_sees_the_rows_of_the_own_region_only(demo_home, region, own, other):
    app = open_app(BOARD_PAGE, annee="2016", profil="dcgdr", profil_territoire=region)
    assert not app.exception
    shown = territories_shown(app)
    assert own in shown
    assert other not in shown


def test_the_former_view_is_not_sent_again_to_the_next_person(demo_home):
    app = open_app(BOARD_PAGE, annee="2016")
    assert "REG-53" in territories_shown(app)
    app.query_params["profil"] = "cpam"
    app.query_params["profil_territoire"] = "CPAM-43"
    app.run()
    assert not app.exception
    assert territories_shown(app) <= {"CPAM-43", "DEP-43", "REG-84", "FR"}


def test_a_link_gives_territory_level_year_and_objective(demo_home):
    app = open_app(
        BOARD_PAGE,
        annee="2016",
        territoire="REG-84",
        niveau="caisse",
        objectif="generiques_penetration",
    )
    assert not app.exception
    said = readable(app)
    assert "CPG en 2016" in said
    assert "CPAM Haute-Loire" in said
    assert "Génériques : taux de pénétration en 2016 : classement" in said


def test_haute_loire_leads_prado_chirurgie_as_published(demo_home):
    app = open_app(
        BOARD_PAGE,
        annee="2016",
        territoire="REG-84",
        niveau="caisse",
        objectif="prado_chirurgie_adhesions",
    )
    assert re.search(r"à 846\s%\s\(CPAM Haute-Loire\)", readable(app))


def test_an_open_year_says_so_and_names_who_is_missing(demo_home):
    said = readable(open_app(BOARD_PAGE, annee="2017"))
    assert "année en cours" in said
    assert re.search(r"\d+ caisses sur 106 n’ont pas tout envoyé pour 2017", said)
    assert "Données partielles" in said


def test_mayotte_is_not_applicable(demo_home):
    html = sent(open_app(BOARD_PAGE, annee="2016"))
    row = re.search(r'<tr data-t="REG-06".*?</tr>', html, re.S)
    assert row is not None
    assert set(re.findall(r'<td class="(\w+)"', row[0])) == {"n0"}


def test_an_unknown_publication_is_said(demo_home):
    app = open_app(BOARD_PAGE, build="0000000000000000")
    assert not app.exception
    assert "n'existe pas ici" in readable(app).replace("’", "'")


def test_an_unknown_publication_has_a_way_back_and_does_not_follow(demo_home):
    app = open_app(build="0000000000000000")
    assert "Revenir à la publication en cours" in readable(app)
    app.query_params.clear()
    app.switch_page("pages/donnees/extraits.py").run()
    assert "n’a pas pu être affichée" not in readable(app)


def test_a_territory_outside_the_rows_is_named(demo_home):
    app = open_app("pages/pilotage/cpg.py", annee="2017", territoire="REG-44", detail="CPAM-52")
    assert "CPAM-52 :" not in readable(app)
    assert "CPAM Haute-Marne" in readable(app)


def test_nothing_published_yet_says_what_to_do(empty_home):
    app = open_app(BOARD_PAGE)
    assert not app.exception
    assert "Aucune donnée publiée" in readable(app)
    assert "python cli.py demo" in readable(app)


def test_received_extracts_are_not_shown_without_sign_in(demo_home, monkeypatch):
    monkeypatch.setattr("components.session.may_show_without_sign_in", lambda *_: False)
    app = open_app(BOARD_PAGE)
    assert "Connexion à configurer" in readable(app)
    assert "<table" not in sent(app)


def test_a_failure_is_one_sentence_without_its_cause(demo_home, monkeypatch):
    def broken(*_):
        raise RuntimeError("secret cause")

    monkeypatch.setattr("components.frame.territory_map", broken)
    app = open_app(BOARD_PAGE)
    assert "n’a pas pu être affichée" in readable(app)
    assert "secret cause" not in sent(app)


def test_moving_to_another_page_keeps_what_the_header_chose(demo_home):
    app = open_app(BOARD_PAGE, annee="2016", territoire="REG-84", objectif="generiques_penetration")
    app.query_params.clear()
    app.switch_page("pages/donnees/extraits.py").run()
    assert chosen_option(app, "territoire") == "Auvergne-Rhône-Alpes"
    assert (
        'aria-checked="true" tabindex="0" data-act="choose" data-name="annee" data-value="2016"'
        in sent(app)
    )
    written = address_to_write(app)
    assert written == {"annee": "2016", "territoire": "REG-84"}


def test_an_address_holds_codes_and_nothing_that_goes_without_saying(demo_home):
    written = address_to_write(
        open_app(
            BOARD_PAGE,
            annee="2017",
            territoire="Bretagne",
            comparateur="inconnu",
            niveau="departement",
        )
    )
    assert written == {
        "annee": None,
        "territoire": "REG-53",
        "comparateur": None,
        "niveau": None,
    }


def test_the_first_run_of_a_page_is_kept_out_of_the_search_for_garbage(demo_home):
    open_app(BOARD_PAGE, annee="2016")
    assert gc.get_freeze_count() > 100_000


def test_a_long_board_is_first_painted_down_to_what_is_in_sight(demo_home):
    app = open_app(BOARD_PAGE, annee="2016", niveau="departement")
    painted = "".join(element.proto.body for element in app.get("html"))
    assert painted.count("<tr data-t=") == ROWS_IN_SIGHT + 1
    assert sent(app).count("<tr data-t=") == ROWS_IN_SIGHT + 1 + 101 + 1


def test_a_long_ranking_is_turned_round_by_the_address(demo_home):
    given = {"annee": "2016", "niveau": "departement", "objectif": "generiques_penetration"}

    def ranked(**more: str) -> list[str]:
        body = re.search(
            r'<table class="v-rank">.*?</table>', sent(open_app(BOARD_PAGE, **given | more)), re.S
        )
        return re.findall(r'data-t="([^"]+)"', body[0])

    best, worst = ranked(), ranked(derniers="1")
    # Those without value stay last.
    assert best[-1] == worst[-1] == "DEP-976"
    assert best[:-1] == worst[:-1][::-1]
