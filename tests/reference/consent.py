"""Consent by plain loops from its definition, for cases of quick issues and one that takes time.

Everybody is myopic. Each set of issues that quick changes can alter meets at one rate; all changes
that alter the timed issue wait for one clock of a constant hazard. Chances over time are found by
taking many small steps, as powers of the matrix of one step.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

State = tuple[int, ...]
Coalition = frozenset[str]

MEETINGS = 12 / 365.25
LEAST_GAIN = 0.005
MOMENTS = 48
STEPS = 22
"""The whole time is two to this power steps."""


@dataclass(frozen=True)
class Spec:
    """A small case: positions and rights by issue, what each actor wants, and what is excluded.

    ``timed`` is the issue that takes time, or None; ``worth`` is by actor, issue and position;
    ``excluded`` are pairs of (issue, position) that cannot both be so; ``wanted`` is the pattern of
    the arrangement: positions by issue. Today every issue is at its first position.
    """

    sizes: tuple[int, ...]
    rights: tuple[tuple[Coalition, ...], ...]
    timed: int | None
    worth: dict[str, dict[tuple[int, int], float]]
    excluded: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    wanted: dict[int, frozenset[int]]
    days: float
    hazard: float

    def states(self) -> list[State]:
        """Every state that no rule excludes."""
        return [s for s in itertools.product(*map(range, self.sizes)) if self.feasible(s)]

    def feasible(self, state: State) -> bool:
        return not any(state[i] == p and state[j] == q for (i, p), (j, q) in self.excluded)

    def inside(self, state: State) -> bool:
        """Whether a state is in the arrangement."""
        return all(state[i] in positions for i, positions in self.wanted.items())

    def value(self, actor: str, state: State) -> float:
        return sum(v for (i, p), v in self.worth[actor].items() if state[i] == p)

    def span(self, actor: str) -> float:
        values = [self.value(actor, s) for s in self.states()]
        return max(values) - min(values)

    def coalitions(self, origin: State, target: State) -> list[Coalition]:
        """The smallest unions of movers, one for each issue altered."""
        rights = [self.rights[i] for i in altered(origin, target)]
        unions = {frozenset().union(*chosen) for chosen in itertools.product(*rights)}
        return [c for c in unions if not any(other < c for other in unions)]


def altered(origin: State, target: State) -> frozenset[int]:
    return frozenset(i for i, (a, b) in enumerate(zip(origin, target, strict=True)) if a != b)


def parts(origin: State, target: State) -> Iterator[State]:
    """What proper parts of a change lead to."""
    issues = sorted(altered(origin, target))
    for size in range(1, len(issues)):
        for chosen in itertools.combinations(issues, size):
            yield tuple(target[i] if i in chosen else a for i, a in enumerate(origin))


class Chain:
    """The chain of a case in which some moves are forbidden."""

    def __init__(self, spec: Spec, forbidden: Callable[[State, State], bool]) -> None:
        self.spec, self.forbidden = spec, forbidden
        self.states = spec.states()
        self.place = {state: k for k, state in enumerate(self.states)}
        rates = np.zeros((len(self.states),) * 2)
        for origin in self.states:
            for rate, targets in self.rings(origin):
                for target in targets:
                    k, to = self.place[origin], self.place[target]
                    rates[k, to] += rate / len(targets)
                    rates[k, k] -= rate / len(targets)
        self.rates = rates

    def gain(self, actor: str, origin: State, target: State) -> float:
        """As a share of the actor's range."""
        spec = self.spec
        change = spec.value(actor, target) - spec.value(actor, origin)
        return change / spec.span(actor)

    def agree(self, coalition: Coalition, origin: State, target: State) -> bool:
        return all(self.gain(a, origin, target) > LEAST_GAIN + 1e-9 for a in coalition)

    def open(self, origin: State, target: State) -> bool:
        """Whether a change may be made by anybody at all."""
        if self.forbidden(origin, target):
            return False
        size = len(altered(origin, target))
        return size <= 2 or not any(map(self.spec.feasible, parts(origin, target)))

    def agreed(self, origin: State, target: State) -> list[Coalition]:
        return [c for c in self.spec.coalitions(origin, target) if self.agree(c, origin, target)]

    def changes(self, origin: State) -> list[State]:
        """The agreed changes of which no proper part is agreed."""
        return [
            target
            for target in self.states
            if target != origin
            and self.open(origin, target)
            and self.agreed(origin, target)
            and not any(
                part in self.place and self.open(origin, part) and self.agreed(origin, part)
                for part in parts(origin, target)
            )
        ]

    def rings(self, origin: State) -> Iterator[tuple[float, list[State]]]:
        """Each clock's rate, with the changes of which one is then made, each as likely."""
        by_clock: dict[frozenset[int] | None, list[State]] = {}
        for target in self.changes(origin):
            issues = altered(origin, target)
            clock = None if self.spec.timed in issues else issues
            by_clock.setdefault(clock, []).append(target)
        for clock, targets in by_clock.items():
            means = [max(self.mean(c, origin, t) for c in self.agreed(origin, t)) for t in targets]
            best = [t for t, m in zip(targets, means, strict=True) if m > max(means) - 1e-9]
            yield (self.spec.hazard if clock is None else MEETINGS), best

    def mean(self, coalition: Coalition, origin: State, target: State) -> float:
        gains = [self.gain(actor, origin, target) for actor in coalition]
        return float(np.prod(gains) ** (1 / len(gains)))

    def after(self, days: float) -> np.ndarray:
        """The chances of each state (to) after so many days, from each (from)."""
        step = np.eye(len(self.states)) + self.rates * days / 2**STEPS
        for _ in range(STEPS):
            step = step @ step
        return step

    def expects(self, actor: str, state: State) -> float:
        values = [self.spec.value(actor, s) for s in self.states]
        return float(self.after(self.spec.days)[self.place[state]] @ np.array(values))


@dataclass(frozen=True)
class Form:
    """What one form is worth to each, and who of each smallest coalition does not gain."""

    kept: dict[str, float]
    gain: dict[str, float]
    asked: dict[Coalition, frozenset[str]]


def free(origin: State, target: State) -> bool:
    return False


def forms(spec: Spec, origin: State) -> list[State]:
    """The states of the arrangement that a change reaches, no proper part of which does."""

    def in_it(state: State) -> bool:
        return spec.feasible(state) and spec.inside(state)

    return [
        target
        for target in spec.states()
        if target != origin and in_it(target) and not any(map(in_it, parts(origin, target)))
    ]


def consent(spec: Spec) -> tuple[dict[str, float], dict[State, Form]]:
    """What each expects without the arrangement, and each form of it; today is not in it."""
    today = (0,) * len(spec.sizes)
    leaving = Chain(spec, lambda s, t: spec.inside(s) and not spec.inside(t))
    entering = Chain(spec, lambda s, t: spec.inside(t) and not spec.inside(s))
    never = {actor: entering.expects(actor, today) for actor in spec.worth}
    found = {}
    for state in forms(spec, today):
        kept = {actor: leaving.expects(actor, state) for actor in spec.worth}
        gain = {actor: kept[actor] - never[actor] for actor in spec.worth}
        asked = {
            c: frozenset(a for a in c if gain[a] <= (LEAST_GAIN + 1e-9) * spec.span(a))
            for c in spec.coalitions(today, state)
        }
        found[state] = Form(kept, gain, asked)
    return never, found


def refusals(spec: Spec) -> tuple[dict[str, float], dict[str, float]]:
    """By actor, in what share of the time it is asked, and in what share of that it refuses."""
    chain = Chain(spec, free)
    today = chain.place[(0,) * len(spec.sizes)]
    asked, refused = dict.fromkeys(spec.worth, 0.0), dict.fromkeys(spec.worth, 0.0)
    each = chain.after(spec.days / MOMENTS / 2)
    chances = np.zeros(MOMENTS)
    total = np.zeros(len(chain.states))
    row = each[today]
    for _ in range(len(chances)):
        total += row / MOMENTS
        row = row @ each @ each
    for k, state in enumerate(chain.states):
        if spec.inside(state) or total[k] == 0:
            continue
        for actor in spec.worth:
            no = _refuses(chain, state, actor)
            if no is not None:
                asked[actor] += total[k]
                refused[actor] += total[k] * no
    share = {a: refused[a] / asked[a] for a in asked if asked[a] > 1e-12}
    return {a: asked[a] for a in share}, share


def _refuses(chain: Chain, state: State, actor: str) -> bool | None:
    """Whether an actor refuses the best change into the arrangement; None if it is not asked.

    It is asked where a coalition with it could make a form. What else a change alters may win it
    over: it does not refuse where a coalition with it agrees to a change into the arrangement of
    which no agreed part can do instead.
    """
    ways = []
    for target in forms(chain.spec, state):
        for coalition in chain.spec.coalitions(state, target):
            if actor in coalition:
                no = {a for a in coalition if not chain.agree(frozenset([a]), state, target)}
                gains = [chain.gain(a, state, target) for a in coalition - no]
                mean = float(np.prod(gains) ** (1 / len(gains))) if gains else 0.0
                ways.append((len(no), -round(mean, 9), actor in no))
    if not ways:
        return None
    deal = any(
        chain.spec.inside(target) and any(actor in c for c in chain.agreed(state, target))
        for target in [*chain.changes(state), *_larger(chain, state)]
    )
    return min(ways)[2] and not deal


def _larger(chain: Chain, state: State) -> list[State]:
    """Forms of so many issues that they are not among the changes of the chain."""
    return [target for target in forms(chain.spec, state) if not chain.open(state, target)]
