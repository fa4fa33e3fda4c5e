"""Paths by plain loops over the reference game: distances, ways, coalitions, the present.

All from the words of docs/paths.md; states are numbers.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable

from reference.game import Game, Mover, Spec

Steps = list[tuple[Mover, int, int]]


def refusing(game: Game, mover: Mover, s: int, t: int) -> list[str]:
    """The members of a mover that do not agree to a move."""
    return [actor for actor in mover if not game.agrees(actor, s, t)]


def easiest(game: Game) -> dict[int, tuple[int, int]]:
    """For each state that moves lead to, the least (refused steps, steps) from today: Dijkstra."""
    best = {game.today: (0, 0)}
    queue = [(0, 0, game.today)]
    while queue:
        refused, steps, s = heapq.heappop(queue)
        if best[s] != (refused, steps):
            continue
        for mover in game.movers:
            for t in game.moves[mover][s]:
                cost = (refused + bool(refusing(game, mover, s, t)), steps + 1)
                if t not in best or cost < best[t]:
                    best[t] = cost
                    heapq.heappush(queue, (*cost, t))
    return best


def fewest(start: int, ahead: Callable[[int], Iterable[int]]) -> dict[int, int]:
    """In how many steps each state is reached, breadth first."""
    found = {start: 0}
    waiting = [start]
    for s in waiting:
        for t in ahead(s):
            if t not in found:
                found[t] = found[s] + 1
                waiting.append(t)
    return found


def way(game: Game, known: dict[int, tuple[int, int]], ends: set[int]) -> Steps | None:
    """The easiest way into ``ends``, ties broken from the end backwards; None if none leads there.

    ``known`` is what ``easiest`` gives.
    """
    if not ends & known.keys():
        return None
    cost = min(known[s] for s in ends & known.keys())
    targets = [s for s in ends if known.get(s) == cost]
    steps: Steps = []
    while cost[1] > 0:
        choices = []
        for target in targets:
            for place, mover in enumerate(game.movers):
                for origin in known:
                    if target not in game.moves[mover][origin]:
                        continue
                    no = refusing(game, mover, origin, target)
                    if known[origin] == (cost[0] - bool(no), cost[1] - 1):
                        key = (
                            len(no),
                            game.changes(game.today, target),
                            target,
                            place,
                            game.changes(origin, target),
                            origin,
                        )
                        choices.append((key, (mover, origin, target)))
        _, step = min(choices)
        steps.insert(0, step)
        targets = [step[1]]
        cost = known[step[1]]
    return steps


def makers(game: Game, ends: set[int], *, improving: bool) -> set[tuple[frozenset[str], int]]:
    """The smallest coalitions whose parts bring about one of ``ends``, with the steps they need."""
    if game.today in ends:
        return {(frozenset(), 0)}
    movers = [frozenset(m) for m in game.movers]
    unions = {
        frozenset().union(*chosen)
        for size in range(1, len(movers) + 1)
        for chosen in itertools.combinations(movers, size)
    }
    found: dict[frozenset[str], int] = {}
    for union in unions:
        parts = [m for m in game.movers if set(m) <= union]

        def ahead(s: int, parts: list[Mover] = parts) -> set[int]:
            return {
                t
                for m in parts
                for t in (game.improvements(m, s) if improving else game.moves[m][s])
            }

        steps = fewest(game.today, ahead)
        if ends & steps.keys():
            found[union] = min(steps[s] for s in ends & steps.keys())
    return {(u, n) for u, n in found.items() if not any(other < u for other in found)}


def urges(spec: Spec, game: Game) -> dict[Mover, list[tuple[int, bool, int]]]:
    """For each mover that would leave today: the smallest move of each kind it would leave by.

    As (target, whether it gains even if today lasted, how many such moves), lasting ones first;
    every change of a random case is made at once.
    """
    found = {}
    today = game.today
    for mover in game.movers:
        by_parts = {
            t for part in game.movers if set(part) < set(mover) for t in game.moves[part][today]
        }
        own = game.improvements(mover, today) - by_parts
        told = []
        for lasting in (True, False):
            group = [t for t in own if _lasts(spec, game, mover, t) == lasting]
            if group:
                first = mover[0]

                def key(t: int, first: str = first) -> tuple[int, float, int]:
                    gain = _worth(spec, game, first, t)
                    return game.changes(today, t), -gain, t

                told.append((min(group, key=key), lasting, len(group)))
        if told:
            found[mover] = told
    return found


def _worth(spec: Spec, game: Game, actor: str, t: int) -> float:
    if actor in game.utility:
        return game.utility[actor][t]
    if actor in game.electorates:
        return spec.value(spec.preferences[actor], game.states[game.fall[t]])
    return game.levels[actor][t]


def _lasts(spec: Spec, game: Game, mover: Mover, t: int) -> bool:
    """Whether all members would agree if states were judged as they stand."""
    thresholds = {a.id: 50 if a.threshold is None else a.threshold for a in spec.actors}
    for actor in mover:
        preference = spec.preferences[actor]
        after = spec.value(preference, game.states[t])
        if actor in game.electorates:
            if after < thresholds[actor]:
                return False
        elif after <= spec.value(preference, game.states[game.today]):
            return False
    return True


def nearest(game: Game, ends: set[int]) -> tuple[int, int]:
    """The state of ``ends`` nearest to today, and the reachable one nearest to that."""
    wanted = min(ends, key=lambda t: (game.changes(game.today, t), t))
    reached = easiest(game)
    return wanted, min(reached, key=lambda s: (game.changes(wanted, s), s))
