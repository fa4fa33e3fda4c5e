"""What a judgement moves with: a group's name, or a group and a loading."""

from __future__ import annotations

import jsonschema
import pytest
from towns import broken, problems, towns

from foedus.case.fingerprint import case_hash
from foedus.case.judgement import Together
from foedus.case.links import judgements_of
from foedus.case.places import Place
from foedus.case.problems import CaseError
from foedus.case.schema import json_schema
from foedus.case.source import plain_data, read_source

INCOME = "toll-income: {when: toll = charged, value: 10}"
WIDE = "value: [20, 35, 50],"


def given(text: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Changes of the two towns: one judgement is with the group "mood", and another so."""
    return (
        (WIDE, f"{WIDE} with: mood,"),
        (INCOME, INCOME.replace("value: 10", f"value: [5, 10, 20], with: {text}")),
    )


def read(text: str) -> Together | None:
    made = {j.name.rpartition(".")[2]: j.together for j in judgements_of(towns(*given(text)))}
    assert made["wide-bridge"] == Together("mood")
    return made["toll-income"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mood", Together("mood")),
        ("{group: mood}", Together("mood")),
        ("{group: mood, loading: -0.6}", Together("mood", -0.6)),
        ("{loading: 0, group: mood}", Together("mood", 0)),
    ],
)
def test_a_group_may_have_a_loading(text: str, expected: Together) -> None:
    assert read(text) == expected
    assert schema_errors(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{group: mood, loading: ^^1.5}", "'loading' is 1.5; expected a number from -1 to 1"),
        ("{group: mood, loading: ^^.nan}", "'loading' is '.nan'; expected a number"),
        ("{group: mood, loading: ^^'0.5'}", "'loading' is text; write the number without quotes"),
        ("{group: mood, ^^load: 1}", "unknown key 'load'; did you mean 'loading'?"),
        ("{group: ^^[mood], loading: 1}", "'group' is a list; expected text"),
        ("^^[mood]", "'with' is a list; expected the name of a group, or {group: NAME, loading"),
        ("^^-mood", "expected {group: mood, loading: -1}"),
    ],
)
def test_what_is_no_group_is_refused_at_its_place(text: str, message: str) -> None:
    case, places = broken(*given(text))
    error: CaseError = problems(case)
    assert [p.place for p in error.problems] == places
    assert message in str(error)


@pytest.mark.parametrize("text", ["{loading: 0.5}", "{}"])
def test_a_loading_needs_its_group(text: str) -> None:
    error = problems(broken(*given(text))[0])
    assert "'with' has no 'group'" in str(error)
    assert schema_errors(text)


def schema_errors(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema())
    case = plain_data(read_source(broken(*given(text))[0], "x").data)
    return [e.message for e in validator.iter_errors(case)]


@pytest.mark.parametrize(
    "text", ["{group: mood, loading: 1.5}", "{group: mood, load: 1}", "[mood]", "{group: [a]}"]
)
def test_an_editor_can_tell(text: str) -> None:
    assert schema_errors(text)


def test_a_group_of_one_is_noticed_where_it_is_named() -> None:
    case, (place,) = broken((WIDE, f"{WIDE} with: ^^mood,"))
    (notice,) = towns((WIDE, f"{WIDE} with: mood,")).notices
    assert notice.message == "no other judgement is with 'mood': this one moves with nobody"
    assert notice.place == Place(place.line, place.column)
    assert towns(*given("mood")).notices == ()
    assert case


def test_a_loading_enters_the_hash_and_one_of_1_does_not() -> None:
    plain, one, less = (
        case_hash(towns(*given(x)))
        for x in ("mood", "{group: mood, loading: 1}", "{group: mood, loading: 0.5}")
    )
    assert plain == one != less
