"""What the evidence says: likelihoods that update the pooled prior, one origin counted once.

An item may say how likely it would be to see it under each hypothesis. By Bayes' rule these
likelihoods multiply the prior pooled from the inside and outside views. Items on which judgements
of the inside view rest too are kept apart, so that nothing is counted twice. Formulas:
``docs/forecast-maths.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.links import EVIDENCE_KINDS, reasons_of
from foedus.case.model import Case, Evidence, Judgement
from foedus.case.origins import by_origin, origins_in
from foedus.document import Explanation
from foedus.forecasting.ranges import Floats, Spread, spread_of
from foedus.result import Result, data_of, explained

Uniforms = Callable[[Judgement], Floats]
"""Gives where a judgement stands from 0 to 1 (n,), such as in each draw of one block."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The items of one origin, which count as one: the geometric mean of what they say.

    Items that say the same, number for number, are one saying: of those the first by id speaks.
    """

    name: str
    items: tuple[Evidence, ...]

    @property
    def sayings(self) -> tuple[tuple[Evidence, ...], ...]:
        """The items by the different sets of likelihoods they give, by id, whatever their order."""
        found: dict[frozenset[tuple[object, ...]], list[Evidence]] = {}
        for item in sorted(self.items, key=lambda each: each.id):
            said = frozenset((h, j.low, j.mode, j.high, j.word) for h, j in item.likelihood.items())
            found.setdefault(said, []).append(item)
        return tuple(map(tuple, found.values()))


@dataclass(frozen=True, slots=True, eq=False)
class Saying:
    """What an origin says once: the mean likelihoods (1, hypotheses), and those of each draw.

    ``inside``: a judgement of the inside view rests on an item that says this.
    """

    mean: Floats
    drawn: Floats
    inside: bool


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """The likelihoods of a case's evidence by origin.

    ``sayings`` has for each origin the different things it says. ``passed_over`` are items with
    likelihoods that are no facts or reports; ``also_inside`` are items that judgements of the
    inside view rest on as well.
    """

    origins: tuple[Origin, ...]
    sayings: tuple[tuple[Saying, ...], ...]
    passed_over: tuple[str, ...]
    also_inside: tuple[str, ...]

    @property
    def means(self) -> tuple[Floats, ...]:
        """For each origin the mean likelihood under each hypothesis, (1, hypotheses)."""
        return tuple(_as_one([each.mean for each in said]) for said in self.sayings)

    @property
    def drawn(self) -> tuple[Floats, ...]:
        """The same in each draw, (n, hypotheses), or (1, hypotheses) where none is a range."""
        return tuple(_as_one([each.drawn for each in said]) for said in self.sayings)


@dataclass(frozen=True, slots=True, eq=False)
class Likelihoods:
    """The logarithm of how likely all the evidence is under each hypothesis, in two parts.

    ``apart`` is what items say on which no judgement of the inside view rests, ``inside`` what the
    others say, both (1, hypotheses) and taken from mean likelihoods; ``drawn_apart`` and
    ``drawn_inside`` are the same in each draw of the likelihoods' ranges, (n, hypotheses), or (1,
    hypotheses) where none is a range.
    """

    apart: Floats
    inside: Floats
    drawn_apart: Floats
    drawn_inside: Floats

    @classmethod
    def of(cls, weighed: Weighed, hypotheses: int) -> Likelihoods:
        """The sums over all origins, each a mean over what its items say."""
        none = np.zeros((1, hypotheses))
        sums = [none, none, none, none]
        for sayings in weighed.sayings:
            for saying in sayings:
                for k, values in enumerate((saying.mean, saying.drawn)):
                    place = 2 * k + saying.inside
                    with np.errstate(divide="ignore"):
                        sums[place] = sums[place] + np.log(values) / len(sayings)
        return cls(sums[0], sums[1], sums[2], sums[3])

    def logs(self, share: float) -> Floats:
        """What updates a pool in which the inside view has this share of the weights; (H,).

        Items that set judgements of the inside view count to the power 1 - ``share``: the inside
        view has learnt them already.
        """
        return np.asarray(_in_part(self.apart, self.inside, share)[0])

    def drawn_logs(self, share: float) -> Floats:
        """The same in each draw, (n, hypotheses) or (1, hypotheses)."""
        return _in_part(self.drawn_apart, self.drawn_inside, share)


def _in_part(apart: Floats, inside: Floats, share: float) -> Floats:
    return apart + (1 - share) * inside if share < 1 else apart


@dataclass(frozen=True, slots=True)
class Ratio:
    """By how much the evidence multiplies the odds of a hypothesis: for it above 1.

    ``low`` and ``high`` are the 5 % and 95 % points over the ranges of the likelihoods. Infinite
    where all else is excluded.
    """

    ratio: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """Plain data; None for an infinite ratio, which JSON cannot hold."""
        return {
            name: value if np.isfinite(value) else None
            for name, value in (("ratio", self.ratio), ("low", self.low), ("high", self.high))
        }


@dataclass(frozen=True, slots=True, repr=False)
class EvidenceUpdate(Result):
    """What the evidence does to the pooled prior over the exclusive set.

    ``ratios`` is for each hypothesis the likelihood ratio against the others together, which are
    weighted by the prior. ``likelihoods`` are, for each origin, the mean likelihood under each
    hypothesis. ``passed_over`` are items with likelihoods that are no facts or reports;
    ``also_inside`` are items that judgements of the inside view rest on as well: they count to the
    power ``power``, the outside view's share of the weights. ``excluded`` are hypotheses that some
    item holds impossible.
    """

    ratios: Mapping[str, Ratio]
    origins: tuple[Origin, ...]
    likelihoods: Mapping[str, Mapping[str, float]]
    passed_over: tuple[str, ...] = ()
    also_inside: tuple[str, ...] = ()
    power: float = 1.0
    excluded: tuple[str, ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether any item says anything."""
        return bool(self.origins)

    def explain(self, hypothesis: str) -> Explanation:
        """What each origin says of one hypothesis. Raises KeyError for an unknown one."""
        return explained(self, hypothesis)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the ratio of each hypothesis, and the items that make it, by origin."""
        return {
            "ratios": {h: ratio.to_dict() for h, ratio in self.ratios.items()},
            "origins": {
                origin.name: {
                    "items": [item.id for item in origin.items],
                    "likelihoods": dict(self.likelihoods[origin.name]),
                }
                for origin in self.origins
            },
            **data_of(self, "also_inside power excluded passed_over"),
        }


def evidence_update(
    weighed: Weighed,
    likelihoods: Likelihoods,
    hypotheses: Sequence[str],
    prior: Floats,
    share: float,
) -> EvidenceUpdate:
    """What weighed evidence does to a pooled ``prior`` (H,).

    ``share`` is the inside view's of the weights. The ratio uses the mean likelihoods, its low and
    high the draws of their ranges.
    """
    logs = likelihoods.logs(share)
    centre = likelihood_ratios(logs[None], prior)[0]
    drawn = likelihood_ratios(likelihoods.drawn_logs(share), prior)
    # Each a ratio that was drawn: between infinite ones nothing can be interpolated.
    low = np.quantile(drawn, 0.05, axis=0, method="lower")
    high = np.quantile(drawn, 0.95, axis=0, method="higher")
    return EvidenceUpdate(
        immutabledict(
            {
                h: Ratio(float(centre[k]), float(low[k]), float(high[k]))
                for k, h in enumerate(hypotheses)
            }
        ),
        weighed.origins,
        immutabledict(
            {
                origin.name: immutabledict(zip(hypotheses, means[0].tolist(), strict=True))
                for origin, means in zip(weighed.origins, weighed.means, strict=True)
            }
        ),
        weighed.passed_over,
        weighed.also_inside,
        1 - share,
        tuple(h for h, log in zip(hypotheses, logs.tolist(), strict=True) if log == -np.inf),
    )


def likelihood_ratios(logs: Floats, prior: Floats) -> Floats:
    """The likelihood of each hypothesis over that of the rest; both (n, H).

    ``logs`` are logarithms of likelihoods (n, H), and the rest is their mean by ``prior`` (H,); it
    is a plain mean where the prior gives the rest nothing. 1 where neither can have been seen.

    >>> likelihood_ratios(np.log([[0.8, 0.2, 0.6]]), np.array([0.5, 0.25, 0.25])).round(3).tolist()
    [[2.0, 0.273, 1.0]]
    """
    top = logs.max(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.exp(logs - np.where(np.isfinite(top), top, 0.0))
        found = np.empty_like(values)
        for k in range(values.shape[1]):
            others = np.delete(np.arange(values.shape[1]), k)
            mass = prior[others]
            weights = mass / mass.sum() if mass.sum() > 0 else np.full(mass.shape, 1 / mass.size)
            found[:, k] = values[:, k] / (values[:, others] @ weights)
    return np.where(np.isnan(found), 1.0, found)


def weighed_evidence(case: Case, hypotheses: Sequence[str], uniforms: Uniforms) -> Weighed:
    """The likelihoods of a case's evidence under ``hypotheses``, origin by origin.

    ``uniforms`` gives (n,) for each judgement with a range, all of one length.
    """
    origins, passed_over = weighed_origins(case)
    inside = reasons_of(case)
    sayings = []
    # Judgements repeat themselves, words above all: each spread and mean is worked out once.
    known: dict[tuple[object, ...], Spread] = {}
    averages: dict[tuple[object, ...], Floats] = {}
    for origin in origins:
        said = []
        for items in origin.sayings:
            centre, values = {}, {}
            for h, j in items[0].likelihood.items():
                numbers = (j.low, j.mode, j.high, j.word)
                if numbers not in known:
                    known[numbers] = spread_of(j)
                    averages[numbers] = np.array([known[numbers].mean()])
                centre[h] = averages[numbers]
                constant = known[numbers].constant
                values[h] = centre[h] if constant else known[numbers].at(uniforms(j))
            learnt = any(item.id in inside for item in items)
            told = _filled(centre, hypotheses), _filled(values, hypotheses)
            said.append(Saying(*told, learnt))
        sayings.append(tuple(said))
    return Weighed(
        origins,
        tuple(sayings),
        passed_over,
        tuple(item.id for origin in origins for item in origin.items if item.id in inside),
    )


def weighed_origins(case: Case) -> tuple[tuple[Origin, ...], tuple[str, ...]]:
    """Facts and reports with likelihoods, by origin; and the ids of other items that have some.

    What an origin is, see :mod:`.case.origins`.
    """
    speaking = [item for item in case.evidence.values() if item.likelihood]
    weighed = [item.id for item in speaking if item.kind in EVIDENCE_KINDS]
    origins = tuple(
        Origin(name, tuple(case.evidence[item] for item in items))
        for name, items in by_origin(weighed, origins_in(case)).items()
    )
    return origins, tuple(item.id for item in speaking if item.kind not in EVIDENCE_KINDS)


def _filled(values: Mapping[str, Floats], hypotheses: Sequence[str]) -> Floats:
    """One item's likelihoods (n, hypotheses).

    A hypothesis it says nothing of takes the geometric mean of those it speaks of, what it holds
    impossible left aside: the item is then neither for nor against it.
    """
    given = [values[h] for h in hypotheses if h in values]
    if not given:
        return np.ones((1, len(hypotheses)))
    possible = [column for column in given if (column > 0).any()]
    missing = _as_one(possible or given)
    columns = np.broadcast_arrays(*(values.get(h, missing) for h in hypotheses))
    return np.column_stack(columns)


def _as_one(rows: Sequence[Floats]) -> Floats:
    """The geometric mean of likelihoods, (n,) or (1,) first: of equal ones, just these."""
    if len(rows) == 1:
        return rows[0]
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(sum(np.log(row) for row in rows) / len(rows)))
