"""The arrangements of a case: which are possible, and which rules exclude the others."""

from __future__ import annotations

from typing import Any

from foedus.case.model import Arrangement, Rule
from foedus.document import Block, Cell, Column, Point, Points, Sentence, Table
from foedus.game import Game
from foedus.space import smallest_conflict


def excluded_by(game: Game, arrangement: str) -> tuple[Rule, ...] | None:
    """A smallest set of rules that leaves no state for an arrangement that has none.

    Empty when it contradicts itself, or when only states match it that do not outlast the deadline;
    None when the issues involved are too many to find out.
    """
    tree = game.case.arrangements[arrangement].when.tree
    return () if game.space.holds(tree).any() else smallest_conflict(game.case, tree)


def arrangements_data(game: Game) -> dict[str, Any]:
    """Every arrangement as plain data."""
    told = []
    for arrangement in game.case.arrangements.values():
        count = int(game.space.matches(arrangement.id).sum())
        entry: dict[str, Any] = {
            "id": arrangement.id,
            "name": arrangement.name,
            "when": arrangement.when.text,
            "possible": count > 0,
            "states": count,
            "settled": _settled(game, arrangement.id),
            "hypothesis": arrangement.id in game.case.hypotheses,
        }
        if not count:
            rules = excluded_by(game, arrangement.id)
            entry["excluded_by"] = (
                None
                if rules is None
                else [{"rule": rule.statement.text, "why": rule.why} for rule in rules]
            )
        told.append(entry)
    return {"states": len(game.space), "arrangements": told}


def arrangements_blocks(game: Game) -> tuple[Block, ...]:
    """Every arrangement for a reader: a table, then why the impossible ones are."""
    case, space = game.case, game.space
    if not case.arrangements:
        return (Sentence("The case names no arrangements."),)
    rows = []
    impossible = []
    for arrangement in case.arrangements.values():
        count = int(space.matches(arrangement.id).sum())
        if not count:
            impossible.append(arrangement)
        rows.append(
            (
                Cell(arrangement.name, note=arrangement.id),
                Cell(f"{count:,}", "plain" if count else "bad"),
                Cell(f"{_settled(game, arrangement.id):,}"),
                Cell(arrangement.when.text),
            )
        )
    table = Table(
        "Arrangements",
        (Column("arrangement"), Column("states", True), Column("settled", True), Column("when")),
        tuple(rows),
        f"A state counts by what it falls to at the deadline. The case has {len(space):,} feasible "
        f"states, {int(space.settled.sum()):,} of them settled.",
    )
    return (table, *_impossible(game, impossible))


def _settled(game: Game, arrangement: str) -> int:
    return int((game.space.matches(arrangement) & game.space.settled).sum())


def _impossible(game: Game, arrangements: list[Arrangement]) -> tuple[Block, ...]:
    if not arrangements:
        return (Sentence("All of them are possible.", "good"),)
    points = tuple(_excluded_point(game, arrangement) for arrangement in arrangements)
    return (Sentence("Impossible, and why:"), Points(points))


def _excluded_point(game: Game, arrangement: Arrangement) -> Point:
    tree = arrangement.when.tree
    rules = excluded_by(game, arrangement.id)
    if rules is None:
        text = "the rules leave no state for it; they involve too many issues to name a few"
        return Point(f"{arrangement.name}: {text}")
    if not rules:
        possible = game.space.holds(tree).any()
        text = "does not outlast the deadline" if possible else "contradicts itself"
        return Point(f"{arrangement.name}: {text}")
    return Point(
        f"{arrangement.name}: the rules leave no state for it",
        tuple(Point(rule.why, (Point(f"rule: {rule.statement.text}"),)) for rule in rules),
    )
