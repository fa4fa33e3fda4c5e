"""The linear and the logarithmic pool of judgements, against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.case.judgement import Judgement, Role
from foedus.forecasting.mixtures import Mixture, linear_pool, log_odds_pool
from foedus.forecasting.ranges import spread_of

U = (np.arange(20_000) + 0.5) / 20_000


@st.composite
def judged(draw: st.DrawFn, role: Role = Role.SUPPORT) -> Judgement:
    """A judgement of a role in per cent or without bounds; sometimes sure."""
    least, most = (0, 100) if role is Role.SUPPORT else (-60, 60)
    numbers = st.integers(least, most)
    low, mode, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    if draw(st.booleans()):
        low = high = mode
    return Judgement(low, mode, high, ("x",), role=role)


JUDGES = st.lists(judged(), min_size=1, max_size=4) | st.lists(
    judged(Role.WORTH), min_size=1, max_size=4
)


@given(JUDGES, st.sampled_from([0.05, 0.3, 0.5, 0.95]))
def test_a_quantile_of_the_mixture_is_that_of_draws_of_all(
    judges: list[Judgement], u: float
) -> None:
    """The reference: as many draws of each, all thrown together and sorted."""
    spreads = tuple(spread_of(each) for each in judges)
    together = np.sort(np.concatenate([spread.at(U) for spread in spreads]))
    value = Mixture(spreads).at(u)
    # So much lies below and up to the value, but for the steps of the draws.
    below, up_to = ((together < value - 1e-6).mean(), (together <= value + 1e-6).mean())
    assert below - 1e-3 <= u <= up_to + 1e-3


@given(JUDGES)
def test_the_pooled_judgement_lies_within_what_is_judged(judges: list[Judgement]) -> None:
    pooled = linear_pool(judges)
    assert min(j.low for j in judges) <= pooled.low <= pooled.mode <= pooled.high
    assert pooled.high <= max(j.high for j in judges)
    tails = [sum(float(spread_of(j).below_value(x)) for j in judges) / len(judges)
             for x in (math.nextafter(pooled.low, -math.inf), pooled.high)]  # fmt: skip
    assert tails[0] <= 0.05 + 1e-9
    assert tails[1] >= 0.95 - 1e-9


@given(judged(), st.integers(1, 5))
def test_copies_of_one_judge_are_that_judge(judge: Judgement, copies: int) -> None:
    assert linear_pool([judge] * copies) == judge
    assert log_odds_pool([judge] * copies) == pytest.approx((judge.low, judge.mode, judge.high))


@given(JUDGES, st.randoms())
def test_the_order_of_judges_does_not_matter(judges: list[Judgement], random: object) -> None:
    turned = list(judges)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert linear_pool(turned) == linear_pool(judges)
    one, other = log_odds_pool(turned), log_odds_pool(judges)
    assert (one is None) == (other is None)
    assert one is None or one == pytest.approx(other)


def test_a_word_is_even_over_its_range_and_no_word_is_left_of_two() -> None:
    words = [
        Judgement(0.55, 0.675, 0.8, word="likely", role=Role.PRIORITY),
        Judgement(0.2, 0.325, 0.45, word="unlikely", role=Role.PRIORITY),
    ]
    pooled = linear_pool(words)
    # 5 % of the mixture is a tenth of the lower word's even range.
    assert (pooled.low, pooled.mode, pooled.high) == pytest.approx((0.225, 0.5, 0.775))
    assert pooled.word is None
    assert linear_pool([words[0], words[0]]).word == "likely"


def test_odds_are_pooled_by_their_geometric_mean() -> None:
    shares = [Judgement(10, 20, 50, role=Role.SUPPORT), Judgement(60, 80, 90, role=Role.SUPPORT)]
    found = log_odds_pool(shares)
    assert found is not None
    for value, first, second in zip(found, (10, 20, 50), (60, 80, 90), strict=True):
        odds = math.sqrt(first / (100 - first) * second / (100 - second))
        assert value == pytest.approx(100 * odds / (1 + odds))


def test_who_is_certain_has_a_veto_by_odds_and_two_who_are_leave_nothing() -> None:
    none, some, all_ = (Judgement(x, x, x, role=Role.SUPPORT) for x in (0, 40, 100))
    assert log_odds_pool([none, some]) == (0, 0, 0)
    assert log_odds_pool([none, all_]) is None
    assert log_odds_pool([Judgement(1, 2, 3, role=Role.WORTH)]) is None


def test_nobody_has_no_pool() -> None:
    with pytest.raises(ValueError, match="nobody"):
        linear_pool([])
