"""The pages of health professionals: same numbers as the questions, choices, plans, states."""

import re
from html import unescape
from urllib.parse import parse_qsl

import numpy as np
import pytest

from access.policy import policy
from components.professionals_published import exported as published_file
from components.professionals_published import published_drawing
from data.reference.epci import epci
from figures.simulator import decimals_between
from indicators.distribution import Distribution
from indicators.inequality import best_installations
from indicators.inequality import gini as gini_index
from queries import professionals
from queries.current import current_build
from tests.pages.apps import address_to_write, chosen_option, open_app, readable, sent

SPREAD = "pages/professionnels/repartition.py"
PARTS = "pages/professionnels/inegalite.py"
SIMULATOR = "pages/professionnels/simulateur.py"
PUBLISHED = "pages/professionnels/ir41.py"
PAGES = (SPREAD, PARTS, SIMULATOR, PUBLISHED)
DCGDR = {"profil": "dcgdr", "profil_territoire": "REG-76"}
CPAM = {"profil": "cpam", "profil_territoire": "CPAM-43"}


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def said_of(page, **address):
    return plain(readable(open_app(page, **address)))


def comma(value, decimals=3):
    return f"{value:.{decimals}f}".replace(".", ",").replace("-", "−")


def national():
    return policy().scope("national:FR"), current_build(None)


def distribution(grain="departement", year=2017, profession="infirmiers", territory=None):
    scope, build_id = national()
    rows = professionals.density(scope, build_id, grain, year, profession, territory)
    return Distribution.from_frame(rows)


def test_the_title_has_the_index_of_the_question_and_its_verdict(demo_home):
    row = professionals.gini(*national(), "departement", 2017, "infirmiers").iloc[0]
    said = said_of(SPREAD)
    interval = f"({comma(row['lower'])} à {comma(row['upper'])})"
    assert f"Infirmiers : G = {comma(row['gini'])} {interval} en 2017, 101 départements" in said
    assert re.search(r"l’objectif de −0,001 par an (est atteint|n’est pas)", said)
    assert "pondéré par la population, par département, en France, outre-mer compris" in said


def test_the_six_professions_stand_side_by_side_with_both_verdicts(demo_home):
    app = open_app(SPREAD)
    cards = re.findall(r'<div class="v-multiple[ "].*?</h3>', sent(app), re.S)
    assert len(cards) == 6
    said = plain(readable(app))
    assert "Cible de −0,001 en un an :" in said
    assert "par an, au plus : il est estimé sur ces territoires" in said
    assert "6 lectures à 5 % chacune : une peut être due au hasard" in said
    assert "dans le bruit pour" not in said


def test_a_region_is_counted_by_its_own_territories(demo_home):
    row = professionals.gini(*national(), "epci", 2016, "sages_femmes", "REG-76").iloc[0]
    said = said_of(
        SPREAD, territoire="REG-76", annee="2016", profession="sages_femmes", maille="epci"
    )
    assert f"Sages-femmes : G = {comma(row['gini'])}" in said
    assert f"{row['territories']} EPCI" in said
    assert "pour 100 000 femmes de 15 à 49 ans" in said
    assert "seuls contours connus ici" in said
    assert "outre-mer" not in said.lower().split("sources")[0].split("densité")[0]


def test_overseas_can_be_left_out_and_the_other_ways_are_offered(demo_home):
    spread = distribution()
    kept = spread.kept(~spread.is_overseas)
    app = open_app(SPREAD, outremer="sans")
    said = plain(readable(app))
    assert f"G = {comma(gini_index(kept.count, kept.population))}" in said
    assert "96 départements" in said
    assert "sans l’outre-mer" in said
    assert "un territoire, une voix" in said
    assert 'data-act="count" data-value="maille=departement&amp;outremer=avec"' in sent(app)


def test_territories_are_named_by_the_address_and_by_words(demo_home):
    drawn = sent(open_app(SPREAD, repere="DEP-43,DEP-99", repere_nom="cantal"))
    named = set(re.findall(r'<text class="end"[^>]*>([^(<]+) \(', drawn))
    assert named == {"Haute-Loire", "Cantal"}
    said = said_of(SPREAD, repere_nom="zzz<b>")
    assert "Aucun département d’ici n’a « zzz<b> » dans son nom" in said


def test_a_cpam_sees_its_department_on_the_curve_of_its_region(demo_home):
    said = said_of(SPREAD, **CPAM)
    assert "12 départements" in said
    assert "en Auvergne-Rhône-Alpes" in said
    assert "CPAM Haute-Loire : un point parmi les départements de sa région." in said
    assert re.search(r"Haute-Loire \(\d+,\d\)", said)
    alone = said_of(SPREAD, maille="epci", **CPAM)
    assert "par EPCI, en Haute-Loire" in alone
    assert f"{len(distribution('epci', territory='DEP-43'))} EPCI" in alone


@pytest.mark.parametrize("territory", ["DRSM-AUVERGNE", "ANC-83", "REG-84"])
def test_any_territory_of_several_departments_is_counted_by_its_own(territory, demo_home):
    said = said_of(SPREAD, territoire=territory)
    assert f"{12 if territory == 'REG-84' else 4} départements" in said


def test_a_region_of_one_department_is_counted_by_its_epci(demo_home):
    app = open_app(SPREAD, territoire="REG-01")
    said = plain(readable(app))
    assert re.search(r"G = \d,\d{3} .*? en 2017, \d+ EPCI", said)
    assert 'data-name="maille"' not in sent(app)


def test_where_nothing_can_be_measured_other_choices_stay(demo_home, monkeypatch):
    monkeypatch.setattr("components.professionals_view.spread_of", lambda *_: None)
    # A year that no other test looks at: what is drawn here is kept.
    app = open_app(SIMULATOR, territoire="REG-76", annee="2013", profession="orthophonistes")
    assert "Pas d’inégalité à mesurer : Occitanie" in plain(readable(app))
    assert 'data-name="profession"' in sent(app)


def test_years_are_those_of_the_counts(demo_home):
    app = open_app(SPREAD, annee="2012")
    assert "en 2012" in plain(readable(app))
    assert "ne peut être jugé" in plain(readable(app))
    assert "Pas d’effectifs de professionnels de santé pour 2005 : voici 2017" in said_of(
        SPREAD, annee="2005"
    )


def test_a_region_of_one_department_is_offered_no_other_grain_there(demo_home):
    said = said_of(PARTS, territoire="REG-01")
    assert "Un seul groupe de territoires ici" in said
    assert "Choisissez un territoire plus large, de plusieurs départements." in said
    assert "Choisissez la maille EPCI" not in said


def test_epci_over_several_departments_are_counted_and_told(demo_home):
    frame = epci()
    departments, regions = frame["spans_departments"].sum(), frame["spans_regions"].sum()
    assert (departments, regions) == (90, 26)
    said = said_of(SPREAD, maille="epci")
    assert "90 EPCI s’étendent sur plusieurs départements, dont 26 sur plusieurs régions" in said
    assert "population reçue pour 2017" in said


def test_who_makes_the_inequality(demo_home):
    said = said_of(PARTS)
    assert re.search(r"Infirmiers : \d+ départements sur 101 font la moitié de l’inégalité", said)
    assert "de l’inégalité se joue entre régions" in said
    assert "I de Moran" in said
    assert "5 départements sans voisin non testés" in said
    assert "exploratoire" not in said


def test_a_region_is_told_to_be_exploratory(demo_home):
    said = said_of(PARTS, territoire="REG-76", maille="epci")
    assert "(exploratoire)" in said
    assert "Moins de 30 départements (13)" in said
    assert "se joue entre départements" in said
    assert "Les contours des EPCI ne sont pas connus ici" in said


def test_too_few_neighbours_are_said_so(demo_home):
    said = said_of(PARTS, territoire="REG-94")
    assert "2 départements en Corse, trop peu pour dire qui fait l’inégalité" in said
    assert "Choisissez la maille EPCI ou un territoire plus large" in said
    assert "font la moitié" not in said
    assert "pèse le plus" not in said
    by_epci = said_of(PARTS, territoire="REG-94", maille="epci")
    assert "font la moitié de l’inégalité (exploratoire)" in by_epci
    assert "Pas de groupe de départements voisins à chercher ici" in by_epci


def test_the_simulator_answers_a_plan_of_the_address(demo_home):
    spread = distribution(territory="REG-76")
    best = best_installations(spread.count, spread.population, 20)
    plan = ",".join(
        f"{spread.codes[place]}:{best.added[place]}" for place in np.flatnonzero(best.added)
    )
    app = open_app(SIMULATOR, territoire="REG-76", plan=plan, budget="20")
    said = plain(readable(app))
    change = best.gini - best.gini_before
    fall = comma(-change, decimals_between(best.gini_before, best.gini))
    assert f"20 infirmiers de plus en Occitanie : G baisse de {fall}" in said
    assert f"ce plan fait {comma(best.share_of_equal_spread, 1)} fois cela" in said
    assert "mieux placées" not in said
    assert "celui de la France entière monte" in said
    assert "Ce plan augmente l’inégalité de la France entière" in said
    assert "là où la densité dépasse déjà la moyenne nationale" in said
    assert "Résultat exploratoire : 13 départements" in said
    assert "le lien vers ce plan" in said
    choices = shared_choices(app)
    assert choices["territoire"] == "REG-76"
    assert choices["plan"].startswith("DEP-")


def shared_choices(app):
    """What the link to share carries."""
    link = re.search(r'href="simulateur\?([^"]+)"', sent(app))
    assert link is not None
    return dict(parse_qsl(unescape(link[1])))


def finding_of(app):
    return re.search(r'<h2 id="titre-plan">(.*?)</h2>', sent(app))[1]


def test_the_link_to_share_reopens_on_the_very_figures(demo_home):
    app = open_app(SIMULATOR, outremer="sans", annee="2016", plan="DEP-43:3,DEP-15:2")
    choices = shared_choices(app)
    assert choices["outremer"] == "sans"
    assert choices["annee"] == "2016"
    assert choices["territoire"] == "FR"
    assert choices["build"] == national()[1]
    assert "5 infirmiers de plus en France hors outre-mer" in plain(finding_of(app))
    assert finding_of(open_app(SIMULATOR, **choices)) == finding_of(app)
    assert plain(readable(app)).count("Indice de la France entière") == 1


def test_a_plan_made_for_another_profession_is_left_out_or_made_anew(demo_home):
    nurses = {"plan": "DEP-43:3", "plan_pour": "infirmiers.departement.2017.FR.avec"}
    said = said_of(SIMULATOR, profession="sages_femmes", **nurses)
    assert "Le plan de l’adresse était fait pour infirmiers, par département, 2017" in said
    assert "il est écarté" in said
    assert "où en installer ?" in said
    again = said_of(SIMULATOR, profession="sages_femmes", budget="7", **nurses)
    assert "7 installations placées de nouveau" in again
    assert "7 sages-femmes de plus en France" in again
    kept = said_of(SIMULATOR, **nurses)
    assert "3 infirmiers de plus en France" in kept
    assert "Le plan de l’adresse" not in kept


def test_another_grain_places_the_budget_anew(demo_home):
    said = said_of(
        SIMULATOR, territoire="REG-76", maille="epci", plan="DEP-31:5,DEP-82:2", budget="7"
    )
    assert "7 installations placées de nouveau, infirmiers en Occitanie, par EPCI" in said
    assert "7 infirmiers de plus en Occitanie" in said
    assert "ne s’appliquent pas" not in said


def test_a_region_of_few_departments_is_planned_by_epci(demo_home):
    app = open_app(SIMULATOR, territoire="REG-76", budget="20")
    assert "20 infirmiers de plus en Occitanie" in plain(readable(app))
    assert len(set(re.findall(r"EPCI-\d{9}", shared_choices(app)["plan"]))) > 1
    assert "Point de départ : 2017, par EPCI." in plain(readable(app))
    assert "Point de départ : 2017, par département." in said_of(SIMULATOR)
    assert "13 départements" in said_of(SPREAD, territoire="REG-76")


def test_without_a_plan_the_simulator_asks_where(demo_home):
    said = said_of(SIMULATOR, **DCGDR)
    assert "Où installer des infirmiers en Occitanie ?" in said
    assert "où en installer ?" in said
    assert "installations bien placées" in said
    assert "le lien vers ce plan" not in said


@pytest.mark.parametrize(
    "plan", ["DEP-99:3", "<script>alert(1)</script>", "DEP-31:99999", "x" * 9000]
)
def test_a_plan_that_makes_no_sense_changes_nothing(plan, demo_home):
    app = open_app(SIMULATOR, territoire="REG-76", plan=plan)
    said = plain(readable(app))
    assert "où en installer ?" in said
    assert "<script>alert" not in sent(app)
    assert "Du plan demandé par l’adresse" in said
    assert "ne s’applique pas" in said
    assert "Aucun plan n’est montré" in said


def test_a_budget_that_is_none_is_said(demo_home):
    app = open_app(SIMULATOR, territoire="REG-76", budget="mille")
    assert "« mille » n’est pas un nombre d’installations de 1 à 500" in plain(readable(app))
    assert 'name="budget" min="1" max="500" step="1" inputmode="numeric" value="20"' in sent(app)


def test_a_plan_may_move_professionals(demo_home):
    said = said_of(SIMULATOR, territoire="REG-76", plan="DEP-30:-5,DEP-31:5")
    assert "5 infirmiers à déplacer en Occitanie : G baisse" in said


def test_published_figures_are_compared_and_their_contradictions_told(demo_home):
    said = said_of(PUBLISHED)
    assert "IR 4.1 publié : 1 évolution publiée que les chiffres contredisent" in said
    assert "2 cibles 2017 qui laissent monter l’inégalité" in said
    assert "+0,010, alors que 0,215 − 0,225 = −0,010" in said
    assert "Sans cible publiée : orthophonistes" in said
    for word in ("La maille", "La population", "Le champ"):
        assert word in said


MADE_UP = "ffectifs fictifs, calés sur l’indice publié par EPCI : l’accord ne prouve rien"


def test_made_up_counts_prove_nothing_beside_published_indices_on_screen_and_in_files(demo_home):
    scope, build_id = national()
    drawn = published_drawing(scope, build_id)
    assert MADE_UP in plain(re.search(r'<h2 id="titre-ir41">(.*?)</h2>', drawn)[1])
    assert "par EPCI (effectifs fictifs, calés)" in drawn
    figure, _ = published_file(scope, build_id, ("ir41", "png"))
    assert MADE_UP in plain(figure.title) and MADE_UP in plain(figure.note)
    assert "fictifs" in figure.foot
    known = figure.records()[lambda rows: rows["gini_par_epci"].notna()]
    assert known["avertissement"].str.endswith("l’accord ne prouve rien").all()


def test_real_counts_beside_published_indices_need_no_warning(demo_home, monkeypatch):
    monkeypatch.setattr("components.professionals_published.made_up", lambda *_: frozenset())
    figure, _ = published_file(*national(), ("ir41", "csv"))
    assert "fictif" not in figure.title + figure.note + figure.foot
    assert "avertissement" not in figure.records()


def test_the_counts_of_the_demonstration_are_said_to_be_made_up_under_each_figure(demo_home):
    for page in (SPREAD, PARTS, SIMULATOR):
        assert "effectifs fictifs de professionnels de santé (démonstration)" in said_of(page)


def test_choices_that_are_not_offered_are_not_taken(demo_home):
    app = open_app(SPREAD, profession="astronautes", maille="commune", outremer="peut-être")
    assert chosen_option(app, "profession") == "Infirmiers"
    said = plain(readable(app))
    assert "par l’adresse, « astronautes », n’existe pas : voici infirmiers." in said
    assert "par l’adresse, « commune », n’existe pas : voici par département." in said
    assert "« peut-être », n’existe pas : voici outre-mer compris." in said
    written = address_to_write(app)
    assert {name: written[name] for name in ("profession", "maille", "outremer")} == {
        "profession": None,
        "maille": None,
        "outremer": None,
    }


@pytest.mark.parametrize("page", [SPREAD, PARTS, SIMULATOR])
def test_every_page_says_which_choices_of_the_address_it_does_not_offer(page, demo_home):
    said = said_of(page, profession="cardiologues", maille="departement", territoire="REG-01")
    assert "« Cardiologues », n’est pas comptée en 2017 : voici infirmiers." in said
    assert "Pas d’indice par département ici, ce que demande l’adresse : voici par EPCI." in said
    assert "l’adresse," not in said_of(page, territoire="REG-76", outremer="avec")


@pytest.mark.parametrize("page", PAGES)
def test_without_any_publication_the_pages_say_how_to_begin(page, empty_home):
    assert "Aucune donnée publiée pour l’instant" in said_of(page)


@pytest.mark.parametrize("page", [SPREAD, PARTS, SIMULATOR])
def test_without_counts_the_pages_say_what_to_import(page, demo_home, monkeypatch):
    nothing = professionals.choices(*national()).iloc[:0]
    monkeypatch.setattr("components.professionals_view.known_professions", lambda *_: {})
    monkeypatch.setattr("queries.professionals.choices", lambda *_: nothing)
    said = said_of(page)
    assert "Aucun effectif de professionnels de santé" in said
    assert "contrat « professionals »" in said


def test_without_published_indices_the_page_says_what_to_import(demo_home, monkeypatch):
    monkeypatch.setattr("components.professionals_published.published_drawing", lambda *_: None)
    assert "contrat « gini_published »" in said_of(PUBLISHED)
