"""What is done is kept until all is: found by what it is, and by nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import foedus
from foedus.case.model import Case
from foedus.evidence.alternatives import with_alternatives
from foedus.forecasting.crew import Here, WorkerLost
from foedus.forecasting.headline import Other, headline_options, reached_in
from foedus.forecasting.kept import CannotKeep, Kept
from foedus.forecasting.pieces import Few, solved_block
from foedus.forecasting.plan import Plan
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import draw_blocks
from foedus.forecasting.workers import Workers, at_work
from foedus.hiring import hired
from foedus.process.model import Process
from foedus.sensitivity.drivers import drivers
from foedus.sensitivity.indicators import indicators
from foedus.sensitivity.observation import observe

TOWNS = Path(__file__).parents[2] / "cases" / "two-towns.yaml"


@pytest.fixture(scope="module")
def case() -> Case:
    return foedus.load(TOWNS)


def work(process: Process, piece: int) -> int:
    """A piece of work that says what it was given."""
    return piece * piece


class Ending:
    """A crew that ends after so many pieces, and notes which it was given."""

    def __init__(self, most: int) -> None:
        self.most, self.given = most, list[Any]()

    def done(self, plan: Plan, work: Any, pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        for place, piece in reversed(list(enumerate(pieces))):
            if len(self.given) == self.most:
                raise WorkerLost("lost")
            self.given.append(piece)
            yield place, work(None, piece)

    def dismiss(self) -> None:
        pass


def test_what_was_done_is_taken_up_and_then_removed(case: Case, tmp_path: Path) -> None:
    folder, plan = tmp_path / "kept", Plan(case)
    first, then = Ending(3), Ending(9)
    with (
        pytest.raises(WorkerLost, match="3 pieces of work are kept"),
        at_work(first, kept=Kept(folder)) as workers,
    ):
        workers.run("squaring", plan, work, range(8))
    assert len(list(folder.iterdir())) == 3
    told: list[tuple[str, int, int]] = []
    with at_work(then, lambda *each: told.append(each), Kept(folder)) as workers:
        assert workers.run("squaring", plan, work, range(8)) == [k * k for k in range(8)]
    assert sorted(first.given + then.given) == list(range(8))
    assert told[0] == ("squaring", 3, 8)
    assert list(folder.iterdir()) == []


def test_another_run_is_not_answered_with_what_was_kept(case: Case, tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    block = next(iter(draw_blocks(100, 1)))
    (name,) = kept.names_of(Plan(case), solved_block, [block])
    other = replace(case, deadline=case.as_of)
    few = next(iter(draw_blocks(99, 1)))
    assert name not in {
        *kept.names_of(Plan(other), solved_block, [block]),
        *kept.names_of(Plan(case, headline_options(None)), solved_block, [block]),
        *kept.names_of(Plan(case), reached_in, [block]),
        *kept.names_of(Plan(case), solved_block, [few, replace(block, seed=2)]),
        *kept.names_of(Plan(case), solved_block, [Few(block, range(3)), Few(block, range(4))]),
        *kept.names_of(Plan(case), solved_block, [Other(case, 100, 1)]),
    }


def test_a_piece_has_one_name_in_every_process() -> None:
    code = (
        "import sys, foedus\n"
        "from pathlib import Path\n"
        "from foedus.forecasting.kept import Kept\n"
        "from foedus.forecasting.headline import Other, reached_in\n"
        "from foedus.forecasting.plan import Plan\n"
        "case = foedus.load(sys.argv[1])\n"
        "names = Kept(Path(sys.argv[2])).names_of\n"
        "print(names(Plan(case), reached_in, [Other(case, 9, 1), frozenset('abcdefgh')]))\n"
    )
    folder = TOWNS.parent  # nothing is put there
    told = {
        subprocess.run(
            [sys.executable, "-c", code, str(TOWNS), str(folder)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in "12"
    }
    assert len(told) == 1


def test_what_is_not_whole_is_done_again(case: Case, tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    (name,) = kept.names_of(Plan(case), work, [3])
    kept.put(name, 9)
    assert kept.get(name) == (True, 9)
    (tmp_path / name).write_bytes(b"\x80\x05half")
    assert Kept(tmp_path).get(name) == (False, None)
    assert kept.get("0" * 64) == (False, None)


def test_a_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(CannotKeep, match="others may write to"):
        Kept(folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotKeep, match="cannot be used"):
        Kept(tmp_path / "file")


def test_what_nobody_took_up_is_removed_in_the_end(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for path in (old, new):
        path.write_bytes(b"")
    os.utime(old, (0, 0))
    Kept(tmp_path)
    assert not old.exists()
    assert new.exists()


def test_whatever_is_shared_out_can_be_kept(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that ends just before its end: the second finds all done, and says the same."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def told(crew: Workers) -> list[Any]:
        made = with_alternatives(
            forecast(case, draws=40, stability_draws=2, farsighted_draws=2, workers=crew),
            draws=10,
            workers=crew,
        )
        asked = observe(made, "bridge = none by 2021-01-01", workers=crew)
        seen = indicators(made, draws=20, workers=crew)
        moved = drivers(made, "free-bridge", actor_draws=10, workers=crew)
        return [each.to_dict() for each in (made, asked, seen, moved)]

    with suppress(KeyboardInterrupt), hired(keep=True) as crew:
        first = told(crew)
        raise KeyboardInterrupt
    left = len(list((tmp_path / "foedus" / "kept").iterdir()))
    monkeypatch.setattr(Here, "done", Ending(0).done)
    with hired(keep=True) as crew:
        assert told(crew) == first
    assert left > 20
    assert list((tmp_path / "foedus" / "kept").iterdir()) == []
