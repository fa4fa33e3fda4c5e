"""Judgements as questions in plain English: of every judgement there is, and read word by word."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of
from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.reporting.clauses import clause
from foedus.reporting.elicited import (
    JudgementQuestion,
    question_about,
    question_blocks,
    questions_about,
)

CASES = [
    *sorted(Path("cases").rglob("*.yaml")),
    *sorted(Path("src/foedus/starters").glob("*.yaml")),
]


@cache
def case_in(path: Path) -> Case:
    return parse_case(path.read_text(encoding="utf-8"), str(path))


def asked(case: Case, name: str) -> JudgementQuestion:
    return next(each for each in questions_about(case) if each.name == name)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_judgement_is_asked_by_names_alone(path: Path) -> None:
    case = case_in(path)
    found = questions_about(case)
    assert [each.judgement for each in found] == list(judgements_of(case))
    questions = [each.question for each in found]
    # Two that ask the same would be answered alike.
    assert len(set(questions)) == len(questions)
    for each in found:
        assert each.question[0].isupper()
        assert each.question.endswith("?")
        told = [each.question, *each.scale, each.present, *each.reasons]
        for text in told:
            assert text.count("“") == text.count("”"), text
            assert "  " not in text
            assert re.search(r"[.?!)”…]$", text), text
        # Nothing of the statement language: outside quotes no sign, and no key of the file.
        outside = re.sub(r"“[^“”]*”", "", " ".join([each.question, *each.scale[:3]]))
        assert not re.search(r"[=|]|->|None", outside), outside
        assert question_blocks(each)


BELARUS, TOWNS = Path("cases/belarus-2024.yaml"), Path("cases/two-towns.yaml")
STARTERS = Path("src/foedus/starters")


@pytest.mark.parametrize(
    ("path", "name", "question"),
    [
        (
            BELARUS,
            "preferences.lukashenka.worth.own-state",
            "How much is it worth to Alyaksandr Lukashenka that “What binds Belarus and Russia” is "
            "neither “Belarus one subject of the Russian Federation” nor “Belarus a federal "
            "district of several subjects”?",
        ),
        (
            BELARUS,
            "preferences.putin.worth.trip-wire",
            "How much is it worth to Vladimir Putin, as to “trip wire” alone, that “What binds "
            "Belarus and Russia” is “Belarus one subject of the Russian Federation” or “Belarus a "
            "federal district of several subjects”?",
        ),
        (
            BELARUS,
            "actors.belarusians.threshold",
            "What share of the Belarusian people must approve for a yes?",
        ),
        (
            BELARUS,
            "issues.eeu.takes.days",
            "How many days does it take until any change of “The Eurasian Economic Union” can be "
            "made?",
        ),
        (
            BELARUS,
            "transfers.gas.worth.putin",
            "How much is one unit of “gas” worth to Vladimir Putin?",
        ),
        (
            TOWNS,
            "preferences.south.priorities.any-bridge",
            "How likely is it that South Town would want this at all: that “bridge” is not “No "
            "bridge”?",
        ),
        (
            TOWNS,
            "actors.north.capability",
            "How great is the power of North Town, beside that of the other actors?",
        ),
        (
            STARTERS / "union.yaml",
            "events.glut.rate.a_year",
            "How many times a year would “Oil becomes cheap” happen while “oil” is “Dear oil”?",
        ),
        (
            STARTERS / "coalition.yaml",
            "events.scandal.chance.value",
            "How likely is it that “Ost has to resign” happens by 2026-02-28, as long as “leader” "
            "is “Ost leads the Centre”?",
        ),
        (
            STARTERS / "budget.yaml",
            "events.estimate.one_of.0.share",
            "If “The tax estimate” happens on 2028-11-08, how likely is this outcome: “As "
            "planned”?",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and " " not in value else "",
)
def test_a_question_word_by_word(path: Path, name: str, question: str) -> None:
    assert asked(case_in(path), name).question == question


def test_what_stands_beside_a_question() -> None:
    own = asked(case_in(BELARUS), "preferences.lukashenka.worth.own-state")
    assert own.scale == (
        "In points on a scale of this actor's own: above 0 is a gain, below 0 a loss.",
        "What holds together is added up, so judge this by itself.",
        "To compare with: a loss of 36 points if “What the union decides” is “Domestic and foreign "
        "policy”.",
    )
    assert own.present == "The case has 60 as most likely, and a chance of 90% that it lies " + (
        "between 40 and 80."
    )
    assert own.reasons[0].startswith(("Fact", "Report", "Assumption", "Inference"))
    wish = asked(case_in(TOWNS), "preferences.south.priorities.any-bridge")
    assert wish.present == "The case has “likely”: anything between 0.55 and 0.8."
    assert wish.scale[1] == (
        "If so, it would be number 2 in the order of 2 wishes, of which each outweighs all that "
        "follow."
    )
    assert wish.reasons == (
        "Report, C3: The mayor of South Town wants a bridge of any width. (Valley Herald, "
        "2019-10-03)",
    )
    assert "very likely" in wish.words
    rest = asked(case_in(TOWNS), "preferences.voters.support.s2")
    assert rest.question == "What share of Voters of South Town would approve in all other cases?"
    assert rest.scale[1] == "Asked apart, and not meant here: that “status” is “One town”."


MORE = (
    TOWNS.read_text(encoding="utf-8")
    .replace("\n  voters: {", "\n  press: {name: The press}\n  voters: {", 1)
    .replace(
        "  voters:\n    support:",
        "  press: {stances: {bridge: {position: 40, salience: [20, 50, 80]}}}\n"
        "  voters:\n    support:",
    )
    .replace("date: 2019-10-03,", "date: 2019-10-03, likelihood: {one-town: 0.6, other: 0.2},")
)


@pytest.mark.parametrize(
    ("name", "question", "scale"),
    [
        (
            "preferences.press.stances.bridge.position",
            "Where would the press like “bridge” to be settled?",
            "On the scale of the issue: 0 is “No bridge”, 40 is “Narrow bridge”, 100 is “Wide "
            "bridge”.",
        ),
        (
            "preferences.press.stances.bridge.salience",
            "How much does “bridge” matter to the press, beside other issues?",
            "A weight above 0: twice as much is twice the weight.",
        ),
        (
            "evidence.mayor-speech.likelihood.one-town",
            "Suppose that “Merger” is to come about. How likely would it then be to see this: “The "
            "mayor of South Town wants a bridge of any width”?",
            "A probability from 0 (impossible) to 1 (certain), or a probability word.",
        ),
        (
            "evidence.mayor-speech.likelihood.other",
            "Suppose that none of the hypotheses is to come about. How likely would it then be to "
            "see this: “The mayor of South Town wants a bridge of any width”?",
            "A probability from 0 (impossible) to 1 (certain), or a probability word.",
        ),
    ],
)
def test_roles_that_no_case_of_ours_has(name: str, question: str, scale: str) -> None:
    found = asked(parse_case(MORE), name)
    assert (found.question, found.scale[0]) == (question, scale)


def test_a_number_of_no_case_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="no judgement of a case"):
        question_about(case_in(TOWNS), Judgement(1, 1, 1, ("x",), role=Role.NUMBER))


STATEMENTS = {
    "status in apart | league | merged": "“status” is anything",
    "status = apart and (toll = free or bridge = none)": "“status” is “Two towns”, and either "
    "“toll” is “No toll”, or “bridge” is “No bridge”",
    "not (status = apart and toll = free)": "it is not the case that both “status” is “Two towns” "
    "and “toll” is “No toll”",
    "status = merged -> toll = free": "“toll” is “No toll” whenever “status” is “One town”",
    "one-town or not free-bridge": "either the arrangement “Merger” is in place, or the "
    "arrangement “A free bridge” is not in place",
    "status = merged <-> toll = free": "“status” is “One town” if, and only if, “toll” is “No "
    "toll”",
}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_as_a_clause(statement: str) -> None:
    text = TOWNS.read_text(encoding="utf-8").replace(
        "  one-town: {", f"  odd: {{name: Odd, when: {statement!r}}}\n  one-town: {{", 1
    )
    case = parse_case(text)
    assert clause(case, case.arrangements["odd"].when) == STATEMENTS[statement]
