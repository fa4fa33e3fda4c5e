"""The computing error of a probability, and how many of its digits are shown."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.forecasting.estimates import Z, from_draws, percent, percents, step_for

COUNTS = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_wilson_turns_the_score_test_round(counts: tuple[int, int]) -> None:
    """Each end is the probability from which the count lies just Z standard errors away."""
    hits, n = counts
    found = from_draws(hits, n)
    assert 0 <= found.low <= found.p <= found.high <= 1
    for end in (found.low, found.high):
        if 0 < end < 1:
            assert abs(found.p - end) == pytest.approx(Z * math.sqrt(end * (1 - end) / n), rel=1e-6)
    assert found.se == pytest.approx(math.sqrt(found.p * (1 - found.p) / n))


def test_wilson_covers_nine_in_ten() -> None:
    """Exactly, by the binomial distribution, on average over probabilities."""
    n, covered = 200, []
    ranges = [from_draws(k, n) for k in range(n + 1)]
    for j in range(5, 100, 5):
        p = j / 100
        mass = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
        inside = (m for m, r in zip(mass, ranges, strict=True) if r.low <= p <= r.high)
        covered.append(sum(inside))
    assert sum(covered) / len(covered) == pytest.approx(0.9, abs=0.01)


def test_nothing_and_everything_keep_a_width() -> None:
    none, all_ = from_draws(0, 1000), from_draws(1000, 1000)
    assert (none.low, all_.high) == (0.0, 1.0)
    assert none.high == pytest.approx(Z**2 / (1000 + Z**2)) == pytest.approx(1 - all_.low)


def test_the_word_is_that_of_the_list_asked_for() -> None:
    assert from_draws(15, 100).to_dict()["word"] == "very unlikely"
    assert from_draws(15, 100, "phia").word == "highly unlikely"
    assert set(from_draws(15, 100).to_dict()) == {"p", "se", "low", "high", "word"}


@pytest.mark.parametrize(("hits", "draws"), [(0, 0), (3, 2), (-1, 5)])
def test_impossible_counts_are_refused(hits: int, draws: int) -> None:
    with pytest.raises(ValueError, match="draws"):
        from_draws(hits, draws)


@st.composite
def ranged(draw: st.DrawFn) -> tuple[float, float, float]:
    low, p, high = sorted(draw(st.floats(0, 1)) ** draw(st.integers(1, 6)) for _ in range(3))
    return p, low, high


@given(ranged())
def test_no_more_digits_than_the_range_allows(given_: tuple[float, float, float]) -> None:
    p, low, high = given_
    shown = percent(p, low, high)
    step = step_for(p, low, high)
    if re.match(r"[\d.]", shown):
        value = float(shown.removesuffix("%")) / 100
        assert abs(value - p) <= step / 2 + 1e-9
        assert value / step == pytest.approx(round(value / step), abs=1e-6)
        assert value > 0
    else:
        assert step <= 0.00001 or p in (0.0, 1.0) or min(p, 1 - p) < 0.00001
    assert step <= max(high - low, 0.00001) + 1e-12
    assert shown not in ("0%", "100%")


@given(ranged())
def test_a_shown_range_leaves_nothing_out(given_: tuple[float, float, float]) -> None:
    _, low, high = given_
    ends = [float(x) / 100 for x in percents(low, high).removesuffix("%").split("–")]
    assert ends[0] <= low + 1e-8
    assert ends[-1] >= high - 1e-8
    assert ends[-1] - ends[0] <= 3 * (high - low) + 2e-5 + 1e-8


@pytest.mark.parametrize(
    ("p", "low", "high", "shown"),
    [
        (0.3247, 0.32, 0.33, "32%"),
        (0.3247, 0.324, 0.3255, "32.5%"),
        (0.25, 0.1, 0.43, "25%"),
        (0.97, 0.6, 0.99, "97%"),
        (0.0, 0.0, 0.004, "under 0.4%"),
        (1.0, 0.9971, 1.0, "over 99.7%"),
    ],
)
def test_by_hand(p: float, low: float, high: float, shown: str) -> None:
    assert percent(p, low, high) == shown


def test_what_is_no_probability_is_refused() -> None:
    for p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="no probability"):
            percent(p)
