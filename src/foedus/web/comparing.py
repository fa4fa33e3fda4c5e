"""Comparing two cases, or two versions of one: what differs, and what each difference does."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from foedus.web.desk import Desk, desk_of, page, tab_of
from foedus.web.jobs import BACKGROUND, Job

DRAWS = 500

VERSION = " @ "
"""Between the name of a case and the number of one of its versions."""


async def compare(request: Request) -> Response:
    """Choose what is compared; with both chosen, the comparison follows."""
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    choices = await _choices(desk, stored.name)
    old = request.query_params.get("old", "")
    new = request.query_params.get("new", stored.name)
    return page(
        request,
        "compare.html",
        name=stored.name,
        case=None,
        here="compare",
        choices=choices,
        old=old,
        new=new,
    )


async def _choices(desk: Desk, name: str) -> list[tuple[str, str]]:
    """What can be chosen, with what it is called: versions of the case first, then other cases.

    Files that are known to be no cases yet are left out.
    """
    found = [(name, f"{name}, as it is")]
    for past in (await run_in_threadpool(desk.store.history, name))[1:30]:
        when = past.when.strftime("%Y-%m-%d %H:%M")
        found.append((f"{name}{VERSION}{past.number}", f"{name}, {when}: {past.why}"))
    judged = await run_in_threadpool(desk.store.judged)
    others = [file for case, judges in judged.items() for file in (case, *judges.values())]
    titles = await desk.titles(others)
    return found + [(o, o) for o in others if o != name and titles.get(o, o) is not None]


def _text(desk: Desk, choice: str) -> str:
    """The text of what was chosen. Raises NotHere."""
    name, version, number = choice.partition(VERSION)
    if version and number.isdecimal():
        return desk.store.past(name, int(number))
    return desk.store.read(choice).text


async def _given(desk: Desk, request: Request) -> dict[str, Any]:
    """What a worker is told of what was chosen. Raises NotHere."""
    given: dict[str, Any] = {"draws": DRAWS}
    for side in ("old", "new"):
        choice = request.query_params.get(side, "")
        given[side] = await run_in_threadpool(_text, desk, choice)
        given[f"{side}_name"] = choice
    return given


async def differences(request: Request) -> Response:
    """The comparison, once it is worked out; how far it is till then."""
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    found, job = await desk.jobs.look(
        "compare",
        await _given(desk, request),
        asker=f"{tab_of(request.query_params)} compare",
        rank=BACKGROUND,
        begin=bool(request.query_params.get("begin")),
    )
    return _differences(request, stored.name, found, job)


async def stop(request: Request) -> Response:
    """Give up comparing."""
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    job = desk.jobs.found("compare", await _given(desk, request))
    if job is not None:
        desk.jobs.cancel(job)
    return _differences(request, stored.name, None, None)


def _differences(request: Request, name: str, found: Any, job: Job | None) -> Response:
    query = [(side, request.query_params.get(side, "")) for side in ("old", "new")]
    return page(request, "differences.html", name=name, found=found, job=job, query=query)


ROUTES = [
    Route("/case/{name}/compare", compare),
    Route("/case/{name}/differences", differences, methods=["GET"]),
    Route("/case/{name}/differences", stop, methods=["POST"]),
]
