"""The easiest way from today into a pattern of states, step by step, with each member's answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from foedus.equilibria.problem import StabilityProblem
from foedus.game.moves import PAIR_CHUNK, Moves
from foedus.game.space import Indexes, Mask
from foedus.preferences import View
from foedus.process.paths.layers import Distances, improved


@dataclass(frozen=True, slots=True)
class Answer:
    """What a member of a mover says to a step.

    ``before`` and ``after`` are what it thinks of where the step begins and ends: points of its own
    utility, ranks of an ordinal actor (0 is the worst), or the support of an electorate in per
    cent, which agrees when ``after`` reaches its ``threshold``.
    """

    actor: str
    agrees: bool
    before: float
    after: float
    kind: str
    threshold: float | None = None

    @property
    def short(self) -> float:
        """What is wanting for it to agree, in its own units; 0 for one that agrees.

        For an electorate the per cent up to its threshold; for others what the step costs them,
        which is 0 too for one that is indifferent: it needs something more than nothing.
        """
        if self.agrees:
            return 0.0
        if self.threshold is not None:
            return self.threshold - self.after
        return self.before - self.after


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a path: the mover's key, the indexes of the states, its members' answers."""

    mover: str
    origin: int
    target: int
    answers: tuple[Answer, ...]

    @property
    def refusals(self) -> tuple[Answer, ...]:
        """The answers of the members that do not agree; none for an improvement."""
        return tuple(answer for answer in self.answers if not answer.agrees)


def answer(view: View, origin: int, target: int) -> Answer:
    """Ask one actor about a step between two states, given by their indexes."""
    return Answer(
        view.actor.id,
        bool(view.agrees(origin, target)),
        float(view.values[origin]),
        float(view.values[target]),
        view.kind,
        view.threshold,
    )


def step_of(arena: StabilityProblem, mover: int, origin: int, target: int) -> Step:
    """The step of the mover with this index between two states, with its members' answers."""
    side = arena.movers[mover]
    answers = tuple(answer(view, origin, target) for view in side.views)
    return Step(side.moves.mover.key, origin, target, answers)


def route(arena: StabilityProblem, known: Distances, ends: Mask, start: int) -> tuple[Step, ...]:
    """Return the easiest way from ``start`` into ``ends`` (n,), which some moves must reach.

    Fewest refused steps, then fewest steps. Ties are broken from the end backwards: the last step
    is the one that fewest members refuse; then it ends in the state with the fewest changes from
    ``start``, then the lowest number; then the first mover in order makes it; then it makes the
    fewest changes; then it begins at the lowest number. So is the step before it, and so on.
    """
    space = arena.game.space
    inside = np.flatnonzero(ends & (known.refused >= 0))
    keys = (inside, space.changes(start, inside), known.steps[inside], known.refused[inside])
    inside = inside[np.lexsort(keys)]
    first = inside[0]
    easiest = (known.refused[inside] == known.refused[first]) & (
        known.steps[inside] == known.steps[first]
    )
    targets = inside[easiest]
    steps: list[Step] = []
    while known.steps[targets[0]] > 0:
        mover, origin, target = _last_step(arena, known, targets)
        steps.append(step_of(arena, mover, origin, target))
        targets = np.array([origin])
    return tuple(reversed(steps))


def _last_step(arena: StabilityProblem, known: Distances, targets: Indexes) -> tuple[int, int, int]:
    """The step (mover, origin, target) that ends a way to the first target to be chosen.

    ``targets`` all have the same distance and come in the order in which they are preferred.
    """
    refused, count = int(known.refused[targets[0]]), int(known.steps[targets[0]])
    layer = (known.refused == refused) & (known.steps == count - 1)
    agreed = np.zeros(len(layer), dtype=bool)
    if layer.any():
        for side in arena.movers:
            if side.moves.mover.relations:
                agreed |= improved(side)(layer)
    if agreed[targets].any():
        target = targets[agreed[targets]][:1]
        found = _best(arena, np.flatnonzero(layer), target, most=0)
    else:
        layer = (known.refused == refused - 1) & (known.steps == count - 1)
        found = _best(arena, np.flatnonzero(layer), targets, most=None)
    if found is None:
        raise AssertionError("a state at some distance has a step that leads to it")
    return found


def _best(
    arena: StabilityProblem, origins: Indexes, targets: Indexes, most: int | None
) -> tuple[int, int, int] | None:
    """The best step from an origin to a target, refused by at most so many members."""
    space = arena.game.space
    best: tuple[tuple[int, ...], tuple[int, int, int]] | None = None
    for mover, side in enumerate(arena.movers):
        if not side.moves.mover.relations:
            continue
        for o, place in _joined(side.moves, origins, targets):
            t = targets[place]
            refusing = np.zeros(len(o), dtype=np.int64)
            for view in side.views:
                refusing += ~view.agrees(o, t)
            if most is not None:
                kept = refusing <= most
                o, t, place, refusing = o[kept], t[kept], place[kept], refusing[kept]
            if not len(o):
                continue
            # Changes within a step are counted for the few pairs only that are best so far.
            kept = np.lexsort((place, refusing))[0]
            level = (refusing == refusing[kept]) & (place == place[kept])
            o, changes = o[level], space.changes(int(t[kept]), o[level])
            first = np.lexsort((o, changes))[0]
            key = (int(refusing[kept]), int(place[kept]), mover, int(changes[first]), int(o[first]))
            if best is None or key < best[0]:
                best = key, (mover, int(o[first]), int(t[kept]))
    return None if best is None else best[1]


def _joined(moves: Moves, origins: Indexes, targets: Indexes) -> Iterator[tuple[Indexes, Indexes]]:
    """Yield the moves from origins to targets: the origins, and the places among the targets."""
    fibres = moves.fibre[targets]
    order = np.argsort(fibres, kind="stable")
    sorted_ = fibres[order]
    begin = np.searchsorted(sorted_, moves.fibre[origins], side="left")
    sizes = np.searchsorted(sorted_, moves.fibre[origins], side="right") - begin
    for chunk in _chunks(sizes):
        size = sizes[chunk]
        o = np.repeat(origins[chunk], size)
        within = np.arange(len(o)) - np.repeat(np.cumsum(size) - size, size)
        place = order[np.repeat(begin[chunk], size) + within]
        kept = (o != targets[place]) & moves.allows(o, targets[place])
        yield o[kept], place[kept]


def _chunks(sizes: Sequence[int] | Indexes) -> Iterator[slice]:
    """Slices of at most ``PAIR_CHUNK`` pairs together, or of one origin's, if these are more."""
    upto = np.cumsum(sizes)
    first, offset = 0, 0
    while first < len(upto):
        last = max(int(np.searchsorted(upto, offset + PAIR_CHUNK, side="right")), first + 1)
        yield slice(first, last)
        offset, first = int(upto[last - 1]), last
