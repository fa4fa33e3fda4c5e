"""The two towns, and how the tests break them.

``^^`` in a text marks the place that a problem must name; it is taken out before reading.
"""

from pathlib import Path

import pytest

from foedus.case.model import Case, Place
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case

TWO_TOWNS = Path(__file__).parents[2] / "cases" / "two-towns.yaml"
MARK = "^^"


def broken(*changes: tuple[str, str]) -> tuple[str, list[Place]]:
    """The two towns with texts replaced, once each, and the marked places in the order of lines."""
    text = TWO_TOWNS.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return unmarked(text)


def unmarked(text: str) -> tuple[str, list[Place]]:
    """A text without its marks, and the places of the marks."""
    places = []
    while MARK in text:
        before, _, after = text.partition(MARK)
        places.append(Place(before.count("\n") + 1, len(before) - before.rfind("\n")))
        text = before + after
    return text, places


def problems(text: str | bytes) -> CaseError:
    """The error with which a text is refused."""
    with pytest.raises(CaseError) as caught:
        parse_case(text, "case.yaml")
    assert caught.value.file == "case.yaml"
    assert caught.value.problems
    return caught.value


def towns(*changes: tuple[str, str]) -> Case:
    """The two towns with texts replaced, as a case."""
    return parse_case(broken(*changes)[0])
