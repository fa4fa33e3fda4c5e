"""The report with all that a case allows: its forecast, and what moves without its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from foedus.case.problems import listed
from foedus.hiring import hired
from foedus.loading import Given, game_from
from foedus.reporting.composing import Report
from foedus.reporting.composing import brief as in_brief
from foedus.reporting.composing import report as composed
from foedus.reporting.findings import findings_on

if TYPE_CHECKING:
    from datetime import date

    from foedus.case.model import Case
    from foedus.evidence.ablation import LeaveOneOut
    from foedus.forecasting.workers import Progress, Workers
    from foedus.preferences.games import Game
    from foedus.reporting.outlook import Outlook

LEAVE_ONE_OUT_DRAWS = 400
"""With so many draws the report works out what moves when an item of evidence is left out.

Where fewer are asked for it does not: a quarter of them, in the first pass, would tell little.
"""

UNITS_LEFT_OUT = 6
"""So many items are left out with all of these draws, one more than the report tells in words."""


def report(
    case: Given,
    *,
    with_forecast: bool = True,
    draws: int = 1_000,
    seed: int = 1,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Compose the report on a case, with its forecast where one is possible.

    Where it is not, the report says why. ``html()`` of what is returned is the page. Raises
    CaseError for a case that cannot be solved, ValueError for numbers that make no sense.
    """
    game = game_from(case)
    evidence = bool(game.case.evidence or game.case.polls)
    left_out = None
    with hired(workers, scheduler, progress) as crew:
        ahead, silent = _outlook(game, draws, seed, crew) if with_forecast else _UNASKED
        if ahead is not None and evidence and draws >= LEAVE_ONE_OUT_DRAWS:
            left_out = _left_out(game.case, seed, crew)
    return composed(findings_on(game, ahead, silent, left_out))


def brief(
    case: Given,
    *,
    with_forecast: bool = True,
    draws: int = 1_000,
    seed: int = 1,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Compose the brief on a case: the report's answers on two pages. Raises as `report` does."""
    game = game_from(case)
    with hired(workers, scheduler, progress) as crew:
        ahead, silent = _outlook(game, draws, seed, crew) if with_forecast else _UNASKED
    return in_brief(findings_on(game, ahead, silent))


PAGES = 2
"""So many pages a brief takes at most."""

Form = Literal["html", "docx", "pdf"]


def written(made: Report, form: Form, day: date | None = None) -> bytes:
    """A report as the content of a file: a page, a Word file or a PDF.

    ``day`` is what files on paper are dated by, today without one. Raises `MissingExtra` without
    the extra that the form needs.
    """
    if form == "html":
        return made.html().encode()
    if form == "docx":
        from foedus.render.docx import document
    else:
        from foedus.render.pdf import document
    return document(
        made.title,
        made.blocks,
        lead=made.lead,
        subtitle=made.subtitle,
        facts=made.facts,
        footer=made.footer,
        day=day,
        pages=PAGES,
    )


_UNASKED = None, "No forecast was asked for."


def _outlook(game: Game, draws: int, seed: int, crew: Workers) -> tuple[Outlook | None, str]:
    """The forecast with what it depends on; where there can be none, why not."""
    values = {"as_of": game.case.as_of, "deadline": game.case.deadline, "today": game.space.today}
    if lacks := [f"`{name}`" for name, value in values.items() if value is None]:
        return None, f"There is no forecast: the case does not say {listed(lacks, 'and')}."
    from foedus.evidence.alternatives import with_alternatives
    from foedus.forecasting.solve import forecast
    from foedus.reporting.outlook import outlook

    made = forecast(game.case, draws=draws, seed=seed, workers=crew)
    made = with_alternatives(made, workers=crew)
    return outlook(made, workers=crew), ""


def _left_out(case: Case, seed: int, crew: Workers) -> LeaveOneOut:
    from foedus.evidence.ablation import leave_one_out

    return leave_one_out(
        case,
        units="items",
        draws=LEAVE_ONE_OUT_DRAWS,
        seed=seed,
        workers=crew,
        most=UNITS_LEFT_OUT,
    )
