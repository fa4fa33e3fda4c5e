# ruff: noqa: RUF009 - `entry` declares a key, as dataclasses.field does
"""The form of a case file: every key, what it holds and what it is for.

One declaration serves both the reading and the JSON Schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from foedus.case.entries import Entry, Shape, entry
from foedus.case.judged import BECAUSE, WITH, WITH_DOC, Judged
from foedus.case.judgement import Judgement, Role, Together
from foedus.case.kinds import Day, ListOf, MapOf, Number, OneOf, Raw, Ref
from foedus.case.shape_events import BranchShape, ChanceShape, EventShape, RateShape
from foedus.case.shape_grounds import (
    EvidenceShape,
    PollShape,
    RecordShape,
    ReferenceShape,
    TransferShape,
)
from foedus.case.shape_keys import BECAUSE_DOC, NOTE_DOC, POSITION, REFS, REFS_DOC, STATEMENT, TEXT
from foedus.case.shape_questions import QuestionShape, VerdictShape
from foedus.case.shape_rights import DECIDED_BY, AllShape, EntitlementShape, QuotaShape

HYPOTHESES = ("hypotheses",)
STANCE = Raw({"anyOf": [*Judged(Role.STANCE_POSITION).schema()["anyOf"], {"type": "string"}]})
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
BY_CHANGE = Raw({"anyOf": [{"type": "string"}, _TEXTS]})
DAYS = Judged(Role.TAKES)
_DURATION = {"anyOf": [*DAYS.schema()["anyOf"], {"$ref": "#/$defs/TakesShape"}]}
TAKES = Raw({"anyOf": [*_DURATION["anyOf"], {"type": "object", "additionalProperties": _DURATION}]})
REVERSION = Raw(
    {
        "anyOf": [
            {"type": ["string", "number"]},
            {"type": "array", "items": {"$ref": "#/$defs/ReversionShape"}, "minItems": 1},
        ]
    }
)
POSITIONS = Raw({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})


@dataclass(frozen=True)
class ActorShape(Shape):
    """A person, body or public."""

    name: str | None = entry(TEXT, "its name; the id, if absent")
    kind: str | None = entry(TEXT, "free text; `electorate` answers by a vote")
    capability: Judgement | None = entry(
        Judged(Role.CAPABILITY), "its weight, on any positive scale"
    )
    threshold: Judgement | None = entry(
        Judged(Role.THRESHOLD),
        "of an electorate: the support in per cent from which it agrees (default 50)",
    )
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class TakesShape(Shape):
    """How long a change takes."""

    days: Judgement | None = entry(DAYS, "days from decision to effect", required=True)


@dataclass(frozen=True)
class ReversionShape(Shape):
    """What an expiring position becomes in some states; the first entry that applies counts."""

    when: Any = entry(
        STATEMENT, "where this entry applies, right before the deadline; the last may lack it"
    )
    to: Any = entry(POSITION, "the position it becomes", required=True)


@dataclass(frozen=True)
class IssueShape(Shape):
    """Something to be settled."""

    name: str | None = entry(TEXT, "its name; the id, if absent")
    positions: dict[str, str | None] | None = entry(
        MapOf(TEXT, "a map of ids and labels"),
        "the ways it may be settled: a map of ids and labels",
        required=True,
    )
    decided_by: Any = entry(
        DECIDED_BY,
        "who may change it: actors joined by and/or, nobody, a quota, all of several, or a list of "
        "these by state and day; or a map of rights by the position moved to, by change (a -> b) "
        "and default",
        required=True,
    )
    scale: dict[str, float | None] | None = entry(
        MapOf(Number(), "a map of positions and numbers", ids=False),
        "a number for each position; makes the issue ordered",
    )
    never_back_to: Any = entry(POSITIONS, "a position (or several) that is not returned to")
    final: Any = entry(POSITIONS, "a position (or several) that nothing changes once it is reached")
    otherwise: dict[str, Any] | None = entry(
        MapOf(REVERSION, "a map of positions", ids=False),
        "what each expiring position becomes at the deadline: a position, or a list of "
        "{when, to} of which the first that applies counts",
    )
    pace: Any = entry(
        BY_CHANGE, "the record that tells how fast it is settled, or at-once; or a map by change"
    )
    takes: Any = entry(
        TAKES, "the days a change takes, such as 30 or {days: 30}; or a map by change"
    )
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class RuleShape(Shape):
    """What every possible state satisfies."""

    rule: Any = entry(STATEMENT, "the statement", required=True)
    why: str | None = entry(TEXT, "the reason, in plain words", required=True)
    because: list[str | None] | None = entry(BECAUSE, BECAUSE_DOC)
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class ArrangementShape(Shape):
    """A named pattern of states."""

    name: str | None = entry(TEXT, "its name; the id, if absent")
    when: Any = entry(STATEMENT, "the statement that picks its states", required=True)
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class WorthShape(Shape):
    """So much is added to the actor's utility when the statement holds."""

    when: Any = entry(STATEMENT, "the statement", required=True)
    value: Judgement | None = entry(
        Judged(Role.WORTH), "what it is worth to the actor", required=True
    )
    because: list[str | None] | None = entry(BECAUSE, BECAUSE_DOC)
    note: str | None = entry(TEXT, NOTE_DOC)
    together: Together | None = entry(WITH, WITH_DOC, key="with")
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class PriorityShape(Shape):
    """One wish of an actor that orders its wishes."""

    id: str | None = entry(TEXT, "its id; p1, p2 and so on, if absent")
    when: Any = entry(STATEMENT, "the statement", required=True)
    probability: Judgement | None = entry(
        Judged(Role.PRIORITY), "the chance that the actor has this wish at all (default: sure)"
    )
    because: list[str | None] | None = entry(BECAUSE, BECAUSE_DOC)
    note: str | None = entry(TEXT, NOTE_DOC)
    together: Together | None = entry(WITH, WITH_DOC, key="with")
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class StanceShape(Shape):
    """A wished position on an ordered issue, and how much the actor cares."""

    position: Any = entry(STANCE, "a position's id, or a judgement on the scale", required=True)
    salience: Judgement | None = entry(
        Judged(Role.STANCE_SALIENCE),
        "how much the actor cares, on any positive scale",
        required=True,
    )


@dataclass(frozen=True)
class SupportShape(Shape):
    """The share of an electorate that approves; the first entry that matches counts."""

    id: str | None = entry(TEXT, "its id; s1, s2 and so on, if absent")
    when: Any = entry(STATEMENT, "the statement; with a share")
    share: Judgement | None = entry(Judged(Role.SUPPORT), "the share in per cent that approves")
    default: Judgement | None = entry(
        Judged(Role.SUPPORT), "the share where no entry before matches; comes last"
    )
    because: list[str | None] | None = entry(BECAUSE, BECAUSE_DOC)
    note: str | None = entry(TEXT, NOTE_DOC)
    together: Together | None = entry(WITH, WITH_DOC, key="with")
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class PreferenceShape(Shape):
    """What an actor wants: one of five kinds."""

    worth: dict[str, WorthShape | None] | None = entry(
        MapOf(Entry(WorthShape), "a map, so that each judgement has a name"),
        "a utility: weighted statements",
    )
    priorities: list[PriorityShape | None] | None = entry(
        ListOf(Entry(PriorityShape)), "wishes, most important first"
    )
    ranking: list[Any] | None = entry(
        ListOf(
            Raw({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
        ),
        "statements, best first; an inner list is a tie",
    )
    stances: dict[str, StanceShape | None] | None = entry(
        MapOf(Entry(StanceShape), ids=False), "wished positions on ordered issues"
    )
    support: list[SupportShape | None] | None = entry(
        ListOf(Entry(SupportShape)), "of an electorate: the share that approves"
    )


@dataclass(frozen=True)
class CaseShape(Shape):
    """A case of foedus: one political question."""

    foedus: Any = entry(Raw({"const": 1}), "the version of this form, 1", required=True)
    title: str | None = entry(TEXT, "what the case is called", required=True)
    question: str | None = entry(TEXT, "the question that is asked")
    as_of: date | None = entry(Day(), "the day of which the case speaks")
    deadline: date | None = entry(Day(), "the day on which expiring positions revert")
    source: str | None = entry(TEXT, "what the case is drawn from")
    note: str | None = entry(TEXT, NOTE_DOC)
    words: Any = entry(OneOf(("icd203", "phia")), "the list of probability words (default icd203)")
    today: dict[str, Any] | None = entry(
        MapOf(POSITION, "a map of issues and positions", ids=False),
        "how things stand; an issue left out stands at its first position",
    )
    actors: dict[str, ActorShape | None] | None = entry(
        MapOf(Entry(ActorShape), "a map of actors"), "who takes part", required=True
    )
    groups: list[list[str | None] | None] | None = entry(
        ListOf(ListOf(Ref(("actors",)), "a list of actors"), "a list of lists of actors"),
        "actors that act as one: further movers",
    )
    issues: dict[str, IssueShape | None] | None = entry(
        MapOf(Entry(IssueShape), "a map of issues"), "what is to be settled", required=True
    )
    rules: list[RuleShape | None] | None = entry(
        ListOf(Entry(RuleShape), "a list of rules"), "what every possible state satisfies"
    )
    arrangements: dict[str, ArrangementShape | None] | None = entry(
        MapOf(Entry(ArrangementShape), "a map of arrangements"), "named patterns of states"
    )
    events: dict[str, EventShape | None] | None = entry(
        MapOf(Entry(EventShape), "a map of events"), "what happens without anyone's consent"
    )
    hypotheses: list[str | None] | None = entry(
        ListOf(Ref(("arrangements",)), "a list of arrangements"),
        "arrangements that exclude each other; the rest is `other`",
    )
    questions: dict[str, QuestionShape | None] | None = entry(
        MapOf(Entry(QuestionShape), "a map of questions"),
        "what the author asks, and answers; each is answered from the analyses",
    )
    preferences: dict[str, PreferenceShape | None] | None = entry(
        MapOf(Entry(PreferenceShape), "a map of actors", ids=False), "what each actor wants"
    )
    polls: dict[str, PollShape | None] | None = entry(MapOf(Entry(PollShape)), "polls")
    records: dict[str, RecordShape | None] | None = entry(
        MapOf(Entry(RecordShape)), "how fast things of one kind were done"
    )
    reference_classes: dict[str, ReferenceShape | None] | None = entry(
        MapOf(Entry(ReferenceShape)), "how often the like came about"
    )
    evidence: dict[str, EvidenceShape | None] | None = entry(
        MapOf(Entry(EvidenceShape)), "facts, reports, assumptions and inferences"
    )
    transfers: dict[str, TransferShape | None] | None = entry(
        MapOf(Entry(TransferShape)), "what can be paid"
    )
    left_out: dict[str, str | None] | None = entry(
        MapOf(TEXT, ids=False), "what the source says and the case leaves out, and why"
    )
    names: dict[str, str | None] | None = entry(
        MapOf(TEXT, ids=False), "original names of the ids of an imported file"
    )


def shapes() -> tuple[type[Shape], ...]:
    """All entries of the file."""
    return (
        CaseShape,
        ActorShape,
        IssueShape,
        QuotaShape,
        AllShape,
        EntitlementShape,
        TakesShape,
        ReversionShape,
        EventShape,
        RateShape,
        ChanceShape,
        BranchShape,
        RuleShape,
        ArrangementShape,
        QuestionShape,
        VerdictShape,
        PreferenceShape,
        WorthShape,
        PriorityShape,
        StanceShape,
        SupportShape,
        PollShape,
        RecordShape,
        ReferenceShape,
        EvidenceShape,
        TransferShape,
    )
