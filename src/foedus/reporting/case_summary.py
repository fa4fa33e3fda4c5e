"""What a case holds, in short: what ``foedus check`` answers; its actors, issues and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case, Issue
from foedus.case.places import Notice
from foedus.case.problems import CaseError, listed
from foedus.document import Block, Cell, Column, Point, Points, Sentence, Table
from foedus.forecasting.cost import changes_of, cost_of
from foedus.forecasting.options import LEFT_OUT
from foedus.game.naming import today_told
from foedus.preferences.games import Game
from foedus.process.model import Process
from foedus.reporting.case_events import event_blocks, event_counts, event_data
from foedus.reporting.slips import slips_blocks, slips_data
from foedus.result import Result
from foedus.slips.search import Slips, find_slips, process_of

MOST_LOOKED_INTO = 1 << 23
"""Where there are more changes than that, it would take minutes to say what a forecast costs."""


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


DRAWS, FARSIGHTED = 1_000, 100
"""A forecast has so many draws by default."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Check(Result):
    """A case that is in order, with what its reader should be told all the same.

    ``slips`` are what may be modelling slips; ``process`` is None where a case lacks what a
    forecast needs.
    """

    game: Game
    slips: Slips
    process: Process | None

    @property
    def case(self) -> Case:
        """The case."""
        return self.game.case

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the reader should be told though it is no error."""
        return self.game.case.notices

    def to_dict(self) -> dict[str, Any]:
        """The summary as plain data, as ``foedus check --json`` prints it."""
        slips = slips_data(self.case, self.slips)
        return {"ok": True, "file": self.case.file, **summary_data(self.game), "slips": slips}


def check_of(game: Game) -> Check:
    """Sum up a case that is in order, and look for slips in it."""
    process = process_of(game)
    return Check(game, find_slips(game, process), process)


def check_blocks(check: Check) -> tuple[Block, ...]:
    """The summary for a reader, and what may be a slip."""
    return (
        *summary_blocks(check.game),
        *_cost(check.process),
        *slips_blocks(check.case, check.slips),
    )


def summary_data(game: Game) -> dict[str, Any]:
    """The summary as plain data; states are told by their numbers, from 1."""
    case, space = game.case, game.space
    today = space.today
    return {
        "title": case.title,
        "question": case.question,
        "as_of": case.as_of.isoformat() if case.as_of else None,
        "deadline": case.deadline.isoformat() if case.deadline else None,
        "actors": list(case.actors),
        "issues": list(case.issues),
        "states": len(space),
        "settled": int(space.settled.sum()),
        "movers": [mover.key for mover in game.movers],
        "events": {event.id: event_data(event) for event in case.events.values()},
        "arrangements": {a: int(space.matches(a).sum()) for a in case.arrangements},
        "today": None
        if today is None
        else {
            "id": today + 1,
            "positions": space.positions(today),
            "falls_to": int(space.fall[today]) + 1,
        },
        "notices": list(map(str, case.notices)),
    }


def summary_blocks(game: Game) -> tuple[Block, ...]:
    """The summary for a reader."""
    case = game.case
    answer = Sentence(f"{case.file} is in order: {case.title}", "good", strong=True)
    asked = [Sentence(case.question)] if case.question else []
    return (answer, *asked, _counts(game), *_today(game))


def _cost(process: Process | None) -> tuple[Block, ...]:
    """About how long a forecast will take, where the case allows one."""
    if process is None:
        return ()
    process = process.under(left_out=LEFT_OUT)
    try:
        changes = changes_of(process)
        if changes > MOST_LOOKED_INTO:
            text = (
                f"There are some {changes / 1e6:,.0f} million changes between its states: a "
                "forecast may take hours, or be refused."
            )
            return (Sentence(text, "muted"),)
        cost = cost_of(process)
    except CaseError as error:  # what else a case is good for does not hang on it
        return (Sentence(f"No forecast can be made of it: {error.why}.", "bad"),)
    text = (
        f"A forecast looks at some {cost.met:,} of {cost.states:,} states in a draw: about "
        f"{_seconds(cost.headline(DRAWS))} of one core for {DRAWS:,} draws and "
        f"{_seconds(cost.myopic(DRAWS))} for each variant, and about "
        f"{_seconds(cost.farsighted(FARSIGHTED))} for {FARSIGHTED} draws of farsighted actors."
    )
    return (Sentence(text, "muted"),)


def _seconds(seconds: float) -> str:
    """A rough duration: ``3 s``, ``5 min``, ``2 h``."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(1, round(seconds))} s"


def _counts(game: Game) -> Table:
    case, space = game.case, game.space
    rows = [
        ("actors", f"{len(case.actors):,}", _names(list(case.actors))),
        ("issues", f"{len(case.issues):,}", _names(list(case.issues))),
        ("feasible states", f"{len(space):,}", _unsettled(game)),
        ("movers", f"{len(game.movers):,}", _names([mover.key for mover in game.movers])),
        ("arrangements", f"{len(case.arrangements):,}", _impossible(game)),
    ]
    if case.events:
        rows.append(("events", f"{len(case.events):,}", event_counts(case)))
    if case.evidence or case.polls:
        count = len(case.evidence) + len(case.polls)
        rows.append(("evidence and polls", f"{count:,}", ""))
    return Table(
        "",
        (Column(""), Column("how many", numeric=True), Column("which")),
        tuple(tuple(map(Cell, row)) for row in rows),
    )


def _unsettled(game: Game) -> str:
    settled = int(game.space.settled.sum())
    if settled == len(game.space):
        return "all of them settled"
    return f"{settled:,} of them settled; the others change at the deadline"


def _impossible(game: Game) -> str:
    if not game.case.arrangements:
        return ""
    impossible = [a for a in game.case.arrangements if not game.space.matches(a).any()]
    if not impossible:
        return "all of them possible"
    return f"impossible: {_names(impossible)}; `foedus arrangements` says why"


def _today(game: Game) -> list[Block]:
    space, today = game.space, game.space.today
    if today is None:
        text = "The case does not say what the status quo is, and the first positions of all issues"
        return [Sentence(f"{text} together are not possible.")]
    fall = int(space.fall[today])
    rows = []
    for k, issue in enumerate(game.case.issues.values()):
        column = space.reader.column(k)
        now, then = (issue.positions[int(column[state])].label for state in (today, fall))
        rows.append((Cell(issue.name), Cell(now), Cell(then, "muted" if then == now else "plain")))
    columns = (Column("issue"), Column("status quo"), Column("at the deadline, if nobody acts"))
    kept = 2 if fall == today else 3
    name = today_told(game.case).capitalize() + f" (state {today + 1:,})"
    ends = f", and what it reverts to at the deadline (state {fall + 1:,})" if fall != today else ""
    return [Table(name + ends, columns[:kept], tuple(row[:kept] for row in rows))]


def _names(ids: list[str], most: int = 12) -> str:
    told = ", ".join(ids[:most])
    return told if len(ids) <= most else f"{told} and {len(ids) - most:,} more"
