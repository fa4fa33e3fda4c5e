"""Beginning: which kind of question it is, and the way from it to an answer, step by step."""

from __future__ import annotations

import re
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from foedus.case.problems import CaseError
from foedus.starters import ids, questions, starter
from foedus.web.argue import Asked
from foedus.web.desk import address, desk_of, form_of, page, problem_rows, see_other
from foedus.whole_files import AlreadyThere


class Step(NamedTuple):
    """One step of the way: what it is called, what is asked in it, and which parts are edited."""

    title: str
    asks: str
    parts: tuple[str, ...]


STEPS = {
    "question": Step(
        "The question",
        "What do you want to know, as of which day, and by when? What you ask about is named as "
        "arrangements; the ones that exclude each other are the hypotheses.",
        ("question", "arrangements"),
    ),
    "actors": Step("The actors", "Who has a say, or must be reckoned with?", ("actors",)),
    "issues": Step(
        "The issues",
        "What is to be settled, and in which ways could it be? What can, and cannot, go together?",
        ("issues", "rules", "events"),
    ),
    "rights": Step(
        "Who decides",
        "Whose agreement does each change need? That is said at each issue, under “decided by”.",
        ("issues",),
    ),
    "wants": Step(
        "What each wants",
        "What is each outcome worth to each actor? Give a range: low, most likely, high.",
        ("preferences",),
    ),
    "evidence": Step(
        "The evidence",
        "On what does each judgement rest? Facts and reports with their source and grade; "
        "assumptions as what they are.",
        ("evidence",),
    ),
}
"""The steps, in their order; after the last comes the answer."""

ID = re.compile(r"[^\W_](?:[\w-]*\w)?")
LONGEST_NAME = 60

DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)\d", re.IGNORECASE)
"""Names that no file can have on Windows, whatever its suffix."""


async def new(request: Request) -> Response:
    """Ask which kind of question it is."""
    return page(request, "new.html", kinds=questions(), problem="", given={})


async def begin(request: Request) -> Response:
    """Write the starter of a kind under a new name, and go on to the first step."""
    desk, form = desk_of(request), form_of(request)
    kind, title = form.get("kind", ""), form.get("name", "").strip()
    stem = title.removesuffix(".yaml").removesuffix(".yml").strip().replace(" ", "-")
    problem = ""
    if kind not in ids():
        problem = "Choose which kind of question it is."
    elif not ID.fullmatch(stem) or len(stem) > LONGEST_NAME:
        problem = "Give the file a name of letters, digits and hyphens, such as gas-talks-2027."
    elif DEVICES.fullmatch(stem):
        problem = f"No file can be called {stem} on Windows: choose another name."
    if not problem:
        try:
            made = await run_in_threadpool(desk.store.create, f"{stem}.yaml", starter(kind))
            return see_other(address(made.name, "guide", "question"))
        except AlreadyThere:
            problem = f"There is a case {stem}.yaml here already: choose another name."
    return page(request, "new.html", 422, kinds=questions(), problem=problem, given=form)


async def guide(request: Request) -> Response:
    """One step: what is asked in it, where to put it in, and what the case already tells."""
    desk = desk_of(request)
    step = request.path_params["step"]
    if step not in STEPS:
        return see_other(address(request.path_params["name"], "guide", "question"))
    stored = await desk.read(request.path_params["name"])
    problems = []
    case = None
    try:
        case = await desk.case(stored)
    except CaseError as error:
        problems = problem_rows(error)
    order = list(STEPS)
    at = order.index(step)
    return page(
        request,
        "guide.html",
        name=stored.name,
        case=case,
        version=stored.version,
        here="guide",
        steps=STEPS,
        step=step,
        before=order[at - 1] if at else None,
        after=order[at + 1] if at + 1 < len(order) else None,
        problems=problems,
    )


async def told(request: Request) -> Response:
    """What the case tells after a step."""
    asked = await Asked.of(request)
    step = request.path_params["step"]
    found = await asked.desk.jobs.ask("told", asked.given(step=step))
    return page(request, "told.html", found=found)


ROUTES = [
    Route("/new", new),
    Route("/new", begin, methods=["POST"]),
    Route("/case/{name}/guide/{step}", guide),
    Route("/case/{name}/told/{step}", told),
]
