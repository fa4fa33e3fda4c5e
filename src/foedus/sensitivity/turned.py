"""The smallest changes of judgements found by which those asked agree, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case
from foedus.document import Explanation
from foedus.process.consent import Consent
from foedus.process.model import Process
from foedus.result import Result, data_of, explained
from foedus.sensitivity.changes import Change


@dataclass(frozen=True, slots=True)
class Turn:
    """One change after which those asked agree, verified by solving consent again.

    ``after`` is consent then. ``worsening`` says that it makes the arrangement worth more to nobody
    whom it turns: it works only by making worse what they expect without it, their BATNA.
    """

    changes: tuple[Change, ...]
    after: Consent
    worsening: bool

    @property
    def half_ranges(self) -> float:
        """Its size: the sum of all moves, each in halves of its own range."""
        return size_of(self.changes)

    @property
    def within(self) -> bool:
        """Whether every changed judgement stays within its range."""
        return all(change.within for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **data_of(
                self, "half_ranges within_ranges=within changes only_worsening_batna=worsening"
            ),
            "refusing_after": list(refusing_in(self.after)),
        }


def size_of(changes: tuple[Change, ...]) -> float:
    """The sum of the moves, each in halves of its own range; a group's judgements count once."""
    groups = {c.before.together or c.name: abs(c.half_ranges) for c in changes}
    return sum(groups.values())


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Turning(Result):
    """What would have to be judged otherwise for those asked to agree to an arrangement.

    ``blocker`` is who shall agree, None for all who are asked. ``turns`` come smallest first, those
    that work only by making the BATNA worse last; none where none was found, and ``reason`` says
    why. ``tried`` settings were solved.
    """

    process: Process
    arrangement: str
    blocker: str | None
    before: Consent
    turns: tuple[Turn, ...] = ()
    tried: int = 0
    reason: str = ""

    @property
    def case(self) -> Case:
        """The case as it is judged."""
        return self.process.case

    @property
    def needed(self) -> bool:
        """Whether any change is needed: whether those asked refuse as things are judged."""
        refuse = refusing_in(self.before)
        if self.blocker is not None:
            return self.blocker in refuse
        return not self.before.acceptable and self.before.status != "by itself"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **data_of(self, "arrangement blocker needed"),
            "found": bool(self.turns),
            "refusing": list(refusing_in(self.before)),
            "turns": [turn.to_dict() for turn in self.turns],
            "reason": self.reason,
        }

    def explain(self) -> Explanation:
        """What would have to be judged otherwise, and what then comes of it."""
        return explained(self)


def refusing_in(consent: Consent) -> tuple[str, ...]:
    """Who refuses an arrangement in its best form."""
    best = consent.headline.best if consent.headline else None
    return best.refuse if best else ()
