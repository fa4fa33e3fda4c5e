"""Many cases from a folder, or many what-ifs from a table, read and answered in one go."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foedus.case.judge_files import judged_case
from foedus.case.problems import MOST_PROBLEMS, CaseError, Problem
from foedus.hiring import hired
from foedus.loading import Given, game_from, read, text_of_case
from foedus.sensitivity.batched import Asked, Batch, Written, solve_batch
from foedus.sensitivity.settings import parsed_setting
from foedus.sheets.sheet import Sheet, read_sheet

if TYPE_CHECKING:
    from foedus.case.edit import Value
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
    file = os.fspath(given) if isinstance(given, str | os.PathLike) else "<case>"
    if not _is_table(given):
        if case is not None or grid:
            problem = Problem("this is no table", expected="what-ifs, to ask of a case")
            raise CaseError([problem], file)
        case = given
    else:
        asked = list(what_ifs(read_sheet(Path(file)), grid=grid))
    if case is None:
        raise CaseError([Problem("of which case are these what-ifs?")], file)
    cases = cases_of(case)
    with hired(workers, scheduler, progress, keep=True) as crew:
        return solve_batch(cases, asked, file=file, draws=draws, seed=seed, workers=crew)


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
    files = [each for each in files if each.is_file() and judged_case(each.name) is None]
    if not files:
        raise CaseError([Problem("there is no case in it", expected="*.yaml")], str(folder))
    found: list[Written] = []
    problems: list[Problem] = []
    for file in files:
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

    Raises CaseError with all that cannot be set, by its place.
    """
    sheet.find(sheet.heading)
    if grid and not {NAME, SETS}.isdisjoint(sheet.heading):
        problem = Problem(f"a grid has no column `{NAME}` or `{SETS}`", sheet.place)
        raise CaseError([problem], sheet.file)
    lines = []
    for line in sheet.lines:
        wrong = len(sheet.problems)
        lines.append((line, _settings(sheet, line)))
        if not (grid or lines[-1][1]) and len(sheet.problems) == wrong:
            sheet.problem(line, NAME, "nothing is set in this row")
    sheet.refuse()
    return _grid(sheet, lines) if grid else _rows(lines)


Setting = tuple[str, "Value", str]
"""A name, its value, and the value as typed."""


def _rows(lines: Sequence[tuple[Line, Sequence[Setting]]]) -> Iterator[Asked]:
    for line, found in lines:
        name = line.text(NAME) or f"row {line.place.line}"
        yield _asked(name, found, line)


def _grid(sheet: Sheet, lines: Sequence[tuple[Line, Sequence[Setting]]]) -> Iterator[Asked]:
    values: Mapping[str, dict[str, Setting]] = {name: {} for name in sheet.heading}
    for _, found in lines:
        for each in found:
            values[each[0]].setdefault(each[2], each)
    count = 1
    for known in values.values():
        count *= max(1, len(known))
    if count > MOST:
        problem = Problem(f"a grid of {count:,} what-ifs", sheet.place, f"at most {MOST:,}")
        raise CaseError([problem], sheet.file)
    first = lines[0][0]
    combined = itertools.product(*(known.values() for known in values.values() if known))
    for number, settings in enumerate(combined, 1):
        yield _asked(f"{number}", settings, first)


def _asked(name: str, found: Sequence[Setting], line: Line) -> Asked:
    settings = tuple((setting, value) for setting, value, _ in found)
    return Asked(name, settings, tuple(typed for *_, typed in found), line.place)


def _settings(sheet: Sheet, line: Line) -> list[Setting]:
    """What a row sets; what is wrong is noted."""
    found: dict[str, Setting] = {}
    for column in sheet.heading:
        text = line.text(column)
        if column == NAME or not text:
            continue
        typed = text.split(";") if column == SETS else [f"{column}={text}"]
        for each in filter(str.strip, typed):
            try:
                name, value = parsed_setting(each)
            except CaseError as error:
                for problem in error.problems:
                    sheet.problem(line, column, problem.message, problem.expected)
                continue
            if name in found:
                sheet.problem(line, column, f"{name} is set twice")
            found[name] = name, value, each.partition("=")[2].strip()
    return list(found.values())
