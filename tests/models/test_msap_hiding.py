"""No MSAP count from 1 to 10 is shown to whoever lacks the right, nor found by a subtraction.

The relations are written here again, from what the pages show, not taken from the build.
"""

import functools
import itertools
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data.models import msap_hiding
from data.models.build import build
from data.reference.territories import bridge, territories
from data.store.home import Home
from data.store.registry import Extract
from tests.models.msap_world import read_marts, told, with_leftovers

SHOWN = {
    "requests": "is_requests_hidden",
    "decided_approvals": "is_decisions_hidden",
    "decided_refusals": "is_decisions_hidden",
    "undecided": "is_decisions_hidden",
    "approvals": "is_parts_hidden",
    "refusals": "is_parts_hidden",
    "pending": "is_parts_hidden",
    "approvals_alone": "is_parts_hidden",
    "refusals_alone": "is_parts_hidden",
    "answered_within_48h": "is_answers_hidden",
    "stays": "is_stays_hidden",
    "emergencies_excluded": "is_emergencies_hidden",
}
DOMAINS = ("chirurgie_ambulatoire", "hors_chirurgie_ambulatoire", "ssr")
PROCEDURES = {
    "chirurgie_ambulatoire": ("Chirurgie du cristallin", "Cholécystectomie"),
    "hors_chirurgie_ambulatoire": ("Chirurgie de l’obésité",),
    "ssr": ("Prothèse de hanche", "Prothèse de genou"),
}
PLACES = ("CPAM-01", "CPAM-59-HAINAUT", "CPAM-59-FLANDRES", "CPAM-57", "DEP-59", "CSS-976")


def read(path):
    """The marts with what is left between their counts."""
    return {name: with_leftovers(frame) for name, frame in read_marts(path).items()}


def whole_years(marts):
    """The marts that everybody is shown something of: not those of months."""
    return {name: frame for name, frame in marts.items() if not name.endswith("monthly")}


def seen(frame, measure):
    """The counts that whoever lacks the right sees: missing where hidden."""
    return frame[measure].astype(float).mask(frame[SHOWN[measure]].astype(bool))


def sums_of(marts, measure):
    """Every sum that a reader can write: (name, total, parts), as true and as seen values."""
    indexed = {}
    for name, frame in whole_years(marts).items():
        true, shown = frame[measure].astype(float), seen(frame, measure)
        is_hidden = (shown.isna() & true.notna()).astype(int)
        indexed[name] = frame.assign(true=true, seen=shown, hidden=is_hidden)
    status, procedure = indexed["msap_by_status"], indexed["msap_by_procedure"]
    places, mixes = indexed["msap_by_establishment"], indexed["msap_establishment_procedures"]
    periods = indexed["msap_periods"]
    totals = status[status["status"] == "total"]
    where = ["year", "territory_code"]
    yield from pairs(totals, status[status["status"] != "total"], [*where, "domain"])
    yield from pairs(
        status[status["domain"] == "total"], status[status["domain"] != "total"], [*where, "status"]
    )
    yield from pairs(totals[totals["domain"] != "total"], procedure, [*where, "domain"])
    single = places[places["domain"] != "total"]
    yield from pairs(places[places["domain"] == "total"], single, ["year", "finess"])
    yield from pairs(single, mixes, ["year", "finess", "domain"])
    of_territories = periods[periods["finess"].isna()]
    of_places = periods[periods["finess"].notna()]
    yield from pairs(totals, of_territories, [*where, "domain"])
    yield from pairs(places, of_places, ["year", "finess", "domain"])
    held = under()
    standing = places.merge(held, on="territory_code")
    yield from pairs(totals, standing, ["year", "ancestor_code", "domain"], "territory_code")
    by_status = status[status["status"] != "total"]
    yield from pairs(
        by_status, standing, ["year", "ancestor_code", "domain", "status"], "territory_code"
    )
    standing = mixes.merge(held, on="territory_code")
    standing = standing[standing["ancestor_code"].str.match("DEP|CPAM|CGSS|CSS")]
    keys = ["year", "ancestor_code", "domain", "procedure_code"]
    yield from pairs(procedure, standing, keys, "territory_code")
    for frame, more in ((status, ["domain", "status"]), (procedure, ["domain", "procedure_code"])):
        for upper, lower in itertools.permutations(sorted(frame["level"].unique()), 2):
            parts = frame[frame["level"] == lower].merge(covered(upper, lower), on="territory_code")
            whole = frame[frame["level"] == upper]
            yield from pairs(whole, parts, ["year", "ancestor_code", *more], "territory_code")


@functools.cache
def under():
    """Every territory above the one where an establishment stands, that one included."""
    pairs_of_codes = bridge()[["descendant_code", "ancestor_code"]].drop_duplicates()
    return pairs_of_codes.rename(columns={"descendant_code": "territory_code"})


@functools.cache
def covered(upper, lower):
    """Territories of a level under those of another one that they cover exactly."""
    columns = {
        "caisse": "territory_code",
        "departement": "department_code",
        "region": "region_code",
        "drsm": "drsm_code",
        "ancienne_region": "ancienne_region_code",
        "national": "national",
    }
    known = territories().assign(national="FR")
    caisses = known[known["level"] == "caisse"]
    both = pd.DataFrame(
        {
            "territory_code": caisses[columns[lower]].to_numpy(),
            "ancestor_code": caisses[columns[upper]].to_numpy(),
        }
    )
    # A part lies whole in one total, and the parts hold every caisse of it.
    totals = both.groupby("territory_code")["ancestor_code"].transform("nunique")
    broken = set(both.loc[both["territory_code"].isna() | (totals > 1), "ancestor_code"])
    return both[~both["ancestor_code"].isin(broken)].dropna().drop_duplicates()


def pairs(whole, parts, keys, territory=None):
    """Totals with their parts, where the parts make the total: a subtraction works there alone."""
    names = [name if name != "ancestor_code" else territory for name in keys]
    summed = parts.groupby(keys)[["true", "seen", "hidden"]].sum().add_prefix("parts_")
    joined = whole.set_index(names)[["true", "seen"]].join(summed.rename_axis(names), how="inner")
    yield joined[joined["true"] == joined["parts_true"]]


def assert_nothing_is_told(marts):
    for measure, flag in SHOWN.items():
        for name, frame in whole_years(marts).items():
            small = frame[measure].between(1, 10)
            assert frame.loc[small, flag].all(), (name, measure)
        for sums in sums_of(marts, measure):
            is_hidden = sums["seen"].isna() & sums["true"].notna()
            # One hidden cell in a sum is found by subtraction.
            assert not (is_hidden & (sums["parts_hidden"] == 0)).any(), measure
            assert not (~is_hidden & (sums["parts_hidden"] == 1)).any(), measure
            # What is hidden together under a total that is shown is no small count either.
            together = (sums["seen"] - sums["parts_seen"])[~is_hidden & (sums["parts_hidden"] > 0)]
            assert not together.between(1, 10).any(), measure
    for name, frame in whole_years(marts).items():
        # What is left of the requests is a count too.
        shown = ~frame["is_answers_hidden"]
        left = (frame["requests"] - frame["answered_within_48h"])[shown]
        assert not left.between(1, 10).any(), name
        follows = frame["is_requests_hidden"] & ~(
            frame["is_decisions_hidden"] & frame["is_answers_hidden"]
        )
        assert not follows.any(), name
        assert not (frame["is_decisions_hidden"] & ~frame["is_parts_hidden"]).any(), name


@pytest.fixture(scope="module")
def demonstration(loaded_home):
    home = Home(loaded_home)
    return read(home.build_path(home.current_build_id()))


def test_nothing_is_told_of_the_demonstration(demonstration):
    assert_nothing_is_told(demonstration)


def test_the_country_is_not_hidden_away(demonstration):
    frame = demonstration["msap_by_status"]
    country = frame[(frame["territory_code"] == "FR") & (frame["status"] == "total")]
    assert not country["is_requests_hidden"].any()
    assert not country.loc[country["domain"] == "total", "is_decisions_hidden"].any()
    assert frame["is_requests_hidden"].mean() < 0.9
    regions = frame.query("level == 'region' and status == 'total' and domain == 'total'")
    assert regions["is_requests_hidden"].mean() < 0.2
    periods = demonstration["msap_periods"].query("finess.isna() and domain == 'total'")
    assert not periods.query("territory_code == 'FR'")["is_requests_hidden"].any()


def test_nothing_is_told_by_solving_all_shown_sums_together(demonstration):
    assert told(demonstration) == []


def test_a_row_without_decisions_is_told_by_no_difference(demonstration):
    """Its approvals are no decided ones: shown beside these they would give its count away."""
    for name, frame in whole_years(demonstration).items():
        is_small = frame["approvals_alone"].between(1, 10)
        assert frame.loc[is_small, "is_parts_hidden"].all(), name
    frame = demonstration["msap_by_status"]
    lacking = frame[frame["incomplete_rows"] > 0]
    assert len(lacking)
    country = lacking.query("territory_code == 'FR' and domain == 'total' and status == 'total'")
    assert country["is_parts_hidden"].all()
    assert not country["is_decisions_hidden"].any()


def sent_row(place, number, procedure, **counts):
    """A row of March 2016, of ambulatory surgery: 40 of 60 requests approved."""
    return {
        "month": date(2016, 3, 1),
        "territory_code": place,
        "finess": f"00000{number:04d}",
        "establishment_name": f"Clinique fictive {number}",
        "status": "public",
        "category": None,
        "domain": "chirurgie_ambulatoire",
        "procedure": procedure,
        "requests": 60,
        "approvals": 40,
        "refusals": 20,
        "pending": 0,
        "emergencies_excluded": 0,
        "stays": 200,
        "answered_within_48h": 60,
    } | counts


def test_what_procedures_make_expect_is_hidden_with_any_of_their_counts(tmp_path):
    cataract, gallbladder = PROCEDURES["chirurgie_ambulatoire"]
    rows = [
        sent_row("CPAM-01", 1, cataract),
        sent_row("CPAM-01", 1, gallbladder, stays=4, requests=0, approvals=0, refusals=0)
        | {"answered_within_48h": 0},
        sent_row("CPAM-57", 2, cataract),
        sent_row("CPAM-57", 2, gallbladder),
    ]
    marts = built(rows, tmp_path)
    places = marts["msap_by_establishment"].query("domain == 'total'").set_index("finess")
    # Its 204 stays are told by nothing but their sum: four of them are those of one procedure.
    assert places.loc["000000001", "is_expected_requests_hidden"]
    assert_expected_tell_nothing(marts)


def test_expected_counts_of_the_demonstration_tell_nothing(demonstration):
    assert_expected_tell_nothing(demonstration)
    places = demonstration["msap_by_establishment"]
    assert not places["is_expected_requests_hidden"].all()
    assert not places["is_expected_approvals_hidden"].all()


def assert_expected_tell_nothing(marts):
    """Who sees an expected count sees every count it is made of."""
    mixes, places = marts["msap_establishment_procedures"], marts["msap_by_establishment"]
    keys = ["year", "finess", "domain"]
    both = pd.concat([mixes, mixes.assign(domain="total")])
    for made_of, expected in (
        ("is_stays_hidden", "is_expected_requests_hidden"),
        ("is_decisions_hidden", "is_expected_approvals_hidden"),
    ):
        any_hidden = both.groupby(keys)[made_of].any().rename("any_hidden")
        found = places.join(any_hidden, on=keys)
        is_told = (found["any_hidden"] | found[made_of]) & ~found[expected]
        assert not is_told.any(), expected


@st.composite
def sent_rows(draw):
    """A few establishments with a few months each, counts as small as the hiding is made for."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        place = draw(st.sampled_from(PLACES))
        status = draw(st.sampled_from(("public", "prive")))
        for domain in draw(st.lists(st.sampled_from(DOMAINS), min_size=1, max_size=2, unique=True)):
            for procedure in PROCEDURES[domain]:
                for month in draw(st.lists(st.integers(1, 12), max_size=3, unique=True)):
                    approvals, refusals = draw(st.integers(0, 30)), draw(st.integers(0, 12))
                    pending = draw(st.sampled_from((0, 0, 3)))
                    requests = approvals + refusals + pending
                    lacking = draw(st.sampled_from((0, 0, 0, 1, 2)))
                    rows.append(
                        {
                            "month": date(2016, month, 1),
                            "territory_code": place,
                            "finess": f"00000{number:04d}",
                            "establishment_name": f"Clinique fictive {number}",
                            "status": status,
                            "category": None,
                            "domain": domain,
                            "procedure": procedure,
                            "requests": requests,
                            "approvals": None if lacking == 2 else approvals,
                            "refusals": None if lacking else refusals,
                            "pending": pending,
                            "emergencies_excluded": draw(st.integers(0, 4)),
                            "stays": requests + draw(st.integers(0, 60)),
                            "answered_within_48h": min(requests, draw(st.integers(0, 45))),
                        }
                    )
    return rows


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=sent_rows())
def test_nothing_is_told_of_any_rows(rows, tmp_path):
    marts = built(rows, tmp_path)
    assert_nothing_is_told(marts)
    assert told(marts) == []


def test_years_worked_out_at_once_hide_the_same(tmp_path, monkeypatch):
    cataract, gallbladder = PROCEDURES["chirurgie_ambulatoire"]
    rows = [
        sent_row(place, number, procedure, requests=count + number, approvals=count, refusals=0)
        | {"pending": number, "month": date(year, 3, 1), "answered_within_48h": count}
        for year, count in ((2014, 4), (2015, 30), (2016, 9))
        for number, place in enumerate(("CPAM-01", "CPAM-57", "CPAM-69"))
        for procedure in (cataract, gallbladder)
    ]
    one_after_another = built(rows, tmp_path)
    monkeypatch.setattr(msap_hiding, "MANY_CELLS", 0)
    at_once = built(rows, tmp_path)
    assert at_once["msap_by_establishment"]["is_requests_hidden"].any()
    assert not at_once["msap_by_establishment"]["is_requests_hidden"].all()
    for name, frame in one_after_another.items():
        pd.testing.assert_frame_equal(at_once[name], frame)


def test_the_setting_moves_what_is_hidden(tmp_path, monkeypatch):
    cataract = PROCEDURES["chirurgie_ambulatoire"][0]
    rows = [
        sent_row(place, number, cataract, requests=7, approvals=7, refusals=0, pending=0)
        | {"answered_within_48h": 7}
        for number, place in enumerate(("CPAM-01", "CPAM-57", "CPAM-69", "CPAM-38"))
    ]
    assert built(rows, tmp_path)["msap_by_establishment"]["is_requests_hidden"].all()
    monkeypatch.setenv("VIGIE_SMALLEST_SHOWN", "7")
    marts = built(rows, tmp_path)
    assert not marts["msap_by_establishment"]["is_requests_hidden"].any()
    assert told(marts, threshold=7) == []
    with duckdb.connect(str(tmp_path / "build.duckdb"), read_only=True) as connection:
        assert connection.execute("select smallest_shown from build_info").fetchone() == (7,)


def built(rows, folder):
    """The marts of these rows, as one extract."""
    columns = [
        *("month", "territory_code", "finess", "establishment_name", "status", "category"),
        *("domain", "procedure", "requests", "approvals", "refusals", "pending"),
        *("emergencies_excluded", "stays", "answered_within_48h"),
    ]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[8:], "Int64"))
    frame = frame.assign(
        window_start=None, window_end=None, source_sheet=None, source_row=np.arange(len(rows)) + 2
    )
    path, target = folder / "rows.parquet", folder / "build.duckdb"
    target.unlink(missing_ok=True)
    counts = ", ".join(f"cast({name} as bigint) as {name}" for name in columns[8:])
    texts = ", ".join(f"cast({name} as varchar) as {name}" for name in columns[1:8])
    with duckdb.connect() as connection:
        connection.register("sent", frame)
        connection.execute(
            f"copy (select cast(month as date) as month, {texts}, {counts}, "
            "cast(window_start as date) as window_start, cast(window_end as date) as window_end, "
            "cast(source_sheet as varchar) as source_sheet, source_row from sent) "
            f"to '{path}' (format parquet)"
        )
    extract = Extract(
        extract_id="e1",
        sha256="1",
        contract="msap",
        file_name="msap.csv",
        state="accepted",
        origin="received",
        replaces=False,
        received_by="x",
        received_at="2016-12-31T00:00:00+00:00",
        row_count=len(rows),
    )
    build([extract], {"e1": path}, [], target)
    return read(target)
