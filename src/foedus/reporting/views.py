"""The views in words: outside, evidence, and all of them pooled."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.document import Block, Cell, Column, Explanation, Sentence, Table
from foedus.forecasting.combined import Combined
from foedus.forecasting.estimates import Share, percent, percents
from foedus.forecasting.likelihoods import EvidenceView
from foedus.forecasting.outside import OutsideView
from foedus.forecasting.pooling import Pooled


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


def evidence_explained(view: EvidenceView, hypothesis: str) -> Explanation:
    """What each origin says of one hypothesis. Raises KeyError for an unknown one."""
    share = view.shares[hypothesis]
    told = [f"{hypothesis}: {percent(share.p, share.low, share.high)} by the evidence alone."]
    for name, values in view.likelihoods.items():
        ratio = _against_the_rest(values, hypothesis)
        way = "for" if ratio > 1 else "against" if ratio < 1 else "neither for nor against"
        told.append(f"{name}: {way} it (likelihood ratio {ratio:.2g} to the others' mean).")
    return Explanation(tuple(Sentence(text) for text in told))


def evidence_blocks(view: EvidenceView) -> tuple[Block, ...]:
    """The likelihoods by origin, the view, and what must be said of it."""
    if not view.speaks:
        return (Sentence("No evidence carries likelihoods: it has no view of its own.", "muted"),)
    columns = (Column("origin"), *(Column(h, True) for h in view.shares))
    rows = [
        (
            Cell(name, note=", ".join(item.id for item in origin.items)),
            *(Cell(percent(values[h])) for h in view.shares),
        )
        for origin, (name, values) in zip(view.origins, view.likelihoods.items(), strict=True)
    ]
    rows.append(
        (
            Cell("together, from equal chances"),
            *(
                Cell(percent(s.p, s.low, s.high), note=percents(s.low, s.high))
                for s in view.shares.values()
            ),
        )
    )
    note = "Chance of seeing each if the hypothesis were true; items of one origin count as one."
    table = Table("Evidence by itself", columns, tuple(rows), note)
    return (table, *(Sentence(text, "warn") for text in _evidence_warnings(view)))


def _evidence_warnings(view: EvidenceView) -> list[str]:
    told = []
    if view.also_inside:
        names = ", ".join(view.also_inside)
        told.append(f"Counted here and behind judgements of the inside view: {names}.")
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
    pooled = view.pooled[hypothesis]
    told = [f"{hypothesis}: {_figures(pooled)} by all views together."]
    told += [
        f"{name}, weight {view.weights[name]:.2g}: {_figures(shares[hypothesis])}."
        for name, shares in view.views.items()
    ]
    low, high = view.over_weights(hypothesis)
    told.append(f"Other weights give {percents(low, high)}.")
    return Explanation(tuple(Sentence(text) for text in told))


def pooled_blocks(view: Pooled) -> tuple[Block, ...]:
    """All views side by side, then pooled."""
    names = list(view.views)
    columns = (
        Column("hypothesis"),
        *(Column(f"{name} (weight {view.weights[name]:.2g})", True) for name in names),
        Column("pooled", True),
        Column("other weights", True),
    )
    rows = tuple(
        (
            Cell(h),
            *(_cell(view.views[name][h]) for name in names),
            _cell(share),
            Cell(percents(*view.over_weights(h))),
        )
        for h, share in view.pooled.items()
    )
    note = "Pooled: the weighted geometric mean of the views, scaled to sum to one."
    return (Table("The views side by side, and pooled", columns, rows, note),)


def _figures(share: Share) -> str:
    return f"{percent(share.p, share.low, share.high)} ({percents(share.low, share.high)})"


def _cell(share: Share) -> Cell:
    return Cell(percent(share.p, share.low, share.high), note=percents(share.low, share.high))


def combined_blocks(views: Combined) -> tuple[Block, ...]:
    """The pool with all views, then where the outside view and the evidence come from."""
    return (*views.pooled.blocks(), *views.outside.blocks(), *views.evidence.blocks())
