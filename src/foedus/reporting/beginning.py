"""What is said to somebody who has just been given a starter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Point, Points, Sentence, Table

if TYPE_CHECKING:
    from foedus.preferences.games import Game


def kinds_blocks(kinds: Mapping[str, str], given: str) -> tuple[Block, ...]:
    """List the kinds of questions for a reader, and say which of them was ``given``."""
    rows = tuple((Cell(kind), Cell(question)) for kind, question in kinds.items())
    columns = (Column("--kind"), Column("its question"))
    return (
        Sentence(f"This is the plainest kind, `{given}`. There are {len(kinds)}:"),
        Table("", columns, rows),
    )


def next_steps_blocks(file: str) -> tuple[Block, ...]:
    """Three commands to try on the new case, for a reader. ``file`` is quoted for a shell."""
    steps = {
        "check": "what the case holds, and what may be a slip",
        "forecast": "how likely each outcome is (a minute or so; with --most-likely at once)",
        "accept": "who would be better or worse off, and who refuses",
    }
    return (
        Sentence("Try next:"),
        Points(tuple(Point(f"foedus {name} {file}: {what}") for name, what in steps.items())),
        Sentence(
            "Then change a number in the file, and forecast again; or see at once what a change "
            f"does, by its name in the file: foedus whatif {file} --set NAME=VALUE."
        ),
    )


def told_blocks(game: Game, step: str) -> tuple[Block, ...]:
    """What a case already tells after one step of writing it, for its writer.

    The steps are ``question``, ``actors``, ``issues``, ``rights``, ``wants`` and ``evidence``;
    another tells nothing.
    """
    match step:
        case "question":
            return _asked(game)
        case "actors":
            return _acting(game)
        case "issues":
            from foedus.reporting.case_summary import summary_blocks

            return summary_blocks(game)
        case "rights":
            from foedus.reporting.case_arrangements import arrangements_blocks

            return arrangements_blocks(game)
        case "wants":
            from foedus.process.acceptance import acceptance

            return acceptance(game).blocks()
        case "evidence":
            from foedus.evidence.audit import audit

            return audit(game.case).blocks()
        case _:
            return ()


def _asked(game: Game) -> tuple[Block, ...]:
    """How long there is, and what is asked about."""
    case = game.case
    told = []
    if case.as_of and case.deadline:
        days = (case.deadline - case.as_of).days
        told.append(Point(f"From {case.as_of} to {case.deadline} there are {days:,} days."))
    names = [f"“{case.arrangements[name].name}”" for name in case.hypotheses]
    if names:
        told.append(Point(f"A forecast says how likely each is: {listed(names, 'and')}."))
    else:
        told.append(Point("No hypotheses are named: a forecast is then of all arrangements."))
    told += [Point(f"The author asks: {each.asks}") for each in case.questions.values()]
    return (Points(tuple(told)),)


def _acting(game: Game) -> tuple[Block, ...]:
    """Who can move something, alone or with others, and who wants nothing yet."""
    case = game.case
    names = {actor: each.name for actor, each in case.actors.items()}
    movers = [listed((names[a] for a in mover.members), "with") for mover in game.movers]
    silent = [name for actor, name in names.items() if actor not in case.preferences]
    told = [Point(f"Who can change something: {'; '.join(movers) or 'nobody yet'}.")]
    if silent:
        told.append(Point(f"Of these it is not said what they want: {listed(silent, 'and')}."))
    return (Points(tuple(told)),)
