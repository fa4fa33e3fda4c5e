"""How many states a case has, told for a reader."""

from __future__ import annotations

from foedus.case.problems import cut
from foedus.document import Block, Cell, Column, Sentence, Table
from foedus.game.space.counting import CountedSpace

MOST_PARTS = 20
"""So many parts are shown one by one."""

MOST_SAMPLES = 100
"""So many states are shown of a sample."""

LONGEST = 300
"""So many letters of a state are shown."""


def counted_blocks(found: CountedSpace) -> tuple[Block, ...]:
    """The count, what it is made of, and the sample, each state by what differs from today."""
    combinations = f"{found.combinations:,} combinations of positions"
    if not found.count:
        text = f"The rules leave none of {combinations}; `foedus check` says which contradict."
        return (Sentence(text, "bad", strong=True),)
    states = "1 state" if found.count == 1 else f"{found.count:,} states"
    blocks: list[Block] = [
        Sentence(f"The rules allow {states}, out of {combinations}.", strong=True)
    ]
    if len(found.parts) > 1:
        blocks.append(_parts(found))
    if found.sample:
        blocks.append(_sample(found))
    return tuple(blocks)


def _parts(found: CountedSpace) -> Table:
    rows = [
        (Cell(cut(", ".join(issues), LONGEST)), Cell(f"{count:,}"))
        for issues, count in found.parts[:MOST_PARTS]
    ]
    if (more := len(found.parts) - MOST_PARTS) > 0:
        rows.append((Cell(f"and {more:,} more (all of them: --json)"), Cell("")))
    return Table(
        "The states of issues that rules tie together; their product is that number",
        (Column("issues"), Column("states", numeric=True)),
        tuple(rows),
    )


def _sample(found: CountedSpace) -> Table:
    case = found.case
    today = case.today or {issue.id: issue.positions[0].id for issue in case.issues.values()}
    rows = []
    for number, state in enumerate(found.sample[:MOST_SAMPLES], start=1):
        told = [
            f"{issue.name}: {issue.positions[issue.number(state[issue.id])].label}"
            for issue in case.issues.values()
            if state[issue.id] != today[issue.id]
        ]
        rows.append((Cell(f"{number:,}"), Cell(cut("; ".join(told), LONGEST) or "the status quo")))
    if (more := len(found.sample) - MOST_SAMPLES) > 0:
        rows.append((Cell(""), Cell(f"and {more:,} more (all of them: --json)")))
    return Table(
        "States drawn at random, all equally likely",
        (Column("", numeric=True), Column("what differs from the status quo")),
        tuple(rows),
    )
