"""What the author of a case asks, and the author's own answers: data, see `model.Case`."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.case.places import Path


@dataclass(frozen=True, slots=True)
class ChanceAsked:
    """How likely an arrangement is, and who refuses it."""

    arrangement: str


@dataclass(frozen=True, slots=True)
class PositionAsked:
    """At which of its positions an issue most likely stands in the end."""

    issue: str


@dataclass(frozen=True, slots=True)
class EasierAsked:
    """Which of two arrangements is easier: likelier, and sooner."""

    arrangements: tuple[str, str]


Asked = ChanceAsked | PositionAsked | EasierAsked


@dataclass(frozen=True, slots=True)
class AuthorVerdict:
    """The author's own answer, which changes no answer of the analyses but stands beside them.

    ``word`` is a probability word of the case's list, for a chance that is asked. ``says`` is the
    position that the author takes for the likeliest, or which of two arrangements is easier.
    """

    text: str
    word: str | None = None
    says: str | None = None
    because: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    path: Path = ()


@dataclass(frozen=True, slots=True)
class AuthorQuestion:
    """A question of the author's in words, and what is asked in terms of the case."""

    id: str
    asks: str
    about: Asked
    verdict: AuthorVerdict | None = None
    note: str | None = None
    refs: tuple[str, ...] = ()
