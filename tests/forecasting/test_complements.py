"""What is left over has the whole range of what it is left over by: complements and sums."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

import foedus
from foedus.case.reading import parse_case
from foedus.document import Sentence
from foedus.forecasting.outside import outside_view
from foedus.forecasting.results import OTHER, Forecast

RARE = """
foedus: 1
title: A vote that cannot pass
as_of: 2024-02-29
deadline: 2025-02-28
today: {amend: none}
actors: {gov: {name: Government}, opp: {name: Opposition}}
issues:
  amend: {positions: {none: None, passed: Passed, moved: Moved}, decided_by: gov and opp, pace: laws}
arrangements: {pass: {when: amend = passed}, move: {when: amend = moved}}
hypotheses: [HYPOTHESES]
preferences:
  gov: {worth: {w: {when: amend = passed, value: [5, 10, 20]}, m: {when: amend = moved, value: [-20, 1, 12]}}}
  opp: {worth: {w: {when: amend = passed, value: [-60, -20, 1.0]}, m: {when: amend = moved, value: [-3, 1, 3]}}}
records: {laws: {since: 2010-01-01, until: 2020-01-01, agreed: 10, done: 4}}
"""  # noqa: E501
CLASSES = "reference_classes: {votes: {cases: 20, occurred: 3, about: pass}}\n"
SAYS = "evidence:\n  e: {kind: fact, claim: C, likelihood: {pass: [0.1, 0.3, 0.6], other: 0.5}}\n"


def forecast_of(hypotheses: str, more: str = "") -> Forecast:
    case = parse_case(RARE.replace("HYPOTHESES", hypotheses) + more)
    return foedus.forecast(case, draws=200, seed=1, stability_draws=0, farsighted_draws=5)


def ways_of(found: Forecast) -> list[Mapping[str, float]]:
    """What is reached by the headline and in each variant."""
    headline = {name: estimate.reached.p for name, estimate in found.estimates.items()}
    return [headline, *(way.reached for way in found.variants)]


@pytest.fixture(scope="module", params=["", CLASSES, SAYS, CLASSES + SAYS])
def alone(request: pytest.FixtureRequest) -> Forecast:
    return forecast_of("pass", request.param)


def test_anything_else_is_as_unsure_as_the_one_hypothesis(alone: Forecast) -> None:
    """A complement's range is the complement of the range, by every view and way of playing."""
    passing, rest = alone.answer("pass"), alone.answer(OTHER)
    assert passing.high - passing.low > 0.02
    assert (rest.p, rest.low, rest.high) == pytest.approx(
        (1 - passing.p, 1 - passing.high, 1 - passing.low), abs=1e-9
    )
    own, ways = alone.reached(OTHER), alone.model_range(OTHER)
    theirs, theirs_by_way = alone.reached("pass"), alone.model_range("pass")
    assert (own.low, own.high) == pytest.approx((1 - theirs.high, 1 - theirs.low), abs=1e-12)
    assert (ways.low, ways.high) == pytest.approx((1 - theirs_by_way.high, 1 - theirs_by_way.low))
    assert (ways.lowest, ways.highest) == (theirs_by_way.highest, theirs_by_way.lowest)
    assert alone.views is not None
    for view in alone.views.pooled.views.values():
        assert (view[OTHER].low, view[OTHER].high) == pytest.approx(
            (1 - view["pass"].high, 1 - view["pass"].low), abs=1e-9
        )


def test_it_is_told_so() -> None:
    found = forecast_of("pass")
    share = found.answer(OTHER)
    assert share.low < 0.99  # by computing error alone it would be over 99%
    told = [b.text for b in found.blocks() if isinstance(b, Sentence)]
    (sentence,) = [text for text in told if text.startswith("Anything else")]
    assert f"range {100 * share.low:.0f}–" in sentence


def test_what_several_hypotheses_leave_is_ranged_over_every_way() -> None:
    found = forecast_of("pass, move")
    left = [1 - way["pass"] - way["move"] for way in ways_of(found)]
    ways, whole = found.model_range(OTHER), found.answer(OTHER)
    assert (ways.low, ways.high) == pytest.approx((min(left), max(left)))
    assert whole.low <= min(left)
    assert whole.high >= max(left)
    assert whole.p == pytest.approx(1 - found.reached("pass").p - found.reached("move").p)


def test_the_pooled_range_is_over_the_ways_of_playing_too() -> None:
    """Much counted, so that the views' own spread is less than what the ways of playing do."""
    counted = CLASSES.replace("20", "20000").replace("occurred: 3", "occurred: 3000")
    found = forecast_of("pass", counted)
    assert found.views is not None
    for name in ("pass", OTHER):
        share, (low, high) = found.views.pooled.pooled[name], found.pooled_range(name)
        weights = found.views.pooled.over_weights(name)
        whole = found.answer(name)
        assert low < min(share.low, *weights) or high > max(share.high, *weights)
        assert whole.low <= low <= high <= whole.high


def test_the_outside_view_shares_its_rest_as_each_way_of_playing_does() -> None:
    """With a class about one, the others' pooled range follows how each way shares the rest."""
    found = forecast_of("pass, move", CLASSES)
    order = ("pass", "move", OTHER)
    expected = []
    for way in ways_of(found):
        inside = {h: way[h] for h in order[:2]}
        inside[OTHER] = 1 - sum(inside.values())
        outside = outside_view(found.case.reference_classes, inside).shares
        mass = np.array([(inside[h] * outside[h].p) ** 0.5 for h in order])
        expected.append(mass / mass.sum())
    for k, h in enumerate(order):
        column = [row[k] for row in expected]
        assert found.pooled_range(h) == pytest.approx((min(column), max(column)))
    assert len({round(float(row[1]), 9) for row in expected}) > 1


def test_without_hypotheses_there_is_no_other() -> None:
    found = forecast_of("")
    for asked in (found.reached, found.answer, found.model_range):
        with pytest.raises(KeyError):
            asked(OTHER)
