"""A trace as nested points, and what can be traced in a case: every path, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.document import Block, Cell, Column, Point, Points, Section, Sentence, Table, Tone
from foedus.preferences.games import Game, game_of
from foedus.process.holding import solvable
from foedus.tracing.solve import traceable, web_of
from foedus.tracing.trees import ABOVE, DEEPER, IDLE, Node

if TYPE_CHECKING:
    from foedus.tracing.solve import Trace


EXAMPLES = 2
"""So many paths of a kind are shown as examples."""

MOST_ANSWERS = 5
"""Of a case without hypotheses the report names the paths of so many arrangements."""

NUMBERS = (
    ("possible", "whether it is possible"),
    ("acceptable", "whether all who are asked would agree"),
    ("holds", "whether it would be stable"),
    ("reached", "its chance by the inside view"),
    ("outside", "its chance by the outside view"),
    ("evidence", "what the evidence changes"),
    ("pooled", "its chance by the views together"),
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The paths that can be traced in a case, by kind."""

    file: str
    paths: Mapping[str, tuple[str, ...]]

    def to_dict(self) -> dict[str, list[str]]:
        """Plain data: every path, by kind."""
        return {kind: list(names) for kind, names in self.paths.items()}

    def blocks(self) -> tuple[Block, ...]:
        """The kinds with their counts and examples."""
        rows = tuple(
            (Cell(kind), Cell(f"{len(names):,}"), Cell(", ".join(names[:EXAMPLES])))
            for kind, names in self.paths.items()
        )
        columns = (Column("kind"), Column("how many", True), Column("such as"))
        note = "What stands before the first point may be left out where that leaves one meaning."
        return (Table("What can be traced", columns, rows, note),)


def listing(case: Case | Game) -> Listing:
    """List what can be traced. Raises CaseError for a case that cannot be solved."""
    game = game_of(case) if isinstance(case, Case) else case
    things = traceable(web_of(game))
    kinds = groupby(things, key=lambda thing: thing.kind)
    found = {kind: tuple(thing.name for thing in group) for kind, group in kinds}
    return Listing(game.case.file, immutabledict(found))


def traced_section(game: Game) -> tuple[Block, ...]:
    """For each hypothesis, its answers and the paths by which to ask what carries them.

    Of a case without hypotheses, for its first arrangements. Empty without any.
    """
    case = game.case
    names = case.hypotheses or tuple(case.arrangements)[:MOST_ANSWERS]
    if not names:
        return ()
    told = "Each answer can be followed down to the sources that carry it, and each source up: "
    told += "`foedus trace CASE PATH`, where CASE is the case's file."
    columns = (Column("number"), Column("path to ask"))
    tables = [
        Table(
            case.arrangements[name].name,
            columns,
            tuple((Cell(words), Cell(f"{name}.{answer}")) for answer, words in _known(game, name)),
        )
        for name in names
    ]
    return (Sentence(told), *tables)


def _known(game: Game, name: str) -> list[tuple[str, str]]:
    """The answers that there are of an arrangement, with what each is."""
    known = {"possible"}
    if solvable(game):
        known |= {"acceptable", "holds", "reached"}
        known |= {"outside", "evidence", "pooled"} if name in game.case.hypotheses else set()
    return [(answer, words) for answer, words in NUMBERS if answer in known]


MOST = 12
"""So many answers that depend on a thing are named in one sentence."""

FEW = 4
"""Of so many arrangements that the process leads to each is shown, of more only the others."""

ITEMS = ("fact", "report", "assumption", "inference", "poll")


def trace_blocks(trace: Trace, *, hints: bool = True) -> tuple[Block, ...]:
    """What was asked about, what it rests on, and what depends on it.

    The ``hints`` say how to ask on at the command line or from Python.
    """
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
    if hints and DEEPER in _marks(trace.down) | _marks(trace.up):
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
