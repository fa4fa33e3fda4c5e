"""What a case is about: its actors, what is to be settled and by whom, and its rules."""

from __future__ import annotations

from foedus.case.model import Case, Issue
from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Point, Points, Sentence, Table
from foedus.preferences.games import Game
from foedus.reporting.case_events import event_blocks


def structure_blocks(game: Game) -> tuple[Block, ...]:
    """Actors, issues with their positions and rights, events, and rules, each as table or list."""
    case = game.case
    return (_actors(game), _issues(case), *event_blocks(case), *_rules(case))


def _actors(game: Game) -> Table:
    deciding = {actor for mover in game.movers for actor in mover.members}
    rows = tuple(
        (
            Cell(actor.name, note=actor.note),
            Cell(actor.kind),
            Cell("yes" if actor.id in deciding else "no"),
        )
        for actor in game.case.actors.values()
    )
    return Table("Actors", (Column("actor"), Column("kind"), Column("has a say")), rows)


def _issues(case: Case) -> Table:
    rows = tuple(
        (
            Cell(issue.name, note=issue.note),
            Cell("; ".join(_positions(case, issue))),
            Cell(_rights(issue)),
        )
        for issue in case.issues.values()
    )
    return Table(
        "What is to be settled",
        (Column("issue"), Column("positions"), Column("who may change it")),
        rows,
    )


def _positions(case: Case, issue: Issue) -> list[str]:
    told = []
    for position in issue.positions:
        marks = []
        if case.today and case.today.get(issue.id) == position.id:
            marks.append("today")
        if position.id in issue.falls:
            marks.append(f"until the deadline, then {_reverting(issue, position.id)}")
        if position.id in issue.never_back_to:
            marks.append("never returned to")
        if position.id in issue.final:
            marks.append("final")
        told.append(f"{position.label} ({', '.join(marks)})" if marks else position.label)
    return told


def _reverting(issue: Issue, position: str) -> str:
    """What an expiring position becomes, with the conditions in the words of the file."""
    told = []
    for entry in issue.falls[position]:
        label = issue.positions[issue.number(entry.to)].label
        told.append(label if entry.when is None else f"{label} if {entry.when.text}")
    return ", else ".join(told)


def _rights(issue: Issue) -> str:
    """The rights over an issue in the words of the file, the general one first."""
    rights = issue.decided_by
    special = [f"to {p}: {right.text}" for p, right in rights.to.items()]
    special += [f"from {a} to {b}: {right.text}" for (a, b), right in rights.changes.items()]
    if not special:
        return rights.default.text
    if any(entry.right.movers for entry in rights.default.entries):
        special.append(f"otherwise: {rights.default.text}")
    return "; ".join(special)


def _rules(case: Case) -> tuple[Block, ...]:
    if not case.rules:
        return (Sentence("The case has no rules: every combination of positions is possible."),)
    points = tuple(
        Point(
            rule.why,
            (
                Point(f"rule: {rule.statement.text}"),
                *((Point(f"because of {listed(rule.because, 'and')}"),) if rule.because else ()),
            ),
        )
        for rule in case.rules
    )
    return (Sentence("Rules, which every possible state satisfies:"), Points(points))
