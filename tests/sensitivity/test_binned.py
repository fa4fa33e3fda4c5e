"""The measure of what an answer hangs on tells a driver from noise."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.sensitivity.binned import BINS, binned_change

DRAWS = 10_000


def planted(
    seed: int, base: float, effect: float, idle: int, draws: int = DRAWS
) -> tuple[np.ndarray, np.ndarray]:
    """Draws of one driver and some idle judgements, and a rare answer that hangs on the driver."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(draws, idle + 1))
    chance = np.clip(base + effect * values[:, 0], 0.0, 1.0)
    return values, rng.random(draws) < chance


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
        rng.normal(size=(DRAWS, 50)), rng.random(DRAWS) < 0.02, np.random.default_rng(seed)
    )
    assert not found.telling.any()


def test_the_measure_against_its_closed_form() -> None:
    """The answer is so just where the judgement is in its upper half: every bin is off by half."""
    values = np.random.default_rng(1).permutation(DRAWS)[:, None].astype(float)
    answer = values[:, 0] >= DRAWS / 2
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
        binned_change(np.zeros((5, 1)), np.zeros(5, dtype=bool), np.random.default_rng(1))
    none = binned_change(np.zeros((50, 0)), np.zeros(50, dtype=bool), np.random.default_rng(1))
    assert none.change.shape == (0,)
