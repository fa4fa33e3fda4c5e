"""Acceptance against the slow reference: random cases, everything that is found."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from reference import acceptance as slow
from reference.game import Number, Spec, Support, Worth
from strategies import block_name, deal_specs, random_deals, seed_blocks

from foedus.case.reading import parse_case
from foedus.process.acceptance.results import Finding, Form
from foedus.process.acceptance.solve import Acceptance, acceptance
from foedus.process.acceptance.vetoes import Effect

ORDERS = ("file", "reverse")


def rounded(value: float | Fraction | None) -> float | None:
    """Numbers without the noise of float addition."""
    return None if value is None else round(float(value), 9)


def told_by_reference(reference: slow.Acceptance, name: str, order: str) -> dict[str, Any]:
    """Everything about one arrangement, from the definitions."""
    answer = reference.answer(name, reverse=order == "reverse")
    states = reference.states_of(name)
    told: dict[str, Any] = {
        "states": len(states),
        "made": len({t for t, _ in answer.candidates}),
        "makers": answer.makers,
        "needs consent": answer.needs_consent,
        "acceptable": answer.acceptable,
        "possible": bool(states),
    }
    if answer.package is None:
        return {**told, "the BATNA": None, "package": None, "minimal form": None, "passing": 0}
    no_deal, (state, coalition) = answer.no_deal, answer.package
    told["the BATNA"] = {
        "sits out": {frozenset(mover) for mover in no_deal.sits_out},
        "moves": [(set(mover), s, t) for mover, s, t in no_deal.moves],
        "refused": [(set(mover), s, t, list(cycle)) for mover, s, t, cycle in no_deal.refused],
        "end": no_deal.end,
        "result": no_deal.result,
    }
    told["passing"] = len(
        {t for t, c in answer.candidates if not reference.refusing(c, no_deal.result, t)}
    )
    told["package"] = {"state": state, "coalition": coalition}
    told["changes"] = reference.game.changes(reference.bare_fall, state)
    told["refusing"] = set(answer.blockers)
    told["joint gain"] = None
    if coalition and answer.acceptable:
        mean = reference.mean_gain(coalition, no_deal.result, state)
        told["joint gain"] = rounded(float(mean))
    told["effects"] = answer.effects
    told["veto map"] = answer.entries
    told["shortfalls"] = {a: rounded(lacking) for a, lacking in answer.blockers.items()}
    told["gains"] = {a: tuple(map(rounded, gains)) for a, gains in answer.gains.items()}
    told["minimal form"] = answer.bare_form
    told["minimal form passes"] = answer.bare_form_passes
    told["needs"] = {
        actor: needs_by_reference(reference, name, order, actor, state) for actor in answer.blockers
    }
    told["refuse always"] = {}
    for actor in answer.refusing_in_every_form:
        lacking = {t: reference.shortfall(actor, no_deal.result, t) for t, _ in answer.candidates}
        least = {t for t in lacking if lacking[t] == min(lacking.values())}
        closest = min(least, key=lambda t: (reference.game.changes(reference.bare_fall, t), t))
        needs = needs_by_reference(reference, name, order, actor, closest)
        told["refuse always"][actor] = closest, rounded(lacking[closest]), needs
    told["refusals"] = answer.smallest_refusals
    return told


Needs = dict[int, tuple[bool, float | None, bool | None]]
"""By the place of an item: whether more is needed, than what, and whether no deal would stay."""


def needs_by_reference(
    reference: slow.Acceptance, name: str, order: str, actor: str, state: int
) -> Needs:
    preference = reference.spec.preferences[actor]
    backwards = order == "reverse"
    instead = reference.no_deal(name, reverse=backwards).result
    told: Needs = {}
    for place, (more, bound) in reference.needs(actor, instead, state).items():
        stays, beyond = None, 0.0
        if isinstance(preference, Worth):
            values = [reference.game.utility[actor][s] for s in reference.game.settled]
            beyond = 1e-6 * (max(values) - min(values))
            judged: Number = preference.items[place][1]
        else:
            assert isinstance(preference, Support)
            judged = [*(share for _, share in preference.items), preference.default][place]
        if isinstance(judged, tuple):
            end = judged[2] if more else judged[0]
            within = bound < end if more else bound > end
            if within or (bound == end and isinstance(preference, Support)):
                value = float(bound) + (beyond if more else -beyond)
                other = reference.judged_otherwise(actor, place, value)
                stays = other.no_deal(name, reverse=backwards).result == instead
        told[place] = more, rounded(bound), stays
    return told


def told_by_solver(found: Acceptance, finding: Finding) -> dict[str, Any]:
    """The same, from foedus."""
    told: dict[str, Any] = {
        "states": finding.states,
        "made": finding.made,
        "makers": frozenset(map(frozenset, finding.makers)),
        "needs consent": finding.needs_consent,
        "acceptable": finding.acceptable,
        "possible": finding.possible,
        "passing": finding.passing,
    }
    no_deal, package = finding.no_deal, finding.package
    if no_deal is None or package is None or finding.bare is None:
        return {**told, "the BATNA": no_deal, "package": package, "minimal form": finding.bare}
    told["the BATNA"] = {
        "sits out": {frozenset(mover.split("+")) for mover in no_deal.sitting_out},
        "moves": [(set(s.mover.split("+")), s.origin + 1, s.target + 1) for s in no_deal.steps],
        "refused": [
            (
                set(refused.mover.split("+")),
                refused.origin + 1,
                refused.target + 1,
                [step.origin + 1 for step in no_deal.cycle(refused)] + [refused.origin + 1],
            )
            for refused in no_deal.refused
        ],
        "end": no_deal.end + 1,
        "result": no_deal.state + 1,
    }
    told |= told_of_package(found, package)
    told["minimal form"] = finding.bare.state + 1
    told["minimal form passes"] = finding.bare.passes
    told["needs"] = {each.actor: told_needs(found, each) for each in package.blockers}
    told["refuse always"] = {
        each.actor: (each.state + 1, rounded(each.effect.shortfall), told_needs(found, each.effect))
        for each in finding.always
    }
    told["refusals"] = {frozenset(r.members): r.state + 1 for r in finding.refusals}
    return told


def told_needs(found: Acceptance, effect: Effect) -> Needs:
    items: tuple[Any, ...] = getattr(found.game.case.preferences[effect.actor], "items", ())
    places = {item.id: place for place, item in enumerate(items)}
    return {
        places[need.item]: (need.more, rounded(need.bound), need.no_deal_stays)
        for need in effect.needs
    }


def told_of_package(found: Acceptance, package: Form) -> dict[str, Any]:
    choice = package.choice
    told: dict[str, Any] = {
        "package": {"state": choice.state + 1, "coalition": frozenset(choice.coalition)},
        "changes": choice.changes,
        "refusing": set(choice.refusing),
    }
    told["joint gain"] = rounded(choice.joint_gain) if choice.coalition else None
    asked = {effect.actor: effect.change for effect in package.effects if effect.asked}
    told["effects"] = {effect.actor: effect.change for effect in package.effects}
    told["veto map"] = {actor: asked.get(actor, "not asked") for actor in found.game.case.actors}
    told["shortfalls"] = {each.actor: rounded(each.shortfall) for each in package.blockers}
    told["gains"] = {
        each.actor: (
            rounded(each.against_today),
            rounded(each.against_bare_fall),
            rounded(each.against_no_deal),
        )
        for each in package.effects
    }
    return told


def compare(spec: Spec, message: str, order: str) -> None:
    """Raise AssertionError where the two differ, part by part."""
    reference = slow.Acceptance(spec)
    found = acceptance(parse_case(spec.to_yaml(), file="random.yaml"), order=order)
    assert (found.today + 1, found.bare_fall + 1) == (reference.game.today, reference.bare_fall)
    for name in spec.arrangements:
        expected = told_by_reference(reference, name, order)
        told = told_by_solver(found, found[name])
        assert set(expected) == set(told)
        for part, value in expected.items():
            assert told[part] == value, f"{part} of {name} differs; {message}\n{spec.to_yaml()}"
    expected_best = reference.undominated(reverse=order == "reverse")
    assert list(found.undominated) == expected_best, f"undominated; {message}\n{spec.to_yaml()}"
    json.dumps(found.to_dict())


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_all_that_is_found_in_random_cases(seeds: range) -> None:
    for seed in seeds:
        compare(random_deals(seed), f"seed {seed}", ORDERS[seed % 4 == 0])


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(deal_specs())
def test_all_that_is_found_in_shrinking_cases(spec: Spec) -> None:
    compare(spec, "found by Hypothesis", "file")
