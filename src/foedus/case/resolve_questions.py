"""What the author asks: each question about one thing, and answers that are possible ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foedus.case.judged import present
from foedus.case.kinds import wrong
from foedus.case.lookup import Lookup
from foedus.case.model import Issue, Path
from foedus.case.problems import listed, shown
from foedus.case.questions import (
    Asked,
    AuthorQuestion,
    AuthorVerdict,
    ChanceAsked,
    EasierAsked,
    PositionAsked,
)
from foedus.case.resolve_grounds import each, refs
from foedus.case.shape_questions import ASKED, QuestionShape, VerdictShape


class Questions:
    """Makes the questions of a case."""

    def __init__(self, lookup: Lookup, issues: Mapping[str, Issue]) -> None:
        self.lookup = lookup
        self.reading = lookup.reading
        self.issues = issues

    def resolve(self) -> dict[str, AuthorQuestion]:
        """The questions of the file that are about something."""
        found = dict(each(self.lookup.form.questions, self.question, "questions"))
        return {name: question for name, question in found.items() if question is not None}

    def question(self, name: str, shape: QuestionShape, path: Path) -> AuthorQuestion | None:
        """One question, or None after a problem."""
        self.about_one(shape, path)
        about = self.asked(shape, path)
        if about is None:
            return None
        verdict = None if shape.verdict is None else self.verdict(shape.verdict, about)
        return AuthorQuestion(name, shape.asks or "", about, verdict, shape.note, refs(shape))

    def about_one(self, shape: QuestionShape, path: Path) -> None:
        """Report a question about nothing, or about several things."""
        written = self.lookup.raw["questions"][path[-1]]
        stand = [key for key in written if key in ASKED]
        expected = f"one of {listed(ASKED)}"
        if not stand:
            message = f"the question {path[-1]!r} is about nothing"
            self.reading.problem(message, path, expected=expected, key=True)
        for key in stand[1:]:
            message = f"{key!r} stands beside {stand[0]!r}"
            self.reading.problem(message, (*path, key), expected=expected, key=True)

    def asked(self, shape: QuestionShape, path: Path) -> Asked | None:
        """What is asked in terms of the case."""
        if shape.arrangement is not None:
            return ChanceAsked(shape.arrangement)
        if shape.position_of is not None:
            return PositionAsked(shape.position_of)
        if shape.easier is None:
            return None
        here = (*path, "easier")
        if len(shape.easier) != 2:
            message = f"'easier' is a list of {len(shape.easier)}"
            self.reading.problem(message, here, expected="two arrangements")
            return None
        first, second = shape.easier
        if first is None or second is None:
            return None
        if first == second:
            self.reading.problem(f"{first!r} is compared with itself", (*here, 1))
        return EasierAsked((first, second))

    def verdict(self, shape: VerdictShape, about: Asked) -> AuthorVerdict:
        """The author's answer."""
        if isinstance(about, ChanceAsked) and shape.says is not None:
            self.reading.problem(
                "'says' answers which position, or which of two, and a chance is asked here",
                (*shape.path, "says"),
                expected="'word', a probability word",
                key=True,
            )
        if not isinstance(about, ChanceAsked) and shape.word is not None:
            what = "position" if isinstance(about, PositionAsked) else "arrangement"
            self.reading.problem(
                f"'word' answers how likely something is, and which {what} is asked here",
                (*shape.path, "word"),
                expected=f"'says', the {what}",
                key=True,
            )
        return AuthorVerdict(
            shape.text or "",
            shape.word,
            self.said(shape.says, about, (*shape.path, "says")),
            present(shape.because),
            refs(shape),
            shape.path,
        )

    def said(self, value: Any, about: Asked, path: Path) -> str | None:
        """The position or arrangement of the answer, or None after a problem."""
        if value is None or isinstance(about, ChanceAsked):
            return None
        if isinstance(about, PositionAsked):
            issue = self.issues.get(about.issue)
            return None if issue is None else self.lookup.position(value, issue, path)
        if not isinstance(value, str):
            wrong(self.reading, path, listed(about.arrangements), value)
        elif str(value) in about.arrangements:
            return str(value)
        else:
            message = f"{shown(value)} is neither of the two that are compared"
            self.reading.problem(message, path, word=str(value), known=about.arrangements)
        return None
