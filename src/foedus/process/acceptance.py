"""Acceptance: who is better or worse off with each arrangement, and who says no when asked.

Two things, two words. An actor is *better or worse off* with an arrangement by what it expects if
the arrangement is kept, less what it expects if it never comes (:mod:`foedus.process.consent`). It
*refuses* in that share of the time in which it is asked and would not agree. Two rivals are each
other's alternative: both may be worse off, and one of the two come about all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from foedus.case.model import Arrangement, Case, Rule
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.game.space import Space, smallest_conflict
from foedus.preferences.games import Game
from foedus.preferences.sample import Floats
from foedus.process.consent import Asked, Consent, Consents, Form
from foedus.process.model import A_YEAR, Behaviour, Process, ProcessOptions
from foedus.result import Result, explained

Status = Literal[
    "impossible",
    "lapses",
    "nobody",
    "by itself",
    "in stages",
    "by events",
    "acceptable",
    "opposed",
    "blocked",
]

ALWAYS = 1 - 1e-6
"""Who refuses in at least this share of the time it is asked refuses always."""

NEVER = 1e-9
"""What comes about with a smaller chance does not come about."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found about one arrangement, at the most likely values of the judgements.

    ``states`` counts the settled states that match. ``chance`` is that of its holding at the
    deadline. ``conflict`` is a smallest set of rules that excludes it, empty where the pattern
    contradicts itself, None where it is possible or the issues involved are too many; ``lapses``
    says that only states match which revert to others at the deadline.
    """

    arrangement: Arrangement
    states: int
    consent: Consent
    chance: float
    conflict: tuple[Rule, ...] | None = None
    lapses: bool = False

    @property
    def form(self) -> Form | None:
        """Its best form; None where it is impossible or nobody can bring it about."""
        return self.consent.headline

    @property
    def best(self) -> Asked | None:
        """Who is asked for the best form, in the way in which it would most easily come about."""
        return self.form.best if self.form else None

    @property
    def acceptable(self) -> bool:
        """Whether it has a form with which all who are asked are better off.

        What comes by itself asks nobody. What comes in stages alone is acceptable where it comes
        about, for then each stage is agreed. What comes by events alone is agreed by nobody.
        """
        match self.consent.status:
            case "by itself":
                return True
            case "in stages":
                return self.chance > NEVER
            case _:
                return self.consent.acceptable

    @property
    def worse_off(self) -> tuple[str, ...]:
        """Of those asked for the best form, who does not gain by it."""
        return self.best.refuse if self.best else ()

    @property
    def blockers(self) -> tuple[str, ...]:
        """Who refuses whenever it is asked, where the arrangement does not come about."""
        if self.chance > NEVER:
            return ()
        refuses = self.consent.refusals.refuses
        return tuple(actor for actor, share in refuses.items() if share >= ALWAYS)

    @property
    def status(self) -> Status:
        """The answer in a word; ``blocked`` is said of refusals alone."""
        match self.consent.status:
            case "impossible":
                return "lapses" if self.lapses else "impossible"
            case "direct" | "later":
                return (
                    "blocked" if self.blockers else "acceptable" if self.acceptable else "opposed"
                )
            case other:
                return other


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Acceptance(Result):
    """Who is better or worse off with each arrangement, and who says no, in the case's order.

    ``ends`` (states,) is the chance of each state's holding at the deadline, before it reverts.
    """

    process: Process
    behaviour: Behaviour
    findings: Mapping[str, Finding]
    ends: Floats

    @property
    def game(self) -> Game:
        """The game of the case."""
        return self.process.game

    def __getitem__(self, arrangement: str) -> Finding:
        if arrangement not in self.findings:
            raise UnknownName("arrangement", arrangement, self.findings)
        return self.findings[arrangement]

    @property
    def acceptable(self) -> tuple[str, ...]:
        """The arrangements with which all who are asked are better off."""
        return tuple(name for name, finding in self.findings.items() if finding.acceptable)

    def explain(self, arrangement: str) -> Explanation:
        """Why one arrangement is refused or not. KeyError for an unknown one."""
        return explained(self, self[arrangement])

    def to_dict(self) -> dict[str, Any]:
        """Plain data: by arrangement its forms, and who is asked and refuses."""
        return {
            "behaviour": self.behaviour,
            "today": self.process.today + 1,
            "acceptable": list(self.acceptable),
            "arrangements": {
                name: finding_data(self.game.space, finding)
                for name, finding in self.findings.items()
            },
        }


def acceptance(
    case: Case | Game,
    behaviour: Behaviour = "myopic",
    *,
    options: ProcessOptions | None = None,
    only: Collection[str] | None = None,
) -> Acceptance:
    """Work out consent to every arrangement of a case, or to those in ``only``.

    A case that names no dates is given a year. Raises CaseError for a case without today, or with
    one date only; ValueError for an unknown behaviour.

    >>> import foedus
    >>> found = foedus.acceptance(foedus.load("cases/two-towns.yaml"))
    >>> found["one-town"].acceptable
    False
    """
    if behaviour not in ("myopic", "farsighted"):
        raise ValueError(f"no behaviour {behaviour!r}; there are: myopic, farsighted")
    process = Process.of(case, replace(options or ProcessOptions(), undated=A_YEAR))
    space = process.game.space
    named = process.case.arrangements
    chosen = [a for name, a in named.items() if only is None or name in only]
    if not chosen:
        return Acceptance(process, behaviour, {}, np.zeros(len(space)))
    consents = Consents(process, behaviour)
    findings = {a.id: _finding(consents, a) for a in chosen}
    return Acceptance(process, behaviour, findings, consents.ends)


def _finding(consents: Consents, arrangement: Arrangement) -> Finding:
    space = consents.space
    inside = space.matches(arrangement.id)
    consent = consents.of(arrangement.id)
    conflict, lapses = None, False
    if consent.status == "impossible":
        lapses = bool(space.holds(arrangement.when.tree).any())
        conflict = None if lapses else smallest_conflict(space.case, arrangement.when.tree)
    states = int((inside & space.settled).sum())
    chance = float(consents.ends[inside].sum())
    return Finding(arrangement, states, consent, chance, conflict, lapses)


# --- plain data -----------------------------------------------------------------------------------


def finding_data(space: Space, finding: Finding) -> dict[str, Any]:
    """One arrangement as plain data; states are told by their numbers, from 1."""
    consent = finding.consent
    found: dict[str, Any] = {
        "name": finding.arrangement.name,
        "status": finding.status,
        "acceptable": finding.acceptable,
        "states": finding.states,
        "chance": finding.chance,
        "brought_by_events": consent.brought,
        "never": dict(consent.never),
        "forms": [_form(space, form, consent) for form in consent.forms],
        "refuses": dict(consent.refusals.refuses),
        "asked": dict(consent.refusals.asked),
        "worse_off": list(finding.worse_off),
        "blockers": list(finding.blockers),
    }
    if consent.status == "impossible" and not finding.lapses:
        rules = finding.conflict
        found["conflict"] = (
            None
            if rules is None
            else [{"rule": rule.statement.text, "why": rule.why} for rule in rules]
        )
    return found


def _form(space: Space, form: Form, consent: Consent) -> dict[str, Any]:
    return {
        "state": _state(space, form.state),
        "kept": dict(form.kept),
        "never": dict(consent.never),
        "gain": dict(form.gain),
        "now": dict(form.now),
        "ended_by_events": form.ended,
        "right_from": None if form.since is None else form.since.isoformat(),
        "asked": [_asked(each) for each in form.asked],
        "riders": [
            {
                "state": _state(space, rider.state),
                "gain": dict(rider.gain),
                "asked": _asked(rider.asked),
            }
            for rider in form.riders
        ],
    }


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "coalition": list(asked.coalition),
        "refuse": list(asked.refuse),
        "shortfall": asked.shortfall,
        "mean": asked.mean,
        "electorates": {
            actor: {"share": share, "passes": passes}
            for actor, (share, passes) in asked.electorates.items()
        },
    }


def _state(space: Space, index: int) -> dict[str, Any]:
    return {"id": index + 1, "positions": space.positions(index)}
