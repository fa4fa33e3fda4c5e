"""Which judgements an answer hangs on: one by one, and all of one actor's together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.forecasting.blocks import block_result
from foedus.forecasting.results import Forecast
from foedus.forecasting.setting import Setting
from foedus.forecasting.streams import DrawBlock
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.game.space import Indexes
from foedus.result import Result, explained
from foedus.sensitivity.binned import binned_change
from foedus.sensitivity.inputs import (
    Input,
    actors_in,
    drawn_inputs,
    inputs_of,
    moved_blocks,
    redrawn_blocks,
)

MOST_DRAWS = 10_000
"""The measure uses so many draws at most."""

END = 0.05
"""Judgements are moved to this point of their distributions from either end."""

SAMPLING = "sensitivity"


@dataclass(frozen=True, slots=True)
class Driver:
    """How an answer hangs on one input.

    ``change`` is the binned change of probability less its permutation null, ``low`` to ``high``
    its 90 % bootstrap interval. ``at_low`` and ``at_high`` are the answer's shares in the tenth of
    the draws where the input is lowest and highest: about its 5 % and 95 % points. ``telling``:
    beyond what chance would show in the greatest of as many idle inputs.
    """

    input: Input
    change: float
    low: float
    high: float
    at_low: float
    at_high: float
    telling: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "judgement": self.input.name,
            "actors": list(self.input.actors),
            "change": self.change,
            "low": self.low,
            "high": self.high,
            "at_low": self.at_low,
            "at_high": self.at_high,
            "telling": self.telling,
        }


@dataclass(frozen=True, slots=True)
class ActorTogether:
    """What all of one actor's judgements do together.

    ``flips`` is the share of draws whose answer changes when they alone are drawn anew; half of it
    is the part of the answer's variance that they have a hand in, the total effect [Homma1996].
    ``lowest`` and ``highest`` are the answer's shares when all of them stand at the
    5 % or 95 % points that speak against it, or for it.
    """

    actor: str
    flips: float
    lowest: float
    highest: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"flips": self.flips, "lowest": self.lowest, "highest": self.highest}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drivers(Result):
    """What an arrangement's chance of being reached hangs on; the most telling first."""

    forecast: Forecast
    answer: str
    draws: int
    share: float
    drivers: tuple[Driver, ...]
    actors: tuple[ActorTogether, ...]
    actor_draws: int

    def telling(self, most: int = 5) -> tuple[Driver, ...]:
        """The most telling drivers; none where nothing stands out from chance."""
        return tuple(d for d in self.drivers if d.telling)[:most]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "answer": self.answer,
            "draws": self.draws,
            "p": self.share,
            "drivers": [driver.to_dict() for driver in self.drivers],
            "actors": {each.actor: each.to_dict() for each in self.actors},
        }

    def explain(self, judgement: str) -> Explanation:
        """How the answer hangs on one judgement, by its name. KeyError for an unknown one."""
        for driver in self.drivers:
            names = {driver.input.name, *(j.name for j in driver.input.judgements)}
            if judgement in names:
                return explained(self, driver)
        raise UnknownName("judgement", judgement, [driver.input.name for driver in self.drivers])


def drivers(
    forecast: Forecast,
    answer: str,
    *,
    actor_draws: int = 2_000,
    workers: int = 1,
    progress: Progress | None = None,
) -> Drivers:
    """What the chance of reaching an arrangement hangs on.

    One by one, from the forecast's own draws (at most ``MOST_DRAWS``): see :mod:`.binned`. All of
    one actor's judgements together, from ``actor_draws`` draws played again with the same random
    numbers otherwise. Raises KeyError for an unknown arrangement, ValueError for too few draws.
    """
    forecast.probability(answer)
    reached = forecast.detail.reached[:MOST_DRAWS]
    yes = forecast.setting.matching[answer][reached]
    inputs = inputs_of(forecast)
    values = drawn_inputs(forecast, inputs, len(yes))
    generator = DrawBlock(0, 0, 1, forecast.seed).generator(f"{SAMPLING} {answer}")
    measured = binned_change(values, yes, generator)
    found = [
        Driver(
            each,
            float(measured.change[k]),
            float(measured.low[k]),
            float(measured.high[k]),
            float(measured.shares[k, 0]),
            float(measured.shares[k, -1]),
            bool(measured.telling[k]),
        )
        for k, each in enumerate(inputs)
    ]
    few = min(actor_draws, len(yes))
    with shared_out(workers, progress) as crew:
        together = _actors(crew, forecast, answer, inputs, found, few)
    in_order = sorted(found, key=lambda driver: -driver.change)
    return Drivers(
        forecast, answer, len(yes), float(yes.mean()), tuple(in_order), tuple(together), few
    )


def _actors(
    crew: Workers,
    forecast: Forecast,
    answer: str,
    inputs: tuple[Input, ...],
    found: Sequence[Driver],
    draws: int,
) -> list[ActorTogether]:
    """Play again with each actor's judgements drawn anew, and moved to either end."""
    matching = forecast.setting.matching[answer]
    before = matching[forecast.detail.reached[:draws]]
    seed = forecast.seed
    names = actors_in(forecast.case, inputs)
    blocks: list[DrawBlock] = []
    for actor in names:
        own = [(each, d) for each, d in zip(inputs, found, strict=True) if actor in each.actors]
        anew = frozenset(each.key for each, _ in own)
        up = {each.key: 1 - END if d.at_high >= d.at_low else END for each, d in own}
        down = {key: 1 - at for key, at in up.items()}
        blocks += redrawn_blocks(draws, seed, anew)
        blocks += moved_blocks(draws, seed, down)
        blocks += moved_blocks(draws, seed, up)
    ends = crew.run("running with moved judgements", forecast.setting.plan, _reached, blocks)
    shares = matching[np.concatenate(ends)] if ends else np.zeros(0, dtype=bool)
    table = shares.reshape(len(names), 3, draws)
    return [
        ActorTogether(
            actor,
            float((redrawn != before).mean()),
            float(min(lowered.mean(), raised.mean())),
            float(max(lowered.mean(), raised.mean())),
        )
        for actor, (redrawn, lowered, raised) in zip(names, table, strict=True)
    ]


def _reached(setting: Setting, block: DrawBlock) -> Indexes:
    """Where the draws of a block end; (n,)."""
    result = block_result(setting, block, detailed=block.size)
    assert result.detail is not None  # noqa: S101 - asked for
    return np.asarray(result.detail.reached, dtype=np.intp)
