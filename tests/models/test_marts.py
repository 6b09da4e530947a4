"""The marts of the demonstration: rules of aggregation, statuses, and what is hidden."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from data.ingestion.publish import Request, lake_path, publish
from data.models.build import build
from data.models.hiding import territory_sums
from data.reference.territories import territories
from data.store.home import Home
from data.store.registry import Registry
from indicators.attainment import attainment, status
from indicators.catalogue import catalogue
from indicators.comparison import peers
from indicators.suppression import SMALLEST_SHOWN
from queries.run import CONNECTION
from tests.store.extracts import write_extract


@pytest.fixture(scope="module")
def marts(loaded_home):
    home = Home(loaded_home)
    path = str(home.build_path(home.current_build_id()))
    connection = duckdb.connect(path, read_only=True, config=dict(CONNECTION))
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def board(marts):
    return marts.execute("select * from cpg_attainment").df()


def test_the_rules_in_sql_and_in_python_are_the_same(marts, board):
    better = marts.execute("select indicator_code, better from indicators").df()
    rows = board.merge(better, on="indicator_code")
    for direction, group in rows.groupby("better"):
        expected = attainment(group["realised"], group["objective"], direction)
        known = group["senders_silent"] < group["senders_expected"]
        # An objective missing for one caisse of several leaves its realised value out.
        same = np.isclose(group["attainment"], expected, equal_nan=True)
        assert same[known].mean() > 0.95
        caisses = group["level"] == "caisse"
        assert same[caisses].all()
        judged = status(group["attainment_to_date"])
        assert (judged == group["status"]).all()
    assert set(board["status"]) == {"attained", "close", "behind", "not_applicable"}


def test_every_territory_of_a_level_has_every_indicator_of_the_year(board):
    counts = board.groupby(["year", "level"])["territory_code"].nunique()
    for level, expected in {"caisse": 107, "departement": 101, "drsm": 20, "region": 18}.items():
        assert (counts.xs(level, level="level") == expected).all()
    sizes = board.groupby(["year", "territory_code"]).size().groupby("year").nunique()
    assert (sizes == 1).all()


def test_mayotte_is_not_applicable_and_expected_from_nobody(board):
    mayotte = board[board["territory_code"].isin(["CSS-976", "DEP-976", "REG-06", "ANC-06"])]
    assert len(mayotte) > 0
    assert (mayotte["status"] == "not_applicable").all()
    assert (mayotte["senders_expected"] == 0).all()
    assert mayotte[["realised", "attainment"]].isna().all().all()
    national = board[board["level"] == "national"]
    assert set(national["senders_expected"]) == {106}


def test_a_region_s_rate_is_a_ratio_of_sums_and_not_a_mean_of_rates(board):
    generics = board[
        (board["indicator_code"] == "generiques_penetration") & (board["year"] == 2016)
    ]
    caisses = generics[(generics["level"] == "caisse") & (generics["region_code"] == "REG-84")]
    region = generics[generics["territory_code"] == "REG-84"].iloc[0]
    assert region["realised"] == pytest.approx(
        caisses["numerator"].sum() / caisses["denominator"].sum()
    )
    assert region["realised"] != pytest.approx(caisses["realised"].mean(), abs=1e-9)
    weighted = (caisses["objective"] * caisses["denominator"]).sum() / caisses["denominator"].sum()
    assert region["objective"] == pytest.approx(weighted)


def test_the_drsm_map_crosses_the_regional_one(board):
    births = board[
        (board["indicator_code"] == "prado_maternite_adhesions") & (board["year"] == 2016)
    ]
    value = births.set_index("territory_code")["realised"]
    assert value["DRSM-ALSACE-MOSELLE"] == value["DEP-57"] + value["DEP-67"] + value["DEP-68"]
    assert value["DRSM-PROVENCE-ALPES-COTE-D-AZUR-CORSE"] == value["REG-93"] + value["REG-94"]
    for level in ("region", "drsm", "ancienne_region", "departement", "caisse"):
        assert births.loc[births["level"] == level, "realised"].sum() == value["FR"] == 392527


def test_two_caisses_stopped_sending_and_the_aggregates_say_so(board):
    row = board[
        (board["territory_code"] == "FR")
        & (board["year"] == 2017)
        & (board["indicator_code"] == "generiques_penetration")
    ].iloc[0]
    assert row["is_open_year"]
    assert row["senders_received"] < row["senders_expected"] == 106
    stopped = board[
        board["territory_code"].isin(["CPAM-52", "CPAM-81"])
        & (board["year"] == 2017)
        & (board["indicator_code"] == "generiques_penetration")
    ]
    assert (stopped["senders_received"] == 0).all()
    assert (stopped["senders_silent"] == 0).all()


def test_an_open_year_is_judged_on_the_objective_to_date(board):
    flows = board[
        (board["year"] == 2017)
        & (board["level"] == "national")
        & (board["indicator_code"] == "prado_maternite_adhesions")
    ].iloc[0]
    assert 0.6 < flows["objective_to_date"] / flows["objective"] < 0.85
    assert flows["attainment_to_date"] == pytest.approx(
        flows["realised"] / flows["objective_to_date"]
    )
    closed = board[(board["year"] == 2016) & board["objective"].notna()]
    closed = closed[closed["senders_silent"] < closed["senders_expected"]]
    assert np.allclose(closed["objective"], closed["objective_to_date"])


def test_the_last_month_of_the_series_is_the_board(marts):
    differing = marts.execute(
        "select count(*) from cpg_monthly as m inner join cpg_attainment as b "
        "using (year, territory_code, indicator_code) "
        "where m.month = b.last_month and m.cumulated is distinct from b.realised"
    ).fetchone()[0]
    assert differing == 0


def test_a_figure_says_the_last_month_that_its_own_caisses_sent(marts, board):
    late = board[(board["year"] == 2017) & board["territory_code"].isin({"CPAM-13", "REG-01"})]
    assert set(late["last_sent_month"].dt.month) == {8}
    assert set(late["last_month"].dt.month) == {9}
    received = board["senders_received"] > 0
    assert (board["last_sent_month"] == board["last_month"])[received].all()
    silent = board["senders_silent"] == board["senders_expected"]
    assert board.loc[silent, "last_sent_month"].isna().all()


def test_small_counts_of_patients_are_hidden_and_no_sum_gives_one_away(marts, board):
    patients = marts.execute(
        "select indicator_code from indicators where counts_patients "
        "and aggregation_territory = 'sum'"
    ).df()["indicator_code"]
    counts = board[board["indicator_code"].isin(patients) & board["realised"].notna()]
    small = counts["realised"].between(1, SMALLEST_SHOWN - 1)
    assert small.any()
    assert counts.loc[small, "is_hidden"].all()
    for (_, _), group in counts.groupby(["year", "indicator_code"]):
        hidden = group[group["is_hidden"]].set_index("territory_code")
        for level, parent in (("caisse", "department_code"), ("departement", "region_code")):
            of_level = hidden[hidden["level"] == level]
            alone = of_level.groupby(parent).filter(lambda rows: len(rows) == 1)
            assert set(alone[parent]) <= set(hidden.index)


def test_maps_that_cross_do_not_give_a_hidden_figure_away(marts):
    months = marts.execute(
        "select m.* from cpg_monthly as m inner join indicators as i using (indicator_code) "
        "where i.counts_patients and i.aggregation_territory = 'sum'"
    ).df()
    is_hidden = months.pivot_table(
        index=["month", "indicator_code"], columns="territory_code", values="is_hidden"
    )
    sums = territory_sums(territories())
    assert ("REG-84", ["ANC-82", "ANC-83"]) in sums
    assert ("DRSM-PROVENCE-ALPES-COTE-D-AZUR-CORSE", ["REG-93", "REG-94"]) in sums
    for total, parts in sums:
        assert not (is_hidden[[total, *parts]].sum(axis=1) == 1).any(), (total, parts)


@pytest.fixture(scope="module")
def patients(marts):
    """Counts of patients of years (``month`` 0) and months, as the rule on small numbers sees them.

    Rates give their numerators.
    """
    return marts.execute(
        "select f.*, i.aggregation_months, case when i.aggregation_territory = 'ratio_of_sums' "
        "then f.numerator else f.realised end as patients from ("
        "select year, 0 as month, territory_code, indicator_code, realised, numerator, is_hidden "
        "from cpg_attainment where last_month is not null union all "
        "select year, month(month), territory_code, indicator_code, realised, numerator, "
        "is_hidden from cpg_monthly) as f "
        "inner join indicators as i using (indicator_code) where i.counts_patients"
    ).df()


def sums_told(cells, tied, sums):
    """Totals shown whose hidden parts are 1 to 10 patients together; how many were looked at."""
    keys = [key for key in ("year", "month", "territory_code", "indicator_code") if key != tied]
    hidden = cells.pivot_table(index=keys, columns=tied, values="is_hidden").eq(1)
    counts = cells.pivot_table(index=keys, columns=tied, values="patients").reindex_like(hidden)
    told, looked_at = [], 0
    for total, parts in sums:
        is_shown = counts[total].notna() & ~hidden[total] & hidden[parts].any(axis=1)
        together = counts[parts].where(hidden[parts]).sum(axis=1)
        told += together[is_shown & together.between(1, SMALLEST_SHOWN - 1)].index.tolist()
        looked_at += int(is_shown.sum())
    return told, looked_at


def test_what_is_hidden_under_a_shown_total_is_more_than_ten_patients_together(patients):
    volets = [(code, list(one.components)) for code, one in catalogue().items() if one.components]
    flows = patients[patients["aggregation_months"] != "last"]
    for cells, tied, sums in (
        (patients, "territory_code", territory_sums(territories())),
        (patients, "indicator_code", volets),
        (flows, "month", [(0, list(range(1, 13)))]),
    ):
        told, looked_at = sums_told(cells, tied, sums)
        assert looked_at > 100
        assert not told, tied


def test_a_figure_is_walked_back_to_its_row(marts, loaded_home):
    cell = (
        marts.execute(
            "select * from cpg_provenance where caisse_code = 'CPAM-43' and year = 2016 "
            "and indicator_code = 'prado_chirurgie_adhesions' order by month limit 1"
        )
        .df()
        .iloc[0]
    )
    lines = (loaded_home / "demonstration" / cell["file_name"]).read_text("utf-8").splitlines()
    written = lines[cell["source_row"] - 1].split(";")
    assert written[:3] == ["CPAM-43", "prado_chirurgie_adhesions", "2016-01"]
    assert float(written[3]) == cell["realised"]


def test_all_published_attainments_are_met_to_the_rounding(marts):
    verdicts = marts.execute("select verdict, count(*) from cpg_reconciliation group by 1").df()
    assert dict(zip(verdicts.iloc[:, 0], verdicts.iloc[:, 1], strict=True)) == {"equal": 84}
    national = marts.execute(
        "select distinct from_published_rates from cpg_reconciliation where level = 'national'"
    ).fetchall()
    assert national == [("not_recomputable",)]


def test_peers_leave_hidden_figures_out(marts, board):
    shown = board[
        (board["year"] == 2016)
        & (board["level"] == "caisse")
        & (board["indicator_code"] == "prado_bpco_adhesions")
        & ~board["is_hidden"]
    ]
    quartiles = (
        marts.execute(
            "select * from cpg_peers where year = 2016 and level = 'caisse' "
            "and indicator_code = 'prado_bpco_adhesions'"
        )
        .df()
        .iloc[0]
    )
    assert quartiles["attainment_median"] == pytest.approx(
        pd.Series(shown["attainment_to_date"]).median()
    )


def test_a_rank_is_that_among_the_shown_figures_of_the_level(marts, board):
    counts = (
        marts.execute("select * from cpg_peers").df().set_index(["year", "level", "indicator_code"])
    )
    groups = board[board["level"] != "national"].groupby(["year", "level", "indicator_code"])
    ranked = 0
    for key, group in groups:
        shown = group["attainment_to_date"].mask(group["is_hidden"]).round(9)
        expected = peers(shown)
        np.testing.assert_array_equal(group["peer_rank"].to_numpy(dtype=float), expected.rank)
        assert set(group["peer_count"]) == {expected.known_count}
        if expected.known_count:
            assert counts.loc[key, "territory_count"] == expected.known_count
            assert group["peer_rank"].min() == 1
            ranked += 1
    assert ranked > 300


def test_ties_share_the_better_rank(board):
    births = board[
        (board["year"] == 2016)
        & (board["level"] == "departement")
        & (board["indicator_code"] == "prado_chirurgie_etablissements")
        & board["peer_rank"].notna()
    ]
    sizes = births.groupby("peer_rank").size().sort_index()
    assert (sizes > 1).any()
    following = sizes.index.to_numpy()[:-1] + sizes.to_numpy()[:-1]
    assert list(following) == list(sizes.index[1:])


def test_hidden_and_not_applicable_figures_have_no_rank_and_the_country_has_no_peers(board):
    unranked = board["is_hidden"] | (board["status"] == "not_applicable")
    assert (board["is_hidden"] & (board["status"] != "not_applicable")).any()
    assert board.loc[unranked, "peer_rank"].isna().all()
    national = board["level"] == "national"
    assert board.loc[~unranked & ~national, "peer_rank"].notna().all()
    assert board.loc[national, "peer_rank"].isna().all()
    assert (board.loc[national, "peer_count"] == 0).all()


def test_a_month_s_rate_is_given_with_its_counts(marts):
    months = marts.execute(
        "select * from cpg_monthly where indicator_code = 'generiques_penetration'"
    ).df()
    known = months["realised"].notna()
    assert known.any()
    assert np.allclose(
        months.loc[known, "realised"],
        months.loc[known, "numerator"] / months.loc[known, "denominator"],
    )


def test_the_same_extracts_give_the_same_figures_to_the_last_digit(marts, loaded_home, tmp_path):
    home = Home(loaded_home)
    live = Registry(home).extracts_of(home.current_build_id())
    again = tmp_path / "again.duckdb"
    build(live, {extract.extract_id: lake_path(home, extract) for extract in live}, [], again)
    with duckdb.connect(str(again), read_only=True) as other:
        for mart in ("cpg_attainment", "cpg_monthly", "cpg_peers", "cpg_reconciliation"):
            asked = f"select * from {mart} order by all"
            assert marts.execute(asked).fetchall() == other.execute(asked).fetchall(), mart


def test_no_objective_to_date_gives_a_hidden_month_of_the_country_away(marts):
    months = marts.sql(
        "select indicator_code, year, month(month) as month, realised, is_hidden, "
        "objective_to_date / nullif(objective, 0) as share "
        "from cpg_monthly where territory_code = 'FR'"
    ).df()
    flows = {code for code, item in catalogue().items() if item.aggregation.months == "sum"}
    hidden = months[months["is_hidden"] & months["indicator_code"].isin(flows)]
    assert len(hidden) > 0
    for (code, year), _ in hidden.groupby(["indicator_code", "year"]):
        own = months[(months["indicator_code"] == code) & (months["year"] == year)]
        told = months[(months["indicator_code"] == code) & (months["year"] == year + 1)]
        pool = months[(months["indicator_code"] == code) & (months["year"] <= year)]
        with_it = pool.groupby("month")["realised"].sum().cumsum() / pool["realised"].sum()
        said = told.set_index("month")["share"]
        assert len(own) == 12
        assert not np.allclose(said, with_it[said.index], atol=1e-6), (code, year)


def test_a_flow_with_a_month_missing_in_between_is_not_up_to_date(empty_home, tmp_path):
    home = Home(empty_home)
    months = [("CPAM-01", f"2016-{month:02}", 10) for month in (1, 2, 4)]
    whole = [("CPAM-02", f"2016-{month:02}", 10) for month in (1, 2, 3, 4)]
    request = Request(person="analyste", origin="demonstration")
    (outcome,) = publish([write_extract(tmp_path / "a.csv", months + whole)], home, request)
    with duckdb.connect(str(home.build_path(outcome.build_id)), read_only=True) as build_file:
        received = dict(
            build_file.sql(
                "select territory_code, senders_received from cpg_attainment "
                "where territory_code in ('CPAM-01', 'CPAM-02') and realised is not null"
            ).fetchall()
        )
    assert received == {"CPAM-01": 0, "CPAM-02": 1}
