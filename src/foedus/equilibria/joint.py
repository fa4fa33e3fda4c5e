"""Joint moves from one state: searched for a sanction, without listing what cannot become one.

Opponents of a mover improve at the moment at which it does. A joint move is built reply by reply.
What replies still to come may change is known, and so the least level that they could leave each
member with, were every change of theirs an improvement; a partial joint move whose least levels
are all better than the origin is cut. (Branch and bound, for many improvements at a time.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.equilibria.problem import MoverView
from foedus.game.moves import Values
from foedus.game.space import Indexes, Mask, Space
from foedus.preferences import View

ROWS = 1 << 20
"""How many joint moves are looked at together."""

DENSE = 8
"""Codes are looked up in a table when there are at most so many a state."""

KEPT_BOUNDS = 64
"""So many tables of least levels are kept for a mover; beyond, they are made again."""

Codes = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int32]
Team = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Replies:
    """A mover's improvements by origin: those of s are ``targets[heads[s]:heads[s + 1]]``.

    ``shift`` is what each adds to the code of its origin.
    """

    mover: MoverView
    heads: npt.NDArray[np.int64]
    targets: Indexes
    shift: Codes

    @classmethod
    def of(cls, mover: MoverView) -> Replies:
        """All improvements of a mover. Raises TooLarge."""
        return cls._sorted(mover, *mover.listed)

    @classmethod
    def at(cls, mover: MoverView, state: int) -> Replies:
        """The improvements of a mover from one state (an index)."""
        targets = mover.improving(state)
        return cls._sorted(mover, np.full(len(targets), state), targets)

    @classmethod
    def _sorted(cls, mover: MoverView, origins: Indexes, targets: Indexes) -> Replies:
        codes = mover.moves.space.codes
        counts = np.bincount(origins, minlength=len(codes))
        heads = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(mover, heads, targets, codes[targets] - codes[origins])

    def origins(self) -> Indexes:
        """The origin of each improvement."""
        return np.repeat(np.arange(len(self.heads) - 1), np.diff(self.heads))

    def first_by(self, cost: Values) -> Replies:
        """From each origin the one improvement, if any, to the least ``cost``; shape (n,)."""
        if not len(self.targets):
            return self
        starts = self.heads[:-1][np.diff(self.heads) > 0]
        # The cost and the place of an improvement in one number: the least of them names it.
        keyed = cost[self.targets] * len(self.targets) + np.arange(len(self.targets))
        chosen = np.minimum.reduceat(keyed, starts) % len(self.targets)
        return self._sorted(self.mover, self.origins()[chosen], self.targets[chosen])


class _Levels:
    """The levels of a mover's members by code, and the least that changes of issues lead to.

    Codes are turned into slots: themselves, where there are few a state; else the index of the
    state, and n for what is not feasible.
    """

    def __init__(self, space: Space, views: Sequence[View]) -> None:
        self._space = space
        self._shape = tuple(len(issue.positions) for issue in space.radix.issues)
        self._size = int(np.prod([float(length) for length in self._shape]))
        self._dense = self._size <= DENSE * len(space)
        self._none = len(space) + 1
        slots = self._size if self._dense else len(space) + 1
        places = space.codes if self._dense else np.arange(len(space))
        self.levels = []
        for view in views:
            level = np.full(slots, self._none, dtype=np.int32)
            level[places] = view.levels
            self.levels.append(level)
        self._bounds: dict[frozenset[int], list[Levels]] = {}

    def slots(self, codes: Codes) -> Indexes:
        """The slots of codes."""
        if self._dense:
            return codes
        index = self._space.indexes(codes)
        return np.where(index >= 0, index, len(self._space))

    def state(self, code: int) -> int:
        """The index of the state with a code that is feasible."""
        return int(np.searchsorted(self._space.codes, code))

    def least(self, issues: frozenset[int]) -> list[Levels]:
        """For each member, the least level that any changes of the issues lead to, by slot."""
        if issues not in self._bounds:
            if len(self._bounds) >= KEPT_BOUNDS:
                self._bounds.clear()
            find = self._least_of_all if self._dense else self._least_of_states
            self._bounds[issues] = [find(level, issues) for level in self.levels]
        return self._bounds[issues]

    def left(self, issues: frozenset[int]) -> int:
        """The sum of the least levels, over all slots and members."""
        if not self._dense:
            return sum(int(level.sum(dtype=np.int64)) for level in self.least(issues))
        ways = math.prod(self._shape[k] for k in issues)
        return ways * sum(
            int(self._reduced(level, issues).sum(dtype=np.int64)) for level in self.levels
        )

    def _reduced(self, level: Levels, issues: frozenset[int]) -> Levels:
        """The issue that weighs most is taken out first, so that the places of the others stay."""
        weights, found = self._space.radix.weights, level
        for k in sorted(issues, reverse=True):
            parts = found.reshape(-1, self._shape[k], weights[k])
            found = parts[:, 0]
            for position in range(1, self._shape[k]):
                found = np.minimum(found, parts[:, position])
            found = found.reshape(-1)
        return found

    def _least_of_all(self, level: Levels, issues: frozenset[int]) -> Levels:
        weights, found = self._space.radix.weights, self._reduced(level, issues)
        for k in sorted(issues):
            parts = found.reshape(-1, 1, weights[k])
            found = np.repeat(parts, self._shape[k], axis=1).reshape(-1)
        return found

    def _least_of_states(self, level: Levels, issues: frozenset[int]) -> Levels:
        """What is not feasible may become so, and is not bounded."""
        space = self._space
        base = space.codes.copy()
        for k in issues:
            base -= space.reader.column(k).astype(np.int64) * space.radix.weights[k]
        _, group = np.unique(base, return_inverse=True)
        least = np.full(int(group.max()) + 1, self._none, dtype=np.int32)
        np.minimum.at(least, group, level[:-1])
        return np.append(least[group], np.int32(-1))


@dataclass(frozen=True, slots=True, eq=False)
class _Front:
    """Joint moves of one team so far: of which question, its code, and how it came about.

    ``row`` is the place in ``before`` of the joint move without the last reply, ``reply`` the index
    of the state that this reply alone would lead to.
    """

    team: Team
    question: Indexes
    code: Codes
    before: _Front | None = None
    row: Indexes | None = None
    reply: Indexes | None = None

    def kept(self, rows: Mask | Indexes) -> _Front:
        """Some of the joint moves."""
        return _Front(
            self.team,
            self.question[rows],
            self.code[rows],
            self.before,
            None if self.row is None else self.row[rows],
            None if self.reply is None else self.reply[rows],
        )


class JointMoves:
    """Joint moves of a mover and some opponents of it that share no member with each other."""

    def __init__(self, space: Space, mover: MoverView, opponents: Sequence[MoverView]) -> None:
        self._space, self._mover = space, mover
        self._levels = _Levels(space, mover.views)
        own = [(other, frozenset(other.moves.mover.relations)) for other in opponents]
        # Those that can hurt most come first: what the rest could do then cuts soonest.
        left = np.array([self._levels.left(k) for _, k in own], dtype=np.int64)
        own = [own[k] for k in np.argsort(left, kind="stable")]
        self.opponents = tuple(other for other, _ in own)
        """The opponents, in the order in which they are tried."""
        self._issues = [issues for _, issues in own]

    def met(self, origins: Indexes, targets: Indexes, replies: Sequence[Replies]) -> Mask:
        """Which improvements of the mover are met by a sanction, with these of the opponents'.

        ``origins`` and ``targets`` (q,) are indexes; ``replies`` has one entry an opponent.
        """
        met = np.zeros(len(origins), dtype=bool)
        for front, sanctions in self._built(origins, targets, replies, met):
            met[front.question[sanctions]] = True
        return met

    def sanction(
        self, origin: int, target: int, replies: Sequence[Replies]
    ) -> tuple[int, tuple[tuple[MoverView, int], ...]] | None:
        """A sanction of one improvement, and the replies it takes; None if there is none.

        The sanction is the index of a state; so is what each reply alone would lead to.
        """
        question = np.array([origin]), np.array([target])
        for front, sanctions in self._built(*question, replies, np.zeros(1, dtype=bool)):
            if sanctions.any():
                row = int(sanctions.argmax())
                state = self._levels.state(int(front.code[row]))
                made: list[tuple[MoverView, int]] = []
                here: _Front | None = front
                while here is not None and here.row is not None and here.reply is not None:
                    made.append((self.opponents[here.team[-1]], int(here.reply[row])))
                    row, here = int(here.row[row]), here.before
                return state, tuple(reversed(made))
        return None

    def _built(
        self, origins: Indexes, targets: Indexes, replies: Sequence[Replies], met: Mask
    ) -> Iterator[tuple[_Front, Mask]]:
        """Yield joint moves, and which of them are sanctions; leave alone what is ``met``.

        Each single reply is tried before any two at once; then a team's before another's begin.
        """
        bounds = [
            np.broadcast_to(np.asarray(bound, dtype=np.int32), origins.shape)
            for bound in self._mover.bounds(origins)
        ]
        waiting = [_Front((), np.arange(len(origins)), self._space.codes[targets])]
        while waiting:
            front = waiting.pop()
            front = front.kept(~met[front.question])
            children = []
            for k in range(front.team[-1] + 1 if front.team else 0, len(self.opponents)):
                if not all(self._opposed(k, other) for other in front.team):
                    continue
                team = (*front.team, k)
                rest = self._rest(team)
                hope = self._within(self._levels.least(rest | self._issues[k]), front, bounds)
                rows = np.flatnonzero(hope & ~met[front.question])
                for piece in self._pieces(replies[k].heads, origins[front.question[rows]]):
                    child = self._joined(front, rows[piece], team, origins, replies[k])
                    yield child, self._within(self._levels.levels, child, bounds)
                    if rest:
                        hope = self._within(self._levels.least(rest), child, bounds)
                        children.append(child.kept(hope & ~met[child.question]))
            waiting += [child for child in reversed(children) if len(child.question)]

    def _within(self, levels: Sequence[Levels], front: _Front, bounds: Sequence[Levels]) -> Mask:
        """Which joint moves have a level, for some member, that is no better than the origin."""
        slots = self._levels.slots(front.code)
        found = np.zeros(len(slots), dtype=bool)
        for level, bound in zip(levels, bounds, strict=True):
            found |= level[slots] <= bound[front.question]
        return found

    def _opposed(self, a: int, b: int) -> bool:
        return self.opponents[a].moves.mover.opposes(self.opponents[b].moves.mover)

    def _rest(self, team: Team) -> frozenset[int]:
        """The issues that opponents who may still join a team could change."""
        found: frozenset[int] = frozenset()
        for k in range(team[-1] + 1, len(self.opponents)):
            if all(self._opposed(k, other) for other in team):
                found |= self._issues[k]
        return found

    @staticmethod
    def _pieces(heads: npt.NDArray[np.int64], origins: Indexes) -> Iterator[slice]:
        """Cut the rows that begin at ``origins`` so that each piece has about ``ROWS`` replies."""
        upto = np.cumsum(heads[origins + 1] - heads[origins])
        first = 0
        while first < len(origins):
            base = int(upto[first - 1]) if first else 0
            last = max(int(np.searchsorted(upto, base + ROWS, side="right")), first + 1)
            yield slice(first, last)
            first = last

    def _joined(
        self, front: _Front, rows: Indexes, team: Team, origins: Indexes, replies: Replies
    ) -> _Front:
        """The joint moves with one reply more, without those that clash."""
        origin = origins[front.question[rows]]
        counts = replies.heads[origin + 1] - replies.heads[origin]
        row = np.repeat(rows, counts)
        offset = np.repeat(replies.heads[origin] - (np.cumsum(counts) - counts), counts)
        pick = np.arange(len(row)) + offset
        code = front.code[row] + replies.shift[pick]
        made = _Front(team, front.question[row], code, front, row, replies.targets[pick])
        touched = set(self._mover.moves.mover.relations).union(
            *(self._issues[k] for k in front.team)
        )
        shared = touched & self._issues[team[-1]]
        return self._agreed(made, front.code[row], origins, shared) if shared else made

    def _agreed(self, made: _Front, before: Codes, origins: Indexes, shared: set[int]) -> _Front:
        """Count once what is set alike, and leave out joint moves that set an issue differently."""
        space, code = self._space, made.code.copy()
        assert made.reply is not None  # noqa: S101 (it has been joined by one)
        clash = np.zeros(len(code), dtype=bool)
        for k in shared:
            column = space.reader.column(k)
            at_first, wanted = column[origins[made.question]], column[made.reply]
            already = space.radix.digit(before, k)
            both = (already != at_first) & (wanted != at_first)
            clash |= both & (already != wanted)
            step = (wanted.astype(np.int64) - at_first) * space.radix.weights[k]
            code -= np.where(both, step, 0)
        joined = _Front(made.team, made.question, code, made.before, made.row, made.reply)
        return joined.kept(~clash)
