"""What is common to all measuring of speed: times, ratios with their spread, growth, verdicts.

A *measurement* is some work of foedus at several sizes, timed beside a yardstick in the same
process and turn by turn with it, so that a machine that is slow for a while is slow for both. What
counts is the ratio of the two, in processor time, children included.
"""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Work = Callable[[], object]

LEAST = 0.02
"""Work that takes less processor time than so many seconds is repeated within one timing."""

TOLERANCE = 1.25
"""A ratio may grow by this factor before it counts as slower."""


def plain(value: float, digits: int = 3) -> str:
    """A number of so many digits, without an exponent where it is large.

    >>> plain(0.01234), plain(1317.2), plain(10.0)
    ('0.0123', '1,320', '10')
    """
    return f"{float(f'{value:.{digits}g}'):,.10g}"


@dataclass(frozen=True)
class Prepared:
    """Work ready to be timed beside its yardstick; ``size`` is what growth is fitted against."""

    yardstick: Work
    work: Work
    size: float


@dataclass(frozen=True)
class Measurement:
    """Some work at several sizes, from the smallest on.

    ``of`` says of what the ratio is a multiple, ``unit`` what sizes count. ``prepare`` makes the
    work of one of the ``sizes``. ``bound`` is what the ratio at the largest size is to stay under;
    what is ``long`` is left out unless asked for.
    """

    name: str
    of: str
    unit: str
    sizes: tuple[int, ...]
    prepare: Callable[[int], Prepared]
    repeats: int = 5
    bound: float | None = None
    long: bool = False


@dataclass(frozen=True)
class Spread:
    """The median of some numbers, and the least and the most of them."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers: Iterable[float]) -> Spread:
        """Of one number or more."""
        found = sorted(numbers)
        return cls(statistics.median(found), found[0], found[-1])

    def __str__(self) -> str:
        return f"{plain(self.middle)} ({plain(self.least)} to {plain(self.most)})"


# --- times ------------------------------------------------------------------------------------


def processor_time() -> float:
    """Processor seconds of this process and of its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def seconds(work: Work) -> float:
    """Processor seconds of a piece of work, run so often that they can be told."""
    times, start = 0, processor_time()
    while True:
        work()
        times += 1
        spent = processor_time() - start
        if spent >= LEAST:
            return spent / times


def median(work: Work, runs: int = 5) -> float:
    """The median of several timings of a piece of work."""
    return statistics.median(seconds(work) for _ in range(runs))


def command(*words: str, code: str = "from foedus.cli import main; main()") -> Work:
    """A run of Python in a fresh process, by default of a command of foedus; it must succeed.

    What Python compiles at the first run is kept, as for a user, whatever the environment says.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    silent: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def run() -> None:
        line = [sys.executable, "-c", code, *words]
        subprocess.run(line, check=True, env=environment, **silent)

    return run


def timed(measurement: Measurement, size: int, repeats: int) -> dict[str, Any]:
    """Time the work of one size and its yardstick in turn: plain data.

    Both are run once before, so that nothing is counted that only the first run does.
    """
    ready = measurement.prepare(size)
    ready.yardstick()
    ready.work()
    yardsticks, works = [], []
    for _ in range(repeats):
        yardsticks.append(seconds(ready.yardstick))
        works.append(seconds(ready.work))
    return {"size": ready.size, "yardsticks": yardsticks, "works": works}


def ratios(point: Mapping[str, Any]) -> list[float]:
    """Each timing of the work as a multiple of the median of the yardstick's."""
    yardstick = statistics.median(point["yardsticks"])
    return [each / yardstick for each in point["works"]]


# --- growth -----------------------------------------------------------------------------------


def exponent(points: Sequence[Mapping[str, Any]]) -> float | None:
    """The power of the size with which the work's time grows; None for fewer than two sizes.

    The slope of a least-squares line through the logarithms of the median times.

    >>> exponent([{"size": n, "works": [n * n]} for n in (1, 2, 4)])
    2.0
    """
    if len({point["size"] for point in points}) < 2:
        return None
    across = [math.log(point["size"]) for point in points]
    along = [math.log(statistics.median(point["works"])) for point in points]
    return round(statistics.linear_regression(across, along).slope, 12)


# --- comparing --------------------------------------------------------------------------------


def verdict(before: Sequence[float], after: Sequence[float], tolerance: float = TOLERANCE) -> str:
    """``slower``, ``faster`` or ``same``, by the ratios measured round by round.

    A difference counts when the medians are more than ``tolerance`` apart, and no round of the one
    overlaps any of the other.

    >>> verdict([1.0, 1.1, 1.0], [2.0, 1.9, 2.1]), verdict([1.0, 1.1, 1.9], [2.0, 1.8, 2.1])
    ('slower', 'same')
    """
    old, new = Spread.of(before), Spread.of(after)
    if new.middle > old.middle * tolerance and new.least > old.most:
        return "slower"
    if old.middle > new.middle * tolerance and old.least > new.most:
        return "faster"
    return "same"


# --- what is kept -----------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """The versions that figures depend on, and how many cores there are."""
    from importlib.metadata import PackageNotFoundError, version

    found: dict[str, Any] = {"python": sys.version.split()[0], "cores": os.cpu_count()}
    for name in ("numpy", "scipy", "numba"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def keep(path: Path, data: Mapping[str, Any]) -> None:
    """Write figures as JSON, with the folders above."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def table(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """The lines of one table of all measurements, at their largest sizes."""
    lines = [
        "| what | size | seconds | ratio (least to most) | of | growth |",
        "|:--|--:|--:|--:|:--|--:|",
    ]
    for result in results:
        if "missing" in result:
            lines.append(f"| {result['name']} | | | {result['missing']} | {result['of']} | |")
            continue
        point = result["points"][-1]
        grows = result["exponent"]
        cells = [
            result["name"],
            f"{point['size']:,.0f} {result['unit']}",
            plain(statistics.median(point["works"])),
            str(Spread.of(ratios(point))) + _bound(result),
            result["of"],
            "" if grows is None else f"{grows:.2f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _bound(result: Mapping[str, Any]) -> str:
    if result["bound"] is None:
        return ""
    over = Spread.of(ratios(result["points"][-1])).middle > result["bound"]
    return f", {'over' if over else 'within'} {result['bound']:,g}"
