"""Statements about a state, as plain structures: is one true, and how is it written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Is:
    """The issue stands at one of these positions; ``negated``: written as ``!=``."""

    issue: str
    positions: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Named:
    """The arrangement of this name is matched."""

    arrangement: str


@dataclass(frozen=True)
class Not:
    part: Statement


@dataclass(frozen=True)
class And:
    parts: tuple[Statement, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Statement, ...]


@dataclass(frozen=True)
class If:
    left: Statement
    right: Statement


@dataclass(frozen=True)
class Iff:
    left: Statement
    right: Statement


Statement = Is | Named | Not | And | Or | If | Iff


def holds(
    statement: Statement, state: Mapping[str, str], arrangements: Mapping[str, Statement]
) -> bool:
    """Whether the statement is true of a state (issue -> position)."""

    def true(part: Statement) -> bool:
        return holds(part, state, arrangements)

    match statement:
        case Is(issue, positions, negated):
            return (state[issue] in positions) != negated
        case Named(name):
            return true(arrangements[name])
        case Not(part):
            return not true(part)
        case And(parts):
            return all(true(part) for part in parts)
        case Or(parts):
            return any(true(part) for part in parts)
        case If(left, right):
            return not true(left) or true(right)
        case Iff(left, right):
            return true(left) == true(right)


BINDING = {Is: 5, Named: 5, Not: 4, And: 3, Or: 2, If: 1, Iff: 0}
"""How tightly each form binds: ``not`` > ``and`` > ``or`` > ``->`` > ``<->``."""


def text(statement: Statement) -> str:
    """The statement as it is written in a case file, with no more parentheses than needed."""
    binding = BINDING[type(statement)]

    def part_text(part: Statement, *, at_least: int) -> str:
        written = text(part)
        return written if BINDING[type(part)] >= at_least else f"({written})"

    match statement:
        case Is(issue, (position,), negated):
            return f"{issue} {'!=' if negated else '='} {position}"
        case Is(issue, positions, negated):
            written = f"{issue} in {' | '.join(positions)}"
            return f"not ({written})" if negated else written
        case Named(name):
            return name
        case Not(part):
            return f"not {part_text(part, at_least=4)}"
        case And(parts) | Or(parts):
            word = " and " if isinstance(statement, And) else " or "
            return word.join(part_text(part, at_least=binding + 1) for part in parts)
        case If(left, right) | Iff(left, right):
            arrow = "->" if isinstance(statement, If) else "<->"
            sides = [part_text(side, at_least=binding + 1) for side in (left, right)]
            return f"{sides[0]} {arrow} {sides[1]}"
