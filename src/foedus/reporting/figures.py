"""How probabilities from part of the draws, and their changes, are shown."""

from __future__ import annotations

from foedus.document import Cell
from foedus.forecasting.estimates import Probability, percent, percents


def figure(p: Probability) -> str:
    """A probability in whole per cents, for the model's range is wider than computing's.

    Those under 1% keep a digit; those over 99% are only said to be that.
    """
    if p.p > 0.99:
        return "over 99%"
    wide = 0.005 if p.p >= 0.01 else 0.0
    return percent(p.p, min(p.low, p.p - wide), max(p.high, p.p + wide))


def figure_cell(p: Probability) -> Cell:
    """The figure, and below it the computing error."""
    return Cell(figure(p), note=percents(p.low, p.high))


def moved(before: Probability, after: Probability, *, again: bool = False) -> str:
    """How a probability changes, in words and figures; ``again`` when the first is known."""
    start, end = figure(before), figure(after)
    if before.p == after.p == 0:
        return f"stays {start}"
    if start == end:
        return f"stays at {end}"
    verb = "rises" if after.p > before.p else "falls"
    return f"{verb} to {end}" if again else f"{verb} from {start} to {end}"


def signed_points(change: float) -> str:
    """A change in points, with its sign.

    >>> signed_points(0.075), signed_points(-0.2), signed_points(0.0)
    ('+7.5', '−20', '0')
    """
    points = round(100 * change, 1)
    if points == 0:
        return "0"
    return f"{'+' if points > 0 else '−'}{abs(points):g}"
