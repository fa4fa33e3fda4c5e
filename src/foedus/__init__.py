"""A workbench for political scenarios.

>>> import foedus
>>> dir(foedus)[:9]
['Case', 'CaseError', 'acceptance', 'ach', 'audit', 'batch', 'bayes', 'brief', 'check']

Each of the functions takes a `Case` or the path of a file; most stand in :mod:`foedus.surface`.
What is named here is imported when it is first asked for, so that a command that needs none of it,
such as ``foedus --help``, starts at once.
"""

from foedus.result import bind as _bind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from foedus.case.model import Case as Case
    from foedus.case.problems import CaseError as CaseError
    from foedus.document import Block
    from foedus.loading import load as load
    from foedus.many_cases import batch as batch
    from foedus.result import Result, Teller
    from foedus.several_judges import judges as judges
    from foedus.surface import acceptance as acceptance
    from foedus.surface import ach as ach
    from foedus.surface import audit as audit
    from foedus.surface import bayes as bayes
    from foedus.surface import check as check
    from foedus.surface import drivers as drivers
    from foedus.surface import explain as explain
    from foedus.surface import forecast as forecast
    from foedus.surface import indicators as indicators
    from foedus.surface import observe as observe
    from foedus.surface import paths as paths
    from foedus.surface import require as require
    from foedus.surface import stability as stability
    from foedus.surface import trace as trace
    from foedus.surface import whatif as whatif
    from foedus.whole_report import brief as brief
    from foedus.whole_report import report as report

__all__ = [
    "Case",
    "CaseError",
    "acceptance",
    "ach",
    "audit",
    "batch",
    "bayes",
    "brief",
    "check",
    "drivers",
    "explain",
    "forecast",
    "indicators",
    "judges",
    "load",
    "observe",
    "paths",
    "report",
    "require",
    "stability",
    "trace",
    "whatif",
]


def _tellers() -> "Mapping[type[Result], Teller]":
    from foedus.reporting.tellers import TELLERS

    return TELLERS


def _html(blocks: "Sequence[Block]") -> str | None:
    from foedus.render.extra import MissingExtra
    from foedus.render.html import part

    try:
        return part(blocks)
    except MissingExtra:
        return None


def _page(title: str, blocks: "Sequence[Block]", **more: "Any") -> str:
    from foedus.render.html import page

    return page(title, blocks, **more)


_bind(_tellers, _html, _page)


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    name = {"signposts": "indicators"}.get(name, name)  # the old name, until 1.0
    if name in __all__:
        elsewhere = {
            "Case": "foedus.case.model",
            "CaseError": "foedus.case.problems",
            "judges": "foedus.several_judges",
            "batch": "foedus.many_cases",
            "load": "foedus.loading",
            "brief": "foedus.whole_report",
            "report": "foedus.whole_report",
        }
        return getattr(import_module(elsewhere.get(name, "foedus.surface")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
