"""One change on a way: who makes it, what each gains by it, and who refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from immutabledict import immutabledict

from foedus.process.model import Drawn, Process
from foedus.process.worths import TOLERANCE


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who does not agree to a change, and what it lacks.

    An ordinary actor's ``gain`` is in its own units (ranks of an ordinal one), negative for a loss;
    it would have to exceed ``least``. An electorate's support for what the change leads to is
    ``share``, and ``threshold`` is needed, both in per cent.
    """

    actor: str
    gain: float | None = None
    least: float | None = None
    share: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A change between two states, given by their indexes, by the coalition that most agree in.

    ``gains`` is by ordinary member, in its own units. ``days`` are expected, given that the way is
    gone by the deadline; None where it is not. Where the same clock brings something else that all
    who make it agree to, ``instead`` are the states that it leads to. ``aside``: it comes about on
    the way, but the other steps would be agreed and lead there without it.
    """

    origin: int
    target: int
    coalition: tuple[str, ...]
    gains: Mapping[str, float]
    refusals: tuple[Refusal, ...] = ()
    days: float | None = None
    instead: tuple[int, ...] = ()
    aside: bool = False

    @property
    def by(self) -> str:
        """The members of the coalition joined by ``+``."""
        return "+".join(self.coalition)


def step_between(
    process: Process,
    drawn: Drawn,
    origin: int,
    target: int,
    *,
    days: float | None = None,
    instead: tuple[int, ...] = (),
    aside: bool = False,
) -> Step:
    """Ask about a change that somebody may make, in a sample of one draw, of myopic actors.

    Of the smallest coalitions that can make it, told is the one in which the fewest refuse; then
    with the greatest geometric mean of the gains of those who agree; then the first by name.
    """
    finder, worths, views = process.rules.finder, drawn.worths, process.game.views
    share = dict(
        zip(
            worths.ordinary,
            (worths.worth[:, 0, target] - worths.worth[:, 0, origin]).tolist(),
            strict=True,
        )
    )
    least = dict(zip(worths.ordinary, worths.least[:, 0].tolist(), strict=True))
    passes = dict(zip(worths.electorates, worths.passes[:, 0, target].tolist(), strict=True))

    def agrees(actor: str) -> bool:
        if actor in passes:
            return bool(passes[actor])
        return bool(share[actor] > least[actor] + TOLERANCE)

    def ease(coalition: tuple[str, ...]) -> tuple[int, float, list[str]]:
        content = [share[a] for a in coalition if a in share and agrees(a)]
        mean = float(np.exp(np.log(content).mean())) if content else 0.0
        return sum(not agrees(a) for a in coalition), -round(mean, 9), sorted(coalition)

    coalition = min(finder.coalitions(finder.family_between(origin, target)), key=ease)
    gains = {
        a: float(views[a].values[target] - views[a].values[origin]) for a in coalition if a in share
    }
    refusals = tuple(
        Refusal(a, share=float(views[a].values[target]), threshold=views[a].threshold)
        if a in passes
        else Refusal(a, gain=gains[a], least=process.least[a])
        for a in coalition
        if not agrees(a)
    )
    return Step(origin, target, coalition, immutabledict(gains), refusals, days, instead, aside)
