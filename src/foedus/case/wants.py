"""What actors want, as a case says it: the kinds of preferences, each with its judgements."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.case.expressions import Statement
from foedus.case.judgement import Judgement


@dataclass(frozen=True, slots=True)
class WorthItem:
    """So much is added to an actor's utility when the statement holds."""

    id: str
    when: Statement
    value: Judgement
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Worth:
    """A utility: the sum of the values of the statements that hold."""

    items: tuple[WorthItem, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """One wish of an ordinal actor; ``probability`` is the chance that it has that wish at all."""

    id: str
    when: Statement
    probability: Judgement | None = None
    because: tuple[str, ...] = ()
    note: str | None = None
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Priorities:
    """Option prioritising: lexicographic, most important first."""

    items: tuple[Priority, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ordered statements, best first; an inner tuple is a tie; unmatched states come last."""

    tiers: tuple[tuple[Statement, ...], ...]


@dataclass(frozen=True, slots=True)
class Stance:
    """A wished position on an ordered issue's scale, and how much the actor cares."""

    issue: str
    position: Judgement
    salience: Judgement


@dataclass(frozen=True, slots=True)
class Stances:
    """Wished positions on ordered issues."""

    items: tuple[Stance, ...]


@dataclass(frozen=True, slots=True)
class SupportItem:
    """The share (%) of an electorate that approves; ``when`` is None for the last, the default."""

    id: str
    when: Statement | None
    share: Judgement
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Support:
    """An electorate's approval; the first item that matches counts."""

    items: tuple[SupportItem, ...]


Preference = Worth | Priorities | Ranking | Stances | Support
