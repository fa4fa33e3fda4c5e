"""A horizontal axis below a plot: round figures, their lines through the plot, and its title."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

from foedus.document import number
from foedus.render.drawing import Look, Sheet, tall
from foedus.render.palette import light
from foedus.render.text import text_width, wrap

_SMALL = 12


class Axis(NamedTuple):
    """The two ends of an axis, ``low`` below ``high``, and its title."""

    low: float
    high: float
    title: str

    def at(self, value: float, width: float) -> float:
        """Where a value lies on an axis of so many pixels."""
        return (value - self.low) / (self.high - self.low) * width

    def foot(self, width: float) -> float:
        """Pixels that the axis takes below a plot of this width."""
        return 28 + (tall(len(wrap(self.title, width, _SMALL)), _SMALL) + 2 if self.title else 0)

    def draw(self, sheet: Sheet) -> None:
        """Draw the axis at the foot of the sheet's plot, beneath all else."""
        width, height = sheet.width, sheet.height
        sheet.line((0, height), (width, height), light("rule"), layer="grid")
        for tick, middle in self._placed(sheet):
            x = self.at(tick, width)
            sheet.line((x, 0), (x, height), light("line"), layer="grid")
            look = Look(_SMALL, "center")
            sheet.text((middle, height + 14), [number(tick)], light("quiet"), look)
        if self.title:
            lines = wrap(self.title, width, _SMALL)
            y = height + 26 + tall(len(lines), _SMALL) / 2
            sheet.text((width / 2, y), lines, light("quiet"), Look(_SMALL, "center"))

    def _placed(self, sheet: Sheet) -> list[tuple[float, float]]:
        """The round values and the middle of each one's figure, as many as do not meet."""
        left, _, right, _ = sheet.margins
        for count in (5, 4, 3, 2, 1):
            placed, spans = [], []
            for tick in ticks(self.low, self.high, count):
                half = text_width(number(tick), _SMALL) / 2
                # At the ends a figure stays on the sheet.
                middle = min(self.at(tick, sheet.width), sheet.width + right - half)
                middle = max(middle, half - left)
                placed.append((tick, middle))
                spans.append((middle - half, middle + half))
            if all(one[1] + 8 <= other[0] for one, other in pairwise(spans)):
                return placed
        return placed[:1]


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below ``least`` > 0.

    >>> round_step(0.3), round_step(11), round_step(2)
    (0.5, 20.0, 2.0)
    """
    size: float = 10.0 ** math.floor(math.log10(least))
    return next(size * k for k in (1, 2, 2.5, 5, 10) if size * k >= least * (1 - 1e-12))


def ticks(low: float, high: float, count: int) -> list[float]:
    """Evenly spaced round values between two ends, about ``count`` of them.

    >>> ticks(-3, 104, 5)
    [0.0, 25.0, 50.0, 75.0, 100.0]
    """
    step = round_step((high - low) / count)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]
