"""Acceptance as plain data, for JSON: states by number (from 1) and positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foedus.preferences.games import Game
from foedus.process.acceptance.nodeal import NoDeal, Step
from foedus.process.acceptance.packages import Choice
from foedus.process.acceptance.results import Finding, Form
from foedus.process.acceptance.vetoes import Effect, Need

Plain = dict[str, Any]


def plain_acceptance(
    game: Game,
    findings: Mapping[str, Finding],
    dominated_by: Mapping[str, tuple[str, ...]],
    order: str,
) -> Plain:
    """The whole result as plain data."""
    today = game.space.today
    assert today is not None  # noqa: S101 - acceptance is not worked out without it
    return {
        "states": len(game.space),
        "settled": int(game.space.settled.sum()),
        "today": _state(game, today),
        "bare_fall": _state(game, int(game.space.fall[today])),
        "turns": order,
        "arrangements": {
            name: {**_finding(game, finding), "dominated_by": list(dominated_by.get(name, ()))}
            for name, finding in findings.items()
        },
    }


def _finding(game: Game, finding: Finding) -> Plain:
    package, no_deal = finding.package, finding.no_deal
    return {
        "name": finding.arrangement.name,
        "status": finding.status,
        "acceptable": finding.acceptable,
        "states": finding.states,
        "made": finding.made,
        "passing": finding.passing,
        "excluded_by": _conflict(finding),
        "makers": [list(coalition) for coalition in finding.makers],
        "needs_consent": finding.needs_consent,
        "no_deal": _no_deal(game, no_deal) if no_deal else None,
        "package": _package(game, package) if package else None,
        "bare_form": _choice(game, finding.bare) if finding.bare else None,
        "always_refuse": {
            each.actor: {
                "closest": _state(game, each.state),
                **_lacking(each.effect),
            }
            for each in finding.always
        },
        "refusals": [
            {"members": list(refusal.members), "state": _state(game, refusal.state)}
            for refusal in finding.refusals
        ],
    }


def _conflict(finding: Finding) -> list[Plain] | None:
    if finding.conflict is None:
        return None
    return [{"rule": rule.statement.text, "why": rule.why} for rule in finding.conflict]


def _state(game: Game, index: int) -> Plain:
    return {"id": index + 1, "positions": game.space.positions(index)}


def _choice(game: Game, choice: Choice) -> Plain:
    return {
        "state": _state(game, choice.state),
        "coalition": list(choice.coalition),
        "passes": choice.passes,
        "refusing": list(choice.refusing),
        "joint_gain": choice.joint_gain,
        "changes": choice.changes,
    }


def _package(game: Game, form: Form) -> Plain:
    return {
        **_choice(game, form.choice),
        "actors": {effect.actor: _effect(effect) for effect in form.effects},
    }


def _effect(effect: Effect) -> Plain:
    told: Plain = {
        "kind": effect.kind,
        "asked": effect.asked,
        "change": effect.change,
        "blocks": effect.blocks,
        "value": effect.value,
        "at": {
            "today": effect.at.today,
            "bare_fall": effect.at.bare_fall,
            "no_deal": effect.at.no_deal,
        },
    }
    if effect.threshold is not None:
        told["threshold"] = effect.threshold
    return {**told, **_lacking(effect)}


def _lacking(effect: Effect) -> Plain:
    """A blocker's shortfall, and the judgements that would each make it up; else nothing."""
    if effect.shortfall is None:
        return {}
    return {
        "shortfall": effect.shortfall,
        "needs": [
            {
                "judgement": need.judgement.name,
                _bound(need): need.bound,
                "range": [need.judgement.low, need.judgement.mode, need.judgement.high],
                "within_range": need.within,
                "no_deal_stays": need.no_deal_stays,
            }
            for need in effect.needs
        ],
    }


def _bound(need: Need) -> str:
    if need.share:
        return "at_least"
    return "more_than" if need.more else "less_than"


def _no_deal(game: Game, no_deal: NoDeal) -> Plain:
    return {
        "state": _state(game, no_deal.state),
        "before_the_fall": no_deal.end + 1,
        "sitting_out": list(no_deal.sitting_out),
        "moves": [_step(step) for step in no_deal.steps],
        "settled": no_deal.settled,
        "refused_returns": [
            {
                "mover": refused.mover,
                "from": refused.origin + 1,
                "to": refused.target + 1,
                "cycle_of_moves": [refused.first + 1, refused.last],
            }
            for refused in no_deal.refused
        ],
    }


def _step(step: Step) -> Plain:
    return {"mover": step.mover, "from": step.origin + 1, "to": step.target + 1}
