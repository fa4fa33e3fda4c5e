"""Consent: what each actor expects if an arrangement is kept, against if it is never concluded.

For actor a and form t, *kept* is what a expects from t in the process in which no move leaves the
arrangement, *never* what a expects from today in the process in which no move enters it (a's BATNA,
which knows time and chance). Better or worse off with it is kept less never. Who is asked are the
inclusion-minimal coalitions that can make t from today in one change; an asked actor refuses a form
by which it does not gain. Events ask nobody: they happen in all of these processes, and may end an
arrangement that no move leaves, or bring one that no move enters. Over the whole chain, an actor
refuses in that share of the time in which a change into the arrangement is open to a coalition with
it, and it would not agree to the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
from immutabledict import immutabledict

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.asking import Course, Refusals, course_of, refusals
from foedus.process.chances import as_chances
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.forms import FormOf, direct_forms, nearest, riders
from foedus.process.model import Behaviour, Drawn, Process
from foedus.process.myopic import Myopic
from foedus.process.worths import TOLERANCE

Status = Literal["impossible", "nobody", "by itself", "direct", "later", "in stages", "by events"]

MOST_FORMS = 6
"""So many forms of an arrangement are kept, best first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One smallest coalition that can make a form, and who of it refuses.

    ``shortfall`` is the sum of what the refusing lack, as shares of their ranges; ``mean`` the
    geometric mean of gains where nobody refuses, else None. ``electorates`` maps those asked to
    their support in per cent and whether it passes.
    """

    coalition: tuple[str, ...]
    refuse: tuple[str, ...]
    shortfall: float
    mean: float | None
    electorates: Mapping[str, tuple[float, bool]]


@dataclass(frozen=True, slots=True)
class Rider:
    """A change that, added to a form, makes everybody asked gain: the states with it, and gains."""

    state: int
    gain: Mapping[str, float]
    asked: Asked


@dataclass(frozen=True, slots=True)
class Form:
    """A form of an arrangement: its state, and by ordinary actor what it is worth, in own units.

    ``now`` is what it is worth above today in the process as it is, in which nothing is kept.
    ``asked`` is best first; none where it comes by itself. ``riders`` would buy consent. ``ended``
    is the chance that events end the arrangement by the deadline, though no move leaves it.
    ``since`` is the first day on which it can be made from today, None for today.
    """

    state: int
    kept: Mapping[str, float]
    gain: Mapping[str, float]
    now: Mapping[str, float]
    asked: tuple[Asked, ...]
    riders: tuple[Rider, ...] = ()
    ended: float = 0.0
    since: date | None = None

    @property
    def best(self) -> Asked | None:
        """The coalition by which it would most easily come about."""
        return self.asked[0] if self.asked else None


@dataclass(frozen=True, slots=True)
class Consent:
    """Who would be better and worse off with one arrangement, and who would say no.

    ``never`` is by ordinary actor, in own units; ``forms`` are best first. ``refusals`` says by
    actor in what share of the time it is asked, and in what share it refuses. ``brought`` is the
    chance that events bring the arrangement by the deadline, though no move enters it.

    ``status``: ``direct``, some change from today makes it; ``later``, one does whose right begins
    later; ``in stages``, several do; ``by events``, no change enters it, but events do; ``nobody``,
    nothing does; ``by itself``, today is in it.
    """

    arrangement: str
    status: Status
    never: Mapping[str, float]
    forms: tuple[Form, ...]
    refusals: Refusals
    brought: float = 0.0

    @property
    def headline(self) -> Form | None:
        """The form shown first."""
        return self.forms[0] if self.forms else None

    @property
    def acceptable(self) -> bool:
        """Whether a form exists that all who are asked agree to."""
        return any(a.mean is not None for form in self.forms for a in form.asked)


@dataclass(frozen=True, eq=False)
class Expected:
    """What ordinary actors expect at states under one process, in one draw, as shares.

    ``crossed`` (nodes,) is the chance that one ends beyond the border that no move crosses; None
    where all moves are allowed or nothing happens of itself.
    """

    drawn: Drawn
    number: Indexes
    value: Floats
    crossed: Floats | None = None

    def at(self, state: int) -> Floats:
        """By ordinary actor, in own units; (actors,)."""
        worths = self.drawn.worths
        share = self.value[self.number[state]]
        return np.asarray(worths.bottom[:, 0] + worths.unit[:, 0] * share)

    def crossing(self, state: int) -> float:
        """The chance that events cross the border of an arrangement that no move crosses."""
        if self.crossed is None:
            return 0.0
        return float(as_chances(self.crossed[self.number[state]]))


def expected(
    process: Process,
    drawn: Drawn,
    behaviour: Behaviour,
    starts: Indexes,
    forbidden: tuple[Mask, bool] | None = None,
) -> Expected:
    """Solve one draw for what actors expect at ``starts`` and whatever follows from them."""
    if behaviour == "farsighted":
        solved = process.farsighted(drawn, 0, starts, forbidden)
        beyond = _beyond(process, forbidden, solved.state)
        crossed = None if beyond is None else solved.backward(beyond)
        return Expected(drawn, solved.number, solved.value, crossed)
    chain = process.myopic(drawn, starts, forbidden)
    e = chain.explored
    final = np.ascontiguousarray(drawn.worths.worth[:, 0, e.state].T)
    beyond = _beyond(process, forbidden, e.state)
    crossed = None if beyond is None else chain.backward(beyond)
    return Expected(drawn, e.number[0].astype(np.intp), chain.backward(final), crossed)


def _beyond(process: Process, forbidden: tuple[Mask, bool] | None, state: Indexes) -> Floats | None:
    """1 for nodes beyond the border that no move crosses; None where events cannot cross one."""
    if forbidden is None or not len(process.world):
        return None
    inside, entering = forbidden
    return np.asarray(inside[state] == entering, dtype=float)


class Consents:
    """Works out consent to arrangements at the most likely judgements."""

    def __init__(self, process: Process, behaviour: Behaviour = "myopic") -> None:
        self.process, self.behaviour = process, behaviour
        self.space, self.today = process.game.space, process.today
        self.drawn = process.drawn(MOST_LIKELY_PROCESS)
        self.ordinary = self.drawn.worths.ordinary
        self.least = np.array([process.least[a] for a in self.ordinary])

    @cached_property
    def _course(self) -> Course:
        return course_of(self.process, self.drawn, self.behaviour)

    @property
    def ends(self) -> Floats:
        """The chance of each state's holding at the deadline, before it reverts; (states,)."""
        found = np.zeros(len(self.space))
        found[self._course.states] = self._course.ends
        return found

    def of(self, arrangement: str) -> Consent:
        """Consent to one arrangement."""
        consent = self.in_forms(arrangement)
        if consent.status == "impossible":
            return consent
        inside = self.space.matches(arrangement)
        refusing = refusals(self.process, self.drawn, self.behaviour, self._course, inside)
        return replace(consent, refusals=refusing)

    def in_forms(self, arrangement: str) -> Consent:
        """The same without who refuses over the whole time, for which the chain is solved again."""
        inside = self.space.matches(arrangement)
        refusing = Refusals.none()
        if not inside.any():
            return Consent(arrangement, "impossible", immutabledict(), (), refusing)
        if inside[self.today]:
            return self._standing(arrangement, inside, refusing)
        season, forms = self._direct_forms(inside)
        finder = self.process.seasons.rules[season].finder
        status: Status = "later" if season else "direct"
        if not forms:
            state = self._likeliest_entry(inside)
            if state is None:
                alone = self._expected(np.array([self.today])).at(self.today)
                return Consent(arrangement, "nobody", self._by(alone), (), refusing)
            status = "in stages" if self._entered(inside) else "by events"
            forms = [FormOf(state, -1)]
        added = {form.state: riders(finder, self.space, self.today, form.state) for form in forms}
        states = [form.state for form in forms]
        kept = self._expected(
            np.array([*states, *(both for some in added.values() for both, _ in some)]),
            (inside, False),
        )
        never = self._expected(
            np.unique([self.today, *(with_it for some in added.values() for _, with_it in some)]),
            (inside, True),
        )
        as_is = self._expected(np.array([self.today, *states]))
        three = kept, never, as_is
        found = [self._form(form, three, added[form.state], season) for form in forms]
        found.sort(key=self._rank)
        batna, brought = self._by(never.at(self.today)), never.crossing(self.today)
        return Consent(arrangement, status, batna, tuple(found[:MOST_FORMS]), refusing, brought)

    def _direct_forms(self, inside: Mask) -> tuple[int, list[FormOf]]:
        """The first season in which one change from today makes forms, and these; 0 for none."""
        for season, rules in enumerate(self.process.seasons.rules):
            if forms := direct_forms(rules.finder, inside, self.today):
                return season, forms
        return 0, []

    def _entered(self, inside: Mask) -> bool:
        """Whether some change enters an arrangement from a state that can come about."""
        if not len(self.process.world):
            return True
        outside = np.flatnonzero(self.process.reached & ~inside)
        for rules in self.process.seasons.rules:
            changes, _, change = rules.changes_at(outside)
            if inside[changes.target[change]].any():
                return True
        return False

    def gains(self, arrangement: str, state: int) -> Mapping[str, float]:
        """By ordinary actor, what a state of an arrangement is worth if kept, less if it never is.

        In own units; of a state that a change from today reaches.
        """
        inside = self.space.matches(arrangement)
        kept = self._expected(np.array([state]), (inside, False)).at(state)
        never = self._expected(np.array([self.today]), (inside, True)).at(self.today)
        return self._by(kept - never)

    def _expected(self, starts: Indexes, forbidden: tuple[Mask, bool] | None = None) -> Expected:
        return expected(self.process, self.drawn, self.behaviour, starts, forbidden)

    def _by(self, values: Floats) -> Mapping[str, float]:
        return immutabledict(zip(self.ordinary, values.tolist(), strict=True))

    def _standing(self, arrangement: str, inside: Mask, refusing: Refusals) -> Consent:
        """Consent to what is the case today: kept, against the process as it is."""
        held = self._expected(np.array([self.today]), (inside, False))
        kept = held.at(self.today)
        as_is = self._expected(np.array([self.today])).at(self.today)
        form = Form(
            self.today,
            self._by(kept),
            self._by(kept - as_is),
            self._by(np.zeros(len(kept))),
            (),
            ended=held.crossing(self.today),
        )
        return Consent(arrangement, "by itself", self._by(as_is), (form,), refusing)

    def _likeliest_entry(self, inside: Mask) -> int | None:
        """The state in which the likeliest way to an arrangement ends; None where no way leads."""
        explored = self.process.myopic(self.drawn).explored
        onward = np.flatnonzero(~inside[explored.state[explored.ways.node]])
        stopped = replace(explored, ways=explored.ways.some(onward))
        chain = Myopic(stopped, self.drawn.timing, self.drawn.schedule)
        start = np.zeros(chain.nodes)
        start[chain.explored.number[0, self.today]] = 1.0
        entered = chain.end(start) * inside[chain.explored.state]
        if entered.max(initial=0.0) > 0:
            return int(chain.explored.state[np.argmax(entered)])
        known = np.flatnonzero(self.process.reached)
        there = known[inside[known]]
        return nearest(self.space, self.today, there) if len(there) else None

    def _form(
        self,
        form: FormOf,
        three: tuple[Expected, Expected, Expected],
        added: list[tuple[int, int]],
        season: int,
    ) -> Form:
        kept, never, as_is = three
        finder = self.process.seasons.rules[season].finder
        worth = kept.at(form.state)
        gain = worth - never.at(self.today)
        now = as_is.at(form.state) - as_is.at(self.today)
        asked = sorted(
            (self._asked(c, form.state, gain) for c in finder.coalitions(form.family)), key=_ease
        )
        bought: list[Rider] = []
        if asked and asked[0].refuse:
            for both, alone in added:
                more = kept.at(both) - never.at(alone)
                if rider := self._rider(both, more, season):
                    bought.append(rider)
        bought.sort(key=lambda rider: -(rider.asked.mean or 0.0))
        return Form(
            form.state,
            self._by(worth),
            self._by(gain),
            self._by(now),
            tuple(asked),
            tuple(bought),
            kept.crossing(form.state),
            self.process.begins(season) if season else None,
        )

    def _rider(self, both: int, gain: Floats, season: int) -> Rider | None:
        finder = self.process.seasons.rules[season].finder
        family = finder.family_between(self.today, both)
        if family < 0:
            return None
        ways = [self._asked(coalition, both, gain) for coalition in finder.coalitions(family)]
        best = min(ways, key=_ease)
        return None if best.refuse else Rider(both, self._by(gain), best)

    def _asked(self, coalition: tuple[str, ...], state: int, gain: Floats) -> Asked:
        views, unit = self.process.game.views, self.drawn.worths.unit[:, 0]
        place = {actor: k for k, actor in enumerate(self.ordinary)}
        members = [place[a] for a in coalition if a in place]
        votes = {
            a: (float(views[a].values[state]), bool(views[a].levels[state] == 1))
            for a in coalition
            if a not in place
        }
        short = self.least + TOLERANCE * unit - gain
        refuse = {self.ordinary[k] for k in members if short[k] >= 0}
        refuse |= {a for a, (_, passes) in votes.items() if not passes}
        lacking = sum(float((self.least[k] - gain[k]) / unit[k]) for k in members if short[k] >= 0)
        mean = None
        if not refuse:
            with np.errstate(divide="ignore"):
                logs = np.log(np.maximum(gain[members], 0.0) / unit[members])
            mean = float(np.exp(logs.mean()))
        ordered = tuple(a for a in coalition if a in refuse)
        return Asked(coalition, ordered, lacking, mean, immutabledict(votes))

    def _rank(self, form: Form) -> tuple[object, ...]:
        return (*(_ease(form.asked[0]) if form.asked else (0, 0.0, 0.0)), form.state)


def _ease(asked: Asked) -> tuple[int, float, float]:
    """Fewest refusals first, then the greatest mean or the least shortfall."""
    return len(asked.refuse), -(asked.mean or 0.0), asked.shortfall
