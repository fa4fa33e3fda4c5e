"""Commands that answer questions: ``accept``, ``stability``, ``explain``, ``report``, ``brief``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.case.problems import CaseError, Problem
from foedus.cli.foresight import progress, sensible
from foedus.cli.forms import form_of, refuse_paper
from foedus.cli.options import (
    MOST_COUNTED,
    AsJson,
    BehaviourId,
    CaseFile,
    ConceptId,
    Effort,
    NoForecast,
    OnDay,
    game_in,
    with_effort,
)
from foedus.cli.output import Output, tell, tell_answer, tell_json
from foedus.cli.values import names_in, whole_number
from foedus.document import Block, Sentence
from foedus.equilibria.registry import CONCEPTS, DEFAULTS, STANDARD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from foedus.equilibria.solve import Stability
    from foedus.preferences.games import Game
    from foedus.reporting.composing import Report


BY_DEFAULT = ",".join(DEFAULTS)


class Only(StrEnum):
    """What alone is to be listed."""

    EQUILIBRIA = "equilibria"


def _concepts_in(text: Any) -> tuple[str, ...]:
    """The concepts asked for, in the order asked. Raises CaseError."""
    return names_in(text, CONCEPTS, "concept", "--concepts")


def stability(
    case: CaseFile,
    concepts: Annotated[
        Any,
        typer.Option(
            metavar="LIST",
            parser=_concepts_in,
            help=f"Which concepts, joined by commas: {', '.join(CONCEPTS)}.",
        ),
    ] = BY_DEFAULT,
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
            parser=whole_number(1, MOST_COUNTED),
            help="How many equilibria are spelled out at most. [default: 20; 1,000 with --json "
            "--only equilibria]",
            show_default=False,
        ),
    ] = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Find the states that would hold: those that no mover would leave."""
    game = game_in(case, on)
    solved = _solved(game, concepts)
    if as_json:
        from foedus.equilibria.solve import DEFAULT_LIMIT

        alone = only is Only.EQUILIBRIA
        tell_json(solved.to_dict(only_equilibria=alone, limit=limit or DEFAULT_LIMIT))
        return
    from foedus.process.holding import acceptance_if_known, holding

    accepted = None
    untold: tuple[Block, ...] = ()
    try:
        accepted = acceptance_if_known(game) if game.case.arrangements else None
    except CaseError as error:  # what holds does not hang on what is agreed to
        told = f"Which form of each arrangement is the best was not found: {error.why}."
        untold = (Sentence(told, "muted"),)
    tell([*holding(solved, accepted).blocks(limit), *untold])


def _solved(game: Game, concepts: Sequence[str]) -> Stability:
    from foedus.equilibria.problem import TooLarge
    from foedus.equilibria.solve import stability as solve

    try:
        return solve(game, concepts)
    except TooLarge as error:
        raise CaseError([Problem(str(error))], game.case.file) from None


def accept(case: CaseFile, behaviour: BehaviourId = "myopic", as_json: AsJson = False) -> None:
    """Say who is better and worse off with each arrangement, and who says no when asked."""
    game = game_in(case)
    from foedus.process.acceptance import acceptance

    tell_answer(acceptance(game, behaviour), as_json=as_json)


@with_effort()
def report(
    case: CaseFile,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The page to write (HTML), whole or not at all; - prints it.",
            show_default=False,
        ),
    ],
    *,
    effort: Effort,
    no_forecast: NoForecast = False,
    as_json: AsJson = False,
) -> None:
    """Write all answers as one page that needs no network and no script."""
    from foedus.whole_report import report as composed

    refuse_paper(output, "--output")
    to = Output(output, "--output", [case], replace=True, as_json=as_json)
    made = _made(composed, game_in(case), effort, no_forecast)
    to.write(made.html())
    if as_json:
        tell_json({"file": output, **_titled(made)})


@with_effort()
def brief(
    case: CaseFile,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write a file instead, whole or not at all: a page (.html), a Word file (.docx) "
            "or a PDF (.pdf), by its name; - prints the page.",
            show_default=False,
        ),
    ] = None,
    *,
    effort: Effort,
    no_forecast: NoForecast = False,
    as_json: AsJson = False,
) -> None:
    """Give the answer on two pages: bottom line, why, key judgements, what to watch."""
    from foedus.whole_report import brief as composed
    from foedus.whole_report import written

    form = form_of(output, "--output") if output is not None else None
    to = Output(output or "", "--output", [case], replace=True, as_json=as_json) if form else None
    game = game_in(case)
    made = _made(composed, game, effort, no_forecast)
    if form is not None and to is not None:
        content = written(made, form, game.case.as_of)
        to.write(content.decode() if form == "html" else content)
    elif not as_json:
        tell((Sentence(made.subtitle), *made.blocks) if made.subtitle else made.blocks)
    if as_json:
        tell_json({"file": output, **_titled(made), "brief": made.plain()})


def _made(composed: Callable[..., Report], game: Game, effort: Effort, no_forecast: bool) -> Report:
    """Compose a report or a brief, telling what is being done."""
    with sensible(game.case.file), progress(quiet=effort.quiet) as told:
        return composed(
            game,
            with_forecast=not no_forecast,
            draws=effort.draws,
            seed=effort.seed,
            workers=effort.processes,
            scheduler=effort.scheduler,
            progress=told,
        )


def _titled(made: Report) -> dict[str, Any]:
    return {"title": made.title, "notices": list(made.notices)}


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
        ConceptId, typer.Option(help="By which concept it is judged whether a state is stable.")
    ] = STANDARD,
    behaviour: BehaviourId = "myopic",
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    """Say why: why an arrangement is refused, a state is left, or a pattern is impossible."""
    from foedus.reporting.asking import why

    answer = why(game_in(case, on), " ".join(what), mover, concept, behaviour)
    tell_answer(answer, as_json=as_json)
