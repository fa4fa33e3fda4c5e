"""Rows of stances, put together to issues; all that does not fit is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foedus.bargaining.issue import OrderedIssue
from foedus.case.places import Place
from foedus.case.problems import CaseError, Problem, shown

SCALE = 0.0, 100.0
"""From where to where a scale goes of which nothing else is said."""

MOST_STANCES = 100_000

Key = tuple[str, str]
"""A proposal and an issue in it."""


@dataclass(frozen=True, slots=True)
class Stance:
    """One actor on one issue, as a table says it; ``capability`` where the table has it."""

    key: Key
    actor: str
    position: float
    salience: float
    place: Place
    capability: float | None = None


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """What a table says of an issue as a whole; a ``period`` decides on capabilities."""

    low: float = SCALE[0]
    high: float = SCALE[1]
    reference: float | None = None
    title: str = ""
    period: str = ""


Strength = Callable[[Stance, IssueFacts, list[Problem]], float]
"""How strong an actor is on an issue; what is wrong is added to the list."""


def issues_of(
    stances: Sequence[Stance],
    facts: Mapping[Key, IssueFacts],
    capability: Strength,
    file: str,
    problems: Iterable[Problem] = (),
) -> tuple[OrderedIssue, ...]:
    """The issues in the order in which they first stand, by proposals.

    ``facts`` has every issue; ``capability`` says how strong an actor is there. Saliences are from
    0 to 1 where none in the table is over 1, and else from 0 to 100. Raises CaseError.
    """
    wrong = list(problems)
    if len(stances) > MOST_STANCES:
        raise CaseError([Problem(f"the table has over {MOST_STANCES:,} stances")], file)
    if not stances and not wrong:
        wrong.append(Problem("no actor has a position", expected="a row for each stance"))
    full = 1.0 if all(each.salience <= 1 for each in stances) else 100.0
    by_issue: dict[Key, dict[str, tuple[Stance, float]]] = {}
    for each in stances:
        known = by_issue.setdefault(each.key, {})
        about = facts[each.key]
        if each.actor in known:
            where = known[each.actor][0].place.line
            message = f"{shown(each.actor)} has a stance on {shown(each.key[1])} already"
            wrong.append(Problem(f"{message}, in line {where}", each.place))
        if not about.low <= each.position <= about.high:
            message = f"the position {each.position:g} of {shown(each.actor)} is off the scale"
            expected = f"a number from {about.low:g} to {about.high:g}"
            wrong.append(Problem(message, each.place, expected))
        known[each.actor] = each, capability(each, about, wrong)
    if wrong:
        raise CaseError(wrong, file)
    return tuple(
        _issue(key, by_issue[key], facts[key], full)
        for proposal in dict.fromkeys(key[0] for key in by_issue)
        for key in by_issue
        if key[0] == proposal
    )


def _issue(
    key: Key, held: Mapping[str, tuple[Stance, float]], about: IssueFacts, full: float
) -> OrderedIssue:
    return OrderedIssue(
        key[1],
        tuple(held),
        np.array([strength for _, strength in held.values()]),
        np.array([stance.position for stance, _ in held.values()]),
        np.array([stance.salience for stance, _ in held.values()]),
        about.low,
        about.high,
        about.reference,
        key[0],
        about.title,
        full,
    )


def own_capability(stance: Stance, _: IssueFacts, problems: list[Problem]) -> float:
    """The capability that stands in the row itself."""
    if stance.capability is None:
        problems.append(Problem(f"{shown(stance.actor)} has no capability", stance.place))
        return 0.0
    return stance.capability
