"""What if: values set otherwise, and both answers beside each other on the same random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.edit import Value
from foedus.case.fingerprint import case_hash
from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.case.reading import parse_case
from foedus.document import Explanation, number
from foedus.forecasting.estimates import Z, paired_error
from foedus.forecasting.headline import Headline, headline, headline_options
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.preferences.sample import Floats
from foedus.process.model import ProcessOptions
from foedus.result import Result, data_of, explained
from foedus.sensitivity.agreed import Agreed, agreed_in
from foedus.sensitivity.settings import case_with, judgement_called, known_name

DRAWS = 1_000

STEP = 1e-9
"""A draw's probability that changes by less than this stays as it was."""


@dataclass(frozen=True, slots=True)
class SetOtherwise:
    """A value that was set: its name in the file, and the value before and after, as told."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How an arrangement's probability of being reached moves, from paired draws.

    ``before`` and ``after`` are means over the same draws; ``change`` is their difference, ``se``
    its standard error and ``low`` to ``high`` its 90 % interval, of computing alone. ``rises`` and
    ``falls`` count the draws in which it is likelier after, and less likely. ``pooled`` is the
    answer of all views before and after, with the standard error of their paired difference; None
    for what is no hypothesis.
    """

    arrangement: str
    before: float
    after: float
    change: float
    se: float
    low: float
    high: float
    rises: int
    falls: int
    pooled: tuple[float, float, float] | None = None

    @property
    def moves(self) -> bool:
        """Whether any draw's probability moves."""
        return bool(self.rises or self.falls)

    @property
    def beyond_error(self) -> bool:
        """Whether it moves by more than Monte Carlo error; where no draw moves, it does not."""
        return self.moves and not self.low <= 0 <= self.high

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **data_of(self, "before after change se low high rises falls"),
            "pooled": None
            if self.pooled is None
            else dict(zip(("before", "after", "se"), self.pooled, strict=True)),
        }


@dataclass(frozen=True, eq=False, repr=False)
class WhatIf(Result):
    """A case as it is and as it would be, both solved on the same random numbers.

    ``differences`` has one entry an arrangement.
    """

    settings: tuple[SetOtherwise, ...]
    before: Headline
    after: Headline
    differences: tuple[Difference, ...]

    @property
    def draws(self) -> int:
        """How many draws both answers come from."""
        return self.before.draws

    def difference(self, arrangement: str) -> Difference:
        """How one arrangement's probability moves. KeyError for an unknown one."""
        for each in self.differences:
            if each.arrangement == arrangement:
                return each
        raise UnknownName("arrangement", arrangement, [d.arrangement for d in self.differences])

    @cached_property
    def consent(self) -> Mapping[str, tuple[Agreed, Agreed]]:
        """Who would be worse off and who refuses, before and after, at the most likely values.

        Of every arrangement; worked out when it is first asked for.
        """
        names = tuple(self.before.case.arrangements)
        before, after = (agreed_in(each.process, names) for each in (self.before, self.after))
        return immutabledict({name: (before[name], after[name]) for name in names})

    @property
    def consent_changes(self) -> Mapping[str, tuple[Agreed, Agreed]]:
        """The arrangements of which something else is said after."""
        return immutabledict(
            {name: both for name, both in self.consent.items() if both[0].key != both[1].key}
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        hypotheses = self.before.case.hypotheses
        told = {each.arrangement: each.to_dict() for each in self.differences}
        return {
            "set": [
                {"name": each.name, "before": each.before, "after": each.after}
                for each in self.settings
            ],
            "draws": self.draws,
            "seed": self.before.seed,
            "case_hash": {"before": self.before.case_hash, "after": self.after.case_hash},
            "hypotheses": {name: told[name] for name in hypotheses},
            "arrangements": told,
            "consent": {
                name: {"before": before.to_dict(), "after": after.to_dict()}
                for name, (before, after) in self.consent_changes.items()
            },
        }

    def explain(self, arrangement: str) -> Explanation:
        """What the change does to one arrangement. KeyError for an unknown one."""
        return explained(self, self.difference(arrangement))


def whatif(
    case: Case | str,
    settings: Sequence[tuple[str, Value]],
    *,
    draws: int = DRAWS,
    seed: int = 1,
    options: ProcessOptions | None = None,
    workers: int | Workers = 1,
    file: str = "<text>",
    base: Headline | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Solve a case as it is, and with some values set otherwise, on the same random numbers.

    ``case`` is the text of a case file, called ``file`` in messages, or a case, of which judgements
    alone can be set. ``settings`` are pairs of a name (:func:`~.settings.names_of`) and a value: a
    number, ``[low, most likely, high]`` or a probability word. Each judgement has a stream of
    random numbers of its own, so that what is not set is drawn alike in both. ``base`` is the case
    as it is where that has been solved already, such as ``before`` of another what-if.

    Raises CaseError for a name that cannot be set, naming the nearest, for a value that makes no
    valid case, and as a forecast does; ValueError for no settings, numbers that make
    no sense, or a base of another case, other draws or options.
    """
    if not settings:
        raise ValueError("nothing is set otherwise")
    text = case if isinstance(case, str) else None
    first = parse_case(case, file) if isinstance(case, str) else case
    settings = [(known_name(first, name), value) for name, value in settings]
    other = case_with(first, text, settings)
    with shared_out(workers, progress) as crew:
        if base is None:
            before = headline(first, draws=draws, seed=seed, options=options, workers=crew)
        else:
            _refuse(base, first, draws, seed, options)
            before = base
            crew.know(base.process)
        after = headline(other, draws=draws, seed=seed, options=options, workers=crew)
    return beside(before, after, [name for name, _ in settings])


def beside(before: Headline, after: Headline, names: Sequence[str]) -> WhatIf:
    """A case as it is and with what is called by these names set otherwise, solved already.

    Raises CaseError for a name that cannot be set.
    """
    first, other = before.case, after.case
    return WhatIf(
        tuple(
            SetOtherwise(name, _value(first, name), _value(other, name))
            for name in (known_name(first, each) for each in names)
        ),
        before,
        after,
        tuple(_difference(name, before, after) for name in first.arrangements),
    )


def _refuse(
    base: Headline, case: Case, draws: int, seed: int, options: ProcessOptions | None
) -> None:
    """Raise ValueError for a base that is not that of the case with these draws."""
    same_case = base.case is case or base.case_hash == case_hash(case)
    wanted = draws, seed, headline_options(options)
    if not same_case or (base.draws, base.seed, base.process.options) != wanted:
        raise ValueError("the base is of another case, other draws, another seed or other options")


def _difference(name: str, before: Headline, after: Headline) -> Difference:
    """The mean of the paired differences, with its standard error."""
    first, then = before.by_draw(name), after.by_draw(name)
    steps: Floats = then - first
    change, se = float(steps.mean()), paired_error(first, then)
    pooled = None
    if name in before.pooled and name in after.pooled:
        error = paired_error(before.pooled_by_draw[name], after.pooled_by_draw[name])
        pooled = before.pooled[name], after.pooled[name], error
    return Difference(
        name,
        before.probability(name).p,
        after.probability(name).p,
        change,
        se,
        change - Z * se,
        change + Z * se,
        int(np.count_nonzero(steps > STEP)),
        int(np.count_nonzero(steps < -STEP)),
        pooled,
    )


def _value(case: Case, name: str) -> str:
    """A value as it stands in a case, in words."""
    if judgement := judgement_called(case, name):
        if judgement.word is not None:
            return judgement.word
        if judgement.sure:
            return number(judgement.mode)
        return f"{number(judgement.mode)} ({number(judgement.low)} to {number(judgement.high)})"
    match name.split(".", 3):
        case ["records", record, key]:
            return str(getattr(case.records[record], key))
        case ["reference_classes", like, key]:
            return str(getattr(case.reference_classes[like], key))
        case ["polls", poll, "shares", option]:
            return number(case.polls[poll].shares[option])
        case ["polls", poll, key]:
            return str(getattr(case.polls[poll], key))
        case _:
            return str(getattr(case, name))
