"""An answer of several workers is that of one; a case is solved once for all who ask."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foedus.case.reading import parse_case
from foedus.forecasting.headline import headline
from foedus.sensitivity.otherwise import whatif
from foedus.web.desk import Desk
from foedus.web.jobs import Jobs
from foedus.web.solved import MOST_SOLVED, Crowd, Solved, joined, numbers_of, rows_of
from foedus.web.solving import CROWDED, DRAWS, answer_known, answered
from foedus.web.store import Store

FILE = "two-towns.yaml"
TEXT = (Path(__file__).parents[2] / "cases" / FILE).read_text(encoding="utf-8")
SET = [["preferences.north.worth.wide-bridge", 2.0]]


def given(settings: list[Any] | None = None) -> dict[str, Any]:
    return {"text": TEXT, "file": FILE, "settings": settings or []}


def kinds_asked(desk: Desk) -> list[str]:
    """The kinds of all questions that go to the workers from now on."""
    asked: list[str] = []
    job = desk.jobs.job

    def counted(kind: str, *args: Any, **named: Any) -> Any:
        asked.append(kind)
        return job(kind, *args, **named)

    desk.jobs.job = counted  # type: ignore[method-assign]
    return asked


def with_desk(work: Any, folder: Path) -> Any:
    async def run() -> Any:
        desk = Desk(Store(folder), Jobs(2, 0))
        await desk.jobs.start()
        try:
            return await work(desk)
        finally:
            await desk.jobs.stop()

    with ThreadPoolExecutor(1) as thread:  # where a browser is open, this one has a loop that runs
        return thread.submit(asyncio.run, run()).result()


def test_an_answer_in_shares_is_that_of_one_process(tmp_path: Path) -> None:
    async def work(desk: Desk) -> tuple[Any, Any, list[str]]:
        asked = kinds_asked(desk)
        first = await answered(desk, given(SET), "one")
        again = await answered(desk, given([[SET[0][0], 3.0]]), "one")
        return first, again, asked

    first, again, asked = with_desk(work, tmp_path)
    for found, value in ((first, 2.0), (again, 3.0)):
        alone = whatif(TEXT, [(SET[0][0], value)], draws=DRAWS, file=FILE)
        rows = {row["name"]: (row["before"], row["after"]) for row in found["answers"]}
        assert rows
        for difference in alone.differences:
            if difference.pooled is not None:
                name = alone.before.case.arrangements[difference.arrangement].name
                assert rows[name] == pytest.approx(difference.pooled[:2], abs=1e-12)
    # The case as it is written is solved once, in two shares; so is each what-if.
    assert asked == ["reached"] * 4 + ["answer"] + ["reached"] * 2 + ["answer"]


def test_where_others_ask_too_the_draws_are_fewer_and_begin_alike(tmp_path: Path) -> None:
    async def work(desk: Desk) -> tuple[Any, Any, list[str]]:
        await answered(desk, given(), "one")
        asked = kinds_asked(desk)
        desk.crowd.others("one", time.monotonic())
        found = await answered(desk, given(SET), "two")
        return found, answer_known(desk, given(SET)), asked

    found, known, asked = with_desk(work, tmp_path)
    few = CROWDED[-1][1]
    assert f"{few} draws" in found["html"]
    assert known == found
    assert asked == ["answer"]  # those of the case as it is were among what was known
    alone = whatif(TEXT, [(SET[0][0], 2.0)], draws=few, file=FILE)
    told = [d.pooled[1] for d in alone.differences if d.pooled]
    assert [row["after"] for row in found["answers"]] == pytest.approx(told)


def test_more_draws_of_a_case_begin_with_the_same() -> None:
    case = parse_case(TEXT, FILE)
    many, few = (headline(case, draws=n, seed=1).reached for n in (600, 100))
    solved = Solved()
    solved.keep(FILE, TEXT, rows_of(len(many), many.tobytes()))
    solved.keep(FILE, TEXT, rows_of(len(few), few.tobytes()))  # less than what is known
    found = solved.known(FILE, TEXT, 100)
    assert found is not None
    rows = np.frombuffer(numbers_of(found)).reshape(100, -1)
    assert rows == pytest.approx(few, abs=1e-12)
    assert solved.known(FILE, TEXT, 601) is None
    assert solved.known(FILE, TEXT + "\n", 1) is None
    for k in range(MOST_SOLVED):
        solved.keep(FILE, str(k), rows_of(1, b""))
    assert solved.known(FILE, TEXT, 1) is None


def test_shares_follow_each_other() -> None:
    whole = joined([rows_of(2, b"ab"), rows_of(1, b"c")])
    assert (whole["draws"], numbers_of(whole)) == (3, b"abc")


def test_who_asked_lately_asks_at_the_same_time() -> None:
    crowd = Crowd()
    asked = [("a", 0.0), ("b", 1.0), ("a", 2.0), ("c", 3.0), ("a", 6.5), ("a", 20.0)]
    assert [crowd.others(who, at) for who, at in asked] == [0, 1, 1, 2, 1, 0]
