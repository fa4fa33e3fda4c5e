"""Why one arrangement is refused or not: what each who is asked expects, with it and without."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foedus.case.model import Judgement
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
    Tone,
    number,
)
from foedus.preferences import Difference, differences
from foedus.preferences.games import Game
from foedus.process.acceptance import ALWAYS, NEVER, Acceptance, Finding
from foedus.process.consent import Asked, Form
from foedus.reporting.acceptance import (
    SHOWN,
    TOLD,
    WORDS,
    amount,
    answer,
    by_itself,
    change,
    gained,
    named,
    refuses_told,
    rounded,
    share,
    signed,
    state,
)

TELLING = 5
"""So many judgements that tell a form from the status quo are shown, the weightiest first."""


def acceptance_explained(accepted: Acceptance, finding: Finding) -> Explanation:
    """Tell one arrangement: the answer, then what it rests on, as nested points."""
    tone: Tone = WORDS[finding.status][1]
    opening = Sentence(answer(accepted.game, finding), tone, strong=True)
    points = tuple(_points(accepted, finding))
    return Explanation((opening, Points(points)) if points else (opening,))


def _points(accepted: Acceptance, finding: Finding) -> Iterator[Point]:
    game, form = accepted.game, finding.form
    if finding.consent.status == "impossible":
        return
    yield Point(f"Chance that it holds at the deadline, as things are: {share(finding.chance)}.")
    if form is None:
        return
    yield _form(accepted, finding, form)
    yield from _crossed(finding, form)
    if form.asked:
        asked = tuple(_coalition(game, each) for each in form.asked[:SHOWN])
        yield Point("Who must agree, each smallest coalition:", asked)
    yield Point(
        "What each expects if it is kept, and if it never comes (its BATNA):",
        tuple(_actor(accepted, finding, form, actor) for actor in form.gain),
    )
    if refuses := tuple(_refusals(game, finding)):
        yield Point("Who refuses when asked, over the whole time:", refuses)
    if lacking := tuple(_lacking(accepted, finding, form)):
        yield Point("What those who are not better off lack:", lacking)
    yield from _riders(game, finding, form)
    if others := finding.consent.forms[1:]:
        told = tuple(_other(game, each) for each in others)
        yield Point("Its other forms, those first that the fewest refuse:", told)


def _crossed(finding: Finding, form: Form) -> Iterator[Point]:
    """What events do to it, though no change does."""
    if form.since is not None:
        yield Point(
            f"It can be made from {form.since} on, when the rights to it begin. What is expected "
            "is counted as if it were made today."
        )
    if form.ended >= TOLD:
        yield Point(
            f"Though nobody leaves it, events end it by the deadline with {share(form.ended)}."
        )
    if finding.consent.brought >= TOLD:
        yield Point(
            f"Even if nobody agrees to it, events bring it by the deadline with "
            f"{share(finding.consent.brought)}. What each expects without it, its BATNA, has it "
            "with that chance."
        )


def _form(accepted: Acceptance, finding: Finding, form: Form) -> Point:
    space = accepted.game.space
    told = state(space, form.state)
    if finding.consent.status == "in stages":
        return Point(f"It comes in stages alone; the likeliest way ends in: {told}.")
    if finding.consent.status == "by itself":
        return Point(f"{by_itself(space)}: nobody has to be asked.")
    if finding.consent.status == "by events":
        return Point(f"No change leads to it. Events bring it, most likely as: {told}.")
    falls = space.describe(int(space.fall[form.state]), apart_from=form.state)
    today = accepted.process.today
    inner: tuple[Point, ...] = ()
    if falls and falls != space.describe(int(space.fall[today]), apart_from=today):
        inner = (Point(f"At the deadline it reverts: {falls}."),)
    return Point(f"Its best form: {told}.", inner)


def _coalition(game: Game, asked: Asked) -> Point:
    who = named(game, asked.coalition)
    if not asked.refuse:
        return Point(f"{who}: all better off.", tone="good")
    told = named(game, asked.refuse)
    return Point(f"{who}: not with {told}.", tuple(_votes(game, asked)), "bad")


def _votes(game: Game, asked: Asked) -> Iterator[Point]:
    for actor, (percent, passes) in asked.electorates.items():
        needed = game.views[actor].threshold or 0.0
        verdict = "passes" if passes else "fails"
        name = game.case.actors[actor].name
        yield Point(f"{name}: {verdict}, {rounded(percent)}% in favour, {rounded(needed)}% needed.")


def _actor(accepted: Acceptance, finding: Finding, form: Form, actor: str) -> Point:
    game = accepted.game
    name = game.case.actors[actor].name
    kept, never = (
        amount(game, actor, value) for value in (form.kept[actor], finding.consent.never[actor])
    )
    text = f"{name}: {kept} if kept, {never} if never: {change(game, form, actor)}."
    asked = {a for each in form.asked for a in each.coalition}
    tone: Tone = "plain" if actor not in asked else "bad" if _short(form, actor) else "good"
    inner = [
        _ground(each) for each in differences(game.space, actor, accepted.process.today, form.state)
    ]
    points = inner[:TELLING]
    if points:
        more = f" (the {TELLING} weightiest)" if len(inner) > TELLING else ""
        points = [Point(f"What tells this form from the status quo{more}:", tuple(points))]
    if signed(form.now[actor]) != signed(form.gain[actor]) and form.asked:
        points.append(
            Point(
                "As things are, with nothing kept or ruled out: "
                f"{gained(game, actor, form.now[actor])} against the status quo."
            )
        )
    return Point(text, tuple(points), tone)


def _short(form: Form, actor: str) -> bool:
    return any(actor in each.refuse for each in form.asked)


def _ground(each: Difference) -> Point:
    item = each.item or "anything not ranked"
    if each.unit == "points" and each.judgement is not None:
        turned = "" if each.change == each.judgement.mode else "no longer "
        told = f"{turned}{item}, judged {_ranged(each.judgement)}{_because(each.judgement)}"
        return Point(f"{signed(each.change)} points: {told}.")
    if each.unit == "priority":
        return Point(f"{item}: {'now met' if each.change > 0 else 'no longer met'}.")
    return Point(f"{item}: {signed(each.change)} places in its ranking.")


def _ranged(judgement: Judgement) -> str:
    if judgement.sure:
        return number(judgement.mode)
    return f"{number(judgement.mode)} ({number(judgement.low)} to {number(judgement.high)})"


def _because(judgement: Judgement) -> str:
    return f", because of {listed(judgement.because, 'and')}" if judgement.because else ""


def _refusals(game: Game, finding: Finding) -> Iterator[Point]:
    refusals = finding.consent.refusals
    for actor, part in refusals.refuses.items():
        name, asked = game.case.actors[actor].name, share(refusals.asked[actor])
        tone: Tone = "bad" if part >= ALWAYS else "good" if part <= 1 - ALWAYS else "warn"
        yield Point(f"{name}: {refuses_told(part)} (asked in {asked} of the time).", tone=tone)


def _lacking(accepted: Acceptance, finding: Finding, form: Form) -> Iterator[Point]:
    game = accepted.game
    for actor in finding.worse_off:
        name = game.case.actors[actor].name
        if actor in form.gain:
            least = accepted.process.least[actor] - form.gain[actor]
            yield Point(f"{name}: more than {amount(game, actor, least)}.")
        elif finding.best is not None:
            needed = (game.views[actor].threshold or 0.0) - finding.best.electorates[actor][0]
            yield Point(f"{name}: {rounded(needed)} percentage points in favour.")


def _riders(game: Game, finding: Finding, form: Form) -> Iterator[Point]:
    if not finding.worse_off:
        return
    if not form.riders:
        yield Point("No single change added to it would make all who are asked better off.")
        return
    told = []
    for rider in form.riders[:SHOWN]:
        gains = ", ".join(
            f"{game.case.actors[actor].name} {gained(game, actor, rider.gain[actor])}"
            for actor in rider.asked.coalition
            if actor in rider.gain
        )
        added = game.space.describe(rider.state, apart_from=form.state)
        told.append(Point(f"{added} ({gains}, against having that change alone)."))
    yield Point("What would buy consent, if added to it:", tuple(told), "good")


def _other(game: Game, form: Form) -> Point:
    told = state(game.space, form.state)
    best = form.best
    if best is None or not best.refuse:
        return Point(f"{told}.", tone="good")
    return Point(f"{told}: not with {named(game, best.refuse)}.")


# --- both behaviours ------------------------------------------------------------------------------


def behaviours_blocks(myopic: Acceptance, farsighted: Acceptance, name: str) -> tuple[Block, ...]:
    """Both behaviours side by side for one arrangement, and why they differ or do not."""
    game, near, far = myopic.game, myopic[name], farsighted[name]
    rows: list[tuple[Cell, ...]] = [
        (
            Cell("chance that it holds at the deadline"),
            Cell(share(near.chance)),
            Cell(share(far.chance)),
        )
    ]
    if near.form is not None and far.form is not None:
        for actor in near.form.gain:
            rows.append(
                (
                    Cell(game.case.actors[actor].name),
                    *(_side(game, each, each.form, actor) for each in (near, far) if each.form),
                )
            )
    columns = (Column(""), Column("myopic", True), Column("farsighted", True))
    note = (
        "Myopic actors go by what they would have if nothing else happened, farsighted ones by "
        "what they expect at the deadline. Below each gain: against the status quo as things are, "
        "with whatever threatens there."
    )
    table = Table("Both behaviours", columns, tuple(rows), note)
    return (*map(Sentence, _why_they_differ(farsighted, near, far)), table)


def _side(game: Game, finding: Finding, form: Form, actor: str) -> Cell:
    tone: Tone = "bad" if actor in finding.worse_off else "plain"
    gain, now = (gained(game, actor, value) for value in (form.gain[actor], form.now[actor]))
    return Cell(gain, tone, f"as things are {now}")


def _why_they_differ(farsighted: Acceptance, near: Finding, far: Finding) -> Iterator[str]:
    game = farsighted.game
    if abs(far.chance - near.chance) < 0.005:
        yield f"Looking ahead changes little: {share(near.chance)} and {share(far.chance)}."
    else:
        yield (
            f"Looking ahead makes it {'likelier' if far.chance > near.chance else 'less likely'}: "
            f"{share(near.chance)} if actors are myopic, {share(far.chance)} if farsighted."
        )
    form = far.form
    if form is None:
        return
    for actor in far.worse_off:
        if actor not in form.now:
            continue
        name = game.case.actors[actor].name
        refuses = far.consent.refusals.refuses.get(actor, 1.0)
        if form.now[actor] > NEVER and refuses < ALWAYS:
            yield (
                f"{name} would be {change(game, form, actor)} and yet agree: as things are it "
                f"expects {amount(game, actor, form.now[actor])} more with it than from the "
                "status quo. A threat that stays until it is met works. "
                f"{_instead(farsighted, far)}"
            )
        elif refuses >= ALWAYS and (threat := _threat(farsighted, far, form, actor)):
            yield (
                f"Refused by {name} all the same, though others could bring about what is worse "
                f"for it ({threat}): as they would not leave it so at the deadline, it expects no "
                "less without. A threat that would be lifted on the last day is empty."
            )


def _threat(accepted: Acceptance, finding: Finding, form: Form, actor: str) -> str:
    """What others could do from the status quo that is worse for an actor, and does not last."""
    game, today = accepted.game, accepted.process.today
    space, values = game.space, game.views[actor].values
    start = np.zeros(len(space), dtype=bool)
    start[today] = True
    reached = ~start & False
    for moves in game.moves:
        if actor not in moves.mover.members:
            reached |= moves.reached(start)
    least = min(values[form.state], values[today])
    worse = reached & (values < least) & (accepted.ends <= NEVER)
    worse &= ~space.matches(finding.arrangement.id)
    found = np.flatnonzero(worse)
    if not len(found):
        return ""
    return state(space, int(found[np.argmin(space.changes(today, found))]))


def _instead(accepted: Acceptance, finding: Finding) -> str:
    """What comes about most often where the arrangement does not."""
    space = accepted.game.space
    outside = accepted.ends * ~space.matches(finding.arrangement.id)
    likeliest = int(outside.argmax())
    if likeliest == space.today or outside[likeliest] <= NEVER:
        return ""
    told = state(space, likeliest)
    return f"Without it, most often: {told} ({share(float(outside[likeliest]))})."
