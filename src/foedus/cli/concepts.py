"""The options that name stability concepts: what there is to name, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable

from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.equilibria.registry import CONCEPTS

ONE_OF = listed(CONCEPTS)
"""The ids of the concepts, as a help text names them."""


def refuse_unknown(names: Iterable[str], option: str) -> None:
    """Raise CaseError, naming the option, for every name that is no concept's id."""
    problems = [
        Problem(f"no concept {shown(name)}", None, ONE_OF, nearest(name, CONCEPTS))
        for name in names
        if name not in CONCEPTS
    ]
    if problems:
        raise CaseError(problems, option)


def concepts_in(text: str) -> list[str]:
    """The concepts that ``--concepts`` names, each once, in the order asked. Raises CaseError."""
    asked = [name.strip().lower() for name in text.split(",") if name.strip()]
    if not asked:
        raise CaseError([Problem("no concept is named", None, ONE_OF)], "--concepts")
    refuse_unknown(asked, "--concepts")
    return list(dict.fromkeys(asked))
