"""What one judge says otherwise than the case: as settings, and as the text of a file of its own.

All that a judge may say otherwise are judgements: their numbers, or the word, and texts that people
read. A file that says more otherwise (a right, a rule, what a judgement rests on, the group that it
moves with) is another case. It is refused: its answers would differ for reasons that no judgement
shows, and a number on another statement is no other view of the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from immutabledict import immutabledict

from foedus.case.altered import with_judgements
from foedus.case.edit import Value, with_values
from foedus.case.judge_files import judge_name
from foedus.case.links import judgement_name, judgements_of
from foedus.case.model import Case, Judgement, Path
from foedus.case.problems import CaseError, Problem, cut
from foedus.case.reading import parse_case
from foedus.case.source import read_source
from foedus.forecasting.mixtures import said
from foedus.preferences.games import game_of
from foedus.sensitivity.comparing.edits import Edit, edits
from foedus.sensitivity.comparing.hybrids import Hybrids, answer_key
from foedus.sensitivity.settings import judgement_called, known_name

MOST_NAMED = 20
"""So many differences are named at most where a file is another case."""


def judge_text(
    text: str,
    name: str,
    settings: Sequence[tuple[str, Value]],
    file: str = "<text>",
    case: Case | None = None,
) -> str:
    """The text of a judge's file: that of the case with this judge's values, and a note of whose.

    ``text`` is that of the case, or what this judge's file has so far, called ``file`` in messages,
    and ``case`` what is in it, where that is known. ``settings`` are pairs of a judgement's name
    and a number, ``[low, most likely, high]`` or a probability word. Comments and order stay; the
    note is a comment on the first line. Raises CaseError for a name that no judge can have, a text
    that is no case, what is no judgement, and a value that cannot stand there.
    """
    name = judge_name(name)
    case = parse_case(text, file) if case is None else case
    values: list[tuple[Path, Value]] = []
    for what, value in settings:
        judgement = judgement_called(case, known_name(case, what))
        if judgement is None:
            expected = "a judgement: a number that somebody put in, with a range or without"
            raise CaseError([Problem(f"{what} is no judgement", expected=expected)], file)
        values.append((judgement.path, value))
    text = with_values(text, values, file)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    note = f"# What {name} judges; where it says the same as the case, {name} agrees.\n"
    bare = text.removeprefix(mark).removeprefix(note)
    return f"{mark}{note}{bare}"


def settings_of(case: Case, other: Case) -> tuple[tuple[str, Value], ...]:
    """What another case judges otherwise, as settings that make it of the first.

    Of the judgements that both have by the same name and role, in the order of the first. So the
    values of a judge whose file has been left behind by the case can be put into the case anew.
    """
    theirs = {judgement_name(other, j.path): j for j in judgements_of(other)}
    found: list[tuple[str, Value]] = []
    for mine in judgements_of(case):
        name = judgement_name(case, mine.path)
        its = theirs.get(name)
        if its is not None and its.role is mine.role and said(its) != said(mine):
            found.append((name, _value(its)))
    return tuple(found)


def _value(judgement: Judgement) -> Value:
    if judgement.word is not None:
        return judgement.word
    if judgement.sure:
        return judgement.mode
    return [judgement.low, judgement.mode, judgement.high]


def judged_by(
    case: Case, text: str | None, other: Case | str, name: str
) -> Mapping[Path, Judgement]:
    """What a judge says of each judgement of a case, by its path, in the order of the case.

    ``text`` is that of the case, ``other`` that of the judge's file, called ``name`` in messages;
    or, without texts, a case. Raises CaseError for a text that is no case, and where it is another
    case than in its judgements: of texts with each difference, as far as there are not too many.
    """
    theirs = parse_case(other, name) if isinstance(other, str) else other
    game_of(theirs)
    by_path = {judgement.path: judgement for judgement in judgements_of(theirs)}
    mine = judgements_of(case)
    if [j.path for j in mine] == list(by_path) and _bare(case) == _bare(theirs):
        return immutabledict({j.path: _as_in(j, by_path[j.path]) for j in mine})
    problems: list[Problem] = []
    if text is not None and isinstance(other, str):
        problems = _differences(case, text, other, name)
    unnamed = Problem("it differs from the case in more than judgements")
    raise CaseError(problems or [unnamed], name)


def _as_in(mine: Judgement, its: Judgement) -> Judgement:
    """The judge's numbers at the place, and with the reasons and the group, of the case."""
    low, mode, high, word = said(its)
    return replace(mine, low=low, mode=mode, high=high, word=word, note=its.note)


def _bare(case: Case) -> str:
    """All that answers are computed from but the values of judgements."""
    judged = judgements_of(case)
    alike = {each.path: replace(each, low=0, mode=0, high=0, word=None) for each in judged}
    return answer_key(with_judgements(case, alike))


def _differences(case: Case, text: str, other: str, name: str) -> list[Problem]:
    """Each entry that is another and not only judged otherwise."""
    sources = read_source(text, case.file), read_source(other, name)
    found = edits(sources[0].data, sources[1].data, (sources[0].place, sources[1].place))
    hybrids = Hybrids(found, name)
    bare = _bare(case)
    problems: list[Problem] = []
    for k, edit in enumerate(found.edits):
        with_it = hybrids.case([k])
        if with_it is not None and _bare(with_it) == bare:
            continue
        if len(problems) == MOST_NAMED:
            problems.append(Problem("more differences of this kind are not named"))
            break
        problems.append(_difference(edit))
    return problems


def _difference(edit: Edit) -> Problem:
    before, after = (cut(told, 60) for told in edit.told)
    message = f"{edit.name} is no judgement, and differs from the case: {after}, there {before}"
    expected = "that a judge's file differs in judgements alone"
    return Problem(message, edit.places[1], expected)
