"""The first screen's figures: sentences, key figures, gaps, flips, what lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from figures.flips import cells_words, flips, flips_finding, flips_html, flips_records
from figures.key_figures import (
    Other,
    attained_figure,
    behind_figure,
    compared,
    completeness_figure,
    key_figures_html,
    landing_figure,
    stake_figure,
)
from figures.lacking import lacking_finding, provisional_words, senders_list
from figures.parts import Part, ordered_parts, parts_alt, parts_finding, parts_records, parts_table
from figures.senders import Sender
from figures.synthesis import (
    Contribution,
    GapLine,
    contributions_words,
    gap_said,
    gaps_html,
    gaps_records,
    points_text,
    synthesis_finding,
    weighing_note,
)
from indicators.changes import CellCounts
from indicators.stakes import Weighing
from indicators.summary import AtStake, Awaited, Likely, Tally
from tests.figures.page_tree import page_tree
from tests.figures.readings import GENERICS, landing, reading

COUNTS = Tally(attained=7, close=9, behind=5, hidden=0)
HERE = ("REG-84", "Auvergne-Rhône-Alpes")


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def gap(**given) -> GapLine:
    known = {
        "reading": reading(),
        "territory_name": HERE[1],
        "gap": 0.2,
        "weight": 10.0,
        "stake": 2.0,
        "weight_lines": "PRADO maternité",
        "is_proxy": False,
        "contributions": (),
        "link": "cpg?annee=2017&objectif=x",
    }
    return GapLine(**{**known, **given})


def sender(code: str, last: date | None, received: int = 9) -> Sender:
    return Sender(code, f"CPAM {code}", 9, received, last, last is None)


def test_the_title_says_how_many_and_what_weighs_most():
    said = plain(synthesis_finding(HERE, COUNTS, gap(), "à fin septembre 2017"))
    assert said == (
        "En Auvergne-Rhône-Alpes, 7 objectifs sur 21 sont atteints à fin septembre 2017 ; l’écart "
        "qui pèse le plus : PRADO maternité (adhésions), 20 % sous l’objectif à date"
    )


def test_the_country_is_named_without_its_label():
    said = plain(synthesis_finding(("FR", "France entière"), COUNTS, gap(), "en 2016"))
    assert said.startswith("En France, 7 objectifs sur 21 sont atteints")


@pytest.mark.parametrize(
    ("counts", "first", "words"),
    [
        (Tally(0, 0, 0, 0), None, "aucun objectif ne peut être jugé en 2016"),
        (Tally(1, 1, 0, 0), None, "1 objectif sur 2 est atteint en 2016 : aucun écart"),
        (Tally(0, 2, 1, 0), gap(weight=None, stake=None), "aucun des 3 objectifs n’est atteint"),
        (Tally(2, 2, 1, 0), gap(weight=None, stake=None), "le plus grand écart : PRADO maternité"),
    ],
)
def test_the_title_agrees_with_its_numbers(counts, first, words):
    assert words in plain(synthesis_finding(HERE, counts, first, "en 2016"))


def test_a_gap_is_one_sentence_with_where_since_when_and_landing():
    line = gap(
        reading=reading(landing=landing()),
        contributions=(
            Contribution("CPAM-69", "CPAM Rhône", 0.41),
            Contribution("CPAM-38", "CPAM Isère", 0.12),
            Contribution("CPAM-15", "CPAM Cantal", 0.01),
        ),
    )
    assert plain(gap_said(line)) == (
        "PRADO maternité (adhésions) : 20 % sous l’objectif à date en Auvergne-Rhône-Alpes, en "
        "retard depuis avril ; d’abord CPAM Rhône (41 % du manque) et CPAM Isère (12 %) ; "
        "atterrissage à 80 % de l’objectif (entre 75 et 85 %), chance de l’atteindre : 6 %"
    )


def test_a_closed_year_has_no_landing_and_missing_caisses_are_said():
    closed = reading(is_open_year=False, landing=landing(), senders_received=10)
    said = plain(gap_said(gap(reading=closed)))
    assert "atterrissage" not in said
    assert "20 % sous l’objectif en Auvergne-Rhône-Alpes (10/12 caisses)" in said


def test_where_parts_are_unknown_names_stand_without_them():
    known = [
        Contribution("CPAM-01", "CPAM Ain", None),
        Contribution("CPAM-15", "CPAM Cantal", None),
    ]
    assert contributions_words(known) == "d’abord CPAM Ain et CPAM Cantal"
    assert contributions_words([]) == ""


def test_the_weights_year_and_shares_are_said_and_a_year_without_them_too():
    weighing = Weighing("interessement", {GENERICS: 45.0})
    known = plain(weighing_note(2017, ("nationale", "locale_cpam"), weighing, True))
    assert "poids de l’intéressement 2017 (part nationale et part locale des CPAM" in known
    assert "écart à l’objectif à date" in known
    unknown = Weighing(None, {})
    assert "Aucun poids d’intéressement connu pour 2018" in weighing_note(2018, (), unknown, False)


def test_cpg_points_are_named_with_their_extract_and_what_is_a_mean():
    weighing = Weighing("cpg_points", {GENERICS: 40.0}, files=("a.csv", "b.csv"))
    assert plain(weighing_note(2017, ("nationale",), weighing, True)) == (
        "Classés par écart à l’objectif à date × points du CPG 2017 (40 points en tout, extraits "
        "a.csv et b.csv) ; les écarts sans points viennent après, sans que l’intéressement s’y "
        "mêle. La fourchette d’un atterrissage a 8 chances sur 10 de contenir le résultat de "
        "l’année."
    )
    assert "fourchette" not in weighing_note(2016, ("nationale",), weighing, False)
    mean = replace(weighing, averaged=frozenset({GENERICS}))
    assert "la moyenne des caisses" in weighing_note(2017, (), mean, True)


def test_points_of_too_few_contracts_weigh_nothing_and_are_told():
    weighing = Weighing("interessement", {GENERICS: 45.0}, contracts=(3, 12))
    said = plain(weighing_note(2017, ("nationale",), weighing, False))
    assert "poids de l’intéressement 2017" in said
    assert "ne sont connus que pour 3 de ses 12 caisses" in said


def test_a_gap_weighed_by_cpg_points_says_so_and_one_without_too():
    by_points = {"scale": "cpg_points", "weight": 37.5, "stake": 7.5, "weight_lines": ""}
    lines = [
        gap(**by_points, is_average=True),
        gap(reading=reading(GENERICS), scale="cpg_points", weight=None, stake=None),
    ]
    first, second = (plain(item.text) for item in page_tree(gaps_html(lines)).all("li"))
    assert "20,0 % × 37,5 points du CPG" in first
    assert "points moyens" in first
    assert "sans points" in second
    html = gaps_html(lines)
    assert "Sans points dans le CPG" in html
    assert "intéressement" not in html
    assert gaps_records(lines)["points_de"].fillna("").tolist() == ["points du CPG", ""]
    figure = stake_figure(AtStake(7.5, 37.5), None, 2017, "cpg_points")
    assert (figure.name, figure.source) == ("Points du CPG en jeu", "points du CPG 2017 × écarts")
    assert plain(figure.unit) == "points sur 37,5 portés par des objectifs du CPG"


def test_gaps_without_weight_come_after_and_say_so():
    html = gaps_html([gap(), gap(reading=reading(GENERICS), weight=None, stake=None)])
    items = page_tree(html).all("li")
    assert [item.attributes["data-key"] for item in items] == [
        "prado_maternite_adhesions",
        GENERICS,
    ]
    assert "2 points" in plain(items[0].text)
    assert "20,0 % × 10 points" in plain(items[0].text)
    assert "sans poids" in items[1].text
    assert [part.attributes["start"] for part in page_tree(html).all("ol")] == ["1", "2"]
    assert "Aucun écart" in gaps_html([])


def test_a_gap_leads_to_its_story():
    link = page_tree(gaps_html([gap()])).all("a")[0]
    assert link.attributes["href"] == "cpg?annee=2017&objectif=x"
    assert link.attributes["data-act"] == "story"


def test_a_line_read_on_another_criterion_says_that_its_weight_is_near():
    assert "poids approché" in gaps_html([gap(is_proxy=True)])
    assert "poids approché" not in gaps_html([gap()])


def test_hostile_names_stay_names():
    line = gap(territory_name='<script>"', link='"><script>', weight_lines='"><script>')
    assert "<script" not in gaps_html([line])


def test_points_are_never_rounded_to_nothing():
    assert plain(points_text(0.01)) == "moins de 0,1 point"
    assert plain(points_text(1.94)) == "1,9 point"
    assert plain(points_text(10.0)) == "10 points"


def test_a_file_of_gaps_holds_numbers_and_the_sentence():
    rows = gaps_records([gap(), gap(weight=None, stake=None)])
    assert rows["enjeu_points"].tolist()[0] == 2.0
    assert rows["poids_points"].isna().tolist() == [False, True]
    assert rows["rang"].tolist() == [1, 2]
    assert rows["en_retard_depuis"].tolist() == [reading().behind_since] * 2
    assert rows["phrase"].str.contains("sous l’objectif").all()


@pytest.mark.parametrize(
    ("value", "other", "more", "icon", "hue"),
    [
        (7, 6, True, "↑", "fav"),
        (7, 8, True, "↓", "unf"),
        (1.31, 1.34, False, "≈", "neu"),
        (2.0, 1.0, False, "↑", "unf"),
        (1.0, 2.0, False, "↓", "fav"),
    ],
)
def test_a_comparison_has_a_direction_and_what_reads_the_same_is_equal(
    value, other, more, icon, hue
):
    said = compared(value, other, "là", more, decimals=1)
    assert (said.icon, said.hue) == (icon, hue)
    starts = {"fav": "mieux que", "unf": "moins bien que", "neu": "comme"}
    assert said.word.startswith(starts[hue])


def test_the_four_figures_say_value_unit_comparison_period_and_source():
    other = Other("en France", False, Tally(6, 10, 5, 0), AtStake(2.0, 45.0))
    shown = [
        attained_figure(COUNTS, other, "janvier à septembre 2017", True),
        stake_figure(AtStake(1.27, 45.0), other, 2017),
        landing_figure(Likely(2, 8, 3), 2017, "janvier à septembre 2017"),
        completeness_figure(
            [sender("01", date(2017, 9, 1)), sender("03", date(2017, 8, 1), 8)], 2017
        ),
    ]
    cards = [plain(card.text) for card in page_tree(key_figures_html(shown)).all("li")]
    assert "7 sur 21 (9 proches et 5 en retard)" in cards[0]
    assert "mieux que 6 en France" in cards[0]
    assert "1,3 point sur 45" in cards[1] and "↓ mieux que 2,0 en France" in cards[1]
    assert "2 sur 8" in cards[2] and "moins bien que 3 à date parmi eux" in cards[2]
    assert "1 sur 2" in cards[3] and "moins bien que 2 à fin août" in cards[3]
    assert all("2017" in card for card in cards)


def test_figures_that_cannot_be_computed_say_so():
    assert stake_figure(None, None, 2018).unit == "aucun poids connu"
    assert landing_figure(Likely(0, 0, 0), 2017, "2017").value == "–"
    assert completeness_figure([sender("01", None, 0)], 2017).unit == "aucun envoi"
    assert attained_figure(COUNTS, None, "2017", True).comparison.word == "Sans comparaison"


def test_a_comparison_over_fewer_objectives_says_how_many():
    other = Other("en France", False, Tally(4, 4, 2, 0), None)
    figure = behind_figure(COUNTS, other, "2016")
    assert figure.comparison.word == "moins bien que 2 sur 10 en France"


def test_medians_are_counted_by_objective_and_never_set_against_a_territory():
    medians = Other("la médiane des régions", True, Tally(6, 10, 5, 0), None)
    attained = attained_figure(COUNTS, medians, "2017", True).comparison
    assert plain(attained.word) == "Médiane des régions : 6 sur 21"
    # No icon: the dash is the sign of what is not applicable.
    assert (attained.icon, attained.hue) == ("", "neu")
    behind = behind_figure(COUNTS, medians, "2016").comparison
    assert plain(behind.word) == "Médiane des régions : 5 sur 21"
    assert stake_figure(AtStake(1.27, 45.0), medians, 2017).comparison.word == "Sans comparaison"


def parts() -> list[Part]:
    return [
        Part("DEP-43", "Haute-Loire", ("43",), Tally(9, 5, 5, 2), ("PRADO : adhésions", 0.5)),
        Part("DEP-15", "Cantal", ("15",), Tally(4, 5, 12, 0), None),
        Part("DEP-976", "Mayotte", ("976",), Tally(0, 0, 0, 0), None),
    ]


def test_parts_stand_by_what_they_attain_and_the_map_is_said_in_words():
    assert [part.code for part in ordered_parts(parts())] == ["DEP-43", "DEP-15", "DEP-976"]
    assert plain(parts_finding(parts(), "departement")) == (
        "De 4 objectifs atteints (Cantal) à 9 (Haute-Loire)"
    )
    alt = plain(parts_alt(parts(), "departement", "en 2017"))
    assert "2 départements selon le nombre d’objectifs atteints" in alt
    assert "non applicable : Mayotte" in alt
    assert parts_finding([], "departement") == "Aucun objectif jugé"


def test_the_table_beside_the_map_opens_each_territory():
    root = page_tree(parts_table(parts(), "Objectifs atteints", drills=True))
    assert [button.attributes["data-t"] for button in root.all("button")] == [
        "DEP-43",
        "DEP-15",
        "DEP-976",
    ]
    assert "9/19 ◌ 2 masqués" in root.text
    assert page_tree(parts_table(parts(), "x", drills=False)).all("button") == []
    assert parts_records(parts())["objectifs_masques"].tolist() == [2, 0, 0]


def flip(territory: str, before: str, after: str, change: str, moved: float = 0.1) -> dict:
    return {
        "territory_code": territory,
        "territory_name": "CPAM Allier",
        "indicator_code": GENERICS,
        "status_before": before,
        "status_after": after,
        "attainment_before": 0.9,
        "attainment_after": 0.9 + moved,
        "change": change,
    }


def test_flips_are_named_with_both_attainments_the_furthest_first():
    frame = pd.DataFrame(
        [
            flip("CPAM-03", "behind", "close", "improved", 0.06),
            flip("CPAM-03", "close", "behind", "worsened", -0.2),
            {**flip("CPAM-03", "behind", "close", "improved"), "indicator_code": "inconnu"},
        ]
    )
    known = flips(frame, {GENERICS: "Génériques : taux de pénétration"})
    assert [one.change for one in known] == ["worsened", "improved"]
    said = plain(known[1].said)
    assert said.startswith(
        "La CPAM Allier passe d’En retard à Proche sur « Génériques (taux de pénétration) »"
    )
    assert said.endswith("(90,0 % → 96,0 %)")
    html = flips_html({"CPAM Allier": known, "vide": []})
    assert [heading.text for heading in page_tree(html).all("h4")] == [
        "▲ Favorables : 1",
        "▼ Défavorables : 1",
    ]
    assert flips_records(known)["etat_apres"].tolist() == ["En retard", "Proche"]


def test_figures_judged_on_one_side_alone_stand_without_empty_columns():
    frame = pd.DataFrame([flip("CPAM-03", "na", "behind", "appeared")])
    known = flips(frame, {GENERICS: "Génériques : taux de pénétration"})
    html = flips_html({"Caisses": known})
    assert "Favorables" not in html
    assert "1 résultat jugé depuis<" in html


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], "Aucun état n’a changé depuis cette publication"),
        (["improved"], "1 état s’améliore, aucun ne se dégrade"),
        (["worsened", "worsened"], "2 états se dégradent, aucun ne s’améliore"),
        (["improved", "worsened"], "1 état s’améliore, 1 se dégrade"),
        (["appeared"], "1 résultat jugé dans une seule des deux"),
    ],
)
def test_the_finding_of_the_changes_agrees_with_them(changes, said):
    frame = pd.DataFrame([flip("REG-84", "behind", "close", change) for change in changes])
    own = flips(frame, {GENERICS: "Génériques"}) if changes else []
    assert flips_finding(own, []) == said


def test_a_territory_and_those_under_it_are_counted_apart():
    country = [flip("FR", "behind", "close", change) for change in ("improved", "worsened")]
    regions = [flip(code, "close", "behind", "worsened") for code in ("REG-84", "REG-11")]
    titles, names = {GENERICS: "Génériques"}, ("France entière", "région", "régions")
    own, under = (flips(pd.DataFrame(rows), titles) for rows in (country, regions))
    assert plain(flips_finding(own, under, names)) == (
        "France entière : 1 état s’améliore, 1 se dégrade ; "
        "2 régions : 2 états se dégradent, aucun ne s’améliore"
    )
    assert flips_finding([], under, names) == (
        "2 états se dégradent, aucun ne s’améliore, dans 2 régions"
    )


def test_where_cells_are_left_out_what_did_not_change_is_said_of_the_others():
    among = "parmi ce qui est comparable"
    said = flips_finding([], [], is_whole=False)
    assert said == f"Aucun état n’a changé {among} depuis cette publication"
    assert f"Les états sont les mêmes {among}." in flips_html({}, is_whole=False)
    frame = pd.DataFrame([flip("REG-84", "behind", "close", "improved")])
    own = flips(frame, {GENERICS: "Génériques"})
    assert flips_finding(own, [], is_whole=False) == (
        f"1 état s’améliore, aucun ne se dégrade {among}"
    )


def test_cells_are_counted_and_those_not_compared_told():
    said = plain(cells_words(CellCounts(2079, 1, 53, 1890, 2051)))
    assert "2 079 cellules ajoutées, 53 modifiées, 1 retirée et 1 890 devenues définitives" in said
    assert "2 051 non comparées" in said
    assert "non comparées" not in cells_words(CellCounts(0, 0, 0, 0, 0))


def test_what_lacks_is_named_or_nothing_lacks():
    late = [sender("01", date(2017, 9, 1)), sender("03", date(2017, 8, 1), 8)]
    assert plain(lacking_finding(late, [], 2017)) == "1 caisse sur 2 n’a pas tout envoyé pour 2017"
    overdue = [Awaited(date(2017, 11, 30), 3, ("a", "b"))]
    assert "2 indicateurs en retard" in lacking_finding(late[:1], overdue, 2017)
    assert "Rien ne manque" in lacking_finding(late[:1], [], 2017)
    assert lacking_finding([], [], 2017) == "Aucun envoi attendu pour 2017"
    root = page_tree(senders_list(late, "extraits?annee=2017"))
    assert [link.text for link in root.all("a")] == ["CPAM 03"]
    assert "jusqu’à août 2017" in root.text


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ([], "Tous les mois connus de 2017 sont définitifs."),
        ([9], "Septembre est encore provisoire."),
        ([8, 9], "Août et septembre sont encore provisoires."),
        ([7, 8, 9], "Les mois de juillet à septembre sont encore provisoires."),
        ([2, 8, 9], "Février, août et septembre sont encore provisoires."),
    ],
)
def test_provisional_months_are_named(months, said):
    assert plain(provisional_words([date(2017, month, 1) for month in months], 2017)) == said
