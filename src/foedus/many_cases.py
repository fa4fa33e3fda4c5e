"""Many cases from a folder, or many what-ifs from a table, read and answered in one go."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.case.judge_files import judged_case
from foedus.case.problems import MOST_PROBLEMS, CaseError, Problem, shown
from foedus.hiring import hired
from foedus.loading import Given, game_from, read, text_of_case
from foedus.sensitivity.batched import Asked, Batch, Setting, Written, solve_batch
from foedus.sensitivity.settings import parsed_setting
from foedus.sheets.sheet import Sheet, read_sheet

if TYPE_CHECKING:
    from foedus.forecasting.workers import Progress
    from foedus.sheets.cells import Line

CASES = (".yaml", ".yml")
"""What the files of cases in a folder end in."""

NAME = "what_if"
"""The column that names a what-if; without it each is called by its place."""

SETS = "set"
"""A column of settings as they are typed on the command line, ``NAME=VALUE; NAME=VALUE``."""

MOST = 100_000
"""So many what-ifs at most."""


def batch(
    given: Given,
    case: Given | None = None,
    *,
    grid: bool = False,
    draws: int = 1_000,
    seed: int = 1,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Answer every case of a folder, or a table of what-ifs of a ``case``, on one row an answer.

    ``given`` is a folder of cases, one case, or a table (CSV or XLSX) with a column for each value
    that is set, named as for :func:`foedus.whatif`, and a row for each what-if; an empty cell
    leaves the value as it is. A column ``set`` may hold ``NAME=VALUE`` instead, several with ``;``
    between, and ``what_if`` a name. Of a table ``case`` is needed, which may be a folder. With
    ``grid`` every combination of the columns' values is asked.

    What is done is kept until all of it is: after an end before that, the same call goes on from
    there. Raises CaseError for what cannot be read or solved, with all that is wrong in the table;
    ValueError for numbers that make no sense; and as :func:`~.hiring.hired` does.
    """
    asked: list[Asked] = []
    problems: list[Problem] = []
    file = os.fspath(given) if isinstance(given, str | os.PathLike) else "<case>"
    if not _is_table(given):
        if case is not None or grid:
            problem = Problem("this is no table", expected="what-ifs, to ask of a case")
            raise CaseError([problem], file)
        case = given
    else:
        sheet = read_sheet(Path(file))
        asked, problems = list(what_ifs(sheet, grid=grid)), sheet.problems
    if case is None:
        raise CaseError([Problem("of which case are these what-ifs?")], file)
    cases = cases_of(case)
    with hired(workers, scheduler, progress, keep=True) as crew:
        return solve_batch(cases, asked, problems, file=file, draws=draws, seed=seed, workers=crew)


def _is_table(given: Given) -> bool:
    """Whether something given is a table, and neither a case nor a folder."""
    if not isinstance(given, str | os.PathLike):
        return False
    return not Path(given).is_dir() and Path(given).suffix.casefold() not in CASES


def cases_of(given: Given) -> tuple[Written, ...]:
    """A case as it is given, or the cases of a folder. Raises as :func:`cases_in` does."""
    if not isinstance(given, str | os.PathLike):
        case = game_from(given).case
        return (Written(case.file, case),)
    return cases_in(Path(given)) if Path(given).is_dir() else (_written(Path(given)),)


def cases_in(folder: Path) -> tuple[Written, ...]:
    """The cases of a folder, by their names; files of judges are none, nor are folders in it.

    Raises CaseError where there is none, and with what is wrong in any of them.
    """
    files = sorted(each for each in folder.iterdir() if each.suffix.casefold() in CASES)
    files = [each for each in files if not each.is_dir() and judged_case(each.name) is None]
    if not files:
        raise CaseError([Problem("there is no case in it", expected="*.yaml")], str(folder))
    found: list[Written] = []
    problems = [Problem(f"{each.name}: this is no file") for each in files if not each.is_file()]
    for file in filter(Path.is_file, files):
        try:
            found.append(_written(file))
        except CaseError as error:
            problems += [Problem(f"{file.name}:{each}") for each in error.problems]
    if problems:
        raise CaseError(problems[:MOST_PROBLEMS], str(folder))
    return tuple(found)


def _written(path: Path) -> Written:
    return Written(str(path), read(path), text_of_case(path))


def what_ifs(sheet: Sheet, *, grid: bool = False) -> Iterator[Asked]:
    """The what-ifs of a table, or with ``grid`` every combination of its columns' values.

    What is wrong with a cell is noted in the table's problems. Raises CaseError for a grid that is
    none, or too large.
    """
    sheet.find(sheet.heading)
    if grid and not {NAME, SETS}.isdisjoint(sheet.heading):
        problem = Problem(f"a grid has no column `{NAME}` or `{SETS}`", sheet.place)
        raise CaseError([problem], sheet.file)
    for column in sheet.heading:
        if "=" in column:
            told = f"the heading {shown(column)} sets something"
            sheet.problems.append(Problem(told, sheet.at(column), "a name alone"))
    lines = []
    for line in sheet.lines:
        wrong = len(sheet.problems)
        lines.append((line, _settings(sheet, line)))
        if not (grid or lines[-1][1]) and len(sheet.problems) == wrong:
            sheet.problem(line, NAME, "nothing is set in this row")
    return _grid(sheet, [found for _, found in lines]) if grid else _rows(lines)


def _rows(lines: Sequence[tuple[Line, Sequence[Setting]]]) -> Iterator[Asked]:
    for line, found in lines:
        name = line.text(NAME) or f"row {line.place.line}"
        yield Asked(name, tuple(found), line.place)


def _grid(sheet: Sheet, lines: Sequence[Sequence[Setting]]) -> Iterator[Asked]:
    values: dict[str, dict[str, Setting]] = {}
    for found in lines:
        for each in found:
            values.setdefault(each.name, {}).setdefault(each.typed, each)
    count = math.prod(map(len, values.values()))
    if count > MOST:
        problem = Problem(f"a grid of {count:,} what-ifs", sheet.place, f"at most {MOST:,}")
        raise CaseError([problem], sheet.file)
    for number, settings in enumerate(itertools.product(*map(dict.values, values.values())), 1):
        yield Asked(f"{number}", settings, sheet.place)


def _settings(sheet: Sheet, line: Line) -> list[Setting]:
    """What a row sets; what is wrong is noted."""
    found: dict[str, Setting] = {}
    for column in sheet.heading:
        text = line.text(column)
        if column == NAME or not text or "=" in column:
            continue
        typed = text.split(";") if column == SETS else [f"{column}={text}"]
        at = line.at(column)
        named = at if column == SETS else sheet.at(column)
        for each in filter(str.strip, typed):
            try:
                name, value = parsed_setting(each)
            except CaseError as error:
                for problem in error.problems:
                    sheet.problem(line, column, problem.message, problem.expected)
                continue
            if name in found:
                sheet.problem(line, column, f"{name} is set twice")
            found[name] = Setting(name, value, each.partition("=")[2].strip(), named, at)
    return list(found.values())
