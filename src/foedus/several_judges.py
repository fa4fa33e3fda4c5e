"""Several judges of a case from their files: those named, or those that stand beside the case."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from foedus.case.judge_files import judge_files, judge_in, judge_path
from foedus.case.problems import CaseError, Problem
from foedus.loading import Given, game_from, text_of_case

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.forecasting.workers import Progress
    from foedus.process.model import ProcessOptions
    from foedus.sensitivity.judging.results import Judges

AnyPath = str | os.PathLike[str]


def judges(
    case: Given,
    files: Sequence[AnyPath] | Mapping[str, Given] | None = None,
    *,
    draws: int = 1_000,
    seed: int = 1,
    workers: int = 1,
    scheduler: str | None = None,
    options: ProcessOptions | None = None,
    progress: Progress | None = None,
) -> Judges:
    """Say where several judges of one case differ, what each answers, and whether it matters.

    ``files`` are the paths of the judges' files, or by the judges' names these or cases; without
    any those beside the case are taken, ``NAME.judge-ANNA.yaml``. With 0 ``draws`` nothing is
    forecast. Raises CaseError where there are none, two have one name, one is no case file, or one
    differs from the case in more than judgements, and as :func:`foedus.forecast` does; ValueError
    for numbers that make no sense.
    """
    from foedus.hiring import hired
    from foedus.sensitivity.judging.solve import judges as solve

    given = _given(case)
    path = case if isinstance(case, str | os.PathLike) else game_from(case).case.file
    named = files_of(path, files)
    with hired(workers, scheduler) as crew:
        return solve(
            given,
            {name: _given(each) for name, each in named.items()},
            draws=draws,
            seed=seed,
            workers=crew,
            options=options,
            file=os.fspath(path),
            files={n: os.fspath(f) for n, f in named.items() if isinstance(f, str | os.PathLike)},
            progress=progress,
        )


def _given(given: Given) -> Case | str:
    """The text of a file; a case as it is."""
    if isinstance(given, str | os.PathLike):
        return own_text(given)
    return game_from(given).case


def own_text(path: AnyPath) -> str:
    """The text of a case file. Raises CaseError, also for a file that is imported."""
    text = text_of_case(path)
    if text is None:
        problem = Problem("judges judge case files; `foedus import` makes one of this")
        raise CaseError([problem], os.fspath(path))
    return text


def files_of(
    case: AnyPath, files: Sequence[AnyPath] | Mapping[str, Given] | None = None
) -> dict[str, Given]:
    """The judges' files by the judges' names: those given, or those beside the case.

    Raises CaseError where there are none, or two have one name.
    """
    if isinstance(files, Mapping) and files:
        return dict(files)
    files = list(files or judge_files(case))
    if not files:
        example = judge_path(case, "anna").name
        problem = Problem("no judge's file stands beside it", expected=f"such as {example}")
        raise CaseError([problem], os.fspath(case))
    named: dict[str, Given] = {}
    for path in (os.fspath(each) for each in files):
        name = judge_in(path)
        if name in named:
            message = f"{named[name]} is a file of {name} already: give each judge another name"
            raise CaseError([Problem(message)], path)
        named[name] = path
    return named
