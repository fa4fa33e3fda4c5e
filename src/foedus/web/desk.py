"""What all pages share: the opened folder, the workers, the cases read, and how pages are made."""

from __future__ import annotations

import json
import secrets
import threading
from asyncio import Lock
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.render.text import shown
from foedus.web.jobs import Jobs
from foedus.web.solved import Crowd, Solved
from foedus.web.store import NotHere, Store, Stored

CASES = 32
"""So many cases are kept as read."""

LOOKED_INTO = 20
"""For one page the titles of at most so many files are looked up that are not known,"""

TITLES = 2_000
"""and so many are kept."""


@dataclass
class Desk:
    """The opened folder, the worker processes, and the cases read from it.

    Who holds the lock in ``editing`` of a case edits it alone among all that this server serves.
    """

    store: Store
    jobs: Jobs
    cases: OrderedDict[tuple[str, str], Case] = field(default_factory=OrderedDict)
    titled: OrderedDict[tuple[str, str], str | None] = field(default_factory=OrderedDict)
    solved: Solved = field(default_factory=Solved)
    crowd: Crowd = field(default_factory=Crowd)
    editing: defaultdict[str, Lock] = field(default_factory=lambda: defaultdict(Lock))
    guard: threading.Lock = field(default_factory=threading.Lock)

    async def read(self, name: str) -> Stored:
        """The case file of a name, as it is on disk. Raises `NotHere`."""
        return await run_in_threadpool(self.store.read, name)

    async def case(self, stored: Stored) -> Case:
        """The case in a file. Raises CaseError."""
        return await self.parsed(stored.text, stored.name)

    async def titles(self, names: Iterable[str]) -> dict[str, str | None]:
        """The titles of the cases of these files; None for a file that is no case yet.

        Where there are many, some are not looked into yet, and are left out.
        """
        found: dict[str, str | None] = {}
        left = LOOKED_INTO
        for name in names:
            try:
                stored = await self.read(name)
            except (NotHere, CaseError):
                found[name] = None
                continue
            key = name, stored.version
            if key not in self.titled and left:
                left -= 1
                try:
                    case = await run_in_threadpool(parse_case, stored.text, name)
                    self.titled[key] = case.title
                except CaseError:
                    self.titled[key] = None
            if key in self.titled:
                found[name] = self.titled[key]
        while len(self.titled) > TITLES:
            self.titled.popitem(last=False)
        return found

    async def parsed(self, text: str, name: str) -> Case:
        """The case in a text. Raises CaseError."""
        known = self.cases.get((name, text))
        return await run_in_threadpool(self.parse, text, name) if known is None else known

    def parse(self, text: str, name: str) -> Case:
        """The same in the thread that asks; what was read lately is not read again."""
        found = self.cases.get((name, text)) or parse_case(text, name)
        self.keep_parsed(text, name, found)
        return found

    def keep_parsed(self, text: str, name: str, case: Case) -> None:
        """Keep the case in a text, so that it is not read anew."""
        with self.guard:
            self.cases[name, text] = case
            self.cases.move_to_end((name, text))
            while len(self.cases) > CASES:
                self.cases.popitem(last=False)


def desk_of(request: Request) -> Desk:
    """The desk of the server that is asked."""
    found = request.app.state.desk
    assert isinstance(found, Desk)  # noqa: S101 - put there by the app itself
    return found


def environment() -> Environment:
    """The templates of the workbench, with every text escaped by default."""
    made = Environment(
        autoescape=True,
        loader=PackageLoader("foedus.web"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["shown"] = shown
    made.filters["pathed"] = lambda text: quote(str(text), safe="")
    # As a field holds it; to be escaped as every text is.
    made.filters["tojson_text"] = json.dumps
    # For what render.html has written alone.
    made.filters["own_markup"] = Markup
    return made


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page, or a piece of one, made from a template."""
    made = request.app.state.templates.get_template(template)
    html = made.render(csrf=request.scope["state"]["csrf"], **context)
    return HTMLResponse(html, status)


def fields_of(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that was sent, in their order; line ends as a file has them."""
    body = request.scope["state"]["body"].decode("utf-8", "replace")
    found = parse_qsl(body, keep_blank_values=True, max_num_fields=None)
    return [(name, value.replace("\r\n", "\n")) for name, value in found]


def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, the last of each name."""
    return dict(fields_of(request))


def tab_of(given: Mapping[str, str]) -> str:
    """The tab that asks: what it asked before, it waits for no more."""
    return given.get("tab", "")[:40]


def new_tab() -> str:
    """A name for a tab."""
    return secrets.token_urlsafe(9)


def address(name: str, *parts: str, query: Sequence[tuple[str, str]] = ()) -> str:
    """The address of a page of a case."""
    path = "/".join(["/case", quote(name, safe=""), *parts])
    return f"{path}?{urlencode(query)}" if query else path


def see_other(to: str) -> Response:
    """Go on to another page after something was done."""
    return RedirectResponse(to, 303)


def in_place(request: Request) -> bool:
    """Whether a piece of a page is asked for, to stand in it, and not a page."""
    return request.headers.get("hx-request") == "true"


def refusal(request: Request, status: int, problems: str | Sequence[Mapping[str, Any]]) -> Response:
    """What is wrong, in one sentence or in rows: in the place of what was asked for, or a page."""
    rows = [row(problems)] if isinstance(problems, str) else problems
    template = "problems.html" if in_place(request) else "sorry.html"
    return page(request, template, status, problems=rows)


def row(text: str) -> dict[str, Any]:
    """One thing that is wrong and stands in no line."""
    return {"line": None, "column": None, "text": text}


def problem_rows(error: CaseError) -> list[dict[str, Any]]:
    """What is wrong with a case, as rows: line, column and text."""
    return [
        {
            "line": p.place.line if p.place else None,
            "column": p.place.column if p.place else None,
            "text": p.text,
        }
        for p in error.problems
    ]


def wrong_rows(problems: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """The same of what a worker found wrong."""
    return [dict(zip(("line", "column", "text"), each, strict=True)) for each in problems]
