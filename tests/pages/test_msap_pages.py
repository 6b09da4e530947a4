"""The MSAP pages: what each shows, to whom, and that nobody finds a small number they may not see.

A person with the right and one without ask for the same establishment; what only the first may see
is looked for in all that the second is sent.
"""

import importlib
import re
from dataclasses import replace

import pandas as pd
import pytest

from access.policy import policy
from components.msap_establishments_blocks import (
    exported,
    funnel_drawing,
    load_establishments,
    window_units,
)
from components.msap_view import MsapAsked
from components.publication import territory_map
from exports.figure_file import figure_file
from queries import msap
from queries.current import current_build
from tests.pages.apps import address_to_write, open_app, readable, sent

OVERVIEW = "pages/msap/vue_ensemble.py"
PROCEDURES = "pages/msap/gestes.py"
ESTABLISHMENTS = "pages/msap/etablissements.py"
PAGES = (OVERVIEW, PROCEDURES, ESTABLISHMENTS)
DCGDR = {"profil": "dcgdr", "profil_territoire": "REG-84"}
ATYPICAL = "000690003"


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_home_says_what_to_do(page, empty_home):
    app = open_app(page)
    assert not app.exception
    assert "Aucune donnée publiée" in readable(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_territory_without_request_says_so(page, demo_home):
    said = readable(open_app(page, profil="cpam", profil_territoire="CPAM-43"))
    assert "Aucune demande de MSAP en 2016" in said
    assert "contrat « msap »" in said


@pytest.mark.parametrize("page", PAGES)
def test_a_year_without_msap_shows_the_newest_and_says_so(page, demo_home):
    app = open_app(page, annee="2017", **DCGDR)
    said = plain(readable(app))
    assert re.search(r"2017\s*: voici 2016", said)
    assert address_to_write(app)["annee"] == "2016"


def test_the_year_shown_is_kept_for_the_next_page(demo_home):
    app = open_app(OVERVIEW, annee="2016", **DCGDR)
    assert "annee" not in address_to_write(app)
    assert app.query_params["annee"] == "2016"


def test_overview_has_its_figures_with_denominator_and_interval(demo_home):
    said = plain(readable(open_app(OVERVIEW, **DCGDR)))
    row = msap.by_status(policy().scope("dcgdr:REG-84"), current_build(None), "REG-84", 2016)
    total = row[(row["domain"] == "total") & (row["status"] == "total")].iloc[0]
    assert f"{int(total['requests'])} demandes" in said
    assert f"des {int(total['decided'])} demandes décidées" in said
    assert re.search(r"\(de \d+,\d à \d+,\d %\) des", said)
    assert "De 2014 à 2016, le taux d’accord passe de" in said
    assert "IGN Admin Express" in said
    assert "Publié : demandes" not in said


def test_published_figures_stand_at_the_national_level_with_their_anomalies(demo_home):
    app = open_app(OVERVIEW)
    said = plain(readable(app))
    assert "2 362" in said
    assert "903 accords pour 866 demandes, soit 37 de trop" in said
    assert 'href="#anomalie-1"' in sent(app)
    assert "calculé −91" in said


@pytest.mark.parametrize("measure", ["taux", "recours"])
def test_the_map_follows_its_measure(measure, demo_home):
    said = plain(readable(open_app(OVERVIEW, carte=measure, **DCGDR)))
    word = "Taux d’accord : de" if measure == "taux" else "Demandes pour 1 000 séjours : de"
    assert word in said


def test_procedures_are_ranked_with_what_was_published(demo_home):
    app = open_app(PROCEDURES)
    said = plain(readable(app))
    assert "Prothèse de hanche" in said
    assert "figure 2 fois dans le tableau par geste" in said
    assert "lignes : 2 197" in said
    assert "Cellules vides, non comptées" in said


def test_the_domain_keeps_its_procedures_alone(demo_home):
    said = readable(open_app(PROCEDURES, domaine="ssr", **DCGDR))
    assert "Prothèse de genou" in said
    assert "Chirurgie du cristallin" not in said


def test_the_three_planted_establishments_are_those_to_call(demo_home):
    said = plain(readable(open_app(ESTABLISHMENTS, **DCGDR)))
    title = re.search(r"Trois établissements méritent un appel en 2016 : ([^A]+)Auv", said)
    assert title is not None
    for name in ("Puy-de-Dôme 1", "Rhône 3", "Isère 2"):
        assert f"Clinique fictive {name}" in title[1]
    assert "quand ses gestes en laissent attendre" in said
    assert "fois l’attendu" in said
    assert "Fenêtre MSAP de février à juillet 2016" in said
    assert "hors des limites depuis 2014 au moins" in said


def test_the_switch_of_limits_is_in_the_address_and_in_the_title(demo_home):
    chance = plain(readable(open_app(ESTABLISHMENTS, **DCGDR)))
    widened = plain(readable(open_app(ESTABLISHMENTS, limites="surdispersion", **DCGDR)))
    assert "s’écartent plus que le hasard" in chance
    assert "plus que leur variation habituelle" in widened
    for said in (chance, widened):
        assert "Hasard seul, 95 %" in said or "Hasard seul, 99,8 et 95 %" in said
        assert "Avec surdispersion" in said


def test_few_establishments_offer_no_switch_of_limits(demo_home):
    app = open_app(
        ESTABLISHMENTS, limites="surdispersion", profil="cpam", profil_territoire="CPAM-63"
    )
    assert 'data-name="limites"' not in sent(app)
    assert "élargies de ce que" not in plain(readable(app))
    assert 'data-name="limites"' in sent(open_app(ESTABLISHMENTS, **DCGDR))


def test_regions_stand_in_for_establishments_that_the_reader_may_not_see(demo_home):
    app = open_app(ESTABLISHMENTS)
    said = plain(readable(app))
    assert "Demandes pour 1 000 séjours" in said
    assert "à la place, les régions" in said
    assert "plus que leur variation habituelle" in said
    assert 'data-name="limites_territoires"' in sent(app)
    asked_otherwise = plain(readable(open_app(ESTABLISHMENTS, limites_territoires="hasard")))
    assert "plus que le hasard" in asked_otherwise
    table = plain(readable(open_app(ESTABLISHMENTS, tableau="oui")))
    assert "Pour 1 000 séjours" in table


def test_whoever_can_compare_neither_establishments_nor_territories_is_told_where_to_look(
    demo_home,
):
    app = open_app(ESTABLISHMENTS, profil="analyste", profil_territoire="REG-44")
    assert "Voir les demandes du territoire" in plain(readable(app))
    assert 'href="msap?' in sent(app)
    assert '<svg class="v-funnel"' not in sent(app)


def test_the_rate_of_all_procedures_together_is_that_of_the_territory(demo_home):
    """Not that of the few procedures whose decisions the reader may see."""
    said = plain(readable(open_app(PROCEDURES)))
    assert "l’ensemble (93,9 %)" in said


def test_a_map_without_a_department_to_colour_is_not_drawn(demo_home):
    app = open_app(OVERVIEW, profil="analyste", profil_territoire="REG-44")
    block = sent(app).split('id="bloc-carte"')[1].split("</section>")[0]
    assert "aucun département à montrer" in plain(block)
    assert "v-picture-map" not in block


def test_the_mix_begins_with_what_is_asked_for_most_whatever_its_domain(demo_home):
    said = plain(readable(open_app(ESTABLISHMENTS, etablissement="000630001", **DCGDR)))
    assert "d’abord Chirurgie de l’obésité (91 % des demandes connues)" in said


def test_nothing_is_concluded_of_rates_that_are_withheld(demo_home):
    overview = plain(readable(open_app(OVERVIEW, profil="analyste", profil_territoire="REG-44")))
    assert "Public et privé : taux masqués (petits nombres), rien à comparer" in overview
    procedures = plain(readable(open_app(PROCEDURES)))
    assert "Aucun des gestes les plus demandés" not in procedures
    assert "gestes que vous pouvez comparer" in procedures


def test_the_sheet_of_an_establishment(demo_home):
    app = open_app(ESTABLISHMENTS, etablissement=ATYPICAL, **DCGDR)
    said = plain(readable(app))
    assert "moins que les" in said
    assert "Avant" in said
    assert "Pendant" in said
    assert "réponses sous 48 h pour" in said
    assert '<rect class="window"' in sent(app)
    assert "Chirurgie du cristallin" in said


@pytest.mark.parametrize("finess", ["000750003", "999999999", "<script>"])
def test_an_establishment_out_of_sight_tells_nothing(finess, demo_home):
    app = open_app(ESTABLISHMENTS, etablissement=finess, **DCGDR)
    assert "hors de votre périmètre" in readable(app)
    assert "<script>alert" not in sent(app)
    assert "Clinique fictive Paris" not in readable(app)


def secrets(build_id):
    """Counts of an establishment that only whoever has the right may see."""
    seen = msap.establishment(policy().scope("dcgdr:REG-84"), build_id, ATYPICAL, 2016)
    withheld = msap.establishment(policy().scope("national:FR"), build_id, ATYPICAL, 2016)
    own = seen[seen["domain"] == "total"].iloc[0]
    other = withheld[withheld["domain"] == "total"].iloc[0]
    assert other[["approvals", "refusals", "approval_rate", "expected_approvals"]].isna().all()
    rate = f"{own['approval_rate'] * 100:.1f}".replace(".", ",")
    return [f"{rate} %", f"{int(own['approvals'])} accords", f"{int(own['refusals'])} refus"]


@pytest.mark.parametrize("address", [{}, {"etablissement": ATYPICAL}, {"tableau": "oui"}])
def test_whoever_lacks_the_right_finds_no_small_number(address, demo_home):
    hidden = secrets(current_build(None))
    with_right = plain(sent(open_app(ESTABLISHMENTS, **DCGDR, **address)))
    without = plain(sent(open_app(ESTABLISHMENTS, **address)))
    assert any(word in with_right for word in hidden)
    for word in hidden:
        assert word not in without
    assert "asqué" in without


@pytest.mark.parametrize("block", ["appels", "entonnoir"])
def test_files_of_whoever_lacks_the_right_hold_no_withheld_count(block, demo_home):
    build_id, scope = current_build(None), policy().scope("national:FR")
    france = territory_map(scope, build_id).choices["FR"]
    asked = MsapAsked(france, 2016, "total", "taux", "hasard", "", False, "")
    figure = exported(scope, build_id, asked, (block, "csv"))
    assert figure is not None
    lines = figure_file(*figure)[2].decode("utf-8-sig").splitlines()
    own = [line for line in lines if ATYPICAL in line]
    known = msap.establishment(policy().scope("dcgdr:REG-84"), build_id, ATYPICAL, 2016)
    approvals = int(known[known["domain"] == "total"]["approvals"].iloc[0])
    assert all(str(approvals) not in line.split(";") for line in own)
    assert block == "appels" or own == []


@pytest.mark.parametrize(
    ("blocks", "block"),
    [
        ("msap_overview_blocks", "statuts"),
        ("msap_overview_blocks", "carte"),
        ("msap_overview_blocks", "mois"),
        ("msap_procedures_blocks", "gestes"),
        ("msap_establishments_blocks", "appels"),
    ],
)
@pytest.mark.parametrize(("key", "code"), [("dcgdr:REG-84", "REG-84"), ("national:FR", "FR")])
def test_files_of_small_numbers_say_that_they_must_not_circulate(
    blocks, block, key, code, demo_home
):
    build_id, scope = current_build(None), policy().scope(key)
    territory = territory_map(scope, build_id).choices[code]
    asked = MsapAsked(territory, 2016, "total", "taux", "hasard", "", False, "")
    exported = importlib.import_module(f"components.{blocks}").exported
    name, _, content = figure_file(*exported(scope, build_id, asked, (block, "csv")))
    has_right = code == "REG-84"
    assert name.endswith("-petits-nombres.csv") == has_right
    lines = content.decode("utf-8-sig").strip().splitlines()
    assert lines[0].endswith(";diffusion") == has_right
    assert all("à ne pas diffuser" in line for line in lines[1:]) == has_right


@pytest.mark.parametrize(
    ("blocks", "block"),
    [
        ("msap_overview_blocks", "carte"),
        ("msap_overview_blocks", "mois"),
        ("msap_overview_blocks", "comparaison"),
        ("msap_procedures_blocks", "gestes"),
        ("msap_establishments_blocks", "entonnoir"),
    ],
)
def test_figures_leave_as_pictures(blocks, block, demo_home):
    build_id, scope = current_build(None), policy().scope("dcgdr:REG-84")
    region = territory_map(scope, build_id).choices["REG-84"]
    asked = MsapAsked(region, 2016, "total", "taux", "hasard", "", False, "")
    exported = importlib.import_module(f"components.{blocks}").exported
    name, mime, picture = figure_file(*exported(scope, build_id, asked, (block, "png")))
    assert (name[-4:], mime) == (".png", "image/png")
    assert picture.startswith(b"\x89PNG")
    assert exported(scope, build_id, asked, None) is None


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", [{}, DCGDR, {"profil": "cpam", "profil_territoire": "CPAM-69"}])
def test_every_page_opens_for_every_person(page, person, demo_home):
    app = open_app(page, **person)
    assert not app.exception
    assert "Source : extraits MSAP" in plain(readable(app))


def test_the_sheet_of_another_year_or_domain_still_says_who_it_is(demo_home):
    app = open_app(ESTABLISHMENTS, etablissement=ATYPICAL, domaine="hors_chirurgie_ambulatoire")
    assert not app.exception
    assert "Clinique fictive Rhône 3" in readable(app)


def window_row(finess, phase, first, last, decided, approvals):
    return {
        "finess": finess,
        "establishment_name": f"Clinique fictive {finess}",
        "territory_code": "CPAM-69",
        "domain": "ssr",
        "window_start": pd.Timestamp(first),
        "window_end": pd.Timestamp(last),
        "phase": phase,
        "requests": decided,
        "approvals": approvals,
        "refusals": None if decided is None else decided - approvals,
        "decided": decided,
        "decided_approvals": approvals,
        "is_hidden": False,
    }


def test_windows_of_a_year_are_counted_by_establishment():
    frame = pd.DataFrame(
        [
            window_row("1", "during", "2015-11-01", "2016-04-30", 20.0, 15.0),
            window_row("1", "during", "2016-08-01", "2016-10-31", 10.0, 9.0),
            window_row("1", "before", "2016-08-01", "2016-10-31", 99.0, 99.0),
            window_row("2", "during", "2015-01-01", "2015-06-30", 30.0, 30.0),
            window_row("3", "during", "2016-01-01", "2016-06-30", None, None),
            window_row("4", "during", "2016-01-01", "2016-06-30", 8.0, 4.0),
        ]
    )
    units = window_units(frame, 2016, [])
    assert [(unit.code, unit.events, unit.trials) for unit in units] == [
        ("1", 24.0, 30.0),
        ("4", 4.0, 8.0),
    ]


def test_the_funnel_counts_the_windows_for_whoever_has_the_right(demo_home):
    build_id, scope = current_build(None), policy().scope("dcgdr:REG-84")
    region = territory_map(scope, build_id).choices["REG-84"]
    year = MsapAsked(region, 2016, "total", "taux", "hasard", "", False, "")
    asked = replace(year, spans_windows=True)
    rows = msap.windows(scope, build_id, within="REG-84")
    during = rows[(rows["phase"] == "during") & (rows["window_start"].dt.year == 2016)]
    decided = during[during["decided"] > 0].groupby("finess")["decided"].sum()
    plot = load_establishments(scope, build_id, asked).plot
    assert len(plot.units) == 3
    assert {unit.code: unit.trials for unit in plot.units} == decided.to_dict()
    assert "pendant les fenêtres MSAP de 2016" in plain(funnel_drawing(scope, build_id, asked))
    file_name = figure_file(*exported(scope, build_id, asked, ("entonnoir", "csv")))[0]
    assert "entonnoir-fenetres" in file_name


def test_no_window_is_counted_for_whoever_lacks_the_right(demo_home):
    build_id, scope = current_build(None), policy().scope("national:FR")
    france = territory_map(scope, build_id).choices["FR"]
    year = MsapAsked(france, 2016, "total", "taux", "hasard", "", False, "")
    asked = replace(year, spans_windows=True)
    assert funnel_drawing(scope, build_id, asked) == funnel_drawing(scope, build_id, year)
    assert "fenêtres MSAP</button>" not in funnel_drawing(scope, build_id, asked)
