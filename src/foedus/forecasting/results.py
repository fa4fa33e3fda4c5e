"""What a forecast comes to, as data: estimates with both their errors, and what they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.aliases import with_old_names
from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.forecasting.combined import Combined
from foedus.forecasting.estimates import Probability, over_draws
from foedus.forecasting.outside import OTHER
from foedus.forecasting.paces import Paces
from foedus.forecasting.pooling import PooledShare
from foedus.forecasting.ranges import Floats
from foedus.forecasting.variants import (
    ModelRange,
    Variant,
    pooled_answers,
    pooled_ranges,
    sum_range,
)
from foedus.process.model import Process, ProcessOptions
from foedus.result import Result, data_of, explained

HEADLINE = "headline"
"""The process as the forecast is made: myopic actors, with what the case leaves out."""

SILENT = ("inside", "outside", "prior", "evidence", "pooled", "views_apart")
"""What the views say; all are silent in a case without hypotheses."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How likely one arrangement is, by the inside view.

    ``reached``: what stands at the deadline matches; with what the case leaves out, the number that
    is pooled. ``judged`` is the same with nothing left out. ``reached_and_stable``: and no mover
    would still leave it; None where that was not asked.
    """

    arrangement: str
    reached: Probability
    judged: Probability
    reached_and_stable: Probability | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        stable = self.reached_and_stable
        told = {
            "reached": self.reached.to_dict(),
            "as_judged": self.judged.to_dict(),
            "reached_and_stable": None if stable is None else stable.to_dict(),
        }
        return with_old_names(told, reached_and_stable="reached_and_holds")


@dataclass(frozen=True, slots=True)
class Pull:
    """A change that a mover would still make at the end, and in what share of the cases.

    ``slow`` says that the change takes its time, so that it may be under way and unfinished.
    """

    mover: str
    issue: str
    origin: str
    target: str
    share: float
    slow: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "mover issue from=origin to=target share slow")


@dataclass(frozen=True, slots=True)
class Departures:
    """How likely it is, over ``draws``, that somebody would still leave what is reached.

    ``pulls`` are, for each mover, the best of its improvements that nothing deters, likeliest
    first.
    """

    draws: int
    left: float
    pulls: tuple[Pull, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "draws left pulls")


@dataclass(frozen=True, slots=True)
class Ways:
    """The variants of the process, that of farsighted actors solved in so many draws."""

    variants: tuple[Variant, ...]
    farsighted_draws: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Forecast(Result):
    """A forecast of a case.

    ``estimates`` are of every arrangement; ``positions`` maps each issue to how likely each of its
    positions is at the end; ``course`` (times, arrangements) is how likely each arrangement would
    be if the deadline came at ``times`` (days from ``as_of``). ``answers`` (draws, arrangements)
    are the probabilities that the draws give. ``ways`` are the variants of the process, solved with
    the same random numbers. ``departures`` says who would still move from what is reached;
    ``unexplained`` names the coalitions of which the model does not say why they have not left the
    status quo long ago. ``without`` holds, where it was asked, the answers without each item of
    evidence and with each judgement at its neutral value, by what is left out.
    """

    process: Process
    case_hash: str
    draws: int
    seed: int
    stability_draws: int
    concept: str
    estimates: Mapping[str, Estimate]
    positions: Mapping[str, Mapping[str, Probability]]
    times: Floats
    course: Floats
    answers: Floats
    ways: Ways
    views: Combined | None
    paces: Paces
    departures: Departures
    unexplained: tuple[str, ...]
    without: Mapping[str, Mapping[str, float]] = field(default_factory=immutabledict)

    @property
    def case(self) -> Case:
        """The case."""
        return self.process.case

    @property
    def options(self) -> ProcessOptions:
        """How the process was solved."""
        return self.process.options

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The variants of the process."""
        return self.ways.variants

    def probability(self, arrangement: str) -> Probability:
        """How likely the arrangement is to be what stands at the deadline, by the inside view.

        Raises KeyError, naming the arrangements there are, for an unknown one.
        """
        if arrangement not in self.estimates:
            raise UnknownName("arrangement", arrangement, self.estimates)
        return self.estimates[arrangement].reached

    def reached(self, name: str) -> Probability:
        """How likely an arrangement, or ``other``, is to be what stands, by the inside view.

        ``other`` is none of the hypotheses, which exclude each other. Raises KeyError as
        :meth:`probability` does.
        """
        if name != OTHER or not self.case.hypotheses:
            return self.probability(name)
        order = list(self.estimates)
        columns = [order.index(h) for h in self.case.hypotheses]
        left = np.maximum(1.0 - self.answers[:, columns].sum(axis=1), 0.0)
        return over_draws(left, self.case.words)

    def answer(self, name: str) -> PooledShare:
        """The answer on an arrangement or ``other`` with its whole range.

        Pooled where it is one of the exclusive set, else by the inside view. The range covers the
        model variants, the base rates, the ranges of likelihoods and the weights; the Monte Carlo
        error stands apart. That of ``other`` is over what is left by the hypotheses in each of
        these.
        """
        if self.views is not None and name in (*self.case.hypotheses, OTHER):
            share, weights = self.views.pooled.pooled[name], self.views.pooled.over_weights(name)
            ends = (share.low, share.high, *weights, *self.pooled_range(name))
            return replace(share, low=min(ends), high=max(ends))
        own, ways = self.reached(name), self.model_range(name)
        return PooledShare(own.p, min(own.p, ways.low), max(own.p, ways.high), own.se, own.p == 0)

    def model_range(self, name: str) -> ModelRange:
        """How far the inside view's answer moves over the model variants.

        Of an arrangement, or of ``other``: what the hypotheses leave in each variant. Raises
        UnknownName, which is a KeyError, for any other.
        """
        self.reached(name)
        if name == OTHER and self.case.hypotheses:
            return sum_range(self._by_variant, self.case.hypotheses, left=True)
        return sum_range(self._by_variant, (name,))

    def pooled_range(self, hypothesis: str) -> tuple[float, float]:
        """How far the pooled answer moves over the model variants, at the weights chosen.

        Raises ValueError for a case without hypotheses, KeyError for what is none.
        """
        if self.views is None:
            raise ValueError("the case names no hypotheses: nothing is pooled")
        order = (*self.case.hypotheses, OTHER)
        if hypothesis not in order:
            raise UnknownName("hypothesis", hypothesis, order)
        found = pooled_ranges(self.views.rule, self._inside_by_variant)[hypothesis]
        return found.low, found.high

    def alternatives(self, name: str) -> Mapping[str, float]:
        """The answer on an arrangement or ``other`` in each variant, and without what is left out.

        Pooled where :meth:`answer` is. Where the evidence leaves a variant nothing possible, it
        has no answer and is not among them.
        """
        without = {left: answers[name] for left, answers in self.without.items()}
        if self.views is None or name not in (*self.case.hypotheses, OTHER):
            return {v.option: v.reached[name] for v in self.variants} | without
        found = pooled_answers(self.views.rule, self._inside_by_variant)
        varied = {v.option: found[v.option][name] for v in self.variants if v.option in found}
        return varied | without

    @property
    def _inside_by_variant(self) -> Mapping[str, Mapping[str, float]]:
        """The inside view over the exclusive set in each variant, and as it is pooled."""
        assert self.views is not None  # noqa: S101 - who asks has looked
        pooled = {h: share.with_discrepancy for h, share in self.views.inside.items()}
        found: dict[str, Mapping[str, float]] = {HEADLINE: pooled}
        for name, reached in self._by_variant.items():
            if name == HEADLINE:
                continue
            inside = {h: reached[h] for h in self.case.hypotheses}
            found[name] = {**inside, OTHER: max(0.0, 1 - sum(inside.values()))}
        return found

    @property
    def _by_variant(self) -> Mapping[str, Mapping[str, float]]:
        """What is reached how often, by the name of the variant, the chosen one first."""
        named = {v.option: v.reached for v in self.variants}
        chosen = {name: estimate.reached.p for name, estimate in self.estimates.items()}
        return {HEADLINE: chosen, **named}

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as ``foedus forecast --json`` prints it."""
        told = {name: estimate.to_dict() for name, estimate in self.estimates.items()}
        views = self.views
        told_by = views.to_dict() if views else dict.fromkeys(SILENT)
        return {
            **data_of(self, "draws seed case_hash"),
            "hypotheses": {name: told[name] for name in self.case.hypotheses},
            "arrangements": told,
            "issues": {
                issue: {position: p.to_dict() for position, p in chances.items()}
                for issue, chances in self.positions.items()
            },
            **{name: told_by[name] or {} for name in SILENT},
            "stability_draws": self.stability_draws,
            "concept": self.concept,
            "options": _options(self.options),
            "variants": {v.option: {"reached": dict(v.reached)} for v in self.variants},
            "farsighted_draws": self.ways.farsighted_draws,
            "weights": dict(views.pooled.weights) if views else {},
            "by_weights": _nested(views.pooled.by_weights) if views else {},
            "pace": self.paces.to_dict(),
            "course": {
                "days": self.times.tolist(),
                "arrangements": dict(zip(self.estimates, self.course.T.tolist(), strict=True)),
            },
            "departures": self.departures.to_dict(),
            "unexplained": list(self.unexplained),
        }

    def explain(self, arrangement: str) -> Explanation:
        """Where one arrangement's number comes from. Raises KeyError for an unknown one."""
        self.probability(arrangement)
        return explained(self, arrangement)


def _options(options: ProcessOptions) -> dict[str, Any]:
    found = {name: getattr(options, name) for name in options.__slots__}
    return {**found, "pace_off": sorted(options.pace_off)}


def _nested(maps: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {name: dict(inner) for name, inner in maps.items()}
