"""Paths in words: the way to each arrangement, who refuses it, and whether today is explained."""

from __future__ import annotations

from collections.abc import Iterator
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
from foedus.preferences.games import Game
from foedus.reporting.comparing_states import comparison
from foedus.reporting.paths_picture import (
    NEAR,
    chance_told,
    changes,
    counted,
    makers,
    refused_by,
    right_told,
    time_told,
    tree,
)

if TYPE_CHECKING:
    from foedus.process.obstacle import Barred
    from foedus.process.paths import Paths, Status, Way
    from foedus.process.present import Departure
    from foedus.process.steps import Step

SHOWN = 3
"""So many changes by which today is left are told."""

BASIS = (
    "At the most likely judgements, by actors who look no further than the next change. Gains are "
    "counted from where each step begins, and every state is judged by what it reverts to."
)
_BY_EVENTS, _WITH_EVENTS = "by events alone", "agreed, once events come"

_STATUS: dict[Status, tuple[str, Tone]] = {
    "standing": ("the status quo", "plain"),
    "open": ("agreed all the way", "good"),
    "late": ("agreed, but too late", "bad"),
    "passed-over": ("passed over for better", "bad"),
    "blocked": ("refused", "bad"),
    "barred": ("nobody has the right", "bad"),
    "impossible": ("not possible", "muted"),
}


# --- one arrangement --------------------------------------------------------------------------


def paths_explained(paths: Paths, way: Way) -> Explanation:
    """Tell the way to one arrangement, step by step, with each member's reasons."""
    game = paths.game
    blocks: list[Block] = [Sentence(verdict(paths, way), _STATUS[way.status][1], strong=True)]
    if way.steps:
        steps = tuple(_step_point(game, step) for step in way.steps)
        blocks += [Points(steps, ordered=True), Sentence(BASIS, "muted")]
    if way.obstacle is not None:
        blocks.append(Points(tuple(_barred_point(game, b) for b in way.obstacle.barred)))
    if way.conflict:
        rules = tuple(Point(f"{rule.why} (`{rule.statement.text}`)") for rule in way.conflict)
        blocks.append(Points(rules))
    return Explanation(tuple(blocks))


def verdict(paths: Paths, way: Way) -> str:
    """The answer for one arrangement in a sentence or two."""
    text = f"{paths.case.arrangements[way.arrangement].name}: {_verdict(paths, way)}"
    if way.farsighted is not None and way.status != "impossible":
        text += f" Among farsighted actors the chance is {chance_told(way.farsighted)}."
    return text


def _verdict(paths: Paths, way: Way) -> str:
    chance = chance_told(way.reached)
    match way.status:
        case "standing":
            lead = "today reverts to it at the deadline if nobody acts."
            if paths.game.space.settled[paths.today]:
                lead = "that is the status quo."
            return f"{lead} The chance that it is so at the deadline is {chance}."
        case "open":
            return _open(way, chance)
        case "late":
            return "all who must agree do, but what it takes does not pass before the deadline."
        case "passed-over":
            step = next(step for step in way.steps if step.instead)
            other = listed(
                (paths.game.space.describe(s, apart_from=step.origin) for s in step.instead), "or"
            )
            return f"all who must agree do, but the same occasions are taken for better: {other}."
        case "blocked":
            return f"no way there is agreed. {_blocked(paths.game, way)}"
        case "barred":
            wanting = counted(len(way.obstacle.barred) if way.obstacle else 0, "change")
            return (
                f"{_nothing(paths)} there, whatever anybody wants. The nearest that one comes to "
                f"it leaves {wanting} wanting."
            )
        case "impossible":
            if way.conflict is None:
                return "no possible state reverts to it."
            if not way.conflict:
                return "no state reverts to it, for the pattern or the reversion excludes it."
            return "the rules exclude it."


def _nothing(paths: Paths) -> str:
    return "no changes or events lead" if paths.case.events else "no changes lead"


def _open(way: Way, chance: str) -> str:
    if way.reached <= 0.0:
        return "it is come to, but not kept until the deadline."
    text = f"reached with a chance of {chance}. "
    text += f"The likeliest way takes {_steps(way)} and {time_told(way.days or 0.0)}"
    if way.share is not None and way.share < 0.995:
        text += f"; it accounts for {chance_told(way.share)} of that chance"
    return f"{text}." if way.sure else f"{text} (of the many ways not all were compared)."


def _steps(way: Way) -> str:
    """How many steps a way takes, and how many of them it needs."""
    steps, needed = counted(len(way.steps), "step"), sum(not step.aside for step in way.steps)
    return steps if needed == len(way.steps) else f"{steps} ({needed} needed)"


def _blocked(game: Game, way: Way) -> str:
    step = way.first_refused
    if step is None:
        raise AssertionError("a blocked way has a step that somebody refuses")
    who = refused_by(game, step)
    if len(way.steps) == 1:
        return f"The easiest is one step of {makers(game, step)}; refused by {who}."
    refused = sum(bool(s.refusals) for s in way.steps)
    place = way.steps.index(step) + 1
    return (
        f"The easiest takes {counted(len(way.steps), 'step')}, {refused} of them refused; the "
        f"first refused is step {place}, of {makers(game, step)}: by {who}."
    )


def _step_point(game: Game, step: Step) -> Point:
    who = makers(game, step)
    head = f"{who[:1].upper()}{who[1:]}: {changes(game, step)}{right_told(step)}"
    if step.days is not None:
        head += f" (after {time_told(step.days)})"
    if step.aside:
        head += "; it comes by the way, and is not needed"
    if step.refusals:
        head += f"; refused by {refused_by(game, step)}"
    members = tuple(comparison(game, a, step.origin, step.target) for a in step.coalition)
    if not step.coalition:
        return Point(f"{head}; nobody is asked", members, "muted" if step.aside else "plain")
    return Point(head, members, "bad" if step.refusals else "muted" if step.aside else "good")


def _barred_point(game: Game, barred: Barred) -> Point:
    issue = game.case.issues[barred.issue]
    labels = {position.id: position.label for position in issue.positions}
    head = f"{issue.name}: from {labels[barred.origin]} to {labels[barred.target]}"
    match barred.bar:
        case "final":
            return Point(f"{head}. Nothing changes it once it is {labels[barred.origin]}.")
        case "never-back":
            return Point(f"{head}. Once left, it is never returned to.")
        case "provisional":
            return Point(f"{head}. Nobody may move into what is expiring.")
        case "nobody":
            return Point(f"{head}. Nobody has the right to this change.")
        case "not-yet":
            return Point(f"{head}. The right begins after the deadline ({barred.right}).")
        case "no-longer":
            return Point(f"{head}. The right has ended ({barred.right}).")
        case "elsewhere":
            return Point(
                f"{head}. The right counts only under a condition that does not hold then "
                f"({barred.right})."
            )
        case "not-then":
            return Point(
                f"{head}. The right counts only on days on which one has not come so far "
                f"({barred.right})."
            )
        case "not-alone":
            rules = tuple(Point(game.case.rules[number].why) for number in barred.rules)
            text = f"{head}. The right is there ({barred.right}), but by itself it breaks a rule."
            return Point(text, rules)


ASSUMED = "The case names no dates: a year is taken for the time left."

# --- the whole --------------------------------------------------------------------------------


def paths_blocks(paths: Paths) -> tuple[Block, ...]:
    """The whole result as blocks."""
    all_ways = (tree(paths), ways_table(paths)) if paths.ways else ()
    return (*opening_blocks(paths), present_section(paths), *all_ways)


def opening_blocks(paths: Paths) -> Iterator[Sentence]:
    """Which hypotheses can be come to from today, and where the case names no dates."""
    yield Sentence(_headline(paths), strong=True)
    if paths.case.as_of is None:
        yield Sentence(ASSUMED, "muted")


def present_section(paths: Paths) -> Section:
    """Whether the model explains the present."""
    title = "Does the model explain the present?"
    return Section(title, present_told(paths), "explains-the-present")


def _headline(paths: Paths) -> str:
    case = paths.case
    asked = [name for name in case.hypotheses if name in paths.ways] or list(paths.ways)
    parts = []
    words = dict.fromkeys(told for told, _ in _STATUS.values())
    every = [paths.ways[name] for name in asked]
    for told in [*words, _WITH_EVENTS, _BY_EVENTS]:
        names = [_with_chance(paths, w.arrangement) for w in every if _status(w)[0] == told]
        if names:
            parts.append(f"{told[:1].upper()}{told[1:]}: {'; '.join(names)}.")
    return f"From today to the {'hypotheses' if case.hypotheses else 'arrangements'}. " + " ".join(
        parts or ["None is named."]
    )


def _status(way: Way) -> tuple[str, Tone]:
    """How a way stands, in words, with their tone."""
    asking = [bool(step.coalition) for step in way.steps if not step.aside]
    if way.status == "open" and not all(asking):
        return (_WITH_EVENTS if any(asking) else _BY_EVENTS), "good"
    return _STATUS[way.status]


def _with_chance(paths: Paths, name: str) -> str:
    way = paths.ways[name]
    told = f" ({chance_told(way.reached)})" if way.status in ("open", "standing") else ""
    return f"{paths.case.arrangements[name].name}{told}"


def ways_table(paths: Paths) -> Table:
    """The way to each arrangement: its steps, its time, and who refuses first."""
    farsighted = any(way.farsighted is not None for way in paths.ways.values())
    columns = (
        Column("Arrangement"),
        Column("From today"),
        Column("Reached", numeric=True),
        *((Column("Farsighted", numeric=True),) if farsighted else ()),
        Column("Steps", numeric=True),
        Column("Time"),
        Column("First refused by"),
    )
    note = (
        "Steps and time: of the likeliest way, the time given that it is gone by the deadline; "
        f"where none is agreed, steps of the easiest. {BASIS}"
    )
    rows = tuple(_row(paths, way, farsighted=farsighted) for way in paths.ways.values())
    return Table("The way to each arrangement", columns, rows, note)


def _row(paths: Paths, way: Way, *, farsighted: bool) -> tuple[Cell, ...]:
    game = paths.game
    status, tone = _status(way)
    refused = Cell("")
    if (first := way.first_refused) is not None:
        place = f"at step {way.steps.index(first) + 1}" if len(way.steps) > 1 else None
        refused = Cell(refused_by(game, first), note=place)
    share = None
    aside = sum(step.aside for step in way.steps)
    if way.status == "open" and way.share is not None and way.share < 0.995:
        share = f"the way shown: {chance_told(way.share)} of it"
    return (
        Cell(game.case.arrangements[way.arrangement].name),
        Cell(status, tone),
        Cell(chance_told(way.reached), note=share),
        *((Cell(chance_told(way.farsighted or 0.0)),) if farsighted else ()),
        Cell(
            "0" if way.status == "standing" else str(len(way.steps) or ""),
            note=f"{len(way.steps) - aside} needed" if aside else None,
        ),
        Cell("" if way.days is None else time_told(way.days)),
        refused,
    )


# --- the present ------------------------------------------------------------------------------


def present_told(paths: Paths) -> tuple[Block, ...]:
    """The warning where the model does not explain the present; otherwise what explains it."""
    found, game = paths.present, paths.game
    span = time_told(found.days)
    left = f"The chance that the status quo is left within {span} is {chance_told(found.left)}."
    if found.by_events > NEAR:
        left += f" With {chance_told(found.by_events)} an event ends it, which asks nobody."
    if not found.departures:
        told = "Yes: nobody who can act agrees to leave the status quo."
        return (Sentence(f"{told} {left}" if found.by_events > NEAR else told, "good"),)
    points = tuple(_departure_point(game, d) for d in found.departures[:SHOWN])
    blocks: list[Block] = []
    if found.unexplained:
        who = "; ".join(_names(game, key) for key in found.unexplained)
        text = (
            f"No. {left} It could have been left long ago, for those who leave it would gain even "
            f"if it lasted ({who}): a judgement is wrong, or the case must say what has changed. "
            "Where they have only just come to power, their rights say so by `from`."
        )
        blocks.append(Sentence(text, "warn", strong=True))
    elif found.silenced:
        blocks.append(Sentence(f"Only by what the case adds for it. {left}", strong=True))
    elif any(d.recent for d in found.departures):
        who = "; ".join(
            dict.fromkeys(_names(game, d.step.by) for d in found.departures if d.recent)
        )
        why = f"The right to leave it is less than {span} old ({who})."
        blocks.append(Sentence(f"Yes. {left} {why}", "good"))
    elif any(d.long_ago for d in found.departures):
        why = "What could have been done long ago is slow enough to be still to come."
        blocks.append(Sentence(f"Yes. {left} {why}", "good"))
    elif all(d.step.since is not None for d in found.departures):
        why = "Those who would leave it have the right to only later."
        blocks.append(Sentence(f"Yes. {left} {why}", "good"))
    elif any(d.step.since is not None for d in found.departures):
        why = (
            "What is gained comes from the reversion point, or the right to it begins only later, "
            "so the dates explain the wait."
        )
        blocks.append(Sentence(f"Yes. {left} {why}", "good"))
    else:
        why = "What is gained comes from the reversion point, so the deadline explains the wait."
        blocks.append(Sentence(f"Yes. {left} {why}", "good"))
    if found.silenced:
        named = listed((f"`preferences.{a}.worth.{item}`" for a, item in found.silenced), "and")
        text = (
            f"What keeps the question from arising is {named}: worth of what no state reverts to, "
            "which alters no other answer. Without it the status quo would have been left long ago."
        )
        blocks.append(Sentence(text, "warn"))
    return (*blocks, Points(points))


def _names(game: Game, key: str) -> str:
    return listed((game.case.actors[actor].name for actor in key.split("+")), "and")


def _departure_point(game: Game, found: Departure) -> Point:
    step = found.step
    members = tuple(comparison(game, a, step.origin, step.target) for a in step.coalition)
    head = f"{makers(game, step)}: {changes(game, step)}{right_told(step)}"
    head += f" ({chance_told(found.chance)})"
    return Point(head, members)
