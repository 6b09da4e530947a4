"""The other figures of the MSAP: key figures, statuses, years, procedures, calls."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from figures import choropleth as maps
from figures import msap_establishments as units
from figures import msap_overview as overview
from figures import msap_procedures as gestures
from figures import p_chart
from figures.msap_anomalies import anomalies_of, anomaly_list, anomaly_marks
from figures.msap_counts import MsapCounts, counts_of, masked_sign, rate_words
from figures.msap_overview import Compared, StatusLine
from figures.msap_procedures import Procedure, ProcedureYears, Published
from tests.figures.msap_frames import WINDOW, counts, establishment, many_establishments

HIDDEN = MsapCounts(is_hidden=True)


def anomalies():
    frame = pd.DataFrame(
        {
            "contract": ["msap_published", "msap_published", "cpg"],
            "rule": ["msap.approvals_exceed_requests", "msap.identity", "cpg.x"],
            "severity": ["warning"] * 3,
            "sentence": ["112 accords pour 102 demandes.", "Autre année.", "Autre contrat."],
            "year": [2016, 2014, 2016],
            "domain": ["chirurgie_ambulatoire"] * 3,
            "label": ["Privé"] * 3,
            "measure": ["approvals"] * 3,
        }
    )
    return anomalies_of(frame, 2016)


def test_counts_are_withheld_only_where_the_question_withheld_them():
    seen = counts_of({"requests": 9, "approvals": 8, "refusals": 1, "is_hidden": True})
    withheld = counts_of({"requests": None, "approvals": None, "is_hidden": True})
    assert not seen.is_hidden
    assert seen.rate == 8 / 9
    assert withheld.is_hidden
    assert withheld.rate is None
    assert withheld.interval is None


def test_the_rate_rests_on_rows_of_which_both_decisions_are_known():
    row = {"requests": 30, "approvals": 25, "refusals": 2, "decided": 22, "decided_approvals": 20}
    found = counts_of(row)
    assert found.rate == 20 / 22
    assert "des 22 demandes décidées" in rate_words(found)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (counts(90, 10), "90,0\u202f% (de 82,6 à 94,5\u202f%) des 100 demandes décidées"),
        (HIDDEN, "taux d’accord masqué (petit nombre)"),
        (MsapCounts(), "aucune demande décidée"),
    ],
)
def test_rates_are_said_with_interval_and_denominator(found, words):
    assert rate_words(found) == words


def test_finding_of_the_overview():
    said = overview.overview_finding(counts(90, 10, 5), 2016, "Ain")
    assert said.replace("\u00a0", " ") == "MSAP 2016, Ain : 105 demandes, 90,0\u202f% accordées"
    assert "masqués" in overview.overview_finding(HIDDEN, 2016, "Ain")
    assert "aucune demande" in overview.overview_finding(MsapCounts(), 2016, "Ain")


def test_key_figures_of_a_hidden_territory_show_no_number():
    html = overview.key_figures(HIDDEN, 2016, "extraits")
    assert html.count("◌") == 4
    assert "%" not in html


def test_published_counts_stand_beside_the_computed_with_their_anomalies():
    line = StatusLine(
        "chirurgie_ambulatoire",
        "prive",
        counts(100, 10),
        Published(requests=102, approvals=112, refusals=None),
        anomalies(),
    )
    table = overview.status_table([line], "x", shows_published=True)
    assert "calculé +8" in table
    assert "vide" in table
    assert 'href="#anomalie-1"' in table
    assert "112 accords pour 102 demandes." in table


def test_anomalies_of_other_years_and_contracts_are_left_out():
    (found,) = anomalies()
    assert found.label == "Privé"
    assert 'id="anomalie-1"' in anomaly_list([found], "anomalies")
    assert anomaly_marks([]) == anomaly_list([], "anomalies") == ""


def test_beyond_five_the_sentences_of_anomalies_are_folded():
    known = [anomalies()[0].at(place) for place in range(1, 39)]
    shown, _, folded = anomaly_list(known, "anomalies").partition("<details")
    assert (shown.count("<li "), folded.count("<li ")) == (5, 33)
    assert "Voir 33 autres anomalies" in folded.replace("\u00a0", " ").replace("\u202f", " ")
    assert "<details" not in anomaly_list(known[:5], "anomalies")


def test_years_are_compared_in_words():
    rows = [Compared("total", counts(979, 21), counts(961, 39)), Compared("ssr", HIDDEN, HIDDEN)]
    said = overview.compared_finding(rows, (2014, 2016))
    assert said == (
        "De 2014 à 2016, le taux d’accord passe de 97,9\u202f% à 96,1\u202f%, baisse qui dépasse "
        "le hasard"
    )
    assert "peut tenir au hasard" in overview.change_sentence(
        overview.rates_gap(counts(49, 1), counts(47, 3)), counts(49, 1), counts(47, 3)
    )
    alt = overview.compared_alt(rows, (2014, 2016), "Ain")
    assert "comparaison masquée" in alt
    assert overview.compared_svg(rows, (2014, 2016), alt).count("<circle") == 2
    assert overview.compared_svg(rows[1:], (2014, 2016), alt) == ""
    assert overview.compared_records(rows, (2014, 2016))["ecart"].isna().sum() == 1


def procedures():
    return gestures.ranked_procedures(
        [
            Procedure("a", "Avulsion <i>dentaire</i>", "chirurgie_ambulatoire", counts(40, 2)),
            Procedure(
                "b",
                "Cholécystectomie",
                "chirurgie_ambulatoire",
                counts(90, 10, stays=1000),
                (Published(529, 588, 6), Published(None, 2, None)),
                anomalies(),
            ),
            Procedure("c", "LEC", "chirurgie_ambulatoire", HIDDEN),
        ]
    )


def test_procedures_are_ranked_by_requests_and_the_withheld_come_last():
    assert [p.code for p in procedures()] == ["b", "a", "c"]
    table = gestures.procedures_table(procedures(), "x", shows_published=True)
    assert "529 ; vide" in table
    assert "<i>dentaire" not in table
    assert table.count("Masqué") >= 2
    assert "10,0" in table


def test_procedures_finding_alt_and_file():
    assert "font 70\u202f%" not in gestures.procedures_finding(procedures(), "en 2016")
    assert "Cholécystectomie fait 70\u202f% des demandes" in gestures.procedures_finding(
        procedures(), "en 2016"
    )
    assert "Classement de 2 gestes" in gestures.procedures_alt(procedures(), "en 2016")
    svg = gestures.procedures_svg(procedures(), "alt")
    assert svg.count("<circle") == 2
    assert "LEC" not in svg
    frame = gestures.procedures_records(procedures()).set_index("geste_code")
    assert frame.loc["c", ["demandes", "accords", "taux_accord"]].isna().all()
    assert frame.loc["b", "publie_accords"] == "588 ; 2"


def test_panels_keep_procedures_with_two_known_years():
    moved = ProcedureYears("a", "Avulsion", {2014: counts(99, 1), 2016: counts(80, 20)})
    alone = ProcedureYears("b", "LEC", {2016: counts(10, 0)})
    hidden = ProcedureYears(
        "c", "Varices", {2014: counts(30, 1), 2015: HIDDEN, 2016: counts(31, 0)}
    )
    found = gestures.panels([moved, alone, hidden], 2016)
    assert [p.code for p in found] == ["a", "c"]
    assert "Avulsion change de taux" in gestures.panels_finding(found)
    html = gestures.panels_html(found, (2014, 2015, 2016))
    assert "masqué" in html
    assert gestures.panels_table(found, (2014, 2015, 2016), "x").count("<tr>") == 3
    assert len(gestures.panels_records(found)) == 5


def test_calls_name_the_furthest_with_their_reasons():
    found = units.calls(many_establishments(), "hasard")
    assert found[0].establishment.code == "990000090"
    assert found[0].is_beyond
    said = " ".join(units.call_sentences(found[0], "hasard")).replace("\u00a0", " ")
    assert "70 accords sur 100 demandes décidées, soit 70,0\u202f% (de 60,4 à 78,1\u202f%)" in said
    assert "en laissent attendre 96,0 aux taux nationaux" in said
    assert "30 refus pour 4,0 attendus, 7,5 fois l’attendu" in said
    assert "Hors des limites à 99,8 % (hasard seul)" in said
    assert "rapport" not in said
    assert "Fenêtre MSAP de mars à août 2016" in said
    assert units.calls_finding(found[:1], 0, 42, "en 2016").endswith("Tilleuls")
    assert "<b>des" not in units.calls_html(found, "hasard")


def test_calls_look_at_requests_and_delays_too():
    ordinary = [
        replace(
            establishment(i, counts(48, 2, within_48h=47, stays=900), 48.0),
            expected_requests=50.0,
        )
        for i in range(12)
    ]
    asks = replace(establishment(20, counts(196, 4, within_48h=188, stays=800), 192.0))
    asks = replace(asks, expected_requests=45.0)
    late = replace(establishment(21, counts(48, 2, within_48h=20, stays=900), 48.0))
    found = units.calls([*ordinary, asks, replace(late, expected_requests=50.0)], "hasard", 0.93)
    assert [(call.establishment.code[-2:], call.reasons[0].kind) for call in found[:2]] == [
        ("20", "demandes"),
        ("21", "delais"),
    ]
    html = units.calls_html(found, "hasard")
    assert "▲ nombre de demandes" in html
    assert "200 demandes pour 800 séjours" in html
    assert "20 réponses sous 48 h pour 50 demandes (40,0" in html
    assert "contre 93,0\u202f% en France" in html


def test_the_verdict_on_delays_is_the_same_whoever_looks():
    late = establishment(21, counts(48, 2, within_48h=30), 48.0)
    others = [establishment(i, counts(48, 2, within_48h=25), 48.0) for i in range(12)]
    alone, among = units.calls([late], "hasard", 0.93), units.calls([*others, late], "hasard", 0.93)
    assert alone[0].reasons[0].kind == "delais"
    assert {call.reasons[0].kind for call in among} == {"delais"}
    assert units.calls([late], "hasard") == []


def test_calls_are_said_among_those_seen():
    found = units.calls(many_establishments(), "hasard")[:1]
    said = units.calls_finding(found, 170, 43, "en 2016").replace("\u00a0", " ")
    assert said.startswith("Un établissement mérite un appel en 2016, parmi les 43 que vous voyez")


def test_calls_say_since_when():
    (call, *_) = units.calls(many_establishments(), "hasard")
    within = [establishment(90, counts(96, 4), 96.0), *many_establishments()[:40]]
    always = {2014: many_establishments(), 2015: many_establishments()}
    assert units.since_words(call, always, "hasard").endswith("depuis 2014 au moins")
    late = {2014: within, 2015: many_establishments()}
    assert units.since_words(call, late, "hasard").endswith("hors des limites depuis 2015")
    new = {2015: within}
    assert units.since_words(call, new, "hasard") == "taux d’accord dans les limites en 2015"
    assert units.since_words(call, {}, "hasard") == ""


def test_early_answers_and_withheld_establishments_deserve_no_call():
    ordinary = [establishment(i, counts(45, 5, within_48h=30), 45.0) for i in range(12)]
    early = establishment(30, counts(45, 5, within_48h=50), 45.0)
    assert units.calls([*ordinary, early, establishment(31, HIDDEN)], "hasard", 0.6) == []


def test_the_switch_asks_more_of_a_call():
    spread = [establishment(i, counts(100 - 2 * i, 2 * i), 80.0) for i in range(21)]
    strong = [call.is_beyond for call in units.calls(spread, "hasard")]
    widened = [call.is_beyond for call in units.calls(spread, "surdispersion")]
    assert all(strong)
    assert not any(widened)
    assert "surdispersion" in units.calls_note("surdispersion")


def test_a_mix_that_explains_is_said():
    one = establishment(1, counts(80, 20), 81.0)
    assert one.score is not None
    assert abs(one.score) < units.MIX_EXPLAINS
    assert "ce que ses gestes laissent attendre" in units.establishment_finding(one, 2016)
    atypical = establishment(2, counts(80, 20), 95.0)
    assert "moins que les 95,0" in units.establishment_finding(atypical, 2016)


def test_a_hidden_establishment_tells_no_number():
    one = establishment(1, HIDDEN)
    said = (
        units.establishment_finding(one, 2016)
        + units.expected_table(one)
        + units.answers_sentence(one.counts)
        + units.expected_finding(one)
    )
    assert "masqué" in said.lower()
    assert "%" not in said.replace("95 %", "").replace("95\u202f%", "")
    assert units.establishments_records([one])["demandes"].isna().all()


def test_what_is_withheld_bears_the_same_sign_in_every_table():
    one = establishment(1, HIDDEN)
    place = maps.Place("DEP-43", "Haute-Loire", HIDDEN)
    gesture = ProcedureYears("a", "Avulsion", {2014: HIDDEN})
    period = p_chart.Period(date(2016, 1, 1), date(2016, 1, 1), HIDDEN)
    chart = p_chart.control_chart_of([period], [])
    cells = {
        units.expected_table(one): 12,
        maps.choropleth_table([place], maps.MEASURES["taux"], "x", drills=False): 3,
        maps.choropleth_table([place], maps.MEASURES["recours"], "x", drills=False): 3,
        gestures.panels_table([gesture], (2014,), "x"): 1,
        p_chart.phases_table(WINDOW, [p_chart.Phase("Avant", HIDDEN)]): 5,
        p_chart.chart_table(chart, "x"): 4,
    }
    for table, count in cells.items():
        assert table.count(masked_sign()) == count


def test_answers_within_48_hours_have_their_denominator():
    said = units.answers_sentence(counts(40, 10, within_48h=45))
    assert "45 réponses sous 48 h pour 50 demandes (90,0\u202f%)" in said
    assert "non renseignées" in units.answers_sentence(counts(40, 10))


def test_what_exceeds_the_expected_is_said():
    one = replace(establishment(1, counts(60, 40, stays=400), 95.0), expected_requests=40.0)
    said = units.expected_finding(one)
    assert "de accords" not in said
    assert "plus de refus qu’attendu (8,0 fois)" in said
    assert "plus de demandes qu’attendu (2,5 fois)" in said
    assert units.expected_table(one).count("<tr>") == 4


def test_no_one_to_call_is_said():
    assert units.calls([], "hasard") == []
    assert "ne s’écarte assez" in units.calls_finding([], 0, 0, "en 2016")
    assert "parmi ceux que vous voyez" in units.calls_finding([], 3, 4, "en 2016")


def test_the_file_of_an_establishment_without_procedure_has_its_columns_and_no_row():
    records = units.mix_records([])
    assert records.empty
    assert "demandes" in records.columns
