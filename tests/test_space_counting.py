"""Counting and drawing states without listing them, against lists of them.

Partial states are merged from the first layer on here, where usually they are only once they are
many: so that small cases try it.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.game import Spec
from reference.statements import holds
from scipy.stats import chi2
from strategies import block_name, random_spec, seed_blocks, specs
from test_cli import run
from test_conflicts import case_of, case_text, patterns

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Sentence, Table
from foedus.game.space import Radix, feasible_space, joining
from foedus.game.space.counting import CountedSpace, counted_space
from foedus.game.space.diagram import grouped, whole_numbers
from foedus.game.space.joining import TooManyStates, filtered_codes

some = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)


@pytest.fixture(autouse=True)
def merge_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "LOOKED_AHEAD", 1)


def names(count: int) -> list[str]:
    return [f"i{k}" for k in range(count)]


def counted(spec: Spec, sample: int = 0) -> CountedSpace:
    return counted_space(parse_case(spec.to_yaml()), sample)


def listed(spec: Spec) -> list[tuple[str, ...]]:
    """All states that the rules allow, by trying every combination."""
    found = []
    for state in itertools.product(*(issue.positions for issue in spec.issues)):
        at = dict(zip((issue.id for issue in spec.issues), state, strict=True))
        if all(holds(rule, at, spec.arrangements) for rule in spec.rules):
            found.append(state)
    return found


def with_patterns(seed: int) -> Spec:
    spec = random_spec(seed)
    extra = patterns(spec, random_spec(seed + 70_000))
    return replace(spec, rules=(*spec.rules, *extra[: seed % 3]), today=None)


def compare(spec: Spec) -> int:
    """Compare with the list: the count, the parts, all codes, and that draws are among them."""
    wanted = listed(spec)
    found = counted(spec, sample=5)
    assert found.count == len(wanted)
    if not wanted:
        assert not found.sample
        return 0
    assert math.prod(count for _, count in found.parts) == len(wanted)
    assert {tuple(state.values()) for state in found.sample} <= set(wanted)
    case = found.case
    radix = Radix.of(tuple(case.issues.values()))
    codes = filtered_codes(case, radix, [rule.statement.tree for rule in case.rules])
    assert (np.diff(codes) > 0).all()
    assert {tuple(radix.positions(int(code)).values()) for code in codes} == set(wanted)
    return len(wanted)


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_random_cases_have_as_many_states_as_a_list_of_them(seeds: range) -> None:
    assert sum(compare(with_patterns(seed)) > 1 for seed in seeds) > len(seeds) // 4


@given(specs())
@some
def test_of_random_cases_that_shrink(spec: Spec) -> None:
    compare(replace(spec, today=None))


@given(st.data())
@some
def test_statements_without_a_table_are_merged_rightly(data: st.DataObject) -> None:
    """The same counts where no statement becomes a table, and each is looked at part by part."""
    issues = names(5)
    leaf = st.builds(
        lambda i, p: f"{i} {p}",
        st.sampled_from(issues),
        st.sampled_from(["= n", "= y", "in n | m"]),
    )
    statement = st.recursive(
        leaf,
        lambda part: st.one_of(
            st.builds(
                lambda a, word, b: f"({a} {word} {b})",
                part,
                st.sampled_from(["and", "or", "->", "<->"]),
                part,
            ),
            st.builds(lambda a: f"not ({a})", part),
            st.sampled_from(["one", "second"]),
        ),
        max_leaves=12,
    )
    named = {"one": "i0 = n and (i1 = y or i2 = m)", "second": "one <-> i3 = y"}
    rules = data.draw(st.lists(statement, min_size=1, max_size=3))
    text = "".join(f"  {name}: {{name: x, when: {when}}}\n" for name, when in named.items())
    case = parse_case(case_text(dict.fromkeys(issues, "n m y"), rules) + "arrangements:\n" + text)
    trees = [rule.statement.tree for rule in case.rules]
    radix = Radix.of(tuple(case.issues.values()))
    wanted = filtered_codes(case, radix, trees).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("foedus.game.space.conditions.TABLE_LIMIT", 1)
        assert filtered_codes(case, radix, trees).tolist() == wanted
        assert counted_space(case).count == len(wanted)


# --- more than can be listed ------------------------------------------------------------------


def no_two_neighbours(count: int) -> CountedSpace:
    rules = [f"not ({a} = y and {b} = y)" for a, b in itertools.pairwise(names(count))]
    return counted_space(case_of(dict.fromkeys(names(count), "n y"), rules), 20)


@pytest.mark.parametrize("count", [3, 40, 150])
def test_counts_pass_63_bits(count: int) -> None:
    """Of n yes/no issues in a row with no two yeses beside each other: a Fibonacci number."""
    before, now = 1, 1
    for _ in range(count):
        before, now = now, before + now
    found = no_two_neighbours(count)
    assert found.count == now
    assert found.combinations == 2**count
    for state in found.sample:
        at = list(state.values())
        assert not any(a == b == "y" for a, b in itertools.pairwise(at))
    assert len({tuple(state.values()) for state in found.sample}) > 1


def test_what_is_apart_is_counted_apart() -> None:
    found = counted_space(case_of(dict.fromkeys(names(70), "n y"), ["i0 = y or i1 = y"]))
    assert found.count == 3 * 2**68
    assert found.parts[0] == (("i0", "i1"), 3)
    assert len(found.parts) == 69


def test_of_too_many_states_the_refusal_says_how_many_and_where() -> None:
    rules = ["i0 = y or i1 = y"]
    case = case_of(dict.fromkeys(names(30), "n y"), rules)
    with pytest.raises(TooManyStates) as caught:
        feasible_space(case)
    (problem,) = caught.value.problems
    assert "805,306,368, over the limit of 16,777,216" in problem.message
    assert "i0, i1 (3); i10 (2)" in problem.message
    assert "foedus space" in str(problem.expected)


def test_where_counting_is_too_much_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    parity = " <-> ".join(f"({i} = y)" for i in names(16))
    case = case_of(dict.fromkeys(names(16), "n y"), [f"({parity}) or i0 = n"])
    assert counted_space(case).count == 2**15 + 2**14
    monkeypatch.setattr(joining, "EDGE_LIMIT", 20)
    with pytest.raises(TooManyStates, match="steps from partial states"):
        counted_space(case)
    monkeypatch.setattr(joining, "WORK_LIMIT", 20)
    with pytest.raises(TooManyStates, match="too much to work out"):
        counted_space(case)


def test_no_state_is_a_count_too() -> None:
    found = counted_space(case_of(dict.fromkeys(names(3), "n y"), ["i0 = y", "i0 = n"]), 3)
    assert (found.count, found.parts, found.sample) == (0, (), ())
    (told,) = found.blocks()
    assert isinstance(told, Sentence)
    assert told.text.startswith("The rules leave none of 8 combinations")


# --- draws ------------------------------------------------------------------------------------


def test_draws_are_uniform() -> None:
    """By a chi-square test on 10,000 draws; the bound is passed once in a million seeds."""
    rules = ["i0 = y -> i1 = n and i2 != y", "i3 = m <-> i1 = y", "not (i4 = y and i2 = y)"]
    case = case_of(dict.fromkeys(names(5), "n m y"), rules)
    found = counted_space(case, 10_000, seed=3)
    seen = Counter(tuple(state.values()) for state in found.sample)
    assert 20 < found.count < 200
    expected = len(found.sample) / found.count
    squares = sum((times - expected) ** 2 for times in seen.values())
    squares += (found.count - len(seen)) * expected**2
    assert squares / expected < chi2.ppf(1 - 1e-6, found.count - 1)


def test_the_seed_decides_the_draws() -> None:
    case = case_of(dict.fromkeys(names(5), "n m y"), ["i0 = y -> i1 = n"])
    samples = [counted_space(case, 30, seed).sample for seed in (1, 1, 2)]
    assert samples[0] == samples[1] != samples[2]
    with pytest.raises(ValueError, match="sample must be"):
        counted_space(case, -1)


@pytest.mark.parametrize("below", [3, 1 << 62, (1 << 64) + 1, 3**60])
def test_whole_numbers_reach_from_nought_to_under_the_bound(below: int) -> None:
    numbers = whole_numbers(np.random.default_rng(1), below, 2000)
    assert all(0 <= int(number) < below for number in numbers)
    share = [sum(int(n) * 3 // below == third for n in numbers) / 2000 for third in range(3)]
    assert all(abs(each - 1 / 3) < 0.06 for each in share)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1 << 31), st.booleans()), max_size=30))
@some
def test_rows_are_grouped_as_their_tuples_are(rows: list[tuple[int, int, bool]]) -> None:
    if not rows:
        return
    columns = [
        (np.array(c), s) for c, s in zip(zip(*rows, strict=True), (4, 1 << 32, 2), strict=True)
    ]
    first, group = grouped(columns, len(rows))
    assert len(first) == len(set(rows))
    assert [rows[first[g]] for g in group] == rows


# --- the command ------------------------------------------------------------------------------


def test_the_command_counts_what_cannot_be_listed(tmp_path: Path) -> None:
    issues = ", ".join(f"{i}: {{positions: {{n: N, y: Y}}, decided_by: a}}" for i in names(70))
    file = tmp_path / "case.yaml"
    file.write_text(
        "foedus: 1\ntitle: x\nactors: {a: {}}\npreferences: {a: {worth: {}}}\n"
        f"issues: {{{issues}}}\nrules: [{{rule: i0 = y or i1 = y, why: w}}]\n",
        encoding="utf-8",
    )
    refused = run("check", str(file))
    assert refused.exit_code == 2
    assert f"{3 * 2**68:,}" in refused.stderr
    answer = json.loads(run("space", str(file), "--sample", "2", "--json").stdout)
    assert answer["states"] == 3 * 2**68
    assert answer["combinations"] == 2**70
    assert len(answer["sample"]) == 2
    shown = run("space", str(file), "--sample", "2")
    assert shown.exit_code == 0
    assert "885,443,715,538,058,477,568 states" in " ".join(shown.stdout.split())
    assert run("space", str(file), "--sample", "-1").exit_code == 2


def test_a_sample_is_told_by_what_differs_from_the_status_quo() -> None:
    found = counted_space(case_of(dict.fromkeys(names(2), "n y"), ["i0 = y -> i1 = y"]), 200)
    table = found.blocks()[-1]
    assert isinstance(table, Table)
    told = {row[1].text for row in table.rows}
    assert "the status quo" in told
    assert len(table.rows) == 101
    assert feasible_space(found.case).reader is not None


def test_the_error_of_a_refused_case_is_a_case_error() -> None:
    assert issubclass(TooManyStates, CaseError)
