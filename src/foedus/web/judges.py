"""Several judges of one case: who judges, where they differ, whether the answer depends on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from foedus.case.judge_files import judged_case
from foedus.case.links import judgements_of
from foedus.case.problems import CaseError, UnknownName
from foedus.web.desk import (
    Desk,
    address,
    desk_of,
    form_of,
    new_tab,
    page,
    problem_rows,
    row,
    see_other,
    tab_of,
)
from foedus.web.jobs import BACKGROUND, Job, Superseded
from foedus.web.judging import UNSAID, Answers, answers_of, invite, judges_of, record, uninvite
from foedus.web.store import Stored

DRAWS = 250
"""In so many draws it is asked whether the answer depends on who is right,"""

AT_ONCE = 40
"""and without being told to where no more cases than these have to be solved."""

Rows = list[dict[str, Any]]


async def judges(request: Request) -> Response:
    """Who judges, with their links, and room for where they differ."""
    return await _page(request)


async def _page(request: Request, wrong: str = "") -> Response:
    desk, name = desk_of(request), request.path_params["name"]
    stored = await desk.read(name)
    of = judged_case(name)
    if of is not None and name not in await run_in_threadpool(desk.store.names):
        return see_other(address(of[0], "judges"))
    try:
        case = await desk.case(stored)
    except CaseError as error:
        return page(request, "broken.html", 422, name=name, problems=problem_rows(error))
    files, found, problems = await _answers(desk, stored)
    base = str(request.base_url).rstrip("/")
    rows = [
        {
            "answers": each,
            "file": files[each.judge],
            "link": base + address(name, "judge", quote(each.judge, safe="")),
        }
        for each in found
    ]
    return page(
        request,
        "judges.html",
        422 if wrong else 200,
        name=name,
        case=case,
        here="judges",
        rows=rows,
        total=len(judgements_of(case)),
        judged=any(files.values()),
        wrong=[row(wrong)] if wrong else [],
        problems=problems,
        tab=new_tab(),
    )


async def _answers(desk: Desk, stored: Stored) -> tuple[dict[str, str | None], list[Answers], Rows]:
    """The judges with their files, what each has answered, and which files are no cases."""
    files = await run_in_threadpool(judges_of, desk.store, stored.name)
    found, problems = [], []
    for judge, file in files.items():
        try:
            found.append(await answers_of(desk, stored, judge, file))
        except CaseError as error:
            text = f"{file} is left out, since it is no case: {error.problems[0].text}"
            problems.append(row(text))
    return files, found, problems


async def invited(request: Request) -> Response:
    """Let a judge have a link."""
    desk, name = desk_of(request), request.path_params["name"]
    try:
        await run_in_threadpool(invite, desk.store, name, form_of(request).get("judge", ""))
    except CaseError as error:
        return await _page(request, error.problems[0].text)
    except ValueError as error:
        return await _page(request, str(error))
    return see_other(address(name, "judges"))


async def uninvited(request: Request) -> Response:
    """Let a judge without answers have a link no longer."""
    desk, name = desk_of(request), request.path_params["name"]
    await run_in_threadpool(uninvite, desk.store, name, form_of(request).get("judge", ""))
    return see_other(address(name, "judges"))


async def renewed(request: Request) -> Response:
    """Put a judge's file on the case as it is now."""
    desk, name = desk_of(request), request.path_params["name"]
    judge = form_of(request).get("judge", "")
    if (await run_in_threadpool(judges_of, desk.store, name)).get(judge):
        await run_in_threadpool(record, desk.store, name, judge, "", UNSAID)
    return see_other(address(name, "judges"))


class Compared:
    """What the judges of a case are asked about: who has answered what, and the question of it."""

    def __init__(self, desk: Desk, stored: Stored, answers: list[Answers]) -> None:
        self.desk, self.stored, self.answers = desk, stored, answers
        self._given = {
            "text": stored.text,
            "file": stored.name,
            "judges": {each.judge: list(each.settings.items()) for each in answers},
        }
        self.asker = f"the judges of {stored.name}"

    @classmethod
    async def of(cls, request: Request) -> Compared:
        """What a request asks about. Raises NotHere and CaseError."""
        desk = desk_of(request)
        stored = await desk.read(request.path_params["name"])
        _, found, _ = await _answers(desk, stored)
        return cls(desk, stored, [each for each in found if each.how])

    def given(self, draws: int) -> dict[str, Any]:
        """What a worker is told."""
        return {**self._given, "draws": draws}

    @property
    def known(self) -> Any:
        """Whether the answer depends on who is right, if that is known."""
        return self.desk.jobs.kept("judged", self.given(DRAWS))

    @property
    def job(self) -> Job | None:
        """The job on that, if there is one."""
        return self.desk.jobs.found("judged", self.given(DRAWS))

    async def at_once(self, tab: str) -> Any:
        """Where they differ, without any forecast."""
        return await self.desk.jobs.ask("judged", self.given(0), asker=f"{tab} judged")

    def begin(self) -> Job:
        """Ask whether it matters; what was asked of the same case before is given up."""
        jobs, given = self.desk.jobs, self.given(DRAWS)
        jobs.drop(self.asker)
        return jobs.job("judged", given, asker=self.asker, rank=BACKGROUND)

    async def look(self) -> tuple[Any, Job | None]:
        """Whether it matters, if that is known soon; otherwise the job on it, if there is one."""
        return await self.desk.jobs.look("judged", self.given(DRAWS))


async def compared(request: Request) -> Response:
    """Where the judges differ, and whether it matters, or that this is being worked out."""
    asked = await Compared.of(request)
    name = asked.stored.name
    if not asked.answers:
        return page(request, "judged.html", name=name, found=None, job=None, done=False)
    known = asked.known
    found = known or await asked.at_once(tab_of(request.query_params))
    job = asked.job
    if known is None and job is None and found["runs"] <= AT_ONCE:
        job = asked.begin()
    return page(request, "judged.html", name=name, found=found, job=job, done=known is not None)


async def matters(request: Request) -> Response:
    """How far it is worked out whether it matters; the whole once it is."""
    asked = await Compared.of(request)
    if request.query_params.get("begin") and asked.known is None and asked.job is None:
        asked.begin()
    try:
        known, job = await asked.look()
    except Superseded:
        known, job = None, None
    if known is None:
        return page(request, "matters.html", name=asked.stored.name, found=None, job=job)
    made = page(request, "judged.html", name=asked.stored.name, found=known, job=None, done=True)
    made.headers["HX-Retarget"] = "#judged"
    made.headers["HX-Reswap"] = "innerHTML"
    return made


async def stopped(request: Request) -> Response:
    """Give up working it out."""
    asked = await Compared.of(request)
    if asked.job is not None:
        asked.desk.jobs.cancel(asked.job)
    return page(request, "matters.html", name=asked.stored.name, found=None, job=None)


async def dispute(request: Request) -> Response:
    """Who says what of one judgement, what it does, and who was not asked or could not say."""
    asked = await Compared.of(request)
    found = asked.known or await asked.at_once(tab_of(request.query_params))
    name = request.query_params.get("judgement", "")
    disputes = {each["name"]: each for each in found["disputes"]}
    if name not in disputes:
        raise UnknownName("disputed judgement", name, disputes)
    silent = {
        "could not say": [a.judge for a in asked.answers if a.how.get(name) == UNSAID],
        "not asked yet": [a.judge for a in asked.answers if name not in a.how],
    }
    return page(
        request, "dispute.html", name=asked.stored.name, dispute=disputes[name], silent=silent
    )


ROUTES = [
    Route("/case/{name}/judges", judges),
    Route("/case/{name}/judges/invite", invited, methods=["POST"]),
    Route("/case/{name}/judges/uninvite", uninvited, methods=["POST"]),
    Route("/case/{name}/judges/renew", renewed, methods=["POST"]),
    Route("/case/{name}/judges/compared", compared),
    Route("/case/{name}/judges/matters", matters),
    Route("/case/{name}/judges/stop", stopped, methods=["POST"]),
    Route("/case/{name}/judges/dispute", dispute),
]
