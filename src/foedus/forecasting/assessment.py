"""What may be said of a forecast: one sentence of likelihood, and apart from it, confidence.

ICD 203 keeps the two apart: how likely something is, and how far the judgement can be trusted, are
never told in one sentence [ODNI2015]. Confidence here is about what the answer depends on: how many
words of the scale it moves when one item, judgement or variant is left out, and how far the views
lie apart. See ``docs/forecast-maths.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from immutabledict import immutabledict

from foedus.case.links import EVIDENCE_KINDS, carriers, judgements_of
from foedus.case.model import Case
from foedus.forecasting.combined import FAR
from foedus.forecasting.wording import word_for, words_apart
from foedus.result import Result, data_of

Level = Literal["low", "moderate", "high"]

TURNED = 2
"""An answer that one thing left out moves by so many words depends on it: confidence is low."""


@dataclass(frozen=True, slots=True, repr=False)
class Likelihood(Result):
    """How likely something is, with the range of what the model could say and its origin.

    ``claim`` completes "it is likely that ...", ``origin`` says where the number comes from.
    ``error`` is half the 90 % interval of the Monte Carlo error: no digit beyond it is shown.
    ``views`` are the answers by each view where they differ by more than two words, else empty.
    """

    claim: str
    p: float
    low: float
    high: float
    origin: str
    words: str = "icd203"
    deadline: date | None = None
    error: float = 0.0
    views: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """What moves an answer: its name, the answer with it and without, and by how many words."""

    name: str
    before: float
    after: float
    words: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "name from=before to=after words")


@dataclass(frozen=True, slots=True)
class Support:
    """Of ``judgements`` that the process uses, ``supported`` rest on facts, reports or polls.

    It is shown beside confidence and decides nothing.
    """

    judgements: int
    supported: int


@dataclass(frozen=True, slots=True, repr=False)
class Confidence(Result):
    """How far a likelihood can be trusted, and what it depends on.

    ``level`` is None where nothing was tried and there is one view only. ``most`` is what moves the
    answer most: by words, then by points; None where nothing moves it at all. ``tried`` says how
    many things were left out or varied, ``turning`` which of them move it by as many words as
    ``most`` (none when it keeps its word). ``views`` is the answer by each view, ``views_apart``
    by how many words the farthest two differ.
    """

    level: Level | None
    word: str
    most: Moved | None
    turning: tuple[str, ...]
    tried: int
    views: Mapping[str, float]
    views_apart: int
    support: Support | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **data_of(self, "level most turning tried views views_apart"),
            "judgements": None if self.support is None else self.support.judgements,
            "supported": None if self.support is None else self.support.supported,
        }


def confidence(
    base: float,
    alternatives: Mapping[str, float],
    views: Mapping[str, float],
    words: str = "icd203",
    support: Support | None = None,
) -> Confidence:
    """How far an answer can be trusted, by what it depends on.

    ``base`` is the answer; ``alternatives`` maps the name of each thing left out or varied (an item
    of evidence, a judgement put at its neutral value, a variant of the model) to what the answer
    then is; ``views`` is the answer by each view that speaks. Words are those of the scale
    ``words``.

    Low: one alternative moves the answer by two words or more, or two views differ by more than
    two. Moderate: one moves it by a word. High: none does. None: there is nothing to judge by.
    Raises ValueError for what is no probability, KeyError for an unknown scale.

    >>> found = confidence(0.3, {"without the poll": 0.6, "pace off: laws": 0.35}, {"inside": 0.3})
    >>> found.level, found.most
    ('low', Moved(name='without the poll', before=0.3, after=0.6, words=2))
    """
    moved = [
        Moved(name, base, after, words_apart(base, after, words))
        for name, after in alternatives.items()
    ]
    most = max(moved, key=lambda each: (each.words, abs(each.after - base)), default=None)
    furthest = most.words if most is not None else 0
    ends = (min(views.values()), max(views.values())) if views else (base, base)
    apart = words_apart(*ends, words)
    level: Level | None = "high"
    if furthest >= TURNED or apart > FAR:
        level = "low"
    elif furthest == 1:
        level = "moderate"
    elif not moved and len(views) < 2:
        level = None
    return Confidence(
        level,
        word_for(base, words).word,
        most if most is not None and most.after != base else None,
        tuple(each.name for each in moved if furthest and each.words == furthest),
        len(moved),
        immutabledict(views),
        apart,
        support,
    )


def support_of(case: Case) -> Support:
    """How many of the judgements that the process uses rest on facts, reports or polls."""
    used = [j for j in judgements_of(case) if j.played]
    return Support(len(used), sum(_rests_on_something(case, j.because) for j in used))


def _rests_on_something(case: Case, because: tuple[str, ...]) -> bool:
    """Whether reasons end in a fact, a report or a poll."""
    return any(
        name in case.polls or (name in case.evidence and case.evidence[name].kind in EVIDENCE_KINDS)
        for name in carriers(case, because)
    )
