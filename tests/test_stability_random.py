"""The solver against the brute force of ``reference``: random cases, every verdict."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from reference.game import Spec
from reference.stability import CONCEPTS, equilibria, verdicts
from strategies import CASES, FIRST_SEED, block_name, random_spec, seed_blocks, specs

from foedus.analysis.stability.solve import stability
from foedus.case.reading import parse_case
from foedus.game import Game, game_of


def game_for(spec: Spec) -> Game:
    """The case written as YAML, read again, and made computable."""
    return game_of(parse_case(spec.to_yaml(), file="random.yaml"))


def told_by_reference(spec: Spec) -> dict[str, Any]:
    """States, movers, moves, levels, verdicts and equilibria from the definitions."""
    game = spec.game()
    stable = verdicts(game)
    return {
        "states": dict(game.states),
        "fall": dict(game.fall),
        "today": None if spec.today is None else game.today,
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
    result = stability(game)
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


def compare(spec: Spec, message: str) -> None:
    """Raise AssertionError where the two differ, part by part."""
    expected, found = told_by_reference(spec), told_by_solver(spec)
    for part, value in expected.items():
        assert found[part] == value, f"{part} differ; {message}\n{spec.to_yaml()}"


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_every_verdict_of_random_cases(seeds: range) -> None:
    for seed in seeds:
        compare(random_spec(seed), f"seed {seed}")


TIGHT = {
    "foedus.moves.PAIR_CHUNK": 5,
    "foedus.moves.KEPT_LINKS": 0,
    "foedus.analysis.stability.dominance.COMPARED": 4,
    "foedus.analysis.stability.simultaneous.ROWS": 7,
}
FORMS = {
    "in small pieces": TIGHT,
    "no lattice": TIGHT | {"foedus.moves.LATTICE": 0},
    "no pairs": {"foedus.analysis.stability.improvements.KEPT_PAIRS": 0},
    "nothing kept": TIGHT
    | {
        "foedus.moves.LATTICE": 0,
        "foedus.analysis.stability.improvements.KEPT_PAIRS": 0,
        "foedus.analysis.stability.improvements.KEPT_QUESTIONS": 0,
    },
}
"""Large spaces are worked on in pieces and by other means; here small ones are made to be."""


@pytest.mark.parametrize("form", FORMS)
def test_every_verdict_however_it_is_found(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FORMS[form].items():
        monkeypatch.setattr(name, value)
    for seed in range(FIRST_SEED, FIRST_SEED + max(CASES // 4, 1)):
        compare(random_spec(seed), f"seed {seed}, {form}")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs())
def test_every_verdict_of_shrinking_cases(spec: Spec) -> None:
    compare(spec, "found by Hypothesis")
