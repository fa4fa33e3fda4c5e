"""Every judgement of a case, with the bounds of its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from foedus.case.links import carriers, inside_reasons
from foedus.case.model import (
    Case,
    Judgement,
    Preference,
    Priorities,
    Stances,
    Support,
    Worth,
)
from foedus.forecasting.ranges import FREE, NOT_NEGATIVE, PROBABILITIES, SHARES, Bounds


class Bounded(NamedTuple):
    """A judgement, the bounds of its unit, and the actor whose it is (None where nobody's)."""

    judgement: Judgement
    bounds: Bounds
    actor: str | None = None


def judgements_of(case: Case) -> tuple[Bounded, ...]:
    """All judgements of a case, in the order of the model.

    What actors want and weigh comes first, then issues, transfers and the likelihoods of evidence.
    A judgement that is sure is among them: what-if may ask about it.
    """
    return (
        *_of_actors(case),
        *(
            Bounded(issue.takes, NOT_NEGATIVE)
            for issue in case.issues.values()
            if issue.takes is not None
        ),
        *_of_transfers(case),
        *(
            Bounded(judgement, PROBABILITIES)
            for item in case.evidence.values()
            for judgement in item.likelihood.values()
        ),
    )


def reasons_of(case: Case) -> frozenset[str]:
    """The evidence that some judgement of what actors want, weigh or take rests on.

    Named by ``because``, or rested on by an inference that is. Likelihoods are not counted: they
    are the evidence itself.
    """
    return frozenset(name for name in carriers(case, inside_reasons(case)) if name in case.evidence)


def _of_actors(case: Case) -> Iterator[Bounded]:
    for actor in case.actors.values():
        if actor.capability is not None:
            yield Bounded(actor.capability, NOT_NEGATIVE, actor.id)
        if actor.threshold is not None:
            yield Bounded(actor.threshold, SHARES, actor.id)
        preference = case.preferences.get(actor.id)
        if preference is not None:
            for judgement, bounds in _of_preference(preference):
                yield Bounded(judgement, bounds, actor.id)


def _of_preference(preference: Preference) -> Iterator[tuple[Judgement, Bounds]]:
    match preference:
        case Worth():
            yield from ((item.value, FREE) for item in preference.items)
        case Priorities():
            yield from ((p.held, PROBABILITIES) for p in preference.items if p.held is not None)
        case Stances():
            for stance in preference.items:
                yield stance.position, FREE
                yield stance.salience, NOT_NEGATIVE
        case Support():
            yield from ((item.share, SHARES) for item in preference.items)


def _of_transfers(case: Case) -> Iterator[Bounded]:
    for transfer in case.transfers.values():
        yield Bounded(transfer.most, NOT_NEGATIVE)
        for actor, judgement in transfer.worth.items():
            yield Bounded(judgement, FREE, actor)
