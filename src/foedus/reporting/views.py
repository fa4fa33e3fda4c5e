"""The views in words: inside and outside, pooled, and what the evidence changes."""

from __future__ import annotations

import math
from collections.abc import Mapping

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Sentence, Table, number
from foedus.forecasting.combined import Combined
from foedus.forecasting.estimates import Share, Z, percent, percents
from foedus.forecasting.likelihoods import EvidenceUpdate, Ratio
from foedus.forecasting.outside import OutsideView
from foedus.forecasting.pooling import Pooled, PooledShare


def outside_explained(view: OutsideView, hypothesis: str) -> Explanation:
    """Where one hypothesis's outside view comes from. Raises KeyError for an unknown one."""
    return Explanation(tuple(Sentence(text) for text in _outside_sentences(view, hypothesis)))


def outside_blocks(view: OutsideView) -> tuple[Block, ...]:
    """A table of the hypotheses, and what must be said of it."""
    if not view.speaks:
        return (Sentence("The case has no reference class: there is no outside view.", "muted"),)
    rows = tuple(
        (
            Cell(h),
            Cell(percent(s.p, s.low, s.high)),
            Cell(percents(s.low, s.high)),
            Cell(_ground(view, h)),
        )
        for h, s in view.shares.items()
    )
    columns = (Column("hypothesis"), Column("chance", True), Column("90% range", True))
    prior = f"Prior: Beta({view.prior.occurred:g}, {view.prior.not_occurred:g})."
    table = Table("Outside view", (*columns, Column("from")), rows, prior)
    return (table, *(Sentence(text, "warn") for text in _outside_warnings(view)))


def _ground(view: OutsideView, hypothesis: str) -> str:
    counted = view.by_classes.get(hypothesis)
    if counted is None:
        return "its share of the rest, as in the inside view"
    names = ", ".join(c.id for c, _ in counted.classes)
    return f"{counted.rate.occurred} of {counted.rate.cases}: {names}"


def _outside_warnings(view: OutsideView) -> list[str]:
    told = []
    if view.scaled:
        told.append(
            f"The reference classes give their hypotheses {100 * view.total:.0f}% in all, "
            "though only one can come about: they were scaled down together."
        )
    told += [
        f"The classes about {each.hypothesis} differ more than chance explains; their counts "
        "were added all the same."
        for each in view.by_classes.values()
        if each.disagree
    ]
    if view.unused:
        told.append(f"Not used, for they are about no hypothesis: {', '.join(view.unused)}.")
    return told


def _outside_sentences(view: OutsideView, hypothesis: str) -> list[str]:
    share = view.shares[hypothesis]
    told = [
        f"{hypothesis}: {percent(share.p, share.low, share.high)} "
        f"({percents(share.low, share.high)}), from {_ground(view, hypothesis)}."
    ]
    counted = view.by_classes.get(hypothesis)
    if counted is not None and len(counted.classes) > 1:
        for given, rate in counted.classes:
            alone = rate.share()
            told.append(
                f"{given.id} alone, {rate.occurred} of {rate.cases}: "
                f"{percent(alone.p, alone.low, alone.high)} "
                f"({percents(alone.low, alone.high)})."
            )
    return told + _outside_warnings(view)


def evidence_explained(view: EvidenceUpdate, hypothesis: str) -> Explanation:
    """What the evidence says of one hypothesis. Raises KeyError for an unknown one."""
    told = [f"{hypothesis}: the evidence multiplies its odds by {_times(view.ratios[hypothesis])}."]
    for origin in view.origins:
        values = view.likelihoods[origin.name]
        ratio = _against_the_rest(values, hypothesis)
        way = "for" if ratio > 1 else "against" if ratio < 1 else "neither for nor against"
        told.append(f"{origin.name}: {way} it (likelihood ratio {ratio:.2g} to the others' mean).")
    told += _evidence_warnings(view)
    return Explanation(tuple(Sentence(text) for text in told))


def evidence_blocks(view: EvidenceUpdate) -> tuple[Block, ...]:
    """The likelihoods by origin, what they do to the odds, and what must be said of it."""
    if not view.speaks:
        return (Sentence("No evidence carries likelihoods: it changes nothing here.", "muted"),)
    columns = (Column("origin"), *(Column(h, True) for h in view.ratios))
    rows = [
        (
            Cell(origin.name, note=", ".join(item.id for item in origin.items)),
            *(Cell(percent(view.likelihoods[origin.name][h])) for h in view.ratios),
        )
        for origin in view.origins
    ]
    rows.append(
        (
            Cell("together: the odds are multiplied by"),
            *(Cell(_factor(r.ratio), note=_factors(r)) for r in view.ratios.values()),
        )
    )
    note = "Chance of seeing each if the hypothesis were true; items of one origin count as one."
    table = Table("What the evidence changes", columns, tuple(rows), note)
    return (table, *(Sentence(text, "warn") for text in _evidence_warnings(view)))


def _times(ratio: Ratio) -> str:
    note = _factors(ratio)
    return f"{_factor(ratio.ratio)} ({note})" if note else _factor(ratio.ratio)


def _factors(ratio: Ratio) -> str | None:
    """The range of a factor, where it has one."""
    if ratio.low == ratio.high:
        return None
    return f"{_factor(ratio.low)}–{_factor(ratio.high)}"


def _factor(ratio: float) -> str:
    return number(float(f"{ratio:.2g}")) if math.isfinite(ratio) else "more than any number"


def _evidence_warnings(view: EvidenceUpdate) -> list[str]:
    told = []
    if view.also_inside:
        names = listed(view.also_inside, "and")
        verb = "has" if len(view.also_inside) == 1 else "have"
        told.append(
            f"The inside view's judgements rest on {names} too. So {names} {verb} a say in the "
            f"outside view only: the likelihood ratio counts to the power {view.power:.2g}."
        )
    if view.passed_over:
        names = ", ".join(view.passed_over)
        told.append(f"Not counted, for only facts and reports are evidence: {names}.")
    if view.excluded:
        names = ", ".join(view.excluded)
        told.append(f"Held impossible by some item, and so whatever else is said: {names}.")
    return told


def _against_the_rest(values: Mapping[str, float], hypothesis: str) -> float:
    others = [value for h, value in values.items() if h != hypothesis]
    mean = sum(others) / len(others) if others else values[hypothesis]
    if mean == 0:
        return float("inf") if values[hypothesis] > 0 else 1.0
    return values[hypothesis] / mean


def pooled_explained(view: Pooled, hypothesis: str) -> Explanation:
    """How one hypothesis's number comes about. Raises KeyError for an unknown one."""
    pooled, prior = view.pooled[hypothesis], view.prior[hypothesis]
    told = [f"{hypothesis}: {_figures(pooled)} when everything is taken together."]
    told += [
        f"{name}, weight {view.weights[name]:.2g}: {_figures(shares[hypothesis])}."
        for name, shares in view.views.items()
    ]
    if prior.p != pooled.p:
        told.append(f"The views pooled: {_figures(prior)}; the evidence then changes that.")
    low, high = view.over_weights(hypothesis)
    told.append(f"Other weights give {percents(low, high)}.")
    if pooled.impossible:
        told.append("A view gives it no chance at all, or an item of evidence excludes it.")
    return Explanation(tuple(Sentence(text) for text in told))


def pooled_blocks(view: Pooled, titles: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """The views side by side, their pool, and the answer after the evidence.

    ``titles`` are the hypotheses' names for sentences; without them, their ids.
    """
    names = list(view.views)
    updated = any(view.prior[h].p != share.p for h, share in view.pooled.items())
    columns = (
        Column("hypothesis"),
        *(Column(f"{name} (weight {view.weights[name]:.2g})", True) for name in names),
        *((Column("pooled prior", True), Column("after the evidence", True)) if updated else ()),
        *(() if updated else (Column("pooled", True),)),
        Column("other weights", True),
    )
    rows = tuple(
        (
            Cell(h),
            *(_cell(view.views[name][h]) for name in names),
            *((_cell(view.prior[h]),) if updated else ()),
            _cell(share),
            Cell(percents(*view.over_weights(h), Z * share.se)),
        )
        for h, share in view.pooled.items()
    )
    note = "Pooled: the weighted geometric mean of the views, scaled to sum to one."
    if updated:
        note += " The evidence multiplies the odds of the pooled prior by its likelihood ratios."
    blocks: list[Block] = [Table("The views side by side, and pooled", columns, rows, note)]
    none = [_titled(h, titles) for h, share in view.pooled.items() if share.impossible]
    if none:
        blocks.append(
            Sentence(
                "Given no chance at all by a view, or excluded by an item of evidence, and so 0 "
                f"whatever else is said: {listed(none, 'and')}.",
                "warn",
            )
        )
    return tuple(blocks)


def _shown(share: Share) -> tuple[str, str]:
    """The number and its range, with no digit beyond the range or the Monte Carlo error."""
    error = Z * share.se if isinstance(share, PooledShare) else 0.0
    low, high = max(0.0, share.low - error), min(1.0, share.high + error)
    exact = low == high and share.p in (0, 1)
    figure = percent(share.p) if exact else percent(share.p, low, high)
    return figure, percents(share.low, share.high, error)


def _figures(share: Share) -> str:
    figure, ends = _shown(share)
    return f"{figure} ({ends})"


def _cell(share: Share) -> Cell:
    figure, ends = _shown(share)
    return Cell(figure, note=ends)


def _titled(hypothesis: str, titles: Mapping[str, str] | None) -> str:
    return f"“{titles[hypothesis]}”" if titles is not None else hypothesis


def combined_blocks(views: Combined, titles: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """The pool with its views, then where the outside view and the evidence come from.

    ``titles`` are as for :func:`pooled_blocks`.
    """
    return (*side_by_side(views, titles), *views.outside.blocks(), *views.evidence.blocks())


def side_by_side(views: Combined, titles: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """On which hypotheses the views are far apart, and their pool; ``titles`` as above."""
    apart = tuple(
        Sentence(
            f"The views differ by {each.words} words of the scale on {_titled(h, titles)}: "
            f"{percent(each.inside)} "
            f"by the inside view, {percent(each.outside)} by the outside view.",
            "warn",
        )
        for h, each in views.views_apart.items()
    )
    return (*apart, *pooled_blocks(views.pooled, titles))
