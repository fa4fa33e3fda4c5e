"""Entries put in, taken out and renamed: held against plain data, and against laws."""

import copy
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import LONG
from towns import TWO_TOWNS

from foedus.case.alike import same
from foedus.case.model import Path as Steps
from foedus.case.problems import CaseError
from foedus.case.rewriting import renamed, with_data, without
from foedus.case.source import plain_data, read_source
from foedus.case.writing import one_line

ROOT = Path(__file__).parents[2]
FILES = sorted(
    [*(ROOT / "cases").rglob("*.yaml"), *(ROOT / "src" / "foedus" / "starters").glob("*.yaml")]
)

TEXT = """\
# what this is
foedus: 1
title: Towns  # for now
actors:   # who
  # the north
  a: {name: A}   # one
                 # and more of one
  # the south
  b:
    name: B  # bee
    note: |
      first

      last

  c: {}

rules:
- not x = y   # r1
# r2 follows
- rule: x
  why: >-
    folded
    # no comment
- {rule: z, ids: [
    one,  # the first
    two   # the second
  ]}
polls:
"""


def lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines())


def difference(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that are another, between those that begin and end both texts."""
    before, after = lines(old), lines(new)
    shorter = min(len(before), len(after))
    head = next((k for k in range(shorter) if before[k] != after[k]), shorter)
    shorter -= head
    tail = next((k for k in range(shorter) if before[-1 - k] != after[-1 - k]), shorter)
    return before[head : len(before) - tail], after[head : len(after) - tail]


@pytest.mark.parametrize(
    ("path", "data", "old", "new"),
    [
        (("title",), "a, b", "title: Towns  # for now", "title: a, b  # for now"),
        (("title",), "no: b", "title: Towns  # for now", 'title: "no: b"  # for now'),
        (("title",), [1, 2], "title: Towns  # for now", "title: [1, 2]  # for now"),
        (
            ("title",),
            {"a": {"b": {"c": 1}}},
            "title: Towns  # for now",
            "title:  # for now\n  a:\n    b: {c: 1}",
        ),
        (("title",), "w " * 60 + "w", None, "title: >-  # for now\n  w "),
        (("actors", "a", "name"), "Z", "a: {name: A} ", "a: {name: Z} "),
        (("actors", "a", "kind"), "body", "a: {name: A} ", "a: {name: A, kind: body} "),
        (("actors", "a"), {"name": "A" * 90, "kind": "body"}, None, "  a:   # one\n"),
        (
            ("actors", "b", "note"),
            "one\ntwo",
            " |\n      first\n\n      last",
            " |-\n      one\n      two",
        ),
        (("actors", "b", "kind"), "body", "      last\n", "      last\n    kind: body\n"),
        (("actors", "c", "name"), "C", "  c: {}", "  c: {name: C}"),
        (("actors", "d"), {"name": "D"}, "  c: {}", "  c: {}\n  d: {name: D}"),
        (
            ("actors", "b"),
            {"name": "Bee", "kind": "body", "note": "first\n\nlast\n"},
            "    name: B  # bee",
            "    name: Bee  # bee\n    kind: body",
        ),
        (("rules", 0), "x", "- not x = y   # r1", "- x   # r1"),
        (("rules", 3), {"rule": "w"}, "  ]}\n", "  ]}\n- {rule: w}\n"),
        (("rules", 1, "if"), "q", "    # no comment", "    # no comment\n  if: q"),
        (("rules", 2, "ids", 0), "uno", "    one,  #", "    uno,  #"),
        (("rules", 2, "ids", 2), "three", None, "    two,   # the second\n    three\n  ]}"),
        (("polls", "p"), {"n": 5}, "polls:\n", "polls:\n  p: {n: 5}\n"),
        (
            ("issues", "i", "positions"),
            {"p": "P"},
            "\nrules:",
            "\nissues:\n  i:\n    positions: {p: P}\n\nrules:",
        ),
        (("deadline",), "2024-03-17", "# for now", "# for now\ndeadline: 2024-03-17"),
        (("x-mine",), 7, "polls:\n", "polls:\nx-mine: 7\n"),
    ],
)
def test_data_put(path: Steps, data: Any, old: str | None, new: str) -> None:
    changed = with_data(TEXT, path, data)
    if old is None:
        assert new in changed
    else:
        assert TEXT.count(old) == 1
        assert changed == TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (("title",), "title: Towns  # for now\n", ""),
        (("actors", "a"), "  a: {name: A}   # one\n                 # and more of one\n", ""),
        (("actors", "a", "name"), "{name: A}", "{}"),
        (("actors", "b", "name"), "    name: B  # bee\n", ""),
        (("actors", "b", "note"), "    note: |\n      first\n\n      last\n", ""),
        (("actors", "c"), "\n  c: {}\n", ""),
        (("rules", 0), "- not x = y   # r1\n", ""),
        (("rules", 1, "rule"), "- rule: x\n  why", "- why"),
        (("rules", 1, "why"), "  why: >-\n    folded\n    # no comment\n", ""),
        (("rules", 2, "rule"), "rule: z, ", ""),
        (("rules", 2, "ids", 0), "    one,  # the first\n", ""),
        (("polls",), "polls:\n", ""),
    ],
)
def test_an_entry_taken_out(path: Steps, old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert without(TEXT, path) == TEXT.replace(old, new)


def test_the_last_item_within_brackets_goes_with_the_comma_before_it() -> None:
    changed = without(TEXT, ("rules", 2, "ids", 1))
    assert difference(TEXT, changed) == (
        ("    one,  # the first", "    two   # the second"),
        ("    one  # the first",),
    )
    assert without("foedus: 1\nrules: [a, b]\n", ("rules", 1)) == "foedus: 1\nrules: [a]\n"


@pytest.mark.parametrize(
    ("text", "path", "left"),
    [
        ("{}polls:\n  p: {{n: 5}}\n", ("polls", "p"), "{}"),  # a part that may be absent
        ("{}actors:\n  n: {{refs: [a]}}\n", ("actors", "n", "refs", 0), "{}actors:\n  n: {{}}\n"),
        ("{}actors:\n  n: {{a: 1}}\n", ("actors", "n"), "{}actors: {{}}\n"),  # one that must be
        ("{}today: {{bridge: none}}\n", ("today", "bridge"), "{}"),
    ],
)
def test_what_is_emptied(text: str, path: Steps, left: str) -> None:
    head = "foedus: 1\ntitle: x\n"
    assert without(text.format(head), path) == left.format(head)


def test_a_comment_below_a_hyphen_s_first_entry_stays() -> None:
    text = "foedus: 1\nrules:\n  - rule: a  # gone\n    # kept\n    why: b\n"
    assert without(text, ("rules", 0, "rule")) == (
        "foedus: 1\nrules:\n  -\n    # kept\n    why: b\n"
    )


def test_a_text_block_that_ends_the_file_keeps_its_text() -> None:
    text = "foedus: 1\nsource: |\n  a\n  b"
    put = with_data(text, ("x",), 1)
    assert read(put) == {"foedus": 1, "source": "a\nb", "x": 1}
    text = "foedus: 1\nsource: |\n  a\n  b\nx: 1"
    assert without(text, ("x",)) == text.removesuffix("x: 1")


def test_a_text_never_swallows_the_comment_below_it() -> None:
    text = "foedus: 1\nactors:\n  a: x\n     # deeper than a\n  b: y\n"
    changed = with_data(text, ("actors", "a"), "w " * 60 + "w")
    assert plain_data(read_source(changed, "x").data)["actors"]["a"] == "w " * 60 + "w"
    assert "     # deeper than a\n" in changed


@pytest.mark.parametrize(
    ("path", "key", "old", "new"),
    [
        (("actors", "a"), "north", "  a: {name", "  north: {name"),
        (("actors", "a", "name"), "yes", "a: {name", 'a: {"yes"'),
        (("actors",), "1997", "actors:  ", '"1997":  '),
        (("actors",), "apart -> league", "actors:  ", "apart -> league:  "),
    ],
)
def test_a_key_renamed(path: Steps, key: str, old: str, new: str) -> None:
    assert renamed(TEXT, path, key) == TEXT.replace(old, new, 1)


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_breaks_marks_and_ends_stay(break_: str, mark: str, end: str) -> None:
    def file(text: str) -> str:
        return mark + text.replace("\n", break_) + end.replace("\n", break_)

    text = file("foedus: 1\ntitle: Ä\nactors:\n  ä: x  # é")
    put = with_data(text, ("actors", "b"), {"c": {"d": {"e": 1}}})
    assert put == file("foedus: 1\ntitle: Ä\nactors:\n  ä: x  # é\n  b:\n    c:\n      d: {e: 1}")
    assert without(put, ("actors", "b")) == text
    assert renamed(text, ("actors", "ä"), "ö") == text.replace("ä", "ö")


def test_old_keys_mean_the_new_ones() -> None:
    text = "foedus: 1\nreference_classes:\n  m: {tried: 9, happened: 2}\n"
    path = ("reference_classes", "m")
    assert with_data(text, (*path, "happened"), 3) == text.replace("2}", "3}")
    assert with_data(text, (*path, "cases"), 8) == text.replace("9", "8")
    assert with_data(text, path, {"tried": 9, "happened": 2}) == text
    assert without(text, (*path, "tried")) == text.replace("tried: 9, ", "")
    assert renamed(text, (*path, "happened"), "occurred") == text.replace("happened", "occurred")
    new = with_data(without(text, (*path, "happened")), (*path, "happened"), 4)
    assert new == text.replace("happened: 2", "occurred: 4")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: with_data(TEXT, ("title", "x"), 1), "f:3:8: 'Towns' stands here, not a map"),
        (lambda: with_data(TEXT, ("rules", 9), 1), "f:19:1: there is no '9' in this list of 3"),
        (lambda: with_data(TEXT, ("events", 1), 1), "there is no list here that could have a '1'"),
        (lambda: with_data(TEXT, ("title",), None), "'None' (NoneType) cannot be written"),
        (lambda: with_data(TEXT, ("title",), float("inf")), "'inf' (float) cannot be written"),
        (lambda: with_data(TEXT, ("title",), {1: 2}), "expected text as a key"),
        (lambda: with_data(TEXT, ("title",), "\ud800"), "expected text without half of a pair"),
        (lambda: without(TEXT, ("actors", "zed")), "f:6:3: there is no 'zed' here"),
        (lambda: without("foedus: 1\n", ("foedus",)), "a case cannot be empty"),
        (lambda: without(TEXT, ()), "a case cannot be empty"),
        (lambda: renamed(TEXT, ("rules", 0), "x"), "an item of a list has no key"),
        (lambda: renamed(TEXT, (), "x"), "an item of a list has no key"),
        (lambda: renamed(TEXT, ("actors", "a"), "b"), "f:9:3: the key 'b' stands here already"),
        (lambda: renamed(TEXT, ("actors", "a"), "k" * 1100), "f:6:6: this cannot be changed"),
        (
            lambda: without("title: x\ntitle: y\nfoedus: 1\n", ("title",)),
            "f:2:1: this cannot be changed before something else is mended: the key 'title' stands",
        ),
        (lambda: with_data("a: ]", ("a",), 1), "f:1:4: this is not YAML"),
        (lambda: with_data(TEXT, ("note",), "x" * (1 << 20)), "at most 1,048,576"),
    ],
)
def test_what_is_refused(call: Any, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        call()
    assert words.removeprefix("f:") in str(caught.value)


# --- against plain data, over the cases there are -----------------------------------------------


def put(data: Any, path: Steps, value: Any) -> Any:
    """The data with a value put or replaced at a path whose parent is there."""
    data = copy.deepcopy(data)
    here = data
    for step in path[:-1]:
        here = here[step]
    if isinstance(here, list) and path[-1] == len(here):
        here.append(value)
    else:
        here[path[-1]] = value
    return data


def take(data: Any, path: Steps) -> Any:
    data = copy.deepcopy(data)
    here = data
    for step in path[:-1]:
        here = here[step]
    del here[path[-1]]
    return data


def look(data: Any, path: Steps) -> Any:
    for step in path:
        data = data[step]
    return data


def read(text: str) -> Any:
    return plain_data(read_source(text.removeprefix("\ufeff"), "x").data)


def remarks(text: str) -> list[str]:
    """The comments on lines of their own."""
    return [line.strip() for line in lines(text) if line.lstrip().startswith("#")]


NEW: list[Any] = [
    "a: b, c # d",
    "word " * 40 + "end",
    "two\nlines\n",
    0.5,
    [1, {"x": {"y": "z"}}],
    {"when": "a = b", "value": [1, 2, 3], "note": "no"},
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_path_of_the_cases(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    source = read_source(text, "x")
    data = plain_data(source.data)
    chosen = random.Random(file.stem)  # noqa: S311
    paths = [path for path in source.values if path]
    for path in chosen.sample(paths, min(len(paths), 50) if LONG else 1):
        new = chosen.choice(NEW)
        assert same(read(with_data(text, path, new)), put(data, path, new))
        assert with_data(text, path, look(data, path)) == text
        gone = read(without(text, path))
        assert any(same(gone, take(data, path[:k])) for k in range(1, len(path) + 1))
        here = look(data, path)
        if isinstance(here, dict | list):
            inner = (*path, "a-new-one" if isinstance(here, dict) else len(here))
            more = with_data(text, inner, new)
            assert same(read(more), put(data, inner, new))
            assert same(read(without(more, inner)), data)
            assert remarks(more) == remarks(text)
        if isinstance(path[-1], str):
            other = renamed(text, path, "a new: name")
            keys = list(look(data, path[:-1]))
            told = ["a new: name" if key == path[-1] else key for key in keys]
            assert list(look(read(other), path[:-1])) == told
            assert len(difference(text, other)[1]) == 1


# --- laws, over layouts drawn at random ---------------------------------------------------------

KEYS = st.text("abc", min_size=1, max_size=3) | st.sampled_from(["x -> y", "no one", "ü"])
SCALARS = st.sampled_from(
    ["text", "with: colon", "a, b", "", "no", "# hash", "é" * 3, 7, 0.5, True, "w " * 60 + "w"]
) | st.sampled_from(["two\nlines", "two\nlines\n"])
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)
few = settings(max_examples=1000 if LONG else 40)
CASES = st.dictionaries(KEYS, DATA, min_size=1, max_size=3)


def written(draw: Any, value: Any, indent: int) -> list[str]:
    """A value as lines: what stands behind its key or hyphen, and the lines below, in any layout.

    In block and in flow, on one line and on several, with remarks in every place that has room.
    """
    pad = " " * indent
    behind = draw(st.sampled_from(["", "", "  # behind", " #"]))
    if isinstance(value, dict | list) and value and draw(st.booleans()):
        out = [behind]
        step = draw(st.sampled_from([1, 2, 4]))
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            out += draw(st.sampled_from([[], [], [""], [f"{pad}# above"], ["", f"{pad}# a", ""]]))
            head = "-" if isinstance(value, list) else one_line(key) + ":"
            first, *below = written(draw, part, indent + step)
            out += [f"{pad}{head}{first}", *below]
        return out
    if isinstance(value, dict | list) and value and draw(st.booleans()):
        if isinstance(value, dict):
            opening, closing = "{}"
            parts = [f"{one_line(k)}: {one_line(v)}" for k, v in value.items()]
        else:
            opening, closing = "[]"
            parts = [one_line(v) for v in value]
        more = [f"{pad}{part},{draw(st.sampled_from(['', '  # flow']))}" for part in parts[:-1]]
        last = draw(st.sampled_from(["", ",", "  # last"]))
        return [f" {opening}", *more, f"{pad}{parts[-1]}{last}", f"{pad}{closing}{behind}"]
    if value == "two\nlines" and draw(st.booleans()):
        return [f" |-{behind}", f"{pad}two", f"{pad}lines"]
    if value == "two\nlines\n" and draw(st.booleans()):
        return [f" |{behind}", f"{pad}two", f"{pad}lines"]
    if isinstance(value, str) and value[:3] == "w w" and draw(st.booleans()):
        return [f" >-{behind}", f"{pad}{value[:60].strip()}", f"{pad}{value[60:]}"]
    if value == "text" and draw(st.booleans()):
        return [behind, f"{pad}text{behind}"]
    return [f" {one_line(value)}{behind}"]


@st.composite
def texts(draw: Any) -> tuple[str, Any]:
    """A text in any layout, and its data."""
    data = draw(CASES)
    out = draw(st.sampled_from([[], ["# head"], ["# head", ""]]))
    for key, value in data.items():
        first, *below = written(draw, value, draw(st.sampled_from([1, 2, 3])))
        out += [one_line(key) + ":" + first, *below]
        out += draw(st.sampled_from([[], [""], ["", "# between"]]))
    text = draw(st.sampled_from(["\n", "\r\n"])).join([*out, *draw(st.sampled_from([[], [""]]))])
    assume(same(read(text), data))  # not where a text without its last line break ends the file
    return draw(st.sampled_from(["", "\ufeff"])) + text, data


def paths_of(value: Any, path: Steps = ()) -> list[Steps]:
    steps: Any = value if isinstance(value, dict) else ()
    if isinstance(value, list):
        steps = range(len(value))
    inner = [each for step in steps for each in paths_of(value[step], (*path, step))]
    return [path, *inner]


@few
@given(texts(), DATA, st.data())
def test_put_and_take_out_again(case: tuple[str, Any], new: Any, choose: Any) -> None:
    text, data = case
    inside = [path for path in paths_of(data) if isinstance(look(data, path), dict | list)]
    path = choose.draw(st.sampled_from(inside))
    here = look(data, path)
    inner = (*path, "new one" if isinstance(here, dict) else len(here))
    more = with_data(text, inner, new)
    assert same(read(more), put(data, inner, new))
    if here:  # an empty one is written anew, and what is new may begin with a # of its own
        assert not Counter(remarks(text)) - Counter(remarks(more))
    if here:
        less = without(more, inner)
        assert same(read(less), data)
        assert remarks(less) == remarks(text)


@few
@given(texts(), DATA, st.data())
def test_replaced_and_put_back(case: tuple[str, Any], new: Any, choose: Any) -> None:
    text, data = case
    path = choose.draw(st.sampled_from([path for path in paths_of(data) if path]))
    other = with_data(text, path, new)
    assert same(read(other), put(data, path, new))
    assert same(read(with_data(other, path, look(data, path))), data)
    if not isinstance(look(data, path), dict | list | str):
        assert not Counter(remarks(text)) - Counter(remarks(other))


@few
@given(texts(), st.data())
def test_taken_out_and_renamed(case: tuple[str, Any], choose: Any) -> None:
    text, data = case
    path = choose.draw(st.sampled_from([path for path in paths_of(data) if path]))
    assume(len(data) > 1 or len(path) > 1)
    less = without(text, path)
    assert same(read(less), take(data, path))
    if isinstance(path[-1], str):
        other = renamed(text, path, "another")
        assert list(look(read(other), path[:-1])) == [
            "another" if key == path[-1] else key for key in look(data, path[:-1])
        ]
        assert remarks(other) == remarks(text)


@few
@given(texts(), st.data())
def test_in_another_order(case: tuple[str, Any], choose: Any) -> None:
    text, data = case
    inside = [path for path in paths_of(data) if isinstance(look(data, path), dict | list)]
    path = choose.draw(st.sampled_from([path for path in inside if path] or [()]))
    here = look(data, path)
    keys = choose.draw(st.permutations(list(here) if isinstance(here, dict) else range(len(here))))
    moved: Any = [here[key] for key in keys]
    if isinstance(here, dict):
        moved = dict(zip(keys, moved, strict=True))
    other = with_data(text, path, moved)
    assert same(read(other), put(data, path, moved) if path else moved)


def test_what_is_moved_takes_its_comments_along() -> None:
    moved = with_data(TEXT, ("actors",), {key: read(TEXT)["actors"][key] for key in "cba"})
    assert moved.splitlines()[3:16] == [
        "actors:   # who",
        "",
        "  c: {}",
        "  # the south",
        "  b:",
        "    name: B  # bee",
        "    note: |",
        "      first",
        "",
        "      last",
        "  # the north",
        "  a: {name: A}   # one",
        "                 # and more of one",
    ]
    rules = read(TEXT)["rules"]
    assert sorted(lines(with_data(TEXT, ("rules",), rules[::-1]))) == sorted(lines(TEXT))


def test_the_towns_edited_stay_a_case() -> None:
    text = TWO_TOWNS.read_text(encoding="utf-8")
    more = with_data(text, ("actors", "east"), {"name": "East Town", "capability": 20})
    assert difference(text, more)[0] == ()
    assert without(more, ("actors", "east")) == text
