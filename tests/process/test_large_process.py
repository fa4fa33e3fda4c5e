"""Cases of many states: what is found and kept by parts is what would be found all at once."""

from __future__ import annotations

import runpy
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference.random_process_cases import random_process_case
from strategies import LONG, block_name, seed_blocks

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.forecasting.pieces import Few, Timed, farsighted_draws, solved_block
from foedus.forecasting.streams import draw_blocks
from foedus.process import changes as changes_
from foedus.process import farsighted, fast, model
from foedus.process import rules as rules_
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.model import Process, ProcessOptions
from foedus.process.rates import rates_of
from foedus.process.scene import Scene, ground_of

ROOT = Path(__file__).parent.parent.parent


@cache
def large(questions: int) -> str:
    """The large case of the benchmarks, with so many questions."""
    made = runpy.run_path(str(ROOT / "benchmarks" / "large_process.py"))
    return str(made["large_case"](questions))


def random_process(seed: int, **options: Any) -> Process:
    """The process of a random case."""
    return Process.of(parse_case(random_process_case(seed)), ProcessOptions(**options))


def end(process: Process, draw: int = 0, **options: Any) -> bytes:
    """The chances at the deadline of farsighted actors in one of two draws, to the last digit."""
    drawn = process.drawn(next(draw_blocks(2, 1)))
    chain = process.farsighted(drawn, draw, **options)
    start = np.zeros(len(chain.state))
    start[chain.number[process.today]] = 1.0
    return chain.end(start).tobytes() + chain.value.tobytes()


# --- changes ----------------------------------------------------------------------------------


def by_definition(process: Process) -> set[tuple[int, int]]:
    """The changes of more issues than all are looked at of: (state, target)."""
    finder, columns = process.rules.finder, process.rules.finder.columns
    number = {tuple(column): k for k, column in enumerate(columns.T.tolist())}
    found = set()
    for here, state in number.items():
        for there, target in number.items():
            issues = [k for k in range(len(here)) if here[k] != there[k]]
            if len(issues) <= finder.reach or finder.family_between(state, target) < 0:
                continue
            parts = (p for n in range(1, len(issues)) for p in combinations(issues, n))
            mixed = ([there[k] if k in p else here[k] for k in range(len(here))] for p in parts)
            if not any(tuple(each) in number for each in mixed):
                found.add((state, target))
    return found


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_changes_that_only_go_together(seeds: range) -> None:
    some = 0
    for seed in seeds:
        process = random_process(seed, reach=1)
        table, state, change = process.rules.changes_at(np.arange(len(process.game.space)))
        issues = [int(bits).bit_count() for bits in table.issues]
        many = {
            (int(s), int(table.target[c]))
            for s, c in zip(state, change, strict=True)
            if issues[c] > 1
        }
        assert many == by_definition(process)
        some += len(many)
    assert some or seeds.start > 1  # few cases have any


def test_changes_found_of_some_states_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(6):
        whole = random_process(seed).rules
        whole.ensure(np.arange(len(whole.space)))
        with monkeypatch.context() as patch:
            patch.setattr(changes_, "TOGETHER", 1 + seed % 4)
            pieces = random_process(seed).rules
            pieces.ensure(np.arange(len(pieces.space)))
        for name in ("first", "target", "issues", "items", "part_first", "part"):
            one, other = getattr(whole.changes, name), getattr(pieces.changes, name)
            assert one.tobytes() == other.tobytes()
        by_name = [
            [rules.finder.coalitions(int(f)) for f in rules.changes.family]
            for rules in (whole, pieces)
        ]
        assert by_name[0] == by_name[1]


def test_too_many_changes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_, "FEW", 0)  # or those of a small case are all found at once
    process = Process.of(parse_case(large(4)))
    monkeypatch.setattr(changes_, "MOST_CHANGES", 50)
    with pytest.raises(CaseError, match="too large for the process: 54 of 54 states bring it to"):
        process.rules.ensure(np.arange(len(process.game.space)))
    monkeypatch.setattr(changes_, "MOST_CHANGES", len(process.rules.changes) + 2)
    for state in range(53, 49, -1):
        process.rules.ensure(np.array([state]))  # few changes lead from the last states
    with pytest.raises(CaseError, match="too large"):  # as those found before are counted
        process.rules.ensure(np.array([0]))


def test_changes_found_as_they_are_asked_for_are_those_found_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    block = next(draw_blocks(4, 1))
    for seed in range(30):
        told = []
        for few in (0, rules_.FEW):
            monkeypatch.setattr(rules_, "FEW", few)
            process = random_process(seed, left_out=0.05)
            solved = solved_block(process, Timed(block))
            told.append(np.concatenate([solved.reached, *solved.positions], axis=1))
        assert told[0] == pytest.approx(told[1], abs=1e-12)


# --- draws ------------------------------------------------------------------------------------


def test_draws_by_parts_of_any_size_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(12):
        process = random_process(seed, left_out=0.05)
        block = next(draw_blocks(7, seed))
        whole = process.drawn(block)
        for size in (1, 2, 5):
            held = size * len(process.game.views) * len(process.game.space)
            monkeypatch.setattr(model, "HELD", held)
            parts = list(process.parts(block))
            assert [part.draws for part in parts][:-1] == [size] * (len(parts) - 1)
            for name in ("worth", "passes", "least", "bottom", "unit"):
                some = np.concatenate([getattr(p.worths, name) for p in parts], axis=1)
                assert some.tobytes() == getattr(whole.worths, name).tobytes()


def test_draws_one_by_one_do_not_hang_on_how_they_are_dealt_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    block = next(draw_blocks(5, 1))
    options = ProcessOptions(left_out=0.05, calendar=200.0)
    process = Process.of(parse_case(large(5)), options)
    together = solved_block(process, Timed(block)).reached
    monkeypatch.setattr(model, "HELD", 1)
    alone = solved_block(process, Timed(block)).reached
    assert alone == pytest.approx(together, abs=1e-12)
    for cut in (1, 3):
        halves = [range(cut), range(cut, 5)]
        some = [solved_block(process, Timed(block, (), rows)).reached for rows in halves]
        assert np.concatenate(some).tobytes() == alone.tobytes()
        far = [farsighted_draws(process, Few(block, rows)).reached for rows in halves]
        whole = farsighted_draws(process, Few(block, range(5))).reached
        assert np.concatenate(far).tobytes() == whole.tobytes()


def most_memory(work: Callable[[], object]) -> int:
    """The most bytes that were held beside those of before; what is found but once is not."""
    work()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process.of(parse_case(large(7)), ProcessOptions(left_out=0.05))
    monkeypatch.setattr(model, "HELD", 1)
    few, many = (
        most_memory(lambda n=n: solved_block(process, Timed(next(draw_blocks(n, 1)))))  # type: ignore[misc]
        for n in (2, 12)
    )
    assert many < 1.3 * few


def test_memory_does_not_grow_with_reconsiderations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farsighted, "KEPT", 0)
    case = parse_case(large(7))
    often, seldom = (
        most_memory(lambda days=days: end(Process.of(case, ProcessOptions(calendar=days))))  # type: ignore[misc]
        for days in (30.0, 300.0)
    )
    assert often < 1.3 * seldom


# --- farsighted actors ------------------------------------------------------------------------


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_looking_again_where_expectations_moved_finds_what_looking_at_all_finds(
    seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Expectations move at no node, at some, by little or much, also to ties and back."""
    pytest.importorskip("numba")
    monkeypatch.setattr(fast, "MANY", 0)
    compiled = fast.loops(1)
    chosen = 0
    for seed in seeds:
        process = random_process(seed)
        drawn = process.drawn(MOST_LIKELY_PROCESS)
        ground = ground_of(process.seasons, process.world, np.array([process.today]), None)
        scene = Scene(ground, drawn.worths, 0, everywhere=True)
        kept = scene.proposals(0, np.uint64(seed % 4))
        target, draws = kept.layout.target, np.zeros(len(scene.state), dtype=np.intp)
        rng = np.random.default_rng(seed)
        value = scene.worth.T.copy()
        for _ in range(8):
            some = rng.random(len(value)) < rng.choice([0.0, 0.2, 1.0])
            value = value.copy()
            value[some] += rng.choice([1e-10, 0.01, 0.5]) * rng.normal(size=value[some].shape)
            value[some] = np.round(value[some], int(rng.choice([1, 9, 15])))
            again, fresh = kept.clocks(value.T, compiled), replace(kept).clocks(value.T)
            assert again.option.tolist() == fresh.option.tolist()
            assert again.first.tolist() == fresh.first.tolist()
            assert again.items.tolist() == fresh.items.tolist()
            both = [rates_of(c, target[c.option].astype(np.intp), draws) for c in (again, fresh)]
            for name in ("node", "target", "share", "component", "clock"):
                assert getattr(both[0], name).tolist() == getattr(both[1], name).tolist()
            chosen += len(both[0].node)
    assert chosen


def test_what_is_made_anew_is_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (1, 97):  # in 97 items wait jointly beside many meetings
        for compiled in (False, True):
            with monkeypatch.context() as patch:
                if not compiled:
                    patch.setattr(fast, "loops", lambda work: None)
                else:
                    pytest.importorskip("numba")
                    patch.setattr(fast, "MANY", 0)
                kept = end(random_process(seed, calendar=60.0))
                patch.setattr(farsighted, "KEPT", 0)
                assert end(random_process(seed, calendar=60.0)) == kept


def test_a_large_case_by_either_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """3,456 states, 80,000 changes; or 27,648 and almost a million."""
    pytest.importorskip("numba")
    questions = 13 if LONG else 10
    process = Process.of(
        parse_case(large(questions)), ProcessOptions(left_out=0.05, calendar=120.0)
    )
    block = next(draw_blocks(2, 1))
    found = []
    for loops in (fast.loops, lambda work: None):
        monkeypatch.setattr(fast, "loops", loops)
        solved = solved_block(process, Timed(block, (500.0,)))
        found.append((solved, farsighted_draws(process, Few(block, range(1)))))
    (myopic, far), (plain, plain_far) = found
    assert myopic.reached == pytest.approx(plain.reached, abs=1e-12)
    assert myopic.course == pytest.approx(plain.course, abs=1e-12)
    assert far.reached == pytest.approx(plain_far.reached, abs=1e-9)
    for one, other in zip(myopic.positions, plain.positions, strict=True):
        assert one == pytest.approx(other, abs=1e-12)
        assert one.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    explored = process.myopic(process.drawn(block)).explored
    assert np.bincount(explored.draw).max() == len(process.game.space)  # all come about
