"""Pooling: what a weighted geometric mean must do, and where its intervals come from."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.case.model import ReferenceClass
from foedus.forecasting.inside import Mean
from foedus.forecasting.likelihoods import Likelihoods
from foedus.forecasting.outside import outside_view
from foedus.forecasting.pooling import PoolRule, other_weights, pool, scaled_weights


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


# --- the rule: from an inside view to the pooled answer ---------------------------------------

FLOATS = st.floats(0.01, 1)
ZERO = np.zeros((1, 3))


def simplex(draw: st.DrawFn, size: int = 3) -> np.ndarray:
    values = np.array([draw(FLOATS) for _ in range(size)])
    return values / values.sum()


def rule_of(
    inside: np.ndarray, weight: float, apart: np.ndarray, learnt: np.ndarray, counted: bool = True
) -> PoolRule:
    """Three hypotheses; a class of 4 in 17 on the first, if ``counted``; what evidence says."""
    logs = Likelihoods(*(np.log(x)[None] for x in (apart, learnt, apart, learnt)))
    if not counted:
        return PoolRule(np.array([1.0]), None, logs)
    classes = {"c": ReferenceClass("c", cases=17, occurred=4, about="a")}
    view = outside_view(classes, dict(zip("abc", inside.tolist(), strict=True)))
    return PoolRule(np.array([weight, 1 - weight]), view, logs)


@st.composite
def rules(draw: st.DrawFn) -> tuple[np.ndarray, PoolRule, np.ndarray, np.ndarray, float]:
    """An inside view, its rule, the two sorts of likelihoods, and the inside view's weight."""
    inside, apart, learnt = simplex(draw), simplex(draw), simplex(draw)
    weight = draw(st.floats(0.05, 0.95))
    counted = draw(st.booleans())
    rule = rule_of(inside, weight, apart, learnt, counted)
    return inside, rule, apart, learnt, weight if counted else 1.0


@given(rules())
def test_the_rule_is_the_pool_times_likelihoods(
    given_: tuple[np.ndarray, PoolRule, np.ndarray, np.ndarray, float],
) -> None:
    """Slowly, from the definition: number by number."""
    inside, rule, apart, learnt, weight = given_
    outside = [4.5 / 18]
    outside += [(1 - outside[0]) * p / (inside[1] + inside[2]) for p in inside[1:]]
    prior = [p**weight * q ** (1 - weight) for p, q in zip(inside, outside, strict=True)]
    prior = [p / sum(prior) for p in prior]
    after = [p * a * b ** (1 - weight) for p, a, b in zip(prior, apart, learnt, strict=True)]
    assert rule.prior(inside) == pytest.approx(prior)
    assert rule.pooled(inside) == pytest.approx([p / sum(after) for p in after])
    rows = np.stack([inside, inside[::-1]])
    assert rule.pooled(rows) == pytest.approx(np.stack([rule.pooled(row) for row in rows]))


@given(rules(), st.integers(0, 2), st.floats(1.01, 20), st.booleans())
def test_evidence_for_a_hypothesis_always_raises_it(
    given_: tuple[np.ndarray, PoolRule, np.ndarray, np.ndarray, float],
    h: int,
    factor: float,
    learnt_too: bool,
) -> None:
    """One more item, likelier under h than under anything else, beside any other evidence."""
    inside, rule, apart, learnt, weight = given_
    says = np.ones(3)
    says[h] = factor
    counted = rule.outside is not None
    more = (
        rule_of(inside, weight, apart, learnt * says, counted)
        if learnt_too
        else rule_of(inside, weight, apart * says, learnt, counted)
    )
    before, after = rule.pooled(inside)[h], more.pooled(inside)[h]
    if learnt_too and not counted:
        assert after == pytest.approx(before)  # the inside view alone has learnt it
    else:
        assert after > before


@given(rules())
def test_what_the_inside_view_has_learnt_moves_the_outside_view_alone(
    given_: tuple[np.ndarray, PoolRule, np.ndarray, np.ndarray, float],
) -> None:
    """The same as an outside view that learns it too, pooled with the inside view as it is."""
    inside, rule, apart, learnt, _ = given_
    if rule.outside is None:
        expected = inside * apart
        assert rule.pooled(inside) == pytest.approx(expected / expected.sum())
        return
    outside = rule.outside.shared(inside) * learnt
    expected = pool([inside, outside / outside.sum()], rule.weights) * apart
    assert rule.pooled(inside) == pytest.approx(expected / expected.sum())


def test_no_chance_stays_none_and_contradiction_is_nan() -> None:
    ones = np.ones(3)
    inside = np.array([0.0, 0.4, 0.6])
    rule = rule_of(inside, 0.5, ones, ones)
    assert rule.pooled(inside)[0] == 0
    assert rule.errors(Mean.of_counts([0, 4, 6]))[1][0] == 0
    with np.errstate(divide="ignore"):
        against = rule_of(inside, 0.5, np.array([1.0, 0.0, 0.0]), ones)
    assert np.isnan(against.pooled(inside)).all()
    assert against.pooled(np.array([0.2, 0.4, 0.4])) == pytest.approx([1, 0, 0])


def test_the_error_of_the_pool_is_what_repeating_the_draws_gives() -> None:
    """Against the spread over many sets of draws; one part in ten of what is said."""
    rng = np.random.default_rng(5)
    alpha, n, sets = np.array([0.4, 2.0, 5.0]), 200, 1500
    says = np.array([0.9, 0.3, 0.5])
    true = alpha / alpha.sum()
    rule = rule_of(true, 0.6, says, says[::-1])
    found = [Mean.of_draws(rng.dirichlet(alpha, n)) for _ in range(sets)]
    pooled = np.stack([rule.pooled(mean.p) for mean in found])
    said = np.stack([rule.errors(mean)[1] for mean in found[:100]]).mean(axis=0)
    assert said == pytest.approx(pooled.std(axis=0), rel=0.1)


def test_the_spread_is_that_of_the_base_rates_and_likelihoods() -> None:
    ones = np.ones(3)
    inside = np.array([0.1, 0.4, 0.5])
    rule = rule_of(inside, 0.5, ones, ones)
    u = np.array([[0.05], [0.5], [0.95]])
    assert rule.outside is not None
    prior, pooled = rule.spread(inside, u)
    rates = rule.outside.by_classes["a"].rate.at(u[:, 0])
    expected = [pool([inside, [r, (1 - r) * 4 / 9, (1 - r) * 5 / 9]], [0.5, 0.5]) for r in rates]
    assert pooled == pytest.approx(np.stack(expected))
    assert prior == pytest.approx(pooled)
    ranged = Likelihoods(ZERO, ZERO, np.log(np.array([[1.0, 1, 1], [4, 1, 1], [9, 1, 1]])), ZERO)
    _, moved = PoolRule(np.array([1.0]), None, ranged).spread(inside, np.zeros((1, 0)))
    assert moved[:, 0] == pytest.approx([0.1, 0.4 / 1.3, 0.9 / 1.8])


def test_weights_are_scaled_over_the_views_that_speak() -> None:
    assert scaled_weights(None, ["inside", "outside"]).tolist() == [0.5, 0.5]
    assert scaled_weights({"inside": 1, "outside": 3}, ["inside"]).tolist() == [1.0]
    for bad in ({"inside": 0.0}, {"inside": 2.0, "outside": -1.0}, {"inside": float("inf")}):
        with pytest.raises(ValueError, match="weights"):
            scaled_weights(bad, ["inside", "outside"])


def test_other_weights_double_each_view() -> None:
    assert set(other_weights(["inside"])) == {"equal weights"}
    two = other_weights(["inside", "outside"])
    assert set(two) == {"equal weights", "inside twice", "outside twice"}
    assert two["inside twice"] == pytest.approx([2 / 3, 1 / 3])
