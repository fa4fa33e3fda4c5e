"""In what share of the time each actor is asked for an arrangement, and refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from immutabledict import immutabledict

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import agreed_by, agreeing, any_agrees, spread
from foedus.process.families import NOBODY, Bits, Families
from foedus.process.forms import direct_forms
from foedus.process.model import Behaviour, Drawn, Process
from foedus.process.myopic import Myopic
from foedus.process.rules import Rules
from foedus.process.timing import Schedule
from foedus.process.worths import TOLERANCE

MOMENTS = 48
"""The time is looked at in the middle of so many equal parts."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """By actor: in what share of the time it is asked, and of that time in what share it refuses.

    Only actors that are ever asked are named.
    """

    asked: Mapping[str, float]
    refuses: Mapping[str, float]

    @classmethod
    def none(cls) -> Refusals:
        """Nobody is ever asked."""
        return cls(immutabledict(), immutabledict())


@dataclass(frozen=True, eq=False)
class Course:
    """States that come about, with the chance of each at some times, and what actors go by then.

    ``chance`` (times, states); ``ends`` (states,) at the deadline; ``value(k)`` (states of the
    space, ordinary actors).
    """

    states: Indexes
    chance: Floats
    ends: Floats
    value: Callable[[int], Floats]


def course_of(process: Process, drawn: Drawn, behaviour: Behaviour) -> Course:
    """Solve one draw of the process as it is."""
    return _farsighted(process, drawn) if behaviour == "farsighted" else _myopic(process, drawn)


def _midpoints(days: float) -> Floats:
    return (np.arange(MOMENTS) + 0.5) / MOMENTS * days


def _myopic(process: Process, drawn: Drawn) -> Course:
    moments = _midpoints(process.days)
    explored = process.myopic(drawn).explored
    chain = Myopic(explored, drawn.timing, Schedule.of(drawn.timing, moments))
    start = np.zeros(chain.nodes)
    start[explored.number[0, process.today]] = 1.0
    at = [chain.schedule.stretch_until(moment)[0] for moment in moments]
    chance = np.array(chain.forward(start))
    worth = np.ascontiguousarray(drawn.worths.worth[:, 0].T)
    return Course(explored.state, chance[at], chance[-1], lambda k: worth)


def _farsighted(process: Process, drawn: Drawn) -> Course:
    solved = process.farsighted(drawn, everywhere=True, noted=True)
    start = np.zeros(len(solved.state))
    start[solved.number[process.today]] = 1.0
    moments = _midpoints(process.days)
    ends = np.array([leg.end for leg in solved.legs])
    at = np.minimum(np.searchsorted(ends, moments), len(ends) - 1)
    chance = np.array(list(solved.onward(start)))

    def value(k: int) -> Floats:
        whole = np.zeros((len(process.game.space), len(drawn.worths.ordinary)))
        whole[solved.state] = solved.legs[at[k]].goes_by
        return whole

    return Course(solved.state, chance[at], chance[-1], value)


def refusals(
    process: Process, drawn: Drawn, behaviour: Behaviour, seen: Course, inside: Mask
) -> Refusals:
    """Who is asked for an arrangement's states (states,), and who refuses how often."""
    outside = np.flatnonzero(~inside[seen.states] & (seen.chance.max(axis=0) > 0))
    states = seen.states[outside]
    season = drawn.timing.season(_midpoints(process.days))
    questions = {
        int(k): _Questions(process.seasons.rules[k], drawn, behaviour, states, inside)
        for k in np.unique(season)
    }
    actors = process.rules.actors
    asked, refused = np.zeros((2, len(actors)))
    for k in range(MOMENTS):
        one, other = questions[int(season[k])].answers(seen.value(k))
        weight = seen.chance[k, outside]
        asked += one @ weight
        refused += other @ weight
    met = asked > 1e-12
    share = {a: float(asked[k] / MOMENTS) for k, a in enumerate(actors) if met[k]}
    no = {a: float(refused[k] / asked[k]) for k, a in enumerate(actors) if met[k]}
    return Refusals(immutabledict(share), immutabledict(no))


class _Questions:
    """What is asked in one season at some states outside an arrangement.

    Asked are those in coalitions that could make a form of it. What else a change alters may win
    them over: who is in a coalition that agrees to a change into it, of which no proper part can do
    instead, does not refuse.
    """

    def __init__(
        self, rules: Rules, drawn: Drawn, behaviour: Behaviour, states: Indexes, inside: Mask
    ) -> None:
        self._rules, self._worths = rules, drawn.worths
        self._states, self._farsighted = states, behaviour == "farsighted"
        changes, row, change = rules.changes_at(states)
        self._row, self._change = row, change
        self._target, self._family = changes.target[change], changes.family[change]
        self._into = inside[self._target]
        known = {
            (int(row[k]), int(self._target[k])): k for k in np.flatnonzero(self._into).tolist()
        }
        forms = [
            (row, form.state, form.family)
            for row, state in enumerate(states)
            for form in direct_forms(rules.finder, inside, int(state))
        ]
        self._form = np.zeros(len(row), dtype=bool)
        self._form[[known[each[:2]] for each in forms if each[:2] in known]] = True
        larger = [each for each in forms if each[:2] not in known]
        if larger:  # of more issues than the changes found: no part of them is one
            rows, targets, families = np.array(larger, dtype=np.intp).T
            self._row = np.concatenate([self._row, rows])
            self._target = np.concatenate([self._target, targets])
            self._family = np.concatenate([self._family, families])
            every = np.ones(len(larger), dtype=bool)
            self._into = np.concatenate([self._into, every])
            self._form = np.concatenate([self._form, every])
        self._families = rules.finder.families()
        self._known: tuple[Floats, tuple[Floats, Floats]] | None = None

    def answers(self, value: Floats) -> tuple[Floats, Floats]:
        """Who is asked at each state, and who refuses, by what actors go by: (actors, states)."""
        if not self._into.any():
            none = np.zeros((len(self._rules.actors), len(self._states)))
            return none, none
        if self._known is None or self._known[0] is not value:
            self._known = value, self._asked(value)
        return self._known[1]

    def _asked(self, value: Floats) -> tuple[Floats, Floats]:
        rules, worths = self._rules, self._worths
        target, origin = self._target, self._states[self._row]
        gain = (value[target] - value[origin]).T
        passes, least, fallen = worths.passes[:, 0, target], worths.least[:, [0]], None
        if self._farsighted:
            least = np.zeros_like(least)
            fallen = worths.worth[:, 0, target] - worths.worth[:, 0, origin]
        agree = agreeing(gain, fallen, least, passes, rules.members)
        form = np.flatnonzero(self._form)
        asked, refused = _who(
            rules,
            self._families,
            self._row[form],
            self._family[form],
            agree[form],
            gain[:, form],
            len(self._states),
        )
        return asked, np.where(self._in_a_deal(value, agree), 0.0, refused)

    def _in_a_deal(self, value: Floats, agree: Bits) -> Mask:
        """Who is in a coalition that agrees to some open change; (actors, states)."""
        rules = self._rules
        open_ = np.flatnonzero(self._into & ~self._held(value, agree))
        by = agreed_by(self._families, self._family[open_], agree[open_])
        masks = np.where(by, self._families.masks[self._family[open_]], np.uint64(0))
        together = np.bitwise_or.reduce(masks, axis=1)
        found = np.zeros((len(rules.actors), len(self._states)), dtype=bool)
        for k in range(len(rules.actors)):
            found[k, self._row[open_[(together >> np.uint64(k) & np.uint64(1)) > 0]]] = True
        return found

    def _held(self, value: Floats, agree: Bits) -> Mask:
        """Which changes are not looked at, since a proper part can do instead; (changes,)."""
        rules = self._rules
        some = any_agrees(self._families, self._family, agree)
        first = rules.changes.part_first
        whole, place = spread(first[self._change], first[self._change + 1])
        part = whole + rules.changes.part[place] - self._change[whole]
        whole, part = whole[some[part]], part[some[part]]
        willing = agree[part]
        if self._farsighted:
            content = np.full(
                len(part), np.bitwise_or.reduce(rules.members.electorates), dtype=np.uint64
            )
            gains = value[self._target[part]] >= value[self._target[whole]] - TOLERANCE
            for row, bit in enumerate(rules.members.ordinary):
                content |= np.where(gains[:, row], bit, np.uint64(0))
            willing = willing & content
        held = np.zeros(len(self._family), dtype=bool)
        held[whole[any_agrees(self._families, self._family[part], willing)]] = True
        return held


def _who(
    rules: Rules,
    families: Families,
    row: Indexes,
    family: Indexes,
    agree: Bits,
    gain: Floats,
    states: int,
) -> tuple[Floats, Floats]:
    """Who is asked at each state, and who refuses the best change: (actors, states) of 0 and 1.

    The best change for an actor, of those open to a coalition with it, is the one that the fewest
    of the coalition refuse, then with the greatest geometric mean of gains of those who agree.
    """
    actors = rules.actors
    most = families.masks.shape[1]
    masks = families.masks[family]
    ways = np.flatnonzero((masks != NOBODY).reshape(-1))
    pair, column = np.divmod(ways, most)
    mask = masks[pair, column]
    refusing = mask & ~agree[pair]
    count = np.zeros(len(pair), dtype=np.intp)
    for k in range(len(actors)):
        count += (refusing >> np.uint64(k) & np.uint64(1)).astype(np.intp)
    inside = families.members[:, family[pair], column]
    bits = rules.members.ordinary[:, None]
    content = inside & ((agree[pair][None] & bits) > 0)
    with np.errstate(divide="ignore"):
        logs = np.log(np.maximum(gain[:, pair], 0.0))
    number = content.sum(axis=0)
    total = np.where(content, logs, 0.0).sum(axis=0)
    mean = np.where(number > 0, np.exp(total / np.maximum(number, 1)), 0.0)
    order = np.lexsort((-mean, count, row[pair]))
    asked = np.zeros((len(actors), states))
    refused = np.zeros((len(actors), states))
    for k in range(len(actors)):
        bit = np.uint64(1 << k)
        mine = order[(mask[order] & bit) > 0]
        where, first = np.unique(row[pair[mine]], return_index=True)
        asked[k, where] = 1.0
        refused[k, where] = (refusing[mine[first]] & bit) > 0
    return asked, refused
