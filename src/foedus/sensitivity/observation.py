"""A forecast given what has been observed: the draws in which it is so, and no others.

An observation is a statement by a date: it is so in a draw when the state that stands there at the
end of that day satisfies it. The draws in which it is not so are put aside; those that remain are a
sample of the same model given the observation, so that all estimates are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case, Place, Statement
from foedus.case.problems import CaseError, Problem, UnknownName, shown
from foedus.case.statements import parse_statement
from foedus.document import Explanation
from foedus.forecasting.combined import Combined, combined_views
from foedus.forecasting.estimates import Probability, from_draws
from foedus.forecasting.inside import InsideView
from foedus.forecasting.outside import OTHER
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import DETAILED
from foedus.game.space import Mask
from foedus.result import Result, explained
from foedus.sensitivity.leanings import Leaning, leanings_in
from foedus.sensitivity.moments import ends_in, span_of, standing_on

FEW = 100
"""With fewer draws left the reader is warned, and nothing is said of the judgements."""

TOO_FEW = 20
"""With fewer draws left there is no answer."""

_BY = re.compile(r"(?<![\w-])by(?![\w-])")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Observation:
    """A statement that is so at the end of a day; ``text`` is how it was given."""

    text: str
    statement: Statement
    day: date


@dataclass(frozen=True, slots=True)
class Change:
    """How likely an arrangement is to be what stands at the deadline, before and after."""

    arrangement: str
    before: Probability
    after: Probability

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"before": self.before.to_dict(), "after": self.after.to_dict()}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Observed(Result):
    """A forecast before and after an observation.

    Of ``draws`` draws, all those whose way was kept, ``left`` remain: those of ``kept`` (draws,);
    ``alone`` counts for each observation the draws in which it is so by itself. ``probability`` is
    how likely all of it was. ``changes`` are by the inside view, for each arrangement, and for
    ``other`` where there are hypotheses; ``before`` and ``after`` are the views and their pool,
    None without hypotheses. ``leanings`` are the inputs that stand otherwise in what remains.
    """

    forecast: Forecast
    observations: tuple[Observation, ...]
    draws: int
    left: int
    kept: Mask
    alone: tuple[int, ...]
    probability: Probability
    changes: Mapping[str, Change]
    before: Combined | None
    after: Combined | None
    leanings: tuple[Leaning, ...]

    @property
    def few(self) -> bool:
        """Whether too few draws remain for more than a rough answer."""
        return self.left < FEW

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        views = (self.before, self.after)
        before, after = (None if v is None else v.to_dict() for v in views)
        return {
            "observations": [
                {"statement": o.statement.text, "by": o.day.isoformat(), "draws": alone}
                for o, alone in zip(self.observations, self.alone, strict=True)
            ],
            "draws": self.draws,
            "left": self.left,
            "few": self.few,
            "probability": self.probability.to_dict(),
            "arrangements": {name: change.to_dict() for name, change in self.changes.items()},
            "views": {"before": before, "after": after},
            "judgements": [leaning.to_dict() for leaning in self.leanings],
        }

    def explain(self, arrangement: str) -> Explanation:
        """What the observation makes of one arrangement. Raises KeyError for an unknown one."""
        if arrangement not in self.changes:
            raise UnknownName("arrangement", arrangement, self.changes)
        return explained(self, arrangement)


def observe(forecast: Forecast, observations: str | Sequence[str]) -> Observed:
    """Weigh a forecast anew by what has been observed: ``STATEMENT by DATE``, one or several.

    A statement is of the language of case files, with arrangements' names; it is asked of the state
    that stands at the end of DATE, before any fall, and on the deadline itself of the state
    reached. DATE is from ``as_of`` to the deadline. All observations given must be so. Only the
    draws whose way was kept are used, the first 20,000. The outside view's counts and the evidence
    stay as they are; the pool is formed anew with the weights of the forecast.

    Raises CaseError, with the column in the observation, for one that cannot be understood, that
    has no date or one outside the forecast; and for what is so in none of the draws, or in fewer
    than ``TOO_FEW``. Raises ValueError for no observations.
    """
    texts = [observations] if isinstance(observations, str) else list(observations)
    if not texts:
        raise ValueError("nothing was observed")
    case = forecast.case
    names = [f"<observation {k}>" if len(texts) > 1 else "<observation>" for k in _from_one(texts)]
    read = [read_observation(case, t, name) for t, name in zip(texts, names, strict=True)]
    so = [_so(forecast, observation) for observation in read]
    kept = np.all(so, axis=0)
    alone = tuple(int(each.sum()) for each in so)
    draws, left = len(kept), int(kept.sum())
    if left < TOO_FEW:
        raise _rare(forecast, read, alone, left, names)
    changes = _changes(forecast, kept)
    return Observed(
        forecast,
        tuple(read),
        draws,
        left,
        kept,
        alone,
        from_draws(left, draws, case.words),
        changes,
        _views(forecast, {name: c.before for name, c in changes.items()}, draws),
        _views(forecast, {name: c.after for name, c in changes.items()}, left),
        leanings_in(forecast, kept) if FEW <= left < draws else (),
    )


def _from_one(texts: Sequence[str]) -> range:
    return range(1, len(texts) + 1)


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


def _so(forecast: Forecast, observation: Observation) -> Mask:
    """In which draws an observation is so; (n,)."""
    holds = forecast.setting.game.space.holds(observation.statement.tree)
    return np.asarray(holds[standing_on(forecast, observation.day)])


def _rare(
    forecast: Forecast,
    read: Sequence[Observation],
    alone: Sequence[int],
    left: int,
    names: Sequence[str],
) -> CaseError:
    """What to say when no draws remain, or too few."""
    draws = len(forecast.detail.reached)
    for observation, name in zip(read, names, strict=True):
        if not forecast.setting.game.space.holds(observation.statement.tree).any():
            message = "no possible state satisfies this statement"
            return CaseError([Problem(message, Place(1, 1))], name)
    what = "this is so" if len(read) == 1 else "all of this is so together"
    each = ""
    if len(read) > 1:
        each = f" (one by one in {', '.join(f'{count:,}' for count in alone)})"
    if not left:
        message = f"{what} in none of {draws:,} draws{each}: nothing can be said after it"
        return CaseError([Problem(message)], "<observation>")
    message = f"{what} in only {left} of {draws:,} draws{each}: too few to go by"
    more = "" if draws >= DETAILED else f", or more draws (up to {DETAILED:,} count)"
    return CaseError([Problem(message, expected=f"something less rare{more}")], "<observation>")


def _changes(forecast: Forecast, kept: Mask) -> Mapping[str, Change]:
    """Every arrangement, and ``other`` where there are hypotheses, among all draws and the kept."""
    case = forecast.case
    names = (*case.arrangements, *((OTHER,) if case.hypotheses else ()))
    left, draws = int(kept.sum()), len(kept)
    return immutabledict(
        {
            name: Change(
                name,
                from_draws(int(ends.sum()), draws, case.words),
                from_draws(int(ends[kept].sum()), left, case.words),
            )
            for name, ends in ends_in(forecast, names).items()
        }
    )


def _views(forecast: Forecast, inside: Mapping[str, Probability], draws: int) -> Combined | None:
    """The views and their pool when the inside view is this."""
    if forecast.views is None:
        return None
    names = (*forecast.case.hypotheses, OTHER)
    counts = {name: round(inside[name].p * draws) for name in names}
    weights = dict(forecast.views.pooled.weights)
    return combined_views(forecast.case, InsideView.of_counts(counts), forecast.seed, weights)
