"""The workbench as one application: its pages, what becomes of errors, and what protects it."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from foedus.case.problems import CaseError, UnknownName
from foedus.render.html import page_style
from foedus.web import (
    argue,
    asking,
    beginning,
    comparing,
    editing,
    exports,
    judges,
    saving,
    versions,
    whatifs,
)
from foedus.web.desk import Desk, address, desk_of, environment, page, refusal
from foedus.web.jobs import Failed, Jobs, Superseded, Wrong
from foedus.web.kept import Unusable
from foedus.web.protection import App, Protection
from foedus.web.store import Conflict, Store
from foedus.whole_files import CannotWrite

READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)

TYPES = {
    "workbench.css": "text/css; charset=utf-8",
    "workbench.js": "text/javascript; charset=utf-8",
    "htmx.min.js": "text/javascript; charset=utf-8",
}


async def home(request: Request) -> Response:
    """The cases of the folder; of a single one, its page; of none, how to begin."""
    desk = desk_of(request)
    cases = desk.store.judged()
    if len(cases) == 1 and desk.store.single:
        return RedirectResponse(address(next(iter(cases))), 303)
    if not cases:
        return RedirectResponse("/new", 303)
    files = [file for case, judges in cases.items() for file in (case, *judges.values())]
    return page(request, "home.html", cases=cases, titles=await desk.titles(files))


async def static(request: Request) -> Response:
    """A file of our own: script, style sheet."""
    name = request.path_params["file"]
    kept_for = {"cache-control": "no-cache"}
    if name == "page.css":
        return Response(page_style(), headers=kept_for, media_type="text/css; charset=utf-8")
    if name not in TYPES:
        raise HTTPException(404)
    content = files("foedus.web").joinpath("static", name).read_bytes()
    return Response(content, headers=kept_for, media_type=TYPES[name])


async def _not_here(request: Request, error: Exception) -> Response:
    if isinstance(error, KeyError | IndexError) and not isinstance(error, UnknownName):
        raise error  # a mistake of ours, and no name that a reader gave
    said = str(error) if isinstance(error, LookupError) else "There is no such page."
    return refusal(request, 404, said)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return await _not_here(request, error)
    detail = error.detail if isinstance(error, HTTPException) else "Something went wrong."
    return refusal(request, status, detail)


async def _unwritten(request: Request, error: Exception) -> Response:
    """What cannot be written, or was not put there by us: in the words of who found it."""
    return refusal(request, 507, unwritten_told(error))


def unwritten_told(error: Exception) -> str:
    """Why something was not written; of a folder that is read-only, what can be done with it."""
    if getattr(error.__cause__, "errno", None) not in READ_ONLY:
        return str(error)
    told = "The workbench may not write to this folder: its cases can be looked at, but not changed"
    return f"{told} ({error})."


def routes() -> Iterable[BaseRoute]:
    """Every page of the workbench."""
    yield Route("/", home)
    yield Route("/static/{file}", static)
    parts = argue, whatifs, editing, versions, exports, beginning, comparing, judges, asking
    for part in parts:
        yield from part.ROUTES


def workbench(
    opened: Path, *, hosts: frozenset[str] | None, token: str | None, workers: int
) -> App:
    """The application on a folder, or on one case file.

    It is answered under ``hosts`` alone (None: any), to those who know the ``token`` if there is
    one; ``workers`` processes answer what readers wait for. Raises `NotHere` for what is neither a
    folder nor a case file.
    """
    store = Store(opened)
    jobs = Jobs(workers)

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        await jobs.start()
        try:
            yield
        finally:
            await jobs.stop()

    handlers: dict[Any, Any] = {
        LookupError: _not_here,
        Conflict: saving.conflict,
        CannotWrite: _unwritten,
        Unusable: _unwritten,
        HTTPException: _refused,
        **dict.fromkeys((Superseded, Wrong, Failed, CaseError, ValueError), argue.wrong),
    }
    app = Starlette(routes=list(routes()), lifespan=running, exception_handlers=handlers)
    app.state.desk = Desk(store, jobs)
    app.state.templates = environment()
    return Protection(app, hosts, token)
