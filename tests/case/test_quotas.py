"""Votes by weight: their smallest winning sets."""

from fractions import Fraction
from itertools import chain, combinations, islice
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import problems
from world import WORLD, broken_world, world

from foedus.case.fingerprint import case_hash
from foedus.case.model import ByChange, Place, Quota, Right
from foedus.case.quotas import MOST_WINNING, NO_WAY, Effort, TooLongError, winning_sets
from foedus.case.source import read_source
from foedus.case.writing import case_yaml
from foedus.sensitivity.comparing.edits import edits

WEIGHTS = st.one_of(st.integers(1, 60), st.decimals("0.1", "9.9", places=1).map(float))
BAR = "{at_least: 60.5, of: {left: 48, council: 12, right: 40}}"


Sets = set[frozenset[str]]


def by_all_subsets(quotas: list[Quota], *ways: frozenset[str]) -> Sets:
    """The definition: subsets that reach every bar, with one of ``ways``, and hold no other."""
    names = sorted(chain(*(quota.weights for quota in quotas), *ways))
    found: Sets = set()
    for size in range(len(set(names)) + 1):
        for some in map(frozenset, combinations(sorted(set(names)), size)):
            enough = all(reaches(some, quota) for quota in quotas)
            led = not ways or any(way <= some for way in ways)
            if enough and led and not any(smaller < some for smaller in found):
                found.add(some)
    return found


def reaches(some: frozenset[str], quota: Quota) -> bool:
    """Whether a set has enough, in exact numbers."""
    has = [Fraction(str(weight)) for name, weight in quota.weights.items() if name in some]
    return sum(has) >= Fraction(str(quota.at_least))


@settings(deadline=None, max_examples=150)
@given(st.lists(WEIGHTS, min_size=1, max_size=7), st.one_of(WEIGHTS, st.floats(0, 1)))
def test_every_smallest_set_is_found_once(given_: list[float], bar: float) -> None:
    weights = {f"p{k}": weight for k, weight in enumerate(given_)}
    whole = float(sum(Fraction(str(weight)) for weight in given_))
    at_least = round(bar * whole, 1) if bar <= 1 and isinstance(bar, float) else bar
    if at_least <= 0:
        at_least = whole
    quota = Quota(at_least, weights)
    found = list(winning_sets([quota]))
    assert len(found) == len(set(found))
    assert set(found) == by_all_subsets([quota])
    assert set(winning_sets([quota, quota])) == set(found)


@st.composite
def bars(draw: st.DrawFn) -> Quota:
    """A bar of some of seven voters, often as high as all of them."""
    names = draw(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=7, unique=True))
    weights = {name: float(draw(WEIGHTS)) for name in names}
    whole = float(sum(Fraction(str(weight)) for weight in weights.values()))
    share = draw(st.sampled_from([0.2, 0.5, 0.55, 0.65, 0.9, 1.0]))
    return Quota(max(round(whole * share, 1), 0.1), weights)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(bars(), min_size=1, max_size=3),
    st.sets(st.frozensets(st.sampled_from("abz"), min_size=1), max_size=3),
)
def test_several_bars_and_others_who_must_agree_are_as_all_subsets_say(
    quotas: list[Quota], named: Sets
) -> None:
    ways = [way for way in named if not any(other < way for other in named)]
    led = ways or list(NO_WAY)
    found = list(winning_sets(quotas, led))
    assert len(found) == len(set(found))
    assert set(found) == by_all_subsets(quotas, *ways)
    assert set(winning_sets(quotas[::-1], led)) == set(found)


def test_twenty_parties_with_two_bars_are_not_tried_in_all_subsets() -> None:
    """Of a million subsets, a double majority looks at few: the effort allowed is a fraction."""
    people = {f"p{k}": 1 + (k * 37) % 83 for k in range(20)}
    equal = Quota(16, dict.fromkeys(people, 1))
    large = Quota(sum(people.values()) * 0.9, people)
    effort = Effort(100_000)
    found = set(winning_sets([equal, large], effort=effort))
    assert found
    assert all(len(some) >= 16 and reaches(some, large) for some in found)
    for some in found:  # and each is smallest: without any one of it a bar is missed
        fewer = [some - {name} for name in some]
        assert not any(len(less) >= 16 and reaches(less, large) for less in fewer)
    with pytest.raises(TooLongError):
        list(winning_sets([equal, large], effort=Effort(100)))


def test_decimals_are_added_exactly() -> None:
    """As floating-point numbers 0.1 + 0.2 is above 0.3, and 0.7 + 0.1 below 0.8."""
    three = Quota(0.3, {"a": 0.1, "b": 0.2, "c": 0.1})
    assert list(winning_sets([three])) == [frozenset("ba"), frozenset("bc")]
    assert list(winning_sets([Quota(0.8, {"a": 0.7, "b": 0.1})])) == [frozenset("ab")]
    assert list(winning_sets([Quota(0.80000000000001, {"a": 0.7, "b": 0.1})])) == []


def test_large_chambers_are_taken_as_they_come() -> None:
    """Of 60 equal parties there are some 10^17 smallest sets: none is looked for in vain."""
    twelve = [f"p{k}" for k in range(12)]
    most = Quota(61, dict.fromkeys(twelve, 10))
    assert sum(1 for _ in winning_sets([most])) == comb(12, 7) == 792
    sixty = {f"p{k}": 1.0 for k in range(60)}
    assert len(set(islice(winning_sets([Quota(31, sixty)]), 1_000))) == 1_000
    assert list(winning_sets([Quota(60, sixty)])) == [frozenset(sixty)]
    assert len(list(winning_sets([Quota(59, sixty)]))) == 60


def movers(case_right: object) -> Sets:
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


# --- several rights at once -----------------------------------------------------------------------

HEADS = "{at_least: 2, of: {left: 1, council: 1, right: 1}}"


def decided(written: str) -> Right:
    """The right to dissolve the union, written so."""
    right = world((BAR, written)).issues["union"].decided_by.of("signed", "none")
    assert isinstance(right, Right)
    return right


@pytest.mark.parametrize(
    ("written", "same"),
    [
        (f"{{all: [{BAR}, {BAR}]}}", BAR),
        (f"{{all: [{BAR}]}}", BAR),
        (f"{{all: [{BAR}, council, {HEADS}]}}", f"{{all: [council, {HEADS}, {BAR}]}}"),
        (f"{{all: [{BAR}, council]}}", "left and right and council"),
        (f"{{all: [{BAR}, left or council]}}", "left and right"),
        (
            f"{{all: [{HEADS}, founder or left]}}",
            "(left and (council or right)) or (founder and council and right)",
        ),
        ("{all: [left or right, council]}", "council and (left or right)"),
    ],
)
def test_all_is_and(written: str, same: str) -> None:
    assert set(decided(written).movers) == set(decided(same).movers)


def test_all_is_told_and_tells_cases_apart() -> None:
    both = decided(f"{{all: [{BAR}, {HEADS}, founder and people]}}")
    assert both.movers == (frozenset({"left", "right", "founder", "people"}),)
    quotas = (
        Quota(60.5, {"left": 48, "council": 12, "right": 40}),
        Quota(2, {"left": 1, "council": 1, "right": 1}),
    )
    assert both.all_of == (*quotas, "founder and people")
    assert both.text == (
        "at least 60.5 of left (48), council (12), right (40); and "
        "at least 2 of left (1), council (1), right (1); and founder and people"
    )
    together = world((BAR, f"{{all: [{BAR}, {HEADS}]}}"))
    assert case_hash(together) != case_hash(world())


def test_all_stands_wherever_a_right_does() -> None:
    whole = f"{{all: [{BAR}, {HEADS}]}}"
    case = world(
        ("decided_by: nobody", f"decided_by: {whole}"), ("by: founder and council", f"by: {whole}")
    )
    assert isinstance(case.issues["leader"].decided_by.default, Right)
    assert movers(case.issues["leader"].decided_by.default) == {frozenset({"left", "right"})}
    entry, _ = case.issues["union"].decided_by.of("none", "signed").entries
    assert movers(entry.right) == {frozenset({"left", "right"})}


def test_all_is_written_and_compared_as_a_whole() -> None:
    text, _ = broken_world(("decided_by: nobody", f"decided_by: {{all: [{BAR}, council]}}"))
    data = read_source(text, "x").data
    assert read_source(case_yaml(data), "x").data == data
    for other in ("{all: [council]}", BAR, "{heir: council}"):
        changed, _ = broken_world(("decided_by: nobody", f"decided_by: {other}"))
        (found,) = edits(data, read_source(changed, "x").data).edits
        assert found.name == "issues.leader.decided_by"


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
        ("{all: ^^[]}", "'all' is empty; expected a list of rights"),
        ("{all: ^^left}", "'all' is 'left'; expected a list of rights"),
        ("{all: [left, ^^[right]]}", "item 2 of 'all' is a list; expected text, or a quota"),
        ("{all: [left, council and ^^lft]}", "no actor 'lft'; did you mean 'left'?"),
        (
            "{all: [left, {at_least: ^^9, of: {left: 2, right: 6}}]}",
            "nobody reaches 9: all of them have 8",
        ),
        ("{all: [left, {at_least: 9, ^^ofs: {}, of: {left: 9}}]}", "unknown key 'ofs'; did you"),
        ("{all: [left, {^^all: [left]}]}", "'all' stands in 'all'; expected its rights in the one"),
        ("{all: [left, ^^nobody]}", "with 'nobody' among them, nobody has all of these rights"),
        ("{all: [left], ^^at_least: 5}", "unknown key 'at_least'"),
        ("^^{all: [people, {at_least: 1, of: {people: 1}}]}", "an electorate alone (people) has"),
        ("'^^{at_least: 5, of: {left: 9}} and right'", "'{' has no meaning here: a quota is a map"),
    ],
)
def test_what_is_wrong_with_a_quota_is_told_at_its_place(written: str, told: str) -> None:
    text, marks = broken_world((BAR, written))
    (found,) = problems(text).problems
    assert found.place == marks[0]
    assert found.text.startswith(told)


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


def test_all_misspelt_or_beside_others_is_told() -> None:
    changes = [
        (BAR, "{^^al: [left, council]}"),
        ("decided_by: nobody", "decided_by: {all: [left], ^^default: nobody}"),
    ]
    text, marks = broken_world(*changes)
    found = problems(text).problems
    assert [each.text for each in found] == [
        "'all' stands beside 'default'; expected 'all' alone, or under 'default'",
        "'none' has no 'all': the rights that must be had together: quotas, and actors joined by "
        "and/or",
        "unknown key 'al'; did you mean 'all'?",
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
    text, marks = chamber(16, 9)
    both = text.replace("{at_least: 9, of", "{all: [p0, {at_least: 9, of").replace(
        "p15: 1}}", "p15: 1}}]}"
    )
    (found,) = problems(both).problems
    assert found.text.startswith("at this bar there are more than 5,000 smallest sets")
