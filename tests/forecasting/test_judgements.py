"""No judgement of a case is missed, and each has the bounds of its unit."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import foedus
from foedus.case.model import Judgement
from foedus.case.reading import parse_case
from foedus.forecasting.judgements import judgements_of, reasons_of
from foedus.forecasting.ranges import FREE, NOT_NEGATIVE, PROBABILITIES, SHARES, spread_of

CASES = Path(__file__).parents[2] / "cases"
EVERYTHING = """
foedus: 1
title: Everything that can be judged
actors:
  north: {capability: [1, 2, 3]}
  voters: {kind: electorate, threshold: [40, 50, 60]}
  south: {}
  west: {}
issues:
  bridge: {positions: {absent: None, there: Some}, decided_by: north and voters,
           scale: {absent: 0, there: 9}, takes: {days: [1, 2, 3]}}
  toll: {positions: {free: Free, paid: Paid}, decided_by: south}
arrangements: {built: {when: bridge = there}}
hypotheses: [built]
preferences:
  north: {worth: {a: {when: bridge = there, value: [-1, 2, 3], because: [i]}}}
  voters: {support: [{when: bridge = there, share: [1, 2, 3]}, {default: 50}]}
  south: {priorities: [{when: toll = free, held: likely}, {when: bridge = there, because: [f]}]}
  west: {stances: {bridge: {position: [1, 2, 3], salience: [4, 5, 6]}}}
transfers: {gas: {unit: bn, most: [1, 2, 3], worth: {north: [-2, -1, 0], south: 1}}}
evidence:
  e: {kind: fact, claim: c, likelihood: {built: likely, other: [0.1, 0.2, 0.3]}}
  f: {kind: report, claim: c}
  g: {kind: fact, claim: c}
  i: {kind: inference, claim: c, rests_on: [e]}
"""


def found(thing: Any) -> Iterator[Judgement]:
    """Every judgement anywhere in a value, by walking all of it."""
    if isinstance(thing, Judgement):
        yield thing
    elif isinstance(thing, Mapping):
        for item in thing.values():
            yield from found(item)
    elif isinstance(thing, tuple | list):
        for item in thing:
            yield from found(item)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for field in dataclasses.fields(thing):
            yield from found(getattr(thing, field.name))


def test_none_is_missed_and_none_comes_twice() -> None:
    case = parse_case(EVERYTHING)
    listed = judgements_of(case)
    assert sorted(b.judgement.name for b in listed) == sorted(j.name for j in found(case))
    assert len({b.judgement.name for b in listed}) == len(listed) == 14


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_case_of_the_library_can_be_drawn(path: Path) -> None:
    case = foedus.load(path)
    listed = judgements_of(case)
    assert sorted(b.judgement.name for b in listed) == sorted(j.name for j in found(case))
    for judgement, bounds, _ in listed:
        low, high = spread_of(judgement, bounds).at([0.05, 0.95])
        if judgement.word is None:
            assert (low, high) == pytest.approx((judgement.low, judgement.high))


def test_bounds_and_owners() -> None:
    by_name = {b.judgement.name: b for b in judgements_of(parse_case(EVERYTHING))}

    def of(name: str) -> tuple[object, object]:
        return by_name[name].bounds, by_name[name].actor

    assert of("actors.north.capability") == (NOT_NEGATIVE, "north")
    assert of("actors.voters.threshold") == (SHARES, "voters")
    assert of("preferences.north.worth.a") == (FREE, "north")
    assert of("preferences.voters.support.0") == (SHARES, "voters")
    assert of("preferences.south.priorities.0") == (PROBABILITIES, "south")
    assert of("transfers.gas.worth.north") == (FREE, "north")
    assert of("evidence.e.likelihood.built") == (PROBABILITIES, None)


def test_reasons_are_followed_through_inferences() -> None:
    assert reasons_of(parse_case(EVERYTHING)) == {"e", "f", "i"}
