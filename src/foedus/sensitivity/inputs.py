"""What a forecast draws at random, stream by stream: judgements, groups of them, and paces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of
from foedus.case.model import Case
from foedus.forecasting.ranges import Floats
from foedus.forecasting.results import Forecast
from foedus.forecasting.streams import DrawBlock, Part, draw_blocks, parts_of
from foedus.forecasting.surveys import poll_behind
from foedus.process.model import Process


@dataclass(frozen=True, slots=True)
class Input:
    """One stream of random numbers: the judgements that move by it, or the pace of a record.

    ``key`` names the stream. ``actors`` are those whose judgements they are, ``loadings`` how much
    each moves by it, from -1 to 1. ``group`` is the ``with:`` group that the stream is the factor
    of; without one, and with a loading below 1, it is what a judgement has of its own beside its
    group. ``held``: the judgements are wishes that the stream alone decides.
    """

    key: str
    judgements: tuple[Judgement, ...]
    actors: tuple[str, ...]
    record: str | None = None
    held: bool = False
    loadings: tuple[float, ...] = ()
    group: str | None = None

    @property
    def whole(self) -> bool:
        """Whether each judgement stands just where the stream does."""
        return all(loading == 1 for loading in self.loadings)

    @property
    def apart_from(self) -> str | None:
        """The group of which the judgement's own part is meant, if a part is."""
        together = self.judgements[0].together if self.judgements else None
        return together.group if together and not self.group and not self.whole else None

    @property
    def name(self) -> str:
        """How it is named to a reader who wants to find it in the file."""
        if self.record is not None:
            return f"records.{self.record}"
        name = " and ".join(judgement.name for judgement in self.judgements)
        return f"{name} apart from {self.apart_from}" if self.apart_from else name


def inputs_of(found: Forecast | Process) -> tuple[Input, ...]:
    """The streams that a process uses and that vary, in the order of the case; then the paces."""
    process = found if isinstance(found, Process) else found.process
    case = process.case
    grouped: dict[str, list[tuple[Judgement, Part]]] = {}
    for judgement in judgements_of(case):
        if judgement.played and _varies(case, judgement):
            for part in parts_of(judgement):
                grouped.setdefault(part.stream, []).append((judgement, part))
    inputs = [
        Input(
            key,
            tuple(j for j, _ in members),
            tuple(dict.fromkeys(j.owner for j, _ in members if j.owner is not None)),
            held=all(j.role is Role.PRIORITY and part.loading == 1 for j, part in members),
            loadings=tuple(part.loading for _, part in members),
            group=members[0][1].group,
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
    if each.held:
        return np.asarray((block.so(each.judgements[0]) + at) / 2)
    if each.judgements and all(j.role is Role.PRIORITY for j in each.judgements):
        # Of wishes that are moved in part, or against each other, what decides is the number by
        # which they are held: the lower it is, the more are.
        return np.asarray(1 - block.uniforms(f"{each.key} so"))
    return at


def actors_in(case: Case, inputs: tuple[Input, ...]) -> tuple[str, ...]:
    """The actors with judgements among the inputs, in the order of the case."""
    named = {actor for each in inputs for actor in each.actors}
    return tuple(actor for actor in case.actors if actor in named)
