# ruff: noqa: RUF009 - `entry` declares a key, as dataclasses.field does
"""The form of what judgements rest on, and of what can be paid; see :mod:`foedus.case.shape`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from foedus.case.entries import Shape, entry
from foedus.case.judged import BECAUSE, Judged
from foedus.case.judgement import Judgement, Role
from foedus.case.kinds import Day, ListOf, MapOf, Number, OneOf, Ref
from foedus.case.shape_keys import BECAUSE_DOC, NOTE_DOC, REFS, REFS_DOC, TEXT

COUNT = Number(least=0, whole=True)


@dataclass(frozen=True)
class PollShape(Shape):
    """A poll."""

    asked: Any = entry(
        OneOf(("approval", "choice")),
        "whether it asked for approval, or for a choice among several",
        required=True,
    )
    shares: dict[str, float | None] | None = entry(
        MapOf(Number(0, 100), ids=False), "labels and per cent", required=True
    )
    n: int | None = entry(Number(least=1, whole=True), "how many were asked")
    date: date | None = entry(Day(), "when")
    source: str | None = entry(TEXT, "who published it")
    locator: str | None = entry(TEXT, "where in the source")
    error: float | None = entry(Number(0, 100), "total error in points, if known")
    wording: str | None = entry(TEXT, "the question as asked")
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class RecordShape(Shape):
    """How fast things of one kind were done."""

    since: date | None = entry(Day(), "the first day observed", required=True)
    until: date | None = entry(Day(), "the last day observed", required=True)
    agreed: int | None = entry(COUNT, "how many were agreed", required=True)
    done: int | None = entry(COUNT, "how many of them were done", required=True)
    done_on: list[Any] | None = entry(ListOf(Day()), "the dates of those done, where known")
    willing: Any = entry(
        OneOf(("yes", "no", "unknown")), "whether all sides wanted them (default unknown)"
    )
    because: list[str | None] | None = entry(BECAUSE, BECAUSE_DOC)
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class ReferenceShape(Shape):
    """Of so many cases, in so many it occurred: a base rate."""

    cases: int | None = entry(COUNT, "how many cases there were", required=True)
    occurred: int | None = entry(COUNT, "in how many of them it came about", required=True)
    about: str | None = entry(Ref(("arrangements",)), "the hypothesis it speaks to", required=True)
    because: list[str | None] | None = entry(BECAUSE, BECAUSE_DOC)
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class EvidenceShape(Shape):
    """A fact, report, assumption or inference."""

    kind: Any = entry(
        OneOf(("fact", "report", "assumption", "inference")), "what it is", required=True
    )
    claim: str | None = entry(TEXT, "what it says", required=True)
    source: str | None = entry(TEXT, "where it is from")
    locator: str | None = entry(TEXT, "where in the source")
    date: date | None = entry(Day(), "of when it is")
    origin: str | None = entry(TEXT, "where it first came from; items of one origin count as one")
    reliability: Any = entry(
        OneOf(tuple("ABCDEF")), "Admiralty grade of the source, A to F; of facts and reports only"
    )
    credibility: int | None = entry(
        Number(1, 6, whole=True), "Admiralty grade of the claim, 1 to 6; of facts and reports only"
    )
    rests_on: list[str | None] | None = entry(BECAUSE, "what an inference rests on")
    marks: dict[str, Any] | None = entry(
        MapOf(OneOf(("CC", "C", "N", "I", "II")), ids=False),
        "for each hypothesis: CC very consistent, C, N, I, II very inconsistent",
    )
    likelihood: dict[str, Judgement | None] | None = entry(
        MapOf(Judged(Role.LIKELIHOOD), ids=False),
        "for each hypothesis: the chance of seeing this if it is true",
    )
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class TransferShape(Shape):
    """What can be paid."""

    unit: str | None = entry(TEXT, "the unit", required=True)
    most: Judgement | None = entry(Judged(Role.TRANSFER_MOST), "how much at most", required=True)
    worth: dict[str, Judgement | None] | None = entry(
        MapOf(Judged(Role.TRANSFER_WORTH), ids=False),
        "what a unit is worth to each actor",
        required=True,
    )
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)
