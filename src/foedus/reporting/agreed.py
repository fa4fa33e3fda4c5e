"""Who would be worse off with an arrangement and who refuses it, told beside another answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foedus.case.model import Case
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


def agreed_told(case: Case, agreed: Agreed) -> str:
    """One answer on consent in words."""
    parts = [_STATUS[agreed.status]] if agreed.status in _STATUS else []
    if agreed.worse_off:
        parts.append(f"worse off or no better: {_names(case, agreed.worse_off)}")
    if agreed.refuse:
        parts.append(f"always refused by {_names(case, agreed.refuse)}")
    return "; ".join(parts) or "opposed"


def agreed_table(
    case: Case, rows: Sequence[tuple[str, Agreed, Agreed]], columns: tuple[str, str]
) -> Table:
    """What is said otherwise: the name of each arrangement, and both answers."""
    return Table(
        "What changes in who would agree",
        (Column("at the most likely values"), *(Column(name) for name in columns)),
        tuple(
            (Cell(name), *(Cell(agreed_told(case, each), agreed_tone(each)) for each in both))
            for name, *both in rows
        ),
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


def _names(case: Case, actors: Sequence[str]) -> str:
    return listed((case.actors[actor].name for actor in actors), "and")
