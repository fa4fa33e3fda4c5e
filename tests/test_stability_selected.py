"""Asking for the stability of a few states gives what solving the whole space gives."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import block_name, random_spec, seed_blocks

from foedus.case.reading import parse_case
from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.registry import CONCEPTS
from foedus.equilibria.solve import stability, undeterred_at
from foedus.preferences.games import game_of


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_chosen_states_as_in_the_whole_space(seeds: range) -> None:
    for seed in seeds:
        game = game_of(parse_case(random_spec(seed).to_yaml()))
        settled = np.flatnonzero(game.space.settled)
        chosen = np.random.default_rng(seed).permutation(settled)[:5]
        problem, whole = StabilityProblem.of(game), stability(game, tuple(CONCEPTS))
        for concept in CONCEPTS:
            by_mover = undeterred_at(problem, chosen, concept)
            found = [not any(map(len, each)) for each in zip(*by_mover, strict=True)]
            assert found == whole.holds(concept)[chosen].tolist(), (seed, concept)


def test_what_no_answer_makes_better_for_all_of_a_group_deters_it() -> None:
    """c answers h = one with c = yes; each of a and b has a way out, but not the same."""
    game = game_of(
        parse_case("""
foedus: 1
title: No common way out
actors: {a: {}, b: {}, c: {}}
issues:
  h: {positions: {none: none, one: one, left: left, right: right}, decided_by: a and b}
  c: {positions: {calm: calm, cross: cross}, decided_by: c}
preferences:
  a: {worth: {x: {when: h = one and c = calm, value: 9},
    y: {when: h = left and c = cross, value: 9}}}
  b: {worth: {x: {when: h = one and c = calm, value: 9},
    y: {when: h = right and c = cross, value: 9}}}
  c: {worth: {x: {when: h = left, value: 0}}}
""")
    )
    states = range(len(game.space))
    calm = {"h": "none", "c": "calm"}
    here = np.array([s for s in states if dict(game.space.positions(s)) == calm])
    by_mover = undeterred_at(StabilityProblem.of(game), here, "smr")
    assert not any(len(targets) for (targets,) in by_mover)
    assert stability(game, ["smr"]).holds("smr")[here].tolist() == [True]


def test_an_unknown_concept_is_refused() -> None:
    game = game_of(parse_case(random_spec(1).to_yaml()))
    wanting = np.flatnonzero(~stability(game, ["nash"]).holds("nash"))
    with pytest.raises(KeyError, match="other"):
        undeterred_at(StabilityProblem.of(game), wanting, "other")
