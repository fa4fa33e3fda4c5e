"""The outside view: how often the like came about, from reference classes.

Each hypothesis with reference classes has a Beta posterior from their counts [Kahneman1979]; the
rest is shared among those without one in the proportions of the inside view. The prior is
Jeffreys', Beta(1/2, 1/2), unless another is stated. Formulas: ``docs/forecast-maths.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from immutabledict import immutabledict
from scipy.special import betainc, betaincinv

from foedus.case.aliases import with_old_names
from foedus.case.model import ReferenceClass
from foedus.document import Explanation
from foedus.forecasting.estimates import Share
from foedus.forecasting.ranges import Floats
from foedus.result import Result, explained

OTHER = "other"
"""The hypothesis that none of the named ones comes about."""

OUTSIDE_DRAWS = 4000
"""Draws behind the intervals of hypotheses without a class: midpoints, so nothing is random."""


class BetaPrior(NamedTuple):
    """Beta prior of a rate: ``occurred`` and ``not_occurred`` as if seen before."""

    occurred: float = 0.5
    not_occurred: float = 0.5


JEFFREYS = BetaPrior()


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something came about: Beta(prior + occurred, prior + cases - occurred)."""

    cases: int
    occurred: int
    prior: BetaPrior = JEFFREYS

    def __post_init__(self) -> None:
        if not 0 <= self.occurred <= self.cases:
            raise ValueError(f"{self.occurred} occurred of {self.cases} cases")
        if not (self.prior.occurred > 0 and self.prior.not_occurred > 0):
            raise ValueError(f"no prior: Beta({self.prior.occurred}, {self.prior.not_occurred})")

    @property
    def a(self) -> float:
        """The first parameter of the posterior."""
        return self.prior.occurred + self.occurred

    @property
    def b(self) -> float:
        """The second parameter of the posterior."""
        return self.prior.not_occurred + self.cases - self.occurred

    @property
    def mean(self) -> float:
        """The posterior mean: the chance that the next one comes about."""
        return self.a / (self.a + self.b)

    def at(self, u: npt.ArrayLike) -> Floats:
        """The quantile function: rates at the uniforms ``u``; shape of ``u``."""
        part = np.clip(np.asarray(u, dtype=float), 2.0**-54, 1 - 2.0**-53)
        return np.asarray(betaincinv(self.a, self.b, part), dtype=float)

    def below(self, rate: npt.ArrayLike) -> Floats:
        """The distribution function: the probability that the rate is at most ``rate``."""
        return np.asarray(betainc(self.a, self.b, np.asarray(rate)), dtype=float)

    def share(self) -> Share:
        """The mean with the 5 % and 95 % points."""
        low, high = (float(x) for x in self.at([0.05, 0.95]))
        return Share(self.mean, low, high)


@dataclass(frozen=True, slots=True)
class ClassView:
    """What the reference classes say of one hypothesis: all counts together, and each class."""

    hypothesis: str
    rate: Rate
    classes: tuple[tuple[ReferenceClass, Rate], ...]

    @property
    def disagree(self) -> bool:
        """Whether the 90 % intervals of two classes lie apart: then they are not one kind."""
        shares = [rate.share() for _, rate in self.classes]
        return max(s.low for s in shares) > min(s.high for s in shares)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = {
            "cases": self.rate.cases,
            "occurred": self.rate.occurred,
            **self.rate.share().to_dict(),
            "classes": {c.id: rate.share().to_dict() for c, rate in self.classes},
            "disagree": self.disagree,
        }
        return with_old_names(told, cases="tried", occurred="happened")


@dataclass(frozen=True, slots=True, repr=False)
class OutsideView(Result):
    """The outside view over the exclusive set.

    ``shares`` are over all hypotheses and sum to one. ``by_classes`` are those with classes;
    ``unused`` are classes about something that is no hypothesis. ``total`` is the sum of the
    rates' means; above ``1 - least_rest`` the rates contradict each other and are scaled down.
    ``inside`` are the inside view's proportions, by which the rest was shared.
    """

    shares: Mapping[str, Share]
    by_classes: Mapping[str, ClassView]
    unused: tuple[str, ...]
    total: float
    least_rest: float
    inside: Mapping[str, float]
    prior: BetaPrior = JEFFREYS

    @property
    def scaled(self) -> bool:
        """Whether the rates had to be scaled down to leave room for each other."""
        return self.total > 1 - self.least_rest

    @property
    def speaks(self) -> bool:
        """Whether any hypothesis has a class at all; if none, this is the inside view again."""
        return bool(self.by_classes)

    def shared(self, inside: npt.ArrayLike) -> Floats:
        """The view at the mean of each rate, with the rest shared as ``inside`` (..., H) does.

        Rows sum to one; ``inside`` need not be scaled to.
        """
        within = np.asarray(inside, dtype=float)
        order = list(self.shares)
        rows = within.reshape(-1, len(order))
        means = np.array([[view.rate.mean for view in self.by_classes.values()]])
        classed = [order.index(h) for h in self.by_classes]
        return _shared_out(means, classed, rows, self.least_rest).reshape(within.shape)

    def at(self, u: npt.ArrayLike, inside: npt.ArrayLike | None = None) -> Floats:
        """Draws of the outside view; shape (n, hypotheses), rows summing to one.

        ``u`` are uniforms of shape (n, hypotheses with classes), ``inside`` the inside view in
        each draw (n, hypotheses), or its proportions, or None for those of the view.
        """
        order = list(self.shares)
        rows = np.atleast_2d(np.asarray(u, dtype=float))
        proportions = np.array([self.inside[h] for h in order]) if inside is None else inside
        within = np.broadcast_to(np.asarray(proportions, dtype=float), (len(rows), len(order)))
        rates = [view.rate.at(rows[:, k]) for k, view in enumerate(self.by_classes.values())]
        columns = np.column_stack(rates) if rates else np.zeros((len(rows), 0))
        classed = [order.index(h) for h in self.by_classes]
        return _shared_out(columns, classed, within, self.least_rest)

    def explain(self, hypothesis: str) -> Explanation:
        """Where one hypothesis's outside view comes from. Raises KeyError for an unknown one."""
        return explained(self, hypothesis)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: for each hypothesis p, low and high."""
        return {h: share.to_dict() for h, share in self.shares.items()}


def outside_view(
    classes: Mapping[str, ReferenceClass],
    inside: Mapping[str, float],
    prior: BetaPrior = JEFFREYS,
) -> OutsideView:
    """The outside view over the hypotheses of ``inside`` (one of them usually ``other``).

    ``inside`` maps each hypothesis to its probability in the inside view. Classes about one
    hypothesis are counted together. Raises ValueError for counts that contradict themselves, an
    improper prior, or proportions that are negative or all zero.

    >>> merger = ReferenceClass("mergers", cases=17, occurred=4, about="merger")
    >>> view = outside_view({"mergers": merger}, {"merger": 0.1, "league": 0.3, "other": 0.6})
    >>> {name: round(share.p, 4) for name, share in view.shares.items()}
    {'merger': 0.25, 'league': 0.25, 'other': 0.5}
    """
    if not inside or min(inside.values()) < 0 or not sum(inside.values()) > 0:
        raise ValueError("the inside view has no proportions to share the rest by")
    by_classes = {}
    for hypothesis in inside:
        about = [c for c in classes.values() if c.about == hypothesis]
        if about:
            by_classes[hypothesis] = _class_view(hypothesis, about, prior)
    order = list(inside)
    classed = [order.index(h) for h in by_classes]
    cases = sum(view.rate.cases for view in by_classes.values())
    least = prior.occurred / (cases + prior.occurred + prior.not_occurred) if by_classes else 0.0
    means = np.array([[view.rate.mean for view in by_classes.values()]])
    within = np.array([[inside[h] for h in order]], dtype=float)
    centre = _shared_out(means, classed, within, least)[0]
    view = OutsideView(
        immutabledict({h: Share(float(p), 0.0, 1.0) for h, p in zip(order, centre, strict=True)}),
        immutabledict(by_classes),
        tuple(c.id for c in classes.values() if c.about not in inside),
        float(means.sum()),
        least,
        immutabledict(inside),
        prior,
    )
    return _with_ranges(view)


def _with_ranges(view: OutsideView) -> OutsideView:
    """The view with the 5 % and 95 % points of each share, over a fixed lattice of uniforms."""
    if not view.speaks:
        shares = {h: Share(s.p, s.p, s.p) for h, s in view.shares.items()}
    else:
        low, high = np.quantile(view.at(_lattice(len(view.by_classes))), [0.05, 0.95], axis=0)
        shares = {
            h: Share(s.p, float(low[k]), float(high[k]))
            for k, (h, s) in enumerate(view.shares.items())
        }
    return OutsideView(
        immutabledict(shares), view.by_classes, view.unused, view.total, view.least_rest,
        view.inside, view.prior,
    )  # fmt: skip


def _lattice(width: int) -> Floats:
    """Points that fill (0, 1)^width evenly: multiples of irrational steps, modulo 1."""
    steps = np.arange(OUTSIDE_DRAWS)[:, None]
    golden = 2.0
    for _ in range(40):  # the root of x^(width + 1) = x + 1, by iteration
        golden = (1 + golden) ** (1 / (width + 1))
    powers = golden ** -np.arange(1.0, width + 1)
    return np.asarray((0.5 / OUTSIDE_DRAWS + steps * powers) % 1.0)


def _class_view(hypothesis: str, classes: Sequence[ReferenceClass], prior: BetaPrior) -> ClassView:
    together = Rate(sum(c.cases for c in classes), sum(c.occurred for c in classes), prior)
    alone = tuple((c, Rate(c.cases, c.occurred, prior)) for c in classes)
    return ClassView(hypothesis, together, alone)


def _shared_out(rates: Floats, classed: list[int], inside: Floats, least: float) -> Floats:
    """Rates (n, classes), with the rest shared in the inside view's proportions; rows sum to one.

    The rest is never less than ``least``; what is then above one is scaled down.
    """
    shares = np.zeros(inside.shape)
    shares[:, classed] = rates
    others = [k for k in range(inside.shape[1]) if k not in classed]
    if others:
        rest = np.maximum(1 - rates.sum(axis=1), least)
        within = inside[:, others]
        total = within.sum(axis=1, keepdims=True)
        even = np.full(within.shape, 1 / len(others))
        parts = np.divide(within, total, out=even, where=total > 0)
        shares[:, others] = rest[:, None] * parts
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
