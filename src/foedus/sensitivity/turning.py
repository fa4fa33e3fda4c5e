"""The smallest change of judgements after which a blocker, or every blocker, agrees."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from foedus.case.model import Case, Priorities, Ranking
from foedus.case.problems import CaseError, Problem, nearest
from foedus.forecasting.ranges import Floats
from foedus.preferences.games import Game, game_of
from foedus.sensitivity.changes import Change, with_changes
from foedus.sensitivity.consenting import Consent, Form, Question, seen_otherwise
from foedus.sensitivity.levers import Lever, Pull, levers_of, pulls_of
from foedus.sensitivity.programme import Measure, at_least, cost, least_move
from foedus.sensitivity.turned import PRECISION, Turning
from foedus.sensitivity.wishes import Wish, wishes_that_turn

TRIES = 400
"""So many changes found are put to acceptance again; after that none is said to be found."""

PROBES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
"""By so many half-ranges single levers are moved to see whether no deal moves to advantage."""


def smallest_change(
    case: Case | Game,
    arrangement: str,
    blocker: str | None = None,
    *,
    measure: Measure = "sum",
    sure_unit: float | None = None,
    order: str = "file",
) -> Turning:
    """The smallest change of judgements after which a blocker agrees to an arrangement.

    Without ``blocker``, after which all who are asked agree, so that it is acceptable. Changes are
    measured in half-ranges, (high - low) / 2 of each judgement, so that units need no comparison;
    those without a range stay, or move by ``sure_unit`` as one half-range. ``measure`` is the
    ``sum`` of all moves or the ``largest``. For one blocker its own worth, support and threshold
    are moved; for all, everybody's who makes the arrangement.

    Definitions, and what is guaranteed, are in docs/what-would-it-take.md. Every change found has
    been put to acceptance again. Raises CaseError for an unknown arrangement or actor, ValueError
    for an unknown measure or order, or a ``sure_unit`` that is not above 0.

    >>> import foedus
    >>> towns = foedus.load("cases/two-towns.yaml")
    >>> turning = smallest_change(towns, "one-town", "voters")
    >>> [(change.name, round(change.after.mode, 3)) for change in turning.changes]
    [('preferences.voters.support.0', 50.0)]
    >>> round(turning.size, 3)
    2.0
    """
    if sure_unit is not None and not sure_unit > 0:
        raise ValueError(f"the unit of sure judgements is {sure_unit:g}; it is above 0")
    game = game_of(case) if isinstance(case, Case) else case
    question = Question.of(game, arrangement, order)
    if blocker is not None and blocker not in game.views:
        guess = nearest(blocker, game.views)
        problem = Problem(f"no preferences of an actor {blocker!r} are known", nearest=guess)
        raise CaseError([problem], game.case.file)
    if not question.forms:
        reason = "Nobody makes the arrangement, so no judgement turns it."
        return Turning(game, arrangement, blocker, measure, None, reason=reason)
    before = question.answer()
    turning = Turning(game, arrangement, blocker, measure, before)
    if not turning.needed:
        return Turning(
            game,
            arrangement,
            blocker,
            measure,
            before,
            before,
            Form(before.package.state, before.package.coalition),
        )
    search = _Search(question, blocker, measure, sure_unit, before)
    found = search.run()
    if not found.worsening:
        return found
    other = _Search(question, blocker, measure, sure_unit, before, search.idle()).run()
    return replace(found, instead=other) if other.found and not other.worsening else found


@dataclass(order=True, slots=True)
class _Node:
    """A form with the no deals it must be better than; ``moves`` once they are worked out."""

    bound: float
    turn: int
    form: Form = field(compare=False)
    no_deals: tuple[int, ...] = field(compare=False)
    moves: Floats | None = field(compare=False, default=None)


class _Search:
    """Forms and no deals, the cheapest first, until a change holds when it is put to acceptance.

    A programme's answer is the smallest change for one form against given no deals. A change can
    make no deal another, which the form must then be better than as well, or instead: both are
    tried.
    """

    def __init__(
        self,
        question: Question,
        blocker: str | None,
        measure: Measure,
        sure_unit: float | None,
        before: Consent,
        held: frozenset[int] = frozenset(),
    ) -> None:
        self.question, self.blocker, self.measure, self.before = question, blocker, measure, before
        self.game = question.game
        asked = {actor for form in question.forms for actor in form.coalition}
        moved = asked if blocker is None else {blocker}
        self.levers: tuple[Lever, ...] = levers_of(self.game, moved, sure_unit)
        self.pulls = pulls_of(self.game, self.levers)
        self.least = np.array([lever.least for lever in self.levers])
        self.most = np.array([lever.most for lever in self.levers])
        self.least[list(held)] = self.most[list(held)] = 0.0
        self.waiting: list[_Node] = []
        self.known: set[tuple[Form, frozenset[int]]] = set()
        self.telling: dict[int, frozenset[Form]] = {}
        self.lowest = np.inf
        self.turn = 0
        self.tried = 0

    def run(self) -> Turning:
        """Search, and say what was found."""
        moves, after = self._by_programme() or (None, None)
        bound = np.inf if moves is None else cost(moves, self.measure)
        moves, after = self._by_probing(bound) or (moves, after)
        if moves is not None and after is not None:
            return self._found(moves, after)
        return Turning(
            self.game,
            self.question.arrangement,
            self.blocker,
            self.measure,
            self.before,
            tried=self.tried,
            reason=self._why_not(),
            wishes=tuple(self._wishes()),
        )

    def idle(self) -> frozenset[int]:
        """The levers that add to the arrangement, in whatever form, for nobody who is asked."""
        adds = np.zeros(len(self.levers), dtype=bool)
        for form in self.question.forms:
            for pull in self._asked(form):
                adds |= pull.by[form.state] != 0
        return frozenset(np.flatnonzero(~adds).tolist())

    def _by_programme(self) -> tuple[Floats, Consent] | None:
        """The cheapest programme whose answer holds when it is put to acceptance."""
        for form in self._different_forms():
            self._wait(form, (self.before.no_deal,))
        while self.waiting and self.tried < TRIES:
            node = heapq.heappop(self.waiting)
            if node.moves is None:
                self._solve(node)
                continue
            if self.before.no_deal in node.no_deals:
                self.lowest = min(self.lowest, node.bound)
            after = self._after(node.moves)
            if self._agreed(after):
                return node.moves, after
            if after.no_deal not in node.no_deals:
                self._wait(node.form, (after.no_deal,))
                self._wait(node.form, (*node.no_deals, after.no_deal))
        return None

    def _by_probing(self, bound: float) -> tuple[Floats, Consent] | None:
        """A single lever that does it for less than ``bound``, since it makes no deal another.

        Programmes do not see this: they know only no deals met. Each lever is moved by a few
        steps either way, and where that does it, back as far as it still does.
        """
        best: tuple[Floats, Consent] | None = None
        for k, step in ((k, step) for step in PROBES for k in range(len(self.levers))):
            for sign in (1.0, -1.0):
                if step >= bound or not self.least[k] <= sign * step <= self.most[k]:
                    continue
                found = self._after(self._only(k, sign * step))
                if self._agreed(found):
                    best = self._brought_back(k, sign, step, found)
                    bound = cost(best[0], self.measure)
        return best

    def _brought_back(
        self, k: int, sign: float, step: float, found: Consent
    ) -> tuple[Floats, Consent]:
        """The least move of one lever, to a thousandth, between none and one that does it."""
        low, high, after = 0.0, step, found
        while high - low > PRECISION:
            middle = (low + high) / 2
            tried = self._after(self._only(k, sign * middle))
            if self._agreed(tried):
                high, after = middle, tried
            else:
                low = middle
        return self._only(k, sign * high), after

    def _only(self, k: int, moved: float) -> Floats:
        moves = np.zeros(len(self.levers))
        moves[k] = moved
        return moves

    def _different_forms(self) -> Iterator[Form]:
        """The forms in which the blocker is asked; of those alike to all members, the plainest."""
        seen: set[tuple[object, ...]] = set()
        for form in self.question.forms:
            if self.blocker is not None and self.blocker not in form.coalition:
                continue
            parts = [self.pulls[actor] for actor in form.coalition]
            told = [(float(p.values[form.state]), p.by[form.state].tobytes()) for p in parts]
            key = (form.coalition, *told)
            if key not in seen:
                seen.add(key)
                yield form

    def _tells(self, form: Form, no_deal: int) -> bool:
        """Whether the package asks the blocker no more in vain, once it agrees to this form.

        A package is refused by as few as can be, and then the plainest. So the others must refuse
        the form as little as any, or by one more if it is plainer than all that they refuse least.
        """
        if self.blocker is None:
            return True
        if no_deal not in self.telling:
            self.telling[no_deal] = frozenset(self._telling_forms(no_deal))
        return form in self.telling[no_deal]

    def _telling_forms(self, no_deal: int) -> Iterator[Form]:
        forms = self.question.forms
        views = self.game.views
        states = np.array([form.state for form in forms])
        names = {name for form in forms for name in form.coalition} - {self.blocker}
        refuses = {name: ~views[name].agrees(no_deal, states) for name in names}
        others = [
            sum(bool(refuses[name][k]) for name in form.coalition if name != self.blocker)
            for k, form in enumerate(forms)
        ]
        least = min(others)
        first = others.index(least)
        for k, form in enumerate(forms):
            if others[k] == least or (others[k] == least + 1 and k < first):
                yield form

    def _asked(self, form: Form) -> list[Pull]:
        """Those who must agree to the form."""
        names = form.coalition if self.blocker is None else (self.blocker,)
        return [self.pulls[name] for name in names]

    def _rows(self, form: Form, no_deals: tuple[int, ...]) -> tuple[Floats, Floats]:
        at = np.array([form.state])
        parts = [pull.lacking(no_deal, at) for pull in self._asked(form) for no_deal in no_deals]
        lacking = np.array([part[0][0] for part in parts])
        by = np.array([part[1][0] for part in parts]).reshape(len(parts), len(self.levers))
        return lacking, by

    def _wait(self, form: Form, no_deals: tuple[int, ...]) -> None:
        key = (form, frozenset(no_deals))
        if key in self.known or not self._tells(form, no_deals[-1]):
            return
        self.known.add(key)
        lacking, by = self._rows(form, no_deals)
        bound = float(at_least(by[None], lacking[None], self.measure)[0])
        if np.isfinite(bound):
            self.turn += 1
            heapq.heappush(self.waiting, _Node(bound, self.turn, form, no_deals))

    def _solve(self, node: _Node) -> None:
        lacking, by = self._rows(node.form, node.no_deals)
        moves = least_move(by, lacking, self.least, self.most, self.measure)
        if moves is not None:
            node.moves, node.bound = moves, max(node.bound, cost(moves, self.measure))
            heapq.heappush(self.waiting, node)

    def _changes(self, moves: Floats) -> tuple[Change, ...]:
        return tuple(
            change
            for lever, moved in zip(self.levers, moves.tolist(), strict=True)
            if moved
            for change in lever.changes(moved)
        )

    def _after(self, moves: Floats) -> Consent:
        self.tried += 1
        case = with_changes(self.game.case, self._changes(moves))
        return self.question.answer(seen_otherwise(self.game, case))

    def _agreed(self, after: Consent) -> bool:
        if self.blocker is None:
            return not after.refusing
        return self.blocker not in after.refusing

    def _found(self, moves: Floats, after: Consent) -> Turning:
        form = Form(after.package.state, after.package.coalition)
        raised = np.zeros(len(self.levers), dtype=bool)
        for pull in self._asked(form):
            raised |= pull.by[form.state] * moves > 0
        raising = self._changes(np.where(raised, moves, 0.0))
        worsening = self._changes(np.where(raised, 0.0, moves))
        return Turning(
            self.game,
            self.question.arrangement,
            self.blocker,
            self.measure,
            self.before,
            after,
            form,
            (*raising, *worsening),
            tuple(
                (lever.key, moved)
                for lever, moved in zip(self.levers, moves.tolist(), strict=True)
                if moved
            ),
            cost(moves, self.measure),
            float(self.lowest),
            self.tried,
            worsening=tuple(change.name for change in worsening),
        )

    def _ordinal(self) -> list[str]:
        names = self.before.refusing if self.blocker is None else (self.blocker,)
        kinds = (Priorities, Ranking)
        return [n for n in names if isinstance(self.game.case.preferences[n], kinds)]

    def _wishes(self) -> Iterator[Wish]:
        for actor in self._ordinal():
            yield from wishes_that_turn(self.question, actor)

    def _why_not(self) -> str:
        case = self.game.case
        if ordinal := self._ordinal():
            names = " and ".join(case.actors[name].name for name in ordinal)
            return f"What {names} would rather have depends on an order of wishes, not on numbers."
        if self.tried >= TRIES:
            return f"None of the {self.tried} changes tried holds, since the BATNA moves with them."
        if not self.levers:
            return "None of the judgements in question has a range to move in."
        return "The judgements that have ranges do not tell it from what comes about without it."
