"""Answers on consent in the web: what is possible, and who agrees to what makes it."""

from __future__ import annotations

from foedus.case.problems import listed
from foedus.game.naming import mover_name, state_told
from foedus.game.space import smallest_conflict
from foedus.preferences.games import Game
from foedus.process.acceptance.results import Finding, Form
from foedus.process.acceptance.solve import Acceptance
from foedus.tracing.telling import compared, moved
from foedus.tracing.web import Edge, Thing, Web, answer_name

FREE = "no rule excludes it"
LAPSES = "what matches is expiring, and reverts to something else at the deadline"
CONTRADICTION = "the pattern contradicts itself"
MANY = "the rules involve too many issues at once to name a smallest set of them"
RIGHTS = "rests on the rights of the issues, for which a case names no evidence"
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
    """Put in whether an arrangement is acceptable, and how each who counts compares it."""
    finding = accepted[name]
    answer = answer_name(name, "acceptable")
    if finding.package is None or finding.no_deal is None:
        _nobody_makes(web, finding, answer)
        return
    edges = []
    for actor, state in _judging(finding, finding.package):
        part = f"{answer}:{actor}"
        web.put(*compared(game, part, actor, finding.no_deal.state, state))
        edges.append(Edge(part, f"through {game.case.actors[actor].name}"))
    if finding.no_deal.steps:
        edges.append(_no_deal(web, game, finding, answer))
    choice = finding.package.choice
    detail = f": {state_told(game.space, choice.state, game.space.today)}"
    who = [game.case.actors[actor].name for actor in choice.refusing]
    if choice.passes:
        text = "acceptable: all who are asked agree to its best form"
    else:
        text = f"not acceptable: {listed(who, 'and')} would refuse its best form"
    mark = "" if edges else BY_ITSELF
    web.put(Thing("answer", answer, text, (), choice.passes, mark, detail), edges)


def _nobody_makes(web: Web, finding: Finding, answer: str) -> None:
    if finding.possible:
        text = "not acceptable: nobody has the rights to make it"
        web.put(Thing("answer", answer, text, (), False, RIGHTS))
        return
    possible = answer_name(finding.arrangement.id, "possible")
    text = "not acceptable: it is not possible"
    web.put(Thing("answer", answer, text, (), False), [Edge(possible, "it is not possible")])


def _judging(finding: Finding, package: Form) -> list[tuple[str, int]]:
    """Who is asked, each with the state judged; then who refuses every form though not asked."""
    choice = package.choice
    asked = [(actor, choice.state) for actor in choice.coalition]
    others = [(s.actor, s.state) for s in finding.always if s.actor not in choice.coalition]
    return asked + others


def _no_deal(web: Web, game: Game, finding: Finding, answer: str) -> Edge:
    """Put in what comes about without the arrangement, by the moves that lead there."""
    no_deal = finding.no_deal
    assert no_deal is not None  # noqa: S101 - asked where there is a package
    edges = []
    for step in no_deal.steps:
        mover = game.movers[game.mover_index(step.mover)]
        edges += moved(game, mover.members, step.origin, step.target)
    who = listed((mover_name(game.case, step.mover) for step in no_deal.steps), "and then")
    told = state_told(game.space, no_deal.state, game.space.today)
    text = f"the BATNA: {told}, to which {who} would go"
    part = f"{answer}:no deal"
    web.put(Thing("part", part, text, (), {"state": no_deal.state + 1}), edges)
    return Edge(part, "through what the BATNA is")
