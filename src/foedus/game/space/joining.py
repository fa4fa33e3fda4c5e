"""The states that some statements leave, put together without ever holding the raw product.

Issues that no statement joins are kept apart until the end. Within a part, issues are added in an
order that the statements suggest (:mod:`foedus.case.join_order`), and what can no longer satisfy
them is left out on the way; once there are many partial states, those from which the same can
follow become one (:mod:`~.diagram`). Neither the states nor what is refused depends on the order in
which issues and statements are written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foedus.case.join_order import Scope, join_order
from foedus.case.model import Case, Expression
from foedus.case.problems import CaseError, Problem, cut
from foedus.game.space.codes import CHUNK, Codes, Indexes, Mask, Radix, StatementReader
from foedus.game.space.conditions import Condition, conditions_of, implied, merged
from foedus.game.space.diagram import NOTHING, Column, Diagram, Layer, grouped

STATE_LIMIT = 1 << 24
"""More states, or partial states of one layer, than this are refused: see :func:`joined_codes`."""

EDGE_LIMIT = 1 << 27
"""So many steps from partial states to larger ones are kept of all layers, at some six bytes."""

WORK_LIMIT = 1 << 33
"""So often a part of a rule may be looked at for a partial state: some ten seconds."""

LOOKED_AHEAD = 1 << 14
"""From so many partial states on, they are merged, and statements are looked at before all of
their issues are set."""

LOOK_LIMIT = 1 << 28
"""If that would take more steps than these, it is done only where the states are too many."""

MOST_PARTS = 6
"""So many parts are named of a space that is too large."""

MASKS = 31
"""So many masks make one column of numbers."""

MASKED = 1 << 15
"""So many partial states are compared at once by what is asked of them: each part of a statement
has its masks."""

ASKED = 4
"""To compare a partial state takes so many times as long as to look at it."""


class TooManyStates(CaseError):
    """Too many states, or partial states before the rules can thin them out."""


@dataclass(frozen=True, eq=False)
class Joined:
    """The states that conditions leave: any state of one part goes with any of the others."""

    case: Case
    parts: tuple[Diagram, ...]

    @property
    def count(self) -> int:
        """How many states there are, however many: exact."""
        return math.prod(part.count for part in self.parts)

    def largest_told(self) -> str:
        """Which issues make for most of the states, in words."""
        parts = sorted(self.parts, key=lambda part: (-part.count, sorted(part.issues)))
        told = [
            f"{cut(', '.join(sorted(part.issues)), 120)} ({part.count:,})"
            for part in parts
            if part.count > 1
        ]
        more = f" and {len(told) - MOST_PARTS:,} more parts" if len(told) > MOST_PARTS else ""
        if len(told) == 1:
            return f"all in issues that rules tie together: {told[0]}"
        return f"the product of parts that no rule ties: {'; '.join(told[:MOST_PARTS])}{more}"

    def codes(self, radix: Radix) -> Codes:
        """The states by their codes over ``radix``, in ascending order; shape (count,)."""
        weights = {issue.id: w for issue, w in zip(radix.issues, radix.weights, strict=True)}
        parts = [part.codes(weights) for part in self.parts]
        codes: Codes = np.zeros(1, dtype=np.int64)
        for part in sorted(parts, key=lambda part: int(part.max(initial=0))):
            codes = (part[:, None] + codes[None, :]).ravel()
        if (codes[1:] < codes[:-1]).any():
            codes.sort()
        return codes


def filtered_codes(
    case: Case, radix: Radix, trees: Iterable[Expression], limit: int = STATE_LIMIT
) -> Codes:
    """The codes over ``radix`` that satisfy every statement, in ascending order; shape (n,).

    Raises TooManyStates as :func:`joined_codes` does.
    """
    return joined_codes(
        case, radix, [c for tree in trees for c in conditions_of(case, tree)], limit
    )


def joined_codes(
    case: Case, radix: Radix, conditions: Iterable[Condition], limit: int = STATE_LIMIT
) -> Codes:
    """The codes over ``radix`` that satisfy every condition, in ascending order; shape (n,).

    Raises TooManyStates when there are more than ``limit`` of them, when the numbers of the states
    would pass 63 bits, and as :func:`joined` does.
    """
    made = Join(case, [issue.id for issue in radix.issues], merged(conditions), limit)
    found = made.joined()
    if found.count > limit:
        raise made.refusal(
            f"too many states: {found.count:,}, over the limit of {limit:,}; "
            f"{found.largest_told()}",
            expected="fewer issues or positions, or more rules; `foedus space` draws some of them",
        )
    if found.count and math.prod(made.sizes.values()) >= 1 << 63:
        message = "too many states: the product of all positions, before any rule, passes 63 "
        raise made.refusal(message + "bits, and states can no longer be numbered")
    return found.codes(radix)


def joined(case: Case, trees: Iterable[Expression]) -> Joined:
    """The states that satisfy every statement, not listed, however many.

    Raises TooManyStates when more than ``STATE_LIMIT`` partial states would have to be told apart
    on the way, or ``EDGE_LIMIT`` steps between them, and when looking at the statements would take
    more than ``WORK_LIMIT`` steps.
    """
    conditions = merged(c for tree in trees for c in conditions_of(case, tree))
    return Join(case, list(case.issues), conditions, STATE_LIMIT).joined()


class Join:
    """Puts together what conditions leave of some issues; ``most`` partial states were held."""

    def __init__(
        self, case: Case, issues: Sequence[str], conditions: Sequence[Condition], limit: int
    ) -> None:
        self.case = case
        self.conditions = list(conditions)
        self.limit = limit
        self.sizes = {issue: len(case.issues[issue].positions) for issue in issues}
        self.work = 0
        self.edges = 0
        self.most = 0

    def joined(self) -> Joined:
        """The states, part by part; one empty part where there are none."""
        if any(condition.never for condition in self.conditions):
            return Joined(self.case, (NOTHING,))
        # What is about no issue at all and not false says nothing.
        self.conditions = [condition for condition in self.conditions if condition.scope]
        shares: dict[Scope, float] = {}
        about: dict[str, list[Condition]] = {}
        for condition in self.conditions:
            shares[condition.scope] = shares.get(condition.scope, 1.0) * condition.share
            about.setdefault(condition.scope[0], []).append(condition)
        parts = []
        for order in join_order(self.sizes, shares):
            part = self.part(order, [c for issue in order for c in about.get(issue, ())])
            if not part.count:
                return Joined(self.case, (NOTHING,))
            parts.append(part)
        return Joined(self.case, tuple(parts))

    def part(self, order: Sequence[str], conditions: Sequence[Condition]) -> Diagram:
        """What the conditions leave of issues that they join."""
        plan = _Plan(order, [*conditions, *implied(order, conditions, self.sizes)])
        if plan.never:
            return NOTHING
        partial, layers, look_at = _Partial({}, 1), list[Layer](), LOOKED_AHEAD
        for k, issue in enumerate(order):
            known, before = frozenset(order[: k + 1]), len(partial)
            origin, partial = self.grown(partial, issue, plan.due[k], known)
            position, held = partial.columns[issue], len(partial)
            to: npt.NDArray[np.int32] | None = None
            if k + 1 == len(order):
                to = np.zeros(held, dtype=np.int32)
            elif (many := held * self.sizes[order[k + 1]] > self.limit) or held >= look_at:
                begun = plan.begun(known)
                if many or held * sum(condition.size for condition in begun) <= LOOK_LIMIT:
                    keep = self.kept(partial, begun, known)
                    origin, partial = origin[keep], partial.of(keep)
                    position = partial.columns[issue]
                    alike = [each for each in partial.columns if plan.tabled[each] > k]
                    first, group = self.alike(partial, alike, begun, known)
                    if len(first) < len(group):
                        partial, to = partial.of(first), group.astype(np.int32)
                # Where little came of it, it is left for longer.
                gain = 2 if 2 * len(partial) <= held else 16
                look_at = max(LOOKED_AHEAD, gain * len(partial))
            partial.forget([each for each in partial.columns if plan.needed[each] <= k])
            starts = np.zeros(before + 1, dtype=np.int32)
            np.cumsum(np.bincount(origin, minlength=before), out=starts[1:])
            layers.append(Layer(issue, self.sizes[issue], starts, position, to))
            if not len(partial):
                return NOTHING
            self.edges += len(position)
            if self.edges > EDGE_LIMIT:
                raise self.refusal(
                    f"too many states: {self.edges:,} steps from partial states to larger ones "
                    f"pass the limit of {EDGE_LIMIT:,}",
                    issue,
                )
        return Diagram(tuple(layers))

    def grown(
        self,
        partial: _Partial,
        issue: str,
        conditions: Sequence[Condition],
        known: frozenset[str],
    ) -> tuple[npt.NDArray[np.int32], _Partial]:
        """The partial states with each position of one more issue, as far as the conditions hold.

        With the number of the partial state that each was made of, ascending. Raises TooManyStates
        when they are more than the limit.
        """
        size = self.sizes[issue]
        positions = np.arange(size, dtype=np.min_scalar_type(max(size - 1, 0)))
        self.look(len(partial) * size, conditions)
        origins, parts, held = [], [], 0
        step = max(CHUNK // size, 1)
        for start in range(0, len(partial), step):
            rows = np.arange(start, min(start + step, len(partial)), dtype=np.int32)
            origin = np.repeat(rows, size)
            part = partial.of(origin)
            part.columns[issue] = np.tile(positions, len(rows))
            if conditions:
                keep = self.passing(part, conditions, known)
                origin, part = origin[keep], part.of(keep)
            origins.append(origin)
            parts.append(part)
            held += len(part)
            if held > self.limit:
                raise self.refusal(
                    f"too many states: adding issue '{issue}' ({size} positions) to "
                    f"{len(partial):,} partial states passes the limit of {self.limit:,}",
                    issue,
                )
        self.most = max(self.most, held)
        if len(parts) == 1:
            return origins[0], parts[0]
        columns = {i: np.concatenate([p.columns[i] for p in parts]) for i in parts[0].columns}
        return np.concatenate(origins), _Partial(columns, held)

    def kept(
        self, partial: _Partial, conditions: Sequence[Condition], known: frozenset[str]
    ) -> Indexes:
        """Which of the partial states satisfy every condition or still may; ascending."""
        self.look(len(partial), conditions)
        if not conditions:
            return np.arange(len(partial))
        return np.concatenate(
            [
                rows.start + self.passing(partial.of(rows), conditions, known)
                for rows in _chunks(len(partial))
            ]
        )

    def passing(
        self, partial: _Partial, conditions: Sequence[Condition], known: frozenset[str]
    ) -> Indexes:
        """The same of partial states that are few."""
        rows = np.arange(len(partial))
        part, keep = partial, np.ones(len(partial), dtype=bool)
        reader = self.reader(part)
        for condition in conditions:
            keep &= condition.may_hold(reader, known)
            if 2 * np.count_nonzero(keep) < len(rows):
                rows, part = rows[keep], part.of(keep)
                reader, keep = self.reader(part), np.ones(len(rows), dtype=bool)
                if not len(rows):
                    break
        return rows[keep]

    def alike(
        self,
        partial: _Partial,
        issues: Sequence[str],
        begun: Sequence[Condition],
        known: frozenset[str],
    ) -> tuple[Indexes, Indexes]:
        """From which partial states the same can follow: one of each group, and each one's group.

        They are at the same positions of ``issues``, and what is begun asks the same of them.
        """
        told: list[tuple[npt.NDArray[Any], int]] = [
            (partial.columns[issue], self.sizes[issue]) for issue in sorted(issues)
        ]
        self.look(ASKED * len(partial), begun)
        words: list[list[npt.NDArray[np.uint32]]] = []
        for rows in _chunks(len(partial), MASKED) if begun else ():
            reader = self.reader(partial.of(rows))
            masks = [mask for each in begun for mask in each.residue(reader, known)]
            words.append([_word(masks[k : k + MASKS]) for k in range(0, len(masks), MASKS)])
        told += [(np.concatenate(each), 1 << MASKS) for each in zip(*words, strict=True)]
        return grouped(told, len(partial))

    def look(self, states: int, conditions: Sequence[Condition]) -> None:
        """Count the work of looking at conditions. Raises TooManyStates where it is too much."""
        self.work += states * sum(condition.size for condition in conditions)
        if self.work > WORK_LIMIT:
            raise self.refusal(
                f"too much to work out: {len(conditions):,} parts of rules are to be looked at for "
                f"each of {states:,} partial states"
            )

    def reader(self, partial: _Partial) -> StatementReader:
        """Reads statements about the issues that still matter."""
        return StatementReader.of_columns(self.case, partial.columns, len(partial))

    def refusal(
        self,
        message: str,
        issue: str | None = None,
        expected: str = "fewer issues or positions, or more rules",
    ) -> TooManyStates:
        """The error with which a case is refused, at the place of its issues or of one."""
        place = self.case.place(("issues",) if issue is None else ("issues", issue))
        return TooManyStates([Problem(message, place, expected=expected)], self.case.file)


class _Plan:
    """When conditions are looked at, if issues are added in an order.

    ``due``: those whose last issue each is. ``needed`` is the place up to which some condition may
    look at an issue, ``tabled`` up to which one with a table may; -1 for none.
    """

    def __init__(self, order: Sequence[str], conditions: Sequence[Condition]) -> None:
        self.never = any(condition.never for condition in conditions)
        self.due: list[list[Condition]] = [[] for _ in order]
        self.tabled, self.needed = dict.fromkeys(order, -1), dict.fromkeys(order, -1)
        self._large = [condition for condition in conditions if condition.allowed is None]
        place = {issue: k for k, issue in enumerate(order)}
        for condition in conditions if not self.never else ():
            last = max(place[issue] for issue in condition.scope)
            self.due[last].append(condition)
            for issue in condition.scope:
                self.needed[issue] = max(self.needed[issue], last)
                if condition.allowed is not None:
                    self.tabled[issue] = max(self.tabled[issue], last)

    def begun(self, known: frozenset[str]) -> list[Condition]:
        """Conditions without a table of which some but not all issues are known."""
        return [
            condition
            for condition in self._large
            if not known.isdisjoint(condition.scope) and not known.issuperset(condition.scope)
        ]


class _Partial:
    """Partial states, one of each kind: their positions in the issues that still matter."""

    def __init__(self, columns: dict[str, Column], size: int) -> None:
        self.columns = columns
        self._size = size

    def __len__(self) -> int:
        return self._size

    def forget(self, issues: Iterable[str]) -> None:
        """Drop issues that nothing asks about any more."""
        for issue in issues:
            del self.columns[issue]

    def of(self, rows: npt.NDArray[Any] | slice) -> _Partial:
        """Some of them: at these places (or where a mask holds), each as often as it is named."""
        columns = {issue: column[rows] for issue, column in self.columns.items()}
        if isinstance(rows, slice):
            return _Partial(columns, len(range(self._size)[rows]))
        size = np.count_nonzero(rows) if rows.dtype == bool else len(rows)
        return _Partial(columns, int(size))


def _chunks(size: int, step: int = CHUNK) -> list[slice]:
    return [slice(start, min(start + step, size)) for start in range(0, size, step)]


def _word(masks: Sequence[Mask]) -> npt.NDArray[np.uint32]:
    """Masks as the bits of one number for each state."""
    word = np.zeros(len(masks[0]), dtype=np.uint32)
    for bit, mask in enumerate(masks):
        word |= mask.astype(np.uint32) << np.uint32(bit)
    return word
