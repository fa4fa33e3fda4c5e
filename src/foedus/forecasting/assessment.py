"""What may be said of a forecast: one sentence of likelihood, and apart from it, confidence.

ICD 203 keeps the two apart: how likely something is, and how far the judgement can be trusted, are
never told in one sentence [ODNI2015]. Confidence here is given by stated criteria, so that anybody
can count it again; they are listed in ``docs/forecast-maths.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from foedus.case.judgement import Role
from foedus.case.links import EVIDENCE_KINDS, carriers, judgements_of, reasons_of
from foedus.case.model import Case, Evidence
from foedus.case.origins import origins_in
from foedus.document import number
from foedus.forecasting.wording import words_between
from foedus.result import Result

Level = Literal["low", "moderate", "high"]
Grade = Literal["strong", "fair", "weak"]

MOST = 2 / 3
SOME = 1 / 3
ENOUGH_ORIGINS = 6
TOO_FEW_ORIGINS = 2
NARROW = 0.05
"""Two probabilities nearer than this agree, though a band's end may lie between them."""


@dataclass(frozen=True, slots=True, repr=False)
class Likelihood(Result):
    """How likely something is, with the range of what the model could say and its origin.

    ``claim`` completes "it is likely that ...", ``origin`` says where the number comes from.
    """

    claim: str
    p: float
    low: float
    high: float
    origin: str
    words: str = "icd203"
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What confidence is judged from.

    Of ``judgements`` in the case that carry the answer, ``supported`` rest on facts or reports.
    ``origins`` are the independent places those come from; of ``items`` such facts and reports,
    ``graded_well`` have B2 or better. ``low`` to ``high`` is the model's range of the answer,
    ``views`` the answer by each view, ``explains_present`` whether the model holds today for
    stable where it should (None: not looked at).
    """

    judgements: int
    supported: int
    origins: int
    items: int
    graded_well: int
    low: float
    high: float
    views: Mapping[str, float]
    explains_present: bool | None = None
    words: str = "icd203"


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion of confidence: how it is met, and in words why."""

    criterion: str
    grade: Grade
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Confidence(Result):
    """How far the likelihood can be trusted, with the reasons by which it was counted."""

    level: Level
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        reasons = [
            {"criterion": r.criterion, "grade": r.grade, "text": r.text} for r in self.reasons
        ]
        return {"level": self.level, "reasons": reasons}


def confidence_from(basis: Basis) -> Confidence:
    """Confidence by stated criteria: each is strong, fair or weak.

    High when none is weak and at most one is fair, low when two or more are weak, else moderate.
    """
    reasons = [_support(basis), _origins(basis), _grades(basis), _range(basis), _views(basis)]
    if basis.explains_present is not None:
        good = basis.explains_present
        text = f"the model {'explains' if good else 'does not explain'} the present"
        reasons.append(Reason("the present", "strong" if good else "weak", text))
    grades = [reason.grade for reason in reasons]
    level: Level = "moderate"
    if grades.count("weak") >= 2:
        level = "low"
    elif "weak" not in grades and grades.count("fair") <= 1:
        level = "high"
    return Confidence(level, tuple(reasons))


def basis_of(
    case: Case,
    low: float,
    high: float,
    views: Mapping[str, float],
    explains_present: bool | None = None,
) -> Basis:
    """The basis of confidence in an answer, counted from the case.

    ``low`` to ``high`` is the model's range of the answer, ``views`` the answer by each view.
    """
    carrying = [j for j in judgements_of(case) if j.role is not Role.LIKELIHOOD]
    items = [case.evidence[name] for name in sorted(reasons_of(case))]
    seen = [item for item in items if item.kind in EVIDENCE_KINDS]
    origins = origins_in(case)
    return Basis(
        judgements=len(carrying),
        supported=sum(_rests_on_something(case, judgement.because) for judgement in carrying),
        origins=len({origins[item.id] for item in seen}),
        items=len(seen),
        graded_well=sum(_well_graded(item) for item in seen),
        low=low,
        high=high,
        views=views,
        explains_present=explains_present,
        words=case.words,
    )


def _rests_on_something(case: Case, because: tuple[str, ...]) -> bool:
    """Whether reasons end in a fact, a report or a poll."""
    return any(
        name in case.polls or (name in case.evidence and case.evidence[name].kind in EVIDENCE_KINDS)
        for name in carriers(case, because)
    )


def _well_graded(item: Evidence) -> bool:
    good = item.reliability is not None and item.reliability <= "B"
    return good and item.credibility is not None and item.credibility <= 2


def _by_part(part: int, whole: int) -> Grade:
    if whole and part >= MOST * whole:
        return "strong"
    return "fair" if whole and part >= SOME * whole else "weak"


def _support(basis: Basis) -> Reason:
    text = f"{basis.supported} of {basis.judgements} judgements rest on facts, reports or polls"
    return Reason("support", _by_part(basis.supported, basis.judgements), text)


def _origins(basis: Basis) -> Reason:
    n = basis.origins
    grade: Grade = "strong" if n >= ENOUGH_ORIGINS else "fair" if n > TOO_FEW_ORIGINS else "weak"
    return Reason("origins", grade, f"the evidence comes from {n} independent origin{_s(n)}")


def _grades(basis: Basis) -> Reason:
    text = f"{basis.graded_well} of {basis.items} facts and reports are graded B2 or better"
    return Reason("grades", _by_part(basis.graded_well, basis.items), text)


def _range(basis: Basis) -> Reason:
    through = words_between(basis.low, basis.high, basis.words)
    grade = _by_words(len(through), basis.high - basis.low)
    points = number(round(100 * (basis.high - basis.low), 1))
    return Reason(
        "range", grade, f"its range over all ways of computing it is {points} points wide"
    )


def _views(basis: Basis) -> Reason:
    if len(basis.views) < 2:
        return Reason("views", "fair", "there is no second view to compare with")
    low, high = min(basis.views.values()), max(basis.views.values())
    grade = _by_words(len(words_between(low, high, basis.words)), high - low)
    names = " and ".join(basis.views)
    verb = "agree" if grade == "strong" else "differ somewhat" if grade == "fair" else "differ"
    return Reason("views", grade, f"the views ({names}) {verb}")


def _by_words(count: int, width: float) -> Grade:
    if count == 1 or width <= NARROW:
        return "strong"
    return "fair" if count == 2 else "weak"


def _s(n: int) -> str:
    return "" if n == 1 else "s"
