"""Movers who undo each other's changes at every meeting, so that the last one decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from foedus.game.space import Indexes
from foedus.process.agreement import Clocks, spread
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.explored import Explored
from foedus.process.model import Process
from foedus.slips.ground import Ground
from foedus.slips.slip import Slip


class _Flips(NamedTuple):
    """Quick changes that come about: from node to node, as (steps,) each."""

    source: Indexes
    target: Indexes


def quarrels(ground: Ground) -> Iterator[Slip]:
    """Circles of quick changes that nothing quick leads out of, at the most likely judgements.

    Each change in them is agreed by somebody, so the state turns round until the deadline. Told
    once for each set of issues and positions that turns: with two positions, who moves to which.
    """
    process = ground.process
    if process is None or not ground.case.preferences:
        return
    chain = process.myopic(process.drawn(MOST_LIKELY_PROCESS))
    explored = chain.explored
    clocks, _ = chain.clocks(chain.schedule.ready[-1], chain.timing.season(chain.schedule.ends[-1]))
    flips = _quick(explored, clocks)
    told: set[tuple[tuple[str, ...], ...]] = set()
    for circle in _circles(flips, chain.nodes):
        slip = _told(ground, process, explored, flips, circle)
        key = tuple(slip.names[what] for what in ("issues", "positions", "movers"))
        if key not in told:
            told.add(key)
            yield slip


def _quick(explored: Explored, clocks: Clocks) -> _Flips:
    """The changes that meetings bring."""
    quick = np.flatnonzero(clocks.items == 0)
    row, place = spread(clocks.first[quick], clocks.first[quick + 1])
    return _Flips(clocks.node[quick[row]], explored.ways.target[clocks.option[place]])


def _circles(flips: _Flips, nodes: int) -> Iterator[Indexes]:
    """The sets of nodes that lead to each other, and by nothing quick to others."""
    if not _turns(flips, nodes):
        return
    # To load what finds the sets takes longer than most cases do.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(flips.source))
    graph = csr_array((ones, (flips.source, flips.target)), shape=(nodes, nodes))
    count, label = connected_components(graph, connection="strong")
    left = np.zeros(count, dtype=bool)
    left[label[flips.source[label[flips.source] != label[flips.target]]]] = True
    size = np.bincount(label, minlength=count)
    for number in np.flatnonzero((size > 1) & ~left):
        yield np.flatnonzero(label == number)


def _turns(flips: _Flips, nodes: int) -> bool:
    """Whether some nodes lead back to themselves."""
    source, target = flips
    while len(source):
        onward = np.bincount(source, minlength=nodes)[target] > 0
        if onward.all():
            return True
        source, target = source[onward], target[onward]
    return False


def _told(
    ground: Ground, process: Process, explored: Explored, flips: _Flips, circle: Indexes
) -> Slip:
    """What turns in a circle, and who moves where."""
    columns = process.rules.finder.columns
    states = explored.state[circle]
    turning = [k for k in range(len(ground.issues)) if len(np.unique(columns[k, states])) > 1]
    positions = sorted(
        f"{ground.issues[k].id} = {ground.issues[k].positions[p].id}"
        for k in turning
        for p in np.unique(columns[k, states]).tolist()
    )
    movers = set()
    inside = np.isin(flips.source, circle)
    for source, target in zip(flips.source[inside], flips.target[inside], strict=True):
        before, after = int(explored.state[source]), int(explored.state[target])
        to = " and ".join(
            f"{ground.issues[k].id} = {ground.issues[k].positions[columns[k, after]].id}"
            for k in turning
            if columns[k, before] != columns[k, after]
        )
        movers |= {f"{'+'.join(c)}: {to}" for c in _who(ground, process, before, after)}
    issues = tuple(sorted(ground.issues[k].id for k in turning))
    return ground.slip(
        "quarrel",
        "warning",
        ("issues", issues[0]),
        "",
        {"issues": issues, "positions": positions, "movers": sorted(movers)},
        {"meetings": process.options.meetings},
    )


def _who(ground: Ground, process: Process, before: int, after: int) -> Iterator[tuple[str, ...]]:
    """The coalitions that agree to a change, by the most likely judgements."""
    finder = process.rules.finder
    for coalition in finder.coalitions(finder.family_between(before, after)):
        if all(_agrees(ground, process, actor, before, after) for actor in coalition):
            yield coalition


def _agrees(ground: Ground, process: Process, actor: str, before: int, after: int) -> bool:
    view = ground.views[actor]
    if view.kind != "utility":
        return bool(view.agrees(before, after))
    return bool(view.values[after] - view.values[before] > process.least[actor])
