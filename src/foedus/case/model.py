"""The model of a case: what one validated file says, immutable and cross-referenced.

Everything here is data. A :class:`Case` is made by ``foedus.case.reading`` (from YAML) or by an
importer, and is not changed afterwards; analyses read it and return results of their own.
Judgements, statements and entries keep their ``path``, by which ``Case.place`` finds the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Literal, TypeVar

from immutabledict import immutabledict

from foedus.case.by_name import ByName
from foedus.case.entitlements import AnyRight as AnyRight
from foedus.case.entitlements import ConditionalRight as ConditionalRight
from foedus.case.entitlements import Entitlement as Entitlement
from foedus.case.entitlements import Quota as Quota
from foedus.case.entitlements import Right as Right
from foedus.case.events import ChanceBy as ChanceBy
from foedus.case.events import Event as Event
from foedus.case.events import OnDay as OnDay
from foedus.case.events import Outcome as Outcome
from foedus.case.events import Rate as Rate
from foedus.case.events import Timing as Timing
from foedus.case.expressions import And as And
from foedus.case.expressions import Expression as Expression
from foedus.case.expressions import Iff as Iff
from foedus.case.expressions import Implies as Implies
from foedus.case.expressions import In as In
from foedus.case.expressions import Named as Named
from foedus.case.expressions import Not as Not
from foedus.case.expressions import Or as Or
from foedus.case.expressions import Statement as Statement
from foedus.case.judgement import Judgement as Judgement
from foedus.case.places import Notice
from foedus.case.places import Path as Path
from foedus.case.places import Place as Place
from foedus.case.problems import UnknownName
from foedus.case.questions import AuthorQuestion as AuthorQuestion
from foedus.case.wants import Preference as Preference
from foedus.case.wants import Priorities as Priorities
from foedus.case.wants import Priority as Priority
from foedus.case.wants import Ranking as Ranking
from foedus.case.wants import Stance as Stance
from foedus.case.wants import Stances as Stances
from foedus.case.wants import Support as Support
from foedus.case.wants import SupportItem as SupportItem
from foedus.case.wants import Worth as Worth
from foedus.case.wants import WorthItem as WorthItem

# --- actors and issues ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, body or public. An electorate agrees when its support reaches ``threshold`` (%)."""

    id: str
    name: str
    kind: str = "body"
    capability: Judgement | None = None
    threshold: Judgement | None = None
    note: str | None = None
    refs: tuple[str, ...] = ()

    @property
    def electorate(self) -> bool:
        """Whether it answers by a vote against a threshold and never starts a move by itself."""
        return self.kind == "electorate"


@dataclass(frozen=True, slots=True)
class Position:
    """One way an issue may be settled."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Reversion:
    """What an expiring position becomes at the deadline, where ``when`` holds (None: always).

    ``when`` is read in the state as it stands right before, of which nothing has reverted yet;
    arrangements that it names are matched on that state too.
    """

    to: str
    when: Statement | None = None
    path: Path = ()


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ByChange(Generic[T]):
    """Something that depends on the change made within an issue.

    The most specific entry counts: the change itself, then the position moved to, then the default.
    """

    default: T
    to: Mapping[str, T] = field(default_factory=immutabledict)
    changes: Mapping[tuple[str, str], T] = field(default_factory=immutabledict)

    def of(self, origin: str, target: str) -> T:
        """What applies to the change from position ``origin`` to position ``target``."""
        if (origin, target) in self.changes:
            return self.changes[origin, target]
        return self.to.get(target, self.default)

    @property
    def entries(self) -> tuple[T, ...]:
        """All that stands in it, the default first."""
        return (self.default, *self.to.values(), *self.changes.values())


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to be settled: its positions, who may change it, and how.

    ``scale`` (one number a position, in their order) makes it ordered. ``falls`` maps each
    expiring position to what it becomes at the deadline: the first entry that applies counts, and
    only the last may be without a condition. Once at a ``final`` position it changes no more, by
    move, event or deadline. ``pace`` names a record by change, or is ``"at-once"``
    or None (settled at once, after the days in ``takes``).
    """

    id: str
    name: str
    positions: tuple[Position, ...]
    decided_by: ByChange[AnyRight]
    scale: tuple[float, ...] | None = None
    never_back_to: frozenset[str] = frozenset()
    final: frozenset[str] = frozenset()
    falls: Mapping[str, tuple[Reversion, ...]] = field(default_factory=immutabledict)
    pace: ByChange[str | None] = field(default_factory=lambda: ByChange(default=None))
    takes: ByChange[Judgement | None] = field(default_factory=lambda: ByChange(default=None))
    note: str | None = None
    refs: tuple[str, ...] = ()

    def takes_of(self, origin: str, target: str) -> Judgement | None:
        """How many days the change from ``origin`` to ``target`` takes; None for no time."""
        return self.takes.of(origin, target)

    @property
    def durations(self) -> tuple[Judgement, ...]:
        """The days that its changes take, each judgement once."""
        return tuple(takes for takes in self.takes.entries if takes is not None)

    def is_quick(self, origin: str, target: str) -> bool:
        """Whether a change takes no time: without a pace, or at once, and without days it takes."""
        takes = self.takes_of(origin, target)
        paced = self.pace.of(origin, target) not in (None, "at-once")
        return not paced and (takes is None or takes.high == 0)

    def barred(self, origin: str, target: str) -> bool:
        """Whether nobody may make a change, whatever rights there are.

        Nothing leaves a final position, and nobody moves into an expiring one or back to one that
        is not returned to.
        """
        return origin in self.final or target in self.never_back_to or target in self.falls

    def number(self, position: str) -> int:
        """The index of a position id. Raises `UnknownName` when there is none."""
        for k, known in enumerate(self.positions):
            if known.id == position:
                return k
        raise UnknownName("position", position, [known.id for known in self.positions])


# --- rules, arrangements ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """A statement that every possible state satisfies, and why."""

    statement: Statement
    why: str
    because: tuple[str, ...] = ()
    path: Path = ()
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A named pattern of states."""

    id: str
    name: str
    when: Statement
    note: str | None = None
    refs: tuple[str, ...] = ()


# --- what the judgements rest on --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll. ``asked`` is ``approval`` or ``choice``; shares are in per cent."""

    id: str
    asked: Literal["approval", "choice"]
    shares: Mapping[str, float]
    n: int | None = None
    date: date | None = None
    source: str | None = None
    locator: str | None = None
    error: float | None = None
    wording: str | None = None
    note: str | None = None
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """How fast things of one kind were done: of ``agreed``, ``done`` in the span observed.

    ``written_until`` is the end in the file where that is after ``as_of``, at which it is cut.
    """

    id: str
    since: date
    until: date
    agreed: int
    done: int
    done_on: tuple[date, ...] = ()
    willing: Literal["yes", "no", "unknown"] = "unknown"
    because: tuple[str, ...] = ()
    note: str | None = None
    refs: tuple[str, ...] = ()
    written_until: date | None = None


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """Of so many cases, in so many it occurred; ``about`` is the hypothesis it speaks to."""

    id: str
    cases: int
    occurred: int
    about: str
    because: tuple[str, ...] = ()
    note: str | None = None
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact, report, assumption or inference; the first two carry Admiralty grades."""

    id: str
    kind: Literal["fact", "report", "assumption", "inference"]
    claim: str
    source: str | None = None
    locator: str | None = None
    date: date | None = None
    origin: str | None = None
    reliability: str | None = None
    credibility: int | None = None
    rests_on: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=immutabledict)
    likelihood: Mapping[str, Judgement] = field(default_factory=immutabledict)
    note: str | None = None
    refs: tuple[str, ...] = ()

    @property
    def grade(self) -> str | None:
        """The Admiralty grade, such as ``B2``; None for assumptions and inferences."""
        if self.reliability is None or self.credibility is None:
            return None
        return f"{self.reliability}{self.credibility}"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What can be paid, how much at most, and what a unit is worth to each actor."""

    id: str
    unit: str
    most: Judgement
    worth: Mapping[str, Judgement]
    note: str | None = None
    refs: tuple[str, ...] = ()


# --- the case ---------------------------------------------------------------------------------

NAMED: Mapping[str, str] = immutabledict(
    actors="actor",
    issues="issue",
    preferences="preferences of actor",
    arrangements="arrangement",
    polls="poll",
    records="record",
    reference_classes="reference class",
    evidence="item of evidence",
    transfers="transfer",
    events="event",
)
"""The parts of a case that map ids to what has them, and what that is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One political question, read and cross-referenced.

    ``today`` maps each issue id to a position id, or is None when the file does not say (then each
    issue's first position). ``names`` keeps the original names of imported ids, ``notices`` what
    the reader should be told though it is no error. ``places`` maps paths to places.
    """

    title: str
    actors: Mapping[str, Actor]
    issues: Mapping[str, Issue]
    preferences: Mapping[str, Preference]
    question: str | None = None
    as_of: date | None = None
    deadline: date | None = None
    today: Mapping[str, str] | None = None
    groups: tuple[tuple[str, ...], ...] = ()
    rules: tuple[Rule, ...] = ()
    arrangements: Mapping[str, Arrangement] = field(default_factory=immutabledict)
    events: Mapping[str, Event] = field(default_factory=immutabledict)
    hypotheses: tuple[str, ...] = ()
    questions: Mapping[str, AuthorQuestion] = field(default_factory=immutabledict)
    polls: Mapping[str, Poll] = field(default_factory=immutabledict)
    records: Mapping[str, Record] = field(default_factory=immutabledict)
    reference_classes: Mapping[str, ReferenceClass] = field(default_factory=immutabledict)
    evidence: Mapping[str, Evidence] = field(default_factory=immutabledict)
    transfers: Mapping[str, Transfer] = field(default_factory=immutabledict)
    words: Literal["icd203", "phia"] = "icd203"
    source: str | None = None
    note: str | None = None
    left_out: Mapping[str, str] = field(default_factory=immutabledict)
    names: Mapping[str, str] = field(default_factory=immutabledict)
    notices: tuple[Notice, ...] = ()
    file: str = "<case>"
    places: Mapping[Path, Place] = field(default_factory=immutabledict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Have each unknown name told with the nearest that there is."""
        for part, what in NAMED.items():
            object.__setattr__(self, part, ByName(what, getattr(self, part)))

    def place(self, path: Path) -> Place | None:
        """Where ``path`` stands in the file, or the nearest thing above it that has a place."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path)
