"""What may be asked about: an arrangement, a state's number, or a statement."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.case.statements import parse_statement
from foedus.document import Explanation
from foedus.equilibria.registry import CONCEPTS, STANDARD
from foedus.equilibria.solve import stability, verdict
from foedus.preferences.games import Game, game_of
from foedus.reporting.why_patterns import ArrangementWhy, PatternWhy, arrangement_why, pattern_why
from foedus.reporting.why_states import StateWhy

if TYPE_CHECKING:
    from foedus.process.model import Behaviour

_ID = re.compile(r"\w+(?:-\w+)*")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,_]*")


def explain(
    case: Case | Game,
    what: str | int,
    mover: str | None = None,
    concept: str = STANDARD,
    behaviour: Behaviour = "myopic",
    on: date | None = None,
) -> Explanation:
    """Explain an arrangement (its id), a state (its number, from 1) or a statement of a case.

    An arrangement is told by who gains and loses through it, who blocks it and whether it would
    hold; a state by what each mover would do there, and who deters it; a statement by who can bring
    it about, or which rules make it impossible. ``mover`` (member ids joined by ``+``) asks about
    one mover alone, ``concept`` is the id of a stability concept, ``behaviour`` what actors go by
    (both are shown where the case is small). Judgements enter at their most likely values, into
    stability with the rights ``on`` a day (None: on ``as_of``, or on the day of the game given).

    Raises CaseError for a statement that cannot be understood, with the column in it, and for an
    unknown arrangement, state, mover or concept, with the nearest known one.
    """
    return Explanation(why(case, what, mover, concept, behaviour, on).blocks())


def why(
    case: Case | Game,
    what: str | int,
    mover: str | None = None,
    concept: str = STANDARD,
    behaviour: Behaviour = "myopic",
    on: date | None = None,
) -> ArrangementWhy | StateWhy | PatternWhy:
    """Answer as :func:`explain` does, as data: the results have ``to_dict()`` and ``blocks()``."""
    game = game_of(case, on)
    _known_concept(concept)
    key = None if mover is None else _known_mover(game, mover)
    text = str(what).strip()
    if text in game.case.arrangements:
        return arrangement_why(game, text, key, concept, behaviour)
    if _NUMBER.fullmatch(text):
        return _of_state(game, text, key, concept)
    if _ID.fullmatch(text):
        raise _unknown_id(game, text)
    statement = parse_statement(text, game.case.issues, game.case.arrangements)
    possible = bool(game.space.holds(statement.tree).any())
    solved = stability(game, [concept]) if possible else None
    return pattern_why(game, statement, solved, key, concept)


def _of_state(game: Game, text: str, mover: str | None, concept: str) -> StateWhy:
    digits = text.replace(",", "").replace("_", "")
    size = len(game.space)
    if len(digits) > 12 or not 1 <= int(digits) <= size:
        message = f"no state {shown(text)}"
        raise CaseError([Problem(message, expected=f"a number from 1 to {size:,}")], "<what>")
    problem = stability(game, []).problem
    chosen = range(len(game.movers)) if mover is None else [game.mover_index(mover)]
    index = int(digits) - 1
    verdicts = tuple(verdict(problem, index, k, concept) for k in chosen)
    return StateWhy(game, index, concept, verdicts, mover is None)


def _unknown_id(game: Game, text: str) -> CaseError:
    if text in game.case.issues:
        issue = game.case.issues[text]
        example = f"'{text} = {issue.positions[-1].id}'"
        message = f"{shown(text)} is an issue and no arrangement"
        return CaseError([Problem(message, expected=f"a statement, such as {example}")], "<what>")
    if text in game.case.actors:
        message = f"{shown(text)} is an actor and no arrangement"
        expected = f"something to explain, with --mover {text}"
        return CaseError([Problem(message, expected=expected)], "<what>")
    close = nearest(text, game.case.arrangements)
    kinds = None if close else "an arrangement's id, a state's number or a statement"
    return CaseError([Problem(f"no arrangement {shown(text)}", None, kinds, close)], "<what>")


def _known_concept(concept: str) -> None:
    if concept not in CONCEPTS:
        message = f"no concept {shown(concept)}"
        close = nearest(concept, CONCEPTS)
        raise CaseError([Problem(message, None, listed(CONCEPTS), close)], "<concept>")


def _known_mover(game: Game, mover: str) -> str:
    """The mover's own key, whatever the order of the members asked for."""
    try:
        return game.movers[game.mover_index(mover)].key
    except KeyError:
        keys = [m.key for m in game.movers]
        expected = listed(keys) or "none, since no actor can make a move"
        problem = Problem(f"no mover {shown(mover)}", None, expected, nearest(mover, keys))
        raise CaseError([problem], "<mover>") from None
