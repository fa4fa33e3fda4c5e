"""In what share of the time each actor is asked for an arrangement, and refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from immutabledict import immutabledict

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import agreeing
from foedus.process.changes import NOBODY, Bits, Families
from foedus.process.forms import direct_forms
from foedus.process.model import Behaviour, Drawn, Process
from foedus.process.myopic import Myopic
from foedus.process.rules import Rules
from foedus.process.timing import Schedule

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
    solved = process.farsighted(drawn)
    start = np.zeros(len(solved.state))
    start[solved.number[process.today]] = 1.0
    moments = _midpoints(process.days)
    at = np.minimum(np.searchsorted(solved.ends, moments), len(solved.ends) - 1)
    chance = np.array(solved.forward(start))

    def value(k: int) -> Floats:
        whole = np.zeros((len(process.game.space), len(drawn.worths.ordinary)))
        whole[solved.state] = solved.goes_by[at[k]]
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
    """What is asked in one season at some states outside an arrangement."""

    def __init__(
        self, rules: Rules, drawn: Drawn, behaviour: Behaviour, states: Indexes, inside: Mask
    ) -> None:
        self._rules, self._worths = rules, drawn.worths
        self._states, self._farsighted = states, behaviour == "farsighted"
        self._found = [
            (row, form.state, form.family)
            for row, state in enumerate(states)
            for form in direct_forms(rules.finder, inside, int(state))
        ]
        self._known: tuple[Floats, tuple[Floats, Floats]] | None = None

    def answers(self, value: Floats) -> tuple[Floats, Floats]:
        """Who is asked at each state, and who refuses, by what actors go by: (actors, states)."""
        if not self._found:
            none = np.zeros((len(self._rules.actors), len(self._states)))
            return none, none
        if self._known is None or self._known[0] is not value:
            self._known = value, self._asked(value)
        return self._known[1]

    def _asked(self, value: Floats) -> tuple[Floats, Floats]:
        rules, worths = self._rules, self._worths
        row, target, family = np.array(self._found, dtype=np.intp).T
        origin = self._states[row]
        gain = (value[target] - value[origin]).T
        passes, least, fallen = worths.passes[:, 0, target], worths.least[:, [0]], None
        if self._farsighted:
            least = np.zeros_like(least)
            fallen = worths.worth[:, 0, target] - worths.worth[:, 0, origin]
        agree = agreeing(gain, fallen, least, passes, rules.members)
        families = rules.finder.families()
        return _who(rules, families, row, family, agree, gain, len(self._states))


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
