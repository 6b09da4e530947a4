"""The MSAP marts of the demonstration, recomputed with pandas from the files as they were sent."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from data.demo.generate import SEED
from data.demo.msap import HEADINGS, write_msap
from data.demo.msap_establishments import CATEGORIES, DOMAINS
from data.reference.procedures import read_procedure
from data.reference.territories import territories
from data.store.home import Home
from indicators.funnel import expected_events
from indicators.periods import merged_quarters
from queries.run import CONNECTION

COUNTS = [
    "requests",
    "approvals",
    "refusals",
    "pending",
    "emergencies_excluded",
    "stays",
    "answered_within_48h",
]
ADDED = [*COUNTS, "decided", "decided_approvals"]
LEVELS = {
    "caisse": "territory_code",
    "departement": "department_code",
    "region": "region_code",
    "drsm": "drsm_code",
    "ancienne_region": "ancienne_region_code",
}


@pytest.fixture(scope="module")
def marts(loaded_home):
    home = Home(loaded_home)
    path = str(home.build_path(home.current_build_id()))
    connection = duckdb.connect(path, read_only=True, config=dict(CONNECTION))
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """Every row as sent, read by pandas alone, with the territories above it."""
    columns = {heading: name for name, heading in HEADINGS.items()}
    folder = tmp_path_factory.mktemp("msap")
    parts = []
    for path in write_msap(folder, SEED):
        part = pd.read_csv(path, sep=";", dtype={"FINESS": str}).rename(columns=columns)
        parts.append(part.assign(source_row=np.arange(len(part)) + 2, file_name=path.name))
    rows = pd.concat(parts, ignore_index=True)
    rows["year"] = rows["month"].str[:4].astype(int)
    rows["month"] = pd.to_datetime(rows["month"] + "-01")
    rows["domain"] = rows["domain"].map({label: code for code, label in DOMAINS.items()})
    rows["status"] = rows["status"].map({"Public": "public", "Privé": "prive"})
    rows["procedure_code"] = [
        read_procedure(text).code or f"hors_referentiel:{text}" for text in rows["procedure"]
    ]
    is_decided = rows["approvals"].notna() & rows["refusals"].notna()
    rows["decided"] = (rows["approvals"] + rows["refusals"]).where(is_decided)
    rows["decided_approvals"] = rows["approvals"].where(is_decided)
    above = territories()[
        ["territory_code", "department_code", "region_code", "drsm_code", "ancienne_region_code"]
    ]
    return rows.merge(above, on="territory_code", validate="many_to_one").assign(national="FR")


def summed(rows, keys, counts=ADDED):
    return rows.groupby(keys, observed=True)[counts].sum(min_count=1)


def by_level(sent):
    """The rows once for each level, under the territory that holds them there."""
    places = [*LEVELS.items(), ("national", "national")]
    return pd.concat([sent.assign(level=level, place=sent[column]) for level, column in places])


def with_totals(rows, *columns):
    """The rows again with `total` in each of the columns."""
    for column in columns:
        rows = pd.concat([rows, rows.assign(**{column: "total"})])
    return rows


def assert_same(found, expected, counts=ADDED):
    assert len(found) == len(expected) > 0
    both = expected.join(found.add_suffix("_found"), how="outer")
    for name in counts:
        assert both[name].equals(both[f"{name}_found"].astype(both[name].dtype)), name


def mart(marts, name, keys, where="true"):
    frame = marts.execute(f"select * from {name} where {where}").df()
    assert not frame.duplicated(keys).any()
    return frame.set_index(keys)[ADDED].astype(float)


def test_by_status(marts, sent):
    rows = with_totals(by_level(sent), "domain", "status")
    expected = summed(rows, ["year", "level", "place", "domain", "status"])
    found = mart(
        marts, "msap_by_status", ["year", "level", "territory_code", "domain", "status"]
    ).rename_axis(index={"territory_code": "place"})
    assert_same(found, expected)
    counted = rows.groupby(["year", "level", "place", "domain", "status"])["finess"].nunique()
    establishments = marts.execute("select * from msap_by_status").df()
    establishments = establishments.set_index(
        ["year", "level", "territory_code", "domain", "status"]
    )["establishments"]
    assert (establishments.sort_index().to_numpy() == counted.sort_index().to_numpy()).all()


def test_by_procedure(marts, sent):
    keys = ["year", "level", "place", "domain", "procedure_code"]
    found = mart(
        marts, "msap_by_procedure", [k if k != "place" else "territory_code" for k in keys]
    )
    assert_same(found.rename_axis(index={"territory_code": "place"}), summed(by_level(sent), keys))


def test_by_establishment(marts, sent):
    keys = ["year", "finess", "domain"]
    found = mart(marts, "msap_by_establishment", keys)
    assert_same(found, summed(with_totals(sent, "domain"), keys))
    named = marts.execute(
        "select distinct finess, establishment_name, status, category, territory_code, "
        "department_code, region_code from msap_by_establishment"
    ).df()
    kinds = {label: code for code, label in CATEGORIES.items()}
    told = sent.assign(category=sent["category"].map(kinds))[list(named.columns)].drop_duplicates()
    assert named.sort_values("finess").to_numpy().tolist() == (
        told.sort_values("finess").to_numpy().tolist()
    )


def test_procedures_of_an_establishment(marts, sent):
    keys = ["year", "finess", "domain", "procedure_code"]
    assert_same(mart(marts, "msap_establishment_procedures", keys), summed(sent, keys))


def test_months(marts, sent):
    rows = with_totals(sent, "domain")
    keys = ["month", "finess", "domain"]
    assert_same(mart(marts, "msap_establishment_monthly", keys), summed(rows, keys))
    keys = ["month", "level", "place", "domain"]
    found = mart(marts, "msap_monthly", ["month", "level", "territory_code", "domain"])
    assert_same(found.rename_axis(index={"territory_code": "place"}), summed(by_level(rows), keys))


def test_periods_are_whole_quarters_with_enough_requests(marts, sent):
    rows = with_totals(sent, "domain").assign(quarter=sent["month"].dt.quarter)
    places = pd.concat([rows.assign(place=rows["finess"]), by_level(rows)])
    keys = ["place", "year", "domain"]
    quarters = summed(places.drop_duplicates([*keys, "source_row"]), [*keys, "quarter"])
    requests = quarters.pivot_table(index=keys, columns="quarter", values="requests")
    first = merged_quarters(requests.to_numpy()).first
    start = pd.DataFrame(first, index=requests.index, columns=requests.columns)
    of_quarter = start.melt(value_name="first_quarter", ignore_index=False)
    of_quarter = of_quarter.set_index("quarter", append=True)["first_quarter"]
    expected = summed(quarters.join(of_quarter).reset_index(), [*keys, "first_quarter"])
    found = marts.execute(
        "select *, coalesce(finess, territory_code) as place, "
        "quarter(first_month) as first_quarter from msap_periods"
    ).df()
    indexed = found.set_index([*keys, "first_quarter"])[ADDED].astype(float)
    assert_same(indexed, expected)
    in_year = found.groupby(keys)["requests"].transform("sum")
    assert (found["requests"] >= 11)[in_year >= 11].all()
    assert (found["first_month"].dt.month % 3 == 1).all()
    assert (found["last_month"].dt.month % 3 == 0).all()


def test_windows_tell_what_was_before_during_and_after(marts, sent):
    found = marts.execute("select * from msap_windows order by finess, window_start, phase").df()
    windows = sent.dropna(subset=["window_start"])[
        ["finess", "domain", "window_start", "window_end"]
    ].drop_duplicates()
    assert len(windows) >= 6
    for window in windows.itertuples():
        start, end = pd.Timestamp(window.window_start), pd.Timestamp(window.window_end)
        own = sent[(sent["finess"] == window.finess) & (sent["domain"] == window.domain)]
        bounds = {
            "before": (start - pd.DateOffset(months=6), start - pd.DateOffset(months=1)),
            "during": (start, end),
            "after": (end, end + pd.DateOffset(months=6)),
        }
        for phase, (first, last) in bounds.items():
            inside = own[own["month"].between(first, last)]
            row = found[
                (found["finess"] == window.finess)
                & (found["window_start"] == start)
                & (found["phase"] == phase)
            ]
            assert len(row) == (1 if len(inside) else 0)
            if len(inside):
                assert row["requests"].item() == inside["requests"].sum()
                assert row["decided"].item() == inside["decided"].sum()


def test_expected_approvals_are_those_of_the_funnel(marts, sent):
    found = marts.execute(
        "select finess, expected_approvals from msap_by_establishment "
        "where year = 2016 and domain = 'ssr'"
    ).df()
    own = sent[(sent["year"] == 2016) & (sent["domain"] == "ssr")]
    trials = own.pivot_table(
        index="finess", columns="procedure_code", values="decided", aggfunc="sum", fill_value=0
    )
    national = own.groupby("procedure_code")[["decided_approvals", "decided"]].sum()
    expected = expected_events(
        trials.to_numpy(),
        national.loc[trials.columns, "decided_approvals"],
        national.loc[trials.columns, "decided"],
    )
    by_finess = found.set_index("finess")["expected_approvals"].loc[trials.index]
    assert by_finess.to_numpy() == pytest.approx(expected)
    # Standardised on the country itself: observed and expected are the same over all of it.
    assert found["expected_approvals"].sum() == pytest.approx(own["decided_approvals"].sum())


def test_expected_requests_add_up_to_the_country_s(marts, sent):
    found = marts.execute(
        "select sum(expected_requests) from msap_by_establishment "
        "where year = 2015 and domain = 'total'"
    ).fetchone()
    assert found[0] == pytest.approx(sent.loc[sent["year"] == 2015, "requests"].sum())


def test_provenance_leads_to_the_lines_of_the_file(marts, sent):
    found = marts.execute(
        "select finess, month, file_name, first_row, last_row, row_count from msap_provenance"
    ).df()
    expected = sent.groupby(["finess", "month", "file_name"])["source_row"].agg(
        ["min", "max", "count"]
    )
    indexed = found.set_index(["finess", "month", "file_name"]).sort_index()
    assert (indexed.to_numpy() == expected.sort_index().to_numpy()).all()


def test_a_procedure_outside_the_referential_is_kept_under_its_own_name(marts, sent):
    unknown = marts.execute(
        "select procedure_name, requests from msap_by_procedure "
        "where not is_known and territory_code = 'FR'"
    ).df()
    assert unknown["procedure_name"].tolist() == ["Chirurgie de la paupière"]
    own = sent[sent["procedure"] == "Chirurgie de la paupière"]
    assert unknown["requests"].tolist() == [own["requests"].sum()]


def test_an_empty_count_is_no_zero(marts, sent):
    blank = sent[sent["refusals"].isna()]
    assert len(blank) == 1
    row = blank.iloc[0]
    found = marts.execute(
        "select requests, approvals, refusals, decided, incomplete_rows "
        "from msap_establishment_monthly where finess = ? and month = ? and domain = ?",
        [row["finess"], row["month"].date(), row["domain"]],
    ).df()
    others = sent[
        (sent["finess"] == row["finess"])
        & (sent["month"] == row["month"])
        & (sent["domain"] == row["domain"])
    ]
    assert found["incomplete_rows"].item() == 1
    assert found["approvals"].item() == others["approvals"].sum()
    assert found["requests"].item() == others["requests"].sum()
    # Its approvals count among the approvals, not among what a rate is made of.
    known = others["decided"].sum(min_count=1)
    assert (found["decided"].isna() & pd.isna(known)).all() or found["decided"].item() == known
