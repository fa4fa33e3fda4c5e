"""Answers on stability in the web: whether an arrangement's best form holds, mover by mover."""

from __future__ import annotations

from foedus.equilibria.registry import STANDARD
from foedus.equilibria.solve import Stability
from foedus.equilibria.witness import Deterrence, Verdict
from foedus.game.naming import mover_name, state_told
from foedus.preferences.games import Game
from foedus.process.holding import Hold
from foedus.tracing.telling import moved
from foedus.tracing.web import Edge, Thing, Web, answer_name

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
