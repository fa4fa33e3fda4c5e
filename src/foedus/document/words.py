"""Numbers and names as a reader is shown them."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """A number for a reader: at most four digits behind the point, thousands set apart.

    >>> number(12.5), number(-3), number(1234567), number(0.00012)
    ('12.5', '−3', '1,234,567', '0.00012')
    """
    if not math.isfinite(value):
        return "unknown" if math.isnan(value) else ("−∞" if value < 0 else "∞")
    size = abs(value)
    if size != 0 and not 1e-3 <= size < 1e15:
        text = f"{size:g}"
    else:
        text = f"{round(size, 4):,}"
        text = text.removesuffix(".0")
    return f"−{text}" if value < 0 and size != 0 else text


def percent(p: float) -> str:
    """A probability or a share as a whole per cent, or as a bound where that would say too much.

    >>> percent(0.35), percent(0.004), percent(0.999), percent(0), percent(1)
    ('35%', 'under 1%', 'over 99%', '0%', '100%')
    """
    if 0 < p < 0.005:
        return "under 1%"
    if 0.995 < p < 1:
        return "over 99%"
    return f"{math.floor(100 * p + 0.5)}%"


def possessive(name: str) -> str:
    """A name as the owner of what follows it; one that ends in s takes the apostrophe alone.

    >>> possessive("the generals"), possessive("Putin"), possessive("The Left Bloc (communists)")
    ("the generals'", "Putin's", "The Left Bloc (communists)'s")
    """
    return f"{name}'" if name[-1:] in ("s", "S") else f"{name}'s"
