"""The sentences of slips: what each kind is, why it matters, what to do. One function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from foedus.case.model import Case
from foedus.case.problems import cut, listed
from foedus.document import number
from foedus.reporting.slip_rights import (
    idle_event,
    stuck_issue,
    unreached_position,
    unusable_right,
)
from foedus.reporting.slip_words import LONGEST, Told, Words
from foedus.slips.slip import SlipKind

# --- what actors do -----------------------------------------------------------------------------


def _quarrel(words: Words) -> Told:
    case = words.case
    moves = []
    for each in words.many("movers"):
        who, _, to = each.partition(": ")
        names = listed([case.actors[a].name for a in who.split("+")], "and")
        moves.append(f"{names} to {_settings(case, to)}")
    issues = listed([case.issues[issue].name for issue in words.many("issues")], "and")
    return Told(
        f"{issues} would go back and forth at every meeting, since somebody gains from each move: "
        f"{'; '.join(moves)}. Who has the last meeting decides, and the chance at the deadline "
        "tells no more than that.",
        "Give the changes a `pace` or `takes`, ask for the consent of whoever loses, or bar the "
        "way back (`never_back_to`).",
    )


def _settings(case: Case, text: str) -> str:
    """``issue = position and ...`` in the labels of the positions."""
    told = []
    for part in text.split(" and "):
        issue, _, position = part.partition(" = ")
        found = case.issues[issue]
        told.append(f'"{found.positions[found.number(position)].label}"')
    return listed(told, "and")


def _takes_too_long(words: Words) -> Told:
    return Told(
        f"a change of {words.issue} takes {words.figure('least')} days at the least; "
        f"{words.figure('left')} are left until the deadline. It cannot be made in time.",
        "Check the days, the dates, or whether talks have begun already.",
    )


def _prior_decides(words: Words) -> Told:
    figures = words.slip.figures
    return Told(
        f"{figures['done']:.0f} of {figures['agreed']:.0f} done in "
        f"{number(figures['at_risk'])} issue-years says too little: the chance that one such thing "
        f"is done by the deadline is {words.share('now')}, but {words.share('half')} with half the "
        f"weight of the prior ({number(figures['prior_done'])} done in "
        f"{number(figures['prior_years'])} issue-years), and {words.share('double')} with double.",
        "Count a longer record or a wider class; or, for what is settled at once when agreed, "
        "write `at-once` or the days it `takes`.",
    )


def _unused_record(words: Words) -> Told:
    return Told(
        "no change that somebody may make has this record as its pace.",
        "Name it as the `pace` of an issue, leave it out, or say in a note what it is for.",
    )


# --- statements ---------------------------------------------------------------------------------

_WHAT: Mapping[str, str] = {
    "worth": "this worth",
    "priority": "this priority",
    "support": "this share",
    "arrangement": "this arrangement",
    "hypothesis": "this hypothesis",
    "reversion": "this reversion",
}

ANSWERS = ("arrangement", "hypothesis")
"""What is asked of, and no part of what an actor wants."""


def _never_holds(words: Words) -> Told:
    statement = f"`{cut(words.one('statement'), LONGEST)}`"
    what = _WHAT[words.one("what")]
    never = "never comes about" if words.one("what") in ANSWERS else "never counts"
    match words.slip.reason:
        case "impossible":
            return Told(
                f"{what} {never}: {statement} is impossible under the rules at the deadline.",
                "Check the statement, or leave it out.",
            )
        case "covered":
            return Told(
                f"{what} never counts: whenever {statement} holds, an earlier one has counted.",
                "The first that matches counts: put the special ones first.",
            )
        case "follows":
            return Told(
                f"{what} {never}: {statement} needs a position that never comes about.",
                "See what keeps it from coming about; or it is there for a what-if.",
            )
    return Told(
        f"{what} {never}: {statement} holds in nothing that changes lead to.",
        "Check the statement, and who could bring it about.",
    )


def _always_holds(words: Words) -> Told:
    statement = f"`{cut(words.one('statement'), LONGEST)}`"
    if words.one("what") in ANSWERS:
        return Told(
            f"{_WHAT[words.one('what')]} is certain: {statement} holds whatever is decided.",
            "Check the statement; as it is, there is nothing to forecast.",
        )
    return Told(
        f"{_WHAT[words.one('what')]} changes nothing: {statement} holds whatever is decided.",
        "Check the statement, or leave it out.",
    )


def _same_states(words: Words) -> Told:
    names = [f'"{words.case.arrangements[a].name}"' for a in words.many("arrangements")]
    return Told(
        f"{listed(names, 'and')} are matched by the same outcomes, so that all answers on them "
        "are the same.",
        "If they should differ, check their statements and the rules.",
    )


# --- judgements ---------------------------------------------------------------------------------


def _all_sure(words: Words) -> Told:
    count = words.figure("sure")
    if words.slip.reason == "case":
        return Told(
            f"all {count} of {count} judgements of what actors want are single numbers, so the "
            "forecast shows no doubt about them.",
            "Give ranges, [low, most likely, high], to those that you are least sure of.",
        )
    return Told(
        f"all {count} of {count} judgements of what {words.actor} wants are single numbers (in the "
        f"whole case {words.figure('case_sure')} of {words.figure('case_of')}). The forecast shows "
        "no doubt about them.",
        "Give ranges, [low, most likely, high], to those that you are least sure of.",
    )


def _no_say(words: Words) -> Told:
    return Told(
        f"no right names {words.actor}, so nothing in the forecast depends on what it wants.",
        "Name it where it decides or must agree; if it is to look on, say so in its `note`.",
    )


def _flat_preferences(words: Words) -> Told:
    if words.slip.reason == "support":
        passes = words.slip.figures["value"] >= words.slip.figures["threshold"]
        answer = "it always approves" if passes else "it always refuses"
        return Told(
            f"{words.actor} is asked, but its support is {words.figure('value')}% whatever comes "
            f"about, and {words.figure('threshold')}% are needed: {answer}.",
            "Check the statements of its support.",
        )
    return Told(
        f"{words.actor} has a say, but all that can come about is the same to it. It gains from "
        "nothing, and so agrees to nothing.",
        "Check the statements of its preferences, or say what it wants.",
    )


# --- yardsticks ---------------------------------------------------------------------------------


def _payment_too_large(words: Words) -> Told:
    transfer = words.case.transfers[words.one("transfer")]
    spread = f"all its other worths together span {words.figure('range')} points"
    if words.slip.reason == "unit":
        text = f"one unit ({cut(transfer.unit, LONGEST)}) is worth {words.figure('unit')} points to"
    else:
        text = (
            f"the most that can be paid, {words.figure('most')} units, is worth "
            f"{words.figure('all')} points to"
        )
    return Told(
        f"{text} {words.actor}, but {spread}: it would trade anything for it.",
        "Put the unit and the worths on one scale.",
    )


def _payment_too_small(words: Words) -> Told:
    return Told(
        f"the most that can be paid, {words.figure('most')} units, is worth {words.figure('all')} "
        f"points to {words.actor}, whose worths span {words.figure('range')}: it changes nothing.",
        "Put the unit and the worths on one scale.",
    )


def _payment_one_sided(words: Words) -> Told:
    text = (
        "a unit is worth more than nothing to all who are named: nobody would be paying."
        if words.slip.reason == "nobody-loses"
        else "a unit costs all who are named: nobody would be paid."
    )
    return Told(text, "Give the payer a negative worth and the receiver a positive one.")


def _dominated_worth(words: Words) -> Told:
    return Told(
        f"this is worth {words.figure('largest')} points to {words.actor}, all its "
        f"{len(words.many('others'))} others together {words.figure('others')}: they never count "
        "against it.",
        "If that is meant, write `priorities`; otherwise put them on one scale.",
    )


def _small_worth(words: Words) -> Told:
    return Told(
        f"this is worth {words.figure('size')} points at most to {words.actor}, no more than the "
        f"least gain that moves it ({words.figure('least')}, {100 * words.slip.figures['share']:g}"
        "% of its range): by itself it never makes it agree.",
        "Check the scale, or leave it out.",
    )


TELLERS: Mapping[SlipKind, Callable[[Words], Told]] = {
    "unusable-right": unusable_right,
    "stuck-issue": stuck_issue,
    "unreached-position": unreached_position,
    "idle-event": idle_event,
    "quarrel": _quarrel,
    "takes-too-long": _takes_too_long,
    "prior-decides": _prior_decides,
    "never-holds": _never_holds,
    "always-holds": _always_holds,
    "flat-preferences": _flat_preferences,
    "all-sure": _all_sure,
    "payment-too-large": _payment_too_large,
    "payment-too-small": _payment_too_small,
    "payment-one-sided": _payment_one_sided,
    "dominated-worth": _dominated_worth,
    "small-worth": _small_worth,
    "no-say": _no_say,
    "same-states": _same_states,
    "unused-record": _unused_record,
}
"""The sentence of each kind of slip."""
