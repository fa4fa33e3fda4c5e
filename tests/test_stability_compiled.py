"""The compiled loops of stability give what the plain paths give, in every state."""

from __future__ import annotations

import pytest
from strategies import block_name, random_spec, seed_blocks
from test_stability_sim import larger

from foedus.case.reading import parse_case
from foedus.equilibria import fast
from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.registry import CONCEPTS
from foedus.preferences.games import Game, game_of

pytest.importorskip("numba")

NEVER = 1 << 62


def solved(game: Game, many: int) -> dict[str, list[list[bool]]]:
    """Where each mover is stable under each concept, with compiled loops from ``many`` on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "MANY", many)
        problem = StabilityProblem.of(game)
        return {
            concept: [
                CONCEPTS[concept].solver(problem, mover).stable().tolist()
                for mover in problem.movers
            ]
            for concept in CONCEPTS
        }


def compare(game: Game, message: str) -> None:
    """Raise AssertionError where the two differ, for any concept, mover and state."""
    assert solved(game, 0) == solved(game, NEVER), message


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_as_without_in_every_state_of_random_cases(seeds: range) -> None:
    for seed in seeds:
        spec = random_spec(seed)
        compare(game_of(parse_case(spec.to_yaml()), on=spec.day), f"seed {seed}")


def test_as_without_in_larger_games() -> None:
    for seed in range(1, 16):
        compare(game_of(parse_case(larger(seed))), f"larger, seed {seed}")
