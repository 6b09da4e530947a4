"""The mart of usual years: shares, errors, former years only, and nothing hidden given away."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from data.ingestion.publish import lake_path
from data.models.build import build
from data.models.seasonality import COLUMNS, seasonality
from data.store.home import Home
from data.store.registry import Registry
from indicators.landing import usual_year
from queries.run import CONNECTION

KEY = ["year", "indicator_code", "level", "profile_code"]
LEVELS = ["ancienne_region", "caisse", "departement", "drsm", "national", "region"]


@pytest.fixture(scope="module")
def marts(loaded_home):
    home = Home(loaded_home)
    path = str(home.build_path(home.current_build_id()))
    with duckdb.connect(path, read_only=True, config=dict(CONNECTION)) as connection:
        yield connection


@pytest.fixture(scope="module")
def usual(marts):
    return marts.execute("select * from cpg_seasonality").df()


def test_every_year_level_and_cumulated_indicator_has_twelve_months(marts, usual):
    assert list(usual.columns) == COLUMNS
    assert not usual.duplicated([*KEY, "month"]).any()
    assert set(usual.groupby(KEY)["month"].agg(tuple)) == {tuple(range(1, 13))}
    served = marts.execute(
        "select distinct year, indicator_code from cpg_attainment "
        "inner join indicators using (indicator_code) where aggregation_months = 'sum'"
    ).fetchall()
    found = usual.groupby(["year", "indicator_code"])["level"].unique()
    assert set(found.index) == set(served)
    assert {tuple(sorted(levels)) for levels in found} == {tuple(LEVELS)}


def test_shares_never_fall_and_end_at_the_whole_year(usual):
    told = usual.dropna(subset=["usual_share"])
    steps = told.groupby(KEY)["usual_share"].diff()
    assert (steps.dropna() >= 0).all()
    assert (told.loc[told["month"] == 12, "usual_share"] == 1).all()
    assert told["usual_share"].between(0, 1).all()
    assert told["season_weight"].between(0, 1).all()


def test_errors_are_those_of_the_peers_and_the_country_has_none(usual):
    assert (usual["error_sd"] >= 0).all()
    national = usual["level"] == "national"
    assert (usual.loc[national, "error_count"] == 0).all()
    told = usual["usual_share"].notna()
    assert (usual.loc[told & ~national, "error_count"] > 0).all()
    assert (usual.loc[~told, "error_count"] == 0).all()
    assert (usual.loc[usual["month"] == 12, "error_sd"] < 1e-9).all()


def test_the_first_year_has_no_usual_share_and_the_others_have(usual):
    unknown = usual[usual["usual_share"].isna()].groupby("year")["indicator_code"].unique()
    assert set(unknown[2014]) == set(usual["indicator_code"])
    # Launched in 2015, and one month of that year would give small numbers away.
    assert set(unknown[2015]) == set(unknown[2016]) == {"prado_bpco_adhesions"}
    assert 2017 not in unknown.index


def test_counts_of_patients_have_the_country_s_profile_alone(marts, usual):
    of_patients = marts.execute("select indicator_code from indicators where counts_patients").df()
    is_of_patients = usual["indicator_code"].isin(of_patients["indicator_code"])
    assert set(usual.loc[is_of_patients, "profile_code"]) == {"FR"}
    wide = usual["level"].isin(["caisse", "departement"])
    assert set(usual.loc[~wide, "profile_code"]) == {"FR"}
    regions = usual.loc[wide & ~is_of_patients, "profile_code"]
    assert regions.nunique() == 17
    assert regions.str.startswith("REG-").all()


def test_departments_are_landed_as_their_caisses(usual):
    rows = [
        usual[usual["level"] == level].drop(columns="level").reset_index(drop=True)
        for level in ("caisse", "departement")
    ]
    pd.testing.assert_frame_equal(*rows)


def test_the_objective_s_share_is_that_of_the_objective_to_date(marts):
    differing = marts.execute(
        "select count(*) as known, max(abs(m.objective_to_date - m.objective * s.objective_share)) "
        "from cpg_monthly as m inner join cpg_seasonality as s on s.level = 'national' "
        "and s.year = m.year and s.indicator_code = m.indicator_code "
        "and s.month = extract(month from m.month) "
        "where m.level = 'caisse' and m.senders_received = 1 and m.objective > 0"
    ).fetchone()
    assert differing[0] > 20_000
    assert differing[1] == pytest.approx(0, abs=1e-3)


def test_a_contact_s_season_is_that_of_the_former_years_of_its_region(marts, usual):
    months = marts.execute(
        "select territory_code, year, month, realised, t.region_code from cpg_monthly "
        "inner join territories as t using (territory_code) "
        "where indicator_code = 'contacts_ps_es' and t.level = 'caisse' and year in (2014, 2015) "
        "order by territory_code, year, month"
    ).df()
    history = months["realised"].to_numpy().reshape(-1, 2, 12)
    expected = usual_year(history, months["region_code"].to_numpy(dtype=object)[::24])
    found = usual[
        (usual["year"] == 2016)
        & (usual["level"] == "caisse")
        & (usual["indicator_code"] == "contacts_ps_es")
    ]
    own = found[found["profile_code"] == "REG-44"]
    np.testing.assert_allclose(own["usual_share"], expected.shares["REG-44"])
    np.testing.assert_allclose(own["season_weight"], expected.season_weight)
    np.testing.assert_allclose(
        own["error_sd"], [expected.spread(month).sd for month in range(1, 13)], atol=1e-12
    )


def test_the_same_extracts_give_the_same_usual_years_to_the_last_digit(
    marts, loaded_home, tmp_path
):
    home = Home(loaded_home)
    live = Registry(home).extracts_of(home.current_build_id())
    again = tmp_path / "again.duckdb"
    build(live, {extract.extract_id: lake_path(home, extract) for extract in live}, [], again)
    with duckdb.connect(str(again), read_only=True) as other:
        asked = "select * from cpg_seasonality order by all"
        assert marts.execute(asked).fetchall() == other.execute(asked).fetchall()


EARLY = [20, 20, 10, 10, 10, 10, 10, 10, 5, 5, 5, 5]
FLAT = [10] * 12


def sent(caisse, year, flows, hidden=(), counts_patients=True):
    """The months that one caisse sent of one year."""
    return pd.DataFrame(
        {
            "caisse_code": caisse,
            "indicator_code": "code",
            "year": year,
            "month": range(1, len(flows) + 1),
            "realised": np.array(flows, dtype=float),
            "is_hidden": [month in hidden for month in range(1, len(flows) + 1)],
            "counts_patients": counts_patients,
        }
    )


def told(cells, national_hidden=()):
    """The mart of a country of three caisses in one region."""
    levels = {"region": "R", "drsm": "D", "ancienne_region": "A", "national": "FR"}
    paths = pd.DataFrame(
        [(lv, code, caisse) for lv, code in levels.items() for caisse in "abc"],
        columns=["level", "territory_code", "caisse_code"],
    )
    national = pd.DataFrame(
        [("code", *month) for month in national_hidden], columns=["indicator_code", "year", "month"]
    ).astype({"year": int, "month": int})
    due = pd.DataFrame(
        [("code", year, m, m / 12) for year in range(2010, 2020) for m in range(1, 13)],
        columns=["indicator_code", "year", "month", "objective_share"],
    )
    return seasonality(pd.concat(cells, ignore_index=True), national, paths, due)


def shares(found, year, level="caisse"):
    own = found[(found["year"] == year) & (found["level"] == level)]
    return own["usual_share"].to_numpy(dtype=float)


def years(flows_by_year, caisses="abc", **options):
    return [
        sent(caisse, year, flows, **options)
        for caisse in caisses
        for year, flows in flows_by_year.items()
    ]


def test_only_the_three_former_years_serve():
    seen = {2012: EARLY, 2013: FLAT, 2014: FLAT, 2015: FLAT}
    steady = told(years({**seen, 2016: EARLY}))
    np.testing.assert_allclose(shares(steady, 2016), np.arange(1, 13) / 12)
    # Neither the year itself nor what follows it changes what was usual before it.
    other = told(years({**seen, 2016: [1] * 11 + [500], 2017: EARLY}))
    np.testing.assert_array_equal(shares(other, 2016), shares(steady, 2016))
    assert shares(other, 2015)[1] > 2 / 12


def test_a_year_sent_in_part_does_not_serve():
    whole = told(years({2015: EARLY, 2016: FLAT}, "ab"))
    partly = told(
        [*years({2015: EARLY, 2016: FLAT}, "ab"), sent("c", 2015, FLAT[:11]), sent("c", 2016, FLAT)]
    )
    np.testing.assert_array_equal(shares(partly, 2016), shares(whole, 2016))


@pytest.mark.parametrize("level", ["caisse", "region", "national"])
def test_a_year_in_which_the_country_hides_a_month_does_not_serve(level):
    cells = years({2014: FLAT, 2015: EARLY, 2016: FLAT})
    assert shares(told(cells), 2016, level)[1] != pytest.approx(2 / 12)
    np.testing.assert_allclose(shares(told(cells, [(2015, 3)]), 2016, level), np.arange(1, 13) / 12)


def test_a_hidden_month_of_the_only_caisse_left_out_keeps_the_year_out():
    pooled = years({2015: EARLY, 2016: FLAT}, "ab")
    alone = [*pooled, sent("c", 2015, [5] * 6, hidden=(4,))]
    assert np.isnan(shares(told(alone), 2016)).all()
    two = years({2015: EARLY, 2016: FLAT}, "a")
    two += [sent(caisse, 2015, [6] * 6, hidden=(4,)) for caisse in "bc"]
    assert shares(told(two), 2016)[-1] == 1


def test_hidden_months_of_caisses_left_out_that_are_few_together_keep_the_year_out():
    few = years({2015: EARLY, 2016: FLAT}, "a")
    few += [sent(caisse, 2015, [5] * 6, hidden=(4,)) for caisse in "bc"]
    assert np.isnan(shares(told(few), 2016)).all()


def test_a_year_without_anything_sent_does_not_pass_for_a_tested_season():
    found = told(years({2013: EARLY, 2015: FLAT}))
    own = found[(found["year"] == 2015) & (found["level"] == "caisse")]
    assert set(own["season_weight"]) == {0.5}
    assert set(found["year"]) == {2013, 2015}


def test_other_flows_have_the_profile_of_their_region():
    found = told(years({2015: EARLY, 2016: FLAT}, counts_patients=False))
    profiles = found.groupby("level")["profile_code"].unique().map(list).to_dict()
    assert profiles["caisse"] == profiles["departement"] == ["R"]
    assert profiles["region"] == profiles["drsm"] == profiles["national"] == ["FR"]
