"""How each actor sees the states, in many draws at once.

States that an actor cannot tell apart (the same statements hold in what they fall to) form a
*class*; values are kept by draw and class, so that states of one class are equal to the last bit,
and no array of draws by states is held.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from foedus.case.model import (
    Actor,
    Case,
    Judgement,
    Preference,
    Priorities,
    Ranking,
    Stances,
    Support,
    Worth,
)
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock, stream_of
from foedus.forecasting.surveys import poll_behind, poll_share
from foedus.preferences import AT_THRESHOLD, DEFAULT_THRESHOLD, view_of
from foedus.space import Indexes, Mask, Space

Classes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """How one actor sees the states in n draws.

    ``classes`` (states,) numbers the class of what each state falls to; ``values`` (n, classes)
    are a utility, an ordinal level (higher is better), or for an electorate 1.0 where it passes
    and 0.0 elsewhere; ``shares`` (n, classes), in per cent, of an electorate only.
    """

    actor: Actor
    kind: Literal["utility", "ordinal", "support"]
    classes: Classes
    values: Floats
    shares: Floats | None = None

    @property
    def electorate(self) -> bool:
        """Whether the actor only passes or fails a state."""
        return self.kind == "support"

    def at(self, draws: Indexes, states: Indexes) -> Floats:
        """The values of ``states`` in ``draws``, pair by pair; their broadcast shape."""
        return np.asarray(self.values[draws, self.classes[states]])

    def levels(self, draw: int) -> npt.NDArray[np.int64]:
        """The levels over the states in one draw, from 0 (0 and 1 for an electorate); (states,)."""
        values = self.values[draw]
        if self.electorate:
            return np.asarray(values[self.classes], dtype=np.int64)
        _, dense = np.unique(values, return_inverse=True)
        return np.asarray(dense[self.classes], dtype=np.int64)

    def ranked(self) -> Sight:
        """The same sight with ranks for values, 0 the worst, without gaps."""
        return replace(self, values=_dense_rows(self.values))


def drawn_sights(space: Space, block: DrawBlock) -> dict[str, Sight]:
    """Every actor's sight in a block of draws, stances apart, in the order of the actors."""
    case = space.case
    return {
        actor.id: drawn_sight(space, actor, case.preferences[actor.id], block)
        for actor in case.actors.values()
        if actor.id in case.preferences and not isinstance(case.preferences[actor.id], Stances)
    }


def drawn_sight(space: Space, actor: Actor, preference: Preference, block: DrawBlock) -> Sight:
    """One actor's sight in a block of draws. Raises NotImplementedError for stances."""
    match preference:
        case Worth():
            truth, classes = _classes(
                space, [space.holds(item.when.tree) for item in preference.items]
            )
            weights = [block.values(item.value) for item in preference.items]
            return Sight(actor, "utility", classes, _sums(weights, truth, block.size))
        case Priorities():
            truth, classes = _classes(
                space, [space.holds(item.when.tree) for item in preference.items]
            )
            held = [
                np.ones(block.size, dtype=bool) if item.held is None else block.so(item.held)
                for item in preference.items
            ]
            return Sight(actor, "ordinal", classes, _lexicographic(held, truth, block.size))
        case Support():
            return _support(space, actor, preference, block)
        case Ranking():
            view = view_of(space, actor, preference)
            levels, classes = np.unique(view.levels, return_inverse=True)
            values = np.broadcast_to(levels.astype(float), (block.size, len(levels)))
            return Sight(actor, "ordinal", classes, values)
        case Stances():
            raise NotImplementedError("stances are not yet supported")


def _classes(space: Space, masks: list[Mask]) -> tuple[npt.NDArray[np.bool_], Classes]:
    """The different patterns of truth among fallen states (classes, items), and each state's."""
    if not masks:
        return np.zeros((1, 0), dtype=bool), np.zeros(len(space), dtype=np.intp)
    table = np.packbits(np.stack(masks, axis=1)[space.fall], axis=1)
    patterns, inverse = np.unique(table, axis=0, return_inverse=True)
    truth = np.unpackbits(patterns, axis=1, count=len(masks)).astype(bool)
    return truth, np.asarray(inverse.ravel())


def _sums(weights: list[Floats], truth: npt.NDArray[np.bool_], size: int) -> Floats:
    """The sum of the weights that hold, by draw and class, equal sums being equal."""
    total = np.zeros((size, len(truth)))
    for weight, holds in zip(weights, truth.T, strict=True):
        total[:, holds] += weight[:, None]
    return _rounded_rows(total)


def _rounded_rows(values: Floats) -> Floats:
    """Values with the noise of float addition taken off each row, so that equal sums tie."""
    largest = np.abs(values).max(axis=1, initial=0.0, keepdims=True)
    scale = 10.0 ** (10 - np.floor(np.log10(np.where(largest > 0, largest, 1.0))))
    return np.asarray(np.rint(values * scale) / scale + 0.0)


def _lexicographic(held: list[Mask], truth: npt.NDArray[np.bool_], size: int) -> Floats:
    """Option prioritising [Peng1997] by draw: the first wish held outweighs all after it."""
    levels = np.zeros((size, len(truth)))
    for k in reversed(range(len(held))):
        # Every wish is laid over the order that those after it have made.
        span = levels.max(axis=1, keepdims=True) + 1
        levels += np.where(held[k][:, None] & truth[:, k], span, 0.0)
        if levels.max(initial=0.0) > 2.0**50:
            levels = _dense_rows(levels)
    return levels


def _dense_rows(values: Floats) -> Floats:
    """Each row's values replaced by their ranks without gaps, from 0; shape kept."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    steps = np.zeros(values.shape)
    steps[:, 1:] = np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1)
    ranks = np.empty_like(steps)
    np.put_along_axis(ranks, order, steps, axis=1)
    return ranks


def _support(space: Space, actor: Actor, support: Support, block: DrawBlock) -> Sight:
    """The first item that a state matches gives the share."""
    first = np.full(len(space), -1)
    for number, item in enumerate(support.items):
        matched = (first < 0) & (True if item.when is None else space.holds(item.when.tree))
        first[matched] = number
    shares = np.stack([_share(space.case, item.share, block) for item in support.items], axis=1)
    threshold: Floats | float = DEFAULT_THRESHOLD
    if actor.threshold is not None:
        threshold = block.values(actor.threshold)[:, None]
    passes = (shares >= threshold - AT_THRESHOLD).astype(float)
    return Sight(actor, "support", first[space.fall], passes, shares)


def _share(case: Case, share: Judgement, block: DrawBlock) -> Floats:
    """A judged share, or the figure of an approval poll with its total error."""
    taken = poll_behind(share, case.polls)
    if taken is None:
        return block.values(share)
    return poll_share(taken.poll, taken.option, block.uniforms(stream_of(share)))
