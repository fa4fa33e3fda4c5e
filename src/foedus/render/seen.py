"""What a picture shows, in a few sentences, for those who have it read aloud."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from foedus.document import (
    Branch,
    Calendar,
    Grid,
    Likelihood,
    Likelihoods,
    Line,
    Lines,
    PictureBlock,
    Ranges,
    Shares,
    Strip,
    Tree,
    number,
    percent,
    spanned,
)

_MOST = 5
"""So many things are named; of the others it is said how many there are."""


def seen(block: PictureBlock) -> str:
    """What is to be seen in the picture: what stands out, with its figures, before all the rest.

    >>> war, peace = Likelihood("War", 0.2, 0.1, 0.3), Likelihood("Peace", 0.8, 0.8, 0.8)
    >>> seen(Likelihoods("", (war, peace)))
    'Likeliest: Peace, 80%. War, 20%, range 10% to 30%.'
    """
    match block:
        case Grid():
            sentences = list(_grid(block))
        case Ranges():
            sentences = list(_ranges(block))
        case Lines():
            sentences = list(_lines(block))
        case Tree():
            sentences = list(_tree(block))
        case Likelihoods():
            sentences = list(_likelihoods(block))
        case Strip():
            sentences = list(_strip(block))
        case Calendar():
            sentences = list(_calendar(block))
        case Shares():
            sentences = list(_shares(block))
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def _some(texts: Iterable[str], joint: str = ", ") -> str:
    """The first few of the texts, and how many others there are."""
    every = list(texts)
    more = len(every) - _MOST
    return joint.join(every[:_MOST]) + (f"{joint}{more} more" if more > 0 else "")


def _rest(count: int, what: str) -> str:
    """Of those that are not named, that they are ``what``; nothing where all are named."""
    more = count - _MOST
    return f"{more} more {'is' if more == 1 else 'are'} {what}" if more > 0 else ""


def _counted(count: int, noun: str, ending: str = "s") -> str:
    return f"{count} {noun}{'' if count == 1 else ending}"


def _likelihoods(block: Likelihoods) -> Iterator[str]:
    order = sorted(block.answers, key=lambda answer: -answer.p)
    for place, answer in enumerate(order[:_MOST]):
        yield ("Likeliest: " if place == 0 else "") + _likely(answer)
    yield _rest(len(order), "less likely")


def _likely(answer: Likelihood) -> str:
    parts = [answer.label, *filter(None, [answer.word]), percent(answer.p)]
    if answer.low < answer.high:
        parts.append(f"range {percent(answer.low)} to {percent(answer.high)}")
    if answer.base is not None:
        parts.append(f"base rate {percent(answer.base)}")
    return ", ".join(parts)


def _grid(grid: Grid) -> Iterator[str]:
    rows, columns = _counted(len(grid.rows), "row"), _counted(len(grid.columns), "column")
    yield f"A map of {rows} by {columns}"
    texts = Counter(cell.text for row in grid.cells for cell in row)
    if len(texts) <= _MOST:
        yield _some(f"{text}: {count}" for text, count in texts.most_common())
    bad = [sum(cell.tone == "bad" for cell in row) for row in grid.cells]
    if any(bad):
        for few, word in ((min(bad), "Fewest"), (max(bad), "Most")):
            names = (name for name, count in zip(grid.rows, bad, strict=True) if count == few)
            yield f"{word} marked bad, {few}: {_some(names, '; ')}"


def _strip(strip: Strip) -> Iterator[str]:
    refused: dict[tuple[str, ...], list[str]] = {}
    for name, row in zip(strip.rows, strip.cells, strict=True):
        pairs = zip(strip.columns, row, strict=True)
        refusing = tuple(actor for actor, cell in pairs if cell.says == "refuses")
        refused.setdefault(refusing, []).append(name)
    for refusing, names in sorted(refused.items(), key=lambda pair: len(pair[0]))[:_MOST]:
        by = f"Refused by {_some(refusing, ' and ')}" if refusing else "Refused by nobody"
        yield f"{by}: {_some(names, '; ')}"
    if len(refused) > _MOST:
        yield f"Others are refused by up to {max(map(len, refused))} actors"


def _ranges(block: Ranges) -> Iterator[str]:
    drawn = [r for r in block.ranges if math.isfinite(r.high - r.low)]
    unit = f" ({block.unit})" if block.unit else ""
    yield f"{_counted(len(drawn), 'range')}{unit}, widest first"
    for r in sorted(drawn, key=lambda r: r.low - r.high)[:_MOST]:
        width = "" if r.low == r.high else f", {number(r.low)} to {number(r.high)}"
        yield f"{r.label}: {number(r.mode)}{width}"
    yield _rest(len(drawn), "narrower")
    marks = [f"{text} at {number(value)}" for value, text in block.marks]
    yield f"Marked: {_some(marks)}" if marks else ""


def _lines(block: Lines) -> Iterator[str]:
    if block.places:
        unit = f", {block.unit}" if block.unit else ""
        yield f"From {block.places[0]} to {block.places[-1]}{unit}"
    yield from (_run(line, number) for line in block.lines)


def _run(line: Line, say: Callable[[float], str]) -> str:
    """How a line runs from its first value to its last."""
    values = [value for value in line.values if math.isfinite(value)]
    if not values:
        return f"{line.label}: no value"
    first, last = say(values[0]), say(values[-1])
    if first == last:
        return f"{line.label} begins and ends at {last}"
    return f"{line.label} {'rises' if values[-1] > values[0] else 'falls'} from {first} to {last}"


def _tree(tree: Tree) -> Iterator[str]:
    boxes = list(_boxes(tree.root))
    first = tree.root.branches
    yield f"{_counted(len(boxes), 'box', 'es')}, beginning with {_box(tree.root)}"
    if first:
        yield f"From there: {_some((_box(branch) for branch in first), '; ')}"
    refused = [f"{_box(branch)}, by {branch.refused}" for branch in boxes if branch.refused]
    yield f"Refused: {_some(refused, '; ')}" if refused else ""


def _boxes(branch: Branch) -> Iterator[Branch]:
    yield branch
    for following in branch.branches:
        yield from _boxes(following)


def _box(branch: Branch) -> str:
    """What a box amounts to, or else what it says."""
    if len(branch.reached) > 1:
        return f"{branch.reached[0]} and {len(branch.reached) - 1} more"
    return "".join(branch.reached) or branch.text


def _calendar(block: Calendar) -> Iterator[str]:
    yield f"From today, {block.today}, to the deadline, {block.deadline}"
    if block.days:
        yield from (_run(line, percent) for line in block.courses)
    order = sorted(block.spans, key=lambda span: span.start)
    spans = [f"{span.label}, {spanned(span)}" for span in order]
    yield f"Marked: {_some(spans, '; ')}" if spans else ""


def _shares(block: Shares) -> Iterator[str]:
    unit = f" {block.unit}" if block.unit else ""
    for bar in block.bars[:_MOST]:
        total = number(sum(part.value for part in bar.parts))
        parts = _some(f"{part.label} {number(part.value)}" for part in bar.parts)
        yield (
            f"{bar.label}: {parts}; together {total}{unit}"
            if bar.parts
            else f"{bar.label}: nothing"
        )
    if len(block.bars) > _MOST:
        yield f"{len(block.bars) - _MOST} more bars"
    marks = [f"{text} at {number(value)}" for value, text in block.marks]
    yield f"Marked: {_some(marks)}" if marks else ""
