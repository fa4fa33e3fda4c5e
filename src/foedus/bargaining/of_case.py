"""The ordered issues of a case: its issues with a scale, and the stances of its actors on them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foedus.bargaining.issue import OrderedIssue
from foedus.case.model import Case, Issue, Stance, Stances
from foedus.case.places import Path
from foedus.case.problems import CaseError, Problem, listed


def ordered_issues(case: Case) -> tuple[OrderedIssue, ...]:
    """All issues of a case that have a scale, and on which somebody has a stance.

    Judgements enter at their most likely values. The reference point is where the issue stands
    today, if the case says so. Where no actor has a capability, all are alike. Raises CaseError
    where there is no such issue, where some actors with stances have a capability and others have
    none, and for a stance off the scale.
    """
    held = {
        actor: preference.items
        for actor, preference in case.preferences.items()
        if isinstance(preference, Stances)
    }
    problems = list(_problems(case, tuple(held)))
    by_issue: dict[str, list[tuple[str, Stance]]] = {}
    for actor, items in held.items():
        for stance in items:
            by_issue.setdefault(stance.issue, []).append((actor, stance))
    most = max((s.salience.mode for items in held.values() for s in items), default=1.0)
    full = 1.0 if most <= 1 else max(most, 100.0)
    found = []
    for issue in case.issues.values():
        if issue.scale is None or issue.id not in by_issue:
            continue
        stances = by_issue[issue.id]
        low, high = min(issue.scale), max(issue.scale)
        if wrong := list(_off_scale(case, issue, stances, low, high)):
            problems += wrong
            continue
        found.append(
            OrderedIssue(
                issue.id,
                tuple(actor for actor, _ in stances),
                np.array([_capability(case, actor) for actor, _ in stances]),
                np.array([stance.position.mode for _, stance in stances]),
                np.array([stance.salience.mode for _, stance in stances]),
                low,
                high,
                _today(case, issue),
                title=issue.name,
                full_salience=full,
            )
        )
    if not found and not problems:
        message = "no actor has a stance on an issue with a scale, so there is nothing to forecast"
        expected = "issues with `scale`, and actors with `stances`"
        problems.append(Problem(message, expected=expected))
    if problems:
        raise CaseError(problems, case.file)
    return tuple(found)


def _capability(case: Case, actor: str) -> float:
    judged = case.actors[actor].capability
    return 1.0 if judged is None else judged.mode


def _problems(case: Case, held: tuple[str, ...]) -> Iterator[Problem]:
    without = [actor for actor in held if case.actors[actor].capability is None]
    if without and len(without) < len(held):
        for actor in without:
            message = f"actor {actor!r} has stances but no capability, and others have one"
            yield Problem(
                message, case.place(("actors", actor)), "a capability for all, or for none"
            )


def _off_scale(
    case: Case, issue: Issue, stances: list[tuple[str, Stance]], low: float, high: float
) -> Iterator[Problem]:
    if low == high:
        scale: Path = ("issues", issue.id, "scale")
        message = f"the scale of {issue.id!r} goes from {low:g} to {high:g}"
        yield Problem(message, case.place(scale), "two numbers that differ")
        return
    for actor, stance in stances:
        if not low <= stance.position.mode <= high:
            path: Path = ("preferences", actor, "stances", issue.id, "position")
            message = f"the position {stance.position.mode:g} of {actor!r} is off the scale"
            expected = f"a number from {low:g} to {high:g}"
            yield Problem(message, case.place(path), expected)


def _today(case: Case, issue: Issue) -> float | None:
    if case.today is None or issue.scale is None:
        return None
    return issue.scale[issue.number(case.today[issue.id])]


def positions_told(case: Case, issue: str) -> dict[float, str]:
    """What each place on an issue's scale is called, by its number, from the lowest on."""
    there = case.issues[issue]
    names: dict[float, list[str]] = {}
    for position, at in zip(there.positions, there.scale or (), strict=False):
        names.setdefault(at, []).append(position.label)
    return {at: listed(names[at], "or") for at in sorted(names)}
