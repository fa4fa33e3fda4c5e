"""Statements about states, as trees."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.case.places import Path


@dataclass(frozen=True, slots=True)
class In:
    """The issue stands at one of these positions (``=``, ``!=``, ``in`` and comparisons)."""

    issue: str
    positions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Named:
    """The named arrangement is matched."""

    arrangement: str


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Expression


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; of no parts, always true."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds; of no parts, never true."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    """When the left holds, the right does."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Iff:
    """Both hold, or neither."""

    left: Expression
    right: Expression


Expression = In | Named | Not | And | Or | Implies | Iff


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about a state: its text as written, and its tree."""

    text: str
    tree: Expression
    path: Path = ()
