"""The weight of evidence in words and tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foedus.case.problems import UnknownName, listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, Tone
from foedus.evidence.concordance import NEAR
from foedus.forecasting.estimates import Share, percent, percents
from foedus.reporting.competing import hypothesis_name

if TYPE_CHECKING:
    from foedus.evidence.updating import Bayes, Decibans

STRENGTHS = ((0.5, "nothing to speak of"), (5, "little"), (10, "something"), (20, "much"))
"""Under how many decibans a weight is called what; a factor of 3.2, 10 and 100 in the odds."""

POINT = 1e-6
"""A range no wider than this is a point: what is left is rounding."""


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
    top = max(share.p for share in result.posterior.values())
    first = [h for h, share in result.posterior.items() if top - share.p <= NEAR]
    names = [hypothesis_name(result.case, h) for h in first]
    figures = [_figures(result, h) for h in first]
    start = f"From {result.prior_name}, the judged likelihoods of the evidence"
    if len(first) == 1:
        text = f"{start} make {names[0]} the likeliest: {figures[0]}."
    else:
        every = len(first) == len(result.posterior)
        verb, ahead = ("leave", "level") if every else ("put", "level in front")
        alike = len(set(figures)) == 1
        pairs = (f"{name} {figure}" for name, figure in zip(names, figures, strict=True))
        each = f"{figures[0]} each" if alike else ", ".join(pairs)
        text = f"{start} {verb} {listed(names, 'and')} {ahead}: {each}."
    yield Sentence(text, strong=True)
    yield _mover(result, first)


def _mover(result: Bayes, first: Sequence[str]) -> Sentence:
    """Which origin moves the first hypotheses most, if any moves them."""
    name, best = max(
        ((name, h) for name in result.weights for h in first),
        key=lambda pair: abs(result.weights[pair[0]].left_out[pair[1]].value),
    )
    weight = result.weights[name]
    value = weight.left_out[best].value
    if _rounded(value) == 0:
        return Sentence("No single origin, left out, moves that to speak of.")
    of = "" if len(first) == 1 else f" for {hypothesis_name(result.case, best)}"
    return Sentence(
        f"What moves that most is {name} ({decibans(value)}{of}): without it, "
        f"{percent(weight.without[best])}."
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
    ranged = not all(_is_point(share) for share in result.posterior.values())
    columns = [Column("hypothesis"), Column("before", numeric=True), Column("after", numeric=True)]
    note = f"Before: {result.prior_name}."
    if ranged:
        columns.append(Column("90% range", numeric=True))
        note += f" The range is that of {_range_of(result)}."
    rows = []
    for h, share in result.posterior.items():
        row = [Cell(h), Cell(percent(result.prior[h])), Cell(_figure(result, h))]
        if ranged:
            row.append(Cell("" if _is_point(share) else percents(share.low, share.high)))
        rows.append(tuple(row))
    return Table("What the evidence makes of the prior", tuple(columns), tuple(rows), note)


def _range_of(result: Bayes) -> str:
    """What makes the ranges of the posterior wide."""
    counts = ["the prior’s counts"] if result.prior_ranged else []
    judged = ["the judged likelihoods"] if result.likelihoods_ranged else []
    return listed([*judged, *counts], "and")


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
    # Signs are taken after rounding: what is shown as 0 speaks neither way.
    low, high = _rounded(weight.low), _rounded(weight.high)
    tone: Tone = "good" if low > 0 else "bad" if high < 0 else "plain"
    same = weight.low == weight.high or abs(weight.high - weight.low) <= POINT
    note = None if same else f"{_db(weight.low)} to {_db(weight.high)}"
    if low == high == 0:
        note = None
    return Cell(_db(weight.value), tone, note)


def hypothesis_weighed(result: Bayes, hypothesis: str) -> Explanation:
    """How one hypothesis gets from prior to posterior, origin by origin.

    Raises UnknownName, which is a KeyError, for an unknown one.
    """
    if hypothesis not in result.prior:
        raise UnknownName("hypothesis", hypothesis, result.prior)
    lead = (
        f"{hypothesis_name(result.case, hypothesis)}: {percent(result.prior[hypothesis])} by "
        f"{result.prior_name}, {_figures(result, hypothesis)} with the evidence."
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


def _rounded(value: float) -> float:
    """A weight as it is shown, to a tenth of a deciban."""
    return value if math.isinf(value) else round(value, 1)


def _db(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    rounded = _rounded(value)
    if rounded == 0:
        return "0"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f}"


def _is_point(share: Share) -> bool:
    return share.high - share.low <= POINT


def _figure(result: Bayes, hypothesis: str) -> str:
    """A posterior by itself: 0% and 100% only where it is exactly so, else as its range allows."""
    share = result.posterior[hypothesis]
    rest = (other.p for h, other in result.posterior.items() if h != hypothesis)
    if share.p == 0 or not any(rest):
        return percent(round(share.p))
    if _is_point(share) and share.p < 1:
        return percent(share.p)
    return percent(share.p, share.low, share.high)


def _figures(result: Bayes, hypothesis: str) -> str:
    """A posterior with its range, where it has one."""
    share = result.posterior[hypothesis]
    figure = _figure(result, hypothesis)
    if _is_point(share):
        return figure
    return f"{figure} (90% range {percents(share.low, share.high)})"
