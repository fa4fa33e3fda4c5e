"""One piece of a forecast: a block of draws, solved, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.solve import undeterred_at
from foedus.forecasting.streams import DrawBlock
from foedus.game.space import Indexes, Mask
from foedus.preferences.games import Game
from foedus.preferences.sample import Floats
from foedus.preferences.view import View
from foedus.process.chances import as_chances
from foedus.process.drawn import ProcessSample
from foedus.process.model import Drawn, Process
from foedus.process.worths import Worths

UNLIKELY = 1e-6
"""End states less likely than this are not asked whether they are stable."""

DIGITS = 9
"""Worths that agree to so many digits of the range are equal when stability is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What a block of n draws comes to, each draw a probability.

    ``reached`` (n, arrangements); ``positions`` by issue (n, positions); ``course`` (times,
    arrangements) is the mean over the draws.
    """

    reached: Floats
    positions: tuple[Floats, ...]
    course: Floats


class Few(NamedTuple):
    """Some draws of a block."""

    block: DrawBlock
    rows: range


class Timed(NamedTuple):
    """A sample of draws, or some, with the days at which one wants to know the course."""

    block: ProcessSample
    moments: tuple[float, ...] = ()
    rows: range | None = None


def matching(process: Process) -> Floats:
    """Which states fall to which arrangement, as 0 and 1; (states, arrangements)."""
    space = process.game.space
    names = process.case.arrangements
    if not names:
        return np.zeros((len(space), 0))
    return np.stack([space.matches(name) for name in names], axis=1).astype(float)


def solved_block(process: Process, piece: Timed) -> Solved:
    """Solve a block for myopic actors."""
    return joined([_solved_part(process, drawn, piece.moments) for drawn in process.parts(*piece)])


def _solved_part(process: Process, drawn: Drawn, moments: Sequence[float]) -> Solved:
    chain = process.myopic(drawn)
    explored = chain.explored
    start = np.zeros(chain.nodes)
    start[explored.number[:, process.today]] = 1.0
    found = chain.forward(start)
    match = matching(process)[explored.state]
    chances = np.array(found)
    course = np.zeros((len(moments), match.shape[1]))
    for k, moment in enumerate(moments):
        at = drawn.schedule.stretch_until(moment)[explored.draw]
        course[k] = (chances[at, np.arange(chain.nodes)][:, None] * match).sum(axis=0)
    course = as_chances(course / drawn.draws)
    return _solved(process, explored.draw, explored.state, found[-1], drawn.draws, course)


def farsighted_draws(process: Process, piece: Few) -> Solved:
    """Solve some draws of a block for farsighted actors."""
    parts = []
    for drawn in process.parts(piece.block, rows=piece.rows):
        for row in range(drawn.draws):
            chain = process.farsighted(drawn, row)
            start = np.zeros(len(chain.state))
            start[chain.number[process.today]] = 1.0
            end = chain.end(start)
            nowhere = np.zeros((0, len(process.case.arrangements)))
            draw = np.zeros(len(chain.state), dtype=np.intp)
            parts.append(_solved(process, draw, chain.state, end, 1, nowhere))
    return joined(parts)


def _solved(
    process: Process, draw: Indexes, state: Indexes, end: Floats, draws: int, course: Floats
) -> Solved:
    space = process.game.space
    match = matching(process)[state]
    columns = [as_chances(summed(draw, end * column, draws)) for column in match.T]
    reached = np.stack(columns, axis=1) if columns else np.zeros((draws, 0))
    fallen = space.fall[state]
    positions = []
    for k, issue in enumerate(space.radix.issues):
        size = len(issue.positions)
        place = draw * size + space.reader.column(k)[fallen].astype(np.intp)
        positions.append(as_chances(summed(place, end, draws * size)).reshape(draws, size))
    return Solved(reached, tuple(positions), course)


def summed(place: Indexes, values: Floats, size: int) -> Floats:
    """The sum of the values at each of so many places; (size,)."""
    return np.asarray(np.bincount(place, values, size), dtype=float)


def joined(parts: list[Solved]) -> Solved:
    """Blocks one after another; the course is the mean over all draws."""
    sizes = np.array([len(part.reached) for part in parts], dtype=float)
    course = sum(part.course * size for part, size in zip(parts, sizes, strict=True))
    return Solved(
        np.concatenate([part.reached for part in parts]),
        tuple(
            np.concatenate([part.positions[k] for part in parts])
            for k in range(len(parts[0].positions))
        ),
        np.asarray(course / sizes.sum()),
    )


# --- stability in draws -----------------------------------------------------------------------


class StableDraws(NamedTuple):
    """Some draws in which it is asked whether what is reached would be stable, by a concept."""

    few: Few
    concept: str


class Pulled(NamedTuple):
    """A change that a mover would still make: the mover, the issue, the positions from and to."""

    mover: str
    issue: str
    origin: str
    target: str


@dataclass(frozen=True, slots=True, eq=False)
class Stable:
    """By draw: how likely each arrangement is reached and stable; (n, arrangements).

    ``pulls`` says how likely it is, summed over the draws, that a mover would still make a change;
    ``left`` (n,) that somebody would.
    """

    reached: Floats
    left: Floats
    pulls: Mapping[Pulled, float]


def stable_draws(process: Process, piece: StableDraws) -> Stable:
    """Ask in some draws who would still leave the states reached."""
    few = piece.few
    found = [
        _stable_part(process, drawn, piece.concept)
        for drawn in process.parts(few.block, rows=few.rows)
    ]
    return stable_in_all(found)


def stable_in_all(parts: Sequence[Stable]) -> Stable:
    """What several pieces found, one after another."""
    pulls: dict[Pulled, float] = {}
    for part in parts:
        for pull, p in part.pulls.items():
            pulls[pull] = pulls.get(pull, 0.0) + p
    reached = np.concatenate([part.reached for part in parts])
    return Stable(reached, np.concatenate([part.left for part in parts]), pulls)


def _stable_part(process: Process, drawn: Drawn, concept: str) -> Stable:
    chain = process.myopic(drawn)
    explored = chain.explored
    start = np.zeros(chain.nodes)
    start[explored.number[:, process.today]] = 1.0
    end = chain.end(start)
    match = matching(process)
    space = process.game.space
    reached = np.zeros((drawn.draws, match.shape[1]))
    left = np.zeros(drawn.draws)
    pulls: dict[Pulled, float] = {}
    for row in range(drawn.draws):
        here = np.flatnonzero((explored.draw == row) & (end > UNLIKELY))
        fallen = space.fall[explored.state[here]]
        states, back = np.unique(fallen, return_inverse=True)
        chance = np.bincount(back, end[here])
        problem = StabilityProblem.of(_in_draw(process.game, drawn, row))
        leaving = undeterred_at(problem, states, concept)
        held = np.array(
            [not any(map(len, each)) for each in zip(*leaving, strict=True)], dtype=bool
        )
        reached[row] = (chance[:, None] * match[states] * held[:, None]).sum(axis=0)
        left[row] = chance[~held].sum()
        for k in np.flatnonzero(~held):
            for pull in _pulls(process, problem, int(states[k]), [each[k] for each in leaving]):
                pulls[pull] = pulls.get(pull, 0.0) + float(chance[k])
    return Stable(as_chances(reached), as_chances(left), pulls)


def _in_draw(game: Game, drawn: Drawn, row: int) -> Game:
    """The game with every actor's preferences as they are in one draw."""
    return replace(game, views=dict(_views(game, drawn.worths, row)))


def _views(game: Game, worths: Worths, row: int) -> list[tuple[str, View]]:
    found: dict[str, View] = {}
    for k, actor in enumerate(worths.ordinary):
        values = np.round(worths.worth[k, row], DIGITS)
        levels = np.unique(values, return_inverse=True)[1].astype(np.int64)
        found[actor] = replace(game.views[actor], standing=values, values=values, levels=levels)
    for k, actor in enumerate(worths.electorates):
        passes: Mask = worths.passes[k, row]
        levels = passes.astype(np.int64)
        found[actor] = replace(game.views[actor], levels=levels)
    return [(actor, found[actor]) for actor in game.views]


def _pulls(
    process: Process, problem: StabilityProblem, state: int, undeterred: list[Indexes]
) -> set[Pulled]:
    """The best of each mover's improvements from a state that nothing deters, issue by issue."""
    space = process.game.space
    found = set()
    for mover, targets in zip(problem.movers, undeterred, strict=True):
        if not len(targets):
            continue
        best = int(targets[np.argmax(mover.views[0].values[targets])])
        key = mover.moves.mover.key
        for k, issue in enumerate(space.radix.issues):
            column = space.reader.column(k)
            here, there = int(column[state]), int(column[best])
            if here != there:
                ids = issue.positions
                found.add(Pulled(key, issue.id, ids[here].id, ids[there].id))
    return found
