"""What is known for all who ask: cases as they are written, solved, and how many ask at once."""

from __future__ import annotations

import base64
from collections import OrderedDict
from typing import Any

Rows = dict[str, Any]
"""Some draws as they go between processes: how many, and their numbers as bytes in base 64."""

MOST_SOLVED = 64
"""Of so many cases the draws are kept."""


def rows_of(draws: int, numbers: bytes) -> Rows:
    """Draws to be sent."""
    return {"draws": draws, "numbers": base64.b64encode(numbers).decode()}


def numbers_of(rows: Rows) -> bytes:
    """The numbers of draws that were sent."""
    return base64.b64decode(rows["numbers"])


def joined(parts: list[Rows]) -> Rows:
    """Draws that follow each other, as one."""
    return rows_of(sum(part["draws"] for part in parts), b"".join(map(numbers_of, parts)))


AT_ONCE = 5.0
"""Who asked less than so many seconds ago asks at the same time."""


class Crowd:
    """Who asked lately."""

    def __init__(self) -> None:
        self._asked: dict[str, float] = {}

    def others(self, asker: str, now: float) -> int:
        """How many others ask at the same time as this one, by a clock in seconds."""
        since = now - AT_ONCE
        self._asked = {who: at for who, at in self._asked.items() if at > since and who != asker}
        found = len(self._asked)
        self._asked[asker] = now
        return found


class Solved:
    """The draws of cases as they are written, by file and text."""

    def __init__(self) -> None:
        self._rows: OrderedDict[tuple[str, str], Rows] = OrderedDict()

    def known(self, file: str, text: str, draws: int) -> Rows | None:
        """So many draws of a case, where so many are known: more draws begin with the same."""
        rows = self._rows.get((file, text))
        if rows is None or rows["draws"] < draws:
            return None
        self._rows.move_to_end((file, text))
        if rows["draws"] == draws:
            return rows
        numbers = numbers_of(rows)
        return rows_of(draws, numbers[: len(numbers) // rows["draws"] * draws])

    def keep(self, file: str, text: str, rows: Rows) -> None:
        """Keep draws of a case, unless more are known."""
        before = self._rows.get((file, text))
        if before is None or before["draws"] < rows["draws"]:
            self._rows[file, text] = rows
        self._rows.move_to_end((file, text))
        while len(self._rows) > MOST_SOLVED:
            self._rows.popitem(last=False)
