"""The answers of the cases between two cases, each solved once on the same random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.forecasting.headline import headline
from foedus.forecasting.workers import Progress, Workers
from foedus.preferences.sample import Floats
from foedus.process.model import Process, ProcessOptions
from foedus.sensitivity.agreed import Agreed, agreed_in
from foedus.sensitivity.comparing.hybrids import Bundle, Hybrids, answer_key


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What one case answers in each draw, (draws,) each.

    By arrangement, and ``pooled`` by hypothesis (empty: no pool).
    """

    inside: Mapping[str, Floats]
    pooled: Mapping[str, Floats]

    def by_draw(self, view: str, target: str) -> Floats:
        """What each draw answers on one arrangement by the view ``inside`` or ``pooled``."""
        return (self.pooled if view == "pooled" else self.inside)[target]

    def of(self, view: str, target: str) -> float:
        """The answer on one arrangement by one view."""
        return float(self.by_draw(view, target).mean())


class Asked:
    """Answers by the bundles made, computed when they are first asked for.

    ``solved`` counts the cases solved. What differs in texts alone is not solved again.
    """

    def __init__(
        self,
        hybrids: Hybrids,
        bundles: Sequence[Bundle],
        targets: Sequence[str],
        crew: Workers,
        *,
        draws: int,
        seed: int,
        options: ProcessOptions | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.hybrids, self.bundles, self.targets, self.crew = hybrids, bundles, targets, crew
        self.draws, self.seed = draws, seed
        self.options, self.progress = options, progress
        self._done: dict[str, Answers] = {}
        self._first: Process | None = None

    @property
    def solved(self) -> int:
        """How many cases have been solved."""
        return len(self._done)

    def case(self, chosen: Sequence[int] | frozenset[int]) -> Case | None:
        """The old case with these bundles made; None where that is no valid case."""
        return self.hybrids.case(n for k in chosen for n in self.bundles[k].numbers)

    def answers(self, chosen: Sequence[int] | frozenset[int]) -> Answers | None:
        """What the old case with these bundles made answers; None where it is no valid case.

        Raises CaseError for a case that cannot be solved.
        """
        case = self.case(chosen)
        if case is None:
            return None
        key = answer_key(case)
        if key not in self._done:
            self._done[key] = self._solved(case)
            if self.progress is not None:
                self.progress("cases run", len(self._done), 0)
        return self._done[key]

    def agreed(self, chosen: Sequence[int], targets: Sequence[str]) -> Mapping[str, Agreed]:
        """Consent to some arrangements in the case with these bundles made, which is valid."""
        case = self.case(chosen)
        assert case is not None  # noqa: S101 - who asks has the answers of it
        process = Process.of(case, self.options)
        if self._first is None:
            self._first = process
        return agreed_in(process.sharing(self._first), targets)

    def _solved(self, case: Case) -> Answers:
        found = headline(
            case, draws=self.draws, seed=self.seed, options=self.options, workers=self.crew
        )
        pooled = found.pooled_by_draw
        return Answers(
            immutabledict({t: found.by_draw(t) for t in self.targets}),
            immutabledict({t: pooled[t] for t in self.targets if t in pooled}),
        )
