"""The matrix of competing hypotheses: which items are marked for which hypotheses, and how.

A mark says how well an item goes with a hypothesis [Heuer1999]: CC very consistent, C consistent,
N neither, I inconsistent, II very inconsistent. A cell without a mark is *not marked*: nobody
judged it. That is never read as N.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from immutabledict import immutabledict

from foedus.case.as_of import is_late
from foedus.case.by_name import ByName
from foedus.case.links import EVIDENCE_KINDS
from foedus.case.model import Case
from foedus.case.origins import origins_in
from foedus.case.problems import CaseError, Problem
from foedus.forecasting.outside import OTHER

Marks = Mapping[str, Mapping[str, str]]
"""For each item, the mark for each hypothesis that it was marked for."""

STEPS: Mapping[str, int] = immutabledict({"II": -2, "I": -1, "N": 0, "C": 1, "CC": 2})
"""Marks from very inconsistent to very consistent, as steps from N."""

BY_STEP: Mapping[int, str] = immutabledict({step: mark for mark, step in STEPS.items()})


@dataclass(frozen=True, slots=True)
class Matrix:
    """Items and hypotheses with their marks.

    ``hypotheses`` are those of the case, and ``other`` where something is marked for it. ``items``
    are the facts and reports with a mark, in the order of the case. ``passed_over`` are items with
    marks that are neither. ``origins`` name what each item comes from, see :mod:`.case.origins`.
    """

    hypotheses: tuple[str, ...]
    items: tuple[str, ...]
    marks: Marks
    origins: Mapping[str, str]
    passed_over: tuple[str, ...] = ()

    def mark(self, item: str, hypothesis: str) -> str | None:
        """The mark of a cell; None when it is not marked. Raises `UnknownName` for another item."""
        return self.marks[item].get(hypothesis)

    def step(self, item: str, hypothesis: str) -> int | None:
        """The mark of a cell as steps from N, -2 to 2; None when it is not marked."""
        mark = self.mark(item, hypothesis)
        return None if mark is None else STEPS[mark]

    def marked(self, hypothesis: str) -> tuple[str, ...]:
        """The items that are marked for a hypothesis."""
        return tuple(item for item in self.items if hypothesis in self.marks[item])

    def bearing(self, hypothesis: str) -> tuple[str, ...]:
        """The items that speak for or against a hypothesis: marked, and not N."""
        return tuple(item for item in self.items if self.step(item, hypothesis))


def refuse_no_hypotheses(case: Case) -> None:
    """Raise CaseError for a case in which evidence has no hypotheses to speak for or against."""
    if not case.hypotheses:
        raise CaseError([Problem("the case names no hypotheses to weigh")], case.file)


def matrix_of(case: Case, marks: Marks | None = None) -> Matrix:
    """The matrix of a case, by its own marks or by those given instead of them.

    Marks of an item from after ``as_of`` are left out, as the case's own are.

    Raises CaseError for a case without hypotheses; ValueError for marks of items or hypotheses
    that there are not, and for a mark that is none of CC, C, N, I, II.
    """
    refuse_no_hypotheses(case)
    given = {e.id: e.marks for e in case.evidence.values()} if marks is None else dict(marks)
    _check(case, given)
    rows = {item: row for item in case.evidence if (row := given.get(item))}
    rows = {item: row for item, row in rows.items() if not is_late(case, case.evidence[item])}
    items = tuple(i for i in rows if case.evidence[i].kind in EVIDENCE_KINDS)
    origins = origins_in(case)
    hypotheses = case.hypotheses
    if any(OTHER in rows[item] for item in items):
        hypotheses = (*hypotheses, OTHER)
    return Matrix(
        hypotheses,
        items,
        ByName("item", {item: immutabledict(rows[item]) for item in items}),
        immutabledict({item: origins[item] for item in items}),
        tuple(item for item in rows if item not in items),
    )


def _check(case: Case, given: Marks) -> None:
    known = {*case.hypotheses, OTHER}
    for item, row in given.items():
        if item not in case.evidence:
            raise ValueError(f"no evidence {item!r}")
        for hypothesis, mark in row.items():
            if hypothesis not in known:
                raise ValueError(f"{item}: no hypothesis {hypothesis!r}")
            if mark not in STEPS:
                raise ValueError(f"{item}, {hypothesis}: no mark {mark!r}")
