"""A case told as it stands: nothing that was put into it is left out of what is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import foedus
from foedus.case.model import Case, Judgement, Priorities, Support, Worth
from foedus.case.reading import parse_case
from foedus.document import Block, Ranges, Section, Table, plain_lines
from foedus.preferences.games import game_of
from foedus.reporting.case_evidence import bearings, evidence_blocks, left_out_blocks
from foedus.reporting.case_judgements import judgements_blocks
from foedus.reporting.case_summary import structure_blocks

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def flagship() -> Case:
    return foedus.load(ROOT / "cases" / "belarus-2024.yaml")


@pytest.fixture(scope="module")
def towns() -> Case:
    return foedus.load(ROOT / "cases" / "two-towns.yaml")


def text(blocks: tuple[Block, ...]) -> str:
    return "\n".join(line for block in blocks for line in plain_lines(block))


def tables(blocks: tuple[Block, ...]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def judgements(case: Case) -> list[tuple[str, Judgement]]:
    """The judgements on what actors want, with their ids."""
    found = []
    for preference in case.preferences.values():
        if isinstance(preference, Worth):
            found += [(item.id, item.value) for item in preference.items]
        if isinstance(preference, Support):
            found += [(choice.id, choice.share) for choice in preference.items]
    return found


def test_every_judgement_is_told_with_its_range_and_reasons(flagship: Case) -> None:
    ranges = [
        line
        for section in judgements_blocks(flagship)
        if isinstance(section, Section)
        for block in section.blocks
        if isinstance(block, Ranges)
        for line in block.ranges
    ]
    told = [(line.label, line.low, line.mode, line.high) for line in ranges]
    expected = judgements(flagship)
    assert told == [(name, j.low, j.mode, j.high) for name, j in expected]
    for line, (_, judgement) in zip(ranges, expected, strict=True):
        assert all(reason in (line.note or "") for reason in judgement.because)
        assert (judgement.note or "") in (line.note or "")


def test_what_can_be_paid_is_told(flagship: Case) -> None:
    told = text(judgements_blocks(flagship))
    assert flagship.transfers
    for transfer in flagship.transfers.values():
        assert transfer.unit in told


def test_priorities_and_rankings_are_told_in_order(towns: Case) -> None:
    told = text(judgements_blocks(towns))
    assert told.index("no-toll: toll = free") < told.index("any-bridge: bridge != none")
    assert re.search(r"“likely”: held with a chance of [\d.]+ \([\d.]+ to [\d.]+\), counted", told)
    garrison = foedus.load(ROOT / "cases" / "library" / "garrison.yaml")
    assert "What it prefers, best first" in text(judgements_blocks(garrison))


def test_a_wish_that_does_not_count_says_so(towns: Case) -> None:
    source = (ROOT / "cases" / "two-towns.yaml").read_text(encoding="utf-8")
    told = text(
        judgements_blocks(parse_case(source.replace("probability: likely", "probability: 0.3")))
    )
    assert "held with a chance of 0.3, not counted: held at less than evens" in told


def test_every_item_of_evidence_is_told_once_with_its_grade_and_source(flagship: Case) -> None:
    rows = [row for table in tables(evidence_blocks(flagship)) for row in table.rows]
    for item in flagship.evidence.values():
        (row,) = (row for row in rows if (row[0].note or "").startswith(f"{item.id}; {item.kind}"))
        assert row[0].text == item.claim
        shown = [cell.text for cell in row]
        if item.grade:
            assert item.grade in shown
        if item.source:
            assert any(cell.startswith(item.source) for cell in shown)
    told = text(evidence_blocks(flagship))
    for part in (flagship.polls, flagship.records, flagship.reference_classes):
        assert all(name in told for name in part)


def test_what_evidence_bears_on_is_what_names_it(flagship: Case) -> None:
    found = bearings(flagship)
    for actor, preference in flagship.preferences.items():
        named: list[tuple[str, tuple[str, ...]]] = []
        if isinstance(preference, Worth):
            named = [(item.id, item.value.because) for item in preference.items]
        if isinstance(preference, Priorities):
            named = [(wish.id, wish.because) for wish in preference.items]
        for name, because in named:
            assert all(f"{actor}: {name}" in found[reason] for reason in because)
    for item in flagship.evidence.values():
        assert all(item.id in found[basis] for basis in item.rests_on)
    assert set(found) <= set(flagship.evidence) | set(flagship.polls)
    for rule in flagship.rules:
        assert all(f"rule: {rule.why}" in found[reason] for reason in rule.because)


def test_what_is_left_out_is_told_with_its_reason(flagship: Case, towns: Case) -> None:
    (table,) = tables(left_out_blocks(flagship))
    assert {row[0].text: row[1].text for row in table.rows} == dict(flagship.left_out)
    assert "does not say what it leaves out" in text(left_out_blocks(towns))


def test_a_case_without_evidence_says_so() -> None:
    case = foedus.load(ROOT / "cases" / "library" / "prisoners-dilemma.yaml")
    assert ("names no evidence" in text(evidence_blocks(case))) == (not case.evidence)


def test_what_depends_on_the_state_or_the_change_is_told_so() -> None:
    text_ = (ROOT / "cases" / "two-towns.yaml").read_text(encoding="utf-8")
    plain = "{in-office: gone}"
    assert plain in text_
    text_ = text_.replace(
        plain, "{in-office: [{when: status = league, to: extended}, {to: gone}]}"
    ).replace(
        "    pace: {league -> apart",
        "    takes: {merged: {value: 90, because: [mayor-speech]}, default: 5}\n"
        "    pace: {league -> apart",
    )
    case = parse_case(text_)
    told = text(structure_blocks(game_of(case)))
    assert "until the deadline, then Term extended if status = league, else Mayor gone" in told
    assert "status: takes, merged" in text(evidence_blocks(case))


def test_issues_are_told_with_what_lapses_and_who_may_change_them(towns: Case) -> None:
    told = text(structure_blocks(game_of(towns)))
    assert "Term still runs (today, until the deadline, then Mayor gone)" in told
    assert "No bridge (today, never returned to)" in told
    assert "to merged: north and south and voters; from apart to league: north and south" in told
    assert "A toll needs a bridge" in told
    assert "rule: not (bridge = none and toll = charged)" in told
