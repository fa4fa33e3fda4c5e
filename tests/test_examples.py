"""The examples that Hypothesis tries: the same at every run, but for the long tests."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import LONG


def tried() -> list[tuple[int, str]]:
    seen: list[tuple[int, str]] = []

    @given(st.integers(), st.text())
    @settings(max_examples=100)
    def look(number: int, text: str) -> None:
        seen.append((number, text))

    look()
    return seen


@pytest.mark.skipif(LONG, reason="the long tests search at random")
def test_examples_are_the_same_whatever_else_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tried()
    lines = (f"A{k} = {987_654_000 + k}; B{k} = 'word {k}'\n" for k in range(50))
    (tmp_path / "constants_of_no_use.py").write_text("".join(lines))
    monkeypatch.syspath_prepend(tmp_path)
    import_module("constants_of_no_use")
    assert tried() == before
