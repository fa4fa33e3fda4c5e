"""A forecast given what has been observed: exact in every draw, and the draws weighted by it.

An observation is that a statement comes to hold of what stands at some time up to a date, or, with
``not``, that it never does. Each draw has a chance of it, which is its weight; from what was seen
the chain goes on. So nothing is counted, and no observation is too rare to go by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case, Expression, Not, Place, Statement
from foedus.case.problems import CaseError, Problem, UnknownName, shown
from foedus.case.statements import parse_statement
from foedus.document import Explanation
from foedus.forecasting.combined import Combined, combined_views
from foedus.forecasting.estimates import Probability, over_draws
from foedus.forecasting.inside import InsideView
from foedus.forecasting.outside import OTHER
from foedus.forecasting.pieces import matching, summed
from foedus.forecasting.plan import Plan
from foedus.forecasting.ranges import Floats
from foedus.forecasting.results import Forecast
from foedus.forecasting.streams import DrawBlock, draw_blocks
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.process.conditioning import MOST_EVENTS, Event, given
from foedus.process.model import Process
from foedus.result import Result, data_of, explained
from foedus.sensitivity.leanings import Leaning, LeftOut, leanings_in, left_out_in
from foedus.sensitivity.measured import span_of
from foedus.sensitivity.ratios import ratio, ratio_mean, worth_of

NEVER = 1e-12
"""What is less likely than this is taken to be impossible: computing is no more exact."""

RARE = 1e-6
"""Of an observation less likely than this the reader is told so."""

_BY = re.compile(r"(?<![\w-])by(?![\w-])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Observation:
    """That a statement comes to hold at some time up to a day; ``text`` is how it was given.

    ``never``: that it does not. ``statement`` is the statement with its ``not``.
    """

    text: str
    statement: Statement
    day: date

    @property
    def never(self) -> bool:
        """Whether it is observed that something does not come about."""
        return isinstance(self.statement.tree, Not)

    @property
    def comes(self) -> Expression:
        """What comes to hold, or never does."""
        tree = self.statement.tree
        return tree.part if isinstance(tree, Not) else tree


@dataclass(frozen=True, slots=True)
class Change:
    """How likely an arrangement is to be what stands at the deadline, before and after.

    ``learned`` is the part of the shift that comes of draws being weighted anew: what each draw of
    the judgements expected before, weighted by how likely it held what was observed, less the
    plain mean. ``passed`` is the rest: what becomes of the answer within the draws so weighted, as
    time has passed and the process goes on from what was seen.
    """

    arrangement: str
    before: Probability
    after: Probability
    learned: float
    passed: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "before after learned passed")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Observed(Result):
    """A forecast before and after an observation.

    ``weights`` (draws,) is the chance of all that was observed in each draw, ``probability`` their
    mean, and ``worth`` as many equal draws as the weighted ones are worth. ``changes`` are by the
    inside view, for each arrangement, and for ``other`` where there are hypotheses; ``before`` and
    ``after`` are the views and their pool, None without hypotheses. ``as_judged`` says that the
    observation is possible with nothing left out. ``leanings`` are the inputs that stand otherwise
    given what was observed, ``left_out`` what the case leaves out that does.
    """

    forecast: Forecast
    observations: tuple[Observation, ...]
    weights: Floats
    probability: Probability
    changes: Mapping[str, Change]
    before: Combined | None
    after: Combined | None
    as_judged: bool
    leanings: tuple[Leaning, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def worth(self) -> float:
        """As many equal draws as the weighted draws are worth."""
        return worth_of(self.weights)

    @property
    def sure(self) -> bool:
        """Whether what was observed was sure to be, so that it tells nothing."""
        return bool(self.weights.min() > 1 - NEVER)

    @property
    def rare(self) -> bool:
        """Whether it was so unlikely that the reader should be told."""
        return self.probability.p < RARE

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        views = (self.before, self.after)
        before, after = (None if v is None else v.to_dict() for v in views)
        return {
            "observations": [
                {"statement": o.statement.text, "by": o.day.isoformat()} for o in self.observations
            ],
            "draws": len(self.weights),
            **data_of(
                self,
                "worth_draws=worth rare possible_as_judged=as_judged probability "
                "arrangements=changes",
            ),
            "views": {"before": before, "after": after},
            "judgements": [leaning.to_dict() for leaning in self.leanings],
            "left_out": [each.to_dict() for each in self.left_out],
        }

    def explain(self, arrangement: str) -> Explanation:
        """What the observation makes of one arrangement. Raises KeyError for an unknown one."""
        if arrangement not in self.changes:
            raise UnknownName("arrangement", arrangement, self.changes)
        return explained(self, arrangement)


def observe(
    forecast: Forecast,
    observations: str | Sequence[str],
    *,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Observed:
    """Condition a forecast on what has been observed: ``STATEMENT by DATE``, one or several.

    A statement is of the language of case files, with arrangements' names; it is asked of states as
    they stand, before the fall, and is observed when it comes to hold at some time up to the end of
    DATE. With ``not`` before the whole of it, it is observed that it never comes to hold till then.
    DATE is from ``as_of`` to the deadline. All observations given, four at most, must be so. The
    process is solved anew in the draws of the forecast, by so many ``workers``. The outside view's
    counts and the evidence stay as they are; the pool is formed anew with the forecast's weights.

    Raises CaseError, with the column in the observation, for one that cannot be understood, that
    has no date or one outside the forecast; and for what cannot be so. Raises ValueError for no
    observations, or more than four.
    """
    case = forecast.case
    read = read_observations(case, observations)
    _refuse_impossible(forecast, read)
    with shared_out(workers, progress) as crew:
        seen = _solve(crew, forecast, read, forecast.options.left_out)
        judged = None
        if forecast.views is not None and forecast.options.left_out:
            judged = _solve(crew, forecast, read, 0.0)
    probability = over_draws(seen.weights, case.words)
    if probability.p < NEVER:
        raise _never(read)
    possible = judged is None or float(judged.weights.mean()) >= NEVER
    return Observed(
        forecast,
        read,
        seen.weights,
        probability,
        _changes(forecast, seen),
        forecast.views,
        _views(forecast, seen, judged if possible else None),
        possible,
        leanings_in(forecast, seen.weights),
        left_out_in(forecast, seen.weights),
    )


def read_observations(case: Case, observations: str | Sequence[str]) -> tuple[Observation, ...]:
    """Read one or several. Raises as :func:`observe` does for what cannot be understood."""
    texts = [observations] if isinstance(observations, str) else list(observations)
    if not texts:
        raise ValueError("nothing was observed")
    if len(texts) > MOST_EVENTS:
        raise ValueError(f"{len(texts)} observations: at most {MOST_EVENTS} at a time")
    return tuple(map(partial(read_observation, case), texts, _names(len(texts))))


def _names(count: int) -> list[str]:
    """What stands for each of several observations in an error."""
    if count == 1:
        return ["<observation>"]
    return [f"<observation {k + 1}>" for k in range(count)]


def read_observation(case: Case, text: str, name: str = "<observation>") -> Observation:
    """Read ``STATEMENT by DATE``; ``name`` stands for it in an error.

    Raises CaseError, with the column in the text.
    """
    places = list(_BY.finditer(text))
    if not places:
        expected = "`by` and a date after the statement, such as `by 2021-03-01`"
        raise _problem("it is not said by when", len(text.rstrip()), name, expected)
    last = places[-1]
    try:
        statement = parse_statement(text[: last.start()], case.issues, case.arrangements)
    except CaseError as error:
        raise CaseError(error.problems, name) from None
    after = text[last.end() :]
    word, start = after.strip(), last.end() + len(after) - len(after.lstrip())
    if not word:
        raise _problem("there is no date after `by`", last.end(), name, _a_date())
    try:
        day = date.fromisoformat(word) if _DATE.fullmatch(word) else None
    except ValueError:
        day = None
    if day is None:
        raise _problem(f"{shown(word)} is no date", start, name, _a_date())
    as_of, deadline = span_of(case)
    if not as_of <= day <= deadline:
        when = "before the forecast begins" if day < as_of else "after the deadline"
        message = f"{day} is {when}"
        raise _problem(message, start, name, f"a date from {as_of} to {deadline}")
    clean = Statement(statement.text.strip(), statement.tree, statement.path)
    return Observation(text.strip(), clean, day)


def _a_date() -> str:
    return "a date as year, month and day, such as 2021-03-01"


def _problem(message: str, offset: int, name: str, expected: str | None) -> CaseError:
    return CaseError([Problem(message, Place(1, offset + 1), expected)], name)


class Observing(NamedTuple):
    """A block of draws, with what is observed in it: what comes to hold, by when, and never."""

    block: DrawBlock
    events: tuple[tuple[Expression, float, bool], ...]


class Seen(NamedTuple):
    """By draw: the chance of what was observed (n,), and of that and each arrangement (n, H)."""

    weights: Floats
    joint: Floats


def seen_block(process: Process, piece: Observing) -> Seen:
    """Solve a block given what was observed."""
    drawn = process.drawn(piece.block, sorted({by for _, by, _ in piece.events}))
    chain = process.myopic(drawn)
    space = process.game.space
    events = [Event(space.holds(tree), by, never) for tree, by, never in piece.events]
    end = given(chain, process.today, events)
    draw, state = chain.explored.draw, chain.explored.state
    match = matching(process)[state]
    joint = [summed(draw, end * column, drawn.draws) for column in match.T]
    return Seen(
        summed(draw, end, drawn.draws),
        np.stack(joint, axis=1) if joint else np.zeros((drawn.draws, 0)),
    )


def _solve(crew: Workers, forecast: Forecast, read: Sequence[Observation], left_out: float) -> Seen:
    as_of, _ = span_of(forecast.case)
    events = tuple((o.comes, float((o.day - as_of).days), o.never) for o in read)
    plan = Plan(forecast.case, replace(forecast.options, left_out=left_out))
    pieces = [Observing(block, events) for block in draw_blocks(forecast.draws, forecast.seed)]
    parts = crew.run("solving it given what was observed", plan, seen_block, pieces)
    return Seen(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _refuse_impossible(forecast: Forecast, read: Sequence[Observation]) -> None:
    """Raise CaseError for what no state satisfies, or what is so from the start."""
    space, today = forecast.process.game.space, forecast.process.today
    for observation, name in zip(read, _names(len(read)), strict=True):
        holds = space.holds(observation.comes)
        if not observation.never and not holds.any():
            message = "no possible state satisfies this statement"
            raise CaseError([Problem(message, Place(1, 1))], name)
        if observation.never and holds[today]:
            message = "what is said never to come about is so from the start"
            expected = "`!=` for what has been left, such as `issue != position by DATE`"
            raise CaseError([Problem(message, Place(1, 1), expected)], name)


def _never(read: Sequence[Observation]) -> CaseError:
    """What to say of what cannot be."""
    what = "this has" if len(read) == 1 else "all of this together has"
    message = f"{what} no chance in any draw: nothing can be said after it"
    return CaseError([Problem(message)], "<observation>")


def _exclusive(case: Case, seen: Seen) -> Floats:
    """The joint chances of the hypotheses and of what they leave; (draws, H + 1)."""
    order = list(case.arrangements)
    mine = seen.joint[:, [order.index(name) for name in case.hypotheses]]
    return np.column_stack([mine, np.maximum(seen.weights - mine.sum(axis=1), 0.0)])


def _changes(forecast: Forecast, seen: Seen) -> Mapping[str, Change]:
    """Every arrangement, and ``other`` where there are hypotheses."""
    case, answers, joint = forecast.case, forecast.answers, seen.joint
    names = list(case.arrangements)
    if case.hypotheses:
        mine = [names.index(name) for name in case.hypotheses]
        left = np.maximum(1.0 - answers[:, mine].sum(axis=1), 0.0)
        answers = np.column_stack([answers, left])
        joint = np.column_stack([joint, _exclusive(case, seen)[:, -1]])
        names.append(OTHER)
    found = {}
    for k, name in enumerate(names):
        before = forecast.reached(name)
        after = ratio(joint[:, k], seen.weights, case.words)
        learned = float(seen.weights @ answers[:, k] / seen.weights.sum() - answers[:, k].mean())
        found[name] = Change(name, before, after, learned, after.p - before.p - learned)
    return immutabledict(found)


def _views(forecast: Forecast, seen: Seen, judged: Seen | None) -> Combined | None:
    """The views and their pool, the inside view given what was observed."""
    if forecast.views is None:
        return None
    case = forecast.case
    mean = ratio_mean(_exclusive(case, seen), seen.weights)
    names = (*case.hypotheses, OTHER)
    inside = InsideView(names, mean)
    if judged is not None:
        inside = InsideView(names, ratio_mean(_exclusive(case, judged), judged.weights), mean)
    weights = dict(forecast.views.pooled.weights)
    return combined_views(case, inside, forecast.seed, weights)
