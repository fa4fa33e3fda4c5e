"""Several judges of one case: what they dispute, what each answers, and whether it matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Explanation,
    Point,
    Points,
    Sentence,
    Table,
    number,
    possessive,
)
from foedus.forecasting.estimates import percent, percents
from foedus.reporting.names import capital, inside
from foedus.sensitivity.inputs import judgement_told
from foedus.sensitivity.judging.results import Disputed, JudgesAnswer

if TYPE_CHECKING:
    from foedus.case.model import Judgement
    from foedus.sensitivity.judging.results import Apart, Judges

MOST_COLUMNS = 5
"""So many judges have a column each in a table; of more, the ends are shown."""

MOST_TOLD = 8
"""So many disputes are told in a sentence each; the table has all."""

VIEWS = {"inside": "by the inside view", "pooled": "by all views together"}

UNITS = {"points": "points", "per cent": "percentage points", "days": "days"}
"""What a difference is in, where the unit of the judgement can be said so."""


def judges_blocks(result: Judges) -> tuple[Block, ...]:
    """Whether it matters who is right, what each answers, and on what they differ."""
    blocks: list[Block] = [Sentence(_headline(result), strong=True)]
    if result.answers:
        blocks += [Sentence(_apart_told(result, result.answer(name))) for name in result.main]
        blocks.append(_answers(result))
    if result.disputed:
        told = sorted(result.disputed, key=lambda each: not result.matters(each))[:MOST_TOLD]
        blocks.append(Points(tuple(Point(dispute_told(result, each)) for each in told)))
        blocks.append(_disputes(result))
    return tuple(blocks)


def judges_explained(result: Judges, asked: Disputed | JudgesAnswer) -> Explanation:
    """On a judgement, who says what and what it does; on an arrangement, what each answers."""
    if isinstance(asked, Disputed):
        points = _dispute_points(result, asked)
        return Explanation(
            (Sentence(dispute_told(result, asked), strong=True), Points(tuple(points)))
        )
    told = Sentence(_apart_told(result, asked), strong=True)
    points = [Point(f"{name}: {percent(p)}") for name, p in asked.apart.by_judge.items()]
    return Explanation((told, Points((*points, *map(Point, _pools(asked))))))


# --- sentences ------------------------------------------------------------------------------------


def _headline(result: Judges) -> str:
    names = listed(result.names, "and")
    split = [each for each in result.disputed if each.split]
    if not result.disputed:
        said = "judge" if len(result.names) > 1 else "judges"
        return f"{names} {said} all as the case does."
    if not split:
        count = _count(len(result.disputed), "judgement")
        if len(result.names) == 1:
            return f"{names} sets {count} otherwise than the case. Nobody else has judged."
        return f"{names} agree with each other; they set {count} otherwise than the case."
    count = _count(len(split), "judgement")
    if not result.answers:
        return f"{names} differ on {count}."
    telling = sum(result.matters(each) for each in split)
    apart = any(result.answer(name).apart.noticed for name in result.main)
    if telling:
        depends = "on it" if len(split) == 1 else f"on {telling} of them"
        return f"{names} differ on {count}, and the answer depends {depends}."
    if apart:  # and so there are several: of a single one the effect is all that parts the judges
        depends = "The answer depends on no single one of them, but on several together."
        return f"{names} differ on {count}. {depends}"
    which = "it" if len(split) == 1 else "any of them"
    return f"{names} differ on {count}, and the answer does not depend on {which}."


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}s" if count != 1 else f"one {what}"


def _apart_told(result: Judges, answer: JudgesAnswer) -> str:
    """What the judges answer on one arrangement, and what is made of it."""
    name = f"“{result.case.arrangements[answer.arrangement].name}”"
    apart = answer.apart
    least, most = apart.by_judge[apart.lowest], apart.by_judge[apart.highest]
    if not apart.moves:
        by = result.names[0] if len(result.names) == 1 else "every judge"
        told = f"{name} is {percent(least)} by {by}"
    elif not apart.noticed:
        told = f"{name} is {percents(least, most)} by the judges"
    else:
        ends = (f"{percent(apart.by_judge[n])} by {n}" for n in (apart.lowest, apart.highest))
        told = f"{name} is {' and '.join(ends)}"
        if len(apart.by_judge) > 2:
            told += ", the others between"
    return f"{told}; {percent(answer.case)} as the case has it ({VIEWS[answer.view]})."


def _pools(answer: JudgesAnswer) -> Iterator[str]:
    yield f"the case as it is: {percent(answer.case)}"
    yield f"with the pooled judgements: {percent(answer.judgements)}"
    yield f"the mean of the judges' answers (linear pool): {percent(answer.linear)}"
    if answer.log_odds is None:
        yield "the judges' answers exclude each other, so that they have no logarithmic pool"
    else:
        yield f"pooled by their odds (logarithmic pool): {percent(answer.log_odds)}"


def dispute_told(result: Judges, disputed: Disputed) -> str:
    """Who differs on a judgement, by how much, and whether the answer depends on it."""
    what = inside(judgement_told(result.case, disputed.case))
    if not disputed.split:
        who = "All judge" if len(result.names) > 1 else f"{result.names[0]} judges"
        value = next(iter(disputed.by_judge.values()))
        return f"{who} {what} at {_value(value)} and not {_value(disputed.case)}."
    if disputed.spread:
        by = difference_told(disputed.case, disputed.spread)
        told = f"{_who_differ(disputed)} by {by} on {what}"
    else:
        first = next(iter(disputed.by_judge.values()))
        told = f"On {what} all hold {number(first.mode)} most likely, with different ranges"
    told += f", {_effect_told(result, disputed)}." if result.answers else "."
    return f"{told} {disputed.outlier} stands apart." if disputed.outlier else told


def _effect_told(result: Judges, disputed: Disputed) -> str:
    """Whether the answer depends on it, as the end of a sentence, or what else does."""
    effect, beside = result.telling(disputed), result.beside(disputed)
    if effect is not None and effect[1].noticed:
        return f"and the answer depends on it: {_by_ends(result, *effect)}"
    told = "and the answer does not depend on it"
    if effect is not None and effect[1].beyond_error:
        told = f"and the answer hardly depends on it, by {_points(effect[1])}"
    if beside is not None and beside[1].noticed:
        told += f"; something else does: {_by_ends(result, *beside)}"
    return told


def _by_ends(result: Judges, name: str, effect: Apart) -> str:
    least, most = (
        f"{percent(effect.by_judge[who])} with {possessive(who)} value"
        for who in (effect.lowest, effect.highest)
    )
    return f"“{result.case.arrangements[name].name}” is {least} and {most}"


def _points(effect: Apart) -> str:
    points = f"{100 * effect.gap:.1g}"
    return f"{points} of a point" if points.startswith("0") else f"{points} points"


def _who_differ(disputed: Disputed) -> str:
    """The judges with the least and with the greatest most likely value, and that they differ."""
    modes = {name: each.mode for name, each in disputed.by_judge.items()}
    ends = [[name for name in modes if modes[name] == end(modes.values())] for end in (min, max)]
    few, many = sorted(ends, key=len)
    if len(many) == 1:
        return f"{listed((name for name in modes if name in (*few, *many)), 'and')} differ"
    others = listed(many, "and") if len(many) < MOST_COLUMNS else f"{len(many)} others"
    return f"{listed(few, 'and')} {'differs' if len(few) == 1 else 'differ'} from {others}"


def difference_told(judgement: Judgement, spread: float) -> str:
    """A difference between two values of a judgement, in its unit.

    >>> from foedus.case.judgement import Judgement, Role
    >>> difference_told(Judgement(1, 1, 1, role=Role.WORTH), 40)
    '40 points'
    >>> difference_told(Judgement(1, 1, 1, role=Role.PRIORITY), 0.2)
    '0.2'
    """
    if judgement.unit == "times a year":
        return f"{number(spread)} a year"
    unit = UNITS.get(judgement.unit, "")
    if spread == 1:
        unit = unit.replace("points", "point").replace("days", "day")
    return f"{number(spread)} {unit}".strip()


def _value(judgement: Judgement) -> str:
    if judgement.word is not None:
        return f"“{judgement.word}”"
    if judgement.sure:
        return number(judgement.mode)
    return f"{_short(judgement.mode)} ({_short(judgement.low)} to {_short(judgement.high)})"


def _short(value: float) -> str:
    """A number to three digits: pooled ones have more than anybody judged."""
    return number(float(f"{value:.3g}"))


def _dispute_points(result: Judges, disputed: Disputed) -> list[Point]:
    """Each judge's value, the pools, who stands apart, and what it does to each answer."""
    points = [Point(f"the case: {_value(disputed.case)}")]
    points += [Point(f"{name}: {_value(each)}") for name, each in disputed.by_judge.items()]
    points.append(Point(f"pooled (linear): {_value(disputed.pooled)}"))
    if disputed.log_odds is not None:
        low, mode, high = map(_short, disputed.log_odds)
        points.append(Point(f"pooled by their odds (logarithmic): {mode} ({low} to {high})"))
    if disputed.outlier is not None:
        far = disputed.outlying[disputed.outlier]
        how = "while they are of one mind" if far == float("inf") else f"{far:.2g} half-spans away"
        points.append(Point(f"{disputed.outlier} stands apart from the others, {how}"))
    for name, effect in disputed.effects.get(result.headline, {}).items():
        if name in result.main:
            told = _by_ends(result, name, effect) if effect.moves else _still(result, name)
            points.append(Point(told))
    return points


def _still(result: Judges, name: str) -> str:
    return f"“{result.case.arrangements[name].name}” does not move"


# --- tables ---------------------------------------------------------------------------------------


def _columns(result: Judges) -> list[Column]:
    if len(result.names) > MOST_COLUMNS:
        return [Column("lowest judge", True), Column("highest judge", True)]
    return [Column(name, True) for name in result.names]


def _cells(result: Judges, apart: Apart) -> list[Cell]:
    ends = apart.lowest, apart.highest
    if len(result.names) > MOST_COLUMNS:
        return [Cell(percent(apart.by_judge[name]), note=name) for name in ends]
    return [Cell(percent(p)) for p in apart.by_judge.values()]


def _answers(result: Judges) -> Table:
    first = [result.answer(name) for name in result.main]
    rest = [a for a in result.answers if a.arrangement not in result.main and a.apart.noticed]
    rows = tuple(
        (
            Cell(result.case.arrangements[a.arrangement].name, note=VIEWS[a.view]),
            Cell(percent(a.case)),
            *_cells(result, a.apart),
            Cell(percent(a.judgements)),
            Cell(percent(a.linear)),
            Cell("none" if a.log_odds is None else percent(a.log_odds)),
        )
        for a in (*first, *rest)
    )
    columns = (
        Column("how likely"),
        Column("the case", True),
        *_columns(result),
        Column("pooled judgements", True),
        Column("mean of answers", True),
        Column("pooled by odds", True),
    )
    note = (
        f"From the same {result.draws:,} draws, seed {result.seed}; {result.solved:,} cases were "
        "solved. All judges weigh the same. Of what is no hypothesis, what the judges take a "
        "point apart or more is shown."
    )
    return Table("What each answers", columns, rows, note)


def _disputes(result: Judges) -> Table:
    rows = []
    for each in result.disputed:
        by_judge: Mapping[str, Judgement] = each.by_judge
        if len(result.names) > MOST_COLUMNS:
            ends = sorted(by_judge, key=lambda name: by_judge[name].mode)
            shown = [Cell(_value(by_judge[n]), note=n) for n in (ends[0], ends[-1])]
        else:
            shown = [Cell(_value(value)) for value in by_judge.values()]
        rows.append(
            (
                Cell(capital(judgement_told(result.case, each.case))),
                Cell(_value(each.case)),
                *shown,
                Cell(_value(each.pooled)),
                Cell(f"{round(100 * each.share)}%", note=each.outlier and f"{each.outlier} apart"),
                *([_moved(result, each)] if result.answers else []),
            )
        )
    columns = (
        Column("what is judged"),
        Column("the case", True),
        *_columns(result),
        Column("pooled", True),
        Column("apart", True),
        *([Column("moves the answer by (points)", True)] if result.answers else []),
    )
    note = (
        "Apart: how far the most likely values are from each other, as a share of all that the "
        "judges' ranges cover."
    )
    if result.answers:
        note += (
            " Moves: by taking this judgement from one judge to another, all else being pooled; in "
            "grey within Monte Carlo error or under a point."
        )
    return Table("On what they differ", columns, tuple(rows), note)


def _moved(result: Judges, disputed: Disputed) -> Cell:
    effect = result.telling(disputed)
    if effect is None:
        return Cell("0", "muted")
    name, apart = effect
    points = f"{round(100 * apart.gap, 1):g}"
    label = result.case.arrangements[name].name
    return Cell(points, "plain" if apart.noticed else "muted", note=label)
