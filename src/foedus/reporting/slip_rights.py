"""The sentences of slips about rights, issues, positions and events."""

from __future__ import annotations

from foedus.case.problems import cut, listed
from foedus.reporting.slip_words import LONGEST, Told, Words


def unusable_right(words: Words) -> Told:
    """A right that nobody can ever use, and why."""
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
        case "not-yet":
            return Told(
                f"{text} It begins only after the deadline ({words.case.deadline}).",
                "Check its `from`, or leave it out.",
            )
        case "no-longer":
            return Told(
                f"{text} It ended before the day of which the case speaks ({words.case.as_of}).",
                "Check its `until`, or leave it out.",
            )
        case "never-when":
            return Told(
                f"{text} Its condition `{cut(words.one('when'), LONGEST)}` holds in nothing that "
                "can come about.",
                "Check the condition, and what could bring it about.",
            )
        case "covered":
            return Told(
                f"{text} Wherever its condition holds, an earlier entry counts.",
                "The first that counts is the right: put the special ones first.",
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


def stuck_issue(words: Words) -> Told:
    """An issue that nothing moves."""
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


def unreached_position(words: Words) -> Told:
    """A position that nothing reaches, and why."""
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


def idle_event(words: Words) -> Told:
    """An event that can change nothing, and why."""
    what = f"the event “{words.case.events[words.one('event')].name}”"
    match words.slip.reason:
        case "late":
            return Told(
                f"{what} comes after the deadline ({words.case.deadline}), and plays no part.",
                "Check its day and the deadline, or leave it out.",
            )
        case "never-when":
            return Told(
                f"{what} never happens: `{cut(words.one('when'), LONGEST)}` holds in nothing that "
                "can come about.",
                "Check the condition, and what could bring it about.",
            )
    return Told(
        f"{what} changes nothing: wherever it may happen, what it sets stands already.",
        "Check what it sets and its `when`, or leave it out.",
    )
