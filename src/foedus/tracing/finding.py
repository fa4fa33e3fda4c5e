"""What a path as typed means."""

from __future__ import annotations

from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.preferences.games import Game
from foedus.tracing.web import ANSWERS, NAMELESS, Thing, Web, answer_name

FIRST = ("arrangements", "evidence", "polls", "records", "reference_classes")
THEN = ("sources", "origins")
"""What a bare name may belong to; to the latter only where it belongs to none of the former."""


def thing_called(game: Game, web: Web, path: str) -> Thing:
    """The thing that a path means, in full or without what it begins with.

    Raises CaseError for a path that means nothing, with the nearest known one, or two things.
    """
    asked = path.strip()
    if found := _exactly(web, asked):
        return found
    for prefixes in (FIRST, THEN):
        names = [f"{prefix}.{asked}" for prefix in prefixes if f"{prefix}.{asked}" in web.things]
        if len(names) > 1:
            message = f"{shown(asked, 80)} may mean more than one thing"
            problem = Problem(message, expected=f"{listed(names)} in full")
            raise CaseError([problem], game.case.file)
        if names:
            return web.things[names[0]]
    raise _unknown(game, web, asked)


def _exactly(web: Web, asked: str) -> Thing | None:
    thing = web.things.get(web.aliases.get(asked, asked))
    return thing if thing is not None and thing.kind not in NAMELESS else None


def _unknown(game: Game, web: Web, asked: str) -> CaseError:
    case = game.case
    arrangement, _, answer = asked.removeprefix("arrangements.").rpartition(".")
    if arrangement in case.arrangements and answer in ANSWERS:
        message = f"{arrangement} has no answer {shown(answer)}: {_lacking(game, answer)}"
        known = [a for a in ANSWERS if answer_name(arrangement, a) in web.things]
        return CaseError([Problem(message, expected=listed(known))], case.file)
    full = [thing.name for thing in web.things.values() if thing.kind not in NAMELESS]
    short = {
        name.removeprefix(f"{prefix}."): name
        for prefix in (*THEN, *reversed(FIRST))
        for name in full
        if name.startswith(f"{prefix}.")
    }
    message = f"nothing in the case is called {shown(asked, 80)}"
    guess = nearest(asked, [*short, *full, *web.aliases])
    if guess is None:
        last = asked.rpartition(".")[2]
        ends = {name.rpartition(".")[2]: name for name in reversed(full)}
        guess = ends.get(nearest(last, ends) or "")
    expected = None if guess else "one of the paths that `foedus trace CASE` lists"
    return CaseError([Problem(message, None, expected, guess)], case.file)


def _lacking(game: Game, answer: str) -> str:
    if answer in ("outside", "evidence", "pooled") and game.case.hypotheses:
        return "the views are of hypotheses alone, of a case that can be forecast"
    if answer in ("acceptable", "holds"):
        return "consent is worked out from today, `as_of` and `deadline`, and one is missing"
    return "the case lacks hypotheses, or what a forecast needs: today, `as_of` and `deadline`"
