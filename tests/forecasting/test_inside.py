"""The inside view: means over draws with their errors, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.forecasting.inside import InsideView, Mean


@given(st.lists(st.integers(0, 2), min_size=2, max_size=40))
def test_counts_are_draws_that_are_each_sure(ends: list[int]) -> None:
    """A draw counted for one hypothesis is a draw that gives it 1: one mean, one error."""
    rows = np.eye(3)[ends]
    drawn, counted = Mean.of_draws(rows), Mean.of_counts(rows.sum(axis=0))
    n = len(ends)
    assert drawn.p == pytest.approx(counted.p)
    assert drawn.covariance * (n - 1) / n == pytest.approx(counted.covariance, abs=1e-12)


def test_the_error_is_that_of_the_mean() -> None:
    rows = np.array([[0.1, 0.9], [0.3, 0.7], [0.2, 0.8], [0.6, 0.4]])
    found = Mean.of_draws(rows)
    assert found.p == pytest.approx([0.3, 0.7])
    assert found.se == pytest.approx(rows.std(axis=0, ddof=1) / 2)
    assert found.covariance[0, 1] == pytest.approx(-(found.se[0] ** 2))
    assert not Mean.of_draws(rows[:1]).covariance.any()
    assert Mean.exact([0.2, 0.8]).se.tolist() == [0, 0]


def test_more_draws_alike_move_nothing() -> None:
    rows = np.array([[0.0, 0.25, 0.75], [0.0, 0.5, 0.5]])
    few = InsideView.of_draws("abc", rows).shares()
    many = InsideView.of_draws("abc", np.tile(rows, (500, 1))).shares()
    for h in "abc":
        assert many[h].p == pytest.approx(few[h].p, abs=1e-12)
    assert few["a"].p == many["a"].p == 0
    assert few["a"].impossible
    assert many["a"].impossible
    assert many["b"].se < few["b"].se


def test_the_version_with_discrepancy_is_pooled_and_a_sure_zero_stays_in_the_other() -> None:
    view = InsideView.of_draws("ab", [[0.0, 1.0]] * 2, [[0.01, 0.99], [0.03, 0.97]])
    share = view.shares()["a"]
    assert (share.p, share.with_discrepancy, share.impossible) == (0, pytest.approx(0.02), False)
    assert view.pooled.p == pytest.approx([0.02, 0.98])
    assert share.to_dict()["with_discrepancy"] == pytest.approx(0.02)


@pytest.mark.parametrize("rows", [[], [0.5, 0.5], [[0.5, 0.6]], [[-0.1, 1.1]]])
def test_what_is_no_draw_is_refused(rows: list[float]) -> None:
    with pytest.raises(ValueError, match="draw"):
        Mean.of_draws(rows)


@pytest.mark.parametrize("counts", [[], [-1, 3], [[1, 2]], [0, 0]])
def test_bad_counts_are_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        Mean.of_counts(counts)


def test_each_hypothesis_has_its_probability() -> None:
    with pytest.raises(ValueError, match="each hypothesis"):
        InsideView(("a", "b", "c"), Mean.exact([0.5, 0.5]))
