"""Judgements without ranges, actors without a say, and actors to whom all is the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of
from foedus.case.model import Preference, Ranking, Support
from foedus.slips.ground import Ground
from foedus.slips.slip import Slip

JUDGED = frozenset({Role.WORTH, Role.PRIORITY, Role.SUPPORT, Role.STANCE_POSITION})
"""What an analyst judges of an actor. A threshold, or a period fixed by law, may well be sure."""

FEWEST = 3
"""So many judgements at least must be single numbers before it is told."""


def all_sure(ground: Ground) -> Iterator[Slip]:
    """Judgements that are all single numbers: of the case, or of one actor among others.

    ``reason`` is ``case`` or ``actor``; ``figures`` say how many of how many are sure.
    """
    judged = [j for j in judgements_of(ground.case) if j.role in JUDGED]
    if len(judged) >= FEWEST and all(j.sure for j in judged):
        figures = {"sure": float(len(judged)), "of": float(len(judged))}
        yield ground.slip("all-sure", "warning", ("preferences",), "case", {}, figures)
        return
    by_actor: dict[str, list[Judgement]] = {}
    for judgement in judged:
        by_actor.setdefault(judgement.owner or "", []).append(judgement)
    for actor, own in by_actor.items():
        if len(own) >= FEWEST and all(j.sure for j in own):
            sure = sum(j.sure for j in judged)
            figures = {
                "sure": float(len(own)),
                "of": float(len(own)),
                "case_sure": float(sure),
                "case_of": float(len(judged)),
            }
            path = ("preferences", actor)
            yield ground.slip("all-sure", "note", path, "actor", {"actor": (actor,)}, figures)


def no_say(ground: Ground) -> Iterator[Slip]:
    """Actors that no right names, unless a note on them in the case says what they are there for.

    ``reason`` is ``electorate`` or ``actor``.
    """
    for name, actor in ground.case.actors.items():
        if name not in ground.asked and not actor.note:
            reason = "electorate" if actor.electorate else "actor"
            yield ground.slip("no-say", "note", ("actors", name), reason, {"actor": (name,)})


def flat_preferences(ground: Ground) -> Iterator[Slip]:
    """Actors with a say to whom all that can come about is the same, at the most likely values.

    ``reason`` is the kind of view: ``utility``, ``ordinal`` or ``support``. Not told where the case
    says so itself: a ranking that is one tie, or a support that is one default.
    """
    reached = ground.reached
    if len(reached.ends) < 2:
        return
    for actor, view in ground.views.items():
        if actor not in ground.in_force or _flat_as_written(ground.case.preferences[actor]):
            continue
        values = view.values[reached.ends]
        if float(np.ptp(values)) == 0.0:
            figures = {"value": float(values[0])}
            if view.threshold is not None:
                figures["threshold"] = view.threshold
            yield ground.slip(
                "flat-preferences",
                "warning",
                ("preferences", actor),
                view.kind,
                {"actor": (actor,)},
                figures,
            )


def _flat_as_written(preference: Preference) -> bool:
    match preference:
        case Ranking():
            return len(preference.tiers) == 1
        case Support():
            return len(preference.items) == 1
        case _:
            return False
