"""Who may make a change: rights, quotas, and rights that depend on the state or on the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from foedus.case.expressions import Statement
from foedus.case.places import Path


@dataclass(frozen=True, slots=True)
class Quota:
    """A vote by weight: who has how much of it, and how much suffices."""

    at_least: float
    weights: Mapping[str, float]

    @property
    def text(self) -> str:
        """The quota in words."""
        told = ", ".join(f"{name} ({weight:.15g})" for name, weight in self.weights.items())
        return f"at least {self.at_least:.15g} of {told}"


@dataclass(frozen=True, slots=True)
class Right:
    """Who may make a change: its smallest satisfying sets of actors (``nobody``: no set).

    ``text`` is as written; of a quota, which ``quota`` then holds, it is made of its numbers, and
    of several rights at once, quotas and texts, which ``all_of`` then holds, of theirs.
    """

    text: str
    movers: tuple[frozenset[str], ...]
    path: Path = ()
    quota: Quota | None = None
    all_of: tuple[Quota | str, ...] = ()

    @property
    def entries(self) -> tuple[Entitlement, ...]:
        """The right as one that depends on nothing."""
        return (Entitlement(self),)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A right that counts where ``when`` holds and from ``since`` until ``until``, both inclusive.

    ``when`` is read in the state that a change leaves, of which nothing has reverted; arrangements
    that it names are matched on that state too. None: in every state, from the first day on, to
    the last.
    """

    right: Right
    when: Statement | None = None
    since: date | None = None
    until: date | None = None

    @property
    def text(self) -> str:
        """The right, its days and its condition, in the words of the file."""
        limits = [] if self.since is None else [f"from {self.since}"]
        limits += [] if self.until is None else [f"until {self.until}"]
        limits += [] if self.when is None else [f"if {self.when.text}"]
        return " ".join([self.right.text, *limits])

    def counts_on(self, day: date | None) -> bool:
        """Whether it may count on a day; on None, where no date is known, if it has no dates."""
        if day is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, slots=True)
class ConditionalRight:
    """A right that depends on the state or the day: the first entry that counts; none is nobody."""

    entries: tuple[Entitlement, ...]
    path: Path = ()

    def on(self, day: date | None) -> tuple[Entitlement, ...]:
        """What may count on a day, in order: up to the first that needs no condition."""
        found: list[Entitlement] = []
        for entry in self.entries:
            if entry.counts_on(day):
                found.append(entry)
                if entry.when is None:
                    break
        return tuple(found)

    @property
    def text(self) -> str:
        """The right in the words of the file."""
        return "; else ".join(entry.text for entry in self.entries)


AnyRight = Right | ConditionalRight
"""What ``decided_by`` holds for a change. Only a `Right` has ``movers``; both have ``entries``."""
