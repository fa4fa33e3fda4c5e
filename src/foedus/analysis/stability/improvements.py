"""The improvements of a mover: its moves to states to which all its members agree to go.

Two forms of the same thing. A mover of one actor whose every change is open has, in each fibre, its
states in order of its levels, and its improvements from a state are the rest of that order: a
segmented suffix minimum answers every question in one pass. For other movers the pairs within the
fibres are enumerated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from foedus.moves import Moves, Values
from foedus.preferences import View, improves
from foedus.space import Indexes, Mask

KEPT_PAIRS = 1 << 24
"""Improvements of a mover are kept as pairs up to this many; beyond, enumerated at each pass."""


class Improvements(Protocol):
    """What stability concepts ask of a mover's improvements over n states."""

    def least(self, values: Values) -> Values:
        """Return the least of ``values`` among each state's improvements.

        Shape (n,); ``values`` lie from 0 to n, and a state without improvement gets more than n.
        """
        ...

    def some(self) -> Mask:
        """Return which states have an improvement; shape (n,)."""
        ...

    def unless(self, deterred: Callable[[Indexes, Indexes], Mask]) -> Mask:
        """Return which states have an improvement that ``deterred`` does not accept; shape (n,).

        ``deterred`` gets arrays of origins and targets.
        """
        ...

    def pairs(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield all improvements as arrays (origins, targets)."""
        ...


class RankedImprovements:
    """The improvements of one actor whose every change is open: a suffix of its fibre's order."""

    def __init__(self, moves: Moves, view: View) -> None:
        self._moves, self._view = moves, view
        fibre, levels = moves.fibre.astype(np.int64), view.levels
        n = len(levels)
        key = fibre * (n + 1) + levels
        self._order = np.argsort(key, kind="stable")
        ordered = key[self._order]
        # The first place after a run of equal keys; beyond the fibre's end there is none (n).
        last = np.empty(n, dtype=bool)
        last[-1:] = True
        last[:-1] = ordered[1:] != ordered[:-1]
        ends = np.flatnonzero(last) + 1
        follow = np.repeat(ends, np.diff(ends, prepend=0))
        in_order = fibre[self._order]
        beyond = np.append(in_order, -1)[follow] != in_order
        follow[beyond] = n
        self._follow = np.empty(n, dtype=np.intp)
        self._follow[self._order] = follow
        # Offsets that rise with the fibre keep one running minimum from leaking into the next.
        self._step = fibre * (n + 2)
        self._step_in_order = self._step[self._order]
        self._beyond = np.int64((int(fibre.max(initial=0)) + 2) * (n + 2))

    def least(self, values: Values) -> Values:
        """Return the least value among improvements; see :class:`Improvements`."""
        running = np.empty(len(values) + 1, dtype=np.int64)
        running[-1] = self._beyond
        lifted = values[self._order]
        lifted += self._step_in_order
        np.minimum.accumulate(lifted[::-1], out=running[-2::-1])
        found = running[self._follow]
        found -= self._step
        return found

    def some(self) -> Mask:
        """Return which states have an improvement."""
        return self._follow < len(self._follow)

    def worst_kept(self, values: Values) -> Values:
        """Return the greatest of ``values`` (0 to n) among improvements, negative if none; (n,)."""
        top = np.int64(len(values))
        return np.asarray(top - self.least(top - values))

    def unless(self, deterred: Callable[[Indexes, Indexes], Mask]) -> Mask:
        """Return which states have an improvement that is not deterred."""
        return _unless(self.pairs(), deterred, len(self._follow))

    def pairs(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield all improvements as arrays (origins, targets)."""
        yield from self._moves.pairs(lambda s, t: improves([self._view], s, t))


class PairedImprovements:
    """The improvements of any mover, by the pairs within its fibres."""

    def __init__(self, moves: Moves, views: Sequence[View]) -> None:
        self._moves, self._views = moves, list(views)

    def pairs(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield all improvements as arrays (origins, targets)."""
        if self._kept is None:
            yield from self._found()
        else:
            yield from self._kept

    def least(self, values: Values) -> Values:
        """Return the least value among improvements; see :class:`Improvements`."""
        found = np.full(len(values), 2 * len(values) + 2, dtype=np.int64)
        for origins, targets in self.pairs():
            if len(origins):
                heads = np.flatnonzero(np.diff(origins, prepend=-1))
                best = np.minimum.reduceat(values[targets], heads)
                found[origins[heads]] = np.minimum(found[origins[heads]], best)
        return found

    def some(self) -> Mask:
        """Return which states have an improvement."""
        found = np.zeros(len(self._moves.fibre), dtype=bool)
        for origins, _ in self.pairs():
            found[origins] = True
        return found

    def unless(self, deterred: Callable[[Indexes, Indexes], Mask]) -> Mask:
        """Return which states have an improvement that is not deterred."""
        return _unless(self.pairs(), deterred, len(self._moves.fibre))

    def _found(self) -> Iterator[tuple[Indexes, Indexes]]:
        if self._views and self._moves.mover.relations:
            yield from self._moves.pairs(lambda s, t: improves(self._views, s, t))

    @cached_property
    def _kept(self) -> list[tuple[Indexes, Indexes]] | None:
        kept: list[tuple[Indexes, Indexes]] = []
        count = 0
        for origins, targets in self._found():
            count += len(origins)
            if count > KEPT_PAIRS:
                return None
            kept.append((origins.astype(np.int32), targets.astype(np.int32)))
        return kept


def improvements_of(moves: Moves, views: Sequence[View]) -> Improvements:
    """Choose the form that fits the mover."""
    if len(views) == 1 and moves.clique and moves.mover.relations:
        return RankedImprovements(moves, views[0])
    return PairedImprovements(moves, views)


def _unless(
    pairs: Iterator[tuple[Indexes, Indexes]],
    deterred: Callable[[Indexes, Indexes], Mask],
    size: int,
) -> Mask:
    found = np.zeros(size, dtype=bool)
    for origins, targets in pairs:
        found[origins[~deterred(origins, targets)]] = True
    return found
