"""Random cases in which time matters: dates, records, paces by change, and what issues take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reference.game import Issue, Number, Preference, Spec, Worth
from reference.statements import And, Is, Statement
from strategies import Choose, _Seeded, build

AS_OF = date(2020, 1, 1)

RECORDS = {
    "swift": "{since: 2019-10-01, until: 2020-01-01, agreed: 9, done: 9}",
    "brisk": "{since: 2017-01-01, until: 2020-01-01, agreed: 6, done: 5, willing: yes}",
    "slow": "{since: 1997-04-02, until: 2019-12-20, agreed: 9, done: 3, done_on: [1999-12-08]}",
}
"""The third names one date of what was done, the others none."""

Key = tuple[str, str] | str
"""A change, a position moved to, or ``default``."""


@dataclass(frozen=True)
class TimedCase:
    """A case with time: ``paces[issue]`` by change, position or default; ``takes[issue]`` days."""

    spec: Spec
    days: int
    paces: Mapping[str, Mapping[Key, str]]
    takes: Mapping[str, str]

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Its issues."""
        return self.spec.issues

    def pace(self, issue: str, origin: str, target: str) -> str | None:
        """The record of a change; None where it is made at once."""
        entries = self.paces.get(issue, {})
        for key in ((origin, target), target, "default"):
            if key in entries:
                return None if entries[key] == "at-once" else entries[key]
        return None

    def takes_time(self, issue: str) -> bool:
        """Whether the issue may take time by itself."""
        return self.takes.get(issue, "0") != "0"

    def to_yaml(self) -> str:
        """The text of the case file."""
        deadline = AS_OF + timedelta(days=self.days)
        lines = []
        for line in self.spec.to_yaml().splitlines():
            lines.append(line)
            if line.startswith("title:"):
                lines += [f"as_of: {AS_OF}", f"deadline: {deadline}"]
                lines += ["records:", *(f"  {name}: {told}" for name, told in RECORDS.items())]
            for issue in self.spec.issues:
                if line == f"  {issue.id}:":
                    lines += self._timing(issue)
        return "\n".join(lines) + "\n"

    def _timing(self, issue: Issue) -> list[str]:
        lines = []
        if issue.id in self.takes:
            lines += [f"    takes: {{days: {self.takes[issue.id]}}}"]
        if issue.id in self.paces:
            lines += ["    pace:"]
            for key, record in self.paces[issue.id].items():
                change = key if isinstance(key, str) else " -> ".join(key)
                lines += [f"      {change}: {record}"]
        return lines


def timed(choose: Choose, spec: Spec) -> TimedCase:
    """The case with a deadline and with quick and slow issues, paces and times drawn."""
    paces: dict[str, dict[Key, str]] = {}
    takes: dict[str, str] = {}
    names = [*RECORDS, *RECORDS, "at-once"]
    for issue in spec.issues:
        if choose.chance(65):
            paces[issue.id] = _pace(choose, issue, names)
        if choose.chance(30):
            takes[issue.id] = choose.one(["0", "30", "[5, 40, 200]", "[0, 10, 300]"])
    spec = replace(spec, today=spec.start)
    return TimedCase(spec, choose.one([90, 365, 1000, 2500]), paces, takes)


def lively(choose: Choose, spec: Spec) -> Spec:
    """The case with wishes under which more is bargained over, and in conflict.

    Ordinary actors mostly put a worth on every position, in small whole numbers or in ranges.
    """
    made: dict[str, Preference] = {}
    for actor in spec.actors:
        if actor.electorate or actor.id not in spec.preferences or choose.chance(15):
            continue
        items: list[tuple[Statement, Number]] = []
        for issue in spec.issues:
            for position in issue.positions:
                value = choose.integer(-9, 9)
                spread = choose.one([0, 0, 1, 6])
                number: Number = (value - spread, value, value + spread) if spread else value
                items.append((Is(issue.id, (position,)), number))
        if choose.chance(50):  # a worth of two things together
            pair = tuple(Is(i.id, (choose.one(i.positions),)) for i in spec.issues[:2])
            items.append((And(pair), choose.integer(-12, 12)))
        made[actor.id] = Worth(tuple(items))
    return replace(spec, preferences={**spec.preferences, **made})


def _pace(choose: Choose, issue: Issue, names: list[str]) -> dict[Key, str]:
    pace: dict[Key, str] = {}
    if choose.chance(40):
        both_ways = [(a, b) for a in issue.positions for b in issue.positions if a != b]
        for change in choose.some(both_ways, 1, 3):
            pace[change] = choose.one(names)
    if choose.chance(30):
        for position in choose.some(issue.positions, 1, 2):
            pace[position] = choose.one(names)
    return {**pace, "default": choose.one(names)}


def random_timed(seed: int) -> TimedCase:
    """The random case of this seed; three of four are lively."""
    choose = Choose(_Seeded(seed))
    spec = build(choose)
    return timed(choose, lively(choose, spec) if seed % 4 else spec)
