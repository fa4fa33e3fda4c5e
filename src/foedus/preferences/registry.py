"""Which kind a preference is of, and what is asked of any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

import numpy as np

from foedus.case.judgement import Judgement
from foedus.case.model import (
    Actor,
    Case,
    Preference,
    Priorities,
    Ranking,
    Stances,
    Support,
    Worth,
)
from foedus.game.space import Space, StatementReader
from foedus.preferences.kind import Difference, Entry, PreferenceKind, Sampler
from foedus.preferences.priorities import PrioritiesKind
from foedus.preferences.ranking import RankingKind
from foedus.preferences.sample import MOST_LIKELY, Sample
from foedus.preferences.sampled import SampledPreferences
from foedus.preferences.stances import StancesKind
from foedus.preferences.support import SupportKind
from foedus.preferences.view import View
from foedus.preferences.worth import WorthKind


def kind_of(preference: Preference) -> PreferenceKind:
    """A preference with what follows from its kind."""
    match preference:
        case Worth():
            return WorthKind(preference)
        case Priorities():
            return PrioritiesKind(preference)
        case Ranking():
            return RankingKind(preference)
        case Stances():
            return StancesKind(preference)
        case Support():
            return SupportKind(preference)
        case _:
            assert_never(preference)


def entry_of(case: Case, judgement: Judgement) -> Entry:
    """The entry that a judgement of what an actor wants belongs to. Raises KeyError for others."""
    if judgement.owner is not None and judgement.owner in case.preferences:
        for entry in kind_of(case.preferences[judgement.owner]).entries():
            if any(each.path == judgement.path for each in entry.judgements):
                return entry
    raise KeyError(f"{judgement.name} is no judgement of what an actor wants")


def preferences_in(case: Case) -> Mapping[str, tuple[Actor, PreferenceKind]]:
    """The preferences by which states are valued, by actor, in the order of the actors."""
    return {
        actor.id: (actor, kind)
        for actor in case.actors.values()
        if actor.id in case.preferences
        and (kind := kind_of(case.preferences[actor.id])).values_states
    }


def samplers_of(space: Space) -> dict[str, Sampler]:
    """How every actor sees what each state falls to, in any draws; in the order of the actors.

    Actors without preferences, or with stances alone, are left out.
    """
    return {
        name: kind.sampler(space, actor, space.fall)
        for name, (actor, kind) in preferences_in(space.case).items()
    }


def sampled_preferences(space: Space, sample: Sample) -> dict[str, SampledPreferences]:
    """The same in each draw of a sample."""
    return {name: sampler(sample) for name, sampler in samplers_of(space).items()}


def view_of(space: Space, actor: Actor, preference: Preference) -> View:
    """How one actor sees the states, at the most likely values.

    Raises StancesNotSupported for stances.
    """
    everything = np.arange(len(space))
    seen = kind_of(preference).sampler(space, actor, everything)(MOST_LIKELY)
    if seen.kind == "ordinal":
        seen = seen.ranked()
    view = seen.fallen(space.fall).view(0)
    # Where nothing falls to anything else, what states stand for is what they are valued at.
    return view if space.settled.all() else replace(view, standing=seen.standing(0))


def views_of(space: Space) -> dict[str, View]:
    """How every actor that values states sees them, in the order of the actors."""
    case = space.case
    return {
        name: view_of(space, actor, case.preferences[name])
        for name, (actor, _) in preferences_in(case).items()
    }


def differences(space: Space, actor: str, origin: int, target: int) -> tuple[Difference, ...]:
    """The judgements by which ``target`` differs from ``origin`` for an actor.

    ``origin`` and ``target`` are indexes of states; both are judged by what they fall to, at the
    most likely values. Empty when no judgement tells the two apart. Raises KeyError for an actor
    without preferences.
    """
    fallen = space.fall[np.array([origin, target])]
    # Only the two states are read, so that a ranking of many single states costs little.
    pair = StatementReader(space.case, space.radix, space.codes[fallen])
    return kind_of(space.case.preferences[actor]).differences(pair)
