"""Where a judge's file stands, and whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.case.judge_files import judge_files, judge_in, judge_path
from foedus.case.problems import CaseError


@pytest.mark.parametrize("name", ["Anna", "anna-2", "Анна Петрова", "O'Neill", "b_c", "李"])
def test_a_judge_is_found_by_the_name_that_the_file_was_given(tmp_path: Path, name: str) -> None:
    case = tmp_path / "two.towns.yaml"
    path = judge_path(case, f" {name} ")
    assert path.parent == tmp_path
    assert judge_in(path) == name
    path.write_text("", encoding="utf-8")
    assert judge_files(case) == (path,)


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", "a\\b", ".", "..", "a.b", "-a", "a\nb", "a\0b", "x" * 61, "a  b"]
)
def test_no_name_leads_elsewhere(name: str) -> None:
    with pytest.raises(CaseError, match="cannot name a judge"):
        judge_path("case.yaml", name)


def test_only_the_judges_of_this_case_are_found_in_order(tmp_path: Path) -> None:
    for name in (
        *("case.yaml", "case.judge-b.yaml", "case.judge-a.yaml", "case.judge-.yaml"),
        *("case.judge-c.yml", "other.judge-d.yaml", "case[x].judge-e.yaml", "case.judge-a.b.yaml"),
    ):
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "case.judge-folder.yaml").mkdir()
    assert [p.name for p in judge_files(tmp_path / "case.yaml")] == [
        "case.judge-a.yaml",
        "case.judge-b.yaml",
    ]
    assert [p.name for p in judge_files(tmp_path / "case[x].yaml")] == ["case[x].judge-e.yaml"]
