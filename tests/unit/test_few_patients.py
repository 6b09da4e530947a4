"""Verdicts on a handful of patients: which rows get none, and nothing else of them changes."""

import pandas as pd
import pytest

from indicators.few_patients import TOO_FEW, has_verdicts, is_too_few, without_verdict_on_few

PATIENTS = "prado_bpco_adhesions"


@pytest.mark.parametrize(
    ("realised", "objective", "is_few"),
    [(10, 10.9, True), (0, 6, True), (10, 11, False), (11, 6, False), (None, 6, False)],
)
def test_few_are_both_those_counted_and_those_aimed_at(realised, objective, is_few):
    assert is_too_few(realised, objective) is is_few


def row(code=PATIENTS, realised=3.0, objective=6.0, status="behind"):
    return {
        "indicator_code": code,
        "realised": realised,
        "objective_to_date": objective,
        "status": status,
    }


@pytest.mark.parametrize("status", ["attained", "close", "behind"])
def test_every_verdict_on_few_patients_is_withdrawn(status):
    figures = pd.DataFrame([row(status=status), row(realised=30.0, status=status)])
    found = without_verdict_on_few(figures)
    assert found["status"].tolist() == [TOO_FEW, status]
    assert figures["status"].tolist() == [status, status]


@pytest.mark.parametrize(
    "kept",
    [
        row(code="prado_chirurgie_etablissements"),
        row(code="vaccination_grippe", realised=0.4, objective=0.5),
        row(code="prado_maternite_dms", realised=4.0, objective=3.0),
        row(status="not_applicable"),
        row(realised=None, status=None),
        row(objective=None),
    ],
)
def test_rates_days_establishments_and_what_is_withheld_keep_what_they_have(kept):
    figures = pd.DataFrame([kept, row()])
    found = without_verdict_on_few(figures)
    assert found["status"].iloc[1] == TOO_FEW
    pd.testing.assert_frame_equal(found.iloc[:1], figures.iloc[:1])


def test_only_answers_that_hold_a_verdict_and_its_counts_are_read():
    assert has_verdicts(pd.DataFrame([row()]))
    assert not has_verdicts(pd.DataFrame([row()]).drop(columns="status"))
    assert not has_verdicts(pd.DataFrame([row()]).drop(columns="realised"))
