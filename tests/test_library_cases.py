"""The library cases, each held to verdicts computed from the definition."""

import json
from pathlib import Path
from typing import Any

import pytest

import foedus

ROOT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data"
NAMES = ("prisoners-dilemma", "cuban-missile-crisis", "elmira", "garrison")
CONCEPTS = ("nash", "gmr", "smr", "seq", "sim")


def found(name: str) -> dict[str, Any]:
    return foedus.stability(foedus.load(ROOT / "cases" / "library" / f"{name}.yaml")).to_dict()


def expected(name: str) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return answers


@pytest.mark.parametrize("name", NAMES)
def test_states_and_verdicts(name: str) -> None:
    result, answers = found(name), expected(name)
    assert result["states"] == answers["states"]
    for concept in CONCEPTS:
        assert result["stable"][concept] == answers["stable"][concept], concept
        assert result["equilibria"][concept] == answers["equilibria"][concept], concept
        assert result["counts"][concept] == len(answers["equilibria"][concept]), concept


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name: str) -> None:
    case = foedus.load(ROOT / "cases" / "library" / f"{name}.yaml")
    assert case.note is not None
    assert "A classic case." in case.note
    assert "computed from the definition" in case.note
    assert case.source
    assert not case.notices


def test_every_library_case_is_tested() -> None:
    files = (ROOT / "cases" / "library").glob("*.yaml")
    assert sorted(path.stem for path in files) == sorted(NAMES)


def test_garrison_state_6_needs_a_second_answer() -> None:
    """One answer from each American actor does not deter; two from the supporters do."""
    result = found("garrison")
    assert result["states"][5]["positions"] == {
        "project": "appease",
        "lawsuit": "none",
        "treaty": "invoked",
        "ijc": "full",
    }
    for concept in ("gmr", "smr"):
        assert 6 in result["stable"][concept]["canadian-opposition"]
    for concept in ("nash", "seq", "sim"):
        assert 6 not in result["stable"][concept]["canadian-opposition"]
