"""Worker processes of this machine.

They end with the process that started them, however that ends: they hold only their own end of
their own pipe, so an idle one reads its end, and a busy one is ended by a thread that waits for the
parent. They never see Ctrl-C, which is the parent's to answer.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, cast

from foedus.case.model import Case
from foedus.forecasting.crew import Work, WorkerLost
from foedus.forecasting.plan import Plan, Processes

BATCHES = 6
"""Each worker's share comes in so many batches, so that none is long idle at the end."""


class Spawned:
    """Up to ``count`` other processes of this machine; ``singly``: each piece comes back alone."""

    def __init__(self, count: int, singly: bool = False) -> None:
        self._count, self._singly = count, singly
        self._crew: list[tuple[SpawnProcess, Connection]] = []
        self._told: dict[Connection, Case] = {}

    def done(self, plan: Plan, work: Work, pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """As of every `Crew`; whoever is free takes the next batch."""
        size = 1 if self._singly else max(1, -(-len(pieces) // (self._count * BATCHES)))
        firsts = list(range(0, len(pieces), size))
        self._hire(min(self._count, len(firsts)))
        idle = [pipe for _, pipe in self._crew]
        busy: dict[Connection, int] = {}
        while firsts or busy:
            while idle and firsts:
                pipe, first = idle.pop(), firsts.pop(0)
                self._send(pipe, plan, work, pieces[first : first + size])
                busy[pipe] = first
            for pipe in cast(list[Connection], wait(list(busy))):
                first = busy.pop(pipe)
                results = self._received(pipe)
                idle.append(pipe)
                yield from enumerate(results, first)

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

    def _send(self, pipe: Connection, plan: Plan, work: Work, pieces: Sequence[Any]) -> None:
        """Send a batch, and with it the case, if it is another than that of the batch before."""
        new = None if self._told.get(pipe) is plan.case else plan.case
        self._told[pipe] = plan.case
        try:
            pipe.send((new, plan.options, work, pieces))
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
        new, options, work, pieces = pipe.recv()
        case: Case = new
        while True:
            pipe.send(_outcome(processes, Plan(case, options), work, pieces))
            new, options, work, pieces = pipe.recv()
            case = case if new is None else new


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _outcome(
    processes: Processes, plan: Plan, work: Work, pieces: Sequence[Any]
) -> tuple[bool, object]:
    """Whether the batch was done, with its results, or with what went wrong."""
    try:
        process = processes.of(plan)
        return True, [work(process, piece) for piece in pieces]
    except Exception as error:
        return False, error
