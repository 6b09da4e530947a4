"""A unit that changed and two swapped lines are told, and an ordinary month is not."""

import pytest

from data.ingestion.losses import Sent
from data.ingestion.plausibility import UNIT_CHANGED, VALUES_SWAPPED, doubtful
from data.ingestion.publish import Request, publish
from data.store.home import Home
from data.store.registry import Registry
from tests.ingestion.conftest import cpg_text
from tests.store.extracts import write_extract

USUAL = {"CPAM-01": 200, "CPAM-03": 400, "CPAM-07": 150}


def cells(months, **changed):
    """The usual values of three caisses, a little apart each month, some of them changed."""
    return [
        (caisse, f"2016-{month:02d}", changed.get(f"{caisse}_{month}", value + month))
        for caisse, value in USUAL.items()
        for month in months
    ]


def doubts(check, tmp_path, sent):
    rows = [[caisse, "prado_adhesions", month, str(v), "", "", "", ""] for caisse, month, v in sent]
    found = check(cpg_text(rows=rows))
    return doubtful(None, Sent("envoi.csv", found.parquet, replaces=False))


def test_ordinary_months_are_not_doubted(check, tmp_path):
    found = doubts(check, tmp_path, cells(range(1, 9)))
    assert (found.findings, found.totals) == ((), {})


@pytest.mark.parametrize("factor", [10, 100, 1000])
def test_a_unit_that_changed_is_told_by_its_line_and_factor(check, tmp_path, factor):
    sent = cells(range(1, 9), **{"CPAM-03_5": 400 * factor})
    (finding,) = doubts(check, tmp_path, sent).findings
    assert (finding.rule, finding.territory_code) == (UNIT_CHANGED, "CPAM-03")
    assert finding.row == 2 + 8 + 4
    assert f"environ {factor:,} fois plus".replace(",", "\u202f") in finding.sentence


def test_a_value_ten_times_too_small_is_told(check, tmp_path):
    (finding,) = doubts(check, tmp_path, cells(range(1, 9), **{"CPAM-03_5": 40})).findings
    assert "10 fois moins" in finding.sentence


def test_a_value_twice_as_large_is_a_good_month(check, tmp_path):
    assert doubts(check, tmp_path, cells(range(1, 9), **{"CPAM-03_5": 820})).findings == ()


def test_two_neighbours_in_each_others_place_are_told_once(check, tmp_path):
    sent = cells(range(1, 9), **{"CPAM-01_5": 405, "CPAM-03_5": 205})
    (finding,) = doubts(check, tmp_path, sent).findings
    assert finding.rule == VALUES_SWAPPED
    assert "la CPAM Ain (405) et de la CPAM Allier (205, ligne 14)" in finding.sentence


def test_small_counts_are_neither_doubted_nor_told(check, tmp_path):
    sent = [("CPAM-01", f"2016-{month:02d}", 4) for month in range(1, 9)]
    sent.append(("CPAM-01", "2016-09", 40))
    assert doubts(check, tmp_path, sent).findings == ()


def test_a_month_is_held_against_the_months_served(empty_home, tmp_path):
    home = Home(empty_home)
    analyst = Request(person="analyste")
    publish([write_extract(tmp_path / "a.csv", cells(range(1, 9)))], home, analyst)
    late = write_extract(tmp_path / "b.csv", [("CPAM-03", "2016-09", 40_800)])
    outcome = publish([late], home, analyst)[0]
    assert outcome.state == "published"
    assert [finding.rule for finding in outcome.warnings] == [UNIT_CHANGED]
    told = Registry(home).findings_of([outcome.extract_id])
    assert [finding["rule"] for finding in told] == [UNIT_CHANGED]
