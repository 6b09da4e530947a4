"""The figures of the programmes: what is rebuilt, what is marked, what is never drawn."""

import re
from datetime import date
from functools import partial

import pandas as pd
import pytest

from figures import consultation_delay as delays
from figures import cumulated_curve as curves
from figures import prado_productivity as work
from figures import programme_costs as costs
from figures import sophia, sophia_calls, teleservices
from figures.dmp import Reached, places_finding, places_records, places_svg, places_table
from figures.frames import NARROW, WIDE, framed_twice
from figures.prado import (
    VoletLine,
    YearTotal,
    volets_finding,
    volets_records,
    volets_svg,
    volets_table,
)
from figures.programme_bars import Bar, bar_cell, bars_svg
from figures.programme_costs import Hypothesis
from figures.programme_sources import disagreements, of_figure
from figures.status import status_word
from indicators.attainment import status
from indicators.few_patients import TOO_FEW
from indicators.programme_costs import PradoCost, PradoHypotheses
from tests.figures.page_tree import page_tree

LOIRE_ATLANTIQUE = {
    "targeted": 1875,
    "calls_made": 2360,
    "calls_reached": 822,
    "adhesion_promises": 510,
    "refusals": 173,
    "adhesions": 209,
}
ATIH = ((0, 15, 400_578), (16, 20, 125_592), (21, 25, 121_880), (26, 30, 143_341))


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def campaign(counts):
    rows = pd.DataFrame(
        {
            "campaign": "Loire-Atlantique 2016",
            "territory_code": "CPAM-44",
            "year": 2016,
            "step": list(counts),
            "step_count": list(counts.values()),
            "is_published": True,
        }
    )
    (found,) = sophia_calls.campaigns(rows).values()
    return found


def classes(last=None, count=751_388):
    rows = [*ATIH, (31, last, count)]
    total = sum(count for _, _, count in rows)
    return [delays.DelayClass(a, b, n, n / total) for a, b, n in rows]


def test_a_printed_figure_is_found_again_or_says_why_not():
    kept = costs.Rebuilt("a", "b", 84.03, 84.03, 84, 0, costs.euros)
    cut = costs.Rebuilt("a", "b", 33.61, 33.61, 33, 0, costs.meur, "tronqués à 33")
    unknown = costs.Rebuilt("a", "b", 93.6, 93.6, None, 0, costs.euros)
    assert (kept.is_equal, cut.is_equal, unknown.is_equal) == (True, False, None)
    said = costs.rebuilt_table([kept, cut, unknown], "Essai", is_changed=False)
    assert "▲ Retrouvé" in said
    assert "tronqués à 33" in said
    assert "Avec vos hypothèses" not in said
    assert "Avec vos hypothèses" in costs.rebuilt_table([kept], "Essai", is_changed=True)


def test_a_field_takes_a_decimal_comma_and_tells_the_report():
    field = Hypothesis("prado_cam", "ETP < CAM", 50_982.0, 1.0, 500_000.0, 50_982.55)
    html = costs.fields_html([field], "prado")
    (box,) = page_tree(html).all("input")
    assert box.attributes["data-name"] == "prado_cam"
    assert (box.attributes["type"], box.attributes["inputmode"]) == ("text", "decimal")
    assert plain(box.attributes["value"]) == "50 982,55"
    assert "rapport : 50 982" in plain(html)
    assert 'data-act="reset"' in html
    assert "ETP &lt; CAM" in html


@pytest.mark.parametrize(
    ("value", "written"),
    [(591, "591"), (0.5, "0,5"), (50_982.55, "50 982,55"), (1e6 + 0.25, "1 000 000,25")],
)
def test_a_number_keeps_the_decimals_that_it_has(value, written):
    assert plain(costs.written(float(value))) == written
    assert float(costs.plain(float(value))) == value


def test_a_refused_value_says_what_may_be_asked_and_how_to_go_back():
    refused = costs.Refused("ETP", "<b>1e99", 1, 20_000)
    said = costs.refused_words([refused])
    assert "« <b>1e99 », un nombre de 1 à 20 000 est attendu" in plain(page_tree(said).text)
    assert costs.refused_words([]) == ""
    field = Hypothesis("prado_cam", "ETP", 591.0, 1.0, 20_000.0, 591.0)
    assert 'data-act="reset"' in costs.fields_html([field], "prado", is_refused=True)
    assert 'data-act="reset"' not in costs.fields_html([field], "prado")


def test_the_working_shows_the_hypotheses_as_they_were_asked():
    asked = PradoCost(PradoHypotheses(591.5, 50_982.5, 116, 0.333, 60_000, 0.205, 4e5, 4e5))
    rows = costs.prado_rows(asked, asked, {})
    said = [plain(row.working) for row in rows]
    assert "591,5 ETP × 50 982,5 €" in said
    assert "116 × 33,3 % × 60 000 €" in said
    assert "20,5 % de la masse salariale" in said
    steps = plain(costs.steps_words(asked, is_changed=True))
    assert "au lieu de" not in steps
    assert "Le rapport compare" not in steps


def test_a_bar_of_nothing_is_not_drawn_and_a_long_one_stops_at_the_end():
    assert "<u" not in bar_cell(Bar("", None, "–"), 1)
    assert "width:100.0%" in bar_cell(Bar("", 2.87, "287 %"), 1.5)
    svg = page_tree(bars_svg([Bar("a", 1, "1"), Bar("b", None, "Masqué"), Bar("c", 3, "3")], "x"))
    widths = [float(rect.attributes["width"]) for rect in svg.all("rect")]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(widths[1] / 3, abs=1)


def test_a_masked_volet_tells_no_count_anywhere():
    hidden = VoletLine("BPCO", None, 135, 6, None, "not_applicable", is_hidden=True)
    seen = VoletLine("Maternité", 996, 1988, 968, 996 / 968, "attained")
    html = volets_table([seen, hidden], "Essai", False, "Volet")
    assert "Masqué" in html
    row = volets_records([seen, hidden]).iloc[1]
    assert pd.isna(row["realise"])
    assert pd.isna(row["couverture"])
    assert bool(row["masque"])
    said = volets_finding([hidden], 2016, "Cantal", False)
    assert "masqués" in said


def volet(name, realised, objective, **more):
    share = realised / objective
    return VoletLine(name, realised, None, objective, share, status(share), **more)


def test_volets_are_named_by_their_status_with_their_own_letters():
    lines = [
        volet("Tous volets", 910, 900),
        volet("Maternité", 490, 500),
        volet("Insuffisance cardiaque", 80, 100),
        volet("BPCO", 90, 100),
    ]
    said = plain(volets_finding(lines, 2016, "France entière", False))
    assert said.endswith(
        "en retard sur l’objectif en insuffisance cardiaque (80,0 %) et BPCO (90,0 %), proche en "
        "maternité (98,0 %)"
    )
    close = plain(volets_finding(lines[:2], 2017, "France entière", True))
    assert close.endswith("proche de l’objectif à date en maternité (98,0 %)")


def test_a_handful_of_patients_gets_no_verdict():
    few, many = volet("BPCO", 3, 6), volet("Chirurgie", 158, 61)
    html = volets_table([many, few], "Essai", False, "Volet")
    assert "Trop peu de patients pour conclure" in html
    assert "En retard" not in html
    assert "unf" not in html + volets_svg([many, few], "x")
    assert volets_records([many, few])["statut"].tolist() == ["Atteint", status_word(TOO_FEW).word]
    assert volets_records([many, few], is_open=True)["objectif_a_date"].all()
    said = plain(volets_finding([many, few], 2017, "Haute-Loire", False))
    assert said.endswith(
        "l’objectif est atteint dans tous les volets jugés ; trop peu de patients pour conclure "
        "en BPCO"
    )
    assert plain(volets_finding([few], 2017, "Haute-Loire", False)).endswith(
        "Haute-Loire : trop peu de patients pour conclure en BPCO"
    )


@pytest.mark.parametrize(
    ("realised", "objective", "more", "is_few"),
    [
        (10, 10.9, {}, True),
        (10, 11, {}, False),
        (11, 6, {}, False),
        (3, 61, {}, False),
        (2, 1.7, {"is_of_patients": False}, False),
    ],
)
def test_few_are_both_the_patients_who_joined_and_those_aimed_at(realised, objective, more, is_few):
    assert volet("BPCO", realised, objective, **more).is_too_few is is_few


def test_counsellors_times_pace_beside_what_was_published():
    june = work.Period("juin 2016", 2016, 1, [work.Team("maternite", 407, 81)])
    year = work.Period("2015", 2015, 12, [work.Team("maternite", 329, 69)])
    totals = [
        YearTotal(2015, "Annexe 7", 338_960, 333_600, None),
        YearTotal(2015, "Annexe 11", 335_938, 333_600, 310_000),
    ]
    rows = work.remade([june, year], totals)
    assert rows[0].period.yearly == 407 * 81 * 12
    assert rows[0].published == []
    assert rows[1].published == [335_938, 338_960]
    assert "2015" in work.remade_words(rows)


def test_the_steps_of_a_campaign_are_no_parts_of_what_they_are_not():
    one = campaign(LOIRE_ATLANTIQUE)
    assert plain(sophia_calls.campaign_finding(one)).endswith(
        "209 adhésions, 25 % des appels aboutis, 11 % des personnes visées"
    )
    assert plain(sophia_calls.share_words(one, "calls_made")) == "1,26 appel par personne visée"
    assert sophia_calls.share_words(one, "targeted") == ""
    assert "139 appels aboutis" in plain(sophia_calls.campaign_words(one))
    hues = [bar.hue for bar in sophia_calls.campaign_bars(one)]
    assert hues == ["fav", "neu", "neu", "fav", "unf", "fav"]


def test_a_withheld_step_takes_its_shares_with_it():
    one = campaign(LOIRE_ATLANTIQUE | {"calls_reached": None})
    assert one.is_hidden
    assert "aboutis" not in sophia_calls.share_words(one, "adhesions")
    assert "25 %" not in plain(sophia_calls.campaign_finding(one))
    assert "822" not in sophia_calls.campaign_table(one, "Essai")


def test_exams_differ_by_more_than_chance_with_an_interval():
    items = {"eye_exam_adherents_pct": 64.5, "eye_exam_non_adherents_pct": 53.9}
    (eye,) = sophia.exams(items, 720_000, 2_205_000)
    assert eye.others == 1_485_000
    assert eye.gap.value == pytest.approx(0.106)
    assert 0.104 < eye.gap.lower < 0.106 < eye.gap.upper < 0.108
    assert sophia.exams(items, 0, 0) == []


def test_adhesions_adherents_and_the_objective_are_told_apart():
    diabetes = {"cumulative_adhesions": 827e3, "adherents": 720e3, "eligible": 2_205e3}
    said = plain(sophia.left_words(diabetes, 755_000, 24_000, cog_aim()))
    assert "82,7 % de l’objectif signé dans la COG (1 000 000)" in said
    assert "106,0 % de l’objectif revu (780 000)" in said
    assert "les adhésions font 37,5 %, les adhérents 32,7 %" in said
    assert "12,9 % des inscrits" in said
    assert "755 000" in said
    assert "744 000" in said


def cog_aim(note="Oui, mais ; objectif 2016 révisé à 780 000", objective=1_000_000):
    rows = pd.DataFrame(
        {
            "cog_code": ["IR7-SOPHIA", "IR7-SOPHIA"],
            "year": [2015, 2016],
            "objective": [750_000, objective],
            "realised": [718_238, 827_000],
            "note": [note, note],
        }
    )
    return sophia.cog_aim(rows, "IR7-SOPHIA", 2016)


def test_two_objectives_of_a_year_are_joined_in_a_sentence():
    own = adherents_year(year=2016, cumulated=827_000.0, objective=780_000.0)
    said = plain(sophia.aims_words(cog_aim(), own))
    assert said == (
        "Deux objectifs nationaux pour 2016 : les 827 000 adhésions publiées font 82,7 % de "
        "l’objectif signé dans la COG (1 000 000), 106,0 % de l’objectif revu (780 000). Le "
        "tableau juge 2016 sur l’objectif revu."
    )
    caisse = adherents_year(year=2016, objective=2788.0)
    said = plain(sophia.aims_words(cog_aim(), caisse))
    assert said.endswith("Le tableau juge 2016 sur l’objectif envoyé par les caisses, 2 788.")


def test_nothing_is_joined_where_the_cog_has_one_objective_or_none():
    assert cog_aim(note="").revised is None
    assert sophia.aims_words(cog_aim(note=""), None) == ""
    assert cog_aim(objective=None) is None


def adherents_year(**given):
    known = {
        "year": 2017,
        "joined": 73_817.0,
        "cumulated": 900_817.0,
        "objective": 903_178.0,
        "attainment": 900_817 / 903_178,
        "is_open": True,
        "in_care_gap": 1.0,
        "received": 99,
        "expected": 106,
        "is_hidden": False,
        "last_month": date(2017, 9, 1),
    }
    return sophia.AdherentsYear(**(known | given))


def test_coverage_is_of_the_people_that_each_caisse_told_last():
    year = adherents_year(eligible=2_280_000.0)
    assert year.coverage == pytest.approx(900_817 / 2_280_000)
    found = plain(sophia.adherents_finding([year], 2017, "France entière"))
    assert found.endswith(
        "(99/106 caisses), 39,5 % des 2 280 000 patients éligibles (dernier effectif envoyé par "
        "chaque caisse)"
    )
    assert adherents_year().coverage is None


def test_a_late_caisse_says_until_when_it_sent():
    late = adherents_year(received=0, expected=1, last_month=date(2017, 8, 1))
    assert late.senders == "envoyé jusqu’à août 2017"
    assert adherents_year(received=1, expected=1).senders == ""


def test_the_open_class_has_no_height_until_a_reader_supposes_its_end():
    known = classes()
    svg = page_tree(delays.densities_svg(known, "x"))
    areas = [rect for rect in svg.all("rect") if rect.attributes["class"] == "density"]
    assert len(areas) == 4
    assert [r.attributes["class"] for r in svg.all("rect")].count("open") == 1
    assert known[-1].per_day is None
    supposed = page_tree(delays.densities_svg(known, "x", 60))
    assert [r.attributes["class"] for r in supposed.all("rect")].count("supposed") == 1


def test_areas_are_proportional_to_consultations():
    svg = page_tree(delays.densities_svg(classes(), "x", 90))
    sizes = [
        float(rect.attributes["width"]) * float(rect.attributes["height"])
        for rect in svg.all("rect")
    ]
    counts = [one.count for one in classes()]
    shares = [size / sum(sizes) for size in sizes]
    assert shares == pytest.approx([count / sum(counts) for count in counts], abs=0.004)


def test_densities_and_the_day_by_which_half_took_place():
    known = classes()
    assert [round(one.per_day) for one in known[:-1]] == [25_036, 25_118, 24_376, 28_668]
    assert "0 à 15 jours, la plus fournie des classes fermées" in plain(
        delays.density_finding(known)
    )
    assert "0 à 15 jours, la classe la plus fournie" in plain(delays.density_finding(known[:-1]))
    assert delays.median_day(known) == 30
    assert delays.median_day(classes(count=10**9)) is None
    assert "48,7 %" in plain(delays.delay_finding(known, 2016))
    assert pd.isna(delays.densities_records(known)["consultations_par_jour"].iloc[-1])


def test_a_curve_stops_where_a_month_is_withheld():
    months = [(date(2015, 1, 1), 10.0, 2), (date(2015, 2, 1), None, 2), (date(2015, 3, 1), 5.0, 2)]
    assert [p.value for p in curves.cumulated(months, 2)] == [10]
    whole = curves.cumulated([(month, 10.0, 1) for month, _, _ in months], 2)
    assert [p.value for p in whole] == [10, 20, 30]
    assert whole[-1].is_partial
    svg = curves.curve_svg(curves.Curve(whole), "x")
    assert "1/2 caisses" in plain(svg)
    assert curves.curve_svg(curves.Curve(whole[:1]), "x") == ""


def rising(last, month_count=46):
    """A curve from 2 000 to ``last``, a month a point, from December 2013."""
    step = (last - 2000) / (month_count - 1)
    return [
        curves.CurvePoint(date(2013 + (11 + m) // 12, (11 + m) % 12 + 1, 1), 2000 + step * m)
        for m in range(month_count)
    ]


def dashes(svg):
    """Left, right and height of the objectives drawn."""
    paths = [p.attributes["d"] for p in svg.all("path") if p.attributes["class"] == "axis"]
    found = [re.fullmatch(r"M([\d.]+) ([\d.]+)H([\d.]+)", path) for path in paths]
    return [(float(one[1]), float(one[3]), float(one[2])) for one in found if one]


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@pytest.mark.parametrize("objective", [3300, 3476, 3500, 3560, 3657, 3800])
def test_the_last_count_is_written_clear_of_the_objectives(frame, objective):
    points = rising(3476)
    aim = curves.Mark(points[-1].day, objective, "Objectif")
    svg = page_tree(curves.curve_svg(curves.Curve(points, (), [aim]), "x", frame))
    (label,) = (t for t in svg.all("text") if t.attributes.get("class") == "end")
    right, base = float(label.attributes["x"]), float(label.attributes["y"])
    left = right - len("3 476") * frame.letter
    (dash,) = dashes(svg)
    assert dash[0] > right or dash[1] < left or not base - 12 < dash[2] < base + 1


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_no_number_of_a_curve_is_cut_by_its_frame(frame):
    svg = page_tree(curves.curve_svg(curves.Curve(rising(7_500_000, 9)), "x", frame))
    for label in svg.all("text"):
        wide = len(label.text) * (frame.letter - 1)
        share = {"end": 1.0, "middle": 0.5}[label.attributes["text-anchor"]]
        left = float(label.attributes["x"]) - wide * share
        assert left >= 0
        assert left + wide <= frame.width


def test_a_count_published_long_after_the_months_is_told_and_not_drawn():
    points = rising(6_575_509, 8)
    near, far = points[-1].day.replace(day=28), date(2014, 12, 31)
    marks = [
        curves.Mark(near, 6_575_509, "Publié : 6 575 509"),
        curves.Mark(far, 8_548_744, "Publié : 8 548 744"),
    ]
    curve = curves.Curve(points, marks)
    svg = page_tree(curves.curve_svg(curve, "x"))
    assert len([r for r in svg.all("rect") if r.attributes["class"] == "published"]) == 1
    right = max(float(dot.attributes["cx"]) for dot in svg.all("circle"))
    assert right == WIDE.width - WIDE.right
    told = plain(curves.curve_legend(curve, "DMP"))
    assert "Publié aussi, hors du tracé : 8 548 744 en décembre 2014." in told
    rows = curves.curve_records(curve)
    assert 8_548_744 in set(rows["cumul"])
    assert rows["jour"].iloc[0] == "2013-12-31"
    assert "8 548 744" in plain(curves.curve_alt(curve, "DMP"))


@pytest.mark.parametrize("draw", [partial(delays.densities_svg, classes(), "x")])
def test_a_picture_is_there_for_a_wide_screen_and_for_a_phone(draw):
    html = framed_twice(lambda frame: draw(frame=frame))
    boxes = re.findall(r'viewBox="0 0 (\d+) (\d+)"', html)
    assert boxes == [(str(f.width), str(f.height)) for f in (WIDE, NARROW)]
    assert html.count("751 388".replace(" ", "\u202f")) >= 2


def test_nothing_is_framed_where_nothing_is_drawn():
    assert framed_twice(lambda frame: "") == ""


def test_a_department_withheld_is_hatched_and_never_named_as_an_end():
    places = [
        Reached("DEP-03", "Allier", 22_795, 333_298),
        Reached("DEP-15", "Cantal", None, 144_196, is_hidden=True),
        Reached("DEP-63", "Puy-de-Dôme", 76_171, 664_453),
    ]
    said = plain(places_finding(places, "DMP ouverts"))
    assert said == "DMP ouverts pour 1 000 habitants : de 68,4 (Allier) à 114,6 (Puy-de-Dôme)"
    svg = places_svg(places, "x", drills=True)
    assert svg.count('class="none"') == 1
    assert "Masqué" in places_table(places, "DMP", "Essai")
    assert places_records(places)["cumul"].isna().sum() == 1


def test_services_of_the_scorecard_alone_are_told_in_their_last_year():
    codes = ["IR8-DMT", "IR8-DMT", "IR8-SCOR-infirmiers", "IR8-SCOR-sages-femmes", "IR8-AAT"]
    rows = pd.DataFrame(
        {
            "cog_code": codes,
            "year": [2015, 2016, 2016, 2016, 2016],
            "realised": [61.6, 65, 88.5, 44.8, 22.7],
            "objective": [60, 80, 75, 75, 50],
        }
    )
    known = teleservices.cog_rates(rows)
    assert [(one.service, one.profession, one.year) for one in known] == [
        ("DMT", "", 2016),
        ("SCOR", "infirmiers", 2016),
        ("SCOR", "sages-femmes", 2016),
    ]
    assert [round(one.attainment, 3) for one in known] == [0.812, 1.18, 0.597]
    assert plain(teleservices.rates_finding(known)) == (
        "Médecin traitant, 65,0 % en 2016 pour un objectif de 80 % ; SCOR, 1 profession sur 2 à "
        "l’objectif"
    )
    html = plain(teleservices.rates_table(known, [], "Essai"))
    assert "Ordonnances numérisées (SCOR), sages-femmes" in html


def test_two_sources_are_flagged_on_their_own_service_and_year():
    findings = pd.DataFrame(
        {
            "rule": ["teleservices.sources_disagree", "teleservices.sources_disagree", "cpg.other"],
            "contract": ["teleservices", "teleservices", "cpg"],
            "sentence": [
                "teleservices.csv, ligne 13, colonne « Taux (%) » : PSE, 2016, taux : 35,17",
                "teleservices.csv, ligne 9, colonne « Taux (%) » : AAT, 2015, taux : 15,22",
                "autre",
            ],
            "year": [2016, 2015, 2016],
            "label": None,
            "measure": "rate_pct",
            "row": [13, 9, 1],
        }
    )
    found = disagreements(findings, "teleservices")
    assert [one.sentence[:9] for one in found] == ["AAT, 2015", "PSE, 2016"]
    assert [one.place for one in of_figure(found, 2015, "rate_pct", "AAT,")] == [1]
    assert of_figure(found, 2015, "rate_pct", "PSE,") == []


def test_acts_a_week_make_acts_a_month_and_a_whole_period_does_not():
    rows = pd.DataFrame(
        {
            "service": "teleconsultation",
            "year": [2019, 2018, 2019],
            "period": ["2019-12", "2018-12", "2018-09/2019-09"],
            "volume": [3300, 1000, 60_000],
            "volume_span": ["week", "month", "period"],
            "source": "x",
        }
    )
    known = teleservices.volumes(rows)
    assert [round(one.monthly or 0) for one in known] == [1000, 0, 14_300]
    said = plain(teleservices.volumes_finding(known))
    assert said == (
        "Téléconsultations : de 1 000 par mois (déc. 2018) à environ 14 300 (déc. 2019), "
        "14 fois plus"
    )
    assert teleservices.volume_period(known[1]).startswith("sept.")
