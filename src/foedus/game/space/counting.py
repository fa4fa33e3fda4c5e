"""How many states a case has, and some of them drawn at random, without listing them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.case.model import Case
from foedus.game.space.diagram import Column
from foedus.game.space.joining import Joined, joined
from foedus.result import Result

MOST_SAMPLED = 1_000_000
"""So many states are drawn at most."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CountedSpace(Result):
    """The feasible states of a case, counted but not listed, and a sample of them.

    ``sample`` holds states as maps from issue ids to position ids, drawn uniformly and each
    independently of the others, so that one may come up twice.
    """

    case: Case
    states: Joined
    sample: tuple[Mapping[str, str], ...] = ()

    @property
    def count(self) -> int:
        """How many states the rules allow: exact, of any size."""
        return self.states.count

    @property
    def combinations(self) -> int:
        """How many combinations of positions there are, before any rule."""
        return math.prod(len(issue.positions) for issue in self.case.issues.values())

    @property
    def parts(self) -> tuple[tuple[tuple[str, ...], int], ...]:
        """Issues that rules tie together and how many states they have, the most first.

        The count is the product of those of the parts. Issues stand in the order of the case; parts
        of one state are left out.
        """
        found = []
        for part in self.states.parts:
            inside = set(part.issues)
            found.append((tuple(i for i in self.case.issues if i in inside), part.count))
        order = {issue: k for k, issue in enumerate(self.case.issues)}
        several = [(issues, count) for issues, count in found if count > 1]
        return tuple(sorted(several, key=lambda part: (-part[1], order[part[0][0]])))

    def to_dict(self) -> dict[str, Any]:
        """The count, its parts and the sample as plain data."""
        return {
            "states": self.count,
            "combinations": self.combinations,
            "parts": [{"issues": list(issues), "states": count} for issues, count in self.parts],
            "sample": [dict(state) for state in self.sample],
        }


def counted_space(case: Case, sample: int = 0, seed: int = 1) -> CountedSpace:
    """Count the states that the rules of a case allow, and draw some of them.

    Method: dynamic programming over a decision diagram of the rules (:mod:`~.diagram`), upwards to
    count, downwards to draw. There may be no state: then the count is 0 and nothing is drawn. The
    seed decides the draws. Raises ValueError for a negative ``sample`` or more than
    ``MOST_SAMPLED``; TooManyStates where even counting passes the limits of :func:`~.joined`.
    """
    if not 0 <= sample <= MOST_SAMPLED:
        raise ValueError(f"sample must be from 0 to {MOST_SAMPLED:,}, not {sample:,}")
    states = joined(case, [rule.statement.tree for rule in case.rules])
    drawn: tuple[Mapping[str, str], ...] = ()
    if states.count and sample:
        columns: dict[str, Column] = {}
        random = np.random.default_rng(seed)
        for part in sorted(states.parts, key=lambda part: sorted(part.issues)):
            columns |= part.draw(random, sample)
        drawn = _named(case, columns, sample)
    return CountedSpace(case, states, drawn)


def _named(case: Case, columns: Mapping[str, Column], rows: int) -> tuple[Mapping[str, str], ...]:
    names: list[Sequence[str]] = []
    for issue in case.issues.values():
        ids = [position.id for position in issue.positions]
        names.append([ids[k] for k in columns[issue.id].tolist()])
    return tuple(dict(zip(case.issues, state, strict=True)) for state in zip(*names, strict=True))
