"""Why a pattern is impossible: a smallest set of rules that, together, leave no state for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.case.model import Case, Expression, Rule
from foedus.game.space.codes import (
    Codes,
    Radix,
    StatementReader,
    issues_of,
)
from foedus.game.space.conditions import Condition, conditions_of
from foedus.game.space.joining import TooManyStates, joined_codes

SEARCH_LIMIT = 5_000
"""So many steps are made in the search for smallest hitting sets before smallness is given up."""

LOOK_LIMIT = 20_000
"""So many rules are looked at for this, counting a thousand states enumerated as one."""

GIVEN_UP = 1 << 25
"""So often a rule is looked at for a state before no answer is given at all; the looking itself
counts as a thousand states."""

ENUMERATED = 1 << 21
"""So many partial states are enumerated at once: conflicts and patterns involve few issues."""

SEEDS = 1024
BEAM = 64
"""So many partial states are followed when a state is sought that breaks few rules."""


class _TooLong(Exception):
    """The search for a smallest set passes its limits."""


def smallest_conflict(case: Case, pattern: Expression) -> tuple[Rule, ...] | None:
    """Find a smallest set of rules that, together, leave no state for ``pattern``.

    Smallest in number; where there are so many rules that the search passes its limits, a set of
    which no rule can be left out. Empty when the pattern contradicts itself. None when the issues
    involved are too many to enumerate. Of several smallest ones, which is found does not depend on
    the order in which rules and issues are written. Raises ValueError when the pattern is possible.

    Method: implicit hitting sets [Ignatiev2015]. Any state of the pattern breaks some rules, and
    every conflict holds one of these; so a smallest set that hits all the broken sets seen so far
    is either a conflict, then a smallest one, or leaves a state that breaks a further set.
    """
    search = _Search(case, pattern)
    try:
        try:
            chosen = search.smallest()
        except _TooLong:
            chosen = search.irreducible()
    except TooManyStates:
        return None
    return tuple(case.rules[k] for k in sorted(search.written[k] for k in chosen))


class _Search:
    def __init__(self, case: Case, pattern: Expression) -> None:
        self.case = case
        rules = case.rules
        # By their words, so that which of several is found does not depend on where they stand.
        self.written = sorted(
            range(len(rules)), key=lambda k: (rules[k].statement.text, rules[k].why)
        )
        self.issues = [case.issues[name] for name in sorted(case.issues)]
        self.trees = [rules[k].statement.tree for k in self.written]
        self.conditions: dict[int, list[Condition]] = {}
        self.matching = conditions_of(case, pattern)
        self.scopes = [issues_of(case, tree) for tree in self.trees]
        self.scope = issues_of(case, pattern)
        self.enumerated = 0

    def smallest(self) -> frozenset[int]:
        """A conflict smallest in number. Raises _TooLong and TooManyStates."""
        broken_sets: list[frozenset[int]] = []
        hitting = HittingSets()
        looked = 0
        while True:
            chosen = hitting.smallest(broken_sets)
            broken = self.fewest_broken(chosen)
            if broken is None:
                return chosen
            if not broken:
                raise ValueError("the pattern is possible")
            broken_sets.append(broken)
            looked += len(self.trees) + self.enumerated // 1000
            if looked > LOOK_LIMIT:
                raise _TooLong

    def irreducible(self) -> frozenset[int]:
        """A conflict of which no rule can be left out. Raises TooManyStates.

        Rules are taken one after another until none of the states is left; the last one taken
        belongs to it. Those before it are tried again after it, until it and its like suffice.
        """
        found: list[int] = []
        candidates = sorted(range(len(self.trees)), key=lambda k: (len(self.scopes[k]), k))
        looked = 0
        while True:
            radix, codes = self.states(found)
            reader = StatementReader(self.case, radix, codes)
            if not len(codes):
                return frozenset(found)
            for place, k in enumerate(candidates):
                looked += len(codes) + 1000
                if looked > GIVEN_UP:
                    raise TooManyStates([], self.case.file)
                known = {issue.id for issue in radix.issues}
                if self.scopes[k] <= known:
                    kept = reader.holds(self.trees[k])
                    codes = codes if kept.all() else codes[kept]
                else:
                    radix, codes = self.states([*found, *candidates[: place + 1]])
                    kept = None
                if not len(codes):
                    found.append(k)
                    candidates = candidates[:place]
                    break
                if kept is None or not kept.all():
                    reader = StatementReader(self.case, radix, codes)
            else:
                raise ValueError("the pattern is possible")

    def states(self, chosen: Sequence[int]) -> tuple[Radix, Codes]:
        """The states of the pattern over the issues that matter to it and the chosen rules."""
        known = self.scope.union(*(self.scopes[k] for k in chosen))
        radix = Radix.of([issue for issue in self.issues if issue.id in known])
        conditions = list(self.matching)
        for k in chosen:
            if k not in self.conditions:
                self.conditions[k] = conditions_of(self.case, self.trees[k])
            conditions += self.conditions[k]
        return radix, joined_codes(self.case, radix, conditions, ENUMERATED)

    def fewest_broken(self, chosen: frozenset[int]) -> frozenset[int] | None:
        """Which rules a state of the pattern breaks that keeps the chosen ones; None if none does.

        Only issues that matter to the pattern and the chosen rules are enumerated; the others are
        then set one after another so that few further rules are broken.
        """
        inner, codes = self.states(sorted(chosen))
        self.enumerated = len(codes)
        if len(codes) == 0:
            return None
        known = {issue.id for issue in inner.issues}
        others = [issue for issue in self.issues if issue.id not in known]
        radix = Radix.of([*inner.issues, *others])
        due = self.due([issue.id for issue in inner.issues], [issue.id for issue in others])
        best = codes[:SEEDS]
        broken = np.zeros(len(best), dtype=np.intp)
        for k, rules in enumerate(due, start=len(inner.issues)):
            if k > len(inner.issues):
                size = len(radix.issues[k - 1].positions)
                steps = np.arange(size, dtype=np.int64) * radix.weights[k - 1]
                best = (steps[:, None] + best[None, :]).ravel()
                broken = np.tile(broken, size)
            reader = StatementReader(self.case, Radix(radix.issues[:k], radix.weights[:k]), best)
            for number in rules:
                broken += ~reader.holds(self.trees[number])
            fewest = np.flatnonzero(broken == broken.min())[:BEAM]
            best, broken = best[fewest], broken[fewest]
        state = StatementReader(self.case, radix, best[:1])
        return frozenset(k for k, tree in enumerate(self.trees) if not state.holds(tree)[0])

    def due(self, inner: Sequence[str], others: Sequence[str]) -> list[list[int]]:
        """The rules to look at once the inner issues are set, and after each of the others."""
        order = dict.fromkeys(inner, 0)
        order |= {issue: k for k, issue in enumerate(others, start=1)}
        due: list[list[int]] = [[] for _ in range(len(others) + 1)]
        for number, scope in enumerate(self.scopes):
            due[max((order[issue] for issue in scope), default=0)].append(number)
        return due


class HittingSets:
    """Finds smallest hitting sets; raises an error once it has made too many steps for all."""

    def __init__(self) -> None:
        self.steps = 0

    def smallest(self, sets: Sequence[frozenset[int]]) -> frozenset[int]:
        """A set, smallest in number, that shares a member with each of ``sets``.

        >>> sorted(HittingSets().smallest([frozenset({1, 2}), frozenset({2, 3}), frozenset({4})]))
        [2, 4]
        """
        size = len(_disjoint(sets))
        while (found := self.hit(list(sets), frozenset(), size)) is None:
            size += 1
        return found

    def hit(
        self, missed: list[frozenset[int]], chosen: frozenset[int], left: int
    ) -> frozenset[int] | None:
        """The chosen ones with at most so many more, if these can hit all that are missed."""
        if not missed:
            return chosen
        self.steps += 1
        if self.steps > SEARCH_LIMIT:
            raise _TooLong
        disjoint = _disjoint(missed)
        if len(disjoint) > left:
            return None
        for member in sorted(disjoint[0]):
            rest = [s for s in missed if member not in s]
            found = self.hit(rest, chosen | {member}, left - 1)
            if found is not None:
                return found
        return None


def _disjoint(sets: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """Some of the sets that share no member, the smallest first: each needs a hit of its own."""
    taken: list[frozenset[int]] = []
    seen: set[int] = set()
    for candidate in sorted(sets, key=len):
        if seen.isdisjoint(candidate):
            taken.append(candidate)
            seen |= candidate
    return taken
