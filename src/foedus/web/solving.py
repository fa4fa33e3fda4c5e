"""An answer from several workers: the draws in shares, and what they come to.

The case as it is written is what every what-if is compared with: it is solved once for all who ask.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from typing import Any

from foedus.web.desk import Desk
from foedus.web.solved import Rows, joined

DRAWS = 1_000
"""A what-if is answered in so many draws at first,"""

CROWDED = ((4, 50), (2, 100), (1, 250))
"""and in fewer where so many others ask at the same time."""

REFINED = 10_000
"""So many draws an answer is refined to in the background."""

SHARED_FROM = 500
"""So many draws are shared out,"""

SHARES = 2
"""to so many workers."""

SOON = -1
"""The rank of the last step to an answer that has been waited for."""


def answer_known(desk: Desk, given: Mapping[str, Any]) -> Any:
    """The answer to a question, in the most draws in which it is known; None where it is not."""
    known = (
        desk.jobs.kept("answer", {**given, "draws": draws})
        for draws in (DRAWS, *sorted((few for _, few in CROWDED), reverse=True))
    )
    return next((found for found in known if found is not None), None)


async def answered(desk: Desk, given: Mapping[str, Any], asker: str = "") -> Any:
    """The answers to a case, with what is set otherwise beside them if anything is.

    Raises as `Jobs.ask` does.
    """
    others = desk.crowd.others(asker, time.monotonic())
    draws = next((few for many, few in CROWDED if others >= many), DRAWS)
    given = {**given, "draws": draws}
    if (kept := desk.jobs.kept("answer", given)) is not None:
        return kept
    for number in range(SHARES):
        desk.jobs.drop(f"{asker} {number}")
    before = desk.solved.known(given["file"], given["text"], draws)
    shared = bool(given["settings"]) and draws >= SHARED_FROM
    rank = SOON if shared or before is None else 0
    wanted: list[Awaitable[Rows]] = []
    if before is None:
        wanted.append(_as_written(desk, given))
    if shared:
        wanted.append(_rows(desk, given, asker))
    rows = await asyncio.gather(*wanted)
    before = before or rows[0]
    more = {"before": before, "after": rows[-1] if shared else None}
    return await desk.jobs.ask("answer", given, asker=asker, rank=rank, more=more)


async def _as_written(desk: Desk, given: Mapping[str, Any]) -> Rows:
    """The draws of the case as it is written, kept for all who ask."""
    found = await _rows(desk, {**given, "settings": []})
    desk.solved.keep(given["file"], given["text"], found)
    return found


async def _rows(desk: Desk, given: Mapping[str, Any], asker: str = "") -> Rows:
    """The draws of a case with what is set, in shares where they are many."""
    shares = SHARES if given["draws"] >= SHARED_FROM else 1
    return joined(
        await asyncio.gather(
            *(
                desk.jobs.ask(
                    "reached",
                    {**given, "share": [number, shares]},
                    asker=f"{asker} {number}" if asker else "",
                )
                for number in range(shares)
            )
        )
    )
