"""What holds of every game by its definition, tried on random cases that shrink."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.game import (
    Actor,
    Issue,
    Number,
    Preference,
    Priorities,
    Ranking,
    Right,
    Spec,
    Support,
    Worth,
    exactly,
)
from reference.statements import And, If, Iff, Is, Named, Not, Or, Statement
from strategies import specs

from foedus.case.reading import parse_case
from foedus.equilibria.registry import CONCEPTS
from foedus.equilibria.solve import Stability, stability
from foedus.preferences.games import Game, game_of

T = TypeVar("T", bound=Callable[..., None])
STRENGTHS = (
    ("nash", "smr"),
    ("smr", "gmr"),
    ("nash", "seq"),
    ("seq", "gmr"),
    ("nash", "sim"),
    ("nash", "sseq"),
    ("sseq", "seq"),
    ("sseq", "smr"),
)
"""What is stable by the first is stable by the second: more deters, or nothing needs to."""


def some(tests: T) -> T:
    """A fair number of examples, of any speed."""
    return settings(max_examples=25, suppress_health_check=list(HealthCheck))(tests)


def game_for(spec: Spec) -> Game:
    """The case written as YAML, read again, and made computable."""
    return game_of(parse_case(spec.to_yaml(), file="random.yaml"))


def solved(spec: Spec) -> Stability:
    return stability(game_for(spec), tuple(CONCEPTS))


def verdicts(spec: Spec) -> dict[str, Any]:
    """Every verdict, with movers in no order."""
    told = solved(spec).to_dict()
    return {part: told[part] for part in ("stable", "equilibria")}


def by_state(spec: Spec) -> dict[str, Any]:
    """Every verdict, with states by their positions and movers by their members, in no order."""
    told = solved(spec).to_dict()
    state = {s["id"]: frozenset(s["positions"].items()) for s in told["states"]}
    return {
        concept: {
            frozenset(mover.split("+")): frozenset(state[s] for s in stable)
            for mover, stable in by.items()
        }
        for concept, by in told["stable"].items()
    }


# --- stability --------------------------------------------------------------------------------


@some
@given(specs())
def test_weaker_concepts_hold_where_stronger_ones_do(spec: Spec) -> None:
    found = verdicts(spec)
    for strong, weak in STRENGTHS:
        assert set(found["equilibria"][strong]) <= set(found["equilibria"][weak])
        for mover, states in found["stable"][strong].items():
            assert set(states) <= set(found["stable"][weak][mover]), (strong, weak, mover)


@some
@given(specs())
def test_equilibria_are_what_all_movers_stay_at(spec: Spec) -> None:
    found = verdicts(spec)
    for concept, by_mover in found["stable"].items():
        shared = set.intersection(*map(set, by_mover.values()))
        assert found["equilibria"][concept] == sorted(shared)


@some
@given(specs())
def test_some_actor_alone_always_has_a_state_it_stays_at(spec: Spec) -> None:
    """A mover's best settled state is Nash stable for it: it agrees to go nowhere from there."""
    game = game_for(spec)
    stable = stability(game, ["nash"]).stable["nash"]
    settled = np.flatnonzero(game.space.settled)
    for mover, mask in zip(game.movers, stable, strict=True):
        for view in game.members(mover):
            if not view.electorate:
                top = settled[view.levels[settled] == view.levels[settled].max()]
                assert mask[top].all(), (mover.key, view.actor.id)


# --- moves and improvements -------------------------------------------------------------------


@some
@given(specs())
def test_what_is_settled_stays_settled(spec: Spec) -> None:
    game = game_for(spec)
    for moves in game.moves:
        for s in np.flatnonzero(game.space.settled):
            assert game.space.settled[moves.targets(int(s))].all()


@some
@given(specs())
def test_moves_and_improvements_compose(spec: Spec) -> None:
    """Two moves of one mover in a row are one move of it; two improvements one improvement."""
    game = game_for(spec)
    for moves in game.moves:
        members = game.members(moves.mover)
        targets = {s: set(moves.targets(s).tolist()) for s in range(len(game.space))}
        wanted = {
            s: {t for t in targets[s] if all(view.agrees(s, t) for view in members)}
            for s in targets
        }
        for s in targets:
            for t in targets[s]:
                assert targets[t] <= targets[s] | {s}
            for t in wanted[s]:
                assert wanted[t] <= wanted[s]


@some
@given(specs())
def test_agreement_is_transitive(spec: Spec) -> None:
    game = game_for(spec)
    everywhere = np.arange(len(game.space))
    for view in game.views.values():
        agrees = view.agrees(everywhere[:, None], everywhere[None, :])
        two_steps = (agrees[:, :, None] & agrees[None, :, :]).any(axis=1)
        assert not (two_steps & ~agrees).any(), view.actor.id
        if not view.electorate:
            assert not agrees.diagonal().any()


@some
@given(specs())
def test_actors_judge_by_what_a_state_falls_to(spec: Spec) -> None:
    game = game_for(spec)
    fall = game.space.fall
    assert (fall[fall] == fall).all()
    for view in game.views.values():
        assert (view.levels == view.levels[fall]).all()
        assert (view.values == view.standing[fall]).all()


# --- what must not matter ---------------------------------------------------------------------


def scaled(number: Number, by: float) -> Number:
    if isinstance(number, tuple):
        low, mode, high = number
        return low * by, mode * by, high * by
    assert not isinstance(number, str)
    return number * by


@some
@given(specs(), st.sampled_from([0.001, 0.3, 0.5, 3, 7.7, 1_000_000]))
def test_the_unit_of_a_utility_does_not_matter(spec: Spec, by: float) -> None:
    preferences: dict[str, Preference] = {
        actor: Worth(tuple((when, scaled(value, by)) for when, value in preference.items))
        if isinstance(preference, Worth)
        else preference
        for actor, preference in spec.preferences.items()
    }
    other = replace(spec, preferences=preferences)
    before, after = game_for(spec), game_for(other)
    for actor, view in before.views.items():
        assert (view.levels == after.views[actor].levels).all(), actor
    assert verdicts(spec) == verdicts(other)


@some
@given(specs(), st.sampled_from([-1000, -3, 0.1, 50]))
def test_what_every_state_has_does_not_matter(spec: Spec, value: float) -> None:
    here = exactly(spec.issues, next(iter(spec.feasible.values())))
    always = Or((here, Not(here)))
    preferences: dict[str, Preference] = {
        actor: Worth((*preference.items, (always, value)))
        if isinstance(preference, Worth)
        else preference
        for actor, preference in spec.preferences.items()
    }
    assert verdicts(spec) == verdicts(replace(spec, preferences=preferences))


@some
@given(specs())
def test_only_the_order_of_states_matters_to_an_actor(spec: Spec) -> None:
    """Preferences of any kind, written as a utility of each state, give the same verdicts."""
    game = spec.game()
    preferences: dict[str, Preference] = {
        actor: preference
        if actor in game.electorates
        else Worth(
            tuple(
                (exactly(spec.issues, state), 1.5 ** game.levels[actor][s])
                for s, state in game.states.items()
                if s in game.settled
            )
        )
        for actor, preference in spec.preferences.items()
    }
    assert verdicts(spec) == verdicts(replace(spec, preferences=preferences))


@some
@given(specs(), st.integers(0, 4))
def test_an_actor_that_decides_nothing_does_not_matter(spec: Spec, place: int) -> None:
    actors = list(spec.actors)
    actors.insert(min(place, len(actors)), Actor("onlooker"))
    wants = Worth(((exactly(spec.issues, next(iter(spec.feasible.values()))), 1),))
    other = replace(spec, actors=tuple(actors), preferences={"onlooker": wants, **spec.preferences})
    assert verdicts(spec) == verdicts(other)


@some
@given(specs(), st.randoms(use_true_random=False))
def test_the_order_of_rules_and_actors_does_not_matter(spec: Spec, random: Any) -> None:
    rules = random.sample(spec.rules, len(spec.rules))
    assert verdicts(spec) == verdicts(replace(spec, rules=tuple(rules)))
    actors = random.sample(spec.actors, len(spec.actors))
    assert by_state(spec) == by_state(replace(spec, actors=tuple(actors)))


@some
@given(specs())
def test_the_order_of_issues_does_not_matter(spec: Spec) -> None:
    backwards = replace(
        spec,
        issues=spec.issues[::-1],
        today=None if spec.today is None else spec.today[::-1],
    )
    assert by_state(spec) == by_state(backwards)


@some
@given(specs())
def test_saying_a_rule_twice_does_not_matter(spec: Spec) -> None:
    assert verdicts(spec) == verdicts(replace(spec, rules=(*spec.rules, *spec.rules)))


@some
@given(specs())
def test_names_do_not_matter(spec: Spec) -> None:
    """With every id another one, in another alphabetical order, the verdicts are the same."""
    told, other = solved(spec).to_dict(), solved(renamed(spec)).to_dict()
    assert other["equilibria"] == told["equilibria"]
    assert other["stable"] == {
        concept: {"+".join(map(new, mover.split("+"))): states for mover, states in by.items()}
        for concept, by in told["stable"].items()
    }


def new(name: str) -> str:
    """Another id, sorted otherwise: the letters mirrored."""
    mirrored = "".join(chr(ord("a") + ord("z") - ord(c)) if c.isalpha() else c for c in name)
    return f"x-{mirrored}"


def new_right(right: Right) -> Right:
    return tuple(frozenset(map(new, actors)) for actors in right)


def new_issue(issue: Issue) -> Issue:
    return Issue(
        new(issue.id),
        tuple(map(new, issue.positions)),
        None if issue.default is None else new_right(issue.default),
        {new(p): new_right(right) for p, right in issue.to.items()},
        {(new(p), new(q)): new_right(right) for (p, q), right in issue.changes.items()},
        tuple(map(new, issue.never_back_to)),
        {new(p): new(q) for p, q in issue.otherwise.items()},
        {new(p): (new_statement(when), new(q)) for p, (when, q) in issue.instead.items()},
    )


def new_statement(statement: Statement) -> Statement:
    match statement:
        case Is(issue, positions, negated):
            return Is(new(issue), tuple(map(new, positions)), negated)
        case Named(arrangement):
            return Named(new(arrangement))
        case Not(part):
            return Not(new_statement(part))
        case And(parts) | Or(parts):
            return type(statement)(tuple(map(new_statement, parts)))
        case If(left, right) | Iff(left, right):
            return type(statement)(new_statement(left), new_statement(right))


def new_preference(preference: Preference) -> Preference:
    match preference:
        case Worth(items):
            return Worth(tuple((new_statement(when), value) for when, value in items))
        case Priorities(chances):
            return Priorities(tuple((new_statement(when), held) for when, held in chances))
        case Ranking(tiers):
            return Ranking(tuple(tuple(map(new_statement, tier)) for tier in tiers))
        case Support(items, default):
            return Support(tuple((new_statement(when), share) for when, share in items), default)


def renamed(spec: Spec) -> Spec:
    """The same case with all its ids changed."""
    return Spec(
        actors=tuple(replace(actor, id=new(actor.id)) for actor in spec.actors),
        issues=tuple(map(new_issue, spec.issues)),
        preferences={new(a): new_preference(wants) for a, wants in spec.preferences.items()},
        rules=tuple(map(new_statement, spec.rules)),
        groups=tuple(tuple(map(new, group)) for group in spec.groups),
        arrangements={new(name): new_statement(w) for name, w in spec.arrangements.items()},
        today=None if spec.today is None else tuple(map(new, spec.today)),
    )
