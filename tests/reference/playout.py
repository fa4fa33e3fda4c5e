"""One draw of a forecast played by plain loops, as ``docs/playout.md`` says.

What a draw holds is given (:class:`Draw`); nothing is drawn here. Written from the definition
alone, for games of a few dozen states.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reference.game import Actor, Game, Issue, Mover

Item = tuple[str, str]
"""An issue and a position to move to."""

MOST_MOVES = 500
EQUAL = 1e-9


@dataclass(frozen=True)
class Options:
    """The named options, with their defaults."""

    bargainers: str = "coalitions"
    deal: str = "nash"
    ties: str = "fewest"
    conflict: str = "better"
    waiting: str = "parallel"
    order: str = "file"
    cycle: str = "next-best"


@dataclass(frozen=True)
class Draw:
    """What one draw holds.

    ``values[actor][s]`` is what the actor makes of s (by what s falls to): a utility for the
    actors in ``cardinal``, a level for other ordinary ones, 1 or 0 for an electorate.
    ``wait(item, k, origin)``, in days, is the time the item needs when it has been taken up k times
    before, the issue standing at ``origin``; ``pace(item, origin)`` names the record that paces
    it, None for none; ``takes(issue)`` says whether the issue takes time by itself.
    """

    values: Mapping[str, Mapping[int, float]]
    cardinal: frozenset[str]
    wait: Callable[[Item, int, str], float]
    pace: Callable[[Item, str], str | None]
    takes: Callable[[str], bool]


@dataclass
class Story:
    """What happened: each move with its coalition and its day, and the state at the very end.

    Last answers are at the end of the moves, on the day of the deadline; ``moves`` counts those
    before.
    """

    trail: list[tuple[Mover, int, float]] = field(default_factory=list)
    first_done: dict[Item, float] = field(default_factory=dict)
    cycles: int = 0
    stopped: bool = False
    moves: int = 0
    reached: int = 0


def coalitions(spec: Rules, bargainers: str) -> list[Mover]:
    """Who bargains: all different unions of movers, or the movers, by size and then by actors."""
    movers = [frozenset(mover) for mover in spec.movers()]
    if bargainers == "movers":
        return list(spec.movers())
    unions = set(movers)
    while True:
        more = {a | b for a in unions for b in movers} | unions
        if more == unions:
            break
        unions = more
    order = [actor.id for actor in spec.actors]
    made = [spec.in_order(union) for union in unions]
    return sorted(made, key=lambda c: (len(c), [order.index(a) for a in c]))


class Rules(Protocol):
    """What is asked of a case: a :class:`reference.game.Spec` answers it."""

    @property
    def actors(self) -> Sequence[Actor]: ...

    @property
    def issues(self) -> Sequence[Issue]: ...

    def movers(self) -> Sequence[Mover]: ...

    def in_order(self, members: frozenset[str]) -> Mover: ...

    def moves(self, mover: Mover) -> MovesByState: ...


class MovesByState(Protocol):
    """A coalition's moves by state."""

    def __getitem__(self, s: int, /) -> frozenset[int]: ...


class Playout:
    """One draw, played."""

    def __init__(self, spec: Rules, game: Game, draw: Draw, days: float, options: Options) -> None:
        self.spec, self.game, self.draw, self.days, self.options = spec, game, draw, days, options
        self.coalitions = coalitions(spec, options.bargainers)
        self.moves = {c: spec.moves(c) for c in self.coalitions}
        self.numbers = {state: s for s, state in game.states.items()}
        self.run: dict[Item, float] = {}
        self.taken_up: dict[Item, int] = {}

    # --- what changes ---

    def changed(self, s: int, t: int) -> list[tuple[Item, str]]:
        """The items of a move, in the order of the issues, each with where its issue stands."""
        pairs = zip(self.spec.issues, self.game.states[s], self.game.states[t], strict=True)
        return [((issue.id, b), a) for issue, a, b in pairs if a != b]

    def quick(self, s: int, t: int) -> bool:
        """Whether the move changes quick issues alone."""
        return all(
            self.draw.pace(item, origin) is None and not self.draw.takes(item[0])
            for item, origin in self.changed(s, t)
        )

    # --- who wants what ---

    def agrees(self, actor: str, s: int, t: int) -> bool:
        values = self.draw.values[actor]
        return values[t] == 1 if actor in self.game.electorates else values[t] > values[s]

    def improvements(self, coalition: Mover, s: int) -> list[int]:
        """The moves from s to which all members agree."""
        moves = self.moves[coalition] if coalition in self.moves else self.spec.moves(coalition)
        return [t for t in moves[s] if all(self.agrees(a, s, t) for a in coalition)]

    def best(self, coalition: Mover, s: int, targets: list[int]) -> int | None:
        """The best of these improvements; None where there is none."""
        if not targets:
            return None
        ordinary = [a for a in coalition if a not in self.game.electorates]
        deal = self.options.deal
        if not all(a in self.draw.cardinal for a in ordinary):
            deal = "fallback"
        value = {"nash": self.product, "egalitarian": self.least}.get(deal)
        if value is None:
            scores = self.fallback(ordinary, self.improvements(coalition, s))
        else:
            scores = {t: value(ordinary, s, t) for t in targets}
        top = max(scores[t] for t in targets)
        return min(
            (t for t in targets if scores[t] >= top - EQUAL * abs(top)),
            key=lambda t: self.tie(s, t),
        )

    def product(self, ordinary: list[str], s: int, t: int) -> float:
        gains = [self.draw.values[a][t] - self.draw.values[a][s] for a in ordinary]
        return math.prod(gains) ** (1 / len(gains))

    def least(self, ordinary: list[str], s: int, t: int) -> float:
        shares = []
        for a in ordinary:
            values = self.draw.values[a]
            settled = [values[u] for u in self.game.settled]
            shares.append((values[t] - values[s]) / (max(settled) - min(settled)))
        return min(shares)

    def fallback(self, ordinary: list[str], targets: list[int]) -> dict[int, float]:
        """Minus the worst rank that any member gives each improvement, those closed included."""
        worst = dict.fromkeys(targets, 0)
        for a in ordinary:
            ladder = sorted({self.draw.values[a][t] for t in targets}, reverse=True)
            for t in targets:
                worst[t] = max(worst[t], ladder.index(self.draw.values[a][t]))
        return {t: -float(rank) for t, rank in worst.items()}

    def tie(self, s: int, t: int) -> tuple[int, ...]:
        return {
            "fewest": (self.game.changes(s, t), t),
            "lowest": (t,),
            "highest": (-t,),
        }[self.options.ties]

    # --- conflict ---

    def conflict(self, s: int, t: int, u: int) -> bool:
        """Whether the moves from s to t and to u cannot be made together."""
        if t == u:
            return False
        both = list(self.game.states[s])
        for k, (a, b) in enumerate(zip(self.game.states[t], self.game.states[u], strict=True)):
            here = self.game.states[s][k]
            if a != here and b != here and a != b:
                return True
            both[k] = a if a != here else b
        return tuple(both) not in self.numbers

    def prefers(
        self, actor: str, s: int, ours: tuple[Mover, int], other: tuple[Mover, int]
    ) -> bool:
        """Whether the actor prefers the other candidate to ours."""
        (coalition, t), (rival, u) = ours, other
        earlier = self.coalitions.index(rival) < self.coalitions.index(coalition)
        if actor in self.game.electorates:
            return earlier
        if self.options.conflict == "soonest":
            needs = self.needed(s, t), self.needed(s, u)
            if needs[0] != needs[1]:
                return needs[1] < needs[0]
        values = self.draw.values[actor]
        return earlier if values[t] == values[u] else values[u] > values[t]

    def accepted(self, s: int, barred: set[int]) -> dict[Mover, int]:
        """The accepted candidates, one for each target, in order."""
        accepted: dict[Mover, int] = {}
        still_open = list(self.coalitions)
        while True:
            candidates: dict[Mover, int] = {}
            for c in still_open:
                left = [
                    t
                    for t in self.improvements(c, s)
                    if t not in barred
                    and not any(
                        set(c) & set(d) and self.conflict(s, t, u) for d, u in accepted.items()
                    )
                ]
                chosen = self.best(c, s, left)
                if chosen is not None:
                    candidates[c] = chosen
            if not candidates:
                break
            taken = [
                c
                for c, t in candidates.items()
                if not any(
                    self.conflict(s, t, u) and self.prefers(a, s, (c, t), (d, u))
                    for d, u in candidates.items()
                    if d != c
                    for a in c
                    if a in d
                )
            ]
            for c in taken or list(candidates)[:1]:
                accepted[c] = candidates[c]
            still_open = [c for c in candidates if c not in accepted]
        kept: dict[Mover, int] = {}
        for c in self.coalitions:
            if c in accepted and accepted[c] not in kept.values():
                kept[c] = accepted[c]
        return kept

    # --- time ---

    def remaining(self, item: Item, origin: str) -> float:
        whole = self.draw.wait(item, self.taken_up.get(item, 0), origin)
        return max(0.0, whole - self.run.get(item, 0.0))

    def queues(self, s: int, t: int) -> dict[Item | str | None, list[tuple[Item, float]]]:
        """What runs beside each other, by item or pace; each list: one after another."""
        queues: dict[Item | str | None, list[tuple[Item, float]]] = {}
        for item, origin in self.changed(s, t):
            pace = self.draw.pace(item, origin)
            alone = self.options.waiting == "parallel" or pace is None
            of = item if alone else pace
            queues.setdefault(of, []).append((item, self.remaining(item, origin)))
        return queues

    def needed(self, s: int, t: int) -> float:
        return max(sum(time for _, time in queue) for queue in self.queues(s, t).values())

    def ran(self, s: int, t: int, passed: float) -> dict[Item, float]:
        """How long each item of a candidate runs while so much time passes."""
        ran: dict[Item, float] = {}
        for of, queue in self.queues(s, t).items():
            if isinstance(of, tuple):  # an item by itself
                ran[of] = passed
                continue
            left = passed
            for item, time in queue:
                ran[item] = min(left, time)
                left -= ran[item]
        return ran

    def done(self, item: Item) -> None:
        """The item starts anew."""
        self.run[item] = 0.0
        self.taken_up[item] = self.taken_up.get(item, 0) + 1

    # --- the whole ---

    def played(self) -> Story:
        """From today to the deadline."""
        story = Story()
        s, clock = self.game.today, 0.0
        chain, still = {s}, False
        while True:
            if len(story.trail) == MOST_MOVES:
                story.stopped = True
                break
            quick = {t for t in self.game.states if self.quick(s, t)}
            accepted = self.accepted(s, barred=quick if still else set())
            if quick & chain & set(accepted.values()):
                story.cycles += 1
                still = self.options.cycle == "stand-still"
                accepted = self.accepted(s, barred=quick if still else quick & chain)
            wanted = {item for t in accepted.values() for item, _ in self.changed(s, t)}
            for item, time in list(self.run.items()):
                if time > 0 and item not in wanted:
                    self.done(item)
            if not accepted:
                break
            coalition, t, need = self.first(s, accepted)
            if clock + need > self.days:
                break
            clock += need
            self.pass_time(s, accepted.values(), need)
            for item, _ in self.changed(s, t):
                self.done(item)
                story.first_done.setdefault(item, clock)
            if self.quick(s, t):
                chain.add(t)
            else:
                chain, still = {t}, False
            story.trail.append((coalition, t, clock))
            s = t
        story.moves = len(story.trail)
        story.reached = self.at_the_end(s, story)
        return story

    def first(self, s: int, accepted: Mapping[Mover, int]) -> tuple[Mover, int, float]:
        """The candidate that needs least, and how long."""
        needs = {c: self.needed(s, t) for c, t in accepted.items()}
        order = list(accepted) if self.options.order == "file" else list(reversed(accepted))
        winner = min(order, key=lambda c: needs[c])
        return winner, accepted[winner], needs[winner]

    def pass_time(self, s: int, targets: Iterable[int], passed: float) -> None:
        most: dict[Item, float] = {}
        for t in targets:
            for item, time in self.ran(s, t, passed).items():
                most[item] = max(most.get(item, 0.0), time)
        for item, time in most.items():
            self.run[item] = self.run.get(item, 0.0) + time

    def at_the_end(self, s: int, story: Story) -> int:
        """What s falls to, and what those who can act alone make of that."""
        s = self.game.fall[s]
        for mover in self.spec.movers():
            if len(mover) > 1:
                continue
            quick = [t for t in self.improvements(mover, s) if self.quick(s, t)]
            answer = self.best(mover, s, quick)
            if answer is not None:
                story.trail.append((mover, answer, self.days))
                for item, _ in self.changed(s, answer):
                    story.first_done.setdefault(item, self.days)
                s = answer
        return s


def play(spec: Rules, game: Game, draw: Draw, days: float, options: Options) -> Story:
    """One draw, from today to the deadline."""
    return Playout(spec, game, draw, days, options).played()
