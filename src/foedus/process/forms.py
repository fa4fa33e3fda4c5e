"""The forms of an arrangement: the states in it that one change from today reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.game.space import Indexes, Mask, Space
from foedus.process.changes import ChangeFinder


@dataclass(frozen=True, slots=True)
class FormOf:
    """A state of an arrangement, and the number of the coalitions that can make it."""

    state: int
    family: int


def direct_forms(finder: ChangeFinder, inside: Mask, origin: int) -> list[FormOf]:
    """The states inside that one change from ``origin`` reaches, no proper part of which does.

    A change may alter any number of issues here.
    """
    targets = finder.targets_of(origin, np.flatnonzero(inside))
    columns = finder.columns[:, targets]
    differ = columns != finder.columns[:, [origin]]
    size = differ.sum(axis=0)
    left = np.argsort(size, kind="stable")
    found = []
    while len(left):
        least = left[0]
        family = finder.family_between(origin, int(targets[least]))
        if family < 0:
            left = left[1:]
            continue
        found.append(FormOf(int(targets[least]), family))
        altered = differ[:, least]
        whole = (columns[altered][:, left] == columns[altered, least][:, None]).all(axis=0)
        left = left[~whole]
    return sorted(found, key=lambda form: form.state)


def riders(finder: ChangeFinder, space: Space, today: int, form: int) -> list[tuple[int, int]]:
    """Changes of one issue that may be added to a form: pairs (form with it, today with it).

    A rider is open from today too, alters an issue that the form leaves, and leaves both possible.
    """
    found = []
    for k, weight in enumerate(space.radix.weights):
        here = int(finder.columns[k, today])
        if finder.columns[k, form] != here:
            continue
        for position in range(len(space.radix.issues[k].positions)):
            if finder.rights(k, np.array([today]), position)[0] < 0:
                continue
            step = (position - here) * weight
            both = space.indexes(space.codes[[form, today]] + step)
            if (both >= 0).all():
                found.append((int(both[0]), int(both[1])))
    return found


def nearest(space: Space, today: int, states: Indexes) -> int:
    """The state among some that differs from today in the fewest issues, first by number."""
    return int(states[np.argmin(space.changes(today, states))])
