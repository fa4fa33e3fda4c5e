"""The starters: one short case for each kind of question, to begin from.

The kinds are the case files of this folder. The first line of each is a comment, ``# KIND: the
question``.
"""

from __future__ import annotations

from importlib.resources import files

PLAINEST = "union"
"""The kind that is given to those who name none."""

SUFFIX = ".yaml"


def ids() -> tuple[str, ...]:
    """Give the ids of the kinds, in their order."""
    names = sorted(each.name for each in files("foedus.starters").iterdir())
    return tuple(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX))


def questions() -> dict[str, str]:
    """Give the question of each kind, by its id."""
    return {kind: starter(kind).partition("\n")[0].removeprefix(f"# {kind}: ") for kind in ids()}


def starter(kind: str) -> str:
    """Give the text of the starter of a kind, one of :func:`ids`. Raises FileNotFoundError."""
    return files("foedus.starters").joinpath(kind + SUFFIX).read_text(encoding="utf-8")
