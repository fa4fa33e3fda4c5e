"""A workbench for political scenarios.

>>> import foedus
>>> foedus.__all__
['CaseError', 'acceptance', 'explain', 'forecast', 'load', 'paths', 'stability']

What is named here is imported when it is first asked for, so that a command that needs none of it,
such as ``foedus --help``, starts at once.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from foedus.result import Result, Teller, bind

if TYPE_CHECKING:
    from foedus.case.problems import CaseError as CaseError
    from foedus.equilibria.solve import stability as stability
    from foedus.forecasting.solve import forecast as forecast
    from foedus.loading import load as load
    from foedus.process.acceptance.solve import acceptance as acceptance
    from foedus.process.paths.solve import paths as paths
    from foedus.reporting.asking import explain as explain

__all__ = ["CaseError", "acceptance", "explain", "forecast", "load", "paths", "stability"]

_HOMES = (
    ("CaseError", "foedus.case.problems"),
    ("acceptance", "foedus.process.acceptance.solve"),
    ("explain", "foedus.reporting.asking"),
    ("forecast", "foedus.forecasting.solve"),
    ("load", "foedus.loading"),
    ("paths", "foedus.process.paths.solve"),
    ("stability", "foedus.equilibria.solve"),
)


def _tellers() -> "Mapping[type[Result], Teller]":
    return cast("Mapping[type[Result], Teller]", import_module("foedus.reporting.tellers").TELLERS)


bind(_tellers)


def __getattr__(name: str) -> Any:
    for known, module in _HOMES:
        if name == known:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
