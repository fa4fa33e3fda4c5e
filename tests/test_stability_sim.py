"""SIM searched with bounds gives what listing every joint move gives."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from reference.listing import Choices, disjoint_teams, simultaneous
from strategies import block_name, random_spec, seed_blocks

from foedus.case.reading import parse_case
from foedus.equilibria import joint
from foedus.equilibria import problem as problems
from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.registry import CONCEPTS
from foedus.preferences.games import Game, game_of


def searched(problem: StabilityProblem) -> list[np.ndarray]:
    """Where each mover is stable, from foedus."""
    return [CONCEPTS["sim"].solver(problem, mover).stable() for mover in problem.movers]


def compare(game: Game, message: str) -> None:
    """Raise AssertionError where the two differ, for any mover in any state."""
    problem = StabilityProblem.of(game)
    for mover, found, listed in zip(
        game.movers, searched(problem), simultaneous(problem), strict=True
    ):
        assert found.tolist() == listed.tolist(), (mover.key, message)


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_as_by_listing_in_every_state_of_random_cases(seeds: range) -> None:
    for seed in seeds:
        compare(game_of(parse_case(random_spec(seed).to_yaml())), f"seed {seed}")


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_improvements_are_counted_as_they_are_listed(
    seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = 0
    for seed in seeds:
        movers = StabilityProblem.of(game_of(parse_case(random_spec(seed).to_yaml()))).movers
        listed = [len(mover.listed[0]) for mover in movers]
        with monkeypatch.context() as patched:
            patched.setattr(problems, "PAIRS", -1)
            for mover, count in zip(movers, listed, strict=True):
                judged = any(not view.electorate for view in mover.views)
                known = judged and mover.moves.clique
                assert mover._counted_if_soon() == (count if known else 0), seed
                counted += known
    assert counted


def larger(seed: int) -> str:
    """Some hundred states: shared and overlapping rights, one-way changes, rules, groups."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    actors = [f"m{k}" for k in range(5)]
    rights = [*actors, "m0 or m1", "m2 and m3", "m1 or (m2 and m4)", "m3 or m4"]
    lines = ["foedus: 1", "title: Larger", "actors:", *(f"  {a}: {{name: {a}}}" for a in actors)]
    lines += ["issues:"]
    for k in range(8):
        barred = ", never_back_to: n" if draw.random() < 0.3 else ""
        third = ", z: Z" if k < 2 else ""
        right = draw.choice(rights) if k >= len(actors) else actors[k]
        lines += [f"  o{k}: {{positions: {{n: N, y: Y{third}}}, decided_by: {right}{barred}}}"]
    lines += ["rules:"]
    for _ in range(draw.randint(0, 2)):
        a, b = draw.sample(range(8), 2)
        lines += [f"  - {{rule: not (o{a} = y and o{b} = y), why: They exclude each other}}"]
    if lines[-1] == "rules:":
        lines.pop()
    lines += ["preferences:"]
    for actor in actors:
        lines += [f"  {actor}:", "    priorities:"]
        for option in draw.sample(range(8), draw.randint(3, 8)):
            other = draw.choice([k for k in range(8) if k != option])
            when = f"o{option} = {draw.choice('ny')}"
            if draw.random() < 0.5:
                when += f" and o{other} = {draw.choice('ny')}"
            lines += [f"      - {{when: {when}}}"]
    return "\n".join(lines) + "\n"


def test_as_by_listing_in_larger_games() -> None:
    seen: Counter[str] = Counter()
    for seed in range(1, 16):
        game = game_of(parse_case(larger(seed)))
        compare(game, f"larger, seed {seed}")
        groups = [mover for mover in game.movers if len(mover.members) > 1]
        seen["groups"] += bool(groups)
        seen["one-way changes"] += any(not moves.clique for moves in game.moves)
        seen["infeasible states"] += len(game.space) < np.prod(
            [len(issue.positions) for issue in game.case.issues.values()]
        )
        seen["shared issues"] += any(
            a.opposes(b) and a.relations.keys() & b.relations.keys()
            for a in game.movers
            for b in game.movers
        )
    assert len(seen) == 4
    assert min(seen.values()) >= 3, seen


def test_far_fewer_joint_moves_are_made_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work, counted: what is joined in the search, and what a list would hold."""
    lines = ["foedus: 1", "title: Shared evenly", "actors:"]
    lines += [f"  m{k}: {{name: m{k}}}" for k in range(4)]
    lines += ["issues:"]
    lines += [f"  o{k}: {{positions: {{n: N, y: Y}}, decided_by: m{k % 4}}}" for k in range(12)]
    lines += ["preferences:"]
    draw = random.Random(1)  # noqa: S311 (not for secrets)
    for k in range(4):
        lines += [f"  m{k}:", "    priorities:"]
        lines += [
            f"      - {{when: o{o} = {draw.choice('ny')}}}" for o in draw.sample(range(12), 12)
        ]
    problem = StabilityProblem.of(game_of(parse_case("\n".join(lines) + "\n")))
    joined = 0
    whole = joint.JointMoves._joined

    def counted(*arguments: object) -> object:
        nonlocal joined
        made = whole(*arguments)  # type: ignore[arg-type]
        joined += len(made.code)
        return made

    monkeypatch.setattr(joint.JointMoves, "_joined", counted)
    searched(problem)
    listed = 0
    choices = [Choices.of(mover) for mover in problem.movers]
    for own, mover in zip(choices, problem.movers, strict=True):
        origins = np.repeat(np.arange(len(own.heads) - 1), np.diff(own.heads))
        for team in disjoint_teams(problem, mover):
            ways = np.ones(len(origins), dtype=np.int64)
            for k in team:
                ways *= choices[k].count(origins)
            listed += int(ways.sum())
    assert joined * 20 < listed, (joined, listed)


@pytest.mark.parametrize(("wanted", "deters"), [("c", False), ("b", True)])
def test_replies_that_set_one_issue_differently_are_no_sanction(wanted: str, deters: bool) -> None:
    """Ann fears `w = m and y = m` alone, which the others bring about if they agree on `x`."""
    text = f"""
foedus: 1
title: A clash
actors: {{ann: {{name: Ann}}, bob: {{name: Bob}}, cyd: {{name: Cyd}}}}
issues:
  x: {{positions: {{a: A, b: B, c: C}}, decided_by: bob or cyd}}
  w: {{positions: {{k: K, m: M}}, decided_by: bob}}
  y: {{positions: {{k: K, m: M}}, decided_by: cyd}}
  z: {{positions: {{k: K, m: M}}, decided_by: ann}}
preferences:
  ann: {{priorities: [{{when: not (w = m and y = m)}}, {{when: z = m}}]}}
  bob: {{priorities: [{{when: x = b and w = m and z = k}}]}}
  cyd: {{priorities: [{{when: x = {wanted} and y = m and z = k}}]}}
"""
    game = game_of(parse_case(text))
    problem = StabilityProblem.of(game)
    (ann,) = [k for k, mover in enumerate(game.movers) if mover.key == "ann"]
    assert bool(searched(problem)[ann][0]) is deters
    compare(game, wanted)
