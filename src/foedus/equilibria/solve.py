"""Stability of every settled state, for every mover, under every concept asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.document import Block, Explanation
from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.registry import CONCEPTS, DEFAULTS, STANDARD
from foedus.equilibria.witness import Verdict
from foedus.game.space import Indexes, Mask
from foedus.preferences.games import Game, game_of
from foedus.result import Result, explained, shown


def undeterred_at(problem: StabilityProblem, states: Indexes, concept: str) -> list[list[Indexes]]:
    """For each mover, by state, its improvements from there from which nothing deters it.

    ``states`` are indexes; a state where no mover has one is an equilibrium, as it is when the
    whole space is solved. Raises KeyError for an unknown concept.
    """
    found = []
    for mover in problem.movers:
        wished = mover.improving_from(states)
        if any(map(len, wished)):
            solver = CONCEPTS[concept].solver(problem, mover)
            wished = [
                targets[~solver.deterred(int(state), targets)] if len(targets) else targets
                for state, targets in zip(states, wished, strict=True)
            ]
        found.append(wished)
    return found


def verdict(problem: StabilityProblem, state: int, mover: int, concept: str) -> Verdict:
    """Find, by search from the definition, what deters each improvement of a mover from a state.

    ``state`` and ``mover`` are indexes; improvements come best first for the first member. Raises
    KeyError for an unknown concept.
    """
    solver = CONCEPTS[concept].solver
    view = problem.movers[mover]
    found = view.improving(state)
    best = np.argsort(-view.views[0].values[found], kind="stable")
    find = solver(problem, view).witness(state)
    deterrences = tuple(find(int(s1)) for s1 in found[best])
    return Verdict(state, view.moves.mover.key, concept, deterrences)


DEFAULT_LIMIT = 1000
"""How many equilibria are spelled out where not all states are."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Stability(Result):
    """Where each mover is stable, and which settled states are equilibria.

    ``stable`` maps a concept's id to one mask a mover, each of shape (n,), over all feasible
    states; numbers shown to people count from 1. An equilibrium is stable for every mover.
    """

    problem: StabilityProblem
    stable: Mapping[str, Sequence[Mask]]

    @property
    def game(self) -> Game:
        """The game solved."""
        return self.problem.game

    @property
    def concepts(self) -> tuple[str, ...]:
        """The ids of the concepts solved for."""
        return tuple(self.stable)

    def holds(self, concept: str) -> Mask:
        """Which states are equilibria over the deciding groups; shape (n,).

        Raises KeyError when the concept was not solved for.
        """
        if concept not in self.stable:
            raise UnknownName("solution by the concept", concept, self.stable)
        found = self.game.space.settled.copy()
        for stable in self.stable[concept]:
            found &= stable
        return found

    def equilibria(self, concept: str = STANDARD) -> list[int]:
        """The numbers (from 1) of the settled states that are stable for every mover."""
        return [int(k) + 1 for k in np.flatnonzero(self.holds(concept))]

    def verdict(self, number: int, mover: str, concept: str = STANDARD) -> Verdict:
        """Why a mover (member ids joined by ``+``) is stable or not in state ``number``.

        Raises KeyError for an unknown mover or concept, IndexError for an unknown state.
        """
        if not 1 <= number <= len(self.game.space):
            raise IndexError(f"no state {number}: states run from 1 to {len(self.game.space)}")
        return verdict(self.problem, number - 1, self.game.mover_index(mover), concept)

    def explain(
        self, number: int, mover: str | None = None, concept: str = STANDARD
    ) -> Explanation:
        """Explain why state ``number`` would be left or stayed in, by one mover or by each.

        Tells each improvement by the judgements that make it one, the replies that deter it with
        the rights that allow them, and whom the result hits. Raises as :meth:`verdict` does.
        """
        return explained(self, number, mover, concept)

    def blocks(self, limit: int | None = None) -> tuple[Block, ...]:
        """How many equilibria there are, what holds of each arrangement, ``limit`` equilibria."""
        return shown(self, limit)

    def to_dict(
        self, *, only_equilibria: bool = False, limit: int = DEFAULT_LIMIT
    ) -> dict[str, Any]:
        """The result as plain data, as ``foedus stability --json`` prints it.

        With ``only_equilibria``, ``stable`` is left out and ``states`` lists the equilibria alone,
        at most ``limit`` of them.
        """
        space = self.game.space
        equilibria = {concept: self.equilibria(concept) for concept in self.concepts}
        if only_equilibria:
            union = sorted(set().union(*equilibria.values()))[:limit]
            listed = [number - 1 for number in union]
        else:
            listed = list(range(len(space)))
        told: dict[str, Any] = {
            "names": _names(self.game.case),
            "states": _states(self.game, listed),
        }
        if not only_equilibria:
            told["stable"] = {
                concept: {
                    mover.key: (np.flatnonzero(stable & space.settled) + 1).tolist()
                    for mover, stable in zip(self.game.movers, masks, strict=True)
                }
                for concept, masks in self.stable.items()
            }
        told["equilibria"] = equilibria
        told["counts"] = {concept: len(found) for concept, found in equilibria.items()}
        return {**told, **terms(self.game)}


def stability(
    case: Case | Game, concepts: Sequence[str] = DEFAULTS, on: date | None = None
) -> Stability:
    """Solve a case for stability concepts, in the order given: their ids, or the one id.

    Rights are those ``on`` a day (None: on ``as_of``, or on the day of the game given).
    Definitions: [Fang1993], [Fraser1984]; groups [Kilgour2001], [Inohara2008]. Judgements enter at
    their most likely values; events play no part. Raises ValueError for an unknown concept,
    CaseError when no state is possible or too many are, or too many moves under rights by state;
    TooLarge when a concept would need too much.
    """
    if isinstance(concepts, str):
        concepts = (concepts,)
    unknown = [concept for concept in concepts if concept not in CONCEPTS]
    if unknown:
        raise UnknownName("concept", unknown[0], CONCEPTS)
    game = game_of(case, on)
    problem = StabilityProblem.of(game)
    stable = {
        concept: [CONCEPTS[concept].solver(problem, mover).stable() for mover in problem.movers]
        for concept in concepts
    }
    return Stability(problem, stable)


def terms(game: Game) -> dict[str, Any]:
    """On what terms stability is asked, as plain data; empty where nothing is to be said.

    ``on`` is the day whose rights count, where they depend on it or it was asked for; ``without``
    names what the case says that plays no part.
    """
    told: dict[str, Any] = {} if game.day is None else {"on": game.day.isoformat()}
    return {**told, "without": ["events"]} if game.case.events else told


def _names(case: Case) -> dict[str, str]:
    named: dict[str, str] = {actor.id: actor.name for actor in case.actors.values()}
    for issue in case.issues.values():
        named.setdefault(issue.id, issue.name)
    return {**named, **case.names}


def _states(game: Game, indexes: Sequence[int]) -> list[dict[str, Any]]:
    space = game.space
    if not indexes:
        return []
    chosen = np.asarray(indexes)
    columns = [
        (
            issue.id,
            np.array([p.id for p in issue.positions])[space.reader.column(k)[chosen]].tolist(),
        )
        for k, issue in enumerate(space.radix.issues)
    ]
    issues = [issue for issue, _ in columns]
    rows = zip(*(values for _, values in columns), strict=True)
    return [
        {"id": index + 1, "positions": dict(zip(issues, row, strict=True))}
        for index, row in zip(indexes, rows, strict=True)
    ]
