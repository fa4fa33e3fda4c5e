"""The headline of a forecast alone: the process solved in draws, with nothing varied.

What compares cases (a what-if, two files, evidence left out) solves many of them on the same random
numbers, and asks of each only what the headline says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from immutabledict import immutabledict

from foedus.case.fingerprint import case_hash
from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, UnknownName
from foedus.forecasting.combined import Combined, combined_views
from foedus.forecasting.estimates import Probability, over_draws
from foedus.forecasting.inside import InsideView
from foedus.forecasting.options import LEFT_OUT
from foedus.forecasting.outside import OTHER
from foedus.forecasting.pieces import Solved, Timed, joined, solved_block
from foedus.forecasting.plan import Plan
from foedus.forecasting.streams import draw_blocks
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.preferences.sample import Floats
from foedus.process.model import Process, ProcessOptions

SOLVING = "solving the process"


@dataclass(frozen=True, eq=False)
class Headline:
    """A case solved in so many ``draws``, with what the case leaves out.

    ``reached`` (draws, arrangements) are the probabilities that the draws give.
    """

    process: Process
    seed: int
    reached: Floats

    @cached_property
    def views(self) -> Combined | None:
        """The views of the hypotheses and what they come to together; None without hypotheses.

        Raises CaseError where the views and the evidence leave nothing possible.
        """
        return _views(self.case, self.reached, self.seed) if self.case.hypotheses else None

    @cached_property
    def pooled_by_draw(self) -> Mapping[str, Floats]:
        """The pooled answer as :func:`pooled_by_draw` has it. Raises CaseError as `views` does."""
        return _pooled(self.case, self.reached, self.views) if self.views else immutabledict()

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
        return {name: float(rows.mean()) for name, rows in self.pooled_by_draw.items()}


def headline(
    case: Case,
    *,
    draws: int,
    seed: int,
    workers: int | Workers = 1,
    options: ProcessOptions | None = None,
    progress: Progress | None = None,
) -> Headline:
    """Solve a case in so many draws, for the headline of its forecast alone.

    The numbers are those of a forecast with these draws and seed, but for the last digits. Cases
    with the same changes that the same ``workers`` solve one after another share these. Raises
    CaseError for a case that cannot be solved, ValueError for numbers that make no sense.
    """
    plan = Plan(case, headline_options(options))
    with shared_out(workers, progress) as crew:
        reached = reached_share(crew, plan, draws, seed)
        found = Headline(crew.process(plan), seed, reached)
    found.pooled_by_draw  # noqa: B018 - raises what leaves nothing possible
    return found


class Share(NamedTuple):
    """One of so many shares of some work, by its number from 0."""

    number: int
    of: int


WHOLE = Share(0, 1)


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
    pieces = _pieces(other.draws, other.seed)
    return joined([solved_block(its, piece) for piece in pieces]).reached


def pooled_by_draw(case: Case, reached: Floats, seed: int) -> Mapping[str, Floats]:
    """The pooled answer on each hypothesis and ``other`` as each draw has it, (draws,) each.

    To first order, so that the mean over the draws is the answer, and its Monte Carlo error the
    standard error of that mean: answers to the same draws can be paired. Empty without hypotheses.
    Raises CaseError where the views and the evidence leave nothing possible.
    """
    if not case.hypotheses:
        return immutabledict()
    return _pooled(case, reached, _views(case, reached, seed))


def _views(case: Case, reached: Floats, seed: int) -> Combined:
    names = (*case.hypotheses, OTHER)
    return combined_views(case, InsideView.of_draws(names, exclusive(case, reached)), seed)


def _pooled(case: Case, reached: Floats, found: Combined) -> Mapping[str, Floats]:
    names = (*case.hypotheses, OTHER)
    rows = exclusive(case, reached)
    centre = rows.mean(axis=0)
    slopes = found.rule.slopes(centre)[1]
    answers = np.array([found.pooled.pooled[name].p for name in names])
    return immutabledict(zip(names, (answers + (rows - centre) @ slopes).T, strict=True))


def reached_share(crew: Workers, plan: Plan, draws: int, seed: int, share: Share = WHOLE) -> Floats:
    """What a headline's ``reached`` has of one share of its draws; the shares follow each other.

    Raises CaseError for a case that cannot be solved.
    """
    refuse_without_preferences(crew.process(plan))
    pieces = _pieces(draws, seed)
    first, last = (k * len(pieces) // share.of for k in (share.number, share.number + 1))
    return joined(crew.run(SOLVING, plan, solved_block, pieces[first:last])).reached


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
    return joined(crew.run(what, plan, solved_block, _pieces(draws, seed, times)))


def _pieces(draws: int, seed: int, times: tuple[float, ...] = ()) -> list[Timed]:
    """The draws as pieces of work: blocks, or of one block its halves, for two workers to share.

    Cut in one way however many workers there are, so that their number changes no digit.
    """
    blocks = list(draw_blocks(draws, seed))
    if len(blocks) > 1:
        return [Timed(block, times) for block in blocks]
    halves = range(draws // 2), range(draws // 2, draws)
    return [Timed(blocks[0], times, rows) for rows in halves if rows]


def exclusive(case: Case, reached: Floats) -> Floats:
    """The probabilities of the hypotheses and of what they leave, by draw; rows sum to one."""
    order = list(case.arrangements)
    mine = reached[:, [order.index(name) for name in case.hypotheses]]
    rest = np.maximum(1.0 - mine.sum(axis=1), 0.0)
    rows = np.column_stack([mine, rest])
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))
