"""What gaps weigh, by hand: the agreement's lines on indicators, the order, and where a gap is."""

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue import catalogue
from indicators.few_patients import TOO_FEW
from indicators.stakes import (
    CONTRIBUTION_COLUMNS,
    LEVEL_SHARES,
    STAKE_COLUMNS,
    carried_weights,
    contributions,
    lines_without_indicator,
    stakes,
)

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "stake_weights.csv"
PUBLISHED = ROOT / "data" / "reference" / "igas_2017" / "interessement.csv"

PRADO, SURGERY = "prado_adhesions", "prado_chirurgie_adhesions"
CONTACTS, SAVINGS = "contacts_ps_es", "maitrise_medicalisee_economies"
GENERICS, DAILY = "generiques_penetration", "ij_montants"


def rows_of(path, separator=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def published_weights():
    """The weights as published, each line with the indicator it is attached to."""
    own = {
        (line.year, line.share, line.label): indicator.code
        for indicator in catalogue().values()
        for line in indicator.interessement
    }
    keys = [
        (int(r["Année"]), r["Part"], r["Libellé"], float(r["Poids (%)"].replace(",", ".")))
        for r in rows_of(PUBLISHED, ";")
    ]
    return pd.DataFrame(
        [(*key, own[key[:3]]) for key in keys],
        columns=["year", "share", "label", "weight_pct", "indicator_code"],
    )


def lines(*rows):
    return pd.DataFrame(rows, columns=["year", "share", "label", "weight_pct", "indicator_code"])


def figures(*rows, level="region", year=2016, territory="REG-84"):
    """Attainment rows of (indicator, attainment to date), the status as the thresholds say."""

    def status(value):
        if value is None:
            return "not_applicable"
        return "attained" if value >= 1 else "close" if value >= 0.95 else "behind"

    return pd.DataFrame(
        [
            {
                "territory_code": territory,
                "level": level,
                "year": year,
                "indicator_code": code,
                "attainment_to_date": value,
                "status": status(value),
                "is_hidden": False,
            }
            for code, value in rows
        ]
    )


def caisses(*rows, indicator=PRADO):
    """Caisse rows of (code, objective to date, realised, numerator, denominator)."""
    return pd.DataFrame(
        [
            {
                "territory_code": code,
                "territory_name": f"Caisse {code}",
                "level": "caisse",
                "year": 2016,
                "indicator_code": indicator,
                "objective_to_date": objective,
                "realised": realised,
                "numerator": numerator,
                "denominator": denominator,
                "status": None if math.isnan(realised) else "behind",
                "is_hidden": False,
                "senders_expected": 1,
            }
            for code, objective, realised, numerator, denominator in rows
        ]
    )


def counts(*rows, indicator=PRADO):
    return caisses(*((*row, np.nan, np.nan) for row in rows), indicator=indicator)


# What the agreement weighs on each indicator.


@pytest.mark.parametrize("level", ["region", "drsm"])
@pytest.mark.parametrize("year", [2014, 2015, 2016, 2017])
def test_the_published_lines_weigh_on_the_indicators_told_by_hand(year, level):
    expected = {
        row["indicator_code"]: (float(row["weight"]), row["is_proxy"] == "yes")
        for row in rows_of(GOLDEN)
        if (int(row["year"]), row["level"]) == (year, level)
    }
    carried = carried_weights(published_weights(), level)
    own = carried[carried["year"] == year]
    found = zip(own["weight"], own["is_proxy"], strict=True)
    assert dict(zip(own["indicator_code"], found, strict=True)) == expected


def test_every_published_point_is_carried_or_listed_as_without_indicator():
    weights = published_weights()
    for level, shares in LEVEL_SHARES.items():
        carried = carried_weights(weights, level).groupby("year")["weight"].sum()
        left = lines_without_indicator(weights, level).groupby("year")["weight_pct"].sum()
        published = weights[weights["share"].isin(shares)].groupby("year")["weight_pct"].sum()
        assert carried.add(left, fill_value=0).to_dict() == pytest.approx(published.to_dict())
    assert set(weights["share"]) == {share for shares in LEVEL_SHARES.values() for share in shares}


def test_the_lines_that_no_indicator_of_the_cpg_measures_are_named():
    left = lines_without_indicator(published_weights(), "caisse")
    told = list(zip(left["year"], left["label"], left["weight_pct"], strict=True))
    assert told == [
        (2016, "Économies sur les montants des IJ (tous prescripteurs)", 10),
        (2017, "Plan ONDAM : économies sur les médicaments", 10),
        (2017, "Taux de couverture des campagnes prioritaires auprès des MG ciblés", 10),
    ]
    drsm = lines_without_indicator(published_weights(), "drsm")
    assert drsm.groupby("year")["weight_pct"].sum().to_dict() == {
        2014: 20, 2015: 20, 2016: 35, 2017: 35,
    }  # fmt: skip


def test_two_lines_of_one_indicator_add_up_and_are_both_named():
    weights = lines(
        (2016, "nationale", "Contacts, part nationale", 10, CONTACTS),
        (2016, "locale_cpam", "Contacts, part locale", 2.5, CONTACTS),
        (2016, "locale_drsm", "Contacts, service médical", 4, CONTACTS),
    )
    carried = carried_weights(weights, "caisse").iloc[0]
    assert carried["weight"] == 12.5
    assert carried["weight_lines"] == "Contacts, part nationale ; Contacts, part locale"
    assert carried_weights(weights, "drsm")["weight"].item() == 4


def test_a_line_read_on_several_indicators_is_split_equally(monkeypatch):
    source = catalogue()["prado_trois_volets_adhesions"]
    line = source.interessement[0].model_copy(update={"read_on": (SURGERY, PRADO, CONTACTS)})
    changed = {**catalogue(), source.code: source.model_copy(update={"interessement": (line,)})}
    monkeypatch.setattr("indicators.stakes.catalogue", lambda: changed)
    weights = lines((line.year, line.share, line.label, 15, source.code))
    carried = carried_weights(weights, "region")
    assert carried["weight"].tolist() == [5, 5, 5]
    assert carried["is_proxy"].all()
    assert set(carried["indicator_code"]) == {SURGERY, PRADO, CONTACTS}


@pytest.mark.parametrize("code", [None, "indicateur_disparu"])
def test_a_line_attached_to_no_known_indicator_weighs_nowhere(code):
    weights = lines((2018, "nationale", "Critère nouveau", 20, code))
    assert carried_weights(weights, "region").empty
    assert lines_without_indicator(weights, "region")["label"].tolist() == ["Critère nouveau"]


# The order of the gaps.


def test_gaps_of_a_region_in_2016_by_hand():
    """0.30 × 10 = 3 before 0.12 × 10 = 1.2 before 0.04 × 10; surgery has no weight in 2016."""
    found = stakes(
        figures((GENERICS, 0.96), (SURGERY, 0.4), (PRADO, 0.7), (CONTACTS, 1.02),
                (SAVINGS, 0.88), (DAILY, 0.9), ("sophia_adherents", None)),
        published_weights(),
        "region",
    )  # fmt: skip
    assert found["indicator_code"].tolist() == [PRADO, SAVINGS, GENERICS, SURGERY, DAILY]
    assert found["gap"].tolist() == pytest.approx([0.3, 0.12, 0.04, 0.6, 0.1])
    assert found["stake"].tolist()[:3] == pytest.approx([3, 1.2, 0.4])
    assert found["stake"].isna().tolist() == [False, False, False, True, True]
    assert found["has_weight"].tolist() == [True, True, True, False, False]
    assert found["weight_year"].tolist() == [2016] * 5
    assert found["weight_source"].tolist()[:3] == ["interessement"] * 3


def test_a_smaller_gap_that_weighs_more_comes_first():
    found = stakes(
        figures((SAVINGS, 0.80), (CONTACTS, 0.85), year=2015), published_weights(), "region"
    )
    # 0.15 × 12.5 = 1.875 against 0.20 × 7.5 = 1.5.
    assert found["indicator_code"].tolist() == [CONTACTS, SAVINGS]
    assert found["stake"].tolist() == pytest.approx([1.875, 1.5])


def test_a_drsm_is_ranked_by_its_own_share():
    found = stakes(
        figures((PRADO, 0.5), ("msap_etablissements", 0.9), level="drsm", territory="DRSM-CENTRE"),
        published_weights(),
        "drsm",
    )
    assert found["indicator_code"].tolist() == ["msap_etablissements", PRADO]
    assert found["stake"].iloc[0] == pytest.approx(1)
    assert not found["has_weight"].iloc[1]


def test_in_2017_the_line_of_three_volets_is_read_on_the_total_and_says_so():
    found = stakes(figures((PRADO, 0.9), (CONTACTS, 0.9), year=2017), published_weights(), "region")
    assert found["stake"].tolist() == pytest.approx([1.5, 1])
    assert found["is_proxy"].tolist() == [True, False]
    assert found["weight_lines"].iloc[0] == "Nombre d'adhésions à 3 volets de PRADO"


def test_a_year_without_published_weights_borrows_none():
    found = stakes(figures((PRADO, 0.9), (SURGERY, 0.5), year=2018), published_weights(), "region")
    assert found["indicator_code"].tolist() == [SURGERY, PRADO]
    assert not found["has_weight"].any()
    assert found[["weight", "stake", "weight_year", "weight_source"]].isna().all(axis=None)


def test_several_years_each_have_their_own_weights():
    both = pd.concat([figures((PRADO, 0.9), year=2016), figures((PRADO, 0.9), year=2017)])
    found = stakes(both, published_weights(), "region")
    assert dict(zip(found["year"], found["weight"], strict=True)) == {2017: 15, 2016: 10}


def test_a_withheld_figure_has_no_gap():
    withheld = figures((PRADO, 0.9)).assign(
        attainment_to_date=None, status=None, is_hidden=True
    )  # fmt: skip
    assert stakes(withheld, published_weights(), "region").empty


def test_an_attained_status_has_no_gap_whatever_the_threshold():
    eased = figures((PRADO, 0.98)).assign(status="attained")
    assert stakes(eased, published_weights(), "region").empty
    strict = figures((PRADO, 1.02), (CONTACTS, 1 - 1e-12)).assign(status="close")
    assert stakes(strict, published_weights(), "region").empty


def test_a_figure_of_too_few_patients_has_no_gap():
    few = figures((PRADO, 0.5), (CONTACTS, 0.9)).assign(status=[TOO_FEW, "behind"])
    assert stakes(few, published_weights(), "region")["indicator_code"].tolist() == [CONTACTS]


def test_a_line_of_weight_zero_is_no_weight():
    weights = lines((2016, "nationale", "Critère neutralisé", 0, PRADO))
    found = stakes(figures((PRADO, 0.9)), weights, "region")
    assert not found["has_weight"].item()
    assert found["weight_year"].item() == 2016


def test_cpg_points_replace_the_weights_of_the_territory_that_has_some():
    weights = published_weights()
    points = pd.DataFrame(
        [("REG-84", 2016, SURGERY, 40), ("REG-84", 2016, PRADO, 10), ("REG-84", 2015, PRADO, 90)],
        columns=["territory_code", "year", "indicator_code", "points"],
    )
    own = figures((PRADO, 0.5), (SURGERY, 0.8), (GENERICS, 0.2))
    other = figures((PRADO, 0.9), territory="REG-44")
    found = stakes(pd.concat([own, other]), weights, "region", points)
    told = found[["territory_code", "indicator_code", "weight_source"]].to_numpy().tolist()
    assert told[:3] == [
        ["REG-84", SURGERY, "cpg_points"],
        ["REG-84", PRADO, "cpg_points"],
        ["REG-44", PRADO, "interessement"],
    ]
    assert found["stake"].tolist()[:3] == pytest.approx([8, 5, 1])
    # The agreement weighs generics, yet its percentages are no CPG points.
    assert found["indicator_code"].iloc[3] == GENERICS
    assert not found["has_weight"].iloc[3]


def test_no_figure_at_all_gives_no_gap_with_the_same_columns():
    some = figures((PRADO, 0.9))
    for none in (some.head(0), figures((PRADO, 1.0))):
        found = stakes(none, published_weights(), "region")
        assert found.empty
        assert list(found.columns) == [*some.columns, *STAKE_COLUMNS]


def test_what_is_given_is_not_changed():
    given_figures, given_weights = figures((PRADO, 0.9)), published_weights()
    copies = given_figures.copy(deep=True), given_weights.copy(deep=True)
    stakes(given_figures, given_weights, "region")
    pd.testing.assert_frame_equal(given_figures, copies[0])
    pd.testing.assert_frame_equal(given_weights, copies[1])


def test_wrong_levels_are_refused():
    with pytest.raises(ValueError, match="level must be one of"):
        stakes(figures((PRADO, 0.9)), published_weights(), "commune")
    with pytest.raises(ValueError, match="rows of the level drsm alone"):
        stakes(figures((PRADO, 0.9)), published_weights(), "drsm")


ATTAINMENTS = st.one_of(st.none(), st.floats(-2, 3, allow_nan=False))
CPG = sorted(code for code, indicator in catalogue().items() if indicator.in_cpg)


@given(
    st.dictionaries(st.sampled_from(CPG), ATTAINMENTS, min_size=1),
    st.sampled_from(sorted(LEVEL_SHARES)),
    st.sampled_from([2013, 2014, 2015, 2016, 2017]),
)
def test_gaps_are_all_there_in_order_and_never_negative(attainments, level, year):
    rows = figures(*attainments.items(), level=level, year=year)
    found = stakes(rows, published_weights(), level)
    late = {code for code, value in attainments.items() if value is not None and value < 1 - 1e-9}
    assert sorted(found["indicator_code"]) == sorted(late)
    assert (found["gap"] > 0).all()
    weighed = found[found["has_weight"]]
    assert (weighed["stake"] == weighed["gap"] * weighed["weight"]).all()
    assert (weighed["stake"] > 0).all()
    assert weighed["stake"].is_monotonic_decreasing
    rest = found[~found["has_weight"]]
    assert rest["gap"].is_monotonic_decreasing
    assert rest["stake"].isna().all()
    assert found["has_weight"].is_monotonic_decreasing


# Where an aggregate's gap comes from.


def test_contributions_of_a_count_by_hand():
    """A lacks 30, B 10, C is 15 ahead: 25 together, of which A makes 30 of the 40 lacking."""
    found = contributions(counts(("B", 50, 40), ("C", 20, 35), ("A", 100, 70)), PRADO, 3)
    assert list(found.columns) == CONTRIBUTION_COLUMNS
    assert found["territory_code"].tolist() == ["A", "B", "C"]
    assert found["shortfall"].tolist() == [30, 10, -15]
    assert found["share"].tolist() == [0.75, 0.25, 0]
    assert found["is_complete"].all()


def test_contributions_of_a_rate_are_in_units_of_its_numerator():
    """A: 0.85 × 1,000 - 800 = 50; B: 0.80 × 200 - 150 = 10; together 60 prescriptions short."""
    rows = caisses(
        ("A", 0.85, 0.8, 800, 1000), ("B", 0.80, 0.75, 150, 200), indicator=GENERICS
    )  # fmt: skip
    found = contributions(rows, GENERICS, 2)
    assert found["shortfall"].tolist() == pytest.approx([50, 10])
    assert found["share"].tolist() == pytest.approx([5 / 6, 1 / 6])


def test_where_less_is_better_the_excess_is_the_shortfall():
    found = contributions(counts(("A", 100, 90), ("B", 100, 130), indicator=DAILY), DAILY, 2)
    assert found["territory_code"].tolist() == ["B", "A"]
    assert found["shortfall"].tolist() == [30, -10]
    assert found["share"].tolist() == [1, 0]


def test_caisses_that_sent_nothing_or_have_no_objective_count_for_nothing():
    """They are not in the aggregate's attainment either, so that the shares stay known."""
    rows = counts(("A", 100, 70), ("B", 50, np.nan), ("C", np.nan, 40))
    rows.loc[1, "status"] = "not_applicable"
    found = contributions(rows, PRADO, 3)
    assert found["territory_code"].tolist() == ["A"]
    assert found["share"].tolist() == [1]


def test_shares_are_unknown_where_a_caisse_is_withheld():
    rows = counts(("A", 100, 70), ("B", 50, np.nan))
    rows["is_hidden"] = [False, True]
    found = contributions(rows, PRADO, 2)
    assert found["shortfall"].tolist() == [30]
    assert found["share"].isna().all()
    assert not found["is_complete"].any()


@pytest.mark.parametrize("expected", [5, None])
def test_shares_are_unknown_where_the_person_does_not_see_every_caisse(expected):
    found = contributions(counts(("A", 100, 70), ("B", 50, 40)), PRADO, expected)
    assert found["shortfall"].tolist() == [30, 10]
    assert found["share"].isna().all()


def test_nobody_behind_makes_no_share():
    found = contributions(counts(("A", 100, 120), ("B", 50, 50)), PRADO, 2)
    assert found["share"].tolist() == [0, 0]


def test_no_row_gives_no_contribution():
    found = contributions(counts(("A", 100, 70)), CONTACTS, 1)
    assert found.empty
    assert list(found.columns) == CONTRIBUTION_COLUMNS


@pytest.mark.parametrize(
    ("indicator", "sentence"),
    [("inconnu", "no indicator"), ("gini_ir41", "adds up"), ("ordre", "no indicator")],
)
def test_what_does_not_add_up_is_refused(indicator, sentence):
    with pytest.raises(ValueError, match=sentence):
        contributions(counts(("A", 100, 70)), indicator, 1)


def test_rows_of_another_level_or_of_two_years_are_refused():
    rows = counts(("A", 100, 70), ("B", 50, 40))
    with pytest.raises(ValueError, match="of one year"):
        contributions(rows.assign(level="departement"), PRADO, 2)
    with pytest.raises(ValueError, match="of one year"):
        contributions(rows.assign(year=[2015, 2016]), PRADO, 2)


AMOUNTS = st.integers(0, 10**6)


@given(
    st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=30),
    st.sampled_from([PRADO, DAILY]),
)
def test_contributions_sum_to_the_shortfall_of_the_whole(pairs, indicator):
    rows = counts(*((f"C{i:02d}", *pair) for i, pair in enumerate(pairs)), indicator=indicator)
    found = contributions(rows, indicator, len(pairs))
    sign = -1 if indicator == DAILY else 1
    whole = sign * (sum(pair[0] for pair in pairs) - sum(pair[1] for pair in pairs))
    assert found["shortfall"].sum() == whole
    assert found["share"].between(0, 1).all()
    is_late = bool((found["shortfall"] > 0).any())
    assert found["share"].sum() == pytest.approx(1 if is_late else 0)
    assert found["shortfall"].is_monotonic_decreasing
