"""The weight of evidence in words and tables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, Tone
from foedus.evidence.competing_told import hypothesis_name
from foedus.forecasting.estimates import Share, percent, percents

if TYPE_CHECKING:
    from foedus.evidence.updating import Bayes, Decibans

STRENGTHS = ((0.5, "nothing to speak of"), (5, "little"), (10, "something"), (20, "much"))
"""Under how many decibans a weight is called what; a factor of 3.2, 10 and 100 in the odds."""


def bayes_blocks(result: Bayes) -> tuple[Block, ...]:
    """The answer, the posterior beside the prior, the weights, and what must be said of them."""
    if not result.speaks:
        passed = tuple(Sentence(text, "warn") for text in _warnings(result))
        none = Sentence("No fact or report carries likelihoods: there is nothing to weigh.", "warn")
        return (none, *passed)
    return (
        *_answer(result),
        *(Sentence(text, "warn") for text in _warnings(result)),
        _posterior_table(result),
        _left_out_table(result),
        _in_turn_table(result),
    )


def _answer(result: Bayes) -> Iterator[Sentence]:
    best = max(result.posterior, key=lambda h: result.posterior[h].p)
    share = result.posterior[best]
    yield Sentence(
        f"From {result.prior_name}, the judged likelihoods of the evidence make "
        f"{hypothesis_name(result.case, best)} the likeliest: {_figures(share)}.",
        strong=True,
    )
    name = max(result.weights, key=lambda n: abs(result.weights[n].left_out[best].value))
    weight = result.weights[name].left_out[best]
    without = result.weights[name].without[best]
    yield Sentence(
        f"What moves that most is {name} ({decibans(weight.value)}): without it, "
        f"{percent(without)}."
    )


def _warnings(result: Bayes) -> Iterator[str]:
    if result.also_inside:
        names = ", ".join(result.also_inside)
        yield f"Also behind judgements of the inside view, so that they speak twice: {names}."
    if result.passed_over:
        names = ", ".join(result.passed_over)
        yield f"Not counted, for only facts and reports are evidence: {names}."
    gone = [h for h, share in result.posterior.items() if share.p == 0]
    if gone:
        yield f"Impossible by the prior or by some item, whatever else is said: {', '.join(gone)}."


def _posterior_table(result: Bayes) -> Table:
    columns = (
        Column("hypothesis"),
        Column("before", numeric=True),
        Column("after", numeric=True),
        Column("90% range", numeric=True),
    )
    rows = tuple(
        (
            Cell(h),
            Cell(percent(result.prior[h])),
            Cell(percent(share.p, share.low, share.high)),
            Cell(percents(share.low, share.high)),
        )
        for h, share in result.posterior.items()
    )
    note = f"Before: {result.prior_name}. The range is that of the judged likelihoods."
    return Table("What the evidence makes of the prior", columns, rows, note)


def _left_out_table(result: Bayes) -> Table:
    columns = (Column("origin"), *(Column(h, numeric=True) for h in result.posterior))
    rows = tuple(
        (
            Cell(name, note=", ".join(item.id for item in weight.origin.items)),
            *(_weight_cell(weight.left_out[h]) for h in result.posterior),
        )
        for name, weight in result.weights.items()
    )
    note = (
        "In decibans, 10 log₁₀ of the odds with it over the odds without it: 10 make odds ten "
        "times as great. Below, the 90% range."
    )
    return Table("What each origin adds to the rest", columns, rows, note)


def _in_turn_table(result: Bayes) -> Table:
    columns = (Column("origin"), *(Column(h, numeric=True) for h in result.posterior))
    first = (Cell(result.prior_name), *(Cell(percent(p)) for p in result.prior.values()))
    rows = [
        (
            Cell(name),
            *(
                Cell(percent(weight.after[h]), note=decibans(weight.in_turn[h]))
                for h in result.posterior
            ),
        )
        for name, weight in result.weights.items()
    ]
    note = "In the order of the case; the decibans of a column add up to its whole change."
    return Table("The evidence taken in one after another", columns, (first, *rows), note)


def _weight_cell(weight: Decibans) -> Cell:
    tone: Tone = "good" if weight.low > 0 else "bad" if weight.high < 0 else "plain"
    note = None if weight.low == weight.high else f"{_db(weight.low)} to {_db(weight.high)}"
    return Cell(_db(weight.value), tone, note)


def hypothesis_weighed(result: Bayes, hypothesis: str) -> Explanation:
    """How one hypothesis gets from prior to posterior, origin by origin."""
    share = result.posterior[hypothesis]
    lead = (
        f"{hypothesis_name(result.case, hypothesis)}: {percent(result.prior[hypothesis])} by "
        f"{result.prior_name}, {_figures(share)} with the evidence."
    )
    points = tuple(
        Point(
            f"{name}: {decibans(weight.in_turn[hypothesis])} in its turn, then "
            f"{percent(weight.after[hypothesis])}; {decibans(weight.left_out[hypothesis].value)} "
            f"to the rest, {strength(weight.left_out[hypothesis].value)}",
            tuple(Point(item.claim) for item in weight.origin.items),
        )
        for name, weight in result.weights.items()
    )
    return Explanation((Sentence(lead), Points(points)))


def decibans(value: float) -> str:
    """A weight with its sign and unit.

    >>> decibans(3.0103), decibans(-0.02), decibans(float("-inf"))
    ('+3.0 decibans', '0 decibans', '−∞ decibans')
    """
    return f"{_db(value)} decibans"


def strength(value: float) -> str:
    """How much a weight says, in words; the limits are ours.

    >>> strength(12), strength(-3), strength(0.1)
    ('which says much for it', 'which says little against it', 'nothing to speak of')
    """
    if abs(value) < STRENGTHS[0][0]:
        return STRENGTHS[0][1]
    if math.isinf(value):
        return "which decides it" if value > 0 else "which excludes it"
    word = next((word for most, word in STRENGTHS if abs(value) < most), "very much")
    return f"which says {word} {'for' if value > 0 else 'against'} it"


def _db(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    rounded = round(value, 1)
    if rounded == 0:
        return "0"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f}"


def _figures(share: Share) -> str:
    figure = percent(share.p, share.low, share.high)
    if share.low == share.high:
        return figure
    return f"{figure} (90% range {percents(share.low, share.high)})"
