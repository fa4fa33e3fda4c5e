"""Text is compared as people see it: composed letters, look-alikes, words typed again."""

import unicodedata
from pathlib import Path

import pytest
from towns import broken, problems
from typer.testing import CliRunner

from foedus.case.edit import with_value
from foedus.case.model import Place
from foedus.case.reading import case_from_data, parse_case
from foedus.case.spelling import as_known, look
from foedus.case.statements import parse_statement
from foedus.cli.app import app
from foedus.evidence.marks_csv import marks_file

ZOE, APART = "zo\u00eb", "zoe\u0308"
TEXT = f"""\
foedus: 1
title: T
actors: {{{ZOE}: {{name: Z}}, nor: {{name: N}}}}
issues: {{fund: {{positions: {{none: None, some: Some}}, decided_by: {APART} and nor}}}}
arrangements: {{good: {{when: fund = some}}, bad: {{when: fund = none}}}}
hypotheses: [good, bad]
preferences:
  {APART}: {{worth: {{w: {{when: fund = some, value: 1}}}}}}
  nor: {{worth: {{w: {{when: fund = none, value: 1}}}}}}
evidence:
  e1: {{kind: fact, claim: Winds were low, reliability: B, credibility: 2, marks: {{good: C}}}}
  e2: {{kind: report, claim: Crew at the quay, marks: {{bad: I}}}}
"""


def test_letters_and_accents_are_composed() -> None:
    case = parse_case(TEXT)
    assert list(case.actors) == [ZOE, "nor"]
    assert list(case.preferences) == [ZOE, "nor"]
    assert case.issues["fund"].decided_by.default.movers == (frozenset({ZOE, "nor"}),)
    assert case.notices == ()
    whole = unicodedata.normalize("NFD", TEXT)
    assert parse_case(whole).actors == case.actors
    assert f"{APART}: {{worth" in with_value(TEXT, ("preferences", ZOE, "worth", "w"), 7)
    data = {
        "foedus": 1, "title": "T", "actors": {APART: {}},
        "issues": {"i": {"positions": {"x": "X", "y": "Y"}, "decided_by": ZOE}},
        "preferences": {ZOE: {"worth": {"w": {"when": "i = x", "value": 1}}}},
    }  # fmt: skip
    assert list(case_from_data(data).actors) == [ZOE]
    assert parse_statement(f"{APART}", {}, [ZOE]).tree == parse_statement(ZOE, {}, [ZOE]).tree


def test_two_ids_that_show_the_same_are_one_twice() -> None:
    text = TEXT.replace("nor: {name: N}", f"{APART}: {{name: N}}").replace("nor", ZOE)
    error = problems(text)
    assert error.problems[0].place == Place(3, 26)
    assert error.problems[0].message == (
        "the key 'zoë' stands here again; it is already on line 3, in other characters that show "
        "the same"
    )


def test_places_after_letters_apart() -> None:
    text = TEXT.replace(f"{APART} and nor", f"{APART} and nur")
    column = text.splitlines()[3].index("nur") + 1
    assert [p.place for p in problems(text).problems] == [Place(4, column)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("narrow: Narrow", "Wide: Other", "the id 'wide' looks like 'Wide'"),
        (
            "narrow: Narrow",
            "w\u0456de: Other",
            "the id 'wide' looks like 'w\u0456de': character 2 is U+0456, CYRILLIC SMALL LETTER "
            "BYELORUSSIAN-UKRAINIAN I",
        ),
    ],
)
def test_ids_that_look_alike_are_noticed(before: str, after: str, told: str) -> None:
    name = after.partition(":")[0]
    text = broken(("none: 0, narrow: 40", f"none: 0, {name}: 40"), (before, f"^^{after}"))[0]
    text = text.replace("narrow", name)
    (notice,) = parse_case(text).notices
    assert notice.message == told
    line = text.splitlines()[notice.place.line - 1] if notice.place else ""
    assert notice.place
    assert line[notice.place.column - 1 :].startswith("wide: ")


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u202e", "\u00ad", "\u3164", "\u2060"])
def test_what_cannot_be_seen_is_no_part_of_an_id(sign: str) -> None:
    text, (place,) = broken(("  traffic-count:", f"  ^^traffic{sign}-count:"))
    (problem, *_) = (p for p in problems(text).problems if p.place == place)
    assert f"U+{ord(sign):04X}" in problem.message
    assert problem.message.endswith("which cannot be seen")


def test_a_suggestion_that_looks_the_same_says_how_it_differs() -> None:
    text, places = broken(("bridge in narrow | wide", "bridge in ^^n\u0430rrow | wide"))
    (problem,) = problems(text).problems
    assert (problem.place, problem.nearest) == (places[0], "narrow")
    assert problem.message.endswith("(character 2 is U+0430, CYRILLIC SMALL LETTER A)")


def test_look() -> None:
    assert look("\u0430bc") == look("abc") == look("ABC") == look("a\u200bbc")
    assert look("a-1") == look("a_l")
    assert len({look(word) for word in ("one", "two", "ones", "öne")}) == 4
    assert as_known("GOOD", ["good", "bad"]) == "good"
    assert as_known("GOOD", ["good", "Good"]) == "GOOD"
    assert as_known("Good", ["good", "Good"]) == "Good"


def test_marks_whose_claims_differ_are_noticed() -> None:
    case = parse_case(TEXT)
    rows = [
        "evidence,kind,grade,claim,Good,BAD",
        "E1,Fact,b2,  winds  WERE low,c,ii",
        "e2,report,C3,The ferry sank,,n",
    ]
    read = marks_file("\r".join(rows), case, "ann.csv")
    assert read.by_analyst == {"ann": {"e1": {"good": "C", "bad": "II"}, "e2": {"bad": "N"}}}
    assert [(n.place, n.message) for n in read.notices] == [
        (
            Place(3, 11),
            "the grade of 'e2' is '' in the case, and not 'C3': are these marks of the same thing?",
        ),
        (
            Place(3, 14),
            "the claim of 'e2' is 'Crew at the quay' in the case, and not 'The ferry sank': are "
            "these marks of the same thing?",
        ),
    ]
    swapped = marks_file("evidence,claim,good\ne1,Crew at the quay,C\n", case)
    assert "which is that of 'e2'" in swapped.notices[0].message
    assert marks_file("evidence,good\ne1,C\n", case).notices == ()
    late = parse_case(TEXT.replace("e1: {", "e1: {date: 2020-01-02, ") + "as_of: 2020-01-01\n")
    (notice,) = marks_file("evidence,good\ne1,C\n", late).notices
    assert notice.message == (
        "'e1' is of 2020-01-02, after as_of (2020-01-01): its marks are not used"
    )


def test_the_command_tells_the_notices_and_names_a_folder(tmp_path: Path) -> None:
    file, marks = tmp_path / "case.yaml", tmp_path / "ann.csv"
    file.write_text(TEXT, encoding="utf-8")
    marks.write_text("evidence,claim,good\ne1,The ferry sank,C\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["evidence", "ach", str(file), "--marks", str(marks)])
    assert result.exit_code == 0
    assert f"{marks}:2:4: note: the claim of 'e1' is 'Winds were low'" in result.stderr
    command = ["evidence", "ach", str(file), "--marks", str(tmp_path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2
    told = f"--marks: {tmp_path}: this is a directory (a folder); expected a CSV file of marks"
    assert result.stderr.startswith(told)
