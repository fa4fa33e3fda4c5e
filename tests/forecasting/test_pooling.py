"""Pooling: what a weighted geometric mean must do, and where its intervals come from."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.forecasting.pooling import (
    View,
    inside_centre,
    inside_draws,
    other_weights,
    pool,
    pooled_view,
)


@st.composite
def opinions(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Some views over some hypotheses, and their weights."""
    views, hypotheses = draw(st.integers(1, 4)), draw(st.integers(2, 5))
    numbers = st.floats(1e-6, 1)
    table = np.array([[draw(numbers) for _ in range(hypotheses)] for _ in range(views)])
    weights = np.array([draw(st.floats(0.01, 1)) for _ in range(views)])
    return table / table.sum(axis=1, keepdims=True), weights / weights.sum()


@given(opinions())
def test_it_sums_to_one(given_: tuple[np.ndarray, np.ndarray]) -> None:
    views, weights = given_
    pooled = pool(views, weights)
    assert pooled.sum() == pytest.approx(1)
    slow = np.prod([v**w for v, w in zip(views, weights, strict=True)], axis=0)
    assert pooled == pytest.approx(slow / slow.sum())


@given(opinions(), st.data())
def test_it_is_externally_bayesian(
    given_: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    """What all views learn may be learnt before pooling or after."""
    views, weights = given_
    learnt = np.array([data.draw(st.floats(0.01, 1)) for _ in range(views.shape[1])])
    before = views * learnt
    before /= before.sum(axis=1, keepdims=True)
    after = pool(views, weights) * learnt
    assert pool(before, weights) == pytest.approx(after / after.sum())


@given(opinions())
def test_views_that_agree_are_kept_and_ratios_stay_between(
    given_: tuple[np.ndarray, np.ndarray],
) -> None:
    views, weights = given_
    same = np.repeat(views[:1], len(views), axis=0)
    assert pool(same, weights) == pytest.approx(views[0])
    pooled = pool(views, weights)
    for a, b in itertools.combinations(range(views.shape[1]), 2):
        ratios = views[:, a] / views[:, b]
        assert ratios.min() * (1 - 1e-9) <= pooled[a] / pooled[b] <= ratios.max() * (1 + 1e-9)


@given(opinions(), st.floats(1.01, 3))
def test_a_view_that_thinks_more_of_one_raises_it(
    given_: tuple[np.ndarray, np.ndarray], factor: float
) -> None:
    views, weights = given_
    raised = views.copy()
    raised[0, 0] *= factor
    raised[0] /= raised[0].sum()
    assert pool(raised, weights)[0] >= pool(views, weights)[0] - 1e-12


def test_by_hand() -> None:
    """Square roots of 0.1 x 0.4 and 0.9 x 0.6: 0.2 and 0.7348."""
    a, b = 0.2, 0.54**0.5
    assert pool([[0.1, 0.9], [0.4, 0.6]], [0.5, 0.5]) == pytest.approx([a / (a + b), b / (a + b)])


def test_zeros_stay_zeros_and_weight_zero_has_no_say() -> None:
    assert pool([[0.0, 1.0], [0.5, 0.5]], [0.5, 0.5]).tolist() == [0, 1]
    assert pool([[0.0, 1.0], [0.3, 0.7]], [0.0, 1.0]) == pytest.approx([0.3, 0.7])
    with pytest.raises(ValueError, match="impossible"):
        pool([[0.0, 1.0], [1.0, 0.0]], [0.5, 0.5])


@pytest.mark.parametrize("weights", [[0.5, 0.6], [1.5, -0.5], [1.0], [float("nan"), 1.0]])
def test_other_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="sum to one"):
        pool([[0.1, 0.9], [0.4, 0.6]], weights)


def test_negative_probabilities_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        pool([[-0.1, 1.1]], [1.0])


# --- the inside view --------------------------------------------------------------------------


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_inside_frequencies(counts: list[int]) -> None:
    centre, n, h = inside_centre(counts), sum(counts), len(counts)
    assert centre == pytest.approx([(k + 0.5) / (n + h / 2) for k in counts])
    assert centre.sum() == pytest.approx(1)
    assert (centre > 0).all()


def test_inside_draws_have_the_centre_as_their_mean_and_the_betas_spread() -> None:
    counts = [3, 40, 57]
    drawn = inside_draws(counts, 100_000, np.random.default_rng(1))
    assert drawn.mean(axis=0) == pytest.approx(inside_centre(counts), abs=0.001)
    a, total = 3.5, 101.5
    variance = a * (total - a) / (total**2 * (total + 1))
    assert drawn[:, 0].var() == pytest.approx(variance, rel=0.03)


@pytest.mark.parametrize("counts", [[], [-1, 3], [[1, 2]]])
def test_bad_counts_are_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        inside_centre(counts)


# --- the pooled view --------------------------------------------------------------------------


def view(**centre: float) -> View:
    """A view without any doubt."""
    return View(centre, np.tile(list(centre.values()), (10, 1)))


def test_the_centre_is_the_pool_of_the_centres_and_doubt_comes_from_the_draws() -> None:
    rng = np.random.default_rng(3)
    drawn = np.column_stack([p := rng.beta(4.5, 13.5, 20_000), 1 - p])
    sure = View({"a": 0.1, "b": 0.9}, np.tile([0.1, 0.9], (20_000, 1)))
    unsure = View({"a": 0.25, "b": 0.75}, drawn)
    pooled = pooled_view({"inside": sure, "outside": unsure})
    a = pooled.pooled["a"]
    assert a.p == pytest.approx(pool([[0.1, 0.9], [0.25, 0.75]], [0.5, 0.5])[0])
    for q, end in ((0.05, a.low), (0.95, a.high)):  # monotone in the one unsure number
        at = np.quantile(p, q)
        assert end == pytest.approx(pool([[0.1, 0.9], [at, 1 - at]], [0.5, 0.5])[0], abs=1e-3)
    assert pooled.views["inside"]["a"].low == pytest.approx(0.1)


def test_weights_are_scaled_over_the_views_given() -> None:
    views = {"inside": view(a=0.2, b=0.8), "evidence": view(a=0.6, b=0.4)}
    pooled = pooled_view(views, {"inside": 2, "outside": 7, "evidence": 2})
    assert dict(pooled.weights) == {"inside": 0.5, "evidence": 0.5}


def test_other_weights_show_how_far_the_choice_matters() -> None:
    views = {"inside": view(a=0.2, b=0.8), "outside": view(a=0.6, b=0.4), "x": view(a=0.6, b=0.4)}
    pooled = pooled_view(views)
    low, high = pooled.over_weights("a")
    assert low < pooled.pooled["a"].p < high
    assert high == pytest.approx(0.6)  # without inside
    assert all(w.sum() == pytest.approx(1) for w in other_weights(list(views)).values())
    assert set(other_weights(["inside"])) == {"equal weights"}
    # Without one of two the other stands alone, and it is shown beside the pool anyhow.
    two = {"equal weights", "inside twice", "outside twice"}
    assert set(other_weights(["inside", "outside"])) == two
    three = other_weights(["inside", "outside", "x"])
    assert set(three) == two | {"x twice"} | {f"without {name}" for name in views}
    assert three["without outside"].tolist() == [0.5, 0.0, 0.5]
    assert three["inside twice"].tolist() == [0.5, 0.25, 0.25]


def test_plain_data_has_each_view_by_name() -> None:
    told = pooled_view({"inside": view(a=0.2, b=0.8)}).to_dict()
    assert set(told["inside"]["a"]) == {"p", "low", "high"}
    assert told["pooled"]["b"]["p"] == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("views", "weights"),
    [
        ({}, None),
        ({"x": view(a=0.5, b=0.5), "y": view(b=0.5, a=0.5)}, None),
        ({"x": view(a=0.5, b=0.5)}, {"x": 0.0}),
        ({"x": view(a=0.5, b=0.5), "y": view(a=0.5, b=0.5)}, {"x": 2.0, "y": -1.0}),
    ],
)
def test_what_cannot_be_pooled_is_refused(
    views: dict[str, View], weights: dict[str, float] | None
) -> None:
    with pytest.raises(ValueError, match="view"):
        pooled_view(views, weights)
