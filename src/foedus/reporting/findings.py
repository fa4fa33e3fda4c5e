"""What the sections of a report draw on: every analysis of a case, made once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foedus.equilibria.solve import Stability, stability
from foedus.preferences.games import Game
from foedus.process.holding import Holding, acceptance_if_known, holding, solvable

if TYPE_CHECKING:
    from foedus.evidence.ablation import LeaveOneOut
    from foedus.process.acceptance import Acceptance
    from foedus.process.model import Process
    from foedus.reporting.outlook import Outlook


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was found on a case, at the most likely values of its judgements unless drawn.

    ``accepted`` is None where that is not known. ``ahead`` is the forecast with what it depends on,
    which draws the judgements from their ranges; without it ``silent`` says why there is none.
    ``ablation`` is what moves when items of evidence are left out, where that was asked for.
    """

    game: Game
    accepted: Acceptance | None
    solved: Stability
    held: Holding
    ahead: Outlook | None = None
    silent: str = ""
    ablation: LeaveOneOut | None = None

    @property
    def process(self) -> Process:
        """The process, with the changes that were found when consent was worked out.

        Raises CaseError for a case without today, as_of or deadline.
        """
        if self.accepted is not None and solvable(self.game):
            return self.accepted.process.under(undated=None)
        from foedus.process.model import Process

        return Process.of(self.game)

    @property
    def inside(self) -> dict[str, float] | None:
        """The inside view of the hypotheses; None without a forecast."""
        views = self.ahead.forecast.views if self.ahead else None
        return {h: share.p for h, share in views.inside.items()} if views else None


def findings_on(
    game: Game, ahead: Outlook | None = None, silent: str = "", ablation: LeaveOneOut | None = None
) -> Findings:
    """Make the analyses of a game that a report draws on.

    Raises CaseError when no state is possible, or the analyses would need too much.
    """
    accepted = acceptance_if_known(game)
    solved = stability(game)
    return Findings(game, accepted, solved, holding(solved, accepted), ahead, silent, ablation)
