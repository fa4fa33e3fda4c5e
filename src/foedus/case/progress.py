"""What is known while a file is read: problems, notices, names still to be looked up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foedus.case.places import Notice, Path, Place
from foedus.case.problems import MOST_PROBLEMS, CaseError, Problem, nearest
from foedus.case.source import Source
from foedus.case.spelling import apart

MOST_GUESSES = 200
"""After so many problems no nearest words are looked for any more."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A name of something elsewhere in the case, to be looked up when all of it is known."""

    id: str
    sections: tuple[str, ...]
    path: Path
    also: tuple[str, ...] = ()


class Reading:
    """What is known while a file is read: its source, the problems so far, the open references.

    ``late`` are the ids of evidence and polls from after ``as_of``, which are no reasons.
    """

    def __init__(self, source: Source, file: str) -> None:
        """Begin with the problems of the source."""
        self.source = source
        self.file = file
        self.problems = list(source.problems)
        self.references: list[Reference] = []
        self.noticed: dict[Notice, None] = {}
        self.words = "icd203"
        self.late: frozenset[str] = frozenset()

    def problem(
        self,
        message: str,
        path: Path,
        *,
        expected: str | None = None,
        word: str | None = None,
        known: Iterable[str] = (),
        key: bool = False,
        offset: int | None = None,
    ) -> None:
        """Report a problem at a path: at its key, or ``offset`` characters into its text.

        ``word`` is looked for among ``known``: the nearest is suggested. Raises CaseError when
        there are so many problems that reading on is of no use.
        """
        place = self._place(path, key, offset)
        near = None
        if word is not None and len(self.problems) < MOST_GUESSES:
            near = nearest(word, known)
            if near is not None and (told := apart(word, near)):
                message += f" ({told})"
        self.problems.append(Problem(message, place, expected, near))
        if len(self.problems) > MOST_PROBLEMS:
            raise self.error

    def notice(
        self, message: str, path: Path, *, key: bool = False, offset: int | None = None
    ) -> None:
        """Tell something that is no error, at a path as :meth:`problem` does; once."""
        self.noticed[Notice(message, self._place(path, key, offset))] = None

    def _place(self, path: Path, key: bool, offset: int | None) -> Place | None:
        if offset is not None:
            return self.source.inside(path, offset, key=key)
        return self.source.key_place(path) if key else self.source.place(path)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What has been told though it is no error, in the order of the file."""
        return tuple(sorted(self.noticed, key=lambda n: n.place or Place(0, 0)))

    @property
    def error(self) -> CaseError:
        """The error of all problems so far."""
        return CaseError(self.problems, self.file, self.notices)
