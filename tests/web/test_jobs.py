"""Who waits for what: superseded questions are given up, equal ones share an answer."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from foedus.web.jobs import (
    BACKGROUND,
    FORGOTTEN,
    UNSEEN,
    WAITS,
    Failed,
    Job,
    Jobs,
    Superseded,
    Wrong,
)

TEXT = (Path(__file__).parents[2] / "cases" / "two-towns.yaml").read_text(encoding="utf-8")


def asked(draws: int = 50, text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"text": text, "file": "two-towns.yaml", "settings": [], "draws": draws, **more}


def with_jobs(
    work: Callable[[Jobs], Awaitable[None]], workers: int = 1, background: int = 0
) -> None:
    async def run() -> None:
        jobs = Jobs(workers, background)
        await jobs.start()
        try:
            await work(jobs)
        finally:
            await jobs.stop()

    # In a thread of its own: where a browser is open, this one has a loop that runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


def test_equal_questions_share_one_answer_and_it_is_kept() -> None:
    async def work(jobs: Jobs) -> None:
        first, second = (jobs.job("answer", asked(), asker=who) for who in ("a", "b"))
        assert first is second
        found = await jobs.ask("answer", asked(), asker="c")
        assert found is await first.future
        assert jobs.kept("answer", asked()) is found
        assert "Merger" in found["html"]

    with_jobs(work)


def test_who_asks_anew_waits_no_longer_for_what_was_asked() -> None:
    async def work(jobs: Jobs) -> None:
        running = jobs.job("answer", asked(20_000), asker="tab")
        waiting = jobs.job("answer", asked(20_001), asker="other")
        while running.worker is None:
            await asyncio.sleep(0.01)
        jobs.cancel(waiting)
        with pytest.raises(Superseded):
            await waiting.future
        found = await jobs.ask("answer", asked(60), asker="tab")
        assert "html" in found
        with pytest.raises(Superseded):
            await running.future
        assert jobs.given_up == 2
        # The process goes on with others: it was asked to stop, not ended.
        assert "html" in await jobs.ask("answer", asked(61), asker="tab")

    with_jobs(work)


def test_what_another_waits_for_is_not_given_up() -> None:
    async def work(jobs: Jobs) -> None:
        both = jobs.job("answer", asked(700), asker="a")
        jobs.job("answer", asked(700), asker="b")
        await jobs.ask("answer", asked(50), asker="a")
        assert "html" in await both.future

    with_jobs(work)


def test_what_is_wrong_with_a_case_has_its_line() -> None:
    async def work(jobs: Jobs) -> None:
        with pytest.raises(Wrong) as told:
            await jobs.ask("answer", asked(text=TEXT.replace("narrow:", "narow:", 1)))
        assert all(line for line, _, _ in told.value.problems)
        with pytest.raises(Wrong, match="no arrangement"):
            await jobs.ask("why", asked(arrangement="nothing"))

    with_jobs(work)


def test_a_process_that_is_lost_is_told_and_started_again() -> None:
    async def work(jobs: Jobs) -> None:
        job = jobs.job("answer", asked(200_000))
        while not job.doing[1]:
            await asyncio.sleep(0.01)
        os.kill(jobs.processes()[0], signal.SIGKILL)
        with pytest.raises(Failed):
            await job.future
        assert "html" in await jobs.ask("answer", asked())

    with_jobs(work)


def test_readers_go_before_the_background() -> None:
    async def work(jobs: Jobs) -> None:
        order: list[str] = []
        first = jobs.job("answer", asked(300))
        late = jobs.job("answer", asked(70), rank=BACKGROUND - 1)
        soon = jobs.job("answer", asked(80), rank=0)
        late.future.add_done_callback(lambda _: order.append("late"))
        soon.future.add_done_callback(lambda _: order.append("soon"))
        await asyncio.gather(first.future, late.future, soon.future)
        await asyncio.sleep(0)
        assert order == ["soon", "late"]

    with_jobs(work)


def test_work_in_the_background_that_nobody_looks_at_is_given_up() -> None:
    async def work(jobs: Jobs) -> None:
        def begun(draws: int) -> Job:
            return jobs.job("answer", asked(draws), rank=BACKGROUND)

        left = begun(200_000)
        while left.worker is None:
            await asyncio.sleep(0.01)
        jobs.give_up_unseen(left.seen + UNSEEN + 1)
        assert not left.done  # nobody waits for its process
        wanted = begun(40)
        assert wanted.doing[0] == WAITS
        jobs.give_up_unseen(left.seen + UNSEEN - 1)
        assert not left.done
        wanted.seen += UNSEEN
        jobs.give_up_unseen(left.seen + UNSEEN + 1)
        assert isinstance(left.future.exception(), Superseded)
        assert "html" in await wanted.future
        known, job = await jobs.look("answer", asked(40))
        assert (known, job) == (await wanted.future, None)
        assert await jobs.look("answer", asked(41)) == (None, None)

        asking = asyncio.create_task(jobs.ask("answer", asked(60), rank=BACKGROUND))
        while (job := jobs.found("answer", asked(60))) is None:
            await asyncio.sleep(0)
        jobs.give_up_unseen(job.seen + FORGOTTEN + 1)
        assert "html" in await asking  # who waits need not look
        last = begun(200_001)
        while last.worker is None:
            await asyncio.sleep(0.01)
        jobs.give_up_unseen(last.seen + FORGOTTEN + 1)
        assert last.done

    with_jobs(work, workers=0, background=1)
