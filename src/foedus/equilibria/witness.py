"""Verdicts with their witnesses, as data: each improvement, and the replies that deter it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """One move of an opponent: who, and the index of the state it leads to."""

    mover: str
    state: int


@dataclass(frozen=True, slots=True)
class Deterrence:
    """What follows an improvement to the state ``improvement``.

    ``replies`` are the opponents' moves that end in ``sanction``, a state not better than the
    origin for ``member``; for simultaneous stability, the improvements made at the same moment.
    ``sanction`` is None when nothing deters.
    """

    improvement: int
    replies: tuple[Reply, ...] = ()
    sanction: int | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A mover's verdict in a state: stable when each improvement it has is deterred."""

    state: int
    mover: str
    concept: str
    deterrences: tuple[Deterrence, ...]

    @property
    def stable(self) -> bool:
        """Whether the mover stays."""
        return all(d.sanction is not None for d in self.deterrences)
