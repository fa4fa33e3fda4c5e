"""Commands that ask what would change the answer: ``whatif`` and ``require``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from foedus.case.problems import CaseError, Problem, nearest
from foedus.cli.foresight import at_work, progress, sensible
from foedus.cli.options import (
    AsJson,
    CaseFile,
    Effort,
    NoForecast,
    game_in,
    tell_notices,
    with_effort,
)
from foedus.cli.output import tell_answer, tell_beside
from foedus.cli.values import part_of_one, refuse_twice

if TYPE_CHECKING:
    from foedus.case.edit import Value
    from foedus.case.model import Case


@with_effort(1_000)
def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help="A case file, or a file that foedus imports.", show_default=False
        ),
    ],
    new: Annotated[
        str,
        typer.Argument(metavar="NEW", help="The case beside it.", show_default=False),
    ],
    *,
    effort: Effort,
    share: Annotated[
        float,
        typer.Option(
            "--share",
            metavar="P",
            parser=part_of_one(with_one=True),
            help="The smallest set of differences is sought that accounts for this share (0 to 1).",
        ),
    ] = 0.8,
    no_forecast: NoForecast = False,
    as_json: AsJson = False,
) -> None:
    """Say what differs between two cases, and what each difference does to the answers."""
    texts = _read(old), _read(new)
    from foedus.hiring import hired
    from foedus.sensitivity.comparing.solve import compare

    with (
        sensible("<options>"),
        progress(quiet=effort.quiet) as told,
        hired(effort.processes, effort.scheduler) as crew,
    ):
        found = compare(
            texts[0],
            texts[1],
            draws=0 if no_forecast else effort.draws,
            seed=effort.seed,
            workers=crew,
            share=share,
            progress=told,
            names=(old, new),
        )
    tell_answer(found, as_json=as_json)


def _read(path: str) -> str | Mapping[str, Any]:
    """The text of a case file, or the plain data that another program's file is imported as."""
    from foedus.case.reading import parse_case
    from foedus.loading import imported, text_of_case

    text = text_of_case(path)
    if text is not None:
        tell_notices(parse_case(text, path))
        return text
    data, notices = imported(path)
    tell_beside(f"{path}: note: {notice}" for notice in notices)
    return data


def setting(text: Any) -> tuple[str, Value]:
    """A name and a value as typed. Raises CaseError."""
    from foedus.sensitivity.settings import parsed_setting

    return parsed_setting(text)


@with_effort()
def whatif(
    case: CaseFile,
    settings: Annotated[
        list[Any],
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            parser=setting,
            help="What is judged otherwise, such as preferences.north.worth.toll-income=40, or "
            "'[20, 40, 60]'; may be given several times.",
            show_default=False,
        ),
    ],
    *,
    effort: Effort,
    as_json: AsJson = False,
) -> None:
    """Forecast the case as it is and with judgements set otherwise, on the same random numbers."""
    refuse_twice((name for name, _ in settings), "--set")
    game = game_in(case)
    from foedus.loading import text_of_case
    from foedus.sensitivity.otherwise import whatif as solve

    text = text_of_case(case)
    _refuse_settings(game.case, text, settings)
    with sensible(game.case.file), at_work(effort) as crew:
        found = solve(
            text or game.case,  # the text holds what a case as read does not
            settings,
            draws=effort.draws,
            seed=effort.seed,
            workers=crew,
            file=case,
        )
    tell_notices(found.after.case, known=game.case.notices)
    tell_answer(found, as_json=as_json)


def _refuse_settings(case: Case, text: str | None, settings: Sequence[tuple[str, Value]]) -> None:
    """Refuse values with which there is no case to forecast. Raises CaseError."""
    from foedus.preferences.games import game_of
    from foedus.process.model import days_left
    from foedus.sensitivity.settings import case_with

    try:
        other = case_with(case, text, settings)
        game_of(other)
        days_left(other)
    except CaseError as error:
        if error.file == "--set":
            raise
        # Lines and columns would be those of a text that nobody has seen.
        raise CaseError([replace(p, place=None) for p in error.problems], "--set") from None


@with_effort(250, told="In so many draws a chance is solved again, with --until.", workers=False)
def require(
    case: CaseFile,
    arrangement: Annotated[
        str,
        typer.Argument(metavar="ARRANGEMENT", help="The id of an arrangement.", show_default=False),
    ],
    *,
    effort: Effort,
    until: Annotated[
        float | None,
        typer.Option(
            "--until",
            metavar="P",
            parser=part_of_one(with_one=False),
            help="Ask instead what would have to be judged otherwise for the arrangement's chance "
            "to pass P (0 to 1).",
            show_default=False,
        ),
    ] = None,
    question: Annotated[
        Literal["reached", "acceptable"],
        typer.Option(
            "--question",
            help="What is asked with --until: that it is reached; or that all who are asked agree, "
            "at the most likely judgements, as without --until.",
        ),
    ] = "reached",
    as_json: AsJson = False,
) -> None:
    """Say what it would take: the payments, and the smallest changes of judgements."""
    game = game_in(case)
    if arrangement not in game.case.arrangements:
        guess = nearest(arrangement, game.case.arrangements)
        raise CaseError([Problem(f"no arrangement '{arrangement}'", nearest=guess)], case)
    from foedus.sensitivity.passing import Shift, smallest_shift
    from foedus.sensitivity.taking import WhatItTakes, what_it_takes

    found: WhatItTakes | Shift
    with sensible(game.case.file):
        if until is None or question == "acceptable":
            found = what_it_takes(game, arrangement)
        else:
            with progress(quiet=effort.quiet) as told:
                found = smallest_shift(
                    game.case,
                    arrangement,
                    until,
                    draws=effort.draws,
                    seed=effort.seed,
                    progress=told,
                )
    tell_answer(found, as_json=as_json)
