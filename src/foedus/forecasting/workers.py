"""Spreading a forecast's pieces over processes; the answer is the same for any number of them.

Worker processes end with the process that started them, however that ends: they hold only their
own end of their own pipe, so an idle one reads its end, and a busy one is ended by a thread that
waits for the parent. They never see Ctrl-C, which is the parent's to answer.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar, cast

from foedus.case.model import Case
from foedus.process.model import Process, ProcessOptions

Piece = TypeVar("Piece")
Result = TypeVar("Result")

BATCHES = 6
"""Each worker's share comes in so many batches, so that none is long idle at the end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A process as data: what another process of the machine needs to build it."""

    case: Case
    options: ProcessOptions = field(default_factory=ProcessOptions)


class Processes:
    """The processes built so far, of one case at a time.

    Variants share what they can, and so does a case with the one before it.
    """

    def __init__(self) -> None:
        self._known: dict[ProcessOptions, Process] = {}
        self._case: Case | None = None

    def of(self, plan: Plan) -> Process:
        """The process of a plan. Raises CaseError for a case that cannot be solved."""
        before: Process | None = None
        if plan.case is not self._case and plan.case != self._case:
            before = next(iter(self._known.values()), None)
            self._case, self._known = plan.case, {}
        if plan.options not in self._known:
            self._known[plan.options] = self._built(plan, before)
        return self._known[plan.options]

    def know(self, process: Process) -> None:
        """Take one in that was built elsewhere, for what follows to share with."""
        self._case, self._known = process.case, {process.options: process}

    def _built(self, plan: Plan, before: Process | None) -> Process:
        if not self._known:
            found = Process.of(plan.case, plan.options)
            return found if before is None else found.sharing(before)
        first = next(iter(self._known.values()))
        differ = {
            f.name: getattr(plan.options, f.name)
            for f in fields(plan.options)
            if getattr(plan.options, f.name) != getattr(first.options, f.name)
        }
        return first.under(**differ)


Progress = Callable[[str, int, int], None]
"""Told what is being done, how many pieces are done, and how many there are."""


class WorkerLost(RuntimeError):
    """A worker process ended before its work was done, such as for want of memory."""


class Workers:
    """Runs pieces of work under a plan: here, or in up to ``count`` other processes."""

    def __init__(self, count: int, progress: Progress | None) -> None:
        self._count, self._progress = count, progress
        self._crew: list[tuple[SpawnProcess, Connection]] = []
        self._processes = Processes()

    def know(self, process: Process) -> None:
        """Share with a process that was built before what is solved here has in common with it."""
        self._processes.know(process)

    def process(self, plan: Plan) -> Process:
        """The process of a plan as it is built here. Raises CaseError if it cannot be solved."""
        return self._processes.of(plan)

    def run(
        self,
        what: str,
        plan: Plan,
        work: Callable[[Process, Piece], Result],
        pieces: Sequence[Piece],
    ) -> list[Result]:
        """The results of the pieces, in their order. ``work`` must be a module's function.

        Raises what ``work`` raises, and `WorkerLost`.
        """
        results: list[Result] = []
        self._tell(what, 0, len(pieces))
        if self._count == 1:
            process = self._processes.of(plan)
            for piece in pieces:
                results.append(work(process, piece))
                self._tell(what, len(results), len(pieces))
            return results
        size = max(1, -(-len(pieces) // (self._count * BATCHES)))
        batches = [pieces[k : k + size] for k in range(0, len(pieces), size)]
        for batch in self._batches(what, plan, work, batches, len(pieces)):
            results += batch
        return results

    def _batches(
        self,
        what: str,
        plan: Plan,
        work: Callable[[Process, Piece], Result],
        batches: Sequence[Sequence[Piece]],
        whole: int,
    ) -> list[list[Result]]:
        """The results of each batch, in their order; whoever is free takes the next."""
        self._hire(min(self._count, len(batches)))
        idle = [pipe for _, pipe in self._crew]
        busy: dict[Connection, int] = {}
        found: dict[int, list[Result]] = {}
        started = done = 0
        while len(found) < len(batches):
            while idle and started < len(batches):
                pipe = idle.pop()
                self._send(pipe, (plan, work, batches[started]))
                busy[pipe] = started
                started += 1
            for pipe in cast(list[Connection], wait(list(busy))):
                number = busy.pop(pipe)
                found[number] = self._received(pipe)
                idle.append(pipe)
                done += len(found[number])
                self._tell(what, done, whole)
        return [found[number] for number in range(len(batches))]

    def _hire(self, count: int) -> None:
        """Have so many processes at work."""
        while len(self._crew) < count:
            # Started afresh, not forked: a fork would break the threads of numerical libraries.
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            with _no_interrupt():
                process.start()
            theirs.close()
            self._crew.append((process, ours))

    def _send(self, pipe: Connection, task: Any) -> None:
        try:
            pipe.send(task)
        except OSError as error:
            raise self._lost() from error

    def _received(self, pipe: Connection) -> Any:
        try:
            succeeded, found = pipe.recv()
        except (EOFError, OSError) as error:
            raise self._lost() from error
        if not succeeded:
            raise found
        return found

    def _lost(self) -> WorkerLost:
        return WorkerLost(
            "a worker process ended before its work was done; fewer workers need less memory"
        )

    def dismiss(self) -> None:
        """End the processes, whatever they are at."""
        for process, pipe in self._crew:
            pipe.close()
            process.kill()
        for process, _ in self._crew:
            process.join()
            process.close()
        self._crew.clear()

    def _tell(self, what: str, done: int, whole: int) -> None:
        if self._progress is not None:
            self._progress(what, done, whole)


@contextmanager
def shared_out(count: int, progress: Progress | None = None) -> Iterator[Workers]:
    """So many worker processes; one means none but this. Raises ValueError for fewer."""
    if count < 1:
        raise ValueError(f"{count} workers: at least one is needed")
    workers = Workers(count, progress)
    try:
        yield workers
    finally:
        workers.dismiss()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back; a process started here is deaf to it from its first instruction."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would let Ctrl-C through again when it is started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in a worker --------------------------------------------------------------------------------


def _serve(pipe: Connection) -> None:
    """Do what comes through the pipe until it is closed."""
    if not hasattr(signal, "pthread_sigmask"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # nobody is there any more
        processes = Processes()
        while True:
            plan, work, pieces = pipe.recv()
            pipe.send(_outcome(processes, plan, work, pieces))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _outcome(
    processes: Processes,
    plan: Plan,
    work: Callable[[Process, Piece], Result],
    pieces: Sequence[Piece],
) -> tuple[bool, object]:
    """Whether the batch was done, with its results, or with what went wrong."""
    try:
        process = processes.of(plan)
        return True, [work(process, piece) for piece in pieces]
    except Exception as error:
        return False, error
