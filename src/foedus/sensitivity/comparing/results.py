"""What comparing two cases comes to, as data: edits, their effects, and what accounts for most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.result import Result, data_of, explained
from foedus.sensitivity.agreed import Agreed
from foedus.sensitivity.comparing.edits import Edit
from foedus.sensitivity.comparing.hybrids import Bundle
from foedus.sensitivity.comparing.smallest import Smallest

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
