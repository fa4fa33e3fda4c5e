"""A game described in plain Python, and what follows from it by plain loops.

A :class:`Spec` says the same as a case file and can write itself as one (``to_yaml``); a
:class:`Game` is what the case file means: numbered states, movers, moves, levels. The meaning is
taken from the design's words alone:

- States are numbered from 1 over the feasible ones, the first issue varying fastest.
- Of the rights on one issue the most specific counts: the change, then the position moved to, then
  the default; what no entry covers is nobody's.
- Movers are the smallest satisfying sets of every right written down, and the groups; sorted by
  size, then by the order of the actors. Of a right by state, of every entry that counts in some
  possible state on the day asked about.
- A mover may change an issue when some alternative of the right is contained in it; never into a
  position that is never returned to, never into a provisional one, never out of a final one.
- A right by state is its first entry that counts on the day and is true of the state left. Under
  such rights a move is any sequence of steps of the mover alone, each of them legal in the state
  that it leaves and possible where it leads.
- Actors judge a state by what it falls to.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from reference.statements import And, Is, Statement, holds, text

State = tuple[str, ...]
"""One position for each issue, in the order of the issues."""

Mover = tuple[str, ...]
"""The members, in the order of the actors."""

Right = tuple[frozenset[str], ...]
"""The alternatives: sets of actors, each of which can act together. None: nobody."""

Votes = tuple[int, tuple[tuple[str, int], ...]]
"""A quota: how much suffices, and how much each actor has."""


@dataclass(frozen=True)
class Entry:
    """An entry of a right by state and day; ``votes`` is the quota that its right is written as."""

    right: Right
    when: Statement | None = None
    since: date | None = None
    until: date | None = None
    votes: Votes | None = None


@dataclass(frozen=True)
class ByState:
    """A right by state and day."""

    entries: tuple[Entry, ...]


def by_vote(votes: Votes) -> Right:
    """Every set of actors that has enough."""
    enough, weights = votes
    return tuple(
        frozenset(name for name, _ in some)
        for size in range(1, len(weights) + 1)
        for some in itertools.combinations(weights, size)
        if sum(weight for _, weight in some) >= enough
    )


Number = int | float | str | tuple[float, float, float]
"""A judgement: sure, a probability word, or low, most likely, high."""


@dataclass(frozen=True)
class Actor:
    id: str
    electorate: bool = False
    threshold: int | None = None


@dataclass(frozen=True)
class Issue:
    """An issue; rights by change, by position moved to, and the default (None: not written).

    An expiring position becomes what ``otherwise`` says, or where a statement holds of the state
    before, what ``instead`` says.
    """

    id: str
    positions: tuple[str, ...]
    default: Right | ByState | None = None
    to: Mapping[str, Right | ByState] = field(default_factory=dict)
    changes: Mapping[tuple[str, str], Right | ByState] = field(default_factory=dict)
    never_back_to: tuple[str, ...] = ()
    otherwise: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, tuple[Statement, str]] = field(default_factory=dict)
    final: tuple[str, ...] = ()

    @property
    def by_state(self) -> bool:
        """Whether some right is by state."""
        return any(isinstance(right, ByState) for right in self.rights())

    def right(self, origin: str, target: str) -> Right | ByState:
        """The right that counts for this change."""
        if (origin, target) in self.changes:
            return self.changes[origin, target]
        if target in self.to:
            return self.to[target]
        return self.default or ()

    def rights(self) -> list[Right | ByState]:
        """Every right that is written down."""
        default = [] if self.default is None else [self.default]
        return [*default, *self.to.values(), *self.changes.values()]


@dataclass(frozen=True)
class Worth:
    items: tuple[tuple[Statement, Number], ...]


@dataclass(frozen=True)
class Priorities:
    """Statements, most important first, each with the chance that it is held (None: held)."""

    items: tuple[tuple[Statement, Number | None], ...]


@dataclass(frozen=True)
class Ranking:
    """Tiers of statements, best first; a state stands in the first tier that it matches."""

    tiers: tuple[tuple[Statement, ...], ...]


@dataclass(frozen=True)
class Support:
    items: tuple[tuple[Statement, Number], ...]
    default: Number


Preference = Worth | Priorities | Ranking | Support


def middle(number: Number) -> float:
    """The most likely value of a judgement; a word stands for any number on its side of a half."""
    match number:
        case "likely":
            return 0.7
        case "unlikely":
            return 0.3
        case (_, mode, _):
            return mode
        case int() | float():
            return number
    raise ValueError(number)


def smallest(sets: list[frozenset[str]]) -> set[frozenset[str]]:
    """Those that contain no other of them."""
    return {one for one in sets if not any(other < one for other in sets)}


@dataclass(frozen=True)
class Game:
    """What a case means, states being numbers.

    ``moves[mover][s]`` are the states the mover can move to from s; ``levels[actor][s]`` is 0 for
    the worst and higher for better; an electorate's is 1 where its support reaches its threshold.
    ``utility[actor][s]`` is there for actors with ``worth``. Both are of the fallen state.
    """

    states: Mapping[int, State]
    movers: tuple[Mover, ...]
    moves: Mapping[Mover, Mapping[int, frozenset[int]]]
    levels: Mapping[str, Mapping[int, int]]
    utility: Mapping[str, Mapping[int, float]]
    electorates: frozenset[str]
    fall: Mapping[int, int]
    today: int

    @cached_property
    def settled(self) -> frozenset[int]:
        """The states that fall to themselves."""
        return frozenset(s for s in self.states if self.fall[s] == s)

    def agrees(self, actor: str, s: int, t: int) -> bool:
        """Whether the actor would go along from s to t."""
        if actor in self.electorates:
            return self.levels[actor][t] == 1
        return self.levels[actor][t] > self.levels[actor][s]

    def all_agree(self, mover: Mover, s: int, t: int) -> bool:
        """Whether every member would."""
        return all(self.agrees(actor, s, t) for actor in mover)

    def improves(self, mover: Mover, s: int, t: int, *, weak: bool = False) -> bool:
        """Whether a move from s to t is one that the mover wants.

        All its members agree; with ``weak``: none is worse off, one is better off, and its
        electorates agree.
        """
        if not weak:
            return self.all_agree(mover, s, t)
        votes = [actor for actor in mover if actor in self.electorates]
        gains = [
            self.levels[actor][t] - self.levels[actor][s]
            for actor in mover
            if actor not in self.electorates
        ]
        return min(gains) >= 0 and max(gains) > 0 and all(self.agrees(a, s, t) for a in votes)

    def improvements(self, mover: Mover, s: int, *, weak: bool = False) -> set[int]:
        """The moves from s that the mover wants."""
        return {t for t in self.moves[mover][s] if self.improves(mover, s, t, weak=weak)}

    def opponents(self, mover: Mover) -> list[Mover]:
        """The movers that share no member with this one."""
        return [other for other in self.movers if not set(other) & set(mover)]

    def changes(self, s: int, t: int) -> int:
        """In how many issues two states differ."""
        return sum(a != b for a, b in zip(self.states[s], self.states[t], strict=True))


@dataclass(frozen=True)
class Spec:
    """A case in plain structures. ``today`` None: not written, each issue's first position.

    ``day`` is the day on which rights are asked about: ``as_of`` unless another one is.
    """

    actors: tuple[Actor, ...]
    issues: tuple[Issue, ...]
    preferences: Mapping[str, Preference] = field(default_factory=dict)
    rules: tuple[Statement, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    arrangements: Mapping[str, Statement] = field(default_factory=dict)
    today: State | None = None
    as_of: date | None = None
    day: date | None = None

    # --- states ---

    def true(self, statement: Statement, state: State) -> bool:
        """Whether the statement is true of the state as it stands (not of its fall)."""
        named = {issue.id: p for issue, p in zip(self.issues, state, strict=True)}
        return holds(statement, named, self.arrangements)

    @cached_property
    def feasible(self) -> dict[int, State]:
        """The states that every rule allows, by number."""
        allowed = []
        for last_issue_first in itertools.product(*(i.positions for i in reversed(self.issues))):
            state = tuple(reversed(last_issue_first))
            if all(self.true(rule, state) for rule in self.rules):
                allowed.append(state)
        return dict(enumerate(allowed, start=1))

    def fall_of(self, state: State) -> State:
        """What the state becomes at the deadline."""
        fallen = []
        for issue, position in zip(self.issues, state, strict=True):
            end = issue.otherwise.get(position, position)
            if position in issue.instead and self.true(issue.instead[position][0], state):
                end = issue.instead[position][1]
            fallen.append(end)
        return tuple(fallen)

    @property
    def start(self) -> State:
        """Today."""
        return self.today or tuple(issue.positions[0] for issue in self.issues)

    # --- moves ---

    def in_order(self, members: frozenset[str]) -> Mover:
        """The members in the order of the actors."""
        return tuple(actor.id for actor in self.actors if actor.id in members)

    def movers(self) -> tuple[Mover, ...]:
        """Who can act: the smallest satisfying sets of all rights, and the groups."""
        found = {frozenset(group) for group in self.groups}
        for issue in self.issues:
            for right in issue.rights():
                states = self.feasible.values() if isinstance(right, ByState) else [()]
                for state in states:
                    found |= smallest(list(self.counting(right, state)))
        order = [actor.id for actor in self.actors]

        def key(mover: Mover) -> tuple[int, list[int]]:
            return len(mover), [order.index(member) for member in mover]

        return tuple(sorted((self.in_order(members) for members in found), key=key))

    def counting(self, right: Right | ByState, state: State) -> Right:
        """What counts of a right on the day, in a state."""
        if not isinstance(right, ByState):
            return right
        for entry in right.entries:
            began = entry.since is None or (self.day is not None and entry.since <= self.day)
            lasts = entry.until is None or (self.day is not None and self.day <= entry.until)
            if began and lasts and (entry.when is None or self.true(entry.when, state)):
                return entry.right
        return ()

    def legal_changes(self, mover: Mover, issue: Issue, state: State = ()) -> set[tuple[str, str]]:
        """What the mover may do within one issue, in a state if rights depend on it."""
        return {
            (origin, target)
            for origin, target in itertools.permutations(issue.positions, 2)
            if target not in issue.never_back_to
            and target not in issue.otherwise
            and origin not in issue.final
            and any(
                alternative <= set(mover)
                for alternative in self.counting(issue.right(origin, target), state)
            )
        }

    def missing_change(self, mover: Mover, issue: Issue) -> tuple[str, str] | None:
        """A change that the mover can make in two steps but not in one."""
        legal = self.legal_changes(mover, issue)
        for origin, between in sorted(legal):
            for again, target in sorted(legal):
                if again == between and target != origin and (origin, target) not in legal:
                    return origin, target
        return None

    def steps(self, mover: Mover) -> dict[int, frozenset[int]]:
        """For each state, the others that the mover reaches in one step: issues together."""
        number = {state: s for s, state in self.feasible.items()}
        steps = {}
        for s, state in self.feasible.items():
            legal = [self.legal_changes(mover, issue, state) for issue in self.issues]
            choices = [
                [position, *(target for origin, target in changes if origin == position)]
                for changes, position in zip(legal, state, strict=True)
            ]
            results = (number.get(t) for t in itertools.product(*choices))
            steps[s] = frozenset(t for t in results if t is not None and t != s)
        return steps

    def moves(self, mover: Mover) -> dict[int, frozenset[int]]:
        """For each state, the others that the mover reaches in one move.

        A step; under rights by state one or more, looked for in depth.
        """
        steps = self.steps(mover)
        if not any(issue.by_state for issue in self.issues):
            return steps
        moves = {}
        for s in steps:
            found: set[int] = set()
            waiting = [s]
            while waiting:
                for t in steps[waiting.pop()]:
                    if t not in found:
                        found.add(t)
                        waiting.append(t)
            moves[s] = frozenset(found - {s})
        return moves

    # --- preferences ---

    def value(self, preference: Preference, state: State) -> float:
        """A number that is greater for what is better; the state is taken as it stands."""
        match preference:
            case Worth(items):
                return sum(middle(v) for when, v in items if self.true(when, state))
            case Priorities(items):
                kept = [when for when, held in items if held is None or middle(held) >= 0.5]
                return sum(
                    2 ** (len(kept) - k)
                    for k, when in enumerate(kept, start=1)
                    if self.true(when, state)
                )
            case Ranking(tiers):
                for k, tier in enumerate(tiers):
                    if any(self.true(when, state) for when in tier):
                        return -k
                return -len(tiers)
            case Support(items, default):
                for when, share in items:
                    if self.true(when, state):
                        return middle(share)
                return middle(default)

    def levels(self, actor: Actor) -> dict[int, int]:
        """The actor's rank of each state, by what it falls to: 0 worst, ties equal, no gaps."""
        values = {
            s: self.value(self.preferences[actor.id], self.fall_of(state))
            for s, state in self.feasible.items()
        }
        if actor.electorate:
            threshold = 50 if actor.threshold is None else actor.threshold
            return {s: int(share >= threshold) for s, share in values.items()}
        ladder = sorted(set(values.values()))
        return {s: ladder.index(value) for s, value in values.items()}

    def game(self) -> Game:
        """The game that this case describes."""
        number = {state: s for s, state in self.feasible.items()}
        judges = [actor for actor in self.actors if actor.id in self.preferences]
        return Game(
            states=self.feasible,
            movers=self.movers(),
            moves={mover: self.moves(mover) for mover in self.movers()},
            levels={actor.id: self.levels(actor) for actor in judges},
            utility={
                actor: {s: self.value(worth, self.fall_of(t)) for s, t in self.feasible.items()}
                for actor, worth in self.preferences.items()
                if isinstance(worth, Worth)
            },
            electorates=frozenset(actor.id for actor in self.actors if actor.electorate),
            fall={s: number[self.fall_of(state)] for s, state in self.feasible.items()},
            today=number[self.start],
        )

    # --- writing it as a case file ---

    def to_yaml(self) -> str:
        """The text of a case file that says the same."""
        lines = ["foedus: 1", "title: A random case"]
        if self.as_of is not None:
            lines += [f"as_of: {self.as_of}"]
        if self.today is not None:
            lines += ["today:"]
            lines += [f"  {i.id}: {p}" for i, p in zip(self.issues, self.today, strict=True)]
        lines += ["actors:"]
        for actor in self.actors:
            kind = ", kind: electorate" if actor.electorate else ""
            threshold = "" if actor.threshold is None else f", threshold: {actor.threshold}"
            lines += [f"  {actor.id}: {{name: {actor.id}{kind}{threshold}}}"]
        lines += ["issues:"]
        for issue in self.issues:
            lines += _issue_lines(issue)
        if self.rules:
            lines += ["rules:"]
            for rule in self.rules:
                lines += [f"  - rule: {text(rule)}", "    why: It is drawn at random"]
        if self.arrangements:
            lines += ["arrangements:"]
            for name, when in self.arrangements.items():
                lines += [f"  {name}:", f"    name: {name}", f"    when: {text(when)}"]
        if self.groups:
            lines += [f"groups: [{', '.join('[' + ', '.join(g) + ']' for g in self.groups)}]"]
        lines += ["preferences:"]
        for actor_id, preference in self.preferences.items():
            lines += [f"  {actor_id}:", *_preference_lines(preference)]
        return "\n".join(lines) + "\n"


def exactly(issues: tuple[Issue, ...], state: State) -> Statement:
    """The statement that is true of this state alone."""
    parts = tuple(Is(issue.id, (p,)) for issue, p in zip(issues, state, strict=True))
    return And(parts) if len(parts) > 1 else parts[0]


def right_text(right: Right | ByState) -> str:
    """A right as it is written."""
    if isinstance(right, ByState):
        return f"[{', '.join(map(_entry_text, right.entries))}]"
    if not right:
        return "nobody"
    alternatives = [" and ".join(sorted(alternative)) for alternative in right]
    if len(alternatives) == 1:
        return alternatives[0]
    return " or ".join(f"({one})" if " " in one else one for one in alternatives)


def _entry_text(entry: Entry) -> str:
    parts = [] if entry.when is None else [f'when: "{text(entry.when)}"']
    parts += [] if entry.since is None else [f"from: {entry.since}"]
    parts += [] if entry.until is None else [f"until: {entry.until}"]
    by = right_text(entry.right)
    if entry.votes is not None:
        enough, weights = entry.votes
        of = ", ".join(f"{name}: {weight}" for name, weight in weights)
        by = f"{{at_least: {enough}, of: {{{of}}}}}"
    return f"{{{', '.join([*parts, f'by: {by}'])}}}"


def _issue_lines(issue: Issue) -> list[str]:
    labels = ", ".join(f"{position}: At {position}" for position in issue.positions)
    lines = [f"  {issue.id}:", f"    positions: {{{labels}}}"]
    if not issue.to and not issue.changes:
        lines += [f"    decided_by: {right_text(issue.default or ())}"]
    else:
        lines += ["    decided_by:"]
        for (origin, target), right in issue.changes.items():
            lines += [f"      {origin} -> {target}: {right_text(right)}"]
        for target, right in issue.to.items():
            lines += [f"      {target}: {right_text(right)}"]
        if issue.default is not None:
            lines += [f"      default: {right_text(issue.default)}"]
    if len(issue.never_back_to) == 1:
        lines += [f"    never_back_to: {issue.never_back_to[0]}"]
    elif issue.never_back_to:
        lines += [f"    never_back_to: [{', '.join(issue.never_back_to)}]"]
    if issue.final:
        lines += [f"    final: [{', '.join(issue.final)}]"]
    if issue.otherwise:
        lines += ["    otherwise:"]
        for position, target in issue.otherwise.items():
            if position in issue.instead:
                when, other = issue.instead[position]
                entries = f"[{{when: {text(when)}, to: {other}}}, {{to: {target}}}]"
                lines += [f"      {position}: {entries}"]
            else:
                lines += [f"      {position}: {target}"]
    return lines


def _number_text(number: Number) -> str:
    return str(list(number)) if isinstance(number, tuple) else str(number)


def _preference_lines(preference: Preference) -> list[str]:
    lines = []
    match preference:
        case Worth(items):
            lines += ["    worth:"]
            for k, (when, value) in enumerate(items, start=1):
                lines += [f"      w{k}:", f"        when: {text(when)}"]
                lines += [f"        value: {_number_text(value)}"]
        case Priorities(items):
            lines += ["    priorities:"]
            for when, held in items:
                lines += [f"      - when: {text(when)}"]
                if held is not None:
                    lines += [f"        probability: {_number_text(held)}"]
        case Ranking(tiers):
            lines += ["    ranking:"]
            for tier in tiers:
                if len(tier) == 1:
                    lines += [f"      - {text(tier[0])}"]
                else:
                    lines += ["      -"] + [f"        - {text(when)}" for when in tier]
        case Support(items, default):
            lines += ["    support:"]
            for when, share in items:
                lines += [f"      - when: {text(when)}", f"        share: {_number_text(share)}"]
            lines += [f"      - default: {_number_text(default)}"]
    return lines
