"""What a forecast will cost: what is counted of the work, and how it grows."""

from __future__ import annotations

import pytest

from foedus.case.reading import parse_case
from foedus.forecasting.cost import Cost, cost_of
from foedus.forecasting.options import LEFT_OUT
from foedus.forecasting.streams import draw_blocks
from foedus.process.model import Process
from foedus.starters import starter

KIND = "sanctions"


def process_of(text: str) -> Process:
    return Process.of(parse_case(text)).under(left_out=LEFT_OUT)


def work(cost: Cost) -> tuple[float, float]:
    return cost.headline(1_000), cost.myopic(1_000)


def test_what_is_counted_is_what_comes_about_in_draws() -> None:
    process = process_of(starter(KIND))
    cost = cost_of(process)
    explored = process.myopic(process.drawn(next(draw_blocks(200, seed=7)))).explored
    assert cost.met == pytest.approx(len(explored.state) / 200, rel=0.25)
    assert cost.ways == pytest.approx(len(explored.ways.node) / 200, rel=0.25)
    assert len(process.seasons.rules) == 2
    each = [rules.changes_from(explored.state) / 200 for rules in process.seasons.rules]
    assert cost.asked == pytest.approx(sum(each), rel=0.25)


def test_events_and_cuts_in_time_cost_something() -> None:
    """Counted at the most likely judgements, without the seasons and the course, little is left."""
    text = starter(KIND)
    begin, end = text.index("events:"), text.index("arrangements:")
    with_events, without = (cost_of(process_of(t)) for t in (text, text[:begin] + text[end:]))
    assert with_events.ways > without.ways
    assert with_events.stretches > without.stretches
    assert all(more > less for more, less in zip(work(with_events), work(without), strict=True))
    assert with_events.headline(1_000) > with_events.myopic(1_000)


def test_draws_cost_in_proportion_once_there_are_many() -> None:
    cost = cost_of(process_of(starter(KIND)))
    assert cost.myopic(10_000) == pytest.approx(10 * cost.myopic(1_000))
    assert cost.myopic(1) < cost.myopic(100) < cost.myopic(1_000)
    assert cost.farsighted(20) > 10 * cost.farsighted(1)


def test_changes_that_electorates_vote_down_cost_farsighted_actors_nothing() -> None:
    voted_down = cost_of(process_of(starter("union")))
    assert 0 < voted_down.open_changes < voted_down.changes
    nobody_votes = cost_of(process_of(starter("sanctions")))
    assert nobody_votes.open_changes == pytest.approx(nobody_votes.changes, rel=0.25)
