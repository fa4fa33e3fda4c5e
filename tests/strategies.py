"""Random cases: the same construction for Hypothesis (``specs``) and from a seed (``random_spec``).

A case is built to satisfy what a case file must: rights are closed until each mover's changes
within an issue are transitive, today is drawn from the feasible states, rules and provisional
positions under which some fall would be infeasible are not taken, every mover has an ordinary
member, and every actor that can act has preferences.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

import pytest
from hypothesis import strategies as st
from reference.game import (
    Actor,
    ByState,
    Entry,
    Issue,
    Number,
    Preference,
    Priorities,
    Ranking,
    Right,
    Spec,
    State,
    Support,
    Votes,
    Worth,
    by_vote,
    exactly,
)
from reference.statements import And, If, Iff, Is, Named, Not, Or, Statement

CASES = int(os.environ.get("FOEDUS_RANDOM_CASES", "200"))
"""How many random cases each comparison tries."""

LONG = os.environ.get("FOEDUS_LONG") == "1"
"""Whether these are the long tests, which try more and search at random."""

THOROUGH = LONG or os.environ.get("FOEDUS_REQUIRE_BROWSER") == "1"
"""Whether what takes long for what it may find is tried too: in CI, and in the long tests."""

thorough = pytest.mark.skipif(not THOROUGH, reason="takes long: in CI and make test-long")

PROCESSES = 500 if LONG else min(40, max(8, CASES // 5))
"""So many random processes are held against the plain program: `make test-long` tries more."""

FIRST_SEED = int(os.environ.get("FOEDUS_RANDOM_SEED", "1"))
"""The seed of the first of them; the next ones follow."""

MOST_STATES = 36
NAMES = ("ann", "bob", "cyd", "dan")
T = TypeVar("T")


def seed_blocks(size: int = 50) -> list[range]:
    """The seeds to try, in blocks, so that a test's name says which it tried."""
    last = FIRST_SEED + CASES
    return [range(k, min(k + size, last)) for k in range(FIRST_SEED, last, size)]


def block_name(seeds: range) -> str:
    """The name of a block of seeds."""
    return f"seeds-{seeds[0]}-to-{seeds[-1]}"


class Source(Protocol):
    """Where the whole numbers come from: all choices are made by these."""

    def integer(self, low: int, high: int) -> int:
        """A number from low to high, both included."""
        ...


class Choose:
    """Choices made from a source; Hypothesis shrinks towards the first, the fewest, and no."""

    def __init__(self, source: Source) -> None:
        self.integer = source.integer

    def one(self, options: Sequence[T]) -> T:
        return options[self.integer(0, len(options) - 1)]

    def chance(self, per_cent: int) -> bool:
        return self.integer(1, 100) > 100 - per_cent

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """So many of the options, in their order."""
        count = self.integer(min(least, len(options)), min(most, len(options)))
        chosen = self.shuffled(range(len(options)))[:count]
        return [options[k] for k in sorted(chosen)]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        result = list(options)
        for k in range(len(result) - 1):
            j = self.integer(k, len(result) - 1)
            result[k], result[j] = result[j], result[k]
        return result


class _Seeded:
    def __init__(self, seed: int) -> None:
        self.integer = random.Random(seed).randint  # noqa: S311 - no secrets here


class _Drawn:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))


def random_spec(seed: int) -> Spec:
    """The random case of this seed."""
    return build(Choose(_Seeded(seed)))


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """Random cases that shrink."""
    return build(Choose(_Drawn(draw)))


def random_deals(seed: int) -> Spec:
    """The random case of this seed, with arrangements that somebody may want; see ``deals``."""
    return deals(Choose(_Seeded(seed)))


@st.composite
def deal_specs(draw: st.DrawFn) -> Spec:
    """Random cases with arrangements that somebody may want, which shrink."""
    return deals(Choose(_Drawn(draw)))


def build(choose: Choose) -> Spec:
    """A random valid case."""
    actors = [Actor(name) for name in NAMES[: choose.one([2, 3, 3, 4, 4])]]
    if choose.chance(40):
        threshold = choose.one([None, 50, 60, 33])
        where = choose.integer(0, len(actors))
        actors.insert(where, Actor("pub", electorate=True, threshold=threshold))
    pool = _movers(choose, actors)
    spec = Spec(tuple(actors), _issues(choose, pool))
    spec = _with_rules(choose, spec)
    spec = _with_movers(spec, pool)
    spec = _with_arrangements(choose, spec)
    deciding = {actor for mover in spec.movers() for actor in mover}
    judges = [a for a in spec.actors if a.id in deciding or choose.chance(70)]
    spec = replace(spec, preferences={a.id: _preference(choose, spec, a) for a in judges})
    first = tuple(issue.positions[0] for issue in spec.issues)
    if first not in spec.feasible.values() or not choose.chance(30):
        spec = replace(spec, today=choose.one(list(spec.feasible.values())))
    return _with_conditions(choose, spec)


def deals(choose: Choose) -> Spec:
    """A random case in which acceptance matters.

    Today is written: where there is one, a state that would not last, and one that somebody would
    leave. Further arrangements are patterns of settled states, mostly ones that do not come about
    by themselves. Utilities are more frequent, and many are given as wide ranges.
    """
    spec = build(choose)
    if choose.chance(50):
        ordinary = [actor for actor in spec.preferences if actor in NAMES]
        wants = {actor: _wide(choose, _worth(choose, spec)) for actor in ordinary}
        spec = replace(spec, preferences={**spec.preferences, **wants})
    states = list(spec.feasible.values())
    passing = [state for state in states if spec.fall_of(state) != state]
    pool = passing if passing and choose.chance(60) else states
    game = spec.game()
    number = {state: s for s, state in game.states.items()}

    def wishes_to_leave(state: State) -> int:
        return sum(len(game.improvements(mover, number[state])) for mover in game.movers)

    today = max([choose.one(pool) for _ in range(choose.integer(1, 4))], key=wishes_to_leave)
    spec = replace(spec, today=today)
    settled = sorted({spec.fall_of(state) for state in states})
    others = [state for state in settled if state != spec.fall_of(today)]
    for k in range(choose.integer(1, 3)):
        pool = others if others and choose.chance(85) else settled
        parts = [exactly(spec.issues, state) for state in choose.some(pool, 1, 5)]
        when = Or(tuple(parts)) if len(parts) > 1 else parts[0]
        spec = replace(spec, arrangements={**spec.arrangements, f"pact-{k + 1}": when})
    return spec


def _wide(choose: Choose, worth: Worth) -> Worth:
    """The same, most of it in ranges that reach far to both sides."""
    items = []
    for when, value in worth.items:
        mode = value[1] if isinstance(value, tuple) else value
        if choose.chance(60) and isinstance(mode, int):
            value = (mode - choose.integer(2, 12), mode, mode + choose.integer(2, 12))
        items.append((when, value))
    return Worth(tuple(items))


# --- who can act, and on what -----------------------------------------------------------------


def _movers(choose: Choose, actors: list[Actor]) -> list[frozenset[str]]:
    """Two to five different sets of actors, each with an ordinary member."""
    ordinary = [actor.id for actor in actors if not actor.electorate]
    pool = [frozenset([name]) for name in ordinary if choose.chance(60)]
    for _ in range(choose.one([1, 2, 3, 3, 4])):
        size = choose.one([1, 1, 1, 1, 2, 2, 3])
        leader = choose.one(ordinary)
        others = [actor.id for actor in actors if actor.id != leader]
        votes = [actor.id for actor in actors if actor.electorate and choose.chance(35)]
        pool.append(frozenset([leader, *choose.some(others, size - 1, size - 1), *votes]))
    pool = list(dict.fromkeys(pool))[:5]
    return pool if len(pool) > 1 else [frozenset([name]) for name in ordinary]


def _right(choose: Choose, pool: list[frozenset[str]]) -> Right:
    if choose.chance(8):
        return ()
    alternatives = choose.some(pool, 1, choose.one([1, 2, 3, 4]))
    if choose.chance(10):  # an alternative that adds nothing: not a smallest set
        alternatives.append(alternatives[0] | choose.one(pool))
    return tuple(dict.fromkeys(alternatives))


def _issues(choose: Choose, pool: list[frozenset[str]]) -> tuple[Issue, ...]:
    provisional = choose.chance(35)
    issues: list[Issue] = []
    room = MOST_STATES
    for name in ("aim", "bridge", "coast", "dues")[: choose.one([2, 3, 3, 4, 4])]:
        count = choose.integer(2, 3)
        if room < count:
            break
        room //= count
        issues.append(_issue(choose, pool, name, count, provisional=provisional))
    return tuple(issues)


def _issue(
    choose: Choose, pool: list[frozenset[str]], name: str, count: int, *, provisional: bool
) -> Issue:
    positions = ("low", "mid", "top")[:count]
    default: Right | None = _right(choose, pool)
    to: dict[str, Right] = {}
    changes: dict[tuple[str, str], Right] = {}
    form = choose.integer(1, 100)
    if form > 50:  # by position moved to
        to = {p: _right(choose, pool) for p in choose.some(positions, 1, count)}
    if form > 75:  # by change, perhaps beside that
        both_ways = list(itertools.permutations(positions, 2))
        changes = {pair: _right(choose, pool) for pair in choose.some(both_ways, 1, 4)}
        if choose.chance(60):
            to = {}
    if (to or changes) and choose.chance(25):
        default = None
    barred: list[str] = []
    if choose.chance(12):
        barred = choose.some(positions, 1, count - 1)
    otherwise: dict[str, str] = {}
    if provisional and choose.chance(60):
        target = choose.one(positions)
        sources = choose.some([p for p in positions if p != target], 1, 2)
        lasting = [p for p in positions if p not in sources]
        otherwise = {source: choose.one(lasting) for source in sources}
        # Nobody may move into a provisional position: a right to would be refused.
        to = {p: right for p, right in to.items() if p not in otherwise}
        changes = {pair: right for pair, right in changes.items() if pair[1] not in otherwise}
    return Issue(name, positions, default, to, changes, tuple(barred), otherwise)


def _with_rules(choose: Choose, spec: Spec) -> Spec:
    """The case with rules, leaving two states or more and no fall that is infeasible."""
    for _ in range(choose.one([0, 0, 1, 1, 2, 3])):
        tried = replace(spec, rules=(*spec.rules, _rule(choose, spec)))
        states = set(tried.feasible.values())
        if len(states) > 1 and all(tried.fall_of(state) in states for state in states):
            spec = tried
    return spec


def _with_conditions(choose: Choose, spec: Spec) -> Spec:
    """The case with some falls that depend on the state, none of them infeasible."""
    for k, issue in enumerate(spec.issues):
        lasting = [p for p in issue.positions if p not in issue.otherwise]
        for position in issue.otherwise:
            if len(lasting) > 1 and choose.chance(80):
                entry = (_statement(choose, spec, depth=1), choose.one(lasting))
                changed = replace(
                    spec.issues[k], instead={**spec.issues[k].instead, position: entry}
                )
                tried = replace(spec, issues=(*spec.issues[:k], changed, *spec.issues[k + 1 :]))
                states = set(tried.feasible.values())
                if all(tried.fall_of(state) in states for state in states):
                    spec = tried
    return spec


def _with_movers(spec: Spec, pool: list[frozenset[str]]) -> Spec:
    """The case in which the whole pool can act, as groups if need be, and rights are closed."""
    while True:
        known = {frozenset(mover) for mover in spec.movers()}
        groups = tuple(tuple(sorted(mover)) for mover in pool if mover not in known)
        spec = replace(spec, groups=spec.groups + groups)
        closed = _closed(spec)
        if closed == spec:
            return spec
        spec = closed


def _closed(spec: Spec) -> Spec:
    """The case with the changes added that make each mover's changes transitive, a round of it."""
    issues = []
    for issue in spec.issues:
        for mover in spec.movers():
            while (pair := spec.missing_change(mover, issue)) is not None:
                right = (*issue.right(*pair), frozenset(mover))
                issue = replace(issue, changes={**issue.changes, pair: right})
        issues.append(issue)
    return replace(spec, issues=tuple(issues))


# --- rights by state and day ------------------------------------------------------------------

AS_OF = date(2024, 3, 1)
DAYS = tuple(AS_OF + timedelta(days=k) for k in (-30, -1, 0, 1, 30, 90))


def random_by_state(seed: int) -> Spec:
    """The random case of this seed, with rights by state and day, quotas and final positions."""
    return by_state(Choose(_Seeded(seed)))


@st.composite
def state_specs(draw: st.DrawFn) -> Spec:
    """Random cases with rights by state and day, which shrink."""
    return by_state(Choose(_Drawn(draw)))


def by_state(choose: Choose) -> Spec:
    """A random case in which some rights depend on the state, and some on the day.

    Their sets are those of the rights that it had, so that all who act have preferences.
    """
    spec = replace(build(choose), as_of=AS_OF, day=choose.one([AS_OF, AS_OF, *DAYS]))
    rights = [right for issue in spec.issues for right in issue.rights() if right]
    pool = [right for right in rights if isinstance(right, tuple)]
    if not pool:
        pool = [(frozenset(spec.movers()[0]),)]
    issues = list(spec.issues)
    for k in choose.some(range(len(issues)), 1, len(issues)):
        issues[k] = _issue_by_state(choose, spec, issues[k], pool)
    for k, issue in enumerate(issues):
        lasting = [p for p in issue.positions if p not in issue.otherwise]
        if choose.chance(20):
            final = tuple(choose.some(lasting, 1, 1))
            kept = {pair: r for pair, r in issue.changes.items() if pair[0] not in final}
            issues[k] = replace(issue, changes=kept, final=final)
    made = replace(spec, issues=tuple(issues))
    for k, issue in enumerate(issues):  # a mover by quota may lack a change under plain rights
        if not issue.by_state and any(made.missing_change(m, issue) for m in made.movers()):
            issues[k] = replace(issue, default=(), to={}, changes={})
    return replace(made, issues=tuple(issues))


def _issue_by_state(choose: Choose, spec: Spec, issue: Issue, pool: list[Right]) -> Issue:
    def made(right: Right | ByState) -> Right | ByState:
        return _entries(choose, spec, pool) if choose.chance(75) else right

    default = _entries(choose, spec, pool) if issue.default is not None else None
    return replace(
        issue,
        default=default,
        to={p: made(right) for p, right in issue.to.items()},
        changes={pair: made(right) for pair, right in issue.changes.items()},
    )


def _entries(choose: Choose, spec: Spec, pool: list[Right]) -> ByState:
    entries: list[Entry] = []
    count = choose.one([1, 2, 2, 3])
    for k in range(count):
        last = k > 0 and k + 1 == count and choose.chance(60)
        when = _statement(choose, spec, depth=1) if not last and choose.chance(85) else None
        since = until = None
        if not last and (when is None or choose.chance(25)):
            since, until = choose.one([*DAYS, None]), choose.one(DAYS)
            if since is not None and until < since:
                since, until = until, since
        right, votes = (() if choose.chance(10) else choose.one(pool)), None
        if choose.chance(15):
            names = [a for a in spec.preferences if a in NAMES]
            votes = _votes(choose, names)
            right = by_vote(votes)
        entries.append(Entry(right, when, since, until, votes))
    return ByState(tuple(entries))


def _votes(choose: Choose, names: list[str]) -> Votes:
    weights = tuple((name, choose.integer(1, 5)) for name in names)
    return choose.integer(1, sum(weight for _, weight in weights)), weights


# --- statements -------------------------------------------------------------------------------


def _atom(choose: Choose, spec: Spec) -> Statement:
    issue = choose.one(spec.issues)
    most = 2 if len(issue.positions) > 2 and choose.chance(25) else 1
    chosen = choose.some(issue.positions, most, most)
    return Is(issue.id, tuple(chosen), negated=choose.chance(25))


def _statement(choose: Choose, spec: Spec, depth: int = 2) -> Statement:
    form = choose.integer(1, 100)
    if depth == 0 or form <= 45:
        if spec.arrangements and choose.chance(10):
            return Named(choose.one(sorted(spec.arrangements)))
        return _atom(choose, spec)
    if form <= 55:
        return Not(_statement(choose, spec, depth - 1))
    parts = tuple(_statement(choose, spec, depth - 1) for _ in range(choose.one([2, 2, 3])))
    if form <= 75:
        return And(parts)
    if form <= 90:
        return Or(parts)
    return If(*parts[:2]) if form <= 95 else Iff(*parts[:2])


def _rule(choose: Choose, spec: Spec) -> Statement:
    form = choose.integer(1, 4)
    pair = (_atom(choose, spec), _atom(choose, spec))
    if form == 1:
        return Not(And(pair))
    if form == 2:
        return If(*pair)
    if form == 3:
        return Or(pair)
    return _statement(choose, spec)


def _with_arrangements(choose: Choose, spec: Spec) -> Spec:
    for k in range(choose.integer(1, 4)):
        when = _statement(choose, spec, depth=choose.integer(0, 2))
        if choose.chance(30):
            when = exactly(spec.issues, choose.one(list(spec.feasible.values())))
        spec = replace(spec, arrangements={**spec.arrangements, f"deal-{k + 1}": when})
    return spec


# --- preferences ------------------------------------------------------------------------------


def _preference(choose: Choose, spec: Spec, actor: Actor) -> Preference:
    if actor.electorate:
        return _support(choose, spec)
    form = choose.integer(1, 100)
    if form <= 35:
        return _worth(choose, spec)
    if form <= 55:
        return _priorities(choose, spec)
    if form <= 70:
        return _ranking_of_statements(choose, spec)
    return _ranking_of_states(choose, spec)


def _worth(choose: Choose, spec: Spec) -> Worth:
    items = []
    for _ in range(choose.integer(1, 5)):
        value: Number = choose.integer(-9, 9)
        if choose.chance(15):
            value = (value - 2, value, value + 5)
        items.append((_statement(choose, spec, depth=1), value))
    return Worth(tuple(items))


def _priorities(choose: Choose, spec: Spec) -> Priorities:
    chances: list[Number | None] = [None] * 6
    chances += [0.3, 0.5, 0.8, (0.2, 0.6, 0.9), (0.1, 0.4, 0.9), "likely", "unlikely"]
    count = choose.integer(1, 5)
    return Priorities(
        tuple((_statement(choose, spec, depth=1), choose.one(chances)) for _ in range(count))
    )


def _ranking_of_statements(choose: Choose, spec: Spec) -> Ranking:
    tiers = []
    for _ in range(choose.integer(1, 5)):
        count = choose.one([1, 1, 1, 2])
        tiers.append(tuple(_statement(choose, spec, depth=1) for _ in range(count)))
    return Ranking(tuple(tiers))


def _ranking_of_states(choose: Choose, spec: Spec) -> Ranking:
    """Every settled state by itself, in any order, perhaps with ties and a tail left unmatched."""
    states: list[State] = sorted({spec.fall_of(state) for state in spec.feasible.values()})
    states = choose.shuffled(states)
    ties = choose.chance(40)
    if choose.chance(20):
        states = states[: choose.integer(1, len(states))]
    tiers: list[list[Statement]] = []
    for state in states:
        if tiers and ties and choose.chance(35):
            tiers[-1].append(exactly(spec.issues, state))
        else:
            tiers.append([exactly(spec.issues, state)])
    return Ranking(tuple(tuple(tier) for tier in tiers))


def _support(choose: Choose, spec: Spec) -> Support:
    shares: list[Number] = [20, 40, 50, 60, 75, (20, 30, 40), (30, 55, 80)]
    items = tuple(
        (_statement(choose, spec, depth=1), choose.one(shares)) for _ in range(choose.integer(1, 3))
    )
    return Support(items, choose.one(shares))
