"""What several judges of one case dispute, and what each answers: the results, as data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case, Judgement
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.forecasting.estimates import Z
from foedus.forecasting.mixtures import said
from foedus.result import Result, data_of, explained

NOTICED = 0.01
"""A movement of an answer by less than this, a point, is called small whatever its error."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far several values of one thing take an answer apart, on the same draws.

    ``by_judge`` is the answer by the judge whose value was used, from 0 to 1; ``lowest`` and
    ``highest`` are judges with the least and greatest of them (of equals the first by name),
    ``gap`` is the difference, and ``se`` the standard error of it from paired draws. ``moves``:
    some draw's answer differs.
    """

    by_judge: Mapping[str, float]
    lowest: str
    highest: str
    gap: float
    se: float
    moves: bool

    @property
    def beyond_error(self) -> bool:
        """Whether the 90 % interval of the gap, of Monte Carlo error alone, leaves out 0.

        The error of a single draw is not known: then nothing is beyond it.
        """
        return self.moves and self.gap > Z * self.se

    @property
    def noticed(self) -> bool:
        """Whether it is beyond error, and a point at least."""
        return self.beyond_error and self.gap >= NOTICED

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = data_of(self, "by_judge lowest highest gap se beyond_error noticed")
        return {**told, "se": None if math.isnan(self.se) else self.se}


@dataclass(frozen=True, slots=True)
class JudgesAnswer:
    """What is answered on one arrangement by one view, from 0 to 1.

    ``case`` is the answer of the case as it is, ``apart`` that of each judge, ``judgements`` that
    of the case with the pooled judgements, ``linear`` the mean of the judges' answers and
    ``log_odds`` their logarithmic pool; None where for one judge it cannot be and for another
    nothing else can.
    """

    arrangement: str
    view: str
    case: float
    apart: Apart
    judgements: float
    linear: float
    log_odds: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "case judges=apart judgements linear log_odds")


@dataclass(frozen=True, slots=True)
class Disputed:
    """A judgement that a judge sets otherwise than the case.

    ``case`` is what the case has, ``by_judge`` what each judge has, ``pooled`` the linear pool;
    ``log_odds`` are low, mode and high of the logarithmic pool, of a probability or a share (None:
    another unit, or there is none).

    ``spread`` is the distance of the least from the greatest most likely value, in the unit.
    ``share`` is the same as a part of the span that the judges' ranges cover together, from 0 (all
    hold the same likeliest) to 1 (each is sure of something else): by it they are ordered.
    ``outlying`` says how far each judge's most likely value is from the median of the others', in
    half-spans of the others' ranges (infinite where they are of one mind, and sure); empty for two
    judges. ``outlier`` is whoever is farthest, if beyond 1, and nobody where two are as far.

    ``effects`` are what it does to answers when it is taken from one judge to another and all else
    stays pooled: by view, then by arrangement. Empty where nothing is forecast or all judge alike.
    """

    name: str
    case: Judgement
    by_judge: Mapping[str, Judgement]
    pooled: Judgement
    log_odds: tuple[float, float, float] | None
    spread: float
    share: float
    outlying: Mapping[str, float]
    outlier: str | None
    effects: Mapping[str, Mapping[str, Apart]]

    @property
    def sayings(self) -> frozenset[tuple[float, float, float, str | None]]:
        """The different things that judges say."""
        return frozenset(map(said, self.by_judge.values()))

    @property
    def split(self) -> bool:
        """Whether two judges say different things, be it of the range alone."""
        return len(self.sayings) > 1

    def to_dict(self) -> dict[str, Any]:
        """Plain data; a distance that is infinite is None."""
        return {
            **data_of(self, "name spread share outlier effects"),
            "unit": self.case.unit,
            "case": _numbers(self.case),
            "judges": {name: _numbers(each) for name, each in self.by_judge.items()},
            "pooled": _numbers(self.pooled),
            "log_odds": None if self.log_odds is None else list(self.log_odds),
            "outlying": {
                name: far if math.isfinite(far) else None for name, far in self.outlying.items()
            },
        }


def _numbers(judgement: Judgement) -> dict[str, Any]:
    return data_of(judgement, "low mode high word")


def _most(effects: Mapping[str, Apart]) -> tuple[str, Apart] | None:
    moved = [(name, each) for name, each in effects.items() if each.moves]
    return max(moved, key=lambda pair: (pair[1].beyond_error, pair[1].gap), default=None)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Judges(Result):
    """Several judges of one case.

    ``names`` are the judges', in their order; ``disputed`` the judgements that one of them sets
    otherwise than the case, widest apart first. ``answers`` has one entry for each arrangement by
    the inside view, and for each hypothesis by all views ``pooled``; empty where nothing was
    forecast (``draws`` 0). ``main`` are the hypotheses, or without any all arrangements, and
    ``headline`` the view by which they are told. ``solved`` counts the cases solved.
    """

    case: Case
    names: tuple[str, ...]
    disputed: tuple[Disputed, ...]
    answers: tuple[JudgesAnswer, ...]
    main: tuple[str, ...]
    headline: str
    draws: int
    seed: int
    solved: int

    def dispute(self, judgement: str) -> Disputed:
        """What is disputed of one judgement, by its name. KeyError for another."""
        for each in self.disputed:
            if judgement in (each.name, each.case.name):
                return each
        raise UnknownName("disputed judgement", judgement, [each.name for each in self.disputed])

    def answer(self, arrangement: str, view: str | None = None) -> JudgesAnswer:
        """What is answered on an arrangement, by the view named, or the headline's where it has it.

        KeyError for an unknown arrangement or view.
        """
        found = [a for a in self.answers if a.arrangement == arrangement]
        found = [a for a in found if view in (None, a.view)]
        if not found:
            known = dict.fromkeys(each.arrangement for each in self.answers)
            raise UnknownName("answer on", arrangement, known)
        return max(found, key=lambda each: each.view == self.headline)

    def telling(self, disputed: Disputed) -> tuple[str, Apart] | None:
        """The main arrangement that a dispute moves most, by the headline's view, and how far.

        What is moved beyond error comes before what is not. None where it moves nothing.
        """
        effects = disputed.effects.get(self.headline, {})
        return _most({name: effects[name] for name in self.main if name in effects})

    def beside(self, disputed: Disputed) -> tuple[str, Apart] | None:
        """The same of the other arrangements, by the inside view."""
        effects = disputed.effects.get("inside", {})
        return _most({name: each for name, each in effects.items() if name not in self.main})

    def matters(self, disputed: Disputed) -> bool:
        """Whether an answer depends on who is right: beyond error, and by a point at least."""
        told = self.telling(disputed)
        return told is not None and told[1].noticed

    def explain(self, name: str) -> Explanation:
        """On a judgement: who says what, and what it does. On an arrangement: what each answers.

        KeyError for what is neither disputed nor answered.
        """
        if any(each.arrangement == name for each in self.answers):
            return explained(self, self.answer(name))
        return explained(self, self.dispute(name))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        views: dict[str, dict[str, Any]] = {}
        for each in self.answers:
            views.setdefault(each.view, {})[each.arrangement] = each.to_dict()
        return {
            "judges": list(self.names),
            "disputed": [
                {**each.to_dict(), "matters": self.matters(each) if self.draws else None}
                for each in self.disputed
            ],
            "views": views,
            **data_of(self, "headline main draws seed forecasts=solved"),
        }
