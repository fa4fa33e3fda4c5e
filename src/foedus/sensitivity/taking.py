"""What it would take for an arrangement to be acceptable: payments, and judgements changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.preferences.games import Game
from foedus.process.model import Process
from foedus.result import Result
from foedus.sensitivity.payments import Payments, payments_for
from foedus.sensitivity.turning import Turning, turnings_of


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhatItTakes(Result):
    """All that would turn those who refuse an arrangement.

    ``blockers`` has one entry for each who refuses its best form; ``together`` is the change by
    which all who are asked agree.
    """

    payments: Payments
    blockers: tuple[Turning, ...]
    together: Turning

    @property
    def case(self) -> Case:
        """The case."""
        return self.together.case

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "arrangement": self.together.arrangement,
            "payments": self.payments.to_dict(),
            "blockers": {str(each.blocker): each.to_dict() for each in self.blockers},
            "together": self.together.to_dict(),
        }

    def explain(self, blocker: str | None = None) -> Explanation:
        """What would turn one blocker, or (None) all together. KeyError for who does not block."""
        if blocker is None:
            return self.together.explain()
        for each in self.blockers:
            if each.blocker == blocker:
                return each.explain()
        raise UnknownName("blocker", blocker, [each.blocker or "" for each in self.blockers])


def what_it_takes(case: Case | Game | Process, arrangement: str) -> WhatItTakes:
    """What it would take for an arrangement: payments, each blocker turned, and all at once.

    Of a process its options are taken. Raises KeyError for an unknown arrangement, CaseError for a
    case without today, as_of or deadline.
    """
    process = case if isinstance(case, Process) else Process.of(case)
    blockers, together = turnings_of(process, arrangement)
    return WhatItTakes(payments_for(process, together.before), blockers, together)
