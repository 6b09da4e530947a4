"""The maps of adhesions, without a browser: totals, rights, states, address."""

import json
import re

import pytest

import cli
from access.policy import policy
from components import blocks
from components.adhesion_blocks import exported
from components.adhesion_view import MapAsked
from components.publication import territory_map
from exports.figure_file import figure_file
from queries import adhesions
from queries.current import current_build
from tests.pages.apps import address_to_write, open_app, readable, sent

PAGE = "pages/programmes/cartes.py"
MAPS = "deck_gl_json_chart"


@pytest.fixture(autouse=True)
def _as_served(monkeypatch):
    """Geometry by address, as the app serves it."""
    monkeypatch.setattr(blocks, "_in_document", True)


def specs(app):
    return [json.loads(element.proto.json) for element in app.get(MAPS)]


def letters(spec):
    (fill,) = [layer for layer in spec["layers"] if layer["id"].startswith("fond")]
    return re.search(r"\('(\d+)'\)\[i\]", fill["getFillColor"])[1]


def test_the_country_in_101_departments_with_its_total(demo_home):
    app = open_app(PAGE, annee="2016")
    assert not app.exception
    said = readable(app)
    assert "430 920 adhésions" in said.replace("\u202f", " ")
    (spec,) = specs(app)
    assert len(letters(spec)) == 101
    assert len(json.dumps(spec)) < 20_000
    assert "IGN Admin Express" in said
    assert app.get(MAPS)[0].proto.alt.startswith("Carte de 101 départements")


def test_the_table_holds_what_the_map_the_board_and_the_query_hold(demo_home, capsys):
    page = sent(open_app(PAGE, annee="2016", mesure="adhesions"))
    capsys.readouterr()
    asked = {"programme": "prado", "level": "departement", "from": "2016-01", "to": "2016-12"}
    given = [f"--param={name}={value}" for name, value in asked.items()]
    assert cli.main(["query", "adhesions/by_territory", "--as=national:FR", "--json", *given]) == 0
    rows = json.loads(capsys.readouterr().out)
    total = sum(row["adhesions"] for row in rows)
    assert total == 430_920
    for row in rows[::9]:
        own = re.search(rf'data-key="{row["territory_code"]}">(.*?)</tr>', page, re.S)[1]
        plain = re.sub(r"[^\d]", "", re.search(r"<b>([^<]*)</b></td>", own)[1])
        assert int(plain) == row["adhesions"]


def test_mayotte_has_no_value_and_says_so(demo_home):
    page = sent(open_app(PAGE, annee="2016"))
    row = re.search(r'data-key="DEP-976">(.*?)</tr>', page, re.S)[1]
    assert "aucune valeur" in row
    assert "aucune valeur <i>(1)</i>" in page
    (spec,) = specs(open_app(PAGE, annee="2016"))
    hatched = re.search(r"\('(\d+)'\)", layer_of(spec, "hachures")["getColor"])[1]
    assert hatched.count("2") == 1
    assert hatched.count("0") == 100


def test_who_lacks_the_right_sees_hatching_and_no_small_count(demo_home):
    app = open_app(PAGE, volet="chirurgie", periode="mois", mois="2016-06", niveau="caisse")
    assert not app.exception
    page = sent(app)
    assert "ou protège un petit nombre" in page
    scope, build = policy().scope("national:FR"), current_build()
    months = adhesions.spread(scope, build, "prado", "caisse", "mois", "chirurgie")
    hidden = months[(months["month"] == "2016-06-01") & months["is_hidden"]]["territory_code"]
    assert len(hidden)
    for code in hidden.head(10):
        row = re.search(rf'data-key="{code}">(.*?)</tr>', page, re.S)[1]
        assert "■ masqué" in row
    (spec,) = specs(app)
    sizes = next(layer for layer in spec["layers"] if layer["id"].startswith("cercles"))["data"]
    assert not set(hidden) & {one["c"] for one in sizes}


def test_a_manager_sees_one_department(demo_home):
    app = open_app(PAGE, profil="cpam", profil_territoire="CPAM-43", annee="2016")
    assert not app.exception
    page = sent(app)
    assert re.findall(r'<tr[^>]* data-key="(\w+-\w+)">', page) == ["CPAM-43"]
    assert "couverture de 38,4 % (CPAM Haute-Loire)" in readable(app)
    (spec,) = specs(app)
    assert spec["initialViewState"]["zoom"] > 7


def test_an_aggregate_without_all_its_caisses_says_how_many(demo_home):
    page = sent(open_app(PAGE, niveau="region", mois="2017-09"))
    assert re.search(r"<small>\d+/\d+ caisses</small>", page)
    assert "caisses</small>" not in sent(open_app(PAGE, niveau="region", mois="2016-12"))


def test_a_department_of_several_caisses_sets_them_side_by_side(demo_home):
    app = open_app(PAGE, annee="2016", territoire="DEP-59", niveau="caisse", choisi="DEP-59")
    said = readable(app)
    assert "Aucune carte publique" in said
    for name in ("Flandres", "Hainaut", "Lille-Douai", "Roubaix-Tourcoing"):
        assert f"CPAM {name}" in said


def test_a_territory_chosen_tells_its_story(demo_home):
    app = open_app(PAGE, annee="2016", choisi="DEP-43")
    said = readable(app)
    assert "Ouvrir « Mon département »" in said
    assert "sur 100 départements" in said
    assert "D’où viennent ces chiffres" in said
    assert 'href="departement?' in sent(app)
    assert any(layer["id"] == "choisi" for layer in specs(app)[0]["layers"])


def test_two_maps_share_what_is_chosen_and_the_view(demo_home):
    app = open_app(PAGE, annee="2016", cote="mesure-atteinte", choisi="DEP-43")
    left, right = specs(app)
    assert left["initialViewState"] == right["initialViewState"]
    assert left["views"] == right["views"]
    assert left["views"][0]["controller"]["scrollZoom"] is False
    chosen = [
        next(layer for layer in spec["layers"] if layer["id"] == "choisi")["data"]
        for spec in (left, right)
    ]
    assert chosen[0] == chosen[1]
    assert letters(left) != letters(right)


def circles(spec):
    return {row["c"]: row["r"] for row in layer_of(spec, "cercles")["data"]}


def layer_of(spec, name):
    return next(layer for layer in spec["layers"] if layer["id"].startswith(name))


def test_two_maps_share_the_scale_of_their_circles(demo_home):
    left, right = specs(app := open_app(PAGE, annee="2016", cote="programme-dmp"))
    # As many adhesions, as large a circle: on one scale the largest of one map is not that of both.
    assert max(circles(left).values()) < max(circles(right).values()) / 2
    assert sent(app).count("sur les deux cartes") == 2
    assert sent(app).count("Surfaces proportionnelles") == 2


def test_a_second_map_that_knows_another_month_says_so(demo_home):
    said = sent(open_app(PAGE, annee="2016", cote="programme-dmp"))
    assert "Rien n’est connu à fin décembre" in said
    assert "Rien n’est connu" not in sent(open_app(PAGE, annee="2016", cote="mesure-atteinte"))


def test_columns_of_two_maps_share_their_scale(demo_home):
    left, right = specs(open_app(PAGE, annee="2016", cote="programme-dmp", relief="oui"))
    tallest = [max(row["e"] for row in layer_of(s, "colonnes")["data"]) for s in (left, right)]
    assert tallest[0] < tallest[1] / 4


def test_nobody_is_a_class_with_a_sign(demo_home):
    app = open_app(PAGE, volet="bpco", annee="2016")
    (spec,) = specs(app)
    assert layer_of(spec, "zeros")["visible"] is True
    assert '<b class="k s1">0</b>' in sent(app)


def as_caisse(**asked):
    return open_app(PAGE, profil="cpam", profil_territoire="CPAM-43", **asked)


def test_a_caisse_alone_is_held_against_its_region_and_the_country(demo_home):
    app = as_caisse(annee="2016")
    said = readable(app)
    assert "pour comparer : Auvergne-Rhône-Alpes" in said
    assert "pointillé : France" in said
    # Nothing to close, no gap to a median that nobody has, one outline, thinner borders.
    assert "v-close" not in sent(app)
    assert "Écart à la médiane" not in said
    (spec,) = specs(app)
    assert layer_of(spec, "choisi")
    assert ".close." in layer_of(spec, "fond")["data"]


def test_a_caisse_alone_has_the_rank_that_the_country_sees(demo_home):
    page = sent(as_caisse(annee="2016"))
    own = re.search(r'data-key="CPAM-43">(.*?)</tr>', page, re.S)[1]
    place, among = re.search(r'<td class="num">(\d+)/(\d+)</td>', own).groups()
    country = sent(open_app(PAGE, annee="2016", niveau="caisse"))
    row = re.search(r'data-key="CPAM-43">(.*?)</tr>', country, re.S)[1]
    assert re.search(r'<td class="num">(\d+)</td>', row)[1] == place
    assert int(among) == 106
    said = readable(as_caisse(annee="2016"))
    assert f"{place}e sur 106 caisses en France" in said
    assert "médiane des caisses de France" in said
    assert "des 12 caisses de même taille" in said


def test_what_tells_several_apart_is_not_offered_to_one_alone(demo_home):
    said = readable(as_caisse(annee="2016"))
    for choice in ("Classes de", "Sorte de classes", "Colonnes en 3D", "Une carte par volet"):
        assert choice not in said
        assert choice in readable(open_app(PAGE, annee="2016"))
    assert "d’effectifs égaux" not in said


def test_a_region_s_departments_have_both_ranks(demo_home):
    app = open_app(PAGE, profil="dcgdr", profil_territoire="REG-84", annee="2016", choisi="DEP-43")
    assert "sur 12 départements (Auvergne-Rhône-Alpes)" in readable(app)
    assert "sur 100 départements en France" in readable(app)
    # Nobody of another region is named.
    assert set(re.findall(r'data-key="(DEP-\w+)"', sent(app))) <= {
        f"DEP-{code}"
        for code in ("01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74")
    }


def test_few_stand_out_and_the_rule_is_said(demo_home):
    said = readable(open_app(PAGE, annee="2016"))
    found = re.search(r"(\d+) départements? sur 100 (?:sort|sortent) du lot", said)
    assert 0 < int(found[1]) < 20
    assert "99,8" in said
    assert "fois plus que le hasard" in said


def test_nobody_stands_out_of_too_few(demo_home):
    said = readable(open_app(PAGE, annee="2016", territoire="DEP-59", niveau="caisse"))
    assert "sortent du lot" not in said
    assert "Trop peu de caisses comparables (moins de 10)" in said


def test_a_caisse_is_not_ranked_among_few_that_are_shown(demo_home):
    said = readable(as_caisse(volet="bpco", mois="2017-09"))
    assert "caisses en France" not in said
    assert "de même taille" not in said


def test_who_is_left_out_of_the_ranking_is_named(demo_home):
    said = readable(open_app(PAGE, mois="2017-09"))
    assert re.search(r"7 départements ne sont pas classés, envois incomplets : .*Lozère", said)


def test_who_has_not_sent_has_no_rank(demo_home):
    page = sent(open_app(PAGE, mois="2017-09"))
    row = re.search(r'data-key="DEP-48">(.*?)</tr>', page, re.S)[1]
    assert "0/1 caisse" in row
    assert re.search(r'<td class="num">([^<]*)</td>', row)[1] == "–"
    assert "Sans rang" in page


def test_the_reason_of_what_is_masked_is_written(demo_home):
    page = sent(open_app(PAGE, volet="bpco", annee="2016"))
    assert "petit nombre (de 1 à 10 personnes)" in page
    assert 'title="masqué' not in page
    assert "petit nombre (de 1" not in sent(open_app(PAGE, annee="2016", niveau="region"))


def test_the_map_of_one_territory_is_a_picture_too(demo_home):
    build_id, scope = current_build(), policy().scope("cpam:CPAM-43")
    perimeter = territory_map(scope, build_id).choices[scope.home_territory]
    asked = MapAsked(
        perimeter, "prado", "ensemble", "caisse", "couverture", "annee", "quantiles", "mois",
        "2016-12", "nom", True, "", False, "", False,
    )  # fmt: skip
    name, mime, picture = figure_file(*exported(scope, build_id, asked, ("carte", "png")))
    assert (name[-4:], mime) == (".png", "image/png")
    assert picture.startswith(b"\x89PNG")


def test_a_picture_names_its_frames_and_the_signs_of_its_keys(demo_home):
    build_id, scope = current_build(), policy().scope("national:FR")
    perimeter = territory_map(scope, build_id).choices["FR"]
    asked = MapAsked(
        perimeter, "prado", "ensemble", "departement", "atteinte", "annee", "quantiles", "mois",
        "2016-12", "nom", True, "", False, "", False,
    )  # fmt: skip
    figure, _ = exported(scope, build_id, asked, ("carte", "png"))
    svg = figure.svg()
    for name in ("Paris et petite couronne", "Guadeloupe", "La Réunion", "Mayotte"):
        assert re.search(rf'class="framed"[^>]*>{name}</text>', svg)
    assert re.search(r'class="sign"[^>]*>▼</text>', svg)


def test_no_line_is_named_that_is_not_drawn(demo_home):
    said = readable(as_caisse(annee="2016", mesure="adhesions"))
    assert "Trait plein : CPAM Haute-Loire" in said
    assert "pointillé" not in said


@pytest.mark.parametrize("beside", ["programme-sophia", "date-12"])
def test_another_programme_or_date_stands_beside(beside, demo_home):
    app = open_app(PAGE, annee="2016", cote=beside)
    assert not app.exception
    assert len(specs(app)) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"mesure": "croissance", "niveau": "drsm"},
        {"mesure": "ecart", "niveau": "region", "classes": "naturelles"},
        {"programme": "sophia", "mesure": "atteinte", "classes": "rondes"},
        {"programme": "dmp", "niveau": "region"},
        {"programme": "sante_active", "periode": "douze"},
        {"mesure": "adhesions", "relief": "oui", "volets": "oui"},
        {"territoire": "DRSM-AUVERGNE"},
        {"tri": "nom", "territoire": "REG-06"},
        {"mesure": "atteinte", "classes": "rondes", "volets": "oui", "territoire": "REG-44"},
    ],
)
def test_every_choice_draws(asked, demo_home):
    app = open_app(PAGE, **asked)
    assert not app.exception
    assert "Cette page n’a pas pu" not in readable(app)


def test_classes_are_the_same_at_every_month(demo_home):
    bounds = [
        re.findall(
            r'class="k (s\d)"></b> ([^<]*) <i>', sent(open_app(PAGE, mois=month, bornes="periode"))
        )
        for month in ("2015-06", "2017-06")
    ]
    assert bounds[0] == bounds[1]
    assert len(bounds[0]) == 5


def test_what_the_address_asks_wrongly_is_corrected(demo_home):
    app = open_app(PAGE, mesure="inconnue", mois="1999-01", niveau="commune")
    assert not app.exception
    written = address_to_write(app)
    assert {name: written[name] for name in ("mesure", "mois", "niveau")} == dict.fromkeys(
        ("mesure", "mois", "niveau")
    )


def test_an_empty_home_says_what_to_do(empty_home):
    assert "Aucune donnée publiée" in readable(open_app(PAGE))


def test_a_month_alone_has_its_own_classes_and_two_dates_those_of_the_period(demo_home):
    def counts(**asked):
        page = sent(open_app(PAGE, mois="2017-06", **asked))
        return [int(n) for n in re.findall(r'class="k s\d"></b> [^<]*<i>\((\d+)\)', page)]

    alone = counts()
    # Quantiles of the departments known: none holds most of them.
    assert len(alone) == 5
    assert max(alone) <= 30
    assert counts(cote="date-12") != alone


def test_cumulated_programmes_show_what_is_compared(demo_home):
    page = sent(open_app(PAGE, programme="sophia", annee="2016"))
    assert "Adhésions cumulées" in page
    assert "cumulées depuis le début du programme" in readable(open_app(PAGE, programme="sophia"))
