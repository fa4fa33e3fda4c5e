"""What an audit of sourcing looks for, what a finding says, and what its criteria share.

The criteria themselves are in :mod:`.audit_criteria`. Exact rules: ``docs/evidence-audit.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from foedus.case.links import (
    EVIDENCE_KINDS,
    Grounded,
    JudgementNames,
    carriers,
    grounded,
    inside_reasons,
)
from foedus.case.model import Case, Evidence, Path, Place, Poll, Priorities
from foedus.result import data_of

Severity = Literal["error", "warning", "note"]
FindingKind = Literal[
    "no-reason",
    "rests-on-nothing",
    "only-assumptions",
    "unused",
    "no-source",
    "no-locator",
    "no-grade",
    "one-origin",
    "stale",
    "undated",
    "after-as-of",
    "both-views",
]
FINDING_KINDS: tuple[FindingKind, ...] = get_args(FindingKind)
"""The criteria by name, in the order in which they are shown."""

MEANINGS: Mapping[FindingKind, str] = {
    "no-reason": "a judgement, wish, event, rule, record or reference class that names no evidence",
    "rests-on-nothing": "an inference that rests on nothing, or on no fact, report or poll",
    "only-assumptions": "something that, followed down, rests on no fact, report or poll",
    "unused": "an item or poll that nothing names and that is marked for no hypothesis",
    "no-source": "a fact, report or poll without a source",
    "no-locator": "a source named, but not where in it",
    "no-grade": "a fact or report without a whole Admiralty grade",
    "one-origin": "several items of one origin that look like several",
    "stale": "a report or poll older than the chosen number of years",
    "undated": "a fact, report or poll without a date",
    "after-as-of": "an item, poll or record from after the day of which the case speaks",
    "both-views": "an item that feeds the inside view and a view set beside it",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: what kind, where it stands, and whether the case explains it.

    ``path`` leads to what it is about (the empty path: the case as a whole) and ``items`` are the
    evidence and polls concerned. ``name`` is the dotted name of what it is about, in which an entry
    of a list stands by its id where it has one. ``explained`` is the note that the case's authors
    wrote there, in their words; whether it answers the finding is for a reader to judge. An error
    has none.
    """

    kind: FindingKind
    path: Path
    name: str
    severity: Severity
    message: str
    place: Place | None = None
    explained: str | None = None
    items: tuple[str, ...] = ()

    @property
    def line_order(self) -> tuple[bool, int, int]:
        """By line and column; what is of the case as a whole comes last."""
        place = self.place
        return not self.path, place.line if place else 0, place.column if place else 0

    @property
    def open(self) -> bool:
        """Whether it stands against the case: an error, or a warning that no note explains."""
        return self.severity == "error" or (self.severity == "warning" and not self.explained)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the path."""
        return {
            **data_of(self, "kind name severity message"),
            "line": self.place.line if self.place else None,
            "column": self.place.column if self.place else None,
            "explained": self.explained,
            "items": list(self.items),
        }


class Looked(NamedTuple):
    """How many things one criterion looked at, and what it found."""

    kind: FindingKind
    at: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """A case with what its criteria share: what may name reasons, and who stands on what.

    ``behind_inside`` are the items and polls behind judgements of the inside view; ``founded`` are
    those that are evidence or, followed down, rest on some.
    """

    case: Case
    stale_after: int
    grounded: tuple[Grounded, ...]
    behind_inside: frozenset[str]
    founded: frozenset[str]
    notes: Mapping[Path, str]
    names: JudgementNames

    @property
    def sourced(self) -> Iterator[tuple[Path, str, Evidence | Poll]]:
        """Facts, reports and polls: what should have a source, with what each is called."""
        for item in self.case.evidence.values():
            if item.kind in EVIDENCE_KINDS:
                yield ("evidence", item.id), item.kind, item
        for poll in self.case.polls.values():
            yield ("polls", poll.id), "poll", poll

    @property
    def reasoned(self) -> Iterator[Grounded]:
        """What names reasons and is no inference; likelihoods rest on their item and are left."""
        for each in self.grounded:
            if each.kind != "inference" and not each.likelihood:
                yield each

    def evidence_among(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of these ids that count as evidence: facts, reports and polls."""
        case = self.case
        return tuple(
            name
            for name in names
            if name in case.polls or case.evidence[name].kind in EVIDENCE_KINDS
        )

    def finding(
        self,
        kind: FindingKind,
        path: Path,
        severity: Severity,
        message: str,
        items: Iterable[str] = (),
        explained: str | None = None,
    ) -> Finding:
        """A finding, with its place and, if no other reason is given, the note that stands there.

        An error takes neither.
        """
        if severity == "error":
            explained = None
        elif explained is None:
            explained = self.notes.get(path) or _note_around(self.case, path)
        name = self.names(path)
        place = self.case.place(path)
        return Finding(kind, path, name, severity, message, place, explained, tuple(items))


def links_of(case: Case, stale_after: int) -> Links:
    """Work out once what the criteria share."""
    everything = grounded(case)
    notes = {
        each.path: each.judgement.note
        for each in everything
        if each.judgement is not None and each.judgement.note
    }
    behind = frozenset(carriers(case, inside_reasons(case)))
    names = JudgementNames(case)
    return Links(case, stale_after, everything, behind, _founded(case), notes, names)


def _founded(case: Case) -> frozenset[str]:
    """Facts, reports, polls, and the inferences that rest on one at least, near or far."""
    above: dict[str, list[str]] = {}
    for item in case.evidence.values():
        for name in item.rests_on:
            above.setdefault(name, []).append(item.id)
    open_ = [*case.polls, *(e.id for e in case.evidence.values() if e.kind in EVIDENCE_KINDS)]
    found: set[str] = set()
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += above.get(name, ())
    return frozenset(found)


def _note_around(case: Case, path: Path) -> str | None:
    """The note on what a path leads to, or on the whole that it is part of."""
    match path:
        case ("evidence", str(name), *_):
            return case.evidence[name].note
        case ("polls", str(name)):
            return case.polls[name].note
        case ("records", str(name)):
            return case.records[name].note
        case ("reference_classes", str(name)):
            return case.reference_classes[name].note
        case ("actors", str(name), *_):
            return case.actors[name].note
        case ("issues", str(name), *_):
            return case.issues[name].note
        case ("events", str(name), *_):
            return case.events[name].note
        case ("transfers", str(name), *_):
            return case.transfers[name].note
        case ("preferences", str(actor), "priorities", int(k), *_):
            wishes = case.preferences[actor]
            return wishes.items[k].note if isinstance(wishes, Priorities) else None
    return None
