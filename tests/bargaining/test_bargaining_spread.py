"""Distributions over a scale, and the one that fits decisions best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from issues import issue_of, issues
from reference.bargaining import below

from foedus.bargaining.best import best_spread
from foedus.bargaining.fitted import HELD, KEPT, NARROW, RESIDUAL, WIDE
from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.registry import MODELS
from foedus.bargaining.spread import LEVELS, Spread, residual


@given(issues(), st.lists(st.floats(-20, 120), min_size=1, max_size=5))
def test_chances_are_those_of_the_mixture(issue: OrderedIssue, points: list[float]) -> None:
    spread = best_spread(issue)
    m = issue.compromise
    parts = [
        (HELD * w, m + KEPT * (x - m), 100 * NARROW)
        for w, x in zip(issue.weight, issue.position, strict=True)
    ]
    parts.append((1 - HELD, m, 100 * WIDE))
    wanted = [below(parts, t, 0, 100) for t in points]
    assert list(spread.below(points)) == pytest.approx(wanted, abs=1e-12)


@given(issues(), st.floats(0.01, 0.99))
def test_a_quantile_is_the_first_point_not_exceeded_with_its_chance(
    issue: OrderedIssue, level: float
) -> None:
    spread = best_spread(issue)
    (at,) = spread.quantiles([level])
    assert spread.below([at])[0] >= level - 1e-9
    if at > 0:
        assert spread.below([at - 1e-6])[0] <= level + 1e-9


def test_what_lies_beyond_an_end_is_put_there() -> None:
    spread = residual(90, 20, 0, 100)
    low, high = spread.at_ends()
    assert high == pytest.approx(0.30853754, abs=1e-6)  # of a normal over half an sd
    assert low == pytest.approx(below([(1, 90, 20)], 0, 0, 100))
    assert spread.quantiles([0.7, 0.95]).tolist() == [100, 100]
    assert spread.under([100])[0] == pytest.approx(1 - high)
    assert spread.below([100])[0] == 1


def test_the_median_of_a_symmetric_issue_is_its_middle() -> None:
    assert best_spread(issue_of((1, 0, 9), (1, 100, 9))).median == pytest.approx(50, abs=1e-6)


def test_chances_of_the_nearest_of_some_points() -> None:
    spread = residual(50, 10, 0, 100)
    low, middle, high = spread.around([0, 50, 100])
    assert low == pytest.approx(high)
    assert middle == pytest.approx(0.98758067, abs=1e-6)  # within 2.5 sd
    assert spread.around([7]).tolist() == [1]
    assert spread.around([100, 0, 50]) == pytest.approx([high, low, middle])


def test_samples_agree_with_chances() -> None:
    """A mixture drawn at random, cut at its ends, has the chances that are told."""
    issue = issue_of((1, 0, 30), (2, 60, 50), (1, 100, 100))
    spread, drawn = best_spread(issue), np.random.default_rng(5)
    part = drawn.choice(len(spread.share), 200_000, p=spread.share)
    outcomes = np.clip(drawn.normal(spread.centre[part], spread.sd[part]), 0, 100)
    for level, at in zip(LEVELS, spread.quantiles(LEVELS), strict=True):
        if 0 < at < 100:
            assert (outcomes <= at).mean() == pytest.approx(level, abs=0.005)
    assert (outcomes == 0).mean() == pytest.approx(spread.at_ends()[0], abs=0.005)
    assert (outcomes == 100).mean() == pytest.approx(spread.at_ends()[1], abs=0.005)


def test_every_model_has_a_residual() -> None:
    assert RESIDUAL.keys() == MODELS.keys()
    assert all(0.1 < sd < 1 for sd in RESIDUAL.values())


def test_levels_are_in_steps_of_a_twentieth() -> None:
    assert np.allclose(LEVELS, np.arange(1, 20) / 20)
    assert isinstance(residual(1, 1, 0, 2), Spread)
