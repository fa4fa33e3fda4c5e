"""Paths: the likeliest way from today to each arrangement, or who refuses it first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, assert_never

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case, ChanceBy, OnDay, Rate, Rule
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.game.space import Mask, Space, smallest_conflict
from foedus.preferences.games import Game
from foedus.process.chances import as_chances
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.easiest import EasiestWays
from foedus.process.likeliest import LikeliestWays, LikelyWay
from foedus.process.model import Behaviour, Drawn, Process
from foedus.process.obstacle import Obstacle, obstacle
from foedus.process.present import Departure, Present, present
from foedus.process.steps import (
    Happening,
    Refusal,
    Step,
    event_step,
    happening_of,
    step_between,
)
from foedus.result import Result, explained

Status = Literal["standing", "open", "late", "passed-over", "blocked", "barred", "impossible"]


@dataclass(frozen=True, slots=True)
class Way:
    """How one arrangement is come to from today.

    ``reached`` is the chance that it is reached by myopic actors at the most likely judgements;
    ``farsighted`` that by farsighted ones, where it was asked for.

    ``status``: ``standing``, today reverts to it; ``open``, ``steps`` is the likeliest way of
    agreed changes and events, and ``share`` its share of ``reached``. Otherwise ``steps`` is the
    easiest way that anybody could go: ``late``, all of it is agreed, but what it takes does not
    pass before the deadline; ``passed-over``, all is agreed, but something else on the same clock
    is better; ``blocked``, somebody refuses.
    ``barred``: nothing leads there in time, and ``obstacle`` says why. ``impossible``: no state
    reverts to it, and ``conflict`` is a smallest set of rules that exclude it (None: too much to
    enumerate; empty: every state that would match reverts to something else, or the pattern
    contradicts itself). ``sure`` is False where too many ways were to be compared.
    """

    arrangement: str
    status: Status
    reached: float = 0.0
    farsighted: float | None = None
    share: float | None = None
    steps: tuple[Step, ...] = ()
    sure: bool = True
    obstacle: Obstacle | None = None
    conflict: tuple[Rule, ...] | None = ()

    @property
    def days(self) -> float | None:
        """The expected days of the whole way, given that it is gone by the deadline."""
        known = [step.days for step in self.steps if step.days is not None]
        return sum(known) if self.status == "open" else None

    @property
    def first_refused(self) -> Step | None:
        """The first step that some member of its coalition refuses; None where nobody refuses."""
        return next((step for step in self.steps if step.refusals), None)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Paths(Result):
    """The way from today to each arrangement.

    ``today`` is the index of today's state, ``days`` are left until the deadline. ``ways`` maps
    each arrangement's id to how it is come to; ``present`` says by what today is left.
    """

    game: Game
    today: int
    days: float
    ways: Mapping[str, Way]
    present: Present

    @property
    def case(self) -> Case:
        """The case."""
        return self.game.case

    def way(self, arrangement: str) -> Way:
        """How an arrangement is come to. Raises KeyError, naming those there are."""
        if arrangement not in self.ways:
            raise UnknownName("arrangement", arrangement, self.ways)
        return self.ways[arrangement]

    def explain(self, arrangement: str) -> Explanation:
        """Tell the way to an arrangement step by step. Raises KeyError for an unknown one."""
        return explained(self, self.way(arrangement))

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data; states are numbered from 1."""
        space = self.game.space
        return {
            "today": self.today + 1,
            "days": self.days,
            "arrangements": {name: _way(space, way) for name, way in self.ways.items()},
            "present": _present(space, self.present),
        }


def ways_from_today(case: Case | Game | Process, behaviour: Behaviour = "myopic") -> Paths:
    """Find the way from today to each arrangement, at the most likely judgements.

    Ways are those of myopic actors; with ``farsighted`` the chances of farsighted ones stand
    beside. Raises CaseError for a case without today, ``as_of`` or a deadline, when no state is
    possible or too many are.
    """
    process = case if isinstance(case, Process) else Process.undated(case)
    drawn = process.drawn(MOST_LIKELY_PROCESS)
    seeker = _Seeker(process, drawn, behaviour)
    ways = {name: seeker.way(name) for name in process.case.arrangements}
    return Paths(
        process.game, process.today, process.days, immutabledict(ways), present(process, drawn)
    )


class _Seeker:
    def __init__(self, process: Process, drawn: Drawn, behaviour: Behaviour) -> None:
        self.process, self.drawn = process, drawn
        self.likeliest = LikeliestWays(process.myopic(drawn), process.game.space, process.today)
        self.easiest = EasiestWays(process, drawn)
        self._farsighted: Mapping[int, float] | None = None
        if behaviour == "farsighted":
            solved = process.farsighted(drawn)
            start = np.zeros(len(solved.state))
            start[solved.number[process.today]] = 1.0
            end = solved.end(start)
            self._farsighted = dict(zip(solved.state.tolist(), end.tolist(), strict=True))

    def _by_farsighted(self, inside: Mask) -> float | None:
        if self._farsighted is None:
            return None
        return float(as_chances(sum(p for state, p in self._farsighted.items() if inside[state])))

    def way(self, name: str) -> Way:
        space, case = self.process.game.space, self.process.case
        inside = space.matches(name)
        farsighted = self._by_farsighted(inside)
        if not inside.any():
            pattern = case.arrangements[name].when.tree
            possible = space.holds(pattern).any()
            conflict = () if possible else smallest_conflict(case, pattern)
            return Way(name, "impossible", 0.0, farsighted, conflict=conflict)
        reached = self.likeliest.chance(inside)
        if inside[self.process.today]:
            return Way(name, "standing", reached, farsighted)
        found = self.likeliest.to(inside)
        if found is not None:
            share = found.chance / reached
            return Way(
                name, "open", reached, farsighted, share, self._agreed(found, inside), found.sure
            )
        if not (inside & self.easiest.reached).any():
            barred = obstacle(self.process, inside, self.easiest.reached)
            return Way(name, "barred", reached, farsighted, obstacle=barred)
        steps = self.easiest.to(inside)
        status: Status = "late"
        if any(step.refusals for step in steps):
            status = "blocked"
        elif any(step.instead for step in steps):
            status = "passed-over"
        return Way(name, status, reached, farsighted, steps=steps)

    def _agreed(self, found: LikelyWay, inside: Mask) -> tuple[Step, ...]:
        aside = self.easiest.aside(found.states, inside)
        steps = zip(pairwise(found.states), found.days, aside, strict=True)
        return tuple(self._step(a, b, days, aside=out) for (a, b), days, out in steps)

    def _step(self, origin: int, target: int, days: float, *, aside: bool) -> Step:
        season, event = self.likeliest.how(origin, target)
        happening = None if event is None else happening_of(self.process, event)
        if season is None and happening is not None:
            return event_step(origin, target, happening, days=days, aside=aside)
        return step_between(
            self.process,
            self.drawn,
            origin,
            target,
            season=season or 0,
            days=days,
            aside=aside,
            happening=happening,
        )


# --- plain data -------------------------------------------------------------------------------


def _way(space: Space, way: Way) -> dict[str, Any]:
    first = way.first_refused
    data = {
        "status": way.status,
        "reached": way.reached,
        "share": way.share,
        "days": way.days,
        "steps": [_step(space, step) for step in way.steps],
        "first_refused": None if first is None else way.steps.index(first) + 1,
        "barred": None if way.obstacle is None else _obstacle(way.obstacle),
        "excluded_by": None
        if way.conflict is None
        else [rule.statement.text for rule in way.conflict],
        "sure": way.sure,
    }
    return data if way.farsighted is None else {**data, "reached_farsighted": way.farsighted}


def _step(space: Space, step: Step) -> dict[str, Any]:
    before, after = space.positions(step.origin), space.positions(step.target)
    return {
        "by": list(step.coalition),
        "from": step.origin + 1,
        "to": step.target + 1,
        "change": {issue: after[issue] for issue in after if after[issue] != before[issue]},
        "days": step.days,
        "gains": dict(step.gains),
        "refusals": [_refusal(refusal) for refusal in step.refusals],
        "instead": [state + 1 for state in step.instead],
        "aside": step.aside,
        "event": None if step.happening is None else _happening(step.happening),
        "right_from": None if step.since is None else step.since.isoformat(),
        "right_until": None if step.until is None else step.until.isoformat(),
    }


def _happening(found: Happening) -> dict[str, Any]:
    event = found.event
    data: dict[str, Any] = {
        "id": event.id,
        "name": event.name,
        "branch": found.branch,
        "share": found.share,
    }
    match event.timing:
        case Rate(a_year):
            return {**data, "a_year": a_year.mode}
        case ChanceBy(by, value):
            return {**data, "chance": value.mode, "by": by.isoformat()}
        case OnDay(day):
            return {**data, "day": day.isoformat()}
        case _:
            assert_never(event.timing)


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "actor": refusal.actor,
        "gain": refusal.gain,
        "least": refusal.least,
        "share": refusal.share,
        "threshold": refusal.threshold,
    }


def _obstacle(obstacle: Obstacle) -> dict[str, Any]:
    return {
        "wanted": obstacle.wanted + 1,
        "nearest": obstacle.nearest + 1,
        "changes": [
            {
                "issue": barred.issue,
                "from": barred.origin,
                "to": barred.target,
                "bar": barred.bar,
                "right": barred.right,
                "rules": list(barred.rules),
            }
            for barred in obstacle.barred
        ],
    }


def _present(space: Space, found: Present) -> dict[str, Any]:
    return {
        "days": found.days,
        "left": found.left,
        "left_by_events": found.by_events,
        "explained": not found.unexplained,
        "unexplained": list(found.unexplained),
        "silenced": [f"preferences.{actor}.worth.{item}" for actor, item in found.silenced],
        "departures": [_departure(space, each) for each in found.departures],
    }


def _departure(space: Space, found: Departure) -> dict[str, Any]:
    return {
        **_step(space, found.step),
        "chance": found.chance,
        "long_ago": found.long_ago,
        "recent": found.recent,
        "silenced": [f"preferences.{actor}.worth.{item}" for actor, item in found.silenced],
    }
