"""The process of farsighted actors: each goes by what it expects at the end, given what follows.

Solved backwards from the deadline, in one draw, over all states that changes can lead to. Actors
reconsider on a calendar; between two of its days what they agree to is fixed, from what they expect
at the later one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import (
    Agreed,
    Answers,
    Clocks,
    agreed_changes,
    agreeing,
    any_agrees,
    running,
)
from foedus.process.chain import Stretch, Timing, jump_of, rates_of
from foedus.process.changes import NOBODY
from foedus.process.rules import Rules
from foedus.process.worths import TOLERANCE, Worths

CALENDAR = 7.0
"""Actors reconsider every so many days, counted back from the deadline."""


def can_be_reached(rules: Rules, starts: Indexes) -> Indexes:
    """All states that changes lead to from ``starts``, whoever agrees to them; ascending."""
    seen = np.zeros(len(rules.space), dtype=bool)
    fresh = np.unique(starts)
    while len(fresh):
        seen[fresh] = True
        changes, _, change = rules.changes_at(fresh)
        to = np.unique(changes.target[change])
        fresh = to[~seen[to]]
    return np.flatnonzero(seen)


@dataclass(frozen=True, eq=False)
class Farsighted:
    """The solved chain of farsighted actors in one draw.

    ``state`` (nodes,) ascending; ``number`` (states,) the node of each, -1 for none. ``value``
    (nodes, ordinary actors) is what each expects today; ``stretches`` lead forward in time, each
    with the jump at its end; ``ends`` are in days. ``goes_by`` (stretches, nodes, actors) is what
    actors go by in each.
    """

    state: Indexes
    number: Indexes
    value: Floats
    ends: Floats
    stretches: list[tuple[Stretch, csr_array | None]]
    goes_by: list[Floats]

    def forward(self, chances: Floats) -> list[Floats]:
        """Chances (nodes,) at the end of each stretch, from those today."""
        found = []
        for stretch, jump in self.stretches:
            chances = stretch.forward(chances)
            if jump is not None:
                chances = jump.T @ chances
            found.append(chances)
        return found


def farsighted(
    rules: Rules,
    worths: Worths,
    timing: Timing,
    draw: int,
    starts: Indexes,
    *,
    calendar: float = CALENDAR,
    forbidden: tuple[Mask, bool] | None = None,
) -> Farsighted:
    """Solve one draw backwards; ``forbidden`` as in :func:`~.myopic.explore`."""
    return _Backwards(rules, worths, timing, draw, starts, forbidden).solved(calendar)


class _Backwards:
    def __init__(
        self,
        rules: Rules,
        worths: Worths,
        timing: Timing,
        draw: int,
        starts: Indexes,
        forbidden: tuple[Mask, bool] | None,
    ) -> None:
        self.rules = rules
        self.timing = Timing(
            timing.hazard[draw : draw + 1],
            timing.lead[draw : draw + 1],
            timing.recorded,
            timing.meetings,
            timing.days,
        )
        self.state = can_be_reached(rules, starts)
        self.number = np.full(len(rules.space), -1, dtype=np.intp)
        self.number[self.state] = np.arange(len(self.state))
        self.changes, self.node, self.change = rules.changes_at(self.state)
        target = self.changes.target[self.change]
        self.target = self.number[target]
        self.issues = self.changes.issues[self.change]
        self.items = self.changes.items[self.change]
        self.final = np.ascontiguousarray(worths.worth[:, draw, self.state].T)
        self.fallen = self.final
        self.least = np.zeros((len(worths.ordinary), 1))
        self.passes = worths.passes[:, draw, target]
        self.draws = np.zeros(len(self.state), dtype=np.intp)
        self.agree = np.zeros(len(target), dtype=np.uint64)
        self.some = np.zeros(len(target), dtype=bool)
        self.family = self.changes.family[self.change]
        self.due = np.where(self._possible(), -np.inf, np.inf)
        if forbidden is not None:
            inside, entering = forbidden
            before, after = inside[self.state[self.node]], inside[target]
            self.due[(after & ~before) if entering else (before & ~after)] = np.inf
        self.moved = 0.0
        self.last = self.final

    def _possible(self) -> Mask:
        """To which changes some coalition could agree, as electorates vote; (pairs,)."""
        families, members = self.rules.families, self.rules.members
        agree = np.full(len(self.target), np.bitwise_or.reduce(members.ordinary), dtype=np.uint64)
        for row, bit in enumerate(members.electorates):
            agree |= np.where(self.passes[row], bit, np.uint64(0))
        return any_agrees(families, self.family, agree)

    def _ask(self, value: Floats) -> tuple[Answers, Indexes]:
        """Who agrees while actors expect ``value`` (nodes, actors), and what some coalition does.

        A change that is refused is asked about again only when expectations have moved by as much
        as its refusal is firm.
        """
        self.moved += float(np.ptp(value - self.last, axis=0).max(initial=0.0))
        self.last = value
        pair = np.flatnonzero(self.due <= self.moved)
        target, node, family = self.target[pair], self.node[pair], self.family[pair]
        gain = (value[target] - value[node]).T
        fallen = (self.fallen[target] - self.fallen[node]).T
        families = self.rules.families
        agree = agreeing(gain, fallen, self.least, self.passes[:, pair], self.rules.members)
        some = any_agrees(families, family, agree)
        self.agree[pair], self.some[pair] = agree, some
        refused = np.flatnonzero(~some)
        firm = np.full(len(refused), np.inf)
        short = np.maximum(-TOLERANCE - gain[:, refused], 0.0)
        for column in range(families.masks.shape[1]):
            inside = families.members[:, family[refused], column]
            least = np.where(inside, short, 0.0).max(axis=0)
            exists = families.masks[family[refused], column] != NOBODY
            firm = np.where(exists, np.minimum(firm, least), firm)
        self.due[pair[refused]] = self.moved + firm
        self.due[pair[some]] = -np.inf
        answers = Answers(
            self.changes,
            families,
            self.change,
            self.agree,
            self.some,
            lambda some: (value[self.target[some]] - value[self.node[some]]).T,
        )
        return answers, pair[some]

    def _clocks(self, value: Floats, ready: np.uint64) -> Clocks:
        """The clocks that run while actors expect ``value`` (nodes, actors)."""
        answers, pair = self._ask(value)
        agreed = agreed_changes(
            answers, pair, farsighted=True, by_coalition=self.rules.by_coalition
        )
        pair = agreed.pair
        return running(
            self.node[pair],
            self.items[pair] & ~ready,
            self.issues[pair],
            Agreed(pair, agreed.mean, agreed.coalition),
        )

    def solved(self, calendar: float) -> Farsighted:
        """Solve from the deadline to today."""
        timing, days = self.timing, self.timing.days
        lead = timing.lead[0]
        jumps = {
            float(at): np.bitwise_or.reduce(
                np.uint64(1) << np.flatnonzero((lead == at) & ~timing.recorded).astype(np.uint64)
            )
            for at in np.unique(lead[~timing.recorded & (lead <= days)])
        }
        begins = [float(at) for at in np.unique(lead[timing.recorded]) if 0 < at < days]
        dates = {days - k * calendar for k in range(int(np.ceil(days / calendar)))} | {0.0}
        days_on = sorted(dates | set(jumps), reverse=True)
        value, stretches, ends, goes_by = self.final, [], [], []
        ready = np.bitwise_or.reduce(np.array([*jumps.values(), 0], dtype=np.uint64))
        for later, earlier in zip(days_on, [*days_on[1:], 0.0], strict=True):
            jump = None
            if later in jumps:
                ready &= ~jumps[later]
                clocks = self._clocks(value, ready)
                bits: npt.NDArray[np.uint64] = np.array([jumps[later]], dtype=np.uint64)
                at = np.array([later])
                target = self.target[clocks.option]
                jump = jump_of(clocks, target, self.draws, bits, timing, at)
                if jump is not None:
                    value = jump @ value
            clocks = self._clocks(value, ready)
            rates = rates_of(clocks, self.target[clocks.option], self.draws)
            going_by = value
            inner = [later, *(b for b in reversed(begins) if earlier < b < later), earlier]
            for end, start in pairwise(inner):
                if end == start and jump is None:
                    continue
                stretch = Stretch(
                    rates, timing, len(self.state), np.array([start]), np.array([end])
                )
                value = stretch.backward(value)
                stretches.append((stretch, jump))
                ends.append(end)
                goes_by.append(going_by)
                jump = None
        return Farsighted(
            self.state, self.number, value, np.array(ends[::-1]), stretches[::-1], goes_by[::-1]
        )
