"""What a forecast draws at random, stream by stream: judgements, groups of them, and paces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import numpy as np
from immutabledict import immutabledict

from foedus.case.judgement import Judgement, Role, Together
from foedus.case.links import judgements_of
from foedus.case.model import Case
from foedus.document import number, possessive
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock, Part, draw_blocks, parts_of
from foedus.forecasting.surveys import poll_behind
from foedus.preferences import entry_of
from foedus.process.model import Process

if TYPE_CHECKING:
    from foedus.forecasting.results import Forecast

NOUNS = immutabledict(
    {
        Role.WORTH: "judgement",
        Role.PRIORITY: "wish",
        Role.SUPPORT: "support in",
        Role.STANCE_POSITION: "position on",
        Role.STANCE_SALIENCE: "salience of",
    }
)
"""What a judgement of what an actor wants is called."""


def input_told(case: Case, each: Input) -> str:
    """An input in words, with the statement it is about."""
    if each.record is not None:
        return f"the pace of {each.record}"
    told = [judgement_told(case, judgement) for judgement in each.judgements]
    if each.apart_from:
        what, opening, of = told[0].partition(" (")
        return f"{what} apart from “{each.apart_from}”{opening}{of}"
    if not each.whole:
        moved = [f"{loaded(x)} {j}" for j, x in zip(told, each.loadings, strict=True)]
        return f"the group “{each.group}” ({'; '.join(moved)})"
    if len(told) == 1:
        return told[0]
    return f"{' and '.join(told)}, which move together,"


def loaded(loading: float) -> str:
    """How something that is with a group moves: with it or against it, and by what loading.

    >>> loaded(1.0), loaded(-0.6)
    ('with it', 'against it, loading −0.6,')
    """
    way = "with it" if loading > 0 else "against it"
    return way if abs(loading) == 1 else f"{way}, loading {number(loading)},"


def moves_told(together: Together) -> str:
    """How a judgement moves with its group.

    >>> moves_told(Together("mood")), moves_told(Together("mood", -1))
    ('moves with “mood”', 'moves against “mood”')
    >>> moves_told(Together("mood", -0.6)), moves_told(Together("mood", 0))
    ('moves against “mood”, loading −0.6', 'is not moved by “mood”, loading 0')
    """
    group, loading = together.group, together.loading
    if not loading:
        return f"is not moved by “{group}”, loading 0"
    way = f"moves {'with' if loading > 0 else 'against'} “{group}”"
    return way if abs(loading) == 1 else f"{way}, loading {number(loading)}"


def judgement_told(case: Case, judgement: Judgement) -> str:
    """A judgement in words: whose, which, and of what."""
    owner = case.actors[judgement.owner].name if judgement.owner else ""
    whose = possessive(owner)
    match judgement.role:
        case Role.WORTH | Role.PRIORITY | Role.SUPPORT:
            entry = entry_of(case, judgement)
            return f"{whose} {NOUNS[judgement.role]} “{entry.id}” ({entry.when})"
        case Role.STANCE_POSITION | Role.STANCE_SALIENCE:
            issue = case.issues[entry_of(case, judgement).id].name
            return f"{whose} {NOUNS[judgement.role]} “{issue}”"
        case Role.THRESHOLD | Role.CAPABILITY:
            return f"the {judgement.role.value} of {owner}"
        case Role.TAKES:
            return _takes_told(case, judgement)
        case Role.NUMBER if judgement.path[:1] == ("records",):
            return f"the pace of {judgement.path[1]}"
        case Role.EVENT_RATE | Role.EVENT_CHANCE | Role.EVENT_SHARE:
            return _event_told(case, judgement)
        case Role.TRANSFER_MOST | Role.TRANSFER_WORTH | Role.LIKELIHOOD | Role.NUMBER:
            return judgement.name
        case _:
            assert_never(judgement.role)


def _takes_told(case: Case, judgement: Judgement) -> str:
    """The time that a change takes, with the change where others take another time."""
    path = judgement.path
    issue = next(i for i in case.issues.values() if any(each.path == path for each in i.durations))
    label = {position.id: position.label for position in issue.positions}
    for target, takes in issue.takes.to.items():
        if takes is not None and takes.path == path:
            return f"the time that “{issue.name}” takes to become “{label[target]}”"
    for (origin, target), takes in issue.takes.changes.items():
        if takes is not None and takes.path == path:
            change = f"from “{label[origin]}” to “{label[target]}”"
            return f"the time that “{issue.name}” takes {change}"
    return f"the time that “{issue.name}” takes"


def _event_told(case: Case, judgement: Judgement) -> str:
    """How often or how likely an event is, or the share of one of its branches."""
    event = case.events[str(judgement.path[1])]
    if judgement.role is not Role.EVENT_SHARE:
        how = "how often" if judgement.role is Role.EVENT_RATE else "the chance that"
        return f"{how} “{event.name}” happens"
    number = int(judgement.path[3])
    branch = event.outcomes[number].name
    which = f"“{branch}”" if branch else f"branch {number + 1}"
    return f"the share of {which} in “{event.name}”"


def ends_told(each: Input) -> tuple[str, str]:
    """What the low and the high end of an input are."""
    if each.record is not None:
        return "slowest", "fastest"
    if each.held:
        return "not held", "held"
    if len(each.judgements) > 1 or not each.whole:
        return "lowest", "highest"
    judgement = each.judgements[0]
    return f"lowest (about {number(judgement.low)})", f"highest (about {number(judgement.high)})"


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
