"""Commands that answer questions: ``accept``, ``stability``, ``explain``, ``report``."""

from __future__ import annotations

from enum import StrEnum
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.cli.auditing import strikes_of
from foedus.cli.foresight import Draws, Effort, Quiet, Seed, WorkerCount, outlook_if_possible
from foedus.cli.options import AsJson, CaseFile, game_in
from foedus.cli.output import tell, tell_beside, tell_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.analysis.stability.solve import Stability
    from foedus.game import Game


STRIKE_DRAWS = 400
"""With so many draws the report works out what moves when an item of evidence is struck.

Where fewer are asked for it does not: a quarter of them, in the first pass, would tell little.
"""

STRIKES = 6
"""So many items are struck with all of these draws, one more than the report tells in words."""


class Only(StrEnum):
    """What alone is to be listed."""

    EQUILIBRIA = "equilibria"


def stability(
    case: CaseFile,
    concepts: Annotated[
        str,
        typer.Option(
            metavar="LIST", help="Which concepts, joined by commas: nash, gmr, smr, seq, sim."
        ),
    ] = "nash,gmr,smr,seq,sim",
    only: Annotated[
        Only | None,
        typer.Option(
            help="With --json: leave out where each mover is stable, and list as states the "
            "equilibria alone.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many equilibria are spelled out at most. [default: 20; 1,000 with --json "
            "--only equilibria]",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the states that would hold: those that no mover would leave."""
    chosen = _concepts(concepts)
    game = game_in(case)
    solved = _solved(game, chosen)
    if as_json:
        from foedus.analysis.stability.solve import DEFAULT_LIMIT

        alone = only is Only.EQUILIBRIA
        tell_json(solved.to_dict(only_equilibria=alone, limit=limit or DEFAULT_LIMIT))
        return
    from foedus.analysis.holding import SHOWN, acceptance_if_known, holding

    accepted = acceptance_if_known(game) if game.case.arrangements else None
    tell(holding(solved, accepted).blocks(limit or SHOWN))


def _concepts(text: str) -> list[str]:
    """The concepts asked for, each once, in the order asked. Raises CaseError."""
    from foedus.analysis.stability.registry import CONCEPTS

    asked = [name.strip().lower() for name in text.split(",") if name.strip()]
    problems = [
        Problem(f"no concept {shown(name)}", None, listed(CONCEPTS), nearest(name, CONCEPTS))
        for name in asked
        if name not in CONCEPTS
    ]
    if not asked:
        problems = [Problem("no concept is named", None, listed(CONCEPTS))]
    if problems:
        raise CaseError(problems, "--concepts")
    return list(dict.fromkeys(asked))


def _solved(game: Game, concepts: Sequence[str]) -> Stability:
    from foedus.analysis.stability.simultaneous import TooManyImprovements
    from foedus.analysis.stability.solve import stability as solve

    try:
        return solve(game, concepts)
    except TooManyImprovements as error:
        raise CaseError([Problem(str(error))], game.case.file) from None


def accept(case: CaseFile, as_json: AsJson = False) -> None:
    """Say who would say no to each arrangement, against what would happen without it."""
    game = game_in(case)
    from foedus.analysis.acceptance.solve import acceptance

    found = acceptance(game)
    if as_json:
        tell_json(found.to_dict())
    else:
        tell(found.blocks())


def report(
    case: CaseFile,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The page to write (HTML), whole or not at all.",
            show_default=False,
        ),
    ],
    draws: Draws = 10_000,
    seed: Seed = 1,
    workers: WorkerCount = None,
    no_forecast: Annotated[
        bool, typer.Option("--no-forecast", metavar="", help="Leave out how likely it all is.")
    ] = False,
    quiet: Quiet = False,
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print the file's path as JSON.")
    ] = False,
) -> None:
    """Write all answers as one page that needs no network and no script."""
    from foedus.render.html import page
    from foedus.reporting import report as composed
    from foedus.whole_files import refuse_no_file, write_whole

    refuse_no_file(output)
    game = game_in(case)
    ahead, silent = None, "No forecast was asked for."
    if not no_forecast:
        ahead, silent = outlook_if_possible(game, Effort(draws, seed, workers, quiet=quiet))
    hanging = None
    if ahead is not None and draws >= STRIKE_DRAWS and (game.case.evidence or game.case.polls):
        few = Effort(STRIKE_DRAWS, seed, workers, quiet=quiet)
        hanging = strikes_of(game.case, "items", few, STRIKES)
    made = composed(game, ahead, silent, hanging)
    footer = f"Made with foedus {version('foedus')} from {game.case.file}."
    html = page(
        made.title,
        made.blocks,
        lead=made.lead,
        subtitle=made.subtitle,
        facts=made.facts,
        footer=footer,
    )
    write_whole(output, html)
    tell_beside([f"written: {output}"])
    if as_json:
        tell_json(
            {"file": output, "title": made.title, "notices": list(map(str, game.case.notices))}
        )


def explain(
    case: CaseFile,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT",
            help="An arrangement's id, a state's number, or a statement such as "
            "'bridge = wide and toll = free'.",
            show_default=False,
        ),
    ],
    mover: Annotated[
        str | None,
        typer.Option(
            metavar="ACTORS", help="One mover: its actors joined by +.", show_default=False
        ),
    ] = None,
    concept: Annotated[
        str, typer.Option(metavar="CONCEPT", help="nash, gmr, smr, seq or sim.")
    ] = "seq",
    as_json: AsJson = False,
) -> None:
    """Say why: why an arrangement is refused, a state is left, or a pattern is impossible."""
    from foedus.analysis.why.asking import why

    answer = why(game_in(case), " ".join(what), mover, concept)
    if as_json:
        tell_json(answer.to_dict())
    else:
        tell(answer.blocks())
