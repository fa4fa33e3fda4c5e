"""Votes by weight: their smallest winning sets."""

from fractions import Fraction
from itertools import combinations, islice
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import problems
from world import WORLD, broken_world, world

from foedus.case.fingerprint import case_hash
from foedus.case.model import ByChange, Place, Quota, Right
from foedus.case.quotas import MOST_WINNING, winning_sets

WEIGHTS = st.one_of(st.integers(1, 60), st.decimals("0.1", "9.9", places=1).map(float))
BAR = "{at_least: 60.5, of: {left: 48, council: 12, right: 40}}"


def by_all_subsets(weights: dict[str, float], at_least: float) -> set[frozenset[str]]:
    """The definition: subsets that reach the bar and contain no other that does."""
    exact = {name: Fraction(str(weight)) for name, weight in weights.items()}
    found: list[frozenset[str]] = []
    for size in range(1, len(weights) + 1):
        for some in map(frozenset, combinations(weights, size)):
            reaches = sum(exact[name] for name in some) >= Fraction(str(at_least))
            if reaches and not any(smaller < some for smaller in found):
                found.append(some)
    return set(found)


@settings(deadline=None, max_examples=150)
@given(st.lists(WEIGHTS, min_size=1, max_size=7), st.one_of(WEIGHTS, st.floats(0, 1)))
def test_every_smallest_set_is_found_once(given_: list[float], bar: float) -> None:
    weights = {f"p{k}": weight for k, weight in enumerate(given_)}
    whole = float(sum(Fraction(str(weight)) for weight in given_))
    at_least = round(bar * whole, 1) if bar <= 1 and isinstance(bar, float) else bar
    if at_least <= 0:
        at_least = whole
    found = list(winning_sets(weights, at_least))
    assert len(found) == len(set(found))
    assert set(found) == by_all_subsets(weights, at_least)


def test_decimals_are_added_exactly() -> None:
    """As floating-point numbers 0.1 + 0.2 is above 0.3, and 0.7 + 0.1 below 0.8."""
    assert list(winning_sets({"a": 0.1, "b": 0.2, "c": 0.1}, 0.3)) == [
        frozenset("ba"),
        frozenset("bc"),
    ]
    assert list(winning_sets({"a": 0.7, "b": 0.1}, 0.8)) == [frozenset("ab")]
    assert list(winning_sets({"a": 0.7, "b": 0.1}, 0.80000000000001)) == []


def test_large_chambers_are_taken_as_they_come() -> None:
    """Of 60 equal parties there are some 10^17 smallest sets: none is looked for in vain."""
    twelve = [f"p{k}" for k in range(12)]
    assert sum(1 for _ in winning_sets(dict.fromkeys(twelve, 10), 61)) == comb(12, 7) == 792
    sixty = {f"p{k}": 1.0 for k in range(60)}
    assert len(set(islice(winning_sets(sixty, 31), 1_000))) == 1_000
    assert list(winning_sets(sixty, 60)) == [frozenset(sixty)]
    assert len(list(winning_sets(sixty, 59))) == 60


def movers(case_right: object) -> set[frozenset[str]]:
    """The movers of a plain right."""
    assert isinstance(case_right, Right)
    return set(case_right.movers)


def test_a_quota_of_all_is_and_and_one_of_each_is_or() -> None:
    three = "{left: 48, council: 12, right: 40}"
    for bar, text in ((100, "left and council and right"), (12, "left or council or right")):
        quota = world((BAR, f"{{at_least: {bar}, of: {three}}}")).issues["union"].decided_by
        written = world((BAR, text)).issues["union"].decided_by
        assert movers(quota.to["none"]) == movers(written.to["none"])


def test_a_quota_stands_wherever_a_right_does() -> None:
    rights = world().issues["union"].decided_by
    none = rights.of("signed", "none")
    assert isinstance(none, Right)
    assert none.quota == Quota(60.5, {"left": 48, "council": 12, "right": 40})
    assert none.text == "at least 60.5 of left (48), council (12), right (40)"
    assert none.movers == (frozenset({"left", "right"}),)
    before, _, after = WORLD.partition("decided_by: nobody")
    whole = world((before + "decided_by: nobody" + after, before + f"decided_by: {BAR}" + after))
    assert whole.issues["leader"].decided_by == ByChange(
        Right(none.text, none.movers, ("issues", "leader", "decided_by"), none.quota)
    )
    assert case_hash(whole) != case_hash(world())


def test_positions_called_as_the_keys_of_a_quota_are_positions() -> None:
    by_position = "{of: Calm, strikes: Strikes}\n    decided_by: {of: left, default: nobody}"
    case = world(
        ("{calm: Calm, strikes: Strikes}\n    decided_by: nobody", by_position),
        ("otherwise: {strikes: calm}", "otherwise: {strikes: of}"),
        ("{unrest: calm}", "{unrest: of}"),
        ("unrest = calm", "unrest = of"),
    )
    assert movers(case.issues["unrest"].decided_by.of("strikes", "of")) == {frozenset({"left"})}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "{at_least: ^^101, of: {left: 48, council: 12, right: 40}}",
            "nobody reaches 101: all of them have 100",
        ),
        ("{at_least: ^^0, of: {left: 48}}", "'at_least' is 0; expected a number above 0"),
        ("{at_least: ^^-5, of: {left: 48}}", "'at_least' is -5; expected a number above 0"),
        ("{at_least: 5, of: {left: ^^0, right: 9}}", "'left' is 0; expected a number above 0"),
        ("{at_least: ^^half, of: {left: 48}}", "'at_least' is 'half'; expected a number above 0"),
        ("{at_least: 5, of: {^^lft: 48}}", "no actor 'lft'; did you mean 'left'?"),
        ("{at_least: 5, of: ^^[left]}", "'of' is a list; expected a map of actors and weights"),
        ("{at_least: 5, ^^of: {}}", "nobody has a weight"),
        (
            "^^{at_least: 5, of: {left: 3, people: 5}}",
            "an electorate alone (people) has this right: who puts the question?",
        ),
    ],
)
def test_what_is_wrong_with_a_quota_is_told_at_its_place(written: str, told: str) -> None:
    text, marks = broken_world((BAR, written))
    (found,) = problems(text).problems
    assert (found.place, found.text) == (*marks, told)


def test_keys_of_a_quota_are_told_where_they_stand() -> None:
    changes = [
        (BAR, "{^^at_lest: 5, of: {left: 48}}"),
        ("decided_by: nobody", "decided_by: {at_least: 5, of: {left: 48}, ^^default: nobody}"),
    ]
    text, marks = broken_world(*changes)
    found = problems(text).problems
    assert [each.text for each in found] == [
        "a quota stands beside 'default'; expected a quota alone, or under 'default'",
        "'none' has no 'at_least': the weight from which a set of actors suffices",
        "unknown key 'at_lest'; did you mean 'at_least'?",
    ]
    assert [found[0].place, found[2].place] == marks


def chamber(parties: int, bar: int) -> tuple[str, list[Place]]:
    """The republic with a chamber of equal parties that may leave the union, and where it may."""
    actors = "".join(f"  p{k}: {{}}\n" for k in range(parties))
    wants = "".join(f"  p{k}: {{worth: {{}}}}\n" for k in range(parties))
    seats = ", ".join(f"p{k}: 1" for k in range(parties))
    return broken_world(
        ("issues:\n", f"{actors}issues:\n"),
        ("preferences:\n", f"preferences:\n{wants}"),
        (BAR, f"^^{{at_least: {bar}, of: {{{seats}}}}}"),
    )


def test_too_many_smallest_sets_are_refused_with_advice() -> None:
    text, marks = chamber(16, 9)
    (found,) = problems(text).problems
    assert comb(16, 9) > MOST_WINNING
    assert [found.place] == marks
    assert found.text == (
        "at this bar there are more than 5,000 smallest sets of actors that suffice; expected "
        "fewer actors: join small ones that vote alike into one"
    )
    (found,) = problems(chamber(300, 150)[0]).problems
    assert found.text.startswith("at this bar there are more than 666 smallest sets of actors")
