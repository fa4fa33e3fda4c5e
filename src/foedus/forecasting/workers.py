"""Spreading a forecast's pieces over processes; the answer is the same for any number of them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from foedus.forecasting.setting import Plan, Setting

Piece = TypeVar("Piece")
Result = TypeVar("Result")

BATCHES = 6
"""Each worker's share comes in so many batches, so that none is long idle at the end."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many pieces are done, and how many there are."""


class Workers:
    """Runs pieces of work under a plan: here, or in other processes."""

    def __init__(self, executor: Executor | None, count: int, progress: Progress | None) -> None:
        self._executor, self._count, self._progress = executor, count, progress

    def run(
        self,
        what: str,
        plan: Plan,
        work: Callable[[Setting, Piece], Result],
        pieces: Sequence[Piece],
    ) -> list[Result]:
        """The results of the pieces, in their order. ``work`` must be a module's function."""
        results: list[Result] = []
        self._tell(what, 0, len(pieces))
        if self._executor is None:
            setting = Setting.of(plan)
            for piece in pieces:
                results.append(work(setting, piece))
                self._tell(what, len(results), len(pieces))
            return results
        size = max(1, -(-len(pieces) // (self._count * BATCHES)))
        batches = [pieces[k : k + size] for k in range(0, len(pieces), size)]
        waiting = [self._executor.submit(_batch, plan, work, batch) for batch in batches]
        for future in waiting:
            results += future.result()
            self._tell(what, len(results), len(pieces))
        return results

    def _tell(self, what: str, done: int, whole: int) -> None:
        if self._progress is not None:
            self._progress(what, done, whole)


@contextmanager
def shared_out(count: int, progress: Progress | None = None) -> Iterator[Workers]:
    """So many worker processes; one means none but this. Raises ValueError for fewer."""
    if count < 1:
        raise ValueError(f"{count} workers: at least one is needed")
    if count == 1:
        yield Workers(None, 1, progress)
        return
    # Started afresh, not forked: numerical libraries keep threads, which a fork would break.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count, mp_context=context)
    try:
        yield Workers(executor, count, progress)
    finally:
        executor.shutdown(cancel_futures=True)


def _batch(
    plan: Plan, work: Callable[[Setting, Piece], Result], pieces: Sequence[Piece]
) -> list[Result]:
    setting = Setting.of(plan)
    return [work(setting, piece) for piece in pieces]
