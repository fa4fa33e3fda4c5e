"""The page on speed: the table of all measurements, and a picture of how time grows."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from measuring import TOLERANCE, plain, table

PICTURE = "speed-growth.svg"

PAGE = f"""# Speed

This page and its picture are written by `make bench PAGE=1`; with `LONG=1` beside it what takes
long is measured too.

Each line is some work of foedus beside a yardstick, timed turn by turn in one process. The ratio is
that of processor times: the median of several timings, and in brackets the least and the most.
Growth is the power of the size with which time grows over three sizes, each twice the one before
(of the space three times); it is 1 where time is in proportion. The seconds are those of the
largest size.

Python {{python}}, {{versions}}, {{cores}} cores.

{{figures}}

![How time grows with size]({PICTURE})

Both axes are logarithmic; the thin line is growth in proportion to the size.

`make bench-compare A=COMMIT B=COMMIT` measures two commits turn by turn. It fails where the second
is slower by more than {TOLERANCE:g} times, and by more than the rounds differ among themselves.
"""

WIDE, TALL, COLUMNS = 240, 200, 3
LEFT, TOP, SIDE = 52, 40, 130
"""Pixels: of a panel, and of the square in it."""


def write_page(folder: Path, data: Mapping[str, Any]) -> None:
    """Write ``speed.md`` and its picture of the figures that ``all.py`` keeps."""
    results = data["measurements"]
    (folder / PICTURE).write_text(picture(results), encoding="utf-8")
    (folder / "speed.md").write_text(page(data), encoding="utf-8")


def page(data: Mapping[str, Any]) -> str:
    """The page in Markdown."""
    machine = data["machine"]
    versions = ", ".join(
        f"{name} {machine[name]}" for name in ("numpy", "scipy", "numba") if machine[name]
    )
    figures = "\n".join(table(data["measurements"]))
    return PAGE.format(
        python=machine["python"], versions=versions, cores=machine["cores"], figures=figures
    )


def picture(results: Sequence[Mapping[str, Any]]) -> str:
    """A panel for each measurement of several sizes, as SVG."""
    several = [each for each in results if len(each.get("points", ())) > 1]
    rows = math.ceil(len(several) / COLUMNS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE * COLUMNS} {TALL * rows}" '
        'font-family="sans-serif" font-size="11" role="img">',
        "<title>How time grows with size, both axes logarithmic</title>",
        f'<rect width="{WIDE * COLUMNS}" height="{TALL * rows}" fill="#fff"/>',
    ]
    for number, result in enumerate(several):
        x, y = number % COLUMNS * WIDE, number // COLUMNS * TALL
        parts += [f'<g transform="translate({x} {y})">', *panel(result), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def panel(result: Mapping[str, Any]) -> list[str]:
    """One panel: median times by size, the least and most of them, and proportional growth."""
    sizes = [point["size"] for point in result["points"]]
    times = [point["works"] for point in result["points"]]
    across = math.log(sizes[-1] / sizes[0])
    lowest = min(map(min, times))
    span = max(math.log(max(map(max, times)) / lowest), across)

    def at(size: float, time: float) -> tuple[float, float]:
        right = LEFT + SIDE * math.log(size / sizes[0]) / across
        return right, TOP + SIDE - SIDE * math.log(time / lowest) / span

    middles = [statistics.median(each) for each in times]
    points = [at(*each) for each in zip(sizes, middles, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    (x0, y0), up = points[0], SIDE * across / span
    parts = [
        f'<text x="{LEFT}" y="16" font-weight="bold">{escape(result["name"])}</text>',
        f'<text x="{LEFT}" y="31" fill="#555">size to the power {result["exponent"]:.2f}</text>',
        f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#bbb"/>',
        f'<path d="M{x0:.1f} {y0:.1f} L{x0 + SIDE:.1f} {y0 - up:.1f}" stroke="#bbb"/>',
        f'<polyline points="{line}" fill="none" stroke="#0b5cad" stroke-width="2"/>',
    ]
    for size, each, (x, y) in zip(sizes, times, points, strict=True):
        low, high = at(size, min(each))[1], at(size, max(each))[1]
        parts.append(
            f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}" stroke="#0b5cad"/>'
        )
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#0b5cad"/>')
    for k, anchor in ((0, "start"), (-1, "end")):
        x = points[k][0]
        size = short(sizes[k]) + (f" {escape(result['unit'])}" if k else "")
        parts.append(
            f'<text x="{x:.1f}" y="{TOP + SIDE + 14}" text-anchor="{anchor}">{size}</text>'
        )
        y = min(max(points[k][1] + 4, TOP + 8), TOP + SIDE)
        parts.append(
            f'<text x="{LEFT - 4}" y="{y:.1f}" text-anchor="end">{plain(middles[k], 2)} s</text>'
        )
    return parts


def short(size: float) -> str:
    """A size that has little room: 800, 66k, 1.77M."""
    if size < 10_000:
        return f"{size:,.0f}"
    return f"{size / 1e3:.0f}k" if size < 1e6 else f"{size / 1e6:.3g}M"
