"""Both answers of a what-if beside each other, in sentences and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, Tone
from foedus.forecasting.estimates import from_draws, percent
from foedus.process.acceptance import Finding
from foedus.sensitivity.naming import judgement_told
from foedus.sensitivity.settings import judgement_called

if TYPE_CHECKING:
    from foedus.sensitivity.otherwise import Difference, SetOtherwise, WhatIf


def whatif_blocks(result: WhatIf) -> tuple[Block, ...]:
    """What is set, both answers, and what changes in acceptance."""
    points = tuple(Point(set_told(result, each)) for each in result.settings)
    blocks: list[Block] = [Sentence("What if it were judged so:", strong=True), Points(points)]
    blocks.append(_answer(result))
    blocks.append(_table(result))
    if changed := result.acceptance_changes():
        blocks.append(_accepted(result, changed))
    else:
        text = "At the most likely values the same are acceptable, and the same actors against."
        blocks.append(Sentence(text, "muted"))
    return tuple(blocks)


def whatif_explained(result: WhatIf, difference: Difference) -> Explanation:
    """What the change does to one arrangement."""
    points = [Point(set_told(result, each)) for each in result.settings]
    points.append(
        Point(
            f"of {result.paired:,} draws run twice, it comes about only after the change in "
            f"{difference.gained:,}, and only before it in {difference.lost:,}"
        )
    )
    for name, before, after in result.acceptance_changes():
        if name == difference.arrangement:
            points.append(
                Point(
                    f"at the most likely values it is {_status(result, before)} as judged, and "
                    f"{_status(result, after)} with the change"
                )
            )
    return Explanation((Sentence(_moved(result, difference), strong=True), Points(tuple(points))))


def set_told(result: WhatIf, each: SetOtherwise) -> str:
    """What was set otherwise, in a sentence."""
    case = result.before.case
    judgement = judgement_called(case, each.name)
    what = each.name if judgement is None else judgement_told(case, judgement)
    return f"{what}: {each.after} and not {each.before}"


def _answer(result: WhatIf) -> Sentence:
    case = result.before.case
    names = case.hypotheses or tuple(case.arrangements)
    which = "hypothesis" if case.hypotheses else "arrangement"
    moved = [result.difference(name) for name in names]
    moved = [d for d in moved if d.gained or d.lost]
    if not moved:
        return Sentence(f"No {which} becomes likelier or less likely by it.")
    telling = sorted((d for d in moved if _beyond_error(d)), key=lambda d: -abs(d.change))
    if not telling:
        return Sentence(f"No {which} moves by more than Monte Carlo error.")
    return Sentence(" ".join(_moved(result, d) for d in telling[:3]))


def _beyond_error(difference: Difference) -> bool:
    return not difference.low <= 0 <= difference.high


def _moved(result: WhatIf, difference: Difference) -> str:
    name = result.before.case.arrangements[difference.arrangement].name
    before, after = (_percent(result, p) for p in (difference.before, difference.after))
    if not difference.gained and not difference.lost:
        return f"“{name}” stays at {before}."
    if not _beyond_error(difference):
        return f"“{name}” hardly moves: {before} before, {after} after, within Monte Carlo error."
    way = "rises" if difference.change > 0 else "falls"
    if before == after:
        return (
            f"“{name}” {way} by {abs(round(100 * difference.change, 2)):g} points, from {before}."
        )
    return f"“{name}” {way} from {before} to {after}."


def _percent(result: WhatIf, p: float) -> str:
    estimate = from_draws(round(p * result.paired), result.paired)
    return percent(estimate.p, estimate.low, estimate.high)


def _table(result: WhatIf) -> Table:
    case = result.before.case
    first = [result.difference(name) for name in case.hypotheses]
    rest = [
        d
        for d in result.differences
        if d.arrangement not in case.hypotheses and (d.before or d.after)
    ]
    rows = tuple(
        (
            Cell(case.arrangements[d.arrangement].name),
            Cell(_percent(result, d.before)),
            Cell(_percent(result, d.after)),
            Cell(_points(d), _tone(d), note=f"{_signed(d.low)} to {_signed(d.high)}"),
        )
        for d in (*first, *rest)
    )
    columns = (
        Column("comes about, by the inside view"),
        Column("as judged", True),
        Column("with the change", True),
        Column("difference (points)", True),
    )
    note = (
        f"From the same {result.paired:,} draws, seed {result.before.seed}; below each difference "
        "its 90% interval by Monte Carlo error, which pairing makes small. Arrangements that come "
        "about in neither are left out, hypotheses apart."
    )
    return Table("Both answers", columns, rows, note)


def _tone(difference: Difference) -> Tone:
    return "plain" if _beyond_error(difference) else "muted"


def _points(difference: Difference) -> str:
    if not difference.gained and not difference.lost:
        return "0"
    return _signed(difference.change)


def _signed(change: float) -> str:
    points = round(100 * change, 1)
    if points == 0:
        return "0"
    return f"{'+' if points > 0 else '−'}{abs(points):g}"


def _accepted(result: WhatIf, changed: tuple[tuple[str, Finding, Finding], ...]) -> Table:
    case = result.before.case
    rows = tuple(
        (
            Cell(case.arrangements[name].name),
            Cell(_status(result, before), _verdict(before)),
            Cell(_status(result, after), _verdict(after)),
        )
        for name, before, after in changed
    )
    columns = (Column("at the most likely values"), Column("as judged"), Column("with the change"))
    return Table("What changes in who would agree", columns, rows)


def _verdict(finding: Finding) -> Tone:
    return "good" if finding.acceptable else "bad"


def _status(result: WhatIf, finding: Finding) -> str:
    """The answer in a word, and by whom it is blocked or who is worse off."""
    who = finding.blockers if finding.status == "blocked" else finding.worse_off
    if not who:
        return finding.status
    names = listed((result.before.case.actors[a].name for a in who), "and")
    return f"{finding.status} by {names}"
