"""The states that some statements leave, put together without ever holding the raw product.

Issues that no statement joins are kept apart until the end. Within a part, issues are added in an
order that the statements suggest (:mod:`foedus.case.join_order`), and what can no longer satisfy
them is left out on the way. Neither the states nor what is refused depends on the order in which
issues and statements are written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from foedus.case.join_order import Scope, join_order
from foedus.case.model import Case, Expression
from foedus.case.problems import CaseError, Problem
from foedus.game.space.codes import CHUNK, Codes, Radix, StatementReader
from foedus.game.space.conditions import Condition, conditions_of, implied, merged

STATE_LIMIT = 1 << 24
"""More states or partial states than this are refused: see :func:`joined_codes`."""

WORK_LIMIT = 1 << 33
"""So often a part of a rule may be looked at for a partial state: some ten seconds."""

LOOKED_AHEAD = 1 << 14
"""From so many partial states on, statements are looked at before all of their issues are set."""

LOOK_LIMIT = 1 << 28
"""If that would take more steps than these, it is done only where the states are too many."""


class TooManyStates(CaseError):
    """Too many states, or partial states before the rules can thin them out."""


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

    Raises TooManyStates when there are more than ``limit`` of them or of the partial states on the
    way, when the numbers of the states would pass 63 bits, or when looking at the conditions would
    take more than ``WORK_LIMIT`` steps.
    """
    return _Join(case, radix, merged(conditions), limit).codes()


class _Join:
    def __init__(
        self, case: Case, radix: Radix, conditions: Sequence[Condition], limit: int
    ) -> None:
        self.case = case
        self.radix = radix
        self.conditions = list(conditions)
        self.limit = limit
        self.index = {issue.id: k for k, issue in enumerate(radix.issues)}
        self.sizes = {issue.id: len(issue.positions) for issue in radix.issues}
        self.work = 0

    def codes(self) -> Codes:
        if math.prod(self.sizes.values()) >= 1 << 63:
            message = "too many states: the product of all positions, before any rule, passes 63 "
            raise self.refusal(message + "bits, and states can no longer be numbered")
        nothing: Codes = np.zeros(0, dtype=np.int64)
        if any(condition.never for condition in self.conditions):
            return nothing
        # What is about no issue at all and not false says nothing.
        self.conditions = [condition for condition in self.conditions if condition.scope]
        shares: dict[Scope, float] = {}
        about: dict[str, list[Condition]] = {}
        for condition in self.conditions:
            shares[condition.scope] = shares.get(condition.scope, 1.0) * condition.share
            about.setdefault(condition.scope[0], []).append(condition)
        parts = []
        for order in join_order(self.sizes, shares):
            parts.append(self.part(order, [c for issue in order for c in about.get(issue, ())]))
            if not len(parts[-1]):
                return nothing
        count = math.prod(len(part) for part in parts)
        if count > self.limit:
            raise self.refusal(f"too many states: {count:,}, over the limit of {self.limit:,}")
        codes: Codes = np.zeros(1, dtype=np.int64)
        for part in sorted(parts, key=lambda part: int(part[-1])):
            codes = (part[:, None] + codes[None, :]).ravel()
        if (codes[1:] < codes[:-1]).any():
            codes.sort()
        return codes

    def part(self, order: Sequence[str], conditions: Sequence[Condition]) -> Codes:
        """What the conditions leave of issues that they join, in no order; all others at nought."""
        place = {issue: k for k, issue in enumerate(order)}
        due: list[list[Condition]] = [[] for _ in order]
        for condition in (*conditions, *implied(order, conditions, self.sizes)):
            if condition.never:
                return np.zeros(0, dtype=np.int64)
            due[max(place[issue] for issue in condition.scope)].append(condition)
        large = [c for c in conditions if c.allowed is None]
        codes: Codes = np.zeros(1, dtype=np.int64)
        look_at = LOOKED_AHEAD
        for k, issue in enumerate(order):
            size, known = self.sizes[issue], frozenset(order[:k])
            too_many = len(codes) * size > self.limit
            if too_many or len(codes) >= look_at:
                before = len(codes)
                begun = [c for c in large if _begun(c, known)]
                if too_many or before * sum(c.size for c in begun) <= LOOK_LIMIT:
                    codes = self.kept(codes, begun, known)
                # Where little came of it, it is left for longer.
                look_at = max(LOOKED_AHEAD, (2 if 2 * len(codes) <= before else 16) * len(codes))
            if len(codes) * size > self.limit:
                raise self.refusal(
                    f"too many states: adding issue '{issue}' ({size} positions) to "
                    f"{len(codes):,} partial states passes the limit of {self.limit:,}",
                    issue,
                )
            if size > 1:
                steps = np.arange(size, dtype=np.int64) * self.radix.weights[self.index[issue]]
                codes = (steps[:, None] + codes[None, :]).ravel()
            codes = self.kept(codes, due[k], known | {issue})
        return codes

    def kept(self, codes: Codes, conditions: Sequence[Condition], known: frozenset[str]) -> Codes:
        """Those of the codes, over the known issues, that satisfy every condition or still may."""
        self.work += len(codes) * sum(condition.size for condition in conditions)
        if self.work > WORK_LIMIT:
            raise self.refusal(
                f"too much to work out: {len(conditions):,} parts of rules are to be looked at for "
                f"each of {len(codes):,} partial states"
            )
        if not conditions or not len(codes):
            return codes
        parts = []
        for start in range(0, len(codes), CHUNK):
            part = codes[start : start + CHUNK]
            reader, keep = self.reader(part), np.ones(len(part), dtype=bool)
            for condition in conditions:
                keep &= condition.may_hold(reader, known)
                if 2 * np.count_nonzero(keep) < len(part):
                    part = part[keep]
                    reader, keep = self.reader(part), np.ones(len(part), dtype=bool)
                    if not len(part):
                        break
            parts.append(part[keep])
        return np.concatenate(parts)

    def reader(self, codes: Codes) -> StatementReader:
        return StatementReader(self.case, self.radix, codes)

    def refusal(self, message: str, issue: str | None = None) -> TooManyStates:
        place = self.case.place(("issues",) if issue is None else ("issues", issue))
        expected = "fewer issues or positions, or more rules"
        return TooManyStates([Problem(message, place, expected=expected)], self.case.file)


def _begun(condition: Condition, known: frozenset[str]) -> bool:
    """Whether some but not all of its issues are known."""
    return not known.isdisjoint(condition.scope) and not known.issuperset(condition.scope)
