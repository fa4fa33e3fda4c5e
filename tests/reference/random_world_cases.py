"""Random small cases in which the world does things, each the text of a case file from a seed.

As those of ``random_process_cases``, with one to three of: an event at a rate, one by a chance
until a day, one on a day (often the deadline, or the day on which something becomes ready), rights
by state, rights by day, a quota, final positions. Whatever entry of each right by state and day
counts, the case is valid, and what an event makes of any feasible state is feasible.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from foedus.case.model import AnyRight, Case, Issue, Right
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.preferences.games import game_of
from reference.process_case import Setting
from reference.process_clocks import myopic_plan
from reference.random_process_cases import AS_OF, VOTERS, Writer

ATTEMPTS = 2_000
RIGHTS = ("state", "day", "quota")
EVENTS = ("rate", "chance", "dated")


def random_world_case(seed: int, days: tuple[int, int] = (60, 400)) -> str:
    """The case of this seed, as YAML: valid, with a move that somebody could make.

    ``days``: the least and the most from the first day to the deadline. Every fifth has rules,
    which would else be rare: what events do breaks most.
    """
    for attempt in range(ATTEMPTS):
        chance = random.Random(f"world {seed} {attempt}")  # noqa: S311 - no secrets here
        text = _WorldWriter(chance, days).text()
        if seed % 5 == 0 and "\nrules:" not in text:
            continue
        try:
            case = parse_case(text)
            for plain in plain_cases(case):
                game_of(plain)
            setting = Setting(case)
        except (CaseError, ValueError):
            continue
        if _always_possible(setting) and _moves(setting):
            return text
    raise AssertionError(f"no valid case in {ATTEMPTS} attempts from seed {seed}")


def plain_cases(case: Case) -> Iterator[Case]:
    """The case with each right by state and day in every way in which it may stand.

    That is: one of its entries, all of them together, or nobody.
    """
    ways = [
        [(issue.id, right, plain) for plain in _plain_ways(right)]
        for issue in case.issues.values()
        for right in dict.fromkeys(issue.decided_by.entries)
        if not isinstance(right, Right)
    ]
    for chosen in itertools.product(*ways):
        instead: dict[tuple[str, AnyRight], Right] = {
            (issue, right): plain for issue, right, plain in chosen
        }
        issues = {name: _with_rights(issue, instead) for name, issue in case.issues.items()}
        yield replace(case, issues=issues)


def _plain_ways(right: AnyRight) -> list[Right]:
    plain = [entry.right for entry in right.entries]
    anybody = {mover for one in plain for mover in one.movers}
    smallest = sorted((m for m in anybody if not any(n < m for n in anybody)), key=sorted)
    return [*plain, Right("any of them", tuple(smallest)), Right("nobody", ())]


def _with_rights(issue: Issue, instead: Mapping[tuple[str, AnyRight], Right]) -> Issue:
    def plain(right: AnyRight) -> Right:
        return right if isinstance(right, Right) else instead[issue.id, right]

    rights = issue.decided_by
    return replace(
        issue,
        decided_by=replace(
            rights,
            default=plain(rights.default),
            to={target: plain(right) for target, right in rights.to.items()},
            changes={change: plain(right) for change, right in rights.changes.items()},
        ),
    )


def _moves(setting: Setting) -> bool:
    """Whether today is feasible, and something agreed in it at some time, or an event moves it."""
    if setting.today not in setting.states:
        return False
    happening = any(
        target != setting.today
        for h in setting.world
        for _, target in setting.results(h, setting.today)
    )
    clocks = [step.clocks[setting.today] for step in myopic_plan(setting)]
    return happening or any(each.timed or each.meetings for each in clocks)


def _always_possible(setting: Setting) -> bool:
    return all(
        setting.possible(target)
        for happening in setting.world
        for state in setting.states
        for _, target in setting.written_results(happening, state)
    )


class _WorldWriter(Writer):
    """One attempt at a case with a world."""

    def __init__(self, chance: random.Random, days: tuple[int, int]) -> None:
        super().__init__(chance, days)
        self.days = (self.deadline - AS_OF).days
        self.dated = self.often(60)
        times = [5, 21, 30, 45, 60, 90]
        self.times = [min(self.one(times), self.days) for _ in range(self.one([1, 1, 2]))]
        kinds = (*EVENTS, *RIGHTS, "final")
        self.kinds = [self.one(EVENTS if self.often(60) else kinds)]
        self.kinds += [self.one(kinds) for _ in range(self.one([0, 1, 1, 2, 2]))]
        self.to_come = [kind for kind in self.kinds if kind in RIGHTS]

    def data(self) -> dict[str, Any]:
        data = super().data()
        events = {f"{k}-{n}": self.event(k) for n, k in enumerate(self.kinds) if k in EVENTS}
        if events:
            data["events"] = events
        return data

    # --- issues ---------------------------------------------------------------------------

    def issue(self, name: str) -> dict[str, Any]:
        made = super().issue(name)
        lasting = [p for p in self.positions[name] if p not in made.get("otherwise", {})]
        if "final" in self.kinds and self.often(60):
            made["final"] = self.one(lasting[-2:])
        return made

    def right(self) -> Any:
        if not self.to_come or self.often(15):
            return self.plain_right()
        kind = self.to_come.pop()
        if kind == "quota":
            return self.quota()
        entries: list[dict[str, Any]] = []
        for _ in range(self.one([1, 1, 2])):
            entry: dict[str, Any] = {}
            if kind == "state" or self.often(20):
                entry["when"] = self.pattern()
            if kind == "day" or self.often(20):
                entry |= self.span()
            entry["by"] = self.quota() if self.often(15) else self.plain_right()
            entries.append(entry)
        if self.often(60):
            entries.append({"by": self.plain_right()})
        return entries

    def span(self) -> dict[str, date]:
        """From a day on, until a day, or both."""
        first, last = sorted([self.some_day(), self.some_day()])
        form = self.random.randint(1, 3)
        if form == 1:
            return {"from": first}
        return {"until": last} if form == 2 else {"from": first, "until": last}

    def some_day(self) -> date:
        """Any day up to the deadline; often when something becomes ready, or a day beside it."""
        if self.often(60):
            near = self.one(self.times) + self.one([-1, 0, 0, 0, 1])
            if 1 <= near <= self.days:
                return AS_OF + timedelta(days=near)
        return self.deadline if self.often(15) else self.any_day()

    def any_day(self) -> date:
        return AS_OF + timedelta(days=self.random.randint(1, self.days))

    def quota(self) -> dict[str, Any]:
        voters = list(self.ordinary)
        weights = {name: self.one([1, 2, 10, 12.5, 30, 45]) for name in voters}
        if self.voters and self.often(20):
            weights[VOTERS] = min(weights.values()) / 2  # never enough by itself
        bar = sum(weights.values()) * self.one([0.34, 0.5, 0.5, 0.67, 0.9, 1])
        return {"at_least": max(round(bar, 1), min(weights.values())), "of": weights}

    # --- events ---------------------------------------------------------------------------

    def event(self, kind: str) -> dict[str, Any]:
        made: dict[str, Any] = {"when": self.pattern()} if self.often(45) else {}
        made |= {"rate": self.rate, "chance": self.chance, "dated": self.dated_on}[kind]()
        if self.often(45):
            made["sets"] = self.sets()
            return made
        shares: list[float] = self.one([[0.5], [0.3], [0.2, 0.35], [1.0], [0.0]])
        own = list(self.positions)
        self.random.shuffle(own)
        always = own.pop() if self.often(25) else None
        if always is not None:
            made["sets"] = {always: self.one(self.positions[always])}
        branches: list[dict[str, Any]] = [
            {"share": share, "sets": self.sets(own)} for share in shares
        ]
        branches.append({} if self.often(40) and len(branches) > 1 else {"sets": self.sets(own)})
        made["one_of"] = branches
        return made

    def sets(self, among: list[str] | None = None) -> dict[str, str]:
        """One issue more often than two, and the positions that they then take."""
        names = self.some(among or list(self.positions), 1, self.one([1, 1, 2]))
        return {name: self.one(self.positions[name]) for name in names}

    def rate(self) -> dict[str, Any]:
        return {"rate": {"a_year": self.one([0.2, 0.5, 1, [0.3, 0.6, 1.2], 3, 6])}}

    def chance(self) -> dict[str, Any]:
        day = self.deadline + timedelta(days=50) if self.often(15) else self.some_day()
        value = self.one([0.1, 0.3, 0.5, [0.2, 0.4, 0.6], 0.9, "unlikely"])
        return {"chance": {"by": day, "value": value}}

    def dated_on(self) -> dict[str, Any]:
        if self.often(5):
            return {"day": self.deadline + timedelta(days=1)}
        return {"day": self.deadline if self.often(20) else self.some_day()}
