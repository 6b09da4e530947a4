"""The P chart: periods, windows, phases, and months that are withheld."""

from datetime import date

import pandas as pd

from figures import p_chart as charts
from figures.msap_counts import MsapCounts
from figures.p_chart import Window, control_chart_of, periods_of, phases
from tests.figures.msap_frames import WINDOW, counts, months

PHASES = ("Avant", "Pendant", "Après")
START = date(2016, 1, 1)


def chart_with_a_window():
    found = months(START, [counts(20, 1)] * 2 + [counts(12, 10)] * 6 + [counts(20, 0)] * 4)
    return control_chart_of(found, [WINDOW])


def test_a_window_needs_both_its_days():
    assert Window.of("2016-03-01", "2016-08-31") == WINDOW
    assert Window.of("2016-03-01", None) is None
    assert WINDOW.words == "de mars à août 2016"


def test_phases_add_up_to_the_periods():
    found = phases(chart_with_a_window().periods, WINDOW)
    assert [phase.words for phase in found] == ["Avant", "Pendant", "Après"]
    assert [phase.counts.requests for phase in found] == [42, 132, 80]
    assert found[1].counts.rate == 72 / 132


def test_a_withheld_month_withholds_its_phase():
    known = months(START, [counts(20, 1), MsapCounts(is_hidden=True), *[counts(12, 10)] * 6])
    before, during, _ = phases(known, WINDOW)
    assert before.counts.is_hidden
    assert before.counts.rate is None
    assert during.counts.rate is not None
    assert "Masqué" in charts.phases_table(WINDOW, [before, during, _])


def test_sentence_says_what_exceeds_chance():
    sentence = charts.phases_sentence(WINDOW, phases(chart_with_a_window().periods, WINDOW))
    assert "54,5\u202f% d’accords pendant" in sentence
    assert "qui dépasse le hasard" in sentence


def test_gaps_are_read_from_first_to_later_with_their_interval():
    found = [counts(18, 4), counts(23, 10), counts(26, 3)]
    known = [charts.Phase(words, one) for words, one in zip(PHASES, found, strict=True)]
    sentence = charts.phases_sentence(WINDOW, known).replace("\u202f", " ").replace("\u00a0", " ")
    assert "89,7 % après, soit +20,0 pts ensuite (de −0,6 à +38,3)" in sentence
    assert "81,8 % avant, soit −12,1 pts pendant" in sentence
    assert "ce qui peut tenir au hasard" in sentence


def test_a_signal_that_ended_is_said_to_have_ended():
    found = months(START, [*[counts(95, 5)] * 8, counts(70, 30), *[counts(96, 4)] * 3])
    said = charts.chart_finding(control_chart_of(found, []), "Rhône")
    assert "signal à la baisse en septembre 2016, terminé depuis" in said


def test_the_picture_shades_the_window_and_marks_signals():
    chart = chart_with_a_window()
    svg = charts.p_chart_svg(chart, charts.chart_alt(chart, "Clinique"))
    assert svg.count('<rect class="window"') == 1
    assert 'class="out"' in svg
    assert "Fenêtre MSAP de mars à août 2016" in svg
    assert chart.name == "Carte P"


def test_large_periods_get_a_p_prime_chart_and_it_is_said():
    found = months(START, [counts(950 + 9 * (i % 4), 40) for i in range(14)])
    chart = control_chart_of(found, [])
    assert chart.is_prime
    assert "P′" in charts.chart_note(chart)


def test_withheld_months_leave_no_trace():
    secret = counts(987, 3)
    known = months(START, [counts(20, 1)] * 6)
    hidden = months(date(2016, 7, 1), [MsapCounts(is_hidden=True)] * 3)
    chart = control_chart_of([*known, *hidden], [])
    everything = (
        charts.p_chart_svg(chart, charts.chart_alt(chart, "Clinique"))
        + charts.chart_table(chart, "x")
        + charts.chart_records(chart).to_csv()
    )
    assert str(int(secret.approvals)) not in everything
    assert everything.count("Masqué") >= 3
    assert charts.chart_records(chart)["taux_accord"].isna().sum() == 3


def test_where_some_months_are_withheld_nothing_is_concluded_of_the_others():
    known = months(START, [counts(20, 0)] * 3)
    hidden = months(date(2016, 4, 1), [MsapCounts(is_hidden=True)] * 7)
    chart = control_chart_of([*known, *hidden], [])
    said = charts.chart_finding(chart, "Clinique").replace("\u00a0", " ").replace("\u202f", " ")
    assert said == ("Clinique : 3 périodes visibles sur 10, les autres masquées : rien à conclure")
    svg = charts.p_chart_svg(chart, charts.chart_alt(chart, "Clinique"))
    assert svg.count("<circle") == 3
    assert 'class="habit"' not in svg
    assert 'class="mean"' not in svg
    assert "moyen" not in said + charts.chart_legend(chart)
    assert charts.chart_records(chart)["moyenne"].isna().all()


def test_requests_that_may_be_seen_are_the_same_in_table_and_file():
    partly = MsapCounts(requests=16, is_hidden=True)
    chart = control_chart_of(months(START, [partly, counts(20, 1)]), [])
    assert charts.chart_records(chart)["demandes"].tolist() == [16, 21]
    assert ">16<" in charts.chart_table(chart, "x")


def test_all_months_withheld_say_so():
    chart = control_chart_of(months(START, [MsapCounts(is_hidden=True)] * 12), [WINDOW])
    assert chart.chart is None
    assert charts.p_chart_svg(chart, "x") == ""
    assert "masqués" in charts.chart_finding(chart, "Clinique")
    assert "Fenêtre MSAP" in charts.chart_alt(chart, "Clinique")


def test_quarters_are_read_as_the_question_gives_them():
    frame = pd.DataFrame(
        {
            "first_month": ["2016-01-01"],
            "last_month": ["2016-03-01"],
            "requests": [30],
            "approvals": [28],
            "refusals": [2],
            "is_hidden": [False],
        }
    )
    (period,) = periods_of(frame)
    assert period.label == "janvier à mars 2016"
    assert period.counts.decided == 30
    assert "Trimestres" in charts.chart_note(control_chart_of([period], []))
