"""Two cases beside each other, in sentences and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.case.model import Place
from foedus.case.problems import cut, listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table
from foedus.reporting.agreed import NOTHING_CHANGES, agreed_table
from foedus.reporting.figures import signed_points

if TYPE_CHECKING:
    from foedus.sensitivity.comparing.edits import Edit
    from foedus.sensitivity.comparing.results import Comparison, Moved, Part

VIEWS = {"inside": "by the inside view", "pooled": "by all views together"}
MOST_SHOWN = 12
MOST_PAIRS = 3
SILENT = ("text only", "reasons")


def comparison_blocks(result: Comparison) -> tuple[Block, ...]:
    """What differs, what each difference does, and what accounts for most."""
    if not result.edits:
        same = f"{result.names[0]} and {result.names[1]} say the same."
        return (Sentence(same, strong=True),)
    blocks: list[Block] = []
    if result.moved:
        blocks.append(_answer(result))
        blocks += _accounted(result)
    elif result.draws:
        none = "The two cases have no arrangement in common: their answers cannot be compared."
        blocks.append(Sentence(none, "warn", strong=True))
    blocks.append(_changes(result))
    blocks += _bundles(result)
    for each in result.moved:
        if each.view == _view(result, each.arrangement) and _shown(result, each):
            blocks += _effects(result, each)
    if result.moved:
        blocks.append(_answers(result))
    blocks += _accepted(result)
    blocks += _only(result)
    return tuple(blocks)


def comparison_explained(result: Comparison, moved: Moved) -> Explanation:
    """What moved one answer, part by part."""
    points = [
        Point(
            f"{bundle_told(result, part.bundle)}: {signed_points(part.alone)} alone, "
            f"{signed_points(part.last)} when made last"
        )
        for part in _ordered(moved)
        if part.moves
    ]
    points += [Point(text) for text in _together(result, moved)]
    return Explanation((Sentence(moved_told(result, moved), strong=True), Points(tuple(points))))


def moved_told(result: Comparison, moved: Moved) -> str:
    """How one answer moves, in a sentence."""
    name = result.labels[moved.arrangement]
    if moved.total == 0:
        return f"“{name}” stays at {_percent(moved.before)} {VIEWS[moved.view]}."
    sure = "" if moved.beyond_error else ", within Monte Carlo error"
    return (
        f"“{name}” goes from {_percent(moved.before)} to {_percent(moved.after)} "
        f"({signed_points(moved.total)} points) {VIEWS[moved.view]}{sure}."
    )


def bundle_told(result: Comparison, bundle: int) -> str:
    """A bundle by its number, and the names of the edits in it."""
    edits = result.bundles[bundle].edits
    names = [edit.name for edit in edits[:3]]
    more = f" and {len(edits) - 3} more" if len(edits) > 3 else ""
    return f"{bundle + 1}. {' + '.join(names)}{more}"


def _answer(result: Comparison) -> Sentence:
    shown = [m for m in result.moved if m.view == _view(result, m.arrangement)]
    telling = [m for m in shown if m.beyond_error]
    # What is asked comes first, whatever else moves more.
    telling.sort(key=lambda m: (m.arrangement not in result.main, -abs(m.total)))
    if not telling:
        return Sentence("No answer moves by more than Monte Carlo error.", strong=True)
    return Sentence(" ".join(moved_told(result, m) for m in telling[:3]), strong=True)


def _view(result: Comparison, arrangement: str) -> str:
    """The view by which an arrangement is told: the headline's, where it has that."""
    views = [m.view for m in result.moved if m.arrangement == arrangement]
    return result.headline if result.headline in views else "inside"


def _shown(result: Comparison, moved: Moved) -> bool:
    """Whether its parts are shown: of what is asked always, of the rest where it moves."""
    return moved.arrangement in result.main or moved.beyond_error


def _accounted(result: Comparison) -> list[Block]:
    found = result.smallest
    if found is None:
        return []
    if found.members is None:
        return [Sentence("No set of differences short of all was found to account for it.", "warn")]
    number, of = len(found.members), len(result.bundles)
    which = "differences accounts" if number == 1 else "differences together account"
    text = f"{number} of {of} {which} for {round(100 * found.closed)}% of it:"
    if found.proven:
        how = f"No smaller set accounts for {100 * found.share:g}%: all were tried."
        if number == 1:
            how = "No other single difference does more."
    else:
        how = "Found by adding what helps most: not proven smallest."
    points = tuple(Point(_change_told(result, k)) for k in found.members)
    return [Sentence(text), Points(points), Sentence(how, "muted")]


def _change_told(result: Comparison, bundle: int) -> str:
    edits = result.bundles[bundle].edits
    if len(edits) > 1:
        return bundle_told(result, bundle)
    before, after = edits[0].told
    return f"{bundle_told(result, bundle)}: {after} and not {before}"


def _changes(result: Comparison) -> Table:
    rows = []
    for number, bundle in enumerate(result.bundles):
        for edit in bundle.edits:
            muted = number in result.idle
            rows.append(
                (
                    Cell(str(number + 1)),
                    Cell(edit.name, "muted" if muted else "plain", note=_places(edit)),
                    Cell(edit.kind),
                    Cell(edit.told[0]),
                    Cell(edit.told[1]),
                )
            )
    columns = (
        Column("", True),
        Column("what differs"),
        Column("kind"),
        Column(result.names[0]),
        Column(result.names[1]),
    )
    note = None
    if result.idle:
        told = listed((str(k + 1) for k in result.idle), "and")
        note = cut(f"No answer is computed from: {told}.", 300)
    return Table("What differs", columns, tuple(rows), note)


def _places(edit: Edit) -> str | None:
    old, new = edit.places
    parts = [f"{at} {_line(place)}" for at, place in (("was", old), ("is", new)) if place]
    return ", ".join(parts) or None


def _line(place: Place) -> str:
    return f"{place[0]}:{place[1]}"


def _bundles(result: Comparison) -> list[Block]:
    points = tuple(
        Point(bundle_told(result, k))
        for k, bundle in enumerate(result.bundles)
        if len(bundle.edits) > 1
    )
    if not points:
        return []
    return [Sentence("Made together, since they make no valid case one by one:"), Points(points)]


def _ordered(moved: Moved) -> list[Part]:
    return sorted(moved.parts, key=lambda part: (-abs(part.alone), -abs(part.last)))


def _effects(result: Comparison, moved: Moved) -> list[Block]:
    telling = [part for part in _ordered(moved) if part.moves]
    if not telling and not moved.total:
        return []
    rows = [
        (
            Cell(bundle_told(result, part.bundle)),
            Cell(signed_points(part.alone)),
            Cell(signed_points(part.last)),
        )
        for part in telling[:MOST_SHOWN]
    ]
    if more := telling[MOST_SHOWN:]:
        rows.append(
            (Cell(f"{len(more)} more"), Cell(signed_points(sum(p.alone for p in more))), Cell(""))
        )
    rows.append(
        (Cell("together, beyond each alone"), Cell(signed_points(moved.interaction)), Cell(""))
    )
    rows.append((Cell("in all"), Cell(signed_points(moved.total)), Cell("")))
    columns = (
        Column(f"“{result.labels[moved.arrangement]}”, {VIEWS[moved.view]}"),
        Column("alone (points)", True),
        Column("made last (points)", True),
    )
    note = (
        "Alone: that difference made in the first case. Made last: by how much the second case "
        "would differ without it. The first column adds up, but for rounding."
    )
    told: list[Block] = [Table("What moved it", columns, tuple(rows), note)]
    if together := _together(result, moved):
        told.append(Points(tuple(Point(text) for text in together)))
    return told


def _together(result: Comparison, moved: Moved) -> list[str]:
    """The largest interactions of two, and what is left over."""
    pairs = [pair for pair in moved.pairs if signed_points(pair.extra) != "0"][:MOST_PAIRS]
    texts = [
        f"together, {bundle_told(result, pair.first)} and {bundle_told(result, pair.second)} do "
        f"{signed_points(pair.extra)} points beyond each alone"
        for pair in pairs
    ]
    left = moved.interaction - sum(pair.extra for pair in pairs)
    if texts and signed_points(left) != "0":
        texts.append(
            f"{signed_points(left)} points come of other pairs, and of three and more together"
        )
    return texts


def _answers(result: Comparison) -> Table:
    rows = tuple(
        (
            Cell(result.labels[m.arrangement], note=VIEWS[m.view]),
            Cell(_percent(m.before)),
            Cell(_percent(m.after)),
            Cell(signed_points(m.total), "plain" if m.beyond_error else "muted"),
        )
        for m in result.moved
        if m.arrangement in result.main or m.before or m.after
    )
    columns = (
        Column("how likely"),
        Column(result.names[0], True),
        Column(result.names[1], True),
        Column("difference (points)", True),
    )
    note = (
        f"From the same {result.draws:,} draws, seed {result.seed}; {result.solved:,} cases were "
        "solved. A difference counts from two standard errors of its paired draws on. "
        "Arrangements that come about in neither are left out, hypotheses apart."
    )
    return Table("Both answers", columns, rows, note)


def _accepted(result: Comparison) -> list[Block]:
    if not result.moved:
        return []
    if not result.turned:
        return [Sentence(NOTHING_CHANGES, "muted")]
    rows = [(result.labels[each.arrangement], each.before, each.after) for each in result.turned]
    alone = [
        "; ".join(bundle_told(result, k) for k in each.by) or "none alone" for each in result.turned
    ]
    return [agreed_table(result.actors, rows, result.names, ("which alone does it", alone))]


def _only(result: Comparison) -> list[Block]:
    blocks: list[Block] = []
    for file, names in zip(result.names, (result.only_old, result.only_new), strict=True):
        if names:
            told = listed((result.labels[name] for name in names), "and")
            text = f"Only {file} has the hypotheses {told}: they cannot be compared."
            blocks.append(Sentence(text, "warn"))
    return blocks


def _percent(p: float) -> str:
    return f"{100 * p:.1f}%"
