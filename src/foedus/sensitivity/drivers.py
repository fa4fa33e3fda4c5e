"""Which judgements an answer depends on: one by one, all of one actor's, and in pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.forecasting.pieces import Timed, solved_block
from foedus.forecasting.plan import Plan
from foedus.forecasting.ranges import Floats
from foedus.forecasting.results import Forecast
from foedus.forecasting.streams import DrawBlock
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.process.consent import Consent, Consents
from foedus.process.model import Process
from foedus.result import Result, data_of, explained
from foedus.sensitivity.binned import binned_change, rank_correlation
from foedus.sensitivity.inputs import Input, actors_in, drawn_inputs, inputs_of
from foedus.sensitivity.jointly import Jointly, jointly, leanings_to
from foedus.sensitivity.samples import redrawn_blocks

MOST_DRAWS = 10_000
"""The measure uses so many draws at most."""

ACTOR_DRAWS = 250
"""In so many draws all of one actor's judgements are drawn anew."""

RARE = 0.01
"""Drivers of an answer nearer than this to 0 or 1 are put in order by ranks."""

DIGITS = 12
"""To so many digits the answers of draws are told apart."""

SAMPLING = "sensitivity"


@dataclass(frozen=True, slots=True)
class Driver:
    """How an answer depends on one input.

    ``change`` is the binned change of the answer's probability less its permutation null, ``low``
    to ``high`` its 90 % bootstrap interval. ``rank`` is the correlation of its ranks with those of
    the draws' answers, from -1 to 1, which shows what drives a rare answer. ``at_low`` and
    ``at_high`` are the mean answers in the tenth of the draws where the input is lowest and
    highest: about its 5 % and 95 % points. ``telling``: by either measure beyond what chance would
    show in the greatest of as many idle inputs.
    """

    input: Input
    change: float
    low: float
    high: float
    rank: float
    at_low: float
    at_high: float
    telling: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(
            self,
            "judgement=input.name actors=input.actors loadings=input.loadings "
            "change low high rank at_low at_high telling",
        )


@dataclass(frozen=True, slots=True)
class ActorTogether:
    """What all of one actor's judgements do together.

    ``moves`` is by how much a draw's answer changes on the mean when they alone are drawn anew.
    ``lowest`` and ``highest`` are the answer when all of them stand at the 5 % or 95 % points that
    speak against it, or for it, and all other judgements are most likely.
    """

    actor: str
    moves: float
    lowest: float
    highest: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "moves lowest highest")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drivers(Result):
    """What an arrangement's chance of being reached depends on; the most telling first.

    ``consent`` says who refuses it where it comes about in no draw at all, and is None elsewhere.
    """

    forecast: Forecast
    answer: str
    draws: int
    share: float
    drivers: tuple[Driver, ...]
    actors: tuple[ActorTogether, ...]
    actor_draws: int
    together: Jointly
    consent: Consent | None

    @property
    def rare(self) -> bool:
        """Whether drivers are put in order by ranks, for the answer is nearly sure."""
        return min(self.share, 1 - self.share) < RARE

    def telling(self, most: int = 5) -> tuple[Driver, ...]:
        """The most telling drivers; none where nothing stands out from chance."""
        return tuple(d for d in self.drivers if d.telling)[:most]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        refuses = [] if self.consent is None else sorted(refusing(self.consent))
        return {
            **data_of(self, "answer draws p=share drivers"),
            "actors": {each.actor: each.to_dict() for each in self.actors},
            "together": self.together.to_dict(),
            "never": self.consent is not None,
            "refuses": refuses,
        }

    def explain(self, judgement: str) -> Explanation:
        """How the answer depends on one judgement, by its name. KeyError for an unknown one."""
        for driver in self.drivers:
            names = {driver.input.name, *(j.name for j in driver.input.judgements)}
            if judgement in names:
                return explained(self, driver)
        raise UnknownName("judgement", judgement, [driver.input.name for driver in self.drivers])


def refusing(consent: Consent) -> tuple[str, ...]:
    """Who refuses an arrangement in its best form; nobody where it is not put to anybody."""
    best = consent.headline.best if consent.headline else None
    return best.refuse if best else ()


def drivers(
    forecast: Forecast,
    answer: str,
    *,
    actor_draws: int = ACTOR_DRAWS,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Drivers:
    """What the chance of reaching an arrangement depends on.

    One by one, from the forecast's own draws (at most ``MOST_DRAWS``): see :mod:`.binned`. All of
    one actor's judgements together, from ``actor_draws`` draws solved again with the same random
    numbers otherwise, and at their ends, as pairs are: see :mod:`.jointly`. Raises KeyError for an
    unknown arrangement, ValueError for too few draws.
    """
    return drivers_of(
        forecast, [answer], actor_draws=actor_draws, workers=workers, progress=progress
    )[answer]


def drivers_of(
    forecast: Forecast,
    answers: Sequence[str],
    *,
    actor_draws: int = ACTOR_DRAWS,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Mapping[str, Drivers]:
    """The same for several arrangements, by their ids; what is solved again serves all."""
    for answer in answers:
        forecast.probability(answer)
    inputs = inputs_of(forecast)
    few = min(actor_draws, len(forecast.answers[:MOST_DRAWS]))
    with shared_out(workers, progress) as crew:
        anew = _drawn_anew(crew, forecast, inputs, few)
    return immutabledict(
        {answer: _drivers(forecast, answer, inputs, anew, few) for answer in answers}
    )


def _drivers(
    forecast: Forecast,
    answer: str,
    inputs: tuple[Input, ...],
    anew: Mapping[str, Floats],
    few: int,
) -> Drivers:
    """The drivers of one arrangement; ``anew`` as `_drawn_anew` has it."""
    place = list(forecast.estimates).index(answer)
    answers = _exactly(forecast.answers[:MOST_DRAWS, place])
    share = float(answers.mean())
    values = drawn_inputs(forecast, inputs, len(answers))
    generator = DrawBlock(0, 0, 1, forecast.seed).generator(f"{SAMPLING} {answer}")
    plain = binned_change(values, answers, generator)
    ranks, by_ranks = rank_correlation(values, answers, generator)
    found = [
        Driver(
            each,
            float(plain.change[k]),
            float(plain.low[k]),
            float(plain.high[k]),
            float(ranks[k]),
            float(plain.shares[k, 0]),
            float(plain.shares[k, -1]),
            bool(plain.telling[k] or by_ranks[k]),
        )
        for k, each in enumerate(inputs)
    ]
    rare = min(share, 1 - share) < RARE
    process = forecast.process.under(left_out=0.0)
    consent = Consents(process).of(answer) if rare else None
    towards = {d.input.key: d.rank or d.at_high - d.at_low for d in found}
    if consent is not None and consent.headline is not None:
        quiet = {d.input.key for d in found if not d.telling}
        leaning = leanings_to(process, consent.headline.state, inputs)
        towards |= {key: way for key, way in leaning.items() if key in quiet}
    moves = {
        actor: float(np.abs(reached[:, place] - answers[:few]).mean())
        for actor, reached in anew.items()
    }
    refuse = () if consent is None else refusing(consent)
    together = jointly(process, answer, inputs, towards, refuse)
    found.sort(key=lambda d: (not d.telling, -(abs(d.rank) if rare else d.change)))
    return Drivers(
        forecast,
        answer,
        len(answers),
        share,
        tuple(found),
        tuple(
            ActorTogether(
                each.actors[0],
                moves[each.actors[0]] if moves[each.actors[0]] > 1e-9 else 0.0,
                min(each.against, each.chance),
                max(each.against, each.chance),
            )
            for each in together.actors
        ),
        few,
        together,
        consent if not answers.any() else None,
    )


def _exactly(answers: Floats) -> Floats:
    """Probabilities without the noise of adding floats."""
    return np.asarray(np.round(np.clip(answers, 0.0, 1.0), DIGITS), dtype=float)


def _drawn_anew(
    crew: Workers, forecast: Forecast, inputs: tuple[Input, ...], draws: int
) -> Mapping[str, Floats]:
    """What is reached when one actor's judgements are drawn anew, by actor.

    Each (draws, arrangements).
    """
    names = actors_in(forecast.case, inputs)
    pieces: list[DrawBlock] = []
    for actor in names:
        anew = frozenset(each.key for each in inputs if actor in each.actors)
        pieces += redrawn_blocks(draws, forecast.seed, anew)
    plan = Plan(forecast.case, forecast.options)
    ends = crew.run("drawing one actor's judgements anew", plan, _reached, pieces)
    if not ends:
        return {}
    table = np.concatenate(ends).reshape(len(names), draws, -1)
    return dict(zip(names, table, strict=True))


def _reached(process: Process, block: DrawBlock) -> Floats:
    """How likely each arrangement is reached in each draw of a block; (n, arrangements)."""
    return solved_block(process, Timed(block)).reached
