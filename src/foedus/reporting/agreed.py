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
    "by events": "comes by events alone",
    "acceptable": "all who are asked are better off",
}


def agreed_told(names: Mapping[str, str], agreed: Agreed) -> str:
    """One answer on consent in words; ``names`` are those of the actors."""
    parts = [_STATUS[agreed.status]] if agreed.status in _STATUS else []
    if agreed.refuse:
        parts.append(f"refused by {_names(names, agreed.refuse)}")
    if others := [actor for actor in agreed.worse_off if actor not in agreed.refuse]:
        parts.append(f"no better off: {_names(names, others)}")
    return "; ".join(parts) or "opposed"


def agreed_table(
    names: Mapping[str, str],
    rows: Sequence[tuple[str, Agreed, Agreed]],
    columns: tuple[str, str],
    more: tuple[str, Sequence[str]] | None = None,
) -> Table:
    """What is said otherwise; arrangements of which the same is said share a row.

    ``rows`` are the name of each arrangement and both answers, ``names`` those of the actors;
    ``more`` is one more column, with its cells.
    """
    extra = more[1] if more is not None else [""] * len(rows)
    alike: dict[tuple[str, ...], list[int]] = {}
    for k, (_, *both) in enumerate(rows):
        said = (*(agreed_told(names, each) for each in both), extra[k])
        alike.setdefault(said, []).append(k)
    cells = []
    for said, numbers in alike.items():
        _, *both = rows[numbers[0]]
        row = [Cell("; ".join(rows[k][0] for k in numbers))]
        row += [Cell(t, agreed_tone(each)) for t, each in zip(said, both, strict=False)]
        cells.append((*row, Cell(said[-1])) if more is not None else tuple(row))
    titles = ["at the most likely values", *columns, *(more[:1] if more is not None else ())]
    note = (
        "Refused by: whenever they are asked. No better off: asked for the best form, and not "
        "expecting to gain by it."
    )
    return Table(
        "What changes in who would agree",
        tuple(Column(str(title)) for title in titles),
        tuple(cells),
        note,
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
