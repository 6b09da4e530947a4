"""The sheet of a territory: what its lines, its title and its lists say."""

from dataclasses import replace
from datetime import date

import pytest

from figures.figure_line import effort_of, line_words
from figures.territory_sheet import (
    SheetLine,
    SheetLinks,
    effort_text,
    rank_text,
    sheet_legend,
    sheet_records,
    sheet_table,
)
from figures.territory_sheet_words import (
    Missing,
    Named,
    SheetStake,
    ends,
    ends_html,
    missing_finding,
    missing_html,
    sheet_finding,
    stake_sentence,
)
from indicators.catalogue import catalogue
from indicators.few_patients import TOO_FEW
from indicators.landing import landing
from indicators.landings import TerritoryLanding
from indicators.reading import Place, Reading
from indicators.summary import AtStake, Awaited
from tests.figures.page_tree import page_tree

FLOW, RATE, STOCK, CEILING = (
    "prado_maternite_adhesions",
    "generiques_penetration",
    "sophia_adherents",
    "ij_montants",
)
LINKS = SheetLinks("cpg?objectif=", "methode?definition=", "extraits", "departement?territoire=")
PLAIN = str.maketrans({"\u202f": " ", "\u00a0": " "})


def reading(code=FLOW, **values):
    given = {
        "territory_code": "DEP-43",
        "year": 2017,
        "is_open_year": True,
        "last_month": date(2017, 9, 1),
        "is_provisional": True,
        "senders_received": 1,
        "senders_expected": 1,
        "is_hidden": False,
        "value": 900.0,
        "objective": 1300.0,
        "objective_to_date": 1000.0,
        "attainment": 0.9,
        "status": "behind",
        "interval": None,
        "place": Place(9, 106, 0.9, 0.97, 1.1, "worse", False),
        "control": None,
        "landing": None,
        "points": (),
        "behind_since": date(2017, 4, 1),
        "under_since": date(2017, 4, 1),
    }
    return Reading(indicator=catalogue()[code], **(given | values))


def by_code(*known):
    return {one.indicator.code: one for one in known}


def effort(*arguments, **values):
    short = effort_text(reading(*arguments, **values))
    return tuple(word.translate(PLAIN) for word in (short.figure, short.words))


def landed(is_partial=False):
    found = landing([[100.0] * 12], [100.0] * 9, 1301.0)
    return TerritoryLanding(
        **vars(found),
        objective=1301.0,
        senders_received=1,
        senders_expected=1,
        is_partial=is_partial,
    )


def test_a_flow_says_what_each_month_must_bring_against_the_mean_so_far():
    assert effort() == ("134", "contre 100")


def test_the_cell_and_the_sentence_tell_one_effort():
    for one in (
        reading(),
        reading(CEILING, value=9e6, objective=13e6),
        reading(landing=landed()),
    ):
        cell, sentence = effort_text(one), line_words(one).effort.translate(PLAIN)
        figure = cell.figure.translate(PLAIN).removeprefix("≤ ")
        assert figure in sentence
        assert cell.words.translate(PLAIN) in sentence


@pytest.mark.parametrize(
    ("last", "value", "objective", "needed"),
    [
        # By hand: (699 999 996 - 435 224 230) / 3, and 2 877 560 over June to December.
        (date(2017, 9, 1), 435224230.0, 699999996.0, 88258588.666667),
        (date(2017, 5, 1), 1000000.0, 3877560.0, 411080.0),
        (date(2017, 11, 1), 1150.0, 1300.0, 150.0),
        (date(2017, 9, 1), 1400.0, 1300.0, 0.0),
        (date(2017, 9, 1), 1200.0, None, None),
        (date(2017, 9, 1), None, 1300.0, None),
    ],
)
def test_the_effort_is_what_lacks_to_the_figures_shown_over_the_months_left(
    last, value, objective, needed
):
    # A landing that leaves a late month out, or scales its objective, changes nothing.
    one = reading(last_month=last, value=value, objective=objective, landing=landed(True))
    found = effort_of(one).needed
    assert found == (None if needed is None else pytest.approx(needed))


@pytest.mark.parametrize(
    ("senders", "said"),
    [
        ((106, 106), ""),
        ((105, 106), " ; 1 caisse n’est pas à jour, ce qu’elle enverra s’en déduira"),
        ((99, 106), " ; 7 caisses ne sont pas à jour, ce qu’elles enverront s’en déduira"),
        ((0, 1), " ; rien n’est reçu après septembre"),
    ],
)
def test_an_effort_says_whose_months_still_lack(senders, said):
    received, expected = senders
    one = reading(senders_received=received, senders_expected=expected)
    words = line_words(one).effort.translate(PLAIN)
    assert words.endswith(f"contre 100 en moyenne depuis janvier{said}")


def test_where_months_are_not_seen_one_by_one_the_effort_follows_from_the_year_so_far():
    assert line_words(reading()).effort == (
        "il faut 134 adhésions par mois d’octobre à décembre, contre 100 en moyenne depuis janvier"
    )
    assert effort_of(reading()).needed == pytest.approx(400 / 3)


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        (RATE, {"value": 0.85, "objective": 0.88}, ("97,0 %", "contre 85,0 %")),
        (RATE, {"value": 0.40, "objective": 0.60}, ("✗", "hors d’atteinte")),
        (RATE, {"value": 0.90, "objective": 0.88}, ("✓", "déjà atteint")),
        (STOCK, {"value": 3476.0, "objective": 3800.0}, ("+108", "soit +324")),
        (STOCK, {"value": 3476.0, "objective": 3801.0}, ("+109", "soit +325")),
        (STOCK, {"value": 3900.0, "objective": 3800.0}, ("✓", "déjà atteint")),
        (FLOW, {"value": 1300.0}, ("✓", "déjà atteint")),
        (CEILING, {"value": 9e6, "objective": 12e6}, ("≤ 1 000 000 €", "contre 1 000 000 €")),
        (CEILING, {"value": 13e6, "objective": 12e6}, ("✗", "plafond dépassé")),
        (FLOW, {"objective": None}, ("–", "")),
        (FLOW, {"value": None, "attainment": None, "is_hidden": True}, ("–", "")),
        (FLOW, {"last_month": date(2017, 12, 1)}, ("–", "")),
    ],
)
def test_the_effort_of_each_kind_of_figure(code, values, said):
    assert effort(code, **values) == said


@pytest.mark.parametrize(
    ("territory", "rank", "said"),
    [
        ("CPAM-43", 1, "1re sur 106"),
        ("DEP-43", 1, "1er sur 106"),
        ("DEP-43", 9, "9e sur 106"),
        ("FR", None, "–"),
    ],
)
def test_a_rank_agrees_with_what_is_ranked(territory, rank, said):
    place = Place(rank, 106, None, None, None, "not_compared", False)
    assert rank_text(reading(territory_code=territory, place=place)) == said


def lines(*known):
    return [SheetLine(one, one.indicator.title, 10.0) for one in known]


def test_each_objective_is_a_line_that_leads_to_its_story_and_its_definition():
    html = sheet_table(lines(reading(), reading(RATE)), "Objectifs", LINKS, False)
    table = page_tree(html)
    rows = [row for row in table.all("tr") if row.attributes.get("data-act") == "story"]
    assert [row.attributes["data-i"] for row in rows] == [FLOW, RATE]
    heads = len(table.all("thead")[0].all("th"))
    assert {len(row.all("td")) + 1 for row in rows} == {heads}
    assert all(cell.attributes.get("data-label") for row in rows for cell in row.all("td"))
    addresses = {link.attributes["href"] for link in rows[0].all("a")}
    assert addresses == {f"cpg?objectif={FLOW}", f"methode?definition={FLOW}"}


def test_a_hidden_figure_says_nothing_of_itself_anywhere():
    hidden = reading(value=None, attainment=None, is_hidden=True, status="not_applicable")
    html = sheet_table(lines(hidden), "Objectifs", LINKS, True)
    assert "Masqué" in html
    assert "interval" not in html.replace("with-intervals", "")
    (record,) = sheet_records(lines(hidden)).to_dict("records")
    assert record["statut"] == "Masqué (petit nombre)"
    withheld = ("realise", "taux_atteinte", "atterrissage", "effort_mensuel", "ecart_a_la_mediane")
    assert [record[name] for name in withheld] == [None] * len(withheld)


@pytest.mark.parametrize(("is_partial", "words"), [(False, "chance "), (True, ", partiel")])
def test_a_landing_says_its_chance_and_that_it_is_partial(is_partial, words):
    html = sheet_table(lines(reading(landing=landed(is_partial))), "Objectifs", LINKS, False)
    cell = next(
        c for c in page_tree(html).all("td") if c.attributes["data-label"] == "Atterrissage"
    )
    assert cell.text.translate(PLAIN).startswith("1 200chance ")
    assert words in cell.text


def test_a_closed_year_tells_the_gap_instead_of_landing_and_effort():
    closed = replace(reading(), is_open_year=False, last_month=date(2016, 12, 1))
    heads = page_tree(sheet_table(lines(closed), "Objectifs", LINKS, False)).all("thead")[0]
    said = [head.text for head in heads.all("th")]
    assert "Écart à l’objectif" in said
    assert not {"Atterrissage", "Effort mensuel"} & set(said)


def test_a_late_caisse_is_said_beside_its_month_and_several_are_counted():
    alone = sheet_table(lines(reading(senders_received=0)), "Objectifs", LINKS, False)
    assert "en retard, provisoire" in alone
    several = reading(senders_received=3, senders_expected=4)
    assert "3/4 caisses" in sheet_table(lines(several), "Objectifs", LINKS, False)


STAKE = SheetStake(AtStake(1.4, 45.0), (FLOW, 1.2), 20.0)


def test_the_title_counts_names_the_most_late_and_what_is_at_stake():
    known = by_code(reading(), reading(RATE, attainment=1.02, status="attained"))
    assert sheet_finding("Haute-Loire (43)", known, STAKE).translate(PLAIN) == (
        "Haute-Loire (43) : 1 objectif sur 2 atteint. Le plus en retard : PRADO maternité "
        "(adhésions), 90,0 % de l’objectif à date. En jeu : 1,4 point d’intéressement"
    )


def test_a_corrected_figure_is_marked_in_words_and_a_hidden_one_is_not():
    known = [replace(line, is_corrected=True) for line in lines(reading())]
    assert "≠ valeur corrigée" in sheet_table(known, "x", LINKS, False)
    assert "≠" in sheet_legend(True, known)
    assert sheet_records(known)["corrige"].tolist() == [True]
    hidden = [replace(line, is_corrected=True) for line in lines(reading(is_hidden=True))]
    assert "≠" not in sheet_table(hidden, "x", LINKS, False) + sheet_legend(True, hidden)
    assert sheet_records(hidden)["corrige"].tolist() == [False]


def test_a_handful_of_patients_leads_nothing_and_keeps_its_line():
    few = reading("prado_bpco_adhesions", value=3.0, attainment=0.5, status=TOO_FEW)
    known = by_code(few, reading(RATE, attainment=0.9))
    told = sheet_finding("Ain", known, None).translate(PLAIN)
    assert told.startswith("Ain : 0 objectif sur 1 atteint. Le plus en retard : Génériques")
    assert few not in [one for end in ends(known) for one in end]
    assert "Trop peu de patients pour conclure" in sheet_table(lines(few), "x", LINKS, False)
    assert sheet_records(lines(few))["statut"].item() == "Trop peu de patients pour conclure"
    assert "Trop peu de patients" in sheet_legend(True, lines(few))
    assert "Trop peu de patients" not in sheet_legend(True, lines(reading()))


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ((), "Ain : aucun objectif mesurable sur cette période"),
        ((reading(attainment=1.2, status="attained"),), "Ain : 1 objectif sur 1 atteint"),
    ],
)
def test_the_title_where_nothing_lags(known, said):
    assert sheet_finding("Ain", by_code(*known), None).translate(PLAIN) == said


def test_what_the_stake_rests_on_is_said_with_what_is_not_measured():
    said = stake_sentence(STAKE, by_code(reading()), 2017).translate(PLAIN)
    assert said == (
        "Intéressement : écart × poids, d’abord PRADO maternité (adhésions) (1,2 point) ; les "
        "objectifs jugés ici portent 45 points en 2017. 20 autres ne se mesurent pas dans le CPG."
    )
    assert "Aucun poids" in stake_sentence(None, {}, 2013)


@pytest.mark.parametrize(("count", "sizes"), [(0, (0, 0)), (1, (1, 0)), (4, (2, 2)), (9, (3, 3))])
def test_both_ends_never_share_a_figure(count, sizes):
    codes = list(catalogue())[:count]
    known = {c: reading(c, attainment=0.5 + i / 10) for i, c in enumerate(codes)}
    lowest, highest = ends(known)
    assert (len(lowest), len(highest)) == sizes
    assert not {r.indicator.code for r in lowest} & {r.indicator.code for r in highest}
    if count == 9:
        assert [r.attainment for r in lowest] == pytest.approx([0.5, 0.6, 0.7])
        assert [r.attainment for r in highest] == pytest.approx([1.3, 1.2, 1.1])


def test_an_end_is_one_sentence_that_leads_to_its_story():
    html = ends_html([reading()], [], Named("DEP-43", "Haute-Loire", "Haute-Loire (43)"), "cpg?o=")
    said = page_tree(html).all("li")[0].text.translate(PLAIN)
    assert said == (
        "PRADO maternité (adhésions) : 10 % sous l’objectif à date en Haute-Loire, "
        "en retard depuis avril."
    )
    assert f'href="cpg?o={FLOW}"' in html
    assert "Les plus en retard" in html


def missing(**values):
    given = {
        "senders": "La caisse attendue est à jour à fin septembre 2017",
        "late": [],
        "is_one_caisse": True,
        "provisional": [],
        "provisional_count": 0,
        "awaited": [],
        "today": date(2017, 11, 30),
        "findings": 0,
        "hidden": [],
        "without_objective": [],
    }
    return Missing(**(given | values))


def test_nothing_missing_is_said_so():
    assert missing_finding(missing()) == "Rien ne manque : tout est reçu et définitif"
    said = page_tree(missing_html(missing(), LINKS)).text
    assert "La caisse attendue est à jour" in said
    assert "Aucun signalement" in said


def test_what_is_missing_names_caisses_days_and_figures():
    lacking = missing(
        senders="3 caisses sur 4 à jour ; il en manque 1",
        late=[("CPAM-59-HAINAUT", "CPAM <Hainaut>")],
        is_one_caisse=False,
        provisional=[date(2017, 8, 1), date(2017, 9, 1)],
        provisional_count=21,
        awaited=[Awaited(date(2017, 10, 30), 31, (FLOW,)), Awaited(date(2017, 12, 30), 0, (RATE,))],
        findings=2,
        hidden=["PRADO BPCO : adhésions"],
    )
    assert missing_finding(lacking) == (
        "Ce qui manque : 1 caisse en retard d’envoi, 1 objectif au-delà de la date attendue, "
        "2 mois provisoires"
    )
    html = missing_html(lacking, LINKS)
    assert "<Hainaut>" not in html
    said = page_tree(html).text.translate(PLAIN)
    for part in (
        "il en manque 1 : CPAM <Hainaut>.",
        "Provisoire : d’août à septembre 2017, 21 objectifs.",
        "attendu le 30 octobre 2017, en retard de 31 jours : PRADO maternité (adhésions).",
        "Masqué (petits nombres de patients) : PRADO BPCO (adhésions).",
        "2 signalements sur les extraits",
    ):
        assert part in said


def test_late_caisses_beyond_a_few_are_counted():
    many = missing(late=[(f"CPAM-{i}", f"CPAM {i}") for i in range(12)], is_one_caisse=False)
    assert "et 4 autres" in missing_html(many, LINKS)
