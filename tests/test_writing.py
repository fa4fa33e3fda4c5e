"""Case data written as YAML reads back as the same data."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data, parse_case
from foedus.case.source import Scalar, plain_data, read_source
from foedus.case.spelling import composed
from foedus.case.writing import case_yaml

LIBRARY = Path(__file__).parent.parent / "cases" / "library"

WORDS = [
    "yes",
    "no",
    "null",
    "~",
    "on",
    "1997",
    "1e3",
    "0x1f",
    "2019-12-20",
    "12:30",
    "=",
    "<<",
    "-",
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("ab -:,#[]{}'\"\\\n\t0.e~!&*|>%@`?=é😀\u2028\x85\ufeff\x00", max_size=12),
    st.sampled_from(WORDS),
    st.sampled_from(["word " * 40 + "end", "a" * 150, "Yes, but: no"]),
)
DATA = st.dictionaries(
    TEXTS,
    st.recursive(
        TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
    min_size=1,
    max_size=3,
)


def as_text(data: Any) -> Any:
    """The data read, every scalar as its text."""
    if isinstance(data, dict):
        return {key: as_text(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_text(value) for value in data]
    assert isinstance(data, Scalar)
    return str(data)


@given(DATA)
def test_any_texts_read_back(data: dict[str, Any]) -> None:
    source = read_source(case_yaml(data), "written")
    assert not source.problems
    assert as_text(source.data) == composed_in(data)


def composed_in(data: Any) -> Any:
    """The same with every text as people see it: a case is read composed."""
    if isinstance(data, dict):
        return {composed(key): composed_in(value) for key, value in data.items()}
    if isinstance(data, list):
        return [composed_in(value) for value in data]
    return composed(data)


def test_numbers_dates_and_booleans() -> None:
    data = {"as_of": date(2019, 12, 20), "n": 800, "x": 0.5, "big": 1e30, "yes": True}
    text = case_yaml(data)
    assert text.splitlines()[0] == "as_of: 2019-12-20"
    read = plain_data(read_source(text, "written").data)
    assert read == data | {"as_of": "2019-12-20"}


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.yaml")), ids=lambda path: path.stem)
def test_library_cases_read_back(path: Path) -> None:
    data = plain_data(read_source(path.read_text(encoding="utf-8"), str(path)).data)
    written = case_yaml(data)
    assert max(map(len, written.splitlines())) <= 100
    assert parse_case(written, file="x") == case_from_data(data, file="x")
    assert plain_data(read_source(written, "x").data) == data


def test_what_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="set"):
        case_yaml({"actors": {1, 2}})
    with pytest.raises(CaseError, match="a case file may have 1 MiB"):
        case_yaml({"note": "x" * (1 << 20)})
