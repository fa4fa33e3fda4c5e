"""What the evidence says by itself: likelihoods from a flat prior, one origin counted once.

An item may say how likely it would be to see it under each hypothesis. From equal chances for all
hypotheses, Bayes' rule makes these one view beside the others; neither the inside nor the outside
view enters, so that nothing is counted twice. Formulas: ``docs/forecast-maths.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.links import EVIDENCE_KINDS, reasons_of
from foedus.case.model import Case, Evidence, Judgement
from foedus.case.origins import by_origin, origins_in
from foedus.document import Explanation
from foedus.forecasting.estimates import Share
from foedus.forecasting.ranges import Floats, Spread, spread_of
from foedus.result import Result, explained

Uniforms = Callable[[Judgement], Floats]
"""Gives the uniforms (n,) of a judgement's stream, such as those of one block of draws."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The items of one origin, which count as one: the geometric mean of what they say.

    Items that say the same, number for number, are one saying: of those the first by id speaks.
    """

    name: str
    items: tuple[Evidence, ...]

    @property
    def sayings(self) -> tuple[Evidence, ...]:
        """One item for each different set of likelihoods, by id, in whatever order they stand."""
        found: dict[frozenset[tuple[object, ...]], Evidence] = {}
        for item in sorted(self.items, key=lambda each: each.id):
            said = frozenset((h, j.low, j.mode, j.high, j.word) for h, j in item.likelihood.items())
            found.setdefault(said, item)
        return tuple(found.values())


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """The likelihoods of a case's evidence by origin.

    ``means`` has for each origin the mean likelihood under each hypothesis, (1, hypotheses);
    ``drawn`` that of each draw, (n, hypotheses), or (1, hypotheses) where none is a range.
    ``passed_over`` are items with likelihoods that are no facts or reports; ``also_inside`` are
    items that judgements of the inside view rest on as well.
    """

    origins: tuple[Origin, ...]
    means: tuple[Floats, ...]
    drawn: tuple[Floats, ...]
    passed_over: tuple[str, ...]
    also_inside: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class EvidenceView(Result):
    """The evidence's view over the exclusive set.

    ``shares`` sum to one. ``likelihoods`` are, for each origin, the mean likelihood under each
    hypothesis. ``passed_over`` are items with likelihoods that are no facts or reports;
    ``also_inside`` are items that judgements of the inside view rest on as well. ``drawn`` are the
    shares of each draw behind the ranges, (n, hypotheses), or (1, hypotheses) where there are none.
    """

    shares: Mapping[str, Share]
    origins: tuple[Origin, ...]
    likelihoods: Mapping[str, Mapping[str, float]]
    passed_over: tuple[str, ...] = ()
    also_inside: tuple[str, ...] = ()
    drawn: Floats = field(default_factory=lambda: np.ones((1, 1)), repr=False, compare=False)

    @property
    def speaks(self) -> bool:
        """Whether any item says anything."""
        return bool(self.origins)

    @property
    def excluded(self) -> tuple[str, ...]:
        """Hypotheses that some item says are impossible: no other view can raise them again."""
        return tuple(h for h, share in self.shares.items() if share.p == 0)

    def explain(self, hypothesis: str) -> Explanation:
        """What each origin says of one hypothesis. Raises KeyError for an unknown one."""
        return explained(self, hypothesis)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: for each hypothesis p, low and high."""
        return {h: share.to_dict() for h, share in self.shares.items()}


def evidence_view(case: Case, hypotheses: Sequence[str], uniforms: Uniforms) -> EvidenceView:
    """The view of the case's evidence over ``hypotheses`` (with ``other``).

    ``uniforms`` gives the random numbers of each likelihood's range. The centre uses the mean
    likelihoods; low and high are the 5 % and 95 % points over the draws. Raises ValueError when the
    evidence holds every hypothesis for impossible, or there are no hypotheses.
    """
    weighed = weighed_evidence(case, hypotheses, uniforms)
    origins = weighed.origins
    centre = from_flat(weighed.means, len(hypotheses))[0]
    drawn = from_flat(weighed.drawn, len(hypotheses))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    return EvidenceView(
        immutabledict(
            {
                h: Share(float(centre[k]), float(low[k]), float(high[k]))
                for k, h in enumerate(hypotheses)
            }
        ),
        origins,
        immutabledict(
            {
                origin.name: immutabledict(zip(hypotheses, means[0].tolist(), strict=True))
                for origin, means in zip(origins, weighed.means, strict=True)
            }
        ),
        weighed.passed_over,
        weighed.also_inside,
        drawn,
    )


def weighed_evidence(case: Case, hypotheses: Sequence[str], uniforms: Uniforms) -> Weighed:
    """The likelihoods of a case's evidence under ``hypotheses``, origin by origin.

    ``uniforms`` gives (n,) for each judgement with a range, all of one length.
    """
    origins, passed_over = weighed_origins(case)
    inside = reasons_of(case)
    means, drawn = [], []
    # Judgements repeat themselves, words above all: each spread and mean is worked out once.
    known: dict[tuple[object, ...], Spread] = {}
    averages: dict[tuple[object, ...], Floats] = {}
    for origin in origins:
        rows: list[tuple[Floats, Floats]] = []
        for item in origin.sayings:
            centre, values = {}, {}
            for h, j in item.likelihood.items():
                numbers = (j.low, j.mode, j.high, j.word)
                if numbers not in known:
                    known[numbers] = spread_of(j)
                    averages[numbers] = np.array([known[numbers].mean()])
                centre[h] = averages[numbers]
                constant = known[numbers].constant
                values[h] = centre[h] if constant else known[numbers].at(uniforms(j))
            rows.append((_filled(centre, hypotheses), _filled(values, hypotheses)))
        means.append(_as_one([centre for centre, _ in rows]))
        drawn.append(_as_one([values for _, values in rows]))
    return Weighed(
        origins,
        tuple(means),
        tuple(drawn),
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


def from_flat(likelihoods: Sequence[Floats], hypotheses: int) -> Floats:
    """Bayes' rule from equal chances: the normalised product (n, hypotheses); rows sum to one.

    Raises ValueError where in some row every hypothesis is impossible, or there are no hypotheses.
    """
    if hypotheses < 1:
        raise ValueError("there are no hypotheses")
    with np.errstate(divide="ignore"):
        logs = sum((np.log(values) for values in likelihoods), np.zeros((1, hypotheses)))
    top = logs.max(axis=1, keepdims=True)
    if not np.isfinite(top).all():
        raise ValueError("the evidence holds every hypothesis for impossible")
    weights = np.exp(logs - top)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
