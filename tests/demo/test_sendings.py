"""The demonstration comes in two sendings that give, together, exactly its rows."""

from __future__ import annotations

import pandas as pd
import pytest

from data.demo.generate import SEED
from data.demo.sendings import (
    ENTERED_LATE,
    FIRST_PROVISIONAL,
    LATE_CAISSES,
    TOTAL,
    VOLETS,
    first_sending,
    second_sending,
)

CELL = ["Caisse", "Indicateur", "Mois"]


@pytest.fixture(scope="module")
def first(rows: pd.DataFrame) -> pd.DataFrame:
    return first_sending(rows, SEED)


@pytest.fixture(scope="module")
def second(rows: pd.DataFrame) -> pd.DataFrame:
    return second_sending(rows)


@pytest.fixture(scope="module")
def corrected(first: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The cells whose first value was not the last."""
    pairs = first.merge(rows, on=CELL, suffixes=("_first", "_last"), validate="one_to_one")
    return pairs[(pairs["Réalisé_first"] != pairs["Réalisé_last"]).fillna(False)]


def test_the_later_sending_over_the_earlier_gives_the_demonstration(
    first: pd.DataFrame, second: pd.DataFrame, rows: pd.DataFrame
) -> None:
    live = pd.concat([first, second]).drop_duplicates(CELL, keep="last")
    pd.testing.assert_frame_equal(
        live.sort_values(CELL, ignore_index=True), rows.sort_values(CELL, ignore_index=True)
    )


def test_the_first_sending_ends_in_august_with_two_provisional_months(first: pd.DataFrame) -> None:
    assert first["Mois"].max() == "2017-08"
    provisional = first.loc[first["Statut"] == "provisoire", "Mois"]
    assert set(provisional) == set(FIRST_PROVISIONAL)
    assert first.loc[first["Mois"].isin(FIRST_PROVISIONAL), "Statut"].eq("provisoire").all()


def test_only_flows_of_a_few_caisses_are_corrected_and_upwards(corrected: pd.DataFrame) -> None:
    assert set(corrected["Mois"]) == set(FIRST_PROVISIONAL)
    assert set(corrected["Indicateur"]) <= {*ENTERED_LATE, TOTAL}
    assert corrected["Caisse"].nunique() == LATE_CAISSES
    assert (corrected["Réalisé_first"] < corrected["Réalisé_last"]).all()
    assert (corrected["Réalisé_first"] >= 0).all()
    assert 30 < len(corrected) < 150


def test_totals_are_the_sums_of_their_volets_in_the_first_sending_too(first: pd.DataFrame) -> None:
    wide = first.pivot_table(
        index=["Caisse", "Mois"], columns="Indicateur", values="Réalisé", aggfunc="sum"
    )
    assert (wide[TOTAL] == wide[list(VOLETS)].sum(axis=1)).all()
    assert str(first["Réalisé"].dtype) == "Int64"
