"""Arguing with a case: its judgements as sliders, and what the answers are if one is pulled."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.sensitivity.settings import case_with
from foedus.web.desk import (
    Desk,
    address,
    desk_of,
    new_tab,
    page,
    problem_rows,
    refusal,
    row,
    tab_of,
    wrong_rows,
)
from foedus.web.jobs import BACKGROUND, Failed, Superseded, Wrong
from foedus.web.sliders import Setting, address_of, groups_of, others_set, settings_from
from foedus.web.solving import REFINED, answer_known, answered
from foedus.web.store import Stored
from foedus.web.whatifs import kept_in

SAID = {"written": "Written into the case."}
"""What may be told on the page after something was done, by its name in the address."""


class Asked:
    """One question about a case: the file, the case, and what is set otherwise."""

    def __init__(self, desk: Desk, stored: Stored, case: Case, settings: list[Setting]) -> None:
        self.desk, self.stored, self.case, self.settings = desk, stored, case, settings

    @classmethod
    async def of(cls, request: Request) -> Asked:
        """What a request asks about. Raises NotHere and CaseError."""
        desk = desk_of(request)
        stored = await desk.read(request.path_params["name"])
        case = await desk.case(stored)
        settings = settings_from(case, request.query_params.multi_items())
        return cls(desk, stored, case, settings)

    @property
    def query(self) -> list[tuple[str, str]]:
        """What is set, as it stands in an address."""
        return address_of(self.settings)

    @property
    def link(self) -> str:
        """The address of the page with all that is set."""
        return address(self.stored.name, query=self.query)

    def given(self, **more: Any) -> dict[str, Any]:
        """What a worker is told."""
        return {
            "text": self.stored.text,
            "file": self.stored.name,
            "settings": [list(each) for each in self.settings],
            **more,
        }

    def context(self) -> dict[str, Any]:
        """What every template of a case is given."""
        return {
            "name": self.stored.name,
            "case": self.case,
            "version": self.stored.version,
            "query": self.query,
            "settings": self.settings,
            "link": self.link,
        }


async def argue(request: Request) -> Response:
    """The page: sliders, and room for the answers, which follow; known ones are in it at once."""
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    try:
        case = await desk.case(stored)
    except CaseError as error:
        return page(request, "broken.html", 422, name=stored.name, problems=problem_rows(error))
    problems: list[dict[str, Any]] = []
    settings: list[Setting] = []
    try:
        settings = settings_from(case, request.query_params.multi_items())
        if settings:
            await run_in_threadpool(case_with, case, stored.text, settings)
    except CaseError as error:
        problems, settings = problem_rows(error), []
    asked = Asked(desk, stored, case, settings)
    return page(
        request,
        "argue.html",
        **asked.context(),
        groups=groups_of(case, settings),
        tab=new_tab(),
        problems=problems,
        kept=await run_in_threadpool(kept_in, desk.store, stored.name),
        known=answer_known(desk, asked.given()),
        others=others_set(case, settings),
        said=SAID.get(request.query_params.get("said", ""), ""),
    )


async def answer(request: Request) -> Response:
    """The answers as written, or both side by side."""
    asked = await Asked.of(request)
    asker = f"{tab_of(request.query_params)} answer"
    found = await answered(asked.desk, asked.given(), asker)
    version = request.query_params.get("version", asked.stored.version)
    made = page(
        request,
        "answer.html",
        **asked.context(),
        found=found,
        refined=False,
        piece=True,
        changed=version != asked.stored.version,
    )
    made.headers["HX-Replace-Url"] = asked.link
    return made


async def veto(request: Request) -> Response:
    """The veto map: who gains, loses and refuses, and what the change does to it."""
    asked = await Asked.of(request)
    found = await asked.desk.jobs.ask(
        "veto", asked.given(), asker=f"{tab_of(request.query_params)} veto", rank=1
    )
    return page(request, "veto.html", **asked.context(), found=found)


async def refine(request: Request) -> Response:
    """How far the refined answer is; the answer itself once it is there."""
    asked = await Asked.of(request)
    jobs, given = asked.desk.jobs, asked.given(draws=REFINED)
    asker = f"{tab_of(request.query_params)} refine"
    known = jobs.kept("answer", given)
    if known is None:
        job = jobs.found("answer", given)
        if job is None and request.query_params.get("begin"):
            jobs.drop(asker)
            job = jobs.job("answer", given, asker=asker, rank=BACKGROUND)
        return page(request, "refining.html", **asked.context(), job=job, more=REFINED)
    made = page(
        request,
        "answer.html",
        **asked.context(),
        found=known,
        refined=True,
        piece=True,
        changed=False,
    )
    made.headers["HX-Retarget"], made.headers["HX-Reswap"] = "#answer", "innerHTML"
    return made


async def stop(request: Request) -> Response:
    """Give up refining."""
    asked = await Asked.of(request)
    job = asked.desk.jobs.found("answer", asked.given(draws=REFINED))
    if job is not None:
        asked.desk.jobs.cancel(job)
    return page(request, "refining.html", **asked.context(), job=None, more=REFINED)


async def why(request: Request) -> Response:
    """Why an arrangement is refused, or not, and what the actor that was clicked makes of it."""
    asked = await Asked.of(request)
    arrangement = request.query_params.get("arrangement", "")
    found = await _told(request, asked, "why", arrangement=arrangement)
    actor = asked.case.actors.get(request.query_params.get("actor", ""))
    return page(
        request,
        "why.html",
        **asked.context(),
        found=found,
        heading=f"{found['name']}: why",
        actor=actor.name if actor else None,
        arrangement=arrangement,
    )


async def require(request: Request) -> Response:
    """What it would take for all who are asked to agree."""
    asked = await Asked.of(request)
    arrangement = request.query_params.get("arrangement", "")
    if arrangement not in asked.case.arrangements:
        return page(request, "problems.html", 404, problems=[row("There is no such arrangement.")])
    found = await _told(request, asked, "require", arrangement=arrangement)
    return page(
        request,
        "why.html",
        **asked.context(),
        found=found,
        heading=f"{found['name']}: what it would take",
        actor=None,
        arrangement="",
    )


async def trace(request: Request) -> Response:
    """From a number down to its sources."""
    asked = await Asked.of(request)
    path = request.query_params.get("path", "")
    found = await _told(request, asked, "trace", path=path, draws=0)
    return page(
        request,
        "why.html",
        **asked.context(),
        found=found,
        heading="What it rests on",
        actor=None,
        arrangement="",
    )


async def _told(request: Request, asked: Asked, kind: str, **more: Any) -> Any:
    """What a worker answers to a question of the side panel, which holds one at a time."""
    asker = f"{tab_of(request.query_params)} panel"
    return await asked.desk.jobs.ask(kind, asked.given(**more), asker=asker)


async def wrong(request: Request, error: Exception) -> Response:
    """A question that cannot be answered: in plain lines, where the answer would stand."""
    match error:
        case Superseded():
            return Response(status_code=204)
        case Wrong():
            return refusal(request, 422, wrong_rows(error.problems))
        case CaseError():
            return refusal(request, 422, problem_rows(error))
        case _:
            return refusal(request, 503 if isinstance(error, Failed) else 422, str(error))


ROUTES = [
    Route("/case/{name}", argue),
    Route("/case/{name}/answer", answer),
    Route("/case/{name}/veto", veto),
    Route("/case/{name}/refine", refine),
    Route("/case/{name}/stop", stop, methods=["POST"]),
    Route("/case/{name}/why", why),
    Route("/case/{name}/require", require),
    Route("/case/{name}/trace", trace),
]
