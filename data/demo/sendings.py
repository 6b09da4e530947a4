"""In which sendings the demonstration came: everything to August 2017, then September.

The first sending gives July and August as they were known then: some caisses had not entered all
of their adhesions and contacts yet. The second sends both months again with September, so that
the two together hold exactly the rows of the demonstration.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.counts import PRADO_VOLETS, stream

FIRST_PROVISIONAL = ("2017-07", "2017-08")
"""The two last months of the first sending; the second sends them again."""

SECOND_MONTHS = (*FIRST_PROVISIONAL, "2017-09")

VOLETS = tuple(PRADO_VOLETS)
TOTAL = "prado_adhesions"
ENTERED_LATE = (*VOLETS, "contacts_ps_es")
"""Flows that are entered by hand, month after month."""

LATE_CAISSES = 13
SHARE_ENTERED = (0.80, 0.97)
"""Least and greatest share of a month that a late caisse had entered."""


def first_sending(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Everything to August 2017, as first sent; ``rows`` is the demonstration, left unchanged.

    July and August are provisional; late caisses give less than they will: August for all of
    them, July too for every second one.
    """
    sent = rows[rows["Mois"] <= FIRST_PROVISIONAL[-1]].reset_index(drop=True)
    is_provisional = sent["Mois"].isin(FIRST_PROVISIONAL)
    rng = stream(seed, "late entries")
    senders = np.sort(sent.loc[sent["Mois"] == FIRST_PROVISIONAL[-1], "Caisse"].unique())
    late = rng.choice(senders, LATE_CAISSES, replace=False)
    july, august = FIRST_PROVISIONAL
    is_late = (sent["Mois"].eq(august) & sent["Caisse"].isin(late)) | (
        sent["Mois"].eq(july) & sent["Caisse"].isin(late[::2])
    )
    is_late &= sent["Indicateur"].isin(ENTERED_LATE)
    known = sent.loc[is_late, "Réalisé"].to_numpy(dtype=float)
    entered = np.floor(known * rng.uniform(*SHARE_ENTERED, len(known))).astype(int)
    realised = sent["Réalisé"].copy()
    realised[is_late] = entered
    return sent.assign(
        **{
            "Réalisé": _with_totals(sent, realised),
            "Statut": sent["Statut"].mask(is_provisional, "provisoire"),
        }
    )


def second_sending(rows: pd.DataFrame) -> pd.DataFrame:
    """July to September 2017 as they stand in the demonstration."""
    return rows[rows["Mois"].isin(SECOND_MONTHS)]


def _with_totals(sent: pd.DataFrame, realised: pd.Series) -> pd.Series:
    """The values with each total of adhesions made the sum of its volets again."""
    frame = sent[["Caisse", "Mois"]].assign(value=realised)
    volets = frame[sent["Indicateur"].isin(VOLETS)].groupby(["Caisse", "Mois"])["value"].sum()
    is_total = sent["Indicateur"].eq(TOTAL)
    keys = pd.MultiIndex.from_frame(frame.loc[is_total, ["Caisse", "Mois"]])
    with_totals = realised.copy()
    with_totals[is_total] = volets.reindex(keys).to_numpy()
    return with_totals
