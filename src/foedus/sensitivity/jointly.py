"""Which judgements together would have to give: put at their ends, all others most likely.

Every combination is one row of a sample and all are solved at once: each actor's judgements, pairs
of actors, pairs of judgements, and all there are, at the 5 % or 95 % points that favour the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from foedus.case.judgement import Role
from foedus.forecasting.pieces import Timed, solved_block
from foedus.forecasting.ranges import Floats
from foedus.preferences import sampled_preferences
from foedus.process.model import Process
from foedus.result import data_of
from foedus.sensitivity.inputs import Input, actors_in
from foedus.sensitivity.samples import Placed

END = 0.05
"""Judgements are put at this point of their distributions from either end."""

PAIRED = 12
"""Pairs are made of so many inputs, those that favour the answer most by themselves."""

SHOWN = 5
"""So many pairs of inputs, and of actors, are kept, those that favour it most."""

LEAST = 1e-9
"""What is less likely than this does not come about."""

MORE = 1.01
"""Of a pair is told what is so many times as likely as by either part alone."""


@dataclass(frozen=True, slots=True)
class Together:
    """The answer's chance with these inputs at the ends that favour it, all others most likely.

    ``actors`` names those all of whose inputs they are; it is empty for a pair of inputs.
    ``against`` is the chance with them at the other ends.
    """

    actors: tuple[str, ...]
    inputs: tuple[Input, ...]
    chance: float
    against: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "actors": list(self.actors),
            "judgements": [each.name for each in self.inputs],
            "p": self.chance,
            "against": self.against,
        }


class Jointly(NamedTuple):
    """What combinations come to.

    ``most_likely`` is the chance with everything most likely, ``everything`` that with all inputs
    at their favourable ends. ``actors`` has one entry each in the order of the case. ``pairs`` of
    actors (or all who refuse) and ``inputs`` (pairs) are those that favour the answer most, of
    which no part does as much.
    """

    most_likely: float
    everything: float
    actors: tuple[Together, ...]
    pairs: tuple[Together, ...]
    inputs: tuple[Together, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(
            self,
            "most_likely all_judgements=everything pairs_of_actors=pairs "
            "pairs_of_judgements=inputs",
        )


def jointly(
    process: Process,
    answer: str,
    inputs: Sequence[Input],
    towards: Mapping[str, float],
    refuse: Sequence[str] = (),
) -> Jointly:
    """Solve the combinations for one arrangement.

    ``towards`` says by an input's key to which end it favours the answer: above 0 to the upper.
    Where more than two ``refuse``, theirs together stand among the pairs of actors. The process is
    to be without what the case leaves out.
    """
    place = list(process.case.arrangements).index(answer)
    names = actors_in(process.case, tuple(inputs))
    own = {name: tuple(each for each in inputs if name in each.actors) for name in names}
    everything = tuple(inputs)
    first: list[tuple[Input, ...]] = [(), everything, *own.values(), *((x,) for x in inputs)]
    chances, against = _solved(process, place, first, towards)
    single = dict(zip((x.key for x in inputs), chances[2 + len(names) :], strict=True))
    alone = dict(zip(names, chances[2:], strict=False))
    order = sorted(inputs, key=lambda x: (-single[x.key], towards.get(x.key, 0.0) == 0))
    couples = list(combinations(order[:PAIRED], 2))
    allies: list[tuple[str, ...]] = list(combinations(names, 2))
    if len(allied := tuple(name for name in names if name in refuse)) > 2:
        allies.append(allied)
    both = [tuple(dict.fromkeys(x for a in some for x in own[a])) for some in allies]
    then, back = _solved(process, place, [*couples, *both], towards)
    of_inputs = [
        Together((), pair, then[k], back[k])
        for k, pair in enumerate(couples)
        if then[k] > max(LEAST, MORE * max(single[x.key] for x in pair))
    ]
    of_actors = [
        Together(some, both[k], then[len(couples) + k], back[len(couples) + k])
        for k, some in enumerate(allies)
        if then[len(couples) + k] > max(LEAST, MORE * max(alone[a] for a in some))
    ]
    return Jointly(
        chances[0],
        chances[1],
        tuple(
            Together((name,), own[name], chances[2 + k], against[2 + k])
            for k, name in enumerate(names)
        ),
        tuple(sorted(of_actors, key=lambda each: -each.chance)[:SHOWN]),
        tuple(sorted(of_inputs, key=lambda each: -each.chance)[:SHOWN]),
    )


def _solved(
    process: Process,
    place: int,
    groups: Sequence[tuple[Input, ...]],
    towards: Mapping[str, float],
) -> tuple[list[float], list[float]]:
    """The chance with each group at its favourable ends, and at the others."""
    count = len(groups)
    if not count:
        return [], []
    at: dict[str, Floats] = {}
    for k, group in enumerate(groups):
        for each in group:
            row = at.setdefault(each.key, np.full(2 * count, np.nan))
            end = 1 - END if towards.get(each.key, 0.0) >= 0 else END
            row[k], row[count + k] = end, 1 - end
    reached = solved_block(process, Timed(Placed(2 * count, at))).reached[:, place]
    chances = np.where(reached > LEAST, reached, 0.0).tolist()
    return chances[:count], chances[count:]


def leanings_to(process: Process, form: int, inputs: Sequence[Input]) -> dict[str, float]:
    """To which end each input favours one state over today, by what actors judge of the two.

    Above 0 where the state gains by a higher value, in shares of ranges; of a pace always above 0,
    of what takes time below. By an input's key.
    """
    space, today = process.game.space, process.today
    at = {each.key: np.full(2 * len(inputs), np.nan) for each in inputs}
    for k, each in enumerate(inputs):
        at[each.key][2 * k : 2 * k + 2] = END, 1 - END
    favour = np.zeros(2 * len(inputs))
    for actor, seen in sampled_preferences(space, Placed(2 * len(inputs), at)).items():
        if seen.electorate:
            assert seen.shares is not None  # noqa: S101 - an electorate has both
            assert seen.thresholds is not None  # noqa: S101
            favour += (seen.shares[:, seen.classes[form]] - seen.thresholds) / 100
        else:
            values = seen.values[:, seen.classes[[form, today]]]
            favour += (values[:, 0] - values[:, 1]) / (process.written[actor] or 1.0)
    found = dict(zip((x.key for x in inputs), (favour[1::2] - favour[::2]).tolist(), strict=True))
    for each in inputs:
        if each.record is not None:
            found[each.key] = 1.0
        elif all(j.role is Role.TAKES for j in each.judgements):
            found[each.key] = -1.0 if sum(each.loadings) >= 0 else 1.0
    return found
