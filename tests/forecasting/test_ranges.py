"""A judgement's distribution hits its three numbers, keeps its bounds, and moves with its group."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.ranges import pert_mean, triangular_ends, triangular_mean, two_piece_cdf

from foedus.case.judgement import FREE, NOT_NEGATIVE, PROBABILITIES, SHARES, Judgement
from foedus.forecasting.ranges import happens, sample, spread_of

EVEN = (np.arange(20_000) + 0.5) / 20_000


@st.composite
def triples(draw: st.DrawFn, least: float = -1e4, most: float = 1e4) -> tuple[float, float, float]:
    """Admissible ranges, strongly skewed ones and modes at an end among them."""
    numbers = st.floats(least, most, allow_subnormal=False)
    low, high = sorted((draw(numbers), draw(numbers)))
    high = min(max(high, low + 1e-3 * (most - least)), most)
    low = min(low, high - 1e-3 * (most - least))
    part = draw(st.one_of(st.sampled_from([0.0, 1.0, 1e-9, 0.5]), st.floats(0, 1)))
    return low, min(max(low + part * (high - low), low), high), high


@given(triples())
def test_both_quantiles_and_the_mode_are_exact(triple: tuple[float, float, float]) -> None:
    low, mode, high = triple
    spread = spread_of(Judgement(low, mode, high))
    width = high - low
    assert spread.at([0.05, 0.95]) == pytest.approx([low, high], abs=1e-9 * width)
    # continuous at the mode: the density of each half, weight over scale, is the same there
    assert spread.below / spread.left == pytest.approx((1 - spread.below) / spread.right, rel=1e-6)
    assert float(spread.below_value(mode)) == pytest.approx(spread.below, abs=1e-9)
    assert 0.05 - 1e-12 <= spread.below <= 0.95 + 1e-12


@given(triples(0, 100), st.sampled_from([FREE, SHARES, NOT_NEGATIVE]))
def test_the_density_peaks_at_the_mode_between_the_two_points(
    triple: tuple[float, float, float], bounds: object
) -> None:
    low, mode, high = triple
    spread = spread_of(Judgement(low, mode, high), bounds)  # type: ignore[arg-type]
    for start, end, way in ((low, mode, 1), (mode, high, -1)):
        if end - start > 1e-6:
            mass = np.diff(spread.below_value(np.linspace(start, end, 12)[1:-1]))
            assert (np.diff(mass) * way >= -1e-9).all()


@pytest.mark.parametrize("triple", [(20, 35, 50), (3, 8, 20), (0, 0, 10), (-5, 90, 91), (1, 2, 2)])
def test_against_the_density_summed_by_steps(triple: tuple[float, float, float]) -> None:
    low, mode, high = triple
    spread = spread_of(Judgement(low, mode, high))
    summed = two_piece_cdf(mode, spread.left, spread.right, np.array([low, mode, high]))
    assert summed == pytest.approx([0.05, spread.below, 0.95], abs=1e-6)
    points = np.linspace(low - (high - low), high + (high - low), 31)
    summed = two_piece_cdf(mode, spread.left, spread.right, points)
    assert spread.below_value(points) == pytest.approx(summed, abs=1e-6)


def test_the_symmetric_range_is_a_normal_distribution() -> None:
    spread = spread_of(Judgement(-1.6448536269514722, 0, 1.6448536269514722))
    assert spread.left == pytest.approx(1) == pytest.approx(spread.right)
    assert spread.at([0.5, 0.975]) == pytest.approx([0, 1.959963984540054])


def test_mode_at_the_low_end_has_a_closed_form() -> None:
    """All below the mode is the tail of 0.05; sigma above is (high - mode) / z(0.05 / 1.9)."""
    spread = spread_of(Judgement(0, 0, 10))
    assert spread.below == pytest.approx(0.05)
    assert spread.right == pytest.approx(10 / 1.937931527)
    assert spread.left == pytest.approx(spread.right * 0.05 / 0.95)


def test_turned_round_it_is_the_mirror() -> None:
    one, other = spread_of(Judgement(1, 2, 9)), spread_of(Judgement(-9, -2, -1))
    u = np.linspace(0.01, 0.99, 33)
    assert one.at(u) == pytest.approx(-other.at(1 - u))


@given(triples(), st.floats(0.001, 0.999))
def test_the_distribution_function_turns_the_quantile_function_back(
    triple: tuple[float, float, float], u: float
) -> None:
    spread = spread_of(Judgement(*triple))
    assert float(spread.below_value(spread.at(u))) == pytest.approx(u, abs=1e-6)


@given(triples(0, 100), st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_no_bound_is_passed_and_no_inner_quantile_moves(
    triple: tuple[float, float, float], uniforms: list[float]
) -> None:
    judgement = Judgement(*triple)
    u = np.sort([*uniforms, 0.0, 1.0, 0.05, 0.95])
    held, free = sample(judgement, u, SHARES), sample(judgement, u)
    assert (held >= 0).all()
    assert (held <= 100).all()
    assert (np.diff(held) >= 0).all()
    inner = (u >= 0.05 + 1e-9) & (u <= 0.95 - 1e-9)
    assert held[inner] == pytest.approx(free[inner])


def test_the_tail_is_drawn_in_without_a_step() -> None:
    spread = spread_of(Judgement(3, 8, 20), SHARES)
    lowest = spread.at([0.0, 1e-6, 1e-3, 0.01, 0.05])
    assert lowest[0] > 0
    assert (np.diff(lowest) > 0).all()
    assert lowest[-1] == pytest.approx(3)
    x = np.array([3 - 1e-5, 3, 3 + 1e-5])  # the density on both sides of the 5 % point
    below, above = np.diff(spread.below_value(x))
    assert below == pytest.approx(above, rel=1e-3)
    u = np.linspace(0.001, 0.999, 99)
    assert spread.below_value(spread.at(u)) == pytest.approx(u)


def test_a_range_that_begins_at_its_bound_has_its_tail_there() -> None:
    """Nothing else has 0 as its 5 % point when no value may be below 0."""
    drawn = sample(Judgement(0, 30, 60), EVEN, SHARES)
    assert (drawn == 0).mean() == pytest.approx(0.05)
    assert np.quantile(drawn, 0.95) == pytest.approx(60, abs=0.01)
    assert float(spread_of(Judgement(0, 30, 60), SHARES).below_value(0)) == pytest.approx(0.05)


def test_what_must_be_positive_stays_so() -> None:
    assert (sample(Judgement(1e-9, 1, 1000), np.array([0.0, 1e-12, 0.5]), NOT_NEGATIVE) > 0).all()


def test_a_word_is_even_over_its_band() -> None:
    word = Judgement(0.55, 0.675, 0.80, word="likely")
    assert sample(word, [0.0, 0.2, 1.0], PROBABILITIES) == pytest.approx([0.55, 0.6, 0.8])
    spread = spread_of(word, PROBABILITIES)
    assert spread.below_value([0.5, 0.6, 0.9]) == pytest.approx([0, 0.2, 1])
    assert spread.mean() == pytest.approx(0.675)


def test_sure_judgements_do_not_vary() -> None:
    assert (sample(Judgement(7, 7, 7), EVEN) == 7).all()
    assert spread_of(Judgement(7, 7, 7)).mean() == 7
    assert spread_of(Judgement(7, 7, 7)).below_value([6.9, 7.0]).tolist() == [0, 1]


@pytest.mark.parametrize("bounds", [FREE, SHARES])
@pytest.mark.parametrize("triple", [(20, 35, 50), (3, 8, 20), (0, 0, 10), (60, 99, 100)])
def test_the_mean_is_the_mean_of_many_draws(
    triple: tuple[float, float, float], bounds: object
) -> None:
    spread = spread_of(Judgement(*triple), bounds)  # type: ignore[arg-type]
    drawn = spread.at(np.random.default_rng(1).random(400_000))
    assert spread.mean() == pytest.approx(drawn.mean(), abs=4 * drawn.std() / math.sqrt(400_000))


def test_one_uniform_moves_a_group_together() -> None:
    u = np.random.default_rng(2).random(500)
    one, other = sample(Judgement(1, 2, 9), u), sample(Judgement(-4, 0, 1), u)
    assert (np.argsort(one) == np.argsort(other)).all()


@pytest.mark.parametrize("held", [Judgement(0.2, 0.3, 0.6), Judgement(0.55, 0.675, 0.8, word="x")])
def test_something_held_happens_with_its_mean_probability(held: Judgement) -> None:
    rng = np.random.default_rng(3)
    so = happens(held, rng.random(200_000), rng.random(200_000))
    expected = spread_of(held, PROBABILITIES).mean()
    assert so.mean() == pytest.approx(expected, abs=4 * math.sqrt(0.25 / 200_000))


@pytest.mark.parametrize(
    ("triple", "bounds"),
    [
        ((2, 1, 3), FREE),
        ((1, 4, 3), FREE),
        ((-1, 4, 30), SHARES),
        ((0, 50, 101), SHARES),
        ((0, math.nan, 1), FREE),
        ((0, 1, math.inf), FREE),
    ],
)
def test_what_is_no_range_is_refused(triple: tuple[float, float, float], bounds: object) -> None:
    with pytest.raises(ValueError, match="range"):
        spread_of(Judgement(*triple), bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("triple", "means"),
    [
        ((20, 35, 50), (35.0, 35.0, 35.0)),
        ((3, 8, 20), (10.6, 10.8, 10.5)),
        ((10, 10, 50), (25.6, 26.4, 24.4)),
        ((20, 25, 60), (36.4, 37.0, 35.8)),
    ],
)
def test_the_means_that_the_page_compares(
    triple: tuple[float, float, float], means: tuple[float, float, float]
) -> None:
    """The table of docs/forecast-maths.md: two-piece normal, triangular, PERT."""
    found = spread_of(Judgement(*triple)).mean(), triangular_mean(*triple), pert_mean(*triple)
    assert found == pytest.approx(means, abs=0.051)
    low, mode, high = triple
    a, b = triangular_ends(*triple)
    assert (low - a) ** 2 / ((b - a) * (mode - a)) == pytest.approx(0.05)
    assert (b - high) ** 2 / ((b - a) * (b - mode)) == pytest.approx(0.05)
