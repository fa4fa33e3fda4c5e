"""The plain form: a row for each stance, in one table, or with tables of issues and capabilities.

* **positions**: actor, position, salience; and, as far as needed, proposal, issue, capability. An
  empty salience is 0.
* **issues**: issue; and proposal, title, low, high, reference_point, period, introduced. Other
  columns, such as an outcome, are never read.
* **capabilities**: actor, capability; and period, where they change with time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.tables.eu_votes import period_of, period_used
from foedus.bargaining.tables.stances import (
    SCALE,
    IssueFacts,
    Key,
    Stance,
    Strength,
    issues_of,
    own_capability,
)
from foedus.case.places import Place
from foedus.case.problems import CaseError, Problem, nearest, shown
from foedus.sheets.cells import Line, number_in
from foedus.sheets.rows import csv_text, workbook
from foedus.sheets.sheet import Sheet, sheet_in

NEEDED = ("actor", "position", "salience")
COLUMNS = ("proposal", "issue", *NEEDED, "capability", "low", "high", "reference_point")
ONE_ISSUE = "issue"
"""What an issue is called in a table of one issue, without a column for it."""

MOST_SALIENT = 100.0


@dataclass(frozen=True, slots=True)
class Beside:
    """What other tables say: facts by issue, and capabilities by actor and period."""

    facts: Mapping[Key, IssueFacts] | None = None
    capabilities: Mapping[str, Mapping[str, float]] | None = None
    after_2014: str = "nice"
    scale: tuple[float, float] = SCALE


def positions_in(sheet: Sheet, beside: Beside) -> tuple[OrderedIssue, ...]:
    """The issues of a table of positions. Raises CaseError with all that is wrong."""
    _find_columns(sheet, NEEDED)
    problems: list[Problem] = []
    stances: list[Stance] = []
    own: dict[Key, IssueFacts] = {}
    if beside.capabilities is None and "capability" not in sheet.columns:
        expected = "a column `capability`, or a table of capabilities"
        problems.append(Problem("no capabilities are given", sheet.place, expected))
    known = _by_issue(beside.facts or {})
    for line in sheet.lines:
        key = line.text("proposal"), line.text("issue") or ONE_ISSUE
        if beside.facts is None:
            facts = _facts(line, beside.scale, problems)
            if own.setdefault(key, facts) != facts:
                message = f"another row says other things of issue {shown(key[1])} as a whole"
                problems.append(Problem(message, line.place))
        elif (found := _found(key, beside.facts, known)) is None:
            message = f"no issue {shown(key[1])} in the table of issues"
            problems.append(Problem(message, line.place, nearest=nearest(key[1], known)))
            continue
        else:
            key = key if key[0] else found
            own[key] = beside.facts[found]
        stance = _stance(line, key, problems, with_capability=beside.capabilities is None)
        if stance is not None:
            stances.append(stance)
    strength: Strength = own_capability if beside.capabilities is None else _Strengths(beside).of
    if beside.capabilities is None and "capability" not in sheet.columns:
        strength = _unknown
    return issues_of(stances, own, strength, sheet.file, problems)


def _find_columns(sheet: Sheet, needed: Sequence[str]) -> Sheet:
    """The table with its columns found. Raises CaseError where one that is needed is missing."""
    sheet.need(needed)
    sheet.find((*COLUMNS, "title", "period", "introduced"))
    return sheet


def _unknown(*_: object) -> float:
    return 0.0


def _by_issue(facts: Mapping[Key, IssueFacts]) -> dict[str, list[Key]]:
    """The issues of a table by their own ids alone."""
    known: dict[str, list[Key]] = {}
    for key in facts:
        known.setdefault(key[1], []).append(key)
    return known


def _found(
    key: Key, facts: Mapping[Key, IssueFacts], known: Mapping[str, Sequence[Key]]
) -> Key | None:
    """An issue by proposal and id; by its id alone where only one issue has that."""
    if key in facts:
        return key
    same = known.get(key[1], ())
    return same[0] if len(same) == 1 else None


def _stance(
    line: Line, key: Key, problems: list[Problem], *, with_capability: bool
) -> Stance | None:
    before = len(problems)
    actor = line.text("actor")
    if not actor:
        problems.append(Problem("no actor is named", line.place))
    position = number_in(line, "position", problems)
    salience = number_in(line, "salience", problems, 0.0, MOST_SALIENT, missing=0.0)
    capability = None
    if with_capability and "capability" in line.cells:
        capability = number_in(line, "capability", problems, 0.0)
    if len(problems) > before:
        return None
    return Stance(key, actor, position, salience, line.place, capability)


def _facts(line: Line, scale: tuple[float, float], problems: list[Problem]) -> IssueFacts:
    """What a row says of its issue."""
    low = number_in(line, "low", problems, missing=scale[0])
    high = number_in(line, "high", problems, missing=scale[1])
    if not low < high and not math.isnan(low + high):
        message = f"the scale goes from {low:g} to {high:g}"
        problems.append(Problem(message, line.place, "a low end below the high one"))
        low, high = SCALE
    reference = None
    if line.text("reference_point"):
        reference = number_in(line, "reference_point", problems, low, high)
    return IssueFacts(low, high, reference, line.text("title"), _period(line, problems))


def _period(line: Line, problems: list[Problem]) -> str:
    if named := line.text("period"):
        return named
    if not (day := line.text("introduced")):
        return ""
    try:
        return period_of(date.fromisoformat(day))
    except ValueError:
        message = f"column `introduced` has {shown(day)}"
        problems.append(Problem(message, line.place, "a day such as 2004-05-01"))
        return ""


def issue_facts(text: str, file: str, scale: tuple[float, float] = SCALE) -> dict[Key, IssueFacts]:
    """The table of issues. Raises CaseError with all that is wrong."""
    sheet = _find_columns(sheet_in(text, file), ["issue"])
    problems: list[Problem] = []
    facts: dict[Key, IssueFacts] = {}
    where: dict[Key, Place] = {}
    for line in sheet.lines:
        key = line.text("proposal"), line.text("issue")
        if not key[1]:
            problems.append(Problem("no issue is named", line.place))
        elif key in facts:
            message = f"issue {shown(key[1])} stands in line {where[key].line} already"
            problems.append(Problem(message, line.place))
        facts[key], where[key] = _facts(line, scale, problems), line.place
    if problems:
        raise CaseError(problems, file)
    return facts


def capability_table(text: str, file: str) -> dict[str, dict[str, float]]:
    """The table of capabilities, by actor and period ("" for always). Raises CaseError."""
    sheet = _find_columns(sheet_in(text, file), ["actor", "capability"])
    problems: list[Problem] = []
    table: dict[str, dict[str, float]] = {}
    for line in sheet.lines:
        actor, period = line.text("actor"), line.text("period")
        value = number_in(line, "capability", problems, 0.0)
        if not actor:
            problems.append(Problem("no actor is named", line.place))
        elif period in table.setdefault(actor, {}):
            told = f"{shown(actor)} has a capability" + (f" in {shown(period)}" if period else "")
            problems.append(Problem(f"{told} already", line.place))
        table.setdefault(actor, {})[period] = value
    if problems:
        raise CaseError(problems, file)
    return table


class _Strengths:
    """Capabilities from a table of their own, by actor and period."""

    def __init__(self, beside: Beside) -> None:
        self.table = beside.capabilities or {}
        self.after_2014 = beside.after_2014

    def of(self, stance: Stance, about: IssueFacts, problems: list[Problem]) -> float:
        """How strong an actor is; what is missing is added to ``problems``."""
        periods = self.table.get(stance.actor)
        if periods is None:
            message = f"no capability of {shown(stance.actor)}"
            close = nearest(stance.actor, self.table)
            problems.append(Problem(message, stance.place, nearest=close))
            return 0.0
        if "" in periods:
            return periods[""]
        used = period_used(about.period, periods, self.after_2014)
        if used is None:
            when = f" in {shown(about.period)}" if about.period else ", for its issue has no period"
            expected = f"a period among {', '.join(periods)}"
            message = f"no capability of {shown(stance.actor)}{when}"
            problems.append(Problem(message, stance.place, expected))
            return 0.0
        return periods[used]


def read_tidy(text: str, file: str, scale: tuple[float, float] = SCALE) -> tuple[OrderedIssue, ...]:
    """The issues of one table that has all. Raises CaseError with all that is wrong."""
    return positions_in(sheet_in(text, file), Beside(scale=scale))


def tidy_rows(issues: Sequence[OrderedIssue]) -> list[list[str | float]]:
    """A row for each stance, under `COLUMNS`."""
    return [
        [
            issue.proposal,
            issue.issue,
            actor,
            float(issue.position[k]),
            float(issue.salience[k]),
            float(issue.capability[k]),
            issue.low,
            issue.high,
            "" if issue.reference is None else issue.reference,
        ]
        for issue in issues
        for k, actor in enumerate(issue.actors)
    ]


def write_tidy(issues: Sequence[OrderedIssue]) -> str:
    """One table of all stances, as CSV text."""
    return csv_text(COLUMNS, tidy_rows(issues))


def write_workbook(issues: Sequence[OrderedIssue]) -> bytes:
    """All stances as an Excel workbook. Raises CaseError without openpyxl."""
    return workbook("stances", COLUMNS, tidy_rows(issues), "--output")
