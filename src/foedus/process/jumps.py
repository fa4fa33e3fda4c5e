"""What happens at one moment: the events of a day, and what becomes ready of itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process.agreement import Clocks
from foedus.process.clocks import Component, components_of
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
    concerned = np.flatnonzero((clocks.items & jumping[draw[clocks.node]]) > 0)
    if not len(concerned):
        return None
    # Lists, since to take single numbers out of arrays is slow.
    place = np.searchsorted(clocks.node, np.arange(len(draw) + 1)).tolist()
    items, option, end = clocks.items.tolist(), clocks.first.tolist(), target.tolist()

    @cache
    def ends_at(node: int) -> dict[int, list[int]]:
        here = range(place[node], place[node + 1])
        return {items[k]: end[option[k] : option[k + 1]] for k in here if items[k]}

    @cache
    def ways(draw: int, component: Component) -> list[tuple[tuple[int, ...], float]]:
        jump = int(jumping[draw])
        survival = timing.waits(np.array([draw]), component.items, at[[draw]])[0][:, 0]
        for row, item in enumerate(component.items):
            if jump >> item & 1:
                survival[row] = 0.0
        return component.ready_at_jump(survival, jump)

    rows: list[tuple[int, int, float]] = []
    touched = np.unique(clocks.node[concerned])
    for node, its_draw in zip(touched.tolist(), draw[touched].tolist(), strict=True):
        jump = int(jumping[its_draw])
        ready: list[tuple[tuple[int, ...], float]] = [((), 1.0)]
        for component in _components(frozenset(ends_at(node))):
            if any(each & jump for each in component.sets):
                found = ways(its_draw, component)
                ready = [(a + b, p * q) for a, p in ready for b, q in found]
        for sets, chance in ready:
            for last, share in _rung(node, frozenset(sets), ends_at).items():
                rows.append((node, last, chance * share))
    rest = np.setdiff1d(np.arange(len(draw)), touched)
    node_, to, chance_ = (np.array(column) for column in zip(*rows, strict=True))
    return csr_array(
        (
            np.concatenate([chance_, np.ones(len(rest))]),
            (np.concatenate([node_, rest]), np.concatenate([to, rest])),
        ),
        shape=(len(draw), len(draw)),
    )


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
