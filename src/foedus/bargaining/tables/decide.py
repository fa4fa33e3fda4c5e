"""The lines of decide, a program for exchange models.

Cells stand apart by tabs, or by semicolons, and may have single quotes around them. `#A` has an
actor's id, `#P` an issue's, with names after them; `#M` an issue and a position on its scale, from
the least to the largest of which the scale goes; `#D` actor, issue, position, salience and power.
`#/` and `#O` are remarks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.tables.stances import SCALE, IssueFacts, Stance, issues_of, own_capability
from foedus.case.places import Place
from foedus.case.problems import CaseError, Problem, nearest, shown
from foedus.case.spelling import composed
from foedus.sheets.cells import Line, full, number_in

KINDS = ("#A", "#P", "#M", "#D", "#/", "#O")
CELLS = ("actor", "issue", "position", "salience", "power")


def _cells(text: str) -> list[str]:
    sign = "\t" if "\t" in text else ";"
    bare = (composed(cell.strip()) for cell in text.split(sign))
    return [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == "'" else cell for cell in bare]


def read_decide(
    text: str, file: str, scale: tuple[float, float] = SCALE
) -> tuple[OrderedIssue, ...]:
    """The issues of a file of decide. Raises CaseError with all that is wrong."""
    problems: list[Problem] = []
    actors: dict[str, str] = {}
    titles: dict[str, str] = {}
    ends: dict[str, list[float]] = {}
    stances: list[Stance] = []
    for k, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        kind, *cells = _cells(written)
        place = Place(k, 1)
        if kind not in KINDS:
            problems.append(Problem(f"a line begins with {shown(kind)}", place, " or ".join(KINDS)))
        elif kind in ("#A", "#P"):
            if not cells or not cells[0]:
                problems.append(Problem(f"{kind} without an id", place))
                continue
            (actors if kind == "#A" else titles)[cells[0]] = cells[1] if len(cells) > 1 else ""
        elif kind == "#M":
            line = Line(dict(zip(("issue", "position"), cells, strict=False)), place)
            if _known(line, "issue", titles, problems):
                value = number_in(line, "position", problems)
                ends.setdefault(line.text("issue"), []).append(value)
        elif kind == "#D":
            line = Line(dict(zip(CELLS, cells, strict=False)), place)
            if (stance := _stance(line, actors, titles, problems)) is not None:
                stances.append(stance)
    facts = {}
    for issue, title in titles.items():
        held = ends.get(issue, [])
        low, high = (min(held), max(held)) if len(set(held)) > 1 else scale
        facts["", issue] = IssueFacts(low, high, title="" if title == issue else title)
    if any(math.isnan(end) for each in ends.values() for end in each):
        raise CaseError(problems, file)
    return issues_of(stances, facts, own_capability, file, problems)


def _known(line: Line, column: str, known: dict[str, str], problems: list[Problem]) -> bool:
    name = line.text(column)
    if name in known:
        return True
    sign = "#A" if column == "actor" else "#P"
    message = f"no {column} {shown(name)} in a line {sign} before"
    problems.append(Problem(message, line.place, nearest=nearest(name, known)))
    return False


def _stance(
    line: Line, actors: dict[str, str], titles: dict[str, str], problems: list[Problem]
) -> Stance | None:
    before = len(problems)
    there = [_known(line, "actor", actors, problems), _known(line, "issue", titles, problems)]
    position = number_in(line, "position", problems)
    salience = number_in(line, "salience", problems, 0.0, 100.0)
    power = number_in(line, "power", problems, 0.0)
    if not all(there) or len(problems) > before:
        return None
    key = "", line.text("issue")
    return Stance(key, line.text("actor"), position, salience, line.place, power)


def write_decide(issues: Sequence[OrderedIssue]) -> str:
    """All issues as a file of decide. Raises ValueError for a name with a tab or a line end."""
    actors = dict.fromkeys(actor for issue in issues for actor in issue.actors)
    rows: list[list[str]] = [["#A", actor, actor] for actor in actors]
    for issue in issues:
        name = issue.issue
        rows.append(["#P", name, issue.title or name])
        rows += [["#M", name, full(end)] for end in (issue.low, issue.high)]
    for issue in issues:
        for k, actor in enumerate(issue.actors):
            numbers = issue.position[k], issue.salience[k], issue.capability[k]
            rows.append(["#D", actor, issue.issue, *(full(float(n)) for n in numbers)])
    if any(sign in cell for row in rows for cell in row for sign in "\t\r\n"):
        raise ValueError("a name has a tab or a line end, which a file of decide cannot have")
    return "".join("\t".join(row) + "\n" for row in rows)
