"""States as numbers: their mixed radix, the statements they satisfy, and those that rules leave.

The codes that satisfy some statements are built issue by issue, each statement applied as soon as
its last issue is in, so that the raw product is never held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.case.model import And, Case, Expression, Iff, Implies, In, Issue, Named, Not, Or
from foedus.case.problems import CaseError, Problem

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.intp]

STATE_LIMIT = 1 << 24
"""More partial states than this are refused: see :func:`filtered_codes`."""

WORK_LIMIT = 1 << 33
"""So often a part of a rule may be looked at for a partial state: some ten seconds."""

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


class StatementReader:
    """Says for an array of codes which of them satisfy a statement; caches what it has read."""

    def __init__(self, case: Case, radix: Radix, codes: Codes) -> None:
        self._case = case
        self._radix = radix
        self._codes = codes
        self._issue_index = {issue.id: k for k, issue in enumerate(radix.issues)}
        self._columns: dict[int, npt.NDArray[np.unsignedinteger]] = {}
        self._arrangements: dict[str, Mask] = {}

    def column(self, issue: int) -> npt.NDArray[np.unsignedinteger]:
        """The position numbers of one issue in every state; shape (n,)."""
        if issue not in self._columns:
            self._columns[issue] = self._radix.digit(self._codes, issue)
        return self._columns[issue]

    def holds(self, tree: Expression) -> Mask:
        """Which states satisfy the statement; shape (n,)."""
        for name in _arrangements_in_order(self._case, tree):
            if name not in self._arrangements:
                self._arrangements[name] = self._whole(self._case.arrangements[name].when.tree)
        return self._whole(tree)

    def _whole(self, tree: Expression) -> Mask:
        """The value everywhere, put together of parts of ``CHUNK`` states."""
        size = len(self._codes)
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
                k = self._issue_index[tree.issue]
                wanted = np.array(
                    [p.id in tree.positions for p in self._radix.issues[k].positions], dtype=bool
                )
                return np.asarray(wanted[self.column(k)[at]])
            case Named():
                return self._arrangements[tree.arrangement][at]
            case Not():
                return ~self._value(tree.part, at)
            case And():
                value = np.ones(len(self._codes[at]), dtype=bool)
                for part in tree.parts:
                    value &= self._value(part, at)
                return value
            case Or():
                value = np.zeros(len(self._codes[at]), dtype=bool)
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


def _arrangements_in_order(case: Case, tree: Expression) -> list[str]:
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
    return [tree, *(case.arrangements[a].when.tree for a in _arrangements_in_order(case, tree))]


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


class TooManyStates(CaseError):
    """A product of positions passes the limit before the rules can thin it out."""


def filtered_codes(
    case: Case, radix: Radix, trees: Sequence[Expression], limit: int = STATE_LIMIT
) -> Codes:
    """Return the codes over ``radix`` that satisfy every statement, in ascending order.

    Raises TooManyStates, naming the issue, when a partial product passes ``limit``, when the
    numbers of the states would pass 63 bits, or when looking at the statements would take more than
    ``WORK_LIMIT`` steps.
    """
    index = {issue.id: k for k, issue in enumerate(radix.issues)}
    due: dict[int, list[Expression]] = {}
    for tree in trees:
        last = max((index[i] for i in issues_of(case, tree)), default=0)
        due.setdefault(last, []).append(tree)
    codes: Codes = np.zeros(1, dtype=np.int64)
    work = 0
    for k, issue in enumerate(radix.issues):
        size = len(issue.positions)
        if len(codes) * size > limit:
            raise _too_many(
                case,
                issue,
                f"too many states: adding issue '{issue.id}' ({size} positions) to "
                f"{len(codes):,} partial states passes the limit of {limit:,}",
            )
        if radix.weights[k] * size >= 1 << 63:
            raise _too_many(
                case,
                issue,
                f"too many states: with issue '{issue.id}' the product of all positions, before "
                "any rule, passes 63 bits, and states can no longer be numbered",
            )
        if size != 1:
            steps = np.arange(size, dtype=np.int64) * radix.weights[k]
            codes = (steps[:, None] + codes[None, :]).ravel()
        applied = due.get(k, [])
        if not applied:
            continue
        work += len(codes) * sum(size_of(case, tree) for tree in applied)
        if work > WORK_LIMIT:
            raise _too_many(
                case,
                issue,
                f"too much to work out: {len(applied):,} rules are to be looked at for each of "
                f"{len(codes):,} partial states when issue '{issue.id}' is added",
            )
        codes = _kept(case, Radix(radix.issues[: k + 1], radix.weights[: k + 1]), codes, applied)
    return codes


def _too_many(case: Case, issue: Issue, message: str) -> TooManyStates:
    expected = "fewer issues or positions, or rules among the issues before it"
    return TooManyStates(
        [Problem(message, case.place(("issues", issue.id)), expected=expected)], case.file
    )


def _kept(case: Case, radix: Radix, codes: Codes, trees: Sequence[Expression]) -> Codes:
    """Those of the codes that satisfy every statement, looked at a chunk at a time."""
    parts = []
    for start in range(0, len(codes), CHUNK):
        part = codes[start : start + CHUNK]
        reader, keep = StatementReader(case, radix, part), np.ones(len(part), dtype=bool)
        for tree in trees:
            keep &= reader.holds(tree)
            if 2 * np.count_nonzero(keep) < len(part):
                part = part[keep]
                reader, keep = StatementReader(case, radix, part), np.ones(len(part), dtype=bool)
                if not len(part):
                    break
        parts.append(part[keep])
    return np.concatenate(parts) if parts else codes
