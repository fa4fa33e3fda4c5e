"""What a judge has answered in the workbench: values in the judge's own file, and beside it how.

The values stand in the file alone. What a file cannot say is kept beside it as notes: which
judgements the judge was asked for and gave a value of, agreed on with the case, or could not say;
and on which version of the case the file stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool

from foedus.case.edit import Value
from foedus.case.judge_files import judge_name, judge_path
from foedus.case.links import judgement_name, judgements_of
from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem
from foedus.case.reading import parse_case
from foedus.sensitivity.judging.texts import judge_text, judged_by, settings_of
from foedus.sensitivity.settings import judgement_called, known_name
from foedus.web.desk import Desk
from foedus.web.sliders import written
from foedus.web.store import Conflict, NotHere, Store, Stored, is_name
from foedus.whole_files import AlreadyThere

NOTES = "judging"
"""What is kept beside a judge's file,"""

INVITED = "judges"
"""and beside a case: who was invited."""

MOST_JUDGES = 30
"""So many judges can be invited to a case, with those who have a file already."""

SAID, AGREED, UNSAID = "said", "agreed", "unsaid"
"""How a judgement was answered: by a value, as the case has it, or not: the judge cannot say."""

TRIES = 50
"""So often an answer is put on the file as it is by then, where others write at the same time."""

Settings = Mapping[str, Value]

Parse = Callable[[str, str], Case]


@dataclass(frozen=True, slots=True)
class Answers:
    """What one judge has answered of a case.

    ``how`` says of each judgement that was answered how it was; ``settings`` are the values that
    are the judge's own and not those of the case as it is now. ``behind``: the file stands on
    another version of the case, and so may differ from it in what nobody judges.
    """

    judge: str
    how: Mapping[str, str]
    settings: Settings
    behind: bool

    def count(self, how: str) -> int:
        """How many judgements were answered so."""
        return sum(each == how for each in self.how.values())


# --- who judges ---


def judges_of(store: Store, name: str) -> dict[str, str | None]:
    """The judges of a case by name, with the name of their file where there is one.

    Raises NotHere for what is no case, a judge's file among it.
    """
    files = store.judged().get(name)
    if files is None:
        raise NotHere(f"{name!r} is no case that judges have files of")
    return dict(sorted({**dict.fromkeys(_invited(store.notes(name, INVITED))), **files}.items()))


def _invited(notes: Mapping[str, Any]) -> list[str]:
    told = notes.get("invited", [])
    return [str(each) for each in told] if isinstance(told, list) else []


def judge_file(name: str, judge: str) -> str:
    """What the file of a judge of a case is called. Raises CaseError for what none can be."""
    file = judge_path(name, judge).name
    if not is_name(file):
        raise CaseError([Problem(f"{file} is too long for the name of a file")], name)
    return file


def invite(store: Store, name: str, judge: str) -> str:
    """Let a judge have a link; gives the name as it is written.

    Who is there already, in whatever capitals, is not invited again. Raises CaseError for what
    cannot name a judge, ValueError where there are as many as there may be.
    """
    judge = judge_name(judge)
    judge_file(name, judge)
    files = judges_of(store, name)
    chosen = judge

    def added(notes: dict[str, Any]) -> dict[str, Any]:
        nonlocal chosen
        known = {each.casefold(): each for each in (*_invited(notes), *files)}
        if judge.casefold() in known:
            chosen = known[judge.casefold()]
            return notes
        if len(known) >= MOST_JUDGES:
            raise ValueError(f"There are {MOST_JUDGES} judges already; no more can be invited.")
        return {"invited": [*_invited(notes), judge]}

    store.change_notes(name, INVITED, added)
    return chosen


def uninvite(store: Store, name: str, judge: str) -> None:
    """Let a judge who has answered nothing have a link no longer; a file stays."""

    def left(notes: dict[str, Any]) -> dict[str, Any]:
        return {"invited": [each for each in _invited(notes) if each != judge]}

    store.change_notes(name, INVITED, left)


# --- what a judge has answered ---


def answers_in(judge: str, stored: Stored, case: Case, theirs: Case, notes: Any) -> Answers:
    """What a judge has answered: by the judge's file, ``theirs``, and the notes beside it.

    ``case`` is what is in the file ``stored``.
    """
    base, how = _noted(notes)
    settings, behind = _own(stored, case, theirs, base, how)
    names = [judgement_name(case, each.path) for each in judgements_of(case)]
    told = {**dict.fromkeys(settings, SAID), **how}
    return Answers(judge, {name: told[name] for name in names if name in told}, settings, behind)


async def answers_of(desk: Desk, stored: Stored, judge: str, file: str | None) -> Answers:
    """The same of a judge with a file, or without one yet. Raises CaseError for what is no case."""
    if file is None:
        return Answers(judge, {}, {}, behind=False)
    case = await desk.case(stored)
    theirs = await desk.case(await desk.read(file))
    notes = await run_in_threadpool(desk.store.notes, file, NOTES)
    return answers_in(judge, stored, case, theirs, notes)


def _noted(notes: Any) -> tuple[str | None, dict[str, str]]:
    """The version of the case that the file stands on, and how each judgement was answered."""
    how = notes.get("how")
    base = notes.get("base")
    kept = {str(k): str(v) for k, v in how.items()} if isinstance(how, dict) else {}
    return (base if isinstance(base, str) else None), kept


def _own(
    stored: Stored, case: Case, theirs: Case, base: str | None, how: Mapping[str, str]
) -> tuple[Settings, bool]:
    """What is the judge's own, and whether the file has been left behind by the case.

    Where it has, what differs may be what the case had before: then only answers are the judge's.
    """
    settings = dict(settings_of(case, theirs))
    if base == stored.version:
        return settings, False
    if base is not None:
        return {n: v for n, v in settings.items() if how.get(n) in (SAID, AGREED)}, True
    return settings, not _fits(case, theirs)


def _fits(case: Case, theirs: Case) -> bool:
    """Whether a judge's file differs from the case in judgements alone."""
    try:
        judged_by(case, None, theirs, theirs.file)
    except CaseError:
        return False
    return True


def record(
    store: Store,
    name: str,
    judge: str,
    what: str,
    how: str,
    value: Value | None = None,
    parse: Parse = parse_case,
) -> None:
    """Put one answer into a judge's own file, which is begun where there is none, at once.

    ``what`` names the judgement; without a ``value`` the case's own stands there (again). Whatever
    else is written to the file meanwhile stays: the answer is put on the text as it is by then. A
    file that the case has left behind is put on the case as it is now. Without ``what`` nothing
    else is done. ``parse`` reads a case from a text, or knows it.

    Raises CaseError for what is no judgement of the case and for a value that cannot stand there,
    NotHere for no case, Conflict where others write without an end.
    """
    for _ in range(TRIES):
        try:
            return _recorded(store, name, judge, what, how, value, parse)
        except (Conflict, AlreadyThere) as error:
            last = error
    raise last


def _recorded(
    store: Store, name: str, judge: str, what: str, how: str, value: Value | None, parse: Parse
) -> None:
    """Try it once. Raises Conflict, or AlreadyThere, where somebody else was faster."""
    stored = store.read(name)
    case = parse(stored.text, name)
    settings = _setting(case, what, value)
    file = judge_file(name, judge)
    try:
        mine = store.read(file)
    except NotHere:
        judge_text(
            stored.text, judge, settings, name, case
        )  # what cannot stand there begins no file
        mine = store.create(file, judge_text(stored.text, judge, [], name, case))
    # The file is read before the notes, and written after them: so what is in a file that was read
    # is in the notes, and whoever reads a file before an answer is in it will not write it.
    base, told = _noted(store.notes(file, NOTES))
    now = dict.fromkeys((each for each, _ in settings), how)
    theirs = parse(mine.text, file)
    own, behind = _own(stored, case, theirs, base, {**told, **now})
    if behind:
        every = list({**own, **dict(settings)}.items())
        text = judge_text(stored.text, judge, every, name, case)
    else:
        text = judge_text(mine.text, judge, settings, file, theirs)
    # A file made elsewhere: what it has is the judge's, now that it is known.
    adopted = {} if base is not None else dict.fromkeys(own, SAID)

    def added(notes: dict[str, Any]) -> dict[str, Any]:
        return {**notes, "how": {**adopted, **_noted(notes)[1], **now}}

    store.change_notes(file, NOTES, added)
    why = f"{judge} answered: {what}" if what else "put on the case as it is"
    store.save(file, text, mine.version, why)
    if base != stored.version:
        store.change_notes(file, NOTES, lambda notes: {**notes, "base": stored.version})


def _setting(case: Case, what: str, value: Value | None) -> list[tuple[str, Value]]:
    """The judgement by its one name, and what it is set to. Raises CaseError."""
    if not what:
        return []
    judgement = judgement_called(case, known_name(case, what))
    if judgement is None:
        return [(what, value or 0)]  # refused where it is put
    return [(judgement_name(case, judgement.path), written(judgement) if value is None else value)]
