"""The versions of a case: when and why each came about, what it changed, and back to it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from foedus.web.desk import address, desk_of, form_of, page, row, see_other
from foedus.web.merging import difference
from foedus.web.saving import piece
from foedus.web.store import NotHere, Store, Stored

SHOWN = 100
"""So many versions are shown at first."""


async def versions(request: Request) -> Response:
    """The versions, newest first."""
    return await _page(request)


async def _page(request: Request, status: int = 200, problem: str = "") -> Response:
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    past = await run_in_threadpool(desk.store.history, stored.name)
    every = "all" in request.query_params
    return page(
        request,
        "history.html",
        status,
        name=stored.name,
        case=None,
        version=stored.version,
        past=past if every else past[:SHOWN],
        more=0 if every else max(len(past) - SHOWN, 0),
        outside=bool(past) and past[0].version != stored.version,
        said=request.query_params.get("said", ""),
        problems=[row(problem)] if problem else [],
    )


async def changed(request: Request) -> Response:
    """What a version changed in the one before it."""
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    number = _number(request.path_params["number"])

    def compared() -> tuple[list[tuple[str, str]] | None, bool]:
        numbers = [each.number for each in desk.store.history(stored.name)]
        new = desk.store.past(stored.name, number)
        earlier = [each for each in numbers if each < number]
        old = desk.store.past(stored.name, earlier[0]) if earlier else ""
        return difference(old, new) if earlier else [], not earlier

    lines, first = await run_in_threadpool(compared)
    name = stored.name
    return piece(request, "changed.html", name=name, case=None, lines=lines, first=first)


def _number(text: str) -> int:
    """The number of a version. Raises LookupError for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise LookupError("There is no such version.")
    return int(text)


async def _back(request: Request, step: Callable[[Store, str, str], Stored], said: str) -> Response:
    """Go to another version, unless the case was changed meanwhile."""
    desk, form, name = desk_of(request), form_of(request), request.path_params["name"]
    try:
        await run_in_threadpool(step, desk.store, name, form.get("version", ""))
    except NotHere:
        raise
    except LookupError as error:
        told = str(error)
        return await _page(request, 422, f"{told[:1].upper()}{told[1:]}.".replace("..", "."))
    to = "edit" if form.get("to") == "edit" else "history"
    return see_other(address(name, to, query=[("said", said)]))


async def undo(request: Request) -> Response:
    """Take the last edit back."""
    return await _back(request, Store.undo, "Undone.")


async def redo(request: Request) -> Response:
    """Make an edit again that was undone."""
    return await _back(request, Store.redo, "Done again.")


async def restore(request: Request) -> Response:
    """Let the case have the text of an earlier version again."""
    given = form_of(request).get("number", "")

    def step(store: Store, name: str, version: str) -> Stored:
        return store.restore(name, _number(given), version)

    return await _back(request, step, "Restored.")


ROUTES = [
    Route("/case/{name}/history", versions),
    Route("/case/{name}/changed/{number}", changed),
    Route("/case/{name}/undo", undo, methods=["POST"]),
    Route("/case/{name}/redo", redo, methods=["POST"]),
    Route("/case/{name}/restore", restore, methods=["POST"]),
]
