"""The forms in which a brief is written: a page, a Word file or a PDF, by the file's name."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING

from foedus.case.problems import CaseError, Problem
from foedus.cli.output import STANDARD_OUTPUT

if TYPE_CHECKING:
    from foedus.whole_report import Form


def form_of(name: str, option: str) -> Form:
    """The form of a brief by the name of its file; standard output gets the page.

    Raises CaseError for a name that ends otherwise, `MissingExtra` without the extra ``brief``
    where it is needed: both before there is any work.
    """
    ending = ".html" if name in STANDARD_OUTPUT else PurePath(name).suffix.lower()
    match ending:
        case ".html":
            return "html"
        case ".docx":
            import_module("foedus.render.docx")
            return "docx"
        case ".pdf":
            import_module("foedus.render.pdf")
            return "pdf"
        case _:
            message = f"`{name}` must end in .html, .docx or .pdf, which says what is written"
            raise CaseError([Problem(message)], option)


def refuse_paper(name: str, option: str) -> None:
    """Raise CaseError for the name of a Word file or a PDF where a page is written."""
    if PurePath(name).suffix.lower() in (".docx", ".pdf"):
        message = f"`{name}` would be a page (HTML) under that name"
        expected = "a name in .html; `foedus brief` writes Word files and PDFs"
        raise CaseError([Problem(message, expected=expected)], option)
