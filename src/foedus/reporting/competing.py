"""ACH in words: sentences, the matrix, scores, what the ranking depends on, and Bayes beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from foedus.case.model import Case
from foedus.case.problems import UnknownName, cut, listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Explanation,
    Grid,
    Point,
    Points,
    Sentence,
    Table,
    Tone,
    number,
)
from foedus.evidence.concordance import Concordance, Pairing, over
from foedus.evidence.scoring import Ranking
from foedus.forecasting.outside import OTHER

if TYPE_CHECKING:
    from foedus.evidence.competing import Ablation, Ach


def concordance_blocks(result: Concordance) -> tuple[Block, ...]:
    """A sentence for each two views, and the order by each."""
    *sentences, orders = agreement_blocks(result)
    shared = Sentence(
        "Agreement with the inside view is partly agreement with itself: "
        f"{', '.join(result.shared)} stand behind both.",
        "muted",
    )
    return (*sentences, *((shared,) if result.shared else ()), orders)


def agreement_blocks(result: Concordance) -> tuple[Block, ...]:
    """The same without what stands behind both, which :func:`verdict_blocks` counts."""
    return (*_sentences(result), _orders(result))


def _sentences(result: Concordance) -> Iterator[Sentence]:
    if not result.pairings:
        yield Sentence("There are no two views to compare.", "muted")
    for pairing in result.pairings:
        text, tone = _told(result, pairing)
        yield Sentence(text, tone)


def _told(result: Concordance, pairing: Pairing) -> tuple[str, Tone]:
    both = f"{pairing.first} and {pairing.second}"
    match pairing.verdict:
        case "agree":
            return f"{both} agree: they put no two hypotheses in opposite order.", "good"
        case "agree on the first":
            turned = listed((f"{a} and {b}" for a, b in pairing.reversed_), "and")
            return f"{both} agree on what comes first, but turn {turned} round.", "plain"
        case "clash":
            firsts = [
                listed(
                    (hypothesis_name(result.case, h) for h in _top(result, name, pairing)), "and"
                )
                for name in (pairing.first, pairing.second)
            ]
            text = f"{both} clash: {firsts[0]} comes first by the one, {firsts[1]} by the other."
            return text, "warn"
        case _:
            return f"{both} cannot be compared: they do not order two hypotheses both.", "muted"


def _top(result: Concordance, view: str, pairing: Pairing) -> tuple[str, ...]:
    return over(result.orders[view], pairing.common)[0]


def _orders(result: Concordance) -> Points:
    return Points(
        tuple(Point(f"{name}: {order_told(order)}") for name, order in result.orders.items())
    )


NOT_MARKED = Cell("not marked", "muted")
TONES: Mapping[str, Tone] = {"CC": "good", "C": "good", "N": "plain", "I": "warn", "II": "bad"}
LEGEND = (
    (Cell("CC", "good"), "very consistent"),
    (Cell("C", "good"), "consistent"),
    (Cell("N", "plain"), "neither"),
    (Cell("I", "warn"), "inconsistent"),
    (Cell("II", "bad"), "very inconsistent"),
    (NOT_MARKED, "nobody judged it"),
)
MEANINGS = {
    "CC": "very consistent with",
    "C": "consistent with",
    "N": "neither for nor against",
    "I": "inconsistent with",
    "II": "very inconsistent with",
}
CAVEAT = (
    "This makes the reasoning visible. It is no proof of it: controlled studies do not show that "
    "analysis of competing hypotheses makes judgements better."
)
UNEVEN = 2
"""A hypothesis with so many times the telling items of another was looked at more closely."""

LONGEST = 90
"""A claim is cut to so many characters where it names a row."""


def hypothesis_name(case: Case, hypothesis: str) -> str:
    """How a hypothesis is called in a sentence: a name in quotation marks, of `other` too."""
    if hypothesis == OTHER:
        return "“none of these”"
    named = case.arrangements.get(hypothesis)
    return f"“{named.name}”" if named else f"“{hypothesis}”"


def ach_blocks(result: Ach) -> tuple[Block, ...]:
    """Everything that the analysis says, sentences first."""
    if not result.matrix.items:
        passed = _passed_over(result)
        nothing = Sentence("No fact or report is marked for any hypothesis.", "warn")
        return (nothing, *passed)
    *told, caveat = verdict_blocks(result)
    return (*told, *matrix_blocks(result), caveat)


def verdict_blocks(result: Ach) -> tuple[Block, ...]:
    """What follows from the marks, with its cautions and the scores."""
    caveat = Sentence(CAVEAT, "muted")
    return (*_answer(result), *_cautions(result), _scores(result), caveat)


def matrix_blocks(result: Ach) -> tuple[Block, ...]:
    """The marks item by item, and what the order depends on."""
    return (_grid(result), *_hangs(result))


def _answer(result: Ach) -> Iterator[Sentence]:
    case, least = result.case, result.least
    names = listed((hypothesis_name(case, h) for h in least), "and")
    if len(result.ranking) == 1 and len(least) == 1:
        yield Sentence(f"Only {names} is marked: there is nothing to compare it with.", "warn")
        return
    if len(result.ranking) == 1:
        yield Sentence(f"As much speaks against each of {names}: no order follows.", strong=True)
        return
    verb = "has" if len(least) == 1 else "have"
    most = listed((hypothesis_name(case, h) for h in result.ranking[-1]), "and")
    yield Sentence(
        f"By these marks {names} {verb} least against {'it' if len(least) == 1 else 'them'}, "
        f"and {most} most.",
        strong=True,
    )
    yield _what_it_hangs_on(result)


def _what_it_hangs_on(result: Ach) -> Sentence:
    pins = result.linchpins
    if pins:
        return Sentence(
            f"That depends on {len(pins)} item{'s' if len(pins) > 1 else ''}, each of which by "
            f"itself, left out or with one mark a step otherwise, would change which has least: "
            f"{', '.join(pins)}.",
            "warn",
        )
    text = "No single item, and no single mark a step otherwise, changes which has least."
    for rival in (h for group in result.ranking[1:2] for h in group):
        left_out = result.fewest_origins(rival)
        if left_out:
            one = len(left_out) == 1
            text += (
                f" {hypothesis_name(result.case, rival)} would draw level if "
                f"{'one origin were' if one else f'{len(left_out)} origins were'} left out whole: "
                f"{', '.join(left_out)}."
            )
    return Sentence(text)


def _cautions(result: Ach) -> Iterator[Sentence]:
    case = result.case
    if result.unjudged:
        names = listed((hypothesis_name(case, h) for h in result.unjudged), "and")
        yield Sentence(f"Nothing is marked for {names}, so nothing is said of it here.", "warn")
    if OTHER not in result.scores:
        yield Sentence(
            "That none of the hypotheses comes about (`other`) is not marked: this says nothing "
            "of it, and least inconsistent does not mean likely.",
            "warn",
        )
    marked = {h: s.marked for h, s in result.scores.items() if s.marked}
    if len(set(marked.values())) > 1:
        told = ", ".join(f"{h} {n}" for h, n in marked.items())
        yield Sentence(
            f"The hypotheses are marked on different numbers of items ({told} of "
            f"{len(result.matrix.items)}); what is not marked counts neither way.",
            "warn",
        )
    bearing = {h: s.bearing for h, s in result.scores.items() if s.marked}
    if len(bearing) > 1 and max(bearing.values()) >= UNEVEN * max(1, min(bearing.values())):
        told = ", ".join(f"{h} {n}" for h, n in bearing.items())
        yield Sentence(
            f"The hypotheses were not looked at alike: items that speak for or against each are "
            f"{told}. One that more evidence was gathered about has more chances to be found "
            "inconsistent.",
            "warn",
        )
    if result.also_inside:
        yield Sentence(
            f"{len(result.also_inside)} of the {len(result.matrix.items)} items also stand behind "
            "judgements of the inside view; agreement with it is partly agreement with itself.",
            "muted",
        )
    yield from _passed_over(result)


def _passed_over(result: Ach) -> Iterator[Sentence]:
    if result.matrix.passed_over:
        names = ", ".join(result.matrix.passed_over)
        yield Sentence(f"Marked but not counted, for they are no facts or reports: {names}.")


def _grid(result: Ach) -> Grid:
    """The matrix, most telling items first."""
    matrix = result.matrix
    order = sorted(matrix.items, key=lambda item: -(result.diagnosticity[item] or 0))
    cells = tuple(tuple(_cell(matrix.mark(item, h)) for h in matrix.hypotheses) for item in order)
    rows = tuple(f"{item}: {cut(result.case.evidence[item].claim, LONGEST)}" for item in order)
    note = "Items that tell the hypotheses apart best come first."
    return Grid("Evidence and hypotheses", rows, matrix.hypotheses, cells, LEGEND, "evidence", note)


def _cell(mark: str | None) -> Cell:
    return NOT_MARKED if mark is None else Cell(mark, TONES[mark])


def _scores(result: Ach) -> Table:
    columns = (
        Column("hypothesis"),
        Column("rank", True),
        Column("against it, weighted", True),
        Column("each item as one", True),
        Column("items inconsistent", True),
        Column("marked", True),
    )
    ranks = {h: k for k, group in enumerate(result.ranking, start=1) for h in group}
    order = sorted(result.scores, key=lambda h: ranks.get(h, len(ranks) + 1))
    rows = []
    for h in order:
        found = result.scores[h]
        known = h in ranks
        rows.append(
            (
                Cell(h),
                Cell(str(ranks[h])) if known else Cell("not judged", "muted"),
                Cell(number(round(found.weighted, 2)) if known else ""),
                Cell(number(round(found.equal, 2)) if known else ""),
                Cell(str(found.inconsistent) if known else ""),
                Cell(f"{found.marked} of {found.items}"),
            )
        )
    weights = "by grade, from ½ to 2" if result.weighting == "grades" else "equal"
    origins = "count as one" if result.origin_rule == "once" else "count each"
    note = (
        f"Scoring {result.rule.name}: {result.rule.told}. Weights {weights}; items of one origin "
        f"{origins}."
    )
    return Table("What speaks against each hypothesis", columns, tuple(rows), note)


def _hangs(result: Ach) -> Iterator[Table]:
    telling = [
        item
        for item in result.matrix.items
        if result.ablations[item].steps or result.ablations[item].without != result.ranking
    ]
    if not telling:
        return
    columns = (Column("item"), Column("if it were left out"), Column("if a mark were a step off"))
    rows = tuple(
        (
            Cell(item, "warn" if result.ablations[item].turns else "plain"),
            Cell(_changed(result.ablations[item].without, result.ranking)),
            Cell("; ".join(_steps_told(result.ablations[item])) or "no change"),
        )
        for item in telling
    )
    yield Table("What the order depends on", columns, rows)


def _changed(found: Ranking, order: Ranking) -> str:
    return "no change" if found == order else order_told(found)


def _steps_told(gone: Ablation) -> list[str]:
    return [
        f"{s.hypothesis} {s.instead} instead of {s.mark}: {order_told(s.ranking)}"
        for s in gone.steps
    ]


def order_told(order: Ranking) -> str:
    """A ranking in one line, least inconsistent first.

    >>> order_told((("a",), ("b", "c")))
    'a, then b and c level'
    """
    groups = [f"{listed(g, 'and')} level" if len(g) > 1 else g[0] for g in order]
    return ", then ".join(groups) or "no order"


def ach_explained(result: Ach, name: str) -> Explanation:
    """What speaks against a hypothesis, or what an item tells. KeyError for an unknown name."""
    if name in result.scores:
        return _hypothesis_explained(result, name)
    if name in result.matrix.marks:
        return _item_explained(result, name)
    raise UnknownName("hypothesis or item", name, [*result.scores, *result.matrix.marks])


def _hypothesis_explained(result: Ach, hypothesis: str) -> Explanation:
    """What speaks against a hypothesis, item by item, and what for it."""
    found, case = result.scores[hypothesis], result.case
    name = hypothesis_name(case, hypothesis)
    if not found.marked:
        return Explanation((Sentence(f"Nothing is marked for {name}."),))
    lead = (
        f"{found.inconsistent} of {found.marked} marked items are inconsistent with {name}; "
        f"weighted {number(round(found.weighted, 2))} ({result.rule.name})."
    )
    parts = result.against(hypothesis)
    order = sorted(result.matrix.marked(hypothesis), key=lambda item: -parts[item])
    points = []
    for item in order:
        mark = result.matrix.marks[item][hypothesis]
        if mark != "N":
            adds = f"; adds {number(round(parts[item], 2))}" if parts[item] else ""
            points.append(Point(f"{mark}: {item}{adds}", (Point(case.evidence[item].claim),)))
    blocks: list[Block] = [Sentence(lead), Points(tuple(points))]
    if result.ranking and hypothesis not in result.least:
        blocks.append(Sentence(_level_told(result, hypothesis)))
    return Explanation(tuple(blocks))


def _level_told(result: Ach, hypothesis: str) -> str:
    least = hypothesis_name(result.case, result.least[0])
    left_out = result.fewest_origins(hypothesis)
    if left_out is None:
        return f"It would not draw level with {least} whatever were left out."
    if not left_out:
        return f"It is level with {least} by score and behind it by the consistent marks alone."
    return f"It would draw level with {least} if these were left out: {', '.join(left_out)}."


def _item_explained(result: Ach, item: str) -> Explanation:
    """What an item says of each hypothesis, how far it tells them apart, what depends on it."""
    evidence, gone = result.case.evidence[item], result.ablations[item]
    spread = result.diagnosticity[item]
    grade = f", grade {evidence.grade}" if evidence.grade else ", no grade"
    points = []
    for h in result.matrix.hypotheses:
        mark = result.matrix.mark(item, h)
        meaning = "not marked for" if mark is None else f"{mark}, {MEANINGS[mark]}"
        points.append(Point(f"{meaning} {hypothesis_name(result.case, h)}"))
    if spread is None:
        apart = "It is marked for one hypothesis alone, so that it tells none apart."
    elif spread == 0:
        apart = "It says the same of all it is marked for, so it tells none of them apart."
    else:
        apart = f"It tells the hypotheses apart (spread of its marks {number(round(spread, 2))})."
    same = [
        other
        for other in result.matrix.items
        if other != item and result.matrix.origins[other] == result.matrix.origins[item]
    ]
    told: list[Block] = [
        Sentence(f"{item}{grade}: {evidence.claim}"),
        Points(tuple(points)),
        Sentence(apart),
    ]
    if same:
        counts = "as one with it" if result.origin_rule == "once" else "by itself all the same"
        text = f"{', '.join(same)} comes from the same origin and counts {counts}."
        told.append(Sentence(text))
    told.append(Sentence(f"If it were left out: {_changed(gone.without, result.ranking)}."))
    told += [Sentence(f"With {text}.") for text in _steps_told(gone)]
    return Explanation(tuple(told))
