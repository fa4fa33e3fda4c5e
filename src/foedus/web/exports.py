"""Taking answers away: the brief and the report in their forms, and the case itself."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from foedus.web.argue import Asked
from foedus.web.desk import page, tab_of
from foedus.web.jobs import BACKGROUND, Job

DRAWS = (1_000, 250, 4_000)
"""In so many draws a brief or a report may be made; the first is usual."""


class Kind(NamedTuple):
    """One file that can be had: what it is, its form, and its type."""

    what: str
    form: str
    label: str
    media: str


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

KINDS: Mapping[str, Kind] = {
    "brief.html": Kind("brief", "html", "The brief as a page", "text/html; charset=utf-8"),
    "brief.docx": Kind("brief", "docx", "The brief as a Word file", WORD),
    "brief.pdf": Kind("brief", "pdf", "The brief as a PDF", "application/pdf"),
    "report.html": Kind("report", "html", "The whole report", "text/html; charset=utf-8"),
}

PAGE_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""What a report may load: nothing but what is in it."""


def _given(request: Request, asked: Asked, kind: Kind) -> dict[str, Any]:
    return asked.given(what=kind.what, form=kind.form, draws=_draws(request))


def _draws(request: Request) -> int:
    """The number of draws that is asked for, if it is one of those that may be."""
    return next((n for n in DRAWS if str(n) == request.query_params.get("draws")), DRAWS[0])


def _kind(request: Request) -> tuple[str, Kind]:
    name = request.path_params["file"]
    if name not in KINDS:
        raise HTTPException(404, "There is no such file.")
    return name, KINDS[name]


async def export(request: Request) -> Response:
    """The page: what can be had."""
    asked = await Asked.of(request)
    jobs = asked.desk.jobs
    made = {
        name
        for name, kind in KINDS.items()
        if jobs.kept("export", _given(request, asked, kind)) is not None
    }
    context = {**asked.context(), "kinds": KINDS, "draws": DRAWS, "made": made, "here": "export"}
    return page(request, "export.html", **context)


async def make(request: Request) -> Response:
    """Begin to make a file, or say how far it is; then where it is."""
    asked = await Asked.of(request)
    name, kind = _kind(request)
    found, job = await asked.desk.jobs.look(
        "export",
        _given(request, asked, kind),
        asker=f"{tab_of(request.query_params)} {name}",
        rank=BACKGROUND + 1,
        begin=bool(request.query_params.get("begin")),
    )
    return _made(request, asked, job, made=found is not None)


async def stop(request: Request) -> Response:
    """Give up making a file."""
    asked = await Asked.of(request)
    _, kind = _kind(request)
    job = asked.desk.jobs.found("export", _given(request, asked, kind))
    if job is not None:
        asked.desk.jobs.cancel(job)
    return _made(request, asked, None, made=False)


def _made(request: Request, asked: Asked, job: Job | None, *, made: bool) -> Response:
    name, kind = _kind(request)
    query = [*asked.query, ("draws", str(_draws(request)))]
    context = {**asked.context(), "query": query, "asked": asked.query}
    return page(request, "making.html", **context, file=name, kind=kind, job=job, made=made)


async def download(request: Request) -> Response:
    """A file that was made; it is made now where it is no longer kept."""
    asked = await Asked.of(request)
    name, kind = _kind(request)
    found = await asked.desk.jobs.ask("export", _given(request, asked, kind), rank=BACKGROUND)
    stem = asked.stored.name.rpartition(".")[0]
    ascii_name = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in stem)
    shown = "inline" if kind.form == "html" else "attachment"
    headers = {"content-disposition": f'{shown}; filename="{ascii_name}-{name}"'}
    made = Response(base64.b64decode(found["content"]), headers=headers, media_type=kind.media)
    if kind.form == "html":
        made.headers["content-security-policy"] = PAGE_POLICY.decode()
    return made


async def text(request: Request) -> Response:
    """The case file as it is."""
    asked = await Asked.of(request)
    return Response(asked.stored.text, media_type="text/plain; charset=utf-8")


ROUTES = [
    Route("/case/{name}/export", export),
    Route("/case/{name}/export/case.yaml", text),
    Route("/case/{name}/export/{file}", download),
    Route("/case/{name}/make/{file}", make, methods=["GET"]),
    Route("/case/{name}/make/{file}", stop, methods=["POST"]),
]
