"""Paths in words: each arrangement's way, who can bring it about, and what blocks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Explanation,
    Point,
    Points,
    Section,
    Sentence,
    Table,
    Tone,
)
from foedus.game.naming import mover_name
from foedus.preferences.games import Game
from foedus.process.paths.coalitions import Made
from foedus.process.paths.obstacle import Barred
from foedus.process.paths.route import Step
from foedus.reporting.comparing_states import comparison
from foedus.reporting.paths_picture import tree
from foedus.reporting.paths_present import present_told
from foedus.reporting.paths_wording import changes, counted, refusal_told

if TYPE_CHECKING:
    from foedus.process.paths.solve import Paths, Status, Way

FROM_TODAY = (
    "Gains are counted from where each step begins, today first, and every state is judged by what "
    "it reverts to. What a mover would have without a deal may be more: see acceptance."
)
_ACTING = (
    "Movers are the groups that a right, or the case's groups, name. Larger coalitions act by the "
    "moves of their parts, one after another."
)
_STATUS: dict[Status, tuple[str, Tone]] = {
    "standing": ("if nobody moves", "plain"),
    "open": ("wanted all the way", "good"),
    "blocked": ("refused", "bad"),
    "barred": ("nobody has the right", "bad"),
    "impossible": ("not possible", "muted"),
}


def paths_explained(paths: Paths, way: Way) -> Explanation:
    """Tell the way to one arrangement, step by step, with each member's reasons."""
    game = paths.game
    tone = _STATUS[way.status][1]
    blocks: list[Block] = [Sentence(verdict(paths, way), tone, strong=True)]
    if way.steps:
        steps = tuple(_step_point(game, step) for step in way.steps)
        blocks += [Points(steps, ordered=True), Sentence(FROM_TODAY, "muted")]
    if way.obstacle is not None:
        blocks.append(Points(tuple(_barred_point(game, b) for b in way.obstacle.barred)))
    if way.conflict:
        rules = tuple(Point(f"{rule.why} (`{rule.statement.text}`)") for rule in way.conflict)
        blocks.append(Points(rules))
    made = _made_told(paths, way)
    if made:
        blocks.append(Sentence(made))
    return Explanation(tuple(blocks))


def verdict(paths: Paths, way: Way) -> str:
    """The answer for one arrangement in a sentence or two."""
    game = paths.game
    name = game.case.arrangements[way.arrangement].name
    match way.status:
        case "standing":
            if game.space.settled[paths.today]:
                return f"{name}: that is how things stand today."
            return f"{name}: that is the reversion point at the deadline if nobody moves."
        case "open":
            steps = counted(len(way.steps), "step")
            wanted = "which is" if len(way.steps) == 1 else "each"
            return f"{name}: {steps} from today, {wanted} wanted by all who make it."
        case "blocked":
            return f"{name}: no way there is wanted by all who must go it. {_blocked(game, way)}"
        case "barred":
            wanting = counted(len(way.obstacle.barred) if way.obstacle else 0, "change")
            return (
                f"{name}: no moves lead there, whatever anybody wants. The nearest that they come "
                f"to it leaves {wanting} wanting."
            )
        case "impossible":
            if way.conflict is None:
                return f"{name}: no possible state reverts to it."
            if not way.conflict:
                return (
                    f"{name}: no state reverts to it, for the pattern or the reversion excludes it."
                )
            return f"{name}: the rules exclude it."


def _blocked(game: Game, way: Way) -> str:
    step = way.blocked_at
    if step is None:
        raise AssertionError("a blocked way has a step that somebody refuses")
    who = listed((refusal_told(game, answer) for answer in step.refusals), "and")
    refused = sum(bool(s.refusals) for s in way.steps)
    place = way.steps.index(step) + 1
    if len(way.steps) == 1:
        return f"The easiest is one step of {mover_name(game.case, step.mover)}; refused by {who}."
    steps = counted(len(way.steps), "step")
    return (
        f"The easiest takes {steps}, {refused} of them refused; the first refused is step {place}, "
        f"of {mover_name(game.case, step.mover)}: by {who}."
    )


def _step_point(game: Game, step: Step) -> Point:
    head = f"{mover_name(game.case, step.mover)}: {changes(game, step)}"
    members = tuple(
        comparison(game, answer.actor, step.origin, step.target) for answer in step.answers
    )
    return Point(head, members, "bad" if step.refusals else "good")


def _barred_point(game: Game, barred: Barred) -> Point:
    issue = game.case.issues[barred.issue]
    labels = {position.id: position.label for position in issue.positions}
    head = f"{issue.name}: from {labels[barred.origin]} to {labels[barred.target]}"
    match barred.bar:
        case "never-back":
            return Point(f"{head}. Once left, it is never returned to.")
        case "provisional":
            return Point(f"{head}. Nobody may move into what is expiring.")
        case "nobody":
            return Point(f"{head}. Nobody has the right to this change.")
        case "not-alone":
            rules = tuple(Point(game.case.rules[number].why) for number in barred.rules)
            alone = "by itself it breaks a rule" if rules else "by itself it is possible"
            text = f"{head}. The right is there ({barred.right}), but no mover can make all the "
            return Point(f"{text}changes that are wanting at once, and {alone}.", rules)


def _made_told(paths: Paths, way: Way) -> str:
    """Which smallest coalitions can bring it about, by moves and by improvements."""
    if way.status in ("standing", "barred", "impossible"):
        return ""
    by_moves = paths.coalitions.by_moves[way.arrangement]
    by_improvements = paths.coalitions.by_improvements[way.arrangement]
    text = f"With the right to bring it about: {_named(paths, by_moves)}."
    if by_improvements:
        text += f" Wanting every step of it: {_named(paths, by_improvements)}."
    if not paths.coalitions.complete:
        text += " There are too many coalitions to look at them all."
    return text


def _named(paths: Paths, made: tuple[Made, ...]) -> str:
    named = (
        f"{mover_name(paths.game.case, one.key)} in {counted(one.steps, 'step')}" for one in made
    )
    return "; or ".join(named) or "none found"


def _members(paths: Paths, made: Made) -> str:
    """The members of a coalition, whose parts may act one after another."""
    return listed((paths.case.actors[actor].name for actor in made.members), "and")


# --- the whole --------------------------------------------------------------------------------


def paths_blocks(paths: Paths) -> tuple[Block, ...]:
    """The whole result as blocks."""
    blocks: list[Block] = [Sentence(_headline(paths), strong=True)]
    blocks.append(
        Section("Does the model explain the present?", present_told(paths), "explains-the-present")
    )
    if paths.ways:
        blocks.append(tree(paths))
        blocks.append(_ways_table(paths))
    blocks.append(_movers_table(paths))
    if not paths.coalitions.complete:
        text = "There are too many coalitions to look at all; some that could act may be wanting."
        blocks.append(Sentence(text, "warn"))
    return tuple(blocks)


def _headline(paths: Paths) -> str:
    case = paths.case
    groups: dict[str, list[str]] = {}
    for way in paths.ways.values():
        groups.setdefault(way.status, []).append(way.arrangement)
    asked = [name for name in case.hypotheses if name in paths.ways]
    if asked:
        parts = []
        for status in _STATUS:
            names = [case.arrangements[n].name for n in asked if n in groups.get(status, [])]
            if names:
                parts.append(f"{_STATUS[status][0]}: {'; '.join(names)}")
        return f"From today to the hypotheses. {'. '.join(_capital(part) for part in parts)}."
    reached = int((paths.distances.moves >= 0).sum())
    text = f"From today moves lead to {reached:,} of {len(paths.game.space):,} possible states, "
    wanted = int((paths.distances.improving() >= 0).sum())
    return f"{text}and steps that all who make them want to {wanted:,}, today among them."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ways_table(paths: Paths) -> Table:
    columns = (
        Column("Arrangement"),
        Column("From today"),
        Column("Steps", numeric=True),
        Column("First refused by"),
        Column("Who has the right"),
    )
    rows = tuple(_way_row(paths, way) for way in paths.ways.values())
    note = (
        "Steps: of the shortest way wanted by all who make it; where there is none, of the way "
        f"with the fewest refused steps. {FROM_TODAY}"
    )
    return Table("The way to each arrangement", columns, rows, note)


def _way_row(paths: Paths, way: Way) -> tuple[Cell, ...]:
    game = paths.game
    name = game.case.arrangements[way.arrangement].name
    status, tone = _STATUS[way.status]
    refused = Cell("")
    blocked = way.blocked_at
    if blocked is not None:
        who = listed((refusal_told(game, answer) for answer in blocked.refusals), "and")
        place = way.steps.index(blocked) + 1
        refused = Cell(who, note=f"at step {place}" if len(way.steps) > 1 else None)
    coalitions = paths.coalitions.by_moves[way.arrangement]
    right = "; or ".join(_members(paths, one) for one in coalitions if one.members)
    if way.status == "barred":
        right = "nobody"
    steps = "0" if way.status == "standing" else str(len(way.steps) or "")
    return Cell(name), Cell(status, tone), Cell(steps), refused, Cell(right)


def _movers_table(paths: Paths) -> Table:
    names = {
        name: arrangement.name
        for name, arrangement in paths.case.arrangements.items()
        if paths.ways[name].status != "standing"
    }
    rows = []
    for reach in paths.coalitions.movers:
        by_parts = {
            name
            for other in paths.coalitions.movers
            if set(other.mover.split("+")) < set(reach.mover.split("+"))
            for name in other.improving
        }
        brought = [names[n] for n in reach.improving if n in names and n not in by_parts]
        rows.append(
            (
                Cell(mover_name(paths.game.case, reach.mover)),
                Cell(f"{reach.states:,}"),
                Cell(f"{reach.improvements:,}"),
                Cell("; ".join(brought) or "none"),
            )
        )
    columns = (
        Column("Mover"),
        Column("States in one move", numeric=True),
        Column("Of these wanted by it", numeric=True),
        Column("What it would bring about by a move that it wants"),
    )
    note = (
        f"Arrangements that a part of the mover would bring about stand with that part. {_ACTING}"
    )
    return Table("What each mover can do from today by itself", columns, tuple(rows), note)
