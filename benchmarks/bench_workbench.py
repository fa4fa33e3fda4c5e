"""The workbench under many readers: how long edits and what-ifs take, and whether any edit is lost.

Each of USERS readers asks a what-if every 30 s and edits a judgement every 60 s, for SECONDS, of
the flagship or the case that is named. An edit that meets another's is made again on what the file
then is. Ends with an error where an edit that was acknowledged is not in the file, or anything was
answered with 5xx.

    python benchmarks/bench_workbench.py [CASE] [--users 50] [--seconds 60] [--requests 10000]
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from served import Served, serving  # noqa: E402

from foedus.case.links import judgement_name, judgements_of  # noqa: E402
from foedus.case.reading import parse_case  # noqa: E402
from foedus.sensitivity.settings import judgement_called  # noqa: E402

WHAT_IF_EVERY, EDIT_EVERY = 30.0, 60.0


class Reader(threading.Thread):
    """One reader: what it asks and edits, and how long each took."""

    def __init__(self, served: Served, case: str, name: str, number: int, seconds: float) -> None:
        super().__init__()
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
        now = time.monotonic()
        next_edit = now + self.random.uniform(0, EDIT_EVERY)
        next_ask = now + self.random.uniform(0, WHAT_IF_EVERY)
        while (soonest := min(next_edit, next_ask)) < self.until:
            time.sleep(max(0.0, soonest - time.monotonic()))
            if soonest == next_ask:
                self.ask()
                next_ask += WHAT_IF_EVERY
            else:
                self.edit()
                next_edit += EDIT_EVERY

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


def crowd(served: Served, case: Path, users: int, seconds: float) -> bool:
    """Many readers at once. Gives whether nothing was lost."""
    text = case.read_text(encoding="utf-8")
    read = parse_case(text, case.name)
    names = [
        judgement_name(read, j.path)
        for j in judgements_of(read)
        if j.role.value == "worth" and not j.sure
    ][:users]
    served.post(f"/case/{case.name}/forget", [])  # learns the page's token
    served.get(f"/case/{case.name}/answer")
    readers = [Reader(served, case.name, names[k % len(names)], k, seconds) for k in range(users)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    after = parse_case((served.folder / case.name).read_text(encoding="utf-8"), case.name)
    lost = 0
    by_name: dict[str, set[float]] = {}
    for reader in readers:
        if reader.wrote is not None:
            by_name.setdefault(reader.name_of, set()).add(reader.wrote)
    for name, values in by_name.items():
        judgement = judgement_called(after, name)
        lost += judgement is None or round(judgement.mode, 2) not in values
    statuses = sum((reader.statuses for reader in readers), Counter())
    what_ifs = [t for reader in readers for t in reader.what_ifs]
    edits = [t for reader in readers for t in reader.edits]
    print(f"{users} readers of {case.name} for {seconds:g} s")
    for label, times in (("what-ifs", what_ifs), ("edits", edits)):
        told = ", ".join(f"{int(100 * q)} %: {quantile(times, q):.2f} s" for q in (0.5, 0.9, 0.99))
        print(f"  {len(times)} {label}: {told}")
    print(f"  edits made again after a conflict: {sum(r.conflicts for r in readers)}")
    print(f"  answered: {dict(sorted(statuses.items()))}; edits lost: {lost}")
    return not lost and not any(status >= 500 for status in statuses)


def many(served: Served, case: Path, requests: int) -> None:
    """Memory over many requests."""
    pages = [f"/case/{case.name}", f"/case/{case.name}/answer", "/static/workbench.js", "/"]
    for k in range(requests + 1):
        if k % max(1, requests // 5) == 0:
            print(f"  after {k:>6,} requests: {memory(served.process.pid):.0f} MB")
        if k < requests:
            served.get(pages[k % len(pages)])


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="?", default=str(ROOT / "cases" / "belarus-2024.yaml"))
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--requests", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        case = Path(shutil.copy(given.case, folder))
        start = time.monotonic()
        with serving(Path(folder)) as served:
            print(f"ready in {time.monotonic() - start:.2f} s")
            for what in ("", "/answer"):
                start = time.monotonic()
                served.get(f"/case/{case.name}{what}")
                print(f"first {what or 'page'} in {time.monotonic() - start:.2f} s")
            for _ in range(3):
                start = time.monotonic()
                served.get(f"/case/{case.name}")
                print(f"page again in {time.monotonic() - start:.3f} s")
            sound = crowd(served, case, given.users, given.seconds)
            many(served, case, given.requests)
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
