"""Each judgement as a slider: from where to where it goes, in which steps, and what lies behind it.

A slider moves the most likely value, and the range moves along. The steps are such that the value
as judged is one of them: a browser would round it away otherwise, and that would be a change.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foedus.case.judgement import ROLES
from foedus.case.links import carriers, judgement_name, judgements_of
from foedus.case.model import Case, Judgement
from foedus.case.problems import CaseError, Problem
from foedus.document import number
from foedus.reporting.elicited import question_about
from foedus.sensitivity.adjusting import shifted
from foedus.sensitivity.settings import judgement_called, known_name, parsed_setting

PREFIX = "set."
"""With it begins the name of a field, or of a part of an address, that sets a value."""

STEPS = 100
"""A slider has some so many steps, or more."""

Setting = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Slider:
    """One judgement to be moved: texts and numbers as a page shows them.

    ``title`` is the last part of its name, ``told`` the question that it answers. ``value`` is
    where it stands, ``judged`` what the case says; ``exact`` is what is set where that is another
    range than the judged one moved along, empty otherwise; ``reasons`` are the items that it names
    and what these rest on.
    """

    name: str
    title: str
    told: str
    least: str
    most: str
    step: str
    value: str
    judged: str
    exact: str
    low: str
    high: str
    unit: str
    word: str | None
    note: str | None
    reasons: tuple[Mapping[str, str], ...]
    played: bool

    @property
    def changed(self) -> bool:
        """Whether it stands elsewhere than the case says, or is set to another range."""
        return self.value != self.judged or bool(self.exact)


@dataclass(frozen=True, slots=True)
class Group:
    """The sliders of one actor, or of what is nobody's."""

    id: str
    name: str
    sliders: tuple[Slider, ...]

    @property
    def changed(self) -> int:
        """How many of them stand elsewhere than the case says."""
        return sum(slider.changed for slider in self.sliders)


def groups_of(case: Case, settings: Sequence[Setting] = ()) -> tuple[Group, ...]:
    """All judgements of a case as sliders, by actor, with what is set otherwise."""
    by_owner: dict[str | None, list[Slider]] = {actor: [] for actor in case.actors}
    by_owner[None] = []
    moved = dict(settings)
    for judgement in judgements_of(case):
        by_owner[judgement.owner].append(_slider(case, judgement, moved))
    return tuple(
        Group(owner or "others", part_name(case, owner), tuple(sliders))
        for owner, sliders in by_owner.items()
        if sliders
    )


def part_name(case: Case, owner: str | None) -> str:
    """What the judgements of an actor are called together, or those of nobody."""
    return "Events, times and payments" if owner is None else case.actors[owner].name


def _slider(case: Case, judgement: Judgement, moved: Mapping[str, Any]) -> Slider:
    name = judgement_name(case, judgement.path)
    value = moved.get(name, written(judgement))
    at = value[1] if isinstance(value, list | tuple) else value
    at = at if isinstance(at, int | float) else judgement.mode
    exact = "" if value == _moved(judgement, float(at)) else typed(value)
    least, most, step = scale_of(judgement)
    return Slider(
        name,
        name.rpartition(".")[2],
        question_about(case, judgement).question,
        _plain(min(least, at)),
        _plain(max(most, at)),
        "any" if step is None else _plain(step),
        _plain(at),
        _plain(judgement.mode),
        exact,
        number(judgement.low),
        number(judgement.high),
        judgement.unit,
        judgement.word,
        judgement.note,
        tuple(_reasons(case, judgement)),
        judgement.played,
    )


def scale_of(judgement: Judgement) -> tuple[float, float, float | None]:
    """From where to where a slider goes, and its step; None where no step meets the value.

    As far as its unit allows; without bounds, the range and as much again on either side, with
    zero among it.

    >>> from foedus.case.judgement import Role
    >>> scale_of(Judgement(20, 35, 60, role=Role.SUPPORT))
    (0.0, 100.0, 1.0)
    >>> scale_of(Judgement(-8, -5.5, -2, role=Role.WORTH))
    (-14.0, 4.0, 0.1)
    """
    least, most = judgement.bounds
    width = max(judgement.high - judgement.low, abs(judgement.mode) / 2, 1e-6)
    if math.isinf(least):
        least = min(judgement.low - width, 0.0)
    if math.isinf(most):
        most = max(judgement.high + width, 0.0)
    if least == 0 and most == 0:
        least, most = -1.0, 1.0
    for power in range(math.floor(math.log10((most - least) / STEPS)) + 1, -8, -1):
        for nice in (1.0, 0.5, 0.2):
            step = nice * 10.0**power
            if (most - least) / step >= STEPS * 0.9 and _meets(judgement.mode, step):
                step = float(f"{step:.1g}")
                return _rounded(least, step, math.floor), _rounded(most, step, math.ceil), step
    return least, most, None


def _meets(value: float, step: float) -> bool:
    return math.isclose(value / step, round(value / step), abs_tol=1e-9)


def _rounded(value: float, step: float, way: Any) -> float:
    return float(f"{way(round(value / step, 6)) * step:.10g}")


def _plain(value: float) -> str:
    return f"{value:.10g}"


def _reasons(case: Case, judgement: Judgement) -> Iterator[Mapping[str, str]]:
    """What lies behind a judgement, nearest first: claim, where it is from, and its grade."""
    for name in carriers(case, judgement.because):
        if name in case.evidence:
            item = case.evidence[name]
            grade = item.grade or ""
            parts = [item.kind, item.source, item.locator, str(item.date or "")]
            source = ", ".join(part for part in parts if part)
            yield {"id": name, "claim": item.claim, "source": source, "grade": grade}
        elif name in case.polls:
            yield {"id": name, "claim": f"Poll {name}", "source": "", "grade": ""}


def settings_from(case: Case, fields: Sequence[tuple[str, str]]) -> list[Setting]:
    """What the fields of a form, or of an address, set otherwise than the case says.

    A number for a judgement moves its whole range. Raises CaseError for a name that cannot be set,
    and for what is no value.
    """
    found: dict[str, Any] = {}
    for field, text in fields:
        if not field.startswith(PREFIX) or not text.strip():
            continue
        name, value = parsed_setting(f"{field.removeprefix(PREFIX)}={text}")
        name = known_name(case, name)
        judgement = judgement_called(case, name)
        if judgement is not None:
            name = judgement_name(case, judgement.path)
            if isinstance(value, int | float):
                _refuse_beyond(judgement, float(value))
                value = _moved(judgement, float(value))
            if value == written(judgement):
                continue
        found[name] = value
    return list(found.items())


def _refuse_beyond(judgement: Judgement, to: float) -> None:
    """Raise CaseError for a value that its unit does not allow."""
    if ROLES[judgement.role].allows(to) or to == judgement.mode:
        return
    least, most = judgement.bounds
    bounds = f"from {least:g} to {most:g}" if math.isfinite(most) else f"from {least:g}"
    message = f"{judgement.name} cannot be {to:g}"
    raise CaseError([Problem(message, expected=f"a number {bounds} ({judgement.unit})")])


def others_set(case: Case, settings: Sequence[Setting]) -> list[tuple[str, str]]:
    """What is set that no slider stands for (dates, records, polls), as it stands in an address."""
    return address_of([each for each in settings if judgement_called(case, each[0]) is None])


def _moved(judgement: Judgement, to: float) -> Any:
    """The judgement at another most likely value, in the form in which a case has it."""
    return written(shifted(judgement, to - judgement.mode))


def written(judgement: Judgement) -> Any:
    """The value of a judgement in the form in which a case has it: a word, a number or a range."""
    if judgement.word is not None:
        return judgement.word
    if judgement.sure:
        return float(judgement.mode)
    return [float(f"{x:.10g}") for x in (judgement.low, judgement.mode, judgement.high)]


def address_of(settings: Sequence[Setting]) -> list[tuple[str, str]]:
    """The settings as they stand in an address: the most likely value, where the range moves along.

    The inverse of :func:`settings_from`.
    """
    return [(f"{PREFIX}{name}", typed(value)) for name, value in settings]


def typed(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_plain(each) for each in value) + "]"
    return _plain(value) if isinstance(value, int | float) else str(value)
