"""The process of a case: what is found once, and what is worked out for each sample of draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem
from foedus.game.space import Indexes, Mask
from foedus.preferences import samplers_of, views_of
from foedus.preferences.games import Game, game_of
from foedus.preferences.kind import Sampler
from foedus.preferences.sample import MOST_LIKELY, Floats
from foedus.process.changes import REACH
from foedus.process.drawn import KeptSample, ProcessSample, Unsure
from foedus.process.explored import explore
from foedus.process.farsighted import CALENDAR, Farsighted, farsighted
from foedus.process.items import Item, Items, items_of
from foedus.process.myopic import Myopic
from foedus.process.pace import DAYS_A_YEAR, hazard_of
from foedus.process.rules import Rules
from foedus.process.seasons import Seasons, seasons_of
from foedus.process.timing import Schedule, Timing
from foedus.process.world import World, chances_of, refuse_impossible, world_of
from foedus.process.worths import LEAST_GAIN, Worths, positions_of, worths_of, written_ranges

MEETINGS = 12.0
"""So many meetings a year does each set of issues have that can be altered quickly."""

A_YEAR = DAYS_A_YEAR
"""The horizon, in days, of consent and paths in a case that names no dates."""

HELD = 1 << 20
"""So many worths, of states to actors in draws, are held at a time.

Few enough that what one goes through again and again in solving stays near the processor.
"""

Behaviour = Literal["myopic", "farsighted"]


@dataclass(frozen=True, slots=True)
class ProcessOptions:
    """How a process is played.

    ``meetings`` is the rate of a meeting clock a year; ``least_gain`` the share of an actor's range
    that a gain must exceed for a myopic actor; ``reach`` how many issues a change may alter where
    its parts are possible; ``calendar`` how often farsighted actors reconsider, in days;
    ``by_coalition`` gives each coalition meetings of its own. Changes paced by records in
    ``pace_off`` wait for what they take alone. ``left_out`` is the standard deviation, as a share
    of an actor's range, of what the case leaves out of each worth of a position. ``undated`` is the
    horizon in days of a case that names neither ``as_of`` nor ``deadline``; None refuses it.
    """

    meetings: float = MEETINGS
    least_gain: float = LEAST_GAIN
    reach: int = REACH
    calendar: float = CALENDAR
    by_coalition: bool = False
    pace_off: frozenset[str] = frozenset()
    left_out: float = 0.0
    undated: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A sample of draws worked out: what states are worth, and when items are ready."""

    worths: Worths
    timing: Timing
    schedule: Schedule

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return self.worths.draws


@dataclass(frozen=True, eq=False)
class Process:
    """The process of one case under some options. ``Process.of(case)`` makes it."""

    game: Game
    options: ProcessOptions = field(default_factory=ProcessOptions)

    @classmethod
    def of(cls, case: Case | Game, options: ProcessOptions | None = None) -> Process:
        """Build it. Raises CaseError for a case without today, as_of or deadline."""
        process = cls(
            case if isinstance(case, Game) else game_of(case), options or ProcessOptions()
        )
        _ = process.days, process.today, process.world
        return process

    def under(self, **changed: object) -> Process:
        """The same process with some options changed; what does not depend on them is shared."""
        other = Process(self.game, replace(self.options, **changed))  # type: ignore[arg-type]
        shared = ("items", "written", "samplers", "days", "today", "actors", "world")
        same = {"pace_off", "reach", "by_coalition"}.isdisjoint(changed)
        for name in (*shared, "seasons") if same else shared[1:]:
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def sharing(self, other: Process) -> Process:
        """This process with the changes found for another, where both have the same.

        So it is where two cases differ in judgements, records or dates: what states and rights
        there are, who decides, and what waits for the same.
        """
        if self._changes_by() == other._changes_by() and np.array_equal(
            self.game.space.codes, other.game.space.codes
        ):
            self.__dict__["seasons"] = other.seasons
        return self

    def _changes_by(self) -> tuple[object, ...]:
        """All that the changes and their coalitions follow from, beside the states."""
        case, options = self.case, self.options
        issues = [
            (
                *(i.id, tuple(p.id for p in i.positions), i.decided_by),
                *(i.never_back_to, i.final, set(i.falls)),
            )
            for i in case.issues.values()
        ]
        waits = [table.tolist() for table in self.items.of_change]
        return issues, waits, case.groups, self.actors, options.reach, options.by_coalition

    def judged(self, case: Case) -> Process:
        """The same process where what actors want is judged otherwise; the rest is shared.

        ``case`` differs from this one in that alone.
        """
        space = replace(self.game.space, case=case)
        game = replace(self.game, case=case, space=space, views=views_of(space))
        other = Process(game, self.options)
        for name in ("items", "seasons", "days", "today", "actors", "world"):
            other.__dict__[name] = getattr(self, name)
        return other

    @property
    def case(self) -> Case:
        """The case."""
        return self.game.case

    @classmethod
    def undated(cls, case: Case | Game) -> Process:
        """The same for consent and paths, over a year where a case names no dates."""
        return cls.of(case, ProcessOptions(undated=A_YEAR))

    @cached_property
    def days(self) -> float:
        """The days from ``as_of`` to the deadline. Raises CaseError without them."""
        undated = self.options.undated
        if undated is not None and self.case.as_of is None and self.case.deadline is None:
            return undated
        return float(days_left(self.case))

    @cached_property
    def today(self) -> int:
        """The index of today's state. Raises CaseError where it is not known or not possible."""
        state = self.game.space.today
        if state is None:
            raise missing(self.case, "today", "the state from which the process starts")
        return state

    @cached_property
    def items(self) -> Items:
        """What changes wait for."""
        return items_of(self.case, self.options.pace_off)

    @cached_property
    def written(self) -> dict[str, float]:
        """Each ordinary actor's range of worth as the file has it, in its own units."""
        seen = {actor: sampler(MOST_LIKELY) for actor, sampler in self.samplers.items()}
        return written_ranges(self.game.space, seen)

    @cached_property
    def samplers(self) -> dict[str, Sampler]:
        """How actors see the states in draws: what does not differ between these, found once."""
        return samplers_of(self.game.space)

    @cached_property
    def actors(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ordinary actors and the electorates, each in the order of the file."""
        views = self.game.views.items()
        return (
            tuple(a for a, view in views if not view.electorate),
            tuple(a for a, view in views if view.electorate),
        )

    @property
    def rules(self) -> Rules:
        """The changes that may be made today."""
        return self.seasons.rules[0]

    @cached_property
    def seasons(self) -> Seasons:
        """The changes that may be made by season, found when first asked for."""
        return seasons_of(self.case, self.days, self.rules_on)

    def begins(self, season: int) -> date:
        """The first day of a season. Raises CaseError for a case without ``as_of``."""
        if self.case.as_of is None:
            raise missing(self.case, "as_of", "the day from which the process starts")
        return self.case.as_of + timedelta(days=float(self.seasons.starts[season]))

    def rules_on(self, day: date | None) -> Rules:
        """The changes that may be made on a day, which may lie before ``as_of``."""
        options = self.options
        return Rules(
            self.game.space,
            self.items,
            *self.actors,
            reach=options.reach,
            by_coalition=options.by_coalition,
            day=day,
        )

    @cached_property
    def world(self) -> World:
        """What the world does.

        Raises CaseError where an event would lead from a state that can come about to none.
        """
        space = self.game.space
        world = world_of(space, self.case.as_of, self.days)
        if (world.target < 0).any():
            reached = self.seasons.reached(world, np.array([self.today]))
            refuse_impossible(space, world, reached)
        return world

    @cached_property
    def reached(self) -> Mask:
        """The states that changes and events can lead to from today; (states,)."""
        return self.seasons.reached(self.world, np.array([self.today]))

    @property
    def least(self) -> dict[str, float]:
        """What a gain must exceed for each ordinary actor to count, in its own units."""
        views, share = self.game.views, self.options.least_gain
        return {
            actor: 0.0 if views[actor].kind == "ordinal" else share * span
            for actor, span in self.written.items()
        }

    # --- draws ----------------------------------------------------------------------------

    def drawn(
        self, sample: ProcessSample, moments: Sequence[float] = (), rows: range | None = None
    ) -> Drawn:
        """Work out a sample of draws, or some ``rows``; one wants to look at days ``moments``."""
        return next(self._parts(sample, moments, sample.size, rows or range(sample.size)))

    def parts(
        self, sample: ProcessSample, moments: Sequence[float] = (), rows: range | None = None
    ) -> Iterator[Drawn]:
        """The same, so many draws at a time that their worths fit into memory."""
        rows = rows or range(sample.size)
        worths = max(1, len(self.game.views) * len(self.game.space))
        yield from self._parts(sample, moments, max(1, min(sample.size, HELD // worths)), rows)

    def _parts(
        self, sample: ProcessSample, moments: Sequence[float], size: int, rows: range
    ) -> Iterator[Drawn]:
        space, left_out = self.game.space, self.options.left_out
        kept = KeptSample(Unsure(sample, left_out) if left_out else sample)
        moved = self._moved(sample) if left_out else None
        whole = self._timing(sample)
        for first in rows[::size]:
            some = slice(first, min(first + size, rows.stop))
            worths = worths_of(
                space,
                {actor: sampler(kept.some(some)) for actor, sampler in self.samplers.items()},
                self.written,
                least_gain=self.options.least_gain,
                moved=moved and {actor: shifts[some] for actor, shifts in moved.items()},
            )
            timing = whole.some(some)
            yield Drawn(worths, timing, Schedule.of(timing, np.asarray(moments, dtype=float)))

    def _moved(self, sample: ProcessSample) -> dict[str, Floats]:
        positions = positions_of(self.game.space)
        return {
            actor: self.options.left_out
            * np.stack([sample.normals(f"left out of {actor} at {p}") for p in positions], axis=1)
            for actor in self.written
        }

    def _timing(self, sample: ProcessSample) -> Timing:
        every = self.items.all
        hazard = np.zeros((sample.size, len(every)))
        lead = np.zeros((sample.size, len(every)))
        for k, item in enumerate(every):
            hazard[:, k] = self._hazards(sample, item)
            if item.takes is not None:
                lead[:, k] = sample.values(item.takes)
        recorded = np.array([item.record is not None for item in every], dtype=bool)
        meetings = self.options.meetings / DAYS_A_YEAR
        events = chances_of(self.case, self.world, sample, self.case.as_of)
        starts = self.seasons.starts
        return Timing(hazard, lead, recorded, meetings, self.days, self.world, events, starts)

    def _hazards(self, sample: ProcessSample, item: Item) -> Floats:
        if item.record is None:
            return np.zeros(sample.size)
        record = self.case.records[item.record]
        return sample.hazards(item.record, hazard_of(record)) / DAYS_A_YEAR

    # --- solving --------------------------------------------------------------------------

    def myopic(
        self,
        drawn: Drawn,
        starts: Indexes | None = None,
        forbidden: tuple[Mask, bool] | None = None,
    ) -> Myopic:
        """The chain of myopic actors in every draw, from today or from other states."""
        explored = explore(
            self.seasons,
            drawn.worths,
            drawn.timing,
            np.array([self.today]) if starts is None else starts,
            drawn.schedule.ready,
            forbidden=forbidden,
        )
        return Myopic(explored, drawn.timing, drawn.schedule)

    def farsighted(
        self,
        drawn: Drawn,
        draw: int = 0,
        starts: Indexes | None = None,
        forbidden: tuple[Mask, bool] | None = None,
        everywhere: bool = False,
        noted: bool = False,
    ) -> Farsighted:
        """The chain of farsighted actors in one draw."""
        return farsighted(
            self.seasons,
            drawn.worths,
            drawn.timing,
            draw,
            np.array([self.today]) if starts is None else starts,
            calendar=self.options.calendar,
            forbidden=forbidden,
            everywhere=everywhere,
            noted=noted,
        )


def days_left(case: Case) -> int:
    """The days from ``as_of`` to the deadline.

    Raises CaseError when either is missing, or the deadline is not after ``as_of``.
    """
    if case.as_of is None:
        raise missing(case, "as_of", "the day on which the process begins")
    if case.deadline is None:
        raise missing(case, "deadline", "the day on which it ends")
    days = (case.deadline - case.as_of).days
    if days <= 0:
        message = f"the deadline {case.deadline} is not after as_of, {case.as_of}"
        raise CaseError([Problem(message, case.place(("deadline",)))], case.file)
    return days


def missing(case: Case, key: str, what: str) -> CaseError:
    """The error of a case that lacks what the process needs."""
    if key == "today" and case.today is not None:
        message = "today is not possible under the rules"
    else:
        message = f"the process needs `{key}`, {what}"
    return CaseError([Problem(message, case.place((key,)))], case.file)
