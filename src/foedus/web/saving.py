"""Saving what was edited: tried on the case as it is now, kept as a draft where it cannot be.

What is no case is not written: it is kept beside the case. An edit that began from an older version
is done to the case as it is where nobody touched the same; otherwise both are shown, and the reader
says which is to stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.web.desk import Desk, desk_of, form_of, in_place, new_tab, page, problem_rows, tab_of
from foedus.web.entering import Clash, as_sent
from foedus.web.merging import difference
from foedus.web.store import Conflict, Store, Stored

DRAFT = "draft"
"""The notes that say from which version a draft began, and in which tab."""

TRIES = 5
"""So often an edit is done anew where another program saves at the same moment."""

MARK = "\ufeff"


async def problems_of(desk: Desk, written: str, name: str) -> list[dict[str, Any]]:
    """What is wrong with a text, as rows; none for a case. It is not kept as read."""
    try:
        if (name, written) not in desk.cases:
            await run_in_threadpool(parse_case, written, name)
    except CaseError as error:
        return problem_rows(error)
    return []


def typed(written: str) -> str:
    """The text of a file as one types it: a byte order mark is none of it."""
    return written.removeprefix(MARK)


async def kept_whole(
    desk: Desk,
    name: str,
    form: Mapping[str, str],
    done: Callable[[str, str], tuple[str, str]],
) -> tuple[Stored, bool, str]:
    """Do an edit to the case as it is, and save it: what it is then, whether others had, and why.

    ``done`` makes the new text from the one that the edit began with and the one that is. Raises
    CaseError for what is no case then, and Conflict.
    """
    await desk.read(name)
    async with desk.editing[name]:
        return await _alone(desk, name, form.get("version", ""), done)


async def _alone(
    desk: Desk, name: str, version: str, done: Callable[[str, str], tuple[str, str]]
) -> tuple[Stored, bool, str]:
    """The same, while no other request to this server does it; another program may."""
    for _ in range(TRIES):
        stored = await desk.read(name)
        base = await run_in_threadpool(desk.store.as_of, name, version)
        known = stored.text if base is None else base
        try:
            whole, why = await run_in_threadpool(done, known, stored.text)
        except Clash as clash:
            raise Conflict(stored, clash.mine) from clash
        if base is None:
            raise Conflict(stored, whole)
        others = stored.version != version
        try:
            await desk.parsed(whole, name)
        except CaseError as error:
            if others:
                alone, _ = await run_in_threadpool(done, base, base)
                if not await problems_of(desk, alone, name):
                    raise Conflict(stored, whole) from None
            raise Unfit(whole, error) from None
        try:
            found = await run_in_threadpool(desk.store.save, name, whole, stored.version, why)
        except Conflict:
            continue
        return found, others, why
    raise Conflict(stored, whole)


class Unfit(CaseError):
    """The ``text`` that an edit leads to is no case."""

    def __init__(self, whole: str, error: CaseError) -> None:
        super().__init__(error.problems, error.file)
        self.text = whole


def saved(answer: HTMLResponse, how: str) -> HTMLResponse:
    """An answer that tells the rest of the page that the case was saved."""
    answer.headers["HX-Trigger"] = f"saved, {how}"
    return answer


def piece(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A piece of a page to stand in it, or on a page of its own."""
    if in_place(request):
        return page(request, template, status, **context)
    return page(request, "piece.html", status, piece=template, **context)


# --- drafts -----------------------------------------------------------------------------------


def draft_of(store: Store, name: str) -> tuple[str | None, dict[str, str]]:
    """The draft of a case, with the version that it began from and the tab that has it."""
    found = store.draft(name)
    note = store.notes(name, DRAFT)
    return found, {key: str(note.get(key, "")) for key in ("version", "tab")}


async def keep_draft(
    desk: Desk, name: str, written: str, form: Mapping[str, str], *, over: bool = True
) -> bool:
    """Keep what was typed, and tell whether it is; what is too large, or no text, is not.

    Without ``over`` the draft of another tab stays.
    """
    note = {"version": form.get("version", "")[:40], "tab": tab_of(form)}

    def kept() -> bool:
        there, by = draft_of(desk.store, name)
        if there is not None and not over and by["tab"] != note["tab"]:
            return False
        try:
            desk.store.keep_draft(name, written)
        except CaseError:
            return False
        desk.store.put_notes(name, DRAFT, note)
        return True

    return await run_in_threadpool(kept)


async def drop_draft(desk: Desk, name: str, tab: str) -> None:
    """Forget the draft of a tab, whose text is saved; that of another one is kept."""

    def dropped() -> None:
        if tab and draft_of(desk.store, name)[1]["tab"] == tab:
            desk.store.drop_draft(name)

    await run_in_threadpool(dropped)


async def keep_mine(desk: Desk, conflict: Conflict, form: Mapping[str, str]) -> None:
    """Keep as a draft what was to be written, if there was anything."""
    if conflict.mine is not None:
        await keep_draft(desk, conflict.current.name, conflict.mine, form)


async def conflict(request: Request, error: Exception) -> Response:
    """The same was changed by somebody else: both are shown, and neither is lost."""
    assert isinstance(error, Conflict)  # noqa: S101 - registered for it alone
    await keep_mine(desk_of(request), error, form_of(request))
    return conflict_page(request, error)


def conflict_page(
    request: Request,
    error: Conflict,
    fields: list[tuple[str, str]] | None = None,
    part: str = "",
) -> Response:
    """What stands now against what was to be; with ``fields`` a form that can be sent again."""
    current, mine = error.current, error.mine
    left_out = ("csrf", "version")
    return piece(
        request,
        "conflict.html",
        409,
        name=current.name,
        case=None,
        part=part,
        version=current.version,
        tab=tab_of(form_of(request)) or new_tab(),
        mine=None if mine is None else typed(mine),
        lines=None if mine is None else difference(as_sent(current.text), as_sent(mine)),
        fields=[(n, v) for n, v in fields or () if n not in left_out],
    )
