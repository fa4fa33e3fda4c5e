"""The likely governments of a case: of each government, what it is worth to those it asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case, Issue, Worth
from foedus.case.problems import CaseError, Problem
from foedus.coalition.as_case import POINTS
from foedus.coalition.chances import agreeing, log_rates, shares
from foedus.coalition.parameters import fitted
from foedus.coalition.results import AskedParty, Governments, PossibleGovernment
from foedus.game.space import Space
from foedus.game.space.feasible import feasible_space


class _Asked(NamedTuple):
    """A government, by one of the sets whose agreement suffices, and who of it governs."""

    position: str
    asked: tuple[str, ...]
    members: tuple[str, ...]


def governments_of(case: Case) -> Governments:
    """The chances of a case's governments, at the most likely values of its worths.

    The governments are the other positions of the issue ``government``, or of the only issue, to
    which somebody may change today's; of several sets that may, the one with the greatest rate
    counts. Ten points of worth over today's are one logit; a worth counts for whoever is asked.
    Raises CaseError for a case that has no such issue, or an asked actor without a worth.
    """
    issue = _issue(case)
    space = feasible_space(case)
    today = (case.today or {}).get(issue.id, issue.positions[0].id)
    ways = [way for position in issue.positions for way in _ways(space, issue, today, position.id)]
    if not ways:
        problem = Problem(f"nobody may change `{issue.id}` from {today!r} today")
        raise CaseError([problem], case.file)
    lacking = sorted({a for way in ways for a in way.asked if not _worth(case, a)})
    if lacking:
        raise CaseError(
            [Problem(f"{a!r} is asked and has no worth", None, "a worth") for a in lacking],
            case.file,
        )
    best: dict[str, tuple[float, _Asked, dict[str, dict[str, float]]]] = {}
    for way in ways:
        reasons = {a: _reasons(case, space, issue, today, way.position, a) for a in way.asked}
        worth = np.array([[sum(reasons[a].values()) for a in way.asked]])
        rate = float(log_rates(worth, np.ones_like(worth, dtype=bool), fitted().power)[0])
        if way.position not in best or rate > best[way.position][0]:
            best[way.position] = rate, way, reasons
    likely = shares(np.array([rate for rate, _, _ in best.values()]))
    found = [
        PossibleGovernment(
            way.position,
            tuple(_party(case, way, actor, reasons[actor]) for actor in way.asked),
            float(p),
            majority=set(way.members) == set(way.asked),
        )
        for p, (_, way, reasons) in zip(likely, best.values(), strict=True)
    ]
    found.sort(key=lambda each: -each.p)
    names = {a: case.actors[a].name for a in dict.fromkeys(a for way in ways for a in way.asked)}
    return Governments(
        immutabledict(names),
        tuple(found),
        0.0,
        0,
        immutabledict({a: sum(g.p for g in found if a in g.members) for a in names}),
        immutabledict(),
        immutabledict(),
    )


def _issue(case: Case) -> Issue:
    if "government" in case.issues:
        return case.issues["government"]
    if len(case.issues) == 1:
        return next(iter(case.issues.values()))
    problem = Problem("the case has no issue `government`", None, "one whose positions are such")
    raise CaseError([problem], case.file)


def _worth(case: Case, actor: str) -> Worth | None:
    preference = case.preferences.get(actor)
    return preference if isinstance(preference, Worth) else None


def _ways(space: Space, issue: Issue, today: str, position: str) -> list[_Asked]:
    """Each set that may change today's position to this one, be it from a later day on."""
    case = space.case
    if position == today:
        return []
    now = _state(space, {})
    found = []
    for given in issue.decided_by.of(today, position).entries:
        if given.when is not None and not (now is not None and space.holds(given.when.tree)[now]):
            continue
        entry = given.right
        texts = [each for each in entry.all_of if isinstance(each, str)]
        named = texts[0].split(" and ") if texts else []
        for mover in entry.movers:
            asked = tuple(actor for actor in case.actors if actor in mover)
            members = tuple(actor for actor in asked if not named or actor in named)
            found.append(_Asked(position, asked, members))
    return found


def _state(space: Space, at: Mapping[str, str]) -> int | None:
    """The index of today's state with some issues elsewhere; None where that is not feasible."""
    first = {issue.id: issue.positions[0].id for issue in space.case.issues.values()}
    return space.find({**first, **(space.case.today or {}), **at})


def _reasons(
    case: Case, space: Space, issue: Issue, today: str, position: str, actor: str
) -> dict[str, float]:
    """What changes for an actor, in logits, by the ids of its worths."""
    before, after = _state(space, {}), _state(space, {issue.id: position})
    if before is None or after is None:
        return {"impossible": -np.inf}
    worth = _worth(case, actor)
    found = {}
    for item in worth.items if worth else ():
        holds = space.holds(item.when.tree)
        change = float(holds[after]) - float(holds[before])
        if change and item.value.mode:
            found[item.id.removesuffix(f"-{position}")] = change * item.value.mode / POINTS
    return found


def _party(case: Case, way: _Asked, actor: str, reasons: Mapping[str, float]) -> AskedParty:
    worth = sum(reasons.values())
    return AskedParty(
        actor,
        case.actors[actor].name,
        actor not in way.members,
        float(worth),
        float(agreeing(np.array(worth))),
        immutabledict(reasons),
    )
