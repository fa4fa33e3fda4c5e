"""Who would be better off with an arrangement, by the plain process: kept against never.

*Kept* is what an actor expects once a form of the arrangement stands and no move leaves it, *never*
what it expects from today when no move enters it. Forbidden moves are taken away before anything
else is asked of the changes; events ask nobody, and happen as ever. Who is asked, and what form one
change can reach, is by the rights of today on the first day.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from reference.process import PLANS, Behaviour
from reference.process_case import Setting, State
from reference.process_chain import expected

Expected = dict[str, float]
"""What each ordinary actor expects, in its own units."""


@dataclass(frozen=True)
class Form:
    """One form: what is expected when it is kept, and what each coalition that can make it says."""

    state: State
    kept: Expected
    gain: Expected
    refusing: dict[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class Consent:
    """An arrangement: what is expected without it, and its forms in the order of the states.

    ``by_itself``: it is matched by what today falls to; then today is its only form.
    """

    by_itself: bool
    never: Expected
    forms: list[Form]


def consent(setting: Setting, arrangement: str, behaviour: Behaviour) -> Consent:
    """Who would say no to an arrangement."""
    inside = {s for s in setting.states if arrangement in setting.matched(s)}
    today = setting.today
    kept = values(setting, behaviour, lambda s, t: s in inside and t not in inside)
    if today in inside:
        never = from_state(values(setting, behaviour), today)
    else:
        never = from_state(
            values(setting, behaviour, lambda s, t: s not in inside and t in inside), today
        )
    forms = []
    for state in forms_of(setting, inside):
        then = from_state(kept, state)
        gain = {actor: then[actor] - never[actor] for actor in then}
        asked = () if state == today else setting.coalitions(today, state)
        refusing = {
            coalition: frozenset(a for a in coalition if not consents(setting, a, state, gain))
            for coalition in asked
        }
        forms.append(Form(state, then, gain, refusing))
    return Consent(today in inside, never, forms)


def forms_of(setting: Setting, inside: set[State]) -> list[State]:
    """The states of an arrangement that one change leads to, and no proper part of it."""
    today = setting.today
    if today in inside:
        return [today]
    within = [s for s in setting.states if s in inside and setting.coalitions(today, s)]

    def part(one: State, whole: State) -> bool:
        return one != whole and all(
            here in (then, now) for here, then, now in zip(one, whole, today, strict=True)
        )

    return [s for s in within if not any(part(one, s) for one in within)]


def consents(setting: Setting, actor: str, state: State, gain: Expected) -> bool:
    """Whether one who is asked says yes to a form: one question, of both behaviours alike."""
    if actor in setting.passes:
        return setting.passes[actor][state]
    return gain[actor] > setting.least_gain[actor] + 1e-9 * setting.span[actor]


def values(
    setting: Setting,
    behaviour: Behaviour,
    forbidden: Callable[[State, State], bool] = lambda origin, target: False,
) -> dict[str, dict[State, float]]:
    """What each actor expects on the first day from each state, without the forbidden moves."""
    limited = copy.copy(setting)
    limited.changes = {
        day: {
            s: [change for change in many if not forbidden(s, change.target)]
            for s, many in changes.items()
        }
        for day, changes in setting.changes.items()
    }
    worth = expected(limited, PLANS[behaviour](limited))
    return {actor: dict(spread) for actor, spread in worth.items()}


def from_state(worth: dict[str, dict[State, float]], state: State) -> Expected:
    """What each actor expects from one state."""
    return {actor: spread[state] for actor, spread in worth.items()}
