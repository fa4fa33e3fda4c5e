"""The forms in which a brief is written: a page, a Word file or a PDF, by the file's name."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from foedus.case.problems import CaseError, Problem
from foedus.cli.output import STANDARD_OUTPUT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from foedus.reporting.composing import Report

    Form = Callable[[Report, date | None], str | bytes]

PAGES = 2
"""So many pages a brief takes at most."""


def form_of(name: str, option: str) -> Form:
    """What makes the file's content of a brief and its day; standard output gets the page.

    Raises CaseError for a name that ends otherwise, `MissingExtra` without the extra ``brief``
    where it is needed: both before there is any work.
    """
    ending = ".html" if name in STANDARD_OUTPUT else PurePath(name).suffix.lower()
    match ending:
        case ".html":
            return _page
        case ".docx":
            from foedus.render import docx

            return _on_paper(docx.document)
        case ".pdf":
            from foedus.render import pdf

            return _on_paper(pdf.document)
        case _:
            message = f"`{name}` must end in .html, .docx or .pdf, which says what is written"
            raise CaseError([Problem(message)], option)


def refuse_paper(name: str, option: str) -> None:
    """Raise CaseError for the name of a Word file or a PDF where a page is written."""
    if PurePath(name).suffix.lower() in (".docx", ".pdf"):
        message = f"`{name}` would be a page (HTML) under that name"
        expected = "a name in .html; `foedus brief` writes Word files and PDFs"
        raise CaseError([Problem(message, expected=expected)], option)


def _page(made: Report, _: date | None) -> str:
    return made.html()


def _on_paper(document: Callable[..., bytes]) -> Form:
    def write(made: Report, day: date | None) -> bytes:
        return document(
            made.title,
            made.blocks,
            lead=made.lead,
            subtitle=made.subtitle,
            facts=made.facts,
            footer=made.footer,
            day=day,
            pages=PAGES,
        )

    return write
