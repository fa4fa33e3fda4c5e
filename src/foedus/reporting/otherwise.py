"""Both answers of a what-if beside each other, in sentences and tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, Tone
from foedus.forecasting.estimates import from_mean, percent
from foedus.reporting.agreed import NOTHING_CHANGES, agreed_table, agreed_told
from foedus.reporting.figures import signed_points
from foedus.sensitivity.inputs import judgement_told
from foedus.sensitivity.settings import judgement_called

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.sensitivity.otherwise import Difference, SetOtherwise, WhatIf

LISTED = 5e-5
"""Arrangements that are less likely than this before and after are left out of the table."""

TENTH = 5e-4
"""Half a tenth of a point: answers are told no finer, however small their Monte Carlo error."""


def whatif_blocks(result: WhatIf) -> tuple[Block, ...]:
    """What is set, both answers, and what changes in who would agree."""
    points = tuple(Point(set_told(result, each)) for each in result.settings)
    blocks: list[Block] = [Sentence("What if it were judged so:", strong=True), Points(points)]
    blocks += both_answers(result)
    if changed := result.consent_changes:
        case = result.before.case
        rows = [(case.arrangements[name].name, *both) for name, both in changed.items()]
        columns = "as written", "with the change"
        blocks.append(agreed_table(_actors(case), rows, columns))
    else:
        blocks.append(Sentence(NOTHING_CHANGES, "muted"))
    return tuple(blocks)


def both_answers(result: WhatIf) -> tuple[Sentence, Table]:
    """How the answers move, in a sentence and as a table; nothing of who would agree."""
    return _answer(result), _table(result)


def whatif_explained(result: WhatIf, difference: Difference) -> Explanation:
    """What the change does to one arrangement."""
    points = [Point(set_told(result, each)) for each in result.settings]
    points.append(
        Point(
            f"of the same {result.draws:,} draws, it is likelier with the change in "
            f"{difference.rises:,}, and less likely in {difference.falls:,}"
        )
    )
    if difference.pooled is not None:
        before, after = pooled_told(difference.pooled)
        points.append(Point(f"all views pooled, {before} as written and {after} with the change"))
    if both := result.consent_changes.get(difference.arrangement):
        case = result.before.case
        told = [agreed_told(_actors(case), each) for each in both]
        points.append(
            Point(f"at the most likely values: {told[0]} as written; {told[1]} with the change")
        )
    return Explanation((Sentence(_moved(result, difference), strong=True), Points(tuple(points))))


def _actors(case: Case) -> dict[str, str]:
    return {name: actor.name for name, actor in case.actors.items()}


def set_told(result: WhatIf, each: SetOtherwise) -> str:
    """What was set otherwise, in a sentence."""
    case = result.before.case
    judgement = judgement_called(case, each.name)
    what = each.name if judgement is None else judgement_told(case, judgement)
    return f"{what}: {each.after} and not {each.before}"


def _answer(result: WhatIf) -> Sentence:
    """How the hypotheses move, and what moves more than any of them."""
    case = result.before.case
    asked = case.hypotheses or tuple(case.arrangements)
    which = "hypothesis" if case.hypotheses else "arrangement"
    telling = sorted(
        (d for d in result.differences if d.beyond_error), key=lambda d: -abs(d.change)
    )
    mine = [d for d in telling if d.arrangement in asked][:3]
    told = [_moved(result, d) for d in mine]
    if not mine:
        still = not any(result.difference(name).moves for name in asked)
        said = (
            "becomes likelier or less likely by it" if still else "moves beyond Monte Carlo error"
        )
        told = [f"No {which} {said}."]
    if telling and telling[0] not in mine:
        told.append(_moved(result, telling[0]))
    return Sentence(" ".join(told))


def _moved(result: WhatIf, difference: Difference) -> str:
    name = result.before.case.arrangements[difference.arrangement].name
    before, after = _both(result, difference)
    if not difference.moves:
        return f"“{name}” stays at {before}."
    if not difference.beyond_error:
        return f"“{name}” hardly moves: {before} before, {after} after, within Monte Carlo error."
    way = "rises" if difference.change > 0 else "falls"
    if before == after:
        return f"“{name}” {way} by {abs(100 * difference.change):.2g} points, from {before}."
    return f"“{name}” {way} from {before} to {after}."


def _both(result: WhatIf, difference: Difference) -> tuple[str, str]:
    """Both answers by the inside view, to a tenth of a point: no error may be left by drawing."""
    before, after = (
        "0%" if p.p == 0 else percent(p.p, min(p.low, p.p - TENTH), max(p.high, p.p + TENTH))
        for each in (result.before, result.after)
        for p in [each.probability(difference.arrangement)]
    )
    return before, after


def pooled_told(pooled: tuple[float, float, float]) -> tuple[str, str]:
    """The answer of all views before and after, with the digits that their difference bears."""
    before, after, se = pooled
    if math.isnan(se) or se == 0:
        return percent(before), percent(after)
    told = [from_mean(p, se) for p in (before, after)]
    first, then = (percent(each.p, each.low, each.high) for each in told)
    return first, then


def _table(result: WhatIf) -> Table:
    case = result.before.case
    first = [result.difference(name) for name in case.hypotheses]
    rest = [
        d
        for d in result.differences
        if d.arrangement not in case.hypotheses and max(d.before, d.after) >= LISTED
    ]
    rows = []
    for d in (*first, *rest):
        before, after = _both(result, d)
        pooled: list[str | None] = [None, None]
        if d.pooled is not None:
            pooled = [f"all views pooled: {told}" for told in pooled_told(d.pooled)]
        rows.append(
            (
                Cell(case.arrangements[d.arrangement].name),
                Cell(before, note=pooled[0]),
                Cell(after, note=pooled[1]),
                Cell(
                    _points(d), _tone(d), note=f"{signed_points(d.low)} to {signed_points(d.high)}"
                ),
            )
        )
    columns = (
        Column("comes about, by the inside view"),
        Column("as written", True),
        Column("with the change", True),
        Column("difference (points)", True),
    )
    note = (
        f"From the same {result.draws:,} draws, seed {result.before.seed}; below each difference "
        "its 90% interval by Monte Carlo error, which pairing makes small. Arrangements that "
        "hardly come about in either are left out, hypotheses apart."
    )
    return Table("Both answers", columns, tuple(rows), note)


def _tone(difference: Difference) -> Tone:
    return "plain" if difference.beyond_error else "muted"


def _points(difference: Difference) -> str:
    return signed_points(difference.change) if difference.moves else "0"
