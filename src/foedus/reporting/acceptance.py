"""The explanation of one arrangement: from the answer down to the judgements behind it."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.document import Explanation, Point, Points, Sentence, Tone, number
from foedus.preferences import Difference, differences
from foedus.preferences.games import Game
from foedus.process.acceptance.needs import counting_share
from foedus.process.acceptance.nodeal import NoDeal, RefusedReturn, Step
from foedus.process.acceptance.packages import Choice
from foedus.process.acceptance.results import Finding, Form, Stubborn
from foedus.process.acceptance.solve import Acceptance
from foedus.process.acceptance.vetoes import Effect
from foedus.reporting.acceptance_wording import (
    SHOWN,
    because,
    change,
    cut,
    lacking,
    named,
    needed_told,
    ranged,
    signed,
    state,
    told_makers,
    units,
)

MOVES = 12
"""How many moves of no deal are told one by one, and how many states of a cycle."""

UNASKED = (
    "It needs no consent, since the status quo reverts to it if nobody acts; whether "
    "somebody would rather "
    "act is another question."
)


def answer(game: Game, finding: Finding) -> str:
    """The answer for one arrangement in a sentence."""
    name = finding.arrangement.name
    if finding.status == "impossible":
        return f"{name}: impossible. {excluded(game, finding)}"
    if finding.status == "lapses":
        return f"{name}: cannot outlast the deadline. Every state that matches reverts to another."
    if finding.package is None:
        return f"{name}: nobody has the right to bring it about from today."
    choice = finding.package.choice
    if not choice.coalition:
        return f"{name}: acceptable, with nobody asked. {UNASKED}"
    if finding.acceptable:
        return f"{name}: acceptable. {named(game, choice.coalition)} would all agree."
    return f"{name}: blocked by {named(game, choice.refusing)}."


def excluded(game: Game, finding: Finding) -> str:
    """Which rules exclude an arrangement, in the words of their reasons."""
    if finding.conflict is None:
        return "The rules that exclude it involve too many issues to name a smallest set."
    if not finding.conflict:
        return "Its pattern contradicts itself."
    return " ".join(f"{rule.why} (`{rule.statement.text}`)." for rule in finding.conflict)


def acceptance_explained(accepted: Acceptance, finding: Finding) -> Explanation:
    """Tell one arrangement: the answer, then what it rests on, as nested points."""
    game = accepted.game
    dominated_by = accepted.dominated_by.get(finding.arrangement.id, ())
    tone: Tone = {"acceptable": "good", "blocked": "bad"}.get(finding.status, "warn")  # type: ignore[assignment]
    opening = Sentence(answer(game, finding), tone, strong=True)
    points = tuple(_points(game, finding, dominated_by))
    return Explanation((opening, Points(points)) if points else (opening,))


def _points(game: Game, finding: Finding, dominated_by: tuple[str, ...]) -> Iterator[Point]:
    if not finding.possible:
        return
    form, no_deal, bare = finding.package, finding.no_deal, finding.bare
    settled = int(game.space.settled.sum())
    yield Point(_counts(finding, settled))
    if form is None or no_deal is None or bare is None:
        return
    yield Point(f"Who makes it: {makers(game, finding)}.")
    yield no_deal_told(game, no_deal)
    yield _form(game, form, no_deal)
    asked = [effect for effect in form.effects if effect.asked]
    others = [effect for effect in form.effects if not effect.asked]
    if asked:
        told = tuple(_effect(game, effect, no_deal.state, form) for effect in asked)
        yield Point("Those who are asked, against the BATNA:", told)
    if others:
        told = tuple(_effect(game, effect, no_deal.state, form) for effect in others)
        yield Point("Those who are not asked:", told)
    if not finding.acceptable:
        yield from _other_forms(game, finding)
    yield _bare(game, bare)
    if dominated_by:
        better = cut([game.case.arrangements[a].name for a in dominated_by])
        yield Point(f"Better for some who decide and worse for none of them: {better}.")


def _counts(finding: Finding, settled: int) -> str:
    text = f"{finding.states:,} of {settled:,} settled states match"
    if finding.package is None:
        return f"{text}; no union of those with rights can reach one of them."
    return f"{text}; {finding.made:,} can be made by somebody, {finding.passing:,} would pass."


def makers(game: Game, finding: Finding) -> str:
    """Who makes an arrangement, by the smallest coalitions."""
    if finding.makers == ((),):
        return "it comes by itself if nobody does anything"
    return told_makers(game, finding.makers) or "nobody has the right"


def no_deal_told(game: Game, no_deal: NoDeal) -> Point:
    """No deal with the moves that lead to it, who sits out, and the returns that were refused."""
    today, end = game.space.today, no_deal.state
    points = []
    if no_deal.sitting_out:
        points.append(Point(_sitting(game, no_deal)))
    points += [Point(_step(game, step)) for step in no_deal.steps[:MOVES]]
    if len(no_deal.steps) > MOVES:
        points.append(Point(f"And {len(no_deal.steps) - MOVES:,} further moves."))
    if not no_deal.steps:
        points.append(Point("Nobody moves."))
    if no_deal.end != end:
        fallen = game.space.describe(end, apart_from=no_deal.end)
        points.append(Point(f"At the deadline: {fallen}."))
    points += [_refused(game, no_deal, refused) for refused in no_deal.refused[:SHOWN]]
    if len(no_deal.refused) > SHOWN:
        points.append(Point(f"And {len(no_deal.refused) - SHOWN:,} further refused returns."))
    return Point(f"Without it (the BATNA), {state(game, end, today)}.", tuple(points))


def _sitting(game: Game, no_deal: NoDeal) -> str:
    if len(no_deal.sitting_out) == len(game.moves):
        return "Sitting out: everybody, since each could bring it about alone or by doing nothing."
    groups = [key.split("+") for key in no_deal.sitting_out]
    least = [g for g in groups if not any(set(other) < set(g) for other in groups)]
    out = "; ".join(named(game, group) for group in least)
    larger = ", and every larger group that holds them" if len(least) < len(groups) else ""
    return f"Sitting out, on every issue, since they could make it by themselves: {out}{larger}."


def _step(game: Game, step: Step) -> str:
    who = named(game, step.mover.split("+"))
    return f"{who}: {game.space.describe(step.target, apart_from=step.origin)}."


def _refused(game: Game, no_deal: NoDeal, refused: RefusedReturn) -> Point:
    who = named(game, refused.mover.split("+"))
    back = game.space.describe(refused.target, apart_from=refused.origin)
    cycle = [refused.target, *(step.target for step in no_deal.cycle(refused))]
    trail = [f"{each + 1:,}" for each in [*cycle, refused.target]]
    if len(trail) > MOVES:
        trail = [*trail[: MOVES - 2], "…", *trail[-2:]]
    told = f"The BATNA is not settled: {who} would go back ({back}). The cycle, by states: "
    return Point(told + " → ".join(trail) + ".", tone="warn")


def _form(game: Game, form: Form, no_deal: NoDeal) -> Point:
    choice = form.choice
    lead = "The form in which it comes"
    if choice.coalition:
        lead = "The form that those who make it would choose"
        if not choice.passes:
            lead = "The form that the fewest refuse"
    points = [Point(f"Asked: {named(game, choice.coalition)}.")]
    apart = game.space.describe(choice.state, apart_from=no_deal.state)
    points.append(Point(f"Apart from the BATNA: {apart}." if apart else "The same as the BATNA."))
    if choice.joint_gain:
        points.append(
            Point(
                "Joint gain (geometric mean of the members' gains, each as a share of that "
                f"actor's range): {number(round(choice.joint_gain, 3))}."
            )
        )
    return Point(f"{lead}: {state(game, choice.state, game.space.today)}.", tuple(points))


def _effect(game: Game, effect: Effect, no_deal: int, form: Form) -> Point:
    name = game.case.actors[effect.actor].name
    text = f"{name}: {change(effect)}"
    if effect.blocks:
        text += f", and refuses; lacking {lacking(effect)}"
    points = list(_grounds(game, effect, no_deal, form.choice.state))
    points.append(Point(_three_points(effect)))
    points += enough(effect)
    tone: Tone = "plain" if not effect.asked else "bad" if effect.blocks else "good"
    return Point(f"{text}.", tuple(points), tone)


def _grounds(game: Game, effect: Effect, origin: int, target: int) -> Iterator[Point]:
    """The judgements that tell the form from no deal, each with its range and its reasons."""
    if effect.kind == "support":
        share = counting_share(game, effect.actor, target)
        if share is not None:
            yield Point(f"{share[0]}: {ranged(share[1])}%{because(share[1])}.")
        return
    for each in differences(game.space, effect.actor, origin, target):
        yield Point(_ground(each))


def _ground(each: Difference) -> str:
    item = each.item or "anything not ranked"
    if each.unit == "points" and each.judgement is not None:
        sign = f"{signed(each.change)} points"
        turned = "" if each.change == each.judgement.mode else "no longer "
        return f"{sign}: {turned}{item}, judged {ranged(each.judgement)}{because(each.judgement)}."
    if each.unit == "priority":
        return f"{item}: {'now met' if each.change > 0 else 'no longer met'}."
    return f"{item}: {signed(each.change)} places in its ranking."


def _three_points(effect: Effect) -> str:
    if effect.threshold is not None:
        at = effect.at
        return (
            f"In favour of today {number(at.today)}%, of what it reverts to "
            f"{number(at.bare_fall)}%, of the BATNA {number(at.no_deal)}%."
        )
    told = ", ".join(
        f"{signed(gain)} against {point}"
        for gain, point in (
            (effect.against_today, "today"),
            (effect.against_bare_fall, "the reversion point"),
            (effect.against_no_deal, "the BATNA"),
        )
    )
    return f"In {units(effect, 2).split(' ', 1)[1]}: {told}."


def _other_forms(game: Game, finding: Finding) -> Iterator[Point]:
    if finding.always:
        inner = tuple(_stubborn(game, each) for each in finding.always)
        yield Point("In every form these refuse; where each lacks least:", inner, "bad")
    else:
        yield Point("Nobody refuses in every form; but in each form somebody does.")
    sets = tuple(
        Point(f"{named(game, refusal.members)}: {state(game, refusal.state, game.space.today)}.")
        for refusal in finding.refusals[:SHOWN]
    )
    if len(finding.refusals) > 1:
        yield Point("The smallest sets of those who refuse, each with its plainest form:", sets)


def _stubborn(game: Game, each: Stubborn) -> Point:
    form = state(game, each.state, game.space.today)
    text = f"{game.case.actors[each.actor].name}: lacking {lacking(each.effect)}, in {form}."
    return Point(text, tuple(enough(each.effect)))


def enough(effect: Effect) -> Iterator[Point]:
    """The judgements each of which, changed alone, would make a blocker agree to a form."""
    found = effect.needs
    if not found:
        return
    kept = [need for need in found if need.within] or list(found[:3])
    lead = "Any one of these alone would be enough, all else and the BATNA as they are:"
    if not kept[0].within:
        lead = "No single judgement within its range would be enough; least far beyond it:"
    yield Point(lead, tuple(Point(f"{needed_told(need)}.") for need in kept))


def _bare(game: Game, bare: Choice) -> Point:
    if not bare.coalition:
        return Point("Its minimal form is the reversion point, and nobody is asked.")
    verdict = "it passes" if bare.passes else f"it is refused by {named(game, bare.refusing)}"
    fall = int(game.space.fall[game.space.today or 0])
    return Point(
        f"Its minimal form, nearest to the reversion point, asks {named(game, bare.coalition)}; "
        f"{verdict}. Changed from there, {state(game, bare.state, fall)}."
    )
