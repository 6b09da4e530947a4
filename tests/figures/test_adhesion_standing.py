"""Ranks among a whole level, and who stands out: small numbers and incomplete senders left out."""

from datetime import date

import numpy as np
import pytest

from figures.adhesion_standing import standing_among
from figures.map_measures import COLUMNS, Spread

MONTHS = (date(2016, 12, 1),)
CODES = ("CPAM-43", "CPAM-03", "CPAM-15", "CPAM-07", "CPAM-26", "CPAM-38")


def spread(coverage, codes=CODES, received=None):
    shape = (1, len(codes))
    figures = {name: np.full(shape, np.nan) for name in COLUMNS}
    figures["coverage"] = np.array([coverage], dtype=np.float64)
    nothing = np.zeros(shape, dtype=np.bool_)
    sent = np.ones(shape) if received is None else np.array([received], dtype=np.float64)
    return Spread("caisse", MONTHS, codes, codes, figures, nothing, nothing, ~nothing, sent)


def own_of(coverage):
    return spread([coverage], ("CPAM-43",))


def test_a_territory_has_its_rank_and_the_median_of_all():
    everyone = spread([0.30, 0.10, 0.20, 0.40, 0.50, 0.60])
    found = standing_among(everyone, own_of(0.30))
    rank = found.rank("couverture", MONTHS[0], "CPAM-43")
    assert (rank.place, rank.among) == (4, 6)
    assert found.median("couverture", MONTHS[0]) == pytest.approx(0.35)
    # The gap to a median ranks as the coverage does.
    assert found.rank("ecart", MONTHS[0], "CPAM-43") == rank


def test_equals_share_the_better_rank_as_they_are_written():
    everyone = spread([0.3001, 0.3004, 0.20, 0.40, 0.50, 0.60])
    found = standing_among(everyone, own_of(0.3001))
    assert found.rank("couverture", MONTHS[0], "CPAM-43").place == 4


def test_an_own_small_number_is_ranked_among_those_of_others_that_are_shown():
    everyone = spread([np.nan, 0.10, 0.20, 0.40, 0.50, np.nan])
    rank = standing_among(everyone, own_of(0.30)).rank("couverture", MONTHS[0], "CPAM-43")
    assert (rank.place, rank.among) == (3, 5)


@pytest.mark.parametrize(
    ("everyone", "own"),
    [
        # Fewer than five to compare with: a rank would tell somebody's figure.
        (spread([0.3, 0.1, 0.2, 0.4, np.nan, np.nan]), own_of(0.3)),
        (spread([0.3, 0.1, 0.2, 0.4, 0.5, 0.6]), spread([0.3], ("CPAM-43",), [0])),
        (spread([0.3, 0.1, 0.2, 0.4, 0.5, 0.6]), own_of(np.nan)),
    ],
)
def test_no_rank_among_few_nor_of_incomplete_senders_nor_without_a_value(everyone, own):
    assert standing_among(everyone, own).rank("couverture", MONTHS[0], "CPAM-43") is None


def test_nothing_is_told_of_a_group_that_hides_most_of_its_figures():
    codes = tuple(f"CPAM-{place:02d}" for place in range(20))
    few = standing_among(spread([0.1] * 9 + [np.nan] * 11, codes), spread([0.1], codes[:1]))
    assert few.median("couverture", MONTHS[0]) is None
    assert few.rank("couverture", MONTHS[0], codes[0]) is None
    half = standing_among(spread([0.1] * 10 + [np.nan] * 10, codes), spread([0.1], codes[:1]))
    assert half.median("couverture", MONTHS[0]) == pytest.approx(0.1)
    assert half.rank("couverture", MONTHS[0], codes[0]).among == 10


def test_incomplete_senders_count_in_nobody_s_comparison():
    everyone = spread([0.3, 0.1, 0.2, 0.4, 0.5, 0.6], received=[1, 1, 1, 1, 1, 0])
    found = standing_among(everyone, own_of(0.3))
    rank = found.rank("couverture", MONTHS[0], "CPAM-43")
    assert (rank.place, rank.among) == (3, 5)
    assert found.median("couverture", MONTHS[0]) == pytest.approx(0.3)


def test_peers_by_size_have_a_median_from_five_on():
    everyone = spread([0.3, 0.1, 0.2, 0.4, 0.5, 0.6])
    five = standing_among(everyone, own_of(0.3), CODES[1:])
    assert five.peer_count == 5
    assert five.peer_median("couverture", MONTHS[0]) == pytest.approx(0.4)
    four = standing_among(everyone, own_of(0.3), CODES[2:])
    assert four.peer_median("couverture", MONTHS[0]) is None
    assert four.median("inconnue", MONTHS[0]) is None
