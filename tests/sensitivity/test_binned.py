"""The measure of what an answer hangs on tells a driver from noise."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.forecasting.ranges import Floats
from foedus.sensitivity.binned import BINS, binned_change, rank_correlation

DRAWS = 10_000


def planted(
    seed: int, base: float, effect: float, idle: int, draws: int = DRAWS
) -> tuple[Floats, Floats]:
    """Draws of one driver and some idle judgements, and a rare answer that hangs on the driver."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(draws, idle + 1))
    chance = np.clip(base + effect * values[:, 0], 0.0, 1.0)
    return values, (rng.random(draws) < chance).astype(float)


@pytest.mark.parametrize("seed", range(4))
def test_one_driver_at_a_base_rate_of_two_per_cent_among_fifty_idle(seed: int) -> None:
    values, answer = planted(seed, 0.02, 0.012, idle=50)
    assert 0.01 < answer.mean() < 0.03
    found = binned_change(values, answer, np.random.default_rng(seed))
    assert found.telling.tolist() == [True] + [False] * 50
    assert found.low[0] > 0
    assert found.change[0] == found.change.max()


@pytest.mark.parametrize("seed", range(4))
def test_silent_where_nothing_drives(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    found = binned_change(
        rng.normal(size=(DRAWS, 50)),
        (rng.random(DRAWS) < 0.02).astype(float),
        np.random.default_rng(seed),
    )
    assert not found.telling.any()


def test_the_measure_against_its_closed_form() -> None:
    """The answer is so just where the judgement is in its upper half: every bin is off by half."""
    values = np.random.default_rng(1).permutation(DRAWS)[:, None].astype(float)
    answer = (values[:, 0] >= DRAWS / 2).astype(float)
    found = binned_change(values, answer, np.random.default_rng(1))
    # By chance alone a bin of m draws is off by sqrt(p (1 - p) / m) times sqrt(2 / pi).
    chance = 0.5 / np.sqrt(DRAWS / BINS) * np.sqrt(2 / np.pi)
    assert found.change[0] == pytest.approx(0.5 - chance, abs=0.002)
    assert found.shares[0].tolist() == [0.0] * 5 + [1.0] * 5


def test_bins_hold_equally_many_draws_and_add_up() -> None:
    values, answer = planted(3, 0.3, 0.1, idle=3)
    found = binned_change(values, answer, np.random.default_rng(3))
    assert np.allclose(found.shares.mean(axis=1), answer.mean())


def test_the_interval_covers_what_repeated_sampling_gives() -> None:
    """The measure of other samples lies in the interval about as often as it should."""
    centre = np.mean(
        [
            binned_change(*planted(seed, 0.2, 0.05, 0, 2000), np.random.default_rng(0)).change[0]
            for seed in range(40, 60)
        ]
    )
    inside = 0
    for seed in range(20):
        found = binned_change(*planted(seed, 0.2, 0.05, 0, 2000), np.random.default_rng(seed))
        inside += bool(found.low[0] <= centre <= found.high[0])
    assert 14 <= inside <= 20


def test_a_constant_judgement_is_never_telling() -> None:
    values, answer = planted(5, 0.3, 0.1, idle=1)
    values[:, 1] = 7.0
    found = binned_change(values, answer, np.random.default_rng(5))
    assert (found.change[1], found.low[1], found.high[1], found.telling[1]) == (0, 0, 0, False)


def test_the_same_generator_gives_the_same_measure() -> None:
    values, answer = planted(6, 0.1, 0.05, idle=4)
    one, two = (binned_change(values, answer, np.random.default_rng(9)) for _ in range(2))
    assert (one.change == two.change).all()
    assert (one.low == two.low).all()


def test_too_few_draws_are_refused_and_no_judgements_are_none() -> None:
    with pytest.raises(ValueError, match="too few"):
        binned_change(np.zeros((5, 1)), np.zeros(5), np.random.default_rng(1))
    none = binned_change(np.zeros((50, 0)), np.zeros(50), np.random.default_rng(1))
    assert none.change.shape == (0,)


def rare(seed: int, draws: int = 1_000, idle: int = 50) -> tuple[Floats, Floats]:
    """A smooth answer of mean about 1e-4 that hangs on one judgement, and most on what has no name.

    A few draws make most of its mean, so that its means by bin are noise.
    """
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(draws, idle + 1))
    return values, np.exp(-13 + 0.8 * values[:, 0] + 2.5 * rng.normal(size=draws))


def test_ranks_find_what_drives_a_rare_answer_where_bins_mostly_do_not() -> None:
    by_bins = 0
    for seed in range(6):
        values, answer = rare(seed)
        assert answer.mean() < 5e-4
        found, telling = rank_correlation(values, answer, np.random.default_rng(seed))
        assert telling.tolist() == [True] + [False] * 50
        assert found[0] > 0.2
        by_bins += binned_change(values, answer, np.random.default_rng(seed)).telling[0]
    assert by_bins <= 3


@pytest.mark.parametrize("seed", range(4))
def test_ranks_are_silent_where_nothing_drives_and_where_the_answer_is_constant(seed: int) -> None:
    rng = np.random.default_rng(200 + seed)
    values = rng.normal(size=(500, 40))
    assert not rank_correlation(values, np.exp(3 * rng.normal(size=500)), rng)[1].any()
    found, telling = rank_correlation(values, np.full(500, 0.3), rng)
    assert not telling.any()
    assert (found == 0).all()


def test_rank_correlation_is_spearmans() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 5, size=(40, 3)).astype(float)
    answer = rng.integers(0, 4, size=40).astype(float)
    found, _ = rank_correlation(values, answer, rng)
    for k in range(3):
        assert found[k] == pytest.approx(_spearman(values[:, k], answer))


def _spearman(one: np.ndarray, other: np.ndarray) -> float:
    """By hand: the mean place among all, ties shared, and their correlation."""

    def ranks(numbers: np.ndarray) -> list[float]:
        return [
            sum(1.0 for y in numbers if y < x) + (sum(1 for y in numbers if y == x) + 1) / 2
            for x in numbers
        ]

    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])
