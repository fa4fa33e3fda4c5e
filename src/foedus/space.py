"""The space of a case: every state its rules allow, and what each falls to at the deadline.

States are numbered in mixed radix with the first issue varying fastest; the feasible ones are kept
as one sorted array of codes, built issue by issue with each rule applied as soon as its last issue
is in, so that the raw product is never held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.case.model import (
    And,
    Case,
    Expression,
    Iff,
    Implies,
    In,
    Issue,
    Named,
    Not,
    Or,
    Rule,
)
from foedus.case.problems import CaseError, Problem

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.intp]

STATE_LIMIT = 1 << 24
"""More partial states than this are refused: see :func:`feasible_space`."""


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
                self._arrangements[name] = self._value(self._case.arrangements[name].when.tree)
        return self._value(tree)

    def _value(self, tree: Expression) -> Mask:
        match tree:
            case In():
                k = self._issue_index[tree.issue]
                wanted = np.array(
                    [p.id in tree.positions for p in self._radix.issues[k].positions], dtype=bool
                )
                return np.asarray(wanted[self.column(k)])
            case Named():
                return self._arrangements[tree.arrangement]
            case Not():
                return ~self._value(tree.part)
            case And():
                value = np.ones(len(self._codes), dtype=bool)
                for part in tree.parts:
                    value &= self._value(part)
                return value
            case Or():
                value = np.zeros(len(self._codes), dtype=bool)
                for part in tree.parts:
                    value |= self._value(part)
                return value
            case Implies():
                return ~self._value(tree.left) | self._value(tree.right)
            case Iff():
                return np.asarray(self._value(tree.left) == self._value(tree.right))


def _leaves(tree: Expression) -> Iterator[In | Named]:
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
    waiting = [(leaf.arrangement, False) for leaf in _leaves(tree) if isinstance(leaf, Named)]
    while waiting:
        name, ready = waiting.pop()
        if name in done:
            continue
        if ready:
            done[name] = None
            continue
        waiting.append((name, True))
        for leaf in _leaves(case.arrangements[name].when.tree):
            if isinstance(leaf, Named):
                waiting.append((leaf.arrangement, False))
    return list(done)


def issues_of(case: Case, tree: Expression) -> frozenset[str]:
    """The ids of the issues on which a statement depends, through arrangements too."""
    trees = [tree, *(case.arrangements[a].when.tree for a in _arrangements_in_order(case, tree))]
    return frozenset(leaf.issue for part in trees for leaf in _leaves(part) if isinstance(leaf, In))


class TooManyStates(CaseError):
    """A product of positions passes the limit before the rules can thin it out."""


def filtered_codes(case: Case, radix: Radix, trees: Sequence[Expression]) -> Codes:
    """Return the codes over ``radix`` that satisfy every statement, in ascending order.

    Raises TooManyStates, naming the issue, when a partial product passes ``STATE_LIMIT``.
    """
    index = {issue.id: k for k, issue in enumerate(radix.issues)}
    due: dict[int, list[Expression]] = {}
    for tree in trees:
        last = max((index[i] for i in issues_of(case, tree)), default=0)
        due.setdefault(last, []).append(tree)
    codes: Codes = np.zeros(1, dtype=np.int64)
    for k, issue in enumerate(radix.issues):
        size = len(issue.positions)
        if len(codes) * size > STATE_LIMIT:
            message = (
                f"too many states: adding issue '{issue.id}' ({size} positions) to "
                f"{len(codes):,} partial states passes the limit of {STATE_LIMIT:,}"
            )
            raise TooManyStates(
                [
                    Problem(
                        message,
                        case.place(("issues", issue.id)),
                        expected="fewer issues or positions, or rules among the issues before it",
                    )
                ],
                case.file,
            )
        steps = np.arange(size, dtype=np.int64) * radix.weights[k]
        codes = (steps[:, None] + codes[None, :]).ravel()
        partial = Radix(radix.issues[: k + 1], radix.weights[: k + 1])
        for tree in due.get(k, ()):
            codes = codes[StatementReader(case, partial, codes).holds(tree)]
    return codes


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The feasible states of a case.

    ``codes`` (n,) are ascending; a state's *index* is its place in them and its *number*, shown to
    people, is the index plus one. ``fall`` (n,) gives the index of what each state falls to at the
    deadline, -1 when that is not feasible; ``settled`` (n,) says which states fall to themselves.
    """

    case: Case
    radix: Radix
    codes: Codes
    fall: Indexes
    settled: Mask
    reader: StatementReader

    def __len__(self) -> int:
        return len(self.codes)

    def column(self, issue: str) -> npt.NDArray[np.unsignedinteger]:
        """The position numbers of one issue in every state; shape (n,)."""
        return self.reader.column(list(self.case.issues).index(issue))

    def holds(self, tree: Expression) -> Mask:
        """Which states satisfy the statement as they stand; shape (n,)."""
        return self.reader.holds(tree)

    def matches(self, arrangement: str) -> Mask:
        """Which states fall to one that matches the arrangement; shape (n,)."""
        return self.holds(self.case.arrangements[arrangement].when.tree)[self.fall]

    def positions(self, index: int) -> dict[str, str]:
        """The state as a map from issue ids to position ids."""
        return {
            issue.id: issue.positions[int(self.reader.column(k)[index])].id
            for k, issue in enumerate(self.radix.issues)
        }

    def find(self, positions: Mapping[str, str]) -> int | None:
        """The index of the state at these positions (one for every issue); None if not feasible."""
        code = sum(
            weight * issue.number(positions[issue.id])
            for issue, weight in zip(self.radix.issues, self.radix.weights, strict=True)
        )
        place = int(np.searchsorted(self.codes, code))
        return place if place < len(self.codes) and self.codes[place] == code else None

    @property
    def today(self) -> int | None:
        """The index of today's state; None when the case names none, or an infeasible one."""
        return None if self.case.today is None else self.find(self.case.today)

    def changes(self, origin: int, targets: Indexes) -> npt.NDArray[np.intp]:
        """In how many issues each target differs from ``origin``; shape of ``targets``."""
        count = np.zeros(len(targets), dtype=np.intp)
        for k in range(len(self.radix.issues)):
            column = self.reader.column(k)
            count += column[targets] != column[origin]
        return count

    def describe(self, index: int, *, apart_from: int | None = None) -> str:
        """The state in the labels of its positions; only what differs from ``apart_from``."""
        parts = []
        for k, issue in enumerate(self.radix.issues):
            column = self.reader.column(k)
            if apart_from is None or column[index] != column[apart_from]:
                parts.append(f"{issue.name}: {issue.positions[int(column[index])].label}")
        return "; ".join(parts)


def feasible_space(case: Case) -> Space:
    """Compute the feasible states of a case.

    Raises CaseError when there is none (naming a smallest set of rules that contradict each other),
    and TooManyStates when a partial product of positions passes ``STATE_LIMIT``.
    """
    radix = Radix.of(tuple(case.issues.values()))
    codes = filtered_codes(case, radix, [rule.statement.tree for rule in case.rules])
    if len(codes) == 0:
        raise CaseError([_no_state(case)], case.file)
    fallen = codes.copy()
    for k, issue in enumerate(radix.issues):
        if issue.falls:
            target = np.arange(len(issue.positions), dtype=np.int64)
            for origin, end in issue.falls.items():
                target[issue.number(origin)] = issue.number(end)
            digits = radix.digit(codes, k)
            fallen += (target[digits] - digits) * radix.weights[k]
    fall = np.searchsorted(codes, fallen)
    fall[fall == len(codes)] = 0
    fall[codes[fall] != fallen] = -1
    settled = fallen == codes
    return Space(case, radix, codes, fall, settled, StatementReader(case, radix, codes))


def _no_state(case: Case) -> Problem:
    rules = smallest_conflict(case, And(()))
    if rules is None:
        return Problem("the rules leave no state possible", case.place(("rules",)))
    told = "; ".join(f"`{rule.statement.text}` ({rule.why})" for rule in rules)
    return Problem(
        f"the rules contradict each other, no state is possible: {told}",
        case.place(rules[0].path) if rules else case.place(("rules",)),
        expected="at least one state that satisfies every rule",
    )


def smallest_conflict(case: Case, pattern: Expression) -> tuple[Rule, ...] | None:
    """Find a smallest set of rules that, together, leave no state for ``pattern``.

    Smallest in number. Empty when the pattern contradicts itself. None when the issues involved
    are too many to enumerate. Raises ValueError when the pattern is possible.

    Method: implicit hitting sets. Any state of the pattern breaks some rules, and every conflict
    holds one of these; so a smallest set that hits all the broken sets seen so far is either a
    conflict, then a smallest one, or leaves a state that breaks a further set.
    """
    broken_sets: list[frozenset[int]] = []
    while True:
        chosen = _smallest_hitting_set(broken_sets)
        try:
            broken = _fewest_broken(case, pattern, chosen)
        except TooManyStates:
            return None
        if broken is None:
            return tuple(case.rules[k] for k in sorted(chosen))
        if not broken:
            raise ValueError("the pattern is possible")
        broken_sets.append(broken)


def _fewest_broken(
    case: Case, pattern: Expression, chosen: frozenset[int]
) -> frozenset[int] | None:
    """Which rules a state of the pattern breaks that keeps the chosen ones; None if there is none.

    Only issues that matter to the pattern and the chosen rules are enumerated; the others are then
    set one after another so that few further rules are broken.
    """
    trees = [pattern, *(case.rules[k].statement.tree for k in sorted(chosen))]
    involved = frozenset().union(*(issues_of(case, tree) for tree in trees))
    ordered = sorted(case.issues.values(), key=lambda issue: issue.id not in involved)
    inner = Radix.of([issue for issue in ordered if issue.id in involved])
    codes = filtered_codes(case, inner, trees)
    if len(codes) == 0:
        return None
    radix = Radix.of(ordered)
    scope = {k: issues_of(case, rule.statement.tree) for k, rule in enumerate(case.rules)}
    best, known = codes[:1024], set(involved)
    for k in range(len(inner.issues), len(ordered) + 1):
        partial = Radix(radix.issues[:k], radix.weights[:k])
        reader = StatementReader(case, partial, best)
        kept = np.zeros(len(best), dtype=np.intp)
        for number, rule in enumerate(case.rules):
            if scope[number] <= known:
                kept += reader.holds(rule.statement.tree)
        best = best[kept == kept.max()][:64]
        if k < len(ordered):
            known.add(ordered[k].id)
            steps = np.arange(len(ordered[k].positions), dtype=np.int64) * radix.weights[k]
            best = (steps[:, None] + best[None, :]).ravel()
    state = StatementReader(case, radix, best[:1])
    return frozenset(
        k for k, rule in enumerate(case.rules) if not state.holds(rule.statement.tree)[0]
    )


def _smallest_hitting_set(sets: Sequence[frozenset[int]]) -> frozenset[int]:
    """A set, smallest in number, that shares a member with each of ``sets``: by iterated depth."""
    for size in range(len(sets) + 1):
        found = _hit(sets, frozenset(), size)
        if found is not None:
            return found
    raise AssertionError("one member of each set always hits them all")


def _hit(
    sets: Sequence[frozenset[int]], chosen: frozenset[int], left: int
) -> frozenset[int] | None:
    missed: list[frozenset[int]] = [s for s in sets if not s & chosen]
    if not missed:
        return chosen
    if left == 0:
        return None
    fewest = min(missed, key=len)
    for member in sorted(fewest):
        found = _hit(sets, chosen | {member}, left - 1)
        if found is not None:
            return found
    return None
