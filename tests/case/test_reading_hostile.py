"""Files made to hurt: each is refused or read quickly, in little memory, without a traceback."""

import subprocess
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import TWO_TOWNS

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case

MIB = 1 << 20
CALLS = 20
"""A file is read with so many calls a byte, in Python and in C; the worst takes ten."""
MEGABYTES = 500

HEAD = """\
foedus: 1
title: x
actors: {a: {}}
issues: {i: {positions: {p: P, q: Q}, decided_by: a}}
preferences: {a: {worth: {}}}
"""

REPEATED = [
    *["[", "{", "- ", "? ", "{a: ", "[a, ", "- [", "? [", "{? ", "[]", "[[]", "{}, ", "{a: b, "],
    *["a: ", "a:\n", "a: b\n", "- a\n", "? \n", ": ", "a\n", "\t", "\0", "\x01", " ", "\n", "\r"],
    *['"', "'", '"\\x41', "|", ">", "%", "&a ", "*a ", "!", "! ", "!!a ", "#", "---\n", "...\n"],
    *["é", "😀", "@", "`", "\\", "\ufeff", "- - ", "a: - "],
]

RIGHT = " and ".join(f"(x{k} or y{k})" for k in range(1_000))
RIGHTS = "".join(
    f"p{k}: {' and '.join(f'(x{j} or y{j})' for j in range(9))}, " for k in range(6_000)
)
SEATS = ", ".join(f"x{k}: {1 + k % 7}" for k in range(24))
QUOTAS = "".join(f"p{k}: {{at_least: {40 + k / 100}, of: {{{SEATS}}}}}, " for k in range(3_000))
MANY = "".join(f"x{k}: 1, " for k in range(60_000))
ONE_DAY = "{day: 2024-01-01, when: a19, one_of: [{share: 0.5, sets: {i: p}}, {}]}"
POSITIONS = "{" + "".join(f"p{k}: P, " for k in range(60_000)) + "}"

LARGE = {
    "keys": "".join(f"k{k}: v\n" for k in range(90_000)),
    "one long key": "a" * (MIB - 5) + ": b",
    "a list": "a: [" + "a, " * 340_000 + "]",
    "anchors": "a: [" + "&a b, " * 170_000 + "]",
    "hypotheses": HEAD + "hypotheses:\n" + "- b\n" * 95_000,
    "a long statement": HEAD + "rules:\n- {why: x, rule: " + "i = p and " * 100_000 + "i = p}\n",
    "brackets": HEAD + "rules:\n- {why: x, rule: " + "(" * 500_000 + "i = p}\n",
    "rules": HEAD + "rules:\n" + "- {rule: i = p -> i = p, why: x}\n" * 30_000,
    "a chain": HEAD
    + "arrangements:\n  a0: {when: i = p}\n"
    + "".join(f"  a{k}: {{when: a{k - 1}}}\n" for k in range(1, 30_000)),
    "a circle": HEAD
    + "arrangements:\n  a0: {when: a29999}\n"
    + "".join(f"  a{k}: {{when: a{k - 1}}}\n" for k in range(1, 30_000)),
    "a right": HEAD.replace("decided_by: a", f"decided_by: {RIGHT}"),
    "rights": HEAD.replace("decided_by: a", "decided_by: {" + RIGHTS + "}"),
    "quotas": HEAD.replace("decided_by: a", "decided_by: {" + QUOTAS + "}").replace(
        "{a: {}}", "{a: {}, " + ", ".join(f"x{k}: {{}}" for k in range(24)) + "}"
    ),
    "one quota": HEAD.replace("decided_by: a", "decided_by: {at_least: 3e4, of: {" + MANY + "}}"),
    "events": "as_of: 2023-01-01\n"
    + HEAD
    + "arrangements:\n  a0: {when: i = p}\n"
    + "".join(f"  a{k}: {{when: a{k - 1}}}\n" for k in range(1, 20))
    + "events:\n"
    + "".join(f"  e{k}: {ONE_DAY}\n" for k in range(9_000)),
    "positions": HEAD.replace("{p: P, q: Q}", POSITIONS),
}


def test_a_mebibyte_of_each() -> None:
    """One process reads them one after another, so that its memory can be told."""
    script = textwrap.dedent(
        """
        import sys
        sys.path[:0] = sys.argv[1], sys.argv[1] + "/.."
        from test_reading_hostile import LARGE, MIB, REPEATED
        from work import calls, most_memory
        from foedus.case.problems import CaseError
        from foedus.case.reading import parse_case

        def read(name, text):
            try:
                parse_case(text)
            except CaseError as error:
                assert len(str(error)) < 20_000, name

        slow = []
        inputs = {repr(s): s * (MIB // len(s.encode())) for s in REPEATED} | LARGE
        inputs |= {"a " + repr(s): "a: " + s * ((MIB - 3) // len(s.encode())) for s in REPEATED}
        for name, text in inputs.items():
            assert len(text.encode()) <= MIB, name
            spent = calls(lambda: read(name, text))
            if spent > float(sys.argv[2]) * MIB:
                slow.append((name, spent))
        used = most_memory()
        print(used, slow)
        """
    )
    here = str(TWO_TOWNS.parents[1] / "tests" / "case")
    done = subprocess.run(
        [sys.executable, "-c", script, here, str(CALLS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    used, _, slow = done.stdout.partition(" ")
    assert slow.strip() == "[]"
    assert int(used) < MEGABYTES


def test_ten_thousand_items_are_read() -> None:
    worth = "".join(f"    w{k}: {{when: i = p, value: [{k}, {k}, {k}]}}\n" for k in range(10_000))
    case = parse_case(
        HEAD.replace("preferences: {a: {worth: {}}}\n", "")
        + "preferences:\n  a:\n   worth:\n"
        + worth
    )
    assert len(case.preferences["a"].items) == 10_000  # type: ignore[union-attr]


TEXT = TWO_TOWNS.read_text(encoding="utf-8")
TOKENS = [
    *["{", "}", "[", "]", ":", ": ", ", ", "- ", "\n", "\n  ", "#", "'", '"', "|", ">", "&a", "*a"],
    *["!x", "%", "---\n", "null", "~", "yes", "1e3", ".nan", "-1", "0", "[1, 2, 3]", "{}", "[]"],
    *[
        "north",
        "voters",
        "nobody",
        "and",
        "or",
        "not",
        "default",
        "->",
        "<->",
        "=",
        "bridge",
        "wide",
    ],
    *["worth", "support", "ranking", "stances", "\t", "\0", "\x85", "é", "\ud800", "2023-02-30"],
]


def read_or_refused(text: str | bytes) -> None:
    """Reads, or raises a CaseError that can be shown; anything else goes through."""
    shown = None
    try:
        parse_case(text)
    except CaseError as error:
        shown = str(error)
    assert shown != ""


@given(st.text() | st.binary() | st.lists(st.sampled_from(TOKENS)).map("".join))
@settings(max_examples=300)
def test_garbage(text: str | bytes) -> None:
    read_or_refused(text)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """The two towns with a few pieces taken out, put in, or moved."""
    text = TEXT
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 30))
        piece = draw(st.sampled_from(TOKENS) | st.just("") | st.just(text[end : end + 15]))
        text = text[:start] + piece + text[end:]
    return text


@given(mutations())
@settings(max_examples=300)
def test_mutations(text: str) -> None:
    read_or_refused(text)


@st.composite
def swapped_values(draw: st.DrawFn) -> str:
    """The two towns with values of one kind where another is expected: still YAML."""
    lines = TEXT.splitlines()
    for _ in range(draw(st.integers(1, 3))):
        row = draw(st.integers(1, len(lines) - 1))
        key, colon, _ = lines[row].partition(":")
        values = ["3", "x", "[]", "{}", "[a, [b]]", "{a: {b: c}}", "likely", "2020-01-01", "", "-1"]
        lines[row] = key + colon + " " + draw(st.sampled_from(values))
    return "\n".join(lines)


@given(swapped_values())
@settings(max_examples=300)
def test_values_of_another_kind(text: str) -> None:
    read_or_refused(text)


@pytest.mark.parametrize("words", ["foedus: 1\n", "", "a:\n", "x: &a {y: *a}\n"])
def test_deep_nesting_is_refused_at_its_place(words: str) -> None:
    depth = 200_000
    with pytest.raises(CaseError) as caught:
        parse_case(words + "z: " + "[" * depth + "]" * depth)
    assert "50 deep" in str(caught.value)
