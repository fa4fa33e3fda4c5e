"""What a forecast comes to, as data: estimates with both their errors, and what they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.case.aliases import with_old_names
from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.forecasting.blocks import Detail
from foedus.forecasting.combined import Combined
from foedus.forecasting.departures import Leaving
from foedus.forecasting.estimates import Probability, Share, from_draws
from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.outside import OTHER, outside_view
from foedus.forecasting.paces import Paces
from foedus.forecasting.pooling import inside_centre, pool
from foedus.forecasting.ranges import Floats
from foedus.forecasting.setting import Setting
from foedus.result import Result, explained

SILENT = ("inside", "outside", "evidence", "pooled")
"""The views; all are silent in a case without hypotheses."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How likely one arrangement is, by the inside view.

    ``reached``: the state at the deadline, fallen, matches; from all draws. ``acceptable``,
    ``holds`` (of the package, by concept) and ``reached_and_holds`` (of the state reached) are from
    the draws in which stability was computed, None when there were none.
    """

    arrangement: str
    reached: Probability
    reached_and_holds: Probability | None
    acceptable: Probability | None
    holds: Mapping[str, Probability]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = {
            "reached": self.reached.to_dict(),
            "reached_and_stable": _told(self.reached_and_holds),
            "acceptable": _told(self.acceptable),
            "stable": {concept: p.to_dict() for concept, p in self.holds.items()},
        }
        return with_old_names(told, reached_and_stable="reached_and_holds", stable="holds")


@dataclass(frozen=True, slots=True)
class Variant:
    """The forecast played otherwise: what differs, and how often each arrangement is reached.

    ``option`` is of the form ``deal: fallback``, or ``pace off: record``.
    """

    option: str
    reached: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ModelRange:
    """How far the answer moves over the named ways of playing: the model's error.

    ``lowest`` and ``highest`` name the way of playing that gives ``low`` and ``high``.
    """

    low: float
    high: float
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Forecast(Result):
    """A forecast of a case.

    ``estimates`` are of every arrangement; ``positions`` maps each issue to how likely each of its
    positions is at the end; ``course`` (times, arrangements) is how likely each arrangement would
    be if the deadline came at ``times`` (days from ``as_of``). ``variants`` were played on
    ``range_draws`` draws, with the same random numbers as ``base``, the same draws played by the
    options chosen. ``cycling`` and ``stopped`` are the shares of draws that met a cycle and that
    were cut short. ``leaving`` says who would still move from the states reached, ``unexplained``
    names the movers of whom the model does not say why they have not left today.
    """

    setting: Setting
    case_hash: str
    draws: int
    seed: int
    stability_draws: int
    range_draws: int
    concept: str
    estimates: Mapping[str, Estimate]
    positions: Mapping[str, Mapping[str, Probability]]
    course: Floats
    base: Variant
    variants: tuple[Variant, ...]
    views: Combined | None
    paces: Paces
    cycling: float
    stopped: float
    moves: float
    detail: Detail
    leaving: Leaving
    unexplained: tuple[str, ...]

    @property
    def case(self) -> Case:
        """The case."""
        return self.setting.game.case

    @property
    def options(self) -> PlayoutOptions:
        """How the draws were played."""
        return self.setting.plan.options

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
        hits = sum(round(self.estimates[h].reached.p * self.draws) for h in self.case.hypotheses)
        return from_draws(self.draws - hits, self.draws, self.case.words)

    def answer(self, name: str) -> Share:
        """The answer on an arrangement or ``other`` with its whole range.

        Pooled where it is one of the exclusive set and several views speak, else by the inside
        view. The range covers the computing error, the ways of playing, the views and their
        weights; that of ``other`` is over what is left by the hypotheses in each of these.
        """
        exclusive = self.views is not None and name in (*self.case.hypotheses, OTHER)
        if self.views is not None and exclusive and len(self.views.pooled.views) > 1:
            share, weights = self.views.pooled.pooled[name], self.views.pooled.over_weights(name)
            ends = (share.low, share.high, *weights, *self.pooled_range(name))
            return Share(share.p, min(ends), max(ends))
        own, ways = self.reached(name), self.model_range(name)
        return Share(own.p, min(own.low, ways.low), max(own.high, ways.high))

    def model_range(self, name: str) -> ModelRange:
        """How far the inside view's answer moves over the ways of playing.

        Of an arrangement, or of ``other``: what the hypotheses leave in each way of playing. Raises
        UnknownName, which is a KeyError, for any other.
        """
        self.reached(name)
        ways = {"as chosen": self._by_way(self.base, name)}
        ways |= {v.option: self._by_way(v, name) for v in self.variants}
        lowest, highest = min(ways, key=ways.__getitem__), max(ways, key=ways.__getitem__)
        return ModelRange(ways[lowest], ways[highest], lowest, highest)

    def pooled_range(self, hypothesis: str) -> tuple[float, float]:
        """How far the pooled answer moves over the ways of playing, at the weights chosen.

        Raises ValueError for a case without hypotheses, KeyError for what is none.
        """
        if self.views is None:
            raise ValueError("the case names no hypotheses: nothing is pooled")
        pooled = self.views.pooled
        order = list(pooled.pooled)
        place = order.index(hypothesis) if hypothesis in order else -1
        if place < 0:
            raise UnknownName("hypothesis", hypothesis, order)
        weights = [pooled.weights[view] for view in pooled.views]
        found = []
        for way in (self.base, *self.variants):
            hits = [self._by_way(way, h) * self.range_draws for h in order]
            inside = dict(zip(order, inside_centre(hits).tolist(), strict=True))
            # The outside view shares what its classes leave as the inside view does: this one.
            shared = outside_view(self.case.reference_classes, inside, self.views.outside.prior)
            mine = {"inside": inside, "outside": {h: s.p for h, s in shared.shares.items()}}
            centres = [
                [mine[view][h] if view in mine else shares[h].p for h in order]
                for view, shares in pooled.views.items()
            ]
            found.append(float(pool(np.array(centres, dtype=float), weights)[place]))
        return min(found), max(found)

    def _by_way(self, way: Variant, name: str) -> float:
        """How often a way of playing reaches an arrangement, or none of the hypotheses."""
        if name != OTHER or not self.case.hypotheses:
            return way.reached[name]
        return max(0.0, 1 - sum(way.reached[h] for h in self.case.hypotheses))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as ``foedus forecast --json`` prints it."""
        told = {name: estimate.to_dict() for name, estimate in self.estimates.items()}
        views = self.views
        told_by = views.to_dict() if views else dict.fromkeys(SILENT)
        return {
            "draws": self.draws,
            "seed": self.seed,
            "case_hash": self.case_hash,
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
            "variants": {
                v.option: {"draws": self.range_draws, "reached": dict(v.reached)}
                for v in (self.base, *self.variants)
            },
            "weights": dict(views.pooled.weights) if views else {},
            "by_weights": _nested(views.pooled.by_weights) if views else {},
            "pace": self.paces.to_dict(),
            "course": {
                "days": self.setting.times.tolist(),
                "arrangements": dict(zip(self.estimates, self.course.T.tolist(), strict=True)),
            },
            "cycling": self.cycling,
            "stopped": self.stopped,
            "moves": self.moves,
            "leaving": self.leaving.to_dict(),
            "unexplained": list(self.unexplained),
        }

    def explain(self, arrangement: str) -> Explanation:
        """Where one arrangement's number comes from. Raises KeyError for an unknown one."""
        self.probability(arrangement)
        return explained(self, arrangement)


def _told(p: Probability | None) -> dict[str, Any] | None:
    return None if p is None else p.to_dict()


def _options(options: PlayoutOptions) -> dict[str, str]:
    return {name: getattr(options, name) for name in options.__slots__}


def _nested(maps: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {name: dict(inner) for name, inner in maps.items()}
