"""What can be checked of a case only once its states and movers are known.

Who decides must value states, today and every fall must be possible, hypotheses must exclude each
other, what each mover may do within an issue must be transitive, and the whole must fit into
memory. All that is wrong is told at once, each with its place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from foedus.case.model import (
    And,
    Case,
    Expression,
    In,
    Issue,
    Path,
    Priorities,
    Ranking,
    Rule,
    Stances,
    Statement,
    Support,
    Worth,
)
from foedus.case.problems import CaseError, Problem, cut, listed
from foedus.game.day_rights import DayRights
from foedus.game.movers import Mover, missing_change, movers_of
from foedus.game.space import (
    Indexes,
    Space,
    StatementReader,
    fallen_codes,
    feasible_space,
    rule_told,
    size_of,
    unmatched,
)

MEMORY_LIMIT = 5 << 30
"""A game may take so many bytes, as :func:`memory_of` reckons it."""

WORK_LIMIT = 1 << 34
"""So often a part of a preference or arrangement may be looked at for a state: some ten seconds."""

MOST_PAIRS = 50
"""So many pairs of hypotheses that overlap are told."""

MOST_RULES = 3
"""So many rules that today breaks are quoted."""


def checked(case: Case, on: date | None = None) -> tuple[DayRights, tuple[Mover, ...]]:
    """Compute the space, the rights on a day and the movers of a case, and check all of that.

    The day is ``as_of`` unless another one is asked for.
    Raises CaseError with everything that is wrong.
    """
    space, impossible = None, None
    try:
        space = feasible_space(case)
    except CaseError as error:
        impossible = error
    rights = DayRights(case, space, on or case.as_of)
    problems = list(stances_alone(case))
    movers: tuple[Mover, ...] = ()
    if space is not None or rights.plain:
        try:
            movers = movers_of(rights)
            problems += intransitive(rights, movers)
        except CaseError as error:
            problems += error.problems
    if space is None:
        found = impossible.problems if impossible is not None else ()
        raise CaseError([*found, *problems], case.file)
    problems += problems_of(space, movers)
    if problems:
        raise CaseError(problems, case.file)
    return rights, movers


def stances_alone(case: Case) -> Iterator[Problem]:
    """A problem for each actor that decides (a right or a group names it) by stances alone."""
    deciding = {name for group in case.groups for name in group}
    for issue in case.issues.values():
        for right in issue.decided_by.entries:
            for entry in right.entries:
                deciding.update(*entry.right.movers)
    for actor in case.actors:
        if actor in deciding and isinstance(case.preferences.get(actor), Stances):
            yield Problem(
                f"actor {actor!r} decides but has stances alone, by which no state is valued; "
                "`foedus bargain` forecasts ordered issues from stances",
                case.place(("preferences", actor, "stances")),
            )


def problems_of(space: Space, movers: Sequence[Mover]) -> tuple[Problem, ...]:
    """Everything that is wrong with the states of a case.

    Hypotheses are looked at only in a case that is not too large.
    """
    problems = [*today_impossible(space), *falls_impossible(space)]
    if large := too_large(space, movers):
        return (*problems, large)
    return (*problems, *overlapping_hypotheses(space))


# --- today and the fall -----------------------------------------------------------------------


def today_impossible(space: Space) -> Iterator[Problem]:
    """A problem when rules exclude today: each of them does so by itself."""
    case = space.case
    if case.today is None or space.today is not None:
        return
    code = sum(
        weight * issue.number(case.today[issue.id])
        for issue, weight in zip(space.radix.issues, space.radix.weights, strict=True)
    )
    reader = StatementReader(case, space.radix, np.array([code], dtype=np.int64))
    broken = [rule for rule in case.rules if not reader.holds(rule.statement.tree)[0]]
    told = listed([rule_told(case, rule) for rule in broken[:MOST_RULES]], "and")
    if len(broken) > MOST_RULES:
        told += f", and {len(broken) - MOST_RULES:,} more"
    yield Problem(
        f"today is not possible: {_at(case.today)} breaks {_rules(len(broken))} {told}",
        case.place(("today",)),
        expected="a state that the rules allow",
    )


def falls_impossible(space: Space) -> Iterator[Problem]:
    """A problem for each rule that excludes what some feasible states fall to.

    A state that falls to what several rules exclude is told under the first of them. Before, one
    for each expiring position that becomes nothing in some states, as no entry applies there.
    """
    case = space.case
    states = np.flatnonzero(space.fall < 0)
    for issue, origin, left in unmatched(case, space.radix, space.codes[states]):
        yield _left_open(space, issue, origin, states[left])
    fallen = fallen_codes(case, space.radix, space.codes[states])
    states, fallen = states[fallen >= 0], fallen[fallen >= 0]
    for rule in case.rules:
        if not len(states):
            return
        reader = StatementReader(case, space.radix, fallen)
        broken = ~reader.holds(rule.statement.tree)
        if broken.any():
            yield _fall_impossible(space, rule, states[broken], int(fallen[broken][0]))
            states, fallen = states[~broken], fallen[~broken]


def _left_open(space: Space, issue: Issue, origin: str, states: Indexes) -> Problem:
    first = int(states[0])
    others = f", nor in {len(states) - 1:,} more states" if len(states) > 1 else ""
    return Problem(
        f"{origin!r} reverts to nothing in state {first + 1:,} ({_at(space.positions(first))})"
        f"{others}: no entry applies",
        space.case.place(("issues", issue.id, "otherwise", origin)),
        expected="a last entry without 'when'",
    )


def _fall_impossible(space: Space, rule: Rule, states: Indexes, fallen: int) -> Problem:
    case = space.case
    first = int(states[0])
    positions = space.positions(first)
    falls = {
        issue: position
        for issue, position in space.radix.positions(fallen).items()
        if position != positions[issue]
    }
    issue = next(iter(falls))
    others = f", and so do {len(states) - 1:,} more states" if len(states) > 1 else ""
    return Problem(
        f"state {first + 1:,} ({_at(positions)}) falls at the deadline to one that is not "
        f"possible{others}: {_at(falls)} breaks the rule {rule_told(case, rule)}",
        case.place(("issues", issue, "otherwise", positions[issue])),
        expected="every possible state to revert to a possible one",
    )


def _at(positions: Mapping[str, str]) -> str:
    return cut(", ".join(f"{issue} = {position}" for issue, position in positions.items()), 300)


def _rules(count: int) -> str:
    return "the rule" if count == 1 else "the rules"


# --- hypotheses -------------------------------------------------------------------------------


def overlapping_hypotheses(space: Space) -> Iterator[Problem]:
    """A problem for each pair of hypotheses that a settled state matches both, with that state.

    Where more than two overlap in a state, the first of them is told with each of the others. At
    most ``MOST_PAIRS`` are told.
    """
    case = space.case
    owner = np.full(len(space), -1, dtype=np.intp)
    told = 0
    for number, name in enumerate(case.hypotheses):
        matched = space.holds(case.arrangements[name].when.tree) & space.settled
        again = np.flatnonzero(matched & (owner >= 0))
        firsts, places = np.unique(owner[again], return_index=True)
        for first, place in zip(firsts.tolist(), again[places].tolist(), strict=True):
            yield Problem(
                f"the hypotheses {case.hypotheses[first]!r} and {name!r} do not exclude each "
                f"other: both are matched by state {place + 1:,} ({_at(space.positions(place))})",
                case.place(("hypotheses", number)),
                expected="hypotheses of which no settled state matches two",
            )
            told += 1
            if told >= MOST_PAIRS:
                return
        owner[matched & (owner < 0)] = number


# --- what movers may do -----------------------------------------------------------------------


def intransitive(rights: DayRights, movers: Sequence[Mover]) -> Iterator[Problem]:
    """A problem for each mover and issue within which its changes are not transitive.

    From a to b and from b to c must give from a to c: see the composition lemma in the docs. Where
    rights are written by state or day, one change after another is a move all the same.
    """
    known: dict[tuple[int, bytes], tuple[int, int, int] | None] = {}
    for mover in movers:
        for k, allowed in mover.relations.items():
            if rights.by_state(k):
                continue
            key = (k, allowed.tobytes())
            if key not in known:
                known[key] = missing_change(allowed)
            missing = known[key]
            if missing is not None:
                yield _intransitive(rights, mover, rights.issues[k], missing)


def _intransitive(
    rights: DayRights, mover: Mover, issue: Issue, missing: tuple[int, int, int]
) -> Problem:
    a, b, c = (issue.positions[k].id for k in missing)
    who = listed(mover.members, "and")
    origin = _origin(rights, frozenset(mover.members), issue)
    path: Path = issue.decided_by.of(a, c).path or ("issues", issue.id, "decided_by")
    return Problem(
        f"{cut(who, 200)}{origin} may change {issue.id!r} from {a} to {b} and from {b} to {c}, but "
        f"not from {a} to {c}",
        rights.case.place(path),
        expected=f"the right to change {a} -> {c} too, or one of the other two not",
    )


def _origin(rights: DayRights, members: frozenset[str], issue: Issue) -> str:
    """Where a mover comes from, if the rights on this issue do not name it."""
    named: dict[str, set[frozenset[str]]] = {}
    for other in rights.issues:
        named[other.id] = {
            group
            for right in other.decided_by.entries
            for each in rights.somewhere(right)
            for group in each.movers
        }
    if members in named[issue.id]:
        return ""
    if members in map(frozenset, rights.case.groups):
        return " (who act as one, by `groups`)"
    where = next((other for other, movers in named.items() if members in movers), None)
    return f" (named together in issue {where!r})" if where else ""


# --- size -------------------------------------------------------------------------------------


def memory_of(space: Space, movers: int, actors: int, arrangements: int) -> int:
    """About how many bytes the game of a space takes while it is made.

    For each state: the code, the fall and what lies between while these are worked out (64), a
    position for each issue, a mask for each arrangement that statements name, the fibre of each
    mover (4), and three numbers for each actor (24; two where nothing falls to anything else).
    Measured: within a tenth for 2^20 states and more.
    """
    return len(space) * (64 + len(space.case.issues) + arrangements + 4 * movers + 24 * actors)


def too_large(space: Space, movers: Sequence[Mover]) -> Problem | None:
    """The problem of a case whose game would take too much memory or time."""
    case = space.case
    memory = memory_of(space, len(movers), len(case.preferences), len(case.arrangements))
    size = f"the case has {len(space):,} states, {len(movers):,} movers and "
    size += f"{len(case.preferences):,} actors with preferences"
    if memory > MEMORY_LIMIT:
        return Problem(
            f"too large: {size}, which takes about {memory / (1 << 30):.1f} GB",
            case.place(("issues",)),
            expected=f"at most {MEMORY_LIMIT >> 30} GB: fewer issues or positions, or more rules",
        )
    parts = sum(size_of(case, tree) for tree in _statements(case))
    if parts * len(space) > WORK_LIMIT:
        return Problem(
            f"too much to work out: {size}, and {parts:,} parts of statements in preferences and "
            "arrangements",
            case.place(("preferences",)),
            expected="fewer statements, issues or positions, or more rules",
        )
    return None


def _statements(case: Case) -> Iterator[Expression]:
    """The statements that are read over the whole space, arrangements once.

    Those of rankings that spell out one state are not: see ``foedus.preferences``.
    """
    for arrangement in case.arrangements.values():
        yield arrangement.when.tree
    for issue in case.issues.values():
        for entries in issue.falls.values():
            yield from (entry.when.tree for entry in entries if entry.when is not None)
    tiers: list[tuple[Statement, ...]] = []
    for preference in case.preferences.values():
        match preference:
            case Worth() | Priorities():
                yield from (item.when.tree for item in preference.items)
            case Support():
                yield from (item.when.tree for item in preference.items if item.when is not None)
            case Ranking():
                tiers += preference.tiers
    ranked = {id(statement.tree): statement.tree for tier in tiers for statement in tier}
    yield from (tree for tree in ranked.values() if not _spells_a_state(case, tree))


def _spells_a_state(case: Case, tree: Expression) -> bool:
    if not isinstance(tree, And) or len(tree.parts) != len(case.issues):
        return False
    single = {p.issue for p in tree.parts if isinstance(p, In) and len(p.positions) == 1}
    return len(single) == len(case.issues)
