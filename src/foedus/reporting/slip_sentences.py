"""The sentences of slips: what each kind is, why it matters, what to do. One function a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from foedus.case.model import Case
from foedus.case.problems import cut, listed
from foedus.document import number
from foedus.game.space import rule_told
from foedus.slips.slip import Slip, SlipKind

LONGEST = 90
"""A statement, name or right is cut to so many characters."""


class Told(NamedTuple):
    """A slip in words: what it is, and what to do about it."""

    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class Words:
    """The names of what a slip speaks of."""

    case: Case
    slip: Slip

    def one(self, what: str) -> str:
        """The first id of a kind, empty without one."""
        return next(iter(self.slip.names.get(what, ())), "")

    def many(self, what: str) -> Sequence[str]:
        """All ids of a kind."""
        return self.slip.names.get(what, ())

    def figure(self, what: str) -> str:
        """A figure, as it is written."""
        return number(self.slip.figures[what])

    def share(self, what: str) -> str:
        """A figure from 0 to 1, in per cent."""
        return f"{100 * self.slip.figures[what]:.0f}%"

    @property
    def actor(self) -> str:
        """The name of the slip's actor."""
        return self.case.actors[self.one("actor")].name

    @property
    def issue(self) -> str:
        """The name of the slip's issue."""
        return self.case.issues[self.one("issue")].name

    def labels(self, what: str) -> list[str]:
        """Positions of the slip's issue by their labels, quoted."""
        issue = self.case.issues[self.one("issue")]
        return [f'"{issue.positions[issue.number(p)].label}"' for p in self.many(what)]

    def rules(self) -> str:
        """The rules, as they are quoted in messages."""
        texts = list(dict.fromkeys(self.many("rules")))
        rules = [next(r for r in self.case.rules if r.statement.text == t) for t in texts]
        return listed([rule_told(self.case, rule) for rule in rules], "and")

    def why(self) -> str:
        """Which rules forbid something, as a sentence."""
        count = len(self.many("rules"))
        if self.slip.reason == "rules-together":
            together = "The rules" if count > 1 else "The rule"
            return f"{together} {self.rules()} together forbid it everywhere."
        if count == 1:
            text = f"The rule {self.rules()} forbids it everywhere"
            return f"{text}; without it, some state would allow it."
        return f"Without any one of the rules {self.rules()} some state would allow it."


# --- rights, issues, positions ------------------------------------------------------------------


def _unusable_right(words: Words) -> Told:
    to = listed(words.labels("to"), "or")
    if words.one("scope") == "default":
        what = f"the general right `{cut(words.one('right'), LONGEST)}` over {words.issue}"
    else:
        what = f"the right `{cut(words.one('right'), LONGEST)}` to move {words.issue} to {to}"
        if words.one("scope") == "change":
            what += f" from {listed(words.labels('from'), 'or')}"
    if words.slip.reason == "overridden":
        return Told(
            f"{what} never counts: a more specific entry stands for each change.", "Leave it out."
        )
    text = f"nobody can ever use {what}."
    match words.slip.reason:
        case "barred":
            return Told(
                f"{text} The position is barred: by `never_back_to`, or because it is expiring.",
                "Leave out the right, or what bars the position.",
            )
        case "unreached":
            return Told(
                f"{text} It starts from a position that never comes about.",
                "See what keeps the issue from getting there.",
            )
        case "rules" | "rules-together":
            return Told(
                f"{text} {words.why()}",
                "Let the rule allow the change, or give somebody the right to change what it ties "
                "this to.",
            )
    return Told(text, "Look at the rules: none of its results is possible.")


def _stuck_issue(words: Words) -> Told:
    stays = listed(words.labels("position"), "or")
    if words.slip.reason == "one-position":
        return Told(
            f"{words.issue} has one position, so there is nothing to settle.",
            "Add the other positions, or leave the issue out.",
        )
    return Told(
        f"nothing moves {words.issue}: nobody has a right to, and it reverts to nothing else. It "
        f"stays at {stays}.",
        "Name who decides it, or leave the issue out.",
    )


def _unreached_position(words: Words) -> Told:
    text = f"{words.issue} never comes to {listed(words.labels('position'), 'or')}."
    match words.slip.reason:
        case "expiring":
            return Told(
                f"{text} It is expiring (it stands under `otherwise`), so nobody may move there, "
                "and it is not the status quo.",
                "Start there, or take it out of `otherwise`.",
            )
        case "never-back-to":
            return Told(
                f"{text} It stands under `never_back_to` and is not the status quo.",
                "Take it out of `never_back_to`, or out of the positions.",
            )
        case "nobody":
            return Told(
                f"{text} Nobody has a right to move there from where the issue comes.",
                "Name who decides it, or leave the position out.",
            )
        case "rules" | "rules-together":
            return Told(f"{text} {words.why()}", "Check the rule, or leave the position out.")
    return Told(text, "Look at the rules: none of the states with it can be come to.")


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
    "unusable-right": _unusable_right,
    "stuck-issue": _stuck_issue,
    "unreached-position": _unreached_position,
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
