"""A smallest set of rules that excludes a pattern: against all subsets of rules."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from reference.game import Spec
from reference.statements import Statement, holds, text
from strategies import block_name, random_spec, seed_blocks, specs

from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.case.statements import parse_statement
from foedus.game.space import conflicts, feasible_space, smallest_conflict

HEAD = "foedus: 1\ntitle: x\nactors: {a: {}}\npreferences: {a: {worth: {}}}\n"


def case_of(issues: dict[str, str], rules: list[str]) -> Case:
    """A case of issues (positions apart by spaces) and rules, the reason of each its number."""
    return parse_case(case_text(issues, rules))


def case_text(issues: dict[str, str], rules: list[str]) -> str:
    """Its file."""
    lines = ["issues:"]
    for issue, positions in issues.items():
        labels = ", ".join(f"{p}: {p}" for p in positions.split())
        lines.append(f"  {issue}: {{positions: {{{labels}}}, decided_by: a}}")
    lines += ["rules:", *(f"- {{rule: {rule}, why: reason {k}}}" for k, rule in enumerate(rules))]
    return HEAD + "\n".join(lines) + "\n"


def fewest(spec: Spec, rules: tuple[Statement, ...], pattern: Statement) -> int | None:
    """How many rules it takes to exclude the pattern, by trying all subsets; None if it is free."""
    states = [
        dict(zip((i.id for i in spec.issues), state, strict=True))
        for state in itertools.product(*(issue.positions for issue in spec.issues))
    ]
    matched = [s for s in states if holds(pattern, s, spec.arrangements)]
    broken = [
        {k for k, r in enumerate(rules) if not holds(r, s, spec.arrangements)} for s in matched
    ]
    for size in range(len(rules) + 1):
        for chosen in itertools.combinations(range(len(rules)), size):
            if all(set(chosen) & some for some in broken):
                return size
    return None


def agree(spec: Spec, extra: tuple[Statement, ...], pattern: Statement) -> bool:
    """Compare for one pattern; says whether it was excluded."""
    rules = (*spec.rules, *extra)
    written = "".join(f"  - {{rule: {text(rule)}, why: w}}\n" for rule in rules)
    bare = Spec(spec.actors, spec.issues, spec.preferences, (), spec.groups, spec.arrangements)
    case = parse_case(bare.to_yaml() + (f"rules:\n{written}" if written else ""))
    tree = parse_statement(text(pattern), case.issues, case.arrangements).tree
    wanted = fewest(spec, rules, pattern)
    if wanted is None:
        with pytest.raises(ValueError, match="the pattern is possible"):
            smallest_conflict(case, tree)
        return False
    found = smallest_conflict(case, tree)
    assert found is not None
    assert len(found) == wanted
    chosen = tuple(rules[case.rules.index(rule)] for rule in found)
    assert fewest(spec, chosen, pattern) == len(chosen)
    search = conflicts._Search(case, tree)
    irreducible = sorted(search.written[k] for k in search.irreducible())
    alone = tuple(rules[k] for k in irreducible)
    assert fewest(spec, alone, pattern) is not None
    for left_out in range(len(alone)):
        assert fewest(spec, alone[:left_out] + alone[left_out + 1 :], pattern) is None
    return True


def patterns(spec: Spec, other: Spec) -> list[Statement]:
    """Statements about the case: its arrangements, and rules of the other that fit it."""
    known = {issue.id: issue.positions for issue in spec.issues}
    fitting = [
        when
        for when in (*other.rules, *other.arrangements.values())
        if set(_named(when)) <= {(i, p) for i, ps in known.items() for p in ps}
    ]
    return [*spec.arrangements.values(), *fitting]


def _named(statement: object) -> list[tuple[str, str]]:
    """Issues and positions named in a statement; a name of an arrangement fits nowhere."""
    positions = getattr(statement, "positions", None)
    if positions is not None:
        return [(statement.issue, p) for p in positions]  # type: ignore[attr-defined]
    if hasattr(statement, "arrangement"):
        return [("", "")]
    parts = [getattr(statement, name, None) for name in ("part", "left", "right")]
    parts += getattr(statement, "parts", ())
    return [pair for part in parts if part is not None for pair in _named(part)]


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_against_all_subsets_of_rules(seeds: range) -> None:
    excluded = 0
    for seed in seeds:
        spec = random_spec(seed)
        others = [random_spec(seed + 100_000 + k) for k in range(4)]
        extra = tuple(rule for other in others for rule in patterns(spec, other))[:5]
        for pattern in [*spec.arrangements.values(), *extra[:1]]:
            excluded += agree(spec, extra, pattern)
    assert excluded > 0


@given(specs())
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_of_random_cases_that_shrink(spec: Spec) -> None:
    extra = tuple(spec.arrangements.values())
    for pattern in extra:
        agree(spec, extra[::-1], pattern)


def test_many_equal_rules_in_a_chain() -> None:
    """Each link is there five times: a smallest conflict takes one of each."""
    names = [f"i{k}" for k in range(14)]
    rules = ["i0 = y", *(f"{a} = y -> {b} = y" for a, b in itertools.pairwise(names)), "i13 = n"]
    case = case_of(dict.fromkeys(names, "n y"), [rule for rule in rules for _ in range(5)])
    with pytest.raises(CaseError) as caught:
        feasible_space(case)
    told = str(caught.value)
    assert "the rules contradict each other, no state is possible" in told
    assert "`i0 = y` (reason " in told
    found = smallest_conflict(case, parse_statement("i13 = y", case.issues).tree)
    assert found is not None
    assert [rule.statement.text for rule in found] == ["i13 = n"]


@pytest.mark.parametrize(
    ("pigeons", "words"),
    [(5, "the rules contradict each other"), (8, "would take too long to find")],
)
def test_pigeons_without_holes_end_quickly(pigeons: int, words: str) -> None:
    """Every rule is needed, one for each pair and hole: too hard to be told for many."""
    names = [f"p{k}" for k in range(pigeons)]
    holes = [f"h{k}" for k in range(pigeons - 1)]
    rules = [
        f"not ({a} = {h} and {b} = {h})" for a, b in itertools.combinations(names, 2) for h in holes
    ]
    case = case_of(dict.fromkeys(names, " ".join(holes)), rules)
    with pytest.raises(CaseError, match=words) as caught:
        feasible_space(case)
    assert len(str(caught.value)) < 5_000


def test_thousands_of_rules_give_a_conflict_that_cannot_be_reduced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = [f"i{k}" for k in range(8)]
    rules = [f"{a} = y -> {b} = y" for a, b in itertools.permutations(names, 2)] * 50
    case = case_of(dict.fromkeys(names, "n y"), [*rules, "i0 = y", "i7 = n"])
    found = smallest_conflict(case, parse_statement("i0 = y or i0 = n", case.issues).tree)
    assert found is not None
    assert [rule.statement.text for rule in found] == ["i0 = y -> i7 = y", "i0 = y", "i7 = n"]
    monkeypatch.setattr(conflicts, "LOOK_LIMIT", 0)
    longer = smallest_conflict(case, parse_statement("i0 = y or i0 = n", case.issues).tree)
    assert longer is not None
    texts = [rule.statement.text for rule in longer]
    assert {"i0 = y", "i7 = n"} <= set(texts)
    assert len(texts) < 10


def test_a_pattern_that_contradicts_itself_needs_no_rule() -> None:
    case = case_of({"i": "n y"}, ["i = n"])
    tree = parse_statement("i = n and i = y", case.issues).tree
    assert smallest_conflict(case, tree) == ()


def test_too_many_states_to_enumerate_give_no_answer() -> None:
    names = [f"i{k}" for k in range(30)]
    case = case_of(dict.fromkeys(names, "n y"), ["i0 = y"])
    either = " or ".join(f"{name} = n" for name in names)
    assert (
        smallest_conflict(case, parse_statement(f"i0 = n and ({either})", case.issues).tree) is None
    )
