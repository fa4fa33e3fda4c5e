"""What acceptance finds out about each arrangement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foedus.case.model import Arrangement, Rule
from foedus.case.problems import UnknownName
from foedus.process.acceptance.nodeal import NoDeal
from foedus.process.acceptance.packages import Choice, Refusal
from foedus.process.acceptance.vetoes import Effect

Status = Literal["impossible", "lapses", "no-right", "acceptable", "blocked"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of an arrangement with its effects on every actor that has preferences."""

    choice: Choice
    effects: tuple[Effect, ...]

    @property
    def blockers(self) -> tuple[Effect, ...]:
        """The actors who are asked and do not agree."""
        return tuple(effect for effect in self.effects if effect.blocks)

    def effect(self, actor: str) -> Effect:
        """What the form gives one actor. KeyError for one without preferences."""
        for effect in self.effects:
            if effect.actor == actor:
                return effect
        raise UnknownName("actor", actor, [effect.actor for effect in self.effects])


@dataclass(frozen=True, slots=True)
class Stubborn:
    """An actor who is asked and refuses in every form; ``state`` is the one it lacks least in."""

    state: int
    effect: Effect

    @property
    def actor(self) -> str:
        """Who it is."""
        return self.effect.actor


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found about one arrangement.

    ``states`` counts the settled states that match, ``made`` those that some coalition makes and
    ``passing`` those that all of some smallest coalition agree to. ``conflict`` is a smallest set
    of rules that excludes it, empty where the pattern contradicts itself, None where it is possible
    or the issues involved are too many; ``lapses`` says that only unsettled states match, which
    fall to others. ``makers`` are the coalitions that make it and contain no other that does; the
    empty one means that it comes by itself. ``no_deal``, ``package`` and ``bare`` are None where
    nobody makes it. ``always`` are those who are asked and refuse in every form, ``refusals`` the
    smallest sets of members who refuse some form.
    """

    arrangement: Arrangement
    states: int
    made: int = 0
    passing: int = 0
    lapses: bool = False
    conflict: tuple[Rule, ...] | None = None
    makers: tuple[tuple[str, ...], ...] = ()
    needs_consent: bool = True
    no_deal: NoDeal | None = None
    package: Form | None = None
    bare: Choice | None = None
    always: tuple[Stubborn, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def stubborn(self, actor: str) -> Stubborn | None:
        """The actor's least shortfall over all forms, if it refuses in each; else None."""
        return next((each for each in self.always if each.actor == actor), None)

    @property
    def possible(self) -> bool:
        """Whether some settled state matches."""
        return self.states > 0

    @property
    def acceptable(self) -> bool:
        """Whether everybody whom the package asks agrees to it."""
        return self.package is not None and self.package.choice.passes

    @property
    def status(self) -> Status:
        """The answer in a word."""
        if not self.possible:
            return "lapses" if self.lapses else "impossible"
        if self.package is None:
            return "no-right"
        return "acceptable" if self.acceptable else "blocked"
