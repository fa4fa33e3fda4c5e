"""How one actor sees the states in many draws at once.

States that an actor cannot tell apart (the same statements hold) form a *class*; values are kept by
draw and class, so that states of one class are equal to the last bit, and no array of draws by
states is held.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from foedus.case.model import Actor
from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.preferences.view import Levels, View

Classes = npt.NDArray[np.intp]

WORD = 62
"""So many statements are told apart by one whole number a state."""


@dataclass(frozen=True, slots=True, eq=False)
class SampledPreferences:
    """How one actor sees the states in n draws.

    ``classes`` (states,) numbers the class of each state, mostly of what it falls to; ``values``
    (n, classes) are a utility, an ordinal level (higher is better), or for an electorate 1.0 where
    it passes and 0.0 elsewhere; ``shares`` (n, classes) and ``thresholds`` (n,), in per cent, of an
    electorate only.
    """

    actor: Actor
    kind: Literal["utility", "ordinal", "support"]
    classes: Classes
    values: Floats
    shares: Floats | None = None
    thresholds: Floats | None = None

    @property
    def electorate(self) -> bool:
        """Whether the actor only passes or fails a state."""
        return self.kind == "support"

    def at(self, draws: Indexes, states: Indexes) -> Floats:
        """The values of ``states`` in ``draws``, pair by pair; their broadcast shape."""
        return np.asarray(self.values[draws, self.classes[states]])

    def levels(self, draw: int) -> Levels:
        """The levels over the states in one draw, from 0 (0 and 1 for an electorate); (states,)."""
        values = self.values[draw]
        if self.electorate:
            return np.asarray(values[self.classes], dtype=np.int64)
        met = np.flatnonzero(np.bincount(self.classes, minlength=len(values)))
        dense = np.zeros(len(values), dtype=np.int64)
        _, dense[met] = np.unique(values[met], return_inverse=True)
        return dense[self.classes]

    def standing(self, draw: int) -> Floats:
        """What each state is worth in one draw: for an electorate its support in %; (states,)."""
        values = self.values if self.shares is None else self.shares
        return np.asarray(values[draw][self.classes])

    def view(self, draw: int) -> View:
        """How the actor sees the states in one draw."""
        values = self.standing(draw)
        threshold = None if self.thresholds is None else float(self.thresholds[draw])
        return View(self.actor, self.kind, values, values, self.levels(draw), threshold)

    def fallen(self, fall: Indexes) -> SampledPreferences:
        """The same, each state judged by the one that it falls to; ``fall`` (states,)."""
        return replace(self, classes=self.classes[fall])

    def some(self, draws: slice) -> SampledPreferences:
        """The same in some of the draws."""
        shares = None if self.shares is None else self.shares[draws]
        thresholds = None if self.thresholds is None else self.thresholds[draws]
        return replace(self, values=self.values[draws], shares=shares, thresholds=thresholds)

    def ranked_among(self, classes: Indexes) -> Floats:
        """Ranks without gaps among these classes, 0 the worst; others keep 0; (n, classes)."""
        ranks = np.zeros_like(self.values)
        ranks[:, classes] = dense_rows(self.values[:, classes])
        return ranks

    def ranked(self) -> SampledPreferences:
        """The same with ranks for values, 0 the worst, without gaps."""
        return replace(self, values=dense_rows(self.values))


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The different patterns in which statements hold, in the order of the statements.

    ``classes`` (states,) numbers the pattern of each state. The first statement tells most: sorted
    by their numbers, patterns are in lexicographic order.
    """

    classes: Classes
    count: int
    _words: tuple[npt.NDArray[np.int64], ...]
    _statements: int

    @classmethod
    def of(cls, masks: Iterable[Mask], states: Indexes) -> Patterns:
        """Find the patterns among ``states``; each mask says of all states where one holds.

        A mask is let go before the next is asked for.
        """
        words: list[npt.NDArray[np.int64]] = []
        number = 0
        for number, mask in enumerate(masks, start=1):
            if number % WORD == 1:
                words.append(np.zeros(len(mask), dtype=np.int64))
            words[-1] <<= 1
            words[-1] |= mask
        words = [word[states] for word in words]
        if not words:
            return cls(np.zeros(len(states), dtype=np.intp), 1, (), 0)
        values, classes = np.unique(words[0], return_inverse=True)
        found = [values]
        for word in words[1:]:
            values, more = np.unique(word, return_inverse=True)
            both = classes * np.int64(len(values)) + more
            pairs, classes = np.unique(both, return_inverse=True)
            before, after = np.divmod(pairs, len(values))
            found = [*(each[before] for each in found), values[after]]
        return cls(np.asarray(classes), len(found[0]), tuple(found), number)

    def holds(self, statement: int) -> Mask:
        """In which patterns the statement with this number holds; (patterns,)."""
        word, place = divmod(statement, WORD)
        last = min(WORD, self._statements - word * WORD) - 1
        return np.asarray(self._words[word] >> np.int64(last - place) & 1, dtype=bool)


def rounded_rows(values: Floats) -> Floats:
    """Values with the noise of float addition taken off each row, so that equal sums tie."""
    largest = np.abs(values).max(axis=1, initial=0.0, keepdims=True)
    scale = 10.0 ** (10 - np.floor(np.log10(np.where(largest > 0, largest, 1.0))))
    return np.asarray(np.rint(values * scale) / scale + 0.0)


def dense_rows(values: Floats) -> Floats:
    """Each row's values replaced by their ranks without gaps, from 0; shape kept."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    steps = np.zeros(values.shape)
    steps[:, 1:] = np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1)
    ranks = np.empty_like(steps)
    np.put_along_axis(ranks, order, steps, axis=1)
    return ranks
