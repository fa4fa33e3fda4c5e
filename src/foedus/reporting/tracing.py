"""A trace in words: nested points, each with its name, what it says, and its line in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.document import Block, Point, Points, Section, Sentence, Tone
from foedus.tracing.trees import ABOVE, DEEPER, IDLE, Node

if TYPE_CHECKING:
    from foedus.tracing.solve import Trace

MOST = 12
"""So many answers that depend on a thing are named in one sentence."""

FEW = 4
"""Of so many arrangements that the process leads to each is shown, of more only the others."""

ITEMS = ("fact", "report", "assumption", "inference", "poll")


def trace_blocks(trace: Trace) -> tuple[Block, ...]:
    """What was asked about, what it rests on, and what depends on it."""
    blocks: list[Block] = [Sentence(_told(trace.down), strong=True)]
    if trace.unanswered:
        told = "No number: no draws were asked for, or the case does not say what a forecast needs."
        blocks.append(Sentence(told, "muted"))
    if trace.draws:
        blocks.append(Sentence(_origin(trace), "muted"))
    if trace.down.children:
        points = tuple(map(_point, trace.down.children))
        blocks.append(Section("What it rests on", (Points(points),)))
    elif trace.down.mark:
        blocks.append(Sentence(_sentence(trace.down.mark)))
    if trace.up.children:
        points = tuple(map(_point, trace.up.children))
        blocks.append(Section("What depends on it", (*_answers(trace), Points(points))))
    elif trace.down.kind != "arrangement" and trace.down.kind != "answer":
        blocks.append(Sentence(_sentence(IDLE)))
    if DEEPER in _marks(trace.down) | _marks(trace.up):
        told = "Where there is more below, ask for that path, or for more levels (`--depth`)."
        blocks.append(Sentence(told, "muted"))
    return tuple(blocks)


def _answers(trace: Trace) -> tuple[Block, ...]:
    """The answers in one sentence, those on hypotheses first; none where one level shows them."""
    leading = {f"arrangements.{name}" for name in trace.case.hypotheses}
    names = sorted(trace.answers, key=lambda name: name.rpartition(".")[0] not in leading)
    if not names or trace.down.kind == "answer":
        return ()
    told = ", ".join(name.partition(".")[2] for name in names[:MOST])
    more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
    return (Sentence(f"Answers: {told}{more}."),)


def _origin(trace: Trace) -> str:
    return (
        f"Numbers of likelihood: {trace.draws:,} draws from seed {trace.seed}; acceptance and "
        "stability are at the most likely values of the judgements."
    )


def _point(node: Node) -> Point:
    children = node.children
    plain = [child for child in children if child.kind == "answer" and not child.children]
    if node.kind != "process" or len(plain) <= FEW:
        return Point(_told(node), tuple(map(_point, children)), _tone(node))
    points = [_point(child) for child in children if child not in plain]
    text = f"{len(plain):,} more arrangements, by the inside view"
    return Point(_told(node), (*points, Point(text, tone="muted")), _tone(node))


def _told(node: Node) -> str:
    text = node.text if node.kind == "part" else f"{_called(node)}: {node.text}"
    if node.note and not (node.kind == "part" and node.note.startswith("through ")):
        text += f"; {node.note}"
    if node.line is not None:
        text += f" (line {node.line:,})"
    if node.mark == ABOVE:
        return f"{text} (above)"
    return f"{text} ({node.mark})" if node.mark else text


def _called(node: Node) -> str:
    """How a thing is called: without what every name of its kind begins with."""
    if node.kind in ITEMS or node.kind in ("arrangement", "answer"):
        return node.name.partition(".")[2]
    return node.name


def _tone(node: Node) -> Tone:
    if node.mark and node.mark not in (ABOVE, DEEPER):
        return "warn" if node.kind not in ("part", "answer") else "plain"
    if isinstance(node.value, bool):
        return "good" if node.value else "bad"
    return "muted" if node.mark else "plain"


def _sentence(mark: str) -> str:
    return f"{mark[:1].upper()}{mark[1:]}."


def _marks(node: Node) -> set[str]:
    found, open_ = {node.mark}, list(node.children)
    while open_:
        one = open_.pop()
        found.add(one.mark)
        open_ += one.children
    return found
