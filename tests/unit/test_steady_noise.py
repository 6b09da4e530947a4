"""What chance does where nothing changes: no drift, and no target attained too often."""

import numpy as np
import pytest

from indicators.inequality import gini, gini_change_noise
from indicators.steady_noise import Turnover, noise_of, played, steady_level, steady_noise

HEADS = np.array([900, 420, 310, 150, 95, 60, 240, 500, 33, 80, 120, 210, 75])
PEOPLE = np.array([9e5, 5e5, 3e5, 2e5, 1e5, 8e4, 2.2e5, 6e5, 5e4, 9e4, 1.5e5, 2e5, 1e5])


def test_there_is_no_drift_and_each_change_is_as_likely_as_its_opposite():
    noise = steady_noise(HEADS, PEOPLE, 0.06, seed=1)
    assert noise.drift == 0
    assert noise.changes.mean() == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(np.sort(noise.changes), -np.sort(noise.changes)[::-1], atol=1e-15)
    # The random walk around the observed counts rises by itself.
    assert gini_change_noise(HEADS, PEOPLE, 0.06, seed=1).drift > 0


def test_the_noise_is_that_of_worlds_played_one_by_one():
    level = steady_level(HEADS.astype(float), PEOPLE)
    random = np.random.default_rng(3)
    changes = []
    for _ in range(3000):
        before = random.poisson(level)
        stay = np.array([(random.random(size) >= 0.1).sum() for size in before])
        after = stay + random.poisson(0.1 * level)
        changes.append(gini(after, PEOPLE) - gini(before, PEOPLE))
    noise = steady_noise(HEADS, PEOPLE, 0.1, seed=2, draws=4000)
    assert noise.spread == pytest.approx(np.std(changes), rel=0.06)


def test_noise_grows_with_turnover_and_years_and_is_that_of_its_seed():
    calm, busy = (steady_noise(HEADS, PEOPLE, share, seed=2) for share in (0.02, 0.2))
    three = steady_noise(HEADS, PEOPLE, 0.02, seed=2, years=3)
    assert calm.spread < three.spread < busy.spread
    again = steady_noise(HEADS, PEOPLE, 0.02, seed=2)
    np.testing.assert_array_equal(calm.changes, again.changes)


def test_an_uncertain_turnover_makes_the_noise_wider():
    sure = steady_noise(HEADS, PEOPLE, 0.06, seed=1)
    guessed = steady_noise(HEADS, PEOPLE, Turnover(0.06, 4), seed=1)
    assert guessed.spread > sure.spread


def test_a_level_is_drawn_to_the_common_density_the_more_the_smaller_the_count():
    people = np.array([1e4, 1e4, 1e6, 1e6])
    heads = np.array([0.0, 4.0, 150.0, 250.0])
    found = steady_level(heads, people)
    common = people * heads.sum() / people.sum()
    pulled = (found - heads) / (common - heads)
    assert ((pulled > 0) & (pulled <= 1)).all()
    assert pulled[:2].min() > pulled[2:].max()
    # Counts no more unlike than chance makes them are all at the common density.
    np.testing.assert_allclose(steady_level(np.array([10.0, 10.0]), np.array([5.0, 5.0])), 10)


def test_a_world_with_more_professionals_moves_less():
    level = steady_level(HEADS.astype(float), PEOPLE)
    rows = played(level, PEOPLE, [Turnover(0.06)], [np.arange(13)], 0, worlds=2000, length=2)
    noise = noise_of(rows[0], 0.06, level.sum(), (1,))
    fourfold = played(
        4 * level, PEOPLE, [Turnover(0.06)], [np.arange(13)], 0, worlds=2000, length=2
    )
    expected = noise_of(fourfold[0], 0.06, 4 * level.sum(), (1,)).over(1)
    assert noise.over(1, 4 * level.sum()).spread == pytest.approx(expected.spread, rel=0.08)


def test_areas_are_read_in_the_same_worlds():
    level, people = HEADS.astype(float), PEOPLE
    areas = [np.arange(13), np.arange(5), np.arange(5, 13)]
    group = np.repeat([0, 1], [5, 8])
    turnovers = [Turnover(0.02), Turnover(0.2)]
    found = played(level, people, turnovers, areas, 0, group=group, worlds=300, length=4)
    assert found.shape == (3, 300, 4)
    calm, busy = (np.diff(found[at], axis=1).std() / found[at].mean() for at in (1, 2))
    assert calm < busy


@pytest.mark.parametrize(
    ("turnover", "given", "sentence"),
    [
        (0, {}, "turnover must lie between 0 and 1"),
        ("0.05", {}, "turnover must lie between 0 and 1"),
        (0.05, {"years": 0}, "years must be at least 1"),
        (0.05, {"years": 1.5}, "years must be a whole number"),
        (0.05, {"draws": 99}, "draws must be at least 100"),
        (0.05, {"seed": "a"}, "seed must be a whole number"),
    ],
)
def test_what_cannot_be_played_is_refused(turnover, given, sentence):
    with pytest.raises(ValueError, match=sentence):
        steady_noise(HEADS, PEOPLE, turnover, **given)
    with pytest.raises(ValueError, match="chance alone takes every professional away"):
        steady_noise([1, 0], [1, 1], 0.9)
