"""Acceptance of every named arrangement: who makes it, what happens without it, who refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.case.model import Arrangement, Case
from foedus.case.problems import CaseError, Problem, UnknownName
from foedus.document import Explanation
from foedus.game.space import Mask, smallest_conflict
from foedus.preferences import View
from foedus.preferences.games import Game, game_of
from foedus.process.acceptance.coalitions import Makers, makers_of
from foedus.process.acceptance.needs import with_needs
from foedus.process.acceptance.nodeal import NoDeal, Play
from foedus.process.acceptance.packages import (
    Candidates,
    bare_form,
    candidates,
    closest,
    package,
    refusals,
    refuse_always,
)
from foedus.process.acceptance.plain import plain_acceptance
from foedus.process.acceptance.results import Finding, Form, Stubborn
from foedus.process.acceptance.vetoes import effect, effects
from foedus.result import Result, explained


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Acceptance(Result):
    """Who would say no to each named arrangement of a case.

    ``today`` and ``bare_fall`` are indexes of states. ``deciding`` are the actors that some right
    or group names. ``dominated_by`` names for each arrangement that somebody makes the others whose
    package is at least as good for all deciding actors and better for one.
    """

    game: Game
    today: int
    bare_fall: int
    order: str
    findings: Mapping[str, Finding]
    deciding: tuple[str, ...]
    dominated_by: Mapping[str, tuple[str, ...]]

    def __getitem__(self, arrangement: str) -> Finding:
        """The finding on one arrangement. Raises KeyError, naming the nearest, for no known one."""
        if arrangement not in self.findings:
            raise UnknownName("arrangement", arrangement, self.findings)
        return self.findings[arrangement]

    @property
    def acceptable(self) -> tuple[str, ...]:
        """The arrangements whose package everybody asked agrees to, in file order."""
        return tuple(name for name, finding in self.findings.items() if finding.acceptable)

    @property
    def undominated(self) -> tuple[str, ...]:
        """The arrangements whose package no other one's improves on for all who decide."""
        return tuple(name for name, better in self.dominated_by.items() if not better)

    def explain(self, arrangement: str) -> Explanation:
        """Why an arrangement is accepted or not, down to the judgements. Raises KeyError."""
        return explained(self, self[arrangement])

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data: states by number (from 1) and positions."""
        return plain_acceptance(self.game, self.findings, self.dominated_by, self.order)


def acceptance(case: Case | Game, *, order: str = "file") -> Acceptance:
    """Find out for every named arrangement who makes it, what no deal is, and who would refuse.

    Judgements enter at their most likely values. ``order`` says in which order movers take turns
    where there is no deal: ``file`` (by size, then as in the file) or ``reverse``. Packages follow
    the Nash product of gains [Nash1950], counted from no deal. The definitions are spelled out in
    docs/acceptance.md.

    Raises CaseError when the case has no state of today, no state is possible or too many are;
    TooManyCoalitions when the movers have too many unions; ValueError for an unknown order.

    >>> import foedus
    >>> found = foedus.acceptance(foedus.load("cases/two-towns.yaml"))
    >>> found["one-town"].status
    'blocked'
    >>> [effect.actor for effect in found["one-town"].package.blockers]
    ['north', 'voters']
    """
    game = game_of(case) if isinstance(case, Case) else case
    today = _today(game)
    bare_fall = int(game.space.fall[today])
    makers = makers_of(game, today)
    play = Play(game, makers, today, order)
    findings = {
        arrangement.id: _finding(play, makers, arrangement, bare_fall)
        for arrangement in game.case.arrangements.values()
    }
    members = {actor for mover in game.movers for actor in mover.members}
    deciding = tuple(actor for actor in game.case.actors if actor in members)
    return Acceptance(
        game, today, bare_fall, order, findings, deciding, _dominated(game, findings, deciding)
    )


def _today(game: Game) -> int:
    today = game.space.today
    if today is not None:
        return today
    case = game.case
    if case.today is None:
        message, expected = "the case does not say where things stand today", "`today`"
    else:
        message, expected = "today is not possible under the rules", "a state that satisfies them"
    raise CaseError([Problem(message, case.place(("today",)), expected)], case.file)


def _finding(play: Play, makers: Makers, arrangement: Arrangement, bare_fall: int) -> Finding:
    game, space = play.game, play.game.space
    matching = space.matches(arrangement.id)
    wanted = matching & space.settled
    count = int(wanted.sum())
    if count == 0:
        return _not_possible(game, arrangement)
    if not any(wanted[maker.states].any() for maker in makers.all):
        return Finding(arrangement, count)
    no_deal = play.without(matching)
    found = candidates(space, makers, play.yardsticks, wanted, no_deal.state, bare_fall)
    choice = package(found)
    given = effects(game, choice, play.today, no_deal.state)
    refusing = refuse_always(found)
    return Finding(
        arrangement,
        count,
        made=len(np.unique(np.concatenate([each.states for each in found]))),
        passing=_passing(found, len(space)),
        makers=_smallest([each.members for each in found]),
        needs_consent=not bool(matching[play.today]),
        no_deal=no_deal,
        package=Form(
            choice,
            tuple(with_needs(play, one, no_deal, choice.state, matching) for one in given),
        ),
        bare=bare_form(found),
        always=tuple(
            _stubborn(play, found, game.views[actor], no_deal, matching)
            for actor in game.case.actors
            if actor in refusing
        ),
        refusals=refusals(found),
    )


def _not_possible(game: Game, arrangement: Arrangement) -> Finding:
    if game.space.holds(arrangement.when.tree).any():
        return Finding(arrangement, 0, lapses=True)
    return Finding(arrangement, 0, conflict=smallest_conflict(game.case, arrangement.when.tree))


def _stubborn(
    play: Play, found: list[Candidates], view: View, no_deal: NoDeal, matching: Mask
) -> Stubborn:
    space, end = play.game.space, no_deal.state
    state = closest(found, view, end)
    lacks = effect(space, view, state, today=play.today, no_deal=end, asked=True)
    return Stubborn(state, with_needs(play, lacks, no_deal, state, matching))


def _passing(found: list[Candidates], size: int) -> int:
    """How many states pass with one of their smallest coalitions."""
    passing: Mask = np.zeros(size, dtype=bool)
    for each in found:
        passing[each.states[~each.refuses.any(axis=0)]] = True
    return int(passing.sum())


def _smallest(coalitions: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Those coalitions that contain no other of them."""
    sets = [frozenset(coalition) for coalition in coalitions]
    return tuple(
        coalition
        for coalition, members in zip(coalitions, sets, strict=True)
        if not any(other < members for other in sets)
    )


def _dominated(
    game: Game, findings: Mapping[str, Finding], deciding: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """For each arrangement with a package, those that dominate it by Pareto."""
    made = {name: f.package.choice.state for name, f in findings.items() if f.package}
    states = np.array(list(made.values()), dtype=np.intp)
    columns = [game.views[actor].levels[states] for actor in deciding]
    levels = np.array(columns, dtype=np.int64).reshape(len(deciding), len(states))
    names = list(made)
    dominated = {}
    for row, name in enumerate(names):
        no_worse = (levels >= levels[:, [row]]).all(axis=0)
        better = (levels > levels[:, [row]]).any(axis=0)
        dominated[name] = tuple(names[k] for k in np.flatnonzero(no_worse & better))
    return dominated
