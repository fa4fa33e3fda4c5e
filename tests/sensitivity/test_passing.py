"""Changes by which a chance passes another: against closed forms, and by forecasting again."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtri

from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.process.pace import hazard_of
from foedus.sensitivity.passing import Passing, Shift, smallest_shift

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
preferences: {ann: {worth: {wish: {when: thing = done, value: RANGE}}}}
"""

# Ann and Bob must agree; each is against unless its worth is high. It takes a pace, too.
BOTH = """
foedus: 1
title: Both
as_of: 2020-01-01
deadline: 2024-01-01
today: {pact: none}
actors: {ann: {name: Ann}, bob: {name: Bob}, cyd: {name: Cyd}}
issues: {pact: {positions: {none: None, made: Made}, decided_by: {made: ann and bob, none: nobody}, pace: works}}
arrangements: {pact: {name: A pact, when: pact = made}}
preferences:
  ann: {worth: {gain: {when: pact = made, value: ANN}}}
  bob: {worth: {gain: {when: pact = made, value: BOB}}}
  cyd: {worth: {gain: {when: pact = made, value: [-5, 0, 5]}}}
records: {works: {since: 2019-01-01, until: 2020-01-01, agreed: 6, done: 4, willing: yes}}
"""  # noqa: E501


def alone_of(span: str) -> Case:
    return parse_case(ALONE.replace("RANGE", span))


def both_of(ann: str, bob: str) -> Case:
    return parse_case(BOTH.replace("ANN", ann).replace("BOB", bob))


def again(shift: Shift, way: int = 0) -> float:
    """The chance in a forecast of the changed case, with the same draws and seed."""
    made: Forecast = forecast(
        shift.changed_case(way),
        draws=shift.draws,
        seed=shift.seed,
        stability_draws=0,
        farsighted_draws=0,
        varied=False,
    )
    return made.probability(shift.answer).p


def only(shift: Shift) -> Passing:
    (way,) = shift.ways
    return way


@pytest.mark.parametrize("target", [0.5, 0.8])
def test_the_shift_is_that_of_the_closed_form(target: float) -> None:
    shift = smallest_shift(alone_of("[-3, -1, 1]"), "done", target, draws=3_000)
    sigma = 2 / 1.6448536269514722
    exact = (1 + sigma * float(ndtri(target))) / 2  # to a mean of sigma times z, in half-ranges
    assert only(shift).half_ranges == pytest.approx(exact, abs=0.06)
    assert [change.name for change in only(shift).changes] == ["preferences.ann.worth.wish"]


def test_it_can_fall_as_well() -> None:
    shift = smallest_shift(alone_of("[-3, -1, 1]"), "done", 0.05, draws=500)
    assert not shift.rising
    assert only(shift).changes[0].half_ranges < 0
    assert only(shift).chance.p <= 0.05


def test_the_chance_is_that_of_a_forecast_of_the_changed_case() -> None:
    shift = smallest_shift(alone_of("[-3, -1, 1]"), "done", 0.6, draws=400, seed=4)
    assert again(shift) == pytest.approx(only(shift).chance.p, abs=1e-12)
    assert only(shift).chance.p >= 0.6


def test_a_hundredth_of_a_half_range_less_does_not_pass() -> None:
    """The move found is the least: a plain forecast of the case moved less is below the target."""
    shift = smallest_shift(alone_of("[-3, -1, 1]"), "done", 0.6, draws=400)
    (change,) = only(shift).changes
    less = change.after.mode - 0.03
    text = ALONE.replace("RANGE", f"[{less - 2}, {less}, {less + 2}]")
    made: Forecast = forecast(
        parse_case(text), draws=400, stability_draws=0, farsighted_draws=0, varied=False
    )
    assert made.probability("done").p < 0.6


def test_a_pace_is_raised_as_far_as_its_law_says() -> None:
    """Both are sure to agree, so the pace alone decides; it moves with all of its draws."""
    text = BOTH.replace("since: 2019", "since: 2000").replace("ANN", "5").replace("BOB", "5")
    slow = parse_case(text)
    shift = smallest_shift(slow, "pact", 0.5, draws=500)
    hazard = hazard_of(shift.case.records["works"])
    (way,) = (w for w in shift.ways if w.changes[0].name == "records.works")
    years = 1461 / 365.25
    places = (np.arange(4000) + 0.5) / 4000

    def beyond(added: float) -> float:
        return float((1 - np.exp(-(hazard.at(places) + added) * years)).mean()) - 0.5

    added = way.changes[0].after.mode - way.changes[0].before.mode
    assert added == pytest.approx(brentq(beyond, 0, 5), abs=0.02)
    assert "the pace of works" in str(shift.explain())


def test_pairs_within_their_ranges_come_before_single_moves_beyond() -> None:
    """Each alone is held up by the other; together they do it within their ranges."""
    shift = smallest_shift(both_of("[-9, -1, 7]", "[-9, -1, 7]"), "pact", 0.4, draws=300)
    first = shift.ways[0]
    assert first.within
    assert {c.name for c in first.changes} == {
        "preferences.ann.worth.gain",
        "preferences.bob.worth.gain",
    }
    for k, way in enumerate(shift.ways):
        assert way.chance.p >= 0.4
        if not any(c.name.startswith("records") for c in way.changes):
            assert again(shift, k) == pytest.approx(way.chance.p, abs=1e-12)
    assert not any(c.before.owner == "cyd" for way in shift.ways for c in way.changes)


def test_where_no_one_or_two_do_it_the_change_by_which_all_agree_is_tried() -> None:
    three = BOTH.replace("ann and bob", "ann and bob and cyd")
    far, near = (
        parse_case(re.sub(r"ANN|BOB|\[-5, 0, 5\]", span, three))
        for span in ("[-9, -8, -7]", "[-9, -8, 0]")
    )
    assert not smallest_shift(far, "pact", 0.3, draws=50).found
    shift = smallest_shift(near, "pact", 0.3, draws=50)
    assert len(only(shift).changes) == 3
    assert only(shift).changes[0].after.mode > -3
    assert again(shift) == pytest.approx(only(shift).chance.p, abs=1e-12)


def test_where_no_change_does_it_that_is_said() -> None:
    shift = smallest_shift(alone_of("-5"), "done", 0.5, draws=50)
    assert not shift.found
    assert "No change was found" in str(Explanation(shift.blocks()))
    assert shift.to_dict()["ways"] == []


def test_nonsense_is_refused() -> None:
    case = alone_of("[-3, -1, 1]")
    with pytest.raises(ValueError, match="between 0 and 1"):
        smallest_shift(case, "done", 1.0)
    with pytest.raises(KeyError, match="no arrangement"):
        smallest_shift(case, "dun", 0.5)
    with pytest.raises(ValueError, match="at least one"):
        smallest_shift(case, "done", 0.5, draws=0)
