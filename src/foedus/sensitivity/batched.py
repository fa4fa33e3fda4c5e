"""Many cases, or one case judged otherwise many times: each answer a row of one table.

Each what-if is solved on the same random numbers as the case as it is written, which is solved too:
differences are paired. What is solved is dropped once its rows are made, so that memory does not
grow with the number of what-ifs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from foedus.case.edit import Value
from foedus.case.fingerprint import case_hash
from foedus.case.model import Case
from foedus.case.places import Place
from foedus.case.problems import MOST_PROBLEMS, CaseError, Problem
from foedus.forecasting.estimates import over_draws
from foedus.forecasting.headline import (
    Other,
    headline_options,
    pooled_by_draw,
    reached_in,
    refuse_without_preferences,
)
from foedus.forecasting.plan import Plan
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.preferences.games import game_of
from foedus.preferences.sample import Floats
from foedus.process.model import days_left
from foedus.result import Result, data_of
from foedus.sensitivity.otherwise import STEP
from foedus.sensitivity.settings import case_with, judged_alone, known_name

AT_ONCE = 256
"""So many solved cases are held at a time."""

DRAWS = 1_000


@dataclass(frozen=True, slots=True)
class Written:
    """A case as it is written: what it is called, and its text where it has one."""

    file: str
    case: Case
    text: str | None = None


class Setting(NamedTuple):
    """What one cell sets: a value, also as typed, and where in a table the name and it stand."""

    name: str
    value: Value
    typed: str
    named: Place | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One what-if: what it is called, what it sets, and where it stands in a table.

    Without settings it is the case as it is written.
    """

    name: str
    settings: tuple[Setting, ...]
    place: Place | None = None

    @property
    def set(self) -> dict[str, Value]:
        """The values by name."""
        return {each.name: each.value for each in self.settings}

    def typed(self, name: str) -> str | float:
        """What was typed for one setting, a number as a number; empty where it is not set."""
        for each in self.settings:
            if each.name == name:
                return each.value if isinstance(each.value, float) else each.typed
        return ""


AS_WRITTEN = Asked("", ())


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One answer to one case: how likely an arrangement is reached, by the inside view and pooled.

    ``se`` is the standard error of the inside view, ``change`` what it differs by from that of the
    case as it is written, with the standard error of the paired difference. ``pooled`` is None for
    what is no hypothesis.
    """

    file: str
    case_hash: str
    asked: Asked
    answer: str
    hypothesis: bool
    inside: float
    se: float
    pooled: float | None
    change: float
    change_se: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "case": self.file,
            "case_hash": self.case_hash,
            "what_if": self.asked.name,
            "set": {name: self.asked.typed(name) for name in self.asked.set},
            **data_of(self, "answer hypothesis inside se pooled change change_se"),
        }


@dataclass(frozen=True, eq=False, repr=False)
class Batch(Result):
    """Answers to many cases, in the order in which they were asked for; ``title`` names them."""

    title: str
    rows: tuple[BatchRow, ...]
    draws: int
    seed: int

    @property
    def settings(self) -> tuple[str, ...]:
        """The names of all that is set in any what-if."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.asked.set))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table, one for each setting among them."""
        first = "case", "case_hash", "what_if"
        last = "answer", "hypothesis", "inside", "se", "pooled", "change", "change_se"
        return (*first, *self.settings, *last, "draws", "seed")

    def table(self) -> list[list[str | float]]:
        """The rows of the table; what was typed stands under each setting, empty where not set."""
        return [
            [
                *(row.file, row.case_hash, row.asked.name),
                *map(row.asked.typed, self.settings),
                *(row.answer, "yes" if row.hypothesis else "no", row.inside, row.se),
                *("" if row.pooled is None else row.pooled, row.change, row.change_se),
                *(float(self.draws), float(self.seed)),
            ]
            for row in self.rows
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        rows = [row.to_dict() for row in self.rows]
        return {"draws": self.draws, "seed": self.seed, "rows": rows}


def solve_batch(
    cases: Sequence[Written],
    asked: Sequence[Asked] = (),
    problems: Sequence[Problem] = (),
    *,
    file: str = "<what-ifs>",
    draws: int = DRAWS,
    seed: int = 1,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Batch:
    """Solve every case as it is written, and with each of the what-ifs, for its headline.

    The answers are those of ``foedus.whatif`` with these draws and seed. What is wrong with any
    what-if is told before the work begins, all at once, by its place in ``file``; ``problems`` are
    what was found wrong with them before.

    Raises CaseError for that, and for a case that cannot be forecast; ValueError for no cases and
    for numbers that make no sense.
    """
    if draws < 1 or not cases:
        raise ValueError(f"{len(cases)} cases in {draws} draws: at least one of each is needed")
    with shared_out(workers, progress) as crew:
        _refuse(crew, cases, asked, problems, file)
        if asked:
            rows = [row for each in cases for row in _judged(crew, each, asked, draws, seed)]
        else:
            rows = list(_as_written(crew, cases, draws, seed))
    title = cases[0].case.title if len(cases) == 1 else f"{len(cases):,} cases"
    return Batch(title, tuple(rows), draws, seed)


def _refuse(
    crew: Workers,
    cases: Sequence[Written],
    asked: Sequence[Asked],
    before: Sequence[Problem],
    file: str,
) -> None:
    """Refuse what cannot be solved. Raises CaseError with all that is wrong with the what-ifs."""
    for each in cases:
        game_of(each.case)
        days_left(each.case)
    told: dict[tuple[str, Place | None], Problem] = {(p.message, p.place): p for p in before}
    for number, each in enumerate(cases):
        among = f"{each.file}: " if len(cases) > 1 else ""
        for done, one in enumerate(asked, number * len(asked)):
            crew.tell("looking at the what-ifs", done, len(cases) * len(asked))
            for problem in _wrong(each, one):
                problem = replace(problem, message=f"{among}{problem.message}")
                told.setdefault((problem.message, problem.place), problem)
    if told:
        raise CaseError(list(told.values())[:MOST_PROBLEMS], file)


def _wrong(written: Written, asked: Asked) -> list[Problem]:
    """All that is wrong with a what-if of a case, each by the cell that is at fault."""
    problems: list[Problem] = []
    known = []
    for each in asked.settings:
        try:
            known_name(written.case, each.name)
            known.append(each)
        except CaseError as error:
            problems += [replace(problem, place=each.named) for problem in error.problems]
    together = _fails(written, known)
    alone = [(each, _fails(written, [each])) for each in known if together]
    found = [replace(problem, place=each.place) for each, wrong in alone for problem in wrong]
    return [*problems, *(found or [replace(p, place=asked.place) for p in together])]


def _fails(written: Written, settings: Sequence[Setting]) -> Sequence[Problem]:
    """What is wrong with the case with all of this set."""
    asked = Asked("", tuple(settings))
    try:
        other = _with(written, asked)
        if not judged_alone(written.case, tuple(asked.set.items())):
            game_of(other)
            days_left(other)
    except CaseError as error:
        return error.problems
    return ()


def _with(written: Written, asked: Asked) -> Case:
    """The case with what is set. Raises CaseError."""
    if not asked.settings:
        return written.case
    settings = tuple(asked.set.items())
    text = None if judged_alone(written.case, settings) else written.text
    return case_with(written.case, text, settings)


def _as_written(
    crew: Workers, cases: Sequence[Written], draws: int, seed: int
) -> Iterator[BatchRow]:
    """The rows of many cases; no two need have anything in common."""
    plan = Plan(cases[0].case, headline_options(None))
    for first in range(0, len(cases), AT_ONCE):
        some = cases[first : first + AT_ONCE]
        pieces = [Other(each.case, draws, seed) for each in some]
        found = crew.run("solving the cases", plan, reached_in, pieces)
        for each, reached in zip(some, found, strict=True):
            yield from _rows(each, each.case, AS_WRITTEN, reached, reached, seed)


def _judged(
    crew: Workers, written: Written, asked: Sequence[Asked], draws: int, seed: int
) -> Iterator[BatchRow]:
    """The rows of one case as it is written and with each what-if."""
    plan = Plan(written.case, headline_options(None))
    refuse_without_preferences(crew.process(plan))
    every = [AS_WRITTEN, *asked]
    base: Floats | None = None
    for first in range(0, len(every), AT_ONCE):
        some = every[first : first + AT_ONCE]
        others = [_with(written, one) for one in some]
        pieces = [Other(other, draws, seed) for other in others]
        found = crew.run(f"solving what-ifs of {written.file}", plan, reached_in, pieces)
        base = found[0] if base is None else base
        for one, other, reached in zip(some, others, found, strict=True):
            yield from _rows(written, other, one, reached, base, seed)


def _rows(
    written: Written, other: Case, asked: Asked, reached: Floats, base: Floats, seed: int
) -> Iterator[BatchRow]:
    """One row an answer, the hypotheses first."""
    pooled = pooled_by_draw(other, reached, seed)
    places = {name: k for k, name in enumerate(other.arrangements)}
    digest = case_hash(other)
    for name in dict.fromkeys((*other.hypotheses, *places)):
        now, before = reached[:, places[name]], base[:, places[name]]
        inside = over_draws(now, other.words)
        steps = np.where(np.abs(now - before) > STEP, now - before, 0.0)
        yield BatchRow(
            written.file,
            digest,
            asked,
            name,
            name in other.hypotheses,
            inside.p,
            inside.se,
            float(pooled[name].mean()) if name in pooled else None,
            float(steps.mean()),
            over_draws(steps).se if steps.any() else 0.0,
        )
