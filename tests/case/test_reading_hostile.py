"""Files made to hurt: each is refused or read quickly, in little memory, without a traceback."""

import subprocess
import sys
import textwrap
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LONG
from towns import TWO_TOWNS
from work import calls

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case

MIB = 1 << 20
CALLS = 50
"""A small file is read with so many calls a byte, in Python and in C; the worst takes 33."""
GROWTH = 2.1
"""A file of twice the size takes less than so many times the calls; the worst takes 2.03."""
MEGABYTES = 500
"""A file of a mebibyte is read in so many more than are held before."""

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


@cache
def large(size: int) -> dict[str, str]:
    """Files of many parts, each of up to ``size`` bytes."""
    share = size / MIB

    def some(most: int) -> range:
        return range(int(most * share))

    right = " and ".join(f"(x{k} or y{k})" for k in some(1_000))
    rights = "".join(
        f"p{k}: {' and '.join(f'(x{j} or y{j})' for j in range(9))}, " for k in some(6_000)
    )
    seats = ", ".join(f"x{k}: {1 + k % 7}" for k in range(24))
    quotas = "".join(f"p{k}: {{at_least: {40 + k / 100}, of: {{{seats}}}}}, " for k in some(3_000))
    actors = "{a: {}, " + ", ".join(f"x{k}: {{}}" for k in range(24)) + "}"
    many = "".join(f"x{k}: 1, " for k in some(60_000))
    one_day = "{day: 2024-01-01, when: a19, one_of: [{share: 0.5, sets: {i: p}}, {}]}"
    chain = "".join(f"  a{k}: {{when: a{k - 1}}}\n" for k in range(1, 20))
    events = "".join(f"  e{k}: {one_day}\n" for k in some(9_000))
    positions = "{" + "".join(f"p{k}: P, " for k in some(60_000)) + "}"
    links = "".join(f"  a{k}: {{when: a{k - 1}}}\n" for k in some(30_000)[1:])
    last = some(30_000)[-1]
    made = {
        "keys": "".join(f"k{k}: v\n" for k in some(90_000)),
        "one long key": "a" * (size - 5) + ": b",
        "a list": "a: [" + "a, " * len(some(340_000)) + "]",
        "anchors": "a: [" + "&a b, " * len(some(170_000)) + "]",
        "hypotheses": HEAD + "hypotheses:\n" + "- b\n" * len(some(95_000)),
        "a long statement": HEAD
        + "rules:\n- {why: x, rule: "
        + "i = p and " * len(some(100_000))
        + "i = p}\n",
        "brackets": HEAD + "rules:\n- {why: x, rule: " + "(" * len(some(500_000)) + "i = p}\n",
        "rules": HEAD + "rules:\n" + "- {rule: i = p -> i = p, why: x}\n" * len(some(30_000)),
        "a chain": HEAD + "arrangements:\n  a0: {when: i = p}\n" + links,
        "a circle": HEAD + f"arrangements:\n  a0: {{when: a{last}}}\n" + links,
        "a right": HEAD.replace("decided_by: a", f"decided_by: {right}"),
        "rights": HEAD.replace("decided_by: a", "decided_by: {" + rights + "}"),
        "quotas": HEAD.replace("decided_by: a", "decided_by: {" + quotas + "}").replace(
            "{a: {}}", actors
        ),
        "one quota": HEAD.replace(
            "decided_by: a", "decided_by: {at_least: 3e4, of: {" + many + "}}"
        ),
        "events": "as_of: 2023-01-01\n"
        + HEAD
        + "arrangements:\n  a0: {when: i = p}\n"
        + chain
        + "events:\n"
        + events,
        "positions": HEAD.replace("{p: P, q: Q}", positions),
    }
    made |= {repr(s): s * (size // len(s.encode())) for s in REPEATED}
    made |= {"a " + repr(s): "a: " + s * ((size - 3) // len(s.encode())) for s in REPEATED}
    assert all(len(text.encode()) <= size for text in made.values())
    return made


def read(text: str) -> None:
    """Read a file, or have it refused in few enough words."""
    told = ""
    try:
        parse_case(text)
    except CaseError as error:
        told = str(error)
    assert len(told) < 20_000


@pytest.mark.parametrize("name", large(MIB >> 6))
def test_the_work_does_not_outgrow_the_file(name: str) -> None:
    """Counted for a small file and one of twice its size, which must not take much more than that.

    So a part that grows as the square is seen long before it fills a file of the greatest size.
    """
    small, twice = (large(MIB >> shift)[name] for shift in (6, 5))
    read(small)  # what is worked out once for all files is worked out here
    spent, more = calls(lambda: read(small)), calls(lambda: read(twice))
    assert more < CALLS * len(twice.encode())
    assert more < GROWTH * spent


def test_much_of_each_takes_little_memory() -> None:
    """One process reads them one after another, so that its memory can be told.

    A quarter of the greatest size: that memory grows as the file does is seen there too.
    """
    script = textwrap.dedent(
        """
        import sys
        sys.path[:0] = sys.argv[1], sys.argv[1] + "/.."
        from test_reading_hostile import large, read
        from work import most_memory

        before = most_memory()
        for text in large(int(sys.argv[2])).values():
            read(text)
        print(before, most_memory())
        """
    )
    here = str(TWO_TOWNS.parents[1] / "tests" / "case")
    size = MIB if LONG else MIB // 4
    done = subprocess.run(
        [sys.executable, "-c", script, here, str(size)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, used = map(int, done.stdout.split())
    assert used - before < MEGABYTES * size / MIB


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
