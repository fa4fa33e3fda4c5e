"""Errors are told at the line and column of the word itself, however the text is written."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from towns import problems, unmarked

from foedus.case.importers.gmcr import read_gmcr
from foedus.case.importers.strict_json import parse_json
from foedus.case.model import Place
from foedus.case.problems import CaseError
from foedus.case.scalars import offsets
from foedus.case.source import read_source
from foedus.case.statements import parse_statement
from foedus.case.traps import place_of

HEAD = """\
foedus: 1
title: T
actors: {a: {name: A}, b: {name: B}}
preferences:
  a: {worth: {w: {when: i = x, value: 1}}}
  b: {worth: {w: {when: i = y, value: 1}}}
issues:
  i: {positions: {x: X, y: Y}, decided_by: a}
  j:
    positions: {u: U, v: V}
    decided_by: a or b
"""

RULES = {
    "plain": "  - rule: i = x\n      and j = ^^w\n    why: w\n",
    "plain after an empty line": "  - rule: i = x\n\n      and j = ^^w\n    why: w\n",
    "folded": "  - rule: >-\n      i = x\n      and\n      j = ^^w\n    why: w\n",
    "folded, indented": "  - rule: >\n      i = x\n        and\n\n      j = ^^w\n    why: w\n",
    "literal": "  - rule: |\n      i = x\n      and j = ^^w\n    why: w\n",
    "literal, kept": "  - rule: |+ # told\n\n      i = x\n      and j = ^^w\n\n    why: w\n",
    "literal, indent given": "  - rule: |2-\n        i = x\n      and j = ^^w\n    why: w\n",
    "double quotes": '  - rule: "i = x\n\n      and j = ^^w"\n    why: w\n',
    "double quotes, joined": '  - rule: "i\\x20= x \\\n      and\\tj = ^^w"\n    why: w\n',
    "double quotes, escaped": '  - rule: "i = x and \\u006a = ^^\\x77"\n    why: w\n',
    "single quotes": "  - rule: 'i = x\n      and j = ^^w'\n    why: w\n",
    "single quotes, doubled": "  - rule: 'i = x ^^''and'''\n    why: w\n",
    "tabs": "  - rule: i = x\tand\t^^k = x\n    why: w\n",
    "wide letters": "  - {why: 漢字😀, rule: i = x and ^^語 = x}\n",
    "an end too early": '  - rule: "i = x\n      and^^"\n    why: w\n',
}
"""Rules with one fault each, marked where it stands."""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["bare", "BOM"])
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_word_itself(rule: str, start: str, end: str) -> None:
    text, (place,) = unmarked(f"{HEAD}rules:\n{rule}")
    error = problems((start + text.replace("\n", end)).encode())
    assert [problem.place for problem in error.problems] == [place]


@pytest.mark.parametrize(
    "line",
    [
        "decided_by: >-\n      a or\n      ^^c",
        "decided_by: {u -> ^^w: a, default: b}",
        "decided_by: {'u  -> ^^w': a, default: b}",
        "decided_by: {^^w -> u: a, default: b}",
        "decided_by: b\n    pace: >-\n\n      ^^laws",
        "decided_by: b\n    otherwise: {^^w: v}",
    ],
)
def test_rights_changes_and_names(line: str) -> None:
    text, (place,) = unmarked(HEAD.replace("decided_by: a or b", line))
    assert [problem.place for problem in problems(text).problems] == [place]


@given(
    st.text(st.sampled_from("ab é'\"\\\n#:-漢😀\t"), min_size=1, max_size=40),
    st.sampled_from(["'", '"', "|", ">", ""]),
    st.integers(2, 30),
)
def test_every_character_of_a_scalar_is_found(value: str, style: str, width: int) -> None:
    data = [[value]]
    text = yaml.safe_dump(data, default_style=style, width=width, allow_unicode=True)
    source = read_source(f"k:\n{text}", "<text>")
    path = ("k", 0, 0)
    mark = source.values[path]
    written = source.text[mark.start : mark.end]
    found = offsets(written, value)
    assert found is not None
    assert len(found) == len(value)
    assert found == sorted(found)
    for k, (character, index) in enumerate(zip(value, found, strict=True)):
        if character.isalnum() and written[index] != "\\":
            assert written[index] == character
            assert source.inside(path, k) == place_of(source.text, mark.start + index)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"foedus: 1\rtitle: a\rquestion: b\x07", Place(3, 12)),
        (b"foedus: 1\rtitle:\xff\r", Place(2, 7)),
        (b"\xef\xbb\xbffoedus: 1\r\ntitle: \xc3\xa9\xff", Place(2, 9)),
        ("foedus: 1\rtitle: a\u2028".encode(), Place(2, 9)),
        (b"foedus: 1\rtitle: [a\r", Place(3, 1)),
    ],
)
def test_what_is_no_text_or_no_yaml(content: bytes, place: Place) -> None:
    assert problems(content).problems[0].place == place


def test_a_typed_statement_of_several_lines() -> None:
    with pytest.raises(CaseError) as caught:
        parse_statement("x\r\nor\n  y", {}, ["x"])
    assert [problem.place for problem in caught.value.problems] == [Place(3, 3)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_json_has_the_same_lines(end: str, tmp_path: Path) -> None:
    for word in ("NaN", "?"):
        with pytest.raises(CaseError) as caught:
            parse_json(end.join(["{", '"é": 1,', f' "b": {word}}}']))
        assert caught.value.problems[0].place == Place(3, 7)
    file = tmp_path / "a.gmcr"
    model = {"options": [{"name": 1}], "decisionMakers": [{"name": "X"}]}
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(model, indent=1).replace("\n", end).encode())
    with pytest.raises(CaseError) as caught:
        read_gmcr(file)
    assert caught.value.problems[0].place == Place(4, 12)
