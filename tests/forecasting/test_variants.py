"""Ranges over variants: each variant first, then the ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.forecasting.likelihoods import Likelihoods
from foedus.forecasting.pooling import PoolRule
from foedus.forecasting.variants import pooled_answers, pooled_ranges, range_over, sum_range

ZERO = np.zeros((1, 3))
ALONE = PoolRule(np.array([1.0]), None, Likelihoods(ZERO, ZERO, ZERO, ZERO))


@st.composite
def variants(draw: st.DrawFn) -> dict[str, dict[str, float]]:
    found = {}
    for k in range(draw(st.integers(1, 6))):
        values = np.array([draw(st.floats(0, 1)) for _ in range(3)]) + 1e-3
        found[f"v{k}"] = dict(zip("abc", (values / values.sum()).tolist(), strict=True))
    return found


@given(variants())
def test_a_sum_is_taken_in_each_variant(found: dict[str, dict[str, float]]) -> None:
    sums = [each["a"] + each["b"] for each in found.values()]
    both, rest = sum_range(found, "ab"), sum_range(found, "c")
    assert (both.low, both.high) == (min(sums), max(sums))
    assert found[both.lowest]["a"] + found[both.lowest]["b"] == both.low
    # Narrower than what ends put together from different variants would be, or as wide.
    a, b = sum_range(found, "a"), sum_range(found, "b")
    assert a.low + b.low <= both.low + 1e-12
    assert both.high <= a.high + b.high + 1e-12
    # And a complement has the range of its part, turned round.
    assert (rest.low, rest.high) == pytest.approx((1 - both.high, 1 - both.low))
    left = sum_range(found, "ab", left=True)
    assert (left.low, left.high) == pytest.approx((rest.low, rest.high))
    assert (left.lowest, left.highest) == (both.highest, both.lowest)


@given(variants())
def test_pooled_alone_the_ranges_are_those_of_the_inside_view(
    found: dict[str, dict[str, float]],
) -> None:
    for h, ends in pooled_ranges(ALONE, found).items():
        expected = range_over({name: each[h] for name, each in found.items()})
        assert (ends.low, ends.high) == pytest.approx((expected.low, expected.high))


def test_a_variant_that_the_evidence_rules_out_is_passed_over() -> None:
    with np.errstate(divide="ignore"):
        logs = np.log(np.array([[1.0, 1.0, 0.0]]))
    rule = PoolRule(np.array([1.0]), None, Likelihoods(logs, ZERO, logs, ZERO))
    found = {"x": {"a": 0.2, "b": 0.2, "c": 0.6}, "y": {"a": 0.0, "b": 0.0, "c": 1.0}}
    assert set(pooled_answers(rule, found)) == {"x"}
    assert pooled_ranges(rule, found)["a"].low == pytest.approx(0.5)
    with pytest.raises(ValueError, match="no variant"):
        pooled_ranges(rule, {"y": found["y"]})
