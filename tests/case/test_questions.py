"""What the author of a case asks, and answers."""

import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import TWO_TOWNS, broken, problems, towns

from foedus.case.edit import with_value
from foedus.case.fingerprint import case_hash
from foedus.case.questions import ChanceAsked, EasierAsked, PositionAsked
from foedus.case.reading import case_from_data, parse_case
from foedus.case.schema import json_schema
from foedus.case.source import plain_data, read_source
from foedus.case.upgrade import upgraded
from foedus.case.words import WORDS
from foedus.case.writing import case_yaml
from foedus.evidence.audit import audit
from foedus.sensitivity.comparing.edits import edits

PAGE = TWO_TOWNS.parents[1] / "docs" / "case-file.md"
AT = "hypotheses: [one-town]"


def asking(questions: str) -> tuple[str, str]:
    """The change that adds questions, each on lines of its own."""
    return AT, f"questions:\n{questions}\n{AT}"


def in_the_page() -> str:
    """The questions that the page on the case file shows."""
    found = re.search(r"```yaml\nquestions:\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def valid(text: str) -> bool:
    """Whether an editor with the schema finds nothing wrong."""
    data = plain_data(read_source(text, "towns").data)
    return jsonschema.Draft202012Validator(json_schema()).is_valid(data)


def test_the_questions_of_the_page() -> None:
    text = broken(asking(in_the_page()))[0]
    questions = parse_case(text).questions
    assert {name: each.about for name, each in questions.items()} == {
        "merger": ChanceAsked("one-town"),
        "width": PositionAsked("bridge"),
        "which": EasierAsked(("free-bridge", "one-town")),
    }
    verdicts = {name: each.verdict for name, each in questions.items()}
    assert {name: (v.word, v.says, v.because) for name, v in verdicts.items() if v} == {
        "merger": ("very unlikely", None, ("mayor-speech",)),
        "width": (None, "narrow", ()),
        "which": (None, "free-bridge", ()),
    }
    assert questions["merger"].asks == "Will the towns merge?"
    assert valid(text)


def test_a_verdict_may_be_a_text_alone_or_absent() -> None:
    case = towns(
        asking(
            "  a: {asks: A?, arrangement: one-town, verdict: Hardly, note: n, refs: [R1]}\n"
            "  b: {asks: B?, position_of: status}"
        )
    )
    assert case.questions["a"].verdict is not None
    assert case.questions["a"].verdict.text == "Hardly"
    assert (case.questions["a"].note, case.questions["a"].refs) == ("n", ("R1",))
    assert case.questions["b"].verdict is None


def test_a_case_without_questions_keeps_its_hash_and_one_with_them_has_another() -> None:
    asked = "  a: {asks: A?, arrangement: one-town, verdict: VERDICT}"
    hashes = {case_hash(towns(asking(asked.replace("VERDICT", text)))) for text in ("No", "Yes it")}
    assert len({*hashes, case_hash(towns())}) == 3
    assert case_hash(towns(asking("  {}"))) == case_hash(towns())


def test_a_verdict_names_the_evidence_it_rests_on() -> None:
    """An item that a verdict alone names is no longer told to be named by nothing."""
    item = ("  mayor-speech: {", "  rumour: {kind: assumption, claim: Talk}\n  mayor-speech: {")
    asked = asking("  a: {asks: A?, arrangement: one-town, verdict: {text: No, because: [rumour]}}")

    def unused(*changes: tuple[str, str]) -> list[tuple[Any, ...]]:
        return [f.path for f in audit(towns(*changes)).findings if f.kind == "unused"]

    assert ("evidence", "rumour") in unused(item)
    assert ("evidence", "rumour") not in unused(item, asked)


def test_all_that_is_wrong_with_questions_is_told_at_its_place() -> None:
    text, marks = broken(
        asking(
            "  ^^a: {asks: A?}\n"
            "  b: {asks: B?, arrangement: one-town, ^^position_of: bridge}\n"
            "  c: {asks: C?, arrangement: ^^one-twn}\n"
            "  d: {asks: D?, position_of: ^^brigde}\n"
            "  e: {asks: E?, easier: ^^[one-town]}\n"
            "  f: {asks: F?, easier: [one-town, ^^one-town]}\n"
            "  ^^g: {arrangement: one-town}\n"
            "  h: {asks: H?, ^^positon_of: bridge, easier: [free-bridge, one-town]}"
        )
    )
    found = problems(text).problems
    assert [(each.place, each.text) for each in found] == list(
        zip(
            marks,
            [
                "the question 'a' is about nothing; expected one of arrangement, position_of or "
                "easier",
                "'position_of' stands beside 'arrangement'; expected one of arrangement, "
                "position_of or easier",
                "no arrangement 'one-twn'; did you mean 'one-town'?",
                "no issue 'brigde'; did you mean 'bridge'?",
                "'easier' is a list of 1; expected two arrangements",
                "'one-town' is compared with itself",
                "'g' has no 'asks': the question in the author's words",
                "unknown key 'positon_of'; did you mean 'position_of'?",
            ],
            strict=True,
        )
    )


def test_all_that_is_wrong_with_verdicts_is_told_at_its_place() -> None:
    text, marks = broken(
        asking(
            "  a: {asks: A?, arrangement: one-town, verdict: {text: T, word: ^^unlikly}}\n"
            "  b: {asks: B?, arrangement: one-town, verdict: {text: T, ^^says: free-bridge}}\n"
            "  c: {asks: C?, position_of: bridge, verdict: {text: T, ^^word: likely}}\n"
            "  d: {asks: D?, position_of: bridge, verdict: {text: T, says: ^^wyde}}\n"
            "  e: {asks: E?, easier: [free-bridge, one-town], verdict: {text: T, says: ^^on-twn}}\n"
            "  f: {asks: F?, arrangement: one-town, ^^verdict: {word: likely}}\n"
            "  g: {asks: G?, arrangement: one-town, verdict: {text: T, because: [^^mayor-spech]}}\n"
            "  h: {asks: H?, arrangement: one-town, verdict: {text: T, word: ^^0.3}}"
        )
    )
    found = problems(text).problems
    told = [each.text for each in found]
    assert told == [
        "'unlikly' is no probability word of icd203; did you mean 'unlikely'?",
        "'says' answers which position, or which of two, and a chance is asked here; expected "
        "'word', a probability word",
        "'word' answers how likely something is, and which position is asked here; expected "
        "'says', the position",
        "no position 'wyde' in issue 'bridge'; did you mean 'wide'?",
        "'on-twn' is neither of the two that are compared; did you mean 'one-town'?",
        "'verdict' has no 'text': the answer in the author's words",
        "no evidence or poll 'mayor-spech'; did you mean 'mayor-speech'?",
        "'word' is the number 0.3; expected a probability word",
    ]
    assert [each.place for each in found] == marks


def test_questions_that_are_no_map_of_questions() -> None:
    text, marks = broken((AT, f"questions: ^^[one-town]\n{AT}"))
    (found,) = problems(text).problems
    assert found.text == "'questions' is a list; expected a map of questions"
    assert [found.place] == marks


@pytest.mark.parametrize(
    "asked",
    [
        "  a: {asks: A?}",
        "  a: {asks: A?, arrangement: one-town, position_of: bridge}",
        "  a: {asks: A?, arrangement: one-town, verdict: {word: likely}}",
        "  a: {asks: A?, arrangement: one-town, verdict: {text: T, word: perhaps}}",
    ],
)
def test_what_an_editor_can_tell_of_a_question(asked: str) -> None:
    assert not valid(broken(asking(asked))[0])


def test_edits_upgrades_and_differences_know_questions() -> None:
    text = broken(asking(in_the_page()))[0]
    edited = with_value(text, ("questions", "merger", "verdict", "word"), "remote")
    assert edited == text.replace("word: very unlikely", "word: remote")
    assert upgraded(text.replace("probability: likely", "held: likely")).text == text
    data = [read_source(each, "towns").data for each in (text, edited, TWO_TOWNS.read_text())]
    (found,) = edits(data[0], data[1]).edits
    assert (found.name, found.kind) == ("questions.merger", "question")
    assert [each.name for each in edits(data[0], data[2]).edits] == [
        "questions.merger",
        "questions.width",
        "questions.which",
    ]


QUESTION = st.one_of(
    st.builds(
        lambda word: {"arrangement": "one-town", "verdict": {"text": "T", "word": word}},
        st.sampled_from(sorted(WORDS["icd203"])),
    ),
    st.builds(
        lambda says: {"position_of": "bridge", "verdict": {"text": "T", "says": says}},
        st.sampled_from(["none", "narrow", "wide"]),
    ),
    st.builds(
        lambda pair, k: {"easier": pair, "verdict": {"text": "T", "says": pair[k]}},
        st.permutations(["one-town", "free-bridge"]),
        st.sampled_from([0, 1]),
    ),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(QUESTION, max_size=4))
def test_questions_survive_being_written_and_read(asked: list[dict[str, Any]]) -> None:
    """Data, its YAML and the schema agree on every sound question."""
    data = plain_data(read_source(TWO_TOWNS.read_text(encoding="utf-8"), "towns").data)
    data["questions"] = {f"q{k}": {"asks": "What?", **each} for k, each in enumerate(asked)}
    text = case_yaml(data)
    case = parse_case(text)
    assert case_hash(case) == case_hash(case_from_data(data))
    assert valid(text)
    assert list(case.questions) == list(data["questions"])
    for name, each in data["questions"].items():
        verdict = case.questions[name].verdict
        assert verdict is not None
        assert (verdict.word or verdict.says) in each["verdict"].values()
