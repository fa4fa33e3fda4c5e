"""What is agreed at many nodes as a compiled loop: :func:`~.looking.agreed_at` in one pass.

Imported only where numba is installed. The names of arrays are those of the fields that they come
from.
"""

from __future__ import annotations

from math import exp, log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask
from foedus.jit import jitted
from foedus.preferences.sample import Floats
from foedus.process.agreement import BEST
from foedus.process.compiled_families import among, suffices
from foedus.process.compiled_found import Found, only_brought, with_room
from foedus.process.families import Bits
from foedus.process.rules import Rules
from foedus.process.worths import TOLERANCE, Worths

UNKNOWN, REFUSED, AGREED, HELD = -1, 0, 1, 2
"""What is known of a change: HELD where a part of it is agreed."""


class Moves(NamedTuple):
    """The changes from states; those of a state begin at ``first[row[state]]``."""

    row: Indexes
    first: Indexes
    target: Indexes
    issues: Bits
    items: Bits
    family: Indexes
    part_first: Indexes
    part: Indexes


class Movers(NamedTuple):
    """Whose changes they are."""

    asked: Indexes
    alone: Mask
    masks: Bits
    members: npt.NDArray[np.bool_]
    sets: Mask
    within: tuple[Indexes, Indexes]


class Wants(NamedTuple):
    """What states are worth, the tolerance being in ``least``; which states pass."""

    worth: Floats
    passes: Mask
    least: Floats


def _ask(
    answers: npt.NDArray[np.int64],
    who: Bits,
    begin: int,
    family: Indexes,
    target: Indexes,
    part_first: Indexes,
    part: Indexes,
    asked: Indexes,
    alone: Mask,
    masks: Bits,
    sets: Mask,
    worth: Floats,
    passes: Mask,
    least: Floats,
    state: int,
) -> None:
    """Ask about the changes of one node, which begin at ``begin``, each after its parts.

    ``answers`` says of each what is known; ``who`` then who agrees, of those asked, as bits.
    ``worth`` (states, actors), ``passes`` and ``least`` (actors,) are those of the node's draw.
    A change is known once its parts are, so that a few rounds do, whatever their order.
    """
    left = True
    while left:
        left = False
        for k in range(len(answers)):
            if answers[k] != UNKNOWN:
                continue
            change = begin + k
            open_ = REFUSED
            for at in range(part_first[change], part_first[change + 1]):
                known = answers[part[at] - begin]
                if known in (AGREED, HELD):
                    open_ = HELD
                    break
                if known == UNKNOWN:
                    open_ = UNKNOWN
            if open_ != REFUSED:
                answers[k] = open_
                left |= open_ == UNKNOWN
                continue
            agree = who_agrees(
                asked, alone, worth, passes, least, family[change], state, target[change]
            )
            who[k] = agree
            answers[k] = suffices(masks, sets, family[change], agree)


def _who_agrees(
    asked: Indexes,
    alone: Mask,
    worth: Floats,
    passes: Mask,
    least: Floats,
    family: int,
    before: int,
    after: int,
) -> np.uint64:
    """Who agrees to a change: nobody is asked any more once the only coalition is refused."""
    agree = np.uint64(0)
    for slot in range(asked.shape[1]):
        actor = asked[family, slot]
        if actor < 0:
            break
        if actor < worth.shape[1]:
            agrees = worth[after, actor] - worth[before, actor] > least[actor]
        else:
            agrees = passes[actor - worth.shape[1], after]
        agree |= np.uint64(agrees) << np.uint64(actor)
        if alone[family] and not agrees:
            break
    return agree


def _logs_of(logs: Floats, worth: Floats, agree: np.uint64, before: int, after: int) -> None:
    """The logarithms of the gains of the ordinary actors that agree, into ``logs`` (actors,)."""
    for actor in range(worth.shape[1]):
        if agree >> np.uint64(actor) & np.uint64(1):
            gain = worth[after, actor] - worth[before, actor]
            logs[actor] = log(gain) if gain > 0.0 else -np.inf


def _mean_of(logs: Floats, members: npt.NDArray[np.bool_], family: int, column: int) -> float:
    """The geometric mean of the gains of the ordinary members of a coalition."""
    total, count = 0.0, 0
    for actor in range(len(logs)):
        if members[actor, family, column]:
            total += logs[actor]
            count += 1
    return exp(total / count)


def _bring(came: Mask, mean: Floats, coalition: Bits, waits: Bits, issues: Bits) -> None:
    """Note in ``came`` which of the agreed changes of one node its clocks would bring.

    ``waits`` are the items that each still waits for.
    """
    clock = np.empty(len(mean), dtype=np.intp)
    heads = np.empty(len(mean), dtype=np.intp)
    best = np.empty(len(mean))
    clocks = 0
    for k in range(len(mean)):
        clock[k] = clocks
        for c in range(clocks):
            head = heads[c]
            if waits[k] == waits[head] and (
                waits[k] or (issues[k] == issues[head] and coalition[k] == coalition[head])
            ):
                clock[k] = c
                best[c] = max(best[c], mean[k])
                break
        if clock[k] == clocks:
            heads[clocks], best[clocks] = k, mean[k]
            clocks += 1
    for k in range(len(mean)):
        if mean[k] >= best[clock[k]] - BEST:
            came[k] = True


def _begin(
    answers: npt.NDArray[np.int64],
    begin: int,
    target: Indexes,
    inside: Mask,
    entering: bool,
    state: int,
) -> None:
    """Nothing is known of the changes of a node yet, but that deleted moves are not agreed."""
    answers[:] = UNKNOWN
    if not len(inside):
        return
    for k in range(len(answers)):
        there = inside[target[begin + k]]
        if there != inside[state] and there == entering:
            answers[k] = REFUSED


def _note(
    found: Found,
    number: int,
    node: int,
    answers: npt.NDArray[np.int64],
    who: Bits,
    begin: int,
    family: Indexes,
    target: Indexes,
    masks: Bits,
    members: npt.NDArray[np.bool_],
    sets: Mask,
    within: tuple[Indexes, Indexes],
    worth: Floats,
    state: int,
    by_coalition: bool,
) -> int:
    """Write down what is agreed at a node behind ``number`` others; how many there are then."""
    node_, change_, mean_, coalition_, _ = found
    logs = np.empty(worth.shape[1])
    for k in range(len(answers)):
        if answers[k] != AGREED:
            continue
        change = begin + k
        logs_of(logs, worth, who[k], state, target[change])
        best = 0.0
        some, others = among(within, sets, family[change], who[k])
        for column in within[1][some:others]:
            mask = masks[family[change], column]
            if who[k] & mask != mask:
                continue
            mean = mean_of(logs, members, family[change], column)
            best = max(best, mean)
            if by_coalition:
                node_[number], change_[number] = node, change
                mean_[number], coalition_[number] = mean, mask
                number += 1
        if not by_coalition:
            node_[number], change_[number], mean_[number] = node, change, best
            number += 1
    return number


who_agrees, logs_of = jitted(_who_agrees), jitted(_logs_of)
mean_of, begin_, bring = jitted(_mean_of), jitted(_begin), jitted(_bring)
ask, note = jitted(_ask), jitted(_note)


def _agreed(
    draw: Indexes,
    state: Indexes,
    moves: Moves,
    movers: Movers,
    wants: Wants,
    ready: Bits,
    inside: Mask,
    entering: bool,
    by_coalition: bool,
    all_agreed: bool,
) -> Found:
    """All that is agreed at nodes, after parts first, in the order of nodes and changes."""
    # What a function is given is taken out of its tuple here: each look into one is counted.
    row, first, target, issues, items, family, part_first, part = moves
    asked, alone, masks, members, sets, within = movers
    most = 0
    for s in state:
        most = max(most, first[row[s] + 1] - first[row[s]])
    room, who = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.uint64)
    found = Found(
        np.empty(0, dtype=np.intp),
        np.empty(0, dtype=np.intp),
        np.empty(0),
        np.empty(0, dtype=np.uint64),
        np.empty(0, dtype=np.bool_),
    )
    number = 0
    for k in range(len(draw)):
        d, s, start = draw[k], state[k], number
        worth, passes, least = wants.worth[d], wants.passes[:, d], wants.least[:, d]
        begin, end = first[row[s]], first[row[s] + 1]
        answers = room[: end - begin]
        begin_(answers, begin, target, inside, entering, s)
        ask(
            answers,
            who,
            begin,
            family,
            target,
            part_first,
            part,
            asked,
            alone,
            masks,
            sets,
            worth,
            passes,
            least,
            s,
        )
        found = with_room(found, number + masks.shape[1] * (end - begin))
        number = note(
            found,
            number,
            k,
            answers,
            who,
            begin,
            family,
            target,
            masks,
            members,
            sets,
            within,
            worth,
            s,
            by_coalition,
        )
        change = found.change[start:number]
        for regime in range(len(ready)):
            if regime == 0 or ready[regime, d] != ready[regime - 1, d]:
                bring(
                    found.came[start:number],
                    found.mean[start:number],
                    found.coalition[start:number],
                    items[change] & ~ready[regime, d],
                    issues[change],
                )
        if not all_agreed:
            number = only_brought(found, start, number)
    return Found(
        found.node[:number].copy(),
        found.change[:number].copy(),
        found.mean[:number].copy(),
        found.coalition[:number].copy(),
        found.came[:number].copy(),
    )


agreed = jitted(_agreed)


def agreed_at(
    rules: Rules,
    worths: Worths,
    draw: Indexes,
    state: Indexes,
    ready: Bits,
    forbidden: tuple[Mask, bool] | None,
    all_agreed: bool,
) -> Found:
    """The same as :func:`~.looking.agreed_at`."""
    rules.ensure(state)
    c, f = rules.changes, rules.families
    inside, entering = forbidden or (np.zeros(0, dtype=bool), True)
    found: Found = agreed(
        draw,
        state,
        Moves(rules.row, c.first, c.target, c.issues, c.items, c.family, c.part_first, c.part),
        Movers(f.asked, f.alone, f.masks, f.members, f.suffices, f.within),
        Wants(worths.by_state, worths.passes, worths.least + TOLERANCE),
        ready,
        inside,
        entering,
        rules.by_coalition,
        all_agreed,
    )
    return found
