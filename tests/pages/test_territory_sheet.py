"""The sheet of a territory: its numbers are those of the board and of the command line."""

import json
import re
from html import unescape

import pytest

from cli import main
from figures.formats import attainment_number, attainment_percent, percent, quantity
from indicators.catalogue import catalogue
from tests.drawn import drawn
from tests.figures.page_tree import page_tree
from tests.pages.apps import address_to_write, open_app, readable, sent

PAGE = "pages/pilotage/departement.py"
BOARD = "pages/pilotage/cpg.py"
PLAIN = str.maketrans({"\u202f": " ", "\u00a0": " "})
SMALL = "prado_bpco_adhesions"


def sheet_of(**address):
    """The cells of the sheet by indicator and heading, as a reader sees them."""
    app = open_app(PAGE, **address)
    assert not app.exception
    return cells_of(app)


def cells_of(app):
    body = re.search(r'<table class="v-sheet.*?</table>', sent(app), re.S)
    assert body is not None
    rows = [row for row in page_tree(body[0]).all("tr") if "data-i" in row.attributes]
    return {
        row.attributes["data-i"]: {
            cell.attributes["data-label"]: cell.text.translate(PLAIN) for cell in row.all("td")
        }
        for row in rows
    }


def asked_by_command(capsys, person, level, territory, year):
    """The rows of ``cli.py query cpg/attainment`` by indicator."""
    params = {"level": level, "year": str(year), "within": territory}
    given = [part for name, value in params.items() for part in ("--param", f"{name}={value}")]
    assert main(["query", "cpg/attainment", *given, "--as", person, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    return {row["indicator_code"]: row for row in rows if row["territory_code"] == territory}


@pytest.mark.parametrize("year", [2016, 2017])
@pytest.mark.parametrize(
    ("role", "home", "level", "territory"),
    [
        ("dcgdr", "REG-84", "departement", "DEP-43"),
        ("dcgdr", "REG-84", "region", "REG-84"),
        ("cpam", "CPAM-59-HAINAUT", "caisse", "CPAM-59-HAINAUT"),
        ("national", "FR", "drsm", "DRSM-AUVERGNE"),
    ],
)
def test_every_number_is_that_of_the_command_line(
    demo_home, capsys, year, role, home, level, territory
):
    shown = sheet_of(annee=str(year), profil=role, profil_territoire=home, territoire=territory)
    rows = asked_by_command(capsys, f"{role}:{home}", level, territory, year)
    assert set(shown) == set(rows)
    for code, row in rows.items():
        cells, unit = shown[code], catalogue()[code].unit
        if row["attainment_to_date"] is None:
            continue
        heading = "Objectif à date" if row["is_open_year"] else "Objectif"
        column = "objective_to_date" if row["is_open_year"] else "objective"
        attained = row["attainment_to_date" if row["is_open_year"] else "attainment"]
        assert cells["Réalisé"].startswith(quantity(row["realised"], unit).translate(PLAIN))
        assert cells[heading].startswith(quantity(row[column], unit).translate(PLAIN))
        assert cells["Atteinte"].startswith(attainment_percent(attained).translate(PLAIN))
        if row["peer_rank"] is not None:
            assert re.match(rf"{row['peer_rank']}(e|er|re) sur {row['peer_count']}$", cells["Rang"])


def board_cells(app, territory):
    """The whole per cents of the board's row of a territory, by indicator."""
    html = sent(app)
    codes = re.findall(r'<button [^>]*data-act="indicator"[^>]*data-i="([a-z_]+)"', html)
    codes = list(dict.fromkeys(codes or re.findall(r'data-i="([a-z_]+)"', html)))
    row = re.search(rf'<tr data-t="{territory}".*?</tr>', html, re.S)
    assert row is not None
    texts = [cell.text.translate(PLAIN) for cell in page_tree(row[0]).all("td")]
    return {
        code: re.sub(r"[^0-9 ]", "", text).strip() for code, text in zip(codes, texts, strict=True)
    }


@pytest.mark.parametrize("year", ["2016", "2017"])
def test_every_attainment_is_that_of_the_board(demo_home, capsys, year):
    address = {"annee": year, "territoire": "DEP-43", "profil": "national"}
    board = board_cells(open_app(BOARD, **address), "DEP-43")
    shown = sheet_of(**address)
    assert set(board) == set(shown)
    rows = asked_by_command(capsys, "national:FR", "departement", "DEP-43", int(year))
    compared = 0
    for code, row in rows.items():
        if row["attainment_to_date"] is None:
            assert shown[code]["Atteinte"][0] in "–◌"
            continue
        whole = attainment_number(row["attainment_to_date"]).translate(PLAIN)
        assert board[code] == whole
        exact = float(shown[code]["Atteinte"].split(" %")[0].replace(" ", "").replace(",", "."))
        assert abs(exact - float(whole.replace(" ", ""))) <= 1
        compared += 1
    assert compared >= 18


def test_the_title_counts_as_the_board_does(demo_home):
    address = {"annee": "2017", "territoire": "DEP-43", "profil": "national"}
    said = [sent(open_app(page, **address)).translate(PLAIN) for page in (PAGE, BOARD)]
    titles = [re.findall(r"<h1>(.*? atteints)", html) for html in said]
    assert titles[0]
    assert titles[0] == titles[1]


def test_a_manager_opens_on_the_own_caisse(demo_home):
    app = open_app(PAGE, profil="cpam", profil_territoire="CPAM-43")
    assert "CPAM Haute-Loire : " in readable(app)
    assert not re.search(r"CPAM (Allier|Cantal|Isère|Puy-de-Dôme)", drawn(app))


def test_a_small_number_is_nowhere_for_whoever_lacks_the_right(demo_home, capsys):
    row = asked_by_command(capsys, "cpam:CPAM-43", "caisse", "CPAM-43", 2017)[SMALL]
    assert 1 <= row["realised"] <= 10
    app = open_app(PAGE, annee="2017", profil="national", territoire="CPAM-43")
    cells = cells_of(app)[SMALL]
    assert cells["Statut"].endswith("Masqué")
    told = " ".join(value for name, value in cells.items() if not name.startswith("Objectif"))
    assert not re.search(r"\d", told.replace(cells["Données"], ""))
    assert percent(row["attainment_to_date"]) not in unescape(sent(app))
    own = sheet_of(annee="2017", profil="cpam", profil_territoire="CPAM-43")[SMALL]
    assert own["Réalisé"] == quantity(row["realised"], "count")


def test_a_link_gives_territory_year_and_intervals(demo_home):
    address = {"annee": "2016", "territoire": "DEP-59", "intervalles": "oui"}
    app = open_app(PAGE, **address)
    assert "Nord (59) : " in readable(app)
    assert "with-intervals" in sent(app)
    assert address_to_write(app) == {}
    (story,) = set(re.findall(r'href="(cpg\?[^"]*prado_adhesions)"', unescape(sent(app))))
    assert "territoire=DEP-59" in story
    assert "annee=2016" in story
    assert "detail=DEP-59" in story


def test_an_unknown_choice_of_intervals_is_taken_out_of_the_address(demo_home):
    written = address_to_write(open_app(PAGE, annee="2016", intervalles="peut-être"))
    assert written == {"intervalles": None}


@pytest.mark.parametrize(
    ("territory", "said"),
    [
        ("DEP-59", "4 caisses, chacune sa fiche"),
        ("REG-84", "12 départements, chacun sa fiche"),
        ("FR", "101 départements, chacun sa fiche"),
    ],
)
def test_a_wider_territory_leads_to_the_sheets_of_its_parts(demo_home, territory, said):
    app = open_app(PAGE, annee="2016", territoire=territory)
    assert said in readable(app)
    assert 'data-name="territoire"' in sent(app)


def test_a_department_of_one_caisse_leads_nowhere_else(demo_home):
    assert "chacun" not in readable(open_app(PAGE, annee="2016", territoire="DEP-43"))


def test_mayotte_has_no_contract(demo_home):
    app = open_app(PAGE, annee="2016", territoire="DEP-976")
    assert "Mayotte (976) : pas de CPG, aucun objectif applicable" in readable(app)
    assert "v-sheet" not in re.sub(r"<style>.*?</style>", "", sent(app), flags=re.S)


def test_a_late_caisse_is_told_what_is_overdue(demo_home):
    said = readable(open_app(PAGE, annee="2017", territoire="DEP-77"))
    assert "n’est pas à jour à fin septembre 2017, rien après août 2017" in said
    assert re.search(r"17 objectifs au-delà de la date attendue", said)
    assert re.search(r"Envoi attendu le 30 octobre 2017, en retard de 31 jours", said)


def test_late_caisses_of_a_region_are_named_with_their_sheets(demo_home):
    app = open_app(PAGE, annee="2017", territoire="REG-11")
    assert re.search(r"il en manque 1 ?: CPAM Seine-et-Marne", readable(app))
    assert "departement?territoire=CPAM-77" in sent(app)


def test_nothing_published_yet_says_what_to_do(empty_home):
    said = readable(open_app(PAGE))
    assert "Aucune donnée publiée" in said
    assert "python cli.py demo" in said


def test_a_year_without_figures_says_so(demo_home, monkeypatch):
    monkeypatch.setattr("components.territory_sheet.territory_readings", lambda *_: {})
    said = readable(open_app(PAGE, annee="2014", territoire="DEP-2A", intervalles="oui"))
    assert "Aucun résultat du CPG pour 2014" in said
