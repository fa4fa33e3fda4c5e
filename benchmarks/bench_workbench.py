"""The workbench under many readers: how long edits and what-ifs take, and what memory is held.

    python benchmarks/bench_workbench.py [CASE] [--users 50] [--seconds 60] [--requests 10000]

Each of the readers asks a what-if every 30 s and edits a judgement every 60 s, of the flagship or
the case that is named. An edit that meets another's is made again on what the file then is. Ends
with exit code 1 where an edit that was acknowledged is not in the file, or anything was answered
with 5xx.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from crowd import crowd, many, quantile  # noqa: E402
from served import serving  # noqa: E402


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="?", default=str(ROOT / "cases" / "belarus-2024.yaml"))
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--requests", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        case = Path(shutil.copy(given.case, folder)).name
        start = time.monotonic()
        with serving(Path(folder)) as served:
            print(f"ready in {time.monotonic() - start:.2f} s")
            for what, label in (("", "page"), ("/answer", "answer"), ("", "page again")):
                start = time.monotonic()
                served.get(f"/case/{case}{what}")
                print(f"{label} in {time.monotonic() - start:.3f} s")
            for value in (11, 12, 13):
                start = time.monotonic()
                asked = f"set.preferences.lukashenka.worth.own-state={value}"
                served.get(f"/case/{case}/answer?{asked}")
                print(f"what-if of one reader in {time.monotonic() - start:.2f} s")
            found = crowd(served, case, given.users, given.seconds)
            print(f"{given.users} readers of {case} for {given.seconds:g} s")
            for label, times in (("what-ifs", found.what_ifs), ("edits", found.edits)):
                told = [f"{int(100 * q)} %: {quantile(times, q):.2f} s" for q in (0.5, 0.9, 0.99)]
                print(f"  {len(times)} {label}: {', '.join(told)}")
            print(f"  edits made again after a conflict: {found.conflicts}")
            print(f"  answered: {dict(sorted(found.statuses.items()))}; lost: {found.lost}")
            for requests, held in many(served, case, given.requests):
                print(f"  after {requests:>6,} requests: {held:.0f} MB")
    sys.exit(0 if found.sound else 1)


if __name__ == "__main__":
    main()
