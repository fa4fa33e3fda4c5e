"""The server's side of its worker processes: who waits for what, and what is not waited for.

What a reader waits for goes first (``rank``), then what came first. Who asks anew under a name
(``asker``) does not wait for its earlier question: that is dropped, or given up where it is being
worked on. Readers who ask the same wait for one answer, and the last answers are kept. What is
worked on in the background is looked at now and then by who wants it; what nobody looks at any
more is given up.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

CANCEL = "cancel"
"""The kind of the line that tells a worker that nobody waits for a job any more."""

KEPT = 200
"""So many answers are kept."""

LONGEST_LINE = 256 * (1 << 20)
"""Bytes that an answer may have: a report as a page is some megabytes."""

MOST = 6
"""Of so many cases a worker keeps what it has solved."""

AHEAD = 6
"""Among so many that have waited longest a worker takes first what it has solved the case of."""

BACKGROUND = 10
"""Ranks from here on are worked on by the processes for work in the background."""

WAITS = "waiting for another task"
BEGINS = "beginning"

LOOK = 1.5
"""Seconds for which one look at a job waits for its answer."""

UNSEEN, FORGOTTEN = 10.0, 150.0
"""After so many seconds without a look work in the background is given up: where another waits for
it, and in any case. A page that is not in view may look once a minute."""

SWEEP = 2.0
"""Seconds from one search for such work to the next."""

NICE, NICER = 10, 19
"""By so much processes stand back: all for the server itself, those in the background for all."""


class Superseded(Exception):
    """The asker has asked something else since."""


class Wrong(Exception):
    """The case cannot be answered: line, column and text of each problem."""

    def __init__(self, problems: list[list[Any]]) -> None:
        self.problems = problems
        super().__init__("; ".join(text for _, _, text in problems))


class Failed(Exception):
    """A worker process failed or was lost; what it did is not known."""


@dataclass(eq=False)
class Job:
    """A question put to the workers: who waits for it, and how far it is."""

    number: int
    kind: str
    given: dict[str, Any]
    key: str
    future: asyncio.Future[Any]
    askers: set[str] = field(default_factory=set)
    doing: tuple[str, int, int] = (WAITS, 0, 0)
    worker: Worker | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    awaited: int = 0
    seen: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> bool:
        """Whether it is answered, or never will be."""
        return self.future.done()


class Jobs:
    """Worker processes and what is asked of them. To be used in one event loop."""

    def __init__(self, workers: int, background: int = 1) -> None:
        self._numbers = itertools.count(1)
        self._fast, self._slow = _Lane(), _Lane()
        self._workers = [Worker(self._fast, NICE) for _ in range(workers)]
        self._workers += [Worker(self._slow, NICER) for _ in range(background)]
        self._open: dict[str, Job] = {}
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self._tasks: list[asyncio.Task[None]] = []
        self.given_up = 0

    async def start(self) -> None:
        """Start the processes; they get ready while the first pages are served."""
        self._tasks = [asyncio.create_task(worker.run()) for worker in self._workers]
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def stop(self) -> None:
        """End the processes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._workers:
            await worker.end()

    def processes(self) -> list[int]:
        """The ids of the processes that run."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    async def ask(
        self,
        kind: str,
        given: dict[str, Any],
        *,
        asker: str = "",
        rank: int = 0,
        more: Mapping[str, Any] | None = None,
    ) -> Any:
        """The answer to a question, which ``more`` helps to find: it changes nothing of it.

        Raises `Superseded` when the same asker asks another before it is answered, `Wrong` for a
        case that cannot be answered, `Failed` when a process is lost.
        """
        key = key_of(kind, given)
        if asker:
            self.drop(asker, key)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        job = self.job(kind, given, asker=asker, rank=rank)
        job.more = more or {}
        job.awaited += 1
        try:
            return await asyncio.shield(job.future)
        finally:
            job.awaited -= 1

    async def look(
        self,
        kind: str,
        given: dict[str, Any],
        *,
        asker: str = "",
        rank: int = BACKGROUND,
        begin: bool = False,
    ) -> tuple[Any, Job | None]:
        """The answer, if it is there or comes at once; otherwise the job, None where it has none.

        To ``begin`` is to have one. Raises as `ask` does what goes wrong meanwhile.
        """
        if (known := self.kept(kind, given)) is not None:
            return known, None
        job = self.found(kind, given)
        if job is None and begin:
            job = self.job(kind, given, asker=asker, rank=rank)
        if job is None:
            return None, None
        await asyncio.wait({job.future}, timeout=LOOK)
        job.seen = time.monotonic()
        return (await job.future, None) if job.done else (None, job)

    def job(self, kind: str, given: dict[str, Any], *, asker: str = "", rank: int = 0) -> Job:
        """The job on a question, begun if it is not: for who looks at it now and then."""
        key = key_of(kind, given)
        job = self._open.get(key)
        if job is None:
            future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            job = Job(next(self._numbers), kind, given, key, future)
            future.add_done_callback(lambda done: self._close(job, done))
            if key in self._kept:
                future.set_result(self._kept[key])
                return job
            self._open[key] = job
            lane = self._slow if rank >= BACKGROUND else self._fast
            lane.put(rank, job)
        job.seen = time.monotonic()
        if asker:
            job.askers.add(asker)
        return job

    def found(self, kind: str, given: dict[str, Any]) -> Job | None:
        """The job on a question, if it is waiting or worked on."""
        job = self._open.get(key_of(kind, given))
        if job is not None:
            job.seen = time.monotonic()
        return job

    def kept(self, kind: str, given: dict[str, Any]) -> Any:
        """An answer that is known already; None where it is not."""
        return self._kept.get(key_of(kind, given))

    def cancel(self, job: Job) -> None:
        """Give a job up, whoever waits."""
        if job.done:
            return
        self.given_up += 1
        if job.worker is not None:
            job.worker.give_up(job)
        job.future.set_exception(Superseded())

    def drop(self, asker: str, key: str = "") -> None:
        """Let go of what the asker asked, but for ``key``; what nobody else waits for ends."""
        for job in list(self._open.values()):
            if asker in job.askers and job.key != key:
                job.askers.discard(asker)
                if not job.askers:
                    self.cancel(job)

    def give_up_unseen(self, now: float) -> None:
        """Give up what nobody has looked at for long; ``now`` is by the clock of `time.monotonic`.

        What readers wait for is not among it.
        """
        patience = UNSEEN if self._slow.waiting else FORGOTTEN
        for job in [*self._slow.waiting, *(w.job for w in self._workers if w.lane is self._slow)]:
            if job is not None and not job.awaited and now - job.seen > patience:
                self.cancel(job)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            self.give_up_unseen(time.monotonic())

    def _close(self, job: Job, done: asyncio.Future[Any]) -> None:
        self._open.pop(job.key, None)
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[job.key] = done.result()
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def key_of(kind: str, given: dict[str, Any]) -> str:
    """What questions are told apart by: short, since it is kept as long as the answer."""
    return sha256(json.dumps([kind, given], sort_keys=True).encode()).hexdigest()


class _Lane:
    """What waits for one kind of worker, the first in rank and time first; and who is idle."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Job]] = []
        self._idle: list[tuple[Worker, asyncio.Future[Job]]] = []

    @property
    def waiting(self) -> list[Job]:
        return [job for _, _, job in self._heap if not job.done]

    def put(self, rank: int, job: Job) -> None:
        """Give it to an idle worker, to one that has solved this case if there is one."""
        if not self._idle:
            heapq.heappush(self._heap, (rank, job.number, job))
            return
        place = next((k for k, (worker, _) in enumerate(self._idle) if worker.knows(job)), 0)
        self._idle.pop(place)[1].set_result(job)

    async def take(self, worker: Worker) -> Job:
        self._heap = [entry for entry in self._heap if not entry[2].done]
        heapq.heapify(self._heap)
        if self._heap:
            least = self._heap[0][0]
            first = heapq.nsmallest(AHEAD, self._heap)
            chosen = next((e for e in first if e[0] == least and worker.knows(e[2])), first[0])
            self._heap.remove(chosen)
            heapq.heapify(self._heap)
            return chosen[2]
        waits: asyncio.Future[Job] = asyncio.get_running_loop().create_future()
        self._idle.append((worker, waits))
        return await waits


class Worker:
    """One process, and the task that gives it one job after another."""

    def __init__(self, lane: _Lane, nice: int) -> None:
        self.lane, self._nice = lane, nice
        self.job: Job | None = None
        self._process: Process | None = None
        self._solved: deque[tuple[str, str]] = deque(maxlen=MOST)

    def knows(self, job: Job) -> bool:
        """Whether it has solved the case of a job for a question of this kind."""
        return (job.kind, job.given.get("text", "")) in self._solved

    async def run(self) -> None:
        """Give it jobs for ever; a process that is lost is started again."""
        await self._started()
        while True:
            self.job = job = await self.lane.take(self)
            job.worker, job.doing = self, (BEGINS, 0, 0)
            try:
                await self._work(await self._started(), job)
                if not self.knows(job):
                    self._solved.append((job.kind, job.given.get("text", "")))
            except Exception as error:  # whoever waits must be told, whatever went wrong
                await self.end()
                if not job.done:
                    job.future.set_exception(Failed(f"a worker process was lost ({error})"))
            finally:
                job.worker = self.job = None

    @property
    def pid(self) -> int | None:
        """The id of the process, if it runs."""
        return None if self._process is None else self._process.pid

    def give_up(self, job: Job) -> None:
        """Tell the process that nobody waits for the job any more."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(json.dumps({"kind": CANCEL, "id": job.number}).encode())
            self._process.stdin.write(b"\n")

    async def end(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        self._solved.clear()
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "foedus.web.worker",
                str(self._nice),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=LONGEST_LINE,
                start_new_session=True,  # Ctrl-C is the server's to answer
            )
        return self._process

    async def _work(self, process: Process, job: Job) -> None:
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise EOFError("no pipe")
        line = {"kind": job.kind, "id": job.number, "given": {**job.given, **job.more}}
        stdin.write(json.dumps(line).encode() + b"\n")
        await stdin.drain()
        while True:
            told = await stdout.readline()
            if not told:
                raise EOFError("its pipe closed")
            answer = json.loads(told)
            if answer["id"] != job.number:
                continue
            if "doing" in answer:
                what, done, of = answer["doing"]
                job.doing = (what, done, of)
                continue
            if not job.done:
                _settle(job, answer)
            return


def _settle(job: Job, answer: dict[str, Any]) -> None:
    if "result" in answer:
        job.future.set_result(answer["result"])
    elif "wrong" in answer:
        job.future.set_exception(Wrong(answer["wrong"]))
    elif "given_up" in answer:
        job.future.set_exception(Superseded())
    else:
        job.future.set_exception(Failed(answer.get("failed", "it is not known why")))
