"""Commands that ask what would change the answer: ``whatif`` and ``require``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from foedus.case.problems import CaseError, Problem, nearest
from foedus.cli.foresight import Draws, Effort, Quiet, Seed, WorkerCount, progress, sensible
from foedus.cli.options import AsJson, CaseFile, game_in, tell_notices
from foedus.cli.output import tell, tell_json
from foedus.render.extra import needs


def whatif(
    case: CaseFile,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="What is judged otherwise, such as preferences.north.worth.toll-income=40, or "
            "'[20, 40, 60]'; may be given several times.",
            show_default=False,
        ),
    ],
    draws: Draws = 10_000,
    seed: Seed = 1,
    workers: WorkerCount = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Forecast the case as it is and with judgements set otherwise, on the same random numbers."""
    game = game_in(case)
    with needs("forecast", "A what-if"):
        from foedus.sensitivity.otherwise import whatif as solve
        from foedus.sensitivity.settings import parsed_setting

    asked = [parsed_setting(text) for text in settings]
    effort = Effort(draws, seed, workers, quiet=quiet)
    with sensible(game.case.file), progress(quiet=quiet) as told:
        found = solve(
            _text(case) or game.case,
            asked,
            draws=draws,
            seed=seed,
            workers=effort.processes,
            file=case,
            progress=told,
        )
    tell_notices(found.after.case, known=game.case.notices)
    if as_json:
        tell_json(found.to_dict())
    else:
        tell(found.blocks())


def _text(path: str) -> str | None:
    """The text of a case file, which holds what a case as read does not; None for a graph model."""
    from foedus.case.files import read_text_file

    return None if path.lower().endswith(".gmcr") else read_text_file(Path(path))


def require(
    case: CaseFile,
    arrangement: Annotated[
        str,
        typer.Argument(metavar="ARRANGEMENT", help="The id of an arrangement.", show_default=False),
    ],
    measure: Annotated[
        Literal["sum", "largest"],
        typer.Option("--measure", help="How the size of several changes is counted."),
    ] = "sum",
    draws: Annotated[
        int,
        typer.Option(
            "--draws", metavar="N", min=0, help="In so many draws prices are worked out too."
        ),
    ] = 1_000,
    seed: Seed = 1,
    until: Annotated[
        float | None,
        typer.Option(
            "--until",
            metavar="P",
            help="Ask instead how far judgements would have to shift for the arrangement's chance "
            "to pass P (0 to 1).",
            show_default=False,
        ),
    ] = None,
    question: Annotated[
        Literal["reached", "acceptable"],
        typer.Option("--question", help="Whose chance --until means."),
    ] = "reached",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what it would take: the payments, and the smallest changes of judgements."""
    game = game_in(case)
    if arrangement not in game.case.arrangements:
        guess = nearest(arrangement, game.case.arrangements)
        raise CaseError([Problem(f"no arrangement '{arrangement}'", nearest=guess)], case)
    with needs("forecast", "What it would take"):
        from foedus.sensitivity.passing import Shift, smallest_shift
        from foedus.sensitivity.taking import WhatItTakes, what_it_takes

    found: WhatItTakes | Shift
    with sensible(game.case.file):
        if until is None:
            found = what_it_takes(game, arrangement, measure=measure, draws=draws, seed=seed)
        else:
            with progress(quiet=quiet) as told:
                found = smallest_shift(
                    game.case,
                    arrangement,
                    until,
                    question=question,
                    draws=draws,
                    seed=seed,
                    progress=told,
                )
    if as_json:
        tell_json(found.to_dict())
    else:
        tell(found.blocks())
