"""The sentences of a report, each with whether it stands before the appendix or in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from foedus.case.model import Case
from foedus.document import Block, Point, Points, Section, Sentence, Table
from foedus.reporting.composing import Report

LEAST = 6
"""Fewer words than this make no sentence that one would notice to stand twice."""


def said_twice(report: Report, case: Case) -> list[str]:
    """The sentences that a reader of the whole report meets twice.

    Within the appendix alone a sentence may stand twice: each of its entries is looked up by
    itself, and two arrangements can be refused for one reason. What names a row is a name, and
    the author of a case may answer two questions alike.
    """
    author = {s for q in case.questions.values() if q.verdict for s in _split(q.verdict.text)}
    appendix = next(b for b in report.blocks if isinstance(b, Section) and b.id == "appendix")
    before = [block for block in (*report.lead, *report.blocks) if block is not appendix]
    counted = Counter(sentence for block in before for sentence in _sentences(block))
    looked_up = set(_sentences(appendix))
    twice = [each for each, count in counted.items() if count > 1 or each in looked_up]
    return [each for each in twice if each not in author]


def _sentences(block: Block) -> Iterator[str]:
    for text in _texts(block):
        yield from _split(text)


def _split(text: str) -> Iterator[str]:
    for each in re.split(r"(?<=[.!?])\s+(?=[A-Z“])", text):
        if each.endswith((".", "!", "?")) and len(each.split()) >= LEAST:
            yield each


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Section():
            for part in block.blocks:
                yield from _texts(part)
        case Sentence():
            yield block.text
        case Points():
            for point in block.points:
                yield from _point(point)
        case Table():
            yield block.note or ""
            for row in block.rows:
                for cell in row[1:]:
                    yield from (cell.text, cell.note or "")
        case _:
            yield block.note or ""


def _point(point: Point) -> Iterator[str]:
    yield point.text
    for inner in point.points:
        yield from _point(inner)
