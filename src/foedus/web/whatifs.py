"""What-ifs that are kept: named, beside each other, and written into the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem
from foedus.sensitivity.settings import edited_with, judgement_called
from foedus.web.desk import (
    address,
    desk_of,
    fields_of,
    form_of,
    page,
    problem_rows,
    see_other,
)
from foedus.web.entering import Clash
from foedus.web.saving import kept_whole
from foedus.web.sliders import Setting, address_of, settings_from
from foedus.web.solving import answer_known, answered
from foedus.web.store import Store, Stored

NOTES = "what-ifs"

NOTHING = "Nothing is judged otherwise."

MOST_KEPT = 50
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class KeptWhatIf:
    """A what-if under a name: what is set, and the answers with it where they are known.

    ``version`` is that of the case that the answers are of.
    """

    title: str
    settings: tuple[Setting, ...]
    answers: tuple[dict[str, Any], ...]
    version: str = ""

    @property
    def query(self) -> list[tuple[str, str]]:
        """What is set, as it stands in an address."""
        return address_of(self.settings)

    def link(self, name: str) -> str:
        """The address of the page with it."""
        return address(name, query=self.query)


def kept_in(store: Store, name: str) -> tuple[KeptWhatIf, ...]:
    """The what-ifs kept of a case, in the order in which they were; what makes no sense is none."""
    return _kept(store.notes(name, NOTES))


def _kept(notes: Mapping[str, Any]) -> tuple[KeptWhatIf, ...]:
    found = []
    told = notes.get("kept", [])
    for each in told if isinstance(told, list) else []:
        try:
            settings = tuple((str(n), v) for n, v in each["settings"])
            answers, version = tuple(each.get("answers", [])), str(each.get("version", ""))
            found.append(KeptWhatIf(str(each["title"]), settings, answers, version))
        except (KeyError, TypeError, ValueError):
            continue
    return tuple(found)


def _data(kept: Sequence[KeptWhatIf]) -> dict[str, Any]:
    """The what-ifs as notes hold them, the last ones where they are too many."""
    data = [
        {
            "title": each.title,
            "settings": [list(setting) for setting in each.settings],
            "answers": list(each.answers),
            "version": each.version,
        }
        for each in kept[-MOST_KEPT:]
    ]
    return {"kept": data}


async def keep(request: Request) -> Response:
    """Keep a what-if under a name; one of the same name is replaced."""
    desk, form = desk_of(request), form_of(request)
    stored = await desk.read(request.path_params["name"])
    case = await desk.case(stored)
    settings = settings_from(case, fields_of(request))
    if not settings:
        kept = await run_in_threadpool(kept_in, desk.store, stored.name)
        return _shown(request, stored, kept, f"{NOTHING} Pull a slider first.")
    title = " ".join(form.get("title", "").split())[:LONGEST_TITLE] or "Without a name"
    given = {
        "text": stored.text,
        "file": stored.name,
        "settings": [list(each) for each in settings],
    }
    known = answer_known(desk, given) or await answered(desk, given)
    new = KeptWhatIf(title, tuple(settings), tuple(known.get("answers", ())), stored.version)

    def added(notes: dict[str, Any]) -> dict[str, Any]:
        return _data([*(each for each in _kept(notes) if each.title != title), new])

    notes = await run_in_threadpool(desk.store.change_notes, stored.name, NOTES, added)
    return _shown(request, stored, _kept(notes), f"Kept: {title}.")


async def forget(request: Request) -> Response:
    """Keep a what-if no longer."""
    desk, form = desk_of(request), form_of(request)
    stored = await desk.read(request.path_params["name"])

    def left(notes: dict[str, Any]) -> dict[str, Any]:
        return _data([each for each in _kept(notes) if each.title != form.get("title")])

    notes = await run_in_threadpool(desk.store.change_notes, stored.name, NOTES, left)
    return _shown(request, stored, _kept(notes), "")


def _shown(request: Request, stored: Stored, kept: Sequence[KeptWhatIf], said: str) -> Response:
    """The list of those that are kept, with what was done above it."""
    return page(
        request, "kept.html", name=stored.name, version=stored.version, kept=kept, said=said
    )


async def write(request: Request) -> Response:
    """Write what is set into the case file. Raises Conflict where the same was changed meanwhile.

    What others changed elsewhere stays.
    """
    desk, form, fields = desk_of(request), form_of(request), fields_of(request)
    stored = await desk.read(request.path_params["name"])

    def done(base: str, now: str) -> tuple[str, str]:
        here = desk.parse(now, stored.name)
        settings = settings_from(here, fields)
        if not settings:
            raise CaseError([Problem(f"{NOTHING} Pull a slider, then write.")])
        text, case = edited_with(here, now, settings)
        desk.keep_parsed(text, stored.name, case)
        if base != now:
            judged = _judged(desk.parse(base, stored.name), settings)
            if None in judged or judged != _judged(here, settings):
                raise Clash(text)
        return text, f"judged otherwise: {', '.join(name for name, _ in settings)}"

    try:
        await kept_whole(desk, stored.name, form, done)
    except CaseError as error:
        return page(request, "sorry.html", 422, problems=problem_rows(error))
    return see_other(address(stored.name, query=[("said", "written")]))


def _judged(case: Case, settings: Sequence[Setting]) -> list[tuple[float, ...] | None]:
    """What a case says of each that is set; None for what is no judgement in it."""
    found = (judgement_called(case, name) for name, _ in settings)
    return [(each.low, each.mode, each.high) if each else None for each in found]


async def version(request: Request) -> Response:
    """The version of the case file as it is, for who begins an edit."""
    stored = await desk_of(request).read(request.path_params["name"])
    return PlainTextResponse(stored.version)


ROUTES = [
    Route("/case/{name}/version", version),
    Route("/case/{name}/keep", keep, methods=["POST"]),
    Route("/case/{name}/forget", forget, methods=["POST"]),
    Route("/case/{name}/write", write, methods=["POST"]),
]
