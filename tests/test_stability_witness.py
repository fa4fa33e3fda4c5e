"""Verdicts explain the masks, and each witness is a proof that the definitions accept."""

from __future__ import annotations

from collections import Counter

import pytest
from reference.game import Game, Mover, Spec
from reference.stability import CONCEPTS, RULES, Judge, together
from strategies import block_name, random_spec, seed_blocks

from foedus.case.reading import parse_case
from foedus.equilibria.solve import Stability, stability
from foedus.equilibria.witness import Deterrence, Verdict


def solved(spec: Spec) -> Stability:
    return stability(parse_case(spec.to_yaml(), file="random.yaml"), CONCEPTS)


def check_verdict(judge: Judge, mover: Mover, verdict: Verdict) -> None:
    """The verdict lists the mover's improvements, and each deterrence is what the concept says."""
    game, s = judge.game, verdict.state + 1
    rule = RULES[verdict.concept]
    improvements = [d.improvement + 1 for d in verdict.deterrences]
    assert sorted(improvements) == sorted(game.improvements(mover, s))
    for deterrence in verdict.deterrences:
        sanctions = rule.sanctions(judge, mover, s, deterrence.improvement + 1)
        if deterrence.sanction is None:
            assert not sanctions
            assert not deterrence.replies
            assert deterrence.member is None
            continue
        assert deterrence.sanction + 1 in sanctions
        assert deterrence.member in mover
        assert not game.agrees(deterrence.member, s, deterrence.sanction + 1)
        if rule.replies == "at once":
            check_at_once(game, mover, s, deterrence)
        else:
            check_sequence(game, mover, deterrence, improving=rule.replies == "improvements")


def check_sequence(game: Game, mover: Mover, found: Deterrence, *, improving: bool) -> None:
    """A legal sequence of opponents, by improvements alone or any moves, to the sanction."""
    assert found.replies
    assert found.sanction is not None
    here, last = found.improvement + 1, ""
    for reply in found.replies:
        opponent = tuple(reply.mover.split("+"))
        assert reply.mover != last
        assert opponent in game.opponents(mover)
        assert reply.state + 1 in game.moves[opponent][here]
        if improving:
            assert game.improves(opponent, here, reply.state + 1)
        here, last = reply.state + 1, reply.mover
    assert here == found.sanction + 1


def check_at_once(game: Game, mover: Mover, s: int, found: Deterrence) -> None:
    """Improvements of disjoint opponents from s, which with the mover's give the sanction."""
    assert found.replies
    assert found.sanction is not None
    opponents = [tuple(reply.mover.split("+")) for reply in found.replies]
    assert all(opponent in game.opponents(mover) for opponent in opponents)
    assert max(Counter(actor for opponent in opponents for actor in opponent).values()) == 1
    for opponent, reply in zip(opponents, found.replies, strict=True):
        assert reply.state + 1 in game.improvements(opponent, s)
    targets = [found.improvement + 1, *(reply.state + 1 for reply in found.replies)]
    assert together(game, s, targets) == game.states[found.sanction + 1]


@pytest.mark.parametrize("seeds", [b[:30] for b in seed_blocks()], ids=block_name)
def test_witnesses_are_proofs(seeds: range) -> None:
    told: Counter[tuple[str, bool, int]] = Counter()
    for seed in seeds:
        spec = random_spec(seed)
        game, result = spec.game(), solved(spec)
        judge = Judge(game)
        for k, mover in enumerate(game.movers):
            for s in game.states:
                for concept in CONCEPTS:
                    verdict = result.verdict(s, "+".join(mover), concept)
                    assert verdict.stable == bool(result.stable[concept][k][s - 1]), seed
                    check_verdict(judge, mover, verdict)
                    for found in verdict.deterrences:
                        told[concept, found.sanction is not None, min(len(found.replies), 2)] += 1
    assert {key[0] for key in told} == set(CONCEPTS)


def test_improvements_come_best_first_for_the_first_member() -> None:
    case = parse_case("""
foedus: 1
title: Four ways
actors: {a: {}}
issues: {x: {positions: {p: p, q: q, r: r, s: s}, decided_by: a}}
preferences: {a: {worth: {q: {when: x = q, value: 2}, r: {when: x = r, value: 9},
  s: {when: x = s, value: 5}}}}
""")
    result = stability(case, ["nash"])
    positions = result.game.space.positions
    start = next(s for s in range(4) if positions(s)["x"] == "p")
    found = result.verdict(start + 1, "a", "nash").deterrences
    assert [positions(each.improvement)["x"] for each in found] == ["r", "s", "q"]


def test_unknown_movers_states_and_concepts() -> None:
    result = solved(random_spec(1))
    mover = result.game.movers[0].key
    for number in (0, len(result.game.space) + 1):
        with pytest.raises(IndexError, match="states run from 1"):
            result.verdict(number, mover)
    with pytest.raises(KeyError, match="no mover 'nobody-else'"):
        result.verdict(1, "nobody-else")
    with pytest.raises(KeyError, match="no concept 'best'"):
        result.verdict(1, mover, "best")
