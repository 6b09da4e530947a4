"""What is planted in the MSAP demonstration: atypical establishments, windows, three breaches.

The rest is chance around the national rates; ``docs/demonstration-data.md`` lists the stories.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.demo.allotment import Floats

WINDOW_MONTHS = 6


@dataclass(frozen=True)
class Story:
    """What sets one establishment apart in one domain.

    Attributes:
        finess, domain: where.
        size: how many times its usual share of the requests.
        refusal: chance of a refusal of a decided request in every year; None follows the country.
        asks: requests over what its stays would make expect.
        within_48h: share of requests answered within 48 hours.
        window: year and first month of a window of six months; None for no window.
        inside, after: chance of a refusal inside the window and after it, in its year.
        procedures: places in the domain's list, the most frequent ones.
    """

    finess: str
    domain: str
    size: float = 2.0
    refusal: float | None = None
    asks: float = 1.0
    within_48h: float = 0.93
    window: tuple[int, int] | None = None
    inside: float | None = None
    after: float | None = None
    procedures: tuple[int, ...] = (0, 1)

    def window_start(self, year: int) -> int | None:
        """First month of the window that begins in the year."""
        return self.window[1] if self.window and self.window[0] == year else None

    def refusal_by_month(self, year: int) -> Floats | None:
        """Chance of a refusal in each month of the year, or None where the country's holds."""
        if self.refusal is None:
            return None
        chance = np.full(12, self.refusal)
        first = self.window_start(year)
        if first is not None and self.inside is not None and self.after is not None:
            chance[first - 1 :] = self.after
            chance[first - 1 : first - 1 + WINDOW_MONTHS] = self.inside
        return chance


AMBULATORY, OTHER, REHABILITATION = "chirurgie_ambulatoire", "hors_chirurgie_ambulatoire", "ssr"

ATYPICAL = (
    # Auvergne-Rhône-Alpes: three that deserve a call, each for its own reason.
    Story("000690003", AMBULATORY, 4, 0.24, window=(2016, 2), inside=0.30, after=0.10),
    Story("000380002", AMBULATORY, 3, asks=5, window=(2016, 4), procedures=(1, 2)),
    Story("000630001", OTHER, 4, 0.55, within_48h=0.5, window=(2016, 1), procedures=(0,)),
    # Elsewhere.
    Story("000590502", REHABILITATION, 5, 0.14),
    Story("000330001", REHABILITATION, 4, asks=3),
    Story("000750003", AMBULATORY, 2, within_48h=0.55),
    # Windows inside which refusals rise, fall, or stay what they were.
    Story("000310002", AMBULATORY, 5, 0.02, window=(2015, 4), inside=0.22, after=0.05),
    Story("000670001", REHABILITATION, 4, 0.12, window=(2016, 3), inside=0.02, after=0.02),
    Story("000440001", AMBULATORY, 3, 0.02, window=(2016, 5), inside=0.16, after=0.16),
    Story("000330501", AMBULATORY, 2, window=(2014, 2)),
    Story("000130001", REHABILITATION, 3, window=(2015, 6)),
    Story("000590504", OTHER, 2, window=(2016, 1), procedures=(0, 1)),
)

UNKNOWN_PROCEDURE = "Chirurgie de la paupière"


def with_breaches(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the three breaches that the demonstration shows; requests stay as they are.

    In the file of 2016: a row without refusals, one with more answers than requests. In that of
    2015: a procedure that is in no referential. None breaks an identity of the counts: those that
    do are the published ones, and nobody should wonder which were invented.
    """
    rows = rows.copy()
    plain = rows.index[
        rows["month"].str.startswith("2016")
        & (rows["requests"] >= 3)
        & (rows["pending"] == 0)
        & (rows["refusals"] == 0)
        & (rows["window_start"] == "")
    ]
    blank, answers = (plain[len(plain) * part // 3] for part in range(1, 3))
    rows.loc[blank, "refusals"] = pd.NA
    rows.loc[answers, "answered_within_48h"] = rows.loc[answers, "requests"] + 1
    of_2015 = rows[rows["month"].str.startswith("2015") & (rows["domain"] == AMBULATORY)]
    asked = of_2015.groupby(["finess", "procedure"])["requests"].sum()
    finess, procedure = asked[asked >= 12].index[-1]
    is_renamed = (
        rows["month"].str.startswith("2015")
        & (rows["finess"] == finess)
        & (rows["procedure"] == procedure)
    )
    rows.loc[is_renamed, "procedure"] = UNKNOWN_PROCEDURE
    return rows
