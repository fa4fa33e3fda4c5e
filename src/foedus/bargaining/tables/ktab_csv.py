"""KTAB's CSV: a line on the scenario, a header, then a line an actor.

The first line has a name, a description, how many actors, and how many issues; the second Actor,
Description, Power, and for each issue its position and its salience; both may end in a comma.
Positions and saliences are from 0 to 100. Every actor has a stance on every issue.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.tables.stances import SCALE, IssueFacts, Stance, issues_of, own_capability
from foedus.case.places import Place
from foedus.case.problems import CaseError, Problem, shown
from foedus.sheets.cells import Line, as_text, full, number_in, plain
from foedus.sheets.rows import csv_rows


def read_ktab_csv(
    text: str, file: str, scale: tuple[float, float] = SCALE
) -> tuple[OrderedIssue, ...]:
    """The issues of a file of KTAB. Raises CaseError with all that is wrong."""
    rows = [(list(map(plain, cells)), line) for line, cells in csv_rows(text, file, ",")]
    if len(rows) < 3:
        expected = "a line on the scenario, a header, and a line an actor"
        raise CaseError([Problem("the file ends early", expected=expected)], file)
    (scenario, _), (header, at) = rows[0], rows[1]
    header = header[:-1] if header[-1] == "" else header
    titles = header[3::2]
    problems: list[Problem] = []
    if len(header) < 5 or len(header) % 2 == 0:
        expected = "Actor, Description, Power, and a position and a salience for each issue"
        raise CaseError([Problem("this header has no such columns", Place(at, 1), expected)], file)
    for cell, found, what in zip(
        scenario[2:4], (len(rows) - 2, len(titles)), ("actors", "issues"), strict=False
    ):
        if cell != str(found):
            message = f"the first line tells of {shown(cell)} {what}, and there are {found}"
            problems.append(Problem(message, Place(1, 1)))
    names = [
        title if titles.count(title) == 1 else f"{title} {k}" for k, title in enumerate(titles)
    ]
    stances = []
    for cells, line in rows[2:]:
        cells = cells[:-1] if len(cells) == len(header) + 1 and cells[-1] == "" else cells
        place = Place(line, 1)
        if len(cells) != len(header):
            message = f"a row of {len(cells)} cells under {len(header)} columns"
            problems.append(Problem(message, place))
            continue
        stances += _row(cells, names, place, problems)
    facts = {("", name): IssueFacts(*scale) for name in names}
    return issues_of(stances, facts, own_capability, file, problems)


def _row(
    cells: Sequence[str], names: Sequence[str], place: Place, problems: list[Problem]
) -> list[Stance]:
    """An actor's stances; none where something is wrong with its row."""
    before = len(problems)
    power = number_in(Line({"Power": cells[2]}, place), "Power", problems, 0.0)
    found = []
    for k, name in enumerate(names):
        two = Line({name: cells[3 + 2 * k], "salience": cells[4 + 2 * k]}, place)
        position = number_in(two, name, problems)
        salience = number_in(two, "salience", problems, 0.0, 100.0)
        found.append(Stance(("", name), cells[0], position, salience, place, power))
    return found if len(problems) == before else []


def same_actors(issues: Sequence[OrderedIssue]) -> None:
    """Raise ValueError where actors differ from issue to issue, which KTAB has no place for."""
    first = issues[0]
    for issue in issues:
        if issue.actors != first.actors or not np.array_equal(issue.capability, first.capability):
            raise ValueError(
                f"{issue.issue!r} has other actors or capabilities than {first.issue!r}, and KTAB "
                "has one list for all issues"
            )


def write_ktab_csv(issues: Sequence[OrderedIssue]) -> str:
    """All issues as a file of KTAB. Raises ValueError where actors differ between issues."""
    same_actors(issues)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    first = issues[0]
    writer.writerow([as_text(first.proposal or first.issue), "", len(first.actors), len(issues)])
    names = [cell for each in issues for cell in (each.issue, f"{each.issue} salience")]
    writer.writerow(["Actor", "Description", "Power", *map(as_text, names)])
    for k, actor in enumerate(first.actors):
        cells = [full(float(v)) for each in issues for v in (each.position[k], each.salience[k])]
        writer.writerow([as_text(actor), "", full(float(first.capability[k])), *cells])
    return out.getvalue()
