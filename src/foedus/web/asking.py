"""One judge asked: one judgement at a time, in plain words, and each answer saved at once.

The judge's own value is asked for before the case's is shown: who starts from a number stays too
near it [Tversky1974].
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from foedus.case.edit import Value
from foedus.case.judged import Judged
from foedus.case.judgement import ROLES
from foedus.case.links import judgements_of
from foedus.case.model import Case, Judgement
from foedus.case.problems import CaseError, Problem
from foedus.case.reading import parse_case
from foedus.document import number
from foedus.reporting.elicited import JudgementQuestion, question_about, questions_about
from foedus.sensitivity.settings import case_with, judgement_called, parsed_setting
from foedus.web.desk import Desk, address, desk_of, form_of, page, problem_rows, see_other
from foedus.web.judging import AGREED, SAID, UNSAID, Answers, answers_of, judges_of, record
from foedus.web.sliders import part_name, scale_of, typed, written
from foedus.web.store import NotHere, Stored

STEPS = 100
"""A slider has so many steps, or up to twice as many."""

FIELDS = ("low", "mode", "high")

HOW = {"say": SAID, "agree": AGREED, "unsaid": UNSAID}
"""What the buttons mean."""


class Asking:
    """One judge of a case, the questions in the order in which they are asked, and the answers."""

    def __init__(self, stored: Stored, case: Case, answers: Answers, part: str) -> None:
        self.stored, self.case, self.answers = stored, case, answers
        asked = sorted(questions_about(case), key=lambda each: not each.judgement.played)
        self.every = tuple(asked)
        self.part = part if any(_part(each) == part for each in asked) else ""
        self.questions = tuple(e for e in asked if self.part in ("", _part(e)))

    @classmethod
    async def of(cls, request: Request, part: str) -> Asking:
        """What a request is about. Raises NotHere for who was not invited, and CaseError."""
        desk, judge = desk_of(request), request.path_params["judge"]
        stored = await desk.read(request.path_params["name"])
        judges = await run_in_threadpool(judges_of, desk.store, stored.name)
        if judge not in judges:
            raise NotHere(f"no judge {judge!r} has been invited to {stored.name}")
        case = await desk.case(stored)
        return cls(stored, case, await answers_of(desk, stored, judge, judges[judge]), part)

    def scale(self, asked: JudgementQuestion) -> tuple[str, ...]:
        """On what to answer; what there is to compare with has the judge's own value, if any."""
        own = case_with(self.case, None, tuple(self.answers.settings.items()))
        judgement = judgement_called(own, asked.name)
        return asked.scale if judgement is None else question_about(own, judgement).scale

    def question(self, name: str) -> JudgementQuestion | None:
        """The question of a judgement."""
        return next((each for each in self.every if each.name == name), None)

    def after(self, name: str) -> JudgementQuestion | None:
        """The next in the order, from one on and round, that has no answer; None without any."""
        names = [each.name for each in self.questions]
        start = names.index(name) + 1 if name in names else 0
        turned = (*self.questions[start:], *self.questions[:start])
        return next((each for each in turned if each.name not in self.answers.how), None)

    def link(self, **query: str) -> str:
        """The address of a page of this judge."""
        given = [(key, value) for key, value in {**query, "part": self.part}.items() if value]
        judge = quote(self.answers.judge, safe="")
        return address(self.stored.name, "judge", judge, query=given)

    def parts(self) -> list[dict[str, Any]]:
        """All questions by whose they are about, each with how it was answered."""
        parts: dict[str, list[JudgementQuestion]] = {}
        for each in self.every:
            parts.setdefault(_part(each), []).append(each)
        how = self.answers.how
        return [
            {
                "id": part,
                "name": part_name(self.case, None if part == OTHERS else part),
                "answered": sum(each.name in how for each in questions),
                "questions": [(each, how.get(each.name, "")) for each in questions],
            }
            for part, questions in parts.items()
        ]

    def own(self, asked: JudgementQuestion) -> Value | None:
        """The judge's own value of a judgement, if there is one."""
        if self.answers.how.get(asked.name) not in (SAID, AGREED):
            return None
        own: Value = self.answers.settings.get(asked.name, written(asked.judgement))
        return own


OTHERS = "others"
"""The part of what is no actor's."""


def _part(asked: JudgementQuestion) -> str:
    return asked.judgement.owner or OTHERS


def scale_for(case: Case, judgement: Judgement) -> tuple[float, float, float]:
    """From where to where a judge's slider goes, and its step.

    It is that of all judgements of the same kind and actor, so that it does not tell what the case
    has of this one.
    """
    alike = [
        scale_of(each)
        for each in judgements_of(case)
        if (each.role, each.owner) == (judgement.role, judgement.owner)
    ]
    least, most = min(s[0] for s in alike), max(s[1] for s in alike)
    if least < 0 < most and math.isinf(judgement.bounds[0]):
        most = max(most, -least)
        least = -most
    power = math.floor(math.log10((most - least) / STEPS))
    nice = next(each for each in (1, 2, 5, 10) if each * 10.0**power * STEPS * 2 >= most - least)
    step = float(f"{nice * 10.0**power:.1g}")
    return math.floor(least / step) * step, math.ceil(most / step) * step, step


async def asks(request: Request) -> Response:
    """One question; that all are answered, where none is left; what was said last above it."""
    query = request.query_params
    asking = await Asking.of(request, query.get("part", ""))
    name = query.get("q", "")
    asked = asking.question(name) if name else asking.after("")
    if name and asked is None:
        raise NotHere(f"no judgement {name!r} is asked for")
    last = asking.question(query.get("saved", ""))
    return await run_in_threadpool(_page, request, asking, asked, saved=last)


def _page(
    request: Request,
    asking: Asking,
    asked: JudgementQuestion | None,
    *,
    saved: JudgementQuestion | None = None,
    given: Mapping[str, str] | None = None,
    problems: Sequence[Mapping[str, Any]] = (),
) -> Response:
    """A page of the judge's, with what was typed where that could not be saved."""
    shown: dict[str, Any] = {}
    if asked is not None:
        names = [each.name for each in asking.questions]
        place = names.index(asked.name) if asked.name in names else None
        least, most, step = scale_for(asking.case, asked.judgement)
        own = asking.own(asked)
        fields = given or _fields(own)
        shown = {
            "scale": asking.scale(asked),
            "place": None if place is None else place + 1,
            "back": asking.link(q=names[place - 1]) if place else None,
            "next": asking.link(q=names[place + 1])
            if place is not None and place + 1 < len(names)
            else None,
            "least": f"{least:.10g}",
            "most": f"{most:.10g}",
            "step": f"{step:.10g}",
            "at": fields.get("mode") or f"{(least + most) / 2:.10g}",
            "fields": fields,
            "shown": typed(written(asked.judgement)),
            "how": asking.answers.how.get(asked.name, ""),
        }
    return page(
        request,
        "judge.html",
        422 if problems else 200,
        asking=asking,
        name=asking.stored.name,
        judge=asking.answers.judge,
        asked=asked,
        saved=saved,
        saved_own=None if saved is None else told(asking.own(saved)),
        problems=problems,
        **shown,
    )


def _fields(own: Value | None) -> dict[str, str]:
    """A value as the fields of the form have it."""
    if own is None:
        return {}
    if isinstance(own, str):
        return {"word": own}
    if isinstance(own, Sequence):
        return dict(zip(FIELDS, map(typed, own), strict=True))
    return {"mode": typed(own)}


def told(own: Value | None) -> str:
    """A judge's value in words."""
    if own is None:
        return "You cannot say"
    if isinstance(own, str):
        return f"“{own}”"
    if isinstance(own, int | float):
        return f"{number(own)}, without a range"
    low, mode, high = map(number, own)
    return f"{mode}, between {low} and {high}"


def value_in(given: Mapping[str, str], words: Sequence[str]) -> Value:
    """The value in the fields of the form: a word, one number, or three. Raises CaseError."""
    numbers = {key: given.get(key, "").strip().replace("−", "-") for key in FIELDS}
    word = given.get("word", "")
    some = [key for key in FIELDS if numbers[key]]
    if word and some:
        raise _refused("Give a word or numbers, not both.")
    if word:
        if word not in words:
            raise _refused("That is none of the words that may be the answer.")
        return word
    if not numbers["mode"]:
        raise _refused("Say what is most likely, or that you cannot say.")
    if len(some) == 2:
        raise _refused("Give both ends of the range, or neither if you are sure.")
    text = numbers["mode"]
    if len(some) == 3:
        text = "[" + ", ".join(numbers[key].replace(",", ".") for key in FIELDS) + "]"
    value = parsed_setting(f"value={text.replace(',', '.') if len(some) == 1 else text}")[1]
    if isinstance(value, str):
        raise _refused("Answer in numbers.")
    return value


def _within(judgement: Judgement, value: Value) -> None:
    """Raise CaseError where a number of a value cannot be one of this judgement."""
    for each in value if isinstance(value, list | tuple) else [value]:
        if not isinstance(each, int | float) or not math.isfinite(each):
            continue
        if not ROLES[judgement.role].allows(each):
            bounds = Judged(judgement.role).number.expected
            raise _refused(f"{number(each)} cannot be the answer: give {bounds}.")


def _refused(text: str) -> CaseError:
    return CaseError([Problem(text)], "answer")


async def answered(request: Request) -> Response:
    """Save one answer, and go on to the next question that has none."""
    desk, form = desk_of(request), form_of(request)
    asking = await Asking.of(request, form.get("part", ""))
    asked = asking.question(form.get("q", ""))
    if asked is None:
        raise NotHere("The case does not ask for that judgement any more.")
    how = HOW.get(form.get("how", ""), SAID)
    try:
        value: Value | None = None
        if how == SAID:
            value = value_in(form, asked.words)
            _within(asked.judgement, value)
        elif how == AGREED:  # with what was shown, whatever the case has by now
            value = parsed_setting(f"value={form.get('shown', '')}")[1]
        await _record(desk, asking, asked.name, how, value)
    except CaseError as error:
        rows = problem_rows(CaseError([replace(p, place=None) for p in error.problems], ""))
        return _page(request, asking, asked, given=form, problems=rows)
    answers = asking.answers
    asking.answers = replace(answers, how={**answers.how, asked.name: how})
    following = asking.after(asked.name)
    q = following.name if following else ""
    return see_other(asking.link(saved=asked.name, q=q))


async def _record(desk: Desk, asking: Asking, what: str, how: str, value: Value | None) -> None:
    name, judge = asking.stored.name, asking.answers.judge

    def parse(text: str, file: str) -> Case:
        return desk.cases.get((file, text)) or parse_case(text, file)

    await run_in_threadpool(record, desk.store, name, judge, what, how, value, parse)


ROUTES = [
    Route("/case/{name}/judge/{judge}", asks),
    Route("/case/{name}/judge/{judge}", answered, methods=["POST"]),
]
