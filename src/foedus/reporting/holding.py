"""What would hold, in words: how many equilibria there are, and each arrangement against them."""

from __future__ import annotations

from foedus.document import Block, Cell, Column, Sentence, Table, Tone
from foedus.equilibria.registry import CONCEPTS
from foedus.equilibria.solve import Stability
from foedus.game.naming import mover_name
from foedus.preferences.games import Game
from foedus.process.holding import Holding, holding

SHOWN = 20
"""How many equilibria are spelled out for a reader unless more are asked for."""


def holding_blocks(held: Holding, limit: int | None = None) -> tuple[Block, ...]:
    """How many equilibria there are, what holds of each arrangement, and ``limit`` of them."""
    return (
        _counts(held),
        *terms_told(held.solved.game),
        *holding_table(held),
        *_equilibria(held, SHOWN if limit is None else limit),
    )


def terms_told(game: Game) -> tuple[Sentence, ...]:
    """On what terms stability is asked, in a sentence; none where nothing is to be said."""
    told = [] if game.day is None else [f"Rights are those on {game.day}."]
    told += ["Events play no part in stability."] if game.case.events else []
    return (Sentence(" ".join(told)),) if told else ()


def stability_blocks(solved: Stability, limit: int | None = None) -> tuple[Block, ...]:
    """The equilibria, and each arrangement against them."""
    return holding_blocks(holding(solved), limit)


def holding_table(held: Holding) -> tuple[Block, ...]:
    """What holds of each arrangement, as a table; nothing for a case without any."""
    if not held.holds:
        return ()
    concepts = held.solved.concepts
    forms = any(hold.form is not None for hold in held.holds.values())
    head = [Column("arrangement"), Column("settled states", True)]
    note = "Counted are the settled states of each arrangement that are equilibria."
    if forms:
        note += " ✓ and ✗: what the best form reverts to is one of them or not."
    table = Table(
        "What would be stable, by arrangement",
        (*head, *(Column(concept.upper(), True) for concept in concepts)),
        tuple(
            (
                Cell(held.solved.game.case.arrangements[name].name),
                Cell(f"{hold.settled:,}"),
                *(
                    Cell(f"{hold.stable[concept]:,}", _tone(hold.holds(concept)))
                    for concept in concepts
                ),
            )
            for name, hold in held.holds.items()
        ),
        note,
    )
    return (table,)


def leaving_told(held: Holding, arrangement: str, concept: str, *, names: bool = True) -> Sentence:
    """Whether an arrangement's best form holds; ``names``: and who would leave it."""
    hold = held.holds[arrangement]
    game = held.solved.game
    share = f"{hold.stable[concept]:,} of its {hold.settled:,} settled states are equilibria"
    if hold.form is None:
        return Sentence(f"{share} ({concept.upper()}).")
    space = game.space
    form = space.describe(hold.form, apart_from=space.today) or "the status quo"
    where = f"Its best form ({form})"
    if not hold.leaving[concept]:
        return Sentence(f"{where} would be stable ({concept.upper()}); {share}.", "good")
    text = f"{where} would not be stable ({concept.upper()}); {share}."
    if names:
        who = "; ".join(mover_name(game.case, mover) for mover in hold.leaving[concept])
        text += f" Who would leave it: {who}."
    return Sentence(text, "bad")


def _counts(held: Holding) -> Table:
    space = held.solved.game.space
    rows = []
    for concept in held.solved.concepts:
        told = CONCEPTS[concept]
        count = len(held.solved.equilibria(concept))
        rows.append((Cell(told.name), Cell(f"{count:,}"), Cell(told.meaning)))
    return Table(
        f"Equilibria among {int(space.settled.sum()):,} settled states",
        (Column("concept"), Column("equilibria", True), Column("a mover stays when")),
        tuple(rows),
        "An equilibrium is a state that every mover would stay in.",
    )


def _equilibria(held: Holding, limit: int) -> tuple[Block, ...]:
    found = held._union()
    if not len(found):
        return (Sentence("No settled state is an equilibrium.", "warn"),)
    space = held.solved.game.space
    masks = {concept: held.solved.holds(concept) for concept in held.solved.concepts}
    rows = []
    for index in found[:limit]:
        under = [concept.upper() for concept, mask in masks.items() if mask[index]]
        all_ = len(under) == len(masks)
        rows.append(
            (
                Cell(f"{index + 1:,}"),
                Cell(space.describe(int(index), apart_from=space.today) or "the status quo"),
                Cell("all" if all_ and len(under) > 1 else " ".join(under)),
            )
        )
    column = "positions" if space.today is None else "what differs from the status quo"
    more = len(found) - len(rows)
    note = f"{more:,} more are not shown." if more else None
    head = (Column("state"), Column(column), Column("under"))
    return (Table("The equilibria", head, tuple(rows), note),)


def _tone(holds: bool | None) -> Tone:
    return "plain" if holds is None else "good" if holds else "bad"
