"""Who would say no: acceptance by plain loops, from the definitions of the design alone.

Choices:

- A *coalition* is a union of movers, written as the set of its members; the union of none is there
  too, and makes what today falls to. Its parts are the movers contained in it. They move one after
  another through feasible states; no move is made by a union that is not itself a mover.
- *No deal*: the movers take turns in their order, round after round, until a round goes by without
  a move. A mover's choice is among its improvements, those left out that fall into the arrangement;
  where the best of them is a state already visited, that is a refused return, and the mover takes
  the best of the others, if there are any.
- Gains are exact fractions. Geometric means of different numbers of gains are compared exactly.
  Where the bare fall matches, the package is the bare fall with the union of no movers: nobody is
  asked for what comes by itself.
- Today is judged as it stands, and every other point by what it falls to. Today as it stands may
  lie half-way between two ranks.
- A refusing ordinal actor lacks as many ranks as would make the package better than no deal.
- Arrangements are compared by the actors who decide, that is, members of any mover.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, total_ordering

from reference.game import Mover, Priorities, Ranking, Spec, Support, Worth, middle

Coalition = frozenset[str]
"""The members of a union of movers."""


@total_ordering
@dataclass(frozen=True, eq=False)
class Mean:
    """The geometric mean of positive gains, compared without taking roots."""

    gains: tuple[Fraction, ...]

    def _powers(self, other: Mean) -> tuple[Fraction, Fraction]:
        mine, its = Fraction(1), Fraction(1)
        for gain in self.gains:
            mine *= gain ** len(other.gains)
        for gain in other.gains:
            its *= gain ** len(self.gains)
        return mine, its

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mean):
            return NotImplemented
        mine, its = self._powers(other)
        return mine == its

    def __lt__(self, other: Mean) -> bool:
        mine, its = self._powers(other)
        return mine < its

    def __hash__(self) -> int:
        return hash(self.gains)

    def __float__(self) -> float:
        product = Fraction(1)
        for gain in self.gains:
            product *= gain
        return float(float(product) ** (1 / len(self.gains)))


@dataclass(frozen=True)
class NoDeal:
    """What happens instead: who sits out, each move made, each return refused, and the end.

    ``moves`` are (mover, from, to); ``refused`` likewise, with the cycle it would have closed: the
    states from the one it would have gone back to up to where it was. ``end`` is the state when
    nobody moves any more, ``result`` what it falls to.
    """

    sits_out: tuple[Mover, ...]
    moves: tuple[tuple[Mover, int, int], ...]
    refused: tuple[tuple[Mover, int, int, tuple[int, ...]], ...]
    end: int
    result: int


@dataclass(frozen=True)
class Answer:
    """What acceptance says about one arrangement; None where nobody can make it.

    ``makers`` are the smallest coalitions that make it. ``candidates`` are the pairs (state,
    smallest coalition that makes it). ``package`` is one of them; ``effects`` what it does to each
    actor that has preferences, against no deal, ``entries`` its row of the veto map, ``blockers``
    how much each refusing member of its coalition lacks in its own units. ``gains`` are against
    today, the bare fall, no deal. ``smallest_refusals`` are the smallest sets of members that
    refuse a candidate, each with the state, fewest changes from the bare fall, where it occurs.
    """

    makers: frozenset[Coalition]
    needs_consent: bool
    no_deal: NoDeal
    candidates: frozenset[tuple[int, Coalition]]
    package: tuple[int, Coalition] | None
    bare_form: int | None
    bare_form_passes: bool
    effects: dict[str, str]
    entries: dict[str, str]
    blockers: dict[str, Fraction]
    gains: dict[str, tuple[Fraction, Fraction, Fraction]]
    refusing_in_every_form: frozenset[str]
    smallest_refusals: dict[frozenset[str], int]

    @property
    def acceptable(self) -> bool:
        """Whether the package passes."""
        return self.package is not None and not self.blockers


class Acceptance:
    """Acceptance over one case; every question is a method, answered from the game by loops."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.game = spec.game()
        self.order = [actor.id for actor in spec.actors]
        self.bare_fall = self.game.fall[self.game.today]

    # --- who can make what ---

    @cached_property
    def coalitions(self) -> list[Coalition]:
        """Every union of movers, the union of none included."""
        found = {
            frozenset(itertools.chain.from_iterable(movers))
            for count in range(len(self.game.movers) + 1)
            for movers in itertools.combinations(self.game.movers, count)
        }
        return sorted(found, key=self.coalition_key)

    def coalition_key(self, coalition: Iterable[str]) -> tuple[int, list[int]]:
        """Smaller first, then by the order of the actors."""
        places = sorted(self.order.index(member) for member in coalition)
        return len(places), places

    @cached_property
    def made(self) -> dict[Coalition, set[int]]:
        """The settled states that each coalition makes."""
        game = self.game
        made = {}
        for coalition in self.coalitions:
            parts = [mover for mover in game.movers if set(mover) <= coalition]
            seen, waiting = {game.today}, [game.today]
            while waiting:
                here = waiting.pop()
                new = {t for part in parts for t in game.moves[part][here]} - seen
                seen |= new
                waiting += new
            made[coalition] = {game.fall[s] for s in seen}
        return made

    def states_of(self, arrangement: str) -> set[int]:
        """The settled states that match the arrangement."""
        when = self.spec.arrangements[arrangement]
        return {s for s in self.game.settled if self.spec.true(when, self.game.states[s])}

    def makes(self, coalition: Iterable[str], arrangement: str) -> bool:
        """Whether the coalition makes one of the arrangement's states."""
        return bool(self.made[frozenset(coalition)] & self.states_of(arrangement))

    def smallest_makers(self, states: set[int]) -> list[Coalition]:
        """The smallest coalitions that make one of these states."""
        makers = [c for c in self.coalitions if self.made[c] & states]
        return [c for c in makers if not any(other < c for other in makers)]

    # --- how much each gains ---

    def agrees(self, actor: str, s: int, t: int) -> bool:
        """The one predicate."""
        return self.game.agrees(actor, s, t)

    def value(self, actor: str, s: int, *, standing: bool = False) -> Fraction:
        """The state in the actor's own units: utility, support in per cent, or rank.

        By what it falls to, unless ``standing``: as if it lasted. Ranks are those of what states
        fall to; a value between two of them is half-way, one below or above all half a rank off.
        """
        state = self.game.states[s if standing else self.game.fall[s]]
        preference = self.spec.preferences[actor]
        match preference:
            case Worth() | Support():
                return Fraction(self.spec.value(preference, state))
            case Priorities() | Ranking():
                settled = {
                    self.spec.value(preference, self.game.states[u]) for u in self.game.settled
                }
                mine = self.spec.value(preference, state)
                below = sum(value < mine for value in settled)
                return Fraction(below) if mine in settled else below - Fraction(1, 2)

    def share_gained(self, actor: str, s: int, t: int, *, in_ranks: bool) -> Fraction:
        """What the actor gains from s to t, as a share of its range over the settled states."""
        scale = self.game.levels[actor] if in_ranks else self.game.utility[actor]
        settled = [Fraction(scale[u]) for u in self.game.settled]
        gain = Fraction(scale[t]) - Fraction(scale[s])
        return gain / (max(settled) - min(settled))

    def mean_gain(self, members: Iterable[str], s: int, t: int) -> Mean:
        """The geometric mean of the members' gains, all of whom agree; electorates left out."""
        ordinary = sorted(set(members) - self.game.electorates)
        in_ranks = any(actor not in self.game.utility for actor in ordinary)
        return Mean(tuple(self.share_gained(actor, s, t, in_ranks=in_ranks) for actor in ordinary))

    # --- no deal ---

    def best_improvement(self, mover: Mover, here: int, targets: Iterable[int]) -> int | None:
        """Greatest mean gain, then fewest changes, then lowest number."""
        best: int | None = None
        for t in sorted(targets):
            if best is None:
                best = t
                continue
            mine, its = self.mean_gain(mover, here, t), self.mean_gain(mover, here, best)
            fewer = self.game.changes(here, t) < self.game.changes(here, best)
            if mine > its or (mine == its and fewer):
                best = t
        return best

    def no_deal(self, arrangement: str, *, reverse: bool = False) -> NoDeal:
        """What happens from today when those who make the arrangement by themselves sit out.

        With ``reverse``, turns are taken from the last mover to the first.
        """
        game = self.game
        barred = {s for s in game.states if game.fall[s] in self.states_of(arrangement)}
        sits_out = tuple(mover for mover in game.movers if self.makes(mover, arrangement))
        here, visited = game.today, [game.today]
        moves: list[tuple[Mover, int, int]] = []
        refused: list[tuple[Mover, int, int, tuple[int, ...]]] = []
        still = 0
        playing = [mover for mover in game.movers if mover not in sits_out]
        if reverse:
            playing.reverse()
        for mover in itertools.cycle(playing or [()]):
            wanted = game.improvements(mover, here) - barred if mover else set()
            best = self.best_improvement(mover, here, wanted)
            if best is not None and best in visited:
                cycle = tuple(visited[visited.index(best) :])
                refused.append((mover, here, best, cycle))
                best = self.best_improvement(mover, here, wanted - set(visited))
            if best is None:
                still += 1
                if still >= len(playing):
                    break
                continue
            still = 0
            moves.append((mover, here, best))
            visited.append(best)
            here = best
        return NoDeal(sits_out, tuple(moves), tuple(dict.fromkeys(refused)), here, game.fall[here])

    # --- packages ---

    def refusing(self, coalition: Coalition, s: int, t: int) -> list[str]:
        """The members that do not agree to go from s to t."""
        return [a for a in self.order if a in coalition and not self.agrees(a, s, t)]

    def package(
        self, candidates: Iterable[tuple[int, Coalition]], instead: int
    ) -> tuple[int, Coalition] | None:
        """The best passing pair, or the one that the fewest refuse."""

        def effort(pair: tuple[int, Coalition]) -> tuple[object, ...]:
            t, coalition = pair
            return self.game.changes(self.bare_fall, t), t, self.coalition_key(coalition)

        pairs = sorted(candidates, key=effort)
        passing = [(t, c) for t, c in pairs if not self.refusing(c, instead, t)]
        best: tuple[int, Coalition] | None = None
        if (self.bare_fall, frozenset()) in pairs:
            return self.bare_fall, frozenset()
        for t, coalition in passing:
            if best is None or (
                self.mean_gain(coalition, instead, t) > self.mean_gain(best[1], instead, best[0])
            ):
                best = t, coalition
        if best is None and pairs:
            best = min(pairs, key=lambda pair: len(self.refusing(pair[1], instead, pair[0])))
        return best

    def effect(self, actor: str, s: int, t: int) -> str:
        """What going from s to t does to an actor; an electorate only approves or disapproves."""
        agrees = self.agrees(actor, s, t)
        if actor in self.game.electorates:
            return "approves" if agrees else "disapproves"
        if agrees:
            return "gains"
        return "loses" if self.agrees(actor, t, s) else "indifferent"

    def shortfall(self, actor: str, s: int, t: int) -> Fraction:
        """What a refusing actor lacks: up to indifference, the next rank, or the threshold."""
        if actor in self.game.electorates:
            threshold = next(a.threshold for a in self.spec.actors if a.id == actor)
            return Fraction(50 if threshold is None else threshold) - self.value(actor, t)
        if actor in self.game.utility:
            return self.value(actor, s) - self.value(actor, t)
        return Fraction(self.game.levels[actor][s] - self.game.levels[actor][t] + 1)

    def gains(self, actor: str, instead: int, t: int) -> tuple[Fraction, Fraction, Fraction]:
        """What the actor gains at t over today as it stands, the bare fall, and no deal."""
        there = self.value(actor, t)
        return (
            there - self.value(actor, self.game.today, standing=True),
            there - self.value(actor, self.bare_fall),
            there - self.value(actor, instead),
        )

    def refusals(
        self, candidates: Iterable[tuple[int, Coalition]], instead: int
    ) -> dict[frozenset[str], int]:
        """The smallest sets of refusing members, each with the state nearest the bare fall."""
        found: dict[frozenset[str], list[int]] = {}
        for t, coalition in candidates:
            found.setdefault(frozenset(self.refusing(coalition, instead, t)), []).append(t)
        return {
            members: min(states, key=lambda t: (self.game.changes(self.bare_fall, t), t))
            for members, states in found.items()
            if not any(other < members for other in found)
        }

    def answer(self, arrangement: str, *, reverse: bool = False) -> Answer:
        """Everything about one arrangement."""
        states = self.states_of(arrangement)
        candidates = {(t, c) for t in states for c in self.smallest_makers({t})}
        no_deal = self.no_deal(arrangement, reverse=reverse)
        instead = no_deal.result
        package = self.package(candidates, instead)
        makeable = {t for t, _ in candidates}
        bare = min(makeable, key=lambda t: (self.game.changes(self.bare_fall, t), t), default=None)
        effects: dict[str, str] = {}
        entries: dict[str, str] = {}
        blockers: dict[str, Fraction] = {}
        gains = {}
        if package is not None:
            t, coalition = package
            effects = {a: self.effect(a, instead, t) for a in self.spec.preferences}
            entries = {a: effects[a] if a in coalition else "not asked" for a in self.order}
            refusing = self.refusing(coalition, instead, t)
            blockers = {a: self.shortfall(a, instead, t) for a in refusing}
            gains = {a: self.gains(a, instead, t) for a in self.spec.preferences}
        return Answer(
            makers=frozenset(self.smallest_makers(states)),
            needs_consent=self.bare_fall not in states,
            no_deal=no_deal,
            candidates=frozenset(candidates),
            package=package,
            bare_form=bare,
            bare_form_passes=any(
                t == bare and not self.refusing(c, instead, t) for t, c in candidates
            ),
            effects=effects,
            entries=entries,
            blockers=blockers,
            gains=gains,
            refusing_in_every_form=frozenset(
                a
                for a in self.order
                if candidates
                and all(a in self.refusing(coalition, instead, t) for t, coalition in candidates)
            ),
            smallest_refusals=self.refusals(candidates, instead),
        )

    # --- which one judgement would do ---

    def needs(self, actor: str, s: int, t: int) -> dict[int, tuple[bool, Fraction]]:
        """For each item that alone would make a refusing actor agree: more than what, or less.

        Items by their place in the actor's list, the default of ``support`` last. A share has to
        be that much at least. Ordinal actors have no such item.
        """
        preference = self.spec.preferences[actor]
        lacking = self.shortfall(actor, s, t)
        there, instead = self.game.states[t], self.game.states[s]
        match preference:
            case Support(items, default):
                held = [self.spec.true(when, there) for when, _ in items]
                counts = held.index(True) if any(held) else len(items)
                share = items[counts][1] if any(held) else default
                return {counts: (True, Fraction(middle(share)) + lacking)}
            case Worth(items):
                found = {}
                for k, (when, value) in enumerate(items):
                    now = Fraction(middle(value))
                    if self.spec.true(when, there) and not self.spec.true(when, instead):
                        found[k] = True, now + lacking
                    elif self.spec.true(when, instead) and not self.spec.true(when, there):
                        found[k] = False, now - lacking
                return found
            case _:
                return {}

    def judged_otherwise(self, actor: str, place: int, value: float) -> Acceptance:
        """The same case, one item of ``worth`` or ``support`` having another value."""
        preference = self.spec.preferences[actor]
        assert isinstance(preference, Worth | Support)
        items = list(preference.items)
        if place < len(items):
            items[place] = items[place][0], value
            preference = replace(preference, items=tuple(items))
        else:
            assert isinstance(preference, Support)
            preference = replace(preference, default=value)
        wants = {**self.spec.preferences, actor: preference}
        return Acceptance(replace(self.spec, preferences=wants))

    # --- between arrangements ---

    def undominated(self, *, reverse: bool = False) -> list[str]:
        """The arrangements whose package no other's is better than for some, worse for none.

        Over the arrangements that somebody can make, for every actor that decides.
        """
        packages = {a: self.answer(a, reverse=reverse).package for a in self.spec.arrangements}
        at = {a: package[0] for a, package in packages.items() if package is not None}
        deciding = {actor for mover in self.game.movers for actor in mover}
        levels = {actor: self.game.levels[actor] for actor in deciding}

        def dominates(one: str, other: str) -> bool:
            gains = [levels[a][at[one]] - levels[a][at[other]] for a in levels]
            return min(gains) >= 0 and max(gains) > 0

        return [a for a in at if not any(dominates(other, a) for other in at)]
