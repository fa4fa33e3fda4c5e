"""Shifts by which a probability passes another: against a closed form, and by forecasting again."""

from __future__ import annotations

import pytest
from scipy.special import ndtri

from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.forecasting.solve import forecast
from foedus.loading import load
from foedus.sensitivity.passing import smallest_shift

# Ann alone decides, and wants it when the sum is above 0: normal, 5 % and 95 % points -3 and 1.
ALONE = """
foedus: 1
title: Alone
as_of: 2020-01-01
deadline: 2021-01-01
today: {thing: none}
actors: {ann: {name: Ann}}
issues: {thing: {positions: {none: None, done: Done}, decided_by: {done: ann, none: nobody}}}
arrangements: {done: {name: It is done, when: thing = done}}
preferences: {ann: {worth: {wish: {when: thing = done, value: [-3, -1, 1]}}}}
"""


@pytest.fixture(scope="module")
def alone() -> Case:
    return parse_case(ALONE)


@pytest.mark.parametrize("target", [0.5, 0.8])
def test_the_shift_is_that_of_the_closed_form(alone: Case, target: float) -> None:
    shift = smallest_shift(alone, "done", target, draws=4_000)
    sigma = 2 / 1.6448536269514722
    exact = (1 + sigma * float(ndtri(target))) / 2  # to a mean of sigma times z, in half-ranges
    assert shift.half_ranges == pytest.approx(exact, abs=0.06)
    assert shift.chosen_by == "drivers"
    assert shift.steady
    assert [change.name for change in shift.changes] == ["preferences.ann.worth.wish"]


def test_it_can_fall_as_well(alone: Case) -> None:
    shift = smallest_shift(alone, "done", 0.05, draws=2_000)
    assert shift.found
    assert not shift.rising
    assert shift.changes[0].half_ranges < 0


def test_the_probability_is_that_of_a_forecast_of_the_changed_case(alone: Case) -> None:
    shift = smallest_shift(alone, "done", 0.6, draws=1_500, seed=4)
    again = forecast(shift.changed_case(), draws=1_500, seed=4, stability_draws=0, range_draws=1)
    assert shift.probability is not None
    assert again.probability("done").p == shift.probability.p >= 0.6


def test_a_direction_can_be_given(alone: Case) -> None:
    shift = smallest_shift(alone, "done", 0.5, direction={"preferences.ann.worth.wish": 7})
    assert shift.chosen_by == "given"
    assert shift.half_ranges == pytest.approx(0.5, abs=0.1)
    with pytest.raises(KeyError, match="no judgement"):
        smallest_shift(alone, "done", 0.5, direction={"preferences.ann.worth.wash": 1})


def test_where_no_shift_does_it_that_is_said(alone: Case) -> None:
    wrong = smallest_shift(alone, "done", 0.9, direction={"preferences.ann.worth.wish": -1})
    assert not wrong.found
    assert wrong.changes == ()
    assert "No common shift" in wrong.reason
    assert wrong.to_dict()["half_ranges"] is None


def test_the_flagship_amendment_needs_little() -> None:
    shift = smallest_shift(load("cases/belarus-2024.yaml"), "terms-amended", 0.5, draws=500)
    assert shift.found
    assert shift.half_ranges is not None
    assert shift.half_ranges < 0.5
    assert all(change.within for change in shift.changes)


def test_nonsense_is_refused(alone: Case) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        smallest_shift(alone, "done", 1.0)
    with pytest.raises(KeyError, match="no arrangement"):
        smallest_shift(alone, "dun", 0.5)
