"""The space does not depend on the order in which issues and rules are written.

What is counted is work: the partial states that are looked at, and the largest number held.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.game import Spec
from reference.statements import holds
from strategies import block_name, random_spec, seed_blocks, specs
from test_conflicts import case_of, patterns

from foedus.case.importers.gmcr_states import feasible_words
from foedus.case.join_order import join_order
from foedus.case.model import And, Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.game.space import (
    Codes,
    Radix,
    StatementReader,
    feasible_space,
    filtered_codes,
    smallest_conflict,
)
from foedus.game.space.conditions import Condition, conditions_of, merged
from foedus.game.space.joining import STATE_LIMIT, Join, TooManyStates

some = settings(max_examples=50, suppress_health_check=list(HealthCheck))

TEN = " ".join(f"p{k}" for k in range(10))


def tie(one: str, other: str) -> list[str]:
    """Rules by which two issues of ten positions are always at the same one."""
    return [f"{one} = {p} <-> {other} = {p}" for p in TEN.split()]


def names(count: int) -> list[str]:
    return [f"i{k}" for k in range(count)]


def same(issues: Sequence[str], position: str) -> str:
    return "(" + " and ".join(f"{issue} = {position}" for issue in issues) + ")"


def exclusive(issues: Sequence[str], between: str) -> list[str]:
    """Rules by which at most one of the issues is at y, pair by pair or in one statement."""
    pairs = [f"not ({a} = y and {b} = y)" for a, b in itertools.combinations(issues, 2)]
    return pairs if between == "pairs" else [" and ".join(pairs)]


def one_of(issues: Sequence[str]) -> str:
    """Exactly one of the issues is at y, written out as one statement over all of them."""
    return " or ".join(
        "(" + " and ".join(f"{i} = {'y' if i == chosen else 'n'}" for i in issues) + ")"
        for chosen in issues
    )


# Issues with their positions, rules, how many states there are, and how many partial states may be
# held at once: a small multiple of the states wherever small tables tell what leads nowhere.
FAMILIES: dict[str, tuple[dict[str, str], list[str], int, int]] = {
    "all tied to the last": (
        dict.fromkeys(names(10), TEN),
        [rule for issue in names(9) for rule in tie(issue, "i9")],
        10,
        100,
    ),
    "a chain": (
        dict.fromkeys(names(15), TEN),
        [rule for pair in itertools.pairwise(names(15)) for rule in tie(*pair)],
        10,
        100,
    ),
    "a circle": (
        dict.fromkeys(names(12), TEN),
        [rule for k in range(12) for rule in tie(f"i{k}", f"i{(k + 1) % 12}")],
        10,
        100,
    ),
    "tied to the last, and a rule about all": (
        dict.fromkeys(names(10), TEN),
        [
            *(rule for issue in names(9) for rule in tie(issue, "i9")),
            f"not {same(names(10), 'p0')}",
        ],
        9,
        100,
    ),
    "at most one, by pairs": (
        dict.fromkeys(names(30), "n y"),
        exclusive(names(30), "pairs"),
        31,
        62,
    ),
    "at most one, in one rule": (
        dict.fromkeys(names(30), "n y"),
        exclusive(names(30), "one"),
        31,
        62,
    ),
    "exactly one, written out": (dict.fromkeys(names(30), "n y"), [one_of(names(30))], 30, 1 << 15),
    "all the same, in one statement": (
        dict.fromkeys(names(10), TEN),
        [" or ".join(same(names(10), p) for p in TEN.split())],
        10,
        100_000,
    ),
    "implications in a chain": (
        dict.fromkeys(names(40), "n y"),
        [f"{a} = y -> {b} = y" for a, b in itertools.pairwise(names(40))],
        41,
        82,
    ),
    "three fix a fourth, in five groups tied together": (
        {f"{x}{k}": "p0 p1 p2" for k in range(5) for x in "abcd"},
        [
            f"a{k} = p{a} and b{k} = p{b} and c{k} = p{c} -> d{k} = p{(a + b + c) % 3}"
            for k in range(5)
            for a, b, c in itertools.product(range(3), repeat=3)
        ]
        + [f"d{k} = p{p} <-> d{k + 1} = p{p}" for k in range(4) for p in range(3)]
        + [f"not (a{k} = p{p} and b{k} = p{p})" for k in range(5) for p in range(3)]
        + [f"c{k} = p0" for k in range(4)],
        288,
        864,
    ),
}


@dataclass
class Held:
    """How many partial states were held at most while states were put together, and the work."""

    most: int
    work: int
    codes: Codes


def put_together(case: Case) -> Held:
    """Put the states of a case together, and count."""
    made = join_of(case)
    found = made.joined()
    return Held(made.most, made.work, found.codes(Radix.of(tuple(case.issues.values()))))


def join_of(case: Case, limit: int = STATE_LIMIT) -> Join:
    conditions = [c for rule in case.rules for c in conditions_of(case, rule.statement.tree)]
    return Join(case, list(case.issues), merged(conditions), limit)


def codes_of(case: Case, limit: int = STATE_LIMIT) -> Codes:
    trees = [rule.statement.tree for rule in case.rules]
    return filtered_codes(case, Radix.of(tuple(case.issues.values())), trees, limit)


def orders(issues: dict[str, str], rules: list[str]) -> Iterable[tuple[dict[str, str], list[str]]]:
    """As written, the other way round, and three times shuffled."""
    yield issues, rules
    yield dict(reversed(issues.items())), rules[::-1]
    for seed in range(3):
        draw = Random(seed)  # noqa: S311
        yield dict(draw.sample(list(issues.items()), len(issues))), draw.sample(rules, len(rules))


def states(case: Case, codes: Codes) -> set[frozenset[tuple[str, str]]]:
    radix = Radix.of(tuple(case.issues.values()))
    reader = StatementReader(case, radix, codes)
    columns = {i.id: reader.column(k) for k, i in enumerate(radix.issues)}
    return {
        frozenset((i, case.issues[i].positions[int(column[n])].id) for i, column in columns.items())
        for n in range(len(codes))
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_every_order_gives_the_same_states_for_the_same_work(family: str) -> None:
    issues, rules, count, most = FAMILIES[family]
    seen = []
    for some_issues, some_rules in orders(issues, rules):
        case = case_of(some_issues, some_rules)
        held = put_together(case)
        assert len(held.codes) == count
        assert (np.diff(held.codes) > 0).all(), "the first issue of the file varies fastest"
        assert held.most <= most
        seen.append((held.most, held.work, states(case, held.codes)))
    assert all(other == seen[0] for other in seen)


def test_ten_tied_issues_are_numbered_by_the_first_of_the_file() -> None:
    issues, rules, *_ = FAMILIES["all tied to the last"]
    for some_issues, some_rules in orders(issues, rules):
        space = feasible_space(case_of(some_issues, some_rules))
        assert [set(space.positions(k).values()) for k in range(len(space))] == [
            {p} for p in TEN.split()
        ]


def shuffled(spec: Spec, draw: Random) -> Spec:
    """The same case with its issues and rules in another order, and no word of today."""
    return replace(
        spec,
        issues=tuple(draw.sample(spec.issues, len(spec.issues))),
        rules=tuple(draw.sample(spec.rules, len(spec.rules))),
        today=None,
    )


def outcome(spec: Spec, limit: int) -> tuple[str, Any]:
    """The states of a case in no order, or the words with which it is refused."""
    case = parse_case(replace(spec, today=None).to_yaml())
    try:
        codes = codes_of(case, limit)
    except TooManyStates as error:
        return "refused", [problem.message for problem in error.problems]
    return "states", states(case, codes)


def with_rules_of_others(seed: int) -> Spec:
    spec = random_spec(seed)
    extra = patterns(spec, random_spec(seed + 70_000))
    return replace(spec, rules=(*spec.rules, *extra[: seed % 4]), today=None)


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_random_cases_have_the_states_that_plain_counting_finds(seeds: range) -> None:
    refused = 0
    for seed in seeds:
        spec = with_rules_of_others(seed)
        case = parse_case(spec.to_yaml())
        counted = [
            dict(zip((i.id for i in spec.issues), reversed(state), strict=True))
            for state in itertools.product(*(issue.positions for issue in reversed(spec.issues)))
        ]
        wanted = [
            code
            for code, state in enumerate(counted)
            if all(holds(rule, state, spec.arrangements) for rule in spec.rules)
        ]
        assert codes_of(case).tolist() == wanted
        draw = Random(seed)  # noqa: S311
        for limit in (6, 12, 24):
            first = outcome(spec, limit)
            assert outcome(shuffled(spec, draw), limit) == first
            refused += first[0] == "refused"
    assert refused > 0


@given(specs(), st.randoms(use_true_random=False), st.integers(1, 40))
@some
def test_of_random_cases_that_shrink(spec: Spec, draw: Random, limit: int) -> None:
    assert outcome(spec, limit) == outcome(shuffled(spec, draw), limit)


# --- why there is none ------------------------------------------------------------------------


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_the_conflict_that_is_told_does_not_depend_on_the_order(seeds: range) -> None:
    several = 0
    for seed in seeds:
        spec = with_rules_of_others(seed)
        rules = (*spec.rules, *patterns(spec, random_spec(seed + 90_000)))
        told = set()
        for draw in map(Random, range(3)):
            case = parse_case(shuffled(replace(spec, rules=rules), draw).to_yaml())
            try:
                found = smallest_conflict(case, And(()))
            except ValueError:
                found = None
            told.add(found and frozenset(rule.statement.text for rule in found))
        assert len(told) == 1
        several += len(told.pop() or ()) > 1
    assert several > 0


def test_of_many_smallest_conflicts_one_is_told_whatever_the_order() -> None:
    rules = [f"i{k} = {p}" for k in range(8) for p in "ny"]
    told = set()
    for issues, some_rules in orders(dict.fromkeys(names(8), "n y"), rules):
        with pytest.raises(CaseError) as caught:
            feasible_space(case_of(issues, some_rules))
        (problem,) = caught.value.problems
        told.add(frozenset(rule for rule in rules if f"`{rule}`" in problem.message))
    assert told == {frozenset({"i0 = n", "i0 = y"})}


# --- the parts it is made of ------------------------------------------------------------------


@given(st.data())
@some
def test_the_order_of_joining_does_not_depend_on_that_of_its_input(data: st.DataObject) -> None:
    sizes = {name: data.draw(st.integers(1, 5), name) for name in names(7)}
    scopes = st.sets(st.sampled_from(names(7)), min_size=1, max_size=3).map(
        lambda scope: tuple(sorted(scope))
    )
    shares = data.draw(st.dictionaries(scopes, st.floats(0, 1), max_size=8))
    parts = join_order(sizes, shares)
    assert sorted(name for part in parts for name in part) == names(7)
    for scope in shares:
        assert sum(not set(part).isdisjoint(scope) for part in parts) == 1
    other = join_order(dict(reversed(sizes.items())), dict(reversed(shares.items())))
    assert other == parts


@given(specs())
@some
def test_what_may_still_hold_is_never_left_out(spec: Spec) -> None:
    """Of partial states, all that some full state completes are kept, and the full ones exactly."""
    case = parse_case(replace(spec, today=None).to_yaml())
    radix = Radix.of(tuple(case.issues.values()))
    total = int(np.prod([len(i.positions) for i in radix.issues]))
    every = np.arange(total, dtype=np.int64)
    for arrangement in case.arrangements.values():
        tree = arrangement.when.tree
        wanted = StatementReader(case, radix, every).holds(tree)
        table = np.ones(total, dtype=bool)
        for condition in conditions_of(case, tree):
            table &= condition.may_hold(
                StatementReader(case, radix, every), frozenset(condition.scope)
            )
        assert table.tolist() == wanted.tolist()
        scope = tuple(sorted(case.issues))
        for k, weight in enumerate(radix.weights):
            known = frozenset(issue.id for issue in radix.issues[:k])
            begun = np.arange(weight, dtype=np.int64)
            can = Condition(scope, tree, 1).may_hold(StatementReader(case, radix, begun), known)
            assert not (wanted.reshape(-1, weight).any(axis=0) & ~can).any()


def test_options_of_a_graph_model_in_any_order() -> None:
    """Forty options that all say what the last says have two states, however they are written."""
    for last in (0, 17, 39):
        others = [k for k in range(40) if k != last]
        tied = [(((k, yes), (last, not yes)),) for k in others for yes in (True, False)]
        for infeasible in (tied, tied[::-1]):
            assert feasible_words(40, infeasible, limit=100).tolist() == [[0, (1 << 40) - 1]]
