"""What myopic actors agree to at many nodes, each a state in one draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process import fast
from foedus.process.agreement import (
    Agreed,
    Answers,
    agreed_changes,
    any_agrees,
    running,
)
from foedus.process.families import Bits
from foedus.process.rules import Rules
from foedus.process.worths import TOLERANCE, Worths

PAIRS = 1 << 20
"""So many pairs of a node and a change are looked at together, where it is done in passes."""

Forbidden = tuple[Mask, bool]
"""States (mask) into which (True) or out of which (False) no move leads."""


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What is agreed at some nodes, after parts first, by agreed change in the order of nodes.

    ``row`` counts the nodes, ``change`` the changes of the rules; ``mean`` and ``coalition`` are
    those of :class:`~.agreement.Agreed`; ``came`` says whether a clock of some regime brings it.
    """

    row: Indexes
    change: Indexes
    mean: Floats
    coalition: Bits
    came: Mask

    def some(self, rows: Mask) -> Looked:
        """Those of some rows, in their order."""
        return Looked(*(getattr(self, name)[rows] for name in self.__slots__))


def agreed_at(
    rules: Rules,
    worths: Worths,
    draw: Indexes,
    state: Indexes,
    ready: npt.NDArray[np.uint64],
    forbidden: Forbidden | None = None,
    work: int = 0,
    *,
    all_agreed: bool = False,
) -> Looked:
    """What is agreed at nodes (``draw`` and ``state``, (nodes,)), and what clocks bring of it.

    ``ready`` (regimes, draws) are the items that no longer have to be waited for; moves that are
    ``forbidden`` are deleted. What nobody brings, since all would rather have another, is left out
    unless ``all_agreed``. Done by a compiled loop where there is much ``work`` of this kind in
    all and numba is installed.
    """
    if fast.loops(max(work, rules.changes_from(state))) is not None:
        from foedus.process.compiled_myopic import agreed_at as in_a_loop

        return Looked(*in_a_loop(rules, worths, draw, state, ready, forbidden, all_agreed))
    found = []
    for begin, end in rules.pieces(state, PAIRS):
        some = slice(begin, end)
        each = _agreed(rules, worths, draw[some], state[some], ready, forbidden, begin)
        found.append(each if all_agreed else each.some(each.came))
    return Looked(*(np.concatenate([getattr(each, n) for each in found]) for n in Looked.__slots__))


def _agreed(
    rules: Rules,
    worths: Worths,
    draw: Indexes,
    state: Indexes,
    ready: npt.NDArray[np.uint64],
    forbidden: Forbidden | None,
    begin: int,
) -> Looked:
    changes, row, change = rules.changes_at(state)
    target = changes.target[change]
    deleted = None
    if forbidden is not None:
        inside, entering = forbidden
        origin, there = inside[state[row]], inside[target]
        deleted = (there & ~origin) if entering else (origin & ~there)
    place = draw[row] * len(rules.space)
    after, before = place + target, place + state[row]
    flat = worths.worth.reshape(len(worths.ordinary), -1)
    agree = _who_agrees(rules, worths, changes.family[change], draw[row], before, after)
    some = any_agrees(rules.families, changes.family[change], agree)
    if deleted is not None:
        some &= ~deleted
    agreed = agreed_changes(
        Answers(
            changes,
            rules.families,
            change,
            agree,
            some,
            lambda pair: flat[:, after[pair]] - flat[:, before[pair]],
        ),
        np.flatnonzero(some),
        by_coalition=rules.by_coalition,
    )
    node, chosen = row[agreed.pair], change[agreed.pair]
    local = Agreed(np.arange(len(node)), agreed.mean, agreed.coalition)
    came = np.zeros(len(node), dtype=bool)
    issues, items = changes.issues[chosen], changes.items[chosen]
    for regime in range(len(ready)):
        now = ready[regime, draw[node]]
        if not regime or (now != ready[regime - 1, draw[node]]).any():
            came[running(node, items & ~now, issues, local).option] = True
    return Looked(node + begin, chosen, agreed.mean, agreed.coalition, came)


def _who_agrees(
    rules: Rules, worths: Worths, family: Indexes, draw: Indexes, before: Indexes, after: Indexes
) -> npt.NDArray[np.uint64]:
    """Who agrees, of those whose answer counts, as a set of actors (bits) for each pair; (pairs,).

    An actor is asked only where it is in a coalition, and not where the only one has been refused.
    """
    asked, alone = rules.families.asked, rules.families.alone
    agree = np.zeros(len(family), dtype=np.uint64)
    ordinary, size = len(worths.ordinary), worths.worth[0].size if len(worths.worth) else 0
    worth, passes = worths.worth.reshape(-1), worths.passes.reshape(-1)
    least = worths.least + TOLERANCE
    open_, here = np.arange(len(family)), family
    for slot in range(asked.shape[1]):
        actor = asked[here, slot]
        there = actor >= 0
        open_, here, actor = open_[there], here[there], actor[there]
        first = np.where(actor < ordinary, actor, 0) * size
        gain = worth[first + after[open_]] - worth[first + before[open_]]
        agrees = gain > least[np.where(actor < ordinary, actor, 0), draw[open_]]
        votes = np.flatnonzero(actor >= ordinary)
        if len(votes):
            place = (actor[votes] - ordinary) * size + after[open_[votes]]
            agrees[votes] = passes[place]
        agree[open_] |= np.where(agrees, np.uint64(1) << actor.astype(np.uint64), np.uint64(0))
        going = agrees | ~alone[here]
        open_, here = open_[going], here[going]
    return agree
