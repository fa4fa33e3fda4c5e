"""Where a judge's own file of a case stands: beside it, ``NAME.judge-ANNA.yaml`` of ``NAME.yaml``.

A judge's file is a whole case, so that all that reads a case reads it. The rule for its name stands
here alone.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from foedus.case.problems import CaseError, Problem, shown

MARK = ".judge-"

LONGEST = 60
"""So many characters may be in a judge's name."""

_NAME = re.compile(r"\w+(?:[-' ]\w+)*")


def judge_name(name: str) -> str:
    """A judge's name as it may stand in the name of a file, blanks at its ends cut off.

    Letters and digits of any script and ``_``, with single hyphens, apostrophes or blanks between:
    so no name leads to another folder. Raises CaseError for another.
    """
    name = name.strip()
    if len(name) > LONGEST or not _NAME.fullmatch(name):
        expected = f"letters, digits, hyphens and blanks, {LONGEST} at most, such as Anna"
        raise CaseError([Problem(f"{shown(name)} cannot name a judge", expected=expected)], "--as")
    return name


def judge_path(case: str | os.PathLike[str], name: str) -> Path:
    """The path of a judge's file beside that of the case. Raises CaseError as `judge_name`."""
    path = Path(case)
    return path.with_name(f"{path.stem}{MARK}{judge_name(name)}{path.suffix}")


def judge_in(path: str | os.PathLike[str]) -> str:
    """Whose file it is, by its name; of a file that is named otherwise, the name without ending.

    >>> judge_in("cases/two-towns.judge-anna.yaml"), judge_in("mine.yaml")
    ('anna', 'mine')
    """
    stem = Path(path).stem
    return stem.partition(MARK)[2] or stem


def judged_case(file: str) -> tuple[str, str] | None:
    """The case that a judge's file is of, and the judge, both by the file's name; None for another.

    >>> judged_case("two-towns.judge-anna.yaml"), judged_case("two-towns.yaml")
    (('two-towns.yaml', 'anna'), None)
    """
    path = Path(file)
    case, mark, name = path.stem.rpartition(MARK)
    return (case + path.suffix, name) if mark and case and _NAME.fullmatch(name) else None


def judge_files(case: str | os.PathLike[str]) -> tuple[Path, ...]:
    """The judges' files beside a case, in the order of their names; whether they are cases or not.

    Raises OSError where the folder cannot be read.
    """
    path = Path(case)
    found = []
    for each in path.parent.iterdir():
        its = judged_case(each.name)
        if its is not None and its[0] == path.name and each.is_file():
            found.append(each)
    return tuple(sorted(found, key=lambda each: each.name))
