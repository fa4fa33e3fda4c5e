"""Shares in per cent: parts that exceed their whole, and numbers that look like fractions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from foedus.case.model import Judgement

WHOLE = 100
"""All of them, in per cent."""


def rounding(shares: Iterable[float]) -> float:
    """By how much the sum of some shares may be off if each was rounded to its last digit.

    >>> rounding([45, 30.5]), rounding([33.3, 33.3, 33.4])
    (0.55, 0.15)
    """
    return float(sum(_half_a_digit(share) for share in shares))


def _half_a_digit(share: float) -> Decimal:
    exponent = Decimal(repr(share)).normalize().as_tuple().exponent
    return Decimal(5).scaleb(min(0, int(exponent)) - 1)


def excess(shares: Mapping[str, float]) -> str | None:
    """What is wrong with parts that exceed their whole by more than their rounding; else None.

    >>> excess({"yes": 60, "no": 41}), excess({"yes": 60, "no": 60})
    (None, 'the shares sum to 120')
    """
    whole = sum(shares.values())
    if whole <= WHOLE + rounding(shares.values()) + 1e-9:
        return None
    return f"the shares sum to {whole:g}"


def fractions(shares: Mapping[str, float]) -> tuple[str, ...]:
    """The answers whose shares look like fractions of one: between 0 and 1, and not a part of 100.

    >>> fractions({"yes": 0.6, "no": 0.3}), fractions({"a": 60, "b": 39.6, "c": 0.4})
    (('yes', 'no'), ())
    """
    if abs(sum(shares.values()) - WHOLE) <= rounding(shares.values()) + 1e-9:
        return ()
    return tuple(name for name, share in shares.items() if 0 < share < 1)


def like_a_fraction(judgement: Judgement) -> bool:
    """Whether a judgement asked in per cent lies within 0 to 1, and not just at its ends."""
    numbers = (judgement.low, judgement.mode, judgement.high)
    return judgement.high <= 1 and any(0 < number < 1 for number in numbers)


def fraction_told(what: str, values: Iterable[float]) -> str:
    """The notice that something looks like a fraction.

    >>> fraction_told("the threshold", [0.5])
    'the threshold, 0.5, looks like a fraction, but stands in per cent: if so, write 50'
    """
    given = list(values)
    written = ", ".join(f"{value:g}" for value in given)
    meant = ", ".join(f"{100 * value:g}" for value in given)
    if len(given) > 1:
        return (
            f"{what}, {written}, look like fractions, but stand in per cent: if so, write {meant}"
        )
    return f"{what}, {written}, looks like a fraction, but stands in per cent: if so, write {meant}"
