"""The process solved once, without draws: judgements at their most likely values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.forecasting.pieces import matching
from foedus.game.space import Indexes
from foedus.preferences.games import Game
from foedus.preferences.sample import Floats
from foedus.process.chances import as_chances
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.model import Behaviour, Process, ProcessOptions
from foedus.result import Result


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MostLikely(Result):
    """How likely everything is if all judgements are at their most likely values.

    Hazards are at the mean of their posterior; nothing is drawn, so that there is no Monte Carlo
    error. ``reached`` is by arrangement, ``positions`` by issue; ``ends`` are the states that stand
    right before the reversion with their chances, likeliest first. ``value`` is what each ordinary
    actor expects today, in its own units.
    """

    process: Process
    behaviour: Behaviour
    reached: Mapping[str, float]
    positions: Mapping[str, Mapping[str, float]]
    ends: tuple[tuple[int, float], ...]
    value: Mapping[str, float]

    @property
    def case(self) -> Case:
        """The case."""
        return self.process.case

    def probability(self, arrangement: str) -> float:
        """How likely an arrangement is. Raises UnknownName, which is a KeyError."""
        if arrangement not in self.reached:
            raise UnknownName("arrangement", arrangement, self.reached)
        return self.reached[arrangement]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as ``foedus forecast --most-likely --json`` prints it."""
        space = self.process.game.space
        return {
            "behaviour": self.behaviour,
            "arrangements": {name: {"reached": {"p": p}} for name, p in self.reached.items()},
            "issues": {issue: dict(chances) for issue, chances in self.positions.items()},
            "ends": [{"state": space.positions(state), "p": p} for state, p in self.ends],
            "expects": dict(self.value),
        }


def most_likely(
    case: Case | Game, behaviour: Behaviour = "myopic", options: ProcessOptions | None = None
) -> MostLikely:
    """Solve the process of a case once, at the most likely judgements.

    Raises CaseError for a case that lacks ``as_of``, ``deadline`` or ``today``, or cannot be
    solved; ValueError for an unknown behaviour.
    """
    if behaviour not in ("myopic", "farsighted"):
        raise UnknownName("behaviour", behaviour, ("myopic", "farsighted"))
    process = Process.of(case, options)
    state, end, value = _solved(process, behaviour)
    space = process.game.space
    reached = as_chances(end @ matching(process)[state])
    fallen = space.fall[state]
    positions = {}
    for k, issue in enumerate(space.radix.issues):
        column = space.reader.column(k)[fallen].astype(np.intp)
        chances = as_chances(np.bincount(column, end, len(issue.positions)))
        named = zip((p.id for p in issue.positions), chances.tolist(), strict=True)
        positions[issue.id] = immutabledict(named)
    order = [k for k in np.argsort(-end, kind="stable") if end[k] > 0]
    return MostLikely(
        process,
        behaviour,
        immutabledict(zip(process.case.arrangements, reached.tolist(), strict=True)),
        immutabledict(positions),
        tuple((int(state[k]), float(end[k])) for k in order),
        immutabledict(zip(process.actors[0], value.tolist(), strict=True)),
    )


def _solved(process: Process, behaviour: Behaviour) -> tuple[Indexes, Floats, Floats]:
    """The states that may come about, their chances at the end, and what actors expect today."""
    drawn = process.drawn(MOST_LIKELY_PROCESS)
    worths = drawn.worths
    if behaviour == "farsighted":
        chain = process.farsighted(drawn)
        start = np.zeros(len(chain.state))
        today = chain.number[process.today]
        start[today] = 1.0
        share = chain.value[today]
        return (
            chain.state,
            chain.end(start),
            worths.bottom[:, 0] + worths.unit[:, 0] * share,
        )
    myopic = process.myopic(drawn)
    explored = myopic.explored
    today = explored.number[0, process.today]
    start = np.zeros(myopic.nodes)
    start[today] = 1.0
    final = np.ascontiguousarray(worths.worth[:, 0, explored.state].T)
    share = myopic.backward(final)[today]
    return (
        explored.state,
        myopic.end(start),
        worths.bottom[:, 0] + worths.unit[:, 0] * share,
    )
