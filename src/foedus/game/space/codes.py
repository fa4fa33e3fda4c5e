"""States as numbers: their mixed radix, and the statements that they satisfy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.case.model import And, Case, Expression, Iff, Implies, In, Issue, Named, Not, Or

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.intp]

CHUNK = 1 << 18
"""So many states are looked at together, so that what lies between takes little memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Radix:
    """Mixed-radix numbering of some issues: ``weights[i]`` is the place value of issue ``i``."""

    issues: tuple[Issue, ...]
    weights: tuple[int, ...]

    @classmethod
    def of(cls, issues: Sequence[Issue]) -> Radix:
        """Number the positions of ``issues``, the first issue varying fastest."""
        weights = [1]
        for issue in issues:
            weights.append(weights[-1] * len(issue.positions))
        return cls(tuple(issues), tuple(weights[:-1]))

    def digit(self, codes: Codes, issue: int) -> npt.NDArray[np.unsignedinteger]:
        """The position numbers that the codes give to the issue with this index; shape (n,)."""
        size = len(self.issues[issue].positions)
        digits = (codes // self.weights[issue]) % size
        return digits.astype(np.min_scalar_type(max(size - 1, 0)))

    def positions(self, code: int) -> dict[str, str]:
        """What a code stands for, as a map from issue ids to position ids."""
        return {
            issue.id: issue.positions[code // weight % len(issue.positions)].id
            for issue, weight in zip(self.issues, self.weights, strict=True)
        }


def indexes_of(codes: Codes, among: Codes) -> Indexes:
    """The place of each code in ``among`` (n,), ascending, -1 where it is not; shape of ``codes``.

    ``among`` is not empty.
    """
    place = np.minimum(np.searchsorted(among, codes), len(among) - 1)
    return np.where(among[place] == codes, place, -1)


class StatementReader:
    """Says for an array of codes which of them satisfy a statement; caches what it has read."""

    def __init__(self, case: Case, radix: Radix, codes: Codes) -> None:
        self.case = case
        self._radix = radix
        self._codes = codes
        self._size = len(codes)
        self.index = {issue.id: k for k, issue in enumerate(radix.issues)}
        self._columns: dict[int, npt.NDArray[np.unsignedinteger]] = {}
        self._arrangements: dict[str, Mask] = {}

    @classmethod
    def of_columns(
        cls, case: Case, columns: Mapping[str, npt.NDArray[np.unsignedinteger]], size: int
    ) -> StatementReader:
        """A reader of ``size`` partial states, given by the positions in the issues of ``columns``.

        Statements about other issues cannot be read.
        """
        radix = Radix(tuple(case.issues[issue] for issue in columns), ())
        reader = cls(case, radix, np.zeros(0, dtype=np.int64))
        reader._size = size
        reader._columns = dict(enumerate(columns.values()))
        return reader

    def __len__(self) -> int:
        return self._size

    def column(self, issue: int) -> npt.NDArray[np.unsignedinteger]:
        """The position numbers of one issue in every state; shape (n,)."""
        if issue not in self._columns:
            self._columns[issue] = self._radix.digit(self._codes, issue)
        return self._columns[issue]

    def holds(self, tree: Expression) -> Mask:
        """Which states satisfy the statement; shape (n,)."""
        for name in arrangements_in_order(self.case, tree):
            if name not in self._arrangements:
                self._arrangements[name] = self._whole(self.case.arrangements[name].when.tree)
        return self._whole(tree)

    def _whole(self, tree: Expression) -> Mask:
        """The value everywhere, put together of parts of ``CHUNK`` states."""
        size = self._size
        if size <= CHUNK:
            return self._value(tree, slice(0, size))
        value = np.empty(size, dtype=bool)
        for start in range(0, size, CHUNK):
            part = slice(start, start + CHUNK)
            value[part] = self._value(tree, part)
        return value

    def _value(self, tree: Expression, at: slice) -> Mask:
        match tree:
            case In():
                k = self.index[tree.issue]
                wanted = np.array(
                    [p.id in tree.positions for p in self._radix.issues[k].positions], dtype=bool
                )
                return np.asarray(wanted[self.column(k)[at]])
            case Named():
                return self._arrangements[tree.arrangement][at]
            case Not():
                return ~self._value(tree.part, at)
            case And():
                value = np.ones(len(range(self._size)[at]), dtype=bool)
                for part in tree.parts:
                    value &= self._value(part, at)
                return value
            case Or():
                value = np.zeros(len(range(self._size)[at]), dtype=bool)
                for part in tree.parts:
                    value |= self._value(part, at)
                return value
            case Implies():
                return ~self._value(tree.left, at) | self._value(tree.right, at)
            case Iff():
                return np.asarray(self._value(tree.left, at) == self._value(tree.right, at))


def leaves_of(tree: Expression) -> Iterator[In | Named]:
    """The smallest parts of a statement, in no particular order; named ones are not followed."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case In() | Named():
                yield node
            case Not():
                waiting.append(node.part)
            case And() | Or():
                waiting.extend(node.parts)
            case Implies() | Iff():
                waiting += [node.left, node.right]


def arrangements_in_order(case: Case, tree: Expression) -> list[str]:
    """The arrangements that a statement names, directly or not, each after those it needs."""
    done: dict[str, None] = {}
    waiting = [(leaf.arrangement, False) for leaf in leaves_of(tree) if isinstance(leaf, Named)]
    while waiting:
        name, ready = waiting.pop()
        if name in done:
            continue
        if ready:
            done[name] = None
            continue
        waiting.append((name, True))
        for leaf in leaves_of(case.arrangements[name].when.tree):
            if isinstance(leaf, Named):
                waiting.append((leaf.arrangement, False))
    return list(done)


def trees_of(case: Case, tree: Expression) -> list[Expression]:
    """A statement and those of the arrangements that it names, directly or not."""
    return [tree, *(case.arrangements[a].when.tree for a in arrangements_in_order(case, tree))]


def issues_of(case: Case, tree: Expression) -> frozenset[str]:
    """The ids of the issues on which a statement depends, through arrangements too."""
    return frozenset(
        leaf.issue
        for part in trees_of(case, tree)
        for leaf in leaves_of(part)
        if isinstance(leaf, In)
    )


def size_of(case: Case, tree: Expression) -> int:
    """How many smallest parts a statement has, with those of the arrangements that it names."""
    return sum(1 for part in trees_of(case, tree) for _ in leaves_of(part))
