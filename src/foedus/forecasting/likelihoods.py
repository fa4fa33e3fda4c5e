"""What the evidence says by itself: likelihoods from a flat prior, one origin counted once.

An item may say how likely it would be to see it under each hypothesis. From equal chances for all
hypotheses, Bayes' rule makes these one view beside the others; neither the inside nor the outside
view enters, so that nothing is counted twice. Formulas: ``docs/forecast-maths.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.links import EVIDENCE_KINDS, reasons_of
from foedus.case.model import Case, Evidence, Judgement
from foedus.document import Block, Cell, Column, Explanation, Sentence, Table
from foedus.forecasting.estimates import Share, percent, percents
from foedus.forecasting.ranges import Floats, spread_of

Uniforms = Callable[[Judgement], Floats]
"""Gives the uniforms (n,) of a judgement's stream, such as those of one block of draws."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The items of one origin, which count as one: the geometric mean of their likelihoods."""

    name: str
    items: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The evidence's view over the exclusive set.

    ``shares`` sum to one. ``likelihoods`` are, for each origin, the mean likelihood under each
    hypothesis. ``passed_over`` are items with likelihoods that are no facts or reports;
    ``also_inside`` are items that judgements of the inside view rest on as well.
    """

    shares: Mapping[str, Share]
    origins: tuple[Origin, ...]
    likelihoods: Mapping[str, Mapping[str, float]]
    passed_over: tuple[str, ...] = ()
    also_inside: tuple[str, ...] = ()

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
        share = self.shares[hypothesis]
        told = [f"{hypothesis}: {percent(share.p, share.low, share.high)} by the evidence alone."]
        for name, values in self.likelihoods.items():
            ratio = _against_the_rest(values, hypothesis)
            way = "for" if ratio > 1 else "against" if ratio < 1 else "neither for nor against"
            told.append(f"{name}: {way} it (likelihood ratio {ratio:.2g} to the others' mean).")
        return Explanation(tuple(Sentence(text) for text in told))

    def to_dict(self) -> dict[str, Any]:
        """Plain data: for each hypothesis p, low and high."""
        return {h: share.to_dict() for h, share in self.shares.items()}

    def blocks(self) -> tuple[Block, ...]:
        """The likelihoods by origin, the view, and what must be said of it."""
        if not self.speaks:
            return (
                Sentence("No evidence carries likelihoods: it has no view of its own.", "muted"),
            )
        columns = (Column("origin"), *(Column(h, True) for h in self.shares))
        rows = [
            (
                Cell(name, note=", ".join(item.id for item in origin.items)),
                *(Cell(percent(values[h])) for h in self.shares),
            )
            for origin, (name, values) in zip(self.origins, self.likelihoods.items(), strict=True)
        ]
        rows.append(
            (
                Cell("together, from equal chances"),
                *(
                    Cell(percent(s.p, s.low, s.high), note=percents(s.low, s.high))
                    for s in self.shares.values()
                ),
            )
        )
        note = (
            "Chance of seeing each if the hypothesis were true; items of one origin count as one."
        )
        table = Table("Evidence by itself", columns, tuple(rows), note)
        return (table, *(Sentence(text, "warn") for text in self._warnings()))

    def _warnings(self) -> list[str]:
        told = []
        if self.also_inside:
            names = ", ".join(self.also_inside)
            told.append(f"Counted here and behind judgements of the inside view: {names}.")
        if self.passed_over:
            names = ", ".join(self.passed_over)
            told.append(f"Not counted, for only facts and reports are evidence: {names}.")
        if self.excluded:
            names = ", ".join(self.excluded)
            told.append(f"Held impossible by some item, and so whatever else is said: {names}.")
        return told


def evidence_view(case: Case, hypotheses: Sequence[str], uniforms: Uniforms) -> EvidenceView:
    """The view of the case's evidence over ``hypotheses`` (with ``other``).

    ``uniforms`` gives the random numbers of each likelihood's range. The centre uses the mean
    likelihoods; low and high are the 5 % and 95 % points over the draws. Raises ValueError when the
    evidence holds every hypothesis for impossible, or there are no hypotheses.
    """
    origins, passed_over = origins_of(case.evidence)
    centre = _from_flat(
        [_origin_means(origin, hypotheses)[None, :] for origin in origins], len(hypotheses)
    )[0]
    if origins:
        drawn = evidence_draws(origins, hypotheses, uniforms)
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    else:
        low = high = centre
    inside = reasons_of(case)
    items = [item for origin in origins for item in origin.items]
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
                origin.name: immutabledict(
                    zip(hypotheses, _origin_means(origin, hypotheses).tolist(), strict=True)
                )
                for origin in origins
            }
        ),
        passed_over,
        tuple(item.id for item in items if item.id in inside),
    )


def origins_of(evidence: Mapping[str, Evidence]) -> tuple[tuple[Origin, ...], tuple[str, ...]]:
    """Facts and reports with likelihoods, by origin; and the ids of other items that have some.

    An item without an origin is one of its own.
    """
    grouped: dict[tuple[bool, str], list[Evidence]] = {}
    passed_over = []
    for item in evidence.values():
        if not item.likelihood:
            continue
        if item.kind not in EVIDENCE_KINDS:
            passed_over.append(item.id)
            continue
        key = (item.origin is not None, item.origin or item.id)
        grouped.setdefault(key, []).append(item)
    names = [name for _, name in grouped]
    origins = tuple(
        Origin(f"origin {name}" if named and names.count(name) > 1 else name, tuple(items))
        for (named, name), items in grouped.items()
    )
    return origins, tuple(passed_over)


def evidence_draws(
    origins: Sequence[Origin], hypotheses: Sequence[str], uniforms: Uniforms
) -> Floats:
    """Draws of the evidence's view; shape (n, hypotheses), rows summing to one.

    ``uniforms`` gives (n,) for each judgement, all of one length. Raises ValueError when there are
    no origins, or in some draw every hypothesis is impossible.
    """
    if not origins:
        raise ValueError("no evidence carries likelihoods")
    drawn = []
    for origin in origins:
        rows = []
        for item in origin.items:
            values = {h: spread_of(j).at(uniforms(j)) for h, j in item.likelihood.items()}
            rows.append(_filled(values, hypotheses))
        drawn.append(_as_one(rows))
    return _from_flat(drawn, len(hypotheses))


def _origin_means(origin: Origin, hypotheses: Sequence[str]) -> Floats:
    """The mean likelihood of an origin under each hypothesis; shape (hypotheses,)."""
    rows = []
    for item in origin.items:
        means = {h: np.array([spread_of(j).mean()]) for h, j in item.likelihood.items()}
        rows.append(_filled(means, hypotheses))
    return np.asarray(_as_one(rows)[0], dtype=float)


def _filled(values: Mapping[str, Floats], hypotheses: Sequence[str]) -> Floats:
    """One item's likelihoods (n, hypotheses).

    A hypothesis it says nothing of takes the geometric mean of those it speaks of, what it holds
    impossible left aside: the item is then neither for nor against it.
    """
    given = [values[h] for h in hypotheses if h in values]
    if not given:
        return np.ones((1, len(hypotheses)))
    possible = [column for column in given if (column > 0).any()]
    missing = _as_one([column[:, None] for column in possible or given])[:, 0]
    return np.column_stack([values.get(h, missing) for h in hypotheses])


def _as_one(rows: Sequence[Floats]) -> Floats:
    """The geometric mean of likelihoods of equal shape: of equal ones, just these."""
    if len(rows) == 1:
        return rows[0]
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.mean([np.log(row) for row in rows], axis=0)))


def _from_flat(likelihoods: Sequence[Floats], hypotheses: int) -> Floats:
    """Bayes' rule from equal chances: the normalised product (n, hypotheses)."""
    if hypotheses < 1:
        raise ValueError("there are no hypotheses")
    with np.errstate(divide="ignore"):
        logs = sum((np.log(values) for values in likelihoods), np.zeros((1, hypotheses)))
    top = logs.max(axis=1, keepdims=True)
    if not np.isfinite(top).all():
        raise ValueError("the evidence holds every hypothesis for impossible")
    weights = np.exp(logs - top)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _against_the_rest(values: Mapping[str, float], hypothesis: str) -> float:
    others = [value for h, value in values.items() if h != hypothesis]
    mean = sum(others) / len(others) if others else values[hypothesis]
    if mean == 0:
        return float("inf") if values[hypothesis] > 0 else 1.0
    return values[hypothesis] / mean
