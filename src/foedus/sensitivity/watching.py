"""How much events tell of answers, draw by draw, and how much of that chance could make.

The measure of an event on an answer is the mean absolute change of the answer's probability when
one learns whether the event is so: q |p1 - p| + (1 - q) |p0 - p| = 2 q (1 - q) |p1 - p0|. Whether
an event tells anything is judged by its correlation with the answer, against the greatest such
correlation of all events when the answers are permuted: the maximum null of [Westfall1993].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from foedus.forecasting.ranges import Floats
from foedus.game.space import Indexes, Mask, Space

LEAST = 50
"""An event is measured when so many draws have it and so many have it not."""

LEAST_ENDS = 20
"""An answer is asked about when so many draws end in it and so many do not."""

REPEATS = 200
"""So many permutations make the null."""

CONFIDENCE = 0.99
"""Chance alone leaves every idle event untold this often."""

ALIKE = 0.95
"""Events whose correlation is at least this, or at most its negative, are told once."""

ODDS = 2.0
"""A signpost at least doubles or halves the odds of the answer, when seen or when not: what is real
and weaker is nothing to watch for."""


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Where n draws stand on a day: ``positions`` (n, issues) in numbers.

    ``events`` are pairs of an issue and a position, the same on every day.
    """

    space: Space
    day: date
    positions: npt.NDArray[np.intp]
    events: tuple[tuple[int, int], ...]

    @classmethod
    def on(cls, space: Space, states: Indexes, day: date) -> Watched:
        """Look at the states (n,) that stand on a day."""
        issues = space.radix.issues
        columns = [space.reader.column(k)[states].astype(np.intp) for k in range(len(issues))]
        events = tuple(
            (k, b) for k, issue in enumerate(issues) for b in range(len(issue.positions))
        )
        return cls(space, day, np.stack(columns, axis=1), events)

    def seen(self, event: int) -> Mask:
        """In which draws an event is so; (n,)."""
        issue, position = self.events[event]
        return np.asarray(self.positions[:, issue] == position)

    def numbers(self) -> npt.NDArray[np.intp]:
        """The numbers of the events that are so, one an issue; (n, issues)."""
        sizes = [len(issue.positions) for issue in self.space.radix.issues]
        first = np.cumsum([0, *sizes[:-1]])
        return np.asarray(self.positions + first)

    def today(self, state: int, issue: int) -> int:
        """The position of an issue in a state."""
        return int(self.space.reader.column(issue)[state])


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What E events of one day tell of H answers, in counts of draws.

    ``seen`` (E,) and ``ends`` (H,) count draws, ``both`` (E, H) those of one and the other.
    ``enough`` (E,) says which events were measured; ``shift`` (E, H) is the measure and ``telling``
    (E, H) whether it is beyond chance. ``told`` (E,) is the answer with the greatest telling shift,
    ``best`` (E,) that shift.
    """

    draws: int
    seen: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    both: npt.NDArray[np.intp]
    enough: Mask
    shift: Floats
    telling: Mask
    told: Indexes
    best: Floats

    def worth(self, event: int) -> float:
        """The greatest telling shift of an event, 0 when it is slight.

        Slight is an event that, seen or not seen, changes the answer's odds by less than the factor
        ``ODDS``: by how many times what is seen is likelier with the answer than without.
        """
        h = self.told[event]
        yes, seen, both = int(self.ends[h]), int(self.seen[event]), int(self.both[event, h])
        no, without = self.draws - yes, seen - both
        shares = [(both * no, without * yes), ((yes - both) * no, (no - without) * yes)]
        strong = any(max(one, other) >= ODDS * min(one, other) for one, other in shares)
        return float(self.best[event]) if strong else 0.0


def measured(
    looked: Sequence[Watched], ends: Mask, generator: np.random.Generator
) -> list[Measured]:
    """Measure the events of several days on the answers; ``ends`` (n, H)."""
    draws = len(ends)
    yes = ends.sum(axis=0)
    asked = (yes >= LEAST_ENDS) & (draws - yes >= LEAST_ENDS)
    counts = [_counts(each, ends) for each in looked]
    bound = _bound(looked, counts, ends[:, asked], generator)
    return [_measured(seen, both, yes, draws, asked, bound) for seen, both in counts]


def _measured(
    seen: npt.NDArray[np.intp],
    both: npt.NDArray[np.intp],
    yes: npt.NDArray[np.intp],
    draws: int,
    asked: Mask,
    bound: float,
) -> Measured:
    enough = _enough(seen, draws)
    covariance = (draws * both.astype(float) - np.outer(seen, yes)) / draws**2
    shift = 2 * np.abs(covariance)
    telling = enough[:, None] & asked & (np.abs(_correlations(both, seen, yes, draws)) > bound)
    shown = np.where(telling, shift, 0.0)
    told = shown.argmax(axis=1)
    best = shown[np.arange(len(seen)), told]
    return Measured(draws, seen, yes, both, enough, shift, telling, told, best)


def same_event(one: Mask, other: Mask) -> int:
    """1 when two events are so in nearly the same draws, -1 when in the opposite ones, else 0."""
    draws, a, b = len(one), int(one.sum()), int(other.sum())
    both = np.array([[int((one & other).sum())]])
    found = float(_correlations(both, np.array([a]), np.array([b]), draws)[0, 0])
    return 0 if abs(found) < ALIKE else (1 if found > 0 else -1)


def _enough(seen: npt.NDArray[np.intp], draws: int) -> Mask:
    return np.asarray((seen >= LEAST) & (draws - seen >= LEAST))


def _counts(looked: Watched, ends: Mask) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """In how many draws each event is so, and together with each answer."""
    width = ends.shape[1]
    seen = np.zeros(len(looked.events), dtype=np.intp)
    both = np.zeros((len(looked.events), width), dtype=np.intp)
    for event in range(len(looked.events)):
        so = looked.seen(event)
        seen[event] = so.sum()
        both[event] = ends[so].sum(axis=0)
    return seen, both


def _correlations(
    both: npt.NDArray[np.generic],
    seen: npt.NDArray[np.intp],
    yes: npt.NDArray[np.intp],
    draws: int,
) -> Floats:
    """The correlation of each event with each answer; 0 where one of them does not vary."""
    a, b = seen.astype(float), yes.astype(float)
    spread = np.sqrt(np.outer(a * (draws - a), b * (draws - b)))
    over = draws * both.astype(float) - np.outer(a, b)
    return np.asarray(np.divide(over, spread, out=np.zeros(over.shape), where=spread > 0))


def _bound(
    looked: Sequence[Watched],
    counts: Sequence[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]],
    ends: Mask,
    generator: np.random.Generator,
) -> float:
    """The correlation that the greatest of as many idle events rarely passes."""
    draws = len(ends)
    greatest = np.zeros(REPEATS)
    yes = ends.sum(axis=0)
    hits = [np.flatnonzero(column) for column in ends.T]
    orders = [generator.permutation(draws) for _ in range(REPEATS)]
    for each, (seen, _) in zip(looked, counts, strict=True):
        enough = _enough(seen, draws)
        issues = sorted({each.events[event][0] for event in np.flatnonzero(enough)})
        if not issues or not hits:
            continue
        numbers = each.numbers()[:, issues]
        both = np.empty((len(seen), len(hits)), dtype=np.intp)
        for k, order in enumerate(orders):
            for h, rows in enumerate(hits):
                events = numbers[order[rows]].ravel()
                both[:, h] = np.bincount(events, minlength=len(seen))
            found = np.abs(_correlations(both, seen, yes, draws))[enough].max()
            greatest[k] = max(greatest[k], found)
    return float(np.quantile(greatest, CONFIDENCE))
