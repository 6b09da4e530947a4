"""Sentences written from data: golden ones, and what none of them may ever say."""

import math
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reference.territories import territories
from figures import sentences
from figures.formats import attainment_percent
from figures.sentences import Effort, Gap, Landed, Move, PeersPlace
from indicators import control_chart

APRIL, AUGUST = date(2017, 4, 1), date(2017, 8, 1)
JANUARY, NOVEMBER, DECEMBER = date(2017, 1, 1), date(2017, 11, 1), date(2017, 12, 1)

FALL = Move(-1, "seven_one_side", APRIL, AUGUST)
LANDED = Landed(910, 840, 980, 1000, 0.06, "higher", "count", "adhésions")
GAP = Gap("PRADO chirurgie", "DEP-43", "Haute-Loire", 0.88, move=FALL, landed=LANDED)
EFFORT = Effort(41.3, 31.4, 251, 416, JANUARY, AUGUST, "higher", "count", "adhésions")
COST = Effort(41000, 45500.4, 364003, 528003, JANUARY, AUGUST, "lower", "eur", "€")
LEVEL = Effort(None, None, 0.418, 0.45, JANUARY, AUGUST, unit="proportion", is_level=True)
PLACE = PeersPlace("departement", 9, 12, 0.97, "worse")
LATE = ["CPAM Allier", "CPAM Cantal"]


def plain(sentence: str) -> str:
    """The sentence with ordinary spaces, easier to read in a table."""
    return sentence.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (
            GAP,
            "PRADO chirurgie : 12 % sous l’objectif à date en Haute-Loire, en baisse depuis avril "
            "; atterrissage à 91 % de l’objectif (entre 84 et 98 %), chance de l’atteindre : 6 %",
        ),
        (
            replace(GAP, move=None, landed=None),
            "PRADO chirurgie : 12 % sous l’objectif à date en Haute-Loire",
        ),
        (
            replace(GAP, move=Move(0), landed=None, is_open_year=False),
            "PRADO chirurgie : 12 % sous l’objectif en Haute-Loire",
        ),
        (
            replace(GAP, title="PRADO chirurgie\u00a0: adhésions", landed=None, behind_since=APRIL),
            "PRADO chirurgie (adhésions) : 12 % sous l’objectif à date en Haute-Loire, "
            "en retard depuis avril, en baisse depuis avril",
        ),
        (
            replace(GAP, move=None, landed=None, behind_since=date(2016, 11, 1)),
            "PRADO chirurgie : 12 % sous l’objectif à date en Haute-Loire, "
            "en retard depuis novembre 2016",
        ),
        (
            Gap(
                "Génériques", "REG-84", "Auvergne-Rhône-Alpes", 0.97, senders=(8, 10), move=Move(0)
            ),
            "Génériques : 3 % sous l’objectif à date en Auvergne-Rhône-Alpes (8/10 caisses)",
        ),
        (
            Gap("Génériques", "REG-84", "Auvergne-Rhône-Alpes", 0.97, senders=(10, 10)),
            "Génériques : 3 % sous l’objectif à date en Auvergne-Rhône-Alpes",
        ),
        (
            Gap("Indemnités journalières", "CPAM-03", "CPAM Allier", 0.88, better="lower"),
            "Indemnités journalières : 14 % au-dessus de l’objectif à date à la CPAM Allier",
        ),
        (
            Gap("Durée de séjour", "DEP-40", "Landes", 1.25, better="lower", is_open_year=False),
            "Durée de séjour : 20 % sous l’objectif dans les Landes, comme voulu",
        ),
        (
            Gap("Réhospitalisations", "DEP-75", "Paris", None, is_hidden=True),
            "Réhospitalisations : valeur masquée (petits nombres de patients) à Paris",
        ),
        (
            Gap("Sophia", "CSS-976", "CSS Mayotte", None),
            "Sophia : écart à l’objectif à date inconnu à la CSS Mayotte",
        ),
        (
            Gap("Sophia", "FR", "France", 1.0),
            "Sophia : à l’objectif à date en France",
        ),
        (
            Gap("Sophia", "DRSM-AUVERGNE", "Auvergne", 1.12, is_open_year=False),
            "Sophia : 12 % au-dessus de l’objectif à la DRSM Auvergne",
        ),
    ],
)
def test_gap_sentences(gap, expected):
    assert plain(sentences.gap_sentence(gap, 2017)) == expected


@pytest.mark.parametrize(
    ("attainment", "better", "expected"),
    [
        (0.88, "higher", "12 % sous l’objectif"),
        (0.0, "higher", "100 % sous l’objectif"),
        (-0.5, "higher", "150 % sous l’objectif"),
        (0.9996, "higher", "moins de 1 % sous l’objectif"),
        (0.994, "higher", "1 % sous l’objectif"),
        (0.9496, "higher", "6 % sous l’objectif"),
        (1.0 + 1e-12, "higher", "à l’objectif"),
        (1.001, "higher", "moins de 1 % au-dessus de l’objectif"),
        (1.12, "higher", "12 % au-dessus de l’objectif"),
        (0.8, "lower", "25 % au-dessus de l’objectif"),
        (0.9999, "lower", "moins de 1 % au-dessus de l’objectif"),
        (1.25, "lower", "20 % sous l’objectif, comme voulu"),
        (1.0, "lower", "à l’objectif"),
        (0.0, "lower", "écart à l’objectif inconnu"),
        (0.8, "none", "écart à l’objectif inconnu"),
        (math.nan, "higher", "écart à l’objectif inconnu"),
        (math.inf, "higher", "écart à l’objectif inconnu"),
    ],
)
def test_gaps_say_the_side_that_the_direction_of_improvement_makes_matter(
    attainment, better, expected
):
    assert plain(sentences.gap_words(attainment, better)) == expected


def test_the_gap_and_the_attainment_shown_beside_it_make_one_hundred():
    for permille in range(500, 995):
        value = permille / 1000
        gap = int(plain(sentences.gap_words(value)).split(" ")[0])
        assert gap + int(plain(attainment_percent(value, 0)).split(" ")[0]) == 100


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (
            FALL,
            "en baisse depuis avril : signal défavorable "
            "(au moins sept mois de suite du même côté de la moyenne)",
        ),
        (
            replace(FALL, better="lower", rule="seven_point_trend"),
            "en baisse depuis avril : signal favorable "
            "(au moins sept mois de suite dans le même sens)",
        ),
        (replace(FALL, better="none", rule=None), "en baisse depuis avril : signal"),
        (
            Move(1, "beyond_limits", AUGUST, AUGUST),
            "en hausse en août : signal favorable (hors des limites habituelles)",
        ),
        (
            Move(1, "two_of_three_near_limit", date(2016, 12, 1), JANUARY, "lower"),
            "en hausse depuis décembre 2016 : signal défavorable "
            "(deux mois sur trois près de la limite)",
        ),
        (
            Move(1, "beyond_limits", AUGUST, AUGUST, is_trial=True),
            "en hausse en août : signal favorable (hors des limites habituelles, "
            "limites provisoires, peu de mois connus)",
        ),
        (
            Move(0),
            "sans signal : les écarts d’un mois à l’autre restent dans la variation habituelle",
        ),
        (
            Move(0, is_trial=True),
            "sans signal : les écarts d’un mois à l’autre restent dans la variation habituelle "
            "(limites provisoires, peu de mois connus)",
        ),
        (Move(1, None, None), "en hausse : signal favorable"),
        (
            Move(1, "beyond_limits", APRIL, APRIL, sent_to=AUGUST),
            "en hausse en avril, jugé jusqu’à avril 2017 : signal favorable "
            "(hors des limites habituelles)",
        ),
        (
            Move(0, last_month=APRIL, sent_to=AUGUST),
            "sans signal, jugé jusqu’à avril 2017 : les écarts d’un mois à l’autre restent dans la "
            "variation habituelle",
        ),
        (Move(None), "variation inconnue : trop peu de mois"),
        (None, "variation inconnue : trop peu de mois"),
    ],
)
def test_variation(move, expected):
    assert plain(sentences.variation_words(move, 2017)) == expected


def test_every_rule_of_the_control_chart_has_its_words():
    assert set(sentences.RULE_WORDS) == set(control_chart.RULES)


def test_a_move_is_read_from_its_control_chart():
    values = [10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 10, 30, math.nan]
    months = [date(2016, month, 1) for month in range(1, 13)] + [JANUARY]
    move = Move.of_chart(control_chart.xmr(values), months, "higher")
    assert move == Move(1, "beyond_limits", months[11], months[11], "higher", False)
    assert plain(sentences.variation_words(move, 2017)) == (
        "en hausse en décembre 2016 : signal favorable (hors des limites habituelles)"
    )


def test_a_quiet_chart_is_no_signal():
    chart = control_chart.xmr([10, 11, 10, 11])
    move = Move.of_chart(chart, [date(2017, month, 1) for month in range(1, 5)], "higher")
    assert (move.side, move.since, move.is_trial) == (0, None, True)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("passes", "atteint son objectif de façon régulière"),
        ("fails", "manque régulièrement son objectif"),
        ("hit_or_miss", "est tantôt au-dessus, tantôt au-dessous de son objectif"),
        ("none", "a une régularité inconnue"),
        (None, "a une régularité inconnue"),
    ],
)
def test_assurance(word, expected):
    assert sentences.assurance_words(word) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (PLACE, "9e sur 12 départements ; médiane 97 % ; significativement sous la médiane"),
        (
            PeersPlace("caisse", 1, 10, 0.9, "better"),
            "1re sur 10 caisses ; médiane 90 % ; significativement au-dessus de la médiane",
        ),
        (
            PeersPlace("departement", 1, 12, 0.9, "similar"),
            "1er sur 12 départements ; médiane 90 % ; "
            "pas de différence significative avec la médiane",
        ),
        (
            PeersPlace("drsm", 2, 20, 0.97, "not_compared"),
            "2e sur 20 DRSM ; médiane 97 % ; écart à la médiane non testé",
        ),
        (
            replace(PLACE, unit="days", median=4.2, better="lower"),
            "9e sur 12 départements ; médiane 4,2 j ; significativement au-dessus de la médiane",
        ),
        (
            replace(PLACE, unit="days", median=4.2, better="lower", comparison="better"),
            "9e sur 12 départements ; médiane 4,2 j ; significativement sous la médiane",
        ),
        (
            replace(PLACE, lower=0.84, upper=0.93),
            "9e sur 12 départements ; médiane 97 % ; significativement sous la médiane "
            "(intervalle : entre 84 % et 93 %)",
        ),
        (
            replace(PLACE, qualifier="de taille proche", benchmark="le taux national"),
            "9e sur 12 départements de taille proche ; médiane 97 % ; "
            "significativement sous le taux national",
        ),
        (
            replace(PLACE, comparison="better", benchmark="le taux national", median=None),
            "9e sur 12 départements ; significativement au-dessus du taux national",
        ),
        (
            replace(PLACE, rank=None, comparison="not_compared"),
            "non classé parmi 12 départements ; médiane 97 % ; écart à la médiane non testé",
        ),
        (
            PeersPlace("region", None, 18, None, "not_compared"),
            "non classée parmi 18 régions ; écart à la médiane non testé",
        ),
        (PeersPlace("region", 1, 1, None), "seule région comparée"),
        (PeersPlace("departement", 1, 1, math.nan), "seul département comparé"),
        (PeersPlace("caisse", None, 0), "aucune caisse à comparer"),
        (
            replace(PLACE, comparison="not_compared", benchmark="le taux national"),
            "9e sur 12 départements ; médiane 97 % ; écart au taux national non testé",
        ),
    ],
)
def test_peers(place, expected):
    assert plain(sentences.peers_sentence(place)) == expected


@pytest.mark.parametrize(
    ("landed", "expected"),
    [
        (
            LANDED,
            "atterrissage à 91 % de l’objectif (entre 84 et 98 %), chance de l’atteindre : 6 %",
        ),
        (
            replace(LANDED, value=999.6, upper=1021, chance=0.47),
            "atterrissage à 99 % de l’objectif (entre 84 et 102 %), chance de l’atteindre : 47 %",
        ),
        (
            Landed(1090, 1020, 1160, 1000, 0.004, "lower"),
            "atterrissage à 109 % de l’objectif à ne pas dépasser (entre 102 et 116 %), "
            "chance de le tenir : moins de 1 %",
        ),
        (
            Landed(1001, 980, 1020, 1000, 0.45, "lower"),
            "atterrissage à 101 % de l’objectif à ne pas dépasser (entre 98 et 102 %), "
            "chance de le tenir : 45 %",
        ),
        (
            replace(LANDED, lower=None, upper=None, chance=None),
            "atterrissage à 91 % de l’objectif (marge inconnue)",
        ),
        (
            replace(LANDED, lower=909, upper=911, chance=1.0),
            "atterrissage à 91 % de l’objectif (à moins d’un point près), "
            "chance de l’atteindre : plus de 99 %",
        ),
        (replace(LANDED, objective=None), "atterrissage à 910 adhésions, sans objectif à comparer"),
        (replace(LANDED, objective=0), "atterrissage à 910 adhésions, sans objectif à comparer"),
        (replace(LANDED, value=math.nan), "atterrissage inconnu"),
        (
            replace(LANDED, value=None, is_too_few=True),
            "trop peu d’adhésions pour prévoir l’atterrissage",
        ),
        (
            replace(LANDED, chance=None, senders=(104, 106)),
            "atterrissage à 91 % de l’objectif (entre 84 et 98 %) pour 104 caisses sur 106",
        ),
    ],
)
def test_landings(landed, expected):
    assert plain(sentences.landing_sentence(landed)) == expected


@pytest.mark.parametrize(
    ("effort", "expected"),
    [
        (
            EFFORT,
            "il faut 42 adhésions par mois de septembre à décembre, "
            "contre 31 en moyenne depuis janvier",
        ),
        (
            replace(EFFORT, best=38),
            "il faut 42 adhésions par mois de septembre à décembre, "
            "contre 31 en moyenne depuis janvier ; "
            "le meilleur mois connu est à 38",
        ),
        (
            replace(EFFORT, best=60),
            "il faut 42 adhésions par mois de septembre à décembre, "
            "contre 31 en moyenne depuis janvier",
        ),
        (
            replace(EFFORT, needed=0.6, mean=0.26),
            "il faut 1 adhésion par mois de septembre à décembre, "
            "contre 0,3 en moyenne depuis janvier",
        ),
        (
            replace(EFFORT, last_month=NOVEMBER),
            "il faut 42 adhésions en décembre, contre 31 en moyenne depuis janvier",
        ),
        (
            replace(EFFORT, last_month=JANUARY),
            "il faut 42 adhésions par mois de février à décembre, contre 31 en janvier",
        ),
        (
            replace(EFFORT, mean=None, first_month=None, last_month=None, total=None),
            "il faut 42 adhésions par mois d’ici décembre ; aucun mois connu cette année",
        ),
        (replace(EFFORT, total=416), "objectif de l’année déjà atteint"),
        (replace(EFFORT, objective=None), "sans objectif chiffré à atteindre"),
        (replace(EFFORT, objective=0), "sans objectif chiffré à atteindre"),
        (replace(EFFORT, better="none"), "sans objectif chiffré à atteindre"),
        (
            replace(EFFORT, needed=None, total=None),
            "effort inconnu : le réalisé de l’année manque",
        ),
        (
            replace(EFFORT, last_month=DECEMBER, needed=None),
            "année close : il a manqué 165 adhésions",
        ),
        (
            replace(EFFORT, last_month=DECEMBER, needed=None, total=415),
            "année close : il a manqué 1 adhésion",
        ),
        (replace(EFFORT, last_month=DECEMBER, total=500), "année close, objectif atteint"),
        (replace(EFFORT, last_month=DECEMBER, total=None), "année close, réalisé inconnu"),
        (
            COST,
            "il ne faut pas dépasser 41 000 € par mois de septembre à décembre, "
            "contre 45 500 € en moyenne depuis janvier",
        ),
        (
            replace(COST, needed=0, total=530003),
            "objectif de l’année déjà dépassé de 2 000 € : il ne peut plus être tenu",
        ),
        (
            replace(COST, needed=0, total=528003),
            "objectif de l’année déjà consommé : plus rien ne peut s’y ajouter d’ici décembre",
        ),
        (
            replace(COST, last_month=DECEMBER, total=530003),
            "année close, objectif dépassé de 2 000 €",
        ),
        (replace(COST, last_month=DECEMBER, total=500000), "année close, objectif tenu"),
        (LEVEL, "il faut 3,2 points de plus d’ici décembre"),
        (replace(LEVEL, total=0.4499), "il faut moins de 0,1 point de plus d’ici décembre"),
        (replace(LEVEL, total=0.46), "objectif atteint à ce jour"),
        (
            replace(LEVEL, total=4.4, objective=4.0, better="lower", unit="days"),
            "il faut 0,4 j de moins d’ici décembre",
        ),
        (replace(LEVEL, better="lower"), "objectif tenu à ce jour"),
        (replace(LEVEL, last_month=DECEMBER), "année close : il a manqué 3,2 points"),
        (
            replace(LEVEL, total=119, objective=120, unit="count", unit_label="établissements"),
            "il faut 1 établissement de plus d’ici décembre",
        ),
    ],
)
def test_efforts(effort, expected):
    assert plain(sentences.effort_sentence(effort)) == expected


@pytest.mark.parametrize(
    ("code", "name", "before", "after", "what", "expected"),
    [
        (
            "CPAM-03",
            "CPAM Allier",
            "close",
            "behind",
            "le taux de génériques",
            "La CPAM Allier passe de Proche à En retard sur le taux de génériques",
        ),
        (
            "DEP-43",
            "Haute-Loire",
            "behind",
            "attained",
            "le taux de génériques",
            "La Haute-Loire passe d’En retard à Atteint sur le taux de génériques",
        ),
        (
            "DEP-40",
            "Landes",
            "attained",
            "close",
            "PRADO\u00a0: adhésions",
            "Les Landes passent d’Atteint à Proche sur « PRADO : adhésions »",
        ),
        (
            "DEP-75",
            "Paris",
            None,
            "close",
            "le taux de génériques",
            "Paris entre à l’état Proche sur le taux de génériques",
        ),
        (
            "REG-32",
            "Hauts-de-France",
            "close",
            None,
            "le taux de génériques",
            "Les Hauts-de-France n’ont plus d’état connu sur le taux de génériques "
            "(était : Proche)",
        ),
        (
            "DRSM-AUVERGNE",
            "Auvergne",
            "close",
            "close",
            "le taux de génériques",
            "La DRSM Auvergne reste à l’état Proche sur le taux de génériques",
        ),
        (
            "DEP-01",
            "Ain",
            None,
            None,
            "le taux de génériques",
            "L’Ain est sans état connu sur le taux de génériques",
        ),
    ],
)
def test_flips(code, name, before, after, what, expected):
    assert plain(sentences.flip_sentence(code, name, before, after, what)) == expected


@pytest.mark.parametrize(
    ("received", "expected_count", "names", "expected"),
    [
        (
            8,
            10,
            LATE,
            "8 caisses sur 10 à jour à fin août ; manquent CPAM Allier et CPAM Cantal",
        ),
        (9, 10, LATE[:1], "9 caisses sur 10 à jour à fin août ; manque CPAM Allier"),
        (1, 3, [], "1 caisse sur 3 à jour à fin août ; il en manque 2"),
        (0, 2, LATE, "aucune caisse sur 2 à jour à fin août ; manquent CPAM Allier et CPAM Cantal"),
        (
            1,
            6,
            [*LATE, "CPAM Loire", "CPAM Ain", "CPAM Isère"],
            "1 caisse sur 6 à jour à fin août ; "
            "manquent CPAM Allier, CPAM Cantal, CPAM Loire et 2 autres",
        ),
        (10, 10, [], "les 10 caisses attendues sont à jour à fin août"),
        (1, 1, [], "la caisse attendue est à jour à fin août"),
        (0, 1, LATE[:1], "la caisse attendue n’est pas à jour à fin août"),
        (0, 0, [], "aucun envoi attendu"),
    ],
)
def test_what_is_missing(received, expected_count, names, expected):
    said = sentences.missing_sentence(received, expected_count, names, AUGUST, 2017)
    assert plain(said) == expected


@pytest.mark.parametrize(
    ("expected_day", "today", "expected"),
    [
        (
            date(2017, 11, 15),
            date(2017, 11, 2),
            "prochain envoi attendu le 15 novembre 2017",
        ),
        (
            date(2017, 11, 1),
            date(2017, 11, 13),
            "envoi attendu le 1er novembre 2017, en retard de 12 jours",
        ),
        (
            date(2017, 11, 15),
            date(2017, 11, 16),
            "envoi attendu le 15 novembre 2017, en retard de 1 jour",
        ),
        (
            date(2017, 11, 15),
            date(2017, 11, 15),
            "prochain envoi attendu le 15 novembre 2017",
        ),
        (None, date(2017, 11, 15), "date du prochain envoi inconnue"),
    ],
)
def test_next_expected(expected_day, today, expected):
    assert plain(sentences.next_expected_sentence(expected_day, today)) == expected


@pytest.mark.parametrize(
    ("text", "author", "written", "period", "expected"),
    [
        (
            "grève à l'hôpital",
            "J. Martin",
            date(2017, 11, 15),
            AUGUST,
            "Note du 15 novembre 2017 sur août 2017, J. Martin : grève à l’hôpital",
        ),
        (
            "deux\nlignes",
            "J. Martin",
            "2017-11-01T10:00:00Z",
            None,
            "Note du 1er novembre 2017, J. Martin : deux lignes",
        ),
        ("  ", None, None, None, "Note sans date, sans nom : sans texte"),
    ],
)
def test_notes(text, author, written, period, expected):
    assert plain(sentences.note_line(text, author, written, period)) == expected


def test_tall_signs_and_units_keep_to_the_word_before_them():
    assert sentences.gap_sentence(GAP, 2017) == (
        "PRADO chirurgie\u00a0: 12\u202f% sous l’objectif à date en Haute-Loire, en baisse depuis "
        "avril\u202f; atterrissage à 91\u202f% de l’objectif (entre 84 et 98\u202f%), chance de "
        "l’atteindre\u00a0: 6\u202f%"
    )


NEVER = re.compile(
    r"\bnan\b|\bNone\b|\bNaT\b|\binf\b|  |'|\s,|\d\.\d|–|\(\)|[ \u00a0\u202f]{2}", re.IGNORECASE
)

measures = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-6)
numbers = st.one_of(st.none(), measures, st.sampled_from([math.nan, math.inf, 0.0]))
shares = st.one_of(
    st.none(),
    st.floats(-0.5, 12).filter(lambda value: value == 0 or abs(value) > 1e-6),
    st.sampled_from([math.nan, 1.0]),
)
betters = st.sampled_from(["higher", "lower", "none"])
units = st.sampled_from(["count", "eur", "days", "proportion", "index"])
months = st.one_of(st.none(), st.dates(date(2014, 1, 1), date(2018, 12, 31)))
places = st.sampled_from(
    [(row.territory_code, row.territory_name) for row in territories().itertuples()]
)
moves = st.builds(
    Move,
    st.sampled_from([1, 0, -1, None]),
    st.sampled_from([*control_chart.RULES, None]),
    months,
    months,
    betters,
    st.booleans(),
)
landings = st.builds(
    Landed, numbers, numbers, numbers, numbers, shares, betters, units, st.just("adhésions")
)
efforts = st.builds(
    Effort,
    numbers,
    numbers,
    numbers,
    numbers,
    months,
    months,
    betters,
    units,
    st.just("séjours"),
    numbers,
    st.booleans(),
)
peers = st.builds(
    PeersPlace,
    st.sampled_from(["caisse", "departement", "drsm", "region", "ancienne_region", "national"]),
    st.one_of(st.none(), st.integers(1, 12)),
    st.integers(0, 12),
    shares,
    st.sampled_from(["better", "worse", "similar", "not_compared"]),
    shares,
    shares,
    betters,
    st.sampled_from(["attainment", "proportion", "days", "count"]),
)


@settings(max_examples=150, deadline=None)
@given(places, shares, betters, st.booleans(), st.booleans(), months, moves, landings)
def test_no_gap_sentence_says_what_it_does_not_know(
    place, attainment, better, is_open_year, is_hidden, behind_since, move, landed
):
    gap = Gap(
        "Génériques\u00a0: taux",
        *place,
        attainment,
        better,
        is_open_year,
        is_hidden,
        (8, 10),
        behind_since,
        behind_since,
        move,
        landed,
    )
    assert not NEVER.search(sentences.gap_sentence(gap, 2017))


@settings(max_examples=300, deadline=None)
@given(moves, landings, efforts, peers)
def test_no_part_of_a_story_says_what_it_does_not_know(move, landed, effort, place):
    said = (
        sentences.variation_words(move, 2017),
        sentences.landing_sentence(landed),
        sentences.effort_sentence(effort),
        sentences.peers_sentence(place),
    )
    assert [sentence for sentence in said if NEVER.search(sentence) or not sentence] == []


@settings(max_examples=150, deadline=None)
@given(
    places,
    st.sampled_from(["attained", "close", "behind", "not_applicable", None]),
    st.sampled_from(["attained", "close", "behind", "not_applicable", None]),
    st.integers(0, 12),
    st.integers(0, 12),
    months,
    st.dates(date(2017, 1, 1), date(2017, 12, 31)),
)
def test_no_line_says_what_it_does_not_know(place, before, after, received, expected, month, today):
    said = (
        sentences.flip_sentence(*place, before, after, "PRADO\u00a0: adhésions"),
        sentences.missing_sentence(received, expected, [place[1]], month, 2017),
        sentences.next_expected_sentence(month, today),
        sentences.note_line("L'équipe a changé , depuis", None, month, month),
    )
    assert [sentence for sentence in said if NEVER.search(sentence) or not sentence] == []


@pytest.mark.parametrize(
    ("better", "side"), [("higher", "sous l’objectif"), ("lower", "au-dessus de l’objectif")]
)
def test_a_stretch_under_the_objective_has_its_own_words_and_year(better, side):
    gap = Gap(
        "Génériques",
        "FR",
        "France",
        0.99,
        better=better,
        under_since=JANUARY,
        move=Move(1, "beyond_limits", date(2016, 1, 1), AUGUST, better),
    )
    said = plain(sentences.gap_sentence(gap, 2017))
    assert said.endswith(f"en France, {side} depuis janvier 2017, en hausse depuis janvier 2016")
