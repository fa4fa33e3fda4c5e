"""Paths of a case: what can be brought about from today, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from foedus.case.model import Case, Rule
from foedus.case.problems import CaseError, Problem, UnknownName
from foedus.document import Explanation
from foedus.equilibria.problem import StabilityProblem
from foedus.game.space import Mask, smallest_conflict
from foedus.preferences.games import Game, game_of
from foedus.process.paths.coalitions import Coalitions, Made, coalitions
from foedus.process.paths.layers import Distances, distances
from foedus.process.paths.obstacle import Obstacle, obstacle
from foedus.process.paths.present import Unrest, present
from foedus.process.paths.route import Step, route
from foedus.result import Result, explained

Status = Literal["standing", "open", "blocked", "barred", "impossible"]


@dataclass(frozen=True, slots=True)
class Way:
    """How one arrangement can be come to from today.

    ``status``: ``standing``, today falls into it if nobody moves; ``open``, ``steps`` is a shortest
    improving path; ``blocked``, ``steps`` is the path by moves with the fewest refused steps, then
    the fewest steps; ``barred``, no moves lead to it, and ``obstacle`` says why; ``impossible``, no
    state falls into it, and ``conflict`` is a smallest set of rules that exclude it (None: too much
    to enumerate; empty: every state that would match falls to something else, or the pattern
    contradicts itself).
    """

    arrangement: str
    status: Status
    steps: tuple[Step, ...] = ()
    obstacle: Obstacle | None = None
    conflict: tuple[Rule, ...] | None = ()

    @property
    def blocked_at(self) -> Step | None:
        """The first step that some member of its mover refuses; None where nobody refuses."""
        return next((step for step in self.steps if step.refusals), None)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Paths(Result):
    """Status-quo analysis of a case [Li2005].

    ``today`` is the index of today's state. ``distances`` holds, for each state, how far it is.
    ``ways`` maps each arrangement's id to how it can be come to, ``coalitions`` says who can bring
    it about, and ``present`` lists the movers for whom today is not stable.
    """

    game: Game
    today: int
    distances: Distances
    ways: Mapping[str, Way]
    coalitions: Coalitions
    present: tuple[Unrest, ...]

    @property
    def case(self) -> Case:
        """The case."""
        return self.game.case

    @property
    def unexplained(self) -> tuple[Unrest, ...]:
        """The movers that could have left today long ago, and the model does not say why not."""
        return tuple(unrest for unrest in self.present if unrest.unexplained)

    def way(self, arrangement: str) -> Way:
        """How an arrangement can be come to. Raises KeyError, naming those there are."""
        if arrangement not in self.ways:
            raise UnknownName("arrangement", arrangement, self.ways)
        return self.ways[arrangement]

    def explain(self, arrangement: str) -> Explanation:
        """Tell the way to an arrangement step by step. Raises KeyError for an unknown one."""
        return explained(self, self.way(arrangement))

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data; states are numbered from 1."""
        return {
            "today": self.today + 1,
            "reached": {
                "by_moves": _layers(self.distances.moves),
                "by_improvements": _layers(self.distances.improving()),
            },
            "arrangements": {name: _way(way, self.coalitions) for name, way in self.ways.items()},
            "movers": [
                {
                    "mover": reach.mover,
                    "states": reach.states,
                    "improvements": reach.improvements,
                    "arrangements": list(reach.arrangements),
                    "improving": list(reach.improving),
                }
                for reach in self.coalitions.movers
            ],
            "coalitions_complete": self.coalitions.complete,
            "present": [_unrest(unrest) for unrest in self.present],
        }


def paths(case: Case | Game) -> Paths:
    """Find what can be brought about from today: status-quo analysis [Li2005].

    Movers are the groups that rights or the case's ``groups`` name; several act one after another,
    never as one. Judgements enter at their most likely values, and states are judged by what they
    fall to. Raises CaseError when the case names no ``today``, when it is not feasible, when no
    state is possible or too many are.
    """
    game = game_of(case) if isinstance(case, Case) else case
    start = game.space.today
    if start is None:
        raise CaseError([_no_today(game.case)], game.case.file)
    arena = StabilityProblem.of(game)
    known = distances(arena.movers, len(game.space), start)
    patterns = {name: game.space.matches(name) for name in game.case.arrangements}
    return Paths(
        game,
        start,
        known,
        {name: _way_to(arena, known, name, mask, start) for name, mask in patterns.items()},
        coalitions(arena, patterns, start),
        present(arena, start),
    )


def _no_today(case: Case) -> Problem:
    if case.today is None:
        message, expected = "the case does not say where things stand today", "`today`"
    else:
        message, expected = "today is not possible under the rules", "a state that satisfies them"
    return Problem(message, case.place(("today",)), expected)


def _way_to(arena: StabilityProblem, known: Distances, name: str, inside: Mask, start: int) -> Way:
    game = arena.game
    if not inside.any():
        pattern = game.case.arrangements[name].when.tree
        possible = game.space.holds(pattern).any()
        return Way(
            name, "impossible", conflict=() if possible else smallest_conflict(game.case, pattern)
        )
    if inside[start]:
        return Way(name, "standing")
    if not (inside & (known.refused >= 0)).any():
        reached = known.refused >= 0
        return Way(name, "barred", obstacle=obstacle(game, inside, reached, start))
    steps = route(arena, known, inside, start)
    refused = any(step.refusals for step in steps)
    return Way(name, "blocked" if refused else "open", steps)


# --- plain data -------------------------------------------------------------------------------


def _layers(count: Any) -> list[int]:
    """How many states are 0, 1, 2, ... steps from today."""
    return [int((count == layer).sum()) for layer in range(int(count.max()) + 1)]


def _way(way: Way, made: Coalitions) -> dict[str, Any]:
    blocked = way.blocked_at
    return {
        "status": way.status,
        "steps": [_step(step) for step in way.steps],
        "blocked_at": None if blocked is None else way.steps.index(blocked) + 1,
        "barred": None if way.obstacle is None else _obstacle(way.obstacle),
        "excluded_by": None
        if way.conflict is None
        else [rule.statement.text for rule in way.conflict],
        "by_moves": [_made(one) for one in made.by_moves[way.arrangement]],
        "by_improvements": [_made(one) for one in made.by_improvements[way.arrangement]],
    }


def _made(made: Made) -> dict[str, Any]:
    return {"coalition": list(made.members), "steps": made.steps}


def _step(step: Step) -> dict[str, Any]:
    return {
        "mover": step.mover,
        "from": step.origin + 1,
        "to": step.target + 1,
        "answers": [
            {
                "actor": answer.actor,
                "agrees": answer.agrees,
                "kind": answer.kind,
                "before": answer.before,
                "after": answer.after,
                "threshold": answer.threshold,
                "short": answer.short,
            }
            for answer in step.answers
        ],
    }


def _obstacle(obstacle: Obstacle) -> dict[str, Any]:
    return {
        "wanted": obstacle.wanted + 1,
        "nearest": obstacle.nearest + 1,
        "changes": [
            {
                "issue": barred.issue,
                "from": barred.origin,
                "to": barred.target,
                "bar": barred.bar,
                "right": barred.right,
                "rules": list(barred.rules),
            }
            for barred in obstacle.barred
        ],
    }


def _unrest(unrest: Unrest) -> dict[str, Any]:
    return {
        "mover": unrest.mover,
        "seq": unrest.seq,
        "unexplained": unrest.unexplained,
        "urges": [
            {
                "step": _step(urge.step),
                "lasting": urge.lasting,
                "unpriced": list(urge.unpriced),
                "choices": urge.choices,
            }
            for urge in unrest.urges
        ],
    }
