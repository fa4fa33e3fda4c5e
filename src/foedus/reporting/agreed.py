"""Who would be worse off with an arrangement and who refuses it, told beside another answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Cell, Column, Table, Tone

if TYPE_CHECKING:
    from foedus.sensitivity.agreed import Agreed

NOTHING_CHANGES = (
    "At the most likely values the same actors would be worse off with each arrangement, and the "
    "same refuse it."
)

_STATUS = {
    "impossible": "impossible",
    "nobody": "nobody can bring it about",
    "by itself": "comes by itself",
    "in stages": "comes in stages alone",
    "acceptable": "all who are asked are better off",
}


def agreed_told(names: Mapping[str, str], agreed: Agreed) -> str:
    """One answer on consent in words; ``names`` are those of the actors."""
    parts = [_STATUS[agreed.status]] if agreed.status in _STATUS else []
    if agreed.worse_off:
        parts.append(f"worse off or no better: {_names(names, agreed.worse_off)}")
    if agreed.refuse:
        parts.append(f"always refused by {_names(names, agreed.refuse)}")
    return "; ".join(parts) or "opposed"


def agreed_table(
    names: Mapping[str, str],
    rows: Sequence[tuple[str, Agreed, Agreed]],
    columns: tuple[str, str],
    more: tuple[str, Sequence[str]] | None = None,
) -> Table:
    """What is said otherwise: the name of each arrangement, and both answers.

    ``names`` are those of the actors; ``more`` is one more column, with its cells.
    """
    cells = [
        [Cell(name), *(Cell(agreed_told(names, each), agreed_tone(each)) for each in both)]
        for name, *both in rows
    ]
    titles = ["at the most likely values", *columns]
    if more is not None:
        titles.append(more[0])
        for row, text in zip(cells, more[1], strict=True):
            row.append(Cell(text))
    return Table(
        "What changes in who would agree",
        tuple(Column(title) for title in titles),
        tuple(tuple(row) for row in cells),
    )


def agreed_tone(agreed: Agreed) -> Tone:
    """Good where everybody asked gains, bad where somebody does not."""
    match agreed.status:
        case "acceptable":
            return "good"
        case "opposed":
            return "bad"
        case _:
            return "plain"


def _names(names: Mapping[str, str], actors: Sequence[str]) -> str:
    return listed((names[actor] for actor in actors), "and")
