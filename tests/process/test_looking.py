"""What myopic actors agree to: the compiled loop against the passes, at all states of cases."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from reference.random_process_cases import random_process_case
from strategies import block_name, seed_blocks

from foedus.case.reading import parse_case
from foedus.forecasting.streams import draw_blocks
from foedus.process import fast, looking
from foedus.process.looking import Forbidden, Looked, agreed_at
from foedus.process.model import Process, ProcessOptions


def deleted(states: int, rng: np.random.Generator) -> Iterator[Forbidden | None]:
    """Nothing, the moves into some states, and those out of them."""
    some = rng.random(states) < 0.3
    yield from (None, (some, True), (some, False))


def told(found: Looked) -> list[tuple[int, ...]]:
    """The agreed changes, as node, change and coalition."""
    return list(zip(*(e.tolist() for e in (found.row, found.change, found.coalition)), strict=True))


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_the_loop_finds_what_the_passes_find(seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(fast, "MANY", 0)
    agreed = passed_over = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        options = ProcessOptions(
            left_out=0.05 * (seed % 2), by_coalition=seed % 3 == 0, reach=1 + seed % 3
        )
        process = Process.of(parse_case(random_process_case(seed)), options)
        rules = process.rules
        drawn = process.drawn(next(iter(draw_blocks(2, seed))))
        draw, state = (each.ravel() for each in np.indices((2, len(rules.space))))
        ready = rng.integers(0, 4, (2, 2)).astype(np.uint64)
        for forbidden in deleted(len(rules.space), rng):
            given = (rules, drawn.worths, draw, state, ready, forbidden)
            loop = agreed_at(*given, all_agreed=True)
            with monkeypatch.context() as without:
                without.setattr(fast, "loops", lambda work: None)
                without.setattr(looking, "PAIRS", 50)
                passes = agreed_at(*given, all_agreed=True)
                brought = agreed_at(*given)
            assert told(brought) == told(agreed_at(*given)) == told(loop.some(loop.came))
            assert loop.row.tolist() == passes.row.tolist()
            assert loop.change.tolist() == passes.change.tolist()
            assert loop.coalition.tolist() == passes.coalition.tolist()
            assert loop.came.tolist() == passes.came.tolist()
            assert loop.mean == pytest.approx(passes.mean, abs=1e-12)
            agreed += len(loop.row)
            passed_over += int((~loop.came).sum())
    assert agreed
    assert passed_over or seeds.start > 1  # few cases have any


def test_the_passes_do_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled takes time to load, which a small case is done in."""
    process = Process.of(parse_case(random_process_case(1)))
    drawn = process.drawn(next(iter(draw_blocks(1, 1))))
    monkeypatch.setattr(fast, "_loaded", lambda: pytest.fail("loaded"))
    today = np.array([process.today])
    found = agreed_at(process.rules, drawn.worths, today * 0, today, drawn.schedule.ready)
    assert (found.row == 0).all()
