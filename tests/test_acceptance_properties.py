"""What holds of acceptance by its definition, tried on random cases that shrink."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from reference.game import Actor, Number, Preference, Spec, Worth, exactly
from reference.statements import Named, Or
from strategies import deal_specs

from foedus.case.reading import parse_case
from foedus.process.acceptance.solve import Acceptance, acceptance

T = TypeVar("T", bound=Callable[..., None])


def some(tests: T) -> T:
    """A fair number of examples, of any speed."""
    return settings(max_examples=25, suppress_health_check=list(HealthCheck))(tests)


def solved(spec: Spec) -> Acceptance:
    """The case written as YAML, read again, and solved."""
    return acceptance(parse_case(spec.to_yaml(), file="random.yaml"))


def told(found: Acceptance, without: str = "") -> dict[str, Any]:
    """Answers that no unit enters, leaving out one actor's column."""
    answers = {}
    for name, finding in found.findings.items():
        answers[name] = {
            "status": finding.status,
            "makers": finding.makers,
            "refusals": finding.refusals,
            "always": [each.actor for each in finding.always],
        }
        if finding.package and finding.bare and finding.no_deal:
            answers[name] |= {
                "the BATNA": finding.no_deal,
                "package": (finding.package.choice.state, finding.package.choice.coalition),
                "bare": (finding.bare.state, finding.bare.passes),
                "effects": {
                    effect.actor: (effect.change, effect.asked)
                    for effect in finding.package.effects
                    if effect.actor != without
                },
            }
    return {"findings": answers, "undominated": found.undominated}


def in_utilities(spec: Spec) -> Spec:
    """The case with every ordinary actor's order written as a utility of each settled state."""
    game = spec.game()
    wants: dict[str, Preference] = {
        actor: Worth(
            tuple(
                (exactly(spec.issues, state), game.levels[actor][s] + 1)
                for s, state in game.states.items()
                if s in game.settled
            )
        )
        for actor in spec.preferences
        if actor not in game.electorates
    }
    return replace(spec, preferences={**spec.preferences, **wants})


def more_of(spec: Spec, actor: str, arrangement: str, value: float) -> Spec:
    """The case in which an arrangement is worth so much more to an actor."""
    wants = spec.preferences[actor]
    assert isinstance(wants, Worth)
    paid = Worth((*wants.items, (Named(arrangement), value)))
    return replace(spec, preferences={**spec.preferences, actor: paid})


# --- what an answer says ----------------------------------------------------------------------


@some
@given(deal_specs())
def test_a_package_passes_when_nobody_blocks(spec: Spec) -> None:
    found = solved(spec)
    for name, finding in found.findings.items():
        assert finding.acceptable == (finding.status == "acceptable") == (name in found.acceptable)
        if finding.package is None:
            assert not finding.makers
            continue
        package = finding.package
        assert finding.acceptable == (not package.blockers)
        assert finding.acceptable == (finding.passing > 0)
        assert {b.actor for b in package.blockers} == set(package.choice.refusing)
        assert {each.actor for each in finding.always} <= set(package.choice.refusing)
        assert any(set(maker) <= set(package.choice.coalition) for maker in finding.makers)
        for effect in package.effects:
            assert effect.asked == (effect.actor in package.choice.coalition)
            assert (effect.shortfall is not None) == effect.blocks
            assert effect.shortfall is None or effect.shortfall >= 0
        if not finding.needs_consent:
            assert finding.makers == ((),)
            assert package.choice.state == found.bare_fall
            assert not any(effect.asked for effect in package.effects)


@some
@given(deal_specs())
def test_no_deal_is_played_by_the_rules(spec: Spec) -> None:
    """Wanted moves of those who play, never into the arrangement, nowhere twice, to the end."""
    found = solved(spec)
    game, space = found.game, found.game.space
    moves = {each.mover.key: each for each in game.moves}
    for name, finding in found.findings.items():
        no_deal = finding.no_deal
        if no_deal is None:
            continue
        inside = space.matches(name)
        assert not inside[no_deal.state] or not finding.needs_consent
        here, visited = found.today, {found.today}
        for step in no_deal.steps:
            assert step.mover not in no_deal.sitting_out
            assert step.origin == here
            here = step.target
            assert here in moves[step.mover].targets(step.origin)
            assert all(v.agrees(step.origin, here) for v in game.members(moves[step.mover].mover))
            assert here not in visited
            assert not inside[here]
            visited.add(here)
        assert here == no_deal.end
        assert space.fall[here] == no_deal.state
        returns = {(refused.mover, refused.target) for refused in no_deal.refused}
        for key, each in moves.items():
            if key in no_deal.sitting_out:
                continue
            for t in each.targets(here).tolist():
                if all(v.agrees(here, t) for v in game.members(each.mover)) and not inside[t]:
                    assert t in visited
                    assert any(mover == key for mover, _ in returns)


@some
@given(deal_specs())
def test_a_wider_pattern_is_made_by_whoever_makes_a_narrower(spec: Spec) -> None:
    names = list(spec.arrangements)
    wide = Or((Named(names[0]), Named(names[-1])))
    found = solved(replace(spec, arrangements={**spec.arrangements, "wide": wide}))
    for name in (names[0], names[-1]):
        assert found[name].states <= found["wide"].states
        assert found[name].made <= found["wide"].made
        for maker in found[name].makers:
            assert any(set(smaller) <= set(maker) for smaller in found["wide"].makers)


@some
@given(deal_specs())
def test_arrangements_that_match_the_same_states_get_the_same_answer(spec: Spec) -> None:
    name = next(iter(spec.arrangements))
    found = solved(replace(spec, arrangements={**spec.arrangements, "again": Named(name)}))
    assert replace(found["again"], arrangement=found[name].arrangement) == found[name]
    assert ("again" in found.undominated) == (name in found.undominated)


# --- what is lacking is what it takes ---------------------------------------------------------


@some
@given(deal_specs())
def test_a_little_more_than_the_shortfall_turns_every_blocker(spec: Spec) -> None:
    spec = in_utilities(spec)
    for name, finding in solved(spec).findings.items():
        if finding.status != "blocked" or finding.package is None:
            continue
        blockers = finding.package.blockers
        if any(each.kind == "support" for each in blockers):
            continue
        paid = spec
        for each in blockers:
            assert each.shortfall is not None
            paid = more_of(paid, each.actor, name, each.shortfall + 0.25)
        assert solved(paid)[name].status == "acceptable"


@some
@given(deal_specs())
def test_no_more_than_the_least_shortfall_turns_nobody(spec: Spec) -> None:
    spec = in_utilities(spec)
    for name, finding in solved(spec).findings.items():
        for each in finding.always:
            if each.effect.kind != "utility":
                continue
            assert each.effect.shortfall is not None
            paid = more_of(spec, each.actor, name, each.effect.shortfall)
            again = solved(paid)[name].stubborn(each.actor)
            assert again is not None
            assert again.effect.shortfall == 0


# --- what must not matter ---------------------------------------------------------------------


def scaled(number: Number, by: Fraction) -> Number:
    if isinstance(number, tuple):
        low, mode, high = number
        return float(low * by), float(mode * by), float(high * by)
    assert not isinstance(number, str)
    return float(number * by)


@some
@given(deal_specs(), st.sampled_from([Fraction(1, 1000), Fraction(1, 3), Fraction(7), 10**6]))
def test_the_unit_of_one_actors_utility_does_not_matter(spec: Spec, by: Fraction) -> None:
    found = solved(spec)
    for actor, wants in spec.preferences.items():
        if not isinstance(wants, Worth):
            continue
        other = Worth(tuple((when, scaled(value, by)) for when, value in wants.items))
        again = solved(replace(spec, preferences={**spec.preferences, actor: other}))
        assert told(again) == told(found)
        for name, finding in found.findings.items():
            before, after = finding.package, again[name].package
            if before is not None and after is not None:
                one, two = before.effect(actor), after.effect(actor)
                assert np.isclose(two.against_no_deal, one.against_no_deal * float(by))
                assert (one.shortfall is None) == (two.shortfall is None)


@some
@given(deal_specs(), st.integers(0, 4))
def test_an_actor_that_decides_nothing_does_not_matter(spec: Spec, place: int) -> None:
    actors = list(spec.actors)
    actors.insert(min(place, len(actors)), Actor("onlooker"))
    wants = Worth(((exactly(spec.issues, next(iter(spec.feasible.values()))), 1),))
    other = replace(spec, actors=tuple(actors), preferences={**spec.preferences, "onlooker": wants})
    found = solved(other)
    assert told(found, without="onlooker") == told(solved(spec))
    for finding in found.findings.values():
        if finding.package is not None:
            assert not finding.package.effect("onlooker").asked


@some
@given(deal_specs(), st.randoms(use_true_random=False))
def test_the_order_of_rules_and_other_arrangements_does_not_matter(spec: Spec, random: Any) -> None:
    found = solved(spec)
    rules = tuple(random.sample(spec.rules, len(spec.rules)))
    assert told(solved(replace(spec, rules=rules))) == told(found)
    names = list(spec.arrangements)
    assume(len(names) > 1)
    mixed = {name: spec.arrangements[name] for name in reversed(names)}
    again = told(solved(replace(spec, arrangements=mixed)))
    assert again["findings"] == told(found)["findings"]
    assert set(again["undominated"]) == set(found.undominated)
