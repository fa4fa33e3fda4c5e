"""No judgement of a case is missed, and each has the bounds of its unit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import foedus
from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of, reasons_of
from foedus.case.reading import parse_case
from foedus.forecasting.ranges import spread_of

INF = math.inf
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
  south:
    priorities: [{when: toll = free, probability: likely}, {when: bridge = there, because: [f]}]
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
    assert sorted(j.name for j in listed) == sorted(j.name for j in found(case))
    assert len({j.name for j in listed}) == len(listed) == 14


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_case_of_the_library_can_be_drawn(path: Path) -> None:
    case = foedus.load(path)
    listed = judgements_of(case)
    assert sorted(j.name for j in listed) == sorted(j.name for j in found(case))
    for judgement in listed:
        assert judgement.role is not Role.NUMBER
        low, high = spread_of(judgement).at([0.05, 0.95])
        if judgement.word is None:
            assert (low, high) == pytest.approx((judgement.low, judgement.high))


WHAT = {
    "actors.north.capability": (Role.CAPABILITY, "north", "weight", (0, INF), False),
    "actors.voters.threshold": (Role.THRESHOLD, "voters", "per cent", (0, 100), False),
    "preferences.north.worth.a": (Role.WORTH, "north", "points", (-INF, INF), False),
    "preferences.voters.support.0": (Role.SUPPORT, "voters", "per cent", (0, 100), False),
    "preferences.voters.support.1": (Role.SUPPORT, "voters", "per cent", (0, 100), False),
    "preferences.south.priorities.0": (Role.PRIORITY, "south", "probability", (0, 1), True),
    "preferences.west.stances.bridge.position": (
        *(Role.STANCE_POSITION, "west", "place on the scale", (-INF, INF), False),
    ),
    "preferences.west.stances.bridge.salience": (
        *(Role.STANCE_SALIENCE, "west", "weight", (0, INF), False),
    ),
    "issues.bridge.takes.days": (Role.TAKES, None, "days", (0, INF), False),
    "transfers.gas.most": (Role.TRANSFER_MOST, None, "units paid", (0, INF), False),
    "transfers.gas.worth.north": (
        *(Role.TRANSFER_WORTH, "north", "points a unit paid", (-INF, INF), False),
    ),
    "transfers.gas.worth.south": (
        *(Role.TRANSFER_WORTH, "south", "points a unit paid", (-INF, INF), False),
    ),
    "evidence.e.likelihood.built": (Role.LIKELIHOOD, None, "probability", (0, 1), True),
    "evidence.e.likelihood.other": (Role.LIKELIHOOD, None, "probability", (0, 1), True),
}


def test_each_knows_its_role_its_owner_and_its_unit() -> None:
    listed = judgements_of(parse_case(EVERYTHING))
    assert {j.name: (j.role, j.owner, j.unit, j.bounds, j.words) for j in listed} == WHAT


def test_what_the_process_uses() -> None:
    played = {j.name for j in judgements_of(parse_case(EVERYTHING)) if j.played}
    used = (Role.THRESHOLD, Role.WORTH, Role.SUPPORT, Role.PRIORITY, Role.TAKES)
    assert played == {name for name, (role, *_) in WHAT.items() if role in used}


def test_a_threshold_nobody_wrote_knows_what_it_is() -> None:
    case = parse_case(EVERYTHING.replace(", threshold: [40, 50, 60]", ""))
    threshold = case.actors["voters"].threshold
    assert threshold is not None
    assert (threshold.mode, threshold.role, threshold.owner) == (50, Role.THRESHOLD, "voters")


def test_reasons_are_followed_through_inferences() -> None:
    assert reasons_of(parse_case(EVERYTHING)) == {"e", "f", "i"}
