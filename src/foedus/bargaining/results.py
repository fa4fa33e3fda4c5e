"""What bargaining models forecast: for each issue a point, a distribution, and who pulled where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.model import Settled
from foedus.bargaining.spread import LEVELS, Spread
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.result import Result, explained


@dataclass(frozen=True, slots=True)
class Pull:
    """What an actor does to a forecast.

    ``weight`` is its share of all capability times salience, ``force`` that weight times its
    distance from the forecast, with the sign of the way that it pulls. Without the actor the
    forecast is lower by ``shift`` (None where nobody else has a stance).
    """

    actor: str
    position: float
    weight: float
    force: float
    shift: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """A model's forecast of one issue.

    ``point`` is its answer on the issue's scale, ``spread`` how likely others are. ``names`` are
    what places on the scale are called, where a case says so.
    """

    issue: OrderedIssue
    model: str
    point: float
    spread: Spread
    settled: Settled
    names: Mapping[float, str] = field(default_factory=dict)

    @property
    def remark(self) -> str:
        """A key for what is out of the ordinary; see `Settled`."""
        return self.settled.remark

    def interval(self) -> tuple[float, float]:
        """The points that the outcome is under, and over, with a chance of 10 % each."""
        low, high = self.spread.quantiles([0.1, 0.9])
        return float(low), float(high)

    def nearest(self) -> dict[float, float]:
        """The chance that the outcome is nearest to each named place on the scale."""
        if not self.names:
            return {}
        chances = self.spread.around(self.names)
        return dict(zip(self.names, map(float, chances), strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Plain data; quantiles by their level."""
        quantiles = self.spread.quantiles(LEVELS)
        told: dict[str, Any] = {
            "proposal": self.issue.proposal,
            "issue": self.issue.issue,
            "model": self.model,
            "prediction": self.point,
            "quantiles": {
                f"{level:.2f}": float(q) for level, q in zip(LEVELS, quantiles, strict=True)
            },
        }
        if self.names:
            told["nearest"] = [
                {"position": self.names[at], "at": at, "chance": p}
                for at, p in self.nearest().items()
            ]
        return told


@dataclass(frozen=True, eq=False, repr=False)
class Bargain(Result):
    """All forecasts asked for, by issue and then by model, with the options they were made with.

    ``called`` are the names of actors by their ids, where a case has names.
    """

    predictions: tuple[Prediction, ...]
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    title: str = ""
    called: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def models(self) -> tuple[str, ...]:
        """The models, each once."""
        return tuple(dict.fromkeys(each.model for each in self.predictions))

    def of(self, issue: str) -> tuple[Prediction, ...]:
        """The forecasts of an issue by its id. Raises `UnknownName`."""
        found = tuple(each for each in self.predictions if each.issue.issue == issue)
        if not found:
            known = dict.fromkeys(each.issue.issue for each in self.predictions)
            raise UnknownName("issue", issue, known)
        return found

    def neighbours(self, prediction: Prediction) -> tuple[OrderedIssue, ...]:
        """All issues of a forecast's proposal, since some models trade between them."""
        return tuple(
            each.issue
            for each in self.predictions
            if each.model == prediction.model and each.issue.proposal == prediction.issue.proposal
        )

    def explain(self, issue: str) -> Explanation:
        """Who pulled where on an issue, and how the models went. Raises `UnknownName`."""
        return explained(self, self.of(issue))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"predictions": [each.to_dict() for each in self.predictions]}
