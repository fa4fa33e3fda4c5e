"""The statement language: what it means, and that trees and texts go back and forth."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.case.model import (
    And,
    Expression,
    Iff,
    Implies,
    In,
    Issue,
    Named,
    Not,
    Or,
    Place,
)
from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data
from foedus.case.rights import read_right
from foedus.case.statements import parse_statement, statement_text

POSITIONS = {"a": ("x", "y", "z"), "b-2": ("0", "1")}
ARRANGEMENTS = ("m", "n-1")
STATES = [
    {"a": a, "b-2": b, "m": m, "n-1": n}
    for a, b, m, n in product(*POSITIONS.values(), (False, True), (False, True))
]


def issues() -> dict[str, Issue]:
    form = {
        name: {"positions": {p: p for p in positions}, "decided_by": "nobody"}
        for name, positions in POSITIONS.items()
    }
    scale: dict[str, object] = {"scale": {"x": 3, "y": 1, "z": 2}}
    form["a"] |= scale  # type: ignore[arg-type]
    data = {"foedus": 1, "title": "x", "actors": {"q": {}}, "issues": form}
    return dict(case_from_data(data).issues)


ISSUES = issues()


def holds(tree: Expression, state: dict[str, object]) -> bool:
    """Whether a statement holds; ``state`` gives a position or, of an arrangement, a truth."""
    match tree:
        case In(issue, positions):
            return state[issue] in positions
        case Named(name):
            return bool(state[name])
        case Not(part):
            return not holds(part, state)
        case And(parts):
            return all(holds(part, state) for part in parts)
        case Or(parts):
            return any(holds(part, state) for part in parts)
        case Implies(left, right):
            return not holds(left, state) or holds(right, state)
        case Iff(left, right):
            return holds(left, state) == holds(right, state)


def table(tree: Expression) -> list[bool]:
    return [holds(tree, state) for state in STATES]


def parsed(text: str) -> Expression:
    return parse_statement(text, ISSUES, ARRANGEMENTS).tree


def trees() -> st.SearchStrategy[Expression]:
    one = st.sampled_from(sorted(POSITIONS)).flatmap(
        lambda i: st.builds(
            In, st.just(i), st.frozensets(st.sampled_from(POSITIONS[i]), min_size=1)
        )
    )
    leaves: st.SearchStrategy[Expression] = one | st.builds(Named, st.sampled_from(ARRANGEMENTS))

    def larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return (
            st.builds(Not, inner)
            | st.builds(And, several)
            | st.builds(Or, several)
            | st.builds(Implies, inner, inner)
            | st.builds(Iff, inner, inner)
        )

    return st.recursive(leaves, larger, max_leaves=12)


@given(trees())
@settings(max_examples=200)
def test_a_tree_written_and_read_means_the_same(tree: Expression) -> None:
    assert table(parsed(statement_text(tree))) == table(tree)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a != x", "a in y | z"),
        ("a < x", "a in y | z"),
        ("a <= z", "a in y | z"),
        ("a > y", "a in x | z"),
        ("a >= z", "a in x | z"),
        ("not a = x and m", "(not a = x) and m"),
        ("a = x and m or n-1", "(a = x and m) or n-1"),
        ("m or n-1 and a = x", "m or (n-1 and a = x)"),
        ("m or n-1 -> a = x", "(m or n-1) -> a = x"),
        ("m -> n-1 -> a = x", "m -> (n-1 -> a = x)"),
        ("m -> n-1 <-> a = x", "(m -> n-1) <-> a = x"),
        ("m <-> n-1 <-> a = x", "(m <-> n-1) <-> a = x"),
        ("b-2=0 and(m)", "b-2 = 0 and m"),
        ("a  in\n x|z", "a in x | z"),
    ],
)
def test_precedence_and_comparison(text: str, same: str) -> None:
    assert table(parsed(text)) == table(parsed(same))


def test_right_associativity_differs_from_left() -> None:
    assert table(parsed("m -> n-1 -> a = x")) != table(parsed("(m -> n-1) -> a = x"))


def test_a_comparison_that_nothing_satisfies_is_never_true() -> None:
    tree = parsed("a < y")
    assert not any(table(tree))
    with pytest.raises(ValueError, match="no position"):
        statement_text(tree)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "the statement is empty"),
        ("   ", 1, "the statement is empty"),
        ("a = x and", 10, "ends too early; expected an id, `not` or `(`"),
        ("a = q", 5, "no position 'q' in issue 'a'"),
        ("m and a > n", 11, "no position 'n' in issue 'a'"),
        ("b-2 < 1", 5, "has no scale"),
        ("a - b", 3, "a single - stands within an id"),
        ("a in {x}", 6, "write `in a | b`"),
        ("a in x, z", 7, "write `|` between positions"),
        ("m || n-1", 3, "write `or` between statements"),
        ("! m", 1, "write `not`"),
        ("and", 1, "'and' cannot stand here"),
        ("m n-1", 3, "`and`, `or`, `->`, `<->` or the end"),
        ("__import__('os')", 11, "cannot stand here"),
        ("m)", 2, "')' cannot stand here"),
    ],
)
def test_what_cannot_be_read(text: str, column: int, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        parsed(text)
    assert caught.value.problems[0].place == Place(1, column)
    assert words in str(caught.value)


def test_all_unknown_names_are_told() -> None:
    with pytest.raises(CaseError) as caught:
        parsed("c = x and a = q or mm")
    assert [p.place and p.place.column for p in caught.value.problems] == [1, 15, 20]
    assert caught.value.problems[2].nearest == "m"


@pytest.mark.parametrize(
    "text",
    [
        "not " * 4_000 + "m",
        "not " * 100_000 + "m",
        "(" * 100_000 + "m" + ")" * 100_000,
        "m and " * 100_000 + "m",
        "m -> " * 3_000 + "m",
        "m <-> " * 3_000 + "m",
        "(" * 9_000,
        "m -> (" * 3_000 + "m" + ")" * 3_000,
    ],
    ids=lambda text: text[:12],
)
def test_statements_too_long_or_too_deep_are_refused(text: str) -> None:
    with pytest.raises(CaseError) as caught:
        parsed(text)
    assert (
        "nested more than" in str(caught.value)
        or "characters" in str(caught.value)
        or ("too early" in str(caught.value))
    )


def test_long_and_bracketed_statements_within_bounds_are_read() -> None:
    long = parsed("m and " * 3_000 + "m")
    assert isinstance(long, And)
    assert len(long.parts) == 3_001
    assert parsed("(" * 9_000 + "m" + ")" * 9_000) == Named("m")


def test_a_long_tree_is_written_without_recursion() -> None:
    tree: Expression = Named("m")
    for _ in range(50_000):
        tree = Not(tree)
    assert statement_text(tree).count("not ") == 50_000


# --- rights -----------------------------------------------------------------------------------


@given(st.recursive(st.sampled_from("abcde"), lambda s: st.tuples(s, s, st.booleans())))
@settings(max_examples=200)
def test_movers_are_the_smallest_satisfying_sets(tree: object) -> None:
    def text(part: object) -> str:
        if isinstance(part, tuple):
            return f"({text(part[0])} {'and' if part[2] else 'or'} {text(part[1])})"
        return str(part)

    def satisfied(part: object, by: frozenset[str]) -> bool:
        if isinstance(part, tuple):
            both = satisfied(part[0], by), satisfied(part[1], by)
            return all(both) if part[2] else any(both)
        return part in by

    movers, _, faults = read_right(text(tree))
    assert movers is not None, faults
    subsets = [
        frozenset(n for n, chosen in zip("abcde", c, strict=True) if chosen)
        for c in product((False, True), repeat=5)
    ]
    enough = [s for s in subsets if satisfied(tree, s)]
    smallest = {s for s in enough if not any(other < s for other in enough)}
    assert set(movers) == smallest
    assert len(movers) == len(smallest)


def test_a_right_with_too_many_movers_is_refused() -> None:
    text = " and ".join(f"(a{k} or b{k})" for k in range(200))
    movers, _, faults = read_right(text)
    assert movers is None
    assert "write it more simply" in faults[0].message
