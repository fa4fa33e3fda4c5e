"""The computing error of a probability, and how many of its digits are shown."""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.forecasting.estimates import (
    Z,
    from_mean,
    over_draws,
    paired_error,
    percent,
    percents,
    step_for,
)

ANSWERS = st.lists(st.floats(0, 1), min_size=2, max_size=30).map(np.array)


@given(ANSWERS)
def test_a_mean_over_draws_has_its_standard_error(answers: npt.NDArray[np.float64]) -> None:
    found = over_draws(answers)
    n, mean = len(answers), math.fsum(answers) / len(answers)
    spread = math.fsum((x - mean) ** 2 for x in answers) / (n - 1)
    assert found.p == pytest.approx(mean)
    assert found.se == pytest.approx(math.sqrt(spread / n), abs=1e-9)
    assert found.low == pytest.approx(max(0.0, mean - Z * found.se), abs=1e-12)
    assert found.high == pytest.approx(min(1.0, mean + Z * found.se), abs=1e-12)


def test_the_interval_covers_nine_in_ten() -> None:
    random = np.random.default_rng(5)
    covered = [
        found.low <= 0.25 <= found.high
        for _ in range(2_000)
        for found in [over_draws(random.beta(1, 3, 100))]
    ]
    assert np.mean(covered) == pytest.approx(0.9, abs=0.03)


@given(ANSWERS, st.integers(0, 2**32))
def test_a_paired_error_is_that_of_the_differences(
    before: npt.NDArray[np.float64], seed: int
) -> None:
    after = np.random.default_rng(seed).permutation(before)
    n, steps = len(before), (after - before).tolist()
    spread = math.fsum((x - math.fsum(steps) / n) ** 2 for x in steps) / (n - 1)
    assert paired_error(before, after) == pytest.approx(math.sqrt(spread / n), abs=1e-9)
    assert paired_error(before, before + 0.1) == pytest.approx(0, abs=1e-9)
    assert math.isnan(paired_error(before[:1], after[:1]))


def test_the_word_is_that_of_the_list_asked_for() -> None:
    assert from_mean(0.15, 0.01).to_dict()["word"] == "very unlikely"
    assert from_mean(0.15, 0.01, "phia").word == "highly unlikely"
    assert set(from_mean(0.15, 0.01).to_dict()) == {"p", "se", "low", "high", "word"}


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
