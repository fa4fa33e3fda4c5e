"""What a forecast draws at random, stream by stream: judgements, groups of them, and paces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of
from foedus.case.model import Case
from foedus.forecasting.ranges import Floats
from foedus.forecasting.results import Forecast
from foedus.forecasting.streams import DrawBlock, draw_blocks, stream_of
from foedus.forecasting.surveys import poll_behind
from foedus.process.model import Process


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


def inputs_of(found: Forecast | Process) -> tuple[Input, ...]:
    """The streams that a process uses and that vary, in the order of the case; then the paces."""
    process = found if isinstance(found, Process) else found.process
    case = process.case
    grouped: dict[str, list[Judgement]] = {}
    for judgement in judgements_of(case):
        if judgement.played and _varies(case, judgement):
            grouped.setdefault(stream_of(judgement), []).append(judgement)
    inputs = [
        Input(
            key,
            tuple(members),
            tuple(dict.fromkeys(j.owner for j in members if j.owner is not None)),
            held=all(j.role is Role.PRIORITY for j in members),
        )
        for key, members in grouped.items()
    ]
    records = sorted({item.record for item in process.items.all if item.record is not None})
    inputs += [Input(f"pace {record}", (), (), record) for record in records]
    return tuple(inputs)


def _varies(case: Case, judgement: Judgement) -> bool:
    if judgement.role is Role.PRIORITY:
        return judgement.low < 1 and judgement.high > 0
    return not judgement.sure or poll_behind(judgement, case.polls) is not None


def drawn_inputs(forecast: Forecast, inputs: tuple[Input, ...], draws: int) -> Floats:
    """Where each input stands in its distribution, from 0 to 1, in the first draws; (draws, J).

    Of a wish that is held or not, a number above one half where it is held.
    """
    return places_in(inputs, draws, forecast.seed)


def places_in(inputs: tuple[Input, ...], draws: int, seed: int) -> Floats:
    """The same, of the draws that a seed gives; (draws, J)."""
    parts = []
    for block in draw_blocks(draws, seed):
        columns = [_column(block, each) for each in inputs]
        parts.append(np.stack(columns, axis=1) if columns else np.zeros((block.size, 0)))
    return np.concatenate(parts)


def _column(block: DrawBlock, each: Input) -> Floats:
    at = block.uniforms(each.key)
    if not each.held:
        return at
    return np.asarray((block.so(each.judgements[0]) + at) / 2)


def actors_in(case: Case, inputs: tuple[Input, ...]) -> tuple[str, ...]:
    """The actors with judgements among the inputs, in the order of the case."""
    named = {actor for each in inputs for actor in each.actors}
    return tuple(actor for actor in case.actors if actor in named)
