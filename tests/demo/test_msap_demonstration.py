"""The MSAP demonstration: published totals, and establishments that say they are invented."""

from collections import Counter

import pandas as pd
import pytest

from data.demo.generate import SEED
from data.demo.msap import REQUESTS, msap_demonstration, write_msap
from data.demo.msap_procedures import PROCEDURES
from data.demo.msap_stories import ATYPICAL
from data.ingestion.validate import validate
from data.reference.procedures import read_procedure
from indicators.intervals import wilson


@pytest.fixture(scope="module")
def rows():
    frame = msap_demonstration(SEED)
    return frame.assign(year=frame["month"].str[:4].astype(int))


def test_requests_are_the_sums_of_the_published_parts(rows):
    totals = rows.groupby(["year", "domain"])["requests"].sum().to_dict()
    order = ("chirurgie_ambulatoire", "hors_chirurgie_ambulatoire", "ssr")
    assert [totals[2014, domain] for domain in order] == [3096, 1240, 2104]
    assert [totals[2016, domain] for domain in order] == [2271, 850, 2177]
    by_status = rows.groupby(["year", "domain", "status"])["requests"].sum().to_dict()
    for (year, domain), parts in REQUESTS.items():
        for status, count in parts.items():
            assert by_status[year, domain, status] == count


def test_establishments_say_that_they_are_fictitious(rows):
    places = rows.drop_duplicates("finess")
    assert places["finess"].str.fullmatch(r"00\d{7}").all()
    assert places["establishment_name"].str.contains("ficti(?:f|ve) ").all()
    assert places["establishment_name"].is_unique
    assert places["territory_code"].nunique() > 75
    assert not places["territory_code"].eq("CSS-976").any()


def test_approval_rates_are_near_the_published_ones(rows):
    complete = rows.dropna(subset=["approvals", "refusals"])
    sums = complete.groupby(["year", "domain"])[["approvals", "refusals"]].sum()
    share = sums["refusals"] / sums.sum(axis=1)
    published = {
        (2014, "chirurgie_ambulatoire"): 44 / 3078,
        (2014, "hors_chirurgie_ambulatoire"): 56 / 1188,
        (2014, "ssr"): 35 / 2100,
        (2016, "chirurgie_ambulatoire"): 59 / 2362,
        (2016, "hors_chirurgie_ambulatoire"): 199 / 851,
        (2016, "ssr"): 72 / 2174,
    }
    for key, expected in published.items():
        assert share[key] == pytest.approx(expected, abs=0.02), key


def test_stays_of_a_procedure_are_the_published_ones_in_proportion(rows):
    of_2014 = rows[(rows["year"] == 2014) & (rows["domain"] == "chirurgie_ambulatoire")]
    codes = [read_procedure(text).code for text in of_2014["procedure"]]
    found = of_2014.assign(code=codes).groupby("code")[["requests", "stays"]].sum()
    for procedure in PROCEDURES["chirurgie_ambulatoire"]:
        if procedure.stays_2014 and procedure.requests_2014 > 50:
            ratio = found.loc[procedure.code, "requests"] / found.loc[procedure.code, "stays"]
            assert ratio == pytest.approx(procedure.requests_2014 / procedure.stays_2014, rel=0.1)


def test_windows_last_six_months_at_most(rows):
    windows = rows[rows["window_start"] != ""].drop_duplicates(
        ["finess", "domain", "window_start", "window_end"]
    )
    assert len(windows) == sum(story.window is not None for story in ATYPICAL)
    start, end = (pd.to_datetime(windows[name]) for name in ("window_start", "window_end"))
    assert (start <= end).all()
    assert (end < start + pd.DateOffset(months=6)).all()
    months = pd.to_datetime(rows.loc[rows["window_start"] != "", "month"] + "-01")
    assert (months >= pd.to_datetime(rows.loc[months.index, "window_start"])).all()
    assert (months <= pd.to_datetime(rows.loc[months.index, "window_end"])).all()


def test_only_the_planted_breaches_are_found(tmp_path):
    totals = Counter()
    for path in write_msap(tmp_path, SEED):
        found = validate(path, path.name, None, tmp_path / f"{path.name}.parquet")
        assert (found.contract, found.errors) == ("msap", ())
        totals.update(found.totals)
    assert totals == {
        "msap.answers_exceed_requests": 1,
        "msap.decisions_missing": 1,
        "msap.unknown_procedure": 12,
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    contents = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        contents.append([path.read_bytes() for path in write_msap(folder, SEED)])
    assert contents[0] == contents[1]
    (tmp_path / "other").mkdir()
    assert contents[0] != [path.read_bytes() for path in write_msap(tmp_path / "other", SEED + 1)]


def test_planted_refusals_stand_out_and_the_others_do_not(rows):
    of_2016 = rows[rows["year"] == 2016].dropna(subset=["approvals", "refusals"])
    sums = of_2016.groupby(["domain", "finess"])[["approvals", "refusals"]].sum()
    sums["decided"] = sums["approvals"] + sums["refusals"]
    sums = sums[sums["decided"] >= 40]
    outside = set()
    for (domain, finess), row in sums.iterrows():
        rest = sums.loc[domain].drop(index=finess)
        national = rest["refusals"].sum() / rest["decided"].sum()
        interval = wilson(float(row["refusals"]), float(row["decided"]), 0.998)
        if interval.lower > national:
            outside.add((domain, finess))
    assert ("chirurgie_ambulatoire", "000690003") in outside
    assert ("hors_chirurgie_ambulatoire", "000630001") in outside
    # Limits that one in a thousand crosses by chance: at most one of sixty does.
    assert len(outside - {(story.domain, story.finess) for story in ATYPICAL}) <= 1
