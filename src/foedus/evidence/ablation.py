"""What answers depend on: each item of evidence left out in turn, and the case solved without it.

Each case is solved on the same random numbers as the one with everything in it, so that what is not
left out is drawn alike and the difference is the item's. What leaving out means, and its two
readings, are defined in :mod:`~foedus.evidence.left_out`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from immutabledict import immutabledict

from foedus.case.aliases import with_old_names
from foedus.case.model import Case, Path
from foedus.case.problems import CaseError, Problem, UnknownName, nearest, shown
from foedus.document import Explanation
from foedus.evidence.left_out import READINGS, CaseWithout, Reading, items_by_origin, without
from foedus.evidence.movements import Dependence, Effect, Movement, UnitLeftOut
from foedus.forecasting.estimates import over_draws, paired_error
from foedus.forecasting.headline import (
    Other,
    headline_options,
    pooled_by_draw,
    reached_in,
    refuse_without_preferences,
)
from foedus.forecasting.plan import Plan
from foedus.forecasting.wording import word_for
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.preferences.sample import Floats
from foedus.process.model import ProcessOptions
from foedus.result import Result, data_of, explained

DRAWS = 1_000

FIRST_PASS = 4
"""The first pass over all units has so many times fewer draws than the second."""

MOST = 8
"""So many units are solved again with all draws."""

Units = Literal["items", "origins"]
Key = tuple[frozenset[Path], frozenset[str]]
NOTHING_LEFT_OUT: Key = (frozenset(), frozenset())

MOVED = 0.1
"""An answer depends on what moves it by so much (a probability), or `NUDGE` into another word."""

NUDGE = 0.02
"""A step into another probability word counts from so much on: beside an edge any trifle is one."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LeaveOneOut(Result):
    """Every unit of a case left out in turn, those on which most depends first.

    ``first_draws`` are those of the first pass over all units, equal to ``draws`` when there was
    one pass only; ``full`` so many units at the head of ``units_left_out`` have all ``draws``.
    ``cases`` counts the different cases that were solved, beside the one with everything in it.
    """

    case: Case
    units: Units
    draws: int
    first_draws: int
    seed: int
    full: int
    cases: int
    units_left_out: tuple[UnitLeftOut, ...]
    answers: tuple[str, ...]

    def top(self, most: int = 5) -> tuple[UnitLeftOut, ...]:
        """The first units, those left aside that move no answer by half a point."""
        return tuple(unit for unit in self.units_left_out if unit.tells)[:most]

    def depends_on(
        self, threshold: float = MOVED, reading: Reading = "alone"
    ) -> tuple[Dependence, ...]:
        """The answers that depend on one unit, by one reading.

        Those whose headline moves by ``threshold`` (a probability) or more, or by `NUDGE` or more
        into another probability word; and by more than computing error.
        """
        found = []
        for unit in self.units_left_out:
            effect = unit.effects[reading]
            for each in effect.movements.values():
                before, after = each.headline
                words = tuple(word_for(p, self.case.words).word for p in each.headline)
                crosses = (words[0], words[1]) if words[0] != words[1] else None
                least = min(threshold, NUDGE) if crosses else threshold
                if each.beyond_error and abs(each.change) >= least:
                    found.append(
                        Dependence(
                            unit.name, each.answer, each.by, before, after, effect.draws, crosses
                        )
                    )
        return tuple(found)

    def mover(self, answer: str, reading: Reading = "alone") -> UnitLeftOut | None:
        """The unit that moves one answer most; None when none does by more than computing error.

        Raises KeyError for what is no answer of the result.
        """
        if answer not in self.answers:
            raise UnknownName("answer", answer, self.answers)

        def size(unit: UnitLeftOut) -> float:
            moved = unit.effects[reading].movements[answer]
            return abs(moved.change) if moved.beyond_error else 0.0

        best = max(self.units_left_out, key=size, default=None)
        return best if best is not None and size(best) else None

    def unit(self, name: str) -> UnitLeftOut:
        """One unit by its name. Raises CaseError, with the nearest, for an unknown one."""
        for each in self.units_left_out:
            if each.name == name:
                return each
        raise _unknown(self.case, self.units, name, [each.name for each in self.units_left_out])

    def explain(self, name: str) -> Explanation:
        """What falls with one unit, what is set neutral, and where the answers move.

        Raises CaseError, with the nearest, for an unknown one.
        """
        return explained(self, self.unit(name))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = {
            **data_of(self, "units draws first_draws full seed cases left_out=units_left_out"),
            "depends_on": {
                reading: [each.to_dict() for each in self.depends_on(reading=reading)]
                for reading in READINGS
            },
        }
        return with_old_names(told, left_out="strikes", depends_on="hanging")


def leave_one_out(
    case: Case,
    *,
    units: Units = "items",
    draws: int = DRAWS,
    seed: int = 1,
    workers: int | Workers = 1,
    options: ProcessOptions | None = None,
    most: int | None = MOST,
    only: Collection[str] = (),
    progress: Progress | None = None,
) -> LeaveOneOut:
    """Leave out each item of evidence and each poll in turn, and solve the case without it.

    ``units`` are ``items``, or ``origins``: all items of one origin together. Each is left out by
    both readings. A first pass over all units takes a quarter of the ``draws``; the ``most`` units
    that move an answer most are then solved with all of them (None: all units, in one pass).
    What leads to the same case is solved once, and what changes nothing that an answer is
    computed from is not solved at all. ``only`` names units: no others are left out.

    Units are ranked by the largest movement of the headline (the pooled answer, where there is one)
    that is more than computing error, in whole points: by the reading ``alone``, then by ``any``.
    Those solved with all draws come before those of the first pass.

    Raises CaseError and ValueError as a forecast does; CaseError, with the nearest, for a unit in
    ``only`` that there is not; ValueError for other units or ``most`` below 1.
    """
    if most is not None and most < 1:
        raise ValueError(f"{most} units: at least one is needed")
    named = _units(case, units)
    for name in only:
        if name not in named:
            raise _unknown(case, units, name, named)
    if only:
        named = {name: items for name, items in named.items() if name in only}
    made = {
        name: {reading: without(case, items, reading) for reading in READINGS}
        for name, items in named.items()
    }
    moving = [name for name, by in made.items() if any(any(s.key) for s in by.values())]
    two_passes = most is not None and len(moving) > most
    first = max(1, draws // FIRST_PASS) if two_passes else draws

    plan = Plan(case, headline_options(options))
    full = len(made)
    with shared_out(workers, progress) as crew:
        refuse_without_preferences(crew.process(plan))
        passed = _Pass(crew, plan, first, seed, made)
        found = {name: passed.unit(name, named[name], made[name]) for name in made}
        ranked = sorted(found, key=lambda name: found[name].rank, reverse=True)
        if most is not None and first < draws:
            full = most
            again = _Pass(crew, plan, draws, seed, {name: made[name] for name in ranked[:full]})
            best = {name: again.unit(name, named[name], made[name]) for name in ranked[:full]}
            found |= best
            ranked[:full] = sorted(best, key=lambda name: best[name].rank, reverse=True)
    return LeaveOneOut(
        case,
        units,
        draws,
        first,
        seed,
        full,
        len(passed.done) - 1,
        tuple(found[name] for name in ranked),
        case.hypotheses or tuple(case.arrangements),
    )


class _Pass:
    """Cases without some evidence, solved in so many draws each; every case is solved once.

    Of a forecast only what the answers need is computed.
    """

    def __init__(
        self,
        crew: Workers,
        plan: Plan,
        draws: int,
        seed: int,
        made: Mapping[str, Mapping[Reading, CaseWithout]],
    ) -> None:
        self.draws, self.seed = draws, seed
        cases: dict[Key, Case] = {NOTHING_LEFT_OUT: plan.case}
        for by in made.values():
            for each in by.values():
                cases.setdefault(each.key, each.case)
        pieces = [Other(each, draws, seed) for each in cases.values()]
        reached = crew.run("leaving out", plan, reached_in, pieces)
        base = self._answers(plan.case, reached[0])
        self.done: dict[Key, Mapping[str, Movement]] = {
            key: _movements(base, self._answers(each, rows))
            for (key, each), rows in zip(cases.items(), reached, strict=True)
        }

    def unit(
        self, name: str, items: tuple[str, ...], by: Mapping[Reading, CaseWithout]
    ) -> UnitLeftOut:
        """The unit with its effects by each reading."""
        effects = {
            reading: Effect(each, self.draws, self.done[each.key]) for reading, each in by.items()
        }
        return UnitLeftOut(name, items, immutabledict(effects))

    def _answers(self, case: Case, reached: Floats) -> _Answers:
        """The answers of a solved case, its views pooled as a forecast does."""
        order = list(case.arrangements)
        names = case.hypotheses or tuple(order)
        by_draw = {name: reached[:, order.index(name)] for name in names}
        return _Answers(by_draw, pooled_by_draw(case, reached, self.seed))


@dataclass(frozen=True, slots=True)
class _Answers:
    """For each answer how likely it is in each draw; the pooled answers so too, if any."""

    by_draw: Mapping[str, Floats]
    pooled: Mapping[str, Floats]


def _unknown(case: Case, units: Units, name: str, known: Iterable[str]) -> CaseError:
    what = "evidence or poll is called" if units == "items" else "origin is called"
    return CaseError([Problem(f"no {what} {shown(name)}", nearest=nearest(name, known))], case.file)


def _units(case: Case, units: Units) -> Mapping[str, tuple[str, ...]]:
    if units == "items":
        return {name: (name,) for name in (*case.evidence, *case.polls)}
    if units == "origins":
        return items_by_origin(case)
    raise ValueError(f"no units {units!r}; there are: items, origins")


def _movements(before: _Answers, after: _Answers) -> Mapping[str, Movement]:
    """How each answer moves, from paired draws."""
    found = {}
    for name, rows in before.by_draw.items():
        then = after.by_draw[name]
        errors = [over_draws(each).se for each in (rows, then)]
        moved = Movement(
            name, float(rows.mean()), float(then.mean()), paired_error(rows, then), max(errors)
        )
        if name in before.pooled:
            first, last = before.pooled[name], after.pooled[name]
            moved = replace(
                moved,
                pooled_before=float(first.mean()),
                pooled_after=float(last.mean()),
                pooled_se=paired_error(first, last),
            )
        found[name] = moved
    return immutabledict(found)
