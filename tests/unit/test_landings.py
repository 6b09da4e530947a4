"""Landings of a territory: which months are known, of which caisses, against which objective."""

import numpy as np
import pandas as pd
import pytest

from indicators.landing import Spread, landing
from indicators.landings import TerritoryLanding, counts_of_events, cumulated, landings

YEAR = 2017
SEASON = np.array([20, 20, 10, 10, 10, 10, 10, 10, 5, 5, 5, 5], dtype=float)
SHARES = np.cumsum(SEASON) / SEASON.sum()
BETTER = {"flow": "higher", "cost": "lower"}


def year_of(
    flows, year=YEAR, senders=10, expected=10, objective=1200.0, code="flow", hidden=(), due=None
):
    """One year's months as the question gives them; a flow of None is a month not received."""
    count = len(flows)
    received = np.broadcast_to(senders, count)
    return pd.DataFrame(
        {
            "territory_code": "REG-44",
            "indicator_code": code,
            "year": year,
            "month": pd.to_datetime([f"{year}-{month:02}-01" for month in range(1, count + 1)]),
            "realised": [np.nan if flow is None else flow for flow in flows],
            "objective": objective,
            "objective_to_date": objective * SHARES[:count] if due is None else due,
            "senders_received": received,
            "senders_expected": expected,
            "is_hidden": [month in hidden for month in range(1, count + 1)],
        }
    )


def usual(code="flow", share=SHARES, count=50):
    return pd.DataFrame(
        {
            "indicator_code": code,
            "month": range(1, 13),
            "usual_share": share,
            "error_sd": 0.05,
            "error_count": count,
            "objective_share": SHARES,
        }
    )


NO_SEASONALITY = usual().head(0)
PAST = [year_of(level * SEASON, year) for level, year in ((8, 2014), (9, 2015), (10, 2016))]


def land(*frames, objective=1200.0, seasonality=None, **options):
    seasonality = usual() if seasonality is None else seasonality
    months = pd.concat(frames, ignore_index=True)
    return landings(months, {"flow": objective}, seasonality, BETTER, YEAR, **options)


def test_it_is_the_landing_of_the_months_known_and_of_former_years():
    found = land(*PAST, year_of(11 * SEASON[:6]))["flow"]
    expected = landing(
        np.stack([8 * SEASON, 9 * SEASON, 10 * SEASON]),
        11 * SEASON[:6],
        1200.0,
        SHARES,
        errors=Spread(0.05, 50),
    )
    assert isinstance(found, TerritoryLanding)
    assert {name: getattr(found, name) for name in vars(expected)} == vars(expected)
    assert found.value == pytest.approx(11 * SEASON.sum())
    assert (found.objective, found.is_partial) == (1200.0, False)
    assert (found.senders_received, found.senders_expected) == (10, 10)


def test_years_that_follow_do_not_count():
    alone = land(*PAST, year_of(11 * SEASON[:6]))
    assert land(*PAST, year_of(11 * SEASON[:6]), year_of(SEASON, 2018)) == alone


@pytest.mark.parametrize(
    ("senders", "months", "is_partial"),
    [
        ([10] * 9, 9, False),
        ([10] * 8 + [7], 8, False),
        ([10] * 7 + [9, 7], 7, False),
        ([10] * 7 + [9, 9], 7, False),
        # Silent for three months: no longer awaited.
        ([10] * 6 + [9, 9, 9], 9, True),
        ([10] * 6 + [9, 9, 6], 8, True),
        ([9] * 9, 9, True),
        ([10, 9] + [10] * 7, 9, True),
        ([10], 1, False),
        ([10, 4], 1, False),
    ],
)
def test_late_months_are_left_out_and_caisses_that_stopped_are_not_awaited(
    senders, months, is_partial
):
    found = land(*PAST, year_of(11 * SEASON[: len(senders)], senders=senders))["flow"]
    assert (found.months, found.is_partial) == (months, is_partial)
    assert found.senders_received == senders[months - 1]


def test_a_caisse_that_stopped_is_landed_from_what_it_sent():
    flows = [*(11 * SEASON[:3]), *[None] * 6]
    found = land(*PAST, year_of(flows, senders=[1] * 3 + [0] * 6, expected=1))["flow"]
    assert (found.months, found.is_partial) == (3, False)
    assert found.value == pytest.approx(11 * SEASON.sum())


def test_months_after_a_gap_are_not_known():
    flows = [*(11 * SEASON[:3]), None, *SEASON[4:9]]
    found = land(*PAST, year_of(flows, senders=[1, 1, 1, 0, 1, 1, 1, 1, 1], expected=1))
    assert found["flow"].months == 3


def test_the_objective_of_those_that_stopped_counts_up_to_their_last_month():
    # One of two equal caisses stopped after March; the objective to date stops with it.
    due = 600 * SHARES[:9] + 600 * SHARES[np.minimum(np.arange(9), 2)]
    flows = 6 * SEASON[:9] * np.where(np.arange(9) < 3, 2, 1)
    months = year_of(flows, senders=[2, 2, 2] + [1] * 6, expected=2, due=due)
    found = land(*PAST, months)["flow"]
    assert found.is_partial
    assert found.objective == pytest.approx(600 + 600 * SHARES[2] / SHARES[8])
    # The share announced is the attainment to date: like is compared with like.
    assert found.value / found.objective == pytest.approx(flows.sum() / due[8])
    left = found.objective - found.total
    assert found.monthly_effort == pytest.approx(max(left, 0) / 3)


@pytest.mark.parametrize("objective", [None, np.nan, 0])
def test_without_an_objective_there_is_no_chance_and_no_effort(objective):
    found = land(*PAST, year_of(SEASON[:6]), objective=objective)["flow"]
    assert found.objective is found.probability is found.monthly_effort is None
    assert found.value == pytest.approx(SEASON.sum())


def test_a_withheld_month_gives_no_landing_even_when_it_is_late():
    flows = [*(11 * SEASON[:8]), None]
    assert land(*PAST, year_of(flows, hidden=[9])) == {}
    # Whoever may see it has the landing.
    assert "flow" in land(*PAST, year_of(11 * SEASON[:9], hidden=[9]))


def test_a_former_year_with_a_withheld_month_is_left_out():
    former = [year_of([None, *SEASON[1:]], 2016, hidden=[1]), year_of(8 * SEASON, 2015)]
    found = land(*former, year_of(11 * SEASON[:6]))
    assert found == land(former[1], year_of(11 * SEASON[:6]))


@pytest.mark.parametrize(("least", "serves"), [(96, True), (94, False)])
def test_a_former_year_serves_where_nearly_all_sent_all_months(least, serves):
    senders = [100] * 6 + [least] * 6
    former = year_of(9 * SEASON[::-1], 2016, senders=senders, expected=100)
    current = year_of(11 * SEASON[:6], senders=100, expected=100)
    found = land(former, current, seasonality=NO_SEASONALITY)["flow"]
    assert found.method == ("seasonal" if serves else "run_rate")


def test_a_closed_year_lands_on_what_was_received():
    flows = [*(11 * SEASON[:10]), None, None]
    months = year_of(flows, senders=[10] * 10 + [0, 0])
    found = land(*PAST, months, is_open_year=False)["flow"]
    assert found.lower == found.value == found.upper == pytest.approx(11 * SEASON[:10].sum())
    assert (found.months, found.is_partial, found.objective) == (12, True, 1200.0)
    assert found.monthly_effort is None
    short = land(*PAST, months.head(10), is_open_year=False)["flow"]
    assert (short.value, short.months) == (found.value, 12)


def test_twelve_months_of_an_open_year_are_their_sum():
    found = land(*PAST, year_of(11 * SEASON))["flow"]
    assert found.lower == found.value == found.upper == 11 * SEASON.sum()


def test_shares_made_of_the_own_years_do_not_judge_themselves():
    national = usual(count=0)
    own = land(*PAST, year_of(11 * SEASON[:6]), seasonality=NO_SEASONALITY)
    assert land(*PAST, year_of(11 * SEASON[:6]), seasonality=national) == own
    # Without own years that serve they are all there is.
    assert land(year_of(11 * SEASON[:6]), seasonality=national)["flow"].method == "profile"


def test_an_unknown_usual_year_is_none():
    unknown = usual(share=np.nan, count=0)
    assert land(year_of(SEASON[:6]), seasonality=unknown)["flow"].method == "run_rate"


def test_each_indicator_has_its_own_and_those_without_a_direction_none():
    frames = [year_of(11 * SEASON[:6], code=code) for code in ("cost", "rate", "flow")]
    found = land(*frames)
    assert list(found) == ["cost", "flow"]
    assert found["cost"].objective is None


def test_no_month_gives_no_landing():
    empty = year_of([])
    assert land(empty) == {}
    assert land(*PAST) == {}
    assert land(year_of([None, None], senders=0)) == {}


def test_months_of_two_territories_are_refused():
    other = year_of(SEASON[:6]).assign(territory_code="REG-84")
    with pytest.raises(ValueError, match="one territory"):
        land(year_of(SEASON[:6]), other)


def test_cumulated_indicators_are_those_added_over_the_months():
    directions = cumulated()
    assert directions["contacts_ps_es"] == "higher"
    assert directions["ij_montants"] == "lower"
    assert not {"sophia_adherents", "generiques_penetration"} & set(directions)


@pytest.mark.parametrize(
    ("flows", "is_too_few"), [([0] * 6, True), ([4, 0], True), ([5, 0], False)]
)
def test_a_count_of_fewer_than_five_events_is_not_landed(flows, is_too_few):
    found = land(*PAST, year_of(flows), counts={"flow"})["flow"]
    assert found.is_too_few is is_too_few
    assert (found.value is None) is is_too_few
    assert (found.probability is None) is is_too_few
    assert (found.lower is None and found.upper is None) is is_too_few
    # What is known and what it takes stay known.
    assert (found.total, found.months) == (sum(flows), len(flows))
    assert found.monthly_effort is not None


def test_amounts_and_closed_years_are_landed_however_small():
    assert land(*PAST, year_of([0] * 6))["flow"].value == 0
    assert land(*PAST, year_of([0] * 12), counts={"flow"})["flow"].value == 0
    assert counts_of_events() >= {"prado_insuffisance_cardiaque_adhesions", "contacts_ps_es"}
    assert "ij_montants" not in counts_of_events()
