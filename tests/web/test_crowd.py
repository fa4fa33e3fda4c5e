"""Many readers at once: no edit that was acknowledged is lost, and memory stays as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from crowd import Every, crowd, many
from served import serving
from strategies import LONG

CASES = Path(__file__).parents[2] / "cases"


def test_no_edit_of_many_readers_is_lost(tmp_path: Path) -> None:
    shutil.copy(CASES / "two-towns.yaml", tmp_path)
    with serving(tmp_path) as served:
        found = crowd(served, "two-towns.yaml", 8, 3.0, Every(1.0, 1.0))
    assert found.lost == []
    assert set(found.statuses) == {200, 303}
    assert found.edits
    assert found.what_ifs


@pytest.mark.skipif(not LONG, reason="fifty readers for a minute: make test-long")
def test_fifty_readers_of_the_flagship(tmp_path: Path) -> None:
    shutil.copy(CASES / "belarus-2024.yaml", tmp_path)
    with serving(tmp_path) as served:
        found = crowd(served, "belarus-2024.yaml", 50, 60.0)
        assert found.sound, found
        assert len(found.edits) >= 40
        assert len(found.what_ifs) >= 80
        held = dict(many(served, "belarus-2024.yaml", 10_000))
    assert held[10_000] < 1.1 * held[2_000], held
