"""A case is plain data: other processes can be given it, and nothing of the file's text is left."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from reference.random_process_cases import random_process_case
from reference.random_world_cases import random_world_case

from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.loading import load
from foedus.starters import ids, starter

CASES = sorted((Path(__file__).parents[2] / "cases").glob("*.yaml"))

EVERY_RIGHT = """
foedus: 1
title: Every way to write a right
actors: {a: {}, b: {}, c: {}}
issues:
  x: {positions: {p: p, q: q}, decided_by: a and b}
  y: {positions: {p: p, q: q}, decided_by: {at_least: 2, of: {a: 1, b: 1, c: 1}}}
  z: {positions: {p: p, q: q}, decided_by: {all: [a, b and c, {at_least: 2, of: {a: 1, b: 1}}]}}
  w:
    positions: {p: p, q: q, r: r}
    decided_by:
      p -> q: [{when: x = p, by: {all: [a, c]}}, {by: b}]
      r: nobody
      default: c
preferences:
  a: {worth: {x: {when: x = q, value: 1}}}
  b: {worth: {y: {when: y = q, value: 1}}}
  c: {worth: {z: {when: z = q, value: 1}}}
"""


def cases() -> Iterator[tuple[str, Case]]:
    yield "every right", parse_case(EVERY_RIGHT)
    for path in CASES:
        yield path.name, load(path)
    for kind in ids():
        yield kind, parse_case(starter(kind))
    for seed in range(1, 16):
        yield f"random {seed}", parse_case(random_process_case(seed))
        yield f"random world {seed}", parse_case(random_world_case(seed))


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in cases()])
def test_a_case_is_the_same_in_another_process(case: Case) -> None:
    sent = pickle.dumps(case)
    assert b"Scalar" not in sent
    assert pickle.loads(sent) == case  # noqa: S301, for it was made here
