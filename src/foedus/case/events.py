"""What the world does, whoever wants it: events that come at some rate, by chance, or on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from foedus.case.expressions import Statement
from foedus.case.judgement import Judgement
from foedus.case.places import Path


@dataclass(frozen=True, slots=True)
class Rate:
    """It happens at any time, so often a year and again and again, while its ``when`` holds."""

    a_year: Judgement


@dataclass(frozen=True, slots=True)
class ChanceBy:
    """It happens by a day with this probability, if its ``when`` holds until then; not later.

    The hazard is the same on every day from ``as_of`` to ``by``.
    """

    by: date
    value: Judgement


@dataclass(frozen=True, slots=True)
class OnDay:
    """It happens on a day, if its ``when`` holds then."""

    day: date


Timing = Rate | ChanceBy | OnDay


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way an event may turn out: the issues that it sets, all at once, and its probability.

    ``share`` is None for the last outcome of an event, which has what the others leave. Where the
    shares drawn for the others exceed 1 together, they have the whole in proportion. ``path`` is
    where its ``sets`` stands, or the event where nothing is set.
    """

    sets: Mapping[str, str]
    share: Judgement | None = None
    name: str | None = None
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens without anyone's consent.

    ``when`` is read in the state in which it would happen, of which nothing has reverted;
    arrangements that it names are matched on that state too. None: in every state. An issue that
    stands at a final position stays there; what else the event sets is set. ``because`` are the
    reasons of the event, which its judgements have too.
    """

    id: str
    name: str
    timing: Timing
    outcomes: tuple[Outcome, ...]
    when: Statement | None = None
    because: tuple[str, ...] = ()
    note: str | None = None
    refs: tuple[str, ...] = ()

    @property
    def sets(self) -> frozenset[str]:
        """The issues that it may set."""
        return frozenset(issue for outcome in self.outcomes for issue in outcome.sets)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """How often or how likely it is, where it is not on a day, and the shares judged."""
        match self.timing:
            case Rate(judgement) | ChanceBy(_, judgement):
                timed = [judgement]
            case OnDay():
                timed = []
        shares = [outcome.share for outcome in self.outcomes if outcome.share is not None]
        return (*timed, *shares)
