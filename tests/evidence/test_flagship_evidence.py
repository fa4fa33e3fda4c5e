"""ACH over the flagship's own hypotheses, and what must be said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.document import plain_lines
from foedus.evidence.competing import ach
from foedus.evidence.marks_csv import ach_csv, read_marks_csv
from foedus.evidence.scoring import RULES

FLAGSHIP = Path(__file__).parents[2] / "cases" / "belarus-2024.yaml"


@pytest.fixture(scope="module")
def case() -> Case:
    return parse_case(FLAGSHIP.read_text(encoding="utf-8"))


def test_the_reasons_of_the_article_are_in_the_matrix(case: Case) -> None:
    """R1, R5, R6, R11, R13 and R15 are inferences alone and so no evidence."""
    found = ach(case)
    told = {ref for item in found.matrix.items for ref in case.evidence[item].refs}
    assert {f"R{k}" for k in (2, 3, 4, 7, 8, 9, 10, 12, 14)} <= told
    unseen = {f"R{k}" for k in (1, 5, 6, 11, 13, 15)}
    seen = [e for e in case.evidence.values() if e.kind in ("fact", "report")]
    assert not [e.id for e in seen if unseen & set(e.refs)]
    assert all(case.evidence[i].kind in ("fact", "report") for i in found.matrix.items)
    as_of = case.as_of
    assert as_of is not None
    assert all((day := case.evidence[i].date) is None or day <= as_of for i in found.matrix.items)
    assert all(score.marked == score.items for score in found.scores.values())


@pytest.mark.parametrize("weights", ["equal", "grades"])
@pytest.mark.parametrize("origins", ["once", "each"])
@pytest.mark.parametrize("scoring", RULES)
def test_most_speaks_against_the_belarus_option_by_every_rule(
    case: Case, scoring: str, weights: str, origins: str
) -> None:
    found = ach(case, None, scoring, weights, origins)  # type: ignore[arg-type]
    assert found.ranking[-1] == ("belarus-option",)


def test_what_qualifies_the_answer_is_told(case: Case) -> None:
    found = ach(case)
    text = "\n".join(line for block in found.blocks() for line in plain_lines(block))
    assert "`other`) is not marked" in text
    assert "not looked at alike" in text
    assert "also stand behind judgements of the inside view" in text
    rivals = {
        i for h in ("terms-amended", "powers-shifted") for i, x in found.against(h).items() if x
    }
    assert len(rivals) == 4
    assert rivals <= set(found.also_inside)


def test_the_flagship_goes_out_as_csv_and_comes_back(case: Case) -> None:
    read = read_marks_csv(ach_csv(case), case, "belarus.csv")["belarus"]
    assert ach(case, read).to_dict() == {**ach(case).to_dict(), "passed_over": []}
