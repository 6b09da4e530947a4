"""French grammar: elision, articles by territory code, months, ordinals, spaces."""

import math
import re
from datetime import date

import pytest

from data.reference.territories import territories
from figures import grammar
from indicators.catalogue import catalogue

TERRITORIES = territories()

INSEE_ARTICLES = {
    "": "75 974 976",
    "le": "14 15 18 25 29 30 32 39 41 45 46 47 49 56 59 62 63 67 68 69 81 82 83 84 90 94 95",
    "la": (
        "16 17 19 21 23 24 26 2A 2B 31 33 42 43 44 48 50 51 52 53 55 57 58 70 72 73 74 76 80 85 86 "
        "87 93 971 972 973"
    ),
    "les": "04 05 06 08 13 22 40 64 65 66 78 79 88 92",
    "l’": "01 02 03 07 09 10 11 12 27 34 36 38 60 61 89 91",
    "d’": "28 35 37",
    "de": "54 71 77",
}
"""The type of name in clear (TNCC) of the INSEE's list of departments, 2020."""

OF = {
    "": "de ",
    "le": "du ",
    "la": "de la ",
    "les": "des ",
    "l’": "de l’",
    "d’": "d’",
    "de": "de ",
}

PLACES = {
    "dans l’": "01 02 03 10 11 12 27 34 36 60 61 89 91",
    "dans la ": "26 42 50 51 55 58 72 80 86",
    "dans le ": ("14 15 18 25 29 30 32 39 41 45 46 47 56 59 62 63 67 68 69 81 82 83 84 90 94 95"),
    "dans les ": "04 05 06 08 13 22 40 64 65 66 78 79 88 92",
    "à ": "75 974 976",
    "en ": (
        "07 09 16 17 19 21 23 24 28 2A 2B 31 33 35 37 38 43 44 48 49 52 53 54 57 70 71 73 74 76 77 "
        "85 87 93 971 972 973"
    ),
}

REGIONS = [
    ("REG-01", "en Guadeloupe", "de la Guadeloupe", "la Guadeloupe"),
    ("REG-02", "en Martinique", "de la Martinique", "la Martinique"),
    ("REG-03", "en Guyane", "de la Guyane", "la Guyane"),
    ("REG-04", "à La Réunion", "de La Réunion", "La Réunion"),
    ("REG-06", "à Mayotte", "de Mayotte", "Mayotte"),
    ("REG-11", "en Île-de-France", "d’Île-de-France", "l’Île-de-France"),
    ("REG-24", "en Centre-Val de Loire", "du Centre-Val de Loire", "le Centre-Val de Loire"),
    (
        "REG-27",
        "en Bourgogne-Franche-Comté",
        "de Bourgogne-Franche-Comté",
        "la Bourgogne-Franche-Comté",
    ),
    ("REG-28", "en Normandie", "de Normandie", "la Normandie"),
    ("REG-32", "dans les Hauts-de-France", "des Hauts-de-France", "les Hauts-de-France"),
    ("REG-44", "dans le Grand Est", "du Grand Est", "le Grand Est"),
    ("REG-52", "dans les Pays de la Loire", "des Pays de la Loire", "les Pays de la Loire"),
    ("REG-53", "en Bretagne", "de Bretagne", "la Bretagne"),
    ("REG-75", "en Nouvelle-Aquitaine", "de la Nouvelle-Aquitaine", "la Nouvelle-Aquitaine"),
    ("REG-76", "en Occitanie", "d’Occitanie", "l’Occitanie"),
    ("REG-84", "en Auvergne-Rhône-Alpes", "d’Auvergne-Rhône-Alpes", "l’Auvergne-Rhône-Alpes"),
    (
        "REG-93",
        "en Provence-Alpes-Côte d’Azur",
        "de Provence-Alpes-Côte d’Azur",
        "Provence-Alpes-Côte d’Azur",
    ),
    ("REG-94", "en Corse", "de Corse", "la Corse"),
]


def names(level: str) -> dict[str, str]:
    rows = TERRITORIES[TERRITORIES["level"] == level]
    return dict(zip(rows["territory_code"], rows["territory_name"], strict=True))


def by_code(groups: dict[str, str]) -> dict[str, str]:
    return {f"DEP-{code}": words for words, codes in groups.items() for code in codes.split()}


def test_every_territory_of_the_reference_has_its_articles():
    assert [code for code in TERRITORIES["territory_code"] if not grammar.has_usage(code)] == []


def test_articles_are_declared_for_territories_of_the_reference_only():
    assert set(grammar.USAGES) <= set(TERRITORIES["territory_code"])


def test_a_code_is_declared_once():
    codes = " ".join(grammar.CODES_BY_USAGE.values()).split()
    assert len(codes) == len(set(codes))


def test_departments_after_de_follow_the_official_list():
    expected = {code: OF[article] for code, article in by_code(INSEE_ARTICLES).items()}
    known = names("departement")
    assert set(expected) == set(known)
    assert len(known) == 101
    for code, name in known.items():
        assert grammar.of_territory(code, name) == expected[code] + name.replace("'", "’")


def test_where_a_department_is():
    expected, known = by_code(PLACES), names("departement")
    assert set(expected) == set(known)
    for code, name in known.items():
        assert grammar.in_territory(code, name) == expected[code] + name.replace("'", "’")


def test_a_department_as_subject_has_the_article_that_it_has_elsewhere():
    articles = by_code(INSEE_ARTICLES) | {"DEP-54": "la", "DEP-71": "la", "DEP-77": "la"}
    for code, name in names("departement").items():
        article = articles[code].replace("d’", "l’")
        gap = " " if article and not article.endswith("’") else ""
        assert grammar.the_territory(code, name) == f"{article}{gap}{name}".replace("'", "’")


def test_all_regions_are_tried():
    assert {region[0] for region in REGIONS} == set(names("region"))


@pytest.mark.parametrize(("code", "place", "of", "subject"), REGIONS)
def test_regions(code, place, of, subject):
    name = names("region")[code]
    assert grammar.in_territory(code, name) == place
    assert grammar.of_territory(code, name) == of
    assert grammar.the_territory(code, name) == subject


@pytest.mark.parametrize(
    ("code", "name", "place", "of"),
    [
        ("CPAM-43", "CPAM Haute-Loire", "à la CPAM Haute-Loire", "de la CPAM Haute-Loire"),
        ("CPAM-62-COTE-D-OPALE", "CPAM Côte d'Opale", "à la CPAM Côte d’Opale", None),
        ("CGSS-974", "CGSS La Réunion", "à la CGSS La Réunion", "de la CGSS La Réunion"),
        ("CSS-976", "CSS Mayotte", "à la CSS Mayotte", "de la CSS Mayotte"),
        ("DRSM-AUVERGNE", "Auvergne", "à la DRSM Auvergne", "de la DRSM Auvergne"),
        ("DRSM-NORD-EST", "DRSM Nord-Est", "à la DRSM Nord-Est", "de la DRSM Nord-Est"),
        ("FR", "France", "en France", "de la France entière"),
        ("ANC-83", "Auvergne", "en Auvergne", "d’Auvergne"),
        ("PAIRS", "Avranches et Caen", "pour Avranches et Caen", "d’Avranches et Caen"),
        ("PAIRS", "pairs choisis", "pour pairs choisis", "de pairs choisis"),
    ],
)
def test_bodies_and_groups(code, name, place, of):
    assert grammar.in_territory(code, name) == place
    if of is not None:
        assert grammar.of_territory(code, name) == of


def test_territories_named_in_the_plural():
    assert grammar.is_plural_territory("DEP-40")
    assert not grammar.is_plural_territory("DEP-43")
    assert not grammar.is_plural_territory("CPAM-40")


@pytest.mark.parametrize(
    ("small", "word", "written"),
    [
        ("de", "août", "d’août"),
        ("de", "avril", "d’avril"),
        ("de", "mars", "de mars"),
        ("de", "Île-de-France", "d’Île-de-France"),
        ("de", "Hérault", "d’Hérault"),
        ("de", "Haute-Loire", "de Haute-Loire"),
        ("de", "Hauts-de-Seine", "de Hauts-de-Seine"),
        ("de", "Hainaut", "de Hainaut"),
        ("de", "œuvres", "d’œuvres"),
        ("de", "Yonne", "d’Yonne"),
        ("de", "onze caisses", "de onze caisses"),
        ("de", "11 caisses", "de 11 caisses"),
        ("que", "il", "qu’il"),
        ("que", "elle", "qu’elle"),
        ("que", "la caisse", "que la caisse"),
        ("jusque", "en août", "jusqu’en août"),
        ("jusque", "là", "jusque là"),
        ("lorsque", "on", "lorsqu’on"),
        ("le", "écart", "l’écart"),
        ("la", "atteinte", "l’atteinte"),
        ("la", "hausse", "la hausse"),
        ("ne", "a", "n’a"),
        ("pour", "août", "pour août"),
    ],
)
def test_elision(small, word, written):
    assert grammar.elided(small, word) == written


@pytest.mark.parametrize(
    ("preposition", "phrase", "written"),
    [
        ("de", "le taux national", "du taux national"),
        ("de", "les caisses", "des caisses"),
        ("de", "la médiane", "de la médiane"),
        ("de", "l’objectif", "de l’objectif"),
        ("de", "écarts", "d’écarts"),
        ("à", "le taux national", "au taux national"),
        ("à", "les pairs", "aux pairs"),
        ("à", "la médiane", "à la médiane"),
        ("à", "avril", "à avril"),
        ("de", "lestes", "de lestes"),
    ],
)
def test_contraction(preposition, phrase, written):
    assert grammar.contracted(preposition, phrase) == written


@pytest.mark.parametrize(
    ("rank", "gender", "written"),
    [
        (1, "m", "1er"),
        (1, "f", "1re"),
        (2, "f", "2e"),
        (21, "m", "21e"),
        (1234, "m", "1\u202f234e"),
    ],
)
def test_ordinals(rank, gender, written):
    assert grammar.ordinal(rank, gender) == written


@pytest.mark.parametrize(
    ("difference", "written"),
    [
        (0.032, "+3,2\u202fpoints"),
        (-0.032, "\u22123,2\u202fpoints"),
        (0.015, "+1,5\u202fpoint"),
        (0.01999, "+2,0\u202fpoints"),
        (0.0, "0,0\u202fpoint"),
        (None, "écart inconnu"),
        (math.nan, "écart inconnu"),
        (math.inf, "écart inconnu"),
    ],
)
def test_points(difference, written):
    assert grammar.points_in_words(difference) == written


@pytest.mark.parametrize(
    ("value", "unit", "label", "written"),
    [
        (42, "count", "adhésions", "42 adhésions"),
        (1, "count", "adhésions", "1 adhésion"),
        (0, "count", "séjours", "0 séjour"),
        (1.5, "count", "gestes", "1,5 geste"),
        (1.97, "count", "gestes", "2,0 gestes"),
        (31.4, "count", "contacts", "31 contacts"),
        (1200, "count", "classes", "1\u202f200 classes"),
        (1, "count", "mois", "1 mois"),
        (-3, "count", "séjours", "\u22123 séjours"),
        (1200, "eur", "€", "1\u202f200\u202f€"),
        (3.9, "days", "jours", "3,9\u202fj"),
        (0.215, "index", "indice", "0,215"),
        (0.5, "proportion", "%", "50,0\u202f%"),
        (None, "count", "adhésions", "valeur inconnue"),
    ],
)
def test_amounts(value, unit, label, written):
    assert grammar.amount(value, unit, label) == written


def test_every_declared_count_has_a_singular():
    labels = {one.unit_label for one in catalogue().values() if one.unit == "count"}
    assert {grammar.singular(label) for label in labels} == {
        "adhérent",
        "adhésion",
        "classe",
        "contact",
        "geste",
        "inscription",
        "séjour",
        "établissement",
    }


@pytest.mark.parametrize(
    ("probability", "written"),
    [
        (0.06, "6\u202f%"),
        (0.0, "moins de 1\u202f%"),
        (0.004, "moins de 1\u202f%"),
        (0.999, "plus de 99\u202f%"),
        (1.0, "plus de 99\u202f%"),
        (0.5, "50\u202f%"),
        (None, "inconnue"),
    ],
)
def test_chances(probability, written):
    assert grammar.chance_percent(probability) == written


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (grammar.since_month(date(2017, 4, 1), 2017), "depuis avril"),
        (grammar.since_month(date(2016, 4, 1), 2017), "depuis avril 2016"),
        (grammar.since_month(date(2016, 4, 1)), "depuis avril 2016"),
        (grammar.in_month(date(2017, 8, 1), 2017), "en août"),
        (grammar.end_of_month(date(2017, 8, 31), 2017), "à fin août"),
        (grammar.end_of_month(date(2016, 8, 31), 2017), "à fin août 2016"),
        (grammar.month_range(date(2017, 4, 1), date(2017, 8, 1), 2017), "d’avril à août"),
        (grammar.month_range(date(2017, 1, 1), date(2017, 3, 1), 2017), "de janvier à mars"),
        (grammar.month_range(date(2016, 1, 1), date(2016, 3, 1), 2017), "de janvier à mars 2016"),
        (
            grammar.month_range(date(2016, 10, 1), date(2017, 3, 1), 2017),
            "d’octobre 2016 à mars 2017",
        ),
        (grammar.month_range(date(2017, 4, 1), date(2017, 4, 30), 2017), "en avril"),
    ],
)
def test_months(written, expected):
    assert written == expected


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("l'objectif", "l’objectif"),
        ("a : b", "a\u00a0: b"),
        ("a ; b", "a\u202f; b"),
        ("a  b\n c", "a b c"),
        ("« a »", "«\u00a0a\u00a0»"),
        ("a , b", "a, b"),
        ("à 14:30", "à 14:30"),
        ("déjà\u00a0: bon", "déjà\u00a0: bon"),
    ],
)
def test_typesetting(text, written):
    assert grammar.typeset(text) == written
    assert grammar.typeset(written) == written


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A et B"),
        (["A", "B", "C"], "A, B et C"),
        (["A", "B", "C", "D"], "A, B, C et 1 autre"),
        (["A", "B", "C", "D", "E"], "A, B, C et 2 autres"),
    ],
)
def test_names_from_the_fourth_on_are_counted(given, written):
    assert grammar.named(given) == written


def test_a_sentence_starts_with_a_capital_and_keeps_the_others():
    assert grammar.capitalised("écart à la CPAM") == "Écart à la CPAM"
    assert grammar.capitalised("") == ""
    assert re.match("[A-ZÀ-Ý]", grammar.capitalised(grammar.the_territory("DEP-43", "Haute-Loire")))
