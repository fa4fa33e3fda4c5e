"""The arrangements of a case: which are possible, and which rules exclude the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foedus.case.model import Arrangement, Rule
from foedus.document import Block, Cell, Column, Point, Points, Sentence, Table
from foedus.game.space import smallest_conflict
from foedus.preferences.games import Game

Makers = Mapping[str, Sequence[tuple[str, ...]]]

MOST_MAKERS = 6
"""How many coalitions that make an arrangement are told one by one."""


def excluded_by(game: Game, arrangement: str) -> tuple[Rule, ...] | None:
    """A smallest set of rules that leaves no state for an arrangement that has none.

    Empty when it contradicts itself, or when only states match it that do not outlast the deadline;
    None when the issues involved are too many to find out.
    """
    tree = game.case.arrangements[arrangement].when.tree
    return () if game.space.holds(tree).any() else smallest_conflict(game.case, tree)


def arrangements_data(game: Game, makers: Makers | None = None) -> dict[str, Any]:
    """Every arrangement as plain data, with the smallest coalitions that make it, where known."""
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
            "makers": None if makers is None else list(map(list, makers[arrangement.id])),
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


def arrangements_blocks(game: Game, makers: Makers | None = None) -> tuple[Block, ...]:
    """Every arrangement for a reader: a table, then why the impossible ones are.

    ``makers`` maps each arrangement to the smallest coalitions that make it, where that is known.
    """
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
                Cell(f"{_settled(game, arrangement.id):,}", "plain" if count else "bad"),
                *(() if makers is None else (_made_by(game, makers[arrangement.id], count),)),
                Cell(arrangement.when.text),
            )
        )
    known = () if makers is None else (Column("who can make it"),)
    table = Table(
        "Arrangements",
        (
            Column("arrangement"),
            Column("settled states", True),
            *known,
            Column("when"),
        ),
        tuple(rows),
        f"The case has {len(space):,} feasible states, {int(space.settled.sum()):,} of them "
        "settled: with nothing that lapses at the deadline.",
    )
    return (table, *_impossible(game, impossible))


def _made_by(game: Game, makers: Sequence[tuple[str, ...]], states: int) -> Cell:
    """Who makes an arrangement: the smallest coalitions by their ids."""
    if not states:
        return Cell("")
    if not makers:
        return Cell("nobody has the right", "warn")
    if not makers[0]:
        return Cell("it comes by itself")
    told = "; or ".join(" + ".join(coalition) for coalition in makers[:MOST_MAKERS])
    more = len(makers) - MOST_MAKERS
    return Cell(f"{told}; or {more:,} others" if more > 0 else told)


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
