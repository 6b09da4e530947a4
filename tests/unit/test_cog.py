"""The COG's verdicts: every published row, and the rule behind each reason."""

import csv
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from data.reference.published import published_files
from indicators import cog
from indicators.cog_reading import (
    READING,
    CogReading,
    CogReadingError,
    OtherValue,
    published_reading,
    read_declaration,
)
from indicators.engagement import engagement_verdict, fiche_of

GOLDEN = Path(__file__).parents[1] / "golden" / "cog_verdicts.csv"
HEADINGS = {
    "Fiche": "fiche",
    "Code": "cog_code",
    "Type": "cog_type",
    "Libellé": "label",
    "Unité": "unit",
    "Année": "year",
    "Réalisé": "realised",
    "Objectif": "objective",
    "Cible 2017": "target_2017",
    "Verdict publié": "published_verdict",
    "Note": "note",
}
NOTHING_ELSE = CogReading()


def published_rows():
    (path,) = (path for path in published_files() if path.name == "cog.csv")
    frame = pd.read_csv(path, sep=";", decimal=",", dtype={"Fiche": str})
    return frame.rename(columns=HEADINGS)


def golden():
    with GOLDEN.open(encoding="utf-8") as file:
        return {(row["cog_code"], int(row["year"])): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def known():
    return {one.code: one for one in cog.scorecard(published_rows())}


@pytest.mark.parametrize(("code", "year"), golden())
def test_every_published_row(code, year, known):
    wanted = golden()[code, year]
    found = next(one for one in known[code].years if one.year == year)
    doubts = " ".join(doubt.code + "!" * doubt.is_decisive for doubt in found.doubts)
    assert (found.verdict, found.agreement, found.why or "", doubts) == (
        wanted["verdict"],
        wanted["agreement"],
        wanted["why"],
        wanted["doubts"],
    )


def test_no_published_row_is_left_out(known):
    shown = {(one.code, year.year) for one in known.values() for year in one.years}
    rows = published_rows()
    assert shown == set(zip(rows["cog_code"], rows["year"], strict=True)) == set(golden())


def test_every_published_code_has_a_direction():
    assert set(published_rows()["cog_code"]) <= set(cog.directions())


def test_what_is_declared_is_about_published_rows_and_differs_from_them():
    rows = published_rows().set_index(["cog_code", "year"])
    reading = published_reading()
    for other in reading.other_values:
        assert rows.loc[(other.cog_code, other.year), other.measure] != other.value
    codes = {caution.cog_code for caution in reading.cautions} | reading.objectives_in_words
    codes |= {code for together in reading.judged_together for code in together}
    assert codes <= set(published_rows()["cog_code"])


def test_both_figures_are_kept_and_none_is_averaged(known):
    year = known["IR7-ADH"].years[1]
    assert (year.realised, year.objective) == (338960, 333600)
    assert {(other.measure, other.value) for other in year.others} == {
        ("realised", 335938),
        ("objective", 310000),
    }


def test_the_verdict_of_the_other_figure_says_whether_it_matters(known):
    (revised,) = (
        d for d in known["IR7-ADH"].doubts if d.code == "revised_objective" and d.year == 2016
    )
    assert revised.is_decisive
    assert not any(d.is_decisive for d in known["IR7-SA"].doubts)


def test_a_figure_written_with_fewer_decimals_is_no_disagreement(known):
    assert known["IR8-AAT"].years[-1].others == ()
    assert [other.value for other in known["IR8-PSE"].years[-1].others] == [35.17]


def test_the_progress_towards_2017_is_that_of_the_latest_figure(known):
    year, reached = known["IR13-GEN"].target_attainment
    assert (year, reached) == (2016, pytest.approx(85.4 / 85))
    assert known["IS4.2"].target_attainment[1] == pytest.approx(49.1 / 51.9)
    assert known["IR7-IC"].target_attainment is None
    assert known["IS12-AT"].target_attainment is None


@pytest.mark.parametrize(
    ("realised", "objective", "better", "said"),
    [
        (10, 10, "higher", "attained"),
        (9, 10, "higher", "not_attained"),
        (9, 10, "lower", "attained"),
        (11, 10, "lower", "not_attained"),
        (0, 10, "higher", "not_attained"),
        (None, 10, "higher", "not_assessable"),
        (10, None, "higher", "not_assessable"),
        (10, 0, "higher", "not_assessable"),
        (-1, -2, "higher", "not_assessable"),
        (10, 10, None, "not_assessable"),
        (10, 10, "none", "not_assessable"),
        (99.9, 100, "higher", "not_attained"),
    ],
)
def test_a_verdict_needs_both_figures_and_a_direction(realised, objective, better, said):
    assert cog.verdict_of(realised, objective, better) == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Oui", "attained"),
        ("Non", "not_attained"),
        ("Partielle", "partly"),
        ("s.o", "none"),
        (None, "none"),
        (float("nan"), "none"),
    ],
)
def test_the_words_of_the_source(word, said):
    assert cog.published_verdict(word) == said


def row(year, realised, objective=None, **given):
    return {
        "fiche": "7",
        "cog_code": "X",
        "cog_type": "IR",
        "label": "Un indicateur",
        "unit": "%",
        "year": year,
        "realised": realised,
        "objective": objective,
        "target_2017": None,
        "published_verdict": "Oui",
        "note": None,
        **given,
    }


def judged(*rows, better="higher", reading=NOTHING_ELSE):
    (one,) = cog.scorecard(pd.DataFrame(rows), {"X": better}, reading)
    return one


def test_the_target_of_2017_is_the_objective_of_2017_only():
    one = judged(row(2016, 60, target_2017=50), row(2017, 60, target_2017=50))
    assert [year.lacking for year in one.years] == ["target_of_another_year", None]
    assert (one.judged.year, one.verdict) == (2017, "attained")


@pytest.mark.parametrize(
    ("given", "better", "lacking"),
    [
        ({"realised": None, "objective": 5}, "higher", "missing_value"),
        ({"realised": 5}, "higher", "no_objective"),
        ({"realised": 5, "target_2017": 6}, "higher", "target_of_another_year"),
        ({"realised": 5, "objective": 0}, "higher", "objective_not_positive"),
        ({"realised": 5, "objective": 4}, "none", "no_direction"),
        ({"realised": 5, "objective": 4}, None, "no_direction"),
    ],
)
def test_what_cannot_be_judged_says_why(given, better, lacking):
    one = judged(row(2016, **given), better=better)
    assert (one.verdict, one.why, one.agreement) == ("not_assessable", lacking, "not_comparable")
    assert not one.is_doubtful


def test_an_objective_in_words_is_no_level():
    reading = CogReading(objectives_in_words=frozenset({"X"}))
    assert judged(row(2016, 5, target_2017=4), reading=reading).why == "objective_in_words"


def test_a_published_verdict_that_nothing_explains_contradicts_the_figures():
    one = judged(row(2015, 4, 10), row(2016, 5, 10))
    assert (one.agreement, one.why) == ("differs", "contradicts_figures")
    assert [(d.code, d.year) for d in one.doubts] == [("contradicts_figures", 2016)]


def test_a_partial_verdict_fits_years_that_differ():
    mixed = judged(
        *(row(y, v, 10, published_verdict="Partielle") for y, v in ((2015, 12), (2016, 5)))
    )
    assert (mixed.agreement, mixed.is_doubtful) == ("agrees", False)
    none = judged(row(2016, 5, 10, published_verdict="Partielle"))
    assert none.agreement == "differs"


def test_a_source_that_disagrees_may_explain_the_published_verdict():
    other = OtherValue(
        cog_code="X", year=2016, measure="realised", value=12, kind="other_source", source="a"
    )
    one = judged(row(2016, 5, 10), reading=CogReading(other_values=(other,)))
    assert one.why == "sources_disagree"
    assert {d.code for d in one.doubts if d.is_decisive} == {
        "contradicts_figures",
        "sources_disagree",
    }


@pytest.mark.parametrize(
    ("realised", "objective", "better", "unit", "is_doubtful"),
    [
        (67.7, 67.7, "higher", "%", True),  # may be 67.66
        (42.1, 42, "lower", "%", True),  # is written 42 with the objective's decimals
        (85.4, 85, "higher", "%", False),  # at least 85.35
        (41, 42, "higher", "%", False),
        (43, 43, "higher", "gestes", False),  # counted, not measured
        (3.97, 4, "lower", "jours", False),
        (4.04, 4, "lower", "jours", True),
    ],
)
def test_a_value_at_the_edge_of_its_rounding_is_doubtful(
    realised, objective, better, unit, is_doubtful
):
    verdict = cog.verdict_of(realised, objective, better)
    word = "Oui" if verdict == "attained" else "Non"
    one = judged(row(2016, realised, objective, unit=unit, published_verdict=word), better=better)
    assert one.is_doubtful == is_doubtful


def test_a_verdict_on_an_earlier_year_is_said():
    one = judged(row(2015, 12, 10), row(2016, None, 10))
    assert (one.judged.year, one.agreement) == (2015, "agrees")
    assert [doubt.code for doubt in one.doubts] == ["earlier_year"]


def test_a_monitoring_indicator_has_a_verdict_of_ours_alone():
    one = judged(row(2016, 12, 10, published_verdict="s.o"))
    assert (one.verdict, one.agreement, one.why) == (
        "attained",
        "not_comparable",
        "no_published_verdict",
    )


def test_fiches_and_numbers_stand_in_the_order_of_the_cog():
    assert sorted(["10.1", "7.10", "7.9", "4.2"], key=cog.number_key) == [
        "4.2",
        "7.9",
        "7.10",
        "10.1",
    ]
    assert fiche_of("7.10") == "7"


@given(st.integers(-999_999, 999_999), st.integers(0, 4))
def test_a_figure_is_the_same_as_itself_with_fewer_decimals(units, decimals):
    value = round(units / 10**decimals, decimals)
    assert cog.decimals_of(value) <= decimals
    for fewer in range(decimals + 1):
        assert cog.same_when_rounded(value, round(value, fewer))


@pytest.mark.parametrize(
    ("achieved", "on_time", "said"),
    [
        ("Oui", "Oui", "held_on_time"),
        ("Oui", "Non", "held_late"),
        ("Oui avec retard", None, "held_late"),
        ("Oui", "s.o.", "held_undated"),
        ("Oui", float("nan"), "held_undated"),
        ("Partiellement", None, "partly_held"),
        ("Non", "s.o.", "not_held"),
        ("Non", "Non", "not_held"),
        (None, None, "unknown"),
        (float("nan"), float("nan"), "unknown"),
    ],
)
def test_what_became_of_a_commitment(achieved, on_time, said):
    assert engagement_verdict(achieved, on_time) == said


def test_a_wrong_declaration_is_refused_by_name(tmp_path):
    content = yaml.safe_load(READING.read_text("utf-8"))
    content["other_values"][0]["measure"] = "target"
    path = tmp_path / "cog_reading.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(CogReadingError, match="measure"):
        read_declaration(path)
