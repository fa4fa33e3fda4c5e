"""Random small cases for the process, each the text of a case file made from a seed.

Two to four issues of two or three positions, two to four actors with points (or one with
priorities or a ranking instead), sometimes an electorate; rights with and/or, by position or by
change, one-way positions, expiring ones, rules; up to three records that several issues may share,
times taken (often equal ones), and much that is wanted only together, so that clocks overlap.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import yaml

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.preferences.games import game_of
from reference.process_case import Setting

ACTORS = ("ann", "bob", "cyd", "dan")
VOTERS = "pub"
ISSUES = ("aim", "bridge", "coast", "dues")
POSITIONS = ("low", "mid", "top")
AS_OF = date(2020, 1, 1)
ATTEMPTS = 500
T = TypeVar("T")


def random_process_case(seed: int, days: tuple[int, int] = (365, 3652)) -> str:
    """The case of this seed, as YAML: valid, and with a move that somebody could make.

    ``days``: the least and the most from the first day to the deadline. Cases for those who look
    ahead are better short.
    """
    for attempt in range(ATTEMPTS):
        text = Writer(random.Random(f"{seed} {attempt}"), days).text()  # noqa: S311 - no secrets here
        try:
            case = parse_case(text)
            game_of(case)
        except CaseError:
            continue
        setting = Setting(case)
        if setting.today in setting.states and any(setting.changes_on(0).values()):
            return text
    raise AssertionError(f"no valid case in {ATTEMPTS} attempts from seed {seed}")


class _InFull(yaml.SafeDumper):
    """Writes a value that stands twice twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


class Writer:
    """One attempt at a case; what it writes may be refused."""

    def __init__(self, chance: random.Random, days: tuple[int, int]) -> None:
        self.random = chance
        self.deadline = AS_OF + timedelta(days=chance.randint(*days))
        self.ordinary = ACTORS[: self.one([2, 2, 3, 3, 4])]
        self.voters = self.often(35)
        count = self.one([2, 2, 3, 3, 3, 4])
        self.positions = {name: POSITIONS[: 3 if self.often(35) else 2] for name in ISSUES[:count]}
        self.records = [f"record-{k}" for k in range(self.one([0, 1, 1, 2, 2, 3]))]
        self.dated = self.often(25)  # most things by the calendar, not by a record
        times = [5, 30, 90, 200, 365, 700, 1461]
        self.times = [self.one(times) for _ in range(self.one([1, 1, 2]))]
        self.linked = self.often(60)
        self.links = [self.link() for _ in range(self.random.randint(1, 3))]

    # --- choosing -------------------------------------------------------------------------

    def one(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def often(self, per_cent: int) -> bool:
        return self.random.random() * 100 < per_cent

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        return self.random.sample(options, min(self.random.randint(least, most), len(options)))

    # --- the file -------------------------------------------------------------------------

    def text(self) -> str:
        return yaml.dump(self.data(), Dumper=_InFull, sort_keys=False)

    def data(self) -> dict[str, Any]:
        issues = {name: self.issue(name) for name in self.positions}
        actors: dict[str, Any] = {name: {} for name in self.ordinary}
        if self.voters:
            actors[VOTERS] = {"kind": "electorate"}
            if self.often(50):
                actors[VOTERS]["threshold"] = self.one([33, 50, 60])
        data: dict[str, Any] = {
            "foedus": 1,
            "title": "A random case",
            "as_of": AS_OF,
            "deadline": self.deadline,
            "actors": actors,
            "issues": issues,
            "arrangements": {
                f"deal-{k}": {"when": self.pattern(k)} for k in range(self.random.randint(1, 3))
            },
            "preferences": self.preferences(),
        }
        rules = [
            {"rule": self.rule(), "why": "A rule"} for _ in range(self.one([0, 0, 0, 0, 1, 2]))
        ]
        if rules:
            data["rules"] = rules
        if self.records:
            data["records"] = {name: self.record() for name in self.records}
        if self.often(25):
            data["today"] = {name: self.one(many) for name, many in self.positions.items()}
        return data

    def record(self) -> dict[str, Any]:
        agreed = self.random.randint(1, 10)
        years = self.random.randint(1, 10)
        return {
            "since": AS_OF - timedelta(days=365 * years + self.random.randint(0, 300)),
            "until": AS_OF,
            "agreed": agreed,
            "done": self.random.randint(agreed // 3, agreed),
            "willing": self.one(["yes", "no", "unknown"]),
        }

    # --- issues ---------------------------------------------------------------------------

    def issue(self, name: str) -> dict[str, Any]:
        positions = self.positions[name]
        made: dict[str, Any] = {"positions": {p: p.title() for p in positions}}
        expiring: dict[str, Any] = {}
        if len(positions) > 1 and self.often(18):
            expiring = {positions[0]: self.reversion(positions[1:])}
            made["otherwise"] = expiring
        elif self.often(15):
            made["never_back_to"] = self.one(positions[:2])
        made["decided_by"] = self.rights(positions, expiring)
        pace = self.pace(positions)
        if pace is not None:
            made["pace"] = pace
        if self.often(85 if self.dated else 40):
            made["takes"] = self.takes(positions)
        return made

    def reversion(self, lasting: Sequence[str]) -> Any:
        """What an expiring position becomes; it may depend on the state."""
        if self.often(70):
            return lasting[-1]
        when, to = self.atom(), self.one(lasting)
        return [{"when": when, "to": to}, {"to": self.one(lasting)}]

    def takes(self, positions: Sequence[str]) -> Any:
        if self.often(75):
            return {"days": self.one(self.times)}
        return {self.one(positions): self.one(self.times), "default": self.one([0, *self.times])}

    def pace(self, positions: Sequence[str]) -> Any:
        if not self.records or self.often(70 if self.dated else 15):
            return "at-once" if self.often(20) else None
        if self.often(25):
            return {
                self.one(positions): self.one(self.records),
                "default": self.one([*self.records, "at-once"]),
            }
        return self.one(self.records)

    def rights(self, positions: Sequence[str], expiring: dict[str, Any]) -> Any:
        if self.often(35) and not expiring:
            return self.right()
        rights = {p: self.right() for p in positions if p not in expiring and self.often(75)}
        if self.often(15):
            origin, target = self.random.sample(list(positions), 2)
            if target not in expiring:
                rights[f"{origin} -> {target}"] = self.right()
        rights["default"] = self.one(["nobody", self.right()])
        return rights

    def right(self) -> Any:
        return self.plain_right()

    def plain_right(self) -> str:
        if self.often(6):
            return "nobody"
        ways = [self.together() for _ in range(self.one([1, 1, 1, 2, 2, 3]))]
        return " or ".join(f"({way})" if " or " not in way and " " in way else way for way in ways)

    def together(self) -> str:
        members = self.some(self.ordinary, *self.one([(1, 1), (1, 2), (2, 2), (2, 3)]))
        if self.voters and self.often(25):
            members.append(VOTERS)
        if len(members) > 2 and self.often(30):
            return f"({members[0]} and ({' or '.join(members[1:-1])} or {members[0]}))"
        return " and ".join(members)

    # --- statements -----------------------------------------------------------------------

    def atom(self, issue: str | None = None) -> str:
        name = issue or self.one(list(self.positions))
        positions = self.positions[name]
        if len(positions) > 2 and self.often(20):
            return f"{name} in {' | '.join(self.random.sample(positions, 2))}"
        return f"{name} {'!=' if self.often(15) else '='} {self.one(positions)}"

    def pattern(self, earlier: int = 0) -> str:
        """A statement; it may name one of so many arrangements that come before."""
        if earlier and self.often(10):
            return f"not deal-{self.random.randrange(earlier)}"
        form = self.random.randint(1, 10)
        if form <= 5:
            return self.atom()
        if form <= 8:
            return f"{self.atom()} and {self.atom()}"
        return f"{self.atom()} and ({self.atom()} or {self.atom()})"

    def rule(self) -> str:
        one, other = self.random.sample(list(self.positions), 2)
        return f"{self.atom(one)} {self.one(['->', '->', '<->', 'or'])} {self.atom(other)}"

    # --- preferences ----------------------------------------------------------------------

    def preferences(self) -> dict[str, Any]:
        ordinal = self.one(self.ordinary) if self.often(35) else None
        made = {
            actor: self.wishes() if actor == ordinal else self.worth() for actor in self.ordinary
        }
        if self.voters:
            shares = [20, 40, 45, 50, 60, 75]
            support: list[dict[str, Any]] = [
                {"when": self.pattern(), "share": self.one(shares)}
                for _ in range(self.random.randint(1, 2))
            ]
            made[VOTERS] = {"support": [*support, {"default": self.one(shares)}]}
        return made

    def link(self) -> str:
        """Two or three issues that have left their first positions."""
        moved = [
            f"{name} = {self.one(self.positions[name][1:])}"
            for name in self.some(list(self.positions), 2, 3)
        ]
        if len(moved) < 3:
            return " and ".join(moved)
        outer, inner = self.one([("and", "or"), ("or", "and"), ("and", "and")])
        return f"{moved[0]} {outer} ({moved[1]} {inner} {moved[2]})"

    def worth(self) -> dict[str, Any]:
        """What leads away from the first positions is worth something more often than not.

        In every other case it is worth little by itself, and much where all like to have it linked.
        """
        low, high = (-4, 2) if self.linked else (-5, 12)
        items: dict[str, Any] = {}
        for name, positions in self.positions.items():
            for position in positions[1:]:
                if self.often(80):
                    value = self.random.randint(low, high)
                    items[f"{name}-{position}"] = {"when": f"{name} = {position}", "value": value}
        for k, link in enumerate(self.links):
            if self.often(90 if self.linked else 20):
                items[f"link-{k}"] = {"when": link, "value": self.random.randint(5, 18)}
        for k in range(self.one([0, 0, 1, 2])):
            value = self.random.randint(-10, 10)
            judged = [value - 2, value, value + 3] if self.often(25) else value
            items[f"twist-{k}"] = {"when": self.pattern(), "value": judged}
        if not items:
            items["any"] = {"when": self.atom(), "value": 1}
        return {"worth": items}

    def wishes(self) -> dict[str, Any]:
        if self.often(40):
            return {"ranking": [self.pattern() for _ in range(self.random.randint(2, 4))]}
        wishes: list[dict[str, Any]] = []
        for k in range(self.random.randint(1, 4)):
            wish: dict[str, Any] = {"id": f"wish-{k}", "when": self.pattern()}
            if self.often(20):
                wish["probability"] = self.one([0.3, 0.5, 0.8, "likely", "unlikely"])
            wishes.append(wish)
        return {"priorities": wishes}
