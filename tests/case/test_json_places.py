"""Places in JSON: of every value of a text, and of the problems of a graph model."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import foedus
from foedus.case.importers.gmcr import read_gmcr
from foedus.case.importers.json_places import places_in
from foedus.case.model import Place
from foedus.case.problems import CaseError

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=15,
)


def all_paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """Every path of a value, with what stands there."""
    found = [(path, value)]
    if isinstance(value, dict):
        for key, part in value.items():
            found += all_paths(part, (*path, key))
    elif isinstance(value, list):
        for k, part in enumerate(value):
            found += all_paths(part, (*path, k))
    return found


@given(VALUES, st.sampled_from([None, 0, 2]), st.booleans())
def test_every_value_stands_at_its_place(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    paths = all_paths(value)
    places = places_in(text, [path for path, _ in paths] + [("no", "such", 7)])
    assert len(places) == len(paths)
    lines = text.split("\n")
    for path, there in paths:
        place = places[path]
        offset = sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1
        assert json.JSONDecoder().raw_decode(text, offset)[0] == there


MODEL = """\
{"options": [{"name": "Act"}, {"name": "Wait"}],
 "decisionMakers": [
   {"name": "Ann", "options": [0], "preferences": []},
   {"name": "Bob", "options": [1], "preferences": []}],
 "infeasibles": [[[0, "Y"]],
                 [[1, "N"]]],
 "useManualPreferenceRanking": false}
"""


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """A graph model in a file, texts replaced."""
    text = MODEL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "model.gmcr"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('"options": [1]', '"options": [7]', Place(4, 32), "no option with the index 7"),
        ('[[1, "N"]]', '[[1, "M"]]', Place(6, 19), "neither Y nor N"),
        ('"name": "Wait"', '"name": 3', Place(1, 40), "not a text"),
        ('"preferences": []}]', '"preferences": 3}]', Place(4, 51), "is not a list"),
    ],
)
def test_problems_of_a_graph_model_have_places(
    tmp_path: Path, old: str, new: str, place: Place, words: str
) -> None:
    path = written(tmp_path, (old, new))
    with pytest.raises(CaseError) as caught:
        foedus.load(path)
    (told,) = caught.value.problems
    assert words in told.message
    assert told.place == place
    assert str(caught.value).startswith(f"{path}:{place.line}:{place.column}: ")


def test_parts_of_a_graph_model_have_places(tmp_path: Path) -> None:
    case = read_gmcr(written(tmp_path))
    assert case.place(("issues", "wait", "decided_by")) == Place(1, 31)
    assert case.place(("actors", "bob")) == Place(4, 4)
    assert case.place(("rules", 1, "rule")) == Place(6, 18)
    assert case.place(("rules",)) == Place(5, 17)
