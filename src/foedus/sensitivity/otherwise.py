"""What if: values set otherwise, and both answers beside each other on the same random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.case.edit import Value
from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.case.reading import parse_case
from foedus.document import Explanation, number
from foedus.forecasting.estimates import Z, paired_error
from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.forecasting.workers import Progress
from foedus.game.space import Mask
from foedus.process.acceptance import Acceptance, Finding, acceptance
from foedus.result import Result, explained
from foedus.sensitivity.settings import case_with, judgement_called, known_name

DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class SetOtherwise:
    """A value that was set: its name in the file, and the value before and after, as told."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How an arrangement's probability of being reached moves, from paired draws.

    ``before`` and ``after`` are shares of the same draws; ``change`` is their difference, ``se``
    its standard error and ``low`` to ``high`` its 90 % interval, of computing alone. ``gained`` and
    ``lost`` count the draws in which it comes about only after, and only before.
    """

    arrangement: str
    before: float
    after: float
    change: float
    se: float
    low: float
    high: float
    gained: int
    lost: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "se": self.se,
            "low": self.low,
            "high": self.high,
            "gained": self.gained,
            "lost": self.lost,
        }


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhatIf(Result):
    """A case as it is and as it would be, both forecast on the same random numbers.

    ``differences`` has one entry an arrangement, from ``paired`` draws. ``accepted`` holds what
    acceptance says at the most likely values, before and after.
    """

    settings: tuple[SetOtherwise, ...]
    before: Forecast
    after: Forecast
    paired: int
    differences: tuple[Difference, ...]
    accepted: tuple[Acceptance, Acceptance]

    def difference(self, arrangement: str) -> Difference:
        """How one arrangement's probability moves. KeyError for an unknown one."""
        for each in self.differences:
            if each.arrangement == arrangement:
                return each
        raise UnknownName("arrangement", arrangement, [d.arrangement for d in self.differences])

    def acceptance_changes(self) -> tuple[tuple[str, Finding, Finding], ...]:
        """The arrangements of which acceptance says something else after."""
        before, after = self.accepted
        return tuple(
            (name, finding, after.findings[name])
            for name, finding in before.findings.items()
            if _told(finding) != _told(after.findings[name])
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
            "draws": self.before.draws,
            "seed": self.before.seed,
            "case_hash": {"before": self.before.case_hash, "after": self.after.case_hash},
            "hypotheses": {name: told[name] for name in hypotheses},
            "arrangements": told,
            "acceptance": {
                name: {"before": _plain(before), "after": _plain(after)}
                for name, before, after in self.acceptance_changes()
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
    options: PlayoutOptions | None = None,
    workers: int = 1,
    file: str = "<text>",
    progress: Progress | None = None,
) -> WhatIf:
    """Forecast a case as it is, and with some values set otherwise, on the same random numbers.

    ``case`` is the text of a case file, called ``file`` in messages, or a case, of which judgements
    alone can be set. ``settings`` are pairs of a name (:func:`~.settings.names_of`) and a value: a
    number, ``[low, most likely, high]`` or a probability word. Each judgement has a stream of
    random numbers of its own, so that what is not set is drawn alike in both.

    Raises CaseError for a name that cannot be set, naming the nearest, for a value that makes no
    valid case, and as a forecast does; ValueError for no settings or numbers that make no sense.
    """
    if not settings:
        raise ValueError("nothing is set otherwise")
    text = case if isinstance(case, str) else None
    first = parse_case(case, file) if isinstance(case, str) else case
    settings = [(known_name(first, name), value) for name, value in settings]
    other = case_with(first, text, settings)

    def run(which: Case) -> Forecast:
        return forecast(
            which,
            draws=draws,
            seed=seed,
            workers=workers,
            stability_draws=0,
            range_draws=1,
            options=options,
            progress=progress,
        )

    before, after = run(first), run(other)
    paired = len(before.detail.reached)
    differences = tuple(
        _difference(name, _reached(before, name), _reached(after, name))
        for name in first.arrangements
    )
    return WhatIf(
        tuple(SetOtherwise(name, _value(first, name), _value(other, name)) for name, _ in settings),
        before,
        after,
        paired,
        differences,
        (acceptance(before.setting.game), acceptance(after.setting.game)),
    )


def _reached(result: Forecast, arrangement: str) -> Mask:
    return np.asarray(result.setting.matching[arrangement][result.detail.reached])


def _difference(name: str, before: Mask, after: Mask) -> Difference:
    """The mean of the paired differences, with its standard error."""
    change = float((after.astype(float) - before).mean())
    se = paired_error(before, after)
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    return Difference(
        name,
        float(before.mean()),
        float(after.mean()),
        change,
        se,
        change - Z * se,
        change + Z * se,
        gained,
        lost,
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


def _told(finding: Finding) -> tuple[object, ...]:
    return finding.status, finding.worse_off, finding.blockers


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "status": finding.status,
        "worse_off": list(finding.worse_off),
        "blockers": list(finding.blockers),
    }
