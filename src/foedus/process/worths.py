"""What each state is worth to each actor in each draw, as shares of the actor's range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foedus.game.space import Mask, Space
from foedus.preferences import SampledPreferences
from foedus.preferences.sample import Floats

TOLERANCE = 1e-9
"""Two worths closer than this, as a share of the actor's range, are equal."""

LEAST_GAIN = 0.005
"""A gain that is no larger than this share of the range moves nobody."""


@dataclass(frozen=True, eq=False)
class Worths:
    """What actors go by, in n draws over all states.

    ``worth`` (ordinary actors, draws, states) is the worth of what each state falls to, from 0 for
    the worst settled state to 1 for the best of the range ``unit`` (actors, draws) in the actor's
    own units; an ordinal actor's is its level's rank, scaled so. ``passes`` (electorates, draws,
    states) says what passes. ``least`` (actors, draws) is the share that a gain must exceed.
    """

    ordinary: tuple[str, ...]
    electorates: tuple[str, ...]
    worth: Floats
    bottom: Floats
    unit: Floats
    least: Floats
    passes: Mask

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return int(self.unit.shape[1])

    @cached_property
    def by_state(self) -> Floats:
        """The same worths with those of one state together: (draws, states, ordinary actors)."""
        return np.ascontiguousarray(self.worth.transpose(1, 2, 0))


def worths_of(
    space: Space,
    preferences: Mapping[str, SampledPreferences],
    written: Mapping[str, float],
    *,
    least_gain: float = LEAST_GAIN,
    moved: Mapping[str, Floats] | None = None,
) -> Worths:
    """Work out what states are worth from sampled preferences (of what each state falls to).

    ``written`` is each ordinary actor's range at the most likely values, in its own units: a gain
    must exceed ``least_gain`` of it. ``moved`` adds to an actor's worth of every position, as a
    share of its range: (draws, positions of all issues in their order), for internal discrepancy.
    """
    ordinary = [a for a, seen in preferences.items() if not seen.electorate]
    electorates = [a for a, seen in preferences.items() if seen.electorate]
    draws = next(iter(preferences.values())).values.shape[0] if preferences else 1
    size = len(space)
    worth = np.zeros((len(ordinary), draws, size))
    bottom = np.zeros((len(ordinary), draws))
    unit = np.ones((len(ordinary), draws))
    least = np.zeros((len(ordinary), draws))
    for row, actor in enumerate(ordinary):
        seen = preferences[actor]
        met = np.flatnonzero(np.bincount(seen.classes))
        values = seen.ranked_among(met) if seen.kind == "ordinal" else seen.values
        low, high = values[:, met].min(axis=1), values[:, met].max(axis=1)
        spread = np.where(high > low, high - low, 1.0)
        worth[row] = ((values - low[:, None]) / spread[:, None])[:, seen.classes]
        if seen.kind == "utility":
            bottom[row], unit[row] = low, spread
            least[row] = least_gain * written[actor] / spread
        if moved is not None and actor in moved:
            worth[row] += _moved(space, moved[actor])
    passes = np.zeros((len(electorates), draws, size), dtype=bool)
    for row, actor in enumerate(electorates):
        seen = preferences[actor]
        passes[row] = seen.values[:, seen.classes] > 0
    return Worths(tuple(ordinary), tuple(electorates), worth, bottom, unit, least, passes)


def written_ranges(space: Space, preferences: Mapping[str, SampledPreferences]) -> dict[str, float]:
    """Each actor's range of worth over feasible settled states at the most likely values.

    ``preferences`` hold one draw. An electorate has none; an ordinal actor's is 1.
    """
    found = {}
    for actor, seen in preferences.items():
        if seen.electorate:
            continue
        values = seen.values[0, np.unique(seen.classes)]
        found[actor] = 1.0 if seen.kind == "ordinal" else float(values.max() - values.min())
    return found


def _moved(space: Space, shifts: Floats) -> Floats:
    """The sum of the shifts of the positions that each state falls to; (draws, states)."""
    total = np.zeros((len(space), len(shifts)))
    by_position = np.ascontiguousarray(shifts.T)  # whole rows are taken faster than columns
    first = 0
    for k, issue in enumerate(space.radix.issues):
        total += by_position[first + space.reader.column(k)[space.fall].astype(np.intp)]
        first += len(issue.positions)
    return total.T


def positions_of(space: Space) -> Sequence[str]:
    """The names of the positions of all issues, in the order in which they are counted."""
    return [f"{issue.id} = {p.id}" for issue in space.radix.issues for p in issue.positions]
