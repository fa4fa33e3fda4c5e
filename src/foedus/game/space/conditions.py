"""The conditions that statements put on states, made so that they can be joined in any order.

A statement is taken apart at its conjunctions; what is about few combinations of positions becomes
a table of those allowed. Of a larger one it can be said before all of its issues are set whether it
can still come to hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foedus.case.join_order import UNKNOWN, Scope
from foedus.case.model import And, Case, Expression, Iff, Implies, In, Named, Not, Or
from foedus.game.space.codes import (
    Mask,
    Radix,
    StatementReader,
    arrangements_in_order,
    issues_of,
    size_of,
)

TABLE_LIMIT = 1 << 12
"""So many combinations of positions are tabulated for one condition."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """What must hold of the issues of ``scope`` (sorted ids).

    ``says`` is a statement, or a table with an axis an issue: whether a combination of positions is
    allowed. ``size`` is how much work it is to look at it for one state.
    """

    scope: Scope
    says: Mask | Expression
    size: int

    @property
    def allowed(self) -> Mask | None:
        """The table, if there is one."""
        return self.says if isinstance(self.says, np.ndarray) else None

    @property
    def share(self) -> float:
        """The share of combinations that it lets pass, as far as it is known."""
        return UNKNOWN if self.allowed is None else float(self.allowed.mean())

    @property
    def never(self) -> bool:
        """Whether it is known to hold nowhere."""
        return self.allowed is not None and not self.allowed.any()

    def may_hold(self, reader: StatementReader, known: frozenset[str]) -> Mask:
        """For which of the reader's states it holds, or still may where only some issues are known.

        ``known`` are those set in the reader's states; a condition with a table needs all of its
        own. Shape (n,).
        """
        if not isinstance(self.says, np.ndarray):
            if known.issuperset(self.scope):
                return reader.holds(self.says)
            return _Prospects(reader, known).can_hold(self.says)
        columns = (reader.column(reader.index[issue]) for issue in self.scope)
        cells = np.zeros((), dtype=np.intp)
        for column, size in zip(columns, self.says.shape, strict=True):
            cells = cells * size + column
        return np.asarray(self.says.ravel()[cells])

    def residue(self, reader: StatementReader, known: frozenset[str]) -> list[Mask]:
        """Masks of shape (n,): two of the reader's states alike in all ask the same from here on.

        That is, the same positions of other issues make both satisfy it. Each of the states must
        still be able to; for a condition without a table.
        """
        if isinstance(self.says, np.ndarray):
            raise TypeError("what a table still asks is told by its issues")
        return _Prospects(reader, known).residue(self.says)


def conditions_of(case: Case, tree: Expression) -> list[Condition]:
    """The conditions that together say what a statement says, one for each of its conjuncts."""
    made = []
    for part in _conjuncts(case, tree):
        scope = tuple(sorted(issues_of(case, part)))
        issues = [case.issues[i] for i in scope]
        cells = math.prod(len(issue.positions) for issue in issues)
        if cells <= TABLE_LIMIT:
            every = StatementReader(case, Radix.of(issues), np.arange(cells, dtype=np.int64))
            shape = [len(issue.positions) for issue in issues]
            allowed = every.holds(part).reshape(shape, order="F")
            made.append(_table(scope, allowed))
        else:
            made.append(Condition(scope, part, size_of(case, part)))
    return made


def _conjuncts(case: Case, tree: Expression) -> Iterator[Expression]:
    """Statements that hold together exactly where ``tree`` does."""
    waiting, seen = [(tree, True)], set[tuple[str, bool]]()
    while waiting:
        node, holds = waiting.pop()
        match node:
            case Not():
                waiting.append((node.part, not holds))
            case Named():
                if (node.arrangement, holds) not in seen:
                    seen.add((node.arrangement, holds))
                    waiting.append((case.arrangements[node.arrangement].when.tree, holds))
            case And() if holds:
                waiting += [(part, True) for part in node.parts]
            case Or() if not holds:
                waiting += [(part, False) for part in node.parts]
            case Implies() if not holds:
                waiting += [(node.left, True), (node.right, False)]
            case _:
                yield node if holds else Not(node)


def merged(conditions: Iterable[Condition]) -> list[Condition]:
    """The same conditions with one table for each scope, in an order of their own.

    It does not depend on theirs. Those without a table come last, the smallest first.
    """
    tables: dict[Scope, Mask] = {}
    others = []
    for condition in conditions:
        allowed = condition.allowed
        if allowed is None:
            others.append(condition)
        else:
            tables[condition.scope] = allowed & tables.get(condition.scope, True)
    made = [_table(scope, tables[scope]) for scope in sorted(tables)]
    return made + sorted(others, key=lambda condition: (condition.size, condition.scope))


def implied(
    order: Sequence[str], conditions: Sequence[Condition], sizes: Mapping[str, int]
) -> list[Condition]:
    """What the tables imply for the issues before the last of each, from the last one backwards.

    With these beside the tables, few partial states are put together that cannot be finished: none
    at all where no table on the way would pass ``TABLE_LIMIT`` (adaptive consistency,
    [Dechter1987]).
    """
    place = {issue: k for k, issue in enumerate(order)}
    due: list[list[tuple[Scope, Mask]]] = [[] for _ in order]
    for table in conditions:
        if table.allowed is not None:
            last = max(place[issue] for issue in table.scope)
            due[last].append((table.scope, table.allowed))
    found = []
    for k in range(len(order) - 1, -1, -1):
        for scope, allowed in _joined(due[k], sizes):
            rest = tuple(issue for issue in scope if issue != order[k])
            left = np.asarray(allowed.any(axis=scope.index(order[k])))
            if not left.all():
                found.append(_table(rest, left))
                if rest:
                    due[max(place[issue] for issue in rest)].append((rest, left))
    return found


def _table(scope: Scope, allowed: Mask) -> Condition:
    return Condition(scope, allowed, max(len(scope), 1))


def _joined(
    tables: Sequence[tuple[Scope, Mask]], sizes: Mapping[str, int]
) -> list[tuple[Scope, Mask]]:
    """The tables put together into as few as the limit on their size permits, or nearly so."""
    joined: list[tuple[Scope, Mask]] = []
    for scope, allowed in sorted(tables, key=lambda table: (-len(table[0]), table[0])):
        for k, (other, mask) in enumerate(joined):
            union = tuple(sorted({*other, *scope}))
            if math.prod(sizes[issue] for issue in union) <= TABLE_LIMIT:
                joined[k] = union, _spread(other, mask, union) & _spread(scope, allowed, union)
                break
        else:
            joined.append((scope, allowed))
    return joined


def _spread(scope: Scope, allowed: Mask, union: Scope) -> Mask:
    """The table with an axis of length one for each issue of ``union`` that it does not have."""
    return np.expand_dims(allowed, tuple(k for k, i in enumerate(union) if i not in scope))


class _Prospects:
    """Says which partial states can still come to satisfy a statement: no others ever will."""

    def __init__(self, reader: StatementReader, known: frozenset[str]) -> None:
        self._reader = reader
        self._known = known
        self._named: dict[str, tuple[Mask, Mask]] = {}
        self._open = np.ones(len(reader), dtype=bool)
        self._looked: dict[int, tuple[Mask, Mask]] | None = None
        """What is known of parts of a statement already, where each is asked about twice."""

    def can_hold(self, tree: Expression) -> Mask:
        """The states that may satisfy the statement once every issue is set; shape (n,)."""
        case = self._reader.case
        for name in arrangements_in_order(case, tree):
            self._named[name] = self._both(case.arrangements[name].when.tree)
        return self._both(tree)[0]

    def _both(self, tree: Expression) -> tuple[Mask, Mask]:
        """Where the statement can hold, and where it can fail."""
        if self._looked is None:
            return self._looking(tree)
        if id(tree) not in self._looked:
            self._looked[id(tree)] = self._looking(tree)
        return self._looked[id(tree)]

    def _looking(self, tree: Expression) -> tuple[Mask, Mask]:
        match tree:
            case In():
                if tree.issue not in self._known:
                    return self._open, self._open
                holds = self._reader.holds(tree)
                return holds, ~holds
            case Named():
                return self._named[tree.arrangement]
            case Not():
                can, cannot = self._both(tree.part)
                return cannot, can
            case And():
                return self._all([self._both(part) for part in tree.parts])
            case Or():
                can, cannot = self._all([self._both(part)[::-1] for part in tree.parts])
                return cannot, can
            case Implies():
                fails, holds = self._all([self._both(tree.left), self._both(tree.right)[::-1]])
                return holds, fails
            case Iff():
                left, right = self._both(tree.left), self._both(tree.right)
                return (
                    (left[0] & right[0]) | (left[1] & right[1]),
                    (left[0] & right[1]) | (left[1] & right[0]),
                )

    def _all(self, parts: Sequence[tuple[Mask, Mask]]) -> tuple[Mask, Mask]:
        can, cannot = self._open, ~self._open
        for part in parts:
            can, cannot = can & part[0], cannot | part[1]
        return can, cannot

    def residue(self, tree: Expression) -> list[Mask]:
        """What is still to be decided in the statement, part by part: see `Condition.residue`.

        A part whose value is known in a part that is not yet decided is known to be the one that
        decides nothing, but under "if and only if"; so it is enough which parts are open. What
        stands in a decided part no longer matters.
        """
        self._looked = {}
        self.can_hold(tree)
        case = self._reader.case
        masks: list[Mask] = []
        asked = dict.fromkeys(self._named, ~self._open)
        self._ask(tree, self._open, masks, asked)
        # Each arrangement once, after all that name it.
        for name in reversed(arrangements_in_order(case, tree)):
            can, cannot = self._named[name]
            masks += [asked[name] & can & cannot, asked[name] & can & ~cannot]
            self._ask(case.arrangements[name].when.tree, asked[name], masks, asked)
        return masks

    def _ask(
        self, tree: Expression, asked: Mask, masks: list[Mask], named: dict[str, Mask]
    ) -> None:
        can, cannot = self._both(tree)
        undecided = asked & can & cannot
        match tree:
            case Named():
                named[tree.arrangement] = named[tree.arrangement] | asked
                return
            case In():
                return
            case Not():
                parts: Sequence[Expression] = (tree.part,)
            case And() | Or():
                parts = tree.parts
            case Implies():
                parts = (tree.left, tree.right)
            case Iff():
                parts = (tree.left, tree.right)
                for part in parts:
                    holds, fails = self._both(part)
                    masks.append(undecided & holds & ~fails)
        masks.append(undecided)
        for part in parts:
            self._ask(part, undecided, masks, named)
