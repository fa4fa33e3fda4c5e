"""Acceptance for a reader: the veto map, who refuses when asked, and each arrangement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Grid, Sentence, Table, Tone, number
from foedus.game.space import Space
from foedus.preferences.games import Game
from foedus.process.acceptance import ALWAYS, Acceptance, Finding
from foedus.process.consent import Form

TOLD = 5e-7
"""A smaller chance is not told: it is of rounding alone."""

SHOWN = 6
"""How many of several alike are told one by one."""

WORDS: Mapping[str, tuple[str, Tone]] = {
    "acceptable": ("acceptable", "good"),
    "opposed": ("opposed", "bad"),
    "blocked": ("blocked", "bad"),
    "by itself": ("comes by itself", "good"),
    "in stages": ("in stages alone", "warn"),
    "by events": ("by events alone", "warn"),
    "nobody": ("nobody can", "warn"),
    "impossible": ("impossible", "warn"),
    "lapses": ("cannot outlast the deadline", "warn"),
}

OPENINGS: Mapping[str, str] = {
    "acceptable": "All who are asked would be better off with",
    "blocked": "Somebody refuses whenever it is asked, and so blocks",
    "opposed": "Not all who are asked would be better off with",
    "in stages": "Only in stages could one come to",
    "by events": "No change leads to it, only events do:",
    "by itself": "Nobody has to be asked for",
    "nobody": "Nobody can bring about",
    "lapses": "Nothing that matches outlasts the deadline for",
    "impossible": "The rules exclude",
}

DEFINED = (
    "Better or worse off: what an actor expects if the arrangement is concluded and kept, less "
    "what it expects if it never comes (its BATNA). Refuses: what it does when it is asked. "
    "The two are not the same, for of two rivals each may be worse off with the other, and one of "
    "them comes. The numbers are each actor’s own and are not compared with one another."
)


# --- words ----------------------------------------------------------------------------------------


def cut(texts: Sequence[str]) -> str:
    """Several texts as a list, long ones cut."""
    if len(texts) <= SHOWN + 1:
        return listed(texts, "and")
    return f"{', '.join(texts[:SHOWN])} and {len(texts) - SHOWN} others"


def named(game: Game, actors: Iterable[str]) -> str:
    """The names of actors as a list in a sentence; ``nobody`` for none."""
    return listed((game.case.actors[actor].name for actor in actors), "and") or "nobody"


def state(space: Space, index: int) -> str:
    """A state by the positions in which it differs from the status quo."""
    return space.describe(index, apart_from=space.today) or "the status quo"


def rounded(amount: float) -> str:
    """An amount to one place behind the point, or as far as its first digit where it is small."""
    size = abs(amount)
    places = 1 if size >= 0.05 or size < 5e-7 else 3
    return number(round(amount, places) + 0.0)


def signed(amount: float) -> str:
    """A gain or a loss with its sign; one of rounding alone is 0."""
    told = rounded(amount)
    return f"+{told}" if amount > 0 and told != "0" else told


def amount(game: Game, actor: str, value: float) -> str:
    """An amount in an actor's own units: ``3 points``, ``25% of its ranks``."""
    if game.views[actor].kind == "ordinal":
        return f"{rounded(100 * value)}% of its ranks"
    return f"{rounded(value)} {'point' if rounded(value) == '1' else 'points'}"


def gained(game: Game, actor: str, value: float) -> str:
    """A gain or a loss with its sign, in points or in per cent of the ranks."""
    return f"{signed(100 * value)}%" if game.views[actor].kind == "ordinal" else signed(value)


def share(part: float) -> str:
    """A share of the time or a chance in per cent."""
    if 0 < part < 0.01:
        return "under 1%"
    if ALWAYS > part > 0.99:
        return "over 99%"
    return f"{round(100 * part)}%"


def change(game: Game, form: Form, actor: str) -> str:
    """What an actor gets by a form: ``better off by 5 points``."""
    gain = form.gain[actor]
    if gained(game, actor, gain) in ("0", "0%"):
        return "neither better nor worse off"
    return f"{'better' if gain > 0 else 'worse'} off by {amount(game, actor, abs(gain))}"


def refuses_told(part: float) -> str:
    """How often one who is asked refuses."""
    if part >= ALWAYS:
        return "no whenever asked"
    if part <= 1 - ALWAYS:
        return "yes whenever asked"
    return f"no in {share(part)} of the time when asked"


def by_itself(space: Space) -> str:
    """Why nobody is needed: the status quo stays as it is, or it is what this reverts to."""
    return "The status quo is so" if space.settled[space.today] else "The status quo reverts to it"


# --- one arrangement ------------------------------------------------------------------------------


def answer(game: Game, finding: Finding) -> str:
    """The answer for one arrangement in a sentence."""
    name = finding.arrangement.name
    match finding.status:
        case "impossible":
            return f"{name}: impossible. {excluded(finding)}"
        case "lapses":
            return (
                f"{name}: cannot outlast the deadline. All that matches reverts to another state."
            )
        case "nobody":
            return f"{name}: nobody can bring it about from the status quo."
        case "by itself":
            text = f"{name}: comes by itself. {by_itself(game.space)} if nobody acts."
            ended = finding.form.ended if finding.form else 0.0
            return f"{text} Events end it with {share(ended)}." if ended >= TOLD else text
        case "by events":
            return (
                f"{name}: comes only by events, with a chance of {share(finding.chance)}. "
                "Nobody is asked."
            )
        case "in stages":
            comes = "it does" if finding.acceptable else "somebody refuses one of them"
            return f"{name}: can come in stages alone; {comes}."
        case "blocked":
            return f"{name}: blocked. Refused by {named(game, finding.blockers)}, whenever asked."
        case "acceptable":
            asked = finding.best.coalition if finding.best else ()
            then = from_told(finding)
            return f"{name}: acceptable{then}. {named(game, asked)} would be better off with it."
        case _:
            who = named(game, finding.worse_off)
            return f"{name}: opposed{from_told(finding)}. {who} would not be better off with it."


def from_told(finding: Finding) -> str:
    """The first day on which it can be made from the status quo, where that is not today."""
    since = finding.form.since if finding.form else None
    return "" if since is None else f", from {since} on"


def excluded(finding: Finding) -> str:
    """Which rules exclude an arrangement, in the words of their reasons."""
    if finding.conflict is None:
        return "The rules that exclude it involve too many issues to name a smallest set."
    if not finding.conflict:
        return "Its pattern contradicts itself."
    return " ".join(f"{rule.why} (`{rule.statement.text}`)." for rule in finding.conflict)


# --- all of them ----------------------------------------------------------------------------------


def acceptance_blocks(accepted: Acceptance) -> tuple[Block, ...]:
    """The answer, the veto map, who refuses when asked, and a table of the arrangements."""
    game, findings = accepted.game, tuple(accepted.findings.values())
    if not findings:
        return (Sentence("The case names no arrangements, so there is nobody to ask."),)
    blocks: list[Block] = [*_opening(findings), Sentence(DEFINED, "muted"), *basis(accepted)]
    if any(finding.form for finding in findings):
        blocks += [_veto_map(accepted, findings), _refusing(game, findings)]
    return (*blocks, forms_table(game, findings))


def basis(accepted: Acceptance) -> Iterator[Sentence]:
    """On what it is asked, where that is not what one expects."""
    if accepted.game.case.as_of is None:
        yield Sentence("The case names no dates: a year is taken.", "muted")
    if accepted.behaviour == "farsighted":
        yield Sentence("Everybody looks ahead to the deadline (farsighted).", "muted")


def _opening(findings: Sequence[Finding]) -> Iterator[Sentence]:
    groups: dict[str, list[str]] = {}
    for finding in findings:
        groups.setdefault(finding.status, []).append(f"“{finding.arrangement.name}”")
    for status, lead in OPENINGS.items():
        if status in groups:
            yield Sentence(f"{lead} {listed(groups[status], 'and')}.")


def _veto_map(accepted: Acceptance, findings: Sequence[Finding]) -> Grid:
    game = accepted.game
    shown = [finding for finding in findings if finding.form]
    deciding = {actor for mover in game.movers for actor in mover.members}
    actors = [actor for actor in game.views if actor in deciding]
    return Grid(
        "Better or worse off",
        tuple(finding.arrangement.name for finding in shown),
        tuple(game.case.actors[actor].name for actor in actors),
        tuple(tuple(gain_cell(accepted, finding, actor) for actor in actors) for finding in shown),
        (
            (
                Cell("+3", "good"),
                "better off with it, in points of the actor’s own scale (or % of its ranks)",
            ),
            (Cell("−3", "bad"), "worse off"),
            (Cell("0", "muted"), "too little to move it"),
            (Cell("passes, 60%", "good"), "an electorate that is asked, and its share in favour"),
            (Cell("fails, 40%", "bad"), "an electorate that is asked and falls short"),
        ),
        "arrangement",
        "In the best form of each arrangement: expected if it is kept, less if it never comes.",
    )


def gain_cell(accepted: Acceptance, finding: Finding, actor: str) -> Cell:
    """What an actor gains by the best form, or how an electorate that is asked votes."""
    form = finding.form
    if form is None:
        return Cell("")
    if actor in form.gain:
        gain = form.gain[actor]
        told = gained(accepted.game, actor, gain)
        least = accepted.process.least[actor]
        if abs(gain) <= least or told in ("0", "0%"):
            return Cell("0", "muted")
        return Cell(told, "good" if gain > 0 else "bad")
    votes = finding.best.electorates if finding.best else {}
    if actor not in votes:
        return Cell("not asked", "muted")
    percent, passes = votes[actor]
    verdict = "passes" if passes else "fails"
    return Cell(f"{verdict}, {rounded(percent)}%", "good" if passes else "bad")


def _refusing(game: Game, findings: Sequence[Finding]) -> Grid:
    shown = [f for f in findings if f.consent.refusals.refuses]
    asked = {actor for finding in shown for actor in finding.consent.refusals.refuses}
    actors = [actor for actor in game.case.actors if actor in asked]
    return Grid(
        "Who refuses when asked",
        tuple(finding.arrangement.name for finding in shown),
        tuple(game.case.actors[actor].name for actor in actors),
        tuple(tuple(refusal_cell(finding, actor) for actor in actors) for finding in shown),
        (
            (Cell("agrees", "good"), "agrees whenever it is asked"),
            (Cell("40%", "warn"), "refuses in so much of the time in which it is asked"),
            (Cell("refuses", "bad"), "refuses whenever it is asked"),
            (Cell("not asked", "muted"), "nobody needs it for a change into the arrangement"),
        ),
        "arrangement",
        "Over the whole time to the deadline, of the best change into the arrangement that is open "
        "to a coalition with the actor in it.",
    )


def refusal_cell(finding: Finding, actor: str) -> Cell:
    """Whether, or in how much of the time, an actor refuses when asked."""
    refusals = finding.consent.refusals
    if actor not in refusals.refuses:
        return Cell("not asked", "muted")
    part = refusals.refuses[actor]
    note = f"asked in {share(refusals.asked[actor])} of the time"
    if part >= ALWAYS:
        return Cell("refuses", "bad", note)
    if part <= 1 - ALWAYS:
        return Cell("agrees", "good", note)
    return Cell(share(part), "warn", note)


def forms_table(game: Game, findings: Sequence[Finding]) -> Table:
    """The best form of each arrangement, who is asked for it, and what buys consent."""
    columns = (
        Column("arrangement"),
        Column("answer"),
        Column("its best form, as changed from the status quo"),
        Column("who is asked"),
        Column("what buys consent"),
    )
    return Table("The arrangements", columns, tuple(_row(game, finding) for finding in findings))


def _row(game: Game, finding: Finding) -> tuple[Cell, ...]:
    word, tone = WORDS[finding.status]
    name, verdict = Cell(finding.arrangement.name), Cell(word, tone)
    form = finding.form
    if form is None:
        why = answer(game, finding).removeprefix(f"{finding.arrangement.name}: ")
        return (name, verdict, Cell(why), Cell("—"), Cell("—"))
    asked = form.best.coalition if form.best else ()
    against = f"not better off: {named(game, finding.worse_off)}" if finding.worse_off else None
    bought = "—"
    if form.riders:
        bought = game.space.describe(form.riders[0].state, apart_from=form.state)
    ended = f"events end it with {share(form.ended)}" if form.ended >= TOLD else None
    return (
        name,
        verdict,
        Cell(state(game.space, form.state), note=ended),
        Cell(named(game, asked), note=against),
        Cell(bought),
    )
