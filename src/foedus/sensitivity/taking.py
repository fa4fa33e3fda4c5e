"""What it would take for an arrangement to be acceptable: payments, and judgements changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.preferences.games import Game, game_of
from foedus.result import Result
from foedus.sensitivity.payments import Payments, payments_for
from foedus.sensitivity.payments_drawn import DRAWS
from foedus.sensitivity.programme import Measure
from foedus.sensitivity.turned import Turning
from foedus.sensitivity.turning import smallest_change


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhatItTakes(Result):
    """All that would turn those who refuse an arrangement.

    ``blockers`` has one entry for each who refuses the package; ``together`` is the change by which
    all who are asked agree.
    """

    payments: Payments
    blockers: tuple[Turning, ...]
    together: Turning

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


def what_it_takes(
    case: Case | Game,
    arrangement: str,
    *,
    measure: Measure = "sum",
    sure_unit: float | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    order: str = "file",
) -> WhatItTakes:
    """What it would take for an arrangement: payments, each blocker turned, and all at once.

    See :func:`~.payments.payments_for` and :func:`~.turning.smallest_change` for the arguments and
    what is raised.
    """
    game = game_of(case) if isinstance(case, Case) else case
    payments = payments_for(game, arrangement, draws=draws, seed=seed, order=order)
    refusing = payments.before.refusing if payments.before else ()

    def turning(blocker: str | None) -> Turning:
        return smallest_change(
            game, arrangement, blocker, measure=measure, sure_unit=sure_unit, order=order
        )

    return WhatItTakes(payments, tuple(map(turning, refusing)), turning(None))
