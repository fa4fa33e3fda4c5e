"""An audit of sourcing: which judgements, items and dates of a case would not stand up to a reader.

What is asked follows the standards of analytic tradecraft [ODNI2015] and of sourcing (Intelligence
Community Directive 206): each claim has a source that can be found, its quality is said, and what
is assumed or inferred is told apart from what is known. Only what the file says is looked at.
Exact rules: ``docs/evidence-audit.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.evidence.audit_criteria import CRITERIA
from foedus.evidence.audit_findings import (
    FINDING_KINDS,
    MEANINGS,
    Finding,
    FindingKind,
    links_of,
)
from foedus.result import Result, explained

FAIL_ON = (*FINDING_KINDS, "error", "warning", "any")
"""What :meth:`Audit.failing` may be asked for."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the score card: how many things were looked at, and what was found.

    Each finding is a lesser remark (a ``note``), a warning that a note in the case explains, or
    open: ``found`` is the sum of ``remarks``, ``explained`` and ``open``.
    """

    kind: FindingKind
    looked_at: int
    remarks: int
    explained: int
    open: int

    @property
    def found(self) -> int:
        """All that was found."""
        return self.remarks + self.explained + self.open


@dataclass(frozen=True, slots=True, repr=False)
class Audit(Result):
    """What the audit found, in the order of the criteria and then of the lines.

    ``card`` has one row a criterion. ``stale_after`` is in years.
    """

    case: Case
    stale_after: int
    findings: tuple[Finding, ...]
    card: tuple[Criterion, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What no note excuses."""
        return tuple(each for each in self.findings if each.severity == "error")

    @property
    def open(self) -> tuple[Finding, ...]:
        """What stands against the case: errors, and warnings that no note explains."""
        return tuple(each for each in self.findings if each.open)

    @property
    def clean(self) -> bool:
        """Whether nothing stands against it: no error, and each warning explained in the case."""
        return not self.open

    def by_kind(self, kind: str) -> tuple[Finding, ...]:
        """The findings of one criterion. Raises KeyError for an unknown one."""
        if kind not in MEANINGS:
            raise UnknownName("criterion", kind, MEANINGS)
        return tuple(each for each in self.findings if each.kind == kind)

    def failing(self, kinds: Iterable[str]) -> tuple[Finding, ...]:
        """The findings on which a check by these names fails; an explained one never fails.

        A criterion's name asks for its findings of any severity; ``error`` for errors, ``warning``
        for errors and warnings, ``any`` for notes too. Raises ValueError for another name.
        """
        asked = tuple(kinds)
        for name in asked:
            if name not in FAIL_ON:
                raise ValueError(f"no finding {name!r}; known are {', '.join(FAIL_ON)}")
        return tuple(
            each
            for each in self.findings
            if not each.explained and any(_asked(each, name) for name in asked)
        )

    def explain(self, name: str) -> Explanation:
        """What was found on an item, poll, judgement or criterion, and what the case says of it.

        ``name`` is an id of evidence or a poll, a dotted name, or a criterion. Raises KeyError for
        one that the case and the audit do not know.
        """
        return explained(self, name)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the score card and every finding."""
        return {
            "clean": self.clean,
            "as_of": self.case.as_of.isoformat() if self.case.as_of else None,
            "stale_after": self.stale_after,
            "card": {
                row.kind: {
                    "meaning": MEANINGS[row.kind],
                    "looked_at": row.looked_at,
                    "found": row.found,
                    "remarks": row.remarks,
                    "explained": row.explained,
                    "open": row.open,
                }
                for row in self.card
            },
            "findings": [each.to_dict() for each in self.findings],
        }


def _asked(finding: Finding, name: str) -> bool:
    if name == "any":
        return True
    if name == "warning":
        return finding.severity in ("warning", "error")
    return name in (finding.kind, finding.severity)


def audit(case: Case, stale_after: int = 5) -> Audit:
    """Look through a case for weak spots in what it rests on.

    ``stale_after`` is the number of whole years before ``as_of`` after which a report or poll is
    stale. Nothing is computed of the answers, and the file alone is judged: whether a source says
    what is claimed, no program can see. Raises ValueError for ``stale_after`` below 1.
    """
    if stale_after < 1:
        raise ValueError(f"stale_after is {stale_after} years; at least 1 is needed")
    links = links_of(case, stale_after)
    found: list[Finding] = []
    card = []
    for criterion in CRITERIA:
        kind, at, findings = criterion(links)
        remarks = sum(each.severity == "note" for each in findings)
        still_open = sum(each.open for each in findings)
        explained = len(findings) - remarks - still_open
        card.append(Criterion(kind, at, remarks, explained, still_open))
        found += sorted(findings, key=lambda each: each.line_order)
    return Audit(case, stale_after, tuple(found), tuple(card))
