"""The smallest changes of judgements by which an arrangement's chance passes a chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from foedus.case.model import Case
from foedus.case.places import Path
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.forecasting.estimates import Probability, over_draws
from foedus.forecasting.options import LEFT_OUT
from foedus.forecasting.pieces import Timed, solved_block
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock
from foedus.forecasting.workers import Progress
from foedus.process.model import Process, ProcessOptions
from foedus.result import Result, data_of, explained
from foedus.sensitivity.adjusting import (
    Adjustable,
    Change,
    adjustables_of,
    changes_of,
    is_pace,
    judged_otherwise,
    setting_of,
    with_changes,
)
from foedus.sensitivity.samples import Varied, changed_blocks
from foedus.sensitivity.turning import size_of, turnings_of


@dataclass(frozen=True, slots=True)
class Passing:
    """Changes with which the chance passes: one judgement's, or a few that move together.

    ``half_ranges`` is how far each moves at most, in halves of its own range; ``chance`` is the
    probability then, from all draws.
    """

    changes: tuple[Change, ...]
    half_ranges: float
    chance: Probability

    @property
    def size(self) -> float:
        """The sum of all moves, in halves of their ranges."""
        return size_of(self.changes)

    @property
    def within(self) -> bool:
        """Whether every changed judgement stays within its range; its edge is not beyond."""
        return all(change.within for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "half_ranges size within_ranges=within changes p=chance")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shift(Result):
    """What would have to be judged otherwise for an arrangement's chance to pass ``target``.

    ``base`` is the chance as things are judged, from so many ``draws``. ``ways`` are the changes
    found, those within the judged ranges first, then the smallest; each has been solved again on
    the same random numbers. Where there is none, ``reason`` says why.
    """

    process: Process
    answer: str
    target: float
    draws: int
    seed: int
    base: Probability
    ways: tuple[Passing, ...]
    reason: str = ""

    @property
    def case(self) -> Case:
        """The case as it is judged."""
        return self.process.case

    @property
    def found(self) -> bool:
        """Whether some change does it."""
        return bool(self.ways)

    @property
    def rising(self) -> bool:
        """Whether the chance has to rise (or else to fall) to the target."""
        return self.target > self.base.p

    def changed_case(self, way: int = 0) -> Case:
        """The case with one way's changes made; a pace's, which no judgement holds, are not."""
        changes = self.ways[way].changes
        return with_changes(self.case, [c for c in changes if not is_pace(c.before)])

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "answer target draws seed base found ways reason")

    def explain(self) -> Explanation:
        """The ways found, and the judgements they move."""
        return explained(self)


DRAWS = 250
FEW = 25
"""In so many draws it is first looked for what passes, against the same draws without a change."""

STEPS = (1.0, 4.0)
"""By so many half-ranges each judgement is moved either way to see what it does."""

ROUGH = 0.05
"""To so much of a half-range it is narrowed down in few draws."""

FINE = 0.01
"""To so much of a half-range it is then worked out in all draws."""

SINGLE = 3
"""So many single changes are worked out in all draws, and pairs are made of as many."""

PAIRS = 2
"""So many pairs are worked out in all draws."""

SAVED = 0.95
"""Of a pair is told what moves no further than this much of what either moves alone."""

MOST = 4.0
MOST_RUNS = 12
AT_ONCE = 2_000
"""So many draws are solved at once, to bound the memory."""

EFFECT = 1e-6
"""What moves the chance by less than this does not move it."""


@dataclass(frozen=True, slots=True)
class _Direction:
    """Adjustables that move together, each by its part of the common shift, from -1 to 1.

    By ``high`` half-ranges the chance passes in few draws, by ``low`` it does not; ``effect`` is
    what the first step does.
    """

    parts: tuple[tuple[Adjustable, float], ...]
    low: float = 0.0
    high: float = MOST
    effect: float = 0.0

    def changes(self, shift: float) -> tuple[Change, ...]:
        return changes_of((each, part * shift) for each, part in self.parts)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(each.key for each, _ in self.parts)

    @property
    def paths(self) -> frozenset[Path]:
        return frozenset(j.path for each, _ in self.parts for j in each.judgements)


def smallest_shift(
    case: Case,
    answer: str,
    target: float,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    options: ProcessOptions | None = None,
    progress: Progress | None = None,
) -> Shift:
    """The smallest changes of judgements by which an arrangement's chance passes ``target``.

    The chance is the inside view's, with what the case leaves out. Each judgement (those of a group
    moving together) and each pace is moved either way with its whole range, up to four halves of
    it. What passes in a few draws is narrowed down by bisection; the smallest, and pairs of those
    that do most, are then worked out and solved again in all ``draws``. Where none does, the change
    by which all who are asked agree is tried as a whole. See docs/what-would-it-take.md.

    Raises KeyError for an unknown arrangement; ValueError for a target that is not between 0 and 1
    or for no draws; CaseError as a forecast does.
    """
    if not 0 < target < 1:
        raise ValueError(f"the target is {target:g}; it lies between 0 and 1")
    if draws < 1:
        raise ValueError(f"{draws} draws: at least one is needed")
    if answer not in case.arrangements:
        raise UnknownName("arrangement", answer, case.arrangements)
    process = Process.of(case, replace(options or ProcessOptions(), left_out=LEFT_OUT))
    return _Search(process, answer, target, draws, seed, progress).run()


class _Search:
    """Changes of one case solved on the same random numbers."""

    def __init__(
        self,
        process: Process,
        answer: str,
        target: float,
        draws: int,
        seed: int,
        progress: Progress | None,
    ) -> None:
        self.process, self.answer, self.target = process, answer, target
        self.draws, self.seed, self.progress = draws, seed, progress
        self.place = list(process.case.arrangements).index(answer)
        self.runs = 0
        self.base = self._chance(())
        self.way = 1.0 if target > self.base.p else -1.0
        # What few draws lack or have too much of is taken off: both are on the same numbers.
        few = self._few([()])[0]
        self.lacking = (target - self.base.p) * self.way
        self.from_few = few

    def run(self) -> Shift:
        """Look in few draws, then work out the best in all."""
        singles = self._singles()
        passing = sorted((d for d in singles if d.high <= MOST), key=lambda d: (d.high, -d.effect))
        strongest = sorted(singles, key=lambda d: -d.effect)[:SINGLE]
        leading = list({d.keys: d for d in (*passing[:SINGLE], *strongest)}.values())
        pairs = [
            _Direction((*one.parts, *other.parts), effect=one.effect + other.effect)
            for one, other in combinations(leading, 2)
            if not one.paths & other.paths
        ]
        pairs = sorted(pairs, key=lambda d: -d.effect)[: 3 * PAIRS]
        coupled = sorted((d for d in self._narrowed(pairs) if d.high <= MOST), key=lambda d: d.high)
        alone = [(d, self._worked_out(d)) for d in passing[:SINGLE]]
        ways = [way for _, way in alone if way is not None]
        for d in coupled[:PAIRS]:
            parts = [way.half_ranges for one, way in alone if way and one.keys < d.keys]
            way = self._worked_out(d)
            # A partner that saves its other part nothing is idle.
            if way is not None and way.half_ranges < SAVED * min(parts, default=np.inf):
                ways.append(way)
        if not ways and self.way > 0:
            found = [self._worked_out(d) for d in self._narrowed(self._by_consent())]
            ways = [way for way in found if way is not None]
        ways.sort(key=lambda way: (not way.within, way.size, way.changes[0].name))
        reason = "No one or two judgements do it, moved by up to four times half their range."
        return Shift(
            self.process,
            self.answer,
            self.target,
            self.draws,
            self.seed,
            self.base,
            tuple(ways),
            "" if ways else reason,
        )

    # --- in few draws -------------------------------------------------------------------------

    def _singles(self) -> list[_Direction]:
        """Each adjustable that moves the chance, the way that it does, narrowed down."""
        found: dict[str, _Direction] = {}
        left = adjustables_of(self.process)
        for step in STEPS:
            ways = [
                _Direction(((each, sign),), 0.0 if step == STEPS[0] else STEPS[0], step)
                for each in left
                for sign in (1.0, -1.0)
                if each.key not in found or found[each.key].parts[0][1] == sign
            ]
            effects = self._effects([d.changes(step) for d in ways])
            for d, effect in zip(ways, effects, strict=True):
                key = d.parts[0][0].key
                passes = effect >= self.lacking
                if effect <= EFFECT or (key in found and found[key].high <= d.low):
                    continue
                if passes or key not in found or found[key].effect < effect / step:
                    high = step if passes else 2 * MOST
                    found[key] = replace(d, high=high, effect=effect / step)
            left = tuple(
                each for each in left if each.key not in found or found[each.key].high > step
            )
        narrowed = self._narrowed([d for d in found.values() if d.high <= MOST], known=True)
        return [*narrowed, *(d for d in found.values() if d.high > MOST)]

    def _narrowed(self, ways: Sequence[_Direction], *, known: bool = False) -> list[_Direction]:
        """Each shift between one that does not pass and one that does; twice the most if none."""
        left = list(ways)
        if not known:
            effects = self._effects([d.changes(MOST) for d in left])
            left = [
                replace(d, low=0.0, high=MOST if effect >= self.lacking else 2 * MOST)
                for d, effect in zip(left, effects, strict=True)
            ]
        done = [d for d in left if d.high > MOST]
        left = [d for d in left if d.high <= MOST]
        while left and max(d.high - d.low for d in left) > ROUGH:
            ends = sorted(d.high for d in left)
            bound = ends[min(SINGLE, len(ends)) - 1]
            done += [replace(d, low=d.high) for d in left if d.low > bound]
            left = [d for d in left if d.low <= bound]
            middles = [(d.low + d.high) / 2 for d in left]
            effects = self._effects([d.changes(x) for d, x in zip(left, middles, strict=True)])
            left = [
                replace(d, high=x) if effect >= self.lacking else replace(d, low=x)
                for d, x, effect in zip(left, middles, effects, strict=True)
            ]
        return [*left, *done]

    def _effects(self, changes: Sequence[tuple[Change, ...]]) -> list[float]:
        """By how much each moves the mean chance of few draws, the way asked for."""
        return [(p - self.from_few) * self.way for p in self._few(changes)]

    def _few(self, changes: Sequence[tuple[Change, ...]]) -> list[float]:
        size = min(FEW, self.draws)
        found: list[float] = []
        step = max(1, AT_ONCE // size)
        for begin in range(0, len(changes), step):
            self._tell("moving judgements", begin, len(changes))
            some = [setting_of(each) for each in changes[begin : begin + step]]
            varied = Varied(DrawBlock(0, 0, size, self.seed), some)
            reached = solved_block(self.process, Timed(varied)).reached[:, self.place]
            found += reached.reshape(len(some), size).mean(axis=1).tolist()
        return found

    def _by_consent(self) -> list[_Direction]:
        """The change by which all who are asked agree, as one direction."""
        known = {each.key: each for each in adjustables_of(self.process)}
        _, together = turnings_of(self.process.under(left_out=0.0), self.answer)
        if not together.turns:
            return []
        moves = together.turns[0].moves
        largest = max(map(abs, moves.values()))
        return [_Direction(tuple((known[key], moved / largest) for key, moved in moves.items()))]

    # --- in all draws -------------------------------------------------------------------------

    def _worked_out(self, way: _Direction) -> Passing | None:
        """The least shift that passes in all draws; None if none does."""
        if way.high > MOST:
            return None
        low, below = 0.0, -self.lacking
        high, chance = way.high, self._chance(way.changes(way.high))
        while (above := self._beyond(chance)) < 0:
            if high >= MOST:
                return None
            low, below = high, above
            high = min(MOST, high * 1.25 + FINE)
            chance = self._chance(way.changes(high))
        for _ in range(MOST_RUNS):
            if high - low <= FINE:
                break
            # Where the chance would pass on a straight line, but not too near to either end.
            part = min(max(below / (below - above), 0.1), 0.9)
            middle = low + part * (high - low)
            tried = self._chance(way.changes(middle))
            if (beyond := self._beyond(tried)) >= 0:
                high, above, chance = middle, beyond, tried
            else:
                low, below = middle, beyond
        return Passing(way.changes(high), high, chance)

    def _beyond(self, chance: Probability) -> float:
        return (chance.p - self.target) * self.way

    def _chance(self, changes: tuple[Change, ...]) -> Probability:
        """The chance in all draws of the case with changes made."""
        self.runs += 1
        self._tell("solving again in all draws", self.runs, self.runs)
        process = judged_otherwise(self.process, changes) if changes else self.process
        parts = [
            solved_block(process, Timed(block)).reached[:, self.place]
            for block in changed_blocks(self.draws, self.seed, setting_of(changes))
        ]
        answers: Floats = np.concatenate(parts)
        return over_draws(answers, self.process.case.words)

    def _tell(self, what: str, done: int, whole: int) -> None:
        if self.progress is not None:
            self.progress(what, done, whole)
