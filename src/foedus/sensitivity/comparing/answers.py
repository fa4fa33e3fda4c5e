"""The answers of the cases between two cases, each forecast once on the same random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import BLOCK
from foedus.forecasting.workers import Progress
from foedus.game.space import Mask
from foedus.process.acceptance import Finding, acceptance
from foedus.sensitivity.comparing.hybrids import Bundle, Hybrids, answer_key


@dataclass(frozen=True, slots=True, eq=False)
class Agreed:
    """What acceptance says at the most likely values: a status, and who is against it."""

    status: str
    blockers: tuple[str, ...]

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What two of them are compared by."""
        return self.status, self.blockers

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"status": self.status, "blockers": list(self.blockers)}


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What one case answers: by arrangement, and ``pooled`` by hypothesis (empty: no pool).

    ``reached`` says of each draw whether it ends in the arrangement.
    """

    inside: Mapping[str, float]
    pooled: Mapping[str, float]
    reached: Mapping[str, Mask]
    agreed: Mapping[str, Agreed]

    def of(self, view: str, target: str) -> float:
        """The answer on one arrangement by the view ``inside`` or ``pooled``."""
        return (self.pooled if view == "pooled" else self.inside)[target]


class Asked:
    """Answers by the bundles made, computed when they are first asked for.

    ``played`` counts the forecasts. What differs in texts alone is not played again.
    """

    def __init__(
        self,
        hybrids: Hybrids,
        bundles: Sequence[Bundle],
        targets: Sequence[str],
        *,
        draws: int,
        seed: int,
        workers: int = 1,
        options: PlayoutOptions | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.hybrids, self.bundles, self.targets = hybrids, bundles, tuple(targets)
        self.draws, self.seed, self.workers = draws, seed, workers
        self.options, self.progress = options, progress
        self._done: dict[str, Answers] = {}

    @property
    def played(self) -> int:
        """How many cases have been forecast."""
        return len(self._done)

    def case(self, chosen: Sequence[int] | frozenset[int]) -> Case | None:
        """The old case with these bundles made; None where that is no valid case."""
        return self.hybrids.case(n for k in chosen for n in self.bundles[k].numbers)

    def answers(self, chosen: Sequence[int] | frozenset[int]) -> Answers | None:
        """What the old case with these bundles made answers; None where it is no valid case.

        Raises CaseError for a case that cannot be forecast.
        """
        case = self.case(chosen)
        if case is None:
            return None
        key = answer_key(case)
        if key not in self._done:
            self._done[key] = self._play(case)
            if self.progress is not None:
                self.progress("cases run", len(self._done), 0)
        return self._done[key]

    def known(self, chosen: Sequence[int] | frozenset[int]) -> bool:
        """Whether answering needs no further forecast."""
        case = self.case(chosen)
        return case is None or answer_key(case) in self._done

    def _play(self, case: Case) -> Answers:
        found = forecast(
            case,
            draws=self.draws,
            seed=self.seed,
            workers=min(self.workers, -(-self.draws // BLOCK)),  # a block is not shared out
            stability_draws=0,
            range_draws=0,
            options=self.options,
        )
        pooled = found.views.pooled.pooled if found.views is not None else {}
        accepted = acceptance(found.setting.game).findings
        return Answers(
            immutabledict({t: found.probability(t).p for t in self.targets}),
            immutabledict({t: pooled[t].p for t in self.targets if t in pooled}),
            immutabledict(
                {
                    t: np.asarray(found.setting.matching[t][found.detail.reached])
                    for t in self.targets
                }
            ),
            immutabledict({t: _agreed(accepted[t]) for t in self.targets}),
        )


def _agreed(finding: Finding) -> Agreed:
    return Agreed(finding.status, finding.blockers or finding.worse_off)
