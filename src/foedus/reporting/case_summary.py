"""What a case holds, in short: what ``foedus check`` answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case
from foedus.case.places import Notice
from foedus.document import Block, Cell, Column, Sentence, Table
from foedus.preferences.games import Game
from foedus.process.holding import solvable
from foedus.reporting.case_events import event_counts, event_data
from foedus.result import Result

DRAWS, FARSIGHTED = 1_000, 100
"""A forecast has so many draws by default."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Check(Result):
    """A case that is in order, with what its reader should be told all the same."""

    game: Game

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
        return {"ok": True, "file": self.case.file, **summary_data(self.game)}


def check_blocks(check: Check) -> tuple[Block, ...]:
    """The summary for a reader."""
    return summary_blocks(check.game)


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
    return (answer, *asked, _counts(game), *_today(game), *_cost(game))


def _cost(game: Game) -> tuple[Block, ...]:
    """About how long a forecast will take, where the case allows one."""
    if not solvable(game) or not game.views:
        return ()
    from foedus.process.cost import cost_of
    from foedus.process.model import Process

    cost = cost_of(Process.of(game))
    text = (
        f"A forecast looks at some {cost.met:,} of {cost.states:,} states in a draw: about "
        f"{_seconds(cost.myopic(DRAWS))} of one core for {DRAWS:,} draws and as much again for "
        f"each variant, and about {_seconds(cost.farsighted(FARSIGHTED))} for {FARSIGHTED} draws "
        "of farsighted actors."
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
    name = "The status quo"
    if not game.case.today:
        name += ", taken as the first position of every issue,"
    ends = f", which becomes state {fall + 1:,} at the deadline" if fall != today else ""
    return [
        Table(
            f"{name} is state {today + 1:,}{ends}",
            columns[:kept],
            tuple(row[:kept] for row in rows),
        )
    ]


def _names(ids: list[str], most: int = 12) -> str:
    told = ", ".join(ids[:most])
    return told if len(ids) <= most else f"{told} and {len(ids) - most:,} more"
