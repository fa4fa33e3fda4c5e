"""What a forecast draws at random, stream by stream, and blocks in which some of it is moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from immutabledict import immutabledict

from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of
from foedus.case.model import Case
from foedus.forecasting.ranges import Floats, spread_of
from foedus.forecasting.results import Forecast
from foedus.forecasting.streams import DrawBlock, draw_blocks, stream_of


@dataclass(frozen=True, slots=True)
class Input:
    """One stream of random numbers: the judgements that move by it, or the pace of a record.

    ``key`` names the stream. ``actors`` are those whose judgements they are.
    """

    key: str
    judgements: tuple[Judgement, ...]
    actors: tuple[str, ...]
    record: str | None = None
    held: bool = False

    @property
    def name(self) -> str:
        """How it is named to a reader who wants to find it in the file."""
        if self.record is not None:
            return f"records.{self.record}"
        return " and ".join(judgement.name for judgement in self.judgements)


def inputs_of(forecast: Forecast) -> tuple[Input, ...]:
    """The streams that a forecast's process uses and that vary, in the order of the case."""
    case = forecast.case
    grouped: dict[str, list[Judgement]] = {}
    for judgement in judgements_of(case):
        if judgement.played:
            grouped.setdefault(stream_of(judgement), []).append(judgement)
    found = [
        Input(
            key,
            tuple(members),
            tuple(dict.fromkeys(j.owner for j in members if j.owner is not None)),
            held=all(j.role is Role.PRIORITY for j in members),
        )
        for key, members in grouped.items()
    ]
    paces = (item.record for item in forecast.process.items.all if item.record is not None)
    found += [Input(f"pace {record}", (), (), record) for record in dict.fromkeys(paces)]
    return tuple(found)


def drawn_inputs(forecast: Forecast, inputs: tuple[Input, ...], draws: int) -> Floats:
    """Where each input stands in its distribution, from 0 to 1, in the first draws; (draws, J).

    Of a wish that is held or not, a number above one half where it is held.
    """
    parts = []
    for block in draw_blocks(draws, forecast.seed):
        columns = [_column(block, each) for each in inputs]
        parts.append(np.stack(columns, axis=1) if columns else np.zeros((block.size, 0)))
    return np.concatenate(parts)


def _column(block: DrawBlock, each: Input) -> Floats:
    at = block.uniforms(each.key)
    if not each.held:
        return at
    return np.asarray((block.so(each.judgements[0]) + at) / 2)


@dataclass(frozen=True, slots=True)
class Moved(DrawBlock):
    """A block in which some streams stand at a fixed point of their distributions.

    ``at`` maps keys of streams to a number from 0 to 1. With p its mean probability, a wish is not
    held up to the point 1 - p, and held beyond it.
    """

    at: Mapping[str, float] = field(default_factory=immutabledict)

    def uniforms(self, key: str) -> Floats:
        """As in any block, but fixed for the streams that are moved."""
        if key in self.at:
            return np.full(self.size, self.at[key])
        return DrawBlock.uniforms(self, key)

    def so(self, held: Judgement) -> npt.NDArray[np.bool_]:
        """As in any block, but at the fixed point of being held or not for those moved."""
        key = stream_of(held)
        if key not in self.at:
            return DrawBlock.so(self, held)
        return np.full(self.size, self.at[key] > 1 - spread_of(held).mean())


@dataclass(frozen=True, slots=True)
class Redrawn(DrawBlock):
    """A block in which some streams are drawn anew, all others staying as they are."""

    anew: frozenset[str] = frozenset()

    def uniforms(self, key: str) -> npt.NDArray[np.float64]:
        """As in any block, but from another stream for those drawn anew."""
        again = key in self.anew or key.removesuffix(" so") in self.anew
        return DrawBlock.uniforms(self, f"{key} anew" if again else key)


def moved_blocks(draws: int, seed: int, at: Mapping[str, float]) -> Iterator[DrawBlock]:
    """The blocks of so many draws with some streams fixed."""
    for block in draw_blocks(draws, seed):
        yield Moved(block.number, block.first, block.size, block.seed, immutabledict(at))


def redrawn_blocks(draws: int, seed: int, anew: frozenset[str]) -> Iterator[DrawBlock]:
    """The blocks of so many draws with some streams drawn anew."""
    for block in draw_blocks(draws, seed):
        yield Redrawn(block.number, block.first, block.size, block.seed, anew)


def actors_in(case: Case, inputs: tuple[Input, ...]) -> tuple[str, ...]:
    """The actors with judgements among the inputs, in the order of the case."""
    named = {actor for each in inputs for actor in each.actors}
    return tuple(actor for actor in case.actors if actor in named)
