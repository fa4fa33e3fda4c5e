"""Which single wish of an ordinal actor, held or dropped, would make it agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from immutabledict import immutabledict

from foedus.case.judgement import Judgement, Role
from foedus.case.model import Case, Priorities, Priority
from foedus.preferences import counts_for_sure
from foedus.sensitivity.consenting import Question, seen_otherwise


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish of an ordinal actor which, if it were held (or dropped), would make it agree.

    ``judged`` is how likely it is judged to be held, None where it is taken for certain.
    """

    actor: str
    item: str
    statement: str
    held: bool
    judged: Judgement | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"actor": self.actor, "wish": self.item, "held": self.held}


def wishes_that_turn(question: Question, actor: str) -> Iterator[Wish]:
    """The single wishes which, held or dropped, make an ordinal actor agree to the package.

    Each is tried by solving acceptance again. Nothing for actors without priorities.
    """
    preference = question.game.case.preferences[actor]
    if not isinstance(preference, Priorities):
        return
    for item in preference.items:
        counts = counts_for_sure(item.probability.mode if item.probability else None)
        case = with_wish(question.game.case, actor, item.id, held=not counts)
        if actor not in question.answer(seen_otherwise(question.game, case)).refusing:
            yield Wish(actor, item.id, item.when.text, not counts, item.probability)


def with_wish(case: Case, actor: str, wish: str, *, held: bool) -> Case:
    """The case in which an actor surely holds a wish, or surely has it not.

    Raises TypeError for an actor without priorities.
    """
    preference = case.preferences[actor]
    if not isinstance(preference, Priorities):
        raise TypeError(f"'{actor}' has no priorities")
    chance = float(held)

    def changed(item: Priority) -> Priority:
        sure = Judgement(chance, chance, chance, role=Role.PRIORITY, owner=actor)
        return replace(item, probability=sure) if item.id == wish else item

    items = tuple(changed(item) for item in preference.items)
    after = {**case.preferences, actor: Priorities(items)}
    return replace(case, preferences=immutabledict(after))
