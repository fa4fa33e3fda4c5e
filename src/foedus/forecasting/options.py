"""The views that are pooled, and the variants of the process over which an answer ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

VIEWS = ("inside", "outside")
"""The views that are pooled; named here, where a command can read them at once."""

INSTEAD_OF_WEIGHT = (
    "evidence has no weight any more: its likelihood ratios update what the inside and outside "
    "views are pooled to"
)
"""What to say to a weight for the evidence, which was once a third view of the pool."""

LEFT_OUT = 0.05
"""What a case leaves out: the standard deviation, in shares of an actor's range, by which every
worth of a position is moved (internal discrepancy [Strong2012])."""


@dataclass(frozen=True, slots=True)
class Way:
    """One variant of the process: what differs from the headline.

    ``changed`` are options of the process; ``farsighted`` says that actors look ahead.
    """

    name: str
    changed: tuple[tuple[str, object], ...] = ()
    farsighted: bool = False


AS_JUDGED = "nothing left out"
FARSIGHTED = "farsighted"
HALVED_CALENDAR = "farsighted, reconsidering twice as often"


def ways_of(paces: tuple[str, ...], meetings: float, least_gain: float) -> Iterator[Way]:
    """Every variant of the headline process; ``paces`` are the records in use."""
    yield Way(AS_JUDGED, (("left_out", 0.0),))
    yield Way("twice as much left out", (("left_out", 2 * LEFT_OUT),))
    for record in paces:
        yield Way(f"pace off: {record}", (("pace_off", frozenset({record})),))
    yield Way("half as many meetings", (("meetings", meetings / 2),))
    yield Way("twice as many meetings", (("meetings", meetings * 2),))
    yield Way("meetings by coalition", (("by_coalition", True),))
    yield Way("half the least gain", (("least_gain", least_gain / 2),))
    yield Way("twice the least gain", (("least_gain", least_gain * 2),))
    yield Way(FARSIGHTED, (), farsighted=True)
