"""Answers on an arrangement in the web: is it possible, who agrees to it, and would it hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.case.problems import listed
from foedus.document import number
from foedus.equilibria.registry import STANDARD
from foedus.equilibria.solve import Stability
from foedus.equilibria.witness import Deterrence, Verdict
from foedus.game.naming import mover_name, state_told
from foedus.game.space import smallest_conflict
from foedus.preferences.games import Game
from foedus.process.holding import Hold
from foedus.tracing.telling import moved, telling
from foedus.tracing.web import Edge, Thing, Web, answer_name

if TYPE_CHECKING:
    from foedus.process.acceptance import Acceptance, Finding
    from foedus.process.consent import Form


RESTING = "no move of any mover improves on it"
NO_FORM = "nobody makes it, so that it has no form of which to ask"


def with_holds(web: Web, solved: Stability, hold: Hold) -> None:
    """Put in whether a best form holds: each mover who would leave it, or is kept from leaving."""
    answer = answer_name(hold.arrangement, "holds")
    if hold.form is None:
        text = "not known: nobody makes it"
        possible = Edge(answer_name(hold.arrangement, "possible"), "whether it is possible")
        web.put(Thing("answer", answer, text, (), None, NO_FORM), [possible])
        return
    game = solved.game
    edges = []
    for mover in game.movers:
        verdict = solved.verdict(hold.form + 1, mover.key, STANDARD)
        if verdict.deterrences:
            edges.append(_part(web, game, answer, verdict))
    holds = not hold.leaving[STANDARD]
    detail = f": {state_told(game.space, hold.form, game.space.today)}"
    text = f"its best form {'holds' if holds else 'does not hold'} ({STANDARD.upper()})"
    web.put(Thing("answer", answer, text, (), holds, "" if edges else RESTING, detail), edges)


def _part(web: Web, game: Game, answer: str, verdict: Verdict) -> Edge:
    """Put in a mover's verdict, by its best improvement that nobody deters, or the best of all."""
    free = [d for d in verdict.deterrences if d.sanction is None]
    chosen = (free or verdict.deterrences)[0]
    name = mover_name(game.case, verdict.mover)
    members = game.movers[game.mover_index(verdict.mover)].members
    count = len(free or verdict.deterrences)
    more = f"; {count - 1:,} more alike" if count > 1 else ""
    there = state_told(game.space, chosen.improvement, verdict.state)
    edges = moved(game, members, verdict.state, chosen.improvement)
    if chosen.sanction is None:
        text = f"{name} would leave it for {there}, and nobody deters that{more}"
    else:
        after = _sanction(game, chosen, verdict.state)
        text = f"{name} is kept from going to {there}: {after}{more}"
        edges += _sanctioned(game, verdict, chosen)
    part = f"{answer}:{verdict.mover}"
    value = {
        "mover": verdict.mover,
        "stable": verdict.stable,
        "improvement": chosen.improvement + 1,
        "sanction": None if chosen.sanction is None else chosen.sanction + 1,
    }
    web.put(Thing("part", part, text, (), value, "" if edges else "the same state again"), edges)
    return Edge(part, f"through {name}")


def _sanction(game: Game, deterrence: Deterrence, state: int) -> str:
    who = " and then ".join(mover_name(game.case, reply.mover) for reply in deterrence.replies)
    member = game.case.actors[str(deterrence.member)].name
    if deterrence.sanction is None or deterrence.sanction == state:
        return f"{who} could go back to where it began, no better for {member}"
    there = state_told(game.space, deterrence.sanction, state)
    return f"{who} could go on to {there}, no better for {member}"


def _sanctioned(game: Game, verdict: Verdict, deterrence: Deterrence) -> list[Edge]:
    """What makes the others reply, and what the member who is deterred loses by it."""
    edges, before = [], deterrence.improvement
    for reply in deterrence.replies:
        mover = game.movers[game.mover_index(reply.mover)]
        edges += moved(game, mover.members, before, reply.state)
        before = reply.state
    if deterrence.member is not None and deterrence.sanction is not None:
        edges += moved(game, (deterrence.member,), verdict.state, deterrence.sanction)
    return edges


FREE = "no rule excludes it"
LAPSES = "what matches is expiring, and reverts to something else at the deadline"
CONTRADICTION = "the pattern contradicts itself"
MANY = "the rules involve too many issues at once to name a smallest set of them"
RIGHTS = "rests on the rights of the issues, for which a case names no evidence"
FOLLOWS = "the form itself is worth no more or less to it than the status quo; what may follow is"
BY_ITSELF = "it comes about by itself: nobody is asked"


def with_possible(web: Web, game: Game, name: str, accepted: Acceptance | None) -> None:
    """Put in whether an arrangement is possible, and the rules that exclude it if not."""
    space, tree = game.space, game.case.arrangements[name].when.tree
    count = int((space.matches(name) & space.settled).sum())
    text, mark, edges = f"possible: {count:,} settled states match it", FREE, []
    if not count and space.holds(tree).any():
        text, mark = "not possible: no settled state matches it", LAPSES
    elif not count:
        found = accepted[name].conflict if accepted else smallest_conflict(game.case, tree)
        text = "impossible"
        mark = MANY if found is None else "" if found else CONTRADICTION
        edges = [Edge(f"rules.{rule.path[-1]}", "excludes it") for rule in found or ()]
    web.put(Thing("answer", answer_name(name, "possible"), text, (), count > 0, mark), edges)


def with_acceptable(web: Web, game: Game, accepted: Acceptance, name: str) -> None:
    """Put in whether an arrangement is acceptable, and how each who is asked compares it."""
    finding = accepted[name]
    answer = answer_name(name, "acceptable")
    form = finding.form
    if form is None:
        _nobody_makes(web, finding, answer)
        return
    edges = []
    for actor in finding.best.coalition if finding.best else ():
        part = f"{answer}:{actor}"
        web.put(*_compared(game, finding, form, part, actor))
        edges.append(Edge(part, f"through {game.case.actors[actor].name}"))
    detail = f": {state_told(game.space, form.state, game.space.today)}"
    who = [game.case.actors[actor].name for actor in finding.worse_off]
    if finding.acceptable:
        text = "acceptable: all who are asked are better off with its best form"
    elif who:
        text = f"not acceptable: {listed(who, 'and')} would not be better off with its best form"
    else:
        text = "not acceptable: it comes in stages alone, and one of them is refused"
    mark = "" if edges else BY_ITSELF
    web.put(Thing("answer", answer, text, (), finding.acceptable, mark, detail), edges)


def _nobody_makes(web: Web, finding: Finding, answer: str) -> None:
    if finding.consent.status == "nobody":
        text = "not acceptable: nobody has the rights to make it"
        web.put(Thing("answer", answer, text, (), False, RIGHTS))
        return
    possible = answer_name(finding.arrangement.id, "possible")
    text = "not acceptable: it is not possible"
    web.put(Thing("answer", answer, text, (), False), [Edge(possible, "it is not possible")])


def _compared(
    game: Game, finding: Finding, form: Form, part: str, actor: str
) -> tuple[Thing, list[Edge]]:
    """What one who is asked expects with the form and without, and what tells it from today."""
    today = game.space.today or 0
    edges = telling(game, actor, today, form.state)
    name = game.case.actors[actor].name
    if actor in form.gain:
        kept, never, gain = form.kept[actor], finding.consent.never[actor], form.gain[actor]
        told = [number(round(value, 2)) for value in (kept, never)]
        way = "better off" if actor not in finding.worse_off else "not better off"
        text = f"{name} is {way}: it expects {told[0]} if it is kept, {told[1]} if it never comes"
        value: dict[str, Any] = {"actor": actor, "kept": kept, "never": never, "gain": gain}
    else:
        share, passes = finding.best.electorates[actor] if finding.best else (0.0, False)
        text = f"{name} {'approves' if passes else 'disapproves'}: {number(share)}% in favour"
        value = {"actor": actor, "share": share, "passes": passes}
    value |= {"from": today + 1, "to": form.state + 1}
    return Thing("part", part, text, (), value, "" if edges else FOLLOWS), edges
