"""What the sentences of slips are made of: the names and figures that a slip speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from foedus.case.model import Case
from foedus.case.problems import listed
from foedus.document import number
from foedus.game.space import rule_told
from foedus.slips.slip import Slip

LONGEST = 90
"""A statement, name or right is cut to so many characters."""


class Told(NamedTuple):
    """A slip in words: what it is, and what to do about it."""

    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class Words:
    """The names of what a slip speaks of."""

    case: Case
    slip: Slip

    def one(self, what: str) -> str:
        """The first id of a kind, empty without one."""
        return next(iter(self.slip.names.get(what, ())), "")

    def many(self, what: str) -> Sequence[str]:
        """All ids of a kind."""
        return self.slip.names.get(what, ())

    def figure(self, what: str) -> str:
        """A figure, as it is written."""
        return number(self.slip.figures[what])

    def share(self, what: str) -> str:
        """A figure from 0 to 1, in per cent."""
        return f"{100 * self.slip.figures[what]:.0f}%"

    @property
    def actor(self) -> str:
        """The name of the slip's actor."""
        return self.case.actors[self.one("actor")].name

    @property
    def issue(self) -> str:
        """The name of the slip's issue."""
        return self.case.issues[self.one("issue")].name

    def labels(self, what: str) -> list[str]:
        """Positions of the slip's issue by their labels, quoted."""
        issue = self.case.issues[self.one("issue")]
        return [f'"{issue.positions[issue.number(p)].label}"' for p in self.many(what)]

    def rules(self) -> str:
        """The rules, as they are quoted in messages."""
        texts = list(dict.fromkeys(self.many("rules")))
        rules = [next(r for r in self.case.rules if r.statement.text == t) for t in texts]
        return listed([rule_told(self.case, rule) for rule in rules], "and")

    def why(self) -> str:
        """Which rules forbid something, as a sentence."""
        count = len(self.many("rules"))
        if self.slip.reason == "rules-together":
            together = "The rules" if count > 1 else "The rule"
            return f"{together} {self.rules()} together forbid it everywhere."
        if count == 1:
            text = f"The rule {self.rules()} forbids it everywhere"
            return f"{text}; without it, some state would allow it."
        return f"Without any one of the rules {self.rules()} some state would allow it."
