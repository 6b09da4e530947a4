"""The index over the years: findings, verdicts in three values, the COG's path."""

from dataclasses import replace

import numpy as np
import pytest

from figures import gini
from figures.gini import GiniSeries, GiniYear
from figures.professions import ir41_professions
from indicators.gini_changes import YearCount, area_noise, gini_changes
from indicators.inequality import TargetVerdict
from tests.figures.professionals_frames import NURSES

YEARS = tuple(GiniYear(2012 + n, 0.25 - 0.002 * n, 0.23, 0.27, 12, 9000) for n in range(6))


def verdict(word, change=-0.002):
    return TargetVerdict(word, change, -0.001, 0.2, 0.3)


def series(yearly=None, cumulated=None, profession="infirmiers"):
    return GiniSeries(profession, YEARS, 2017, 0.05, 0.0036, yearly, cumulated)


def sure(word="attained", change=-0.01):
    return TargetVerdict(word, change, -0.001, 0.001, 0.001)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (verdict("attained"), "l’objectif de −0,001 par an est atteint"),
        (verdict("not_attained"), "l’objectif de −0,001 par an n’est pas atteint"),
        (
            verdict("within_noise"),
            "on ne peut pas dire si l’objectif de −0,001 par an est atteint\u00a0: la variation ne "
            "dépasse pas le hasard",
        ),
        (None, "l’objectif de −0,001 par an ne peut être jugé (année de départ inconnue)"),
    ],
)
def test_the_title_says_the_index_its_interval_and_the_verdict(found, said):
    title = gini.gini_finding(series(found), NURSES)
    assert "Infirmiers\u00a0: G = 0,240 (0,230 à 0,270) en 2017, 12 départements" in title
    assert said in title


def test_territories_that_were_not_sent_are_told():
    partial = GiniSeries("infirmiers", (GiniYear(2017, 0.24, 0.23, 0.27, 98, 9000, 101),), 2017)
    assert "98 départements sur 101" in gini.gini_finding(partial, NURSES)
    assert " sur " not in gini.gini_finding(series(), NURSES)


def test_the_lead_says_who_is_counted():
    year = GiniYear(2017, 0.24, 0.23, 0.27, 12, 9000, 12, "liberal")
    said = gini.scope_words(GiniSeries("infirmiers", (year,), 2017), NURSES)
    assert said.startswith("Libéraux, indice de Gini pondéré par la population, par département")
    assert "Entre parenthèses, l’intervalle à 95 %." in said
    assert "change selon l’année" not in said
    assert gini.scope_words(series(), NURSES).startswith("Indice de Gini")


def test_the_reason_gives_the_threshold_of_the_verdict_and_the_turnover():
    said = gini.verdict_reason(series(verdict("within_noise"), verdict("attained", -0.006)))
    assert "−0,0020 en un an" in said
    assert "5,0\u202f% par an, au plus" in said
    assert "les vraies évolutions y sont comprises" in said
    assert "le hasard seul des départs et arrivées descend jusqu’à −0,0036 dans 5\u202f%" in said
    assert "±" not in said
    assert "20\u202f% du temps" in said
    assert "Sur 3 ans, −0,0060" in said
    assert said.rstrip(".").endswith("atteinte")


def test_a_fall_beyond_the_threshold_is_attained_and_one_within_is_not():
    """The printed threshold is that of the verdict: one side, once in twenty."""
    random = np.random.default_rng(3)
    codes = tuple(f"DEP-{place:02d}" for place in range(12))
    people = random.integers(50_000, 900_000, 12).astype(float)
    mean = people * random.uniform(0.8, 1.2, 12) / 2000
    years = [
        YearCount(2012 + n, codes, random.poisson(mean).astype(float), people, ("one",) * 12)
        for n in range(6)
    ]
    changes = [one for one in gini_changes(years, area_noise(years)) if one.noise_reach]
    assert {one.verdict for one in changes} >= {"within_noise"}
    for one in changes:
        falls_beyond = -one.change >= one.noise_reach and one.change <= one.target
        assert (one.verdict == "attained") == falls_beyond


def test_a_rise_is_set_against_the_fall_aimed_at():
    said = gini.verdict_reason(series(verdict("not_attained", 0.0175)))
    assert "une telle baisse" not in said
    assert "si la baisse visée avait vraiment lieu, le hasard la cacherait ainsi 30\u202f%" in said


def test_the_path_starts_three_years_before_and_falls_by_the_target():
    assert series().start == (2014, YEARS[2].gini)
    assert series().path(2017) == pytest.approx(YEARS[2].gini - 0.003)
    young = replace(series(), years=YEARS[-2:])
    assert young.path(2017) == pytest.approx(YEARS[-2].gini - 0.001)
    near_zero = (GiniYear(2016, 0.0005), GiniYear(2017, 0.002))
    assert replace(series(), years=near_zero).path(2017) == 0


def test_no_line_joins_years_that_can_t_be_compared():
    years = (
        GiniYear(2012, 0.25),
        GiniYear(2013, 0.24),
        GiniYear(2014, 0.26, follows=False),
        GiniYear(2015, 0.25),
        GiniYear(2016, None),
        GiniYear(2017, 0.24),
    )
    parted = GiniSeries("infirmiers", years, 2015)
    assert [[year for year, _ in run] for run in parted.runs] == [
        [2012, 2013],
        [2014, 2015],
        [2017],
    ]
    assert parted.start == (2014, 0.26)
    assert replace(parted, year=2017).start == (2017, 0.24)
    assert gini.multiple_svg(parted).count('class="line"') == 2


def test_the_band_is_that_of_the_verdict_and_never_goes_below_zero():
    band = ((2015, -0.01, 0.26), (2016, -0.02, 0.27), (2017, -0.03, 0.28))
    drawn = gini.multiple_svg(replace(series(), band=band))
    assert drawn.count('class="habit"') == 1
    assert "−0,0" not in drawn
    assert "on ne peut pas dire" in gini.multiples_legend([replace(series(), band=band)])
    assert "depuis 2014" in gini.multiples_legend([series()])
    assert "on ne peut pas dire" not in gini.multiples_legend([series()])


def test_a_card_has_its_line_its_path_its_noise_and_both_verdicts():
    shown = replace(series(verdict("attained")), band=((2017, 0.24, 0.26), (2017, 0.24, 0.26)))
    html = gini.small_multiples([shown], "infirmiers", "profession")
    assert html.count('class="line"') == html.count('class="goal"') == 1
    assert html.count('class="habit"') == 1
    assert "▲</i> Atteinte" in html
    assert "–</i> Sans verdict" in html
    assert 'aria-pressed="true">Infirmiers' in html


def test_the_noise_of_no_year_is_drawn_as_none():
    assert 'class="habit"' not in gini.multiple_svg(GiniSeries("infirmiers", YEARS, 2017))


def test_a_single_year_is_a_point():
    svg = gini.multiple_svg(GiniSeries("infirmiers", YEARS[-1:], 2017))
    assert svg.count("<circle") == 1
    assert 'class="line"' not in svg
    assert 'class="goal"' not in svg
    assert svg.count("2017</text>") == 1
    assert "2018" not in svg
    legend = gini.multiples_legend([GiniSeries("infirmiers", YEARS[-1:], 2017)])
    assert "Trajectoire" not in legend


def test_the_professions_are_counted_by_verdict():
    words = ("attained", "within_noise", "within_noise")
    shown = [series(sure(word)) for word in words]
    said = gini.multiples_finding(shown)
    assert "atteinte pour 1 profession, impossible à dire pour 2 professions" in said
    assert said.endswith("(exploratoire)")
    assert "ne peut pas être jugée" in gini.multiples_finding([series()])


def test_several_verdicts_at_once_are_said_to_hold_one_of_chance():
    shown = [series(verdict("attained"))] * 6
    said = gini.multiples_readings(shown)
    assert said.startswith("6 lectures à 5\u202f% chacune\u00a0: une peut être due au hasard")
    assert "26\u202f%" in said
    assert said.endswith("Correction faite (Holm), 0 des 6 verdicts tranchés tient.")
    firm, other = series(sure()), series(sure(), profession="sages_femmes")
    assert gini.multiples_readings([firm, other]).endswith(
        "2 des 2 verdicts tranchés tiennent\u00a0: Infirmiers et Sages-femmes."
    )
    one = gini.multiples_readings([firm, series(verdict("within_noise"))])
    assert one.endswith("le seul verdict tranché tient\u00a0: Infirmiers.")
    assert gini.multiples_readings([*shown[:1], series()]) == ""


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("no_former_year", "L’indice de 2016 n’est pas connu"),
        ("not_computed", "n’est pas calculé"),
        ("other_people", "La population de 2017 ne vient pas de la même source que celle de 2016"),
        ("other_territories", "ne sont pas les mêmes"),
        ("too_few", "Moins de 5 territoires"),
    ],
)
def test_a_year_that_can_t_be_judged_says_why(why, said):
    assert said in gini.verdict_reason(replace(series(), unjudged=why))
    three = replace(series(cumulated=verdict("within_noise")), unjudged=why)
    assert gini.verdict_reason(three).endswith("on ne peut pas dire si elle est atteinte.")


def test_an_index_that_was_not_computed_says_how_many_territories_lack():
    years = (YEARS[-2], GiniYear(2017, None, None, None, 98, 9000, 101))
    partial = GiniSeries("infirmiers", years, 2017)
    assert "en 2017\u00a0: indice non calculé\u00a0: 3 départements sur 101 manquent" in (
        gini.gini_finding(partial, NURSES)
    )
    alone = GiniSeries("infirmiers", years[1:], 2017)
    card = gini.small_multiples([alone], "infirmiers", "profession")
    assert "Indice non calculé" in card
    assert "<svg" not in card
    assert gini.multiple_svg(partial).count("<circle") == 1
    assert "aucun indice calculé" in gini.series_alt(alone)
    assert gini.multiples_records([alone])["trajectoire_cog"].isna().all()


def test_few_territories_make_it_exploratory():
    assert "12 départements (exploratoire)" in gini.gini_finding(series(), NURSES)
    assert " Résultat exploratoire\u00a0: 12 départements, moins de 30" in (
        gini.scope_words(series(), NURSES)
    )
    country = GiniSeries("infirmiers", (GiniYear(2017, 0.24, territories=101),), 2017)
    assert "exploratoire" not in gini.gini_finding(country, NURSES)
    assert "exploratoire" not in gini.scope_words(country, NURSES)


def test_table_and_file_have_every_year_and_the_verdicts_of_the_last():
    shown = [series(verdict("attained"), verdict("within_noise"))]
    table = gini.multiples_table(shown, "x")
    assert all(str(year) in table for year in range(2012, 2018))
    assert "▲ Atteinte</span> (−0,0020)" in table
    records = gini.multiples_records(shown)
    assert records["verdict_1_an"].notna().tolist() == [False] * 5 + [True]
    assert records["verdict_1_an"].iloc[-1] == "Atteinte"
    assert records["verdict_1_an_corrige"].iloc[-1] == "Dans le bruit"
    assert "Toutes lues ensemble (Holm)" in table
    assert records["trajectoire_cog"].iloc[-1] == pytest.approx(0.243)
    assert records["trajectoire_cog"].isna().tolist() == [True] * 2 + [False] * 4


def test_one_picture_holds_all_professions():
    shown = [series(sure(), profession=code) for code in ("infirmiers", "autres")]
    svg = gini.multiples_svg(shown, "alt")
    assert svg.count('class="line"') == 2
    assert "Infirmiers ▲ atteinte" in svg
    assert "Autres ▲ atteinte" in svg


def read_beside(profession="infirmiers"):
    """A profession whose fall chance makes 4 times in 100, beside five others."""
    own = TargetVerdict("attained", -0.004, -0.001, 0.04, 0.9)
    shown = [series(own, own, code) for code in ir41_professions()]
    return next(one for one in gini.read_together(shown) if one.profession == profession)


def test_a_verdict_that_the_correction_withdraws_is_withdrawn_wherever_it_stands():
    shown = read_beside()
    words = "ne résiste pas à la correction pour 6 lectures"
    assert gini.gini_finding(shown, NURSES).endswith(f"est atteint, mais {words}")
    for word in (gini.yearly_word(shown), gini.cumulated_word(shown)):
        assert (word.icon, word.hue) == ("≈", "neu")
        assert word.word == f"Atteinte, mais {words}"
    assert f"cible atteinte, mais {words}" in gini.verdict_reason(shown)
    every = [series(shown.yearly, profession=code) for code in ir41_professions()]
    assert gini.small_multiples(every, "infirmiers", "profession").count(words) == 6
    assert "atteinte pour 6 professions (dont aucune une fois" in gini.multiples_finding(every)
    assert "Infirmiers ≈ dans le bruit" in gini.multiples_svg(every, "alt")


def test_a_verdict_that_stands_says_so():
    every = [series(sure(), sure(), code) for code in ir41_professions()]
    shown = gini.read_together(every)[0]
    assert gini.yearly_word(shown).word == "Atteinte, correction faite (6 lectures)"
    assert gini.gini_finding(shown, NURSES).endswith("est atteint")
    assert "dont" not in gini.multiples_finding(every)


def test_professions_of_the_cog_are_read_together_whatever_else_is_looked_at():
    own = TargetVerdict("attained", -0.004, -0.001, 0.009, 0.9)
    six = [series(own, profession=code) for code in ir41_professions()]
    seven = gini.read_together([*six, series(own, profession="dentistes")])
    assert [one.together for one in seven[:6]] == [one.together for one in gini.read_together(six)]
    assert seven[-1].together.yearly_count == 7


def test_a_series_of_two_practices_says_who_is_counted_in_each_year():
    years = (
        *(GiniYear(year, 0.25, practice="all") for year in (2015, 2016)),
        GiniYear(2017, 0.24, practice="liberal", follows=False),
    )
    mixed = GiniSeries("infirmiers", years, 2017)
    words = "2015 à 2016\u00a0: tous modes d’exercice\u202f; 2017\u00a0: libéraux"
    assert gini.practices_words(mixed) == words
    assert words in gini.scope_words(mixed, NURSES)
    assert words in gini.small_multiples([mixed], "infirmiers", "profession")
    assert "0,240 <small>libéraux</small>" in gini.multiples_table([mixed], "x")
    drawn = gini.multiple_svg(mixed)
    assert ">libéraux</text>" in drawn
    assert ">tous modes d’exercice</text>" in drawn
    assert gini.multiples_records([mixed])["champ"].tolist()[-1] == "Libéraux"
    assert gini.practices_words(series()) == ""
