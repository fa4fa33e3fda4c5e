"""The space of a case: every state its rules allow, and what each falls to at the deadline.

States are numbered in mixed radix with the first issue varying fastest; the feasible ones are kept
as one sorted array of codes (see :mod:`foedus.game.space.codes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.case.model import And, Case, Expression, Issue, Reversion, Rule
from foedus.case.problems import CaseError, Problem, UnknownName, cut
from foedus.game.space.codes import (
    CHUNK,
    Codes,
    Indexes,
    Mask,
    Radix,
    StatementReader,
    indexes_of,
)
from foedus.game.space.conflicts import smallest_conflict
from foedus.game.space.joining import filtered_codes

MOST_QUOTED = 12
"""So many of the rules that contradict each other are quoted."""


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
        """The position numbers of one issue in every state; shape (n,). Raises `UnknownName`."""
        if issue not in self.case.issues:
            raise UnknownName("issue", issue, self.case.issues)
        return self.reader.column(list(self.case.issues).index(issue))

    def columns(self) -> npt.NDArray[np.int64]:
        """The position numbers of all issues in every state, ready to be reckoned with; (k, n)."""
        issues = range(len(self.radix.issues))
        return np.stack([self.reader.column(k).astype(np.int64) for k in issues])

    def after(self, states: Indexes, sets: Mapping[str, str]) -> Indexes:
        """Where some states get to when issues are set to positions, -1 where not feasible; (n,).

        What stands at a final position stays there.
        """
        codes = self.codes[states]
        for k, issue in enumerate(self.radix.issues):
            if issue.id in sets:
                here = self.reader.column(k)[states].astype(np.int64)
                stays = np.isin(here, [issue.number(position) for position in issue.final])
                step = issue.number(sets[issue.id]) - here
                codes += np.where(stays, 0, step * self.radix.weights[k])
        return self.indexes(codes)

    def holds(self, tree: Expression) -> Mask:
        """Which states satisfy the statement as they stand; shape (n,)."""
        return self.reader.holds(tree)

    def matches(self, arrangement: str) -> Mask:
        """Which states fall to one that matches the arrangement; shape (n,).

        Raises `UnknownName` for an unknown arrangement.
        """
        return self.holds(self.case.arrangements[arrangement].when.tree)[self.fall]

    def positions(self, index: int) -> dict[str, str]:
        """The state as a map from issue ids to position ids."""
        return self.radix.positions(int(self.codes[index]))

    def find(self, positions: Mapping[str, str]) -> int | None:
        """The index of the state at these positions (one for every issue); None if not feasible."""
        code = sum(
            weight * issue.number(positions[issue.id])
            for issue, weight in zip(self.radix.issues, self.radix.weights, strict=True)
        )
        index = int(self.indexes(np.array(code)))
        return index if index >= 0 else None

    def indexes(self, codes: Codes) -> Indexes:
        """The index of the state with each code, -1 where not feasible; shape of ``codes``."""
        return indexes_of(codes, self.codes)

    @property
    def today(self) -> int | None:
        """The index of today's state: each issue's first position where the case does not say.

        None when that is not feasible.
        """
        first = {issue.id: issue.positions[0].id for issue in self.radix.issues}
        return self.find(self.case.today or first)

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
    and TooManyStates when there are too many states or partial states
    (:func:`~.joining.joined_codes`). Neither depends on the order of rules and issues; the
    numbers of the states do, on that of the issues.
    """
    radix = Radix.of(tuple(case.issues.values()))
    codes = filtered_codes(case, radix, [rule.statement.tree for rule in case.rules])
    if len(codes) == 0:
        raise CaseError([_no_state(case)], case.file)
    fall, settled = _falls(case, radix, codes)
    return Space(case, radix, codes, fall, settled, StatementReader(case, radix, codes))


def fallen_codes(case: Case, radix: Radix, codes: Codes) -> Codes:
    """The codes of what states become at the deadline, feasible or not; shape of ``codes``.

    All issues revert at once: conditions are read in the state before. -1 where no entry of some
    expiring position applies; see :func:`unmatched`.
    """
    fallen = codes.copy()
    nothing: list[Indexes] = []
    for k, origin, entry, states in _reverting(case, radix, codes):
        if entry is None:
            nothing.append(states)
        else:
            issue = radix.issues[k]
            change = issue.number(entry.to) - issue.number(origin)
            fallen[states] += change * radix.weights[k]
    for states in nothing:
        fallen[states] = -1
    return fallen


def unmatched(case: Case, radix: Radix, codes: Codes) -> Iterator[tuple[Issue, str, Indexes]]:
    """Expiring positions of which in some of the states no entry applies, with those states."""
    for k, origin, entry, states in _reverting(case, radix, codes):
        if entry is None:
            yield radix.issues[k], origin, states


def _reverting(
    case: Case, radix: Radix, codes: Codes
) -> Iterator[tuple[int, str, Reversion | None, Indexes]]:
    """Each issue and expiring position with an entry and the states in which it counts.

    Last, where there are such, None with the states in which no entry applies.
    """
    reader = StatementReader(case, radix, codes)
    for k, issue in enumerate(radix.issues):
        for origin, entries in issue.falls.items():
            waiting = np.flatnonzero(reader.column(k) == issue.number(origin))
            for entry in entries:
                if entry.when is None:
                    yield k, origin, entry, waiting
                    waiting = waiting[:0]
                else:
                    applies = reader.holds(entry.when.tree)[waiting]
                    yield k, origin, entry, waiting[applies]
                    waiting = waiting[~applies]
            if len(waiting):
                yield k, origin, None, waiting


def _falls(case: Case, radix: Radix, codes: Codes) -> tuple[Indexes, Mask]:
    """What each state falls to (-1: nothing feasible), and which fall to themselves."""
    fall = np.arange(len(codes))
    settled = np.ones(len(codes), dtype=bool)
    if not any(issue.falls for issue in radix.issues):
        return fall, settled
    for start in range(0, len(codes), CHUNK):
        part = slice(start, start + CHUNK)
        fallen = fallen_codes(case, radix, codes[part])
        settled[part] = fallen == codes[part]
        moved = np.flatnonzero(~settled[part])
        fall[start + moved] = indexes_of(fallen[moved], codes)
    return fall, settled


def rule_told(case: Case, rule: Rule) -> str:
    """A rule as it is quoted in a message: its statement, its reason, and its line if it has one.

    Long texts are cut.
    """
    place = case.place(rule.path) if rule.path else None
    line = f", line {place.line}" if place else ""
    return f"`{cut(rule.statement.text, 200)}` ({cut(rule.why, 200)}{line})"


def _no_state(case: Case) -> Problem:
    expected = "at least one state that satisfies every rule"
    rules = smallest_conflict(case, And(()))
    if not rules:
        message = "the rules leave no state possible; which of them contradict each other would "
        message += "take too long to find"
        return Problem(message, case.place(("rules",)), expected)
    told = "; ".join(rule_told(case, rule) for rule in rules[:MOST_QUOTED])
    if len(rules) > MOST_QUOTED:
        told += f"; and {len(rules) - MOST_QUOTED:,} more"
    contradict = "contradict each other" if len(rules) > 1 else "allow nothing"
    return Problem(
        f"the rules {contradict}, no state is possible: {told}",
        case.place(rules[0].path),
        expected,
    )
