"""The headline of a forecast alone: the process solved in draws, with nothing varied.

What compares cases (a what-if, two files, evidence left out) solves many of them on the same random
numbers, and asks of each only what the headline says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from foedus.case.fingerprint import case_hash
from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, UnknownName
from foedus.forecasting.combined import Combined, combined_views
from foedus.forecasting.estimates import Probability, over_draws
from foedus.forecasting.inside import InsideView
from foedus.forecasting.options import LEFT_OUT
from foedus.forecasting.outside import OTHER
from foedus.forecasting.pieces import Solved, Timed, joined, solved_block
from foedus.forecasting.streams import draw_blocks
from foedus.forecasting.workers import Plan, Progress, Workers, shared_out
from foedus.preferences.sample import Floats
from foedus.process.model import Process, ProcessOptions


@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """A case solved in so many ``draws``, with what the case leaves out.

    ``reached`` (draws, arrangements) are the probabilities that the draws give; ``views`` are those
    of the exclusive set and their pool, None in a case without hypotheses.
    """

    process: Process
    seed: int
    reached: Floats
    views: Combined | None

    @property
    def case(self) -> Case:
        """The case."""
        return self.process.case

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(self.reached)

    @property
    def case_hash(self) -> str:
        """The fingerprint of the case."""
        return case_hash(self.case)

    def by_draw(self, arrangement: str) -> Floats:
        """How likely an arrangement is reached in each draw; (draws,). KeyError if unknown."""
        names = list(self.case.arrangements)
        if arrangement not in names:
            raise UnknownName("arrangement", arrangement, names)
        return np.asarray(self.reached[:, names.index(arrangement)])

    def probability(self, arrangement: str) -> Probability:
        """How likely an arrangement is reached, by the inside view. KeyError if unknown."""
        return over_draws(self.by_draw(arrangement), self.case.words)

    @property
    def pooled(self) -> Mapping[str, float]:
        """The pooled answer on each hypothesis and ``other``; empty without hypotheses."""
        if self.views is None:
            return {}
        return {name: share.p for name, share in self.views.pooled.pooled.items()}

    def answer(self, arrangement: str) -> float:
        """The answer on an arrangement: pooled where it is a hypothesis, else by the inside view.

        Raises KeyError for an unknown one.
        """
        if arrangement in self.pooled:
            return self.pooled[arrangement]
        return self.probability(arrangement).p


def headline(
    case: Case,
    *,
    draws: int,
    seed: int,
    workers: int = 1,
    options: ProcessOptions | None = None,
    progress: Progress | None = None,
    crew: Workers | None = None,
) -> Headline:
    """Solve a case in so many draws, for the headline of its forecast alone.

    The numbers are those of a forecast with these draws and seed, but for the last digits. A
    ``crew`` that is given does the work instead of ``workers``; cases with the same changes that it
    solves one after another share these. Raises CaseError for a case that cannot be solved,
    ValueError for numbers that make no sense.
    """
    plan = Plan(case, headline_options(options))
    if crew is None:
        with shared_out(workers, progress) as own:
            return _headline(own, plan, draws, seed)
    return _headline(crew, plan, draws, seed)


class Other(NamedTuple):
    """Some draws to be solved for another case than that of the process at hand."""

    case: Case
    draws: int
    seed: int


def reached_in(process: Process, other: Other) -> Floats:
    """How likely each arrangement of another case is, by draw: (draws, arrangements).

    What both cases have in common is shared. Raises CaseError for a case that cannot be solved.
    """
    its = Process.of(other.case, process.options).sharing(process)
    blocks = draw_blocks(other.draws, other.seed)
    return joined([solved_block(its, Timed(block)) for block in blocks]).reached


def pooled_of(case: Case, inside: InsideView, seed: int) -> Mapping[str, float]:
    """The pooled answer on each hypothesis and ``other``, from the inside view alone."""
    found = combined_views(case, inside, seed).pooled.pooled
    return {name: share.p for name, share in found.items()}


def _headline(crew: Workers, plan: Plan, draws: int, seed: int) -> Headline:
    process = crew.process(plan)
    refuse_without_preferences(process)
    reached = solved_in(crew, plan, draws, seed, (), "solving the process").reached
    views = None
    if hypotheses := plan.case.hypotheses:
        inside = InsideView.of_draws((*hypotheses, OTHER), exclusive(plan.case, reached))
        views = combined_views(plan.case, inside, seed)
    return Headline(process, seed, reached, views)


def headline_options(options: ProcessOptions | None) -> ProcessOptions:
    """The options with what the case leaves out as it is in the headline."""
    return replace(options or ProcessOptions(), left_out=LEFT_OUT)


def refuse_without_preferences(process: Process) -> None:
    """Raise CaseError for a case in which nobody wants anything."""
    if not process.game.views:
        expected = "`preferences` of one actor at least"
        raise CaseError([Problem("no actor has preferences", expected=expected)], process.case.file)


def solved_in(
    crew: Workers, plan: Plan, draws: int, seed: int, times: tuple[float, ...], what: str
) -> Solved:
    """The draws of a plan, solved for myopic actors; the course is noted at ``times``."""
    pieces = [Timed(block, times) for block in draw_blocks(draws, seed)]
    return joined(crew.run(what, plan, solved_block, pieces))


def exclusive(case: Case, reached: Floats) -> Floats:
    """The probabilities of the hypotheses and of what they leave, by draw; rows sum to one."""
    order = list(case.arrangements)
    mine = reached[:, [order.index(name) for name in case.hypotheses]]
    rest = np.maximum(1.0 - mine.sum(axis=1), 0.0)
    rows = np.column_stack([mine, rest])
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))
