"""Compared with peers by size or chosen by hand: the link is the choice, the peers stay unseen."""

import re

import pytest

from tests.pages.apps import address_to_write, open_app, readable, sent

CHOSEN = "CPAM-04,CPAM-05,CPAM-07,CPAM-15,CPAM-23,CPAM-48"
HAUTE_LOIRE = {"annee": "2016", "profil": "cpam", "profil_territoire": "CPAM-43"}


def board(**address: str):
    """The board at an address."""
    return open_app("pages/pilotage/cpg.py", **address)


def words_of(app) -> str:
    return re.sub(r"\s", " ", readable(app))


def comparator_row(app) -> list[str]:
    """The board's last row: name, then a value by objective."""
    row = re.search(r"<tfoot>.*?</tfoot>", sent(app), re.S)
    assert row is not None
    return re.findall(r"<t[hd][^>]*>([^<]*)<", row[0])


def offered(app) -> set[str]:
    return set(re.findall(r'data-name="comparateur" data-value="(\w+)"', sent(app)))


def test_a_caisse_is_compared_with_those_of_its_size_which_are_named_and_not_shown(demo_home):
    app = board(comparateur="taille", **HAUTE_LOIRE)
    assert not app.exception
    said = words_of(app)
    assert "médiane des 12 caisses de même taille" in said
    assert "CPAM Hautes-Pyrénées" in said
    assert comparator_row(app)[0] == "Pairs de même taille"
    shown = set(re.findall(r'data-t="(CPAM-[^"]+)"', sent(app)))
    assert shown == {"CPAM-43"}


def test_a_region_is_compared_with_regions(demo_home):
    said = words_of(board(comparateur="taille", territoire="REG-84", annee="2016"))
    assert "médiane des 12 régions de même taille" in said


@pytest.mark.parametrize("address", [{"territoire": "FR"}, {"territoire": "CPAM-64-PAU"}])
def test_size_is_no_choice_where_there_is_none(demo_home, address):
    app = board(comparateur="taille", annee="2016", **address)
    assert "taille" not in offered(app)
    assert "choisis" in offered(app)
    assert address_to_write(app)["comparateur"] is None
    assert comparator_row(app)[0] == "Médiane des pairs"


def test_the_same_link_gives_people_of_two_regions_the_same_comparison(demo_home):
    rows = [
        comparator_row(
            board(
                annee="2016",
                niveau="caisse",
                comparateur="choisis",
                pairs=CHOSEN,
                profil="dcgdr",
                profil_territoire=region,
            )
        )
        for region in ("REG-84", "REG-44")
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) == 23
    assert sum(value != "–" for value in rows[0]) > 15


def test_hidden_figures_of_peers_leave_no_median(demo_home):
    app = board(comparateur="choisis", pairs=CHOSEN, objectif="prado_bpco_adhesions", **HAUTE_LOIRE)
    assert "pas de médiane des 6 caisses choisies : trop peu de chiffres connus" in words_of(app)
    assert "–" in comparator_row(app)


@pytest.mark.parametrize(
    ("pairs", "lacking"),
    [
        ("", 5),
        ("CPAM-04,CPAM-05,CPAM-07", 2),
        # Twice the same, the territory itself, another level, what does not exist: none counts.
        ("CPAM-04,CPAM-04,CPAM-43,DEP-05,REG-84,CPAM-XX,CPAM-05", 3),
    ],
)
def test_fewer_than_five_peers_are_asked_for_more_and_compared_with_nothing(
    demo_home, pairs, lacking
):
    app = board(comparateur="choisis", pairs=pairs, **HAUTE_LOIRE)
    assert not app.exception
    assert f"Choisissez au moins 5 caisses : il en manque {lacking}." in words_of(app)
    assert "<tfoot>" not in sent(app)


def test_the_boxes_of_the_peers_chosen_are_ticked(demo_home):
    html = sent(board(comparateur="choisis", pairs=CHOSEN, **HAUTE_LOIRE))
    boxes = re.findall(r'<input type="checkbox" value="([^"]+)"( checked)?>', html)
    assert {code for code, is_ticked in boxes if is_ticked} == set(CHOSEN.split(","))
    # Everyone with a CPG but the caisse itself.
    assert len({code for code, _ in boxes}) == 105


def test_what_the_address_says_of_peers_is_put_in_order_and_checked(demo_home):
    app = board(comparateur="choisis", pairs='CPAM-15, CPAM-07,<b>,CPAM-07,"', **HAUTE_LOIRE)
    assert address_to_write(app)["pairs"] == "CPAM-07,CPAM-15"
    assert "<b>," not in sent(app)


def test_peers_are_kept_from_page_to_page(demo_home):
    app = board(comparateur="choisis", pairs=CHOSEN, **HAUTE_LOIRE)
    app.query_params.clear()
    app.switch_page("pages/donnees/extraits.py").run()
    written = address_to_write(app)
    assert (written["comparateur"], written["pairs"]) == ("choisis", CHOSEN)
