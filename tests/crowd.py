"""Many readers of the workbench at once: what they ask and edit, how long, and what is lost."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from served import Served

from foedus.case.links import judgement_name, judgements_of
from foedus.case.reading import parse_case
from foedus.sensitivity.settings import judgement_called


class Every(NamedTuple):
    """After how many seconds a reader asks, and edits, again."""

    what_if: float = 30.0
    edit: float = 60.0


USUAL = Every()


class Reader(threading.Thread):
    """One reader: what it asks and edits, and how long each took."""

    def __init__(
        self, served: Served, case: str, name: str, number: int, seconds: float, every: Every
    ) -> None:
        super().__init__()
        self.every = every
        self.served, self.case, self.name_of, self.number = served, case, name, number
        self.until = time.monotonic() + seconds
        self.random = random.Random(number)  # noqa: S311 - no secret
        self.what_ifs: list[float] = []
        self.edits: list[float] = []
        self.wrote: float | None = None
        self.statuses: Counter[int] = Counter()
        self.conflicts = 0

    def run(self) -> None:
        """Ask and edit until the time is over."""
        every, now = self.every, time.monotonic()
        next_edit = now + self.random.uniform(0, every.edit)
        next_ask = now + self.random.uniform(0, every.what_if)
        while (soonest := min(next_edit, next_ask)) < self.until:
            time.sleep(max(0.0, soonest - time.monotonic()))
            if soonest == next_ask:
                self.ask()
                next_ask += every.what_if
            else:
                self.edit()
                next_edit += every.edit

    def ask(self) -> None:
        """Ask a what-if."""
        value = round(self.random.uniform(0, 10), 2)
        query = urlencode({f"set.{self.name_of}": value, "tab": f"reader-{self.number}"})
        start = time.monotonic()
        self.statuses[self.served.get(f"/case/{self.case}/answer?{query}").status] += 1
        self.what_ifs.append(time.monotonic() - start)

    def edit(self) -> None:
        """Edit a judgement, again where another edit came first."""
        value = round(self.random.uniform(0, 10), 2)
        start = time.monotonic()
        while True:
            version = self.served.get(f"/case/{self.case}/version").text.strip()
            fields = [(f"set.{self.name_of}", str(value)), ("version", version)]
            found = self.served.post(f"/case/{self.case}/write", fields)
            if found.status != 409:
                break
            self.conflicts += 1
        self.statuses[found.status] += 1
        if found.status == 303:
            self.wrote = value
        self.edits.append(time.monotonic() - start)


def quantile(values: list[float], q: float) -> float:
    """A quantile of what was measured; of nothing, 0."""
    return sorted(values)[min(len(values) - 1, int(q * len(values)))] if values else 0.0


def memory(pid: int) -> float:
    """Megabytes that a process and those it started hold."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        parent = re.search(r"PPid:\s+(\d+)", text)
        held = re.search(r"VmRSS:\s+(\d+)", text)
        if held and (status.parent.name == str(pid) or (parent and parent[1] == str(pid))):
            total += int(held[1])
    return total / 1024


@dataclass(frozen=True)
class Crowd:
    """What became of a crowd: seconds of each what-if and edit, statuses, and what was lost."""

    what_ifs: list[float]
    edits: list[float]
    statuses: Counter[int]
    conflicts: int
    lost: list[str]

    @property
    def sound(self) -> bool:
        """Whether no edit was lost, and nothing answered with 5xx."""
        return not self.lost and not any(status >= 500 for status in self.statuses)


def crowd(served: Served, case: str, users: int, seconds: float, every: Every = USUAL) -> Crowd:
    """Many readers at once, each with a judgement to edit; then what the file holds."""
    read = parse_case((served.folder / case).read_text(encoding="utf-8"), case)
    names = [
        judgement_name(read, j.path)
        for j in judgements_of(read)
        if j.role.value == "worth" and not j.sure
    ][:users]
    served.post(f"/case/{case}/forget", [])  # learns the page's token
    served.get(f"/case/{case}/answer")
    readers = [Reader(served, case, names[k % len(names)], k, seconds, every) for k in range(users)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    after = parse_case((served.folder / case).read_text(encoding="utf-8"), case)
    written: dict[str, set[float]] = {}
    for reader in readers:
        if reader.wrote is not None:
            written.setdefault(reader.name_of, set()).add(reader.wrote)
    lost = []
    for name, values in written.items():
        judgement = judgement_called(after, name)
        if judgement is None or round(judgement.mode, 2) not in values:
            lost.append(name)
    return Crowd(
        [t for reader in readers for t in reader.what_ifs],
        [t for reader in readers for t in reader.edits],
        sum((reader.statuses for reader in readers), Counter()),
        sum(reader.conflicts for reader in readers),
        lost,
    )


def many(served: Served, case: str, requests: int, looks: int = 5) -> list[tuple[int, float]]:
    """Many requests one after the other: how much memory is held after some, in megabytes."""
    pages = [f"/case/{case}", f"/case/{case}/answer", "/static/workbench.js", "/"]
    found = []
    for k in range(requests + 1):
        if k % max(1, requests // looks) == 0:
            found.append((k, memory(served.process.pid)))
        if k < requests:
            served.get(pages[k % len(pages)])
    return found
