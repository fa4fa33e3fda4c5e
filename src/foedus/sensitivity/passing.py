"""The smallest common shift of judgements by which a probability passes a chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from immutabledict import immutabledict

from foedus.case.links import judgements_of
from foedus.case.model import Case, Judgement
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.forecasting.blocks import block_result
from foedus.forecasting.estimates import Probability, from_draws
from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.setting import Plan, Setting
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import DrawBlock, draw_blocks, stream_of
from foedus.forecasting.workers import Progress
from foedus.game.space import Mask
from foedus.result import Result, explained
from foedus.sensitivity.binned import BINS, binned_change
from foedus.sensitivity.changes import Change, half_range, with_changes
from foedus.sensitivity.inputs import drawn_inputs, inputs_of
from foedus.sensitivity.levers import Lever, lever_of

DRAWS = 1_000
SCAN = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Common shifts that are tried first, in half-ranges."""

FINE = 0.02
"""To so much of a half-range the shift is then worked out."""

MOST_RUNS = 25


class Tried(NamedTuple):
    """A common shift in half-ranges, and the probability with it."""

    half_ranges: float
    probability: Probability


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shift(Result):
    """By how much judgements must move together for a probability to pass ``target``.

    ``direction`` maps each lever moved (its stream's key) to its part of the common shift, from -1
    to 1; ``chosen_by`` says where it comes from: ``drivers`` or ``given``.
    ``half_ranges`` is the smallest shift found with which the probability passes; ``changes`` are
    the judgements then; both are None or empty where none does. ``base`` is the probability without
    a shift, ``tried`` all runs in order of the shift, all on the same random numbers.
    """

    case: Case
    answer: str
    target: float
    draws: int
    seed: int
    base: Probability
    direction: Mapping[str, float]
    chosen_by: str
    half_ranges: float | None
    probability: Probability | None
    changes: tuple[Change, ...]
    tried: tuple[Tried, ...]
    reason: str = ""

    @property
    def found(self) -> bool:
        """Whether some shift does it."""
        return self.half_ranges is not None

    @property
    def rising(self) -> bool:
        """Whether the probability has to rise (or else to fall) to the target."""
        return self.target > self.base.p

    @property
    def steady(self) -> bool:
        """Whether over all that was tried the probability moves one way alone."""
        steps = np.diff([self.base.p, *(each.probability.p for each in self.tried)])
        return bool((steps >= 0).all() if self.rising else (steps <= 0).all())

    def changed_case(self) -> Case:
        """The case with the changes made."""
        return with_changes(self.case, self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "answer": self.answer,
            "target": self.target,
            "draws": self.draws,
            "seed": self.seed,
            "base": self.base.to_dict(),
            "chosen_by": self.chosen_by,
            "direction": dict(self.direction),
            "found": self.found,
            "half_ranges": self.half_ranges,
            "p": self.probability.to_dict() if self.probability else None,
            "changes": [change.to_dict() for change in self.changes],
            "tried": [{"half_ranges": s, "p": p.p} for s, p in self.tried],
            "steady": self.steady,
            "reason": self.reason,
        }

    def explain(self) -> Explanation:
        """The shift, the judgements it moves, and what was tried."""
        return explained(self)


def smallest_shift(
    case: Case,
    answer: str,
    target: float,
    *,
    direction: Mapping[str, float] | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    options: PlayoutOptions | None = None,
    progress: Progress | None = None,
) -> Shift:
    """The smallest common shift by which an arrangement's probability passes ``target``.

    The probability is the inside view's, that it is reached. All judgements chosen move by the same
    number of half-ranges of their own, each with its whole range. Chosen are those that the answer
    depends on (``drivers``). ``direction`` maps names of judgements to their parts of the shift
    instead.

    Shifts up to four half-ranges are tried, then the first that passes is narrowed down by
    bisection; at most ``MOST_RUNS`` runs of ``draws`` draws. What is found is the smallest where
    the probability moves one way along the shift, see docs/what-would-it-take.md.

    Raises KeyError for an unknown arrangement or judgement; ValueError for a target that is not
    between 0 and 1, or too few draws; CaseError as a forecast does.
    """
    if not 0 < target < 1:
        raise ValueError(f"the target is {target:g}; it lies between 0 and 1")
    if draws < 2 * BINS:
        raise ValueError(f"{draws} draws: at least {2 * BINS} are needed")
    if answer not in case.arrangements:
        raise UnknownName("arrangement", answer, case.arrangements)
    return _Shifting(case, answer, target, draws, seed, options or PlayoutOptions(), progress).run(
        direction
    )


class _Shifting:
    """Runs of one question on the same random numbers, as judgements are shifted."""

    def __init__(
        self,
        case: Case,
        answer: str,
        target: float,
        draws: int,
        seed: int,
        options: PlayoutOptions,
        progress: Progress | None,
    ) -> None:
        self.case, self.answer, self.target = case, answer, target
        self.draws, self.seed, self.options, self.progress = draws, seed, options, progress
        self.setting = Setting.of(Plan(case, options))
        self.tried: dict[float, Probability] = {}
        self.levers: tuple[tuple[Lever, float], ...] = ()

    def run(self, given: Mapping[str, float] | None) -> Shift:
        """Choose what is moved, scan, and narrow down."""
        yes = self._yes(self.setting)
        base = self._probability(yes)
        rising = self.target > base.p
        chosen_by, reason = "given", ""
        if given is not None:
            direction = self._given(given)
        else:
            chosen_by, direction = "drivers", self._by_drivers(yes, rising)
            reason = "" if direction else "No judgement shows that the answer depends on it."
        self.levers = self._levers(direction)
        found = self._narrowed(rising) if self.levers else None
        if found is None and not reason:
            reason = (
                f"No common shift up to {SCAN[-1]:g} times half the judged range does "
                "it; how long things take "
                "is not moved."
            )
        return Shift(
            self.case,
            self.answer,
            self.target,
            self.draws,
            self.seed,
            base,
            immutabledict(direction),
            chosen_by,
            found,
            None if found is None else self.tried[found],
            () if found is None else self._changes(found),
            tuple(Tried(s, self.tried[s]) for s in sorted(self.tried)),
            "" if found is not None else reason,
        )

    # --- what is moved ------------------------------------------------------------------------

    def _by_drivers(self, yes: Mask, rising: bool) -> dict[str, float]:
        """The judgements that the answer hangs on, each its favourable way."""
        few = forecast(
            self.case,
            draws=1,
            seed=self.seed,
            stability_draws=0,
            range_draws=1,
            options=self.options,
        )
        inputs = tuple(each for each in inputs_of(few) if each.record is None)
        values = drawn_inputs(few, inputs, self.draws)
        generator = DrawBlock(0, 0, 1, self.seed).generator(f"shift {self.answer}")
        measured = binned_change(values, yes, generator)
        way = 1.0 if rising else -1.0
        return {
            each.key: way * float(np.sign(measured.shares[k, -1] - measured.shares[k, 0]))
            for k, each in enumerate(inputs)
            if measured.telling[k] and measured.shares[k, -1] != measured.shares[k, 0]
        }

    def _given(self, given: Mapping[str, float]) -> dict[str, float]:
        """Names of judgements as keys of their streams, the largest part being 1."""
        keys = {j.name: lever.key for lever in self._known() for j in lever.judgements}
        for name in given:
            if name not in keys:
                raise UnknownName("judgement", name, keys)
        largest = max((abs(part) for part in given.values()), default=0.0)
        if not largest:
            raise ValueError("a direction names a judgement that moves")
        return {keys[name]: part / largest for name, part in given.items() if part}

    def _known(self) -> list[Lever]:
        """A lever for every stream that moves some judgement."""
        grouped: dict[str, list[Judgement]] = {}
        for judgement in judgements_of(self.case):
            if half_range(judgement):
                grouped.setdefault(stream_of(judgement), []).append(judgement)
        return [lever_of(key, members) for key, members in grouped.items()]

    def _levers(self, direction: Mapping[str, float]) -> tuple[tuple[Lever, float], ...]:
        return tuple(
            (lever, direction[lever.key]) for lever in self._known() if lever.key in direction
        )

    def _changes(self, shift: float) -> tuple[Change, ...]:
        return tuple(c for lever, part in self.levers for c in lever.changes(part * shift))

    # --- running ------------------------------------------------------------------------------

    def _narrowed(self, rising: bool) -> float | None:
        """The first shift of the scan that passes, narrowed down; None if none does."""

        def passes(shift: float) -> bool:
            p = self._at(shift).p
            return p >= self.target if rising else p <= self.target

        low = 0.0
        for shift in SCAN:
            if passes(shift):
                break
            low = shift
        else:
            return None
        high = shift
        while high - low > FINE and len(self.tried) < MOST_RUNS:
            middle = (low + high) / 2
            if passes(middle):
                high = middle
            else:
                low = middle
        return high

    def _at(self, shift: float) -> Probability:
        if shift not in self.tried:
            case = with_changes(self.case, self._changes(shift))
            setting = Setting.of(Plan(case, self.options))
            self.tried[shift] = self._probability(self._yes(setting))
        return self.tried[shift]

    def _yes(self, setting: Setting) -> Mask:
        """In which draws it is so; (draws,)."""
        if self.progress is not None:
            self.progress("shifting judgements", len(self.tried), MOST_RUNS)
        parts = []
        for block in draw_blocks(self.draws, self.seed):
            detail = block_result(setting, block, detailed=block.size).detail
            assert detail is not None  # noqa: S101 - asked for
            parts.append(setting.matching[self.answer][detail.reached])
        return np.concatenate(parts)

    def _probability(self, yes: Mask) -> Probability:
        return from_draws(int(yes.sum()), len(yes), self.case.words)
