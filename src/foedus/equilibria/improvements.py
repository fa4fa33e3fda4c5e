"""The improvements of a mover: its moves to states to which all its members agree to go.

Three forms of the same thing. A mover of one actor whose every change is open has, in each cell,
its states in order of its levels, and its improvements from a state are the rest of that order: a
segmented suffix minimum answers every question in one pass. Where some changes are one-way, or two
members must gain at once, or a vote must pass, the same is asked of each cell a move may lead to.
For three members and more the pairs are enumerated, or, where these are too many, tried in blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from foedus.equilibria.dominance import AboveOne, AboveTwo, exceeded, least_above
from foedus.equilibria.fast import loops
from foedus.equilibria.trees import Tree
from foedus.game.moves import PAIR_CHUNK, Moves, Small, Values
from foedus.game.space import Indexes, Mask
from foedus.preferences import View, improves

KEPT_PAIRS = 1 << 25
"""Moves are looked at pair by pair up to this many; improvements among them are kept."""

KEPT_QUESTIONS = 1 << 24
"""Questions (a state, a cell that its moves lead to) are kept up to this many."""


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

    def undeterred(self, costs: Sequence[Values]) -> Mask:
        """Return which states have an improvement that costs no member its gain; shape (n,).

        ``costs`` holds, member by member, the worst level that can follow from each state; an
        improvement from s stands when every member's is above its level at s (an electorate's: 1).
        """
        ...

    def reached(self, origins: Mask) -> Mask:
        """Return the states that are an improvement from one of ``origins``; shape (n,)."""
        ...

    def pairs(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield all improvements as arrays (origins, targets)."""
        ...


class RankedImprovements:
    """The improvements of one actor whose every change is open: a suffix of its cell's order."""

    def __init__(self, moves: Moves, view: View) -> None:
        self._moves, self._view = moves, view
        cell, levels = moves.cell.astype(np.int64), view.levels
        n = len(levels)
        key = cell * (n + 1) + levels
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        # The first place after a run of equal keys; beyond the cell's end there is none (n).
        last = np.empty(n, dtype=bool)
        last[-1:] = True
        last[:-1] = ordered[1:] != ordered[:-1]
        ends = np.flatnonzero(last) + 1
        follow = np.repeat(ends, np.diff(ends, prepend=0))
        in_order = cell[order]
        beyond = np.append(in_order, -1)[follow] != in_order
        follow[beyond] = n
        self._order: Small = order.astype(np.int32)
        self._follow: Small = np.empty(n, dtype=np.int32)
        self._follow[order] = follow

    def least(self, values: Values) -> Values:
        """Return the least value among improvements; see :class:`Improvements`."""
        moves, n = self._moves, len(values)
        if (compiled := loops("compiled_least", n)) is not None:
            found = np.empty(n, dtype=np.int64)
            ends = moves.cell_starts + moves.cell_sizes
            compiled.least_ranked(values, self._order, self._follow, ends, found)
            return found
        # Offsets that rise with the cell keep one running minimum from leaking into the next.
        lift = np.arange(moves.number_of_cells, dtype=np.int64) * (n + 2)
        running = np.empty(n + 1, dtype=np.int64)
        running[-1] = (moves.number_of_cells + 1) * (n + 2)
        lifted = running[:-1]
        lifted[:] = np.repeat(lift, moves.cell_sizes)
        lifted += values[self._order]
        np.minimum.accumulate(lifted[::-1], out=lifted[::-1])
        found = running[self._follow]
        found -= lift[moves.cell]
        return np.asarray(found)

    def some(self) -> Mask:
        """Return which states have an improvement."""
        return self._follow < len(self._follow)

    def undeterred(self, costs: Sequence[Values]) -> Mask:
        """Return which states have an improvement that costs the actor nothing of its gain."""
        best = most_moves(self._moves, np.minimum(costs[0], self._view.levels))
        return np.asarray(best > self._view.levels)

    def reached(self, origins: Mask) -> Mask:
        """Return the states that are an improvement from one of ``origins``."""
        return _better_in_cell(self._moves, self._view.levels, origins)

    def pairs(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield all improvements as arrays (origins, targets), by origin."""
        n = len(self._follow)
        ends = np.append(self._moves.cell_starts[1:], n)[self._moves.cell]
        counts = np.maximum(ends - self._follow, 0)
        upto = np.cumsum(counts)
        first = 0
        while first < n:
            base = int(upto[first] - counts[first])
            last = max(int(np.searchsorted(upto, base + PAIR_CHUNK, side="right")), first + 1)
            piece = slice(first, last)
            # Each origin's improvements are the places from `follow` on, to its cell's end.
            shift = np.repeat(self._follow[piece] - (upto - counts)[piece], counts[piece])
            places = np.arange(base, base + len(shift)) + shift
            yield np.repeat(np.arange(first, last), counts[piece]), self._order[places]
            first = last


class LinkedImprovements:
    """The improvements of any mover, asked of each cell that its moves lead to."""

    def __init__(self, moves: Moves, views: Sequence[View]) -> None:
        self._moves, self._views = moves, list(views)
        self._judges = [view.levels for view in views if not view.electorate]
        self._size = len(moves.space)
        self._passed: Mask = np.ones(self._size, dtype=bool)
        for view in views:
            if view.electorate:
                self._passed &= view.levels == 1

    def pairs(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield all improvements as arrays (origins, targets)."""
        if self._kept_pairs is None:
            yield from self._found_pairs()
        else:
            yield from self._kept_pairs

    def least(self, values: Values) -> Values:
        """Return the least value among improvements; see :class:`Improvements`."""
        none = self._size + 1
        values = np.where(self._passed, values, none)
        found = np.full(self._size, none, dtype=np.int64)
        if len(self._judges) == 1:
            running = self._above_one.running(values)
            for states, cells, places in self._questions():
                _lower(found, states, self._above_one.answers(running, places, cells))
        elif self._tree is not None:
            self._tree.lower(found, values)
        elif len(self._judges) == 2 and self._above_two is not None:
            for states, above in self._above_two:
                _lower(found, states, above.least(values))
        elif self._kept_pairs is not None:
            for origins, targets in self._kept_pairs:
                _lower(found, origins, values[targets])
        elif self._judges:
            self._least_by_cell(values, found)
        return found

    def some(self) -> Mask:
        """Return which states have an improvement."""
        return self._some

    def reached(self, origins: Mask) -> Mask:
        """Return the states that are an improvement from one of ``origins``."""
        if self._moves.clique and len(self._judges) == 1:
            return _better_in_cell(self._moves, self._judges[0], origins) & self._passed
        if self._moves.clique and self._tree is not None:
            return self._tree.surpassing(origins) & self._passed
        found = np.zeros(self._size, dtype=bool)
        for starts, ends in self.pairs():
            found[ends[origins[starts]]] = True
        return found

    def undeterred(self, costs: Sequence[Values]) -> Mask:
        """Return which states have an improvement that stands; see :class:`Improvements`."""
        allowed = self._passed.copy()
        kept = []
        for view, cost in zip(self._views, costs, strict=True):
            if view.electorate:
                allowed &= cost >= 1
            else:
                kept.append(np.where(allowed, np.minimum(view.levels, cost), -1))
        kept = [np.where(allowed, level, -1) for level in kept]
        found = np.zeros(self._size, dtype=bool)
        if len(kept) == 1:
            moves = self._moves
            best = np.maximum.reduceat(kept[0][moves.order_by_cell], moves.cell_starts)
            for states, cells in moves.reaches():
                found[states[best[cells] > self._judges[0][states]]] = True
        elif self._tree is not None:
            found = self._tree.surpassed(kept)
        elif len(kept) == 2:
            self._undeterred_two(kept[0], kept[1], found)
        elif kept and self._kept_pairs is not None:
            for origins, targets in self._kept_pairs:
                stands = np.ones(len(origins), dtype=bool)
                for level, own in zip(kept, self._judges, strict=True):
                    stands &= level[targets] > own[origins]
                found[origins[stands]] = True
        elif kept:
            targets_kept, own = np.stack(kept, axis=1), np.stack(self._judges, axis=1)
            for inside, states in self._by_cell():
                states = states[~found[states]]
                inside = inside[targets_kept[inside, 0] >= 0]
                found[states[exceeded(targets_kept[inside], own[states])]] = True
        return found

    def _undeterred_two(self, first: Values, second: Values, found: Mask) -> None:
        """Mark the states with a move to one above both members' levels."""
        above = AboveOne(self._moves.cell, first + 1)
        running = above.running(np.int64(self._size) - second)
        for states, cells in self._moves.reaches():
            places = above.places(cells, self._judges[0][states] + 1)
            greatest = self._size - above.answers(running, places, cells)
            found[states[greatest > self._judges[1][states]]] = True

    def _least_by_cell(self, values: Values, found: Values) -> None:
        own = np.stack(self._judges, axis=1)
        some = self._some
        for inside, states in self._by_cell():
            states = states[some[states]]
            inside = inside[values[inside] <= self._size]
            least = least_above(own[inside], values[inside], own[states], self._size + 1)
            found[states] = np.minimum(found[states], least)

    def _by_cell(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield the states of each cell, and states whose moves lead there."""
        moves = self._moves
        for states, cells in moves.reaches():
            order = np.argsort(cells, kind="stable")
            heads = np.flatnonzero(np.diff(cells[order], prepend=-1))
            for asking in np.split(order, heads[1:]):
                begin = moves.cell_starts[cells[asking[0]]]
                size = moves.cell_sizes[cells[asking[0]]]
                inside = moves.order_by_cell[begin : begin + size].astype(np.intp)
                yield inside, states[asking]

    @cached_property
    def _some(self) -> Mask:
        return self.undeterred([view.levels for view in self._views])

    @cached_property
    def _above_one(self) -> AboveOne:
        return AboveOne(self._moves.cell, self._judges[0])

    def _questions(self) -> Iterator[tuple[Indexes, Indexes, Indexes]]:
        """Yield states, cells that their moves lead to, and places of what is better there."""
        if self._kept_questions is None:
            yield from self._found_questions()
        else:
            yield from self._kept_questions

    def _found_questions(self) -> Iterator[tuple[Indexes, Indexes, Indexes]]:
        for states, cells in self._moves.reaches():
            yield states, cells, self._above_one.places(cells, self._judges[0][states])

    @cached_property
    def _kept_questions(self) -> list[tuple[Indexes, Indexes, Indexes]] | None:
        kept: list[tuple[Indexes, Indexes, Indexes]] = []
        count = 0
        for states, cells, places in self._found_questions():
            count += len(states)
            if count > KEPT_QUESTIONS:
                return None
            kept.append((states.astype(np.int32), cells.astype(np.int32), places.astype(np.int32)))
        return kept

    @cached_property
    def _tree(self) -> Tree | None:
        return Tree.of(self._moves, self._judges)

    @cached_property
    def _above_two(self) -> list[tuple[Indexes, AboveTwo]] | None:
        first, second = self._judges
        found: list[tuple[Indexes, AboveTwo]] = []
        count = 0
        for states, cells in self._moves.reaches():
            count += len(states)
            if count > KEPT_QUESTIONS:
                return None
            bounds = (first[states], second[states])
            found.append((states, AboveTwo(self._moves.cell, first, second, cells, *bounds)))
        return found

    def _found_pairs(self) -> Iterator[tuple[Indexes, Indexes]]:
        if self._judges and self._moves.mover.relations:
            yield from self._moves.pairs(lambda s, t: improves(self._views, s, t))

    @cached_property
    def _kept_pairs(self) -> list[tuple[Indexes, Indexes]] | None:
        if self._moves.number_of_pairs > KEPT_PAIRS:
            return None
        return [(s.astype(np.int32), t.astype(np.int32)) for s, t in self._found_pairs()]


def least_moves(moves: Moves, values: Values) -> Values:
    """The least value each state finds among itself and its moves; shape (n,).

    As :meth:`~foedus.game.moves.Moves.least`, by a compiled loop where that is worth while.
    """
    compiled = loops("compiled_least", len(values)) if moves.clique else None
    if compiled is None:
        return moves.least(values)
    found = np.empty(len(values), dtype=np.int64)
    compiled.least_moves(values, moves.cell, moves.number_of_cells, found)
    return found


def most_moves(moves: Moves, values: Values) -> Values:
    """The greatest value each state finds among itself and its moves; shape (n,)."""
    return -least_moves(moves, -values)


def improvements_of(moves: Moves, views: Sequence[View]) -> Improvements:
    """Choose the form that fits the mover."""
    if len(views) == 1 and moves.clique and moves.mover.relations:
        return RankedImprovements(moves, views[0])
    return LinkedImprovements(moves, views)


def _better_in_cell(moves: Moves, levels: Values, origins: Mask) -> Mask:
    """In each cell, the states above the least level of the origins in it."""
    least = np.full(moves.number_of_cells, np.iinfo(np.int64).max)
    np.minimum.at(least, moves.cell[origins], levels[origins])
    return np.asarray(levels > least[moves.cell])


def _lower(found: Values, states: Indexes, values: Values) -> None:
    """Lower ``found`` to the least value of each state; those of one state stand together."""
    if len(states):
        heads = np.flatnonzero(np.diff(states, prepend=-1))
        least = np.minimum.reduceat(values, heads)
        found[states[heads]] = np.minimum(found[states[heads]], least)
