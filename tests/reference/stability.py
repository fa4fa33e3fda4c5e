"""Nash, GMR, SMR, SEQ, SSEQ and SIM by brute force, from the definitions.

Nash, general and symmetric metarationality and sequential stability follow Fang, Hipel & Kilgour,
*Interactive Decision Making* (1993); movers of several members Kilgour, Hipel, Fang & Peng (2001)
and Inohara & Hipel (2008); simultaneous stability Fraser & Hipel (1984) in the design's reading;
symmetric sequential stability Rêgo & Vieira (2017), a group's way out as under SMR.

Choices:

- A *legal sequence* of the opponents of H is any sequence of their moves (improvements, for SEQ) in
  which no mover moves twice running. Opponents may overlap with each other, not with H. Sequences
  are followed as pairs of (state, who moved last): nothing is assumed to compose.
- A return to the state where the sequence began, and to the state that H left, counts as reached.
- t is *not better than s* for a member that would not agree to go from s to t; for an electorate,
  wherever its support at t misses the threshold.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Set
from typing import Literal, NamedTuple

from reference.game import Game, Mover

Steps = Mapping[Mover, Mapping[int, Set[int]]]


def reached(steps: Steps, movers: list[Mover], start: int) -> set[int]:
    """The states that legal sequences of these movers' steps reach from ``start``.

    A pair (t, k) is added when some legal sequence ends in t with a step of k. From it every mover
    but k may go on.
    """
    ends: set[tuple[int, Mover]] = set()
    waiting = [(t, k) for k in movers for t in steps[k][start]]
    followed: set[tuple[int, Mover]] = set()  # from here, by this mover: done already
    while waiting:
        end = waiting.pop()
        if end in ends:
            continue
        ends.add(end)
        state, last = end
        for mover in movers:
            if mover == last or (state, mover) in followed:
                continue
            followed.add((state, mover))
            waiting += [(t, mover) for t in steps[mover][state]]
    return {state for state, _ in ends}


class Judge:
    """Names the sanctions of an improvement, concept by concept; keeps what it has computed."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.wants = {
            mover: {s: game.improvements(mover, s) for s in game.states} for mover in game.movers
        }
        self.known: dict[tuple[tuple[Mover, ...], int, bool], set[int]] = {}

    def answers(self, mover: Mover, s1: int, *, wanted_only: bool) -> set[int]:
        """Where the opponents of the mover can bring things from s1."""
        opponents = self.game.opponents(mover)
        key = (tuple(opponents), s1, wanted_only)
        if key not in self.known:
            steps = self.wants if wanted_only else self.game.moves
            self.known[key] = reached(steps, opponents, s1)
        return self.known[key]

    def refused(self, mover: Mover, s: int, answers: Set[int]) -> set[int]:
        """Those answers that are not better than s for some member."""
        return {t for t in answers if not self.game.all_agree(mover, s, t)}

    def without_escape(self, mover: Mover, s: int, sanctions: Set[int]) -> set[int]:
        """Those that leave the mover no move to what is better than s for all of it."""
        agree, moves = self.game.all_agree, self.game.moves[mover]
        return {t for t in sanctions if not any(agree(mover, s, u) for u in moves[t])}

    def nothing(self, mover: Mover, s: int, s1: int) -> set[int]:
        """Nash: nothing deters."""
        return set()

    def by_any_move(self, mover: Mover, s: int, s1: int) -> set[int]:
        """GMR: some answer is not better than s for some member."""
        return self.refused(mover, s, self.answers(mover, s1, wanted_only=False))

    def by_any_move_without_escape(self, mover: Mover, s: int, s1: int) -> set[int]:
        """SMR: some such answer leaves the mover no way out."""
        return self.without_escape(mover, s, self.by_any_move(mover, s, s1))

    def by_improvements(self, mover: Mover, s: int, s1: int) -> set[int]:
        """SEQ: some answer by improvements is not better than s for some member."""
        return self.refused(mover, s, self.answers(mover, s1, wanted_only=True))

    def by_improvements_without_escape(self, mover: Mover, s: int, s1: int) -> set[int]:
        """SSEQ: some such answer leaves the mover no way out."""
        return self.without_escape(mover, s, self.by_improvements(mover, s, s1))

    def by_moving_at_once(self, mover: Mover, s: int, s1: int) -> set[int]:
        """SIM: with improvements of disjoint opponents made at the same time, it goes wrong."""
        game = self.game
        number = {state: k for k, state in game.states.items()}
        wanting = [other for other in game.opponents(mover) if self.wants[other][s]]
        found: set[int] = set()
        for size in range(1, len(wanting) + 1):
            for others in itertools.combinations(wanting, size):
                if sum(map(len, others)) > len(set().union(*others)):
                    continue  # two of them share a member
                for targets in itertools.product(*(self.wants[other][s] for other in others)):
                    t = number.get(together(game, s, [s1, *targets]))
                    if t is not None and not game.all_agree(mover, s, t):
                        found.add(t)
        return found

    def stable(self, concept: str, mover: Mover, s: int) -> bool:
        """Whether the mover stays at s: it is deterred from each of its improvements."""
        sanctions = RULES[concept].sanctions
        return all(sanctions(self, mover, s, s1) for s1 in self.wants[mover][s])


class Rule(NamedTuple):
    """A concept: its sanctions, and what the opponents' replies that make them are.

    ``replies``: one after another by moves or by improvements, or improvements at once.
    """

    sanctions: Callable[[Judge, Mover, int, int], set[int]]
    replies: Literal["moves", "improvements", "at once"]


RULES = {
    "nash": Rule(Judge.nothing, "moves"),
    "gmr": Rule(Judge.by_any_move, "moves"),
    "smr": Rule(Judge.by_any_move_without_escape, "moves"),
    "seq": Rule(Judge.by_improvements, "improvements"),
    "sim": Rule(Judge.by_moving_at_once, "at once"),
    "sseq": Rule(Judge.by_improvements_without_escape, "improvements"),
}
CONCEPTS = tuple(RULES)


def together(game: Game, s: int, targets: list[int]) -> tuple[str, ...] | None:
    """The state after all these changes of s at once; None if two set one issue differently."""
    result = []
    for k, position in enumerate(game.states[s]):
        set_to = {game.states[t][k] for t in targets} - {position}
        if len(set_to) > 1:
            return None
        result.append(set_to.pop() if set_to else position)
    return tuple(result)


def verdicts(game: Game, concepts: tuple[str, ...] = CONCEPTS) -> dict[str, dict[Mover, list[int]]]:
    """For each concept and mover, the settled states that are stable for it."""
    judge = Judge(game)
    settled = sorted(game.settled)
    return {
        concept: {
            mover: [s for s in settled if judge.stable(concept, mover, s)] for mover in game.movers
        }
        for concept in concepts
    }


def equilibria(stable: dict[str, dict[Mover, list[int]]], game: Game) -> dict[str, list[int]]:
    """For each concept, the settled states that are stable for every mover."""
    return {
        concept: [s for s in sorted(game.settled) if all(s in by[m] for m in game.movers)]
        for concept, by in stable.items()
    }
