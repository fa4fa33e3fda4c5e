"""What happens at one moment: the events of a day, and what becomes ready of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process.agreement import Clocks, spread
from foedus.process.clocks import Component, components_of
from foedus.process.families import Bits
from foedus.process.rates import codes_of
from foedus.process.timing import Timing


def happened(ways: Sequence[tuple[Indexes, Indexes, Floats]], nodes: int) -> csr_array | None:
    """What the events of a moment do, one after the other, as chances (nodes, nodes).

    Each of ``ways`` is one event: the nodes that it leads from, where to, with what chance; what is
    left of a node stays. None where nothing happens.
    """
    whole: csr_array | None = None
    every = np.arange(nodes)
    for node, target, chance in ways:
        if not len(node):
            continue
        stays = 1.0 - np.bincount(node, chance, nodes)
        each = csr_array(
            (
                np.concatenate([chance, stays]),
                (np.concatenate([node, every]), np.concatenate([target, every])),
            ),
            shape=(nodes, nodes),
        )
        whole = each if whole is None else whole @ each
    return whole


def after(first: csr_array | None, then: csr_array | None) -> csr_array | None:
    """One jump after another as one."""
    if first is None or then is None:
        return then if first is None else first
    both: csr_array = first @ then
    return both


def jump_of(
    clocks: Clocks,
    target: Indexes,
    draw: Indexes,
    jumping: npt.NDArray[np.uint64],
    timing: Timing,
    at: Floats,
) -> csr_array | None:
    """What happens when the items ``jumping`` (bits, by draw) become ready, as chances (n, n).

    Sets are ready jointly, given that none was before, and ring in random order; a set that no
    longer has an agreed change when its turn comes leaves no trace. None where nothing rings.
    """
    concerned = np.zeros(len(draw), dtype=bool)
    concerned[clocks.node[(clocks.items & jumping[draw[clocks.node]]) > 0]] = True
    if not concerned.any():
        return None
    timed = np.flatnonzero(concerned[clocks.node] & (clocks.items > 0))
    head = np.flatnonzero(np.diff(clocks.node[timed], prepend=-1))
    its_node = clocks.node[timed]
    touched = its_node[head]
    ends = np.append(head, len(timed))[1:]

    @cache
    def ends_at(node: int) -> dict[int, list[int]]:
        begin, end = np.searchsorted(its_node, [node, node + 1])
        return {
            int(clocks.items[k]): target[clocks.first[k] : clocks.first[k + 1]].tolist()
            for k in timed[begin:end].tolist()
        }

    @cache
    def ways(draw: int, component: Component) -> list[tuple[tuple[int, ...], float]]:
        jump = int(jumping[draw])
        survival = timing.waits(np.array([draw]), component.items, at[[draw]])[0][:, 0]
        for row, item in enumerate(component.items):
            if jump >> item & 1:
                survival[row] = 0.0
        return component.ready_at_jump(survival, jump)

    rows: list[tuple[Indexes, Indexes, Floats]] = []
    for members in _alike(codes_of(clocks.items[timed], head), draw[touched]):
        one = members[0]
        its_draw = int(draw[touched[one]])
        sets = clocks.items[timed[head[one] : ends[one]]].tolist()
        ready: list[tuple[tuple[int, ...], float]] = [((), 1.0)]
        for component in _components(frozenset(sets)):
            if any(each & int(jumping[its_draw]) for each in component.sets):
                found = ways(its_draw, component)
                ready = [(a + b, p * q) for a, p in ready for b, q in found]
        node = touched[members]
        for rung, chance in ready:
            if not rung:
                rows.append((node, node, np.full(len(node), chance)))
            elif len(rung) == 1:
                clock = timed[head[members] + sets.index(rung[0])]
                begin, end = clocks.first[clock], clocks.first[clock + 1]
                which, option = spread(begin, end)
                rows.append((node[which], target[option], chance * (1.0 / (end - begin))[which]))
            else:
                several = [
                    (each, last, chance * share)
                    for each in node.tolist()
                    for last, share in _rung(each, frozenset(rung), ends_at).items()
                ]
                origin, last_, share_ = (np.array(column) for column in zip(*several, strict=True))
                rows.append((origin, last_, share_))
    rest = np.flatnonzero(~concerned)
    rows.append((rest, rest, np.ones(len(rest))))
    node, to, chances = (np.concatenate(column) for column in zip(*rows, strict=True))
    return csr_array((chances, (node, to)), shape=(len(draw), len(draw)))


def _alike(codes: Bits, draw: Indexes) -> Iterator[Indexes]:
    """The places that have the same code in the same draw, those of each together."""
    order = np.lexsort((codes, draw))
    new = np.diff(draw[order], prepend=-1) != 0
    new[1:] |= codes[order[1:]] != codes[order[:-1]]
    return iter(np.split(order, np.flatnonzero(new)[1:]))


@lru_cache(maxsize=1 << 12)
def _components(sets: frozenset[int]) -> list[Component]:
    """The components of sets that run at once: a matter of the sets alone, met again and again."""
    return components_of(sorted(sets))


def _rung(
    node: int, sets: frozenset[int], ends_at: Callable[[int], dict[int, list[int]]]
) -> dict[int, float]:
    """Where one is when these sets have rung in random order, with the chances.

    ``ends_at`` gives by set of items where its clock may lead from a node.
    """
    if not sets:
        return {node: 1.0}
    found: dict[int, float] = {}
    there = ends_at(node)
    for first in sets:
        ends = there.get(first, [node])
        for end in ends:
            for last, chance in _rung(end, sets - {first}, ends_at).items():
                found[last] = found.get(last, 0.0) + chance / (len(sets) * len(ends))
    return found
