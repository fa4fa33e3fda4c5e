"""Answers on likelihood in the web: inside, outside, evidence, and what they come to together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from immutabledict import immutabledict

from foedus.case.links import EVIDENCE_KINDS, grounded, judgement_name
from foedus.case.model import Case, Evidence, Judgement, ReferenceClass
from foedus.document import number
from foedus.preferences.games import Game
from foedus.tracing.web import Edge, Thing, Web, answer_name

PROCESS = "process"

REACHED = "reached at the deadline, by the inside view"
OUTSIDE = "by the outside view, from reference classes"
EVIDENCE = "what the evidence changes, from likelihoods"
POOLED = "the views pooled"
UPDATES = "updates what the views are pooled to"
VIEWS = immutabledict({"inside": "reached", "outside": "outside"})
"""The views by their names in a forecast, and by the answers that they give here."""

SILENT_OUTSIDE = "silent, as the case has no reference class about a hypothesis"
SILENT_EVIDENCE = "silent, as no fact or report has a likelihood"


def with_likely(web: Web, game: Game) -> None:
    """Put in the process, and for each arrangement the answers on how likely it is."""
    case = game.case
    text = "the process of the inside view, from these judgements, paces and rules"
    web.put(Thing("process", PROCESS, text), _used(web, case))
    for name in case.arrangements:
        reached = answer_name(name, "reached")
        web.put(Thing("answer", reached, REACHED), [Edge(PROCESS)])
        if name in case.hypotheses:
            _views(web, case, name)


def _used(web: Web, case: Case) -> list[Edge]:
    used = {f"records.{name}" for name in paces_in_use(case)}
    used |= {judgement_name(case, each.path) for each in grounded(case) if each.played}
    return [
        Edge(thing.name)
        for thing in web.things.values()
        if thing.name in used or thing.kind in ("ranking", "rule")
    ]


def paces_in_use(case: Case) -> frozenset[str]:
    """The records by whose pace some change of position is made."""
    found: set[str | None] = set()
    for issue in case.issues.values():
        ids = [position.id for position in issue.positions]
        found |= {issue.pace.of(a, b) for a in ids for b in ids if a != b}
    return frozenset(name for name in case.records if name in found)


def _views(web: Web, case: Case, name: str) -> None:
    """Put in the views of a hypothesis, and the pool of those that have something to go by."""
    outside, evidence, pooled = (answer_name(name, a) for a in ("outside", "evidence", "pooled"))
    reached = answer_name(name, "reached")
    views = [Edge(reached, "inside view")]
    edges = _outside(case, name, reached)
    mark = "" if edges else SILENT_OUTSIDE
    web.put(Thing("answer", outside, OUTSIDE, (), None, mark), edges)
    if edges:
        views.append(Edge(outside, "outside view"))
    edges = list(_weighed(case, name))
    mark = "" if edges else SILENT_EVIDENCE
    text = EVIDENCE
    if any(web.things[edge.name].kind == "judgement" for edge in edges):
        views.append(Edge(evidence, UPDATES))
    elif edges:
        text = f"what the evidence changes: {SILENT_EVIDENCE}"
    web.put(Thing("answer", evidence, text, (), None, mark), edges)
    web.put(Thing("answer", pooled, POOLED), views)


def _outside(case: Case, name: str, reached: str) -> list[Edge]:
    """A hypothesis's own classes; without one it shares what the classes of the others leave.

    Those of the others count for it too where all are scaled down, since they leave too little.
    """
    classes = [each for each in case.reference_classes.values() if each.about in case.hypotheses]
    own = [Edge(f"reference_classes.{each.id}") for each in classes if each.about == name]
    others = [f"reference_classes.{each.id}" for each in classes if each.about != name]
    if own:
        crowded = _crowded(classes)
        return [*own, *(Edge(each, "all are scaled down together") for each in others if crowded)]
    left = [Edge(each, "what it leaves is shared") for each in others]
    return [*left, Edge(reached, "its share of what is left")] if left else []


def _crowded(classes: list[ReferenceClass]) -> bool:
    """Whether the rates leave less to the rest than its least: see ``forecasting.outside``.

    Said again here, at Jeffreys' prior, since structure is told where no forecast can be made.
    """
    half = 0.5
    cases, occurred = Counter[str](), Counter[str]()
    for each in classes:
        cases[each.about] += each.cases
        occurred[each.about] += each.occurred
    total = sum((occurred[about] + half) / (cases[about] + 2 * half) for about in cases)
    return total > 1 - half / (cases.total() + 2 * half)


def _weighed(case: Case, name: str) -> Iterator[Edge]:
    """The likelihoods of facts and reports, under this hypothesis first, and what is only marked.

    Rows of likelihoods count against each other, so that those under the others are named too.
    """
    for item in case.evidence.values():
        if item.kind not in EVIDENCE_KINDS:
            continue
        for under, judgement in _own_first(item, name):
            note = "under this hypothesis" if under == name else f"under {under}"
            yield Edge(judgement_name(case, judgement.path), f"likelihood {note}")
        if not item.likelihood and name in item.marks:
            yield Edge(f"evidence.{item.id}", f"marked {item.marks[name]}, counted by ACH alone")


def _own_first(item: Evidence, name: str) -> list[tuple[str, Judgement]]:
    return sorted(item.likelihood.items(), key=lambda under: under[0] != name)


def weight_told(weight: float) -> str:
    """A view's weight in the pool."""
    return f"with weight {number(round(weight, 3))}"
