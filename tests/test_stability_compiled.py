"""The compiled loops of stability give what the plain paths give, in every state."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from reference.listing import simultaneous
from strategies import block_name, random_spec, seed_blocks
from test_stability_sim import larger

from foedus.case.reading import parse_case
from foedus.equilibria import at_once, escapes, fast
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


def grouped(owned: str, barred: str = "") -> Game:
    """Cells of 128 states: a group owns seven issues, one actor two."""
    lines = [
        "foedus: 1",
        "title: Grouped",
        "actors:",
        *(f"  m{k}: {{name: m{k}}}" for k in range(4)),
    ]
    lines += ["issues:"]
    for k in range(9):
        right = owned if k < 7 else "m3"
        lines += [
            f"  o{k}: {{positions: {{n: N, y: Y}}, decided_by: {right}{barred if not k else ''}}}"
        ]
    lines += ["preferences:", *(f"  m{k}: {{priorities: [{{when: o0 = n}}]}}" for k in range(4))]
    return game_of(parse_case("\n".join(lines) + "\n"))


@pytest.mark.parametrize("owned", ["m0 and m1", "m0 and m1 and m2"])
@pytest.mark.parametrize("barred", ["", ", never_back_to: n"])
@pytest.mark.parametrize("values", [3, 20, 10_000])
def test_groups_in_large_cells(owned: str, barred: str, values: int) -> None:
    """Random levels, with many ties, some and hardly any."""
    game = grouped(owned, barred)
    n, draw = len(game.space), np.random.default_rng(values)
    views = {}
    for actor, view in game.views.items():
        levels = np.unique(draw.integers(values, size=n), return_inverse=True)[1].astype(np.int64)
        views[actor] = replace(view, values=levels.astype(float), levels=levels)
    game = replace(game, views=views)
    compare(game, owned)
    group = [len(mover.members) > 1 for mover in game.movers].index(True)
    tried = [draw.integers(n + 1, size=n), (draw.random((len(owned.split(" and ")), n)) * values)]
    answers = []
    for many in (0, NEVER):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast, "MANY", many)
            improvements = StabilityProblem.of(game).movers[group].improvements
            costs = [np.minimum(row.astype(np.int64), n) for row in tried[1]]
            answers.append(
                (
                    np.minimum(improvements.least(tried[0]), n + 1).tolist(),
                    improvements.undeterred(costs).tolist(),
                    improvements.reached(tried[0] < 3).tolist(),
                    improvements.some().tolist(),
                )
            )
    assert answers[0] == answers[1]
    assert 0 < sum(answers[0][3]) < n


def test_ways_out_of_all_cells_at_once_or_value_by_value() -> None:
    """A group of two under SMR: states by what the opponents reach, or by what they are worth."""
    game = grouped("m0 and m1")
    n = len(game.space)
    told: Counter[str] = Counter()
    passed = escapes._Corners.passed

    def noting(corners: escapes._Corners, rows: np.ndarray, reached: np.ndarray) -> np.ndarray:
        found = passed(corners, rows, reached)
        told["ways out"] += int(found.sum())
        told["none"] += int((~found).sum())
        return found

    for seed in range(4):
        draw = np.random.default_rng(seed)
        views = {}
        for actor, view in game.views.items():
            values = draw.integers(30, size=n)
            levels = np.unique(values, return_inverse=True)[1].astype(np.int64)
            views[actor] = replace(view, values=levels.astype(float), levels=levels)
        some = replace(game, views=views)
        by_value = solved(some, NEVER)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(escapes, "FEW_VALUES", 0)
            patch.setattr(escapes._Corners, "passed", noting)
            assert solved(some, NEVER) == by_value, seed
    assert min(told["ways out"], told["none"]) > 20, told


@pytest.mark.parametrize(("threads", "block"), [(1, 1 << 16), (3, 7)])
def test_simultaneous_stability_in_larger_games_as_by_listing(
    threads: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one thread in one piece, and by several in small ones."""
    monkeypatch.setattr(at_once, "THREADS", threads)
    monkeypatch.setattr(at_once, "BLOCK", block)
    seen: Counter[str] = Counter()
    for seed in range(1, 5):
        game = game_of(parse_case(larger(seed)))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast, "MANY", 0)
            problem = StabilityProblem.of(game)
            assert problem.choices is not None
            for mover, listed in zip(problem.movers, simultaneous(problem), strict=True):
                found = CONCEPTS["sim"].solver(problem, mover).stable()
                assert found.tolist() == listed.tolist(), (seed, mover.moves.mover.key)
                seen["stable"] += int(found.sum())
                seen["not"] += int((~found).sum())
    assert min(seen["stable"], seen["not"]) > 100, seen


@pytest.mark.parametrize("seed", range(4))
def test_what_is_known_of_one_state_of_a_cell_settles_others(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Priorities of one issue each: whatever a mover does, the others would reply alike."""
    from foedus.equilibria import compiled_sim  # it needs numba

    draw = np.random.default_rng(seed)
    lines = ["foedus: 1", "title: Alike", "actors:"]
    lines += [f"  m{k}: {{name: m{k}}}" for k in range(4)]
    lines += ["issues:"]
    lines += [f"  o{k}: {{positions: {{n: N, y: Y}}, decided_by: m{k % 4}}}" for k in range(10)]
    lines += ["preferences:"]
    for k in range(4):
        lines += [f"  m{k}:", "    priorities:"]
        lines += [
            f"      - {{when: o{o} = {draw.choice(['n', 'y'])}}}" for o in draw.permutation(10)
        ]
    game = game_of(parse_case("\n".join(lines) + "\n"))
    kept: Counter[str] = Counter()
    whole = compiled_sim.stable

    def noting(search: object, found: np.ndarray, first: int, *known: np.ndarray) -> None:
        whole(search, found, first, *known)
        kept["left"] += int((known[1][0] >= 0).sum())
        kept["stable"] += int((known[1][1] >= 0).sum())

    monkeypatch.setattr(compiled_sim, "stable", noting)
    compare(game, f"seed {seed}")
    assert kept["left"] + kept["stable"] > 10, kept
