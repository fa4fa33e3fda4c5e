"""What comparing two cases comes to, as data: edits, their effects, and what accounts for most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.result import Result, data_of, explained
from foedus.sensitivity.agreed import Agreed
from foedus.sensitivity.comparing.edits import Edit
from foedus.sensitivity.comparing.hybrids import Bundle

Left = Callable[[frozenset[int]], float | None]
"""How much of the difference a set leaves, in the measure of the whole; None: no valid case."""


@dataclass(frozen=True, slots=True)
class Smallest:
    """A set of bundles, by number, after which at most ``1 - share`` of the difference is left.

    ``left`` is what it leaves of ``whole``, the sum of the movements. ``proven`` says that all
    smaller sets were tried, up to ``tried_size`` members; else it was found greedily, and a smaller
    one may exist. ``members`` is None where no set was found, which takes a set without valid case.
    """

    members: tuple[int, ...] | None
    left: float
    whole: float
    share: float
    proven: bool
    tried_size: int

    @property
    def closed(self) -> float:
        """The share of the difference that is accounted for."""
        return 1.0 if self.whole == 0 else 1 - self.left / self.whole

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "members closed share proven tried_size")


def smallest_set(
    items: Sequence[int], left: Left, whole: float, share: float, budget: int
) -> Smallest:
    """The smallest set of ``items`` of which ``left`` is at most ``(1 - share) * whole``.

    All sets are tried by increasing size while no more than ``budget`` of them are asked for in
    all; of those of one size that are enough, the one that leaves least, then the first. Else one
    item after the other is added that leaves least, and then those taken out, the oldest first,
    without which the rest is still enough: a set from which nothing can be taken, not proven
    smallest. Raises ValueError for a share outside 0 to 1, or a negative budget.

    >>> left = lambda chosen: 10.0 - 8 * (2 in chosen) - sum(chosen & {0, 1})
    >>> smallest_set([0, 1, 2], left, 10, 0.8, 100).members
    (2,)
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share of {share:g}: it must be above 0 and at most 1")
    if budget < 0:
        raise ValueError(f"a budget of {budget} forecasts: it may not be negative")
    most = (1 - share) * whole + 1e-12
    asked = 0
    for size in range(len(items) + 1):
        number = comb(len(items), size)
        if asked + number > budget and 0 < size < len(items):
            found = _greedy(items, left, most)
            if found is None:
                return Smallest(None, whole, whole, share, False, size - 1)
            members, rest = found
            return Smallest(members, rest, whole, share, len(members) <= size, size - 1)
        asked += number
        best: tuple[float, tuple[int, ...]] | None = None
        for members in combinations(items, size):
            rest_or_none = left(frozenset(members))
            if rest_or_none is None or rest_or_none > most:
                continue
            if best is None or rest_or_none < best[0]:
                best = rest_or_none, members
        if best is not None:
            return Smallest(best[1], best[0], whole, share, True, size)
    return Smallest(None, whole, whole, share, True, len(items))


def _greedy(items: Sequence[int], left: Left, most: float) -> tuple[tuple[int, ...], float] | None:
    """Forward until enough, then backward; None where no valid case is enough."""
    chosen: list[int] = []
    rest = left(frozenset())
    while rest is None or rest > most:
        found = [
            (after, k)
            for k in items
            if k not in chosen and (after := left(frozenset([*chosen, k]))) is not None
        ]
        if not found:
            return None
        rest, best = min(found)
        chosen.append(best)
    for k in list(chosen):
        without = left(frozenset(chosen) - {k})
        if without is not None and without <= most:
            chosen.remove(k)
            rest = without
    return tuple(sorted(chosen)), rest


NOTHING = 1e-9
"""A probability that changes by less than this stays as it was."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one bundle does to one answer: made alone in the old case, and made last of all."""

    bundle: int
    alone: float
    last: float

    @property
    def moves(self) -> bool:
        """Whether it moves the answer, alone or last."""
        return max(abs(self.alone), abs(self.last)) > NOTHING

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "bundle alone last")


@dataclass(frozen=True, slots=True)
class Pair:
    """What two bundles made together do to an answer beyond the sum of each alone."""

    first: int
    second: int
    extra: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"bundles": [self.first, self.second], "extra": self.extra}


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """How one answer moves from the old case to the new, and what does it.

    ``total`` is ``after - before``, and the sum of the parts ``alone`` and the ``interaction``.
    ``pairs`` are interactions of two, the largest first, of the bundles that move it most; what
    they do not explain is ``rest``, the interactions of three and more and of pairs not tried.
    ``error`` is the standard error of the paired difference.
    """

    arrangement: str
    view: str
    before: float
    after: float
    error: float
    parts: tuple[Part, ...]
    pairs: tuple[Pair, ...]

    @property
    def total(self) -> float:
        """The whole difference."""
        return self.after - self.before

    @property
    def interaction(self) -> float:
        """What the parts do together beyond the sum of each alone."""
        return self.total - sum(part.alone for part in self.parts)

    @property
    def rest(self) -> float:
        """What of the interaction no pair tried explains."""
        return self.interaction - sum(pair.extra for pair in self.pairs)

    @property
    def beyond_error(self) -> bool:
        """Whether it moves by more than two standard errors."""
        return abs(self.total) > max(2 * self.error, NOTHING)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "before after total error parts interaction pairs rest")


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """Who would be worse off or refuses, before and after, where it is somebody else.

    ``by`` are the bundles each of which alone leads to what is said after.
    """

    arrangement: str
    before: Agreed
    after: Agreed
    by: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "before after by")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison(Result):
    """Two cases beside each other.

    ``names`` are what the two are called, ``labels`` the names of arrangements and ``actors`` those
    of actors. ``idle`` are the bundles that change nothing an answer is computed from. ``moved``
    holds one entry for each arrangement compared and each view (``inside``, and ``pooled`` where
    both cases pool the same hypotheses); ``main`` are the common hypotheses, or without any all
    arrangements compared; ``only_old`` and ``only_new`` are hypotheses that one case has.
    ``headline`` is the view by which ``smallest`` counts (where no hypothesis moves beyond error,
    all arrangements by the inside view); it is None where nothing moves beyond error, or nothing
    was forecast (``draws`` 0). ``solved`` counts the cases solved.
    """

    names: tuple[str, str]
    labels: Mapping[str, str]
    actors: Mapping[str, str]
    edits: tuple[Edit, ...]
    bundles: tuple[Bundle, ...]
    idle: tuple[int, ...]
    moved: tuple[Moved, ...]
    turned: tuple[Turned, ...]
    smallest: Smallest | None
    headline: str
    main: tuple[str, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    draws: int
    seed: int
    solved: int

    def movement(self, arrangement: str, view: str | None = None) -> Moved:
        """How one answer moves, by the headline's view if none is named. KeyError if unknown."""
        found = []
        for each in self.moved:
            if each.arrangement == arrangement and (view is None or each.view == view):
                found.append(each)
        found.sort(key=lambda each: each.view != self.headline)
        if found:
            return found[0]
        known = dict.fromkeys(each.arrangement for each in self.moved)
        raise UnknownName("comparison for", arrangement, known)

    def to_dict(self) -> dict[str, Any]:
        """Plain data. Bundles are counted from 0, in the order in which they are listed."""
        views: dict[str, dict[str, Any]] = {}
        for each in self.moved:
            views.setdefault(each.view, {})[each.arrangement] = each.to_dict()
        return {
            "names": list(self.names),
            "edits": [edit.to_dict() for edit in self.edits],
            "bundles": [list(bundle.numbers) for bundle in self.bundles],
            "idle": list(self.idle),
            "views": views,
            "headline": self.headline,
            "consent": {each.arrangement: each.to_dict() for each in self.turned},
            **data_of(self, "smallest only_old only_new draws seed forecasts=solved"),
        }

    def explain(self, arrangement: str) -> Explanation:
        """What moved one answer, part by part. Raises KeyError for what is not compared."""
        return explained(self, self.movement(arrangement))
