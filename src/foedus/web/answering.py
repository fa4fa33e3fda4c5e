"""What a worker process answers: each kind of question a function of plain data, to plain data.

What was worked out for the questions before is kept: the case as it is, solved, is what a what-if
is compared with.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.case.reading import parse_case
from foedus.forecasting.headline import (
    Headline,
    Share,
    headline,
    headline_options,
    reached_share,
)
from foedus.forecasting.plan import Plan
from foedus.forecasting.workers import Progress, Workers
from foedus.preferences.games import game_of
from foedus.preferences.sample import Floats
from foedus.process.model import Process
from foedus.render.html import fragment
from foedus.sensitivity.agreed import Agreed, agreed_in
from foedus.sensitivity.inputs import judgement_told
from foedus.sensitivity.otherwise import WhatIf, beside
from foedus.sensitivity.settings import case_with, judged_alone
from foedus.web.jobs import MOST
from foedus.web.solved import Rows, numbers_of, rows_of

if TYPE_CHECKING:
    from foedus.reporting.composing import Report

Given = Mapping[str, Any]
Kept = TypeVar("Kept")

SEED = 1


@dataclass
class Answering:
    """What one process has worked out already, newest last."""

    cases: OrderedDict[Any, Case] = field(default_factory=OrderedDict)
    processes: OrderedDict[Any, Process] = field(default_factory=OrderedDict)
    bases: OrderedDict[Any, Headline] = field(default_factory=OrderedDict)
    consents: OrderedDict[Any, Mapping[str, Agreed]] = field(default_factory=OrderedDict)
    reports: OrderedDict[Any, Report] = field(default_factory=OrderedDict)

    def case(self, given: Given) -> Case:
        """The case as it is written. Raises CaseError."""
        text, file = given["text"], given["file"]
        return _kept(self.cases, (text, file), lambda: parse_case(text, file))

    def argued(self, given: Given) -> Case:
        """The case with what is set otherwise. Raises CaseError."""
        case, settings = self.case(given), settings_in(given)
        if not settings:
            return case
        return case_with(case, None if judged_alone(case, settings) else given["text"], settings)

    def written(self, given: Given) -> Process:
        """The process of the case as it is written; it shares what it can with the one before."""

        def built() -> Process:
            crew = Workers()
            if self.processes:
                crew.know(next(reversed(self.processes.values())))
            return crew.process(_plan(self.case(given)))

        return _kept(self.processes, (given["text"], given["file"]), built)

    def reached(self, given: Given, share: Share, progress: Progress | None) -> Floats:
        """A share of the draws of the case with what is set: (draws, arrangements)."""
        crew, plan = self._near(given, progress), _plan(self.argued(given))
        return reached_share(crew, plan, given["draws"], SEED, share)

    def _near(self, given: Given, progress: Progress | None) -> Workers:
        """Who solves here what shares with the case as it is written."""
        crew = Workers(progress=progress)
        crew.know(self.written(given))
        return crew

    def solved(self, given: Given, rows: Rows | None, progress: Progress | None) -> Headline:
        """The case with what is set, solved; from its draws where they are known."""
        crew, case, draws = self._near(given, progress), self.argued(given), given["draws"]
        if rows is None:
            return headline(case, draws=draws, seed=SEED, workers=crew)
        reached = np.frombuffer(numbers_of(rows)).reshape(draws, -1)
        return Headline(crew.process(_plan(case)), SEED, reached)

    def base(self, given: Given, progress: Progress | None) -> Headline:
        """The case as it is written, solved."""
        key = given["text"], given["file"], given["draws"]
        plain = {**given, "settings": []}
        return _kept(self.bases, key, lambda: self.solved(plain, given.get("before"), progress))

    def whatif(self, given: Given, progress: Progress | None) -> WhatIf:
        """The case as it is, beside the case with what is set."""
        before = self.base(given, progress)
        after = self.solved(given, given.get("after"), progress)
        return beside(before, after, [name for name, _ in settings_in(given)])

    def consent(self, given: Given) -> Mapping[str, Agreed]:
        """Who would agree to each arrangement, with what is set, at the most likely values."""
        settings = given.get("settings", [])
        key = (given["text"], given["file"], repr(settings))

        def solved() -> Mapping[str, Agreed]:
            case = self.argued(given)
            process = Process.of(case).sharing(self.written(given))
            return agreed_in(process, ordered(case))

        return _kept(self.consents, key, solved)


def _plan(case: Case) -> Plan:
    return Plan(case, headline_options(None))


def _kept(where: OrderedDict[Any, Kept], key: Any, solve: Callable[[], Kept]) -> Kept:
    """What is kept under a key, or what is now found and kept."""
    if key not in where:
        where[key] = solve()
    where.move_to_end(key)
    while len(where) > MOST:
        where.popitem(last=False)
    return where[key]


def settings_in(given: Given) -> list[tuple[str, Any]]:
    """What is set otherwise: names and values."""
    return [(name, value) for name, value in given.get("settings", [])]


def ordered(case: Case) -> tuple[str, ...]:
    """The arrangements, what is asked about first."""
    return tuple(dict.fromkeys((*case.hypotheses, *case.arrangements)))


def answer(known: Answering, given: Given, progress: Progress) -> Any:
    """The answers as written; with something set otherwise, both answers beside each other."""
    from foedus.reporting.argued import argued_blocks, judged_blocks

    if not given.get("settings"):
        return {"html": fragment(judged_blocks(known.base(given, progress)), "a")}
    found = known.whatif(given, progress)
    return {"html": fragment(argued_blocks(found), "a"), "answers": _answers(found)}


def _answers(found: WhatIf) -> list[dict[str, Any]]:
    from foedus.reporting.argued import asked_of

    case = found.before.case
    rows = []
    for name in asked_of(found.before, found.after):
        d = found.difference(name)
        pooled = d.pooled or (d.before, d.after, 0.0)
        rows.append({"name": case.arrangements[name].name, "before": pooled[0], "after": pooled[1]})
    return rows


def reached(known: Answering, given: Given, progress: Progress) -> Any:
    """A share of the draws of a case with what is set, for whoever puts the answer together."""
    found = known.reached(given, Share(*given["share"]), progress)
    return rows_of(len(found), found.tobytes())


def veto(known: Answering, given: Given, progress: Progress) -> Any:
    """The veto map; with something set otherwise, and what it was before."""
    from foedus.reporting.argued import concerned, veto_rows

    progress("asking who would agree", 0, 1)
    case = known.case(given)
    before = known.consent({**given, "settings": []})
    after = known.consent(given) if given.get("settings") else None
    progress("asking who would agree", 1, 1)
    actors = concerned(case, before, after or before)
    named = [{"id": actor, "name": case.actors[actor].name} for actor in actors]
    return {"rows": veto_rows(game_of(case), actors, before, after), "actors": named}


def why(known: Answering, given: Given, progress: Progress) -> Any:
    """Why an arrangement is refused or not, with what is set."""
    from foedus.process.acceptance import acceptance

    case = known.argued(given)
    name = given["arrangement"]
    if name not in case.arrangements:
        raise UnknownName("arrangement", name, case.arrangements)
    found = acceptance(game_of(case), only=[name])
    return {"html": fragment(found.explain(name).blocks, "w"), "name": case.arrangements[name].name}


def trace(known: Answering, given: Given, progress: Progress) -> Any:
    """From a number down to the sources that carry it."""
    from foedus.reporting.tracing import trace_blocks
    from foedus.tracing.solve import why as traced

    found = traced(game_of(known.argued(given)), given["path"], draws=given["draws"])
    return {"html": fragment(trace_blocks(found, hints=False), "t")}


def require(known: Answering, given: Given, progress: Progress) -> Any:
    """What it would take for all who are asked to agree to an arrangement."""
    from foedus.reporting.argued import needed_picture
    from foedus.sensitivity.taking import what_it_takes

    case = known.argued(given)
    found = what_it_takes(game_of(case), given["arrangement"])
    drawn = needed_picture(found)
    blocks = found.blocks() if drawn is None else (drawn, *found.blocks())
    return {"html": fragment(blocks, "r"), "name": case.arrangements[given["arrangement"]].name}


def export(known: Answering, given: Given, progress: Progress) -> Any:
    """A brief or a report in one of its forms, as base 64."""
    from foedus.whole_report import brief, report, written

    game = game_of(known.argued(given))
    make = report if given["what"] == "report" else brief
    key = (given["text"], given["file"], repr(given.get("settings")), given["what"], given["draws"])
    made = _kept(
        known.reports, key, lambda: make(game, draws=given["draws"], seed=SEED, progress=progress)
    )
    content = written(made, given["form"], game.case.as_of)
    return {"content": base64.b64encode(content).decode()}


def compare(known: Answering, given: Given, progress: Progress) -> Any:
    """What differs between two cases, and what each difference does."""
    from foedus.sensitivity.comparing.solve import compare as compared

    names = given["old_name"], given["new_name"]
    found = compared(
        given["old"], given["new"], draws=given["draws"], names=names, progress=progress
    )
    return {"html": fragment(found.blocks(), "d")}


def judged(known: Answering, given: Given, progress: Progress) -> Any:
    """Where the judges of a case differ, and, with draws, whether an answer depends on it.

    ``runs`` is in how many cases that has to be asked, at most.
    """
    from foedus.reporting.judges import dispute_told
    from foedus.reporting.names import capital
    from foedus.sensitivity.judging.solve import judges

    case = known.case(given)
    others = {name: case_with(case, None, settings) for name, settings in given["judges"].items()}
    found = judges(case, others, draws=given["draws"], seed=SEED, progress=progress)
    disputes = [
        {
            "name": each.name,
            "told": capital(judgement_told(case, each.case)),
            "said": dispute_told(found, each),
            "matters": bool(found.draws) and found.matters(each),
            "html": fragment(found.explain(each.name).blocks, "j"),
        }
        for each in found.disputed
    ]
    runs = 2 + len(others) + sum(len(each.sayings) for each in found.disputed if each.split)
    return {"html": fragment(found.blocks(), "j"), "disputes": disputes, "runs": runs}


def told(known: Answering, given: Given, progress: Progress) -> Any:
    """What the case tells after one step of writing it."""
    from foedus.reporting.beginning import told_blocks

    return {"html": fragment(told_blocks(game_of(known.case(given)), given["step"]), "s")}


ANSWERS: Mapping[str, Callable[[Answering, Given, Progress], Any]] = {
    each.__name__: each
    for each in (answer, reached, veto, why, trace, require, export, compare, judged, told)
}
"""The kinds of question, by name."""
