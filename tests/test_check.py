"""What is checked with the space: each fault told at its place, all at once, in little room.

``^^`` in a text marks the place that a problem must name; it is taken out before reading.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import textwrap
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from commands import answered
from hypothesis import HealthCheck, given, settings
from reference.game import Spec
from strategies import CASES, FIRST_SEED, random_spec, specs
from test_conflicts import patterns

import foedus
from foedus.case.importers.gmcr import read_gmcr
from foedus.case.model import Place
from foedus.case.problems import CaseError, Problem
from foedus.case.reading import parse_case
from foedus.game import checking as check
from foedus.game.checking import missing_change
from foedus.preferences.games import game_of
from foedus.reporting import case_summary

ROOT = Path(__file__).parents[1]
TOWNS = ROOT / "cases" / "two-towns.yaml"
MARK = "^^"
CALLS = 10_000_000
MEGABYTES = 500


def unmarked(text: str) -> tuple[str, list[Place]]:
    """A text without its marks, and the places of the marks."""
    places = []
    while MARK in text:
        before, _, after = text.partition(MARK)
        places.append(Place(before.count("\n") + 1, len(before) - before.rfind("\n")))
        text = before + after
    return text, places


def problems(text: str) -> tuple[Problem, ...]:
    """All that is wrong with the case of a text that can be read."""
    case = parse_case(text, "case.yaml")
    with pytest.raises(CaseError) as caught:
        game_of(case)
    assert caught.value.file == "case.yaml"
    return caught.value.problems


def towns(*changes: tuple[str, str]) -> str:
    """The two towns with texts replaced, once each."""
    text = TOWNS.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def small(issues: str, rest: str = "", actors: str = "a: {}, b: {}") -> str:
    """A case of a few issues, indented by two."""
    ids = [part.split(":")[0].strip() for part in actors.split(", ")]
    worth = "".join(f"  {name}: {{worth: {{}}}}\n" for name in ids)
    return (
        f"foedus: 1\ntitle: x\nactors: {{{actors}}}\npreferences:\n{worth}"
        f"issues:\n{textwrap.indent(textwrap.dedent(issues), '  ')}{textwrap.dedent(rest)}"
    )


# --- every case of the repository -------------------------------------------------------------


@pytest.mark.parametrize(
    "path", sorted((ROOT / "cases").rglob("*.yaml")), ids=lambda path: str(path.stem)
)
def test_every_case_is_sound(path: Path) -> None:
    assert foedus.load(path).title


# --- today and the fall -----------------------------------------------------------------------


def test_today_must_be_possible() -> None:
    text, places = unmarked(
        towns(
            ("today: {bridge: none, toll: free", "^^today: {bridge: none, toll: charged"),
            (
                "rules:\n",
                "rules:\n  ^^- {rule: mayor != in-office or toll = free, why: He objects}\n",
            ),
        )
    )
    (told,) = problems(text)
    assert told.place == places[0]
    assert told.message == (
        "today is not possible: bridge = none, toll = charged, mayor = in-office, status = apart "
        f"breaks the rules `mayor != in-office or toll = free` (He objects, line {places[1].line}) "
        "and `not (bridge = none and toll = charged)` (A toll needs a bridge, "
        f"line {places[1].line + 1})"
    )


def test_every_rule_that_today_breaks_counts() -> None:
    rules = "".join(f"  - {{rule: toll = charged, why: reason {k}}}\n" for k in range(5))
    (told,) = problems(towns(("rules:\n", "rules:\n" + rules)))
    assert "reason 2" in told.message
    assert "reason 3" not in told.message
    assert told.message.endswith(", and 2 more")


def test_every_fall_must_be_possible() -> None:
    text, places = unmarked(
        towns(
            ("{in-office: gone}", "{in-office: ^^gone}"),
            ("rules:\n", "rules:\n  - {rule: mayor = gone -> toll = charged, why: No mayor}\n"),
        )
    )
    (told,) = problems(text)
    assert told.place == places[0]
    assert "state 1 (bridge = none, toll = free, mayor = in-office, status = apart) falls" in str(
        told
    )
    assert "and so do 8 more states" in str(told)
    assert "mayor = gone breaks the rule `mayor = gone -> toll = charged` (No mayor" in str(told)


def test_falls_that_several_rules_exclude_are_told_under_each() -> None:
    text, places = unmarked(
        small(
            """\
            i: {positions: {p: P, q: Q}, decided_by: a}
            j: {positions: {x: X, y: Y, z: Z}, decided_by: b, otherwise: {x: ^^z, y: ^^z}}
            """,
            """\
            rules:
              - {rule: not (i = p and j = z), why: first}
              - {rule: not (i = q and j = z), why: second}
              - {rule: j = x or i = q, why: third}
            """,
        )
    )
    told = problems(text)
    assert [p.place for p in told] == [places[0], places[0]]
    assert "state 1 (i = p, j = x)" in told[0].message
    assert "(first" in told[0].message
    assert "state 2 (i = q, j = x)" in told[1].message
    assert "so do 1 more states" in told[1].message


def fall_is_possible(spec: Spec) -> bool:
    states = set(spec.feasible.values())
    return all(spec.fall_of(state) in states for state in states)


def test_falls_against_the_definition() -> None:
    """With statements of other cases as rules, no state may be left, or a fall be impossible."""
    outcomes = Counter[str]()
    for seed in range(FIRST_SEED, FIRST_SEED + CASES):
        spec = random_spec(seed)
        extra = patterns(spec, random_spec(seed + 50_000))[:2]
        spec = replace(spec, rules=(*spec.rules, *extra), today=None)
        states = spec.feasible
        outcome = "sound" if states and fall_is_possible(spec) else "fall" if states else "none"
        outcomes[outcome] += 1
        case = parse_case(spec.to_yaml())
        if outcome == "sound":
            assert len(game_of(case).space) == len(states)
            continue
        words = {"fall": "falls at the deadline to one that is not", "none": "no state is possible"}
        with pytest.raises(CaseError, match=words[outcome]):
            game_of(case)
    assert CASES < 50 or min(outcomes[o] for o in ("sound", "fall", "none")) > 0, outcomes


# --- no state at all --------------------------------------------------------------------------


def test_contradictory_rules_are_told_with_their_reasons() -> None:
    text, places = unmarked(
        towns(
            (
                "rules:\n",
                "rules:\n  ^^- {rule: status = merged, why: All wish it}\n"
                "  - {rule: toll = free -> status = apart, why: The league takes tolls}\n"
                "  - {rule: bridge = wide, why: It is drawn so}\n"
                "  - {rule: toll = free, why: By law}\n",
            )
        )
    )
    (told,) = problems(text)
    assert told.place is not None
    assert told.place.line == places[0].line
    assert told.message == (
        "the rules contradict each other, no state is possible: "
        f"`status = merged` (All wish it, line {places[0].line}); "
        f"`toll = free -> status = apart` (The league takes tolls, line {places[0].line + 1}); "
        f"`toll = free` (By law, line {places[0].line + 3})"
    )


def test_a_rule_that_allows_nothing() -> None:
    text = towns(("rules:\n", "rules:\n  - {rule: toll = free and toll = charged, why: Odd}\n"))
    (told,) = problems(text)
    assert "the rules allow nothing, no state is possible: `toll = free and toll" in told.message


def test_all_faults_are_told_at_once_even_when_no_state_is_possible() -> None:
    text, places = unmarked(
        small(
            """\
            i:
              positions: {p: P, q: Q, r: R}
              decided_by: {p -> q: a, q -> r: a, default: ^^nobody}
            """,
            """\
            rules:
              - {rule: i = p, why: one}
              - {rule: i = q, why: two}
            """,
        )
    )
    told = problems(text)
    assert told[0].place == places[0]
    assert "from p to q and from q to r, but not from p to r" in told[0].message
    assert "contradict each other" in told[1].message


# --- hypotheses -------------------------------------------------------------------------------


def test_hypotheses_exclude_each_other() -> None:
    text, places = unmarked(
        towns(
            ("hypotheses: [one-town]", "hypotheses: [one-town, ^^free-bridge, ^^out]"),
            ("arrangements:\n", "arrangements:\n  out: {when: mayor = gone}\n"),
        )
    )
    told = problems(text)
    assert [p.place for p in told] == [places[0], places[1], places[1]]
    assert "'one-town' and 'free-bridge' do not exclude each other" in told[0].message
    state = game_of(parse_case(TOWNS.read_text())).space
    number = int(told[0].message.split("state ")[1].split(" ")[0].replace(",", ""))
    positions = state.positions(number - 1)
    assert positions["status"] == "merged"
    assert positions["toll"] == "free"
    assert positions["mayor"] != "in-office"


def test_hypotheses_may_overlap_in_states_that_do_not_last() -> None:
    text = towns(
        ("hypotheses: [one-town]", "hypotheses: [now, free-bridge]"),
        ("arrangements:\n", "arrangements:\n  now: {when: mayor = in-office}\n"),
    )
    game_of(parse_case(text))


# --- what movers may do -----------------------------------------------------------------------

LADDER = """\
i:
  positions: {p: P, q: Q, r: R}
  decided_by: {p -> q: %s, q -> r: %s, default: ^^nobody}
j: {positions: {x: X, y: Y}, decided_by: %s}
"""


@pytest.mark.parametrize(
    ("rights", "rest", "who"),
    [
        (("a", "a", "b"), "", "a may change 'i'"),
        (("a", "a or b", "b"), "", "a may change 'i'"),
        (("a", "b", "a and b"), "", "a and b (named together in issue 'j') may change 'i'"),
        (("a", "b", "a"), "groups: [[b, a]]\n", "a and b (who act as one, by `groups`) may"),
        (("a and b", "b", "a"), "", "a and b may change 'i'"),
    ],
)
def test_what_a_mover_may_do_is_transitive(
    rights: tuple[str, str, str], rest: str, who: str
) -> None:
    text, places = unmarked(small(LADDER % rights, rest))
    (told,) = problems(text)
    assert told.place == places[0]
    assert told.message.startswith(who)
    assert told.message.endswith(" 'i' from p to q and from q to r, but not from p to r")
    assert told.expected == "the right to change p -> r too, or one of the other two not"


def test_across_movers_two_stages_may_stay_two() -> None:
    text, _ = unmarked(small(LADDER % ("a", "b", "a")))
    game_of(parse_case(text))


def test_a_barred_or_provisional_end_is_no_missing_change() -> None:
    text, _ = unmarked(small(LADDER % ("a", "a", "b")))
    for more in ("never_back_to: r", "otherwise: {r: p}"):
        changed = text.replace(
            "positions: {p: P, q: Q, r: R}", f"positions: {{p: P, q: Q, r: R}}\n    {more}"
        )
        if "otherwise" in more:
            changed = changed.replace("q -> r: a, ", "")
        game_of(parse_case(changed))


@given(specs())
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
def test_transitivity_against_the_definition(spec: Spec) -> None:
    """Random cases are closed; with one explicit right taken away they may not be."""
    for k, issue in enumerate(spec.issues):
        for change in issue.changes:
            fewer = {c: right for c, right in issue.changes.items() if c != change}
            issues = (*spec.issues[:k], replace(issue, changes=fewer), *spec.issues[k + 1 :])
            open_ = replace(spec, issues=issues, today=None)
            missing = any(
                open_.missing_change(mover, one) for mover in open_.movers() for one in issues
            )
            case = parse_case(open_.to_yaml())
            if missing:
                with pytest.raises(CaseError, match="but not from"):
                    game_of(case)
            else:
                game_of(case)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_missing_changes_of_all_relations(size: int) -> None:
    pairs = [(a, b) for a in range(size) for b in range(size) if a != b]
    for bits in itertools.islice(itertools.product([False, True], repeat=len(pairs)), 4096):
        allowed = np.zeros((size, size), dtype=bool)
        for pair, bit in zip(pairs, bits, strict=True):
            allowed[pair] = bit
        missing = {
            (a, b, c)
            for a, b in pairs
            for b2, c in pairs
            if b == b2 and a != c and allowed[a, b] and allowed[b, c] and not allowed[a, c]
        }
        found = missing_change(allowed)
        assert found in missing if missing else found is None


@pytest.mark.parametrize("seed", range(1, 60))
def test_moves_from_a_settled_state_stay_settled(seed: int) -> None:
    game = game_of(parse_case(random_spec(seed).to_yaml()))
    settled = game.space.settled
    for moves in game.moves:
        for state in np.flatnonzero(settled):
            assert settled[moves.targets(int(state))].all()


# --- imported files ---------------------------------------------------------------------------


def test_a_graph_model_without_states_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none.gmcr"
    name = "Ann"
    document = {
        "decisionMakers": [{"name": name, "options": [0], "preferences": []}],
        "options": [{"name": "Act", "permittedDirection": "both"}],
        "infeasibles": [[[0, "Y"]], [[0, "N"]]],
        "useManualPreferenceRanking": False,
    }
    path.write_text(json.dumps(document))
    with pytest.raises(CaseError) as caught:
        foedus.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    with pytest.raises(CaseError):
        read_gmcr(path)


# --- made to hurt -----------------------------------------------------------------------------


def binary(count: int, actors: int = 1, worth: int = 1, positions: str = "n: N, y: Y") -> str:
    """A case of so many issues, shared out among the actors, who wish for the first ones."""
    names = [f"a{k}" for k in range(actors)]
    first = positions.split(":")[0]
    lines = ["foedus: 1", "title: x", f"actors: {{{', '.join(f'{n}: {{}}' for n in names)}}}"]
    lines += ["preferences:"]
    for name in names:
        wishes = ", ".join(
            f"w{k}: {{when: i{k % count} = {first}, value: {k}}}" for k in range(worth)
        )
        lines.append(f"  {name}: {{worth: {{{wishes}}}}}")
    lines.append("issues:")
    for k in range(count):
        lines.append(f"  i{k}: {{positions: {{{positions}}}, decided_by: {names[k % actors]}}}")
    return "\n".join(lines) + "\n"


def many_rules(count: int, issues: int) -> str:
    """So many rules about all issues, of which nothing is known before the last issue is set.

    Each says that evenly many of some pairs of issues stand at y, paired anew for each rule: so no
    two partial states are alike.
    """
    lines = []
    for k in range(count):
        some = Random(k).sample(range(issues), issues)  # noqa: S311
        pairs = zip(some[::2], some[1::2], strict=True)
        parts = [f"(i{a} = y and i{b} = y)" for a, b in pairs]
        lines.append(f"- {{rule: {' <-> '.join(parts)}, why: w}}\n")
    return "rules:\n" + "".join(lines)


CHANGES = ", ".join(
    f"p{a} -> p{b}: x{a} and x{b}" for a in range(100) for b in range(100) if a != b
)
PAIRS = " and ".join(f"(x{2 * k} or x{2 * k + 1})" for k in range(6))
ACTORS = ", ".join(f"x{k}: {{}}" for k in range(150))
WISHES = "".join(f"  x{k}: {{worth: {{}}}}\n" for k in range(150))
HUNDRED = ", ".join(f"p{k}: P" for k in range(100))

HOSTILE = {
    "a product of 10^12": (
        binary(12, positions=", ".join(f"p{k}: P" for k in range(10))),
        "1,000,000,000,000",
    ),
    "2^24 states of many actors": (binary(24, actors=24), "too large"),
    "2^25 states": (binary(25), "too many states: 33,554,432, over the limit of 16,777,216"),
    "more than 63 bits": (
        binary(70) + "rules:\n" + "".join(f"- {{rule: i{k} = n, why: w}}\n" for k in range(70)),
        "passes 63 bits",
    ),
    "half of 2^24 fall to nothing": (
        binary(23).replace("decided_by: a0}", "decided_by: a0, otherwise: {y: n}}", 1)
        + "rules:\n- {rule: i0 = y or i22 = y, why: w}\n",
        "so do",
    ),
    "5,280 parts of rules over 2^22 states": (
        binary(22) + many_rules(240, 22),
        "too much to work out: 240 parts of rules are to be looked at for each of 4,",
    ),
    "a worth of 20,000 items over 2^20 states": (binary(20, worth=20_000), "too much to work out"),
    "1,001 issues": (binary(1_001, positions="n: N"), "the case has 1,001 issues"),
    "201 positions": (
        binary(1, positions=", ".join(f"p{k}: P" for k in range(201))),
        "at most 200",
    ),
    "thousands of movers": (
        f"foedus: 1\ntitle: x\nactors: {{{ACTORS}}}\npreferences:\n{WISHES}issues:\n"
        f"  i: {{positions: {{{HUNDRED}}}, decided_by: {{{CHANGES}}}}}\n",
        "too many movers",
    ),
    "a right of thousands of sets": (
        binary(1).replace("decided_by: a0", f"decided_by: {PAIRS} and (x20 or x21)"),
        "more than 100 sets",
    ),
    "10,000 groups": (
        f"foedus: 1\ntitle: x\nactors: {{{ACTORS}}}\npreferences:\n{WISHES}issues:\n"
        f"  i: {{positions: {{{HUNDRED}}}, decided_by: x0}}\ngroups:\n"
        + "".join(f"- [x{a}, x{b}]\n" for a in range(100) for b in range(100) if a != b),
        "too many movers",
    ),
    "hypotheses that are all the same": (
        binary(10)
        + "arrangements:\n"
        + "".join(f"  h{k}: {{when: i0 = n}}\n" for k in range(3_000))
        + f"hypotheses: [{', '.join(f'h{k}' for k in range(3_000))}]\n",
        "do not exclude each other",
    ),
    "thousands of rules that contradict each other": (
        binary(20)
        + "rules:\n"
        + "".join(
            f"- {{rule: i{k % 20} = n -> i{(k + 1) % 20} = y, why: w}}\n" for k in range(9_000)
        )
        + "- {rule: i0 = n, why: w}\n- {rule: i1 = n, why: w}\n",
        "contradict each other",
    ),
    "arrangements in a chain of 90 over 2^20 states": (
        binary(20, actors=20)
        + "arrangements:\n  h0: {when: i0 = n}\n"
        + "".join(f"  h{k}: {{when: h{k - 1} and i{k % 20} = n}}\n" for k in range(1, 90))
        + "".join(f"  g{k}: {{when: h89 or i{k % 20} = n}}\n" for k in range(5_000)),
        "too large",
    ),
}


def test_hostile_cases_are_refused_quickly_in_little_room(tmp_path: Path) -> None:
    """One process reads them one after another, so that its memory can be told."""
    for number, (text, _) in enumerate(HOSTILE.values()):
        (tmp_path / f"{number}.yaml").write_text(text)
    script = textwrap.dedent(
        """
        import json, sys
        sys.path.insert(0, sys.argv[1])
        import foedus
        from work import calls, most_memory

        def read(path):
            global said
            try:
                foedus.load(path)
                said = "nothing"
            except foedus.CaseError as error:
                said = str(error)

        told = []
        for path in sys.argv[2:]:
            spent = calls(lambda: read(path))
            used = most_memory()
            told.append((said[:20_001], spent, used))
        print(json.dumps(told))
        """
    )
    paths = [str(tmp_path / f"{number}.yaml") for number in range(len(HOSTILE))]
    done = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    for (name, (_, words)), path, (said, spent, used) in zip(
        HOSTILE.items(), paths, told, strict=True
    ):
        assert words in said, (name, said[:500])
        assert said.startswith(f"{path}:"), name
        assert len(said) <= 20_000, name
        assert spent < CALLS, (name, spent)
        assert used < MEGABYTES, (name, used)


def test_what_is_reckoned_of_memory_grows_with_each_part() -> None:
    space = game_of(parse_case(binary(4))).space
    base = check.memory_of(space, 1, 1, 0)
    assert base == 16 * (64 + 4 + 4 + 24)
    assert check.memory_of(space, 2, 1, 0) - base == 16 * 4
    assert check.memory_of(space, 1, 2, 3) - base == 16 * 27


def test_what_a_forecast_costs_is_left_open_where_to_look_takes_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(case_summary, "MOST_LOOKED_INTO", 2)
    told = answered("check", str(TOWNS))
    assert "million changes between its states" in told
    assert "of one core for" not in told
