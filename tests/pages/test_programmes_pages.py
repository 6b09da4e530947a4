"""The pages of the programmes: what each shows, to whom, and every published figure worked out.

Each rebuilt figure is looked for beside the printed one, with the word that says it is found again
or why it is not.
"""

import re

import pytest

from access.policy import operator_scope, policy
from components import programmes_delays as delays
from components import programmes_fields as fields
from components import programmes_online as online
from components import programmes_prado as prado
from components import programmes_sophia as sophia
from components.publication import territory_map
from data.ingestion.publish import Request, publish
from data.reference.territories import territories
from data.store.home import PROJECT, Home
from exports.figure_file import figure_file
from queries import cpg
from queries.current import current_build
from tests.drawn import WHO_TO_TRY
from tests.pages.apps import address_to_write, open_app, readable, sent

PRADO, SOPHIA = "pages/programmes/prado.py", "pages/programmes/sophia.py"
ONLINE, DELAYS = "pages/programmes/numerique.py", "pages/programmes/delais.py"
PAGES = (PRADO, SOPHIA, ONLINE, DELAYS)
CPAM = {"profil": "cpam", "profil_territoire": "CPAM-43"}
DCGDR = {"profil": "dcgdr", "profil_territoire": "REG-84"}
PUBLISHED = PROJECT / "data" / "reference" / "igas_2017"


def said(page, **address):
    app = open_app(page, **address)
    assert not app.exception
    words = readable(app).replace("\u202f", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", words)


def row_of(words, name):
    """What follows the name of a row, up to the next sentence."""
    return words[words.index(name) :][:260]


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_home_says_what_to_do(page, empty_home):
    assert "Aucune donnée publiée" in said(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_publication_without_the_programme_says_so(page, empty_home):
    publish([PUBLISHED / "gini_published.csv"], Home.from_environment(), Request(person="essai"))
    words = said(page)
    assert "dans cette publication" in words
    assert "contrat « " in words


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (PRADO, "PRADO 2016, France entière : aucun envoi des caisses"),
        (SOPHIA, "Sophia 2016, France entière : aucun envoi des caisses"),
        (ONLINE, "DMP, France entière : aucun envoi des caisses"),
    ],
)
def test_published_tables_are_shown_before_any_caisse_has_sent(page, words, empty_home):
    names = ("prado_activity", "programme_cost", "dmp", "sophia_calls", "teleservices")
    files = [PUBLISHED / f"{name}.csv" for name in names]
    publish(files, Home.from_environment(), Request(person="essai", origin="published"))
    shown = said(page)
    assert words in shown
    assert "Chiffres publiés" in shown


@pytest.mark.parametrize("page", PAGES)
def test_one_caisse_sees_what_was_published_and_no_other_caisse(page, demo_home):
    app = open_app(page, annee="2016", **CPAM)
    assert "Chiffres publiés" in readable(app)
    shown = WHO_TO_TRY.sub("", sent(app))
    caisses = territories().query("level == 'caisse' and territory_code != 'CPAM-43'")
    assert [name for name in caisses["territory_name"] if f"{name}<" in shown] == []


@pytest.mark.parametrize("page", (PRADO, SOPHIA, ONLINE))
def test_one_caisse_sees_its_own_figures(page, demo_home):
    assert "CPAM Haute-Loire : " in said(page, annee="2016", **CPAM)


def test_prado_tells_its_objectives_and_both_sources(demo_home):
    words = said(PRADO, annee="2016")
    assert "430 920 adhésions, 111,9 % de l’objectif du CPG" in words
    assert "430 920 adhésions, 80 % de l’objectif de la COG (539 000)" in words
    assert "109 % de l’objectif revu à 395 000" in words
    assert "▼ En retard ; atteint à 109 % pour l’objectif revu à 395 000" in words
    assert "338 960 selon « IGAS 2017, annexe 7 », 335 938 selon « IGAS 2017, annexe 11 »" in words
    assert "Données de démonstration : France entière, 2016" in words


def test_prado_says_one_word_for_a_status_in_title_and_rows(demo_home):
    words = said(PRADO, annee="2017")
    assert "proche de l’objectif à date en maternité (98,0 %) et BPCO (98,5 %)" in words
    assert "98,0 % ● Proche" in words
    assert "sous l’objectif" not in words


@pytest.mark.parametrize(
    ("year", "share"), [("2014", "106 %"), ("2015", "101 %"), ("2017", "80 %")]
)
def test_the_objective_of_the_cog_is_that_of_the_year_looked_at(year, share, demo_home):
    words = said(PRADO, annee=year)
    assert f"Objectif de la COG {share} de" in words


def test_three_patients_get_no_verdict(demo_home):
    words = said(PRADO, annee="2017", **CPAM)
    assert "◇ Trop peu de patients pour conclure" in row_of(words, "BPCO 3 135")
    assert "en retard sur l’objectif à date en insuffisance cardiaque (89,6 %)" in words
    assert "trop peu de patients pour conclure en BPCO" in words


def test_prado_ranks_the_drsm_by_the_objective_of_the_address(demo_home):
    words = said(PRADO, annee="2016")
    assert "12 DRSM sur 20 atteignent l’objectif, de 60 % (Guadeloupe) à 287 % (Guyane)" in words
    chronic = said(
        PRADO, annee="2016", prado_objectif="prado_pathologies_chroniques_etablissements"
    )
    assert "de 0 % (6 DRSM) à 183 %" in chronic


@pytest.mark.parametrize(
    ("who", "own", "told"),
    [
        (CPAM, {"Auvergne"}, "à 287 % (Guyane) ; Auvergne 178 %"),
        (DCGDR, {"Auvergne", "Rhône-Alpes"}, "(Guyane) ; Auvergne 178 % et Rhône-Alpes 105 %"),
        ({}, set(), "à 287 % (Guyane)"),
    ],
)
def test_prado_names_the_drsm_of_the_reader(who, own, told, demo_home):
    words = said(PRADO, annee="2016", **who)
    assert told in words
    names = ("Auvergne", "Rhône-Alpes", "Bretagne")
    assert {name for name in names if f"{name} votre territoire" in words} == own


def test_what_a_counsellor_makes_in_june_2016(demo_home):
    words = said(PRADO, annee="2016")
    assert (
        "81 patients par mois en maternité, 21 en chirurgie et 9 en insuffisance cardiaque "
        "(juin 2016)" in words
    )
    assert "ne redonne pas les adhésions publiées (écarts de −15 % à +25 %)" in words


@pytest.mark.parametrize(
    ("row", "remade", "printed", "verdict"),
    [
        ("Masse salariale conseillers", "33,6 M€", "33 M€", "33,6 M€ tronqués à 33"),
        ("Budget masse salariale", "40,3 M€", "40 M€", "Retrouvé"),
        ("Salaires par adhésion", "84,0 €", "84 €", "Retrouvé"),
        ("Budget par adhésion", "93,6 €", "–", "93 € avec le budget arrondi à 40 M€"),
    ],
)
def test_each_cost_of_prado_is_the_printed_one_or_says_why_not(
    row, remade, printed, verdict, demo_home
):
    line = row_of(said(PRADO, annee="2016"), row)
    assert remade in line
    assert printed in line
    assert verdict in line


def test_the_way_from_84_to_93_euros_is_told(demo_home):
    words = said(PRADO, annee="2016")
    assert "De 84,0 € à 93,6 € : +16,8 € de frais de gestion (20 %), −7,2 €" in words
    assert "430 920 adhésions au lieu de 400 000" in words


def test_a_hypothesis_of_the_address_changes_the_cost(demo_home):
    app = open_app(PRADO, annee="2016", prado_frais="0", prado_div_budget="400000")
    words = readable(app).replace("\u202f", " ").replace("\u00a0", " ")
    assert "Avec vos hypothèses, une adhésion coûte 84 € en salaires et 84 € en budget" in words
    assert 'data-act="reset"' in sent(app)
    assert "rapport : 20" in words
    assert "prado_frais" not in address_to_write(app)


def test_a_hypothesis_with_decimals_is_kept_as_asked(demo_home):
    app = open_app(PRADO, annee="2016", prado_salaire="50 982,55")
    words = readable(app).replace("\u202f", " ").replace("\u00a0", " ")
    assert "591 ETP × 50 982,55 €" in words
    assert "Recalculé d’après vos hypothèses et les autres publiées" in words
    assert address_to_write(app)["prado_salaire"] == "50982.55"


def test_a_value_out_of_bounds_is_refused_in_a_sentence(demo_home):
    app = open_app(PRADO, annee="2016", prado_cam="<b>beaucoup", prado_frais="-5")
    words = readable(app).replace("\u202f", " ").replace("\u00a0", " ")
    assert "Valeur refusée, celle du rapport est gardée" in words
    assert "« -5 », un nombre de 0 à 300 est attendu" in words
    assert 'data-act="reset"' in sent(app)
    assert "<b>beaucoup" not in sent(app)
    written = address_to_write(app)
    assert written["prado_cam"] is None
    assert written["prado_frais"] is None
    assert "Une adhésion coûte 84 €" in words


@pytest.mark.parametrize(
    ("written", "value"), [("50 982", 50_982), ("0,5", 0.5), ("1e400", None), ("", None)]
)
def test_numbers_are_read_as_people_write_them(written, value):
    assert fields.read_number(written) == value


def test_delays_and_expected_savings_of_prado(demo_home):
    words = said(PRADO, annee="2016")
    assert "avancé de 1,2 à 2,0 jours, sauf avec le médecin généraliste" in words
    assert (
        "127,3 M€ d’économies attendues de PRADO en 2015, dont 55 % de la seule maternité" in words
    )
    assert "Les totaux imprimés sont bien les sommes des volets." in words


@pytest.mark.parametrize(
    ("volet", "share"),
    [
        ("Insuffisance cardiaque", "91,1 % 91 % égale"),
        ("Chirurgie", "74,3 % 74 % égale"),
        ("Maternité, sortie précoce", "71,3 % 71 % égale"),
        ("BPCO", "55,2 % 55 % égale"),
    ],
)
def test_coverage_of_2018_is_worked_out_again(volet, share, demo_home):
    words = said(PRADO, annee="2016")
    table = words[words.rindex("Part recalculée") :]
    assert share in row_of(table, volet)


def test_the_published_total_of_2018_is_that_of_the_volets(demo_home):
    assert "Total publié 175 373 somme retrouvée" in said(PRADO, annee="2016")


def test_volets_are_those_of_the_board_and_hidden_where_it_hides(demo_home):
    scope, build_id = policy().scope("analyste:REG-84"), current_build(None)
    board = cpg.attainment(scope, build_id, "departement", 2017, "REG-84")
    own = board[board["territory_code"] == "DEP-15"].set_index("indicator_code")
    assert bool(own.loc["prado_bpco_adhesions", "is_hidden"])
    words = said(
        PRADO, annee="2017", territoire="DEP-15", profil="analyste", profil_territoire="REG-84"
    )
    table = words[words.index("PRADO par volet, Cantal") :][:520]
    assert re.search(r"BPCO ◌ Masqué [\d ]* ◌ Masqué [\d,]+ ◌ Masqué", table)
    total = f"{int(own.loc['prado_maternite_adhesions', 'realised']):,}".replace(",", " ")
    assert total in table


def test_sophia_tells_adhesions_care_gap_and_exams(demo_home):
    words = said(SOPHIA, annee="2016")
    assert "827 000 adhésions cumulées, 37,5 % des 2 205 000 patients éligibles" in words
    assert "46 % des nouveaux adhérents de 2016 sont en écart aux soins, ce qui dépasse" in words
    assert "fond d’œil +10,6 points et bilan rénal +9,4 points" in words
    joined = (
        "82,7 % de l’objectif signé dans la COG (1 000 000), 106,0 % de l’objectif revu (780 000)"
    )
    assert words.count(joined) == 2
    assert "Le tableau juge 2016 sur l’objectif revu." in words
    assert "nouvelles adhésions à Sophia en 2016" in words
    assert "Traits sur la courbe : objectifs de fin d’année" in words


def test_sophia_holds_all_adhesions_against_the_people_told_last(demo_home):
    words = said(SOPHIA, annee="2017")
    assert (
        "900 817 adhésions cumulées (99/106 caisses), 39,5 % des 2 280 000 patients éligibles "
        "(dernier effectif envoyé par chaque caisse)" in words
    )
    assert "39,5 % des 2 280 000 éligibles (dernier effectif envoyé par chaque caisse)" in words
    assert "mars 2017" not in words
    assert "99,7 % de l’objectif à date" in words


def test_the_campaign_is_told_step_by_step(demo_home):
    words = said(SOPHIA, annee="2016")
    assert "209 adhésions, 25 % des appels aboutis, 11 % des personnes visées" in words
    assert "Appels passés appels 2 360 1,26 appel par personne visée" in words
    assert "une même personne peut être appelée plusieurs fois" in words


@pytest.mark.parametrize(
    ("row", "remade", "printed"),
    [
        ("Appels fructueux par ETP et par jour", "8,50", "8,5 ▲ Retrouvé"),
        ("Coût par adhérent, en fin d’année", "47,2 €", "47 € ▲ Retrouvé"),
        ("Coût par adhérent, en moyenne d’année", "50,0 €", "50 € ▲ Retrouvé"),
    ],
)
def test_each_figure_of_sophia_is_the_printed_one(row, remade, printed, demo_home):
    line = row_of(said(SOPHIA, annee="2016"), row)
    assert f"{remade} {printed}" in line


def test_changing_the_days_leaves_the_cost_alone(demo_home):
    words = said(SOPHIA, annee="2016", sophia_jours="180")
    assert "Appels d’un infirmier par jour : 9,7 avec vos hypothèses" in words
    assert "47 € (en fin d’année) ou 50 € (en moyenne d’année), comme publié" in words


def test_records_open_are_those_published(demo_home):
    words = said(ONLINE)
    assert "DMP, France entière : 6 575 509 ouverts à fin juillet 2019, 96,6 pour 1 000" in words
    assert "jusqu’à juillet 2019" in words
    assert "Habitants : ceux des départements dont une caisse envoie" in words
    assert "France 96,6, Occitanie 103,2, Tarn 93,3" in words
    assert words.count("▲ Égaux") == 3


def test_the_programme_of_the_address_is_mapped(demo_home):
    words = said(ONLINE, numerique_programme="sante_active", territoire="REG-84")
    assert "Santé active, Auvergne-Rhône-Alpes" in words
    assert "Adhérents Santé active pour 1 000 habitants : de" in words
    assert "189 641 adhérents fin 2016, 13,5 % de l’objectif de la COG (1 400 000)" in words


def test_online_services_bear_their_disagreement(demo_home):
    words = said(ONLINE)
    assert "15,22 selon « IGAS 2017, annexe 5 », 19,2 selon « IGAS 2017, annexe 11 »" in words
    assert re.search(r"15,22 % ⚑ Anomalie 1", words)
    assert "22,7 % en 2016 pour un objectif de 50 %" in words
    assert "SCOR, 3 professions sur 6 à l’objectif" in words
    assert "65,0 % 80 % 81,2 % ▼ En retard" in words


def test_delays_are_densities_and_the_last_class_stays_open(demo_home):
    words = said(DELAYS)
    assert "48,7 % des premières consultations de suivi ont lieu 31 jours ou plus" in words
    assert "26 à 30 jours : 28 668 consultations par jour" in words
    assert "31 jours et plus 751 388 ouverte –" in words
    supposed = said(DELAYS, delais_fin="90")
    assert "12 523 si fin au jour 90" in supposed


def blocks_of(scope, build_id):
    france = territory_map(scope, build_id).choices["FR"]
    of_prado = prado.PradoAsked(france, 2016, "prado_chirurgie_adhesions")
    of_sophia = sophia.SophiaAsked(france, 2016, "CPAM-44-2016-1")
    of_delays = delays.DelaysAsked(2016, (2016,), None)
    costs = fields.as_published(prado.prado_fields(scope, build_id))
    more = fields.as_published(sophia.sophia_fields(scope, build_id))
    return {
        **prado.prado_blocks(scope, build_id, of_prado),
        "cout_prado": prado.cost_block(scope, build_id, costs),
        **sophia.sophia_blocks(scope, build_id, of_sophia),
        **sophia.cost_blocks(scope, build_id, more),
        **online.online_blocks(scope, build_id, online.OnlineAsked(france, "dmp")),
        "delais": delays.densities_block(scope, build_id, of_delays),
    }


def test_every_figure_leaves_as_a_table_and_as_a_picture(demo_home):
    found = blocks_of(operator_scope(), current_build(None))
    assert len(found) >= 20
    for block in found.values():
        name, _, table = figure_file(block.figure, "csv")
        assert table.count(b"\n") > 1, name
        name, _, picture = figure_file(block.figure, "png")
        assert picture.startswith(b"\x89PNG"), name


def test_a_file_of_a_territory_withholds_what_the_page_withholds(demo_home):
    scope, build_id = policy().scope("analyste:REG-84"), current_build(None)
    perimeter = territory_map(scope, build_id).choices["DEP-15"]
    asked = prado.PradoAsked(perimeter, 2017, "prado_chirurgie_adhesions")
    rows = prado.prado_blocks(scope, build_id, asked)["volets"].figure.records()
    hidden = rows[rows["masque"]]
    assert "BPCO" in set(hidden["volet"])
    assert hidden[["realise", "couverture", "taux_atteinte"]].isna().all(axis=None)
