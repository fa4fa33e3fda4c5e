"""What a judgement is set to when nothing stands behind it any more: a convention, stated openly.

A neutral value is what one would put down without a reason: no wish for or against, no time that is
known to be needed, evens, a support of which nothing is known. It is ours, no published method, and
it is not the contrary of the judgement. ``docs/leave-one-out.md`` lists the values and argues
each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from immutabledict import immutabledict

from foedus.case.judgement import Role
from foedus.case.model import Case, Evidence, Judgement, Path, Record
from foedus.preferences import DEFAULT_THRESHOLD, kind_of

What = Literal["judgement", "wish", "record", "reference class", "transfer", "likelihood"]


@dataclass(frozen=True, slots=True)
class SetNeutral:
    """Something that was set to its neutral value, or left out, because its reasons fell.

    ``before`` and ``after`` are the judgement then and now. ``after`` is None for what is left out
    (a reference class, a likelihood, a transfer) and for a record, of which the prior alone stays;
    ``before`` is None for what is no number: a record, a class, or a wish that was held for sure.
    """

    what: What
    path: Path
    before: Judgement | None = None
    after: Judgement | None = None

    @property
    def name(self) -> str:
        """The dotted name by which commands refer to it."""
        return ".".join(str(step) for step in self.path)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "name": self.name,
            "what": self.what,
            "before": _plain(self.before),
            "after": _plain(self.after),
        }


def neutral_values(case: Case) -> Mapping[Path, Judgement]:
    """The neutral value of each judgement that has one, by its path, in the judgement's unit.

    Worth and the worth of a transfer: 0. Support: unknown, 5 to 95 per cent. A wish: held at evens.
    A stance's position: anywhere on its issue's scale. A threshold: the default. Time taken: none.
    An event: that it does not come, at no rate and with no chance; its branches: all alike.
    Capability and salience have no neutral value and are kept; what a transfer holds at most and
    likelihoods have none either, and are left out.
    """
    return immutabledict({judgement.path: judgement for judgement in _neutral(case)})


def neutral_record(record: Record) -> Record:
    """The record with nothing observed, so that the prior of its hazard stands alone.

    >>> from datetime import date
    >>> from foedus.process.pace import hazard_of
    >>> seen = Record("deals", date(2000, 1, 1), date(2020, 1, 1), agreed=9, done=3)
    >>> hazard = hazard_of(neutral_record(seen))
    >>> hazard.shape, hazard.years
    (0.5, 0.5)
    """
    return replace(record, agreed=0, done=0, done_on=(), because=())


def without_likelihoods(item: Evidence, silent: frozenset[str]) -> Evidence:
    """The item, silent on these hypotheses; on all, when only chances of 0 would be left."""
    left = {h: judgement for h, judgement in item.likelihood.items() if h not in silent}
    if all(judgement.high == 0 for judgement in left.values()):
        left = {}
    return replace(item, likelihood=immutabledict(left))


def _neutral(case: Case) -> Iterator[Judgement]:
    for actor in case.actors.values():
        if actor.threshold is not None:
            yield actor.threshold.bare(*(DEFAULT_THRESHOLD,) * 3)
        if actor.id in case.preferences:
            yield from kind_of(case.preferences[actor.id]).neutral(case.issues)
    for issue in case.issues.values():
        yield from (takes.bare(0, 0, 0) for takes in issue.durations)
    for event in case.events.values():
        alike = 1 / len(event.outcomes)
        for judgement in event.judgements:
            value = alike if judgement.role is Role.EVENT_SHARE else 0.0
            yield judgement.bare(value, value, value)
    for transfer in case.transfers.values():
        yield from (judgement.bare(0, 0, 0) for judgement in transfer.worth.values())


def _plain(judgement: Judgement | None) -> list[float] | None:
    return None if judgement is None else [judgement.low, judgement.mode, judgement.high]
