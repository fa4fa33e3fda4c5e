"""The forms that an arrangement can take, and the one that those who make it would choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foedus.game.space import Indexes, Mask, Space
from foedus.preferences import Floats, View
from foedus.process.acceptance.coalitions import Maker, Makers
from foedus.process.acceptance.gains import Yardstick, greatest, joint_gain, shortfalls


@dataclass(frozen=True, slots=True)
class Choice:
    """One form of an arrangement and a smallest coalition that makes it.

    ``state`` is an index; ``refusing`` the members of the coalition who do not agree to it from no
    deal; ``joint_gain`` the geometric mean of the members' gains as shares of their ranges, None
    when somebody refuses or nobody is asked; ``changes`` in how many issues it differs from today's
    fall.
    """

    state: int
    coalition: tuple[str, ...]
    refusing: tuple[str, ...]
    joint_gain: float | None
    changes: int

    @property
    def passes(self) -> bool:
        """Whether every member of the coalition agrees."""
        return not self.refusing


@dataclass(frozen=True, slots=True)
class Refusal:
    """A smallest set of members who refuse some form, and the plainest form in which they do."""

    members: tuple[str, ...]
    state: int


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The pairs of one coalition with the states (indexes) of which it is a smallest maker.

    ``refuses`` (members, states) says who does not agree; ``gains`` (states,) the joint gain.
    """

    members: tuple[str, ...]
    states: Indexes
    refuses: Mask
    gains: Floats
    changes: Indexes

    def at(self, row: int) -> Choice:
        """The pair with the state in this row."""
        refusing = tuple(a for a, no in zip(self.members, self.refuses[:, row], strict=True) if no)
        gain = None if refusing or not self.members else float(self.gains[row])
        state, changes = int(self.states[row]), int(self.changes[row])
        return Choice(state, self.members, refusing, gain, changes)


def candidates(
    space: Space,
    makers: Makers,
    yardsticks: Mapping[str, Yardstick],
    wanted: Mask,
    no_deal: int,
    bare_fall: int,
) -> list[Candidates]:
    """Return the pairs (t, C) of an arrangement, t in ``wanted`` (n,), judged from no deal."""
    found = []
    for maker in makers.all:
        states = maker.states[wanted[maker.states]]
        if len(states):
            found.append(_judged(space, maker, states, yardsticks, no_deal, bare_fall))
    return found


def _judged(
    space: Space,
    maker: Maker,
    states: Indexes,
    yardsticks: Mapping[str, Yardstick],
    no_deal: int,
    bare_fall: int,
) -> Candidates:
    members = [yardsticks[a] for a in maker.members]
    refuses = np.zeros((len(members), len(states)), dtype=bool)
    for row, member in enumerate(members):
        refuses[row] = ~member.view.agrees(no_deal, states)
    gains = joint_gain(members, no_deal, states)
    return Candidates(maker.members, states, refuses, gains, space.changes(bare_fall, states))


def package(found: Sequence[Candidates]) -> Choice:
    """Return the best passing pair by joint gain; if none passes, one with the fewest refusing.

    What comes by itself, made by the empty coalition, goes before all: nobody is asked for it.
    Ties: fewest changes from today's fall, then the lowest number, then the first coalition.
    ``found`` holds at least one pair.
    """
    for each in found:
        if not each.members:
            return each.at(0)
    refusing = np.concatenate([each.refuses.sum(axis=0) for each in found])
    kept = np.flatnonzero(refusing == refusing.min())
    if refusing.min() == 0:
        gains = np.concatenate([each.gains for each in found])[kept]
        kept = kept[greatest(gains)]
    return _plainest(found, kept)


def bare_form(found: Sequence[Candidates]) -> Choice:
    """Return the state with the fewest changes from today's fall, then the lowest number.

    Of the coalitions that make it, the one that a package would have. ``found`` holds a pair.
    """
    changes = np.concatenate([each.changes for each in found])
    state = _plainest(found, np.flatnonzero(changes == changes.min())).state
    return package([_only(each, each.states == state) for each in found if state in each.states])


def refusals(found: Sequence[Candidates]) -> tuple[Refusal, ...]:
    """Return the smallest sets (by inclusion) of refusing members over all pairs.

    Each comes with its plainest form: fewest changes from today's fall, then the lowest number.
    """
    plainest: dict[frozenset[str], tuple[int, int]] = {}
    for each in found:
        _, codes = np.unique(each.refuses, axis=1, return_inverse=True)
        order = np.lexsort((each.states, each.changes))
        _, first = np.unique(codes.ravel()[order], return_index=True)
        for row in order[first]:
            choice = each.at(int(row))
            who, plain = frozenset(choice.refusing), (choice.changes, choice.state)
            plainest[who] = min(plain, plainest.get(who, plain))
    smallest = [who for who in plainest if not any(other < who for other in plainest)]
    in_order = sorted(smallest, key=lambda who: (len(who), plainest[who]))
    place = {a: k for each in found for k, a in enumerate(each.members)}
    return tuple(
        Refusal(tuple(sorted(who, key=lambda a: (place[a], a))), plainest[who][1])
        for who in in_order
    )


def closest(found: Sequence[Candidates], view: View, no_deal: int) -> int:
    """Return the form (a state's index) in which an actor who is always asked lacks least.

    Ties: fewest changes from today's fall, then the lowest number.
    """
    lacking = np.concatenate([shortfalls(view, no_deal, each.states) for each in found])
    return _plainest(found, np.flatnonzero(lacking == lacking.min())).state


def refuse_always(found: Sequence[Candidates]) -> frozenset[str]:
    """Return the actors who are asked and refuse in every pair."""
    always: frozenset[str] | None = None
    for each in found:
        here = {a for a, no in zip(each.members, each.refuses, strict=True) if no.all()}
        always = frozenset(here) if always is None else always & here
    return always or frozenset()


def _only(each: Candidates, kept: Mask) -> Candidates:
    return Candidates(
        each.members,
        each.states[kept],
        each.refuses[:, kept],
        each.gains[kept],
        each.changes[kept],
    )


def _plainest(found: Sequence[Candidates], kept: Indexes) -> Choice:
    """Of these pairs, numbered through, the one with the fewest changes and lowest number."""
    sizes = [len(each.states) for each in found]
    states = np.concatenate([each.states for each in found])[kept]
    changes = np.concatenate([each.changes for each in found])[kept]
    coalition = np.repeat(np.arange(len(found)), sizes)[kept]
    first = int(np.lexsort((coalition, states, changes))[0])
    chosen = int(coalition[first])
    return found[chosen].at(int(kept[first]) - sum(sizes[:chosen]))
