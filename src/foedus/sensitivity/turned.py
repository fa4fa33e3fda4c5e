"""The smallest change of judgements that was found, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.case.model import Case
from foedus.document import Explanation
from foedus.preferences.games import Game
from foedus.result import Result, explained
from foedus.sensitivity.changes import Change, with_changes
from foedus.sensitivity.consenting import Consent, Form
from foedus.sensitivity.programme import Measure
from foedus.sensitivity.wishes import Wish

PRECISION = 1e-3
"""To so much of a half-range the least move is worked out."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Turning(Result):
    """The smallest change found after which those asked agree to an arrangement.

    ``blocker`` is who shall agree, None for all who are asked. ``before`` and ``after`` are what
    acceptance says without and with the ``changes``; ``size`` is their ``measure`` in half-ranges:
    the sum of all moves or the largest, and ``at_least`` what every change that leaves no deal as
    it is measures (infinite where there is none). ``form`` is what the package then is, and
    ``moves`` the levers moved, by key. ``changes`` is empty, and ``after`` is None, where ``found``
    is false; then ``reason`` says why. ``wishes`` are single wishes of ordinal blockers that would
    turn them. ``tried`` changes were put to acceptance again.

    ``worsening`` names the changes that make the arrangement worth more to nobody who is asked:
    they work only by making worse what somebody has without it, its BATNA, and stand last among the
    ``changes``. ``instead`` is then the smallest change found without any such, if one was.
    """

    game: Game
    arrangement: str
    blocker: str | None
    measure: Measure
    before: Consent | None
    after: Consent | None = None
    form: Form | None = None
    changes: tuple[Change, ...] = ()
    moves: tuple[tuple[str, float], ...] = ()
    size: float = 0.0
    at_least: float = 0.0
    tried: int = 0
    reason: str = ""
    wishes: tuple[Wish, ...] = ()
    worsening: tuple[str, ...] = ()
    instead: Turning | None = None

    @property
    def found(self) -> bool:
        """Whether a change of numbers was found that does it."""
        return self.after is not None

    @property
    def needed(self) -> bool:
        """Whether any change is needed: whether those asked refuse as things are judged."""
        if self.before is None:
            return True
        refusing = self.before.refusing
        return bool(refusing) if self.blocker is None else self.blocker in refusing

    @property
    def within(self) -> bool:
        """Whether every changed judgement stays within its range."""
        return self.found and all(change.within for change in self.changes)

    @property
    def no_deal_moved(self) -> bool:
        """Whether the change makes no deal another."""
        return (
            self.before is not None
            and self.after is not None
            and self.before.no_deal != self.after.no_deal
        )

    @property
    def smallest(self) -> bool:
        """Whether no smaller change that leaves no deal as it is can do it."""
        return self.found and self.size <= self.at_least + PRECISION

    def changed_case(self) -> Case:
        """The case with the changes made."""
        return with_changes(self.game.case, self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data; states by number, from 1."""
        return {
            "arrangement": self.arrangement,
            "blocker": self.blocker,
            "measure": self.measure,
            "needed": self.needed,
            "found": self.found,
            "half_ranges": self.size if self.found else None,
            "at_least": self.at_least if self.found and np.isfinite(self.at_least) else None,
            "smallest": self.smallest,
            "within_ranges": self.within,
            "changes": [change.to_dict() for change in self.changes],
            "form": self.form.state + 1 if self.form else None,
            "no_deal": self.before.no_deal + 1 if self.before else None,
            "no_deal_after": self.after.no_deal + 1 if self.after else None,
            "refusing": list(self.before.refusing) if self.before else [],
            "refusing_after": list(self.after.refusing) if self.after else [],
            "wishes": [wish.to_dict() for wish in self.wishes],
            "only_worsening_batna": list(self.worsening),
            "instead": self.instead.to_dict() if self.instead else None,
            "reason": self.reason,
        }

    def explain(self) -> Explanation:
        """What would have to be judged otherwise, and what then comes of it."""
        return explained(self)
