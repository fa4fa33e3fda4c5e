"""Editing a case: forms by part, and the text beside them, checked as one types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from foedus.case.problems import CaseError
from foedus.web.desk import (
    Desk,
    address,
    desk_of,
    fields_of,
    form_of,
    in_place,
    new_tab,
    page,
    problem_rows,
    see_other,
    tab_of,
)
from foedus.web.entering import Clash, Gone, NoEntry, Sent, data_of, entered
from foedus.web.fields import fields_of as fields_of_entry
from foedus.web.fields import known_lists
from foedus.web.forms import PARTS, Part, Section
from foedus.web.merging import together
from foedus.web.referring import referring
from foedus.web.saving import (
    MARK,
    Unfit,
    conflict_page,
    draft_of,
    drop_draft,
    keep_draft,
    keep_mine,
    kept_whole,
    piece,
    problems_of,
    saved,
    typed,
)
from foedus.web.store import Conflict, Stored

MANY = 20
"""Where a part has more entries, the form of each comes once it is opened."""

CALLED = ("name", "claim", "rule", "asks", "when", "unit")
"""By the first of these that it has, an entry is told in a list."""

JUDGED = ("value", "probability", "share", "default", "capability")
"""The judgement that is told beside it: the first of these."""

# --- the page ---------------------------------------------------------------------------------


async def edit(request: Request) -> Response:
    """The forms by part, and the text beside them; or the draft, where one goes on with it."""
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    goes_on = request.query_params.get("draft") == "on"
    draft, note = await run_in_threadpool(draft_of, desk.store, stored.name)
    shown = draft if goes_on and draft is not None else stored.text
    problems = await problems_of(desk, shown, stored.name)
    return page(
        request,
        "edit.html",
        parts=PARTS,
        draft=draft is not None and not goes_on and draft != stored.text,
        said=request.query_params.get("said", ""),
        **_pane(
            stored,
            typed(shown),
            problems,
            version=note.get("version", "") if shown is draft else stored.version,
            tab=note.get("tab", "") if shown is draft else new_tab(),
            unsaved=shown is draft,
        ),
    )


def _pane(
    stored: Stored, shown: str, problems: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """What the text beside the forms is made from."""
    return {
        "name": stored.name,
        "case": None,
        "text": shown,
        "size": shown.count("\n") + 2,
        "problems": problems,
        "version": stored.version,
        "unsaved": False,
        "told": "",
        **more,
    }


async def text(request: Request) -> Response:
    """The text as it is, for a page that has it beside its forms."""
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    problems = await problems_of(desk, stored.text, stored.name)
    return page(request, "text.html", **_pane(stored, typed(stored.text), problems, tab=new_tab()))


async def check(request: Request) -> Response:
    """What is wrong with a text as far as it is typed; nothing is written."""
    desk = desk_of(request)
    stored = await desk.read(request.path_params["name"])
    written = _as_file(form_of(request).get("text", ""), stored.text)
    problems = await problems_of(desk, written, stored.name)
    return page(request, "checked.html", problems=problems)


def _as_file(typed: str, before: str) -> str:
    """What was typed, with the byte order mark and the line ends that the file has."""
    if before.count("\r\n") == before.count("\n") > 0:
        typed = typed.replace("\n", "\r\n")
    return MARK + typed if before.startswith(MARK) else typed


# --- saving -----------------------------------------------------------------------------------


async def save(request: Request) -> Response:
    """Save the whole text, together with what others changed meanwhile in other lines."""
    desk, form = desk_of(request), form_of(request)
    if "text" not in form:
        raise HTTPException(422, "There is no text in this form.")
    stored = await desk.read(request.path_params["name"])
    written, tab = _as_file(form["text"], stored.text), tab_of(form)

    def done(base: str, now: str) -> tuple[str, str]:
        whole = written if base == now else together(base, written, now)
        if whole is None:
            raise Clash(written)
        return whole, "edited"

    try:
        found, merged, _ = await kept_whole(desk, stored.name, form, done)
    except Conflict as error:
        raise Conflict(error.current, written) from None
    except CaseError as error:
        await keep_draft(desk, stored.name, written, form)
        told = _pane(stored, form["text"], problem_rows(error), unsaved=True, tab=tab)
        told["version"] = form.get("version", "")
        return piece(request, "text.html", 422, **told)
    await drop_draft(desk, stored.name, tab)
    said = "Saved, together with what was changed meanwhile." if merged else "Saved."
    if not in_place(request):
        return see_other(address(stored.name, "edit", query=[("said", said)]))
    told = _pane(found, typed(found.text), [], told=said, tab=tab)
    return saved(page(request, "text.html", **told), "typed")


async def drop(request: Request) -> Response:
    """Forget the draft."""
    desk, name = desk_of(request), request.path_params["name"]
    await run_in_threadpool(desk.store.drop_draft, name)
    return see_other(address(name, "edit", query=[("said", "The draft is dropped.")]))


# --- forms ------------------------------------------------------------------------------------


def _part(request: Request, key: str) -> Part:
    if key not in PARTS:
        raise HTTPException(404)
    return PARTS[key]


async def part(request: Request) -> Response:
    """The forms of one part; or that of one entry, which is asked for once it is opened."""
    desk, key = desk_of(request), request.path_params["part"]
    found = _part(request, key)
    stored = await desk.read(request.path_params["name"])
    if "entry" not in request.query_params:
        return await _forms(request, desk, stored, key, found)
    data = await run_in_threadpool(data_of, stored.text, stored.name)
    for section, form in _every(found, data):
        if form["path"] and json.dumps(form["path"]) == request.query_params["entry"]:
            told = {"name": stored.name, "case": None, "part": key, "version": stored.version}
            told |= {
                "section": section,
                "form": form,
                "problems": [],
                "tab": new_tab(),
                "drafted": False,
            }
            return piece(request, "entry.html" if in_place(request) else "alone.html", **told)
    raise HTTPException(404)


async def _forms(
    request: Request,
    desk: Desk,
    stored: Stored,
    key: str,
    found: Part,
    status: int = 200,
    *,
    sent: Sent | None = None,
    problems: list[dict[str, Any]] | None = None,
    told: str = "",
    tab: str = "",
    version: str = "",
    drafted: bool = False,
) -> HTMLResponse:
    """The forms of a part; one that was sent and not done has what was typed into it."""
    rows = problems or []
    data: Mapping[str, Any] = {}
    try:
        data = await run_in_threadpool(data_of, stored.text, stored.name)
    except CaseError as error:
        rows = rows or problem_rows(error)
    forms = list(_every(found, data, sent if rows else None))
    for _, form in forms:
        form["later"] = len(forms) > MANY and not (form["new"] or form["mine"])
    sections = [list(group) for _, group in groupby(forms, key=lambda each: id(each[0]))]
    blank = [each for group in sections for each in fields_of_entry(*_blank(group[0][0]))]
    return piece(
        request,
        "part.html",
        status,
        name=stored.name,
        case=None,
        part=key,
        title=found.title,
        help=found.help,
        sections=sections,
        lists=known_lists(blank, data),
        version=version or stored.version,
        tab=tab or new_tab(),
        problems=rows,
        told=told,
        sent=sent,
        drafted=drafted,
    )


def _blank(section: Section) -> tuple[Any, None, tuple[str, ...]]:
    return section.shape, None, section.keys


def _every(
    part: Part, data: Mapping[str, Any], sent: Sent | None = None
) -> Iterator[tuple[Section, dict[str, Any]]]:
    """Every form of a part: one for each entry, and one for a new one in each section."""
    number = 0
    for section in part.sections(data):
        entries: list[tuple[tuple[str | int, ...] | None, Any]] = list(section.entries(data))
        if not section.single:
            entries.append((None, None))
        for path, value in entries:
            number += 1
            form = _form(section, path, value, sent)
            yield section, {**form, "number": number, "last": len(entries)}


def _form(
    section: Section, path: tuple[str | int, ...] | None, value: Any, sent: Sent | None
) -> dict[str, Any]:
    """What the template of one form is given."""
    step = None if path is None or section.single else path[-1]
    mine = sent is not None and (sent.section, sent.keys, sent.step) == (
        section.path,
        section.keys,
        step,
    )
    fields = list(fields_of_entry(section.shape, value, section.keys))
    texts = dict(sent.texts) if sent is not None and mine else {}
    name = [value[key] for key in CALLED if key in value] if isinstance(value, dict) else []
    return {
        "path": path,
        "step": step,
        "new": path is None,
        "id": sent.id if sent is not None and mine else step if isinstance(step, str) else "",
        "place": step + 1 if isinstance(step, int) else None,
        "called": str(name[0]) if name else "",
        "judged": next((f.text for f in fields if f.name in JUDGED and f.text), ""),
        "fields": fields,
        "told": [texts.get(field.name, field.text) for field in fields],
        "mine": mine,
    }


async def enter(request: Request) -> Response:
    """Add, change, rename or remove one entry, as its form says."""
    desk, name, given = desk_of(request), request.path_params["name"], fields_of(request)
    form = dict(given)
    key = form.get("part", "")
    found = _part(request, key)
    sent = Sent.of(given)

    def done(base: str, now: str) -> tuple[str, str]:
        return entered(sent, found, base, now, name)

    try:
        stored, _, why = await kept_whole(desk, name, form, done)
    except NoEntry as error:
        raise HTTPException(404, str(error)) from None
    except Conflict as conflict:
        await keep_mine(desk, conflict, form)
        again = None if isinstance(conflict.__cause__, Gone) else given
        return conflict_page(request, conflict, again, key)
    except CaseError as error:
        more: dict[str, Any] = {"sent": sent, "problems": problem_rows(error)}
        more |= {"version": form.get("version", ""), "tab": tab_of(form)}
        if isinstance(error, Unfit):
            more["drafted"] = await keep_draft(desk, name, error.text, form, over=False)
        stored = await desk.read(name)
        if isinstance(error, Unfit) and sent.do == "remove":
            path = (*sent.section, sent.step or 0)
            rows = referring(stored.text, error.text, path, error.problems, name)
            more["problems"] = rows or more["problems"]
        return await _forms(request, desk, stored, key, found, 422, **more)
    await drop_draft(desk, name, tab_of(form))
    said = f"Saved: {why}."
    if not in_place(request):
        return see_other(address(name, "edit", query=[("said", said)]))
    made = await _forms(request, desk, stored, key, found, sent=sent, told=said, tab=tab_of(form))
    return saved(made, "entered")


ROUTES = [
    Route("/case/{name}/edit", edit),
    Route("/case/{name}/edit/{part}", part),
    Route("/case/{name}/text", text, methods=["GET"]),
    Route("/case/{name}/text", save, methods=["POST"]),
    Route("/case/{name}/check", check, methods=["POST"]),
    Route("/case/{name}/entry", enter, methods=["POST"]),
    Route("/case/{name}/draft", drop, methods=["POST"]),
]
