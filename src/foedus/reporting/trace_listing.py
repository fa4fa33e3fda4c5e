"""What can be traced in a case, told by kind; and for the report, which path tells which number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.document import Block, Cell, Column, Sentence, Table
from foedus.preferences.games import Game, game_of
from foedus.process.holding import solvable
from foedus.tracing.solve import traceable, web_of

EXAMPLES = 2
"""So many paths of a kind are shown as examples."""

FEW = 5
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
    names = case.hypotheses or tuple(case.arrangements)[:FEW]
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
