"""Statements as English clauses, by the names of issues, positions and arrangements."""

from __future__ import annotations

from typing import assert_never

from foedus.case.expressions import And, Expression, Iff, Implies, In, Named, Not, Or, Statement
from foedus.case.model import Case
from foedus.case.problems import listed


def clause(case: Case, statement: Statement) -> str:
    """What a statement says, as a clause that may follow “that” or “if”.

    Issues, positions and arrangements are quoted by their names.
    """
    return _clause(case, statement.tree)


def label(case: Case, issue: str, position: str) -> str:
    """The label of a position, quoted. Raises KeyError for an unknown issue or position."""
    found = case.issues[issue]
    return f"“{found.positions[found.number(position)].label}”"


def _clause(case: Case, tree: Expression) -> str:
    match tree:
        case In(issue, positions):
            return _stands(case, issue, positions)
        case Named(arrangement):
            return f"the arrangement “{case.arrangements[arrangement].name}” is in place"
        case Not(In(issue, positions)):
            others = [p.id for p in case.issues[issue].positions if p.id not in positions]
            return _stands(case, issue, frozenset(others))
        case Not(Named(arrangement)):
            return f"the arrangement “{case.arrangements[arrangement].name}” is not in place"
        case Not(part):
            return f"it is not the case that {_part(case, part)}"
        case And(parts):
            return _joined([_part(case, part) for part in parts], "and") or "anything holds"
        case Or(parts):
            told = _joined([_part(case, part) for part in parts], "or")
            return f"either {told}" if len(parts) > 1 else told or "nothing holds"
        case Implies(left, right):
            return f"{_part(case, right)} whenever {_part(case, left)}"
        case Iff(left, right):
            return f"{_part(case, left)} if, and only if, {_part(case, right)}"
        case _:
            assert_never(tree)


def _part(case: Case, tree: Expression) -> str:
    """A clause within another: several joined by “and” begin with “both”, so that they are one."""
    told = _clause(case, tree)
    match tree:
        case And(parts) if len(parts) == 2:
            return f"both {_part(case, parts[0])} and {_part(case, parts[1])}"
        case And(parts) if len(parts) > 2:
            return f"all of this holds: {told}"
        case _:
            return told


def _joined(clauses: list[str], word: str) -> str:
    """Clauses with commas between, so that one that holds an “or” of its own stays whole."""
    if len(clauses) < 2:
        return "".join(clauses)
    return f"{', '.join(clauses[:-1])}, {word} {clauses[-1]}"


def _stands(case: Case, name: str, positions: frozenset[str]) -> str:
    """Where an issue stands, or, where that is said in fewer words, where it does not."""
    issue = case.issues[name]
    inside = [label(case, name, p.id) for p in issue.positions if p.id in positions]
    outside = [label(case, name, p.id) for p in issue.positions if p.id not in positions]
    if not outside:
        return f"“{issue.name}” is anything"
    if not inside:
        return f"“{issue.name}” is nothing of what it can be"
    if len(outside) < len(inside):
        if len(outside) == 2:
            return f"“{issue.name}” is neither {outside[0]} nor {outside[1]}"
        return f"“{issue.name}” is not {listed(outside, 'or')}"
    return f"“{issue.name}” is {listed(inside, 'or')}"
