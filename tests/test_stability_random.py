"""The solver against the brute force of ``reference``: random cases, every verdict."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from reference.game import Spec
from reference.stability import CONCEPTS, equilibria, verdicts
from strategies import CASES, FIRST_SEED, block_name, random_spec, seed_blocks, specs

from foedus.case.reading import parse_case
from foedus.equilibria.registry import CONCEPTS as REGISTERED
from foedus.equilibria.solve import stability
from foedus.preferences.games import Game, game_of


def game_for(spec: Spec) -> Game:
    """The case written as YAML, read again, and made computable."""
    return game_of(parse_case(spec.to_yaml(), file="random.yaml"), on=spec.day)


def told_by_reference(spec: Spec) -> dict[str, Any]:
    """States, movers, moves, levels, verdicts and equilibria from the definitions."""
    game = spec.game()
    stable = verdicts(game)
    return {
        "states": dict(game.states),
        "fall": dict(game.fall),
        "today": game.today,
        "movers": ["+".join(mover) for mover in game.movers],
        "opponents": {
            "+".join(m): ["+".join(other) for other in game.opponents(m)] for m in game.movers
        },
        "moves": {
            "+".join(m): {s: sorted(game.moves[m][s]) for s in game.states} for m in game.movers
        },
        "levels": {actor: list(levels.values()) for actor, levels in game.levels.items()},
        "stable": {c: {"+".join(m): s for m, s in by.items()} for c, by in stable.items()},
        "equilibria": equilibria(stable, game),
    }


def told_by_solver(spec: Spec) -> dict[str, Any]:
    """The same, from foedus."""
    game = game_for(spec)
    space = game.space
    result = stability(game, tuple(REGISTERED))
    told = result.to_dict()
    assert told["counts"] == {c: len(found) for c, found in told["equilibria"].items()}
    assert {c: result.equilibria(c) for c in CONCEPTS} == told["equilibria"]
    return {
        "states": {s["id"]: tuple(s["positions"].values()) for s in told["states"]},
        "fall": {k + 1: int(f) + 1 for k, f in enumerate(space.fall)},
        "today": None if space.today is None else space.today + 1,
        "movers": [mover.key for mover in game.movers],
        "opponents": {m.key: [game.movers[k].key for k in game.opponents(m)] for m in game.movers},
        "moves": {
            moves.mover.key: {s + 1: (moves.targets(s) + 1).tolist() for s in range(len(space))}
            for moves in game.moves
        },
        "levels": {actor: view.levels.tolist() for actor, view in game.views.items()},
        "stable": told["stable"],
        "equilibria": told["equilibria"],
    }


def test_every_concept_has_its_brute_force() -> None:
    assert set(REGISTERED) == set(CONCEPTS)


def compare(spec: Spec, message: str) -> None:
    """Raise AssertionError where the two differ, part by part."""
    expected, found = told_by_reference(spec), told_by_solver(spec)
    for part, value in expected.items():
        assert found[part] == value, f"{part} differ; {message}\n{spec.to_yaml()}"


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_every_verdict_of_random_cases(seeds: range) -> None:
    for seed in seeds:
        compare(random_spec(seed), f"seed {seed}")


def test_the_random_cases_have_what_they_should() -> None:
    """Numbers of movers, and features that the comparison is meant to reach, over 200 seeds."""
    seen: Counter[str] = Counter()
    for seed in range(1, 201):
        spec = random_spec(seed)
        game = game_for(spec)
        seen[f"{len(game.movers)} movers"] += 1
        raw = math.prod(len(issue.positions) for issue in spec.issues)
        seen["infeasible states"] += len(game.space) < raw
        seen["expiring positions"] += not game.space.settled.all()
        seen["falls by the state"] += any(issue.instead for issue in spec.issues)
        seen["one-way changes"] += any(not moves.clique for moves in game.moves)
        seen["one-way group"] += any(
            not moves.clique and len(moves.mover.members) > 1 for moves in game.moves
        )
        seen["ties"] += any(
            len(set(v.levels)) < len(game.space) for v in game.views.values() if not v.electorate
        )
        seen["rights by position"] += any(i.decided_by.to for i in game.case.issues.values())
        seen["rights by change"] += any(i.decided_by.changes for i in game.case.issues.values())
        groups = [set(mover.members) for mover in game.movers]
        seen["overlapping groups"] += any(
            a & b and not (a <= b or b <= a) for a, b in itertools.combinations(groups, 2)
        )
        sizes = [len([v for v in game.members(m) if not v.electorate]) for m in game.movers]
        seen["two must gain"] += 2 in sizes
        seen["three must gain"] += 3 in sizes
        seen["an electorate moves along"] += any(
            view.electorate for mover in game.movers for view in game.members(mover)
        )
    assert len(seen) == 4 + 12
    assert min(seen.values()) >= 10, seen


TIGHT = {
    "foedus.game.moves.PAIR_CHUNK": 5,
    "foedus.game.product.PAIR_CHUNK": 5,
    "foedus.game.product.KEPT_LINKS": 0,
    "foedus.equilibria.dominance.COMPARED": 4,
    "foedus.equilibria.improvements.PAIR_CHUNK": 5,
    "foedus.equilibria.joint.ROWS": 7,
    "foedus.equilibria.joint.KEPT_BOUNDS": 1,
}
FORMS = {
    "in small pieces": TIGHT,
    "no lattice": TIGHT | {"foedus.game.product.LATTICE": 0, "foedus.equilibria.joint.DENSE": 0},
    "many values": {"foedus.equilibria.escapes.FEW_VALUES": 0},
    "no pairs": {"foedus.equilibria.improvements.KEPT_PAIRS": 0},
    "nothing kept": TIGHT
    | {
        "foedus.equilibria.escapes.FEW_VALUES": 0,
        "foedus.equilibria.escapes.TRIED": 0,
        "foedus.equilibria.escapes.PASS": 0,
        "foedus.game.product.LATTICE": 0,
        "foedus.equilibria.improvements.KEPT_PAIRS": 0,
        "foedus.equilibria.improvements.KEPT_QUESTIONS": 0,
    },
}
"""Large spaces are worked on in pieces and by other means; here small ones are made to be."""


@pytest.mark.parametrize("form", FORMS)
def test_every_verdict_however_it_is_found(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FORMS[form].items():
        monkeypatch.setattr(name, value)
    for seed in range(FIRST_SEED, FIRST_SEED + max(CASES // 4, 1)):
        compare(random_spec(seed), f"seed {seed}, {form}")


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(specs())
def test_every_verdict_of_shrinking_cases(spec: Spec) -> None:
    compare(spec, "found by Hypothesis")
