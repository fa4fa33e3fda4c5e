"""The report's part on evidence: which parts it has, in which order, and where each stays away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sentences import said_twice

import foedus
from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Block, Grid, Points, Section, Sentence, Table
from foedus.evidence.ablation import leave_one_out
from foedus.evidence.audit import audit
from foedus.preferences.games import game_of
from foedus.reporting.composing import report
from foedus.reporting.evidence_section import ABLATION, ITEMS, grounding_blocks
from foedus.reporting.findings import findings_on

ROOT = Path(__file__).parent.parent

INSIDE = {"belarus-option": 0.1, "terms-amended": 0.3, "powers-shifted": 0.4, "other": 0.2}
ITEMS_TITLE = "The evidence, item by item"
MATRIX_TITLE = "Evidence against each hypothesis"


@pytest.fixture(scope="module")
def flagship() -> Case:
    return foedus.load(ROOT / "cases" / "belarus-2024.yaml")


@pytest.fixture(scope="module")
def towns() -> Case:
    return foedus.load(ROOT / "cases" / "two-towns.yaml")


def titles(blocks: tuple[Block, ...]) -> list[str]:
    return [block.title for block in blocks if isinstance(block, Section)]


def part(blocks: tuple[Block, ...], title: str) -> Section:
    return next(b for b in blocks if isinstance(b, Section) and b.title == title)


def test_the_verdict_comes_first_then_what_was_found(flagship: Case) -> None:
    blocks = grounding_blocks(flagship)
    told = audit(flagship).blocks()
    first = tuple(block for block in told if isinstance(block, Sentence))
    assert first
    assert blocks[: len(first)] == first
    inner = part(blocks, "What the audit found").blocks
    assert inner == tuple(block for block in told if not isinstance(block, Sentence))
    assert isinstance(inner[0], Table)
    assert inner[0].caption == "Score card"


def test_competing_hypotheses_have_their_scores_and_apart_their_heat_map(flagship: Case) -> None:
    blocks = grounding_blocks(flagship)
    scores = part(blocks, "Competing hypotheses").blocks
    assert [type(block) for block in scores].count(Table) == 1
    (grid,) = (b for b in part(blocks, MATRIX_TITLE).blocks if isinstance(b, Grid))
    assert grid.columns == flagship.hypotheses


def test_the_views_are_compared_when_there_is_an_inside_view(flagship: Case) -> None:
    agreed = "Do the views agree?"
    assert agreed not in titles(grounding_blocks(flagship))
    blocks = grounding_blocks(flagship, INSIDE)
    assert titles(blocks) == [
        "What the audit found",
        "Competing hypotheses",
        MATRIX_TITLE,
        agreed,
        ITEMS_TITLE,
    ]
    assert "ACH and the inside view agree" in str(part(blocks, agreed).blocks[0])


def test_likelihoods_are_weighed_where_there_are_some(flagship: Case) -> None:
    name = next(n for n, item in flagship.evidence.items() if item.kind == "fact")
    judged = next(iter(flagship.preferences["putin"].items)).value  # type: ignore[union-attr]
    chance = {
        h: replace(
            judged, low=p, mode=p, high=p, path=("evidence", name, "likelihood", h), because=()
        )
        for h, p in {"belarus-option": 0.2, "terms-amended": 0.8}.items()
    }
    item = replace(flagship.evidence[name], likelihood=chance)
    case = replace(flagship, evidence={**flagship.evidence, name: item})
    assert "The weight of evidence" in titles(grounding_blocks(case))
    nothing = {h: replace(j, low=0, mode=0, high=0) for h, j in chance.items()}
    case = replace(case, evidence={**case.evidence, name: replace(item, likelihood=nothing)})
    with pytest.raises(CaseError, match="nothing is left"):
        grounding_blocks(case)


BRIDGE = """
foedus: 1
title: A bridge
as_of: 2020-01-01
deadline: 2024-01-01
actors: {town: {name: Town}}
issues: {bridge: {positions: {none: None, built: Built}, decided_by: town}}
preferences: {town: {worth: {bridge: {when: bridge = built, value: 1, because: [count]}}}}
arrangements: {bridge: {name: A bridge, when: bridge = built}}
hypotheses: [bridge]
evidence: {count: {kind: fact, claim: Ten thousand cars a day, source: County survey}}
"""


def test_what_depends_on_items_is_told_before_the_items() -> None:
    bridge = parse_case(BRIDGE)
    ablation = leave_one_out(bridge, draws=60)
    blocks = grounding_blocks(bridge, None, ablation)
    most, more = "The item that matters most", "What moves without single items"
    assert titles(blocks) == ["What the audit found", most, more, ITEMS_TITLE]
    assert part(blocks, most).id == ABLATION
    told = ablation.blocks()
    (points,) = part(blocks, more).blocks
    shown = [b for b in part(blocks, most).blocks if not isinstance(b, Table)]
    assert points in told
    assert all(block in told for block in shown)
    assert any(isinstance(block, Table) for block in part(blocks, most).blocks)
    assert part(blocks, ITEMS_TITLE).id == ITEMS


def test_what_is_looked_up_stands_in_the_appendix(towns: Case) -> None:
    made = report(findings_on(game_of(towns), ablation=leave_one_out(towns, draws=60)))
    inner = part(made.blocks, "Evidence").blocks
    folded = {block.title: block.folded for block in inner if isinstance(block, Section)}
    assert folded == {"The item that matters most": False}
    (ways,) = (block for block in inner if isinstance(block, Points))
    named = {point.text: point.see for point in ways.points[0].points}
    appendix = made.blocks[-1]
    assert isinstance(appendix, Section)
    entry = part(appendix.blocks, "Evidence, in full").blocks
    assert named == {block.title: block.id for block in entry if isinstance(block, Section)}
    assert [*named] == ["What the audit found", "What moves without single items", ITEMS_TITLE]
    assert said_twice(made, towns) == []


def test_nothing_is_audited_where_there_is_nothing() -> None:
    blocks = grounding_blocks(Case("Empty", {}, {}, {}))
    assert titles(blocks) == [ITEMS_TITLE]
    assert blocks == (part(blocks, ITEMS_TITLE),)
